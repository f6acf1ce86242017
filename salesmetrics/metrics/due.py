"""Which open deals count: open on a day, due in a period, in some of the stages; and what is said of the others."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from typing import Any

import narwhals as nw

from salesmetrics.base.errors import SalesMetricsError
from salesmetrics.base.language import _, date, money
from salesmetrics.deals.periods import (
    Day,
    Period,
    by_day,
    closed_by,
    latest_day,
    open_at,
    read_day,
    read_period,
    within,
)
from salesmetrics.metrics.sums import COUNTS, WON, names_of, note, one, sum_of


def moment(
    frame: nw.LazyFrame[Any], as_of: Day | None, period: Period | str | Sequence[Day] | None
) -> tuple[datetime.date | None, Period | None]:
    """Read the day to look at and the period in which deals are due; too late a look back is refused.

    With a period there always is a day: only that can tell which of the deals that are due are late already.
    """
    day = read_day(as_of) if as_of is not None else None
    span = read_period(period) if period is not None else None
    return (day_of(frame, day, span) if span else day), span


def day_of(frame: nw.LazyFrame[Any], day: datetime.date | None, span: Period) -> datetime.date:
    """Give the day to look at the deals due in a period; too late a look back is refused."""
    latest = latest_day(frame, default=day)
    if day and day < latest and span.last < latest:
        raise SalesMetricsError(
            _("The period ended on {last}, and the table goes on to {latest}.").format(
                last=date(span.last), latest=date(latest)
            ),
            hint=_(
                "Closed deals no longer carry the date on which they were expected, so the coverage of then "
                "cannot be rebuilt. Use an export made on that day."
            ),
        )
    return day or latest


def counted(day: datetime.date | None, span: Period | None, stages: Sequence[str] | None = None) -> nw.Expr:
    """Hold where a deal counts in the coverage: open at the end of the day, due in the period, in one of the stages."""
    counts = open_at(day)
    if stages is not None:
        if not names_of(stages):
            raise SalesMetricsError(
                _("{option} cannot be {found}.").format(option="stages", found=repr(stages)),
                hint=_("Name at least one stage, or leave stages= out."),
            )
        counts = counts & nw.col("stage").is_in(names_of(stages))
    return counts & within("expected_close_on", span) if span else counts


def marked(
    frame: nw.LazyFrame[Any], day: datetime.date | None, span: Period | None, stages: Sequence[str] | None
) -> nw.LazyFrame[Any]:
    """Write beside each deal what :func:`coverage_columns` asks of it more than once."""
    won = closed_by(day, "won")
    if span:
        won = won & within("closed_on", span)
    return frame.with_columns(counted(day, span, stages).alias(COUNTS), won.alias(WON))


def coverage_columns(
    day: datetime.date | None, span: Period | None, stages: Sequence[str] | None
) -> dict[str, nw.Expr]:
    """Say of each row of a :func:`marked` table what counts as open, as won, and what is left out and why."""
    is_open, counts, won = counted(day, None, stages), nw.col(COUNTS), nw.col(WON)
    columns = {
        "open": sum_of("amount", counts),
        "won": sum_of("amount", won),
        "deals": one(counts),
        "without_amount": one(counts & nw.col("amount").is_null()),
        "won_without_amount": one(won & nw.col("amount").is_null()),
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
