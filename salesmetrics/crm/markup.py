"""What is searched for in markup: the table in a web page, and what calamine does not see in an ``.xlsx``.

That is: formulas without a result, error cells, currencies, hidden rows. They are searched for in the bytes of a sheet,
since a parser would take longer than reading all its cells does.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from functools import reduce
from io import BytesIO
from typing import Any, NamedTuple

from salesmetrics.crm.cell_values import currency_code, is_currency

_TAG = rb"<(?:\w+:)?"
_ROW = re.compile(_TAG + rb"row\b[^>]*>")
_REFERENCE = re.compile(rb"""\br=["']([A-Za-z]{1,4})(\d+)["']""")
_EMPTY_VALUE = rb"(?:" + _TAG + rb"v\s*/>|" + _TAG + rb"v>\s*</(?:\w+:)?v>)?"
_FORMULA = _TAG + rb"f\b(?:[^>]*/>|[^>]*>[^<]*</(?:\w+:)?f>)"
_UNCALCULATED = re.compile(_TAG + rb"c\b([^>]*)>\s*" + _FORMULA + rb"\s*" + _EMPTY_VALUE + rb"\s*</(?:\w+:)?c>")
_ERROR = re.compile(_TAG + rb"c\b([^>]*\bt=[\"']e[\"'][^>]*)>(?:(?!</(?:\w+:)?c>).)*?<(?:\w+:)?v>([^<]*)<")
# A currency in a number format: [$€-413], "EUR", or the sign itself.
_IN_FORMAT = re.compile(r'\[\$([^\]-]+)(?:-[0-9A-Fa-f]+)?\]|"([^"]+)"|([€$£¥])')

# Python's own reader of web pages needs minutes for a hostile one; a table needs no more than this.
_PAGE_TAG = re.compile(r"(<[^<>]*>)")
_NAME = re.compile(r"</?([a-z0-9]+)")
_SILENT = {"<!--": "-->", "<script": "</script", "<style": "</style"}

Reference = tuple[str, int, int]


class BookParts(NamedTuple):
    """The sheets of a workbook by name, the currency that each style of cell shows, and how its days are counted."""

    sheets: dict[str, bytes]
    currencies: dict[int, str]
    from_1904: bool


def refuse_entities(data: bytes) -> None:
    """Refuse a part that declares entities, which multiply or fetch; whatever stands before, in any encoding."""
    from defusedxml.ElementTree import iterparse

    data.decode("utf-8")
    for _event, _element in iterparse(BytesIO(data), events=("start",), forbid_dtd=True):
        # A document type stands before the first element, or nowhere.
        return


def read_book(parts: dict[str, bytes]) -> BookParts:
    """Read which part holds which sheet, and what the styles say of currencies."""
    from defusedxml.ElementTree import fromstring

    book = fromstring(parts["xl/workbook.xml"], forbid_dtd=True)
    links = fromstring(parts["xl/_rels/workbook.xml.rels"], forbid_dtd=True)
    targets = {link.get("Id"): link.get("Target", "").lstrip("/").removeprefix("xl/") for link in links}
    sheets, from_1904 = {}, False
    for element in book.iter():
        kind = element.tag.rpartition("}")[2]
        from_1904 |= kind == "workbookPr" and element.get("date1904") in ("1", "true")
        if kind == "sheet":
            target = next(targets.get(value) for key, value in element.items() if key.endswith("}id"))
            sheets[element.get("name", "")] = parts.get(f"xl/{target}", b"")
    styles = fromstring(parts["xl/styles.xml"], forbid_dtd=True) if "xl/styles.xml" in parts else ()
    return BookParts(sheets, _currencies(styles), from_1904)


def _currencies(styles: Any) -> dict[int, str]:
    formats: dict[str, str] = {}
    of_style: list[str] = []
    for group in styles:
        kind = group.tag.rpartition("}")[2]
        if kind == "numFmts":
            formats = {item.get("numFmtId"): _currency_in(item.get("formatCode", "")) for item in group}
        elif kind == "cellXfs":
            of_style = [item.get("numFmtId", "") for item in group]
    return {style: code for style, number in enumerate(of_style) if (code := formats.get(number))}


def _currency_in(code: str) -> str:
    found = (currency_code(next(filter(None, match)).replace("\\", "")) for match in _IN_FORMAT.findall(code))
    return next((currency for currency in found if is_currency(currency)), "")


def size(xml: bytes) -> tuple[int, int]:
    """Return how many rows and columns a sheet spans: a lone cell far away would take memory for all between."""
    letters = set(re.findall(rb"""\br=["']([A-Za-z]{1,4})\d""", xml))
    numbers = re.findall(rb"""<(?:\w+:)?row\b[^>]*?\br=["'](\d+)|\br=["'][A-Za-z]{1,4}(\d{7,})["']""", xml)
    rows = [int(row or far) for row, far in numbers]
    return max([*rows, xml.count(b"row>") + xml.count(b"row "), 1]), max(map(_column, letters), default=0) + 1


def _column(letters: bytes) -> int:
    return reduce(lambda place, letter: place * 26 + letter - 64, letters.upper(), 0) - 1


def _references(pattern: re.Pattern[bytes], xml: bytes) -> Iterator[tuple[Reference, re.Match[bytes]]]:
    for match in pattern.finditer(xml):
        if place := _REFERENCE.search(match[0]):
            yield ((place[1] + place[2]).decode(), int(place[2]) - 1, _column(place[1])), match


def uncalculated(xml: bytes) -> list[Reference]:
    """Return the cells whose formula has no result: their values would be missing in silence."""
    if b"<f" not in xml and b":f" not in xml:
        return []
    # The result of a formula may be a text without letters.
    found = _references(_UNCALCULATED, xml)
    return [place for place, match in found if b'"str"' not in match[1]]


def errors(xml: bytes) -> Iterator[tuple[Reference, str]]:
    """Return the cells that hold an error such as #DIV/0!, and the error."""
    if b't="e"' in xml or b"t='e'" in xml:
        yield from ((place, match[2].decode()) for place, match in _references(_ERROR, xml))


def styled(xml: bytes, currencies: dict[int, str]) -> Iterator[tuple[Reference, int]]:
    """Return the cells that are shown in a currency, and their style."""
    if not currencies:
        return
    numbers = b"|".join(str(style).encode() for style in currencies)
    pattern = re.compile(_TAG + rb"""c\b[^>]*?\bs=["'](""" + numbers + rb""")["'][^>]*>""")
    yield from ((place, int(match[1])) for place, match in _references(pattern, xml))


def hidden_rows(xml: bytes) -> list[int]:
    """Return the rows that Excel does not show, such as those behind a filter."""
    if b"hidden=" not in xml:
        return []
    hidden = (row for row in _ROW.findall(xml) if re.search(rb"""\bhidden=["'](?:1|true)["']""", row))
    return [int(number[1]) for row in hidden if (number := re.search(rb"""\br=["'](\d+)["']""", row))]


def table_rows(text: str) -> list[list[str]]:
    """Return the cells of each row of each table, as text.

    Examples
    --------
    >>> table_rows("<table><tr><th>Deal<th>Amount</tr><tr><td><b>R&amp;D</b><br>2026</td><td></td></tr></table>")
    [['Deal', 'Amount'], ['R&D 2026', '']]
    """
    records: list[list[str]] = []
    cell: list[str] | None = None
    until = ""
    for piece in _PAGE_TAG.split(text):
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
