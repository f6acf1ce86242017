"""The receipt: what a file was read as, what was left out and why, what was mended, and what looks odd."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from salesmetrics.base.errors import SalesMetricsError, brief
from salesmetrics.base.language import _, ngettext, number
from salesmetrics.base.show import Result, Shown, table, together
from salesmetrics.crm.headers import NAMES
from salesmetrics.crm.sheet import lines_named, lines_text, quoted


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
        """Give each part as a table; whatever comes from the file is escaped."""
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


def nothing_read(source: str, left_out: Sequence[LeftOut]) -> SalesMetricsError:
    """Return the refusal of a file of which every row was left out."""
    reasons = "; ".join(f"{reason} ({lines_text(lines)})" for reason, lines in left_out)
    return SalesMetricsError(
        _("No deal could be read from “{name}”.").format(name=source),
        hint=_("Left out: {reasons}.").format(reasons=reasons)
        if left_out
        else _("There are no rows under the headers. Check the export and its filters."),
    )
