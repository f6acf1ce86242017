"""Six traps: small made-up tables in which a sum that looks right is wrong."""

from __future__ import annotations

from collections.abc import Callable

from salesmetrics.base.errors import SalesMetricsError
from salesmetrics.base.language import _, did_you_mean, number
from salesmetrics.base.numbers import plain, read_rate
from salesmetrics.forecast.required import fewer_won
from salesmetrics.models import trap_sums as sums
from salesmetrics.models.trap_sums import Trap

_TRAPS: dict[str, Callable[[], Trap]] = {
    "small": sums.small,
    "coin": sums.coin,
    "open": sums.open_deals,
    "slow": sums.slow,
    "mix": sums.mix,
    "inverse": sums.inverse,
}
_MOST = 1_000  # sellers, and deals of each; beyond it a ranking shows no luck any more


def trap(name: str) -> Trap:
    """Return one of the six traps of lesson 10: "small", "coin", "open", "slow", "mix" or "inverse".

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
    if not isinstance(name, str) or name not in _TRAPS:
        raise SalesMetricsError(
            _("There is no trap called “{name}”.").format(name=name), hint=did_you_mean(name, _TRAPS)
        )
    return _TRAPS[name]()


def best_of(sellers: int, *, deals: int, rate: float) -> float:
    """Return the rate that the best of equally good sellers shows on average, by luck alone.

    Far above ``rate`` says that with so few deals a ranking shows luck. With many deals it comes down to ``rate``.

    Parameters
    ----------
    sellers, deals
        How many sellers, and how many closed deals each of them has.
    rate
        The true conversion rate, the same for all.

    Raises
    ------
    SalesMetricsError
        A number is no whole number from 1 to 1,000, or the rate does not lie between 0 and 1.

    Examples
    --------
    >>> [round(best_of(10, deals=deals, rate=0.3), 3) for deals in (10, 100)]
    [0.529, 0.371]
    """
    for name, count in (("sellers", sellers), ("deals", deals)):
        if not (1 <= plain(count) <= _MOST and count == int(count)):
            raise SalesMetricsError(
                _("{option} is a whole number from 1 to {most}; found {value}.").format(
                    option=name, most=number(_MOST), value=count
                ),
                hint=_("For example ten sellers with ten deals each: sm.best_of(10, deals=10, rate=0.3)."),
            )
    each = read_rate(rate)
    return sum(1 - fewer_won(int(deals), each, won) ** sellers for won in range(1, int(deals) + 1)) / deals
