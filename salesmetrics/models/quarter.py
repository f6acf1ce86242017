"""A quarter's revenue as a distribution against its target, with the largest deals or without them.

Of a list of deals; or, in the sandbox, of a few numbers, for who has no list at hand or wants to change one.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import ArrayLike

from salesmetrics.base.errors import SalesMetricsError
from salesmetrics.base.language import N_, _
from salesmetrics.deals.pipeline import Pipeline
from salesmetrics.deals.scenarios import scenario
from salesmetrics.forecast.chance import chance
from salesmetrics.forecast.convolution import Floats
from salesmetrics.forecast.distribution import Distribution, revenue_distribution, this_quarter
from salesmetrics.forecast.probabilities import open_deals
from salesmetrics.models import NEW_DEALS, SLIP, Lever, Model, Stake, TargetOutcome, away_lever

MOST_AWAY = 2
_NICE = (1.0, 2.0, 2.5, 5.0, 10.0)
_EQUAL = 0.2  # a fifth of the deals holds a fifth of the money
_PARTS = 20  # of a mean amount: deals in whole parts have so few different sums that each can be counted


@dataclass(frozen=True, kw_only=True)
class QuarterOutcome(TargetOutcome):
    """What the quarter may bring, in bins, and how much of it hangs on the largest deal.

    Parameters
    ----------
    won
        In euros, and certain.
    deals, pipeline
        The open deals that are left, in number and in euros.
    away_amount
        What the largest deals that have fallen away were worth.
    largest
        The largest deal of all, in euros.
    chance_with_all, chance_without_largest
        The chance of the target with every deal there, and with the largest one gone. Far apart says that the quarter
        hangs on one deal.
    low, high
        The P10 and the P90: at least 8 in 10 quarters lie between them, ends included.
    bin_width
        Of one bin, in euros; the first begins at 0. Whatever lies beyond the last counts in ``more``.
    missed, reached
        The probability of each bin, below the target and from the target on.
    with_all
        The probability of each bin with every deal there; empty when none has fallen away.
    more
        The probability of more than the bins hold.
    out_of_reach
        Whether all that can be won falls short of the target.
    new_amount
        How large a new deal is.
    """

    conversion: float
    won: float
    deals: int
    pipeline: float
    away_amount: float
    largest: float
    chance_with_all: float
    chance_without_largest: float
    low: float
    high: float
    bin_width: float
    missed: tuple[float, ...]
    reached: tuple[float, ...]
    with_all: tuple[float, ...]
    more: float
    out_of_reach: bool
    new_amount: float


def bins_for(target: float) -> Floats:
    """Return the edges of the bins of a picture, of a round width, up to twice the target.

    Examples
    --------
    >>> bins_for(500_000)[[0, 1, 2, -1]].tolist()
    [0.0, 25000.0, 50000.0, 1000000.0]
    """
    width = _nice(target / 24)
    edges: Floats = width * np.arange(math.ceil(2 * target / width) + 1, dtype=np.float64)
    return edges


def quarter_outcome(sizes: Floats, won: float, edges: Floats, levers: Mapping[str, float]) -> QuarterOutcome:
    """Return one quarter's outcome: deals of these sizes, the largest first, at where the levers stand."""
    away, new_deals = round(levers["away"]), round(levers["new_deals"])
    target, rate, slip = levers["target"], levers["rate"], levers["slip"]
    # New deals are as large as today's, the largest included, whether that one falls away or not.
    amounts, chances = this_quarter(sizes, rate, slip=slip, new_deals=new_deals)

    def without(largest: int) -> tuple[Distribution, float]:
        """Return what the quarter may bring without so many of the largest deals, and the chance of the target."""
        left = amounts[largest:], chances[largest:]
        revenue = revenue_distribution(*left, already_won=won)
        if revenue.method == "grid":  # the chance has a finer one of its own
            return revenue, float(chance(*left, target, already_won=won))
        return revenue, min(float(revenue.probabilities[~revenue.below(target)].sum()), 1.0)

    revenue, likely = without(away)
    with_all, likely_with_all = without(0) if away else (revenue, likely)
    short = revenue.below(target)
    missed, reached = revenue.binned(edges, short), revenue.binned(edges, ~short)
    pipeline = float(sizes[away:].sum())
    to_win = round(target - won, 2)
    return QuarterOutcome(
        levers=levers,
        coverage=pipeline / to_win if to_win > 0 else None,
        conversion=rate,
        expected_revenue=revenue.mean,
        chance_of_target=likely,
        target=target,
        won=won,
        deals=sizes.size - away,
        pipeline=pipeline,
        away_amount=float(sizes[:away].sum()),
        largest=float(sizes[0]),
        chance_with_all=likely_with_all,
        chance_without_largest=likely if away == 1 else without(1)[1],
        low=revenue.quantile(0.1),
        high=revenue.quantile(0.9),
        bin_width=float(edges[1]),
        missed=tuple(missed.tolist()),
        reached=tuple(reached.tolist()),
        with_all=tuple(with_all.binned(edges).tolist()) if away else (),
        more=max(1 - float(missed.sum() + reached.sum()), 0.0),
        out_of_reach=round(float(amounts[away:].sum()) - to_win, 2) < 0,
        new_amount=float(sizes.mean()),
        stake=Stake(amounts[away:], chances[away:], won, target),
    )


def _nice(at_least: float) -> float:
    """Return the smallest round amount from ``at_least`` on: 1, 2, 2.5 or 5 with noughts."""
    power = 10.0 ** math.floor(math.log10(at_least))
    return next(power * digit for digit in _NICE if power * digit >= at_least * (1 - 1e-9))


def model(amounts: ArrayLike, *, target: float, rate: float, won: float = 0.0) -> Model[QuarterOutcome]:
    """Build the model of one quarter.

    Parameters
    ----------
    amounts
        Of the open deals due in it, in euros.
    target, won
        The revenue to win, more than 0, and what of it is won already.
    rate
        The conversion rate to begin with.

    Raises
    ------
    SalesMetricsError
        There is no open deal.

    Examples
    --------
    >>> quarter = model([225_000] * 2 + [25_000] * 18, target=600_000, rate=0.6)
    >>> [round(quarter.outcome({**quarter.defaults(), "away": away}).chance_of_target, 2) for away in (0, 1)]
    [0.37, 0.02]
    """
    sizes = np.sort(np.asarray(amounts, dtype=np.float64))[::-1]
    if not sizes.size:
        raise SalesMetricsError(
            _("There is no open deal in this quarter."), hint=_("Choose a period in which open deals are due.")
        )
    edges = bins_for(target)
    width = float(edges[1])
    reach = width * math.floor(target / 2 / width)
    around = target - reach, target + reach
    return Model(
        "quarter",
        N_("The quarter's revenue"),
        (
            Lever("rate", N_("Conversion"), "percent", 0, 1, 0.01, round(rate, 2), raises="chance_of_target"),
            Lever("target", N_("Target"), "money", *around, width, target, lowers="chance_of_target"),
            away_lever(min(MOST_AWAY, sizes.size)),
            SLIP,
            NEW_DEALS,
        ),
        lambda levers: quarter_outcome(sizes, won, edges, levers),
    )


def model_of(mine: Pipeline) -> Model[QuarterOutcome]:
    """Build the model of one quarter from a pipeline that has a target, at the rate of its own history.

    Raises
    ------
    SalesMetricsError
        No open deal counts, or no deal is closed yet, so that there is no rate to begin with.

    Examples
    --------
    >>> from salesmetrics.deals.scenarios import scenario
    >>> model_of(scenario("startup")).defaults()["rate"]
    0.1
    """
    target, found = mine.aim(), open_deals(mine)
    if found.rate is None:
        raise SalesMetricsError(
            _("No deal is closed yet, so history gives no rate."), hint=_("Give a rate yourself: p=0.25.")
        )
    return model(found.amounts, target=target, rate=found.rate, won=found.won_so_far)


@cache
def model_of_consultancy() -> Model[QuarterOutcome]:
    """Build the model of the consultancy's quarter, once: it reads a table."""
    return model_of(scenario("consultancy"))


def made_up_amounts(deals: int, mean: float, top_fifth: float) -> Floats:
    """Return the amounts of so many deals, the largest first; together they are ``deals`` × ``mean``.

    Parameters
    ----------
    deals, mean
        How many, and the mean amount in euros.
    top_fifth
        The part of the money that the largest fifth of the deals holds: 0.2 when all are equal, 0.8 in the proverb
        about 20% of the deals that hold 80% of the money.

    Notes
    -----
    The largest part ``q`` of the deals holds ``q`` to the power k of the money, with the k that gives the largest fifth
    its share: the Lorenz curve of a Pareto distribution.

    Examples
    --------
    >>> made_up_amounts(5, 20_000, 0.2).tolist()
    [20000.0, 20000.0, 20000.0, 20000.0, 20000.0]
    >>> made_up_amounts(5, 20_000, 0.5).tolist()
    [50000.0, 17000.0, 13000.0, 11000.0, 9000.0]
    """
    power = math.log(top_fifth) / math.log(_EQUAL)
    held = (np.arange(deals + 1) / deals) ** power * deals
    # Rounded together and not each by itself, so that the sum stays what it is.
    parts = np.diff(np.rint(held * _PARTS))
    return parts * round(mean / _PARTS, 2)


def sandbox_outcome(levers: Mapping[str, float]) -> QuarterOutcome:
    """Make the deals, and look at the quarter that they may bring.

    Examples
    --------
    The startup, about; and the same money in a tenth of the deals: the expected revenue stays, the chance does not.

    >>> startup = SANDBOX.outcome(SANDBOX.defaults())
    >>> round(startup.coverage, 1), round(startup.expected_revenue), round(startup.chance_of_target, 3)
    (5.0, 250000, 0.006)
    >>> few = SANDBOX.outcome({**SANDBOX.defaults(), "deals": 10, "mean": 250_000})
    >>> round(few.coverage, 1), round(few.expected_revenue), round(few.chance_of_target, 3)
    (5.0, 250000, 0.178)
    """
    sizes = made_up_amounts(round(levers["deals"]), levers["mean"], levers["top_fifth"])
    return quarter_outcome(sizes, levers["won"], bins_for(levers["target"]), levers)


_TOP_FIFTH = N_("Money in the largest fifth of the deals (20%: all equal)")
SANDBOX = Model(
    "sandbox",
    N_("A quarter of your own making"),
    (
        Lever("target", N_("Target"), "money", 100_000, 2_000_000, 50_000, 500_000, lowers="chance_of_target"),
        Lever("won", N_("Won so far"), "money", 0, 1_000_000, 25_000, 0, raises="chance_of_target"),
        Lever("deals", N_("Number of open deals"), "count", 5, 200, 1, 100, raises="expected_revenue"),
        Lever("mean", N_("Mean amount of a deal"), "money", 5_000, 250_000, 5_000, 25_000, raises="expected_revenue"),
        Lever("top_fifth", _TOP_FIFTH, "percent", _EQUAL, 0.8, 0.05, 0.35),
        Lever("rate", N_("Conversion"), "percent", 0, 1, 0.01, 0.1, raises="chance_of_target"),
        away_lever(MOST_AWAY),
        SLIP,
        NEW_DEALS,
    ),
    sandbox_outcome,
    picture="quarter",
)
