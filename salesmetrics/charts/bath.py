"""A bath: the tap is what comes in, the water what is open, and what runs out is won or lost."""

from __future__ import annotations

from salesmetrics.base.language import _, number, percent
from salesmetrics.charts import ADDED, CONVERSION_LETTERS, COVERAGE, GRID, LOST, MUTED, NOW, OWN, TARGET
from salesmetrics.charts.canvas import Canvas, fill, write
from salesmetrics.charts.moving_picture import Drawing, house_style
from salesmetrics.charts.words import COVERAGE_FIGURE, EXPECTED_FIGURE, about, say, steady_times
from salesmetrics.models import Model
from salesmetrics.models.bath import BathOutcome

_HEIGHT = 340
_LEFT, _RIGHT, _BOTTOM, _TOP = 54, 380, 74, 264  # the tub
_ONE = 13  # pixels of water for once the target
_TAP, _WON, _LOST = 90, 90, 320  # where each stream begins
_MOST, _WIDEST = 2_500_000, 40  # the widest stream, in euros a quarter and in pixels
_WORDS = 396  # the words beside the tub

COMPARED = (COVERAGE_FIGURE, EXPECTED_FIGURE)


def sentence(outcome: BathOutcome) -> str:
    """Describe what comes in, how long it stays, what is open because of that, and what a quarter brings."""
    if outcome.multiple is None:
        return _("Nothing comes in: in the end nothing is open, and nothing is won.")
    return say(
        _("{inflow} comes in a quarter and stays {days} days on average: {open} is open, {coverage} the target."),
        _("A quarter brings {won} and begins with {multiple} that; 1 ÷ {rate} conversion is {break_even}."),
        _("Of what is open {share} will be won. Assumption: every quarter is alike."),
        inflow=about(outcome.levers["inflow"]),
        days=number(round(outcome.mean_stay)),
        open=about(outcome.pipeline),
        coverage=steady_times(round(outcome.coverage, 1)),
        won=about(outcome.expected_revenue),
        multiple=steady_times(round(outcome.multiple, 1)),
        rate=percent(outcome.conversion, 0),
        break_even=steady_times(1 / outcome.conversion),
        share=percent(outcome.winning / outcome.pipeline, 0),
    )


@house_style()
def draw(model: Model[BathOutcome]) -> Drawing[BathOutcome]:
    """Draw the bath at the model's start."""
    page = Canvas(_HEIGHT)
    for level in range(2, 15, 2):
        height = _BOTTOM + level * _ONE
        page.line([_LEFT, _RIGHT], [height, height], color=GRID, linewidth=1, zorder=0)
        page.text(_LEFT - 8, height - 5, f"{level}×", ha="right", size=12, color=COVERAGE)
    tap, winning, losing, won, lost = page.shapes(OWN, OWN, ADDED, NOW, LOST)
    around = [_LEFT, _LEFT, _RIGHT, _RIGHT], [_TOP, _BOTTOM, _BOTTOM, _TOP]
    tub = page.line(*around, color=TARGET, linewidth=3, solid_capstyle="round")
    come_in, stay = page.texts(((_TAP + _WIDEST + 14, 312), (_TAP + _WIDEST + 14, 292)), size=13)
    page.text(_WORDS, 240, _("coverage"), size=12, color=MUTED)
    heading = page.text(_WORDS, 212, weight="bold", color=COVERAGE)
    open_in_all = page.text(_WORDS, 192, size=13)
    page.legend([(OWN, _("will be won"))], _WORDS, 160, size=13)
    page.legend([(ADDED, _("will be lost"))], _WORDS, 114, size=13)
    open_parts = page.texts(((_WORDS + 28, 143), (_WORDS + 28, 97)), size=13)
    brings = page.text(_LEFT - 20, 12, size=13, color=CONVERSION_LETTERS, weight="bold")
    loses = page.text(_LOST + 8, 12, size=13, color=MUTED)
    words = [come_in, stay, open_in_all, *open_parts, brings, loses]

    def move(outcome: BathOutcome) -> None:
        level = _BOTTOM + _ONE * outcome.winning / outcome.target
        surface = level + _ONE * outcome.losing / outcome.target
        fill(winning, (_LEFT, _BOTTOM, _RIGHT, level))
        fill(losing, (_LEFT, level, _RIGHT, surface))
        fill(tap, (_TAP, surface, _TAP + _stream(outcome.levers["inflow"]), 326))
        fill(won, (_WON, 32, _WON + _stream(outcome.expected_revenue), _BOTTOM))
        fill(lost, (_LOST, 32, _LOST + _stream(outcome.lost), _BOTTOM))
        write([heading], [steady_times(round(outcome.coverage, 1))], fit=True)
        write(
            words,
            [
                _("comes in: {amount} a quarter").format(amount=about(outcome.levers["inflow"])),
                _("stays {days} days on average").format(days=number(round(outcome.mean_stay))),
                _("open: {amount}").format(amount=about(outcome.pipeline)),
                about(outcome.winning),
                about(outcome.losing),
                _("won: {amount} a quarter").format(amount=about(outcome.expected_revenue)),
                _("lost: {amount} a quarter").format(amount=about(outcome.lost)),
            ],
        )

    return page.drawing([tap, winning, losing, won, lost, tub, *words[:2], heading, *words[2:]], move, model.start())


def _stream(amount: float) -> float:
    return _WIDEST * amount / _MOST
