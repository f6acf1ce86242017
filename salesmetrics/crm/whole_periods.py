"""A month, a quarter or a week where a day is looked for, as lists that people keep by hand have them."""

from __future__ import annotations

import datetime
import re

from salesmetrics.crm.cell_values import MONTHS, century, day_of

# Two digits are a year only behind a dash or an apostrophe.
_MONTH = re.compile(r"([^\W\d_]{3,10})(?:\.?[\s/-]+(\d{4})|\.?(?:-|\s*['’])(\d\d))")
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


def read_last_day(text: str) -> datetime.date | None:
    """Read a month, a quarter or a week as its last day.

    Examples
    --------
    >>> [str(read_last_day(text)) for text in ("juni 2026", "Feb-28", "2026-06", "Q2 2026", "2026-W14")]
    ['2026-06-30', '2028-02-29', '2026-06-30', '2026-06-30', '2026-04-05']
    >>> read_last_day("Jun 26"), read_last_day("june")
    (None, None)
    """
    if match := _WEEK.fullmatch(text):
        try:
            return datetime.date.fromisocalendar(
                int(match["year"] or match["last"]), int(match["week"] or match["first"]), 7
            )
        except ValueError:
            return None
    month = 0
    if match := _MONTH.fullmatch(text):
        year, month = match[2] or match[3], MONTHS.get(match[1].lower(), 0)
    elif match := _MONTH_IN_DIGITS.fullmatch(text):
        year, month = match["year"] or match["last"], int(match["month"] or match["first"])
    elif match := _QUARTER.fullmatch(text):
        year = match["year"] or match["last"] or match["short"]
        month = 3 * int(match["part"] or match["first"] or match["nth"])
    first = day_of(century(int(year)), month, 28) if month else None
    next_month = first + datetime.timedelta(days=4) if first else None
    return next_month - datetime.timedelta(days=next_month.day) if next_month else None
