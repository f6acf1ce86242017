"""Where the exercises are: each in one lesson, in one order everywhere, with its solution for the facilitator only."""

import base64
import html
import json
import re
import sys
from itertools import pairwise
from pathlib import Path

import pytest
from answers import ALL

from salesmetrics.exercises.content import guesses, plain, question, questions
from salesmetrics.exercises.feedback import as_html

NOTEBOOKS = Path(__file__).parent.parent / "notebooks"
sys.path.append(str(NOTEBOOKS))

from sources import read_lesson, tags_of  # noqa: E402

LESSONS = {path.name[:2]: read_lesson(path) for path in sorted((NOTEBOOKS / "source").glob("*.md"))}
EDITIONS = {"en": "en", "nl": "nl", "facilitator/en": "en", "facilitator/nl": "nl"}
CALL = re.compile(r'sm\.exercise\("([^"]*)"\)')
MONDAY = {"en": "## What do I say on Monday?", "nl": "## Wat zeg ik maandag?"}
CARD = {"en": "## For the wall", "nl": "## Voor aan de muur"}
every_lesson = pytest.mark.parametrize("number", LESSONS)
every_edition = pytest.mark.parametrize("folder", EDITIONS)


def built(folder, number):
    """Give the cells of a lesson in one edition."""
    (path,) = (NOTEBOOKS / folder).glob(f"{number}-*.ipynb")
    return json.loads(path.read_text(encoding="utf-8"))["cells"]


def asked(cells):
    """Give the exercises that cells show, in order; a cell that answers one does not show it."""
    sources = ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "code"]
    return [name for source in sources for name in CALL.findall(source) if source == f'sm.exercise("{name}")']


def belonging(number):
    return [question.id for question in ALL if question.lesson.number == number]


def guessed(number):
    return [guess.id for guess in guesses().values() if guess.lesson.number == number]


@every_lesson
@every_edition
def test_a_lesson_asks_its_own_exercises_in_the_order_of_their_file(number, folder):
    found = asked(built(folder, number))
    assert [name for name in found if name in questions()] == belonging(number) != []
    assert [name for name in found if name in guesses()] == guessed(number)


def test_no_exercise_is_left_out():
    assert list(LESSONS) == [f"{number:02}" for number in range(12)]
    assert {question.lesson.number for question in ALL} == set(LESSONS)
    assert len(ALL) >= 30


@every_lesson
def test_the_facilitator_sees_each_exercise_solved_right_after_it(number):
    code = [cell for cell in LESSONS[number].cells if cell.cell_type == "code"]
    for cell, following in pairwise(code):
        if names := asked([cell]):
            assert "solution" in tags_of(following), names
            assert set(CALL.findall(following.source)) == set(names)
            about = question(names[0])
            assert (".solution()" in following.source) == bool(about.solution or about.kind == "guess"), names


@every_lesson
@pytest.mark.parametrize("folder", ["facilitator/en", "facilitator/nl"])
def test_in_the_facilitators_edition_every_check_says_right(number, folder):
    checked = []
    for cell in built(folder, number):
        source = "".join(cell["source"])
        if cell["cell_type"] == "code" and ".check(" in source:
            verdicts = ["".join(output["data"]["text/plain"]) for output in cell["outputs"]]
            (name,) = set(CALL.findall(source))
            sign = {"bet": "● ", "free": "✓ "}.get(questions()[name].kind, "✓ ")
            assert verdicts[-1].startswith(sign), name
            if because := questions()[name].because:
                assert plain(because[EDITIONS[folder]].strip()) in verdicts[-1]
            checked.append(name)
        assert "✗" not in json.dumps(cell.get("outputs", ()), ensure_ascii=False)
    judged = [name for name in belonging(number) if questions()[name].kind != "free"]
    assert [name for name in checked if questions()[name].kind != "free"] == judged


@every_lesson
@every_edition
def test_a_lesson_ends_in_its_monday_sentence_and_its_card(number, folder):
    language = EDITIONS[folder]
    headings = [
        (heading, "".join(cell["source"]))
        for cell in built(folder, number)
        if cell["cell_type"] == "markdown" and not cell["metadata"].get("jp-MarkdownHeadingCollapsed")
        for heading in re.findall(r"^## .*$", "".join(cell["source"]), re.MULTILINE)
    ]
    (monday, text), (card, _cell) = headings[-2:]
    assert (monday, card) == (MONDAY[language], CARD[language])
    assert re.search(r"^> .*“.*”", text.partition(monday)[2], re.MULTILINE)


@pytest.mark.parametrize("language", MONDAY)
def test_the_welcome_page_lists_every_lesson_there_is(language):
    welcome = "\n".join("".join(cell["source"]) for cell in built(language, "00"))
    names = {number: lesson.names[language] for number, lesson in LESSONS.items() if number != "00"}
    assert re.findall(r"^\| (\d\d) \| \[.*\]\((.*)\.ipynb\)", welcome, re.MULTILINE) == list(names.items())


# Nobody opens a solution by accident


def everything(path):
    """Give all that a notebook file says anywhere, pictures unpacked, as running text."""
    text = json.dumps(json.loads(path.read_text(encoding="utf-8")), ensure_ascii=False)
    for packed in re.findall(r"base64,([A-Za-z0-9+/=]+)", text):
        text += base64.b64decode(packed).decode("utf-8", "replace")
    return flat(text.replace("\\n", " "))


def flat(text):
    """Give a text without tags, marks and differences in white space."""
    text = re.sub(r"<[^>]*>|[*`\\]", " ", html.unescape(text))
    return "".join(re.findall(r"[\w%×€÷=,.]+", text))


def secrets(question, language):
    """Give what an exercise says about answers, and what it is; a hint may stand in the lesson as well."""
    texts = [("solution", question.solution), ("because", question.because)]
    texts += [(one.mistake, one.says) for one in question.wrong]
    for what, text in texts:
        for line in text[language].strip().splitlines() if text else ():
            if len(flat(line)) > 25:
                yield what, flat(line)


def given_away(path, language):
    """Name what a notebook file holds of what it should not."""
    text = everything(path)
    return {(question.id, what) for question in ALL for what, line in secrets(question, language) if line in text}


@pytest.mark.parametrize("language", MONDAY)
def test_no_learners_notebook_gives_anything_away(language):
    for path in (NOTEBOOKS / language).glob("*.ipynb"):
        assert given_away(path, language) == set(), path.name
        notebook = json.loads(path.read_text(encoding="utf-8"))
        assert set(notebook["metadata"]) == {"kernelspec", "language_info", "salesmetrics", "title"}
        for cell in notebook["cells"]:
            assert set(cell) <= {"cell_type", "id", "metadata", "source", "outputs", "execution_count"}
            assert set(cell["metadata"]) <= {"jupyter", "tags", "jp-MarkdownHeadingCollapsed"}
            assert not {"solution", "facilitator"} & set(cell["metadata"].get("tags", ()))
            assert not re.search(r"\.(solution|hint|check)\(", "".join(cell["source"]))
            assert all(not output.get("metadata") for output in cell.get("outputs", ()))


@pytest.mark.parametrize("language", MONDAY)
def test_the_same_look_finds_every_solution_where_it_belongs(language):
    found = set().union(
        *(given_away(path, language) for path in (NOTEBOOKS / "facilitator" / language).glob("*.ipynb"))
    )
    long = {(one.id, "solution") for one in ALL if any(what == "solution" for what, _ in secrets(one, language))}
    assert long - found == set()
    assert len(long) > 30


@pytest.mark.parametrize(
    "hide",
    [
        lambda cell, said: cell["metadata"].update(note=said),
        lambda cell, said: cell.update(attachments={"a.md": {"text/markdown": said}}),
        lambda cell, said: cell["source"].append(said),
        lambda cell, said: cell["source"].append(as_html(said)),
        lambda cell, said: cell["source"].append("base64," + base64.b64encode(said.encode()).decode()),
    ],
    ids=["metadata", "attachment", "text", "html", "picture"],
)
def test_a_solution_put_anywhere_in_a_notebook_is_found(tmp_path, hide):
    (original,) = (NOTEBOOKS / "nl").glob("02-*.ipynb")
    notebook = json.loads(original.read_text(encoding="utf-8"))
    hide(notebook["cells"][0], questions()["coverage-remaining"].solution["nl"])
    path = tmp_path / "spoiled.ipynb"
    path.write_text(json.dumps(notebook), encoding="utf-8")
    assert given_away(path, "nl") == {("coverage-remaining", "solution")}
