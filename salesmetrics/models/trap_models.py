"""Three of the traps to play with: one large deal (the coin-flip), slow deals that pile up, and a mix that moves."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import NamedTuple

from salesmetrics.base.language import N_
from salesmetrics.forecast.chance import chance
from salesmetrics.models import Lever, Model, Outcome, TargetOutcome
from salesmetrics.models.traps import channel_rates

TARGET, OTHER = 250_000.0, 25_000.0  # the target, and what every deal but the largest is worth
QUARTERS = 20
_MOST = 1_500_000
A_MONTH = 20  # new deals, fast and slow together; a fast one closes within a month
AMOUNT = 10_000.0


@dataclass(frozen=True, kw_only=True)
class CoinFlipOutcome(TargetOutcome):
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
    return tuple(tuple(pack.random() for _deal in range(round(_MOST / OTHER))) for _quarter in range(QUARTERS))


def coin_flip(levers: Mapping[str, float]) -> CoinFlipOutcome:
    """Win the largest deal or not, and some of the others, in every quarter.

    The cards stay the same while the levers move, so that what changes is the pipeline and not the luck.

    Examples
    --------
    >>> [round(coin_flip({**COIN_FLIP.defaults(), "largest": largest}).chance_of_target, 3)
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


COIN_FLIP = Model(
    "coin-flip",
    N_("The coin-flip"),
    (
        Lever("largest", N_("Largest deal"), "money", OTHER, 400_000, OTHER, 250_000, lowers="chance_of_target"),
        Lever("pipeline", N_("Open pipeline"), "money", 500_000, _MOST, OTHER, 1_000_000, raises="chance_of_target"),
        Lever("rate", N_("Conversion"), "percent", 0, 1, 0.05, 0.25, raises="chance_of_target"),
        Lever("hand", N_("Deal the cards again (hand)"), "count", 1, 50, step=1, default=1),
    ),
    coin_flip,
    picture="trap_pictures.COIN_FLIP",
)


@dataclass(frozen=True, kw_only=True)
class SlowDealsOutcome(Outcome):
    """What closes in a month, what is open, and what two ways of counting expect of it.

    ``conversion`` is of all deals that close; ``expected_revenue`` takes each kind at its own rate.

    Parameters
    ----------
    fast, slow
        New deals in a month, and as many that close.
    fast_open, slow_open
        Open deals of each kind: those of a month × the months they stay.
    pipeline
        All that is open, in euros.
    one_rate
        What the rate of all closed deals would expect of it, in euros. More than ``expected_revenue`` says that the
        deals that linger are won less often.
    """

    conversion: float
    expected_revenue: float
    fast: int
    slow: int
    fast_open: int
    slow_open: int
    pipeline: float
    one_rate: float


def slow_deals(levers: Mapping[str, float]) -> SlowDealsOutcome:
    """Let as many deals close as come in, so that each kind stands open as long as it takes.

    Examples
    --------
    >>> step = slow_deals({"share": 0.5, "months": 6, "fast_rate": 0.4, "slow_rate": 0.1})
    >>> step.fast_open, step.slow_open, step.conversion, step.one_rate, step.expected_revenue
    (10, 60, 0.25, 175000.0, 100000.0)
    """
    slow, months = round(levers["share"] * A_MONTH), round(levers["months"])
    fast, slow_open = A_MONTH - slow, slow * months
    rate = (fast * levers["fast_rate"] + slow * levers["slow_rate"]) / A_MONTH
    pipeline = AMOUNT * (fast + slow_open)
    return SlowDealsOutcome(
        levers=levers,
        conversion=rate,
        expected_revenue=AMOUNT * (fast * levers["fast_rate"] + slow_open * levers["slow_rate"]),
        fast=fast,
        slow=slow,
        fast_open=fast,
        slow_open=slow_open,
        pipeline=pipeline,
        one_rate=rate * pipeline,
    )


SLOW_DEALS = Model(
    "slow-deals",
    N_("Slow deals pile up"),
    (
        Lever("share", N_("Slow deals among the new ones"), "percent", 0, 1, 0.05, 0.5),
        Lever("months", N_("Months that a slow deal stays open"), "count", 1, 12, 1, 6),
        Lever("fast_rate", N_("Conversion of fast deals"), "percent", 0, 1, 0.05, 0.4, raises="expected_revenue"),
        Lever("slow_rate", N_("Conversion of slow deals"), "percent", 0, 1, 0.05, 0.1, raises="expected_revenue"),
    ),
    slow_deals,
    picture="trap_pictures.SLOW_DEALS",
)


@dataclass(frozen=True, kw_only=True)
class MixOutcome(Outcome):
    """The rate of all channels together, with the second quarter's rates and a mix that moves.

    ``conversion`` is that rate. Below ``before`` although every channel rose says that the mix pulls it down; above
    says that the mix is near enough to what it was.

    Parameters
    ----------
    channels
        As the table names them, the highest rate first.
    rates_before, rates
        Won ÷ closed of each channel, in the first quarter and in the second.
    shares_before, shares
        Which part of the closed deals comes from each: in the first quarter, and now.
    before
        The rate of all together in the first quarter.
    """

    conversion: float
    channels: tuple[str, ...]
    rates_before: tuple[float, ...]
    rates: tuple[float, ...]
    shares_before: tuple[float, ...]
    shares: tuple[float, ...]
    before: float


class Channel(NamedTuple):
    """One channel in two quarters: won and closed deals."""

    name: str
    won_before: float
    closed_before: float
    won: float
    closed: float


def mixed(channels: Sequence[Channel], levers: Mapping[str, float]) -> MixOutcome:
    """Weigh the second quarter's rates by a mix somewhere between the first quarter's and the second's.

    Examples
    --------
    One channel goes from 1 in 2 to 6 in 10, the other from 1 in 10 to 2 in 10; most deals come from the other now.

    >>> two = (Channel(name="warm", won_before=50, closed_before=100, won=6, closed=10),
    ...        Channel(name="cold", won_before=10, closed_before=100, won=38, closed=190))
    >>> [round(mixed(two, {"mix": moved}).conversion, 3) for moved in (0, 0.5, 1)]
    [0.4, 0.31, 0.22]
    >>> mixed(two, {"mix": 1}).before
    0.3
    """
    moved = levers["mix"]
    all_before = sum(channel.closed_before for channel in channels)
    all_closed = sum(channel.closed for channel in channels)
    rates = tuple(channel.won / channel.closed for channel in channels)
    shares_before = tuple(channel.closed_before / all_before for channel in channels)
    shares = tuple(
        share + moved * (channel.closed / all_closed - share)
        for share, channel in zip(shares_before, channels, strict=True)
    )
    return MixOutcome(
        levers=levers,
        conversion=sum(share * rate for share, rate in zip(shares, rates, strict=True)),
        channels=tuple(channel.name for channel in channels),
        rates_before=tuple(channel.won_before / channel.closed_before for channel in channels),
        rates=rates,
        shares_before=shares_before,
        shares=shares,
        before=sum(channel.won_before for channel in channels) / all_before,
    )


@cache
def _channels() -> list[Channel]:
    return [
        Channel(name, first.numerator, first.denominator, second.numerator, second.denominator)
        for name, (first, second) in channel_rates().items()
    ]


_LABEL = N_("Mix of channels (0%: first quarter, 100%: second)")
MIX = Model(
    "mix",
    N_("The mix: every channel rises"),
    (Lever("mix", _LABEL, "percent", 0, 1, 0.05, 1, lowers="conversion"),),
    lambda levers: mixed(_channels(), levers),
    picture="trap_pictures.MIX",
)
