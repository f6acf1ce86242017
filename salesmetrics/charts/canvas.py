"""The canvas of every picture: a page in pixels with shapes, words, lines, tiles and a legend; and looks they share."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import pairwise
from typing import Any

from matplotlib.artist import Artist
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import PathPatch
from matplotlib.path import Path
from matplotlib.text import Text

from salesmetrics.base.language import _
from salesmetrics.charts import MUTED, PAPER, Look
from salesmetrics.charts.handles import Guess, Handle
from salesmetrics.charts.moving_picture import Drawing

WIDTH, MARGIN = 600, 6  # pixels

# The one colour of the palette that no figure has, dark enough for letters.
_GUESS: dict[str, Any] = {"color": "#9C2F72", "linewidth": 3, "linestyle": (0, (2, 1))}
_GUESS_LETTER = 7.2  # pixels, on average

Box = tuple[float, float, float, float]
GuessPlace = Callable[[float, Any], tuple[Sequence[float], Sequence[float], float, float]]
_BOX = [Path.MOVETO, Path.LINETO, Path.LINETO, Path.LINETO, Path.CLOSEPOLY]


class Canvas:
    """A page of one picture.

    Parameters
    ----------
    height
        In pixels.
    x, y
        What its edges stand for; without them the one coordinate is the pixel, from below.
    """

    def __init__(
        self, height: float, *, x: tuple[float, float] = (0, WIDTH), y: tuple[float, float] | None = None
    ) -> None:
        self.height, self._figure = height, Figure(figsize=(WIDTH / 72, height / 72))
        self._axes = self._figure.add_axes((0, 0, 1, 1), frameon=False)
        self._axes.set(xlim=x, ylim=y or (0, height))
        low, high = self._axes.get_ylim()
        self._across, self._up = (x[1] - x[0]) / WIDTH, (high - low) / height  # of one pixel
        self._axes.set_axis_off()

    def text(self, x: float, y: float, words: str = "", **look: Any) -> Text:
        """Write words on the page."""
        return self._axes.text(x, y, words, **look)

    def texts(self, places: Iterable[tuple[float, float]], **look: Any) -> list[Text]:
        """Add one text per place, empty still."""
        return [self._axes.text(x, y, "", **look) for x, y in places]

    def tiles(
        self, places: Sequence[float], names_at: float, values_at: float, *called: str, **look: Any
    ) -> tuple[list[Text], list[Text]]:
        """Add the figures of a picture's head, empty still, and what each is called, where that stays the same."""
        names = self.texts(((x, names_at) for x in places), size=12, color=MUTED)
        write(names[: len(called)], called)
        return names, self.texts(((x, values_at) for x in places), weight="bold", **look)

    def line(self, x: Sequence[float] = (), y: Sequence[float] = (), marker: str = "", **look: Any) -> Line2D:
        """Draw a line, or with a marker its points."""
        (line,) = self._axes.plot(x, y, *filter(None, [marker]), **look)
        return line

    def shapes(self, *looks: Look) -> list[PathPatch]:
        """Add one shape per look, with nothing in it yet."""
        patches = [PathPatch(boxes([]), **{"clip_on": False, **look}) for look in looks]
        for patch in patches:
            self._axes.add_patch(patch)
        return patches

    def legend(
        self,
        entries: Iterable[tuple[Look, str]],
        left: float,
        bottom: float,
        *,
        box: tuple[float, float] = (22, 14),
        gap: float = 6,
        raised: float = 1,
        step: float = 0,
        letter: float = 0,
        **look: Any,
    ) -> None:
        """Draw what each filling stands for, one beside the other.

        Parameters
        ----------
        left, bottom
            Where the first box begins.
        box, gap, raised
            Width and height of a box, how far behind it the words begin, and how far above its foot: in pixels.
        step, letter
            How far it is to the next entry, and what each letter of this one adds to that.
        look
            Of the words.
        """
        for filling, words in entries:
            (sample,) = self.shapes(filling)
            fill(sample, (left, bottom, left + box[0] * self._across, bottom + box[1]))
            self.text(left + (box[0] + gap) * self._across, bottom + raised, words, **look)
            left += (step + letter * len(words)) * self._across

    def drawing(
        self,
        moving: Sequence[Artist] = (),
        move: Callable[[Any], None] = lambda _result: None,
        start: Any = None,
        outlined: Sequence[Artist] | None = None,
        handles: Sequence[Handle[Any]] = (),
        guesses: Mapping[str, Guess] | None = None,
    ) -> Drawing[Any]:
        """Return the drawing: what moves, in the order in which it lies on each other, how, and where it starts."""
        if start is not None:
            move(start)
        return Drawing(self._figure, moving, move, outlined, handles, guesses or {})

    def guess(self, written: Callable[[float], str], at: GuessPlace, marker: str = "") -> Guess:
        """Add what a reader guessed: a dashed line, or with a marker a point, and its words on paper of their own.

        Parameters
        ----------
        written
            Writes the guess.
        at
            Returns where the line goes, across and upwards, and where its words begin, for a guess and an outcome.
        marker
            Of a point.
        """
        look = {**_GUESS, **({"markersize": 13, "markerfacecolor": PAPER, "markeredgewidth": 2.5} if marker else {})}
        line = self.line(marker=marker, clip_on=False, **look)
        (paper,) = self.shapes({"facecolor": PAPER, "edgecolor": "none"})
        words = self.text(0, 0, color=_GUESS["color"], size=12, weight="bold")

        def place(value: float, outcome: Any) -> None:
            across, up, x, y = at(value, outcome)
            line.set_data(across, up)
            words.set_text(_("your guess: {value}").format(value=written(value)))
            words.set_position((x, y))
            width = _GUESS_LETTER * len(words.get_text())
            fill(paper, (x - 3 * self._across, y - 4 * self._up, x + width * self._across, y + 12 * self._up))

        return Guess([paper, line, words], place)


def boxes(corners: Iterable[Box]) -> Path:
    """Build one path of boxes (left, bottom, right, top): one element in the picture, however many there are."""
    points: list[tuple[float, float]] = []
    for left, bottom, right, top in corners:
        if right > left and top > bottom:
            points += [(left, bottom), (right, bottom), (right, top), (left, top), (left, bottom)]
    return Path(points or [(math.nan, math.nan)], _BOX * (len(points) // 5) or None)


def scale(start: float, length: float, full: float) -> Callable[[float], float]:
    """Return where a value lies on a scale that is so long for ``full``, and goes no further.

    Examples
    --------
    >>> [scale(6, 100, full=20)(value) for value in (0, 5, 20, 30)]
    [6.0, 31.0, 106.0, 106.0]
    """
    return lambda value: start + length * min(value / full, 1.0)


def bars(bottom: float, height: float, *edges: float) -> list[Box]:
    """Return the boxes of the bars in a row, each from one edge to the next.

    Examples
    --------
    >>> bars(0, 20, 6, 106, 156)
    [(6, 0, 106, 20), (106, 0, 156, 20)]
    """
    return [(left, bottom, right, bottom + height) for left, right in pairwise(edges)]


def fill(shape: PathPatch, *corners: Box) -> None:
    """Let a shape be these boxes."""
    shape.set_path(boxes(corners))


def fill_each(shapes: Sequence[PathPatch], rows: Sequence[Sequence[Box]]) -> None:
    """Let each shape be its own bar of every row."""
    for at, shape in enumerate(shapes):
        fill(shape, *(corners[at] for corners in rows))


def write(places: Sequence[Text], words: Iterable[str], *, fit: bool = False) -> None:
    """Write words in their places; ``fit`` makes a figure above a picture as large as its place allows."""
    for text, said in zip(places, words, strict=True):
        text.set_text(said)
        if fit:
            text.set_fontsize(heading_size(said))


def heading_size(words: str) -> int:
    """Return the size of letters in which a figure above a picture fits its place.

    Examples
    --------
    >>> heading_size("38.4%"), heading_size("50% of the target"), heading_size("1,000% van het target")
    (19, 15, 13)
    """
    return 19 if len(words) <= 7 else 15 if len(words) <= 18 else 13
