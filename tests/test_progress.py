"""Progress: kept in the kit's own folder and nowhere else, readable, and never lost."""

import json
import os
import subprocess
import sys
from collections import Counter

import pytest
from answers import ALL, right

from salesmetrics import exercise, progress
from salesmetrics.base.language import use_language
from salesmetrics.exercises import progress_file
from salesmetrics.exercises.answer_box import answer_about
from salesmetrics.exercises.content import questions, said
from salesmetrics.exercises.folder import MARKER
from salesmetrics.exercises.overview import _on_screen
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
    monkeypatch.setattr("salesmetrics.exercises.answer_box._hints_given", Counter())
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


def test_half_a_letter_in_the_file_stops_no_later_answer(folder):
    """JSON may hold half of a surrogate pair, which no file of text can: it is written back as it was found."""
    (folder / FILE).write_text('{"kit": "salesmetrics", "exercises": {"x\\ud800": {"done": true}}}', encoding="utf-8")
    assert progress_file.note_answer("coverage-1", done=True) == ""
    assert (kept(folder)["x\ud800"]["done"], kept(folder)["coverage-1"]["done"]) == (True, True)


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

    monkeypatch.setattr("salesmetrics.exercises.progress_file.put", refuse)
    verdict = exercise("coverage-1").check(6)
    assert verdict.tone == "right"
    assert FILE in str(verdict)


GOOD = {"done": True, "tries": 2, "hints": 1, "solution": False, "mistakes": {}}


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-32", "utf-16-be"])
def test_a_file_that_an_editor_saved_in_other_unicode_is_read(folder, encoding):
    (folder / FILE).write_bytes(json.dumps({"exercises": {"welcome-try": GOOD}}).encode(encoding))
    assert progress().done == ("welcome-try",)
    assert "damaged" not in str(exercise("coverage-1").check(6))
    assert set(kept(folder)) == {"welcome-try", "coverage-1"}


def test_a_broken_letter_costs_no_more_than_itself(folder):
    content = json.dumps({"exercises": {"welcome-try": GOOD, "net-match": GOOD}}).encode().replace(b"net", b"n\xfft")
    (folder / FILE).write_bytes(content)
    assert "progress-damaged-1.json" in str(exercise("coverage-1").check(6))
    assert {"welcome-try", "coverage-1"} <= set(kept(folder))
    assert (folder / "progress-damaged-1.json").read_bytes() == content


def circular(path):
    path.symlink_to(path)


def pipe(path):
    os.mkfifo(path)


def dangling(path):
    path.symlink_to(path.with_name("nowhere"))


@pytest.mark.skipif(os.name == "nt", reason="Windows asks for a right to make links, and has no pipes")
@pytest.mark.parametrize("make", [os.mkdir, circular, pipe, dangling], ids=lambda make: make.__name__)
def test_what_is_no_file_is_said_in_a_sentence_and_stays(folder, make, language):
    make(folder / FILE)
    before = os.lstat(folder / FILE)
    sentence = {"en": "Your progress in progress.json can't be read: ", "nl": "Je voortgang in progress.json kan niet"}
    assert str(progress()).partition("\n")[0].count(sentence[language]) == 1
    verdict = str(exercise("coverage-1").check(6))
    assert verdict.count(FILE) == 1
    assert "Traceback" not in verdict
    after = os.lstat(folder / FILE)
    assert (after.st_mode, after.st_ino) == (before.st_mode, before.st_ino)
    assert not (folder / "nowhere").exists()


@pytest.mark.skipif(os.name == "nt", reason="Windows asks for a right to make links")
def test_no_answer_is_written_through_a_link_that_somebody_put_there(folder):
    (folder / "mine.txt").write_text(json.dumps({"exercises": {"welcome-try": GOOD}}), encoding="utf-8")
    before = (folder / "mine.txt").read_bytes()
    (folder / FILE).symlink_to(folder / "mine.txt")
    assert "link" in str(exercise("coverage-1").check(6))
    assert (folder / "mine.txt").read_bytes() == before


MANY = """
import sys
from salesmetrics.exercises.progress_file import note_answer
for number in range({each}):
    said = note_answer(f"exercise-{{number % 7}}", done=False)
    assert not said, said
"""


def answering(folder, each, processes):
    return [
        subprocess.Popen(
            [sys.executable, "-c", MANY.format(each=each)], cwd=folder, env=os.environ | {"PYTHONUTF8": "1"}
        )
        for _ in range(processes)
    ]


def test_four_kernels_at_once_lose_no_answer(folder):
    running = answering(folder, each=200, processes=4)
    assert [process.wait(300) for process in running] == [0, 0, 0, 0]
    assert sum(entry["tries"] for entry in kept(folder).values()) == 800
    assert sorted(path.name for path in folder.iterdir() if path.suffix == ".part") == []


HANGING = """
import os, sys
from salesmetrics.base import writing
from salesmetrics.exercises import progress_file
seen = 0
def killed(_code, line):
    global seen
    seen += 1
    if seen == int(sys.argv[1]):
        os.kill(os.getpid(), 9)
def trace(frame, event, _value):
    if event == "line" and frame.f_code.co_filename == writing.__file__:
        killed(frame.f_code, frame.f_lineno)
    return trace
for number in range(2):
    sys.settrace(trace if number else None)
    progress_file.note_answer("coverage-1", done=True)
print("through")
"""


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such signal")
def test_a_kernel_killed_at_any_line_of_a_write_damages_nothing(folder):
    tries, killed = 0, 0
    for line in range(1, 60):
        ended = subprocess.run([sys.executable, "-c", HANGING, str(line)], cwd=folder, capture_output=True, text=True)
        found = progress_file.read(folder / FILE)
        assert found.whole
        assert found.entries["coverage-1"].tries in (tries + 1, tries + 2)
        tries = found.entries["coverage-1"].tries
        killed += ended.returncode == -9
        if "through" in ended.stdout:
            break
    assert killed > 5
    assert not progress_file.note_answer("coverage-1", done=True)
    # What the killed ones left is cleared away, and nothing of anybody else's.
    assert {path.name for path in folder.iterdir()} <= {FILE, MARKER, f".{FILE}.lock"}


def test_an_entry_of_an_exercise_that_is_gone_is_kept(folder):
    (folder / FILE).write_text('{"exercises": {"old-one": {"done": true}}}', encoding="utf-8")
    exercise("coverage-1").check(6)
    assert progress_file.entries()["old-one"] == Entry(done=True)
    assert str(progress())


def test_it_survives_a_restart(folder):
    code = "from salesmetrics import exercise, progress; exercise({0!r}).check({1!r}); print(progress().done)"
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
