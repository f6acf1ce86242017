"""The funnel: how far closed deals got, where most drop out, and what stands open in each stage."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import narwhals as nw

from salesmetrics.base.errors import SalesMetricsError
from salesmetrics.base.language import _, money, ngettext, number
from salesmetrics.base.show import Result, Shown, listed, short, table, together
from salesmetrics.deals.periods import Day, Period, closed_by, day_number, read_period, within
from salesmetrics.deals.pipeline import Pipeline, pipeline
from salesmetrics.metrics.due import counted, moment
from salesmetrics.metrics.ratio import Ratio
from salesmetrics.metrics.sums import like, one, rows_of, sum_of, totals

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
        """Give the rate of each stage with its sum, the bottleneck, and where most money leaks away."""
        said = []
        if self.bottleneck:
            said.append(_("Bottleneck: {stage}.").format(stage=short(_(self.bottleneck.stage))))
        if self.leak:
            leak = money(self.leak.leak, self.currency)
            said.append(
                _("Most money leaks away at: {stage}, {money}.").format(stage=short(_(self.leak.stage)), money=leak)
            )
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
    ordered = list(mine.stages[mine.stages.index(mine.start) if mine.start else 0 :])
    if not ordered:
        raise SalesMetricsError(
            _("A funnel needs the stages in their order."),
            hint=_("Add them: stages=scenario.stages, or a list from first to last."),
        )
    span = read_period(period) if period is not None else None
    won_count, *by_stage, lost_count = mine.keep(("funnel", span), lambda: _counts(mine, ordered, span))
    lost_here, lost_amount = by_stage[::2], by_stage[1::2]
    if sum(lost_here) != lost_count:
        raise _stages_gone(mine, span, ordered, int(lost_count - sum(lost_here)))
    return _steps(ordered, won_count, lost_here, lost_amount, mine.currency)


def _closed(mine: Pipeline, span: Period | None) -> tuple[nw.Expr, nw.Expr]:
    won, lost = closed_by(mine.as_of, "won"), closed_by(mine.as_of, "lost")
    return (won & within("closed_on", span), lost & within("closed_on", span)) if span else (won, lost)


def _counts(mine: Pipeline, stages: list[str], span: Period | None) -> list[float]:
    won, lost = _closed(mine, span)
    columns = {"won": one(won)}
    for index, stage in enumerate(stages):
        here = lost & (nw.col("stage") == stage)
        columns |= {f"lost_{index}": one(here), f"amount_{index}": sum_of("amount", here)}
    columns["lost"] = one(lost)
    return list(totals(mine.frame(["status", "closed_on", "stage", "amount"]), columns).values())


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
    found = mine.frame().filter(unknown).select("stage").unique().sort("stage").head(3).collect()
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
    """Give the open deals per stage: their number, money and mean age in days.

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
    given, span = moment(mine)
    day = given or mine.day
    frame = mine.frame(["status", "amount", "stage"])
    counts = counted(day, span)
    dated = counts & ~nw.col("created_on").is_null()
    columns = {
        "deals": one(counts),
        "amount": sum_of("amount", counts),
        "dated": one(dated),
        "days": nw.when(dated).then(day.toordinal() - day_number(nw.col("created_on"))).otherwise(0),
    }
    rows = rows_of(frame.filter(counts), ["stage"], columns)
    summed = rows.group_by("stage").agg(*[nw.sum(name).alias(name) for name in columns])
    age = nw.col("days") / nw.when(nw.col("dated") > 0).then(nw.col("dated"))
    return like(mine.deals, summed.select("stage", "deals", "amount", age=age).sort("stage", nulls_last=True))
