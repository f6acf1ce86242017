"""The lines of the report, figures and words together; ``page.html`` says where they stand."""

from __future__ import annotations

import base64
from collections.abc import Sequence
from typing import NamedTuple

from salesmetrics.base.language import _, amounts_in, chance_text, money, ngettext, number, percent, times
from salesmetrics.charts import quarter as chart
from salesmetrics.charts.moving_picture import MovingPicture
from salesmetrics.deals.periods import Period, period_name
from salesmetrics.diagnosis.changes import Changes
from salesmetrics.diagnosis.reasons import StageOpen
from salesmetrics.metrics.funnel import Step
from salesmetrics.metrics.ratio import Ratio
from salesmetrics.models.quarter import QuarterOutcome
from salesmetrics.reports.report_figures import LIKELY, Figures, Group

MOST_STAGES = 6
MOST_REASONS = 3
MOST_GROUPS = 6


class Picture(NamedTuple):
    """The picture as an image's data, the sentence that says what it shows, and all that stands under it."""

    data: str
    sentence: str
    caption: str


class Stage(NamedTuple):
    """A row of the table by stage; how many went on only where the export tells it."""

    open: StageOpen
    went_on: str | None
    leak: bool


def numbers(figures: Figures) -> list[tuple[str, str, Ratio, list[str]]]:
    """Return the two numbers: their look, name and value, each with its working and what it is held against."""
    covered, rate = figures.diagnosis.coverage, figures.diagnosis.conversion
    lines, of_rate = [covered.working], [rate.working]
    if covered.value is None:
        # More is won than the target asked, so that "still to win" means nothing.
        won = _("{won} won").format(won=money(figures.mine.aim() - covered.denominator, figures.mine.currency))
        lines = [f"{won}, {money(covered.numerator, covered.currency)} {covered.numerator_label}"]
    elif figures.break_even is not None:
        needed = _("Needed: {coverage} on average").format(coverage=times(figures.break_even))
        if figures.likely_coverage is not None:
            needed += ", " + _("{coverage} for a chance of {chance}").format(
                coverage=times(figures.likely_coverage), chance=percent(LIKELY, 0)
            )
        lines.append(needed)
    if rate.value is not None:
        low, high = rate.interval()
        of_rate.append(_("Range: {low} to {high}").format(low=percent(low), high=percent(high)))
    return [("coverage", _("Pipeline coverage"), covered, lines), ("conversion", _("Conversion rate"), rate, of_rate)]


def picture(figures: Figures) -> Picture | None:
    """Draw what the period may bring, with the sentence that says what it shows."""
    if figures.quarter is None:
        return None
    model, outcome = figures.quarter
    with amounts_in(figures.mine.currency):
        said = chart.sentence(outcome)
        drawn: MovingPicture[QuarterOutcome] = MovingPicture(chart.draw(model), name="report")
        svg = drawn.svg(outcome, said)
    caption = said
    if outcome.coverage is not None and not outcome.out_of_reach and figures.uncertain_chance is not None:
        uncertain = _("With the conversion rate itself as uncertain as its range, the chance is {chance}.")
        caption += " " + uncertain.format(chance=chance_text(figures.uncertain_chance))
    return Picture(base64.b64encode(svg.encode()).decode(), said, caption)


def side_by_side(figures: Figures) -> str:
    """Put the coverage of the period and of the two after it in one line; empty without a period."""
    if not figures.coverages:
        return ""
    told = [f"{period_name(period)} {covered.value_text}" for period, covered in figures.coverages]
    aims = [money(covered.denominator, figures.mine.currency) for _period, covered in figures.coverages]
    if len(set(aims)) == 1:
        return _("By due date, each against the same target: {coverages}.").format(coverages=" · ".join(told))
    told = [f"{covered} ({aim})" for covered, aim in zip(told, aims, strict=True)]
    return _("By due date, each against the target behind it: {coverages}.").format(coverages=" · ".join(told))


def groups(figures: Figures) -> tuple[list[str], list[tuple[str, ...]]]:
    """Return the headers and the cells of the groups; of many those with the most open."""
    rows = most_open_first(figures.groups)[:MOST_GROUPS]
    return in_columns(rows, [period for period, _covered in figures.coverages], figures.mine.currency)


def most_open_first(groups: Sequence[Group]) -> list[Group]:
    """Return the groups in order of what is open and due; those of which it is not known come last."""
    return sorted(groups, key=lambda group: -1.0 if group.open is None else group.open, reverse=True)


def in_columns(
    groups: Sequence[Group], periods: Sequence[Period], currency: str
) -> tuple[list[str], list[tuple[str, ...]]]:
    """Return the headers of a table of groups and the cells of each; past quarters only where any can be told."""
    headers = ["", _("open ÷ target"), *(map(period_name, periods) if periods else [_("coverage")])]
    tells = any(group.began is not None for group in groups)
    rows = []
    for group in groups:
        sides = ("–" if side is None else money(round(side), currency) for side in (group.open, group.target))
        values = [*group.coverages, *([group.began] if tells else [])]
        written = ("–" if value is None else times(value) for value in values)
        rows.append((group.name or _("(empty)"), " ÷ ".join(sides), *written))
    return [*headers, *([_("past quarters")] if tells else [])], rows


def stages(figures: Figures) -> list[Stage]:
    """Return what stands open per stage and, where the export tells it, how many of the closed deals went on."""
    reasons = figures.diagnosis.reasons
    steps = {step.stage: step for step in reasons.funnel.steps} if reasons.funnel else {}
    # A stage with nothing open is a step of the funnel all the same.
    found = {row.stage: row for row in reasons.open_by_stage}
    order = [*steps, *(name for name in found if name not in steps)]
    rows = [found.get(name, StageOpen(name, 0, 0.0, None)) for name in order]
    shown, others = rows[:MOST_STAGES], rows[MOST_STAGES:]
    if others:
        name = ngettext("{count} more stage", "{count} more stages", len(others)).format(count=len(others))
        shown.append(StageOpen(name, sum(row.deals for row in others), sum(row.amount for row in others), None))
    return [
        Stage(
            row,
            _went_on(step) if (step := steps.get(row.stage or "")) else "" if steps else None,
            step is not None and step is reasons.leak,
        )
        for row in shown
    ]


def most_open(rows: Sequence[Stage]) -> float:
    """Return how much is open in the fullest stage that has a row of its own: what the longest bar stands for."""
    return max(row.open.amount for row in rows[:MOST_STAGES])


def _went_on(step: Step) -> str:
    if step.rate.value is None:
        return "–"
    counts = _("{went} of {entered}").format(went=number(step.rate.numerator), entered=number(step.entered))
    return f"{percent(step.rate.value)} · {counts}"


def stale(figures: Figures) -> list[tuple[str, Ratio]]:
    """Return the coverage with and without stale deals; nothing where there are none."""
    found = figures.diagnosis.reasons.stale
    if not found.coverage.value or (found.older_than is None and not found.overdue):
        return []
    return [
        (_("all open deals"), found.coverage),
        (_("without old deals"), found.without_old),
        (_("without old and overdue deals"), found.without_old_and_overdue),
    ]


def outcomes(found: Changes) -> str:
    """Write what was won and lost since the earlier export."""
    return _("Won since then: {won}, {won_amount}. Lost: {lost}, {lost_amount}.").format(
        won=_deals(found.won.deals),
        won_amount=money(found.won.amount, found.won.currency),
        lost=_deals(found.lost.deals),
        lost_amount=money(found.lost.amount, found.lost.currency),
    )


def left_out(figures: Figures) -> list[str]:
    """Describe what old deals are, and what each figure assumes or leaves out of these deals."""
    found = figures.diagnosis
    late = found.reasons.stale.late_wins
    basis = found.reasons.stale.basis + (" " + _late(late) if late.value is not None else "")
    return [basis, *found.coverage.notes, *found.conversion.notes, *filter(None, [found.reasons.no_funnel])]


def _late(late: Ratio) -> str:
    return _("Of the closed deals that took longer {rate} was won ({won} of {closed}).").format(
        rate=percent(float(late)), won=number(late.numerator), closed=number(late.denominator)
    )


def source(figures: Figures) -> str:
    """Sum up how the export was read; no value from it stands here."""
    if figures.mine.source is None:
        return ""
    receipt = figures.mine.source.receipt
    deals = sum(receipt.counts.values())
    counts = ", ".join(f"{number(count)} {_(status)}" for status, count in receipt.counts.items())
    said = [_("Read from {source}:").format(source=receipt.source), f"{_deals(deals)} ({counts})."]
    left_out = sum(len(lines) for _reason, lines in receipt.left_out)
    if left_out:
        reasons = [reason for reason, _lines in receipt.left_out]
        shown = "; ".join(reasons[:MOST_REASONS]) + ("; …" if len(reasons) > MOST_REASONS else "")
        rows = ngettext("{count} row was left out: {reasons}.", "{count} rows were left out: {reasons}.", left_out)
        said.append(rows.format(count=number(left_out), reasons=shown))
    if remarks := len(receipt.remarks):
        things = ngettext(
            "{count} thing in it is worth a look; the receipt says what.",
            "{count} things in it are worth a look; the receipt says what.",
            remarks,
        )
        said.append(things.format(count=number(remarks)))
    return " ".join(said)


def _deals(count: int) -> str:
    return ngettext("{count} deal", "{count} deals", count).format(count=number(count))
