"""How soon the agency's leads are answered, what becomes of them, and what the quarter brings."""

from __future__ import annotations

import itertools
import math

from salesmetrics.base.language import N_, _, money, number, percent
from salesmetrics.charts.companies import LATER, LOST, MARGIN, NOW, WIDTH, assumptions, bar, bars, page, texts
from salesmetrics.charts.moving_picture import GRID, MUTED, Drawing, house_style
from salesmetrics.charts.parts import CONVERSION_LETTERS, boxes
from salesmetrics.charts.remedied import (
    BAR,
    COVERAGE_ROW,
    LEFT,
    LONG,
    SAYS,
    at_times,
    helped,
    late_and_dear,
    main_sentence,
    quarter_rows,
)
from salesmetrics.models import Model
from salesmetrics.models.agency import CAPACITY, ODDS, AgencyOutcome

_HEIGHT = 442
_TITLE, _FLOOR = 422, 276
_TALL, _FULL = 138, 0.22  # how high the tallest block can be, and the rate that this stands for
_CONVERSION, _FULL_CONVERSION = 204, 0.7
_LETTER = 6.8  # pixels, on average
_MOVED = {"facecolor": "#FBE6BC", "edgecolor": "#000000", "linestyle": (0, (3, 2)), "linewidth": 1.6}
_NAMES = (N_("≤ 1 hour"), N_("sooner now"), N_("1–4 hours"), N_("4–24 hours"), N_("> 24 hours"))


def sentence(outcome: AgencyOutcome) -> str:
    """Say what the remedies do, this quarter and in full, and on which assumptions."""
    fast = percent(outcome.shares[0] + outcome.moved)
    said, clauses = [main_sentence(outcome)], []
    if outcome.moved:
        said.append(
            _(
                "{fast} of the leads get an answer within the hour, which alone leads to {answered} in full; if all of "
                "the difference were cause, it would be {naive}."
            ).format(fast=fast, answered=percent(outcome.answered), naive=percent(outcome.naive))
        )
        clauses.append(
            _("{cause} of the difference between quick and slow answers is cause").format(
                cause=percent(outcome.cause, 0)
            )
        )
    else:
        said.append(
            _(
                "{fast} of the leads get an answer within the hour; {quick} of those became a customer, and {slow} of "
                "those who waited for more than a day."
            ).format(fast=fast, quick=percent(outcome.rates[0]), slow=percent(outcome.rates[-1]))
        )
    if outcome.efforts:
        clauses.append(
            _(
                "more follow-ups, fitting content and a smooth hand-over multiply the odds of a win by {odds} at most"
            ).format(odds=" × ".join(number(ratio, 2) for ratio in ODDS.values()))
        )
    if outcome.cost:
        clauses.append(late_and_dear())
    if outcome.qualified_out:
        said.append(
            _(
                "{out} of the deals are not let in; the {deals} that stay get {attention} of the attention they need, "
                "where all {all} would get {before}."
            ).format(
                out=percent(outcome.qualified_out, 0),
                deals=number(outcome.deals),
                attention=percent(outcome.attention, 0),
                all=number(outcome.all_deals),
                before=percent(outcome.attention_before, 0),
            )
        )
        clauses += [
            _("stricter qualification raises the conversion of the deals that stay by as much as it turns away"),
            _("the team can give {capacity} deals the attention they need").format(capacity=number(CAPACITY)),
        ]
    if outcome.cost:
        said.append(_("All of it costs {cost}.").format(cost=money(round(outcome.cost))))
    return " ".join((*said, assumptions(outcome.slip, outcome.new_deals, *clauses)))


@house_style()
def draw(model: Model) -> Drawing[AgencyOutcome]:
    """Draw the agency's picture at the model's start."""
    start = model.outcome(model.defaults())
    assert isinstance(start, AgencyOutcome)
    figure, axes = page(_HEIGHT)
    axes.text(MARGIN, _TITLE, _("Width: share of the leads. Height: the part that became a customer."), color=MUTED)
    axes.plot([MARGIN, WIDTH - MARGIN], [_FLOOR] * 2, color=GRID, linewidth=1, zorder=0)
    answered, moved = bars(axes, (NOW, _MOVED))
    (mean,) = axes.plot([], [], color="#000000", linewidth=2, linestyle=(0, (4, 2)), zorder=5)
    mean_says = axes.text(WIDTH - MARGIN, 0, "", ha="right", size=13, weight="bold", color=CONVERSION_LETTERS)
    names, shares, rates = (
        texts(axes, [(0, y)] * len(_NAMES), size=12) for y in (_FLOOR - 17, _FLOOR - 33, _FLOOR + 6)
    )

    axes.text(MARGIN, _CONVERSION + 6, _("Conversion"))
    now, later = bars(axes, (NOW, LATER))
    was = _along(start.conversion or 0)
    (before,) = axes.plot(
        [was] * 2,
        [_CONVERSION - 4, _CONVERSION + BAR + 4],
        color="#000000",
        linewidth=2.5,
        linestyle=(0, (1, 0.8)),
    )
    converts = axes.text(SAYS, _CONVERSION + 6, "", size=13)
    below, move_below = quarter_rows(axes, start.target)
    (turned_away,) = bars(axes, (LOST,))
    attention = axes.text(SAYS, COVERAGE_ROW - 18, "", size=12)

    def move(outcome: AgencyOutcome) -> None:
        remedied, conversion = helped(outcome), outcome.conversion or 0
        widths = (outcome.shares[0], outcome.moved, *outcome.shares[1:])
        heights = (outcome.rates[0], outcome.moved_rate, *outcome.rates[1:])
        edges = [MARGIN + (WIDTH - 2 * MARGIN) * share for share in itertools.accumulate(widths, initial=0.0)]
        blocks = [
            (left, _FLOOR, right, _rise(height))
            for (left, right), height in zip(itertools.pairwise(edges), heights, strict=True)
        ]
        answered.set_path(boxes([blocks[0], *blocks[2:]]))
        moved.set_path(boxes(blocks[1:2]))
        for i, (name, share, rate) in enumerate(zip(names, shares, rates, strict=True)):
            left, room = edges[i] + 4, (edges[i + 1] - edges[i] - 8) / _LETTER
            for text, words in (
                (name, _(_NAMES[i])),
                (share, percent(widths[i])),
                (rate, percent(heights[i])),
            ):
                text.set_text(words if len(words) <= room else "")
                text.set_x(left)
        mean.set_data([MARGIN, WIDTH - MARGIN], [_rise(outcome.answered)] * 2)
        mean_says.set_text(_("together {rate}").format(rate=percent(outcome.answered)))
        mean_says.set_y(_rise(outcome.answered) + 5)
        now.set_path(boxes([bar(LEFT, _along(conversion), _CONVERSION, BAR)]))
        later.set_path(boxes([bar(_along(conversion), _along(outcome.conversion_in_full), _CONVERSION, BAR)]))
        before.set_visible(not math.isclose(conversion, start.conversion or 0))
        converts.set_text(
            _("conversion {conversion}").format(conversion=percent(conversion))
            + (_(", in full {full}").format(full=percent(outcome.conversion_in_full)) if remedied else "")
        )
        move_below(outcome, outcome.pipeline)
        turned_away.set_path(
            boxes([bar(at_times(outcome.coverage or 0), at_times(start.coverage or 0), COVERAGE_ROW, BAR)])
        )
        attention.set_text(
            _("{deals} of {all} deals, attention {attention}").format(
                deals=number(outcome.deals),
                all=number(outcome.all_deals),
                attention=percent(outcome.attention, 0),
            )
        )

    move(start)
    moving = [answered, moved, mean, mean_says, *names, *shares, *rates, now, later, before, converts, turned_away]
    return Drawing(figure, [*moving, attention, *below], move)


def _rise(rate: float) -> float:
    return _FLOOR + _TALL * rate / _FULL


def _along(rate: float) -> float:
    return LEFT + LONG * min(rate / _FULL_CONVERSION, 1)
