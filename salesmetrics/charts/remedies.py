"""What the pictures of the startup and the agency share: coverage, and what is expected now and in full."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from matplotlib.artist import Artist

from salesmetrics.base.language import N_, _, chance_text, money, number, percent, times
from salesmetrics.charts import ADDED, CONVERSION_LETTERS, COVERAGE, LATER, NOW, OWN, TARGET
from salesmetrics.charts.canvas import MARGIN, Canvas, bars, fill, fill_each, scale, write
from salesmetrics.charts.words import (
    CHANCE_FIGURE,
    CONVERSION_FIGURE,
    COVERAGE_FIGURE,
    EXPECTED_FIGURE,
    SHARE_FIGURE,
    about,
    share_text,
)
from salesmetrics.models.remedies import COST, WEEKS, WORKS_AFTER, RemedyOutcome

LEFT, LONG = 128, 230  # where bars begin, and how long the longest is
SAYS = 372  # where the words beside the bars begin
BAR = 22
COVERAGE_ROW, _NOW, _IN_FULL = 154, 74, 22  # how high each row stands
at_times, _money = scale(LEFT, LONG, full=20), scale(LEFT, LONG, full=1_000_000)

IN_FULL = (
    COVERAGE_FIGURE,
    CONVERSION_FIGURE,
    CONVERSION_FIGURE._replace(field="conversion_in_full", label=N_("Conversion, in full")),
    EXPECTED_FIGURE,
    EXPECTED_FIGURE._replace(field="expected_in_full", label=N_("Expected revenue, in full")),
    SHARE_FIGURE,
    CHANCE_FIGURE,
    CHANCE_FIGURE._replace(field="chance_in_full", label=N_("Chance of the target, in full")),
)


def main_sentence(outcome: RemedyOutcome) -> str:
    """Describe what coverage and conversion bring: this quarter and, where a remedy is at work, in full."""
    values = {
        "coverage": times(outcome.coverage),
        "conversion": percent(outcome.conversion),
        "full": percent(outcome.conversion_in_full),
        "expected": about(outcome.expected_revenue),
        "expected_full": about(outcome.expected_in_full),
        "target": money(outcome.target),
        "chance": chance_text(outcome.chance_of_target),
        "chance_full": chance_text(outcome.chance_in_full),
    }
    if not is_remedied(outcome):
        return _(
            "Coverage is {coverage} and conversion {conversion}: {expected} is expected, and the chance of the target "
            "of {target} is {chance}."
        ).format(**values)
    return _(
        "Coverage is {coverage} and conversion this quarter {conversion}: {expected} is expected, and the chance of "
        "the target of {target} is {chance}. In full, at {full}, it is {expected_full}, and the chance {chance_full}."
    ).format(**values)


def is_remedied(outcome: RemedyOutcome) -> bool:
    """Return whether some remedy makes a difference between this quarter and in full."""
    return outcome.conversion_in_full != outcome.conversion


def conversion_text(outcome: RemedyOutcome) -> str:
    """Write the conversion of this quarter and, where a remedy is at work, in full."""
    said = _("conversion {conversion}").format(conversion=percent(outcome.conversion))
    in_full = _(", in full {full}").format(full=percent(outcome.conversion_in_full))
    return said + in_full if is_remedied(outcome) else said


def remedy_terms() -> str:
    """Say, as a clause, what every remedy is assumed to need: time and money."""
    message = _("a remedy works after {after} of {weeks} weeks, for {cost} in full")
    return message.format(after=number(WORKS_AFTER), weeks=number(WEEKS), cost=money(COST))


def quarter_rows(page: Canvas, target: float) -> tuple[Sequence[Artist], Callable[[RemedyOutcome, float], None]]:
    """Draw the three rows at the foot of the page: coverage, expected this quarter, expected in full.

    Returns
    -------
    The artists that move, and the function that moves them to an outcome, given the money in its pipeline that is
    the company's own.
    """
    names = ((COVERAGE_ROW, _("Coverage")), (_NOW, _("Expected\nthis quarter")), (_IN_FULL, _("Expected\nin full")))
    for row, name in names:
        page.text(MARGIN, row + BAR / 2, name, va="center", linespacing=1.1)
    line = _money(target)
    page.line([line, line], [_IN_FULL - 6, _NOW + BAR + 6], color=TARGET, linewidth=2.5, zorder=5)
    page.text(line, _NOW + BAR + 9, _("Target {target}").format(target=money(target)), ha="center", size=12)
    own, added, now, later = page.shapes(OWN, ADDED, NOW, LATER)
    needed = page.line(color=CONVERSION_LETTERS, linewidth=3)
    covered = page.text(SAYS, COVERAGE_ROW + 6, weight="bold", color=COVERAGE, size=18)
    enough = page.text(LEFT, COVERAGE_ROW - 18, size=12, color=CONVERSION_LETTERS)
    amounts = page.texts(((SAYS, row + 12) for row in (_NOW, _IN_FULL)), weight="bold", color=CONVERSION_LETTERS)
    chances = page.texts(((SAYS, row - 5) for row in (_NOW, _IN_FULL)), size=13)

    def move(outcome: RemedyOutcome, of_own: float) -> None:
        required = outcome.required_coverage
        fill_each((own, added), [bars(COVERAGE_ROW, BAR, *map(at_times, (0, of_own / target, outcome.coverage)))])
        covered.set_text(times(outcome.coverage))
        needed.set_data([at_times(required or 0)] * 2, [COVERAGE_ROW - 5, COVERAGE_ROW + BAR + 5])
        needed.set_visible(required is not None)
        enough.set_text(
            _("no coverage is enough")
            if required is None
            else _("needed on average: {required}").format(required=times(required))
        )
        expected = (outcome.expected_revenue, outcome.expected_in_full)
        fill(now, *bars(_NOW, BAR, LEFT, _money(expected[0])))
        fill(later, *bars(_IN_FULL, BAR, LEFT, _money(expected[1])))
        # Where the chance is still near 0, the share is what moves.
        of_target = _("{amount}, {share} of target")
        write(amounts, (of_target.format(amount=about(each), share=share_text(each / target)) for each in expected))
        both = (outcome.chance_of_target, outcome.chance_in_full)
        write(chances, (_("chance of target {chance}").format(chance=chance_text(chance)) for chance in both))

    return [own, added, now, later, needed, covered, enough, *amounts, *chances], move
