"""Which open deals count: open on a day, due in a period; and what is said of the others."""

from __future__ import annotations

import datetime
from collections.abc import Mapping

import narwhals as nw

from salesmetrics.base.errors import SalesMetricsError
from salesmetrics.base.language import _, aside, date
from salesmetrics.deals.periods import Period, by_day, closed_by, open_at, within
from salesmetrics.deals.pipeline import Pipeline
from salesmetrics.metrics.sums import COUNTS, WON, Asked, flag, note, sum_of, sums_of

_OPEN, _EVER_WON = "· open", "· ever won"


def day_and_period(mine: Pipeline) -> tuple[datetime.date | None, Period | None]:
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


def beside(day: datetime.date | None, span: Period | None) -> dict[str, nw.Expr]:
    """Say what to write beside each deal, since :func:`coverage_columns` asks it more than once."""
    won = closed_by(day, "won")
    won_so_far = won & within("closed_on", span) if span else won
    return {COUNTS: counted(day, span), WON: won_so_far, _OPEN: open_at(day), _EVER_WON: won}


def coverage_columns(day: datetime.date | None, span: Period | None) -> dict[str, nw.Expr]:
    """Say of each row with what is :func:`beside` it, what counts as open, as won, and what is left out and why."""
    is_open, counts, won = nw.col(_OPEN), nw.col(COUNTS), nw.col(WON)
    columns = {
        "open": sum_of("amount", counts),
        "squares": sum_of("amount", counts) * nw.col("amount").fill_null(0.0),
        "won": sum_of("amount", won),
        "deals": flag(counts),
        "without_amount": flag(counts & nw.col("amount").is_null()),
        "won_without_amount": flag(won & nw.col("amount").is_null()),
        "won_deals": flag(nw.col(_EVER_WON)),
        "lost_deals": flag(closed_by(day, "lost")),
    }
    # A comparison with an empty date is empty, not false, so "open but not due" is all that is open minus what counts.
    columns["outside"] = sum_of("amount", is_open) - columns["open"]
    columns["outside_deals"] = flag(is_open) - columns["deals"]
    overdue = counts & by_day("expected_close_on", day) if span and day else nw.lit(False)
    columns["overdue"] = flag(overdue)
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
            "{count} open deal{aside} is not due in the period and was left out.",
            "{count} open deals{aside} are not due in the period and were left out.",
            aside=aside(sums["outside"], currency),
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


def due_asked(mine: Pipeline) -> Asked:
    """Say what counting the open deals that are due asks of a pipeline."""
    day, span = day_and_period(mine)
    needed = ["status", "amount", "created_on", "closed_on", "expected_close_on"]
    return Asked("due", needed, lambda: coverage_columns(day, span), lambda: beside(day, span))


def due_sums(mine: Pipeline) -> dict[str, float]:
    """Give the sums of :func:`coverage_columns` over a pipeline."""
    return sums_of(mine, due_asked(mine))[0]
