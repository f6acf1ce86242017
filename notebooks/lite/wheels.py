"""The packages that the kit needs in a browser: from the Pyodide distribution, and what that lacks as plain wheels."""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
import zipfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from email.parser import BytesParser
from pathlib import Path
from typing import Any

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name, parse_wheel_filename
from sources import BuildError

from lite.pyodide import Distribution, check, sha256

ROOT = Path(__file__).parents[2]
KIT = "salesmetrics"
# What the kernel in the browser brings up before the first cell, and what it asks for where Python is without.
_KERNEL = ("micropip", "ipython", "jedi", "comm")
_BESIDE_PYTHON = ("ssl", "sqlite3")
# Their part is in JupyterLab; in Python nothing asks for them.
_ONLY_IN_THE_PAGE = {"jupyterlab-widgets", "widgetsnbextension"}
# Without it a workbook gets a sentence, and CSV works.
_MAY_LACK = {"python-calamine"}
# Babel's locales: of 1,100 the kit speaks two languages.
_LOCALES = "babel/locale-data/"
_SPOKEN = ("root", "en", "nl")


@dataclass
class Chosen:
    """The packages of one site.

    Parameters
    ----------
    entries
        What its lock says of each, by name.
    lacking
        What is not as the kit asks, a sentence each.
    first
        What the browser loads before the first cell, so that no cell tells of it.
    """

    entries: dict[str, dict[str, Any]] = field(default_factory=dict)
    lacking: list[str] = field(default_factory=list)
    first: tuple[str, ...] = ()


def choose(distribution: Distribution, folder: Path) -> Chosen:
    """Put every wheel that is needed into ``folder``, and say what the lock must hold.

    A package comes from the distribution where that has it as new as the kit asks; else a wheel without compiled parts
    comes through pip, as ``constraints.txt`` says. What is compiled comes from the distribution only.

    Raises
    ------
    BuildError
        A file of the distribution is missing or damaged, or the kit's own wheel cannot be made.
    """
    chosen, marks = Chosen(), _marks(distribution)
    asked = [Requirement(text) for text in _dependencies()]
    kit = kit_wheel(folder)
    beside = [name for name in _BESIDE_PYTHON if name in distribution.packages]
    chosen.first = (KIT, *_KERNEL, *beside)
    chosen.entries[KIT] = _entry(kit, [canonicalize_name(one.name) for one in asked])
    waiting = asked + [Requirement(name) for name in chosen.first[1:]]
    while waiting:
        one = waiting.pop(0)
        name = canonicalize_name(one.name)
        if name in _ONLY_IN_THE_PAGE or not (one.marker is None or one.marker.evaluate(marks)):
            continue
        if name in chosen.entries:
            _compare(one, str(chosen.entries[name]["version"]), chosen)
            continue
        official = distribution.packages.get(name)
        compiled = official is not None and not official["file_name"].endswith("-none-any.whl")
        usable = official is not None and (compiled or one.specifier.contains(official["version"]))
        if official is not None and usable and _taken(distribution, official, folder, chosen):
            _compare(one, official["version"], chosen)
            chosen.entries[name] = official
            waiting += [Requirement(depends) for depends in official["depends"]]
        elif not compiled and (wheel := _downloaded(one, distribution, folder)):
            if name == "babel":
                _cut(wheel)
            needs = _needs(wheel, marks)
            depends = [canonicalize_name(need.name) for need in needs]
            chosen.entries[name] = _entry(wheel, [need for need in depends if need not in _ONLY_IN_THE_PAGE])
            waiting += needs
        elif not usable and name not in _MAY_LACK:
            chosen.lacking.append(f"{one}: not in Pyodide {distribution.version}, and pip finds no plain wheel of it")
    for entry in chosen.entries.values():
        entry["depends"] = [name for name in entry["depends"] if canonicalize_name(name) in chosen.entries]
    return chosen


def _dependencies() -> list[str]:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    found: list[str] = project["dependencies"]
    return found


def _marks(distribution: Distribution) -> dict[str, str]:
    return {
        "extra": "",
        "implementation_name": "cpython",
        "os_name": "posix",
        "platform_machine": "wasm32",
        "platform_system": "Emscripten",
        "python_full_version": str(distribution.info["python"]),
        "python_version": distribution.python,
        "sys_platform": "emscripten",
    }


def _compare(one: Requirement, version: str, chosen: Chosen) -> None:
    if not one.specifier.contains(version):
        chosen.lacking.append(f"{one}: it would be {version}")


def _taken(distribution: Distribution, official: Mapping[str, Any], folder: Path, chosen: Chosen) -> bool:
    path = distribution.folder / official["file_name"]
    if not path.is_file() and canonicalize_name(official["name"]) not in _MAY_LACK:
        chosen.lacking.append(f"{official['name']}: {path} is missing")
    if not path.is_file():
        return False
    check(path, official["sha256"])
    (folder / path.name).write_bytes(path.read_bytes())
    return True


def kit_wheel(folder: Path) -> Path:
    """Make the kit's own wheel, with its lessons and data in it.

    Raises
    ------
    BuildError
        It cannot be made.
    """
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    if done.returncode:
        raise BuildError(f"the kit's wheel cannot be made:\n{done.stderr.strip()}\n→ pip install -e '.[lite]'")
    [wheel] = folder.glob(f"{KIT}-*.whl")
    return wheel


def _downloaded(one: Requirement, distribution: Distribution, folder: Path) -> Path | None:
    """Fetch the plain wheel of a package through pip; nothing where there is none."""
    before = set(folder.glob("*.whl"))
    fixed = ["--no-deps", "--only-binary=:all:", "--platform=any", "--implementation=py"]
    constraints = ["-c", str(ROOT / "constraints.txt"), f"--python-version={distribution.python}"]
    pip = [sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check"]
    asked = f"{one.name}{one.specifier}"
    done = subprocess.run([*pip, *fixed, *constraints, "-d", str(folder), asked], capture_output=True, text=True)
    # The second is what pip says where constraints.txt names a version of which there is none.
    if done.returncode and not re.search("No matching distribution|ResolutionImpossible", done.stderr):
        raise BuildError(f"{one.name} cannot be fetched:\n{done.stderr.strip()}")
    return next(iter(set(folder.glob("*.whl")) - before), None)


def _needs(wheel: Path, marks: Mapping[str, str]) -> list[Requirement]:
    with zipfile.ZipFile(wheel) as archive:
        [name] = [name for name in archive.namelist() if name.endswith(".dist-info/METADATA")]
        said = BytesParser().parsebytes(archive.read(name)).get_all("Requires-Dist", [])
    asked = [Requirement(text) for text in said]
    return [one for one in asked if one.marker is None or one.marker.evaluate(dict(marks))]


def _entry(wheel: Path, depends: Iterable[str]) -> dict[str, Any]:
    name, version, _, _ = parse_wheel_filename(wheel.name)
    with zipfile.ZipFile(wheel) as archive:
        tops = {path.split("/")[0].removesuffix(".py") for path in archive.namelist()}
    return {
        "depends": sorted(depends),
        "file_name": wheel.name,
        "imports": sorted(top for top in tops if top.isidentifier()),
        "install_dir": "site",
        "name": name,
        "package_type": "package",
        "sha256": sha256(wheel),
        "unvendored_tests": False,
        "version": str(version),
    }


def _cut(wheel: Path) -> None:
    """Take out of Babel's wheel the languages that the kit does not speak: ten of its eleven megabytes."""
    with zipfile.ZipFile(wheel) as archive:
        parts = {name: archive.read(name) for name in archive.namelist() if _is_spoken(name)}
    for name in parts:
        if name.endswith(".dist-info/RECORD"):
            lines = parts[name].decode().splitlines(keepends=True)
            parts[name] = "".join(line for line in lines if _is_spoken(line.split(",")[0])).encode()
    with zipfile.ZipFile(wheel, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in parts.items():
            archive.writestr(zipfile.ZipInfo(name), data, zipfile.ZIP_DEFLATED)


def _is_spoken(name: str) -> bool:
    stem = name.removeprefix(_LOCALES).removesuffix(".dat")
    return not (name.startswith(_LOCALES) and name.endswith(".dat")) or stem.split("_")[0] in _SPOKEN
