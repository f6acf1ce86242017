"""What the three companies' models assume about remedies: they saturate, come late, and stretch a team.

None of this can be told from a table of deals. They are assumptions, and the screen calls them so.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from salesmetrics.language import N_
from salesmetrics.models import Lever, Outcome

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


@dataclass(frozen=True, kw_only=True)
class RemedyOutcome(Outcome):
    """The quarter as the remedies leave it, and the same once they work in full.

    ``conversion``, ``expected_revenue`` and ``chance_of_target`` are this quarter's.

    Parameters
    ----------
    conversion_in_full, expected_in_full, chance_in_full
        With the remedies at work from the first day on. Equal to this quarter's when there are none.
    required_coverage
        The coverage at which this quarter would just reach its target on average: 1 ÷ conversion for deals that close
        in time, and more with those that don't. ``None`` when nothing closes, so that none is enough.
    slip, new_deals
        As the levers say.
    cost
        Of all that is done, in euros.
    target
        In euros.
    """

    conversion_in_full: float
    expected_in_full: float
    chance_in_full: float
    required_coverage: float | None
    slip: float
    new_deals: int
    cost: float
    target: float


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


@dataclass(frozen=True, kw_only=True)
class Channel:
    """What a channel is assumed to do with a budget; none of it is in the data.

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
        """Give the deals that a monthly budget brings: each euro more brings less than the one before.

        Examples
        --------
        >>> [round(CHANNELS[0].deals_a_month(budget), 2) for budget in (0, 2_000, 10_000)]
        [0.0, 0.68, 1.95]
        """
        return self.most * (1 - math.exp(-budget / (self.scale * self.most))) * self.to_deal


CHANNELS = (
    Channel(
        name="search",
        label=N_("Search and content, a month (deals after 5 months)"),
        scale=250,
        most=24,
        to_deal=0.10,
        win=0.55,
        size=40_000,
        delay=5,
    ),
    Channel(
        name="social",
        label=N_("Social ads, a month (deals after 2 months)"),
        scale=150,
        most=40,
        to_deal=0.04,
        win=0.40,
        size=30_000,
        delay=2,
    ),
    Channel(
        name="events",
        label=N_("Events and networks, a month (deals after 3 months)"),
        scale=600,
        most=10,
        to_deal=0.20,
        win=0.60,
        size=50_000,
        delay=3,
    ),
    Channel(
        name="partners",
        label=N_("Partners, a month (deals after 6 months)"),
        scale=500,
        most=6,
        to_deal=0.40,
        win=0.65,
        size=60_000,
        delay=6,
    ),
)


def months_at_work(delay: int, quarter: int) -> int:
    """Count the months of a quarter (0 is this one) in which a channel with this delay brings deals.

    Examples
    --------
    >>> [months_at_work(5, quarter) for quarter in range(4)]
    [0, 1, 3, 3]
    """
    return max(0, min(3, 3 * (quarter + 1) - delay))
