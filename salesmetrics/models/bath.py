"""The pipeline as a bath: what comes in, how long it stays, what runs out as won or lost."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from salesmetrics.base.language import N_
from salesmetrics.models import Lever, Model, Outcome

TARGET = 500_000.0
RATE = 0.25  # of what is decided, the part that is won
QUARTER = 91  # days


@dataclass(frozen=True, kw_only=True)
class BathOutcome(Outcome):
    """What stands open when every quarter is alike, and what runs out of it.

    ``coverage`` is inflow × mean stay ÷ target. ``expected_revenue`` is of a quarter, and no stay changes it.

    Parameters
    ----------
    pipeline
        All that is open, in euros: what comes in a day × the days it stays.
    winning, losing
        What of it will be won, and what will be lost, in euros.
    mean_stay
        Of all deals, in days. High says that something lingers, mostly what will be lost.
    lost
        In a quarter, in euros.
    multiple
        ``pipeline`` ÷ what a quarter brings: what its quarters begin with. Below 1 ÷ conversion where deals come and
        go within a quarter, above it where they linger. None where nothing comes in.
    """

    coverage: float
    conversion: float
    expected_revenue: float
    target: float
    pipeline: float
    winning: float
    losing: float
    mean_stay: float
    lost: float
    multiple: float | None


def outcome(levers: Mapping[str, float]) -> BathOutcome:
    """Let as much run out as comes in, so that each kind of deal stands open as long as it stays.

    Open = inflow × stay (Little's law), for what will be won and for what will be lost.

    Examples
    --------
    A quicker no lowers the coverage and costs nothing; dead deals that linger do the opposite.

    >>> for no in (91, 35, 270):
    ...     step = outcome({"inflow": 2_000_000, "days_to_yes": 91, "days_to_no": no})
    ...     print(no, round(step.coverage, 1), step.expected_revenue)
    91 4.0 500000.0
    35 2.2 500000.0
    270 9.9 500000.0
    """
    inflow = levers["inflow"]
    winning = inflow * RATE * levers["days_to_yes"] / QUARTER
    losing = inflow * (1 - RATE) * levers["days_to_no"] / QUARTER
    revenue, pipeline = inflow * RATE, winning + losing
    return BathOutcome(
        levers=levers,
        coverage=pipeline / TARGET,
        conversion=RATE,
        expected_revenue=revenue,
        target=TARGET,
        pipeline=pipeline,
        winning=winning,
        losing=losing,
        mean_stay=RATE * levers["days_to_yes"] + (1 - RATE) * levers["days_to_no"],
        lost=inflow - revenue,
        multiple=pipeline / revenue if revenue else None,
    )


MODEL = Model(
    "bath",
    N_("The bath: what comes in, stays and runs out"),
    (
        Lever("inflow", N_("New pipeline a quarter"), "money", 0, 2_500_000, 100_000, 2_000_000, "expected_revenue"),
        Lever("days_to_yes", N_("Days until a yes"), "days", 7, 182, 7, 91),
        Lever("days_to_no", N_("Days until a no"), "days", 7, 273, 7, 91),
    ),
    outcome,
)
