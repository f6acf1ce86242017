"""An exercise to answer: in a box in the notebook, or by a call; both are the same check, which is not done here."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any
from weakref import WeakSet

import anywidget
import ipywidgets
import traitlets

from salesmetrics.base.language import _
from salesmetrics.exercises import progress_file
from salesmetrics.exercises.answers import example, taken
from salesmetrics.exercises.content import Part, Question, Unit, plain, question, said
from salesmetrics.exercises.feedback import Verdict, as_html, guessed_at, how_to_answer, judge, literally, told
from salesmetrics.exercises.overview import refresh_overviews

# Kept while the kernel runs, because exercise("…").hint() makes a new exercise every time.
_hints_given: Counter[str] = Counter()
_on_screen: WeakSet[Exercise] = WeakSet()


class Panel(anywidget.AnyWidget):
    """A question with its answer box and buttons, or one of the two alone.

    ``given`` holds what was answered last, so that a reopened notebook still shows it.
    """

    _esm = Path(__file__).with_name("panel.js")
    _css = Path(__file__).with_name("panel.css")

    about = traitlets.Dict().tag(sync=True)
    given = traitlets.Any().tag(sync=True)
    verdict = traitlets.Unicode().tag(sync=True)
    help = traitlets.Unicode().tag(sync=True)
    done = traitlets.Bool().tag(sync=True)

    def __init__(self, about: Mapping[str, Any], answer: Callable[[str, Any], None] = lambda *_asked: None) -> None:
        super().__init__(about=dict(about))
        self._answer = answer
        self.on_msg(self._message)

    def _message(self, _widget: Any, content: Any, _buffers: Any) -> None:
        self._answer(str(content.get("action", "")), content.get("given"))


def question_about(question: Question) -> dict[str, Any]:
    """Return what the browser is told of the question only."""
    return {"name": question.id, "question": as_html(said(question.question))}


def answer_about(question: Question) -> dict[str, Any]:
    """Return what the browser is told of how to answer; nothing in it says what is right."""
    helps = {"hint": question.hints, "solution": question.solution}
    return {
        "name": question.id,
        "kind": question.kind,
        "choices": [_shown(choice.key, _labelled(choice)) for choice in question.choices],
        "cells": [
            _shown(cell.key, said(cell.label)) | {"matched": isinstance(cell.answer, str), "example": _as_in(cell.unit)}
            for cell in question.cells
        ],
        "example": _as_in(question.unit),
        "kept": not question.private,
        "helps": [name for name, there in helps.items() if there],
        "words": {
            "answer": _("Your answer"),
            # What somebody wrote is gone once its cell runs again, so no button says that it is kept.
            "check": {"free": _("Done"), "guess": _("Note my guess")}.get(question.kind, _("Check")),
            "choose": _("Choose"),
            "order": _("Put in order"),
            "up": _("Up"),
            "down": _("Down"),
            "hint": _("Hint"),
            "solution": _("Solution"),
            "done": _("✓ done"),
        },
    }


def _shown(key: str, words: str) -> dict[str, Any]:
    return {"key": key, "html": as_html(words), "plain": plain(words)}


def _as_in(unit: Unit) -> str:
    """Show in an empty box how an answer may be typed."""
    return _("such as {example}").format(example=example(unit))


def _labelled(choice: Part) -> str:
    """Return a choice with the letter that solutions call it by, unless its words end in that or it has none."""
    words = said(choice.label)
    has_letter = len(choice.key) == 1 and words.split()[-1] != choice.key
    return f"**{choice.key}** · {words}" if has_letter else words


def choices_and_cells(question: Question) -> list[list[str]]:
    """Return the lists that a viewer without a kernel shows of a question: its choices, its cells to fill in."""
    choices = [as_html(_labelled(choice)) for choice in question.choices]
    cells = [f"{as_html(said(cell.label))} …" for cell in question.cells]
    return [items for items in (choices, cells) if items]


class Exercise:
    """A question with an answer box; shows itself in a notebook.

    Attributes
    ----------
    name
        How code calls it.
    """

    def __init__(self, about: Question) -> None:
        self.name, self._question = about.id, about
        self._explorer: Any = None
        asked, above = question_about(about), list[ipywidgets.Widget]()
        if about.kind == "sliders":
            # Only here: an exercise without sliders needs no pictures. A guess is about the lesson's own picture.
            from salesmetrics.explorer import model_and_chart
            from salesmetrics.explorer.explorer import Explorer

            self._explorer = Explorer(*model_and_chart(about.model))
            asked, above = {}, [Panel(asked), self._explorer.widget]
        self._panel = Panel({**asked, **answer_about(about)}, self._asked)
        self._view = ipywidgets.VBox([*above, self._panel])
        self._panel.done = self._known().done
        self._show_last()
        _on_screen.add(self)

    def check(self, answer: Any = None) -> Verdict:
        """Describe what an answer deserves; never the right answer, and never an error.

        Parameters
        ----------
        answer
            What is typed in the box, such as ``"2,5×"``, or a number; the key of a choice, such as ``"A"``; several
            keys, such as ``"A C"``; a table's cells as a list; an Explorer or its lever values by name. Where an
            exercise has sliders of its own, their position counts when nothing is given.

        Examples
        --------
        >>> exercise("welcome-bet").check()
        ? Choose one; the answer comes after.
        """
        verdict = judge(self._question, self._explorer if answer is None else answer)
        if verdict.tone == "again":
            return verdict
        if self._question.kind == "guess":
            self._show_guess(verdict.guess)
            return verdict
        done = verdict.tone != "wrong"
        # What was done before stays so in the progress, but “done” does not stand beside “not yet”.
        self._panel.done = done
        warning = progress_file.note_answer(self.name, done=done, mistake=verdict.mistake)
        return self._shown_in_overviews(verdict, warning)

    def hint(self) -> Verdict:
        """Return the next hint; after the last one, say that it was."""
        hints, before = self._question.hints, _hints_given[self.name]
        if not hints:
            return _help(_("There are no hints here."))
        number = _hints_given[self.name] = min(before + 1, len(hints))
        hint = said(hints[number - 1])
        text = _("**Hint {number} of {count}.** {hint}").format(number=number, count=len(hints), hint=hint)
        if before == len(hints):
            text += "\n\n" + _("That was the last hint; the solution is there when you ask for it.")
        return self._shown_in_overviews(_help(text), progress_file.note_hint(self.name, number))

    def solution(self) -> Verdict:
        """Return the worked solution."""
        if self._question.kind == "guess":
            return _help(f"**{_('Solution.')}** {told(self._question)}")
        if not self._question.solution:
            return _help(_("There is no solution here: choose, and the answer comes."))
        solution = _help(f"**{_('Solution.')}** {said(self._question.solution)}")
        return self._shown_in_overviews(solution, progress_file.note_solution(self.name))

    def _show_last(self) -> None:
        """Show what was answered last, and judge it once more without counting it."""
        given = None if self._question.private else progress_file.answers().get(self.name)
        if given is None:
            return
        verdict = judge(self._question, given)
        if verdict.tone in ("right", "wrong", "open"):
            self._panel.given, self._panel.verdict = given, self._html(verdict, given)
            self._panel.done = self._panel.done and verdict.tone != "wrong"
            if self._question.kind == "guess":
                self._show_guess(verdict.guess)

    def _html(self, verdict: Verdict, given: Any) -> str:
        read = "" if verdict.tone == "again" else taken(self._question, given)
        return as_html(literally(read)) + verdict.shown().html

    def _show_guess(self, value: float | None) -> None:
        """Show a guess in the pictures that it is about, or with ``None`` no longer."""
        from salesmetrics.explorer import Guessed, show_guess

        model, levers, figure = guessed_at(self._question)
        show_guess(model.name, Guessed(figure, value, levers))

    def _forget(self) -> None:
        """Show the question as to somebody who has never seen it."""
        self._panel.given, self._panel.verdict, self._panel.help, self._panel.done = None, "", "", False
        self._panel.send({"begin": "anew"})
        if self._question.kind == "guess":
            self._show_guess(None)

    def _known(self) -> progress_file.Entry:
        return progress_file.entries().get(self.name, progress_file.Entry())

    def _shown_in_overviews(self, verdict: Verdict, warning: str) -> Verdict:
        refresh_overviews()
        return _with(verdict, warning)

    def _asked(self, action: str, given: Any) -> None:
        """Answer the browser."""
        if action == "check":
            verdict = self.check(given)
            if verdict.tone != "again" and not self._question.private:
                verdict = _with(verdict, progress_file.note_given(self.name, given))
            self._panel.verdict = self._html(verdict, given)
        elif action in ("hint", "solution"):
            self._panel.help = getattr(self, action)().shown().html

    def __repr__(self) -> str:
        parts = [
            plain(said(self._question.question)),
            "\n".join(f"- {plain(_labelled(choice))}" for choice in self._question.choices),
            "\n".join(f"- {plain(said(cell.label))}: …" for cell in self._question.cells),
            str(self._explorer or ""),
            " ".join(self._what_to_do()),
        ]
        return "\n\n".join(filter(None, parts))

    def _repr_mimebundle_(self, **_options: Any) -> dict[str, Any]:
        """Return the answer box, and beside it what a viewer without a kernel shows: the question, and what to do."""
        items = ("".join(f"<li>{item}</li>" for item in lists) for lists in choices_and_cells(self._question))
        shown = "".join(f"<ul>{each}</ul>" for each in items)
        # An extension that wakes the page hides the second sentence.
        how, run = (as_html(sentence)[3:-4] for sentence in self._what_to_do())
        picture = self._explorer._repr_mimebundle_()["text/html"] if self._explorer else ""
        return {
            **self._view._repr_mimebundle_(),
            "text/plain": repr(self),
            "text/html": f"<div>{as_html(said(self._question.question))}{shown}{picture}"
            f'<p><em>{how}</em> <em class="salesmetrics-asleep">{run}</em></p></div>',
        }

    def _what_to_do(self) -> tuple[str, str]:
        done = _("✓ done") + " · " if self._known().done else ""
        run = _("No answer box? Choose Run in the menu at the top, then Run All Cells.")
        return f"{done}{how_to_answer(self._question)}", run


def _help(text: str) -> Verdict:
    return Verdict(tone="help", text=text)


def _with(verdict: Verdict, warning: str) -> Verdict:
    return replace(verdict, text=f"{verdict.text}\n\n{literally(warning)}") if warning else verdict


def forget() -> str:
    """Forget all answers and progress, on the screen too. Return a sentence where that failed, else nothing."""
    warning = progress_file.forget()
    if not warning:
        _hints_given.clear()
        for asked in _on_screen:
            asked._forget()
        refresh_overviews()
    return warning


def exercise(name: str, *, seed: int = 1) -> Exercise:
    """Show an exercise with its answer box.

    Parameters
    ----------
    name
        For example ``"welcome-bet"``; each lesson says which are its own.
    seed
        Which company the assessment is about, as in ``sm.assessment(seed=2)``; it changes no other exercise.

    Raises
    ------
    SalesMetricsError
        There is none of that name, and the nearest is given; or the seed is no whole number from 0 on.

    Examples
    --------
    >>> exercise("welcome-bet").check("D").tone
    'open'
    """
    return Exercise(question(name, seed))
