"""The target as a block, fitted into the pipeline and counted; the largest deal hatched, to be taken away."""

from __future__ import annotations

import math

from salesmetrics.base.language import _, chance_text, money, ngettext, number, percent
from salesmetrics.charts import COVERAGE, GRID, MUTED, PAPER, TARGET
from salesmetrics.charts.canvas import WIDTH, Canvas, GuessPlace, bars, fill, fill_each, write
from salesmetrics.charts.moving_picture import Drawing, house_style
from salesmetrics.charts.words import QUARTER_FIGURES, expectation, say, whole
from salesmetrics.models import Model
from salesmetrics.models.coverage import CoverageOutcome

# The page in pixels; right of the bars the coverage has its place.
_HEIGHT = 352
_LEFT, _RIGHT = 12, 142
_TARGET_ROW, _TARGET_BAR, _PIPELINE_ROW, _PIPELINE_BAR, _AXIS = 222, 30, 120, 56, 40
_TARGET_NAME, _COUNTS, _PIPELINE_NAME, _TAKEN_AWAY, _MONEY = 263, 184, 99, 74, 18
_NAMES, _VALUES, _TILES = 332, 308, (12, 214, 400)  # above it all, what the pipeline is likely to bring
_GUESSED = 288
_LETTER = 8.3  # pixels, on average
_NARROWEST, _DIGIT = 28, 9  # pixels that a block needs, and a digit of its number
_MOST_NUMBERS = 24
_SHORT = 6  # characters that fit behind the longest bar in large type

COMPARED = QUARTER_FIGURES


def sentence(outcome: CoverageOutcome) -> str:
    """Describe in one or two sentences what the picture shows."""
    return say(
        *_counted(outcome),
        _likely(outcome),
        pipeline=money(outcome.levers["pipeline"]),
        target=money(outcome.target),
        won=money(outcome.levers["won"]),
        to_win=money(outcome.to_win),
        largest=money(outcome.largest),
        asked=money(outcome.levers["largest"]),
        fits=count(outcome.coverage or 0),
        without=count(outcome.coverage_without_largest or 0),
        others=number(outcome.others),
        amount=whole(outcome.other_amount),
        rate=percent(outcome.conversion or 0),
        chance=chance_text(outcome.chance_of_target),
        chance_without=chance_text(outcome.chance_without_largest),
    )


def _counted(outcome: CoverageOutcome) -> tuple[str, ...]:
    """Describe how often the target fits."""
    if outcome.coverage is None:
        return (
            _(
                "The target of {target} is met: {won} is won. Nothing is left to divide by, so there is no coverage; "
                "what the open pipeline of {pipeline} still brings comes on top."
            ),
        )
    won = outcome.levers["won"]
    if not outcome.levers["pipeline"]:
        return (_("The open pipeline is empty: the {to_win} still to win fits {fits} times into it."),)
    if not outcome.largest:
        return (
            _(
                "The {to_win} still to win of the target of {target} fits {fits} times into the open pipeline of "
                "{pipeline}."
            )
            if won
            else _("The target of {target} fits {fits} times into the open pipeline of {pipeline}."),
        )
    text = (
        _(
            "The {to_win} still to win of the target of {target} fits {fits} times into the open pipeline of "
            "{pipeline}; without the largest deal ({largest}) {without} times."
        )
        if won
        else _(
            "The target of {target} fits {fits} times into the open pipeline of {pipeline}; "
            "without the largest deal ({largest}) {without} times."
        )
    )
    if outcome.largest < outcome.levers["largest"]:
        return text, _("A deal of {asked} does not fit into this pipeline, so it counts as {largest}, all of it.")
    return (text,)


def _likely(outcome: CoverageOutcome) -> str | None:
    """Describe what the chance of the target is, and on which assumptions."""
    if not outcome.levers["pipeline"] or outcome.coverage is None:
        return None
    if outcome.coverage < 1:
        return _("Even if every deal is won, the target stays out of reach.")
    if not outcome.largest:
        return ngettext(
            "With {others} deal of {amount}, won with a chance of {rate}, the chance of the target is {chance}.",
            "With {others} independent deals of {amount}, each won with a chance of {rate}, the chance of the target "
            "is {chance}.",
            outcome.others,
        )
    if not outcome.others:
        return _("If that one deal is won with a chance of {rate}, the chance of the target is {chance}.")
    return ngettext(
        "With {others} other deal of {amount}, each won with a chance of {rate}, the chance of the target is "
        "{chance}; without the largest {chance_without}.",
        "With {others} other, independent deals of {amount}, each won with a chance of {rate}, the chance of the "
        "target is {chance}; without the largest {chance_without}.",
        outcome.others,
    )


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
def draw(model: Model[CoverageOutcome]) -> Drawing[CoverageOutcome]:
    """Draw the coverage picture at the model's start."""
    longest = next(lever.maximum for lever in model.levers if lever.name == "pipeline")
    euro = longest / (WIDTH - _LEFT - _RIGHT)  # euros in one pixel
    page = Canvas(_HEIGHT, x=(-_LEFT * euro, longest + _RIGHT * euro))
    for million in range(int(longest / 1e6) + 1):
        top = _TARGET_ROW + _TARGET_BAR
        page.line([million * 1e6] * 2, [_AXIS, top], color=GRID, linewidth=1, zorder=0, clip_on=False)
        page.text(million * 1e6, _MONEY, money(million * 1e6), ha="center", size=12, color=MUTED)
    target = page.text(0, _TARGET_NAME, color=TARGET, weight="bold")
    pipeline = page.text(0, _PIPELINE_NAME, color=COVERAGE, weight="bold")
    to_win, won = page.shapes(
        {"facecolor": TARGET, "edgecolor": TARGET}, {"facecolor": PAPER, "edgecolor": TARGET, "hatch": "\\\\\\\\"}
    )
    of_target = page.text(0, _TARGET_ROW + _TARGET_BAR / 2 - 5, color=TARGET)
    guide = page.line(color=TARGET, linewidth=1.2, linestyle=(0, (2, 3)), clip_on=False)
    rest, blocks, largest = page.shapes(
        {"facecolor": "#CFE4F0", "edgecolor": COVERAGE},
        {"facecolor": COVERAGE, "edgecolor": PAPER, "linewidth": 1.6},
        {"facecolor": PAPER, "edgecolor": COVERAGE, "hatch": "////", "linewidth": 1.6},
    )
    numbers = page.texts([(0, _COUNTS)] * _MOST_NUMBERS, ha="right", color=COVERAGE, size=13)
    fits = page.text(0, _PIPELINE_ROW + _PIPELINE_BAR / 2 - 9, color=COVERAGE, weight="bold", size=26)
    taken_away = page.text(0, _TAKEN_AWAY, color=MUTED)
    tiles = [(x - _LEFT) * euro for x in _TILES]
    called = ("", _("chance of the target"), _("without the largest"))
    (heading, *_still), values = page.tiles(tiles, _NAMES, _VALUES, *called)

    def move(outcome: CoverageOutcome) -> None:
        left, end, done = outcome.to_win, outcome.levers["pipeline"], outcome.levers["won"]
        target.set_text(_("Target {target}").format(target=money(outcome.target)))
        pipeline.set_text(_("Open pipeline {pipeline}").format(pipeline=money(end)))
        fill_each((to_win, won), [bars(_TARGET_ROW, _TARGET_BAR, 0, left, left + done)])
        of_target.set_text(_target_label(outcome))
        of_target.set_x(left + done + 8 * euro)
        # Down to the first block; past it where the pipeline falls short, so that the gap shows.
        guide.set_data([left, left], [_TARGET_ROW, _PIPELINE_ROW + (_PIPELINE_BAR if end >= left else 0)])
        guide.set_visible(left > 0)

        whole_blocks = math.floor(end / left) if left else 0
        group = _group(left, max(_NARROWEST, _DIGIT * len(number(whole_blocks))) * euro) if left else 1
        edges = [i * left for i in (*range(0, whole_blocks, group), whole_blocks)]
        fill(blocks, *bars(_PIPELINE_ROW, _PIPELINE_BAR, *edges))
        fill(rest, *bars(_PIPELINE_ROW, _PIPELINE_BAR, edges[-1], end))
        for at, text in enumerate(numbers):
            counted = (at + 1) * group
            text.set_text(number(counted) if counted <= whole_blocks else "")
            text.set_x(counted * left - 2 * euro)
        fill(largest, *bars(_PIPELINE_ROW, _PIPELINE_BAR, end - outcome.largest, end))
        fits.set_text(_("target met") if outcome.coverage is None else count(outcome.coverage) + "×")
        fits.set_fontsize(26 if len(fits.get_text()) <= _SHORT else 15)
        fits.set_x(max(end, left) + 10 * euro)
        taken_away.set_text(_largest_label(outcome))
        room = (_RIGHT - _LETTER * len(taken_away.get_text())) * euro
        taken_away.set_x(max(0, min(end - outcome.largest, longest + room)))
        expected, share = expectation(outcome.expected_revenue, outcome.expected_share)
        heading.set_text(expected)
        write(values, (share, *_chances(outcome)), fit=True)

    moving = [rest, blocks, largest, to_win, won, guide, target, pipeline, of_target, *numbers, fits, taken_away]
    guess = page.guess(lambda chance: percent(chance, 0), _beneath(tiles[1], euro))
    return page.drawing([*moving, heading, *values], move, model.start(), guesses={"chance_of_target": guess})


def _beneath(x: float, euro: float) -> GuessPlace:
    """Return the place of a guess that has no scale: a short line and words, beneath its figure."""
    return lambda _guess, _outcome: ([x, x + 22 * euro], [_GUESSED + 5] * 2, x + 28 * euro, _GUESSED)


def _group(block: float, narrowest: float) -> int:
    """Return how many blocks to count at a time (1, 2, 5, 10, 20, …), so that a number fits over each."""
    power = 1
    while True:
        for digit in (1, 2, 5):
            if digit * power * block >= narrowest:
                return digit * power
        power *= 10


def _target_label(outcome: CoverageOutcome) -> str:
    won = outcome.levers["won"]
    if not won:
        return ""
    text = _("{to_win} still to win, {won} won") if outcome.to_win else _("{won} won")
    return text.format(to_win=money(outcome.to_win), won=money(won))


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
        out if outcome.coverage < 1 else chance_text(outcome.chance_of_target),
        out if outcome.coverage_without_largest < 1 else chance_text(outcome.chance_without_largest),
    )
