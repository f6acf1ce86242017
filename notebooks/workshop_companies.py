"""The three companies' numbers, worked out from their own deals, as the workshop's pages write them."""

from __future__ import annotations

from functools import cache
from typing import Any, NamedTuple

from salesmetrics.base.language import _, chance_text, money, number, percent, times
from salesmetrics.deals.scenarios import scenario
from salesmetrics.diagnosis import situation
from salesmetrics.forecast import chance_of_target, expected_revenue, required_coverage
from salesmetrics.metrics import conversion_rate, coverage, funnel
from salesmetrics.metrics.ratio import Ratio
from salesmetrics.models.pipeline_start import COMPANIES as START_COMPANIES
from salesmetrics.models.pipeline_start import MODEL as START

COMPANIES = ("startup", "consultancy", "agency")
# The agency's two quarters, and how soon it answered: first to last.
_QUARTERS = {"before": "2025Q4", "after": "2026Q1"}
_CHANNELS = ("referral", "search", "events", "paid social")
_RESPONSES = ("<=1h", "1-4h", "4-24h", ">24h")
# Which company and which stage that is, for the sliders of the line where the pipeline begins.
AGENCY_OF_START = START_COMPANIES.index("agency") + 1
ACCEPTED = scenario("agency").stages.index("Sales accepted") + 1


company = cache(scenario)
"""A company as the kit gives it, read from its file once."""


class Figures(NamedTuple):
    """A company's numbers, worked out once for both languages."""

    coverage: Ratio
    """Open ÷ target."""
    rate: Ratio
    """Won ÷ closed."""
    expected: float
    chance: float
    due: tuple[float, ...]
    """The amounts of the open deals that are due, the largest first."""
    later: float
    """Open money due after the quarter."""
    without_largest: float
    with_low_rate: float
    """The chance of the target if the rate is as low as its 95% interval has it."""
    with_high_rate: float
    bottleneck: float
    entered: tuple[tuple[str, int], ...]
    """Per stage, how many closed deals got that far."""


@cache
def figures(name: str) -> Figures:
    """Work out one company's numbers from its own deals."""
    mine = company(name)
    rate = conversion_rate(mine)
    open_ = mine.deals[mine.deals["status"] == "open"]
    due = open_[open_["expected_close_on"] <= mine.period.last.isoformat()].sort_values("amount", ascending=False)
    low, high = rate.interval()
    rest = mine.deals.drop(due.index[0])
    about = {"target": mine.target, "period": mine.period, "as_of": mine.as_of}
    steps = funnel(mine)
    return Figures(
        coverage=coverage(mine),
        rate=rate,
        expected=float(expected_revenue(mine)),
        chance=float(chance_of_target(mine)),
        due=tuple(due["amount"]),
        later=float(open_["amount"].sum() - due["amount"].sum()),
        without_largest=float(chance_of_target(rest, **about, p=float(rate))),
        with_low_rate=float(chance_of_target(mine.deals, **about, p=low)),
        with_high_rate=float(chance_of_target(mine.deals, **about, p=high)),
        bottleneck=min(float(step.rate) for step in steps.steps),
        entered=tuple((step.stage, step.entered) for step in steps.steps),
    )


def values() -> dict[str, str]:
    """Write the companies' numbers in the chosen language."""
    found = _agencys()
    for name in COMPANIES:
        its = figures(name)
        found |= {
            f"{name}_open": money(its.coverage.numerator),
            f"{name}_deals": number(len(its.due)),
            f"{name}_target": money(its.coverage.denominator),
            f"{name}_coverage": times(float(its.coverage)),
            f"{name}_won": number(its.rate.numerator),
            f"{name}_closed": number(its.rate.denominator),
            f"{name}_rate": percent(float(its.rate), 0),
            f"{name}_expected": money(its.expected),
            f"{name}_share": percent(its.expected / its.coverage.denominator, 0),
            f"{name}_chance": chance_text(its.chance),
            f"{name}_needed": short(required_coverage(float(its.rate))),
            f"{name}_largest": money(its.due[0]),
            f"{name}_second": money(its.due[1]),
            f"{name}_later": money(its.later),
            f"{name}_low": chance_text(its.with_low_rate),
            f"{name}_high": chance_text(its.with_high_rate),
            f"{name}_without": chance_text(its.without_largest),
            f"{name}_bottleneck": percent(its.bottleneck, 0),
            f"{name}_situation": _(situation(float(its.coverage), float(its.rate))),
            f"{name}_funnel": " → ".join(
                f"{_(stage)} {number(entered)}" for stage, entered in (*its.entered, ("won", its.rate.numerator))
            ),
        }
    return found


def _agencys() -> dict[str, str]:
    """Write the agency's rates per channel and per time of response."""
    agency, found = company("agency"), {}
    deals = agency.deals
    for at, response in enumerate(_RESPONSES, 1):
        found[f"response_{at}"] = _worked(deals[deals["response_time"] == response], as_of=agency.as_of)
        found[f"response_{at}_rate"] = found[f"response_{at}"].rsplit(" ", 1)[1]
    for when, quarter in _QUARTERS.items():
        for at, channel in enumerate(_CHANNELS, 1):
            found[f"channel_{at}"] = _(channel)
            found[f"channel_{at}_{when}"] = _worked(deals[deals["channel"] == channel], period=quarter)
        found[f"channel_all_{when}"] = percent(float(conversion_rate(deals, period=quarter)), 0)
    here = START.outcome({**START.defaults(), "company": AGENCY_OF_START, "start": ACCEPTED}).here
    return found | {
        "accepted": _(here.stage),
        "accepted_at": number(ACCEPTED),
        "accepted_open": money(here.pipeline),
        "accepted_coverage": times(here.coverage, 2),
        "accepted_won": number(here.won),
        "accepted_closed": number(here.closed),
        "accepted_rate": percent(here.conversion, 0),
        "accepted_situation": _(here.situation),
    }


def _worked(deals: Any, **when: Any) -> str:
    rate = conversion_rate(deals, **when)
    return f"{number(rate.numerator)} ÷ {number(rate.denominator)} = {percent(float(rate), 0)}"


def short(ratio: float) -> str:
    """Write a ratio without the decimal that says nothing.

    Examples
    --------
    >>> short(4.0), short(1.6667)
    ('4×', '1.7×')
    """
    return times(ratio, 0 if f"{ratio:.1f}".endswith(".0") else 1)
