"""Twenty quarters as columns against the target: hatched what the largest deal brought, solid what the others did."""

from __future__ import annotations

from salesmetrics.base.language import _, money, number, percent, times
from salesmetrics.charts.companies import LATER, MARGIN, NOW, WIDTH, bars, likely, page, texts
from salesmetrics.charts.moving_picture import COVERAGE, MUTED, TARGET, Drawing, house_style
from salesmetrics.charts.parts import CONVERSION_LETTERS, boxes
from salesmetrics.models import Model
from salesmetrics.models.coin_flip import OTHER, QUARTERS, CoinFlipOutcome
from salesmetrics.models.coin_flip import outcome as coin_flip_outcome

_HEIGHT = 340
_BOTTOM, _TOP = 40, 240  # of the columns
_MOST = 600_000  # euros at the top; what is higher ends there
_WIDE, _GAP = 20, 9.2
_HEADS = (MARGIN, 200, 400)


def sentence(outcome: CoinFlipOutcome) -> str:
    """Say what is expected, how likely the target is, and what the dealt quarters brought."""
    values = {
        "largest": money(outcome.largest),
        "count": number(outcome.others),
        "other": money(OTHER),
        "chance": likely(outcome.chance_of_target or 0),
        "reached": number(outcome.reached),
        "quarters": number(QUARTERS),
        "wins": number(outcome.wins),
    }
    deals = (
        _("With {all} equal deals of {other}").format(all=number(outcome.others + 1), other=money(OTHER))
        if outcome.largest == OTHER
        else _("With one deal of {largest} and {count} of {other}").format(**values)
    )
    return " ".join(
        (
            _(
                "Coverage {coverage} times conversion {conversion}: {expected} is expected, and the target is {target}."
            ).format(
                coverage=times(outcome.coverage or 0),
                conversion=percent(outcome.conversion or 0),
                expected=money(round(outcome.expected_revenue or 0)),
                target=money(outcome.target),
            ),
            _("{deals}, won or lost independently of each other, the chance of the target is {chance}.").format(
                deals=deals, **values
            ),
            _(
                "Of the {quarters} quarters dealt here like cards, each deal won in {wins} of them, {reached} reach it."
            ).format(**values),
        )
    )


@house_style()
def draw(model: Model) -> Drawing[CoinFlipOutcome]:
    """Draw the twenty quarters at the model's start."""
    figure, axes = page(_HEIGHT)
    from_largest, from_others = bars(axes, (LATER, NOW))
    start = coin_flip_outcome(model.defaults())
    line = _height(start.target)
    axes.plot([MARGIN, WIDTH - MARGIN], [line, line], color=TARGET, linewidth=2.5, zorder=5)
    axes.plot([MARGIN, WIDTH - MARGIN], [_BOTTOM, _BOTTOM], color=MUTED, linewidth=1)
    axes.text(MARGIN, _TOP + 22, _("Target {target}").format(target=money(start.target)), size=13)
    axes.text(WIDTH - MARGIN, _TOP + 22, _("✓ reaches the target"), size=13, ha="right")
    left = float(MARGIN)
    for look, name in ((LATER, _("the largest deal")), (NOW, _("the other deals"))):
        (patch,) = bars(axes, (look,))
        patch.set_path(boxes([(left, 8, left + 22, 22)]))
        axes.text(left + 28, 9, name, size=12, color=MUTED)
        left += 200
    marks = texts(axes, ((_left(at) + _WIDE / 2, 0) for at in range(QUARTERS)), ha="center", size=13, weight="bold")
    colors = (COVERAGE, CONVERSION_LETTERS, TARGET)
    heads = [
        axes.text(at, _HEIGHT - 30, "", size=18, weight="bold", color=color)
        for at, color in zip(_HEADS, colors, strict=True)
    ]
    under = texts(axes, ((at, _HEIGHT - 50) for at in _HEADS), size=12, color=MUTED)

    def move(outcome: CoinFlipOutcome) -> None:
        columns = list(zip(outcome.from_largest, outcome.from_others, strict=True))
        from_largest.set_path(
            boxes((_left(at), _BOTTOM, _left(at) + _WIDE, _height(one)) for at, (one, _rest) in enumerate(columns))
        )
        from_others.set_path(
            boxes(
                (_left(at), _height(one), _left(at) + _WIDE, _height(one + rest))
                for at, (one, rest) in enumerate(columns)
            )
        )
        for mark, (one, rest) in zip(marks, columns, strict=True):
            mark.set_text("✓" if one + rest >= outcome.target else "")
            mark.set_y(_height(one + rest) + 4)
        for head, words in zip(
            heads,
            (
                times(outcome.coverage or 0),
                money(round(outcome.expected_revenue or 0)),
                likely(outcome.chance_of_target or 0),
            ),
            strict=True,
        ):
            head.set_text(words)
        for text, words in zip(
            under,
            (
                _("coverage, {rate} won").format(rate=percent(outcome.conversion or 0)),
                _("expected"),
                _("chance; here {reached} of {quarters}").format(
                    reached=number(outcome.reached), quarters=number(QUARTERS)
                ),
            ),
            strict=True,
        ):
            text.set_text(words)

    move(start)
    return Drawing(figure, [from_largest, from_others, *marks, *heads, *under], move)


def _left(quarter: int) -> float:
    return MARGIN + quarter * (_WIDE + _GAP)


def _height(amount: float) -> float:
    return _BOTTOM + (_TOP - _BOTTOM) * min(amount / _MOST, 1)
