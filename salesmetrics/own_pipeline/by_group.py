"""Coverage by team, or by what else a column tells apart: the column is chosen, each group's own target is typed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import ipywidgets
import pandas as pd

from salesmetrics.base.errors import unless_refused
from salesmetrics.base.language import _, money
from salesmetrics.base.show import Shown, short, table, together, words
from salesmetrics.base.typed_numbers import read_number
from salesmetrics.crm import Export
from salesmetrics.crm.systems import NAMES
from salesmetrics.deals.periods import read_period
from salesmetrics.forecast.side_by_side import periods_of
from salesmetrics.own_pipeline.controls import WHOLE, result, row, text_box
from salesmetrics.own_pipeline.figures import aimed, or_refusal
from salesmetrics.own_pipeline.views import Following, Given
from salesmetrics.reports.lines import in_columns, most_open_first
from salesmetrics.reports.report_figures import groups_by
from salesmetrics.widgets import panel

# A column with more of them tells no teams apart, but deals or customers.
_MOST_GROUPS = 20
_LETTERS = 30


class ByGroup(Following):
    """A list of columns, a box for the target of each group of the chosen one, and what covers them.

    ``targets`` gives the whole targets by the names of their periods; ``changed`` is called when another column is
    chosen or a target typed.
    """

    def __init__(self, given: Given, targets: Callable[[], Mapping[str, float]], changed: Callable[[], None]) -> None:
        self._given, self._targets, self._changed = given, targets, changed
        self._export: Export | None = None
        self._boxes: dict[str, ipywidgets.Text] = {}
        self._columns = ipywidgets.Dropdown(description=_("Split by"), style=WHOLE, layout={"width": "24em"})
        self._columns.observe(self._chosen, "value")
        self._row, self._html = row(), result()
        self._widget = panel(self._columns, self._row, self._html)
        self.follow()

    @property
    def column(self) -> str | None:
        """The column that is chosen, by its name in the table of deals."""
        return self._columns.value or None

    def targets(self) -> dict[str, float]:
        """Return the targets that were typed, by group; what is no amount is refused."""
        typed = {name: box.value.strip() for name, box in self._boxes.items()}
        return {name: read_number(text, money=True).value for name, text in typed.items() if text}

    def asked(self) -> tuple[str | None, dict[str, float]]:
        """Return what the page takes over: the column, and all targets by the name of their period or group."""
        whole = dict(self._targets())
        return (self.column, {**whole, **self.targets()}) if self.column else (None, whole)

    def follow(self) -> None:
        """Show what holds now; another file offers its own columns."""
        export = unless_refused(lambda: self._given()[0], None)
        if export is not None and export is not self._export:
            self._export = export
            offered, before = columns_that_tell_apart(export), self._columns.value
            self._columns.options = [("…", ""), *offered]
            self._columns.value = before if before in dict(offered).values() else ""
            self._offer_boxes()
        self._show()

    def _chosen(self, change: Any) -> None:
        self._offer_boxes()
        self._typed(change)

    def _typed(self, _change: Any) -> None:
        self._show()
        self._changed()

    def _offer_boxes(self) -> None:
        names = groups_in(self._export.deals[self.column]) if self._export is not None and self.column else []
        before, self._boxes = self._boxes, {}
        for name in names:
            box = before.get(name) or text_box(short(name, _LETTERS), _("own target"), width="20em")
            box.unobserve_all("value")
            box.observe(self._typed, "value")
            self._boxes[name] = box
        self._row.children = tuple(self._boxes.values())

    def _show(self) -> None:
        self.shown = or_refusal(self._covered)
        self._html.value = self.shown.html

    def _covered(self) -> Shown:
        mine = self._given()[1]
        if self.column is None:
            few = len(self._columns.options) == 1
            return words(
                _("The file has no column that tells its deals apart in a few groups, such as teams.")
                if few
                else _("Choose a column, such as a team, to see the coverage of each of its groups.")
            )
        own = self.targets()
        of_periods = {read_period(name): target for name, target in self._targets().items()}
        found = most_open_first(groups_by(aimed(mine), self.column, own, of_periods))
        said = _("Each is held against the whole target, so that together they are the coverage of the whole.")
        if own:
            said = _("The targets of the groups are {sum} together; the whole target is {target}.").format(
                sum=money(sum(own.values()), mine.currency), target=money(mine.aim(), mine.currency)
            )
        if any(group.began is not None for group in found):
            said += " " + _("Past quarters: what they began with, against what they brought.")
        return together(table("", *in_columns(found, periods_of(mine), mine.currency)), words(said))


def columns_that_tell_apart(export: Export) -> list[tuple[str, str]]:
    """Return the columns of text with at least two and not too many different values: header and name of each."""
    headers = {column.field: column.header for column in export.receipt.columns}
    deals = export.deals
    return [
        (headers.get(name, name), name)
        for name in deals.columns
        if (name not in NAMES or name in ("channel", "owner")) and 1 < len(groups_in(deals[name])) <= _MOST_GROUPS
    ]


def groups_in(column: pd.Series[Any]) -> list[str]:
    """Return the different values of a column of text, in order; none of another kind of column."""
    return sorted(column.dropna().unique()) if pd.api.types.is_string_dtype(column) else []
