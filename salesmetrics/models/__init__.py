"""Models: levers in, outcome out. Pure functions of numbers, so that a slider's step costs nothing but arithmetic."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from importlib import import_module
from typing import Any, Generic, Literal, TypeVar

from salesmetrics.base.language import N_
from salesmetrics.models.play import Stake

# Every model, in the order of the lessons; what one makes up oneself comes first.
NAMES = (
    "sandbox",
    "fishing-net",
    "coverage",
    "conversion",
    "balance",
    "start",
    "bath",
    "startup",
    "quarter",
    "consultancy",
    "agency",
    "mix",
    "coin-flip",
    "slow-deals",
)

Unit = Literal["money", "count", "percent", "times", "days", "number"]


@dataclass(frozen=True)
class Lever:
    """Something a reader can move.

    Parameters
    ----------
    name
        How code calls it.
    label
        How the screen calls it: a message id, translated where it is shown.
    unit
        How its values are written.
    minimum, maximum, step, default
        The range, and where it stands at the start. A percentage is a fraction here: 0.25 is shown as 25%.
    raises, lowers
        The field of the outcome that more of this raises, or that it lowers, where it is meant to do either.
    """

    name: str
    label: str
    unit: Unit
    minimum: float
    maximum: float
    step: float
    default: float
    raises: str | None = None
    lowers: str | None = None


SLIP = Lever("slip", N_("Slips to the next quarter"), "percent", 0, 1, 0.05, 0, lowers="chance_of_target")
NEW_DEALS = Lever("new_deals", N_("New and closed within the quarter"), "count", 0, 20, 1, 0, raises="chance_of_target")


def away_lever(most: int) -> Lever:
    """Return the lever that takes the largest deals away: none at first, then one, up to this many."""
    label = N_("Largest deals that fall away")
    return Lever("away", label, "count", 0, most, 1, 0, lowers="chance_of_target")


def effort_lever(name: str, label: str) -> Lever:
    """Return the lever of a remedy that raises the conversion: from no effort to full effort."""
    return Lever(name, label, "percent", 0, 1, 0.05, 0, raises="conversion")


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What a set of levers leads to; each model adds what its picture shows.

    ``None`` says that the figure has no value here, and the sentence says why.

    Parameters
    ----------
    levers
        Where they stand.
    coverage
        Open pipeline ÷ target. Below 1 the target is out of reach even if everything is won; 1 ÷ conversion
        just reaches it on average; more is a buffer.
    conversion
        Won ÷ closed, from 0 to 1.
    expected_revenue
        What such a pipeline brings on average, in euros: an average over many quarters, not a promise for this one.
    chance_of_target
        From 0 to 1; near ½ where the expected revenue is just the target.
    target
        The revenue to win, in euros.
    stake
        The deals behind the chance, where quarters can be dealt from them.
    """

    levers: Mapping[str, float]
    coverage: float | None = None
    conversion: float | None = None
    expected_revenue: float | None = None
    chance_of_target: float | None = None
    target: float | None = None
    stake: Stake | None = field(default=None, compare=False, repr=False)

    @property
    def expected_share(self) -> float:
        """Expected revenue ÷ target, where there are both: at 1 about every second quarter reaches the target."""
        assert self.expected_revenue is not None
        assert self.target is not None
        return self.expected_revenue / self.target


OutcomeT_co = TypeVar("OutcomeT_co", bound=Outcome, covariant=True)


@dataclass(frozen=True)
class Model(Generic[OutcomeT_co]):
    """Levers and the function from their values to an outcome.

    Parameters
    ----------
    name, title
        As code and screen call it.
    levers
        In the order of the screen.
    outcome
        The function.
    picture
        The chart that draws it, where that is not the one of its own name.
    """

    name: str
    title: str
    levers: tuple[Lever, ...]
    outcome: Callable[[Mapping[str, float]], OutcomeT_co]
    picture: str = ""

    def defaults(self) -> dict[str, float]:
        """Return each lever's value at the start."""
        return {lever.name: lever.default for lever in self.levers}

    def start(self) -> OutcomeT_co:
        """Return the outcome where every lever stands at its start."""
        return self.outcome(self.defaults())


def model_named(name: str) -> Model[Any]:
    """Return the model of one of these names.

    Examples
    --------
    >>> model_named("fishing-net").title
    'The fishing net'
    """
    model: Model[Any] = import_module(f"salesmetrics.models.{name.replace('-', '_')}").MODEL
    return model
