"""The map: coverage across, conversion up, four situations, the curve that is the target and the point on it all."""

from __future__ import annotations

import math
import textwrap
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from matplotlib.path import Path
from matplotlib.text import Text

from salesmetrics.base.language import _, chance_text, money, ngettext, number, percent
from salesmetrics.charts import CONVERSION_LETTERS, COVERAGE, GRID, MUTED, PAPER
from salesmetrics.charts import TARGET as BLACK
from salesmetrics.charts.canvas import WIDTH, Canvas, write
from salesmetrics.charts.handles import Handle, Levers, Spot
from salesmetrics.charts.moving_picture import Drawing, house_style
from salesmetrics.charts.words import QUARTER_FIGURES, expectation, say, share_text, steady_times, whole
from salesmetrics.models import Model
from salesmetrics.models.balance import MOST_COVERAGE, TARGET, BalanceOutcome

# The page in pixels; the map lies between the head, with the sum, and the foot, with what the curves are.
_HEIGHT = 464
_LEFT, _RIGHT, _FOOT, _HEAD = 54, 22, 98, 96
_ACROSS = MOST_COVERAGE / (WIDTH - _LEFT - _RIGHT)  # the coverage, and the conversion, in one pixel
_UP = 1 / (_HEIGHT - _FOOT - _HEAD)
_NAMES, _VALUES = (442 - _FOOT) * _UP, (412 - _FOOT) * _UP
_TILES, _SIGNS = (14, 138, 248, 438), (116, 227)
_TICKS, _COVERAGE, _CURVES, _EQUAL = 18, 38, 72, 90  # below the map
_WRAP = 10  # letters in a line of a situation's name
_LETTER, _LINE = 8.2, 17  # pixels that a bold letter and a line of a name take
_SAMPLE, _TEXT = 34, 44  # a curve's sample in the foot, and where its words begin
_DASHED = (0, (5, 3))
_HOLDS = 12  # pixels beside its curve within which a dragged point stays on it
_GUESS_WORDS = 126  # pixels from a guessed point to where its words begin, to its left
# Where each name stands: inside its part of the map whatever counts as full.
PLACES = {
    "healthy": (6.0, 0.6),
    "full but leaky": (6.6, 0.016),
    "sharp but thin": (0.15, 0.53),
    "thin and leaky": (0.15, 0.04),
}
HERE = {"facecolor": "#E6E6E6", "edgecolor": "none", "zorder": 0}

COMPARED = QUARTER_FIGURES


def sentence(outcome: BalanceOutcome) -> str:
    """Describe in a few short sentences what the map shows."""
    slip, new_deals = outcome.levers["slip"], round(outcome.levers["new_deals"])
    return say(
        _(
            "Coverage {counts} times conversion {conversion} is {share} of the target: {expected} is expected, "
            "against {target}."
        ),
        slip and _("Of the {open} that is open, {slip} slips to the next quarter."),
        new_deals
        and ngettext(
            "Besides the {open} that is open, {new} new deal comes and closes within the quarter.",
            "Besides the {open} that is open, {new} new deals come and close within the quarter.",
            new_deals,
        ),
        _("Even if every deal is won, the target stays out of reach.")
        if outcome.out_of_reach
        else _("With {deals} equal, independent deals the chance of reaching the target is {chance}."),
        _("The situation: {situation}, with {reference} as full."),
        outcome.off_the_map and _("Further along the curve there is no map."),
        counts=steady_times(outcome.coverage),
        open=steady_times(outcome.coverage_open),
        conversion=percent(outcome.conversion),
        share=share_text(outcome.expected_share),
        expected=whole(outcome.expected_revenue),
        target=money(TARGET),
        slip=percent(slip, 0),
        new=number(new_deals),
        deals=number(round(outcome.levers["deals"]) + new_deals),
        chance=chance_text(outcome.chance_of_target),
        situation=_(outcome.situation),
        reference=steady_times(outcome.levers["reference"]),
    )


@house_style()
def draw(model: Model[BalanceOutcome]) -> Drawing[BalanceOutcome]:
    """Draw the map at the model's start."""
    page = map_page()
    names, values = head(page, _TILES, _("coverage"), _("conversion"), "", _("chance of the target"))
    _draw_sum(page)
    (shade,) = page.shapes(HERE)
    borders = page.line(color=MUTED, linewidth=1.2, linestyle=(0, (1, 2)))
    target = page.line(*curve(1), color=BLACK, linewidth=2.4)
    equal = page.line(color=BLACK, linewidth=1.4, linestyle=_DASHED)
    rooms = [_room(situation) for situation in PLACES]
    way = page.line(color=COVERAGE, linewidth=1.4)
    ghost = page.line(marker="o", markersize=11, color=PAPER, markeredgecolor=COVERAGE, markeredgewidth=2)
    point = page.line(marker="o", markersize=14, color=BLACK, markeredgecolor=PAPER, markeredgewidth=2)
    here = page.text(0, 0, size=13, weight="bold")
    was = page.text(0, 0, color=COVERAGE, size=12)

    def move(outcome: BalanceOutcome) -> None:
        counts, opened, rate = outcome.coverage, outcome.coverage_open, outcome.conversion
        full, at = outcome.levers["reference"], min(counts, MOST_COVERAGE)
        shade.set_path(Path(region(outcome.situation, full)))
        borders.set_data([0, full, full], [1 / full, 1 / full, 0])
        here.set_text(name(outcome.situation))
        here.set_position(PLACES[outcome.situation])
        equal.set_data(*_around_names(*curve(outcome.expected_share), rooms))
        point.set_data([at], [rate])
        point.set_marker("o" if counts <= MOST_COVERAGE * (1 + 1e-9) else ">")
        moved = abs(counts - opened) > 1e-9
        ghost.set_data([opened], [rate])
        way.set_data([opened, at], [rate, rate])
        was.set_text(_("{coverage} open").format(coverage=steady_times(opened)) if moved else "")
        was.set_horizontalalignment("right" if opened > 8 else "left")
        was.set_position((opened, rate + 11 * _UP if rate < 0.9 else rate - 21 * _UP))
        ghost.set_visible(moved)
        way.set_visible(moved)
        heading, share = expectation(outcome.expected_revenue, outcome.expected_share)
        names[2].set_text(heading)
        likely = _("out of reach") if outcome.out_of_reach else chance_text(outcome.chance_of_target)
        write(values, (steady_times(counts), percent(rate), share, likely), fit=True)

    moving = [shade, borders, target, equal, way, ghost, here, point, was, names[2], *values]
    # A pinned state is its point alone: every curve through it would be one dashed line among others.
    guess = page.guess(lambda rate: percent(rate, 0), _guess_at, marker="D")
    handles, guesses = [_point_handle()], {"conversion": guess}
    return page.drawing(moving, move, model.start(), outlined=[point], handles=handles, guesses=guesses)


def _guess_at(rate: float, asked: BalanceOutcome) -> tuple[list[float], list[float], float, float]:
    """Return a guessed point on the map, and the place of its words: on the side where they hide no solid line."""
    aside = 14 if rate * asked.coverage >= 1 else -_GUESS_WORDS
    return [asked.coverage], [rate], asked.coverage + aside * _ACROSS, rate - 5 * _UP


def _point_handle() -> Handle[BalanceOutcome]:
    """Return the point as something to drag: along its curve while it is held near it, off it when it is pulled."""

    def spot(outcome: BalanceOutcome) -> Spot:
        message = _("coverage {coverage}, conversion {conversion}")
        says = message.format(coverage=steady_times(outcome.coverage), conversion=percent(outcome.conversion))
        return Spot(min(outcome.coverage, MOST_COVERAGE), outcome.conversion, says)

    hint = _(
        "Drag the point, or use the arrow keys. Near the dashed curve it stays on it; with keys: Shift and an arrow."
    )
    return Handle(_("The point on the map"), hint, spot, by=_step, to=_drag, along=_follow)


def _counts(begun: BalanceOutcome) -> float:
    """Return how much of what is open counts in the quarter: 1 when nothing slips and nothing is new."""
    levers = begun.levers
    return 1 - levers["slip"] + round(levers["new_deals"]) / round(levers["deals"])


def _drag(begun: BalanceOutcome, x: float, y: float) -> Levers:
    """Return the levers that bring the point to a place, or near its curve to the nearest place on that."""
    levers, counts = begun.levers, _counts(begun)
    rate, across = levers["conversion"], levers["coverage"] * counts
    if rate and across:
        lowest, highest = _reach(levers)
        times = np.arange(round(lowest * 100), round(highest * 100) + 1) / 100
        away = np.hypot((across * times - x) / _ACROSS, (rate / times - y) / _UP)
        if away.min() < _HOLDS:
            return _on_curve(levers, float(times[away.argmin()]))
    return _off_curve(x / counts if counts else begun.coverage_open, y)


def _step(begun: BalanceOutcome, right: int, up: int) -> Levers:
    return _off_curve(begun.coverage_open + right / 10, begun.conversion + up / 100)


def _follow(begun: BalanceOutcome, steps: int) -> Levers:
    lowest, highest = _reach(begun.levers)
    along = min(max(begun.levers["along"], lowest), highest) + steps / 10
    return _on_curve(begun.levers, min(max(along, lowest), highest))


def _reach(levers: Levers) -> tuple[float, float]:
    """Return how far the point can go along its curve on the map, to either end, in whole hundredths."""
    lowest, highest = max(levers["conversion"], 0.1), min(MOST_COVERAGE / max(levers["coverage"], 0.1), 2)
    return math.ceil(lowest * 100 - 1e-9) / 100, math.floor(highest * 100 + 1e-9) / 100


def _on_curve(levers: Levers, along: float) -> Levers:
    return {"coverage": levers["coverage"], "conversion": levers["conversion"], "along": round(along, 2)}


def _off_curve(coverage: float, conversion: float) -> Levers:
    return {"coverage": round(coverage, 1), "conversion": round(conversion, 2), "along": 1}


def map_page(places: Mapping[str, tuple[float, float]] = PLACES) -> Canvas:
    """Return the map without a point: its two scales, and the situations' names in their places."""
    x = (-_LEFT * _ACROSS, MOST_COVERAGE + _RIGHT * _ACROSS)
    page = Canvas(_HEIGHT, x=x, y=(-_FOOT * _UP, 1 + _HEAD * _UP))
    for tick in range(0, int(MOST_COVERAGE) + 1, 2):
        page.line([tick, tick], [0, 1], color=GRID, linewidth=1, zorder=0)
        page.text(tick, -_TICKS * _UP, f"{tick}×", ha="center", size=12, color=COVERAGE)
    rate = {"color": CONVERSION_LETTERS}
    for quarter in range(5):
        page.line([0, MOST_COVERAGE], [quarter / 4] * 2, color=GRID, linewidth=1, zorder=0)
        page.text(-8 * _ACROSS, quarter / 4, percent(quarter / 4, 0), ha="right", va="center", size=12, **rate)
    page.text(MOST_COVERAGE, -_COVERAGE * _UP, _("coverage →"), ha="right", size=13, color=COVERAGE, weight="bold")
    page.text((_TILES[0] - _LEFT) * _ACROSS, 1 + 14 * _UP, _("↑ conversion"), size=13, weight="bold", **rate)
    for situation, at in places.items():
        page.text(*at, name(situation), size=13, color=MUTED)
    return page


def foot(page: Canvas, row: int, words: str, **look: Any) -> None:
    """Draw a sample of a line below the map, in its first row or its second, with words for what it stands for."""
    below = (_CURVES, _EQUAL)[row]
    page.line([0, _SAMPLE * _ACROSS], [(5 - below) * _UP] * 2, color=BLACK, clip_on=False, **look)
    page.text(_TEXT * _ACROSS, -below * _UP, words, size=12)


def head(page: Canvas, places: Sequence[int], *called: str) -> tuple[list[Text], list[Text]]:
    """Add the figures above the map, the first two coverage and conversion: what they are called, and the figures."""
    names, values = page.tiles([(at - _LEFT) * _ACROSS for at in places], _NAMES, _VALUES, *called)
    for value, color in zip(values, (COVERAGE, CONVERSION_LETTERS), strict=False):
        value.set_color(color)
    return names, values


def _draw_sum(page: Canvas) -> None:
    """Draw the signs of the sum and, in the foot, what the two curves stand for."""
    for place, sign in zip(_SIGNS, ("×", "="), strict=True):
        page.text((place - _LEFT) * _ACROSS, _VALUES, sign, size=18, color=MUTED)
    on_target = _("coverage × conversion = 1: the target, {target}, on average").format(target=money(TARGET))
    foot(page, 0, on_target, linewidth=2.4)
    foot(page, 1, _("everywhere on this curve: the same outcome as at the point"), linewidth=1.4, linestyle=_DASHED)


def curve(share: float) -> tuple[list[float], list[float]]:
    """Follow the points whose coverage × conversion is ``share``, as far as they lie on the map."""
    if not 0 < share <= MOST_COVERAGE:
        return [], []
    coverage = np.geomspace(share, MOST_COVERAGE, 80)
    return coverage.tolist(), (share / coverage).tolist()


def _room(situation: str) -> tuple[float, float, float, float]:
    """Return left, right, foot and head of the room that a situation's name takes on the map."""
    lines = name(situation).split("\n")
    left, bottom = PLACES[situation]
    width, height = _LETTER * max(map(len, lines)) + 4, _LINE * len(lines)
    return left - 4 * _ACROSS, left + width * _ACROSS, bottom - 6 * _UP, bottom + height * _UP


def _around_names(
    coverage: list[float], conversion: list[float], names: Sequence[tuple[float, float, float, float]]
) -> tuple[list[float], list[float]]:
    """Interrupt a curve where it would cross a name."""
    free = [
        rate if not any(a < x < b and c < rate < d for a, b, c, d in names) else math.nan
        for x, rate in zip(coverage, conversion, strict=True)
    ]
    return coverage, free


def region(situation: str, full: float) -> list[tuple[float, float]]:
    """Return the outline of one situation's part of the map."""
    target = list(zip(*curve(1), strict=True))
    if situation == "healthy":
        return [*target, (MOST_COVERAGE, 1.0)]
    if situation == "full but leaky":
        return [(full, 0.0), (full, 1 / full), *(point for point in target if point[0] > full), (MOST_COVERAGE, 0.0)]
    if situation == "sharp but thin":
        return [(0.0, 1.0), *(point for point in target if point[0] < full), (full, 1 / full), (0.0, 1 / full)]
    return [(0.0, 0.0), (0.0, 1 / full), (full, 1 / full), (full, 0.0)]


def name(situation: str) -> str:
    """Write a situation's name; in the parts of the map that are narrow, in two lines."""
    return textwrap.fill(_(situation), _WRAP) if PLACES[situation][0] < 1 else _(situation)
