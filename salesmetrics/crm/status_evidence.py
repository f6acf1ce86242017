"""What a file says of a deal beside its word for won or lost: check boxes, chances, days and reasons."""

from __future__ import annotations

import numpy as np
import pandas as pd

from salesmetrics.base.language import _, ngettext, number, percent
from salesmetrics.crm.headers import choose_boxes, tells, ticked
from salesmetrics.crm.question import Choice, Question
from salesmetrics.crm.reading import Reading
from salesmetrics.crm.sheet import Flags, Numbers, lines_named, quoted
from salesmetrics.crm.systems import LOST, WON, plain_word
from salesmetrics.deals.check import STATUSES

# Check boxes, with what a row may be where they are ticked, and where not; and days that stand for them.
BOXES = {"is_won": (2, 5), "is_lost": (4, 3), "is_closed": (6, 1), "is_active": (7, 6), "is_archived": (6, 7)}
_DAYS = {"won_on": (2, 5), "lost_on": (4, 3)}
MAY_BE = {"open": 1, "won": 2, "lost": 4}
ANY = 7
# When more of a kind of rows say something, it is of the file, not of those rows.
MANY = 0.2


def is_settled(may_be: Numbers) -> Flags:
    """Return which rows can be only one thing."""
    return np.isin(may_be, list(MAY_BE.values()))


def read_boxes(reading: Reading) -> Numbers:
    """Return what check boxes such as IsWon and IsClosed allow of each row."""
    if "status" not in reading.found:
        _leave_torn(reading)
    allowed: Numbers = np.bitwise_and.reduce([np.full(len(reading.sheet.lines), ANY), *_boxes(reading).values()])
    return allowed


def _boxes(reading: Reading) -> dict[str, Numbers]:
    boxes = {name: np.where(ticked(column), *BOXES[name]) for name, column in reading.columns(BOXES).items()}
    stage = reading.column("stage")
    if {"status", *boxes} & set(reading.found) or (stage is not None and tells(stage)):
        return boxes
    return {name: np.where(reading.filled(name), *_DAYS[name]) for name in reading.columns(_DAYS)}


def _leave_torn(reading: Reading) -> None:
    """Leave out what one box or day calls won and another lost, where no status says which."""
    boxes = {name: ticked(column) for name, column in reading.columns(("is_won", "is_lost")).items()}
    signs = boxes or {name: reading.filled(name) for name in reading.columns(_DAYS)}
    torn: Flags = np.logical_and.reduce([*signs.values()]) & (len(signs) == 2)
    if torn.any():
        headers = quoted((column.header for column in reading.columns(signs).values()), _(" and "))
        reading.leave_out(torn, _("both won and lost, by {headers}").format(headers=headers))
        reading.form.unread += reading.sheet.lines[torn].tolist()


def weigh(reading: Reading, known: Numbers) -> Numbers:
    """Return what each row may be by its chance, its days and its reason, as far as the rows that are known agree."""
    masks = np.full(len(known), ANY, dtype=np.int64)
    is_open, won, lost = (known == bit for bit in (1, 2, 4))

    for name, status, others in (("loss_reason", 4, is_open | won), ("won_on", 2, is_open), ("lost_on", 4, is_open)):
        there = reading.filled(name)
        if not (there & others).any():
            masks &= np.where(there, status, ANY)
    closed = _own_closed(reading)
    if not (closed & is_open).any():
        masks &= np.where(closed, 6, ANY)
    if (won | lost).any() and closed[won | lost].mean() > 0.8:
        masks &= np.where(closed, ANY, 1)
    chances = reading.deals.get("probability")
    chance = None if chances is None else chances.to_numpy(float, na_value=np.nan)
    if chance is not None and not ((won & (chance < 1)) | (lost & (chance > 0))).any():
        if not np.isin(chance[is_open], [1]).any():
            masks &= np.where(chance == 1, 2, ANY)
        told = (lost & (chance == 0)).any() and not np.isin(chance[is_open], [0]).any()
        masks &= np.where(chance == 0, 4 if told else 5, ANY)
        if ((won | lost) & ~np.isnan(chance)).any():
            masks &= np.where((chance > 0) & (chance < 1), 1, ANY)
    return masks


def _own_closed(reading: Reading) -> Flags:
    """Return which rows have a day of closing; none where its column is that of the expected day too."""
    return reading.filled("" if reading.shares_closing else "closed_on")


def set_status(reading: Reading, may_be: Numbers) -> None:
    """Keep what each row is; one that may still be several things is none."""
    reading.status_of = np.select([may_be == bit for bit in MAY_BE.values()], [0, 1, 2], -1).astype(np.int64)
    words = pd.array([*STATUSES, pd.NA], dtype="str")
    reading.deals["status"] = pd.Series(words.take(reading.status_of), dtype="str")


def _signs_of_ending(reading: Reading, is_open: Flags) -> dict[str, Flags]:
    """Return for each field that says so which rows have ended."""
    signs = {name: masks & MAY_BE["open"] == 0 for name, masks in _said(reading).items()}
    signs["closed_on"] = _own_closed(reading)
    reason = reading.filled("loss_reason")
    if (reason & is_open).sum() * 2 <= is_open.sum() or reading.has("lost").any():
        signs["loss_reason"] = reason
    # Where all that was won stands at 100% and nothing is lost, what stands at 0% may be; not beside the user's words.
    chance, won = reading.deals.get("probability"), reading.has("won")
    untold = reading.told.get("won") is None and reading.told.get("lost") is None
    if chance is not None and untold and won.any() and not reading.has("lost").any() and (chance[won] == 1).all():
        signs["probability"] = (chance == 0).to_numpy(bool)
    # A column “Reason” may be of anything; of what was won it then gives a reason too.
    why = reading.filled("reason")
    if not (why & reading.has("won")).any() and (why & is_open).sum() * 2 <= is_open.sum():
        signs["reason"] = why
    return signs


def settle_ended(reading: Reading) -> None:
    """Ask what deals are that count as open though a box or a day of closing of their own says that they ended.

    A few of them, and deals that are won or lost by their word and not by a box, are told.
    """
    _tell_clashes(reading)
    is_open = reading.has("open") & reading.stays()
    signs = _signs_of_ending(reading, is_open)
    says_ended = np.logical_or.reduce([*signs.values()])
    if "status" not in reading.found:
        # Beside a stage, a day of closing and a reason for a loss leave nothing to ask.
        _count_as(reading, is_open & signs["closed_on"] & signs.get("loss_reason", np.False_), "lost")
    is_open = reading.has("open") & reading.stays()
    ended = is_open & says_ended
    told = reading.told.get("ended")
    count = int(ended.sum())
    if told is None:
        few = count < 2 and count * 2 <= is_open.sum()
        if count > MANY * says_ended.sum() and not few:
            by = max(signs, key=lambda name: (signs[name] & ended).sum())
            raise _ask_ended(reading, ended, by)
        # An open deal with a day of closing is left out, and that is told.
        said = {name: sign & ended for name, sign in signs.items() if name != "closed_on"}
        reading.form.remarks += [_ask_ended(reading, rows, name).what for name, rows in said.items() if rows.any()]
        return
    if told == "leave out":
        reading.leave_out(ended, _("open, yet the file says that it ended"), chosen=True)
    elif told in ("won", "lost"):
        _count_as(reading, ended, told)
    reading.stays_open = ended & (told == "open")


def _said(reading: Reading) -> dict[str, Numbers]:
    """Return what boxes, and days of winning and of losing, allow of each row; a day that is not there says nothing."""
    days = {name: np.where(reading.filled(name), _DAYS[name][0], ANY) for name in reading.columns(_DAYS)}
    return days | _boxes(reading)


def _tell_clashes(reading: Reading) -> None:
    for name, masks in _said(reading).items():
        for status in ("won", "lost"):
            rows = reading.has(status) & reading.stays() & (masks & MAY_BE[status] == 0)
            note = ngettext(
                "{count} deal is {status} by its word, and not by “{header}” ({lines}): it counts as {status}.",
                "{count} deals are {status} by their word, and not by “{header}” ({lines}): they count as {status}.",
                int(rows.sum()),
            )
            header, lines = reading.sheet.headers[reading.found[name]], lines_named(reading.sheet.lines[rows])
            told = note.format(count=number(int(rows.sum())), status=_(status), header=header, lines=lines)
            reading.form.remarks += [told] if rows.any() else []


def _count_as(reading: Reading, ended: Flags, status: str) -> None:
    count = int(ended.sum())
    note = ngettext(
        "{count} deal that counts as open by its word has ended, and counts as {status}.",
        "{count} deals that count as open by their word have ended, and count as {status}.",
        count,
    )
    reading.form.mended += [note.format(count=number(count), status=_(status))] if count else []
    reading.status_of = np.where(ended, STATUSES.index(status), reading.status_of)
    reading.deals["status"] = reading.deals["status"].mask(ended, status)


def _ask_ended(reading: Reading, ended: Flags, name: str) -> Question:
    header, count = reading.sheet.headers[reading.found[name]], int(ended.sum())
    used = reading.found.get("status", reading.found.get("stage"))
    # The stages may tell more than a status of one word; a column that the user has named is not asked about again.
    status = reading.column("status")
    stage = reading.found.get("stage") if status is not None and len(status.distinct()) == 1 else None
    taken = {used, *(place for field, place in reading.found.items() if field != "stage")}
    # A stage that tells the status stays the stage.
    others = {
        column.header: dict.fromkeys(
            ("status", "stage") if place == reading.found.get("stage") else ("status",), column.header
        )
        for place, column in enumerate(reading.sheet.columns)
        if place not in taken and (place == stage or set(map(plain_word, column.distinct()[:100])) & (WON | LOST))
    }
    others = {} if reading.told.get("columns", {}).get("status") else others
    both = dict.fromkeys(("closed_on", "expected_close_on"), header)
    as_open = Choice(_("open"), {"ended": "open"})
    if name == "closed_on" and "expected_close_on" not in reading.found:
        as_open = Choice(_("expected while a deal is open"), {"columns": both})
    return Question(
        ngettext(
            "{count} deal counts as open, yet by “{header}” it has ended ({lines}).",
            "{count} deals count as open, yet by “{header}” they have ended ({lines}).",
            count,
        ).format(count=number(count), header=header, lines=lines_named(reading.sheet.lines[ended])),
        option="ended",
        choices=[
            *(Choice(_("go by “{header}”").format(header=each), {"columns": others[each]}) for each in others),
            *choose_boxes(reading.sheet, reading.found),
            Choice(_("lost"), {"ended": "lost"}),
            Choice(_("won"), {"ended": "won"}),
            as_open,
            Choice(_("leave them out"), {"ended": "leave out"}),
        ],
        advice=_("Are some of them won and others lost? Then export the column that says which."),
    )


def settle_blank(reading: Reading, header: str, rows: Numbers, rest_is_open: bool) -> Numbers:
    """Settle what rows without a word are: as told, else open beside the user's words, left out otherwise and asked."""
    bare = rows == 0
    if not bare.any():
        return rows
    told = reading.told.get("blank")
    choices = [
        Choice(_("open"), {"blank": "open"}),
        Choice(_("lost"), {"blank": "lost"}),
        Choice(_("leave them out"), {"blank": "leave out"}),
        Choice(_("the same as the row above"), {"blank": "above"}),
    ]
    share = bare.mean()
    question = Question(
        _("“{header}” does not say in {count} of {total} rows ({share}; {lines}) what became of the deal.").format(
            header=header,
            count=number(int(bare.sum())),
            total=number(len(bare)),
            share=percent(share, 0),
            lines=lines_named(reading.sheet.lines[bare]),
        ),
        option="blank",
        choices=choices if rows[0] != 0 else choices[:3],
        advice=_("A report in groups is read best without its groups (“details only”)."),
    )
    if told is None and share > MANY and bare.sum() > 1 and not rest_is_open:
        raise question
    if told is None:
        reading.questions.append(question)
    if told in MAY_BE or (told is None and rest_is_open):
        return np.where(bare, MAY_BE[told or "open"], rows)
    reading.leave_out(bare, _("no “{header}”, so no status").format(header=header))
    return rows
