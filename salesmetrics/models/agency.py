"""The agency: a full pipeline that leaks at the hand-over from marketing to sales, and what its remedies bring."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from salesmetrics.base.language import N_
from salesmetrics.deals.scenarios import scenario
from salesmetrics.forecast.chance import chance
from salesmetrics.forecast.convolution import Floats
from salesmetrics.forecast.distribution import this_quarter
from salesmetrics.forecast.probabilities import open_deals
from salesmetrics.metrics import conversion_rate
from salesmetrics.metrics.ratio import Ratio
from salesmetrics.models import NEW_DEALS, SLIP, Lever, Model, effort_lever
from salesmetrics.models.remedies import COST, RemedyOutcome, rate_this_quarter, saturation, stretch

CAPACITY = 140  # open deals that the team can give attention
WAITS = ("<=1h", "1-4h", "4-24h", ">24h")  # as the table names them, the quickest answer first
ODDS = {"followups": 1.4, "content": 1.3, "handover": 1.25}  # what each multiplies the odds of a win by, in full
CAUSE = 0.4
_QUALIFY = N_("Qualify more strictly: deals not let in")
_STEPS = 26  # from the share answered within the hour today to all


@dataclass(frozen=True, kw_only=True)
class AgencyOutcome(RemedyOutcome):
    """The agency's quarter, and how soon its leads are answered.

    Parameters
    ----------
    shares, rates
        Of the leads by how long they wait, the quickest first: which part of all leads, and the part of those that
        became a customer. As the table has them, less what is answered sooner now.
    moved, moved_rate
        The leads that waited longer and are answered within the hour now, and the rate that they may be expected to
        have: their own if nothing of the difference is cause, that of the quickest if all of it is.
    answered
        The conversion that the quicker answers alone lead to, in full.
    naive
        What it would be if all of the difference were cause.
    efforts
        Of the three remedies besides, together: from 0 to 3.
    pipeline, all_deals, deals
        What is open and due after stricter qualification, in euros; the number of deals before and after it.
    attention_before, attention
        What is left of the conversion because the team has to spread itself over all deals, and over those left.
    """

    shares: tuple[float, ...]
    rates: tuple[float, ...]
    moved: float
    moved_rate: float
    answered: float
    naive: float
    efforts: float
    pipeline: float
    all_deals: int
    deals: float
    attention_before: float
    attention: float


@dataclass(frozen=True, kw_only=True)
class _Company:
    """What the table tells, read once.

    Parameters
    ----------
    shares, rates
        Of the closed deals by their wait: which part of all, and won ÷ closed.
    rate
        Won ÷ closed of all.
    due
        Amounts of the deals due in the period.
    """

    target: float
    shares: tuple[float, ...]
    rates: tuple[float, ...]
    rate: float
    due: Floats


@cache
def _company() -> _Company:
    agency = scenario("agency")
    rate: Ratio = conversion_rate(agency)
    by_wait = conversion_rate(agency, by="response_time").set_index("response_time").loc[list(WAITS)]
    return _Company(
        target=agency.target,
        shares=tuple((by_wait["denominator"] / rate.denominator).tolist()),
        rates=tuple(by_wait["value"].tolist()),
        rate=float(rate),
        due=open_deals(agency).amounts,
    )


def outcome(levers: Mapping[str, float]) -> AgencyOutcome:
    """Answer sooner, follow up, qualify, and look at the quarter: as it is, and with the remedies in full."""
    company = _company()
    quick, cause = company.shares[0], levers["cause"]
    sooner = (levers["fast"] - quick) / (1 - quick)  # of all who waited longer, the part that doesn't any more
    longer = (company.rate - quick * company.rates[0]) / (1 - quick)
    naive = company.rate + (levers["fast"] - quick) * (company.rates[0] - longer)
    answered = company.rate + cause * (naive - company.rate)
    odds = math.prod(1 + (ratio - 1) * saturation(levers[remedy]) for remedy, ratio in ODDS.items())
    full = answered / (answered + (1 - answered) / odds)
    efforts = sum(levers[remedy] for remedy in ODDS)

    kept = 1 - levers["qualify"]
    count, new_deals = company.due.size, round(levers["new_deals"])
    before, attention = stretch(count, CAPACITY), stretch(count * kept, CAPACITY)
    better = (1 + levers["qualify"]) * attention / before

    def quarter(rate: float) -> tuple[float, float, float]:
        """Return conversion, expected revenue and chance at the rate before anything is qualified out."""
        sizes, chances = this_quarter(company.due, rate * better, slip=levers["slip"], new_deals=new_deals)
        # Nobody knows which deals a stricter look would turn away, so each stays with the same chance.
        chances[:count] *= kept
        return rate * better, float(sizes @ chances), float(chance(sizes, chances, company.target))

    now = rate_this_quarter(company.rate, full)
    conversion, expected, likely = quarter(now)
    in_full = quarter(full) if full != now else (conversion, expected, likely)
    pipeline = float(company.due.sum()) * kept
    return AgencyOutcome(
        levers=levers,
        coverage=pipeline / company.target,
        conversion=conversion,
        expected_revenue=expected,
        chance_of_target=likely,
        conversion_in_full=in_full[0],
        expected_in_full=in_full[1],
        chance_in_full=in_full[2],
        required_coverage=pipeline / expected if expected else None,
        shares=(quick, *(share * (1 - sooner) for share in company.shares[1:])),
        rates=company.rates,
        moved=levers["fast"] - quick,
        moved_rate=longer + cause * (company.rates[0] - longer),
        answered=answered,
        naive=naive,
        efforts=efforts,
        pipeline=pipeline,
        all_deals=count,
        deals=count * kept,
        attention_before=before,
        attention=attention,
        cost=COST * (sooner + efforts),
        target=company.target,
    )


@cache
def model() -> Model[AgencyOutcome]:
    """Build the model: today's share of quick answers, which the table tells, is where a lever begins."""
    quick = _company().shares[0]
    step = (1 - quick) / _STEPS
    return Model(
        "agency",
        N_("The digital marketing agency"),
        (
            Lever("fast", N_("Leads answered within the hour"), "percent", quick, 1, step, quick, raises="conversion"),
            Lever("cause", N_("How much of that difference is cause? (assumption)"), "percent", 0, 1, 0.05, CAUSE),
            effort_lever("followups", N_("Follow up more often (effort)")),
            effort_lever("content", N_("Content that fits each lead (effort)")),
            effort_lever("handover", N_("A smooth hand-over from marketing to sales (effort)")),
            Lever("qualify", _QUALIFY, "percent", 0, 0.6, 0.05, 0, raises="conversion"),
            SLIP,
            NEW_DEALS,
        ),
        outcome,
    )
