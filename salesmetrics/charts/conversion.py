"""Three bars from nothing to everything, each a way of counting the same deals; under the first, what fits it."""

from __future__ import annotations

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from salesmetrics.base.language import N_, _, money, number, percent
from salesmetrics.charts.moving_picture import CONVERSION, GRID, MUTED, PAPER, Drawing, house_style
from salesmetrics.charts.parts import CONVERSION_LETTERS, boxes, shape
from salesmetrics.models import Model
from salesmetrics.models.conversion import ConversionOutcome
from salesmetrics.models.conversion import outcome as conversion_outcome

# The page in pixels; right of the bars the rates have their place.
_WIDTH, _HEIGHT = 600, 326
_LEFT, _RIGHT = 14, 126
_BAR = 30
_CLOSED, _CREATED, _MONEY = 262, 148, 78  # where each bar begins, from below
_NAME, _RATE = _BAR + 8, 5  # above where its bar begins
_INTERVAL, _FITS = 244, 216
_AXIS, _PERCENTAGES, _LEGEND = 68, 48, 14
_CAP = 7
_LETTER = 8.3  # pixels, on average

_LOST = {"facecolor": PAPER, "edgecolor": MUTED, "hatch": "////"}
_OPEN = {"facecolor": "#E0E0E0", "edgecolor": MUTED}
_WON = {"facecolor": CONVERSION, "edgecolor": "#000000"}


def sentence(outcome: ConversionOutcome) -> str:
    """Say in two sentences what the picture shows."""
    if outcome.conversion is None or outcome.conversion_money is None or outcome.interval is None:
        if outcome.conversion_created is None:
            return _("There are no deals yet, so there is no conversion rate.")
        return _(
            "No deal is closed yet, so there is no conversion rate; {won} won ÷ {created} created is {so_far} so far."
        ).format(won=number(outcome.won), created=number(outcome.open), so_far=percent(outcome.conversion_created))
    return _(
        "{won} won ÷ {closed} closed is {rate}, margin: between {low} and {high}. "
        "Divided by all {created} created it is {so_far} so far; by money it is {by_money}."
    ).format(
        won=number(outcome.won),
        closed=number(outcome.won + outcome.lost),
        created=number(outcome.won + outcome.lost + outcome.open),
        rate=percent(outcome.conversion),
        low=percent(outcome.interval[0]),
        high=percent(outcome.interval[1]),
        so_far=percent(outcome.conversion_created or 0),
        by_money=percent(outcome.conversion_money),
    )


@house_style()
def draw(model: Model) -> Drawing[ConversionOutcome]:
    """Draw the conversion picture at the model's start."""
    figure = Figure(figsize=(_WIDTH / 72, _HEIGHT / 72))
    axes = figure.add_axes((0, 0, 1, 1), frameon=False)
    pixel = 1 / (_WIDTH - _LEFT - _RIGHT)
    axes.set(xlim=(-_LEFT * pixel, 1 + _RIGHT * pixel), ylim=(0, _HEIGHT))
    axes.set_axis_off()
    _draw_still(axes, pixel)
    rows = (_CLOSED, _CREATED, _MONEY)
    names = [axes.text(0, row + _NAME, "") for row in rows]
    rates = [axes.text(1 + 10 * pixel, row + _RATE, "", color=CONVERSION_LETTERS, weight="bold") for row in rows]
    lost, still_open, won = shape(axes, **_LOST), shape(axes, **_OPEN), shape(axes, **_WON)
    (interval,) = axes.plot([], [], color="#000000", linewidth=2, solid_capstyle="butt", clip_on=False)
    fits = axes.text(0, _FITS, "", color="#000000", size=13)

    def move(outcome: ConversionOutcome) -> None:
        parts = (
            (float(outcome.won), float(outcome.lost), 0.0),
            (float(outcome.won), float(outcome.lost), float(outcome.open)),
            (outcome.won_money, outcome.lost_money, 0.0),
        )
        ends = [_ends(*part) for part in parts]
        won.set_path(boxes((0, row, end[0], row + _BAR) for row, end in zip(rows, ends, strict=True)))
        lost.set_path(boxes((end[0], row, end[1], row + _BAR) for row, end in zip(rows, ends, strict=True)))
        still_open.set_path(boxes((end[1], row, end[2], row + _BAR) for row, end in zip(rows, ends, strict=True)))
        for name, text in zip(names, _workings(outcome), strict=True):
            name.set_text(text)
        found = (outcome.conversion, outcome.conversion_created, outcome.conversion_money)
        for rate, value, size in zip(rates, found, (26, 20, 20), strict=True):
            rate.set_text(_("no rate") if value is None else percent(value))
            rate.set_fontsize(15 if value is None else size)
        low, high = outcome.interval or (0.0, 0.0)
        top, bottom = _INTERVAL + _CAP, _INTERVAL - _CAP
        interval.set_data([low, low, low, high, high, high], [top, bottom, _INTERVAL, _INTERVAL, top, bottom])
        interval.set_visible(outcome.interval is not None)
        fits.set_text(_fits(outcome))
        fits.set_x(max(0.0, min(low, 1 + (_RIGHT - _LETTER * len(fits.get_text())) * pixel)))

    move(conversion_outcome(model.defaults()))
    return Drawing(figure, [lost, still_open, won, interval, *names, *rates, fits], move)


def _draw_still(axes: Axes, pixel: float) -> None:
    """Draw the percentages along the bottom and, under them, what each kind of filling stands for."""
    for quarter in range(5):
        place = quarter / 4
        axes.plot([place, place], [_AXIS, _CLOSED + _BAR], color=GRID, linewidth=1, zorder=0, clip_on=False)
        axes.text(place, _PERCENTAGES, percent(place, 0), ha="center", size=12, color=MUTED)
    left = 0.0
    for look, name in ((_WON, N_("won")), (_LOST, N_("lost")), (_OPEN, N_("open"))):
        shape(axes, **look).set_path(boxes([(left, _LEGEND - 3, left + 26 * pixel, _LEGEND + 14)]))
        axes.text(left + 34 * pixel, _LEGEND, _(name), size=13)
        left += (60 + _LETTER * len(_(name))) * pixel


def _ends(won: float, lost: float, still_open: float) -> tuple[float, float, float]:
    """Tell where the parts of a bar end, as fractions of the whole."""
    whole = won + lost + still_open
    return (won / whole, (won + lost) / whole, 1.0) if whole else (0.0, 0.0, 0.0)


def _workings(outcome: ConversionOutcome) -> tuple[str, str, str]:
    closed = outcome.won + outcome.lost
    return (
        _("{won} won ÷ {closed} closed").format(won=number(outcome.won), closed=number(closed)),
        _("{won} won ÷ {created} created, so far").format(
            won=number(outcome.won), created=number(closed + outcome.open)
        ),
        _("{won} won ÷ {closed} closed").format(
            won=money(outcome.won_money), closed=money(outcome.won_money + outcome.lost_money)
        ),
    )


def _fits(outcome: ConversionOutcome) -> str:
    if outcome.interval is None:
        return ""
    low, high = outcome.interval
    return _("margin: between {low} and {high}").format(low=percent(low), high=percent(high))
