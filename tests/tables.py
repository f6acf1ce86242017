"""Small tables of deals in every kind of dataframe the kit speaks, and their results as plain Python."""

import datetime

import duckdb
import narwhals as nw
import polars as pl
import pyarrow as pa
import pytest
from hypothesis import strategies as st

from salesmetrics import SalesMetricsError, use_language
from salesmetrics.deals.cast import is_empty

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
        "currency": "EUR",
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
    return None if is_empty(value) else value


def refusals(act):
    """Let something be refused in both languages, and give what was said."""
    said = {}
    for language in ("en", "nl"):
        use_language(language)
        with pytest.raises(SalesMetricsError) as error:
            act()
        said[language] = str(error.value)
    return said


def days(first, last):
    """Draw a day, written as in a deal."""
    return st.dates(datetime.date.fromisoformat(first), datetime.date.fromisoformat(last)).map(str)


def tables_of_deals():
    """Draw deals of every kind around the second quarter, with gaps where a gap may be; at least one has an amount."""
    amounts, channels = st.none() | st.integers(0, 10**6), st.sampled_from(("search", "events", "referral", None))
    created = st.just("") | days("2026-01-01", "2026-03-20")
    opened = st.builds(
        deal, amount=amounts, created=created, due=st.just("") | days("2026-03-25", "2026-07-05"), channel=channels
    )
    closed = st.builds(
        deal,
        st.sampled_from(("won", "lost")),
        amounts,
        created=created,
        closed=days("2026-03-20", "2026-05-01"),
        channel=channels,
    )
    always = deal(amount=1000, due="2026-05-15", channel="search")
    return st.lists(opened | closed, max_size=12).map(lambda deals: [always, *deals])
