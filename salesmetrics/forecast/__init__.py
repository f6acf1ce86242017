"""From the two numbers to the quarter: what is expected, the chance that it is enough, and what coverage that takes.

``pipeline_forecast`` is what others call: over tables of deals. Under it, over plain arrays and fit for a slider: each
deal's ``probabilities``, the quarter's revenue as a ``distribution``, the ``chance`` of a target, and the
``convolution`` that all of these rest on.
``past_quarters`` looks back from one table, with ``quarter_history``; ``current_quarter`` holds the quarter under way
against them, and ``still_needed`` looks ahead.
"""

from salesmetrics.forecast.chance import Chance
from salesmetrics.forecast.past_quarters import PastQuarters, past_quarters
from salesmetrics.forecast.pipeline_forecast import (
    ExpectedRevenue,
    chance_of_target,
    coverage_for_chance,
    expected_revenue,
    required_coverage,
)
from salesmetrics.forecast.still_needed import StillNeeded, still_needed

__all__ = [
    "Chance",
    "ExpectedRevenue",
    "PastQuarters",
    "StillNeeded",
    "chance_of_target",
    "coverage_for_chance",
    "expected_revenue",
    "past_quarters",
    "required_coverage",
    "still_needed",
]
