"""Text to rows: at the speed of NumPy where all quotes are as they should be, else cell by cell in Python.

NumPy finds where each record begins and where each of its cells ends, so that no line escapes the count. That reads
quotes as a parser does where every quote opens or closes a whole cell, and that is checked on the way.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from salesmetrics.exports.places import Offsets, Places, is_tidy
from salesmetrics.exports.sheet import Column, Numbers, Progress, columns_of, silent

# A quoted cell may run over several lines; one that runs over more was opened by mistake.
MOST_LINES = 500
_NEWLINE, _QUOTE = 10, 34
# What fits the processor's cache at once.
_CHUNK = 262_144

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


class Scan:
    """Records as places in the bytes of a text: ``widths`` is the number of cells of each.

    ``breaks`` are the places where a cell ends; ``ends`` tells which of them end a record.
    """

    def __init__(self, data: bytes, delimiter: str, breaks: Offsets, ends: Numbers) -> None:
        self._data = data
        self._delimiter = delimiter
        self._breaks = breaks
        self._tidy = is_tidy(np.frombuffer(data, dtype=np.uint8), breaks, ord(delimiter))
        self._firsts = np.concatenate(([0], ends + 1)).astype(np.int64)
        self.widths: Numbers = np.diff(self._firsts)
        self.lines = self._lines()

    def _starts(self, cells: Numbers) -> Offsets:
        """Tell where cells begin: after the end of the one before."""
        starts: Offsets = self._breaks[cells - 1] + np.int32(1)
        starts[cells == 0] = 0
        return starts

    def _lines(self) -> Numbers:
        if self._data.count(b"\n") == len(self.widths):
            return np.arange(1, len(self.widths) + 1, dtype=np.int64)
        newlines = np.flatnonzero(np.frombuffer(self._data, dtype=np.uint8) == _NEWLINE)
        return np.searchsorted(newlines, self._starts(self._firsts[:-1])).astype(np.int64) + 1

    def cells(self, record: int) -> list[Any]:
        """Give the cells of one record."""
        start, stop = self._starts(self._firsts[record : record + 2])
        text = self._data[start:stop].decode("utf-8")
        return split_rows(text, self._delimiter).cells(0) if text.strip("\n") else [""]

    def columns(self, headers: Sequence[str], records: Numbers, progress: Progress = silent) -> tuple[Column, ...]:
        """Give the columns of the chosen records; what stands beyond the headers is left."""
        columns = []
        first = self._firsts[records]
        for place, header in enumerate(headers):
            at = first + place
            cells = Places(self._data, self._starts(at), self._breaks[at], tidy=self._tidy)
            coded = cells.coded()
            codes = np.arange(len(records), dtype=np.int64) if coded is None else coded[0]
            columns.append(Column(header, codes, cells if coded is None else coded[1]))
            progress((place + 1) / len(headers))
        return tuple(columns)


def scan_rows(data: bytes, delimiter: str) -> Scan | None:
    r"""Find the records of a text in UTF-8 whose lines end in ``\n``; nothing if a quote stands where none should.

    Examples
    --------
    >>> scan = scan_rows(b'a,"b,\nc"\n\nd,e', ",")
    >>> scan.widths.tolist(), scan.lines.tolist()
    ([2, 1, 2], [1, 3, 4])
    """
    if b"\0" in data:
        return None
    data = data if data.endswith(b"\n") else data + b"\n"
    array = np.frombuffer(data, dtype=np.uint8)
    mark = ord(delimiter)
    quoted = b'"' in data
    found = []
    inside = False
    for first in range(0, len(array), _CHUNK):
        piece = array[first : first + _CHUNK]
        breaks = (piece == mark) | (piece == _NEWLINE)
        if quoted:
            quotes = piece == _QUOTE
            # Between an opening and a closing quote the number of quotes so far is odd.
            within = np.logical_xor(np.bitwise_xor.accumulate(quotes.view(np.uint8)).view(bool), inside)
            # Every quote opens a cell, closes one, or is one of a pair inside a quoted cell.
            edge = breaks | quotes
            before = np.concatenate(([_edge(array, first - 1, mark)], edge[:-1]))
            after = np.concatenate((edge[1:], [_edge(array, first + len(piece), mark)]))
            if (quotes & ~np.where(within, before, after)).any():
                return None
            breaks &= ~within
            inside = bool(within[-1])
        found.append((np.flatnonzero(breaks) + first).astype(np.int32))
    if inside:
        return None
    places = np.concatenate(found)
    return Scan(data, delimiter, places, np.flatnonzero(array[places] == _NEWLINE))


def _edge(array: npt.NDArray[np.uint8], place: int, mark: int) -> bool:
    return not 0 <= place < len(array) or array[place] in (mark, _NEWLINE, _QUOTE)
