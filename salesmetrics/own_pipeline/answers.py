"""The answers to a question about a file: a button for each, a list of many, or a list for each unclear word."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

import ipywidgets

from salesmetrics.base.language import N_, _, number
from salesmetrics.base.show import short
from salesmetrics.crm.question import Choice, Question, Word

# As many of a word as fit beside its list.
_LETTERS = 40
# More answers than this stand in a list.
_BUTTONS = 8
_STATUSES = ((N_("open"), "open"), (N_("won"), "won"), (N_("lost"), "lost"))

Tell = Callable[[Mapping[str, Any]], None]


def answers_to(asked: Question, tell: Tell, given: Mapping[str, Any]) -> list[ipywidgets.Widget]:
    """Offer each answer to a question.

    Parameters
    ----------
    asked
        The question.
    tell
        Is called with the options of ``read_deals`` that somebody chose.
    given
        What was said of the file before.
    """
    if asked.words:
        return _sort_words(asked.words, tell, given)
    if len(asked.choices) > _BUTTONS:
        return [_list(asked.choices, tell)]
    return [button(choice.label, partial(tell, choice.options)) for choice in asked.choices]


def button(label: str, act: Callable[[], None]) -> ipywidgets.Button:
    """Return a button that does something."""
    made = ipywidgets.Button(description=label, layout={"width": "auto", "max_width": "100%"})
    made.on_click(lambda _button: act())
    return made


def _list(choices: tuple[Choice, ...], tell: Tell) -> ipywidgets.Dropdown:
    """Offer many answers, such as all headers, in a list."""
    box = ipywidgets.Dropdown(options=[("…", None), *((choice.label, choice.options) for choice in choices)])
    box.observe(lambda change: tell(change["new"]) if change["new"] else None, "value")
    return box


def _sort_words(unclear: tuple[Word, ...], tell: Tell, given: Mapping[str, Any]) -> list[ipywidgets.Widget]:
    """Offer a choice for each unclear word, and a button to read on: one answer must not decide the others."""
    choices = [
        ipywidgets.Dropdown(
            options=[(_(label), status) for label, status in _STATUSES],
            value=word.proposed,
            description=f"“{short(word.text, _LETTERS)}” ({number(word.rows)}: {number(word.amount)})",
            style={"description_width": "initial"},
        )
        for word in unclear
    ]

    def read_on() -> None:
        sorted_words = {
            status: [word.text for word, choice in zip(unclear, choices, strict=True) if choice.value == status]
            for status in ("won", "lost")
        }
        tell({status: [*given.get(status, ()), *found] for status, found in sorted_words.items()})

    return [*choices, button(_("Read on"), read_on)]
