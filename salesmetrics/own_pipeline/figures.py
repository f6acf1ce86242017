"""What a pipeline of one's own says: each figure with its working, in words and tables."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from salesmetrics.base.errors import SalesMetricsError
from salesmetrics.base.language import _, chance_text, money, number, percent, times
from salesmetrics.base.show import Shown, table, together, words
from salesmetrics.charts.stills import picture
from salesmetrics.deals.pipeline import Pipeline
from salesmetrics.diagnosis import diagnose
from salesmetrics.diagnosis.quarters_line import past_quarters_line
from salesmetrics.diagnosis.reasons import stages_open
from salesmetrics.diagnosis.stale import stale_deals
from salesmetrics.forecast import past_quarters, required_coverage, still_needed
from salesmetrics.forecast.past_quarters import PastQuarters
from salesmetrics.metrics import concentration, conversion_rate, funnel
from salesmetrics.metrics import coverage as coverage_of
from salesmetrics.metrics.ratio import Ratio
from salesmetrics.models.quarter import QuarterOutcome, model_of


def dated(mine: Pipeline) -> Pipeline:
    """Refuse a pipeline of which nothing can be due, in the words of the page."""
    if mine.facts.open and not mine.facts.expected:
        raise SalesMetricsError(
            _("No open deal has an expected date, so none is due in the period."),
            hint=_("Is there a column with that date? Then say so under “What became what”."),
        )
    return mine


def aimed(mine: Pipeline) -> Pipeline:
    """Refuse a pipeline without a target, or of which nothing can be due, in the words of the page."""
    if mine.target is None:
        raise SalesMetricsError(_("There is no target yet."), hint=_("Type it in the box “Target”, under your file."))
    return dated(mine)


def coverage(mine: Pipeline) -> Shown:
    """Show the coverage, and that of what remains once something is won."""
    whole: Ratio = coverage_of(aimed(mine))
    rest: Ratio = coverage_of(mine, remaining=True)
    parts = [whole.shown()]
    if rest.denominator != whole.denominator:
        parts.append(rest.shown())
    return together(*parts)


def conversion(mine: Pipeline) -> Shown:
    """Show the conversion rate, how firm it is, the coverage that it asks for, and the rate by money."""
    rate: Ratio = conversion_rate(mine)
    parts = [rate.shown()]
    if rate.value is not None:
        low, high = rate.interval()
        parts.append(
            words(
                _("Range: a rate between {low} and {high} fits with these deals.").format(
                    low=percent(low), high=percent(high)
                )
            )
        )
        if rate.value:
            parts.append(
                words(
                    _("At this rate it takes a coverage of {coverage} to reach a target on average.").format(
                        coverage=times(required_coverage(rate.value))
                    )
                )
            )
        parts.append(_or_why(lambda: conversion_rate(mine, unit="amount").shown()))
    return together(*parts)


def situation(mine: Pipeline) -> Shown:
    """Show which of the four situations it is, why, what to do first, and what to reread."""
    found = diagnose(aimed(mine))
    # What was left out stands under the coverage, of the same deals.
    reasons = [found.expected.line] if found.expected is not None else []
    return together(
        words(found.verdict, strong=True),
        *map(words, [*reasons, *found.because, *found.assumed]),
        words(past_quarters_line(mine, found.situation)),
        words(_("First step: {step}").format(step=found.first_step), strong=True),
        words(found.reread),
    )


def quarters(mine: Pipeline) -> Shown:
    """Show what past quarters began with: by money or, where too many amounts are missing, by number."""
    try:
        found = past_quarters(mine)
    except SalesMetricsError as refusal:
        return together(words(refusal.what), _or_why(lambda: _quarters(past_quarters(mine, unit="count"))))
    return _quarters(found)


def _quarters(found: PastQuarters) -> Shown:
    return together(picture(found).shown(), found.workings()) if found.quarters else found.shown()


def needed(mine: Pipeline, targets: Mapping[str, float]) -> Shown:
    """Show what the period still lacks and what it takes to find it, and the two periods after it beside it."""
    return still_needed(aimed(mine), targets=targets).shown()


def stale(mine: Pipeline) -> Shown:
    """Show the coverage with and without deals that may be dead."""
    return stale_deals(aimed(mine)).shown()


def stages(mine: Pipeline) -> Shown:
    """Show the open money and its age per stage, and how far the closed deals got where the export tells it."""
    open_now = table(
        _("Open now"),
        [_("stage"), _("deals"), _("amount"), _("mean age, days")],
        [
            [
                row.name,
                number(row.deals),
                money(row.amount, mine.currency),
                number(row.age) if row.age is not None else "–",
            ]
            for row in stages_open(dated(mine))
        ],
    )
    if not mine.stages:
        unknown = _("The file does not tell the order of the stages. Give it under “What became what” to see a funnel.")
        return together(open_now, words(unknown))
    return together(open_now, _or_why(lambda: _funnel(mine)))


def _funnel(mine: Pipeline) -> Shown:
    found = funnel(mine)
    return together(picture(found).shown(), found.shown())


def largest(mine: Pipeline) -> Shown:
    """Show how much hangs on few deals: their share, and the chance of the target with and without the largest."""
    found = concentration(dated(mine))
    return together(found.shown(), _or_why(lambda: _chances(mine)))


def _chances(mine: Pipeline) -> Shown:
    quarter = model_of(aimed(mine))
    rate = float(conversion_rate(mine))
    outcome: QuarterOutcome = quarter.outcome({**quarter.defaults(), "rate": rate})
    return table(
        _("Chance of the target at {rate}").format(rate=percent(rate)),
        ["", _("chance")],
        [
            [_("with all deals"), chance_text(outcome.chance_with_all)],
            [_("without the largest"), chance_text(outcome.chance_without_largest)],
        ],
    )


def _or_why(show: Callable[[], Shown]) -> Shown:
    """Show something, or say why it can't be shown."""
    try:
        return show()
    except SalesMetricsError as refusal:
        return words(refusal.what)
