"""How old the open deals are, and how long the closed ones took: one small table, whatever the size of the pipeline."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

import narwhals as nw

from salesmetrics.deals.cast import is_empty
from salesmetrics.deals.periods import by_day, closed_by, day_number
from salesmetrics.deals.pipeline import Pipeline
from salesmetrics.metrics.coverage import counted
from salesmetrics.metrics.sums import COUNTS, WON, flag, rows_of, sum_of

_LOST, _LATE = "· lost", "· late"
_SUMS = ("deals", "amount", "overdue", "overdue_amount", "won", "closed")


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
    return rows.group_by("stage", "days").agg(*[nw.sum(name).alias(name) for name in _SUMS])


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


def ages_of(mine: Pipeline) -> list[Age]:
    """Return the rows of :func:`ages`, worked out once."""
    return mine.keep("ages", lambda: _rows(mine))


def _rows(mine: Pipeline) -> list[Age]:
    found = ages(mine).select("stage", "days", *_SUMS).sort("stage", "days", nulls_last=True)
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
