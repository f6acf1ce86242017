"""A picture as a page holds it: as it begins, for every browser, and all its states for the levers."""

from __future__ import annotations

import html
import json
from collections.abc import Sequence
from typing import Any

from sources import BuildError

from pages import dealt
from pages.grids import Grid
from pages.guessed import marks
from pages.holding import held
from pages.packing import State, pack
from pages.words import TEMPLATES, words
from salesmetrics.base.language import _
from salesmetrics.charts.moving_picture import MovingPicture
from salesmetrics.exercises.content import Question
from salesmetrics.explorer import model_and_chart
from salesmetrics.widgets.slider import format_value

# A phone gets this over a slow line in a few seconds.
MOST_BYTES = 350_000


def picture(
    grid: Grid, name: str, verdicts: Sequence[int] = (), *, play: bool = False, guess: Question | None = None
) -> str:
    """Return a picture with its levers as HTML.

    Parameters
    ----------
    grid
        Which levers move, and where to.
    name
        Different for every picture on a page.
    verdicts
        Of an exercise with these sliders: per position the number of what the kit says to it.
    play
        Whether quarters can be played, where the model has them.
    guess
        The exercise that asks beforehand what the picture shows.

    Raises
    ------
    BuildError
        All states together weigh too much.
    """
    _model, chart = model_and_chart(grid.model.name)
    start = grid.model.start()
    sentence = chart.sentence(start)
    fixed = "; ".join(
        f"{_(lever.label)} {format_value(lever.unit, lever.default)}".replace("; ", ", ") for lever in grid.fixed
    )
    outcomes, drawn = [grid.model.outcome(position) for position in grid.positions()], _drawn(grid, name)
    (handles, places), played = held(grid, drawn.holds, outcomes), play and start.stake is not None
    beside: dict[str, Any] = {"handles": places} | ({"dealt": dealt.dealt(outcomes)} if played else {})
    if guess:
        beside["guess"] = marks(guess, _drawn(grid, name))
    packed = pack(states(grid, name, verdicts), beside)
    if len(packed) > MOST_BYTES:
        raise BuildError(f"{name}: its states take {len(packed)} bytes, of {MOST_BYTES}: make the grid coarser")
    return TEMPLATES.get_template("picture.html").render(
        name=name,
        svg=drawn.svg(start, sentence),
        sentence=html.escape(sentence),
        fixed=html.escape(words("fixed").format(levers=fixed)) if fixed else "",
        coarse=words("coarse"),
        about=as_json({"levers": levers(grid), "handles": handles} | ({"play": dealt.said()} if played else {})),
        packed=packed,
    )


def states(grid: Grid, name: str, verdicts: Sequence[int] = ()) -> list[State]:
    """Draw every position of a grid, without the sentence in the picture, which the page puts there."""
    _model, chart = model_and_chart(grid.model.name)
    drawn = _drawn(grid, name)
    found = []
    for at, position in enumerate(grid.positions()):
        outcome = grid.model.outcome(position)
        found.append(State(drawn.svg(outcome, ""), chart.sentence(outcome), verdicts[at] if verdicts else 0))
    return found


def levers(grid: Grid) -> list[dict[str, Any]]:
    """Return what the page must know of each lever: its name, how each of its values reads, where it begins."""
    return [
        {
            "name": lever.name,
            "label": _(lever.label),
            "texts": [format_value(lever.unit, value) for value in grid.values[lever.name]],
            "start": start,
        }
        for lever, start in zip(grid.levers, grid.start, strict=True)
    ]


def as_json(value: Any) -> str:
    """Write data so that it can stand in a page's script: nothing in it ends the script."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).replace("<", "\\u003c")


def _drawn(grid: Grid, name: str) -> MovingPicture[Any]:
    _model, chart = model_and_chart(grid.model.name)
    return MovingPicture(chart.draw(grid.model), name=name)
