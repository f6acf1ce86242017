"""The consultancy: it wins most of its deals and has too few; what a marketing budget brings, and when."""

from __future__ import annotations

import itertools
import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

import numpy as np

from salesmetrics.base.language import N_
from salesmetrics.deals.periods import following
from salesmetrics.deals.pipeline import pipeline
from salesmetrics.deals.scenarios import scenario
from salesmetrics.forecast.chance import chance
from salesmetrics.forecast.convolution import Floats
from salesmetrics.forecast.probabilities import open_deals
from salesmetrics.metrics import conversion_rate
from salesmetrics.models import NEW_DEALS, SLIP, Lever, Model, TargetOutcome, away_lever
from salesmetrics.models.remedies import stretch


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


# Assumed, none of it is in the data: scale, most, to_deal, win, size and delay, in the order of the class.
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


QUARTERS = 4
CAPACITY = 16  # deals due in a quarter that the team can give attention
LARGE = 2


@dataclass(frozen=True, kw_only=True)
class Quarter:
    """One of the four quarters ahead.

    Parameters
    ----------
    coverage
        What is due in it ÷ target. Deals that slipped from the quarter before are due again.
    today
        The amounts due in it by today's table, largest first, in euros; ``slipped`` the part of earlier ones.
    brought, deals
        What the budgets bring into it, in euros, and the number of all deals due.
    attention
        What is left of the conversion because the team has to spread itself.
    conversion
        Of the deals due in it; ``None`` when there are none.
    expected, chance
        Revenue in euros, and the chance of the target.
    """

    coverage: float
    today: tuple[float, ...]
    slipped: float
    brought: float
    deals: float
    attention: float
    conversion: float | None
    expected: float
    chance: float


@dataclass(frozen=True, kw_only=True)
class ConsultancyOutcome(TargetOutcome):
    """Four quarters, and on what the first of them hangs.

    Parameters
    ----------
    quarters
        The four, this one first.
    coverage_in_a_year
        Of the fourth, when every budget has had its time.
    chance_large_won, chance_large_lost
        This quarter's chance when the two largest deals of the table are won, and when both are lost.
    budget
        Of all channels together, in euros a month.
    """

    quarters: tuple[Quarter, ...]
    coverage_in_a_year: float
    chance_large_won: float
    chance_large_lost: float
    budget: float


@dataclass(frozen=True, kw_only=True)
class _Company:
    """What the table tells, read once: target, rate, and the amounts due per quarter, largest first."""

    target: float
    rate: float
    due: tuple[Floats, ...]


@cache
def _company() -> _Company:
    company = scenario("consultancy")
    quarters = [company.period, *itertools.islice(following(company.period), QUARTERS - 1)]
    return _Company(
        target=company.target,
        rate=float(conversion_rate(company)),
        due=tuple(np.sort(open_deals(pipeline(company, period=each)).amounts)[::-1] for each in quarters),
    )


def outcome(levers: Mapping[str, float]) -> ConsultancyOutcome:
    """Add what the budgets bring to what is due in each of four quarters, and look at what this one hangs on."""
    company = _company()
    today = (company.due[0][round(levers["away"]) :], *company.due[1:])
    quarters = [_quarter(today, levers, i) for i in range(QUARTERS)]
    return ConsultancyOutcome(
        levers=levers,
        coverage=quarters[0].coverage,
        conversion=quarters[0].conversion,
        expected_revenue=quarters[0].expected,
        chance_of_target=quarters[0].chance,
        quarters=tuple(quarters),
        coverage_in_a_year=quarters[-1].coverage,
        chance_large_won=_quarter(company.due, levers, 0, large=1.0).chance,
        chance_large_lost=_quarter(company.due, levers, 0, large=0.0).chance,
        budget=sum(levers[channel.name] for channel in CHANNELS),
        target=company.target,
    )


def _quarter(
    today: tuple[Floats, ...], levers: Mapping[str, float], quarter: int, *, large: float | None = None
) -> Quarter:
    """Return a quarter from what is due by the table; ``large`` is what is known of the two largest: 1 won, 0 lost."""
    company = _company()
    rate, slip = company.rate, levers["slip"]
    slipped, brought, deals, wins = 0.0, 0.0, 0.0, 0.0
    amounts, chances = [], []
    for made in range(quarter + 1):
        # What slips is due again a quarter later, and slips again with the same chance.
        still = slip ** (quarter - made)
        if not still:
            continue
        known = np.full(today[made].size, rate * still)
        slipped += still * float(today[made].sum()) if made < quarter else 0.0
        deals += still * known.size
        wins += float(known.sum())
        amounts.append(today[made])
        chances.append(known)
        for channel in CHANNELS:
            count = channel.deals_a_month(levers[channel.name]) * months_at_work(channel.delay, made)
            brought += still * count * channel.size
            deals += still * count
            wins += still * count * channel.win
            # A fraction of a deal is a deal that may not be there.
            present = np.minimum(count - np.arange(math.ceil(count)), 1.0)
            amounts.append(np.full(present.size, channel.size))
            chances.append(present * channel.win * still)
    attention = stretch(deals, CAPACITY)
    sizes = np.concatenate(amounts)
    likely = np.concatenate(chances) * attention * (1 - slip)
    if large is not None:
        likely[:LARGE] = large
    mean = float(company.due[0].mean())
    sizes = np.concatenate((sizes, np.full(round(levers["new_deals"]), mean)))
    likely = np.concatenate((likely, np.full(round(levers["new_deals"]), rate * attention)))
    due = float(today[quarter].sum())
    return Quarter(
        coverage=(due + slipped + brought) / company.target,
        today=tuple(today[quarter].tolist()),
        slipped=slipped,
        brought=brought,
        deals=deals,
        attention=attention,
        conversion=wins / deals * attention if deals else None,
        expected=float(sizes @ likely),
        chance=float(chance(sizes, likely, company.target)),
    )


def _budget(channel: Channel) -> Lever:
    return Lever(channel.name, channel.label, "money", 0, 10_000, 250, 0, raises="coverage_in_a_year")


MODEL = Model(
    "consultancy",
    N_("The consultancy"),
    (*(_budget(channel) for channel in CHANNELS), away_lever(LARGE), SLIP, NEW_DEALS),
    outcome,
)
