"""Checking every lesson with nbval against only running it, cell by cell, with nbclient: what comparing costs."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from statistics import median

from benchmarks import Row

ROOT = Path(__file__).parent.parent
RUNS = 3
_CHECK = ["-m", "pytest", "--quiet", "-p", "no:cacheprovider"]  # pyproject.toml says the rest
_RUN = """
import sys
import nbformat
from nbclient import NotebookClient
for path in sys.argv[1:]:
    NotebookClient(nbformat.read(path, 4), resources={"metadata": {"path": path.rpartition("/")[0]}}).execute()
"""


def rows() -> Iterator[Row]:
    for language in ("en", "nl"):
        lessons = [path.as_posix() for path in sorted((ROOT / "notebooks" / language).glob("*.ipynb"))]
        times: dict[str, list[float]] = {"ours": [], "peer": []}
        # Turn by turn, so that whatever else the machine does falls on both.
        for _run_number in range(RUNS):
            for name, command in (("ours", [*_CHECK, *lessons]), ("peer", ["-c", _RUN, *lessons])):
                start = time.perf_counter()
                subprocess.run([sys.executable, *command], cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
                times[name].append(time.perf_counter() - start)
        yield Row(
            what=f"{len(lessons)} lessons under nbval, {language}",
            ours=median(times["ours"]),
            peer=median(times["peer"]),
            peer_name="nbclient",
            unit="s",
            goal=1.2,
        )
