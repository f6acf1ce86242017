"""The four situations: which it is, where it changes as the pipeline begins at a later stage, and what to do first."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Literal, NamedTuple

from salesmetrics.base.errors import SalesMetricsError, unless_refused
from salesmetrics.base.language import N_, _, number
from salesmetrics.base.show import short
from salesmetrics.base.typed_numbers import plain
from salesmetrics.deals.pipeline import Pipeline
from salesmetrics.diagnosis.reasons import stages_open
from salesmetrics.metrics import funnel
from salesmetrics.metrics.funnel import Step

Situation = Literal["healthy", "full but leaky", "sharp but thin", "thin and leaky"]

FEWEST_CLOSED = 10
REFERENCE_COVERAGE = 3.0

_NAMES = (N_("healthy"), N_("full but leaky"), N_("sharp but thin"), N_("thin and leaky"))


def situation(coverage: float, conversion: float, *, reference: float = REFERENCE_COVERAGE) -> Situation:
    """Name the situation from the two numbers.

    Healthy: coverage × conversion is at least 1, so the target is expected. Below that: full but leaky where coverage
    is at least the reference; sharp but thin where conversion is at least 1 ÷ reference; else thin and leaky.

    Parameters
    ----------
    coverage
        Open pipeline ÷ target, 0 or more; of what remains once something is won.
    conversion
        Won ÷ closed, from 0 to 1.
    reference
        The coverage that counts as full, more than 0. Three times is a habit, not a law: change it.

    Raises
    ------
    SalesMetricsError
        A number is out of its range.

    Examples
    --------
    >>> situation(5, 0.10), situation(1.5, 0.60), situation(4, 0.30)
    ('full but leaky', 'sharp but thin', 'healthy')
    """
    if not (0 <= plain(coverage) < math.inf and 0 <= plain(conversion) <= 1 and 0 < plain(reference) < math.inf):
        message = _("Coverage {coverage}, conversion {conversion} and reference {reference} do not fit together.")
        raise SalesMetricsError(
            message.format(coverage=coverage, conversion=conversion, reference=reference),
            hint=_("Coverage is 0 or more, conversion lies between 0 and 1 (25% is 0.25), the reference is above 0."),
        )
    # Rounding in the product must not push the break-even itself below 1: 3 × ⅓ is a healthy pipeline.
    if coverage * conversion >= 1 - 1e-9:
        return "healthy"
    if coverage >= reference:
        return "full but leaky"
    return "sharp but thin" if conversion >= 1 / reference else "thin and leaky"


class Start(NamedTuple):
    """A stage where the pipeline may begin: what is open from it on, the two numbers, and the situation they give."""

    step: Step
    pipeline: float
    won: int
    coverage: float
    conversion: float
    situation: str
    sharp: bool
    """Whether enough deals are won."""

    @property
    def stage(self) -> str:
        """The stage, as the table has it."""
        return self.step.stage

    @property
    def closed(self) -> int:
        """How many of the closed deals got that far."""
        return self.step.entered

    @property
    def name(self) -> str:
        """Its stage as the screen shows it."""
        return short(_(self.stage))


@dataclass(frozen=True)
class Starts:
    """What the other places to begin say of a pipeline.

    Parameters
    ----------
    here
        The stage at which this pipeline begins; None with the first deal.
    walk
        The starts that enough deals were decided of, first stage first.
    bottleneck
        The stage of the whole funnel that the fewest go on from.
    """

    here: str | None
    walk: tuple[Start, ...]
    bottleneck: Step | None

    @property
    def turn(self) -> tuple[Start, Start] | None:
        """The two stages between which it turns sharp."""
        return next((pair for pair in pairwise(self.walk) if pair[1].sharp and not pair[0].sharp), None)

    @property
    def before(self) -> tuple[Start, Start] | None:
        """The turn, where this pipeline begins only behind it: its leak is out of sight."""
        names = [start.stage for start in self.walk]
        behind = self.turn and self.here in names and names.index(self.here) >= self.walk.index(self.turn[1])
        return self.turn if behind else None

    def sentences(self) -> tuple[str, ...]:
        """Name every change of the situation in order, and the stages between which the pipeline leaks."""
        steps = pairwise(self.walk)
        changes = [*self.walk[:1], *(later for before, later in steps if later.situation != before.situation)]
        here = [_("This pipeline begins at {stage}.").format(stage=short(_(self.here)))] if self.here else []
        if len(changes) < 2:
            return tuple(here)
        counted = [
            _("from {stage} on: {situation}").format(stage=start.name, situation=_(start.situation))
            for start in changes
        ]
        said = [*here, _("Counted {starts}.").format(starts="; ".join(counted))]
        if self.turn:
            leak, after = self.turn
            said.append(_("It turns sharp between {stage} and {next}.").format(stage=leak.name, next=after.name))
            if self.bottleneck is leak.step:
                said.append(_("That is where it leaks."))
        return (" ".join(said),)

    def first_step(self) -> tuple[str, tuple[str, ...]] | None:
        """Describe what to do first where the leak lies before this pipeline begins."""
        if not self.before:
            return None
        leak, after = self.before
        step = _(
            "Look between {stage} and {next}: {lost} of {entered} deals stopped there, before this pipeline begins."
        )
        lost, entered = number(leak.step.lost), number(leak.step.entered)
        return step.format(stage=leak.name, next=after.name, lost=lost, entered=entered), ("04", "07")


def first_step(situation: str, leak: Step | None) -> tuple[str, tuple[str, ...]]:
    """Describe what to do first, and which lessons are about it.

    Examples
    --------
    >>> first_step("sharp but thin", None)[1]
    ('06',)
    """
    if situation == "healthy":
        return _("Keep both numbers where they are, and look at what hangs on few deals."), ("04",)
    if situation == "sharp but thin":
        return _("Fill the pipeline: what you start now counts in the quarters after this one."), ("06",)
    if situation == "full but leaky":
        # Whether it leaks in the middle or at the hand-over, the reader knows who knows the stages.
        lessons, step = ("05", "07"), _("Find the stage where most deals drop out before you add a single lead.")
        where = _("Start at {stage}: find out why {lost} of {entered} deals stopped there before you add a lead.")
    else:
        lessons, step = (
            ("05", "06"),
            _("Find the stage where most deals drop out first; more leads would leak away in the same place."),
        )
        where = _("Start at {stage}: find out why {lost} of {entered} deals stopped there, then fill the pipeline.")
    if leak is None:
        return step, lessons
    return where.format(stage=short(_(leak.stage)), lost=number(leak.lost), entered=number(leak.entered)), lessons


def find_starts(
    mine: Pipeline, to_win: float, *, reference: float = REFERENCE_COVERAGE, fewest: int = FEWEST_CLOSED
) -> Starts:
    """Count coverage and conversion from every stage; without the order of the stages there is nothing to try.

    Parameters
    ----------
    mine
        The pipeline, which may begin at any of them.
    to_win
        What its coverage is held against.
    reference
        The coverage that counts as full; see :func:`situation`.
    fewest
        Starts with fewer decided deals are not tried.
    """
    whole = replace(mine, start=None)
    found = unless_refused(lambda: funnel(whole), None) if mine.stages else None
    if found is None or to_win <= 0:
        return Starts(mine.start, (), None)
    amounts = {row.stage: row.amount for row in stages_open(whole)}
    won = round(found.steps[-1].rate.numerator)
    walk = []
    for place, step in enumerate(found.steps):
        if step.entered >= fewest:
            # With the first deal begin those too whose stage is not known.
            known = set(mine.stages) - {earlier.stage for earlier in found.steps[:place]}
            due = sum(amount for stage, amount in amounts.items() if stage in known or not place)
            covered, rate = due / to_win, won / step.entered
            named = situation(covered, rate, reference=reference)
            walk.append(Start(step, due, won, covered, rate, named, rate >= 1 / reference))
    return Starts(mine.start, tuple(walk), found.bottleneck)
