"""The upper half of the report: what it is about, the situation, both numbers, the picture, why, and what first."""

from __future__ import annotations

import base64
from typing import Any

from markupsafe import Markup

from salesmetrics.base.language import _, amounts_in, chance_text, date, money, percent, times
from salesmetrics.charts import quarter as chart
from salesmetrics.charts.moving_picture import MovingPicture
from salesmetrics.metrics.ratio import Ratio
from salesmetrics.reports.figures import LIKELY, Figures


def head(figures: Figures) -> Markup:
    """Say what the page is about."""
    return Markup("<header><h1>{title}</h1><p>{period} · {target} · {day}</p></header>").format(
        title=_("Pipeline report"),
        period=figures.period,
        target=_("target {target}").format(target=money(figures.target, figures.currency)),
        day=_("as at {day}").format(day=date(figures.as_of)),
    )


def verdict(figures: Figures) -> Markup:
    """Name the situation, and what it rests on."""
    name, why = figures.diagnosis.name, figures.diagnosis.why
    return Markup('<section class="verdict"><h2>{name}</h2>{why}</section>').format(
        name=name, why=each("<p>{}</p>", [why[:1].upper() + why[1:]] if why else [])
    )


def numbers(figures: Figures) -> Markup:
    """Give the two numbers, each with its working."""
    covered, rate = figures.diagnosis.coverage, figures.diagnosis.conversion
    lines = [covered.working]
    if covered.value is None:
        # More is won than the target asked, so that "still to win" means nothing.
        won = _("{won} won").format(won=money(figures.target - covered.denominator, figures.currency))
        lines = [f"{won}, {money(covered.numerator, covered.currency)} {covered.numerator_label}"]
    if covered.value is not None and figures.break_even is not None:
        lines.append(_("Needed: {coverage} on average").format(coverage=times(figures.break_even)))
        if figures.likely_coverage is not None:
            lines[-1] += ", " + _("{coverage} for a chance of {chance}").format(
                coverage=times(figures.likely_coverage), chance=percent(LIKELY, 0)
            )
    of_rate = [rate.working]
    if rate.value is not None:
        low, high = rate.interval()
        of_rate.append(_("Margin: {low} to {high}").format(low=percent(low), high=percent(high)))
    return Markup('<section class="numbers">{coverage}{conversion}</section>').format(
        coverage=_number("coverage", _("Pipeline coverage"), covered, lines),
        conversion=_number("conversion", _("Conversion rate"), rate, of_rate),
    )


def picture(figures: Figures) -> Markup:
    """Draw what the period may bring, with the sentence that says what it shows."""
    if figures.quarter is None:
        return Markup("")
    model, outcome = figures.quarter
    with amounts_in(figures.currency):
        said = chart.sentence(outcome)
        drawn: MovingPicture[Any] = MovingPicture(chart.draw(model), name="report")
        svg = drawn.svg(outcome, said)
    also = []
    if outcome.coverage is not None and not outcome.out_of_reach and figures.uncertain_chance is not None:
        uncertain = _("With the conversion rate itself as uncertain as its margin, the chance is {chance}.")
        also.append(uncertain.format(chance=chance_text(figures.uncertain_chance)))
    return Markup(
        '<figure><img src="data:image/svg+xml;base64,{data}" alt="{said}"><figcaption>{all}</figcaption></figure>'
    ).format(data=base64.b64encode(svg.encode()).decode(), said=said, all=" ".join([said, *also]))


def why(figures: Figures) -> Markup:
    """Give the reasons in numbers, and the first thing to do."""
    found = figures.diagnosis
    return Markup(
        '<div class="why">{reasons}<div class="first"><h3>{title}</h3><p><strong>{step}</strong></p><p>{reread}</p>'
        "</div></div>"
    ).format(
        reasons=listed(_("Why"), found.because),
        title=_("To do first"),
        step=found.first_step,
        reread=found.reread,
    )


def each(markup: str, values: Any) -> Markup:
    """Put one value after another into the same markup."""
    return Markup("").join(Markup(markup).format(value) for value in values)


def listed(title: str, lines: Any) -> Markup:
    """Write a heading and a list; nothing where there are no lines."""
    items = each("<li>{}</li>", lines)
    return Markup("<h3>{}</h3><ul>{}</ul>").format(title, items) if items else Markup("")


def _number(kind: str, name: str, ratio: Ratio, lines: list[str]) -> Markup:
    return Markup('<div class="{kind}"><h3>{name}</h3><p class="{look}">{value}</p>{lines}</div>').format(
        kind=kind,
        name=name,
        look="value" if ratio.value is not None else "value words",
        value=ratio.written,
        lines=each("<p>{}</p>", lines),
    )
