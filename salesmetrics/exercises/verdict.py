"""What an exercise answers: a few sentences as plain text and as HTML, in words and signs before colour."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Literal

from salesmetrics.base.show import Result, Shown, visible

if TYPE_CHECKING:
    from markdown_it import MarkdownIt

Tone = Literal["right", "wrong", "again", "open", "help"]

# Each tone has a sign and words of its own; the line at the side differs in style too, not in colour alone.
_SIDES: dict[Tone, str] = {
    "right": "4px solid #009E73",
    "wrong": "4px dashed #D55E00",
    "again": "4px dotted #595959",
    "open": "4px solid #595959",
    "help": "4px double #595959",
}


@dataclass(frozen=True, repr=False, kw_only=True)
class Verdict(Result):
    """What the kit says to an answer, a question for a hint or for the solution.

    Parameters
    ----------
    tone
        ``"right"``, ``"wrong"``, ``"again"`` (the answer could not be read, so nothing is judged), ``"open"`` (there
        is no right or wrong here) or ``"help"`` (a hint, a solution).
    text
        In Markdown.
    mistake
        The name of the mistake that a wrong answer points to, where it is a known one.
    guess
        The number, of a guess.
    """

    tone: Tone
    text: str
    mistake: str = ""
    guess: float | None = None

    def shown(self) -> Shown:
        """Return the Markdown without its marks, and as HTML with the tone's line at its side."""
        side = f"border-left:{_SIDES[self.tone]};padding:0 0.8em"
        return Shown(visible(plain(self.text)), f'<div style="{side}">{as_html(visible(self.text))}</div>')


def as_html(markdown: str) -> str:
    r"""Turn Markdown into HTML; HTML in it stays text, and no line ends between € and its amount.

    Examples
    --------
    >>> as_html("*open*: € 500 <b>")
    '<p><em>open</em>: €\xa0500 &lt;b&gt;</p>'
    """
    made = str(_renderer().render(markdown)).strip().replace("<th></th>", "<td></td>")
    return re.sub(r"€ (?=\d)", "€\N{NO-BREAK SPACE}", made)


def plain(markdown: str) -> str:
    """Return Markdown without its marks for bold and italic."""
    text = re.sub(r"(?<!\\)(\*\*|\*|`)", "", markdown)
    return re.sub(r"\\(?=[^\w\s])", "", text).replace("  \n", "\n")


def literally(text: str) -> str:
    """Return text as Markdown that shows it as it is, whatever somebody typed in it."""
    return re.sub(r"([\\`*_{}\[\]()<>#+|!~&-])", r"\\\1", text).replace("\n", "  \n")


@cache
def _renderer() -> MarkdownIt:
    from markdown_it import MarkdownIt

    return MarkdownIt("commonmark", {"html": False}).enable("table")
