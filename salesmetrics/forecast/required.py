"""How much pipeline a chance asks for, over plain arrays: coverage for today's deals, and for equal ones."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import ArrayLike

from salesmetrics.base.errors import SalesMetricsError
from salesmetrics.base.language import _, percent, times
from salesmetrics.base.typed_numbers import plain, read_rate
from salesmetrics.forecast.chance import cents_to_win, in_cents
from salesmetrics.forecast.chance import chance as chance_of
from salesmetrics.forecast.convolution import Floats, Integers
from salesmetrics.forecast.distribution import revenue_distribution
from salesmetrics.metrics.ratio import Ratio


def scale_for_chance(
    amounts: ArrayLike, probabilities: ArrayLike, target: float, chance: float, *, already_won: float = 0.0
) -> float:
    """Compute by what all amounts of today's deals must be multiplied to reach the target with the chance asked for.

    1 or less says that today's deals have the chance already; 2 says that every deal must be twice as large. More
    *deals* instead of larger ones also steady the outcome, and would need less.

    Parameters
    ----------
    amounts, probabilities, target, already_won
        As for :func:`salesmetrics.forecast.chance.chance`.
    chance
        Wanted, between 0 and 1.

    Returns
    -------
    The factor; 0 when the target is met.

    Raises
    ------
    SalesMetricsError
        As for :func:`salesmetrics.forecast.chance.chance`; or the chance is out of reach at any size, because with that
        chance or more not one deal is won.

    Notes
    -----
    Larger deals and a lower target are the same thing, so this asks for the highest revenue that is reached with the
    chance wanted: exact where the distribution is, otherwise by halving on the grid's chance.

    Examples
    --------
    >>> scale_for_chance([10_000] * 30, 1 / 3, 100_000, 0.8)
    1.25
    """
    if not 0 < plain(chance) < 1:
        raise SalesMetricsError(
            _("The chance wanted lies between 0 and 1; found {value}.").format(value=chance), hint=_("80% is 0.8.")
        )
    need = cents_to_win(target, already_won)
    cents, chances = in_cents(amounts, probabilities)
    if need <= 0:
        return 0.0
    quarter = revenue_distribution(amounts, probabilities)
    if quarter.method == "grid":
        within_reach = _highest_reached(cents, chances, chance)
    else:
        reached = np.cumsum(quarter.probabilities[::-1])[::-1]
        within_reach = float(quarter.values[max(np.flatnonzero(reached >= chance - 1e-12), default=0)])
    if within_reach <= 0:
        message = _("No size of deals gives a chance of {chance}: the chance that any is won is {most}.")
        raise SalesMetricsError(
            message.format(chance=percent(chance), most=percent(float(1 - np.prod(1 - chances[cents > 0])))),
            hint=_("More deals are needed, or better ones, not larger ones."),
        )
    return need / 100 / within_reach


def _highest_reached(cents: Integers, chances: Floats, wanted: float) -> float:
    """Halve the range of targets until the highest that is reached with the chance wanted is known to a few cents."""
    reached, missed = 0, int(cents.sum()) + 1
    while missed - reached > max(1, missed >> 24):
        middle = (reached + missed) // 2
        if chance_of(cents / 100, chances, middle / 100) >= wanted:
            reached = middle
        else:
            missed = middle
    return reached / 100


def required_coverage(rate: float | Ratio) -> float:
    """Return the coverage at which the expected revenue just is the target: 1 ÷ the conversion rate.

    3 goes with one win in three, 10 with one in ten. Break-even, no more: it makes the target about half the time.

    Parameters
    ----------
    rate
        A conversion rate, above 0 and at most 1, or the :class:`Ratio` of one.

    Raises
    ------
    SalesMetricsError
        It is no rate; or it is 0: then no coverage is enough, and a Ratio of counts says what is needed at least.

    Examples
    --------
    >>> required_coverage(0.25)
    4.0
    """
    value = read_rate(float(rate) if isinstance(rate, Ratio) else rate)
    if value == 0:
        least = ""
        if isinstance(rate, Ratio) and rate.counts == "deals":
            highest = rate.interval()[1]
            message = _(" What was seen fits rates up to {rate}: at least {coverage} is needed.")
            least = message.format(rate=percent(highest), coverage=times(1 / highest, 2))
        raise SalesMetricsError(
            _("With a conversion rate of 0 no coverage is enough.") + least,
            hint=_("Wait for the first wins, or look at why nothing was won."),
        )
    return 1 / value


def fewer_won(deals: int, rate: float, needed: int) -> float:
    """Return the chance that of so many equal deals fewer than ``needed`` are won, by logarithms: nothing underflows.

    Parameters
    ----------
    deals
        How many there are.
    rate
        The chance that each is won, from 0 to 1; they are independent.
    needed
        May be more than there are: then the chance is 1. With 0 or less it is 0.

    Examples
    --------
    >>> round(fewer_won(3, 0.5, 1), 9), fewer_won(3, 0.5, 4), fewer_won(3, 0.5, 0)
    (0.125, 1.0, 0.0)
    """
    if needed <= 0 or needed > deals or rate in (0, 1):
        return float(needed > (deals if rate else 0))
    won, lost = math.log(rate), math.log1p(-rate)
    exactly, fewer = deals * lost, []
    for k in range(needed):
        fewer.append(math.exp(exactly))
        exactly += math.log((deals - k) / (k + 1)) + won - lost
    return math.fsum(fewer)
