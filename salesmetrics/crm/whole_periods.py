"""A month, a quarter or a week where a day is looked for, as lists that people keep by hand have them."""

from __future__ import annotations

import datetime
import re
from collections.abc import Collection, Iterable

import pandas as pd

from salesmetrics.crm.cell_values import MONTHS, DateParts, century, day_of, read_day, without_times

# Two digits are a year only behind a dash or an apostrophe.
_MONTH = re.compile(r"([^\W\d_]{3,10})(?:\.?[\s/-]+(\d{4})|\.?(?:-|\s*['’])(\d\d))")
SHORT_YEAR = re.compile(r"[^\W\d_]{3,10}\.?-\d\d")
_FEW_YEARS, _NEAR = 5, 3
_MONTH_IN_DIGITS = re.compile(r"(?P<year>\d{4})[-/.](?P<month>\d{1,2})|(?P<first>\d{1,2})[-/.](?P<last>\d{4})")
_QUARTER = re.compile(
    r"(?P<year>\d{4})[-\s/]*[QK](?P<part>[1-4])"
    r"|(?:[QK](?P<first>[1-4])|(?P<nth>[1-4])\s?(?:e|st|nd|rd|th)\s(?:kwartaal|quarter))"
    r"(?:[-\s/]*(?P<last>\d{4})|[-'’](?P<short>\d\d))",
    re.IGNORECASE,
)
_WEEK = re.compile(
    r"(?P<year>\d{4})[-\s]?W(?P<week>\d\d?)|(?:week|wk)\.?\s*(?P<first>\d\d?)[-,\s/]+(?P<last>\d{4})", re.IGNORECASE
)


def read_period(text: str) -> tuple[datetime.date, datetime.date] | None:
    """Read a month, a quarter or a week as its first and its last day.

    Examples
    --------
    >>> [str(read_period(text)[1]) for text in ("juni 2026", "Feb-28", "2026-06", "Q2 2026", "2026-W14")]
    ['2026-06-30', '2028-02-29', '2026-06-30', '2026-06-30', '2026-04-05']
    >>> [str(read_period(text)[0]) for text in ("juni 2026", "Q2 2026", "2026-W14")]
    ['2026-06-01', '2026-04-01', '2026-03-30']
    >>> read_period("Jun 26"), read_period("june")
    (None, None)
    """
    if match := _WEEK.fullmatch(text):
        try:
            a_year, week = int(match["year"] or match["last"]), int(match["week"] or match["first"])
            return datetime.date.fromisocalendar(a_year, week, 1), datetime.date.fromisocalendar(a_year, week, 7)
        except ValueError:
            return None
    month, months = 0, 1
    if match := _MONTH.fullmatch(text):
        year, month = match[2] or match[3], MONTHS.get(match[1].lower(), 0)
    elif match := _MONTH_IN_DIGITS.fullmatch(text):
        year, month = match["year"] or match["last"], int(match["month"] or match["first"])
    elif match := _QUARTER.fullmatch(text):
        year = match["year"] or match["last"] or match["short"]
        month, months = 3 * int(match["part"] or match["first"] or match["nth"]), 3
    late = day_of(century(int(year)), month, 28) if month else None
    if late is None:
        return None
    next_month = late + datetime.timedelta(days=4)
    return late.replace(month=month - months + 1, day=1), next_month - datetime.timedelta(days=next_month.day)


def may_be_days(years: Collection[int], others: Collection[int]) -> bool:
    """Return whether years of two digits behind a month may well be days: "Jun-30" is the 30th of June, too.

    Years lie near each other and near those of other days; days of a month do not.

    Examples
    --------
    >>> may_be_days({2025, 2026}, {2025}), may_be_days({2012, 2030}, set()), may_be_days({2030, 2031}, {2025, 2026})
    (False, True, True)
    """
    apart = max(years) - min(years) > _FEW_YEARS
    return apart or bool(others and (max(years) > max(others) + _NEAR or min(years) < min(others) - _NEAR))


def years_in(columns: Iterable[pd.Series[str]]) -> set[int]:
    """Return the years of the days and months in some columns."""
    cells = (text for texts in columns for text in without_times(texts))
    read = (read_day(text) or (read_period(text) or (None,))[-1] for text in cells)
    return {century(day.numbers[2]) if isinstance(day, DateParts) else day.year for day in read if day}
