"""When: periods, the day a table is looked at, and which rows were open, due or closed then.

The conditions are Narwhals expressions, so that one rule serves every engine. Days are whole: ``as_of`` means the end
of that day, and a period runs from the start of its first day to the end of its last.
"""

from __future__ import annotations

import datetime
import operator
import re
from collections.abc import Iterator, Sequence
from functools import reduce
from typing import NamedTuple

import narwhals as nw

from salesmetrics.base.errors import SalesMetricsError
from salesmetrics.base.language import _, date

Day = datetime.date | str

_ONE_DAY = datetime.timedelta(days=1)

_LABEL = re.compile(r"(?P<year>\d{4})(?:-?Q(?P<quarter>[1-4])|-(?P<month>0[1-9]|1[0-2]))?", re.IGNORECASE)


class Period(NamedTuple):
    """The days from ``first`` to ``last``, both included."""

    first: datetime.date
    last: datetime.date

    def __str__(self) -> str:
        return _("{first} to {last}").format(first=date(self.first), last=date(self.last))


def read_day(day: Day) -> datetime.date:
    """Read one day: a date, a date with a time, or ISO text such as ``"2026-03-31"``.

    Examples
    --------
    >>> read_day("2026-03-31")
    datetime.date(2026, 3, 31)
    """
    try:
        # A pandas NaT calls itself a date, and so does its date; its text says what it is.
        text = str(day.date() if isinstance(day, datetime.datetime) else day)
        found = datetime.date.fromisoformat(text)
    except ValueError:
        raise SalesMetricsError(
            _("“{found}” is not a date.").format(found=day), hint=_('Write it as year-month-day: "2026-03-31".')
        ) from None
    if found.year == datetime.MAXYEAR:  # its last day has no next one to end before
        raise _no_year_to_plan_for(found.year)
    return found


def read_period(period: Period | str | Sequence[Day]) -> Period:
    """Read a period: ``"2026Q2"``, ``"2026-05"``, ``"2026"``, or its first and last day.

    Raises
    ------
    SalesMetricsError
        It is no period, or it ends before it begins.

    Examples
    --------
    >>> str(read_period("2026Q2"))
    '1 Apr 2026 to 30 Jun 2026'
    """
    if isinstance(period, str):
        if match := _LABEL.fullmatch(period.strip()):
            return _labelled(match)
    elif isinstance(period, Sequence) and len(period) == 2:
        first, last = (read_day(day) for day in period)
        if last < first:
            raise SalesMetricsError(
                _("The period ends on {last}, before it begins on {first}.").format(last=date(last), first=date(first)),
                hint=_("Give the first day first, then the last."),
            )
        return Period(first, last)
    raise SalesMetricsError(
        _("“{found}” is not a period.").format(found=period),
        hint=_('Write a quarter "2026Q2" (Q1 to Q4), a month "2026-05", a year "2026", or two dates.'),
    )


def _labelled(match: re.Match[str]) -> Period:
    year = int(match["year"])
    first_month, months = 1, 12
    if match["quarter"]:
        first_month, months = 3 * int(match["quarter"]) - 2, 3
    elif match["month"]:
        first_month, months = int(match["month"]), 1
    if not datetime.MINYEAR <= year < datetime.MAXYEAR:
        raise _no_year_to_plan_for(year)
    first = datetime.date(year, first_month, 1)
    return Period(first, _months_after(first, months) - _ONE_DAY)


def _no_year_to_plan_for(year: int) -> SalesMetricsError:
    return SalesMetricsError(
        _("The year {year} is not a year to plan for.").format(year=year), hint=_("Check the period and the dates.")
    )


def start_of(day: datetime.date) -> nw.Expr:
    """Return the moment at which a day begins, in the type of a checked table's dates."""
    return nw.lit(datetime.datetime(day.year, day.month, day.day), dtype=nw.Datetime("us"))


def end_of(day: datetime.date) -> nw.Expr:
    """Return the moment at which a day is over: the next one begins."""
    return start_of(day + _ONE_DAY)


def by_day(column: str, day: datetime.date | None) -> nw.Expr:
    """Return where ``column`` lies on or before ``day``; without a day, where it is filled."""
    return nw.col(column) < end_of(day) if day else ~nw.col(column).is_null()


def within(column: str, period: Period) -> nw.Expr:
    """Return where ``column`` lies in the period."""
    return (nw.col(column) >= start_of(period.first)) & (nw.col(column) < end_of(period.last))


def open_at(as_of: datetime.date | None) -> nw.Expr:
    """Return where a deal was open at the end of ``as_of``; without a day, where it is open in the table.

    A deal whose day of creation is unknown counts as created in time.
    """
    is_open = nw.col("status") == "open"
    if as_of is None:
        return is_open
    created = nw.col("created_on").is_null() | (nw.col("created_on") < end_of(as_of))
    return created & (is_open | (nw.col("closed_on") >= end_of(as_of)))


def closed_by(as_of: datetime.date | None, *statuses: str) -> nw.Expr:
    """Return where a deal had one of ``statuses`` (won, lost) by the end of ``as_of``."""
    # Engines compare with one word at a time several times as fast as they look it up in a list.
    status = reduce(operator.or_, (nw.col("status") == each for each in statuses))
    return status & by_day("closed_on", as_of)


def day_number(column: nw.Expr) -> nw.Expr:
    """Return the number that ``datetime.date.toordinal`` gives a date: not every engine can subtract dates."""
    before = column.dt.year() - 1
    return 365 * before + before // 4 - before // 100 + before // 400 + column.dt.ordinal_day()


def quarter_expression(column: str) -> nw.Expr:
    """Return the number of a day's quarter, row by row, as :func:`quarter_number` counts."""
    return nw.col(column).dt.year() * 4 + (nw.col(column).dt.month() - 1) // 3


def quarter_begin(column: nw.Expr) -> nw.Expr:
    """Return the :func:`day_number` of the first day of a date's quarter: not every engine truncates to quarters."""
    # Where there is no day, the year is missing: Dask refuses to turn a missing quarter into a whole number.
    year, quarter = column.dt.year(), ((column.dt.month() - 1) // 3).fill_null(0).cast(nw.Int32)
    # The first quarter begins before its year's leap day, the others after it.
    leap_years = year - 1 + (quarter + 3) // 4
    leap_days = leap_years // 4 - leap_years // 100 + leap_years // 400
    return 365 * (year - 1) + leap_days + 90 * quarter + quarter * (quarter - 1) // 2 + 1


def following(period: Period) -> Iterator[Period]:
    """Return the periods after one, each as long: whole months follow whole months, a quarter a quarter.

    Examples
    --------
    >>> from itertools import islice
    >>> [str(after) for after in islice(following(read_period("2026Q4")), 2)]
    ['1 Jan 2027 to 31 Mar 2027', '1 Apr 2027 to 30 Jun 2027']
    >>> str(next(following(read_period(("2026-01-05", "2026-01-11")))))
    '12 Jan 2026 to 18 Jan 2026'
    """
    months = (period.last.year - period.first.year) * 12 + period.last.month - period.first.month + 1
    whole_months = period.first.day == 1 and (period.last + _ONE_DAY).day == 1
    while True:
        first = period.last + _ONE_DAY
        after = _months_after(first, months) if whole_months else first + (period.last - period.first) + _ONE_DAY
        period = Period(first, after - _ONE_DAY)
        yield period


def _months_after(first: datetime.date, months: int) -> datetime.date:
    month = first.month - 1 + months
    return datetime.date(first.year + month // 12, month % 12 + 1, 1)


def quarter_number(day: datetime.date) -> int:
    """Return the number of a day's quarter, one more for each quarter that follows."""
    return day.year * 4 + (day.month - 1) // 3


def quarter_of(place: int) -> Period:
    """Return the days of the quarter with this number.

    Examples
    --------
    >>> str(quarter_of(quarter_number(datetime.date(2026, 2, 14))))
    '1 Jan 2026 to 31 Mar 2026'
    """
    first = datetime.date(place // 4, 3 * (place % 4) + 1, 1)
    return Period(first, _months_after(first, 3) - _ONE_DAY)


def quarter_name(day: datetime.date) -> str:
    """Return the name of a day's quarter: ``2026Q1``."""
    return f"{day.year}Q{(day.month + 2) // 3}"


def period_name(period: Period) -> str:
    """Return the name of a whole quarter, and the days of any other period.

    Examples
    --------
    >>> period_name(read_period("2026Q1")), period_name(read_period("2026-01"))
    ('2026Q1', '1 Jan 2026 to 31 Jan 2026')
    """
    return quarter_name(period.first) if is_quarter(period) else str(period)


def is_quarter(period: Period) -> bool:
    """Return whether a period is a whole quarter."""
    return period == quarter_of(quarter_number(period.first))
