"""The target as a block, fitted into the pipeline and counted; the largest deal hatched, to be taken away."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import pairwise
from typing import Any

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import PathPatch
from matplotlib.path import Path

from salesmetrics.base.language import _, chance_text, money, ngettext, number, percent
from salesmetrics.charts.moving_picture import COVERAGE, GRID, MUTED, PAPER, TARGET, Drawing, house_style
from salesmetrics.charts.parts import expectation, heading_size
from salesmetrics.models import Model
from salesmetrics.models.coverage import CoverageOutcome
from salesmetrics.models.coverage import outcome as coverage_outcome

# The page in pixels; right of the bars the coverage has its place.
_WIDTH, _HEIGHT = 600, 352
_LEFT, _RIGHT = 12, 142
_TARGET_ROW, _PIPELINE_ROW, _AXIS = (222, 252), (120, 176), 40
_TARGET_NAME, _COUNTS, _PIPELINE_NAME, _TAKEN_AWAY, _MONEY = 263, 184, 99, 74, 18
_NAMES, _VALUES, _TILES = 332, 308, (12, 214, 400)  # above it all, what the pipeline is likely to bring
_LETTER = 8.3  # pixels, on average
_NARROWEST, _DIGIT = 28, 9  # pixels that a block needs, and a digit of its number
_MOST_NUMBERS = 24
_SHORT = 6  # characters that fit behind the longest bar in large type


def sentence(outcome: CoverageOutcome) -> str:
    """Say in one or two sentences what the picture shows."""
    amounts = {
        "pipeline": money(outcome.pipeline),
        "target": money(outcome.target),
        "won": money(outcome.won),
        "to_win": money(outcome.to_win),
        "largest": money(outcome.largest),
        "asked": money(outcome.largest_asked),
    }
    return " ".join(part for part in (_counted(outcome, amounts), _likely(outcome)) if part)


def _counted(outcome: CoverageOutcome, amounts: dict[str, str]) -> str:
    """Say how often the target fits."""
    if outcome.coverage is None or outcome.coverage_without_largest is None:
        return _(
            "The target of {target} is met: {won} is won. Nothing is left to divide by, so there is no coverage; "
            "what the open pipeline of {pipeline} still brings comes on top."
        ).format(**amounts)
    counts = {"fits": count(outcome.coverage), "without": count(outcome.coverage_without_largest)}
    if not outcome.pipeline:
        text = _("The open pipeline is empty: the {to_win} still to win fits {fits} times into it.")
    elif not outcome.largest:
        text = (
            _(
                "The {to_win} still to win of the target of {target} fits {fits} times into the open pipeline of "
                "{pipeline}."
            )
            if outcome.won
            else _("The target of {target} fits {fits} times into the open pipeline of {pipeline}.")
        )
    else:
        text = (
            _(
                "The {to_win} still to win of the target of {target} fits {fits} times into the open pipeline of "
                "{pipeline}; without the largest deal ({largest}) {without} times."
            )
            if outcome.won
            else _(
                "The target of {target} fits {fits} times into the open pipeline of {pipeline}; "
                "without the largest deal ({largest}) {without} times."
            )
        )
        if outcome.largest < outcome.largest_asked:
            text += " " + _("A deal of {asked} does not fit into this pipeline, so it counts as {largest}, all of it.")
    return text.format(**amounts, **counts)


def _likely(outcome: CoverageOutcome) -> str:
    """Say what the chance of the target is, and on which assumptions."""
    if not outcome.pipeline or not outcome.to_win:
        return ""
    if outcome.coverage is not None and outcome.coverage < 1:
        return _("Even if every deal is won, the target stays out of reach.")
    values = {
        "others": number(outcome.others),
        "amount": money(round(outcome.other_amount)),
        "rate": percent(outcome.conversion or 0),
        "chance": chance_text(outcome.chance_of_target or 0),
        "without": chance_text(outcome.chance_without_largest),
    }
    if not outcome.largest:
        text = ngettext(
            "With {others} deal of {amount}, won with a chance of {rate}, the chance of the target is {chance}.",
            "With {others} independent deals of {amount}, each won with a chance of {rate}, the chance of the target "
            "is {chance}.",
            outcome.others,
        )
    elif not outcome.others:
        text = _("If that one deal is won with a chance of {rate}, the chance of the target is {chance}.")
    else:
        text = ngettext(
            "With {others} other deal of {amount}, each won with a chance of {rate}, the chance of the target is "
            "{chance}; without the largest {without}.",
            "With {others} other, independent deals of {amount}, each won with a chance of {rate}, the chance of the "
            "target is {chance}; without the largest {without}.",
            outcome.others,
        )
    return text.format(**values)


def count(coverage: float) -> str:
    """Write how often the block fits; a block that does not quite fit is never rounded up to one that does.

    Examples
    --------
    >>> count(5), count(6.0526), count(0.9999), count(0.025), count(200)
    ('5.0', '6.1', '0.99', '0.03', '200')
    """
    if coverage >= 100:
        return number(math.floor(coverage))
    if math.floor(round(coverage, 1)) > math.floor(coverage):
        return number(math.floor(round(coverage * 100, 6)) / 100, 2)
    return number(coverage, 2 if coverage < 0.05 and coverage else 1)


@house_style()
def draw(model: Model) -> Drawing[CoverageOutcome]:
    """Draw the coverage picture at the model's start."""
    levers = {lever.name: lever for lever in model.levers}
    longest = levers["pipeline"].maximum
    figure = Figure(figsize=(_WIDTH / 72, _HEIGHT / 72))
    axes = figure.add_axes((0, 0, 1, 1), frameon=False)
    euro = longest / (_WIDTH - _LEFT - _RIGHT)  # euros in one pixel
    axes.set(xlim=(-_LEFT * euro, longest + _RIGHT * euro), ylim=(0, _HEIGHT))
    axes.set_axis_off()
    _draw_scale(axes, longest)
    target = axes.text(0, _TARGET_NAME, "", color=TARGET, weight="bold")
    pipeline = axes.text(0, _PIPELINE_NAME, "", color=COVERAGE, weight="bold")
    to_win = _bar(axes, facecolor=TARGET, edgecolor=TARGET)
    won = _bar(axes, facecolor=PAPER, edgecolor=TARGET, hatch="\\\\\\\\")
    of_target = axes.text(0, sum(_TARGET_ROW) / 2 - 5, "", color=TARGET)
    (guide,) = axes.plot([], [], color=TARGET, linewidth=1.2, linestyle=(0, (2, 3)), clip_on=False)
    rest = _bar(axes, facecolor="#CFE4F0", edgecolor=COVERAGE)
    blocks = _bar(axes, facecolor=COVERAGE, edgecolor=PAPER, linewidth=1.6)
    largest = _bar(axes, facecolor=PAPER, edgecolor=COVERAGE, hatch="////", linewidth=1.6)
    numbers = [axes.text(0, _COUNTS, "", ha="right", color=COVERAGE, size=13) for _i in range(_MOST_NUMBERS)]
    fits = axes.text(0, sum(_PIPELINE_ROW) / 2 - 9, "", color=COVERAGE, weight="bold", size=26)
    taken_away = axes.text(0, _TAKEN_AWAY, "", color=MUTED)
    headings = ("", _("chance of the target"), _("without the largest"))
    names = [
        axes.text((x - _LEFT) * euro, _NAMES, heading, size=12, color=MUTED)
        for x, heading in zip(_TILES, headings, strict=True)
    ]
    values = [axes.text((x - _LEFT) * euro, _VALUES, "", weight="bold") for x in _TILES]

    def move(outcome: CoverageOutcome) -> None:
        left, end = outcome.to_win, outcome.pipeline
        target.set_text(_("Target {target}").format(target=money(outcome.target)))
        pipeline.set_text(_("Open pipeline {pipeline}").format(pipeline=money(end)))
        to_win.set_path(_boxes([(0, left)], _TARGET_ROW))
        won.set_path(_boxes([(left, left + outcome.won)], _TARGET_ROW))
        of_target.set_text(_target_label(outcome))
        of_target.set_x(left + outcome.won + 8 * euro)
        # Down to the first block; past it where the pipeline falls short, so that the gap shows.
        guide.set_data([left, left], [_TARGET_ROW[0], _PIPELINE_ROW[1 if end >= left else 0]])
        guide.set_visible(left > 0)

        whole = math.floor(end / left) if left else 0
        group = _group(left, max(_NARROWEST, _DIGIT * len(number(whole))) * euro) if left else 1
        edges = [i * left for i in (*range(0, whole, group), whole)]
        blocks.set_path(_boxes(list(pairwise(edges)), _PIPELINE_ROW))
        rest.set_path(_boxes([(edges[-1], end)], _PIPELINE_ROW))
        counted = range(group, whole + 1, group)
        for i, text in zip(counted, numbers, strict=False):
            text.set_text(number(i))
            text.set_x(i * left - 2 * euro)
        for i, text in enumerate(numbers):
            text.set_visible(i < len(counted))
        largest.set_path(_boxes([(end - outcome.largest, end)], _PIPELINE_ROW))
        fits.set_text(_("target met") if outcome.coverage is None else count(outcome.coverage) + "×")
        fits.set_fontsize(26 if len(fits.get_text()) <= _SHORT else 15)
        fits.set_x(max(end, left) + 10 * euro)
        taken_away.set_text(_largest_label(outcome))
        room = (_RIGHT - _LETTER * len(taken_away.get_text())) * euro
        taken_away.set_x(max(0, min(end - outcome.largest, longest + room)))
        expected = outcome.expected_revenue or 0
        heading, share = expectation(expected, expected / outcome.target)
        names[0].set_text(heading)
        for text, value in zip(values, (share, *_chances(outcome)), strict=True):
            text.set_text(value)
            text.set_fontsize(heading_size(value))

    move(coverage_outcome(model.defaults()))
    moving = [rest, blocks, largest, to_win, won, guide, target, pipeline, of_target, *numbers, fits, taken_away]
    return Drawing(figure, [*moving, names[0], *values], move)


def _draw_scale(axes: Axes, longest: float) -> None:
    """Draw the amounts of money along the bottom, the only still part."""
    for million in range(int(longest / 1e6) + 1):
        axes.plot([million * 1e6] * 2, [_AXIS, _TARGET_ROW[1]], color=GRID, linewidth=1, zorder=0, clip_on=False)
        axes.text(million * 1e6, _MONEY, money(million * 1e6), ha="center", size=12, color=MUTED)


def _bar(axes: Axes, **look: Any) -> PathPatch:
    bar = PathPatch(_boxes([], (0, 0)), clip_on=False, **look)
    axes.add_patch(bar)
    return bar


def _boxes(spans: Sequence[tuple[float, float]], row: tuple[float, float]) -> Path:
    """Make one path of boxes that lie in a row: one element in the picture, however many blocks there are."""
    corners: list[tuple[float, float]] = []
    for start, end in spans:
        if end > start:
            corners += [(start, row[0]), (end, row[0]), (end, row[1]), (start, row[1]), (start, row[0])]
    codes = [Path.MOVETO, Path.LINETO, Path.LINETO, Path.LINETO, Path.CLOSEPOLY] * (len(corners) // 5)
    return Path(corners or [(math.nan, math.nan)], codes or None)


def _group(block: float, narrowest: float) -> int:
    """Tell how many blocks to count at a time (1, 2, 5, 10, 20, …), so that a number fits over each."""
    power = 1
    while True:
        for digit in (1, 2, 5):
            if digit * power * block >= narrowest:
                return digit * power
        power *= 10


def _target_label(outcome: CoverageOutcome) -> str:
    if not outcome.won:
        return ""
    if not outcome.to_win:
        return _("{won} won").format(won=money(outcome.won))
    return _("{to_win} still to win, {won} won").format(to_win=money(outcome.to_win), won=money(outcome.won))


def _largest_label(outcome: CoverageOutcome) -> str:
    if not outcome.largest:
        return ""
    largest = _("largest deal {largest}").format(largest=money(outcome.largest))
    if outcome.coverage_without_largest is None:
        return largest
    return largest + _(", without it {without}×").format(without=count(outcome.coverage_without_largest))


def _chances(outcome: CoverageOutcome) -> tuple[str, str]:
    """Write the chance of the target, with the largest deal and without it."""
    if outcome.coverage is None or outcome.coverage_without_largest is None:
        return _("target met"), ""
    out = _("out of reach")
    return (
        out if outcome.coverage < 1 else chance_text(outcome.chance_of_target or 0),
        out if outcome.coverage_without_largest < 1 else chance_text(outcome.chance_without_largest),
    )
