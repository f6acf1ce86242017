"""The figures of one's own pipeline on the screen, each following the file, the target and the quarter."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import ipywidgets

from salesmetrics.base.errors import SalesMetricsError
from salesmetrics.base.language import amounts_in
from salesmetrics.base.show import Shown, together, words
from salesmetrics.charts import quarter as chart
from salesmetrics.charts.moving_picture import MovingPicture, figure_html
from salesmetrics.deals.pipeline import Pipeline
from salesmetrics.explorer import Explorer
from salesmetrics.models.quarter import model_of
from salesmetrics.own_pipeline import figures
from salesmetrics.own_pipeline.figures import refused


class View:
    """One figure of the pipeline, which follows the file, the target and the quarter.

    ``about_sample`` says what there is to see as long as it is the sample's, and is never among one's own figures.
    """

    def __init__(self, show: Callable[[], Shown], about_sample: Callable[[], str]) -> None:
        self._show, self._about_sample = show, about_sample
        self._html = ipywidgets.HTML(layout={"overflow": "auto"})
        self._html.add_class("jp-RenderedHTMLCommon")
        self.follow()

    def follow(self) -> None:
        """Show what holds now."""
        said = self._about_sample()
        self.shown = together(_or_refusal(self._show), *([words(said)] if said else []))
        self._html.value = self.shown.html

    def __repr__(self) -> str:
        return self.shown.text

    def _repr_mimebundle_(self, **_options: Any) -> dict[str, Any]:
        """Give the view, and beside it what a viewer without a kernel shows."""
        return {**self._html._repr_mimebundle_(), "text/plain": self.shown.text, "text/html": self.shown.html}


class Sliders:
    """The sliders on the pipeline's own numbers; they begin anew with every other file, target or quarter."""

    def __init__(self, pipeline: Callable[[], Pipeline], about_sample: Callable[[], str]) -> None:
        self._pipeline, self._about_sample = pipeline, about_sample
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
        self.explorer = Explorer(model, chart, private=True, currency=mine.currency)
        said = self._about_sample()
        self._place.children = [self.explorer.widget, *([ipywidgets.HTML(words(said).html)] if said else [])]
        sentence = self.explorer.sentence
        with amounts_in(mine.currency):
            still: MovingPicture[Any] = MovingPicture(chart.draw(model), name="own-quarter")
            return Shown(sentence, figure_html(still.svg(self.explorer.outcome, sentence), sentence))

    def __repr__(self) -> str:
        return self.shown.text

    def _repr_mimebundle_(self, **_options: Any) -> dict[str, Any]:
        """Give the sliders, and beside them what a viewer without a kernel shows."""
        return {**self._place._repr_mimebundle_(), "text/plain": self.shown.text, "text/html": self.shown.html}


def _or_refusal(show: Callable[[], Shown]) -> Shown:
    """Show something, or what is in the way and what to do about it."""
    try:
        return show()
    except SalesMetricsError as refusal:
        return refused(refusal)
