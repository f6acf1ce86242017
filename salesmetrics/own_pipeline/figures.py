"""What a pipeline of one's own says: each figure with its working, what to see of it in the sample, and refusals.

All in the words of a page with buttons: no code where nobody typed any.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable, Mapping
from functools import partial

from salesmetrics.base.errors import SalesMetricsError
from salesmetrics.base.language import N_, _, chance_text, date, money, number, percent, times
from salesmetrics.base.show import Shown, table, together, words
from salesmetrics.charts.static_pictures import picture
from salesmetrics.deals.pipeline import Pipeline
from salesmetrics.diagnosis import diagnose
from salesmetrics.diagnosis.reasons import stages_open
from salesmetrics.forecast import past_quarters, required_coverage, still_needed
from salesmetrics.forecast.current_quarter import past_quarters_line
from salesmetrics.forecast.past_quarters import PastQuarters
from salesmetrics.metrics import concentration, conversion_rate, funnel
from salesmetrics.metrics import coverage as coverage_of
from salesmetrics.metrics.pipeline_risk import stale_deals
from salesmetrics.metrics.ratio import Ratio
from salesmetrics.models.quarter import QuarterOutcome, model_of

# What there is to see in the kit's own sample: said under its figures, and never among somebody's own.
COVERAGE = N_("For the sample the coverage is 3.0×: € 1,500,000 is open and due in the quarter, against € 500,000.")
CONVERSION = N_(
    "In the sample 160 of the 640 decided deals were won, and with so many the range still runs from 21.8% to "
    "28.5%. It asks for 4.0×, and there is only 3.0×."
)
SITUATION = N_(
    "The sample is full but leaky: the target fits three times into the pipeline, and with one win in four only 75% of "
    "the target may be expected."
)
PAST_QUARTERS = N_(
    "The sample's eight quarters began with € 12,000,000 and brought € 4,000,000, so 3.0×, while 1 ÷ the win rate says "
    "4.0×. Both are right: two fifths of the revenue was new, and a fifth of what was open was carried over. "
    "(1 − 40%) ÷ 20% = 3.0. Without stale deals it is 2.9×; and in all 3.3× is open as the next quarter begins."
)
STILL_NEEDED = N_(
    "In the sample nothing is lacking on average; a single quarter can still fall short. Choose Q3 2026 as the "
    "period at the top and a gap of € 25,000 appears, with how many deals to begin, and until when."
)
STAGES = N_(
    "In the sample most of the money is still at the start: € 668,000 of the € 1,500,000 is in the first stage. Of 640 "
    "qualified deals 344 went on, 53.8%: that is the bottleneck."
)
STALE = N_("In the sample 2.8× of the 3.0× is left: four deals, together worth € 120,000, are old.")
LARGEST = N_("In the sample the largest deal is only 5.3% of what is open, and without it the coverage is 2.8×.")
SLIDERS = N_(
    "At 33% the sample expects 99% of its target, and the chance is 47%: about even. At 40% it is 81%. Let a fifth "
    "of the wins slip to the next quarter then, and the chance falls to 42%."
)

_DAY = re.compile(r"""as_of=(?:"|&quot;)(\d{4}-\d{2}-\d{2})(?:"|&quot;)""")
# An option such as start= or columns={…}, or a name such as expected_close_on.
_CODE = re.compile(r"\w=|[a-z]_[a-z]|\w\(\)|\{")
# Somebody's own headers and words are no code.
_QUOTED = re.compile("“[^”]*”")


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
    found = [whole] if rest.denominator == whole.denominator else [whole, rest]
    return together(*(each.shown() for each in found))


def conversion(mine: Pipeline) -> Shown:
    """Show the conversion rate, how firm it is, the coverage that it asks for, and the rate by money."""
    rate: Ratio = conversion_rate(mine)
    parts = [rate.shown()]
    if rate.value is not None:
        low, high = rate.interval()
        fits = _("Range: a rate between {low} and {high} fits with these deals.")
        parts.append(words(fits.format(low=percent(low), high=percent(high))))
        if rate.value:
            takes = _("At this rate it takes a coverage of {coverage} to reach a target on average.")
            parts.append(words(takes.format(coverage=times(required_coverage(rate.value)))))
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
    rows = [
        (row.name, number(row.deals), money(row.amount, mine.currency), "–" if row.age is None else number(row.age))
        for row in stages_open(dated(mine))
    ]
    open_now = table(_("Open now"), [_("stage"), _("deals"), _("amount"), _("mean age, days")], rows)
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
    rows = [
        (_("with all deals"), chance_text(outcome.chance_with_all)),
        (_("without the largest"), chance_text(outcome.chance_without_largest)),
    ]
    return table(_("Chance of the target at {rate}").format(rate=percent(rate)), ["", _("chance")], rows)


def or_refusal(show: Callable[[], Shown], *, hint: bool = True) -> Shown:
    """Show something, or what is in the way and what to do about it; a part of a figure says only the former."""
    try:
        return show()
    except SalesMetricsError as refusal:
        return refused(refusal) if hint else words(refusal.what)


_or_why = partial(or_refusal, hint=False)


def as_pressed(hint: str) -> str:
    """Say a hint for code by the boxes of the page; a sentence about what the page has not is left out.

    Examples
    --------
    >>> as_pressed('Give the day yourself: as_of="2026-03-31".')
    'Give the day yourself: “As at” 31 Mar 2026.'
    >>> as_pressed('Count deals instead: unit="count".')
    ''
    """
    sentences = re.split(r"(?<=[.?!]) ", _with_box(hint))
    return " ".join(each for each in sentences if not _CODE.search(_QUOTED.sub("", each)))


def refused(refusal: SalesMetricsError) -> Shown:
    """Show what is in the way and what to do about it."""
    hint = as_pressed(refusal.hint)
    return words("\n".join(filter(None, (refusal.what, hint and f"→ {hint}"))))


def with_boxes(shown: Shown) -> Shown:
    """Show a result of which a line gives a day as code gives it."""
    return Shown(*map(_with_box, shown))


def _with_box(text: str) -> str:
    return _DAY.sub(lambda match: f"“{_('As at')}” {date(datetime.date.fromisoformat(match[1]))}", text)
