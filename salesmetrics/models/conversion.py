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
        coverage=None,
        conversion=won / closed if closed else None,
        won=won,
        lost=lost,
        open=still_open,
        won_money=won_money,
        lost_money=lost_money,
        interval=wilson(won, closed) if closed else None,
        conversion_created=won / created if created else None,
        conversion_money=won_money / (won_money + lost_money) if closed else None,
    )


MODEL = Model(
    name="conversion",
    title=N_("Pipeline conversion rate"),
    levers=(
        Lever(
            name="won",
            label=N_("Won deals"),
            minimum=0,
            maximum=100,
            step=1,
            default=36,
            unit="count",
            raises="conversion",
        ),
        Lever(
            name="lost",
            label=N_("Lost deals"),
            minimum=0,
            maximum=250,
            step=1,
            default=24,
            unit="count",
            raises="conversion",
            better="lower",
        ),
        Lever(
            name="open",
            label=N_("Open deals"),
            minimum=0,
            maximum=250,
            step=1,
            default=17,
            unit="count",
            raises="conversion_created",
            better="lower",
        ),
        Lever(
            name="mean_won",
            label=N_("Mean amount of a won deal"),
            minimum=5_000,
            maximum=200_000,
            step=5_000,
            default=60_000,
            unit="money",
            raises="conversion_money",
        ),
        Lever(
            name="mean_lost",
            label=N_("Mean amount of a lost deal"),
            minimum=5_000,
            maximum=200_000,
            step=5_000,
            default=90_000,
            unit="money",
            raises="conversion_money",
            better="lower",
        ),
    ),
    outcome=outcome,
)
