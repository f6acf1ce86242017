"""What one takes hold of in a picture on a page: where it is in each state, and to which state a step of it leads."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from pages.grids import Grid
from pages.words import words
from salesmetrics.charts.handles import Holds
from salesmetrics.models import Outcome

# A step to the right, to the left, upwards and downwards; a press is one to the right.
_STEPS = ((1, 0), (-1, 0), (0, 1), (0, -1))


def held(grid: Grid, holds: Holds, outcomes: Sequence[Outcome]) -> tuple[list[dict[str, Any]], dict[str, Any]]:
    """Work out the handles of a picture whose levers move on a page.

    Parameters
    ----------
    grid
        Which levers those are, and where to.
    holds
        The picture's handles.
    outcomes
        What it shows, position by position.

    Returns
    -------
    What the page must know of each handle: its words, whether it is dragged, which levers it moves. And by handle the
    number of its place in each state, and how far away each step's state is.
    """
    positions, spots = list(grid.positions()), [holds.spots(outcome) for outcome in outcomes]
    about: list[dict[str, Any]] = []
    states: dict[str, list[Any]] = {"spots": [], "moves": []}
    places: dict[tuple[Any, ...] | None, int] = {}
    for at, (label, hint, drags) in enumerate(holds.described()):
        moves: list[list[int]] = []
        moved: set[str] = set()
        for x, y in _STEPS[: None if drags else 1]:
            wanted = {"handle": at, "how": "by", "x": x, "y": y, "gesture": 0}
            steps = [holds.levers(wanted, outcome) for outcome in outcomes]
            there = [_there(grid, *each, drags=drags) for each in zip(positions, steps, strict=True)]
            moves.append([grid.place(to) - place for place, to in enumerate(there)])
            moved |= {name for here, to in zip(positions, there, strict=True) for name in to if to[name] != here[name]}
        # A deal that cannot be brought back, or of which nothing moves here, is no handle.
        if moved and (drags or all(moves[0])):
            levers = [place for place, lever in enumerate(grid.levers) if lever.name in moved]
            # Between places of a coarse grid no curve can be followed.
            about.append({"held": [label, words("point") if drags else hint, drags], "levers": levers})
            states["spots"].append([places.setdefault(_rounded(here[at]), len(places)) for here in spots])
            states["moves"].append(moves)
    return about, {"places": list(places), **states}


def _there(grid: Grid, here: Mapping[str, float], wanted: Mapping[str, float], *, drags: bool) -> dict[str, float]:
    """Return the position where a step leads: of a drag the next one that way, of a press the very one or none."""
    there = dict(here)
    for name, value in wanted.items():
        values = grid.values.get(name, ())
        if not drags:
            there[name] = value if value in values else here[name]
        elif value > here[name]:
            there[name] = next((each for each in values if each > here[name]), here[name])
        elif value < here[name]:
            there[name] = next((each for each in reversed(values) if each < here[name]), here[name])
    return there


def _rounded(spot: tuple[Any, ...] | None) -> tuple[Any, ...] | None:
    return spot and (*(round(pixels, 1) for pixels in spot[:4]), *spot[4:])
