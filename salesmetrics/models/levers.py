"""Levers that more than one model has."""

from __future__ import annotations

from salesmetrics.base.language import N_
from salesmetrics.models import Lever

SLIP = Lever(
    name="slip",
    label=N_("Slips to the next quarter"),
    minimum=0,
    maximum=1,
    step=0.05,
    default=0,
    unit="percent",
    raises="chance_of_target",
    better="lower",
)
NEW_DEALS = Lever(
    name="new_deals",
    label=N_("New and closed within the quarter"),
    minimum=0,
    maximum=20,
    step=1,
    default=0,
    unit="count",
    raises="chance_of_target",
)


def away_lever(most: int) -> Lever:
    """Give the lever that takes the largest deals away: none at first, then one, up to this many."""
    return Lever(
        name="away",
        label=N_("Largest deals that fall away"),
        minimum=0,
        maximum=most,
        step=1,
        default=0,
        unit="count",
        raises="chance_of_target",
        better="lower",
    )


def effort_lever(name: str, label: str) -> Lever:
    """Give the lever of a remedy that raises the conversion: from no effort to full effort."""
    return Lever(
        name=name, label=label, minimum=0, maximum=1, step=0.05, default=0, unit="percent", raises="conversion"
    )
