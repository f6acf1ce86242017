"""The table in a web page, which some systems export under a name that ends in ``.xls``."""

from __future__ import annotations

import html
import re

from salesmetrics.crm.delimited import Rows
from salesmetrics.crm.layout import Known, find_header
from salesmetrics.crm.source import Source, refuse_page

# Python's own reader of web pages needs minutes for a hostile one; a table needs no more than this.
_TAG = re.compile(r"(<[^<>]*>)")
_NAME = re.compile(r"</?([a-z0-9]+)")
_SILENT = {"<!--": "-->", "<script": "</script", "<style": "</style"}


def read_page(source: Source, text: str, *, known: Known) -> Rows:
    """Read the rows of the tables in a web page; its lines are those rows.

    Nothing in the page is run, and no address in it is asked for.
    """
    records = table_rows(text)
    rows = Rows(records)
    if find_header(rows, known)[1] < 2:
        raise refuse_page(source)
    return rows


def table_rows(text: str) -> list[list[str]]:
    """Give the cells of each row of each table, as text.

    Examples
    --------
    >>> table_rows("<table><tr><th>Deal<th>Amount</tr><tr><td><b>R&amp;D</b><br>2026</td><td></td></tr></table>")
    [['Deal', 'Amount'], ['R&D 2026', '']]
    """
    records: list[list[str]] = []
    cell: list[str] | None = None
    until = ""
    for piece in _TAG.split(text):
        low = piece.lower()
        if until:
            until = "" if until in low else until
            continue
        start = next((mark for mark in _SILENT if mark in low), None)
        if start is not None:
            until = "" if _SILENT[start] in low else _SILENT[start]
            continue
        tag = _NAME.match(low)
        name = tag[1] if tag else ""
        if cell is not None and name in ("tr", "td", "th", "table"):
            records[-1].append(" ".join(html.unescape("".join(cell)).split()))
            cell = None
        if low.startswith("<tr") and name == "tr":
            records.append([])
        elif name in ("td", "th") and not low.startswith("</") and records:
            cell = []
        elif cell is not None:
            cell.append(" " if name in ("br", "p", "div", "li") else "" if low.startswith("<") else piece)
    if cell is not None:
        records[-1].append(" ".join(html.unescape("".join(cell)).split()))
    return records
