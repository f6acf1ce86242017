"""The columns of any table of deals, each in its own type: text, dates without a zone, numbers."""

from __future__ import annotations

import datetime
import decimal
import numbers
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from typing import Any

import narwhals as nw

from salesmetrics.base.errors import SalesMetricsError
from salesmetrics.base.language import _, did_you_mean

Frame = nw.DataFrame[Any] | nw.LazyFrame[Any]

TEXTS = ("deal_id", "status", "stage", "channel", "owner", "account", "loss_reason", "currency")
DATES = ("created_on", "closed_on", "expected_close_on")
NUMBERS = ("amount", "probability")


def read_table(table: object) -> Frame:
    """Read any table that Narwhals knows; anything else is refused, and so are two columns of one name."""
    try:
        frame: Frame = nw.from_native(table)
        names = frame.collect_schema().names()
    except TypeError:
        raise SalesMetricsError(
            _("A table of deals was expected, but this is a {kind}.").format(kind=type(table).__name__),
            hint=_("Give a pandas, Polars, DuckDB or PyArrow table; read_deals makes one from a file."),
        ) from None
    except (nw.exceptions.DuplicateError, ValueError) as error:
        raise SalesMetricsError(
            _("The table has columns of the same name."), hint=_("Give every column a name of its own.")
        ) from error
    if nw.dependencies.is_pandas_dataframe(table) and not set(names).isdisjoint(table.index.names):
        # What is both a column and the index pandas refuses to sort or to group by.
        return nw.maybe_reset_index(frame)
    return frame


def require_columns(table: Frame, needed: Iterable[str]) -> None:
    """Refuse a table that lacks a column, and name the column that looks most like it."""
    columns = table.collect_schema().names() if (needed := tuple(needed)) else []
    for name in needed:
        if name not in columns:
            raise SalesMetricsError(
                _("The table has no column “{name}”.").format(name=name),
                hint=did_you_mean(name, map(str, columns)) if columns else _("The table has no columns at all."),
            )


def cast_columns(table: Frame) -> Frame:
    """Cast the columns that the kit knows, and add the absent dates, empty."""
    schema = table.collect_schema()
    casts = [_cast(table, name, dtype) for name, dtype in schema.items() if name in TEXTS + DATES + NUMBERS]
    absent = [nw.lit(None, dtype=nw.Datetime("us")).alias(name) for name in DATES if name not in schema]
    return table.with_columns(*casts, *absent)


def _cast(table: Frame, name: str, dtype: nw.dtypes.DType) -> nw.Expr | nw.Series[Any]:
    column = nw.col(name)
    kind: nw.dtypes.DType
    held: Any
    read: Callable[[Any], object]
    if name in TEXTS:
        wanted, kind, held, read = _("text"), nw.String(), str, str
        if dtype in (nw.String, nw.Categorical, nw.Enum) or (name == "deal_id" and dtype.is_integer()):
            return column.cast(kind)
    elif name in DATES:
        wanted, kind, held, read = _("dates"), nw.Datetime("us"), datetime.date, _day
        if dtype in (nw.Date, nw.Datetime):
            # Wall-clock days: a zone is dropped, not converted, so that a deal stays on the day its seller saw.
            zoned = getattr(dtype, "time_zone", None)
            return (column.dt.replace_time_zone(None) if zoned else column).cast(kind).alias(name)
    else:
        wanted, kind, held, read = _("numbers"), nw.Float64(), numbers.Real | decimal.Decimal, float
        if dtype.is_numeric():
            return nw.when(~column.cast(kind).is_nan()).then(column.cast(kind)).alias(name)
    values = table.select(name).lazy().collect().get_column(name).to_list()
    filled = [value for value in values if not is_empty(value)]
    if not filled:
        return nw.lit(None, dtype=kind).alias(name)
    # True is a number to Python, and to nobody else.
    is_held = all(isinstance(value, held) and not isinstance(value, bool) for value in filled)
    if is_held and isinstance(table, nw.DataFrame) and dtype in (nw.Object, nw.Unknown):
        with suppress(ValueError, ArithmeticError):
            plain = [None if is_empty(value) else read(value) for value in values]
            return nw.new_series(name, plain, kind, backend=table.implementation)
    raise SalesMetricsError(
        _("The column “{name}” must hold {wanted}, but it holds {found}.").format(
            name=name, wanted=wanted, found=dtype
        ),
        hint=_("Convert the column first, or read the file with read_deals, which knows how people write these."),
    )


def is_empty(value: object) -> bool:
    """Return whether a value is missing, as whatever engine writes that: None, a NaN, a NaT or an NA.

    Examples
    --------
    >>> is_empty(float("nan")), is_empty(0.0)
    (True, False)
    """
    if value is None:
        return True
    try:
        return bool(value != value)
    except TypeError:  # an NA is neither equal to itself nor not
        return True
    except ArithmeticError:  # a signalling NaN: a mistake, and nothing that is left empty
        return False


def _day(value: datetime.date) -> datetime.datetime:
    if isinstance(value, datetime.datetime):
        return value.replace(tzinfo=None)
    return datetime.datetime(value.year, value.month, value.day)


def in_arrow(table: Frame) -> Frame:
    """Return what the kit knows of a pandas table in Arrow, which takes a fraction of the time; others as they are."""
    if not table.implementation.is_pandas():
        return table
    import pyarrow as pa

    known = table.select([name for name in table.collect_schema().names() if name in TEXTS + DATES + NUMBERS])
    found = pa.Table.from_pandas(known.to_native(), preserve_index=False, nthreads=1)
    for place, column in enumerate(found.columns):
        # pandas counts its letters in 64 bits; in 32, which hold 2 GB, Arrow groups by them in a third of the time.
        if column.type == pa.large_string() and column.nbytes < 2**31:
            found = found.set_column(place, found.column_names[place], column.cast(pa.string()))
    arrow: Frame = nw.from_native(found)
    return arrow


def names_of(one_or_more: str | Sequence[str] | None) -> list[str]:
    """Return one name, several or none as a list; what is no name is refused."""
    names = [one_or_more] if isinstance(one_or_more, str) or not isinstance(one_or_more, Iterable) else one_or_more
    found = [name for name in names if name is not None]
    if all(isinstance(name, str) for name in found):
        return found
    raise SalesMetricsError(
        _("“{found}” is not a name, or a list of names.").format(found=one_or_more),
        hint=_('Write one as "Demo", and several as ["Demo", "Proposal"].'),
    )


def require_stage(start: str, stages: Sequence[str]) -> str:
    """Return the stage at which a pipeline begins; refuse one that is none of them, or stages of no known order."""
    if not stages:
        raise SalesMetricsError(
            _("A pipeline that begins at {stage} needs the stages in their order.").format(stage=_(str(start))),
            hint=_("Add them: stages=scenario.stages, or a list from first to last."),
        )
    if start not in stages:
        raise SalesMetricsError(_("There is no stage “{stage}”.").format(stage=start), hint=did_you_mean(start, stages))
    return start


def require_once(names: Sequence[str]) -> None:
    """Refuse a name that stands in a list twice: what is counted for it would be counted twice."""
    for name in names:
        if names.count(name) > 1:
            raise SalesMetricsError(
                _("“{name}” stands in the list twice.").format(name=name), hint=_("Name each once.")
            )
