"""What the kit works out for the workshop's pages: numbers for their sentences, and tables, pictures and forms."""

from __future__ import annotations

import html
import math
import re
from collections.abc import Callable, Mapping
from functools import partial
from itertools import accumulate, count
from typing import Any

import workshop_companies
import workshop_dice
from workshop_companies import ACCEPTED, AGENCY_OF_START, COMPANIES, company, figures, short

from salesmetrics.base.language import _, number, percent, times
from salesmetrics.charts import MUTED
from salesmetrics.charts import balance as balance_chart
from salesmetrics.charts.moving_picture import MovingPicture, house_style
from salesmetrics.diagnosis import FEWEST_CLOSED, REFERENCE_COVERAGE, situation
from salesmetrics.explorer import model_and_chart
from salesmetrics.forecast import required_coverage
from salesmetrics.forecast.convolution import fewer_won

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
# The strip above the map is for the sum of a picture with sliders.
_CROP = ('height="464" viewBox="0 0 600 464"', 'height="394" viewBox="0 70 600 394"')


def values() -> dict[str, str]:
    """Write every number that a sentence may name, in the chosen language."""
    found = {**workshop_dice.values(), **workshop_companies.values()}
    chances = [at_break_even(rate) for rate in RATES]
    found |= {
        "even_low": percent(min(chances), 0),
        "even_high": percent(max(chances), 0),
        "full": short(REFERENCE_COVERAGE),
        "full_rate": percent(1 / REFERENCE_COVERAGE, 0),
        "fewest": number(FEWEST_CLOSED),
    }
    for rate in RATES:
        name = f"{rate * 100:.0f}"
        found[f"rate_{name}"] = percent(rate, 0)
        found[f"half_{name}"] = short(required_coverage(rate))
        # As many equal deals as it takes to win enough of them with a chance of at least 80%.
        enough = next(deals for deals in count(DEALS_NEEDED) if fewer_won(deals, rate, DEALS_NEEDED) <= 1 - 0.8)
        found[f"most_{name}"] = short(enough / DEALS_NEEDED)
    found["line"] = '<span class="line"></span>'
    return found


def taster(address: str) -> dict[str, str]:
    """Write the address of the taster, and a code that a phone reads it from."""
    import segno  # only for a site that is published

    code = segno.make(address, micro=False, error="m")
    drawn = code.svg_inline(omitsize=True, light="#fff", svgclass=None, lineclass=None)
    return {"taster_code": drawn, "taster_address": html.escape(address)}


def at_break_even(rate: float) -> float:
    """Return the chance of the hand-out's target with as many average deals as break-even asks for, rounded up.

    Examples
    --------
    >>> [round(at_break_even(rate), 2) for rate in (0.1, 0.6)]
    [0.55, 0.64]
    """
    return 1 - fewer_won(math.ceil(DEALS_NEEDED * required_coverage(rate) - 1e-9), rate, DEALS_NEEDED)


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


@house_style()
def map_picture(*companies: str) -> str:
    """Return the kit's map, with these companies on it, or with none: a place to put a cross."""
    page = balance_chart.map_page({**balance_chart.PLACES, "sharp but thin": (0.15, 0.4)})  # clear of the consultancy
    full, black = float(REFERENCE_COVERAGE), "#000000"
    page.line([0, full, full], [1 / full, 1 / full, 0], color=MUTED, linewidth=1.2, linestyle=(0, (1, 2)))
    page.line(*balance_chart.curve(1), color=black, linewidth=2.4)
    balance_chart.foot(page, 0, _("coverage × conversion = 1: the target on average"), linewidth=2.4)
    described = []
    for name in companies:
        its, (sign, right, up, side) = figures(name), _SIGNS[name]
        x, y = float(its.coverage), float(its.rate)
        page.line([x], [y], sign, **_MARK)
        # The last word of the title, so that both languages fit: what kind of company it is.
        page.text(x + right, y + up, _(company(name).title).split()[-1], size=12, weight="bold", ha=side)
        place = f"{times(x)}, {percent(y, 0)}, {_(situation(x, y))}"
        described.append(f"{_(company(name).title)}: {place}")
    whole = MovingPicture(page.drawing(), name=f"map-{len(companies)}")
    return whole.svg(None, "; ".join(described) or _("coverage × conversion = 1: the target on average")).replace(
        *_CROP
    )


def picture(name: str, top: int = 0, height: int = 0, **levers: float) -> str:
    """Return one of the kit's pictures, with its levers where they are put.

    Parameters
    ----------
    name
        Of the model.
    top, height
        Which strip of the picture to show, in its own pixels; without a height all of it.
    levers
        Their values; those not named stand at their start.
    """
    model, chart = model_and_chart(name)
    outcome = model.outcome({**model.defaults(), **levers})
    drawn = MovingPicture(chart.draw(model), name=f"{name.replace('-', '_')}-{len(levers)}")
    whole = drawn.svg(outcome, chart.sentence(outcome))
    if not height:
        return whole
    return re.sub(r'height="\d+" viewBox="0 0 (\d+) \d+"', rf'height="{height}" viewBox="0 {top} \1 {height}"', whole)


BLOCKS: dict[str, Callable[[], str]] = {
    "empty_map": map_picture,
    "map": partial(map_picture, *COMPANIES),
    "strips": workshop_dice.strips,
    "large_net": partial(picture, "fishing-net"),
    "half_net": partial(picture, "fishing-net", net=0.5, holes=3, skill=0.9),
    # The strip with target and pipeline, and the one with the rate itself: what a slide of a formula is about.
    "coverage_bar": partial(picture, "coverage", 72, 188),
    "conversion_bar": partial(picture, "conversion", 0, 116),
    "quarter": partial(picture, "quarter"),
    "agency_seen_by_marketing": partial(picture, "start", company=AGENCY_OF_START),
    "agency_seen_by_sales": partial(picture, "start", company=AGENCY_OF_START, start=ACCEPTED),
}
