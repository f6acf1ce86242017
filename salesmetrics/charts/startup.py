"""The startup's funnel with its bottleneck; under it what covers the target and what is expected of it."""

from __future__ import annotations

import itertools

from matplotlib.axes import Axes

from salesmetrics.charts.companies import (
    ADDED,
    LATER,
    LOST,
    MARGIN,
    NOW,
    OWN,
    about,
    assumptions,
    bar,
    bars,
    likely,
    page,
    texts,
)
from salesmetrics.charts.parts import CONVERSION_LETTERS, boxes
from salesmetrics.language import _, money, number, percent, times
from salesmetrics.models import Model
from salesmetrics.models.startup import LEAD_COST, LEAD_IN_TIME, LEAD_RATE, MOST_SAVED, StartupOutcome
from salesmetrics.pictures import COVERAGE, MUTED, TARGET, Drawing, house_style
from salesmetrics.remedies import COST, WEEKS, WORKS_FROM

_HEIGHT = 424
_LEFT, _LONG = 128, 230  # where bars begin, and how long the longest is
_SAYS = 372  # where the words beside the bars begin
_TITLE, _FIRST, _ROW, _BAR = 402, 368, 31, 22
_COVERAGE, _NOW, _IN_FULL = 154, 74, 22
_FULL_COVERAGE, _FULL_MONEY = 20, 1_000_000  # what the longest bars stand for


def sentence(outcome: StartupOutcome) -> str:
    """Say what the remedies do, this quarter and in full, and on which assumptions."""
    said = [_main(outcome)]
    said.append(
        _("The bottleneck is the stage {stage}: {rate} goes on from there.").format(
            stage=_(outcome.stages[outcome.bottleneck]), rate=percent(outcome.rates[outcome.bottleneck])
        )
    )
    clauses = []
    if outcome.bought:
        said.append(
            _(
                "All {bought} bought leads count in the coverage, but {in_time} of them close in time, and each of the "
                "{deals} deals gets {attention} of the attention it needs."
            ).format(
                bought=number(outcome.bought),
                in_time=_few(outcome.bought_in_time),
                deals=number(outcome.deals),
                attention=percent(outcome.attention, 0),
            )
        )
        clauses.append(
            _(
                "a bought lead costs {cost}, converts {rate} times as often as an own one, and {share} close in time"
            ).format(cost=money(LEAD_COST), rate=number(LEAD_RATE, 1), share=percent(LEAD_IN_TIME, 0))
        )
    if outcome.cost > LEAD_COST * outcome.bought:
        clauses.append(
            _(
                "a remedy takes away at most {saved} of the losses it is for, works from week {week} of {weeks} and "
                "costs {cost} in full"
            ).format(saved=percent(MOST_SAVED, 0), week=number(WORKS_FROM), weeks=number(WEEKS), cost=money(COST))
        )
    if outcome.cost:
        said.append(_("All of it costs {cost}.").format(cost=money(round(outcome.cost))))
    return " ".join((*said, assumptions(outcome.slip, outcome.new_deals, *clauses)))


def _main(outcome: StartupOutcome) -> str:
    values = {
        "coverage": times(outcome.coverage or 0),
        "conversion": percent(outcome.conversion or 0),
        "full": percent(outcome.conversion_in_full),
        "expected": about(outcome.expected_revenue or 0),
        "expected_full": about(outcome.expected_in_full),
        "target": money(outcome.target),
        "chance": likely(outcome.chance_of_target or 0),
        "chance_full": likely(outcome.chance_in_full),
    }
    if not _helped(outcome):
        return _(
            "Coverage is {coverage} and conversion {conversion}: {expected} is expected of the target of {target}, "
            "and the chance of reaching it is {chance}."
        ).format(**values)
    return _(
        "Coverage is {coverage}; with conversion at {conversion} this quarter, {expected} is expected of the target of "
        "{target}, and the chance of reaching it is {chance}; in full, at {full}, {expected_full} and {chance_full}."
    ).format(**values)


def _helped(outcome: StartupOutcome) -> bool:
    return outcome.conversion_in_full != outcome.conversion


def _few(value: float) -> str:
    return number(value, 0 if abs(value - round(value)) < 1e-9 else 1)


@house_style()
def draw(model: Model) -> Drawing[StartupOutcome]:
    """Draw the startup's picture at the model's start."""
    start = model.outcome(model.defaults())
    assert isinstance(start, StartupOutcome)
    figure, axes = page(_HEIGHT)
    rows = [_FIRST - _ROW * i for i in range(len(start.stages) + 1)]
    _draw_still(axes, start, rows)
    gone_on, lost, own, bought, now, later = bars(axes, (NOW, LOST, OWN, ADDED, NOW, LATER))
    (before,) = axes.plot([], [], color="#000000", linewidth=2.5, linestyle=(0, (1, 0.8)))
    (needed,) = axes.plot([], [], color=CONVERSION_LETTERS, linewidth=3)
    title = axes.text(MARGIN, _TITLE, "", size=13, color=MUTED)
    steps = texts(axes, ((_SAYS, row + 6) for row in rows), size=13)
    covered = axes.text(_SAYS, _COVERAGE + 6, "", weight="bold", color=COVERAGE, size=18)
    enough = axes.text(_LEFT, _COVERAGE - 18, "", size=12, color=CONVERSION_LETTERS)
    amounts = texts(axes, ((_SAYS, row + 12) for row in (_NOW, _IN_FULL)), weight="bold", color=CONVERSION_LETTERS)
    chances = texts(axes, ((_SAYS, row - 5) for row in (_NOW, _IN_FULL)), size=13)

    def move(outcome: StartupOutcome) -> None:
        reached = [100.0, *itertools.accumulate(outcome.rates, lambda share, rate: share * rate, initial=100.0)][1:]
        was = list(itertools.accumulate(outcome.rates_before, lambda share, rate: share * rate, initial=100.0))
        onward = [*reached[1:], reached[-1] * outcome.attention]
        gone_on.set_path(boxes(bar(_LEFT, _share(on), row, _BAR) for row, on in zip(rows, onward, strict=True)))
        lost.set_path(
            boxes(
                bar(_share(on), _share(share), row, _BAR) for row, on, share in zip(rows, onward, reached, strict=True)
            )
        )
        marks = [(_share(share), row) for share, row in zip(was, rows, strict=True)]
        before.set_data(
            [x for at, _row in marks for x in (at, at, float("nan"))],
            [y for _at, row in marks for y in (row - 3, row + _BAR + 3, float("nan"))],
        )
        before.set_visible(_helped(outcome))
        title.set_text(
            _("Of 100 own deals, once the remedies work in full (dotted: as it was)")
            if _helped(outcome)
            else _("Of 100 closed deals (lighter: lost there)")
        )
        for i, text in enumerate(steps[:-1]):
            words = _("{reached} of 100, {rate} goes on").format(
                reached=number(reached[i]), rate=percent(outcome.rates[i])
            )
            text.set_text(("▶ " if i == outcome.bottleneck else "") + words)
            text.set_fontweight("bold" if i == outcome.bottleneck else "normal")
        steps[-1].set_text(
            _("conversion {conversion}").format(conversion=percent(outcome.conversion or 0))
            + (_(", in full {full}").format(full=percent(outcome.conversion_in_full)) if _helped(outcome) else "")
        )
        of_own = outcome.own / outcome.target
        own.set_path(boxes([bar(_LEFT, _times(of_own), _COVERAGE, _BAR)]))
        bought.set_path(boxes([bar(_times(of_own), _times(outcome.coverage or 0), _COVERAGE, _BAR)]))
        covered.set_text(times(outcome.coverage or 0))
        at = min(_times(outcome.required_coverage or 0), _LEFT + _LONG)
        needed.set_data([at, at], [_COVERAGE - 5, _COVERAGE + _BAR + 5])
        needed.set_visible(outcome.required_coverage is not None)
        enough.set_text(
            _("no coverage is enough")
            if outcome.required_coverage is None
            else _("needed at this yield: {required}").format(required=times(outcome.required_coverage))
        )
        expected = (outcome.expected_revenue or 0, outcome.expected_in_full)
        now.set_path(boxes([bar(_LEFT, _money(expected[0]), _NOW, _BAR)]))
        later.set_path(boxes([bar(_LEFT, _money(expected[1]), _IN_FULL, _BAR)]))
        for text, amount in zip(amounts, expected, strict=True):
            text.set_text(about(amount))
        for text, chance in zip(chances, (outcome.chance_of_target or 0, outcome.chance_in_full), strict=True):
            text.set_text(_("chance of target {chance}").format(chance=likely(chance)))

    move(start)
    shapes = [gone_on, lost, own, bought, now, later, before, needed]
    moving = [*shapes, title, *steps, covered, enough, *amounts, *chances]
    return Drawing(figure, moving, move)


def _draw_still(axes: Axes, start: StartupOutcome, rows: list[int]) -> None:
    """Draw the names of the rows and the target."""
    for name, row in zip((*(_(stage) for stage in start.stages), _("Won")), rows, strict=True):
        axes.text(MARGIN, row + 6, name)
    names = (
        (_COVERAGE, _("Coverage")),
        (_NOW, _("Expected\nthis quarter")),
        (_IN_FULL, _("Expected\nin full")),
    )
    for row, name in names:
        axes.text(MARGIN, row + _BAR / 2, name, va="center", linespacing=1.1)
    at = _money(start.target)
    axes.plot([at, at], [_IN_FULL - 6, _NOW + _BAR + 6], color=TARGET, linewidth=2.5, zorder=5)
    axes.text(at, _NOW + _BAR + 9, _("Target {target}").format(target=money(start.target)), ha="center", size=12)


def _share(of_100: float) -> float:
    return _LEFT + _LONG * of_100 / 100


def _times(coverage: float) -> float:
    return _LEFT + _LONG * coverage / _FULL_COVERAGE


def _money(amount: float) -> float:
    return _LEFT + _LONG * amount / _FULL_MONEY
