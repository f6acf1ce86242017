"""The fishing net: what a net meets is quantity, how much of it comes home quality; and what else comes along."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

from salesmetrics.base.language import N_
from salesmetrics.models import Lever, Model, Outcome

WORTH_HAVING, OTHERS = 160, 40  # fish in reach of the full net
DINNER = 40
LARGEST_HOLES = 10.0
ALL_ATTENTION = 100  # so much bycatch would take all of the fishers' attention


@dataclass(frozen=True, kw_only=True)
class NetOutcome(Outcome):
    """What becomes of the fish in reach of the net.

    ``conversion`` is the share of the fish met that is caught; without a net nothing is met, and there is none.

    Parameters
    ----------
    coverage
        What the net meets ÷ what dinner needs.
    met, slipped, lost, caught
        Whole fish worth having. Only whole fish feed anybody, so what is caught is rounded down; what slipped through
        the holes is rounded to the nearest, and lost by handling is what remains.
    bycatch
        Fish of the other kind in the net, rounded to the nearest.
    held
        The share of the fish met that does not slip through, from 0 to 1.
    attention
        The part of the fishers' attention that the bycatch leaves: 1 without bycatch.
    catch
        The catch before it is rounded: coverage × conversion × dinner.
    """

    coverage: float
    met: int
    slipped: int
    lost: int
    caught: int
    bycatch: int
    held: float
    attention: float
    catch: float


def outcome(levers: Mapping[str, float]) -> NetOutcome:
    """Lower a net, let slip what fits through its holes, and take in what the fishers can handle.

    The share that slips grows with the square of the holes. A finer mesh keeps more of the other kind, too, which asks
    for attention: below some size, smaller holes cost more than they bring.

    Examples
    --------
    Half the net, finer and in better hands, brings home twice as much.

    >>> large = outcome({"net": 1, "holes": 8, "skill": 0.5})
    >>> large.coverage, round(large.conversion, 3), large.caught
    (4.0, 0.166, 26)
    >>> small = outcome({"net": 0.5, "holes": 3, "skill": 0.9})
    >>> small.coverage, round(small.conversion, 3), small.caught
    (2.0, 0.704, 56)
    """
    met, openness = WORTH_HAVING * levers["net"], levers["holes"] / LARGEST_HOLES
    bycatch = OTHERS * levers["net"] * (1 - openness)
    held, attention = 1 - openness**2, 1 - bycatch / ALL_ATTENTION
    conversion = held * levers["skill"] * attention
    catch = met * conversion
    whole = round(met)
    # What is a whole number by hand need not quite be one in binary.
    caught = math.floor(catch + 1e-9)
    slipped = min(round(met * (1 - held)), whole - caught)
    return NetOutcome(
        levers=levers,
        coverage=met / DINNER,
        conversion=conversion if met else None,
        met=whole,
        slipped=slipped,
        lost=whole - slipped - caught,
        caught=caught,
        bycatch=round(bycatch),
        held=held,
        attention=attention,
        catch=catch,
    )


MODEL = Model(
    "fishing-net",
    N_("The fishing net"),
    (
        Lever("net", N_("Size of the net"), "percent", 0, 1, 0.05, 1, raises="coverage"),
        Lever("holes", N_("Size of the holes"), "number", 0, LARGEST_HOLES, 0.5, 8, lowers="held"),
        Lever("skill", N_("Skill of the fishers"), "percent", 0, 1, 0.05, 0.5, raises="conversion"),
    ),
    outcome,
)
