"""What an exercise is: data, both languages side by side, read from the lessons' exercise files.

One TOML file per lesson lies in ``notebooks/source/exercises``. Its head names the lesson, and with ``company = true``
what stands in braces is filled in from the assessment's company. Each ``[[exercise]]`` has

- ``id``, ``kind``, ``title`` and ``question``;
- ``answer``: what is right. A number (a rate as a fraction); the key of a choice; several keys, or all of them in
  order, as ``"C A B"``; per cell of a table in the cell itself; for sliders, lever values that meet the conditions;
- ``choices``: what to choose from or to order. Keys are A, B, C… unless a choice brings its own;
- ``wrong``: wrong answers, the first that fits counts. ``mistake`` names what went wrong, ``says`` tells the learner;
  a mistake that many exercises share has its words in ``mistakes.toml``. What it fits is said by ``value`` (a number),
  ``choice`` (a key), ``before`` (two items in this order), ``cell`` and ``value``, ``includes`` or ``lacks`` (a key),
  or ``when`` (conditions) and ``levers`` (an example of them);
- ``hints``, ``solution``, and ``because``: what to say once the answer is right, or after a bet;
- ``gives_away``, of a bet: per language the words and figures that may stand nowhere before it.

A ``[[guess]]`` is a number that one writes down before a picture shows it: nothing about it is right or wrong, no list
counts it, and its ``truth`` says where what it is comes from: the ``model``, the ``levers`` that do not stand at their
start, and the ``figure`` of the outcome (``quarters.1.coverage`` is the second quarter's). With ``lever`` it is the
place of that lever, nearest to its start, at which the figure is ``at_least`` or ``at_most`` so much; a name there is a
figure at the start. ``decimals`` rounds a percentage as the lesson does.

Every text is a table with ``en`` and ``nl``.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields
from functools import cache
from importlib.resources.abc import Traversable
from string import ascii_uppercase
from typing import Any, Literal

from salesmetrics.base import kit_files
from salesmetrics.base.errors import SalesMetricsError
from salesmetrics.base.language import LANGUAGES, _, did_you_mean, language
from salesmetrics.exercises.company_figures import filled
from salesmetrics.models.assessment import company_of

Text = Mapping[str, str]
KindName = Literal["bet", "number", "choice", "several", "order", "table", "sliders", "free", "guess"]
Unit = Literal["", "€", "%", "×"]

_SHARED = "mistakes.toml"


@dataclass(frozen=True, kw_only=True)
class Lesson:
    """The lesson an exercise belongs to: its number and its title."""

    number: str
    title: Text


@dataclass(frozen=True, kw_only=True)
class Part:
    """A choice, an item to put in order, or a cell to fill in.

    Parameters
    ----------
    key
        How it is called in an answer.
    label
        How it reads.
    answer, unit
        Of a cell: what belongs in it, and in which unit. The key of a choice where the cell is matched with one.
    """

    key: str
    label: Text
    answer: float | str = ""
    unit: Unit = ""


@dataclass(frozen=True, kw_only=True)
class Wrong:
    """A wrong answer and what it usually means.

    Parameters
    ----------
    mistake
        The name of what went wrong, for who looks at a whole class.
    says
        What to tell the learner, without the answer.
    fits
        What answers it is about, in the terms of the kind.
    """

    mistake: str
    says: Text
    fits: Mapping[str, Any]


@dataclass(frozen=True, kw_only=True)
class Question:
    """One exercise as written in its file.

    Parameters
    ----------
    id, kind, title, question
        How code calls it, how it is checked, how a list calls it, what is asked.
    lesson
        Where it belongs.
    answer
        What is right; see the head of this module.
    tolerance
        How far a number may be off, as a part of the answer: rounding is no mistake.
    unit
        Of a number.
    quantity
        What the number is, as in "Is the target really € 500?"
    bounds
        Beyond these a number is asked about before it is judged.
    choices, cells
        To choose from, to order or to match with; to fill in.
    model, when
        The model whose sliders are shown, and what must hold of their position.
    wrong, hints, solution, because
        See the head of this module.
    reread
        The number of the lesson that helps after a wrong answer.
    gives_away
        Of a bet: what would tell the answer if it stood before the bet, per language.
    truth
        Of a guess: where what it is comes from.
    private
        Whether the answer is about somebody's own figures, and so is not kept in the notebook.
    """

    id: str
    kind: KindName
    title: Text
    question: Text
    lesson: Lesson
    answer: Any = None
    tolerance: float = 0.01
    unit: Unit = ""
    quantity: Text | None = None
    bounds: tuple[float, float] | None = None
    choices: tuple[Part, ...] = ()
    cells: tuple[Part, ...] = ()
    model: str = ""
    when: tuple[Mapping[str, Any], ...] = ()
    wrong: tuple[Wrong, ...] = ()
    hints: tuple[Text, ...] = ()
    solution: Text | None = None
    because: Text | None = None
    reread: str = ""
    gives_away: Mapping[str, Sequence[str]] | None = None
    truth: Mapping[str, Any] = field(default_factory=dict)
    private: bool = False

    @property
    def keys(self) -> tuple[str, ...]:
        """The keys of the choices, in the order shown."""
        return tuple(choice.key for choice in self.choices)


def said(text: Text | None) -> str:
    """Return a text in the chosen language."""
    return text[language()].strip() if text else ""


def plain(markdown: str) -> str:
    """Return Markdown without its marks for bold and italic."""
    text = re.sub(r"(?<!\\)(\*\*|\*|`)", "", markdown)
    return re.sub(r"\\(?=[^\w\s])", "", text).replace("  \n", "\n")


@cache
def questions(seed: int = 1) -> Mapping[str, Question]:
    """Return all exercises by id, in the order of the lessons; the assessment's are about the company of a seed."""
    return {
        entry["id"]: _question(entry, lesson) for lesson, content in _lessons(seed) for entry in content["exercise"]
    }


@cache
def guesses() -> Mapping[str, Question]:
    """Return all guesses by id, in the order of the lessons."""
    return {
        entry["id"]: _question({**entry, "kind": "guess", "title": {}}, lesson)
        for lesson, content in _lessons()
        for entry in content.get("guess", ())
    }


def _lessons(seed: int = 1) -> Iterator[tuple[Lesson, Mapping[str, Any]]]:
    """Return each lesson that has exercises, with its file's content."""
    for name, content in _contents().items():
        if name != _SHARED:
            about = filled(content, company_of(seed)) if content.get("company", False) else content
            yield Lesson(number=name[:2], title=content["title"]), about


def question(name: str, seed: int = 1) -> Question:
    """Return one exercise or guess, or refuse a name that there is not with the nearest that there is."""
    found = {**questions(seed), **guesses()}
    if not isinstance(name, str) or name not in found:
        raise SalesMetricsError(
            _("There is no exercise called “{name}”.").format(name=name), hint=did_you_mean(name, found)
        )
    return found[name]


def lessons() -> Mapping[str, Text]:
    """Return the title of each lesson that has exercises, by number."""
    return {asked.lesson.number: asked.lesson.title for asked in questions().values()}


def _folder() -> Traversable:
    root = kit_files()
    installed = root / "exercises"
    return installed if installed.is_dir() else root / "notebooks" / "source" / "exercises"


@cache
def _contents() -> Mapping[str, dict[str, Any]]:
    """Read every file once, by name."""
    files = {file.name: file for file in _folder().iterdir() if file.name.endswith(".toml")}
    return {name: tomllib.loads(files[name].read_text(encoding="utf-8")) for name in sorted(files)}


def _question(entry: Mapping[str, Any], lesson: Lesson) -> Question:
    rest = dict(entry)
    choices, cells, wrong = (rest.pop(name, ()) for name in ("choices", "cells", "wrong"))
    if unknown := set(rest) - {field.name for field in fields(Question)}:
        raise ValueError(f"{entry['id']}: unknown {', '.join(sorted(unknown))}")
    for name in ("bounds", "when", "hints"):
        if name in rest:
            rest[name] = tuple(rest[name])
    return Question(
        **rest,
        lesson=lesson,
        choices=tuple(_part(choice, key) for choice, key in zip(choices, ascii_uppercase, strict=False)),
        cells=tuple(_part(cell, str(at)) for at, cell in enumerate(cells, 1)),
        wrong=tuple(map(_wrong, wrong)),
    )


def _part(entry: Mapping[str, Any], key: str) -> Part:
    label = {each: entry[each] for each in LANGUAGES}
    return Part(label=label, **{"key": key, **{name: value for name, value in entry.items() if name not in label}})


def _wrong(entry: Mapping[str, Any]) -> Wrong:
    fits = {name: value for name, value in entry.items() if name not in ("mistake", "says")}
    says = entry.get("says") or _contents()[_SHARED][entry["mistake"]]
    return Wrong(mistake=entry["mistake"], says=says, fits=fits)
