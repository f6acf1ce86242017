"""The class as a picture: per exercise who was right at once, who stumbled first, and who is not there yet."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from matplotlib.figure import Figure
from matplotlib.patches import Patch

from salesmetrics.base.language import _
from salesmetrics.charts.moving_picture import PAPER, TARGET, Drawing, MovingPicture, figure_html, house_style
from salesmetrics.exercises.class_counting import Tally
from salesmetrics.exercises.content import said

_ROW, _HEAD = 0.62, 0.6  # inches
# From right at once to not there yet; hatches as well, so that it can be read without colour.
_LOOKS: tuple[dict[str, Any], ...] = (
    {"facecolor": "#D9D9D9"},
    {"facecolor": PAPER, "hatch": "//"},
    {"facecolor": "#4D4D4D"},
)


def picture(tallies: Sequence[Tally], sentence: str) -> str:
    """Draw the exercises from top to bottom as HTML that any page shows.

    Parameters
    ----------
    tallies
        At least one, in the order to draw them.
    sentence
        What the picture shows, in words.
    """
    drawing: Drawing[Any] = Drawing(figure(tallies), (), lambda _outcome: None)
    return figure_html(MovingPicture(drawing, name="class").svg(None, sentence), sentence)


@house_style()
def figure(tallies: Sequence[Tally]) -> Figure:
    """Draw a bar per exercise, as long as there are learners who tried it."""
    height = _ROW * len(tallies) + _HEAD
    drawn = Figure(figsize=(10, height))
    axes = drawn.add_axes((0.02, 0.02, 0.96, 0.96 - _HEAD / height))
    axes.set(xlim=(0, max(tally.tried for tally in tallies)), ylim=(len(tallies) - 0.4, -0.6))
    axes.axis("off")
    for row, tally in enumerate(tallies):
        name = f"{tally.question.lesson.number}  {said(tally.question.title)}"
        axes.text(0, row - 0.22, name, va="bottom")
        start = 0
        for count, look, ink in zip(parts(tally), _LOOKS, (TARGET, TARGET, PAPER), strict=True):
            if count:
                axes.barh(row, count, left=start, height=0.4, edgecolor=TARGET, **look)
                box = {"facecolor": look["facecolor"], "edgecolor": "none", "pad": 2}
                axes.text(start + count / 2, row, str(count), ha="center", va="center", color=ink, bbox=box)
            start += count
    names = (_("right at once"), _("right after a wrong answer"), _("not right yet"))
    handles = [Patch(edgecolor=TARGET, label=name, **look) for name, look in zip(names, _LOOKS, strict=True)]
    drawn.legend(handles=handles, loc="upper left", bbox_to_anchor=(0.01, 1), ncols=3, frameon=False)
    return drawn


def parts(tally: Tally) -> tuple[int, int, int]:
    """Give how many were right at once, right after a wrong answer, and not right yet."""
    return tally.at_once, tally.done - tally.at_once, tally.tried - tally.done
