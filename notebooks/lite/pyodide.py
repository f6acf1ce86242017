"""A folder with a Pyodide distribution: known by its lock, and each file that is used held against its sha256."""

from __future__ import annotations

import hashlib
import json
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from packaging.utils import canonicalize_name
from sources import BuildError

LOCK = "pyodide-lock.json"
_KNOWN = Path(__file__).with_name("official.toml")


@dataclass(frozen=True)
class Distribution:
    """A Pyodide distribution whose lock is known.

    Parameters
    ----------
    folder
        Where it lies.
    version
        Pyodide's own, such as ``314.0.7``.
    python
        Of which Python it is, such as ``3.14``.
    info
        What the lock says of the whole.
    packages
        What the lock says of each package, by its normalised name.
    core
        The files that Pyodide itself consists of.
    """

    folder: Path
    version: str
    python: str
    info: dict[str, Any]
    packages: dict[str, dict[str, Any]]
    core: tuple[str, ...]


def read_distribution(folder: Path) -> Distribution:
    """Read a distribution, and check its lock and its core against what Pyodide published.

    Raises
    ------
    BuildError
        The folder holds no Pyodide, one that is not known, or a damaged one.
    """
    path = folder / LOCK
    if not path.is_file():
        raise BuildError(
            f"{folder} holds no Pyodide distribution: it has no {LOCK}\n"
            "→ unpack the archive of a Pyodide release, and name the folder with that file"
        )
    published = tomllib.loads(_KNOWN.read_text(encoding="utf-8"))
    digest = sha256(path)
    version = next((version for version, files in published.items() if files[LOCK] == digest), None)
    if version is None:
        raise BuildError(
            f"{path} is not the lock of a Pyodide that is known here ({', '.join(published)}): its sha256 is {digest}\n"
            "→ get it again where Pyodide publishes it; of another release, add the digests from there to "
            f"{_KNOWN.name} first"
        )
    lock = json.loads(path.read_text(encoding="utf-8"))
    core = published[version]
    for name, expected in core.items():
        check(folder / name, expected)
    return Distribution(
        folder,
        version,
        ".".join(lock["info"]["python"].split(".")[:2]),
        lock["info"],
        {canonicalize_name(name): entry for name, entry in lock["packages"].items()},
        tuple(name for name in core if name != LOCK),
    )


def check(path: Path, expected: str) -> None:
    """Refuse a file that is missing, or whose sha256 is another.

    Raises
    ------
    BuildError
        It is missing or damaged.
    """
    if not path.is_file():
        raise BuildError(
            f"{path} is missing\n→ take the full distribution: the one that is called core holds no packages"
        )
    if (found := sha256(path)) != expected:
        raise BuildError(
            f"{path} is damaged or another file: its sha256 is {found}, not {expected}\n"
            "→ get the distribution again where Pyodide publishes it"
        )


def sha256(path: Path) -> str:
    """Return the sha256 of a file, in hexadecimal digits."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
