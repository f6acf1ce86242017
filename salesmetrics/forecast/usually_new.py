"""What usually comes new in the rest of a quarter: what past quarters won in it from deals that began in it."""

from __future__ import annotations

from salesmetrics.base.errors import SalesMetricsError
from salesmetrics.base.language import _
from salesmetrics.deals.periods import is_quarter, quarter_number
from salesmetrics.deals.pipeline import Pipeline
from salesmetrics.forecast.past_quarters import FEWEST_QUARTERS, past_quarters
from salesmetrics.forecast.quarter_history import history_of_quarters


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
        return None, words.format(reason=refusal.what.rstrip("."))
    if len(past.quarters) < FEWEST_QUARTERS:
        return None, words.format(reason=_("there are too few past quarters to tell"))
    begun_and_won = history_of_quarters(mine).begun_and_won
    sums = [begun_and_won[quarter_number(quarter.period.first)] for quarter in past.quarters]
    return sum(sums) / len(sums), ""
