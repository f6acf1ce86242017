"""What stands on a picture beside what it draws: what one takes hold of with the hand, and what a reader guessed.

A point to drag and a deal to press away move levers; a guess is a layer of its own over the rest.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic, NamedTuple, TypeVar

from matplotlib.artist import Artist
from matplotlib.figure import Figure

from salesmetrics.base.language import _
from salesmetrics.models import Model, Outcome

OutcomeT = TypeVar("OutcomeT", bound=Outcome)
Levers = Mapping[str, float]

_BEGIN, _END = '<g class="guess">', "<!-- guess --></g>"


class Spot(NamedTuple):
    """Where a handle is, in the picture's own coordinates; one with a size is a part of the picture to press.

    ``says`` tells in words where it is, or what pressing it does.
    """

    x: float
    y: float
    says: str
    width: float = 0
    height: float = 0
    mark: str = ""


@dataclass(frozen=True)
class Handle(Generic[OutcomeT]):
    """A part of a picture that moves levers.

    What its functions return may lie past a lever's end: who moves the levers stops there.

    Parameters
    ----------
    label, hint
        What it is, and how it is taken hold of.
    spot
        Where it is; ``None`` while there is nothing to take hold of.
    by
        Returns the levers so many steps to the right and upwards.
    to
        Returns the levers for a place in the picture's coordinates, from the outcome at which the drag began, so that
        there and back again is nowhere. Without it the handle is a button, and a press is one step to the right.
    along
        Returns the levers so many steps along what the point is bound to, where it is bound to something.
    """

    label: str
    hint: str
    spot: Callable[[OutcomeT], Spot | None]
    by: Callable[[OutcomeT, int, int], Levers]
    to: Callable[[OutcomeT, float, float], Levers] | None = None
    along: Callable[[OutcomeT, int], Levers] | None = None


class Holds:
    """The handles of one picture, between the pixels of the screen and the levers of the model.

    Parameters
    ----------
    handles
        In the coordinates of the figure's one axes.
    figure
        At one pixel for a point.
    """

    def __init__(self, handles: Sequence[Handle[Any]], figure: Figure) -> None:
        self._handles = handles
        self._gesture: object = None
        if handles:
            # Nothing shifts in a picture once it is drawn, so this is worked out once and not at every step.
            (left, foot), (right, head) = figure.axes[0].transData.transform(((0, 0), (1, 1))).tolist()
            self._across, self._up = right - left, head - foot
            self._left, self._floor = left, float(figure.bbox.height) - foot

    def described(self) -> list[tuple[str, str, bool]]:
        """Return what each handle is, how it is taken hold of, and whether it is dragged."""
        return [(handle.label, handle.hint, handle.to is not None) for handle in self._handles]

    def spots(self, outcome: Outcome) -> list[tuple[float | str, ...] | None]:
        """Return where each handle is, in pixels from the top left, with its size, its words and its mark."""
        return [self._in_pixels(spot) if (spot := handle.spot(outcome)) else None for handle in self._handles]

    def levers(self, wanted: Mapping[str, Any], outcome: Outcome) -> Levers:
        """Return the levers that the browser wants.

        Parameters
        ----------
        wanted
            Which ``handle``, ``how``, the pixels or the steps ``x`` and ``y``, and of which ``gesture``.
        outcome
            What the picture shows now.
        """
        handle: Handle[Any] = self._handles[wanted["handle"]]
        x, y = float(wanted["x"]), float(wanted["y"])
        if wanted["how"] == "to" and handle.to:
            if wanted["gesture"] != self._gesture:
                self._gesture, self._begun = wanted["gesture"], outcome
            return handle.to(self._begun, (x - self._left) / self._across, (self._floor - y) / self._up)
        if wanted["how"] == "along" and handle.along:
            return handle.along(outcome, round(x + y))
        return handle.by(outcome, round(x), round(y))

    def _in_pixels(self, spot: Spot) -> tuple[float | str, ...]:
        left, top = self._left + spot.x * self._across, self._floor - (spot.y + spot.height) * self._up
        return left, top, spot.width * self._across, spot.height * self._up, spot.says, spot.mark


def away_handle(model: Model[Any], part: Callable[[Any], tuple[float, float, float, float] | None]) -> Handle[Any]:
    """Return the handle that takes the largest deal away, then the next, and after the last brings them back.

    Parameters
    ----------
    model
        Has the lever ``away``.
    part
        Returns what is pressed: left, foot, width and height; ``None`` while it is not there.
    """
    most = next(round(lever.maximum) for lever in model.levers if lever.name == "away")

    def spot(outcome: Any) -> Spot | None:
        away, place = round(outcome.levers["away"]), part(outcome)
        if place is None:
            return None
        if away >= most:
            return Spot(*place[:2], _("Bring the largest deals back"), *place[2:], mark="+")
        says = _("Take the next largest deal away") if away else _("Take the largest deal away")
        return Spot(*place[:2], says, *place[2:], mark="×")

    def press(begun: Any, steps: int, _up: int) -> Levers:
        return {"away": (round(begun.levers["away"]) + steps) % (most + 1)}

    hint = _("Press × to take the largest deal away.")
    return Handle(_("The largest deal"), hint, spot, press)


@dataclass(frozen=True)
class Guess:
    """A guess in a picture.

    Parameters
    ----------
    artists
        What is drawn.
    place
        Puts that in its place for a value and the outcome that was asked about, so that it stands still while the
        levers move.
    """

    artists: Sequence[Artist]
    place: Callable[[float, Any], None]


def layer(drawn: str) -> str:
    """Return what was drawn as a layer that can be taken away again."""
    return f"{_BEGIN}{drawn}{_END}"


def without_guess(svg: str) -> str:
    """Return a picture without its guess: that is kept in one file only, where it can be forgotten.

    Examples
    --------
    >>> without_guess(f"<svg>{layer('<path/>')}</svg>")
    '<svg></svg>'
    """
    return re.sub(f"{_BEGIN}.*{_END}", "", svg, flags=re.DOTALL)
