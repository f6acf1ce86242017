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
from salesmetrics.exports.sheet import Column, Flags, Numbers, Progress, silent

_NEWLINE, _QUOTE = 10, 34
_SAMPLE = 5_000
_CHUNK = 65_536


class Scan:
    """Records as places in the bytes of a text: ``widths`` is the number of cells of each."""

    def __init__(self, data: bytes, delimiter: str, starts: Numbers, lines: Numbers, widths: Numbers) -> None:
        self._data = data
        self._delimiter = delimiter
        self._starts = starts
        self.lines = lines
        self.widths = widths

    def cells(self, record: int) -> list[Any]:
        """Give the cells of one record."""
        text = self._data[self._starts[record] : self._starts[record + 1]].decode("utf-8")
        return split_rows(text, self._delimiter).cells(0) if text.strip("\n") else [""]

    def columns(self, headers: Sequence[str], records: Numbers, progress: Progress = silent) -> tuple[Column, ...]:
        """Give the columns of the chosen records, which all have as many cells as there are headers."""
        if not len(records):
            return tuple(Column(header, np.zeros(0, dtype=np.int64), []) for header in headers)
        chunks: list[Any] = []
        read = 0
        for chunk in self._parse(records, len(headers)):
            chunks.append(chunk)
            read += len(chunk)
            progress(read / len(records))
        columns: list[Column] = []
        for place, header in enumerate(headers):
            cells: pd.Series[str] = pd.concat([chunk.pop(place) for chunk in chunks], ignore_index=True)
            sample = cells.iloc[:_SAMPLE]
            if sample.nunique() * 2 > len(sample):
                columns.append(Column(header, np.arange(len(cells), dtype=np.int64), cells))
            else:
                codes, distinct = pd.factorize(cells)
                columns.append(Column(header, codes.astype(np.int64), list(distinct)))
        return tuple(columns)

    def _parse(self, records: Numbers, width: int) -> Iterator[pd.DataFrame]:
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
            names=list(range(width)),
            dtype="str",
            index_col=False,
            na_filter=False,
            skip_blank_lines=False,
            engine="c",
            encoding="utf-8",
            chunksize=_CHUNK,
        ) as reader:
            yield from reader


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
    mark = ord(delimiter)
    ends, marks = array == _NEWLINE, array == mark
    all_ends = np.flatnonzero(ends)
    quotes = array == _QUOTE
    if quotes.any():
        if not _well_formed(array, np.flatnonzero(quotes), mark):
            return None
        # Between an opening and a closing quote the number of quotes so far is odd.
        outside = np.bitwise_xor.accumulate(quotes.view(np.uint8)).view(np.bool_)
        np.logical_not(outside, out=outside)
        ends &= outside
        marks &= outside
    record_ends = np.flatnonzero(ends)
    starts = np.concatenate(([0], record_ends + 1)).astype(np.int64)
    lines = np.searchsorted(all_ends, starts[:-1]).astype(np.int64) + 1
    widths = np.diff(np.searchsorted(np.flatnonzero(marks), record_ends), prepend=0).astype(np.int64) + 1
    return Scan(data, delimiter, starts, lines, widths)


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
