"""The answer key: every exercise as its own file has it, laid into the texts of ``answer-key.md``."""

from __future__ import annotations

from collections.abc import Iterator

from jinja2 import Environment, StrictUndefined

from salesmetrics.base.language import _, money, number, percent, times
from salesmetrics.exercises.answers import written
from salesmetrics.exercises.content import Part, Question, Wrong, lessons, questions, said
from salesmetrics.models import model_named

_TEMPLATES = Environment(trim_blocks=True, undefined=StrictUndefined)


def sections(lesson_text: str, exercise_text: str) -> Iterator[tuple[str, str]]:
    """Return the whole key as Markdown, in the chosen language: a heading per lesson, then its exercises.

    Parameters
    ----------
    lesson_text, exercise_text
        The two texts, as Jinja2 templates.

    Returns
    -------
    Pairs of the kind of section, ``"lesson"`` or ``"exercise"``, and its text.
    """
    of_lesson, of_exercise = (_TEMPLATES.from_string(text) for text in (lesson_text, exercise_text))
    for lesson, title in lessons().items():
        yield "lesson", of_lesson.render(lesson=f"{lesson} · {said(title)}")
        for question in questions().values():
            if question.lesson.number == lesson:
                yield (
                    "exercise",
                    of_exercise.render(
                        title=said(question.title),
                        question=said(question.question),
                        choices="\n".join(_choice(choice) for choice in question.choices),
                        answer=_answer(question),
                        because=said(question.because),
                        solution=said(question.solution),
                        wrongs=[(_cell(_shown(question, wrong)), _cell(said(wrong.says))) for wrong in question.wrong],
                    ),
                )


def _cell(text: str) -> str:
    """Fit a text into one cell of a table."""
    return " ".join(text.split()).replace("|", "\\|")


def _answer(question: Question) -> str:
    match question.kind:
        case "number":
            return written(question.answer, question.unit)
        case "table":
            return "; ".join(f"{said(cell.label)}: {_in_cell(cell, cell.answer)}" for cell in question.cells)
        case "order":
            return " → ".join(question.answer.split())
        case "several":
            return ", ".join(question.answer.split())
        case "sliders":
            return _position(question, question.answer)
        case "free":
            return ""
        case _:
            return _key(question, question.answer)


def _shown(question: Question, wrong: Wrong) -> str:
    fits = wrong.fits
    match question.kind:
        case "number":
            return written(fits["value"], question.unit)
        case "table":
            cell = next(cell for cell in question.cells if cell.key == str(fits["cell"]))
            return f"{said(cell.label)}: {_in_cell(cell, fits['value'])}"
        case "order":
            return " → ".join(fits["before"].split())
        case "several":
            return f"+ {fits['includes']}" if "includes" in fits else f"− {fits['lacks']}"
        case "sliders":
            return _position(question, fits["levers"])
        case _:
            return _key(question, fits["choice"])


def _choice(choice: Part) -> str:
    return f"- **{choice.key}** {said(choice.label)}" if len(choice.key) == 1 else f"- {said(choice.label)}"


def _key(question: Question, key: str) -> str:
    """Write a choice by its letter; one that code calls by a word, by what it says."""
    return key if len(key) == 1 else next(said(choice.label) for choice in question.choices if choice.key == key)


def _in_cell(cell: Part, value: float | str) -> str:
    return value if isinstance(value, str) else written(value, cell.unit)


def _position(question: Question, values: dict[str, float]) -> str:
    levers = {lever.name: lever for lever in model_named(question.model).levers}
    write = {"money": money, "percent": lambda value: percent(value, 0), "times": times}
    return "; ".join(
        f"{_(levers[name].label)}: {write.get(levers[name].unit, number)(value)}" for name, value in values.items()
    )
