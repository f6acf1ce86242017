"""Coverage and conversion by channel against the same sums written by hand in Polars, DuckDB and pandas.

One pipeline is made of the table, which passes the door once, and two metrics are asked of it. What is written by hand
counts what the door refuses in one query and takes the same sums in two, and must find the same figures.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterator
from statistics import median
from typing import Any

import duckdb
import narwhals as nw
import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa

from benchmarks import Row
from salesmetrics import conversion_rate, coverage, pipeline
from salesmetrics.base.typed_numbers import TOO_LARGE

DEALS, RUNS, TARGET = 10_000_000, 7, 500_000_000.0
CHANNELS = ("Events", "Organic", "Paid social", "Referral", "Search", None)


def rows(deals: int = DEALS, runs: int = RUNS) -> Iterator[Row]:
    """Measure on so many deals, so many times each."""
    table = _deals(deals)
    relation = _in_duckdb(table)
    frame, lines = pl.from_arrow(table), table.to_pandas()
    for engine, native, by_hand, goal in (
        ("Polars", frame, _polars, 1.0),
        ("DuckDB", relation, _duckdb, 1.3),
        ("pandas", lines, _pandas, 1.25),
    ):
        yield _row(engine, "by hand", goal, runs, native, lambda by_hand=by_hand, native=native: by_hand(native))
    # Three times faster is a third of the time.
    yield _row("Polars", "pandas groupby.apply", 1 / 3, runs, frame, lambda: _applied(lines))


def _deals(count: int) -> pa.Table:
    rng = np.random.default_rng(20260331)
    status = rng.integers(0, 3, count)
    created = np.datetime64("2021-01-01", "us") + rng.integers(0, 1_900, count) * np.timedelta64(1, "D")
    closed = created + rng.integers(1, 200, count) * np.timedelta64(1, "D")
    return pa.table(
        {
            "status": pa.array(["open", "won", "lost"]).take(pa.array(status)),
            "channel": pa.array(CHANNELS, pa.string()).take(pa.array(rng.integers(0, len(CHANNELS), count))),
            "amount": pa.array(rng.integers(1_000, 100_000, count).astype(float), mask=rng.random(count) < 0.02),
            "created_on": created,
            "closed_on": pa.array(closed, mask=status == 0),
        }
    )


def _in_duckdb(table: pa.Table) -> duckdb.DuckDBPyRelation:
    connection = duckdb.connect()
    connection.from_arrow(table).create("deals")
    return connection.table("deals")


def _ours(deals: Any) -> list[Any]:
    mine = pipeline(deals, target=TARGET)
    found = [coverage(mine, by="channel"), conversion_rate(mine, by="channel")]
    # DuckDB works nothing out before somebody asks.
    return [table.df() if isinstance(table, duckdb.DuckDBPyRelation) else table for table in found]


def _accept(*refused: Any) -> None:
    if any(refused):
        raise AssertionError(f"the table holds what is refused: {refused}")


def _polars(deals: pl.DataFrame) -> list[Any]:
    status = pl.col("status")
    ended, no_day = status.is_in(["won", "lost"]), pl.col("closed_on").is_null()
    _accept(
        *deals.lazy()
        .select(
            (~status.is_in(["open", "won", "lost"]) | status.is_null()).sum().alias("unknown"),
            (ended & no_day).sum().alias("undated"),
            ((status == "open") & ~no_day).sum().alias("dated"),
            ((pl.col("amount") < 0) | (pl.col("amount") >= TOO_LARGE)).sum().alias("amounts"),
        )
        .collect()
        .row(0)
    )
    amount, is_open = pl.col("amount"), status == "open"
    numerator, denominator = pl.col("numerator"), pl.col("denominator")
    by_channel = deals.lazy().group_by("channel")
    of_open = by_channel.agg(
        amount.filter(is_open).sum().alias("numerator"), (is_open & amount.is_null()).sum().alias("without_amount")
    )
    of_closed = by_channel.agg(
        (status == "won").sum().alias("numerator"), status.is_in(["won", "lost"]).sum().alias("denominator")
    )
    return [
        of_open.with_columns(denominator=TARGET, value=numerator / TARGET).sort("channel").collect(),
        of_closed.with_columns(value=numerator / denominator).sort("channel").collect(),
    ]


def _duckdb(deals: duckdb.DuckDBPyRelation) -> list[Any]:
    refused = deals.aggregate(f"""
        count(*) filter (status is null or status not in ('open', 'won', 'lost')),
        count(*) filter (status in ('won', 'lost') and closed_on is null),
        count(*) filter (status = 'open' and closed_on is not null),
        count(*) filter (amount < 0 or amount >= {TOO_LARGE})""")
    _accept(*refused.fetchall()[0])
    of_open = f"""sum(amount) filter (status = 'open') as numerator, {TARGET} as denominator,
        count(*) filter (status = 'open' and amount is null) as without_amount"""
    of_closed = """count(*) filter (status = 'won') as numerator,
        count(*) filter (status in ('won', 'lost')) as denominator"""
    return [
        deals.aggregate(f"channel, {sums}", "channel")
        .project("*, numerator / denominator as value")
        .order("channel nulls last")
        .df()
        for sums in (of_open, of_closed)
    ]


def _pandas(deals: pd.DataFrame) -> list[Any]:
    status, no_day = deals["status"], deals["closed_on"].isna()
    _accept(
        (~status.isin(["open", "won", "lost"])).sum(),
        (status.isin(["won", "lost"]) & no_day).sum(),
        ((status == "open") & ~no_day).sum(),
        ((deals["amount"] < 0) | (deals["amount"] >= TOO_LARGE)).sum(),
    )
    of_open = deals.loc[deals["status"] == "open", ["channel", "amount"]]
    of_open = of_open.assign(without_amount=of_open["amount"].isna()).groupby("channel", dropna=False)
    of_open = of_open.sum().rename(columns={"amount": "numerator"}).assign(denominator=TARGET)
    of_closed = deals.loc[deals["status"].isin(["won", "lost"]), ["channel", "status"]]
    of_closed = of_closed.assign(won=of_closed["status"] == "won").groupby("channel", dropna=False)["won"]
    of_closed = of_closed.agg(numerator="sum", denominator="count")
    return [sums.assign(value=sums["numerator"] / sums["denominator"]).reset_index() for sums in (of_open, of_closed)]


def _applied(deals: pd.DataFrame) -> list[Any]:
    def of_open(group: pd.DataFrame) -> float:
        return float(group.loc[group["status"] == "open", "amount"].sum() / TARGET)

    def of_closed(group: pd.DataFrame) -> float:
        return float((group["status"] == "won").sum() / group["status"].isin(["won", "lost"]).sum())

    groups = deals.groupby("channel", dropna=False)
    return [groups.apply(value).rename("value").reset_index() for value in (of_open, of_closed)]


def _row(engine: str, peer_name: str, goal: float, runs: int, deals: Any, peer: Callable[[], list[Any]]) -> Row:
    for ours, theirs in zip(_ours(deals), peer(), strict=True):
        _same(ours, theirs)
    seen: tuple[list[float], list[float]] = ([], [])
    # Turn by turn, so that whatever else the machine does falls on both.
    for _run in range(runs):
        for work, times in zip((lambda: _ours(deals), peer), seen, strict=True):
            start = time.perf_counter()
            work()
            times.append(time.perf_counter() - start)
    return Row(
        what=f"coverage and conversion by channel, {engine}",
        ours=median(seen[0]) * 1e3,
        peer=median(seen[1]) * 1e3,
        peer_name=peer_name,
        unit="ms",
        goal=goal,
    )


def _same(ours: Any, theirs: Any) -> None:
    """Both must give each channel, and the deals without one, the same figure."""
    values, others = ({c or "" if isinstance(c, str) else "": v for c, v in _pairs(table)} for table in (ours, theirs))
    if values.keys() != others.keys() or not all(math.isclose(values[name], others[name]) for name in values):
        raise AssertionError(f"{values} is not {others}")


def _pairs(table: Any) -> list[tuple[Any, float]]:
    return list(nw.from_native(table, eager_only=True).select("channel", "value").iter_rows())
