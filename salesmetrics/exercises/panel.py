"""An exercise on the screen: what the browser is told, and what it asks back. Judging is not done here."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import anywidget
import traitlets

from salesmetrics.base.language import N_, _
from salesmetrics.exercises.content import Part, Question, Unit, said
from salesmetrics.exercises.numeric import example
from salesmetrics.exercises.verdict import as_html, plain

_HERE = Path(__file__).parent
# What the button says, where that is not “Check”.
_CHECK: Mapping[str, str] = {"free": N_("Done"), "guess": N_("Note my guess")}


class Panel(anywidget.AnyWidget):
    """A question with its answer box and buttons, or one of the two alone.

    ``given`` holds what was answered last, so that a reopened notebook still shows it.
    """

    _esm = _HERE / "panel.js"
    _css = _HERE / "panel.css"

    about = traitlets.Dict().tag(sync=True)
    given = traitlets.Any().tag(sync=True)
    verdict = traitlets.Unicode().tag(sync=True)
    help = traitlets.Unicode().tag(sync=True)
    done = traitlets.Bool().tag(sync=True)

    def __init__(self, about: Mapping[str, Any], answer: Callable[[str, Any], None] | None = None) -> None:
        super().__init__(about=dict(about))
        self._answer = answer
        self.on_msg(self._message)

    def _message(self, _widget: Any, content: Any, _buffers: Any) -> None:
        if self._answer is not None:
            self._answer(str(content.get("action", "")), content.get("given"))


class Forget(anywidget.AnyWidget):
    """A button that forgets all answers and progress, after asking once more; for a computer that others use too.

    Parameters
    ----------
    forget
        Does it, and gives a sentence where that failed, else nothing.
    """

    _esm = _HERE / "forget.js"
    _css = _HERE / "panel.css"

    words = traitlets.Dict().tag(sync=True)
    said = traitlets.Unicode().tag(sync=True)

    def __init__(self, forget: Callable[[], str]) -> None:
        words = {
            "forget": _("Forget my answers"),
            "sure": _("This deletes every answer and all progress in this folder."),
            "yes": _("Delete them"),
            "no": _("Keep them"),
        }
        super().__init__(words=words)
        self._forget = forget
        self.on_msg(lambda *_message: self._asked())

    def _asked(self) -> None:
        self.said = ""
        self.said = self._forget() or _("Deleted.")


def question_about(question: Question) -> dict[str, Any]:
    """Return what the browser is told of the question only."""
    return {"name": question.id, "question": as_html(said(question.question))}


def answer_about(question: Question) -> dict[str, Any]:
    """Return what the browser is told of how to answer; nothing in it says what is right."""
    asked = ["hint"] if question.hints else []
    return {
        "name": question.id,
        "kind": question.kind,
        "choices": [_shown(choice.key, labelled(choice)) for choice in question.choices],
        "cells": [
            {
                **_shown(cell.key, said(cell.label)),
                "matched": isinstance(cell.answer, str),
                "example": _as_in(cell.unit),
            }
            for cell in question.cells
        ],
        "example": _as_in(question.unit),
        "kept": not question.private,
        "helps": [*asked, "solution"] if question.solution else asked,
        "words": {
            "answer": _("Your answer"),
            # What somebody wrote is gone once its cell runs again, so no button says that it is kept.
            "check": _(_CHECK.get(question.kind, N_("Check"))),
            "choose": _("Choose"),
            "order": _("Put in order"),
            "up": _("Up"),
            "down": _("Down"),
            "hint": _("Hint"),
            "solution": _("Solution"),
            "done": _("✓ done"),
        },
    }


def labelled(choice: Part) -> str:
    """Return a choice with the letter that solutions call it by, unless its words end in that or it has none."""
    words = said(choice.label)
    if len(choice.key) > 1 or words.split()[-1] == choice.key:
        return words
    return f"**{choice.key}** · {words}"


def choices_and_cells(question: Question) -> list[list[str]]:
    """Return the lists that a viewer without a kernel shows of a question: its choices, its cells to fill in."""
    choices = [as_html(labelled(choice)) for choice in question.choices]
    cells = [f"{as_html(said(cell.label))} …" for cell in question.cells]
    return [items for items in (choices, cells) if items]


def _as_in(unit: Unit) -> str:
    """Show in an empty box how an answer may be typed."""
    return _("such as {example}").format(example=example(unit))


def _shown(key: str, words: str) -> dict[str, str]:
    return {"key": key, "html": as_html(words), "plain": plain(words)}
