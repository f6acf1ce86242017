"""The cells of one column as places in the bytes of a file: compared, counted and added up without being read as text.

A million Python texts cost more than all that is asked of them, and most columns hold a few texts again and again. So
cells are compared as words of eight bytes, and only what differs is read.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import overload

import numpy as np
import numpy.typing as npt
import pandas as pd

Bytes = npt.NDArray[np.uint8]
Floats = npt.NDArray[np.float64]
Numbers = npt.NDArray[np.int64]
Offsets = npt.NDArray[np.int32]

_NEWLINE, _QUOTE, _MINUS, _MARKS = ord("\n"), ord('"'), ord("-"), (ord(","), ord("."))
_SPACES = np.zeros(256, dtype=bool)
_SPACES[[9, 10, 11, 12, 13, 28, 29, 30, 31, 32]] = True
# Bytes with which a space outside ASCII may begin or end: no-break, thin, and the like.
_FAR_SPACES = np.zeros(256, dtype=bool)
_FAR_SPACES[[0x80, 0x85, 0x9F, 0xA0, 0xA8, 0xA9, 0xAF, 0xC2, 0xE1, 0xE2, 0xE3]] = True
_FAR_SPACES[0x81:0x8B] = True
# The first 0, 1, … 8 bytes of a word.
_FIRST = np.array([(1 << 8 * count) - 1 for count in range(9)], dtype=np.uint64)
_MIX = np.uint64(0x9E3779B97F4A7C15)
_TEN = 10.0 ** np.arange(23)

# What fits the processor's cache at once.
_CHUNK = 65_536
_SAMPLE = 5_000
_LONGEST = 128
_LONGEST_NUMBER = 18
_EXACT = 2**53


def is_tidy(array: Bytes, breaks: Offsets, mark: int) -> bool:
    r"""Tell whether no cell of a text begins or ends with a quote or a space; ``breaks`` are where cells end.

    Examples
    --------
    >>> for text in (b"won,lost\n", b"won, out\n"):
    ...     is_tidy(np.frombuffer(text, dtype=np.uint8), np.array([3, 8]), ord(","))
    True
    False
    """
    edges = _SPACES | _FAR_SPACES
    edges[_QUOTE], edges[[mark, _NEWLINE]] = True, False
    return not (edges[array[:1]].any() or edges[array[breaks - 1]].any() or edges[array[breaks[:-1] + 1]].any())


class Places(Sequence[str]):
    """Cells between ``starts`` and ``ends`` in a text in UTF-8 without zeros, each with a byte behind its end.

    The quotes and spaces around them are taken off; where the text is known to be ``tidy`` there are none.
    """

    def __init__(self, data: bytes, starts: Offsets, ends: Offsets, *, tidy: bool = False) -> None:
        self._data = data
        self._array: Bytes = np.frombuffer(data, dtype=np.uint8)
        self._starts, self._ends = starts, ends
        self._ragged = False
        if tidy:
            return
        quoted = (self._array[starts] == _QUOTE) & (ends > starts)
        if quoted.any():
            self._starts, self._ends = starts + quoted, ends - quoted
        self._ragged = self._trim()

    def _trim(self) -> bool:
        """Take off plain spaces, and tell whether others may be left."""
        while True:
            filled = self._ends > self._starts
            first, last = self._array[self._starts], self._array[self._ends - 1]
            before = _SPACES[first] & filled
            after = _SPACES[last] & filled & ~before
            if not (before.any() or after.any()):
                return bool((_FAR_SPACES[first] | _FAR_SPACES[last]).any())
            self._starts, self._ends = self._starts + before, self._ends - after

    @cached_property
    def empty(self) -> npt.NDArray[np.bool_]:
        """Which cells hold nothing."""
        return np.equal(self._ends, self._starts) | ((self.strings == "").to_numpy(bool) if self._ragged else False)

    def __len__(self) -> int:
        return len(self._starts)

    @overload
    def __getitem__(self, at: int) -> str: ...
    @overload
    def __getitem__(self, at: slice) -> list[str]: ...
    def __getitem__(self, at: int | slice) -> str | list[str]:
        if isinstance(at, slice):
            return [self[row] for row in range(*at.indices(len(self)))]
        return self._data[self._starts[at] : self._ends[at]].decode("utf-8").replace('""', '"')

    @cached_property
    def strings(self) -> pd.Series[str]:
        """The cells as text, without spaces around them."""
        texts: list[str] = []
        for first in range(0, len(self), _CHUNK):
            texts += self._texts(slice(first, first + _CHUNK))
        series = pd.Series(texts, dtype="str")
        return series.str.strip() if self._ragged else series

    def _texts(self, rows: slice) -> list[str]:
        """Read cells at once: gathered one behind the other, with a new line between."""
        starts, ends = self._starts[rows], self._ends[rows]
        stops = np.cumsum(ends - starts + 1)
        steps = np.ones(stops[-1], dtype=np.int64)
        steps[0] = starts[0]
        steps[stops[:-1]] = starts[1:] - ends[:-1]
        gathered = self._array[np.cumsum(steps)]
        gathered[stops - 1] = ord("\n")
        text = gathered[:-1].tobytes().decode("utf-8").replace('""', '"')
        texts = text.split("\n")
        return texts if len(texts) == len(starts) else [self[row] for row in range(*rows.indices(len(self)))]

    def _word(self, place: int) -> npt.NDArray[np.uint64]:
        """Give eight bytes of every cell, from ``place`` on, zeros behind its end."""
        last = len(self._data) - 8
        at = self._starts + place
        words = np.ndarray(max(last + 1, 0), dtype="<u8", buffer=self._data, strides=(1,))
        word = np.zeros(len(at), dtype=np.uint64)
        if last >= 0:
            word = words[np.minimum(at, last)].astype(np.uint64, copy=False) & _FIRST.take(self._ends - at, mode="clip")
        for row in np.flatnonzero(at > last).tolist():
            word[row] = int.from_bytes(self._data[at[row] : max(at[row], self._ends[row])][:8], "little")
        return word

    @cached_property
    def _longest(self) -> int:
        return int((self._ends - self._starts).max(initial=0))

    def coded(self) -> tuple[Numbers, list[str]] | None:
        r"""Give each cell its number among the distinct cells, and those; nothing where most cells differ.

        Examples
        --------
        >>> cells = Places(b"won,lost,won\n", np.array([0, 4, 9]), np.array([3, 8, 12]))
        >>> codes, distinct = cells.coded()
        >>> codes.tolist(), distinct
        ([0, 1, 0], ['won', 'lost'])
        """
        sample = range(0, len(self), max(1, len(self) // _SAMPLE))
        if self._longest > _LONGEST or len({self[row] for row in sample}) * 2 > len(sample) > 10:
            return None
        codes = np.zeros(len(self), dtype=np.int64)
        for place in range(0, self._longest, 8):
            further, distinct = pd.factorize(self._word(place))
            codes = pd.factorize(codes * max(len(distinct), 1) + further)[0] if place else further
        firsts = np.zeros(int(codes.max(initial=-1)) + 1, dtype=np.int64)
        firsts[codes[::-1]] = np.arange(len(self) - 1, -1, -1)
        return codes, [self[row].strip() for row in firsts.tolist()]

    def all_differ(self) -> bool:
        """Tell whether all cells are surely different; where they are not, or it takes long to tell, it says no."""
        if self._longest > _LONGEST or self._ragged:
            return False
        mixed = np.zeros(len(self), dtype=np.uint64)
        for place in range(0, self._longest, 8):
            mixed = mixed * _MIX ^ self._word(place)
        mixed.sort()
        return bool((mixed[1:] != mixed[:-1]).all())

    def numbers(self, cells: Numbers) -> tuple[Floats, str] | None:
        r"""Read some of the cells as plain numbers, such as ``-12,5``: their values, and their decimal mark.

        An empty cell is not a number. Nothing where a cell holds anything else, or where the mark might be one of
        thousands.

        Examples
        --------
        >>> cells = Places(b"12.5;1.234;\n", np.array([0, 5, 11]), np.array([4, 10, 11]))
        >>> cells.numbers(np.arange(3))
        (array([12.5  ,  1.234,    nan]), '.')
        """
        if self._longest > _LONGEST_NUMBER:
            return None
        values = np.full(len(cells), np.nan)
        marks: set[int] = set()
        proven = False
        for first in range(0, len(cells), _CHUNK):
            part = cells[first : first + _CHUNK]
            read = self._numbers(self._starts[part], self._ends[part])
            if read is None:
                return None
            values[first : first + _CHUNK], there, shown = read
            marks |= there
            proven = proven or shown
        if len(marks) > 1 or (marks and not proven):
            return None
        return values, "".join(map(chr, marks))

    def _numbers(self, starts: Offsets, ends: Offsets) -> tuple[Floats, set[int], bool] | None:
        digits, places, marked = (np.zeros(len(starts), dtype=np.int64) for _count in range(3))
        whole = np.zeros(len(starts), dtype=np.int64)
        negative = np.zeros(len(starts), dtype=bool)
        there: set[int] = set()
        lengths = ends - starts
        for place in range(int(lengths.max(initial=0))):
            inside = place < lengths
            letter = np.where(inside, self._array[np.minimum(starts + place, len(self._array) - 1)], 0)
            value = letter - np.uint8(48)
            is_digit = value < 10
            known = is_digit | ~inside
            if place == 0:
                negative = letter == _MINUS
                known |= negative
            for mark in _MARKS:
                is_mark = letter == mark
                if not known.all() and is_mark.any():
                    there.add(mark)
                    marked += is_mark
                    known |= is_mark
            if not known.all():
                return None
            whole = np.where(is_digit, whole * 10 + value, whole)
            digits += is_digit
            places += is_digit & (marked > 0)
        if (marked > 1).any() or (whole > _EXACT).any() or ((digits == 0) & (lengths > 0)).any():
            return None
        shown = bool(((marked > 0) & ((places != 3) | (digits - places > 3))).any())
        # Two exact numbers divided once: the nearest number there is.
        values = np.where(lengths > 0, whole / _TEN[places], np.nan)
        return np.where(negative, -values, values), there, shown
