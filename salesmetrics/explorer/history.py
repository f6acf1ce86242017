"""Where the levers stood, step after step, to go back and forth along."""

from __future__ import annotations

from collections import deque
from collections.abc import Hashable, Mapping

Position = Mapping[str, float]

REMEMBERED = 100  # steps back; older ones are forgotten, so that a day of playing costs no more than an hour


class History:
    """The positions a reader has been at.

    Parameters
    ----------
    start
        Where the levers stand at first.

    Examples
    --------
    >>> history = History({"target": 1})
    >>> history.note({"target": 2})
    >>> history.back(), history.back(), history.forward()
    ({'target': 1}, None, {'target': 2})
    """

    def __init__(self, start: Position) -> None:
        self._names = tuple(start)
        self._now = self._packed(start)
        self._before: deque[tuple[float, ...]] = deque(maxlen=REMEMBERED)
        self._after: list[tuple[float, ...]] = []
        self._gesture: Hashable = None

    @property
    def undoable(self) -> bool:
        """Whether there is a step to take back."""
        return bool(self._before)

    @property
    def redoable(self) -> bool:
        """Whether a step was taken back that can be done again."""
        return bool(self._after)

    def note(self, position: Position, gesture: Hashable = None) -> None:
        """Remember a new position.

        Parameters
        ----------
        gesture
            What moved there. Positions of one gesture, such as one drag, are one step; ``None`` is a step by itself.
        """
        packed = self._packed(position)
        if packed == self._now:
            return
        if gesture is None or gesture != self._gesture:
            self._before.append(self._now)
        self._now, self._gesture = packed, gesture
        self._after.clear()

    def back(self) -> dict[str, float] | None:
        """Go a step back and give where that is; ``None`` when there is none."""
        if not self._before:
            return None
        self._after.append(self._now)
        return self._go(self._before.pop())

    def forward(self) -> dict[str, float] | None:
        """Go a step forth again and give where that is; ``None`` when there is none."""
        if not self._after:
            return None
        self._before.append(self._now)
        return self._go(self._after.pop())

    def _go(self, packed: tuple[float, ...]) -> dict[str, float]:
        self._now, self._gesture = packed, None
        return dict(zip(self._names, packed, strict=True))

    def _packed(self, position: Position) -> tuple[float, ...]:
        return tuple(position[name] for name in self._names)
