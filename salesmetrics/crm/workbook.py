"""Workbooks of every kind through calamine: stored values only, from parts that were unpacked and checked first."""

from __future__ import annotations

import datetime
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from itertools import accumulate
from typing import TYPE_CHECKING, Any

from salesmetrics.base.errors import SalesMetricsError
from salesmetrics.base.language import _, did_you_mean, ngettext, number
from salesmetrics.crm import markup
from salesmetrics.crm.cell_values import EXCEL_START
from salesmetrics.crm.delimited import Rows
from salesmetrics.crm.layout import Known, find_header
from salesmetrics.crm.question import Choice, Question
from salesmetrics.crm.sheet import Form, Money, as_text, lines_named, quoted
from salesmetrics.crm.source import LARGEST, Progress, Source
from salesmetrics.crm.source import part as share_of
from salesmetrics.crm.systems import BOXED, ending_in, plain, recognise

if TYPE_CHECKING:
    from python_calamine import CalamineSheet, CalamineWorkbook

MOST_ROWS, MOST_CELLS = 1_048_576, 30_000_000
_LARGEST_TEXTS = 150_000_000
_MOST_PARTS = 5_000
# How many rows there are between two steps of the bar.
_STEP = 500
# The part that tells what kind of workbook an archive is.
_KINDS = {"xl/workbook.xml": ".xlsx", "xl/workbook.bin": ".xlsb", "content.xml": ".ods"}
_START_1904 = datetime.date(1904, 1, 1)


def read_workbook(source: Source, form: Form, *, sheet: str | None, known: Known, progress: Progress) -> Rows:
    """Read the sheet that holds the deals, or the one asked for; ``"all"`` takes those with the same headers together.

    Formulas, macros and links to other files are never followed: only the values stored with the cells are read.
    """
    parts = _unpacked(source) if source.is_archive else {}
    kind = next((name for part, name in _KINDS.items() if part in parts), ".xls")
    with _guarded(source):
        book = _opened(_packed(parts) if parts else source.data)
        details = markup.read_book(parts) if kind == ".xlsx" else None
        visible = [
            meta.name
            for meta in book.sheets_metadata
            if str(meta.visible).endswith(".Visible") and str(meta.typ).endswith(".WorkSheet")
        ]
        wanted = [sheet] if sheet in visible else visible
        if sheet is not None and sheet not in (*visible, "all"):
            raise SalesMetricsError(
                _("There is no sheet “{name}”.").format(name=sheet), hint=did_you_mean(sheet, visible)
            )
        read = {}
        for step, name in enumerate(wanted):
            xml = details.sheets[name] if details else b""
            if xml and not _fits(*markup.size(xml)):
                raise _too_large(source)
            bar = share_of(progress, step / len(wanted), (step + 1) / len(wanted))
            read[name] = _read_sheet(book.get_sheet_by_name(name), source, bar)
        chosen, headers = _choose(read, known, source, form, together=sheet == "all")
        if details:
            form.excel_start = _START_1904 if details.from_1904 else EXCEL_START
            for name in chosen:
                form.remarks += _look_inside(read[name], details.sheets[name], details.currencies)
        else:
            form.remarks.append(
                _(
                    "Formulas without a result, error cells, hidden rows and currencies shown by a format "
                    "are looked for in .xlsx files only."
                )
            )
    rows = _taken_together({name: read[name] for name in chosen}, headers)
    before = accumulate(len(read[name]) for name in chosen)
    others = (
        _("“{name}” from line {line}").format(name=name, line=1 + rows)
        for name, rows in zip(chosen[1:], before, strict=False)
    )
    told = [f"“{chosen[0]}”", *others]
    form.facts += [(_("Kind of file"), _("workbook ({kind})").format(kind=kind)), (_("Sheet"), ", ".join(told))]
    return Rows(rows)


@contextmanager
def _guarded(source: Source) -> Iterator[None]:
    """Turn whatever a damaged file makes the libraries stumble over into one refusal."""
    try:
        yield
    except SalesMetricsError:
        raise
    except BaseException as error:
        # Where the library panics, in Rust, it is no Exception.
        if not isinstance(error, Exception) and type(error).__name__ != "PanicException":
            raise
        raise SalesMetricsError(
            _("“{name}” is damaged, has a password, or is not the workbook it seems to be.").format(name=source.name),
            hint=_("Export it again, or open it in Excel and save it as .xlsx or as “CSV UTF-8”."),
        ) from None


def _unpacked(source: Source) -> dict[str, bytes]:
    """Unpack the parts that hold text and cells, each within what the archive says of it, and without entities."""
    with _guarded(source), zipfile.ZipFile(BytesIO(source.data)) as archive:
        parts = archive.infolist()
        names = {part.filename for part in parts}
        if not names & set(_KINDS):
            raise SalesMetricsError(
                _("“{name}” is a packed file or a document, not an Excel workbook (.xlsx).").format(name=source.name),
                hint=_("Unpack it, or save it as .xlsx or as “CSV UTF-8”."),
            )
        texts = sum(part.file_size for part in parts if part.filename.endswith("sharedStrings.xml"))
        if len(parts) > _MOST_PARTS or sum(part.file_size for part in parts) > LARGEST or texts > _LARGEST_TEXTS:
            raise _too_large(source)
        kinds = (".xml", ".rels", ".bin") if "xl/workbook.bin" in names else (".xml", ".rels", "mimetype")
        read = {part.filename: archive.read(part) for part in parts if part.filename.endswith(kinds)}
        for name, data in read.items():
            if name.endswith((".xml", ".rels")):
                markup.refuse_entities(data)
        return read


def _packed(parts: dict[str, bytes]) -> bytes:
    """Pack the checked parts again, so that the library sees nothing else: no macro, no link, no picture."""
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    return out.getvalue()


def _opened(data: bytes) -> CalamineWorkbook:
    try:
        from python_calamine import CalamineWorkbook
    except ImportError:
        # In a browser there may be none for its Python.
        raise SalesMetricsError(
            _("Workbooks can't be read here: the library python-calamine is missing."),
            hint=_("Open the file in Excel and save it as “CSV UTF-8”; that can be read."),
        ) from None

    return CalamineWorkbook.from_filelike(BytesIO(data))


def _fits(rows: int, columns: int) -> bool:
    return rows <= MOST_ROWS and rows * columns <= MOST_CELLS


def _read_sheet(sheet: CalamineSheet, source: Source, progress: Progress) -> list[list[Any]]:
    """Return the cells row by row, the empty ones at the end left off; merged cells hold the value of their first."""
    if not _fits(sheet.total_height, sheet.total_width):
        raise _too_large(source)
    records: list[list[Any]] = []
    for values in sheet.to_python(skip_empty_area=False):
        record = [None if value == "" else value for value in values]
        while record and record[-1] is None:
            record.pop()
        records.append(record)
        if len(records) % _STEP == 0:
            progress(len(records) / sheet.total_height)
    for (top, left), (bottom, right) in sheet.merged_cell_ranges or ():
        # A group's name over its rows; what is merged over columns is a title.
        if left == right and top < len(records) and left < len(records[top]):
            for record in records[top + 1 : bottom + 1]:
                if any(cell is not None for cell in record):
                    record += [None] * (left + 1 - len(record))
                    record[left] = records[top][left]
    while records and not records[-1]:
        records.pop()
    return records


def _taken_together(read: dict[str, list[list[Any]]], headers: dict[str, list[str]]) -> list[list[Any]]:
    """Return the rows of some sheets under the headers of the first; sheets named after a status tell the status."""
    first = next(iter(read))
    # What other sheets hold, such as "Pipeline", is asked like any other word.
    by_status = any(map(ending_in, read))
    # All deals of a lone sheet are what its name says only where nothing in it says how they ended.
    said = {"status"} if len(read) > 1 else {"status", "stage", "won_on", "lost_on", *BOXED}
    by_status = by_status and not any((recognise(header) or ("",))[0] in said for header in headers[first])
    if len(read) == 1 and not by_status:
        return read[first]
    rows, width = [], len(headers[first])
    for name, records in read.items():
        places = [headers[name].index(header) for header in headers[first]]
        same = headers[name] == headers[first]
        for record in records:
            row = record if same else [record[place] if place < len(record) else None for place in places]
            # A title or a note of one cell is no deal, and gets no status.
            if by_status and sum(cell is not None for cell in row) > 1:
                is_header = [plain(as_text(cell)) for cell in row] == headers[first]
                row = [*row[:width], *[None] * (width - len(row)), "Status" if is_header else name]
            rows.append(row)
    return rows


def _choose(
    read: dict[str, list[list[Any]]], known: Known, source: Source, form: Form, *, together: bool
) -> tuple[list[str], dict[str, list[str]]]:
    """Choose the sheets that hold the deals, or ask; and give the headers of each, as they are compared."""
    filled = {name: Rows(rows) for name, rows in read.items() if rows}
    if not filled:
        raise SalesMetricsError(
            _("“{name}” is empty.").format(name=source.name), hint=_("Check the export and its filters.")
        )
    headers, likely = {}, []
    for name, rows in filled.items():
        header, score = find_header(rows, known)
        headers[name] = [] if header is None else [plain(as_text(cell)) for cell in rows.cells(header)]
        likely += [name] * (score >= 3)
    likely = likely or list(filled)
    alike = [name for name in likely if sorted(headers[name]) == sorted(headers[likely[0]])]
    if together:
        if others := [name for name in likely if name not in alike]:
            form.remarks.append(_("Not read, since their headers are others: {names}.").format(names=quoted(others)))
        return alike, headers
    if len(likely) > 1:
        choices = [Choice(name, {"sheet": name}) for name in likely]
        if len(alike) > 1:
            names = quoted(alike, _(" and "))
            choices.append(Choice(_("{names} together").format(names=names), {"sheet": "all"}))
        raise Question(
            _("More than one sheet may hold the deals: {names}.").format(names=quoted(likely)),
            option="sheet",
            choices=choices,
        )
    return likely, headers


def _look_inside(rows: list[list[Any]], xml: bytes, currencies: dict[int, str]) -> list[str]:
    """Put error cells and currencies into the rows, refuse formulas without a result, and tell of hidden rows."""
    missing = [name for name, _row, _column in markup.uncalculated(xml)]
    if missing:
        raise SalesMetricsError(
            ngettext(
                "{count} cell holds a formula that was never calculated: {cells}.",
                "{count} cells hold a formula that was never calculated, such as {cells}.",
                len(missing),
            ).format(count=number(len(missing)), cells=", ".join(missing[:3])),
            hint=_("Open the file in Excel, save it, and read it again."),
        )
    for (_name, row, column), text in markup.errors(xml):
        if row < len(rows):
            rows[row] += [None] * (column + 1 - len(rows[row]))
            rows[row][column] = text
    for (_name, row, column), style in markup.styled(xml, currencies):
        if row < len(rows) and column < len(rows[row]) and isinstance(rows[row][column], int | float):
            rows[row][column] = Money(rows[row][column])
            rows[row][column].currency = currencies[style]
    hidden = markup.hidden_rows(xml)
    return [_("Hidden rows were read too ({lines}).").format(lines=lines_named(hidden))] if hidden else []


def _too_large(source: Source) -> SalesMetricsError:
    return SalesMetricsError(
        _("“{name}” holds more than the kit reads: unpacked {largest} MB, {rows} rows.").format(
            name=source.name, largest=number(LARGEST / 1e6), rows=number(MOST_ROWS)
        ),
        hint=_("Export fewer columns or a shorter time, or read it yourself and use check_deals."),
    )
