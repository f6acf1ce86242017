"""Where the table is in a file: the mark between cells, the headers, and every line that is no row."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np

from salesmetrics.base.errors import SalesMetricsError
from salesmetrics.base.language import N_, _, number
from salesmetrics.crm import delimited
from salesmetrics.crm.delimited import DELIMITERS, Rows, Table
from salesmetrics.crm.question import Choice, Question
from salesmetrics.crm.sheet import (
    BLANK,
    CLOSING,
    HEADER,
    TITLE,
    Column,
    Flags,
    Form,
    Numbers,
    Sheet,
    as_text,
    cells_in_columns,
    is_empty,
    kind_of,
    lines_named,
    number_cut,
)
from salesmetrics.crm.systems import plain

MOST_COLUMNS = 2_000
# The header row is looked for here: above it a report may have a title.
_TOP = 50
_TOO_MANY = N_("more cells than there are headers")
# So many whole rows show what stands in a column.
_ALIKE = 200

Known = Callable[[str], bool]


# The records of a file, before it is known which of them are rows.
Grid = Rows | Table


def read_text(data: bytes, form: Form, *, delimiter: str | None, known: Known) -> Grid:
    """Find the records of a delimited text."""
    if b"\r" in data:
        data = data.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    if b'="' in data or b'"=""' in data:
        # Excel's way to keep the zeros of a text: ="0012".
        data = re.sub(rb'''(?m)(?:(?<=[,;\t|])|^)(?:="([^"\n]*)"|"=""([^"\n]*)""")(?=[,;\t|]|$)''', rb'"\1\2"', data)
    told = re.match(r'"?sep=(.)"?[^\S\n]*\n', data[:100].decode("utf-8", errors="ignore"))
    if told:
        # The line that tells Excel the mark stays as a blank line, so that all line numbers hold.
        delimiter = delimiter or told[1]
        data = data[data.index(b"\n") :]
    sample = delimited.first_lines(data)
    if delimiter is None and (inner := delimited.unwrapped(sample)) is not None and inner != sample:
        data = (delimited.unwrapped(data.decode("utf-8")) or "").encode("utf-8") or data
        sample = delimited.first_lines(data)
        form.mended.append(_("Every line stood between quotes; those were taken off."))
    if delimiter is not None and (
        len(delimiter) != 1 or not delimiter.isascii() or delimiter in '"\n\r' or delimiter.isalnum()
    ):
        raise SalesMetricsError(
            _("delimiter can't be “{found}”.").format(found=delimiter),
            hint=_('Give the one mark between the cells: ",", ";", "|" or "\\t" (a tab).'),
        )
    mark = delimiter or _find_delimiter(sample, known)
    top = delimited.read_records(sample, mark)
    header = find_header(top, known)[0]
    # A second row of headers may be wider than the first.
    width = 0 if header is None else len(_read_headers(top, header, known)[0])
    grid = delimited.read_table(data, mark, width)
    name = _(DELIMITERS[mark]) if mark in DELIMITERS else f"“{mark}”"
    form.facts.append((_("Between the cells"), name))
    return grid


def _check_width(width: int) -> None:
    if width > MOST_COLUMNS:
        raise SalesMetricsError(
            _("The file has more than {most} columns.").format(most=number(MOST_COLUMNS)),
            hint=_("Export fewer columns or a shorter time, or read it yourself and use check_deals."),
        )


def _find_delimiter(sample: str, known: Known) -> str:
    """Choose the mark under which most headers are known; of equals, the one that gives rows of one width."""
    scored = {}
    for mark in DELIMITERS:
        rows = delimited.read_records(sample, mark)
        header, score = find_header(rows, known)
        width = int(rows.widths[header]) if header is not None else 0
        alike = float((rows.widths[header:] == width).mean()) if width > 1 else 0.0
        scored[mark] = (score if width > 1 else 0, alike, width)
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
            option="delimiter",
            choices=[Choice(_(DELIMITERS[mark]), {"delimiter": mark}) for mark in rivals],
        )
    return best


def find_header(grid: Grid, known: Known) -> tuple[int | None, int]:
    """Find the header row, the record near the top with most known headers, else the first with cells; and how many."""
    best, best_score = None, 0
    first = None
    for record in range(min(_TOP, len(grid.widths))):
        if grid.widths[record] < 1:
            continue
        cells = [as_text(cell) for cell in grid.cells(record)[:MOST_COLUMNS]]
        if sum(map(bool, cells)) > 1 and first is None:
            first = record
        score = len({cell for cell in cells if cell and known(cell)})
        if score > best_score:
            best, best_score = record, score
    return (best, best_score) if best_score > 1 else (first, min(best_score, 1) if best == first else 0)


def _read_headers(grid: Grid, header: int, known: Known) -> tuple[list[str], int]:
    """Return the headers and how many rows they stand on: two where a second row says more of the first."""
    upper, lower = _texts(grid, header), _texts(grid, header + 1)
    _check_width(len(upper))
    width = max(len(upper), len(lower))
    first, second = ([*row, *[""] * (width - len(row))] for row in (upper, lower))
    adds = [bool(below and known(below)) for above, below in zip(first, second, strict=True) if not known(above)]
    if any(adds) and not any(re.search(r"\d", cell) for cell in lower) and upper != lower:
        _check_width(width)
        joined, group = [], ""
        for above, below in zip(first, second, strict=True):
            group = above or group
            tried = (f"{group} {below}", below, above) if below else (above,)
            joined.append(next((name for name in tried if known(name)), " ".join(filter(None, (above, below)))))
        return joined, 2
    told = [f"{above} {below}".strip() for above, below in zip(first, second, strict=True)]
    if any(lower) and all(known(name) for name, below in zip(told, second, strict=True) if below):
        # A row that only says more of the headers above it, such as "x 1,000".
        return told, 2
    groups = _texts(grid, header - 1) if header else []
    if len(set(filter(None, upper))) < len(list(filter(None, upper))) and sum(map(bool, groups)) > 1:
        # The same header under several groups, such as "Amount" under "Quote" and under "Order".
        filled = [next((name for name in reversed(groups[: place + 1]) if name), "") for place in range(len(upper))]
        return [
            f"{group} {name}".strip() if upper.count(name) > 1 else name
            for group, name in zip(filled, upper, strict=True)
        ], 1
    return upper, 1


def _texts(grid: Grid, record: int) -> list[str]:
    if not 0 <= record < len(grid.widths) or grid.widths[record] < 0:
        return []
    return [" ".join(as_text(cell).split()) for cell in grid.cells(record)]


def _refuse_data(headers: Sequence[str], score: int, source: str) -> None:
    """Refuse a first row that holds a deal, not headers; nothing of it is repeated."""
    like_data = [cell for cell in filter(None, headers) if is_empty(cell) or kind_of(cell) or "@" in cell]
    if len(like_data) > 1 or (like_data and not score):
        raise SalesMetricsError(
            _("No headers were found in “{name}”: its first row already holds numbers or dates.").format(name=source),
            hint=_("Export it with headers, or type them in a row of their own above the first deal."),
        )


def lay_out(grid: Grid, form: Form, known: Known) -> Sheet:
    """Divide the records of a file into headers, rows, and lines that are neither."""
    header, score = find_header(grid, known)
    if header is None:
        raise SalesMetricsError(
            _("No headers were found in “{name}”.").format(name=form.source),
            hint=_("Check the export and its filters."),
        )
    headers, depth = _read_headers(grid, header, known)
    if score < 2:
        _refuse_data(headers, score, form.source)
    records = np.arange(header + depth, len(grid.widths))
    headers = _without_beside(headers, grid, records)
    _refuse_second(grid, records, headers, form, known)
    form.other[HEADER].append(int(grid.lines[header]))
    rows = _divide(grid, form, header, records, len(headers))
    form.other[TITLE] += grid.lines[header + 1 : header + depth].tolist()
    wrong = [line for lines in form.left_out.values() for line in lines]
    if len(wrong) > len(rows) + 1 or len(wrong) > max(5, 0.2 * (len(rows) + len(wrong))):
        semicolons = _("Perhaps amounts have a comma and commas stand between the cells too. Export with semicolons.")
        raise SalesMetricsError(
            _("{count} of {total} rows can't be read: {reason} ({lines}).").format(
                count=number(len(wrong)),
                total=number(len(wrong) + len(rows)),
                reason="; ".join(form.left_out),
                lines=lines_named(wrong),
            ),
            hint=semicolons if _(_TOO_MANY) in form.left_out else _("Export it again if you can."),
        )
    return _without_blanks(Sheet(grid.columns(headers, rows), grid.lines[rows], form))


def _without_beside(headers: list[str], grid: Grid, records: Numbers) -> list[str]:
    """Leave off a list beside the deals: behind a column of nothing, with a header that the deals have too."""
    gaps = (at for at, name in enumerate(headers) if not name and {*headers[:at]} & {*headers[at:]} - {""})
    gap = next(gaps, len(headers))
    top = records[:_ALIKE].tolist() if gap < len(headers) else []
    return headers if any(as_text(cell) for at in top for cell in grid.cells(at)[gap : gap + 1]) else headers[:gap]


def _refuse_second(grid: Grid, records: Numbers, headers: list[str], form: Form, known: Known) -> None:
    """Refuse a second list, below a gap and under other headers: its cells would be read under those of the first."""
    below = records[1:][grid.widths[records[:-1]] <= 1][:_ALIKE]
    for record in sorted({*below.tolist(), *(below + 1).tolist()}):
        cells = [cell for cell in _texts(grid, record)[:_TOP] if cell]
        alike = [plain(cell) for cell in cells] == [plain(name) for name in headers if name][:_TOP]
        if not alike and len({cell for cell in cells if known(cell)}) > 2 and not any(map(kind_of, cells)):
            raise SalesMetricsError(
                _("“{name}” holds a second list under other headers, on line {line}.").format(
                    name=form.source, line=int(grid.lines[record])
                ),
                hint=_("Give each list a sheet or a file of its own, or the same headers in the same order."),
            )


def _divide(grid: Grid, form: Form, header: int, records: Numbers, width: int) -> Numbers:
    """Separate the rows, some of them short of empty cells, from what is blank, a footer, or left out."""
    for record in range(header):
        form.titles.append(" ".join(_texts(grid, record)).strip())
        form.other[TITLE if grid.widths[record] < 0 or form.titles[-1] else BLANK].append(int(grid.lines[record]))
    form.other[BLANK] += grid.lines[records[grid.widths[records] == 0]].tolist()
    is_whole = grid.widths[records] == width
    also, beside, bare = list[int](), list[int](), list[int]()
    left: dict[int, str] = {}
    whole = records[is_whole]
    others = records[~is_whole & (grid.widths[records] != 0)].tolist()
    usual = cells_in_columns(_texts(grid, record) for record in whole[:: len(whole) // _ALIKE + 1] if others)
    if isinstance(grid, Table) and usual:
        rest = delimited.join_cut(grid, others, usual, form)
        others = [record for record in others if record not in rest]
    for record in others:
        cells = [as_text(cell) for cell in grid.cells(record)]
        if grid.widths[record] < 0:
            left[record] = _("the quotes don't fit")
        elif not any(cells):
            form.other[BLANK].append(int(grid.lines[record]))
        elif len(cells) > width and isinstance(grid, Table) and (cells[width] or number_cut(cells, usual)):
            left[record] = _(_TOO_MANY)
        elif sum(map(bool, cells[:width])) > (len(cells) <= width):
            also.append(record)
            if any(cells[width:]):
                beside.append(int(grid.lines[record]))
        else:
            bare.append(record)
    last = max([*(record for record in also if grid.widths[record] > 2), *whole[-1:].tolist(), header])
    few = min(3, width)
    footer = {record for record in (*left, *bare, *also) if record > last and 0 < len(grid.cells(record)) < few}
    rows = np.sort(np.concatenate((whole, np.array([r for r in also if r not in footer], dtype=np.int64))))
    if beside:
        form.remarks.append(_("Cells beside the list were not read ({lines}).").format(lines=lines_named(beside)))
    form.other[CLOSING] += grid.lines[sorted(footer)].tolist()
    form.unread += [int(grid.lines[record]) for record in left if record not in footer]
    for record, reason in (left | dict.fromkeys(bare, _("hardly a cell is filled"))).items():
        if record not in footer:
            form.left_out.setdefault(reason, []).append(int(grid.lines[record]))
    return rows


def _without_blanks(sheet: Sheet) -> Sheet:
    """Remove rows without anything in them, and rows that are the headers again."""
    blank = _everywhere(sheet, lambda column: column.empty)
    again = ~blank & _everywhere(sheet, lambda column: (column.strings == column.header).to_numpy(bool))
    sheet.form.other[BLANK] += sheet.lines[blank].tolist()
    if again.any():
        sheet.form.left_out[_("the headers again")] = sheet.lines[again].tolist()
    kept = sheet.only(~(blank | again))
    return replace(kept, columns=tuple(column for column in kept.columns if column.header or any(column.texts)))


def _everywhere(sheet: Sheet, holds: Callable[[Column], Flags]) -> Flags:
    """Return in which rows something holds of every cell; columns with few distinct cells settle it soonest."""
    rows = np.ones(len(sheet.lines), dtype=bool)
    for column in sorted(sheet.columns, key=lambda column: len(column.cells)):
        if rows.any():
            rows &= holds(column)[column.codes]
    return rows
