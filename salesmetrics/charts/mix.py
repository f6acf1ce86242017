"""Each channel's rate in two quarters beside its part of the deals, and the total that moves with the mix."""

from __future__ import annotations

from salesmetrics.base.language import _, percent
from salesmetrics.charts.companies import MARGIN, NOW, OWN, WIDTH, bar, bars, page, texts
from salesmetrics.charts.moving_picture import COVERAGE, GRID, MUTED, Drawing, house_style
from salesmetrics.charts.parts import CONVERSION_LETTERS, boxes
from salesmetrics.models import Model
from salesmetrics.models.mix import MixOutcome

_ROW, _BAR = 46, 18
_TOP = 30  # for the headings
_LONG, _FULL = 330, 0.36  # the longest bar of a rate, and the rate that it stands for
_DEALS_AT, _DEALS_LONG = 380, WIDTH - 380 - MARGIN


def sentence(outcome: MixOutcome) -> str:
    """Say what the total does, what each channel does, and which channel the deals moved to."""
    if outcome.moved == 0:
        total = _("All channels together go from {before} to {after}, if the mix stays as it was in the first quarter.")
    elif outcome.moved == 1:
        total = _("All channels together go from {before} to {after}, with the mix of the second quarter.")
    else:
        total = _(
            "All channels together go from {before} to {after}, with the mix {moved} of the way from the first quarter "
            "to the second."
        )
    said = [
        total.format(
            before=percent(outcome.before), after=percent(outcome.conversion), moved=percent(outcome.moved, 0)
        ),
        _("Each channel by itself rises: {channels}.").format(
            channels=", ".join(
                f"{_(name)} {percent(before)} → {percent(after)}"
                for name, before, after in zip(outcome.channels, outcome.rates_before, outcome.rates, strict=True)
            )
        ),
    ]
    if outcome.moved:
        grown = max(range(len(outcome.channels)), key=lambda at: outcome.shares[at] - outcome.shares_before[at])
        said.append(
            _("Of the closed deals {share} come from {channel}, in the first quarter {before}.").format(
                share=percent(outcome.shares[grown], 0),
                channel=_(outcome.channels[grown]),
                before=percent(outcome.shares_before[grown], 0),
            )
        )
    return " ".join(said)


@house_style()
def draw(model: Model) -> Drawing[MixOutcome]:
    """Draw the channels and the total at the model's start; only the mix and the total move."""
    start = model.outcome(model.defaults())
    assert isinstance(start, MixOutcome)
    rows = len(start.channels) + 1
    height = _TOP + _ROW * rows + 18
    bottoms = [float(height - _TOP - _ROW * (place + 1)) for place in range(rows)]
    bottoms[-1] -= 8
    figure, axes = page(height)
    axes.text(MARGIN, height - 20, _("Conversion (dotted: first quarter)"), size=12, color=MUTED)
    axes.text(_DEALS_AT, height - 20, _("Part of the closed deals"), size=12, color=MUTED)
    axes.plot([MARGIN, WIDTH - MARGIN], [bottoms[-1] + _ROW - 4] * 2, color=GRID, linewidth=1)
    channels, total, deals = bars(axes, (NOW, NOW, OWN))
    channels.set_path(
        boxes(bar(MARGIN, _along(rate), bottom, _BAR) for rate, bottom in zip(start.rates, bottoms, strict=False))
    )
    # Where each bar ended in the first quarter; those of the bars that move are drawn again on top of them.
    was = [(_along(rate), bottom) for rate, bottom in zip((*start.rates_before, start.before), bottoms, strict=True)]
    was += [(_dealt(share), bottom) for share, bottom in zip(start.shares_before, bottoms, strict=False)]
    marks = [
        axes.plot([at] * 2, [bottom - 4, bottom + _BAR + 2], color="#000000", linewidth=2.5, linestyle=(0, (1, 0.8)))[0]
        for at, bottom in was
    ]
    for name, before, rate, bottom in zip(start.channels, start.rates_before, start.rates, bottoms, strict=False):
        axes.text(MARGIN, bottom + _BAR + 6, f"{_capital(_(name))}: {percent(before)} → {percent(rate)}", size=13)
    together = axes.text(MARGIN, bottoms[-1] + _BAR + 6, "", size=14, weight="bold", color=CONVERSION_LETTERS)
    parts = texts(axes, ((_DEALS_AT, bottom + _BAR + 6) for bottom in bottoms[:-1]), size=13, color=COVERAGE)
    mix = axes.text(_DEALS_AT, bottoms[-1] + 3, "", size=12, color=MUTED)

    def move(outcome: MixOutcome) -> None:
        total.set_path(boxes([bar(MARGIN, _along(outcome.conversion), bottoms[-1], _BAR)]))
        deals.set_path(
            boxes(
                bar(_DEALS_AT, _dealt(share), bottom, _BAR)
                for share, bottom in zip(outcome.shares, bottoms, strict=False)
            )
        )
        together.set_text(
            _("Together: {before} → {after}").format(before=percent(outcome.before), after=percent(outcome.conversion))
        )
        for text, was, share in zip(parts, outcome.shares_before, outcome.shares, strict=True):
            text.set_text(f"{percent(was, 0)} → {percent(share, 0)}")
        mix.set_text(_("mix moved {moved}").format(moved=percent(outcome.moved, 0)))

    move(start)
    return Drawing(figure, [total, deals, *marks[rows - 1 :], together, *parts, mix], move)


def _along(rate: float) -> float:
    return MARGIN + _LONG * min(rate / _FULL, 1)


def _dealt(share: float) -> float:
    return _DEALS_AT + _DEALS_LONG * share


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]
