"""Where the table is in a file: the mark between cells, the header row, and every line that is no row."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from typing import Any, Protocol

import numpy as np

from salesmetrics.base.errors import SalesMetricsError
from salesmetrics.base.language import N_, _, ngettext
from salesmetrics.crm.question import Choice, Question
from salesmetrics.crm.rows import split_rows
from salesmetrics.crm.sheet import Column, Flags, Form, Numbers, Progress, Sheet, as_text, lines_text, silent
from salesmetrics.crm.table import read_table

DELIMITERS = {",": N_("comma"), ";": N_("semicolon"), "\t": N_("tab"), "|": N_("bar")}
# The header row is looked for here: above it a report may have a title.
_TOP = 50
_SAMPLE = 500_000

Known = Callable[[str], bool]


class Grid(Protocol):
    """The records of a file, before it is known which of them are rows."""

    lines: Numbers
    widths: Numbers

    def cells(self, record: int) -> list[Any]:
        """Give the cells of one record."""

    def columns(self, headers: Sequence[str], records: Numbers, progress: Progress = silent) -> tuple[Column, ...]:
        """Give the columns of the chosen records."""


def read_text(data: bytes, *, delimiter: str | None, known: Known) -> tuple[Grid, list[tuple[str, str]], list[str]]:
    """Find the records of a delimited text.

    Parameters
    ----------
    data
        The text, in UTF-8.
    delimiter
        The mark between cells, where the user says it.
    known
        Tells whether a header is one that the kit, or the user, knows.

    Returns
    -------
    The records; facts for the receipt; and what was mended.

    Raises
    ------
    Question
        Two marks fit.
    SalesMetricsError
        There is no table in the text.
    """
    if b"\r" in data:
        data = data.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    mended = []
    told = re.match(r'"?sep=(.)"?[^\S\n]*\n', data[:100].decode("utf-8", errors="ignore"))
    if told:
        # The line that tells Excel the mark stays as a blank line, so that all line numbers hold.
        delimiter = delimiter or told[1]
        data = data[data.index(b"\n") :]
    sample = _sample(data)
    if delimiter is None and (inner := _unwrapped(sample)) is not None and inner != sample:
        data = (_unwrapped(data.decode("utf-8")) or "").encode("utf-8") or data
        sample = _sample(data)
        mended.append(_("Every line stood between quotes; those were taken off."))
    mark = _checked(delimiter) if delimiter else _find_delimiter(sample, known)
    top = split_rows(sample, mark)
    header = find_header(top, known)
    width = 0 if header is None else int(top.widths[header])
    grid = read_table(data, mark, width)
    name = _(DELIMITERS[mark]) if mark in DELIMITERS else f"“{mark}”"
    return grid, [(_("Between the cells"), name)], mended


def _sample(data: bytes) -> str:
    """Give the first lines, from which the mark between the cells is worked out."""
    return "\n".join(data[:_SAMPLE].decode("utf-8", errors="ignore").split("\n", 400)[:400])


def _checked(delimiter: str) -> str:
    if len(delimiter) != 1 or not delimiter.isascii() or delimiter in '"\n\r' or delimiter.isalnum():
        raise SalesMetricsError(
            _("delimiter can't be “{found}”.").format(found=delimiter),
            hint=_('Give the one mark between the cells: ",", ";", "|" or "\\t" (a tab).'),
        )
    return delimiter


def _unwrapped(text: str) -> str | None:
    """Take the quotes off where every line is one quoted cell that holds the marks; else nothing."""
    lines = text.rstrip("\n").split("\n")
    filled = [line for line in lines if line.strip()]
    if len(filled) < 2 or not all(len(line) > 1 and line[0] == line[-1] == '"' for line in filled):
        return None
    inner = [line.strip()[1:-1].replace('""', "\0") if line.strip() else "" for line in lines]
    if any('"' in line for line in inner) or not any(mark in inner[0] for mark in DELIMITERS):
        return None
    return "\n".join(line.replace("\0", '"') for line in inner)


def _find_delimiter(sample: str, known: Known) -> str:
    """Take the mark under which most headers are known; of equals, the one that gives rows of one width."""
    scored = {}
    for mark in DELIMITERS:
        rows = split_rows(sample, mark)
        header = find_header(rows, known)
        width = int(rows.widths[header]) if header is not None else 0
        alike = float((rows.widths[header:] == width).mean()) if width > 1 else 0.0
        score = sum(map(known, rows.cells(header))) if header is not None and width > 1 else 0
        scored[mark] = (score, alike, width)
    best = max(scored, key=lambda mark: scored[mark])
    rivals = [mark for mark, score in scored.items() if score[2] > 1 and score[:2] == scored[best][:2]]
    if scored[best][2] < 2:
        raise SalesMetricsError(
            _("No table was found: no line has more than one cell."),
            hint=_('Export the deals as CSV, or name the mark between the cells: delimiter=";".'),
        )
    if len(rivals) > 1:
        raise Question(
            _("More than one mark can stand between the cells: {marks}.").format(
                marks=_(" or ").join(_(DELIMITERS[mark]) for mark in rivals)
            ),
            hint=_("Say which: {options}.").format(
                options=_(" or ").join(f"delimiter={'chr(9)' if mark == chr(9) else repr(mark)}" for mark in rivals)
            ),
            option="delimiter",
            choices=[Choice(_(DELIMITERS[mark]), {"delimiter": mark}) for mark in rivals],
        )
    return best


def find_header(grid: Grid, known: Known) -> int | None:
    """Find the header row: the record near the top with most known headers, else the first with cells."""
    best, best_score = None, 0
    first = None
    for record in range(min(_TOP, len(grid.widths))):
        if grid.widths[record] < 1:
            continue
        cells = [as_text(cell) for cell in grid.cells(record)]
        if sum(map(bool, cells)) > 1 and first is None:
            first = record
        score = len({cell for cell in cells if cell and known(cell)})
        if score > best_score:
            best, best_score = record, score
    return best if best_score > 1 else first


def lay_out(
    grid: Grid,
    *,
    source: str,
    known: Known,
    facts: Iterable[tuple[str, str]],
    mended: Sequence[str],
    progress: Progress = silent,
) -> Sheet:
    """Divide the records of a file into headers, rows, and lines that are neither.

    Raises
    ------
    SalesMetricsError
        There are no headers, or most rows have more or fewer cells than there are headers.
    """
    header = find_header(grid, known)
    if header is None:
        raise SalesMetricsError(
            _("No headers were found in “{name}”.").format(name=source), hint=_("Check the export and its filters.")
        )
    headers = [" ".join(as_text(cell).split()) for cell in grid.cells(header)]
    width = len(headers)
    records = np.arange(header + 1, len(grid.widths))
    fits = grid.widths[records] == width
    form = Form(source=source, facts=tuple(facts), header_line=int(grid.lines[header]), mended=tuple(mended))
    form, also = _others(grid, form, header, records, fits, width)
    rows = np.sort(np.concatenate((records[fits], np.array(also, dtype=np.int64))))
    if len(form.left_out) > len(rows) + 1:
        wrong = [line for line, _reason in form.left_out]
        raise SalesMetricsError(
            ngettext(
                "{count} of {total} row does not have the {width} cells of the headers (line {lines}).",
                "{count} of {total} rows do not have the {width} cells of the headers (lines {lines}).",
                len(wrong),
            ).format(count=len(wrong), total=len(wrong) + len(rows), width=width, lines=lines_text(wrong)),
            hint=_("Perhaps amounts have a comma and commas stand between the cells too. Export with semicolons."),
        )
    return _without_blanks(Sheet(grid.columns(headers, rows, progress), grid.lines[rows], form))


def _others(grid: Grid, form: Form, header: int, records: Numbers, fits: Flags, width: int) -> tuple[Form, list[int]]:
    """Sort out the records that are no full rows: blank, a footer, too long by empty cells, or left out."""
    titles = [int(grid.lines[i]) for i in range(header) if any(map(as_text, grid.cells(i))) or grid.widths[i] < 0]
    blank = [int(grid.lines[i]) for i in range(header) if int(grid.lines[i]) not in titles]
    blank += grid.lines[records[grid.widths[records] == 0]].tolist()
    also: list[int] = []
    left: list[tuple[int, str, int]] = []
    for record in records[~fits & (grid.widths[records] != 0)].tolist():
        line = int(grid.lines[record])
        cells = [as_text(cell) for cell in grid.cells(record)]
        if grid.widths[record] < 0:
            left.append((line, _("the quotes don't fit"), record))
        elif not any(cells):
            blank.append(line)
        elif len(cells) > width and not any(cells[width:]):
            also.append(record)
        else:
            left.append((line, _("more or fewer cells than there are headers"), record))
    last = max([*also, *records[fits][-1:].tolist(), header])
    footer = [line for line, _reason, record in left if record > last and 0 < len(grid.cells(record)) < min(3, width)]
    return replace(
        form,
        title_lines=tuple(titles),
        blank_lines=tuple(blank),
        footer_lines=tuple(footer),
        left_out=tuple((line, reason) for line, reason, _record in left if line not in footer),
    ), also


def _without_blanks(sheet: Sheet) -> Sheet:
    """Take out rows without anything in them, and rows that are the headers again."""
    blank = _everywhere(sheet, lambda column: column.empty)
    again = _everywhere(sheet, lambda column: (column.strings == column.header).to_numpy(bool))
    again &= ~blank
    form = replace(
        sheet.form,
        blank_lines=(*sheet.form.blank_lines, *sheet.lines[blank].tolist()),
        left_out=(*sheet.form.left_out, *((line, _("the headers again")) for line in sheet.lines[again].tolist())),
    )
    kept = sheet.only(~(blank | again))
    filled = tuple(column for column in kept.columns if column.header or any(column.texts))
    return replace(kept, columns=filled, form=form)


def _everywhere(sheet: Sheet, holds: Callable[[Column], Flags]) -> Flags:
    """Tell in which rows something holds of every cell; columns with few distinct cells settle it soonest."""
    rows = np.ones(len(sheet.lines), dtype=bool)
    for column in sorted(sheet.columns, key=lambda column: len(column.cells)):
        if rows.any():
            rows &= holds(column)[column.codes]
    return rows
