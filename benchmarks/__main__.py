"""Run one benchmark: ``python -m benchmarks slider``."""

from __future__ import annotations

import importlib
import pkgutil
import sys

import benchmarks

NAMES = [module.name for module in pkgutil.iter_modules(benchmarks.__path__) if module.name[0] != "_"]


def main() -> int:
    if len(sys.argv) != 2 or sys.argv[1] not in NAMES:
        print(f"Usage: python -m benchmarks {{{','.join(NAMES)}}}")
        return 2
    for row in importlib.import_module(f"benchmarks.{sys.argv[1]}").rows():
        print(row, flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
