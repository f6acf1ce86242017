"""``import salesmetrics`` against ``import narwhals``, each in a process of its own."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from statistics import median

from benchmarks import Row

RUNS = 21
HEAVY = ("IPython", "anywidget", "ipywidgets", "matplotlib", "numpy", "pandas", "scipy")


def rows() -> Iterator[Row]:
    loaded = _run(f"import salesmetrics, sys; print(*(name for name in {HEAVY} if name in sys.modules))")
    print(f"import salesmetrics loads, of {', '.join(HEAVY)}: {loaded or 'none'}")
    times: dict[str, list[float]] = {"salesmetrics": [], "narwhals": []}
    # Turn by turn, so that whatever else the machine does falls on both.
    for _run_number in range(RUNS):
        for name, seen in times.items():
            code = f"import time; t = time.perf_counter(); import {name}; print((time.perf_counter() - t) * 1000)"
            seen.append(float(_run(code)))
    yield Row(
        what="import",
        ours=median(times["salesmetrics"]),
        peer=median(times["narwhals"]),
        peer_name="narwhals",
        unit="ms",
        goal=1.5,
    )


def _run(code: str) -> str:
    return subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.strip()
