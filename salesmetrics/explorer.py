"""Sliders for any model: move a lever, and picture and sentence answer."""

from __future__ import annotations

import importlib
import itertools
import math
import pkgutil
from collections.abc import Callable, Mapping
from importlib.resources import files
from typing import Any

import anywidget
import ipywidgets
import traitlets

from salesmetrics import models
from salesmetrics.errors import SalesMetricsError
from salesmetrics.language import _, did_you_mean, money, number, percent, times
from salesmetrics.models import Lever, Outcome, Unit
from salesmetrics.numbers import read_number
from salesmetrics.pictures import MovingPicture, figure_html

_WRITE: dict[Unit, Callable[[float], str]] = {
    "money": money,
    "percent": percent,
    "times": times,
    "count": number,
    "days": number,
    "number": lambda value: number(value, 1),
}
_SIGNS: dict[Unit, str] = {"money": "€", "percent": "%", "times": "×"}

_serial = itertools.count(1)


def _asset(name: str) -> str:
    return files("salesmetrics").joinpath(name).read_text(encoding="utf-8")


class Slider(anywidget.AnyWidget):
    """One lever on the screen: a slider, and its value as text that can be typed over.

    Code that sets ``value`` to something the lever does not allow gets a :class:`SalesMetricsError`. What a reader
    does with it in the browser never ends in an error: a refusal goes to ``refuse`` as a sentence to show.
    """

    _esm = _asset("slider.js")
    _css = _asset("explorer.css")

    label = traitlets.Unicode().tag(sync=True)
    box_label = traitlets.Unicode().tag(sync=True)
    minimum = traitlets.Float().tag(sync=True)
    maximum = traitlets.Float().tag(sync=True)
    step = traitlets.Float().tag(sync=True)
    value = traitlets.Any().tag(sync=True)
    text = traitlets.Unicode().tag(sync=True)

    def __init__(self, lever: Lever, refuse: Callable[[str], None]) -> None:
        self._lever, self._refuse = lever, refuse
        label = _(lever.label)
        super().__init__(
            label=label,
            box_label=_("{lever}: type a value").format(lever=label),
            minimum=lever.minimum,
            maximum=lever.maximum,
            step=lever.step,
            value=lever.default,
            layout=ipywidgets.Layout(flex="1 1 45%", min_width="16em"),
        )
        self.on_msg(self._message)

    @traitlets.validate("value")
    def _validate(self, proposal: Any) -> float:
        return self._allowed(proposal["value"])

    @traitlets.observe("value")
    def _show_text(self, _change: Any) -> None:
        self.text = self._written(self.value)

    def type_in(self, text: str) -> None:
        """Take what a reader typed, in either convention; refuse in words what is no value for this lever."""
        self._answer(lambda: setattr(self, "value", self._read(text)))

    def set_state(self, sync_data: dict[str, Any]) -> None:
        """Take what the browser sends; after a refusal, tell it the value that still holds."""
        if "value" in sync_data and not self._answer(lambda: self._allowed(sync_data["value"])):
            self.send_state("value")
            return
        self._answer(lambda: super(Slider, self).set_state(sync_data))

    def _allowed(self, value: Any) -> float:
        lever = self._lever
        try:
            number_given = math.nan if isinstance(value, str | bool) else float(value)
        except (TypeError, ValueError):
            number_given = math.nan
        if not lever.minimum <= number_given <= lever.maximum:
            raise SalesMetricsError(
                _("“{lever}” cannot be {found}.").format(
                    lever=self.label,
                    found=self._written(number_given) if math.isfinite(number_given) else repr(value)[:60],
                ),
                hint=_("Choose a value from {minimum} to {maximum}.").format(
                    minimum=self._written(lever.minimum), maximum=self._written(lever.maximum)
                ),
            )
        return number_given

    def _read(self, text: str) -> float:
        unit = self._lever.unit
        typed = read_number(text, money=unit == "money")
        if typed.unit and typed.unit != _SIGNS.get(unit):
            raise SalesMetricsError(
                _("“{text}” does not fit here.").format(text=text[:60]),
                hint=_("Type it like this: {example}.").format(example=self._written(self.value)),
            )
        return typed.value

    def _written(self, value: float) -> str:
        return _WRITE[self._lever.unit](value)

    def _message(self, _widget: Any, content: Any, _buffers: Any) -> None:
        self.type_in(str(content.get("typed", "")))

    def _answer(self, step: Callable[[], object]) -> bool:
        """Do what a reader asked for; whatever goes wrong becomes a sentence in the panel."""
        self._refuse("")
        try:
            step()
        except SalesMetricsError as error:
            self._refuse(str(error))
            return False
        except Exception as error:
            self._refuse(_("This step failed, so nothing has moved: {error}").format(error=error))
            return False
        return True


class Picture(anywidget.AnyWidget):
    """The picture, the sentence under it, and what could not be done."""

    _esm = _asset("picture.js")
    _css = _asset("explorer.css")

    svg = traitlets.Unicode().tag(sync=True)
    sentence = traitlets.Unicode().tag(sync=True)
    refusal = traitlets.Unicode().tag(sync=True)


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
