"""An exercise as a page holds it: how it is answered, and what the kit says to every answer that can be given.

The kit judges, here, once. The page's script looks up what was said; of a typed number it asks only whether it lies
closer to one of the numbers that the kit knows than rounding allows.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from salesmetrics.base.language import _, ngettext
from salesmetrics.exercises.answer_box import answer_about, exercise, question_about
from salesmetrics.exercises.answers import example, meant
from salesmetrics.exercises.content import Part, Question, Unit, said
from salesmetrics.exercises.feedback import (
    EXACT,
    FAR,
    LESS,
    MORE,
    Verdict,
    about_guess,
    again,
    as_html,
    how_to_answer,
    judge,
    not_yet,
    truth,
)


def about(question: Question) -> dict[str, Any]:
    """Return all that the page must know of an exercise, in the chosen language.

    Its answers by number or by key lead to ``verdicts``, each what is said and whether that leaves the exercise done.
    """
    book: _Book = {}
    found = {
        **answer_about(question),
        "empty": _note(book, again(how_to_answer(question))),
        **_HOW[question.kind](question, book),
        "hints": _hints(question),
        "solution": exercise(question.id).solution().shown().html if question.solution else "",
    }
    if question.kind != "sliders":
        found |= question_about(question)
    return {**found, "verdicts": list(map(list, book))}


def slider_verdicts(question: Question, positions: Iterable[Mapping[str, float]]) -> tuple[list[int], list[list[Any]]]:
    """Judge every position of an exercise's sliders: the number of each one's verdict, and the verdicts."""
    book: _Book = {}
    return [_note(book, judge(question, position)) for position in positions], list(map(list, book))


def words_of_numbers() -> dict[str, Any]:
    """Return what is said to a text that can't be read as a number, in the chosen language, with places in braces."""
    return {
        "again": again("{words}").shown().html,
        "read": as_html(_("Read as {values}.")),
        "not_number": [
            _("“{text}” is not a number."),
            _("Type digits, for example 3.4, 3,4, 45% or € 12,000."),
        ],
        "unreadable": [
            _("“{text}” is not a number I can read."),
            _("Type it plainly, for example 1234.56 or 1234,56."),
        ],
        "too_large": [_("“{text}” is too large."), _("Type fewer digits.")],
        "two_ways": [
            _("“{text}” can mean two things: {grouped} or {decimal}."),
            _("Type it without a mark ({grouped}) or with fewer decimals ({decimal})."),
        ],
        "percent": [_("Do you mean 1% or 100%?"), _("Type the sign % behind the number.")],
        "other_unit": [
            _("You typed {found}, and the question asks for {wanted}."),
            _("Type it like this: {example}."),
        ],
        "nothing": [_("Nothing is filled in at: {rows}."), _("Fill in every row first.")],
        "meant": meant(),
        "examples": {unit: example(unit) for unit in _UNITS},
    }


_UNITS: tuple[Unit, ...] = ("", "€", "%", "×")


# Verdicts, each once, with its number.
_Book = dict[tuple[str, str], int]


def _note(book: _Book, verdict: Verdict) -> int:
    return book.setdefault((verdict.shown().html, verdict.tone), len(book))


def _inline(markdown: str) -> str:
    return as_html(markdown).removeprefix("<p>").removesuffix("</p>")


def _by_keys(question: Question, book: _Book) -> dict[str, Any]:
    """Judge every answer of keys that can be given: each key, each set of them, or each order of all."""
    sizes = {"several": range(1, len(question.keys) + 1), "order": (len(question.keys),)}.get(question.kind, (1,))
    arranged = itertools.permutations if question.kind == "order" else itertools.combinations
    answers = (" ".join(keys) for size in sizes for keys in arranged(question.keys, size))
    return {"answers": {keys: _note(book, judge(question, keys)) for keys in answers}}


def _typed_in(question: Question) -> dict[str, Any]:
    doubt = _("Is {quantity} really {value}? Look at the unit and count the zeros.")
    return {
        "unit": question.unit,
        "tolerance": question.tolerance,
        "bounds": list(question.bounds or ()),
        "doubt": again(doubt.format(quantity=said(question.quantity), value="{value}")).shown().html,
    }


def _by_number(question: Question, book: _Book) -> dict[str, Any]:
    known = [question.answer, *(wrong.fits["value"] for wrong in question.wrong)]
    return {
        **_typed_in(question),
        "known": [[value, _note(book, judge(question, _typed(value, question.unit)))] for value in known],
        "otherwise": _note(book, not_yet(question, _("Read the question once more, or ask for a hint."))),
    }


def _by_guess(question: Question, _book: _Book) -> dict[str, Any]:
    def template(*sentences: str) -> str:
        return about_guess(question, *sentences, guess="{guess}", off="{off}").shown().html

    ways = {"more": MORE, "less": LESS}
    points = [ngettext("{points} percentage point", "{points} percentage points", count) for count in (1, 2)]
    return {
        **_typed_in(question),
        "truth": truth(question),
        "exact": template(EXACT),
        "near": {way: template(sentence) for way, sentence in ways.items()},
        "far": {way: template(sentence, FAR) for way, sentence in ways.items()},
        "points": points,
    }


def _by_cell(question: Question, book: _Book) -> dict[str, Any]:
    right = [_typed(cell.answer, cell.unit) for cell in question.cells]
    wrong = []
    for known in question.wrong:
        at = int(known.fits["cell"]) - 1
        given = [*right]
        given[at] = _typed(known.fits["value"], question.cells[at].unit)
        wrong.append([at, known.fits["value"], _note(book, judge(question, given))])
    return {
        "tolerance": question.tolerance,
        "rows": [_row(cell) for cell in question.cells],
        "right": _note(book, judge(question, right)),
        "wrong": wrong,
        "unlike": not_yet(question, _("Look again at: {rows}.").format(rows="{rows}")).shown().html,
    }


def _row(cell: Part) -> dict[str, Any]:
    words = said(cell.label)
    return {"answer": cell.answer, "unit": cell.unit, "words": words, "html": _inline(words)}


def _typed(value: Any, unit: Unit) -> Any:
    """Return a number as it can be typed without a doubt: a percentage with its sign, as a bare 1 may be 1 or 100%."""
    return f"{value * 100:.9f}%" if unit == "%" else value


def _hints(question: Question) -> list[str]:
    """Return what each press of the button says, the last one once more for every press after it."""
    if not question.hints:
        return []
    asked = exercise(question.id)
    return [asked.hint().shown().html for _press in range(len(question.hints) + 1)]


_HOW: dict[str, Callable[[Question, _Book], dict[str, Any]]] = {
    **dict.fromkeys(("bet", "choice", "several", "order"), _by_keys),
    "number": _by_number,
    "table": _by_cell,
    "sliders": lambda _question, _book: {},
    "free": lambda question, book: {"otherwise": _note(book, judge(question, "…"))},
    "guess": _by_guess,
}
