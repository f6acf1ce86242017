"""A CRM export in, checked deals and a receipt out: nothing is guessed, nothing is left out in silence."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import pandas as pd

from salesmetrics.base.errors import SalesMetricsError
from salesmetrics.base.language import _
from salesmetrics.crm.aliases import plain, recognise
from salesmetrics.crm.amounts import Decimal
from salesmetrics.crm.bar import part, progress_for
from salesmetrics.crm.dates import DateOrder
from salesmetrics.crm.encoding import recode
from salesmetrics.crm.figures import read_figures
from salesmetrics.crm.headers import FIELDS, Columns, check_fields, find_columns
from salesmetrics.crm.layout import Known, lay_out, read_text
from salesmetrics.crm.mapping import PathLike, load_mapping, save_mapping
from salesmetrics.crm.odd import look, names_in
from salesmetrics.crm.option_check import check_options, idle_options
from salesmetrics.crm.page import read_page
from salesmetrics.crm.reading import Options, Reading, keep_others, read_texts
from salesmetrics.crm.receipt import LeftOut, Receipt
from salesmetrics.crm.sheet import Numbers, Progress, Sheet, lines_text
from salesmetrics.crm.sift import sift
from salesmetrics.crm.source import Readable, Source, open_source
from salesmetrics.crm.status import Words, as_words, order_stages
from salesmetrics.crm.workbook import read_workbook
from salesmetrics.deals.check import STATUSES, cast_deals


@dataclass(frozen=True)
class Export:
    """What was read from a file.

    Parameters
    ----------
    deals
        The deals, checked: what every metric takes. Columns of the file that are no part of a deal are kept as text.
    receipt
        What was read as what.
    lines
        For each deal, the line of the file on which it stands.
    stages
        The stages in order, where they were given or the file tells it; else nothing.
    mapping
        What was said or worked out of the file, to read the next one in the same way.
    """

    deals: pd.DataFrame
    receipt: Receipt
    lines: Numbers
    stages: tuple[str, ...]
    mapping: Mapping[str, Any]

    def __str__(self) -> str:
        return str(self.receipt)

    def _repr_html_(self) -> str:
        return self.receipt._repr_html_()

    def _repr_pretty_(self, printer: Any, cycle: bool) -> None:
        """Show the receipt in a notebook's plain text too, not the table with its empty cells."""
        printer.text(str(self))

    def save_mapping(self, path: PathLike) -> None:
        """Save how the file was read, for ``read_deals(next_file, mapping=path)``; it holds no deals."""
        save_mapping(path, self.mapping)


def read_deals(
    path: Readable,
    *,
    columns: Columns | None = None,
    date_order: DateOrder = None,
    decimal: Decimal = None,
    probability_in: str | None = None,
    won: Words = None,
    lost: Words = None,
    stages: Sequence[str] | None = None,
    currency: str | None = None,
    pipeline: str | None = None,
    sheet: str | None = None,
    delimiter: str | None = None,
    encoding: str | None = None,
    mapping: PathLike | Mapping[str, Any] | None = None,
    progress: Progress | bool | None = None,
    name: str | None = None,
) -> Export:
    """Read the deals from a CRM export: CSV or Excel, Dutch or English, from any system.

    What the file itself tells is worked out from all of its values; what can be read in two ways is asked about. All
    options are answers to such questions, or override what was worked out. The file is never written to.

    Parameters
    ----------
    path
        The file, or its bytes.
    columns
        Your headers, where the kit does not know them: ``{"amount": "Deal value"}``. One column may be two things: with
        the same header for ``closed_on`` and ``expected_close_on`` it is the day of closing of won and lost deals, and
        the expected day of open ones. ``None`` for a header leaves a field out.
    date_order
        Which part of a date comes first, ``"day"``, ``"month"`` or ``"year"``; for all columns, or as
        ``{"created_on": "day"}``.
    decimal
        The mark before the decimals, ``","`` or ``"."``; for all columns, or as ``{"amount": ","}``.
    probability_in
        Whether the chances are in ``"percent"`` (25) or are a ``"fraction"`` (0.25).
    won, lost
        Your words for won and lost in the column of statuses (or else of stages). All unknown words are open then.
    stages
        The stages in their order, from the first to the last before won.
    currency
        The currency to read, where there are several: ``"EUR"``. Deals in another are left out.
    pipeline
        The pipeline to read, where there are several; ``"all"`` takes them together.
    sheet
        The sheet of a workbook.
    delimiter, encoding
        The mark between the cells, and the encoding of the text.
    mapping
        A file that ``export.save_mapping`` wrote; options given here come before it.
    progress
        A function that is given the share that is done; or whether to show a bar. Large files show one by themselves.
    name
        What to call the file in the receipt.

    Returns
    -------
    The deals and the receipt.

    Raises
    ------
    Question
        Something can be read in two ways; the error names the option that settles it, and holds the choices.
    SalesMetricsError
        The file can't be opened or understood.

    Examples
    --------
    >>> export = read_deals(b'''deal_id,status,amount,closed_on
    ... 1,open,20000,
    ... 2,won,15000,2026-02-14''', name="deals.csv")
    >>> float(export.deals["amount"].sum())
    35000.0
    >>> export.receipt.counts
    {'open': 1, 'won': 1, 'lost': 0}
    """
    given = {"date_order": date_order, "decimal": decimal, "probability_in": probability_in, "won": won, "lost": lost}
    given |= {"stages": stages, "currency": currency, "pipeline": pipeline, "sheet": sheet}
    given |= {"delimiter": delimiter, "encoding": encoding}
    check_options({**given, "columns": columns, "mapping": mapping, "name": name})
    saved = load_mapping(mapping) if mapping is not None else {}
    told = saved | {option: value for option, value in given.items() if value is not None}
    told["columns"] = {**saved.get("columns", {}), **(columns or {})}
    check_fields("date_order", told.get("date_order"))
    check_fields("decimal", told.get("decimal"))
    source = open_source(path, name)
    bar = progress_for(source, progress)
    sheet_read = _read_sheet(source, told, bar)
    found = find_columns(sheet_read.headers, told["columns"])
    reading = sift(sheet_read, found, Options(**{name: told.get(name) for name in Options._fields}))
    bar(0.7)
    read_figures(reading)
    bar(0.9)
    read_texts(reading)
    export = _finish(reading, told)
    bar(1)
    idle = idle_options(given, reading.found, workbook=source.is_archive, page=source.is_page)
    return replace(export, receipt=replace(export.receipt, odd=(*idle, *export.receipt.odd))) if idle else export


def _read_sheet(source: Source, told: Mapping[str, Any], bar: Progress) -> Sheet:
    headers = {plain(header) for header in (*FIELDS, *filter(None, told["columns"].values()))}
    known: Known = lambda header: plain(header) in headers or recognise(header) is not None  # noqa: E731
    if source.is_archive:
        book = read_workbook(source, sheet=told.get("sheet"), known=known, progress=part(bar, 0, 0.6))
        facts = [(_("Kind of file"), _("Excel workbook")), (_("Sheet"), book.sheet)]
        sheet = lay_out(
            book.rows, source=source.name, known=known, facts=facts, mended=[], progress=part(bar, 0.6, 0.7)
        )
        return replace(sheet, form=replace(sheet.form, excel_start=book.excel_start))
    data, encoding = recode(source, told.get("encoding"))
    bar(0.05)
    if source.is_page:
        rows = read_page(source, data.decode("utf-8"), known=known)
        facts = [(_("Kind of file"), _("table in a web page")), (_("Encoding"), encoding)]
        return lay_out(rows, source=source.name, known=known, facts=facts, mended=[], progress=part(bar, 0.2, 0.6))
    grid, marks, mended = read_text(data, delimiter=told.get("delimiter"), known=known)
    facts = [(_("Encoding"), encoding), *marks]
    return lay_out(grid, source=source.name, known=known, facts=facts, mended=mended, progress=part(bar, 0.2, 0.6))


def _finish(reading: Reading, told: Mapping[str, Any]) -> Export:
    sheet, form = reading.sheet, reading.sheet.form
    others = keep_others(reading)
    keep = reading.stays()
    reasons: dict[str, list[int]] = {}
    for line, reason in form.left_out:
        reasons.setdefault(reason, []).append(line)
    left_out = [LeftOut(reason, tuple(lines)) for reason, lines in reasons.items()] + reading.left_out()
    if not keep.any():
        raise _nothing(form.source, left_out)
    order = [*(name for name in FIELDS if name in reading.deals), *others]
    table = pd.DataFrame({name: reading.deals[name] for name in order})
    table = table if keep.all() else table[keep].reset_index(drop=True)
    deals = cast_deals(table)
    lines = sheet.lines[keep]
    statuses = {status: reading.has(status)[keep] for status in STATUSES}
    stages = order_stages(deals, statuses["open"], told.get("stages"))
    receipt = Receipt(
        source=form.source,
        facts=(
            *form.facts,
            *([(_("Stages in order"), " → ".join(f"“{stage}”" for stage in stages))] if stages else []),
        ),
        columns=tuple(reading.used),
        unused=tuple(others),
        rows=len(sheet.lines) + len(form.left_out),
        counts={status: int(rows.sum()) for status, rows in statuses.items()},
        left_out=tuple(left_out),
        mended=(*form.mended, *reading.mended),
        odd=(*reading.odd, *look(deals, statuses, lines, names_in(reading, others), today=datetime.date.today())),
        other=(
            (_("Headers on line"), (form.header_line,)),
            (_("Title on lines"), form.title_lines),
            (_("Blank lines"), form.blank_lines),
            (_("Closing lines"), form.footer_lines),
        ),
    )
    return Export(deals, receipt, lines, stages, _mapping(reading, told))


def _mapping(reading: Reading, told: Mapping[str, Any]) -> dict[str, Any]:
    """Gather what was said and what was worked out, as it is saved for the next file."""
    mapping = {option: value for option, value in told.items() if value is not None and value != {}}
    for option in ("won", "lost", "stages"):
        if option in mapping:
            mapping[option] = as_words(mapping[option])
    for option, settled in reading.settled.items():
        said = mapping.get(option)
        if not isinstance(said, str) and settled:
            mapping[option] = {**settled, **(said or {})}
    return mapping


def _nothing(source: str, left_out: Sequence[LeftOut]) -> SalesMetricsError:
    reasons = "; ".join(f"{reason} ({lines_text(lines)})" for reason, lines in left_out)
    return SalesMetricsError(
        _("No deal could be read from “{name}”.").format(name=source),
        hint=_("Left out: {reasons}.").format(reasons=reasons)
        if left_out
        else _("There are no rows under the headers. Check the export and its filters."),
    )
