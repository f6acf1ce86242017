"""No word of the other language left anywhere: in the lessons, what they show, the exercises and the messages."""

import html
import json
import re
import sys
from pathlib import Path

import pytest
from answers import ALL
from test_exercises import texts
from words import foreign, words

from salesmetrics.base.language import LANGUAGES

NOTEBOOKS = Path(__file__).parent.parent / "notebooks"
sys.path.append(str(NOTEBOOKS))

from sources import read_lesson, tags_of  # noqa: E402

EDITIONS = {"en": ("en", "facilitator/en"), "nl": ("nl", "facilitator/nl")}
CATALOGUE = (Path(__file__).parent.parent / "salesmetrics" / "base" / "nl.po").read_text(encoding="utf-8")


def read_aloud(cell):
    """Give what a cell says: its text, or what it shows; code in sight and its results are for who reads code."""
    if cell["cell_type"] == "markdown":
        yield "".join(cell["source"])
    elif cell["metadata"].get("jupyter", {}).get("source_hidden"):
        for output in cell["outputs"]:
            data = output.get("data", {})
            shown = "".join(data.get("text/html") or data.get("text/plain") or output.get("text", ()))
            alternatives = " ".join(re.findall(r'alt="([^"]*)"', shown))
            said = html.unescape(re.sub(r"<[^>]*>", " ", shown) + " " + alternatives)
            # Between quotes stand the words of a file, in the language of its system.
            yield re.sub(r"“[^”]*”", "“”", said)


def notebooks():
    for language, folders in EDITIONS.items():
        for folder in folders:
            yield from ((language, path) for path in sorted((NOTEBOOKS / folder).glob("*.ipynb")))


@pytest.mark.parametrize(("language", "path"), list(notebooks()), ids=lambda value: getattr(value, "stem", value))
def test_a_notebook_speaks_one_language(language, path):
    for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]:
        for said in read_aloud(cell):
            assert not foreign(said, language), said


@pytest.mark.parametrize("question", ALL, ids=[question.id for question in ALL])
def test_an_exercise_speaks_one_language_at_a_time(question):
    for what, text in texts(question):
        for language in LANGUAGES if text else ():
            assert not foreign(text[language], language), what


def test_each_message_speaks_one_language():
    entries = [entry for entry in CATALOGUE.split("\n\n") if "msgstr" in entry]
    assert len(entries) > 300
    for entry in entries:
        for language, half in zip(LANGUAGES, entry.split("msgstr", 1), strict=True):
            said = "".join(re.findall(r'"(.*)"', half))
            # What an option takes is typed alike in both languages.
            assert not foreign(re.sub(r"--[\w-]+ \S+", "", said), language), entry


@pytest.mark.parametrize(("language", "other"), [("en", "nl"), ("nl", "en")])
def test_a_sentence_left_in_the_other_language_is_noticed(language, other):
    """Every sentence of the lessons is put where it does not belong."""
    cells = [cell for path in (NOTEBOOKS / "source").glob("*.md") for cell in read_lesson(path).cells]
    text = "\n".join(cell.source for cell in cells if cell.cell_type == "markdown" and other in tags_of(cell))
    sentences = [sentence for sentence in re.split(r"(?<=[.?!])\s+|\n+", text) if len(words(sentence)) >= 5]
    missed = [sentence for sentence in sentences if not foreign(sentence, language)]
    assert len(sentences) > 1000
    assert len(missed) < 0.005 * len(sentences), missed
