"""The quarter's revenue as bars of chance, the target as a line through them, and what the largest deal holds up."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.text import Text

from salesmetrics.base.language import _, chance_text, money, ngettext, number, percent
from salesmetrics.charts.moving_picture import GRID, MUTED, PAPER, TARGET, Drawing, house_style
from salesmetrics.charts.parts import boxes, expectation, heading_size, shape, share_text
from salesmetrics.models import Model
from salesmetrics.models.revenue import QuarterOutcome

# The page in pixels: figures in words above, bars, the money, the span of most quarters, and what the looks mean.
_WIDTH, _HEIGHT = 600, 392
_LEFT, _MORE, _RIGHT = 26, 34, 12  # the bar for what lies beyond the scale stands in a place of its own
_SCALE = _WIDTH - _LEFT - _MORE - _RIGHT
_NAMES, _VALUES, _TILES = 370, 344, (14, 214, 380)
_TARGET_NAME, _TOP, _FLOOR = 312, 300, 100
_MONEY, _SPAN, _SPAN_TEXT, _LEGEND = 80, 60, 34, 8
_CAP, _LETTER = 5, 7.4  # pixels
_FULL_HEIGHT = 0.12  # the chance of one bin that fills the height, unless some bin has more

_MISSED = {"facecolor": "#DCDCDC", "edgecolor": MUTED, "linewidth": 0.8}
_REACHED = {"facecolor": "#009E73", "edgecolor": "#000000", "linewidth": 0.8, "hatch": "////"}


def sentence(outcome: QuarterOutcome) -> str:
    """Say in a few short sentences what the picture shows."""
    values = {
        "expected": _whole(outcome.expected_revenue or 0),
        "share": share_text(outcome.expected_share),
        "target": money(outcome.target),
        "chance": chance_text(outcome.chance_of_target or 0),
        "with_all": chance_text(outcome.chance_with_all),
        "without": chance_text(outcome.chance_without_largest),
        "largest": money(outcome.largest),
        "won": money(outcome.won),
        "away": number(outcome.away),
        "away_amount": money(outcome.away_amount),
        "deals": number(outcome.deals),
        "rate": percent(outcome.conversion or 0),
        "span": _span(outcome),
        "slip": percent(outcome.slip, 0),
        "new": number(outcome.new_deals),
        "new_amount": _whole(outcome.new_amount),
    }
    said = [_verdict(outcome)]
    if outcome.coverage is not None:
        said.append(_largest(outcome))
        if outcome.won:
            said.append(_("Of this, {won} is won already."))
    if outcome.deals:
        said.append(
            ngettext(
                "With {deals} deal that is won with a chance of {rate}, at least 8 in 10 quarters bring {span}.",
                "With {deals} independent deals, each won with a chance of {rate}, at least 8 in 10 quarters bring "
                "{span}.",
                outcome.deals,
            )
        )
    if outcome.slip:
        said.append(_("Of the open deals that would be won, {slip} slips to the next quarter."))
    if outcome.new_deals:
        said.append(
            ngettext(
                "{new} new deal of {new_amount} comes and closes within the quarter.",
                "{new} new deals of {new_amount} come and close within the quarter.",
                outcome.new_deals,
            )
        )
    return " ".join(said).format(**values)


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
    if outcome.away:
        return ngettext(
            "The largest deal, {away_amount}, has fallen away; with it the chance is {with_all}.",
            "The {away} largest deals, together {away_amount}, have fallen away; with them the chance is {with_all}.",
            outcome.away,
        )
    return _("Without the largest deal, {largest}, the chance is {without}.")


@house_style()
def draw(model: Model) -> Drawing[QuarterOutcome]:
    """Draw the quarter at the model's start."""
    start: QuarterOutcome = model.outcome(model.defaults())  # type: ignore[assignment]
    figure = Figure(figsize=(_WIDTH / 72, _HEIGHT / 72))
    axes = figure.add_axes((0, 0, 1, 1), frameon=False)
    axes.set(xlim=(-_LEFT, _WIDTH - _LEFT), ylim=(0, _HEIGHT))
    axes.set_axis_off()
    amounts = _draw_still(axes)
    missed, reached = shape(axes, **_MISSED), shape(axes, **_REACHED)
    (ghost,) = axes.plot([], [], color="#000000", linewidth=1.4, linestyle=(0, (2, 1.5)))
    (sample,) = axes.plot(
        [_GHOST, _GHOST + 26],
        [_LEGEND + 5] * 2,
        color="#000000",
        linewidth=1.4,
        linestyle=(0, (2, 1.5)),
    )
    with_all = axes.text(_GHOST + 33, _LEGEND, _("with all deals"), size=13)
    (target,) = axes.plot([], [], color=TARGET, linewidth=2.6)
    target_name = axes.text(0, _TARGET_NAME, "", weight="bold", size=13)
    (span,) = axes.plot([], [], color="#000000", linewidth=2, solid_capstyle="butt")
    (mean,) = axes.plot([], [], "D", color="#000000", markersize=8, markeredgecolor=PAPER, clip_on=False)
    spanned = axes.text(0, _SPAN_TEXT, "", size=13)
    names = [axes.text(x - _LEFT, _NAMES, "", size=12, color=MUTED) for x in _TILES]
    values = [axes.text(x - _LEFT, _VALUES, "", weight="bold") for x in _TILES]

    def move(outcome: QuarterOutcome) -> None:
        end = len(outcome.missed) * outcome.bin_width  # euros: where the scale ends
        width = _SCALE / len(outcome.missed)
        heights = [low + high for low, high in zip(outcome.missed, outcome.reached, strict=True)]
        pixels = (_TOP - _FLOOR) / max(_FULL_HEIGHT, outcome.more, *heights, *outcome.with_all)
        missed.set_path(boxes(_bars(width, [0.0] * len(heights), outcome.missed, pixels)))
        beyond = (_SCALE + 8, _FLOOR, _SCALE + _MORE, _FLOOR + outcome.more * pixels)
        over = [beyond] if outcome.more > 1e-9 else []
        reached.set_path(boxes([*_bars(width, outcome.missed, heights, pixels), *over]))
        steps = [(i * width, edge) for i, pair in enumerate(pairwise((0.0, *outcome.with_all, 0.0))) for edge in pair]
        ghost.set_data([x for x, _chance in steps], [_FLOOR + chance * pixels for _x, chance in steps])
        for artist in (ghost, sample, with_all):
            artist.set_visible(bool(outcome.away))
        target_at, low, high, expected = (
            min(each / end, 1.0) * _SCALE
            for each in (outcome.target, outcome.low, outcome.high, outcome.expected_revenue or 0)
        )
        target.set_data([target_at] * 2, [_FLOOR, _TARGET_NAME - 6])
        target_name.set_text(_("target {target}").format(target=money(outcome.target)))
        target_name.set_x(min(target_at, _SCALE + _MORE - _LETTER * 1.15 * len(target_name.get_text())))
        span.set_data([low, low, low, high, high, high], [_SPAN + y for y in (_CAP, -_CAP, 0, 0, -_CAP, _CAP)])
        mean.set_data([expected], [_SPAN])
        spanned.set_text(_("at least 8 in 10 quarters: {span}").format(span=_span(outcome)))
        spanned.set_x(max(0.0, min(low, _SCALE + _MORE - _LETTER * len(spanned.get_text()))))
        for name, text, (heading, value) in zip(names, values, _tiles(outcome), strict=True):
            name.set_text(heading)
            text.set_text(value)
            text.set_fontsize(heading_size(value))
        for fourth, amount in enumerate(amounts):
            amount.set_text(money(end * fourth / 4))

    move(start)
    words = [target_name, spanned, with_all, *names, *values, *amounts]
    return Drawing(figure, [missed, reached, ghost, sample, target, span, mean, *words], move)


_GHOST = 420  # pixels: where the sample of the outline stands


def _draw_still(axes: Axes) -> list[Text]:
    """Draw the scale and what the looks of the bars mean; give the places for the amounts along the scale."""
    axes.plot([0, _SCALE], [_FLOOR, _FLOOR], color=MUTED, linewidth=1)
    for quarter in range(5):
        axes.plot([_SCALE * quarter / 4] * 2, [_FLOOR - 4, _TOP], color=GRID, linewidth=1, zorder=0)
    axes.text(_SCALE + _MORE + 4, _MONEY, _("more"), ha="right", size=12, color=MUTED)
    left = 0.0
    for look, name in ((_MISSED, _("falls short")), (_REACHED, _("reaches the target"))):
        shape(axes, **look).set_path(boxes([(left, _LEGEND - 3, left + 26, _LEGEND + 14)]))
        axes.text(left + 33, _LEGEND, name, size=13)
        left += 56 + 8.3 * len(name)
    return [axes.text(_SCALE * fourth / 4, _MONEY, "", ha="center", size=12, color=MUTED) for fourth in range(4)]


def _bars(
    width: float, bottoms: Sequence[float], tops: Sequence[float], pixels: float
) -> list[tuple[float, float, float, float]]:
    """Make a bar for each bin that has any chance to speak of."""
    return [
        (i * width, _FLOOR + bottom * pixels, (i + 1) * width, _FLOOR + top * pixels)
        for i, (bottom, top) in enumerate(zip(bottoms, tops, strict=True))
        if (top - bottom) * pixels > 0.05
    ]


def _span(outcome: QuarterOutcome) -> str:
    low, high = _whole(outcome.low), _whole(outcome.high)
    return low if low == high else _("{low} to {high}").format(low=low, high=high)


def _tiles(outcome: QuarterOutcome) -> tuple[tuple[str, str], tuple[str, str], tuple[str, str]]:
    """Write the figures above the bars, each with its heading."""
    heading, share = expectation(outcome.expected_revenue or 0, outcome.expected_share)
    likely = _("out of reach") if outcome.out_of_reach else chance_text(outcome.chance_of_target or 0)
    if outcome.coverage is None:
        compared, likely = ("", _("{won} won").format(won=money(outcome.won))), _("target met")
    elif outcome.away:
        compared = _("with all deals"), chance_text(outcome.chance_with_all)
    else:
        without = _("without the largest, {largest}").format(largest=money(outcome.largest))
        compared = without, chance_text(outcome.chance_without_largest)
    return (heading + " ◆", share), (_("chance of the target"), likely), compared


def _whole(amount: float) -> str:
    """Write an amount in whole euros: an average's cents say nothing."""
    return money(round(amount))
