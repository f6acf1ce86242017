"""Columns of dates: one order of day and month for a whole column, worked out from all of its values or asked about."""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from salesmetrics.base.errors import SalesMetricsError
from salesmetrics.base.language import _, date
from salesmetrics.crm.question import Choice, Question, check_option
from salesmetrics.crm.settle import Settled, settle
from salesmetrics.crm.sheet import Column, Flags, Numbers, is_empty
from salesmetrics.crm.values import (
    EXCEL_START,
    ORDER_NAMES,
    ORDERS,
    DateParts,
    read_day,
    read_epoch,
    read_serial,
    without_times,
)

Days = npt.NDArray[np.datetime64]
DateOrder = str | Mapping[str, str] | None

NO_DAY = np.datetime64("NaT", "us")
_LATE_WITH_ZONE = r"[T ]2[123]:[0-9]{2}(?::[0-9.,]+)?\s*(?:Z|UTC|GMT|[+-][0-9]{2}:?[0-9]{2})$"


class DateReading(NamedTuple):
    """What a column of dates says, row by row.

    ``days`` holds the days, ``unreadable`` the rows that are neither empty nor a date, ``order`` the order that was
    worked out (empty where nothing depended on it), and ``how`` says it in words.
    """

    days: Days
    unreadable: Flags
    order: str
    how: str


class _DayColumn(NamedTuple):
    """A column whose distinct cells are days, times taken off; ``real`` tells which were dates in a workbook."""

    column: Column
    real: list[bool]
    lines: Numbers
    field: str

    def where(self, parts: DateParts) -> str:
        return self.column.where(parts.cell, self.lines)


def read_dates(
    column: Column, lines: Numbers, *, field: str, order: DateOrder, excel_start: datetime.date = EXCEL_START
) -> DateReading:
    """Read a column of dates.

    Dates that begin with a year of four digits, and dates with the month in letters, are clear by themselves. The
    others, such as 03-04-2026, get one order for the whole column: the only one that fits every value.
    """
    given = order.get(field) if isinstance(order, Mapping) else order
    check_option("date_order", given, ORDERS)
    dated = _whole_days(column, lines, field)
    cells = dated.column.texts
    days = np.full(len(cells), NO_DAY, dtype="datetime64[us]")
    unreadable = np.zeros(len(cells), dtype=bool)
    unsettled: dict[str, list[DateParts]] = defaultdict(list)
    counted: dict[str, dict[int, datetime.date]] = {"serial": {}, "epoch": {}}
    for cell in np.flatnonzero(dated.column.used()).tolist():
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
    _refuse_swapped(dated, days, unsettled)
    settled = _settle(unsettled, given, dated) if unsettled else ""
    for parts in (part for shape in unsettled.values() for part in shape):
        day = parts.read(settled)
        unreadable[parts.cell] = day is None
        days[parts.cell] = NO_DAY if day is None else day
    how = _(ORDER_NAMES[settled]) if settled else _("dates")
    # Bare numbers are days only in a column of nothing else, but for real dates in a workbook.
    alone = not unsettled and all(dated.real[cell] for cell in np.flatnonzero(~np.isnat(days)).tolist())
    alone = alone and not (counted["serial"] and counted["epoch"])
    for kind, numbers in counted.items():
        for cell, day in numbers.items():
            days[cell], unreadable[cell] = (day, False) if alone else (NO_DAY, True)
        if numbers and alone:
            how = _("the day numbers of Excel") if kind == "serial" else _("stamps that count from 1970")
    dated.column.refuse_if_mostly(
        unreadable,
        ~np.isnat(days),
        lines,
        kind=_("dates"),
        hint=_("Name the right column with columns=, or write the dates as 2026-03-31."),
    )
    return DateReading(days[dated.column.codes], unreadable[dated.column.codes], settled, how)


def near_midnight(column: Column) -> int:
    """Count the stamps with a zone that fall in the last hours of a day: elsewhere it is the next day by then."""
    if not isinstance(column.cells, pd.Series) or not len(column.cells) or ":" not in column.strings.max():
        return 0
    late = pc.match_substring_regex(pa.array(column.strings), _LATE_WITH_ZONE)
    return int(column.counts()[late.to_numpy(zero_copy_only=False).astype(bool)].sum())


def _whole_days(column: Column, lines: Numbers, field: str) -> _DayColumn:
    typed = [] if isinstance(column.cells, pd.Series) else column.cells
    real = np.zeros(len(column.cells), dtype=np.int64)
    real[: len(typed)] = [isinstance(cell, datetime.date) for cell in typed]
    codes, days = pd.factorize(without_times(column.strings))
    pairs, distinct = pd.factorize(codes * 2 + real)
    whole = Column(column.header, pairs[column.codes], pd.Series(days.take(distinct // 2), dtype="str"))
    return _DayColumn(whole, (distinct % 2 == 1).tolist(), lines, field)


def _refuse_swapped(dated: _DayColumn, days: Days, unsettled: Mapping[str, Sequence[DateParts]]) -> None:
    """Refuse the trace of Excel having read another order: all that it could swap became dates, the rest is text."""
    real = [day.astype(object).day for day, is_real in zip(days, dated.real, strict=True) if is_real and day == day]
    parts = [part for shape in unsettled.values() for part in shape]
    if real and parts and max(real) <= 12 and all(len(part.readings()) == 1 for part in parts):
        raise SalesMetricsError(
            _(
                "In “{header}” Excel has turned some texts into dates and left others, such as {value}: "
                "day and month may be swapped in all the dates."
            ).format(header=dated.column.header, value=dated.where(parts[0])),
            hint=_("Read the export itself, not a copy saved by Excel."),
        )


def _settle(shapes: Mapping[str, Sequence[DateParts]], given: str | None, dated: _DayColumn) -> str:
    """Find the one order in which every value is a date.

    Each way of writing (its mark, its digits of the year) must prove the order by itself: two ways of writing in one
    column may well come from two hands.
    """
    proofs: dict[str, DateParts] = {}
    unclear: DateParts | None = None
    fitting: Sequence[str] = ()
    for shape in shapes.values():
        readable = [(parts, readings) for parts in shape if (readings := parts.readings())]
        found = settle([readings for _parts, readings in readable]) if readable else Settled()
        if found.conflict[0] >= 0:
            raise _two_orders(*(readable[place][0] for place in found.conflict), dated=dated)
        if found.reading:
            proofs.setdefault(found.reading, readable[0][0])
        elif found.unclear >= 0 and unclear is None:
            unclear, fitting = readable[found.unclear][0], found.fitting
    if len(proofs) > 1:
        raise _two_orders(*list(proofs.values())[:2], dated=dated)
    if unclear and proofs:
        fitting = [order for order in fitting if order in proofs]
        if not fitting:
            raise _two_orders(next(iter(proofs.values())), unclear, dated=dated)
    if given:
        if (proofs and given not in proofs) or (unclear and given not in fitting):
            known = (parts for shape in shapes.values() for parts in shape if parts.readings())
            shown = next((parts for parts in known if given not in parts.readings()), unclear)
            raise SalesMetricsError(
                _("date_order={given} does not fit “{header}”: {value} is no such date.").format(
                    given=repr(given), header=dated.column.header, value=dated.where(shown) if shown else ""
                ),
                hint=_("Leave date_order out, or give another for this column."),
            )
        return given
    if unclear:
        raise _ask(unclear, fitting, dated)
    return next(iter(proofs), "day")


def _two_orders(*found: DateParts, dated: _DayColumn) -> SalesMetricsError:
    return SalesMetricsError(
        _("“{header}” holds two orders of day and month: {first} and {second} can't be read in one way.").format(
            header=dated.column.header, first=dated.where(found[0]), second=dated.where(found[1])
        ),
        hint=_("Export again with one way of writing dates, such as 2026-03-31. No date was guessed."),
    )


def _ask(parts: DateParts, fitting: Sequence[str], dated: _DayColumn) -> Question:
    choices = {
        order: Choice(f"{date(day)} ({_(ORDER_NAMES[order])})", {"date_order": {dated.field: order}})
        for order, day in parts.readings().items()
    }
    return Question(
        _("The dates in “{header}” can be read in more than one way: {value} is {readings}.").format(
            header=dated.column.header,
            value=dated.where(parts),
            readings=_(" or ").join(choice.label for choice in choices.values()),
        ),
        option="date_order",
        choices=[choice for order, choice in choices.items() if order in fitting],
    )
