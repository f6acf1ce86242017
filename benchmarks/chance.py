"""The chance of a target against what a notebook author would write: 20,000 simulated quarters.

100 unequal deals, spread as a lognormal, target a fifth of their sum, one in ten won: the first lesson company's
size. The simulation draws anew each time, as it would under a slider.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from statistics import median

import numpy as np

from benchmarks import Row
from salesmetrics.forecast.chance import chance

DEALS, RATE, DRAWS, RUNS = 100, 0.1, 20_000, 41


def rows() -> Iterator[Row]:
    rng = np.random.default_rng(20260331)
    sizes = rng.lognormal(0, 0.6, DEALS) * 21_000
    chances = np.full(DEALS, RATE)
    # Ten times faster is a tenth of the time.
    for label, unit, goal in (
        ("multiples of € 1,000", 1_000, 0.1),
        ("multiples of € 100", 100, 0.1),
        ("cents", 0.01, 1),
    ):
        amounts = np.round(np.ceil(sizes / unit) * unit, 2)
        target = round(float(unit * np.round(amounts.sum() / 5 / unit)), 2)
        ours: list[float] = []
        drawn: list[float] = []
        # Turn by turn, so that whatever else the machine does falls on both.
        for _run_number in range(RUNS):
            start = time.perf_counter()
            found = chance(amounts, chances, target)
            between = time.perf_counter()
            simulated = (((rng.random((DRAWS, DEALS)) < chances) @ amounts) >= target).mean()
            ours.append((between - start) * 1e6)
            drawn.append((time.perf_counter() - between) * 1e6)
        print(f"{label}: {found:.5f} ± {found.error_bound:.0e} ({found.method}); the last draws {simulated:.5f}")
        yield Row(
            what=f"chance, {DEALS} deals in {label}",
            ours=median(ours),
            peer=median(drawn),
            peer_name=f"{DRAWS:,} draws",
            unit="µs",
            goal=goal,
        )
