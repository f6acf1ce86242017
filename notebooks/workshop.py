"""Make what a workshop needs on paper and on the screen: one text per document, one page of HTML per language.

How a document is written
-------------------------
One file in ``notebooks/source/workshop``, MyST Markdown as the lessons are, with an English and a Dutch cell side by
side, checked as a lesson's cells are. Its front matter names the page per language (``names``) and its look (``kind``,
a style sheet beside the sources, where the frame of all pages, ``page.html``, lies too).

- A cell becomes a ``<section>`` with the cell's other tags as its classes. ``page`` or ``slide`` among them begins a
  new page or slide.
- ``{{ name }}``, a place of a Jinja2 template, stands for a number that the kit works out, and, alone in a paragraph,
  for a picture, a table or a form (``workshop_blocks.py``): no figure is typed that can be computed.
- A cell tagged ``published`` is there only where the address of the taster is given.
- Cells tagged ``lesson`` and ``exercise`` are filled in once for each lesson and exercise (``workshop_key.py``).
- ``[words](doc:slides)`` links to another document, in the reader's language.

The pages hold all they need. They load nothing, from nowhere, and say so to the browser (``default-src 'none'``).
"""

from __future__ import annotations

import html
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import jupytext
import workshop_blocks
import workshop_key
from jinja2 import Environment, StrictUndefined
from markdown_it import MarkdownIt
from nbformat import NotebookNode
from sources import LANGUAGES, BuildError, linked, tags_of, twin_problems

from salesmetrics.base.language import speaking

BREAKS = ("page", "slide")
KEY = ("lesson", "exercise")
PUBLISHED = "published"
_PLACE = re.compile(r"\{\{ (\w+) \}\}")
_TITLE = re.compile(r"<h1>(.*?)</h1>", re.DOTALL)
_FRAME = Path(__file__).parent / "source" / "workshop" / "page.html"
# Nothing is escaped: what is filled in is HTML already, made by the build itself.
_TEMPLATES = Environment(trim_blocks=True, keep_trailing_newline=True, undefined=StrictUndefined)


@dataclass(frozen=True)
class Document:
    """One source file as read: how code calls it, its page's name per language, its look, its cells."""

    name: str
    names: dict[str, str]
    kind: str
    about: dict[str, Any]
    cells: tuple[NotebookNode, ...]


def pages(root: Path, tasters: Mapping[str, str] | None = None) -> dict[Path, str]:
    """Build every page of every document: where it belongs, and what is in it.

    Parameters
    ----------
    root
        The folder of the notebooks.
    tasters
        The address of the taster in each language, once it is published: the slides then show it as a code to scan.

    Raises
    ------
    BuildError
        A document is not one document in two languages, or names something that does not exist.
    """
    documents = [read_document(path) for path in sorted((root / "source" / "workshop").glob("*.md"))]
    if not tasters:
        documents = [_without(document, PUBLISHED) for document in documents]
    made = {}
    for each in LANGUAGES:
        with speaking(each):
            files = {document.name: f"{document.names[each]}.html" for document in documents}
            figures = workshop_blocks.values() if documents else {}
            figures |= workshop_blocks.taster(tasters[each]) if tasters else {}
            for document in documents:
                page = render(document, each, files, {**figures, **workshop_blocks.clock(document.about)}, root)
                made[root / "facilitator" / each / files[document.name]] = page
    return made


def _without(document: Document, tag: str) -> Document:
    return replace(document, cells=tuple(cell for cell in document.cells if tag not in tags_of(cell)))


def strays(root: Path, made: dict[Path, str]) -> list[Path]:
    """List pages in the facilitator's folders that no source makes."""
    found = [path for each in LANGUAGES for path in (root / "facilitator" / each).glob("*.html")]
    return [path for path in found if path not in made]


def read_document(path: Path) -> Document:
    """Read one source file and check that its two languages are one document."""
    notebook = jupytext.reads(path.read_text(encoding="utf-8"), fmt="md:myst")
    about = dict(notebook.metadata)
    names = dict(about.get("names", {}))
    problems = [] if sorted(names) == sorted(LANGUAGES) else [f"names must give {' and '.join(LANGUAGES)}, not {names}"]
    problems += twin_problems(notebook.cells)
    english, dutch = (
        Counter(place for cell in notebook.cells if each in tags_of(cell) for place in _PLACE.findall(cell.source))
        for each in LANGUAGES
    )
    if english != dutch:
        uneven = sorted(((english - dutch) + (dutch - english)).elements())
        problems.append(f"in one language only: {', '.join(uneven)}")
    if problems:
        raise BuildError("\n".join(f"{path.name}: {problem}" for problem in problems))
    return Document(path.stem, names, str(about.get("kind", "")), about, tuple(notebook.cells))


def render(document: Document, language: str, files: dict[str, str], values: dict[str, str], root: Path) -> str:
    """Build one page, in the language that is chosen.

    Parameters
    ----------
    document, language
        Of which text, and which of its two halves.
    files
        The name of each document's page, for the links between them.
    values
        What the places in the text stand for.
    root
        The folder of the notebooks: style and script lie beside the sources.
    """
    source = root / "source" / "workshop"
    pages: list[tuple[str, list[tuple[str, str]]]] = []
    for classes, markdown in _sections(document, language):
        begins = " ".join(kind for kind in BREAKS if kind in classes)
        if begins or not pages:
            pages.append((begins, []))
        markdown = linked(markdown, "doc", files, f"{document.name}: there is no document")
        text = _filled(markdown, values, document)
        pages[-1][1].append((" ".join(sorted(classes - set(BREAKS))), text))
    title = next((found[1] for _kind, some in pages for _looks, text in some if (found := _TITLE.search(text))), None)
    look, script = (
        "".join(path.read_text(encoding="utf-8") for path in paths if path.is_file())
        for paths in ((source / "common.css", source / f"{document.kind}.css"), (source / f"{document.kind}.js",))
    )
    template = _TEMPLATES.from_string(_FRAME.read_text(encoding="utf-8"))
    return template.render(
        language=language,
        title=html.escape(document.name) if title is None else re.sub(r"<[^>]*>", "", title),
        style=look,
        script=script,
        kind=document.kind,
        pages=pages,
    )


def _sections(document: Document, language: str) -> Iterator[tuple[set[str], str]]:
    """Return the sections of one language: its cells, and in the answer key one for every lesson and exercise."""
    cells = [(tags_of(cell) - set(LANGUAGES), cell.source) for cell in document.cells if language in tags_of(cell)]
    texts = {kind: source for classes, source in cells for kind in classes if kind in KEY}
    for classes, source in cells:
        if not classes & set(KEY):
            yield classes, source
    if texts:
        yield from (({kind}, text) for kind, text in workshop_key.sections(*(texts[kind] for kind in KEY)))


def _filled(markdown: str, values: dict[str, str], document: Document) -> str:
    """Turn Markdown into HTML and fill in what the kit works out."""

    def block(match: re.Match[str]) -> str:
        made = workshop_blocks.BLOCKS.get(match[1])
        return f"{made()}\n" if made else match[0]

    page = MarkdownIt("commonmark").enable("table").render(re.sub(r"€ (?=\d)", "€\N{NO-BREAK SPACE}", markdown))
    # An empty corner heads nothing.
    page = page.replace("<th></th>", "<td></td>")
    for name in set(_PLACE.findall(page)) - set(values) - set(workshop_blocks.BLOCKS):
        raise BuildError(f"{document.name}: nothing is called {name}")
    return _TEMPLATES.from_string(re.sub(rf"<p>{_PLACE.pattern}</p>\n", block, page)).render(values)
