"""Three of the traps as pictures with sliders: the coin-flip, slow deals that pile up, and a mix that moves."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

from salesmetrics.base.language import _, chance_text, money, ngettext, number, percent, times
from salesmetrics.charts import (
    ADDED,
    CONVERSION_LETTERS,
    COVERAGE,
    DOTTED,
    GRID,
    LATER,
    MUTED,
    NOW,
    OWN,
    TARGET,
)
from salesmetrics.charts.canvas import MARGIN, WIDTH, Canvas, bars, fill, fill_each, scale, write
from salesmetrics.charts.moving_picture import Drawing, house_style
from salesmetrics.charts.words import CONVERSION_FIGURE, EXPECTED_FIGURE, QUARTER_FIGURES, Figure, say, whole
from salesmetrics.models import Model
from salesmetrics.models.trap_models import (
    A_MONTH,
    AMOUNT,
    OTHER,
    QUARTERS,
    CoinFlipOutcome,
    MixOutcome,
    SlowDealsOutcome,
)


class Chart(NamedTuple):
    """One of several pictures of a module: what other pictures have as the functions and the list of a file."""

    draw: Callable[[Model[Any]], Drawing[Any]]
    sentence: Callable[[Any], str]
    COMPARED: tuple[Figure, ...]


# The coin-flip: twenty quarters as columns against the target, hatched what the largest deal brought.
_COIN_HEIGHT = 340
_BOTTOM, _TOP = 40, 240  # of the columns
_tall = scale(_BOTTOM, _TOP - _BOTTOM, full=600_000)  # what is higher than so many euros ends there
_COLUMN, _GAP = 20, 9.2
_HEADS = (MARGIN, 200, 400)


def sentence_of_coin_flip(outcome: CoinFlipOutcome) -> str:
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
def draw_coin_flip(model: Model[CoinFlipOutcome]) -> Drawing[CoinFlipOutcome]:
    """Draw the twenty quarters at the model's start."""
    start = model.start()
    page = Canvas(_COIN_HEIGHT)
    from_largest, from_others = page.shapes(LATER, NOW)
    page.line([MARGIN, WIDTH - MARGIN], [_tall(start.target)] * 2, color=TARGET, linewidth=2.5, zorder=5)
    page.line([MARGIN, WIDTH - MARGIN], [_BOTTOM, _BOTTOM], color=MUTED, linewidth=1)
    page.text(MARGIN, _TOP + 22, _("Target {target}").format(target=money(start.target)), size=13)
    page.text(WIDTH - MARGIN, _TOP + 22, _("✓ reaches the target"), size=13, ha="right")
    entries = ((LATER, _("the largest deal")), (NOW, _("the other deals")))
    page.legend(entries, MARGIN, 8, step=200, size=12, color=MUTED)
    marks = page.texts(((_left(at) + _COLUMN / 2, 0) for at in range(QUARTERS)), ha="center", size=13, weight="bold")
    under, heads = page.tiles(_HEADS, _COIN_HEIGHT - 50, _COIN_HEIGHT - 30, size=18)
    for head, color in zip(heads, (COVERAGE, CONVERSION_LETTERS, TARGET), strict=True):
        head.set_color(color)

    def move(outcome: CoinFlipOutcome) -> None:
        columns = [
            (_left(at), *pair) for at, pair in enumerate(zip(outcome.from_largest, outcome.from_others, strict=True))
        ]
        fill(from_largest, *((x, _BOTTOM, x + _COLUMN, _tall(large)) for x, large, _rest in columns))
        fill(from_others, *((x, _tall(large), x + _COLUMN, _tall(large + rest)) for x, large, rest in columns))
        write(marks, ("✓" if large + rest >= outcome.target else "" for _x, large, rest in columns))
        for mark, (_x, large, rest) in zip(marks, columns, strict=True):
            mark.set_y(_tall(large + rest) + 4)
        write(heads, (times(outcome.coverage), whole(outcome.expected_revenue), chance_text(outcome.chance_of_target)))
        of_quarters = {"reached": number(outcome.reached), "quarters": number(QUARTERS)}
        coverage = _("coverage, {rate} won").format(rate=percent(outcome.conversion))
        write(under, (coverage, _("expected"), _("chance; here {reached} of {quarters}").format(**of_quarters)))

    return page.drawing([from_largest, from_others, *marks, *heads, *under], move, start)


def _left(quarter: int) -> float:
    return MARGIN + quarter * (_COLUMN + _GAP)


COIN_FLIP = Chart(draw_coin_flip, sentence_of_coin_flip, QUARTER_FIGURES)


# Slow deals: fast and slow among what closes and what is open, and the money that two ways of counting expect.
_SLOW_HEIGHT = 300
_COUNTED, _MONEY = (246, 184), (76, 14)  # where each bar begins, from below
_SLOW_BAR, _LONG = 24, WIDTH - 2 * MARGIN
_SHORTEST_SCALE = 200_000


def sentence_of_slow_deals(outcome: SlowDealsOutcome) -> str:
    """Describe what both ways of counting expect, what the open deals are made of, and on which assumptions."""
    months = round(outcome.levers["months"])
    return say(
        _("One rate for all, {rate} of {pipeline}, expects {one_rate}; each kind at its own rate expects {own}."),
        _("Slow are {slow} of the {closed} deals that close in a month, and {slow_open} of the {open} open ones."),
        ngettext(
            "Assumptions: every month {deals} deals of {amount} come in, fast ones close within a month, slow ones "
            "after {months} month.",
            "Assumptions: every month {deals} deals of {amount} come in, fast ones close within a month, slow ones "
            "after {months} months.",
            months,
        ),
        rate=percent(outcome.conversion),
        pipeline=money(outcome.pipeline),
        one_rate=whole(outcome.one_rate),
        own=whole(outcome.expected_revenue),
        slow=number(outcome.slow),
        closed=number(A_MONTH),
        slow_open=number(outcome.slow_open),
        open=number(outcome.fast_open + outcome.slow_open),
        deals=number(A_MONTH),
        amount=money(AMOUNT),
        months=number(months),
    )


@house_style()
def draw_slow_deals(model: Model[SlowDealsOutcome]) -> Drawing[SlowDealsOutcome]:
    """Draw the picture of slow deals at the model's start."""
    page = Canvas(_SLOW_HEIGHT)
    fast, slow, one_rate, own = page.shapes(OWN, ADDED, LATER, NOW)
    counted = page.texts(((MARGIN, row + _SLOW_BAR + 6) for row in _COUNTED), size=13)
    look = {"size": 13, "color": CONVERSION_LETTERS, "weight": "bold"}
    names = [*counted, *page.texts(((MARGIN, row + _SLOW_BAR + 6) for row in _MONEY), **look)]
    page.legend(((OWN, _("fast")), (ADDED, _("slow"))), MARGIN, 158, step=100, size=12, color=MUTED)

    def move(outcome: SlowDealsOutcome) -> None:
        kinds = ((outcome.fast, outcome.slow), (outcome.fast_open, outcome.slow_open))
        both = (
            bars(row, _SLOW_BAR, MARGIN, MARGIN + _LONG * some / (some + others), MARGIN + _LONG)
            for (some, others), row in zip(kinds, _COUNTED, strict=True)
        )
        fill_each((fast, slow), list(both))
        at = scale(MARGIN, _LONG, full=max(outcome.one_rate, outcome.expected_revenue, _SHORTEST_SCALE))
        fill(one_rate, *bars(_MONEY[0], _SLOW_BAR, MARGIN, at(outcome.one_rate)))
        fill(own, *bars(_MONEY[1], _SLOW_BAR, MARGIN, at(outcome.expected_revenue)))
        write(names, _words(outcome))

    return page.drawing([fast, slow, one_rate, own, *names], move, model.start())


def _words(outcome: SlowDealsOutcome) -> tuple[str, str, str, str]:
    close = _("Close in a month: {fast} fast, {slow} slow; {rate} won")
    stand = _("Open: {fast} fast, {slow} slow; together {pipeline}")
    fast, slow, fast_open, slow_open = map(number, (outcome.fast, outcome.slow, outcome.fast_open, outcome.slow_open))
    return (
        close.format(fast=fast, slow=slow, rate=percent(outcome.conversion)),
        stand.format(fast=fast_open, slow=slow_open, pipeline=money(outcome.pipeline)),
        _("One rate for all: {expected}").format(expected=whole(outcome.one_rate)),
        _("Each kind at its own rate: {expected}").format(expected=whole(outcome.expected_revenue)),
    )


SLOW_DEALS = Chart(draw_slow_deals, sentence_of_slow_deals, (CONVERSION_FIGURE, EXPECTED_FIGURE))


# The mix: each channel's rate in two quarters beside its part of the deals, and the total that moves with the mix.
_ROW, _MIX_BAR = 46, 18
_HEADINGS = 30  # for the headings
_along = scale(MARGIN, 330, full=0.36)  # the rates
_DEALS_AT = 380
_dealt = scale(_DEALS_AT, WIDTH - _DEALS_AT - MARGIN, full=1)


def sentence_of_mix(outcome: MixOutcome) -> str:
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
def draw_mix(model: Model[MixOutcome]) -> Drawing[MixOutcome]:
    """Draw the channels and the total at the model's start; only the mix and the total move."""
    start = model.start()
    rows = len(start.channels) + 1
    page = Canvas(_HEADINGS + _ROW * rows + 18)
    *bottoms, last = (float(page.height - _HEADINGS - _ROW * (place + 1)) for place in range(rows))
    last -= 8
    page.text(MARGIN, page.height - 20, _("Conversion (dotted: first quarter)"), size=12, color=MUTED)
    page.text(_DEALS_AT, page.height - 20, _("Part of the closed deals"), size=12, color=MUTED)
    page.line([MARGIN, WIDTH - MARGIN], [last + _ROW - 4] * 2, color=GRID, linewidth=1)
    channels, total, deals = page.shapes(NOW, NOW, OWN)
    each = zip(start.rates, bottoms, strict=True)
    fill_each([channels], [bars(bottom, _MIX_BAR, MARGIN, _along(rate)) for rate, bottom in each])
    # Where each bar ended in the first quarter; those of the bars that move are drawn again on top of them.
    was = [*zip(map(_along, (*start.rates_before, start.before)), (*bottoms, last), strict=True)]
    was += zip(map(_dealt, start.shares_before), bottoms, strict=True)
    marks = [page.line([at] * 2, [bottom - 4, bottom + _MIX_BAR + 2], **DOTTED) for at, bottom in was]
    for name, before, rate, bottom in zip(start.channels, start.rates_before, start.rates, bottoms, strict=True):
        words = f"{_(name)}: {percent(before)} → {percent(rate)}"
        page.text(MARGIN, bottom + _MIX_BAR + 6, words[:1].upper() + words[1:], size=13)
    together = page.text(MARGIN, last + _MIX_BAR + 6, size=14, weight="bold", color=CONVERSION_LETTERS)
    parts = page.texts(((_DEALS_AT, bottom + _MIX_BAR + 6) for bottom in bottoms), size=13, color=COVERAGE)
    mix = page.text(_DEALS_AT, last + 3, size=12, color=MUTED)

    def move(outcome: MixOutcome) -> None:
        fill(total, *bars(last, _MIX_BAR, MARGIN, _along(outcome.conversion)))
        now = zip(outcome.shares, bottoms, strict=True)
        fill_each([deals], [bars(bottom, _MIX_BAR, _DEALS_AT, _dealt(share)) for share, bottom in now])
        rates = {"before": percent(outcome.before), "after": percent(outcome.conversion)}
        together.set_text(_("Together: {before} → {after}").format(**rates))
        shares = zip(outcome.shares_before, outcome.shares, strict=True)
        write(parts, (f"{percent(before, 0)} → {percent(share, 0)}" for before, share in shares))
        mix.set_text(_("mix moved {moved}").format(moved=percent(outcome.levers["mix"], 0)))

    return page.drawing([total, deals, *marks[rows - 1 :], together, *parts, mix], move, start)


MIX = Chart(draw_mix, sentence_of_mix, (CONVERSION_FIGURE,))
