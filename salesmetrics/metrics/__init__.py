"""The metrics: each one quantity over another, written once for the whole table, any grouping and every engine."""

from salesmetrics.metrics.conversion import conversion_rate
from salesmetrics.metrics.coverage import coverage
from salesmetrics.metrics.funnel import Funnel, Step, funnel, open_by_stage
from salesmetrics.metrics.pipeline_risk import Concentration, Stale, concentration, stale_deals
from salesmetrics.metrics.velocity import Velocity, velocity

__all__ = [
    "Concentration",
    "Funnel",
    "Stale",
    "Step",
    "Velocity",
    "concentration",
    "conversion_rate",
    "coverage",
    "funnel",
    "open_by_stage",
    "stale_deals",
    "velocity",
]
