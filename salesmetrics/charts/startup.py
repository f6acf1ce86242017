"""The startup's funnel with its bottleneck; under it what covers the target and what is expected of it."""

from __future__ import annotations

import itertools
import math

from salesmetrics.base.language import _, money, number, percent
from salesmetrics.charts import DOTTED, LOST, MUTED, NOW, remedies
from salesmetrics.charts.canvas import MARGIN, Canvas, bars, fill_each, scale
from salesmetrics.charts.moving_picture import Drawing, house_style
from salesmetrics.charts.words import also_assumed, assumptions, say
from salesmetrics.models import Model
from salesmetrics.models.startup import CAPACITY, LEAD_COST, LEAD_RATE, MOST_SAVED, StartupOutcome

_HEIGHT = 424
_TITLE, _FIRST, _ROW = 402, 368, 31
_share = scale(remedies.LEFT, remedies.LONG, full=100)

COMPARED = remedies.IN_FULL


def sentence(outcome: StartupOutcome) -> str:
    """Describe what the remedies do, this quarter and in full, and on which assumptions."""
    bought, in_time = round(outcome.levers["bought"]), outcome.bought_in_time
    remedied = outcome.cost > LEAD_COST * bought
    of_leads = (
        bought and _("a bought lead costs {lead} and is won {lead_rate} times as often as an own one"),
        bought and _("the team has attention for {capacity} deals"),
    )
    of_remedies = (
        remedied and _("a remedy prevents at most {saved} of its losses"),
        remedied and remedies.remedy_terms(),
    )
    return say(
        remedies.main_sentence(outcome),
        _("The bottleneck is the stage {stage}: {rate} goes on from there."),
        bought
        and _(
            "All {bought} bought leads count in the coverage, because somebody gave them a day in this quarter; "
            "{in_time} are decided in it."
        ),
        bought and _("Each of the {deals} deals gets {attention} of the attention it needs."),
        outcome.cost and _("All of it costs {cost}."),
        assumptions(outcome.levers, bought=bought),
        also_assumed(*of_leads),
        also_assumed(*of_remedies),
        stage=_(outcome.stages[outcome.bottleneck]),
        rate=percent(outcome.rates[outcome.bottleneck]),
        bought=number(bought),
        in_time=number(in_time, 0 if math.isclose(in_time, round(in_time)) else 1),
        deals=number(outcome.deals),
        attention=percent(outcome.attention, 0),
        cost=money(round(outcome.cost)),
        lead=money(LEAD_COST),
        lead_rate=number(LEAD_RATE, 1),
        capacity=number(CAPACITY),
        saved=percent(MOST_SAVED, 0),
    )


@house_style()
def draw(model: Model[StartupOutcome]) -> Drawing[StartupOutcome]:
    """Draw the startup's picture at the model's start."""
    start, page = model.start(), Canvas(_HEIGHT)
    rows = [_FIRST - _ROW * i for i in range(len(start.stages) + 1)]
    for name, row in zip((*(_(stage) for stage in start.stages), _("Won")), rows, strict=True):
        page.text(MARGIN, row + 6, name)
    gone_on, lost = page.shapes(NOW, LOST)
    before = page.line(**DOTTED)
    title = page.text(MARGIN, _TITLE, size=13, color=MUTED)
    steps = page.texts(((remedies.SAYS, row + 6) for row in rows), size=13)
    below, move_below = remedies.quarter_rows(page, start.target)

    def move(outcome: StartupOutcome) -> None:
        reached = _of_100(outcome.rates)
        each = zip(rows, _onward(outcome), reached, strict=True)
        fill_each((gone_on, lost), [bars(row, remedies.BAR, *map(_share, (0, on, end))) for row, on, end in each])
        marks = [(_share(share), row) for share, row in zip(_of_100(outcome.rates_before), rows, strict=True)]
        before.set_data(
            [x for at, _row in marks for x in (at, at, math.nan)],
            [y for _at, row in marks for y in (row - 3, row + remedies.BAR + 3, math.nan)],
        )
        before.set_visible(remedies.is_remedied(outcome))
        title.set_text(
            _("Of 100 own deals, once the remedies work in full (dotted: as it was)")
            if remedies.is_remedied(outcome)
            else _("Of 100 closed deals (lighter: lost there)")
        )
        goes_on = _("{reached} of 100, {rate} goes on")
        for i, rate in enumerate(outcome.rates):
            mark = "▶ " if i == outcome.bottleneck else ""
            steps[i].set_text(mark + goes_on.format(reached=number(reached[i]), rate=percent(rate)))
            steps[i].set_fontweight("bold" if mark else "normal")
        steps[-1].set_text(remedies.conversion_text(outcome))
        move_below(outcome, outcome.own)

    return page.drawing([gone_on, lost, before, title, *steps, *below], move, start)


def _of_100(rates: tuple[float, ...]) -> list[float]:
    """Follow a hundred deals through the stages, and to won."""
    return list(itertools.accumulate(rates, lambda left, rate: left * rate, initial=100.0))


def _onward(outcome: StartupOutcome) -> list[float]:
    """Return how many of them go on from each stage; of those won, as many as get attention."""
    reached = _of_100(outcome.rates)
    return [*reached[1:], reached[-1] * outcome.attention]
