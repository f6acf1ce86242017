"""Every figure of the report, from the same functions that a notebook calls; nothing is written or drawn here."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any, NamedTuple

import narwhals as nw

from salesmetrics.base.errors import SalesMetricsError, unless_refused
from salesmetrics.base.language import _, did_you_mean
from salesmetrics.base.typed_numbers import is_empty, read_target
from salesmetrics.crm.systems import recognise
from salesmetrics.deals.periods import Period, read_period
from salesmetrics.deals.pipeline import Pipeline, pipeline
from salesmetrics.diagnosis import Diagnosis, diagnose
from salesmetrics.diagnosis.changes import Changes, compare
from salesmetrics.diagnosis.diagnose import look_once
from salesmetrics.forecast import (
    Chance,
    StillNeeded,
    chance_of_target,
    coverage_for_chance,
    past_quarters,
    required_coverage,
    still_needed,
)
from salesmetrics.forecast.current_quarter import (
    opening_asked,
    past_quarters_line,
    periods_of,
    side_by_side,
    side_by_side_asked,
)
from salesmetrics.forecast.probabilities import open_deals
from salesmetrics.forecast.quarter_history import history_asked
from salesmetrics.forecast.still_needed import still_needed_asked
from salesmetrics.metrics import coverage
from salesmetrics.metrics.ratio import Ratio
from salesmetrics.models import Model
from salesmetrics.models.quarter import QuarterOutcome, model_of

LIKELY = 0.8
MOST_DEALS = 3


class Large(NamedTuple):
    """One of the largest open deals that count: its line in the file, and its name where names were asked for."""

    line: int | None
    name: str | None
    amount: float
    due: datetime.date | None


class Group(NamedTuple):
    """One group of deals: what is open and due in the period, its target, and the one divided by the other.

    ``coverages`` are of the period and of the two after it, or of all that is open; ``began`` is what its past quarters
    began with, against what they brought. None stands for what can't be told.
    """

    name: str
    open: float | None
    target: float | None
    coverages: tuple[float | None, ...]
    began: float | None


@dataclass(frozen=True, kw_only=True)
class Figures:
    """What the report is about.

    Parameters
    ----------
    mine
        The pipeline: what it is held against, its currency, and the export that it was read from.
    diagnosis
        The situation, with the numbers it rests on and the reasons.
    break_even, likely_coverage
        The coverage that reaches the target on average, and the one at which today's deals reach it with a chance of
        80%; None where there is no such coverage.
    uncertain_chance
        The chance when the conversion rate itself is uncertain; None where there is no rate.
    past_quarters
        What past quarters began with, in one line, beside the situation.
    coverages
        The coverage of the period and of the two after it, by due date; none without a period.
    still_needed
        What it takes to close the gap; None without a period or a rate, and where the period is over.
    by, groups
        The column to tell groups apart by, and the coverage of each.
    quarter
        What the period may bring: the model, for its picture, and the outcome at the pipeline's own rate. None where
        there is no rate, or nothing open.
    largest
        The largest open deals that count.
    changes
        Since the earlier export, where there is one.
    """

    mine: Pipeline
    diagnosis: Diagnosis
    break_even: float | None
    likely_coverage: float | None
    uncertain_chance: Chance | None
    past_quarters: str
    coverages: tuple[tuple[Period, Ratio], ...]
    still_needed: StillNeeded | None
    by: str | None
    groups: tuple[Group, ...]
    quarter: tuple[Model[QuarterOutcome], QuarterOutcome] | None
    largest: tuple[Large, ...]
    changes: Changes | None


def gather(
    mine: Pipeline,
    *,
    earlier: Any = None,
    names: bool = False,
    by: str | None = None,
    targets: Mapping[str, float] | None = None,
) -> Figures:
    """Work out every figure; see :func:`salesmetrics.report` for what the arguments are."""
    of_periods, of_groups = _told_apart(targets or {})
    if mine.period in of_periods:
        mine = pipeline(mine, target=of_periods[mine.period])
    _require_dates(mine)
    # In one pass for all: a warehouse is asked once.
    past = [history_asked(mine), *opening_asked(mine)] if mine.start is None else []
    look_once(mine, side_by_side_asked(mine), *past, *still_needed_asked(mine))
    found = diagnose(mine)
    rate = found.conversion.value
    is_ahead = mine.period is not None and mine.period.last > mine.day
    # There may be no size of today's deals that gives that chance.
    likely = partial(coverage_for_chance, mine, chance=LIKELY, p="history")
    return Figures(
        mine=mine,
        diagnosis=found,
        break_even=required_coverage(rate) if rate else None,
        likely_coverage=unless_refused(likely, None) if rate and found.coverage.value else None,
        uncertain_chance=chance_of_target(mine, p="history", uncertain=True) if rate is not None else None,
        past_quarters=past_quarters_line(mine, found.situation),
        coverages=side_by_side(mine, of_periods),
        # Without a rate there is none; the figures say that nothing is closed.
        still_needed=unless_refused(lambda: still_needed(mine, targets=of_periods), None) if is_ahead else None,
        by=by,
        groups=groups_by(mine, column_named(mine, by, names=names), of_groups, of_periods) if by is not None else (),
        quarter=_quarter(mine, rate),
        largest=_largest(mine, names),
        changes=compare(earlier, mine) if earlier is not None else None,
    )


def _told_apart(targets: Mapping[str, float]) -> tuple[dict[Period, float], dict[str, float]]:
    """Part the targets of periods from those of groups, by their names."""
    periods = {name: unless_refused(partial(read_period, name), None) for name in targets}
    of_periods = {period: read_target(targets[name]) for name, period in periods.items() if period}
    return of_periods, {name: target for name, target in targets.items() if not periods[name]}


def groups_by(mine: Pipeline, by: str, own: Mapping[str, float], of_periods: Mapping[Any, float]) -> tuple[Group, ...]:
    """Work out each group of a column.

    Parameters
    ----------
    mine
        The deals, with their target and period.
    by
        The column.
    own
        A target for each group; where there is none at all, every group is held against the whole target.
    of_periods
        The whole targets of other periods.

    Raises
    ------
    SalesMetricsError
        Some groups have a target of their own and others have not; or as in :func:`coverage`.
    """

    def covered(period: Period | None, *columns: str) -> list[tuple[Any, ...]]:
        whole = of_periods.get(period, mine.aim())
        return _rows(coverage(mine, by=by, period=period, target=own or whole), by, *columns)

    periods: list[Period | None] = [*periods_of(mine)] or [None]
    first, *later = periods
    rows = covered(first, "value", "numerator", "denominator")
    # Of a later period may be known too little to tell; the report's lines say why, also of past quarters.
    none: list[Any] = []
    values = [{name: value for name, value, *_sides in rows}]
    values += [dict(unless_refused(partial(covered, period, "value"), none)) for period in later]
    began = dict(unless_refused(lambda: _rows(past_quarters(mine, by=by), by, "value"), none))
    found = [
        Group(
            "" if is_empty(name) else str(name),
            _known(due),
            _known(aim),
            tuple(_known(each.get(name)) for each in values),
            _known(began.get(name)),
        )
        for name, _value, due, aim in rows
    ]
    names = {group.name for group in found}
    # With a target and no deal at all: nothing covers it.
    empty = [Group(name, 0.0, own[name], (0.0,) * len(values), None) for name in own if name not in names]
    return (*found, *empty)


def _rows(table: Any, *columns: str) -> list[tuple[Any, ...]]:
    frame = nw.from_native(table)
    return (frame.collect() if isinstance(frame, nw.LazyFrame) else frame).select(*columns).rows()


def _known(value: Any) -> float | None:
    return None if is_empty(value) else float(value)


def column_named(mine: Pipeline, by: str, *, names: bool) -> str:
    """Return the column that somebody calls by its header in the file; of persons only where names may be shown."""
    if mine.source is not None:
        by = {column.header: column.field for column in mine.source.receipt.columns}.get(by, by)
    if by == "owner" and not names:
        raise SalesMetricsError(
            _("By salesperson the page would name persons."),
            hint=_("Choose a team or a region. Or say that names may stand on it: --names, or names=True."),
        )
    return by


def _require_dates(mine: Pipeline) -> None:
    """Name the header that may hold the days on which deals are expected, where an export has none of them."""
    if mine.source is not None and mine.period and mine.facts.open and not mine.facts.expected:
        receipt = mine.source.receipt
        headers = [*(used.header for used in receipt.columns), *receipt.unused]
        raise SalesMetricsError(
            _("No open deal has an expected date, so none is due in the period."),
            hint=_('{nearest} Name yours: columns={{"{name}": "your header"}}.').format(
                nearest=did_you_mean("expected_close_on", headers), name="expected_close_on"
            ),
        )


def _quarter(mine: Pipeline, rate: float | None) -> tuple[Model[QuarterOutcome], QuarterOutcome] | None:
    # Where nothing is open there is nothing to draw; the figures say so.
    if rate is None or (model := unless_refused(lambda: model_of(mine), None)) is None:
        return None
    return model, model.outcome({**model.defaults(), "rate": rate})


def _largest(mine: Pipeline, names: bool) -> tuple[Large, ...]:
    found, export = open_deals(mine), mine.source
    lines = dict(zip(export.deals["deal_id"], export.lines.tolist(), strict=True)) if export is not None else {}
    order = sorted(range(len(found.ids)), key=lambda at: (-found.amounts[at], lines.get(found.ids[at], at)))
    places = [at for at in order if found.amounts[at] > 0][:MOST_DEALS]
    named = _names(mine, [found.ids[at] for at in places]) if names else {}
    return tuple(
        Large(
            line=lines.get(found.ids[at]),
            name=named.get(found.ids[at]),
            amount=float(found.amounts[at]),
            due=due.date() if (due := found.due[at]) else None,
        )
        for at in places
    )


def _names(mine: Pipeline, ids: list[str]) -> dict[str, str]:
    """Name deals as people know them: by the deal's own name, else its customer, else its id."""
    column = _column_of_names(mine)
    rows = mine.frame().filter(nw.col("deal_id").is_in(ids)).select("deal_id", name=nw.col(column)).collect()
    return {deal: str(name) for deal, name in rows.rows() if not is_empty(name)}


def _column_of_names(mine: Pipeline) -> str:
    choices = ["account"]
    if mine.source is not None:
        known = {header: recognise(header) for header in mine.source.receipt.unused}
        named = sorted((found[1], header) for header, found in known.items() if found and found[0] == "deal_name")
        told = mine.source.mapping.get("columns", {}).get("deal_name")
        choices = [told, *(header for _rank, header in named), *choices]
    columns = mine.frame().collect_schema().names()
    return next((name for name in choices if name in columns), "deal_id")
