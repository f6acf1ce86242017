"""What is still needed: how much pipeline must still be found for a target, in money and in deals, and from when."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import narwhals as nw

from salesmetrics.base.errors import SalesMetricsError
from salesmetrics.base.language import _, date, money, ngettext, number, percent
from salesmetrics.base.show import Result, Shown, figure
from salesmetrics.base.typed_numbers import read_target
from salesmetrics.deals.periods import Day, Period, by_day, closed_by, period_name, read_period
from salesmetrics.deals.pipeline import Pipeline, pipeline
from salesmetrics.forecast.current_quarter import side_by_side, side_by_side_asked, usually_new
from salesmetrics.forecast.pipeline_forecast import expected_revenue
from salesmetrics.metrics import conversion_rate
from salesmetrics.metrics.conversion import closed_asked
from salesmetrics.metrics.ratio import Ratio
from salesmetrics.metrics.sums import Asked, flag, sum_of, sums_of
from salesmetrics.metrics.velocity import days_within_which, wins_by_days

_WEEKS = 13


@dataclass(frozen=True, kw_only=True)
class StillNeeded(Result):
    """What a period still lacks to reach its target on average, and what it takes to find it.

    Parameters
    ----------
    period, target
        The days and the revenue to win in them.
    won, expected
        Won in it so far, and what its open deals that are due bring on average.
    expected_new
        What past whole quarters won, on average, after this day from deals created after it; None where that can't be
        told, so that it is left out of the gap.
    not_told
        Why what usually comes new can't be told; empty where it can.
    rate
        Won ÷ closed: the share of the open deals that is won on average.
    in_time
        The share of deals won within the days that are left; no value where nothing is old enough to say.
    mean_won
        What a won deal brings on average; None where none was won.
    lead_time
        The median number of days from creation to a win; None where none was won.
    begun_a_week
        How many deals a week were created in the last 13 weeks; None where the table does not go back that far.
    coverages
        The coverage of this period, and of the two after it, by due date, each with its days.
    assumed_target
        The later periods that were held against this period's target, since none of their own was given.
    """

    period: Period
    as_of: datetime.date
    target: float
    won: float
    expected: float
    expected_new: float | None
    not_told: str
    rate: Ratio
    in_time: Ratio
    mean_won: float | None
    lead_time: int | None
    begun_a_week: float | None
    coverages: tuple[tuple[Period, Ratio], ...]
    assumed_target: tuple[Period, ...]
    currency: str

    @property
    def gap(self) -> float:
        """What is still lacking on average: the target less won, less expected, less what usually comes new."""
        return max(0.0, self.target - self.won - self.expected - (self.expected_new or 0.0))

    @property
    def pipeline(self) -> float | None:
        """The amount of pipeline that must still be found and be decided in this period: gap ÷ conversion rate."""
        return self.gap / self.rate.value if self.rate.value else None

    @property
    def pipeline_in_time(self) -> float | None:
        """The same by the share of deals won within the days left, instead of the rate; None where that is 0."""
        return self.gap / self.in_time.value if self.in_time.value else None

    @property
    def deals(self) -> float | None:
        """How many deals of mean size must still begin; None where none ever closed in time."""
        return self.pipeline_in_time / self.mean_won if self.pipeline_in_time is not None and self.mean_won else None

    @property
    def begin_by(self) -> datetime.date | None:
        """The last day on which half of what begins is still won in this period: its end less the median lead time."""
        return self.period.last - datetime.timedelta(days=self.lead_time) if self.lead_time is not None else None

    @property
    def deals_a_week(self) -> float | None:
        """How many deals must begin each week from now until the day to begin; None where that day has passed."""
        if self.deals is None or self.begin_by is None or self.begin_by <= self.as_of:
            return None
        return self.deals / max(1.0, (self.begin_by - self.as_of).days / 7)

    def shown(self) -> Shown:
        """Return the gap with its sum, what it takes to close it, and the three periods side by side."""
        return figure(self.line, self.lines, definition=_("still needed, {period}").format(period=self.period))

    @property
    def line(self) -> str:
        """The gap and how it is worked out, in one line; where nothing is lacking, what is left over on average."""
        parts = [_("{money} target").format(money=self._money(self.target))]
        parts.append(_("{won} won").format(won=self._money(self.won)))
        parts.append(_("{money} expected from what is due").format(money=self._money(self.expected)))
        if self.expected_new is not None:
            message = _("{money} usually won after this day from deals that begin after it")
            parts.append(message.format(money=self._money(self.expected_new)))
        if not self.gap:
            over = self.won + self.expected + (self.expected_new or 0.0) - self.target
            words = _("Nothing lacking on average: {sum} leaves {over} to spare.")
            return words.format(sum=" − ".join(parts), over=self._money(over))
        return _("{gap} lacking = {sum}").format(gap=self._money(self.gap), sum=" − ".join(parts))

    @property
    def lines(self) -> list[str]:
        """What it takes to close the gap, and the coverage of this period and the next two."""
        said = [self.not_told] if self.not_told else []
        said += [*self._to_find(), *self._to_begin()] if self.gap else []
        said += [f"{period_name(period)}: {covered.line}" for period, covered in self.coverages]
        if len(self.assumed_target) == len(self.coverages) - 1:
            said.append(_("The later periods are held against the same target, since none of their own was given."))
        else:
            words = _("{period} is held against the same target, since none of its own was given.")
            said += [words.format(period=period_name(each)) for each in self.assumed_target]
        return said

    @property
    def summary(self) -> str:
        """The pipeline still to be found and the deals to begin, in a few sentences; where nothing is lacking, that."""
        if not self.gap:
            return _("Still to be found: on average nothing.")
        lacking = _("{gap} is lacking on average").format(gap=self._money(self.gap))
        if self.pipeline is None:
            return f"{lacking[:1].upper()}{lacking[1:]}."
        found = _("Still to be found: {pipeline} of pipeline, since {lacking}.")
        return " ".join([found.format(pipeline=self._money(self.pipeline), lacking=lacking), *self._to_begin()])

    def _to_find(self) -> list[str]:
        said = []
        if self.pipeline is not None:
            message = _("Pipeline still to be found, and decided in this period: {money}, at {rate} won.")
            said.append(message.format(money=self._money(self.pipeline), rate=percent(float(self.rate))))
        if self.pipeline_in_time is not None:
            share = ngettext(
                "In the {days} day left {rate} of all deals are won: by that share it takes {money}.",
                "In the {days} days left {rate} of all deals are won: by that share it takes {money}.",
                self._days_left,
            )
            rate, needed = percent(float(self.in_time)), self._money(self.pipeline_in_time)
            said.append(share.format(days=number(self._days_left), rate=rate, money=needed))
        return said

    def _to_begin(self) -> list[str]:
        if self.in_time.value == 0:
            never = ngettext(
                "Nothing found now has ever closed in time: none was won within {days} day.",
                "Nothing found now has ever closed in time: none was won within {days} days.",
                self._days_left,
            )
            return [never.format(days=number(self._days_left))]
        if self.deals is None or self.begin_by is None or self.lead_time is None:
            return []
        rounded = max(1, round(self.deals))
        message = ngettext("{count} deal to begin, of {money} each", "{count} deals to begin, of {money} each", rounded)
        begun = message.format(count=number(rounded), money=self._money(self.mean_won or 0.0))
        took = ngettext(
            "half of the wins took at most {count} day", "half of the wins took at most {count} days", self.lead_time
        ).format(count=number(self.lead_time))
        if self.deals_a_week is None:
            words = _("{begun}; the day to begin was {day}, since {took}.")
            return [words.format(begun=begun, day=date(self.begin_by), took=took)]
        words = _("{begun}: {week} a week until {day}, since {took}.")
        said = [words.format(begun=begun, week=number(self.deals_a_week, 1), day=date(self.begin_by), took=took)]
        if self.begun_a_week is not None:
            usual = (
                _("That includes what usually begins: {week} a week in the last {weeks} weeks.")
                if self.expected_new is None
                else _("That is on top of what usually begins: {week} a week in the last {weeks} weeks.")
            )
            said.append(usual.format(week=number(self.begun_a_week, 1), weeks=number(_WEEKS)))
        return said

    @property
    def _days_left(self) -> int:
        return (self.period.last - self.as_of).days

    def _money(self, amount: float) -> str:
        return money(round(amount), self.currency)


def still_needed(
    deals: Any,
    *,
    target: float | None = None,
    period: Period | str | Sequence[Day] | None = None,
    as_of: Day | None = None,
    targets: Mapping[Any, float] | None = None,
) -> StillNeeded:
    """Compute how much pipeline must still be found to reach the target on average, in money and in deals, and by when.

    Also backwards: for a later quarter it tells how many deals to begin each week, and by which day.

    Parameters
    ----------
    deals, target, as_of
        As in :func:`coverage`.
    period
        The days it is about, this period or a later one; the pipeline's own where none is given.
    targets
        Targets of other periods by their names: ``{"2026Q3": 550_000}``. The periods after this one are held against
        these, or else against the same target, and the result says so.

    Raises
    ------
    SalesMetricsError
        No period or no target is known; or as in :func:`coverage` and :func:`expected_revenue`.

    Notes
    -----
    An average, not a promise: reaching the target on average is reaching it about half the time. In the share of deals
    won within the days that are left, deals count that are at least that old.
    """
    looked_at = pipeline(deals, target=target, period=period, as_of=as_of)
    span, day = looked_at.period, looked_at.day
    if span is None:
        raise SalesMetricsError(
            _("What is still needed is needed in a period, and none was given."),
            hint=_('Say in which: period="2026Q3".'),
        )
    if span.last <= day:
        raise SalesMetricsError(
            _("The period ended on {last}: nothing found now can still count in it.").format(last=date(span.last)),
            hint=_("Choose this period or a later one."),
        )
    named = {read_period(name): read_target(value) for name, value in (targets or {}).items()}
    looked_at = pipeline(looked_at, target=named.get(span, looked_at.target))
    forecast = expected_revenue(looked_at, p="history")
    asked = still_needed_asked(looked_at)
    sums = sums_of(looked_at, *asked)[-1]
    took = wins_by_days(looked_at)
    expected_new, not_told = usually_new(looked_at)
    coverages = side_by_side(looked_at, named)
    return StillNeeded(
        period=span,
        as_of=day,
        target=looked_at.aim(),
        won=forecast.won,
        expected=forecast.open,
        expected_new=expected_new,
        not_told=not_told,
        rate=conversion_rate(looked_at),
        in_time=conversion_rate(looked_at, within=(span.last - day).days),
        mean_won=sums["won amount"] / sums["won"] if sums["won"] else None,
        lead_time=days_within_which(took, 0.5) if took else None,
        begun_a_week=sums["begun"] / _WEEKS if sums["before"] else None,
        coverages=coverages,
        assumed_target=tuple(each for each, _covered in coverages[1:] if each not in named),
        currency=looked_at.currency,
    )


def still_needed_asked(mine: Pipeline) -> list[Asked]:
    """Return what :func:`still_needed` asks of a pipeline, in one pass; nothing where its period is over."""
    if mine.period is None or mine.period.last <= mine.day:
        return []
    won = closed_by(mine.as_of, "won")
    before = by_day("created_on", mine.day - datetime.timedelta(weeks=_WEEKS))
    columns = {
        "won": flag(won & ~nw.col("amount").is_null()),
        "won amount": sum_of("amount", won),
        "begun": flag(by_day("created_on", mine.day) & ~before),
        "before": flag(before),
    }
    return [
        closed_asked(mine),
        closed_asked(mine, "created", within=(mine.period.last - mine.day).days),
        side_by_side_asked(mine),
        Asked("won and begun", ["status", "amount", "created_on", "closed_on"], lambda: columns),
    ]
