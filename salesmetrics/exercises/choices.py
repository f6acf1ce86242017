"""Answers that are picked, not typed: a choice, several, all of them in order, or a position of the sliders."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from salesmetrics.base.errors import SalesMetricsError
from salesmetrics.base.language import _
from salesmetrics.exercises.content import Question, Wrong
from salesmetrics.exercises.verdict import plain
from salesmetrics.models import Outcome, model_named


def read_key(question: Question, given: Any) -> str:
    """Read one choice: its key, or its words in either language; what is none of them is refused."""
    typed = str(given).strip().casefold() if isinstance(given, str) else None
    for choice in question.choices:
        if typed in (choice.key.casefold(), *(plain(words).casefold() for words in choice.label.values())):
            return choice.key
    found = f"“{typed[:40]}”" if typed is not None else f"“{type(given).__name__}”"
    raise SalesMetricsError(
        _("{found} is none of the choices.").format(found=found),
        hint=_("Choose from: {choices}.").format(choices=", ".join(question.keys)),
    )


def fits(_question: Question, wrong: Wrong, answer: str) -> bool:
    """Return whether this wrong choice was made."""
    return bool(answer == wrong.fits["choice"])


def read_set(question: Question, given: Any) -> frozenset[str]:
    """Read one choice or more, in any order."""
    return frozenset(_keys(question, given))


def set_fits(_question: Question, wrong: Wrong, answer: frozenset[str]) -> bool:
    """Return whether a choice is among these that does not belong there, or is missing."""
    return wrong.fits.get("includes") in answer or wrong.fits.get("lacks", next(iter(answer))) not in answer


def read_order(question: Question, given: Any) -> tuple[str, ...]:
    """Read all items in order, each once."""
    keys = tuple(_keys(question, given))
    if sorted(keys) != sorted(question.keys):
        raise SalesMetricsError(
            _("An order has every item in it once."),
            hint=_("Give all of {choices}, the first one first.").format(choices=", ".join(question.keys)),
        )
    return keys


def order_fits(_question: Question, wrong: Wrong, answer: tuple[str, ...]) -> bool:
    """Return whether one item stands before another, as this wrong answer has it."""
    earlier, later = wrong.fits["before"].split()
    return answer.index(earlier) < answer.index(later)


def read_position(question: Question, given: Any) -> dict[str, float]:
    """Read a position: from an Explorer, or lever values by name; levers not named stand at their start.

    What is neither, of another model, or further than a lever goes is refused.
    """
    model = model_named(question.model)
    if hasattr(given, "levers"):
        given = {name: slider.value for name, slider in given.levers.items()}
    if not isinstance(given, Mapping):
        raise SalesMetricsError(
            _("The answer is a position of the sliders."), hint=_("Move the sliders, then choose Check.")
        )
    for name, value in given.items():
        lever = model.lever(name)
        if isinstance(value, bool | str) or not _lies_between(value, lever.minimum, lever.maximum):
            raise SalesMetricsError(
                _("“{lever}” does not go there.").format(lever=_(lever.label)),
                hint=_("Move the sliders, then choose Check."),
            )
    return {**model.defaults(), **given}


def meets(question: Question, conditions: Iterable[Mapping[str, Any]], position: Mapping[str, float]) -> bool:
    """Return whether a position meets all conditions: those of the right answer, or those of a misunderstanding."""
    outcome = model_named(question.model).outcome(position)
    return all(holds(condition, outcome, position) for condition in conditions)


def holds(condition: Mapping[str, Any], outcome: Outcome, position: Mapping[str, float]) -> bool:
    """Return whether a figure of the outcome, or a lever, lies where the condition says; no value lies nowhere."""
    value = position[condition["lever"]] if "lever" in condition else getattr(outcome, condition["figure"])
    if value is None:
        return False
    return _lies_between(value, condition.get("at_least", value), condition.get("at_most", value))


def _lies_between(value: float, low: float, high: float) -> bool:
    # A slider's steps are not exact in binary, and what it shows is.
    slack = 1e-9 * max(1.0, abs(value))
    return bool(low - slack <= value <= high + slack)


def _keys(question: Question, given: Any) -> list[str]:
    """Read several choices: a list, or typed with spaces, commas or nothing between them."""
    if isinstance(given, str):
        parts = [part for part in re.split(r"[\s,;>→]+", given) if part]
        if len(parts) == 1 and all(letter.upper() in question.keys for letter in parts[0]):
            parts = list(parts[0])
        given = parts
    if isinstance(given, list | tuple | set | frozenset) and given:
        return [read_key(question, key) for key in given]
    raise SalesMetricsError(
        _("The answer is one or more of: {choices}.").format(choices=", ".join(question.keys)),
        hint=_("Type the letters with a space between them."),
    )
