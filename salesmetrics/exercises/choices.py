"""Answers that are choices: one of them, several, or all of them in order."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from salesmetrics.base.errors import SalesMetricsError
from salesmetrics.base.language import _
from salesmetrics.exercises.content import Question, Wrong
from salesmetrics.exercises.verdict import plain


def read_key(question: Question, given: Any) -> str:
    """Read one choice: its key, or its words in either language.

    Raises
    ------
    SalesMetricsError
        There is no such choice.
    """
    typed = str(given).strip().casefold() if isinstance(given, str) else None
    for choice in question.choices:
        if typed in (choice.key.casefold(), *(plain(words).casefold() for words in choice.label.values())):
            return choice.key
    found = f"“{typed[:40]}”" if typed is not None else f"“{type(given).__name__}”"
    raise SalesMetricsError(
        _("{found} is none of the choices.").format(found=found),
        hint=_("Choose from: {choices}.").format(choices=", ".join(question.keys)),
    )


def right(question: Question, answer: str) -> bool:
    """Tell whether the right choice was made."""
    return bool(answer == question.answer)


def fits(_question: Question, wrong: Wrong, answer: str) -> bool:
    """Tell whether this wrong choice was made."""
    return bool(answer == wrong.fits["choice"])


def read_set(question: Question, given: Any) -> frozenset[str]:
    """Read one choice or more, in any order."""
    return frozenset(_keys(question, given))


def set_right(question: Question, answer: frozenset[str]) -> bool:
    """Tell whether all right choices were made and no other."""
    return answer == frozenset(question.answer.split())


def set_fits(_question: Question, wrong: Wrong, answer: frozenset[str]) -> bool:
    """Tell whether a choice is among these that does not belong there, or is missing."""
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


def order_right(question: Question, answer: tuple[str, ...]) -> bool:
    """Tell whether the order is right."""
    return answer == tuple(question.answer.split())


def order_fits(_question: Question, wrong: Wrong, answer: tuple[str, ...]) -> bool:
    """Tell whether one item stands before another, as this wrong answer has it."""
    earlier, later = wrong.fits["before"].split()
    return answer.index(earlier) < answer.index(later)


def _keys(question: Question, given: Any) -> list[str]:
    """Read several choices: a list, or typed with spaces, commas or nothing between them."""
    if isinstance(given, str):
        parts = [part for part in re.split(r"[\s,;>→]+", given) if part]
        if len(parts) == 1 and all(letter.upper() in question.keys for letter in parts[0]):
            parts = list(parts[0])
        given = parts
    if isinstance(given, Iterable) and isinstance(given, list | tuple | set | frozenset) and given:
        return [read_key(question, one) for one in given]
    raise SalesMetricsError(
        _("The answer is one or more of: {choices}.").format(choices=", ".join(question.keys)),
        hint=_("Type the letters with a space between them."),
    )
