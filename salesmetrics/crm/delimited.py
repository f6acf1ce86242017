"""A delimited text to columns at the speed of Arrow, with every record accounted for.

Arrow's reader is quick and exact, but lenient with quotes; so it only gets texts in which every quote opens or closes a
whole cell: where one does not, its line is written again, or left blank and told of.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping, MutableMapping, Sequence
from itertools import pairwise
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv

from salesmetrics.base.errors import SalesMetricsError
from salesmetrics.base.language import N_, _, ngettext, number
from salesmetrics.crm.sheet import Column, Flags, Form, Numbers, Seen, columns_of, lines_named, put_below, put_together

# A quoted cell may run over several lines; one that runs over more was opened by mistake.
MOST_LINES = 500
_NEWLINE, _QUOTE = ord("\n"), ord('"')
# What fits the processor's cache at once.
_CHUNK = 262_144
# Arrow refuses a record that is longer than this.
_BLOCK = 8_388_608
_SAMPLE, _TOP_BYTES = 5_000, 500_000
DELIMITERS = {",": N_("comma"), ";": N_("semicolon"), "\t": N_("tab"), "|": N_("bar")}
# Stands for a line whose quotes do not fit.
_WRONG = "\1"

Cells = list[Any]


class Rows:
    """Records as lists of cells: ``widths`` is the number of cells, or -1 where the quotes don't fit."""

    def __init__(self, records: Sequence[Cells | None], lines: Sequence[int] | None = None) -> None:
        self._records = records
        self.lines: Numbers = np.array(range(1, len(records) + 1) if lines is None else lines, dtype=np.int64)
        self.widths: Numbers = np.array([-1 if cells is None else len(cells) for cells in records], dtype=np.int64)

    def cells(self, record: int) -> Cells:
        """Return the cells of one record."""
        return self._records[record] or []

    def columns(self, headers: Sequence[str], records: Numbers) -> tuple[Column, ...]:
        """Return the columns of the chosen records: what is beyond the headers is left, what is missing is empty."""
        return columns_of(headers, [_fitted(self.cells(record), len(headers)) for record in records.tolist()])


class Table:
    """Records of one width in Arrow's columns, and the cells of those that have another.

    ``lines`` is the line in the file on which each record begins, ``widths`` its number of cells: 0 where nothing
    stands in them, -1 where the quotes don't fit.
    """

    def __init__(
        self, table: pa.Table, strays: MutableMapping[int, Cells | None], lines: Numbers, delimiter: str
    ) -> None:
        self._table, self.strays, self.lines, self.delimiter = table, strays, lines, delimiter
        places, in_table = list(strays), np.ones(len(lines), dtype=bool)
        in_table[places] = False
        self.widths: Numbers = np.zeros(len(lines), dtype=np.int64)
        self.widths[places] = [-1 if cells is None else len(cells) for cells in strays.values()]
        self.widths[in_table] = np.where(_filled(table), table.num_columns, 0)
        # The strays, cut or filled to the width, stand behind the others.
        self._rows = np.cumsum(in_table) - 1
        self._rows[places] = table.num_rows + np.arange(len(places))

    def cells(self, record: int) -> Cells:
        """Return the cells of one record."""
        if record in self.strays:
            return self.strays[record] or []
        return [column[int(self._rows[record])].as_py() for column in self._table.columns]

    def columns(self, headers: Sequence[str], records: Numbers) -> tuple[Column, ...]:
        """Return the columns of the chosen records: what is beyond the headers is left, what is missing is empty."""
        fitted = [_fitted(cells or [], self._table.num_columns, "") for cells in self.strays.values()]
        strays = [pa.array(cells, pa.large_string()) for cells in zip(*fitted, strict=True)]
        table = pa.concat_tables([self._table, pa.table(strays, schema=self._table.schema)]) if strays else self._table
        table, rows = table.select(range(len(headers))), self._rows[records]
        adjacent = len(rows) > 0 and bool((np.diff(rows) == 1).all())
        table = table.slice(rows[0], len(rows)) if adjacent else table.take(rows)
        return tuple(_column(header, table.column(place)) for place, header in enumerate(headers))


def _fitted(cells: Cells, width: int, nothing: str | None = None) -> Cells:
    return cells[:width] + [nothing] * (width - len(cells))


def _filled(table: pa.Table) -> Flags:
    """Return in which rows anything stands."""
    filled = np.zeros(table.num_rows, dtype=bool)
    for column in table.columns:
        if filled.all():
            break
        filled[~filled] = pc.not_equal(column.filter(pa.array(~filled)), "").to_numpy()
    return filled


def _column(header: str, cells: pa.ChunkedArray) -> Column:
    # Of chunks Arrow makes one text each time that some are taken.
    whole = cells.combine_chunks()
    sample = whole.take(pa.array(np.arange(0, len(whole), max(1, len(whole) // _SAMPLE))))
    if len(sample.unique()) * 2 > len(sample) > 10:
        texts = pd.Series(pc.utf8_trim_whitespace(whole), dtype="str")
        return Column(header, np.arange(len(whole), dtype=np.int64), texts)
    coded = whole.dictionary_encode()
    trimmed = pc.utf8_trim_whitespace(coded.dictionary).dictionary_encode()
    codes = coded.indices.to_numpy().astype(np.int64)
    if len(trimmed.dictionary) < len(coded.dictionary):
        codes = trimmed.indices.to_numpy().astype(np.int64)[codes]
    return Column(header, codes, pd.Series(trimmed.dictionary, dtype="str"))


def read_records(text: str, delimiter: str) -> Rows:
    r"""Read the records of a short text whose lines end in ``\n``.

    Examples
    --------
    >>> rows = read_records('a,"b,\nc"\n5" pipe,d\n"e"f,g', ",")
    >>> rows.cells(0), rows.cells(1), rows.lines.tolist(), rows.widths.tolist()
    (['a', 'b,\nc'], ['5" pipe', 'd'], [1, 3, 4], [2, 2, -1])
    """
    lines = text.split("\n")
    records = list(_records(lines if lines[-1] else lines[:-1], delimiter))
    return Rows([cells for _place, _used, cells in records], [place + 1 for place, _used, _cells in records])


def _records(lines: Sequence[str], delimiter: str) -> Iterator[tuple[int, int, Cells | None]]:
    """Yield for each record its first line, the number of its lines, and its cells; none if the quotes don't fit."""
    place = 0
    while place < len(lines):
        line, used = lines[place], 1
        cells: Cells | None = line.split(delimiter)
        if '"' in line:
            quoted = (f"{more}\n" for more in lines[place : place + MOST_LINES])
            reader = csv.reader(quoted, delimiter=delimiter, strict=True)
            try:
                cells, used = next(reader), reader.line_num
            except (csv.Error, StopIteration):
                cells = None
        yield place, used, cells
        place += used


def read_table(data: bytes, delimiter: str, width: int) -> Table:
    r"""Read the records of a text in UTF-8 whose lines end in ``\n``, most of them of ``width`` cells.

    Examples
    --------
    >>> table = read_table(b'a,"b,\nc"\n\nd,e,f\ng,"h', ",", 2)
    >>> table.widths.tolist(), table.lines.tolist()
    ([2, 0, 3, -1], [1, 3, 4, 5])
    """
    width = max(width, 2)
    table = _read(data, delimiter, width) if _quotes_fit(data, delimiter) else None
    table = table or _read(_requoted(data, delimiter), delimiter, width)
    if table is None:
        raise SalesMetricsError(
            _("A line of the file is longer than any row of deals."),
            hint=_("Export the deals once more, as CSV or as Excel (.xlsx)."),
        )
    return table


def _requoted(data: bytes, delimiter: str) -> bytes:
    """Write the quotes again so that they fit; a line in which they can't be becomes a mark."""
    lines = data.decode("utf-8").removesuffix("\n").split("\n")
    written = (
        lines[place]
        if used == 1 and '"' not in lines[place]
        else _WRONG
        if cells is None
        else delimiter.join(f'"{cell.replace(chr(34), chr(34) * 2)}"' for cell in cells)
        for place, used, cells in _records(lines, delimiter)
    )
    return ("\n".join(written) + "\n").encode()


def _read(data: bytes, delimiter: str, width: int) -> Table | None:
    """Read the records with Arrow; nothing where it can't."""
    strays: dict[int, str] = {}

    def keep(row: Any) -> str:
        strays[row.number - 1] = row.text
        return "skip"

    names = [str(place) for place in range(width)]
    try:
        table = pyarrow.csv.read_csv(
            pa.BufferReader(data),
            # Only one thread knows which record it is at.
            read_options=pyarrow.csv.ReadOptions(column_names=names, use_threads=False, block_size=_BLOCK),
            parse_options=pyarrow.csv.ParseOptions(
                delimiter=delimiter, newlines_in_values=True, ignore_empty_lines=False, invalid_row_handler=keep
            ),
            convert_options=pyarrow.csv.ConvertOptions(
                column_types=dict.fromkeys(names, pa.large_string()), strings_can_be_null=False
            ),
        )
    except pa.ArrowInvalid:
        return None
    lines = _lines(data, table, strays)
    cells: dict[int, Cells | None] = {
        record: None if text == _WRONG else read_records(text, delimiter).cells(0) for record, text in strays.items()
    }
    return None if lines is None else Table(table, cells, lines, delimiter)


def _lines(data: bytes, table: pa.Table, strays: Mapping[int, str]) -> Numbers | None:
    """Return on which line each record begins; nothing where a cell runs over more lines than a cell does."""
    records = table.num_rows + len(strays)
    if b'"' not in data:
        return np.arange(1, records + 1, dtype=np.int64)
    more = np.zeros(records, dtype=np.int64)
    in_table = np.ones(records, dtype=bool)
    in_table[list(strays)] = False
    for column in table.columns:
        more[in_table] += pc.count_substring(column, "\n").to_numpy()
    for record, text in strays.items():
        more[record] = text.count("\n")
    lines: Numbers = 1 + np.arange(records) + np.cumsum(more) - more
    return lines if more.max(initial=0) < MOST_LINES else None


def _quotes_fit(data: bytes, delimiter: str) -> bool:
    """Return whether every quote opens a cell, closes one, or is one of a pair inside a quoted cell."""
    if b'"' not in data:
        return True
    array, mark = np.frombuffer(data, dtype=np.uint8), ord(delimiter)
    inside = False
    for first in range(0, len(array), _CHUNK):
        piece = array[first : first + _CHUNK]
        quotes = piece == _QUOTE
        edge = (piece == mark) | (piece == _NEWLINE) | quotes
        # Between an opening and a closing quote the number of quotes so far is odd.
        within = np.logical_xor(np.bitwise_xor.accumulate(quotes.view(np.uint8)).view(bool), inside)
        before = np.concatenate(([_is_edge(array, first - 1, mark)], edge[:-1]))
        after = np.concatenate((edge[1:], [_is_edge(array, first + len(piece), mark)]))
        if (quotes & ~np.where(within, before, after)).any():
            return False
        inside = bool(within[-1])
    return not inside


def _is_edge(array: npt.NDArray[np.uint8], place: int, mark: int) -> bool:
    return not 0 <= place < len(array) or array[place] in (mark, _NEWLINE, _QUOTE)


def first_lines(data: bytes) -> str:
    """Return the first lines, from which the mark between the cells is worked out."""
    return "\n".join(data[:_TOP_BYTES].decode("utf-8", errors="ignore").split("\n", 400)[:400])


def unwrapped(text: str) -> str | None:
    """Remove the quotes where every line is one quoted cell that holds the marks; else nothing."""
    lines = text.rstrip("\n").split("\n")
    filled = [line for line in lines if line.strip()]
    if len(filled) < 2 or not all(len(line) > 1 and line[0] == line[-1] == '"' for line in filled):
        return None
    inner = [line.strip()[1:-1].replace('""', "\0") if line.strip() else "" for line in lines]
    if any('"' in line for line in inner) or not any(mark in inner[0] for mark in DELIMITERS):
        return None
    return "\n".join(line.replace("\0", '"') for line in inner)


def join_cut(grid: Table, records: Sequence[int], usual: Sequence[Seen], form: Form) -> set[int]:
    """Join what a mark or an end of line without quotes has cut, in rows of too many cells or too few.

    Returns
    -------
    The records that are the rest of the one above them: together they are whole, and alone the second is no row.
    """
    width = len(usual)
    by_mark = {at: put_together(grid.cells(at), grid.delimiter, usual) for at in records if grid.widths[at] > width}
    by_end: dict[int, list[str]] = {}
    for at, below in pairwise(at for at in records if 0 < grid.widths[at] < width):
        if below == at + 1 and at - 1 not in by_end and (row := put_below(grid.cells(at), grid.cells(below), usual)):
            by_end[at] = row
    for name, rows in ((_(DELIMITERS.get(grid.delimiter, grid.delimiter)), by_mark), (_("line break"), by_end)):
        grid.strays.update({at: row for at, row in rows.items() if row})
        if lines := [int(grid.lines[at]) for at, row in rows.items() if len(row) == width]:
            told = ngettext(
                "In {count} row a {mark} without quotes had cut a text in two; it was put together again ({lines}).",
                "In {count} rows a {mark} without quotes had cut a text in two; it was put together again ({lines}).",
                len(lines),
            )
            form.mended.append(told.format(count=number(len(lines)), mark=name, lines=lines_named(lines)))
    return {at + 1 for at in by_end}
