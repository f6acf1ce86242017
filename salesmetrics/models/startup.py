"""The startup: a full pipeline that leaks halfway down the funnel, and what its remedies bring."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from functools import cache

import numpy as np

from salesmetrics.base.language import N_
from salesmetrics.deals.periods import Period
from salesmetrics.deals.pipeline import pipeline
from salesmetrics.deals.scenarios import scenario
from salesmetrics.forecast.chance import chance
from salesmetrics.forecast.convolution import Floats
from salesmetrics.forecast.distribution import this_quarter
from salesmetrics.forecast.probabilities import open_deals
from salesmetrics.metrics import funnel
from salesmetrics.metrics.funnel import FEWEST_ENTERED
from salesmetrics.models import NEW_DEALS, SLIP, Lever, Model, effort_lever
from salesmetrics.models.remedies import COST, RemedyOutcome, rate_this_quarter, saturation, stretch

CAPACITY = 110  # open deals that the team can give attention
LEAD_COST, LEAD_RATE, LEAD_IN_TIME = 300, 0.4, 0.35
MOST_SAVED = 0.5  # of the losses a remedy is for
MOST_DAYS = 9


@dataclass(frozen=True, kw_only=True)
class StartupOutcome(RemedyOutcome):
    """The startup's quarter, and its funnel.

    Parameters
    ----------
    stages
        Names, first to last before won.
    rates_before, rates
        Per stage, the share of the closed deals that went on: as it was, and with the remedies in full.
    bottleneck
        The place of the lowest rate in ``rates``.
    pipeline, deals
        Open and due, in euros and in number, bought leads included.
    own
        The part of ``pipeline`` that was not bought, in euros.
    bought_in_time
        How many of the leads bought close within the quarter.
    attention
        What is left of the conversion because the team has to spread itself: 1 is all of it.
    """

    stages: tuple[str, ...]
    rates_before: tuple[float, ...]
    rates: tuple[float, ...]
    bottleneck: int
    pipeline: float
    own: float
    deals: int
    bought_in_time: float
    attention: float


@dataclass(frozen=True, kw_only=True)
class _Company:
    """What the table tells, read once.

    Parameters
    ----------
    entered
        Closed deals that got at least as far as each stage.
    lost
        For each reason, the deals lost at each stage.
    due
        Amounts of the deals due in the period and, after each other, those due up to nine days later.
    """

    target: float
    stages: tuple[str, ...]
    entered: Floats
    lost: dict[str, Floats]
    due: tuple[Floats, ...]


@cache
def _company() -> _Company:
    startup = scenario("startup")
    first, last = startup.period
    losses = startup.deals[startup.deals["status"] == "lost"].groupby(["loss_reason", "stage"]).size()
    counts = losses.unstack("stage", fill_value=0).reindex(columns=list(startup.stages))
    still_open = open_deals(pipeline(startup, period=Period(first, last + timedelta(MOST_DAYS))))
    late = np.array([(due.date() - last).days for due in still_open.due if due])
    return _Company(
        target=startup.target,
        stages=startup.stages,
        entered=np.array([float(step.entered) for step in funnel(startup).steps]),
        lost={str(reason): row.to_numpy(np.float64) for reason, row in counts.iterrows()},
        due=tuple(still_open.amounts[late <= days] for days in range(MOST_DAYS + 1)),
    )


def outcome(levers: Mapping[str, float]) -> StartupOutcome:
    """Keep some of what was lost, buy some leads, and look at the quarter: as it is, and with the remedies in full."""
    company = _company()
    rates_before, rates = _rates(company, {}), _rates(company, levers)
    before, full = float(rates_before.prod()), float(rates.prod())
    days, bought, new_deals = (round(levers[name]) for name in ("days", "bought", "new_deals"))
    amounts = company.due[days]
    lead = float(company.due[0].mean())  # as large as today's deals, whatever else is due
    deals = amounts.size + bought
    attention = stretch(deals, CAPACITY)

    def quarter(rate: float) -> tuple[float, float, float]:
        """Return conversion, expected revenue and chance at the rate of an own lead that gets full attention."""
        own, new = rate * attention, LEAD_RATE * rate * attention
        sizes, chances = this_quarter(amounts, own, slip=levers["slip"], new_deals=new_deals)
        sizes = np.concatenate((sizes, np.full(bought, lead)))
        chances = np.concatenate((chances, np.full(bought, new * LEAD_IN_TIME * (1 - levers["slip"]))))
        in_time = bought * LEAD_IN_TIME
        conversion = (own * amounts.size + new * in_time) / (amounts.size + in_time)
        return conversion, float(sizes @ chances), float(chance(sizes, chances, company.target))

    conversion, expected, likely = quarter(rate_this_quarter(before, full))
    in_full = quarter(full) if full != before else (conversion, expected, likely)
    efforts = levers["needs"] + levers["proposition"] + levers["demo"] + days / MOST_DAYS
    pipeline = float(amounts.sum()) + bought * lead
    return StartupOutcome(
        levers=levers,
        coverage=pipeline / company.target,
        conversion=conversion,
        expected_revenue=expected,
        chance_of_target=likely,
        conversion_in_full=in_full[0],
        expected_in_full=in_full[1],
        chance_in_full=in_full[2],
        required_coverage=pipeline / expected if expected else None,
        stages=company.stages,
        rates_before=tuple(rates_before.tolist()),
        rates=tuple(rates.tolist()),
        bottleneck=int(np.argmin(np.where(company.entered >= FEWEST_ENTERED, rates, 2.0))),
        pipeline=pipeline,
        own=float(amounts.sum()),
        deals=deals,
        bought_in_time=bought * LEAD_IN_TIME,
        attention=attention,
        cost=COST * efforts + LEAD_COST * bought,
        target=company.target,
    )


def _rates(company: _Company, levers: Mapping[str, float]) -> Floats:
    """Return the share that goes on from each stage, once the remedies have kept some of what was lost there."""
    everywhere = np.ones(len(company.stages))
    at_demo = np.array([float(stage == "Demo") for stage in company.stages])
    lost = sum(company.lost.values(), np.zeros(len(company.stages)))
    for lever, reason, where in (
        ("needs", "need", everywhere),
        ("proposition", "proposition", everywhere),
        ("demo", "silent", at_demo),
    ):
        lost = lost - company.lost[reason] * where * MOST_SAVED * saturation(levers.get(lever, 0.0))
    return 1 - lost / company.entered


MODEL = Model(
    "startup",
    N_("The startup"),
    (
        effort_lever("needs", N_("Listen: understand needs, answer concerns (effort)")),
        effort_lever("proposition", N_("Sharpen why customers choose you (effort)")),
        effort_lever("demo", N_("Unblock the demo: follow up on silence (effort)")),
        Lever("days", N_("Drop a step: days saved"), "days", 0, MOST_DAYS, 1, 0, raises="coverage"),
        Lever("bought", N_("Buy more leads"), "count", 0, 200, 10, 0, raises="coverage"),
        SLIP,
        NEW_DEALS,
    ),
    outcome,
)
