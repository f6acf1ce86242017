"""The days of the deals, with the rules that need the status too, and what falls out for want of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from salesmetrics.base.language import _, date, ngettext, number, percent
from salesmetrics.crm.column_values import NO_DAY, Days, read_column
from salesmetrics.crm.headers import are_days, choose_column
from salesmetrics.crm.ids import id_source, no_id
from salesmetrics.crm.question import Choice, Question
from salesmetrics.crm.reading import Reading
from salesmetrics.crm.sheet import Column, Flags, lines_named, quoted
from salesmetrics.crm.status_evidence import MANY
from salesmetrics.deals.check import DATES, STATUSES

_CLOSED = tuple(status for status in STATUSES if status != "open")
# A stamp with a zone, in the last hours of its day.
_LATE_WITH_ZONE = r"[T ]2[123]:[0-9]{2}(?::[0-9.,]+)?\s*(?:Z|UTC|GMT|[+-][0-9]{2})"
_CLOSING = ("won_on", "lost_on", "closed_on")


class Missing(NamedTuple):
    """Rows of one status that are not among the deals: how many of how many, and their money.

    Where nothing says how they ended, the status is empty, and only their number is known.
    """

    status: str
    rows: int
    total: int
    amount: float

    def __str__(self) -> str:
        """Describe how many are missing."""
        if not self.status:
            told = _("{count} rows are left out of which nothing says whether they were won or lost.")
            return told.format(count=number(self.rows))
        return ngettext(
            "{count} of {total} {status} deals is left out ({amount}).",
            "{count} of {total} {status} deals are left out ({amount}).",
            self.rows,
        ).format(count=number(self.rows), total=number(self.total), status=_(self.status), amount=number(self.amount))


def read_days(reading: Reading) -> None:
    """Read the days of the deals."""
    is_open = reading.has("open")
    everywhere = np.ones(len(is_open), dtype=bool)
    closed = np.full(len(is_open), NO_DAY, dtype="datetime64[us]")
    # A day of winning or losing says more than a day of closing, which may have been planned.
    for name, column in reading.columns(_CLOSING).items():
        applies = everywhere if name == "closed_on" else reading.has(name.removesuffix("_on"))
        days, how = _days(reading, name, column)
        if name == "closed_on" and reading.shares_closing:
            reading.deals["expected_close_on"] = pd.Series(np.where(is_open, days, NO_DAY))
            days = np.where(is_open, NO_DAY, days)
            how = f"{how}, {_('expected while a deal is open')}"
        takes = applies & np.isnat(closed)
        closed = np.where(takes, days, closed)
        reading.use("closed_on", column, how, np.isnat(days) & applies & ~is_open)
    for name, column in reading.columns(DATES).items():
        if name not in reading.deals and name != "closed_on":
            applies = is_open if name == "expected_close_on" else everywhere
            days, how = _days(reading, name, column, applies)
            reading.deals[name] = pd.Series(days)
            reading.use(name, column, how, np.isnat(days) & applies)
    closed = np.where(reading.stays_open, NO_DAY, _take_instead(reading, closed))
    _check_closed(reading, closed, is_open)
    reading.deals["closed_on"] = pd.Series(closed)


def _days(reading: Reading, name: str, column: Column, applies: Flags | bool = True) -> tuple[Days, str]:
    """Read a column of days; a row of which the day matters and can't be read is left out."""
    read = read_column(reading, name, column, "date_order")
    late = _near_midnight(column)
    if late > 1:
        reading.form.remarks.append(
            _(
                "{count} stamps in “{header}” fall near midnight in their time zone: elsewhere it was another day."
            ).format(count=number(late), header=column.header)
        )
    told = _told(reading)
    # An open deal does without a day if it was said so; a closed one may take another.
    without = [status for status, said in told.items() if said == "keep" or (name in _CLOSING and said != "leave out")]
    applies = applies & ~reading.has(*without)
    reading.leave_out(read.unreadable & applies, _no_date(column))
    if np.isnat(read.values).all():
        return read.values, read.how
    first, last = (day.astype(object).date() for day in (np.nanmin(read.values), np.nanmax(read.values)))
    return read.values, f"{read.how}, {_('{first} to {last}').format(first=date(first), last=date(last))}"


def _near_midnight(column: Column) -> int:
    """Count the stamps with a zone that fall in the last hours of a day: elsewhere it is the next day by then."""
    if not isinstance(column.cells, pd.Series) or not len(column.cells) or ":" not in column.strings.max():
        return 0
    late = pc.match_substring_regex(pa.array(column.strings), _LATE_WITH_ZONE)
    return int(column.counts[late.to_numpy(zero_copy_only=False).astype(bool)].sum())


def _no_date(column: Column) -> str:
    return _("“{header}” is no date").format(header=column.header)


def _told(reading: Reading) -> dict[str, str]:
    """Return what becomes of deals without a day, for each status; only open ones can do without."""
    told = {status: reading.told_of("incomplete", status) for status in STATUSES}
    return {status: said for status, said in told.items() if said and (status == "open" or said != "keep")}


def _take_instead(reading: Reading, closed: Days) -> Days:
    """Take another day where won and lost deals have none, if the user said so."""
    told = _told(reading)
    for name in dict.fromkeys(told.get(status, "") for status in _CLOSED):
        column = reading.column(name)
        if column is None:
            continue
        lacks = np.isnat(closed) & reading.has(*(each for each in _CLOSED if told.get(each) == name))
        days, _how = _days(reading, name, column, lacks)
        takes = lacks & ~np.isnat(days) & reading.stays()
        if takes.any():
            told_instead = ngettext(
                "{count} deal that was won or lost has no day of closing; “{header}” was taken.",
                "{count} deals that were won or lost have no day of closing; “{header}” was taken.",
                int(takes.sum()),
            )
            reading.form.mended.append(told_instead.format(count=number(int(takes.sum())), header=column.header))
        closed = np.where(takes, days, closed)
    return closed


def _check_closed(reading: Reading, closed: Days, is_open: Flags) -> None:
    """Leave out what contradicts itself: closed without a day, or open with one."""
    stays = reading.stays()
    told = _told(reading)
    if not reading.columns(_CLOSING) and (stays & reading.has(*({*_CLOSED} - {*told}))).any():
        raise _ask_day(reading)
    reading.leave_out(
        is_open & ~np.isnat(closed), _("open, yet with a day in {header}").format(header=_closing(reading))
    )
    reading.leave_out(~is_open & np.isnat(closed), _undated(reading))


def _closing(reading: Reading) -> str:
    """Name the columns that tell when a deal was won or lost."""
    return quoted((column.header for column in reading.columns(_CLOSING).values()), _(" or "))


def _undated(reading: Reading) -> str:
    header = _closing(reading)
    return _("won or lost, but {header} is empty").format(header=header) if header else _("won or lost without a day")


def _ask_day(reading: Reading) -> Question:
    taken = {place for name, place in reading.found.items() if name not in ("expected_close_on", "changed_on")}
    days = _free_days(reading, taken)
    return Question(
        _("There are won and lost deals, but no column says when they were closed."),
        option="columns",
        choices=[
            *(Choice(header, {"columns": _both(reading, header)}) for header in days),
            Choice(_("leave them out"), _incomplete(reading, *_CLOSED, said="leave out")),
        ],
    )


def _incomplete(reading: Reading, *statuses: str, said: str) -> dict[str, dict[str, str]]:
    """Return the option that says it of these statuses beside what was said of others: no answer undoes another."""
    return {"incomplete": {**_told(reading), **dict.fromkeys(statuses, said)}}


def ask_expected(reading: Reading) -> None:
    """Ask for the column of expected days where no open deal has one: without it nothing is due in any period."""
    is_open = reading.has("open") & reading.stays()
    days = reading.deals.get("expected_close_on")
    if not is_open.any() or (days is not None and days[is_open].notna().any()):
        return
    told = _("No open deal has an expected day, so none is due in any period.")
    if dated := _free_days(reading, set(reading.found.values())):
        choices = choose_column("expected_close_on", dated)
        reading.questions.append(Question(told, option="columns", choices=choices))
    reading.form.remarks.append(told)


def _free_days(reading: Reading, taken: set[int]) -> list[str]:
    columns = enumerate(reading.sheet.columns)
    return [column.header for place, column in columns if place not in taken and are_days(column)]


def _both(reading: Reading, header: str) -> dict[str, str]:
    """Take a column for the day of closing; where most open deals have a day there too, it is their expected one."""
    column = reading.sheet.columns[reading.sheet.headers.index(header)]
    is_open = reading.has("open") & reading.stays()
    shared = is_open.any() and (~column.nothing[column.codes[is_open]]).mean() > 0.5
    return dict.fromkeys(("closed_on", "expected_close_on") if shared else ("closed_on",), header)


def count_missing(reading: Reading) -> list[Missing]:
    """Count the rows of each status that fell out; more than a fifth of the won or lost is asked about first."""
    chosen = [place for place, reason in enumerate(reading.reasons) if reason in reading.chosen]
    ours = ~np.isin(reading.reason_of, chosen)
    amounts = reading.deals["amount"].to_numpy(float, na_value=np.nan)
    missing = []
    totals = {status: int((ours & reading.has(status)).sum()) for status in STATUSES}
    for status, total in totals.items():
        out = ours & reading.has(status) & ~reading.stays()
        count = int(out.sum())
        if not count:
            continue
        found = Missing(status, count, total, float(np.nansum(amounts[out])))
        few = count < 2 and count < total
        if count > MANY * total and not few:
            question = _ask_missing(reading, found, out)
            if status not in _told(reading) and (status != "open" or len(question.choices) > 1):
                raise question
            if status == "open":
                reading.form.remarks.append(question.what)
        # Of open deals no rate speaks; the receipt tells how many are left out, and why.
        missing += [found] if status != "open" else []
    return missing + _find_unread(reading, totals)


def _find_unread(reading: Reading, totals: Mapping[str, int]) -> list[Missing]:
    """Ask about rows of which nothing says how they ended, where they may be more than a fifth of the won or lost."""
    lines, status = reading.form.unread, min(_CLOSED, key=lambda status: totals[status])
    fewest = totals[status] if any(totals[each] for each in _CLOSED) else sum(totals.values())
    if len(lines) < 2 or len(lines) <= MANY * (fewest + len(lines)):
        return []
    if {*_CLOSED} <= {*_told(reading)}:
        return [Missing("", len(lines), len(lines), np.nan)]
    reasons = [reason for reason, others in reading.form.left_out.items() if {*others} & {*lines}]
    raise Question(
        _(
            "{count} rows are left out, and nothing says whether they were won or lost: {reason} ({lines}). "
            "If all of them are {status}, {share} of the {status} deals are missing."
        ).format(
            count=number(len(lines)),
            reason="; ".join(reasons),
            lines=lines_named(lines),
            status=_(status),
            share=percent(len(lines) / (totals[status] + len(lines)), 0),
        ),
        option="incomplete",
        choices=[
            *_without_id(reading, reasons),
            Choice(_("leave them out"), _incomplete(reading, *_CLOSED, said="leave out")),
        ],
        advice=_("Export it again if you can."),
    )


def _without_id(reading: Reading, reasons: Iterable[str]) -> list[Choice]:
    """Offer to do without an id where rows are left out for want of one."""
    name = id_source(reading)
    column = reading.column(name)
    if column is None or no_id(column) not in reasons:
        return []
    label = _("each row is a deal, also without “{header}”").format(header=column.header)
    return [Choice(label, {"columns": {"deal_id": None, name: None}})]


def _ask_missing(reading: Reading, missing: Missing, out: Flags) -> Question:
    reason = np.bincount(reading.reason_of[out]).argmax()
    choices = _without_id(reading, [reading.reasons[reason]])
    if reading.reasons[reason] in (_undated(reading), *map(_no_date, reading.columns(_CLOSING).values())):
        labels = {
            "expected_close_on": _("take the expected day: “{header}”"),
            "changed_on": _("take the day of the last change: “{header}”"),
        }
        # The won and the lost get their day in one way, unless it was said otherwise: else one of them falls behind.
        untold = [status for status in _CLOSED if status not in _told(reading)]
        for name, label in labels.items():
            if reading.filled(name)[out].mean() > 1 - MANY:
                header = reading.sheet.headers[reading.found[name]]
                choices.append(Choice(label.format(header=header), _incomplete(reading, *untold, said=name)))
    if missing.status == "open" and reading.reasons[reason] in map(_no_date, reading.columns(DATES).values()):
        choices.append(Choice(_("keep them, without that day"), _incomplete(reading, "open", said="keep")))
    return Question(
        _("{missing} That is {share}: {reason} ({lines}).").format(
            missing=missing,
            share=percent(missing.rows / missing.total, 0),
            reason=reading.reasons[reason],
            lines=lines_named(reading.sheet.lines[out]),
        ),
        option="incomplete",
        choices=[*choices, Choice(_("leave them out"), _incomplete(reading, missing.status, said="leave out"))],
    )
