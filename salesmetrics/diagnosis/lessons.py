"""How a lesson is called: by its own title, in the chosen language."""

from __future__ import annotations

import json
from functools import cache

from salesmetrics.base.language import _, language
from salesmetrics.deals.scenarios import kit_files


def lesson_name(number: str) -> str:
    """Return a lesson's number and title; the number alone where the lessons did not come along with the package.

    Examples
    --------
    >>> lesson_name("06")
    'lesson 06 (The consultancy: sharp but thin)'
    """
    title = _title(number, language())
    named = _("lesson {lesson} ({title})") if title else _("lesson {lesson}")
    return named.format(lesson=number, title=title)


@cache
def _title(number: str, spoken: str) -> str:
    folder = kit_files() / "notebooks" / spoken
    files = folder.iterdir() if folder.is_dir() else ()
    lesson = next((file for file in files if file.name.startswith(f"{number}-") and file.name.endswith(".ipynb")), None)
    return str(json.loads(lesson.read_text(encoding="utf-8"))["metadata"].get("title", "")) if lesson else ""
