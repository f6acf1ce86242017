"""Lessons as pages: short enough to read, and with their sources at the end."""

import re
import sys
from pathlib import Path

import pytest

import salesmetrics as sm
from salesmetrics.base.language import LANGUAGES
from salesmetrics.models import NAMES

NOTEBOOKS = Path(__file__).parent.parent / "notebooks"
sys.path.append(str(NOTEBOOKS))

from reading import (  # noqa: E402
    count_words,
    levers_in_sight,
    open_words,
    read_lessons,
    sentences_under,
    texts,
    texts_under,
)

LESSONS = read_lessons()
SOURCES = {"en": "## Sources", "nl": "## Bronnen"}
every_lesson = pytest.mark.parametrize("number", LESSONS)
every_language = pytest.mark.parametrize("language", LANGUAGES)


@every_lesson
@every_language
def test_a_lesson_is_at_most_1800_words(number, language):
    assert open_words(LESSONS[number], language) <= 1800


@every_lesson
@every_language
def test_a_lesson_ends_with_its_sources(number, language):
    last, folded = [(text, folded) for text, folded in texts(LESSONS[number], language) if text.startswith("## ")][-1]
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
    *_, card = [text for text, folded in texts(LESSONS[number], language) if text.startswith("## ") and not folded]
    assert card.startswith(heading)
    assert re.findall(r"(?m)^\| \*\*(.+?)\*\* \| \S.+ \|$", card) == rows
    assert f"| {number} | " in card
    assert count_words(card) <= 75


@pytest.mark.parametrize("name", NAMES)
def test_at_most_three_levers_are_in_sight(name):
    assert 1 <= levers_in_sight(name) <= 3


@every_language
@pytest.mark.parametrize("name", NAMES)
def test_no_sentence_under_a_picture_is_longer_than_50_words(name, language):
    sm.use_language(language)
    longest = max(sentences_under(name), key=count_words)
    assert count_words(longest) <= 50, longest


@every_language
@pytest.mark.parametrize("name", NAMES)
def test_what_stands_under_a_picture_can_be_read(name, language):
    """All of it, as the picture starts, and with any one lever moved as far as it goes."""
    sm.use_language(language)
    start, *moved = map(count_words, texts_under(name))
    assert start <= 75
    assert max(moved) <= 125
