"""What a learner has done, kept as readable JSON in the folder that the kit laid down, and nowhere else.

Only counts are kept: how often an exercise was tried, which known mistakes were met, whether it is done. No answers, no
names, no times.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from itertools import count
from pathlib import Path
from typing import Any

from salesmetrics.base.language import _
from salesmetrics.base.writing import put
from salesmetrics.exercises.folder import is_kits

FILE = "progress.json"


@dataclass(frozen=True)
class Entry:
    """What happened to one exercise.

    Parameters
    ----------
    done
        Whether it was answered rightly, or answered at all where there is no right or wrong.
    tries, hints
        How many answers were judged, how many hints were read.
    solution
        Whether the solution was asked for.
    mistakes
        How often each known mistake was met, by name.
    """

    done: bool = False
    tries: int = 0
    hints: int = 0
    solution: bool = False
    mistakes: Mapping[str, int] = field(default_factory=dict)

    @property
    def stumbled(self) -> bool:
        """Whether an answer was wrong; of what has no right or wrong, whether it was answered anew."""
        return self.tries > (1 if self.done else 0)


def place() -> Path | None:
    """Find the folder to keep progress in: the kit's own, at or above where the notebook runs."""
    try:
        here = Path.cwd()
        return next((folder for folder in (here, *here.parents) if is_kits(folder)), None)
    except OSError:
        return None


def entries() -> dict[str, Entry]:
    """Give what is known, by exercise; what a damaged file no longer says is not known."""
    folder = place()
    return read(folder / FILE)[0] if folder else {}


def note_answer(exercise: str, *, done: bool, mistake: str = "") -> str:
    """Keep that an answer was judged. Gives a sentence where something is amiss with the file, else nothing."""

    def step(entry: Entry) -> Entry:
        mistakes = dict(entry.mistakes)
        if mistake:
            mistakes[mistake] = mistakes.get(mistake, 0) + 1
        return replace(entry, done=entry.done or done, tries=entry.tries + 1, mistakes=mistakes)

    return _keep(exercise, step)


def note_hint(exercise: str, number: int) -> str:
    """Keep that this many hints were read; see :func:`note_answer`."""
    return _keep(exercise, lambda entry: replace(entry, hints=max(entry.hints, number)))


def note_solution(exercise: str) -> str:
    """Keep that the solution was asked for; see :func:`note_answer`."""
    return _keep(exercise, lambda entry: replace(entry, solution=True))


def _keep(exercise: str, step: Any) -> str:
    folder = place()
    if folder is None:
        return ""
    path, amiss = folder / FILE, ""
    try:
        # Read afresh each time: two lessons may be open, each with a kernel of its own.
        known, whole = read(path)
        if not whole:
            aside = _aside(path)
            path.replace(aside)
            amiss = _("The file {file} was damaged. It is kept as {aside}, and a new one was begun.").format(
                file=FILE, aside=aside.name
            )
        known[exercise] = step(known.get(exercise, Entry()))
        _write(path, known)
    except OSError as error:
        return _("Your progress could not be kept in {file}: {reason}.").format(file=FILE, reason=error.strerror)
    return amiss


def read(path: Path) -> tuple[dict[str, Entry], bool]:
    """Give every entry of a progress file that can still be read, and whether the whole file could."""
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        return {}, True
    except UnicodeDecodeError:
        return {}, False
    try:
        found = json.loads(text)["exercises"]
        items = found.items()
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return {}, False
    known = {name: entry for name, raw in items if (entry := _entry(raw)) is not None}
    return known, len(known) == len(items)


def _entry(raw: object) -> Entry | None:
    if not isinstance(raw, dict):
        return None
    entry = Entry(**{name: raw[name] for name in asdict(Entry()) if name in raw})
    counts = (entry.tries, entry.hints, *(entry.mistakes.values() if isinstance(entry.mistakes, dict) else (None,)))
    switches = (entry.done, entry.solution)
    sound = all(type(one) is int and one >= 0 for one in counts) and all(type(one) is bool for one in switches)
    return entry if sound else None


def _write(path: Path, known: Mapping[str, Entry]) -> None:
    content = {"kit": "salesmetrics", "exercises": {name: asdict(entry) for name, entry in known.items()}}
    put(path, (json.dumps(content, indent=1, ensure_ascii=False) + "\n").encode())


def _aside(path: Path) -> Path:
    names = (path.with_name(f"{path.stem}-damaged-{number}{path.suffix}") for number in count(1))
    return next(name for name in names if not name.exists())
