"""Small tables of deals in every kind of dataframe the kit speaks, and their results as plain Python."""

import contextlib
import datetime
import functools
import warnings

import duckdb
import narwhals as nw
import pandas
import polars as pl
import pyarrow as pa
import pytest
from hypothesis import strategies as st

from salesmetrics import SalesMetricsError, use_language
from salesmetrics.base.typed_numbers import is_empty


@contextlib.contextmanager
def fetches():
    """Note the rows of each table that is fetched meanwhile; how many there are says how often one was gone over."""
    fetched, collect = [], nw.LazyFrame.collect

    def noting(frame, *given, **options):
        found = collect(frame, *given, **options)
        fetched.append(len(found))
        return found

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(nw.LazyFrame, "collect", noting)
        yield fetched


ENGINES = {
    "pandas": lambda table: table.to_pandas(),
    "polars": pl.from_arrow,
    "polars-lazy": lambda table: pl.from_arrow(table).lazy(),
    "duckdb": duckdb.from_arrow,
    "pyarrow": lambda table: table,
}


def in_spark(table):
    """Give a table of Spark, which needs the extra ``spark`` and Java."""
    with warnings.catch_warnings(action="ignore"):  # It asks for an older pandas each time.
        return spark_session().createDataFrame(table)


@functools.cache
def spark_session():
    """Start Spark in this process once: on this machine alone, and quiet."""
    with warnings.catch_warnings(action="ignore"):
        from pyspark.sql import SparkSession

        about = {
            "spark.sql.session.timeZone": "UTC",
            "spark.sql.timestampType": "TIMESTAMP_NTZ",
            "spark.sql.shuffle.partitions": "1",
            "spark.default.parallelism": "1",
            "spark.ui.enabled": "false",
            "spark.ui.showConsoleProgress": "false",
            "spark.driver.host": "127.0.0.1",
            "spark.driver.bindAddress": "127.0.0.1",
            "spark.log.level": "ERROR",
            # Of a dozen rows, compiling and planning anew would take most of the time; benchmarks/ run as people do.
            "spark.sql.adaptive.enabled": "false",
            "spark.sql.codegen.wholeStage": "false",
            "spark.sql.codegen.factoryMode": "NO_CODEGEN",
        }
        return SparkSession.builder.master("local[2]").config(map=about).getOrCreate()


def in_dask(table):
    """Give a table of Dask in two partitions, which needs the extra ``dask``."""
    import dask.dataframe as dd

    # In Arrow's types, or what pandas has no type for would be taken for text.
    return dd.from_pandas(table.to_pandas(types_mapper=pandas.ArrowDtype), npartitions=2)


# Not installed with the extra "test": each has its own extra, and its own marker in pyproject.toml.
CLUSTERS = {"spark": in_spark, "dask": in_dask}
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
