"""Marketing channels: what a budget is assumed to bring the consultancy, and when. None of it is in the data."""

from __future__ import annotations

import math
from dataclasses import dataclass

from salesmetrics.base.language import N_


@dataclass(frozen=True)
class Channel:
    """What a channel is assumed to do with a budget.

    Parameters
    ----------
    name, label
        As code and screen call it.
    scale
        The budget per possible lead, in euros a month, at which the channel brings 63% of what it can.
    most
        Leads a month that it can bring at all.
    to_deal, win
        The share of leads that become deals, and of those deals that are won.
    size
        Of a deal, in euros.
    delay
        Months until a budget's first deal is due.
    """

    name: str
    label: str
    scale: float
    most: float
    to_deal: float
    win: float
    size: float
    delay: int

    def deals_a_month(self, budget: float) -> float:
        """Return the deals that a monthly budget brings: each euro more brings less than the one before.

        Examples
        --------
        >>> [round(CHANNELS[0].deals_a_month(budget), 2) for budget in (0, 2_000, 10_000)]
        [0.0, 0.68, 1.95]
        """
        return self.most * (1 - math.exp(-budget / (self.scale * self.most))) * self.to_deal


# scale, most, to_deal, win, size and delay, in the order of the class
CHANNELS = (
    Channel("search", N_("Search and content, a month (deals after 5 months)"), 250, 24, 0.10, 0.55, 40_000, 5),
    Channel("social", N_("Social ads, a month (deals after 3 months)"), 150, 40, 0.04, 0.40, 30_000, 3),
    Channel("events", N_("Events and networks, a month (deals after 3 months)"), 600, 10, 0.20, 0.60, 50_000, 3),
    Channel("partners", N_("Partners, a month (deals after 6 months)"), 500, 6, 0.40, 0.65, 60_000, 6),
)


def months_at_work(delay: int, quarter: int) -> int:
    """Count the months of a quarter (0 is this one) in which a channel with this delay brings deals.

    Examples
    --------
    >>> [months_at_work(5, quarter) for quarter in range(4)]
    [0, 1, 3, 3]
    """
    return max(0, min(3, 3 * (quarter + 1) - delay))
