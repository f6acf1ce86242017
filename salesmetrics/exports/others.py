"""Columns that are no part of a deal: kept as they are; and the names in columns of names."""

from __future__ import annotations

from collections.abc import Mapping

from salesmetrics.exports.assemble import Reading
from salesmetrics.exports.headers import FIELDS
from salesmetrics.exports.sheet import Column
from salesmetrics.language import _

NAMES = ("stage", "channel", "owner", "account", "loss_reason")
# In a longer list names are not meant to be the same.
_MOST_NAMES = 2_500


def keep_others(reading: Reading) -> dict[str, Column]:
    """Keep the columns that are no field of a deal as text, under their own headers, and give them."""
    taken = {place for name, place in reading.found.items() if name not in ("deal_name", "pipeline")}
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


def names_in(reading: Reading, others: Mapping[str, Column]) -> dict[str, list[str]]:
    """Give the different names in each column of names, where they are few."""
    columns = {name: column for name in NAMES if (column := reading.column(name)) is not None} | dict(others)
    return {
        name: sorted({text for text, there in zip(column.texts, column.used(), strict=True) if text and there})
        for name, column in columns.items()
        if len(column.cells) <= _MOST_NAMES and column is not reading.column("deal_name")
    }
