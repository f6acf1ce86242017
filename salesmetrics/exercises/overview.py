"""What is done and what is not, as a small picture and a list. No marks: an exercise is done or it is not yet."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any
from weakref import WeakSet

import anywidget
import ipywidgets
import traitlets

from salesmetrics.base.language import _, ngettext
from salesmetrics.base.show import Result, Shown, escaped, listed, visible
from salesmetrics.charts import TARGET
from salesmetrics.exercises import progress_file
from salesmetrics.exercises.content import Question, lessons, questions, said

_ROW = 0.32  # inches

# "Run all" shows the list before anything is answered, so what is on the screen follows the answers.
_on_screen: WeakSet[ipywidgets.HTML] = WeakSet()


@dataclass(frozen=True, repr=False)
class Progress(Result):
    """The exercises of each lesson, with what is known of them; shows itself in a notebook.

    Attributes
    ----------
    done
        The names of the exercises that are done.
    reread
        The numbers of the lessons that the assessment says to reread.
    """

    entries: Mapping[str, progress_file.Entry]
    kept: bool
    trouble: str = ""

    @property
    def done(self) -> tuple[str, ...]:
        """The names of the exercises that are done, in the order of the lessons."""
        return tuple(name for name in questions() if self._entry(name).done)

    @property
    def reread(self) -> tuple[str, ...]:
        """The lessons to reread: those behind each assessment question that took a mistake or the solution."""
        stumbled = [
            question.reread
            for question in questions().values()
            if question.reread and ((entry := self._entry(question.id)).solution or entry.stumbled)
        ]
        return tuple(sorted(set(stumbled)))

    def sentence(self) -> str:
        """Describe how much is done."""
        first = ngettext("{done} of {count} exercise done.", "{done} of {count} exercises done.", len(questions()))
        text = first.format(done=len(self.done), count=len(questions()))
        if self.reread:
            names = ", ".join(f"{number} {said(lessons()[number])}" for number in self.reread)
            text += " " + _("Worth rereading: {lessons}.").format(lessons=names)
        if not self.kept:
            text += " " + _("Progress is kept only in a folder that “salesmetrics lab” laid down.")
        return f"{text} {self.trouble}" if self.trouble else text

    def shown(self) -> Shown:
        """Return how much is done, and each exercise by its lesson: as a picture and a folded list, or as lines."""
        from salesmetrics.charts.moving_picture import figure_html

        lines, lists = [self.sentence()], ""
        for lesson, asked in by_lesson():
            marks = "".join("■" if self._entry(question.id).done else "□" for question in asked)
            states = [self._line(question) for question in asked]
            lines += ["", f"{lesson} {marks}", *(f"  {state}" for state in states)]
            lists += f"<li>{escaped(lesson)}{listed(states).html}</li>"
        picture = figure_html(_svg(self.done, self.sentence()), self.sentence())
        folded = f"<details><summary>{escaped(_('All exercises, by lesson'))}</summary><ul>{lists}</ul></details>"
        return Shown(visible("\n".join(lines)), f"<div>{picture}{folded}</div>")

    def _repr_mimebundle_(self, **_options: Any) -> dict[str, Any]:
        """Return a view that keeps up with the answers, and beside it what a viewer without a kernel shows."""
        shown = self.shown()
        view = ipywidgets.HTML(shown.html)
        _on_screen.add(view)
        parts = [view, Forget()] if self.kept else [view]
        return {**ipywidgets.VBox(parts)._repr_mimebundle_(), "text/plain": shown.text, "text/html": shown.html}

    def _line(self, question: Question) -> str:
        entry = self._entry(question.id)
        if entry.done:
            state = _("✓ done")
        elif entry.tries:
            state = ngettext("○ tried once", "○ tried {count} times", entry.tries).format(count=entry.tries)
        else:
            state = _("○ not yet")
        return f"{state}: {said(question.title)}"

    def _entry(self, name: str) -> progress_file.Entry:
        return self.entries.get(name, progress_file.Entry())


def progress() -> Progress:
    """Show which exercises are done: a small picture, and a list per lesson.

    Examples
    --------
    >>> progress().done
    ()
    """
    entries, trouble = progress_file.entries_and_trouble()
    return Progress(entries, progress_file.place() is not None, trouble)


def refresh_overviews() -> None:
    """Bring the progress that is on the screen up to date."""
    if _on_screen:
        text = progress().shown().html
        for view in _on_screen:
            view.value = text


class Forget(anywidget.AnyWidget):
    """A button that forgets all answers and progress, after asking once more; for a computer that others use too."""

    _esm = Path(__file__).with_name("forget.js")
    _css = Path(__file__).with_name("panel.css")

    words = traitlets.Dict().tag(sync=True)
    said = traitlets.Unicode().tag(sync=True)

    def __init__(self) -> None:
        words = {
            "forget": _("Forget my answers"),
            "sure": _("This deletes every answer and all progress in this folder."),
            "yes": _("Delete them"),
            "no": _("Keep them"),
        }
        super().__init__(words=words)
        self.on_msg(lambda *_message: self._asked())

    def _asked(self) -> None:
        # Only here: the exercises themselves import this list, to bring it up to date.
        from salesmetrics.exercises.answer_box import forget

        self.said = ""
        self.said = forget() or _("Deleted.")


def by_lesson() -> list[tuple[str, list[Question]]]:
    """Return each lesson as a list calls it, with its exercises."""
    asked = questions().values()
    return [
        (f"{number} {said(title)}", [question for question in asked if question.lesson.number == number])
        for number, title in lessons().items()
    ]


@lru_cache(maxsize=4)
def _svg(done: tuple[str, ...], sentence: str) -> str:
    """Draw a row of squares per lesson, filled where an exercise is done; kept, since most answers change nothing."""
    from salesmetrics.charts.moving_picture import Drawing, MovingPicture

    drawing: Drawing[Any] = Drawing(_figure(done), (), lambda _outcome: None)
    return MovingPicture(drawing, name="progress").svg(None, sentence)


def _figure(done: Collection[str]) -> Any:
    from matplotlib.figure import Figure

    from salesmetrics.charts.moving_picture import house_style

    rows = by_lesson()
    with house_style():
        figure = Figure(figsize=(7, _ROW * len(rows) + 0.2))
        axes = figure.add_axes((0, 0, 1, 1))
        axes.set(xlim=(0, 7), ylim=(len(rows) - 0.4, -0.6))
        axes.axis("off")
        for row, (lesson, asked) in enumerate(rows):
            axes.text(0.1, row, lesson, va="center")
            for at, question in enumerate(asked):
                face = TARGET if question.id in done else "none"
                axes.plot(4.3 + at * 0.3, row, marker="s", markersize=12, color=TARGET, markerfacecolor=face)
    return figure
