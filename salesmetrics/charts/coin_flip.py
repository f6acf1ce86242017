"""Twenty quarters as columns against the target: hatched what the largest deal brought, solid what the others did."""

from __future__ import annotations

from salesmetrics.base.language import _, chance_text, money, number, percent, times
from salesmetrics.charts import CONVERSION_LETTERS, COVERAGE, LATER, MUTED, NOW, TARGET
from salesmetrics.charts.canvas import MARGIN, WIDTH, Canvas, fill, scale, write
from salesmetrics.charts.moving_picture import Drawing, house_style
from salesmetrics.charts.words import QUARTER_FIGURES, say, whole
from salesmetrics.models import Model
from salesmetrics.models.coin_flip import OTHER, QUARTERS, CoinFlipOutcome

_HEIGHT = 340
_BOTTOM, _TOP = 40, 240  # of the columns
_height = scale(_BOTTOM, _TOP - _BOTTOM, full=600_000)  # what is higher than so many euros ends there
_WIDE, _GAP = 20, 9.2
_HEADS = (MARGIN, 200, 400)

COMPARED = QUARTER_FIGURES


def sentence(outcome: CoinFlipOutcome) -> str:
    """Describe what is expected, how likely the target is, and what the dealt quarters brought."""
    largest = outcome.levers["largest"]
    deals = (
        _("With {all} equal deals of {other}")
        if largest == OTHER
        else _("With one deal of {largest} and {count} of {other}")
    ).format(all=number(outcome.others + 1), largest=money(largest), count=number(outcome.others), other=money(OTHER))
    return say(
        _("Coverage {coverage} times conversion {conversion}: {expected} is expected, and the target is {target}."),
        _("{deals}, won or lost independently of each other, the chance of the target is {chance}."),
        _("Of the {quarters} quarters dealt here, each apart from the others, {reached} reach it."),
        largest != OTHER and _("The largest deal is won in {wins}."),
        coverage=times(outcome.coverage),
        conversion=percent(outcome.conversion),
        expected=whole(outcome.expected_revenue),
        target=money(outcome.target),
        deals=deals,
        chance=chance_text(outcome.chance_of_target),
        quarters=number(QUARTERS),
        wins=number(outcome.wins),
        reached=number(outcome.reached),
    )


@house_style()
def draw(model: Model[CoinFlipOutcome]) -> Drawing[CoinFlipOutcome]:
    """Draw the twenty quarters at the model's start."""
    start = model.start()
    page = Canvas(_HEIGHT)
    from_largest, from_others = page.shapes(LATER, NOW)
    page.line([MARGIN, WIDTH - MARGIN], [_height(start.target)] * 2, color=TARGET, linewidth=2.5, zorder=5)
    page.line([MARGIN, WIDTH - MARGIN], [_BOTTOM, _BOTTOM], color=MUTED, linewidth=1)
    page.text(MARGIN, _TOP + 22, _("Target {target}").format(target=money(start.target)), size=13)
    page.text(WIDTH - MARGIN, _TOP + 22, _("✓ reaches the target"), size=13, ha="right")
    entries = ((LATER, _("the largest deal")), (NOW, _("the other deals")))
    page.legend(entries, MARGIN, 8, step=200, size=12, color=MUTED)
    marks = page.texts(((_left(at) + _WIDE / 2, 0) for at in range(QUARTERS)), ha="center", size=13, weight="bold")
    under, heads = page.tiles(_HEADS, _HEIGHT - 50, _HEIGHT - 30, size=18)
    for head, color in zip(heads, (COVERAGE, CONVERSION_LETTERS, TARGET), strict=True):
        head.set_color(color)

    def move(outcome: CoinFlipOutcome) -> None:
        columns = [
            (_left(at), *pair) for at, pair in enumerate(zip(outcome.from_largest, outcome.from_others, strict=True))
        ]
        fill(from_largest, *((x, _BOTTOM, x + _WIDE, _height(large)) for x, large, _rest in columns))
        fill(from_others, *((x, _height(large), x + _WIDE, _height(large + rest)) for x, large, rest in columns))
        write(marks, ("✓" if large + rest >= outcome.target else "" for _x, large, rest in columns))
        for mark, (_x, large, rest) in zip(marks, columns, strict=True):
            mark.set_y(_height(large + rest) + 4)
        write(heads, (times(outcome.coverage), whole(outcome.expected_revenue), chance_text(outcome.chance_of_target)))
        of_quarters = {"reached": number(outcome.reached), "quarters": number(QUARTERS)}
        coverage = _("coverage, {rate} won").format(rate=percent(outcome.conversion))
        write(under, (coverage, _("expected"), _("chance; here {reached} of {quarters}").format(**of_quarters)))

    return page.drawing([from_largest, from_others, *marks, *heads, *under], move, start)


def _left(quarter: int) -> float:
    return MARGIN + quarter * (_WIDE + _GAP)
