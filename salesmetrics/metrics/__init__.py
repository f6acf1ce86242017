"""The metrics: each one quantity over another, written once for the whole table, any grouping and every engine."""

from salesmetrics.metrics.concentration import Concentration, concentration
from salesmetrics.metrics.conversion import conversion_rate
from salesmetrics.metrics.coverage import coverage

__all__ = ["Concentration", "concentration", "conversion_rate", "coverage"]
