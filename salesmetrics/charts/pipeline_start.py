"""The map with the line where the pipeline begins: one company, a point for each of its stages."""

from __future__ import annotations

import math

from matplotlib.path import Path

from salesmetrics.base.language import _, money, number, percent
from salesmetrics.charts import MUTED, PAPER, TARGET
from salesmetrics.charts.balance import HERE, PLACES, curve, foot, head, map_page, name, region
from salesmetrics.charts.canvas import write
from salesmetrics.charts.handles import Handle, Levers, Spot
from salesmetrics.charts.moving_picture import Drawing, house_style
from salesmetrics.charts.words import CONVERSION_FIGURE, COVERAGE_FIGURE, say, steady_times
from salesmetrics.diagnosis import REFERENCE_COVERAGE
from salesmetrics.models import Model
from salesmetrics.models.balance import MOST_COVERAGE
from salesmetrics.models.pipeline_start import StartOutcome

_ABOVE = (14, 138, 248)  # pixels from the left
_PLACES = {**PLACES, "sharp but thin": (0.7, 0.4)}  # clear of the way that both companies walk

COMPARED = (COVERAGE_FIGURE, CONVERSION_FIGURE)


def sentence(outcome: StartOutcome) -> str:
    """Describe what counts from the line on, what the two numbers are, and which situation that is."""
    here, first = outcome.here, outcome.walk[0]
    return say(
        _("Counted from {stage} the coverage is {coverage} and the conversion rate {conversion}."),
        _("That is {pipeline} against a target of {target}, and {won} won of {closed} decided deals that got so far."),
        _("The situation: {situation}, with {reference} as full."),
        here.situation != first.situation and _("Counted from {first} it is: {before}."),
        stage=_(here.stage),
        pipeline=money(here.pipeline),
        coverage=_short(here.coverage),
        target=money(outcome.target),
        closed=number(here.closed),
        won=number(here.won),
        conversion=percent(here.conversion),
        situation=_(here.situation),
        reference=steady_times(REFERENCE_COVERAGE),
        first=_(first.stage),
        before=_(first.situation),
    )


@house_style()
def draw(model: Model[StartOutcome]) -> Drawing[StartOutcome]:
    """Draw the map at the model's start."""
    page = map_page(_PLACES)
    (shade,) = page.shapes(HERE)
    full = float(REFERENCE_COVERAGE)
    page.line([0, full, full], [1 / full, 1 / full, 0], color=MUTED, linewidth=1.2, linestyle=(0, (1, 2)))
    page.line(*curve(1), color=TARGET, linewidth=2.4)
    foot(page, 0, _("coverage × conversion = 1: the target on average"), linewidth=2.4)
    foot(page, 1, _("the same company, counted from each of its stages"), linewidth=1.4, linestyle=(0, (1, 1)))
    way = page.line(color=TARGET, linewidth=1.4, linestyle=(0, (1, 1)))
    others = page.line(marker="o", linestyle="none", markersize=9, color=PAPER, markeredgecolor=TARGET)
    point = page.line(marker="o", markersize=14, color=TARGET, markeredgecolor=PAPER, markeredgewidth=2)
    here = page.text(0, 0, size=13, weight="bold")
    _names, values = head(page, _ABOVE, _("coverage"), _("conversion"), _("counted from"))

    def move(outcome: StartOutcome) -> None:
        at, situation = outcome.here, outcome.here.situation
        shade.set_path(Path(region(situation, full)))
        here.set_text(name(situation))
        here.set_position(_PLACES[situation])
        places = [(each.coverage, each.conversion) for each in outcome.walk]
        for line in (way, others):
            line.set_data(*zip(*places, strict=True))
        point.set_data([at.coverage], [at.conversion])
        write(values, (_short(at.coverage), percent(at.conversion), _(at.stage)), fit=True)

    moving = [shade, way, others, here, point, *values]
    return page.drawing(moving, move, model.start(), handles=[_line_handle()])


def _line_handle() -> Handle[StartOutcome]:
    """Return the point as something to drag from stage to stage."""

    def spot(outcome: StartOutcome) -> Spot:
        return Spot(outcome.coverage, outcome.conversion, _("counted from {stage}").format(stage=_(outcome.here.stage)))

    def to(begun: StartOutcome, x: float, y: float) -> Levers:
        # As far as the eye sees it: the map is as wide as 10 times the target, and as high as 100%.
        away = [math.hypot((each.coverage - x) / MOST_COVERAGE, each.conversion - y) for each in begun.walk]
        return {"start": 1 + away.index(min(away))}

    def by(begun: StartOutcome, right: int, up: int) -> Levers:
        # A later stage lies to the left, and higher.
        return {"start": begun.levers["start"] + up - right}

    hint = _("Drag the point to another stage, or use the arrow keys.")
    return Handle(_("Where the pipeline begins"), hint, spot, by, to)


def _short(coverage: float) -> str:
    """Write a coverage with one decimal, and one below ½ with two: 0.05× is not 0.1×."""
    return steady_times(round(coverage, 1 if coverage >= 0.5 else 2))
