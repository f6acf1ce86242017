"""The columns of any table of deals, each in its own type: text, dates without a zone, numbers."""

from __future__ import annotations

import datetime
import numbers
from collections.abc import Iterable
from typing import Any

import narwhals as nw

from salesmetrics.base.errors import SalesMetricsError
from salesmetrics.base.language import _, did_you_mean

Frame = nw.DataFrame[Any] | nw.LazyFrame[Any]

TEXTS = ("deal_id", "status", "stage", "channel", "owner", "account", "loss_reason", "currency")
DATES = ("created_on", "closed_on", "expected_close_on")
NUMBERS = ("amount", "probability")


def read_table(table: object) -> Frame:
    """Take any table that Narwhals knows; anything else is refused."""
    try:
        return nw.from_native(table)
    except TypeError:
        raise SalesMetricsError(
            _("A table of deals was expected, but this is a {kind}.").format(kind=type(table).__name__),
            hint=_("Give a pandas, Polars, DuckDB or PyArrow table; read_deals makes one from a file."),
        ) from None


def require_columns(table: Frame, needed: Iterable[str]) -> None:
    """Refuse a table that lacks a column, and name the column that looks most like it."""
    columns = table.collect_schema().names()
    for name in needed:
        if name not in columns:
            raise SalesMetricsError(
                _("The table has no column “{name}”.").format(name=name),
                hint=did_you_mean(name, columns) if columns else _("The table has no columns at all."),
            )


def cast_columns(table: Frame) -> Frame:
    """Cast the columns that the kit knows, and add the absent dates, empty."""
    schema = table.collect_schema()
    casts = [_cast(table, name, dtype) for name, dtype in schema.items() if name in TEXTS + DATES + NUMBERS]
    absent = [nw.lit(None, dtype=nw.Datetime("us")).alias(name) for name in DATES if name not in schema]
    return table.with_columns(*casts, *absent)


def _cast(table: Frame, name: str, dtype: nw.dtypes.DType) -> nw.Expr:
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
