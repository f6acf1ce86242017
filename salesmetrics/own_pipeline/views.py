"""The views of one's own pipeline, each following the file, the target and the quarter.

The figures, the sliders, coverage by group, what changed since an earlier export, and the page for the meeting.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import ipywidgets
import pandas as pd

from salesmetrics.base.errors import SalesMetricsError, unless_refused
from salesmetrics.base.language import _, amounts_in, money
from salesmetrics.base.show import Shown, short, table, together, words
from salesmetrics.base.typed_numbers import read_amount
from salesmetrics.charts import quarter as chart
from salesmetrics.charts.moving_picture import MovingPicture, figure_html
from salesmetrics.crm import Export
from salesmetrics.crm.systems import NAMES
from salesmetrics.deals.periods import read_period
from salesmetrics.deals.pipeline import Pipeline
from salesmetrics.diagnosis.changes import compare
from salesmetrics.explorer import Explorer
from salesmetrics.forecast.current_quarter import periods_of
from salesmetrics.models.quarter import model_of
from salesmetrics.own_pipeline.controls import WHOLE, button, result, row, show_if, text_box, tick
from salesmetrics.own_pipeline.figures import aimed, or_refusal, refused
from salesmetrics.own_pipeline.file_chooser import FileBox
from salesmetrics.own_pipeline.kept_settings import LastWeek, find
from salesmetrics.reports import report
from salesmetrics.reports.lines import in_columns, most_open_first
from salesmetrics.reports.report_figures import groups_by
from salesmetrics.widgets import PageLink, panel

PAGE = "pipeline-report.html"
# A column with more of them tells no teams apart, but deals or customers.
_MOST_GROUPS = 20
_LETTERS = 30

Given = Callable[[], tuple[Export, Pipeline]]


class View:
    """What stands on the screen and follows the file, the target and the quarter; ``shown`` is what it says now.

    ``now`` gives that, or refuses it; what stands above it are controls.
    """

    shown: Shown
    _widget: ipywidgets.Widget

    def __init__(self, now: Callable[[], Shown], *above: ipywidgets.Widget) -> None:
        self._now, self._html = now, result()
        self._widget = panel(*above, self._html) if above else self._html
        self.follow()

    def follow(self) -> None:
        """Show what holds now."""
        self.shown = or_refusal(self._now)
        self._html.value = self.shown.html

    def __repr__(self) -> str:
        return self.shown.text

    def _repr_mimebundle_(self, **_options: Any) -> dict[str, Any]:
        """Return the widget, and beside it what a viewer without a kernel shows."""
        return {**self._widget._repr_mimebundle_(), "text/plain": self.shown.text, "text/html": self.shown.html}


class Sliders(View):
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


class ByGroup(View):
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
        self._row = row()
        super().__init__(self._covered, self._columns, self._row)

    @property
    def column(self) -> str | None:
        """The column that is chosen, by its name in the table of deals."""
        return self._columns.value or None

    def targets(self) -> dict[str, float]:
        """Return the targets that were typed, by group; what is no amount is refused."""
        typed = {name: box.value.strip() for name, box in self._boxes.items()}
        return {name: read_amount(text) for name, text in typed.items() if text}

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
        super().follow()

    def _chosen(self, change: Any) -> None:
        self._offer_boxes()
        self._typed(change)

    def _typed(self, _change: Any) -> None:
        super().follow()
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


class Earlier(View):
    """A way in for an earlier export, and what changed since; it follows the file, the target and the quarter."""

    def __init__(self, given: Given) -> None:
        self._given, self._lost = given, ""
        self._box = FileBox(self.follow, like=lambda: unless_refused(lambda: given()[0], None))
        super().__init__(self._compared, self._box.top, self._box.below)

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

    def _compared(self) -> Shown:
        if self.export is None:
            return words(
                self._lost or _("Choose an export of the same deals from a week ago, to see what changed since.")
            )
        return compare(self.export.deals, aimed(self._given()[1])).shown()


class PageMaker(View):
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
