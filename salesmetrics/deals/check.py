"""The one door: any table of deals, checked once and cast, so that what comes after can trust it.

A table may be pandas, Polars (eager or lazy), DuckDB, PyArrow or whatever else Narwhals knows; it comes back as the
same kind.
"""

from __future__ import annotations

import datetime
import warnings
from collections.abc import Mapping
from typing import Any, NamedTuple, TypeVar
from weakref import WeakValueDictionary

import narwhals as nw

from salesmetrics.base.errors import SalesMetricsError
from salesmetrics.base.language import _, ngettext, number
from salesmetrics.base.typed_numbers import TOO_LARGE, is_empty
from salesmetrics.deals.fields import DATES, FIELDS, NUMBERS, TEXTS, Frame, cast_columns, read_table, require_columns
from salesmetrics.deals.periods import start_of

__all__ = ["DATES", "NUMBERS", "STATUSES", "TEXTS", "Facts", "cast_deals", "check_deals", "take"]

Table = TypeVar("Table")

STATUSES = ("open", "won", "lost")
_IS = {status: f"· {status}" for status in STATUSES}
NEEDED = ("deal_id", "status", "amount", "closed_on")
YEAR = datetime.timedelta(days=366)
_FEW = 1_000

# Lazy tables whose ids were looked at: such a table is a query that nobody can change, so what was found stays true.
_checked: WeakValueDictionary[int, Any] = WeakValueDictionary()


class Mistyped(NamedTuple):
    """A day that lies more than a year after every other of its kind, and how many deals carry it."""

    day: datetime.date
    deals: int


class Facts(NamedTuple):
    """What one look at a table tells: how far it goes in time, its currency, and what was looked for."""

    open: int
    expected: int
    """Open deals of which a day is expected."""
    latest: datetime.date | None
    mistyped: Mapping[str, Mistyped]
    currency: str
    ids_checked: bool


class _Check(NamedTuple):
    """A rule of the door: the column it is about, where it is broken, and what to say of it."""

    column: str
    broken: nw.Expr
    what: str
    hint: str


def check_deals(table: Table) -> Table:
    """Check a table of deals and cast its columns, so that every metric can count on them.

    One row per deal. Needed: ``deal_id`` (text, unique), ``status`` ("open", "won" or "lost"), ``amount`` (a number
    of 0 or more, or empty), ``closed_on`` (a date for won and lost deals, empty for open ones). Known besides:
    ``created_on``, ``expected_close_on`` (dates), ``probability`` (0 to 1), ``stage``, ``channel``, ``owner``,
    ``account``, ``loss_reason``, ``currency`` (one per table). Other columns are left as they are.

    Parameters
    ----------
    table
        A pandas, Polars, DuckDB or PyArrow table, or another that Narwhals knows.

    Returns
    -------
    The same kind of table, with the known columns cast: dates without a time zone, numbers as floats, absent
    optional dates added empty.

    Raises
    ------
    SalesMetricsError
        A needed column is missing, a column holds the wrong kind of value, or a row breaks a rule. The message names
        the deals.

    Warns
    -----
    UserWarning
        Deals were closed before they were created: odd, but kept.

    Examples
    --------
    >>> import pandas as pd
    >>> table = pd.DataFrame({"deal_id": [1, 2], "status": ["open", "won"], "amount": [20_000, 15_000],
    ...                       "closed_on": pd.to_datetime([None, "2026-02-14"])})
    >>> check_deals(table)["amount"].tolist()
    [20000.0, 15000.0]
    """
    frame = _cast(table, NEEDED)
    early = nw.col("closed_on") < nw.col("created_on").dt.truncate("1d")
    sums = _look(frame.lazy(), {"early": early}, ids=True)
    if sums["early"]:
        warnings.warn(
            _("Closed before they were created, but kept: {deals}.").format(
                deals=_some(frame.lazy(), early, int(sums["early"]))
            ),
            stacklevel=2,
        )
    native: Table = frame.to_native()
    if isinstance(frame, nw.LazyFrame):
        _checked[id(native)] = native
    return native


def cast_deals(table: Table) -> Table:
    """Cast the columns as ``check_deals`` does, for rows of which each was checked where it was read.

    Examples
    --------
    >>> import pandas as pd
    >>> list(cast_deals(pd.DataFrame({"deal_id": ["1"], "status": "open", "amount": 5, "closed_on": None})).columns)
    ['deal_id', 'status', 'amount', 'closed_on', 'created_on', 'expected_close_on']
    """
    return _cast(table, NEEDED).to_native()  # type: ignore[no-any-return]


def take(table: object) -> tuple[Any, Any, Facts]:
    """Cast a table for a metric, check in one pass what it holds, and return what was found.

    Between the table and what was found stand the columns that the kit knows, as they are summed.

    Which columns it needs, a metric says itself. A lazy table is cast lazily, and its ids are not looked at: that
    would take all of them at once. ``check_deals`` does.
    """
    frame = _cast(table, ("status", "closed_on"))
    lazy = isinstance(frame, nw.LazyFrame)
    ids_checked = not lazy or _checked.get(id(table)) is table
    known = _in_arrow(frame)
    rows = known.lazy()
    is_open = nw.col(_IS["open"])
    sums = _look(rows, {"open": is_open, "expected": is_open & ~nw.col("expected_close_on").is_null()}, ids=not lazy)
    ends = {name: sums[name].date() for name in ("created_on", "closed_on") if sums[name] is not None}
    latest, mistyped = _latest(known, ends)
    facts = Facts(
        open=int(sums["open"]),
        expected=int(sums["expected"]),
        latest=latest,
        mistyped=mistyped,
        currency=sums.get("currency") or "",
        ids_checked=ids_checked,
    )
    return frame, rows, facts


def _cast(table: object, needed: tuple[str, ...]) -> Any:
    frame = read_table(table)
    require_columns(frame, needed)
    return cast_columns(frame)


def _in_arrow(table: Frame) -> Frame:
    """Return what the kit knows of a pandas table in Arrow, which takes a fraction of the time; others as they are."""
    if not table.implementation.is_pandas():
        return table
    import pyarrow as pa

    known = table.select([name for name in table.collect_schema().names() if name in FIELDS])
    found = pa.Table.from_pandas(known.to_native(), preserve_index=False, nthreads=1)
    for place, column in enumerate(found.columns):
        # pandas counts its letters in 64 bits; in 32, which hold 2 GB, Arrow groups by them in a third of the time.
        if column.type == pa.large_string() and column.nbytes < 2**31:
            found = found.set_column(place, found.column_names[place], column.cast(pa.string()))
    arrow: Frame = nw.from_native(found)
    return arrow


def _checks(columns: list[str]) -> list[_Check]:
    """Return the rules of the columns that are there, in the order in which they are told."""
    is_open, won, lost = (nw.col(name) for name in _IS.values())
    amount, probability = nw.col("amount"), nw.col("probability")
    no_id, no_day = nw.col("deal_id").is_null(), nw.col("closed_on").is_null()
    unknown, ended = nw.col("status").is_null() | ~(is_open | won | lost), won | lost
    no_amount, no_chance = (amount < 0) | (amount >= TOO_LARGE), (probability < 0) | (probability > 1)
    day_to_come = _("Put the day on which you expect to close in expected_close_on.")
    may_be_empty = _("An amount is 0 or more; leave it empty where it is unknown.")
    day_of_ending = _("Fill in the day on which they were won or lost.")
    rules = [
        _Check("deal_id", no_id, _("Deals without a deal_id"), _("Give every deal an id of its own.")),
        _Check("status", unknown, _("Unknown status"), _("A status is open, won or lost, in those words.")),
        _Check("amount", no_amount, _("Amounts below 0 or too large"), may_be_empty),
        _Check("closed_on", ended & no_day, _("Won or lost deals without closed_on"), day_of_ending),
        _Check("closed_on", is_open & ~no_day, _("Open deals with a closed_on"), day_to_come),
        _Check("probability", no_chance, _("Probabilities outside 0 to 1"), _("25% is 0.25.")),
    ]
    return [rule for rule in rules if rule.column in columns]


def _look(frame: nw.LazyFrame[Any], asked: Mapping[str, nw.Expr], *, ids: bool) -> dict[str, Any]:
    """Check the table in one pass: refuse what breaks a rule, and count what is asked besides."""
    columns = frame.collect_schema().names()
    # Comparing text is what costs most: each row's status is compared once with each word, for all rules.
    frame = frame.with_columns(*[(nw.col("status") == status).alias(name) for status, name in _IS.items()])
    checks = _checks(columns)
    ids = ids and "deal_id" in columns
    conditions = {f"c{i}": check.broken for i, check in enumerate(checks)} | dict(asked)
    kept = [name for name in ("deal_id", "created_on", "closed_on", "currency") if name in columns]
    counted = frame.select(
        *kept, *[where.fill_null(False).cast(nw.Int8).alias(name) for name, where in conditions.items()]
    )
    ends = [nw.max(name) for name in ("created_on", "closed_on")]
    if ids:
        ends.append(nw.col("deal_id").n_unique())
    if "currency" in columns:
        ends += [nw.min("currency").alias("first"), nw.max("currency")]
    totals = counted.select(nw.len().alias("rows"), *ends, nw.sum(*conditions)).collect()
    sums = {name: None if is_empty(value) else value for name, value in zip(totals.columns, totals.row(0), strict=True)}
    if not sums["rows"]:
        raise SalesMetricsError(_("The table has no rows."), hint=_("Check the export and its filters."))
    for i, check in enumerate(checks):
        if count := sums[f"c{i}"]:
            raise SalesMetricsError(f"{check.what}: {_some(frame, check.broken, int(count))}.", hint=check.hint)
    if ids and sums["deal_id"] < sums["rows"]:
        twice = frame.group_by("deal_id").agg(nw.len().alias("n"))
        raise SalesMetricsError(
            _("Deals that stand in the table more than once: {deals}.").format(
                deals=_some(twice, nw.col("n") > 1, sums["rows"] - sums["deal_id"])
            ),
            hint=_("Keep one row per deal."),
        )
    if "currency" in columns and sums["first"] != sums["currency"]:
        found = frame.select("currency").unique().filter(~nw.col("currency").is_null()).collect()
        raise SalesMetricsError(
            _("The table holds several currencies: {found}.").format(found=", ".join(sorted(found["currency"]))),
            hint=_("Keep the deals of one currency, or convert the amounts first."),
        )
    return sums


def _latest(table: Frame, ends: Mapping[str, datetime.date]) -> tuple[datetime.date | None, dict[str, Mistyped]]:
    """Return on which day the table was made, and which day is mistyped: more than a year after all others of its kind.

    The only day of its kind is not mistyped: there is no other to tell it by.
    """
    others: dict[str, tuple[datetime.date | None, int]] = {}
    alone = dict(ends)
    # Mostly the first or last rows hold a day of the year before already, and no others have to be looked at. Of a lazy
    # table only the first can be had by themselves.
    few = [table.head(_FEW)] if isinstance(table, nw.LazyFrame) else [table.head(_FEW), table.tail(_FEW)]
    for rows in (*few, table):
        if alone:
            size, others = _days_before(rows, alone)
            alone = {name: end for name, end in alone.items() if not _is_near(others[name][0], end)}
            if size < _FEW:
                break
    days, mistyped = dict(ends), {}
    for name, end in alone.items():
        other, deals = others[name]
        if other is not None:
            mistyped[name], days[name] = Mistyped(end, deals), other
    return max(days.values(), default=None), mistyped


def _is_near(other: datetime.date | None, end: datetime.date) -> bool:
    return other is not None and end - other <= YEAR


def _days_before(
    rows: Frame, ends: Mapping[str, datetime.date]
) -> tuple[int, dict[str, tuple[datetime.date | None, int]]]:
    """Count rows and give, for each kind of day, the last before its end, and how many deals carry the end itself."""
    columns: dict[str, nw.Expr] = {}
    for name, end in ends.items():
        day = nw.col(name)
        columns[name] = nw.when(day < start_of(end)).then(day)
        # Not "not before": of an empty day Dask says that as well.
        columns[f"{name}_deals"] = (day >= start_of(end)).fill_null(False).cast(nw.Int8)
    sums = [nw.sum(f"{name}_deals") for name in ends]
    found = rows.select(**columns).select(nw.len(), *[nw.max(name) for name in ends], *sums)
    size, *values = (found.collect() if isinstance(found, nw.LazyFrame) else found).row(0)
    days = [None if is_empty(day) else day.date() for day in values[: len(ends)]]
    return int(size), dict(zip(ends, zip(days, map(int, values[len(ends) :]), strict=True), strict=True))


def _some(frame: nw.LazyFrame[Any], where: nw.Expr, count: int) -> str:
    total = ngettext("{count} row", "{count} rows", count).format(count=number(count))
    if "deal_id" not in frame.collect_schema().names():
        return total
    names = frame.filter(where).select("deal_id").sort("deal_id").head(3).collect().get_column("deal_id").to_list()
    listed = ", ".join(f"“{name}”" for name in names if isinstance(name, str))
    return f"{total} ({listed}{', …' if count > 3 else ''})" if listed else total
