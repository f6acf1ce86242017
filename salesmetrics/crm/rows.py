"""Text to rows, cell by cell in Python: for the top of a file, and for files with quotes where none should stand."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from salesmetrics.crm.sheet import Column, Numbers, Progress, columns_of, silent

# A quoted cell may run over several lines; one that runs over more was opened by mistake.
MOST_LINES = 500

Cells = list[Any]


class Rows:
    """Records as lists of cells: ``widths`` is the number of cells, or -1 where the quotes don't fit."""

    def __init__(self, records: Sequence[Cells | None], lines: Sequence[int]) -> None:
        self._records = records
        self.lines: Numbers = np.array(lines, dtype=np.int64)
        self.widths: Numbers = np.array([-1 if cells is None else len(cells) for cells in records], dtype=np.int64)

    def cells(self, record: int) -> Cells:
        """Give the cells of one record."""
        return self._records[record] or []

    def columns(self, headers: Sequence[str], records: Numbers, progress: Progress = silent) -> tuple[Column, ...]:
        """Give the columns of the chosen records; what stands beyond the headers is left."""
        progress(0.5)
        return columns_of(headers, [self.cells(record) for record in records.tolist()])


def split_rows(text: str, delimiter: str) -> Rows:
    r"""Split a text whose lines end in ``\n`` into records.

    Examples
    --------
    >>> rows = split_rows('a,"b,\nc"\n5" pipe,d', ",")
    >>> rows.cells(0), rows.cells(1), rows.lines.tolist()
    (['a', 'b,\nc'], ['5" pipe', 'd'], [1, 3])
    """
    texts = text.split("\n")
    if not texts[-1]:
        texts.pop()
    records: list[Cells | None] = []
    lines: list[int] = []
    position = 0
    while position < len(texts):
        cells, used = _split_record(texts, position, delimiter)
        records.append(cells)
        lines.append(position + 1)
        position += used
    return Rows(records, lines)


def _split_record(texts: Sequence[str], start: int, delimiter: str) -> tuple[Cells | None, int]:
    line = texts[start]
    if '"' not in line:
        return line.split(delimiter), 1
    cells: Cells = []
    used, at = 1, 0
    while True:
        if line.startswith('"', at):
            quoted = _quoted(texts, start + used - 1, at + 1)
            if quoted is None:
                return None, 1
            cell, more, at = quoted
            used += more
            line = texts[start + used - 1]
            if at < len(line) and not line.startswith(delimiter, at):
                return None, 1
            cells.append(cell)
        else:
            end = line.find(delimiter, at)
            end = len(line) if end < 0 else end
            cells.append(line[at:end])
            at = end
        if at >= len(line):
            return cells, used
        at += len(delimiter)


def _quoted(texts: Sequence[str], row: int, at: int) -> tuple[str, int, int] | None:
    """Read a quoted cell from just after its opening quote: its text, the lines it added, and where it ended."""
    parts: list[str] = []
    first = row
    while True:
        end = texts[row].find('"', at)
        if end < 0:
            parts += [texts[row][at:], "\n"]
            row, at = row + 1, 0
            if row >= len(texts) or row - first > MOST_LINES:
                return None
        elif texts[row].startswith('""', end):
            parts.append(texts[row][at : end + 1])
            at = end + 2
        else:
            parts.append(texts[row][at:end])
            return "".join(parts), row - first, end + 1
