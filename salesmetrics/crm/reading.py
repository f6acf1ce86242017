"""The deals as far as they are read: each field from its column, and every row that can't be read with its reason."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from salesmetrics.base.errors import SalesMetricsError
from salesmetrics.base.language import _
from salesmetrics.crm.question import Question
from salesmetrics.crm.sheet import Column, Flags, Form, Numbers, Sheet, lines_text
from salesmetrics.crm.systems import FIELDS
from salesmetrics.deals.check import STATUSES, TEXTS

# What becomes part of another field; other columns stay as they are, under their own headers.
_WITHIN = ("actual_amount", "won_on", "lost_on")


class Used(NamedTuple):
    """A column of the file that became a column of the deals: ``how`` it was read, and in how many rows it is empty."""

    field: str
    header: str
    how: str
    empty: int


class LeftOut(NamedTuple):
    """Rows that are not among the deals, by the reason and the lines on which they begin."""

    reason: str
    lines: tuple[int, ...]


@dataclass
class Reading:
    """The deals as far as they are read: columns, rows to leave out, and what to tell of it."""

    sheet: Sheet
    found: Mapping[str, int]
    told: Mapping[str, Any]
    deals: dict[str, pd.Series[Any]] = field(default_factory=dict)
    used: list[Used] = field(default_factory=list)
    settled: dict[str, dict[str, str]] = field(default_factory=lambda: {"date_order": {}, "decimal": {}})
    questions: list[Question] = field(default_factory=list)
    reasons: list[str] = field(default_factory=list)
    chosen: set[str] = field(default_factory=set)
    reason_of: Numbers = field(init=False)
    status_of: Numbers = field(init=False)
    stays_open: Flags = field(init=False)

    def __post_init__(self) -> None:
        self.reason_of, self.status_of = np.full((2, len(self.sheet.lines)), -1, dtype=np.int64)
        self.stays_open = np.zeros(len(self.sheet.lines), dtype=bool)

    @property
    def form(self) -> Form:
        """How the file was written, and what there is to tell of it."""
        return self.sheet.form

    def column(self, name: str) -> Column | None:
        """Return the column of a field, if the file has one."""
        return self.sheet.columns[self.found[name]] if name in self.found else None

    def columns(self, names: Iterable[str]) -> dict[str, Column]:
        """Return the columns of some fields, as far as the file has them."""
        return {name: self.sheet.columns[self.found[name]] for name in names if name in self.found}

    @property
    def amounts(self) -> Column:
        """The column of amounts, without which nothing is read."""
        return self.sheet.columns[self.found["amount"]]

    @property
    def shares_closing(self) -> bool:
        """Whether one column is the day of closing of what has ended, and the expected day of what is open."""
        return "closed_on" in self.found and self.found["closed_on"] == self.found.get("expected_close_on")

    def told_of(self, option: str, name: str) -> str | None:
        """Return what an option says of one field: it is one answer for all columns, or one for each."""
        told = self.told.get(option)
        return told.get(name) if isinstance(told, Mapping) else told

    def filled(self, name: str) -> Flags:
        """Return in which rows the column of a field says something; in none where the file has no such column."""
        column = self.column(name)
        return np.zeros(len(self.sheet.lines), dtype=bool) if column is None else ~column.nothing[column.codes]

    def stays(self) -> Flags:
        """Return which rows are not left out so far."""
        return self.reason_of < 0

    def keep_only(self, rows: Flags) -> None:
        """Go on with some of the rows; those that were left out are noted by their reason, and decide nothing more."""
        for place, reason in enumerate(self.reasons):
            gone = self.sheet.lines[(self.reason_of == place) & ~rows].tolist()
            self.form.left_out.setdefault(reason, []).extend(gone)
        if not rows.any():
            raise self._nothing_read()
        if not rows.all():
            self.sheet = self.sheet.only(rows)
            self.deals = {name: series[rows].reset_index(drop=True) for name, series in self.deals.items()}
            self.reason_of, self.status_of = self.reason_of[rows], self.status_of[rows]
            self.stays_open = self.stays_open[rows]

    def _nothing_read(self) -> SalesMetricsError:
        reasons = "; ".join(f"{reason} ({lines_text(lines)})" for reason, lines in self.left_out())
        hint = _("Left out: {reasons}.").format(reasons=reasons) if reasons else ""
        return SalesMetricsError(
            _("No deal could be read from “{name}”.").format(name=self.form.source),
            hint=hint or _("There are no rows under the headers. Check the export and its filters."),
        )

    def left_out(self) -> tuple[LeftOut, ...]:
        """Return the rows that are gone, by reason."""
        return tuple(LeftOut(reason, tuple(sorted(lines))) for reason, lines in self.form.left_out.items() if lines)

    def has(self, *statuses: str) -> Flags:
        """Return which rows have one of these statuses."""
        return np.isin(self.status_of, [STATUSES.index(status) for status in statuses])

    def forget(self, name: str) -> None:
        """Go on as if the file had no column for a field: what stands in it says nothing of that."""
        self.found = {field: place for field, place in self.found.items() if field != name}

    def leave_out(self, where: Flags, reason: str, *, chosen: bool = False) -> None:
        """Leave rows out, of the user's own choice or not; a row keeps the first reason given."""
        self.chosen |= {reason} if chosen else set()
        where = where & self.stays()
        if where.any():
            if reason not in self.reasons:
                self.reasons.append(reason)
            self.reason_of[where] = self.reasons.index(reason)

    def use(self, name: str, column: Column, how: str, empty: Flags) -> None:
        """Note what a column became."""
        self.used.append(Used(name, column.header, how, int((empty & self.stays()).sum())))


def read_texts(reading: Reading) -> None:
    """Read the columns of plain text; a bare "reason" is why a deal was lost where mostly lost deals have one."""
    reason = reading.filled("reason")
    if (reading.has("lost") & reason).sum() * 2 > reason.sum():
        reading.found = {"loss_reason": reading.found["reason"], **reading.found}
    for name, column in reading.columns(TEXTS).items():
        if name not in ("deal_id", "status", "currency"):
            reading.deals.setdefault(name, column.series())
            reading.use(name, column, "", column.empty[column.codes])


def keep_others(reading: Reading) -> dict[str, Column]:
    """Keep the columns that are no field of a deal as text, under their own headers, and give them."""
    taken = {place for name, place in reading.found.items() if name in FIELDS or name in _WITHIN}
    kept: dict[str, Column] = {}
    for place, column in enumerate(reading.sheet.columns):
        if place in taken:
            continue
        header = column.header or _("column {number}").format(number=place + 1)
        while header in FIELDS or header in reading.deals:
            header = f"{header} ({place + 1})"
        reading.deals[header] = column.series()
        kept[header] = column
    return kept
