"""The lower half of the report: stages, large and stale deals, last week; how it was worked out, and from what."""

from __future__ import annotations

from markupsafe import Markup

from salesmetrics.base.language import _, date, money, ngettext, number, percent, times
from salesmetrics.diagnosis import FEWEST_CLOSED, REFERENCE_COVERAGE
from salesmetrics.diagnosis.changes import Changes
from salesmetrics.diagnosis.reasons import StageOpen
from salesmetrics.metrics.funnel import Step
from salesmetrics.metrics.ratio import Ratio
from salesmetrics.reports.figures import Figures
from salesmetrics.reports.sections import each, listed

MOST_STAGES = 6
MOST_REASONS = 3


def stages(figures: Figures) -> Markup:
    """Show what stands open per stage and, where the export tells it, how many of the closed deals went on."""
    reasons = figures.diagnosis.reasons
    steps = {step.stage: step for step in reasons.funnel.steps} if reasons.funnel else {}
    # A stage with nothing open is a step of the funnel all the same.
    found = {row.stage: row for row in reasons.open_by_stage}
    order = [*steps, *(name for name in found if name not in steps)]
    rows = [found.get(name, StageOpen(name, 0, 0.0, None)) for name in order]
    if not rows:
        return Markup("")
    shown, others = rows[:MOST_STAGES], rows[MOST_STAGES:]
    if others:
        name = ngettext("{count} more stage", "{count} more stages", len(others)).format(count=len(others))
        shown.append(StageOpen(name, sum(row.deals for row in others), sum(row.amount for row in others), None))
    most = max(row.amount for row in rows[:MOST_STAGES])
    headers = [_("stage"), _("open deals"), _("open"), "", _("days old")]
    return Markup(
        '<table class="stages"><caption>{title}</caption><thead><tr>{headers}</tr></thead><tbody>{body}</tbody></table>'
    ).format(
        title=_("By stage"),
        headers=each('<th scope="col">{}</th>', [*headers, *([_("closed deals: went on")] if steps else [])]),
        body=Markup("").join(_stage(row, most, steps, reasons.leak, figures.currency) for row in shown),
    )


def _stage(row: StageOpen, most: float, steps: dict[str, Step], leak: Step | None, currency: str) -> Markup:
    step = steps.get(row.stage or "")
    here = step is not None and step is leak
    cells = [number(row.deals), money(round(row.amount), currency), _bar(row.amount, most)]
    cells.append(number(row.age) if row.age is not None else "–")
    if steps:
        cells.append(_went_on(step) if step else "")
    return Markup('<tr{look}><th scope="row"><bdi>{mark}{name}</bdi></th>{cells}</tr>').format(
        look=Markup(' class="leak"') if here else "",
        mark="▶ " if here else "",
        name=row.name,
        cells=each("<td>{}</td>", cells),
    )


def _went_on(step: Step) -> str:
    if step.rate.value is None:
        return "–"
    counts = _("{went} of {entered}").format(went=number(step.rate.numerator), entered=number(step.entered))
    return f"{percent(step.rate.value)} · {counts}"


def largest(figures: Figures) -> Markup:
    """List the largest open deals: by their line in the file, or by name where names were asked for."""
    rows = [
        [
            _("line {line}").format(line=number(deal.line)) if deal.name is None else deal.name,
            money(deal.amount, figures.currency),
            date(deal.due) if deal.due else "–",
        ]
        for deal in figures.largest
    ]
    return _table("largest", _("Largest open deals"), rows)


def stale(figures: Figures) -> Markup:
    """Show the coverage with and without stale deals."""
    found = figures.diagnosis.reasons.stale
    if not found.coverage.value or (found.older_than is None and not found.overdue):
        return Markup("")
    kinds = [(_("all open deals"), found.coverage), (_("without old deals"), found.without_old)]
    kinds.append((_("without old and overdue deals"), found.without_old_and_overdue))
    rows = [[name, _bar(ratio.numerator, found.coverage.numerator), ratio.written] for name, ratio in kinds]
    return _table("stale", _("Coverage with and without stale deals"), rows)


def changes(figures: Figures) -> Markup:
    """Tell what changed since the earlier export."""
    found = figures.changes
    if found is None:
        return Markup("")
    return Markup('<section class="changes"><h3>{}</h3><p>{}</p><ul>{}</ul></section>').format(
        _("Since {day}").format(day=date(found.since)),
        f"{found.headline}. {_outcomes(found)}",
        each("<li>{}</li>", found.lines),
    )


def _outcomes(found: Changes) -> str:
    return _("Won since then: {won}, {won_amount}. Lost: {lost}, {lost_amount}.").format(
        won=_deals(found.won.deals),
        won_amount=money(found.won.amount, found.won.currency),
        lost=_deals(found.lost.deals),
        lost_amount=money(found.lost.amount, found.lost.currency),
    )


def footer(figures: Figures) -> Markup:
    """Say how each figure was worked out, what it assumes, what was left out, and from what file it was read."""
    found = figures.diagnosis
    late = found.reasons.stale.late_wins
    said = [
        _(
            "Coverage: the full amount of the open deals due in the period ÷ the target, or ÷ what remains of it once "
            "something was won. Nothing is weighted."
        ),
        _(
            "Conversion rate: won ÷ won and lost, over all closed deals in the export. The margin (95%) holds the "
            "rates that fit with so many deals."
        ),
        _(
            "Expected: won, plus open × conversion rate. An average over many such periods; about half of them "
            "bring less."
        ),
        _(
            "Chance: exact if deals are independent, all at that rate. No deal slips, and none is both created and "
            "closed within the period."
        ),
        _(
            "Situation: healthy where coverage × conversion is at least 1. Full is a coverage of {reference} or more: "
            "a habit, not a law. It takes {fewest} closed deals to name one."
        ).format(reference=times(REFERENCE_COVERAGE), fewest=FEWEST_CLOSED),
        found.reasons.stale.basis + (" " + _late(late) if late.value is not None else ""),
    ]
    notes = [*found.coverage.notes, *found.conversion.notes, *filter(None, [found.reasons.no_funnel])]
    return Markup("<footer>{}<p>{}</p></footer>").format(
        listed(_("How this was worked out, and what was left out"), [*said, *notes]), _source(figures)
    )


def _late(late: Ratio) -> str:
    return _("Of the closed deals that took longer {rate} was won ({won} of {closed}).").format(
        rate=percent(float(late)), won=number(late.numerator), closed=number(late.denominator)
    )


def _source(figures: Figures) -> str:
    """Sum up how the export was read; no value from it stands here."""
    receipt = figures.receipt
    deals = sum(receipt.counts.values())
    counts = ", ".join(f"{number(count)} {_(status)}" for status, count in receipt.counts.items())
    said = [_("Read from {source}:").format(source=receipt.source), f"{_deals(deals)} ({counts})."]
    left_out = sum(len(lines) for _reason, lines in receipt.left_out)
    if left_out:
        reasons = [reason for reason, _lines in receipt.left_out]
        shown = "; ".join(reasons[:MOST_REASONS]) + ("; …" if len(reasons) > MOST_REASONS else "")
        said.append(
            ngettext("{count} row was left out: {reasons}.", "{count} rows were left out: {reasons}.", left_out).format(
                count=number(left_out), reasons=shown
            )
        )
    if receipt.odd:
        said.append(
            ngettext(
                "{count} thing in it is worth a look; the receipt says what.",
                "{count} things in it are worth a look; the receipt says what.",
                len(receipt.odd),
            ).format(count=number(len(receipt.odd)))
        )
    return " ".join(said)


def _table(kind: str, title: str, rows: list[list[str]]) -> Markup:
    """Write a table without headers: what each row is about, and its figures; nothing where there are no rows."""
    body = Markup("").join(
        Markup('<tr><th scope="row"><bdi>{}</bdi></th>{}</tr>').format(name, each("<td>{}</td>", cells))
        for name, *cells in rows
    )
    table = Markup('<table class="{}"><caption>{}</caption><tbody>{}</tbody></table>')
    return table.format(kind, title, body) if rows else Markup("")


def _bar(part: float, whole: float) -> Markup | str:
    if not 0 < part <= whole:
        # Several stages together are no bar among single ones.
        return ""
    return Markup('<i style="width:{}%"></i>').format(f"{100 * part / whole:.1f}")


def _deals(count: int) -> str:
    return ngettext("{count} deal", "{count} deals", count).format(count=number(count))
