"""Pipeline conversion rate: which share of the deals became paying customers."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from typing import Any, Literal, NamedTuple

import narwhals as nw

from salesmetrics.base.errors import SalesMetricsError
from salesmetrics.base.language import _, date, did_you_mean, ngettext, number
from salesmetrics.deals.check import currency_of, require_checked
from salesmetrics.deals.periods import Day, Period, by_day, closed_by, read_day, read_period, within
from salesmetrics.metrics.ratio import Ratio
from salesmetrics.metrics.sums import (
    LOST,
    WON,
    By,
    by_group,
    definition,
    grouped,
    names_of,
    note,
    one,
    one_of,
    sum_of,
    totals,
)


def conversion_rate(
    deals: Any,
    *,
    base: Literal["closed", "created"] = "closed",
    unit: Literal["count", "amount"] = "count",
    reached: str | None = None,
    stages: Sequence[str] | None = None,
    as_of: Day | None = None,
    period: Period | str | Sequence[Day] | None = None,
    by: By | None = None,
) -> Any:
    """Divide the deals that were won by the deals that were closed: which share became paying customers.

    Low says that deals drop out: leads that do not fit, a step in the process that leaks, or an offer that does not
    convince. High says that the right leads get the right attention, or that losses are not logged. How far the rate
    can be trusted is in its interval: few closed deals fit many true rates.

    Parameters
    ----------
    deals
        A checked table of deals.
    base
        ``"closed"``: won ÷ (won + lost), by the day of closing. ``"created"``: won ÷ all created, by the day of
        creation; that rate still grows while deals are open, so it is a rate "so far".
    unit
        ``"count"`` counts deals, ``"amount"`` their money.
    reached
        Count only deals that got at least as far as this stage, so that coverage and conversion speak of the same
        deals. Needs ``stages``.
    stages
        The stages in order, first to last before won.
    as_of
        Look at the end of this day; by default the whole table.
    period
        Count only deals closed in it (created in it with ``base="created"``).
    by
        One column or more to group by.

    Returns
    -------
    A :class:`Ratio`, with Wilson's :meth:`~Ratio.interval` for counts; with ``by`` a table of the caller's own kind
    with ``numerator``, ``denominator`` and ``value``. Where nothing is closed there is no value.

    Raises
    ------
    SalesMetricsError
        A needed column is missing, the table is empty, ``reached`` is no known stage, or more than 20% of the lost
        deals carry no amount with ``unit="amount"`` (which would show nearly 100%).

    Notes
    -----
    Products differ: some divide by all created deals, some by money, some count from a later stage on; the definition
    says which this is. The interval and its source: :meth:`Ratio.interval`.

    Examples
    --------
    >>> import salesmetrics as sm
    >>> print(sm.conversion_rate(sm.scenario("startup").deals))
    10.0% = 25 won ÷ 250 closed
    """
    one_of("base", base, ("closed", "created"))
    one_of("unit", unit, ("count", "amount"))
    span = read_period(period) if period is not None else None
    day = read_day(as_of) if as_of is not None else None
    groups = names_of(by)
    needed = {"status", "closed_on", *groups}
    needed |= {"created_on"} if base == "created" else set()
    needed |= {"amount"} if unit == "amount" else set()
    needed |= {"stage"} if reached is not None else set()
    frame = require_checked(deals, sorted(needed))
    frame = frame.with_columns(closed_by(day, "won").alias(WON), closed_by(day, "lost").alias(LOST))
    columns = _conversion_columns(base, unit, _reach(reached, stages), day, span)
    if groups:
        summed, sums = grouped(deals, frame, groups, columns, [name for name in columns if name not in ("won", "all")])
    else:
        sums = totals(frame, columns)
    if unit == "amount":
        _require_amounts(sums)
    if sums.get("unclear"):
        raise SalesMetricsError(
            _("Lost deals that do not say how far they got: {count}. Their stage is none of {stages}.").format(
                count=number(sums["unclear"]), stages=", ".join(_(name) for name in names_of(stages))
            ),
            hint=_("Many systems overwrite the stage when a deal is lost. Leave out reached=, or export its history."),
        )
    if groups:
        return by_group(deals, summed, groups, numerator=nw.col("won"), denominator=nw.col("all"))
    return _conversion_whole(sums, base, unit, reached, day, span, currency_of(frame))


def _require_amounts(sums: Mapping[str, float]) -> None:
    if sums["lost"] and sums["lost_without_amount"] > 0.2 * sums["lost"]:
        raise SalesMetricsError(
            _("Lost deals without an amount: {count} of {lost}. By money the rate would look far too high.").format(
                count=number(sums["lost_without_amount"]), lost=number(sums["lost"])
            ),
            hint=_('Count deals instead, unit="count", or fill in what the lost deals would have brought.'),
        )
    if sums["deals"] and sums["without_amount"] == sums["deals"]:
        raise SalesMetricsError(
            ngettext(
                "The {count} deal that counts has no amount.",
                "None of the {count} deals that count has an amount.",
                sums["deals"],
            ).format(count=number(sums["deals"])),
            hint=_('Count deals instead: unit="count".'),
        )


class _Reach(NamedTuple):
    """The stages that are far enough, and all there are."""

    far_enough: list[str]
    all: list[str]


def _reach(reached: str | None, stages: Sequence[str] | None) -> _Reach | None:
    if reached is None:
        return None
    ordered = names_of(stages)
    if not ordered:
        raise SalesMetricsError(
            _("“Reached {stage}” needs the stages in their order.").format(stage=_(reached)),
            hint=_("Add them: stages=scenario.stages, or a list from first to last."),
        )
    if reached not in ordered:
        raise SalesMetricsError(
            _("There is no stage “{stage}”.").format(stage=reached), hint=did_you_mean(reached, ordered)
        )
    return _Reach(ordered[ordered.index(reached) :], ordered)


def _conversion_columns(
    base: str, unit: str, reach: _Reach | None, day: datetime.date | None, span: Period | None
) -> dict[str, nw.Expr]:
    """Say row by row what counts as won and as all, and what else this variant has to know of."""
    won, lost = nw.col(WON), nw.col(LOST)
    everything = won | lost
    columns = {}
    if base == "created":
        unknown = nw.col("created_on").is_null()
        everything = (unknown | by_day("created_on", day)) if day else nw.lit(True)
        if span:
            columns["unknown_day"] = one(everything & unknown)
        # A deal closed before it was created, odd but kept, must not be won before it is counted.
        won, lost = won & everything, lost & everything
    if span:
        in_period = within("created_on" if base == "created" else "closed_on", span)
        won, lost, everything = won & in_period, lost & in_period, everything & in_period
    if reach is not None:
        got_there = nw.col("stage").is_in(reach.far_enough) | (nw.col("status") == "won")
        columns["unclear"] = one(lost & (nw.col("stage").is_null() | ~nw.col("stage").is_in(reach.all)))
        won, lost, everything = won & got_there, lost & got_there, everything & got_there
    if unit == "count":
        return columns | {"won": one(won), "all": one(everything)}
    # A loss of 0 says that nobody filled it in.
    empty = nw.col("amount").is_null() | (lost & (nw.col("amount") == 0))
    return columns | {
        "won": sum_of("amount", won),
        "all": sum_of("amount", everything),
        "deals": one(everything),
        "lost": one(lost),
        "lost_without_amount": one(lost & empty),
        "without_amount": one(everything & empty),
    }


def _conversion_whole(
    sums: Mapping[str, float],
    base: str,
    unit: str,
    reached: str | None,
    day: datetime.date | None,
    span: Period | None,
    currency: str,
) -> Ratio:
    notes = [
        *note(
            sums.get("without_amount", 0),
            "{count} deal has no amount and is not in the sums.",
            "{count} deals have no amount and are not in the sums.",
        ),
        *note(
            sums.get("unknown_day", 0),
            "{count} deal has no day of creation and was left out.",
            "{count} deals have no day of creation and were left out.",
        ),
    ]
    no_value = ""
    if not sums.get("deals", sums["all"]):
        no_value = _("no closed deals yet") if base == "closed" else _("no deals created yet")
    return Ratio(
        numerator=sums["won"],
        denominator=sums["all"],
        unit="%",
        counts="money" if unit == "amount" else "deals",
        definition=definition(
            _("conversion rate") if base == "closed" else _("conversion rate so far"),
            _("by money") if unit == "amount" else "",
            _("of deals that reached {stage}").format(stage=_(reached)) if reached else "",
            _("created {period}").format(period=span) if span and base == "created" else "",
            _("closed {period}").format(period=span) if span and base == "closed" else "",
            _("at the end of {day}").format(day=date(day)) if day else "",
        ),
        numerator_label=_("won"),
        denominator_label=_("closed") if base == "closed" else _("created"),
        notes=tuple(notes),
        no_value=no_value,
        currency=currency,
    )
