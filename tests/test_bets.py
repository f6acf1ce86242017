"""Bets: nothing that stands before one tells its answer, and the right option can't be guessed from how it looks."""

import re
import sys
from collections import Counter
from pathlib import Path

import pytest
from answers import ALL
from test_exercises import texts

import salesmetrics as sm
from salesmetrics.base.language import LANGUAGES
from salesmetrics.exercises.content import question
from salesmetrics.exercises.feedback import told

ROOT = Path(__file__).parent.parent
sys.path.append(str(ROOT / "notebooks"))

from sources import read_lesson, tags_of  # noqa: E402

LESSONS = [read_lesson(path) for path in sorted((ROOT / "notebooks" / "source").glob("*.md"))]
BETS = [asked for asked in ALL if asked.kind == "bet"]
README = {"en": "README.md", "nl": "LEESMIJ.md"}
every_bet = pytest.mark.parametrize("bet", BETS, ids=[bet.id for bet in BETS])
every_language = pytest.mark.parametrize("language", LANGUAGES)


def flat(text):
    """Give a text in small letters, without marks and differences in white space."""
    return re.sub(r"[\s*_`>|#“”]+", " ", text).casefold()


def shown(cell, language):
    """Give what one reads in a cell: its text, its exercise with all it may say, a picture's sentence or a verdict."""
    if cell.cell_type == "markdown":
        yield cell.source
    for name in re.findall(r'sm\.exercise\("([^"]*)"\)$', cell.source):
        asked = question(name)
        yield from (text[language] for _what, text in texts(asked) if text)
        if asked.kind == "guess":
            yield told(asked)
    for name in re.findall(r'sm\.explore\("([^"]*)"\)$', cell.source):
        yield str(sm.explore(name))
    if "sm.diagnose(" in cell.source:
        for company in re.findall("startup|consultancy|agency", cell.source):
            yield str(sm.diagnose(sm.scenario(company)))


def before(bet, language):
    """Give all that a learner may have read before a bet: the lessons up to it, their list, the page of the project."""
    sm.use_language(language)
    parts = [(ROOT / README[language]).read_text(encoding="utf-8"), *(lesson.names[language] for lesson in LESSONS)]
    cells = [cell for lesson in LESSONS for cell in lesson.cells]
    parts += [cell.source for cell in cells if language in tags_of(cell) and "](lesson:01)" in cell.source]
    for cell in cells:
        if f'sm.exercise("{bet.id}")' in cell.source:
            return flat("\n".join([*parts, bet.title[language], bet.question[language]]))
        if not tags_of(cell) & {"facilitator", "solution", *(set(LANGUAGES) - {language})}:
            parts += shown(cell, language)
    raise AssertionError(f"no lesson asks {bet.id}")


def found(phrases, text):
    """List the phrases that a text has, as whole words and whole figures."""
    return [phrase for phrase in phrases if re.search(rf"(?<![\w,.]){re.escape(flat(phrase))}(?!\w)", text)]


@every_bet
@every_language
def test_nothing_before_a_bet_gives_it_away(bet, language):
    assert found(bet.gives_away[language], before(bet, language)) == []


@every_bet
@every_language
def test_the_words_that_give_a_bet_away_are_those_of_its_answer(bet, language):
    """A search for words that nobody would write finds nothing: the answer itself, put in front, is found."""
    assert len(bet.gives_away[language]) == len(bet.gives_away["en"]) >= 2
    answer = flat(bet.because[language])
    assert found(bet.gives_away[language], answer)


@every_bet
@every_language
def test_the_right_option_is_not_the_longest(bet, language):
    lengths = {choice.key: len(choice.label[language]) for choice in bet.choices}
    assert lengths[bet.answer] < max(lengths.values()), lengths


def test_the_right_option_has_no_place_of_its_own():
    places = Counter(bet.keys.index(bet.answer) for bet in BETS)
    assert max(places.values()) <= len(BETS) / 2, places


@every_bet
def test_each_option_has_a_letter_of_its_own(bet):
    """In a room they are voted on with cards."""
    assert "".join(bet.keys) == "ABCD"[: len(bet.choices)]


@every_bet
@every_language
def test_the_goals_of_a_lesson_stand_after_its_bet(bet, language):
    goals = {"en": "When you have finished", "nl": "Na deze les"}[language]
    (lesson,) = (lesson for lesson in LESSONS if lesson.number == bet.lesson.number)
    cells = [cell.source for cell in lesson.cells if not tags_of(cell) & (set(LANGUAGES) - {language})]
    at = next(at for at, cell in enumerate(cells) if f'sm.exercise("{bet.id}")' in cell)
    assert [cell for cell in cells[:at] if goals in cell] == []
