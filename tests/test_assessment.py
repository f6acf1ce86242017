"""The assessment's company: from every seed the same story with other figures, and every sum doable in the head."""

import math
from datetime import date

import pytest
from tables import refusals

import salesmetrics as sm
from salesmetrics.models.assessment import Company, companies, company_of

# Of a target of 600 is 200 won; 300 and eight times 40 are open, and ten of twenty were won.
ONE = Company(won_deals=10, closed_deals=20, size=40, usual=8, large=300, target=600, won=200)


def test_by_hand():
    assert (ONE.open, ONE.remaining, ONE.coverage, ONE.rate, ONE.expected) == (620, 400, 1.55, 0.5, 510)
    # With the large deal 100 is left, three of eight: 1 - (1 + 8 + 28) / 256. Without it 320 is less than 400.
    assert ONE.chance_with_large == pytest.approx(1 - 37 / 256)
    assert ONE.chance == pytest.approx((1 - 37 / 256) / 2)


def test_there_are_companies_enough_for_a_school():
    assert len(companies()) >= 50
    assert {company_of(seed) for seed in range(len(companies()))} == set(companies())
    assert company_of(7) == company_of(7)
    assert company_of(7) != company_of(8)


@pytest.mark.parametrize("company", companies(), ids=str)
def test_each_is_thin_hangs_on_one_deal_and_has_a_margin_to_weigh(company):
    low, high = company.margin
    assert company.rate >= 1 / 3
    assert company.coverage < 2
    assert company.coverage * company.rate < 1 <= company.coverage * high
    assert company.coverage * low < 0.8
    assert company.usual * company.size < company.remaining < company.open
    assert company.large > 2 * company.size
    # Whoever takes the part of the target that is expected for the chance is twice wrong.
    assert company.chance < company.expected / company.target / 1.7
    assert company.chance < company.rate


@pytest.mark.parametrize("company", companies(), ids=str)
def test_each_sum_can_be_done_in_the_head(company):
    assert math.isclose(company.coverage * 20, round(company.coverage * 20))
    assert company.expected % 10 == 0
    assert math.isclose(company.expected / company.target * 100, round(company.expected / company.target * 100))
    assert company.rate in (0.5, 0.6)


@pytest.mark.parametrize("seed", range(0, 64, 5))
def test_the_table_says_what_the_figures_say(seed):
    company, pipeline = company_of(seed), sm.assessment(seed=seed)
    about = {"target": pipeline.target, "period": pipeline.period}
    remaining = sm.coverage(pipeline.deals, remaining=True, **about)
    assert (remaining.numerator, remaining.denominator) == (company.open * 1000, company.remaining * 1000)
    rate = sm.conversion_rate(pipeline.deals)
    assert (rate.numerator, rate.denominator) == (company.won_deals, company.closed_deals)
    assert float(sm.conversion_rate(pipeline.deals, unit="amount")) == pytest.approx(company.rate)
    expected = sm.expected_revenue(pipeline.deals, period=pipeline.period)
    assert float(expected) == pytest.approx(company.expected * 1000)
    assert float(sm.chance_of_target(pipeline.deals, **about)) == pytest.approx(company.chance)
    assert sm.diagnose(pipeline.deals, **about).situation == "sharp but thin"
    assert "healthy" in sm.diagnose(pipeline.deals, **about).not_ruled_out


def test_it_is_half_way_through_the_quarter():
    pipeline = sm.assessment()
    assert (pipeline.period.first, pipeline.as_of, pipeline.period.last) == (
        date(2026, 7, 1),
        date(2026, 8, 14),
        date(2026, 9, 30),
    )
    assert pipeline.deals["closed_on"].max().date() == pipeline.as_of
    ended = pipeline.deals["closed_on"].dropna()
    assert ended.min().date() == date(2026, 1, 1)


@pytest.mark.parametrize("seed", [-1, 1.5, "x", None, math.nan, math.inf, True])
def test_a_seed_is_a_whole_number(seed):
    assert refusals(lambda: sm.assessment(seed=seed)) == {
        "en": f"A seed is a whole number from 0 on; found {seed}.\n→ For example: sm.assessment(seed=2)",
        "nl": f"Een seed is een heel getal vanaf 0; gevonden: {seed}.\n→ Bijvoorbeeld: sm.assessment(seed=2)",
    }
