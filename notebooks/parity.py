"""Two languages, one lesson: what an English and a Dutch cell must have in common, and where they differ.

A learner who switches language meets the same numbers, links, code and headings. Numbers are compared after reading
each in its own language's convention, so that ``€ 2,500,000`` and ``€ 2.500.000`` are the same.
"""

from __future__ import annotations

import ast
import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal

from markdown_it import MarkdownIt
from markdown_it.token import Token

_MONTHS = {
    "en": ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"),
    "nl": ("jan", "feb", "maart", "apr", "mei", "jun", "jul", "aug", "sep", "okt", "nov", "dec"),
}
_ISO = re.compile(r"\b(\d{4})-(\d{2})-(\d{2})\b")
_DAY_FIRST = re.compile(r"\b(\d{1,2})-(\d{1,2})-(\d{4})\b")
_WRITTEN = re.compile(r"\b(\d{1,2}) ([^\W\d]{3,10})\.? (\d{4})\b")
_UNIT = r"(?:\s?([%×]))?"
_NUMBERS = {
    "en": re.compile(r"(\d{1,3}(?:,\d{3})+(?!\d)(?:\.\d+)?|\d+(?:\.\d+)?)" + _UNIT),
    "nl": re.compile(r"(\d{1,3}(?:\.\d{3})+(?!\d)(?:,\d+)?|\d+(?:,\d+)?)" + _UNIT),
}
_TO_POINT = {"en": str.maketrans("", "", ","), "nl": str.maketrans(",", ".", ".")}
_ADDRESS = re.compile(r"""\b(?:href|src)\s*=\s*["']?([^"'\s>]+)""", re.IGNORECASE)


@dataclass(frozen=True)
class Content:
    """What of a Markdown cell must be the same in both languages."""

    numbers: Counter[str] = field(default_factory=Counter)
    links: Counter[str] = field(default_factory=Counter)
    code: Counter[str] = field(default_factory=Counter)
    headings: tuple[str, ...] = ()


def markdown_differences(english: str, dutch: str) -> list[str]:
    """Name what an English and a Dutch Markdown cell do not have in common; nothing when they are twins.

    Examples
    --------
    >>> markdown_differences("## 5.0× of `target`", "## 5,0× van `target`")
    []
    >>> markdown_differences("Win 25% of € 1,234.50", "Win 2,5% van € 1.234,50")
    ['numbers: only in English: 25%; only in Dutch: 2.5%']
    """
    first, second = content(english, "en"), content(dutch, "nl")
    found = [
        _difference("numbers", first.numbers, second.numbers),
        _difference("links", first.links, second.links),
        _difference("code", first.code, second.code),
    ]
    if first.headings != second.headings:
        shown = (" ".join(headings) or "none" for headings in (first.headings, second.headings))
        found.append("headings: English has {}, Dutch has {}".format(*shown))
    return [difference for difference in found if difference]


def code_differences(english: str, dutch: str) -> list[str]:
    """Name what differs between two code cells besides the text between quotes.

    Examples
    --------
    >>> code_differences('sm.use_language("en")', 'sm.use_language("nl")')
    []
    >>> code_differences('sm.explore("a")', 'sm.scenario("a")')
    ['code: the cells differ in more than the text between quotes']
    """
    same = _without_text(english) == _without_text(dutch)
    return [] if same else ["code: the cells differ in more than the text between quotes"]


def content(markdown: str, language: str) -> Content:
    """Read from a Markdown cell what must be the same in both languages."""
    found = Content(headings=tuple(token.tag for token in _tokens(markdown) if token.type == "heading_open"))
    words = []
    for token in _tokens(markdown):
        match token.type:
            case "text":
                words.append(token.content)
            case "code_inline" | "fence" | "code_block":
                found.code[token.content.strip()] += 1
            case "link_open":
                found.links[str(token.attrs["href"])] += 1
            case "image":
                found.links[str(token.attrs["src"])] += 1
            case "html_inline" | "html_block":
                found.links.update(_ADDRESS.findall(token.content))
                words.append(re.sub(r"<[^>]*>", " ", token.content))
            case "softbreak" | "hardbreak" | "inline" | "td_close" | "th_close":
                words.append(" ")
    found.numbers.update(numbers("".join(words), language))
    return found


def numbers(text: str, language: str) -> list[str]:
    """List the numbers and dates in a text, each written one way whatever the language.

    Examples
    --------
    >>> numbers("€ 1.234,50 is 12,5% op 31 maart 2026", "nl")
    ['2026-03-31', '1234.5', '12.5%']
    """
    text = text.replace("\u00a0", " ").replace("\u202f", " ").replace("{,}", ",")
    found: list[str] = []

    def keep(year: str, month: int, day: str) -> str:
        found.append(f"{year}-{month:02}-{int(day):02}")
        return " "

    def written(match: re.Match[str]) -> str:
        month = next((at for at, name in enumerate(_MONTHS[language], 1) if match[2].lower().startswith(name)), None)
        return keep(match[3], month, match[1]) if month else match[0]

    text = _ISO.sub(lambda match: keep(match[1], int(match[2]), match[3]), text)
    text = _WRITTEN.sub(written, text)
    if language == "nl":
        text = _DAY_FIRST.sub(lambda match: keep(match[3], int(match[2]), match[1]), text)
    for match in _NUMBERS[language].finditer(text):
        value = Decimal(match[1].translate(_TO_POINT[language]))
        found.append((f"{value:f}".rstrip("0").rstrip(".") if "." in f"{value:f}" else f"{value:f}") + (match[2] or ""))
    return found


def _tokens(markdown: str) -> Iterable[Token]:
    for token in MarkdownIt("commonmark").enable("table").parse(markdown):
        yield token
        yield from token.children or ()


def _difference(what: str, english: Counter[str], dutch: Counter[str]) -> str:
    sides = (("English", english - dutch), ("Dutch", dutch - english))
    shown = [f"only in {side}: {', '.join(sorted(rest.elements()))}" for side, rest in sides if rest]
    return f"{what}: {'; '.join(shown)}" if shown else ""


def _without_text(code: str) -> str:
    tree = ast.parse(code)
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            node.value = ""
    return ast.dump(tree)
