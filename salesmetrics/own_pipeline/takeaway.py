"""What is taken along from one's own pipeline: what changed since an earlier export, and the page for the meeting."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import ipywidgets

from salesmetrics.base.errors import SalesMetricsError
from salesmetrics.base.language import _
from salesmetrics.base.show import Shown, words
from salesmetrics.crm import Export
from salesmetrics.deals.pipeline import Pipeline
from salesmetrics.diagnosis.changes import compare
from salesmetrics.own_pipeline.box import FileBox
from salesmetrics.own_pipeline.figures import aimed
from salesmetrics.reports import report
from salesmetrics.widgets import panel

PAGE = "pipeline-report.html"

Given = Callable[[], tuple[Export, Pipeline]]


class Earlier:
    """A way in for an earlier export, and what changed since; it follows the file, the target and the quarter."""

    def __init__(self, given: Given) -> None:
        self._given = given
        self._html = ipywidgets.HTML()
        self._html.add_class("jp-RenderedHTMLCommon")
        self._box = FileBox(self.follow, like=self._this_weeks)
        self._widget = panel(self._box.widget, self._html)
        self.follow()

    @property
    def export(self) -> Export | None:
        """The earlier export; None while there is none."""
        return self._box.export

    def open(self, place: str) -> None:
        """Read the earlier export in this place."""
        self._box.open(place)

    def follow(self) -> None:
        """Show what holds now."""
        self.shown = self._compared()
        self._html.value = self.shown.html

    def _this_weeks(self) -> Export | None:
        try:
            return self._given()[0]
        except SalesMetricsError:
            return None

    def _compared(self) -> Shown:
        if self.export is None:
            return words(_("Choose an export of the same deals from a week ago, to see what changed since."))
        try:
            mine = self._given()[1]
            found = compare(self.export.deals, aimed(mine))
        except SalesMetricsError as refusal:
            return words(str(refusal))
        return found.shown()

    def __repr__(self) -> str:
        return self.shown.text

    def _repr_mimebundle_(self, **_options: Any) -> dict[str, Any]:
        """Give the way in, and beside it what a viewer without a kernel shows."""
        return {**self._widget._repr_mimebundle_(), "text/plain": self.shown.text, "text/html": self.shown.html}


class PageMaker:
    """A button that writes the one-page report beside the notebook."""

    def __init__(self, given: Given, earlier: Callable[[], Export | None]) -> None:
        self._given, self._earlier = given, earlier
        self._names = ipywidgets.Checkbox(
            description=_("with the names of the largest deals"), indent=False, layout=ipywidgets.Layout(width="auto")
        )
        self._said = ipywidgets.HTML()
        button = ipywidgets.Button(description=_("Make the page"), layout=ipywidgets.Layout(width="auto"))
        button.on_click(lambda _button: self._make())
        row = ipywidgets.Layout(flex_flow="row wrap", align_items="center", grid_gap="0.3em 1em")
        self._widget = panel(ipywidgets.Box([button, self._names], layout=row), self._said)
        self.shown = words(_("Press “Make the page”. It is written to {name}, beside this notebook.").format(name=PAGE))

    def follow(self) -> None:
        """Say no more that the page is there: it is about what held before."""
        self._said.value = ""

    def _make(self) -> None:
        try:
            made = report(aimed(self._given()[1]), earlier=self._earlier(), names=self._names.value)
            made.save(PAGE)
        except SalesMetricsError as refusal:
            self._said.value = words(str(refusal)).html
            return
        told = _("Written to {name}, beside this notebook. Open it in a browser, and print it from there on one A4.")
        self._said.value = words(told.format(name=PAGE)).html

    def __repr__(self) -> str:
        return self.shown.text

    def _repr_mimebundle_(self, **_options: Any) -> dict[str, Any]:
        """Give the button, and beside it what a viewer without a kernel shows."""
        return {**self._widget._repr_mimebundle_(), "text/plain": self.shown.text, "text/html": self.shown.html}
