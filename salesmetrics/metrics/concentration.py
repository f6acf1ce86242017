"""Concentration: how much of the pipeline hangs on few deals."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import narwhals as nw

from salesmetrics.base.errors import SalesMetricsError
from salesmetrics.base.language import _, ngettext, number
from salesmetrics.base.show import Result, Shown, listed, together, words
from salesmetrics.deals.check import currency_of, require_checked
from salesmetrics.deals.periods import Day, Period
from salesmetrics.metrics.due import coverage_columns, marked, moment, notes_on
from salesmetrics.metrics.ratio import Ratio
from salesmetrics.metrics.sums import rows_of, total_of


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
        """Give the three shares, the number of equal deals, and what was left out."""
        deals = _("as concentrated as {count} equal deals").format(count=number(self.effective_deals, 1))
        return together(*(share.shown() for share in self.largest), words(deals), listed(self.notes))


def concentration(
    deals: Any,
    *,
    as_of: Day | None = None,
    period: Period | str | Sequence[Day] | None = None,
    stages: Sequence[str] | None = None,
) -> Concentration:
    """Tell how much of the open pipeline hangs on its largest deals.

    A small share of the largest deal says that losing it does little. A share of a quarter or more says to look at
    the chance of the target without that deal.

    Parameters
    ----------
    deals
        A checked table of deals.
    as_of, period, stages
        As in :func:`coverage`: which open deals count.

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
    >>> consultancy = sm.scenario("consultancy")
    >>> round(concentration(consultancy.deals, period=consultancy.period).effective_deals, 1)
    6.5
    """
    needed = {"status", "amount", "created_on", "closed_on"}
    needed |= ({"expected_close_on"} if period is not None else set()) | ({"stage"} if stages is not None else set())
    frame = require_checked(deals, sorted(needed))
    day, span = moment(frame, as_of, period)
    columns = coverage_columns(day, span, stages)
    rows = rows_of(marked(frame, day, span, stages), [], columns).with_columns(squares=nw.col("open") * nw.col("open"))
    sums = total_of(rows, [*columns, "squares"])
    total = sums["open"]
    if not total:
        raise SalesMetricsError(
            _("No open deal that counts has an amount."), hint=_("Check the period, or fill in the amounts.")
        )
    top = rows.sort("open", descending=True).head(3).collect().get_column("open").to_list()
    currency = currency_of(frame)
    largest = [_share(sum(top[:count]), total, count, currency) for count in (1, 2, 3)]
    return Concentration(
        (largest[0], largest[1], largest[2]), total * total / sums["squares"], tuple(notes_on(sums, currency))
    )


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
