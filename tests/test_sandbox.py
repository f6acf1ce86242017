"""The sandbox: every model behind one list, and challenges that can be met, are not met yet, and add up."""

import json
import math
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from test_exercise_figures import assert_says, company, figure, percent_of
from test_explorer_history import press
from test_models import stops

import salesmetrics as sm
from salesmetrics.base.language import chance_text, money, percent, times, use_language
from salesmetrics.exercises.content import questions, said
from salesmetrics.exercises.feedback import judge
from salesmetrics.explorer import Sandbox
from salesmetrics.models import NAMES, model_named
from salesmetrics.models.balance import MODEL as BALANCE
from salesmetrics.models.startup import MODEL as STARTUP

CHALLENGES = [question for question in questions().values() if question.lesson.number == "09" and question.model]
each_challenge = pytest.mark.parametrize("question", CHALLENGES, ids=[question.id for question in CHALLENGES])
LESSON = (Path(__file__).parent.parent / "notebooks" / "source" / "09-sandbox.md").read_text(encoding="utf-8")


@pytest.fixture
def box(language: str) -> Sandbox:
    return sm.sandbox()


def outcome(model, **levers):
    return model.outcome({**model.defaults(), **levers})


def saved(**parts: object) -> str:
    """Write a file of the agency's sliders as somebody may have changed it."""
    content = {"kit": "salesmetrics", "version": "0.1.0", "format": 1, "model": "agency", "levers": {}}
    return json.dumps({**content, **parts})


# The list


def test_every_model_is_in_the_list_once_and_by_its_title(box: Sandbox, language: str) -> None:
    names, titles = zip(*box._choice.options, strict=True)
    assert names == NAMES
    assert len(set(titles)) == len(NAMES)
    assert {"en": "The consultancy", "nl": "Het adviesbureau"}[language] in titles


def test_a_model_stays_as_it_was_left(box: Sandbox) -> None:
    box.choose("startup").set(needs=1)
    box.choose("startup").pin()
    box._choice.value = "agency"
    assert box.explorer.outcome.target == 400_000
    assert box._place.children == (box.explorer.widget,)
    box._choice.value = "startup"
    assert box.explorer.levers["needs"].value == 1
    assert box.explorer._picture.comparison


def test_a_model_that_does_not_exist_names_the_nearest(box: Sandbox) -> None:
    with pytest.raises(sm.SalesMetricsError) as refused:
        box.choose("agencie")
    assert "“agency”" in refused.value.hint
    assert box.explorer is box.choose("sandbox")


def test_a_code_of_another_model_opens_that_one(box: Sandbox) -> None:
    sent = sm.explore("agency")
    sent.set(qualify=0.3)
    press(box.explorer, "open", sent.share())
    assert box._choice.value == "agency"
    assert box.explorer.outcome == sent.outcome
    press(box.explorer, "open", sent.share())
    assert box.explorer.outcome == sent.outcome


def test_a_file_of_another_model_opens_that_one_with_its_a(box: Sandbox) -> None:
    kept = sm.explore("fishing-net")
    kept.pin()
    kept.set(holes=3)
    press(box.explorer, "load", kept._as_file())
    assert box._choice.value == "fishing-net"
    assert box.explorer.outcome == kept.outcome
    assert box.explorer._picture.comparison
    press(box.explorer, "undo")
    press(box.explorer, "load", kept._as_file())
    assert box.explorer.outcome == kept.outcome


@pytest.mark.parametrize(
    ("what", "text"),
    [
        ("open", "agency-1-00000000"),
        ("open", "agencie-1-9F3KC0M2"),
        ("open", "nonsense"),
        ("load", "{}"),
        ("load", saved(format=2, version="9")),
        ("load", saved(levers={"x": 1})),
        ("load", saved(levers={"slip": 7})),
    ],
)
def test_what_cannot_be_opened_is_said_where_one_is_and_nothing_moves(box: Sandbox, what: str, text: str) -> None:
    before = box.explorer
    press(before, what, text)
    assert before._picture.refusal
    assert "\n→ " in before._picture.refusal
    assert box.explorer is before
    assert before.outcome == sm.explore("sandbox").outcome


def test_what_is_stored_is_the_model_in_sight(box: Sandbox) -> None:
    box.choose("fishing-net")
    bundle = box._repr_mimebundle_(include=None, exclude=None)
    assert bundle["text/plain"] == repr(box) == box.explorer.sentence
    assert f"<figcaption>{box.explorer.sentence}</figcaption>" in bundle["text/html"]
    view = bundle["application/vnd.jupyter.widget-view+json"]
    assert view["model_id"] == box._panel.model_id


# The challenges


def test_there_are_eight_challenges_over_six_models() -> None:
    assert len(CHALLENGES) == 8
    assert len({question.model for question in CHALLENGES}) == 6
    assert all(len(question.wrong) >= 2 for question in CHALLENGES)


@each_challenge
def test_a_challenge_is_not_met_at_the_start_and_says_what_is_missing(question, language) -> None:
    verdict = judge(question, {})
    assert verdict.tone == "wrong"
    assert verdict.mistake


@each_challenge
def test_the_solution_stands_on_the_sliders_steps(question) -> None:
    for lever in model_named(question.model).levers:
        if lever.name in question.answer:
            steps = (question.answer[lever.name] - lever.minimum) / lever.step
            assert math.isclose(steps, round(steps), abs_tol=1e-6), lever.name


@each_challenge
@settings(max_examples=60)
@given(data=st.data())
def test_wherever_the_sliders_stand_the_check_knows_what_is_missing(question, data) -> None:
    moved = {
        lever.name: data.draw(st.sampled_from(stops(lever)), lever.name)
        for lever in model_named(question.model).levers
        if data.draw(st.booleans(), f"moves {lever.name}")
    }
    verdict = judge(question, moved)
    assert verdict.tone == "right" or verdict.mistake


def test_a_step_that_passes_its_end_in_binary_is_no_refusal() -> None:
    """Twelve steps of 5% are 60%, where the slider ends, and in binary a hair more."""
    at_the_end, a_hair_more = (judge(questions()["sandbox-smaller"], {"qualify": share}) for share in (0.6, 12 * 0.05))
    assert 12 * 0.05 > 0.6
    assert a_hair_more == at_the_end
    assert at_the_end.mistake


def answer_of(name):
    question = questions()[name]
    return question, outcome(model_named(question.model), **question.answer)


def wrong_of(name, mistake):
    question = questions()[name]
    known = next(one for one in question.wrong if one.mistake == mistake)
    return outcome(model_named(question.model), **known.fits["levers"])


def chance_at(rate: float) -> float:
    deals, about = company("startup")
    return float(sm.chance_of_target(deals, p=rate, **about))


def test_the_startup_needs_about_24_4_percent() -> None:
    assert chance_at(0.243) < 0.8 <= chance_at(0.244)
    assert chance_at(0.2) == pytest.approx(0.5, abs=0.03)  # even odds
    assert chance_at(0.4) > 0.999
    assert_says(questions()["sandbox-bet"].because, percent_of(0.244), percent_of(0.8, 0))


def test_the_startup_to_80_percent() -> None:
    question, found = answer_of("sandbox-eighty")
    assert_says(question.solution, percent_of(found.conversion_in_full), percent_of(found.chance_in_full, 0))
    short = wrong_of("sandbox-eighty", "expected-is-not-chance")
    assert short.expected_in_full > short.target
    assert short.chance_in_full < 0.8


def test_two_halves_and_one_whole() -> None:
    question, found = answer_of("sandbox-budget")
    whole = wrong_of("sandbox-budget", "all-on-one")
    assert found.cost == whole.cost == 15_000
    assert_says(question.question, figure(money, 15_000))
    assert_says(question.solution, *(percent_of(one.conversion_in_full) for one in (found, whole)))
    assert wrong_of("sandbox-budget", "more-of-the-same").cost == 15_000


def test_the_phone_call_asks_for_both() -> None:
    question, found = answer_of("sandbox-loss")
    deals = outcome(model_named(question.model), away=1, new_deals=3)
    rate = outcome(model_named(question.model), away=1, rate=0.7)
    assert_says(question.question, figure(money, found.target))
    assert_says(question.solution, *(percent_of(one.chance_of_target, 0) for one in (found, deals, rate)))


def test_less_coverage_and_more_chance() -> None:
    question, found = answer_of("sandbox-smaller")
    start = outcome(model_named(question.model))
    assert found.coverage < start.coverage
    assert_says(question.solution, figure(times, found.coverage), percent_of(found.chance_of_target, 0))
    assert_says(question.solution, figure(money, round(found.cost)))
    # For less money, but all of it on one remedy: not enough.
    assert wrong_of("sandbox-smaller", "all-on-one").cost < found.cost


def test_the_mesh_that_is_fine_enough() -> None:
    question = questions()["sandbox-mesh"]
    model = model_named(question.model)
    best = [hole / 2 for hole in range(21) if outcome(model, holes=hole / 2).caught >= 52]
    assert (min(best), max(best)) == (2, 3)
    none = outcome(model, holes=0)
    assert_says(question.solution, lambda: f" {none.caught}", lambda: f" {none.bycatch} ")


def test_half_the_pipeline_and_the_same_catch() -> None:
    question, found = answer_of("sandbox-half")
    along = outcome(BALANCE, along=0.5)
    assert (found.coverage_open, found.conversion) == (along.coverage_open, along.conversion) == (2.5, 0.2)
    assert found.expected_share == outcome(BALANCE).expected_share == 0.5
    assert judge(question, {"along": 0.5}).tone == "right"


def test_more_than_the_target_less_than_half_the_time() -> None:
    question, found = answer_of("sandbox-average")
    equal = outcome(model_named(question.model), rate=0.22, top_fifth=0.2)
    assert found.expected_share == pytest.approx(equal.expected_share) == pytest.approx(1.1)
    assert_says(question.solution, *(percent_of(one.chance_of_target, 0) for one in (found, equal)))


def test_the_gambler() -> None:
    question, found = answer_of("sandbox-gamble")
    start = outcome(model_named(question.model))
    assert (found.coverage, found.expected_share) == (pytest.approx(start.coverage), pytest.approx(0.5))
    assert start.chance_of_target < 0.01
    nothing = 0.9**10
    assert_says(question.solution, percent_of(found.chance_of_target, 0), percent_of(nothing, 0))
    assert nothing == pytest.approx(1 / 3, abs=0.02)
    assert wrong_of("sandbox-gamble", "one-whale").chance_of_target == pytest.approx(0.1, abs=0.001)


# The lesson's own figures


def tells(*words) -> None:
    """Fail where the lesson does not say a figure, in either language."""
    text = " ".join(LESSON.replace("\u00a0", " ").split())
    for chosen in ("en", "nl"):
        use_language(chosen)
        for write in words:
            assert write().replace("\u00a0", " ") in text, write()


@pytest.mark.parametrize(("deals", "rate"), [(200, 0.222), (100, 0.231), (20, 0.259)])
def test_the_reserve_grows_as_deals_become_few(deals: int, rate: float) -> None:
    below, there = (outcome(BALANCE, deals=deals, conversion=rate + off).chance_of_target for off in (-0.0006, 0.0005))
    assert below < 0.8 <= there
    tells(percent_of(rate))


def test_listening_moves_what_is_expected_before_the_chance() -> None:
    start, listens, buys = (outcome(STARTUP, **moved) for moved in ({}, {"needs": 1}, {"needs": 1, "bought": 100}))
    tells(
        figure(money, round(listens.expected_revenue, -3)),
        figure(percent, listens.expected_revenue / listens.target, 0),
        figure(chance_text, listens.chance_of_target),
        figure(chance_text, start.chance_of_target),
        figure(money, round(buys.expected_revenue, -3)),
        figure(chance_text, buys.chance_of_target),
        figure(times, buys.coverage, 0),
    )
    assert listens.chance_of_target / start.chance_of_target == pytest.approx(15, abs=1)
    assert buys.conversion < listens.conversion
    assert start.chance_of_target < buys.chance_of_target < listens.chance_of_target


def test_the_lesson_holds_every_challenge_and_its_solution() -> None:
    for question in CHALLENGES:
        assert LESSON.count(f'sm.exercise("{question.id}")\n') == 1
        assert f'sm.exercise("{question.id}").check(' in LESSON
        for chosen in ("en", "nl"):
            use_language(chosen)
            assert f"### {said(question.title)}\n" in LESSON
