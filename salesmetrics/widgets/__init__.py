"""What stands on the screen: a slider and a picture. They hold values and wiring; what a step means is not theirs."""

from __future__ import annotations

import math
from collections.abc import Callable
from importlib.resources import files
from typing import Any

import anywidget
import ipywidgets
import traitlets

from salesmetrics.errors import SalesMetricsError
from salesmetrics.language import _, money, number, percent, times
from salesmetrics.models import Lever, Unit
from salesmetrics.numbers import read_number

_WRITE: dict[Unit, Callable[[float], str]] = {
    "money": money,
    "percent": percent,
    "times": times,
    "count": number,
    "days": number,
    "number": lambda value: number(value, 1),
}
_SIGNS: dict[Unit, str] = {"money": "€", "percent": "%", "times": "×"}


def _asset(name: str) -> str:
    return files("salesmetrics.widgets").joinpath(name).read_text(encoding="utf-8")


class _LeverValue(traitlets.TraitType[float, float]):
    """A number within the range of the slider that has it."""

    default_value = 0.0

    def validate(self, obj: Any, value: Any) -> float:
        return float(obj.allowed(value))


class Slider(anywidget.AnyWidget):
    """One lever on the screen: a slider, and its value as text that can be typed over.

    Code that sets ``value`` to something the lever does not allow gets a :class:`SalesMetricsError`. What a reader
    does with it in the browser never ends in an error: a refusal goes to ``refuse`` as a sentence to show.
    """

    _esm = _asset("slider.js")
    _css = _asset("widgets.css")

    label = traitlets.Unicode().tag(sync=True)
    box_label = traitlets.Unicode().tag(sync=True)
    minimum = traitlets.Float().tag(sync=True)
    maximum = traitlets.Float().tag(sync=True)
    step = traitlets.Float().tag(sync=True)
    value = _LeverValue().tag(sync=True, echo_update=False)
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

    @traitlets.observe("value")
    def _show_text(self, _change: Any) -> None:
        self.text = self._written(self.value)

    def type_in(self, text: str) -> None:
        """Take what a reader typed, in either convention; refuse in words what is no value for this lever."""
        self._answer(lambda: setattr(self, "value", self._read(text)))

    def set_state(self, sync_data: dict[str, Any]) -> None:
        """Take what the browser sends; after a refusal, tell it the value that still holds."""
        if not self._answer(lambda: super(Slider, self).set_state(sync_data)):
            self.send_state("value")

    def allowed(self, value: Any) -> float:
        """Give ``value`` as a number, if this lever can stand there."""
        lever = self._lever
        try:
            found = math.nan if isinstance(value, str | bool) else float(value)
        except (TypeError, ValueError):
            found = math.nan
        if not lever.minimum <= found <= lever.maximum:
            raise SalesMetricsError(
                _("“{lever}” cannot be {found}.").format(
                    lever=self.label,
                    found=self._written(found) if math.isfinite(found) else repr(value)[:60],
                ),
                hint=_("Choose a value from {minimum} to {maximum}.").format(
                    minimum=self._written(lever.minimum), maximum=self._written(lever.maximum)
                ),
            )
        return found

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
    _css = _asset("widgets.css")

    svg = traitlets.Unicode().tag(sync=True)
    sentence = traitlets.Unicode().tag(sync=True)
    refusal = traitlets.Unicode().tag(sync=True)
