"""Read an answer, of whatever kind, and compare it with what is right and with the wrong ones that are known."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable, Mapping
from functools import partial
from typing import Any

from salesmetrics.base import typed_numbers
from salesmetrics.base.errors import SalesMetricsError
from salesmetrics.base.language import _, money, number, percent, times
from salesmetrics.exercises.content import KindName, Part, Question, Unit, Wrong, plain, said
from salesmetrics.models import Outcome, model_named
from salesmetrics.models import Unit as LeverUnit
from salesmetrics.widgets.slider import format_value

_UNITS: dict[Unit, LeverUnit] = {"€": "money", "%": "percent", "×": "times", "": "count"}
_WRITE: dict[Unit, Callable[[float], str]] = {
    "€": money,
    "%": percent,
    "×": partial(times, decimals=2),
    "": lambda value: number(value, 0 if value == round(value) else 2),
}


def is_right(question: Question, answer: Any) -> bool:
    """Return whether an answer, as it was read, is right: where nothing else says so, it reads as the right one."""
    match question.kind:
        case "number":
            return same(answer, question.answer, question)
        case "table":
            return not unlike(question, answer)
        case "sliders":
            return _meets(question, question.when, answer)
        case _:
            return bool(answer == READ[question.kind](question, question.answer))


def fits(question: Question, wrong: Wrong, answer: Any) -> bool:
    """Return whether an answer, as it was read, is this wrong one."""
    match wrong.fits:
        case {"choice": key}:
            return bool(answer == key)
        case {"includes": key}:
            return key in answer
        case {"lacks": key}:
            return key not in answer
        case {"before": both}:
            earlier, later = both.split()
            return bool(answer.index(earlier) < answer.index(later))
        case {"when": conditions}:
            return _meets(question, conditions, answer)
        case {"cell": cell, "value": value}:
            return same(answer[str(cell)], value, question)
        case _:
            return same(answer, wrong.fits["value"], question)


def same(found: float | str, wanted: float | str, question: Question) -> bool:
    """Return whether a number is the one that is wanted but for rounding, or a key that very key."""
    if isinstance(found, str) or isinstance(wanted, str):
        return found == wanted
    return abs(found - wanted) <= abs(wanted) * question.tolerance + 1e-9


def unlike(question: Question, answer: Mapping[str, float | str]) -> list[str]:
    """Name the rows of a table that are not right yet."""
    return [said(cell.label) for cell in question.cells if not same(answer[cell.key], cell.answer, question)]


def doubt(question: Question, answer: float) -> str:
    """Ask about a number that is far out of bounds; nothing where it is not."""
    if question.bounds is None or question.bounds[0] <= answer <= question.bounds[1]:
        return ""
    return _("Is {quantity} really {value}? Look at the unit and count the zeros.").format(
        quantity=said(question.quantity), value=written(answer, question.unit)
    )


def written(value: float, unit: Unit) -> str:
    """Write a number as its unit asks."""
    return _WRITE[unit](value)


def example(unit: Unit) -> str:
    """Show how a number in this unit may be typed."""
    return {"€": money(12_000), "%": percent(0.45, 0), "×": times(3.4), "": number(12)}[unit]


def meant() -> dict[str, str]:
    """Name what a number with each sign is."""
    return {"€": _("an amount of money"), "%": _("a percentage"), "×": _("a number of times"), "": _("a plain number")}


def taken(question: Question, given: Any) -> str:
    """Describe as what a bare or shortened number was read, such as 33 or 150k; nothing where it says so itself."""
    entries = [(given, question.unit)] if question.kind == "number" else []
    if question.kind == "table" and isinstance(given, list):
        both = zip(given, question.cells, strict=True)
        entries = [(entry, cell.unit) for entry, cell in both if not isinstance(cell.answer, str)]
    found = " · ".join(filter(None, (_taken(entry, unit) for entry, unit in entries if isinstance(entry, str))))
    return _("Read as {values}.").format(values=found) if found else ""


def _taken(entry: str, unit: Unit) -> str:
    says_itself = typed_numbers.read_number(entry, money=unit == "€").unit == unit and not any(map(str.isalpha, entry))
    return "" if says_itself else format_value(_UNITS[unit], read_value(entry, unit))


def read_value(given: Any, unit: Unit) -> float:
    """Read one number, typed or from code; a bare number above 1 where a percentage is asked for is one.

    What is no number, can be two, or has the sign of another unit is refused.
    """
    if isinstance(given, str):
        value, sign = typed_numbers.read_number(given, money=unit == "€")
    else:
        value, sign = _from_code(given, unit), ""
    if sign and sign != unit:
        raise SalesMetricsError(
            _("You typed {found}, and the question asks for {wanted}.").format(
                found=meant()[sign], wanted=meant()[unit]
            ),
            hint=_("Type it like this: {example}.").format(example=example(unit)),
        )
    if unit == "%" and not sign:
        if value == 1:
            raise SalesMetricsError(_("Do you mean 1% or 100%?"), hint=_("Type the sign % behind the number."))
        value = value / 100 if abs(value) > 1 else value
    return value


def _from_code(given: Any, unit: Unit) -> float:
    value = typed_numbers.plain(given)
    if math.isfinite(value) and abs(value) >= typed_numbers.TOO_LARGE:
        raise SalesMetricsError(_("“{text}” is too large.").format(text=f"{value:g}"), hint=_("Type fewer digits."))
    if not math.isfinite(value):
        kind = _("a number that is not finite") if isinstance(given, float) else f"“{type(given).__name__}”"
        raise SalesMetricsError(
            _("The answer is a number, and this is {kind}.").format(kind=kind),
            hint=_("Type it like this: {example}.").format(example=example(unit)),
        )
    return value


def _read_number(question: Question, given: Any) -> float:
    return read_value(given, question.unit)


def _read_table(question: Question, given: Any) -> dict[str, float | str]:
    """Read a table's cells: a list in the order of the rows, or a mapping by row number."""
    cells = question.cells
    if isinstance(given, str):
        given = [part for part in (given.split(";") if ";" in given else given.split()) if part.strip()]
    if isinstance(given, Mapping):
        given = [given.get(cell.key, given.get(int(cell.key))) for cell in cells]
    if not isinstance(given, list | tuple) or len(given) != len(cells):
        raise SalesMetricsError(
            _("This table has {count} cells to fill in.").format(count=len(cells)),
            hint=_("Give {count} answers in the order of the rows: check([…, …]).").format(count=len(cells)),
        )
    if empty := [said(cell.label) for cell, entry in zip(cells, given, strict=True) if entry is None or entry == ""]:
        raise SalesMetricsError(
            _("Nothing is filled in at: {rows}.").format(rows="; ".join(empty)), hint=_("Fill in every row first.")
        )
    return {cell.key: _read_cell(question, cell, entry) for cell, entry in zip(cells, given, strict=True)}


def _read_cell(question: Question, cell: Part, entry: Any) -> float | str:
    try:
        return _read_key(question, entry) if isinstance(cell.answer, str) else read_value(entry, cell.unit)
    except SalesMetricsError as error:
        raise SalesMetricsError(f"{said(cell.label)}: {error.what}", hint=error.hint) from error


def _read_key(question: Question, given: Any) -> str:
    """Read one choice: its key, or its words in either language; what is none of them is refused."""
    typed = str(given).strip().casefold() if isinstance(given, str) else None
    for choice in question.choices:
        if typed in (choice.key.casefold(), *(plain(words).casefold() for words in choice.label.values())):
            return choice.key
    found = f"“{typed[:40]}”" if typed is not None else f"“{type(given).__name__}”"
    raise SalesMetricsError(
        _("{found} is none of the choices.").format(found=found),
        hint=_("Choose from: {choices}.").format(choices=", ".join(question.keys)),
    )


def _read_keys(question: Question, given: Any) -> tuple[str, ...]:
    """Read one choice or more: a list, or typed with spaces, commas or nothing between them."""
    if isinstance(given, str):
        parts = [part for part in re.split(r"[\s,;>→]+", given) if part]
        if len(parts) == 1 and all(letter.upper() in question.keys for letter in parts[0]):
            parts = list(parts[0])
        given = parts
    if isinstance(given, list | tuple | set | frozenset) and given:
        return tuple(_read_key(question, key) for key in given)
    raise SalesMetricsError(
        _("The answer is one or more of: {choices}.").format(choices=", ".join(question.keys)),
        hint=_("Type the letters with a space between them."),
    )


def _read_order(question: Question, given: Any) -> tuple[str, ...]:
    """Read all items in order, each once."""
    keys = _read_keys(question, given)
    if sorted(keys) != sorted(question.keys):
        raise SalesMetricsError(
            _("An order has every item in it once."),
            hint=_("Give all of {choices}, the first one first.").format(choices=", ".join(question.keys)),
        )
    return keys


def _read_position(question: Question, given: Any) -> dict[str, float]:
    """Read a position: from an Explorer, or lever values by name; levers not named stand at their start.

    What is neither, of another model, or further than a lever goes is refused.
    """
    model = model_named(question.model)
    if hasattr(given, "levers"):
        given = {name: slider.value for name, slider in given.levers.items()}
    if not isinstance(given, Mapping):
        raise SalesMetricsError(
            _("The answer is a position of the sliders."), hint=_("Move the sliders, then choose Check.")
        )
    for name, value in given.items():
        lever = model.lever(name)
        if isinstance(value, bool | str) or not _lies_between(value, lever.minimum, lever.maximum):
            raise SalesMetricsError(
                _("“{lever}” does not go there.").format(lever=_(lever.label)),
                hint=_("Move the sliders, then choose Check."),
            )
    return {**model.defaults(), **given}


def _read_words(_question: Question, given: Any) -> str:
    if not isinstance(given, str):
        raise SalesMetricsError(_("The answer is a few words of your own."), hint=_("Type them in the box."))
    return given.strip()


# How an answer of each kind is read, typed or from code; what is none is refused.
READ: dict[KindName, Callable[[Question, Any], Any]] = {
    "bet": _read_key,
    "number": _read_number,
    "choice": _read_key,
    "several": lambda question, given: frozenset(_read_keys(question, given)),
    "order": _read_order,
    "table": _read_table,
    "sliders": _read_position,
    "free": _read_words,
    "guess": _read_number,
}


def _meets(question: Question, conditions: Iterable[Mapping[str, Any]], position: Mapping[str, float]) -> bool:
    """Return whether a position meets all conditions: those of the right answer, or those of a misunderstanding."""
    outcome = model_named(question.model).outcome(position)
    return all(holds(condition, outcome, position) for condition in conditions)


def holds(condition: Mapping[str, Any], outcome: Outcome, position: Mapping[str, float]) -> bool:
    """Return whether a figure of the outcome, or a lever, lies where the condition says; no value lies nowhere."""
    value = position[condition["lever"]] if "lever" in condition else getattr(outcome, condition["figure"])
    if value is None:
        return False
    return _lies_between(value, condition.get("at_least", value), condition.get("at_most", value))


def _lies_between(value: float, low: float, high: float) -> bool:
    # A slider's steps are not exact in binary, and what it shows is.
    slack = 1e-9 * max(1.0, abs(value))
    return bool(low - slack <= value <= high + slack)
