"""Widgets that reach the screen by message, when it asks for them: their state holds nothing that could be stored.

Jupyter stores the state of widgets with a notebook, when it is told to (``nbconvert --execute`` is). So the widgets of
one's own deals open no connection of their own: they travel inside the custom messages of a :class:`Screen`, which
Jupyter stores nowhere, and are set up by it in the browser.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from weakref import WeakValueDictionary

import anywidget
import comm
from comm.base_comm import BaseComm
from ipywidgets.widgets import widget as ipywidgets_core

VIEW = "application/vnd.jupyter.widget-view+json"
_REFERENCE = "IPY_MODEL_"

_connections: WeakValueDictionary[str, _Connection] = WeakValueDictionary()
_direct = False


class _Connection(BaseComm):
    """A widget's end of a connection that leads through whichever screen asked for it last."""

    screen: Screen | None = None
    widget: Any = None

    def open(self, data: Any = None, metadata: Any = None, buffers: Any = None) -> None:
        """Send nothing yet: what the state is then is told when a screen asks."""
        self._closed = False
        _connections[self.comm_id] = self

    def close(self, data: Any = None, metadata: Any = None, buffers: Any = None, deleting: bool = False) -> None:
        """Remove the widget from the screen, if it is on one."""
        if not self._closed and self.screen is not None and not deleting:
            self.screen.send({"to": self.comm_id, "closed": True})
        self._closed = True

    def publish_msg(
        self, msg_type: str, data: Any = None, metadata: Any = None, buffers: Any = None, **keys: Any
    ) -> None:
        """Send an update by way of the screen; before one has asked there is nobody to tell."""
        # An echo is for a second browser; the first would wait for it under a number that a custom message lacks.
        if self.screen is None or data.get("method") == "echo_update":
            return
        # What was made since, such as the buttons of a question, is new to the screen.
        for model in _references(data.get("state")):
            if model in _connections and _connections[model].screen is None:
                self.screen.open_in_browser(_connections[model].widget)
        self.screen.send({"to": self.comm_id, "data": data}, buffers)

    def on_msg(self, callback: Any) -> None:
        """Keep the widget as well as what it hears with."""
        super().on_msg(callback)
        self.widget = callback.__self__

    def hear(self, data: Mapping[str, Any], buffers: Any) -> None:
        """Pass on what the browser says to the widget."""
        assert self._msg_callback is not None
        self._msg_callback({"content": {"comm_id": self.comm_id, "data": data}, "buffers": buffers})


class Screen(anywidget.AnyWidget):
    """A place in the notebook that asks what it shows, each time that it is drawn.

    Parameters
    ----------
    bundle
        What Jupyter would show, by MIME type.
    root
        The model of a widget that travels by message, to show instead.
    """

    _esm = Path(__file__).parent / "screen.js"

    def __init__(self, bundle: Mapping[str, Any] | None = None, root: str = "") -> None:
        with _directly():
            super().__init__()
        self._bundle, self._root = bundle, _connections[root].widget if root else None
        self.on_msg(self._message)

    def _message(self, _widget: Any, content: Any, buffers: Any) -> None:
        if "to" in content:
            if connection := _connections.get(content["to"]):
                connection.hear(content["data"], buffers)
        elif self._root is None:
            self.send({"show": {"bundle": self._bundle}})
        else:
            self.open_in_browser(self._root)
            self.send({"show": {"model": self._root.model_id}})

    def open_in_browser(self, widget: Any) -> None:
        """Send what a widget and all that it refers to hold now; a browser that has them already knows that."""
        for part in _with_parts(widget, set()):
            part.comm.screen = self
            state, paths, buffers = ipywidgets_core._remove_buffers(part.get_state())
            self.send({"open": part.model_id, "state": state, "paths": paths}, buffers)


def on_request(data: Mapping[str, Any], line: str) -> dict[str, Any]:
    """Turn what would be stored into a screen that asks for it, with one line for who opens the notebook later."""
    model = data.get(VIEW, {}).get("model_id", "")
    if model and model not in _connections:
        return {VIEW: data[VIEW], "text/plain": line}
    screen = Screen(root=model) if model else Screen(dict(data))
    return {VIEW: screen.get_view_spec(), "text/plain": line}


def travels(data: Mapping[str, Any]) -> bool:
    """Return whether what would be shown is a widget that travels by message."""
    return data.get(VIEW, {}).get("model_id") in _connections


def let_travel(private: Callable[[], bool]) -> None:
    """From now on let each new widget travel by message for which ``private`` says so."""
    connect = comm.create_comm

    def connect_or_travel(*given: Any, **named: Any) -> Any:
        travelling = not _direct and named.get("target_name") == "jupyter.widget" and private()
        return _Connection(*given, **named) if travelling else connect(*given, **named)

    comm.create_comm = connect_or_travel


def forget_states() -> None:
    """Remove the widgets that travel from the list that ipywidgets gives, with states, to a browser that connects."""
    for model in [model for model in ipywidgets_core._instances if model in _connections]:
        del ipywidgets_core._instances[model]


def callers() -> Iterator[str]:
    """Return the names of the modules whose code is running, the innermost first, less those that only hand on."""
    frame = sys._getframe(1)
    while frame := frame.f_back:  # type: ignore[assignment]
        if (name := frame.f_globals.get("__name__", "")) not in _HANDING_ON:
            yield name


_HANDING_ON = (__name__, "salesmetrics.own_pipeline.output_masking")


@contextmanager
def _directly() -> Iterator[None]:
    global _direct
    _direct = True
    try:
        yield
    finally:
        _direct = False


def _with_parts(widget: Any, seen: set[str]) -> Iterator[Any]:
    """Return a widget after all that it refers to, as a browser has to set them up."""
    seen.add(widget.model_id)
    for model in _references(widget.get_state()):
        if model not in seen and model in _connections:
            yield from _with_parts(_connections[model].widget, seen)
    yield widget


def _references(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        if value.startswith(_REFERENCE):
            yield value.removeprefix(_REFERENCE)
    elif isinstance(value, Mapping):
        for part in value.values():
            yield from _references(part)
    elif isinstance(value, list | tuple):
        for part in value:
            yield from _references(part)
