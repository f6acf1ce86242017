"""The line where the pipeline begins: one company's two numbers, counted from each of its stages."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from salesmetrics.base.language import N_
from salesmetrics.deals.scenarios import scenario
from salesmetrics.diagnosis.situations import Start, find_starts
from salesmetrics.models import Lever, Model, Outcome

COMPANIES = ("startup", "agency")
STAGES = 5  # of either


@dataclass(frozen=True, kw_only=True)
class StartOutcome(Outcome):
    """Coverage and conversion of the deals that got at least as far as the line.

    A later line leaves out open deals and losses alike: less coverage, more conversion, the same company.

    Parameters
    ----------
    company
        Its name in the data.
    here
        What counts from the chosen stage on.
    walk
        The same from every stage, the first stage first.
    """

    coverage: float
    conversion: float
    target: float
    company: str
    here: Start
    walk: tuple[Start, ...]


@cache
def _walk(company: str) -> tuple[float, tuple[Start, ...]]:
    """Read a company's table once: a step of a slider reads none."""
    about = scenario(company)
    return about.target, find_starts(about, about.target, fewest=0).walk


def outcome(levers: Mapping[str, float]) -> StartOutcome:
    """Count both numbers from the same stage on.

    Examples
    --------
    The startup goes from full but leaky, by way of thin and leaky, to sharp but thin.

    >>> for start in (1, 2, 3, 4):
    ...     here = outcome({"start": start, "company": 1}).here
    ...     print(here.stage, here.coverage, f"{here.conversion:.1%}", here.situation)
    Lead 5.0 10.0% full but leaky
    Qualified 2.6 12.5% thin and leaky
    Demo 1.0 16.7% thin and leaky
    Proposal 0.2 55.6% sharp but thin
    """
    company = COMPANIES[round(levers["company"]) - 1]
    target, walk = _walk(company)
    here = walk[round(levers["start"]) - 1]
    return StartOutcome(
        levers=levers,
        coverage=here.coverage,
        conversion=here.conversion,
        target=target,
        company=company,
        here=here,
        walk=walk,
    )


MODEL = Model(
    "start",
    N_("Where the pipeline begins"),
    (
        Lever("start", N_("Stage where the pipeline begins (1: the first)"), "count", 1, STAGES, 1, 1, "conversion"),
        Lever("company", N_("Company (1: startup, 2: agency)"), "count", 1, len(COMPANIES), 1, 1),
    ),
    outcome,
    picture="pipeline_start",
)
