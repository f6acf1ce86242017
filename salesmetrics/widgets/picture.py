"""The picture on the screen, and what one can take hold of in it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import anywidget
import traitlets

from salesmetrics.widgets import ASSETS


class Picture(anywidget.AnyWidget):
    """The picture, the sentence under it, the comparison with what is pinned, and what could not be done."""

    _esm = ASSETS / "picture.js"
    _css = ASSETS / "widgets.css"

    svg = traitlets.Unicode().tag(sync=True)
    sentence = traitlets.Unicode().tag(sync=True)
    comparison = traitlets.Unicode().tag(sync=True)
    large = traitlets.Bool().tag(sync=True)
    refusal = traitlets.Unicode().tag(sync=True)
    # What one can take hold of, where each is now, and what the browser wants of one of them.
    handles: traitlets.List[Any] = traitlets.List().tag(sync=True)
    spots: traitlets.List[Any] = traitlets.List().tag(sync=True)
    wanted = traitlets.Dict().tag(sync=True, echo_update=False)

    _ended: object = object()

    def on_wanted(self, take: Callable[[dict[str, Any]], None]) -> None:
        """Pass on what a hand wants: of a drag the newest place, and where it ended; of keys and presses each."""

        def at_once(_widget: Any, content: dict[str, Any], _buffers: Any) -> None:
            take(content)
            if content.get("how") == "to":
                self._ended = content.get("gesture")

        def from_queue(change: Any) -> None:
            # It brings the end of a drag once more, perhaps after what was done since.
            if change["new"].get("gesture") != self._ended:
                take(change["new"])

        self.on_msg(at_once)
        self.observe(from_queue, "wanted")
