"""All models in one place: a list to choose from, and the sliders of the one that is chosen."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import ipywidgets

from salesmetrics.base.language import _
from salesmetrics.explorer import saved_file, share_code
from salesmetrics.explorer.explorer import Explorer
from salesmetrics.explorer.opening import model_and_chart
from salesmetrics.models import NAMES
from salesmetrics.widgets import Choice


class _Guest(Explorer):
    """An Explorer among others: a code or a file of another model goes to that one."""

    def __init__(self, name: str, at: Callable[[str], Explorer], show: Callable[[str], None]) -> None:
        self._at, self._show = at, show
        super().__init__(*model_and_chart(name))

    def open_code(self, text: str) -> None:
        name = share_code.model_of(text)
        if name == self._model.name:
            super().open_code(text)
        else:
            self._at(name).open_code(text)
            self._show(name)

    def _load(self, words: str) -> None:
        name = saved_file.model_of(words)
        if name == self._model.name:
            super()._load(words)
        else:
            self._at(name)._load(words)
            self._show(name)


class Sandbox:
    """Every model of the kit, one at a time; each keeps its place while another is looked at.

    Attributes
    ----------
    explorer
        The one in sight.
    """

    def __init__(self) -> None:
        self._explorers: dict[str, Explorer] = {}
        options = [(name, _(model_and_chart(name)[0].title)) for name in NAMES]
        self._choice = Choice(label=_("Play with"), options=options, value=NAMES[0])
        self._place = ipywidgets.VBox()
        self._panel = ipywidgets.VBox([self._choice, self._place])
        self._choice.observe(lambda change: self._follow(change["new"]), "value")
        self._follow(NAMES[0])

    def choose(self, name: str) -> Explorer:
        """Bring a model into sight, as it was left, and give its sliders.

        Raises
        ------
        SalesMetricsError
            There is no such model; the nearest name is given.
        """
        explorer = self._at(str(name))
        self._choice.value = name
        return explorer

    def _at(self, name: str) -> Explorer:
        if name not in self._explorers:
            self._explorers[name] = _Guest(name, self._at, lambda name: setattr(self._choice, "value", name))
        return self._explorers[name]

    def _follow(self, name: str) -> None:
        self.explorer = self._at(name)
        self._place.children = [self.explorer.widget]

    def __repr__(self) -> str:
        return repr(self.explorer)

    def _repr_mimebundle_(self, **_options: Any) -> dict[str, Any]:
        """Return the list and the sliders, and beside them what a viewer without a kernel shows."""
        return {**self.explorer._repr_mimebundle_(), **self._panel._repr_mimebundle_(), "text/plain": repr(self)}


def sandbox() -> Sandbox:
    """Open all models at once, to play with: choose one from the list, and move its levers.

    Examples
    --------
    >>> box = sandbox()
    >>> box.explorer.outcome.coverage
    5.0
    >>> box.choose("fishing-net").outcome.caught
    26
    """
    return Sandbox()
