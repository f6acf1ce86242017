"""The dates, chances and amounts of the deals, with the rules that need the status too."""

from __future__ import annotations

import numpy as np
import pandas as pd

from salesmetrics.base.errors import SalesMetricsError
from salesmetrics.base.language import _, date, did_you_mean
from salesmetrics.crm.dates import NO_DAY, Days, read_dates
from salesmetrics.crm.money import read_money, read_numbers
from salesmetrics.crm.question import Choice, Question
from salesmetrics.crm.reading import Reading
from salesmetrics.crm.sheet import Column, Flags, lines_named
from salesmetrics.deals.check import DATES


def read_figures(reading: Reading) -> None:
    """Read amounts and currencies, dates and chances into the deals.

    Raises
    ------
    SalesMetricsError
        A column can't be read, or can be read in two ways.
    """
    read_money(reading)
    _read_days(reading)
    _read_probability(reading)


def _days(reading: Reading, name: str, column: Column) -> tuple[Days, str]:
    there, lines = reading.staying(column)
    order, start = reading.options.date_order, reading.sheet.form.excel_start
    read = read_dates(there, lines, field=name, order=order, excel_start=start)
    if read.order:
        reading.settled["date_order"][name] = read.order
    unreadable = reading.spread(read.unreadable, False)
    reading.leave_out(unreadable, _("“{header}” is no date").format(header=column.header))
    days = reading.spread(read.days, NO_DAY)
    if np.isnat(read.days).all():
        return days, read.how
    first, last = (day.astype(object).date() for day in (np.nanmin(read.days), np.nanmax(read.days)))
    return days, f"{read.how}, {_('{first} to {last}').format(first=date(first), last=date(last))}"


def _read_days(reading: Reading) -> None:
    is_open = reading.has("open")
    everywhere = np.ones(len(is_open), dtype=bool)
    shared = reading.found.get("closed_on", -1) == reading.found.get("expected_close_on", -2)
    closed = np.full(len(is_open), NO_DAY, dtype="datetime64[us]")
    sources: list[Column] = []
    # A day of winning or losing says more than a day of closing, which may have been planned.
    parts = {
        "won_on": reading.has("won"),
        "lost_on": reading.has("lost"),
        "closed_on": everywhere,
    }
    for name, applies in parts.items():
        column = reading.column(name)
        if column is None:
            continue
        days, how = _days(reading, name, column)
        if shared and name == "closed_on":
            reading.deals["expected_close_on"] = pd.Series(np.where(is_open, days, NO_DAY))
            days = np.where(is_open, NO_DAY, days)
            how = f"{how}, {_('expected while a deal is open')}"
        takes = applies & np.isnat(closed)
        closed = np.where(takes, days, closed)
        sources.append(column)
        reading.use("closed_on", column, how, np.isnat(days) & applies & ~is_open)
    _check_closed(reading, sources, closed, is_open)
    reading.deals["closed_on"] = pd.Series(closed)
    for name in DATES:
        column = reading.column(name)
        if column is not None and name not in reading.deals:
            days, how = _days(reading, name, column)
            reading.deals[name] = pd.Series(days)
            applies = is_open if name == "expected_close_on" else everywhere
            reading.use(name, column, how, np.isnat(days) & applies)


def _check_closed(reading: Reading, sources: list[Column], closed: Days, is_open: Flags) -> None:
    """Leave out what contradicts itself: closed without a day, or open with one."""
    stays = reading.stays()
    if not sources:
        if (stays & ~is_open).any():
            raise Question(
                _("There are won and lost deals, but no column says when they were closed."),
                hint=_('{nearest} Name yours: columns={{"{name}": "your header"}}.').format(
                    nearest=did_you_mean("closed_on", reading.sheet.headers), name="closed_on"
                ),
                option="columns",
                choices=[Choice(header, {"columns": {"closed_on": header}}) for header in reading.sheet.headers],
            )
        return
    header = _(" or ").join(f"“{column.header}”" for column in sources)
    contradicting = is_open & ~np.isnat(closed)
    if (contradicting & stays).sum() * 2 > (is_open & stays).sum():
        raise Question(
            _("Open deals have a date in {header} ({lines}), where the day of closing should stand.").format(
                header=header, lines=lines_named(reading.sheet.lines[contradicting & stays])
            ),
            hint=_(
                "If it is the expected date while a deal is open, say so: "
                'columns={{"closed_on": "{header}", "expected_close_on": "{header}"}}.'
            ).format(header=sources[-1].header),
            option="columns",
            choices=[
                Choice(
                    _("expected while a deal is open"),
                    {"columns": {"closed_on": sources[-1].header, "expected_close_on": sources[-1].header}},
                )
            ],
        )
    reading.leave_out(contradicting, _("open, yet with a day in {header}").format(header=header))
    reading.leave_out(~is_open & np.isnat(closed), _("won or lost, but {header} is empty").format(header=header))


def _read_probability(reading: Reading) -> None:
    column = reading.column("probability")
    if column is None:
        return
    signed = column.strings.str.endswith("%").to_numpy(bool)
    bare = column
    if not all(isinstance(cell, (int, float)) for cell in column.cells):
        bare = Column(column.header, column.codes, [text.removesuffix("%").strip() for text in column.texts])
    values = read_numbers(reading, "probability", bare).values
    told = reading.options.probability_in
    if told not in (None, "percent", "fraction"):
        raise SalesMetricsError(
            _("probability_in can't be “{found}”.").format(found=told), hint=_('Say "percent" or "fraction".')
        )
    percentages = bool(signed.any() or np.nanmax(values, initial=0) > 1)
    between = bool(((values > 0) & (values < 1) & ~signed[column.codes]).any())
    if told is None and percentages and between and "%" not in column.header:
        raise Question(
            _("“{header}” holds percentages and also numbers between 0 and 1.").format(header=column.header),
            hint=_('Say how to read them: probability_in="percent" takes 0.5 for half a percent.'),
            option="probability_in",
            choices=[Choice(_("percentages"), {"probability_in": "percent"})],
        )
    is_percent = told == "percent" if told else percentages or "%" in column.header
    values = values / 100 if is_percent else values
    reading.leave_out(
        (values < 0) | (values > 1), _("“{header}” is no chance between 0 and 100%").format(header=column.header)
    )
    reading.deals["probability"] = pd.Series(values)
    reading.use("probability", column, _("percentages") if is_percent else _("fractions"), np.isnan(values))
