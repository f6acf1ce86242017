"""A learner's or a facilitator's folder: what the kit laid down in it, and what was changed there never overwritten."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.metadata import version
from itertools import count
from pathlib import Path
from typing import Literal

from salesmetrics.base import kit_files
from salesmetrics.base.errors import SalesMetricsError
from salesmetrics.base.language import _
from salesmetrics.base.writing import put

MARKER = ".salesmetrics.json"

Edition = Literal["learner", "facilitator"]

# Which lessons go into a folder of each edition, and which of the files there.
_LESSONS: dict[Edition, tuple[str, tuple[str, ...]]] = {
    "learner": ("notebooks", (".ipynb",)),
    "facilitator": ("notebooks/facilitator", (".ipynb", ".html")),
}

# What the marker remembers of one file: the digest of its bytes as laid, and of what a learner can change in it.
Remembered = dict[str, str]


@dataclass(frozen=True)
class Laid:
    """What laying the lessons down did, by file name.

    Parameters
    ----------
    first
        The lesson to open first.
    new, replaced
        Files that were not there, and files that made place for a newer version.
    kept
        Files that a learner had changed, with the name under which the newer version lies beside them.
    """

    first: str
    new: tuple[str, ...] = ()
    replaced: tuple[str, ...] = ()
    kept: tuple[tuple[str, str], ...] = ()


def is_kits(folder: Path) -> bool:
    """Return whether the kit laid this folder down."""
    return (folder / MARKER).is_file()


def lay_down(folder: Path, language: str, edition: Edition | None = None) -> Laid:
    """Put the lessons in one language, and the data, into ``folder``, or bring up to date what is there already.

    A new folder gets the learner's edition unless another is asked for; a folder of the kit's stays of its edition. The
    facilitator's has notes and solutions in the lessons, and the pages for a workshop.

    A file that nobody changed is replaced by a newer version of the kit. One that a learner changed stays as it is, and
    the newer version comes beside it. A notebook counts as changed when its text or code differs: running it changes
    nothing that cannot be had back.

    Raises
    ------
    SalesMetricsError
        The folder holds something else, or cannot be written to.
    """
    try:
        if folder.exists() and not folder.is_dir():
            raise SalesMetricsError(
                _("{folder} is a file, not a folder.").format(folder=folder), hint=_("Name another folder.")
            )
        new_folder = (
            _("Name a new folder: salesmetrics workshop my-workshop")
            if edition == "facilitator"
            else _("Name a new folder: salesmetrics lab my-lessons")
        )
        if folder.is_dir() and any(folder.iterdir()) and not is_kits(folder):
            raise SalesMetricsError(
                _("{folder} is not empty, and what is in it is not the kit's.").format(folder=folder), hint=new_folder
            )
        chosen: Edition = edition or edition_of(folder) or "learner"
        if (edition_of(folder) or chosen) != chosen:
            raise SalesMetricsError(
                _("{folder} holds a learner's lessons; those with the solutions do not belong among them.").format(
                    folder=folder
                ),
                hint=new_folder,
            )
        folder.mkdir(parents=True, exist_ok=True)
        remembered = _remembered(folder)
        # Before the first lesson, so that a folder half laid down is known as the kit's the next time.
        _remember(folder, language, chosen, remembered)
        laid = _lay(folder, dict(_kit(language, chosen)), remembered)
        _remember(folder, language, chosen, remembered)
    except OSError as error:
        raise SalesMetricsError(
            _("The lessons cannot be written to {folder}: {reason}.").format(folder=folder, reason=error.strerror),
            hint=_("Name another folder, one that you may write to."),
        ) from error
    return laid


def language_of(folder: Path) -> str | None:
    """Return in which language the kit laid this folder down last, if it did."""
    found = _marker(folder).get("language")
    return found if isinstance(found, str) else None


def edition_of(folder: Path) -> Edition | None:
    """Return which edition the kit laid down in this folder, if it did; a marker that does not say is a learner's."""
    if not (marker := _marker(folder)):
        return None
    return "facilitator" if marker.get("edition") == "facilitator" else "learner"


def _kit(language: str, edition: Edition) -> Iterator[tuple[str, bytes]]:
    """Return each file that belongs in the folder: its place, with forward slashes, and what is in it."""
    lessons, ends = _LESSONS[edition]
    for place, part, endings in (("", f"{lessons}/{language}", ends), ("data/", "data", (".csv", ".json"))):
        for file in sorted((kit_files() / part).iterdir(), key=lambda file: file.name):
            if file.name.endswith(endings):
                yield place + file.name, file.read_bytes()


def _lay(folder: Path, kit: dict[str, bytes], remembered: dict[str, Remembered]) -> Laid:
    new, replaced, kept = [], [], []
    for name, content in kit.items():
        path, before, now = folder / name, remembered.get(name), _digests(name, content)
        if not path.exists():
            _write(path, content)
            new.append(name)
        elif (before is None or before["bytes"] != now["bytes"]) and (found := path.read_bytes()) != content:
            if _digests(name, found)["inputs"] in (now["inputs"], before["inputs"] if before else None):
                _write(path, content)
                replaced.append(name)
            else:
                beside = _beside(folder, name, remembered)
                _write(folder / beside, content)
                remembered[beside] = now
                kept.append((name, beside))
        remembered[name] = now
    return Laid(first=min(kit), new=tuple(new), replaced=tuple(replaced), kept=tuple(kept))


def _beside(folder: Path, name: str, remembered: dict[str, Remembered]) -> str:
    """Name a newer version after the kit's version, without touching one that a learner has changed since."""
    path = Path(name)
    for number in count(1):
        addition = f"-{number}" if number > 1 else ""
        beside = path.with_name(f"{path.stem}-{version('salesmetrics')}{addition}{path.suffix}").as_posix()
        there = folder / beside
        if not there.exists():
            break
        if beside in remembered and _digests(beside, there.read_bytes())["inputs"] == remembered[beside]["inputs"]:
            break
    return beside


def _write(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    put(path, content)


def _digests(name: str, content: bytes) -> Remembered:
    return {"bytes": _digest(content), "inputs": _digest(_inputs(name, content))}


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _inputs(name: str, content: bytes) -> bytes:
    """Return what a learner can change in a file by hand: a notebook's text and code, of another file all of it."""
    if not name.endswith(".ipynb"):
        return content
    try:
        cells = [(cell["cell_type"], "".join(cell["source"])) for cell in json.loads(content)["cells"]]
    except (ValueError, KeyError, TypeError):
        return content
    return json.dumps(cells).encode()


def _marker(folder: Path) -> dict[str, object]:
    try:
        found = json.loads((folder / MARKER).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def _remembered(folder: Path) -> dict[str, Remembered]:
    """Read the marker; from a damaged one nothing is remembered, so that every file in the folder counts as changed."""
    files = _marker(folder).get("files")
    if not isinstance(files, dict):
        return {}
    return {
        name: entry
        for name, entry in files.items()
        if isinstance(entry, dict) and all(isinstance(entry.get(key), str) for key in ("bytes", "inputs"))
    }


def _remember(folder: Path, language: str, edition: Edition, remembered: dict[str, Remembered]) -> None:
    marker = {
        "kit": "salesmetrics",
        "version": version("salesmetrics"),
        "language": language,
        "edition": edition,
        "files": remembered,
    }
    _write(folder / MARKER, (json.dumps(marker, indent=1) + "\n").encode())
