"""What stands on the screen: picture, buttons, file. They hold values and wiring; what a step means is not theirs."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import anywidget
import ipywidgets
import traitlets

from salesmetrics.base.errors import SalesMetricsError
from salesmetrics.base.language import _

ASSETS = Path(__file__).parent
_IN_SIGHT = 3
# A notebook's server takes no message of more than 10 MB, and says nothing of one that is larger.
_PIECE = 4_000_000


def answer(step: Callable[[], object], refuse: Callable[[str], None]) -> bool:
    """Do what a reader asked for in the browser; whatever goes wrong becomes a sentence in the panel."""
    refuse("")
    try:
        step()
    except SalesMetricsError as error:
        refuse(str(error))
        return False
    except Exception as error:
        refuse(_("This step failed, so nothing has moved: {error}").format(error=error))
        return False
    return True


class Tools(anywidget.AnyWidget):
    """The buttons below the sliders.

    A click arrives as the name of what is asked for, and a text that goes with it; the Explorer does it.
    """

    _esm = ASSETS / "tools.js"
    _css = ASSETS / "widgets.css"

    words = traitlets.Dict().tag(sync=True)
    undoable = traitlets.Bool().tag(sync=True)
    redoable = traitlets.Bool().tag(sync=True)
    pinned = traitlets.Bool().tag(sync=True)
    large = traitlets.Bool().tag(sync=True)
    shareable = traitlets.Bool().tag(sync=True)
    # Whether the code is in sight, so that it has to follow the sliders.
    opened = traitlets.Bool().tag(sync=True, echo_update=False)
    code = traitlets.Unicode().tag(sync=True)

    def __init__(self, act: Callable[[str, str], None], *, shareable: bool) -> None:
        words = {
            "undo": _("Undo"),
            "redo": _("Redo"),
            "reset": _("Back to the start"),
            "pin": _("Pin this as A"),
            "unpin": _("Let A go"),
            "large": _("Large type"),
            "share": _("Share or save"),
            "about": _("Only where the sliders stand is in it, never any data."),
            "code": _("The code of this position"),
            "copy": _("Copy"),
            "copied": _("Copied."),
            "paste": _("A code that somebody sent you"),
            "open": _("Open"),
            "save": _("Save as a file"),
            "load": _("Open a file"),
        }
        super().__init__(words=words, shareable=shareable)
        self.on_msg(lambda _widget, content, _buffers: act(str(content.get("do", "")), str(content.get("text", ""))))

    def download(self, name: str, text: str) -> None:
        """Make the browser save a text as a file."""
        self.send({"name": name, "text": text})


class Choice(anywidget.AnyWidget):
    """A list to choose one thing from, by name."""

    _esm = ASSETS / "choice.js"
    _css = ASSETS / "widgets.css"

    label = traitlets.Unicode().tag(sync=True)
    options: traitlets.List[Any] = traitlets.List().tag(sync=True)
    value = traitlets.Unicode().tag(sync=True, echo_update=False)


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


class _Keys(anywidget.AnyWidget):
    _esm = ASSETS / "keys.js"


class _More(anywidget.AnyWidget):
    """A button that unfolds the sliders that are not in sight."""

    _esm = ASSETS / "more.js"
    _css = ASSETS / "widgets.css"

    words = traitlets.Dict().tag(sync=True)


def in_sight(sliders: Sequence[ipywidgets.Widget]) -> list[ipywidgets.Widget]:
    """Put the first three sliders in sight and fold the others away, so that the picture fits on the same screen."""
    first, others = list(sliders[:_IN_SIGHT]), list(sliders[_IN_SIGHT:])
    layout = ipywidgets.Layout(flex_flow="row wrap", grid_gap="0 2em", overflow="visible")
    if not others:
        return [ipywidgets.Box(first, layout=layout)]
    words = {"more": _("More levers ({count})").format(count=len(others)), "fewer": _("Fewer levers")}
    folded = ipywidgets.Box(others, layout=layout)
    folded.add_class("salesmetrics-folded")
    return [ipywidgets.Box(first, layout=layout), _More(words=words), folded]


def beside(controls: Sequence[ipywidgets.Widget], picture: ipywidgets.Widget) -> ipywidgets.Box:
    """Put controls and picture beside each other; where there is no room for it, the picture above and in view."""
    left = ipywidgets.VBox(list(controls))
    left.add_class("salesmetrics-controls")
    box = ipywidgets.Box([left, picture])
    box.add_class("salesmetrics-explorer")
    return box


def asleep() -> str:
    """Return HTML that says how to wake a page by hand; an extension that wakes it hides this."""
    how = _("Nothing moves? Choose Run in the menu at the top, then Run All Cells.")
    return f'<p class="salesmetrics-asleep"><em>{how}</em></p>'


def panel(*parts: ipywidgets.Widget) -> ipywidgets.VBox:
    """Put Jupyter's own widgets under each other, so that a key pressed in them is theirs and not JupyterLab's."""
    box = ipywidgets.VBox([*parts, _Keys(layout={"display": "none"})])
    box.add_class("salesmetrics-panel")
    return box
