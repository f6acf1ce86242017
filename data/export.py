"""The sample of lesson 08: an export of eight quarters as a CRM writes it, of a company that is made up.

Every quarter's sums are chosen, so that a reader can add them up: the quarters began with 3.0 times what they brought,
while 1 ÷ the win rate says 4.
"""

from __future__ import annotations

from datetime import date, timedelta
from random import Random
from typing import Any

from draw import shuffled, spread, working_days

Row = dict[str, Any]
Quarter = tuple[date, date]

# In thousands, quarter by quarter from 2024Q2 on: won and lost of what stood open when it began, won and lost of what
# began in it. Each quarter carries 300 over to the next.
SUMS = [
    (250, 850, 200, 600),
    (300, 900, 150, 600),
    (350, 950, 250, 550),
    (250, 950, 150, 650),
    (300, 900, 250, 600),
    (300, 800, 200, 600),
    (350, 950, 150, 650),
    (300, 900, 250, 550),
]
CARRIED = {"Won": 50, "Lost": 250}  # what becomes of it, a quarter later
OPEN = [1200, 100, 50]  # at the end, besides what is carried over, by the quarter in which it is due
DEAL = 25  # the mean, in thousands
STAGES = {"Qualified": 20, "Demo": 40, "Proposal": 60, "Negotiation": 80}
REASONS = ["no budget", "went with another", "fell silent", "no fit"]
COLUMNS = {
    "Deal - ID": "id",
    "Deal - Title": "title",
    "Deal - Organization": "account",
    "Deal - Owner": "owner",
    "Deal - Value": "value",
    "Deal - Currency of Value": "currency",
    "Deal - Stage": "stage",
    "Deal - Status": "status",
    "Deal - Probability": "probability",
    "Deal - Deal created": "created",
    "Deal - Expected close date": "expected",
    "Deal - Won time": "won",
    "Deal - Lost time": "lost",
    "Deal - Lost reason": "reason",
}


ABOUT = {
    "title": "Eight quarters, as a CRM exports them",
    "description": "A fictional company's export: its quarters began with 3.0 times what they brought, and 1 ÷ its win "
    "rate says 4.",
    "description_nl": "De export van een verzonnen bedrijf: de kwartalen begonnen met 3,0 keer wat ze opbrachten, en "
    "1 ÷ de win rate zegt 4.",
}
# Its columns: the CRM's header, type, what it holds and its rules.
FIELDS: list[tuple[str, str, str, str, dict[str, Any]]] = [
    (
        "Deal - ID",
        "integer",
        "The deal's number, in order of creation.",
        "Het nummer van de deal, op volgorde van aanmaken.",
        {"required": True, "unique": True},
    ),
    (
        "Deal - Title",
        "string",
        "The deal's name, made up from its number.",
        "De naam van de deal, gemaakt van het nummer.",
        {"required": True},
    ),
    (
        "Deal - Organization",
        "string",
        "Which customer: a number, no company's name.",
        "Welke klant: een nummer, geen naam van een bedrijf.",
        {"required": True},
    ),
    (
        "Deal - Owner",
        "string",
        "Which seller: a number, nobody's name.",
        "Welke verkoper: een nummer, geen naam van iemand.",
        {"required": True},
    ),
    (
        "Deal - Value",
        "number",
        "Potential revenue; for a won deal the revenue. In euros.",
        "Mogelijke omzet; bij een gewonnen deal de omzet. In euro's.",
        {"required": True, "minimum": 1},
    ),
    ("Deal - Currency of Value", "string", "Always euros.", "Altijd euro's.", {"required": True, "enum": ["EUR"]}),
    (
        "Deal - Stage",
        "string",
        "The furthest stage reached; for a won deal the last one before it was won.",
        "De verste fase die de deal haalde; bij een gewonnen deal de laatste vóór de winst.",
        {"required": True, "enum": ["Qualified", "Demo", "Proposal", "Negotiation"]},
    ),
    (
        "Deal - Status",
        "string",
        "Open, won or lost.",
        "Open, gewonnen of verloren.",
        {"required": True, "enum": ["Open", "Won", "Lost"]},
    ),
    (
        "Deal - Probability",
        "number",
        "The CRM's figure: the stage's default while open, 100 when won, 0 when lost.",
        "Het cijfer uit het CRM: zolang de deal open is de standaard van de fase, 100 bij winst, 0 bij verlies.",
        {"required": True, "minimum": 0, "maximum": 100},
    ),
    (
        "Deal - Deal created",
        "date",
        "Entered the pipeline on this day.",
        "Op deze dag in de pipeline gekomen.",
        {"required": True, "maximum": "2026-03-31"},
    ),
    (
        "Deal - Expected close date",
        "date",
        "The day an open deal is expected to close; empty once won or lost.",
        "De dag waarop een open deal naar verwachting sluit; leeg zodra die gewonnen of verloren is.",
        {"minimum": "2026-04-01"},
    ),
    (
        "Deal - Won time",
        "date",
        "Won on this day; else empty.",
        "Op deze dag gewonnen; anders leeg.",
        {"maximum": "2026-03-31"},
    ),
    (
        "Deal - Lost time",
        "date",
        "Lost on this day; else empty.",
        "Op deze dag verloren; anders leeg.",
        {"maximum": "2026-03-31"},
    ),
    (
        "Deal - Lost reason",
        "string",
        "Why it was lost; empty unless lost.",
        "Waarom de deal verloren ging; alleen gevuld bij verlies.",
        {},
    ),
]


def quarter(number: int) -> Quarter:
    """Give first and last day of a quarter: 0 is 2024Q2, the first of the eight."""
    first, after = (date(2024 + (n + 1) // 4, 1 + (n + 1) % 4 * 3, 1) for n in (number, number + 1))
    return first, after - timedelta(1)


def begun(rng: Random, total: int, status: str, within: Quarter) -> list[Row]:
    """Give deals of so much money, in thousands, with how they end; created within a quarter."""
    days = (within[1] - within[0]).days
    return [
        {"status": status, "value": amount * 1000, "created": within[0] + timedelta(int(rng.random() * days))}
        for amount in spread(rng, total, total // DEAL)
    ]


def close(rng: Random, rows: list[Row], within: Quarter) -> None:
    """Spread the closing over a quarter; a deal that began in it closes after that."""
    for row, day in zip(shuffled(rng, rows), working_days(within, len(rows)), strict=True):
        if row["created"] >= within[0]:
            first = row["created"] + timedelta(1)
            day = first + (within[1] - first) * rng.random()
            day -= timedelta(max(0, day.weekday() - 4))
        row[row["status"].lower()] = max(day, row["created"])


def eight_quarters() -> list[Row]:
    """Give the rows of the export, in order of creation; ``COLUMNS`` says what a CRM calls what they hold."""
    rng = Random(8)
    carried = [row for status, total in CARRIED.items() for row in begun(rng, total, status, quarter(-2))]
    rows: list[Row] = []
    for number, (won, lost, new_won, new_lost) in enumerate(SUMS):
        before, now = quarter(number - 1), quarter(number)
        old = begun(rng, won - CARRIED["Won"], "Won", before) + begun(rng, lost - CARRIED["Lost"], "Lost", before)
        new = begun(rng, new_won, "Won", now) + begun(rng, new_lost, "Lost", now)
        close(rng, carried + old, now)
        close(rng, new, now)
        rows += carried + old + new
        carried = [row for status, total in CARRIED.items() for row in begun(rng, total, status, before)]
    for ahead, total in enumerate(OPEN):
        due = begun(rng, total, "Open", quarter(len(SUMS) - 1)) + (carried if ahead == 0 else [])
        for row, day in zip(shuffled(rng, due), working_days(quarter(len(SUMS) + ahead), len(due)), strict=True):
            row |= {"status": "Open", "expected": day}
        rows += due
    return finish(rng, rows)


def finish(rng: Random, rows: list[Row]) -> list[Row]:
    """Give each deal what any CRM adds."""
    rows = sorted(shuffled(rng, rows), key=lambda row: row["created"])
    names = list(STAGES)
    for number, row in enumerate(rows, 1):
        early = rng.random() * rng.random()  # most of what is lost or open stands in the first stages
        stage = names[-1] if row["status"] == "Won" else names[int(early * len(names))]
        row |= {
            "id": number,
            "title": f"Order {number:04}",
            "account": f"Customer {1 + int(rng.random() * 200):03}",
            "owner": f"Seller {1 + int(rng.random() * 4)}",
            "currency": "EUR",
            "stage": stage,
            "probability": {"Won": 100, "Lost": 0}.get(row["status"], STAGES[stage]),
        }
        if row["status"] == "Lost":
            row["reason"] = REASONS[int(rng.random() * len(REASONS))]
    return rows
