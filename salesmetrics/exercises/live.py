"""An exercise to answer: in a box in the notebook, or by a call; both are the same check."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

import ipywidgets

from salesmetrics.base.language import _
from salesmetrics.exercises import progress_file
from salesmetrics.exercises.checking import how_to_answer, judge
from salesmetrics.exercises.content import Question, question, said
from salesmetrics.exercises.overview import keep_up
from salesmetrics.exercises.panel import Panel, answer_about, labelled, question_about
from salesmetrics.exercises.verdict import Verdict, as_html, literally, plain

if TYPE_CHECKING:
    from salesmetrics.explorer import Explorer

# Kept while the kernel runs, because exercise("…").hint() makes a new exercise every time.
_hints_given: Counter[str] = Counter()


class Exercise:
    """A question with an answer box; shows itself in a notebook.

    Attributes
    ----------
    name
        How code calls it.
    """

    def __init__(self, about: Question) -> None:
        self.name, self._question = about.id, about
        self._explorer = _sliders(about.model) if about.kind == "sliders" else None
        if self._explorer is None:
            self._panel = Panel({**question_about(about), **answer_about(about)}, self._asked)
            parts = [self._panel]
        else:
            self._panel = Panel(answer_about(about), self._asked)
            parts = [Panel(question_about(about)), self._explorer.widget, self._panel]
        self._view = ipywidgets.VBox(parts)
        self._panel.done = self._known().done

    def check(self, answer: Any = None) -> Verdict:
        """Say what an answer deserves; never the right answer, and never an error.

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
        if answer is None and self._explorer is not None:
            answer = self._explorer
        verdict = judge(self._question, answer)
        if verdict.tone == "again":
            return verdict
        done = verdict.tone != "wrong"
        self._panel.done = self._panel.done or done
        return self._noted(verdict, progress_file.note_answer(self.name, done=done, mistake=verdict.mistake))

    def hint(self) -> Verdict:
        """Give the next hint; after the last one, say that it was."""
        hints = self._question.hints
        number = min(_hints_given[self.name] + 1, len(hints))
        if not hints:
            return Verdict(tone="help", text=_("There are no hints here."))
        last = _hints_given[self.name] == len(hints)
        _hints_given[self.name] = number
        text = _("**Hint {number} of {count}.** {hint}").format(
            number=number, count=len(hints), hint=said(hints[number - 1])
        )
        more = _("That was the last hint; the solution is there when you ask for it.")
        return self._noted(
            Verdict(tone="help", text=f"{text}\n\n{more}" if last else text), progress_file.note_hint(self.name, number)
        )

    def solution(self) -> Verdict:
        """Give the worked solution."""
        if not self._question.solution:
            return Verdict(tone="help", text=_("There is no solution here: choose, and the answer comes."))
        return self._noted(
            Verdict(tone="help", text=f"**{_('Solution.')}** {said(self._question.solution)}"),
            progress_file.note_solution(self.name),
        )

    def _known(self) -> progress_file.Entry:
        return progress_file.entries().get(self.name, progress_file.Entry())

    def _noted(self, verdict: Verdict, amiss: str) -> Verdict:
        keep_up()
        if not amiss:
            return verdict
        return Verdict(tone=verdict.tone, text=f"{verdict.text}\n\n{literally(amiss)}", mistake=verdict.mistake)

    def _asked(self, action: str, given: Any) -> None:
        """Answer the browser."""
        if action == "check":
            self._panel.verdict = self.check(given).shown().html
        elif action == "hint":
            self._panel.help = self.hint().shown().html
        elif action == "solution":
            self._panel.help = self.solution().shown().html

    def __repr__(self) -> str:
        parts = [plain(said(self._question.question))]
        parts += ["\n".join(f"- {plain(labelled(choice))}" for choice in self._question.choices)]
        parts += ["\n".join(f"- {plain(said(cell.label))}: …" for cell in self._question.cells)]
        parts += [str(self._explorer) if self._explorer else "", self._what_to_do()]
        return "\n\n".join(part for part in parts if part)

    def _repr_mimebundle_(self, **_options: Any) -> dict[str, Any]:
        """Give the answer box, and beside it what a viewer without a kernel shows: the question, and what to do."""
        lists = (
            [f"<li>{as_html(labelled(choice))}</li>" for choice in self._question.choices],
            [f"<li>{as_html(said(cell.label))} …</li>" for cell in self._question.cells],
        )
        shown = "".join(f"<ul>{''.join(items)}</ul>" for items in lists if items)
        picture = self._explorer._repr_mimebundle_()["text/html"] if self._explorer else ""
        return {
            **self._view._repr_mimebundle_(),
            "text/plain": repr(self),
            "text/html": f"<div>{as_html(said(self._question.question))}{shown}{picture}"
            f"<p><em>{as_html(self._what_to_do())[3:-4]}</em></p></div>",
        }

    def _what_to_do(self) -> str:
        done = _("✓ done") + " · " if self._known().done else ""
        run = _("No answer box? Choose Run in the menu at the top, then Run All Cells.")
        return f"{done}{how_to_answer(self._question)} {run}"


def _sliders(model: str) -> Explorer:
    # Only here: an exercise without sliders needs no pictures.
    from salesmetrics.explorer import explore

    return explore(model)


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
    >>> exercise("welcome-bet").check("neither").tone
    'open'
    """
    return Exercise(question(name, seed))
