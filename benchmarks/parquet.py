"""Coverage and conversion by channel of 20 million deals in Parquet files, never loaded, on DuckDB, Polars and Spark.

Each engine works in a process of its own, on half of the files and on all of them: the metrics, then the same sums
written by hand, which must find the same figures. Measured are the time of both, the most memory that the process held
by the end of the metrics (for Spark Java's as well), and how much more of it twice as many deals take.
``python -m benchmarks parquet 4`` does it with four million deals.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import duckdb
import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq

from benchmarks import Row
from benchmarks.engines import TARGET, _accept, _deals, _duckdb, _polars, _same
from salesmetrics import conversion_rate, coverage, pipeline
from salesmetrics.base.typed_numbers import TOO_LARGE


class Engine(NamedTuple):
    """How an engine opens files, fetches a small result, and takes the sums by hand; and its processes besides ours."""

    opened: Callable[[str], Any]
    fetched: Callable[[Any], Any]
    by_hand: Callable[[Any], list[Any]]
    beside: Callable[[], list[int]] = list


def rows(millions: str = "20") -> Iterator[Row]:
    """Measure on so many millions of deals, and on half as many."""
    count = int(millions)
    with tempfile.TemporaryDirectory() as folder:
        _write(Path(folder), count)
        for engine in ENGINES:
            half, whole = (_in_a_process(engine, f"{folder}/{part}") for part in ("half", "whole"))
            yield Row(
                what=f"{count} million deals in Parquet, {engine}",
                ours=whole["ours"],
                peer=whole["by hand"],
                unit="s",
                peer_name="by hand",
                goal=1.3,
            )
            yield Row(
                what=f"peak memory of {count} ÷ of {count // 2} million, {engine}",
                ours=whole["memory"],
                peer=half["memory"],
                unit="MB",
                goal=1.1,
            )


def _write(folder: Path, millions: int) -> None:
    deals = _deals(1_000_000)
    for part, files in (("first", 1), ("half", millions // 2), ("whole", millions)):
        (folder / part).mkdir()
        for place in range(files):
            pq.write_table(deals, folder / part / f"{place:02}.parquet")


def _in_a_process(engine: str, folder: str) -> dict[str, float]:
    command = [sys.executable, "-W", "ignore", "-m", "benchmarks.parquet", engine, folder]
    said = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True).stdout
    found: dict[str, float] = json.loads(said.splitlines()[-1])
    return found


def _measure(name: str, folder: str) -> dict[str, float]:
    engine = ENGINES[name]
    first, deals = engine.opened(f"{Path(folder).parent}/first"), engine.opened(folder)
    # What is loaded and compiled the first time would count for one of the two.
    for work in (_ours, engine.by_hand):
        list(map(engine.fetched, work(first)))
    start = time.perf_counter()
    ours = list(map(engine.fetched, _ours(deals)))
    middle = time.perf_counter()
    memory = sum(map(_peak, ["self", *engine.beside()]))
    again = time.perf_counter()
    theirs = list(map(engine.fetched, engine.by_hand(deals)))
    end = time.perf_counter()
    for found, expected in zip(ours, theirs, strict=True):
        _same(found, expected)
    return {"ours": middle - start, "by hand": end - again, "memory": memory}


def _ours(deals: Any) -> list[Any]:
    mine = pipeline(deals, target=TARGET)
    return [coverage(mine, by="channel"), conversion_rate(mine, by="channel")]


def _peak(process: int | str) -> float:
    """Give the most memory that a process has held so far, in MB."""
    found = re.search(r"VmHWM:\s+(\d+) kB", Path(f"/proc/{process}/status").read_text())
    assert found
    return int(found[1]) / 1024


def _spark_session() -> Any:
    from pyspark.sql import SparkSession

    about = {"spark.sql.session.timeZone": "UTC", "spark.ui.enabled": "false", "spark.log.level": "ERROR"}
    about |= {"spark.driver.host": "127.0.0.1", "spark.driver.bindAddress": "127.0.0.1"}
    return SparkSession.builder.master("local[2]").config(map=about).getOrCreate()


def _by_hand_in_spark(deals: Any) -> list[Any]:
    from pyspark.sql import functions as sql

    status, amount, no_day = sql.col("status"), sql.col("amount"), sql.col("closed_on").isNull()
    is_open, ended = status == "open", status.isin("won", "lost")
    refused = deals.agg(
        sql.count_if(status.isNull() | ~(is_open | ended)),
        sql.count_if(ended & no_day),
        sql.count_if(is_open & ~no_day),
        sql.count_if((amount < 0) | (amount >= TOO_LARGE)),
    )
    _accept(*refused.first())
    by_channel = deals.groupBy("channel")
    of_open = by_channel.agg(
        sql.sum(sql.when(is_open, amount)).alias("numerator"),
        sql.count_if(is_open & amount.isNull()).alias("without_amount"),
    )
    of_closed = by_channel.agg(
        sql.count_if(status == "won").alias("numerator"), sql.count_if(ended).alias("denominator")
    )
    return [
        sums.withColumn("value", sql.col("numerator") / denominator).orderBy(sql.col("channel").asc_nulls_last())
        for sums, denominator in ((of_open, sql.lit(TARGET)), (of_closed, sql.col("denominator")))
    ]


def _streamed(folder: str) -> pl.LazyFrame:
    pl.Config.set_engine_affinity("streaming")
    return pl.scan_parquet(f"{folder}/*.parquet")


ENGINES = {
    "DuckDB": Engine(
        lambda folder: duckdb.read_parquet(f"{folder}/*.parquet"),
        lambda found: found.df() if isinstance(found, duckdb.DuckDBPyRelation) else found,
        _duckdb,
    ),
    "Polars": Engine(_streamed, lambda found: found.lazy().collect(), _polars),
    "Spark": Engine(
        lambda folder: _spark_session().read.parquet(folder),
        lambda found: pa.table(found.toArrow()),
        _by_hand_in_spark,
        lambda: [_spark_session().sparkContext._gateway.proc.pid],
    ),
}

if __name__ == "__main__":
    print(json.dumps(_measure(*sys.argv[1:])))
