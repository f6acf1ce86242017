"""The conversion rate as three bars from nothing to everything, each a way of counting the same deals."""

from __future__ import annotations

from salesmetrics.base.language import _, money, number, percent
from salesmetrics.charts import CONVERSION_LETTERS, GRID, MUTED, NOW, PAPER, Look
from salesmetrics.charts.canvas import WIDTH, Canvas, bars, fill_each, write
from salesmetrics.charts.moving_picture import Drawing, house_style
from salesmetrics.charts.words import CONVERSION_FIGURE, say
from salesmetrics.models import Model
from salesmetrics.models.conversion import ConversionOutcome

# The page in pixels; right of the bars the rates have their place.
_HEIGHT = 326
_LEFT, _RIGHT = 14, 126
_BAR = 30
_ROWS = _CLOSED, _CREATED, _MONEY = 262, 148, 78  # where each bar begins, from below
_NAME, _RATE = _BAR + 8, 5  # above where its bar begins
_INTERVAL, _FITS = 244, 216
_AXIS, _PERCENTAGES, _LEGEND = 68, 48, 14
_CAP = 7
_AFTER_NAME = 230  # pixels: where the name of the first bar has ended
_LETTER = 8.3  # pixels, on average
_PIXEL = 1 / (WIDTH - _LEFT - _RIGHT)

_LOST: Look = {"facecolor": PAPER, "edgecolor": MUTED, "hatch": "////"}
_OPEN: Look = {"facecolor": "#E0E0E0", "edgecolor": MUTED}

COMPARED = (CONVERSION_FIGURE,)


def sentence(outcome: ConversionOutcome) -> str:
    """Describe in two sentences what the picture shows."""
    if outcome.conversion_created is None:
        return _("There are no deals yet, so there is no conversion rate.")
    low, high = outcome.interval or (0.0, 0.0)
    closed = outcome.won + outcome.lost
    return say(
        _("No deal is closed yet, so there is no conversion rate; {won} won ÷ {created} created is {so_far} so far.")
        if outcome.conversion is None
        else _(
            "{won} won ÷ {closed} closed is {rate}, range: between {low} and {high}. "
            "Divided by all {created} created it is {so_far} so far; by money it is {by_money}."
        ),
        won=number(outcome.won),
        closed=number(closed),
        created=number(closed + outcome.open),
        rate=percent(outcome.conversion or 0),
        low=percent(low),
        high=percent(high),
        so_far=percent(outcome.conversion_created),
        by_money=percent(outcome.conversion_money or 0),
    )


@house_style()
def draw(model: Model[ConversionOutcome]) -> Drawing[ConversionOutcome]:
    """Draw the conversion picture at the model's start."""
    page = Canvas(_HEIGHT, x=(-_LEFT * _PIXEL, 1 + _RIGHT * _PIXEL))
    _draw_still(page)
    names = page.texts((0, row + _NAME) for row in _ROWS)
    places = ((1 + 10 * _PIXEL, row + _RATE) for row in _ROWS)
    rates = page.texts(places, color=CONVERSION_LETTERS, weight="bold")
    lost, still_open, won = page.shapes(_LOST, _OPEN, NOW)
    interval = page.line(color="#000000", linewidth=2, solid_capstyle="butt", clip_on=False)
    fits = page.text(0, _FITS, color="#000000", size=13)

    def move(outcome: ConversionOutcome) -> None:
        deals = (outcome.won, outcome.lost, outcome.open)
        ends = [_ends(*deals[:2]), _ends(*deals), _ends(outcome.won_money, outcome.lost_money)]
        rows = zip(_ROWS, ends, strict=True)
        fill_each((won, lost, still_open), [bars(row, _BAR, *edges) for row, edges in rows])
        write(names, _workings(outcome))
        found = (outcome.conversion, outcome.conversion_created, outcome.conversion_money)
        for rate, value, size in zip(rates, found, (26, 20, 20), strict=True):
            rate.set_text(_("no rate") if value is None else percent(value))
            rate.set_fontsize(15 if value is None else size)
        low, high = outcome.interval or (0.0, 0.0)
        top, bottom = _INTERVAL + _CAP, _INTERVAL - _CAP
        interval.set_data([low, low, low, high, high, high], [top, bottom, _INTERVAL, _INTERVAL, top, bottom])
        interval.set_visible(outcome.interval is not None)
        margin = _("range: between {low} and {high}").format(low=percent(low), high=percent(high))
        fits.set_text("" if outcome.interval is None else margin)
        fits.set_x(max(0.0, min(low, 1 + (_RIGHT - _LETTER * len(fits.get_text())) * _PIXEL)))

    moving = [lost, still_open, won, interval, *names, *rates, fits]
    guess = page.guess(lambda rate: percent(rate, 0), _guess_at)
    return page.drawing(moving, move, model.start(), guesses={"conversion": guess})


def _guess_at(rate: float, _outcome: ConversionOutcome) -> tuple[list[float], list[float], float, float]:
    """Return a line through the bar of the closed deals, and words beside its name."""
    words = max(min(rate, 1) - 50 * _PIXEL, _AFTER_NAME * _PIXEL)
    return [rate, rate], [_CLOSED - 4, _CLOSED + _BAR + 4], words, _CLOSED + _NAME


def _draw_still(page: Canvas) -> None:
    """Draw the percentages along the bottom and, under them, what each kind of filling stands for."""
    for quarter in range(5):
        place = quarter / 4
        page.line([place, place], [_AXIS, _CLOSED + _BAR], color=GRID, linewidth=1, zorder=0, clip_on=False)
        page.text(place, _PERCENTAGES, percent(place, 0), ha="center", size=12, color=MUTED)
    entries = ((NOW, _("won")), (_LOST, _("lost")), (_OPEN, _("open")))
    page.legend(entries, 0, _LEGEND - 3, box=(26, 17), gap=8, raised=3, step=60, letter=_LETTER, size=13)


def _ends(won: float, lost: float, still_open: float = 0) -> tuple[float, float, float, float]:
    """Return where the parts of a bar begin and end, as fractions of the whole."""
    whole = won + lost + still_open
    return (0.0, won / whole, (won + lost) / whole, 1.0) if whole else (0.0, 0.0, 0.0, 0.0)


def _workings(outcome: ConversionOutcome) -> tuple[str, str, str]:
    closed, money_closed = outcome.won + outcome.lost, outcome.won_money + outcome.lost_money
    of_closed = _("{won} won ÷ {closed} closed")
    of_created = _("{won} won ÷ {created} created, so far")
    return (
        of_closed.format(won=number(outcome.won), closed=number(closed)),
        of_created.format(won=number(outcome.won), created=number(closed + outcome.open)),
        of_closed.format(won=money(outcome.won_money), closed=money(money_closed)),
    )
