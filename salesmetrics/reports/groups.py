"""Groups of deals, such as teams: of each the coverage of three periods, and what its past quarters began with."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any, NamedTuple

import narwhals as nw

from salesmetrics.base.errors import unless_refused
from salesmetrics.base.language import _, money, times
from salesmetrics.deals.cast import is_empty
from salesmetrics.deals.periods import Period, period_name
from salesmetrics.deals.pipeline import Pipeline
from salesmetrics.forecast import past_quarters
from salesmetrics.forecast.side_by_side import periods_of
from salesmetrics.metrics import coverage


class Group(NamedTuple):
    """One group of deals: what is open and due in the period, its target, and the one divided by the other.

    ``coverages`` are of the period and of the two after it, or of all that is open; ``began`` is what its past quarters
    began with, against what they brought. None stands for what can't be told.
    """

    name: str
    open: float | None
    target: float | None
    coverages: tuple[float | None, ...]
    began: float | None


def groups_by(mine: Pipeline, by: str, own: Mapping[str, float], of_periods: Mapping[Any, float]) -> tuple[Group, ...]:
    """Work out each group of a column.

    Parameters
    ----------
    mine
        The deals, with their target and period.
    by
        The column.
    own
        A target for each group; where there is none at all, every group is held against the whole target.
    of_periods
        The whole targets of other periods.

    Raises
    ------
    SalesMetricsError
        Some groups have a target of their own and others have not; or as in :func:`coverage`.
    """

    def covered(period: Period | None, *columns: str) -> list[tuple[Any, ...]]:
        whole = of_periods.get(period, mine.aim())
        return _rows(coverage(mine, by=by, period=period, target=own or whole), by, *columns)

    periods: list[Period | None] = [*periods_of(mine)] or [None]
    first, *later = periods
    rows = covered(first, "value", "numerator", "denominator")
    # Of a later period may be known too little to tell; the report's lines say why, also of past quarters.
    none: list[Any] = []
    values = [{name: value for name, value, *_sides in rows}]
    values += [dict(unless_refused(partial(covered, period, "value"), none)) for period in later]
    began = dict(unless_refused(lambda: _rows(past_quarters(mine, by=by), by, "value"), none))
    found = [
        Group(
            "" if is_empty(name) else str(name),
            _known(due),
            _known(aim),
            tuple(_known(each.get(name)) for each in values),
            _known(began.get(name)),
        )
        for name, _value, due, aim in rows
    ]
    names = {group.name for group in found}
    # With a target and no deal at all: nothing covers it.
    empty = [Group(name, 0.0, own[name], (0.0,) * len(values), None) for name in own if name not in names]
    return (*found, *empty)


def most_open_first(groups: Sequence[Group]) -> list[Group]:
    """Return the groups in order of what is open and due; those of which it is not known come last."""
    return sorted(groups, key=lambda group: -1.0 if group.open is None else group.open, reverse=True)


def in_columns(
    groups: Sequence[Group], periods: Sequence[Period], currency: str
) -> tuple[list[str], list[tuple[str, ...]]]:
    """Return the headers of a table of groups and the cells of each; past quarters only where any can be told."""
    headers = ["", _("open ÷ target"), *(map(period_name, periods) if periods else [_("coverage")])]
    tells = any(group.began is not None for group in groups)
    rows = []
    for group in groups:
        sides = ("–" if side is None else money(round(side), currency) for side in (group.open, group.target))
        values = [*group.coverages, *([group.began] if tells else [])]
        written = ("–" if value is None else times(value) for value in values)
        rows.append((group.name or _("(empty)"), " ÷ ".join(sides), *written))
    return [*headers, *([_("past quarters")] if tells else [])], rows


def _rows(table: Any, *columns: str) -> list[tuple[Any, ...]]:
    frame = nw.from_native(table)
    return (frame.collect() if isinstance(frame, nw.LazyFrame) else frame).select(*columns).rows()


def _known(value: Any) -> float | None:
    return None if is_empty(value) else float(value)
