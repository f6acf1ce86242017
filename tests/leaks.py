"""What of an export stands in a notebook: its cells, its sums and the targets set against it, and where each stands.

   python tests/leaks.py NOTEBOOK EXPORT [--target 700000] [--delivered NOTEBOOK]

It reads the export by itself, so that a mistake of the kit's cannot hide another. Text inside pictures (SVG), packed or
not, is searched as well; pixels are not. What a notebook held when it was delivered is no leak. Exit status 1:
something was found.
"""

import argparse
import base64
import binascii
import csv
import html
import itertools
import json
import re
import sys
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

# A shorter cell stands in any text; a smaller number too.
SHORTEST, SMALLEST = 3, 1_000
# The kit's own words.
EVERYWHERE = ("open", "won", "lost")
NUMBER = re.compile(r"-?\d+(?:[.,]\d+)?")
PACKED = re.compile(r"base64,([A-Za-z0-9+/=]{40,})|^([A-Za-z0-9+/=\n]{200,})$")
MARKS = ("", ",", ".", " ", "\u00a0", "\u202f", "'", "_")


class Leak(NamedTuple):
    """Something of the export, and where in the notebook it stands."""

    what: str
    is_: str
    where: str


def leaks(notebook: Any, export: Path, *targets: float, delivered: Any = None) -> list[Leak]:
    """Name all that stands in a notebook, a page or any text of it."""
    known = "\n".join(text for _, text in texts_of(delivered)) if delivered is not None else ""
    there = [(where, text) for where, text in texts_of(notebook)]
    everything = "\n".join(text for _, text in there)
    found = []
    for what, is_ in secrets(export, *targets).items():
        if what in everything and not _holds(known, what):
            found += [Leak(what, is_, where) for where, text in there if _holds(text, what)]
    return found


def secrets(export: Path, *targets: float) -> dict[str, str]:
    """Give each way in which something of the export can be written, and what it is."""
    header, *rows = table(export)
    found: dict[str, str] = {}
    sums: dict[str, float] = defaultdict(float)
    for line, row in enumerate(rows, 2):
        for name, cell in zip(header, row, strict=False):
            text = cell.strip()
            if len(text) >= SHORTEST and text not in EVERYWHERE and not NUMBER.fullmatch(text):
                found.setdefault(text, f"{name}, line {line}")
            elif NUMBER.fullmatch(text):
                value = float(text.replace(",", "."))
                for way in written(value):
                    found.setdefault(way, f"{name}, line {line}")
                sums[f"sum of {name}"] += value
                for other, group in zip(header, row, strict=False):
                    if other != name:
                        sums[f"sum of {name} where {other} is {group}"] += value
    for target in targets:
        sums[f"target {target:,.0f}"] = target
    for (one, total), (target_is, target) in itertools.product(list(sums.items()), list(sums.items())):
        if target_is.startswith("target") and one.startswith("sum"):
            sums[f"what is left of {target_is} after the {one}"] = target - total
    for name, total in sums.items():
        for way in written(total):
            found.setdefault(way, name)
    return found


def written(value: float) -> Iterator[str]:
    """Give a number in the ways in which people and programs write it."""
    whole, cents = divmod(round(abs(value) * 100), 100)
    if whole < SMALLEST:
        return
    for mark in MARKS:
        yield f"{whole:,}".replace(",", mark)
    if cents:
        yield f"{whole}.{cents:02}"


def table(export: Path) -> list[list[str]]:
    """Give the cells of an export, row by row."""
    if export.suffix.lower() in (".xlsx", ".xlsm"):
        import openpyxl

        sheet = openpyxl.load_workbook(export, data_only=True).active
        return [["" if cell is None else str(cell) for cell in row] for row in sheet.iter_rows(values_only=True)]
    data = export.read_bytes()
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = data.decode("cp1252")
    first = text.partition("\n")[0]
    return list(csv.reader(text.splitlines(), delimiter=max(",;\t|", key=first.count)))


def texts_of(part: Any, where: str = "notebook") -> Iterator[tuple[str, str]]:
    """Give every text in a notebook with its place: as it stands, without escapes, and what is packed in it."""
    if isinstance(part, dict):
        for key, value in part.items():
            yield f"{where}, a name", str(key)
            yield from texts_of(value, f"{where}.{key}")
    elif isinstance(part, list):
        if part and all(isinstance(line, str) for line in part):
            # Lines of one text, as Jupyter writes them, or cells of a column, as a figure of plotly's holds them.
            yield from texts_of("".join(part), where)
        for at, value in enumerate(part):
            yield from texts_of(value, f"{where}[{at}]")
    elif part is not None and not isinstance(part, bool):
        text = str(part)
        yield where, text
        plain = html.unescape(text)
        if plain != text:
            yield where, plain
        # A terminal's colours stand between the letters of a traceback; tags between those of a page.
        bare = re.sub(r"\x1b\[[\d;]*m|<[^<>]*>", "", plain)
        if bare != plain:
            yield where, bare
        for match in PACKED.finditer(text):
            try:
                unpacked = base64.b64decode(match[1] or match[2])
            except (binascii.Error, ValueError):
                continue
            yield f"{where}, packed", unpacked.decode("utf-8", errors="replace")


def _holds(text: str, what: str) -> bool:
    if what not in text:
        return False
    before, after = (r"(?<![\d])(?<!\d[.,])", r"(?![\d]|[.,]\d{3})") if what[0].isdigit() else (r"(?<!\w)", r"(?!\w)")
    return re.search(before + re.escape(what) + after, text) is not None


def main() -> int:
    """Tell what was found."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("notebook", type=Path)
    parser.add_argument("export", type=Path)
    parser.add_argument("--target", type=float, action="append", default=[])
    parser.add_argument("--delivered", type=Path)
    given = parser.parse_args()
    found = leaks(
        opened(given.notebook),
        given.export,
        *given.target,
        delivered=opened(given.delivered) if given.delivered else None,
    )
    for leak in found:
        print(f"“{leak.what}” ({leak.is_}) stands in {leak.where}")
    count = len(secrets(given.export, *given.target))
    print(f"{len(found)} places found; looked for {count} cells, sums and targets in {given.notebook}")
    return 1 if found else 0


def opened(path: Path) -> Any:
    """Read a notebook; of any other file, such as an exported page, the text."""
    text = path.read_text(encoding="utf-8", errors="replace")
    return json.loads(text) if path.suffix == ".ipynb" else text


if __name__ == "__main__":
    sys.exit(main())
