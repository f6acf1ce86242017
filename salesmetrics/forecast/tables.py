"""From the two numbers to the quarter: what the pipeline brings on average, and the chance that it is enough."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from salesmetrics.base.errors import SalesMetricsError
from salesmetrics.base.language import _, money, percent
from salesmetrics.base.numbers import read_target
from salesmetrics.base.show import Result, Shown, figure
from salesmetrics.deals.periods import Day, Period
from salesmetrics.forecast import required
from salesmetrics.forecast.chance import chance, chance_at_uncertain_rate
from salesmetrics.forecast.probabilities import open_deals, probabilities_of
from salesmetrics.forecast.quarter import this_quarter


class Chance(Result, float):
    """A chance of reaching the target: a plain number from 0 to 1 that also says how it was found.

    ``rate`` says which probability each deal got, ``error_bound`` how far the figure may be off (below 1e-10 where it
    is exact), ``notes`` what was left out, and last what is assumed.
    """

    rate: str
    error_bound: float
    notes: tuple[str, ...]
    __repr__ = float.__repr__
    # IPython asks the nearest class that has either of the two.
    _repr_pretty_ = Result._repr_pretty_

    def __new__(cls, value: float, *, rate: str, error_bound: float, notes: Sequence[str]) -> Chance:
        """Make the number and hang the words on it."""
        self = super().__new__(cls, value)
        self.rate, self.error_bound, self.notes = rate, error_bound, tuple(notes)
        return self

    def shown(self) -> Shown:
        """Give the chance in words, with its rate, what was left out and what is assumed; ``repr`` stays a number."""
        said = _("{chance} chance of reaching the target").format(chance=percent(self))
        return figure(f"{said}, {_with(self.rate)}", self.notes)


@dataclass(frozen=True, repr=False, kw_only=True)
class ExpectedRevenue(Result):
    """What the pipeline brings on average: won so far, and each open deal's amount × its probability.

    Parameters
    ----------
    won
        Won so far in the period.
    open
        The expected part of what is open, in euros.
    rate
        Which probability each deal got.
    notes
        What was left out, and which deals are late, as for the coverage.
    currency
        The code of the money's currency; empty where it is not known.
    """

    won: float
    open: float
    rate: str
    notes: tuple[str, ...] = ()
    currency: str = ""

    def __float__(self) -> float:
        return self.won + self.open

    @property
    def line(self) -> str:
        """The sum and its rate in one line; what was left out stands in the notes."""
        said = _("{total} expected = {won} won + {open} from open deals").format(
            total=money(round(float(self)), self.currency),
            won=money(round(self.won), self.currency),
            open=money(round(self.open), self.currency),
        )
        return f"{said}, {_with(self.rate)}"

    def shown(self) -> Shown:
        """Give the sum, and what was left out."""
        return figure(self.line, self.notes)


def _with(rate: str) -> str:
    return _("with {rate}").format(rate=rate)


def expected_revenue(
    deals: Any,
    *,
    p: str | float | None = None,
    stages: Sequence[str] | None = None,
    fill: float | None = None,
    as_of: Day | None = None,
    period: Period | str | Sequence[Day] | None = None,
) -> ExpectedRevenue:
    """Add what was won in the period to what the open deals bring on average.

    An average, not a promise: about half of such quarters bring less. Well above the target, there is a buffer.

    Parameters
    ----------
    deals
        A checked table of deals.
    p
        The probability of each open deal: ``"history"`` (won ÷ closed, over all that closed by ``as_of``),
        ``"stage"`` (won ÷ closed among the deals that reached its stage), ``"crm"`` (the table's ``probability``,
        which is mostly the CRM's default for the stage) or a number. By default history where any deal is closed,
        else the CRM's figure where every deal has one.
    stages
        All stages in order; needed for ``p="stage"``.
    fill
        With ``p="crm"``, the probability of deals that have none. Without it they are an error.
    as_of, period
        As in :func:`coverage`.

    Raises
    ------
    SalesMetricsError
        There is no such probability: nothing closed, none filled in, or a number outside 0 to 1.

    Examples
    --------
    The same pipeline, three forecasts, against a target of € 500,000:

    >>> import salesmetrics as sm
    >>> startup = sm.scenario("startup")
    >>> ways = [sm.expected_revenue(startup.deals, p=p, stages=startup.stages, period=startup.period)
    ...         for p in ("history", "stage", "crm")]
    >>> [round(float(way)) for way in ways]
    [250000, 346190, 505000]
    """
    pipeline = open_deals(deals, as_of, period)
    probabilities, rate = probabilities_of(deals, pipeline, p, stages, fill, as_of)
    return ExpectedRevenue(
        won=pipeline.won_so_far,
        open=float(pipeline.amounts @ probabilities),
        rate=rate,
        notes=pipeline.notes,
        currency=pipeline.currency,
    )


def chance_of_target(
    deals: Any,
    *,
    target: float,
    p: str | float | None = None,
    stages: Sequence[str] | None = None,
    fill: float | None = None,
    uncertain: bool = False,
    slip: float = 0.0,
    new_deals: int = 0,
    as_of: Day | None = None,
    period: Period | str | Sequence[Day] | None = None,
) -> Chance:
    """Give the chance that the revenue won in the period reaches the target.

    Near ½ where the expected revenue is just the target. Below that, a few large deals make it larger; above, they
    make it smaller. It assumes that deals are independent; without ``slip`` and ``new_deals`` also that none slips to
    the next period and none is both created and closed within this one.

    Parameters
    ----------
    deals, p, stages, fill, as_of, period
        As in :func:`expected_revenue`.
    target
        The revenue to win, more than 0.
    uncertain
        Treat the historical rate itself as uncertain: Beta(won + ½, lost + ½). Only with ``p="history"``.
    slip
        The share of wins that slips to a later period: p becomes p × (1 − slip).
    new_deals
        How many more deals come and close within the period, at today's mean amount and rate.

    Returns
    -------
    A float, with ``rate``, ``error_bound`` and ``notes``. Exact unless amounts are many and in odd cents; see the
    module ``chance``.

    Raises
    ------
    SalesMetricsError
        As in :func:`expected_revenue`; or ``uncertain`` with another p than history.

    Examples
    --------
    >>> import salesmetrics as sm
    >>> consultancy = sm.scenario("consultancy")
    >>> about = dict(target=consultancy.target, period=consultancy.period)
    >>> round(sm.chance_of_target(consultancy.deals, **about), 3)
    0.384
    """
    read_target(target)
    pipeline = open_deals(deals, as_of, period)
    probabilities, rate = probabilities_of(deals, pipeline, p, stages, fill, as_of)
    if uncertain and not (p == "history" or (p is None and pipeline.won + pipeline.lost)):
        raise SalesMetricsError(
            _("Only a rate from history can be uncertain in this way."),
            hint=_('Use p="history", or leave out uncertain=True.'),
        )
    if uncertain:
        amounts, share = this_quarter(pipeline.amounts, 1.0, slip=slip, new_deals=new_deals)
        found = chance_at_uncertain_rate(
            amounts, pipeline.won, pipeline.lost, target, already_won=pipeline.won_so_far, share=share
        )
        rate = _("{rate}, itself uncertain").format(rate=rate)
    else:
        amounts, adjusted = this_quarter(pipeline.amounts, probabilities, slip=slip, new_deals=new_deals)
        found = chance(amounts, adjusted, target, already_won=pipeline.won_so_far)
    notes = (*pipeline.notes, _assumptions(slip, new_deals))
    return Chance(float(found), rate=rate, error_bound=found.error_bound, notes=notes)


def _assumptions(slip: float, new_deals: int) -> str:
    if slip and new_deals:
        return _("Assumes that deals are independent.")
    if slip:
        return _("Assumes that deals are independent, and that none is both created and closed within the period.")
    if new_deals:
        return _("Assumes that deals are independent, and that none slips to a later period.")
    return _(
        "Assumes that deals are independent, that none slips to a later period, and that none is both created and "
        "closed within this one."
    )


def coverage_for_chance(
    deals: Any,
    *,
    target: float,
    chance: float = 0.8,
    p: str | float | None = None,
    stages: Sequence[str] | None = None,
    fill: float | None = None,
    as_of: Day | None = None,
    period: Period | str | Sequence[Day] | None = None,
) -> float:
    """Give the coverage at which today's deals, all made larger by one factor, reach the target with this chance.

    Today's coverage is enough when it is at least this. The coverage is of what is still to be won in the period.
    Break-even, :func:`required_coverage`, needs less and gives a chance of about one half.

    Parameters
    ----------
    deals, target, p, stages, fill, as_of, period
        As in :func:`chance_of_target`.
    chance
        Wanted, between 0 and 1.

    Raises
    ------
    SalesMetricsError
        As in :func:`chance_of_target`; or no size of deals gives that chance.

    Examples
    --------
    >>> import salesmetrics as sm
    >>> consultancy = sm.scenario("consultancy")
    >>> round(coverage_for_chance(consultancy.deals, target=600_000, chance=0.8, period=consultancy.period), 2)
    2.3
    """
    pipeline = open_deals(deals, as_of, period)
    probabilities, _rate = probabilities_of(deals, pipeline, p, stages, fill, as_of)
    found = required.coverage_for_chance(
        pipeline.amounts, probabilities, read_target(target), chance, already_won=pipeline.won_so_far
    )
    return found.coverage
