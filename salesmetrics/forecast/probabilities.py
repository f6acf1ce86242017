"""The open deals that count, as plain arrays, and each one's probability: from history, its stage, the CRM or given."""

from __future__ import annotations

import datetime
from typing import NamedTuple

import narwhals as nw
import numpy as np

from salesmetrics.base.errors import SalesMetricsError
from salesmetrics.base.language import _, ngettext, number, percent
from salesmetrics.base.typed_numbers import is_empty, read_rate
from salesmetrics.deals.pipeline import Pipeline
from salesmetrics.forecast.convolution import Floats
from salesmetrics.metrics.coverage import counted, due_sums
from salesmetrics.metrics.funnel import funnel
from salesmetrics.metrics.pipeline_risk import largest_of


class OpenDeals(NamedTuple):
    """The open deals that count, as plain arrays, and what closed before them."""

    ids: list[str]
    amounts: Floats
    stages: list[str]
    crm: Floats
    due: list[datetime.datetime | None]
    sums: dict[str, float]

    @property
    def won_so_far(self) -> float:
        """Won in the period, or ever where there is no period."""
        return self.sums["won"]

    @property
    def won(self) -> int:
        """How many deals were won by the day that counts."""
        return int(self.sums["won_deals"])

    @property
    def lost(self) -> int:
        """How many deals were lost by the day that counts."""
        return int(self.sums["lost_deals"])

    @property
    def rate(self) -> float | None:
        """Won ÷ closed; None where no deal is closed."""
        return self.won / (self.won + self.lost) if self.won + self.lost else None


def open_deals(mine: Pipeline) -> OpenDeals:
    """Return the open deals that count, and what was won and lost before."""
    sums = due_sums(mine)
    if sums["deals"] and sums["deals"] == sums["without_amount"]:
        raise SalesMetricsError(
            _("No open deal that counts has an amount."), hint=_("Check the period, or fill in the amounts.")
        )
    return mine.keep("open deals", lambda: _open_deals(mine, sums))


def _open_deals(mine: Pipeline, sums: dict[str, float]) -> OpenDeals:
    frame = mine.frame(["deal_id"], quick=True)
    known = frame.collect_schema().names()
    extra = [name for name in ("stage", "probability") if name in known]
    counts = counted(mine) & ~nw.col("amount").is_null()
    found = frame.filter(counts).select("deal_id", "amount", "expected_close_on", *extra).sort("deal_id").collect()
    crm = found["probability"].to_list() if "probability" in extra else [None] * len(found)
    largest_of(mine, found["amount"].to_list())
    return OpenDeals(
        ids=found["deal_id"].to_list(),
        amounts=np.asarray(found["amount"].to_list(), dtype=np.float64),
        stages=found["stage"].to_list() if "stage" in extra else [],
        crm=np.asarray([np.nan if is_empty(value) else value for value in crm], dtype=np.float64),
        due=[None if is_empty(due) else due for due in found["expected_close_on"].to_list()],
        sums=sums,
    )


def probabilities_of(mine: Pipeline, p: str | float | None, fill: float | None) -> tuple[Floats, str]:
    """Return the probability of each open deal, and the words that say where it comes from."""
    found = open_deals(mine)
    rate = found.rate
    if p is None:
        p = "crm" if rate is None else "history"
        if rate is None and fill is None and np.isnan(found.crm).any():
            raise SalesMetricsError(
                _("No deal is closed yet, and not every open deal has a probability."),
                hint=_("Give a rate yourself, for example p=0.25, or fill=0.25 for the deals without one."),
            )
    size = found.amounts.size
    if isinstance(p, str):
        if p == "history":
            if rate is None:
                raise SalesMetricsError(
                    _("No deal is closed yet, so history gives no rate."), hint=_("Give a rate yourself: p=0.25.")
                )
            message = _("the rate of history, {rate} = {won} won ÷ {closed} closed")
            working = message.format(rate=percent(rate), won=number(found.won), closed=number(found.won + found.lost))
            return np.full(size, rate), working
        if p == "stage":
            return _by_stage(mine, found), _("the rate of each deal's stage")
        if p == "crm":
            return _from_crm(found, fill), _("the CRM's probabilities, mostly the defaults of the stages")
        raise SalesMetricsError(
            _("“{found}” is no way to find a probability.").format(found=p),
            hint=_('Use "history", "stage", "crm", or a number such as 0.25.'),
        )
    given = read_rate(p)
    return np.full(size, given), _("a given rate of {rate}").format(rate=percent(given))


def _by_stage(mine: Pipeline, found: OpenDeals) -> Floats:
    if not mine.stages:
        raise SalesMetricsError(
            _("The rate per stage needs the stages in their order."),
            hint=_("Add them: stages=scenario.stages, or a list from first to last."),
        )
    steps = funnel(mine).steps
    rates = {step.stage: found.won / step.entered for step in steps if step.entered}
    unknown = sorted({str(stage) for stage in found.stages if stage not in rates})
    if unknown or len(found.stages) < found.amounts.size:
        message = _("No closed deal reached these stages, so they have no rate: {stages}.")
        raise SalesMetricsError(
            message.format(stages=", ".join(f"“{_(stage)}”" for stage in unknown) or "–"),
            hint=_('Check stages=, or use p="history".'),
        )
    return np.asarray([rates[stage] for stage in found.stages], dtype=np.float64)


def _from_crm(found: OpenDeals, fill: float | None) -> Floats:
    missing = np.flatnonzero(np.isnan(found.crm))
    if missing.size and fill is None:
        named = ", ".join(f"“{found.ids[index]}”" for index in missing[:3])
        raise SalesMetricsError(
            ngettext(
                "{count} open deal has no probability: {deals}.",
                "{count} open deals have no probability: {deals}.",
                missing.size,
            ).format(count=missing.size, deals=named + (", …" if missing.size > 3 else "")),
            hint=_("Fill them in, or say what counts for them: fill=0.25."),
        )
    return np.where(np.isnan(found.crm), read_rate(fill) if fill is not None else 0.0, found.crm)
