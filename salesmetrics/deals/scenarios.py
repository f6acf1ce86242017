"""The three companies: their deals, target, period and stages. All of them are made up, and their data says so."""

from __future__ import annotations

import datetime
import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from salesmetrics.base import kit_files
from salesmetrics.base.errors import SalesMetricsError
from salesmetrics.base.language import _, did_you_mean
from salesmetrics.deals.check import check_deals
from salesmetrics.deals.fields import DATES, TEXTS
from salesmetrics.deals.periods import Period
from salesmetrics.deals.pipeline import Pipeline, pipeline


@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class Scenario(Pipeline):
    """A fictional company at one moment: the pipeline that every metric takes.

    Its table is a pandas table of its own: changing it changes no other.

    Parameters
    ----------
    name
        How code calls it.
    title
        How the screen calls it, in English; shown through the catalogue.
    """

    target: float
    period: Period
    as_of: datetime.date
    name: str
    title: str


def scenario(name: str) -> Scenario:
    """Return one of the kit's companies: "startup", "consultancy" or "agency".

    Raises
    ------
    SalesMetricsError
        There is no such company; the message names the nearest.

    Examples
    --------
    >>> startup = scenario("startup")
    >>> startup.target, startup.stages[0], len(startup.deals)
    (500000, 'Lead', 370)
    """
    import pandas as pd

    known = _described()
    if not isinstance(name, str) or name not in known:
        raise SalesMetricsError(_("There is no scenario “{name}”.").format(name=name), hint=did_you_mean(name, known))
    resource = known[name]
    with (kit_files() / "data" / resource["path"]).open("rb") as file:
        table = pd.read_csv(file, dtype=dict.fromkeys(TEXTS, "str"), parse_dates=list(DATES), date_format="%Y-%m-%d")
    about = {given: resource[given] for given in ("target", "period", "as_of", "stages")}
    company = pipeline(check_deals(table), **about)
    return Scenario(**vars(company), name=name, title=resource["title"])


@cache
def _described() -> dict[str, dict[str, Any]]:
    package = json.loads((kit_files() / "data" / "datapackage.json").read_text(encoding="utf-8"))
    # The sample export stands there too; what has a target is a scenario.
    return {resource["name"]: resource for resource in package["resources"] if "target" in resource}


def sample_file() -> str:
    """Return where the kit's own sample export is: eight quarters of a fictional company, to try :func:`read_deals` on.

    Examples
    --------
    >>> sample_file().endswith("eight_quarters.csv")
    True
    """
    return str(Path(str(kit_files() / "data" / "eight_quarters.csv")).resolve())
