"""One's own pipeline on the screen: a file, a target and a quarter, and views that follow all three."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import ipywidgets
import pandas as pd

from salesmetrics.base.errors import SalesMetricsError
from salesmetrics.base.language import _, money
from salesmetrics.base.numbers import read_number
from salesmetrics.base.show import Shown, listed, together, words
from salesmetrics.charts import quarter as chart
from salesmetrics.charts.moving_picture import MovingPicture, figure_html
from salesmetrics.crm import Export
from salesmetrics.deals.periods import Period
from salesmetrics.deals.pipeline import Pipeline, pipeline
from salesmetrics.explorer import Explorer
from salesmetrics.models.quarter import model_of
from salesmetrics.own_pipeline import figures
from salesmetrics.own_pipeline.box import FileBox
from salesmetrics.own_pipeline.last_week import LastWeek, keep, kept
from salesmetrics.own_pipeline.quarters import PeriodChoice
from salesmetrics.own_pipeline.takeaway import Earlier, PageMaker
from salesmetrics.widgets import panel

_SAMPLE_TARGET = 500_000


class View:
    """One figure of the pipeline, which follows the file, the target and the quarter."""

    def __init__(self, show: Callable[[], Shown]) -> None:
        self._show = show
        self._html = ipywidgets.HTML(layout={"overflow": "auto"})
        self._html.add_class("jp-RenderedHTMLCommon")
        self.follow()

    def follow(self) -> None:
        """Show what holds now."""
        self.shown = _or_refusal(self._show)
        self._html.value = self.shown.html

    def __repr__(self) -> str:
        return self.shown.text

    def _repr_mimebundle_(self, **_options: Any) -> dict[str, Any]:
        """Give the view, and beside it what a viewer without a kernel shows."""
        return {**self._html._repr_mimebundle_(), "text/plain": self.shown.text, "text/html": self.shown.html}


class Sliders:
    """The sliders on the pipeline's own numbers; they begin anew with every other file, target or quarter."""

    def __init__(self, pipeline: Callable[[], Pipeline]) -> None:
        self._pipeline = pipeline
        self._place = ipywidgets.VBox()
        self.follow()

    def follow(self) -> None:
        """Begin anew with what holds now."""
        self.explorer: Explorer | None = None
        shown = _or_refusal(self._begin)
        if self.explorer is None:
            self._place.children = [ipywidgets.HTML(shown.html, layout={"overflow": "auto"})]
        self.shown = shown

    def _begin(self) -> Shown:
        mine = figures.aimed(self._pipeline())
        model = model_of(mine)
        # A code to share would lead to the kit's own quarter with other people's positions.
        self.explorer = Explorer(model, chart, private=True)
        self._place.children = [self.explorer.widget]
        still: MovingPicture[Any] = MovingPicture(chart.draw(model), name="own-quarter")
        sentence = self.explorer.sentence
        return Shown(sentence, figure_html(still.svg(self.explorer.outcome, sentence), sentence))

    def __repr__(self) -> str:
        return self.shown.text

    def _repr_mimebundle_(self, **_options: Any) -> dict[str, Any]:
        """Give the sliders, and beside them what a viewer without a kernel shows."""
        return {**self._place._repr_mimebundle_(), "text/plain": self.shown.text, "text/html": self.shown.html}


class YourPipeline:
    """A pipeline of one's own: the way in for its file, its target and its quarter, and the views on it.

    Nothing of it is stored: once a file of one's own is read, every result of the notebook is shown on the screen
    only. The sample that it begins with is the kit's own and is stored.

    Attributes
    ----------
    export, deals
        What was read, as :func:`read_deals` gives it.
    target, period
        As filled in.
    """

    def __init__(self) -> None:
        self._views: list[View | Sliders | Earlier | PageMaker] = []
        self._earlier: Earlier | None = None
        self._mine: Pipeline | None = None
        self._was_sample = True
        self._last = LastWeek()
        self._target = ipywidgets.Text(
            value=money(_SAMPLE_TARGET),
            description=_("Target"),
            placeholder=money(_SAMPLE_TARGET),
            continuous_update=False,
            layout=ipywidgets.Layout(width="16em"),
            style={"description_width": "initial"},
        )
        self._target_said = ipywidgets.HTML()
        self._period = PeriodChoice(self._follow)
        self._box = FileBox(self._new_file, keep=self._keep)
        self._as_of = ipywidgets.DatePicker(
            description=_("As at"), style={"description_width": "initial"}, layout=ipywidgets.Layout(width="14em")
        )
        for box in (self._target, self._as_of):
            box.observe(lambda _change: self._follow(), "value")
        row = ipywidgets.Layout(flex_flow="row wrap", align_items="center", grid_gap="0.3em 1.5em")
        self._panel = panel(
            self._box.widget,
            ipywidgets.Box([self._target, self._target_said, self._period.widget, self._as_of], layout=row),
        )
        self._new_file()

    @property
    def export(self) -> Export:
        """What was read.

        Raises
        ------
        SalesMetricsError
            No file has been read.
        """
        if self._box.export is None:
            raise SalesMetricsError(_("No file has been read yet."), hint=_("Choose your file at the top."))
        return self._box.export

    @property
    def deals(self) -> pd.DataFrame:
        """The deals that were read."""
        return self.export.deals

    @property
    def target(self) -> float | None:
        """The target that was typed; None while there is none."""
        typed = self._target.value.strip()
        return read_number(typed, money=True).value if typed else None

    @property
    def period(self) -> Period:
        """The period that was chosen."""
        return self._period.period()

    def coverage(self) -> View:
        """Show the pipeline coverage with its working."""
        return self._view(figures.coverage)

    def conversion(self) -> View:
        """Show the conversion rate with its working and its margin."""
        return self._view(figures.conversion, rate=True)

    def situation(self) -> View:
        """Show which of the four situations it is, and what to do first."""
        return self._view(figures.situation, rate=True)

    def past_quarters(self) -> View:
        """Show what past quarters began with, and what became of it."""
        return self._view(figures.quarters, rate=True)

    def still_needed(self) -> View:
        """Show what the period still lacks, from when, and the two periods after it."""
        return self._view(figures.needed, rate=True)

    def stages(self) -> View:
        """Show the open money and its age per stage, and the funnel where the file can carry it."""
        return self._view(figures.stages)

    def stale(self) -> View:
        """Show the coverage with and without deals that are old or past their expected day."""
        return self._view(figures.stale)

    def largest(self) -> View:
        """Show how much hangs on few deals."""
        return self._view(figures.largest)

    def sliders(self) -> Sliders:
        """Move the quarter's levers, which begin at the pipeline's own numbers."""
        sliders = Sliders(self._pipeline)
        self._views.append(sliders)
        return sliders

    def changes(self) -> Earlier:
        """Choose an earlier export, such as last week's, and show what changed since."""
        self._earlier = Earlier(self._given)
        self._views.append(self._earlier)
        self._as_last_week()
        return self._earlier

    def report(self) -> PageMaker:
        """Write the one-page report beside the notebook, with what changed where an earlier export was chosen."""
        maker = PageMaker(self._given, lambda: self._earlier.export if self._earlier else None)
        self._views.append(maker)
        return maker

    def _view(self, show: Callable[[Pipeline], Shown], *, rate: bool = False) -> View:
        """Show a figure; one that rests on the won and the lost says how many of those are missing."""

        def shown() -> Shown:
            figure, missing = show(self._pipeline()), [*map(str, self.export.missing)] if rate else []
            return together(figure, listed(missing)) if missing else figure

        view = View(shown)
        self._views.append(view)
        return view

    def _pipeline(self) -> Pipeline:
        if self._mine is None or self._mine.source is not self.export:
            # The file is gone over once; another target or quarter asks nothing new of it.
            self._mine = self.export.pipeline()
        return pipeline(self._mine, target=self.target, period=self.period, as_of=self._as_of.value)

    def _given(self) -> tuple[Export, Pipeline]:
        return self.export, self._pipeline()

    def _new_file(self) -> None:
        box = getattr(self, "_box", None)
        if box is None:
            return
        if self._was_sample and not box.is_sample:
            self._was_sample = False
            # The sample's target is nobody's own.
            self._last = kept() if box.as_before else LastWeek()
            self._target.value = self._last.target
        if box.export is not None:
            self._period.offer(box.export.deals)
            self._as_last_week()
            # Another file is of another day.
            self._as_of.value = None
        self._follow()

    def _as_last_week(self) -> None:
        """Take last week's period once, and last week's file to compare with, where they were kept."""
        self._period.choose(self._last.period)
        self._last = self._last._replace(period="")
        place = self._last.place
        if self._earlier is not None and place not in ("", self._box.place) and Path(place).is_file():
            self._last = self._last._replace(place="")
            self._earlier.open(place)

    def _keep(self) -> None:
        """Keep for next week what was typed and chosen, and where the file is."""
        keep(LastWeek(self._target.value.strip(), self._period.choice, self._box.place))

    def _follow(self) -> None:
        """Let every view show what holds now."""
        try:
            target = self.target
            self._target_said.value = money(target) if target is not None else ""
        except SalesMetricsError as refusal:
            self._target_said.value = words(str(refusal)).html
        for view in self._views:
            view.follow()

    def __repr__(self) -> str:
        return str(self._box.export.receipt) if self._box.export else _("No file has been read yet.")

    def _repr_mimebundle_(self, **_options: Any) -> dict[str, Any]:
        """Give the way in, and beside it what a viewer without a kernel shows: the receipt."""
        receipt = (self._box.export.shown() if self._box.export else words(repr(self))).html
        return {**self._panel._repr_mimebundle_(), "text/plain": repr(self), "text/html": receipt}


def your_pipeline() -> YourPipeline:
    """Show a way in for a CRM export of one's own: a file button, a target and a quarter.

    It begins with the kit's own sample, so that there is something to see. A view such as ``mine.coverage()`` follows
    along when another file, target or quarter is chosen.

    Examples
    --------
    >>> mine = your_pipeline()
    >>> print(str(mine.coverage()).splitlines()[0].replace("\u00a0", " "))
    3.0× = € 1,500,000 open ÷ € 500,000 target
    """
    return YourPipeline()


def _or_refusal(show: Callable[[], Shown]) -> Shown:
    """Show something, or what is in the way and what to do about it."""
    try:
        return show()
    except SalesMetricsError as refusal:
        return words(str(refusal))
