"""Make the kit's tables: its three companies and a sample export. They are fictional; every number is chosen or drawn.

Run ``python data/generate.py`` to write the tables and ``datapackage.json`` beside this file, and
``python data/generate.py --check`` to learn whether what is there is what this file would write.
"""

from __future__ import annotations

import csv
import io
import json
import sys
from collections.abc import Sequence
from pathlib import Path

from companies import AS_OF, PERIOD, Row, agency, consultancy, startup
from describe import COLUMNS, describe
from export import COLUMNS as EXPORTED
from export import eight_quarters

FOLDER = Path(__file__).parent


def table(rows: Sequence[Row], columns: Sequence[str]) -> str:
    """Write rows as CSV; what a deal does not have stays empty."""
    text = io.StringIO()
    writer = csv.DictWriter(text, columns, restval="", lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()


def files() -> dict[str, str]:
    """Give what this file writes: name and text."""
    made = {"startup": startup(), "consultancy": consultancy(), "agency": agency()}
    tables = {f"{name}.csv": table(rows, COLUMNS[name]) for name, rows in made.items()}
    exported = [{header: row.get(key, "") for header, key in EXPORTED.items()} for row in eight_quarters()]
    tables["eight_quarters.csv"] = table(exported, list(EXPORTED))
    return {**tables, "datapackage.json": json.dumps(describe(PERIOD, AS_OF), indent=2, ensure_ascii=False) + "\n"}


def stale(folder: Path) -> list[str]:
    """Name the files in the folder that are not what this file would write."""
    read = {
        path.name: path.read_text(encoding="utf-8") for path in folder.iterdir() if path.suffix in (".csv", ".json")
    }
    return [name for name, text in files().items() if read.get(name) != text]


def main(arguments: Sequence[str]) -> int:
    """Write the files, or with ``--check`` only say which are stale, and exit with 1 if any is."""
    if list(arguments) not in ([], ["--check"]):
        print("usage: python data/generate.py [--check]", file=sys.stderr)
        return 2
    if arguments:
        names = stale(FOLDER)
        for name in names:
            print(f"data/{name} is not what data/generate.py writes. Run: python data/generate.py", file=sys.stderr)
        return 1 if names else 0
    for name, text in files().items():
        (FOLDER / name).write_text(text, encoding="utf-8", newline="\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
