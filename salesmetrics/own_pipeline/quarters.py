"""Choosing a quarter, a month or a year around the day on which the file ends; or any two days."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from typing import Any

import ipywidgets
import pandas as pd

from salesmetrics.base.errors import SalesMetricsError
from salesmetrics.base.language import _, month
from salesmetrics.deals.periods import Period, read_period

_OTHER = "other"
_DAY = datetime.timedelta(days=1)


class PeriodChoice:
    """A list of periods and, for any other, its first and last day.

    ``changed`` is called at each choice.
    """

    def __init__(self, changed: Callable[[], None]) -> None:
        self._changed, self._afresh = changed, True
        self._list = ipywidgets.Dropdown(
            description=_("Period"), layout=ipywidgets.Layout(width="18em"), style={"description_width": "initial"}
        )
        self._days = [ipywidgets.DatePicker(description=label) for label in (_("First day"), _("Last day"))]
        self._other = ipywidgets.HBox(self._days, layout=ipywidgets.Layout(display="none"))
        for box in (self._list, *self._days):
            box.observe(self._chosen, "value")
        self.widget = ipywidgets.Box(
            [self._list, self._other], layout=ipywidgets.Layout(flex_flow="row wrap", grid_gap="0.3em 1em")
        )

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
        self._other.layout.display = "" if self._list.value == _OTHER else "none"
        self._changed()


def periods_from(day: datetime.date) -> list[tuple[str, str]]:
    """Return the quarter that holds a day, the next two and the one before, then months and the year.

    Examples
    --------
    >>> periods_from(datetime.date(2026, 4, 1))[:3]
    [('Q2 2026', '2026Q2'), ('Q3 2026', '2026Q3'), ('Q4 2026', '2026Q4')]
    """
    quarter = day.year * 4 + (day.month - 1) // 3
    quarters = [divmod(quarter + step, 4) for step in (0, 1, 2, -1)]
    months = [divmod(day.year * 12 + day.month - 1 + step, 12) for step in (0, 1, 2)]
    return [
        *((_("Q{quarter} {year}").format(quarter=at + 1, year=year), f"{year}Q{at + 1}") for year, at in quarters),
        *((month(datetime.date(year, at + 1, 1)), f"{year}-{at + 1:02}") for year, at in months),
        (str(day.year), str(day.year)),
    ]
