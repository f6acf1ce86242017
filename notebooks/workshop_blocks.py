"""What the kit works out for the workshop's pages: numbers for their sentences, and tables, pictures and forms."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from importlib import import_module
from itertools import accumulate
from typing import Any

import workshop_companies
import workshop_dice
from workshop_companies import COMPANIES, company, figures, short

from salesmetrics.base.language import _, money, percent, times
from salesmetrics.charts import balance as balance_chart
from salesmetrics.charts.moving_picture import MovingPicture
from salesmetrics.diagnosis import situation
from salesmetrics.forecast import required_coverage
from salesmetrics.forecast.required import deals_for_chance
from salesmetrics.models.balance import MODEL as BALANCE
from salesmetrics.models.balance import TARGET

# Win rates of the hand-out's table, and the average deals that its target is worth.
RATES = (0.10, 0.20, 0.25, 1 / 3, 0.50, 0.60)
DEALS_NEEDED = 10
# On the map: each company's sign, and where its name stands, seen from its point, on which side.
_SIGNS = {
    "startup": ("o", -0.15, 0.05, "right"),
    "consultancy": ("s", 0.25, -0.01, "left"),
    "agency": ("D", 0.25, -0.02, "left"),
}
_MARK: dict[str, Any] = {"markersize": 12, "color": "#000000", "markeredgecolor": "#FFFFFF", "markeredgewidth": 2}
# That sum is left out, and with it the strip of the picture that it stood in.
_CROP = ('height="464" viewBox="0 0 600 464"', 'height="394" viewBox="0 70 600 394"')
_MAP_ENDS = 1.12  # above this, in the map's own scale, stands the sum of the picture with sliders


def values() -> dict[str, str]:
    """Write every number that a sentence may name, in the chosen language."""
    found = {**workshop_dice.values(), **workshop_companies.values()}
    for rate in RATES:
        name = f"{rate * 100:.0f}"
        found[f"rate_{name}"] = percent(rate, 0)
        found[f"half_{name}"] = short(required_coverage(rate))
        found[f"most_{name}"] = short(deals_for_chance(rate, 0.8, deals_needed=DEALS_NEEDED) / DEALS_NEEDED)
    found["line"] = '<span class="line"></span>'
    return found


def clock(about: Mapping[str, Any]) -> dict[str, str]:
    """Write when each part of a plan begins and ends, and how long it takes; what a plan leaves out is a dash.

    Parameters
    ----------
    about
        A document's front matter; its ``plans`` give, per length in minutes, the minutes of each part in order.

    Examples
    --------
    >>> clock({"plans": {15: {"bet": 5, "dice": 10}, 5: {"bet": 5}}})["dice_15"]
    '5–15'
    >>> clock({"plans": {15: {"bet": 5, "dice": 10}, 5: {"bet": 5}}})["dice_5"]
    '–'
    """
    plans = about.get("plans", {})
    found = {f"{part}_{length}": "–" for length in plans for plan in plans.values() for part in plan}
    for length, plan in plans.items():
        ends = list(accumulate(plan.values()))
        if ends[-1] != length:
            raise ValueError(f"the parts of the plan of {length} minutes take {ends[-1]}")
        for part, end in zip(plan, ends, strict=True):
            found[f"{part}_{length}"] = f"{end - plan[part]}–{end}"
    return found


def map_picture() -> str:
    """Return the kit's map, with the three companies on it, and without the sum above it, which is the sliders'."""
    drawing = balance_chart.draw(BALANCE)
    (axes,) = drawing.figure.axes
    sums = [words for words in axes.texts if words.get_position()[1] > _MAP_ENDS]
    for words in sums:
        words.remove()
    for words in axes.texts:
        words.set_text(words.get_text().replace(f", {money(TARGET)}", ""))  # each company has a target of its own
    # What stands still lies under what moves, the shaded part of the map too: so these move, though they never do.
    moving = [artist for artist in drawing.moving if artist not in sums]
    for name in COMPANIES:
        its, (sign, right, up, side) = figures(name), _SIGNS[name]
        x, y = its.coverage, its.rate
        if name != "startup":
            moving += axes.plot([x], [y], sign, **_MARK)
        # The last word of the title, so that both languages fit: what kind of company it is.
        moving.append(axes.text(x + right, y + up, _(company(name).title).split()[-1], size=12, weight="bold", ha=side))
    outcome = BALANCE.outcome(BALANCE.defaults())
    described = []
    for name in COMPANIES:
        its = figures(name)
        place = f"{times(its.coverage)}, {percent(its.rate, 0)}, {_(situation(its.coverage, its.rate))}"
        described.append(f"{_(company(name).title)}: {place}")
    picture = MovingPicture(replace(drawing, moving=moving), name="map").svg(outcome, "; ".join(described))
    return picture.replace(*_CROP)


def picture(name: str, top: int = 0, height: int = 0, **levers: float) -> str:
    """Return one of the kit's pictures, with its levers where they are put.

    Parameters
    ----------
    name
        Of the model and its chart.
    top, height
        Which strip of the picture to show, in its own pixels; without a height all of it.
    levers
        Their values; those not named stand at their start.
    """
    model = import_module(f"salesmetrics.models.{name}").MODEL
    chart = import_module(f"salesmetrics.charts.{name}")
    outcome = model.outcome({**model.defaults(), **levers})
    whole = MovingPicture(chart.draw(model), name=f"{name}-{len(levers)}").svg(outcome, chart.sentence(outcome))
    if not height:
        return whole
    return re.sub(r'height="\d+" viewBox="0 0 (\d+) \d+"', rf'height="{height}" viewBox="0 {top} \1 {height}"', whole)


BLOCKS: dict[str, Callable[[], str]] = {
    "map": map_picture,
    "strips": workshop_dice.strips,
    "large_net": partial(picture, "fishing_net"),
    "half_net": partial(picture, "fishing_net", net=0.5, holes=3, skill=0.9),
    # The strip with target and pipeline, and the one with the rate itself: what a slide of a formula is about.
    "coverage_bar": partial(picture, "coverage", 72, 188),
    "conversion_bar": partial(picture, "conversion", 0, 116),
    "quarter": partial(picture, "quarter"),
}
