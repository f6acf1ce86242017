"""Excel workbooks: values only, the sheet that holds the deals, and a limit to what may come out of the archive."""

from __future__ import annotations

import datetime
import warnings
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from typing import TYPE_CHECKING, Any, NamedTuple

from salesmetrics.base.errors import SalesMetricsError
from salesmetrics.base.language import _, did_you_mean, ngettext, number
from salesmetrics.crm.bar import part
from salesmetrics.crm.layout import Known, find_header
from salesmetrics.crm.question import Choice, Question
from salesmetrics.crm.rows import Rows
from salesmetrics.crm.sheet import Progress, as_text, silent
from salesmetrics.crm.source import LARGEST, Source
from salesmetrics.crm.written import EXCEL_START

if TYPE_CHECKING:
    from openpyxl.workbook import Workbook

MOST_ROWS, MOST_CELLS = 1_048_576, 30_000_000
_LARGEST_TEXTS = 150_000_000
_MOST_PARTS = 5_000
# How many rows there are between two steps of the bar.
_STEP = 500


class Book(NamedTuple):
    """The sheet of a workbook that holds the deals, and the day from which its dates count."""

    rows: Rows
    sheet: str
    excel_start: datetime.date


def read_workbook(source: Source, *, sheet: str | None, known: Known, progress: Progress = silent) -> Book:
    """Read the sheet that holds the deals, or the one asked for.

    Formulas, macros and links to other files are never followed: only the values stored with the cells are read.

    Raises
    ------
    Question
        More than one sheet may hold the deals.
    SalesMetricsError
        It is no workbook, it is damaged or too large, or a formula in it was never calculated.
    """
    _check_archive(source)
    with _opened(source, values=True) as book:
        sheets = {ws.title: ws for ws in book.worksheets if ws.sheet_state == "visible"}
        if sheet is not None and sheet not in sheets:
            raise SalesMetricsError(
                _("There is no sheet “{name}”.").format(name=sheet), hint=did_you_mean(sheet, sheets)
            )
        names = [sheet] if sheet is not None else list(sheets)
        steps = [part(progress, i / len(names), (i + 1) / len(names)) for i in range(len(names))]
        read = {name: _rows(sheets[name], source, step) for name, step in zip(names, steps, strict=True)}
        start = EXCEL_START if book.epoch.year < 1904 else datetime.date(1904, 1, 1)
    name = _choose(read, known, source)
    _check_formulas(source, name, read[name])
    return Book(_padded(read[name], known), name, start)


@contextmanager
def _guarded(source: Source) -> Iterator[None]:
    """Turn whatever a damaged file makes the libraries stumble over into one refusal."""
    try:
        yield
    except SalesMetricsError:
        raise
    except Exception:
        raise _damaged(source) from None


def _check_archive(source: Source) -> None:
    with _guarded(source), zipfile.ZipFile(BytesIO(source.data)) as archive:
        parts = archive.infolist()
        if "xl/workbook.xml" not in {part.filename for part in parts}:
            raise SalesMetricsError(
                _("“{name}” is a packed file or a document, not an Excel workbook (.xlsx).").format(name=source.name),
                hint=_("Unpack it, or save it as .xlsx or as “CSV UTF-8”."),
            )
        texts = sum(part.file_size for part in parts if part.filename.endswith("sharedStrings.xml"))
        if len(parts) > _MOST_PARTS or sum(part.file_size for part in parts) > LARGEST or texts > _LARGEST_TEXTS:
            raise _too_large(source)
        for part in parts:
            # A workbook has no use for entities; a hostile one multiplies with them.
            if part.filename.endswith((".xml", ".rels")):
                with archive.open(part) as stream:
                    if b"<!" in stream.read(4096).replace(b"<!--", b""):
                        raise _damaged(source)


@contextmanager
def _opened(source: Source, *, values: bool) -> Iterator[Workbook]:
    from openpyxl import load_workbook

    with warnings.catch_warnings(), _guarded(source):
        # openpyxl warns of everything in a workbook that it leaves alone, such as validation and styles.
        warnings.simplefilter("ignore")
        book = load_workbook(BytesIO(source.data), read_only=True, data_only=values, keep_links=False)
        try:
            yield book
        finally:
            book.close()


def _rows(worksheet: Any, source: Source, progress: Progress) -> Rows:
    # What the sheet says of its size may be wrong: good enough for a bar, not for reading.
    stated = worksheet.max_row or MOST_ROWS
    worksheet.reset_dimensions()
    records: list[list[Any]] = []
    cells = 0
    for values in worksheet.iter_rows(values_only=True):
        record = list(values)
        while record and (record[-1] is None or record[-1] == ""):
            record.pop()
        records.append(record)
        cells += len(values) + 1
        if len(records) % _STEP == 0:
            progress(min(len(records) / stated, 1))
        if len(records) > MOST_ROWS or cells > MOST_CELLS:
            raise _too_large(source)
    while records and not records[-1]:
        records.pop()
    return Rows(records, range(1, len(records) + 1))


def _choose(read: dict[str, Rows], known: Known, source: Source) -> str:
    filled = {name: rows for name, rows in read.items() if len(rows.widths)}
    if not filled:
        raise SalesMetricsError(
            _("“{name}” is empty.").format(name=source.name), hint=_("Check the export and its filters.")
        )
    scores = {}
    for name, rows in filled.items():
        header = find_header(rows, known)
        scores[name] = 0 if header is None else sum(known(as_text(cell)) for cell in rows.cells(header))
    likely = [name for name, score in scores.items() if score >= 3] or list(filled)
    if len(likely) > 1:
        raise Question(
            _("More than one sheet may hold the deals: {names}.").format(
                names=", ".join(f"“{name}”" for name in likely)
            ),
            hint=_("Say which: {options}.").format(options=_(" or ").join(f'sheet="{name}"' for name in likely)),
            option="sheet",
            choices=[Choice(name, {"sheet": name}) for name in likely],
        )
    return likely[0]


def _check_formulas(source: Source, sheet: str, rows: Rows) -> None:
    """Refuse cells whose formula was never calculated: their values would be missing in silence."""
    with _guarded(source), zipfile.ZipFile(BytesIO(source.data)) as archive:
        parts = [name for name in archive.namelist() if name.startswith("xl/worksheets/") and name.endswith(".xml")]
        if not any(b"<f" in archive.read(name) for name in parts):
            return
    missing = []
    with _opened(source, values=False) as book:
        worksheet: Any = book[sheet]
        worksheet.reset_dimensions()
        for row, cells in enumerate(worksheet.iter_rows(max_row=len(rows.widths))):
            values = rows.cells(row)
            missing += [
                cell.coordinate
                for place, cell in enumerate(cells)
                if cell.data_type == "f" and (place >= len(values) or values[place] is None)
            ]
    if missing:
        raise SalesMetricsError(
            ngettext(
                "{count} cell holds a formula that was never calculated: {cells}.",
                "{count} cells hold a formula that was never calculated, such as {cells}.",
                len(missing),
            ).format(count=number(len(missing)), cells=", ".join(missing[:3])),
            hint=_("Open the file in Excel, save it, and read it again."),
        )


def _padded(rows: Rows, known: Known) -> Rows:
    """Make rows as wide as the headers: a workbook does not store the empty cells at the end of a row."""
    header = find_header(rows, known)
    width = int(rows.widths[header]) if header is not None else 0
    records = []
    for record in range(len(rows.widths)):
        cells = rows.cells(record)
        filled = sum(cell is not None and as_text(cell) != "" for cell in cells)
        # A single cell is a title or a closing line rather than a row.
        records.append(cells + [None] * (width - len(cells)) if filled > 1 else cells)
    return Rows(records, rows.lines.tolist())


def _damaged(source: Source) -> SalesMetricsError:
    return SalesMetricsError(
        _("“{name}” is damaged, or not the Excel workbook it seems to be.").format(name=source.name),
        hint=_("Export it again, or open it in Excel and save it as .xlsx or as “CSV UTF-8”."),
    )


def _too_large(source: Source) -> SalesMetricsError:
    return SalesMetricsError(
        _("“{name}” holds more than the kit reads: unpacked {largest} MB, {rows} rows.").format(
            name=source.name, largest=number(LARGEST / 1e6), rows=number(MOST_ROWS)
        ),
        hint=_("Export fewer columns or a shorter time, or read it yourself and use check_deals."),
    )
