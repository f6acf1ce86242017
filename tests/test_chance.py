"""The chance of a target: against enumeration of all outcomes, halves of all outcomes, simulation and the lessons."""

import itertools
import math
from unittest import mock

import numpy as np
import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st
from scipy import integrate, special, stats
from tables import refusals

from salesmetrics.base.errors import SalesMetricsError
from salesmetrics.base.language import use_language
from salesmetrics.forecast import convolution
from salesmetrics.forecast.chance import chance, chance_at_uncertain_rate
from salesmetrics.forecast.convolution import chance_on_grid, exact_sums, fewer_won
from salesmetrics.forecast.distribution import revenue_distribution, scale_for_chance, this_quarter

CONSULTANCY = [250_000, 200_000, 70_000, 60_000, 55_000, 50_000, 48_000, 45_000, 40_000, 35_000, 27_000, 20_000]

in_cents = st.integers(0, 50_000_000)
probability = st.one_of(st.sampled_from([0.0, 1.0, 0.5, 1e-9]), st.floats(0, 1))
deals = st.lists(st.tuples(in_cents, probability), max_size=12)


@pytest.fixture(params=["en", "nl"])
def language(request):
    use_language(request.param)
    yield request.param
    use_language("en")


def known(found):
    """Give a chance with all that it says about itself."""
    return (float(found), found.error_bound, found.method)


def all_outcomes(cents, probabilities):
    """Every one of the 2ⁿ outcomes: its sum and its probability."""
    won = np.array(list(itertools.product([0, 1], repeat=len(cents))), dtype=np.int64).reshape(
        2 ** len(cents), len(cents)
    )
    sums = won @ np.array(cents, dtype=np.int64)
    return sums, np.where(won, probabilities, 1 - np.array(probabilities)).prod(axis=1)


def by_enumeration(cents, probabilities, target):
    sums, weights = all_outcomes(cents, probabilities)
    return math.fsum(weights[sums >= target])


def by_halves(cents, probabilities, target):
    """Enumerate each half and look up what the other must bring: exact for up to about thirty deals."""
    half = len(cents) // 2
    ours, weights = all_outcomes(cents[:half], probabilities[:half])
    theirs, others = all_outcomes(cents[half:], probabilities[half:])
    order = np.argsort(theirs)
    at_least = np.append(np.cumsum(others[order][::-1])[::-1], 0)
    return math.fsum(weights * at_least[np.searchsorted(theirs[order], target - ours)])


def euros(cents):
    return [amount / 100 for amount in cents]


@pytest.mark.parametrize(
    ("amounts", "probabilities", "target", "expected"),
    [
        ([100], 0.3, 100, 0.3),
        ([100], 0.3, 100.01, 0),
        ([100, 100], 0.5, 100, 0.75),
        ([100, 100], 0.5, 101, 0.25),
        ([100, 50], [0.5, 0.2], 50, 0.6),
        ([100, 50], [0.5, 0.2], 150, 0.1),
        ([100, 50], [1, 0.2], 150, 0.2),
        ([100, 50], [1, 0], 100, 1),
        ([100, 0], [0, 1], 1, 0),
        ([], 0.5, 1, 0),
        ([], [], 1, 0),
        ([333.33] * 3, 0.9, 1_000, 0),
        ([333.33, 333.33, 333.34], 0.9, 1_000, 0.729),
        ([37_000] * 10, 0.3, 111_000, 1 - sum(math.comb(10, k) * 0.3**k * 0.7 ** (10 - k) for k in range(3))),
        ([0.1] * 3, 0.5, 0.3, 0.125),
    ],
)
def test_by_hand(amounts, probabilities, target, expected):
    assert float(chance(amounts, probabilities, target)) == pytest.approx(expected, abs=1e-15)


def test_what_is_decided_is_exactly_so():
    assert known(chance([333.33] * 3, 0.9, 1_000)) == (0.0, 0.0, "certain")
    assert known(chance([1, 2], 0.5, 10, already_won=10)) == (1.0, 0.0, "certain")
    assert known(chance([1, 2], 0.5, 10, already_won=12)) == (1.0, 0.0, "certain")
    assert known(chance([10, 2], [1, 0.5], 10)) == (1.0, 0.0, "certain")


@given(deals, st.data())
@settings(max_examples=300)
def test_agrees_with_all_outcomes(table, data):
    cents, probabilities = [c for c, _ in table], [p for _, p in table]
    subset = sum(c for c in cents if data.draw(st.booleans()))
    target = data.draw(st.one_of(st.sampled_from([subset, subset + 1, subset - 1]), st.integers(1, 600_000_000)))
    won = data.draw(st.sampled_from([0, 0, 1, 12_345]))
    assume(target > 0)
    found = chance(euros(cents), probabilities, target / 100, already_won=won / 100)
    assert found.method != "grid"
    assert found == pytest.approx(by_enumeration(cents, probabilities, target - won), abs=1e-9)
    assert found == pytest.approx(by_enumeration(cents, probabilities, target - won), abs=found.error_bound + 1e-15)


@given(st.lists(st.tuples(st.integers(1, 30), st.floats(0.01, 0.99)), min_size=1, max_size=8), st.data())
def test_round_amounts_with_odd_ones_among_them(table, data):
    """Thousands go densely, the cents between them into the map: together still all sums and nothing else."""
    odd = data.draw(st.lists(st.sampled_from([12_345_67, 700_01, 700_01, 250_050]), max_size=5))
    cents = [100_000 * k for k, _ in table] + odd
    probabilities = [p for _, p in table] + [0.3] * len(odd)
    limit = data.draw(st.integers(1, sum(cents) + 1))
    with mock.patch.object(convolution, "STATES", 2**9):
        found = exact_sums(np.array(cents), np.array(probabilities), limit)
    sums, weights = all_outcomes(cents, probabilities)
    if found is None:
        assert np.unique(sums[sums < limit]).size >= 2**9
        return
    expected = {int(s): math.fsum(weights[sums == s]) for s in np.unique(sums[sums < limit])}
    got: dict[int, float] = {}
    for total, weight in zip(found.sums.tolist(), found.probabilities.tolist(), strict=True):
        got[total] = got.get(total, 0) + weight
    assert got == pytest.approx(expected, rel=1e-12)


def test_a_probability_too_small_to_matter():
    """Its complement rounds to 1: on the side of the losses nothing is left to add the odd deals to."""
    assert float(chance([1_310.70, 2_621.44, 0.01], [1, 1e-104, 0.5], 2_621.44)) == pytest.approx(0, abs=1e-16)
    assert float(chance([2_000, 2_621.44, 0.01], [0.5, 1e-104, 0.5], 2_000)) == pytest.approx(0.5)


def test_the_map_says_so_and_gives_up_in_time():
    cents = np.array([10_000_001 + 2**k for k in range(16)])
    assert exact_sums(cents, np.full(16, 0.5), int(cents.sum()) + 1).method == "map"
    rng = np.random.default_rng(4)
    cents = rng.integers(10**6, 10**7, 40)
    assert exact_sums(cents, np.full(40, 0.5), int(cents.sum()) + 1) is None
    assert chance([25_317.53] * 40 + [1_000] * 60, 0.2, 300_000).method == "map"
    assert chance(cents / 100, 0.5, cents.sum() / 200).method == "grid"


def test_many_odd_amounts_whose_sums_coincide_stay_exact():
    """2³¹ outcomes, but fewer than a thousand different sums: kept small by adding equal ones up on the way."""
    multiples = [37.13 * k for k in range(1, 31)]
    found = chance([*multiples, 1_117.01], 0.4, 37.13 * 200 + 1)
    without = float(chance(multiples, 0.4, 37.13 * 200 + 1))
    with_it = float(chance(multiples, 0.4, 37.13 * 200 + 1 - 1_117.01))
    assert found.method == "map"
    assert found == pytest.approx(0.6 * without + 0.4 * with_it, abs=1e-12)


@given(
    st.lists(st.tuples(st.integers(1, 5_000), st.floats(0.01, 0.99)), min_size=1, max_size=9),
    st.integers(1, 20_000),
    st.data(),
)
@example([(4_000, 0.5), (1_000, 0.5)], 5_000, None)
@example([(2_189, 0.5), (4_524, 0.05), (337, 0.3)], 2_527, None)
@example([(4_449, 0.5), (1_919, 0.3), (4_112, 0.3), (1_148, 0.97)], 10_482, None)
@example([(333, 0.9)] * 3, 1_000, None)
@settings(max_examples=500)
def test_the_bounds_of_the_grid_hold(table, target, data):
    """A coarse grid, so that the bounds have something to do, and targets on sums, where it is hardest."""
    units, probabilities = [u for u, _ in table], [p for _, p in table]
    if data is not None and data.draw(st.booleans()):
        target = sum(u for u in units if data.draw(st.booleans())) or target
    with mock.patch.object(convolution, "CELLS", 64):
        lowest, estimate, highest = chance_on_grid(np.array(units), np.array(probabilities), target)
    assert lowest <= by_enumeration(units, probabilities, target) <= highest
    assert 0 <= lowest <= estimate <= highest <= 1


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("on_a_sum", [False, True])
def test_the_grid_is_close_for_many_fine_amounts(seed, on_a_sum):
    rng = np.random.default_rng(seed)
    cents = np.rint(rng.lognormal(0, 0.6, 26) * 2_000_000).astype(np.int64)
    probabilities = rng.uniform(0.1, 0.9, 26)
    target = int(cents[rng.random(26) < 0.5].sum()) if on_a_sum else int(cents.sum() // 2)
    found = chance(cents / 100, probabilities, target / 100)
    exact = by_halves(cents, probabilities, target)
    assert found.method == "grid"
    assert abs(found - exact) <= found.error_bound < 0.001
    assert found == pytest.approx(exact, abs=1.5e-5)


def test_a_large_deal_on_the_target_among_many_small_ones():
    """Half of the chance sits on one sum: the grid may not see on which side, and must say how unsure it is."""
    rng = np.random.default_rng(5)
    cents = np.concatenate(([30_000_007, 20_000_003], rng.integers(1_000_000, 2_000_000, 24)))
    probabilities = np.array([0.7, 0.7] + [0.0005] * 24)
    for target in (50_000_009, 50_000_010, 50_000_011):
        found = chance(cents / 100, probabilities, target / 100)
        assert found.method == "grid"
        assert abs(found - by_halves(cents, probabilities, target)) <= found.error_bound


def test_one_deal_that_is_the_target_is_not_split():
    rng = np.random.default_rng(6)
    cents = np.concatenate(([40_000_007], rng.integers(100_000, 200_000, 25)))
    probabilities = np.array([0.6] + [0.1] * 25)
    found = chance(cents / 100, probabilities, 400_000.07)
    assert found.method == "grid"
    assert found == pytest.approx(0.6, abs=1e-12)
    assert found.error_bound < 1e-9


def test_three_thousand_deals_agree_with_a_simulation():
    rng = np.random.default_rng(7)
    amounts = np.round(rng.lognormal(0, 0.8, 3_000) * 20_000, 2)
    probabilities = rng.uniform(0.05, 0.4, 3_000)
    target = round(float(amounts @ probabilities) * 1.01, 2)
    found = chance(amounts, probabilities, target)
    assert found.method == "grid"
    reached = sum(int(((rng.random((1_000, 3_000)) < probabilities) @ amounts >= target).sum()) for _ in range(20))
    assert abs(found - reached / 20_000) <= found.error_bound + 4 * math.sqrt(0.25 / 20_000)
    assert found.error_bound < 0.02
    spread = math.sqrt(float(amounts**2 @ (probabilities * (1 - probabilities))))
    normal = stats.norm.sf((target - float(amounts @ probabilities)) / spread)
    assert found == pytest.approx(normal, abs=0.005)


@given(st.lists(st.tuples(in_cents, st.floats(0, 1)), min_size=1, max_size=12), in_cents, in_cents)
def test_a_higher_target_is_no_likelier(table, one, other):
    low, high = sorted((one + 1, other + 1))
    amounts, probabilities = euros([c for c, _ in table]), [p for _, p in table]
    assert float(chance(amounts, probabilities, high / 100)) <= float(chance(amounts, probabilities, low / 100)) + 1e-13


def test_the_chance_falls_over_a_whole_sweep_of_targets_on_the_grid_too():
    rng = np.random.default_rng(8)
    amounts = np.round(rng.lognormal(0, 0.6, 60) * 20_000, 2)
    chances = [float(chance(amounts, 0.25, target)) for target in range(5_000, 800_000, 5_000)]
    assert all(later <= earlier for earlier, later in itertools.pairwise(chances))
    assert chances[0] > 0.999
    assert chances[-1] < 0.01


@given(deals, st.floats(0, 0.5))
def test_more_chance_for_each_deal_is_more_chance_in_all(table, more):
    amounts, low = euros([c for c, _ in table]), [p for _, p in table]
    high = [p + more * (1 - p) for p in low]
    assert float(chance(amounts, high, 1_000)) >= float(chance(amounts, low, 1_000)) - 1e-12


@given(st.lists(st.tuples(st.floats(0, 1e11), probability), max_size=15), st.floats(0.01, 1e11))
def test_never_anything_but_a_chance(table, target):
    amounts, probabilities = [a for a, _ in table], [p for _, p in table]
    for found in (chance(amounts, probabilities, target), chance_at_uncertain_rate(amounts, 0, 3, target)):
        assert 0 <= found <= 1
        assert 0 <= found.error_bound <= 1
    quarter = revenue_distribution(amounts, probabilities)
    assert np.isfinite(quarter.values).all()
    assert (quarter.probabilities >= 0).all()
    assert quarter.probabilities.sum() == pytest.approx(1)


# Every figure of the lessons and definitions that is a chance over deals.
THOUSAND = 1_000
STARTUP_EQUAL = [25 * THOUSAND] * 100


@pytest.mark.parametrize(
    ("amounts", "rate", "target", "expected"),
    [
        ([1] * 30, 1 / 3, 10, 0.568),
        ([225] * 2 + [25] * 18, 0.6, 600, 0.37),
        ([225] + [25] * 18, 0.6, 600, 0.02),
        (STARTUP_EQUAL, 0.1, 500_000, 0.002),
        (CONSULTANCY, 0.6, 600_000, 0.384),
        (CONSULTANCY, 0.5, 600_000, 0.225),
        (CONSULTANCY[2:], 0.6, 150_000, 0.947),
        (CONSULTANCY[2:], 0.6, 600_000, 0),
        ([25] * 40, 0.25, 250, 0.560),
        ([250] + [25] * 30, 0.25, 250, 0.397),
        ([400] + [25] * 24, 0.25, 250, 0.291),
        ([25] * 50, 0.25, 250, 0.836),
        ([10_000] * 12, 1 / 3, 40_000, 0.61),
        ([10_000] * 6 + [60_000], 1 / 3, 40_000, 0.40),
        ([10_000] * 18, 1 / 3, 40_000, 0.90),
        ([37_000] * 10, 0.3, 111_000, 0.617),
    ],
)
def test_figures_of_the_lessons(amounts, rate, target, expected):
    decimals = max(2, len(str(expected)) - 2)
    assert round(float(chance(amounts, rate, target)), decimals) == expected


def test_the_bet():
    """Team A, 5× and one in ten, expects half its target; team B, 1.5× and six in ten, nine tenths."""
    assert revenue_distribution(STARTUP_EQUAL, 0.1).mean == pytest.approx(0.5 * 500_000)
    assert float(chance(STARTUP_EQUAL, 0.1, 500_000)) < 0.01
    assert revenue_distribution(CONSULTANCY, 0.6).mean == pytest.approx(0.9 * 600_000)
    assert round(float(chance(CONSULTANCY, 0.6, 600_000)), 2) == 0.38


@pytest.mark.parametrize("rate", [0.1, 0.2, 0.25, 1 / 3, 0.5, 0.6])
def test_break_even_coverage_makes_the_target_about_half_the_time(rate):
    assert 0.545 <= float(chance([1] * math.ceil(10 / rate), rate, 10)) <= 0.645


def test_unequal_deals_at_break_even_coverage_do_worse():
    scaled = np.array(CONSULTANCY) / 0.9
    assert scaled.sum() / 600_000 == pytest.approx(1 / 0.6)
    assert 0.35 <= float(chance(scaled, 0.6, 600_000)) <= 0.50


def below(quarter, amount):
    """Give the chance of less than an amount."""
    return quarter.probabilities[quarter.values < amount].sum()


def test_below_the_required_coverage_variance_helps_and_widens():
    equal, unequal = [25] * 40, [400] + [25] * 24
    assert float(chance(equal, 0.2, 400)) < float(chance(unequal, 0.2, 400))
    even, uneven = revenue_distribution(equal, 0.2), revenue_distribution(unequal, 0.2)
    assert even.mean == pytest.approx(uneven.mean)
    assert uneven.quantile(0.9) - uneven.quantile(0.1) > even.quantile(0.9) - even.quantile(0.1)
    assert below(uneven, 200) > below(even, 200)


@pytest.mark.parametrize(("deals_open", "spread"), [(100, 0.30), (200, 0.21)])
def test_more_deals_steady_the_forecast(deals_open, spread):
    quarter = revenue_distribution([1_000] * deals_open, 0.1)
    deviation = math.sqrt(float((quarter.values - quarter.mean) ** 2 @ quarter.probabilities))
    assert round(deviation / quarter.mean, 2) == spread


@pytest.mark.parametrize(
    ("rate", "break_even", "about_80"),
    [(0.1, 10, 12.4), (0.2, 5, 6.1), (0.25, 4, 4.9), (1 / 3, 3, 3.6), (0.5, 2, 2.4), (0.6, 1.7, 1.9)],
)
def test_the_hand_out(rate, break_even, about_80):
    assert round(1 / rate, 1) == break_even
    open_deals = round(about_80 * 10)
    assert float(chance([1] * open_deals, rate, 10)) >= 0.8 > float(chance([1] * (open_deals - 1), rate, 10))


@pytest.mark.parametrize(
    ("amounts", "won", "lost", "target"),
    [
        (STARTUP_EQUAL, 25, 225, 500_000),
        ([10, 20, 30], 0, 1, 30),
        ([10, 20, 30], 3, 1, 30),
        (STARTUP_EQUAL, 1, 0, 500_000),
        ([1_000 + k for k in range(14)], 2, 7, 5_000),
        (CONSULTANCY, 36, 24, 600_000),
        (CONSULTANCY, 3_600, 2_400, 600_000),
    ],
)
@pytest.mark.parametrize("share", [1.0, 0.7])
def test_the_uncertain_rate_is_the_average_over_beta(amounts, won, lost, target, share):
    def at(angle):  # p = sin²: no infinite ends
        weight = 2 * won * math.log(math.sin(angle)) + 2 * lost * math.log(math.cos(angle))
        weight -= float(special.betaln(won + 0.5, lost + 0.5))
        return 2 * math.exp(weight) * float(chance(amounts, share * math.sin(angle) ** 2, target))

    centre = math.asin(math.sqrt(won / (won + lost)))
    expected = integrate.quad(at, 1e-12, math.pi / 2 - 1e-12, points=[centre], epsabs=1e-11, limit=400)[0]
    found = chance_at_uncertain_rate(amounts, won, lost, target, share=share)
    assert found == pytest.approx(expected, abs=1e-9)


def test_a_rate_known_from_many_deals_is_as_good_as_certain():
    known = float(chance(CONSULTANCY, 0.6, 600_000))
    assert float(chance_at_uncertain_rate(CONSULTANCY, 600_000, 400_000, 600_000)) == pytest.approx(known, abs=1e-4)
    few = float(chance_at_uncertain_rate(STARTUP_EQUAL, 1, 9, 500_000))
    assert few > 20 * float(chance(STARTUP_EQUAL, 0.1, 500_000))


def test_an_uncertain_rate_on_the_grid():
    rng = np.random.default_rng(9)
    amounts = np.round(rng.lognormal(0, 0.6, 40) * 20_000, 2)
    found = chance_at_uncertain_rate(amounts, 20, 80, 200_000)
    certain = [
        float(chance(amounts, rate, 200_000)) for rate in stats.beta(20.5, 80.5).ppf((np.arange(200) + 0.5) / 200)
    ]
    assert found.method == "grid"
    assert found == pytest.approx(np.mean(certain), abs=1e-3)
    assert found.error_bound < 0.002


@given(deals, st.sampled_from([0, 1, 12_345]))
def test_the_distribution_is_all_outcomes(table, won):
    cents, probabilities = [c for c, _ in table], [p for _, p in table]
    quarter = revenue_distribution(euros(cents), probabilities, already_won=won / 100)
    assert (np.diff(quarter.values) >= 0).all()
    assert quarter.probabilities.sum() == pytest.approx(1)
    expected = (won + float(np.dot(cents, probabilities))) / 100
    assert quarter.mean == pytest.approx(expected, rel=1e-12, abs=1e-9)
    sums, weights = all_outcomes(cents, probabilities)
    middle = float(np.median(sums)) + won
    assert below(quarter, middle / 100) == pytest.approx(math.fsum(weights[sums + won < middle]), abs=1e-9)


def test_the_grid_keeps_the_mean_and_nearly_the_quantiles():
    rng = np.random.default_rng(10)
    cents = np.rint(rng.lognormal(0, 0.6, 300) * 2_000_000)
    probabilities = rng.uniform(0, 1, 300)
    quarter = revenue_distribution(cents / 100, probabilities, already_won=1_000)
    assert quarter.method == "grid"
    assert quarter.mean == pytest.approx(1_000 + float(cents @ probabilities) / 100, rel=1e-12)
    spread = math.sqrt(float((cents / 100) ** 2 @ (probabilities * (1 - probabilities))))
    assert quarter.quantile(0.9) == pytest.approx(quarter.mean + 1.2816 * spread, rel=0.005)
    assert quarter.quantile(0.1) == pytest.approx(quarter.mean - 1.2816 * spread, rel=0.005)


def test_bins_hold_the_chance():
    quarter = revenue_distribution(CONSULTANCY, 0.6)
    bars = quarter.binned(range(0, 900_001, 50_000))
    assert bars.sum() == pytest.approx(1)
    assert bars[12:].sum() == pytest.approx(float(chance(CONSULTANCY, 0.6, 600_000)))
    assert below(quarter, 300_000) == pytest.approx(1 - float(chance(CONSULTANCY, 0.6, 300_000)))
    assert quarter.quantile(0) == 0
    assert quarter.quantile(1) == 900_000


@given(deals, st.integers(1, 10**8), st.floats(0.01, 0.99))
@settings(max_examples=200)
def test_the_scale_is_the_smallest_that_gives_the_chance(table, target, wanted):
    cents, probabilities = [c for c, _ in table], [p for _, p in table]
    sums, weights = all_outcomes(cents, probabilities)
    if math.fsum(weights[sums > 0]) < wanted - 1e-9:
        with pytest.raises(SalesMetricsError, match="No size of deals"):
            scale_for_chance(euros(cents), probabilities, target / 100, wanted)
        return
    found = scale_for_chance(euros(cents), probabilities, target / 100, wanted)
    assert math.fsum(weights[sums * found >= target * (1 - 1e-9)]) >= wanted - 1e-9
    assert math.fsum(weights[sums * found * (1 - 1e-8) >= target]) < wanted + 1e-9


def test_scale_for_a_chance():
    assert scale_for_chance([100] * 3, 0.5, 100, 0.8) == 1
    assert scale_for_chance([100] * 3, 0.5, 200, 0.8, already_won=100) == 1
    assert scale_for_chance([100] * 3, 0.5, 200, 0.8, already_won=200) == 0
    assert scale_for_chance([100, 50], [1, 0.5], 200, 0.8) == 2
    rng = np.random.default_rng(11)
    amounts = np.round(rng.lognormal(0, 0.6, 60) * 20_000, 2)
    fine = scale_for_chance(amounts, 0.25, 300_000, 0.8)
    assert float(chance(amounts * fine, 0.25, 300_000)) == pytest.approx(0.8, abs=1e-4)


@pytest.mark.parametrize(
    ("deals", "rate", "needed", "chance"),
    [
        (3, 0.5, 1, 0.125),
        (3, 0.5, 0, 0),
        (3, 0.5, -1, 0),
        (3, 0.5, 3, 0.875),
        (3, 0.5, 4, 1),
        (3, 1, 3, 0),
        (3, 1, 4, 1),
        (3, 0, 1, 1),
        (3, 0, 0, 0),
    ],
)
def test_fewer_won_than_needed_at_its_ends(deals, rate, needed, chance):
    assert fewer_won(deals, rate, needed) == pytest.approx(chance)


def test_quantiles_at_their_ends():
    quarter = revenue_distribution([100, 50], 0.5)
    # A quarter of the outcomes is 0: the quantile at exactly 25% is that, just above it 50.
    assert [quarter.quantile(part) for part in (0, 0.25, 0.2501, 1)] == [0, 0, 50, 150]
    for part in (1.5, -0.1):
        with pytest.raises(SalesMetricsError, match=f"found {part:g}") as refused:
            quarter.quantile(part)
        assert refused.value.hint == "25% is 0.25."
    assert quarter.binned([0, 100, 200]).tolist() == [0.5, 0.5]


def test_as_many_new_deals_as_may_be_given_still_have_a_chance():
    """1,001 equal deals, of which 501 must be won at an even rate: as likely as not, the rate certain or not."""
    deals, probabilities = this_quarter([100], 0.5, new_deals=1_000)
    assert deals.size == 1_001
    assert chance(deals, probabilities, 50_100) == pytest.approx(0.5)
    assert chance_at_uncertain_rate(deals, 5, 5, 50_100) == pytest.approx(0.5)


def test_slipped_and_new_deals():
    amounts, probabilities = this_quarter([300, 100], [0.5, 0.1], slip=0.5, new_deals=2)
    assert amounts.tolist() == [300, 100, 200, 200]
    assert probabilities == pytest.approx([0.25, 0.05, 0.3, 0.3])
    assert this_quarter([], 0.5, slip=0.1, new_deals=3)[0].size == 0
    amounts, share = this_quarter(CONSULTANCY, 1, slip=0.2)
    uncertain = chance_at_uncertain_rate(amounts, 36, 24, 600_000, share=share)
    assert uncertain == chance_at_uncertain_rate(CONSULTANCY, 36, 24, 600_000, share=0.8)


NAN, INFINITE = math.nan, math.inf


@pytest.mark.parametrize(
    ("call", "english", "dutch"),
    [
        (
            lambda: chance([-5], 0.5, 10),
            "An amount must be a number, 0 or more and below 10,000,000,000,000; found -5.\n"
            "→ Leave out deals without an amount first.",
            "Een bedrag moet een getal zijn, 0 of meer en kleiner dan 10.000.000.000.000; gevonden: -5.\n"
            "→ Laat deals zonder bedrag eerst weg.",
        ),
        (
            lambda: chance([9e12] * 10_001, 0.5, 10),
            "Together the amounts are too large: 90,009,000,000,000,000.\n"
            "→ Give them in thousands, and the target too.",
            "Samen zijn de bedragen te groot: 90.009.000.000.000.000.\n→ Geef ze in duizendtallen, en het target ook.",
        ),
        (
            lambda: chance(["ten"], 0.5, 10),
            "Amounts and probabilities must be numbers.\n→ Give them as a list or an array, without text.",
            "Bedragen en kansen moeten getallen zijn.\n→ Geef ze als lijst of array, zonder tekst.",
        ),
        (
            lambda: chance([1], 25, 10),
            "A probability lies between 0 and 1; found 25.\n→ 25% is 0.25.",
            "Een kans ligt tussen 0 en 1; gevonden: 25.\n→ 25% is 0.25.",
        ),
        (
            lambda: chance([1, 2, 3], [0.5, 0.5], 10),
            "There are 3 amounts and 2 probabilities.\n→ Give one probability for all deals, or one for each.",
            "Er zijn 3 bedragen en 2 kansen.\n→ Geef één kans voor alle deals, of één per deal.",
        ),
        (
            lambda: chance([1], 0.5, 0),
            "The target must be an amount of more than 0, not 0.\n"
            "→ Give the revenue you want to win, for example target=500_000.",
            "Het target moet een bedrag boven 0 zijn; 0 kan niet.\n"
            "→ Geef de omzet die je wilt winnen, bijvoorbeeld target=500_000.",
        ),
        (
            lambda: chance([1], 0.5, 10, already_won=-1),
            "What is won already must be an amount of 0 or more; found -1.\n"
            "→ Give the revenue won so far in the period, in euros.",
            "Wat al gewonnen is, moet een bedrag van 0 of meer zijn; gevonden: -1.\n"
            "→ Geef de omzet die in de periode tot nu toe gewonnen is, in euro’s.",
        ),
        (
            lambda: chance_at_uncertain_rate([1], -1, 5, 10),
            "A rate needs closed deals; found -1 won and 5 lost.\n"
            "→ Count the deals that were won and lost: whole numbers, at least one deal in all.",
            "Een conversie vraagt om besliste deals; gevonden: -1 gewonnen en 5 verloren.\n"
            "→ Tel de gewonnen en de verloren deals: hele getallen, samen minstens één deal.",
        ),
        (
            lambda: this_quarter([1], 0.5, slip=20),
            "The part that slips lies between 0 and 1; found 20.\n→ 25% is 0.25.",
            "Het deel dat doorschuift ligt tussen 0 en 1; gevonden: 20.\n→ 25% is 0.25.",
        ),
        (
            lambda: this_quarter([1], 0.5, new_deals=1.5),
            "The number of new deals is a whole number, from 0 to 1,000; found 1.5.\n"
            "→ Count the deals that are both created and closed in the period.",
            "Het aantal nieuwe deals is een heel getal van 0 tot en met 1.000; gevonden: 1.5.\n"
            "→ Tel de deals die in de periode zowel ontstaan als beslist worden.",
        ),
        (
            lambda: revenue_distribution([1], 0.5).quantile(1.5),
            "A probability lies between 0 and 1; found 1.5.\n→ 25% is 0.25.",
            "Een kans ligt tussen 0 en 1; gevonden: 1.5.\n→ 25% is 0.25.",
        ),
        (
            lambda: scale_for_chance([1], 0.5, 10, 80),
            "The chance wanted lies between 0 and 1; found 80.\n→ 80% is 0.8.",
            "De gewenste kans ligt tussen 0 en 1; gevonden: 80.\n→ 80% is 0.8.",
        ),
        (
            lambda: scale_for_chance([1, 1], 0.5, 9, 0.9),
            "No size of deals gives a chance of 90.0%: the chance that any is won is 75.0%.\n"
            "→ More deals are needed, or better ones, not larger ones.",
            "Hoe groot de deals ook zijn, een kans van 90,0% zit er niet in: de kans dat je er minstens één wint is "
            "75,0%.\n→ Er zijn meer deals nodig, of betere; grotere helpen niet.",
        ),
    ],
)
def test_a_refusal_says_what_was_found_and_what_to_do(call, english, dutch):
    assert refusals(call) == {"en": english, "nl": dutch}


@pytest.mark.parametrize(
    ("call", "english", "dutch"),
    [
        (lambda: chance([-5], 0.5, 10), "0 or more and below 10,000,000,000,000; found -5", "gevonden: -5"),
        (lambda: chance([9e12] * 10_001, 0.5, 10), "Together the amounts are too large", "Samen zijn de bedragen te"),
        (lambda: chance([1, NAN], 0.5, 10), "found nan", "Een bedrag moet"),
        (lambda: chance([INFINITE], 0.5, 10), "found inf", "Een bedrag moet"),
        (lambda: chance(["ten"], 0.5, 10), "must be numbers", "moeten getallen zijn"),
        (lambda: chance([None, 2], 0.5, 10), "Leave out deals without an amount", "Laat deals zonder bedrag"),
        (lambda: chance([1], 25, 10), "found 25.\n→ 25% is 0.25", "gevonden: 25.\n→ 25% is 0.25"),
        (lambda: chance([1], -0.1, 10), "A probability lies between 0 and 1", "Een kans ligt tussen 0 en 1"),
        (lambda: chance([1], NAN, 10), "A probability lies between 0 and 1", "Een kans ligt tussen 0 en 1"),
        (lambda: chance([1, 2, 3], [0.5, 0.5], 10), "3 amounts and 2 probabilities", "3 bedragen en 2 kansen"),
        (lambda: chance([1], [0.5, 0.5], 10), "1 amounts and 2 probabilities", "1 bedragen en 2 kansen"),
        (lambda: chance([1], 0.5, 0), "The target must be", "Het target moet"),
        (lambda: chance([1], 0.5, -3), "The target must be", "Het target moet"),
        (lambda: chance([1], 0.5, NAN), "The target must be", "Het target moet"),
        (lambda: chance([1], 0.5, INFINITE), "The target must be", "Het target moet"),
        (lambda: chance([1], 0.5, 10, already_won=-1), "What is won already", "Wat al gewonnen is"),
        (lambda: chance([1], 0.5, 10, already_won=NAN), "What is won already", "Wat al gewonnen is"),
        (lambda: revenue_distribution([-1], 0.5), "An amount must be", "Een bedrag moet"),
        (lambda: revenue_distribution([1], 0.5, already_won=-1), "What is won already", "Wat al gewonnen is"),
        (lambda: revenue_distribution([1], 0.5).quantile(10), "A probability lies", "Een kans ligt"),
        (lambda: chance_at_uncertain_rate([1], 0, 0, 10), "0 won and 0 lost", "0 gewonnen en 0 verloren"),
        (lambda: chance_at_uncertain_rate([1], -1, 5, 10), "A rate needs closed", "Een conversie vraagt"),
        (lambda: chance_at_uncertain_rate([1], 0.5, 5, 10), "A rate needs closed", "Een conversie vraagt"),
        (lambda: chance_at_uncertain_rate([1], NAN, 5, 10), "A rate needs closed", "Een conversie vraagt"),
        (lambda: this_quarter([1], 0.5, slip=20), "The part that slips", "Het deel dat doorschuift"),
        (lambda: this_quarter([1], 0.5, slip=NAN), "The part that slips", "Het deel dat doorschuift"),
        (lambda: this_quarter([1], 0.5, new_deals=-1), "number of new deals", "aantal nieuwe deals"),
        (lambda: this_quarter([1], 0.5, new_deals=1.5), "number of new deals", "aantal nieuwe deals"),
        (lambda: this_quarter([1], 0.5, new_deals=1_001), "from 0 to 1,000; found 1001", "0 tot en met 1.000"),
        (lambda: this_quarter([1], 0.5, new_deals=100_000), "from 0 to 1,000; found 100000", "0 tot en met 1.000"),
        (lambda: scale_for_chance([1], 0.5, 10, 80), "→ 80% is 0.8", "→ 80% is 0.8"),
        (lambda: scale_for_chance([1], 0.5, 10, 1), "The chance wanted", "De gewenste kans"),
        (lambda: scale_for_chance([1, 1], 0.5, 9, 0.9), "any is won is 75.0%", "minstens één wint is 75,0%"),
        (lambda: scale_for_chance([], 0.5, 10, 0.5), "any is won is 0.0%", "minstens één wint is 0,0%"),
    ],
)
def test_what_is_refused(language, call, english, dutch):
    with pytest.raises(SalesMetricsError) as refusal:
        call()
    assert (english if language == "en" else dutch) in str(refusal.value)
    assert refusal.value.hint
