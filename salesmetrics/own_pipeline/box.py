"""The way in for a file of one's own: a file button, a box for its place, buttons for what can be read in two ways."""

from __future__ import annotations

import html
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import Any

import ipywidgets

from salesmetrics.base.errors import SalesMetricsError
from salesmetrics.base.language import N_, _, number
from salesmetrics.base.show import escaped, short
from salesmetrics.crm import Export
from salesmetrics.crm.question import Choice, Question, Word
from salesmetrics.crm.source import check_size
from salesmetrics.deals.scenarios import sample_file
from salesmetrics.own_pipeline import read_deals
from salesmetrics.own_pipeline.columns import ColumnChoice
from salesmetrics.own_pipeline.last_week import LAST_WEEK
from salesmetrics.own_pipeline.masking import what_is_stored
from salesmetrics.widgets.file_button import FileButton

MAPPING = "salesmetrics-mapping.json"
KINDS = ".csv,.xlsx,.xlsm,.xls,.xlsb,.ods,.txt,.tsv"
# As many of a word as fit beside its list.
_LETTERS = 40

# More answers than this stand in a list.
_BUTTONS = 8

_STATUSES = ((N_("open"), "open"), (N_("won"), "won"), (N_("lost"), "lost"))


class FileBox:
    """Reads the sample at first, then whatever file is chosen; asks what is unclear, and shows the receipt.

    With ``like``, which gives another export, it begins empty and reads its file in the same way as that one. ``keep``
    is called when somebody asks to remember how the file was read.

    Attributes
    ----------
    export
        What was read; None while a file is refused or a question is open.
    is_sample
        Whether it is the kit's own sample.
    widget
        All of it, to be shown.
    """

    def __init__(
        self,
        changed: Callable[[], None],
        *,
        like: Callable[[], Export | None] | None = None,
        keep: Callable[[], None] = lambda: None,
    ) -> None:
        self.export: Export | None = None
        self._changed, self._like, self._keep = changed, like, keep
        self._source: str | bytes | None = None if like else sample_file()
        self._name: str | None = None
        self._given: dict[str, Any] = {}
        self._upload = FileButton(
            _("Choose your file"), KINDS, begins=self._begins, tell=self._tell, arrived=self._arrived
        )
        self._place = ipywidgets.Text(
            placeholder=_("or type where it is, and press Enter"),
            continuous_update=False,
            layout=ipywidgets.Layout(flex="1 1 20em"),
        )
        self._bar = ipywidgets.FloatProgress(max=1, layout=ipywidgets.Layout(display="none"))
        self._said = ipywidgets.HTML()
        self._answers = ipywidgets.Box(layout=ipywidgets.Layout(flex_flow="row wrap", grid_gap="0.3em"))
        self._receipt = ipywidgets.HTML()
        self._receipt.add_class("jp-RenderedHTMLCommon")
        remembered = not like and Path(MAPPING).is_file()
        self._as_before = ipywidgets.Checkbox(
            description=_("Read it as last time"),
            value=remembered,
            indent=False,
            layout=ipywidgets.Layout(width="auto", display="" if remembered else "none"),
        )
        self._remember = _button(_("Remember how this file was read"), self._save)
        self._columns = ColumnChoice(self._told)
        self._place.observe(self._placed, "value")
        self._as_before.observe(lambda _change: self._read(), "value")
        row = ipywidgets.Layout(flex_flow="row wrap", align_items="center", grid_gap="0.3em 1em")
        self.widget = ipywidgets.VBox(
            [
                ipywidgets.Box([self._upload, self._place, self._as_before], layout=row),
                self._bar,
                self._said,
                self._answers,
                self._receipt,
                self._columns.widget,
                self._remember,
            ]
        )
        self._read()

    @property
    def is_sample(self) -> bool:
        """Whether what was read is the kit's own sample."""
        return self._source == sample_file()

    @property
    def place(self) -> str:
        """Where one's own file is; empty where it was chosen with the button, which does not tell."""
        return str(Path(self._source).resolve()) if isinstance(self._source, str) and not self.is_sample else ""

    @property
    def as_before(self) -> bool:
        """Whether a file is read as last time."""
        return bool(self._as_before.value)

    def open(self, place: str) -> None:
        """Read the file in this place."""
        self._open(place, None)

    def _begins(self, name: str, size: int) -> bool:
        try:
            check_size(name, size)
        except SalesMetricsError as refusal:
            self._say(refusal.what, refusal.hint)
            return False
        self._said.value = ""
        return True

    def _arrived(self, name: str, content: bytes | None) -> None:
        if content is None:
            self._say(
                _("“{name}” was changed or taken away while it was read.").format(name=name), _("Choose it once more.")
            )
            return
        self._open(content, name)

    def _placed(self, change: Mapping[str, Any]) -> None:
        # Windows copies a path with quotes around it.
        place = change["new"].strip().strip("\"'")
        if place:
            self._open(str(Path(place).expanduser()), None)

    def _open(self, source: str | bytes, name: str | None) -> None:
        self._source, self._name, self._given = source, name, {}
        self._read()

    def _told(self, options: Mapping[str, Any]) -> None:
        """Read again with what was said of the file."""
        self._given = Choice("", options).added_to(self._given)
        self._read()

    def _read(self) -> None:
        options = dict(self._given)
        other = self._like() if self._like else None
        if other is not None:
            options["mapping"] = other.mapping
        elif self._as_before.value and not self.is_sample:
            options["mapping"] = MAPPING
        self.export, self._said.value, self._receipt.value, self._answers.children = None, "", "", ()
        try:
            if self._source is None:
                return
            self.export = read_deals(self._source, name=self._name, progress=self._tell, **options)
        except Question as question:
            self._ask(question)
        except SalesMetricsError as refusal:
            self._say(refusal.what, refusal.hint)
        else:
            stored = "" if self.is_sample else what_is_stored()
            self._receipt.value = self.export.shown().html + (f"<p>{stored}</p>" if stored else "")
            self._columns.offer(self.export)
            open_questions = [asked for asked in self.export.questions if asked.option not in self._given]
            if open_questions and not self.is_sample:
                self._ask(*open_questions)
        finally:
            own = self.export is not None and not self.is_sample
            self._bar.layout.display = "none"
            self._remember.layout.display = "" if own and not self._like else "none"
            self._columns.widget.layout.display = "" if own else "none"
        self._changed()

    def _tell(self, share: float) -> None:
        self._bar.layout.display = "" if share < 1 else "none"
        self._bar.value = share

    def _say(self, *lines: str) -> None:
        self._said.value = f'<div role="alert">{"<br>".join(escaped(line) for line in lines if line)}</div>'

    def _ask(self, *questions: Question) -> None:
        """Show questions with a button or a list for each answer; an answer reads the file again."""
        self._say(*(line for asked in questions for line in (asked.what, asked.advice)), _("Which is it?"))
        answers: list[ipywidgets.Widget] = []
        for asked in questions:
            if asked.words:
                answers += self._sort_words(asked.words)
            elif len(asked.choices) > _BUTTONS:
                answers.append(self._list(asked.choices))
            else:
                answers += [_button(choice.label, partial(self._told, choice.options)) for choice in asked.choices]
        self._answers.children = answers

    def _list(self, choices: tuple[Choice, ...]) -> ipywidgets.Dropdown:
        """Offer many answers, such as all headers, in a list."""
        box = ipywidgets.Dropdown(options=[("…", None), *((choice.label, choice.options) for choice in choices)])
        box.observe(lambda change: self._told(change["new"]) if change["new"] else None, "value")
        return box

    def _sort_words(self, unclear: tuple[Word, ...]) -> list[ipywidgets.Widget]:
        """Offer a choice for each unclear word, and a button to read on: one answer must not decide the others."""
        choices = [
            ipywidgets.Dropdown(
                options=[(_(label), status) for label, status in _STATUSES],
                value=word.proposed,
                description=f"“{short(word.text, _LETTERS)}” ({number(word.rows)}: {number(word.amount)})",
                style={"description_width": "initial"},
            )
            for word in unclear
        ]

        def read_on() -> None:
            sorted_words = {
                status: [word.text for word, choice in zip(unclear, choices, strict=True) if choice.value == status]
                for status in ("won", "lost")
            }
            self._told({status: [*self._given.get(status, ()), *found] for status, found in sorted_words.items()})

        return [*choices, _button(_("Read on"), read_on)]

    def _save(self) -> None:
        assert self.export is not None
        try:
            self.export.save_mapping(MAPPING)
            self._keep()
        except SalesMetricsError as refusal:
            self._say(refusal.what, refusal.hint)
            return
        self._said.value = html.escape(
            _(
                "Kept in {name} and {other}, beside this notebook: headers, your answers, your target and period, and "
                "where the file is if you typed it. No deals."
            ).format(name=MAPPING, other=LAST_WEEK)
        )


def _button(label: str, act: Callable[[], None]) -> ipywidgets.Button:
    button = ipywidgets.Button(description=label, layout={"width": "auto", "max_width": "100%"})
    button.on_click(lambda _button: act())
    return button
