"""What past quarters began with: of each the opening pipeline, what became of it, and what was new and won on top."""

from __future__ import annotations

from itertools import accumulate
from typing import Any

from salesmetrics.base.language import _, number, percent, times
from salesmetrics.charts import ADDED, LATER, LOST, MUTED, NOW
from salesmetrics.charts.canvas import MARGIN, WIDTH, Canvas, bars, fill_each, scale
from salesmetrics.charts.moving_picture import Drawing, house_style
from salesmetrics.forecast.past_quarters import PastQuarters
from salesmetrics.forecast.quarter_history import PastQuarter

# Three years; earlier quarters count in the sums and are not drawn.
MOST = 12
_ROW, _BAR = 40, 14
_LEGEND = 34
_LONG = WIDTH - 2 * MARGIN
_LOOKS = (LOST, ADDED, NOW, LATER)


def sentence(result: PastQuarters) -> str:
    """Describe what the quarters began with, beside 1 ÷ win rate, and what became of it."""
    if result.multiple.value is None:
        return result.line
    won, carried, new = map(float, (result.opening_yield, result.carried_share, result.new_share))
    became = _("Of what was open {won} was won, {lost} lost and {carried} carried over.")
    became = became.format(won=percent(won, 0), lost=percent(1 - won - carried, 0), carried=percent(carried, 0))
    said = [result.line, became, _("Of all that was won {new} was new.").format(new=percent(new, 0))]
    if len(result.quarters) > MOST:
        said.append(_("Drawn are the last {count} quarters.").format(count=number(MOST)))
    return " ".join(said)


@house_style()
def draw(result: PastQuarters) -> Drawing[Any]:
    """Draw one row per quarter: what it began with, up to the mark, and behind that what was new and won."""
    quarters = result.quarters[-MOST:]
    page = Canvas(_LEGEND + _ROW * len(quarters))
    most = max((quarter.opening + quarter.new_and_won for quarter in quarters), default=0)
    at = scale(MARGIN, _LONG, full=most or 1)
    rows = []
    for place, quarter in enumerate(quarters):
        bottom = page.height - _ROW * (place + 1) + 4
        parts = (quarter.lost, quarter.carried, quarter.won, quarter.new_and_won)
        rows.append(bars(bottom, _BAR, *map(at, accumulate(parts, initial=0.0))))
        page.line([at(quarter.opening)] * 2, [bottom - 3, bottom + _BAR + 3], color="#000000", linewidth=2)
        page.text(MARGIN, bottom + _BAR + 5, _heading(quarter, result), size=12)
    labels = (_("lost"), _("carried over"), _("won from it"), _("new and won"))
    fill_each(page.shapes(*_LOOKS), rows)
    page.legend(zip(_LOOKS, labels, strict=True), MARGIN, 8, step=145, size=12, color=MUTED)
    return page.drawing()


def _heading(quarter: PastQuarter, result: PastQuarters) -> str:
    sums = {
        "name": quarter.name,
        "opening": result.amount_text(quarter.opening),
        "revenue": result.amount_text(quarter.revenue),
    }
    if not quarter.revenue:
        return _("{name}: began with {opening}, brought {revenue}").format(**sums)
    multiple = times(quarter.opening / quarter.revenue)
    return _("{name}: began with {opening}, brought {revenue}: {multiple}").format(multiple=multiple, **sums)
