"""How far a long file is: a line of text, or a function of the caller's own."""

from __future__ import annotations

import sys
from collections.abc import Callable

from salesmetrics.base.language import _, percent
from salesmetrics.crm.source import Source

Progress = Callable[[float], None]

# Smaller files are read before a bar would be seen.
SHOWN_FROM = 20_000_000
# A workbook is packed, and read cell by cell: a byte of it takes as long as this many of a text.
_OF_WORKBOOK = 20
_WIDTH = 30


def progress_for(source: Source, progress: Progress | bool | None) -> Progress:
    """Choose how to tell the progress of reading a file."""
    if callable(progress):
        return progress
    size = len(source.data) * (_OF_WORKBOOK if source.is_archive else 1)
    wanted = size >= SHOWN_FROM if progress is None else progress
    return _bar() if wanted else lambda _share: None


def _bar() -> Progress:
    shown = -1

    def show(share: float) -> None:
        nonlocal shown
        done = int(min(share, 1) * _WIDTH)
        if done != shown:
            shown = done
            end = "\n" if done == _WIDTH else ""
            line = f"\r{_('Reading')} [{'#' * done}{'.' * (_WIDTH - done)}] {percent(min(share, 1), 0):>4}{end}"
            sys.stderr.write(line)
            sys.stderr.flush()

    return show


def part(progress: Progress, first: float, last: float) -> Progress:
    """Give the progress of one part of the work, from ``first`` to ``last`` of the whole."""
    return lambda share: progress(first + (last - first) * share)
