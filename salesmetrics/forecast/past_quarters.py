"""What your quarters began with: the opening pipeline of past quarters against what they brought."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

from salesmetrics.base.errors import SalesMetricsError
from salesmetrics.base.language import _, aside, date, money, ngettext, number, times
from salesmetrics.base.show import Result, Shown, escaped, listed, table, together
from salesmetrics.deals.periods import Day, Period, quarter_number, read_period
from salesmetrics.deals.pipeline import Pipeline, pipeline
from salesmetrics.forecast.quarter_history import (
    MOST_WITHOUT_AMOUNT,
    History,
    PastQuarter,
    history_of_quarters,
    opening_by_group,
)
from salesmetrics.metrics import conversion_rate
from salesmetrics.metrics.ratio import Ratio
from salesmetrics.metrics.sums import By, groups_of, note, require_choice
from salesmetrics.metrics.velocity import FEWEST_WON

FEWEST_QUARTERS = 3
FEW_QUARTERS = 6
_MOST_LEFT_OUT = 0.2
_FIRST_CLOSING_WITHIN = 7  # days
_HINT_WITHIN = 14  # days


@dataclass(frozen=True, kw_only=True)
class PastQuarters(Result):
    """What past quarters began with, and what they brought: a description of what was, no rule for what must be.

    Parameters
    ----------
    quarters
        The quarters that the table tells whole, in order.
    left_out
        The names of the others, each with the reason.
    multiple
        Σ opening pipeline ÷ Σ all revenue won in those quarters: the opening coverage that was just enough. High says
        that much of what is open does not become revenue in the quarter: deals are lost, or linger. It speaks of all
        that is open, whatever its due date. No value under three quarters, or where nothing was won.
    opening_yield
        Σ won from the opening pipeline ÷ Σ opening pipeline. Some call this pipeline conversion.
    new_share
        Σ new and won ÷ Σ all revenue. High says that much is created and won within one quarter.
    carried_share
        Σ still open at the end ÷ Σ opening pipeline.
    without_stale
        The multiple without the deals that had been open, when the quarter began, for longer than nine in ten won
        deals took; None where fewer than ten were won.
    break_even
        1 ÷ win rate, by the deals won and lost by ``as_of``; None where nothing was won.
    notes
        What was left out, and what to know before using the numbers.
    """

    quarters: tuple[PastQuarter, ...]
    left_out: Mapping[str, str]
    multiple: Ratio
    opening_yield: Ratio
    new_share: Ratio
    carried_share: Ratio
    without_stale: Ratio | None
    break_even: float | None
    notes: tuple[str, ...]

    @property
    def range(self) -> tuple[float, float] | None:
        """The lowest and the highest opening coverage of a single quarter in which something was won."""
        single = [quarter.opening / quarter.revenue for quarter in self.quarters if quarter.revenue]
        return (min(single), max(single)) if single and self.multiple.value is not None else None

    @property
    def line(self) -> str:
        """The one sentence: what the quarters began with, beside 1 ÷ win rate."""
        if self.multiple.value is None:
            return _("What your quarters began with: {reason}.").format(reason=self.multiple.reason)
        began = _("Your quarters began with {multiple} what they brought").format(multiple=times(float(self.multiple)))
        low, high = map(times, self.range or (0, 0))
        if low != high:
            began += " " + _("(one by one {low} to {high})").format(low=low, high=high)
        if self.break_even is None:
            return began + "."
        return _("{began}; 1 ÷ your win rate says {break_even}.").format(began=began, break_even=times(self.break_even))

    def shown(self) -> Shown:
        """Return the sentence, the sums behind it, and the quarters one by one."""
        return together(Shown(self.line, f"<strong>{escaped(self.line)}</strong>"), self.workings())

    def workings(self) -> Shown:
        """Return the sums and the quarters without the sentence, which a picture has under it."""
        sums = [self.multiple, *([self.without_stale] if self.without_stale else [])]
        sums += [self.opening_yield, self.new_share, self.carried_share] if self.quarters else []
        lines = [f"{ratio.definition}: {ratio.line}" for ratio in sums if ratio.value is not None]
        left_out = [
            _("{quarter} is left out: {reason}.").format(quarter=name, reason=reason)
            for name, reason in self.left_out.items()
        ]
        headers = ["", _("opening pipeline"), _("won from it"), _("lost"), _("carried over"), _("new and won")]
        rows = [
            [each.name, *map(self.amount_text, (each.opening, each.won, each.lost, each.carried, each.new_and_won))]
            for each in self.quarters
        ]
        return together(listed([*lines, *self.notes, *left_out]), *([table("", headers, rows)] if rows else []))

    def amount_text(self, value: float) -> str:
        """Write an amount of these quarters, or a number of deals."""
        return money(round(value), self.multiple.currency) if self.multiple.counts == "money" else number(value)


def past_quarters(
    deals: Any,
    *,
    unit: Literal["amount", "count"] = "amount",
    period: Period | str | Sequence[Day] | None = None,
    as_of: Day | None = None,
    by: By | None = None,
) -> Any:
    """Compute what past quarters began with, what became of it, and what was new and won within them.

    High says that much of what stands open when a quarter begins does not become revenue in it. It describes and does
    not prescribe: deals that linger before they are lost raise it with the same revenue. Low says that the opening
    pipeline is decided quickly and well, or that much is new and won within the quarter.

    Parameters
    ----------
    deals
        A pipeline or a table of deals. Its own period and target play no part.
    unit
        ``"amount"`` adds up money, ``"count"`` counts deals.
    period
        Only the quarters that lie in it, such as ``"2025"``. By default the last ten years.
    as_of
        Look at the end of this day; by default the latest day on which a deal was created or closed. No due date is
        used, so a past day is as good as another.
    by
        One column or more to group by, such as a team.

    Returns
    -------
    A :class:`PastQuarters`; with ``by`` a table of the caller's own kind: in ``numerator`` the opening pipelines of the
    quarters that the whole table tells, in ``denominator`` all revenue won in them, in ``value`` the multiple, and the
    three shares. The groups' sums are those of all deals. Without a value: under three quarters, nothing won, or over
    20% of a group's opening deals without an amount.

    Raises
    ------
    SalesMetricsError
        The pipeline begins at a stage (one table does not say *when* a deal got that far); over 20% of the deals have
        no usable day of creation; or, by money, over 20% of the opening deals have no amount.

    Notes
    -----
    The opening pipeline is the amount of the deals created before a quarter's first day and not closed before it,
    whatever their due date: the due dates of then are gone, and amounts are those of today. A quarter is told whole
    when it ended by ``as_of``, some deal was open when it began, the table's first closing lies before it or in its
    first seven days, and the first creation lies at least as long before it as nine in ten won deals took.

    Σ opening ÷ Σ revenue equals (1 − new share) ÷ yield. D. Kellogg, "Target Pipeline Coverage is Not the Inverse of
    Win Rate", Kellblog, 9 June 2024; J. Donovan, "Pipeline Coverage: Forecasting Treasure or Trash?", SellingSherpa,
    30 December 2021; M. Buckley, "5 Key Reports to Measure Pipeline Health", Mainsail Partners, 28 March 2017.

    Examples
    --------
    >>> import salesmetrics as sm
    >>> print(sm.past_quarters(sm.scenario("agency")).line)
    What your quarters began with: too few quarters to tell.
    """
    require_choice("unit", unit, ("amount", "count"))
    looked_at = pipeline(deals, as_of=as_of)
    if looked_at.start is not None:
        message = _("Open deals of an earlier day can't be counted from the stage {stage} on.")
        raise SalesMetricsError(
            message.format(stage=_(looked_at.start)),
            hint=_("One export does not say when a deal got that far. Leave out start=."),
        )
    history = history_of_quarters(looked_at, within=read_period(period) if period is not None else None, unit=unit)
    _require_days(history)
    left_out = {each.name: why for each in history.quarters if (why := _why_not_whole(each, history, looked_at))}
    history = history._replace(quarters=tuple(each for each in history.quarters if each.name not in left_out))
    if unit == "amount":
        _require_amounts(history)
    if by is not None:
        whole = [quarter_number(each.period.first) for each in history.quarters]
        return opening_by_group(
            looked_at, groups_of(looked_at, by), whole if len(whole) >= FEWEST_QUARTERS else [], unit
        )
    return _summed(history, left_out, looked_at, unit)


def _require_days(history: History) -> None:
    if history.undated > _MOST_LEFT_OUT * history.deals:
        message = _("Without a day of creation, or closed before it: {count} of {all} deals. That is too many.")
        raise SalesMetricsError(
            message.format(count=number(history.undated), all=number(history.deals)),
            hint=_("Export the day on which each deal was created."),
        )


def _require_amounts(history: History) -> None:
    deals = sum(quarter.deals for quarter in history.quarters)
    without = sum(quarter.without_amount for quarter in history.quarters)
    if without > MOST_WITHOUT_AMOUNT * deals:
        message = _("Of the {deals} deals that past quarters began with, {count} have no amount.")
        raise SalesMetricsError(
            message.format(deals=number(deals), count=number(without)), hint=_('Count deals instead: unit="count".')
        )


def _why_not_whole(quarter: PastQuarter, history: History, looked_at: Pipeline) -> str:
    """Explain why the table does not tell a quarter whole; empty where it does."""
    (first, last), day = quarter.period, looked_at.day
    if last > day:
        said = _("it had not ended on {day}").format(day=date(day))
        if looked_at.as_of is None and (last - day).days <= _HINT_WITHIN:
            said += "; " + _("was the export made later, then say so: as_of={day}").format(day=f'"{last.isoformat()}"')
        return said
    if not quarter.deals:
        return _("no deal was open when it began")
    if history.first_closed is None or (history.first_closed - first).days >= _FIRST_CLOSING_WITHIN:
        return _("the table holds no deal that was closed before its second week")
    if (first - (begins := history.first_created or day)).days < history.cycle:
        return ngettext(
            "the table begins on {first}, and nine in ten won deals took up to {count} day",
            "the table begins on {first}, and nine in ten won deals took up to {count} days",
            history.cycle,
        ).format(first=date(begins), count=number(history.cycle))
    return ""


def _summed(history: History, left_out: Mapping[str, str], looked_at: Pipeline, unit: str) -> PastQuarters:
    quarters = history.quarters
    opening, stale, revenue, won, new, carried = (
        sum(getattr(quarter, name) for quarter in quarters)
        for name in ("opening", "stale", "revenue", "won", "new_and_won", "carried")
    )
    began, brought = _("opening pipeline"), _("won in all")
    enough = len(quarters) >= FEWEST_QUARTERS
    none = "" if enough else _("too few quarters to tell")
    by_money = unit == "amount"

    def share(part: float, whole: float, definition: str, part_name: str, whole_name: str) -> Ratio:
        return Ratio(
            numerator=part,
            denominator=whole,
            unit="%",
            counts="money" if by_money else "deals",
            definition=definition,
            numerator_label=part_name,
            denominator_label=whole_name,
            currency=looked_at.currency if by_money else "",
        )

    multiple = replace(
        share(opening, revenue, _("what your quarters began with, against what they brought"), began, brought),
        unit="×",
        no_value=none or ("" if revenue else _("nothing was won in these quarters")),
    )
    rate: Ratio = conversion_rate(looked_at)
    return PastQuarters(
        quarters=quarters,
        left_out=left_out,
        multiple=multiple,
        opening_yield=share(won, opening, _("yield of the opening pipeline"), _("won from it"), began),
        new_share=share(new, revenue, _("new and won within the quarter"), _("new and won"), brought),
        carried_share=share(carried, opening, _("carried over to the next quarter"), _("still open"), began),
        without_stale=replace(
            multiple,
            numerator=opening - stale,
            definition=_("without the deals that had been open for more than {days} days").format(
                days=number(history.cycle)
            ),
        )
        if history.won >= FEWEST_WON
        else None,
        break_even=1 / rate.value if rate.value else None,
        notes=tuple(_notes(history, looked_at, unit)),
    )


def _notes(history: History, looked_at: Pipeline, unit: str) -> list[str]:
    notes = [*looked_at.notes]
    if FEWEST_QUARTERS <= (known := len(history.quarters)) < FEW_QUARTERS:
        notes.append(_("These are only {count} quarters.").format(count=number(known)))
    notes += note(
        history.undated,
        "{count} deal{aside} has no usable day of creation and was left out.",
        "{count} deals{aside} have no usable day of creation and were left out.",
        aside=aside(history.undated_amount if unit == "amount" else 0, looked_at.currency),
    )
    if unit == "amount":
        notes.append(_("Amounts are those of today; all that was open counts, whatever its due date."))
    return notes
