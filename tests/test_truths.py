"""What is true of the two numbers, and often said wrongly: each statement by hand, over tables and by the models."""

import math
import statistics

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tables import arrow, deal

import salesmetrics as sm
from salesmetrics.forecast.convolution import _split_sums
from salesmetrics.models.trap_models import SLOW_DEALS as MODEL
from salesmetrics.models.trap_tables import KINDS

DUE = "2026-05-01"


def open_deals(*amounts, **more):
    return [deal(amount=float(amount), due=DUE, **more) for amount in amounts]


def chance(amounts, target, p):
    table = sm.check_deals(arrow(*open_deals(*amounts)))
    return sm.chance_of_target(table, target=target, p=p, period="2026Q2")


def winning_share(conversion, winners, losers):
    """Of a pipeline at rest: won deals are seen open for as long as they take, and lost ones too."""
    return conversion * winners / (conversion * winners + (1 - conversion) * losers)


@pytest.mark.parametrize(("share", "months"), [(0.5, 6), (0.25, 12), (1, 6)])
@pytest.mark.parametrize(("fast_rate", "slow_rate"), [(0.4, 0.1), (0.1, 0.4), (0.3, 0.3)])
def test_the_winning_share_of_an_open_pipeline(share, months, fast_rate, slow_rate):
    """Above the rate when winners take longer, below it when losers linger, and equal when both take as long."""
    found = MODEL.outcome({"share": share, "months": months, "fast_rate": fast_rate, "slow_rate": slow_rate})
    fast, slow = 1 - share, share
    rate = fast * fast_rate + slow * slow_rate
    winners = (fast * fast_rate + slow * slow_rate * months) / rate
    losers = (fast * (1 - fast_rate) + slow * (1 - slow_rate) * months) / (1 - rate)
    ours = found.expected_revenue / found.pipeline
    assert ours == pytest.approx(winning_share(rate, winners, losers))
    assert (found.conversion, ours > rate + 1e-9, ours < rate - 1e-9) == (
        pytest.approx(rate),
        winners > losers + 1e-9,
        winners < losers - 1e-9,
    )


def test_the_winning_share_of_the_slow_deals_by_hand():
    """Of 100k fast at 40% and 600k slow at 10%, 100k of 700k is won; winners take 2 months, losers 4, rate 25%."""
    deals = sm.trap("slow").deals
    rates = sm.conversion_rate(deals, by="kind").set_index("kind")["value"]
    assert rates[list(KINDS)].tolist() == pytest.approx([0.4, 0.1])
    assert winning_share(0.25, 2, 4) == pytest.approx(100 / 700)
    # With the rates swapped winners take 5 months and losers 3: 250k, more than the 175k of the rate.
    assert winning_share(0.25, 5, 3) == pytest.approx(250 / 700)


@given(
    st.lists(st.integers(1, 10**6), min_size=1, max_size=6),
    st.integers(0, 5),
    st.integers(1, 5),
    st.integers(0, 3),
    st.integers(1, 10**6),
)
def test_expected_is_coverage_times_conversion_until_something_is_won(amounts, won, lost, won_now, target):
    before = [deal("won", 10.0, due="")] * won + [deal("lost", 10.0)] * lost
    now = [deal("won", 1_000.0, closed="2026-04-03")] * won_now
    table = sm.check_deals(arrow(*open_deals(*amounts), *before, *now))
    covered = float(sm.coverage(table, target=target, period="2026Q2"))
    rate = float(sm.conversion_rate(table))
    expected = float(sm.expected_revenue(table, period="2026Q2")) / target
    assert expected == pytest.approx(covered * rate + 1_000 * won_now / target)


def test_no_three_thirds_make_a_whole():
    found = chance([333.33] * 3, 1_000, 0.9)
    assert (found, found.error_bound) == (0, 0)
    assert chance([333.33, 333.33, 333.34], 1_000, 0.9) == pytest.approx(0.9**3)
    assert round(chance([37_000] * 10, 111_000, 0.3), 3) == 0.617


@pytest.mark.parametrize(
    ("amount", "count", "p", "target", "naive"), [(33_333, 3, 0.5, 100_000, 0.086), (37_000, 10, 0.3, 111_000, 0.538)]
)
def test_splitting_amounts_alone_would_get_these_wrong(amount, count, p, target, naive):
    """Why there is more to the chance than a grid: on one of 2¹² points these two come out as far as this."""
    whole, rest = np.divmod(np.full(count, amount) * 2**12, target)
    below = _split_sums(whole, rest / target, np.full(count, p), 2**12)
    assert round(1 - float(below.sum()), 3) == naive


def test_three_times_is_enough_for_one_in_three_and_then_half_of_the_time():
    assert sm.required_coverage(1 / 3) == pytest.approx(3)
    found = chance([10_000] * 30, 100_000, 1 / 3)
    assert round(found, 3) == 0.568


def test_the_chance_if_the_largest_falls_away():
    two_large = [225, 225, *[25] * 18]
    assert round(chance(two_large, 600, 0.6), 2) == 0.37
    assert round(chance(two_large[1:], 600, 0.6), 2) == 0.02


def test_velocity_by_all_closed_deals_and_by_the_winners_own_days():
    startup = sm.scenario("startup")
    found = sm.velocity(startup.deals, period=startup.period)
    assert round(float(found)) == 3_425
    won = startup.deals[startup.deals["status"] == "won"]
    own_days = (won["closed_on"] - won["created_on"]).dt.days.mean()
    assert found.open_deals * found.conversion * found.mean_won_amount / own_days == pytest.approx(2_500)


# The first facts of lessons 05 and 06, by the functions themselves


def test_the_startups_funnel_and_open_money():
    startup = sm.scenario("startup")
    steps = sm.funnel(startup.deals, stages=startup.stages).steps
    assert [step.entered for step in steps] == [250, 200, 150, 45, 35]
    assert steps[-1].rate.numerator == 25
    assert float(steps[2].rate) == pytest.approx(0.3)
    rows = sm.open_by_stage(startup.deals, period=startup.period).set_index("stage")
    assert (rows.loc[list(startup.stages), "amount"] / 1_000).tolist() == [1_200, 800, 400, 75, 25]
    assert rows["deals"].sum() == 100
    assert sm.required_coverage(sm.conversion_rate(startup.deals)) == pytest.approx(10)


def test_the_startups_sizes_are_spread_about_as_a_lognormal():
    startup = sm.scenario("startup")
    due = startup.deals[(startup.deals["status"] == "open") & (startup.deals["expected_close_on"] <= "2026-06-30")]
    assert (len(due), due["amount"].mean()) == (100, 25_000)
    assert statistics.stdev(map(math.log, due["amount"])) == pytest.approx(0.6, abs=0.05)


def test_the_consultancys_next_quarter_and_what_it_needs():
    consultancy = sm.scenario("consultancy")
    following = sm.coverage(consultancy.deals, target=consultancy.target, period="2026Q3", as_of=consultancy.as_of)
    assert (following.numerator, float(following)) == (240_000, 0.4)
    assert round(sm.required_coverage(sm.conversion_rate(consultancy.deals)), 2) == 1.67
    expected = sm.expected_revenue(consultancy.deals, period=consultancy.period)
    assert float(expected) / consultancy.target == pytest.approx(0.9)
    assert (
        round(sm.chance_of_target(consultancy.deals, target=consultancy.target, period=consultancy.period), 2) == 0.38
    )
