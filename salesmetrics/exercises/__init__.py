"""Exercises that understand mistakes: a question, an answer box, and a sentence about this very answer."""
