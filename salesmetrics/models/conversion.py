"""The conversion rate to play with: one file of deals, three rates, and how far the first can be trusted."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from salesmetrics.base.language import N_
from salesmetrics.metrics.ratio import wilson
from salesmetrics.models import Lever, Model, Outcome


@dataclass(frozen=True, kw_only=True)
class ConversionOutcome(Outcome):
    """Three rates of the same deals, and what stands above and below each line.

    Parameters
    ----------
    won, lost, open
        Numbers of deals.
    won_money, lost_money
        What the won deals brought and the lost ones would have brought, in euros.
    interval
        Wilson's 95% interval of won ÷ closed: the true rates that fit what was seen. Wide says few deals are closed.
        ``None`` when none is.
    conversion_created
        Won ÷ all created, so far: open deals count as not won, so it still grows. ``None`` without deals.
    conversion_money
        By money instead of by count. Below ``conversion`` says that the larger deals are lost. ``None`` when no deal
        is closed.
    """

    won: int
    lost: int
    open: int
    won_money: float
    lost_money: float
    interval: tuple[float, float] | None
    conversion_created: float | None
    conversion_money: float | None


def outcome(levers: Mapping[str, float]) -> ConversionOutcome:
    """Divide what was won by what was closed, by what was created, and by money.

    While no deal is closed there is nothing to divide by, and no rate.

    Examples
    --------
    The consultancy's file: 60%, 50% or 46.8%, and none of the three is wrong.

    >>> step = outcome({"won": 36, "lost": 24, "open": 17, "mean_won": 60_000, "mean_lost": 90_000})
    >>> step.conversion, step.conversion_money, round(step.conversion_created, 3)
    (0.6, 0.5, 0.468)
    >>> [round(end, 3) for end in step.interval]
    [0.474, 0.714]
    """
    won, lost, still_open = (round(levers[name]) for name in ("won", "lost", "open"))
    closed, created = won + lost, won + lost + still_open
    won_money, lost_money = won * levers["mean_won"], lost * levers["mean_lost"]
    return ConversionOutcome(
        levers=levers,
        won=won,
        lost=lost,
        open=still_open,
        conversion=won / closed if closed else None,
        won_money=won_money,
        lost_money=lost_money,
        interval=wilson(won, closed) if closed else None,
        conversion_created=won / created if created else None,
        conversion_money=won_money / (won_money + lost_money) if closed else None,
    )


_MEAN_WON, _MEAN_LOST = N_("Mean amount of a won deal"), N_("Mean amount of a lost deal")
MODEL = Model(
    "conversion",
    N_("Pipeline conversion rate"),
    (
        Lever("won", N_("Won deals"), "count", 0, 100, 1, 36, raises="conversion"),
        Lever("lost", N_("Lost deals"), "count", 0, 250, 1, 24, lowers="conversion"),
        Lever("open", N_("Open deals"), "count", 0, 250, 1, 17, lowers="conversion_created"),
        Lever("mean_won", _MEAN_WON, "money", 5_000, 200_000, 5_000, 60_000, raises="conversion_money"),
        Lever("mean_lost", _MEAN_LOST, "money", 5_000, 200_000, 5_000, 90_000, lowers="conversion_money"),
    ),
    outcome,
)
