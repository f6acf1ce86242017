"""Rows that are no deals but sums of them: told by what they lack, and by their first word or their amount."""

from __future__ import annotations

import re
from collections.abc import Mapping

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from salesmetrics.base.errors import SalesMetricsError
from salesmetrics.base.language import _
from salesmetrics.crm.amounts import read_numbers
from salesmetrics.crm.reading import Reading
from salesmetrics.crm.sheet import Flags, Floats, Numbers
from salesmetrics.crm.systems import TOTAL
from salesmetrics.crm.values import read_number_text

# What a row of a deal mostly has: the fields of which a total lacks some.
_USUAL = ("deal_id", "deal_name", "account", "owner", "stage", "status", "created_on", "expected_close_on", "closed_on")
_SAID = ("stage", "status", "is_won", "is_lost")
_MOSTLY = 0.8
# In a short table some totals are a larger share of its rows.
_MOSTLY_OF_FEW, _FEW = 0.6, 50
# A row that lacks so much of it may be a sum of some rows above it only.
_BARE = 0.4
_MOST_SUMS = 200
_SHOWN = 5


def leave_totals(reading: Reading) -> None:
    """Leave out totals and closing lines; a row that is as complete as the others stays, whatever its name."""
    sheet = reading.sheet
    empty = [~column.empty[column.codes] for name in _USUAL if (column := reading.column(name)) is not None]
    # In a long table totals are too few to hide what its rows mostly have.
    mostly = [filled for filled in empty if len(filled) <= _FEW or filled.mean() >= _MOSTLY - 0.1]
    bare = np.flatnonzero(~np.all(mostly, axis=0)) if mostly else np.arange(0)
    first = _first_texts(reading, bare)
    words = np.zeros(len(sheet.lines), dtype=bool)
    found = pc.match_substring_regex(first, f"^(?:{TOTAL})(?:\\s*[:(].*)?$")
    words[bare] = found.to_numpy(zero_copy_only=False)
    share = _MOSTLY if len(sheet.lines) > _FEW else _MOSTLY_OF_FEW
    usual = [filled for filled in empty if filled[~words].any() and filled[~words].mean() >= share]
    if not usual or not len(sheet.lines):
        return
    lacking: Numbers = len(usual) - np.sum(usual, axis=0)
    amounts = reading.column("amount")
    assert amounts is not None
    totals = words & (lacking > 0)
    priced = ~amounts.nothing[amounts.codes]
    candidates = np.flatnonzero((lacking > 0) & ~totals & priced)
    if len(candidates) <= _MOST_SUMS:
        texts = dict(zip(bare.tolist(), first.to_pylist(), strict=True)) if len(candidates) else {}
        totals |= _sums(reading, candidates, lacking / len(usual) >= _BARE, totals, texts)
    shown = [amounts.texts[amounts.codes[row]] for row in np.flatnonzero(totals & priced).tolist()]
    listed = "; ".join(shown[:_SHOWN]) + ("; …" if len(shown) > _SHOWN else "")
    told = _("a total, no deal: {amounts}").format(amounts=listed) if shown else ""
    reading.leave_out(totals & priced, told)
    said = [~column.nothing[column.codes] for name in _SAID if (column := reading.column(name)) is not None]
    silent = ~np.any(said, axis=0) if said else np.zeros(len(lacking), dtype=bool)
    notes = ~priced & (totals | (silent & (lacking * 2 >= len(usual))))
    reading.leave_out(notes, _("a closing line or a note, no deal"))


def _first_texts(reading: Reading, rows: Numbers) -> pa.Array:
    """Give the first text of some rows, from left to right."""
    first: pa.Array | None = None
    for column in reading.sheet.columns:
        texts = pa.array(column.strings).take(pa.array(column.codes[rows]))
        texts = pc.if_else(pc.equal(texts, ""), pa.scalar(None, texts.type), texts)
        first = texts if first is None else pc.coalesce(first, texts)
        if first.null_count == 0:
            break
    assert first is not None
    return pc.fill_null(first, "")


def _sums(reading: Reading, candidates: Numbers, bare: Flags, totals: Flags, first: Mapping[int, str]) -> Flags:
    """Tell which rows hold the sum of at least two rows above them, or of all with the word they begin with."""
    found = np.zeros(len(totals), dtype=bool)
    column = reading.column("amount")
    assert column is not None
    if not len(candidates):
        return found
    others = ~totals
    others[candidates] = False
    part = type(column)(column.header, column.codes[others], column.cells)
    try:
        read = read_numbers(part, reading.sheet.lines[others], field="amount", decimal=reading.options.decimal)
    except SalesMetricsError:
        return found
    cents = np.zeros(len(totals))
    cents[others] = np.round(np.nan_to_num(read.values) * 100)
    sums, counts = np.cumsum(cents), np.cumsum(others)
    groups = [group for name in ("status", "stage") if (group := reading.column(name)) is not None]
    for row in candidates.tolist():
        text = column.texts[column.codes[row]]
        own = column.cells[column.codes[row]]
        item = None if isinstance(own, int | float) else read_number_text(text)
        values = item.readings().values() if item else [float(own)] if isinstance(own, int | float) else []
        for value in (round(value * 100) for value in values):
            last = counts[row] == counts[-1] and counts[row] > 1 and value == sums[row]
            run = np.flatnonzero((np.concatenate(([0], sums[:row])) == sums[row] - value) & bare[row])
            whole = len(run) and counts[row] - (counts[run[0] - 1] if run[0] else 0) > 1
            word = bare[row] and any(value == _sum_of(group.texts, group.codes, cents, first[row]) for group in groups)
            found[row] |= bool(value and (last or whole or word))
    return found


def _sum_of(texts: list[str], codes: Numbers, cents: Floats, word: str) -> float:
    places = [place for place, text in enumerate(texts) if re.sub(r"\W", "", text) == re.sub(r"\W", "", word)]
    return float(cents[np.isin(codes, places)].sum())
