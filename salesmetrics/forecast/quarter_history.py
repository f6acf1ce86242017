"""What past quarters began with and what became of it, rebuilt from one table of deals; of all deals, or per group."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import narwhals as nw

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
from salesmetrics.metrics.sums import Asked, flag, frame_by, grouped, like, ours, require_rows, sum_of, sums_of
from salesmetrics.metrics.velocity import FEWEST_WON, SHARE_OF_WINS, days_within_which, wins_by_days

# Ten years: a quarter before that says nothing of this one, and each is a column of the query.
_MOST_QUARTERS = 40
MOST_WITHOUT_AMOUNT = 0.2  # of the opening deals
_NEEDED = ("status", "amount", "created_on", "closed_on")
_THERE, _UNUSABLE = "· there", "· unusable"
_CREATED, _CLOSED, _STATUS, _UNKNOWN = "· created", "· closed", "· status", "· unknown"
_NEVER = 10**6


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
    begun_and_won
        The money won in it from deals created later in it than the pipeline's day lies in its period.
    """

    period: Period
    opening: float
    won: float
    lost: float
    new_and_won: float
    stale: float
    deals: int
    without_amount: int
    begun_and_won: float

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
    deals, undated, undated_amount
        How many deals there are, how many of them have no usable day of creation, and their money.
    first_created, first_closed
        The first days on which a deal was created and closed; None where there is none.
    cycle, won
        The days within which nine in ten won deals were closed, 0 where none was; and how many were won.
    quarters
        What the table tells of each, in order, whether it tells the quarter whole or not.
    """

    deals: int
    undated: int
    undated_amount: float
    first_created: datetime.date | None
    first_closed: datetime.date | None
    cycle: int = 0
    won: int = 0
    quarters: tuple[PastQuarter, ...] = ()


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
    first, last = within or (datetime.date.min, datetime.date.max)
    quarters = (_quarter(groups, place, unit) for place in places)
    return history._replace(
        quarters=tuple(each for each in quarters if first <= each.period.first and each.period.last <= last)
    )


def _beside(as_of: datetime.date) -> dict[str, nw.Expr]:
    """Return where a deal was there by then, and where its day of creation can't be true."""
    created, closed = nw.col("created_on"), nw.col("closed_on")
    # By whole days: some systems write a time with the creation and none with the closing.
    early = ~closed.is_null() & (closed < created.dt.truncate("1d"))
    return {
        _THERE: created.is_null() | by_day("created_on", as_of),
        _UNUSABLE: (created.is_null() | early).fill_null(True),
    }


def history_asked(mine: Pipeline) -> Asked:
    """Ask how many deals have no usable day of creation, and on which days the first was created and closed."""
    day = mine.day
    there, not_usable = nw.col(_THERE), nw.col(_UNUSABLE)
    counts = there & ~not_usable
    return Asked(
        "past quarters",
        _NEEDED,
        lambda: {
            "deals": flag(there),
            "undated": flag(there & not_usable),
            "money": sum_of("amount", there & not_usable),
        },
        lambda: _beside(day),
        lambda: {
            "created": nw.when(counts).then(nw.col("created_on")),
            "closed": nw.when(counts & closed_by(day, "won", "lost")).then(nw.col("closed_on")),
        },
    )


def _rows(frame: nw.LazyFrame[Any], as_of: datetime.date) -> nw.LazyFrame[Any]:
    """Keep the deals that were there by then and whose day of creation can be true, each with its quarters and end."""
    ended = closed_by(as_of, "won", "lost")
    status = nw.when(ended).then(nw.col("status")).otherwise(nw.lit("open"))
    usable = nw.col(_THERE) & ~nw.col(_UNUSABLE)
    return (
        frame.with_columns(**_beside(as_of))
        .filter(usable)
        .with_columns(
            quarter_expression("created_on").alias(_CREATED),
            nw.when(ended).then(quarter_expression("closed_on")).otherwise(nw.lit(_NEVER)).alias(_CLOSED),
            status.alias(_STATUS),
            flag(nw.col("amount").is_null() | ((status == "lost") & (nw.col("amount") == 0))).alias(_UNKNOWN),
        )
    )


def _groups(mine: Pipeline, places: range, stale_after: int | None) -> list[_Group]:
    """Add up deals that were created in the same quarter, ended in the same quarter alike, and grew old in the same."""
    grown_old = nw.lit(0)
    if stale_after is not None:
        for place in places:
            day = quarter_of(place).first - datetime.timedelta(days=stale_after + 1)
            grown_old = grown_old + nw.when(by_day("created_on", day)).then(1).otherwise(0)
    later = nw.lit(False)
    if mine.period is not None:
        since = day_number(nw.col("created_on")) - quarter_begin(nw.col("closed_on"))
        later = since > (mine.day - mine.period.first).days
    rows = _rows(mine.frame(_NEEDED, quick=True), mine.day).select(
        created=nw.col(_CREATED),
        closed=nw.col(_CLOSED),
        status=nw.col(_STATUS),
        stale_from=places.stop - grown_old,
        deals=nw.lit(1.0),
        amount=sum_of("amount", nw.lit(True)),
        without_amount=nw.col(_UNKNOWN),
        begun_and_won=sum_of("amount", (nw.col(_STATUS) == "won") & later),
    )
    sums = _Group._fields[4:]
    table = rows.group_by(*_Group._fields[:4]).agg(*[nw.sum(name).alias(name) for name in sums]).collect()
    return [
        _Group(int(created), int(closed), ended_as, int(stale_from), *map(float, found))
        for created, closed, ended_as, stale_from, *found in table.select(*_Group._fields).iter_rows()
    ]


def _quarter(groups: Sequence[_Group], place: int, unit: str) -> PastQuarter:
    opening = [group for group in groups if group.created < place <= group.closed]
    ended = [group for group in groups if group.closed == place]

    def total(chosen: Iterable[_Group]) -> float:
        return sum(group.amount if unit == "amount" else group.deals for group in chosen)

    return PastQuarter(
        period=quarter_of(place),
        opening=total(opening),
        won=total(group for group in ended if group.status == "won" and group.created < place),
        lost=total(group for group in ended if group.status == "lost" and group.created < place),
        new_and_won=total(group for group in ended if group.status == "won" and group.created == place),
        stale=total(group for group in opening if group.stale_from <= place),
        deals=round(sum(group.deals for group in opening)),
        without_amount=round(sum(group.without_amount for group in opening)),
        begun_and_won=sum(group.begun_and_won for group in ended),
    )


def opening_by_group(mine: Pipeline, groups: list[str], places: Sequence[int], unit: str) -> Any:
    """Add up past quarters per group: the same quarters for each, so that the groups' sums are those of all deals.

    ``places`` are the numbers of the quarters that the whole table tells; none where they are too few. By money a group
    of which too large a share of the opening deals has no amount has no value. The table is of the caller's own kind.
    """
    rows = _rows(frame_by(mine, _NEEDED, groups), mine.day)
    created, closed, status, unknown = map(nw.col, (_CREATED, _CLOSED, _STATUS, _UNKNOWN))
    worth = nw.col("amount").fill_null(0.0) if unit == "amount" else nw.lit(1.0)
    # In how many of the quarters it was open when they began: it is counted in each of them.
    times = sum((flag((created < place) & (closed >= place)) for place in places), nw.lit(0.0))
    in_one = flag(closed.is_in(list(places)))
    before, won = flag(created < closed), flag(status == "won")
    sums = {
        "opening": times * worth,
        "won": in_one * before * won * worth,
        "lost": in_one * before * flag(status == "lost") * worth,
        "new": in_one * (1 - before) * won * worth,
        "deals": times,
        "unknown": times * unknown,
    }
    summed, _checked = grouped(mine, rows, groups, sums, [])
    opening, revenue = ours("opening"), ours("won") + ours("new")
    known = ours("unknown") <= (MOST_WITHOUT_AMOUNT if unit == "amount" else 1.0) * ours("deals")

    def share(part: nw.Expr, whole: nw.Expr) -> nw.Expr:
        return part / nw.when(known & (whole > 0)).then(whole)

    result = summed.select(
        *groups,
        numerator=opening,
        denominator=revenue,
        value=share(opening, revenue),
        opening_yield=share(ours("won"), opening),
        new_share=share(ours("new"), revenue),
        carried_share=share(opening - ours("won") - ours("lost"), opening),
    )
    return like(mine.deals, result.sort(*groups, nulls_last=True))
