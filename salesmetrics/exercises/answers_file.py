"""What a learner answered last, kept in a file of its own beside the lessons: a page opened again still shows it.

Nothing but the kit's own exercises reads it; a workshop's count is made of ``progress.json``, which holds no answers.
"""

from __future__ import annotations

import json
from contextlib import suppress
from pathlib import Path
from typing import Any

from salesmetrics.base.language import _
from salesmetrics.base.writing import put
from salesmetrics.exercises import progress_file

FILE = "answers.json"
_LONGEST = 5_000  # letters of one answer in one's own words


def answers() -> dict[str, Any]:
    """Read what was answered last, by exercise; a file that can't be read holds nothing."""
    folder = progress_file.place()
    with suppress(OSError):
        return _read(folder / FILE)[0] if folder else {}
    return {}


def note(exercise: str, given: Any) -> str:
    """Keep an answer as the browser gave it, a text or a list of texts: anything else is not kept.

    Return a sentence where it could not be kept, else nothing.
    """
    folder = progress_file.place()
    if folder is None or not _is_answer(given):
        return ""
    path, amiss = folder / FILE, ""
    try:
        with progress_file.alone_at(path):
            known, whole = _read(path)
            if not whole:
                amiss = progress_file.set_aside(path)
            content = {"kit": "salesmetrics", "answers": known | {exercise: given}}
            put(path, json.dumps(content, indent=1, ensure_ascii=False).encode())
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        return _("Your answer could not be kept in {file}: {reason}.").format(file=FILE, reason=reason)
    return amiss


def forget() -> str:
    """Delete all answers and all progress. Return a sentence where a file could not be deleted, else nothing."""
    if folder := progress_file.place():
        for file in (folder / FILE, folder / progress_file.FILE):
            try:
                file.unlink(missing_ok=True)
            except OSError as error:
                return _("{file} could not be deleted: {reason}.").format(file=file, reason=error.strerror)
    return ""


def _read(path: Path) -> tuple[dict[str, Any], bool]:
    """Read the answers that are sound, and tell whether all of the file was."""
    content = progress_file.content_of(path)
    if content is None:
        return {}, True
    try:
        found = json.loads(content)["answers"]
        known = {name: given for name, given in found.items() if _is_answer(given)}
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return {}, False
    return known, len(known) == len(found)


def _is_answer(given: object) -> bool:
    texts = given if isinstance(given, list) else [given]
    return all(isinstance(text, str) and len(text) <= _LONGEST for text in texts)
