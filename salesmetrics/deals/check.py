"""The one door: any table of deals, checked once and cast, so that what comes after can trust it.

A table may be pandas, Polars (eager or lazy), DuckDB, PyArrow or whatever else Narwhals knows; it comes back as the
same kind.
"""

from __future__ import annotations

import datetime
import math
import numbers
import warnings
from collections.abc import Iterable
from typing import Any, NamedTuple, TypeVar

import narwhals as nw

from salesmetrics.base.errors import SalesMetricsError
from salesmetrics.base.language import _, did_you_mean, ngettext, number

Table = TypeVar("Table")

STATUSES = ("open", "won", "lost")
TEXTS = ("deal_id", "status", "stage", "channel", "owner", "account", "loss_reason", "currency")
DATES = ("created_on", "closed_on", "expected_close_on")
NUMBERS = ("amount", "probability")
NEEDED = ("deal_id", "status", "amount", "closed_on")


class _Check(NamedTuple):
    """A rule of the door: where it is broken, and what to say of it."""

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
    frame = _cast_all(table)
    _check_rows(frame.lazy())
    return frame.to_native()  # type: ignore[no-any-return]


def cast_deals(table: Table) -> Table:
    """Cast the columns as ``check_deals`` does, for rows of which each was checked where it was read.

    Examples
    --------
    >>> import pandas as pd
    >>> list(cast_deals(pd.DataFrame({"deal_id": ["1"], "status": "open", "amount": 5, "closed_on": None})).columns)
    ['deal_id', 'status', 'amount', 'closed_on', 'created_on', 'expected_close_on']
    """
    return _cast_all(table).to_native()  # type: ignore[no-any-return]


def _cast_all(table: object) -> Any:
    native = read_table(table)
    require_columns(native, NEEDED)
    schema = native.collect_schema()
    casts = [_cast(native, name, dtype) for name, dtype in schema.items() if name in TEXTS + DATES + NUMBERS]
    absent = [nw.lit(None, dtype=nw.Datetime("us")).alias(name) for name in DATES if name not in schema]
    return native.with_columns(*casts, *absent)


def read_table(table: object) -> nw.DataFrame[Any] | nw.LazyFrame[Any]:
    """Take any table that Narwhals knows; anything else is refused."""
    try:
        return nw.from_native(table)
    except TypeError:
        raise SalesMetricsError(
            _("A table of deals was expected, but this is a {kind}.").format(kind=type(table).__name__),
            hint=_("Give a pandas, Polars, DuckDB or PyArrow table; read_deals makes one from a file."),
        ) from None


def require_columns(table: nw.DataFrame[Any] | nw.LazyFrame[Any], needed: Iterable[str]) -> None:
    """Refuse a table that lacks a column, and name the column that looks most like it."""
    columns = table.collect_schema().names()
    for name in needed:
        if name not in columns:
            raise SalesMetricsError(
                _("The table has no column “{name}”.").format(name=name),
                hint=did_you_mean(name, columns) if columns else _("The table has no columns at all."),
            )


def require_checked(table: object, needed: Iterable[str]) -> nw.LazyFrame[Any]:
    """Take a table that has passed the door: the columns are there and have the door's types; values are trusted."""
    frame = read_table(table)
    needed = tuple(needed)
    require_columns(frame, needed)
    schema = frame.collect_schema()
    for name in needed:
        wanted = nw.String if name in TEXTS else nw.Float64 if name in NUMBERS else nw.Datetime("us")
        if name in TEXTS + DATES + NUMBERS and schema[name] != wanted:
            raise SalesMetricsError(
                _("The column “{name}” holds {found}; that is not how a checked table holds it.").format(
                    name=name, found=schema[name]
                ),
                hint=_("Pass the table through check_deals first: deals = sm.check_deals(table)."),
            )
    return frame.lazy()


def currency_of(deals: object) -> str:
    """Read the code of the currency that a table's amounts are in; the euro where it has no such column."""
    frame = read_table(deals).lazy()
    if "currency" not in frame.collect_schema().names():
        return "EUR"
    codes = frame.select("currency").filter(~nw.col("currency").is_null()).head(1).collect()
    return str(codes.item()) if len(codes) else ""


def _cast(table: nw.DataFrame[Any] | nw.LazyFrame[Any], name: str, dtype: nw.dtypes.DType) -> nw.Expr:
    column = nw.col(name)
    kind: nw.dtypes.DType
    untyped = dtype in (nw.Object, nw.Unknown)
    if name in TEXTS:
        wanted, kind = _("text"), nw.String()
        if dtype in (nw.String, nw.Categorical, nw.Enum) or (name == "deal_id" and dtype.is_integer()):
            return column.cast(kind)
    elif name in DATES:
        wanted, kind = _("dates"), nw.Datetime("us")
        # Wall-clock days: a zone is dropped, not converted, so that a deal stays on the day its seller saw. A pandas
        # zone with an underscore, America/New_York, is a type that Narwhals does not know.
        zoned = dtype == nw.Unknown or getattr(dtype, "time_zone", None)
        if dtype in (nw.Date, nw.Datetime) or (untyped and _all_of(table, name, datetime.date, least=1)):
            return (column.dt.replace_time_zone(None) if zoned else column).cast(kind).alias(name)
    else:
        wanted, kind = _("numbers"), nw.Float64()
        if dtype.is_numeric() or (untyped and _all_of(table, name, numbers.Number, least=1)):
            return nw.when(~column.cast(kind).is_nan()).then(column.cast(kind)).alias(name)
    if _all_of(table, name, ()):
        return nw.lit(None, dtype=kind).alias(name)
    raise SalesMetricsError(
        _("The column “{name}” must hold {wanted}, but it holds {found}.").format(
            name=name, wanted=wanted, found=dtype
        ),
        hint=_("Convert the column first, or read the file with read_deals, which knows how people write these."),
    )


def _all_of(table: Any, name: str, kind: Any, least: int = 0) -> bool:
    """Tell whether a column's filled values, when there are enough of them, are all of this kind."""
    values = table.select(name).lazy().collect().get_column(name).to_list()
    filled = [value for value in values if value is not None and value == value]
    return len(filled) >= least and all(isinstance(value, kind) for value in filled)


def _checks(columns: list[str]) -> list[_Check]:
    status, closed_on, amount = nw.col("status"), nw.col("closed_on"), nw.col("amount")
    empty = closed_on.is_null()
    checks = [
        _Check(nw.col("deal_id").is_null(), _("Deals without a deal_id"), _("Give every deal an id of its own.")),
        _Check(
            status.is_null() | ~status.is_in(STATUSES),
            _("Unknown status"),
            _("A status is open, won or lost, in those words."),
        ),
        _Check(
            (amount < 0) | (amount == math.inf),
            _("Amounts below 0 or without end"),
            _("An amount is 0 or more; leave it empty where it is unknown."),
        ),
        _Check(
            status.is_in(("won", "lost")) & empty,
            _("Won or lost deals without closed_on"),
            _("Fill in the day on which they were won or lost."),
        ),
        _Check(
            (status == "open") & ~empty,
            _("Open deals with a closed_on"),
            _("Put the day on which you expect to close in expected_close_on."),
        ),
    ]
    if "probability" in columns:
        probability = nw.col("probability")
        checks.append(
            _Check((probability < 0) | (probability > 1), _("Probabilities outside 0 to 1"), _("25% is 0.25."))
        )
    return checks


def _check_rows(frame: nw.LazyFrame[Any]) -> None:
    columns = frame.collect_schema().names()
    checks = _checks(columns)
    # By whole days: some systems write a time with the creation and none with the closing.
    odd = nw.col("closed_on") < nw.col("created_on").dt.truncate("1d")
    conditions = [check.broken for check in checks] + [odd]
    counted = frame.select(
        nw.col("deal_id"), *[nw.when(broken).then(1).otherwise(0).alias(f"c{i}") for i, broken in enumerate(conditions)]
    )
    totals = counted.select(
        nw.len().alias("rows"),
        nw.col("deal_id").n_unique().alias("ids"),
        nw.sum(*[f"c{i}" for i in range(len(conditions))]),
    )
    rows, ids, *broken_rows = totals.collect().row(0)
    if not rows:
        raise SalesMetricsError(_("The table has no rows."), hint=_("Check the export and its filters."))
    for check, count in zip(checks, broken_rows, strict=False):
        if count:
            raise SalesMetricsError(f"{check.what}: {_some(frame, check.broken, int(count))}.", hint=check.hint)
    if ids < rows:
        twice = frame.group_by("deal_id").agg(nw.len().alias("n"))
        raise SalesMetricsError(
            _("Deals that stand in the table more than once: {deals}.").format(
                deals=_some(twice, nw.col("n") > 1, rows - ids)
            ),
            hint=_("Keep one row per deal."),
        )
    if "currency" in columns:
        _check_currency(frame)
    if broken_rows[-1]:
        warnings.warn(
            _("Closed before they were created, but kept: {deals}.").format(
                deals=_some(frame, odd, int(broken_rows[-1]))
            ),
            stacklevel=3,
        )


def _check_currency(frame: nw.LazyFrame[Any]) -> None:
    currencies = frame.select("currency").unique().filter(~nw.col("currency").is_null()).collect()["currency"].to_list()
    if len(currencies) > 1:
        raise SalesMetricsError(
            _("The table holds several currencies: {found}.").format(found=", ".join(sorted(currencies))),
            hint=_("Keep the deals of one currency, or convert the amounts first."),
        )


def _some(frame: nw.LazyFrame[Any], where: nw.Expr, count: int) -> str:
    names = frame.filter(where).select("deal_id").sort("deal_id").head(3).collect().get_column("deal_id").to_list()
    listed = ", ".join(f"“{name}”" for name in names if name is not None and name == name)
    total = ngettext("{count} row", "{count} rows", count).format(count=number(count))
    return f"{total} ({listed}{', …' if count > 3 else ''})" if listed else total
