"""The tables of the traps: made up, and only as large as it takes to show the effect."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from salesmetrics.deals.check import check_deals
from salesmetrics.deals.fields import DATES

if TYPE_CHECKING:
    import pandas as pd

AMOUNT = 10_000.0
MONTHS = ("2025-10", "2025-11", "2025-12", "2026-01", "2026-02", "2026-03")
WINS_BY_AGE, LOSSES_BY_AGE = (10, 5, 3, 2, 0, 0), (2, 6, 12, 15, 20, 25)  # of 100 leads, month by month
A_MONTH = 10  # new deals of each kind
# Of each team's deals in a quarter: won and lost of those that stood open when it began and not yet a quarter before,
# won and lost of those that stood open then too, and won and lost of those that began in it.
TEAMS = {"A": ((5, 13), (1, 5), (4, 12)), "B": ((0, 0), (10, 30), (0, 0))}
EIGHT_QUARTERS = ("2024-04-01", "2026-03-31")
KINDS = {"fast": (0.4, 1), "slow": (0.1, 6)}  # the share that is won, and the months a deal stays open


def small() -> pd.DataFrame:
    """Two sellers: A closed 5 deals, B closed 60."""
    won_lost = {"A": (4, 1), "B": (24, 36)}
    return _table(
        deal_row(status, closed="2026-02-15", owner=owner)
        for owner, counts in won_lost.items()
        for status, count in zip(("won", "lost"), counts, strict=True)
        for _i in range(count)
    )


def coin() -> pd.DataFrame:
    """Two pipelines of € 1,000,000: A of equal deals, B with one large one."""
    sizes = {"A": [25_000.0] * 40, "B": [250_000.0] + [25_000.0] * 30}
    return _table(
        deal_row("open", amount=amount, due="2026-05-15", pipeline=name)
        for name, amounts in sizes.items()
        for amount in amounts
    )


def open_deals() -> pd.DataFrame:
    """Six months of 100 leads each; wins come early and losses late."""
    rows = [
        deal_row(status, closed=f"{MONTHS[place + age]}-15", created=f"{month}-01", month=month)
        for place, month in enumerate(MONTHS)
        for status, by_age in (("won", WINS_BY_AGE), ("lost", LOSSES_BY_AGE))
        for age, count in enumerate(by_age[: len(MONTHS) - place])
        for _i in range(count)
    ]
    for month in MONTHS:
        ended = sum(row["month"] == month for row in rows)
        rows += [deal_row("open", created=f"{month}-01", month=month) for _i in range(100 - ended)]
    return _table(rows)


def slow() -> pd.DataFrame:
    """Half a year in which as many fast deals come and go as slow ones, and what is open at its end."""
    rows = []
    for kind, (rate, months) in KINDS.items():
        won = round(rate * A_MONTH)
        statuses = ["won"] * won + ["lost"] * (A_MONTH - won)
        for month in MONTHS:
            rows += [deal_row(status, closed=f"{month}-15", created="2025-04-01", kind=kind) for status in statuses]
        for month in MONTHS[-months:]:
            rows += [deal_row("open", created=f"{month}-15", due="2026-06-30", kind=kind) for _i in range(A_MONTH)]
    return _table(rows)


def inverse() -> pd.DataFrame:
    """Two teams that win one in four, over eight quarters and the two before: what lingers, and what comes and goes."""
    import pandas as pd

    last = pd.Period(EIGHT_QUARTERS[1], "Q")
    rows = []
    for team, by_age in TEAMS.items():
        for quarter in pd.period_range(end=last + 2, periods=12, freq="Q"):
            ended = str(quarter.end_time.date())
            for age, counts in zip((1, 2, 0), by_age, strict=True):
                created = str((quarter - age).start_time.date() + pd.Timedelta(days=45))
                for status, count in zip(("won", "lost"), counts, strict=True):
                    # What ends after the last of the quarters is open still, if it has come in by then.
                    if quarter <= last:
                        rows += [deal_row(status, created=created, closed=ended, team=team)] * count
                    elif quarter - age <= last:
                        rows += [deal_row("open", created=created, due=ended, team=team)] * count
    return _table(rows)


def deal_row(
    status: str, *, created: Any = "2025-09-01", closed: Any = None, due: Any = None, **more: Any
) -> dict[str, Any]:
    """Return a row for :func:`checked_table`; a day of closing or an expected day that is not given is empty."""
    days = {"created_on": created, "closed_on": closed, "expected_close_on": due}
    return {"status": status, "amount": AMOUNT, **days, **more}


def _table(rows: Iterable[dict[str, Any]]) -> pd.DataFrame:
    return checked_table(rows, currency="EUR")


def checked_table(rows: Iterable[dict[str, Any]], **of_all: str) -> pd.DataFrame:
    """Return a checked table of made-up deals, each with an id, and with what is the same of all."""
    import pandas as pd

    table = pd.DataFrame(list(rows))
    table = table.assign(**of_all, deal_id=[f"T-{at:03}" for at in range(1, len(table) + 1)])
    checked: pd.DataFrame = check_deals(table.assign(**{name: pd.to_datetime(table[name]) for name in DATES}))
    return checked
