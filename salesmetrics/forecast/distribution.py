"""What a quarter may bring, over plain arrays: revenue as a distribution; deals that slip, come new or are larger."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from salesmetrics.base.errors import SalesMetricsError
from salesmetrics.base.language import _, number, percent
from salesmetrics.base.typed_numbers import plain
from salesmetrics.forecast.chance import cents_to_win, cents_won, in_cents, simplified
from salesmetrics.forecast.chance import chance as chance_of
from salesmetrics.forecast.convolution import Floats, Integers, Method, exact_sums, sums_on_grid

_POINTS = 2**13
# With an uncertain rate the chance takes a minute of ten thousand deals, and of a hundred thousand it never comes.
MOST_NEW_DEALS = 1_000


@dataclass(frozen=True)
class Distribution:
    """What a quarter may bring: each revenue, from low to high, with its probability.

    Parameters
    ----------
    values
        Revenues in euros, ascending.
    probabilities
        Of each; together 1.
    method
        ``"grid"`` where the revenues are points of a grid, otherwise exact.

    Examples
    --------
    >>> two_deals = revenue_distribution([100, 50], 0.5)
    >>> two_deals.values.tolist(), two_deals.probabilities.tolist()
    ([0.0, 50.0, 100.0, 150.0], [0.25, 0.25, 0.25, 0.25])
    >>> two_deals.mean, two_deals.quantile(0.1), two_deals.quantile(0.9)
    (75.0, 0.0, 150.0)
    >>> two_deals.below(100).tolist(), two_deals.binned([0, 100, 200]).tolist()
    ([True, True, False, False], [0.5, 0.5])
    """

    values: Floats
    probabilities: Floats
    method: Method

    @property
    def mean(self) -> float:
        """What it brings on average, in euros: the expected revenue."""
        return float(self.values @ self.probabilities)

    def quantile(self, fraction: float) -> float:
        """Return the revenue that is reached or missed with the chance ``fraction``: 0.1 is a poor quarter, the P10.

        It is the lowest revenue that is not exceeded with at least that chance.
        """
        if not 0 <= fraction <= 1:
            raise SalesMetricsError(
                _("A probability lies between 0 and 1; found {value}.").format(value=f"{fraction:g}"),
                hint=_("25% is 0.25."),
            )
        place = np.searchsorted(np.cumsum(self.probabilities), fraction - 1e-12)
        return float(self.values[min(int(place), self.values.size - 1)])

    def below(self, target: float) -> NDArray[np.bool_]:
        """Return for each revenue whether it falls short of the target, in whole cents."""
        short: NDArray[np.bool_] = np.rint(self.values * 100) < round(target * 100)
        return short

    def binned(self, edges: ArrayLike, part: NDArray[np.bool_] | None = None) -> Floats:
        """Compute the probability of each bin, from its lower edge up to its upper; the last bin includes its upper.

        Parameters
        ----------
        edges
            Of the bins, in euros.
        part
            Which of the revenues count; all of them without it.
        """
        weights = self.probabilities if part is None else self.probabilities * part
        chances: Floats = np.histogram(self.values, bins=np.asarray(edges, np.float64), weights=weights)[0]
        return chances


def revenue_distribution(amounts: ArrayLike, probabilities: ArrayLike, *, already_won: float = 0.0) -> Distribution:
    """Return everything the quarter may bring, with its probability: the picture to hold against the target.

    Wide: the quarter hangs on few or large deals. Narrow: the forecast can be relied on.

    Parameters
    ----------
    amounts, probabilities, already_won
        As for :func:`salesmetrics.forecast.chance.chance`.

    Raises
    ------
    SalesMetricsError
        As for :func:`salesmetrics.forecast.chance.chance`.

    Notes
    -----
    Exact while there are fewer than 2¹⁷ possible sums; otherwise on a grid of 2¹³ steps, each amount split over the
    two points beside it, so that the mean is exact and a quantile within a few steps. The chance of a target is
    better taken from ``chance``, whose grid is finer.

    Examples
    --------
    >>> quarter = revenue_distribution([25_000] * 100, 0.1)
    >>> round(quarter.mean), quarter.quantile(0.1), quarter.quantile(0.9)
    (250000, 150000.0, 350000.0)
    """
    deals = simplified(*in_cents(amounts, probabilities))
    start = cents_won(already_won) + deals.certain_cents
    if not deals.units.size:
        return Distribution(np.array([start / 100]), np.ones(1), "certain")
    total = int(deals.units.sum())
    found = exact_sums(deals.units, deals.probabilities, total + 1)
    if found is None:
        found = sums_on_grid(deals.units, deals.probabilities, _POINTS)
    order = np.argsort(found.sums)
    values = (start + found.sums[order] * deals.unit_in_cents) / 100
    return Distribution(values, found.probabilities[order], found.method)


def this_quarter(
    amounts: ArrayLike, probabilities: ArrayLike, *, slip: float = 0.0, new_deals: int = 0
) -> tuple[Floats, Floats]:
    """Return the deals as the quarter will see them: some slip to the next, some are new and close within it.

    Parameters
    ----------
    amounts
        Of each open deal, in euros.
    probabilities
        That each is won; one number counts for all. With 1 the result holds the ``share`` of the rate that
        :func:`salesmetrics.forecast.chance.chance_at_uncertain_rate` asks for.
    slip
        The part of the open deals that closes later, from 0 (none) to 1 (all): p becomes p·(1 − slip).
    new_deals
        How many more deals are created and closed in the quarter, at most 1,000, each with today's mean amount and
        mean probability. These do not slip.

    Returns
    -------
    Amounts and probabilities, for every function that takes the two.

    Raises
    ------
    SalesMetricsError
        As for :func:`salesmetrics.forecast.chance.chance`; or ``slip`` does not lie between 0 and 1, or ``new_deals``
        is no whole number from 0 to 1,000.

    Examples
    --------
    >>> amounts, probabilities = this_quarter([30_000, 10_000], 0.25, slip=0.2, new_deals=1)
    >>> amounts.tolist(), probabilities.tolist()
    ([30000.0, 10000.0, 20000.0], [0.2, 0.2, 0.25])
    """
    if not 0 <= plain(slip) <= 1:
        raise SalesMetricsError(
            _("The part that slips lies between 0 and 1; found {value}.").format(value=slip), hint=_("25% is 0.25.")
        )
    if not (0 <= plain(new_deals) <= MOST_NEW_DEALS and new_deals == int(new_deals)):
        message = _("The number of new deals is a whole number, from 0 to {most}; found {value}.")
        raise SalesMetricsError(
            message.format(most=number(MOST_NEW_DEALS), value=new_deals),
            hint=_("Count the deals that are both created and closed in the period."),
        )
    cents, chances = in_cents(amounts, probabilities)
    more = int(new_deals) if cents.size else 0
    mean_amount, mean_chance = (float(cents.mean()), float(chances.mean())) if more else (0.0, 0.0)
    return (
        np.concatenate((cents, np.full(more, mean_amount))) / 100,
        np.concatenate((chances * (1 - slip), np.full(more, mean_chance))),
    )


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
