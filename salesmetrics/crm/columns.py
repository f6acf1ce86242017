"""Columns of dates and of numbers: one reading for a whole column, worked out from all of its values or asked about."""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from salesmetrics.base.errors import SalesMetricsError
from salesmetrics.base.language import _, date, number
from salesmetrics.base.typed_numbers import TOO_LARGE
from salesmetrics.crm.dates_and_numbers import (
    EXCEL_START,
    MARKS,
    ORDER_NAMES,
    DateParts,
    NumberText,
    read_day,
    read_epoch,
    read_number_text,
    read_serial,
    without_times,
)
from salesmetrics.crm.question import Kind, Question, settle_column
from salesmetrics.crm.reading import Reading
from salesmetrics.crm.sheet import Column, Flags, Floats, Numbers, is_empty

Days = npt.NDArray[np.datetime64]

NO_DAY = np.datetime64("NaT", "us")
_LATE_WITH_ZONE = r"[T ]2[123]:[0-9]{2}(?::[0-9.,]+)?\s*(?:Z|UTC|GMT|[+-][0-9]{2})"
_FEW = 1_000


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
            return read_dates(column, reading.sheet.lines, field=name, order=told, excel_start=reading.form.excel_start)
        return read_numbers(column, reading.sheet.lines, field=name, decimal=told)

    try:
        read = read_as(reading.told_of(option, name))
    except Question as question:
        said = set((reading.told.get(option) or {}).values())
        if len(said) != 1 or not said & {choice.options[option][name] for choice in question.choices}:
            raise
        read = read_as(*said)
    if read.settled:
        reading.settled[option][name] = read.settled
    return read


def read_dates(
    column: Column, lines: Numbers, *, field: str, order: str | None, excel_start: datetime.date = EXCEL_START
) -> Values:
    """Read a column of dates.

    Dates that begin with a year of four digits, and dates with the month in letters, are clear by themselves. The
    others, such as 03-04-2026, get one order for the whole column: the only one that fits every value.
    """
    column, real = _whole_days(column)
    cells = column.texts
    days = np.full(len(cells), NO_DAY, dtype="datetime64[us]")
    unreadable = np.zeros(len(cells), dtype=bool)
    unsettled: dict[str, list[DateParts]] = defaultdict(list)
    counted: dict[str, dict[int, datetime.date]] = {"serial": {}, "epoch": {}}
    for cell in np.flatnonzero(column.used()).tolist():
        text = cells[cell]
        if is_empty(text):
            continue
        read = read_day(text, cell)
        if isinstance(read, DateParts):
            unsettled[read.shape].append(read)
        elif read is not None:
            days[cell] = read
        elif serial := read_serial(text, excel_start):
            counted["serial"][cell] = serial
        elif stamp := read_epoch(text):
            counted["epoch"][cell] = stamp
        else:
            unreadable[cell] = True
    _refuse_swapped(column, lines, real, days, unsettled)
    kind = Kind(_("dates"), "date_order", lambda order, day: f"{date(day)} ({_(ORDER_NAMES[order])})")
    settled = settle_column(unsettled.values(), kind, column, lines, field, order) or ("day" if unsettled else "")
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
    column.refuse_if_mostly(
        unreadable,
        ~np.isnat(days),
        lines,
        kind=_("dates"),
        hint=_("Name the right column with columns=, or write the dates as 2026-03-31."),
    )
    return Values(days[column.codes], unreadable[column.codes], settled, how)


def near_midnight(column: Column) -> int:
    """Count the stamps with a zone that fall in the last hours of a day: elsewhere it is the next day by then."""
    if not isinstance(column.cells, pd.Series) or not len(column.cells) or ":" not in column.strings.max():
        return 0
    late = pc.match_substring_regex(pa.array(column.strings), _LATE_WITH_ZONE)
    return int(column.counts[late.to_numpy(zero_copy_only=False).astype(bool)].sum())


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
        mark = settle_column([written], kind, column, lines, field, decimal)
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


def plain_numbers(texts: pd.Series[str]) -> tuple[Floats, str] | None:
    """Read texts that are all plain numbers, such as ``-12,5``: their values, and their decimal mark.

    An empty text is not a number. Nothing where a text is anything else, or where the mark might be one of thousands.

    Examples
    --------
    >>> plain_numbers(pd.Series(["12.5", "1.234", ""], dtype="str"))
    (array([12.5  ,  1.234,    nan]), '.')
    >>> plain_numbers(pd.Series(["1.234"], dtype="str"))
    """
    # The first few mostly tell.
    few = texts[:_FEW]
    mark = next((mark for mark in MARKS for some in (few, texts) if some.str.contains(mark, regex=False).any()), "")
    if mark == "," and texts.str.contains(".", regex=False).any():
        return None
    grouped = rf"-?[1-9][0-9]{{0,2}}[{mark}][0-9]{{3}}(?:[eE].*)?|[^{mark}]*"
    if mark and few.str.fullmatch(grouped).all() and texts.str.fullmatch(grouped).all():
        return None
    filled = (texts != "").to_numpy(bool)
    plain = texts.str.replace(",", ".") if mark == "," else texts
    try:
        read = pc.cast(pa.array(plain if filled.all() else plain[filled]), pa.float64()).to_numpy()
    except pa.ArrowInvalid:
        return None
    values = np.full(len(texts), np.nan)
    values[filled] = read
    # Arrow reads the words for infinity and for no number too.
    return (values, mark) if np.isfinite(read).all() else None
