"""Pipeline coverage to play with: how often what is still to win fits into the open pipeline, and the chance of it."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from salesmetrics.base.language import N_
from salesmetrics.forecast.convolution import fewer_won
from salesmetrics.models import Lever, Model, Stake, TargetOutcome


@dataclass(frozen=True, kw_only=True)
class CoverageOutcome(TargetOutcome):
    """Coverage with and without the largest deal, and the amounts behind both.

    Parameters
    ----------
    to_win
        What is left of the target: the block that is fitted into the pipeline. 0 when the target is met.
    largest
        The largest deal, in euros; never more than the pipeline it is part of.
    coverage_without_largest
        What remains of the coverage when that one deal falls through. Much lower than ``coverage`` says that the
        quarter hangs on one deal. ``None`` when the target is met.
    chance_without_largest
        The chance of the target when that one deal falls through.
    others, other_amount
        The other open deals: how many, and how large each is.
    """

    to_win: float
    largest: float
    coverage_without_largest: float | None
    chance_without_largest: float
    others: int
    other_amount: float


def outcome(levers: Mapping[str, float]) -> CoverageOutcome:
    """Divide the open pipeline by what is still to win, with and without the largest deal.

    Once the target is met nothing is left to divide by, and there is no coverage. For the chance the rest of the
    pipeline is taken to be equal deals, and every deal to be won at the same rate, independent of the others.

    Examples
    --------
    >>> step = outcome({"pipeline": 2_300_000, "target": 500_000, "won": 120_000, "largest": 400_000,
    ...                 "other_amount": 25_000, "conversion": 0.1})
    >>> step.to_win, round(step.coverage, 2), step.coverage_without_largest
    (380000, 6.05, 5.0)
    >>> step.others, round(step.chance_of_target, 3), round(step.chance_without_largest, 3)
    (76, 0.103, 0.003)
    """
    pipeline, target, won = levers["pipeline"], levers["target"], levers["won"]
    largest = min(levers["largest"], pipeline)
    to_win = max(round(target - won, 2), 0)  # whole cents: less is not money, and would fit in a million times
    rate, rest = levers["conversion"], pipeline - largest
    others = max(round(rest / levers["other_amount"]), 1) if rest else 0
    each = rest / others if others else 0.0
    with_it, without_it = (_enough(others, rate, needed, each) for needed in (to_win - largest, to_win))
    return CoverageOutcome(
        levers=levers,
        coverage=pipeline / to_win if to_win else None,
        conversion=rate,
        expected_revenue=won + rate * pipeline,
        chance_of_target=rate * with_it + (1 - rate) * without_it,
        coverage_without_largest=rest / to_win if to_win else None,
        chance_without_largest=without_it,
        target=target,
        to_win=to_win,
        largest=largest,
        others=others,
        other_amount=each,
        stake=Stake(np.array([largest, *[each] * others]), np.full(others + 1, rate), won, target),
    )


def _enough(deals: int, rate: float, needed: float, each: float) -> float:
    """Return the chance that equal deals bring the amount needed."""
    if needed <= 0:
        return 1.0
    needed *= 1 - 1e-12  # no rounding may ask for one deal more
    if deals * each < needed:
        return 0.0
    return min(max(1 - fewer_won(deals, rate, math.ceil(needed / each)), 0.0), 1.0)


MODEL = Model(
    "coverage",
    N_("Pipeline coverage"),
    (
        Lever("pipeline", N_("Open pipeline"), "money", 0, 5_000_000, 50_000, 2_500_000, raises="coverage"),
        Lever("target", N_("Target"), "money", 100_000, 2_000_000, 50_000, 500_000, lowers="coverage"),
        Lever("won", N_("Won so far"), "money", 0, 1_000_000, 25_000, 0, raises="coverage"),
        Lever("largest", N_("Largest deal"), "money", 0, 1_000_000, 25_000, 150_000, lowers="coverage_without_largest"),
        Lever("other_amount", N_("Mean amount of the other deals"), "money", 5_000, 250_000, 5_000, 25_000),
        Lever("conversion", N_("Conversion"), "percent", 0, 1, 0.01, 0.1, raises="chance_of_target"),
    ),
    outcome,
)
