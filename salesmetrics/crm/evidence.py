"""What a file says besides its words of whether a deal is open, won or lost: check boxes, days, chances, reasons.

What a row may be is a sum: 1 for open, 2 for won, 4 for lost; 7 is anything.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from salesmetrics.crm.reading import Reading
from salesmetrics.crm.sheet import Flags, Floats, Numbers
from salesmetrics.crm.systems import TRUE

BOXES = ("is_won", "is_lost", "is_closed")
MAY_BE = {"open": 1, "won": 2, "lost": 4}
ANY = 7


def is_settled(may_be: Numbers) -> Flags:
    """Tell which rows can be only one thing."""
    return np.isin(may_be, list(MAY_BE.values()))


def read_boxes(reading: Reading) -> Numbers:
    """Tell what check boxes such as IsWon and IsClosed allow of each row."""
    masks = np.full(len(reading.sheet.lines), ANY, dtype=np.int64)
    ticked = {}
    for name in BOXES:
        if (column := reading.column(name)) is not None:
            ticked[name] = np.array([text.casefold() in TRUE for text in column.texts], dtype=bool)[column.codes]
    for name, yes, no in (("is_won", 2, 5), ("is_lost", 4, 3), ("is_closed", 6, 1)):
        if name in ticked:
            masks &= np.where(ticked[name], yes, no)
    return masks


def weigh(reading: Reading, known: Numbers) -> Numbers:
    """Tell what each row may be by its chance, its days and its reason, as far as the rows that are known agree."""
    masks = np.full(len(known), ANY, dtype=np.int64)
    here = reading.are_deals
    is_open, won, lost = (here & (known == bit) for bit in (1, 2, 4))

    def filled(name: str) -> Flags | None:
        column = reading.column(name)
        return None if column is None else ~column.nothing[column.codes]

    reason = filled("loss_reason")
    if reason is not None and not (reason & (is_open | won)).any():
        masks &= np.where(reason, 4, ANY)
    for name, status in (("won_on", 2), ("lost_on", 4)):
        if (day := filled(name)) is not None and not (day & is_open).any():
            masks &= np.where(day, status, ANY)
    closed = filled("closed_on")
    if closed is not None and reading.found["closed_on"] != reading.found.get("expected_close_on"):
        if not (closed & is_open).any():
            masks &= np.where(closed, 6, ANY)
        if (won | lost).any() and closed[won | lost].mean() > 0.8:
            masks &= np.where(closed, ANY, 1)
    chance = _chances(reading)
    if chance is not None and np.isin(chance[won], [1]).all() and np.isin(chance[lost], [0]).all():
        if not np.isin(chance[is_open], [1]).any():
            masks &= np.where(chance == 1, 2, ANY)
        told = lost.any() and not np.isin(chance[is_open], [0]).any()
        masks &= np.where(chance == 0, 4 if told else 5, ANY)
        if (won | lost).any():
            masks &= np.where((chance > 0) & (chance < 1), 1, ANY)
    return masks


def _chances(reading: Reading) -> Floats | None:
    """Read the chances roughly: whether each is 0, 1 or between."""
    column = reading.column("probability")
    if column is None:
        return None
    texts = column.strings.str.replace("%", "").str.strip().str.replace(",", ".")
    values = pd.to_numeric(texts, errors="coerce").to_numpy(float)
    return (values / (100 if np.nanmax(values, initial=0) > 1 else 1))[column.codes]
