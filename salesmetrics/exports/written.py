"""One number as it is written, with its sign, its currency and marks that are still to be understood."""

from __future__ import annotations

import re
from functools import cache
from typing import NamedTuple

MARKS = (",", ".")
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


class Written(NamedTuple):
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


def currency_code(text: str) -> str:
    """Write a currency as its code: € is EUR.

    Examples
    --------
    >>> currency_code("€"), currency_code("usd")
    ('EUR', 'USD')
    """
    upper = text.strip().upper()
    return _SYMBOLS.get(upper, upper)


def read_written(text: str, cell: int = 0) -> Written | None:
    """Read a number as it is written; nothing if it is none under either decimal mark.

    Examples
    --------
    >>> read_written("€ 1.234,56").read(",")
    1234.56
    >>> read_written("(1,000)").read(","), read_written("(1,000)").read(".")
    (-1.0, -1000.0)
    >>> read_written("much")
    """
    match = _AMOUNT.fullmatch(text)
    if not match or not _one_sign(match) or not _known_currency(match):
        return None
    factor = (-1.0 if _negative(match) else 1.0) * float("1" + (match["power"] or "e0"))
    currency = currency_code(match["before"] or match["after"] or "")
    item = Written(cell, text, match["digits"].strip(), factor, currency)
    return item if any(item.read(mark) is not None for mark in MARKS) else None


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
    return not word or word in _SYMBOLS or word in _codes()


@cache
def _codes() -> frozenset[str]:
    from babel.numbers import list_currencies

    return frozenset(list_currencies())
