"""The editions of a lesson: which of its cells each has, and how they link to one another."""

from __future__ import annotations

import re
from collections.abc import Iterable
from copy import copy
from dataclasses import dataclass
from typing import Any

import nbformat
from nbconvert.preprocessors import TagRemovePreprocessor
from nbformat import NotebookNode
from sources import Lesson, linked, tags_of

KERNEL = {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"}
# Without the version of Python, which would differ from one machine to the next.
LANGUAGE_INFO = {"file_extension": ".py", "mimetype": "text/x-python", "name": "python", "pygments_lexer": "ipython3"}
OWN_TAGS = {"en", "nl", "solution", "answer", "facilitator", "by-code", "fold", "notebook", "page"}


@dataclass(frozen=True)
class Edition:
    """A folder of lessons: in which language, without which cells, in files that end in what."""

    folder: str
    language: str
    without: frozenset[str]
    suffix: str = ".ipynb"


EDITIONS = (
    Edition("en", "en", frozenset({"nl", "solution", "facilitator", "page"})),
    Edition("nl", "nl", frozenset({"en", "solution", "facilitator", "page"})),
    Edition("facilitator/en", "en", frozenset({"nl", "answer", "page"})),
    Edition("facilitator/nl", "nl", frozenset({"en", "answer", "page"})),
)
# Of these the pages that need no Python are made, see ``pages/lessons.py``.
PAGES = (
    Edition("en", "en", frozenset({"nl", "solution", "facilitator", "notebook"}), ".html"),
    Edition("nl", "nl", frozenset({"en", "solution", "facilitator", "notebook"}), ".html"),
)


def edition_of(lesson: Lesson, edition: Edition, lessons: Iterable[Lesson]) -> NotebookNode:
    """Make one edition of a lesson, not yet run.

    Parameters
    ----------
    lesson
        The lesson.
    edition
        Which language, for whom.
    lessons
        All lessons, for the links from one to another.
    """
    files = {other.number: f"{other.names[edition.language]}{edition.suffix}" for other in lessons}
    cells, position = [], 0
    for original in lesson.cells:
        cell, tags = copy(original), tags_of(original)
        # Twins share a position, so a cell has one id in every edition.
        position += "nl" not in tags
        cell.id = f"{lesson.number}-{position:03}"
        cell.metadata = nbformat.from_dict(_cell_metadata(cell, tags))
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = [], None
        else:
            text = linked(cell.source, "lesson", files, f"lesson {lesson.number}: there is no lesson")
            # A no-break space: no line ends between the sign and its amount.
            cell.source = re.sub(r"€ (?=\d)", "€\N{NO-BREAK SPACE}", text)
        cells.append(cell)
    notebook = nbformat.v4.new_notebook()
    notebook.cells = cells
    notebook, _ = TagRemovePreprocessor(remove_cell_tags=set(edition.without)).preprocess(notebook, {})
    for cell in notebook.cells:
        if kept := sorted(tags_of(cell) - OWN_TAGS):
            cell.metadata["tags"] = kept
        else:
            cell.metadata.pop("tags", None)
    own = {"language": edition.language, "lesson": lesson.number} | ({"private": True} if lesson.private else {})
    if "facilitator" not in edition.without:
        own["facilitator"] = True
    notebook.metadata = nbformat.from_dict({"kernelspec": KERNEL, "language_info": LANGUAGE_INFO, "salesmetrics": own})
    if title := re.search(r"^# +(.+)$", "\n".join(c.source for c in notebook.cells if c.cell_type == "markdown"), re.M):
        notebook.metadata["title"] = title[1].strip()
    return notebook


def _cell_metadata(cell: NotebookNode, tags: set[str]) -> dict[str, Any]:
    metadata: dict[str, Any] = {"tags": sorted(tags)}
    if cell.cell_type == "code" and "by-code" not in tags:
        metadata["jupyter"] = {"source_hidden": True}
    if cell.cell_type == "markdown" and tags & {"by-code", "fold"}:
        metadata["jp-MarkdownHeadingCollapsed"] = True
    return metadata
