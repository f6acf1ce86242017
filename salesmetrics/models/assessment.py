"""The company of the assessment: half-way through a quarter, thin, one deal that decides, and a margin to weigh.

Its figures come from a seed, so that a second class meets another company. All of them are chosen so that every sum
can be done in the head; amounts here are in thousands of euros.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from typing import Any

from salesmetrics.base.errors import SalesMetricsError
from salesmetrics.base.language import N_, _
from salesmetrics.base.numbers import plain
from salesmetrics.deals.check import check_deals
from salesmetrics.deals.periods import read_day, read_period
from salesmetrics.deals.pipeline import pipeline
from salesmetrics.deals.scenarios import Scenario
from salesmetrics.forecast.required import fewer_won
from salesmetrics.metrics.ratio import wilson

PERIOD, AS_OF = "2026Q3", "2026-08-14"
STAGES = ("Qualified", "Proposal", "Negotiation")
LATER = 4  # open deals that are due in the quarter after, of the usual size
_STEP = 29
_WON_OF_CLOSED = ((10, 20), (12, 20), (15, 30), (18, 30), (20, 40), (24, 40))


@dataclass(frozen=True)
class Company:
    """What the page from its CRM says, in thousands of euros.

    Parameters
    ----------
    won_deals, closed_deals
        Since the beginning of the year; all of the usual size.
    size
        Of a usual deal.
    usual, large
        How many of those are open and due, and the amount of the one that is large.
    target, won
        Of the quarter, and what of it is won so far.
    """

    won_deals: int
    closed_deals: int
    size: int
    usual: int
    large: int
    target: int
    won: int

    @property
    def open(self) -> int:
        """Open and due in the quarter."""
        return self.large + self.usual * self.size

    @property
    def remaining(self) -> int:
        """Still to be won for the target."""
        return self.target - self.won

    @property
    def coverage(self) -> float:
        """Open and due ÷ what is still to be won."""
        return self.open / self.remaining

    @property
    def rate(self) -> float:
        """Won ÷ closed."""
        return self.won_deals / self.closed_deals

    @property
    def margin(self) -> tuple[float, float]:
        """Between which the rate lies, at 95%."""
        return wilson(self.won_deals, self.closed_deals)

    @property
    def expected(self) -> float:
        """Won so far, and what the open deals bring on average."""
        return self.won + self.open * self.rate

    @property
    def chance_with_large(self) -> float:
        """Of the target, once the large deal is won: of the usual ones enough must be won."""
        needed = math.ceil((self.remaining - self.large) / self.size)
        return 1 - fewer_won(self.usual, self.rate, needed)

    @property
    def chance(self) -> float:
        """Of the target: without the large deal it is out of reach."""
        return self.rate * self.chance_with_large


def assessment(*, seed: int = 1) -> Scenario:
    """Return the assessment's company as a scenario: its deals, target and period, half-way through the quarter.

    Parameters
    ----------
    seed
        A whole number from 0 on. The same seed gives the same company, on every machine.

    Raises
    ------
    SalesMetricsError
        The seed is no whole number from 0 on.

    Examples
    --------
    >>> from salesmetrics.metrics import conversion_rate, coverage
    >>> company = assessment(seed=1)
    >>> float(coverage(company, remaining=True)), float(conversion_rate(company))
    (1.5, 0.5)
    """
    company = company_of(seed)
    about: dict[str, Any] = {
        "target": company.target * 1000,
        "period": PERIOD,
        "as_of": AS_OF,
        "stages": STAGES,
        "currency": "EUR",
    }
    made = pipeline(check_deals(_table(company)), **about)
    return Scenario(**vars(made), name="assessment", title=N_("The assessment's company"))


def company_of(seed: int) -> Company:
    """Return the figures of the company that belongs to a seed."""
    if not (0 <= plain(seed) < math.inf and seed == int(seed)):
        raise SalesMetricsError(
            _("A seed is a whole number from 0 on; found {value}.").format(value=seed),
            hint=_("For example: sm.assessment(seed=2)"),
        )
    known = companies()
    # Neighbouring seeds give other companies, and as many seeds as there are companies give them all.
    return known[int(seed) * _STEP % len(known)]


@cache
def companies() -> tuple[Company, ...]:
    """Return every company whose sums can be done in the head and whose story is the one the questions ask about."""
    return tuple(company for company in _all() if _is_easy(company) and _has_the_story(company))


def _all() -> Iterator[Company]:
    for (won_deals, closed_deals), size, usual, large, target in itertools.product(
        _WON_OF_CLOSED, range(20, 61, 10), range(4, 11), range(100, 401, 20), range(400, 1001, 100)
    ):
        for won in range(3 * size, min((won_deals - 3) * size, target), size):
            yield Company(won_deals, closed_deals, size, usual, large, target, won)


def _is_easy(company: Company) -> bool:
    # The coverage has at most two decimals, the expected revenue is round, and a whole percentage of the target.
    return (
        20 * company.open % company.remaining == 0
        and company.expected % 10 == 0
        and round(100 * company.expected / company.target, 6) % 1 == 0
    )


def _has_the_story(company: Company) -> bool:
    """Tell whether it is thin, hangs on its large deal, and might do at the upper end of its margin."""
    return (
        0.3 <= company.won / company.target <= 0.5
        and company.usual * company.size < company.remaining
        and company.coverage < 2
        and 0.8 <= company.expected / company.target <= 0.96
        and company.coverage * company.margin[1] >= 1
        and 0.2 <= company.chance <= 0.45
    )


def _table(company: Company) -> Any:
    import pandas as pd

    this, as_of = read_period(PERIOD).first, read_day(AS_OF)
    now = company.won // company.size  # won in this quarter; two were lost in it
    lost = company.closed_deals - company.won_deals
    rows = [
        *_closed("won", company.won_deals - now, company.size, this - timedelta(181), this - timedelta(1)),
        *_closed("lost", lost - 2, company.size, this - timedelta(181), this - timedelta(1)),
        *_closed("won", now, company.size, this, as_of),
        *_closed("lost", 2, company.size, this, as_of),
        _open(company.large, "Negotiation", as_of + timedelta(38)),
        *(_open(company.size, STAGES[i % 2], as_of + timedelta(4 + 4 * i)) for i in range(company.usual)),
        *(_open(company.size, "Qualified", as_of + timedelta(60 + 10 * i)) for i in range(LATER)),
    ]
    table = pd.DataFrame(rows)
    table = table.assign(deal_id=[f"T-{at:03}" for at in range(1, len(table) + 1)])
    return table.assign(
        **{name: pd.to_datetime(table[name]) for name in ("created_on", "closed_on", "expected_close_on")}
    )


def _closed(status: str, count: int, size: int, first: Any, last: Any) -> Iterator[dict[str, Any]]:
    for at in range(count):
        day = first + (last - first) * at / max(1, count - 1)
        yield {
            "status": status,
            "stage": "Negotiation" if status == "won" else STAGES[at % len(STAGES)],
            "amount": size * 1000.0,
            "created_on": day - timedelta(80),
            "closed_on": day,
            "expected_close_on": None,
        }


def _open(amount: int, stage: str, due: Any) -> dict[str, Any]:
    return {
        "status": "open",
        "stage": stage,
        "amount": amount * 1000.0,
        "created_on": read_day(AS_OF) - timedelta(50),
        "closed_on": None,
        "expected_close_on": due,
    }
