"""Every function on every engine: the table in the docs is what running them gives, and a table stays where it is."""

import inspect

import engine_table
import pyarrow as pa
import pytest
from engine_table import FUNCTIONS, NAMES
from tables import CLUSTERS, ENGINES, arrow, deal, fetches, in_spark, spark_session
from test_bad_input import CALLS

import salesmetrics as sm


def parameters(found):
    return inspect.signature(found).parameters if inspect.isfunction(found) else {}


STORED = {line.split("`")[1]: line for line in engine_table.stored().splitlines() if line.startswith("| `")}


def test_the_table_names_every_function_and_engine():
    assert list(STORED) == list(FUNCTIONS)
    assert list(NAMES) == [*ENGINES, *CLUSTERS]
    assert not [line for line in STORED.values() if "**" in line]


def test_a_function_of_the_face_that_takes_deals_is_in_the_table_and_tried_on_bad_input():
    takes = {name for name in sm.__all__ if next(iter(parameters(getattr(sm, name))), "") in ("deals", "before")}
    assert len(takes) >= 14
    assert takes <= {name.split(",")[0] for name in FUNCTIONS}
    assert takes == set(CALLS)


def test_an_engine_that_is_not_installed_leaves_the_page_as_it_is(monkeypatch):
    def absent(_source):
        raise ModuleNotFoundError("No module named 'pyspark'")

    monkeypatch.setitem(CLUSTERS, "spark", absent)
    with pytest.raises(SystemExit, match=r"'pyspark'\. Every engine is needed"):
        engine_table.made()


@pytest.mark.spark
@pytest.mark.parametrize("name", FUNCTIONS)
def test_every_function_runs_where_the_page_says_so(name):
    *found, fetched = engine_table.row_of(name, engine_table.warehouse()).split("|")[1:-1]
    *stored, at_most = STORED[name].split("|")[1:-1]
    assert found == stored
    assert int(fetched) <= int(at_most)


def test_a_figure_that_differs_on_an_engine_would_be_seen(monkeypatch):
    monkeypatch.setattr(engine_table, "NAMES", {"pandas": "pandas", "polars-lazy": "Polars, lazy"})
    row = engine_table.row_of("coverage", engine_table.warehouse())
    assert row == "| `coverage` | yes | yes | 1 |"
    monkeypatch.setitem(FUNCTIONS, "coverage", lambda table: type(table).__module__)
    assert "**differs**" in engine_table.row_of("coverage", engine_table.warehouse())
    monkeypatch.setitem(FUNCTIONS, "coverage", lambda table: table.columns.str.upper())
    assert "**" in engine_table.row_of("coverage", engine_table.warehouse())


@pytest.mark.parametrize("ask", [sm.stale_deals, sm.past_quarters, sm.velocity, sm.conversion_rate])
def test_a_thousand_deals_are_not_fetched_to_be_counted(engine, ask):
    """Wins that took 1 to 10 days, one deal open for 10: a row comes over for each number of days, not each deal."""
    deals = [deal("won", created="2026-01-01", closed=f"2026-01-{2 + place % 10:02}") for place in range(1_000)]
    table = engine(arrow(*deals, deal(created="2026-01-01")))
    with fetches() as fetched:
        found = ask(table, target=100) if ask is sm.stale_deals else ask(table)
    assert 1 <= max(fetched) <= 12
    if ask is sm.stale_deals:
        assert (found.older_than, found.old) == (9, 1)


@pytest.mark.spark
@pytest.mark.parametrize(("zone", "quarter"), [("UTC", "2026Q1"), ("Europe/Amsterdam", "2026Q2")])
def test_a_moment_on_spark_is_the_day_that_it_is_in_the_sessions_zone(zone, quarter):
    """Signed at 23:30 UTC on the last day of a quarter: in Amsterdam that is a day of the next quarter."""
    table = in_spark(arrow(deal("won", closed="2026-03-31 23:30"), closed_on=pa.timestamp("us", tz="UTC")))
    settings = spark_session().conf
    settings.set("spark.sql.session.timeZone", zone)
    try:
        counted = [sm.conversion_rate(table, period=period).denominator for period in ("2026Q1", "2026Q2")]
    finally:
        settings.set("spark.sql.session.timeZone", "UTC")
    assert counted == [quarter == "2026Q1", quarter == "2026Q2"]
