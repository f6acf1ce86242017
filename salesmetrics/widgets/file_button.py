"""A button to choose a file with, and a link to a page that lies beside the notebook.

What is chosen goes to who asked for it, and stays nowhere else.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import anywidget
import ipywidgets
import traitlets

from salesmetrics.widgets import ASSETS

# A notebook's server takes no message of more than 10 MB, and says nothing of one that is larger.
_PIECE = 4_000_000


class FileButton(anywidget.AnyWidget):
    """A button to choose a file with, or to drop one on.

    The file comes in pieces. Nothing of it is part of the widget's state, which can end up in a notebook.

    Parameters
    ----------
    label, accept
        The words on the button, and the endings of names to offer: ``".csv,.xlsx"``.
    begins
        Is asked with name and size in bytes whether the file may come at all.
    tell
        Is told the share that has come.
    arrived
        Is given name and content; no content where the file could not be read to its end.
    """

    _esm = ASSETS / "file.js"
    _css = ASSETS / "widgets.css"

    label = traitlets.Unicode().tag(sync=True)
    accept = traitlets.Unicode().tag(sync=True)

    def __init__(
        self,
        label: str,
        accept: str,
        *,
        begins: Callable[[str, int], bool],
        tell: Callable[[float], None],
        arrived: Callable[[str, bytes | None], None],
    ) -> None:
        super().__init__(label=label, accept=accept, layout=ipywidgets.Layout(width="auto"))
        self._begins, self._tell, self._arrived = begins, tell, arrived
        self._name, self._size, self._content = "", 0, bytearray()
        self.on_msg(self._message)

    def _message(self, _widget: Any, content: Any, buffers: Any) -> None:
        if "size" in content:
            self._name, self._size, self._content = str(content["name"]), int(content["size"]), bytearray()
            if self._begins(self._name, self._size):
                self._go_on()
        elif content.get("from") == len(self._content):
            if not len(buffers[0]):
                self._end(None)
                return
            self._content += buffers[0]
            self._go_on()

    def _go_on(self) -> None:
        come = len(self._content)
        if come >= self._size:
            self._end(bytes(self._content))
            return
        self._tell(come / self._size)
        self.send({"from": come, "to": min(come + _PIECE, self._size)})

    def _end(self, content: bytes | None) -> None:
        self._tell(1)
        self._content = bytearray()
        self._arrived(self._name, content)


class PageLink(anywidget.AnyWidget):
    """A link to a page beside the notebook: where the server gives it, only the browser knows."""

    _esm = ASSETS / "page_link.js"

    name = traitlets.Unicode().tag(sync=True)
    label = traitlets.Unicode().tag(sync=True)
