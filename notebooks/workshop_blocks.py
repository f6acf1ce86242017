"""What the kit works out for the workshop's pages: numbers for their sentences, and tables, pictures and forms."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import cache
from itertools import accumulate
from typing import Any, NamedTuple

import workshop_dice

from salesmetrics.charts import balance as balance_chart
from salesmetrics.diagnosis import situation
from salesmetrics.forecast import chance_of_target, expected_revenue, required_coverage
from salesmetrics.language import _, money, number, percent, times
from salesmetrics.metrics import conversion_rate, coverage, funnel
from salesmetrics.models.balance import MODEL as BALANCE
from salesmetrics.pictures import MovingPicture
from salesmetrics.required import deals_for_chance
from salesmetrics.scenarios import Scenario, scenario

COMPANIES = ("startup", "consultancy", "agency")
# Win rates of the hand-out's table, and the average deals that its target is worth.
RATES = (0.10, 0.20, 0.25, 1 / 3, 0.50, 0.60)
DEALS_NEEDED = 10
# On the map: each company's sign, and where its name stands, seen from its point, on which side.
_SIGNS = {
    "startup": ("o", -0.15, 0.05, "right"),
    "consultancy": ("s", 0.25, -0.01, "left"),
    "agency": ("D", 0.25, -0.012, "left"),
}
_MARK: dict[str, Any] = {"markersize": 12, "color": "#000000", "markeredgecolor": "#FFFFFF", "markeredgewidth": 2}
# That sum is left out, and with it the strip of the picture that it stood in.
_CROP = ('height="464" viewBox="0 0 600 464"', 'height="394" viewBox="0 70 600 394"')
_MAP_ENDS = 1.12  # above this, in the map's own scale, stands the sum of the picture with sliders


class Figures(NamedTuple):
    """A company's numbers, worked out once for both languages."""

    open: float
    target: float
    won: float
    closed: float
    expected: float
    chance: float
    largest: float
    without_largest: float
    bottleneck: float


@cache
def figures(name: str) -> Figures:
    """Work out one company's numbers from its own deals."""
    one = scenario(name)
    when: dict[str, Any] = {"period": one.period, "as_of": one.as_of}
    open_, rate = coverage(one.deals, target=one.target, **when), conversion_rate(one.deals, as_of=one.as_of)
    due = one.deals[(one.deals["status"] == "open") & one.deals["expected_close_on"].between(*_days(one))]
    rest = one.deals.drop(due["amount"].idxmax())
    steps = funnel(one.deals, stages=one.stages, as_of=one.as_of)
    return Figures(
        open=open_.numerator,
        target=open_.denominator,
        won=rate.numerator,
        closed=rate.denominator,
        expected=float(expected_revenue(one.deals, **when)),
        chance=float(chance_of_target(one.deals, target=one.target, **when)),
        largest=float(due["amount"].max()),
        without_largest=float(chance_of_target(rest, target=one.target, p=float(rate), **when)),
        bottleneck=float(steps.bottleneck.rate),
    )


def _days(one: Scenario) -> tuple[str, str]:
    return one.period.first.isoformat(), one.period.last.isoformat()


def values() -> dict[str, str]:
    """Write every number that a sentence may name, in the chosen language."""
    found = dict(workshop_dice.values())
    for name in COMPANIES:
        its = figures(name)
        rate = its.won / its.closed
        covered = its.open / its.target
        found |= {
            f"{name}-open": money(its.open),
            f"{name}-target": money(its.target),
            f"{name}-coverage": times(covered),
            f"{name}-won": number(its.won),
            f"{name}-closed": number(its.closed),
            f"{name}-rate": percent(rate, 0),
            f"{name}-expected": money(its.expected),
            f"{name}-share": percent(its.expected / its.target, 0),
            f"{name}-chance": percent(its.chance, 0 if its.chance >= 0.1 else 1),
            f"{name}-needed": _short(required_coverage(rate)),
            f"{name}-largest": money(its.largest),
            f"{name}-without": percent(its.without_largest, 0),
            f"{name}-bottleneck": percent(its.bottleneck, 0),
            f"{name}-situation": _(situation(covered, rate)),
        }
    for rate in RATES:
        name = f"{rate * 100:.0f}"
        found[f"rate-{name}"] = percent(rate, 0)
        found[f"half-{name}"] = _short(required_coverage(rate))
        found[f"most-{name}"] = _short(deals_for_chance(rate, 0.8, deals_needed=DEALS_NEEDED) / DEALS_NEEDED)
    found["line"] = '<span class="line"></span>'
    return found


def _short(ratio: float) -> str:
    return times(ratio, 0 if f"{ratio:.1f}".endswith(".0") else 1)


def clock(about: Mapping[str, Any]) -> dict[str, str]:
    """Write when each part of a plan begins and ends, and how long it takes; what a plan leaves out is a dash.

    Parameters
    ----------
    about
        A document's front matter; its ``plans`` give, per length in minutes, the minutes of each part in order.

    Examples
    --------
    >>> clock({"plans": {15: {"bet": 5, "dice": 10}, 5: {"bet": 5}}})["dice-15"]
    '5–15'
    >>> clock({"plans": {15: {"bet": 5, "dice": 10}, 5: {"bet": 5}}})["dice-5"]
    '–'
    """
    plans = about.get("plans", {})
    found = {f"{part}-{length}": "–" for length in plans for plan in plans.values() for part in plan}
    for length, plan in plans.items():
        ends = list(accumulate(plan.values()))
        if ends[-1] != length:
            raise ValueError(f"the parts of the plan of {length} minutes take {ends[-1]}")
        for part, end in zip(plan, ends, strict=True):
            found[f"{part}-{length}"] = f"{end - plan[part]}–{end}"
    return found


def map_picture() -> str:
    """Give the kit's map, with the three companies on it, and without the sum above it, which is the sliders'."""
    drawing = balance_chart.draw(BALANCE)
    (axes,) = drawing.figure.axes
    sums = [words for words in axes.texts if words.get_position()[1] > _MAP_ENDS]
    for words in sums:
        words.remove()
    for words in axes.texts:
        if words.get_text().split() == _("sharp but thin").split():
            words.set_y(0.39)  # the consultancy stands beside its usual place
    # What stands still lies under what moves, the shaded part of the map too: so these move, though they never do.
    moving = [artist for artist in drawing.moving if artist not in sums]
    for name in COMPANIES:
        its, (sign, right, up, side) = figures(name), _SIGNS[name]
        x, y = its.open / its.target, its.won / its.closed
        if name != "startup":
            moving += axes.plot([x], [y], sign, **_MARK)
        # The last word of the title, so that both languages fit: what kind of company it is.
        moving.append(
            axes.text(x + right, y + up, _(scenario(name).title).split()[-1], size=12, weight="bold", ha=side)
        )
    outcome = BALANCE.outcome(BALANCE.defaults())
    picture = MovingPicture(replace(drawing, moving=moving), name="map").svg(outcome, balance_chart.sentence(outcome))
    return picture.replace(*_CROP)


BLOCKS: dict[str, Callable[[], str]] = {"map": map_picture, "strips": workshop_dice.strips}
