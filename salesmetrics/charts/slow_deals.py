"""Fast and slow deals among what closes and among what is open, and the money that two ways of counting expect."""

from __future__ import annotations

from salesmetrics.base.language import _, money, ngettext, number, percent
from salesmetrics.charts import ADDED, CONVERSION_LETTERS, LATER, MUTED, NOW, OWN
from salesmetrics.charts.canvas import MARGIN, WIDTH, Canvas, bars, fill, fill_each, scale, write
from salesmetrics.charts.moving_picture import Drawing, house_style
from salesmetrics.charts.words import CONVERSION_FIGURE, EXPECTED_FIGURE, say, whole
from salesmetrics.models import Model
from salesmetrics.models.slow_deals import A_MONTH, AMOUNT, SlowDealsOutcome

_HEIGHT = 300
_ROWS = (246, 184, 76, 14)  # where each bar begins, from below
_BAR, _LONG = 24, WIDTH - 2 * MARGIN
_SHORTEST_SCALE = 200_000

COMPARED = (CONVERSION_FIGURE, EXPECTED_FIGURE)


def sentence(outcome: SlowDealsOutcome) -> str:
    """Describe what both ways of counting expect, what the open deals are made of, and on which assumptions."""
    months = round(outcome.levers["months"])
    return say(
        _("One rate for all, {rate} of {pipeline}, expects {one_rate}; each kind at its own rate expects {own}."),
        _("Slow are {slow} of the {closed} deals that close in a month, and {slow_open} of the {open} open ones."),
        ngettext(
            "Assumptions: every month {deals} deals of {amount} come in, fast ones close within a month, slow ones "
            "after {months} month.",
            "Assumptions: every month {deals} deals of {amount} come in, fast ones close within a month, slow ones "
            "after {months} months.",
            months,
        ),
        rate=percent(outcome.conversion),
        pipeline=money(outcome.pipeline),
        one_rate=whole(outcome.one_rate),
        own=whole(outcome.expected_revenue),
        slow=number(outcome.slow),
        closed=number(A_MONTH),
        slow_open=number(outcome.slow_open),
        open=number(outcome.fast_open + outcome.slow_open),
        deals=number(A_MONTH),
        amount=money(AMOUNT),
        months=number(months),
    )


@house_style()
def draw(model: Model[SlowDealsOutcome]) -> Drawing[SlowDealsOutcome]:
    """Draw the picture of slow deals at the model's start."""
    page = Canvas(_HEIGHT)
    fast, slow, one_rate, own = page.shapes(OWN, ADDED, LATER, NOW)
    names = [
        *page.texts(((MARGIN, row + _BAR + 6) for row in _ROWS[:2]), size=13),
        *page.texts(((MARGIN, row + _BAR + 6) for row in _ROWS[2:]), size=13, color=CONVERSION_LETTERS, weight="bold"),
    ]
    page.legend(((OWN, _("fast")), (ADDED, _("slow"))), MARGIN, 158, step=100, size=12, color=MUTED)

    def move(outcome: SlowDealsOutcome) -> None:
        kinds = ((outcome.fast, outcome.slow), (outcome.fast_open, outcome.slow_open))
        both = (
            bars(row, _BAR, MARGIN, MARGIN + _LONG * some / (some + others), MARGIN + _LONG)
            for (some, others), row in zip(kinds, _ROWS, strict=False)
        )
        fill_each((fast, slow), list(both))
        at = scale(MARGIN, _LONG, full=max(outcome.one_rate, outcome.expected_revenue, _SHORTEST_SCALE))
        fill(one_rate, *bars(_ROWS[2], _BAR, MARGIN, at(outcome.one_rate)))
        fill(own, *bars(_ROWS[3], _BAR, MARGIN, at(outcome.expected_revenue)))
        write(names, _words(outcome))

    return page.drawing([fast, slow, one_rate, own, *names], move, model.start())


def _words(outcome: SlowDealsOutcome) -> tuple[str, str, str, str]:
    close = _("Close in a month: {fast} fast, {slow} slow; {rate} won")
    stand = _("Open: {fast} fast, {slow} slow; together {pipeline}")
    fast, slow, fast_open, slow_open = map(number, (outcome.fast, outcome.slow, outcome.fast_open, outcome.slow_open))
    return (
        close.format(fast=fast, slow=slow, rate=percent(outcome.conversion)),
        stand.format(fast=fast_open, slow=slow_open, pipeline=money(outcome.pipeline)),
        _("One rate for all: {expected}").format(expected=whole(outcome.one_rate)),
        _("Each kind at its own rate: {expected}").format(expected=whole(outcome.expected_revenue)),
    )
