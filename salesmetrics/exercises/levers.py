"""Answers that are a position of sliders: it meets the conditions, or it shows a known misunderstanding."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from salesmetrics.base.errors import SalesMetricsError
from salesmetrics.base.language import _, did_you_mean
from salesmetrics.exercises.content import Question, Wrong
from salesmetrics.models import Model, Outcome, model_named


def model_of(question: Question) -> Model[Any]:
    """Give the model whose sliders an exercise shows."""
    return model_named(question.model)


def read(question: Question, given: Any) -> dict[str, float]:
    """Read a position: from an Explorer, or lever values by name; levers not named stand at their start.

    Raises
    ------
    SalesMetricsError
        It is neither, it is of another model, or a lever does not go that far.
    """
    model = model_of(question)
    if hasattr(given, "levers"):
        given = {name: slider.value for name, slider in given.levers.items()}
    if not isinstance(given, Mapping):
        raise SalesMetricsError(
            _("The answer is a position of the sliders."), hint=_("Move the sliders, then choose Check.")
        )
    levers = {lever.name: lever for lever in model.levers}
    for name, value in given.items():
        if name not in levers:
            raise SalesMetricsError(
                _("There is no lever called “{name}” here.").format(name=name), hint=did_you_mean(name, levers)
            )
        lever = levers[name]
        if isinstance(value, bool | str) or not lever.minimum <= value <= lever.maximum:
            raise SalesMetricsError(
                _("“{lever}” does not go there.").format(lever=_(lever.label)),
                hint=_("Move the sliders, then choose Check."),
            )
    return {**model.defaults(), **given}


def right(question: Question, position: Mapping[str, float]) -> bool:
    """Tell whether a position meets all conditions."""
    return _meets(question, question.when, position)


def fits(question: Question, wrong: Wrong, position: Mapping[str, float]) -> bool:
    """Tell whether a position shows this misunderstanding."""
    return _meets(question, wrong.fits["when"], position)


def _meets(question: Question, conditions: Any, position: Mapping[str, float]) -> bool:
    outcome = model_of(question).outcome(position)
    return all(holds(condition, outcome, position) for condition in conditions)


def holds(condition: Mapping[str, Any], outcome: Outcome, position: Mapping[str, float]) -> bool:
    """Tell whether a figure of the outcome, or a lever, lies where the condition says; no value lies nowhere."""
    value = position[condition["lever"]] if "lever" in condition else getattr(outcome, condition["figure"])
    if value is None:
        return False
    low, high = condition.get("at_least", value), condition.get("at_most", value)
    # A slider's steps are not exact in binary, and what it shows is.
    slack = 1e-9 * max(1.0, abs(value))
    return bool(low - slack <= value <= high + slack)
