"""Pipeline coverage: how often the target fits into the open pipeline; and which open deals count in it."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from functools import reduce
from typing import Any

import narwhals as nw

from salesmetrics.base.errors import SalesMetricsError
from salesmetrics.base.language import _, aside, date, did_you_mean, ngettext, number
from salesmetrics.base.typed_numbers import is_empty, read_target
from salesmetrics.deals.periods import Day, Period, by_day, closed_by, open_at, within
from salesmetrics.deals.pipeline import Pipeline, pipeline
from salesmetrics.metrics.ratio import Ratio
from salesmetrics.metrics.sums import (
    COUNTS,
    WON,
    Asked,
    By,
    by_group,
    definition,
    flag,
    frame_by,
    grouped,
    groups_of,
    note,
    ours,
    sum_of,
    sums_of,
)

_OPEN, _EVER_WON = "· open", "· ever won"
_NEEDED = ("status", "amount", "created_on", "closed_on", "expected_close_on")


def coverage(
    deals: Any,
    *,
    target: float | Mapping[Any, float] | None = None,
    remaining: bool = False,
    as_of: Day | None = None,
    period: Period | str | Sequence[Day] | None = None,
    stages: Sequence[str] | None = None,
    start: str | None = None,
    by: By | None = None,
) -> Any:
    """Divide the potential revenue that is open in the pipeline by the sales target.

    Below 1 the target is out of reach even when every deal is won. At 1 ÷ conversion rate the target is made on
    average, which is about half the time. Higher is a buffer, and says nothing of how good the deals are.

    Parameters
    ----------
    deals
        A pipeline, or a table of deals; see :func:`salesmetrics.pipeline`.
    target, as_of, period, stages, start
        As for :func:`salesmetrics.pipeline`; what is given here comes before what the pipeline says. With ``by``, a
        mapping of targets gives each group its own.
    remaining
        Divide by what is still to be won: the target minus what was won in the period.
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
    >>> float(sm.coverage(startup)), float(sm.coverage(startup.deals, target=500_000, period="2026Q2"))
    (5.0, 5.0)
    """
    mine = pipeline(deals, target=target, as_of=as_of, period=period, stages=stages, start=start)
    groups = groups_of(mine, by)
    targets = mine.target if isinstance(mine.target, Mapping) else None
    if targets is not None and len(groups) != 1:
        raise SalesMetricsError(
            _("Targets by name were given, but no single column to group by."),
            hint=_('Say which column the names come from: by="owner".'),
        )
    whole_target = 0.0 if targets is not None else mine.aim()
    if groups:
        return _coverage_by(mine, groups, whole_target, targets, remaining)
    return _coverage_whole(mine, whole_target, remaining)


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


def _coverage_whole(mine: Pipeline, target: float, remaining: bool) -> Ratio:
    day, span = day_and_period(mine)
    sums = due_sums(mine)
    _require_amounts(sums["deals"], sums["without_amount"])
    unknown = note(
        sums["won_without_amount"] if remaining else 0,
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
            _("of deals that reached {stage}").format(stage=_(mine.start)) if mine.start else "",
            _("at the end of {day}").format(day=date(day)) if day else "",
        ),
        numerator_label=_("open"),
        denominator_label=_("still to win") if remaining else _("target"),
        notes=(*notes_of(mine), *unknown),
        no_value=_("target met") if left <= 0 else "",
        currency=mine.currency,
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
    mine: Pipeline, groups: list[str], target: float, targets: Mapping[Any, float] | None, remaining: bool
) -> Any:
    frame, columns = frame_by(mine, _NEEDED, groups), _columns(mine)
    checked = ("deals", "without_amount", *(["won"] if remaining else []))
    columns = {name: columns[name] for name in ("open", *checked)}
    # Not every engine leaves out by itself what nobody asks for.
    asked = {name: share for name, share in _beside(mine).items() if name == COUNTS or (remaining and name == WON)}
    summed, sums = grouped(mine, frame.with_columns(**asked), groups, columns, checked)
    _require_amounts(sums["deals"], sums["without_amount"])
    denominator = nw.lit(target)
    if targets is not None:
        names = summed.select(groups[0]).collect().get_column(groups[0]).to_list()
        missing = sorted((name for name in names if not is_empty(name) and name not in targets), key=str)
        if missing:
            raise SalesMetricsError(
                _("There is no target for {names}.").format(names=", ".join(f"“{name}”" for name in missing)),
                hint=did_you_mean(missing[0], [str(name) for name in targets]),
            )
        own = (nw.when(nw.col(groups[0]) == name).then(read_target(targets[name])) for name in targets)
        denominator = reduce(lambda rest, this: this.otherwise(rest), own, nw.lit(None, dtype=nw.Float64))
    if remaining:
        denominator = denominator - (ours("won") if targets is not None else sums["won"])
    # A group whose deals all lack an amount has an unknown sum, not 0.
    known = (ours("deals") == 0) | (ours("without_amount") < ours("deals"))
    numerator = nw.when(known).then(ours("open"))
    return by_group(mine.deals, summed, groups, numerator=numerator, denominator=denominator)


def day_and_period(mine: Pipeline) -> tuple[datetime.date | None, Period | None]:
    """Return the day to look at and the period in which deals are due; what can't be told of them is refused.

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
        message = _("The period ended on {last}, and the table goes on to {latest}.")
        raise SalesMetricsError(
            message.format(last=date(span.last), latest=date(latest)),
            hint=_(
                "Closed deals no longer carry the date on which they were expected, so the coverage of then "
                "cannot be rebuilt. Use an export made on that day."
            ),
        )
    return mine.day, span


def counted(mine: Pipeline) -> nw.Expr:
    """Return where a deal counts in the coverage: open at the end of the day, and due in the period."""
    day, span = day_and_period(mine)
    return open_at(day) & within("expected_close_on", span) if span else open_at(day)


def _beside(mine: Pipeline) -> dict[str, nw.Expr]:
    """Return what to write beside each deal, since :func:`_columns` asks it more than once."""
    day, span = day_and_period(mine)
    won = closed_by(day, "won")
    won_so_far = won & within("closed_on", span) if span else won
    return {COUNTS: counted(mine), WON: won_so_far, _OPEN: open_at(day), _EVER_WON: won}


def _columns(mine: Pipeline) -> dict[str, nw.Expr]:
    """Return row by row, with what is :func:`_beside` it, what counts as open, as won, and what is left out and why."""
    day, span = day_and_period(mine)
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


def notes_of(mine: Pipeline) -> tuple[str, ...]:
    """Describe what was left out of a pipeline, and what is odd in it."""
    sums = due_sums(mine)
    return (
        *mine.notes,
        *note(
            sums["without_amount"],
            "{count} open deal has no amount and is not in the sum.",
            "{count} open deals have no amount and are not in the sum.",
        ),
        *note(
            sums["outside_deals"],
            "{count} open deal{aside} is not due in the period and was left out.",
            "{count} open deals{aside} are not due in the period and were left out.",
            aside=aside(sums["outside"], mine.currency),
        ),
        *note(
            sums["overdue"],
            "{count} deal that counts is past its expected day.",
            "{count} deals that count are past their expected day.",
        ),
    )


def due_asked(mine: Pipeline) -> Asked:
    """Return what counting the open deals that are due asks of a pipeline."""
    day_and_period(mine)  # refused before anything is counted
    return Asked("due", _NEEDED, lambda: _columns(mine), lambda: _beside(mine))


def due_sums(mine: Pipeline) -> dict[str, float]:
    """Return the sums of :func:`_columns` over a pipeline."""
    return sums_of(mine, due_asked(mine))[0]
