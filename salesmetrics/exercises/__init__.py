"""Exercises that understand mistakes: a question, an answer box, and a sentence about this very answer."""

from salesmetrics.exercises.live import Exercise, exercise
from salesmetrics.exercises.overview import Progress, progress
from salesmetrics.exercises.verdict import Verdict

__all__ = ["Exercise", "Progress", "Verdict", "exercise", "progress"]
