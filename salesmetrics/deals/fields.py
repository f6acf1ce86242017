"""The fields of a deal from any table: which column is which, which words mean won and lost, each in its own type."""

from __future__ import annotations

import datetime
import decimal
import numbers
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from typing import Any

import narwhals as nw

from salesmetrics.base.errors import SalesMetricsError
from salesmetrics.base.language import _, did_you_mean, ngettext, number
from salesmetrics.base.typed_numbers import is_empty

Frame = nw.DataFrame[Any] | nw.LazyFrame[Any]
Columns = Mapping[str, str | Sequence[str]]
Words = str | int | Sequence[str | int]

TEXTS = ("deal_id", "status", "stage", "channel", "owner", "account", "loss_reason", "currency")
DATES = ("created_on", "closed_on", "expected_close_on")
NUMBERS = ("amount", "probability")
FIELDS = TEXTS + DATES + NUMBERS
# Of a wrong column there may be as many words as rows.
_MOST_WORDS = 50


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
    casts = [_cast(table, name, dtype) for name, dtype in schema.items() if name in FIELDS]
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
    how = _("Convert the column first, or read the file with read_deals, which knows how people write these.")
    raise _wrong_kind(name, wanted, dtype, how)


def _day(value: datetime.date) -> datetime.datetime:
    if isinstance(value, datetime.datetime):
        return value.replace(tzinfo=None)
    return datetime.datetime(value.year, value.month, value.day)


def rename_columns(table: Any, columns: Columns | None, won: Words | None, lost: Words | None) -> Any:
    """Return a table of deals under the kit's names, from a table under its own; the same kind, and lazy where it is.

    As :func:`salesmetrics.pipeline` says it: a column that is named gets the field's name, one that is named for two
    fields stands under both, and all others stay as they are.

    Examples
    --------
    >>> import pandas as pd
    >>> table = pd.DataFrame({"Id": [1, 2], "StageName": ["Signed", "Demo"], "Region": ["North", "South"]})
    >>> columns = {"deal_id": "Id", "status": "StageName", "stage": "StageName"}
    >>> rename_columns(table, columns, won="Signed", lost=[]).to_dict("list")
    {'Region': ['North', 'South'], 'deal_id': [1, 2], 'status': ['won', 'open'], 'stage': ['Signed', 'Demo']}
    """
    frame = read_table(table)
    sources = {field: _names(field, source) for field, source in (columns or {}).items()}
    require_columns(frame, [name for names in sources.values() for name in names])
    if "status" not in sources and (won is not None or lost is not None):
        # Where nothing else says it, the last stages do.
        own = "status" in frame.collect_schema().names() or "stage" not in sources
        sources["status"] = ["status"] if own else sources["stage"]
        require_columns(frame, sources["status"])
    named = {name for names in sources.values() for name in names}
    rest = [name for name in frame.collect_schema().names() if name not in named]
    _require_room(rest, sources)
    fields = {field: nw.col(names[0]) for field, names in sources.items()}
    if "status" in sources:
        fields["status"], closed = _outcome(frame, sources["status"], won, lost)
        if "closed_on" in sources and sources.get("expected_close_on") == sources["closed_on"]:
            # One column that is two things, as in many a CRM: of an open deal the day is expected.
            day = fields["closed_on"]
            fields |= {"closed_on": nw.when(closed).then(day), "expected_close_on": nw.when(~closed).then(day)}
    return frame.select(*rest, **fields).to_native()


def _names(field: str, source: object) -> list[str]:
    """Return a field's own column, or the two of a status."""
    if field not in FIELDS:
        raise SalesMetricsError(
            _("{option}= names “{name}”, which is not something a deal has.").format(option="columns", name=field),
            hint=did_you_mean(field, FIELDS),
        )
    names = [source] if isinstance(source, str) else source
    few = isinstance(names, Sequence) and 1 <= len(names) <= (2 if field == "status" else 1)
    if isinstance(names, Sequence) and few and all(isinstance(name, str) for name in names):
        return list(names)
    raise SalesMetricsError(
        _("columns= gives no column for “{field}”, but {found}.").format(field=field, found=repr(source)),
        hint=_('Name one column; of a status also two that say yes or no: "status": ("IsWon", "IsClosed").'),
    )


def _require_room(rest: Sequence[str], sources: Mapping[str, object]) -> None:
    """Refuse a field whose name a column has that stays; in a database's eyes Amount is amount."""
    taken = {name.casefold(): name for name in rest}
    for field in sources:
        if field in taken:
            raise SalesMetricsError(
                _("The table has a column “{name}” of its own besides the one that columns= names for {field}.").format(
                    name=taken[field], field=field
                ),
                hint=_("Leave that column out of the table, or give it another name."),
            )


def _outcome(frame: Frame, names: Sequence[str], won: Words | None, lost: Words | None) -> tuple[nw.Expr, nw.Expr]:
    """Return the status, and which deals are closed, from words or from two columns that say yes or no."""
    if len(names) == 2:
        return _from_yes_and_no(frame, names, won, lost)
    column = nw.col(names[0])
    if won is None and lost is None:
        return column, column.is_in(("won", "lost"))
    if won is None or lost is None:
        lacking, given = ("won", "lost") if won is None else ("lost", "won")
        raise SalesMetricsError(
            _("{given}= was given without {lacking}=: those deals would count as open.").format(
                given=given, lacking=lacking
            ),
            hint=_("Give both; {lacking}=[] says that there are none.").format(lacking=lacking),
        )
    dtype = frame.collect_schema()[names[0]]
    if dtype in (nw.Categorical, nw.Enum) or dtype.is_integer():
        column = column.cast(nw.String)
    elif dtype not in (nw.String, nw.Object):
        raise _wrong_kind(names[0], _("words"), dtype)
    meant = {"won": _words(won), "lost": _words(lost)}
    _require_once([*meant["won"], *meant["lost"]])
    _require_words(frame, column.alias("word"), names[0], [*meant["won"], *meant["lost"]])
    known = ~column.is_null()
    # Arrow has no answer to what is in an empty list.
    found = {status: known & (column.is_in(words) if words else ~known) for status, words in meant.items()}
    return _statuses(found["won"], found["lost"])


def _statuses(is_won: nw.Expr, is_lost: nw.Expr) -> tuple[nw.Expr, nw.Expr]:
    rest = nw.when(is_lost).then(nw.lit("lost")).otherwise(nw.lit("open"))
    return nw.when(is_won).then(nw.lit("won")).otherwise(rest), is_won | is_lost


def _from_yes_and_no(
    frame: Frame, names: Sequence[str], won: Words | None, lost: Words | None
) -> tuple[nw.Expr, nw.Expr]:
    if won is not None or lost is not None:
        raise SalesMetricsError(
            _("won= and lost= are words, but the status is taken from two columns that say yes or no."),
            hint=_("Leave them out, or name one column for the status."),
        )
    schema = frame.collect_schema()
    for name in names:
        if schema[name] != nw.Boolean:
            raise _wrong_kind(name, _("yes or no"), schema[name])
    is_won, is_closed = (nw.col(name) for name in names)
    wrong = is_won.is_null() | is_closed.is_null() | (is_won & ~is_closed)
    rows = frame.lazy().select(wrong=nw.when(wrong).then(1).otherwise(0))
    if count := int(rows.select(nw.sum("wrong")).collect().item() or 0):
        raise SalesMetricsError(
            ngettext(
                "{count} deal is won and not closed, or lacks a yes or no, by “{won}” and “{closed}”.",
                "{count} deals are won and not closed, or lack a yes or no, by “{won}” and “{closed}”.",
                count,
            ).format(count=number(count), won=names[0], closed=names[1]),
            hint=_("First comes the column that says won, then the one that says closed; fill in what is empty."),
        )
    return _statuses(is_won, is_closed & ~is_won)


def _words(given: Words) -> list[str]:
    """Return words as a list; a code, such as 1, is the word that is written so."""
    words: Sequence[Any] = [given] if isinstance(given, str) or not isinstance(given, Sequence) else given
    if any(isinstance(word, bool) or not isinstance(word, str | int) for word in words):
        raise SalesMetricsError(
            _("“{found}” is not a word, or a list of words.").format(found=given),
            hint=_('Write one as "Closed Won", and several as ["Signed", "Paid"].'),
        )
    return [str(word) for word in words]


def _require_words(frame: Frame, column: nw.Expr, name: str, words: Sequence[str]) -> None:
    """Refuse a word that stands nowhere: whoever mistypes "Closed Won" has no won deals, and a wrong rate."""
    if not words:
        return
    rows = frame.lazy().select(column)
    # Counted by place, since a word may be no name for a column.
    counts = {f"w{place}": nw.when(nw.col("word") == word).then(1).otherwise(0) for place, word in enumerate(words)}
    found = rows.select(**counts).select(nw.sum(*counts)).collect().row(0)
    for word, count in zip(words, found, strict=True):
        if not count:
            there = rows.filter(~nw.col("word").is_null()).unique().sort("word").head(_MOST_WORDS).collect()
            raise SalesMetricsError(
                _("“{word}” stands nowhere in the column “{name}”.").format(word=word, name=name),
                hint=did_you_mean(word, map(str, there["word"].to_list())),
            )


def _wrong_kind(name: str, wanted: str, dtype: object, hint: str = "") -> SalesMetricsError:
    message = _("The column “{name}” must hold {wanted}, but it holds {found}.").format(
        name=name, wanted=wanted, found=dtype
    )
    return SalesMetricsError(message, hint=hint or _("Name another column, or convert this one first."))


def names_of(one_or_more: str | Sequence[str] | None) -> list[str]:
    """Return one name, several or none as a list; what is no name is refused, and a name that stands there twice."""
    names = [one_or_more] if isinstance(one_or_more, str) or not isinstance(one_or_more, Iterable) else one_or_more
    found = [name for name in names if name is not None]
    if not all(isinstance(name, str) for name in found):
        raise SalesMetricsError(
            _("“{found}” is not a name, or a list of names.").format(found=one_or_more),
            hint=_('Write one as "Demo", and several as ["Demo", "Proposal"].'),
        )
    _require_once(found)
    return found


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


def _require_once(names: Sequence[str]) -> None:
    """Refuse a name that stands in a list twice: what is counted for it would be counted twice."""
    for name in names:
        if names.count(name) > 1:
            raise SalesMetricsError(
                _("“{name}” stands in the list twice.").format(name=name), hint=_("Name each once.")
            )
