"""Which levers of a picture can be moved on a page, and to which values: a coarse grid whose every state is drawn."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from salesmetrics.exercises.content import Question
from salesmetrics.models import Lever, Model, model_named

_TENTHS = tuple(tenth / 10 for tenth in range(11))
_BUDGETS = (0, 2_000, 5_000, 10_000)
_EFFORTS = (0, 0.25, 0.5, 0.75, 1)
_ENDS = (0, 1)
# The levers that the lesson asks to move, and where to: so many values about, or these. What the text names is there.
PICTURES: Mapping[str, Mapping[str, int | Sequence[float]]] = {
    "fishing-net": {"net": 11, "holes": (0, 1, 2, 2.5, 3, 4, 5, 6, 7, 8, 9, 10), "skill": (0, *_TENTHS[2:])},
    "coverage": {
        "pipeline": (0, 500_000, 1_000_000, 1_500_000, 2_000_000, 2_250_000, 3_000_000, 4_000_000, 5_000_000),
        "target": (100_000, 250_000, 500_000, 800_000, 1_000_000, 1_500_000, 2_000_000),
        "won": (0, 250_000, 500_000),
        "largest": (0, 150_000, 250_000, 500_000, 1_000_000),
        "conversion": (0.1, 0.25),
    },
    "conversion": {
        "won": (0, 12, 36, 72, 100),
        "lost": (0, 12, 24, 48, 100, 250),
        "open": (0, 17, 50, 100, 250),
        "mean_lost": (30_000, 60_000, 90_000, 200_000),
    },
    "balance": {"coverage": 21, "conversion": 21},
    "start": {"start": 5, "company": 2},
    "bath": {"inflow": 11, "days_to_yes": 9, "days_to_no": 13},
    "startup": {"needs": _EFFORTS, "proposition": _EFFORTS, "demo": (0, 0.5, 1), "bought": (0, 50, 100, 200)},
    "quarter": {"rate": 11, "away": (0, 1, 2), "new_deals": (0, 1, 2, 3, 4, 5, 10)},
    "consultancy": {
        "search": _BUDGETS,
        "social": _BUDGETS,
        "events": _BUDGETS,
        "partners": _BUDGETS,
        "away": (0, 1, 2),
    },
    "agency": {
        "fast": 3,
        "cause": (0, 0.4, 1),
        "followups": _ENDS,
        "content": _ENDS,
        "handover": _ENDS,
        "qualify": 7,
    },
    "mix": {"mix": 21},
    "coin-flip": {
        "largest": (25_000, 100_000, 175_000, 250_000, 325_000, 400_000),
        "pipeline": (500_000, 1_000_000, 1_250_000, 1_500_000),
        "hand": tuple(range(1, 13)),
    },
    "slow-deals": {
        "share": _TENTHS,
        "months": (1, 3, 6, 9, 12),
        "fast_rate": (0.1, 0.25, 0.4),
        "slow_rate": (0.1, 0.25, 0.4),
    },
    "sandbox": {"deals": 8, "top_fifth": 5, "rate": 9},
}
# Coarser still, for a file that is committed and mailed.
TASTER: Mapping[str, Mapping[str, int | Sequence[float]]] = {
    "fishing-net": {"net": (0, 0.25, 0.5, 0.75, 1), "holes": (0, 2.5, 3, 4, 6, 8, 10), "skill": (0.25, 0.5, 0.7, 0.9)},
    "balance": {"coverage": 14, "conversion": 14},
}
# How many values each lever has about, by how many levers an exercise asks for.
_COUNTS = {1: 21, 2: 11, 3: 6, 4: 5, 5: 3}
_MOST_LEVERS = 4


@dataclass(frozen=True)
class Grid:
    """The positions of a model that a page can show.

    Parameters
    ----------
    model
        Whose levers they are.
    values
        The values of each lever that moves, from low to high; the others stand at their start.
    """

    model: Model[Any]
    values: Mapping[str, tuple[float, ...]]

    @property
    def levers(self) -> list[Lever]:
        """The levers that move, in the order of the screen."""
        return [lever for lever in self.model.levers if lever.name in self.values]

    @property
    def fixed(self) -> list[Lever]:
        """The levers that stand still."""
        return [lever for lever in self.model.levers if lever.name not in self.values]

    @property
    def start(self) -> list[int]:
        """Which of its values each lever has at the start."""
        return [self.values[lever.name].index(lever.default) for lever in self.levers]

    def positions(self) -> Iterator[dict[str, float]]:
        """Return every position, the last lever moving first."""
        names = [lever.name for lever in self.levers]
        for values in itertools.product(*(self.values[name] for name in names)):
            yield {**self.model.defaults(), **dict(zip(names, values, strict=True))}

    def place(self, position: Mapping[str, float]) -> int:
        """Return a position's place among :meth:`positions`; levers not named stand at their start.

        Raises
        ------
        ValueError
            It is not on the grid.
        """
        at = 0
        for lever in self.levers:
            values = self.values[lever.name]
            at = at * len(values) + values.index(position.get(lever.name, lever.default))
        return at


def grid_of(name: str, pictures: Mapping[str, Mapping[str, int | Sequence[float]]] = PICTURES) -> Grid:
    """Return the grid of a model's picture in a lesson, or in the taster.

    Examples
    --------
    >>> {name: len(values) for name, values in grid_of("mix").values.items()}
    {'mix': 21}
    """
    model = model_named(name)
    asked = pictures[name]
    return Grid(model, {lever.name: _values(lever, asked[lever.name]) for lever in model.levers if lever.name in asked})


def _values(lever: Lever, asked: int | Sequence[float]) -> tuple[float, ...]:
    return spread(lever, asked) if isinstance(asked, int) else tuple(sorted({float(lever.default), *map(float, asked)}))


def grid_for(question: Question) -> Grid:
    """Return the grid of an exercise with sliders: on it lie its answer and the wrong answers that it can show.

    The levers are the answer's, and after these the wrong answers', until there are enough.
    """
    model = model_named(question.model)
    examples = [question.answer, *(wrong.fits["levers"] for wrong in question.wrong)]
    names = list(question.answer)
    names += [name for name in dict.fromkeys(itertools.chain(*examples)) if name not in names]
    names = names[: max(_MOST_LEVERS, len(question.answer))]
    musts = {name: [float(example[name]) for example in examples if name in example] for name in names}
    count = _COUNTS[len(names)]
    return Grid(
        model, {lever.name: spread(lever, count, musts[lever.name]) for lever in model.levers if lever.name in names}
    )


def spread(lever: Lever, count: int, including: Sequence[float] = ()) -> tuple[float, ...]:
    """Return about so many values of a lever, evenly from end to end on its own steps, with its start and with these.

    Examples
    --------
    >>> spread(Lever("net", "Net", "percent", 0, 1, 0.05, 1), 3, [0.55])
    (0.0, 0.55, 1.0)
    """
    steps = round((lever.maximum - lever.minimum) / lever.step)
    found = {float(lever.minimum), float(lever.maximum), float(lever.default), *including}
    between = (lever.minimum + round(i * steps / (count - 1)) * lever.step for i in range(1, min(count, steps + 1) - 1))
    room = (lever.maximum - lever.minimum) / (2 * count)
    # Steps added up drift a little, and what lies close to a value that must be there is not needed beside it.
    found |= {round(value, 10) for value in between if all(abs(value - kept) > room for kept in found)}
    return tuple(sorted(found))
