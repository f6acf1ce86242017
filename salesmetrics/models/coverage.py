"""Pipeline coverage to play with: how often what is still to win fits into the open pipeline."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from salesmetrics.language import N_
from salesmetrics.models import Lever, Model, Outcome


@dataclass(frozen=True, kw_only=True)
class CoverageOutcome(Outcome):
    """Coverage with and without the largest deal, and the amounts behind both.

    Parameters
    ----------
    pipeline, target, won
        As the levers say, in euros.
    to_win
        What is left of the target: the block that is fitted into the pipeline. 0 when the target is met.
    largest
        The largest deal, in euros; never more than the pipeline it is part of.
    largest_asked
        What the lever said it was.
    coverage_without_largest
        What remains of the coverage when that one deal falls through. Much lower than ``coverage`` says that the
        quarter hangs on one deal. ``None`` when the target is met.
    """

    pipeline: float
    target: float
    won: float
    to_win: float
    largest: float
    largest_asked: float
    coverage_without_largest: float | None


def outcome(levers: Mapping[str, float]) -> CoverageOutcome:
    """Divide the open pipeline by what is still to win, with and without the largest deal.

    Once the target is met nothing is left to divide by, and there is no coverage.

    Examples
    --------
    >>> step = outcome({"pipeline": 2_300_000, "target": 500_000, "won": 120_000, "largest": 400_000})
    >>> step.to_win, round(step.coverage, 2), step.coverage_without_largest
    (380000, 6.05, 5.0)
    """
    pipeline, target, won = levers["pipeline"], levers["target"], levers["won"]
    largest = min(levers["largest"], pipeline)
    to_win = max(round(target - won, 2), 0)  # whole cents: less is not money, and would fit in a million times
    return CoverageOutcome(
        coverage=pipeline / to_win if to_win else None,
        coverage_without_largest=(pipeline - largest) / to_win if to_win else None,
        pipeline=pipeline,
        target=target,
        won=won,
        to_win=to_win,
        largest=largest,
        largest_asked=levers["largest"],
    )


MODEL = Model(
    name="coverage",
    title=N_("Pipeline coverage"),
    levers=(
        Lever(
            name="pipeline",
            label=N_("Open pipeline"),
            minimum=0,
            maximum=5_000_000,
            step=50_000,
            default=2_500_000,
            unit="money",
            raises="coverage",
        ),
        Lever(
            name="target",
            label=N_("Target"),
            minimum=100_000,
            maximum=2_000_000,
            step=50_000,
            default=500_000,
            unit="money",
            raises="coverage",
            better="lower",
        ),
        Lever(
            name="won",
            label=N_("Won so far"),
            minimum=0,
            maximum=1_000_000,
            step=25_000,
            default=0,
            unit="money",
            raises="coverage",
        ),
        Lever(
            name="largest",
            label=N_("Largest deal"),
            minimum=0,
            maximum=1_000_000,
            step=25_000,
            default=150_000,
            unit="money",
            raises="coverage_without_largest",
            better="lower",
        ),
    ),
    outcome=outcome,
)
