"""What tells one deal from another: its id, or its name for want of one; no deal is counted twice."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from salesmetrics.base.errors import SalesMetricsError
from salesmetrics.base.language import _, ngettext, number
from salesmetrics.crm.reading import Reading
from salesmetrics.crm.sheet import Column, Flags, Numbers, lines_named, lines_text

_CUT_ID = r"^[0-9](?:[.,][0-9]+)?[eE][+][0-9]+$"


def id_source(reading: Reading) -> str:
    """Return the field that tells one deal from another; nothing where it is the line."""
    return next((name for name in ("deal_id", "deal_name", "account") if name in reading.found), "")


def no_id(column: Column) -> str:
    """Explain why rows without an id are left out."""
    return _("“{header}” is empty").format(header=column.header)


def read_ids(reading: Reading) -> Flags:
    """Read the ids, or make them from the names; leave out a row that is there again, refuse two rows with one id.

    Returns
    -------
    The rows that have none.
    """
    source = id_source(reading)
    column = reading.column(source)
    if column is None:
        reading.deals["deal_id"] = _lines(reading)
        return np.zeros(len(reading.reason_of), dtype=bool)
    # Few ids have a plus in them, which is sooner looked for.
    signed = column.strings[column.strings.str.contains("+", regex=False)]
    if source == "deal_id" and signed.str.match(_CUT_ID).any():
        source = _instead_of_cut(reading, column)
        column = reading.column(source) or column
    own = source == "deal_id"
    series = column.series()
    nameless = reading.stays() & column.empty[column.codes]
    reading.leave_out(nameless, no_id(column))
    stays = reading.stays()
    again = stays & _repeated(series)
    how = "" if own else _("the name, for want of an id")
    if again.any():
        cells = pd.DataFrame({i: other.series()[again] for i, other in enumerate(reading.sheet.columns)})
        repeated = again.copy()
        # One customer may well buy the same thing twice on a day; a deal with a name is not there twice.
        repeated[again] = cells.duplicated().to_numpy() & (source != "account")
        reading.leave_out(repeated, _("the same row again"))
        still = again & ~repeated
        still[still] = series[still].duplicated(keep=False).to_numpy()
        if still.any() and source != "account":
            # With the same name, amount and days it is one deal on several rows, such as one for each of its products.
            cells = pd.DataFrame({i: reading.sheet.columns[i].series()[still] for i in set(reading.found.values())})
            several = still.copy()
            several[still] = own or cells.duplicated(keep=False).to_numpy()
            if several.any():
                raise _two_rows(reading, series, several)
            told = _(
                "{count} rows share their name with another row and count as deals of their own, "
                "such as “{deal}” ({lines})."
            )
            deal, lines = _first(reading, series, still)
            count = number(int(still.sum()))
            reading.form.remarks.append(told.format(count=count, deal=deal, lines=lines_named(lines)))
        series = series.where(~still, series + " (" + _lines(reading) + ")")
        # A name may itself end in "(line 5)".
        taken = reading.stays()
        taken[taken] = series[taken].duplicated(keep=False).to_numpy()
        if taken.any():
            raise _two_rows(reading, series, taken)
    reading.deals["deal_id"] = series
    reading.use("deal_id", column, how, np.zeros(len(stays), dtype=bool))
    return nameless


def _lines(reading: Reading) -> pd.Series[str]:
    return pd.Series(reading.sheet.lines).map(lambda line: _("line {lines}").format(lines=line)).astype("str")


def _instead_of_cut(reading: Reading, column: Column) -> str:
    """Use another column where Excel has cut the ids, if there is one."""
    place = int(np.argmax(column.strings.str.match(_CUT_ID).to_numpy(bool)))
    told = _("Excel has cut the digits of “{header}”: {cell}.").format(
        header=column.header, cell=column.where(place, reading.sheet.lines)
    )
    source = next((name for name in ("deal_name", "account") if name in reading.found), "")
    if not source:
        raise SalesMetricsError(told, hint=_("Read the export itself, not a copy saved by Excel."))
    reading.form.remarks.append(f"{told} {_('The deals go by their names.')}")
    return source


def _repeated(series: pd.Series[str]) -> Flags:
    """Return which texts are there more than once."""
    try:
        # Ids are mostly numbers, which are soon compared: where they differ, so do the texts.
        if pd.Series(pc.cast(pa.array(series), pa.int64()).to_numpy()).is_unique:
            return np.zeros(len(series), dtype=bool)
    except pa.ArrowInvalid:
        pass
    return series.duplicated(keep=False).to_numpy()


def _first(reading: Reading, ids: pd.Series[str], rows: Flags) -> tuple[str, Numbers]:
    """Return the first id of some rows, and the lines on which it stands."""
    return ids[rows].iloc[0], reading.sheet.lines[(ids == ids[rows].iloc[0]).to_numpy(bool) & rows]


def _two_rows(reading: Reading, ids: pd.Series[str], still: Flags) -> SalesMetricsError:
    (first, lines), count = _first(reading, ids, still), ids[still].nunique()
    return SalesMetricsError(
        ngettext(
            "{count} deal stands in the file twice with different cells: “{deal}” on lines {lines}.",
            "{count} deals stand in the file twice with different cells, such as “{deal}” on lines {lines}.",
            count,
        ).format(count=count, deal=first, lines=lines_text(lines)),
        hint=_(
            "Keep one row per deal: leave columns out of the export that give a deal several rows, such as products. "
            "Are they different deals? Then export their ids too."
        ),
    )
