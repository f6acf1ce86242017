"""Exercises: what each says to the right answer, to every wrong answer that it knows, and to nonsense."""

import re
import sys
from collections import Counter
from pathlib import Path

import pandas as pd
import pytest
from answers import ALL, WRONG, WRONG_IDS, right, wrong
from hypothesis import given, settings
from hypothesis import strategies as st

import salesmetrics as sm
from salesmetrics.base.language import LANGUAGES, language, use_language
from salesmetrics.exercises.answer_box import Exercise, exercise
from salesmetrics.exercises.answers import example, read_value, written
from salesmetrics.exercises.content import Question, plain, questions, said
from salesmetrics.exercises.feedback import as_html, judge, literally

sys.path.append(str(Path(__file__).parent.parent / "notebooks"))

import parity

every_question = pytest.mark.parametrize("question", ALL, ids=[question.id for question in ALL])


def texts(question: Question):
    """Every text of an exercise that a learner may read, with what it is."""
    yield "title", question.title
    yield "question", question.question
    yield "because", question.because
    yield "solution", question.solution
    yield "quantity", question.quantity
    for at, hint in enumerate(question.hints, 1):
        yield f"hint {at}", hint
    for one in question.wrong:
        yield one.mistake, one.says
    for part in (*question.choices, *question.cells):
        yield part.key, part.label


@every_question
def test_both_languages_say_the_same(question):
    for what, text in texts(question):
        if text is not None:
            assert set(text) == set(LANGUAGES), what
            assert text["en"].strip()
            assert text["nl"].strip()
            assert not parity.markdown_differences(text["en"], text["nl"]), what


@every_question
def test_the_right_answer_is_right(question, language):
    verdict = judge(question, right(question))
    assert verdict.tone == ("open" if question.kind in ("bet", "free") else "right")
    assert not verdict.mistake


@pytest.mark.parametrize(("question", "known"), WRONG, ids=WRONG_IDS)
def test_each_known_mistake_gets_its_own_sentence(question, known, language):
    verdict = judge(question, wrong(question, known))
    assert verdict.tone == ("open" if question.kind == "bet" else "wrong")
    assert verdict.mistake == known.mistake
    assert said(known.says) in verdict.text


@every_question
def test_no_two_mistakes_of_an_exercise_get_the_same_sentence(question, language):
    sentences = [said(one.says) for one in question.wrong]
    assert len(set(sentences)) == len(sentences)


def test_there_are_enough_exercises_of_all_kinds_with_mistakes_hints_and_solutions():
    assert len(ALL) >= 30
    assert {question.kind for question in ALL} == {
        "bet", "number", "choice", "several", "order", "table", "sliders", "free"
    }  # fmt: skip
    for question in ALL:
        if question.kind != "free":
            assert len(question.wrong) >= 2, question.id
            assert len({one.mistake for one in question.wrong}) >= 2, question.id
        if question.kind == "bet":
            assert question.because, question.id
        else:
            assert question.solution, question.id
            assert len(question.hints) >= (1 if question.kind == "free" else 2), question.id


def test_the_shared_mistakes_are_all_met_somewhere():
    met = {known.says["en"] for _question, known in WRONG}
    shared = Path(__file__).parent.parent / "notebooks" / "source" / "exercises" / "mistakes.toml"
    for sentence in re.findall(r'^en = "(.*)"$', shared.read_text(encoding="utf-8"), re.MULTILINE):
        assert sentence in met or "thousands were left out" in sentence, sentence


def figures(question: Question) -> set[str]:
    """The numbers that are right, in the form in which parity reads numbers from a text."""
    parts = question.cells or (question,)
    found = set()
    for part in parts:
        if isinstance(part.answer, float):
            text = written(part.answer, part.unit)
            found.update(number.rstrip("%×") for number in parity.numbers(text, language()))
    return found


@every_question
def test_neither_hints_nor_wrong_answers_give_the_answer_away(question, language):
    asked = said(question.question) + " ".join(said(part.label) for part in (*question.cells, *question.choices))
    known = {number.rstrip("%×") for number in parity.numbers(asked, language)}
    secret = figures(question) - known
    for sentence in [said(hint) for hint in question.hints] + [said(one.says) for one in question.wrong]:
        told = {number.rstrip("%×") for number in parity.numbers(sentence, language)}
        assert not told & secret, sentence
        if question.kind == "choice":
            answer = next(choice for choice in question.choices if choice.key == question.answer)
            assert said(answer.label).lower() not in sentence.lower()


def anything(question: Question) -> st.SearchStrategy:
    """Answers of every sort: near the right one and far from it, other choices, other orders, nonsense."""
    numbers = st.floats(-1e9, 1e9) | st.floats(0, 20) | st.floats(0, 1).map("{:.1%}".format)
    if question.kind == "number":
        near = st.floats(0.2, 5).map(lambda times: question.answer * times)
        return numbers | near | near.map("{:.2f}".format) | st.text(max_size=5)
    if question.kind == "table":
        cells = [
            st.sampled_from(question.keys) if isinstance(cell.answer, str) else numbers | st.just(cell.answer)
            for cell in question.cells
        ]
        return st.tuples(*cells)
    if question.kind == "order":
        return st.permutations(question.keys)
    if question.kind == "several":
        return st.sets(st.sampled_from(question.keys), min_size=1)
    return st.sampled_from(question.keys or ("?",))


def amounts(text: str) -> set[float]:
    """Every number in a text, read as the chosen language writes thousands; 3.4 and 3,4 are the same."""
    thousands = {"en": ",", "nl": "."}[language()]
    found = set()
    for number in re.findall(r"\d[\d.,]*\d|\d", text):
        if re.fullmatch(rf"\d{{1,3}}([{thousands}]\d{{3}})+([.,]\d+)?", number):
            number = number.replace(thousands, "")
        found.update(map(float, [number.replace(",", ".")] if number.count(".") + number.count(",") < 2 else []))
    return found


@given(st.data())
@settings(max_examples=600)
def test_no_check_ever_prints_the_answer(data):
    """Whatever is answered: what comes back holds no right number, choice or order, nor the solution."""
    question = data.draw(st.sampled_from([one for one in ALL if one.kind not in ("bet", "free", "sliders")]))
    use_language(data.draw(st.sampled_from(LANGUAGES)))
    answer = data.draw(anything(question))
    verdict = judge(question, answer)
    if verdict.tone == "right":
        return
    said_back = str(verdict)
    asked = said(question.question) + " ".join(said(part.label) for part in (*question.cells, *question.choices))
    known = amounts(f"{asked} {answer} {written(answer, question.unit) if isinstance(answer, float) else ''}")
    right_ones = [
        written(part.answer, part.unit) for part in question.cells or (question,) if isinstance(part.answer, float)
    ]
    assert not amounts(said_back) & (amounts(" ".join(right_ones)) - known), said_back
    for text in (question.solution, question.because):
        assert not text or plain(said(text)) not in said_back
    if question.kind == "choice":
        label = next(said(choice.label) for choice in question.choices if choice.key == question.answer)
        assert plain(label).casefold() not in said_back.casefold()
    if question.kind in ("order", "several"):
        assert question.answer.replace(" ", "") not in re.sub(r"\W", "", said_back)


@every_question
def test_the_example_in_an_empty_box_is_not_the_answer(question, language):
    for part in question.cells or (question,):
        if isinstance(part.answer, float):
            assert judge(question, [example(part.unit)] * len(question.cells) or example(part.unit)).tone != "right"
            assert read_value(example(part.unit), part.unit) != pytest.approx(part.answer, rel=0.02)


@every_question
def test_what_is_stored_and_what_the_browser_is_told_hold_no_answer(question, language):
    shown = Exercise(question)
    told = {name: shown._panel.about[name] for name in shown._panel.about}
    stored = shown._repr_mimebundle_()
    for text in (str(told), stored["text/plain"], stored["text/html"]):
        for secret in (question.because, question.solution, *question.hints, *(one.says for one in question.wrong)):
            if secret:
                assert said(secret) not in text
                assert as_html(said(secret)) not in text
    assert plain(said(question.question)) in stored["text/plain"]
    assert as_html(said(question.question)) in stored["text/html"]


NONSENSE = [
    None,
    "",
    "  ",
    "bananas",
    "<script>alert(1)</script>",
    [],
    [1, "x", None],
    {},
    {"x": 1},
    True,
    float("inf"),
    float("nan"),
    -1e300,
    10**400,
    object(),
    ValueError("no"),
    lambda: 1 / 0,
    lambda needed: needed,
    int,
    pd.DataFrame({"a": [1, 2]}),
    pd.Series([1.0, 2.0]),
    pd.NaT,
]


@every_question
def test_nonsense_gets_a_kind_sentence(question, language):
    for nonsense in NONSENSE:
        verdict = judge(question, nonsense)
        if question.kind == "free" and isinstance(nonsense, str) and nonsense.strip():
            continue
        if question.kind == "sliders" and isinstance(nonsense, dict) and not nonsense:
            continue  # the sliders as they stand at the start
        assert verdict.tone == "again", nonsense
        assert len(str(verdict)) > 10
        assert "Traceback" not in str(verdict)
        assert "<script" not in verdict._repr_html_()


@given(st.sampled_from(ALL), st.text() | st.floats() | st.integers() | st.lists(st.text(max_size=3)) | st.booleans())
def test_no_answer_ever_ends_in_an_error(question, answer):
    assert str(judge(question, answer))


@every_question
def test_an_unanswered_exercise_says_what_to_do(question, language):
    verdict = judge(question, None)
    assert verdict.tone == "again"
    assert str(verdict).removeprefix("? ") in str(Exercise(question))


TYPED = {
    "coverage-1": ["6", "6.0", "6,0", "6×", "6x", "6,0 keer"],
    "coverage-remaining": ["3", "3×", "3,0"],
    "coverage-largest": ["3,2", "3.2", "3,2×"],
    "conversion-1": ["25%", "25 %", "0,25", "0.25", "25", "25,0%"],
    "assessment-3": ["480000", "€ 480.000", "€ 480,000", "480.000", "480 000", "€480.000,-"],
    "balance-curve": ["30%", "0,3", "30"],
    "agency-mix": ["15,2%", "0.152", "15.2"],
    "startup-funnel": ["75% 30% 71,4%", ["0,75", "30", 0.714], {"1": 0.75, "2": 0.3, "3": 0.714}],
    "net-match": ["C D B A", ["c", "d", "b", "a"]],
    "coverage-counts": ["A D", "AD", "d, a", ["A", "D"], {"A", "D"}],
    "balance-order": ["C A B D", "CABD", "c>a>b>d", ["C", "A", "B", "D"]],
    "conversion-margin": ["B", "b", " b "],
    "welcome-bet": ["D", "d"],
}


@pytest.mark.parametrize("name", TYPED)
def test_answers_are_read_as_people_type_them(name, language):
    for typed in TYPED[name]:
        assert judge(questions()[name], typed).tone in ("right", "open"), typed


def test_a_ratio_of_the_kit_is_an_answer():
    agency = sm.scenario("agency")
    coverage = sm.coverage(agency.deals, target=agency.target, period=agency.period, as_of=agency.as_of)
    assert exercise("coverage-1").check(coverage).tone == "right"


REPLIES = [
    ("coverage-1", "1.234", "1.234", "can mean two things", "twee dingen"),
    ("coverage-1", "6000", "€", "Is your target really € 400?", "Is je target echt € 400?"),
    ("coverage-1", "123456", "123,456|123.456", "Is the coverage really", "Is de dekking echt"),
    ("coverage-1", "5%", "", "a percentage, and the question asks for a number of times", "een percentage"),
    ("coverage-1", "€ 6", "", "an amount of money", "een bedrag"),
    ("conversion-1", "1", "", "1% or 100%", "1% of 100%"),
    ("conversion-1", "0,25×", "", "a number of times", "een aantal keren"),
    ("assessment-3", "465", "", "Is the expected revenue really € 465?", "Is de verwachte omzet echt € 465?"),
]


@pytest.mark.parametrize(("name", "typed", "_echo", "english", "dutch"), REPLIES, ids=[row[1] for row in REPLIES])
def test_doubtful_numbers_are_asked_about(name, typed, _echo, english, dutch):
    for chosen, sentence in (("en", english), ("nl", dutch)):
        use_language(chosen)
        verdict = judge(questions()[name], typed)
        assert sentence in str(verdict).replace("\u00a0", " ")
        assert verdict.tone == ("wrong" if typed == "6000" else "again")


def test_a_wrong_answer_that_nobody_foresaw_sends_back_to_the_question(language):
    verdict = judge(questions()["coverage-1"], 7.7)
    assert (verdict.tone, verdict.mistake) == ("wrong", "")


def test_a_table_names_the_rows_to_look_at_again(language):
    question = questions()["startup-funnel"]
    verdict = judge(question, [0.75, 0.3, 0.5])
    assert said(question.cells[2].label) in str(verdict)
    assert said(question.cells[0].label) not in str(verdict)


def test_the_assessment_says_what_to_reread(language):
    verdict = judge(questions()["assessment-2"], 0.3)
    assert "03" in str(verdict)
    assert {"en": "Pipeline conversion rate", "nl": "Conversieratio"}[language] in str(verdict)
    # The word in code is the same in each language, so a learner who switches can follow it.
    assert all(question.reread for question in ALL if question.lesson.number == "11" and question.kind != "free")


def test_an_exercise_that_does_not_exist_names_the_nearest(language):
    with pytest.raises(sm.SalesMetricsError, match="coverage-1"):
        exercise("coverage-11")


@pytest.fixture
def no_hints_yet(monkeypatch):
    monkeypatch.setattr("salesmetrics.exercises.answer_box._hints_given", Counter())


def test_hints_come_one_at_a_time_even_when_the_exercise_is_made_anew(no_hints_yet, language):
    count = len(questions()["balance-order"].hints)
    told = [str(exercise("balance-order").hint()) for _ in range(count + 1)]
    assert len(set(told)) == count + 1
    assert all(said(hint) in one for hint, one in zip(questions()["balance-order"].hints, told, strict=False))
    assert told[-1].startswith(told[-2])


def test_solution_when_asked_for(language):
    assert said(questions()["coverage-1"].solution) in exercise("coverage-1").solution().text
    assert exercise("welcome-bet").solution().text
    assert exercise("welcome-bet").hint().text


def test_the_box_gives_the_same_answers_as_the_call(no_hints_yet, language):
    shown = exercise("coverage-1")
    shown._panel._handle_custom_msg({"action": "check", "given": "0,1667"}, [])
    read = "<p>Read as 0.1667×.</p>" if language == "en" else "<p>Gelezen als 0,1667×.</p>"
    assert shown._panel.verdict == read + shown.check("0,1667")._repr_html_()
    assert not shown._panel.done
    shown._panel._handle_custom_msg({"action": "check", "given": "6×"}, [])
    assert shown._panel.done
    shown._panel._handle_custom_msg({"action": "hint"}, [])
    assert as_html(said(questions()["coverage-1"].hints[0])).removeprefix("<p>") in shown._panel.help
    shown._panel._handle_custom_msg({"action": "solution"}, [])
    assert as_html(said(questions()["coverage-1"].solution)).removeprefix("<p>") in shown._panel.help
    shown._panel._handle_custom_msg({"action": "nonsense"}, [])
    shown._panel._handle_custom_msg({}, [])


def test_sliders_of_an_exercise_are_its_answer(language):
    shown = exercise("coverage-sliders")
    assert shown.check().tone == "wrong"
    shown._explorer.set(pipeline=2_000_000, largest=600_000)
    assert shown.check().tone == "right"
    other = sm.explore("balance")
    assert shown.check(other).tone == "again"
    assert shown.check({"pipeline": 9e9}).tone == "again"
    assert shown.check({"pipeline": "much"}).tone == "again"
    assert shown.check({"pipelin": 1}).tone == "again"


def test_the_tones_differ_in_sign_and_line_not_in_colour_alone():
    said_by_tone = {
        "right": exercise("coverage-1").check(6),
        "wrong": exercise("coverage-1").check(5),
        "again": exercise("coverage-1").check("?"),
        "help": exercise("coverage-1").hint(),
    }
    assert len({str(verdict)[0] for verdict in said_by_tone.values()}) == 4
    lines = [re.search(r"border-left:\d+px (\w+)", verdict._repr_html_())[1] for verdict in said_by_tone.values()]
    assert len(set(lines)) == 4


@given(st.text())
def test_what_somebody_typed_is_shown_as_it_is(text):
    html = as_html(literally(text))
    assert "<script" not in html.lower()
    assert "<a " not in html.lower()
    assert "<img" not in html.lower()
    assert "<strong>" not in html


def test_reading_an_exercise_file_refuses_a_word_it_does_not_know(monkeypatch):
    from salesmetrics.exercises.content import Lesson, _question

    with pytest.raises(ValueError, match=r"hint$"):
        _question({"id": "x", "kind": "free", "title": {}, "question": {}, "hint": "?"}, Lesson(number="1", title={}))
