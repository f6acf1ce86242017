"""What is kept for next week beside the notebook, when somebody asks for it: target, period and where the file was."""

from __future__ import annotations

import json
from pathlib import Path
from typing import NamedTuple

from salesmetrics.base.errors import SalesMetricsError
from salesmetrics.base.writing import write
from salesmetrics.deals.periods import read_period

LAST_WEEK = "salesmetrics-last-week.json"


class LastWeek(NamedTuple):
    """The target as typed, the period as chosen, and the place of the file; each empty where there was none."""

    target: str = ""
    period: str = ""
    place: str = ""


def keep(found: LastWeek) -> None:
    """Write it beside the notebook; no deal is in it.

    Raises
    ------
    SalesMetricsError
        It can't be written.
    """
    write(LAST_WEEK, json.dumps(found._asdict(), ensure_ascii=False, indent=2) + "\n")


def kept() -> LastWeek:
    """Read what was kept; empty where nothing was, or where it is not what was written here."""
    try:
        found = json.loads(Path(LAST_WEEK).read_text(encoding="utf-8"))
        last = LastWeek(**{name: found[name] for name in LastWeek._fields})
    except (OSError, ValueError, RecursionError, TypeError, KeyError):
        return LastWeek()
    if not all(isinstance(value, str) for value in last):
        return LastWeek()
    try:
        read_period(last.period)
    except SalesMetricsError:
        last = last._replace(period="")
    return last
