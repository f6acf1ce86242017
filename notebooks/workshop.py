"""Make what a workshop needs on paper and on the screen: one text per document, one page of HTML per language.

How a document is written
-------------------------
One file in ``notebooks/source/workshop``, MyST Markdown as the lessons are, with an English and a Dutch cell side by
side, checked as a lesson's cells are. Its front matter names the page per language (``names``) and its look (``kind``,
a style sheet beside the sources).

- A cell becomes a ``<section>`` with the cell's other tags as its classes. ``page`` or ``slide`` among them begins a
  new page or slide.
- ``{{ name }}`` stands for a number that the kit works out, and, alone in a paragraph, for a picture, a table or a form
  (``workshop_blocks.py``): no figure is typed that can be computed.
- Cells tagged ``lesson`` and ``exercise`` are filled in once for each lesson and exercise (``workshop_key.py``).
- ``[words](doc:slides)`` links to another document, in the reader's language.

The pages hold all they need. They load nothing, from nowhere, and say so to the browser (``default-src 'none'``).
"""

from __future__ import annotations

import html
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import jupytext
import workshop_blocks
import workshop_key
from markdown_it import MarkdownIt
from nbformat import NotebookNode
from sources import LANGUAGES, BuildError, tags_of, twin_problems

from salesmetrics.base.language import language, use_language

BREAKS = ("page", "slide")
KEY = ("lesson", "exercise")
_PLACE = re.compile(r"\{\{ ([\w-]+) \}\}")
_PAGE = """\
<!DOCTYPE html>
<html lang="{language}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<style>
{style}</style>
</head>
<body class="{kind}">
{body}
{script}</body>
</html>
"""


@dataclass(frozen=True)
class Document:
    """One source file as read: how code calls it, its page's name per language, its look, its cells."""

    name: str
    names: dict[str, str]
    kind: str
    about: dict[str, Any]
    cells: tuple[NotebookNode, ...]


def pages(root: Path) -> dict[Path, str]:
    """Make every page of every document: where it belongs, and what is in it.

    Raises
    ------
    BuildError
        A document is not one document in two languages, or names something that does not exist.
    """
    documents = [read_document(path) for path in sorted((root / "source" / "workshop").glob("*.md"))]
    chosen, made = language(), {}
    try:
        for each in LANGUAGES:
            use_language(each)
            files = {document.name: f"{document.names[each]}.html" for document in documents}
            figures = workshop_blocks.values() if documents else {}
            for document in documents:
                page = render(document, each, files, {**figures, **workshop_blocks.clock(document.about)}, root)
                made[root / "facilitator" / each / files[document.name]] = page
    finally:
        use_language(chosen)
    return made


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
    """Make one page, in the language that is chosen.

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
    parts: list[str] = []
    for classes, markdown in _sections(document, language):
        if parts and classes & set(BREAKS):
            parts.append("</div>")
        parts += [f'<div class="{kind}">' for kind in BREAKS if kind in classes]
        looks = " ".join(sorted(classes - set(BREAKS)))
        inner = _filled(_linked(markdown, files, document), values, document)
        parts.append(f'<section class="{looks}">\n{inner}</section>' if looks else f"<section>\n{inner}</section>")
    if any(set(BREAKS) & tags_of(cell) for cell in document.cells):
        parts.append("</div>")
    body = "\n".join(parts)
    title = re.search(r"<h1>(.*?)</h1>", body, re.DOTALL)
    sheets = [source / "common.css", source / f"{document.kind}.css"]
    script = source / f"{document.kind}.js"
    spoken = f"<script>\n{script.read_text(encoding='utf-8')}</script>\n" if script.is_file() else ""
    return _PAGE.format(
        language=language,
        policy="default-src 'none'; style-src 'unsafe-inline'" + ("; script-src 'unsafe-inline'" if spoken else ""),
        title=re.sub(r"<[^>]*>", "", title[1]) if title else html.escape(document.name),
        style="".join(sheet.read_text(encoding="utf-8") for sheet in sheets if sheet.is_file()),
        kind=document.kind,
        body=body,
        script=spoken,
    )


def _sections(document: Document, language: str) -> Iterator[tuple[set[str], str]]:
    """Give the sections of one language: its cells, and in the answer key one for every lesson and exercise."""
    cells = [(tags_of(cell) - set(LANGUAGES), cell.source) for cell in document.cells if language in tags_of(cell)]
    texts = {kind: source for classes, source in cells for kind in classes if kind in KEY}
    for classes, source in cells:
        if not classes & set(KEY):
            yield classes, source
    if texts:
        yield from (({kind}, text) for kind, text in workshop_key.sections(*(texts[kind] for kind in KEY)))


def _linked(markdown: str, files: dict[str, str], document: Document) -> str:
    def link(match: re.Match[str]) -> str:
        if match[1] not in files:
            raise BuildError(f"{document.name}: there is no document {match[1]} to link to")
        return f"]({files[match[1]]})"

    return re.sub(r"\]\(doc:([\w-]+)\)", link, markdown)


def _filled(markdown: str, values: dict[str, str], document: Document) -> str:
    """Turn Markdown into HTML and fill in what the kit works out."""

    def block(match: re.Match[str]) -> str:
        made = workshop_blocks.BLOCKS.get(match[1])
        return f"{made()}\n" if made else match[0]

    def value(match: re.Match[str]) -> str:
        if match[1] not in values:
            raise BuildError(f"{document.name}: nothing is called {match[1]}")
        return values[match[1]]

    page = MarkdownIt("commonmark").enable("table").render(re.sub(r"€ (?=\d)", "€\N{NO-BREAK SPACE}", markdown))
    return _PLACE.sub(value, re.sub(rf"<p>{_PLACE.pattern}</p>\n", block, page))
