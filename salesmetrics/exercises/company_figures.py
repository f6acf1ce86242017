"""The figures of the assessment's company in the texts and answers of its exercises, in both languages."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from salesmetrics.base.language import LANGUAGES, language, money, number, percent, times, use_language
from salesmetrics.models.assessment import LATER, Company


def filled(content: Any, company: Company) -> Any:
    """Fill in what stands in braces: as words in a text with both languages, as a number where it stands alone.

    Examples
    --------
    >>> from salesmetrics.models.assessment import company_of
    >>> company = company_of(1)
    >>> filled({"answer": "{coverage}", "title": {"en": "{coverage} here", "nl": "hier {coverage}"}}, company)
    {'answer': 1.55, 'title': {'en': '1.55× here', 'nl': 'hier 1,55×'}}
    """
    words, values = _in_both(company), numbers(company)
    if isinstance(content, Mapping) and set(content) == set(LANGUAGES):
        return {one: text.format(**words[one]) for one, text in content.items()}
    if isinstance(content, Mapping):
        return {name: filled(value, company) for name, value in content.items()}
    if isinstance(content, list):
        return [filled(value, company) for value in content]
    alone = isinstance(content, str) and content.startswith("{") and content.endswith("}")
    return values[content[1:-1]] if alone else content


def numbers(company: Company) -> dict[str, float]:
    """Return the answers, right and wrong, that are numbers."""
    later, open_deals = LATER * company.size, 1 + company.usual + LATER
    return {
        "coverage": company.coverage,
        "coverage_of_all": company.open / company.target,
        "coverage_with_later": (company.open + later) / company.remaining,
        "upside_down": company.remaining / company.open,
        "rate": company.rate,
        "rate_of_all": company.won_deals / (company.closed_deals + open_deals),
        "won_by_lost": company.won_deals / (company.closed_deals - company.won_deals),
        "expected": 1000 * company.expected,
        "expected_open": 1000 * company.open * company.rate,
        "all_won": 1000.0 * (company.won + company.open),
        "expected_with_later": 1000 * (company.won + (company.open + later) * company.rate),
    }


def _in_both(company: Company) -> dict[str, dict[str, str]]:
    chosen, both = language(), {}
    try:
        for one in LANGUAGES:
            use_language(one)
            both[one] = _words(company)
    finally:
        use_language(chosen)
    return both


def _words(company: Company) -> dict[str, str]:
    lost = company.closed_deals - company.won_deals
    low, high = company.margin
    counts = {
        "now_deals": company.won // company.size,
        "usual": company.usual,
        "later_deals": LATER,
        "won_deals": company.won_deals,
        "lost_deals": lost,
        "closed_deals": company.closed_deals,
        "open_deals": 1 + company.usual + LATER,
        "needed": company.needed,
    }
    amounts = {
        "won": company.won,
        "large": company.large,
        "size": company.size,
        "small": company.usual * company.size,
        "later": LATER * company.size,
        "won_money": company.won_deals * company.size,
        "lost_money": lost * company.size,
        "target": company.target,
        "open": company.open,
        "remaining": company.remaining,
        "after_large": company.remaining - company.large,
        "expected": company.expected,
        "expected_open": company.open * company.rate,
    }
    shares = {
        "rate": company.rate,
        "low": low,
        "high": high,
        "share": company.expected / company.target,
        "chance": company.chance,
        "chance_with_large": company.chance_with_large,
    }
    return {
        **{name: number(count) for name, count in counts.items()},
        **{name: money(round(1000 * amount), "EUR") for name, amount in amounts.items()},
        **{name: percent(share, 0) for name, share in shares.items()},
        "coverage": times(company.coverage, 2 if round(company.coverage * 10, 6) % 1 else 1),
        "product": number(company.coverage * company.rate, 2),
        "product_high": number(company.coverage * high, 2),
    }
