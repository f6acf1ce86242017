"""The amounts of the deals, in one currency."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pandas as pd

from salesmetrics.base.errors import SalesMetricsError
from salesmetrics.base.language import _, ngettext, number
from salesmetrics.crm.aliases import recognise
from salesmetrics.crm.amounts import NumberReading, read_amounts
from salesmetrics.crm.question import Choice, Question
from salesmetrics.crm.reading import Reading
from salesmetrics.crm.sheet import Column, Floats
from salesmetrics.crm.written import currency_code

Currencies = npt.NDArray[np.object_]


def read_numbers(reading: Reading, name: str, column: Column) -> NumberReading:
    """Read a column of numbers, and leave out the rows in which it holds something else."""
    there, lines = reading.staying(column)
    read = read_amounts(there, lines, field=name, decimal=reading.options.decimal)
    read = read._replace(
        values=reading.spread(read.values, np.nan),
        unreadable=reading.spread(read.unreadable, False),
        currencies=None if read.currencies is None else reading.spread(read.currencies, ""),
    )
    if read.mark:
        reading.settled["decimal"][name] = read.mark
    reading.leave_out(read.unreadable, _("“{header}” is no number").format(header=column.header))
    return read


def read_money(reading: Reading) -> None:
    """Read the amounts: of won deals what they brought in, where the file says so; and keep to one currency.

    Raises
    ------
    Question
        There are several currencies, or two ways to read the amounts.
    SalesMetricsError
        The amounts can't be read, or none is in the currency asked for.
    """
    column = reading.column("amount")
    assert column is not None
    read = read_numbers(reading, "amount", column)
    values = _empty_minus_one(reading, column, read.values)
    reading.leave_out(values < 0, _("“{header}” is below 0").format(header=column.header))
    currencies = read.currencies
    actual = reading.column("actual_amount")
    if actual is not None:
        revenue = read_numbers(reading, "actual_amount", actual)
        takes = reading.has("won") & ~np.isnan(revenue.values)
        reading.leave_out(takes & (revenue.values < 0), _("“{header}” is below 0").format(header=actual.header))
        values = np.where(takes, revenue.values, values)
        if currencies is not None and revenue.currencies is not None:
            currencies = np.where(takes, revenue.currencies, currencies)
        how = f"{revenue.how}, {_('for won deals')}"
        reading.use("amount", actual, how, np.isnan(revenue.values) & reading.has("won"))
    reading.deals["amount"] = pd.Series(values)
    reading.use("amount", column, read.how, np.isnan(values))
    _read_currency(reading, currencies, column)


def _empty_minus_one(reading: Reading, column: Column, values: Floats) -> Floats:
    """Read -1 as empty where all open deals have it: some systems write it for want of an amount."""
    is_open = reading.has("open") & reading.stays()
    if not is_open.any() or not (values[is_open] == -1).all():
        return values
    count = int(is_open.sum())
    reading.mended.append(
        ngettext(
            "“{header}” is -1 on the open deal: the system's way of writing “empty”, so read as empty.",
            "“{header}” is -1 on all {count} open deals: the system's way of writing “empty”, so read as empty.",
            count,
        ).format(header=column.header, count=number(count))
    )
    return np.where(values == -1, np.nan, values)


def _read_currency(reading: Reading, beside: Currencies | None, amounts: Column) -> None:
    """Keep one currency: the column says which, or else the sign beside the amount."""
    column = reading.column("currency")
    if column is None and beside is None:
        return
    beside = np.full(len(reading.reason_of), "", dtype=object) if beside is None else beside
    codes = beside
    if column is not None:
        own = np.array([currency_code(text) for text in column.texts], dtype=object)[column.codes]
        codes = np.where(own == "", beside, own)
        reading.leave_out(
            (own != "") & (beside != "") & (own != beside),
            _("“{header}” and the amount name different currencies").format(header=column.header),
        )
    there = sorted({code for code in pd.unique(codes[reading.stays()]) if code})
    wanted = currency_code(reading.options.currency) if reading.options.currency else None
    if wanted and wanted not in there and there:
        raise SalesMetricsError(
            _("No deal is in {currency}.").format(currency=wanted),
            hint=_("There are: {names}.").format(names=", ".join(there)),
        )
    if not wanted and len(there) > 1:
        # Such as "Amount in company currency" beside "Amount".
        others = [header for header in reading.sheet.headers if header != amounts.header]
        converted = [header for header in others if (recognise(header) or ("",))[0] == "amount"]
        raise Question(
            _("“{header}” holds several currencies: {names}.").format(
                header=(column or amounts).header, names=", ".join(there)
            ),
            hint=" ".join(
                [
                    _("Pick one: {options}.").format(options=_(" or ").join(f'currency="{code}"' for code in there)),
                    *(
                        _(
                            "Or take “{header}”, if that is in one currency: "
                            'columns={{"amount": "{header}", "currency": None}}.'
                        ).format(header=header)
                        for header in converted
                    ),
                ]
            ),
            option="currency",
            choices=[
                *(Choice(code, {"currency": code}) for code in there),
                *(Choice(f"“{header}”", {"columns": {"amount": header, "currency": None}}) for header in converted),
            ],
        )
    if wanted and there:
        filled = ~np.isnan(reading.deals["amount"].to_numpy())
        reading.leave_out((codes != wanted) & ((codes != "") | filled), _("not in {currency}").format(currency=wanted))
    if there:
        series = pd.Series(codes, dtype="str")
        reading.deals["currency"] = series.where(series != "")
        reading.use("currency", column or amounts, wanted or ", ".join(there), codes == "")
