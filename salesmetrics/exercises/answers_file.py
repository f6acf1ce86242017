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
    """Read what was answered last, by exercise; a damaged file holds nothing."""
    folder = progress_file.place()
    return _read(folder / FILE) if folder else {}


def note(exercise: str, given: Any) -> str:
    """Keep an answer as the browser gave it. Return a sentence where it could not be kept, else nothing.

    Parameters
    ----------
    exercise
        The exercise's name.
    given
        A text, or a list of texts; anything else is not kept.
    """
    folder = progress_file.place()
    if folder is None or not _is_answer(given):
        return ""
    try:
        # Read afresh each time: two lessons may be open, each with a kernel of its own.
        known = _read(folder / FILE) | {exercise: given}
        put(
            folder / FILE,
            (json.dumps({"kit": "salesmetrics", "answers": known}, indent=1, ensure_ascii=False)).encode(),
        )
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        return _("Your answer could not be kept in {file}: {reason}.").format(file=FILE, reason=reason)
    return ""


def forget() -> str:
    """Delete all answers and all progress. Return a sentence where a file could not be deleted, else nothing."""
    if folder := progress_file.place():
        for file in (folder / FILE, folder / progress_file.FILE):
            try:
                file.unlink(missing_ok=True)
            except OSError as error:
                return _("{file} could not be deleted: {reason}.").format(file=file, reason=error.strerror)
    return ""


def _read(path: Path) -> dict[str, Any]:
    found: object = None
    with suppress(OSError, ValueError, KeyError, TypeError, RecursionError):
        found = json.loads(path.read_text(encoding="utf-8"))["answers"]
    return {name: given for name, given in found.items() if _is_answer(given)} if isinstance(found, dict) else {}


def _is_answer(given: object) -> bool:
    texts = given if isinstance(given, list) else [given]
    return all(isinstance(text, str) and len(text) <= _LONGEST for text in texts)
