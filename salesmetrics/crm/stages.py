"""The order of the stages: where the file tells it, and proposed where it does not."""

from __future__ import annotations

import re
from collections.abc import Sequence

import pandas as pd

from salesmetrics.base.errors import SalesMetricsError
from salesmetrics.base.language import _, did_you_mean
from salesmetrics.crm.question import Choice, Question
from salesmetrics.crm.sheet import Flags
from salesmetrics.crm.systems import CLOSED, LOST, WON, plain_word


def order_stages(deals: pd.DataFrame, is_open: Flags, given: Sequence[str] | None) -> tuple[str, ...]:
    """Put the stages of open deals in order; nothing where the file does not tell it."""
    if "stage" not in deals:
        return tuple(given or ())
    open_deals = deals.loc[is_open, [name for name in ("stage", "probability") if name in deals]]
    stages = list(open_deals["stage"].dropna().unique())
    if given is not None:
        for stage in stages:
            if stage not in given:
                raise SalesMetricsError(
                    _("The stage “{stage}” is not in stages=.").format(stage=stage), hint=did_you_mean(stage, given)
                )
        return tuple(given)
    numbers = [re.match(r"\s*(\d{1,2})\s*[-.):]", stage) for stage in stages]
    if len(stages) > 1 and all(numbers) and len({int(match[1]) for match in numbers if match}) == len(stages):
        return tuple(sorted(stages, key=lambda stage: int(re.findall(r"\d+", stage)[0])))
    if "probability" in deals:
        chances = open_deals.groupby("stage")["probability"].agg(["median", "nunique"]).sort_values("median")
        # One chance per stage, and another for each: then it is the system's own, and it rises along the pipeline.
        if len(chances) == len(stages) > 1 and (chances["nunique"] == 1).all() and chances["median"].is_unique:
            return tuple(chances.index)
    return ()


def ask_stages(deals: pd.DataFrame) -> Question | None:
    """Return the question in which order the stages come, by the mean chance of their open deals; None without stages.

    Without chances the order in which they stand in the file is offered, and the other way round.

    Examples
    --------
    >>> rows = {"status": ["open", "open", "lost"], "stage": ["Offer", "Lead", "Lost"], "probability": [0.6, 0.1, 0.0]}
    >>> ask_stages(pd.DataFrame(rows)).choices[0].options
    {'stages': ['Lead', 'Offer']}
    """
    names = deals["stage"].dropna().unique() if "stage" in deals else ()
    stages = [stage for stage in names if plain_word(stage) not in WON | LOST | CLOSED]
    if not stages:
        return None
    orders = [stages, stages[::-1]]
    if "probability" in deals:
        means = deals[deals["status"] == "open"].groupby("stage")["probability"].mean().dropna()
        # What no open deal is in can't be placed by a chance: it comes last, to be seen.
        orders = [sorted(stages, key=lambda stage: means.get(stage, 1.0))] if len(means) else orders
    return Question(
        _("To begin at a stage, the order of the stages must be known, and the file does not tell it."),
        option="stages",
        choices=[Choice(" → ".join(order), {"stages": order}) for order in orders[: len(stages)]],
        advice=_("Is it another order? Then give the stages yourself, from the first to the last before won."),
    )
