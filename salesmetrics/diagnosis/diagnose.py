"""``diagnose``: a pipeline's situation with its reasons and its first step, put together as one result."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from salesmetrics.base.language import _, chance_text, money, ngettext, number, percent, times
from salesmetrics.base.show import Result, Shown, listed, together, words
from salesmetrics.deals.periods import Day, Period
from salesmetrics.deals.pipeline import Pipeline, pipeline
from salesmetrics.diagnosis.reasons import Reasons, find_reasons, lesson_name
from salesmetrics.diagnosis.situations import (
    FEWEST_CLOSED,
    REFERENCE_COVERAGE,
    Situation,
    find_starts,
    first_step,
    situation,
)
from salesmetrics.forecast import Chance, ExpectedRevenue, chance_of_target, expected_revenue
from salesmetrics.metrics import conversion_rate
from salesmetrics.metrics.conversion import closed_asked
from salesmetrics.metrics.coverage import current_coverage, due_asked, due_sums
from salesmetrics.metrics.funnel import ended_asked
from salesmetrics.metrics.ratio import Ratio
from salesmetrics.metrics.sums import Asked, sums_of

# At least this share of the open deals must say what a coverage is worked out from.
_FEWEST_KNOWN = 0.5


@dataclass(frozen=True, repr=False, kw_only=True)
class Diagnosis(Result):
    """The situation of a pipeline, with the numbers it rests on.

    Parameters
    ----------
    situation
        One of the four; None where too few deals are closed to tell, where most open deals lack their amount or day, or
        where the target is met.
    not_ruled_out
        Other situations that the conversion rate's 95% interval leaves open.
    coverage, conversion, expected, chance
        The numbers. Coverage is of what remains, once something is won. Without closed deals there is no expected
        revenue and no chance.
    reasons
        What lies behind it: bottleneck, open money per stage, concentration, the chance without the largest deal, and
        stale deals.
    name, why, because, first_step
        In words: what it is; the numbers behind it; where it changes if the pipeline begins elsewhere, and one sentence
        for each reason; what to do first.
    lessons
        The numbers of the lessons that are about it.
    """

    situation: Situation | None
    not_ruled_out: tuple[Situation, ...]
    coverage: Ratio
    conversion: Ratio
    expected: ExpectedRevenue | None
    chance: Chance | None
    reasons: Reasons
    name: str
    why: str
    because: tuple[str, ...]
    first_step: str
    lessons: tuple[str, ...]

    @property
    def assumed(self) -> tuple[str, ...]:
        """What the chance assumes, where there is one."""
        return self.chance.notes[-1:] if self.chance is not None else ()

    @property
    def reread(self) -> str:
        """Name the lessons that are about it."""
        return _("See {lessons}.").format(lessons=_(" or ").join(map(lesson_name, self.lessons)))

    @property
    def verdict(self) -> str:
        """What it is and the numbers behind it, in one sentence or two."""
        return f"{self.name}: {self.why}" if self.why else self.name

    def shown(self) -> Shown:
        """Return the verdict, why, what to do first and what to reread."""
        rests_on = [line for ratio in (self.coverage, self.conversion) for line in (ratio.line, *ratio.notes)]
        return together(
            words(self.verdict, strong=True),
            listed([*rests_on, *self.because, *self.assumed]),
            words(_("First step: {step}").format(step=self.first_step), strong=True),
            words(self.reread),
        )


def diagnose(
    deals: Any,
    *,
    target: float | None = None,
    period: Period | str | Sequence[Day] | None = None,
    as_of: Day | None = None,
    stages: Sequence[str] | None = None,
    start: str | None = None,
    reference: float = REFERENCE_COVERAGE,
    older_than: int | None = None,
) -> Diagnosis:
    """Return which of the four situations a pipeline is in, how sure that is, why, and what to do first.

    Parameters
    ----------
    deals
        A pipeline, or a table of deals; see :func:`salesmetrics.pipeline`.
    target, period, as_of, stages, start
        As for :func:`salesmetrics.pipeline`. Without stages only what stands open per stage is told, and no bottleneck.
    reference
        The coverage that counts as full; see :func:`situation`.
    older_than
        The age in days beyond which an open deal is old; see :func:`stale_deals`.

    Raises
    ------
    SalesMetricsError
        As in :func:`coverage`.

    Examples
    --------
    >>> import salesmetrics as sm
    >>> found = diagnose(sm.scenario("startup"))
    >>> found.situation
    'full but leaky'
    >>> print(found.first_step)
    Start at Demo: find out why 105 of 150 deals stopped there before you add a lead.
    """
    mine = pipeline(deals, target=target, period=period, as_of=as_of, stages=stages, start=start)
    look_once(mine)
    covered = current_coverage(mine)
    rate: Ratio = conversion_rate(mine)
    expected = expected_revenue(mine, p="history") if rate.denominator else None
    chance = chance_of_target(mine, p="history") if expected else None
    reasons = find_reasons(mine, older_than=older_than)
    starts: tuple[str, ...] = ()
    named: Situation | None = None
    others: tuple[Situation, ...] = ()
    lessons: tuple[str, ...]
    if covered.value is None:
        name, why = _("The target is met."), ""
        step, lessons = _("Look at the next period: what is open for it counts from now on."), ("02",)
    elif why := _untellable(mine):
        name = _("The coverage can't be told")
        step, lessons = _("Fill in what is missing in the CRM, and export again."), ("02",)
    elif rate.denominator < FEWEST_CLOSED:
        name = _("Too few to tell")
        why = ngettext(
            "{count} closed deal, and it takes {fewest} to say anything.",
            "{count} closed deals, and it takes {fewest} to say anything.",
            rate.denominator,
        ).format(count=number(rate.denominator), fewest=FEWEST_CLOSED)
        step = _("Look at the open deals one by one, and hang no decision on a rate of so few.")
        lessons = ("10",)
    else:
        named = situation(covered.value, float(rate), reference=reference)
        ends = [situation(covered.value, end, reference=reference) for end in rate.interval()]
        others = tuple(dict.fromkeys(end for end in ends if end != named))
        name, why = _name(named, others), _why(mine, covered.value, rate, expected, chance, reference)
        step, lessons = first_step(named, reasons.leak)
        tried = find_starts(mine, covered.denominator, reference=reference)
        starts = tried.sentences()
        step, lessons = tried.first_step() or (step, lessons)
    return Diagnosis(
        situation=named,
        not_ruled_out=others,
        coverage=covered,
        conversion=rate,
        expected=expected,
        chance=chance,
        reasons=reasons,
        name=name,
        why=why,
        because=(*starts, *reasons.sentences(chance)),
        first_step=step,
        lessons=lessons,
    )


def _name(named: str, others: Sequence[str]) -> str:
    name = _(named)
    if others:
        message = _("{situation}; {others} is not ruled out")
        name = message.format(situation=name, others=_(" or ").join(_(other) for other in others))
    return name[:1].upper() + name[1:]


def _untellable(mine: Pipeline) -> str:
    """Describe what most open deals lack that a verdict rests on; "fill the pipeline" would be no advice then."""
    due, facts = due_sums(mine), mine.facts
    if mine.period and facts.expected < _FEWEST_KNOWN * facts.open:
        missing, deals = facts.open - facts.expected, facts.open
        said = _("{missing} of the {deals} open deals have no expected day, so nobody knows when they are due.")
    elif due["without_amount"] > (1 - _FEWEST_KNOWN) * due["deals"]:
        missing, deals = round(due["without_amount"]), round(due["deals"])
        said = _("{missing} of the {deals} open deals that count have no amount.")
    else:
        return ""
    return said.format(missing=number(missing), deals=number(deals))


def _why(
    mine: Pipeline,
    covered: float,
    rate: Ratio,
    expected: ExpectedRevenue | None,
    chance: Chance | None,
    reference: float,
) -> str:
    low, high = rate.interval()
    won = expected.won if expected else 0.0
    # What is won counts in full: so it is the share that the picture of the quarter says as well.
    share = float(expected) / mine.aim() if expected and won else covered * float(rate)
    words = (
        _(
            "coverage {coverage} of what remains × conversion {rate}, with {won} won, is {expected} of the target; "
            "full is {reference} here, and the rate lies between {low} and {high}."
        )
        if won
        else _(
            "coverage {coverage} × conversion {rate} is {expected} of the target; full is {reference} here, and the "
            "rate lies between {low} and {high}."
        )
    )
    why = words.format(
        coverage=times(covered),
        rate=percent(float(rate)),
        won=money(won, mine.currency),
        expected=percent(share, 0),
        reference=times(reference),
        low=percent(low),
        high=percent(high),
    )
    if chance is None:
        return why
    return why + " " + _("The chance of reaching the target is {chance}.").format(chance=chance_text(chance))


def look_once(mine: Pipeline, *more: Asked) -> None:
    """Count in one pass what coverage, conversion and funnel will ask one after the other, and what else is asked."""
    asked = [*more, due_asked(mine), closed_asked(mine)]
    if mine.stages and "stage" in mine.frame().collect_schema().names():
        asked.append(ended_asked(mine))
    sums_of(mine, *asked)
