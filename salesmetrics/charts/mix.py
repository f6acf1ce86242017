"""Each channel's rate in two quarters beside its part of the deals, and the total that moves with the mix."""

from __future__ import annotations

from salesmetrics.base.language import _, percent
from salesmetrics.charts import CONVERSION_LETTERS, COVERAGE, DOTTED, GRID, MUTED, NOW, OWN
from salesmetrics.charts.canvas import MARGIN, WIDTH, Canvas, bars, fill, fill_each, scale, write
from salesmetrics.charts.moving_picture import Drawing, house_style
from salesmetrics.charts.words import CONVERSION_FIGURE, say
from salesmetrics.models import Model
from salesmetrics.models.mix import MixOutcome

_ROW, _BAR = 46, 18
_TOP = 30  # for the headings
_along = scale(MARGIN, 330, full=0.36)  # the rates
_DEALS_AT = 380
_dealt = scale(_DEALS_AT, WIDTH - _DEALS_AT - MARGIN, full=1)

COMPARED = (CONVERSION_FIGURE,)


def sentence(outcome: MixOutcome) -> str:
    """Describe what the total does, what each channel does, and which channel the deals moved to."""
    moved = outcome.levers["mix"]
    if moved == 0:
        total = _("All channels together go from {before} to {after}, if the mix stays as it was in the first quarter.")
    elif moved == 1:
        total = _("All channels together go from {before} to {after}, with the mix of the second quarter.")
    else:
        total = _(
            "All channels together go from {before} to {after}, with the mix {moved} of the way from the first quarter "
            "to the second."
        )
    rates = zip(outcome.channels, outcome.rates_before, outcome.rates, strict=True)
    grown = max(range(len(outcome.channels)), key=lambda at: outcome.shares[at] - outcome.shares_before[at])
    return say(
        total,
        _("Each channel by itself rises: {channels}."),
        moved and _("Of the closed deals {share} come from {channel}, in the first quarter {share_before}."),
        before=percent(outcome.before),
        after=percent(outcome.conversion),
        moved=percent(moved, 0),
        channels=", ".join(f"{_(name)} {percent(before)} → {percent(after)}" for name, before, after in rates),
        share=percent(outcome.shares[grown], 0),
        channel=_(outcome.channels[grown]),
        share_before=percent(outcome.shares_before[grown], 0),
    )


@house_style()
def draw(model: Model[MixOutcome]) -> Drawing[MixOutcome]:
    """Draw the channels and the total at the model's start; only the mix and the total move."""
    start = model.start()
    rows = len(start.channels) + 1
    page = Canvas(_TOP + _ROW * rows + 18)
    *bottoms, last = (float(page.height - _TOP - _ROW * (place + 1)) for place in range(rows))
    last -= 8
    page.text(MARGIN, page.height - 20, _("Conversion (dotted: first quarter)"), size=12, color=MUTED)
    page.text(_DEALS_AT, page.height - 20, _("Part of the closed deals"), size=12, color=MUTED)
    page.line([MARGIN, WIDTH - MARGIN], [last + _ROW - 4] * 2, color=GRID, linewidth=1)
    channels, total, deals = page.shapes(NOW, NOW, OWN)
    each = zip(start.rates, bottoms, strict=True)
    fill_each([channels], [bars(bottom, _BAR, MARGIN, _along(rate)) for rate, bottom in each])
    # Where each bar ended in the first quarter; those of the bars that move are drawn again on top of them.
    was = [*zip(map(_along, (*start.rates_before, start.before)), (*bottoms, last), strict=True)]
    was += zip(map(_dealt, start.shares_before), bottoms, strict=True)
    marks = [page.line([at] * 2, [bottom - 4, bottom + _BAR + 2], **DOTTED) for at, bottom in was]
    for name, before, rate, bottom in zip(start.channels, start.rates_before, start.rates, bottoms, strict=True):
        words = f"{_(name)}: {percent(before)} → {percent(rate)}"
        page.text(MARGIN, bottom + _BAR + 6, words[:1].upper() + words[1:], size=13)
    together = page.text(MARGIN, last + _BAR + 6, size=14, weight="bold", color=CONVERSION_LETTERS)
    parts = page.texts(((_DEALS_AT, bottom + _BAR + 6) for bottom in bottoms), size=13, color=COVERAGE)
    mix = page.text(_DEALS_AT, last + 3, size=12, color=MUTED)

    def move(outcome: MixOutcome) -> None:
        fill(total, *bars(last, _BAR, MARGIN, _along(outcome.conversion)))
        now = zip(outcome.shares, bottoms, strict=True)
        fill_each([deals], [bars(bottom, _BAR, _DEALS_AT, _dealt(share)) for share, bottom in now])
        rates = {"before": percent(outcome.before), "after": percent(outcome.conversion)}
        together.set_text(_("Together: {before} → {after}").format(**rates))
        shares = zip(outcome.shares_before, outcome.shares, strict=True)
        write(parts, (f"{percent(before, 0)} → {percent(share, 0)}" for before, share in shares))
        mix.set_text(_("mix moved {moved}").format(moved=percent(outcome.levers["mix"], 0)))

    return page.drawing([total, deals, *marks[rows - 1 :], together, *parts, mix], move, start)
