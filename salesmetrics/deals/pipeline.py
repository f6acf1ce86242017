"""The pipeline: a checked table of deals with its target, its time and its stages; what every metric takes."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, TypeVar

import narwhals as nw

from salesmetrics.base.errors import SalesMetricsError
from salesmetrics.base.language import _, aside, date, money, ngettext, number
from salesmetrics.base.typed_numbers import read_target
from salesmetrics.deals.check import Facts, take
from salesmetrics.deals.fields import Columns, Words, names_of, rename_columns, require_columns, require_stage
from salesmetrics.deals.periods import Day, Period, open_at, read_day, read_period, start_of, within

Found = TypeVar("Found")


@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class Pipeline:
    """A table of deals, and what it is held against; :func:`pipeline` makes one.

    Parameters
    ----------
    deals
        The table, with the columns that the kit knows cast: the same kind of table as was given.
    target
        The revenue to win in the period; or one for each group. None where none was given.
    period
        Which open deals are due, and what is won so far: between its first day and its last. None: all open deals.
    as_of
        The day on whose end the deals are looked at, if one was given; :attr:`day` is the day that counts.
    stages
        The stages in order, first to last before won; empty where the order is not known.
    start
        The stage at which the pipeline begins; None: with the first deal.
    currency
        Of the amounts; empty where it is not known.
    source
        The export that the deals were read from, if they were; a report tells of it.
    known, facts, kept
        The columns that the kit knows, as they are summed; what the door saw of the table; and what was worked out of
        it so far.
    """

    deals: Any
    target: float | Mapping[Any, float] | None = None
    period: Period | None = None
    as_of: datetime.date | None = None
    stages: tuple[str, ...] = ()
    start: str | None = None
    currency: str = ""
    source: Any = None
    known: Any
    facts: Facts
    kept: dict[Any, Any] = field(default_factory=dict)

    @property
    def day(self) -> datetime.date:
        """The day that counts: the one that was given, else the last on which a deal was created or closed.

        Raises
        ------
        SalesMetricsError
            Neither is known.
        """
        day = self.as_of or self.facts.latest
        if day is None:
            raise SalesMetricsError(
                _("No deal has a date of creation or closing, so the table does not say when it was made."),
                hint=_('Give the day yourself: as_of="2026-03-31".'),
            )
        return read_day(day)

    @property
    def notes(self) -> tuple[str, ...]:
        """What to know of the table before using any number that comes of it."""
        said = []
        for found in self._mistyped().values():
            note = ngettext(
                "{count} deal says {day}, more than a year after all others: that day was left out as mistyped.",
                "{count} deals say {day}, more than a year after all others: that day was left out as mistyped.",
                found.deals,
            )
            said.append(note.format(count=number(found.deals), day=date(found.day)))
        deals, amount = self._unplaced() if self.start is not None else (0, 0.0)
        if deals:
            note = ngettext(
                "{count} open deal{aside} has no stage that is known and was left out.",
                "{count} open deals{aside} have no stage that is known and were left out.",
                deals,
            )
            said.append(note.format(count=number(deals), aside=aside(amount, self.currency)))
        if not self.facts.ids_checked:
            said.append(_("Ids not checked: in a table that is worked out later, check_deals looks for doubles."))
        return tuple(said)

    def aim(self) -> float:
        """Return the target.

        Raises
        ------
        SalesMetricsError
            There is none, or it is no amount of more than 0.
        """
        return read_target(self.target)

    def frame(self, needed: Iterable[str] = (), *, quick: bool = False) -> nw.LazyFrame[Any]:
        """Return the deals to count on: a mistyped day is empty, and so is the status of what came before the start.

        Parameters
        ----------
        needed
            Columns without which there is nothing to count.
        quick
            Without columns of somebody's own, and out of pandas: for sums that are not given back as a table.
        """
        frame: nw.LazyFrame[Any] = self.known if quick else nw.from_native(self.deals).lazy()
        require_columns(frame, needed)
        emptied = [
            nw.when(nw.col(name) < start_of(found.day)).then(nw.col(name)).alias(name)
            for name, found in self._mistyped().items()
        ]
        frame = frame.with_columns(*emptied) if emptied else frame
        if self.start is None:
            return frame
        self._unplaced()
        return frame.with_columns(status=nw.when(self._far_enough()).then(nw.col("status")))

    def keep(self, key: Any, work: Callable[[], Found]) -> Found:
        """Work something out once.

        Parameters
        ----------
        key
            Names the result, with all that it depends on besides the pipeline's period, day, stages and start.
        work
            Works it out. No words may be in it, since the language may change.
        """
        whole = self._whole(key)
        if whole not in self.kept:
            self.kept[whole] = work()
        found: Found = self.kept[whole]
        return found

    def knows(self, key: Any) -> bool:
        """Return whether something was worked out already."""
        return self._whole(key) in self.kept

    def _whole(self, key: Any) -> tuple[Any, ...]:
        return key, self.period, self.as_of, self.stages, self.start

    def _mistyped(self) -> dict[str, Any]:
        """Return the mistyped days, unless somebody said that the table goes on that far."""
        return {
            name: found for name, found in self.facts.mistyped.items() if self.as_of is None or self.as_of < found.day
        }

    def _far_enough(self) -> nw.Expr:
        """Return where a deal got as far as the start; a won one did, whatever stage it was in."""
        far = self.stages[self.stages.index(self.start or "") :]
        return nw.col("stage").is_in(far) | (nw.col("status") == "won")

    def _unplaced(self) -> tuple[int, float]:
        """Count the open deals without a known stage; lost ones that don't tell how far they got are refused."""
        lost, reached, deals, amount = self.keep("start", self._look_at_stages)
        if lost:
            raise SalesMetricsError(
                _("Lost deals that do not say how far they got: {count}. Their stage is none of {stages}.").format(
                    count=number(lost), stages=", ".join(_(name) for name in self.stages)
                ),
                hint=_(
                    "Many systems overwrite the stage when a deal is lost. Leave out start=, or export its history."
                ),
            )
        if not reached:
            raise SalesMetricsError(
                _("No deal reached “{stage}”.").format(stage=_(self.start or "")),
                hint=_("Begin at an earlier stage, or leave out start=."),
            )
        return int(deals), amount

    def _look_at_stages(self) -> tuple[float, ...]:
        frame = self.known
        require_columns(frame, ["stage", "amount"])
        unknown = nw.col("stage").is_null() | ~nw.col("stage").is_in(self.stages)
        is_open = open_at(self.as_of) & unknown
        if self.period:
            is_open = is_open & within("expected_close_on", self.period)
        counts = {"lost": (nw.col("status") == "lost") & unknown, "reached": self._far_enough(), "deals": is_open}
        rows = frame.select(
            *[nw.when(where).then(1.0).otherwise(0.0).alias(name) for name, where in counts.items()],
            amount=nw.when(is_open & ~nw.col("amount").is_null()).then(nw.col("amount")).otherwise(0.0),
        )
        return tuple(float(value) for value in rows.select(nw.sum(*counts, "amount")).collect().row(0))

    def __repr__(self) -> str:
        said = [type(self).__name__]
        if isinstance(self.target, int | float):
            said.append(_("target {target}").format(target=money(self.target, self.currency)))
        said += [str(self.period)] if self.period else []
        return ", ".join(said)


def pipeline(
    table: Any,
    *,
    columns: Columns | None = None,
    won: Words | None = None,
    lost: Words | None = None,
    target: float | Mapping[Any, float] | None = None,
    period: Period | str | Sequence[Day] | None = None,
    as_of: Day | None = None,
    stages: Sequence[str] | None = None,
    start: str | None = None,
    currency: str | None = None,
) -> Pipeline:
    """Make a pipeline of a table of deals: check it, and say what it is held against.

    Every metric takes what this gives, and works nothing out twice.

    Parameters
    ----------
    table
        A table of deals, see :func:`check_deals`; what :func:`read_deals` read; or a pipeline, to say more of it.
    columns
        Your own columns by what they are, ``{"amount": "Amount", "stage": "StageName"}``: they get the kit's names, and
        all others stay. One column for ``closed_on`` and ``expected_close_on`` is the day of closing of won and lost
        deals, and the expected day of open ones. A status may also be two columns that say yes or no: ``{"status":
        ("IsWon", "IsClosed")}``.
    won, lost
        Your words for won and lost in the column of statuses, or else of stages; all else is open. Both or neither.
    target
        The revenue to win in the period, more than 0; a mapping gives each group its own.
    period
        Which open deals are due and what is won so far: ``"2026Q2"``, ``"2026-05"``, ``"2026"``, or the first and
        last day. By default all open deals count.
    as_of
        Look at the end of this day; by default the latest day on which a deal was created or closed. A past day
        rebuilds which deals were open; amount, stage and due date are those of today.
    stages
        The stages in order, first to last before won.
    start
        Count only deals that got at least as far as this stage. Moved later, coverage falls and conversion rises.
        Needs ``stages``.
    currency
        Of the amounts, where the table has no column that says it: ``"EUR"``.

    Raises
    ------
    SalesMetricsError
        The table can't pass the door; or something that was said of it can't be, such as a word that stands nowhere.

    Examples
    --------
    >>> import pandas as pd
    >>> import salesmetrics as sm
    >>> table = pd.DataFrame({"deal_id": [1, 2], "status": ["open", "won"], "amount": [20_000, 15_000],
    ...                       "closed_on": pd.to_datetime([None, "2026-02-14"])})
    >>> mine = pipeline(table, target=10_000)
    >>> mine.day, float(sm.coverage(mine))
    (datetime.date(2026, 2, 14), 2.0)
    """
    named = not (columns is None and won is None and lost is None)
    if isinstance(table, Pipeline):
        if named:
            raise SalesMetricsError(
                _("columns=, won= and lost= are about a table, but this is a pipeline."),
                hint=_("Give them together with the table itself."),
            )
        made = table
    # An export: it knows its stages, or asks for their order.
    elif not named and callable(getattr(type(table), "pipeline", None)):
        made = table.pipeline(stages=stages, start=start)
    else:
        table = rename_columns(table, columns, won, lost) if named else table
        frame, known, facts = take(table)
        made = Pipeline(deals=frame.to_native(), facts=facts, currency=facts.currency, known=known)
    said: dict[str, Any] = {}
    if target is not None:
        said["target"] = target
        if not isinstance(target, Mapping):
            read_target(target)
    if period is not None:
        said["period"] = read_period(period)
    if as_of is not None:
        said["as_of"] = read_day(as_of)
    if stages is not None:
        said["stages"] = tuple(names_of(stages))
    if currency is not None:
        said["currency"] = currency
    if start is not None:
        said["start"] = require_stage(start, said.get("stages", made.stages))
    return replace(made, **said) if said else made
