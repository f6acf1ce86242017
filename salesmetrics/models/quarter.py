"""A quarter's revenue as a distribution against its target, with the largest deals or without them."""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from salesmetrics.base.errors import SalesMetricsError
from salesmetrics.base.language import N_, _
from salesmetrics.deals.periods import Day, Period
from salesmetrics.deals.pipeline import pipeline
from salesmetrics.deals.scenarios import scenario
from salesmetrics.forecast.probabilities import open_deals
from salesmetrics.models import Lever, Model
from salesmetrics.models.levers import NEW_DEALS, SLIP, away_lever
from salesmetrics.models.revenue import MOST_AWAY, bins_for, quarter_of


def model(amounts: ArrayLike, *, target: float, rate: float, won: float = 0.0) -> Model:
    """Make the model of one quarter.

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
    return Model(
        name="quarter",
        title=N_("The quarter's revenue"),
        levers=(
            Lever(
                name="rate",
                label=N_("Conversion"),
                minimum=0,
                maximum=1,
                step=0.01,
                default=round(rate, 2),
                unit="percent",
                raises="chance_of_target",
            ),
            Lever(
                name="target",
                label=N_("Target"),
                minimum=target - reach,
                maximum=target + reach,
                step=width,
                default=target,
                unit="money",
                raises="chance_of_target",
                better="lower",
            ),
            away_lever(min(MOST_AWAY, sizes.size)),
            SLIP,
            NEW_DEALS,
        ),
        outcome=lambda levers: quarter_of(sizes, won, edges, levers),
    )


def model_of(
    deals: Any,
    *,
    target: float | None = None,
    period: Period | str | Sequence[Day] | None = None,
    as_of: Day | None = None,
) -> Model:
    """Make the model of one quarter from a table of deals, at the rate of its own history.

    Parameters
    ----------
    deals
        A pipeline, or a table of deals; see :func:`salesmetrics.pipeline`.
    target, period, as_of
        As for :func:`salesmetrics.pipeline`: which open deals count, and what is won already.

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
    mine = pipeline(deals, target=target, period=period, as_of=as_of)
    target, found = mine.aim(), open_deals(mine)
    if not found.won + found.lost:
        raise SalesMetricsError(
            _("No deal is closed yet, so history gives no rate."), hint=_("Give a rate yourself: p=0.25.")
        )
    return model(found.amounts, target=target, rate=found.won / (found.won + found.lost), won=found.won_so_far)


@cache
def _consultancy() -> Model:
    return model_of(scenario("consultancy"))


def __getattr__(name: str) -> Model:
    """Make ``MODEL`` when it is first asked for, so that importing this module reads no table."""
    if name == "MODEL":
        return _consultancy()
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
