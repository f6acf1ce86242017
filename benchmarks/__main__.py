"""Run one benchmark: ``python -m benchmarks slider``, or of some pictures ``python -m benchmarks slider coverage``."""

from __future__ import annotations

import importlib
import pkgutil
import sys

import benchmarks

NAMES = [module.name for module in pkgutil.iter_modules(benchmarks.__path__) if module.name[0] != "_"]


def main() -> int:
    name, *which = sys.argv[1:] or [""]
    if name not in NAMES or (which and name != "slider"):
        print(f"Usage: python -m benchmarks {{{','.join(NAMES)}}}; slider takes names of pictures as well")
        return 2
    for row in importlib.import_module(f"benchmarks.{name}").rows(*which):
        print(row, flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
