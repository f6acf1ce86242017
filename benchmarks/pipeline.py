"""A diagnosis and a report of 8,800 deals against the sums once by hand in pandas; how often the table is gone over.

By hand stand the sums that both need, each once and nothing refused, said or drawn; the chance is left out. The report
holds some thirty chances, each exact: beside the goal's row stands what the sums and one chance by drawing take.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from statistics import median
from typing import Any

import narwhals as nw
import numpy as np
import pandas as pd

import salesmetrics as sm
from benchmarks import Row
from salesmetrics.reports.report_figures import gather

DEALS, RUNS = 8_800, 15
TARGET, PERIOD, STAGES = 5_000_000.0, "2026Q2", ("Lead", "Demo", "Offer", "Contract")


def rows() -> Iterator[Row]:
    table = _deals()
    steps = {
        "diagnosis": lambda: sm.diagnose(_pipeline(table)),
        "diagnosis and all figures of the report": lambda: gather(_pipeline(table)),
        "diagnosis and report, drawn and written": lambda: sm.report(_pipeline(table)),
    }
    for what, ours in steps.items():
        yield _timed(f"{what}, 8,800 deals", ours, lambda: _by_hand(table), RUNS, goal=5)
    gathered = steps["diagnosis and all figures of the report"]
    yield _timed("the figures ÷ the sums and one chance by 20,000 draws", gathered, lambda: _drawn(table), 5, goal=1)
    what = "passes over the table, door and report, without the look at its first and last rows"
    yield Row(what=what, ours=_passes(table), peer=1, unit="", goal=5)


def _timed(what: str, ours: Callable[[], Any], peer: Callable[[], Any], runs: int, goal: float) -> Row:
    seen: tuple[list[float], list[float]] = ([], [])
    # Turn by turn, so that whatever else the machine does falls on both.
    for _run in range(runs):
        for work, times in zip((ours, peer), seen, strict=True):
            start = time.perf_counter()
            work()
            times.append(time.perf_counter() - start)
    return Row(what=what, ours=median(seen[0]) * 1e3, peer=median(seen[1]) * 1e3, unit="ms", goal=goal)


def _drawn(deals: pd.DataFrame) -> float:
    _by_hand(deals)
    due = deals[(deals["status"] == "open") & deals["expected_close_on"].between("2026-04-01", "2026-06-30")]
    rng = np.random.default_rng(1)
    won = [(rng.random((1_000, len(due))) < 1 / 3) @ due["amount"].to_numpy() for _thousand in range(20)]
    return float((np.concatenate(won) >= TARGET).mean())


def _pipeline(table: pd.DataFrame) -> sm.Pipeline:
    return sm.pipeline(table, target=TARGET, period=PERIOD, stages=STAGES)


def _passes(table: pd.DataFrame) -> int:
    counted: list[int] = []
    collect = nw.LazyFrame.collect

    def counting(*given: Any, **how: Any) -> Any:
        counted.append(1)
        return collect(*given, **how)

    nw.LazyFrame.collect = counting  # type: ignore[method-assign]
    try:
        sm.report(_pipeline(table))
    finally:
        nw.LazyFrame.collect = collect  # type: ignore[method-assign]
    return len(counted)


def _deals() -> pd.DataFrame:
    rng = np.random.default_rng(20260331)
    status = rng.choice(["open", "won", "lost"], DEALS, p=[0.25, 0.25, 0.5])
    created = pd.Timestamp("2024-01-01") + pd.to_timedelta(rng.integers(0, 700, DEALS), unit="D")
    closed = created + pd.to_timedelta(rng.integers(1, 120, DEALS), unit="D")
    due = pd.Timestamp("2026-04-01") + pd.to_timedelta(rng.integers(0, 150, DEALS), unit="D")
    return pd.DataFrame(
        {
            "deal_id": [f"D{number}" for number in range(DEALS)],
            "status": status,
            "stage": rng.choice(STAGES, DEALS),
            "amount": rng.integers(1, 100, DEALS) * 1_000.0,
            "currency": "EUR",
            "created_on": created,
            "closed_on": closed.where(status != "open"),
            "expected_close_on": due.where(status == "open"),
        }
    )


def _by_hand(deals: pd.DataFrame) -> list[Any]:
    is_open, won, lost = (deals["status"] == status for status in ("open", "won", "lost"))
    day = deals[["created_on", "closed_on"]].max().max()
    still_open = deals[is_open]
    due = still_open[still_open["expected_close_on"].between("2026-04-01", "2026-06-30")]
    won_so_far = deals.loc[won & deals["closed_on"].between("2026-04-01", "2026-06-30"), "amount"].sum()
    took = (deals["closed_on"] - deals["created_on"]).dt.days[won]
    limit, age = took.quantile(0.9), (day - due["created_on"]).dt.days
    return [
        due["amount"].sum() / (TARGET - won_so_far),
        won.sum() / (won | lost).sum(),
        deals[lost].groupby("stage")["amount"].agg(["size", "sum"]),
        due.assign(age=age).groupby("stage").agg({"amount": ["size", "sum"], "age": "mean"}),
        due["amount"].nlargest(3),
        (due["amount"] ** 2).sum(),
        due.loc[age > limit, "amount"].sum(),
        due.loc[due["expected_close_on"] <= day, "amount"].sum(),
    ]
