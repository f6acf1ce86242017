"""The line beside the situation: what past quarters began with, and where that and the situation point apart."""

from __future__ import annotations

import datetime

import narwhals as nw

from salesmetrics.base.errors import SalesMetricsError
from salesmetrics.base.language import _, money, percent, times
from salesmetrics.deals.periods import is_quarter, open_at, quarter_name, quarter_number
from salesmetrics.deals.pipeline import Pipeline
from salesmetrics.forecast.past_quarters import PastQuarters, past_quarters
from salesmetrics.metrics.sums import Asked, sum_of, sums_of


def past_quarters_line(mine: Pipeline, situation: str | None) -> str:
    """Describe what past quarters began with, and with what the quarter begins that is next or under way.

    Parameters
    ----------
    mine
        A pipeline with a target. Its multiple of past quarters is held against all that is or was open when its quarter
        begins, never against the deals that are due: the due dates of past quarters are gone.
    situation
        The one that coverage × conversion says; None where it says none.

    Returns
    -------
    One line; where past quarters can't be told, the reason. Where the two point apart the line says so, and why they
    can: past quarters also won new deals, or carried some over.

    Examples
    --------
    >>> import salesmetrics as sm
    >>> print(past_quarters_line(sm.scenario("startup"), "full but leaky"))
    What your quarters began with: too few quarters to tell.
    """
    try:
        found: PastQuarters = past_quarters(mine)
    except SalesMetricsError as refusal:
        return _("What your quarters began with: {reason}.").format(reason=refusal.what.rstrip("."))
    asked = opening_asked(mine)
    if found.multiple.value is None or not asked or mine.period is None:
        return found.line
    opening = sums_of(mine, *asked)[0]["amount"]
    words = (
        _("{quarter} began with {coverage} its target, all open deals counted: {opening} open ÷ {target}.")
        if mine.day >= mine.period.first
        else _("{quarter} begins with {coverage} its target, all open deals counted: {opening} open ÷ {target}.")
    )
    began = words.format(
        quarter=quarter_name(mine.period.first),
        coverage=times(opening / mine.aim()),
        opening=money(round(opening), mine.currency),
        target=money(mine.aim(), mine.currency),
    )
    return " ".join(filter(None, [found.line, began, _apart(found, opening / mine.aim(), situation)]))


def opening_asked(mine: Pipeline) -> list[Asked]:
    """Ask what is open as the pipeline's quarter begins; nothing where that is no quarter, or not the next or this."""
    span = mine.period
    if span is None or not is_quarter(span) or quarter_number(span.first) - quarter_number(mine.day) not in (0, 1):
        return []
    eve = min(mine.day, span.first - datetime.timedelta(days=1))
    # As for past quarters: without a day of creation nobody knows whether a deal was there.
    counted = open_at(eve) & ~nw.col("created_on").is_null()
    return [Asked("opening", ["amount"], lambda: {"amount": sum_of("amount", counted)})]


def _apart(found: PastQuarters, coverage: float, situation: str | None) -> str:
    # As they are written: "3.0×, less than 3.0×" would be no reason.
    enough = round(coverage, 1) >= round(float(found.multiple), 1)
    if situation is None or enough == (situation == "healthy"):
        return ""
    if enough:
        return _(
            "The two point apart: that is no less than past quarters began with, yet coverage × conversion falls "
            "short. It counts nothing new, and {new} of what those quarters won was new."
        ).format(new=percent(float(found.new_share), 0))
    return _(
        "The two point apart: that is less than past quarters began with, yet coverage × conversion is enough. It has "
        "all decided in time, and those quarters carried over {carried} of what was open."
    ).format(carried=percent(float(found.carried_share), 0))
