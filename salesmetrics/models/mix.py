"""The mix: every channel of the agency rises, and the total moves with how many deals come from each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import NamedTuple

from salesmetrics.base.language import N_
from salesmetrics.models import Lever, Model, Outcome
from salesmetrics.models.traps import channel_rates


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


_MIX = N_("Mix of channels (0%: first quarter, 100%: second)")
MODEL = Model(
    "mix",
    N_("The mix: every channel rises"),
    (Lever("mix", _MIX, "percent", 0, 1, 0.05, 1, lowers="conversion"),),
    lambda levers: mixed(_channels(), levers),
)
