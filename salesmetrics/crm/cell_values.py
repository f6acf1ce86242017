"""One date or one number as it is written, as far as it says by itself what it means.

A date may still be three numbers whose order is to be found, a number digits whose decimal mark is: that is for the
whole column to tell.
"""

from __future__ import annotations

import datetime
import re
from functools import cache
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from salesmetrics.base.language import N_
from salesmetrics.crm.systems import HEADER_PERIODS, PARTS, SYMBOLS

ORDERS = ("day", "month", "year")
ORDER_NAMES = {"day": N_("day first"), "month": N_("month first"), "year": N_("year first")}
# Further away, a date only stands for "empty": 1900-01-01, 9999-12-31.
FIRST_YEAR, LAST_YEAR = 1950, 2100
# The day from which Excel counts: its calendar has a 29 February 1900 that never was.
EXCEL_START = datetime.date(1899, 12, 30)
_EPOCH_START = datetime.datetime(1970, 1, 1)
_LETTERS = "^[A-Za-z]"
_CLOCK = "[0-9](?:[:uUhH]|.*[uU][uU][rR])"

_WEEKDAYS = rf"^(?:{PARTS['weekdays'].strip()})[.,\s]+"
# Digits of a stamp that counts seconds, or thousandths, millionths, milliardths of one, since 1970.
_EPOCH = {10: 1, 13: 10**3, 16: 10**6, 19: 10**9}
MONTHS = {name: month for month, names in enumerate(PARTS["months"].split("|"), 1) for name in names.split()}
# A time behind a date, as Arrow reads expressions: it has no name for the spaces outside ASCII.
_SPACE = " \u00a0\u202f"
_TIME = (
    rf"(?i)([^,{_SPACE}])[,{_SPACE}]*[T{_SPACE}](?:(?:om|at|um|à)[{_SPACE}]+)?[0-9]{{1,2}}(?:[:uh][0-9]{{2}}|[uh]|(?:[.][0-9]{{2}})?[{_SPACE}]*uur)(?:[:.][0-9]{{2}}(?:[.,][0-9]+)?)?"
    rf"[{_SPACE}]*(?:[ap]\.?m\.?|uur|uhr|h)?[{_SPACE}]*(?:Z|CES?T|(?:UTC|GMT)?(?:[+-][0-9]{{2}}(?::?[0-9]{{2}})?)?)"
    rf"(?:[{_SPACE}]*(?:\([^()]*\)|\[[^\[\]]*\]|[A-Z][A-Za-z]+/[A-Za-z_]+))?$"
)
_ISO = re.compile(r"(\d{4})([-/. ])(\d{1,2})\2(\d{1,2})")
_COMPACT = re.compile(r"(\d{4})(\d\d)(\d\d)")
_NUMERIC = re.compile(r"(\d{1,2})([-/. ])(\d{1,2})\2(\d{4}|\d\d)")
_ORDINAL = "(?:st|nd|rd|th|e|de|ste)?"
_DAY_NAMED = re.compile(rf"(\d{{1,2}}){_ORDINAL}[-\s./]+([^\W\d_]{{3,10}})\.?[-\s./,]+'?(\d{{4}}|\d\d)", re.IGNORECASE)
_NAMED_DAY = re.compile(rf"([^\W\d_]{{3,10}})\.?\s+(\d{{1,2}}){_ORDINAL},?\s+(\d{{4}})", re.IGNORECASE)
_YEAR_NAMED = re.compile(r"(\d{4})[-\s./]+([^\W\d_]{3,10})\.?[-\s./]+(\d{1,2})", re.IGNORECASE)
_SERIAL = re.compile(r"(\d{5})(?:[.,]\d+)?")

MARKS = (",", ".")
# The first few mostly tell.
_FEW = 1_000
_SIGNS = "|".join(re.escape(sign) for sign in sorted(SYMBOLS, key=len, reverse=True) if " " not in sign)
_CURRENCY = rf"(?i:{_SIGNS})|[A-Za-z]{{3,6}}"
_AMOUNT = re.compile(
    rf"""(?P<sign>[-−+(])?\s*(?:(?P<before>{_CURRENCY})\.?)?\s*(?P<sign2>[-−+])?\s*
    (?P<digits>(?:\d[\d.,'’\s]*|[.,]\d+))(?P<power>[eE][-+]?\d{{1,2}})?
    (?:\s*(?P<scale>[kKM]|mln\.?|mio\.?)(?![A-Za-z]))?\s*(?P<after>{_CURRENCY})?\s*(?P<tail>[-−]{{1,2}}|=|\))?""",
    re.VERBOSE,
)
_TAX = re.compile(
    r"[\s,(]*\b(?:excl(?:\.|usief|uding|usive)?|ex\.?)\s*(?:of\s+)?(?:\d\d?\s*%\s*)?(?:btw|vat|tax|tva)\b\.?\)?\s*$",
    re.IGNORECASE,
)
# In Excel's format for accounts a zero is a dash.
_ZERO = re.compile(rf"({_CURRENCY})?\s*[-−–]\s*({_CURRENCY})?")
_SHAPES = {
    mark: re.compile(
        rf"(?:\d+|[1-9]\d{{0,2}}(?:(?P<group>[{other}'’\s])\d{{3}})(?:(?P=group)\d{{3}})*{lakh})(?:[{mark}]\d*)?|[{mark}]\d+"
    )
    # In India digits stand in pairs before the last three: 1,00,000.
    for mark, other, lakh in ((",", ".", ""), (".", ",", r"|[1-9]\d?(?:,\d\d)+,\d{3}"))
}


class DateParts(NamedTuple):
    """Three numbers that are a date in an order still to be found; ``shape`` is the way of writing they share."""

    cell: int
    text: str
    shape: str
    numbers: tuple[int, int, int]

    def read(self, order: str) -> datetime.date | None:
        """Read them in an order; nothing if there is no such day."""
        first, second, third = self.numbers
        if order == "day":
            return day_of(century(third), second, first)
        if order == "month":
            return day_of(century(third), first, second)
        return day_of(century(first), second, third) if self.shape.endswith("y2") else None

    def readings(self) -> dict[str, datetime.date]:
        """Return the day under each order that makes one."""
        return {order: day for order in ORDERS if (day := self.read(order))}


def read_day(text: str, cell: int = 0) -> datetime.date | DateParts | None:
    """Read one date without its time.

    Examples
    --------
    >>> read_day("1 mrt 2026")
    datetime.date(2026, 3, 1)
    >>> read_day("03-04-2026").read("day")
    datetime.date(2026, 4, 3)
    >>> read_day("soon")
    """
    if match := _ISO.fullmatch(text):
        return day_of(int(match[1]), int(match[3]), int(match[4]))
    if match := _COMPACT.fullmatch(text):
        return day_of(int(match[1]), int(match[2]), int(match[3]))
    if match := _NUMERIC.fullmatch(text):
        first, mark, second, year = match.groups()
        return DateParts(cell, text, f"{mark}y{len(year)}", (int(first), int(second), int(year)))
    for pattern, year, month, day in ((_DAY_NAMED, 3, 2, 1), (_NAMED_DAY, 3, 1, 2), (_YEAR_NAMED, 1, 2, 3)):
        if match := pattern.fullmatch(text):
            return day_of(century(int(match[year])), MONTHS.get(match[month].lower(), 0), int(match[day]))
    return None


def read_serial(text: str, start: datetime.date) -> datetime.date | None:
    """Read the number by which a spreadsheet counts days.

    Examples
    --------
    >>> read_serial("46000", EXCEL_START)
    datetime.date(2025, 12, 9)
    """
    match = _SERIAL.fullmatch(text)
    day = start + datetime.timedelta(days=int(match[1])) if match else None
    return day if day and FIRST_YEAR <= day.year <= LAST_YEAR else None


def read_epoch(text: str) -> datetime.date | None:
    """Read a stamp that counts from 1970: seconds, or a thousandth, millionth or milliardth of one.

    Examples
    --------
    >>> read_epoch("1771372800"), read_epoch("1771372800000000000"), read_epoch("46000")
    (datetime.date(2026, 2, 18), datetime.date(2026, 2, 18), None)
    """
    digits = re.sub(r"[.,]\d+$", "", text)
    parts = _EPOCH.get(len(digits)) if digits.isascii() and digits.isdecimal() else None
    return (_EPOCH_START + datetime.timedelta(seconds=int(digits) // parts)).date() if parts else None


def without_times(texts: pd.Series[str]) -> pd.Series[str]:
    """Remove the times behind dates, and the weekdays before them; what is neither stays.

    Examples
    --------
    >>> texts = pd.Series(["2026-03-01T14:05:00Z", "wo 3/1/2026, 2:05 PM", "at 14:99:99:99", "T14:05"], dtype="str")
    >>> without_times(texts).tolist()
    ['2026-03-01', '3/1/2026', 'at 14:99:99:99', 'T14:05']
    """
    if texts.str.contains(_LETTERS).any():
        texts = texts.str.replace(_WEEKDAYS, "", case=False, regex=True)
    if not texts.str.contains(_CLOCK).any():
        return texts
    return pd.Series(pc.replace_substring_regex(pa.array(texts), _TIME, r"\1"), dtype="str")


def day_of(year: int, month: int, day: int) -> datetime.date | None:
    """Return the day, unless there is no such day or it is far away."""
    try:
        return datetime.date(year, month, day) if FIRST_YEAR <= year <= LAST_YEAR else None
    except ValueError:
        return None


def century(year: int) -> int:
    """Write out a year of two digits, as POSIX does: 69 to 99 are the last century."""
    return year if year > 99 else year + (1900 if year >= 69 else 2000)


class NumberText(NamedTuple):
    """A number as it was written, its decimal mark still to be found."""

    cell: int
    text: str
    digits: str
    factor: float
    currency: str

    def read(self, mark: str) -> float | None:
        """Read it with a decimal mark; nothing if it is no number then."""
        if not _SHAPES[mark].fullmatch(self.digits):
            return None
        return float(re.sub(rf"[^\d{mark}]", "", self.digits).replace(mark, ".")) * self.factor

    def readings(self) -> dict[str, float]:
        """Return the number under each decimal mark that makes one."""
        return {mark: value for mark in MARKS if (value := self.read(mark)) is not None}


def currency_code(text: str) -> str:
    """Write a currency as its code: € is EUR.

    Examples
    --------
    >>> currency_code("€"), currency_code("usd"), currency_code("US Dollar ($)")
    ('EUR', 'USD', 'USD')
    """
    upper = text.strip().upper()
    parts = [upper, *re.split(r"\s*[-–()]\s*", upper)]
    return next((str(SYMBOLS.get(part, part)) for part in parts if part in SYMBOLS or is_currency(part)), upper)


def read_number_text(text: str, cell: int = 0) -> NumberText | None:
    """Read a number as it is written; nothing if it is none under either decimal mark.

    Examples
    --------
    >>> read_number_text("€ 1.234,56").read(",")
    1234.56
    >>> read_number_text("(1,000)").read(","), read_number_text("(1,000)").read(".")
    (-1.0, -1000.0)
    >>> read_number_text("€ 12,5k").read(",")
    12500.0
    >>> read_number_text("€ -").read(","), read_number_text("€ 500 p/m").read(",")
    (0.0, 500.0)
    >>> read_number_text("€ 1.500 excl. btw").read(",")
    1500.0
    >>> read_number_text("much")
    """
    match = _AMOUNT.fullmatch(text) or _AMOUNT.fullmatch(_bare(text))
    if not match:
        return None
    sign, digits, tail, scale = match["sign"] or "", match["digits"].strip(), match["tail"] or "", match["scale"]
    signs = [part for part in (sign, match["sign2"], tail) if part]
    word = (match["before"] or match["after"] or "").upper()
    one_word = not (match["before"] and match["after"]) and (not word or is_currency(currency_code(word)))
    one_sign = (sign == "(") == (tail == ")") and (sign == "(" or len(signs) <= 1)
    if not one_word or not one_sign:
        return None
    # A dash after a decimal mark only stands for "no cents", as in "€ 500,-".
    minus = {"-", "−", "("}
    below = bool(minus & {sign, match["sign2"]}) or (tail[:1] in minus and digits[-1] not in ",.")
    factor = (-1.0 if below else 1.0) * float("1" + (match["power"] or "e0"))
    factor *= 1.0 if not scale else 1e3 if scale in "kK" else 1e6
    item = NumberText(cell, text, digits, factor, currency_code(word))
    return item if any(item.read(mark) is not None for mark in MARKS) else None


def _bare(text: str) -> str:
    """Write an amount without the period that it is for and the tax that is not in it, and a zero in digits."""
    text = _TAX.sub("", text)
    for pattern in HEADER_PERIODS.values():
        text = pattern.sub("", text)
    zero = _ZERO.fullmatch(text.strip())
    return f"{zero[1] or ''} 0 {zero[2] or ''}".strip() if zero else text.strip()


@cache
def is_currency(code: str) -> bool:
    """Return whether a code is that of a currency."""
    from babel.numbers import list_currencies

    return code in list_currencies() or code in SYMBOLS.values()


def plain_numbers(texts: pd.Series[str]) -> tuple[npt.NDArray[np.float64], str] | None:
    """Read texts that are all plain numbers, such as ``-12,5``: their values, and their decimal mark.

    An empty text is not a number. Nothing where a text is anything else, or where the mark might be one of thousands.

    Examples
    --------
    >>> plain_numbers(pd.Series(["12.5", "1.234", ""], dtype="str"))
    (array([12.5  ,  1.234,    nan]), '.')
    >>> plain_numbers(pd.Series(["1.234"], dtype="str"))
    """
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
