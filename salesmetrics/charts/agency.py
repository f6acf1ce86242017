"""How soon the agency's leads are answered, what becomes of them, and what the quarter brings."""

from __future__ import annotations

import itertools
import math

from salesmetrics.base.language import N_, _, money, number, percent
from salesmetrics.charts import CONVERSION_LETTERS, DOTTED, GRID, LATER, LOST, MUTED, NOW, remedies
from salesmetrics.charts.canvas import MARGIN, WIDTH, Canvas, bars, fill, fill_each, scale
from salesmetrics.charts.moving_picture import Drawing, house_style
from salesmetrics.charts.words import also_assumed, assumptions, say
from salesmetrics.models import Model
from salesmetrics.models.agency import CAPACITY, ODDS, AgencyOutcome

_HEIGHT = 442
_TITLE, _FLOOR = 422, 276
_TALL, _FULL = 138, 0.22  # how high the tallest block can be, and the rate that this stands for
_CONVERSION = 204
_along = scale(remedies.LEFT, remedies.LONG, full=0.7)
_LETTER = 6.8  # pixels, on average
_MOVED = {"facecolor": "#FBE6BC", "edgecolor": "#000000", "linestyle": (0, (3, 2)), "linewidth": 1.6}
_NAMES = (N_("≤ 1 hour"), N_("sooner now"), N_("1–4 hours"), N_("4–24 hours"), N_("> 24 hours"))

COMPARED = remedies.IN_FULL


def sentence(outcome: AgencyOutcome) -> str:
    """Describe what the remedies do, this quarter and in full, and on which assumptions."""
    levers, out = outcome.levers, outcome.levers["qualify"]
    of_remedies = (
        outcome.moved and _("{cause} of that difference is cause"),
        outcome.efforts and _("follow-ups, content and hand-over multiply the odds by at most {odds}"),
        outcome.cost and remedies.remedy_terms(),
    )
    of_qualifying = (
        out and _("the deals that stay convert better by as much as is turned away"),
        out and _("the team has attention for {capacity} deals"),
    )
    return say(
        remedies.main_sentence(outcome),
        _(
            "{fast} of the leads get an answer within the hour: that alone leads to {answered} in full, or to {naive} "
            "if all of the difference were cause."
        )
        if outcome.moved
        else _(
            "{fast} of the leads get an answer within the hour; {quick} of those became a customer, of those that "
            "waited over a day {slow}."
        ),
        out
        and _(
            "{out} of the deals are not let in; the {deals} that stay get {attention} of the attention they need, "
            "where all {all} would get {before}."
        ),
        outcome.cost and _("All of it costs {cost}."),
        assumptions(levers),
        also_assumed(*of_remedies),
        also_assumed(*of_qualifying),
        fast=percent(outcome.shares[0] + outcome.moved),
        answered=percent(outcome.answered),
        naive=percent(outcome.naive),
        quick=percent(outcome.rates[0]),
        slow=percent(outcome.rates[-1]),
        out=percent(out, 0),
        **_deals(outcome),
        before=percent(outcome.attention_before, 0),
        cost=money(round(outcome.cost)),
        cause=percent(levers["cause"], 0),
        odds=" × ".join(number(ratio, 2) for ratio in ODDS.values()),
        capacity=number(CAPACITY),
    )


def _deals(outcome: AgencyOutcome) -> dict[str, str]:
    return {
        "deals": number(outcome.deals),
        "all": number(outcome.all_deals),
        "attention": percent(outcome.attention, 0),
    }


@house_style()
def draw(model: Model[AgencyOutcome]) -> Drawing[AgencyOutcome]:
    """Draw the agency's picture at the model's start."""
    start, page = model.start(), Canvas(_HEIGHT)
    page.text(MARGIN, _TITLE, _("Width: share of the leads. Height: the part that became a customer."), color=MUTED)
    page.line([MARGIN, WIDTH - MARGIN], [_FLOOR] * 2, color=GRID, linewidth=1, zorder=0)
    answered, moved = page.shapes(NOW, _MOVED)
    mean = page.line(color="#000000", linewidth=2, linestyle=(0, (4, 2)), zorder=5)
    mean_says = page.text(WIDTH - MARGIN, 0, ha="right", size=13, weight="bold", color=CONVERSION_LETTERS)
    rows = (_FLOOR - 17, _FLOOR - 33, _FLOOR + 6)
    names, shares, rates = (page.texts([(0, y)] * len(_NAMES), size=12) for y in rows)

    page.text(MARGIN, _CONVERSION + 6, _("Conversion"))
    now, later = page.shapes(NOW, LATER)
    before = page.line([_along(start.conversion)] * 2, [_CONVERSION - 4, _CONVERSION + remedies.BAR + 4], **DOTTED)
    converts = page.text(remedies.SAYS, _CONVERSION + 6, size=13)
    below, move_below = remedies.quarter_rows(page, start.target)
    (turned_away,) = page.shapes(LOST)
    attention = page.text(remedies.SAYS, remedies.COVERAGE_ROW - 18, size=12)

    def move(outcome: AgencyOutcome) -> None:
        widths = (outcome.shares[0], outcome.moved, *outcome.shares[1:])
        heights = (outcome.rates[0], outcome.moved_rate, *outcome.rates[1:])
        edges = [MARGIN + (WIDTH - 2 * MARGIN) * share for share in itertools.accumulate(widths, initial=0.0)]
        blocks = [
            (left, _FLOOR, right, _rise(height))
            for (left, right), height in zip(itertools.pairwise(edges), heights, strict=True)
        ]
        fill(answered, blocks[0], *blocks[2:])
        fill(moved, blocks[1])
        for i, (left, right) in enumerate(itertools.pairwise(edges)):
            room = (right - left - 8) / _LETTER
            for places, words in ((names, _(_NAMES[i])), (shares, percent(widths[i])), (rates, percent(heights[i]))):
                places[i].set_text(words if len(words) <= room else "")
                places[i].set_x(left + 4)
        mean.set_data([MARGIN, WIDTH - MARGIN], [_rise(outcome.answered)] * 2)
        mean_says.set_text(_("together {rate}").format(rate=percent(outcome.answered)))
        mean_says.set_y(_rise(outcome.answered) + 5)
        ends = map(_along, (0, outcome.conversion, outcome.conversion_in_full))
        fill_each((now, later), [bars(_CONVERSION, remedies.BAR, *ends)])
        before.set_visible(not math.isclose(outcome.conversion, start.conversion))
        converts.set_text(remedies.conversion_text(outcome))
        move_below(outcome, outcome.pipeline)
        less = map(remedies.at_times, (outcome.coverage, start.coverage))
        fill(turned_away, *bars(remedies.COVERAGE_ROW, remedies.BAR, *less))
        attention.set_text(_("{deals} of {all} deals, attention {attention}").format(**_deals(outcome)))

    moving = [answered, moved, mean, mean_says, *names, *shares, *rates, now, later, before, converts, turned_away]
    return page.drawing([*moving, attention, *below], move, start)


def _rise(rate: float) -> float:
    return _FLOOR + _TALL * rate / _FULL
