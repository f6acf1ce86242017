"""What a quarter's deals may bring, in bins around the target: for the quarter of a company and for one made up."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from salesmetrics.forecast.chance import chance
from salesmetrics.forecast.convolution import Floats
from salesmetrics.forecast.quarter import Distribution, revenue_distribution, this_quarter
from salesmetrics.models import Outcome

MOST_AWAY = 2
_NICE = (1.0, 2.0, 2.5, 5.0, 10.0)


@dataclass(frozen=True, kw_only=True)
class QuarterOutcome(Outcome):
    """What the quarter may bring, in bins, and how much of it hangs on the largest deal.

    Parameters
    ----------
    target, won
        In euros; what is won already is certain.
    deals, pipeline
        The open deals that are left, in number and in euros.
    away, away_amount
        How many of the largest deals have fallen away, and what they were worth.
    largest
        The largest deal of all, in euros.
    chance_with_all, chance_without_largest
        The chance of the target with every deal there, and with the largest one gone. Far apart says that the quarter
        hangs on one deal.
    expected_share
        Expected revenue ÷ target. At 1 the target is reached about every second quarter, no more.
    low, high
        The P10 and the P90: at least 8 in 10 quarters lie between them, ends included.
    bin_width
        Of one bin, in euros; the first begins at 0. Whatever lies beyond the last counts in ``more``.
    missed, reached
        The probability of each bin, below the target and from the target on.
    with_all
        The probability of each bin with every deal there; empty when none has fallen away.
    more
        The probability of more than the bins hold.
    out_of_reach
        Whether all that can be won falls short of the target.
    slip, new_deals, new_amount
        As the levers say, and how large such a new deal is.
    """

    target: float
    won: float
    deals: int
    pipeline: float
    away: int
    away_amount: float
    largest: float
    chance_with_all: float
    chance_without_largest: float
    expected_share: float
    low: float
    high: float
    bin_width: float
    missed: tuple[float, ...]
    reached: tuple[float, ...]
    with_all: tuple[float, ...]
    more: float
    out_of_reach: bool
    slip: float
    new_deals: int
    new_amount: float


class _Quarter(NamedTuple):
    """Everything that one set of deals may bring, and the chance that it is enough."""

    revenue: Distribution
    falls_short: NDArray[np.bool_]
    chance: float

    def binned(self, edges: Floats) -> tuple[Floats, Floats]:
        """Give the probability of each bin: below the target, and from the target on."""
        values, probabilities = self.revenue.values, self.revenue.probabilities
        missed = np.histogram(values, edges, weights=probabilities * self.falls_short)[0]
        return missed, np.histogram(values, edges, weights=probabilities * ~self.falls_short)[0]


def _quarter(amounts: Floats, chances: Floats, won: float, target: float) -> _Quarter:
    revenue = revenue_distribution(amounts, chances, already_won=won)
    falls_short = np.rint(revenue.values * 100) < round(target * 100)
    if revenue.method == "grid":
        likely = float(chance(amounts, chances, target, already_won=won))
    else:
        likely = min(float(revenue.probabilities[~falls_short].sum()), 1.0)
    return _Quarter(revenue, falls_short, likely)


def bins_for(target: float) -> Floats:
    """Give the edges of the bins of a picture, of a round width, up to twice the target.

    Examples
    --------
    >>> bins_for(500_000)[[0, 1, 2, -1]].tolist()
    [0.0, 25000.0, 50000.0, 1000000.0]
    """
    width = _nice(target / 24)
    edges: Floats = width * np.arange(math.ceil(2 * target / width) + 1, dtype=np.float64)
    return edges


def quarter_of(sizes: Floats, won: float, edges: Floats, levers: Mapping[str, float]) -> QuarterOutcome:
    """Give one quarter's outcome: deals of these sizes, the largest first, at where the levers stand."""
    away, new_deals = round(levers["away"]), round(levers["new_deals"])
    target, rate, slip = levers["target"], levers["rate"], levers["slip"]
    # New deals are as large as today's, the largest included, whether that one falls away or not.
    amounts, chances = this_quarter(sizes, rate, slip=slip, new_deals=new_deals)
    here = _quarter(amounts[away:], chances[away:], won, target)
    whole = _quarter(amounts, chances, won, target) if away else here
    without = here if away == 1 else _quarter(amounts[1:], chances[1:], won, target)
    missed, reached = here.binned(edges)
    pipeline = float(sizes[away:].sum())
    to_win = round(target - won, 2)
    return QuarterOutcome(
        coverage=pipeline / to_win if to_win > 0 else None,
        conversion=rate,
        expected_revenue=here.revenue.mean,
        chance_of_target=here.chance,
        target=target,
        won=won,
        deals=sizes.size - away,
        pipeline=pipeline,
        away=away,
        away_amount=float(sizes[:away].sum()),
        largest=float(sizes[0]),
        chance_with_all=whole.chance,
        chance_without_largest=without.chance,
        expected_share=here.revenue.mean / target,
        low=here.revenue.quantile(0.1),
        high=here.revenue.quantile(0.9),
        bin_width=float(edges[1]),
        missed=tuple(missed.tolist()),
        reached=tuple(reached.tolist()),
        with_all=tuple(whole.revenue.binned(edges).tolist()) if away else (),
        more=max(1 - float(missed.sum() + reached.sum()), 0.0),
        out_of_reach=round(float(amounts[away:].sum()) - to_win, 2) < 0,
        slip=slip,
        new_deals=new_deals,
        new_amount=float(sizes.mean()),
    )


def _nice(at_least: float) -> float:
    """Give the smallest round amount from ``at_least`` on: 1, 2, 2.5 or 5 with noughts."""
    power = 10.0 ** math.floor(math.log10(at_least))
    return next(power * digit for digit in _NICE if power * digit >= at_least * (1 - 1e-9))
