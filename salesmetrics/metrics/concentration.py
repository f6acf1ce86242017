"""Concentration: how much of the pipeline hangs on few deals."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import narwhals as nw

from salesmetrics.base.errors import SalesMetricsError
from salesmetrics.base.language import _, ngettext, number
from salesmetrics.base.show import Result, Shown, listed, together, words
from salesmetrics.deals.periods import Day, Period
from salesmetrics.deals.pipeline import Pipeline, pipeline
from salesmetrics.metrics.coverage import counted, due_sums, notes_of
from salesmetrics.metrics.ratio import Ratio


@dataclass(frozen=True, repr=False)
class Concentration(Result):
    """How much of the pipeline hangs on few deals.

    ``largest`` holds the shares of the 1, 2 and 3 largest deals that count, each a :class:`Ratio`. ``effective_deals``
    is the number of equal deals that would be as concentrated: near the real number says the money is spread, near 1
    that everything hangs on one deal. ``notes`` say what was left out, and which deals are late, as for the coverage.
    """

    largest: tuple[Ratio, Ratio, Ratio]
    effective_deals: float
    notes: tuple[str, ...] = ()

    def shown(self) -> Shown:
        """Return the three shares, the number of equal deals, and what was left out."""
        message = _("by amount, the risk is spread as over {count} equal deals")
        deals = message.format(count=number(self.effective_deals, 1))
        return together(*(share.shown() for share in self.largest), words(deals), listed(self.notes))


def concentration(
    deals: Any,
    *,
    as_of: Day | None = None,
    period: Period | str | Sequence[Day] | None = None,
    stages: Sequence[str] | None = None,
    start: str | None = None,
) -> Concentration:
    """Compute how much of the open pipeline hangs on its largest deals.

    A small share of the largest deal says that losing it does little. A share of a quarter or more says to look at
    the chance of the target without that deal.

    Parameters
    ----------
    deals
        A pipeline, or a table of deals; see :func:`salesmetrics.pipeline`.
    as_of, period, stages, start
        As for :func:`salesmetrics.pipeline`: which open deals count.

    Raises
    ------
    SalesMetricsError
        A needed column is missing, the table is empty, no deal that counts has an amount, or a past ``as_of`` is asked
        for a period that has ended since.

    Notes
    -----
    The effective number is 1 ÷ Σ share², the inverse of the Herfindahl-Hirschman index: Laakso, M. and Taagepera, R.
    (1979). "Effective" number of parties. *Comparative Political Studies*, 12(1), 3-27.
    https://doi.org/10.1177/001041407901200101

    Examples
    --------
    >>> import salesmetrics as sm
    >>> round(concentration(sm.scenario("consultancy")).effective_deals, 1)
    6.5
    """
    mine = pipeline(deals, as_of=as_of, period=period, stages=stages, start=start)
    sums = due_sums(mine)
    total, top = sums["open"], largest_of(mine)
    if not total:
        raise SalesMetricsError(
            _("No open deal that counts has an amount."), hint=_("Check the period, or fill in the amounts.")
        )
    largest = [_share(sum(top[:count]), total, count, mine.currency) for count in (1, 2, 3)]
    return Concentration((largest[0], largest[1], largest[2]), total * total / sums["squares"], notes_of(mine))


def largest_of(mine: Pipeline, known: Iterable[float] | None = None) -> list[float]:
    """Return the three largest amounts that count; somebody who has all of them at hand can say so."""
    if known is not None:
        return mine.keep("largest", lambda: sorted(known, reverse=True)[:3])
    return mine.keep("largest", lambda: _largest(mine))


def _largest(mine: Pipeline) -> list[float]:
    counts = counted(mine) & (nw.col("amount") > 0)
    amounts = mine.frame(["amount"], quick=True).filter(counts).select("amount")
    return amounts.sort("amount", descending=True).head(3).collect().get_column("amount").to_list()


def _share(part: float, total: float, count: int, currency: str) -> Ratio:
    return Ratio(
        numerator=part,
        denominator=total,
        unit="%",
        counts="money",
        definition=ngettext("share of the largest deal", "share of the {count} largest deals", count).format(
            count=count
        ),
        numerator_label=ngettext("in the largest deal", "in the {count} largest deals", count).format(count=count),
        denominator_label=_("open"),
        currency=currency,
    )
