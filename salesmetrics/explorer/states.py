"""Where the levers stood, to go back and forth along; and two states side by side, with the difference."""

from __future__ import annotations

import html
from collections import deque
from collections.abc import Callable, Hashable, Mapping, Sequence
from typing import Any, NamedTuple

from salesmetrics.base.language import _
from salesmetrics.charts.words import Figure
from salesmetrics.models import Model, Outcome
from salesmetrics.widgets.slider import format_value

Position = Mapping[str, float]

REMEMBERED = 100  # steps back; older ones are forgotten, so that a day of playing costs no more than an hour
_NONE = "–"
_MINUS = "−"


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
        self._now = start
        self._before: deque[Position] = deque(maxlen=REMEMBERED)
        self._after: deque[Position] = deque(maxlen=REMEMBERED)
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
        if position == self._now:
            return
        if gesture is None or gesture != self._gesture:
            self._before.append(self._now)
        self._now, self._gesture = position, gesture
        self._after.clear()

    def back(self) -> Position | None:
        """Go a step back and return where that is; ``None`` when there is none."""
        return self._go(self._before, self._after)

    def forward(self) -> Position | None:
        """Go a step forth again and return where that is; ``None`` when there is none."""
        return self._go(self._after, self._before)

    def _go(self, ahead: deque[Position], behind: deque[Position]) -> Position | None:
        if not ahead:
            return None
        behind.append(self._now)
        self._now, self._gesture = ahead.pop(), None
        return self._now


class State(NamedTuple):
    """Where the levers stand and what the model says to that."""

    position: Position
    outcome: Outcome


class Line(NamedTuple):
    """One line of a comparison, in words; levers have no difference, as their values say it all."""

    name: str
    a: str
    now: str
    difference: str


def compare(figures: Sequence[Figure], model: Model[Any], a: State, now: State) -> list[Line]:
    """Compare a state with another of the same model: the picture's figures first, then the levers that moved."""
    lines, told = [], set[tuple[str, float | None, float | None]]()
    for figure in figures:
        before, after = (getattr(state.outcome, figure.field) for state in (a, now))
        if before is not None or after is not None:
            a_words, now_words = (_NONE if value is None else figure.write(value) for value in (before, after))
            known = before is not None and after is not None
            difference = _signed(after - before, figure.write_difference) if known else _NONE
            lines.append(Line(_(figure.label), a_words, now_words, difference))
            told.add((figure.label, before, after))
    for lever in model.levers:
        before, after = a.position[lever.name], now.position[lever.name]
        # A lever that is one of the figures stands there already.
        if before != after and (lever.label, before, after) not in told:
            lines.append(Line(_(lever.label), format_value(lever.unit, before), format_value(lever.unit, after), ""))
    return lines


def _signed(difference: float, write: Callable[[float], str]) -> str:
    if not difference:
        return _("the same")
    text = write(abs(difference))
    if text == write(0):
        return _("nearly the same")
    return (_MINUS if difference < 0 else "+") + text


def as_html(lines: list[Line]) -> str:
    """Write a comparison as a table."""
    heads = "".join(f'<th scope="col">{html.escape(head)}</th>' for head in ("A", _("Now"), _("Difference")))
    rows = "".join(
        f'<tr><th scope="row">{html.escape(line.name)}</th>'
        + "".join(f"<td>{html.escape(cell)}</td>" for cell in line[1:])
        + "</tr>"
        for line in lines
    )
    return (
        f"<table><caption>{html.escape(_('A, dashed in the picture, beside where the sliders stand now'))}</caption>"
        f"<thead><tr><td></td>{heads}</tr></thead><tbody>{rows}</tbody></table>"
    )


def as_text(lines: list[Line]) -> str:
    """Write a comparison as lines of text."""
    return "\n".join(
        _("{name}: A {a}, now {now}").format(name=line.name, a=line.a, now=line.now)
        + (f" ({line.difference})" if line.difference else "")
        for line in lines
    )
