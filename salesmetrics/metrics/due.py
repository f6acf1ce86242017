"""Which open deals count: open on a day, due in a period; and what is said of the others."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any

import narwhals as nw

from salesmetrics.base.errors import SalesMetricsError
from salesmetrics.base.language import _, date, money
from salesmetrics.deals.periods import Period, by_day, closed_by, open_at, within
from salesmetrics.deals.pipeline import Pipeline
from salesmetrics.metrics.sums import COUNTS, WON, note, one, sum_of, totals


def moment(mine: Pipeline) -> tuple[datetime.date | None, Period | None]:
    """Give the day to look at and the period in which deals are due; what can't be told of them is refused.

    With a period there always is a day: only that can tell which of the deals that are due are late already.
    """
    span, latest = mine.period, mine.facts.latest
    if span is None:
        return mine.as_of, None
    if mine.facts.open and not mine.facts.expected:
        raise SalesMetricsError(
            _("No open deal has an expected date, so none is due in the period."),
            hint=_("Give the column expected_close_on, or leave out period=: all open deals count then."),
        )
    if mine.as_of and latest and mine.as_of < latest and span.last < latest:
        raise SalesMetricsError(
            _("The period ended on {last}, and the table goes on to {latest}.").format(
                last=date(span.last), latest=date(latest)
            ),
            hint=_(
                "Closed deals no longer carry the date on which they were expected, so the coverage of then "
                "cannot be rebuilt. Use an export made on that day."
            ),
        )
    return mine.day, span


def counted(day: datetime.date | None, span: Period | None) -> nw.Expr:
    """Hold where a deal counts in the coverage: open at the end of the day, and due in the period."""
    return open_at(day) & within("expected_close_on", span) if span else open_at(day)


def marked(frame: nw.LazyFrame[Any], day: datetime.date | None, span: Period | None) -> nw.LazyFrame[Any]:
    """Write beside each deal what :func:`coverage_columns` asks of it more than once."""
    won = closed_by(day, "won")
    if span:
        won = won & within("closed_on", span)
    return frame.with_columns(counted(day, span).alias(COUNTS), won.alias(WON))


def coverage_columns(day: datetime.date | None, span: Period | None) -> dict[str, nw.Expr]:
    """Say of each row of a :func:`marked` table what counts as open, as won, and what is left out and why."""
    is_open, counts, won = open_at(day), nw.col(COUNTS), nw.col(WON)
    columns = {
        "open": sum_of("amount", counts),
        "won": sum_of("amount", won),
        "deals": one(counts),
        "without_amount": one(counts & nw.col("amount").is_null()),
        "won_without_amount": one(won & nw.col("amount").is_null()),
        "won_deals": one(closed_by(day, "won")),
        "lost_deals": one(closed_by(day, "lost")),
    }
    # A comparison with an empty date is empty, not false, so "open but not due" is all that is open minus what counts.
    columns["outside"] = sum_of("amount", is_open) - columns["open"]
    columns["outside_deals"] = one(is_open) - columns["deals"]
    overdue = counts & by_day("expected_close_on", day) if span and day else nw.lit(False)
    columns["overdue"] = one(overdue)
    return columns


def notes_on(sums: Mapping[str, float], currency: str) -> list[str]:
    """Say of the sums of :func:`coverage_columns` what was left out of what is open, and what is odd in it."""
    return [
        *note(
            sums["without_amount"],
            "{count} open deal has no amount and is not in the sum.",
            "{count} open deals have no amount and are not in the sum.",
        ),
        *note(
            sums["outside_deals"],
            "{count} open deal, {money}, is not due in the period and was left out.",
            "{count} open deals, {money}, are not due in the period and were left out.",
            money=money(sums["outside"], currency),
        ),
        *note(
            sums["overdue"],
            "{count} deal that counts is past its expected day.",
            "{count} deals that count are past their expected day.",
        ),
    ]


def notes_of(mine: Pipeline) -> tuple[str, ...]:
    """Say what was left out of a pipeline, and what is odd in it."""
    return (*mine.notes, *notes_on(due_sums(mine), mine.currency))


def due_sums(mine: Pipeline) -> dict[str, float]:
    """Give the sums of :func:`coverage_columns` over the pipeline, worked out once."""
    day, span = moment(mine)
    frame = mine.frame(["status", "amount", "created_on", "closed_on", *(["expected_close_on"] if span else [])])
    return mine.keep("due", lambda: totals(marked(frame, day, span), coverage_columns(day, span)))
