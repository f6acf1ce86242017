"""The funnel: how far closed deals got, where most drop out, and what stands open in each stage."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import narwhals as nw

from salesmetrics.base.errors import SalesMetricsError
from salesmetrics.base.language import _, money, ngettext, number
from salesmetrics.base.show import Result, Shown, listed, short, table, together
from salesmetrics.deals.fields import require_columns
from salesmetrics.deals.periods import Day, Period, closed_by, read_period, within
from salesmetrics.deals.pipeline import Pipeline, pipeline
from salesmetrics.metrics.ratio import Ratio
from salesmetrics.metrics.sums import Asked, flag, like, sum_of, sums_of
from salesmetrics.metrics.velocity import ages

FEWEST_ENTERED = 20


@dataclass(frozen=True, kw_only=True)
class Step:
    """One stage of the funnel.

    Parameters
    ----------
    stage
        Its name.
    entered
        How many closed deals got at least this far.
    rate
        The share of those that went on: to the next stage, or to won from the last.
    lost, lost_amount
        How many deals ended here, and their money.
    leak
        What that money would have brought had it gone on: lost amount × the rates of the stages after it.
    """

    stage: str
    entered: int
    rate: Ratio
    lost: int
    lost_amount: float
    leak: float


@dataclass(frozen=True, repr=False, kw_only=True)
class Funnel(Result):
    """The stages of the closed deals, in order.

    Parameters
    ----------
    steps
        One per stage. Their rates multiply to won ÷ closed.
    bottleneck
        The step with the lowest rate among those that at least 20 deals entered; the earlier one of equals. None where
        no stage has that many.
    leak
        The step where the most money leaks away; None where nothing was lost.
    currency
        The code of the money's currency; empty where it is not known.
    """

    steps: tuple[Step, ...]
    bottleneck: Step | None
    leak: Step | None
    currency: str = ""

    def shown(self) -> Shown:
        """Return the rate of each stage with its sum, the bottleneck, and where most money leaks away."""
        said = []
        if self.bottleneck:
            said.append(_("Bottleneck: {stage}.").format(stage=short(_(self.bottleneck.stage))))
        if self.leak:
            leak = money(self.leak.leak, self.currency)
            message = _("Most money leaks away at: {stage}, {money}.")
            said.append(message.format(stage=short(_(self.leak.stage)), money=leak))
        rates = table(
            _("How far the closed deals got"), (), ((short(_(step.stage)), step.rate.line) for step in self.steps)
        )
        return together(rates, listed(said))


def funnel(
    deals: Any,
    *,
    stages: Sequence[str] | None = None,
    start: str | None = None,
    as_of: Day | None = None,
    period: Period | str | Sequence[Day] | None = None,
) -> Funnel:
    """Follow the closed deals from stage to stage and find where most drop out.

    A low rate at one stage points at what happens there. A low rate everywhere says that the leads do not fit.

    Parameters
    ----------
    deals
        A pipeline, or a table of deals; see :func:`salesmetrics.pipeline`. ``stage`` is the furthest stage reached
        (for a won deal the last before won).
    stages
        All stages in order, first to last before won; no stage twice.
    start, as_of
        As for :func:`salesmetrics.pipeline`.
    period
        Count only deals closed in it. By default all that closed by ``as_of``.

    Raises
    ------
    SalesMetricsError
        The lost deals do not say how far they got, because the system wrote "Lost" over their stage; see
        :func:`open_by_stage` for what such a table can still tell.

    Examples
    --------
    >>> import salesmetrics as sm
    >>> steps = sm.funnel(sm.scenario("startup"))
    >>> [step.entered for step in steps.steps], steps.bottleneck.stage
    ([250, 200, 150, 45, 35], 'Demo')
    """
    mine = pipeline(deals, stages=stages, start=start, as_of=as_of)
    ordered = _stages(mine)
    if not ordered:
        raise SalesMetricsError(
            _("A funnel needs the stages in their order."),
            hint=_("Add them: stages=scenario.stages, or a list from first to last."),
        )
    span = read_period(period) if period is not None else None
    [sums] = sums_of(mine, ended_asked(mine, span))
    won_count, *by_stage, lost_count = sums.values()
    lost_here, lost_amount = by_stage[::2], by_stage[1::2]
    if sum(lost_here) != lost_count:
        raise _stages_gone(mine, span, ordered, int(lost_count - sum(lost_here)))
    return _steps(ordered, won_count, lost_here, lost_amount, mine.currency)


def _closed(mine: Pipeline, span: Period | None) -> tuple[nw.Expr, nw.Expr]:
    won, lost = closed_by(mine.as_of, "won"), closed_by(mine.as_of, "lost")
    return (won & within("closed_on", span), lost & within("closed_on", span)) if span else (won, lost)


def _stages(mine: Pipeline) -> list[str]:
    return list(mine.stages[mine.stages.index(mine.start) if mine.start else 0 :])


def ended_asked(mine: Pipeline, span: Period | None = None) -> Asked:
    """Return what :func:`funnel` asks of a pipeline: where the closed deals ended."""

    def columns() -> dict[str, nw.Expr]:
        won, lost = _closed(mine, span)
        ends = {"won": flag(won)}
        for index, stage in enumerate(_stages(mine)):
            here = lost & (nw.col("stage") == stage)
            ends |= {f"lost_{index}": flag(here), f"amount_{index}": sum_of("amount", here)}
        return ends | {"lost": flag(lost)}

    return Asked(("funnel", span), ["status", "closed_on", "stage", "amount"], columns)


def _steps(stages: list[str], won: float, lost: list[float], lost_amount: list[float], currency: str) -> Funnel:
    steps: list[Step] = []
    onward, passed = 1.0, won
    for index in reversed(range(len(stages))):
        entered = passed + lost[index]
        rate = Ratio(
            numerator=passed,
            denominator=entered,
            unit="%",
            counts="deals",
            definition=_("share that went on from {stage}").format(stage=_(stages[index])),
            numerator_label=_("went on"),
            denominator_label=_("entered"),
            no_value="" if entered else _("nobody got here"),
        )
        steps.insert(
            0,
            Step(
                stage=stages[index],
                entered=int(entered),
                rate=rate,
                lost=int(lost[index]),
                lost_amount=lost_amount[index],
                leak=lost_amount[index] * onward,
            ),
        )
        onward *= rate.value if rate.value is not None else 1.0
        passed = entered
    busy = [step for step in steps if step.entered >= FEWEST_ENTERED]
    leaky = [step for step in steps if step.leak > 0]
    return Funnel(
        steps=tuple(steps),
        bottleneck=min(busy, key=lambda step: float(step.rate), default=None),
        leak=max(leaky, key=lambda step: step.leak, default=None),
        currency=currency,
    )


def _stages_gone(mine: Pipeline, span: Period | None, stages: list[str], count: int) -> SalesMetricsError:
    unknown = _closed(mine, span)[1] & (nw.col("stage").is_null() | ~nw.col("stage").is_in(stages))
    found = mine.frame(quick=True).filter(unknown).select("stage").unique().sort("stage").head(3).collect()
    names = ", ".join(f"“{short(name)}”" for name in found["stage"].to_list() if isinstance(name, str)) or _("no stage")
    return SalesMetricsError(
        ngettext(
            "{count} lost deal does not say how far it got: its stage is {found}.",
            "{count} lost deals do not say how far they got: their stage is {found}.",
            count,
        ).format(count=number(count), found=names),
        hint=_(
            "Many systems write “Lost” over the stage. Export the stage history, or correct stages=. Until then "
            "open_by_stage(deals) shows the open money and age per stage."
        ),
    )


def open_by_stage(
    deals: Any,
    *,
    as_of: Day | None = None,
    period: Period | str | Sequence[Day] | None = None,
    stages: Sequence[str] | None = None,
    start: str | None = None,
) -> Any:
    """Return the open deals per stage: their number, money and mean age in days.

    A stage where deals are much older than elsewhere is where they get stuck.

    Parameters
    ----------
    deals
        A pipeline, or a table of deals; see :func:`salesmetrics.pipeline`.
    as_of, period, stages, start
        As for :func:`salesmetrics.pipeline`: which open deals count, and the day to count their age to.

    Returns
    -------
    A table of the caller's own kind: ``stage``, ``deals``, ``amount``, ``age`` (days; empty where no day of creation
    is known).

    Raises
    ------
    SalesMetricsError
        As in :func:`coverage`.

    Examples
    --------
    >>> import salesmetrics as sm
    >>> startup = sm.scenario("startup")
    >>> found = open_by_stage(startup).set_index("stage")["amount"]
    >>> found[list(startup.stages)].tolist()
    [1200000.0, 800000.0, 400000.0, 75000.0, 25000.0]
    """
    mine = pipeline(deals, as_of=as_of, period=period, stages=stages, start=start)
    require_columns(mine.frame(), ["stage"])
    still_open = ages(mine).filter(nw.col("deals") > 0)
    dated = nw.when(~nw.col("days").is_null()).then(nw.col("deals")).otherwise(0.0)
    rows = still_open.select("stage", "deals", "amount", dated=dated, days=dated * nw.col("days").fill_null(0.0))
    sums = [nw.sum(name).alias(name) for name in ("deals", "amount", "dated", "days")]
    age = nw.col("days") / nw.when(nw.col("dated") > 0).then(nw.col("dated"))
    summed = rows.group_by("stage").agg(*sums).select("stage", "deals", "amount", age=age)
    return like(mine.deals, summed.sort("stage", nulls_last=True))
