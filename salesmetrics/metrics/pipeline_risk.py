"""What the coverage leans on: few large deals, and deals that are stale.

Stale is what is open for longer than wins usually take, or past its expected day.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import narwhals as nw

from salesmetrics.base.errors import SalesMetricsError
from salesmetrics.base.language import _, ngettext, number, percent
from salesmetrics.base.show import Result, Shown, listed, together, words
from salesmetrics.deals.periods import Day, Period
from salesmetrics.deals.pipeline import Pipeline, pipeline
from salesmetrics.metrics.coverage import counted, current_coverage, due_sums, notes_of
from salesmetrics.metrics.ratio import Ratio
from salesmetrics.metrics.sums import definition
from salesmetrics.metrics.velocity import FEWEST_WON, SHARE_OF_WINS, Age, ages_of, days_within_which, wins_by_days


@dataclass(frozen=True, repr=False)
class Concentration(Result):
    """How much of the pipeline hangs on few deals.

    ``largest`` holds the shares of the 1, 2 and 3 largest deals that count, each a :class:`Ratio`. ``effective_deals``
    is the number of equal deals that would be as concentrated: near the real number says the money is spread, near 1
    that everything hangs on one deal. ``notes`` say what was left out, and which deals are late, as for the coverage.
    """

    largest: tuple[Ratio, Ratio, Ratio]
    effective_deals: float
    notes: tuple[str, ...] = ()

    def shown(self) -> Shown:
        """Return the three shares, the number of equal deals, and what was left out."""
        message = _("by amount, the risk is spread as over {count} equal deals")
        deals = message.format(count=number(self.effective_deals, 1))
        return together(*(share.shown() for share in self.largest), words(deals), listed(self.notes))


def concentration(
    deals: Any,
    *,
    as_of: Day | None = None,
    period: Period | str | Sequence[Day] | None = None,
    stages: Sequence[str] | None = None,
    start: str | None = None,
) -> Concentration:
    """Compute how much of the open pipeline hangs on its largest deals.

    A small share of the largest deal says that losing it does little. A share of a quarter or more says to look at
    the chance of the target without that deal.

    Parameters
    ----------
    deals
        A pipeline, or a table of deals; see :func:`salesmetrics.pipeline`.
    as_of, period, stages, start
        As for :func:`salesmetrics.pipeline`: which open deals count.

    Raises
    ------
    SalesMetricsError
        A needed column is missing, the table is empty, no deal that counts has an amount, or a past ``as_of`` is asked
        for a period that has ended since.

    Notes
    -----
    The effective number is 1 ÷ Σ share², the inverse of the Herfindahl-Hirschman index: Laakso, M. and Taagepera, R.
    (1979). "Effective" number of parties. *Comparative Political Studies*, 12(1), 3-27.
    https://doi.org/10.1177/001041407901200101

    Examples
    --------
    >>> import salesmetrics as sm
    >>> round(concentration(sm.scenario("consultancy")).effective_deals, 1)
    6.5
    """
    mine = pipeline(deals, as_of=as_of, period=period, stages=stages, start=start)
    sums = due_sums(mine)
    total, top = sums["open"], largest_of(mine)
    if not total:
        raise SalesMetricsError(
            _("No open deal that counts has an amount."), hint=_("Check the period, or fill in the amounts.")
        )
    largest = [_share(sum(top[:count]), total, count, mine.currency) for count in (1, 2, 3)]
    return Concentration((largest[0], largest[1], largest[2]), total * total / sums["squares"], notes_of(mine))


def largest_of(mine: Pipeline, known: Iterable[float] | None = None) -> list[float]:
    """Return the three largest amounts that count; somebody who has all of them at hand can say so."""
    if known is not None:
        return mine.keep("largest", lambda: sorted(known, reverse=True)[:3])
    return mine.keep("largest", lambda: _largest(mine))


def _largest(mine: Pipeline) -> list[float]:
    counts = counted(mine) & (nw.col("amount") > 0)
    amounts = mine.frame(["amount"], quick=True).filter(counts).select("amount")
    return amounts.sort("amount", descending=True).head(3).collect().get_column("amount").to_list()


def _share(part: float, total: float, count: int, currency: str) -> Ratio:
    return Ratio(
        numerator=part,
        denominator=total,
        unit="%",
        counts="money",
        definition=ngettext("share of the largest deal", "share of the {count} largest deals", count).format(
            count=count
        ),
        numerator_label=ngettext("in the largest deal", "in the {count} largest deals", count).format(count=count),
        denominator_label=_("open"),
        currency=currency,
    )


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
