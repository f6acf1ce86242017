"""Which cells of an opened lesson run by themselves: the kit's own, and none beside a file that hides a module."""

import json
import re
import sys
from importlib.metadata import version
from pathlib import Path

import pytest

from salesmetrics.exercises.cells_to_run import answer, digest, hiding, is_foreign, kit_cells, states
from salesmetrics.exercises.content import guesses, questions

ROOT = Path(__file__).parent.parent
sys.path.append(str(ROOT / "notebooks"))

from editions import EDITIONS, edition_of  # noqa: E402
from sources import read_lesson  # noqa: E402

LESSONS = [read_lesson(path) for path in sorted((ROOT / "notebooks" / "source").glob("*.md"))]
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*/*.ipynb")) + sorted((ROOT / "notebooks/facilitator").glob("*/*.ipynb"))
EXTENSION = ROOT / "labextension" / "salesmetrics"


def sources(path):
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    return ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "code"]


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_every_cell_of_the_kits_own_notebooks_runs(path):
    found = sources(path)
    own = kit_cells(path.name[:2])
    assert states(found, own) == ["run"] * len(found)
    assert not is_foreign(found, own)


def test_a_changed_cell_waits_and_what_needs_its_names_too():
    own = frozenset(
        map(digest, ["import salesmetrics as sm", "s = sm.a()", "s.b", "for t in s:\n    print(t)", "sm.c()"])
    )
    changed = ["import salesmetrics as sm", "s = sm.a( )", "s.b", "for t in s:\n    print(t)", "sm.c()"]
    assert states(changed, own) == ["run", "own", "waits", "waits", "run"]
    assert states([changed[0], "x = 1", *changed[4:]], own) == ["run", "own", "run"]  # added
    assert states(["import salesmetrics as sm", "s.b", "sm.c()"], own) == ["run", "waits", "run"]  # taken away
    assert states(["import salesmetrics as sm", "s = sm.a()", "s = 5", "s.b"], own) == ["run", "run", "own", "waits"]
    assert states(["%magic (", "", " \n", "sm.c()"], own) == ["own", "run", "run", "waits"]


def test_one_space_more_is_another_cell():
    own = kit_cells("00")
    assert states(['sm.exercise("welcome-bet") '], own) == ["own"]
    assert states(['import os; sm.exercise("welcome-bet")'], own) == ["own"]


@pytest.mark.parametrize(
    ("cells", "foreign"),
    [(["a"], False), (["a", "x"], False), (["a", "x", "y"], True), (["x"], True), (["", "a"], False), ([], False)],
)
def test_a_notebook_most_of_whose_cells_are_others_is_foreign(cells, foreign):
    assert is_foreign(cells, frozenset([digest("a")])) is foreign


def test_a_mark_of_no_lesson_makes_a_notebook_foreign():
    assert is_foreign(sources(NOTEBOOKS[0]), kit_cells("77"))


@pytest.mark.parametrize(
    ("files", "found"),
    [
        (["pandas.py"], ["pandas.py"]),
        (["json.py", "salesmetrics.pyc"], ["json.py", "salesmetrics.pyc"]),
        (["numpy/__init__.py"], ["numpy/"]),
        (["numpy.so"], ["numpy.so"]),
        (["data/deals.csv", "pandas/notes.txt", "00-welcome.ipynb", "pandas.txt", "my_sums.py", "progress.json"], []),
        (["sys.py"], ["sys.py"]),
    ],
)
def test_what_would_be_imported_from_beside_the_notebook_is_named(tmp_path, files, found):
    for name in files:
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("raise SystemExit", encoding="utf-8")
    assert hiding(str(tmp_path)) == found


def test_the_answer_is_hexadecimal_json(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    asked = {"lesson": "00", "sources": ['import salesmetrics as sm\nsm.use_language("en")', "print('€')"]}
    assert json.loads(bytes.fromhex(answer(json.dumps(asked)))) == {
        "version": version("salesmetrics"),
        "hidden": [],
        "foreign": False,
        "cells": ["run", "own"],
    }


def test_the_extension_is_of_the_packages_version():
    about = json.loads((EXTENSION / "package.json").read_text(encoding="utf-8"))
    script = (EXTENSION / "static" / "lesson.js").read_text(encoding="utf-8")
    assert about["version"] == version("salesmetrics")
    assert re.search(r'VERSION = "([^"]+)"', script)[1] == version("salesmetrics")


def test_the_extension_says_the_same_things_in_both_languages():
    script = (EXTENSION / "static" / "words.js").read_text(encoding="utf-8")
    english, dutch = (dict(re.findall(r'^  (\w+): "(.+)",$', part, re.MULTILINE)) for part in script.split("const nl"))
    assert english.keys() == dutch.keys()
    assert len(english) > 15
    for name, text in english.items():
        assert re.findall(r"{\w+}", text) == re.findall(r"{\w+}", dutch[name]), name
        assert text != dutch[name] or name == "workbench"
    used = "".join(path.read_text(encoding="utf-8") for path in (EXTENSION / "static").glob("*.js"))
    assert {name for name in english if f"words.{name}" not in used} == set()


def test_the_extension_knows_a_bet_from_every_other_exercise():
    script = (EXTENSION / "static" / "fold.js").read_text(encoding="utf-8")
    bet = re.compile(re.search(r"^const BET = /(.*)/;$", script, re.MULTILINE)[1])
    for one in (*questions().values(), *guesses().values()):
        assert bool(bet.search(f'sm.exercise("{one.id}")')) is (one.kind == "bet"), one.id
        assert not bet.search(f'sm.exercise("{one.id}").check("A")')


@pytest.mark.parametrize("facilitator", [False, True])
def test_the_facilitators_lessons_say_so(facilitator):
    """Only there the bar offers to open all."""
    editions = [edition for edition in EDITIONS if ("facilitator" not in edition.without) is facilitator]
    assert len(editions) == 2
    for edition in editions:
        mark = edition_of(LESSONS[0], edition, LESSONS).metadata["salesmetrics"]
        assert mark.get("facilitator", False) is facilitator
