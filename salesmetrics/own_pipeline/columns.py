"""Which column is what, and the order of the stages: shown as read, and to be put right by who knows better."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import ipywidgets

from salesmetrics.base.language import _
from salesmetrics.crm import Export
from salesmetrics.crm.headers import NAMES

_FIELDS = ("deal_id", "status", "stage", "amount", "created_on", "expected_close_on", "closed_on")
# What a list offers beside the headers; no header looks like these.
_AS_READ, _NONE = "\0as read", "\0none"


class ColumnChoice:
    """A fold with a list of headers for each field, and a box for the stages in their order.

    ``tell`` is called with the options of ``read_deals`` that somebody chose.
    """

    def __init__(self, tell: Callable[[Mapping[str, Any]], None]) -> None:
        self._tell, self._offering = tell, False
        layout, style = ipywidgets.Layout(width="34em", max_width="100%"), {"description_width": "14em"}
        self._lists = {
            field: ipywidgets.Dropdown(description=_(NAMES[field]), layout=layout, style=style) for field in _FIELDS
        }
        self._stages = ipywidgets.Text(
            description=_("Stages, first to last"),
            placeholder=_("Lead, Demo, Proposal"),
            continuous_update=False,
            layout=layout,
            style=style,
        )
        for field, box in self._lists.items():
            box.observe(lambda change, field=field: self._chosen(field, change["new"]), "value")
        self._stages.observe(lambda change: self._ordered(change["new"]), "value")
        self.widget = ipywidgets.Accordion(
            [ipywidgets.VBox([*self._lists.values(), self._stages])],
            titles=(_("Columns and stages"),),
            selected_index=None,
        )

    def offer(self, export: Export) -> None:
        """Show what was read as what."""
        used = {column.field: column.header for column in reversed(export.receipt.columns)}
        headers = dict.fromkeys([column.header for column in export.receipt.columns] + list(export.receipt.unused))
        self._offering = True
        for field, box in self._lists.items():
            as_read = f"“{used[field]}”" if field in used else _("not found")
            box.options = [(as_read, _AS_READ), *((header, header) for header in headers), (_("none"), _NONE)]
            box.value = _AS_READ
        self._stages.value = ", ".join(export.stages)
        self._offering = False

    def _chosen(self, field: str, value: str | None) -> None:
        if not self._offering and value not in (None, _AS_READ):
            self._tell({"columns": {field: None if value == _NONE else value}})

    def _ordered(self, text: str) -> None:
        if not self._offering:
            self._tell({"stages": [stage.strip() for stage in text.split(",") if stage.strip()] or None})
