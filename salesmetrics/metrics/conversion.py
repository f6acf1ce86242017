"""Pipeline conversion rate: which share of the deals became paying customers."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from typing import Any, Literal

import narwhals as nw

from salesmetrics.base.errors import SalesMetricsError
from salesmetrics.base.language import _, date, ngettext, number
from salesmetrics.deals.periods import Day, Period, by_day, closed_by, day_number, read_period
from salesmetrics.deals.periods import within as within_period
from salesmetrics.deals.pipeline import Pipeline, pipeline
from salesmetrics.metrics.ratio import Ratio
from salesmetrics.metrics.sums import (
    Asked,
    By,
    by_group,
    definition,
    flag,
    frame_by,
    grouped,
    groups_of,
    note,
    ours,
    require_choice,
    sum_of,
    sums_of,
)

_WON, _LOST = "· closed won", "· closed lost"
_MOST_WITHOUT_AMOUNT = 0.2  # of the lost deals; with more of them a rate by money looks far too high


def conversion_rate(
    deals: Any,
    *,
    base: Literal["closed", "created"] = "closed",
    unit: Literal["count", "amount"] = "count",
    as_of: Day | None = None,
    period: Period | str | Sequence[Day] | None = None,
    stages: Sequence[str] | None = None,
    start: str | None = None,
    within: int | None = None,
    by: By | None = None,
) -> Any:
    """Divide the deals that were won by the deals that were closed: which share became paying customers.

    Low says that deals drop out: leads that do not fit, a step in the process that leaks, or an offer that does not
    convince. High says that the right leads get the right attention, or that losses are not logged. How far the rate
    can be trusted is in its interval: few closed deals fit many true rates.

    Parameters
    ----------
    deals
        A pipeline, or a table of deals; see :func:`salesmetrics.pipeline`.
    base
        ``"closed"``: won ÷ (won + lost), by the day of closing. ``"created"``: won ÷ all created, by the day of
        creation; that rate still grows while deals are open, so it is a rate "so far".
    unit
        ``"count"`` counts deals, ``"amount"`` their money.
    as_of, stages, start
        As for :func:`salesmetrics.pipeline`.
    period
        Count only deals closed in it (created in it with ``base="created"``). By default all that closed by ``as_of``:
        a pipeline's own period is about what is due.
    within
        Won within so many days of creation ÷ all deals that are at least that old, open ones included: they were not
        won in time. Then ``period`` counts deals created in it, and ``base`` plays no part.
    by
        One column or more to group by.

    Returns
    -------
    A :class:`Ratio`, with Wilson's :meth:`~Ratio.interval` for counts; with ``by`` a table of the caller's own kind
    with ``numerator``, ``denominator`` and ``value``. Where nothing is closed there is no value; nor is
    there one, or a denominator, by money for a group of whose lost deals more than 20% carry no amount.

    Raises
    ------
    SalesMetricsError
        A needed column is missing, the table is empty, ``start`` is no known stage, or more than 20% of the lost
        deals carry no amount with ``unit="amount"`` (which would show nearly 100%).

    Notes
    -----
    Products differ: some divide by all created deals, some by money, some count from a later stage on; the definition
    says which this is. The interval and its source: :meth:`Ratio.interval`.

    Examples
    --------
    >>> import salesmetrics as sm
    >>> print(sm.conversion_rate(sm.scenario("startup")))
    10.0% = 25 won ÷ 250 closed
    """
    require_choice("base", base, ("closed", "created"))
    require_choice("unit", unit, ("count", "amount"))
    if within is not None:
        _require_days(within)
        base = "created"
    mine = pipeline(deals, as_of=as_of, stages=stages, start=start)
    span = read_period(period) if period is not None else None
    groups = groups_of(mine, by)
    asked = closed_asked(mine, base, unit, span, within)
    if groups:
        columns = asked.columns()
        frame = frame_by(mine, asked.needed, groups).with_columns(**asked.beside())
        summed, sums = grouped(mine, frame, groups, columns, [name for name in columns if name not in ("won", "all")])
    else:
        [sums] = sums_of(mine, asked)
    if unit == "amount":
        _require_amounts(sums)
    if groups:
        everything = ours("all")
        if unit == "amount":  # what a group's losses would have brought is as unknown as over all
            known = ours("lost_without_amount") <= _MOST_WITHOUT_AMOUNT * ours("lost")
            everything = nw.when(known).then(everything)
        return by_group(mine.deals, summed, groups, numerator=ours("won"), denominator=everything)
    return _conversion_whole(mine, sums, base, unit, span, within)


def _require_days(within: object) -> None:
    if isinstance(within, bool) or not isinstance(within, int) or within < 1:
        raise SalesMetricsError(
            _("“{found}” is no number of days.").format(found=within),
            hint=_("Say within how many days of its creation a deal must be won, for example within=90."),
        )


def _require_amounts(sums: Mapping[str, float]) -> None:
    if sums["lost"] and sums["lost_without_amount"] > _MOST_WITHOUT_AMOUNT * sums["lost"]:
        message = _("Lost deals without an amount: {count} of {lost}. By money the rate would look far too high.")
        raise SalesMetricsError(
            message.format(count=number(sums["lost_without_amount"]), lost=number(sums["lost"])),
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


def closed_asked(
    mine: Pipeline, base: str = "closed", unit: str = "count", span: Period | None = None, within: int | None = None
) -> Asked:
    """Return what :func:`conversion_rate` asks of a pipeline."""
    needed = {"status", "closed_on"}
    needed |= {"created_on"} if base == "created" else set()
    needed |= {"amount"} if unit == "amount" else set()
    return Asked(
        ("conversion", base, unit, span, within),
        sorted(needed),
        lambda: _conversion_columns(mine, base, unit, span, within),
        lambda: {_WON: closed_by(mine.as_of, "won"), _LOST: closed_by(mine.as_of, "lost")},
    )


def _conversion_columns(
    mine: Pipeline, base: str, unit: str, span: Period | None, days: int | None
) -> dict[str, nw.Expr]:
    """Return row by row what counts as won and as all, and what else this variant has to know of."""
    won, lost = nw.col(_WON), nw.col(_LOST)
    everything = won | lost
    columns = {}
    if days is not None:
        known = ~nw.col("status").is_null() & by_day("created_on", mine.day)
        # A day before the first of the calendar can't be written.
        old_enough = nw.lit(False)
        if days < mine.day.toordinal():
            old_enough = by_day("created_on", mine.day - datetime.timedelta(days=days))
        everything = known & old_enough
        columns["unknown_day"] = flag(nw.col("created_on").is_null())
        columns["too_young"] = flag((within_period("created_on", span) if span else nw.lit(True)) & known & ~old_enough)
        took = day_number(nw.col("closed_on")) - day_number(nw.col("created_on"))
        won, lost = won & everything & (took >= 0) & (took <= days), lost & everything
    elif base == "created":
        unknown = nw.col("created_on").is_null()
        everything = ~nw.col("status").is_null()
        if mine.as_of:
            everything = everything & (unknown | by_day("created_on", mine.as_of))
        if span:
            columns["unknown_day"] = flag(everything & unknown)
        # A deal closed before it was created, odd but kept, must not be won before it is counted.
        won, lost = won & everything, lost & everything
    if span:
        in_period = within_period("created_on" if base == "created" else "closed_on", span)
        won, lost, everything = won & in_period, lost & in_period, everything & in_period
    if unit == "count":
        return columns | {"won": flag(won), "all": flag(everything)}
    # A loss of 0 says that nobody filled it in.
    empty = nw.col("amount").is_null() | (lost & (nw.col("amount") == 0))
    return columns | {
        "won": sum_of("amount", won),
        "all": sum_of("amount", everything),
        "deals": flag(everything),
        "lost": flag(lost),
        "lost_without_amount": flag(lost & empty),
        "without_amount": flag(everything & empty),
    }


def _conversion_whole(
    mine: Pipeline, sums: Mapping[str, float], base: str, unit: str, span: Period | None, days: int | None
) -> Ratio:
    notes = [
        *mine.notes,
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
        *note(
            sums.get("too_young", 0),
            "{count} deal is too young to say and was left out.",
            "{count} deals are too young to say and were left out.",
        ),
    ]
    # Without a loss 100% is what such a stage always says; by money a loss may weigh nothing.
    if mine.start and 0 < sums["won"] == sums["all"] and not sums.get("lost"):
        only_won = _(
            "No deal that reached {stage} was lost: a stage that only won deals reach does not tell how often deals "
            "are won."
        )
        notes.append(only_won.format(stage=_(mine.start)))
    if days:
        message = ngettext("won within {count} day of creation", "won within {count} days of creation", days)
        what, below, none_yet = message.format(count=number(days)), _("old enough"), _("no deal is old enough yet")
    elif base == "closed":
        what, below, none_yet = _("conversion rate"), _("closed"), _("no closed deals yet")
    else:
        what, below, none_yet = _("conversion rate so far"), _("created"), _("no deals created yet")
    in_period = _("closed {period}") if base == "closed" else _("created {period}")
    return Ratio(
        numerator=sums["won"],
        denominator=sums["all"],
        unit="%",
        counts="money" if unit == "amount" else "deals",
        definition=definition(
            what,
            _("by money") if unit == "amount" else "",
            _("of deals that reached {stage}").format(stage=_(mine.start)) if mine.start else "",
            in_period.format(period=span) if span else "",
            _("at the end of {day}").format(day=date(mine.as_of)) if mine.as_of else "",
        ),
        numerator_label=_("won"),
        denominator_label=below,
        notes=tuple(notes),
        no_value="" if sums.get("deals", sums["all"]) else none_yet,
        currency=mine.currency,
    )
