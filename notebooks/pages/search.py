"""What the start page's search looks through: each section's words, and which bet it stands behind."""

from __future__ import annotations

import html
import re

# What nobody reads as text: states and data, the pictures' own words, the frame around the lesson.
_UNREAD = re.compile(r"<(script|style|svg|header|footer|head)\b.*?</\1>", re.DOTALL)
_HEADING = re.compile(r"<(?:h[1-3]|summary)>(.*?)</(?:h[1-3]|summary)>", re.DOTALL)
_BEHIND = re.compile(r'data-behind="([^"]+)"')


def sections(page: str) -> list[tuple[str, str, str]]:
    """Return each section of a lesson's page: its heading, its text, and the bet that it stands behind, if any.

    Examples
    --------
    >>> sections('<h1>Net</h1><p>Bet.</p><div data-behind="net"><p>More.</p><h2>Fish</h2><p>26 &amp; 56</p></div>')
    [('Net', 'Bet.', ''), ('Net', 'More.', 'net'), ('Fish', '26 & 56', 'net')]
    """
    found, heading, bet = [], "", ""
    before, *behind = re.split(r"(?=<div data-behind=)", _UNREAD.sub(" ", page), maxsplit=1)
    for part in (before, *behind):
        bet = _BEHIND.findall(part)[0] if part.startswith("<div data-behind=") else ""
        start, *rest = _HEADING.split(part)
        texts = [(heading, start), *zip(map(_plain, rest[::2]), rest[1::2], strict=True)]
        heading = texts[-1][0]
        found += [(title, words, bet) for title, text in texts if title and (words := _plain(text))]
    return found


def _plain(piece: str) -> str:
    return " ".join(html.unescape(re.sub(r"<[^>]*>", " ", piece)).split())
