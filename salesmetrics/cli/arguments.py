"""How what was typed is read: commands and their options, those of ``read_deals``, and its hints as they are typed."""

from __future__ import annotations

import ast
import re
from argparse import ArgumentParser
from collections.abc import Mapping, Sequence
from typing import Any, NoReturn

from salesmetrics.base.errors import SalesMetricsError
from salesmetrics.base.language import _

PER_COLUMN = ("columns", "date_order", "decimal")
WORDS = ("won", "lost")
READ_AS = ("blank", "ended", "incomplete", "unit", "per", "probability_in")
TEXTS = (*READ_AS, "currency", "pipeline", "sheet", "delimiter", "encoding", "mapping")
READING = (*PER_COLUMN, *WORDS, "stages", *TEXTS)

_NAMES = "|".join((*READING, "target", "period"))
_VALUE = r"""\{[^{}]*\}|\[[^\[\]]*\]|"[^"]*"|'[^']*'|[\d_]+|[a-z]+\.[a-z]+"""
_IN_CODE = re.compile(rf"\b({_NAMES})=({_VALUE})?")


def offer_reading(parser: ArgumentParser) -> None:
    """Let a command take what ``read_deals`` can be told."""
    for name in READING:
        parser.add_argument(flag(name), action="append", dest=name)


def flag(name: str) -> str:
    """Write an option's name as it is typed.

    Examples
    --------
    >>> flag("date_order")
    '--date-order'
    """
    return "--" + name.replace("_", "-")


def reading(given: Mapping[str, Sequence[str] | None]) -> dict[str, Any]:
    r"""Turn what was typed into the keyword arguments of ``read_deals``.

    Raises
    ------
    SalesMetricsError
        A column was given without the field that it is.

    Examples
    --------
    >>> reading({"columns": ["amount=Deal value", "stage="], "date_order": ["day"], "won": ["Signed", "Paid"]})
    {'columns': {'amount': 'Deal value', 'stage': None}, 'date_order': 'day', 'won': ['Signed', 'Paid']}
    >>> reading({"stages": ["Lead, Demo"], "delimiter": ["tab"], "sheet": None})
    {'stages': ['Lead', 'Demo'], 'delimiter': '\t'}
    """
    told: dict[str, Any] = {}
    for name in READING:
        typed = given.get(name)
        if not typed:
            continue
        if name in PER_COLUMN:
            told[name] = _per_column(name, typed)
        elif name in WORDS:
            told[name] = list(typed)
        elif name == "stages":
            told[name] = [stage.strip() for text in typed for stage in text.split(",") if stage.strip()]
        else:
            told[name] = "\t" if name == "delimiter" and typed[-1] == "tab" else typed[-1]
    return told


def as_typed(text: str) -> str:
    """Write what a message says to pass in code as it is typed after a command.

    Examples
    --------
    >>> as_typed('Say which: date_order="day" or date_order="month".')
    'Say which: --date-order day or --date-order month.'
    >>> as_typed('Name yours: columns={"amount": "your header", "currency": None}.')
    'Name yours: --columns "amount=your header" --columns currency=.'
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
        values = ["tab" if one == "\t" else str(one) for one in values]
    return " ".join(f"{flag(name)} {_quoted(one)}" for one in values)


def _quoted(word: str) -> str:
    return word if re.fullmatch(r"[\w.=/-]+", word) else f'"{word}"'


def _per_column(name: str, typed: Sequence[str]) -> dict[str, str | None] | str:
    pairs = [text.partition("=") for text in typed]
    if all(sign for _field, sign, _value in pairs):
        return {field.strip(): value.strip() or None for field, _sign, value in pairs}
    if len(typed) == 1 and name != "columns":
        return typed[0]
    raise SalesMetricsError(
        _("{option} “{found}” does not say what it is about.").format(
            option=flag(name), found=next(text for text in typed if "=" not in text)
        ),
        hint=_('Name the field first, for example --columns "amount=Deal value" or --date-order created_on=day.'),
    )


class Parser(ArgumentParser):
    """Reads what was typed; its help is a text as it stands, and what it does not understand an error of the kit's own.

    Parameters
    ----------
    prog, text
        The command's name, and its help.
    example
        How it is typed.
    typed
        All that was typed after the name.
    options
        As of argparse's own parser.
    """

    def __init__(self, prog: str, *, text: str, example: str, typed: list[str], **options: Any) -> None:
        super().__init__(prog, allow_abbrev=False, **options)
        self.text, self.example, self.typed = text, example, typed
        self.add_argument("--lang", nargs="?", const="")

    def format_help(self) -> str:
        """Return the help, in the chosen language."""
        return _(self.text) + "\n"

    def error(self, message: str) -> NoReturn:
        """Refuse what was typed."""
        raise SalesMetricsError(
            _("“{words}” is not understood.").format(words=" ".join([self.prog, *self.typed])),
            hint=_("Write it like this: {example}").format(example=_(self.example)),
        )
