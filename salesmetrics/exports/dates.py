"""Columns of dates: one order of day and month for a whole column, worked out from all of its values or asked about."""

from __future__ import annotations

import datetime
import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from salesmetrics.errors import SalesMetricsError
from salesmetrics.exports.question import Choice, Question
from salesmetrics.exports.sheet import Column, Flags, Numbers, is_empty
from salesmetrics.language import N_, _, date, ngettext

Days = npt.NDArray[np.datetime64]
DateOrder = str | Mapping[str, str] | None

ORDERS = ("day", "month", "year")
ORDER_NAMES = {"day": N_("day first"), "month": N_("month first"), "year": N_("year first")}
NO_DAY = np.datetime64("NaT", "us")
FIRST_YEAR, LAST_YEAR = 1950, 2100

_MONTHS = {
    name: month
    for month, names in enumerate(
        (
            "jan january januari",
            "feb february februari",
            "mar mrt march maart",
            "apr april",
            "may mei",
            "jun june juni",
            "jul july juli",
            "aug august augustus",
            "sep sept september",
            "oct okt october oktober",
            "nov november",
            "dec december",
        ),
        1,
    )
    for name in names.split()
}
_TIME = (
    r"(?:[T,\s]\s*\d{1,2}[:.]\d{2}(?:[:.]\d{2}(?:[.,]\d+)?)?\s*(?:[ap]\.?m\.?)?\s*(?:Z|UTC|GMT|CES?T|[+-]\d\d:?\d\d)?)?"
)
_ISO = re.compile(r"(\d{4})([-/.])(\d{1,2})\2(\d{1,2})" + _TIME, re.IGNORECASE)
_COMPACT = re.compile(r"(\d{4})(\d\d)(\d\d)")
_NUMERIC = re.compile(r"(\d{1,2})([-/.])(\d{1,2})\2(\d{4}|\d\d)" + _TIME, re.IGNORECASE)
_DAY_NAMED = re.compile(r"(?:[a-z]{2,9}[.,]*\s+)?(\d{1,2})[-\s./]+([a-z]{3,9})\.?[-\s./,]+(\d{4}|\d\d)" + _TIME, re.I)
_NAMED_DAY = re.compile(r"(?:[a-z]{2,9}[.,]*\s+)?([a-z]{3,9})\.?\s+(\d{1,2}),?\s+(\d{4})" + _TIME, re.I)


class DateReading(NamedTuple):
    """What the distinct cells of a column say.

    ``days`` holds a day for each cell, ``unreadable`` the cells that are neither empty nor a date, ``order`` the order
    that was worked out (empty where nothing depended on it), and ``how`` says it in words.
    """

    days: Days
    unreadable: Flags
    order: str
    how: str


class _Parts(NamedTuple):
    """Three numbers that are a date in an order still to be found; ``shape`` is the way of writing they share."""

    cell: int
    text: str
    shape: str
    numbers: tuple[int, int, int]

    def read(self, order: str) -> datetime.date | None:
        first, second, third = self.numbers
        if order == "day":
            return _day(_century(third), second, first)
        if order == "month":
            return _day(_century(third), first, second)
        return _day(_century(first), second, third) if self.shape.endswith("yy") else None

    def where(self, column: Column, lines: Numbers) -> str:
        return _("“{text}” on line {line}").format(text=self.text, line=int(lines[column.row_of(self.cell)]))


def read_dates(column: Column, lines: Numbers, *, field: str, order: DateOrder) -> DateReading:
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

    Raises
    ------
    Question
        Two orders fit every value, and give other dates.
    SalesMetricsError
        No order fits every value, the order given does not fit, or most values are no dates at all.
    """
    given = _given(order, field)
    used = column.used()
    days = np.full(len(column.cells), NO_DAY, dtype="datetime64[us]")
    unreadable = np.zeros(len(column.cells), dtype=bool)
    unsettled: dict[str, list[_Parts]] = defaultdict(list)
    for index, text in enumerate(column.texts()):
        if not used[index] or is_empty(text):
            continue
        read = _read(text, index)
        if isinstance(read, _Parts):
            unsettled[read.shape].append(read)
        elif read is None:
            unreadable[index] = True
        else:
            days[index] = np.datetime64(read, "us")
    settled = _settle(unsettled, given, column, lines, field, order) if unsettled else ""
    for parts in (part for shape in unsettled.values() for part in shape):
        day = parts.read(settled)
        unreadable[parts.cell] = day is None
        days[parts.cell] = NO_DAY if day is None else np.datetime64(day, "us")
    _mostly_dates(column, lines, days, unreadable)
    return DateReading(days, unreadable, settled, _(ORDER_NAMES[settled]) if settled else _("dates"))


def _given(order: DateOrder, field: str) -> str | None:
    given = order.get(field) if isinstance(order, Mapping) else order
    if given is not None and given not in ORDERS:
        raise SalesMetricsError(
            _("date_order can't be “{found}”.").format(found=given),
            hint=_('Say which part comes first: "day", "month" or "year".'),
        )
    return given


def _read(text: str, cell: int) -> datetime.date | _Parts | None:
    if match := _ISO.fullmatch(text) or _COMPACT.fullmatch(text):
        groups = match.groups()
        return _day(int(groups[0]), int(groups[-2]), int(groups[-1]))
    if match := _NUMERIC.fullmatch(text):
        first, mark, second, year = match.groups()
        return _Parts(cell, text, f"{mark}{'y' * len(year)}", (int(first), int(second), int(year)))
    if match := _DAY_NAMED.fullmatch(text):
        return _day(_century(int(match[3])), _MONTHS.get(match[2].lower(), 0), int(match[1]))
    if match := _NAMED_DAY.fullmatch(text):
        return _day(int(match[3]), _MONTHS.get(match[1].lower(), 0), int(match[2]))
    return None


def _century(year: int) -> int:
    """Write out a year of two digits, as POSIX does: 69 to 99 are the last century."""
    return year if year > 99 else year + (1900 if year >= 69 else 2000)


def _day(year: int, month: int, day: int) -> datetime.date | None:
    """Give the day, unless there is no such day or it is so far away that it only stands for "empty"."""
    try:
        return datetime.date(year, month, day) if FIRST_YEAR <= year <= LAST_YEAR else None
    except ValueError:
        return None


def _settle(
    shapes: Mapping[str, Sequence[_Parts]],
    given: str | None,
    column: Column,
    lines: Numbers,
    field: str,
    order: DateOrder,
) -> str:
    """Find the one order in which every value is a date.

    Each way of writing (its mark, its digits of the year) must prove the order by itself: two ways of writing in one
    column may well come from two hands.
    """
    witnesses: dict[str, _Parts] = {}
    open_question: tuple[_Parts, list[str]] | None = None
    for parts_of_shape in shapes.values():
        readings = [(parts, {name: day for name in ORDERS if (day := parts.read(name))}) for parts in parts_of_shape]
        readings = [(parts, days) for parts, days in readings if days]
        fitting = [name for name in ORDERS if readings and all(name in days for _parts, days in readings)]
        for parts, days in readings:
            if len(days) == 1:
                witnesses.setdefault(next(iter(days)), parts)
        if not fitting and readings and len(witnesses) < 2:
            narrow = min(readings, key=lambda reading: len(reading[1]))
            other = min(readings, key=lambda reading: len(set(reading[1]) & set(narrow[1])))
            raise _two_orders(narrow[0], other[0], column, lines)
        differing = [reading for reading in readings if len({reading[1][name] for name in fitting}) > 1]
        if len(fitting) > 1 and differing and open_question is None:
            open_question = differing[0][0], fitting
        elif len(fitting) == 1:
            witnesses.setdefault(fitting[0], parts_of_shape[0])
    if len(witnesses) > 1:
        first, second, *_rest = witnesses.values()
        raise _two_orders(first, second, column, lines)
    if given:
        if (witnesses and given not in witnesses) or (open_question and given not in open_question[1]):
            shown = next(iter(witnesses.values())) if witnesses else open_question[0]  # type: ignore[index]
            raise SalesMetricsError(
                _("date_order={given} does not fit “{header}”: {value} is no such date.").format(
                    given=repr(given), header=column.header, value=shown.where(column, lines)
                ),
                hint=_("Leave date_order out, or give another for this column."),
            )
        return given
    if open_question:
        raise _ask(*open_question, column, lines, field, order)
    return next(iter(witnesses), "day")


def _two_orders(first: _Parts, second: _Parts, column: Column, lines: Numbers) -> SalesMetricsError:
    return SalesMetricsError(
        _("“{header}” holds two orders of day and month: {first} and {second} can't be read in one way.").format(
            header=column.header, first=first.where(column, lines), second=second.where(column, lines)
        ),
        hint=_("Export again with one way of writing dates, such as 2026-03-31. No date was guessed."),
    )


def _ask(
    parts: _Parts, fitting: Sequence[str], column: Column, lines: Numbers, field: str, order: DateOrder
) -> Question:
    before: dict[str, str] = dict(order) if isinstance(order, Mapping) else {}
    readings = [(name, day) for name in fitting if (day := parts.read(name))]
    return Question(
        _("The dates in “{header}” can be read in two ways: {value} is {readings}.").format(
            header=column.header,
            value=parts.where(column, lines),
            readings=_(" or ").join(f"{date(day)} ({_(ORDER_NAMES[name])})" for name, day in readings),
        ),
        hint=_("Say which: {options}.").format(
            options=_(" or ").join(f'date_order="{name}"' for name, _day in readings)
        ),
        option="date_order",
        choices=[Choice(date(day), {"date_order": {**before, field: name}}) for name, day in readings],
    )


def _mostly_dates(column: Column, lines: Numbers, days: Days, unreadable: Flags) -> None:
    """Refuse a column that mostly holds something else: then it is the wrong column, not a wrong cell."""
    counts = column.counts()
    wrong = int(counts[unreadable].sum())
    if wrong > int(counts[~np.isnat(days)].sum()):
        index = int(np.argmax(unreadable & (counts > 0)))
        raise SalesMetricsError(
            ngettext(
                "“{header}” should hold dates, but {count} cell is none, such as “{text}” on line {line}.",
                "“{header}” should hold dates, but {count} cells are none, such as “{text}” on line {line}.",
                wrong,
            ).format(
                header=column.header,
                count=wrong,
                text=column.texts()[index][:60],
                line=int(lines[column.row_of(index)]),
            ),
            hint=_("Name the right column with columns=, or write the dates as 2026-03-31."),
        )
