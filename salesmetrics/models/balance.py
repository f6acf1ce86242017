"""Coverage and conversion on one map: what the two bring together, and which of four situations that is."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from salesmetrics.base.language import N_
from salesmetrics.diagnosis import REFERENCE_COVERAGE, Situation, situation
from salesmetrics.forecast.chance import chance
from salesmetrics.forecast.distribution import this_quarter
from salesmetrics.models import NEW_DEALS, SLIP, Lever, Model, Stake, TargetOutcome

TARGET = 500_000
MOST_COVERAGE = 10.0


@dataclass(frozen=True, kw_only=True)
class BalanceOutcome(TargetOutcome):
    """Where on the map a pipeline is, and what it brings.

    Parameters
    ----------
    coverage_open
        Open pipeline ÷ target, whatever becomes of it. ``coverage`` is what of it counts in this quarter: less when
        deals slip to the next, more when new ones come and close within it.
    situation
        One of the four.
    out_of_reach
        Whether all deals together fall short of the target.
    off_the_map
        Whether the curve was followed as far as the map goes, and the lever further.
    """

    coverage: float
    conversion: float
    coverage_open: float
    situation: Situation
    out_of_reach: bool
    off_the_map: bool


def outcome(levers: Mapping[str, float]) -> BalanceOutcome:
    """Multiply quantity by quality, and count how often such a quarter reaches its target.

    Deals are equal and independent, so the chance is that enough of them are won: exact. ``along`` follows the curve
    of equal outcome: so many times the coverage, and as much less conversion.

    Examples
    --------
    The startup's two numbers, and twice the quality for half the quantity: the catch stays the same.

    >>> startup = MODEL.outcome(MODEL.defaults())
    >>> startup.expected_share, startup.expected_revenue, startup.situation, round(startup.chance_of_target, 3)
    (0.5, 250000.0, 'full but leaky', 0.002)
    >>> other = MODEL.outcome({**MODEL.defaults(), "along": 0.5})
    >>> other.coverage, other.conversion, other.expected_revenue
    (2.5, 0.2, 250000.0)
    """
    along = min(max(levers["along"], levers["conversion"]), _times_to_the_edge(levers["coverage"]))
    covered, rate = levers["coverage"] * along, min(levers["conversion"] / along, 1.0)
    deals, new_deals = round(levers["deals"]), round(levers["new_deals"])
    counts = covered * (1 - levers["slip"] + new_deals / deals)
    out_of_reach = covered * (deals + new_deals) < deals * (1 - 1e-12)
    # One deal is the unit of money here, so that no rounding to cents decides whether enough are won.
    amounts, chances = this_quarter(np.ones(deals), rate, slip=levers["slip"], new_deals=new_deals)
    needed = math.inf if out_of_reach else math.ceil(deals / covered * (1 - 1e-12))
    return BalanceOutcome(
        levers=levers,
        coverage=counts,
        conversion=rate,
        expected_revenue=counts * rate * TARGET,
        chance_of_target=0.0 if out_of_reach else float(chance(amounts, chances, needed)),
        coverage_open=covered,
        situation=situation(counts, rate, reference=levers["reference"]),
        out_of_reach=out_of_reach,
        off_the_map=along != levers["along"],
        target=TARGET,
        stake=Stake(amounts * covered * TARGET / deals, chances, 0.0, TARGET),
    )


def _times_to_the_edge(coverage: float) -> float:
    return MOST_COVERAGE / coverage if coverage else math.inf


MODEL = Model(
    "balance",
    N_("Coverage and conversion in balance"),
    (
        Lever("coverage", N_("Coverage"), "times", 0, MOST_COVERAGE, 0.1, 5, raises="expected_revenue"),
        Lever("conversion", N_("Conversion"), "percent", 0, 1, 0.01, 0.1, raises="expected_revenue"),
        Lever("along", N_("Along the curve of equal outcome"), "times", 0.1, 2, 0.1, 1),
        Lever("deals", N_("Number of open deals, all of one size"), "count", 5, 200, 5, 100),
        SLIP,
        NEW_DEALS,
        Lever("reference", N_("Coverage that counts as full"), "times", 2, 6, 0.5, REFERENCE_COVERAGE),
    ),
    outcome,
)
