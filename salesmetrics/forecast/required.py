"""How much pipeline a chance asks for, over plain arrays: coverage for today's deals, and for average ones."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import ArrayLike

from salesmetrics.base.errors import SalesMetricsError
from salesmetrics.base.language import _, percent, times
from salesmetrics.base.numbers import plain, read_rate
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
    *deals* instead of larger ones also steady the outcome, and would need less: :func:`deals_for_chance`.

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
    _check_wanted(chance)
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
        raise SalesMetricsError(
            _("No size of deals gives a chance of {chance}: the chance that any is won is {most}.").format(
                chance=percent(chance), most=percent(float(1 - np.prod(1 - chances[cents > 0])))
            ),
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
            least = _(" What was seen fits rates up to {rate}: at least {coverage} is needed.").format(
                rate=percent(highest), coverage=times(1 / highest, 2)
            )
        raise SalesMetricsError(
            _("With a conversion rate of 0 no coverage is enough.") + least,
            hint=_("Wait for the first wins, or look at why nothing was won."),
        )
    return 1 / value


def deals_for_chance(rate: float, chance: float, *, deals_needed: int = 10) -> int:
    """Return how many average deals must be open to win enough of them with the chance asked for.

    Deals are equal here, and the target is worth ``deals_needed`` of them: the coverage is the result divided by
    ``deals_needed``. That is another thing than :func:`scale_for_chance`, which makes today's deals larger; more
    deals steady the outcome.

    Parameters
    ----------
    rate
        The chance that a deal is won, above 0 and at most 1.
    chance
        Wanted, between 0 and 1.
    deals_needed
        The target ÷ the mean amount, rounded up.

    Returns
    -------
    The smallest number of deals of which ``deals_needed`` or more are won with at least the chance wanted.

    Raises
    ------
    SalesMetricsError
        The rate or the chance is not between 0 and 1, or ``deals_needed`` is no whole number of 1 or more.

    Notes
    -----
    The hand-out's table for ten average deals: the coverage for "about 50%" is the break-even 1 ÷ rate (the chance
    is then between .54 and .65), and the one for "about 80%" is this number for 0.8, divided by ten.

    Examples
    --------
    >>> [deals_for_chance(rate, 0.8) / 10 for rate in (0.1, 0.2, 0.25, 1 / 3, 0.5, 0.6)]
    [12.4, 6.1, 4.9, 3.6, 2.4, 1.9]
    """
    _check_wanted(chance)
    if not 1e-12 < rate <= 1:
        raise SalesMetricsError(
            _("The rate must lie above 0 and be at most 1; found {value}.").format(value=f"{rate:g}"),
            hint=_("25% is 0.25."),
        )
    if not (1 <= deals_needed < math.inf and deals_needed == int(deals_needed)):
        raise SalesMetricsError(
            _("The number of deals needed is a whole number, 1 or more; found {value}.").format(
                value=f"{deals_needed:g}"
            ),
            hint=_("Divide the target by the mean amount and round up."),
        )
    needed = int(deals_needed)
    too_few, enough = needed - 1, needed
    while fewer_won(enough, rate, needed) > 1 - chance:
        too_few, enough = enough, 2 * enough
    while enough - too_few > 1:
        middle = (too_few + enough) // 2
        if fewer_won(middle, rate, needed) > 1 - chance:
            too_few = middle
        else:
            enough = middle
    return enough


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


def _check_wanted(chance: float) -> None:
    if not 0 < plain(chance) < 1:
        raise SalesMetricsError(
            _("The chance wanted lies between 0 and 1; found {value}.").format(value=chance),
            hint=_("80% is 0.8."),
        )
