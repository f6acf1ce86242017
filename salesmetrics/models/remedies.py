"""What the models of the three companies assume about remedies: they saturate, come late, and stretch a team.

None of this can be told from a table of deals. They are assumptions, and the screen calls them so.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from salesmetrics.models import TargetOutcome

WEEKS, WORKS_AFTER = 13, 4
COST = 15_000  # euros, for a remedy at full effort


@dataclass(frozen=True, kw_only=True)
class RemedyOutcome(TargetOutcome):
    """The quarter as the remedies leave it, and the same once they work in full.

    ``conversion``, ``expected_revenue`` and ``chance_of_target`` are this quarter's.

    Parameters
    ----------
    conversion_in_full, expected_in_full, chance_in_full
        With the remedies at work from the first day on. Equal to this quarter's when there are none.
    required_coverage
        The coverage at which this quarter would just reach its target on average: 1 ÷ conversion for deals that close
        in time, and more with those that don't. ``None`` when nothing closes, so that none is enough.
    cost
        Of all that is done, in euros.
    """

    coverage: float
    conversion: float
    conversion_in_full: float
    expected_in_full: float
    chance_in_full: float
    required_coverage: float | None
    cost: float


def saturation(effort: float) -> float:
    """Return which part of its full effect an effort has: the first half of the effort brings most of it.

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
    """Compute what is left of the conversion when a team has more deals than it can give attention.

    1 up to the capacity; beyond it the wins grow only with the square root of the deals.

    Examples
    --------
    >>> stretch(100, capacity=110), stretch(440, capacity=110)
    (1.0, 0.5)
    """
    return min(1.0, capacity / deals) ** 0.5 if deals else 1.0


def rate_this_quarter(before: float, in_full: float) -> float:
    """Return a rate over a quarter in which a remedy works after four weeks: nine of the thirteen are counted.

    Examples
    --------
    >>> round(rate_this_quarter(0.10, 0.23), 2)
    0.19
    """
    return before + (in_full - before) * (WEEKS - WORKS_AFTER) / WEEKS
