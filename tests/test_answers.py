"""What was answered is there again when a lesson opens, in a file of its own, and can be forgotten."""

import json
import os
import subprocess
import sys

import pytest

from salesmetrics import exercise, progress, use_language
from salesmetrics.exercises import progress_file
from salesmetrics.exercises.answer_box import forget
from salesmetrics.exercises.classroom import collect
from salesmetrics.exercises.folder import MARKER


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    """A folder of the kit's."""
    (tmp_path / MARKER).write_text("{}", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def answered(name, given):
    """Answer as the browser does, and give what a page opened later shows."""
    exercise(name)._panel._message(None, {"action": "check", "given": given}, [])
    return exercise(name)._panel


def answered_now(name, given):
    """Answer as the browser does, and give what that page shows."""
    asked = exercise(name)
    asked._panel._message(None, {"action": "check", "given": given}, [])
    return asked._panel


@pytest.mark.parametrize(
    ("name", "given", "done"),
    [
        ("welcome-bet", "A", True),
        ("coverage-1", "6", True),
        ("coverage-1", "0,1667", False),
        ("coverage-counts", ["A", "D"], True),
        ("balance-order", ["C", "A", "B", "D"], True),
        ("startup-funnel", ["75%", "0,3", "71.4"], True),
    ],
)
@pytest.mark.parametrize("language", ["en", "nl"])
def test_a_page_opened_again_shows_the_answer_and_what_was_said_to_it(name, given, done, language):
    use_language(language)
    shown, panel = answered_now(name, given), exercise(name)._panel
    assert panel.given == given
    assert panel.verdict == shown.verdict
    assert exercise(name).check(given).shown().html in panel.verdict
    assert panel.done is done


def test_showing_an_answer_again_counts_nothing():
    answered("coverage-1", "0,1667")
    before = progress_file.entries()["coverage-1"]
    exercise("coverage-1"), exercise("coverage-1")
    assert progress_file.entries()["coverage-1"] == before
    assert before.tries == 1


def test_done_never_stands_beside_not_yet():
    assert answered("coverage-1", "6").done
    asked = exercise("coverage-1")
    asked._panel._message(None, {"action": "check", "given": "7"}, [])
    assert not asked._panel.done
    assert not exercise("coverage-1")._panel.done
    # In the progress it stays done.
    assert "coverage-1" in progress().done


def test_an_answer_that_cannot_be_read_or_is_private_is_not_kept(folder):
    assert answered("coverage-1", "no idea").given is None
    assert answered("own-monday", "Jansen").given is None
    assert "Jansen" not in "".join(path.read_text("utf-8") for path in folder.iterdir())


def test_answers_lie_in_a_file_that_a_class_is_not_counted_from(folder):
    answered("coverage-1", "0,1667")
    assert "0,1667" in (folder / progress_file.ANSWERS).read_text("utf-8")
    assert "0,1667" not in (folder / progress_file.FILE).read_text("utf-8")
    group = folder / "group"
    group.mkdir()
    (folder / progress_file.FILE).rename(group / "anna.json")
    alone = collect(group)
    (folder / progress_file.ANSWERS).rename(group / progress_file.ANSWERS)
    assert collect(group).tallies == alone.tallies


@pytest.mark.parametrize(("language", "begins"), [("en", "Read as"), ("nl", "Gelezen als")])
@pytest.mark.parametrize(
    ("name", "typed", "english", "dutch"),
    [
        ("traps-small", "33", "33.0%", "33,0%"),
        ("traps-small", "4,55", "4.55%", "4,55%"),
        ("traps-slow", "150k", "€ 150,000", "€ 150.000"),
        ("coverage-1", "2,5", "2.5×", "2,5×"),
        ("startup-funnel", ["75%", "0,3", "71"], "30.0% · 71.0%", "30,0% · 71,0%"),
    ],
)
def test_what_a_bare_number_was_taken_for_is_shown(folder, language, begins, name, typed, english, dutch):
    use_language(language)
    shown = answered_now(name, typed).verdict.replace("\u00a0", " ")
    assert shown.startswith(f"<p>{begins} {english if language == 'en' else dutch}.</p>")


@pytest.mark.parametrize(("name", "typed"), [("traps-small", "33%"), ("traps-slow", "€ 150.000"), ("welcome-bet", "A")])
def test_what_says_itself_is_not_said_again_nor_what_could_not_be_read(folder, name, typed):
    assert "Read as" not in answered_now(name, typed).verdict
    assert "Read as" not in answered_now("traps-small", "a third").verdict


def test_forget_clears_the_screen_and_both_files(folder):
    asked = exercise("coverage-1")
    asked._panel._message(None, {"action": "check", "given": "6"}, [])
    asked._panel.given = "6"
    assert progress().done == ("coverage-1",)
    assert forget() == ""
    assert (asked._panel.given, asked._panel.verdict, asked._panel.done) == (None, "", False)
    # A lock stays: to delete it would let two writers in at once.
    assert sorted(path.name for path in folder.iterdir() if path.suffix != ".lock") == [MARKER]
    assert progress().done == ()
    assert forget() == ""


@pytest.mark.parametrize(
    "content",
    ["", "{", "[]", '{"answers": 3}', '{"answers": {"coverage-1": {"a": 1}, "welcome-bet": 7}}', "\ud800"],
)
def test_a_damaged_file_holds_no_answers_and_is_set_aside(folder, content):
    (folder / progress_file.ANSWERS).write_bytes(content.encode("utf-8", "surrogatepass"))
    assert progress_file.answers() == {}
    assert exercise("coverage-1")._panel.given is None
    assert answered("coverage-1", "6").given == "6"
    assert json.loads((folder / progress_file.ANSWERS).read_text("utf-8"))["answers"] == {"coverage-1": "6"}
    assert (folder / "answers-damaged-1.json").read_bytes() == content.encode("utf-8", "surrogatepass")


@pytest.mark.parametrize(("language", "said"), [("en", "It is kept as"), ("nl", "Het is bewaard als")])
def test_that_a_damaged_file_was_set_aside_is_said(folder, language, said):
    use_language(language)
    (folder / progress_file.ANSWERS).write_text("{", "utf-8")
    assert said in answered_now("coverage-1", "6").verdict


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
def test_a_file_that_an_editor_saved_in_other_unicode_loses_nothing(folder, encoding):
    (folder / progress_file.ANSWERS).write_text('{"answers": {"coverage-1": "6"}}', encoding)
    assert answered("welcome-bet", "A").given == "A"
    assert progress_file.answers() == {"coverage-1": "6", "welcome-bet": "A"}


@pytest.mark.skipif(os.name == "nt", reason="Windows has neither pipes in a folder nor links without a right")
@pytest.mark.parametrize("make", [os.mkfifo, lambda path: path.symlink_to(path)], ids=["pipe", "circular link"])
def test_what_is_no_file_is_not_waited_for_and_stays(folder, make):
    """A lesson opens all the same: it reads this file for each of its exercises."""
    make(folder / progress_file.ANSWERS)
    assert exercise("coverage-1")._panel.given is None
    assert "could not be kept in answers.json" in answered_now("coverage-1", "6").verdict
    assert os.path.lexists(folder / progress_file.ANSWERS)
    assert not (folder / progress_file.ANSWERS).is_file()


MANY = """
import os, sys, time
from salesmetrics.exercises.progress_file import note_given
open(f"ready/{sys.argv[1]}", "w").close()
while len(os.listdir("ready")) < 3:  # else the first is done before the last begins
    time.sleep(0.001)
for number in range(50):
    said = note_given(f"exercise-{sys.argv[1]}-{number}", "A")
    assert not said, said
"""


def test_lessons_that_are_open_at_once_lose_no_answer(folder):
    (folder / "ready").mkdir()
    running = [subprocess.Popen([sys.executable, "-c", MANY, str(kernel)], cwd=folder) for kernel in range(3)]
    assert [process.wait(300) for process in running] == [0, 0, 0]
    assert len(progress_file.answers()) == 150


def test_an_answer_from_another_time_that_no_longer_fits_is_not_shown(folder):
    (folder / progress_file.ANSWERS).write_text('{"answers": {"welcome-bet": "Z", "coverage-counts": "A"}}', "utf-8")
    assert exercise("welcome-bet")._panel.given is None


@pytest.mark.parametrize(("language", "said"), [("en", "could not be kept"), ("nl", "kon niet worden bewaard")])
def test_a_file_that_cannot_be_written_is_said(folder, language, said):
    use_language(language)
    (folder / progress_file.ANSWERS).mkdir()
    asked = exercise("coverage-1")
    asked._panel._message(None, {"action": "check", "given": "6"}, [])
    assert said in asked._panel.verdict
    assert progress_file.ANSWERS in forget()


def test_outside_a_folder_of_the_kits_nothing_is_kept(folder):
    (folder / MARKER).unlink()
    assert answered("coverage-1", "6").given is None
    assert list(folder.iterdir()) == []
