"""All pages: each lesson in both languages, the taster, the start page, and the workshop's papers beside them.

Links are relative, so that the site works from a web server, from a USB stick, and from any folder.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import workshop
from editions import PAGES, Edition, edition_of
from lite import lab
from sources import LANGUAGES, BuildError, Lesson

from pages import packing, search
from pages.grids import TASTER, grid_of
from pages.lessons import Body, body_of, page
from pages.pictures import as_json
from pages.running import nowhere
from pages.words import words
from salesmetrics.base.language import language, speaking
from salesmetrics.exercises.answer_box import forget
from salesmetrics.exercises.content import question

TASTERS = {"en": "taster.html", "nl": "proef.html"}
# What a workshop hands out and shows; the rest is for who gives it.
_PAPERS = {"en": ("hand-out", "slides", "cards"), "nl": ("hand-out", "slides", "kaarten")}
_START = "index.html"
_STATES = re.compile(r'(?<=class="states">)[^<]+')


def tasters() -> dict[str, str]:
    """Return the taster of each language: the bet, the net and the map."""
    made = {}
    for each, name in TASTERS.items():
        with _anew(each):
            made[name] = _taster()
    return made


def site(lessons: Sequence[Lesson], root: Path, *, lite: bool = False, address: str = "") -> Iterator[tuple[str, str]]:
    """Return each page of the site, by its path in it.

    Parameters
    ----------
    lessons
        All lessons.
    root
        The folder of the notebooks, with the workshop's pages in it.
    lite
        Whether the kit itself lies in the site, to run in a browser.
    address
        Where the site will be published: the slides then show the taster's as a code to scan.

    Raises
    ------
    BuildError
        A page for the workshop is missing, or the address is none.
    """
    papers = _published(root, address) if address else {}
    yield from tasters().items()
    found: dict[str, list[Any]] = {edition.language: [] for edition in PAGES}
    for edition in PAGES:
        for at in range(len(lessons)):
            place, made = _address(lessons[at], edition), _lesson(lessons, at, edition)
            found[edition.language].append([place, _title(lessons[at], edition, lessons), search.sections(made)])
            yield place, made
        for name in _PAPERS[edition.language]:
            paper = root / "facilitator" / edition.language / f"{name}.html"
            if not paper.is_file():
                raise BuildError(f"{paper.name} is missing → python notebooks/build.py workshop")
            yield f"workshop/{edition.language}/{name}.html", papers.get(paper) or paper.read_text(encoding="utf-8")
    yield _START, _start(lessons, found, lite=lite)


def _published(root: Path, address: str) -> dict[Path, str]:
    parts = urlsplit(address)
    if parts.scheme not in ("http", "https") or not parts.netloc or parts.query or parts.fragment:
        raise BuildError(
            f"{address} is no address that a site can have\n"
            "→ give the whole address of its start page's folder, such as https://example.org/kit/"
        )
    return workshop.pages(root, {each: f"{address.rstrip('/')}/{name}" for each, name in TASTERS.items()})


def _address(lesson: Lesson, edition: Edition) -> str:
    return f"{edition.folder}/{lesson.names[edition.language]}{edition.suffix}"


def _lesson(lessons: Sequence[Lesson], at: int, edition: Edition) -> str:
    lesson, other = lessons[at], next(each for each in PAGES if each != edition)
    notebook = edition_of(lesson, edition, lessons)
    with _anew(edition.language):
        body = body_of(notebook)
        if lesson.private:
            body = body.replace("</h1>", f'</h1>\n<p class="notice">{words("own_file")}</p>', 1)
        beside = [(words("previous"), "prev", at - 1), (words("next"), "next", at + 1)]
        return page(
            str(notebook.metadata["title"]),
            body,
            top=[
                (f"../{_START}", words("all_lessons"), ""),
                (f"../{_address(lesson, other)}", words("other_language"), other.language),
            ],
            bottom=[
                (f"../{_address(there, edition)}", f"{way}: {_title(there, edition, lessons)}", rel)
                for way, rel, place in beside
                for there in lessons[max(place, 0) : place + 1]
            ],
        )


def _title(lesson: Lesson, edition: Edition, lessons: Sequence[Lesson]) -> str:
    return str(edition_of(lesson, edition, lessons).metadata["title"])


def same(stored: str, now: str) -> bool:
    """Return whether two pages hold the same, however their states were compressed: that differs between machines."""
    return _unpacked(stored) == _unpacked(now)


def _unpacked(text: str) -> tuple[str, list[bytes]]:
    try:
        states = [packing.contents(packed) for packed in _STATES.findall(text)]
    except (ValueError, OSError, EOFError):
        states = [text.encode()]
    return _STATES.sub("", text), states


@contextmanager
def _anew(chosen: str) -> Iterator[None]:
    """Choose a language for a while, where nobody's progress lies."""
    with nowhere(), speaking(chosen):
        forget()
        yield


def _taster() -> str:
    body = Body()
    body.add_text(f"# {words('start_title')}\n\n{words('taster_intro')}")
    body.add_exercise(question("welcome-bet"))
    body.add_text(f"## {words('taster_net')}\n\n{words('taster_net_text')}")
    body.add_picture(grid_of("fishing-net", TASTER))
    body.add_text(f"## {words('taster_map')}\n\n{words('taster_map_text')}")
    body.add_picture(grid_of("balance", TASTER), play=False)
    body.add_text(words("taster_more"))
    other = next(each for each in LANGUAGES if each != language())
    return page(words("taster"), body.html(), top=[(TASTERS[other], words("other_language"), other)])


def _start(lessons: Sequence[Lesson], found: dict[str, list[Any]], *, lite: bool) -> str:
    columns = []
    for edition in PAGES:
        each = edition.language
        with _anew(each):
            items = "\n".join(
                f"{at}. [{_title(lesson, edition, lessons)}]({_address(lesson, edition)})"
                for at, lesson in enumerate(lessons)
            )
            papers = " · ".join(f"[{name}](workshop/{each}/{name}.html)" for name in _PAPERS[each])
            kit = f"[{words('lite')}]({lab.address(lessons[0].names[each], each)}): {words('lite_text')}\n\n" * lite
            text = Body()
            text.add_text(
                f"## {words('start_title')}\n\n{words('start')}\n\n[{words('taster')}]({TASTERS[each]})\n\n{kit}"
                f"{items}\n\n{words('workshop')}: {papers}"
            )
            index = {"lessons": found[each], "say": {name: words(name) for name in ("search", "nothing")}}
            text.add(f'<div class="search"></div><script type="application/json">{as_json(index)}</script>')
            columns.append(f'<section lang="{each}">\n{text.html()}</section>')
    with _anew("en"):
        return page("salesmetrics", f'<h1>salesmetrics</h1>\n<div class="columns">\n{"".join(columns)}</div>')
