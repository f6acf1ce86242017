"""What a file holds before anything is understood: columns of distinct cells, and the line each row stands on."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property, lru_cache
from itertools import pairwise
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from salesmetrics.base.errors import SalesMetricsError
from salesmetrics.base.language import N_, _, ngettext
from salesmetrics.crm.cell_values import EXCEL_START, read_day, read_number_text
from salesmetrics.crm.systems import EMPTY, LOST, WON, plain_word

Flags = npt.NDArray[np.bool_]
Floats = npt.NDArray[np.float64]
Numbers = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Column:
    """One column: its distinct cells, and for every row which of them stands there.

    A file has many rows and few distinct dates, stages and owners, so everything is decided on the distinct cells.
    Where most cells differ anyway, every row has its own. Cells of a text are a series of texts without spaces around
    them; those of a workbook have their own kinds.
    """

    header: str
    codes: Numbers
    cells: Sequence[Any] | pd.Series[str]

    @cached_property
    def counts(self) -> Numbers:
        """The number of rows of each distinct cell."""
        return np.bincount(self.codes.astype(np.intp), minlength=len(self.cells)).astype(np.int64)

    def used(self) -> Flags:
        """Return which distinct cells stand in a row that is still there."""
        return self.counts > 0

    @cached_property
    def strings(self) -> pd.Series[str]:
        """The distinct cells as text, without spaces around it."""
        if isinstance(self.cells, pd.Series):
            return self.cells
        return pd.Series([as_text(cell) for cell in self.cells], dtype="str")

    @cached_property
    def empty(self) -> Flags:
        """Which distinct cells hold nothing."""
        return (self.strings == "").to_numpy(bool)

    @cached_property
    def nothing(self) -> Flags:
        """Which distinct cells hold nothing, or a word for it."""
        lower = pc.utf8_lower(pa.array(self.strings))
        found: Flags = pc.is_in(lower, pa.array(["", *EMPTY])).to_numpy(zero_copy_only=False)
        return found

    @cached_property
    def texts(self) -> list[str]:
        """The same as a list."""
        return self.strings.tolist()

    def distinct(self) -> list[str]:
        """Return the different texts of the rows that are still there, in alphabetical order."""
        return sorted({text for text, there in zip(self.texts, self.used(), strict=True) if text and there})

    def where(self, index: int, lines: Numbers) -> str:
        """Describe what a distinct cell holds, and on which line of the file it first stands."""
        return _("“{text}” on line {line}").format(
            text=self.texts[index], line=int(lines[np.argmax(self.codes == index)])
        )

    def refuse_if_mostly(self, wrong: Flags, right: Flags, lines: Numbers, *, kind: str, hint: str) -> None:
        """Refuse a column that mostly holds something else: then it is the wrong column, not a wrong cell."""
        counts = self.counts
        count = int(counts[wrong].sum())
        if count <= int(counts[right].sum()):
            return
        raise SalesMetricsError(
            ngettext(
                "“{header}” should hold {kind}, but {count} cell is none: {cell}.",
                "“{header}” should hold {kind}, but {count} cells are none, such as {cell}.",
                count,
            ).format(
                header=self.header, kind=kind, count=count, cell=self.where(int(np.argmax(wrong & (counts > 0))), lines)
            ),
            hint=hint,
        )

    def series(self) -> pd.Series[str]:
        """Return the column as text, row by row, missing where there is nothing."""
        strings = self.strings.mask(self.empty) if self.empty.any() else self.strings
        if np.array_equal(self.codes, np.arange(len(strings))):
            return strings
        return pd.Series(strings.array.take(self.codes), dtype="str")


class Money(float):
    """A number that a workbook shows as an amount in some currency."""

    currency: str


def as_text(cell: object) -> str:
    """Write a cell as text: a whole number without decimals, nothing for an empty cell."""
    if cell is None:
        return ""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, datetime.datetime) and cell.time() == datetime.time():
        return str(cell.date())
    return str(cell).strip()


def is_empty(text: str) -> bool:
    """Return whether a text only says that there is nothing."""
    return text.casefold() in EMPTY


# What stands on a line that is no row.
HEADER, TITLE, BLANK, CLOSING = N_("Headers on line"), N_("Title on lines"), N_("Blank lines"), N_("Closing lines")


@dataclass
class Form:
    """How the file was written: what the receipt tells of it, and the lines without a deal; readers add to it."""

    source: str
    facts: list[tuple[str, str]] = field(default_factory=list)
    other: dict[str, list[int]] = field(default_factory=lambda: {what: [] for what in (HEADER, TITLE, BLANK, CLOSING)})
    left_out: dict[str, list[int]] = field(default_factory=dict)
    # Of these nothing says how they ended.
    unread: list[int] = field(default_factory=list)
    mended: list[str] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)
    titles: list[str] = field(default_factory=list)
    excel_start: datetime.date = EXCEL_START


@dataclass(frozen=True)
class Sheet:
    """The rows of a file under their headers, and the line in the file on which each row begins."""

    columns: tuple[Column, ...]
    lines: Numbers
    form: Form

    @property
    def headers(self) -> list[str]:
        """The headers from left to right."""
        return [column.header for column in self.columns]

    def only(self, keep: Flags) -> Sheet:
        """Keep some of the rows."""
        if keep.all():
            return self
        columns = tuple(replace(column, codes=column.codes[keep]) for column in self.columns)
        return replace(self, columns=columns, lines=self.lines[keep])


def columns_of(headers: Sequence[str], rows: Sequence[Sequence[Any]]) -> tuple[Column, ...]:
    """Turn rows of cells into columns of distinct cells; 1, 1.0 and True stay apart."""
    columns = []
    for position, header in enumerate(headers):
        cells: dict[tuple[type, str, Any], int] = {}
        keys = ((type(cell), getattr(cell, "currency", ""), cell) for cell in (row[position] for row in rows))
        codes = np.fromiter((cells.setdefault(key, len(cells)) for key in keys), dtype=np.int64, count=len(rows))
        columns.append(Column(header, codes, [cell for _kind, _currency, cell in cells]))
    return tuple(columns)


def lines_text(lines: Iterable[int], most: int = 5) -> str:
    """List line numbers, the first few of many."""
    listed = sorted(int(line) for line in lines)
    shown = ", ".join(str(line) for line in listed[:most])
    return shown + (", …" if len(listed) > most else "")


def lines_named(lines: Sequence[int] | Numbers) -> str:
    """List line numbers after the word for them."""
    return ngettext("line {lines}", "lines {lines}", len(lines)).format(lines=lines_text(lines))


def quoted(names: Iterable[str], between: str = ", ") -> str:
    """List names between quotes."""
    return between.join(f"“{name}”" for name in names)


@lru_cache(maxsize=2_048)
def kind_of(cell: str) -> int:
    """Return 2 for a day, 1 for a number, 0 for any other text."""
    return 2 if read_day(re.sub(r"[T ]\d\d:.*", "", cell)) else int(read_number_text(cell) is not None)


# What stands in one column: texts, and their kinds.
Seen = set[str | int]


def cells_in_columns(rows: Iterable[Sequence[str]]) -> list[Seen]:
    """Gather what stands in each column of some rows."""
    seen: list[Seen] = []
    for row in rows:
        seen += [set() for _place in row[len(seen) :]]
        for there, cell in zip(seen, row, strict=False):
            there.update((cell, kind_of(cell)) if cell else ())
    return seen


def fits(cells: Sequence[str], seen: Sequence[Seen]) -> bool:
    """Return whether each cell is of a kind that stands in its column elsewhere, as far as anything does.

    Examples
    --------
    >>> usual = cells_in_columns([["1", "Ann", "open", "10"], ["2", "Bob", "won", "20"]])
    >>> fits(["3", "Carl"], usual), fits(["4", "Di", "lost", "soon"], usual)
    (True, False)
    """
    pairs = zip(cells, seen, strict=False)
    return all(not cell or not there or kind_of(cell) in there for cell, there in pairs)


def put_together(cells: Sequence[str], mark: str, seen: Sequence[Seen]) -> list[str]:
    """Join what a mark without quotes has cut, where one column of texts alone can hold it; else give nothing.

    A lone number beside a row that is whole without it is set apart.

    Examples
    --------
    >>> usual = cells_in_columns([["1", "won", "10", "price"], ["2", "lost", "20", "time"]])
    >>> put_together(["3", "lost", "30", "dear", "late"], ", ", usual)
    ['3', 'lost', '30', 'dear, late']
    >>> put_together(["3", "lost", "1", "234", "price"], ",", usual)
    []
    """
    width, end = len(seen), len(cells) - len(seen) + 1
    bare = [cell.strip() for cell in cells]
    rows = {}
    # No text begins with the mark.
    for place in filter(bare.__getitem__, range(width)):
        row = [*bare[:place], mark.join(bare[place : place + end]), *bare[place + end :]]
        if fits(row, seen):
            rows[place] = row
    rest = [cell for cell in bare[width:] if cell]
    if fits(bare, seen) and not rows and len(rest) == 1 and kind_of(rest[0]):
        return [*bare[:width], "", *rest]
    # A number that was cut may be any part of itself, and one in a text may be an amount of its own, but at its end.
    numbers = [kind_of(part) for place in rows for part in bare[place : place + (1 if place == width - 1 else end)]]
    # What stands apart, or is nothing, was not cut off.
    apart = not bare[width] if rest else fits(bare, seen)
    # "1,500 p/m" may be one amount, cut where a text seems to begin.
    glued = any(place and kind_of(bare[place - 1]) == 1 and cells[place][:1].isdigit() for place in rows)
    if apart or glued or any(numbers):
        return []
    likely = {
        place: sum(
            bool(cell) and ((cell in seen[at] and at != place - 1) or plain_word(cell) in WON | LOST)
            for at, cell in enumerate(row)
        )
        for place, row in rows.items()
    }
    best = [place for place in rows if likely[place] == max(likely.values())]
    joined = [[*bare[:place], mark.join(cells[place : place + end]).strip(), *bare[place + end :]] for place in best]
    return joined[0] if len(joined) == 1 else []


def put_below(upper: Sequence[str], lower: Sequence[str], seen: Sequence[Seen]) -> list[str]:
    """Join a row that an end of line without quotes has cut with its rest; nothing where that is a line of its own."""
    upper, lower = ([cell.strip() for cell in cells] for cells in (upper, lower))
    if len(upper) + len(lower) != len(seen) + 1 or len(seen) < 5 or fits(lower, seen):
        return []
    # What says nothing, or stands under another header elsewhere, is not the rest of the row above.
    rest = [(cell, there) for cell, there in zip(lower[1:], seen[len(upper) :], strict=True) if cell]
    if not rest or any(cell not in there and any(cell in other for other in seen) for cell, there in rest):
        return []
    row = [*upper[:-1], f"{upper[-1]} {lower[0]}".strip(), *lower[1:]]
    return row if fits(row, seen) else []


def number_cut(cells: Sequence[str], seen: Sequence[Seen]) -> bool:
    """Return whether a mark may have cut a number in two: its second part stands in a column without numbers."""
    return any(
        kind_of(one.strip()) == 1 and re.match(r"\d{1,3}(?!\d)", two) and 1 in here and 1 not in there
        for (one, here), (two, there) in pairwise(zip(cells, seen, strict=False))
    )
