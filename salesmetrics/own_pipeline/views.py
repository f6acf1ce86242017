"""The views of one's own pipeline, each following the file, the target and the quarter.

The figures, the sliders, what changed since an earlier export, and the page for the meeting.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from typing import Any

import ipywidgets

from salesmetrics.base.errors import SalesMetricsError, unless_refused
from salesmetrics.base.language import _, amounts_in
from salesmetrics.base.show import Shown, together, words
from salesmetrics.charts import quarter as chart
from salesmetrics.charts.moving_picture import MovingPicture, figure_html
from salesmetrics.crm import Export
from salesmetrics.deals.pipeline import Pipeline
from salesmetrics.diagnosis.changes import compare
from salesmetrics.explorer import Explorer
from salesmetrics.models.quarter import model_of
from salesmetrics.own_pipeline.controls import button, result, row, show_if, tick
from salesmetrics.own_pipeline.figures import aimed, or_refusal, refused
from salesmetrics.own_pipeline.file_chooser import FileBox
from salesmetrics.own_pipeline.last_week import LastWeek, find
from salesmetrics.reports import report
from salesmetrics.widgets import PageLink, panel

PAGE = "pipeline-report.html"

Given = Callable[[], tuple[Export, Pipeline]]


class Following(ABC):
    """What stands on the screen and follows the file, the target and the quarter; ``shown`` is what it says now."""

    shown: Shown
    _widget: ipywidgets.Widget

    @abstractmethod
    def follow(self) -> None:
        """Show what holds now."""

    def __repr__(self) -> str:
        return self.shown.text

    def _repr_mimebundle_(self, **_options: Any) -> dict[str, Any]:
        """Return the widget, and beside it what a viewer without a kernel shows."""
        return {**self._widget._repr_mimebundle_(), "text/plain": self.shown.text, "text/html": self.shown.html}


class View(Following):
    """One figure of the pipeline, which follows the file, the target and the quarter.

    ``about_sample`` says what there is to see as long as it is the sample's, and is never among one's own figures.
    """

    def __init__(self, show: Callable[[], Shown], about_sample: Callable[[], str]) -> None:
        self._show, self._about_sample = show, about_sample
        self._widget = result()
        self.follow()

    def follow(self) -> None:
        """Show what holds now."""
        said = self._about_sample()
        self.shown = together(or_refusal(self._show), *([words(said)] if said else []))
        self._widget.value = self.shown.html


class Sliders(Following):
    """The sliders on the pipeline's own numbers; they begin anew with every other file, target or quarter."""

    def __init__(self, pipeline: Callable[[], Pipeline], about_sample: Callable[[], str]) -> None:
        self._pipeline, self._about_sample = pipeline, about_sample
        self._widget = ipywidgets.VBox()
        self.follow()

    def follow(self) -> None:
        """Begin anew with what holds now."""
        self.explorer: Explorer | None = None
        shown = or_refusal(self._begin)
        if self.explorer is None:
            self._widget.children = [ipywidgets.HTML(shown.html, layout={"overflow": "auto"})]
        self.shown = shown

    def _begin(self) -> Shown:
        mine = aimed(self._pipeline())
        model = model_of(mine)
        # A code to share would lead to the kit's own quarter with other people's positions.
        self.explorer = Explorer(model, chart, private=True, currency=mine.currency)
        said = self._about_sample()
        self._widget.children = [self.explorer.widget, *([ipywidgets.HTML(words(said).html)] if said else [])]
        sentence = self.explorer.sentence
        with amounts_in(mine.currency):
            still: MovingPicture[Any] = MovingPicture(chart.draw(model), name="own-quarter")
            return Shown(sentence, figure_html(still.svg(self.explorer.outcome, sentence), sentence))


class Earlier(Following):
    """A way in for an earlier export, and what changed since; it follows the file, the target and the quarter."""

    def __init__(self, given: Given) -> None:
        self._given = given
        self._html = result()
        self._lost = ""
        self._box = FileBox(self.follow, like=lambda: unless_refused(lambda: given()[0], None))
        self._widget = panel(self._box.top, self._box.below, self._html)
        self.follow()

    @property
    def export(self) -> Export | None:
        """The earlier export; None while there is none."""
        return self._box.export

    def open_last_week(self, last: LastWeek, place: str) -> None:
        """Read last week's file, where it is still to be found; ``place`` is where this week's is, if that is known."""
        if found := find(last, place):
            self._box.open(found)
            return
        self._lost = _(
            "Last week's file was not found beside this notebook, beside this week's file or among your downloads. "
            "Choose it here."
        )
        self.follow()

    def follow(self) -> None:
        """Show what holds now."""
        self.shown = or_refusal(self._compared)
        self._html.value = self.shown.html

    def _compared(self) -> Shown:
        if self.export is None:
            return words(
                self._lost or _("Choose an export of the same deals from a week ago, to see what changed since.")
            )
        return compare(self.export.deals, aimed(self._given()[1])).shown()


class PageMaker(Following):
    """A button that writes the one-page report beside the notebook.

    ``by`` gives the column that tells groups apart, and the targets by name.
    """

    def __init__(
        self,
        given: Given,
        earlier: Callable[[], Export | None],
        by: Callable[[], tuple[str | None, Mapping[str, float]]],
    ) -> None:
        self._given, self._earlier, self._by = given, earlier, by
        self._names = tick(_("with the names of the largest deals"))
        self._said = ipywidgets.HTML()
        self._link = PageLink(name=PAGE, label=_("Open the page"), layout={"display": "none"})
        self._widget = panel(row(button(_("Make the page"), self._make), self._names), self._said, self._link)
        # The tick may come after the button, and the page is then of before.
        self._names.observe(lambda _change: self.follow(), "value")
        self.shown = words(_("Press “Make the page”. It is written to {name}, beside this notebook.").format(name=PAGE))

    def follow(self) -> None:
        """Say no more that the page is there: it is about what held before."""
        self._said.value = ""
        show_if(False, self._link)

    def _make(self) -> None:
        try:
            column, targets = self._by()
            made = report(
                aimed(self._given()[1]),
                earlier=self._earlier(),
                names=self._names.value,
                by=column,
                targets=targets,
            )
            made.save(PAGE)
        except SalesMetricsError as refusal:
            self._said.value = refused(refusal).html
            return
        told = _("Written to {name}, beside this notebook. Open it in a browser, and print it from there on one A4.")
        self._said.value = words(told.format(name=PAGE)).html
        show_if(True, self._link)
