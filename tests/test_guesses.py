"""A guess is kept with the answers, is never right or wrong, and stands beside what it is in words and picture."""

import base64
import json
import re
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent.parent / "notebooks"))

from pages.grids import grid_of

import salesmetrics as sm
from salesmetrics import exercise, progress, use_language
from salesmetrics.base.language import LANGUAGES
from salesmetrics.exercises import progress_file
from salesmetrics.exercises.answer_box import forget
from salesmetrics.exercises.content import guesses, questions
from salesmetrics.exercises.feedback import brief, guessed_at, truth
from salesmetrics.exercises.folder import MARKER
from salesmetrics.models import model_named

ALL = list(guesses().values())
every_guess = pytest.mark.parametrize("guess", ALL, ids=[guess.id for guess in ALL])
# Where the picture has a place for it.
DRAWN = {"net-guess", "coverage-guess", "conversion-guess", "balance-guess", "consultancy-guess"}
# By head: 160 fish at 50% skill, and 60% of the attention; 36 of 48; 2.5× × 40% = 100%; 2.5× of 2,500,000.
BY_HEAD = {
    "welcome-guess": 1_000_000,
    "net-guess": 48,
    "conversion-guess": 0.75,
    "balance-guess": 0.4,
    "startup-guess": 0.166,
    "quarter-guess": 4,
    "consultancy-guess": 0.66,
    "agency-guess": 261_038,
    "slow-guess": 160_000,  # 10 × 40% and 120 × 10%, of € 10,000 each
    "coverage-guess": 0.87,
    "mix-guess": 0.45,
    "start-guess": 0.556,  # 25 of 45
}


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    """A folder of the kit's, and a page on which nothing was guessed yet."""
    (tmp_path / MARKER).write_text("{}", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("salesmetrics.explorer._known", {})
    monkeypatch.setattr("salesmetrics.explorer._on_page", {})
    return tmp_path


def given(name, text):
    """Guess as the browser does, and give what the page shows."""
    asked = exercise(name)
    asked._panel._message(None, {"action": "check", "given": text}, [])
    return asked._panel


def words_in(picture):
    return re.findall(r"(?:your guess|jouw gok): [^<]*", picture)


def near(guess, times=1.0):
    """Type what it is, or so many times that."""
    return f"{truth(guess) * times * 100:.1f}%" if guess.unit == "%" else f"{truth(guess) * times:.2f}"


@every_guess
def test_what_it_is_is_worked_out(guess):
    assert truth(guess) == pytest.approx(BY_HEAD[guess.id], abs=0.5 if guess.unit == "€" else 1e-9)


@every_guess
def test_what_a_guess_is_about_can_be_set_on_the_page_without_python(guess):
    """Whoever has guessed wants to see it happen: each lever that the guess names goes where it says."""
    model, position, _figure = guessed_at(guess)
    levers = set(guess.truth.get("levers", ()))
    if "lever" in guess.truth:
        levers.add(guess.truth["lever"])
        position[guess.truth["lever"]] = truth(guess)
    # The page's map moves its two axes, so that every point of it can be had; how much slips stands still there.
    levers -= {"slip"} if guess.id == "balance-guess" else set()
    grid = grid_of(model.name)
    assert [name for name in levers if position[name] not in grid.values.get(name, ())] == []


def test_a_truth_follows_its_model(monkeypatch):
    """Typed nowhere: where the consultancy's net brings another catch, another catch is told."""
    net = model_named("fishing-net")
    finest = net.outcome({**net.defaults(), "holes": 0})
    assert truth(guesses()["net-guess"]) == finest.caught
    monkeypatch.setitem(guesses()["net-guess"].truth, "levers", {"net": 1})
    assert truth(guesses()["net-guess"]) == net.start().caught == 26


@pytest.mark.parametrize(
    ("language", "name", "text", "said"),
    [
        (
            "en",
            "coverage-guess",
            "33",
            "Your guess: 33%. It is 87%, 54 percentage points more than you thought. The fur",
        ),
        (
            "nl",
            "coverage-guess",
            "33",
            "Jouw gok: 33%. Het is 87%, 54 procentpunt meer dan je dacht. Hoe verder ernaast",
        ),
        (
            "en",
            "coverage-guess",
            "86%",
            "Your guess: 86%. It is 87%, 1 percentage point more than you thought.\n\nOn av",
        ),
        ("nl", "consultancy-guess", "1,2", "Jouw gok: 1,20×. Het is 0,66×, 0,54× minder dan je dacht."),
        ("en", "net-guess", "48", "Your guess: 48. Spot on: it is 48."),
        ("nl", "net-guess", "80", "Jouw gok: 80. Het is 48, 32 minder dan je dacht. Hoe verder ernaast"),
        ("en", "slow-guess", "150k", "Your guess: € 150,000. It is € 160,000, € 10,000 more than you thought."),
        ("nl", "startup-guess", "4,56", "Jouw gok: 4,6%. Het is 16,6%, 12 procentpunt meer dan je dacht."),
    ],
)
def test_a_guess_stands_beside_what_it_is(language, name, text, said):
    use_language(language)
    assert said in str(exercise(name).check(text)).replace("\N{NO-BREAK SPACE}", " ")


@every_guess
@pytest.mark.parametrize("times", [0.2, 1, 1.1])
@pytest.mark.parametrize("language", LANGUAGES)
def test_no_guess_is_right_or_wrong_or_counted(guess, times, language, folder):
    use_language(language)
    text = near(guess, times)
    assert exercise(guess.id).check(text).tone == "open"
    panel = given(guess.id, text)
    assert panel.done is False
    assert not (folder / progress_file.FILE).exists()
    assert json.loads((folder / progress_file.ANSWERS).read_text("utf-8"))["answers"] == {guess.id: text}
    assert guess.id not in questions()
    assert guess.question[language] not in str(progress())


@every_guess
@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_no_guess_gets_a_sentence_and_is_not_kept(guess, language, folder):
    use_language(language)
    far = {"en": "really", "nl": "echt"}[language]
    example = {"en": "for example", "nl": "bijvoorbeeld"}[language]
    assert far in given(guess.id, "999999999%" if guess.unit == "%" else "999999999").verdict
    assert far in given(guess.id, "-5%" if guess.unit == "%" else "-5").verdict
    assert example in given(guess.id, " ").verdict
    assert example in given(guess.id, "no idea").verdict
    assert progress_file.answers() == {}


@every_guess
@pytest.mark.parametrize("language", LANGUAGES)
def test_both_languages_are_whole_and_the_question_tells_no_answer(guess, language):
    use_language(language)
    texts = [guess.question, guess.quantity, *([guess.because] if guess.because else [])]
    assert all(text["en"].strip() and text["nl"].strip() for text in texts)
    assert set(re.findall(r"\d+", guess.question["en"])) == set(re.findall(r"\d+", guess.question["nl"]))
    answer = re.search(r"[\d.,]*\d\S?", brief(truth(guess), guess.unit))[0]
    assert answer in str(exercise(guess.id).solution())
    assert not re.search(rf"(?<![\d.,]){re.escape(answer)}(?![\d])", guess.question[language]), answer


@every_guess
def test_a_guess_survives_a_reload_and_is_in_the_picture_again(guess, monkeypatch):
    given(guess.id, near(guess, 1.1))
    monkeypatch.setattr("salesmetrics.explorer._known", {})  # another kernel
    panel = exercise(guess.id)._panel
    assert panel.given == near(guess, 1.1)
    assert panel.verdict == exercise(guess.id).check(near(guess, 1.1)).shown().html
    assert bool(words_in(sm.explore(guess.truth["model"])._picture.svg)) is (guess.id in DRAWN)


@pytest.mark.parametrize("name", sorted(DRAWN))
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_guess_stands_in_the_picture_while_the_levers_move(name, language):
    use_language(language)
    guess, words = guesses()[name], {"en": "your guess: ", "nl": "jouw gok: "}[language]
    shown = sm.explore(guess.truth["model"])
    before = shown._picture.svg
    assert words_in(before) == []
    given(name, near(guess, 1.1))
    (said,) = words_in(shown._picture.svg)
    assert said.startswith(words)
    drawn = re.search('<g class="guess">.*?<!-- guess -->', shown._picture.svg, re.DOTALL)[0]
    shown.set(**guess.truth.get("levers", {}))
    assert drawn in shown._picture.svg
    # Another guess takes its place; and it is in no notebook that somebody keeps or sends.
    given(name, near(guess, 0.8))
    assert words_in(shown._picture.svg) != [said]
    assert len(words_in(shown._picture.svg)) == 1
    shown.reset()
    (stored,) = re.findall(r'base64,([^"]+)', shown._repr_mimebundle_()["text/html"])
    assert words not in base64.b64decode(stored).decode()
    assert forget() == ""
    assert shown._picture.svg == before


def test_a_guess_far_beyond_a_scale_stays_in_the_picture():
    shown = sm.explore("fishing-net")
    given("net-guess", "160")
    ends = re.findall(r"M (-?[\d.]+) ", re.search('<g class="guess">.*', shown._picture.svg, re.DOTALL)[0])
    assert ends
    assert all(0 <= float(end) <= 600 for end in ends)


def test_an_exercise_with_sliders_of_its_own_shows_no_guess():
    given("net-guess", "20")
    assert words_in(exercise("net-sliders")._explorer._picture.svg) == []


def test_the_notebook_holds_the_question_but_neither_guess_nor_answer():
    given("net-guess", "21")
    stored = exercise("net-guess")._repr_mimebundle_()
    assert "nothing slips" in stored["text/plain"]
    assert "21" not in stored["text/plain"] + stored["text/html"]
    assert "48" not in stored["text/plain"] + stored["text/html"]


def test_forgetting_what_was_never_guessed_draws_no_picture_anew(monkeypatch):
    shown, drawn = sm.explore("coverage"), []
    asked = exercise("coverage-guess")
    monkeypatch.setattr(type(shown), "_draw", lambda self: drawn.append(self))
    forget()
    assert drawn == []
    asked._panel._message(None, {"action": "check", "given": "33"}, [])
    assert shown in drawn


def test_a_guess_may_come_from_code():
    assert exercise("coverage-guess").check(0.6).tone == "open"
    assert words_in(sm.explore("coverage")._picture.svg) == ["your guess: 60%"]
