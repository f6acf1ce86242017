"""Models: levers in, outcome out. Pure functions of numbers, so that a slider's step costs nothing but arithmetic."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib import import_module
from typing import Literal

# Every model, in the order of the lessons; what one makes up oneself comes first.
NAMES = (
    "sandbox",
    "fishing-net",
    "coverage",
    "conversion",
    "balance",
    "startup",
    "quarter",
    "consultancy",
    "agency",
    "mix",
    "coin-flip",
    "slow-deals",
)

Unit = Literal["money", "count", "percent", "times", "days", "number"]


@dataclass(frozen=True, kw_only=True)
class Lever:
    """Something a reader can move.

    Parameters
    ----------
    name
        How code calls it.
    label
        How the screen calls it: a message id, translated where it is shown.
    minimum, maximum, step, default
        The range. A percentage is a fraction here: 0.25 is shown as 25%.
    unit
        How its values are written.
    raises
        The field of the outcome that the lever is meant to raise, if it is meant to raise one.
    better
        Which way to move it for that.
    """

    name: str
    label: str
    minimum: float
    maximum: float
    step: float
    default: float
    unit: Unit
    raises: str | None = None
    better: Literal["higher", "lower"] = "higher"


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What a set of levers leads to; each model adds what its picture shows.

    ``None`` says that the figure has no value here, and the sentence says why.

    Parameters
    ----------
    coverage
        Open pipeline ÷ target. Below 1 the target is out of reach even if everything is won; 1 ÷ conversion
        just reaches it on average; more is a buffer.
    conversion
        Won ÷ closed, from 0 to 1.
    expected_revenue
        What such a pipeline brings on average, in euros: an average over many quarters, not a promise for this one.
    chance_of_target
        From 0 to 1; near ½ where the expected revenue is just the target.
    """

    coverage: float | None
    conversion: float | None = None
    expected_revenue: float | None = None
    chance_of_target: float | None = None


@dataclass(frozen=True, kw_only=True)
class Model:
    """Levers and the function from their values to an outcome."""

    name: str
    title: str
    levers: tuple[Lever, ...]
    outcome: Callable[[Mapping[str, float]], Outcome]

    def defaults(self) -> dict[str, float]:
        """Give each lever's value at the start."""
        return {lever.name: lever.default for lever in self.levers}


def model_named(name: str) -> Model:
    """Give the model of one of these names.

    Examples
    --------
    >>> model_named("fishing-net").title
    'The fishing net'
    """
    model: Model = import_module(f"salesmetrics.models.{name.replace('-', '_')}").MODEL
    return model
