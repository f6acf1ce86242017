"""The consultancy's four quarters ahead: what is due and what is expected of it, against the target."""

from __future__ import annotations

import itertools

from salesmetrics.base.language import N_, _, chance_text, money, ngettext, number, percent, times
from salesmetrics.charts import ADDED, CONVERSION_LETTERS, COVERAGE, GRID, LOST, MUTED, NOW, OWN, PAPER, TARGET
from salesmetrics.charts.canvas import MARGIN, WIDTH, Box, Canvas, fill, scale, write
from salesmetrics.charts.handles import away_handle
from salesmetrics.charts.moving_picture import Drawing, house_style
from salesmetrics.charts.words import COVERAGE_FIGURE, QUARTER_FIGURES, about, assumptions, say
from salesmetrics.models import Model
from salesmetrics.models.consultancy import CAPACITY, ConsultancyOutcome, Quarter

_HEIGHT = 446
_LEFT, _GROUP, _BAR = 100, 122, 44  # where the first quarter begins, how far the next, how wide a bar
_FLOOR, _TIMES = 148, 110  # where bars stand, and how high the target is
_MOST = 2.0  # times the target; what is more is cut off, and its figure says so
_height = scale(_FLOOR, _TIMES * _MOST, full=_MOST)
_HEAD, _GUESS_WORDS = 424, 380
_ROWS = (84, 62, 40, 16)  # what is written under the bars
_NAMES = (N_("This quarter"), N_("Next quarter"), N_("In 2 quarters"), N_("In 3 quarters"))
_SLIPPED = {**LOST, "edgecolor": COVERAGE}

_IN_A_YEAR = COVERAGE_FIGURE._replace(field="coverage_in_a_year", label=N_("Coverage in a year"))
COMPARED = (COVERAGE_FIGURE, _IN_A_YEAR, *QUARTER_FIGURES[1:])


def sentence(outcome: ConsultancyOutcome) -> str:
    """Describe what is due in four quarters, what this one brings, and on what that hangs."""
    first, second, third, fourth = outcome.quarters
    busiest, away = max(outcome.quarters, key=lambda quarter: quarter.deals), round(outcome.levers["away"])
    clauses = (_("the team has attention for {capacity} deals"), outcome.budget and _("what a budget brings, and when"))
    return say(
        _(
            "Coverage is {now} this quarter, then {second}, {third} and {fourth}. At a conversion of {conversion}, "
            "{expected} is expected this quarter, and the chance of the target of {target} is {chance}."
        ),
        ngettext("The largest deal has fallen away.", "The {count} largest deals have fallen away.", away)
        if away
        else _("With the two largest won the chance is {won}, with neither {lost}."),
        outcome.budget
        and _(
            "{budget} a month brings nothing into this quarter and {last} of deals into the fourth: next quarter's "
            "gap is already there."
        ),
        busiest.attention < 1
        and _("With {deals} deals in one quarter, each gets {attention} of the attention it needs."),
        assumptions(outcome.levers, *clauses),
        now=times(first.coverage, 2),
        second=times(second.coverage, 2),
        third=times(third.coverage, 2),
        fourth=times(fourth.coverage, 2),
        conversion=percent(outcome.conversion or 0),
        expected=about(first.expected),
        target=money(outcome.target),
        chance=chance_text(first.chance),
        count=number(away),
        won=chance_text(outcome.chance_large_won),
        lost=chance_text(outcome.chance_large_lost),
        budget=money(outcome.budget),
        last=about(fourth.brought),
        deals=number(busiest.deals, 1),
        attention=percent(busiest.attention, 0),
        capacity=number(CAPACITY),
    )


@house_style()
def draw(model: Model[ConsultancyOutcome]) -> Drawing[ConsultancyOutcome]:
    """Draw the consultancy's picture at the model's start."""
    start, page = model.start(), Canvas(_HEIGHT)
    _draw_still(page, start.target)
    places = [_LEFT + _GROUP * i for i in range(len(start.quarters))]
    stacks = page.shapes({**OWN, "edgecolor": PAPER, "linewidth": 1.4}, _SLIPPED, ADDED, NOW)
    covered = page.texts(((x, 0) for x in places), weight="bold", color=COVERAGE, size=16)
    amounts, rates, chances, counts = (page.texts(((x, row) for x in places), size=13) for row in _ROWS)
    for text in (*amounts, *rates):
        text.set_color(CONVERSION_LETTERS)
        text.set_fontweight("bold" if text in amounts else "normal")
    budget = page.text(WIDTH - 10, _HEAD - 25, ha="right", weight="bold", size=13)
    # A pinned state is outlined by its piles alone: twelve deals each would hide what the sliders did since.
    (outlines,) = page.shapes({"facecolor": "none", "edgecolor": "none"})
    target = page.line([_LEFT - 8, WIDTH - 10], [_height(1)] * 2, color=TARGET, linewidth=2.5)

    def move(outcome: ConsultancyOutcome) -> None:
        quarters = outcome.quarters
        piles = [_stack(quarter, outcome.target, x) for x, quarter in zip(places, quarters, strict=True)]
        for shape, parts in zip(stacks, zip(*piles, strict=True), strict=True):
            fill(shape, *itertools.chain.from_iterable(parts))
        heights = [_height(quarter.coverage) for quarter in quarters]
        fill(outlines, *((x, _FLOOR, x + _BAR, height) for x, height in zip(places, heights, strict=True)))
        write(covered, (_mark(quarter.coverage > _MOST) + times(quarter.coverage, 2) for quarter in quarters))
        for text, height in zip(covered, heights, strict=True):
            text.set_y(height + 6)
        write(amounts, (about(quarter.expected) for quarter in quarters))
        write(rates, ("–" if quarter.conversion is None else percent(quarter.conversion) for quarter in quarters))
        write(chances, (chance_text(quarter.chance) for quarter in quarters))
        # How many deals ask for attention, of those that can have it.
        at_work = _("{deals} of {capacity}")
        write(
            counts,
            (
                _mark(quarter.attention < 1) + at_work.format(deals=number(quarter.deals, 1), capacity=number(CAPACITY))
                for quarter in quarters
            ),
        )
        budget.set_text(_("Budgets together: {amount} a month").format(amount=money(outcome.budget)))

    words = [*covered, *amounts, *rates, *chances, *counts, budget]
    handles = [away_handle(model, _largest_block)]
    guesses = {"quarters.1.coverage": page.guess(lambda coverage: times(coverage, 2), _guess_at)}
    moving, outlined = [*stacks, target, *words], [outlines, stacks[-1]]
    return page.drawing(moving, move, start, outlined=outlined, handles=handles, guesses=guesses)


def _guess_at(coverage: float, _outcome: ConsultancyOutcome) -> tuple[list[float], list[float], float, float]:
    """Return a line across next quarter's pile, and words above the piles."""
    left, height = _LEFT + _GROUP, _height(coverage)
    return [left - 5, left - 5, left + 2 * _BAR + 9], [_GUESS_WORDS - 6, height, height], left - 5, _GUESS_WORDS


def _largest_block(outcome: ConsultancyOutcome) -> Box | None:
    """Return the block of the largest deal that is left in this quarter: left, foot, width and height."""
    left = outcome.quarters[0].today
    return (_LEFT, _FLOOR, _BAR, _height(left[0] / outcome.target) - _FLOOR) if left else None


def _mark(too_much: bool) -> str:
    return "▲ " if too_much else ""


def _stack(quarter: Quarter, target: float, x: float) -> tuple[list[Box], ...]:
    """Pile up what is due, each deal of today's table a block; beside it what is expected."""
    parts = (*quarter.today, quarter.slipped, quarter.brought)
    edges = [_height(amount / target) for amount in itertools.accumulate(parts, initial=0.0)]
    blocks = [(x, low, x + _BAR, high) for low, high in itertools.pairwise(edges)]
    beside = (x + _BAR + 4, _FLOOR, x + 2 * _BAR + 4, _height(quarter.expected / target))
    return blocks[:-2], blocks[-2:-1], blocks[-1:], [beside]


def _draw_still(page: Canvas, target: float) -> None:
    """Draw the target, the names of quarters and rows, and what each filling stands for."""
    page.line([_LEFT - 8, WIDTH - 10], [_FLOOR] * 2, color=GRID, linewidth=1, zorder=0)
    page.text(MARGIN, _height(1), _("Target\n{target}").format(target=money(target)), size=12, va="center")
    for i, name in enumerate(_NAMES):
        page.text(_LEFT + _GROUP * i, _FLOOR - 22, _(name), size=13, color=MUTED)
    for row, name in zip(_ROWS, (_("expected"), _("conversion"), _("chance"), _("deals")), strict=True):
        page.text(MARGIN, row, name, size=13)
    looks = ((OWN, _("due by today's table")), (_SLIPPED, _("slipped")), (ADDED, _("brought by a budget")))
    entries = (*looks, (NOW, _("expected")))
    page.legend(entries, MARGIN, _HEAD, box=(20, 13), gap=5, step=42, letter=6.9, size=12)
