"""Exports to report on: one small enough to work out by hand, and what pushes a page to its edges."""

import csv
import datetime
import io
import random
from functools import cache

from salesmetrics import report, sample_file, use_language
from salesmetrics.base import kit_files
from salesmetrics.crm import read_deals

# Three deals due of 300, 200 and 100 (thousand), half of ten closed deals won: against 400 that is 1.5×, 300 expected,
# and three of the eight ways in which they can end reach it.
BY_HAND = """deal_id,Opportunity Name,status,stage,amount,created_on,closed_on,expected_close_on,account,owner,reason,currency
Q-1,Dak Zwaluw,open,Demo,300000,2026-01-05,,2026-05-01,Zwaluw BV,Noor Vis,,EUR
Q-2,Dak Reiger,open,Lead,200000,2026-02-04,,2026-06-15,Reiger BV,Noor Vis,,EUR
Q-3,Dak Merel,open,Lead,100000,2026-03-26,,2026-06-20,Merel BV,Noor Vis,,EUR
Q-4,Dak Specht,open,Lead,50000,2026-02-04,,2026-11-15,Specht BV,Noor Vis,,EUR
Q-5,Dak Valk,won,Demo,80000,2025-12-01,2026-03-31,,Valk BV,Noor Vis,,EUR
Q-6,Dak Uil,won,Demo,80000,2025-10-01,2026-01-14,,Uil BV,Noor Vis,,EUR
Q-7,Dak Kauw,won,Demo,80000,2025-10-01,2026-01-14,,Kauw BV,Noor Vis,,EUR
Q-8,Dak Gaai,won,Demo,80000,2025-10-01,2026-01-14,,Gaai BV,Noor Vis,,EUR
Q-9,Dak Roek,won,Demo,80000,2025-10-01,2026-01-14,,Roek BV,Noor Vis,,EUR
Q-10,Dak Kok,lost,Demo,80000,2025-10-01,2026-01-14,,Kok BV,Noor Vis,Duurkoop,EUR
Q-11,Dak Mus,lost,Demo,80000,2025-10-01,2026-01-14,,Mus BV,Noor Vis,Duurkoop,EUR
Q-12,Dak Eend,lost,Demo,80000,2025-10-01,2026-01-14,,Eend BV,Noor Vis,Duurkoop,EUR
Q-13,Dak Fuut,lost,Lead,80000,2025-10-01,2026-01-14,,Fuut BV,Noor Vis,Duurkoop,EUR
Q-14,Dak Kluut,lost,Lead,80000,2025-10-01,2026-01-14,,Kluut BV,Noor Vis,Duurkoop,EUR
"""  # noqa: E501
# A week earlier: 250 + 200 + 80 = 530 open; since then 100 new, 50 more on the first, and 80 won.
WEEK_BEFORE = (
    "\n".join(line for line in BY_HAND.splitlines() if not line.startswith("Q-3,"))
    .replace("300000", "250000")
    .replace("won,Demo,80000,2025-12-01,2026-03-31,,Valk", "open,Demo,80000,2025-12-01,,2026-04-10,Valk")
)
STAGES = ["Lead", "Demo"]
NAMES = ["Dak", "Zwaluw", "Reiger", "Merel", "Valk", "Noor", "Vis", "Q-1", "Q-2", "Duurkoop"]
HOSTILE = ["<img src=x onerror=alert(1)>", "$a$", "</style><script>alert(2)</script>", "{target}", "\u202egnorw\x07"]


def by_hand(text=BY_HAND, **options):
    return read_deals(text.encode(), stages=STAGES, name="deals.csv", **options)


def made(stages, *, count=120, amount=20_000, named="Deal {}", closed=True, currency="EUR"):
    """Make an export of many deals, the same on every machine, and the same pipeline five weeks earlier."""
    chosen, rows, earlier = random.Random(8), [], []
    day = datetime.date(2025, 7, 1)
    for number in range(count):
        created = day + datetime.timedelta(days=chosen.randrange(240))
        status = chosen.choice(["open", "open", "won", "lost"]) if closed else "open"
        row = {
            "deal_id": f"D-{number}",
            "Deal Name": named.format(number),
            "stage": chosen.choice(stages),
            "status": status,
            "amount": amount * chosen.randrange(1, 9),
            "currency": currency,
            "created_on": created,
            "closed_on": "" if status == "open" else created + datetime.timedelta(days=20),
            "expected_close_on": datetime.date(2026, 3, 1) + datetime.timedelta(days=chosen.randrange(150)),
            "account": named.format(number),
            "owner": named.format(number),
        }
        rows.append(row)
        if number % 23 == 0:
            row["amount"] = "much"
        elif number % 17 == 0:
            row["amount"] = ""
        elif created < datetime.date(2026, 2, 10):
            due = row["expected_close_on"] + datetime.timedelta(days=chosen.choice([-60, 0, 0, 60]))
            then = {**row, "amount": round(row["amount"] * chosen.choice([0.9, 1, 1.1])), "expected_close_on": due}
            still = status != "open" and row["closed_on"] > datetime.date(2026, 2, 10)
            earlier.append({**then, "status": "open", "closed_on": ""} if still else then)
    return [read_deals(written(table), stages=stages, name="export.csv") for table in (rows, earlier)]


def written(rows):
    text = io.StringIO()
    table = csv.DictWriter(text, list(rows[0]))
    table.writeheader()
    table.writerows(rows)
    return text.getvalue().encode()


def tiny():
    return by_hand("\n".join([BY_HAND.splitlines()[i] for i in (0, 1, 6, 10)]))


def full(stages, named, **options):
    """Report on everything that can stand on the page, as long as it can be."""
    now, before = made(stages, named=named, **options)
    return report(now, target=400_000, period="2026Q2", earlier=before, names=True)


def by_seller(target):
    """Report on the sample with all that can be asked for: changes, names, groups."""
    sample = read_deals(sample_file())
    return report(sample, target=target, period="2026Q2", earlier=sample.deals, names=True, by="owner")


# Each makes a report, in the language that is chosen when it is called.
CASES = {
    "by hand": lambda: report(by_hand(), target=400_000, period="2026Q2"),
    "startup": lambda: report(read_deals(kit_files() / "data" / "startup.csv"), target=500_000, period="2026Q2"),
    "sample": lambda: report(read_deals(sample_file()), target=500_000, period="2026Q2"),
    "sample by seller": lambda: by_seller(500_000),
    # All that a page can hold: what is still to be found as well, which takes the most words.
    "sample with a gap": lambda: by_seller(900_000),
    "three deals": lambda: report(tiny(), target=400_000, period="2026Q2"),
    "nothing closed": lambda: report(made(STAGES, count=40, closed=False)[0], target=400_000, period="2026Q2"),
    "nothing due": lambda: report(by_hand(), target=400_000, period="2027"),
    "target met": lambda: report(by_hand(), target=100_000, period="2026Q1"),
    "many stages": lambda: full([f"Stage {number}" for number in range(14)], "Deal {}"),
    "long names": lambda: full(
        [f"{number} Uitgebreide kwalificatie met alle betrokken beslissers" for number in range(9)],
        "Gemeente Zwaluwdam en omstreken, renovatie van alle daken {}",
    ),
    "unbroken names": lambda: full([f"{number}{'W' * 90}" for number in range(9)], "M" * 200, currency="USD"),
    "billions": lambda: full([f"Stage {number}" for number in range(9)], "Deal {}", amount=123_456_789),
    "hostile names": lambda: full(HOSTILE, " ".join(HOSTILE).replace("{target}", "{{target}}")),
}


@cache
def page(case, language):
    """Give the page of a case, made once in each language."""
    use_language(language)
    return CASES[case]().html
