"""The map: coverage across, conversion up, four situations, the curve that is the target and the point on it all."""

from __future__ import annotations

import math
import textwrap
from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.path import Path

from salesmetrics.base.language import _, chance_text, money, ngettext, number, percent
from salesmetrics.charts.moving_picture import COVERAGE, GRID, MUTED, PAPER, Drawing, house_style
from salesmetrics.charts.moving_picture import TARGET as BLACK
from salesmetrics.charts.parts import (
    CONVERSION_LETTERS,
    expectation,
    heading_size,
    shape,
    share_text,
    steady_times,
)
from salesmetrics.models import Model
from salesmetrics.models.balance import MOST_COVERAGE, TARGET, BalanceOutcome
from salesmetrics.models.balance import outcome as balance_outcome

# The page in pixels; the map lies between the head, with the sum, and the foot, with what the curves are.
_WIDTH, _HEIGHT = 600, 464
_LEFT, _RIGHT, _FOOT, _HEAD = 54, 22, 98, 96
_NAMES, _VALUES = 442, 412
_TILES, _SIGNS = (14, 138, 248, 438), (116, 227)
_TICKS, _ACROSS, _CURVES, _EQUAL = 18, 38, 72, 90  # below the map
_WRAP = 10  # letters in a line of a situation's name
_LETTER, _LINE = 8.2, 17  # pixels that a bold letter and a line of a name take
_SAMPLE, _TEXT = 34, 44  # a curve's sample in the foot, and where its words begin
_DASHED = (0, (5, 3))
# Where each name stands: inside its part of the map whatever counts as full.
_PLACES = {
    "healthy": (6.0, 0.6),
    "full but leaky": (6.6, 0.016),
    "sharp but thin": (0.15, 0.53),
    "thin and leaky": (0.15, 0.04),
}
_HERE = "#E6E6E6"


def sentence(outcome: BalanceOutcome) -> str:
    """Say in a few short sentences what the map shows."""
    values = {
        "counts": steady_times(outcome.coverage or 0),
        "open": steady_times(outcome.coverage_open),
        "conversion": percent(outcome.conversion or 0),
        "share": share_text(outcome.expected_share),
        "expected": money(round(outcome.expected_revenue or 0)),
        "target": money(outcome.target),
        "slip": percent(outcome.slip, 0),
        "new": number(outcome.new_deals),
        "deals": number(outcome.deals + outcome.new_deals),
        "chance": chance_text(outcome.chance_of_target or 0),
        "situation": _(outcome.situation),
        "reference": steady_times(outcome.reference),
    }
    said = [
        _(
            "Coverage {counts} times conversion {conversion} is {share} of the target: {expected} is expected, "
            "against {target}."
        )
    ]
    if outcome.slip:
        said.append(_("Of the {open} that is open, {slip} slips to the next quarter."))
    if outcome.new_deals:
        said.append(
            ngettext(
                "Besides the {open} that is open, {new} new deal comes and closes within the quarter.",
                "Besides the {open} that is open, {new} new deals come and close within the quarter.",
                outcome.new_deals,
            )
        )
    if outcome.out_of_reach:
        said.append(_("Even if every deal is won, the target stays out of reach."))
    else:
        said.append(_("With {deals} equal, independent deals the chance of reaching the target is {chance}."))
    said.append(_("The situation: {situation}, with {reference} as full."))
    if outcome.off_the_map:
        said.append(_("Further along the curve there is no map."))
    return " ".join(said).format(**values)


@house_style()
def draw(model: Model) -> Drawing[BalanceOutcome]:
    """Draw the map at the model's start."""
    figure = Figure(figsize=(_WIDTH / 72, _HEIGHT / 72))
    axes = figure.add_axes((0, 0, 1, 1), frameon=False)
    across = MOST_COVERAGE / (_WIDTH - _LEFT - _RIGHT)  # the coverage, and the conversion, in one pixel
    up = 1 / (_HEIGHT - _FOOT - _HEAD)
    axes.set(xlim=(-_LEFT * across, MOST_COVERAGE + _RIGHT * across), ylim=(-_FOOT * up, 1 + _HEAD * up))
    axes.set_axis_off()
    _draw_still(axes, across, up)
    region = shape(axes, facecolor=_HERE, edgecolor="none", zorder=0)
    (borders,) = axes.plot([], [], color=MUTED, linewidth=1.2, linestyle=(0, (1, 2)))
    (target,) = axes.plot(*_curve(1), color=BLACK, linewidth=2.4)
    (equal,) = axes.plot([], [], color=BLACK, linewidth=1.4, linestyle=_DASHED)
    names = [_room(situation, across, up) for situation in _PLACES]
    (way,) = axes.plot([], [], color=COVERAGE, linewidth=1.4)
    (ghost,) = axes.plot([], [], "o", markersize=11, color=PAPER, markeredgecolor=COVERAGE, markeredgewidth=2)
    (point,) = axes.plot([], [], "o", markersize=14, color=BLACK, markeredgecolor=PAPER, markeredgewidth=2)
    here = axes.text(0, 0, "", size=13, weight="bold")
    expected = axes.text((_TILES[2] - _LEFT) * across, (_NAMES - _FOOT) * up, "", size=12, color=MUTED)
    colors = (COVERAGE, CONVERSION_LETTERS, BLACK, BLACK)
    values = [
        axes.text((x - _LEFT) * across, (_VALUES - _FOOT) * up, "", weight="bold", color=color)
        for x, color in zip(_TILES, colors, strict=True)
    ]
    was = axes.text(0, 0, "", color=COVERAGE, size=12)

    def move(outcome: BalanceOutcome) -> None:
        counts, rate, full = outcome.coverage or 0.0, outcome.conversion or 0.0, outcome.reference
        region.set_path(Path(_region(outcome.situation, full)))
        borders.set_data([0, full, full], [1 / full, 1 / full, 0])
        here.set_text(_name(outcome.situation))
        here.set_position(_PLACES[outcome.situation])
        equal.set_data(*_around_names(*_curve(outcome.expected_share), names))
        point.set_data([min(counts, MOST_COVERAGE)], [rate])
        point.set_marker("o" if counts <= MOST_COVERAGE * (1 + 1e-9) else ">")
        moved = abs(counts - outcome.coverage_open) > 1e-9
        ghost.set_data([outcome.coverage_open], [rate])
        way.set_data([outcome.coverage_open, min(counts, MOST_COVERAGE)], [rate, rate])
        was.set_text(_("{coverage} open").format(coverage=steady_times(outcome.coverage_open)) if moved else "")
        was.set_horizontalalignment("right" if outcome.coverage_open > 8 else "left")
        was.set_position((outcome.coverage_open, rate + 11 * up if rate < 0.9 else rate - 21 * up))
        ghost.set_visible(moved)
        way.set_visible(moved)
        heading, share = expectation(outcome.expected_revenue or 0, outcome.expected_share)
        expected.set_text(heading)
        for text, value in zip(values, (steady_times(counts), percent(rate), share, _likely(outcome)), strict=True):
            text.set_text(value)
            text.set_fontsize(heading_size(value))

    move(balance_outcome(model.defaults()))
    return Drawing(figure, [region, borders, target, equal, way, ghost, here, point, was, expected, *values], move)


def _draw_still(axes: Axes, across: float, up: float) -> None:
    """Draw the two scales, the signs of the sum and, in the foot, what the two curves stand for."""
    for tick in range(0, int(MOST_COVERAGE) + 1, 2):
        axes.plot([tick, tick], [0, 1], color=GRID, linewidth=1, zorder=0)
        axes.text(tick, -_TICKS * up, f"{tick}×", ha="center", size=12, color=COVERAGE)
    for quarter in range(5):
        axes.plot([0, MOST_COVERAGE], [quarter / 4] * 2, color=GRID, linewidth=1, zorder=0)
        axes.text(
            -8 * across,
            quarter / 4,
            percent(quarter / 4, 0),
            ha="right",
            va="center",
            size=12,
            color=CONVERSION_LETTERS,
        )
    axes.text(MOST_COVERAGE, -_ACROSS * up, _("coverage →"), ha="right", size=13, color=COVERAGE, weight="bold")
    axes.text(
        (_TILES[0] - _LEFT) * across, 1 + 14 * up, _("↑ conversion"), size=13, color=CONVERSION_LETTERS, weight="bold"
    )
    for x, name in zip(_TILES, (_("coverage"), _("conversion"), "", _("chance of the target")), strict=True):
        axes.text((x - _LEFT) * across, (_NAMES - _FOOT) * up, name, size=12, color=MUTED)
    for x, sign in zip(_SIGNS, ("×", "="), strict=True):
        axes.text((x - _LEFT) * across, (_VALUES - _FOOT) * up, sign, size=18, color=MUTED)
    for situation, place in _PLACES.items():
        axes.text(*place, _name(situation), size=13, color=MUTED)
    for row, width, style in ((_CURVES, 2.4, "-"), (_EQUAL, 1.4, _DASHED)):
        axes.plot(
            [0, _SAMPLE * across], [(5 - row) * up] * 2, color=BLACK, linewidth=width, linestyle=style, clip_on=False
        )
    axes.text(_TEXT * across, -_EQUAL * up, _("everywhere on this curve: the same outcome as at the point"), size=12)
    axes.text(
        _TEXT * across,
        -_CURVES * up,
        _("coverage × conversion = 1: the target, {target}, on average").format(target=money(TARGET)),
        size=12,
    )


def _curve(share: float) -> tuple[list[float], list[float]]:
    """Follow the points whose coverage × conversion is ``share``, as far as they lie on the map."""
    if not 0 < share <= MOST_COVERAGE:
        return [], []
    coverage = np.geomspace(share, MOST_COVERAGE, 80)
    return coverage.tolist(), (share / coverage).tolist()


def _room(situation: str, across: float, up: float) -> tuple[float, float, float, float]:
    """Give left, right, foot and head of the room that a situation's name takes on the map."""
    lines = _name(situation).split("\n")
    left, foot = _PLACES[situation]
    width, height = _LETTER * max(map(len, lines)) + 4, _LINE * len(lines)
    return left - 4 * across, left + width * across, foot - 6 * up, foot + height * up


def _around_names(
    coverage: list[float], conversion: list[float], names: Sequence[tuple[float, float, float, float]]
) -> tuple[list[float], list[float]]:
    """Interrupt a curve where it would cross a name."""
    free = [
        rate if not any(a < x < b and c < rate < d for a, b, c, d in names) else math.nan
        for x, rate in zip(coverage, conversion, strict=True)
    ]
    return coverage, free


def _region(situation: str, full: float) -> list[tuple[float, float]]:
    """Give the outline of one situation's part of the map."""
    curve = list(zip(*_curve(1), strict=True))
    if situation == "healthy":
        return [*curve, (MOST_COVERAGE, 1.0)]
    if situation == "full but leaky":
        return [(full, 0.0), (full, 1 / full), *(point for point in curve if point[0] > full), (MOST_COVERAGE, 0.0)]
    if situation == "sharp but thin":
        return [(0.0, 1.0), *(point for point in curve if point[0] < full), (full, 1 / full), (0.0, 1 / full)]
    return [(0.0, 0.0), (0.0, 1 / full), (full, 1 / full), (full, 0.0)]


def _name(situation: str) -> str:
    """Write a situation's name; in the parts of the map that are narrow, in two lines."""
    return textwrap.fill(_(situation), _WRAP) if _PLACES[situation][0] < 1 else _(situation)


def _likely(outcome: BalanceOutcome) -> str:
    return _("out of reach") if outcome.out_of_reach else chance_text(outcome.chance_of_target or 0)
