"""The sum of amounts that each come or don't: its distribution, exactly where that can be done, else on a grid.

The arithmetic under ``chance``: whole units in, probabilities out, no euros and no words. A deal is won with its own
probability, independent of the others, so deals are added one at a time: what was there stays with 1 − p and moves
up by the amount with p. Every term is positive, so nothing cancels and small chances stay accurate. A Fourier
transform is faster for many deals but loses those (R's PoissonBinomial warns of chances below 5.55e-17).

Notes
-----
Adding one at a time is the direct convolution of Biscarri, W., Zhao, S. D. and Brunner, R. J. (2018), *Computational
Statistics & Data Analysis*, https://doi.org/10.1016/j.csda.2018.01.007; with an amount for each trial the sum is what
Zhang, M., Hong, Y. and Balakrishnan, N. (2018), *Journal of Statistical Computation and Simulation*, 88(8), 1515-1527,
https://doi.org/10.1080/00949655.2018.1440294 call the generalized Poisson-binomial distribution. The grid's
way of splitting an amount is the mean-preserving method of Klugman, S. A., Panjer, H. H. and Willmot, G. E. (2012),
*Loss Models: From Data to Decisions*, 4th ed., appendix E.2; the bound on its error is our own, by Chernoff's method.
"""

from __future__ import annotations

import math
from typing import Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]
Method = Literal["certain", "convolution", "map", "grid"]

STATES = 2**17
CELLS = 2**15
# Less than a number can differ from 1 by: what stays when a probability rounds to 1.
_LEAST = 1e-17
# Each deal passes six roundings of half an epsilon.
ROUNDING = 4 * float(np.finfo(np.float64).eps)


class Sums(NamedTuple):
    """Possible sums, in units and in no particular order, with the probability of each; and how they were found."""

    sums: Floats | Integers
    probabilities: Floats
    method: Method


class Estimate(NamedTuple):
    """A chance that is not known exactly, and the two it certainly lies between."""

    lowest: float
    chance: float
    highest: float


def exact_sums(units: Integers, probabilities: Floats, limit: int) -> Sums | None:
    """Return every possible sum below ``limit`` with its probability, or ``None`` where there are too many (2¹⁷).

    Amounts that are multiples of a large enough step are added densely, one cell for each multiple. The others
    among them are then added to a map from sum to probability, which stays small while they are few or their sums
    coincide. ``units`` are positive, ``probabilities`` lie between 0 and 1.
    """
    steps = [int(step) for step in np.unique(np.gcd(units, 10**9)) if -(-limit // int(step)) < STATES]
    step = steps[0] if steps else limit
    uneven = units % step != 0 if steps else np.ones(units.size, dtype=np.bool_)
    dense = dense_sums(units[~uneven] // step, probabilities[~uneven], -(-limit // step))
    # Said in 64 bits: in a browser (Pyodide) an index has 32, and sums of cents do not fit.
    reached = np.flatnonzero(dense).astype(np.int64)
    if not (uneven.any() and reached.size):
        return Sums(reached * step, dense[reached], "convolution")
    return _map_of_sums(reached * step, dense[reached], units[uneven], probabilities[uneven], limit)


def _map_of_sums(sums: Integers, chances: Floats, units: Integers, probabilities: Floats, limit: int) -> Sums | None:
    """Add amounts to a map of sums, the smallest first; those of one size together, by how many of them are won."""
    highest = int(sums.max())
    checked = sums.size
    for amount in np.unique(units).tolist():
        same = probabilities[units == amount]
        while same.size:
            copies = min(same.size, max(1, 2**20 // sums.size - 1))
            counts = dense_sums(np.ones(copies, dtype=np.int64), same[:copies], copies + 1)
            same = same[copies:]
            sums = (amount * np.arange(copies + 1, dtype=np.int64)[:, None] + sums).ravel()
            highest += copies * amount
            below = sums < limit if highest >= limit else slice(None)
            sums = sums[below]
            crowded = sums.size >= min(4 * checked, 2 * STATES)
            different = _surely_different(sums) if crowded else 0
            if different >= STATES:
                return None
            chances = (counts[:, None] * chances).ravel()[below]
            if crowded:
                if different < 0.7 * sums.size:
                    sums, chances = _merged(sums, chances)
                checked = sums.size
            if checked >= STATES:
                return None
    return Sums(sums, chances, "map")


def dense_sums(units: Integers, probabilities: Floats, cells: int) -> Floats:
    """Return the probability of each sum from 0 up to ``cells`` − 1; what lies beyond is left out."""
    return _split_sums(units, np.zeros(units.size), probabilities, cells)


def chance_on_grid(units: Integers, probabilities: Floats, need: int) -> Estimate:
    """Estimate the chance that the sum is at least ``need``, on a grid, with what it is at least and at most.

    The target lies on a grid point and each amount is split over the two points beside it so that its mean is kept.
    The grid's sum is then the true sum plus a drift D of mean 0, made by the splits of the deals that are won. The
    weight on the target's own point counts for half: it stands for true sums on both sides.

    Notes
    -----
    The bounds need no assumption on how the true sums lie. If the true sum reaches the target, either the grid's
    sum is less than j + 1 points below it, or D ≤ −(j + 1). So the chance is at most P(grid > target − j − 1)
    + P(D ≤ −(j + 1)), for every j; likewise from below. Chernoff's method bounds D's tails through its moment
    generating function, which is a product over deals; the best j counts.
    """
    # A deal that reaches the target alone must not be split over both sides of it: put it beyond every point looked at.
    alone = units >= need
    whole, rest = np.divmod(np.where(alone, 0, units) * CELLS, need)
    upper_share = rest / need
    drift = max(float(np.sqrt(np.sum(probabilities * upper_share * (1 - upper_share)))), 0.05)
    points = np.arange(1, int(8 * drift) + 3)
    size = CELLS + points.size
    grid = _split_sums(np.where(alone, size, whole), upper_share, probabilities, size)
    below = np.concatenate(([0.0], np.cumsum(grid)))
    chance = 1 - (below[CELLS] + below[CELLS + 1]) / 2
    highest = 1 - below[CELLS + 1 - points] + _tail(1 - upper_share, probabilities, drift, points)
    lowest = 1 - below[CELLS + points] - _tail(upper_share, probabilities, drift, points)
    rounding = ROUNDING * units.size
    return Estimate(
        lowest=max(0.0, float(lowest.max()) - rounding),
        chance=float(np.clip(chance, 0, 1)),
        highest=min(1.0, float(highest.min()) + rounding),
    )


def sums_on_grid(units: Integers, probabilities: Floats, cells: int) -> Sums:
    """Return the distribution of the sum on a grid of ``cells`` points from 0 to the sum of all; its mean is exact."""
    total = int(units.sum())
    whole, rest = np.divmod(units * cells, total)
    grid = _split_sums(whole, rest / total, probabilities, cells + units.size + 1)
    reached = np.flatnonzero(grid)
    sums: Floats = reached * np.float64(total / cells)
    return Sums(sums, grid[reached], "grid")


def _split_sums(units: Integers, upper_share: Floats, probabilities: Floats, cells: int) -> Floats:
    """Add amounts of ``units`` cells, the upper share of each moved one cell further; the smallest first.

    While few cells are reached there is little to move, so the order saves work. So does adding p ÷ (1 − p) of what
    moves and keeping the product of all 1 − p aside, to be multiplied in before it becomes too small to hold.
    """
    sums = np.zeros(cells)
    sums[0] = 1.0
    reached, aside = 1, 1.0
    first, second = np.empty((2, cells))
    order = np.argsort(units, kind="stable")
    deals = zip(units[order].tolist(), upper_share[order].tolist(), probabilities[order].tolist(), strict=True)
    for unit, share, probability in deals:
        stays = max(1 - probability, _LEAST)
        if aside * stays < 1e-200:
            sums[:reached] *= aside
            aside = 1.0
        aside *= stays
        size = min(reached, cells - unit)
        if size <= 0:
            continue
        moving, odds = sums[:size], probability / stays
        lower = np.multiply(moving, odds * (1 - share), out=first[:size])
        upper = np.multiply(moving, odds * share, out=second[:size]) if share else lower[:0]
        raised = sums[unit : unit + size]
        raised += lower
        reached = min(reached + unit, cells)
        if share:
            raised = sums[unit + 1 : unit + 1 + size]
            raised += upper[: raised.size]
            reached = min(reached + 1, cells)
    sums *= aside
    return sums


def _tail(upper_share: Floats, probabilities: Floats, drift: float, points: Integers) -> Floats:
    """Bound the chance that the splits of the won deals add up to each number of ``points`` above their mean."""
    rates = np.geomspace(1, 8, 16)[:, None] / drift
    up, down = np.exp(rates * (1 - upper_share)), np.exp(-rates * upper_share)
    of_each = np.log1p(probabilities * (upper_share * up + (1 - upper_share) * down - 1))
    tail: Floats = np.exp(np.minimum(np.min(of_each.sum(axis=1)[:, None] - rates * points, axis=0), 0))
    return tail


def _surely_different(sums: Integers) -> int:
    """Count, from below, how many of the sums differ: by marking hashes, as sorting costs ten times as much."""
    bits = sums.size.bit_length() + 1
    hashes = (sums.view(np.uint64) * np.uint64(0x9E3779B97F4A7C15)) >> np.uint64(64 - bits)
    marks = np.zeros(1 << bits, dtype=np.bool_)
    marks[hashes] = True
    return int(np.count_nonzero(marks))


def _merged(sums: Integers, chances: Floats) -> tuple[Integers, Floats]:
    """Add the chances of equal sums."""
    order = np.argsort(sums)
    ordered = sums[order]
    first = np.flatnonzero(np.concatenate(([True], ordered[1:] != ordered[:-1])))
    return ordered[first], np.add.reduceat(chances[order], first)


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
