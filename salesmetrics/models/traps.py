"""Six traps: from each small made-up table the sum that looks right and is wrong, and the one that is right.

Both come from the kit's own metrics.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from salesmetrics.base.errors import SalesMetricsError
from salesmetrics.base.language import _, chance_text, did_you_mean, money, ngettext, number, percent, times
from salesmetrics.base.show import Result, Shown, table, words
from salesmetrics.base.typed_numbers import plain, read_rate
from salesmetrics.deals.scenarios import scenario
from salesmetrics.forecast import chance_of_target, expected_revenue, past_quarters, required_coverage
from salesmetrics.forecast.convolution import fewer_won
from salesmetrics.metrics import conversion_rate
from salesmetrics.metrics.ratio import Ratio
from salesmetrics.models import trap_tables as tables

if TYPE_CHECKING:
    import pandas as pd

COIN_TARGET, COIN_RATE = 250_000.0, 0.25
QUARTERS = ("2025Q4", "2026Q1")


@dataclass(frozen=True, repr=False)
class Sum(Result):
    """A sum with its working.

    Parameters
    ----------
    values
        What it comes to: rates as fractions, money in euros, deals in number.
    text
        The same as one line that can be checked.
    """

    values: tuple[float, ...]
    text: str

    def shown(self) -> Shown:
        """Return the line."""
        return words(self.text, strong=True)


@dataclass(frozen=True, repr=False)
class Trap(Result):
    """A table of deals in which a sum that looks right is wrong.

    Parameters
    ----------
    name
        How code calls it.
    deals
        The table, a checked one. All in it is made up.
    groups
        Its parts, each with the rate or the chance of that part, to be shown before anybody adds them up.
    wrong, right
        The sum that is made most often, and the one that holds.
    """

    name: str
    deals: pd.DataFrame
    groups: tuple[tuple[str, str], ...]
    wrong: Sum
    right: Sum

    def shown(self) -> Shown:
        """Return the parts, each with its working."""
        return table("", (), self.groups)


def small() -> Trap:
    """Few deals: a mean of rates, and a rate of five deals taken for the truth."""
    deals = tables.small()
    rates = {owner: conversion_rate(deals[deals["owner"] == owner]) for owner in ("A", "B")}
    both, mean = conversion_rate(deals), sum(map(float, rates.values())) / len(rates)
    low, high = rates["A"].interval()
    needed, least, most = (required_coverage(rate) for rate in (rates["A"], high, low))
    wrong = _("{mean} = ({rates}) ÷ 2; A needs a coverage of {coverage}").format(
        mean=percent(mean), rates=" + ".join(percent(float(rate)) for rate in rates.values()), coverage=times(needed, 2)
    )
    message = _("{both}; A lies between {low} and {high} and needs {least} to {most}")
    right = message.format(both=both, low=percent(low), high=percent(high), least=times(least, 2), most=times(most, 2))
    groups = ((_("Seller {name}").format(name=owner), str(rate)) for owner, rate in rates.items())
    return Trap(
        "small", deals, tuple(groups), Sum((mean, needed), wrong), Sum((float(both), low, high, least, most), right)
    )


def coin() -> Trap:
    """One large deal: the same expectation, another chance."""
    deals = tables.coin()
    parts = {name: deals[deals["pipeline"] == name] for name in ("A", "B")}
    expected = [float(expected_revenue(part, p=COIN_RATE)) for part in parts.values()]
    chances = [float(chance_of_target(part, target=COIN_TARGET, p=COIN_RATE)) for part in parts.values()]
    wrong = _("{expected} expected from either, which is the target: equally good").format(expected=money(expected[0]))
    message = _("The target is reached with a chance of {one} by A and of {other} by B")
    right = message.format(one=chance_text(chances[0]), other=chance_text(chances[1]))
    holds = _("{count} open deals, together {total}")
    groups = (
        (
            _("Pipeline {name}").format(name=name),
            holds.format(count=number(len(part)), total=money(part["amount"].sum())),
        )
        for name, part in parts.items()
    )
    return Trap("coin", deals, tuple(groups), Sum(tuple(expected), wrong), Sum(tuple(chances), right))


def open_deals() -> Trap:
    """Open deals, counted as if they were like those that ended."""
    deals = tables.open_deals()
    closed, oldest = conversion_rate(deals), conversion_rate(deals[deals["month"] == tables.MONTHS[0]], base="created")
    still_open = int((deals["status"] == "open").sum())
    more, really = still_open * float(closed), len(deals) * float(oldest) - closed.numerator
    message = _("{wins} more wins = {rate} of {open} open deals")
    wrong = message.format(wins=number(more), rate=percent(float(closed)), open=number(still_open))
    right = _("{wins} more wins = {rate} of all {created} leads, less the {won} that are won").format(
        wins=number(really), rate=percent(float(oldest)), created=number(len(deals)), won=number(closed.numerator)
    )
    groups = (
        (
            ngettext("Came in {count} month ago", "Came in {count} months ago", age).format(count=number(age)),
            str(conversion_rate(deals[deals["month"] == month])),
        )
        for age, month in zip(range(len(tables.MONTHS), 0, -1), tables.MONTHS, strict=True)
    )
    return Trap("open", deals, tuple(groups), Sum((more, float(closed)), wrong), Sum((really, float(oldest)), right))


def slow() -> Trap:
    """Slow deals, which pile up among what is open."""
    deals = tables.slow()
    parts = {kind: deals[deals["kind"] == kind] for kind in tables.KINDS}
    rates = {kind: conversion_rate(part) for kind, part in parts.items()}
    opened = {kind: part.loc[part["status"] == "open", "amount"].sum() for kind, part in parts.items()}
    wrong = expected_revenue(deals, p="history").open
    right = sum(expected_revenue(part, p="history").open for part in parts.values())
    of_all = _("{expected} = {rate} of {total}").format(
        expected=money(wrong), rate=percent(float(conversion_rate(deals))), total=money(sum(opened.values()))
    )
    of_kind = _("{rate} of {total}")
    by_kind = " + ".join(
        of_kind.format(rate=percent(float(rate)), total=money(opened[kind])) for kind, rate in rates.items()
    )
    labels, stands = {"fast": _("Fast deals"), "slow": _("Slow deals")}, _("{total} open")
    groups = ((labels[kind], f"{rates[kind]}; {stands.format(total=money(opened[kind]))}") for kind in tables.KINDS)
    return Trap("slow", deals, tuple(groups), Sum((wrong,), of_all), Sum((right,), f"{money(right)} = {by_kind}"))


def inverse() -> Trap:
    """Return two teams with the same win rate, whose quarters began with far less than 1 ÷ that rate, and far more."""
    deals = tables.inverse()
    parts = {team: deals[deals["team"] == team] for team in tables.TEAMS}
    rates = {team: conversion_rate(part, period=tables.EIGHT_QUARTERS) for team, part in parts.items()}
    past = {team: past_quarters(part, period=tables.EIGHT_QUARTERS) for team, part in parts.items()}
    needed = required_coverage(rates["A"])
    message = _("{coverage} = 1 ÷ {rate}: so much must stand open when a quarter begins")
    wrong = message.format(coverage=times(needed, 1), rate=percent(float(rates["A"])))
    multiple = _("{name}: {multiple} = (1 − {new} new) ÷ ({rate} × {decided} decided)")
    right = "; ".join(
        multiple.format(
            name=team,
            multiple=times(float(sums.multiple), 1),
            new=percent(float(sums.new_share), 0),
            rate=percent(float(rates[team]), 0),
            decided=percent(1 - float(sums.carried_share), 0),
        )
        for team, sums in past.items()
    )
    began = _("its eight quarters began with {opening} and brought {revenue}")
    groups = (
        (
            _("Team {name}").format(name=team),
            f"{rates[team]}; "
            + began.format(opening=money(sums.multiple.numerator), revenue=money(sums.multiple.denominator)),
        )
        for team, sums in past.items()
    )
    return Trap(
        "inverse",
        deals,
        tuple(groups),
        Sum((needed,), wrong),
        Sum(tuple(float(sums.multiple) for sums in past.values()), right),
    )


def channel_rates() -> dict[str, tuple[Ratio, Ratio]]:
    """Return the agency's conversion rate by channel, in the quarter before and in the one after: the highest first."""
    deals = scenario("agency").deals
    parts = {channel: deals[deals["channel"] == channel] for channel in deals["channel"].unique()}
    rates = {
        channel: (conversion_rate(part, period=QUARTERS[0]), conversion_rate(part, period=QUARTERS[1]))
        for channel, part in parts.items()
    }
    return dict(sorted(rates.items(), key=lambda named: float(named[1][1]), reverse=True))


def mix() -> Trap:
    """Channels of which each rises while the total falls: the agency's."""
    deals = scenario("agency").deals
    before, after = (conversion_rate(deals, period=quarter) for quarter in QUARTERS)
    rates = channel_rates()
    same_mix = sum(first.denominator * float(second) for first, second in rates.values()) / before.denominator
    message = _("{before} → {after}: the second quarter's rates with the first quarter's mix of channels")
    right = message.format(before=percent(float(before)), after=percent(same_mix))
    groups = ((_(channel), f"{first} → {second}") for channel, (first, second) in rates.items())
    wrong = Sum((float(before), float(after)), f"{before} → {after}")
    return Trap("mix", deals, tuple(groups), wrong, Sum((float(before), same_mix), right))


_TRAPS: dict[str, Callable[[], Trap]] = {
    "small": small,
    "coin": coin,
    "open": open_deals,
    "slow": slow,
    "mix": mix,
    "inverse": inverse,
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
        message = _("There is no trap called “{name}”.")
        raise SalesMetricsError(message.format(name=name), hint=did_you_mean(name, _TRAPS))
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
            message = _("{option} is a whole number from 1 to {most}; found {value}.")
            raise SalesMetricsError(
                message.format(option=name, most=number(_MOST), value=count),
                hint=_("For example ten sellers with ten deals each: sm.best_of(10, deals=10, rate=0.3)."),
            )
    each = read_rate(rate)
    return sum(1 - fewer_won(int(deals), each, won) ** sellers for won in range(1, int(deals) + 1)) / deals
