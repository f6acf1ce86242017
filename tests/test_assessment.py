"""The assessment's company: from every seed the same story with other figures, and every sum doable in the head."""

import math
from datetime import date

import pytest
from tables import refusals

import salesmetrics as sm
from salesmetrics import exercise
from salesmetrics.base.language import language as chosen_language
from salesmetrics.exercises.content import questions
from salesmetrics.exercises.feedback import judge
from salesmetrics.models.assessment import Company, companies, company_of

# Of a target of 600 is 200 won; 280 and seven times 40 are open, and twenty of forty were won.
ONE = Company(won_deals=20, closed_deals=40, size=40, usual=7, large=280, target=600, won=200)


def test_by_hand():
    assert company_of(1) == ONE
    assert (ONE.open, ONE.remaining, ONE.coverage, ONE.rate, ONE.expected) == (560, 400, 1.4, 0.5, 480)
    # With the large deal 120 is left, three of seven: 1 - (1 + 7 + 21) / 128. Without it 280 is less than 400.
    assert ONE.chance_with_large == pytest.approx(99 / 128)
    assert ONE.chance == pytest.approx(99 / 256)
    # For 252 instead of 280 it is 148, four of seven.
    assert (ONE.discounted, ONE.chance_discounted) == (252, pytest.approx(1 / 2))


def test_there_are_companies_enough_for_a_school():
    assert len(companies()) >= 30
    assert {company_of(seed) for seed in range(len(companies()))} == set(companies())
    assert company_of(7) == company_of(7)
    assert company_of(7) != company_of(8)


@pytest.mark.parametrize("company", companies(), ids=str)
def test_each_is_sharp_but_thin_and_hangs_on_one_deal(company):
    low, high = company.margin
    assert low >= 1 / 3
    assert company.coverage * high < 1
    assert company.usual * company.size < company.remaining < company.open
    assert company.large >= 2 * company.size
    # None of the choices about the chance comes near the right one, and a discount is worth thinking about.
    tenths = round(10 * company.chance)
    assert 10 * company.expected / company.target - tenths > 2
    assert tenths / 10 < company.rate
    assert company.chance_discounted > company.chance + 0.08
    # This year more were won than the year before, at a lower rate, and luck alone can do that.
    won, closed = company.before
    assert company.won_deals > won
    assert company.rate < won / closed
    assert company.by_chance > 0.2


@pytest.mark.parametrize("company", companies(), ids=str)
def test_each_sum_can_be_done_in_the_head(company):
    assert math.isclose(company.coverage * 20, round(company.coverage * 20))
    assert company.expected % 5 == 0
    assert math.isclose(company.expected / company.target * 100, round(company.expected / company.target * 100))
    assert company.rate in (0.5, 0.6)


@pytest.mark.parametrize("seed", range(0, 38, 4))
def test_the_table_says_what_the_figures_say(seed):
    company, pipeline = company_of(seed), sm.assessment(seed=seed)
    remaining = sm.coverage(pipeline, remaining=True)
    assert (remaining.numerator, remaining.denominator) == (company.open * 1000, company.remaining * 1000)
    rate = sm.conversion_rate(pipeline)
    assert (rate.numerator, rate.denominator) == (company.won_deals, company.closed_deals)
    assert float(sm.conversion_rate(pipeline, unit="amount")) == pytest.approx(company.rate)
    expected = sm.expected_revenue(pipeline)
    assert float(expected) == pytest.approx(company.expected * 1000)
    assert float(sm.chance_of_target(pipeline)) == pytest.approx(company.chance)
    assert (sm.diagnose(pipeline).situation, sm.diagnose(pipeline).not_ruled_out) == ("sharp but thin", ())
    for status in ("won", "lost"):
        ended = pipeline.deals[pipeline.deals["status"] == status]
        assert set((ended["closed_on"] - ended["created_on"]).dt.days) == {75}


def test_it_is_half_way_through_the_quarter():
    pipeline = sm.assessment()
    assert (pipeline.period.first, pipeline.as_of, pipeline.period.last) == (
        date(2026, 4, 1),
        date(2026, 5, 18),
        date(2026, 6, 30),
    )
    assert pipeline.deals["closed_on"].max().date() == pipeline.as_of
    ended = pipeline.deals["closed_on"].dropna()
    assert ended.min().date() > date(2025, 5, 18)


@pytest.mark.parametrize("seed", [-1, 1.5, "x", None, math.nan, math.inf, True])
def test_a_seed_is_a_whole_number(seed):
    assert refusals(lambda: sm.assessment(seed=seed)) == {
        "en": f"A seed is a whole number from 0 on; found {seed}.\n→ For example: sm.assessment(seed=2)",
        "nl": f"Een seed is een heel getal vanaf 0; gevonden: {seed}.\n→ Bijvoorbeeld: sm.assessment(seed=2)",
    }


SEEDS = range(len(companies()))


@pytest.mark.parametrize("seed", SEEDS)
def test_the_questions_are_about_the_company_of_the_seed(seed):
    company, asked = company_of(seed), questions(seed)
    answers = [asked[f"assessment-{at}"].answer for at in (1, 2, 3)]
    assert answers == pytest.approx([company.coverage, company.rate, company.expected * 1000])
    for name, question in asked.items():
        if question.lesson.number == "11":
            texts = [question.question, question.solution, question.because, *(wrong.says for wrong in question.wrong)]
            assert not any("{" in said for text in texts if text for said in text.values())
        else:
            assert question == questions()[name]


@pytest.mark.parametrize("seed", SEEDS)
def test_no_mistake_leads_to_the_right_answer(seed):
    for at in (1, 2, 3):
        question = questions(seed)[f"assessment-{at}"]
        for wrong in question.wrong:
            assert not math.isclose(wrong.fits["value"], question.answer, rel_tol=0.02), wrong.mistake
            given = f"{wrong.fits['value']:.4%}" if question.unit == "%" else wrong.fits["value"]
            assert (judge(question, given).tone, judge(question, given).mistake) == ("wrong", wrong.mistake)
            assert question.bounds[0] <= wrong.fits["value"] <= question.bounds[1]
        assert judge(question, question.answer).tone == "right"


def test_another_class_gets_another_company(language):
    one, other = (exercise("assessment-1", seed=seed) for seed in (1, 2))
    assert str(one) != str(other)
    assert one.check("1,4×").tone == "right"
    assert other.check("1,4×").tone != "right"
    assert other.check(company_of(2).coverage).tone == "right"


def test_filling_in_leaves_the_language_alone(language):
    questions.cache_clear()
    questions(3)
    assert chosen_language() == language
