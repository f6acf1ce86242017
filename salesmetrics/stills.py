"""A result as a picture that stands still, with the sentence that says what it shows."""

from __future__ import annotations

import itertools
from dataclasses import dataclass, field
from typing import Any

from salesmetrics.charts import funnel as funnel_chart
from salesmetrics.metrics.funnel import Funnel
from salesmetrics.pictures import MovingPicture, figure_html

_serial = itertools.count(1)


@dataclass(frozen=True)
class Shown:
    """A picture and its sentence; shows itself in a notebook.

    Attributes
    ----------
    sentence
        What the picture shows, in words.
    svg
        The picture.
    """

    sentence: str
    svg: str = field(repr=False)

    def __str__(self) -> str:
        return self.sentence

    def __repr__(self) -> str:
        return self.sentence

    def _repr_html_(self) -> str:
        return figure_html(self.svg, self.sentence)


def picture(result: Funnel) -> Shown:
    """Show a funnel as a picture: the bottleneck is marked, and beside each stage stands the money that leaks away.

    A short bar after a long one says that many deals stop there; a long hatched one that this costs most.

    Parameters
    ----------
    result
        What :func:`salesmetrics.funnel` gave.

    Examples
    --------
    >>> import salesmetrics as sm
    >>> startup = sm.scenario("startup")
    >>> shown = picture(sm.funnel(startup.deals, stages=startup.stages))
    >>> shown.sentence.startswith("Of 250 closed deals 25 were won, 10.0%.")
    True
    """
    said = funnel_chart.sentence(result)
    drawn: MovingPicture[Any] = MovingPicture(funnel_chart.draw(result), name=f"funnel-{next(_serial)}")
    return Shown(said, drawn.svg(result, said))
