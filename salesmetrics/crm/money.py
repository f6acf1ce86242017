"""The amounts of the deals: one decimal mark for a whole column, one currency, one unit, one period."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from salesmetrics.base.errors import SalesMetricsError
from salesmetrics.base.language import _, ngettext, number
from salesmetrics.base.numbers import TOO_LARGE
from salesmetrics.crm.question import Choice, Kind, Question, settle_column
from salesmetrics.crm.reading import Reading
from salesmetrics.crm.sheet import Column, Flags, Floats, Numbers, is_empty, lines_named
from salesmetrics.crm.systems import HEADER_PERIODS, PARTS, PERIODS, recognise, unit_of
from salesmetrics.crm.values import MARKS, NumberText, currency_code, read_number_text

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
        mark = settle_column([written], _kind(), column, lines, field, given)
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
    # The first few mostly tell.
    few = texts[:_FEW]
    mark = next((mark for mark in MARKS for some in (few, texts) if some.str.contains(mark, regex=False).any()), "")
    if mark == "," and texts.str.contains(".", regex=False).any():
        return None
    grouped = rf"-?[1-9][0-9]{{0,2}}[{mark}][0-9]{{3}}(?:[eE].*)?|[^{mark}]*"
    if mark and few.str.fullmatch(grouped).all() and texts.str.fullmatch(grouped).all():
        return None
    filled = (texts != "").to_numpy(bool)
    plain = texts.str.replace(",", ".") if mark == "," else texts
    try:
        read = pc.cast(pa.array(plain if filled.all() else plain[filled]), pa.float64()).to_numpy()
    except pa.ArrowInvalid:
        return None
    values = np.full(len(texts), np.nan)
    values[filled] = read
    # Arrow reads the words for infinity and for no number too.
    return (values, mark) if np.isfinite(read).all() else None


def _kind() -> Kind:
    return Kind(_("numbers"), "decimal", lambda _mark, value: number(value, 0 if value == round(value) else 3))


# "kr" is written for each of these.
_CROWNS = ["SEK", "NOK", "DKK", "ISK"]

Currencies = npt.NDArray[np.object_]

_IN_HEADER = re.compile(rf"\b(?:{PARTS['currencies']})\b|[€$£]")


def numbers_in(reading: Reading, name: str, column: Column, *, needed: bool = True) -> NumberReading:
    """Read a column of numbers; a row in which it holds something else is left out, or only told of."""
    there, lines = reading.staying(column)
    read = read_numbers(there, lines, field=name, decimal=reading.told.get("decimal"))
    read = read._replace(
        values=reading.spread(read.values, np.nan),
        unreadable=reading.spread(read.unreadable, False),
        currencies=None if read.currencies is None else reading.spread(read.currencies, ""),
    )
    if read.mark:
        reading.settled["decimal"][name] = read.mark
    told = _("“{header}” is no number").format(header=column.header)
    if needed:
        reading.leave_out(read.unreadable, told)
    elif read.unreadable.any():
        reading.form.remarks.append(f"{told} ({lines_named(reading.sheet.lines[read.unreadable])}).")
    return read


def read_amounts(reading: Reading) -> NumberReading:
    """Read the column of amounts, times the unit in its header; what they mean beside a status comes later."""
    column = reading.amounts
    read = numbers_in(reading, "amount", column)
    unit = _unit(reading, column, read.values)
    how = read.how if unit == 1 else f"{read.how}, {_('times {unit}').format(unit=number(unit))}"
    return read._replace(values=read.values * unit, how=how)


def read_money(reading: Reading, read: NumberReading) -> None:
    """Keep the amounts: of won deals what they brought in, where the file says so; in one currency."""
    column = reading.amounts
    values = _empty_minus_one(reading, column, read.values)
    reading.leave_out(values < 0, _("“{header}” is below 0").format(header=column.header))
    currencies = read.currencies
    actual = reading.column("actual_amount")
    if actual is not None:
        revenue = numbers_in(reading, "actual_amount", actual)
        earned = revenue.values * _unit(reading, actual, revenue.values)
        takes = reading.has("won") & ~np.isnan(earned)
        reading.leave_out(takes & (earned < 0), _("“{header}” is below 0").format(header=actual.header))
        values = np.where(takes, earned, values)
        if currencies is not None and revenue.currencies is not None:
            currencies = np.where(takes, revenue.currencies, currencies)
        how = f"{revenue.how}, {_('for won deals')}"
        reading.use("amount", actual, how, np.isnan(revenue.values) & reading.has("won"))
    reading.deals["amount"] = pd.Series(values * _times_a_year(reading, column))
    reading.use("amount", column, read.how, np.isnan(values))
    _read_currency(reading, currencies, column)


def _unit(reading: Reading, column: Column, values: Floats) -> float:
    """Ask once by how much amounts are to be multiplied, where their header says so."""
    unit, told = unit_of(column.header), reading.told.get("unit")
    if unit == 1 or told is not None:
        return float(told) if told is not None and unit > 1 else 1.0
    first = float(next(iter(values[~np.isnan(values)]), 0))
    readings = {factor: number(first * factor, 0 if first * factor % 1 == 0 else 2) for factor in (unit, 1)}
    raise Question(
        _("“{header}” says that its amounts are in thousands or millions: does {found} stand for {readings}?").format(
            header=column.header, found=readings[1], readings=_(" or ").join(readings.values())
        ),
        option="unit",
        choices=[Choice(text, {"unit": factor}) for factor, text in readings.items()],
    )


def _times_a_year(reading: Reading, amounts: Column) -> Floats:
    """Ask once what amounts per month, quarter or week are beside others."""
    column, header = reading.column("amount_period"), amounts.header.casefold()
    times = next((float(times) for times, pattern in HEADER_PERIODS.items() if pattern.search(header)), 0.0)
    factors = np.full(len(reading.reason_of), times)
    if column is not None:
        words = [re.sub(r"[\s_]+", "_", text.casefold()) for text in column.texts]
        factors = np.array([PERIODS.get(word, 0) for word in words], dtype=float)[column.codes]
    often = factors > 1
    if not (often & reading.stays()).any():
        return np.ones(len(factors))
    told = reading.told.get("per")
    if told is None:
        raise Question(
            _("{count} amounts are per month, quarter or week (“{header}”): adding them up needs one length.").format(
                count=number(int((often & reading.stays()).sum())), header=(column or amounts).header
            ),
            option="per",
            choices=[
                Choice(_("what they come to in a year"), {"per": "year"}),
                Choice(_("as they are written"), {"per": "as written"}),
            ],
        )
    return np.where(often & (told == "year"), factors, 1.0)


def _empty_minus_one(reading: Reading, column: Column, values: Floats) -> Floats:
    """Read -1 as empty where all open deals have it: some systems write it for want of an amount."""
    is_open = reading.has("open") & reading.stays()
    if not is_open.any() or not (values[is_open] == -1).all():
        return values
    told = ngettext(
        "“{header}” is -1 on the open deal: the system's way of writing “empty”, so read as empty.",
        "“{header}” is -1 on all {count} open deals: the system's way of writing “empty”, so read as empty.",
        int(is_open.sum()),
    )
    reading.form.mended.append(told.format(header=column.header, count=number(int(is_open.sum()))))
    return np.where(values == -1, np.nan, values)


def _read_currency(reading: Reading, beside: Currencies | None, amounts: Column) -> None:
    """Keep one currency: the column says which, or the sign beside the amount, or else the header."""
    column, in_header = reading.column("currency"), _IN_HEADER.search(amounts.header.casefold().replace("_", " "))
    wanted = currency_code(reading.told.get("currency", ""))
    if column is None and beside is None and not in_header and not wanted:
        return
    bare = currency_code(in_header[0]) if in_header else ""
    codes = np.full(len(reading.reason_of), "", dtype=object) if beside is None else beside
    if column is not None:
        texts = zip(column.texts, column.nothing, strict=True)
        own = np.array(["" if nothing else currency_code(text) for text, nothing in texts], dtype=object)[column.codes]
        reading.leave_out(
            (own != "") & (codes != "") & (own != codes) & ~((codes == "KR") & np.isin(own, _CROWNS)),
            _("“{header}” and the amount name different currencies").format(header=column.header),
        )
        codes = np.where(own == "", codes, own)
    there = sorted({str(code) for code in pd.unique(codes[reading.stays()]) if code})
    if wanted and wanted not in there and (there or bare not in ("", wanted)):
        raise SalesMetricsError(
            _("No deal is in {currency}.").format(currency=wanted),
            hint=_("There are: {names}.").format(names=", ".join(there or [bare])),
        )
    if not wanted and len(there) > 1:
        raise _ask_currency(reading, column or amounts, amounts, there)
    # Told which currency is meant, a bare amount is in that one.
    codes = np.where(codes == "", wanted or bare, codes)
    if wanted:
        reading.leave_out(codes != wanted, _("not in {currency}").format(currency=wanted), chosen=True)
    series = pd.Series(codes, dtype="str")
    reading.deals["currency"] = series.where(series != "")
    if there or bare:
        how = wanted or bare if not there else wanted or ", ".join(there)
        reading.use("currency", column or amounts, how, codes == "")


def _ask_currency(reading: Reading, column: Column, amounts: Column, there: list[str]) -> Question:
    # Such as "Amount in company currency" beside "Amount".
    others = [header for header in reading.sheet.headers if header != amounts.header]
    converted = [header for header in others if (recognise(header) or ("",))[0] == "amount"]
    return Question(
        _("“{header}” holds several currencies: {names}.").format(header=column.header, names=", ".join(there)),
        option="currency",
        choices=[
            *(Choice(code, {"currency": code}) for code in there),
            *(Choice(f"“{header}”", {"columns": {"amount": header, "currency": None}}) for header in converted),
        ],
    )
