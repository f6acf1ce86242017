"""Answers that are numbers: one, or one in each cell of a table."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from salesmetrics.base.errors import SalesMetricsError
from salesmetrics.base.language import _, money, number, percent, times
from salesmetrics.base.typed_numbers import TOO_LARGE, read_number
from salesmetrics.exercises.choices import read_key
from salesmetrics.exercises.content import Part, Question, Unit, Wrong, said
from salesmetrics.models import Unit as LeverUnit
from salesmetrics.widgets.slider import format_value

_UNITS: dict[Unit, LeverUnit] = {"€": "money", "%": "percent", "×": "times", "": "count"}
_WRITE: dict[Unit, Callable[[float], str]] = {
    "€": money,
    "%": percent,
    "×": partial(times, decimals=2),
    "": lambda value: number(value, 0 if value == round(value) else 2),
}


def written(value: float, unit: Unit) -> str:
    """Write a number as its unit asks."""
    return _WRITE[unit](value)


def example(unit: Unit) -> str:
    """Show how a number in this unit may be typed."""
    return {"€": money(12_000), "%": percent(0.45, 0), "×": times(3.4), "": number(12)}[unit]


def read_value(given: Any, unit: Unit) -> float:
    """Read one number, typed or from code; a bare number above 1 where a percentage is asked for is one.

    What is no number, can be two, or has the sign of another unit is refused.
    """
    if isinstance(given, str):
        typed = read_number(given, money=unit == "€")
        value, sign = typed.value, typed.unit
    else:
        value, sign = _from_code(given, unit), ""
    if sign and sign != unit:
        raise _other_unit(sign, unit)
    if unit == "%" and not sign:
        if value == 1:
            raise SalesMetricsError(_("Do you mean 1% or 100%?"), hint=_("Type the sign % behind the number."))
        value = value / 100 if abs(value) > 1 else value
    return value


def taken(question: Question, given: Any) -> str:
    """Describe as what a bare or shortened number was read, such as 33 or 150k; nothing where it says so itself."""
    entries = [(given, question.unit)] if question.kind == "number" else []
    if question.kind == "table" and isinstance(given, list):
        both = zip(given, question.cells, strict=True)
        entries = [(entry, cell.unit) for entry, cell in both if not isinstance(cell.answer, str)]
    found = " · ".join(filter(None, (_taken(entry, unit) for entry, unit in entries if isinstance(entry, str))))
    return _("Read as {values}.").format(values=found) if found else ""


def _taken(entry: str, unit: Unit) -> str:
    says_itself = read_number(entry, money=unit == "€").unit == unit and not any(map(str.isalpha, entry))
    return "" if says_itself else format_value(_UNITS[unit], read_value(entry, unit))


def close(value: float, answer: float, tolerance: float) -> bool:
    """Return whether a number is the answer but for rounding."""
    return abs(value - answer) <= abs(answer) * tolerance + 1e-9


def read(question: Question, given: Any) -> float:
    """Read the answer to a question that asks for one number."""
    return read_value(given, question.unit)


def right(question: Question, answer: float) -> bool:
    """Return whether a number is right."""
    return close(answer, question.answer, question.tolerance)


def fits(question: Question, wrong: Wrong, answer: float) -> bool:
    """Return whether a number is this wrong answer."""
    return close(answer, wrong.fits["value"], question.tolerance)


def doubt(question: Question, answer: float) -> str:
    """Ask about a number that is far out of bounds; nothing where it is not."""
    if question.bounds is None or question.bounds[0] <= answer <= question.bounds[1]:
        return ""
    return _("Is {quantity} really {value}? Look at the unit and count the zeros.").format(
        quantity=said(question.quantity), value=written(answer, question.unit)
    )


def read_table(question: Question, given: Any) -> dict[str, float | str]:
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


def table_fits(question: Question, wrong: Wrong, answer: Mapping[str, float | str]) -> bool:
    """Return whether one cell holds this wrong answer."""
    return _same(answer[str(wrong.fits["cell"])], wrong.fits["value"], question.tolerance)


def unlike(question: Question, answer: Mapping[str, float | str]) -> list[str]:
    """Name the rows that are not right yet."""
    return [said(cell.label) for cell in question.cells if not _same(answer[cell.key], cell.answer, question.tolerance)]


def _same(found: float | str, wanted: float | str, tolerance: float) -> bool:
    if isinstance(found, str) or isinstance(wanted, str):
        return found == wanted
    return close(found, wanted, tolerance)


def _read_cell(question: Question, cell: Part, entry: Any) -> float | str:
    try:
        if isinstance(cell.answer, str):
            return read_key(question, entry)
        return read_value(entry, cell.unit)
    except SalesMetricsError as error:
        raise SalesMetricsError(f"{said(cell.label)}: {error.what}", hint=error.hint) from error


def _from_code(given: Any, unit: Unit) -> float:
    try:
        # True is no number, though it has a value as a float.
        value = math.nan if isinstance(given, bool) else float(given)
    except SalesMetricsError:
        raise
    except Exception:
        value = math.nan
    if math.isfinite(value) and abs(value) >= TOO_LARGE:
        raise SalesMetricsError(_("“{text}” is too large.").format(text=f"{value:g}"), hint=_("Type fewer digits."))
    if not math.isfinite(value):
        kind = _("a number that is not finite") if isinstance(given, float) else f"“{type(given).__name__}”"
        raise SalesMetricsError(
            _("The answer is a number, and this is {kind}.").format(kind=kind),
            hint=_("Type it like this: {example}.").format(example=example(unit)),
        )
    return value


def meant() -> dict[str, str]:
    """Name what a number with each sign is."""
    return {"€": _("an amount of money"), "%": _("a percentage"), "×": _("a number of times"), "": _("a plain number")}


def _other_unit(sign: str, unit: Unit) -> SalesMetricsError:
    return SalesMetricsError(
        _("You typed {found}, and the question asks for {wanted}.").format(found=meant()[sign], wanted=meant()[unit]),
        hint=_("Type it like this: {example}.").format(example=example(unit)),
    )
