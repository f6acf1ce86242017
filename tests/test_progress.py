"""Progress: kept in the kit's own folder and nowhere else, readable, and never lost."""

import json
import os
import subprocess
import sys
from collections import Counter

import pytest
from answers import ALL, right

from salesmetrics.base.language import use_language
from salesmetrics.exercises import exercise, progress, progress_file
from salesmetrics.exercises.content import questions, said
from salesmetrics.exercises.folder import MARKER
from salesmetrics.exercises.overview import _on_screen
from salesmetrics.exercises.panel import answer_about
from salesmetrics.exercises.progress_file import FILE, Entry


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """A folder that `salesmetrics lab` laid down, with a notebook running in it."""
    (tmp_path / MARKER).write_text("{}", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def kept(folder):
    return json.loads((folder / FILE).read_text(encoding="utf-8"))["exercises"]


def test_what_was_done_is_readable(folder):
    exercise("coverage-1").check("0,1667")
    exercise("coverage-1").check("0,1667")
    exercise("coverage-1").check("what?")
    exercise("coverage-1").check("6×")
    exercise("coverage-1").solution()
    assert kept(folder) == {
        "coverage-1": {"done": True, "tries": 3, "hints": 0, "solution": True, "mistakes": {"upside-down": 2}}
    }
    assert "\n" in (folder / FILE).read_text(encoding="utf-8").strip()


def test_what_is_done_stays_done(folder):
    exercise("coverage-1").check(6)
    exercise("coverage-1").check(5)
    assert kept(folder)["coverage-1"]["done"]
    assert exercise("coverage-1")._panel.done
    assert "✓ done" in str(exercise("coverage-1"))


def test_hints_are_counted_once(folder, monkeypatch):
    monkeypatch.setattr("salesmetrics.exercises.live._hints_given", Counter())
    for _ in range(4):
        exercise("balance-curve").hint()
    assert kept(folder)["balance-curve"]["hints"] == len(questions()["balance-curve"].hints)


def test_no_answer_and_no_word_of_the_learner_is_kept(folder):
    exercise("own-monday").check("We owe Jansen € 12,345.")
    exercise("coverage-1").check("987654321")
    text = (folder / FILE).read_text(encoding="utf-8")
    assert "Jansen" not in text
    assert "987654321" not in text
    assert kept(folder)["own-monday"]["done"]


def test_no_button_promises_to_keep_what_somebody_wrote(language):
    pressed = {answer_about(questions()[name])["words"]["check"] for name in ("own-monday", "consultancy-monday")}
    assert pressed == {{"en": "Done", "nl": "Klaar"}[language]}


def test_nothing_is_written_anywhere_else(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    exercise("coverage-1").check(6)
    exercise("coverage-1").hint()
    exercise("coverage-1").solution()
    assert list(tmp_path.iterdir()) == []
    assert progress().done == ()
    assert "salesmetrics lab" in str(progress())


def test_a_notebook_in_a_folder_below_keeps_it_in_the_same_file(folder, monkeypatch):
    (folder / "mine").mkdir()
    monkeypatch.chdir(folder / "mine")
    exercise("coverage-1").check(6)
    assert kept(folder)["coverage-1"]["done"]
    assert list((folder / "mine").iterdir()) == []


def test_a_folder_that_was_taken_away_is_no_error(folder, monkeypatch):
    def gone():
        raise FileNotFoundError

    monkeypatch.setattr("pathlib.Path.cwd", gone)
    assert exercise("coverage-1").check(6).tone == "right"


DAMAGED = [
    "",
    "{",
    "not json at all",
    "[]",
    "null",
    '{"exercises": 3}',
    '{"other": {}}',
    "[" * 100_000,
    '{"exercises": {"coverage-1": 5}}',
    '{"exercises": {"coverage-1": {"tries": "three"}}}',
    '{"exercises": {"coverage-1": {"tries": -1}}}',
    '{"exercises": {"coverage-1": {"mistakes": [1]}}}',
    '{"exercises": {"coverage-1": {"done": "yes"}}}',
]


@pytest.mark.parametrize("content", DAMAGED, ids=range(len(DAMAGED)))
def test_a_damaged_file_is_set_aside_not_lost(folder, content, language):
    (folder / FILE).write_text(content, encoding="utf-8")
    assert str(progress())
    verdict = exercise("coverage-1").check(6)
    aside = folder / "progress-damaged-1.json"
    assert aside.name in str(verdict)
    assert aside.read_text(encoding="utf-8") == content
    assert kept(folder)["coverage-1"]["done"]


def test_bytes_that_are_no_text_are_set_aside(folder):
    (folder / FILE).write_bytes(b"\xff\xfe\x00")
    exercise("coverage-1").check(6)
    assert (folder / "progress-damaged-1.json").read_bytes() == b"\xff\xfe\x00"


def test_the_good_part_of_a_damaged_file_goes_on(folder):
    good = {"done": True, "tries": 2, "hints": 1, "solution": False, "mistakes": {}}
    content = json.dumps({"exercises": {"welcome-try": good, "net-match": 5}})
    (folder / FILE).write_text(content, encoding="utf-8")
    (folder / "progress-damaged-1.json").write_text("an older one", encoding="utf-8")
    exercise("coverage-1").check(6)
    assert set(kept(folder)) == {"welcome-try", "coverage-1"}
    assert kept(folder)["welcome-try"] == good
    assert (folder / "progress-damaged-1.json").read_text(encoding="utf-8") == "an older one"
    assert (folder / "progress-damaged-2.json").read_text(encoding="utf-8") == content
    assert "damaged" not in str(exercise("coverage-1").check(6))


def test_a_folder_that_cannot_be_written_to_is_said(folder, monkeypatch, language):
    def refuse(*_arguments, **_options):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("pathlib.Path.write_bytes", refuse)
    verdict = exercise("coverage-1").check(6)
    assert verdict.tone == "right"
    assert FILE in str(verdict)


def test_an_entry_of_an_exercise_that_is_gone_is_kept(folder):
    (folder / FILE).write_text('{"exercises": {"old-one": {"done": true}}}', encoding="utf-8")
    exercise("coverage-1").check(6)
    assert progress_file.entries()["old-one"] == Entry(done=True)
    assert str(progress())


def test_it_survives_a_restart(folder):
    code = "from salesmetrics.exercises import exercise, progress; exercise({0!r}).check({1!r}); print(progress().done)"
    for name, answer, done in (
        ("coverage-1", 6, "('coverage-1',)"),
        ("welcome-bet", "A", "('welcome-bet', 'coverage-1')"),
    ):
        run = subprocess.run(
            [sys.executable, "-c", code.format(name, answer)],
            capture_output=True,
            check=True,
            encoding="utf-8",
            env=os.environ | {"PYTHONUTF8": "1"},
        )
        assert run.stdout.strip() == done


def test_the_list_and_the_picture_say_what_is_done(folder, language):
    exercise("coverage-1").check(6)
    exercise("coverage-remaining").check(2.5)
    text = str(progress())
    assert text.startswith(f"1 of {len(ALL)}" if language == "en" else f"1 van {len(ALL)}")
    coverage = [question for question in ALL if question.lesson.number == "02"]
    assert "□■□□□□" in text
    for question in coverage:
        assert said(question.title) in text
    assert {"en": "○ tried once", "nl": "○ één keer geprobeerd"}[language] in text
    html = progress()._repr_html_()
    assert html.count("<li>") == len(ALL) + len({question.lesson.number for question in ALL})
    assert progress().sentence() in html


def test_what_is_on_the_screen_keeps_up_with_the_answers(folder, language):
    first = progress()
    shown = first._repr_mimebundle_()
    assert shown["text/plain"] == str(first)
    assert shown["text/html"] == first._repr_html_()
    view = next(view for view in _on_screen if view.value == shown["text/html"])
    exercise("coverage-1").check(6)
    assert view.value == progress()._repr_html_() != shown["text/html"]


def test_the_picture_fills_a_square_per_exercise_that_is_done(folder):
    from salesmetrics.exercises.overview import _figure

    exercise("coverage-1").check(6)
    squares = [line for line in _figure(progress().done).axes[0].lines if line.get_marker() == "s"]
    assert len(squares) == len(ALL)
    filled = [at for at, line in enumerate(squares) if line.get_markerfacecolor() != "none"]
    assert filled == [[question.id for question in ALL].index("coverage-1")]


def test_everything_done_is_said(folder):
    for question in ALL:
        exercise(question.id).check(right(question))
    assert len(progress().done) == len(ALL)
    assert "□" not in str(progress())
    assert progress().reread == ()


def test_what_the_assessment_says_to_reread(folder, language):
    exercise("assessment-2").check(0.3)
    exercise("assessment-2").check(0.5)
    exercise("assessment-1").check(1.4)
    exercise("assessment-7").solution()
    assert progress().reread == ("03", "06")
    use_language(language)
    assert said(questions()["conversion-1"].lesson.title) in progress().sentence()
