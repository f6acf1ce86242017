"""What several charts are made of: shapes that move as one element, and chances in words."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Any

from matplotlib.axes import Axes
from matplotlib.patches import PathPatch
from matplotlib.path import Path

from salesmetrics.base.language import _, money, percent, times
from salesmetrics.base.show import short
from salesmetrics.charts.moving_picture import writable

# Letters in the palette's own orange would be too pale to read on white.
CONVERSION_LETTERS = "#8A5A00"

_BOX = [Path.MOVETO, Path.LINETO, Path.LINETO, Path.LINETO, Path.CLOSEPOLY]

Box = tuple[float, float, float, float]


def share_text(share: float) -> str:
    """Write which part of the target is expected, in whole percentages; what falls short of all is never all.

    Examples
    --------
    >>> share_text(0.5), share_text(0.004), share_text(0.998), share_text(0.99999), share_text(1.2)
    ('50%', '0.4%', '99.8%', '99.9%', '120%')
    """
    if 0.995 <= share < 1 - 1e-9:
        return percent(math.floor(share * 1000) / 1000)
    return percent(share, 0 if share == 0 or share >= 0.1 else 1)


def expectation(expected: float, share: float) -> tuple[str, str]:
    """Write the expected revenue as a heading and, to stand under it, which part of the target that is.

    Examples
    --------
    >>> [words.replace("\u00a0", " ") for words in expectation(250_000, 0.5)]
    ['expected: € 250,000', '50% of the target']
    """
    return (
        _("expected: {expected}").format(expected=money(round(expected))),
        _("{share} of the target").format(share=share_text(share)),
    )


def short_name(name: str, letters: int = 28) -> str:
    """Write a name of a stage or a group in as many letters as fit beside its figures.

    Examples
    --------
    >>> short_name("Lead"), short_name("Waiting for the purchasing department")
    ('Lead', 'Waiting for the purchasing …')
    """
    return short(writable(_(name)), letters)


def heading_size(words: str) -> int:
    """Give the size of letters in which a figure above a picture fits its place.

    Examples
    --------
    >>> heading_size("38.4%"), heading_size("50% of the target"), heading_size("1,000% van het target")
    (19, 15, 13)
    """
    return 19 if len(words) <= 7 else 15 if len(words) <= 18 else 13


def steady_times(ratio: float) -> str:
    """Write a number of times with one decimal, with two where one would round it.

    Examples
    --------
    >>> steady_times(5), steady_times(4.75), steady_times(2.0000000001)
    ('5.0×', '4.75×', '2.0×')
    """
    return times(ratio, 1 if math.isclose(round(ratio, 1), ratio, abs_tol=1e-9) else 2)


def shape(axes: Axes, **look: Any) -> PathPatch:
    """Add a shape that has nothing in it yet."""
    patch = PathPatch(boxes([]), **{"clip_on": False, **look})
    axes.add_patch(patch)
    return patch


def boxes(corners: Iterable[Box]) -> Path:
    """Make one path of boxes (left, bottom, right, top): one element in the picture, however many there are."""
    points: list[tuple[float, float]] = []
    for left, bottom, right, top in corners:
        if right > left and top > bottom:
            points += [(left, bottom), (right, bottom), (right, top), (left, top), (left, bottom)]
    return Path(points or [(math.nan, math.nan)], _BOX * (len(points) // 5) or None)
