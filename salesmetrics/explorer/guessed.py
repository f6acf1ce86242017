"""What a reader guessed, in the pictures of its model: in those on the page, and in those that are still to come."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple
from weakref import WeakSet

from salesmetrics.explorer.explorer import Explorer


class Guessed(NamedTuple):
    """A guess at a figure, and the position of the levers that it is about; ``None`` where it was forgotten."""

    figure: str
    value: float | None
    levers: Mapping[str, float]


# One lesson runs in a kernel, and asks for one guess with each of its pictures.
_known: dict[str, Guessed] = {}
_on_page: dict[str, WeakSet[Explorer]] = {}


def follow(name: str, explorer: Explorer) -> None:
    """Let a picture of a model show what is guessed about it, now and later."""
    _on_page.setdefault(name, WeakSet()).add(explorer)
    if (guessed := _known.get(name)) and guessed.value is not None:
        explorer.guess(*guessed)


def show(name: str, guessed: Guessed) -> None:
    """Show a guess in every picture of its model."""
    before = _known.get(name)
    if guessed == before or (guessed.value is None and (before is None or before.value is None)):
        return
    _known[name] = guessed
    for explorer in _on_page.get(name, ()):
        explorer.guess(*guessed)
