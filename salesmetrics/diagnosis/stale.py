"""Stale deals: open for longer than wins usually take, or past their expected day; and the coverage without them."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from salesmetrics.base.errors import SalesMetricsError
from salesmetrics.base.language import _, ngettext, number, percent
from salesmetrics.base.show import Result, Shown, listed
from salesmetrics.deals.periods import Day, Period
from salesmetrics.deals.pipeline import Pipeline, pipeline
from salesmetrics.forecast.quarter_history import FEWEST_WON, SHARE_OF_WINS
from salesmetrics.metrics.ages import Age, ages_of, days_within_which, wins_by_days
from salesmetrics.metrics.coverage import coverage
from salesmetrics.metrics.ratio import Ratio
from salesmetrics.metrics.sums import definition


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


def current_coverage(mine: Pipeline) -> Ratio:
    """Return the coverage that counts now: of the whole target, or of what remains once something is won in the period.

    Examples
    --------
    >>> import salesmetrics as sm
    >>> float(current_coverage(sm.scenario("startup")))
    5.0
    """
    remaining: Ratio = coverage(mine, remaining=True)
    if remaining.denominator != mine.target:
        return remaining
    whole: Ratio = coverage(mine)
    return whole


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
