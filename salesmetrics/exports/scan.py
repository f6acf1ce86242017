"""Text to rows at the speed of NumPy and pandas, for files whose quotes are all as they should be.

NumPy finds where each record begins and how many cells it has, so that no line escapes the count; pandas' parser then
reads only records that fit. Both read quotes in the same way where every quote opens or closes a whole cell, and that
is checked first.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from io import BytesIO
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from salesmetrics.exports.rows import split_rows
from salesmetrics.exports.sheet import Column, Flags, Numbers, Progress, columns_of, silent

_NEWLINE, _QUOTE = 10, 34
# Bytes with which a space may begin or end, also one outside ASCII.
_SPACES = np.zeros(256, dtype=bool)
_SPACES[[9, 11, 12, 28, 29, 30, 31, 32, 0x80, 0x85, 0x9F, 0xA0, 0xA8, 0xA9, 0xAF, 0xC2, 0xE1, 0xE2, 0xE3]] = True
_SPACES[0x81:0x8B] = True
_SAMPLE = 5_000
_CHUNK = 65_536


class Scan:
    """Records as places in the bytes of a text: ``widths`` is the number of cells of each."""

    def __init__(
        self, data: bytes, delimiter: str, starts: Numbers, lines: Numbers, widths: Numbers, *, bare: bool
    ) -> None:
        self._data = data
        self._delimiter = delimiter
        self._starts = starts
        self._bare = bare
        self.lines = lines
        self.widths = widths

    def cells(self, record: int) -> list[Any]:
        """Give the cells of one record."""
        text = self._data[self._starts[record] : self._starts[record + 1]].decode("utf-8")
        return split_rows(text, self._delimiter).cells(0) if text.strip("\n") else [""]

    def columns(self, headers: Sequence[str], records: Numbers, progress: Progress = silent) -> tuple[Column, ...]:
        """Give the columns of the chosen records; what stands beyond the headers is left."""
        if not len(records):
            return tuple(Column(header, np.zeros(0, dtype=np.int64), []) for header in headers)
        width = len(headers)
        if (self.widths[records] != width).any():
            return columns_of(headers, [self.cells(record) for record in records.tolist()])
        sample = next(self._parse(records[:_SAMPLE], dict.fromkeys(range(width), "str")))
        # Python's own texts are shared where cells are the same: fast where few are distinct. (A category would be
        # faster still, but pandas turns its texts into numbers: 12.500 into 12.5.)
        few = [place for place in range(width) if sample[place].nunique() * 2 <= len(sample)]
        kinds = {place: object if place in few else "str" for place in range(width)}
        gathered: list[list[Any]] = [[] for _place in range(width)]
        distinct: list[dict[str, int]] = [{} for _place in range(width)]
        read = 0
        for chunk in self._parse(records, kinds):
            for place in range(width):
                cells = chunk[place]
                gathered[place].append(_coded(cells, distinct[place]) if place in few else cells)
            read += len(chunk)
            progress(read / len(records))
        everything = np.arange(len(records), dtype=np.int64)
        return tuple(
            Column(header, np.concatenate(gathered[place]), list(distinct[place]))
            if place in few
            else Column(header, everything, pd.concat(gathered[place], ignore_index=True), self._bare)
            for place, header in enumerate(headers)
        )

    def _parse(self, records: Numbers, kinds: dict[int, Any]) -> Iterator[Any]:
        """Read the records as text, in chunks: smaller ones fit the processor's cache and can be counted."""
        breaks = np.flatnonzero(np.diff(records) > 1)
        firsts = records[np.concatenate(([0], breaks + 1))]
        lasts = records[np.concatenate((breaks, [len(records) - 1]))]
        view = memoryview(self._data)
        pieces = [view[self._starts[a] : self._starts[b + 1]] for a, b in zip(firsts, lasts, strict=True)]
        with pd.read_csv(
            BytesIO(pieces[0] if len(pieces) == 1 else b"".join(pieces)),
            sep=self._delimiter,
            header=None,
            names=list(kinds),
            dtype=kinds,
            index_col=False,
            na_filter=False,
            skip_blank_lines=False,
            engine="c",
            encoding="utf-8",
            chunksize=_CHUNK,
        ) as reader:
            yield from reader


def _coded(cells: pd.Series[Any], distinct: dict[str, int]) -> Numbers:
    """Give each cell of a chunk its number among the distinct cells of the whole column."""
    codes, texts = pd.factorize(cells)
    return np.array([distinct.setdefault(text, len(distinct)) for text in texts], dtype=np.int64)[codes]


def scan_rows(text: str, delimiter: str) -> Scan | None:
    r"""Find the records of a text whose lines end in ``\n``; nothing if a quote stands where none should.

    Examples
    --------
    >>> scan = scan_rows('a,"b,\nc"\n\nd,e', ",")
    >>> scan.widths.tolist(), scan.lines.tolist()
    ([2, 1, 2], [1, 3, 4])
    """
    data = (text if text.endswith("\n") else text + "\n").encode("utf-8")
    array = np.frombuffer(data, dtype=np.uint8)
    special = (array == _NEWLINE) | (array == ord(delimiter))
    quoted = b'"' in data
    if quoted:
        special |= array == _QUOTE
    places = np.flatnonzero(special)
    kinds = array[places]
    newlines = places[kinds == _NEWLINE]
    bare = not (_SPACES[array[places - 1]].any() or _SPACES[array[(places + 1) % len(array)]].any())
    if quoted:
        quotes = kinds == _QUOTE
        if not _well_formed(array, places[quotes], ord(delimiter)):
            return None
        # Between an opening and a closing quote the number of quotes so far is odd.
        outside = ~quotes & ~np.logical_xor.accumulate(quotes)
        places, kinds = places[outside], kinds[outside]
    ends = np.flatnonzero(kinds == _NEWLINE)
    starts = np.concatenate(([0], places[ends] + 1)).astype(np.int64)
    lines = np.searchsorted(newlines, starts[:-1]).astype(np.int64) + 1
    return Scan(data, delimiter, starts, lines, np.diff(ends, prepend=-1).astype(np.int64), bare=bare)


def _well_formed(array: npt.NDArray[np.uint8], quotes: Numbers, mark: int) -> bool:
    """Tell whether every quote opens a cell, closes one, or is one of a pair inside a quoted cell."""
    if len(quotes) % 2:
        return False
    opening, closing = quotes[::2], quotes[1::2]
    pair: Flags = np.concatenate(([False], opening[1:] == closing[:-1] + 1))
    before = array[opening - 1]
    opens = (opening == 0) | (before == mark) | (before == _NEWLINE) | pair
    after = array[closing + 1]
    closes = (after == mark) | (after == _NEWLINE) | np.concatenate((pair[1:], [False]))
    return bool(opens.all() and closes.all())
