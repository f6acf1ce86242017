"""The order of the stages, where the file tells it."""

from __future__ import annotations

import re
from collections.abc import Sequence

import pandas as pd

from salesmetrics.base.errors import SalesMetricsError
from salesmetrics.base.language import _, did_you_mean
from salesmetrics.crm.sheet import Flags


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
