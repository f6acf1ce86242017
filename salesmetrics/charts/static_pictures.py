"""A result as a picture that stands still, with the sentence that says what it shows."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

import narwhals as nw

from salesmetrics.base.errors import SalesMetricsError
from salesmetrics.base.language import N_, _
from salesmetrics.base.show import Result, Shown, visible
from salesmetrics.base.typed_numbers import is_empty
from salesmetrics.charts import funnel as funnel_chart
from salesmetrics.charts import groups
from salesmetrics.charts import past_quarters as past_quarters_chart
from salesmetrics.charts.moving_picture import Drawing, MovingPicture, figure_html
from salesmetrics.deals.pipeline import pipeline
from salesmetrics.forecast.past_quarters import PastQuarters
from salesmetrics.metrics import conversion_rate
from salesmetrics.metrics.funnel import Funnel

_serial = itertools.count(1)
_NAMELESS = N_("(empty)")


@dataclass(frozen=True, repr=False)
class StillPicture(Result):
    """A picture and its sentence; shows itself in a notebook.

    Attributes
    ----------
    sentence
        What the picture shows, in words.
    svg
        The picture.
    """

    sentence: str
    svg: str

    def shown(self) -> Shown:
        """Return the picture, and for text its sentence."""
        return Shown(visible(self.sentence), figure_html(self.svg, self.sentence))


def picture(result: Any, *, by: str | None = None, base: Literal["closed", "created"] = "closed") -> StillPicture:
    """Show a funnel, past quarters, or the conversion rates of groups of deals, as a picture that stands still.

    In a funnel a short bar after a long one says that many deals stop there; a long hatched one that this costs most.
    Of past quarters a bar that is long up to its mark, with little won beside it, says that much of what stood open was
    lost or carried over.
    Among groups a wide bracket says that few deals were closed; where two brackets overlap, the difference between
    the two rates may be chance. With ``base="created"`` much that is open says that a group is young, and that its rate
    is not yet what it will be.

    Parameters
    ----------
    result
        What :func:`salesmetrics.funnel` or :func:`salesmetrics.past_quarters` gave; or a table of deals, with ``by``.
    by
        The column whose groups are compared.
    base
        ``"closed"``: by their won ÷ closed deals and Wilson's interval. ``"created"``: by what became so far of all
        deals that came in, won, lost or open, in the order of the groups' names.

    Raises
    ------
    SalesMetricsError
        It is neither of these and not one column is named to group by; the table lacks that column; or ``base`` is
        neither.

    Examples
    --------
    >>> import salesmetrics as sm
    >>> startup = sm.scenario("startup")
    >>> shown = picture(sm.funnel(startup.deals, stages=startup.stages))
    >>> shown.sentence.startswith("Of 250 closed deals 25 were won, 10.0%.")
    True
    >>> picture(startup.deals, by="channel").sentence.startswith("25 of 250 deals were won, 10.0%.")
    True
    >>> picture(sm.trap("open").deals, by="month", base="created").sentence[:75]
    'Of 600 deals that came in, 103 are won so far, 200 lost and 297 open. By gr'
    """
    if isinstance(result, Funnel):
        return _shown(funnel_chart.sentence, funnel_chart.draw, result, "funnel")
    if isinstance(result, PastQuarters):
        return _shown(past_quarters_chart.sentence, past_quarters_chart.draw, result, "past-quarters")
    if not isinstance(by, str):
        raise SalesMetricsError(
            _("There is no picture of this."),
            hint=_('Give a funnel, past quarters, or deals and what to compare: sm.picture(deals, by="channel").'),
        )
    if base == "created":
        return _shown(groups.sentence_so_far, groups.draw_so_far, _so_far(result, by), "so-far")
    return _shown(groups.sentence_of_rates, groups.draw_rates, _groups(result, by, base), "rates")


def _groups(deals: Any, by: str, base: Literal["closed", "created"] = "closed") -> list[groups.Group]:
    frame = nw.from_native(conversion_rate(deals, by=by, base=base))
    table = frame.collect() if isinstance(frame, nw.LazyFrame) else frame
    return [
        groups.Group(_NAMELESS if is_empty(name) else str(name), round(won), round(closed))
        for name, won, closed in table.select(by, "numerator", "denominator").iter_rows()
    ]


def _so_far(deals: Any, by: str) -> list[groups.Group]:
    deals = pipeline(deals)  # Once through the door, for both.
    closed = {group.name: group for group in _groups(deals, by)}
    return [
        closed[name]._replace(open=created - closed[name].closed)
        for name, _won, created, _open in sorted(_groups(deals, by, base="created"))
    ]


def _shown(sentence: Callable[[Any], str], draw: Callable[[Any], Drawing[Any]], result: Any, name: str) -> StillPicture:
    said = sentence(result)
    drawn: MovingPicture[Any] = MovingPicture(draw(result), name=f"{name}-{next(_serial)}")
    return StillPicture(said, drawn.svg(result, said))
