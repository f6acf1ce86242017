"""How old the open deals are and how long the closed ones took, in one small table; and which are stale.

Stale is what is open for longer than wins usually take, or past its expected day.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

import narwhals as nw

from salesmetrics.base.errors import SalesMetricsError
from salesmetrics.base.language import _, ngettext, number, percent
from salesmetrics.base.show import Result, Shown, listed
from salesmetrics.base.typed_numbers import is_empty
from salesmetrics.deals.periods import Day, Period, by_day, closed_by, day_number
from salesmetrics.deals.pipeline import Pipeline, pipeline
from salesmetrics.metrics.coverage import counted, current_coverage
from salesmetrics.metrics.ratio import Ratio
from salesmetrics.metrics.sums import COUNTS, WON, definition, flag, rows_of, sum_of

SHARE_OF_WINS = 0.9
FEWEST_WON = 10
_LOST, _LATE = "· lost", "· late"
_SUMS = ("deals", "amount", "overdue", "overdue_amount", "won", "closed")


def ages(mine: Pipeline) -> nw.LazyFrame[Any]:
    """Return, per stage and number of days, the open deals of that age that count and the closed that took so long.

    ``days`` is empty where no day of creation is known, ``stage`` where the table has no stages.
    """
    is_open, day = counted(mine), mine.day
    frame = mine.frame(["status", "amount", "created_on", "closed_on", "expected_close_on"], quick=True)
    if "stage" not in frame.collect_schema().names():
        frame = frame.with_columns(stage=nw.lit(None, dtype=nw.String))
    frame = frame.with_columns(
        is_open.fill_null(False).alias(COUNTS),
        closed_by(day, "won").fill_null(False).alias(WON),
        closed_by(day, "lost").fill_null(False).alias(_LOST),
    )
    counts, won, lost = nw.col(COUNTS), nw.col(WON), nw.col(_LOST)
    until = nw.when(counts).then(day.toordinal()).otherwise(day_number(nw.col("closed_on")))
    frame = frame.filter(counts | won | lost).with_columns(
        (counts & by_day("expected_close_on", day)).alias(_LATE),
        (until - day_number(nw.col("created_on"))).cast(nw.Float64).alias("days"),
    )
    columns = {
        "deals": flag(counts),
        "amount": sum_of("amount", counts),
        "overdue": flag(nw.col(_LATE)),
        "overdue_amount": sum_of("amount", nw.col(_LATE)),
        "won": flag(won),
        "closed": flag(won | lost),
    }
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
    """Return the rows of :func:`ages`, worked out once."""
    return mine.keep("ages", lambda: _rows(mine))


def _rows(mine: Pipeline) -> list[Age]:
    found = ages(mine).select("stage", "days", *_SUMS).sort("stage", "days", nulls_last=True)
    rows = [
        Age(stage if isinstance(stage, str) else None, None if is_empty(days) else int(days), *sums)
        for stage, days, *sums in found.collect().rows()
    ]
    # Whoever asks it next does not go over the table for it.
    mine.keep("wins by days", lambda: _by_days((row.days, row.won) for row in rows))
    return rows


def wins_by_days(mine: Pipeline) -> dict[int, int]:
    """Count the won deals by the number of days they took; without those that were closed before they were created."""

    def count() -> dict[int, int]:
        frame = mine.frame(["status", "created_on", "closed_on"], quick=True).filter(closed_by(mine.day, "won"))
        took = day_number(nw.col("closed_on")) - day_number(nw.col("created_on"))
        rows = frame.select(days=took.cast(nw.Float64), won=nw.lit(1.0))
        return _by_days(rows.group_by("days").agg(nw.sum("won").alias("won")).collect().rows())

    return mine.keep("wins by days", count)


def _by_days(rows: Iterable[tuple[Any, Any]]) -> dict[int, int]:
    took: dict[int, int] = {}
    for days, won in rows:
        if won and not is_empty(days) and days >= 0:
            took[int(days)] = took.get(int(days), 0) + int(won)
    return took


def days_within_which(took: Mapping[int, int], share: float) -> int:
    """Return the number of days within which at least this share of the deals was closed.

    Parameters
    ----------
    took
        How many deals took so many days; at least one deal.
    share
        Of the deals, above 0 and at most 1: ½ gives the median, 0.9 what nine in ten took at most.

    Examples
    --------
    >>> days_within_which({10: 5, 20: 4, 90: 1}, 0.9), days_within_which({10: 5, 20: 5}, 0.5)
    (20, 10)
    """
    # A hair of rounding must not ask for one deal more: 0.9 × 10 deals is the ninth.
    wanted = math.ceil(share * sum(took.values()) - 1e-9)
    reached = 0
    for days, deals in sorted(took.items()):
        reached += deals
        if reached >= wanted:
            return days
    return max(took)


@dataclass(frozen=True, repr=False, kw_only=True)
class Stale(Result):
    """How much of the pipeline is old or overdue, and what that does to the coverage.

    Parameters
    ----------
    older_than
        The age in days beyond which an open deal counts as old; None where too few deals were won to say.
    basis
        Where that age comes from, in words.
    old, old_amount
        Open deals that count and are older, in number and in money.
    overdue, overdue_amount
        Open deals that count and are past their expected day, old or not.
    undated
        Open deals that count but have no day of creation, and so no age.
    coverage, without_old, without_old_and_overdue
        The coverage as it is, and what remains of it. Far apart says that the coverage leans on deals that may be
        dead; it does not say that they are.
    late_wins
        Of the closed deals that took longer than ``older_than``, the share that was won after all. Near the usual
        rate says that age is no bad sign here.
    """

    older_than: int | None
    basis: str
    old: int
    old_amount: float
    overdue: int
    overdue_amount: float
    undated: int
    coverage: Ratio
    without_old: Ratio
    without_old_and_overdue: Ratio
    late_wins: Ratio

    def shown(self) -> Shown:
        """Return the coverage with and without these deals, what counts as old, and what became of them before."""
        lines = [
            _("With all open deals: {ratio}").format(ratio=self.coverage.line),
            _("Without old deals: {ratio}").format(ratio=self.without_old.line),
            _("Without old and overdue deals: {ratio}").format(ratio=self.without_old_and_overdue.line),
            self.basis,
        ]
        if self.late_wins.denominator:
            lines.append(_("Of the closed deals that took longer: {ratio}").format(ratio=self.late_wins.line))
        return listed(lines)


def stale_deals(
    deals: Any,
    *,
    target: float | None = None,
    period: Period | str | Sequence[Day] | None = None,
    as_of: Day | None = None,
    stages: Sequence[str] | None = None,
    start: str | None = None,
    older_than: int | None = None,
) -> Stale:
    """Compute how much of the coverage leans on deals that are old or overdue.

    Old is an assumption, not a law: an open deal is old when it has been open for longer than 9 in 10 of the won deals
    took. By that rule 1 win in 10 was old as well, so what became of old deals here is told beside it.

    Parameters
    ----------
    deals
        A pipeline, or a table of deals; see :func:`salesmetrics.pipeline`.
    target, period, as_of, stages, start
        As for :func:`salesmetrics.pipeline`.
    older_than
        The age in days beyond which a deal is old, 0 or more. By default worked out from at least 10 won deals.

    Raises
    ------
    SalesMetricsError
        As in :func:`coverage`; or ``older_than`` is no number of days.

    Examples
    --------
    >>> import salesmetrics as sm
    >>> found = stale_deals(sm.scenario("agency"))
    >>> found.older_than, found.old, round(float(found.without_old), 2)
    (139, 3, 5.89)
    """
    mine = pipeline(deals, target=target, period=period, as_of=as_of, stages=stages, start=start)
    now = current_coverage(mine)
    rows = ages_of(mine)
    limit, basis = _limit(mine, older_than)
    old = [row for row in rows if _longer(row, limit)]
    old_amount = math.fsum(row.amount for row in old)
    younger_and_late = math.fsum(row.overdue_amount for row in rows if not _longer(row, limit))
    return Stale(
        older_than=limit,
        basis=basis,
        old=int(sum(row.deals for row in old)),
        old_amount=old_amount,
        overdue=int(sum(row.overdue for row in rows)),
        overdue_amount=math.fsum(row.overdue_amount for row in rows),
        undated=int(sum(row.deals for row in rows if row.days is None)),
        coverage=now,
        without_old=_less(now, old_amount, _("without old deals")),
        without_old_and_overdue=_less(now, old_amount + younger_and_late, _("without old and overdue deals")),
        late_wins=_late_wins(old),
    )


def _longer(row: Age, limit: int | None) -> bool:
    return limit is not None and row.days is not None and row.days > limit


def _limit(mine: Pipeline, given: int | None) -> tuple[int | None, str]:
    if given is not None:
        if isinstance(given, bool) or not isinstance(given, int) or not 0 <= given < 36_525:
            raise SalesMetricsError(
                _("“{found}” is no number of days.").format(found=given),
                hint=_("Say after how many days an open deal is old, for example older_than=180."),
            )
        return given, _("Old: open for more than {days} days, as was said.").format(days=number(given))
    took = wins_by_days(mine)
    won = sum(took.values())
    if won < FEWEST_WON:
        return None, ngettext(
            "From which age a deal is old can’t be told: {count} won deal with both dates, and it takes {fewest}.",
            "From which age a deal is old can’t be told: {count} won deals with both dates, and it takes {fewest}.",
            won,
        ).format(count=number(won), fewest=FEWEST_WON)
    limit = days_within_which(took, SHARE_OF_WINS)
    return limit, _(
        "Old: open for more than {days} days. At least {share} of the {count} won deals took no longer; that is an "
        "assumption to change, not a law."
    ).format(days=number(limit), share=percent(SHARE_OF_WINS, 0), count=number(won))


def _late_wins(longer: Sequence[Age]) -> Ratio:
    closed = int(sum(row.closed for row in longer))
    return Ratio(
        numerator=int(sum(row.won for row in longer)),
        denominator=closed,
        unit="%",
        counts="deals",
        definition=_("won among closed deals that took longer"),
        numerator_label=_("won"),
        denominator_label=_("closed"),
        no_value="" if closed else _("no closed deal took longer"),
    )


def _less(whole: Ratio, amount: float, what: str) -> Ratio:
    return replace(whole, numerator=whole.numerator - amount, definition=definition(whole.definition, what), notes=())
