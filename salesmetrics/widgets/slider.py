"""The slider: one lever on the screen, and its value as text that can be typed over."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import anywidget
import ipywidgets
import traitlets

from salesmetrics.base.errors import SalesMetricsError
from salesmetrics.base.language import _, amounts_in, money, number, percent, times
from salesmetrics.base.typed_numbers import plain, read_number
from salesmetrics.models import Lever, Unit
from salesmetrics.widgets import ASSETS, answer

_SAME = 1e-9
_WRITE: dict[Unit, Callable[[float, int], str]] = {
    "money": lambda value, _decimals: money(value),
    "percent": percent,
    "times": times,
    "count": number,
    "days": number,
    "number": number,
}
_DECIMALS: dict[Unit, int] = {"percent": 1, "times": 1, "number": 1}
_SIGNS: dict[Unit, str] = {"money": "€", "percent": "%", "times": "×"}


def format_value(unit: Unit, value: float) -> str:
    """Write a lever's value in the chosen language, with the decimals that were typed, up to three more than usual.

    Examples
    --------
    >>> format_value("times", 4.5), format_value("times", 4.55), format_value("percent", 2 / 15)
    ('4.5×', '4.55×', '13.3%')
    """
    usual, shown = _DECIMALS.get(unit, 0), value * 100 if unit == "percent" else value
    exact = (extra for extra in range(usual, usual + 4) if abs(round(shown, extra) - shown) < _SAME)
    return _WRITE[unit](value, next(exact, usual))


class _LeverValue(traitlets.TraitType[float, float]):
    """A number within the range of the slider that has it."""

    default_value = 0.0

    def validate(self, obj: Any, value: Any) -> float:
        return float(obj.allowed(value))


class Slider(anywidget.AnyWidget):
    """One lever on the screen: a slider, and its value as text that can be typed over.

    Code that sets ``value`` to something the lever does not allow gets a :class:`SalesMetricsError`. What a reader
    does with it in the browser never ends in an error: a refusal stands below the box as a sentence.
    """

    _esm = ASSETS / "slider.js"
    _css = ASSETS / "widgets.css"

    label = traitlets.Unicode().tag(sync=True)
    box_label = traitlets.Unicode().tag(sync=True)
    minimum = traitlets.Float().tag(sync=True)
    maximum = traitlets.Float().tag(sync=True)
    step = traitlets.Float().tag(sync=True)
    value = _LeverValue().tag(sync=True, echo_update=False)
    text = traitlets.Unicode().tag(sync=True)
    refusal = traitlets.Unicode().tag(sync=True)
    # Which one it is; the browser names it after when it began. What moves while it stays the same is one drag.
    gesture = traitlets.Int().tag(sync=True, echo_update=False)

    def __init__(self, lever: Lever, currency: str | None = None) -> None:
        self._lever, self._by_hand, self._currency, self._ended = lever, False, currency, None
        label = _(lever.label)
        super().__init__(
            label=label,
            box_label=_("{lever}: type a value").format(lever=label),
            minimum=lever.minimum,
            maximum=lever.maximum,
            step=lever.step,
            value=lever.default,
            layout=ipywidgets.Layout(flex="1 1 45%", min_width="15em"),
        )
        self.on_msg(self._message)

    @traitlets.observe("value")
    def _show_text(self, _change: Any) -> None:
        self.text = self._written(self.value)

    def type_in(self, text: str) -> None:
        """Read what a reader typed, in either convention; refuse in words what is no value for this lever."""
        self._answer(lambda: setattr(self, "value", self._read(text)))

    def set_state(self, sync_data: dict[str, Any]) -> None:
        """Read what the browser sends; after a refusal, tell it the value that still holds."""
        # Its queue brings the end of a drag once more, perhaps after what was done since.
        if sync_data.get("gesture", self.gesture) == self._ended:
            return
        self._by_hand = True
        try:
            if not self._answer(lambda: super(Slider, self).set_state(sync_data)):
                self.send_state("value")
        finally:
            self._by_hand = False

    @property
    def drag(self) -> tuple[str, int] | None:
        """Which drag or press of a key is moving this slider right now; ``None`` when it is none."""
        return (self._lever.name, self.gesture) if self._by_hand else None

    def allowed(self, value: Any) -> float:
        """Return ``value`` as a number, if this lever can stand there."""
        lever = self._lever
        found = plain(value)
        # Steps of a tenth or a twentieth are not exact in binary; what they pass an end by is no reason to refuse.
        slack = 1e-9 * (lever.maximum - lever.minimum)
        if not lever.minimum - slack <= found <= lever.maximum + slack:
            raise SalesMetricsError(
                _("“{lever}” cannot be {found}.").format(
                    lever=self.label,
                    found=self._written(found) if math.isfinite(found) else repr(value)[:60],
                ),
                hint=_("Choose a value from {minimum} to {maximum}.").format(
                    minimum=self._written(lever.minimum), maximum=self._written(lever.maximum)
                ),
            )
        return self.nearest(found)

    def nearest(self, value: float) -> float:
        """Return ``value``, or the end of the range that it lies past."""
        return min(max(value, float(self._lever.minimum)), float(self._lever.maximum))

    def _read(self, text: str) -> float:
        unit = self._lever.unit
        typed = read_number(text, money=unit == "money")
        if unit == "percent" and not typed.unit and abs(typed.value) >= 1:
            # 33 where 33% stands; a fraction, such as 0.33, is read as one.
            return typed.value / 100
        if typed.unit and typed.unit != _SIGNS.get(unit):
            raise SalesMetricsError(
                _("“{text}” does not fit here.").format(text=text[:60]),
                hint=_("Type it like this: {example}.").format(example=self._written(self.value)),
            )
        return typed.value

    def _written(self, value: float) -> str:
        with amounts_in(self._currency):
            return format_value(self._lever.unit, value)

    def _message(self, _widget: Any, content: Any, _buffers: Any) -> None:
        if "value" in content:
            self.set_state(content)
            self._ended = content.get("gesture")
        else:
            self.type_in(str(content.get("typed", "")))

    def _answer(self, step: Callable[[], object]) -> bool:
        """Do a step; a refusal stands below the box that it is about."""
        return answer(step, lambda sentence: setattr(self, "refusal", sentence))
