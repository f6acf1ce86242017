"""The amounts and the chances of the deals: one decimal mark for a whole column, one currency, one unit, one period."""

from __future__ import annotations

import re
from itertools import product

import numpy as np
import numpy.typing as npt
import pandas as pd

from salesmetrics.base.errors import SalesMetricsError
from salesmetrics.base.language import _, ngettext, number, percent
from salesmetrics.crm.cell_values import MARKS, currency_code
from salesmetrics.crm.column_values import Values, read_column, read_numbers
from salesmetrics.crm.question import Choice, Question
from salesmetrics.crm.reading import Reading
from salesmetrics.crm.sheet import Column, Flags, Floats, lines_named
from salesmetrics.crm.systems import HEADER_PERIODS, PARTS, PERIODS, UNITS, WON, factor_in, plain, plain_word, recognise

# "kr" is written for each of these.
_CROWNS = ["SEK", "NOK", "DKK", "ISK"]
# What an amount without a sign may well be in.
_USUAL = ("EUR", "USD", "GBP")

Currencies = npt.NDArray[np.object_]

_IN_HEADER = re.compile(rf"\b(?:{PARTS['currencies']})\b|\b(?:us|au?|ca?|r|hk|nz|s)\$|(?<!\w)[€$£]|(?<=k)[€$£]")


def numbers_in(reading: Reading, name: str, column: Column, *, needed: bool = True) -> Values:
    """Read a column of numbers; a row without a readable one is left out, or only told of."""
    read = read_column(reading, name, column, "decimal")
    told = _("“{header}” is no number").format(header=column.header)
    if needed:
        reading.leave_out(read.unreadable, told)
    elif read.unreadable.any():
        reading.form.remarks.append(f"{told} ({lines_named(reading.sheet.lines[read.unreadable])}).")
    return read


def read_amounts(reading: Reading) -> Values:
    """Read the column of amounts, times the unit in its header; what they mean beside a status comes later."""
    column = reading.amounts
    read = numbers_in(reading, "amount", column)
    unit = _cents(reading, column, read.values) or _unit(reading, column, read.values)
    how = read.how if unit == 1 else f"{read.how}, {_('times {unit}').format(unit=number(unit, 2 * (unit < 1)))}"
    return read._replace(values=read.values * unit, how=how)


def _cents(reading: Reading, column: Column, values: Floats) -> float:
    """Return 0.01 where a column beside the amounts writes them out, and shows that they are in cents; else 0."""
    name = plain(column.header)
    written = [one for one in reading.sheet.columns if plain(one.header) in (f"{name}formatted", f"formatted{name}")]
    for other, mark in product(written, MARKS):
        try:
            shown = read_numbers(other, reading.sheet.lines, field="amount", decimal=mark).values
        except SalesMetricsError:
            continue
        both = (values != 0) & ~np.isnan(values) & ~np.isnan(shown)
        if both.any() and np.allclose(values[both], shown[both] * 100):
            told = _("“{header}” is in cents: beside it stands “{written}”.")
            reading.form.mended.append(told.format(header=column.header, written=other.header))
            return 0.01
    return 0.0


def read_money(reading: Reading, read: Values) -> None:
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
        if revenue.currencies is not None:
            currencies = np.where(takes, revenue.currencies, "" if currencies is None else currencies)
        how = f"{revenue.how}, {_('for won deals')}"
        reading.use("amount", actual, how, np.isnan(revenue.values) & reading.has("won"))
    reading.deals["amount"] = pd.Series(values * _times_a_year(reading, column))
    reading.use("amount", column, read.how, np.isnan(values))
    _read_currency(reading, currencies, column)


def _unit(reading: Reading, column: Column, values: Floats) -> float:
    """Ask once by how much amounts are to be multiplied, where their header or a title says so."""
    said = [(column.header, factor_in(column.header, UNITS))]
    said += [(title, factor_in(title, UNITS, is_title=True)) for title in reading.form.titles]
    header, unit = max(said, key=lambda pair: pair[1] > 0)
    told = float(reading.told.get("unit") or 0)
    if not unit:
        if told > 1 and column is reading.amounts:
            idle, reason = _("“{option}” had nothing to act on: {reason}."), _("no header and no title names a unit")
            reading.form.remarks.append(idle.format(option="unit", reason=reason))
        return 1.0
    if told in (1, unit):
        return told
    first = float(next(iter(values[~np.isnan(values)]), 0))
    readings = {factor: number(first * factor, 0 if first * factor % 1 == 0 else 2) for factor in (unit, 1)}
    raise Question(
        _("“{header}” says that its amounts are in thousands or millions: does {found} stand for {readings}?").format(
            header=header, found=readings[1], readings=_(" or ").join(readings.values())
        ),
        option="unit",
        choices=[Choice(text, {"unit": factor}) for factor, text in readings.items()],
    )


def _times_a_year(reading: Reading, amounts: Column) -> Floats:
    """Ask once what amounts per month, quarter or week are beside others."""
    column = reading.column("amount_period")
    factors = np.full(len(reading.reason_of), factor_in(amounts.header, HEADER_PERIODS))
    # Without their digits few amounts differ.
    which, beside = pd.factorize(amounts.strings.str.replace(r"[\d.,]+", "", regex=True))
    cells = np.array([factor_in(text, HEADER_PERIODS) for text in beside], dtype=float)[which]
    if column is not None:
        words = [re.sub(r"[\s_]+", "_", text.casefold()) for text in column.texts]
        factors = np.array([PERIODS.get(word, 0) for word in words])[column.codes]
    factors = np.maximum(factors, cells[amounts.codes])
    often = factors > 1
    count = int((often & reading.stays()).sum())
    if not count:
        return np.ones(len(factors))
    told = reading.told.get("per")
    if told is None:
        raise Question(
            ngettext(
                "{count} amount is per month, quarter or week (“{header}”): adding them up needs one length.",
                "{count} amounts are per month, quarter or week (“{header}”): adding them up needs one length.",
                count,
            ).format(count=number(count), header=(column or amounts).header),
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
    codes = np.where(codes == "", bare, codes)
    there = sorted({str(code) for code in pd.unique(codes[reading.stays()]) if code})
    # A sign beside a few amounts may say that the others are in another currency.
    counts = reading.stays() & (np.nan_to_num(reading.deals["amount"].to_numpy(float)) != 0)
    without_sign = counts & (codes == "")
    few = len(there) == 1 and 0 < (counts & (codes != "")).sum() <= without_sign.sum()
    if few and not wanted:
        raise _ask_bare(column or amounts, there[0], int(without_sign.sum()))
    if wanted and there and wanted not in there and not few:
        raise SalesMetricsError(
            _("No deal is in {currency}.").format(currency=wanted),
            hint=_("There are: {names}.").format(names=", ".join(there)),
        )
    if not wanted and len({*there, bare} - {""}) > 1:
        raise _ask_currency(reading, column or amounts, amounts, there, bare)
    # Told which currency is meant, a bare amount is in that one.
    codes = np.where(codes == "", wanted, codes)
    if wanted:
        reading.leave_out(codes != wanted, _("not in {currency}").format(currency=wanted), chosen=True)
    series = pd.Series(codes, dtype="str")
    reading.deals["currency"] = series.where(series != "")
    if there:
        reading.use("currency", column or amounts, wanted or ", ".join(there), codes == "")


def _ask_bare(column: Column, sign: str, count: int) -> Question:
    others = [code for code in _USUAL if code != sign]
    return Question(
        ngettext(
            "“{header}” names a currency, {currency}, beside some amounts; {count} amount has none.",
            "“{header}” names a currency, {currency}, beside some amounts; {count} amounts have none.",
            count,
        ).format(header=column.header, currency=sign, count=number(count)),
        option="currency",
        choices=[
            Choice(_("all are in {currency}").format(currency=sign), {"currency": sign}),
            *(
                Choice(
                    _("without one it is {other}; leave out what is in {currency}").format(other=code, currency=sign),
                    {"currency": code},
                )
                for code in others
            ),
        ],
    )


def _ask_currency(reading: Reading, column: Column, amounts: Column, there: list[str], bare: str) -> Question:
    # Such as "Amount in company currency" beside "Amount"; and a header that names one currency may be of them all.
    others = [header for header in reading.sheet.headers if header != amounts.header]
    converted = [header for header in others if (recognise(header) or ("",))[0] == "amount"]
    converted += [amounts.header] * (bool(bare) and column is not amounts)
    return Question(
        _("“{header}” holds several currencies: {names}.").format(
            header=column.header, names=", ".join(sorted({*there, bare} - {""}))
        ),
        option="currency",
        choices=[
            *(Choice(code, {"currency": code}) for code in there),
            *(Choice(f"“{header}”", {"columns": {"amount": header, "currency": None}}) for header in converted),
        ],
    )


def _says_won(reading: Reading) -> Flags:
    """Return which rows have a word for won, before it is known what all words are."""
    won = np.zeros(len(reading.sheet.lines), dtype=bool)
    for column in reading.columns(("status", "stage")).values():
        won |= np.array([plain_word(text) in WON for text in column.texts], dtype=bool)[column.codes]
    return won


def _ask_chance(column: Column, value: float) -> Question:
    places = next((places for places in range(4) if round(value, places) == value), 4)
    shown, share = number(value, places), percent(value, max(places - 2, 0))
    return Question(
        _("“{header}” holds percentages and also {value}, without a sign.").format(header=column.header, value=shown),
        option="probability_in",
        choices=[
            Choice(_("percentages: {value} is {value}%").format(value=shown), {"probability_in": "percent"}),
            Choice(
                _("up to 1 it is a fraction: {value} is {share}").format(value=shown, share=share),
                {"probability_in": "fraction"},
            ),
        ],
    )


def read_probability(reading: Reading) -> None:
    """Read the chances, as percentages or as fractions."""
    column = reading.column("probability")
    if column is None:
        return
    signed = column.strings.str.endswith("%").to_numpy(bool)
    bare = column
    if not all(isinstance(cell, (int, float)) for cell in column.cells):
        bare = Column(column.header, column.codes, [text.removesuffix("%").strip() for text in column.texts])
    try:
        values = numbers_in(reading, "probability", bare, needed=False).values
    except Question:
        raise
    except SalesMetricsError as error:
        # Chances in words, such as "high", are no reason to refuse the deals.
        reading.form.remarks.append(error.what)
        reading.forget("probability")
        return
    told = reading.told.get("probability_in")
    # A sign in the header alone proves nothing: Excel stores the 50% that it shows as 0.5.
    percentages = bool(signed.any() or np.nanmax(values, initial=0) > 1)
    # Beside 50% a bare 1 is one percent as somebody types it, or 100% as Excel stores it.
    most = 1 if signed.any() else np.nextafter(1, 0)
    between = (values > 0) & (values <= most) & ~signed[column.codes]
    if told is None and percentages and between.any():
        if (between & (values == 1) & _says_won(reading)).any():
            told = "fraction"
        else:
            raise _ask_chance(column, float(values[between].min()))
    is_percent = told == "percent" if told else percentages
    values = np.where(is_percent | (values > 1) | signed[column.codes], values / 100, values)
    reading.leave_out(
        (values < 0) | (values > 1), _("“{header}” is no chance between 0 and 100%").format(header=column.header)
    )
    reading.deals["probability"] = pd.Series(values)
    reading.use("probability", column, _("percentages") if is_percent else _("fractions"), np.isnan(values))
