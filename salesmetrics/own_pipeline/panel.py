"""One's own pipeline on the screen: a file, a target and a quarter, and views that follow all three."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from typing import Any, TypeVar

import ipywidgets
import pandas as pd

from salesmetrics.base.errors import SalesMetricsError
from salesmetrics.base.language import _, money
from salesmetrics.base.show import Shown, listed, together, words
from salesmetrics.base.typed_numbers import read_amount, read_target
from salesmetrics.crm import Export
from salesmetrics.deals.periods import Period
from salesmetrics.deals.pipeline import Pipeline, pipeline
from salesmetrics.own_pipeline import figures
from salesmetrics.own_pipeline.controls import WHOLE, PeriodChoice, row, text_box
from salesmetrics.own_pipeline.figures import or_refusal, refused, with_boxes
from salesmetrics.own_pipeline.file_chooser import FileBox
from salesmetrics.own_pipeline.kept_settings import LastWeek, columns_of, keep, kept
from salesmetrics.own_pipeline.views import ByGroup, Earlier, PageMaker, Sliders, View
from salesmetrics.widgets import panel

_SAMPLE_TARGET, _SAMPLE_PERIOD = 500_000, "2026Q2"
Followed = TypeVar("Followed", bound=View)


class YourPipeline:
    """A pipeline of one's own: the way in for its file, its target and its quarter, and the views on it.

    Nothing of it is stored: once a file of one's own is read, every result of the notebook is shown on the screen
    only. The sample that it begins with is the kit's own and is stored.

    Attributes
    ----------
    export, deals
        What was read, as :func:`read_deals` gives it.
    target, period
        As filled in.
    """

    def __init__(self) -> None:
        self._views: list[View] = []
        self._earlier: Earlier | None = None
        self._groups: ByGroup | None = None
        self._mine: Pipeline | None = None
        self._was_sample = True
        self._last = LastWeek()
        self._targets: dict[str, str] = {}
        self._target = text_box(_("Target"), money(_SAMPLE_TARGET), width="16em")
        self._target.value = money(_SAMPLE_TARGET)
        self._target_said = ipywidgets.HTML()
        self._period = PeriodChoice(self._other_period)
        self._box = FileBox(self._new_file, keep=self._keep)
        self._as_of = ipywidgets.DatePicker(description=_("As at"), style=WHOLE, layout={"width": "14em"})
        self._target.observe(lambda _change: self._other_target(), "value")
        self._as_of.observe(lambda _change: self._follow(), "value")
        asked = row(self._target, self._target_said, self._period.widget, self._as_of)
        self._panel = panel(self._box.top, asked, self._box.below)
        self._new_file()
        self._targets = {_SAMPLE_PERIOD: self._target.value}

    @property
    def export(self) -> Export:
        """What was read.

        Raises
        ------
        SalesMetricsError
            No file has been read.
        """
        if self._box.asks:
            raise SalesMetricsError(_("A question about your file is open."), hint=_("Answer it at the top."))
        if self._box.export is None:
            raise SalesMetricsError(_("No file has been read yet."), hint=_("Choose your file at the top."))
        return self._box.export

    @property
    def deals(self) -> pd.DataFrame:
        """The deals that were read."""
        return self.export.deals

    @property
    def target(self) -> float | None:
        """The target that was typed; None while there is none."""
        typed = self._target.value.strip()
        return read_amount(typed) if typed else None

    @property
    def period(self) -> Period:
        """The period that was chosen."""
        return self._period.period()

    def coverage(self) -> View:
        """Show the pipeline coverage with its working."""
        return self._view(figures.coverage, figures.COVERAGE)

    def conversion(self) -> View:
        """Show the conversion rate with its working and its margin."""
        return self._view(figures.conversion, figures.CONVERSION, rate=True)

    def situation(self) -> View:
        """Show which of the four situations it is, and what to do first."""
        return self._view(figures.situation, figures.SITUATION, rate=True)

    def past_quarters(self) -> View:
        """Show what past quarters began with, and what became of it."""
        return self._view(figures.quarters, figures.PAST_QUARTERS, rate=True)

    def still_needed(self) -> View:
        """Show what the period still lacks, from when, and the two periods after it."""
        return self._view(lambda mine: figures.needed(mine, self._own_targets()), figures.STILL_NEEDED, rate=True)

    def by_group(self) -> ByGroup:
        """Choose a column, such as a team, and show the coverage of each of its groups."""
        self._groups = self._followed(ByGroup(self._given, self._own_targets, lambda: self._follow(PageMaker)))
        return self._groups

    def stages(self) -> View:
        """Show the open money and its age per stage, and the funnel where the file can carry it."""
        return self._view(figures.stages, figures.STAGES)

    def stale(self) -> View:
        """Show the coverage with and without deals that are old or past their expected day."""
        return self._view(figures.stale, figures.STALE)

    def largest(self) -> View:
        """Show how much hangs on few deals."""
        return self._view(figures.largest, figures.LARGEST)

    def sliders(self) -> Sliders:
        """Move the quarter's levers, which begin at the pipeline's own numbers."""
        return self._followed(Sliders(self._pipeline, lambda: self._of_sample(figures.SLIDERS)))

    def changes(self) -> Earlier:
        """Choose an earlier export, such as last week's, and show what changed since."""
        self._earlier = self._followed(Earlier(self._given))
        self._as_last_week()
        return self._earlier

    def report(self) -> PageMaker:
        """Write the one-page report beside the notebook, with what changed where an earlier export was chosen."""
        maker = PageMaker(
            self._given,
            lambda: self._earlier.export if self._earlier else None,
            lambda: self._groups.asked() if self._groups else (None, self._own_targets()),
        )
        return self._followed(maker)

    def _view(self, show: Callable[[Pipeline], Shown], about_sample: str, *, rate: bool = False) -> View:
        """Show a figure; one that rests on the won and the lost says how many of those are missing."""

        def figure() -> Shown:
            found, missing = show(self._pipeline()), [*map(str, self.export.missing)] if rate else []
            return with_boxes(together(found, listed(missing)) if missing else found)

        def now() -> Shown:
            said = self._of_sample(about_sample)
            return together(or_refusal(figure), *([words(said)] if said else []))

        return self._followed(View(now))

    def _followed(self, view: Followed) -> Followed:
        self._views.append(view)
        return view

    def _pipeline(self) -> Pipeline:
        if self._mine is None or self._mine.source is not self.export:
            # The file is gone over once; another target or quarter asks nothing new of it.
            self._mine = self.export.pipeline()
        return pipeline(self._mine, target=self.target, period=self.period, as_of=self._as_of.value)

    def _of_sample(self, said: str) -> str:
        """Say something of the sample as long as it is there as it came, with its own target and quarter."""
        as_it_came = self._period.choice == _SAMPLE_PERIOD and self._as_of.value is None
        own_target = self._target.value != money(_SAMPLE_TARGET)
        return _(said) if self._box.is_sample and as_it_came and not own_target else ""

    def _own_targets(self) -> dict[str, float]:
        """Return the targets that were typed, by period; what is no amount is refused at its box."""
        found = {}
        for period, typed in self._targets.items():
            with suppress(SalesMetricsError):
                found[period] = read_target(read_amount(typed))
        return found

    def _other_target(self) -> None:
        typed = self._target.value.strip()
        if self._period.choice:
            self._targets = {**self._targets, self._period.choice: typed}
        self._follow()

    def _other_period(self) -> None:
        """Show the target that was typed for this period; one without its own keeps the one that stands there."""
        own = self._targets.get(self._period.choice)
        if own and own != self._target.value:
            self._target.value = own
        else:
            self._follow()

    def _given(self) -> tuple[Export, Pipeline]:
        return self.export, self._pipeline()

    def _new_file(self) -> None:
        box = self._box
        if self._was_sample and not box.is_sample:
            self._was_sample = False
            # The sample's target and quarter are nobody's own.
            self._period.forget()
            self._last = kept() if box.as_before else LastWeek()
            # Before the views follow: whatever else is said of a box wipes out what somebody is typing in it.
            self._target.placeholder = "500.000"
            self._target.value = self._last.target
            self._targets = dict(self._last.targets)
        if box.export is not None:
            self._period.offer(box.export.deals)
            self._as_last_week()
            # Another file is of another day.
            self._as_of.value = None
        self._follow()

    def _as_last_week(self) -> None:
        """Take last week's period once, and last week's file to compare with, where they were kept."""
        self._period.choose(self._last.period)
        self._last = replace(self._last, period="")
        # This week's file itself, chosen once more, is no earlier export.
        if self._earlier is not None and self._last.print and self._last.print != self._box.print:
            self._earlier.open_last_week(self._last, self._box.place)
            self._last = replace(self._last, print="")

    def _keep(self) -> None:
        """Keep for next week what was typed and chosen, how the file was read, and by what it is known again."""
        keep(
            LastWeek(
                target=self._target.value.strip(),
                period=self._period.choice,
                targets=self._targets,
                columns=columns_of(self.export),
                print=self._box.print,
            )
        )

    def _follow(self, kind: type = object) -> None:
        """Let every view, or those of a kind, show what holds now."""
        try:
            target = self.target
            self._target_said.value = money(target, self._currency()) if target is not None else ""
        except SalesMetricsError as refusal:
            self._target_said.value = refused(refusal).html
        for view in self._views:
            if isinstance(view, kind):
                view.follow()

    def _currency(self) -> str:
        return self._pipeline().currency if self._box.export is not None and self.target else ""

    def __repr__(self) -> str:
        return str(self._box.export.receipt) if self._box.export else _("No file has been read yet.")

    def _repr_mimebundle_(self, **_options: Any) -> dict[str, Any]:
        """Return the way in, and beside it what a viewer without a kernel shows: the receipt."""
        receipt = (self._box.export.shown() if self._box.export else words(repr(self))).html
        return {**self._panel._repr_mimebundle_(), "text/plain": repr(self), "text/html": receipt}


def your_pipeline() -> YourPipeline:
    """Show a way in for a CRM export of one's own: a file button, a target and a quarter.

    It begins with the kit's own sample, so that there is something to see. A view such as ``mine.coverage()`` follows
    along when another file, target or quarter is chosen.

    Examples
    --------
    >>> mine = your_pipeline()
    >>> print(str(mine.coverage()).splitlines()[0].replace("\u00a0", " "))
    3.0× = € 1,500,000 open ÷ € 500,000 target
    """
    return YourPipeline()
