"""A view of a class: counts over made-up progress files, damaged ones named, nothing about any one learner."""

import json
import os

import pytest

from salesmetrics.cli import main
from salesmetrics.exercises.classroom import collect, page, text
from salesmetrics.exercises.content import questions

# An exercise with a named mistake, whichever the lessons have.
EXERCISE, MISTAKE = next(
    (question.id, wrong.mistake)
    for question in questions().values()
    for wrong in question.wrong
    if question.kind == "number"
)
RIGHT = {"done": True, "tries": 1}
LATE = {"done": True, "tries": 6, "hints": 2, "mistakes": {MISTAKE: 5}}
NOT_YET = {"tries": 1, "solution": True, "mistakes": {MISTAKE: 1}}


def write(path, entry):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps({"kit": "salesmetrics", "exercises": {EXERCISE: entry}}), encoding="utf-8")


@pytest.fixture
def classroom(tmp_path):
    folder = tmp_path / "class"
    for name, entry in (("anna", RIGHT), ("bert", LATE), ("cees", NOT_YET)):
        write(folder / f"{name}.json", entry)
    return folder


def test_learners_are_counted_not_answers(classroom):
    group = collect(classroom)
    assert (group.learners, group.skipped) == (3, ())
    (tally,) = group.tallies
    assert (tally.tried, tally.done, tally.at_once, tally.stumbled, tally.hinted, tally.shown) == (3, 2, 1, 2, 1, 1)
    (mistake,) = group.misconceptions
    assert (mistake.mistake, mistake.learners) == (MISTAKE, 2)


def test_nobody_is_counted_twice(classroom):
    content = {"learner": "1a2b", "exercises": {EXERCISE: LATE}}
    (classroom / "dirk.json").write_text(json.dumps(content), encoding="utf-8")
    content["exercises"] = {EXERCISE: NOT_YET, "welcome-bet": RIGHT}
    (classroom / "dirk (laptop).json").write_text(json.dumps(content), encoding="utf-8")
    # The same file under another name; and two learners who happen to have done the same.
    os.link(classroom / "anna.json", classroom / "anna-again.json")
    write(classroom / "eva.json", RIGHT)
    group = collect(classroom)
    assert group.learners == 5
    tally = next(tally for tally in group.tallies if tally.question.id == EXERCISE)
    assert (tally.tried, tally.done, tally.at_once) == (5, 4, 2)


@pytest.mark.skipif(os.name == "nt", reason="Windows has no pipes")
def test_a_pipe_in_the_folder_is_left_out_and_not_waited_for(classroom):
    os.mkfifo(classroom / "pipe.json")
    (classroom / "circle.json").symlink_to(classroom / "circle.json")
    group = collect(classroom)
    assert (group.learners, group.skipped) == (3, ("circle.json", "pipe.json"))


def test_folders_in_the_folder_are_read_and_damaged_files_named(classroom):
    write(classroom / "table 2" / "dirk.json", LATE)
    (classroom / "broken.json").write_text('{"exercises": ', encoding="utf-8")
    (classroom / "other.json").write_bytes(b"\xff\xfe{}")
    group = collect(classroom)
    assert group.learners == 4
    assert group.skipped == ("broken.json", "other.json")
    assert "broken.json, other.json" in text(group)


def test_what_is_told_holds_the_counts_and_no_learners_name(classroom, language):
    group = collect(classroom)
    said = text(group)
    assert {"en": "2 of 3", "nl": "2 van de 3"}[language] in said.replace("\u00a0", " ")
    told = page(group)
    for name in ("anna", "bert", "cees"):
        assert name not in said + told
    assert f'<html lang="{language}">' in told
    assert "://" not in told.replace("http://www.w3.org", "")
    assert "default-src 'none'" in told
    assert "<script" not in told


@pytest.mark.parametrize(
    ("done", "words"),
    [
        ("bet", {"en": "So far only bets and answers", "nl": "Tot nu toe zijn er alleen gokken"}),
        ("number", {"en": "Nobody stumbled", "nl": "Niemand struikelde"}),
    ],
)
def test_that_nobody_stumbled_is_said_of_answers_that_can_be_wrong(tmp_path, language, done, words):
    exercise = next(name for name, question in questions().items() if question.kind == done)
    kept = {"kit": "salesmetrics", "exercises": {exercise: RIGHT}}
    (tmp_path / "anna.json").write_text(json.dumps(kept), encoding="utf-8")
    assert words[language] in text(collect(tmp_path))


def test_a_hostile_file_name_stays_text(classroom):
    (classroom / "<img src=x onerror=1>.json").write_text("{}", encoding="utf-8")
    assert "<img src=x" not in page(collect(classroom))


def test_the_command_prints_and_writes_a_page(classroom, tmp_path, capsys, language):
    target = tmp_path / "class.html"
    assert main(["collect", str(classroom), "-o", str(target), "--lang", language]) == 0
    assert str(target) in capsys.readouterr().out
    assert target.read_text(encoding="utf-8").startswith("<!doctype html>")


def test_a_page_is_never_written_over_a_learners_file(classroom, capsys):
    mine = classroom / "anna.json"
    before = mine.read_bytes()
    assert main(["collect", str(classroom), "-o", str(mine)]) == 1
    assert "is no name for a web page" in capsys.readouterr().err
    assert mine.read_bytes() == before


@pytest.mark.parametrize("given", [[], ["nowhere"], ["."], [".", "too", "many"]], ids=str)
def test_what_cannot_be_counted_is_said_in_a_line(given, tmp_path, monkeypatch, capsys, language):
    monkeypatch.chdir(tmp_path)
    assert main(["collect", *given, "--lang", language]) == 1
    said = capsys.readouterr().err
    assert "→" in said
    assert "Traceback" not in said
