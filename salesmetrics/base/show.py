"""How a result is shown: its parts, each written once, make its text, its HTML and a notebook's plain text.

Words of a file end up in all of these. Here is the one escape for a page and the one for a terminal.
"""

from __future__ import annotations

import html
import re
from abc import ABC, abstractmethod
from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

# Codes that move a terminal's cursor or colour it, that turn the direction of all that follows, that no page may hold.
_UNSEEN = re.compile(
    r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff\ufffe\uffff\ud800-\udfff]"
)


def visible(text: str) -> str:
    r"""Write a text for a terminal: a space for whatever is an order to the terminal instead of a letter.

    Examples
    --------
    >>> visible("\x1b[31mred\u202e")
    ' [31mred '
    """
    return _UNSEEN.sub(" ", text)


def escaped(text: str) -> str:
    """Write a text for a web page: nothing in it is more than text, and a long word can break.

    Examples
    --------
    >>> escaped("<b>"), escaped("a" * 40)
    ('&lt;b&gt;', 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaa<wbr>aaaaaaaaaa')
    """
    return "<wbr>".join(map(html.escape, re.sub(r"(\S{30})(?=\S)", "\\1\0", visible(text)).split("\0")))


def short(name: str, letters: int = 40) -> str:
    """Cut a name of somebody's own, such as a stage, to so many letters as fit in a sentence.

    Examples
    --------
    >>> short("Demo"), len(short("a" * 200))
    ('Demo', 40)
    """
    return name if len(name) <= letters else name[: letters - 1] + "…"


class Shown(NamedTuple):
    """One thing to show, in both its forms."""

    text: str
    html: str


def words(text: str, *, strong: bool = False) -> Shown:
    """Show a sentence or two.

    Examples
    --------
    >>> words("<b>").html
    '<p>&lt;b&gt;</p>'
    """
    page = escaped(text).replace("\n", "<br>")
    return Shown(visible(text), f"<p><strong>{page}</strong></p>" if strong else f"<p>{page}</p>")


def listed(lines: Iterable[str]) -> Shown:
    r"""Show sentences under one another; nothing where there are none.

    Examples
    --------
    >>> listed(["One.", "Two."])
    Shown(text='One.\nTwo.', html='<ul><li>One.</li><li>Two.</li></ul>')
    """
    said = list(lines)
    items = "".join(f"<li>{escaped(line)}</li>" for line in said)
    return Shown(visible("\n".join(said)), f"<ul>{items}</ul>" if items else "")


def figure(line: str, notes: Iterable[str] = (), *, definition: str = "") -> Shown:
    """Show a figure with its working: on a page small above it which variant it is, below it what was left out.

    Examples
    --------
    >>> figure("10%", definition="by history").html
    '<div><small>by history</small><br><strong>10%</strong></div>'
    """
    above = f"<small>{escaped(definition)}</small><br>" if definition else ""
    return together(Shown(visible(line), f"{above}<strong>{escaped(line)}</strong>"), listed(notes))


def table(title: str, headers: Sequence[str], rows: Iterable[Sequence[str]]) -> Shown:
    """Show a small table: names in the first column; beside them figures under headers, or without headers words.

    Examples
    --------
    >>> print(table("Open", ["stage", "deals"], [["Demo", "3"]]).text)
    Open
      stage: deals
      Demo: 3
    """
    listed = [list(row) for row in rows]
    written = [headers, *listed] if headers else listed
    lines = [": ".join(filter(None, (row[0], ", ".join(row[1:])))) for row in written]
    side = "right" if headers else "left"
    # An empty corner heads nothing.
    openings = ['th scope="col"' if header else "td" for header in headers]
    head = "".join(map(_cell, openings, ["left", *[side] * len(headers)], headers))
    body = ""
    for name, *cells in listed:
        first = _cell('th scope="row"' if cells else f'td colspan="{max(map(len, listed))}"', "left", name)
        body += f"<tr>{first}{''.join(_cell('td', side, text) for text in cells)}</tr>"
    caption = f'<caption style="text-align:left;white-space:nowrap"><strong>{escaped(title)}</strong></caption>'
    return Shown(
        visible("\n".join([title, *(f"  {line}" for line in lines)] if title else lines)),
        f'<table style="margin-left:0">{caption if title else ""}'
        f"{f'<thead><tr>{head}</tr></thead>' if head else ''}<tbody>{body}</tbody></table>",
    )


def _cell(opening: str, side: str, text: str) -> str:
    return f'<{opening} style="text-align:{side}">{escaped(text)}</{opening[:2]}>'


def together(*parts: Shown) -> Shown:
    """Show several things under one another."""
    return Shown(
        "\n".join(part.text for part in parts if part.text), f"<div>{''.join(part.html for part in parts)}</div>"
    )


class Result(ABC):
    """What shows itself, as text, as HTML and as a notebook's plain text: all from what ``shown`` gives."""

    @abstractmethod
    def shown(self) -> Shown:
        """Return what there is to show."""

    def __str__(self) -> str:
        return self.shown().text

    def __repr__(self) -> str:
        return str(self)

    def _repr_html_(self) -> str:
        return self.shown().html

    def _repr_pretty_(self, printer: Any, cycle: bool) -> None:
        printer.text(str(self))
