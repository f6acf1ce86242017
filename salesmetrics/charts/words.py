"""What the pictures share in words: amounts, shares, chances, assumptions, and the figures to compare states by."""

from __future__ import annotations

import datetime
import math
import re
from collections.abc import Callable, Mapping
from functools import partial
from typing import NamedTuple

from salesmetrics.base.language import N_, _, chance_text, money, month, ngettext, number, percent, times
from salesmetrics.base.show import short
from salesmetrics.charts.moving_picture import writable


def say(*sentences: str | float | None, **values: str) -> str:
    """Join the sentences that there are, and fill in their values.

    Examples
    --------
    >>> say("It is {rate}.", 0 and "Never.", "That is all.", rate="10%")
    'It is 10%. That is all.'
    """
    return " ".join(sentence for sentence in sentences if isinstance(sentence, str)).format(**values)


def share_text(share: float) -> str:
    """Write which part of the target is expected, in whole percentages; what falls short of all is never all.

    Examples
    --------
    >>> share_text(0.5), share_text(0.004), share_text(0.998), share_text(0.99999), share_text(1.2)
    ('50%', '0.4%', '99.8%', '99.9%', '120%')
    """
    if 0.995 <= share < 1 - 1e-9:
        return percent(math.floor(share * 1000) / 1000)
    return percent(share, 0 if share == 0 or share >= 0.1 else 1)


def expectation(expected: float, share: float) -> tuple[str, str]:
    """Write the expected revenue as a heading and, to stand under it, which part of the target that is.

    Examples
    --------
    >>> [words.replace("\u00a0", " ") for words in expectation(250_000, 0.5)]
    ['expected: € 250,000', '50% of the target']
    """
    return (
        _("expected: {expected}").format(expected=whole(expected)),
        _("{share} of the target").format(share=share_text(share)),
    )


def group_name(name: str) -> str:
    """Write the name of a group in the chosen language; a month as people say it.

    Examples
    --------
    >>> group_name("2025-10"), group_name("referral")
    ('October 2025', 'referral')
    """
    if re.fullmatch(r"\d{4}-(0[1-9]|1[0-2])", name):
        return month(datetime.date.fromisoformat(f"{name}-01"))
    return _(name)


def short_name(name: str) -> str:
    """Write a name of a stage or a group in as many letters as fit beside its figures.

    Examples
    --------
    >>> short_name("Lead"), short_name("Waiting for the purchasing department")
    ('Lead', 'Waiting for the purchasing …')
    """
    return short(writable(group_name(name)), 28)


def steady_times(ratio: float) -> str:
    """Write a number of times with one decimal, with two where one would round it.

    Examples
    --------
    >>> steady_times(5), steady_times(4.75), steady_times(2.0000000001)
    ('5.0×', '4.75×', '2.0×')
    """
    return times(ratio, 1 if math.isclose(round(ratio, 1), ratio, abs_tol=1e-9) else 2)


def whole(amount: float) -> str:
    """Write an amount in whole euros: an average's cents say nothing."""
    return money(round(amount))


def about(amount: float) -> str:
    """Write an expected amount in whole thousands: it is an average, and its last digits say nothing.

    Examples
    --------
    >>> about(211_361.66).replace("\u00a0", " ")
    '€ 211,000'
    """
    return money(round(amount / 1000) * 1000)


def assumptions(levers: Mapping[str, float], *more: str | float, bought: float = 0) -> str:
    """Describe on what the figures rest, in one sentence.

    Parameters
    ----------
    levers
        Where they stand: what slips to the next quarter, and how many deals are new in this one.
    more
        What this model assumes besides: each a clause, or what is no text where it does not apply.
    bought
        How many leads were bought: they are new and may be decided within the quarter, so what is new is the others.
    """
    slip, new_deals = levers["slip"], round(levers["new_deals"])
    clauses = [
        _("deals are independent"),
        _("{slip} slips to the next quarter").format(slip=percent(slip, 0)) if slip else _("none slips"),
        ngettext(
            "{count} new deal comes and closes within the quarter",
            "{count} new deals come and close within the quarter",
            new_deals,
        ).format(count=number(new_deals))
        if new_deals
        else _("apart from what is bought, none is new and closed within the quarter")
        if bought
        else _("none is new and closed within the quarter"),
        *(clause for clause in more if isinstance(clause, str)),
    ]
    return _("Assumptions: {clauses}.").format(clauses="; ".join(clauses))


def also_assumed(*clauses: str | float) -> str | None:
    """Describe what a model assumes besides, in a sentence of its own; nothing where no clause applies.

    Examples
    --------
    >>> also_assumed("a lead costs € 300", False)
    'Assumed as well: a lead costs € 300.'
    """
    said = [clause for clause in clauses if isinstance(clause, str)]
    return _("Assumed as well: {clauses}.").format(clauses="; ".join(said)) if said else None


def _points(difference: float, decimals: int = 1) -> str:
    return _("{points} points").format(points=number(difference * 100, decimals))


class Figure(NamedTuple):
    """A figure of an outcome in which two states of a picture's sliders can be compared; each picture lists its own.

    Its field, how the screen calls it, and how it and a difference of it are written.
    """

    field: str
    label: str
    write: Callable[[float], str]
    write_difference: Callable[[float], str] = _points


COVERAGE_FIGURE = Figure("coverage", N_("Coverage"), partial(times, decimals=2), partial(times, decimals=2))
CONVERSION_FIGURE = Figure("conversion", N_("Conversion"), percent)
EXPECTED_FIGURE = Figure("expected_revenue", N_("Expected revenue"), whole, whole)
# What is expected of the target moves where the chance is near 0 and seems dead.
SHARE_FIGURE = Figure("expected_share", N_("Expected, part of the target"), share_text)
CHANCE_FIGURE = Figure("chance_of_target", N_("Chance of the target"), chance_text, partial(_points, decimals=0))
QUARTER_FIGURES = (COVERAGE_FIGURE, CONVERSION_FIGURE, EXPECTED_FIGURE, SHARE_FIGURE, CHANCE_FIGURE)
