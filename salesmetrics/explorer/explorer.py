"""The Explorer: a model's sliders, its picture and its sentence, and what can be done with the positions."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Hashable, Mapping
from pathlib import Path
from typing import Any

import ipywidgets

from salesmetrics import models
from salesmetrics.base.errors import SalesMetricsError
from salesmetrics.base.language import _, amounts_in
from salesmetrics.base.writing import write
from salesmetrics.charts.handles import without_guess
from salesmetrics.charts.moving_picture import MovingPicture, figure_html
from salesmetrics.explorer import positions
from salesmetrics.explorer.play import Play
from salesmetrics.explorer.states import History, State, as_html, as_text, compare
from salesmetrics.widgets import Picture, Tools, answer, asleep, beside, in_sight
from salesmetrics.widgets.slider import Slider

_serial = itertools.count(1)


class Explorer:
    """A model with its sliders, its picture and its sentence; shows itself in a notebook.

    Parameters
    ----------
    model
        What is explored.
    chart
        What draws it: a module, or anything else with the functions ``draw`` and ``sentence``, and in ``COMPARED`` the
        figures that a comparison shows.
    private
        The model is made of somebody's own data: no code and no file then, and nothing is stored in the notebook.
    large
        Letters and picture for a projector.
    currency
        Of the model's amounts, where they are somebody's own.

    Attributes
    ----------
    levers
        The sliders by name; ``explorer.levers["target"].value = 400_000`` moves one.
    outcome
        What the model says at this position.
    sentence
        What the picture shows, in words.
    """

    def __init__(
        self, model: models.Model[Any], chart: Any, *, private: bool = False, large: bool = False, currency: str = "EUR"
    ) -> None:
        self._model, self._say, self._compared, self._private = model, chart.sentence, chart.COMPARED, private
        self._currency = currency
        with amounts_in(currency):
            self._drawn: MovingPicture[Any] = MovingPicture(chart.draw(model), name=f"{model.name}-{next(_serial)}")
        self._picture = Picture(handles=self._drawn.holds.described())
        self._tools = Tools(self._asked, shareable=not private)
        self.levers = {lever.name: Slider(lever, currency) for lever in model.levers}
        self._moving_together = False
        self._pinned: State | None = None
        self._play = Play() if model.outcome(model.defaults()).stake is not None else None
        self._draw()
        self._history = History(self._shown)
        for slider in self.levers.values():
            slider.observe(self._moved, "value")
        self._picture.on_wanted(self._take)
        self._tools.observe(lambda _change: self._tell(), "opened")
        tools = filter(None, [self._play, self._tools])
        self._panel = beside([*in_sight(list(self.levers.values())), *tools], self._picture)
        self.large = large

    @property
    def widget(self) -> ipywidgets.Widget:
        """All of it as one widget, to stand among others."""
        return self._panel

    def set(self, **values: float) -> None:
        """Move one or more levers at once.

        Raises
        ------
        SalesMetricsError
            There is no such lever, or it does not go that far; nothing has moved then.
        """
        for name in values:
            self._model.lever(name)
        self._move(values)

    def reset(self) -> None:
        """Put every lever back where it stood at the start."""
        self._move(self._model.defaults())

    def undo(self) -> None:
        """Undo the last step; one drag is one step.

        Raises
        ------
        SalesMetricsError
            There is none.
        """
        if (before := self._history.back()) is None:
            raise SalesMetricsError(_("There is no step to undo."), hint=_("Move a slider first."))
        self._move(before, after_failure=self._history.forward)

    def redo(self) -> None:
        """Do the step again that was taken back last.

        Raises
        ------
        SalesMetricsError
            There is none, or something else has been moved since.
        """
        if (after := self._history.forward()) is None:
            raise SalesMetricsError(_("There is no step to do again."), hint=_("Undo a step first."))
        self._move(after, after_failure=self._history.back)

    def pin(self) -> None:
        """Keep this state as A: it stays in the picture, dashed, with a table of A beside where the sliders stand."""
        self._pin(State(self._shown, self.outcome))

    def unpin(self) -> None:
        """Remove A."""
        self._pin(None)

    def guess(self, figure: str, value: float | None, levers: Mapping[str, float]) -> None:
        """Show what was guessed of a figure at a position of the levers, or with ``None`` no longer."""
        self._drawn.guess(figure, value, self._model.outcome(levers))
        self._draw()

    def share(self) -> str:
        """Return a short code of where the levers stand; :func:`explore` opens it, in either language.

        Raises
        ------
        SalesMetricsError
            The model is made of somebody's own data.
        """
        positions.refuse(private=self._private)
        return positions.encode(self._model, self._shown)

    def open_code(self, text: str) -> None:
        """Move to where a code says.

        Raises
        ------
        SalesMetricsError
            It is damaged, or of another model or another version of the kit; nothing has moved then.
        """
        positions.refuse(private=self._private)
        self._move(positions.decode(self._model, text))

    def save(self, path: str | Path) -> None:
        """Write where the levers stand, and A where there is one, to a small JSON file.

        Raises
        ------
        SalesMetricsError
            It cannot be written, or the model is made of somebody's own data.
        """
        write(path, self._as_file())

    def load(self, path: str | Path) -> None:
        """Move to where a saved file says.

        Raises
        ------
        SalesMetricsError
            It cannot be read, it is damaged, or of another model or another version of the kit; nothing has moved then.
        """
        self._load(positions.read_text(path))

    @property
    def large(self) -> bool:
        """Whether letters and picture are as large as a projector asks for."""
        return bool(self._tools.large)

    @large.setter
    def large(self, large: bool) -> None:
        self._tools.large = self._picture.large = large
        (self._panel.add_class if large else self._panel.remove_class)("salesmetrics-large")

    def _moved(self, change: Any) -> None:
        if not self._moving_together:
            # The slider stands there already: what is left is to draw it.
            self._move({}, change["owner"].drag)

    def _take(self, wanted: Mapping[str, Any]) -> None:
        """Move what was taken hold of in the picture, no further than its levers go."""

        def step() -> None:
            values = self._drawn.holds.levers(wanted, self.outcome)
            values = {name: self.levers[name].nearest(value) for name, value in values.items()}
            self._move(values, ("picture", wanted["gesture"]))

        self._answer(step)

    def _move(
        self, values: Mapping[str, float], gesture: Hashable = None, after_failure: Callable[[], object] = lambda: None
    ) -> None:
        """Set levers, draw once; after a failure let levers, picture and history agree again on where they were."""
        self._moving_together = True
        try:
            self._set_levers(values)
            self._draw()
        except Exception:
            self._set_levers(self._shown)
            after_failure()
            raise
        finally:
            self._moving_together = False
        self._history.note(self._shown, gesture)
        self._tell()

    def _set_levers(self, values: Mapping[str, float]) -> None:
        for name, value in values.items():
            self.levers[name].value = value

    def _draw(self) -> None:
        values = {name: slider.value for name, slider in self.levers.items()}
        outcome: models.Outcome = self._model.outcome(values)
        with amounts_in(self._currency):
            sentence = self._say(outcome)
            lines = compare(self._compared, self._model, self._pinned, State(values, outcome)) if self._pinned else []
            description = " " + _("Dashed: A.") if self._pinned else ""
            svg, spots = self._drawn.svg(outcome, sentence + description), self._drawn.holds.spots(outcome)
        self.outcome, self.sentence, self._shown, self._lines = outcome, sentence, values, lines
        # One message, so that picture, sentence and table change together.
        with self._picture.hold_sync():
            self._picture.svg, self._picture.sentence, self._picture.refusal = svg, sentence, ""
            self._picture.comparison, self._picture.spots = as_html(lines) if lines else "", spots
        if self._play:
            self._play.follow(outcome)
        for slider in self.levers.values():
            slider.refusal = ""

    def _tell(self) -> None:
        """Show the buttons where things stand; what stays the same is not sent."""
        tools, history = self._tools, self._history
        tools.undoable, tools.redoable, tools.pinned = history.undoable, history.redoable, bool(self._pinned)
        if tools.opened and not self._private:
            tools.code = self.share()

    def _pin(self, state: State | None) -> None:
        self._pinned = state
        if state:
            self._drawn.pin(state.outcome, _("A: as you pinned it"))
        else:
            self._drawn.unpin()
        self._draw()
        self._tell()

    def _as_file(self) -> str:
        positions.refuse(private=self._private)
        return positions.as_file(self._model, self._shown, self._pinned.position if self._pinned else None)

    def _load(self, words: str) -> None:
        positions.refuse(private=self._private)
        position, pinned = positions.from_file(self._model, words)
        pinned = pinned and {name: self.levers[name].allowed(value) for name, value in pinned.items()}
        self._move(position)
        self._pin(State(pinned, self._model.outcome(pinned)) if pinned else None)

    def _asked(self, what: str, text: str) -> None:
        """Do what a button asks for."""
        steps = {
            "undo": self.undo,
            "redo": self.redo,
            "reset": self.reset,
            "pin": self.pin,
            "unpin": self.unpin,
            "large": lambda: setattr(self, "large", not self.large),
            "open": lambda: self.open_code(text),
            "save": lambda: self._tools.download(f"{self._model.name}.json", self._as_file()),
            "load": lambda: self._load(text),
        }
        self._answer(steps.get(what, lambda: None))

    def _answer(self, step: Callable[[], object]) -> None:
        answer(step, lambda sentence: setattr(self._picture, "refusal", sentence))

    def __repr__(self) -> str:
        return f"{self.sentence}\n{as_text(self._lines)}" if self._lines else str(self.sentence)

    def _repr_mimebundle_(self, **_options: Any) -> dict[str, Any]:
        """Return the sliders, and beside them what a viewer without a kernel shows: the picture and the sentence."""
        view: dict[str, Any] = self._panel._repr_mimebundle_()
        if self._private:
            return {**view, "text/plain": _("Made of your own figures, so not stored here. Run the cell to see it.")}
        picture = figure_html(without_guess(self._picture.svg), self.sentence)
        return {**view, "text/plain": repr(self), "text/html": picture + self._picture.comparison + asleep()}
