"""What the page of one's own pipeline is built of: buttons, boxes to type in, rows, and the choice of a period."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from itertools import islice
from typing import Any

import ipywidgets
import pandas as pd

from salesmetrics.base.errors import SalesMetricsError
from salesmetrics.base.language import _, month
from salesmetrics.deals.periods import Period, following, quarter_number, read_period

# A label in full, however long it is in either language.
WHOLE = {"description_width": "initial"}
_OTHER = "other"
_DAY = datetime.timedelta(days=1)


def button(label: str, act: Callable[[], None]) -> ipywidgets.Button:
    """Return a button that does something."""
    made = ipywidgets.Button(description=label, layout={"width": "auto", "max_width": "100%"})
    made.on_click(lambda _button: act())
    return made


def tick(label: str, *, on: bool = False) -> ipywidgets.Checkbox:
    """Return a box to tick, as wide as its label."""
    return ipywidgets.Checkbox(description=label, value=on, indent=False, layout={"width": "auto"})


def text_box(label: str = "", example: str = "", **layout: str) -> ipywidgets.Text:
    """Return a box to type in, of which nothing is read before Enter; ``example`` stands in it while it is empty."""
    return ipywidgets.Text(description=label, placeholder=example, continuous_update=False, style=WHOLE, layout=layout)


def row(*parts: ipywidgets.Widget) -> ipywidgets.Box:
    """Put boxes beside each other, on more lines where one is too short."""
    return ipywidgets.Box(parts, layout={"flex_flow": "row wrap", "align_items": "center", "grid_gap": "0.3em 1em"})


def result() -> ipywidgets.HTML:
    """Return an empty place for a result, which looks as a notebook shows one; what is too wide scrolls."""
    made = ipywidgets.HTML(layout={"overflow": "auto"})
    made.add_class("jp-RenderedHTMLCommon")
    return made


def show_if(wanted: object, *parts: ipywidgets.Widget) -> None:
    """Show parts of the page, or take them out of sight."""
    for part in parts:
        part.layout.display = "" if wanted else "none"


class PeriodChoice:
    """A list of periods and, for any other, its first and last day.

    ``changed`` is called at each choice.
    """

    def __init__(self, changed: Callable[[], None]) -> None:
        self._changed, self._afresh = changed, True
        self._list = ipywidgets.Dropdown(description=_("Period"), layout={"width": "18em"}, style=WHOLE)
        self._days = [ipywidgets.DatePicker(description=label) for label in (_("First day"), _("Last day"))]
        self._other = ipywidgets.HBox(self._days, layout={"display": "none"})
        for box in (self._list, *self._days):
            box.observe(self._chosen, "value")
        self.widget = row(self._list, self._other)

    def offer(self, deals: pd.DataFrame) -> None:
        """Offer the periods around the last day in the file; what was chosen stays chosen if it can."""
        last = deals[["created_on", "closed_on"]].max().max()
        day = (datetime.date.today() if pd.isna(last) else last.date()) + _DAY
        options = [*periods_from(day), (_("other days"), _OTHER)]
        before, self._afresh = None if self._afresh else self._list.value, False
        self._list.options = options
        self._list.value = before if before in [value for _label, value in options] else options[0][1]

    def forget(self) -> None:
        """Begin with the quarter in which the next file ends: what is chosen now belongs to another pipeline."""
        self._afresh = True

    @property
    def choice(self) -> str:
        """The name of the period that is chosen; empty for other days."""
        return "" if self._list.value in (None, _OTHER) else str(self._list.value)

    def choose(self, name: str) -> None:
        """Choose a period by its name, where it is offered and not over: then the next one stays."""
        names = [value for _label, value in self._list.options]
        if name in names and read_period(name).last >= read_period(names[0]).first:
            self._list.value = name

    def period(self) -> Period:
        """Return the period that is chosen; one without a first or last day is refused, as are days in wrong order."""
        if self._list.value != _OTHER:
            return read_period(self._list.value)
        first, last = (box.value for box in self._days)
        if first is None or last is None:
            raise SalesMetricsError(_("The period has no first or no last day yet."), hint=_("Choose both days."))
        return read_period((first, last))

    def _chosen(self, _change: Any) -> None:
        show_if(self._list.value == _OTHER, self._other)
        self._changed()


def periods_from(day: datetime.date) -> list[tuple[str, str]]:
    """Return the quarter that holds a day, the next two and the one before, then months and the year.

    Examples
    --------
    >>> periods_from(datetime.date(2026, 4, 1))[:3]
    [('Q2 2026', '2026Q2'), ('Q3 2026', '2026Q3'), ('Q4 2026', '2026Q4')]
    """
    quarters = [divmod(quarter_number(day) + step, 4) for step in (0, 1, 2, -1)]
    this_month = read_period(f"{day:%Y-%m}")
    return [
        *((_("Q{quarter} {year}").format(quarter=at + 1, year=year), f"{year}Q{at + 1}") for year, at in quarters),
        *((month(each.first), f"{each.first:%Y-%m}") for each in (this_month, *islice(following(this_month), 2))),
        (str(day.year), str(day.year)),
    ]
