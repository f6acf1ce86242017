"""Read a lesson's source, and refuse it where its two languages are not one lesson.

How a lesson is written
-----------------------
One file in ``notebooks/source``, MyST Markdown, whose name starts with the lesson's two digits::

    ---
    names: {en: 02-pipeline-coverage, nl: 02-pipelinedekking}
    ---

    +++ {"tags": ["en"]}

    # Pipeline coverage

    +++ {"tags": ["nl"]}

    # Pipelinedekking

    ```{code-cell}
    :tags: [en]

    import salesmetrics as sm
    sm.use_language("en")
    ```

    ```{code-cell}
    :tags: [nl]

    import salesmetrics as sm
    sm.use_language("nl")
    ```

    ```{code-cell}
    sm.explore("coverage")
    ```

- The front matter names the file per language; ``private: true`` marks a lesson that holds somebody's own data.
- Every Markdown cell is tagged ``en`` or ``nl``, and each English cell is followed by its Dutch twin with the same
  other tags, numbers, links, code spans and heading levels (``parity.py``). A code cell without a language serves both;
  code twins may differ in the text between quotes only.
- ``notebook`` cells are in no page that works without Python, ``page`` cells in no notebook.
- ``facilitator`` and ``solution`` cells are in the facilitator's edition only; ``answer`` cells, which a learner fills
  in, in the learner's only.
- Code is folded away. ``by-code`` on a heading folds its whole section instead, and on a code cell leaves the code in
  sight. ``fold`` on a heading folds its section too: what not every reader needs, such as a lesson's sources.
- ``[another lesson](lesson:03)`` links to that lesson's notebook in the reader's language.
- Plain Markdown only: JupyterLab shows MyST's directives raw.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import jupytext
import parity
from nbformat import NotebookNode

LANGUAGES = ("en", "nl")


@dataclass(frozen=True)
class Lesson:
    """One source file as read: its number, its file name per language, its cells in both languages."""

    number: str
    names: dict[str, str]
    private: bool
    cells: tuple[NotebookNode, ...]


class BuildError(Exception):
    """Why the lessons cannot be built; the message names the lesson and the cell."""


def read_lesson(path: Path) -> Lesson:
    """Read one source file and check that its two languages are one lesson.

    Raises
    ------
    BuildError
        The name, the front matter or the twins are not as this module describes; all reasons at once.
    """
    notebook = jupytext.reads(path.read_text(encoding="utf-8"), fmt="md:myst")
    number = path.stem[:2]
    names = dict(notebook.metadata.get("names", {}))
    problems = [] if number.isdigit() else ["the file's name must start with the lesson's two digits"]
    if sorted(names) != sorted(LANGUAGES) or not all(name.startswith(f"{number}-") for name in names.values()):
        problems.append(f"names must give {' and '.join(LANGUAGES)}, each starting with {number}-, not {names}")
    problems += twin_problems(notebook.cells)
    if problems:
        raise BuildError("\n".join(f"{path.name}: {problem}" for problem in problems))
    private = bool(notebook.metadata.get("private", False))
    return Lesson(number=number, names=names, private=private, cells=tuple(notebook.cells))


def twin_problems(cells: Sequence[NotebookNode]) -> list[str]:
    """Name every cell that has no twin beside it, and every difference between twins.

    Cells are counted from 1; of a pair of twins the English one is named.
    """
    problems = []
    awaited: NotebookNode | None = None
    for at, cell in enumerate(cells, 1):
        tags = tags_of(cell)
        if awaited is not None:
            if "nl" not in tags or "en" in tags or cell.cell_type != awaited.cell_type:
                problems.append(f"cell {at - 1} ({_start(awaited)}): no Dutch twin right after it")
            else:
                problems += [f"cell {at - 1} ({_start(awaited)}): {found}" for found in _differences(awaited, cell)]
                awaited = None
                continue
        awaited = cell if "en" in tags else None
        if "nl" in tags:
            problems.append(f"cell {at} ({_start(cell)}): no English twin right before it")
        elif awaited is None and cell.cell_type != "code":
            problems.append(f"cell {at} ({_start(cell)}): text needs a language, en or nl")
    if awaited is not None:
        problems.append(f"cell {len(cells)} ({_start(awaited)}): no Dutch twin right after it")
    return problems


def _differences(english: NotebookNode, dutch: NotebookNode) -> list[str]:
    compare = parity.code_differences if english.cell_type == "code" else parity.markdown_differences
    found = compare(english.source, dutch.source)
    if (first := tags_of(english) - {"en"}) != (second := tags_of(dutch) - {"nl"}):
        found.append(f"tags: English has {sorted(first)}, Dutch has {sorted(second)}")
    return found


def tags_of(cell: NotebookNode) -> set[str]:
    """Return a cell's tags."""
    return set(cell.metadata.get("tags", ()))


def linked(markdown: str, prefix: str, files: Mapping[str, str], refusal: str) -> str:
    """Make links to files of links that name no file, such as ``[words](lesson:03)``.

    Examples
    --------
    >>> linked("[the net](lesson:01)", "lesson", {"01": "01-fishing-net.ipynb"}, "there is no lesson")
    '[the net](01-fishing-net.ipynb)'
    """

    def link(match: re.Match[str]) -> str:
        if match[1] not in files:
            raise BuildError(f"{refusal} {match[1]} to link to")
        return f"]({files[match[1]]})"

    return re.sub(rf"\]\({prefix}:([\w-]+)\)", link, markdown)


def _start(cell: NotebookNode) -> str:
    return next(iter(cell.source.strip().splitlines()), "empty")[:40]
