"""A quarter made up from a few numbers: for who has no list of deals at hand, or wants to change one."""

from __future__ import annotations

import math
from collections.abc import Mapping

import numpy as np

from salesmetrics.base.language import N_
from salesmetrics.forecast.convolution import Floats
from salesmetrics.models import NEW_DEALS, SLIP, Lever, Model, away_lever
from salesmetrics.models.quarter import MOST_AWAY, QuarterOutcome, bins_for, quarter_outcome

EQUAL = 0.2  # a fifth of the deals holds a fifth of the money
_PARTS = 20  # of a mean amount: deals in whole parts have so few different sums that each can be counted


def amounts(deals: int, mean: float, top_fifth: float) -> Floats:
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
    >>> amounts(5, 20_000, 0.2).tolist()
    [20000.0, 20000.0, 20000.0, 20000.0, 20000.0]
    >>> amounts(5, 20_000, 0.5).tolist()
    [50000.0, 17000.0, 13000.0, 11000.0, 9000.0]
    """
    power = math.log(top_fifth) / math.log(EQUAL)
    held = (np.arange(deals + 1) / deals) ** power * deals
    # Rounded together and not each by itself, so that the sum stays what it is.
    parts = np.diff(np.rint(held * _PARTS))
    return parts * round(mean / _PARTS, 2)


def outcome(levers: Mapping[str, float]) -> QuarterOutcome:
    """Make the deals, and look at the quarter that they may bring.

    Examples
    --------
    The startup, about; and the same money in a tenth of the deals: the expected revenue stays, the chance does not.

    >>> startup = MODEL.outcome(MODEL.defaults())
    >>> round(startup.coverage, 1), round(startup.expected_revenue), round(startup.chance_of_target, 3)
    (5.0, 250000, 0.006)
    >>> few = MODEL.outcome({**MODEL.defaults(), "deals": 10, "mean": 250_000})
    >>> round(few.coverage, 1), round(few.expected_revenue), round(few.chance_of_target, 3)
    (5.0, 250000, 0.178)
    """
    sizes = amounts(round(levers["deals"]), levers["mean"], levers["top_fifth"])
    return quarter_outcome(sizes, levers["won"], bins_for(levers["target"]), levers)


_TOP_FIFTH = N_("Money in the largest fifth of the deals (20%: all equal)")
MODEL = Model(
    "sandbox",
    N_("A quarter of your own making"),
    (
        Lever("target", N_("Target"), "money", 100_000, 2_000_000, 50_000, 500_000, lowers="chance_of_target"),
        Lever("won", N_("Won so far"), "money", 0, 1_000_000, 25_000, 0, raises="chance_of_target"),
        Lever("deals", N_("Number of open deals"), "count", 5, 200, 1, 100, raises="expected_revenue"),
        Lever("mean", N_("Mean amount of a deal"), "money", 5_000, 250_000, 5_000, 25_000, raises="expected_revenue"),
        Lever("top_fifth", _TOP_FIFTH, "percent", EQUAL, 0.8, 0.05, 0.35),
        Lever("rate", N_("Conversion"), "percent", 0, 1, 0.01, 0.1, raises="chance_of_target"),
        away_lever(MOST_AWAY),
        SLIP,
        NEW_DEALS,
    ),
    outcome,
    picture="quarter",
)
