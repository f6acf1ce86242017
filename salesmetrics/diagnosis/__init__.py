"""The diagnosis: which of four situations a pipeline is in, how sure that is, why, and what to do first."""

from salesmetrics.diagnosis.diagnose import FEWEST_CLOSED, REFERENCE_COVERAGE, Diagnosis, Situation, diagnose, situation
from salesmetrics.diagnosis.stale import Stale, stale_deals

__all__ = [
    "FEWEST_CLOSED",
    "REFERENCE_COVERAGE",
    "Diagnosis",
    "Situation",
    "Stale",
    "diagnose",
    "situation",
    "stale_deals",
]
