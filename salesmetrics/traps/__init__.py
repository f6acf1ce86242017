"""Five traps: small made-up tables in which a sum that looks right is wrong."""

from __future__ import annotations

import math
from collections.abc import Callable

from salesmetrics.errors import SalesMetricsError
from salesmetrics.language import _, did_you_mean
from salesmetrics.traps import sums
from salesmetrics.traps.sums import Trap

_TRAPS: dict[str, Callable[[], Trap]] = {
    "small": sums.small,
    "coin": sums.coin,
    "open": sums.open_deals,
    "slow": sums.slow,
    "mix": sums.mix,
}


def trap(name: str) -> Trap:
    """Give one of the five traps of lesson 10: "small", "coin", "open", "slow" or "mix".

    Raises
    ------
    SalesMetricsError
        There is no such trap; the message names the nearest.

    Examples
    --------
    >>> slow = trap("slow")
    >>> print(str(slow.wrong).replace("\u00a0", " "))
    € 175,000 = 25.0% of € 700,000
    >>> print(str(slow.right).replace("\u00a0", " "))
    € 100,000 = 40.0% of € 100,000 + 10.0% of € 600,000
    """
    if name not in _TRAPS:
        raise SalesMetricsError(
            _("There is no trap called “{name}”.").format(name=name), hint=did_you_mean(name, _TRAPS)
        )
    return _TRAPS[name]()


def best_of(sellers: int, *, deals: int, rate: float) -> float:
    """Give the rate that the best of equally good sellers shows on average, by luck alone.

    Far above ``rate`` says that with so few deals a ranking shows luck. With many deals it comes down to ``rate``.

    Parameters
    ----------
    sellers, deals
        How many sellers, and how many closed deals each of them has.
    rate
        The true conversion rate, the same for all.

    Examples
    --------
    >>> [round(best_of(10, deals=deals, rate=0.3), 3) for deals in (10, 100)]
    [0.529, 0.371]
    """
    chances = [math.comb(deals, won) * rate**won * (1 - rate) ** (deals - won) for won in range(deals + 1)]
    at_most = [math.fsum(chances[: won + 1]) for won in range(deals + 1)]
    return sum(1 - below**sellers for below in at_most[:-1]) / deals
