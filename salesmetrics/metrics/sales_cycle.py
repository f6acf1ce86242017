"""The sales cycle: how many days deals took from creation to closing, counted per number of days, never listed."""

from __future__ import annotations

import datetime
import math
from collections.abc import Mapping
from typing import Any

import narwhals as nw

from salesmetrics.deals.periods import closed_by, day_number


def days_to_close(deals: nw.LazyFrame[Any], as_of: datetime.date | None, *statuses: str) -> dict[int, int]:
    """Count the closed deals with these statuses by the number of days they took.

    Deals without a day of creation, or closed before it, are left out.

    Returns
    -------
    The number of deals for each number of days, in ascending order of days: as many entries as there are different
    lengths, however many deals there are.

    Examples
    --------
    >>> import salesmetrics as sm, narwhals as nw
    >>> consultancy = nw.from_native(sm.scenario("consultancy").deals).lazy()
    >>> sum(days_to_close(consultancy, None, "won").values())
    36
    """
    dated = deals.filter(closed_by(as_of, *statuses) & ~nw.col("created_on").is_null())
    took = dated.select(days=day_number(nw.col("closed_on")) - day_number(nw.col("created_on")))
    counted = took.group_by("days").agg(nw.len().alias("deals")).collect()
    found = zip(counted["days"].to_list(), counted["deals"].to_list(), strict=True)
    return dict(sorted((int(days), int(deals)) for days, deals in found if days >= 0))


def days_within_which(took: Mapping[int, int], share: float) -> int:
    """Return the number of days within which at least this share of the deals was closed.

    Parameters
    ----------
    took
        What :func:`days_to_close` counted, at least one deal.
    share
        Of the deals, above 0 and at most 1: ½ gives the median, 0.9 what nine in ten took at most.

    Examples
    --------
    >>> days_within_which({10: 5, 20: 4, 90: 1}, 0.9), days_within_which({10: 5, 20: 5}, 0.5)
    (20, 10)
    """
    # A hair of rounding must not ask for one deal more: 0.9 × 10 deals is the ninth.
    wanted = math.ceil(share * sum(took.values()) - 1e-9)
    reached = 0
    for days, deals in sorted(took.items()):
        reached += deals
        if reached >= wanted:
            return days
    return max(took)
