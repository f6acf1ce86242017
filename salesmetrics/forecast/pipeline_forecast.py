"""From the two numbers to the quarter: what the pipeline brings on average, and the chance that it is enough."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from salesmetrics.base.errors import SalesMetricsError
from salesmetrics.base.language import _, money, percent, times
from salesmetrics.base.show import Result, Shown, figure
from salesmetrics.base.typed_numbers import read_rate
from salesmetrics.deals.periods import Day, Period
from salesmetrics.deals.pipeline import pipeline
from salesmetrics.forecast.chance import Chance, chance, chance_at_uncertain_rate
from salesmetrics.forecast.distribution import scale_for_chance, this_quarter
from salesmetrics.forecast.probabilities import open_deals, probabilities_of
from salesmetrics.metrics.coverage import notes_of
from salesmetrics.metrics.ratio import Ratio


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
        return said + ", " + _("with {rate}").format(rate=self.rate)

    def shown(self) -> Shown:
        """Return the sum, and what was left out."""
        return figure(self.line, self.notes)


def expected_revenue(
    deals: Any,
    *,
    p: str | float | None = None,
    fill: float | None = None,
    as_of: Day | None = None,
    period: Period | str | Sequence[Day] | None = None,
    stages: Sequence[str] | None = None,
    start: str | None = None,
) -> ExpectedRevenue:
    """Add what was won in the period to what the open deals bring on average.

    An average, not a promise: about half of such quarters bring less. Well above the target, there is a buffer.

    Parameters
    ----------
    deals
        A pipeline, or a table of deals; see :func:`salesmetrics.pipeline`.
    p
        The probability of each open deal: ``"history"`` (won ÷ closed, over all that closed by ``as_of``),
        ``"stage"`` (won ÷ closed among the deals that reached its stage), ``"crm"`` (the table's ``probability``,
        which is mostly the CRM's default for the stage) or a number. By default history where any deal is closed,
        else the CRM's figure where every deal has one.
    fill
        With ``p="crm"``, the probability of deals that have none. Without it they are an error.
    as_of, period, stages, start
        As for :func:`salesmetrics.pipeline`; ``p="stage"`` needs the stages.

    Raises
    ------
    SalesMetricsError
        There is no such probability: nothing closed, none filled in, or a number outside 0 to 1.

    Examples
    --------
    The same pipeline, three forecasts, against a target of € 500,000:

    >>> import salesmetrics as sm
    >>> startup = sm.scenario("startup")
    >>> ways = [sm.expected_revenue(startup, p=p) for p in ("history", "stage", "crm")]
    >>> [round(float(way)) for way in ways]
    [250000, 346190, 505000]
    """
    mine = pipeline(deals, as_of=as_of, period=period, stages=stages, start=start)
    found = open_deals(mine)
    probabilities, rate = probabilities_of(mine, p, fill)
    return ExpectedRevenue(
        won=found.won_so_far,
        open=float(found.amounts @ probabilities),
        rate=rate,
        notes=notes_of(mine),
        currency=mine.currency,
    )


def chance_of_target(
    deals: Any,
    *,
    target: float | None = None,
    p: str | float | None = None,
    fill: float | None = None,
    uncertain: bool = False,
    slip: float = 0.0,
    new_deals: int = 0,
    as_of: Day | None = None,
    period: Period | str | Sequence[Day] | None = None,
    stages: Sequence[str] | None = None,
    start: str | None = None,
) -> Chance:
    """Return the chance that the revenue won in the period reaches the target.

    Near ½ where the expected revenue is just the target. Below that, a few large deals make it larger; above, they
    make it smaller. It assumes that deals are independent; without ``slip`` and ``new_deals`` also that none slips to
    the next period and none is both created and closed within this one.

    Parameters
    ----------
    deals, p, fill, as_of, period, stages, start
        As in :func:`expected_revenue`.
    target
        The revenue to win, more than 0.
    uncertain
        Treat the historical rate itself as uncertain: Beta(won + ½, lost + ½). Only with ``p="history"``.
    slip
        The share of wins that slips to a later period: p becomes p × (1 − slip).
    new_deals
        How many more deals come and close within the period, at most 1,000, at today's mean amount and rate.

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
    >>> round(sm.chance_of_target(sm.scenario("consultancy")), 3)
    0.384
    """
    mine = pipeline(deals, target=target, as_of=as_of, period=period, stages=stages, start=start)
    aim, deals_open = mine.aim(), open_deals(mine)
    probabilities, rate = probabilities_of(mine, p, fill)
    if uncertain and not (p == "history" or (p is None and deals_open.rate is not None)):
        raise SalesMetricsError(
            _("Only a rate from history can be uncertain in this way."),
            hint=_('Use p="history", or leave out uncertain=True.'),
        )
    if uncertain:
        amounts, share = this_quarter(deals_open.amounts, 1.0, slip=slip, new_deals=new_deals)
        found = chance_at_uncertain_rate(
            amounts, deals_open.won, deals_open.lost, aim, already_won=deals_open.won_so_far, share=share
        )
        rate = _("{rate}, itself uncertain").format(rate=rate)
    else:
        amounts, adjusted = this_quarter(deals_open.amounts, probabilities, slip=slip, new_deals=new_deals)
        found = chance(amounts, adjusted, aim, already_won=deals_open.won_so_far)
    notes = (*notes_of(mine), _assumptions(slip, new_deals))
    return Chance(found, error_bound=found.error_bound, method=found.method, rate=rate, notes=notes)


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
    target: float | None = None,
    chance: float = 0.8,
    p: str | float | None = None,
    fill: float | None = None,
    as_of: Day | None = None,
    period: Period | str | Sequence[Day] | None = None,
    stages: Sequence[str] | None = None,
    start: str | None = None,
) -> float:
    """Return the coverage at which today's deals, all made larger by one factor, reach the target with this chance.

    Today's coverage is enough when it is at least this. The coverage is of what is still to be won in the period.
    Break-even, :func:`required_coverage`, needs less and gives a chance of about one half.

    Parameters
    ----------
    deals, target, p, fill, as_of, period, stages, start
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
    >>> round(coverage_for_chance(sm.scenario("consultancy"), chance=0.8), 2)
    2.3
    """
    mine = pipeline(deals, target=target, as_of=as_of, period=period, stages=stages, start=start)
    aim, found = mine.aim(), open_deals(mine)
    probabilities, _rate = probabilities_of(mine, p, fill)
    needed = aim - found.won_so_far
    scale = scale_for_chance(found.amounts, probabilities, aim, chance, already_won=found.won_so_far)
    return scale * float(found.amounts.sum()) / needed if scale else 0.0


def required_coverage(rate: float | Ratio) -> float:
    """Return the coverage at which the expected revenue just is the target: 1 ÷ the conversion rate.

    3 goes with one win in three, 10 with one in ten. Break-even, no more: it makes the target about half the time.

    Parameters
    ----------
    rate
        A conversion rate, above 0 and at most 1, or the :class:`Ratio` of one.

    Raises
    ------
    SalesMetricsError
        It is no rate; or it is 0: then no coverage is enough, and a Ratio of counts says what is needed at least.

    Examples
    --------
    >>> required_coverage(0.25)
    4.0
    """
    value = read_rate(float(rate) if isinstance(rate, Ratio) else rate)
    if value == 0:
        least = ""
        if isinstance(rate, Ratio) and rate.counts == "deals":
            highest = rate.interval()[1]
            message = _(" What was seen fits rates up to {rate}: at least {coverage} is needed.")
            least = message.format(rate=percent(highest), coverage=times(1 / highest, 2))
        raise SalesMetricsError(
            _("With a conversion rate of 0 no coverage is enough.") + least,
            hint=_("Wait for the first wins, or look at why nothing was won."),
        )
    return 1 / value
