"""The startup's funnel with its bottleneck; under it what covers the target and what is expected of it."""

from __future__ import annotations

import itertools
import math

from salesmetrics.base.language import _, money, number, percent
from salesmetrics.charts.companies import LOST, MARGIN, NOW, assumptions, bar, bars, page, texts
from salesmetrics.charts.moving_picture import MUTED, Drawing, house_style
from salesmetrics.charts.parts import boxes
from salesmetrics.charts.remedied import BAR, LEFT, LONG, SAYS, helped, late_and_dear, main_sentence, quarter_rows
from salesmetrics.models import Model
from salesmetrics.models.startup import CAPACITY, LEAD_COST, LEAD_IN_TIME, LEAD_RATE, MOST_SAVED, StartupOutcome

_HEIGHT = 424
_TITLE, _FIRST, _ROW = 402, 368, 31


def sentence(outcome: StartupOutcome) -> str:
    """Say what the remedies do, this quarter and in full, and on which assumptions."""
    said = [
        main_sentence(outcome),
        _("The bottleneck is the stage {stage}: {rate} goes on from there.").format(
            stage=_(outcome.stages[outcome.bottleneck]), rate=percent(outcome.rates[outcome.bottleneck])
        ),
    ]
    clauses = []
    if outcome.bought:
        said.append(
            _(
                "All {bought} bought leads count in the coverage, but {in_time} of them close in time, and each of the "
                "{deals} deals gets {attention} of the attention it needs."
            ).format(
                bought=number(outcome.bought),
                in_time=_few(outcome.bought_in_time),
                deals=number(outcome.deals),
                attention=percent(outcome.attention, 0),
            )
        )
        clauses.append(
            _(
                "a bought lead costs {cost}, converts {rate} times as often as an own one, and {share} close in time"
            ).format(cost=money(LEAD_COST), rate=number(LEAD_RATE, 1), share=percent(LEAD_IN_TIME, 0))
        )
        held = _("the team can give {capacity} deals the attention they need").format(capacity=number(CAPACITY))
        clauses.append(held)
    if outcome.cost > LEAD_COST * outcome.bought:
        clauses += [
            _("a remedy takes away at most {saved} of the losses it is for").format(saved=percent(MOST_SAVED, 0)),
            late_and_dear(),
        ]
    if outcome.cost:
        said.append(_("All of it costs {cost}.").format(cost=money(round(outcome.cost))))
    return " ".join((*said, assumptions(outcome.slip, outcome.new_deals, *clauses)))


def _few(value: float) -> str:
    return number(value, 0 if math.isclose(value, round(value)) else 1)


@house_style()
def draw(model: Model) -> Drawing[StartupOutcome]:
    """Draw the startup's picture at the model's start."""
    start = model.outcome(model.defaults())
    assert isinstance(start, StartupOutcome)
    figure, axes = page(_HEIGHT)
    rows = [_FIRST - _ROW * i for i in range(len(start.stages) + 1)]
    for name, row in zip((*(_(stage) for stage in start.stages), _("Won")), rows, strict=True):
        axes.text(MARGIN, row + 6, name)
    gone_on, lost = bars(axes, (NOW, LOST))
    (before,) = axes.plot([], [], color="#000000", linewidth=2.5, linestyle=(0, (1, 0.8)))
    title = axes.text(MARGIN, _TITLE, "", size=13, color=MUTED)
    steps = texts(axes, ((SAYS, row + 6) for row in rows), size=13)
    below, move_below = quarter_rows(axes, start.target)

    def move(outcome: StartupOutcome) -> None:
        remedied = helped(outcome)
        reached = _of_100(outcome.rates)
        onward = [*reached[1:], reached[-1] * outcome.attention]
        gone_on.set_path(boxes(bar(LEFT, _share(on), row, BAR) for row, on in zip(rows, onward, strict=True)))
        lost.set_path(
            boxes(
                bar(_share(on), _share(share), row, BAR) for row, on, share in zip(rows, onward, reached, strict=True)
            )
        )
        marks = [(_share(share), row) for share, row in zip(_of_100(outcome.rates_before), rows, strict=True)]
        before.set_data(
            [x for at, _row in marks for x in (at, at, math.nan)],
            [y for _at, row in marks for y in (row - 3, row + BAR + 3, math.nan)],
        )
        before.set_visible(remedied)
        title.set_text(
            _("Of 100 own deals, once the remedies work in full (dotted: as it was)")
            if remedied
            else _("Of 100 closed deals (lighter: lost there)")
        )
        for i, text in enumerate(steps[:-1]):
            here = i == outcome.bottleneck
            words = _("{reached} of 100, {rate} goes on").format(
                reached=number(reached[i]), rate=percent(outcome.rates[i])
            )
            text.set_text(("▶ " if here else "") + words)
            text.set_fontweight("bold" if here else "normal")
        steps[-1].set_text(
            _("conversion {conversion}").format(conversion=percent(outcome.conversion or 0))
            + (_(", in full {full}").format(full=percent(outcome.conversion_in_full)) if remedied else "")
        )
        move_below(outcome, outcome.own)

    move(start)
    return Drawing(figure, [gone_on, lost, before, title, *steps, *below], move)


def _of_100(rates: tuple[float, ...]) -> list[float]:
    """Follow a hundred deals through the stages, and to won."""
    return list(itertools.accumulate(rates, lambda left, rate: left * rate, initial=100.0))


def _share(of_100: float) -> float:
    return LEFT + LONG * of_100 / 100
