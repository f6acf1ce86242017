"""Exercises: what each says to every answer, and whether the figures in them are what the kit computes."""

import sys
from pathlib import Path

import pandas as pd
import pytest

import salesmetrics as sm
from salesmetrics.chance import chance
from salesmetrics.exercises import exercise
from salesmetrics.exercises.content import Question, questions
from salesmetrics.language import LANGUAGES, percent

sys.path.append(str(Path(__file__).parent.parent / "notebooks"))

import parity

ALL = list(questions().values())


def texts(question: Question):
    """Every text of an exercise that a learner may read, with what it is."""
    yield "title", question.title
    yield "question", question.question
    yield "because", question.because
    yield "solution", question.solution
    yield "quantity", question.quantity
    for at, hint in enumerate(question.hints, 1):
        yield f"hint {at}", hint
    for wrong in question.wrong:
        yield wrong.mistake, wrong.says
    for part in (*question.choices, *question.cells):
        yield part.key, part.label


@pytest.mark.parametrize("question", ALL, ids=lambda question: question.id)
def test_both_languages_say_the_same(question):
    for what, text in texts(question):
        if text is not None:
            assert set(text) == set(LANGUAGES), what
            assert text["en"].strip()
            assert text["nl"].strip()
            assert not parity.markdown_differences(text["en"], text["nl"]), what


def says(name: str, *figures: str) -> bool:
    """Tell whether the reveal of an exercise says these figures, in the chosen language."""
    text = str(exercise(name).check(questions()[name].answer))
    return all(figure in text for figure in figures)


def test_the_welcome_bet_tells_what_the_two_companies_expect_and_their_chance(language):
    a, b = sm.scenario("startup"), sm.scenario("consultancy")
    chances, expected = [], []
    for company, coverage, conversion in ((a, 5.0, 0.1), (b, 1.5, 0.6)):
        about = {"target": company.target, "period": company.period, "as_of": company.as_of}
        assert float(sm.coverage(company.deals, **about)) == coverage
        assert float(sm.conversion_rate(company.deals)) == conversion
        chances.append(sm.chance_of_target(company.deals, **about))
        expected.append(coverage * conversion)
    assert chances[0] < 0.01
    assert round((1 - chances[0]) * (1 - chances[1]), 1) == 0.6
    assert says("welcome-bet", *(percent(share, 0) for share in expected), percent(chances[1], 0))


def test_the_coverage_bet_tells_how_often_three_times_is_enough(language):
    makes_it = float(chance([10] * 30, 1 / 3, 100))
    assert says("coverage-bet", percent(makes_it, 0), percent(1 - makes_it, 0))


def test_the_conversion_bet_tells_three_rates_of_one_list(language):
    startup = sm.scenario("startup")
    rates = (
        sm.conversion_rate(startup.deals),
        sm.conversion_rate(startup.deals, base="created"),
        sm.conversion_rate(startup.deals, reached="Qualified", stages=startup.stages),
    )
    assert says("conversion-bet", *(percent(float(rate)) for rate in rates))
    assert says("conversion-bet", *(f"{rate.denominator:.0f}" for rate in rates))


def test_the_balance_bet_tells_that_both_just_reach_the_target(language):
    chances = [float(chance([10] * deals, rate, 100)) for deals, rate in ((50, 0.2), (20, 0.5))]
    assert says("balance-bet", *(percent(one, 0) for one in chances))


NONSENSE = [
    None,
    "",
    "bananas",
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
    pd.DataFrame({"a": [1, 2]}),
    pd.Series([1.0, 2.0]),
]


@pytest.mark.parametrize("question", ALL, ids=lambda question: question.id)
def test_nonsense_gets_a_kind_sentence(question, language):
    for given in NONSENSE:
        verdict = exercise(question.id).check(given)
        assert verdict.tone in ("again", "wrong") or question.kind in ("bet", "free"), given
        assert str(verdict)
        assert verdict._repr_html_()
        assert "Traceback" not in str(verdict)
