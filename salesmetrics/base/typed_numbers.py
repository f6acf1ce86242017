"""Numbers as people type them, in Dutch or English habit: ``3,5``, ``3.5``, ``€ 500.000``, ``150k``, ``25%``, ``2,5×``.

Read the same in both languages, because people mix them up; what could mean two things is asked about, never guessed.
"""

from __future__ import annotations

import math
import re
from typing import NamedTuple

from salesmetrics.base.errors import SalesMetricsError
from salesmetrics.base.language import _, number

_SHAPE = re.compile(
    r"""(?P<sign>[-−+]?)\s*(?P<currency>€|eur(?:o)?)?\s*(?P<sign2>[-−]?)\s*
    (?P<digits>\d[\d.,'’\s]*|[.,]\d+)\s*(?:(?P<scale>k|mln|mio|miljoen|million|m)\b)?\s*(?P<unit>%|×|x|keer|times|€|eur(?:o)?)?(?P<tail>,-|\.-)?""",
    re.VERBOSE | re.IGNORECASE,
)
_SCALES = {"k": 1_000, "": 1}  # the others are a million
_UNITS = {"%": "%"} | dict.fromkeys(("×", "x", "keer", "times"), "×")  # all others are euros
# Beyond this a number no longer holds its cents, and is nobody's amount either.
TOO_LARGE = 1e13
_GROUPED = re.compile(r"[1-9]\d{0,2}(?:[.,'’ ]\d{3})+")


class TypedNumber(NamedTuple):
    """A number somebody typed, and the unit typed with it.

    ``unit`` is ``"%"``, ``"×"``, ``"€"`` or ``""``. A percentage's value is the fraction: ``25%`` is 0.25.
    """

    value: float
    unit: str


def read_number(text: str, *, money: bool = False) -> TypedNumber:
    """Read a typed number with a decimal comma or a decimal point.

    Parameters
    ----------
    text
        What was typed.
    money
        The answer is an amount of money: money has no three decimals, so ``500.000`` is half a million. A ``€``
        says the same.

    Raises
    ------
    SalesMetricsError
        It is no number, too large a one, or it could be two: ``1.234`` is asked about.

    Examples
    --------
    >>> read_number("€ 1.234,56")
    TypedNumber(value=1234.56, unit='€')
    >>> read_number("12,5%").value
    0.125
    >>> read_number("500.000", money=True).value
    500000.0
    >>> read_number("150k").value, read_number("1,5 mln").value
    (150000.0, 1500000.0)
    """
    cleaned = re.sub(r"[\u00a0\u202f\s]+", " ", str(text)).strip()
    match = _SHAPE.fullmatch(cleaned)
    # Thousands of percents or of times are nobody's number.
    if not match or (match["sign"] and match["sign2"]) or (match["scale"] and _unit(match) in ("%", "×")):
        raise SalesMetricsError(
            _("“{text}” is not a number.").format(text=cleaned[:60]),
            hint=_("Type digits, for example 3.4, 3,4, 45% or € 12,000."),
        )
    unit = _unit(match)
    scale = _SCALES.get((match["scale"] or "").lower(), 1_000_000)
    # 1.500k is one and a half million to nobody; 1.5k and 1,500 are clear.
    value = scale * _value(match["digits"].strip(), cleaned, money=(money or unit == "€") and scale == 1)
    if (match["sign"] or match["sign2"]) in ("-", "−"):
        value = -value
    if abs(value) >= TOO_LARGE:
        raise SalesMetricsError(_("“{text}” is too large.").format(text=cleaned[:60]), hint=_("Type fewer digits."))
    return TypedNumber(value / 100 if unit == "%" else value, unit)


def read_amount(text: str) -> float:
    """Read a typed amount of money, such as a target; a percentage or a number of times is none.

    Raises
    ------
    SalesMetricsError
        It is no number, too large a one, or a ``%`` or ``×`` stands behind it.

    Examples
    --------
    >>> read_amount("500.000"), read_amount("€ 1,5 mln")
    (500000.0, 1500000.0)
    """
    value, unit = read_number(text, money=True)
    if unit not in ("", "€"):
        raise SalesMetricsError(
            _("The target must be an amount, not {found}.").format(found=text), hint=_("Type 500000.")
        )
    return value


def plain(value: object) -> float:
    """Return a number as a float; what is none, a text or a truth value among them, is nan.

    So that one comparison refuses whatever does not lie where it should.

    Examples
    --------
    >>> plain(3), plain("3"), plain(None)
    (3.0, nan, nan)
    """
    try:
        return math.nan if isinstance(value, bool | str | bytes) else float(value)  # type: ignore[arg-type]
    except (TypeError, ValueError, OverflowError):
        return math.nan


def is_empty(value: object) -> bool:
    """Return whether a value is missing, as whatever engine writes that: None, a NaN, a NaT or an NA.

    Examples
    --------
    >>> is_empty(float("nan")), is_empty(0.0)
    (True, False)
    """
    if value is None:
        return True
    try:
        return bool(value != value)
    except TypeError:  # an NA is neither equal to itself nor not
        return True
    except ArithmeticError:  # a signalling NaN: a mistake, and nothing that is left empty
        return False


def read_rate(value: object) -> float:
    """Check a conversion rate, a fraction from 0 to 1; anything else is refused.

    Examples
    --------
    >>> read_rate(0.25)
    0.25
    """
    rate = plain(value)
    if not 0 <= rate <= 1:
        raise SalesMetricsError(
            _("A conversion rate lies between 0 and 1, not {found}.").format(found=value), hint=_("25% is 0.25.")
        )
    return rate


def read_target(target: object) -> float:
    """Check a target: a finite amount of more than 0; anything else is refused.

    Examples
    --------
    >>> read_target(500_000)
    500000.0
    """
    value = plain(target)
    if not 0 < value < math.inf:
        raise SalesMetricsError(
            _("The target must be an amount of more than 0, not {found}.").format(found=repr(target)),
            hint=_("Give the revenue you want to win, for example target=500_000."),
        )
    return value


def _unit(match: re.Match[str]) -> str:
    unit = (match["unit"] or "").lower()
    is_money = match["currency"] or unit or match["tail"]
    return _UNITS.get(unit, "€" if is_money else "")


def _value(digits: str, typed: str, *, money: bool) -> float:
    """Decide which mark is the decimal one: the last of two different marks, or the only one unless it groups."""
    marks = [mark for mark in digits if not mark.isdigit()]
    plain = re.sub(r"[^\d.,]", "", digits)
    if len(set(marks)) > 1:
        whole, mark, decimals = digits.rpartition(marks[-1])
        if mark in ".," and _GROUPED.fullmatch(whole) and marks.count(mark) == 1:
            return float(re.sub(r"\D", "", whole) + "." + decimals)
        raise _unreadable(typed)
    if not marks:
        return float(plain)
    if _GROUPED.fullmatch(digits):
        if len(marks) > 1 or money or marks[0] not in ".,":
            return float(re.sub(r"\D", "", digits))
        grouped, decimal = (float(re.sub(r"\D", "", digits)), float(digits.replace(",", ".")))
        raise SalesMetricsError(
            _("“{text}” can mean two things: {grouped} or {decimal}.").format(
                text=typed[:60], grouped=number(grouped), decimal=number(decimal, 3)
            ),
            hint=_("Type it without a mark ({grouped}) or with fewer decimals ({decimal}).").format(
                grouped=f"{grouped:.0f}", decimal=number(decimal, 2)
            ),
        )
    if len(marks) == 1 and marks[0] in ".,":
        return float(plain.replace(",", "."))
    raise _unreadable(typed)


def _unreadable(typed: str) -> SalesMetricsError:
    return SalesMetricsError(
        _("“{text}” is not a number I can read.").format(text=typed[:60]),
        hint=_("Type it plainly, for example 1234.56 or 1234,56."),
    )
