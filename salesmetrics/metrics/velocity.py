"""Velocity: what the pipeline brings per day."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import narwhals as nw

from salesmetrics.base.errors import SalesMetricsError
from salesmetrics.base.language import _, money, number, percent
from salesmetrics.base.show import Result, Shown, figure
from salesmetrics.deals.periods import Day, Period, closed_by, day_number
from salesmetrics.deals.pipeline import Pipeline, pipeline
from salesmetrics.metrics.coverage import counted, day_and_period
from salesmetrics.metrics.sums import flag, sum_of, totals


@dataclass(frozen=True, repr=False, kw_only=True)
class Velocity(Result):
    """What the pipeline brings per day, with its four parts: ``float()`` of it is that amount.

    Parameters
    ----------
    open_deals
        How many deals are open.
    conversion
        Won ÷ closed.
    mean_won_amount
        The mean of what won deals brought.
    mean_days
        The mean number of days from creation to closing, over **all** closed deals.
    currency
        The code of the money's currency; empty where it is not known.
    """

    open_deals: int
    conversion: float
    mean_won_amount: float
    mean_days: float
    currency: str = ""

    def __float__(self) -> float:
        return self.open_deals * self.conversion * self.mean_won_amount / self.mean_days

    def shown(self) -> Shown:
        """Return the sum as on paper."""
        line = _("{value} a day = {deals} open deals × {rate} × {amount} ÷ {days} days").format(
            value=money(round(float(self)), self.currency),
            deals=number(self.open_deals),
            rate=percent(self.conversion),
            amount=money(round(self.mean_won_amount), self.currency),
            days=number(self.mean_days),
        )
        return figure(line)


def velocity(
    deals: Any,
    *,
    as_of: Day | None = None,
    period: Period | str | Sequence[Day] | None = None,
    stages: Sequence[str] | None = None,
    start: str | None = None,
) -> Velocity:
    """Compute what the pipeline brings per day: open deals × conversion × mean won amount ÷ mean days to close.

    Low says few deals, few wins, small deals or slow ones: look at which part is low. High in one part can hide
    another.

    Parameters
    ----------
    deals
        A pipeline, or a table of deals; see :func:`salesmetrics.pipeline`.
    as_of, period, stages, start
        As for :func:`salesmetrics.pipeline`. The period says which open deals count; rates, amounts and days are those
        of all deals closed by ``as_of``.

    Raises
    ------
    SalesMetricsError
        Nothing was won yet, no closed deal has both dates, or a past ``as_of`` is asked for a period that has ended
        since.

    Notes
    -----
    The formula is common usage in the trade and has no one author; most take the days of won deals alone. Here the
    days are those of all closed deals. Taking the winners' own days alone would leave out the time that lost
    deals take: 100 × 0.1 × € 25,000 ÷ 73 days is € 3,425 a day; by the winners' 100 days it would say € 2,500.

    Examples
    --------
    >>> import salesmetrics as sm
    >>> sm.velocity(sm.scenario("startup")).open_deals
    100
    """
    mine = pipeline(deals, as_of=as_of, period=period, stages=stages, start=start)
    sums = mine.keep("velocity", lambda: _sums(mine))
    if not sums["won_with_amount"]:
        raise SalesMetricsError(
            _("No deal with an amount was won yet, so there is no velocity."),
            hint=_("Come back after the first wins, or look at the coverage."),
        )
    if sums["days"] <= 0:
        raise SalesMetricsError(
            _("The closed deals do not say how many days they took."),
            hint=_("Fill in created_on and closed_on of the closed deals."),
        )
    return Velocity(
        open_deals=int(sums["open"]),
        conversion=sums["won"] / sums["closed"],
        mean_won_amount=sums["won_amount"] / sums["won_with_amount"],
        mean_days=sums["days"] / sums["dated"],
        currency=mine.currency,
    )


def _sums(mine: Pipeline) -> dict[str, float]:
    day, _span = day_and_period(mine)
    won, closed = closed_by(day, "won"), closed_by(day, "won", "lost")
    dated = closed & ~nw.col("created_on").is_null()
    columns = {
        "open": flag(counted(mine)),
        "won": flag(won),
        "closed": flag(closed),
        "won_with_amount": flag(won & ~nw.col("amount").is_null()),
        "won_amount": sum_of("amount", won),
        "dated": flag(dated),
        "days": nw.when(dated).then(day_number(nw.col("closed_on")) - day_number(nw.col("created_on"))).otherwise(0),
    }
    return totals(mine.frame(["amount"], quick=True), columns)
