"""Which cells of an opened lesson run by themselves; asked by the JupyterLab extension, in the lesson's kernel.

The kit's own cells run, each known by the hash of its code: a mark in a notebook anybody can write, this not. A cell
that somebody changed or added waits for its reader, and so does what needs a name that it makes. Nothing runs where
something beside the notebook would be imported instead of a module.
"""

from __future__ import annotations

import ast
import builtins
import hashlib
import json
import os
import sys
from collections.abc import Iterator, Sequence
from functools import cache
from importlib.machinery import all_suffixes
from importlib.metadata import version
from importlib.util import find_spec
from inspect import getmodulename
from typing import Any, Literal

from salesmetrics.base import kit_files

State = Literal["run", "own", "waits"]

# What IPython puts into every kernel.
_GIVEN = frozenset(dir(builtins)) | {"display", "get_ipython"}


def answer(asked: str) -> str:
    """Answer the extension: JSON in, JSON out, the latter as hexadecimal digits that no kernel shows in another way.

    Parameters
    ----------
    asked
        ``lesson``, its two digits, and ``sources``, the code of each code cell from top to bottom.

    Returns
    -------
    str
        ``version`` of the package; ``hidden``, what lies beside the notebook and must not; ``foreign``, whether this is
        no lesson of the kit at all; ``cells``, the state of each.
    """
    question = json.loads(asked)
    sources, own = list(question["sources"]), kit_cells(str(question["lesson"]))
    found = {
        "version": version("salesmetrics"),
        "hidden": hiding(os.getcwd()),
        "foreign": is_foreign(sources, own),
        "cells": states(sources, own),
    }
    return json.dumps(found).encode().hex()


def is_foreign(sources: Sequence[str], own: frozenset[str]) -> bool:
    """Return whether less than half of a notebook's cells are the lesson's: then it only says that it is a lesson."""
    written = [source for source in sources if source.strip()]
    return 2 * sum(digest(source) in own for source in written) < len(written) or not own


def states(sources: Sequence[str], own: frozenset[str]) -> list[State]:
    """Return each cell's state: it runs, it waits because it is the reader's, or it waits for one that is.

    Examples
    --------
    >>> own = frozenset(map(digest, ["a = 1", "a + 1", "2"]))
    >>> states(["a = 1", "a + 1", "2"], own)
    ['run', 'run', 'run']
    >>> states(["a = 5", "a + 1", "2"], own)
    ['own', 'waits', 'run']
    """
    known, found = set(_GIVEN), list[State]()
    for source in sources:
        makes, needs = _names(source)
        is_kits = digest(source) in own or not source.strip()
        state: State = "own" if not is_kits else "run" if needs <= known else "waits"
        known = known | makes if state == "run" else known - makes
        found.append(state)
    return found


def _names(source: str) -> tuple[set[str], set[str]]:
    """Return the names that a cell makes, and those that it needs from cells before it."""
    try:
        tree = ast.parse(source)
    except (SyntaxError, ValueError):
        return set(), set()
    makes, loads = set(), set()
    for node in ast.walk(tree):
        match node:
            case ast.Name(id=name, ctx=ast.Load()):
                loads.add(name)
            case ast.Name(id=name) | ast.arg(arg=name) | ast.FunctionDef(name=name) | ast.ClassDef(name=name):
                makes.add(name)
            case ast.alias(name=name, asname=other):
                makes.add(other or name.partition(".")[0])
    return makes, loads - makes


def hiding(folder: str) -> list[str]:
    """List what lies in a folder and would be imported from there instead of a module of Python's or of the kit's.

    The folder, which is the notebook's, is not on ``sys.path`` while this is asked.
    """
    with os.scandir(folder) as entries:
        found = [entry for entry in entries if _is_module(_module(entry))]
    return sorted(entry.name + "/" * entry.is_dir() for entry in found)


def _module(entry: os.DirEntry[str]) -> str:
    """Return the module that a file or a folder would be imported as; a folder of plain files hides none."""
    if not entry.is_dir():
        return getmodulename(entry.name) or ""
    return entry.name if any(os.path.exists(f"{entry.path}/__init__{suffix}") for suffix in all_suffixes()) else ""


def _is_module(name: str) -> bool:
    if not name.isidentifier():
        return False
    try:
        return name in sys.stdlib_module_names or find_spec(name) is not None
    except (ImportError, ValueError, AttributeError):
        # Something of that name is there, if only half.
        return True


_EDITIONS = ("en", "nl", "facilitator/en", "facilitator/nl")


def digest(source: str) -> str:
    """Compute the SHA-256 of a cell's code, as hexadecimal digits.

    Examples
    --------
    >>> digest("1")[:8]
    '6b86b273'
    """
    return hashlib.sha256(source.encode("utf-8", "surrogatepass")).hexdigest()


@cache
def kit_cells(lesson: str = "") -> frozenset[str]:
    """Return the digest of every code cell that the kit brings along, in both languages and both editions.

    Parameters
    ----------
    lesson
        The two digits of one lesson; without them, the cells of all lessons.

    Examples
    --------
    >>> digest('sm.exercise("welcome-bet")') in kit_cells("00")
    True
    >>> kit_cells("99")
    frozenset()
    """
    return frozenset(digest("".join(cell["source"])) for cell in code_cells(lesson))


def code_cells(lesson: str, editions: Sequence[str] = _EDITIONS) -> Iterator[dict[str, Any]]:
    """Return each code cell of a lesson, or of all lessons, as the kit delivers it."""
    for edition in editions:
        for file in (kit_files() / "notebooks" / edition).iterdir():
            if file.name.endswith(".ipynb") and file.name.startswith(f"{lesson}-" if lesson else ""):
                cells = json.loads(file.read_text(encoding="utf-8"))["cells"]
                yield from (cell for cell in cells if cell["cell_type"] == "code")
