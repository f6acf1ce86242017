"""Pipeline coverage: how often the target fits into the open pipeline."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from functools import reduce
from typing import Any

import narwhals as nw

from salesmetrics.base.errors import SalesMetricsError
from salesmetrics.base.language import _, date, did_you_mean, ngettext, number
from salesmetrics.base.numbers import read_target
from salesmetrics.deals.check import currency_of, require_checked
from salesmetrics.deals.periods import Day, Period, read_day, read_period
from salesmetrics.metrics.due import coverage_columns, day_of, marked, notes_on
from salesmetrics.metrics.ratio import Ratio
from salesmetrics.metrics.sums import By, by_group, definition, grouped, names_of, note, totals


def coverage(
    deals: Any,
    *,
    target: float | Mapping[Any, float],
    remaining: bool = False,
    as_of: Day | None = None,
    period: Period | str | Sequence[Day] | None = None,
    stages: Sequence[str] | None = None,
    by: By | None = None,
) -> Any:
    """Divide the potential revenue that is open in the pipeline by the sales target.

    Below 1 the target is out of reach even when every deal is won. At 1 ÷ conversion rate the target is made on
    average, which is about half the time. Higher is a buffer, and says nothing of how good the deals are.

    Parameters
    ----------
    deals
        A checked table of deals.
    target
        The revenue to win, in the table's currency, more than 0. With ``by``, a mapping gives each group its own.
    remaining
        Divide by what is still to be won: the target minus what was won in the period.
    as_of
        Look at the end of this day; by default the latest day on which a deal was created or closed. A past day
        rebuilds which deals were open; amount, stage and due date are those of today.
    period
        Count only deals expected to close in it: ``"2026Q2"``, or its first and last day. By default all open deals.
    stages
        Count only deals in these stages.
    by
        One column or more to group by. With one target the groups' coverages are contributions that add up.

    Returns
    -------
    A :class:`Ratio`; with ``by`` a table of the caller's own kind with ``numerator``, ``denominator`` and ``value``.
    When the target has been met nothing remains to be divided: no value, and the words "target met".

    Raises
    ------
    SalesMetricsError
        The target is no positive number, a needed column is missing, the table is empty or has no amounts, or a past
        ``as_of`` is asked for a period that has ended since.

    Notes
    -----
    Products differ: some count every open deal whatever its date, some weigh by stage, some put won revenue in both
    sums. Here a deal counts in full when it is open and due in the period, and won revenue only lowers the target.

    Examples
    --------
    >>> import salesmetrics as sm
    >>> startup = sm.scenario("startup")
    >>> float(sm.coverage(startup.deals, target=startup.target, period=startup.period))
    5.0
    """
    span = read_period(period) if period is not None else None
    groups = names_of(by)
    targets = target if isinstance(target, Mapping) else None
    if targets is not None and len(groups) != 1:
        raise SalesMetricsError(
            _("Targets by name were given, but no single column to group by."),
            hint=_('Say which column the names come from: by="owner".'),
        )
    whole_target = 0.0 if targets is not None else read_target(target)
    day = read_day(as_of) if as_of is not None else None
    needed = {"status", "amount", "created_on", "closed_on", *groups}
    needed |= {"expected_close_on"} if span else set()
    needed |= {"stage"} if stages is not None else set()
    frame = require_checked(deals, sorted(needed))
    if span and (day or not groups):
        day = day_of(frame, day, span)
    frame, columns = marked(frame, day, span, stages), coverage_columns(day, span, stages)
    if groups:
        return _coverage_by(deals, frame, columns, groups, whole_target, targets, remaining)
    return _coverage_whole(totals(frame, columns), whole_target, remaining, day, span, stages, currency_of(frame))


def _coverage_whole(
    sums: Mapping[str, float],
    target: float,
    remaining: bool,
    day: datetime.date | None,
    span: Period | None,
    stages: Sequence[str] | None,
    currency: str,
) -> Ratio:
    _require_amounts(sums["deals"], sums["without_amount"])
    notes = notes_on(sums, currency)
    if remaining:
        notes += note(
            sums["won_without_amount"],
            "{count} won deal has no amount and does not lower the target.",
            "{count} won deals have no amount and do not lower the target.",
        )
    left = target - sums["won"] if remaining else target
    return Ratio(
        numerator=sums["open"],
        denominator=left,
        unit="×",
        counts="money",
        definition=definition(
            _("remaining pipeline coverage") if remaining else _("pipeline coverage"),
            _("all open deals") if span is None else _("open deals due {period}").format(period=span),
            _("stages {names}").format(names=", ".join(_(name) for name in names_of(stages)))
            if stages is not None
            else "",
            _("at the end of {day}").format(day=date(day)) if day else "",
        ),
        numerator_label=_("open"),
        denominator_label=_("still to win") if remaining else _("target"),
        notes=tuple(notes),
        no_value=_("target met") if left <= 0 else "",
        currency=currency,
    )


def _require_amounts(deals: float, without_amount: float) -> None:
    if deals and without_amount == deals:
        raise SalesMetricsError(
            ngettext(
                "The {count} open deal that counts has no amount.",
                "None of the {count} open deals that count has an amount.",
                deals,
            ).format(count=number(deals)),
            hint=_("Fill in what each deal may bring, for example its product's list price, and try again."),
        )


def _coverage_by(
    deals: Any,
    frame: nw.LazyFrame[Any],
    columns: Mapping[str, nw.Expr],
    groups: list[str],
    target: float,
    targets: Mapping[Any, float] | None,
    remaining: bool,
) -> Any:
    checked = ("deals", "without_amount", *(["won"] if remaining else []))
    summed, sums = grouped(deals, frame, groups, {name: columns[name] for name in ("open", *checked)}, checked)
    _require_amounts(sums["deals"], sums["without_amount"])
    denominator = nw.lit(target)
    if targets is not None:
        names = summed.select(groups[0]).collect().get_column(groups[0]).to_list()
        missing = sorted(name for name in names if name is not None and name == name and name not in targets)
        if missing:
            raise SalesMetricsError(
                _("There is no target for {names}.").format(names=", ".join(f"“{name}”" for name in missing)),
                hint=did_you_mean(missing[0], [str(name) for name in targets]),
            )
        own = (nw.when(nw.col(groups[0]) == name).then(read_target(targets[name])) for name in targets)
        denominator = reduce(lambda rest, this: this.otherwise(rest), own, nw.lit(None, dtype=nw.Float64))
    if remaining:
        denominator = denominator - (nw.col("won") if targets is not None else sums["won"])
    # A group whose deals all lack an amount has an unknown sum, not 0.
    known = (nw.col("deals") == 0) | (nw.col("without_amount") < nw.col("deals"))
    numerator = nw.when(known).then(nw.col("open"))
    return by_group(deals, summed, groups, numerator=numerator, denominator=denominator)
