"""What stands beside a period: the two after it with the coverage of each, and what usually comes new in its rest."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import islice

import narwhals as nw

from salesmetrics.base.errors import SalesMetricsError
from salesmetrics.base.language import _
from salesmetrics.deals.periods import Period, following, is_quarter, open_at, quarter_number, within
from salesmetrics.deals.pipeline import Pipeline
from salesmetrics.forecast.past_quarters import FEWEST_QUARTERS, past_quarters
from salesmetrics.forecast.quarter_history import history_of_quarters
from salesmetrics.metrics.ratio import Ratio
from salesmetrics.metrics.sums import Asked, flag, sum_of, sums_of

LATER_PERIODS = 2


def periods_of(mine: Pipeline) -> list[Period]:
    """Return the pipeline's period and the two after it, each as long; none where it has no period."""
    return [mine.period, *islice(following(mine.period), LATER_PERIODS)] if mine.period else []


def side_by_side_asked(mine: Pipeline) -> Asked:
    """Return what :func:`side_by_side` asks of a pipeline, in one pass for the three periods."""
    columns: dict[str, nw.Expr] = {}
    for at, period in enumerate(periods_of(mine)):
        due = open_at(mine.as_of) & within("expected_close_on", period)
        columns[f"open {at}"] = sum_of("amount", due)
        columns[f"known {at}"] = flag(due & ~nw.col("amount").is_null())
        columns[f"deals {at}"] = flag(due)
    needed = ["status", "amount", "created_on", "closed_on", "expected_close_on"]
    return Asked("side by side", needed, lambda: columns)


def side_by_side(mine: Pipeline, targets: Mapping[Period, float]) -> tuple[tuple[Period, Ratio], ...]:
    """Return the coverage of each of the three periods, held against its own target or else the pipeline's.

    Examples
    --------
    >>> import salesmetrics as sm
    >>> [round(float(covered), 1) for _period, covered in side_by_side(sm.scenario("startup"), {})]
    [5.0, 1.0, 0.0]
    """
    periods = periods_of(mine)
    [sums] = sums_of(mine, side_by_side_asked(mine)) if periods else [{}]
    return tuple(
        (
            period,
            Ratio(
                numerator=sums[f"open {at}"],
                denominator=targets.get(period, mine.aim()),
                unit="×",
                counts="money",
                definition=_("pipeline coverage"),
                numerator_label=_("open"),
                denominator_label=_("target"),
                # A sum of nothing known is unknown, not 0.
                no_value=_("no amounts known") if sums[f"deals {at}"] and not sums[f"known {at}"] else "",
                currency=mine.currency,
            ),
        )
        for at, period in enumerate(periods)
    )


def usually_new(mine: Pipeline) -> tuple[float | None, str]:
    """Average what past whole quarters won from deals created after the same day of theirs.

    Returns
    -------
    The average and an empty text; or None, and why it can't be told.
    """
    words = _("What usually comes new after this day is left out: {reason}.")
    if mine.period is None or not is_quarter(mine.period):
        return None, words.format(reason=_("the period is no quarter"))
    try:
        past = past_quarters(mine)
    except SalesMetricsError as refusal:
        return None, words.format(reason=refusal.what[:1].lower() + refusal.what[1:].rstrip("."))
    if len(past.quarters) < FEWEST_QUARTERS:
        return None, words.format(reason=_("there are too few past quarters to tell"))
    begun_and_won = history_of_quarters(mine).begun_and_won
    sums = [begun_and_won[quarter_number(quarter.period.first)] for quarter in past.quarters]
    return sum(sums) / len(sums), ""
