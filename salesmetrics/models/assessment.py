"""The company of the assessment: half-way through a quarter, thin, one deal that decides, and a discount to weigh.

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
from salesmetrics.base.typed_numbers import plain
from salesmetrics.deals.periods import read_day, read_period
from salesmetrics.deals.pipeline import pipeline
from salesmetrics.deals.scenarios import Scenario
from salesmetrics.forecast.convolution import fewer_won
from salesmetrics.metrics.ratio import wilson
from salesmetrics.models.trap_tables import checked_table, deal_row

PERIOD, AS_OF = "2026Q2", "2026-05-18"
STAGES = ("Qualified", "Proposal", "Negotiation")
LATER = 4  # open deals that are due in the quarter after, of the usual size
_FIRST, _STEP = 5, 7  # the step has no divisor in common with how many companies there are
_WON_OF_CLOSED = ((18, 30), (20, 40), (24, 40))
DISCOUNT = 0.1  # that the customer of the large deal asks for


@dataclass(frozen=True)
class Company:
    """What the page from its CRM says, in thousands of euros.

    Parameters
    ----------
    won_deals, closed_deals
        In the past twelve months; all of the usual size.
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
    def before(self) -> tuple[int, int]:
        """Won and closed in the year before: a higher rate, of fewer deals."""
        return (13, 20) if self.rate == 0.5 else (15, 20)

    @property
    def by_chance(self) -> float:
        """How often two equal years lie at least so far apart as this one and the one before."""
        won, closed = self.before
        pooled = (won + self.won_deals) / (closed + self.closed_deals)
        error = math.sqrt(pooled * (1 - pooled) * (1 / closed + 1 / self.closed_deals))
        return math.erfc(abs(won / closed - self.rate) / error / math.sqrt(2))

    @property
    def expected(self) -> float:
        """Won so far, and what the open deals bring on average."""
        return self.won + self.open * self.rate

    @property
    def chance_with_large(self) -> float:
        """Of the target, once the large deal is won: of the usual ones enough must be won."""
        return self._chance_of_usual(self.remaining - self.large)

    @property
    def discounted(self) -> float:
        """The large deal with its discount."""
        return self.large * (1 - DISCOUNT)

    @property
    def chance_discounted(self) -> float:
        """Of the target, once the large deal is won with its discount."""
        return self._chance_of_usual(self.remaining - self.discounted)

    def _chance_of_usual(self, revenue: float) -> float:
        return 1 - fewer_won(self.usual, self.rate, math.ceil(round(revenue / self.size, 9)))

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
    (1.4, 0.5)
    """
    company = company_of(seed)
    about: dict[str, Any] = {
        "target": company.target * 1000,
        "period": PERIOD,
        "as_of": AS_OF,
        "stages": STAGES,
        "currency": "EUR",
    }
    made = pipeline(checked_table(_rows(company)), **about)
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
    return known[(_FIRST + int(seed) * _STEP) % len(known)]


@cache
def companies() -> tuple[Company, ...]:
    """Return every company whose sums can be done in the head and whose story is the one the questions ask about."""
    return tuple(company for company in _all() if _is_easy(company) and _has_the_story(company))


def _all() -> Iterator[Company]:
    for (won_deals, closed_deals), size, usual, large, target in itertools.product(
        _WON_OF_CLOSED, range(20, 61, 5), range(5, 11), range(100, 501, 20), range(400, 1001, 100)
    ):
        for won in range(2 * size, min(won_deals // 2 * size + 1, target), size):
            yield Company(won_deals, closed_deals, size, usual, large, target, won)


def _is_easy(company: Company) -> bool:
    # The coverage has at most two decimals, the expected revenue is round, and a whole percentage of the target.
    return (
        20 * company.open % company.remaining == 0
        and company.expected % 5 == 0
        and round(100 * company.expected / company.target, 6) % 1 == 0
        # Two wrong answers, open ÷ target and remaining ÷ open, can be told apart.
        and abs(company.open**2 / (company.target * company.remaining) - 1) > 0.03
    )


def _has_the_story(company: Company) -> bool:
    """Return whether it is sharp but thin at both ends of the rate's range, and hangs on its large deal."""
    return (
        0.2 <= company.won / company.target <= 0.5
        and company.usual * company.size < company.remaining
        and company.coverage * company.margin[1] < 0.99
        and 0.65 <= company.expected / company.target <= 0.92
        and 0.2 <= company.chance <= 0.42
        and company.large >= 2 * company.size
        and company.chance_discounted > company.chance + 0.08
    )


def _rows(company: Company) -> list[dict[str, Any]]:
    this, as_of = read_period(PERIOD).first, read_day(AS_OF)
    now = company.won // company.size
    lost = company.closed_deals - company.won_deals
    lost_now = now * lost // company.won_deals  # the rate is the same in this quarter
    return [
        *_closed("won", company.won_deals - now, company.size, this - timedelta(300), this - timedelta(1)),
        *_closed("lost", lost - lost_now, company.size, this - timedelta(300), this - timedelta(1)),
        *_closed("won", now, company.size, this, as_of),
        *_closed("lost", lost_now, company.size, this, as_of),
        _open(company.large, "Negotiation", as_of + timedelta(38)),
        *(_open(company.size, STAGES[i % 2], as_of + timedelta(4 + 4 * i)) for i in range(company.usual)),
        *(_open(company.size, "Qualified", as_of + timedelta(60 + 10 * i)) for i in range(LATER)),
    ]


def _closed(status: str, count: int, size: int, first: Any, last: Any) -> Iterator[dict[str, Any]]:
    for at in range(count):
        day = first + (last - first) * at / max(1, count - 1)
        stage = "Negotiation" if status == "won" else STAGES[at % len(STAGES)]
        yield deal_row(status, stage=stage, amount=size * 1000.0, created=day - timedelta(75), closed=day)


def _open(amount: int, stage: str, due: Any) -> dict[str, Any]:
    return deal_row("open", stage=stage, amount=amount * 1000.0, created=read_day(AS_OF) - timedelta(50), due=due)
