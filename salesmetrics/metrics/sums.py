"""What all metrics share: sums that every engine agrees on, the table of a grouping, and the words of a result.

Work row by row first and sum then: conditions inside an aggregation are dropped or refused by some engines.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from typing import Any, NamedTuple, TypeVar

import narwhals as nw

from salesmetrics.base.errors import SalesMetricsError
from salesmetrics.base.language import _, did_you_mean, ngettext, number
from salesmetrics.base.typed_numbers import is_empty
from salesmetrics.deals.fields import TEXTS, names_of, require_columns
from salesmetrics.deals.pipeline import Pipeline

By = str | Sequence[str]
Key = TypeVar("Key", bound=Hashable)

# Where is written beside each row what is asked of it more than once: some engines would work it out each time.
COUNTS, WON = "· counts", "· won"
_OURS = "Σ "


def sum_of(column: str, where: nw.Expr) -> nw.Expr:
    """Return the column's value where the condition holds and the value is known, else 0."""
    return nw.when(where & ~nw.col(column).is_null()).then(nw.col(column)).otherwise(0.0)


def flag(where: nw.Expr) -> nw.Expr:
    """Return 1 where the condition holds, else 0."""
    return where.fill_null(False).cast(nw.Float64)


class Asked(NamedTuple):
    """Sums that a metric asks of a pipeline: their key, and when they are not known yet, what they take.

    ``columns`` gives each row's share in the sums, ``beside`` what is written beside the row first, ``firsts`` a day of
    each row, or none, of which the first is asked.
    """

    key: Any
    needed: Sequence[str]
    columns: Callable[[], Mapping[str, nw.Expr]]
    beside: Callable[[], Mapping[str, nw.Expr]] = dict
    firsts: Callable[[], Mapping[str, nw.Expr]] = dict


def sums_of(mine: Pipeline, *asked: Asked) -> list[dict[str, Any]]:
    """Return the sums and first days that metrics ask; what is not known yet takes one pass over the deals."""
    new = [each for each in asked if not mine.knows(each.key)]
    if new:
        frame = mine.frame(sorted({name for each in new for name in each.needed}), quick=True)
        if beside := {name: shares for each in new for name, shares in each.beside().items()}:
            frame = frame.with_columns(**beside)
        shares = {(each.key, name): share for each in new for name, share in each.columns().items()}
        firsts = {(each.key, name): day for each in new for name, day in each.firsts().items()}
        found = totals(frame, shares, firsts)
        for each in new:
            mine.keep(each.key, {name: value for (key, name), value in found.items() if key == each.key}.copy)
    return [mine.keep(each.key, dict) for each in asked]


def rows_of(table: nw.LazyFrame[Any], groups: Sequence[str], columns: Mapping[str, nw.Expr]) -> nw.LazyFrame[Any]:
    """Work out each row's share in every sum; floats, since DuckDB sums integers into a type of its own."""
    return table.select(*groups, *[column.cast(nw.Float64).alias(name) for name, column in columns.items()])


def totals(
    table: nw.LazyFrame[Any], columns: Mapping[Key, nw.Expr], firsts: Mapping[Key, nw.Expr] | None = None
) -> dict[Key, Any]:
    """Sum columns, worked out row by row, over the whole table, which must have rows; and find the first of days."""
    shares = {f"sum {at}": column.cast(nw.Float64) for at, column in enumerate(columns.values())}
    days = {f"first {at}": column for at, column in enumerate((firsts or {}).values())}
    rows = table.select(**shares, **days) if shares or days else table
    count, *found = rows.select(nw.len(), *map(nw.sum, shares), *map(nw.min, days)).collect().row(0)
    require_rows(count)
    sums = [float(value) for value in found[: len(shares)]]
    first_days = [None if is_empty(day) else day.date() for day in found[len(shares) :]]
    return dict(zip([*columns, *(firsts or {})], [*sums, *first_days], strict=True))


def require_rows(count: float) -> None:
    """Refuse a table without rows."""
    if not count:
        raise SalesMetricsError(_("The table has no rows."), hint=_("Check the export and its filters."))


def grouped(
    mine: Pipeline,
    table: nw.LazyFrame[Any],
    groups: Sequence[str],
    columns: Mapping[str, nw.Expr],
    checked: Sequence[str],
) -> tuple[nw.LazyFrame[Any], dict[str, float]]:
    """Sum columns, worked out row by row, per group; and those that have to be checked over the whole table.

    A table in memory is gone over once. A lazy one is now summed for the checks only, which is little work, and per
    group when the result is asked for.
    """
    named = {_OURS + name: shares for name, shares in columns.items()}
    summed = rows_of(table, groups, named).group_by(*groups).agg(*[nw.sum(name).alias(name) for name in named])
    if not _in_memory(mine.deals):
        return summed, totals(table, {name: columns[name] for name in checked}) if checked else {}
    summed = summed.collect().lazy()
    return summed, totals(summed, {name: ours(name) for name in checked})


def frame_by(mine: Pipeline, needed: Iterable[str], groups: Sequence[str]) -> nw.LazyFrame[Any]:
    """Return the deals to group; the quick way where the table's own columns are not asked for."""
    return mine.frame([*needed, *groups], quick=set(groups) <= set(TEXTS))


def ours(name: str) -> nw.Expr:
    """Return a sum of :func:`grouped`; its name can't be that of a column to group by."""
    return nw.col(_OURS + name)


def groups_of(mine: Pipeline, by: By | None) -> list[str]:
    """Return the columns to group by; a name that is none of the table's is refused."""
    groups = names_of(by)
    if not groups:
        return []
    require_columns(nw.from_native(mine.deals), groups)
    for name in groups:
        if name in ("numerator", "denominator", "value"):
            raise SalesMetricsError(
                _("The result has a column “{name}” of its own.").format(name=name),
                hint=_("Give the column to group by another name."),
            )
    return groups


def by_group(
    given: Any, summed: nw.LazyFrame[Any], groups: list[str], *, numerator: nw.Expr, denominator: nw.Expr
) -> Any:
    """Return numerator, denominator and value per group, in the kind of table that was given.

    A denominator of 0 or less has no value; groups without a name come last.
    """
    working = summed.select(*groups, numerator.alias("numerator"), denominator.cast(nw.Float64).alias("denominator"))
    valid = nw.when(nw.col("denominator") > 0).then(nw.col("denominator"))
    result = working.with_columns(value=nw.col("numerator") / valid).sort(*groups, nulls_last=True)
    return like(given, result)


def _in_memory(given: Any) -> bool:
    return isinstance(nw.from_native(given), nw.DataFrame)


def like(given: Any, result: nw.LazyFrame[Any]) -> Any:
    """Return a result in the kind of table that was given: eager as eager, lazy as lazy."""
    if not _in_memory(given):
        return result.to_native()
    found = result.collect()
    if nw.from_native(given).implementation.is_pandas():
        return nw.maybe_reset_index(nw.from_native(found.to_pandas())).to_native()
    return found.to_native()


def note(count: float, singular: str, plural: str, **values: str) -> list[str]:
    """Return a sentence that says how many, or none; the two forms are marked for translation here."""
    if not count:
        return []
    return [ngettext(singular, plural, count).format(count=number(count), **values)]


def definition(*parts: str) -> str:
    """Join what says which variant of a metric this is."""
    return ", ".join(part for part in parts if part)


def require_choice(option: str, found: object, choices: Sequence[str]) -> None:
    """Refuse an option that is none of its choices."""
    if found not in choices:
        message = _("{option} cannot be {found}.")
        raise SalesMetricsError(message.format(option=option, found=repr(found)), hint=did_you_mean(found, choices))
