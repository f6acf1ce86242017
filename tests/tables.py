"""Small tables of deals in every kind of dataframe the kit speaks, and their results as plain Python."""

import datetime
import math

import duckdb
import narwhals as nw
import polars as pl
import pyarrow as pa

ENGINES = {
    "pandas": lambda table: table.to_pandas(),
    "polars": pl.from_arrow,
    "polars-lazy": lambda table: pl.from_arrow(table).lazy(),
    "duckdb": duckdb.from_arrow,
    "pyarrow": lambda table: table,
}
TYPES = {
    **dict.fromkeys(("deal_id", "status", "stage", "channel", "owner", "account", "currency"), pa.string()),
    **dict.fromkeys(("created_on", "closed_on", "expected_close_on"), pa.timestamp("us")),
    **dict.fromkeys(("amount", "probability"), pa.float64()),
}


def day(text):
    """Read "2026-03-31" or "2026-03-31 14:30"; an empty text is an empty date."""
    return datetime.datetime.fromisoformat(text) if text else None


def deal(status="open", amount=10.0, *, created="2026-01-05", closed="", due="", **more):
    """Make one deal; a won or lost one is closed on 2026-03-01 unless said otherwise."""
    if status != "open" and not closed:
        closed = "2026-03-01"
    return {
        "status": status,
        "amount": amount,
        "created_on": day(created),
        "closed_on": day(closed),
        "expected_close_on": day(due),
        **more,
    }


def arrow(*deals, without=(), **types):
    """Lay deals under each other, numbered; leave columns out, or give them another type."""
    rows = [{"deal_id": f"D{number}", **row} for number, row in enumerate(deals, 1)]
    names = list(dict.fromkeys(name for row in rows for name in row if name not in without)) or ["deal_id", "status"]
    columns = {
        name: pa.array([row.get(name) for row in rows], types[name] if name in types else TYPES.get(name))
        for name in names
    }
    return pa.table(columns)


def empty():
    """Make a table with all the columns and no rows."""
    return pa.table({name: pa.array([], kind) for name, kind in TYPES.items()})


def rows_of(native):
    """Read any table as a list of tuples; what is empty in its engine is None."""
    table = nw.from_native(native).lazy().collect()
    return [tuple(_plain(value) for value in row) for row in table.rows()]


def columns_of(native):
    return nw.from_native(native).collect_schema().names()


def _plain(value):
    missing = value is None or value != value or (isinstance(value, float) and math.isnan(value))
    return None if missing else value
