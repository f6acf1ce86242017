"""A drawing looked at as a reader would: the words that can be seen, and whether they fit."""

from typing import Any

from matplotlib.colors import to_rgba
from matplotlib.patches import PathPatch

from salesmetrics.charts.moving_picture import Drawing


def _seen(drawing: Drawing[Any]) -> list[Any]:
    (axes,) = drawing.figure.axes
    return [text for text in axes.texts if text.get_visible() and text.get_text()]


def words(drawing: Drawing[Any]) -> list[str]:
    """Give the texts in the picture that can be seen."""
    return [text.get_text() for text in _seen(drawing)]


def places(drawing: Drawing[Any]) -> list[Any]:
    """Give the box of each of them, in the order of :func:`words`."""
    drawing.figure.dpi = 72
    drawing.figure.draw_without_rendering()
    return [text.get_window_extent() for text in _seen(drawing)]


def inside(drawing: Drawing[Any]) -> None:
    """Fail where a word of the picture sticks out of it."""
    for word, box in zip(words(drawing), places(drawing), strict=True):
        width, height = drawing.figure.get_size_inches() * drawing.figure.dpi
        assert 0 <= box.x0 <= box.x1 <= width, word
        assert 0 <= box.y0 <= box.y1 <= height, word


def shapes(drawing: Drawing[Any], color: str, hatch: str | None = None) -> list[list[tuple[float, ...]]]:
    """Give, for each shape of one look, its boxes (left, bottom, right, top): first those that move, then the still."""
    still = [patch for patch in drawing.figure.findobj(PathPatch) if patch not in drawing.moving]
    found = []
    for patch in (*drawing.moving, *still):
        if isinstance(patch, PathPatch) and (patch.get_facecolor(), patch.get_hatch()) == (to_rgba(color), hatch):
            corners = patch.get_path().vertices
            boxes = corners.reshape(-1, 5, 2) if len(corners) > 1 else []
            found.append([(*map(float, box[0]), *map(float, box[2])) for box in boxes])
    return found
