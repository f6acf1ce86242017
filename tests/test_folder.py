"""The learner's folder: laid down, brought up to date, and nothing of the learner's ever overwritten."""

import json

import pytest

from salesmetrics import SalesMetricsError, use_language
from salesmetrics.exercises import folder
from salesmetrics.exercises.folder import MARKER, is_kits, language_of, lay_down


def notebook(text, output="1"):
    cells = [
        {"cell_type": "markdown", "id": "a", "metadata": {}, "source": [text]},
        {"cell_type": "code", "id": "b", "metadata": {}, "source": ["1"], "execution_count": 1, "outputs": [output]},
    ]
    return json.dumps({"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5})


@pytest.fixture
def kit(tmp_path, monkeypatch):
    """A kit of two lessons and one table, in both languages, whose files and version a test may change."""
    root = tmp_path / "kit"
    for name, content in {
        "notebooks/en/02-coverage.ipynb": notebook("Coverage"),
        "notebooks/en/03-rate.ipynb": notebook("Rate"),
        "notebooks/nl/02-dekking.ipynb": notebook("Dekking"),
        "data/deals.csv": "amount\n1\n",
        "data/datapackage.json": "{}",
        "data/generate.py": "",
    }.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(content, encoding="utf-8")
    monkeypatch.setattr(folder, "kit_files", lambda: root)
    monkeypatch.setattr(folder, "version", lambda _: "1.0")
    return root


@pytest.fixture
def upgraded(kit, monkeypatch):
    """Call this to give the kit a newer version of lesson 02."""

    def upgrade(text="Coverage, better", number="2.0"):
        (kit / "notebooks/en/02-coverage.ipynb").write_text(notebook(text), encoding="utf-8")
        monkeypatch.setattr(folder, "version", lambda _: number)

    return upgrade


def names(place):
    return sorted(path.relative_to(place).as_posix() for path in place.rglob("*") if path.is_file())


def test_lays_down_one_language_and_the_data(kit, tmp_path):
    place = tmp_path / "new" / "lessons"
    laid = lay_down(place, "en")
    assert names(place) == [MARKER, "02-coverage.ipynb", "03-rate.ipynb", "data/datapackage.json", "data/deals.csv"]
    assert laid.first == "02-coverage.ipynb"
    assert set(laid.new) == set(names(place)) - {MARKER}
    assert is_kits(place)
    assert language_of(place) == "en"


def test_the_other_language_comes_beside_the_first(kit, tmp_path):
    lay_down(tmp_path / "x", "en")
    laid = lay_down(tmp_path / "x", "nl")
    assert laid.first == "02-dekking.ipynb"
    assert laid.new == ("02-dekking.ipynb",)
    assert "02-coverage.ipynb" in names(tmp_path / "x")
    assert language_of(tmp_path / "x") == "nl"


def test_a_second_time_nothing_changes(kit, tmp_path):
    lay_down(tmp_path / "x", "en")
    (tmp_path / "x" / "02-coverage.ipynb").write_text(notebook("Mine"), encoding="utf-8")
    (tmp_path / "x" / "notes.txt").write_text("mine", encoding="utf-8")
    before = {path: path.read_bytes() for path in (tmp_path / "x").rglob("*") if path.is_file()}
    laid = lay_down(tmp_path / "x", "en")
    assert (laid.new, laid.replaced, laid.kept) == ((), (), ())
    assert {path: path.read_bytes() for path in (tmp_path / "x").rglob("*") if path.is_file()} == before


def test_a_deleted_lesson_comes_back(kit, tmp_path):
    lay_down(tmp_path / "x", "en")
    (tmp_path / "x" / "02-coverage.ipynb").unlink()
    assert lay_down(tmp_path / "x", "en").new == ("02-coverage.ipynb",)


@pytest.mark.parametrize("left", [notebook("Coverage"), notebook("Coverage", output="2")], ids=["untouched", "run"])
def test_an_upgrade_replaces_what_nobody_edited(kit, tmp_path, upgraded, left):
    lay_down(tmp_path / "x", "en")
    (tmp_path / "x" / "02-coverage.ipynb").write_text(left, encoding="utf-8")
    upgraded()
    laid = lay_down(tmp_path / "x", "en")
    assert (laid.new, laid.replaced, laid.kept) == ((), ("02-coverage.ipynb",), ())
    assert (tmp_path / "x" / "02-coverage.ipynb").read_text(encoding="utf-8") == notebook("Coverage, better")


def test_an_upgrade_keeps_an_edited_lesson_and_puts_the_new_one_beside_it(kit, tmp_path, upgraded):
    place = tmp_path / "x"
    lay_down(place, "en")
    (place / "02-coverage.ipynb").write_text(notebook("Mine"), encoding="utf-8")
    upgraded()
    laid = lay_down(place, "en")
    assert laid.kept == (("02-coverage.ipynb", "02-coverage-2.0.ipynb"),)
    assert (place / "02-coverage.ipynb").read_text(encoding="utf-8") == notebook("Mine")
    assert (place / "02-coverage-2.0.ipynb").read_text(encoding="utf-8") == notebook("Coverage, better")
    assert lay_down(place, "en").kept == ()

    # The same version again with other lessons, as in a checkout: an edited newer one is kept as well.
    (place / "02-coverage-2.0.ipynb").write_text(notebook("Mine too"), encoding="utf-8")
    upgraded("Best", "2.0")
    assert lay_down(place, "en").kept == (("02-coverage.ipynb", "02-coverage-2.0-2.ipynb"),)
    assert (place / "02-coverage-2.0.ipynb").read_text(encoding="utf-8") == notebook("Mine too")
    upgraded("Better than best", "2.0")
    assert lay_down(place, "en").kept == (("02-coverage.ipynb", "02-coverage-2.0-2.ipynb"),)
    assert (place / "02-coverage-2.0-2.ipynb").read_text(encoding="utf-8") == notebook("Better than best")


def test_a_lesson_of_the_learners_own_with_a_lessons_name_is_kept(kit, tmp_path):
    lay_down(tmp_path / "x", "en")
    (tmp_path / "x" / "02-dekking.ipynb").write_text("not even a notebook", encoding="utf-8")
    assert lay_down(tmp_path / "x", "nl").kept == (("02-dekking.ipynb", "02-dekking-1.0.ipynb"),)
    assert (tmp_path / "x" / "02-dekking.ipynb").read_text(encoding="utf-8") == "not even a notebook"


def test_data_that_was_changed_is_kept(kit, tmp_path):
    lay_down(tmp_path / "x", "en")
    (tmp_path / "x/data/deals.csv").write_text("amount\n2\n", encoding="utf-8")
    (kit / "data/deals.csv").write_text("amount\n3\n", encoding="utf-8")
    assert lay_down(tmp_path / "x", "en").kept == (("data/deals.csv", "data/deals-1.0.csv"),)


@pytest.mark.parametrize(
    "damage", ["", "[]", "{", '{"files": 1, "language": 2}', '{"files": {"02-coverage.ipynb": 1}}']
)
def test_a_damaged_marker_costs_nothing(kit, tmp_path, damage, upgraded):
    place = tmp_path / "x"
    lay_down(place, "en")
    (place / "02-coverage.ipynb").write_text(notebook("Mine"), encoding="utf-8")
    (place / MARKER).write_text(damage, encoding="utf-8")
    upgraded()
    assert language_of(place) is None
    assert lay_down(place, "en").kept == (("02-coverage.ipynb", "02-coverage-2.0.ipynb"),)
    assert (place / "02-coverage.ipynb").read_text(encoding="utf-8") == notebook("Mine")


def test_what_stopped_halfway_goes_on(kit, tmp_path):
    lay_down(tmp_path / "x", "en")
    (tmp_path / "x" / MARKER).write_text(json.dumps({"kit": "salesmetrics", "files": {}}), encoding="utf-8")
    (tmp_path / "x" / "03-rate.ipynb").unlink()
    laid = lay_down(tmp_path / "x", "en")
    assert (laid.new, laid.replaced, laid.kept) == (("03-rate.ipynb",), (), ())


@pytest.mark.parametrize(
    ("language", "words"), [("en", "not empty, and what is in it is not the kit's"), ("nl", "is niet leeg")]
)
def test_refuses_a_folder_with_something_else_in_it(kit, tmp_path, language, words):
    (tmp_path / "x").mkdir()
    (tmp_path / "x" / "thesis.txt").write_text("mine", encoding="utf-8")
    use_language(language)
    with pytest.raises(SalesMetricsError, match=words) as refusal:
        lay_down(tmp_path / "x", "en")
    assert "salesmetrics lab" in refusal.value.hint
    assert names(tmp_path / "x") == ["thesis.txt"]


def test_accepts_an_empty_folder(kit, tmp_path):
    (tmp_path / "x").mkdir()
    assert lay_down(tmp_path / "x", "en").new


def test_refuses_a_file(kit, tmp_path):
    (tmp_path / "x").write_text("mine", encoding="utf-8")
    with pytest.raises(SalesMetricsError, match="is a file"):
        lay_down(tmp_path / "x", "en")


def test_says_why_it_cannot_write(kit, tmp_path):
    (tmp_path / "x").write_text("mine", encoding="utf-8")
    with pytest.raises(SalesMetricsError, match="cannot be written to") as refusal:
        lay_down(tmp_path / "x" / "y", "en")
    assert "Not a directory" in refusal.value.what or "exist" in refusal.value.what
