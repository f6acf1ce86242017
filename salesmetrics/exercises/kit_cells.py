"""The kit's own cells, each known by the hash of its code: a mark in a notebook anybody can write, this not."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from functools import cache

from salesmetrics.deals.scenarios import kit_files

_EDITIONS = ("en", "nl", "facilitator/en", "facilitator/nl")


def digest(source: str) -> str:
    """Compute the SHA-256 of a cell's code, as hexadecimal digits.

    Examples
    --------
    >>> digest("1")[:8]
    '6b86b273'
    """
    return hashlib.sha256(source.encode("utf-8", "surrogatepass")).hexdigest()


@cache
def kit_cells(lesson: str = "") -> frozenset[str]:
    """Return the digest of every code cell that the kit brings along, in both languages and both editions.

    Parameters
    ----------
    lesson
        The two digits of one lesson; without them, the cells of all lessons.

    Examples
    --------
    >>> digest('sm.exercise("welcome-bet")') in kit_cells("00")
    True
    >>> kit_cells("99")
    frozenset()
    """
    return frozenset(digest(source) for source in _sources(lesson))


def _sources(lesson: str) -> Iterator[str]:
    for edition in _EDITIONS:
        for file in (kit_files() / "notebooks" / edition).iterdir():
            if file.name.endswith(".ipynb") and file.name.startswith(f"{lesson}-" if lesson else ""):
                for cell in json.loads(file.read_text(encoding="utf-8"))["cells"]:
                    if cell["cell_type"] == "code":
                        yield "".join(cell["source"])
