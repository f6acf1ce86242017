"""What the three companies' models assume about remedies: they saturate, work from week 4 on, and stretch a team.

None of this can be told from a table of deals. They are assumptions, and the screen calls them so.
"""

from __future__ import annotations

import math

from salesmetrics.language import N_
from salesmetrics.models import Lever

WEEKS, WORKS_FROM = 13, 4
COST = 15_000  # euros, for a remedy at full effort


# Every company has these two.
SLIP = Lever(
    name="slip",
    label=N_("Slips to the next quarter"),
    minimum=0,
    maximum=1,
    step=0.05,
    default=0,
    unit="percent",
    raises="chance_of_target",
    better="lower",
)
NEW_DEALS = Lever(
    name="new_deals",
    label=N_("New and closed within the quarter"),
    minimum=0,
    maximum=20,
    step=1,
    default=0,
    unit="count",
    raises="chance_of_target",
)


def effort_lever(name: str, label: str) -> Lever:
    """Give the lever of a remedy that raises the conversion: from no effort to full effort."""
    return Lever(
        name=name, label=label, minimum=0, maximum=1, step=0.05, default=0, unit="percent", raises="conversion"
    )


def saturation(effort: float) -> float:
    """Tell which part of its full effect an effort has: the first half of the effort brings most of it.

    Parameters
    ----------
    effort
        From 0 (nothing done) to 1 (all that can be done).

    Examples
    --------
    >>> [round(saturation(effort), 2) for effort in (0, 0.5, 1)]
    [0.0, 0.82, 1.0]
    """
    return math.expm1(-3.0 * effort) / math.expm1(-3)


def stretch(deals: float, capacity: float) -> float:
    """Tell what is left of the conversion when a team has more deals than it can give attention.

    1 up to the capacity; beyond it the wins grow only with the square root of the deals.

    Examples
    --------
    >>> stretch(100, capacity=110), stretch(440, capacity=110)
    (1.0, 0.5)
    """
    return min(1.0, capacity / deals) ** 0.5 if deals else 1.0


def this_quarter(before: float, in_full: float) -> float:
    """Give a rate over a quarter in which a remedy works from week 4 on: nine of the thirteen weeks are counted.

    Examples
    --------
    >>> round(this_quarter(0.10, 0.23), 2)
    0.19
    """
    return before + (in_full - before) * (WEEKS - WORKS_FROM) / WEEKS
