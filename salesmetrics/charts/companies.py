"""What the pictures of the three companies share: bars beside a name, rounded amounts, and the assumptions in words."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import PathPatch
from matplotlib.text import Text

from salesmetrics.base.language import _, chance_text, money, ngettext, number, percent
from salesmetrics.charts.moving_picture import CONVERSION, COVERAGE, MUTED, PAPER
from salesmetrics.charts.parts import Box, shape

WIDTH = 600
MARGIN = 6

OWN = {"facecolor": COVERAGE, "edgecolor": COVERAGE}
ADDED = {"facecolor": PAPER, "edgecolor": COVERAGE, "hatch": "////"}
NOW = {"facecolor": CONVERSION, "edgecolor": "#000000"}
LATER = {"facecolor": PAPER, "edgecolor": CONVERSION, "hatch": "////"}
LOST = {"facecolor": "#E0E0E0", "edgecolor": MUTED}


def page(height: int) -> tuple[Figure, Axes]:
    """Make a figure whose one coordinate is the pixel."""
    figure = Figure(figsize=(WIDTH / 72, height / 72))
    axes = figure.add_axes((0, 0, 1, 1), frameon=False)
    axes.set(xlim=(0, WIDTH), ylim=(0, height))
    axes.set_axis_off()
    return figure, axes


def bars(axes: Axes, looks: Sequence[dict[str, Any]]) -> list[PathPatch]:
    """Add one shape per look, empty still."""
    return [shape(axes, **look) for look in looks]


def bar(left: float, right: float, bottom: float, height: float) -> Box:
    """Give a box of a row."""
    return (left, bottom, right, bottom + height)


def texts(axes: Axes, places: Iterable[tuple[float, float]], **look: Any) -> list[Text]:
    """Add one text per place, empty still."""
    return [axes.text(x, y, "", **look) for x, y in places]


def about(amount: float) -> str:
    """Write an expected amount in whole thousands: it is an average, and its last digits say nothing.

    Examples
    --------
    >>> about(211_361.66).replace("\u00a0", " ")
    '€ 211,000'
    """
    return money(round(amount / 1000) * 1000)


def likely(chance: float) -> str:
    """Write a chance; what is out of reach is 0%, and what only nearly is, is not.

    Examples
    --------
    >>> likely(0), likely(1e-9), likely(0.384)
    ('0%', 'less than 0.1%', '38.4%')
    """
    return chance_text(chance) if chance else percent(0, 0)


def assumptions(slip: float, new_deals: int, *more: str) -> str:
    """Say on what the figures rest, in one sentence.

    Parameters
    ----------
    slip, new_deals
        As the levers say.
    more
        What this model assumes besides, each a clause.
    """
    clauses = [
        _("deals are won independently of each other"),
        _("{slip} slips to the next quarter").format(slip=percent(slip, 0))
        if slip
        else _("none slips to the next quarter"),
        ngettext(
            "{count} new deal comes and closes within the quarter",
            "{count} new deals come and close within the quarter",
            new_deals,
        ).format(count=number(new_deals))
        if new_deals
        else _("none is new and closed within the quarter"),
        *more,
    ]
    return _("Assumptions: {clauses}.").format(clauses="; ".join(clauses))
