"""What became so far of the deals that came in, group by group: won, lost and still open."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate
from typing import Any, NamedTuple

from salesmetrics.base.language import _, number, percent
from salesmetrics.charts.canvas import MARGIN, WIDTH, Canvas, bars, fill_each, scale
from salesmetrics.charts.looks import ADDED, LOST, MUTED, NOW
from salesmetrics.charts.moving_picture import Drawing, house_style
from salesmetrics.charts.words import group_name, say, short_name

_ROW, _BAR = 48, 18
_LEGEND = 34
_LONG = WIDTH - 2 * MARGIN


class Cohort(NamedTuple):
    """The deals that came in together: what it is called, and how many were won, lost and are open."""

    name: str
    won: int
    lost: int
    open: int


def sentence(groups: Sequence[Cohort]) -> str:
    """Say of all, and of each group, how many were won, lost and are open."""
    won, lost, still_open = (sum(counts) for counts in zip(*map(_counts, groups), strict=True))
    return say(
        _("Of {created} deals that came in, {won} are won so far, {lost} lost and {open} open."),
        _("By group: {groups}."),
        created=number(won + lost + still_open),
        won=number(won),
        lost=number(lost),
        open=number(still_open),
        groups="; ".join(map(_words, groups)),
    )


@house_style()
def draw(groups: Sequence[Cohort]) -> Drawing[Any]:
    """Draw one row per group, as long as it has deals; nothing in it moves."""
    page = Canvas(_LEGEND + _ROW * len(groups))
    at = scale(MARGIN, _LONG, full=max(sum(_counts(group)) for group in groups))
    rows = []
    for place, group in enumerate(groups):
        bottom = page.height - _ROW * (place + 1) + 4
        rows.append(bars(bottom, _BAR, *map(at, accumulate(_counts(group), initial=0))))
        page.text(MARGIN, bottom + _BAR + 6, _heading(group), size=13)
    looks = (NOW, LOST, ADDED)
    fill_each(page.shapes(*looks), rows)
    page.legend(zip(looks, (_("won"), _("lost"), _("open")), strict=True), MARGIN, 8, step=130, size=12, color=MUTED)
    return page.drawing()


def _counts(group: Cohort) -> tuple[int, int, int]:
    return group.won, group.lost, group.open


def _heading(group: Cohort) -> str:
    counts = {"name": short_name(group.name), "closed": number(group.won + group.lost), "open": number(group.open)}
    if not group.won + group.lost:
        return _("{name}: {open} open").format(**counts)
    return _("{name}: {rate} of {closed} closed, {open} open").format(rate=_rate(group), **counts)


def _words(group: Cohort) -> str:
    counts = {"won": number(group.won), "lost": number(group.lost), "open": number(group.open)}
    counts["name"] = group_name(group.name)
    if not group.won + group.lost:
        return _("{name}: {won} won, {lost} lost, {open} open").format(**counts)
    return _("{name}: {won} won, {lost} lost, {open} open, so {rate} of what is closed").format(
        rate=_rate(group), **counts
    )


def _rate(group: Cohort) -> str:
    return percent(group.won / (group.won + group.lost))
