"""What is said of a pipeline, in the words of a page with buttons: no code where nobody typed any."""

from __future__ import annotations

import datetime
import re

from salesmetrics.base.errors import SalesMetricsError
from salesmetrics.base.language import _, date
from salesmetrics.base.show import Shown, words

_DAY = re.compile(r"""as_of=(?:"|&quot;)(\d{4}-\d{2}-\d{2})(?:"|&quot;)""")
# An option such as start= or columns={…}, or a name such as expected_close_on.
_CODE = re.compile(r"\w=|[a-z]_[a-z]|\w\(\)|\{")
# Somebody's own headers and words are no code.
_QUOTED = re.compile("“[^”]*”")


def as_pressed(hint: str) -> str:
    """Say a hint for code by the boxes of the page; a sentence about what the page has not is left out.

    Examples
    --------
    >>> as_pressed('Give the day yourself: as_of="2026-03-31".')
    'Give the day yourself: “As at” 31 Mar 2026.'
    >>> as_pressed('Count deals instead: unit="count".')
    ''
    """
    sentences = re.split(r"(?<=[.?!]) ", _with_box(hint))
    return " ".join(each for each in sentences if not _CODE.search(_QUOTED.sub("", each)))


def refused(refusal: SalesMetricsError) -> Shown:
    """Show what is in the way and what to do about it."""
    hint = as_pressed(refusal.hint)
    return words("\n".join(filter(None, (refusal.what, hint and f"→ {hint}"))))


def with_boxes(shown: Shown) -> Shown:
    """Show a result of which a line gives a day as code gives it."""
    return Shown(*map(_with_box, shown))


def _with_box(text: str) -> str:
    return _DAY.sub(lambda match: f"“{_('As at')}” {date(datetime.date.fromisoformat(match[1]))}", text)
