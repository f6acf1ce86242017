"""Measure the lessons as somebody reads them: ``python notebooks/reading.py`` prints a row per lesson and language.

Words that are not folded away; the most levers in sight under one picture; the words of the longest sentence that may
stand under one, and of all that stands there at the start.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from sources import LANGUAGES, Lesson, read_lesson, tags_of

import salesmetrics as sm
from salesmetrics.models import model_named
from salesmetrics.widgets import in_sight

SOURCE = Path(__file__).parent / "source"


def read_lessons() -> dict[str, Lesson]:
    """Read every lesson, by its number."""
    return {path.name[:2]: read_lesson(path) for path in sorted(SOURCE.glob("*.md"))}


def count_words(text: str) -> int:
    """Count the words of a text; what has no letter or digit is none.

    Examples
    --------
    >>> count_words("5.0× is open – and € 380,000 won.")
    6
    """
    return len(re.findall(r"\S*\w\S*", text))


def texts(lesson: Lesson, language: str) -> Iterator[tuple[str, bool]]:
    """Return a learner's texts of a lesson in one language, each with whether it is folded away."""
    deepest = 7
    folded = deepest  # the level of the heading under which the section is folded
    for cell in lesson.cells:
        tags = tags_of(cell)
        if cell.cell_type == "markdown" and language in tags and "facilitator" not in tags:
            heading = re.match(r"#+(?= )", cell.source)
            if heading and len(heading[0]) <= folded:
                folded = len(heading[0]) if tags & {"fold", "by-code"} else deepest
            yield cell.source, folded < deepest


def open_words(lesson: Lesson, language: str) -> int:
    """Count the words of a lesson that are not folded away."""
    return sum(count_words(text) for text, folded in texts(lesson, language) if not folded)


def pictures(lesson: Lesson) -> list[str]:
    """List the pictures with sliders of a lesson."""
    return [name for cell in lesson.cells for name in re.findall(r'sm\.explore\("([^"]*)"\)$', cell.source)]


def texts_under(name: str, *more: dict[str, float]) -> Iterator[str]:
    """Return what stands under a picture: as it starts, with each lever at either end, and in more positions."""
    shown, model = sm.explore(name), model_named(name)
    ends = [{lever.name: end} for lever in model.levers for end in (lever.minimum, lever.maximum)]
    for position in ({}, *ends, *more):
        shown.set(**{**model.defaults(), **position})
        yield str(shown)


def sentences_under(name: str) -> Iterator[str]:
    """Return every sentence under a picture, with all levers moved as far as they go too."""
    farthest = {lever.name: lever.maximum for lever in model_named(name).levers}
    for text in texts_under(name, farthest):
        yield from re.split(r"(?<=[.?!])\s+", text)


def levers_in_sight(name: str) -> int:
    """Count the sliders of a picture that are not folded away."""
    return len(in_sight(list(sm.explore(name).levers.values()))[0].children)


def main() -> None:
    """Print the table."""
    print("| lesson | words | levers in sight | longest sentence under a picture | all under it, at the start |")
    print("|---|---|---|---|---|")
    for number, lesson in read_lessons().items():
        for language in LANGUAGES:
            sm.use_language(language)
            names = pictures(lesson)
            levers = max(map(levers_in_sight, names), default=0)
            longest = max((count_words(said) for name in names for said in sentences_under(name)), default=0)
            start = max((count_words(next(texts_under(name))) for name in names), default=0)
            print(f"| {number} {language} | {open_words(lesson, language)} | {levers} | {longest} | {start} |")


if __name__ == "__main__":
    main()
