"""Text to rows: the delimiter, the header row, quoted cells, and every line that is no row."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence

import numpy as np

from salesmetrics.errors import SalesMetricsError
from salesmetrics.exports.sheet import Form, Sheet, columns_of
from salesmetrics.language import N_, _

DELIMITERS = (",", ";", "\t", "|")
DELIMITER_NAMES = {",": N_("comma"), ";": N_("semicolon"), "\t": N_("tab"), "|": N_("bar")}


class Record:
    """One row as it stands in the file: the line it begins on, and its cells, or none where its quotes don't fit."""

    __slots__ = ("cells", "line")

    def __init__(self, line: int, cells: list[str] | None) -> None:
        self.line = line
        self.cells = cells

    @property
    def blank(self) -> bool:
        """Whether nothing stands in any cell."""
        return self.cells is not None and not any(cell.strip() for cell in self.cells)


def split_records(text: str, delimiter: str) -> list[Record]:
    """Split a text into records; a quoted cell may run over several lines, a quote that never closes may not."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    if lines and not lines[-1]:
        lines.pop()
    records: list[Record] = []
    position = 0
    while position < len(lines):
        cells, used = _split_record(lines, position, delimiter)
        records.append(Record(position + 1, cells))
        position += used
    return records


def _split_record(lines: Sequence[str], start: int, delimiter: str) -> tuple[list[str] | None, int]:
    line = lines[start]
    if '"' not in line:
        return line.split(delimiter), 1
    cells: list[str] = []
    used, at = 1, 0
    while True:
        if line.startswith('"', at):
            quoted = _quoted(lines, start + used - 1, at + 1)
            if quoted is None:
                return None, 1
            cell, more, at = quoted
            used += more
            line = lines[start + used - 1]
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


def _quoted(lines: Sequence[str], row: int, at: int) -> tuple[str, int, int] | None:
    """Read a quoted cell from just after its opening quote: its text, the lines it added, and where it ended."""
    parts: list[str] = []
    first = row
    while True:
        end = lines[row].find('"', at)
        if end < 0:
            parts += [lines[row][at:], "\n"]
            row, at = row + 1, 0
            if row >= len(lines):
                return None
        elif lines[row].startswith('""', end):
            parts.append(lines[row][at : end + 1])
            at = end + 2
        else:
            parts.append(lines[row][at:end])
            return "".join(parts), row - first, end + 1


def read_rows(text: str, *, source: str, facts: Iterable[tuple[str, str]], known: Callable[[str], bool]) -> Sheet:
    """Read a delimited text.

    Parameters
    ----------
    text, source, facts
        The text, the name of its file, and what is already known of how it was written.
    known
        Tells whether a header is one that the kit (or the user's ``columns=``) knows.

    Raises
    ------
    SalesMetricsError
        There are no rows.
    """
    delimiter, records = max(
        ((mark, split_records(text, mark)) for mark in DELIMITERS), key=lambda tried: _score(tried[1], known)
    )
    filled = [record for record in records if not record.blank]
    header = filled[0].cells
    if header is None:
        raise SalesMetricsError(
            _("The quotes on line {line}, the first of “{name}”, don't fit.").format(line=filled[0].line, name=source),
            hint=_("Export the file again as CSV."),
        )
    while header and not header[-1].strip():
        header = header[:-1]
    headers = [cell.strip() for cell in header]
    rows, lines, left_out = [], [], []
    for record in filled[1:]:
        cells = record.cells
        if cells is not None and len(cells) > len(headers) and not any(cell.strip() for cell in cells[len(headers) :]):
            cells = cells[: len(headers)]
        if cells is None:
            left_out.append((record.line, _("the quotes don't fit")))
        elif len(cells) != len(headers):
            left_out.append((record.line, _("more or fewer cells than there are headers")))
        else:
            rows.append([cell.strip() for cell in cells])
            lines.append(record.line)
    form = Form(
        source=source,
        facts=(*facts, (_("Between the cells"), _(DELIMITER_NAMES[delimiter]))),
        header_line=filled[0].line,
        blank_lines=tuple(record.line for record in records if record.blank),
        left_out=tuple(left_out),
    )
    return Sheet(columns_of(headers, rows), np.array(lines, dtype=np.int64), form)


def _score(records: Sequence[Record], known: Callable[[str], bool]) -> tuple[int, float]:
    """Judge a delimiter by the headers it gives that are known, then by how many rows have as many cells."""
    sample = [record.cells for record in records[:200] if record.cells and not record.blank]
    if not sample or len(sample[0]) < 2:
        return 0, 0.0
    widths = Counter(len(cells) for cells in sample)
    return sum(known(cell) for cell in sample[0]), widths[len(sample[0])] / len(sample)
