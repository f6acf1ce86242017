"""What a reader guessed, as it stands in a picture: a layer of its own over the rest."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from matplotlib.artist import Artist

_BEGIN, _END = '<g class="guess">', "<!-- guess --></g>"


@dataclass(frozen=True)
class Guess:
    """A guess in a picture.

    Parameters
    ----------
    artists
        What is drawn.
    place
        Puts that in its place for a value and the outcome that was asked about, so that it stands still while the
        levers move.
    """

    artists: Sequence[Artist]
    place: Callable[[float, Any], None]


def layer(drawn: str) -> str:
    """Return what was drawn as a layer that can be taken away again."""
    return f"{_BEGIN}{drawn}{_END}"


def without_guess(svg: str) -> str:
    """Return a picture without its guess: that is kept in one file only, where it can be forgotten.

    Examples
    --------
    >>> without_guess(f"<svg>{layer('<path/>')}</svg>")
    '<svg></svg>'
    """
    return re.sub(f"{_BEGIN}.*{_END}", "", svg, flags=re.DOTALL)
