"""How old the open deals are, and how long the closed ones took: one small table, whatever the size of the pipeline."""

from __future__ import annotations

from typing import Any, NamedTuple

import narwhals as nw

from salesmetrics.deals.cast import is_empty
from salesmetrics.deals.periods import by_day, closed_by, day_number
from salesmetrics.deals.pipeline import Pipeline
from salesmetrics.metrics.due import counted, moment
from salesmetrics.metrics.sums import one, rows_of, sum_of

_SUMS = ("deals", "amount", "overdue", "overdue_amount", "won", "closed")


def ages(mine: Pipeline) -> nw.LazyFrame[Any]:
    """Give, per stage and number of days, the open deals of that age that count and the closed ones that took so long.

    ``days`` is empty where no day of creation is known, ``stage`` where the table has no stages.
    """
    given, span = moment(mine)
    day = given or mine.day
    counts, won, closed = counted(given, span), closed_by(day, "won"), closed_by(day, "won", "lost")
    late = counts & by_day("expected_close_on", day)
    frame = mine.frame(["status", "amount", "created_on", "closed_on", "expected_close_on"])
    if "stage" not in frame.collect_schema().names():
        frame = frame.with_columns(stage=nw.lit(None, dtype=nw.String))
    until = nw.when(counts).then(day.toordinal()).otherwise(day_number(nw.col("closed_on")))
    days = nw.when(~nw.col("created_on").is_null()).then(until - day_number(nw.col("created_on")))
    columns = {
        "deals": one(counts),
        "amount": sum_of("amount", counts),
        "overdue": one(late),
        "overdue_amount": sum_of("amount", late),
        "won": one(won),
        "closed": one(closed),
    }
    frame = frame.filter(counts | closed).with_columns(days=days.cast(nw.Float64))
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
    """Give the rows of :func:`ages`, worked out once."""
    return mine.keep("ages", lambda: _rows(mine))


def _rows(mine: Pipeline) -> list[Age]:
    rows = ages(mine).select("stage", "days", *_SUMS).sort("stage", "days", nulls_last=True).collect().rows()
    return [
        Age(stage if isinstance(stage, str) else None, None if is_empty(days) else int(days), *sums)
        for stage, days, *sums in rows
    ]
