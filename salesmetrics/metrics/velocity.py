"""How fast: what the pipeline brings per day; how old the open deals are, and how long the closed ones took.

The ages are one small table, whatever the size of the pipeline.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import narwhals as nw

from salesmetrics.base.errors import SalesMetricsError
from salesmetrics.base.language import _, money, number, percent
from salesmetrics.base.show import Result, Shown, figure
from salesmetrics.base.typed_numbers import is_empty
from salesmetrics.deals.periods import Day, Period, by_day, closed_by, day_number
from salesmetrics.deals.pipeline import Pipeline, pipeline
from salesmetrics.metrics.coverage import counted, day_and_period
from salesmetrics.metrics.sums import COUNTS, WON, flag, rows_of, sum_of, totals

SHARE_OF_WINS = 0.9
FEWEST_WON = 10
_LOST, _LATE = "· lost", "· late"


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
        Nothing was won yet, no closed deal has both dates, they took no days by them, or a past ``as_of`` is asked
        for a period that has ended since.

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
    if sums["dated"] and sums["days"] <= 0:
        raise SalesMetricsError(
            _("By its days, what was won or lost took {days} days on average, so there is no velocity.").format(
                days=number(sums["days"] / sums["dated"])
            ),
            hint=_("Check created_on and closed_on: most deals were closed on the day they came in, or before."),
        )
    if not sums["dated"]:
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


class Age(NamedTuple):
    """One row of :func:`ages`."""

    stage: str | None
    days: int | None
    deals: float
    amount: float
    overdue: float
    overdue_amount: float
    won: float
    closed: float


def ages(mine: Pipeline) -> nw.LazyFrame[Any]:
    """Return, per stage and number of days, the open deals of that age that count and the closed that took so long.

    ``days`` is empty where no day of creation is known, ``stage`` where the table has no stages.
    """
    is_open, day = counted(mine), mine.day
    frame = mine.frame(["status", "amount", "created_on", "closed_on", "expected_close_on"], quick=True)
    if "stage" not in frame.collect_schema().names():
        frame = frame.with_columns(stage=nw.lit(None, dtype=nw.String))
    frame = frame.with_columns(
        is_open.fill_null(False).alias(COUNTS),
        closed_by(day, "won").fill_null(False).alias(WON),
        closed_by(day, "lost").fill_null(False).alias(_LOST),
    )
    counts, won, lost = nw.col(COUNTS), nw.col(WON), nw.col(_LOST)
    until = nw.when(counts).then(day.toordinal()).otherwise(day_number(nw.col("closed_on")))
    frame = frame.filter(counts | won | lost).with_columns(
        (counts & by_day("expected_close_on", day)).alias(_LATE),
        (until - day_number(nw.col("created_on"))).cast(nw.Float64).alias("days"),
    )
    columns = {
        "deals": flag(counts),
        "amount": sum_of("amount", counts),
        "overdue": flag(nw.col(_LATE)),
        "overdue_amount": sum_of("amount", nw.col(_LATE)),
        "won": flag(won),
        "closed": flag(won | lost),
    }
    rows = rows_of(frame, ["stage", "days"], columns)
    return rows.group_by("stage", "days").agg(*[nw.sum(name).alias(name) for name in Age._fields[2:]])


def ages_of(mine: Pipeline) -> list[Age]:
    """Return the rows of :func:`ages`, worked out once."""
    return mine.keep("ages", lambda: _rows(mine))


def _rows(mine: Pipeline) -> list[Age]:
    found = ages(mine).select(*Age._fields).sort("stage", "days", nulls_last=True)
    rows = [
        Age(stage if isinstance(stage, str) else None, None if is_empty(days) else int(days), *sums)
        for stage, days, *sums in found.collect().rows()
    ]
    # Whoever asks it next does not go over the table for it.
    mine.keep("wins by days", lambda: _by_days((row.days, row.won) for row in rows))
    return rows


def wins_by_days(mine: Pipeline) -> dict[int, int]:
    """Count the won deals by the number of days they took; without those that were closed before they were created."""

    def count() -> dict[int, int]:
        frame = mine.frame(["status", "created_on", "closed_on"], quick=True).filter(closed_by(mine.day, "won"))
        took = day_number(nw.col("closed_on")) - day_number(nw.col("created_on"))
        rows = frame.select(days=took.cast(nw.Float64), won=nw.lit(1.0))
        return _by_days(rows.group_by("days").agg(nw.sum("won").alias("won")).collect().rows())

    return mine.keep("wins by days", count)


def _by_days(rows: Iterable[tuple[Any, Any]]) -> dict[int, int]:
    took: dict[int, int] = {}
    for days, won in rows:
        if won and not is_empty(days) and days >= 0:
            took[int(days)] = took.get(int(days), 0) + int(won)
    return took


def days_within_which(took: Mapping[int, int], share: float) -> int:
    """Return the number of days within which at least this share of the deals was closed.

    Parameters
    ----------
    took
        How many deals took so many days; at least one deal.
    share
        Of the deals, above 0 and at most 1: ½ gives the median, 0.9 what nine in ten took at most.

    Examples
    --------
    >>> days_within_which({10: 5, 20: 4, 90: 1}, 0.9), days_within_which({10: 5, 20: 5}, 0.5)
    (20, 10)
    """
    # A hair of rounding must not ask for one deal more: 0.9 × 10 deals is the ninth.
    wanted = math.ceil(share * sum(took.values()) - 1e-9)
    reached = 0
    for days, deals in sorted(took.items()):
        reached += deals
        if reached >= wanted:
            return days
    return max(took)
