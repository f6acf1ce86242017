"""The receipt: what a file was read as, what was left out and why, what was mended, and what looks odd."""

from __future__ import annotations

import datetime
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from salesmetrics.base.errors import brief
from salesmetrics.base.language import _, date, ngettext, number, percent
from salesmetrics.base.show import Result, Shown, table, together
from salesmetrics.crm.reading import LeftOut, Reading, Used
from salesmetrics.crm.sheet import Column, Flags, Numbers, lines_named, lines_text, quoted
from salesmetrics.crm.systems import LOST, NAMES, WON, plain_word
from salesmetrics.deals.check import DATES

# Below this many deals a share says little.
_ENOUGH = 20
_MONTH_END_SHARE = 0.4
_DOMINATING_SHARE = 1 / 3
_YEAR = np.timedelta64(366, "D")
_NAME_FIELDS = ("stage", "channel", "owner", "account", "loss_reason")
# In a longer list names are not meant to be the same.
_MOST_NAMES = 2_500


@dataclass(frozen=True, repr=False, kw_only=True)
class Receipt(Result):
    """What was read as what.

    Every row of the file is a deal or left out: ``rows = sum(counts.values()) + the lines of left_out``. Lines that are
    no row (a title, the headers, blank lines, a footer) stand in ``other``.

    Parameters
    ----------
    source
        The name of the file.
    facts
        How the file was written, as pairs: the encoding, the mark between cells.
    columns
        Which column became what.
    unused
        Headers of columns that were kept as they are, under their own names.
    rows
        The rows under the headers.
    counts
        Deals by status: "open", "won", "lost".
    left_out, mended, remarks
        Rows that were left out; what was put right; what is worth a look.
    other
        The lines that are no row, by what they are.
    """

    source: str
    facts: tuple[tuple[str, str], ...]
    columns: tuple[Used, ...]
    unused: tuple[str, ...]
    rows: int
    counts: dict[str, int]
    left_out: tuple[LeftOut, ...]
    mended: tuple[str, ...]
    remarks: tuple[str, ...]
    other: tuple[tuple[str, tuple[int, ...]], ...]

    def shown(self) -> Shown:
        """Return each part as a table; whatever comes from the file is escaped."""
        sections = (
            (title, [[brief(text) for text in row if text] for row in rows]) for title, rows in self._sections()
        )
        return together(*(table(brief(title), (), rows) for title, rows in sections))

    def _sections(self) -> Iterator[tuple[str, list[tuple[str, str]]]]:
        deals = sum(self.counts.values())
        yield (
            _("Read from {source}").format(source=self.source),
            [
                (
                    ngettext("{count} deal", "{count} deals", deals).format(count=number(deals)),
                    ", ".join(f"{number(count)} {_(status)}" for status, count in self.counts.items()),
                ),
                (_("Rows in the file"), number(self.rows)),
                *self.facts,
                *((what, lines_text(lines)) for what, lines in self.other if lines),
            ],
        )
        if self.columns or self.unused:
            kept = [(_("kept as they are"), quoted(self.unused))] if self.unused else []
            yield _("Columns"), [*map(_used, self.columns), *kept]
        if self.left_out:
            yield (
                _("Left out"),
                [
                    (
                        reason[:1].upper() + reason[1:],
                        ngettext("{count} row", "{count} rows", len(lines)).format(count=number(len(lines)))
                        + f" ({lines_named(lines)})",
                    )
                    for reason, lines in self.left_out
                ],
            )
        for title, notes in ((_("Mended"), self.mended), (_("Worth a look"), self.remarks)):
            if notes:
                yield title, [(note, "") for note in notes]


def _used(used: Used) -> tuple[str, str]:
    parts = [f"“{used.header}”", used.how]
    if used.empty:
        parts.append(ngettext("{count} empty", "{count} empty", used.empty).format(count=number(used.empty)))
    return _(NAMES[used.field]), ", ".join(part for part in parts if part)


def names_in(reading: Reading, others: Mapping[str, Column]) -> dict[str, list[str]]:
    """Return the different names in each column of names, where they are few."""
    columns = {**reading.columns(_NAME_FIELDS), **others}
    return {
        name: column.distinct()
        for name, column in columns.items()
        if len(column.cells) <= _MOST_NAMES and column is not reading.column("deal_name")
    }


def look(
    deals: pd.DataFrame,
    statuses: Mapping[str, Flags],
    lines: Numbers,
    names: Mapping[str, Sequence[str]],
    *,
    today: datetime.date,
) -> list[str]:
    """Describe what looks odd."""
    slips = _mistyped(deals)
    right = deals.assign(**{name: deals[name].mask(rows) for name, rows in slips.items()})
    return [
        *_impossible_days(deals, lines, today),
        *(
            _("{day} in “{field}” ({lines}) lies more than a year after every other: mistyped?").format(
                day=date(deals[name].max().date()), field=_(NAMES[name]), lines=lines_named(lines[rows])
            )
            for name, rows in slips.items()
        ),
        # A day that is mistyped is not the last day in the file.
        *_lingering(right, statuses["open"], lines),
        *_money(deals, statuses["open"], lines),
        *_words(deals, statuses, names.get("stage", ()), lines),
        *_names(names),
    ]


def note(rows: Flags, singular: str, plural: str, lines: Numbers, **about: str) -> Iterator[str]:
    """Describe in how many rows something is odd, if in any."""
    if count := int(rows.sum()):
        yield ngettext(singular, plural, count).format(count=number(count), lines=lines_text(lines[rows]), **about)


def _impossible_days(deals: pd.DataFrame, lines: Numbers, today: datetime.date) -> Iterator[str]:
    yield from note(
        (deals["closed_on"] < deals["created_on"]).to_numpy(bool),
        "{count} deal was closed before it was created (line {lines}).",
        "{count} deals were closed before they were created (lines {lines}).",
        lines,
    )
    after = pd.Timestamp(today) + pd.Timedelta(days=1)
    yield from note(
        ((deals["closed_on"] >= after) | (deals["created_on"] >= after)).to_numpy(bool),
        "{count} deal was created or closed in the future (line {lines}).",
        "{count} deals were created or closed in the future (lines {lines}).",
        lines,
    )
    for name in ("closed_on", "expected_close_on"):
        days = deals[name].dropna()
        if len(days) >= _ENOUGH and (share := float(days.dt.is_month_end.mean())) > _MONTH_END_SHARE:
            yield _(
                "{share} of the dates in “{field}” are the last day of a month: probably filled in by the system."
            ).format(share=percent(share, 0), field=_(NAMES[name]))


def _mistyped(deals: pd.DataFrame) -> dict[str, Flags]:
    """Find the days that lie more than a year after every other of their kind: slips of the hand, mostly."""
    days = {name: deals[name].dt.normalize() for name in DATES}
    last = {name: known == known.max() for name, known in days.items()}
    return {
        name: rows.to_numpy(bool) for name, rows in last.items() if days[name].max() - days[name][~rows].max() > _YEAR
    }


def _lingering(deals: pd.DataFrame, is_open: Flags, lines: Numbers) -> Iterator[str]:
    """Describe open deals that are probably dead; the table's own last day is today."""
    last = deals[["created_on", "closed_on"]].max().max()
    if not is_open.any() or pd.isna(last):
        return
    yield from note(
        is_open & (deals["expected_close_on"] < last.normalize()).to_numpy(bool),
        "{count} open deal should have closed before {day}, the last day in the file (line {lines}).",
        "{count} open deals should have closed before {day}, the last day in the file (lines {lines}).",
        lines,
        day=date(last.date()),
    )
    longest = (deals["closed_on"] - deals["created_on"]).max()
    older = is_open & (last - deals["created_on"] > longest).to_numpy(bool)
    dated = int((is_open & deals["created_on"].notna().to_numpy(bool)).sum())
    if older.any():
        count = int(older.sum())
        yield ngettext(
            "{count} of {total} open deals ({share}) is older than the longest that any closed deal took.",
            "{count} of {total} open deals ({share}) are older than the longest that any closed deal took.",
            count,
        ).format(count=number(count), total=number(dated), share=percent(count / dated, 0))


def _money(deals: pd.DataFrame, is_open: Flags, lines: Numbers) -> Iterator[str]:
    amounts = np.where(is_open, deals["amount"].to_numpy(float, na_value=np.nan), np.nan)
    total = float(np.nansum(amounts))
    if (
        np.isfinite(amounts).sum() >= 3
        and (share := float(np.nanmax(amounts)) / total if total else 0.0) > _DOMINATING_SHARE
    ):
        yield _("One open deal is {share} of all open money (line {line}).").format(
            share=percent(share, 0), line=int(lines[int(np.nanargmax(amounts))])
        )


def _words(deals: pd.DataFrame, statuses: Mapping[str, Flags], stages: Sequence[str], lines: Numbers) -> Iterator[str]:
    for status, known in (("won", WON), ("lost", LOST)):
        words = [stage for stage in stages if plain_word(stage) in known]
        ended = deals["stage"].isin(words).to_numpy(bool) if words else np.zeros(len(deals), dtype=bool)
        yield from note(
            ended & ~statuses[status],
            "{count} deal has a stage that says {word}, but another status (line {lines}).",
            "{count} deals have a stage that says {word}, but another status (lines {lines}).",
            lines,
            word=_(status),
        )
    if statuses["open"].all():
        yield _("No deal is won or lost. If that can't be, say which words of the file mean won and lost.")
    elif not statuses["lost"].any():
        yield _(
            "No deal is lost. If that can't be, export the lost deals too, or say which word of the file means lost."
        )
    elif not statuses["won"].any():
        yield _("No deal is won. If that can't be, export the won deals too, or say which word of the file means won.")


def _names(names: Mapping[str, Sequence[str]]) -> Iterator[str]:
    """Describe names that differ only in capitals, spaces and marks, the first three groups of each column."""
    for field, texts in names.items():
        groups: dict[str, list[str]] = defaultdict(list)
        for name in texts:
            groups[re.sub(r"[\W_]+", "", name.casefold())].append(name)
        for same in [group for key, group in groups.items() if key and len(group) > 1][:3]:
            yield _("Almost the same name in “{field}”: {names}.").format(
                field=_(NAMES[field]) if field in NAMES else field, names=quoted(sorted(same))
            )
