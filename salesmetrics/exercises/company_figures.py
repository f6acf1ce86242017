"""The figures of the assessment's company in the texts and answers of its exercises, in both languages."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from salesmetrics.base.language import LANGUAGES, money, number, percent, speaking, times
from salesmetrics.models.assessment import LATER, Company


def filled(content: Any, company: Company) -> Any:
    """Fill in what stands in braces: as words in a text with both languages, as a number where it stands alone.

    Examples
    --------
    >>> from salesmetrics.models.assessment import company_of
    >>> company = company_of(1)
    >>> filled({"answer": "{coverage}", "title": {"en": "{coverage} here", "nl": "hier {coverage}"}}, company)
    {'answer': 1.4, 'title': {'en': '1.4× here', 'nl': 'hier 1,4×'}}
    """
    words = {}
    for each in LANGUAGES:
        with speaking(each):
            words[each] = _words(company)
    return _filled(content, words, numbers(company))


def _filled(content: Any, words: Mapping[str, Mapping[str, str]], values: Mapping[str, float]) -> Any:
    if isinstance(content, Mapping) and set(content) == set(words):
        return {each: text.format(**words[each]) for each, text in content.items()}
    if isinstance(content, Mapping):
        return {name: _filled(value, words, values) for name, value in content.items()}
    if isinstance(content, list):
        return [_filled(value, words, values) for value in content]
    alone = isinstance(content, str) and content.startswith("{") and content.endswith("}")
    return values[content[1:-1]] if alone else content


def numbers(company: Company) -> dict[str, float]:
    """Return the answers, right and wrong, that are numbers."""
    later, open_deals = LATER * company.size, 1 + company.usual + LATER
    every = company.closed_deals + open_deals
    return {
        "coverage": company.coverage,
        "coverage_of_all": company.open / company.target,
        "coverage_with_later": (company.open + later) / company.remaining,
        "coverage_with_won": (company.open + company.won) / company.target,
        "upside_down": company.remaining / company.open,
        "rate": company.rate,
        "open_as_lost": company.won_deals / every,
        "open_as_won": (company.won_deals + open_deals) / every,
        "expected": 1000 * company.expected,
        "expected_open": 1000 * company.open * company.rate,
        "all_won": 1000.0 * (company.won + company.open),
        "expected_with_later": 1000 * (company.won + (company.open + later) * company.rate),
    }


def _words(company: Company) -> dict[str, str]:
    (low, high), (before_won, before_closed) = company.margin, company.before
    small = company.usual * company.size
    counts = {
        **_as_it_is(company, "usual", "won_deals", "closed_deals"),
        "now_deals": company.won // company.size,
        "due_deals": 1 + company.usual,
        "later_deals": LATER,
        "open_deals": 1 + company.usual + LATER,
        "lost_deals": company.closed_deals - company.won_deals,
        "before_won": before_won,
        "before_closed": before_closed,
        "chance_tenths": 10 * company.chance,
        "discounted_tenths": 10 * company.chance_discounted,
    }
    amounts = {
        **_as_it_is(company, "target", "won", "remaining", "open", "large", "size", "expected", "discounted"),
        "small": small,
        "later": LATER * company.size,
        "after_large": company.remaining - company.large,
        "expected_open": company.open * company.rate,
        "discount": company.large - company.discounted,
        "after_discounted": company.remaining - company.discounted,
        "expected_small": small * company.rate,
        "expected_discounted": company.won + company.discounted + small * company.rate,
    }
    shares = {
        **_as_it_is(company, "rate", "chance", "chance_with_large", "by_chance"),
        "low": low,
        "high": high,
    }
    return {
        **{name: number(count) for name, count in counts.items()},
        **{name: money(round(1000 * amount), "EUR") for name, amount in amounts.items()},
        **{name: percent(share, 0) for name, share in shares.items()},
        "coverage": _short(times, company.coverage),
        "product": _short(number, company.coverage * company.rate),
    }


def _as_it_is(company: Company, *names: str) -> dict[str, Any]:
    return {name: getattr(company, name) for name in names}


def _short(write: Callable[[float, int], str], value: float) -> str:
    return write(value, 2 if round(10 * value, 6) % 1 else 1)
