"""Groups of deals side by side: their conversion rates, each with its range, or what became so far of all."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate
from typing import Any, Literal, NamedTuple

import narwhals as nw

from salesmetrics.base.language import N_, _, number, percent
from salesmetrics.base.typed_numbers import is_empty
from salesmetrics.charts import ADDED, CONVERSION_LETTERS, LOST, MUTED, NOW
from salesmetrics.charts.canvas import MARGIN, WIDTH, Box, Canvas, bars, fill, fill_each, scale
from salesmetrics.charts.moving_picture import Drawing, house_style
from salesmetrics.charts.words import group_name, say, short_name
from salesmetrics.deals.pipeline import pipeline
from salesmetrics.metrics import conversion_rate
from salesmetrics.metrics.ratio import wilson

_ROW, _RATE_BAR, _PARTS_BAR = 48, 16, 18
_HEADING = _LEGEND = 34
_LONG = WIDTH - 2 * MARGIN
_NAMELESS = N_("(empty)")
# The agency's table names its waits as a CRM would; a picture names them as the one with the sliders does.
_WAITS = {"<=1h": N_("≤ 1 hour"), "1-4h": N_("1–4 hours"), "4-24h": N_("4–24 hours"), ">24h": N_("> 24 hours")}


class Group(NamedTuple):
    """One group of deals: what it is called, and how many were won, are closed (won or lost) and are still open."""

    name: str
    won: int
    closed: int
    open: int = 0

    @property
    def lost(self) -> int:
        """How many were lost."""
        return self.closed - self.won

    @property
    def rate(self) -> str:
        """Won ÷ closed, in words."""
        return percent(self.won / self.closed)


def groups_of(deals: Any, by: str, base: Literal["closed", "created"] = "closed") -> list[Group]:
    """Count won and closed deals, or won and all created ones, in each group of a table of deals."""
    frame = nw.from_native(conversion_rate(deals, by=by, base=base))
    table = frame.collect() if isinstance(frame, nw.LazyFrame) else frame
    return [
        Group(_NAMELESS if is_empty(name) else str(name), round(won), round(closed))
        for name, won, closed in table.select(by, "numerator", "denominator").iter_rows()
    ]


def groups_so_far(deals: Any, by: str) -> list[Group]:
    """Count won, closed and open deals in each group of a table of deals, in the order of the groups' names."""
    deals = pipeline(deals)  # Once through the door, for both.
    closed = {group.name: group for group in groups_of(deals, by)}
    return [
        closed[name]._replace(open=created - closed[name].closed)
        for name, _won, created, _open in sorted(groups_of(deals, by, base="created"))
    ]


def sentence_of_rates(groups: Sequence[Group]) -> str:
    """Describe each group's rate with its range, and whether the ranges of the best and the worst meet."""
    some = _ordered(groups)
    if not some:
        return _("No deal is closed yet, so there are no rates to compare.")
    won, closed = _together(some)
    best, worst = some[0], some[-1]
    if wilson(best.won, best.closed)[0] > wilson(worst.won, worst.closed)[1]:
        compared = _("The ranges of {best} and {worst} do not overlap.")
    else:
        compared = _("The ranges of {best} and {worst} overlap, so the difference may be chance.")
    of_group = _("{name} {rate}, between {low} and {high}")
    return say(
        _("{won} of {closed} deals were won, {rate}."),
        _("By group, with the range in which the true rate probably lies (95%): {groups}."),
        compared if len(some) > 1 else None,
        won=number(won),
        closed=number(closed),
        rate=percent(won / closed),
        groups="; ".join(of_group.format(name=_(_known(group)), **_range(group)) for group in some),
        best=_(_known(best)),
        worst=_(_known(worst)),
    )


@house_style()
def draw_rates(groups: Sequence[Group]) -> Drawing[Any]:
    """Draw one row per group, the highest rate first, and a line for all together; nothing in it moves."""
    some = _ordered(groups)
    page = Canvas(_HEADING + _ROW * len(some) + 24)
    heading = _("Bar: conversion. Bracket: where the true rate probably lies (95%)")
    page.text(MARGIN, page.height - 20, heading, size=12, color=MUTED)
    if not some:
        return page.drawing()
    at = scale(MARGIN, _LONG, full=max(wilson(group.won, group.closed)[1] for group in some))
    rates, ranges = page.shapes(NOW, {"facecolor": "#000000", "linewidth": 0, "zorder": 4})
    won, closed = _together(some)
    together = at(won / closed)
    rate_boxes: list[Box] = []
    range_boxes: list[Box] = []
    for place, group in enumerate(some):
        bottom = float(page.height - _HEADING - _ROW * (place + 1) + 10)
        low, high = map(at, wilson(group.won, group.closed))
        rate_boxes += bars(bottom, _RATE_BAR, MARGIN, at(group.won / group.closed))
        middle = bottom + _RATE_BAR / 2
        range_boxes += [
            (low, middle - 1.75, high, middle + 1.75),
            (low, middle - 7, low + 3.5, middle + 7),
            (high - 3.5, middle - 7, high, middle + 7),
        ]
        # Beside the bars only: a line from top to bottom would cross the words.
        mean = [together] * 2, [bottom - 5, bottom + _RATE_BAR + 3]
        page.line(*mean, color="#000000", linewidth=2, linestyle=(0, (3, 1.5)), zorder=5)
        page.text(MARGIN, bottom + _RATE_BAR + 6, _rate_words(group), size=13)
    fill(rates, *rate_boxes)
    fill(ranges, *range_boxes)
    look = {"ha": "center", "size": 12, "weight": "bold", "color": CONVERSION_LETTERS}
    middle = min(max(together, MARGIN + 56), WIDTH - MARGIN - 56)
    page.text(middle, 4, _("together {rate}").format(rate=percent(won / closed)), **look)
    return page.drawing()


def _ordered(groups: Sequence[Group]) -> list[Group]:
    """Leave out groups without a closed deal, which have no rate, and put the highest rate first."""
    return sorted(
        (group for group in groups if group.closed), key=lambda group: (-group.won / group.closed, -group.closed)
    )


def _together(groups: Sequence[Group]) -> tuple[int, int]:
    return sum(group.won for group in groups), sum(group.closed for group in groups)


def _known(group: Group) -> str:
    return _WAITS.get(group.name, group.name)


def _range(group: Group) -> dict[str, str]:
    low, high = wilson(group.won, group.closed)
    return {"rate": group.rate, "low": percent(low), "high": percent(high)}


def _rate_words(group: Group) -> str:
    return _("{name}: {won} of {closed}, {rate}; between {low} and {high}").format(
        name=short_name(_known(group)), won=number(group.won), closed=number(group.closed), **_range(group)
    )


def sentence_so_far(groups: Sequence[Group]) -> str:
    """Describe how many deals, of all and of each group, were won, lost and are open."""
    won, lost, still_open = (sum(counts) for counts in zip(*map(_counts, groups), strict=True))
    return say(
        _("Of {created} deals that came in, {won} are won so far, {lost} lost and {open} open."),
        _("By group: {groups}."),
        created=number(won + lost + still_open),
        won=number(won),
        lost=number(lost),
        open=number(still_open),
        groups="; ".join(map(_parts_words, groups)),
    )


@house_style()
def draw_so_far(groups: Sequence[Group]) -> Drawing[Any]:
    """Draw one row per group, as long as it has deals; nothing in it moves."""
    page = Canvas(_LEGEND + _ROW * len(groups))
    at = scale(MARGIN, _LONG, full=max(sum(_counts(group)) for group in groups))
    rows = []
    for place, group in enumerate(groups):
        bottom = page.height - _ROW * (place + 1) + 4
        rows.append(bars(bottom, _PARTS_BAR, *map(at, accumulate(_counts(group), initial=0))))
        page.text(MARGIN, bottom + _PARTS_BAR + 6, _parts_heading(group), size=13)
    looks = (NOW, LOST, ADDED)
    fill_each(page.shapes(*looks), rows)
    page.legend(zip(looks, (_("won"), _("lost"), _("open")), strict=True), MARGIN, 8, step=130, size=12, color=MUTED)
    return page.drawing()


def _counts(group: Group) -> tuple[int, int, int]:
    return group.won, group.lost, group.open


def _parts_heading(group: Group) -> str:
    counts = {"name": short_name(group.name), "closed": number(group.closed), "open": number(group.open)}
    if not group.closed:
        return _("{name}: {open} open").format(**counts)
    return _("{name}: {rate} of {closed} closed, {open} open").format(rate=group.rate, **counts)


def _parts_words(group: Group) -> str:
    counts = {"won": number(group.won), "lost": number(group.lost), "open": number(group.open)}
    counts["name"] = group_name(group.name)
    if not group.closed:
        return _("{name}: {won} won, {lost} lost, {open} open").format(**counts)
    message = _("{name}: {won} won, {lost} lost, {open} open, so {rate} of what is closed")
    return message.format(rate=group.rate, **counts)
