"""Why a pipeline is in its situation: where deals drop out, where money stands, one large deal, what lingers."""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import NamedTuple

import numpy as np

from salesmetrics.base import kit_files
from salesmetrics.base.errors import SalesMetricsError
from salesmetrics.base.language import _, aside, chance_text, language, money, ngettext, number, percent, times
from salesmetrics.base.show import short
from salesmetrics.deals.fields import require_columns
from salesmetrics.deals.pipeline import Pipeline
from salesmetrics.forecast.chance import chance
from salesmetrics.forecast.probabilities import open_deals
from salesmetrics.metrics import concentration, funnel
from salesmetrics.metrics.funnel import FEWEST_ENTERED, Funnel, Step
from salesmetrics.metrics.pipeline_risk import Concentration, Stale, stale_deals
from salesmetrics.metrics.velocity import Age, ages_of


class StageOpen(NamedTuple):
    """What stands open in one stage: its name, deals, money, and mean age in days if it is known."""

    stage: str | None
    deals: int
    amount: float
    age: float | None

    @property
    def name(self) -> str:
        """Its name as the screen shows it."""
        return short(_(self.stage)) if self.stage else _("no stage")


@dataclass(frozen=True, kw_only=True)
class Reasons:
    """What lies behind a situation, as far as the deals tell it.

    Parameters
    ----------
    funnel, no_funnel
        How far the closed deals got; or why the export does not tell it.
    open_by_stage
        What stands open in each stage, in the order of the stages where that is known.
    concentration
        How much hangs on few deals; None where nothing is open.
    chance_without_largest
        The chance of the target when the largest open deal falls away; None where there is no rate.
    stale
        Old and overdue deals.
    """

    funnel: Funnel | None
    no_funnel: str
    open_by_stage: tuple[StageOpen, ...]
    concentration: Concentration | None
    chance_without_largest: float | None
    stale: Stale

    @property
    def leak(self) -> Step | None:
        """The bottleneck, where its margin lies below the rates of all other stages that 20 deals or more entered."""
        step = self.funnel.bottleneck if self.funnel else None
        if self.funnel is None or step is None:
            return None
        others = [float(each.rate) for each in self.funnel.steps if each is not step and each.entered >= FEWEST_ENTERED]
        return step if all(step.rate.interval()[1] < rate for rate in others) else None

    def sentences(self, chance_with_all: float | None) -> tuple[str, ...]:
        """Return the reasons in words, the most telling first."""
        bottleneck = self.funnel.bottleneck if self.funnel else None
        if bottleneck:
            first = [_bottleneck(bottleneck, self.leak is bottleneck)]
        else:
            first = _open_money(self.open_by_stage, self.stale.coverage.currency)
        return (
            *first,
            *(_largest(self.concentration, chance_with_all, self.chance_without_largest) if self.concentration else ()),
            *_lingering(self.stale),
        )


def find_reasons(mine: Pipeline, *, older_than: int | None) -> Reasons:
    """Find what lies behind the two numbers; see :func:`salesmetrics.diagnose`."""
    found, why_not = _funnel(mine)
    has_stages = "stage" in mine.frame().collect_schema().names()
    return Reasons(
        funnel=found,
        no_funnel=why_not,
        open_by_stage=stages_open(mine) if has_stages else (),
        concentration=concentration(mine) if open_deals(mine).amounts.sum() else None,
        chance_without_largest=_without_largest(mine),
        stale=stale_deals(mine, older_than=older_than),
    )


def _funnel(mine: Pipeline) -> tuple[Funnel | None, str]:
    if not mine.stages:
        return None, _("The order of the stages is not known.")
    try:
        return funnel(mine), ""
    except SalesMetricsError as error:
        return None, error.what


def stages_open(mine: Pipeline) -> tuple[StageOpen, ...]:
    """Return what stands open in each stage, in the order of the stages where that is known.

    Raises
    ------
    SalesMetricsError
        As in :func:`open_by_stage`.
    """
    require_columns(mine.frame(), ["stage"])
    found: dict[str | None, list[Age]] = {}
    for age in ages_of(mine):
        if age.deals:
            found.setdefault(age.stage, []).append(age)
    rows = [StageOpen(stage, *_summed(open_there)) for stage, open_there in found.items()]
    order = {stage: place for place, stage in enumerate(mine.stages)}
    return tuple(sorted(rows, key=lambda row: order.get(row.stage or "", len(order))))


def _summed(rows: Sequence[Age]) -> tuple[int, float, float | None]:
    dated = sum(row.deals for row in rows if row.days is not None)
    days = sum(row.deals * row.days for row in rows if row.days is not None)
    deals, amount = int(sum(row.deals for row in rows)), math.fsum(row.amount for row in rows)
    return deals, amount, days / dated if dated else None


def _without_largest(mine: Pipeline) -> float | None:
    found = open_deals(mine)
    if found.rate is None or not found.amounts.size:
        return None
    others = np.sort(found.amounts)[:-1]
    return float(chance(others, found.rate, mine.aim(), already_won=found.won_so_far))


def _bottleneck(step: Step, certain: bool) -> str:
    low, high = step.rate.interval()
    said = _(
        "The lowest rate of the funnel is at {stage}: of {entered} closed deals that got there {went} went on, {rate} "
        "(range: {low} to {high})."
    )
    if not certain:
        said += " " + _("That it is the lowest is not certain.")
    return said.format(
        stage=short(_(step.stage)),
        entered=number(step.entered),
        went=number(step.rate.numerator),
        rate=percent(float(step.rate)),
        low=percent(low, 0),
        high=percent(high, 0),
    )


def _open_money(rows: Sequence[StageOpen], currency: str) -> list[str]:
    total = sum(row.amount for row in rows)
    if not total or len(rows) < 2:
        return []
    most = max(rows, key=lambda row: row.amount)
    said = [
        _("Most open money stands in {stage}: {amount}, {share} of the whole.").format(
            stage=most.name, amount=money(most.amount, currency), share=percent(most.amount / total, 0)
        )
    ]
    aged = [row for row in rows if row.age is not None]
    if len(aged) > 1:
        oldest = max(aged, key=lambda row: row.age or 0)
        mean = sum(row.deals * (row.age or 0) for row in aged) / sum(row.deals for row in aged)
        message = _("The oldest open deals stand in {stage}: {age} days on average, against {mean} over all.")
        said.append(message.format(stage=oldest.name, age=number(oldest.age or 0), mean=number(mean)))
    return said


def _largest(found: Concentration, with_it: float | None, without: float | None) -> list[str]:
    share = found.largest[0]
    message = _("The largest deal is {share} of what is open ({amount}).")
    said = message.format(share=percent(float(share)), amount=money(share.numerator, share.currency))
    if with_it and without == 0:
        said += " " + _("Without it the target is out of reach, even if all the rest is won.")
    # Two chances that are written alike say nothing together.
    elif with_it is not None and without is not None and chance_text(with_it) != chance_text(without):
        message = _("Without it the chance of the target goes from {with_it} to {without}.")
        said += " " + message.format(with_it=chance_text(with_it), without=chance_text(without))
    return [said]


def _lingering(found: Stale) -> list[str]:
    said = []
    now, after = found.coverage.value, found.without_old.value
    if found.old and now is not None and after is not None:
        said.append(
            ngettext(
                "{count} deal{aside} has been open for over {days} days; without it the coverage is {coverage}.",
                "{count} deals{aside} have been open for over {days} days; without them the coverage is {coverage}.",
                found.old,
            ).format(
                count=number(found.old),
                aside=aside(found.old_amount, found.coverage.currency),
                days=number(found.older_than or 0),
                coverage=times(after),
            )
        )
    if found.overdue:
        said.append(
            ngettext(
                "{count} deal that counts{aside} is past its expected day.",
                "{count} deals that count{aside} are past their expected day.",
                found.overdue,
            ).format(count=number(found.overdue), aside=aside(found.overdue_amount, found.coverage.currency))
        )
    return said


def lesson_name(number: str) -> str:
    """Return a lesson's number and title; the number alone where the lessons did not come along with the package.

    Examples
    --------
    >>> lesson_name("06")
    'lesson 06 (The consultancy: sharp but thin)'
    """
    title = _title(number, language())
    named = _("lesson {lesson} ({title})") if title else _("lesson {lesson}")
    return named.format(lesson=number, title=title)


@cache
def _title(number: str, spoken: str) -> str:
    folder = kit_files() / "notebooks" / spoken
    files = folder.iterdir() if folder.is_dir() else ()
    lesson = next((file for file in files if file.name.startswith(f"{number}-") and file.name.endswith(".ipynb")), None)
    return str(json.loads(lesson.read_text(encoding="utf-8"))["metadata"].get("title", "")) if lesson else ""
