"""What past quarters began with, for each team or whatever else tells deals apart."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import narwhals as nw

from salesmetrics.deals.periods import closed_by, quarter_expression
from salesmetrics.deals.pipeline import Pipeline
from salesmetrics.forecast.quarter_history import usable
from salesmetrics.metrics.sums import By, flag, frame_by, grouped, groups_of, like, ours

_CREATED, _CLOSED, _STATUS, _WORTH = "· created", "· closed", "· status", "· worth"


def opening_by_group(mine: Pipeline, by: By, places: Sequence[int], *, unit: str, most_unknown: float) -> Any:
    """Add up past quarters per group: the same quarters for each, so that the groups' sums are those of all deals.

    Parameters
    ----------
    mine
        The deals, with no stage at which they begin.
    by
        One column or more.
    places
        The numbers of the quarters that the whole table tells; none where they are too few.
    unit
        ``"amount"`` adds up money, ``"count"`` counts deals.
    most_unknown
        A group of which a larger share of the opening deals has no amount has no value, by money.

    Returns
    -------
    A table of the caller's own kind.
    """
    groups, as_of = groups_of(mine, by), mine.day
    ended = closed_by(as_of, "won", "lost")
    frame = frame_by(mine, ["status", "amount", "created_on", "closed_on"], groups)
    rows = usable(frame, as_of).with_columns(
        nw.when(ended).then(nw.col("status")).otherwise(nw.lit("open")).alias(_STATUS),
        nw.when(ended).then(quarter_expression("closed_on")).otherwise(nw.lit(10**6)).alias(_CLOSED),
        quarter_expression("created_on").alias(_CREATED),
        (nw.col("amount").fill_null(0.0) if unit == "amount" else nw.lit(1.0)).alias(_WORTH),
    )
    created, closed, status, worth = map(nw.col, (_CREATED, _CLOSED, _STATUS, _WORTH))
    # In how many of the quarters it was open when they began: it is counted in each of them.
    times = sum((flag((created < place) & (closed >= place)) for place in places), nw.lit(0.0))
    in_one = flag(closed.is_in(list(places)))
    before, won = flag(created < closed), flag(status == "won")
    unknown = nw.col("amount").is_null() | ((status == "lost") & (nw.col("amount") == 0))
    sums = {
        "opening": times * worth,
        "won": in_one * before * won * worth,
        "lost": in_one * before * flag(status == "lost") * worth,
        "new": in_one * (1 - before) * won * worth,
        "deals": times,
        "unknown": times * flag(unknown),
    }
    summed, _checked = grouped(mine, rows, groups, sums, [])
    opening, revenue = ours("opening"), ours("won") + ours("new")
    known = ours("unknown") <= (most_unknown if unit == "amount" else 1.0) * ours("deals")

    def share(part: nw.Expr, whole: nw.Expr) -> nw.Expr:
        return part / nw.when(known & (whole > 0)).then(whole)

    result = summed.select(
        *groups,
        numerator=opening,
        denominator=revenue,
        value=share(opening, revenue),
        opening_yield=share(ours("won"), opening),
        new_share=share(ours("new"), revenue),
        carried_share=share(opening - ours("won") - ours("lost"), opening),
    )
    return like(mine.deals, result.sort(*groups, nulls_last=True))
