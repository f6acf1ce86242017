"""Columns of numbers: one decimal mark for a whole column, worked out from all of its values or asked about."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from salesmetrics.base.errors import SalesMetricsError
from salesmetrics.base.language import _, number
from salesmetrics.base.numbers import TOO_LARGE
from salesmetrics.crm.question import Choice, Question, check_option
from salesmetrics.crm.settle import settle
from salesmetrics.crm.sheet import Column, Flags, Floats, Numbers, is_empty
from salesmetrics.crm.values import MARKS, NumberText, read_number_text

Decimal = str | Mapping[str, str] | None

_FEW = 1_000


class NumberReading(NamedTuple):
    """What a column of numbers says, row by row.

    ``values`` holds the numbers (not a number where it is empty), ``unreadable`` the rows that are neither empty nor a
    number, ``currencies`` the currency beside each number (nothing if there is none at all), ``mark`` the decimal mark
    (empty where nothing depended on it), and ``how`` says it in words.
    """

    values: Floats
    unreadable: Flags
    currencies: npt.NDArray[np.object_] | None
    mark: str
    how: str


def read_numbers(column: Column, lines: Numbers, *, field: str, decimal: Decimal) -> NumberReading:
    """Read a column of numbers, such as ``€ 1.234,56``, ``1,234.56`` or ``1234``."""
    given = decimal.get(field) if isinstance(decimal, Mapping) else decimal
    check_option("decimal", given, MARKS)
    values, mark = np.full(len(column.cells), np.nan), ""
    used = column.used()
    quick = plain_numbers(column.cells[used]) if given is None and isinstance(column.cells, pd.Series) else None
    unreadable = np.zeros(len(column.cells), dtype=bool)
    currencies = np.full(len(column.cells), "", dtype=object)
    if quick:
        values[used], mark = quick
    else:
        written: list[NumberText] = []
        for cell in np.flatnonzero(used).tolist():
            text, exact = column.texts[cell], column.cells[cell]
            if is_empty(text):
                continue
            if isinstance(exact, (int, float)) and not isinstance(exact, bool):
                values[cell], currencies[cell] = exact, getattr(exact, "currency", "")
            elif (item := read_number_text(text, cell)) is None:
                unreadable[cell] = True
            else:
                written.append(item)
                currencies[cell] = item.currency
        mark = _settle(written, given, column, lines, field)
        for item in written:
            values[item.cell] = item.read(mark or ".")
    far = np.abs(values) >= TOO_LARGE
    values[far], unreadable[far] = np.nan, True
    column.refuse_if_mostly(
        unreadable,
        ~np.isnan(values),
        lines,
        kind=_("numbers"),
        hint=_("Name the right column with columns=, or write plain numbers such as 1234.56."),
    )
    how = {",": _("decimal comma"), ".": _("decimal point"), "": _("numbers")}[mark]
    codes = column.codes
    return NumberReading(
        values[codes], unreadable[codes], currencies[codes] if (currencies != "").any() else None, mark, how
    )


def plain_numbers(texts: pd.Series[str]) -> tuple[Floats, str] | None:
    """Read texts that are all plain numbers, such as ``-12,5``: their values, and their decimal mark.

    An empty text is not a number. Nothing where a text is anything else, or where the mark might be one of thousands.

    Examples
    --------
    >>> plain_numbers(pd.Series(["12.5", "1.234", ""], dtype="str"))
    (array([12.5  ,  1.234,    nan]), '.')
    >>> plain_numbers(pd.Series(["1.234"], dtype="str"))
    """
    comma, point, *powers = (texts.str.contains(letter, regex=False).any() for letter in (*MARKS, "e", "E"))
    if (comma and point) or any(powers):
        return None
    mark = "," if comma else "." if point else ""
    grouped = rf"-?[1-9][0-9]{{0,2}}[{mark}][0-9]{{3}}|[^{mark}]*"
    # The first few mostly tell.
    if mark and texts[:_FEW].str.fullmatch(grouped).all() and texts.str.fullmatch(grouped).all():
        return None
    filled = (texts != "").to_numpy(bool)
    plain = texts.str.replace(",", ".") if comma else texts
    try:
        read = pc.cast(pa.array(plain if filled.all() else plain[filled]), pa.float64()).to_numpy()
    except pa.ArrowInvalid:
        return None
    values = np.full(len(texts), np.nan)
    values[filled] = read
    # Arrow reads the words for infinity and for no number too.
    return (values, mark) if np.isfinite(read).all() else None


def _settle(written: Sequence[NumberText], given: str | None, column: Column, lines: Numbers, field: str) -> str:
    """Find the one decimal mark with which every value is a number; nothing where both give the same numbers."""
    found = settle([item.readings() for item in written])
    if found.conflict[0] >= 0:
        pair = {next(iter(written[place].readings())): written[place] for place in found.conflict}
        raise SalesMetricsError(
            _("“{header}” holds two ways of writing numbers: {comma} has a decimal comma, {point} a point.").format(
                header=column.header,
                comma=column.where(pair[","].cell, lines),
                point=column.where(pair["."].cell, lines),
            ),
            hint=_("Export again with one way of writing numbers. No number was guessed."),
        )
    if given and found.reading and given != found.reading:
        wrong = next(item for item in written if given not in item.readings())
        raise SalesMetricsError(
            _("decimal={given} does not fit “{header}”: {value} is no such number.").format(
                given=repr(given), header=column.header, value=column.where(wrong.cell, lines)
            ),
            hint=_("Leave decimal out, or give the other mark for this column."),
        )
    if found.unclear < 0 or given:
        return found.reading or (given or "" if found.unclear >= 0 else "")
    unclear = written[found.unclear]
    choices = [
        Choice(number(value, 0 if value == round(value) else 3), {"decimal": {field: mark}})
        for mark, value in unclear.readings().items()
    ]
    raise Question(
        _("The numbers in “{header}” can be read in more than one way: {value} is {readings}.").format(
            header=column.header,
            value=column.where(unclear.cell, lines),
            readings=_(" or ").join(choice.label for choice in choices),
        ),
        option="decimal",
        choices=choices,
    )
