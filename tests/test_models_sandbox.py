"""A quarter of one's own making: how unequal its deals are, and a scale that follows the target."""

import itertools

import pytest
from drawn import inside
from hypothesis import given
from hypothesis import strategies as st
from matplotlib.patches import PathPatch

from salesmetrics.base.language import NBSP
from salesmetrics.charts import quarter as chart
from salesmetrics.forecast.distribution import revenue_distribution, this_quarter
from salesmetrics.models.quarter import SANDBOX as MODEL
from salesmetrics.models.quarter import made_up_amounts as amounts


def state(**levers: float):
    return MODEL.outcome({**MODEL.defaults(), **levers})


@pytest.mark.parametrize(
    ("deals", "mean", "share", "fifth"),
    [(100, 25_000, 0.35, 875_000), (100, 25_000, 0.8, 2_000_000), (5, 10_000, 0.5, 25_000), (10, 20_000, 0.2, 40_000)],
)
def test_the_largest_fifth_holds_its_share_of_the_money(deals, mean, share, fifth) -> None:
    sizes = amounts(deals, mean, share)
    assert sizes[: deals // 5].sum() == pytest.approx(fifth, abs=mean / 40)


@given(st.integers(5, 200), st.integers(1, 50), st.integers(4, 16))
def test_however_unequal_the_deals_add_up_and_the_largest_come_first(deals, mean, share) -> None:
    sizes = amounts(deals, mean * 5_000, share / 20)
    assert sizes.size == deals
    assert sizes.sum() == pytest.approx(deals * mean * 5_000)
    assert sizes.min() > 0
    # Each is rounded to a twentieth of the mean.
    assert all(after <= before + mean * 5_000 / 20 + 1 for before, after in itertools.pairwise(sizes))


def test_equal_deals_are_a_sum_by_hand() -> None:
    """Twenty won of a hundred equal deals, each won 1 in 10: 1 in 500 quarters."""
    equal = state(top_fifth=0.2)
    assert (equal.coverage, equal.expected_revenue) == (5.0, pytest.approx(250_000))
    assert equal.chance_of_target == pytest.approx(0.00198, abs=5e-6)
    assert state(top_fifth=0.2, won=250_000).coverage == 10.0
    assert state(won=500_000).coverage is None


def test_the_start_is_about_the_startup() -> None:
    start = state()
    assert (start.coverage, start.conversion, start.target) == (5.0, 0.1, 500_000)
    assert start.chance_of_target == pytest.approx(0.0065, abs=0.001)
    assert start.largest == pytest.approx(124_000, abs=1_250 / 2)


def test_unequal_deals_help_below_the_required_coverage_and_hurt_above_it() -> None:
    below = [state(top_fifth=share).chance_of_target for share in (0.2, 0.35, 0.5)]
    above = [state(top_fifth=share, rate=0.25).chance_of_target for share in (0.2, 0.35, 0.5)]
    assert below == sorted(below)
    assert above == sorted(above, reverse=True)


@pytest.mark.parametrize(("target", "end"), [(100_000, 200_000), (500_000, 1_000_000), (2_000_000, 4_000_000)])
def test_the_scale_follows_the_target(target, end) -> None:
    drawing = chart.draw(MODEL)
    drawing.move(outcome := state(target=target, top_fifth=0.2))
    assert len(outcome.missed) * outcome.bin_width == end
    words = {text.get_text() for text in drawing.moving if hasattr(text, "get_text")}
    assert {f"€{NBSP}{end // 4:,}", f"€{NBSP}{end // 2:,}", f"€{NBSP}{end * 3 // 4:,}"} <= words
    (axes,) = drawing.figure.axes
    line = next(line for line in axes.lines if line in drawing.moving and line.get_linewidth() == 2.6)
    assert [*line.get_xdata()] == [264.0, 264.0]  # half of the scale's 528 pixels
    reached = [p for p in drawing.moving if isinstance(p, PathPatch) and p.get_hatch()]
    left = min(reached[0].get_path().vertices[:, 0], default=264)
    assert not left < 264


@pytest.mark.parametrize(
    "levers", [{}, {"target": 2_000_000}, {"mean": 250_000, "deals": 200, "rate": 1}, {"won": 1e6}]
)
def test_every_word_fits_into_the_picture(levers, language) -> None:
    drawing = chart.draw(MODEL)
    drawing.move(state(**levers))
    inside(drawing)


def test_a_typed_mean_of_odd_cents_is_as_quick_and_as_exact() -> None:
    odd = state(mean=23_333.33, deals=200, new_deals=3, slip=0.1)
    assert odd.pipeline == pytest.approx(200 * 23_333.33, abs=200 * 0.1)
    amounts_of, chances = this_quarter(amounts(200, 23_333.33, 0.35), 0.1, slip=0.1, new_deals=3)
    assert revenue_distribution(amounts_of, chances).method == "convolution"
