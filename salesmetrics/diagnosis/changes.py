"""What changed between two exports: a bridge from the pipeline of then to that of now, each amount with its cause."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import narwhals as nw

from salesmetrics.base.errors import SalesMetricsError
from salesmetrics.base.language import N_, _, date, money, ngettext, number
from salesmetrics.base.show import Result, Shown, listed, together, words
from salesmetrics.base.typed_numbers import is_empty
from salesmetrics.deals.periods import Day, Period
from salesmetrics.deals.pipeline import Pipeline, pipeline
from salesmetrics.metrics.coverage import counted, current_coverage
from salesmetrics.metrics.ratio import Ratio
from salesmetrics.metrics.sums import flag, rows_of

_NEEDED = ("deal_id", "status", "amount", "created_on", "closed_on", "expected_close_on")
# In the order in which a bridge is told: what came, what changed, what left.
_KINDS = {
    "new": N_("new"),
    "moved in": N_("moved into the period"),
    "reached": N_("reached the stage where the pipeline begins"),
    "reopened": N_("opened again"),
    "larger": N_("amount raised"),
    "smaller": N_("amount lowered"),
    "won": N_("won"),
    "lost": N_("lost"),
    "slipped": N_("slipped to later"),
    "moved out": N_("moved out of the period otherwise"),
    "moved back": N_("moved back to before the pipeline begins"),
    "gone": N_("no longer in the export"),
}


class Change(NamedTuple):
    """One cause of change: how many deals, and by how much money they raise (or, below 0, lower) what is open."""

    kind: str
    deals: int
    amount: float
    currency: str = ""

    def __str__(self) -> str:
        deals = ngettext("{count} deal", "{count} deals", self.deals).format(count=number(self.deals))
        sign = "+" if self.amount > 0 else ""
        return f"{_(_KINDS[self.kind])}: {deals}, {sign}{money(self.amount, self.currency)}"


@dataclass(frozen=True, repr=False, kw_only=True)
class Changes(Result):
    """From the pipeline of one export to that of the next.

    Parameters
    ----------
    since, until
        The last day on which something happened in each.
    coverage_then, coverage_now
        Of the whole target, or of what remained of it once something was won in the period.
    open_then, open_now
        What counted as open. The steps lead from one to the other exactly.
    steps
        Each cause that there was.
    won, lost
        Deals that have been won or lost since, in this period or not, at the amount they have now.
    postponed
        Deals that still count, but are expected later than they were.
    """

    since: datetime.date
    until: datetime.date
    coverage_then: Ratio
    coverage_now: Ratio
    open_then: float
    open_now: float
    steps: tuple[Change, ...]
    won: Change
    lost: Change
    postponed: int

    @property
    def headline(self) -> str:
        """The coverage then and now."""
        return _("Coverage from {then} on {since} to {now} on {until}").format(
            then=self.coverage_then.value_text,
            now=self.coverage_now.value_text,
            since=date(self.since),
            until=date(self.until),
        )

    @property
    def lines(self) -> tuple[str, ...]:
        """The bridge from what was open then to what is open now, and how many deals are expected later."""
        postponed = ngettext(
            "{count} deal that counts is expected later than it was.",
            "{count} deals that count are expected later than they were.",
            self.postponed,
        ).format(count=number(self.postponed))
        return (
            _("Open then: {amount}").format(amount=money(self.open_then, self.coverage_then.currency)),
            *map(str, self.steps),
            _("Open now: {amount}").format(amount=money(self.open_now, self.coverage_now.currency)),
            *([postponed] if self.postponed else []),
        )

    def shown(self) -> Shown:
        """Return the headline and the lines."""
        return together(words(self.headline, strong=True), listed(self.lines))


def compare(
    before: Any,
    after: Any,
    *,
    target: float | None = None,
    period: Period | str | Sequence[Day] | None = None,
    stages: Sequence[str] | None = None,
    start: str | None = None,
) -> Changes:
    """Compute what became of the pipeline between two exports, deal by deal.

    Deals that are won leave what is open as much as lost ones do: a coverage that falls is no bad news by itself.

    Parameters
    ----------
    before, after
        Pipelines or tables of the same deals, the earlier first. Deals are recognised by ``deal_id``. Each is looked
        at as it stood on its own day.
    target, period, stages, start
        As for :func:`salesmetrics.pipeline`; by default those of ``after``, for both.

    Raises
    ------
    SalesMetricsError
        As in :func:`coverage`; or the tables have no deal in common, are in another order, or in other currencies.

    Examples
    --------
    >>> import pandas as pd
    >>> import salesmetrics as sm
    >>> then = sm.check_deals(pd.DataFrame({
    ...     "deal_id": ["a", "b"], "status": "open", "amount": [100, 50], "closed_on": None,
    ...     "created_on": pd.to_datetime(["2026-01-05", "2026-01-06"])}))
    >>> now = sm.check_deals(pd.DataFrame({
    ...     "deal_id": ["a", "b", "c"], "status": ["open", "won", "open"], "amount": [120, 50, 30],
    ...     "closed_on": pd.to_datetime([None, "2026-01-12", None]),
    ...     "created_on": pd.to_datetime(["2026-01-05", "2026-01-06", "2026-01-12"])}))
    >>> found = compare(then, now, target=100)
    >>> found.open_then, [(step.kind, step.amount) for step in found.steps], found.open_now
    (150.0, [('new', 30.0), ('larger', 20.0), ('won', -50.0)], 150.0)
    """
    now_at = pipeline(after, target=target, period=period, stages=stages, start=start)
    order, span = now_at.stages or None, now_at.period
    then_at = pipeline(before, target=now_at.aim(), period=span, stages=order, start=now_at.start)
    since, until = then_at.day, now_at.day
    if until < since:
        message = _("The earlier export goes on to {since}, and the later one only to {until}.")
        raise SalesMetricsError(
            message.format(since=date(since), until=date(until)),
            hint=_("Give last week’s export first and this week’s second."),
        )
    if then_at.currency and now_at.currency and then_at.currency != now_at.currency:
        message = _("The two exports are in different currencies: {found}.")
        raise SalesMetricsError(
            message.format(found=", ".join(sorted((then_at.currency, now_at.currency)))),
            hint=_("Compare exports in the same currency."),
        )
    then, now, currency = _deals(then_at), _deals(now_at), now_at.currency
    if not then.keys() & now.keys():
        raise SalesMetricsError(
            _("The two exports have no deal in common."),
            hint=_("Deals are recognised by deal_id. Check that both files hold the same column of ids."),
        )
    found: dict[str, list[float]] = {kind: [] for kind in _KINDS}
    for name in then.keys() | now.keys():
        step = _step(then.get(name), now.get(name), span)
        if step:
            found[step[0]].append(step[1])
    return Changes(
        since=since,
        until=until,
        coverage_then=current_coverage(then_at),
        coverage_now=current_coverage(now_at),
        open_then=_cents(deal.amount for deal in then.values() if deal.counts),
        open_now=_cents(deal.amount for deal in now.values() if deal.counts),
        steps=tuple(
            Change(kind, len(amounts), _cents(amounts), currency) for kind, amounts in found.items() if amounts
        ),
        won=_since(then, now, "won", currency),
        lost=_since(then, now, "lost", currency),
        postponed=sum(
            deal.counts and name in then and then[name].counts and _later(then[name], deal)
            for name, deal in now.items()
        ),
    )


class _Deal(NamedTuple):
    """A deal as one export has it; an amount that is not filled in brings nothing to the sum.

    Its status is nothing while it has not reached the stage where the pipeline begins.
    """

    counts: bool
    status: str | None
    amount: float
    due: datetime.datetime | None


def _deals(mine: Pipeline) -> dict[str, _Deal]:
    columns = {"counts": flag(counted(mine)), "amount": nw.col("amount").fill_null(0.0)}
    rows = rows_of(mine.frame(_NEEDED, quick=True), ["deal_id", "status", "expected_close_on"], columns).collect()
    return {
        name: _Deal(counts == 1, None if is_empty(status) else status, amount, None if is_empty(due) else due)
        for name, status, due, counts, amount in rows.rows()
    }


def _step(then: _Deal | None, now: _Deal | None, span: Period | None) -> tuple[str, float] | None:
    """Return what one deal did to the sum of what is open, and by how much; None where it did nothing."""
    was, is_now = bool(then and then.counts), bool(now and now.counts)
    if now and is_now and not was:
        if then is None:
            return "new", now.amount
        return {"open": "moved in", None: "reached"}.get(then.status, "reopened"), now.amount
    if then and was and not is_now:
        if now is None:
            return "gone", -then.amount
        if now.status != "open":
            return now.status or "moved back", -then.amount
        slipped = span is not None and now.due is not None and now.due.date() > span.last
        return "slipped" if slipped else "moved out", -then.amount
    if then and now and was and now.amount != then.amount:
        return ("larger" if now.amount > then.amount else "smaller"), now.amount - then.amount
    return None


def _since(then: dict[str, _Deal], now: dict[str, _Deal], status: str, currency: str) -> Change:
    amounts = [
        deal.amount
        for name, deal in now.items()
        if deal.status == status and (name not in then or then[name].status != status)
    ]
    return Change(status, len(amounts), _cents(amounts), currency)


def _later(then: _Deal, now: _Deal) -> bool:
    return then.due is not None and now.due is not None and now.due > then.due


def _cents(amounts: Iterable[float]) -> float:
    """Add amounts to the cent, in whatever order they come."""
    return sum(round(amount * 100) for amount in amounts) / 100
