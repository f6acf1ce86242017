"""The diagnosis: which of four situations a pipeline is in, how sure that is, why, and what to do first."""

from salesmetrics.diagnosis.diagnose import Diagnosis, diagnose
from salesmetrics.diagnosis.situations import FEWEST_CLOSED, REFERENCE_COVERAGE, Situation, situation

__all__ = [
    "FEWEST_CLOSED",
    "REFERENCE_COVERAGE",
    "Diagnosis",
    "Situation",
    "diagnose",
    "situation",
]
