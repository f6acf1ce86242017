"""Which rows are deals: no totals, one pipeline, and every deal once."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from salesmetrics.base.errors import SalesMetricsError
from salesmetrics.base.language import _
from salesmetrics.crm.cell_values import read_number_text
from salesmetrics.crm.column_values import read_numbers
from salesmetrics.crm.ids import read_ids
from salesmetrics.crm.question import Choice, Question, as_words
from salesmetrics.crm.reading import Reading
from salesmetrics.crm.sheet import Column, Flags, Floats, Numbers, quoted
from salesmetrics.crm.systems import GOAL, LOST, TOTAL, WON, plain_word

# What a row of a deal mostly has, open or not: the fields of which a total lacks some.
_USUAL = ("deal_id", "deal_name", "account", "owner", "stage", "status", "created_on")
# And one of these, where the file has expected days: a deal that has ended may have none any more.
_ENDS = ("expected_close_on", "closed_on", "won_on", "lost_on")
# What says most of how a deal ended comes last.
_SAID = ("is_won", "is_lost", "stage", "status")
_MOSTLY = 0.8
# In a short table some totals are a larger share of its rows.
_MOSTLY_OF_FEW, _FEW = 0.6, 50
# A row that lacks so much of it may be a sum of some rows above it only.
_BARE = 0.5
_MOST_SUMS, _MUCH, _SHOWN = 200, 4, 5


def leave_totals(reading: Reading) -> None:
    """Leave out totals and closing lines; a row that is as complete as the others stays, whatever its name."""
    sheet = reading.sheet
    given = _filled(reading, _USUAL)
    # Without a column for them no open deal has a day of its end.
    if "expected_close_on" in reading.found:
        given.append(np.any(_filled(reading, _ENDS), axis=0))
    # In a long table totals are too few to hide what its rows mostly have.
    mostly = [filled for filled in given if len(filled) <= _FEW or filled.mean() >= _MOSTLY - 0.1]
    bare = np.union1d(np.flatnonzero(~np.all(mostly, axis=0)), [0, len(sheet.lines) - 1])
    first = _first_texts(reading, bare)
    words, goals = np.zeros((2, len(sheet.lines)), dtype=bool)
    for named, pattern in ((words, TOTAL), (goals, GOAL)):
        named[bare] = pc.match_substring_regex(first, f"^(?:{pattern})(?:\\s*[:(].*)?$").to_numpy(zero_copy_only=False)
    share = _MOSTLY if len(sheet.lines) > _FEW else _MOSTLY_OF_FEW
    others = ~(words | goals) if words.any() else slice(None)
    usual = [filled for filled in given if filled[others].any() and filled[others].mean() >= share]
    if not usual:
        return
    lacking: Numbers = len(usual) - np.sum(usual, axis=0)
    amounts = reading.amounts
    totals = (words & (lacking > 0)) | (goals & (lacking / len(usual) >= _BARE))
    priced = ~amounts.nothing[amounts.codes]
    # A row that lacks nothing is a total only by its word and its sum, where there is little that it could lack.
    candidates = np.flatnonzero(((words & (len(usual) < _MUCH)) | (lacking > 0)) & ~totals & priced)
    texts = dict(zip(bare.tolist(), first.to_pylist(), strict=True))
    if len(candidates):
        # Of many rows that lack something, a total lacks most.
        candidates = np.sort(candidates[np.argsort(-lacking[candidates], kind="stable")[:_MOST_SUMS]])
        totals |= _sums(reading, candidates, lacking / len(usual) >= _BARE, totals, texts)
    said = _filled(reading, _SAID)
    unsaid = bool(said) & ~np.any(said, axis=0) & (lacking * 2 >= len(usual))
    # Of the lines at the end nothing but an amount is known, and whether blank is open is asked of deals only.
    last = np.logical_and.accumulate((unsaid | totals)[::-1])[::-1] & unsaid & ~totals
    kinds = {
        _("a total, no deal: {amounts}"): totals & ~goals,
        _("a target, no deal: {amounts}"): totals & goals,
        _("a closing line, no deal: {amounts}"): last,
    }
    for told, rows in kinds.items():
        left = rows & priced
        # A target is known by its word, so that is no customer's name.
        names = [f"{quoted([texts[row]])} " if goals[row] else "" for row in np.flatnonzero(left).tolist()]
        shown = [name + amounts.texts[place] for name, place in zip(names, amounts.codes[left].tolist(), strict=True)]
        listed = "; ".join(shown[:_SHOWN]) + ("; …" if len(shown) > _SHOWN else "")
        reading.leave_out(left, told.format(amounts=listed))
    reading.leave_out(~priced & (totals | unsaid), _("a closing line or a note, no deal"))


def _filled(reading: Reading, names: Iterable[str]) -> list[Flags]:
    """Return in which rows each of some fields says something, as far as the file has it."""
    return [~column.nothing[column.codes] for column in reading.columns(names).values()]


def _first_texts(reading: Reading, rows: Numbers) -> pa.Array:
    """Return the first text of some rows, from left to right."""
    codes = [(pa.array(column.strings), pa.array(column.codes[rows])) for column in reading.sheet.columns]
    texts = (cells.take(places) for cells, places in codes)
    return pc.coalesce(*(pc.if_else(pc.equal(each, ""), None, each) for each in texts), "")


def _sums(reading: Reading, candidates: Numbers, bare: Flags, totals: Flags, first: Mapping[int, str]) -> Flags:
    """Return which rows hold the sum of at least two rows above them, or of all with the word they begin with."""
    found = np.zeros(len(totals), dtype=bool)
    column = reading.amounts
    others = ~totals
    others[candidates] = ~bare[candidates]
    part = Column(column.header, column.codes[others], column.cells)
    try:
        read = read_numbers(
            part, reading.sheet.lines[others], field="amount", decimal=reading.told_of("decimal", "amount")
        )
    except SalesMetricsError:
        return found
    cents = np.zeros(len(totals))
    cents[others] = np.round(np.nan_to_num(read.values) * 100)
    sums, counts = np.cumsum(cents), np.cumsum(others)
    groups = reading.columns(("status", "stage", "owner")).values()
    for row in candidates.tolist():
        own = column.cells[column.codes[row]]
        item = None if isinstance(own, int | float) else read_number_text(column.texts[column.codes[row]])
        values = item.readings().values() if item else [float(own)] if isinstance(own, int | float) else []
        for value in (round(value * 100) for value in values if np.isfinite(value)):
            rest = counts[-1] - others[row]
            # A sum in whole euros may be rounded.
            near = 50 * (value % 100 == 0)
            last = counts[row] - others[row] in (0, rest) and rest > 1 and abs(value + cents[row] - sums[-1]) <= near
            run = np.flatnonzero((abs(np.concatenate(([0], sums[:row])) + value - sums[row]) <= near) & bare[row])
            whole = len(run) and counts[row] - (counts[run[0] - 1] if run[0] else 0) > 1
            word = any(abs(value - _sum_of(group.texts, group.codes, cents, first[row])) <= near for group in groups)
            shared = [group.codes == group.codes[row] for group in groups if not group.nothing[group.codes[row]]]
            alike = np.logical_and.reduce([others, *shared])
            group_sum = alike.sum() > 1 and abs(value - cents[alike].sum()) <= near
            found[row] |= bool(value and (last or whole or (bare[row] and (word or group_sum))))
    return found


def _sum_of(texts: list[str], codes: Numbers, cents: Floats, word: str) -> float:
    places = [place for place, text in enumerate(texts) if re.sub(r"\W", "", text) == re.sub(r"\W", "", word)]
    return float(cents[np.isin(codes, places)].sum())


def choose_rows(reading: Reading) -> None:
    """Leave out what is no deal of the wanted pipeline: totals, other pipelines, the same row again."""
    if len(reading.sheet.lines):
        leave_totals(reading)
    _leave_words(reading)
    _choose_pipeline(reading)
    nameless = read_ids(reading)
    stays = reading.stays()
    # A deal without an id is left out, and counts among the won or lost deals that are missing.
    known = _known_deals(reading, nameless) if nameless.any() and stays.any() else nameless & False
    reading.keep_only(stays | known)


def _leave_words(reading: Reading) -> None:
    """Leave out rows with a word that the user calls no deal in the column of statuses or stages."""
    words = {plain_word(word): word for word in as_words(reading.told.get("no_deal"))}
    others = {plain_word(word) for name in ("won", "lost") for word in as_words(reading.told.get(name))}
    if both := [word for plain, word in words.items() if plain in others]:
        raise SalesMetricsError(
            _("“{word}” stands in no_deal= and in won= or lost=.").format(word=both[0]),
            hint=_("Keep it in one of them."),
        )
    columns, unused = reading.columns(("status", "stage")).values() if words else (), set(words)
    for column in columns:
        texts = [plain_word(text) for text in column.texts]
        unused -= {*texts}
        told = np.isin(texts, list(words))
        reading.leave_out(told[column.codes], _("no deal by “{header}”").format(header=column.header), chosen=True)
    for word in sorted(words[plain] for plain in unused):
        reading.form.remarks.append(_("“{word}”, given as a word for no deal, does not stand there.").format(word=word))


def _known_deals(reading: Reading, rows: Flags) -> Flags:
    """Return which rows without an id are a deal still: they name someone or a day, and have a status that is known.

    Of a row with another status it is noted that nobody knows how it ended.
    """
    stays = reading.stays()
    known = WON | LOST | {plain_word(word) for name in ("won", "lost") for word in as_words(reading.told.get(name))}
    says = np.zeros(len(rows), dtype=bool)
    for column in reading.columns(_SAID).values():
        used = np.bincount(column.codes[stays], minlength=len(column.cells)) > 0
        used |= np.array([plain_word(text) in known for text in column.texts], dtype=bool)
        says = np.where(column.nothing[column.codes], says, used[column.codes])
    about = rows & np.any(_filled(reading, {*_USUAL, *_ENDS} - {*_SAID}), axis=0)
    said = np.any(_filled(reading, _SAID), axis=0)
    reading.form.unread += reading.sheet.lines[about & ~says & said].tolist()
    known_deals: Flags = about & says
    return known_deals


def _choose_pipeline(reading: Reading) -> None:
    """Leave out other pipelines than the one asked for; where there are several, ask."""
    column = reading.column("pipeline")
    wanted = reading.told.get("pipeline")
    if column is None:
        return
    names = column.distinct()
    if wanted is None and len(names) > 1:
        raise Question(
            _("The file holds several pipelines: {names}.").format(names=quoted(names)),
            option="pipeline",
            choices=[
                *(Choice(name, {"pipeline": name}) for name in names),
                Choice(_("all together"), {"pipeline": "all"}),
            ],
        )
    if wanted is not None and wanted not in names and wanted != "all":
        raise SalesMetricsError(
            _("There is no pipeline “{name}”.").format(name=wanted),
            hint=_("There are: {names}.").format(names=quoted(names)),
        )
    if wanted in names:
        other = (column.strings != wanted).to_numpy(bool)[column.codes]
        reading.leave_out(other, _("another pipeline"), chosen=True)
    reading.use("pipeline", column, wanted or ", ".join(names), np.zeros(len(column.codes), dtype=bool))
