"""Pipeline coverage: how often the target fits into the open pipeline."""

from __future__ import annotations

import datetime
import math
from collections.abc import Mapping, Sequence
from functools import reduce
from typing import Any

import narwhals as nw

from salesmetrics.deals import require_checked
from salesmetrics.errors import SalesMetricsError
from salesmetrics.language import _, date, did_you_mean, money, ngettext, number
from salesmetrics.metrics.sums import By, by_group, definition, grouped, names_of, note, one, sum_of, totals
from salesmetrics.numbers import plain
from salesmetrics.periods import Day, Period, by_day, closed_by, latest_day, open_at, read_day, read_period, within
from salesmetrics.ratio import Ratio


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
    columns = coverage_columns(day, span, stages)
    if groups:
        return _coverage_by(deals, frame, columns, groups, whole_target, targets, remaining)
    return _coverage_whole(totals(frame, columns), whole_target, remaining, day, span, stages)


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


def coverage_columns(
    day: datetime.date | None, span: Period | None, stages: Sequence[str] | None
) -> dict[str, nw.Expr]:
    """Say row by row what counts as open, as won, and what is left out and why."""
    is_open, counts = counted(day, None, stages), counted(day, span, stages)
    won = closed_by(day, "won")
    if span:
        won = won & within("closed_on", span)
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


def notes_on(sums: Mapping[str, float]) -> list[str]:
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
            money=money(sums["outside"]),
        ),
        *note(
            sums["overdue"],
            "{count} deal that counts is past its expected day.",
            "{count} deals that count are past their expected day.",
        ),
    ]


def _coverage_whole(
    sums: Mapping[str, float],
    target: float,
    remaining: bool,
    day: datetime.date | None,
    span: Period | None,
    stages: Sequence[str] | None,
) -> Ratio:
    _require_amounts(sums["deals"], sums["without_amount"])
    notes = notes_on(sums)
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


def read_target(target: object) -> float:
    """Take a target: a finite amount of more than 0."""
    value = plain(target)
    if not 0 < value < math.inf:
        raise SalesMetricsError(
            _("The target must be an amount of more than 0, not {found}.").format(found=repr(target)),
            hint=_("Give the revenue you want to win, for example target=500_000."),
        )
    return value
