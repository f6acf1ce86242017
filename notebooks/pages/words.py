"""The words of the pages themselves, in the chosen language, and their templates."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from salesmetrics.base.language import language

SOURCE = Path(__file__).parent.parent / "source" / "pages"
# Nothing is escaped: what is filled in is HTML already, made by the build itself.
TEMPLATES = Environment(
    loader=FileSystemLoader(SOURCE), trim_blocks=True, lstrip_blocks=True, undefined=StrictUndefined
)


@cache
def _all() -> dict[str, dict[str, str]]:
    return tomllib.loads((SOURCE / "words.toml").read_text(encoding="utf-8"))


def words(name: str) -> str:
    """Return what a page says.

    Examples
    --------
    >>> words("next")
    'Next'
    """
    return _all()[name][language()]
