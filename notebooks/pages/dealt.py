"""“Play this quarter” without Python: quarters that were dealt beforehand, for every state of a picture."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from salesmetrics.base.language import chance_text
from salesmetrics.explorer.play import STEPS, Play, sentences
from salesmetrics.models import BINS, Outcome, Stake

QUARTERS = 1_000
SEED = 22


def said() -> dict[str, Any]:
    """Return the words of the buttons and of what is said, with places in braces: the notebook's own."""
    single, more = sentences(1), sentences(2)
    return {"words": Play().words, "steps": STEPS, **more, "played": [single["played"], more["played"]]}


def dealt(outcomes: Sequence[Outcome]) -> dict[str, Any]:
    """Return the quarters of each state and the exact chance beside them.

    Of a state's quarters the page holds each revenue once, from low to high, with how often it came, and how many
    of them lie in each bin of the pile. In which ``order`` they come is the same for all states.

    Parameters
    ----------
    outcomes
        Of each state; all of them have a stake.
    """
    found: dict[str, Any] = {name: [] for name in ("revenues", "times", "bins", "chances")}
    for outcome in outcomes:
        stake, chance = outcome.stake, outcome.chance_of_target or 0.0
        assert stake is not None
        revenues, times, bins = _counted(stake)
        for name, values in zip(found, (revenues, times, bins, [round(chance, 4), chance_text(chance)]), strict=True):
            found[name].append(values)
    return {"order": np.random.default_rng(SEED).permutation(QUARTERS).tolist(), **found}


def _counted(stake: Stake) -> tuple[list[int], list[int], list[int]]:
    """Deal a state's quarters; return the steps from revenue to revenue, how often each came, and the bins."""
    # To the cent, as the target is compared: sums of the same deals are then one revenue.
    revenues = np.round(stake.deal(QUARTERS, np.random.default_rng(SEED)), 2)
    dealt, times = np.unique(revenues, return_counts=True)
    bins = [stake.bin(float(revenue)) for revenue in dealt]
    steps = np.diff([0, *(round(float(revenue)) for revenue in dealt)])
    return steps.tolist(), times.tolist(), np.bincount(bins, weights=times, minlength=BINS).astype(int).tolist()
