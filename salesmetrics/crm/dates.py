"""Columns of dates: one order of day and month for a whole column, worked out from all of its values or asked about."""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd

from salesmetrics.base.errors import SalesMetricsError
from salesmetrics.base.language import _, date
from salesmetrics.crm.question import Choice, Question
from salesmetrics.crm.sheet import Column, Flags, Numbers, is_empty
from salesmetrics.crm.written import EXCEL_START, ORDER_NAMES, ORDERS, Parts, read_day, read_serial, without_times

Days = npt.NDArray[np.datetime64]
DateOrder = str | Mapping[str, str] | None

NO_DAY = np.datetime64("NaT", "us")


class DateReading(NamedTuple):
    """What a column of dates says, row by row.

    ``days`` holds the days, ``unreadable`` the rows that are neither empty nor a date, ``order`` the order that was
    worked out (empty where nothing depended on it), and ``how`` says it in words.
    """

    days: Days
    unreadable: Flags
    order: str
    how: str


class _Column(NamedTuple):
    """A column whose distinct cells are days, times taken off; ``real`` tells which were dates in a workbook."""

    column: Column
    real: list[bool]
    lines: Numbers
    field: str

    def where(self, parts: Parts) -> str:
        return self.column.where(parts.cell, self.lines)


def read_dates(
    column: Column,
    lines: Numbers,
    *,
    field: str,
    order: DateOrder,
    excel_start: datetime.date = EXCEL_START,
) -> DateReading:
    """Read a column of dates.

    Dates that begin with a year of four digits, and dates with the month in letters, are clear by themselves. The
    others, such as 03-04-2026, get one order for the whole column: the only one that fits every value.

    Parameters
    ----------
    column, lines
        The cells, and the line in the file of each row.
    field
        What the column holds: the name of the field.
    order
        ``"day"``, ``"month"`` or ``"year"`` where the user says which part comes first, for all columns or, as a
        mapping, for some fields.
    excel_start
        The day from which a workbook counts its days.

    Raises
    ------
    Question
        Two orders fit every value, and give other dates.
    SalesMetricsError
        No order fits every value, the order given does not fit, or most values are no dates at all.
    """
    given = _given(order, field)
    dated = _whole_days(column, lines, field)
    cells: Sequence[str] = dated.column.texts
    days = np.full(len(cells), NO_DAY, dtype="datetime64[us]")
    unreadable = np.zeros(len(cells), dtype=bool)
    unsettled: dict[str, list[Parts]] = defaultdict(list)
    serials: dict[int, datetime.date] = {}
    used = dated.column.used()
    for cell, text in enumerate(cells):
        if not used[cell] or is_empty(text):
            continue
        read = read_day(text, cell)
        if isinstance(read, Parts):
            unsettled[read.shape].append(read)
        elif read is not None:
            days[cell] = read
        elif serial := read_serial(text, excel_start):
            serials[cell] = serial
        else:
            unreadable[cell] = True
    _excel_swapped(dated, days, unsettled)
    settled = _settle(unsettled, given, dated, order) if unsettled else ""
    for parts in (part for shape in unsettled.values() for part in shape):
        day = parts.read(settled)
        unreadable[parts.cell] = day is None
        days[parts.cell] = NO_DAY if day is None else day
    how = _(ORDER_NAMES[settled]) if settled else _("dates")
    if serials:
        # Numbers of five digits are days only in a column of nothing else, but for real dates in a workbook.
        alone = not unsettled and all(dated.real[cell] for cell in np.flatnonzero(~np.isnat(days)).tolist())
        for cell, day in serials.items():
            days[cell], unreadable[cell] = (day, False) if alone else (NO_DAY, True)
        how = _("the day numbers of Excel") if alone else how
    dated.column.refuse_if_mostly(
        unreadable,
        ~np.isnat(days),
        lines,
        kind=_("dates"),
        hint=_("Name the right column with columns=, or write the dates as 2026-03-31."),
    )
    return DateReading(days[dated.column.codes], unreadable[dated.column.codes], settled, how)


def _given(order: DateOrder, field: str) -> str | None:
    given = order.get(field) if isinstance(order, Mapping) else order
    if given is not None and given not in ORDERS:
        raise SalesMetricsError(
            _("date_order can't be “{found}”.").format(found=given),
            hint=_('Say which part comes first: "day", "month" or "year".'),
        )
    return given


def _whole_days(column: Column, lines: Numbers, field: str) -> _Column:
    typed = [] if isinstance(column.cells, pd.Series) else column.cells
    real = np.zeros(len(column.cells), dtype=np.int64)
    real[: len(typed)] = [isinstance(cell, datetime.date) for cell in typed]
    codes, days = pd.factorize(without_times(column.strings))
    pairs, distinct = pd.factorize(codes * 2 + real)
    whole = Column(column.header, pairs[column.codes], pd.Series(days.take(distinct // 2), dtype="str"))
    return _Column(whole, (distinct % 2 == 1).tolist(), lines, field)


def _excel_swapped(dated: _Column, days: Days, unsettled: Mapping[str, Sequence[Parts]]) -> None:
    """Refuse the trace of Excel having read another order: all that it could swap became dates, the rest is text."""
    real = [day.astype(object).day for day, is_real in zip(days, dated.real, strict=True) if is_real and day == day]
    parts = [part for shape in unsettled.values() for part in shape]
    if real and parts and max(real) <= 12 and all(sum(bool(part.read(name)) for name in ORDERS) == 1 for part in parts):
        raise SalesMetricsError(
            _(
                "In “{header}” Excel has turned some texts into dates and left others, such as {value}: "
                "day and month may be swapped in all the dates."
            ).format(header=dated.column.header, value=dated.where(parts[0])),
            hint=_("Read the export itself, not a copy saved by Excel."),
        )


def _settle(shapes: Mapping[str, Sequence[Parts]], given: str | None, dated: _Column, order: DateOrder) -> str:
    """Find the one order in which every value is a date.

    Each way of writing (its mark, its digits of the year) must prove the order by itself: two ways of writing in one
    column may well come from two hands.
    """
    proofs: dict[str, Parts] = {}
    question: tuple[Parts, list[str]] | None = None
    for shape in shapes.values():
        readings = [(parts, {name: day for name in ORDERS if (day := parts.read(name))}) for parts in shape]
        readings = [(parts, days) for parts, days in readings if days]
        fitting = [name for name in ORDERS if readings and all(name in days for _parts, days in readings)]
        for parts, days in readings:
            if len(days) == 1:
                proofs.setdefault(next(iter(days)), parts)
        if readings and not fitting and len(proofs) < 2:
            narrow = min(readings, key=lambda reading: len(reading[1]))
            other = min(readings, key=lambda reading: len(set(reading[1]) & set(narrow[1])))
            raise _two_orders(narrow[0], other[0], dated)
        differing = [parts for parts, days in readings if len({days[name] for name in fitting}) > 1]
        if differing and question is None:
            question = differing[0], fitting
        elif len(fitting) == 1:
            proofs.setdefault(fitting[0], readings[0][0])
    if len(proofs) > 1:
        first, second, *_rest = proofs.values()
        raise _two_orders(first, second, dated)
    if question and proofs:
        question = question[0], [name for name in question[1] if name in proofs]
        if not question[1]:
            raise _two_orders(next(iter(proofs.values())), question[0], dated)
    if given:
        if (proofs and given not in proofs) or (question and given not in question[1]):
            shown = next(iter(proofs.values()), question[0] if question else None)
            raise SalesMetricsError(
                _("date_order={given} does not fit “{header}”: {value} is no such date.").format(
                    given=repr(given), header=dated.column.header, value=dated.where(shown) if shown else ""
                ),
                hint=_("Leave date_order out, or give another for this column."),
            )
        return given
    if question:
        raise _ask(*question, dated, order)
    return next(iter(proofs), "day")


def _two_orders(first: Parts, second: Parts, dated: _Column) -> SalesMetricsError:
    return SalesMetricsError(
        _("“{header}” holds two orders of day and month: {first} and {second} can't be read in one way.").format(
            header=dated.column.header, first=dated.where(first), second=dated.where(second)
        ),
        hint=_("Export again with one way of writing dates, such as 2026-03-31. No date was guessed."),
    )


def _ask(parts: Parts, fitting: Sequence[str], dated: _Column, order: DateOrder) -> Question:
    before: dict[str, str] = dict(order) if isinstance(order, Mapping) else {}
    readings = [(name, day) for name in ORDERS if (day := parts.read(name))]
    return Question(
        _("The dates in “{header}” can be read in more than one way: {value} is {readings}.").format(
            header=dated.column.header,
            value=dated.where(parts),
            readings=_(" or ").join(f"{date(day)} ({_(ORDER_NAMES[name])})" for name, day in readings),
        ),
        hint=_("Say which: {options}.").format(options=_(" or ").join(f'date_order="{name}"' for name in fitting)),
        option="date_order",
        choices=[
            Choice(f"{date(day)} ({_(ORDER_NAMES[name])})", {"date_order": {**before, dated.field: name}})
            for name, day in readings
            if name in fitting
        ],
    )
