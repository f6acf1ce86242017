"""The one-page report about one pipeline, to take to the meeting: it opens without a network and prints on one A4.

Its figures are gathered once, its sections written and escaped in their own files; the page is a file of its own.
"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from jinja2 import Environment, StrictUndefined, Template

from salesmetrics.base.language import _, date, language, money, number, times
from salesmetrics.base.show import visible
from salesmetrics.base.writing import write_page
from salesmetrics.deals.periods import Day, Period
from salesmetrics.deals.pipeline import pipeline
from salesmetrics.diagnosis import FEWEST_CLOSED, REFERENCE_COVERAGE
from salesmetrics.reports import lines
from salesmetrics.reports.report_figures import Figures, gather

__all__ = ["KIND", "Report", "report"]

KIND = "report"


@dataclass(frozen=True, repr=False)
class Report:
    """A page, and the figures on it.

    Parameters
    ----------
    html
        The whole page: style and picture are in it, and it asks for nothing else.
    figures
        What it was made from.
    """

    html: str
    figures: Figures

    def __repr__(self) -> str:
        return _('A page about the pipeline. Write it to a file: .save("report.html")')

    def save(self, path: str | os.PathLike[str]) -> Path:
        """Write the page to a file, over an older report of that name, and give its place.

        Raises
        ------
        SalesMetricsError
            The name does not end in .html; it is that of a file that is no report; or the file can't be written.
        """
        return write_page(path, self.html, KIND)


def report(
    export: Any,
    *,
    target: float | None = None,
    period: Period | str | Sequence[Day] | None = None,
    as_of: Day | None = None,
    start: str | None = None,
    earlier: Any = None,
    names: bool = False,
    by: str | None = None,
    targets: Mapping[str, float] | None = None,
) -> Report:
    """Write the one-page report: both numbers, the situation, why, and what to do first.

    Parameters
    ----------
    export
        What :func:`read_deals` gave; or a pipeline or table, as every metric takes.
    target, period, as_of, start
        As for :func:`salesmetrics.pipeline`.
    earlier
        An export or table of the same pipeline from before, to tell what changed since.
    names
        Whether to name the largest deals. Without it the page holds no deal's or person's name.
    by
        A column, such as a team: the coverage of each of its groups, those with the most open, in the period and the
        two after it, and what its past quarters began with.
    targets
        Own targets by name: of a period, such as ``"2026Q3"``, and of a group. A period or a group without its own is
        held against the whole target, groups only where none of them has one.

    Returns
    -------
    The page, in the chosen language.

    Raises
    ------
    SalesMetricsError
        As in :func:`diagnose` and :func:`compare`.

    Examples
    --------
    >>> import salesmetrics as sm
    >>> page = sm.report(sm.read_deals(sm.sample_file()), target=500_000, period="2026Q2")
    >>> "€\u00a01,500,000 open ÷ €\u00a0500,000 target" in page.html
    True
    """
    mine = pipeline(export, target=target, period=period, as_of=as_of, start=start)
    figures = gather(mine, earlier=earlier, names=names, by=by, targets=targets)
    return Report(_page(figures), figures)


@cache
def _template() -> Template:
    text = files("salesmetrics.reports").joinpath("page.html").read_text(encoding="utf-8")
    return Environment(
        autoescape=True, trim_blocks=True, keep_trailing_newline=True, undefined=StrictUndefined
    ).from_string(text)


def _page(figures: Figures) -> str:
    words = {"_": _, "date": date, "money": money, "number": number, "times": times, "round": round}
    known = {"language": language(), "REFERENCE_COVERAGE": REFERENCE_COVERAGE, "FEWEST_CLOSED": FEWEST_CLOSED}
    return visible(_template().render(words, **known, lines=lines, figures=figures, found=figures.diagnosis))
