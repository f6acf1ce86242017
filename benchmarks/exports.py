"""Reading a million deals from CSV against `pandas.read_csv` with every option right.

The peer is told what ours has to find out: the mark between cells, the decimal mark, which columns are dates and how
they are written. It checks nothing and counts nothing.
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np
import pandas as pd

from benchmarks import Row
from salesmetrics.crm import read_deals

DEALS, RUNS = 1_000_000, 5


def rows() -> Iterator[Row]:
    deals = _deals()
    dates = ["Created Date", "Closed On"]
    with tempfile.TemporaryDirectory() as folder:
        english, dutch = Path(folder) / "english.csv", Path(folder) / "dutch.csv"
        deals.to_csv(english, index=False, date_format="%Y-%m-%d")
        deals.to_csv(dutch, index=False, date_format="%d-%m-%Y", sep=";", decimal=",", encoding="cp1252", quoting=1)
        text = {"Deal ID": "str"}
        yield _row(
            "commas, ISO dates",
            english,
            lambda: pd.read_csv(english, dtype=text, parse_dates=dates, date_format="%Y-%m-%d"),
        )
        yield _row(
            "Dutch Excel, every cell quoted",
            dutch,
            lambda: pd.read_csv(
                dutch, dtype=text, parse_dates=dates, date_format="%d-%m-%Y", sep=";", decimal=",", encoding="cp1252"
            ),
        )


def _deals() -> pd.DataFrame:
    rng = np.random.default_rng(20260331)
    created = pd.Timestamp("2021-01-01") + pd.to_timedelta(rng.integers(0, 1_900, DEALS), unit="D")
    status = rng.choice(["Open", "Won", "Lost"], DEALS)
    closed = pd.Series(created + pd.to_timedelta(rng.integers(1, 200, DEALS), unit="D")).where(status != "Open")
    return pd.DataFrame(
        {
            "Deal ID": np.arange(DEALS),
            "Deal Name": [f"Deal {number}" for number in range(DEALS)],
            "Status": status,
            "Stage": rng.choice(["Lead", "Demo", "Proposal", "Negotiation"], DEALS),
            "Amount": rng.integers(10_000, 10_000_000, DEALS) / 100,
            "Created Date": created,
            "Closed On": closed,
            "Owner": rng.choice([f"Seller {number}" for number in range(40)], DEALS),
        }
    )


def _row(what: str, path: Path, peer: Callable[[], Any]) -> Row:
    ours: list[float] = []
    theirs: list[float] = []
    for _run in range(RUNS):
        start = time.perf_counter()
        read_deals(path, progress=False)
        between = time.perf_counter()
        peer()
        ours.append(between - start)
        theirs.append(time.perf_counter() - between)
    return Row(
        what=f"read_deals, {DEALS:,} rows, {what}",
        ours=median(ours) * 1e3,
        peer=median(theirs) * 1e3,
        peer_name="pandas.read_csv",
        unit="ms",
        goal=1.5,
    )
