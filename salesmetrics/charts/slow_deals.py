"""Fast and slow deals among what closes and among what is open, and the money that two ways of counting expect."""

from __future__ import annotations

from salesmetrics.base.language import _, money, ngettext, number, percent
from salesmetrics.charts.companies import ADDED, LATER, MARGIN, NOW, OWN, WIDTH, bar, bars, page, texts
from salesmetrics.charts.moving_picture import MUTED, Drawing, house_style
from salesmetrics.charts.parts import CONVERSION_LETTERS, boxes
from salesmetrics.models import Model
from salesmetrics.models.slow_deals import A_MONTH, AMOUNT, SlowDealsOutcome
from salesmetrics.models.slow_deals import outcome as slow_deals_outcome

_HEIGHT = 300
_ROWS = (246, 184, 76, 14)  # where each bar begins, from below
_BAR, _LONG = 24, WIDTH - 2 * MARGIN
_SHORTEST_SCALE = 200_000


def sentence(outcome: SlowDealsOutcome) -> str:
    """Say what both ways of counting expect, what the open deals are made of, and on which assumptions."""
    return " ".join(
        (
            _(
                "One rate for all, {rate} of {pipeline}, expects {one_rate}; each kind at its own rate expects {own}."
            ).format(
                rate=percent(outcome.conversion or 0),
                pipeline=money(outcome.pipeline),
                one_rate=money(round(outcome.one_rate)),
                own=money(round(outcome.expected_revenue or 0)),
            ),
            _(
                "Slow are {slow} of the {closed} deals that close in a month, and {slow_open} of the {open} open ones."
            ).format(
                slow=number(outcome.slow),
                closed=number(A_MONTH),
                slow_open=number(outcome.slow_open),
                open=number(outcome.fast_open + outcome.slow_open),
            ),
            ngettext(
                "Assumptions: every month {deals} deals of {amount} come in, fast ones close within a month, slow ones "
                "after {months} month.",
                "Assumptions: every month {deals} deals of {amount} come in, fast ones close within a month, slow ones "
                "after {months} months.",
                outcome.months,
            ).format(deals=number(A_MONTH), amount=money(AMOUNT), months=number(outcome.months)),
        )
    )


@house_style()
def draw(model: Model) -> Drawing[SlowDealsOutcome]:
    """Draw the picture of slow deals at the model's start."""
    figure, axes = page(_HEIGHT)
    fast, slow, one_rate, own = bars(axes, (OWN, ADDED, LATER, NOW))
    names = texts(axes, ((MARGIN, row + _BAR + 6) for row in _ROWS), size=13)
    left = float(MARGIN)
    for look, name in ((OWN, _("fast")), (ADDED, _("slow"))):
        (patch,) = bars(axes, (look,))
        patch.set_path(boxes([(left, 158, left + 22, 172)]))
        axes.text(left + 28, 159, name, size=12, color=MUTED)
        left += 100

    def move(outcome: SlowDealsOutcome) -> None:
        middles = [
            MARGIN + _LONG * quick / (quick + slow_ones)
            for quick, slow_ones in ((outcome.fast, outcome.slow), (outcome.fast_open, outcome.slow_open))
        ]
        both = list(zip(middles, _ROWS[:2], strict=True))
        fast.set_path(boxes(bar(MARGIN, middle, row, _BAR) for middle, row in both))
        slow.set_path(boxes(bar(middle, MARGIN + _LONG, row, _BAR) for middle, row in both))
        expected = outcome.expected_revenue or 0.0
        scale = _LONG / max(outcome.one_rate, expected, _SHORTEST_SCALE)
        one_rate.set_path(boxes([bar(MARGIN, MARGIN + scale * outcome.one_rate, _ROWS[2], _BAR)]))
        own.set_path(boxes([bar(MARGIN, MARGIN + scale * expected, _ROWS[3], _BAR)]))
        for text, words in zip(names, _words(outcome), strict=True):
            text.set_text(words)

    for text in names[2:]:
        text.set_color(CONVERSION_LETTERS)
        text.set_fontweight("bold")
    move(slow_deals_outcome(model.defaults()))
    return Drawing(figure, [fast, slow, one_rate, own, *names], move)


def _words(outcome: SlowDealsOutcome) -> tuple[str, str, str, str]:
    return (
        _("Close in a month: {fast} fast, {slow} slow; {rate} won").format(
            fast=number(outcome.fast), slow=number(outcome.slow), rate=percent(outcome.conversion or 0)
        ),
        _("Open: {fast} fast, {slow} slow; together {pipeline}").format(
            fast=number(outcome.fast_open), slow=number(outcome.slow_open), pipeline=money(outcome.pipeline)
        ),
        _("One rate for all: {expected}").format(expected=money(round(outcome.one_rate))),
        _("Each kind at its own rate: {expected}").format(expected=money(round(outcome.expected_revenue or 0))),
    )
