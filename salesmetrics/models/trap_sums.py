"""The six traps: from each table the sum that goes wrong and the one that is right, both by the kit's own metrics."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from salesmetrics.base.language import _, money, ngettext, number, percent, times
from salesmetrics.base.show import Result, Shown, table, words
from salesmetrics.deals.scenarios import scenario
from salesmetrics.forecast import chance_of_target, expected_revenue, required_coverage
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
        """Give the line."""
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
        """Give the parts, each with its working."""
        return table("", (), self.groups)


def small() -> Trap:
    """Few deals: a mean of rates, and a rate of five deals taken for the truth."""
    deals = tables.small()
    rates = {owner: conversion_rate(deals[deals["owner"] == owner]) for owner in ("A", "B")}
    both, mean = conversion_rate(deals), sum(map(float, rates.values())) / len(rates)
    low, high = rates["A"].interval()
    return Trap(
        "small",
        deals,
        tuple((_("Seller {name}").format(name=owner), str(rate)) for owner, rate in rates.items()),
        Sum(
            (mean, required_coverage(rates["A"])),
            _("{mean} = ({rates}) ÷ 2; A needs a coverage of {coverage}").format(
                mean=percent(mean),
                rates=" + ".join(percent(float(rate)) for rate in rates.values()),
                coverage=times(required_coverage(rates["A"]), 2),
            ),
        ),
        Sum(
            (float(both), low, high, required_coverage(high), required_coverage(low)),
            _("{both}; A lies between {low} and {high} and needs {least} to {most}").format(
                both=both,
                low=percent(low),
                high=percent(high),
                least=times(required_coverage(high), 2),
                most=times(required_coverage(low), 2),
            ),
        ),
    )


def coin() -> Trap:
    """One large deal: the same expectation, another chance."""
    deals = tables.coin()
    parts = {name: deals[deals["pipeline"] == name] for name in ("A", "B")}
    expected = [float(expected_revenue(part, p=COIN_RATE)) for part in parts.values()]
    chances = [float(chance_of_target(part, target=COIN_TARGET, p=COIN_RATE)) for part in parts.values()]
    return Trap(
        "coin",
        deals,
        tuple(
            (
                _("Pipeline {name}").format(name=name),
                _("{count} open deals, together {total}").format(
                    count=number(len(part)), total=money(part["amount"].sum())
                ),
            )
            for name, part in parts.items()
        ),
        Sum(
            tuple(expected),
            _("{expected} expected from either, which is the target: equally good").format(expected=money(expected[0])),
        ),
        Sum(
            tuple(chances),
            _("The target is reached with a chance of {one} by A and of {other} by B").format(
                one=percent(chances[0]), other=percent(chances[1])
            ),
        ),
    )


def open_deals() -> Trap:
    """Open deals, counted as if they were like those that ended."""
    deals = tables.open_deals()
    closed, oldest = conversion_rate(deals), conversion_rate(deals[deals["month"] == tables.MONTHS[0]], base="created")
    still_open = int((deals["status"] == "open").sum())
    in_all = len(deals) * float(oldest)
    return Trap(
        "open",
        deals,
        tuple(
            (
                ngettext("Came in {count} month ago", "Came in {count} months ago", age).format(count=number(age)),
                str(conversion_rate(deals[deals["month"] == month])),
            )
            for age, month in zip(range(len(tables.MONTHS), 0, -1), tables.MONTHS, strict=True)
        ),
        Sum(
            (still_open * float(closed), float(closed)),
            _("{wins} more wins = {rate} of {open} open deals").format(
                wins=number(still_open * float(closed)), rate=percent(float(closed)), open=number(still_open)
            ),
        ),
        Sum(
            (in_all - closed.numerator, float(oldest)),
            _("{wins} more wins = {rate} of all {created} leads, less the {won} that are won").format(
                wins=number(in_all - closed.numerator),
                rate=percent(float(oldest)),
                created=number(len(deals)),
                won=number(closed.numerator),
            ),
        ),
    )


def slow() -> Trap:
    """Slow deals, which pile up among what is open."""
    deals = tables.slow()
    parts = {kind: deals[deals["kind"] == kind] for kind in tables.KINDS}
    rates = {kind: conversion_rate(part) for kind, part in parts.items()}
    open_money = {kind: part.loc[part["status"] == "open", "amount"].sum() for kind, part in parts.items()}
    wrong = expected_revenue(deals, p="history").open
    right = sum(expected_revenue(part, p="history").open for part in parts.values())
    labels = {"fast": _("Fast deals"), "slow": _("Slow deals")}
    return Trap(
        "slow",
        deals,
        tuple(
            (labels[kind], f"{rates[kind]}; " + _("{total} open").format(total=money(open_money[kind])))
            for kind in tables.KINDS
        ),
        Sum(
            (wrong,),
            _("{expected} = {rate} of {total}").format(
                expected=money(wrong),
                rate=percent(float(conversion_rate(deals))),
                total=money(sum(open_money.values())),
            ),
        ),
        Sum(
            (right,),
            f"{money(right)} = "
            + " + ".join(
                _("{rate} of {total}").format(rate=percent(float(rates[kind])), total=money(open_money[kind]))
                for kind in tables.KINDS
            ),
        ),
    )


def inverse() -> Trap:
    """Return two teams with the same win rate, whose quarters began with far less than 1 ÷ that rate, and far more."""
    deals = tables.inverse()
    parts = {team: deals[deals["team"] == team] for team in tables.TEAMS}
    rates = {team: conversion_rate(part, period=tables.EIGHT_QUARTERS) for team, part in parts.items()}
    past = {team: _past(part) for team, part in parts.items()}
    multiples = {team: sums.opening / sums.revenue for team, sums in past.items()}
    return Trap(
        "inverse",
        deals,
        tuple(
            (
                _("Team {name}").format(name=team),
                f"{rates[team]}; "
                + _("its eight quarters began with {opening} and brought {revenue}").format(
                    opening=money(past[team].opening), revenue=money(past[team].revenue)
                ),
            )
            for team in parts
        ),
        Sum(
            (required_coverage(rates["A"]),),
            _("{coverage} = 1 ÷ {rate}: so much must stand open when a quarter begins").format(
                coverage=times(required_coverage(rates["A"]), 1), rate=percent(float(rates["A"]))
            ),
        ),
        Sum(
            tuple(multiples.values()),
            "; ".join(
                _("{name}: {multiple} = (1 − {new} new) ÷ ({rate} × {decided} decided)").format(
                    name=team,
                    multiple=times(multiples[team], 1),
                    new=percent(sums.new / sums.revenue, 0),
                    rate=percent(float(rates[team]), 0),
                    decided=percent(sums.decided / sums.opening, 0),
                )
                for team, sums in past.items()
            ),
        ),
    )


class _Past(NamedTuple):
    """Of the eight quarters together: the opening, what of it was decided, all won, and what was new and won."""

    opening: float
    decided: float
    revenue: float
    new: float


def _past(deals: pd.DataFrame) -> _Past:
    import pandas as pd

    sums = [0.0] * 4
    for quarter in pd.period_range(*tables.EIGHT_QUARTERS, freq="Q"):
        stood = (deals["created_on"] < quarter.start_time) & ~(deals["closed_on"] < quarter.start_time)
        ended = deals["closed_on"].between(quarter.start_time, quarter.end_time)
        won = ended & (deals["status"] == "won")
        for place, rows in enumerate((stood, stood & ended, won, won & ~stood)):
            sums[place] += deals.loc[rows, "amount"].sum()
    return _Past(*sums)


def channel_rates() -> dict[str, tuple[Ratio, Ratio]]:
    """Give the agency's conversion rate by channel, in the quarter before and in the one after: the highest first."""
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
    return Trap(
        "mix",
        deals,
        tuple((_(channel), f"{first} → {second}") for channel, (first, second) in rates.items()),
        Sum((float(before), float(after)), f"{before} → {after}"),
        Sum(
            (float(before), same_mix),
            _("{before} → {after}: the second quarter's rates with the first quarter's mix of channels").format(
                before=percent(float(before)), after=percent(same_mix)
            ),
        ),
    )
