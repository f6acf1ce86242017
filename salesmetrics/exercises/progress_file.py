"""What a learner has done, kept as readable JSON in the folder that the kit laid down, and nowhere else.

In the file that a workshop is counted from are only counts: how often an exercise was tried, which known mistakes were
met, whether it is done; and a random number, so that no learner is counted twice. No answers, no names, no times. What
was answered last, which a page opened again still shows, has a file of its own beside it; nothing but the kit's own
exercises reads it.
"""

from __future__ import annotations

import errno
import json
import os
import secrets
import stat
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, field, replace
from itertools import count
from pathlib import Path
from typing import Any, Generic, TypeVar

from filelock import FileLock, Timeout

from salesmetrics.base.language import _
from salesmetrics.base.writing import UNFINISHED, put
from salesmetrics.exercises.folder import is_kits

FILE, ANSWERS = "progress.json", "answers.json"
_WAIT = 10  # seconds, for another kernel to finish writing
_LONGEST = 5_000  # letters of one answer in one's own words

Item = TypeVar("Item")


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


@dataclass(frozen=True)
class Kept(Generic[Item]):
    """What a file holds.

    Parameters
    ----------
    entries
        What is known, by exercise.
    whole
        Whether all of the file could be read.
    learner
        A number that tells one learner's file from another's, and nothing else; empty in an older file.
    """

    entries: dict[str, Item]
    whole: bool = True
    learner: str = ""


def entries() -> dict[str, Entry]:
    """Return what is known, by exercise; what a damaged file no longer says is not known."""
    return entries_and_trouble()[0]


def entries_and_trouble() -> tuple[dict[str, Entry], str]:
    """Return what is known, and why the file can't be read; nothing of the latter where it can, or is not there."""
    folder = place()
    try:
        return (read(folder / FILE).entries if folder else {}), ""
    except OSError as error:
        return {}, _("Your progress in {file} can't be read: {reason}.").format(file=FILE, reason=error.strerror)


def answers() -> dict[str, Any]:
    """Read what was answered last, by exercise; a file that can't be read holds nothing."""
    folder = place()
    with suppress(OSError):
        return _read(folder / ANSWERS, "answers", _given).entries if folder else {}
    return {}


def note_answer(exercise: str, *, done: bool, mistake: str = "") -> str:
    """Keep that an answer was judged. Return a sentence where something is amiss with the file, else nothing."""

    def step(entry: Entry) -> Entry:
        mistakes = dict(entry.mistakes)
        if mistake:
            mistakes[mistake] = mistakes.get(mistake, 0) + 1
        return replace(entry, done=entry.done or done, tries=entry.tries + 1, mistakes=mistakes)

    return _count(exercise, step)


def note_hint(exercise: str, number: int) -> str:
    """Keep that this many hints were read; see :func:`note_answer`."""
    return _count(exercise, lambda entry: replace(entry, hints=max(entry.hints, number)))


def note_solution(exercise: str) -> str:
    """Keep that the solution was asked for; see :func:`note_answer`."""
    return _count(exercise, lambda entry: replace(entry, solution=True))


def note_given(exercise: str, given: Any) -> str:
    """Keep an answer as the browser gave it, a text or a list of texts: anything else is not kept.

    Return a sentence where it could not be kept, else nothing.
    """

    def added(path: Path) -> tuple[dict[str, Any], bool]:
        kept = _read(path, "answers", _given)
        return {"answers": {**kept.entries, exercise: given}}, kept.whole

    if _given(given) is None:
        return ""
    return _keep(ANSWERS, added, _("Your answer could not be kept in {file}: {reason}."))


def _count(exercise: str, step: Callable[[Entry], Entry]) -> str:
    def counted(path: Path) -> tuple[dict[str, Any], bool]:
        kept = read(path)
        known = {**kept.entries, exercise: step(kept.entries.get(exercise, Entry()))}
        exercises = {name: asdict(entry) for name, entry in known.items()}
        return {"learner": kept.learner or secrets.token_hex(8), "exercises": exercises}, kept.whole

    return _keep(FILE, counted, _("Your progress could not be kept in {file}: {reason}."))


def _keep(file: str, change: Callable[[Path], tuple[dict[str, Any], bool]], failed: str) -> str:
    """Write anew what ``change`` makes of a file; one that it could not read whole is set aside first."""
    folder, warning = place(), ""
    if folder is None:
        return ""
    path = folder / file
    try:
        with exclusive_lock(path):
            content, whole = change(path)
            if not whole:
                warning = set_aside(path)
            text = json.dumps({"kit": "salesmetrics", **content}, indent=1, ensure_ascii=False)
            put(path, (text + "\n").encode(errors="backslashreplace"))
    except (OSError, ValueError) as error:
        return failed.format(file=file, reason=getattr(error, "strerror", None) or error)
    return warning


def forget() -> str:
    """Delete all answers and all progress. Return a sentence where a file could not be deleted, else nothing."""
    folder = place()
    for path in (folder / ANSWERS, folder / FILE) if folder else ():
        try:
            path.unlink(missing_ok=True)
        except OSError as error:
            return _("{file} could not be deleted: {reason}.").format(file=path.name, reason=error.strerror)
    return ""


@contextmanager
def exclusive_lock(path: Path) -> Iterator[None]:
    """Let nobody else of the kit write a file meanwhile: another lesson's kernel, or another laptop on the folder.

    Raises
    ------
    OSError
        Somebody else has been writing it for too long, or no lock can be made there.
    """
    try:
        with FileLock(path.with_name(f".{path.name}.lock"), timeout=_WAIT):
            yield
            # What a kernel that was ended in the middle of writing has left; nobody else writes here now.
            for left in path.parent.glob(f".{path.name}.{'[0-9a-f]' * 16}{UNFINISHED}"):
                left.unlink(missing_ok=True)
    except Timeout:
        raise OSError(errno.EBUSY, _("another program holds it")) from None


def set_aside(path: Path) -> str:
    """Keep a damaged file under another name. Return a sentence that says so."""
    names = (path.with_name(f"{path.stem}-damaged-{number}{path.suffix}") for number in count(1))
    aside = next(name for name in names if not os.path.lexists(name))
    path.replace(aside)
    return _("The file {file} was damaged. It is kept as {aside}, and a new one was begun.").format(
        file=path.name, aside=aside.name
    )


def content_of(path: Path) -> bytes | None:
    """Read a file; None where there is none.

    Raises
    ------
    OSError
        It can't be opened, or it is no regular file: a pipe would be waited for.
    """
    try:
        if not stat.S_ISREG(path.stat().st_mode):
            raise OSError(errno.EINVAL, _("it is no regular file"))
        return path.read_bytes()
    except FileNotFoundError:
        if path.is_symlink():
            raise
        return None


def read(path: Path) -> Kept[Entry]:
    """Return every entry of a progress file that can still be read, in whatever Unicode it was saved.

    Raises
    ------
    OSError
        It can't be opened, or it is no regular file; nothing is known of it then, and nothing was done to it.
    """
    return _read(path, "exercises", _entry)


def _read(path: Path, name: str, sound: Callable[[Any], Item | None]) -> Kept[Item]:
    """Read a file's items under a name; those that are not sound are left out."""
    content = content_of(path)
    if content is None:
        return Kept({})
    try:
        found, whole = _parsed(content)
        items = found[name].items()
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return Kept({}, whole=False)
    known = {name: item for name, raw in items if (item := sound(raw)) is not None}
    learner = found.get("learner")
    return Kept(known, whole and len(known) == len(items), learner if isinstance(learner, str) else "")


def _parsed(content: bytes) -> tuple[Any, bool]:
    """Parse JSON, and tell whether its text was sound; the rest of a text with broken letters can be read."""
    try:
        return json.loads(content), True
    except UnicodeDecodeError:
        return json.loads(content.decode(errors="replace")), False


def _entry(raw: object) -> Entry | None:
    if not isinstance(raw, dict):
        return None
    entry = Entry(**{name: raw[name] for name in asdict(Entry()) if name in raw})
    counts = (entry.tries, entry.hints, *(entry.mistakes.values() if isinstance(entry.mistakes, dict) else (None,)))
    switches = (entry.done, entry.solution)
    sound = all(type(each) is int and each >= 0 for each in counts) and all(type(each) is bool for each in switches)
    return entry if sound else None


def _given(raw: object) -> object | None:
    texts = raw if isinstance(raw, list) else [raw]
    return raw if all(isinstance(text, str) and len(text) <= _LONGEST for text in texts) else None
