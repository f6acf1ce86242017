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
from salesmetrics.crm.question import Kind, settle_column
from salesmetrics.crm.sheet import Column, Flags, Numbers, is_empty
from salesmetrics.crm.values import (
    EXCEL_START,
    ORDER_NAMES,
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


def read_dates(
    column: Column, lines: Numbers, *, field: str, order: DateOrder, excel_start: datetime.date = EXCEL_START
) -> DateReading:
    """Read a column of dates.

    Dates that begin with a year of four digits, and dates with the month in letters, are clear by themselves. The
    others, such as 03-04-2026, get one order for the whole column: the only one that fits every value.
    """
    given = order.get(field) if isinstance(order, Mapping) else order
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
    settled = settle_column(unsettled.values(), kind, column, lines, field, given) or ("day" if unsettled else "")
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
    return DateReading(days[column.codes], unreadable[column.codes], settled, how)


def near_midnight(column: Column) -> int:
    """Count the stamps with a zone that fall in the last hours of a day: elsewhere it is the next day by then."""
    if not isinstance(column.cells, pd.Series) or not len(column.cells) or ":" not in column.strings.max():
        return 0
    late = pc.match_substring_regex(pa.array(column.strings), _LATE_WITH_ZONE)
    return int(column.counts[late.to_numpy(zero_copy_only=False).astype(bool)].sum())


def _whole_days(column: Column) -> tuple[Column, list[bool]]:
    """Give the column with times taken off its distinct cells, and which of those were dates in a workbook."""
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
