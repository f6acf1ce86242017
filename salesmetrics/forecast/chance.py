"""The chance of reaching a target, over plain arrays: no tables, fit for a slider.

A deal is won in full with its probability or not at all, independent of the others; what is won already is certain.
With a common shock, such as a market that turns, the extremes are likelier than these figures say.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from salesmetrics.base.errors import SalesMetricsError
from salesmetrics.base.language import _, chance_text, number
from salesmetrics.base.show import Result, Shown, figure
from salesmetrics.base.typed_numbers import TOO_LARGE, read_target
from salesmetrics.forecast.convolution import ROUNDING, Floats, Integers, Method, chance_on_grid, exact_sums

# Beyond this the sum of all cents would no longer fit a whole number of 64 bits.
_MOST = 9e16


class Chance(Result, float):
    """A chance of reaching the target: a plain number from 0 (out of reach) to 1 (certain) that says how it was found.

    ``error_bound`` says how far the true chance, under the assumptions, may be off: what rounding can do (below 1e-9)
    unless ``method`` is ``"grid"``. ``method`` is ``"certain"`` where there is nothing to compute, ``"convolution"`` or
    ``"map"`` where it is exact, and ``"grid"`` where the amounts are too many and too fine for that. Of a table of
    deals ``rate`` says which probability each deal got, and ``notes`` what was left out and, last, what is assumed.

    Examples
    --------
    >>> found = Chance(0.25, error_bound=0.0, method="certain")
    >>> found, found.method, str(found)
    (0.25, 'certain', '25% chance of reaching the target')
    """

    error_bound: float
    method: Method
    rate: str
    notes: tuple[str, ...]
    __repr__ = float.__repr__
    # IPython asks the nearest class that has either of the two.
    _repr_pretty_ = Result._repr_pretty_

    def __new__(
        cls, value: float, *, error_bound: float, method: Method, rate: str = "", notes: Sequence[str] = ()
    ) -> Chance:
        """Build the number and hang on it how it was found."""
        self = super().__new__(cls, value)
        self.error_bound, self.method, self.rate, self.notes = error_bound, method, rate, tuple(notes)
        return self

    def shown(self) -> Shown:
        """Return the chance in words, with its rate, what was left out and what is assumed; ``repr`` stays a number."""
        said = _("{chance} chance of reaching the target").format(chance=chance_text(self))
        return figure(f"{said}, {_('with {rate}').format(rate=self.rate)}" if self.rate else said, self.notes)


class Deals(NamedTuple):
    """Open deals as the sums want them: those with a probability in between, in multiples of what they share."""

    units: Integers
    probabilities: Floats
    unit_in_cents: int
    certain_cents: int


def chance(amounts: ArrayLike, probabilities: ArrayLike, target: float, *, already_won: float = 0.0) -> Chance:
    """Return the chance that what is won reaches the target.

    Near 0 the target is out of reach, near 1 it is safe. Where the *expected* revenue is just the target it is near
    one half: an average is missed about as often as it is reached.

    Parameters
    ----------
    amounts
        Of each open deal, in euros; counted in whole cents.
    probabilities
        That each is won, from 0 to 1; one number counts for all.
    target, already_won
        In euros.

    Raises
    ------
    SalesMetricsError
        An amount is negative or no number, a probability does not lie between 0 and 1, the target is not above 0.

    Notes
    -----
    Amounts are divided by what they all share. Then: exact, by direct convolution or by a map of the possible sums,
    while there are fewer than 2¹⁷; otherwise on a grid of 2¹⁵ points up to the target, with a bound on the error.
    The module ``convolution`` has both, and their sources. The same input gives the same chance, always.

    Examples
    --------
    Three deals of a third of the target, less a cent in all, never make it:

    >>> chance([333.33, 333.33, 333.33], 0.9, 1_000)
    0.0

    Ten equal deals of which three must be won, where three are expected:

    >>> round(chance([37_000] * 10, 0.3, 111_000), 3)
    0.617
    """
    cents, chances = in_cents(amounts, probabilities)
    return _chance(cents, chances, cents_to_win(target, already_won))


def chance_at_uncertain_rate(
    amounts: ArrayLike, won: int, lost: int, target: float, *, already_won: float = 0.0, share: ArrayLike = 1.0
) -> Chance:
    """Return the chance of the target when the rate itself is only known from ``won`` and ``lost`` deals.

    The chance at each rate is averaged over the rates that fit what was seen: Beta(won + ½, lost + ½). With few
    closed deals a small chance becomes larger and a large one smaller; with many, it is the chance at won ÷ closed.

    Parameters
    ----------
    amounts, target, already_won
        As for :func:`chance`.
    won, lost
        Numbers of closed deals.
    share
        Which part of the rate counts, for all deals or for each: 0.8 when one in five slips to the next quarter.

    Raises
    ------
    SalesMetricsError
        As for :func:`chance`; or no deal is closed.

    Notes
    -----
    Beta(½, ½) is the weight of Gauss-Chebyshev quadrature, which is exact for polynomials of degree up to 2N − 1 with
    N points (``numpy.polynomial.chebyshev.chebgauss``). The chance times p^won (1 − p)^lost is one of degree M =
    closed + open deals, so M ÷ 2 + 1 points are exact. All its terms p^k (1 − p)^(M − k) are so smooth that 4√M + 4
    points come within 1e-10 already, the accuracy stated.

    The two halves are the prior of Jeffreys, H. (1946). An invariant form for the prior probability in estimation
    problems. *Proceedings of the Royal Society of London A*, 186(1007), 453-461.
    https://doi.org/10.1098/rspa.1946.0056

    Examples
    --------
    >>> deals = [25_000] * 100
    >>> round(chance(deals, 0.1, 500_000), 4)
    0.002
    >>> round(chance_at_uncertain_rate(deals, 25, 225, 500_000), 4)
    0.0095
    """
    if not (won >= 0 and lost >= 0 and 0 < won + lost < math.inf and won == int(won) and lost == int(lost)):
        raise SalesMetricsError(
            _("A rate needs closed deals; found {won} won and {lost} lost.").format(won=won, lost=lost),
            hint=_("Count the deals that were won and lost: whole numbers, at least one deal in all."),
        )
    cents, shares = in_cents(amounts, share)
    need = cents_to_win(target, already_won)
    degree = won + lost + cents.size
    points = min(int(degree) // 2 + 1, math.ceil(4 * math.sqrt(degree)) + 4)
    angles = (np.arange(points) + 0.5) * math.pi / (2 * points)
    logs = 2 * won * np.log(np.sin(angles)) + 2 * lost * np.log(np.cos(angles))
    weights = np.exp(logs - logs.max())
    weights /= weights.sum()
    counted = weights > 1e-15
    rates = np.sin(angles[counted]) ** 2
    chances: list[Chance] = []
    for rate in rates.tolist():
        # How many sums there are does not depend on the rate: no need to find out again.
        chances.append(_chance(cents, shares * rate, need, on_grid=bool(chances) and chances[0].method == "grid"))
    average = float(weights[counted] @ chances)
    bound = float(weights[counted] @ [each.error_bound for each in chances])
    return Chance(min(average, 1.0), error_bound=bound + 1e-10, method=chances[0].method)


def _chance(cents: Integers, probabilities: Floats, need: int, *, on_grid: bool = False) -> Chance:
    deals = simplified(cents, probabilities)
    need -= deals.certain_cents
    if need <= 0:
        return Chance(1.0, error_bound=0.0, method="certain")
    need = -(-need // deals.unit_in_cents)
    spare = int(deals.units.sum()) - need
    if spare < 0:
        return Chance(0.0, error_bound=0.0, method="certain")
    # To reach the target is to lose no more than can be spared: the side with fewer sums is counted.
    by_wins = need <= spare + 1
    exact = None
    if not on_grid and by_wins:
        exact = exact_sums(deals.units, deals.probabilities, need)
    elif not on_grid:
        exact = exact_sums(deals.units, 1 - deals.probabilities, spare + 1)
    if exact is None:
        lowest, value, highest = chance_on_grid(deals.units, deals.probabilities, need)
        return Chance(value, error_bound=max(highest - value, value - lowest), method="grid")
    counted = float(exact.probabilities.sum())
    value = 1 - counted if by_wins else counted
    return Chance(min(max(value, 0.0), 1.0), error_bound=ROUNDING * deals.units.size, method=exact.method)


def simplified(cents: Integers, probabilities: Floats) -> Deals:
    """Set aside what is certain, leave out what cannot come, and divide the rest by what the amounts share."""
    open_still = (cents > 0) & (probabilities > 0) & (probabilities < 1)
    unit = int(np.gcd.reduce(cents[open_still])) or 1
    certain = int(cents[probabilities >= 1].sum())
    return Deals(cents[open_still] // unit, probabilities[open_still], unit, certain)


def in_cents(amounts: ArrayLike, probabilities: ArrayLike) -> tuple[Integers, Floats]:
    """Check amounts and probabilities; return the amounts in whole cents and a probability for each."""
    euros, chances = _numbers(amounts), _numbers(probabilities)
    if (wrong := euros[~((euros >= 0) & (euros < TOO_LARGE))]).size:
        message = _("An amount must be a number, 0 or more and below {most}; found {value}.")
        raise SalesMetricsError(
            message.format(most=number(TOO_LARGE), value=f"{wrong[0]:g}"),
            hint=_("Leave out deals without an amount first."),
        )
    if (total := float(euros.sum())) >= _MOST:
        raise SalesMetricsError(
            _("Together the amounts are too large: {total}.").format(total=number(total)),
            hint=_("Give them in thousands, and the target too."),
        )
    if (wrong := chances[~((chances >= 0) & (chances <= 1))]).size:
        raise SalesMetricsError(
            _("A probability lies between 0 and 1; found {value}.").format(value=f"{wrong[0]:g}"),
            hint=_("25% is 0.25."),
        )
    if chances.size not in (1, euros.size):
        message = _("There are {amounts} amounts and {probabilities} probabilities.")
        raise SalesMetricsError(
            message.format(amounts=number(euros.size), probabilities=number(chances.size)),
            hint=_("Give one probability for all deals, or one for each."),
        )
    return np.rint(euros * 100).astype(np.int64), np.broadcast_to(chances, euros.shape)


def cents_to_win(target: float, already_won: float) -> int:
    """Return what is still to be won, in cents; 0 or less when the target is met."""
    return round(read_target(target) * 100) - cents_won(already_won)


def cents_won(already_won: float) -> int:
    """Check what is won already; return it in cents."""
    if not 0 <= already_won < math.inf:
        raise SalesMetricsError(
            _("What is won already must be an amount of 0 or more; found {value}.").format(value=f"{already_won:g}"),
            hint=_("Give the revenue won so far in the period, in euros."),
        )
    return round(already_won * 100)


def _numbers(values: ArrayLike) -> Floats:
    try:
        return np.atleast_1d(np.asarray(values, dtype=np.float64)).ravel()
    except (TypeError, ValueError) as error:
        raise SalesMetricsError(
            _("Amounts and probabilities must be numbers."), hint=_("Give them as a list or an array, without text.")
        ) from error
