"""The quarter's revenue as bars of chance, the target as a line through them, and what the largest deal holds up."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

from matplotlib.text import Text

from salesmetrics.base.language import _, chance_text, money, ngettext, number, percent
from salesmetrics.charts import GRID, MUTED, PAPER, TARGET, Look
from salesmetrics.charts.canvas import WIDTH, Box, Canvas, fill, write
from salesmetrics.charts.handles import away_handle
from salesmetrics.charts.moving_picture import Drawing, house_style
from salesmetrics.charts.words import QUARTER_FIGURES, expectation, say, share_text, whole
from salesmetrics.models import Model
from salesmetrics.models.quarter import QuarterOutcome

# The page in pixels: figures in words above, bars, the money, the span of most quarters, and what the looks mean.
_HEIGHT = 392
_LEFT, _MORE, _RIGHT = 26, 34, 12  # the bar for what lies beyond the scale stands in a place of its own
_SCALE = WIDTH - _LEFT - _MORE - _RIGHT
_NAMES, _VALUES, _TILES = 370, 344, (14, 214, 380)
_TARGET_NAME, _TOP, _FLOOR = 312, 300, 100
_MONEY, _SPAN, _SPAN_TEXT, _LEGEND, _GHOST = 80, 60, 34, 8, 420
_CAP, _LETTER = 5, 7.4
_FULL_HEIGHT = 0.12  # the chance of one bin that fills the height, unless some bin has more

_MISSED: Look = {"facecolor": "#DCDCDC", "edgecolor": MUTED, "linewidth": 0.8}
_REACHED: Look = {"facecolor": "#009E73", "edgecolor": "#000000", "linewidth": 0.8, "hatch": "////"}
_OUTLINE: dict[str, Any] = {"color": "#000000", "linewidth": 1.4, "linestyle": (0, (2, 1.5))}

COMPARED = QUARTER_FIGURES


def sentence(outcome: QuarterOutcome) -> str:
    """Describe in a few short sentences what the picture shows."""
    slip, new_deals = outcome.levers["slip"], round(outcome.levers["new_deals"])
    met = outcome.coverage is None
    return say(
        _verdict(outcome),
        None if met else _largest(outcome),
        None if met else outcome.won and _("Of this, {won} is won already."),
        outcome.deals
        and ngettext(
            "With {deals} deal that is won with a chance of {rate}, at least 8 in 10 quarters bring {span}.",
            "With {deals} independent deals, each won with a chance of {rate}, at least 8 in 10 quarters bring {span}.",
            outcome.deals,
        ),
        slip and _("Of the open deals that would be won, {slip} slips to the next quarter."),
        new_deals
        and ngettext(
            "{new} new deal of {new_amount} comes and closes within the quarter.",
            "{new} new deals of {new_amount} come and close within the quarter.",
            new_deals,
        ),
        expected=whole(outcome.expected_revenue),
        share=share_text(outcome.expected_share),
        target=money(outcome.target),
        chance=chance_text(outcome.chance_of_target),
        with_all=chance_text(outcome.chance_with_all),
        without=chance_text(outcome.chance_without_largest),
        largest=money(outcome.largest),
        won=money(outcome.won),
        away=number(_away(outcome)),
        away_amount=money(outcome.away_amount),
        deals=number(outcome.deals),
        rate=percent(outcome.conversion),
        span=_span(outcome),
        slip=percent(slip, 0),
        new=number(new_deals),
        new_amount=whole(outcome.new_amount),
    )


def _away(outcome: QuarterOutcome) -> int:
    return round(outcome.levers["away"])


def _verdict(outcome: QuarterOutcome) -> str:
    if outcome.coverage is None:
        return _("The target of {target} is met: {won} is won, and with what is open {expected} is expected.")
    if outcome.out_of_reach:
        return _(
            "{expected} is expected, {share} of the target of {target}, and even if every deal is won it stays out of "
            "reach."
        )
    return _("{expected} is expected, {share} of the target of {target}, and the chance of reaching it is {chance}.")


def _largest(outcome: QuarterOutcome) -> str:
    if _away(outcome):
        return ngettext(
            "The largest deal, {away_amount}, has fallen away; with it the chance is {with_all}.",
            "The {away} largest deals, together {away_amount}, have fallen away; with them the chance is {with_all}.",
            _away(outcome),
        )
    return _("Without the largest deal, {largest}, the chance is {without}.")


@house_style()
def draw(model: Model[QuarterOutcome]) -> Drawing[QuarterOutcome]:
    """Draw the quarter at the model's start."""
    page = Canvas(_HEIGHT, x=(-_LEFT, WIDTH - _LEFT))
    amounts = _draw_still(page)
    missed, reached = page.shapes(_MISSED, _REACHED)
    ghost = page.line(**_OUTLINE)
    sample = page.line([_GHOST, _GHOST + 26], [_LEGEND + 5] * 2, **_OUTLINE)
    with_all = page.text(_GHOST + 33, _LEGEND, _("with all deals"), size=13)
    target = page.line(color=TARGET, linewidth=2.6)
    target_name = page.text(0, _TARGET_NAME, weight="bold", size=13)
    span = page.line(color="#000000", linewidth=2, solid_capstyle="butt")
    mean = page.line(marker="D", color="#000000", markersize=8, markeredgecolor=PAPER, clip_on=False)
    spanned = page.text(0, _SPAN_TEXT, size=13)
    names, values = page.tiles([x - _LEFT for x in _TILES], _NAMES, _VALUES)

    def move(outcome: QuarterOutcome) -> None:
        end = len(outcome.missed) * outcome.bin_width  # euros: where the scale ends
        width = _SCALE / len(outcome.missed)
        heights = [low + high for low, high in zip(outcome.missed, outcome.reached, strict=True)]
        pixels = (_TOP - _FLOOR) / max(_FULL_HEIGHT, outcome.more, *heights, *outcome.with_all)
        fill(missed, *_bars(width, [0.0] * len(heights), outcome.missed, pixels))
        beyond = (_SCALE + 8, _FLOOR, _SCALE + _MORE, _FLOOR + outcome.more * pixels)
        over = [beyond] if outcome.more > 1e-9 else []
        fill(reached, *_bars(width, outcome.missed, heights, pixels), *over)
        steps = [(i * width, edge) for i, pair in enumerate(pairwise((0.0, *outcome.with_all, 0.0))) for edge in pair]
        ghost.set_data([x for x, _chance in steps], [_FLOOR + chance * pixels for _x, chance in steps])
        for artist in (ghost, sample, with_all):
            artist.set_visible(bool(_away(outcome)))
        found = (outcome.target, outcome.low, outcome.high, outcome.expected_revenue)
        target_at, low, high, expected = (min(each / end, 1.0) * _SCALE for each in found)
        target.set_data([target_at] * 2, [_FLOOR, _TARGET_NAME - 6])
        target_name.set_text(_("target {target}").format(target=money(outcome.target)))
        target_name.set_x(min(target_at, _SCALE + _MORE - _LETTER * 1.15 * len(target_name.get_text())))
        span.set_data([low, low, low, high, high, high], [_SPAN + y for y in (_CAP, -_CAP, 0, 0, -_CAP, _CAP)])
        mean.set_data([expected], [_SPAN])
        spanned.set_text(_("at least 8 in 10 quarters: {span}").format(span=_span(outcome)))
        spanned.set_x(max(0.0, min(low, _SCALE + _MORE - _LETTER * len(spanned.get_text()))))
        headings, shown = zip(*_tiles(outcome), strict=True)
        write(names, headings)
        write(values, shown, fit=True)
        write(amounts, (money(end * fourth / 4) for fourth in range(4)))

    words = [target_name, spanned, with_all, *names, *values, *amounts]
    moving = [missed, reached, ghost, sample, target, span, mean, *words]
    return page.drawing(moving, move, model.start(), handles=[away_handle(model, _largest_tile)])


def _largest_tile(outcome: QuarterOutcome) -> tuple[float, float, float, float] | None:
    """Return the place of the figure that says what hangs on the largest deal."""
    left = _TILES[-1] - 6
    return None if outcome.coverage is None else (left - _LEFT, _VALUES - 8, WIDTH - _RIGHT - left, 50)


def _draw_still(page: Canvas) -> list[Text]:
    """Draw the scale and what the looks of the bars mean; return the places for the amounts along the scale."""
    page.line([0, _SCALE], [_FLOOR, _FLOOR], color=MUTED, linewidth=1)
    for quarter in range(5):
        page.line([_SCALE * quarter / 4] * 2, [_FLOOR - 4, _TOP], color=GRID, linewidth=1, zorder=0)
    page.text(_SCALE + _MORE + 4, _MONEY, _("more"), ha="right", size=12, color=MUTED)
    entries = ((_MISSED, _("falls short")), (_REACHED, _("reaches the target")))
    page.legend(entries, 0, _LEGEND - 3, box=(26, 17), gap=7, raised=3, step=56, letter=8.3, size=13)
    return page.texts(((_SCALE * fourth / 4, _MONEY) for fourth in range(4)), ha="center", size=12, color=MUTED)


def _bars(width: float, bottoms: Sequence[float], tops: Sequence[float], pixels: float) -> list[Box]:
    """Return a bar for each bin that has any chance to speak of."""
    return [
        (i * width, _FLOOR + bottom * pixels, (i + 1) * width, _FLOOR + top * pixels)
        for i, (bottom, top) in enumerate(zip(bottoms, tops, strict=True))
        if (top - bottom) * pixels > 0.05
    ]


def _span(outcome: QuarterOutcome) -> str:
    low, high = whole(outcome.low), whole(outcome.high)
    return low if low == high else _("{low} to {high}").format(low=low, high=high)


def _tiles(outcome: QuarterOutcome) -> tuple[tuple[str, str], tuple[str, str], tuple[str, str]]:
    """Write the figures above the bars, each with its heading."""
    heading, share = expectation(outcome.expected_revenue, outcome.expected_share)
    likely = _("out of reach") if outcome.out_of_reach else chance_text(outcome.chance_of_target)
    if outcome.coverage is None:
        compared, likely = ("", _("{won} won").format(won=money(outcome.won))), _("target met")
    elif _away(outcome):
        compared = _("with all deals"), chance_text(outcome.chance_with_all)
    else:
        without = _("without the largest, {largest}").format(largest=money(outcome.largest))
        compared = without, chance_text(outcome.chance_without_largest)
    return (heading + " ◆", share), (_("chance of the target"), likely), compared
