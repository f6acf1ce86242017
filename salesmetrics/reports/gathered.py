"""Every figure of the report, from the same functions that a notebook calls; nothing is written or drawn here."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any, NamedTuple

import narwhals as nw

from salesmetrics.base.errors import SalesMetricsError
from salesmetrics.base.language import _, did_you_mean
from salesmetrics.base.numbers import read_target
from salesmetrics.crm import Export, Receipt
from salesmetrics.crm.systems import recognise
from salesmetrics.deals.cast import is_empty
from salesmetrics.deals.periods import Day, Period, following, open_at, read_period, within
from salesmetrics.deals.pipeline import Pipeline, pipeline
from salesmetrics.diagnosis import Diagnosis, diagnose
from salesmetrics.diagnosis.changes import Changes, compare
from salesmetrics.diagnosis.past_quarters import opening_asked, past_quarters_line
from salesmetrics.diagnosis.verdict import look_once
from salesmetrics.forecast import Chance, chance_of_target, coverage_for_chance, past_quarters, required_coverage
from salesmetrics.forecast.probabilities import open_deals
from salesmetrics.metrics import coverage
from salesmetrics.metrics.sums import Asked, sum_of, sums_of
from salesmetrics.models import Model
from salesmetrics.models.quarter import QuarterOutcome, model_of

LIKELY = 0.8
MOST_DEALS = 3
LATER_PERIODS = 2


class Large(NamedTuple):
    """One of the largest open deals that count: its line in the file, and its name where names were asked for."""

    line: int | None
    name: str | None
    amount: float
    due: datetime.date | None


class Quarter(NamedTuple):
    """What the period may bring: the model, for its picture, and the outcome at the pipeline's own rate."""

    model: Model[QuarterOutcome]
    outcome: QuarterOutcome


class Group(NamedTuple):
    """One group of deals, such as a team: what is open and due, its target, and the one divided by the other.

    ``began`` is what its past quarters began with, against what they brought; None where that can't be told.
    """

    name: str
    open: float
    target: float
    coverage: float | None
    began: float | None


class Later(NamedTuple):
    """The coverage of a period by due date, and the target it is held against."""

    period: Period
    coverage: float
    target: float


@dataclass(frozen=True, kw_only=True)
class Figures:
    """What the report is about.

    Parameters
    ----------
    diagnosis
        The situation, with the numbers it rests on and the reasons.
    target, period, as_of
        The revenue to win, when, and the last day on which something happened in the export.
    currency
        The code of that of the amounts; empty where it is not known.
    break_even, likely_coverage
        The coverage that reaches the target on average, and the one at which today's deals reach it with a chance of
        80%; None where there is no such coverage.
    uncertain_chance
        The chance when the conversion rate itself is uncertain; None where there is no rate.
    past_quarters
        What past quarters began with, in one line, beside the situation.
    coverages
        The coverage of the period and of the two after it, by due date; none without a period.
    by, groups
        The column to tell groups apart by, and the coverage of each.
    quarter
        None where there is no rate, or nothing open.
    largest
        The largest open deals that count.
    changes
        Since the earlier export, where there is one.
    receipt
        How the export was read; None where the deals came from a table.
    """

    diagnosis: Diagnosis
    target: float
    period: Period | None
    as_of: datetime.date
    currency: str
    break_even: float | None
    likely_coverage: float | None
    uncertain_chance: Chance | None
    past_quarters: str
    coverages: tuple[Later, ...]
    by: str | None
    groups: tuple[Group, ...]
    quarter: Quarter | None
    largest: tuple[Large, ...]
    changes: Changes | None
    receipt: Receipt | None


def gather(
    given: Any,
    *,
    target: float | None = None,
    period: Period | str | Sequence[Day] | None = None,
    as_of: Day | None = None,
    start: str | None = None,
    earlier: Any = None,
    names: bool = False,
    by: str | None = None,
    targets: Mapping[str, float] | None = None,
) -> Figures:
    """Work out every figure; see :func:`salesmetrics.report` for what the arguments are."""
    mine = _pipeline(given, target=target, period=period, as_of=as_of, start=start)
    of_periods, of_groups = _told_apart(targets or {})
    if mine.period in of_periods:
        mine = pipeline(mine, target=of_periods[mine.period])
    _require_dates(mine)
    # In one pass for all: a warehouse is asked once.
    look_once(mine, _side_by_side_asked(mine), *opening_asked(mine))
    found = diagnose(mine)
    rate = found.conversion.value
    return Figures(
        diagnosis=found,
        target=mine.aim(),
        period=mine.period,
        as_of=mine.day,
        currency=mine.currency,
        break_even=required_coverage(rate) if rate else None,
        likely_coverage=_likely(mine) if rate and found.coverage.value else None,
        uncertain_chance=chance_of_target(mine, p="history", uncertain=True) if rate is not None else None,
        past_quarters=past_quarters_line(mine, found.situation),
        coverages=_side_by_side(mine, of_periods),
        by=by,
        groups=_groups(mine, by, of_groups, names) if by is not None else (),
        quarter=_quarter(mine, rate),
        largest=_largest(mine, names),
        changes=compare(_pipeline(earlier), mine) if earlier is not None else None,
        receipt=mine.source.receipt if mine.source is not None else None,
    )


def _pipeline(given: Any, **said: Any) -> Pipeline:
    return given.pipeline(**said) if isinstance(given, Export) else pipeline(given, **said)


def _told_apart(targets: Mapping[str, float]) -> tuple[dict[Period, float], dict[str, float]]:
    """Tell the targets of periods from those of groups, by their names."""
    of_periods: dict[Period, float] = {}
    of_groups: dict[str, float] = {}
    for name, target in targets.items():
        try:
            period = read_period(name)
        except SalesMetricsError:
            of_groups[name] = target
        else:
            of_periods[period] = read_target(target)
    return of_periods, of_groups


def _side_by_side(mine: Pipeline, targets: Mapping[Period, float]) -> tuple[Later, ...]:
    if mine.period is None:
        return ()
    [sums] = sums_of(mine, _side_by_side_asked(mine))
    due = zip(_periods(mine), sums.values(), strict=True)
    return tuple(Later(each, amount / aim, aim) for each, amount in due for aim in [targets.get(each, mine.aim())])


def _side_by_side_asked(mine: Pipeline) -> Asked:
    due = {
        str(at): sum_of("amount", open_at(mine.as_of) & within("expected_close_on", each))
        for at, each in enumerate(_periods(mine))
    }
    return Asked("side by side", ["status", "amount", "created_on", "closed_on", "expected_close_on"], lambda: due)


def _periods(mine: Pipeline) -> list[Period]:
    return [mine.period, *islice(following(mine.period), LATER_PERIODS)] if mine.period else []


def _groups(mine: Pipeline, by: str, targets: Mapping[str, float], names: bool) -> tuple[Group, ...]:
    if mine.source is not None:
        # As somebody sees the column in the file.
        by = {column.header: column.field for column in mine.source.receipt.columns}.get(by, by)
    if by == "owner" and not names:
        raise SalesMetricsError(
            _("By salesperson the page would name persons."),
            hint=_("Choose a team or a region, or say that names may stand on it: --names, or names=True."),
        )
    covered = _rows(coverage(mine, by=by, target=targets or None), by, "numerator", "denominator", "value")
    try:
        began = {row[0]: row[1] for row in _rows(past_quarters(mine, by=by), by, "value")}
    except SalesMetricsError:
        # The line beside the situation says why.
        began = {}
    return tuple(
        Group("" if is_empty(name) else str(name), due, aim, _known(value), _known(began.get(name)))
        for name, due, aim, value in covered
    )


def _rows(table: Any, *columns: str) -> list[tuple[Any, ...]]:
    frame = nw.from_native(table)
    return (frame.collect() if isinstance(frame, nw.LazyFrame) else frame).select(*columns).rows()


def _known(value: Any) -> float | None:
    return None if is_empty(value) else float(value)


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


def _likely(mine: Pipeline) -> float | None:
    try:
        return coverage_for_chance(mine, chance=LIKELY, p="history")
    except SalesMetricsError:
        # No size of today's deals gives that chance.
        return None


def _quarter(mine: Pipeline, rate: float | None) -> Quarter | None:
    if rate is None:
        return None
    try:
        model = model_of(mine)
    except SalesMetricsError:
        # Nothing is open, so that there is nothing to draw; the figures say so.
        return None
    return Quarter(model, model.outcome({**model.defaults(), "rate": rate}))


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
