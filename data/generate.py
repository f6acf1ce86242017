"""Make the tables of the kit's three companies. They are fictional; every number is chosen or drawn here.

Run ``python data/generate.py`` to write the tables and ``datapackage.json`` beside this file, and
``python data/generate.py --check`` to learn whether what is there is what this file would write.

What the lessons say of a company (how many deals, won, lost, where and why) is written down below and holds exactly;
only how unequal the deals are, and which of them is which, is drawn. Drawing uses a seed, coin flips and whole numbers,
so that every platform and every version of Python writes the same bytes.
"""

from __future__ import annotations

import csv
import io
import json
import sys
from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from pathlib import Path
from random import Random
from typing import Any

from describe import COLUMNS, describe

Row = dict[str, Any]

FOLDER = Path(__file__).parent
AS_OF = date(2026, 3, 31)
PERIOD = (date(2026, 4, 1), date(2026, 6, 30))
NEXT_PERIOD = (date(2026, 7, 1), date(2026, 9, 30))


def spread(rng: Random, total: int, count: int, lean: Sequence[int] | None = None) -> list[int]:
    """Divide ``total`` over ``count`` unequal whole parts of at least 1, about lognormal with a sigma of 0.6.

    Each part grows by 6.3% for every head in 384 coin flips: the binomial's spread of 9.8 heads, times ln 1.063, is
    0.6. ``lean`` makes some parts larger than others on average.
    """
    heads = [rng.getrandbits(384).bit_count() for _ in range(count)]
    weights = [1063**n * 1000 ** (384 - n) * (lean[i] if lean else 1) for i, n in enumerate(heads)]
    whole, rest = sum(weights), total - count
    parts = [1 + rest * weight // whole for weight in weights]
    by_fraction = sorted(range(count), key=lambda i: rest * weights[i] % whole, reverse=True)
    for i in by_fraction[: total - sum(parts)]:
        parts[i] += 1
    return parts


def shuffled(rng: Random, items: Iterable[Any]) -> list[Any]:
    """Put items in a random order; Python's own shuffle may change between versions, ``random()`` may not."""
    return sorted(items, key=lambda _: rng.random())


def repeat(counts: dict[str, int]) -> list[str]:
    """Write each name as often as its count says."""
    return [name for name, count in counts.items() for _ in range(count)]


def working_days(period: tuple[date, date], count: int) -> list[date]:
    """Give ``count`` days spread evenly over the period, first and last day included, none in a weekend."""
    first, last = period
    days = [first + timedelta(i * (last - first).days // (count - 1)) for i in range(count)]
    return [day - timedelta(max(0, day.weekday() - 4)) for day in days]


def fill(rows: Sequence[Row], column: str, values: Iterable[Any]) -> None:
    """Write one value into each row."""
    for row, value in zip(rows, values, strict=True):
        row[column] = value


def lost_deals(stages: Sequence[str], reasons: dict[str, Sequence[int]]) -> list[Row]:
    """Give the lost deals, from the number lost in each stage for each reason."""
    return [
        {"status": "lost", "stage": stage, "loss_reason": reason}
        for reason, counts in reasons.items()
        for stage, count in zip(stages, counts, strict=True)
        for _ in range(count)
    ]


def open_deals(rng: Random, due: tuple[date, date], stages: Sequence[str], amounts: dict[str, list[int]]) -> list[Row]:
    """Give the open deals due in a period, from the amounts in each stage; deals that are further close sooner."""
    rows = [{"status": "open", "stage": stage, "amount": n} for stage, parts in amounts.items() for n in parts]
    depth = [stages.index(row["stage"]) for row in rows]
    ages = spread(rng, 40 * len(rows), len(rows), [2 + n for n in depth])
    fill(rows, "created_on", (AS_OF - timedelta(age) for age in ages))
    order = sorted(range(len(rows)), key=lambda i: rng.random() * 91 - 15 * depth[i])
    fill([rows[i] for i in order], "expected_close_on", working_days(due, len(rows)))
    return rows


def close(rng: Random, rows: Sequence[Row], period: tuple[date, date]) -> None:
    """Spread the closing of these deals over a period; each was created its own number of days before."""
    fill(shuffled(rng, rows), "closed_on", working_days(period, len(rows)))
    for row in rows:
        row["created_on"] = row["closed_on"] - timedelta(row.pop("days"))


def finish(rng: Random, rows: list[Row], letter: str, chances: dict[str, str], sellers: int) -> list[Row]:
    """Give each deal what any CRM adds: a number in order of creation, an owner, an account, the stage's chance."""
    rows.sort(key=lambda row: (row["created_on"], rng.random()))
    for number, row in enumerate(rows, 1):
        row["deal_id"] = f"{letter}-{number:04}"
        row["amount"] *= 1000
        row["probability"] = {"won": "1", "lost": "0"}.get(row["status"], chances[row["stage"]])
        row["owner"] = f"Seller {1 + int(rng.random() * sellers)}"
        row["account"] = f"Account {1 + int(rng.random() * len(rows)):03}"
    return rows


def startup() -> list[Row]:
    """Full but leaky, in the middle of the funnel: 100 open deals due, 25 won of 250 closed in two quarters."""
    rng = Random(6)
    chances = {"Lead": "0.1", "Qualified": "0.2", "Demo": "0.4", "Proposal": "0.6", "Negotiation": "0.8"}
    stages = list(chances)
    due = {"Lead": (1200, 48), "Qualified": (800, 32), "Demo": (400, 16), "Proposal": (75, 3), "Negotiation": (25, 1)}
    later = {"Lead": (1300, 52), "Qualified": (550, 22), "Demo": (150, 6)}
    reasons = {
        "fit": (30, 12, 0, 0, 0),
        "need": (5, 18, 45, 2, 0),
        "proposition": (0, 8, 30, 4, 3),
        "silent": (0, 0, 20, 2, 2),
        "budget": (15, 12, 10, 2, 5),
    }
    opened = open_deals(rng, PERIOD, stages, {stage: spread(rng, *parts) for stage, parts in due.items()})
    opened += open_deals(rng, NEXT_PERIOD, stages, {stage: spread(rng, *parts) for stage, parts in later.items()})
    won = [{"status": "won", "stage": "Negotiation"} for _ in range(25)]
    lost = lost_deals(stages, reasons)
    fill(won, "amount", spread(rng, 625, 25))
    fill(lost, "amount", spread(rng, 5625, 225))
    # Winners take 100 days on average and all closed deals 73: the worked figure for the pipeline's velocity.
    fill(won, "days", spread(rng, 2500, 25))
    fill(lost, "days", spread(rng, 15750, 225, [2 + stages.index(row["stage"]) for row in lost]))
    close(rng, won + lost, (date(2025, 10, 1), AS_OF))
    fill(
        won,
        "channel",
        shuffled(rng, repeat({"search": 9, "referral": 6, "outbound": 4, "paid social": 3, "events": 3})),
    )
    mix = repeat({"search": 71, "referral": 16, "outbound": 51, "paid social": 67, "events": 20})
    fill(lost, "channel", shuffled(rng, mix))
    fill(opened, "channel", (mix[int(rng.random() * len(mix))] for _ in opened))
    rows = opened + won + lost
    return finish(rng, rows, "S", chances, sellers=5)


def consultancy() -> list[Row]:
    """Sharp but thin: twelve open deals due, two of them large, 36 won of 60 closed in four quarters."""
    rng = Random(0)
    chances = {"Intake": "0.2", "Scoping": "0.4", "Proposal": "0.6", "Negotiation": "0.8"}
    stages = list(chances)
    due = {"Intake": [60, 48, 27], "Scoping": [200, 50, 40, 20], "Proposal": [250, 55, 45], "Negotiation": [70, 35]}
    later = {"Intake": [80, 45, 30], "Scoping": [60, 25]}
    reasons = {
        "fit": (3, 1, 0, 0),
        "need": (1, 2, 1, 0),
        "proposition": (0, 0, 3, 1),
        "silent": (0, 1, 1, 0),
        "budget": (2, 2, 3, 3),
    }
    opened = open_deals(rng, PERIOD, stages, due) + open_deals(rng, NEXT_PERIOD, stages, later)
    won = [{"status": "won", "stage": "Negotiation"} for _ in range(36)]
    lost = lost_deals(stages, reasons)
    # The deals they lose are the larger ones: 60% of the deals is 50% of the money.
    fill(won, "amount", spread(rng, 2160, 36))
    fill(lost, "amount", spread(rng, 2160, 24))
    fill(won, "days", spread(rng, 36 * 90, 36))
    fill(lost, "days", spread(rng, 24 * 80, 24, [2 + stages.index(row["stage"]) for row in lost]))
    close(rng, won + lost, (date(2025, 4, 1), AS_OF))
    fill(won, "channel", shuffled(rng, repeat({"referral": 24, "partners": 5, "events": 4, "search": 3})))
    fill(lost, "channel", shuffled(rng, repeat({"referral": 12, "partners": 3, "events": 3, "search": 6})))
    fill(opened, "channel", shuffled(rng, repeat({"referral": 11, "partners": 2, "events": 2, "search": 2})))
    return finish(rng, opened + won + lost, "C", chances, sellers=3)


def table(rows: Sequence[Row], columns: Sequence[str]) -> str:
    """Write rows as CSV; what a deal does not have stays empty."""
    text = io.StringIO()
    writer = csv.DictWriter(text, columns, restval="", lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()


def files() -> dict[str, str]:
    """Give what this file writes: name and text."""
    made = {"startup": startup(), "consultancy": consultancy()}
    tables = {f"{name}.csv": table(rows, COLUMNS[name]) for name, rows in made.items()}
    return {**tables, "datapackage.json": json.dumps(describe(PERIOD, AS_OF), indent=2, ensure_ascii=False) + "\n"}


def stale(folder: Path = FOLDER) -> list[str]:
    """Name the files in the folder that are not what this file would write."""
    read = {
        path.name: path.read_text(encoding="utf-8") for path in folder.iterdir() if path.suffix in (".csv", ".json")
    }
    return [name for name, text in files().items() if read.get(name) != text]


def main(arguments: Sequence[str]) -> int:
    """Write the files, or with ``--check`` only say which are stale; the number of these is the exit code."""
    if list(arguments) not in ([], ["--check"]):
        print("usage: python data/generate.py [--check]", file=sys.stderr)
        return 2
    if arguments:
        names = stale()
        for name in names:
            print(f"data/{name} is not what data/generate.py writes. Run: python data/generate.py", file=sys.stderr)
        return 1 if names else 0
    for name, text in files().items():
        (FOLDER / name).write_text(text, encoding="utf-8", newline="\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
