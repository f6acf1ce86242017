"""The quarter under way or next: what it begins with beside past ones, what usually comes new, and the two after it."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from itertools import islice

import narwhals as nw

from salesmetrics.base.errors import SalesMetricsError
from salesmetrics.base.language import _, money, percent, times
from salesmetrics.deals.periods import (
    Period,
    following,
    is_quarter,
    open_at,
    quarter_name,
    quarter_number,
    within,
)
from salesmetrics.deals.pipeline import Pipeline
from salesmetrics.forecast.past_quarters import FEWEST_QUARTERS, PastQuarters, past_quarters
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
    return sum(quarter.begun_and_won for quarter in past.quarters) / len(past.quarters), ""


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
