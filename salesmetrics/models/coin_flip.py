"""The coin-flip: a pipeline with one large deal in it, and twenty quarters dealt from it at random."""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from salesmetrics.base.language import N_
from salesmetrics.forecast.chance import chance
from salesmetrics.models import Lever, Model, Outcome

TARGET, OTHER = 250_000.0, 25_000.0  # the target, and what every deal but the largest is worth
QUARTERS = 20
MOST = 1_500_000


@dataclass(frozen=True, kw_only=True)
class CoinFlipOutcome(Outcome):
    """The pipeline's chance, and what became of it in twenty dealt quarters.

    Parameters
    ----------
    others
        How many deals there are besides the largest.
    from_largest, from_others
        For each quarter what the largest deal brought, and what the others did, in euros.
    reached
        How many of the quarters reach the target. In twenty, a few more or fewer than the chance says is ordinary.
    wins
        In how many of the quarters the largest deal is won.
    """

    coverage: float
    conversion: float
    expected_revenue: float
    chance_of_target: float
    target: float
    others: int
    from_largest: tuple[float, ...]
    from_others: tuple[float, ...]
    reached: int
    wins: int


@cache
def _cards(hand: int) -> tuple[tuple[float, ...], ...]:
    """Return for each quarter a number per deal, from 0 to 1: at a rate above it, the deal is won.

    Every number is drawn apart from the others, so the quarters of one hand may all be good ones.
    """
    pack = random.Random(hand + 1066)  # so that the first hand is a typical one: test_models_traps
    return tuple(tuple(pack.random() for _deal in range(round(MOST / OTHER))) for _quarter in range(QUARTERS))


def outcome(levers: Mapping[str, float]) -> CoinFlipOutcome:
    """Win the largest deal or not, and some of the others, in every quarter.

    The cards stay the same while the levers move, so that what changes is the pipeline and not the luck.

    Examples
    --------
    >>> [round(outcome({**MODEL.defaults(), "largest": largest}).chance_of_target, 3)
    ...  for largest in (25_000, 250_000, 400_000)]
    [0.56, 0.397, 0.291]
    """
    largest, rate, pipeline = levers["largest"], levers["rate"], levers["pipeline"]
    others = round((pipeline - largest) / OTHER)
    cards = _cards(round(levers["hand"]))
    from_largest = tuple(largest if quarter[0] < rate else 0.0 for quarter in cards)
    from_others = tuple(OTHER * sum(card < rate for card in quarter[1 : others + 1]) for quarter in cards)
    return CoinFlipOutcome(
        levers=levers,
        coverage=pipeline / TARGET,
        conversion=rate,
        expected_revenue=rate * pipeline,
        chance_of_target=float(chance([largest] + [OTHER] * others, rate, TARGET)),
        target=TARGET,
        others=others,
        from_largest=from_largest,
        from_others=from_others,
        reached=sum(large + rest >= TARGET for large, rest in zip(from_largest, from_others, strict=True)),
        wins=sum(quarter[0] < rate for quarter in cards),
    )


MODEL = Model(
    "coin-flip",
    N_("The coin-flip"),
    (
        Lever("largest", N_("Largest deal"), "money", OTHER, 400_000, OTHER, 250_000, lowers="chance_of_target"),
        Lever("pipeline", N_("Open pipeline"), "money", 500_000, MOST, OTHER, 1_000_000, raises="chance_of_target"),
        Lever("rate", N_("Conversion"), "percent", 0, 1, 0.05, 0.25, raises="chance_of_target"),
        Lever("hand", N_("Deal the cards again (hand)"), "count", 1, 50, step=1, default=1),
    ),
    outcome,
)
