"""The conversion rates of groups side by side, each with the range of true rates that fits what was seen."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from salesmetrics.base.language import N_, _, number, percent
from salesmetrics.charts.companies import MARGIN, NOW, WIDTH, bar, bars, page
from salesmetrics.charts.moving_picture import MUTED, Drawing, house_style
from salesmetrics.charts.parts import CONVERSION_LETTERS, boxes, shape, short_name
from salesmetrics.metrics.ratio import wilson

_ROW, _BAR = 48, 16
_TOP = 34  # for the heading
_LONG = WIDTH - 2 * MARGIN
# The agency's table names its waits as a CRM would; a picture names them as the one with the sliders does.
_WAITS = {"<=1h": N_("≤ 1 hour"), "1-4h": N_("1–4 hours"), "4-24h": N_("4–24 hours"), ">24h": N_("> 24 hours")}


class Group(NamedTuple):
    """One group of closed deals: what it is called, how many were won and how many closed."""

    name: str
    won: int
    closed: int


def sentence(groups: Sequence[Group]) -> str:
    """Say each group's rate with its range, and whether the ranges of the best and the worst meet."""
    some = _ordered(groups)
    if not some:
        return _("No deal is closed yet, so there are no rates to compare.")
    won, closed = _together(some)
    said = [
        _("{won} of {closed} deals were won, {rate}.").format(
            won=number(won), closed=number(closed), rate=percent(won / closed)
        ),
        _("By group, with the margin in which the true rate probably lies (95%): {groups}.").format(
            groups="; ".join(
                _("{name} {rate}, between {low} and {high}").format(
                    name=_named(group), rate=percent(group.won / group.closed), **_range(group)
                )
                for group in some
            )
        ),
    ]
    if len(some) > 1:
        best, worst = some[0], some[-1]
        apart = wilson(best.won, best.closed)[0] > wilson(worst.won, worst.closed)[1]
        said.append(
            (
                _("The margins of {best} and {worst} do not overlap.")
                if apart
                else _("The margins of {best} and {worst} overlap, so the difference may be chance.")
            ).format(best=_named(best), worst=_named(worst))
        )
    return " ".join(said)


@house_style()
def draw(groups: Sequence[Group]) -> Drawing[Any]:
    """Draw one row per group, the highest rate first, and a line for all together; nothing in it moves."""
    some = _ordered(groups)
    height = _TOP + _ROW * len(some) + 24
    figure, axes = page(height)
    axes.text(
        MARGIN,
        height - 20,
        _("Bar: conversion. Bracket: where the true rate probably lies (95%)"),
        size=12,
        color=MUTED,
    )
    if not some:
        return Drawing(figure, (), lambda _groups: None)
    full = max(wilson(group.won, group.closed)[1] for group in some)
    (rates,) = bars(axes, (NOW,))
    ranges = shape(axes, facecolor="#000000", linewidth=0, zorder=4)
    won, closed = _together(some)
    at = MARGIN + _LONG * won / closed / full
    rate_boxes, range_boxes = [], []
    for place, group in enumerate(some):
        bottom = float(height - _TOP - _ROW * (place + 1) + 10)
        low, high = (MARGIN + _LONG * bound / full for bound in wilson(group.won, group.closed))
        rate_boxes.append(bar(MARGIN, MARGIN + _LONG * group.won / group.closed / full, bottom, _BAR))
        middle = bottom + _BAR / 2
        range_boxes += [
            (low, middle - 1.75, high, middle + 1.75),
            (low, middle - 7, low + 3.5, middle + 7),
            (high - 3.5, middle - 7, high, middle + 7),
        ]
        # Beside the bars only: a line from top to bottom would cross the words.
        axes.plot(
            [at] * 2, [bottom - 5, bottom + _BAR + 3], color="#000000", linewidth=2, linestyle=(0, (3, 1.5)), zorder=5
        )
        axes.text(MARGIN, bottom + _BAR + 6, _words(group), size=13)
    rates.set_path(boxes(rate_boxes))
    ranges.set_path(boxes(range_boxes))
    axes.text(
        min(max(at, MARGIN + 56), WIDTH - MARGIN - 56),
        4,
        _("together {rate}").format(rate=percent(won / closed)),
        ha="center",
        size=12,
        weight="bold",
        color=CONVERSION_LETTERS,
    )
    return Drawing(figure, (), lambda _groups: None)


def _ordered(groups: Sequence[Group]) -> list[Group]:
    """Leave out groups without a closed deal, which have no rate, and put the highest rate first."""
    return sorted(
        (group for group in groups if group.closed), key=lambda group: (-group.won / group.closed, -group.closed)
    )


def _together(groups: Sequence[Group]) -> tuple[int, int]:
    return sum(group.won for group in groups), sum(group.closed for group in groups)


def _named(group: Group) -> str:
    return _(_WAITS.get(group.name, group.name))


def _range(group: Group) -> dict[str, str]:
    low, high = wilson(group.won, group.closed)
    return {"low": percent(low), "high": percent(high)}


def _words(group: Group) -> str:
    return _("{name}: {won} of {closed}, {rate}; between {low} and {high}").format(
        name=short_name(_WAITS.get(group.name, group.name)),
        won=number(group.won),
        closed=number(group.closed),
        rate=percent(group.won / group.closed),
        **_range(group),
    )
