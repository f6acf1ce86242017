"""Dutch and English: the kit's own strings, and numbers, money and dates as each language writes them.

English stands in the code and is the key; Dutch stands in ``nl.po``. The catalogue is read at the first Dutch string.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from decimal import localcontext
from difflib import get_close_matches
from functools import cache, lru_cache
from importlib.resources import files
from typing import TYPE_CHECKING

from salesmetrics.base.errors import SalesMetricsError

if TYPE_CHECKING:
    from babel.core import Locale
    from babel.messages import Catalog
    from babel.numbers import NumberPattern

LANGUAGES = ("en", "nl")
NBSP = "\u00a0"
_CENTS_BELOW = 10_000_00  # cents

# Day before month in both languages: Babel's plain "en" would write dates the American way.
_LOCALES = {"en": "en_GB", "nl": "nl_NL"}
_chosen = "en"
_currency = ContextVar("_currency", default="EUR")


def use_language(language: str) -> None:
    """Choose the language of everything the kit shows from now on: ``"en"`` (the default) or ``"nl"``.

    Raises
    ------
    SalesMetricsError
        The kit does not speak that language.

    Examples
    --------
    >>> use_language("nl")
    >>> percent(0.125)
    '12,5%'
    >>> use_language("en")
    """
    global _chosen
    if language not in LANGUAGES:
        raise SalesMetricsError(
            _("The kit does not speak {language}.").format(language=repr(language)),
            hint=_('Choose "en" (English) or "nl" (Dutch).'),
        )
    _chosen = language


def language() -> str:
    """Return which language is chosen: ``"en"`` or ``"nl"``."""
    return _chosen


@contextmanager
def speaking(language: str) -> Iterator[None]:
    """Choose a language for a while: a page may hold both, whichever its reader has chosen.

    Examples
    --------
    >>> with speaking("nl"):
    ...     percent(0.125)
    '12,5%'
    >>> percent(0.125)
    '12.5%'
    """
    before = _chosen
    use_language(language)
    try:
        yield
    finally:
        use_language(before)


@cache
def _catalogue() -> Catalog:
    from babel.messages.pofile import read_po

    with files("salesmetrics.base").joinpath("nl.po").open("rb") as file:
        return read_po(file, locale="nl")


def _(message: str) -> str:
    """Return ``message`` in the chosen language; names between braces are filled in by the caller's ``format``."""
    forms = _forms(message)
    return forms[0] if forms else message


def N_(message: str) -> str:  # noqa: N802 - gettext's own name for "translate this later"
    """Mark a message that is translated where it is shown, by ``_``."""
    return message


def ngettext(singular: str, plural: str, number: float) -> str:
    """Return the form of a message that fits ``number``."""
    forms = _forms(singular)
    single, several = forms if len(forms) > 1 else (singular, plural)
    return single if number == 1 else several


def _forms(message: str) -> tuple[str, ...]:
    """Return a message in Dutch, its singular first where it has two forms; nothing where it stands as it is."""
    entry = _catalogue().get(message) if _chosen != "en" else None
    found = (entry and entry.string) or ()
    return (found,) if isinstance(found, str) else tuple(form for form in found if form)


def number(value: float, decimals: int = 0) -> str:
    """Write a number, rounded to ``decimals`` places.

    Examples
    --------
    >>> number(2500000)
    '2,500,000'
    >>> number(6.5, 1)
    '6.5'
    """
    return _number(value, decimals, _chosen)


@lru_cache(maxsize=2048)
def _number(value: float, decimals: int, language: str) -> str:
    """Write a number once: at a slider's step most of some thirty are what they were."""
    pattern, locale = _pattern(decimals, language)
    # As many digits as the largest number there is; with Python's own 28 a larger one is an error.
    with localcontext(prec=330):
        return str(pattern.apply(round(value, decimals) + 0.0, locale))


@cache
def _pattern(decimals: int, language: str) -> tuple[NumberPattern, Locale]:
    """Read once how numbers are written."""
    from babel.core import Locale
    from babel.numbers import parse_pattern

    return parse_pattern("#,##0" + ("." + "0" * decimals if decimals else "")), Locale.parse(_LOCALES[language])


@contextmanager
def amounts_in(currency: str | None) -> Iterator[None]:
    """Write amounts that name no currency in this one for a while: a picture's, whose model is of another's deals.

    Without one they stay in what they are written in.

    Examples
    --------
    >>> with amounts_in("USD"):
    ...     money(500).replace(NBSP, " ")
    'US$ 500'
    """
    before = _currency.set(_currency.get() if currency is None else currency)
    try:
        yield
    finally:
        _currency.reset(before)


def money(value: float, currency: str | None = None) -> str:
    """Write an amount in whole units with a space that does not break; a small one that has cents, with its cents.

    From ten thousand on no result rests on them: they would only make the amount harder to read.

    Parameters
    ----------
    value
        The amount.
    currency
        The code of its currency, written with the sign that the chosen language has for it; empty where nobody knows
        it: then the number stands alone. By default the euro, or what :func:`amounts_in` says.

    Examples
    --------
    >>> money(1234.5).replace(NBSP, " "), money(500_000, "USD").replace(NBSP, " "), money(3_395_348.84, "")
    ('€ 1,234.50', 'US$ 500,000', '3,395,349')
    """
    cents = round(value * 100)
    text = number(abs(cents) / 100, 2 if cents % 100 and abs(cents) < _CENTS_BELOW else 0)
    code = _currency.get() if currency is None else currency
    return f"{'-' if cents < 0 else ''}{_sign(code, _chosen)}{text}"


def aside(amount: float, currency: str | None = None) -> str:
    """Put an amount between commas, to stand behind a number of deals; nothing where no amount was filled in.

    Examples
    --------
    >>> f"2 deals{aside(1500, 'EUR')} are late.".replace(NBSP, " "), f"2 deals{aside(0)} are late."
    ('2 deals, € 1,500, are late.', '2 deals are late.')
    """
    return f", {money(amount, currency)}," if amount else ""


@cache
def _sign(currency: str, language: str) -> str:
    if currency == "EUR" or not currency:
        return f"€{NBSP}" if currency else ""
    from babel.numbers import get_currency_symbol

    return str(get_currency_symbol(currency, _LOCALES[language])) + NBSP


def percent(fraction: float, decimals: int = 1) -> str:
    """Write a fraction as a percentage.

    Examples
    --------
    >>> percent(0.1)
    '10.0%'
    """
    return number(fraction * 100, decimals) + "%"


def chance_text(chance: float) -> str:
    """Write a chance in whole percents; near its ends say on which side it lies, as “0%” would say impossible.

    What is impossible is 0%: no deals that are there can bring it. More digits than the rate behind it has would say
    more than anybody knows.

    Examples
    --------
    >>> chance_text(0.384), chance_text(0), chance_text(0.007), chance_text(0.99999)
    ('38%', '0%', 'less than 1%', 'more than 99%')
    """
    if 0 < chance < 0.01:
        return _("less than {percentage}").format(percentage=percent(0.01, 0))
    if chance > 0.99:
        return _("more than {percentage}").format(percentage=percent(0.99, 0))
    return percent(chance, 0)


def times(ratio: float, decimals: int = 1) -> str:
    """Write a ratio as a number of times; one that does not reach 1 is not rounded to it, but has two decimals.

    Examples
    --------
    >>> times(5), times(0.96), times(0.999)
    ('5.0×', '0.96×', '0.99×')
    """
    # A sum of parts may end a hair below the 1 that it is.
    if ratio < 1 - 1e-9 and round(ratio, decimals) >= 1:
        ratio, decimals = min(ratio, 0.994), 2
    return number(ratio, decimals) + "×"


def date(day: datetime.date) -> str:
    """Write a date: the month as a word in English, as Dutch business writes it in Dutch.

    Examples
    --------
    >>> date(datetime.date(2026, 3, 31))
    '31 Mar 2026'
    """
    from babel.dates import format_date

    return str(format_date(day, "dd-MM-y" if _chosen == "nl" else "d MMM y", locale=_LOCALES[_chosen]))


def month(day: datetime.date) -> str:
    """Write the month of a date.

    Examples
    --------
    >>> month(datetime.date(2026, 4, 1))
    'April 2026'
    """
    from babel.dates import format_date

    return str(format_date(day, "MMMM y", locale=_LOCALES[_chosen]))


def did_you_mean(found: object, choices: Iterable[str]) -> str:
    """Name the choice nearest to what was found, or list them all: the hint of many an error.

    Examples
    --------
    >>> did_you_mean("amuont", ["amount", "stage"])
    'Did you mean “amount”?'
    """
    names = list(choices)
    nearest = get_close_matches(str(found).casefold(), [name.casefold() for name in names], n=1)
    for name in names:
        if nearest and name.casefold() == nearest[0]:
            return _("Did you mean “{name}”?").format(name=name)
    return _("There are: {names}.").format(names=", ".join(f"“{name}”" for name in names)) if names else ""
