"""A CRM export in, checked deals and a receipt out: nothing is guessed, nothing is left out in silence."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import pandas as pd

from salesmetrics.base.language import _
from salesmetrics.base.show import Result, Shown
from salesmetrics.crm.amounts import read_amounts, read_money, read_probability
from salesmetrics.crm.days import Missing, ask_expected, count_missing, read_days
from salesmetrics.crm.delimited import Rows
from salesmetrics.crm.headers import Columns, find_columns
from salesmetrics.crm.layout import Grid, Known, find_header, lay_out, read_text
from salesmetrics.crm.markup import table_rows
from salesmetrics.crm.question import (
    KEPT,
    Choice,
    PathLike,
    Question,
    Words,
    as_words,
    check_options,
    idle_options,
    load_mapping,
    save_mapping,
)
from salesmetrics.crm.reading import Reading, keep_others, read_texts
from salesmetrics.crm.receipt import Receipt, look, names_in
from salesmetrics.crm.rows import choose_rows
from salesmetrics.crm.sheet import Form, Numbers, Sheet, quoted
from salesmetrics.crm.source import Progress, Readable, Source, open_source, page_refusal, part, progress_for, recode
from salesmetrics.crm.status import ask_stages, order_stages, read_status
from salesmetrics.crm.status_evidence import settle_ended
from salesmetrics.crm.systems import FIELDS, NAMES, plain, recognise
from salesmetrics.deals.check import STATUSES, cast_deals
from salesmetrics.deals.pipeline import Pipeline, pipeline


@dataclass(frozen=True, repr=False)
class Export(Result):
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
    missing
        The won and lost rows that are not among the deals, so that no rate can speak for them; without a status where
        nothing says how they ended, and they may be many.
    questions
        What the file leaves open, without harm to what was read: to be answered by who can.
    """

    deals: pd.DataFrame
    receipt: Receipt
    lines: Numbers
    stages: tuple[str, ...]
    mapping: Mapping[str, Any]
    missing: tuple[Missing, ...] = ()
    questions: tuple[Question, ...] = ()

    def shown(self) -> Shown:
        """Return the receipt, not the table with its empty cells."""
        return self.receipt.shown()

    def pipeline(self, **about: Any) -> Pipeline:
        """Make a pipeline of the deals, about what :func:`salesmetrics.pipeline` takes; the stages are the file's.

        Raises
        ------
        Question
            It is to begin at a stage (``start=``), and the order of the stages is not known.
        """
        about["stages"] = about.get("stages") or self.stages or None
        if about.get("start") and not about["stages"] and (question := self.ask_stages()):
            raise question
        return replace(pipeline(self.deals, **about), source=self)

    def ask_stages(self) -> Question | None:
        """Return the question in which order the stages come, with an order proposed; None where it is known."""
        return None if self.stages else ask_stages(self.deals)

    def save_mapping(self, path: PathLike) -> None:
        """Save how the file was read, for ``read_deals(next_file, mapping=path)``; it holds no deals."""
        save_mapping(path, self.mapping)


def read_deals(
    path: Readable,
    *,
    columns: Columns | None = None,
    date_order: str | Mapping[str, str] | None = None,
    decimal: str | Mapping[str, str] | None = None,
    probability_in: str | None = None,
    won: Words = None,
    lost: Words = None,
    no_deal: Words = None,
    blank: str | None = None,
    ended: str | None = None,
    incomplete: str | Mapping[str, str] | None = None,
    unit: float | str | None = None,
    per: str | None = None,
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
    """Read the deals from a CRM export: CSV or a workbook, Dutch or English, from any system.

    What the file itself tells is worked out from all of its values; what can be read in two ways is asked about. All
    options are answers to such questions, or override what was worked out. The file is never written to.

    Parameters
    ----------
    path
        The file, or its bytes.
    columns
        Your headers, where the kit does not know them: ``{"amount": "Deal value"}``. One column may be two things: with
        the same header for ``closed_on`` and ``expected_close_on`` it is the day of closing of won and lost deals, and
        the expected day of open ones. ``None`` for a header leaves a field out; without a status all deals are open.
    date_order
        Which part of a date comes first, ``"day"``, ``"month"`` or ``"year"``; for all columns, or as
        ``{"created_on": "day"}``.
    decimal
        The mark before the decimals, ``","`` or ``"."``; for all columns, or as ``{"amount": ","}``.
    probability_in
        Whether the chances are in ``"percent"`` (25) or are a ``"fraction"`` (0.25; above 1 they are in percent still).
    won, lost
        Your words for won and lost in the column of statuses (or else of stages). All unknown words are open then.
    no_deal
        Your words in the same columns for rows that are no deals, such as "Duplicate": they are left out.
    blank
        What rows without a status are: ``"open"``, ``"lost"``, the same as the row ``"above"``, or ``"leave out"``.
    ended
        What deals are that count as open though a box or a day of closing of their own says that they ended: ``"won"``,
        ``"lost"``, ``"open"``, or ``"leave out"``.
    incomplete
        What becomes of won and lost deals without a day of closing, where those are many: ``"leave out"``, or the
        column that is taken for it, ``"expected_close_on"`` or ``"changed_on"``. Open deals of which a day can't be
        read may be left out too, or stay without that day: ``"keep"``. For all deals, or by status, as
        ``{"open": "keep", "lost": "leave out"}``.
    unit
        By how much amounts are multiplied where their header says "x 1,000": 1, 1000 or 1000000.
    per
        Amounts per month or week: taken times a ``"year"``, or ``"as written"``.
    stages
        The stages in their order, from the first to the last before won.
    currency
        The currency to read, where there are several: ``"EUR"``. Deals in another are left out; a bare amount is in it.
    pipeline
        The pipeline to read, where there are several; ``"all"`` takes them together.
    sheet
        The sheet of a workbook; ``"all"`` for those with the same headers together.
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
    said = {option: value for option, value in locals().items() if option not in ("path", "progress")}
    given = {option: value for option, value in said.items() if value is not None}
    check_options(given)
    saved = load_mapping(mapping) if mapping is not None else {}
    told = Choice("", {"columns": {}, **given}).added_to(saved)
    source = open_source(path, name)
    bar = progress_for(source, progress)
    table = _read_sheet(source, told, bar)
    reading = Reading(table, find_columns(table, told["columns"]), told)
    choose_rows(reading)
    amounts = read_amounts(reading)
    read_probability(reading)
    read_status(reading, amounts.values)
    bar(0.7)
    has_status = reading.status_of >= 0
    reading.keep_only(has_status)
    settle_ended(reading)
    read_money(reading, amounts.only(has_status))
    read_days(reading)
    missing = count_missing(reading)
    ask_expected(reading)
    bar(0.9)
    read_texts(reading)
    fields = {*reading.found, *reading.deals}
    reading.form.remarks[:0] = idle_options(given, fields, workbook=source.is_workbook, page=source.is_page)
    export = _finish(reading, missing)
    bar(1)
    return export


def _read_sheet(source: Source, told: Mapping[str, Any], bar: Progress) -> Sheet:
    form = Form(source.name)
    headers = {plain(header) for header in (*FIELDS, *filter(None, told["columns"].values()))}
    known: Known = lambda header: plain(header) in headers or recognise(header) is not None  # noqa: E731
    if source.is_workbook:
        from salesmetrics.crm.workbook import read_workbook

        grid: Grid = read_workbook(source, form, sheet=told.get("sheet"), known=known, progress=part(bar, 0, 0.6))
    else:
        data, encoding = recode(source, told.get("encoding"))
        form.facts.append((_("Encoding"), encoding))
        bar(0.05)
        if source.is_page:
            form.facts.append((_("Kind of file"), _("table in a web page")))
            grid = Rows(table_rows(data.decode("utf-8")))
            if find_header(grid, known)[1] < 2:
                raise page_refusal(source)
        else:
            grid = read_text(data, form, delimiter=told.get("delimiter"), known=known)
    bar(0.6)
    return lay_out(grid, form, known)


def _finish(reading: Reading, missing: Sequence[Missing]) -> Export:
    reading.keep_only(reading.stays())
    sheet, form = reading.sheet, reading.form
    others = keep_others(reading)
    order = [*(name for name in FIELDS if name in reading.deals), *others]
    deals = cast_deals(pd.DataFrame({name: reading.deals[name] for name in order}))
    statuses = {status: reading.has(status) for status in STATUSES}
    stages = order_stages(deals, statuses["open"], reading.told.get("stages"))
    receipt = Receipt(
        source=form.source,
        facts=(*form.facts, *([(_("Stages in order"), quoted(stages, " → "))] if stages else [])),
        columns=tuple(sorted(reading.used, key=lambda used: list(NAMES).index(used.field))),
        unused=tuple(others),
        rows=len(sheet.lines) + sum(map(len, form.left_out.values())),
        counts={status: int(rows.sum()) for status, rows in statuses.items()},
        left_out=reading.left_out(),
        mended=tuple(form.mended),
        remarks=(
            *map(str, missing),
            *form.remarks,
            *look(deals, statuses, sheet.lines, names_in(reading, others), today=datetime.date.today()),
        ),
        other=tuple((_(what), tuple(numbers)) for what, numbers in form.other.items()),
    )
    return Export(deals, receipt, sheet.lines, stages, _mapping(reading), tuple(missing), tuple(reading.questions))


def _mapping(reading: Reading) -> dict[str, Any]:
    """Gather what was said and what was worked out, as it is saved for the next file."""
    mapping = {option: value for option, value in reading.told.items() if option in KEPT and value != {}}
    mapping |= {option: as_words(mapping[option]) for option in ("won", "lost", "stages") if option in mapping}
    for option, settled in reading.settled.items():
        said = mapping.get(option)
        if not isinstance(said, str) and settled:
            mapping[option] = {**settled, **(said or {})}
    return mapping
