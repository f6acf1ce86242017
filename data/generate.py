"""Make the tables of the kit's three companies. They are fictional; every number is chosen or drawn.

Run ``python data/generate.py`` to write the tables and ``datapackage.json`` beside this file, and
``python data/generate.py --check`` to learn whether what is there is what this file would write.

What the lessons say of a company (how many deals, won, lost, where and why) is written down below and holds exactly;
only how unequal the deals are, and which of them is which, is drawn (see ``draw.py``).
"""

from __future__ import annotations

import csv
import io
import json
import sys
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from pathlib import Path
from random import Random
from typing import Any

from describe import COLUMNS, describe
from draw import repeat, shuffled, spread, working_days

Row = dict[str, Any]

FOLDER = Path(__file__).parent
AS_OF = date(2026, 3, 31)
PERIOD = (date(2026, 4, 1), date(2026, 6, 30))
NEXT_PERIOD = (date(2026, 7, 1), date(2026, 9, 30))


def fill(rows: Sequence[Row], column: str, values: Iterable[Any]) -> None:
    """Write one value into each row."""
    for row, value in zip(rows, values, strict=True):
        row[column] = value


def lost_deals(stages: Sequence[str], reasons: Mapping[str, Sequence[int]]) -> list[Row]:
    """Give the lost deals, from the number lost in each stage for each reason."""
    return [
        {"status": "lost", "stage": stage, "loss_reason": reason}
        for reason, counts in reasons.items()
        for stage, count in zip(stages, counts, strict=True)
        for _ in range(count)
    ]


def by_stage(counts: dict[str, int], parts: list[int]) -> dict[str, list[int]]:
    """Deal out the parts over the stages, to each as many as its count says."""
    left = iter(parts)
    return {stage: [next(left) for _ in range(count)] for stage, count in counts.items()}


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
        row["currency"] = "EUR"
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


def agency() -> list[Row]:
    """Full but leaky, at the hand-over: 200 open deals due, 45 won of 450 closed in two quarters."""
    rng = Random(67)
    chances = {"Lead": "0.1", "Qualified": "0.2", "Sales accepted": "0.4", "Proposal": "0.6", "Negotiation": "0.8"}
    stages = list(chances)
    due = {"Lead": 80, "Qualified": 78, "Sales accepted": 26, "Proposal": 11, "Negotiation": 5}
    later = {"Lead": 60, "Qualified": 50, "Sales accepted": 10}
    reasons = {
        "fit": (30, 40, 0, 0, 0),
        "need": (5, 40, 15, 4, 1),
        "proposition": (0, 15, 15, 6, 4),
        "silent": (5, 150, 10, 4, 4),
        "budget": (10, 25, 10, 6, 6),
    }
    # Won and closed per channel, quarter by quarter: every channel's rate rises while the total's falls.
    quarters = [
        (
            (date(2025, 10, 1), date(2025, 12, 31)),
            {"referral": (10, 40), "search": (8, 60), "events": (4, 50), "paid social": (2, 50)},
        ),
        (
            (date(2026, 1, 2), AS_OF),
            {"referral": (5, 15), "search": (4, 25), "events": (3, 30), "paid social": (9, 180)},
        ),
    ]
    due_rows = open_deals(rng, PERIOD, stages, by_stage(due, spread(rng, 2400, 200)))
    later_rows = open_deals(rng, NEXT_PERIOD, stages, by_stage(later, spread(rng, 1440, 120)))
    # The latest quarter's channels, and the response times of all closed deals, in the same proportions.
    fill(due_rows, "channel", shuffled(rng, repeat({"referral": 12, "search": 20, "events": 24, "paid social": 144})))
    fill(later_rows, "channel", shuffled(rng, repeat({"referral": 7, "search": 12, "events": 14, "paid social": 87})))
    fill(due_rows, "response_time", shuffled(rng, repeat({"<=1h": 27, "1-4h": 40, "4-24h": 62, ">24h": 71})))
    fill(later_rows, "response_time", shuffled(rng, repeat({"<=1h": 16, "1-4h": 24, "4-24h": 37, ">24h": 43})))

    won = [{"status": "won", "stage": "Negotiation"} for _ in range(45)]
    lost = lost_deals(stages, reasons)
    fill(won, "amount", spread(rng, 45 * 12, 45))
    fill(lost, "amount", spread(rng, 405 * 12, 405))
    fill(won, "days", spread(rng, 45 * 60, 45))
    fill(lost, "days", spread(rng, 405 * 45, 405, [2 + stages.index(row["stage"]) for row in lost]))
    fill(shuffled(rng, won), "response_time", repeat({"<=1h": 12, "1-4h": 13, "4-24h": 12, ">24h": 8}))
    # Who waits longer for an answer falls silent more often.
    patient_first = sorted(lost, key=lambda row: rng.random() + (row["loss_reason"] == "silent") / 2)
    fill(patient_first, "response_time", repeat({"<=1h": 48, "1-4h": 77, "4-24h": 128, ">24h": 152}))
    won_left, lost_left = shuffled(rng, won), shuffled(rng, lost)
    for period, channels in quarters:
        closed = []
        for channel, (wins, total) in channels.items():
            batch = [won_left.pop() for _ in range(wins)] + [lost_left.pop() for _ in range(total - wins)]
            fill(batch, "channel", [channel] * total)
            closed += batch
        close(rng, closed, period)
    return finish(rng, due_rows + later_rows + won + lost, "A", chances, sellers=6)


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
