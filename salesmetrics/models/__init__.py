"""Models: levers in, outcome out. Pure functions of numbers, so that a slider's step costs nothing but arithmetic."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from importlib import import_module
from typing import Any, Generic, Literal, TypeVar

import numpy as np

from salesmetrics.base.errors import SalesMetricsError
from salesmetrics.base.language import N_, _, did_you_mean
from salesmetrics.forecast.convolution import Floats

# Every model, in the order of the lessons, and where it stands, or what makes it where that reads a table;
# what one makes up oneself comes first.
_HOME = {
    "sandbox": "quarter.SANDBOX",
    "fishing-net": "fishing_net.MODEL",
    "coverage": "coverage.MODEL",
    "conversion": "conversion.MODEL",
    "balance": "balance.MODEL",
    "start": "pipeline_start.MODEL",
    "bath": "bath.MODEL",
    "startup": "startup.MODEL",
    "quarter": "quarter.model_of_consultancy",
    "consultancy": "consultancy.MODEL",
    "agency": "agency.model",
    "mix": "trap_models.MIX",
    "coin-flip": "trap_models.COIN_FLIP",
    "slow-deals": "trap_models.SLOW_DEALS",
}
NAMES = tuple(_HOME)

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


BINS = 24  # up to twice the target; the last one holds all beyond


@dataclass(frozen=True, eq=False)
class Stake:
    """What can be won in a quarter, to deal quarters from and feel what a chance means: each deal by its own chance.

    Parameters
    ----------
    amounts, chances
        Of each open deal, in euros, and from 0 to 1.
    won
        In euros, and certain.
    target
        The revenue to win, in euros.
    """

    amounts: Floats
    chances: Floats
    won: float
    target: float

    def deal(self, quarters: int, source: np.random.Generator) -> Floats:
        """Return the revenue of so many quarters, in euros; each deal is won independently of the others.

        Examples
        --------
        >>> stake = Stake(np.array([100.0, 50.0]), np.array([1.0, 0.0]), won=25.0, target=200.0)
        >>> stake.deal(3, np.random.default_rng(1)).tolist()
        [125.0, 125.0, 125.0]
        """
        wins = source.random((quarters, self.amounts.size)) < self.chances
        return np.asarray(self.won + wins @ self.amounts, dtype=np.float64)

    def reaches(self, revenue: float) -> bool:
        """Return whether a quarter's revenue is the target, to the cent, or more.

        Examples
        --------
        >>> stake = Stake(np.array([0.1] * 3), np.ones(3), won=0.0, target=0.3)
        >>> stake.reaches(0.3), stake.reaches(0.29)
        (True, False)
        """
        return round(revenue, 2) >= round(self.target, 2)

    def bin(self, revenue: float) -> int:
        """Return in which bin of the pile a quarter lies; those from the middle on reach the target.

        Examples
        --------
        >>> stake = Stake(np.array([]), np.array([]), won=0.0, target=120.0)
        >>> [stake.bin(revenue) for revenue in (0, 119.99, 120, 1_000)]
        [0, 11, 12, 23]
        """
        middle = BINS // 2
        at = min(int(revenue / self.target * middle), BINS - 1)
        return max(at, middle) if self.reaches(revenue) else min(at, middle - 1)


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


@dataclass(frozen=True, kw_only=True)
class TargetOutcome(Outcome):
    """An outcome in which a target may be reached, so that these three are always there."""

    expected_revenue: float
    chance_of_target: float
    target: float

    @property
    def expected_share(self) -> float:
        """Expected revenue ÷ target: at 1 about every second quarter reaches the target."""
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
        What draws it in ``charts/``, where that is no module of its own name.
    """

    name: str
    title: str
    levers: tuple[Lever, ...]
    outcome: Callable[[Mapping[str, float]], OutcomeT_co]
    picture: str = ""

    def lever(self, name: str) -> Lever:
        """Return the lever of a name.

        Raises
        ------
        SalesMetricsError
            There is none.

        Examples
        --------
        >>> model_named("coverage").lever("target").unit
        'money'
        """
        for lever in self.levers:
            if lever.name == name:
                return lever
        raise SalesMetricsError(
            _("There is no lever called “{name}” here.").format(name=name[:60]),
            hint=did_you_mean(name, [lever.name for lever in self.levers]),
        )

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
    module, _dot, within = _HOME[name].partition(".")
    found: Any = getattr(import_module(f"salesmetrics.models.{module}"), within)
    model: Model[Any] = found if isinstance(found, Model) else found()
    return model
