"""Exercises that understand mistakes: a question, an answer box, and a sentence about this very answer."""

from salesmetrics.exercises.answer_box import Exercise, exercise
from salesmetrics.exercises.checking import Verdict
from salesmetrics.exercises.overview import Progress, progress

__all__ = ["Exercise", "Progress", "Verdict", "exercise", "progress"]
