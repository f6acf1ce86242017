"""Every figure of the report, from the same functions that a notebook calls; nothing is written or drawn here."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import narwhals as nw
import pandas as pd

from salesmetrics.base.errors import SalesMetricsError
from salesmetrics.base.language import _, did_you_mean
from salesmetrics.crm import Export, Receipt
from salesmetrics.crm.aliases import recognise
from salesmetrics.deals.periods import Day, Period, latest_day, read_period
from salesmetrics.diagnosis import Diagnosis, diagnose
from salesmetrics.diagnosis.changes import Changes, compare
from salesmetrics.forecast import Chance, chance_of_target, coverage_for_chance, required_coverage
from salesmetrics.metrics.due import counted
from salesmetrics.models import Model
from salesmetrics.models.quarter import model_of
from salesmetrics.models.revenue import QuarterOutcome

LIKELY = 0.8
MOST_DEALS = 3


class Large(NamedTuple):
    """One of the largest open deals that count: its line in the file, and its name where names were asked for."""

    line: int
    name: str | None
    amount: float
    due: datetime.date | None


class Quarter(NamedTuple):
    """What the period may bring: the model, for its picture, and the outcome at the pipeline's own rate."""

    model: Model
    outcome: QuarterOutcome


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
    quarter
        None where there is no rate, or nothing open.
    largest
        The largest open deals that count.
    changes
        Since the earlier export, where there is one.
    receipt
        How the export was read.
    """

    diagnosis: Diagnosis
    target: float
    period: Period
    as_of: datetime.date
    currency: str
    break_even: float | None
    likely_coverage: float | None
    uncertain_chance: Chance | None
    quarter: Quarter | None
    largest: tuple[Large, ...]
    changes: Changes | None
    receipt: Receipt


def gather(
    export: Export,
    *,
    target: float,
    period: Period | str | Sequence[Day],
    earlier: Export | None = None,
    names: bool = False,
) -> Figures:
    """Work out every figure; see :func:`salesmetrics.report` for what the arguments are."""
    _require_export(export)
    if earlier is not None:
        _require_export(earlier)
    deals, span = export.deals, read_period(period)
    _require_dates(export)
    found = diagnose(deals, target=target, period=span, stages=export.stages)
    day, rate = latest_day(nw.from_native(deals).lazy()), found.conversion.value
    return Figures(
        diagnosis=found,
        target=target,
        period=span,
        as_of=day,
        currency=found.coverage.currency,
        break_even=required_coverage(rate) if rate else None,
        likely_coverage=_likely(deals, target, span) if rate and found.coverage.value else None,
        uncertain_chance=chance_of_target(deals, target=target, period=span, p="history", uncertain=True)
        if rate is not None
        else None,
        quarter=_quarter(deals, rate, target, span),
        largest=_largest(export, day, span, names),
        changes=compare(earlier.deals, deals, target=target, period=span) if earlier is not None else None,
        receipt=export.receipt,
    )


def _require_export(given: object) -> None:
    if not isinstance(given, Export):
        raise SalesMetricsError(
            _("An export was expected, but this is a {kind}.").format(kind=type(given).__name__),
            hint=_('Read the file first, and give what comes of it: sm.read_deals("export.csv").'),
        )


def _require_dates(export: Export) -> None:
    """Refuse deals of which none can be due: a coverage of 0 would say that the pipeline is empty."""
    dates = export.deals.loc[export.deals["status"] == "open", "expected_close_on"]
    if len(dates) and dates.isna().all():
        headers = [*(used.header for used in export.receipt.columns), *export.receipt.unused]
        raise SalesMetricsError(
            _("No open deal has an expected date, so none is due in the period."),
            hint=_('{nearest} Name yours: columns={{"{name}": "your header"}}.').format(
                nearest=did_you_mean("expected_close_on", headers), name="expected_close_on"
            ),
        )


def _likely(deals: pd.DataFrame, target: float, span: Period) -> float | None:
    try:
        return coverage_for_chance(deals, target=target, chance=LIKELY, p="history", period=span)
    except SalesMetricsError:
        # No size of today's deals gives that chance.
        return None


def _quarter(deals: pd.DataFrame, rate: float | None, target: float, span: Period) -> Quarter | None:
    if rate is None:
        return None
    try:
        model = model_of(deals, target=target, period=span)
    except SalesMetricsError:
        # Nothing is open, so that there is nothing to draw; the figures say so.
        return None
    return Quarter(model, model.outcome({**model.defaults(), "rate": rate}))  # type: ignore[arg-type]


def _largest(export: Export, day: datetime.date, span: Period, names: bool) -> tuple[Large, ...]:
    rows = nw.from_native(export.deals, eager_only=True).with_row_index("row")
    counts = rows.filter(counted(day, span) & (nw.col("amount") > 0))
    places = counts.sort("amount", "row", descending=[True, False])["row"].to_list()[:MOST_DEALS]
    named = export.deals[_column_of_names(export)]
    return tuple(
        Large(
            line=int(export.lines[place]),
            name=str(named.iloc[place]) if names and pd.notna(named.iloc[place]) else None,
            amount=float(export.deals["amount"].iloc[place]),
            due=export.deals["expected_close_on"].iloc[place].date(),
        )
        for place in places
    )


def _column_of_names(export: Export) -> str:
    """Choose the column that people know a deal by: its name, else its customer, else its id."""
    told = export.mapping.get("columns", {}).get("deal_name")
    known = {header: recognise(header) for header in export.receipt.unused}
    named = sorted((found[1], header) for header, found in known.items() if found and found[0] == "deal_name")
    choices = (told, *(header for _rank, header in named), "account")
    return next((name for name in choices if name in export.deals), "deal_id")
