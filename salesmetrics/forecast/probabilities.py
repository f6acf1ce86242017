"""The open deals that count, as plain arrays, and each one's probability: from history, its stage, the CRM or given."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import narwhals as nw
import numpy as np
from numpy.typing import NDArray

from salesmetrics.base.errors import SalesMetricsError
from salesmetrics.base.language import _, ngettext, number, percent
from salesmetrics.base.numbers import read_rate
from salesmetrics.deals.check import currency_of, require_checked
from salesmetrics.deals.periods import Day, Period, closed_by
from salesmetrics.metrics.due import counted, coverage_columns, marked, moment, notes_on
from salesmetrics.metrics.funnel import funnel
from salesmetrics.metrics.sums import one, totals

Floats = NDArray[np.float64]


class OpenDeals(NamedTuple):
    """The open deals that count, as plain arrays, and what closed before them."""

    ids: list[str]
    amounts: Floats
    stages: list[str]
    crm: Floats
    won_so_far: float
    won: int
    lost: int
    notes: tuple[str, ...]
    currency: str


def open_deals(deals: Any, as_of: Day | None, period: Period | str | Sequence[Day] | None) -> OpenDeals:
    """Take the open deals that count, and count what was won and lost before."""
    needed = ["deal_id", "status", "amount", "created_on", "closed_on"]
    frame = require_checked(deals, [*needed, *(["expected_close_on"] if period is not None else [])])
    day, span = moment(frame, as_of, period)
    known = frame.collect_schema().names()
    extra = [name for name in ("stage", "probability") if name in known]
    counts, won, lost = counted(day, span), closed_by(day, "won"), closed_by(day, "lost")
    columns = coverage_columns(day, span, None) | {"won_deals": one(won), "lost_deals": one(lost)}
    sums = totals(marked(frame, day, span, None), columns)
    if sums["deals"] and sums["deals"] == sums["without_amount"]:
        raise SalesMetricsError(
            _("No open deal that counts has an amount."), hint=_("Check the period, or fill in the amounts.")
        )
    currency = currency_of(frame)
    rows = frame.filter(counts & ~nw.col("amount").is_null()).select("deal_id", "amount", *extra).sort("deal_id")
    found = rows.collect()
    crm = found["probability"].cast(nw.Float64).to_list() if "probability" in extra else [None] * len(found)
    return OpenDeals(
        ids=found["deal_id"].to_list(),
        amounts=np.asarray(found["amount"].to_list(), dtype=np.float64),
        stages=found["stage"].to_list() if "stage" in extra else [],
        crm=np.asarray([np.nan if value is None else value for value in crm], dtype=np.float64),
        won_so_far=sums["won"],
        won=int(sums["won_deals"]),
        lost=int(sums["lost_deals"]),
        notes=tuple(notes_on(sums, currency)),
        currency=currency,
    )


def probabilities_of(
    deals: Any,
    pipeline: OpenDeals,
    p: str | float | None,
    stages: Sequence[str] | None,
    fill: float | None,
    as_of: Day | None,
) -> tuple[Floats, str]:
    """Give each open deal its probability, and the words that say where it comes from."""
    closed = pipeline.won + pipeline.lost
    if p is None:
        p = "history" if closed else "crm"
        if not closed and fill is None and np.isnan(pipeline.crm).any():
            raise SalesMetricsError(
                _("No deal is closed yet, and not every open deal has a probability."),
                hint=_("Give a rate yourself, for example p=0.25, or fill=0.25 for the deals without one."),
            )
    size = pipeline.amounts.size
    if isinstance(p, str):
        if p == "history":
            if not closed:
                raise SalesMetricsError(
                    _("No deal is closed yet, so history gives no rate."), hint=_("Give a rate yourself: p=0.25.")
                )
            rate = pipeline.won / closed
            working = _("the rate of history, {rate} = {won} won ÷ {closed} closed").format(
                rate=percent(rate), won=number(pipeline.won), closed=number(closed)
            )
            return np.full(size, rate), working
        if p == "stage":
            return _by_stage(deals, pipeline, stages, as_of), _("the rate of each deal's stage")
        if p == "crm":
            return _from_crm(pipeline, fill), _("the CRM's probabilities, mostly the defaults of the stages")
        raise SalesMetricsError(
            _("“{found}” is no way to find a probability.").format(found=p),
            hint=_('Use "history", "stage", "crm", or a number such as 0.25.'),
        )
    given = read_rate(p)
    return np.full(size, given), _("a given rate of {rate}").format(rate=percent(given))


def _by_stage(deals: Any, pipeline: OpenDeals, stages: Sequence[str] | None, as_of: Day | None) -> Floats:
    if not stages:
        raise SalesMetricsError(
            _("The rate per stage needs the stages in their order."),
            hint=_("Add them: stages=scenario.stages, or a list from first to last."),
        )
    steps = funnel(deals, stages=stages, as_of=as_of).steps
    rates = {step.stage: pipeline.won / step.entered for step in steps if step.entered}
    unknown = sorted({str(stage) for stage in pipeline.stages if stage not in rates})
    if unknown or len(pipeline.stages) < pipeline.amounts.size:
        raise SalesMetricsError(
            _("No closed deal reached these stages, so they have no rate: {stages}.").format(
                stages=", ".join(f"“{_(stage)}”" for stage in unknown) or "–"
            ),
            hint=_('Check stages=, or use p="history".'),
        )
    return np.asarray([rates[stage] for stage in pipeline.stages], dtype=np.float64)


def _from_crm(pipeline: OpenDeals, fill: float | None) -> Floats:
    missing = np.flatnonzero(np.isnan(pipeline.crm))
    if missing.size and fill is None:
        named = ", ".join(f"“{pipeline.ids[index]}”" for index in missing[:3])
        raise SalesMetricsError(
            ngettext(
                "{count} open deal has no probability: {deals}.",
                "{count} open deals have no probability: {deals}.",
                missing.size,
            ).format(count=missing.size, deals=named + (", …" if missing.size > 3 else "")),
            hint=_("Fill them in, or say what counts for them: fill=0.25."),
        )
    return np.where(np.isnan(pipeline.crm), read_rate(fill) if fill is not None else 0.0, pipeline.crm)
