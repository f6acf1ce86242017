"""``salesmetrics report``: the page for the meeting, from an export, which is read as the options say."""

from __future__ import annotations

import ast
import os
import re
from argparse import Namespace
from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

from salesmetrics.base.errors import SalesMetricsError, unless_refused
from salesmetrics.base.language import N_, _
from salesmetrics.base.private_kernels import tell
from salesmetrics.base.show import visible
from salesmetrics.base.writing import check_page
from salesmetrics.cli import Command, Parser

_BY_NAME = ("columns", "date_order", "decimal", "incomplete")
_TEXTS = ("blank", "ended", "unit", "per", "probability_in", "currency", "pipeline", "sheet")
_READING = (*_BY_NAME, "won", "lost", "no_deal", "stages", *_TEXTS, "delimiter", "encoding", "mapping")

_NAMES = "|".join((*_READING, "target", "period"))
_VALUE = r"""\{[^{}]*\}|\[[^\[\]]*\]|"[^"]*"|'[^']*'|[\d_]+|[a-z]+\.[a-z]+"""
_IN_CODE = re.compile(rf"\b({_NAMES})=({_VALUE})?")


def offer(parser: Parser) -> None:
    """Declare the options: an export, what the page is about, and what ``read_deals`` can be told."""
    parser.add_argument("export")
    parser.add_argument("--target", required=True)
    parser.add_argument("--period", required=True)
    for option in ("--as-of", "--start", "--earlier", "--by"):
        parser.add_argument(option)
    parser.add_argument("--targets", action="append", default=[])
    parser.add_argument("-o", "--output", default="report.html")
    parser.add_argument("--names", action="store_true")
    for name in (*_BY_NAME, "won", "lost", "no_deal"):
        parser.add_argument(flag(name), action="append")
    parser.add_argument("--stages", action="extend", type=_stages)
    parser.add_argument("--delimiter", type=lambda mark: "\t" if mark == "tab" else mark)
    for name in (*_TEXTS, "encoding", "mapping"):
        parser.add_argument(flag(name))


def _stages(typed: str) -> list[str]:
    return [stage.strip() for stage in typed.split(",") if stage.strip()]


def run(asked: Namespace) -> None:
    """Read the export, write the page, and say what was read and where the page is."""
    try:
        _make(asked)
    except SalesMetricsError as error:
        raise SalesMetricsError(as_typed(error.what), hint=as_typed(error.hint)) from None


def _make(asked: Namespace) -> None:
    from salesmetrics.base.typed_numbers import read_amount
    from salesmetrics.crm import read_deals
    from salesmetrics.deals.periods import read_day, read_period
    from salesmetrics.reports import KIND, report

    # What can be refused without reading a large file is refused first.
    target = read_amount(asked.target)
    targets = _targets(asked.targets, asked.by)
    period = read_period(tuple(asked.period.split("/")) if "/" in asked.period else asked.period)
    as_of = read_day(asked.as_of) if asked.as_of else None
    for file in filter(None, (asked.export, asked.earlier)):
        if os.path.exists(file) and os.path.exists(asked.output) and os.path.samefile(file, asked.output):
            raise SalesMetricsError(
                _("The page would be written over “{file}”, which is read.").format(file=file),
                hint=_("Name another page: -o report.html"),
            )
    check_page(asked.output, KIND)
    # A cell may have started this command: what it prints then stands in a notebook.
    tell()
    options = reading(vars(asked))
    export = read_deals(asked.export, **options)
    earlier = read_deals(asked.earlier, mapping=export.mapping) if asked.earlier else None
    made = report(
        export,
        target=target,
        period=period,
        as_of=as_of,
        start=asked.start,
        earlier=earlier,
        names=asked.names,
        by=asked.by,
        targets=targets,
    )
    place = made.save(asked.output)
    print(export.receipt)
    print("\n" + visible("\n".join([made.figures.diagnosis.verdict, *map(str, export.missing)])))
    print("\n" + _("Written: {file}").format(file=place))


def _targets(typed: Sequence[str], by: str | None) -> dict[str, float]:
    """Read ``2026Q3=550000`` and ``North=200000``, as often as it was given."""
    from salesmetrics.base.typed_numbers import read_amount
    from salesmetrics.deals.periods import read_period

    pairs = [each.rpartition("=") for each in typed]
    wrong = [
        name or amount
        for name, _mark, amount in pairs
        if not name.strip() or not (by or unless_refused(partial(read_period, name), None))
    ]
    if wrong:
        raise SalesMetricsError(
            _("“{found}” is no target of a period or a group.").format(found=", ".join(wrong)),
            hint=_(
                'Name the period: --targets 2026Q3=550000; or say by which column: --by team --targets "North=200000".'
            ),
        )
    return {name.strip(): read_amount(amount) for name, _mark, amount in pairs}


def flag(name: str) -> str:
    """Write an option's name as it is typed.

    Examples
    --------
    >>> flag("date_order")
    '--date-order'
    """
    return "--" + name.replace("_", "-")


def reading(given: Mapping[str, Any]) -> dict[str, Any]:
    """Turn what was typed into the keyword arguments of ``read_deals``.

    Raises
    ------
    SalesMetricsError
        A column was given without the field that it is.

    Examples
    --------
    >>> reading({"columns": ["amount=Deal value", "stage="], "date_order": ["day"], "sheet": None})
    {'columns': {'amount': 'Deal value', 'stage': None}, 'date_order': 'day'}
    """
    typed = {name: given[name] for name in _READING if given.get(name) is not None}
    return {name: _by_name(name, value) if name in _BY_NAME else value for name, value in typed.items()}


def as_typed(text: str) -> str:
    """Write what a message says to pass in code as it is typed after a command.

    Examples
    --------
    >>> as_typed('Say which: date_order="day" or date_order="month".')
    'Say which: --date-order day or --date-order month.'
    >>> as_typed('Name yasked: columns={"amount": "your header", "currency": None}.')
    'Name yasked: --columns "amount=your header" --columns currency=.'
    >>> as_typed("Add them: stages=scenario.stages, or a list.")
    'Add them: --stages, or a list.'
    """
    return _IN_CODE.sub(lambda match: _as_flags(match[1], match[2]), text)


def _as_flags(name: str, code: str | None) -> str:
    if code is None or re.fullmatch(r"[a-z]+\.[a-z]+", code):  # such as scenario.stages, which no command has
        return flag(name)
    try:
        value = ast.literal_eval(code)
    except (ValueError, SyntaxError):
        # A header with quotes in it: as it stands it still says what to do.
        return f"{name}={code}"
    if isinstance(value, dict):
        values = [f"{field}={header or ''}" for field, header in value.items()]
    else:
        # A list of words is given word by word; a list of stages is one text.
        values = ([", ".join(value)] if name == "stages" else value or [""]) if isinstance(value, list) else [value]
        values = ["tab" if each == "\t" else str(each) for each in values]
    return " ".join(f"{flag(name)} {_quoted(each)}" for each in values)


def _quoted(word: str) -> str:
    return word if re.fullmatch(r"[\w.=/-]+", word) else f'"{word}"'


def _by_name(name: str, typed: Sequence[str]) -> dict[str, str | None] | str:
    pairs = [text.partition("=") for text in typed]
    if all(sign for _field, sign, _value in pairs):
        return {field.strip(): value.strip() or None for field, _sign, value in pairs}
    if len(typed) == 1 and name != "columns":
        return typed[0]
    raise SalesMetricsError(
        _("{option} “{found}” does not say what it is about.").format(
            option=flag(name), found=next(text for text in typed if "=" not in text)
        ),
        hint=_(
            'Name the field or the status first, for example --columns "amount=Deal value", --date-order created_on=day'
            " or --incomplete open=keep."
        ),
    )


COMMANDS = {
    "report": Command(
        run,
        N_("salesmetrics report export.csv --target 500000 --period 2026Q2 -o report.html"),
        N_("""\
salesmetrics report EXPORT --target AMOUNT --period PERIOD [--as-of DAY] [--start STAGE] [-o PAGE.html]
                    [--names] [--earlier EXPORT] [--by COLUMN] [--targets NAME=AMOUNT] [--lang en|nl]

Makes one page to take to the meeting from an export of your CRM: pipeline coverage and conversion rate with their
sums, the situation, the chance of the target, where it leaks, and what to do first. It prints on one A4 and opens
without a network. Nothing leaves this machine.

  --target 500000       the revenue to win in the period
  --period 2026Q2       a quarter, a month (2026-05), a year (2026), or two days (2026-04-01/2026-06-30)
  --as-of 2026-03-31    the day on whose end to look; without it the last day on which something happened in the export
  --start STAGE         count only deals that got that far; needs --stages where the file does not tell their order
  -o PAGE.html          where the page goes; without it: report.html. An older report of that name is replaced
  --names               name the largest deals; without it no deal's or person's name is on the page
  --earlier EXPORT      an earlier export of the same pipeline, to tell what changed since
  --by team             the coverage of each group of this column, against the whole target
  --targets 2026Q3=550000  the target of a later period, or with --by a group's own: North=200000; as often as needed
  --lang en|nl          English or Dutch

What can be read in two ways is asked about, and the answer is one of these:

  --columns "amount=Deal value"    your headers, as often as needed; "currency=" leaves a field out
  --date-order day|month|year      which part of a date comes first; for one column: created_on=day
  --decimal "," or "."             the mark before the decimals; for one column: "amount=,"
  --won WORD, --lost WORD          your words for won and lost, as often as needed
  --no-deal WORD                   your words for rows that are no deals, such as duplicates, as often as needed
  --stages "Lead, Demo, Proposal"  the stages in their order, for the funnel
  --blank open|lost|above|"leave out"     what rows without a status are
  --ended won|lost|open|"leave out"       deals that count as open though the file says that they ended
  --incomplete "leave out"|expected_close_on|changed_on|keep   deals without a day; "keep" is for open deals only.
                                   By status: --incomplete open=keep --incomplete "lost=leave out"
  --unit 1|1000|1000000            by how much an amount is multiplied
  --per year|"as written"          an amount per month or week: taken times a year, or as it is
  --probability-in percent|fraction  whether chances are written as 25 or as 0.25
  --currency EUR                   the currency to read, where there are several
  --pipeline NAME                  the pipeline to read, where there are several; "all" takes them together
  --sheet NAME                     the sheet of a workbook; "all" takes those with the same headers together
  --delimiter ";" or tab           the mark between the cells
  --encoding cp1252                the encoding of the text
  --mapping FILE                   how an earlier file was read, as lesson 08 remembers it"""),
        offer,
    ),
}
