"""Columns of dates and of numbers: one reading for a whole column, worked out from all of its values or asked about."""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd

from salesmetrics.base.errors import SalesMetricsError
from salesmetrics.base.language import _, date, number
from salesmetrics.base.typed_numbers import TOO_LARGE
from salesmetrics.crm.cell_values import (
    EXCEL_START,
    ORDER_NAMES,
    DateParts,
    NumberText,
    plain_numbers,
    read_day,
    read_epoch,
    read_number_text,
    read_serial,
    without_times,
)
from salesmetrics.crm.one_reading import Kind, settle
from salesmetrics.crm.question import Choice, Question
from salesmetrics.crm.reading import Reading
from salesmetrics.crm.sheet import Column, Flags, Numbers, is_empty
from salesmetrics.crm.whole_periods import SHORT_YEAR, may_be_days, read_period, years_in

Days = npt.NDArray[np.datetime64]

# Of these days a deal can do without.
DAYS = ("created_on", "expected_close_on", "closed_on", "won_on", "lost_on", "changed_on")
_SPARED = ("created_on", "expected_close_on", "changed_on")
NO_DAY = np.datetime64("NaT", "us")


class Values(NamedTuple):
    """What a column of dates or numbers says, row by row.

    ``values`` holds the days or numbers (missing where it is empty), ``unreadable`` the rows that are neither empty nor
    one, ``settled`` the order or the decimal mark that was worked out (empty where nothing depended on it), ``how``
    says it in words, and ``currencies`` is the currency beside each number (nothing if there is none at all).
    """

    values: npt.NDArray[Any]
    unreadable: Flags
    settled: str
    how: str
    currencies: npt.NDArray[np.object_] | None = None

    def only(self, rows: Flags) -> Values:
        """Keep some of the rows."""
        currencies = None if self.currencies is None else self.currencies[rows]
        return self._replace(values=self.values[rows], unreadable=self.unreadable[rows], currencies=currencies)


def read_column(reading: Reading, name: str, column: Column, option: str) -> Values:
    """Read a column of the deals, as days for the option ``"date_order"``, else as numbers.

    Where the column leaves it open, what was said of another holds for this one too.
    """

    def read_as(told: str | None) -> Values:
        if option == "date_order":
            start, beside = reading.form.excel_start, reading.columns({*DAYS} - {name}).values()
            return read_dates(column, reading.sheet.lines, field=name, order=told, excel_start=start, beside=[*beside])
        return read_numbers(column, reading.sheet.lines, field=name, decimal=told)

    try:
        read = read_as(reading.told_of(option, name))
    except Question as question:
        said = set((reading.told.get(option) or {}).values())
        if len(said) != 1 or not said & {choice.options.get(option, {}).get(name) for choice in question.choices}:
            raise
        read = read_as(*said)
    if read.settled:
        reading.settled[option][name] = read.settled
    return read


def read_dates(
    column: Column,
    lines: Numbers,
    *,
    field: str,
    order: str | None,
    excel_start: datetime.date = EXCEL_START,
    beside: Sequence[Column] = (),
) -> Values:
    """Read a column of dates.

    Dates that begin with a year of four digits, and dates with the month in letters, are clear by themselves. The
    others, such as 03-04-2026, get one order for the whole column: the only one that fits every value. A month or a
    quarter is its last day, but where a deal came in its first. The columns beside it tell whether "Mar-12" is a month.
    """
    column, real = _whole_days(column)
    cells = column.texts
    days = np.full(len(cells), NO_DAY, dtype="datetime64[us]")
    unreadable = np.zeros(len(cells), dtype=bool)
    unsettled: dict[str, list[DateParts]] = defaultdict(list)
    counted: dict[str, dict[int, datetime.date]] = {"serial": {}, "epoch": {}}
    short: dict[int, int] = {}
    periods: set[int] = set()
    end = field != "created_on"
    for cell in np.flatnonzero(column.used()).tolist():
        text = cells[cell]
        if is_empty(text):
            continue
        read = read_day(text, cell)
        if isinstance(read, DateParts):
            unsettled[read.shape].append(read)
        elif read is not None:
            days[cell] = read
        elif period := read_period(text):
            days[cell] = period[end]
            periods.add(cell)
            if SHORT_YEAR.fullmatch(text):
                short[cell] = period[end].year
        elif serial := read_serial(text, excel_start):
            counted["serial"][cell] = serial
        elif stamp := read_epoch(text):
            counted["epoch"][cell] = stamp
        else:
            unreadable[cell] = True
    _refuse_swapped(column, lines, real, days, unsettled)
    kind = Kind(_("dates"), "date_order", lambda order, day: f"{date(day)} ({_(ORDER_NAMES[order])})")
    settled = settle(unsettled.values(), kind, column, lines, field, order) or ("day" if unsettled else "")
    for parts in (part for shape in unsettled.values() for part in shape):
        day = parts.read(settled)
        unreadable[parts.cell] = day is None
        days[parts.cell] = NO_DAY if day is None else day
    how = _(ORDER_NAMES[settled]) if settled else _("dates")
    # Bare numbers are days only in a column of nothing else, but for real dates in a workbook.
    alone = not unsettled and all(real[cell] for cell in np.flatnonzero(~np.isnat(days)).tolist())
    alone = alone and not (counted["serial"] and counted["epoch"])
    for counting, numbers in counted.items():
        for cell, day in numbers.items():
            days[cell], unreadable[cell] = (day, False) if alone else (NO_DAY, True)
        if numbers and alone:
            how = _("the day numbers of Excel") if counting == "serial" else _("stamps that count from 1970")
    try:
        if short and may_be_days(set(short.values()), years_in(column.strings[column.used()] for column in beside)):
            unreadable[[*short]], days[[*short]] = True, NO_DAY
            periods -= set(short)
            _refuse_months(column, lines, min(short), unreadable, ~np.isnat(days))
        column.refuse_if_mostly(
            unreadable,
            ~np.isnat(days),
            lines,
            kind=_("dates"),
            hint=_("Name the right column with columns=, or write the dates as 2026-03-31."),
        )
    except SalesMetricsError as error:
        if field not in _SPARED:
            raise
        label = _("read the deals without “{header}”").format(header=column.header)
        choice = Choice(label, {"columns": {field: None}})
        raise Question(error.what, option="columns", choices=[choice], advice=error.hint) from None
    if periods:
        last = _("of a month, a quarter or a week its last day")
        how += f", {last if end else _('of a month, a quarter or a week its first day')}"
    return Values(days[column.codes], unreadable[column.codes], settled, how)


def _refuse_months(column: Column, lines: Numbers, cell: int, wrong: Flags, right: Flags) -> None:
    if column.counts[wrong].sum() > column.counts[right].sum():
        raise SalesMetricsError(
            _("“{header}” holds {value}: a month of a year, or a day without its year?").format(
                header=column.header, value=column.where(cell, lines)
            ),
            hint=_("Write the dates with their whole year, such as 2026-03-31."),
        )


def _whole_days(column: Column) -> tuple[Column, list[bool]]:
    """Return the column with times taken off its distinct cells, and which of those were dates in a workbook."""
    typed = [] if isinstance(column.cells, pd.Series) else column.cells
    real = np.zeros(len(column.cells), dtype=np.int64)
    real[: len(typed)] = [isinstance(cell, datetime.date) for cell in typed]
    codes, days = pd.factorize(without_times(column.strings))
    pairs, distinct = pd.factorize(codes * 2 + real)
    whole = Column(column.header, pairs[column.codes], pd.Series(days.take(distinct // 2), dtype="str"))
    return whole, (distinct % 2 == 1).tolist()


def _refuse_swapped(
    column: Column, lines: Numbers, real: Sequence[bool], days: Days, unsettled: Mapping[str, Sequence[DateParts]]
) -> None:
    """Refuse the trace of Excel having read another order: all that it could swap became dates, the rest is text."""
    dated = [day.astype(object).day for day, is_real in zip(days, real, strict=True) if is_real and day == day]
    parts = [part for shape in unsettled.values() for part in shape]
    if dated and parts and max(dated) <= 12 and all(len(part.readings()) == 1 for part in parts):
        raise SalesMetricsError(
            _(
                "In “{header}” Excel has turned some texts into dates and left others, such as {value}: "
                "day and month may be swapped in all the dates."
            ).format(header=column.header, value=column.where(parts[0].cell, lines)),
            hint=_("Read the export itself, not a copy saved by Excel."),
        )


def read_numbers(column: Column, lines: Numbers, *, field: str, decimal: str | None) -> Values:
    """Read a column of numbers, such as ``€ 1.234,56``, ``1,234.56`` or ``1234``."""
    values, mark = np.full(len(column.cells), np.nan), ""
    used = column.used()
    quick = plain_numbers(column.cells[used]) if decimal is None and isinstance(column.cells, pd.Series) else None
    unreadable = np.zeros(len(column.cells), dtype=bool)
    currencies = np.full(len(column.cells), "", dtype=object)
    if quick:
        values[used], mark = quick
    else:
        written: list[NumberText] = []
        for cell in np.flatnonzero(used).tolist():
            text, exact = column.texts[cell], column.cells[cell]
            if is_empty(text):
                continue
            if isinstance(exact, (int, float)) and not isinstance(exact, bool):
                values[cell], currencies[cell] = exact, getattr(exact, "currency", "")
            elif (item := read_number_text(text, cell)) is None:
                unreadable[cell] = True
            else:
                written.append(item)
                currencies[cell] = item.currency
        kind = Kind(_("numbers"), "decimal", lambda _mark, value: number(value, 0 if value == round(value) else 3))
        mark = settle([written], kind, column, lines, field, decimal)
        for item in written:
            values[item.cell] = item.read(mark or ".")
    far = np.abs(values) >= TOO_LARGE
    values[far], unreadable[far] = np.nan, True
    column.refuse_if_mostly(
        unreadable,
        ~np.isnan(values),
        lines,
        kind=_("numbers"),
        hint=_("Name the right column with columns=, or write plain numbers such as 1234.56."),
    )
    how = {",": _("decimal comma"), ".": _("decimal point"), "": _("numbers")}[mark]
    codes = column.codes
    return Values(values[codes], unreadable[codes], mark, how, currencies[codes] if (currencies != "").any() else None)
