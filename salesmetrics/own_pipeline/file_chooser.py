"""The way in for a file of one's own: a file button, a box for its place, buttons for what can be read in two ways."""

from __future__ import annotations

import html
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import ipywidgets

from salesmetrics.base.errors import SalesMetricsError
from salesmetrics.base.language import _
from salesmetrics.base.show import escaped
from salesmetrics.crm import Export
from salesmetrics.crm.question import Choice, Question
from salesmetrics.crm.source import check_size
from salesmetrics.deals.scenarios import sample_file
from salesmetrics.own_pipeline import read_deals
from salesmetrics.own_pipeline.controls import MappingCard, answers_to, button, result, row, show_if, text_box, tick
from salesmetrics.own_pipeline.figures import as_pressed
from salesmetrics.own_pipeline.kept_settings import LAST_WEEK, MAPPING, forget, is_kept, kept, print_of, what_differs
from salesmetrics.own_pipeline.output_masking import what_is_stored
from salesmetrics.widgets import FileButton

KINDS = ".csv,.xlsx,.xlsm,.xls,.xlsb,.ods,.txt,.tsv"


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
    asks
        Whether a question about the file is open, so that there is no export.
    top, below
        The file with its questions, and how it was read.
    """

    def __init__(
        self,
        changed: Callable[[], None],
        *,
        like: Callable[[], Export | None] | None = None,
        keep: Callable[[], None] = lambda: None,
    ) -> None:
        self.export: Export | None = None
        self._like, self._keep = like, keep
        self._source: str | bytes | None = None if like else sample_file()
        self._name: str | None = None
        self._given: dict[str, Any] = {}
        self.asks = False
        self._differs: list[str] = []
        self._upload = FileButton(
            _("Choose your file"), KINDS, begins=self._begins, tell=self._tell, arrived=self._arrived
        )
        self._place = text_box(example=_("or type where it is, and press Enter"), flex="1 1 20em")
        self._bar = ipywidgets.FloatProgress(max=1, layout={"display": "none"})
        self._said, self._answers, self._receipt = ipywidgets.HTML(), row(), result()
        remembered = not like and is_kept()
        self._as_before = tick(_("Read it as last time"), on=remembered)
        self._forget = button(_("Forget last time"), self._forget_all)
        show_if(remembered, self._as_before, self._forget)
        self._remember = button(_("Remember how this file was read"), self._save)
        self._card = MappingCard(self._put_right, self._ask_again)
        self._place.observe(self._placed, "value")
        self._as_before.observe(lambda _change: self._read(), "value")
        file = row(self._upload, self._place, self._as_before, self._forget)
        self.top = ipywidgets.VBox([file, self._bar, self._said, self._answers])
        self.below = ipywidgets.VBox([self._card.widget, self._remember, self._receipt])
        # Of the first file nobody has to be told: it is there once the box is.
        self._changed: Callable[[], None] = lambda: None
        self._read()
        self._changed = changed

    @property
    def is_sample(self) -> bool:
        """Whether what was read is the kit's own sample."""
        return self._source == sample_file()

    @property
    def place(self) -> str:
        """Where one's own file is; empty where it was chosen with the button, which does not tell."""
        return str(Path(self._source).resolve()) if isinstance(self._source, str) and not self.is_sample else ""

    @property
    def print(self) -> str:
        """By what the file is known again, wherever it lies; empty where it is gone."""
        try:
            content = self._source if isinstance(self._source, bytes) else Path(self._source or "").read_bytes()
        except OSError:
            return ""
        return print_of(content)

    @property
    def as_before(self) -> bool:
        """Whether a file is read as last time."""
        return bool(self._as_before.value)

    def _begins(self, name: str, size: int) -> bool:
        self._said.value = ""
        return self._done(lambda: check_size(name, size))

    def _arrived(self, name: str, content: bytes | None) -> None:
        if content is None:
            gone = _("“{name}” was changed or taken away while it was read.").format(name=name)
            self._say(gone, _("Choose it once more."))
        else:
            self.open(content, name)

    def _placed(self, change: Mapping[str, Any]) -> None:
        # Windows copies a path with quotes around it.
        place = change["new"].strip().strip("\"'")
        if place:
            self.open(str(Path(place).expanduser()))

    def open(self, source: str | bytes, name: str | None = None) -> None:
        """Read the file in this place, or with this content."""
        self._source, self._name, self._given = source, name, {}
        self._read()

    def _told(self, options: Mapping[str, Any]) -> None:
        """Read again with what was said of the file."""
        self._given = Choice("", options).added_to(self._given)
        self._read()

    def _put_right(self, options: Mapping[str, Any]) -> None:
        """Read again with what was chosen on the card; where the file can't be read so, stay with what was."""
        before = self._given
        self._told(options)
        if self.export is None and not self.asks:
            refused = self._said.value
            self._given = before
            self._read()
            self._said.value = refused

    def _ask_again(self) -> None:
        """Read the file as if nobody had said anything of it."""
        self._given = {}
        if self._as_before.value:
            self._as_before.value = False
        else:
            self._read()

    def _read(self) -> None:
        self.export, self._said.value, self._receipt.value, self._answers.children = None, "", "", ()
        self.asks, self._differs = False, []
        try:
            if self._source is not None:
                self.export = self._as_last_time() or read_deals(
                    self._source, name=self._name, progress=self._tell, **self._given
                )
        except Question as question:
            self.asks = True
            self._ask(question)
        except SalesMetricsError as refusal:
            self._say(refusal.what, as_pressed(refusal.hint))
        own = self.export is not None and not self.is_sample
        if self.export is not None:
            self._show(self.export)
        show_if(False, self._bar)
        show_if(own and not self._like, self._remember)
        show_if(own, self._card.widget)
        if self._source is not None:
            self._changed()

    def _as_last_time(self) -> Export | None:
        """Read the file as last week's, or as the one beside it; where it doesn't fit that, read it afresh."""
        other = self._like() if self._like else None
        if other is None and (not self._as_before.value or self.is_sample):
            return None
        mapping = other.mapping if other is not None else MAPPING
        if isinstance(mapping, str) and not Path(mapping).is_file():
            return None
        options = {**self._given, "mapping": mapping}
        try:
            return read_deals(self._source or "", name=self._name, progress=self._tell, **options)
        except Question:
            raise
        except SalesMetricsError as refusal:
            if other is not None:
                raise
            self._differs = [refusal.what]
            return None

    def _show(self, export: Export) -> None:
        stored = "" if self.is_sample else what_is_stored()
        read = export.receipt
        if not self.is_sample:
            # What became what stands on the card.
            read = replace(read, columns=(), unused=(), remarks=tuple(filter(None, map(as_pressed, read.remarks))))
        self._receipt.value = read.shown().html + (f"<p>{stored}</p>" if stored else "")
        self._card.offer(export)
        open_questions = [asked for asked in export.questions if asked.option not in self._given]
        if open_questions and not self.is_sample:
            self._ask(*open_questions)
        elif self._as_before.value and not (self.is_sample or self._like or self._given):
            found = [*self._differs, *what_differs(kept(), export)]
            if found:
                self._say(_("This file is not quite as last week's. See whether it was read rightly:"), *found)

    def _tell(self, share: float) -> None:
        show_if(share < 1, self._bar)
        self._bar.value = share

    def _say(self, *lines: str) -> None:
        self._said.value = f'<div role="alert">{"<br>".join(escaped(line) for line in lines if line)}</div>'

    def _ask(self, *questions: Question) -> None:
        """Show questions with a button or a list for each answer; an answer reads the file again."""
        self._say(
            *self._differs, *(line for asked in questions for line in (asked.what, asked.advice)), _("Which is it?")
        )
        self._answers.children = [part for asked in questions for part in answers_to(asked, self._told)]

    def _done(self, step: Callable[[], None]) -> bool:
        """Do a step; where it is refused, say why."""
        try:
            step()
        except SalesMetricsError as refusal:
            self._say(refusal.what, refusal.hint)
            return False
        return True

    def _save(self) -> None:
        assert self.export is not None
        if not self._done(partial(self.export.save_mapping, MAPPING)) or not self._done(self._keep):
            return
        show_if(True, self._as_before, self._forget)
        self._said.value = html.escape(
            _(
                "Kept in {name} and {other}, beside this notebook: headers, your answers, your target and period, and "
                "by what the file is known again (its size and a check sum). No deals, and not the file's name."
            ).format(name=MAPPING, other=LAST_WEEK)
        )

    def _forget_all(self) -> None:
        if self._done(forget):
            self._as_before.value = False
            show_if(False, self._as_before, self._forget)
            self._said.value = html.escape(_("Forgotten: nothing of last time is kept beside this notebook any more."))
