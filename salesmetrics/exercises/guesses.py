"""Guesses: a number one writes down before a picture shows it, then what it is and how far off; never right or wrong.

Where what it is comes from, its ``truth``, is data: the ``model``, the ``levers`` that do not stand at their start, and
the ``figure`` of the outcome (``quarters.1.coverage`` is the second quarter's). With ``lever`` it is the place of that
lever, nearest to its start, at which the figure is ``at_least`` or ``at_most`` so much; a name there is a figure at the
start. ``decimals`` rounds a percentage as the lesson does.
"""

from __future__ import annotations

from functools import reduce
from typing import Any

from salesmetrics.base.language import N_, _, ngettext, number, percent
from salesmetrics.exercises.choices import holds
from salesmetrics.exercises.content import Question, Unit, said
from salesmetrics.exercises.numeric import close, written
from salesmetrics.exercises.verdict import Verdict
from salesmetrics.models import Model, model_named

_YOURS = N_("**● Your guess: {guess}.**")
EXACT = N_("Spot on: it is {truth}.")
MORE = N_("It is {truth}, {off} more than you thought.")
LESS = N_("It is {truth}, {off} less than you thought.")
FAR = N_("The further off, the longer it stays with you.")


def truth(guess: Question) -> float:
    """Compute what was guessed at.

    Examples
    --------
    >>> from salesmetrics.exercises.content import guesses
    >>> truth(guesses()["conversion-guess"])
    0.75
    """
    model, position = asked(guess)
    if "lever" in guess.truth:
        return _reached(model, position, guess.truth)
    return rounded(_figure(model.outcome(position), guess.truth["figure"]), guess)


def asked(guess: Question) -> tuple[Model[Any], dict[str, float]]:
    """Return the model that a guess is about, and where its levers stand then."""
    model = model_named(guess.truth["model"])
    return model, {**model.defaults(), **guess.truth.get("levers", {})}


def rounded(value: float, guess: Question) -> float:
    """Round what it is as it is written, a percentage to the decimals that say something."""
    return round(value, 2 + guess.truth.get("decimals", 1) if guess.unit == "%" else 2)


def reveal(guess: Question, value: float) -> Verdict:
    """Describe what was guessed, what it is, and how far off that was."""
    found = truth(guess)
    words = {"guess": brief(value, guess.unit), "off": apart(value, found, guess.unit)}
    if close(value, found, guess.tolerance):
        return answered(guess, EXACT, **words)
    far = abs(value - found) > abs(found) / 2
    return answered(guess, MORE if found > value else LESS, FAR if far else "", **words)


def answered(about: Question, *sentences: str, **words: str) -> Verdict:
    """Say sentences about a guess, and what belongs to its truth."""
    parts = (_(sentence) for sentence in (_YOURS, *sentences) if sentence)
    text = " ".join(parts).format(truth=brief(truth(about), about.unit), **words)
    return Verdict(tone="open", text=f"{text}\n\n{said(about.because)}".strip())


def told(guess: Question) -> str:
    """Describe what it is, to who asks without a guess."""
    return f"{brief(truth(guess), guess.unit)}. {said(guess.because)}".strip()


def about(guess: Question) -> str:
    """Name what was guessed: a lever where it is the place of one, else a figure."""
    return str(guess.truth.get("lever", guess.truth["figure"]))


def brief(value: float, unit: Unit) -> str:
    """Write a number as its unit asks, with no more decimals than it has.

    Examples
    --------
    >>> brief(0.75, "%"), brief(0.166, "%"), brief(12.5, ""), brief(0.4, "×")
    ('75%', '16.6%', '12.5', '0.40×')
    """
    if unit == "%":
        return percent(value, _decimals(value * 100))
    return written(value, unit) if unit else number(value, _decimals(value))


def apart(value: float, found: float, unit: Unit) -> str:
    """Write how far two numbers are from each other.

    Examples
    --------
    >>> apart(0.6, 0.75, "%"), apart(20, 13, "")
    ('15 percentage points', '7')
    """
    if unit != "%":
        return brief(abs(round(value, 2) - found), unit)
    points = round(abs(round(value * 100, 1) - found * 100), 1)
    words = ngettext("{points} percentage point", "{points} percentage points", points)
    return words.format(points=number(points, _decimals(points)))


def _decimals(value: float) -> int:
    return int(abs(value - round(value)) >= 0.05)


def _reached(model: Model[Any], position: dict[str, float], about: Any) -> float:
    """Return where a lever must stand."""
    lever = next(lever for lever in model.levers if lever.name == about["lever"])
    bounds = {name: about[name] for name in ("at_least", "at_most") if name in about}
    at_start = {name: _figure(model.start(), bound) for name, bound in bounds.items() if isinstance(bound, str)}
    condition = {"figure": about["figure"], **bounds, **at_start}
    steps = round((lever.maximum - lever.minimum) / lever.step)
    places = [round(lever.minimum + at * lever.step, 9) for at in range(steps + 1)]
    for place in sorted(places, key=lambda place: abs(place - position[lever.name])):
        there = {**position, lever.name: place}
        if holds(condition, model.outcome(there), there):
            return place
    raise ValueError(f"{lever.name} never gets there")


def _figure(outcome: Any, path: str) -> float:
    """Return a figure of an outcome by its name, or one of a part of it."""
    found: Any = reduce(_part, path.split("."), outcome)
    return float(found)


def _part(whole: Any, name: str) -> Any:
    return whole[int(name)] if name.isdigit() else getattr(whole, name)
