"""Sliders for any model: what ``sm.explore`` and ``sm.sandbox`` open, and what a reader guessed in those pictures.

A model or scenario by its name, a code that somebody sent, a saved file; or all models, in a list to choose from.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from importlib import import_module
from pathlib import Path
from typing import Any, NamedTuple
from weakref import WeakSet

import ipywidgets

from salesmetrics import models
from salesmetrics.base.errors import SalesMetricsError
from salesmetrics.base.language import _, did_you_mean
from salesmetrics.explorer import positions
from salesmetrics.explorer.explorer import Explorer
from salesmetrics.widgets import Choice

__all__ = ["Explorer", "Guessed", "Sandbox", "explore", "model_and_chart", "sandbox", "show_guess"]


class Guessed(NamedTuple):
    """A guess at a figure, and the position of the levers that it is about; ``None`` where it was forgotten."""

    figure: str
    value: float | None
    levers: Mapping[str, float]


# One lesson runs in a kernel, and asks for one guess with each of its pictures.
_known: dict[str, Guessed] = {}
_on_page: dict[str, WeakSet[Explorer]] = {}


def explore(name: str, *, large: bool = False) -> Explorer:
    """Open a model to play with: move its levers and watch what they do.

    Parameters
    ----------
    name
        Of a model or a scenario, for example ``"coverage"`` or ``"startup"``; or a code from ``explorer.share()``; or
        the name of a file from ``explorer.save(…)``, which ends in ``.json``.
    large
        Letters and picture for a projector; a button does the same.

    Raises
    ------
    SalesMetricsError
        There is no such model, and the nearest name is given; or the code or the file cannot be opened.

    Examples
    --------
    >>> explorer = explore("coverage")
    >>> explorer.set(target=1_000_000)
    >>> explorer.outcome.coverage
    2.5
    >>> explore(explorer.share()).outcome.coverage
    2.5
    """
    if isinstance(name, str | Path) and str(name).lower().endswith(".json"):
        explorer = Explorer(*model_and_chart(positions.model_of_file(positions.read_text(name))), large=large)
        explorer.load(name)
    elif isinstance(name, str) and name not in models.NAMES and positions.looks_like_a_code(name):
        explorer = Explorer(*model_and_chart(positions.model_of_code(name)), large=large)
        explorer.open_code(name)
    else:
        explorer = Explorer(*model_and_chart(name), large=large)
        _show_guesses(name, explorer)
    return explorer


def model_and_chart(name: Any) -> tuple[models.Model[Any], Any]:
    """Find a model and what draws it; a name that there is not is refused with the nearest that there is."""
    if name not in models.NAMES:
        message = _("There is no model called “{name}”.")
        raise SalesMetricsError(message.format(name=str(name)[:60]), hint=did_you_mean(name, models.NAMES))
    model = models.model_named(name)
    module, _dot, one = (model.picture or model.name.replace("-", "_")).partition(".")
    chart: Any = import_module(f"salesmetrics.charts.{module}")
    return model, getattr(chart, one) if one else chart


class _Guest(Explorer):
    """An Explorer among others: a code or a file of another model goes to that one."""

    def __init__(self, name: str, at: Callable[[str], Explorer], show: Callable[[str], None]) -> None:
        self._at, self._show = at, show
        super().__init__(*model_and_chart(name))

    def open_code(self, text: str) -> None:
        name = positions.model_of_code(text)
        Explorer.open_code(self._at(name), text)
        self._show(name)

    def _load(self, words: str) -> None:
        name = positions.model_of_file(words)
        Explorer._load(self._at(name), words)
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
        options = [(name, _(model_and_chart(name)[0].title)) for name in models.NAMES]
        self._choice = Choice(label=_("Play with"), options=options, value=models.NAMES[0])
        self._place = ipywidgets.VBox()
        self._panel = ipywidgets.VBox([self._choice, self._place])
        self._choice.observe(lambda change: self._follow(change["new"]), "value")
        self._follow(models.NAMES[0])

    def choose(self, name: str) -> Explorer:
        """Bring a model into sight, as it was left, and return its sliders.

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


def _show_guesses(name: str, explorer: Explorer) -> None:
    """Let a picture of a model show what is guessed about it, now and later."""
    _on_page.setdefault(name, WeakSet()).add(explorer)
    if (guessed := _known.get(name)) and guessed.value is not None:
        explorer.guess(*guessed)


def show_guess(name: str, guessed: Guessed) -> None:
    """Show a guess in every picture of its model."""
    before = _known.get(name)
    if guessed == before or (guessed.value is None and (before is None or before.value is None)):
        return
    _known[name] = guessed
    for explorer in _on_page.get(name, ()):
        explorer.guess(*guessed)
