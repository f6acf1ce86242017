"""Run one benchmark: ``python -m benchmarks slider``.

``slider coverage`` measures one picture, ``parquet 4`` four million deals.
"""

from __future__ import annotations

import importlib
import pkgutil
import sys

import benchmarks

NAMES = [module.name for module in pkgutil.iter_modules(benchmarks.__path__) if module.name[0] != "_"]


def main() -> int:
    name, *which = sys.argv[1:] or [""]
    if name not in NAMES or (which and name not in ("slider", "parquet")):
        print(f"Usage: python -m benchmarks {{{','.join(NAMES)}}}; slider takes names of pictures, parquet millions")
        return 2
    for row in importlib.import_module(f"benchmarks.{name}").rows(*which):
        print(row, flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
