"""The answers about a file: to a question of it, and the mapping card, where what became what is put right."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

import ipywidgets

from salesmetrics.base.language import N_, _, ngettext, number
from salesmetrics.base.show import escaped, short
from salesmetrics.crm import Export
from salesmetrics.crm.dates_and_numbers import ORDER_NAMES
from salesmetrics.crm.question import Choice, Question
from salesmetrics.crm.systems import NAMES
from salesmetrics.own_pipeline.controls import WHOLE, button, row, show_if, text_box

# As many of a word as fit beside its list.
_LETTERS = 40
# More answers than this stand in a list.
_BUTTONS = 8
_STATUSES = ((N_("open"), "open"), (N_("won"), "won"), (N_("lost"), "lost"))
# The rows of the mapping card; others are there for what was found.
_FIELDS = ("deal_id", "status", "stage", "amount", "created_on", "expected_close_on", "closed_on")
_MORE = tuple(name for name in NAMES if name not in (*_FIELDS, "pipeline"))
# What a list offers beside the headers; no header looks like these.
_AS_READ, _NONE = "\0as read", "\0none"

Tell = Callable[[Mapping[str, Any]], None]


def answers_to(asked: Question, tell: Tell) -> list[ipywidgets.Widget]:
    """Offer each answer to a question.

    ``tell`` is called with the options of ``read_deals`` that somebody chose.
    """
    if len(asked.choices) > _BUTTONS:
        return [_list(asked.choices, tell)]
    # Of words, the first three choices are the lists.
    sorting, others = (_sort_words(asked, tell), asked.choices[3:]) if asked.words else ([], asked.choices)
    return [*sorting, *(button(choice.label, partial(tell, choice.options)) for choice in others)]


def _list(choices: tuple[Choice, ...], tell: Tell) -> ipywidgets.Dropdown:
    """Offer many answers, such as all headers, in a list."""
    box = ipywidgets.Dropdown(options=[("…", None), *((choice.label, choice.options) for choice in choices)])
    box.observe(lambda change: tell(change["new"]) if change["new"] else None, "value")
    return box


def _sort_words(asked: Question, tell: Tell) -> list[ipywidgets.Widget]:
    """Offer a choice for each unclear word, and a button to read on: one answer must not decide the others."""
    # The third choice leaves them open, and holds the words that are known to be won or lost.
    unclear, known = asked.words, asked.choices[2].options
    choices = [
        ipywidgets.Dropdown(
            options=[(_(label), status) for label, status in _STATUSES],
            value=word.proposed,
            description=f"“{short(word.text, _LETTERS)}” ({number(word.rows)}: {number(word.amount)})",
            style=WHOLE,
        )
        for word in unclear
    ]

    def read_on() -> None:
        sorted_words = {
            status: [word.text for word, choice in zip(unclear, choices, strict=True) if choice.value == status]
            for status in ("won", "lost")
        }
        tell({status: [*known[status], *found] for status, found in sorted_words.items()})

    return [*choices, button(_("Read on"), read_on)]


class MappingCard:
    """A row for each field: the header it was read from, in a list of all headers, and how it was read.

    ``tell`` is called with the options of ``read_deals`` that somebody chose; ``afresh`` when all questions are to be
    asked again.
    """

    def __init__(self, tell: Tell, afresh: Callable[[], None]) -> None:
        self._tell, self._offering = tell, False
        layout, style = {"width": "34em", "max_width": "100%"}, {"description_width": "14em"}
        self._lists, self._ways, self._how, self._rows = {}, {}, {}, {}
        self._told: dict[str, dict[str, str]] = {}
        for field in (*_FIELDS, *_MORE):
            headers = ipywidgets.Dropdown(description=_(NAMES[field]), layout=layout, style=style)
            ways = ipywidgets.Dropdown(
                layout={"width": "10em", "display": "none"},
                tooltip=_("{what}: how it is written").format(what=_(NAMES[field])),
            )
            headers.observe(lambda change, field=field: self._chosen(field, change["new"]), "value")
            ways.observe(lambda change, field=field: self._written(field, change["new"]), "value")
            self._lists[field], self._ways[field], self._how[field] = headers, ways, ipywidgets.HTML()
            self._rows[field] = row(headers, ways, self._how[field])
        self._stages = text_box(_("Stages, first to last"), _("Lead, Demo, Proposal"), **layout)
        self._stages.style = style
        self._stages.observe(lambda change: self._ordered(change["new"]), "value")
        self._afresh = button(_("Ask me everything again"), afresh)
        title = ipywidgets.HTML(f"<strong>{escaped(_('What became what'))}</strong>")
        self.widget = ipywidgets.VBox([title, *self._rows.values(), self._stages, self._afresh])

    def offer(self, export: Export) -> None:
        """Show what was read as what."""
        used = {column.field: column for column in reversed(export.receipt.columns)}
        headers = dict.fromkeys([column.header for column in export.receipt.columns] + list(export.receipt.unused))
        self._offering = True
        for option in ("date_order", "decimal"):
            told = export.mapping.get(option, {})
            self._told[option] = dict(told) if isinstance(told, Mapping) else dict.fromkeys(_FIELDS, told)
        for field, box in self._lists.items():
            show_if(field in (*_FIELDS, *used), self._rows[field])
            as_read = f"“{used[field].header}”" if field in used else _("not found")
            box.options = [(as_read, _AS_READ), *((header, header) for header in headers), (_("none"), _NONE)]
            box.value = _AS_READ
            self._offer_ways(field, export)
            how = [used[field].how, _empty(used[field].empty)] if field in used else []
            self._how[field].value = escaped(", ".join(filter(None, how)))
        self._stages.value = ", ".join(export.stages)
        answered = set(export.mapping) - {"columns", "stages", "date_order", "decimal"}
        show_if(answered or export.mapping.get("columns"), self._afresh)
        self._offering = False

    def _offer_ways(self, field: str, export: Export) -> None:
        """Offer the other ways to read a column of days or of amounts, where it was settled in one of them."""
        box = self._ways[field]
        for option, ways in _ways_of(field):
            settled = self._told[option].get(field)
            show_if(settled in dict(ways).values(), box)
            if settled in dict(ways).values():
                box.options, box.value = ways, settled

    def _chosen(self, field: str, value: str | None) -> None:
        if not self._offering and value not in (None, _AS_READ):
            self._tell({"columns": {field: None if value == _NONE else value}})

    def _written(self, field: str, value: str | None) -> None:
        if not self._offering and value is not None:
            # One column read another way says nothing of the others, which stay as they were read.
            self._tell({option: {**self._told[option], field: value} for option, _ways in _ways_of(field)})

    def _ordered(self, text: str) -> None:
        if not self._offering:
            self._tell({"stages": [stage.strip() for stage in text.split(",") if stage.strip()] or None})


def _ways_of(field: str) -> list[tuple[str, list[tuple[str, str]]]]:
    if field.endswith("_on"):
        return [("date_order", [(_(name), order) for order, name in ORDER_NAMES.items()])]
    return [("decimal", [("1.234,56", ","), ("1,234.56", ".")])] if field == "amount" else []


def _empty(count: int) -> str:
    return ngettext("{count} empty", "{count} empty", count).format(count=number(count)) if count else ""
