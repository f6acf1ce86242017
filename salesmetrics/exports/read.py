"""A CRM export in, checked deals and a receipt out: nothing is guessed, nothing is left out in silence."""

from __future__ import annotations

import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from salesmetrics.deals import STATUSES, check_deals
from salesmetrics.errors import SalesMetricsError
from salesmetrics.exports.amounts import Decimal
from salesmetrics.exports.assemble import Options, Reading, assemble
from salesmetrics.exports.dates import DateOrder
from salesmetrics.exports.headers import FIELDS, find_columns, plain
from salesmetrics.exports.receipt import LeftOut, Receipt
from salesmetrics.exports.rows import read_rows
from salesmetrics.exports.sheet import Numbers, Sheet, lines_text, text_series
from salesmetrics.exports.source import Readable, decode, open_source
from salesmetrics.exports.status import Words
from salesmetrics.language import _, did_you_mean, ngettext, number


@dataclass(frozen=True)
class Export:
    """What was read from a file.

    Parameters
    ----------
    deals
        The deals, checked: what every metric takes.
    receipt
        What was read as what.
    lines
        For each deal, the line of the file on which it stands.
    stages
        The stages in order, where they were given.
    """

    deals: pd.DataFrame
    receipt: Receipt
    lines: Numbers
    stages: tuple[str, ...] = ()

    def __str__(self) -> str:
        return str(self.receipt)

    def _repr_html_(self) -> str:
        return self.receipt._repr_html_()


def read_deals(
    path: Readable,
    *,
    columns: Mapping[str, str] | None = None,
    date_order: DateOrder = None,
    decimal: Decimal = None,
    won: Words = None,
    lost: Words = None,
    stages: Sequence[str] | None = None,
    currency: str | None = None,
    name: str | None = None,
) -> Export:
    """Read the deals from a CRM export.

    Parameters
    ----------
    path
        The file, or its bytes.
    columns
        Your headers, where they are not the kit's own names: ``{"amount": "Deal value"}``. One column may be two
        things: with the same header for ``closed_on`` and ``expected_close_on`` it is the day of closing of won and
        lost deals, and the expected day of open ones.
    date_order
        Which part of a date comes first, ``"day"``, ``"month"`` or ``"year"``, where the file can't tell; for all
        columns, or as ``{"created_on": "day"}``.
    decimal
        The mark before the decimals, ``","`` or ``"."``, where the file can't tell; for all columns, or as
        ``{"amount": ","}``.
    won, lost
        Your words for won and lost in the column of statuses (or else of stages). All other words are open then.
    stages
        The stages in their order, from the first to the last before won.
    currency
        The currency to read, where there are several: ``"EUR"``. Deals in another are left out.
    name
        What to call the file in the receipt.

    Returns
    -------
    The deals and the receipt.

    Raises
    ------
    Question
        Something can be read in two ways; the error names the option that settles it.
    SalesMetricsError
        The file can't be opened or understood.

    Examples
    --------
    >>> export = read_deals(b'''deal_id,status,amount,closed_on
    ... 1,open,20000,
    ... 2,won,15000,2026-02-14''', name="deals.csv")
    >>> export.deals["amount"].sum()
    np.float64(35000.0)
    >>> export.receipt.counts
    {'open': 1, 'won': 1, 'lost': 0}
    """
    source = open_source(path, name)
    text, encoding = decode(source)
    known = {plain(header) for header in (*FIELDS, *(columns or {}).values())}
    sheet = read_rows(
        text,
        source=source.name,
        facts=[(_("Encoding"), encoding)],
        known=lambda header: plain(header) in known,
    )
    found = find_columns(sheet.headers, columns)
    reading = assemble(sheet, found, Options(date_order, decimal, won, lost, currency))
    return _finish(reading, stages)


def _finish(reading: Reading, stages: Sequence[str] | None) -> Export:
    sheet = reading.sheet
    unused = _keep_others(reading)
    keep = reading.reason_of < 0
    left_out = [*_by_reason(sheet), *reading.left_out()]
    if not keep.any():
        raise SalesMetricsError(
            _("No deal could be read from “{name}”.").format(name=sheet.form.source),
            hint=_("Left out: {reasons}.").format(
                reasons="; ".join(f"{reason} ({lines_text(lines)})" for reason, lines in left_out)
            )
            if left_out
            else _("There are no rows under the headers. Check the export and its filters."),
        )
    order = [*(name for name in FIELDS if name in reading.deals), *unused]
    table = pd.DataFrame({name: reading.deals[name] for name in order})[keep].reset_index(drop=True)
    with warnings.catch_warnings():
        # What the door warns about stands in the receipt.
        warnings.simplefilter("ignore", UserWarning)
        deals = check_deals(table)
    _note_odd(reading, deals, sheet.lines[keep])
    _check_stages(deals, stages)
    form = sheet.form
    receipt = Receipt(
        source=form.source,
        facts=form.facts,
        columns=tuple(reading.used),
        unused=tuple(unused),
        rows=len(sheet.lines) + len(form.left_out),
        counts={status: int((deals["status"] == status).sum()) for status in STATUSES},
        left_out=tuple(left_out),
        mended=(*form.mended, *reading.mended),
        odd=tuple(reading.odd),
        other=((_("Headers on line"), (form.header_line,)), (_("Blank lines"), form.blank_lines)),
    )
    return Export(deals, receipt, sheet.lines[keep], tuple(stages or ()))


def _by_reason(sheet: Sheet) -> list[LeftOut]:
    reasons: dict[str, list[int]] = {}
    for line, reason in sheet.form.left_out:
        reasons.setdefault(reason, []).append(line)
    return [LeftOut(reason, tuple(lines)) for reason, lines in reasons.items()]


def _keep_others(reading: Reading) -> list[str]:
    """Keep the columns that are no field of a deal as text, under their own headers."""
    taken = set(reading.found.values())
    names: list[str] = []
    for position, column in enumerate(reading.sheet.columns):
        if position in taken:
            continue
        header = column.header or _("column {number}").format(number=position + 1)
        if header in FIELDS or header in reading.deals:
            header = f"{header} ({position + 1})"
        reading.deals[header] = text_series(column)
        names.append(header)
    return names


def _note_odd(reading: Reading, deals: pd.DataFrame, lines: Numbers) -> None:
    early = (deals["closed_on"] < deals["created_on"]).to_numpy()
    if early.any():
        count = int(early.sum())
        reading.odd.append(
            ngettext(
                "{count} deal was closed before it was created (line {lines}).",
                "{count} deals were closed before they were created (lines {lines}).",
                count,
            ).format(count=number(count), lines=lines_text(lines[early]))
        )


def _check_stages(deals: pd.DataFrame, stages: Sequence[str] | None) -> None:
    if not stages or "stage" not in deals:
        return
    named = set(stages)
    for stage in deals.loc[deals["status"] == "open", "stage"].dropna().unique():
        if stage not in named:
            raise SalesMetricsError(
                _("The stage “{stage}” is not in stages=.").format(stage=stage), hint=did_you_mean(stage, stages)
            )
