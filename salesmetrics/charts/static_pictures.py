"""A result as a picture that stands still, with the sentence that says what it shows: funnel, past quarters, groups."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

from salesmetrics.base.errors import SalesMetricsError
from salesmetrics.base.language import _, number, percent, times
from salesmetrics.base.show import Result, Shown, visible
from salesmetrics.charts import ADDED, LATER, LOST, MUTED, NOW, groups
from salesmetrics.charts.canvas import MARGIN, WIDTH, Box, Canvas, bars, fill, fill_each, scale
from salesmetrics.charts.moving_picture import Drawing, MovingPicture, figure_html, house_style
from salesmetrics.charts.words import say, short_name, whole
from salesmetrics.forecast.past_quarters import PastQuarters
from salesmetrics.forecast.quarter_history import PastQuarter
from salesmetrics.metrics.funnel import FEWEST_ENTERED, Funnel, Step

_serial = itertools.count(1)

# The funnel, in pixels: a row per stage and one for what was won; beside them the money that leaks away.
_STAGE_ROW, _STAGE_BAR = 46, 20
_HEADINGS = 44
_FUNNEL_LONG, _LEAK_AT, _LEAK_LONG = 380, 418, WIDTH - 418 - MARGIN
# Three years of past quarters, a row each; earlier ones count in the sums and are not drawn.
MOST_QUARTERS = 12
_QUARTER_ROW, _QUARTER_BAR, _LEGEND = 40, 14, 34
_LONG = WIDTH - 2 * MARGIN
_BECAME = (LOST, ADDED, NOW, LATER)


@dataclass(frozen=True, repr=False)
class StillPicture(Result):
    """A picture and its sentence; shows itself in a notebook.

    Attributes
    ----------
    sentence
        What the picture shows, in words.
    svg
        The picture.
    """

    sentence: str
    svg: str

    def shown(self) -> Shown:
        """Return the picture, and for text its sentence."""
        return Shown(visible(self.sentence), figure_html(self.svg, self.sentence))


def picture(result: Any, *, by: str | None = None, base: Literal["closed", "created"] = "closed") -> StillPicture:
    """Show a funnel, past quarters, or the conversion rates of groups of deals, as a picture that stands still.

    In a funnel a short bar after a long one says that many deals stop there; a long hatched one that this costs most.
    Of past quarters a bar that is long up to its mark, with little won beside it, says that much of what stood open was
    lost or carried over.
    Among groups a wide bracket says that few deals were closed; where two brackets overlap, the difference between
    the two rates may be chance. With ``base="created"`` much that is open says that a group is young, and that its rate
    is not yet what it will be.

    Parameters
    ----------
    result
        What :func:`salesmetrics.funnel` or :func:`salesmetrics.past_quarters` gave; or a table of deals, with ``by``.
    by
        The column whose groups are compared.
    base
        ``"closed"``: by their won ÷ closed deals and Wilson's interval. ``"created"``: by what became so far of all
        deals that came in, won, lost or open, in the order of the groups' names.

    Raises
    ------
    SalesMetricsError
        It is neither of these and not one column is named to group by; the table lacks that column; or ``base`` is
        neither.

    Examples
    --------
    >>> import salesmetrics as sm
    >>> startup = sm.scenario("startup")
    >>> shown = picture(sm.funnel(startup.deals, stages=startup.stages))
    >>> shown.sentence.startswith("Of 250 closed deals 25 were won, 10.0%.")
    True
    >>> picture(startup.deals, by="channel").sentence.startswith("25 of 250 deals were won, 10.0%.")
    True
    >>> picture(sm.trap("open").deals, by="month", base="created").sentence[:75]
    'Of 600 deals that came in, 103 are won so far, 200 lost and 297 open. By gr'
    """
    if isinstance(result, Funnel):
        return _shown(sentence_of_funnel, draw_funnel, result, "funnel")
    if isinstance(result, PastQuarters):
        return _shown(sentence_of_quarters, draw_quarters, result, "past-quarters")
    if not isinstance(by, str):
        raise SalesMetricsError(
            _("There is no picture of this."),
            hint=_('Give a funnel, past quarters, or deals and what to compare: sm.picture(deals, by="channel").'),
        )
    if base == "created":
        return _shown(groups.sentence_so_far, groups.draw_so_far, groups.groups_so_far(result, by), "so-far")
    return _shown(groups.sentence_of_rates, groups.draw_rates, groups.groups_of(result, by, base), "rates")


def _shown(sentence: Callable[[Any], str], draw: Callable[[Any], Drawing[Any]], result: Any, name: str) -> StillPicture:
    said = sentence(result)
    drawn: MovingPicture[Any] = MovingPicture(draw(result), name=f"{name}-{next(_serial)}")
    return StillPicture(said, drawn.svg(result, said))


def sentence_of_funnel(funnel: Funnel) -> str:
    """Describe how the deals went on, where the bottleneck is and where most money leaks away."""
    closed, won = _closed_and_won(funnel)
    if not closed:
        return _("No deal is closed yet, so there is no funnel.")
    message = _("Of {closed} closed deals {won} were won, {rate}.")
    said = [message.format(closed=number(closed), won=number(won), rate=percent(won / closed))]
    steps = ", ".join(f"{_(step.stage)} {_rate(step)}" for step in funnel.steps if step.entered)
    said.append(_("From stage to stage this share goes on: {steps}.").format(steps=steps))
    if worst := funnel.bottleneck:
        went, entered = number(worst.entered - worst.lost), number(worst.entered)
        message = _("The bottleneck is {stage}: {on} of {entered} went on.")
        said.append(message.format(stage=_(worst.stage), on=went, entered=entered))
    else:
        message = _("No stage was entered by {fewest} deals, too few to point at a bottleneck.")
        said.append(message.format(fewest=number(FEWEST_ENTERED)))
    if funnel.leak:
        message = _("Most money leaks away at: {stage}, {money}.")
        said.append(message.format(stage=_(funnel.leak.stage), money=whole(funnel.leak.leak)))
    return " ".join(said)


@house_style()
def draw_funnel(funnel: Funnel) -> Drawing[Any]:
    """Draw the funnel, one row per stage and one for what was won; nothing in it moves."""
    page = Canvas(_HEADINGS + _STAGE_ROW * (len(funnel.steps) + 1))
    page.text(MARGIN, page.height - 22, _("Closed deals (lighter: lost there)"), size=13, color=MUTED)
    page.text(_LEAK_AT, page.height - 22, _("Money that leaks away"), size=13, color=MUTED)
    closed, won = _closed_and_won(funnel)
    most = max((step.leak for step in funnel.steps), default=0.0)
    rows: list[list[Box]] = []
    leaks: list[Box] = []

    def label(left: float, bottom: float, words: str, bold: bool = False) -> None:
        page.text(left, bottom + _STAGE_BAR + 5, words, size=13, weight="bold" if bold else "normal")

    *bottoms, last = (page.height - _HEADINGS - _STAGE_ROW * (place + 1) + 12 for place in range(len(funnel.steps) + 1))
    for step, bottom in zip(funnel.steps, bottoms, strict=True):
        here = step is funnel.bottleneck
        message = _("{stage}: {entered}, {rate} goes on")
        words = message.format(stage=short_name(step.stage), entered=number(step.entered), rate=_rate(step))
        label(MARGIN, bottom, ("▶ " if here else "") + words, here)
        on, entered = (MARGIN + _share(count, closed) for count in (step.entered - step.lost, step.entered))
        rows.append(bars(bottom, _STAGE_BAR, MARGIN, on, entered))
        if step.leak:
            label(_LEAK_AT, bottom, whole(step.leak), step is funnel.leak)
            leaks += bars(bottom, _STAGE_BAR, _LEAK_AT, _LEAK_AT + _LEAK_LONG * step.leak / most)
    if closed:
        words = _("Won: {won} of {closed}, {rate}")
        label(MARGIN, last, words.format(won=number(won), closed=number(closed), rate=percent(won / closed)))
        rows.append(bars(last, _STAGE_BAR, MARGIN, *[MARGIN + _share(won, closed)] * 2))
    *both, leak = page.shapes(NOW, LOST, LATER)
    fill_each(both, rows)
    fill(leak, *leaks)
    return page.drawing()


def _closed_and_won(funnel: Funnel) -> tuple[int, int]:
    """Return how many deals are closed and how many of those were won."""
    if not funnel.steps:
        return 0, 0
    return funnel.steps[0].entered, funnel.steps[-1].entered - funnel.steps[-1].lost


def _share(count: int, closed: int) -> float:
    return _FUNNEL_LONG * count / closed if closed else 0.0


def _rate(step: Step) -> str:
    return "–" if step.rate.value is None else percent(step.rate.value)


def sentence_of_quarters(result: PastQuarters) -> str:
    """Describe what the quarters began with, beside 1 ÷ win rate, and what became of it."""
    if result.multiple.value is None:
        return result.line
    won, carried, new = map(float, (result.opening_yield, result.carried_share, result.new_share))
    became = say(
        _("Of what was open {won} was won, {lost} lost and {carried} carried over."),
        _("Of all that was won {new} was new."),
        len(result.quarters) > MOST_QUARTERS and _("Drawn are the last {count} quarters."),
        won=percent(won, 0),
        lost=percent(1 - won - carried, 0),
        carried=percent(carried, 0),
        new=percent(new, 0),
        count=number(MOST_QUARTERS),
    )
    return f"{result.line} {became}"


@house_style()
def draw_quarters(result: PastQuarters) -> Drawing[Any]:
    """Draw one row per quarter: what it began with, up to the mark, and behind that what was new and won."""
    quarters = result.quarters[-MOST_QUARTERS:]
    page = Canvas(_LEGEND + _QUARTER_ROW * len(quarters))
    most = max((quarter.opening + quarter.new_and_won for quarter in quarters), default=0)
    at = scale(MARGIN, _LONG, full=most or 1)
    rows = []
    for place, quarter in enumerate(quarters):
        bottom = page.height - _QUARTER_ROW * (place + 1) + 4
        parts = (quarter.lost, quarter.carried, quarter.won, quarter.new_and_won)
        rows.append(bars(bottom, _QUARTER_BAR, *map(at, itertools.accumulate(parts, initial=0.0))))
        page.line([at(quarter.opening)] * 2, [bottom - 3, bottom + _QUARTER_BAR + 3], color="#000000", linewidth=2)
        page.text(MARGIN, bottom + _QUARTER_BAR + 5, _quarter_words(quarter, result), size=12)
    labels = (_("lost"), _("carried over"), _("won from it"), _("new and won"))
    fill_each(page.shapes(*_BECAME), rows)
    page.legend(zip(_BECAME, labels, strict=True), MARGIN, 8, step=145, size=12, color=MUTED)
    return page.drawing()


def _quarter_words(quarter: PastQuarter, result: PastQuarters) -> str:
    sums = {
        "name": quarter.name,
        "opening": result.amount_text(quarter.opening),
        "revenue": result.amount_text(quarter.revenue),
    }
    if not quarter.revenue:
        return _("{name}: began with {opening}, brought {revenue}").format(**sums)
    multiple = times(quarter.opening / quarter.revenue)
    return _("{name}: began with {opening}, brought {revenue}: {multiple}").format(multiple=multiple, **sums)
