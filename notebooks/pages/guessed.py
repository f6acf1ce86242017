"""What a reader guessed, in a picture on a page: a mark for each guess that it tells apart, drawn beforehand."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from salesmetrics.charts.moving_picture import MovingPicture
from salesmetrics.exercises.content import Question, Unit
from salesmetrics.exercises.feedback import guessed_at, truth

# From one mark to the next, up to where, in each unit; as finely as the pictures write it, and coarser off their scale.
_STEPS: Mapping[Unit, tuple[tuple[float, float], ...]] = {
    "": ((200, 1),),
    "%": ((1, 0.01),),
    "×": ((4, 0.01), (20, 0.1)),
}


def marks(asked: Question, drawn: MovingPicture[Any]) -> dict[str, Any]:
    """Return which exercise asks for the guess, and by number what is drawn; nothing where the picture has no place."""
    model, levers, figure = guessed_at(asked)
    outcome = model.outcome(levers)
    if not drawn.guess(figure, truth(asked), outcome):
        return {}
    numbers = _numbers(asked)
    return {"of": asked.id, "numbers": numbers, "drawn": [drawn.guess(figure, each, outcome) for each in numbers]}


def _numbers(asked: Question) -> list[float]:
    low, high = asked.bounds or (0.0, 1.0)
    found, begin = [], float(low)
    for end, step in _STEPS[asked.unit]:
        steps = round((min(end, high) - begin) / step)
        found += [round(begin + at * step, 2) for at in range(steps + 1)]
        begin = end
    return list(dict.fromkeys(found))
