"""The kit's three companies, all fictional: what the lessons say of them is written down here and holds exactly.

How many deals, won, lost, where and why is chosen; only how unequal the deals are, and which of them is which, is drawn
(see ``draw.py``). The seeds were sought: with them, no way of counting turns a company's story round, which
``tests/test_story.py`` checks.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from operator import itemgetter
from random import Random
from typing import Any

from draw import repeat, shuffled, spread, working_days

Row = dict[str, Any]

AS_OF = date(2026, 3, 31)
PERIOD = (date(2026, 4, 1), date(2026, 6, 30))
NEXT_PERIOD = (date(2026, 7, 1), date(2026, 9, 30))
QUARTERS = [
    (date(2025, 4, 1), date(2025, 6, 30)),
    (date(2025, 7, 1), date(2025, 9, 30)),
    (date(2025, 10, 1), date(2025, 12, 31)),
    (date(2026, 1, 1), AS_OF),
]

WAITS = ["<=1h", "1-4h", "4-24h", ">24h"]
# Won and closed by channel and by how long the lead waited. The better channels are answered sooner, so that a good
# part of what a quick answer seems to do is the channel's.
BY_WAIT = {
    "referral": [(6, 20), (5, 17), (3, 12), (1, 6)],
    "search": [(3, 16), (4, 24), (3, 25), (2, 20)],
    "events": [(2, 12), (2, 17), (2, 27), (1, 24)],
    "paid social": [(1, 12), (2, 32), (4, 76), (4, 110)],
}
# Won and closed by channel, quarter by quarter: every channel's rate rises while the total's falls.
BY_QUARTER = {
    "referral": [(10, 40), (5, 15)],
    "search": [(8, 60), (4, 25)],
    "events": [(4, 50), (3, 30)],
    "paid social": [(2, 50), (9, 180)],
}


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


def open_deals(
    rng: Random, due: tuple[date, date], stages: Sequence[str], amounts: dict[str, list[int]], age: int = 40
) -> list[Row]:
    """Give the open deals due in a period, from the amounts in each stage; deals that are further close sooner."""
    rows = [{"status": "open", "stage": stage, "amount": n} for stage, parts in amounts.items() for n in parts]
    depth = [stages.index(row["stage"]) for row in rows]
    ages = spread(rng, age * len(rows), len(rows), [2 + n for n in depth])
    fill(rows, "created_on", (AS_OF - timedelta(age) for age in ages))
    order = sorted(range(len(rows)), key=lambda i: rng.random() * 91 - 15 * depth[i])
    fill([rows[i] for i in order], "expected_close_on", working_days(due, len(rows)))
    return rows


def close(
    rng: Random,
    rows: Sequence[Row],
    period: tuple[date, date],
    days: int,
    new: int = 0,
    stages: Sequence[str] = (),
) -> None:
    """Spread the closing of these deals over a quarter; ``days`` is how long they took, all together.

    The first ``new`` of them were created in that same quarter; the others stood in its opening pipeline. Given the
    stages, deals that got further were created earlier.
    """
    first = period[0]
    late_first = sorted(
        working_days(period, len(rows)), key=lambda day: rng.random() * (day - first).days, reverse=True
    )
    fill(rows, "closed_on", late_first[:new] + shuffled(rng, late_first[new:]))
    for row in rows[:new]:
        row["created_on"] = first + timedelta(int(rng.random() * (row["closed_on"] - first).days))
        days -= (row["closed_on"] - row["created_on"]).days
    old = rows[new:]
    days -= sum((row["closed_on"] - first).days for row in old)
    lean = [2 + stages.index(row["stage"]) for row in old] if stages else None
    fill(old, "created_on", (first - timedelta(ago) for ago in spread(rng, days, len(old), lean)))


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
    later = {"Lead": (300, 12), "Qualified": (150, 6), "Demo": (50, 2)}
    reasons = {
        "fit": (30, 12, 0, 0, 0),
        "need": (5, 18, 45, 2, 0),
        "proposition": (0, 8, 30, 4, 3),
        "silent": (0, 0, 20, 2, 2),
        "budget": (15, 12, 10, 2, 5),
    }
    opened = open_deals(rng, PERIOD, stages, {stage: spread(rng, *parts) for stage, parts in due.items()})
    july = (NEXT_PERIOD[0], date(2026, 7, 31))  # hardly anybody gives a lead a day that is far ahead
    opened += open_deals(rng, july, stages, {stage: spread(rng, *parts) for stage, parts in later.items()})
    won = [{"status": "won", "stage": "Negotiation"} for _ in range(25)]
    lost = lost_deals(stages, reasons)
    fill(won, "amount", spread(rng, 625, 25))
    # What was lost at the demo divides by nine: of the 45 deals that get further 25 are won.
    at_demo = [row for row in lost if row["stage"] == "Demo"]
    elsewhere = [row for row in lost if row["stage"] != "Demo"]
    fill(at_demo, "amount", spread(rng, 2475, 105))
    fill(elsewhere, "amount", spread(rng, 3150, 120))
    # Winners take 100 days on average and all closed deals 73: the worked figure for the pipeline's velocity.
    # What is new and won within its quarter is small, and hardly ever happens.
    close(rng, sorted(won[:13], key=itemgetter("amount")), QUARTERS[-2], 1300, new=1)
    close(rng, sorted(won[13:], key=itemgetter("amount")), QUARTERS[-1], 1200)
    lost = shuffled(rng, lost)
    close(rng, lost[:112], QUARTERS[-2], 7840, new=30, stages=stages)
    close(rng, lost[112:], QUARTERS[-1], 7910, new=30, stages=stages)
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
    rng = Random(3465)
    chances = {"Intake": "0.2", "Scoping": "0.4", "Proposal": "0.6", "Negotiation": "0.8"}
    stages = list(chances)
    due = {"Intake": [250, 200, 60, 50, 48, 40, 27], "Scoping": [70, 55, 35], "Proposal": [45], "Negotiation": [20]}
    later = {"Intake": [80, 45, 30], "Scoping": [60, 25]}
    reasons = {
        "fit": (3, 1, 0, 0),
        "need": (1, 2, 1, 0),
        "proposition": (0, 0, 3, 1),
        "silent": (0, 1, 1, 0),
        "budget": (2, 2, 3, 3),
    }
    opened = open_deals(rng, PERIOD, stages, due, age=60) + open_deals(rng, NEXT_PERIOD, stages, later)
    won = [{"status": "won", "stage": "Negotiation"} for _ in range(36)]
    lost = shuffled(rng, lost_deals(stages, reasons))
    # Six of the ten large deals and thirty of the fifty small ones are won: 60% by number, and so by money.
    fill(won, "amount", shuffled(rng, [270, 230, 210, 180, 160, 150, *spread(rng, 1392, 30)]))
    fill(lost, "amount", shuffled(rng, [250, 220, 180, 150, *spread(rng, 928, 20)]))
    for at, quarter in enumerate(QUARTERS):
        close(rng, sorted(won[9 * at : 9 * at + 9], key=itemgetter("amount")), quarter, 9 * 90, new=at % 2)
        close(rng, lost[6 * at : 6 * at + 6], quarter, 6 * 130, stages=stages)
    fill(won, "channel", shuffled(rng, repeat({"referral": 24, "partners": 5, "events": 4, "search": 3})))
    fill(lost, "channel", shuffled(rng, repeat({"referral": 12, "partners": 3, "events": 3, "search": 6})))
    fill(opened, "channel", shuffled(rng, repeat({"referral": 11, "partners": 2, "events": 2, "search": 2})))
    return finish(rng, opened + won + lost, "C", chances, sellers=3)


def leads(rng: Random, rows: Sequence[Row], channels: dict[str, int]) -> None:
    """Give open deals a channel, as many as said, and a wait, as often as among the channel's closed deals."""
    fill(shuffled(rng, rows), "channel", repeat(channels))
    for channel, waits in BY_WAIT.items():
        closed = repeat({wait: count for wait, (_, count) in zip(WAITS, waits, strict=True)})
        mine = [row for row in rows if row["channel"] == channel]
        evenly = [closed[len(closed) * (2 * i + 1) // (2 * len(mine))] for i in range(len(mine))]
        fill(shuffled(rng, mine), "response_time", evenly)


def agency() -> list[Row]:
    """Full but leaky, at the hand-over: 200 open deals due, 45 won of 450 closed in two quarters."""
    rng = Random(6521)
    chances = {"Lead": "0.1", "Qualified": "0.2", "Sales accepted": "0.4", "Proposal": "0.6", "Negotiation": "0.8"}
    stages = list(chances)
    due = {
        "Lead": (1150, 96),
        "Qualified": (1110, 92),
        "Sales accepted": (120, 10),
        "Proposal": (12, 1),
        "Negotiation": (8, 1),
    }
    later = {"Lead": (420, 35), "Qualified": (380, 32)}
    reasons = {
        "fit": (30, 50, 0, 0, 0),
        "need": (5, 40, 5, 4, 1),
        "proposition": (0, 15, 10, 6, 4),
        "silent": (5, 165, 5, 4, 4),
        "budget": (10, 25, 5, 6, 6),
    }
    opened = open_deals(rng, PERIOD, stages, {stage: spread(rng, *parts) for stage, parts in due.items()})
    leads(rng, opened, {"referral": 12, "search": 20, "events": 24, "paid social": 144})
    more = open_deals(rng, NEXT_PERIOD, stages, {stage: spread(rng, *parts) for stage, parts in later.items()})
    leads(rng, more, {"referral": 4, "search": 7, "events": 8, "paid social": 48})

    won: list[list[Row]] = [[], []]
    lost: list[list[Row]] = [[], []]
    for channel, waits in BY_WAIT.items():
        wins, closed = BY_QUARTER[channel][0]
        for status, ended, first, counts in (
            ("won", won, wins, [wins for wins, _ in waits]),
            ("lost", lost, closed - wins, [closed - wins for wins, closed in waits]),
        ):
            rows = [
                {"status": status, "channel": channel, "response_time": wait}
                for wait in shuffled(rng, repeat(dict(zip(WAITS, counts, strict=True))))
            ]
            ended[0] += rows[:first]
            ended[1] += rows[first:]
    fill(won[0] + won[1], "stage", repeat({"Negotiation": 45}))
    # Who waits longer for an answer falls silent more often.
    patient_first = sorted(
        lost_deals(stages, reasons), key=lambda row: rng.random() + (row["loss_reason"] == "silent") / 2
    )
    by_wait = sorted(shuffled(rng, lost[0] + lost[1]), key=lambda row: WAITS.index(row["response_time"]))
    for row, ending in zip(by_wait, patient_first, strict=True):
        row.update(ending)
    # Either quarter began with about 2,400, of which nine tenths were decided in it; a fifth of the won money was new.
    for at, new_wins, new_losses in ((0, 5, 15), (1, 4, 66)):
        for rows, days, new in ((won[at], 80, new_wins), (shuffled(rng, lost[at]), 76, new_losses)):
            fill(rows, "amount", spread(rng, 12 * len(rows), len(rows)))
            close(rng, rows, QUARTERS[at - 2], days * len(rows), new, stages)
    return finish(rng, opened + more + won[0] + won[1] + lost[0] + lost[1], "A", chances, sellers=6)
