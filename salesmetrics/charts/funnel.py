"""The funnel of the closed deals: how many went on from each stage, how many were lost, and where money leaks away."""

from __future__ import annotations

from typing import Any

from salesmetrics.base.language import _, number, percent
from salesmetrics.charts import LATER, LOST, MUTED, NOW
from salesmetrics.charts.canvas import MARGIN, WIDTH, Box, Canvas, bars, fill, fill_each
from salesmetrics.charts.moving_picture import Drawing, house_style
from salesmetrics.charts.words import short_name, whole
from salesmetrics.metrics.funnel import FEWEST_ENTERED, Funnel, Step

_ROW, _BAR = 46, 20
_TOP = 44  # for the headings
_LONG, _LEAK_AT, _LEAK_LONG = 380, 418, WIDTH - 418 - MARGIN


def sentence(funnel: Funnel) -> str:
    """Describe how the deals went on, where the bottleneck is and where most money leaks away."""
    closed, won = _ends(funnel)
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
def draw(funnel: Funnel) -> Drawing[Any]:
    """Draw the funnel, one row per stage and one for what was won; nothing in it moves."""
    page = Canvas(_TOP + _ROW * (len(funnel.steps) + 1))
    page.text(MARGIN, page.height - 22, _("Closed deals (lighter: lost there)"), size=13, color=MUTED)
    page.text(_LEAK_AT, page.height - 22, _("Money that leaks away"), size=13, color=MUTED)
    closed, won = _ends(funnel)
    most = max((step.leak for step in funnel.steps), default=0.0)
    rows: list[list[Box]] = []
    leaks: list[Box] = []

    def label(left: float, bottom: float, words: str, bold: bool = False) -> None:
        page.text(left, bottom + _BAR + 5, words, size=13, weight="bold" if bold else "normal")

    *bottoms, last = (page.height - _TOP - _ROW * (place + 1) + 12 for place in range(len(funnel.steps) + 1))
    for step, bottom in zip(funnel.steps, bottoms, strict=True):
        here = step is funnel.bottleneck
        message = _("{stage}: {entered}, {rate} goes on")
        words = message.format(stage=short_name(step.stage), entered=number(step.entered), rate=_rate(step))
        label(MARGIN, bottom, ("▶ " if here else "") + words, here)
        on, entered = (MARGIN + _share(count, closed) for count in (step.entered - step.lost, step.entered))
        rows.append(bars(bottom, _BAR, MARGIN, on, entered))
        if step.leak:
            label(_LEAK_AT, bottom, whole(step.leak), step is funnel.leak)
            leaks += bars(bottom, _BAR, _LEAK_AT, _LEAK_AT + _LEAK_LONG * step.leak / most)
    if closed:
        words = _("Won: {won} of {closed}, {rate}")
        label(MARGIN, last, words.format(won=number(won), closed=number(closed), rate=percent(won / closed)))
        rows.append(bars(last, _BAR, MARGIN, *[MARGIN + _share(won, closed)] * 2))
    *both, leak = page.shapes(NOW, LOST, LATER)
    fill_each(both, rows)
    fill(leak, *leaks)
    return page.drawing()


def _ends(funnel: Funnel) -> tuple[int, int]:
    """Return how many deals are closed and how many of those were won."""
    if not funnel.steps:
        return 0, 0
    return funnel.steps[0].entered, funnel.steps[-1].entered - funnel.steps[-1].lost


def _share(count: int, closed: int) -> float:
    return _LONG * count / closed if closed else 0.0


def _rate(step: Step) -> str:
    return "–" if step.rate.value is None else percent(step.rate.value)
