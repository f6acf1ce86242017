"""Lessons as pages: short enough to read, and with their sources at the end."""

import re
import sys
from pathlib import Path

import pytest

import salesmetrics as sm
from salesmetrics.base.language import LANGUAGES
from salesmetrics.models import NAMES, model_named

NOTEBOOKS = Path(__file__).parent.parent / "notebooks"
sys.path.append(str(NOTEBOOKS))

from sources import read_lesson, tags_of  # noqa: E402

LESSONS = {path.name[:2]: read_lesson(path) for path in sorted((NOTEBOOKS / "source").glob("*.md"))}
SOURCES = {"en": "## Sources", "nl": "## Bronnen"}
every_lesson = pytest.mark.parametrize("number", LESSONS)
every_language = pytest.mark.parametrize("language", LANGUAGES)


def texts(number, language):
    """Give a learner's texts of a lesson in one language, each with whether it is folded away."""
    deepest = 7
    folded = deepest  # the level of the heading under which the section is folded
    for cell in LESSONS[number].cells:
        tags = tags_of(cell)
        if cell.cell_type == "markdown" and language in tags and "facilitator" not in tags:
            heading = re.match(r"#+(?= )", cell.source)
            if heading and len(heading[0]) <= folded:
                folded = len(heading[0]) if tags & {"fold", "by-code"} else deepest
            yield cell.source, folded < deepest


@every_lesson
@every_language
def test_a_lesson_is_at_most_1800_words(number, language):
    open_words = sum(len(re.findall(r"\S*\w\S*", text)) for text, folded in texts(number, language) if not folded)
    assert open_words <= 1800


@every_lesson
@every_language
def test_a_lesson_ends_with_its_sources(number, language):
    last, folded = [(text, folded) for text, folded in texts(number, language) if text.startswith("## ")][-1]
    assert (last.splitlines()[0], folded) == (SOURCES[language], True)
    assert re.search(r"\b(19|20)\d\d\b", last)


CARD = {
    "en": ("## For the wall", ["The picture", "The sentence", "The trap"]),
    "nl": ("## Voor aan de muur", ["Het beeld", "De zin", "De valkuil"]),
}


@every_lesson
@every_language
def test_a_lesson_has_a_card_for_the_wall(number, language):
    """Picture, sentence and trap, short enough to read from a chair: it stands after the lesson, before its sources."""
    heading, rows = CARD[language]
    *_, card = [text for text, folded in texts(number, language) if text.startswith("## ") and not folded]
    assert card.startswith(heading)
    assert re.findall(r"(?m)^\| \*\*(.+?)\*\* \| \S.+ \|$", card) == rows
    assert f"| {number} | " in card
    assert len(re.findall(r"\S*\w\S*", card)) <= 75


def texts_under(name, *more):
    """Give what stands under a picture: as it starts, with each lever at either end, and in more positions."""
    shown, model = sm.explore(name), model_named(name)
    ends = [{lever.name: end} for lever in model.levers for end in (lever.minimum, lever.maximum)]
    for position in ({}, *ends, *more):
        shown.set(**{**model.defaults(), **position})
        yield str(shown)


def sentences_of(name):
    """Give every sentence under a picture, with all levers moved as far as they go too."""
    for text in texts_under(name, {lever.name: lever.maximum for lever in model_named(name).levers}):
        yield from re.split(r"(?<=[.?!])\s+", text)


@every_language
@pytest.mark.parametrize("name", NAMES)
def test_no_sentence_under_a_picture_is_longer_than_50_words(name, language):
    sm.use_language(language)
    longest = max(sentences_of(name), key=lambda sentence: len(re.findall(r"\S*\w\S*", sentence)))
    assert len(re.findall(r"\S*\w\S*", longest)) <= 50, longest


@every_language
@pytest.mark.parametrize("name", NAMES)
def test_what_stands_under_a_picture_can_be_read(name, language):
    """All of it, as the picture starts, and with any one lever moved as far as it goes."""
    sm.use_language(language)
    start, *moved = (len(re.findall(r"\S*\w\S*", text)) for text in texts_under(name))
    assert start <= 75
    assert max(moved) <= 125
