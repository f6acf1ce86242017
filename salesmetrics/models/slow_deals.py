"""Slow deals pile up: the same deals come and go, and what is open looks nothing like what closes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from salesmetrics.base.language import N_
from salesmetrics.models import Lever, Model, Outcome

A_MONTH = 20  # new deals, fast and slow together; a fast one closes within a month
AMOUNT = 10_000.0


@dataclass(frozen=True, kw_only=True)
class SlowDealsOutcome(Outcome):
    """What closes in a month, what is open, and what two ways of counting expect of it.

    ``conversion`` is of all deals that close; ``expected_revenue`` takes each kind at its own rate.

    Parameters
    ----------
    fast, slow
        New deals in a month, and as many that close.
    fast_open, slow_open
        Open deals of each kind: those of a month × the months they stay.
    pipeline
        All that is open, in euros.
    one_rate
        What the rate of all closed deals would expect of it, in euros. More than ``expected_revenue`` says that the
        deals that linger are won less often.
    """

    conversion: float
    expected_revenue: float
    fast: int
    slow: int
    fast_open: int
    slow_open: int
    pipeline: float
    one_rate: float


def outcome(levers: Mapping[str, float]) -> SlowDealsOutcome:
    """Let as many deals close as come in, so that each kind stands open as long as it takes.

    Examples
    --------
    >>> step = outcome({"share": 0.5, "months": 6, "fast_rate": 0.4, "slow_rate": 0.1})
    >>> step.fast_open, step.slow_open, step.conversion, step.one_rate, step.expected_revenue
    (10, 60, 0.25, 175000.0, 100000.0)
    """
    slow, months = round(levers["share"] * A_MONTH), round(levers["months"])
    fast, slow_open = A_MONTH - slow, slow * months
    rate = (fast * levers["fast_rate"] + slow * levers["slow_rate"]) / A_MONTH
    pipeline = AMOUNT * (fast + slow_open)
    return SlowDealsOutcome(
        levers=levers,
        conversion=rate,
        expected_revenue=AMOUNT * (fast * levers["fast_rate"] + slow_open * levers["slow_rate"]),
        fast=fast,
        slow=slow,
        fast_open=fast,
        slow_open=slow_open,
        pipeline=pipeline,
        one_rate=rate * pipeline,
    )


MODEL = Model(
    "slow-deals",
    N_("Slow deals pile up"),
    (
        Lever("share", N_("Slow deals among the new ones"), "percent", 0, 1, 0.05, 0.5),
        Lever("months", N_("Months that a slow deal stays open"), "count", 1, 12, 1, 6),
        Lever("fast_rate", N_("Conversion of fast deals"), "percent", 0, 1, 0.05, 0.4, raises="expected_revenue"),
        Lever("slow_rate", N_("Conversion of slow deals"), "percent", 0, 1, 0.05, 0.1, raises="expected_revenue"),
    ),
    outcome,
)
