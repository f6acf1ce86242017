"""The consultancy's four quarters ahead: what is due and what is expected of it, against the target."""

from __future__ import annotations

import itertools

from matplotlib.axes import Axes

from salesmetrics.base.language import N_, _, money, ngettext, number, percent, times
from salesmetrics.charts.companies import (
    ADDED,
    LOST,
    MARGIN,
    NOW,
    OWN,
    WIDTH,
    about,
    assumptions,
    bars,
    likely,
    page,
    texts,
)
from salesmetrics.charts.moving_picture import COVERAGE, GRID, MUTED, PAPER, TARGET, Drawing, house_style
from salesmetrics.charts.parts import CONVERSION_LETTERS, Box, boxes
from salesmetrics.models import Model
from salesmetrics.models.consultancy import CAPACITY, ConsultancyOutcome, Quarter

_HEIGHT = 446
_LEFT, _GROUP, _BAR = 100, 122, 44  # where the first quarter begins, how far the next, how wide a bar
_FLOOR, _TIMES = 148, 110  # where bars stand, and how high the target is
_MOST = 2.0  # times the target; what is more is cut off, and its figure says so
_HEAD = 424
_ROWS = (84, 62, 40, 16)  # what is written under the bars
_NAMES = (N_("This quarter"), N_("Next quarter"), N_("In 2 quarters"), N_("In 3 quarters"))


def sentence(outcome: ConsultancyOutcome) -> str:
    """Say what is due in four quarters, what this one brings, and on what that hangs."""
    first, *later = outcome.quarters
    said = [
        _(
            "Coverage is {now} this quarter, then {second}, {third} and {fourth}; at a conversion of {conversion}, "
            "{expected} is expected this quarter of the target of {target}, and the chance of reaching it is {chance}."
        ).format(
            now=times(first.coverage, 2),
            second=times(later[0].coverage, 2),
            third=times(later[1].coverage, 2),
            fourth=times(later[2].coverage, 2),
            conversion=percent(outcome.conversion or 0),
            expected=about(first.expected),
            target=money(outcome.target),
            chance=likely(first.chance),
        ),
        _("Today's open deals count as {count} deals of one size.").format(count=number(outcome.effective_deals, 1)),
    ]
    if outcome.away:
        said.append(
            ngettext(
                "The largest deal has fallen away.", "The {count} largest deals have fallen away.", outcome.away
            ).format(count=number(outcome.away))
        )
    else:
        said.append(
            _("With the two largest won the chance is {won}, with neither {lost}.").format(
                won=likely(outcome.chance_large_won), lost=likely(outcome.chance_large_lost)
            )
        )
    clauses = [_("a quarter gives attention to {count} deals").format(count=number(CAPACITY))]
    if outcome.budget:
        clauses.append(_("what a budget brings, and when, is not measured here"))
        said.append(
            _(
                "{budget} a month brings {this} of deals into this quarter and {last} into the fourth: "
                "the gap of next quarter is already there."
            ).format(budget=money(outcome.budget), this=about(first.brought), last=about(outcome.quarters[-1].brought))
        )
    busiest = max(outcome.quarters, key=lambda quarter: quarter.deals)
    if busiest.attention < 1:
        said.append(
            _("With {deals} deals in one quarter, each gets {attention} of the attention it needs.").format(
                deals=number(busiest.deals, 1), attention=percent(busiest.attention, 0)
            )
        )
    return " ".join((*said, assumptions(outcome.slip, outcome.new_deals, *clauses)))


@house_style()
def draw(model: Model) -> Drawing[ConsultancyOutcome]:
    """Draw the consultancy's picture at the model's start."""
    start = model.outcome(model.defaults())
    assert isinstance(start, ConsultancyOutcome)
    figure, axes = page(_HEIGHT)
    _draw_still(axes, start)
    places = [_LEFT + _GROUP * i for i in range(len(start.quarters))]
    known = {**OWN, "edgecolor": PAPER, "linewidth": 1.4}
    today, slipped, brought, expected = bars(axes, (known, {**LOST, "edgecolor": COVERAGE}, ADDED, NOW))
    covered = texts(axes, ((x, 0) for x in places), weight="bold", color=COVERAGE, size=16)
    amounts = texts(axes, ((x, _ROWS[0]) for x in places), color=CONVERSION_LETTERS, weight="bold", size=13)
    rates = texts(axes, ((x, _ROWS[1]) for x in places), color=CONVERSION_LETTERS, size=13)
    chances = texts(axes, ((x, _ROWS[2]) for x in places), size=13)
    counts = texts(axes, ((x, _ROWS[3]) for x in places), size=13)
    (budget,) = texts(axes, [(WIDTH - 10, _HEAD - 25)], ha="right", weight="bold", size=13)
    # A pinned state is outlined by its piles alone: twelve deals each would hide what the sliders did since.
    (outlines,) = bars(axes, ({"facecolor": "none", "edgecolor": "none"},))
    (target,) = axes.plot([_LEFT - 8, WIDTH - 10], [_height(1)] * 2, color=TARGET, linewidth=2.5)

    def move(outcome: ConsultancyOutcome) -> None:
        stacks: tuple[list[Box], list[Box], list[Box], list[Box]] = ([], [], [], [])
        for x, quarter in zip(places, outcome.quarters, strict=True):
            for found, parts in zip(stacks, _stack(quarter, outcome.target, x), strict=True):
                found.extend(parts)
        for shape, found in zip((today, slipped, brought, expected), stacks, strict=True):
            shape.set_path(boxes(found))
        piles = [(x, _FLOOR, x + _BAR, _height(q.coverage)) for x, q in zip(places, outcome.quarters, strict=True)]
        outlines.set_path(boxes(piles))
        for i, quarter in enumerate(outcome.quarters):
            covered[i].set_text(("▲ " if quarter.coverage > _MOST else "") + times(quarter.coverage, 2))
            covered[i].set_y(_height(quarter.coverage) + 6)
            amounts[i].set_text(about(quarter.expected))
            rates[i].set_text("–" if quarter.conversion is None else percent(quarter.conversion))
            chances[i].set_text(likely(quarter.chance))
            counts[i].set_text(_at_work(quarter))
        budget.set_text(_("Budgets together: {amount} a month").format(amount=money(outcome.budget)))

    move(start)
    words = [*covered, *amounts, *rates, *chances, *counts, budget]
    return Drawing(figure, [today, slipped, brought, expected, target, *words], move, outlined=[outlines, expected])


def _at_work(quarter: Quarter) -> str:
    """Write how many deals ask for attention, of those that can have it; a mark says that they are too many."""
    deals = _("{deals} of {capacity}").format(deals=number(quarter.deals, 1), capacity=number(CAPACITY))
    return ("▲ " if quarter.attention < 1 else "") + deals


def _stack(quarter: Quarter, target: float, x: float) -> tuple[list[Box], list[Box], list[Box], list[Box]]:
    """Pile up what is due, each deal of today's table a block; beside it what is expected."""

    def pile(*parts: float) -> list[float]:
        return [_height(amount / target) for amount in itertools.accumulate(parts, initial=0.0)]

    edges = pile(*quarter.today, quarter.slipped, quarter.brought)
    blocks = [(x, low, x + _BAR, high) for low, high in itertools.pairwise(edges)]
    beside = (x + _BAR + 4, _FLOOR, x + 2 * _BAR + 4, _height(quarter.expected / target))
    return blocks[:-2], blocks[-2:-1], blocks[-1:], [beside]


def _height(of_target: float) -> float:
    return _FLOOR + _TIMES * min(of_target, _MOST)


def _draw_still(axes: Axes, start: ConsultancyOutcome) -> None:
    """Draw the target, the names of quarters and rows, and what each filling stands for."""
    axes.plot([_LEFT - 8, WIDTH - 10], [_FLOOR] * 2, color=GRID, linewidth=1, zorder=0)
    axes.text(MARGIN, _height(1), _("Target\n{target}").format(target=money(start.target)), size=12, va="center")
    for i, name in enumerate(_NAMES):
        axes.text(_LEFT + _GROUP * i, _FLOOR - 22, _(name), size=13, color=MUTED)
    for row, name in zip(_ROWS, (N_("expected"), N_("conversion"), N_("chance"), N_("deals")), strict=True):
        axes.text(MARGIN, row, _(name), size=13)
    left = float(MARGIN)
    looks = (
        (OWN, N_("due by today's table")),
        ({**LOST, "edgecolor": COVERAGE}, N_("slipped")),
        (ADDED, N_("brought by a budget")),
        (NOW, N_("expected")),
    )
    for shape, (_look, name) in zip(bars(axes, [look for look, _name in looks]), looks, strict=True):
        shape.set_path(boxes([(left, _HEAD, left + 20, _HEAD + 13)]))
        axes.text(left + 25, _HEAD + 1, _(name), size=12)
        left += 42 + 6.9 * len(_(name))
