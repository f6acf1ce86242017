"""Columns of numbers: one decimal mark for a whole column, worked out from all of its values or asked about."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from salesmetrics.errors import SalesMetricsError
from salesmetrics.exports.question import Choice, Question
from salesmetrics.exports.sheet import Column, Flags, Numbers, is_empty
from salesmetrics.language import _, ngettext, number

Floats = npt.NDArray[np.float64]
Decimal = str | Mapping[str, str] | None

MARKS = (",", ".")
# From this many different numbers on, a quick way is tried first.
_MANY = 5_000
_SYMBOLS = {"€": "EUR", "$": "USD", "£": "GBP", "US$": "USD", "EURO": "EUR", "EUROS": "EUR", "DOLLAR": "USD"}
_CURRENCY = r"€|\$|£|US\$|[A-Za-z]{3,6}"
_AMOUNT = re.compile(
    rf"""(?P<sign>[-−+(])?\s*(?:(?P<before>{_CURRENCY})\.?)?\s*(?P<sign2>[-−+])?\s*
    (?P<digits>(?:\d[\d.,'’\s]*|[.,]\d+))(?P<power>[eE][-+]?\d{{1,2}})?\s*(?P<after>{_CURRENCY})?\s*
    (?P<tail>[-−]|\))?""",
    re.VERBOSE,
)
_SHAPES = {
    mark: re.compile(
        rf"\d+(?:[{mark}]\d*)?|[{mark}]\d+|[1-9]\d{{0,2}}(?:(?P<group>[{other}'’\s])\d{{3}})(?:(?P=group)\d{{3}})*(?:[{mark}]\d*)?"
    )
    for mark, other in ((",", "."), (".", ","))
}


class NumberReading(NamedTuple):
    """What a column of numbers says, row by row.

    ``values`` holds the numbers (not a number where it is empty), ``unreadable`` the rows that are neither empty nor a
    number, ``currencies`` the currency written beside each number, ``mark`` the decimal mark (empty where nothing
    depended on it), and ``how`` says it in words.
    """

    values: Floats
    unreadable: Flags
    currencies: npt.NDArray[np.object_]
    mark: str
    how: str


class _Written(NamedTuple):
    """A number as it was written, its decimal mark still to be found."""

    cell: int
    text: str
    digits: str
    factor: float
    currency: str

    def read(self, mark: str) -> float | None:
        if not _SHAPES[mark].fullmatch(self.digits):
            return None
        return float(re.sub(rf"[^\d{mark}]", "", self.digits).replace(mark, ".")) * self.factor

    def where(self, column: Column, lines: Numbers) -> str:
        return _("“{text}” on line {line}").format(text=self.text, line=int(lines[column.row_of(self.cell)]))


def currency_code(text: str) -> str:
    """Write a currency as its code: € is EUR.

    Examples
    --------
    >>> currency_code("€"), currency_code("usd")
    ('EUR', 'USD')
    """
    upper = text.strip().upper()
    return _SYMBOLS.get(upper, upper)


def read_amounts(column: Column, lines: Numbers, *, field: str, decimal: Decimal) -> NumberReading:
    """Read a column of numbers, such as ``€ 1.234,56``, ``1,234.56`` or ``1234``.

    Parameters
    ----------
    column, lines
        The cells, and the line in the file of each row.
    field
        What the column holds: the name of the field.
    decimal
        ``","`` or ``"."`` where the user says which mark stands before the decimals, for all columns or, as a mapping,
        for some fields.

    Raises
    ------
    Question
        Both marks fit every value, and give other numbers: ``1.234``.
    SalesMetricsError
        Neither mark fits every value, the one given does not fit, or most values are no numbers at all.
    """
    given = _given(decimal, field)
    quick = _read_plain(column) if given is None and len(column.cells) > _MANY else None
    values, mark = quick or (np.full(len(column.cells), np.nan), "")
    unreadable = np.zeros(len(column.cells), dtype=bool)
    currencies = np.full(len(column.cells), "", dtype=object)
    if quick is None:
        written: list[_Written] = []
        used = column.used()
        for cell, text in enumerate(column.texts):
            if not used[cell] or is_empty(text):
                continue
            exact = column.cells[cell]
            if isinstance(exact, (int, float)) and not isinstance(exact, bool):
                values[cell] = exact
            elif (item := _read(cell, text)) is None:
                unreadable[cell] = True
            else:
                written.append(item)
                currencies[cell] = item.currency
        mark = _settle(written, given, column, lines, field, decimal)
        for item in written:
            values[item.cell] = item.read(mark or ".")
    values[np.isinf(values)] = np.nan
    _mostly_numbers(column, lines, values, unreadable)
    how = {",": _("decimal comma"), ".": _("decimal point"), "": _("numbers")}[mark]
    codes = column.codes
    return NumberReading(values[codes], unreadable[codes], currencies[codes], mark, how)


def _read(cell: int, text: str) -> _Written | None:
    match = _AMOUNT.fullmatch(text)
    if not match or not _one_sign(match) or not _known_currency(match):
        return None
    factor = (-1.0 if _negative(match) else 1.0) * float("1" + (match["power"] or "e0"))
    currency = currency_code(match["before"] or match["after"] or "")
    item = _Written(cell, text, match["digits"].strip(), factor, currency)
    return item if any(item.read(mark) is not None for mark in MARKS) else None


def _read_plain(column: Column) -> tuple[Floats, str] | None:
    """Read many numbers without thousands marks and currencies at once; nothing where a number is not so plain."""
    texts = column.texts
    joined = "\n".join(texts)
    there = np.flatnonzero(np.bincount(np.frombuffer(joined.encode("utf-8"), dtype=np.uint8), minlength=256))
    mark = "".join(chr(code) for code in there if chr(code) in MARKS)
    if len(mark) > 1 or any(chr(code) not in "0123456789-\n" + mark for code in there):
        return None
    # With three decimals the mark might be one of thousands: some number must show that it is not.
    if mark and not re.search(rf"[{mark}](?!\d{{3}}(?:\n|\Z))|\d{{4}}[{mark}]", joined):
        return None
    try:
        numbers = [float(text) if text else math.nan for text in joined.replace(mark or ",", ".").split("\n")]
    except ValueError:
        return None
    return np.array(numbers), mark


def _given(decimal: Decimal, field: str) -> str | None:
    given = decimal.get(field) if isinstance(decimal, Mapping) else decimal
    if given is not None and given not in MARKS:
        raise SalesMetricsError(
            _("decimal can't be “{found}”.").format(found=given),
            hint=_('Give the mark before the decimals: "," or ".".'),
        )
    return given


def _one_sign(match: re.Match[str]) -> bool:
    signs = [match["sign"], match["sign2"], match["tail"]]
    bracketed = match["sign"] == "("
    return bracketed == (match["tail"] == ")") and (bracketed or sum(bool(sign) for sign in signs) <= 1)


def _negative(match: re.Match[str]) -> bool:
    """Tell whether it is below zero; a dash after a decimal mark only stands for "no cents", as in ``€ 500,-``."""
    tail = match["tail"] in ("-", "−") and match["digits"].strip()[-1] not in ",."
    return tail or match["sign"] in ("-", "−", "(") or match["sign2"] in ("-", "−")


def _known_currency(match: re.Match[str]) -> bool:
    """Tell whether the letters beside a number are one currency, not two and not any word."""
    before, after = match["before"], match["after"]
    if before and after:
        return False
    word = (before or after or "").upper()
    return not word or word in _SYMBOLS or (len(word) == 3 and word.isalpha())


def _settle(
    written: Sequence[_Written],
    given: str | None,
    column: Column,
    lines: Numbers,
    field: str,
    decimal: Decimal,
) -> str:
    """Find the one decimal mark with which every value is a number; nothing where both give the same numbers."""
    witnesses: dict[str, _Written] = {}
    unclear: _Written | None = None
    for item in written:
        readings = {mark: value for mark in MARKS if (value := item.read(mark)) is not None}
        if len(readings) == 1:
            witnesses.setdefault(next(iter(readings)), item)
        elif unclear is None and len(set(readings.values())) > 1:
            unclear = item
    if len(witnesses) > 1:
        comma, point = witnesses[","], witnesses["."]
        raise SalesMetricsError(
            _("“{header}” holds two ways of writing numbers: {comma} has a decimal comma, {point} a point.").format(
                header=column.header, comma=comma.where(column, lines), point=point.where(column, lines)
            ),
            hint=_("Export again with one way of writing numbers. No number was guessed."),
        )
    if given and witnesses and given not in witnesses:
        raise SalesMetricsError(
            _("decimal={given} does not fit “{header}”: {value} is no such number.").format(
                given=repr(given), header=column.header, value=next(iter(witnesses.values())).where(column, lines)
            ),
            hint=_("Leave decimal out, or give the other mark for this column."),
        )
    if unclear and not given and not witnesses:
        raise _ask(unclear, column, lines, field, decimal)
    return next(iter(witnesses), given or "") if witnesses or unclear else ""


def _ask(item: _Written, column: Column, lines: Numbers, field: str, decimal: Decimal) -> Question:
    before: dict[str, str] = dict(decimal) if isinstance(decimal, Mapping) else {}
    readings = [(mark, value) for mark in MARKS if (value := item.read(mark)) is not None]
    shown = [number(value, 0 if value == round(value) else 3) for _mark, value in readings]
    return Question(
        _("The numbers in “{header}” can be read in two ways: {value} is {readings}.").format(
            header=column.header, value=item.where(column, lines), readings=_(" or ").join(shown)
        ),
        hint=_("Say which mark stands before the decimals: {options}.").format(
            options=_(" or ").join(f'decimal="{mark}"' for mark, _value in readings)
        ),
        option="decimal",
        choices=[
            Choice(text, {"decimal": {**before, field: mark}})
            for text, (mark, _value) in zip(shown, readings, strict=True)
        ],
    )


def _mostly_numbers(column: Column, lines: Numbers, values: Floats, unreadable: Flags) -> None:
    """Refuse a column that mostly holds something else: then it is the wrong column, not a wrong cell."""
    counts = column.counts()
    wrong = int(counts[unreadable].sum())
    if wrong > int(counts[~np.isnan(values)].sum()):
        index = int(np.argmax(unreadable & (counts > 0)))
        raise SalesMetricsError(
            ngettext(
                "“{header}” should hold numbers, but {count} cell is none, such as “{text}” on line {line}.",
                "“{header}” should hold numbers, but {count} cells are none, such as “{text}” on line {line}.",
                wrong,
            ).format(
                header=column.header,
                count=wrong,
                text=column.texts[index][:60],
                line=int(lines[column.row_of(index)]),
            ),
            hint=_("Name the right column with columns=, or write plain numbers such as 1234.56."),
        )
