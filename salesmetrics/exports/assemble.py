"""From cells to deals: each field read from its column, and every row that can't be read left out with its reason."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np
import pandas as pd

from salesmetrics.deals import DATES, NEEDED, TEXTS
from salesmetrics.errors import SalesMetricsError
from salesmetrics.exports.amounts import Decimal, currency_code, read_amounts
from salesmetrics.exports.dates import NO_DAY, DateOrder, Days, read_dates
from salesmetrics.exports.headers import needed
from salesmetrics.exports.receipt import LeftOut, Used
from salesmetrics.exports.sheet import Column, Flags, Numbers, Sheet, as_text, lines_text, text_series
from salesmetrics.exports.status import Words, read_status
from salesmetrics.language import _, ngettext


class Options(NamedTuple):
    """What the user said of the file."""

    date_order: DateOrder = None
    decimal: Decimal = None
    won: Words = None
    lost: Words = None
    currency: str | None = None


@dataclass
class Reading:
    """The deals as far as they are read: columns, rows to leave out, and what to tell of it."""

    sheet: Sheet
    found: Mapping[str, int]
    deals: dict[str, pd.Series] = field(default_factory=dict)
    used: list[Used] = field(default_factory=list)
    mended: list[str] = field(default_factory=list)
    odd: list[str] = field(default_factory=list)
    reasons: list[str] = field(default_factory=list)
    reason_of: Numbers = field(init=False)

    def __post_init__(self) -> None:
        self.reason_of = np.full(len(self.sheet.lines), -1, dtype=np.int64)

    def column(self, name: str) -> Column | None:
        """Give the column of a field, if the file has one."""
        return self.sheet.columns[self.found[name]] if name in self.found else None

    def leave_out(self, where: Flags, reason: str) -> None:
        """Leave rows out; a row keeps the first reason given."""
        where = where & (self.reason_of < 0)
        if where.any():
            self.reason_of[where] = len(self.reasons)
            self.reasons.append(reason)

    def use(self, name: str, column: Column, how: str, empty: Flags) -> None:
        """Note what a column became."""
        self.used.append(Used(name, column.header, how, int((empty & (self.reason_of < 0)).sum())))

    def left_out(self) -> list[LeftOut]:
        """Give the rows left out so far, by reason."""
        lines = self.sheet.lines
        return [LeftOut(reason, tuple(lines[self.reason_of == i].tolist())) for i, reason in enumerate(self.reasons)]


def assemble(sheet: Sheet, found: Mapping[str, int], options: Options) -> Reading:
    """Read every field of the deals.

    Raises
    ------
    SalesMetricsError
        A column that is needed is missing, or one can't be read; see the readers of each kind of column.
    """
    for name in NEEDED:
        if name != "status":
            needed(found, sheet.headers, name)
    if "status" not in found:
        needed({**found, "status": found["stage"]} if "stage" in found else found, sheet.headers, "status")
    reading = Reading(sheet, found)
    _drop_repeats(reading)
    _read_currency(reading, options)
    _read_status(reading, options)
    _read_amount(reading, options)
    _read_dates(reading, options)
    _read_probability(reading, options)
    for name in TEXTS:
        column = reading.column(name)
        if column is not None and name not in reading.deals:
            series = text_series(column)
            reading.deals[name] = series
            reading.use(name, column, "", series.isna().to_numpy())
    return reading


def _drop_repeats(reading: Reading) -> None:
    """Leave out a row that stands in the file again; refuse two different rows with one id."""
    ids = reading.column("deal_id")
    assert ids is not None
    series = text_series(ids)
    reading.leave_out(series.isna().to_numpy(), _("no “{header}”").format(header=ids.header))
    again = (series.duplicated(keep=False) & series.notna()).to_numpy()
    if again.any():
        cells = pd.DataFrame({i: column.codes[again] for i, column in enumerate(reading.sheet.columns)})
        repeated = again.copy()
        repeated[again] = cells.duplicated().to_numpy()
        reading.leave_out(repeated, _("the same row again"))
        clash = (series[~repeated].duplicated(keep=False) & series[~repeated].notna()).to_numpy()
        if clash.any():
            kept = np.flatnonzero(~repeated)[clash]
            first = series.iloc[kept[0]]
            lines = reading.sheet.lines[(series == first).to_numpy()]
            raise SalesMetricsError(
                ngettext(
                    "{count} deal stands in the file twice with different cells: “{deal}” on lines {lines}.",
                    "{count} deals stand in the file twice with different cells, such as “{deal}” on lines {lines}.",
                    series.iloc[kept].nunique(),
                ).format(count=series.iloc[kept].nunique(), deal=first, lines=lines_text(lines)),
                hint=_("Keep one row per deal; leave columns out of the export that give a deal several rows."),
            )
    reading.deals["deal_id"] = series
    reading.use("deal_id", ids, "", series.isna().to_numpy())


def _read_status(reading: Reading, options: Options) -> None:
    name = "status" if "status" in reading.found else "stage"
    column = reading.column(name)
    assert column is not None
    read = read_status(column, reading.sheet.lines, won=options.won, lost=options.lost, stages=name == "stage")
    statuses = np.array(read.statuses, dtype=object)[column.codes]
    reading.leave_out(statuses == "", _("no “{header}”, so no status").format(header=column.header))
    reading.deals["status"] = pd.Series(statuses, dtype="str")
    reading.use("status", column, read.how, statuses == "")
    reading.odd += read.odd


def _read_amount(reading: Reading, options: Options) -> None:
    column = reading.column("amount")
    assert column is not None
    read = read_amounts(column, reading.sheet.lines, field="amount", decimal=options.decimal)
    values = read.values[column.codes]
    reading.leave_out(read.unreadable[column.codes], _("“{header}” is no number").format(header=column.header))
    is_open = (reading.deals["status"] == "open").to_numpy() & (reading.reason_of < 0)
    if is_open.any() and (values[is_open] == -1).all():
        stands = values == -1
        values = np.where(stands, np.nan, values)
        reading.mended.append(
            ngettext(
                "“{header}” is -1 on the open deal: the system's way of writing “empty”, so read as empty.",
                "“{header}” is -1 on all {count} open deals: the system's way of writing “empty”, so read as empty.",
                int(is_open.sum()),
            ).format(header=column.header, count=int(is_open.sum()))
        )
    reading.leave_out(values < 0, _("“{header}” is below 0").format(header=column.header))
    _check_symbols(read.currencies, column)
    reading.deals["amount"] = pd.Series(values)
    reading.use("amount", column, read.how, np.isnan(values))


def _read_dates(reading: Reading, options: Options) -> None:
    is_open = (reading.deals["status"] == "open").to_numpy()
    shared = reading.found.get("closed_on") == reading.found.get("expected_close_on")
    for name in DATES:
        column = reading.column(name)
        if column is None:
            continue
        read = read_dates(column, reading.sheet.lines, field=name, order=options.date_order)
        days = read.days[column.codes]
        reading.leave_out(read.unreadable[column.codes], _("“{header}” is no date").format(header=column.header))
        how = read.how
        if shared and name == "closed_on":
            days, how = np.where(is_open, NO_DAY, days), f"{how}, {_('for won and lost deals')}"
        elif shared and name == "expected_close_on":
            days, how = np.where(is_open, days, NO_DAY), f"{how}, {_('for open deals')}"
        if name == "closed_on":
            _check_closed(reading, column, days, is_open)
        reading.deals[name] = pd.Series(days)
        applies = {"closed_on": ~is_open, "expected_close_on": is_open}.get(name, np.ones(len(days), dtype=bool))
        reading.use(name, column, how, np.isnat(days) & applies)


def _check_closed(reading: Reading, column: Column, days: Days, is_open: Flags) -> None:
    """Leave out what contradicts itself: closed without a day, or open with one."""
    stays = reading.reason_of < 0
    contradicting = is_open & ~np.isnat(days)
    if (contradicting & stays).sum() * 2 > (is_open & stays).sum():
        raise SalesMetricsError(
            _("Open deals have a date in “{header}” (lines {lines}), where the day of closing should stand.").format(
                header=column.header, lines=lines_text(reading.sheet.lines[contradicting & stays])
            ),
            hint=_(
                "If it is the expected date while a deal is open, say so: "
                'columns={{"closed_on": "{header}", "expected_close_on": "{header}"}}.'
            ).format(header=column.header),
        )
    reading.leave_out(contradicting, _("open, yet with a day in “{header}”").format(header=column.header))
    reading.leave_out(~is_open & np.isnat(days), _("won or lost, but “{header}” is empty").format(header=column.header))


def _read_probability(reading: Reading, options: Options) -> None:
    column = reading.column("probability")
    if column is None:
        return
    cells = [as_text(cell) for cell in column.cells]
    bare = Column(column.header, column.codes, [cell.removesuffix("%").strip() for cell in cells])
    read = read_amounts(bare, reading.sheet.lines, field="probability", decimal=options.decimal)
    values = read.values[column.codes]
    signed = any(cell.endswith("%") for cell in cells) or "%" in column.header
    is_percent = signed or bool(np.nanmax(values, initial=0) > 1)
    values = values / 100 if is_percent else values
    wrong = read.unreadable[column.codes] | (values < 0) | (values > 1)
    reading.leave_out(wrong, _("“{header}” is no chance between 0 and 100%").format(header=column.header))
    reading.deals["probability"] = pd.Series(values)
    reading.use("probability", column, _("percentages") if is_percent else _("fractions"), np.isnan(values))


def _read_currency(reading: Reading, options: Options) -> None:
    column = reading.column("currency")
    if column is None:
        return
    codes = np.array([currency_code(text) for text in column.texts()], dtype=object)[column.codes]
    there = sorted({code for code in codes[reading.reason_of < 0] if code})
    wanted = currency_code(options.currency) if options.currency else None
    if wanted and wanted not in there:
        raise SalesMetricsError(
            _("No deal is in {currency}.").format(currency=wanted),
            hint=_("There are: {names}.").format(names=", ".join(there)),
        )
    if not wanted and len(there) > 1:
        raise SalesMetricsError(
            _("The file holds several currencies: {names}.").format(names=", ".join(there)),
            hint=_("Pick one: {options}.").format(options=_(" or ").join(f'currency="{code}"' for code in there)),
        )
    if wanted:
        reading.leave_out(codes != wanted, _("not in {currency}").format(currency=wanted))
    reading.deals["currency"] = pd.Series(codes, dtype="str").replace("", None)
    reading.use("currency", column, ", ".join(there), codes == "")


def _check_symbols(currencies: list[str], column: Column) -> None:
    there = sorted({code for code, used in zip(currencies, column.used(), strict=True) if code and used})
    if len(there) > 1:
        raise SalesMetricsError(
            _("“{header}” holds several currencies: {names}.").format(header=column.header, names=", ".join(there)),
            hint=_("Export one currency at a time, or add a column with the currency."),
        )
