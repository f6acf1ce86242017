"""The same pipeline counted from each of its stages: where the situation changes, and where it leaks."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import NamedTuple

from salesmetrics.base.errors import unless_refused
from salesmetrics.base.language import _, number
from salesmetrics.base.show import short
from salesmetrics.deals.pipeline import Pipeline
from salesmetrics.diagnosis.reasons import stages_open
from salesmetrics.metrics import funnel
from salesmetrics.metrics.funnel import Step


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


def find_starts(
    mine: Pipeline, to_win: float, name: Callable[[float, float], str], *, sharp: float, fewest: int
) -> Starts:
    """Count coverage and conversion from every stage; without the order of the stages there is nothing to try.

    Parameters
    ----------
    mine
        The pipeline, which may begin at any of them.
    to_win
        What its coverage is held against.
    name
        Names the situation from the two numbers.
    sharp
        The conversion from which enough deals are won.
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
            walk.append(Start(step, due, won, covered, rate, name(covered, rate), rate >= sharp))
    return Starts(mine.start, tuple(walk), found.bottleneck)
