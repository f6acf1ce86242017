"""What usually comes new in the rest of a quarter: what past quarters won in it from deals that began in it."""

from __future__ import annotations

from salesmetrics.base.errors import SalesMetricsError
from salesmetrics.base.language import _
from salesmetrics.deals.periods import Period, by_day, closed_by, is_quarter, within
from salesmetrics.deals.pipeline import Pipeline
from salesmetrics.forecast.past_quarters import FEWEST_QUARTERS, past_quarters
from salesmetrics.forecast.quarter_history import usable
from salesmetrics.metrics.sums import sum_of, totals


def usually_new(mine: Pipeline, span: Period) -> tuple[float | None, str]:
    """Average what past whole quarters won from deals created after the same day of theirs.

    Returns
    -------
    The average and an empty text; or None, and why it can't be told.
    """
    words = _("What usually comes new after this day is left out: {reason}.")
    if not is_quarter(span):
        return None, words.format(reason=_("the period is no quarter"))
    try:
        past = past_quarters(mine)
    except SalesMetricsError as refusal:
        return None, words.format(reason=refusal.what.rstrip("."))
    if len(past.quarters) < FEWEST_QUARTERS:
        return None, words.format(reason=_("there are too few past quarters to tell"))
    columns = {}
    for quarter in past.quarters:
        then = quarter.period.first + (mine.day - span.first)
        won = closed_by(mine.as_of, "won") & within("closed_on", quarter.period)
        columns[quarter.name] = sum_of("amount", won & ~by_day("created_on", then))
    frame = usable(mine.frame(["status", "amount", "created_on", "closed_on"], quick=True), mine.day)
    sums = mine.keep(("usually new", span.first), lambda: totals(frame, columns))
    return sum(sums.values()) / len(sums), ""
