"""What past quarters began with and what became of it, rebuilt from one table of deals."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Literal, NamedTuple

import narwhals as nw

from salesmetrics.base.language import _, date, ngettext, number
from salesmetrics.deals.periods import (
    Period,
    by_day,
    closed_by,
    day_number,
    quarter_begin,
    quarter_expression,
    quarter_name,
    quarter_number,
    quarter_of,
)
from salesmetrics.deals.pipeline import Pipeline
from salesmetrics.metrics.ages import FEWEST_WON, SHARE_OF_WINS, days_within_which, wins_by_days
from salesmetrics.metrics.sums import Asked, flag, require_rows, sum_of, sums_of

_FIRST_CLOSING_WITHIN = 7  # days
_HINT_WITHIN = 14  # days
# Ten years: a quarter before that says nothing of this one, and each is a column of the query.
_MOST_QUARTERS = 40
_THERE, _UNUSABLE = "· there", "· unusable"


@dataclass(frozen=True, kw_only=True)
class PastQuarter:
    """One quarter that has ended: the pipeline it began with, what became of that, and what was new and won in it.

    Parameters
    ----------
    period
        Its first and last day.
    opening
        What was open when it began, whatever its due date: money in the table's currency, or a number of deals.
    won, lost, carried
        Of that opening pipeline: won in the quarter, lost in it, still open at its end. Together they are the opening.
    new_and_won
        Won in the quarter from deals created in it.
    stale
        The part of the opening that had been open for longer than nine in ten won deals took; 0 where fewer than
        ten deals were won, which is too few to say.
    deals, without_amount
        How many deals the opening holds, and how many of them have no amount.
    """

    period: Period
    opening: float
    won: float
    lost: float
    new_and_won: float
    stale: float
    deals: int
    without_amount: int

    @property
    def carried(self) -> float:
        """What of the opening pipeline was still open at the end of the quarter."""
        return self.opening - self.won - self.lost

    @property
    def revenue(self) -> float:
        """All that was won in the quarter: from its opening pipeline, and new."""
        return self.won + self.new_and_won

    @property
    def name(self) -> str:
        """The quarter as people write it: ``2026Q1``."""
        return quarter_name(self.period.first)


Why = Literal["not ended", "nothing open", "no closing yet", "table too young"]


class _Group(NamedTuple):
    """Deals that were created in the same quarter and ended in the same quarter in the same way."""

    created: int
    closed: int
    status: str
    stale_from: int
    deals: float
    amount: float
    without_amount: float
    begun_and_won: float


class History(NamedTuple):
    """What one table tells of past quarters.

    Attributes
    ----------
    quarters
        Those that are told whole, in order.
    left_out
        The others, each with the reason.
    deals, undated, undated_amount
        How many deals there are, how many of them have no usable day of creation, and their money.
    first_created, first_closed
        The first days on which a deal was created and closed; None where there is none.
    cycle, won
        The days within which nine in ten won deals were closed, 0 where none was; and how many were won.
    begun_and_won
        By number of quarter: the money won in it from deals created later in it than the pipeline's day lies in its
        period.
    """

    deals: int
    undated: int
    undated_amount: float
    first_created: datetime.date | None
    first_closed: datetime.date | None
    cycle: int = 0
    won: int = 0
    quarters: tuple[PastQuarter, ...] = ()
    left_out: tuple[tuple[PastQuarter, Why], ...] = ()
    begun_and_won: Mapping[int, float] = MappingProxyType({})


def history_of_quarters(mine: Pipeline, *, within: Period | None = None, unit: str = "amount") -> History:
    """Rebuild what stood open when each past quarter began, and what became of it; worked out once.

    Parameters
    ----------
    mine
        A pipeline that begins with the first deal; what was created or closed after its day is not known yet.
    within
        Only the quarters that lie in these days.
    unit
        ``"amount"`` adds up money, ``"count"`` counts deals.

    Notes
    -----
    Three passes over the table, each with a small result whatever its size: for the first days, for how long wins took
    (others ask a pipeline that as well), and for the deals that began in the same quarter and ended in the same one.
    """
    return mine.keep(("past quarters", unit, within), lambda: _history(mine, within, unit))


def _history(mine: Pipeline, within: Period | None, unit: str) -> History:
    day, [sums], took = mine.day, sums_of(mine, history_asked(mine)), wins_by_days(mine)
    require_rows(sums["deals"])
    cycle = days_within_which(took, SHARE_OF_WINS) if took else 0
    counts = int(sums["deals"]), int(sums["undated"]), sums["money"]
    history = History(*counts, sums["created"], sums["closed"], cycle=cycle, won=sum(took.values()))
    if history.first_created is None:
        return history
    now = quarter_number(day)
    places = range(max(quarter_number(history.first_created), now - _MOST_QUARTERS), now + 1)
    groups = _groups(mine, places, history.cycle if history.won >= FEWEST_WON else None)
    span = within or Period(datetime.date.min, datetime.date.max)
    both = [
        (quarter, _why_not_whole(quarter, day, history))
        for quarter in (_quarter(groups, place, unit) for place in places)
        if span.first <= quarter.period.first and quarter.period.last <= span.last
    ]
    return history._replace(
        quarters=tuple(quarter for quarter, reason in both if reason is None),
        left_out=tuple((quarter, reason) for quarter, reason in both if reason is not None),
        begun_and_won={place: sum(each.begun_and_won for each in groups if each.closed == place) for place in places},
    )


def usable(deals: nw.LazyFrame[Any], as_of: datetime.date) -> nw.LazyFrame[Any]:
    """Keep the deals that were there by then and whose day of creation can be true."""
    return deals.filter(_there(as_of) & ~_unusable())


def _there(as_of: datetime.date) -> nw.Expr:
    return nw.col("created_on").is_null() | by_day("created_on", as_of)


def _unusable() -> nw.Expr:
    created, closed = nw.col("created_on"), nw.col("closed_on")
    # By whole days: some systems write a time with the creation and none with the closing.
    early = ~closed.is_null() & (closed < created.dt.truncate("1d"))
    return (created.is_null() | early).fill_null(True)


def history_asked(mine: Pipeline) -> Asked:
    """Ask how many deals have no usable day of creation, and on which days the first was created and closed."""
    day = mine.day
    there, not_usable = nw.col(_THERE), nw.col(_UNUSABLE)
    counts = there & ~not_usable
    return Asked(
        "past quarters",
        ["status", "amount", "created_on", "closed_on"],
        lambda: {
            "deals": flag(there),
            "undated": flag(there & not_usable),
            "money": sum_of("amount", there & not_usable),
        },
        lambda: {_THERE: _there(day), _UNUSABLE: _unusable()},
        lambda: {
            "created": nw.when(counts).then(nw.col("created_on")),
            "closed": nw.when(counts & closed_by(day, "won", "lost")).then(nw.col("closed_on")),
        },
    )


def _groups(mine: Pipeline, places: range, stale_after: int | None) -> list[_Group]:
    """Add up deals that were created in the same quarter, ended in the same quarter alike, and grew old in the same."""
    known = usable(mine.frame(["status", "amount", "created_on", "closed_on"], quick=True), mine.day)
    ended = closed_by(mine.day, "won", "lost")
    status = nw.when(ended).then(nw.col("status")).otherwise(nw.lit("open"))
    grown_old = nw.lit(0)
    if stale_after is not None:
        for place in places:
            day = quarter_of(place).first - datetime.timedelta(days=stale_after + 1)
            grown_old = grown_old + nw.when(by_day("created_on", day)).then(1).otherwise(0)
    unknown = nw.col("amount").is_null() | ((status == "lost") & (nw.col("amount") == 0))
    rows = known.select(
        created=quarter_expression("created_on"),
        closed=nw.when(ended).then(quarter_expression("closed_on")).otherwise(nw.lit(places.stop)),
        status=status,
        stale_from=places.stop - grown_old,
        deals=nw.lit(1.0),
        amount=sum_of("amount", nw.lit(True)),
        without_amount=flag(unknown),
        begun_and_won=sum_of("amount", (status == "won") & _begun_after(mine)),
    )
    keys, sums = ("created", "closed", "status", "stale_from"), ("deals", "amount", "without_amount", "begun_and_won")
    table = rows.group_by(*keys).agg(*[nw.sum(name).alias(name) for name in sums]).collect()
    return [
        _Group(int(created), int(closed), ended_as, int(stale_from), *map(float, found))
        for created, closed, ended_as, stale_from, *found in table.select(*keys, *sums).iter_rows()
    ]


def _begun_after(mine: Pipeline) -> nw.Expr:
    """Return where a deal was created later in the quarter of its closing than the pipeline's day is in its period."""
    if mine.period is None:
        return nw.lit(False)
    since = day_number(nw.col("created_on")) - quarter_begin(nw.col("closed_on"))
    return since > (mine.day - mine.period.first).days


def _quarter(groups: Sequence[_Group], place: int, unit: str) -> PastQuarter:
    opening = [group for group in groups if group.created < place <= group.closed]

    def total(chosen: Iterable[_Group]) -> float:
        return sum(group.amount if unit == "amount" else group.deals for group in chosen)

    def ended(status: str, chosen: Iterable[_Group]) -> Iterator[_Group]:
        return (group for group in chosen if group.closed == place and group.status == status)

    return PastQuarter(
        period=quarter_of(place),
        opening=total(opening),
        won=total(ended("won", opening)),
        lost=total(ended("lost", opening)),
        new_and_won=total(ended("won", (group for group in groups if group.created == place))),
        stale=total(group for group in opening if group.stale_from <= place),
        deals=round(sum(group.deals for group in opening)),
        without_amount=round(sum(group.without_amount for group in opening)),
    )


def _why_not_whole(quarter: PastQuarter, as_of: datetime.date, history: History) -> Why | None:
    first, last = quarter.period
    if last > as_of:
        return "not ended"
    if not quarter.deals:
        return "nothing open"
    if history.first_closed is None or (history.first_closed - first).days >= _FIRST_CLOSING_WITHIN:
        return "no closing yet"
    if history.first_created is None or (first - history.first_created).days < history.cycle:
        return "table too young"
    return None


def why_left_out(why: Why, quarter: PastQuarter, history: History, day: datetime.date, *, is_given: bool) -> str:
    """Explain why a quarter is left out; the day that is looked at is a given one, or the table's last."""
    if why == "nothing open":
        return _("no deal was open when it began")
    if why == "no closing yet":
        return _("the table holds no deal that was closed before its second week")
    if why == "table too young":
        return ngettext(
            "the table begins on {first}, and nine in ten won deals took up to {count} day",
            "the table begins on {first}, and nine in ten won deals took up to {count} days",
            history.cycle,
        ).format(first=date(history.first_created or day), count=number(history.cycle))
    said = _("it had not ended on {day}").format(day=date(day))
    last = quarter.period.last
    if not is_given and (last - day).days <= _HINT_WITHIN:
        said += "; " + _("was the export made later, then say so: as_of={day}").format(day=f'"{last.isoformat()}"')
    return said
