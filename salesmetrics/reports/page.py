"""The report: one page about one pipeline, to take to the meeting. It opens without a network and prints on one A4."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from string import Template

from markupsafe import Markup, escape

from salesmetrics.base.language import _, language
from salesmetrics.base.show import visible
from salesmetrics.base.writing import write_page
from salesmetrics.crm import Export
from salesmetrics.deals.periods import Day, Period
from salesmetrics.reports import details, sections
from salesmetrics.reports.figures import Figures, gather

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
    export: Export,
    *,
    target: float,
    period: Period | str | Sequence[Day],
    earlier: Export | None = None,
    names: bool = False,
) -> Report:
    """Make the one-page report: both numbers, the situation, why, and what to do first.

    Parameters
    ----------
    export
        What :func:`read_deals` gave.
    target, period
        The revenue to win, more than 0, and when, as in :func:`coverage`.
    earlier
        An export of the same pipeline from before, to tell what changed since.
    names
        Whether to name the largest deals. Without it the page holds no deal's or person's name.

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
    >>> "€\u00a02,500,000 open ÷ €\u00a0500,000 target" in page.html
    True
    """
    figures = gather(export, target=target, period=period, earlier=earlier, names=names)
    return Report(_page(figures), figures)


def _page(figures: Figures) -> str:
    body = Markup(
        '{head}{verdict}{numbers}<section class="middle">{picture}{why}</section>'
        '<section class="tables">{stages}<div>{stale}{largest}</div></section>{changes}{footer}'
    ).format(
        head=sections.head(figures),
        verdict=sections.verdict(figures),
        numbers=sections.numbers(figures),
        picture=sections.picture(figures),
        why=sections.why(figures),
        stages=details.stages(figures),
        stale=details.stale(figures),
        largest=details.largest(figures),
        changes=details.changes(figures),
        footer=details.footer(figures),
    )
    template = Template(files("salesmetrics.reports").joinpath("page.html").read_text(encoding="utf-8"))
    title = escape(_("Pipeline report"))
    return template.substitute(language=language(), title=title, body=visible(body))
