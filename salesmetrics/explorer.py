"""Sliders for any model: move a lever, and picture and sentence answer."""

from __future__ import annotations

import importlib
import itertools
import pkgutil
from collections.abc import Mapping
from typing import Any

import ipywidgets

from salesmetrics import models
from salesmetrics.errors import SalesMetricsError
from salesmetrics.language import _, did_you_mean
from salesmetrics.models import Outcome
from salesmetrics.pictures import MovingPicture, figure_html
from salesmetrics.widgets import Picture, Slider

_serial = itertools.count(1)


class Explorer:
    """A model with its sliders, its picture and its sentence; shows itself in a notebook.

    Attributes
    ----------
    levers
        The sliders by name; ``explorer.levers["target"].value = 400_000`` moves one.
    outcome
        What the model says at this position.
    sentence
        What the picture shows, in words.
    """

    def __init__(self, model: models.Model, chart: Any) -> None:
        self._model, self._say = model, chart.sentence
        self._drawn: MovingPicture[Any] = MovingPicture(chart.draw(model), name=f"{model.name}-{next(_serial)}")
        self._picture = Picture()
        self.levers = {lever.name: Slider(lever, self._refuse) for lever in model.levers}
        self._moving_together = False
        self._draw()
        for slider in self.levers.values():
            slider.observe(self._moved, "value")
        reset = ipywidgets.Button(
            description=_("Back to the start"), layout=ipywidgets.Layout(width="auto", align_self="flex-start")
        )
        reset.on_click(lambda _button: self.reset())
        sliders = ipywidgets.Box(
            list(self.levers.values()), layout=ipywidgets.Layout(flex_flow="row wrap", grid_gap="0 2em")
        )
        self._panel = ipywidgets.VBox([sliders, reset, self._picture], layout=ipywidgets.Layout(max_width="720px"))
        self._panel.add_class("salesmetrics-explorer")

    def set(self, **values: float) -> None:
        """Move one or more levers at once.

        Raises
        ------
        SalesMetricsError
            There is no such lever, or it does not go that far; nothing has moved then.
        """
        for name in values:
            if name not in self.levers:
                raise SalesMetricsError(
                    _("There is no lever called “{name}” here.").format(name=name), hint=did_you_mean(name, self.levers)
                )
        self._move(values)

    def reset(self) -> None:
        """Put every lever back where it stood at the start."""
        self._move(self._model.defaults())

    def _moved(self, _change: Any) -> None:
        if not self._moving_together:
            self._move({})

    def _move(self, values: Mapping[str, float]) -> None:
        """Set levers, draw once; after a failure let levers and picture agree again on where they were."""
        self._moving_together = True
        try:
            self._set_levers(values)
            self._draw()
        except Exception:
            self._set_levers(self._shown)
            raise
        finally:
            self._moving_together = False

    def _set_levers(self, values: Mapping[str, float]) -> None:
        for name, value in values.items():
            self.levers[name].value = value

    def _draw(self) -> None:
        values = {name: slider.value for name, slider in self.levers.items()}
        outcome: Outcome = self._model.outcome(values)
        sentence = self._say(outcome)
        svg = self._drawn.svg(outcome, sentence)
        self.outcome, self.sentence, self._shown = outcome, sentence, values
        # One message, so that picture and sentence change together.
        with self._picture.hold_sync():
            self._picture.svg, self._picture.sentence, self._picture.refusal = svg, sentence, ""

    def _refuse(self, sentence: str) -> None:
        self._picture.refusal = sentence

    def __repr__(self) -> str:
        return str(self.sentence)

    def _repr_mimebundle_(self, **_options: Any) -> dict[str, Any]:
        """Give the sliders, and beside them what a viewer without a kernel shows: the picture and the sentence."""
        return {
            **self._panel._repr_mimebundle_(),
            "text/plain": self.sentence,
            "text/html": figure_html(self._picture.svg, self.sentence),
        }


def explore(name: str) -> Explorer:
    """Open a model to play with: move its levers and watch what they do.

    Parameters
    ----------
    name
        Of a model, for example ``"coverage"``.

    Raises
    ------
    SalesMetricsError
        There is no such model; the nearest name is given.

    Examples
    --------
    >>> explorer = explore("coverage")
    >>> explorer.set(target=1_000_000)
    >>> explorer.outcome.coverage
    2.5
    """
    names = [module.name.replace("_", "-") for module in pkgutil.iter_modules(models.__path__)]
    if name not in names:
        raise SalesMetricsError(
            _("There is no model called “{name}”.").format(name=name), hint=did_you_mean(name, names)
        )
    module = name.replace("-", "_")
    chart = importlib.import_module(f"salesmetrics.charts.{module}")
    return Explorer(importlib.import_module(f"salesmetrics.models.{module}").MODEL, chart)
