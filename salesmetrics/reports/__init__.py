"""The one-page report: figures, gathered once; sections, written and escaped; a page that is a file of its own."""

from salesmetrics.reports.page import KIND, Report, report

__all__ = ["KIND", "Report", "report"]
