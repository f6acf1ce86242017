"""The map: the two numbers by hand, its curve, its situations, its chance, and what the picture carries."""

import itertools
import math

import numpy as np
import pytest
from drawn import words
from hypothesis import given
from hypothesis import strategies as st
from matplotlib.patches import PathPatch
from test_models import anywhere

from salesmetrics.base.language import NBSP, chance_text
from salesmetrics.charts import balance as chart
from salesmetrics.charts.balance import PLACES
from salesmetrics.charts.words import share_text
from salesmetrics.diagnosis import situation
from salesmetrics.models.balance import MODEL, BalanceOutcome


def state(**levers: float) -> BalanceOutcome:
    return MODEL.outcome({**MODEL.defaults(), **levers})


@pytest.mark.parametrize(
    ("levers", "coverage", "conversion", "share", "named"),
    [
        ({}, 5, 0.1, 0.5, "full but leaky"),  # the startup
        ({"coverage": 1.5, "conversion": 0.6}, 1.5, 0.6, 0.9, "sharp but thin"),  # the consultancy
        ({"coverage": 6}, 6, 0.1, 0.6, "full but leaky"),  # the agency
        ({"coverage": 4, "conversion": 0.25}, 4, 0.25, 1.0, "healthy"),
        ({"coverage": 2, "conversion": 0.2}, 2, 0.2, 0.4, "thin and leaky"),
        ({"coverage": 2, "conversion": 0.2, "reference": 2}, 2, 0.2, 0.4, "full but leaky"),
        ({"slip": 0.5}, 2.5, 0.1, 0.25, "thin and leaky"),
        ({"new_deals": 10}, 5.5, 0.1, 0.55, "full but leaky"),
        ({"slip": 0.1, "new_deals": 10}, 5, 0.1, 0.5, "full but leaky"),
        ({"slip": 1}, 0, 0.1, 0, "thin and leaky"),
        ({"coverage": 0}, 0, 0.1, 0, "thin and leaky"),
        ({"conversion": 0}, 5, 0, 0, "full but leaky"),
        ({"along": 2}, 10, 0.05, 0.5, "full but leaky"),
        ({"along": 0.5}, 2.5, 0.2, 0.5, "thin and leaky"),
        ({"along": 0.2}, 1, 0.5, 0.5, "sharp but thin"),
    ],
)
def test_the_two_numbers_by_hand(levers, coverage, conversion, share, named) -> None:
    outcome = state(**levers)
    assert outcome.coverage == pytest.approx(coverage)
    assert outcome.conversion == pytest.approx(conversion)
    assert outcome.expected_share == pytest.approx(share)
    assert outcome.expected_revenue == pytest.approx(share * 500_000)
    assert outcome.situation == named


def wins(deals: int, rate: float, needed: int) -> float:
    return sum(math.comb(deals, k) * rate**k * (1 - rate) ** (deals - k) for k in range(needed, deals + 1))


@pytest.mark.parametrize(
    ("levers", "chance"),
    [
        ({}, wins(100, 0.1, 20)),
        ({"coverage": 3, "conversion": 1 / 3, "deals": 30}, wins(30, 1 / 3, 10)),  # 3× and one in three: .568
        ({"coverage": 1, "conversion": 0.5, "deals": 5}, 0.5**5),
        ({"coverage": 1, "conversion": 1, "deals": 35}, 1),  # 1/35 of the target in cents falls a cent short: not here
        ({"coverage": 0.9, "conversion": 1}, 0),
        ({"coverage": 2, "conversion": 0.5, "deals": 10, "slip": 0.2}, wins(10, 0.4, 5)),
        ({"coverage": 2, "conversion": 0.5, "deals": 10, "new_deals": 10}, wins(20, 0.5, 5)),
        ({"coverage": 0.5, "conversion": 1, "deals": 5, "new_deals": 5}, 1),
    ],
)
def test_the_chance_is_that_of_enough_equal_deals(levers, chance) -> None:
    assert state(**levers).chance_of_target == pytest.approx(chance, abs=1e-12)


def test_three_times_and_one_in_three_makes_it_little_more_than_half_the_time() -> None:
    assert state(coverage=3, conversion=1 / 3, deals=30).chance_of_target == pytest.approx(0.568, abs=0.0005)


def test_slipped_and_new_deals_have_chances_of_their_own() -> None:
    outcome = state(coverage=2, conversion=0.5, deals=5, slip=0.2, new_deals=2)  # three wins of five and two
    chances = [0.4] * 5 + [0.5] * 2
    enumerated = sum(
        math.prod(p if won else 1 - p for p, won in zip(chances, each, strict=True))
        for each in itertools.product((0, 1), repeat=7)
        if sum(each) >= 3
    )
    assert outcome.chance_of_target == pytest.approx(enumerated, abs=1e-12)


@given(levers=anywhere(MODEL))
def test_anywhere_on_the_map_the_figures_hold_together(levers) -> None:
    outcome = MODEL.outcome(levers)
    assert outcome.expected_share == pytest.approx(outcome.coverage * outcome.conversion)
    assert 0 <= outcome.conversion <= 1
    assert 0 <= outcome.coverage_open <= 10 + 1e-9
    assert 0 <= outcome.chance_of_target <= 1
    assert outcome.situation == situation(outcome.coverage, outcome.conversion, reference=levers["reference"])


@given(levers=anywhere(MODEL), along=st.floats(0.1, 2))
def test_along_the_curve_the_catch_stays_the_same(levers, along) -> None:
    here, there = MODEL.outcome({**levers, "along": 1}), MODEL.outcome({**levers, "along": along})
    assert there.expected_revenue == pytest.approx(here.expected_revenue, abs=1e-6)
    on_the_map = levers["conversion"] <= along and levers["coverage"] * along <= 10
    assert there.off_the_map == (not on_the_map)
    if on_the_map:
        assert there.coverage_open == pytest.approx(levers["coverage"] * along)


@given(coverage=st.floats(0.05, 9.95), conversion=st.floats(0.01, 0.99), full=st.floats(2, 6))
def test_the_shaded_part_of_the_map_is_the_one_the_point_is_in(coverage, conversion, full) -> None:
    rule = situation(coverage, conversion, reference=full)
    if abs(coverage * conversion - 1) < 0.05 or abs(coverage - full) < 0.02 or abs(conversion - 1 / full) < 0.005:
        return  # on a border; the curve is drawn with forty straight pieces
    inside = [name for name in PLACES if _contains(chart.region(name, full), coverage, conversion)]
    assert inside == [rule]


def _contains(corners, x: float, y: float) -> bool:
    crossings = 0
    for (x0, y0), (x1, y1) in zip(corners, [*corners[1:], corners[0]], strict=True):
        if (y0 > y) != (y1 > y) and x < (x1 - x0) * (y - y0) / (y1 - y0) + x0:
            crossings += 1
    return crossings % 2 == 1


@given(full=st.floats(2, 6), name=st.sampled_from(sorted(PLACES)))
def test_each_name_stands_in_its_own_part_whatever_counts_as_full(full, name) -> None:
    assert situation(*PLACES[name], reference=full) == name


def lines(drawing):
    (axes,) = drawing.figure.axes
    return [line for line in axes.lines if line in drawing.moving and line.get_visible()]


def marked(drawing):
    return [
        (line.get_marker(), line.get_xdata()[0], line.get_ydata()[0])
        for line in lines(drawing)
        if line.get_marker() != "None"
    ]


def test_the_point_and_both_curves_lie_where_the_numbers_say() -> None:
    drawing = chart.draw(MODEL)
    drawing.move(state())
    assert marked(drawing) == [("o", 5, 0.1)]
    curves = [np.multiply(*line.get_data()) for line in lines(drawing) if len(line.get_xdata()) > 10]
    assert [curve[0] for curve in curves] == pytest.approx([1, 0.5])
    assert all(curve[~np.isnan(curve)] == pytest.approx(curve[0]) for curve in curves)
    assert {"5.0×", "10.0%", "50% of the target", "less than 1%", f"expected: €{NBSP}250,000"} <= set(words(drawing))


@given(share=st.floats(0.05, 9))
def test_the_dashed_curve_is_seen_but_not_across_a_name(share) -> None:
    drawing = chart.draw(MODEL)
    drawing.move(state(coverage=min(10, 4 * share), conversion=share / min(10, 4 * share)))
    ((coverage, conversion),) = [
        np.array(line.get_data()) for line in lines(drawing) if len(line.get_xdata()) > 10 and line.get_linewidth() < 2
    ]
    seen = ~np.isnan(conversion)
    assert seen.mean() > 0.5
    for left, foot in PLACES.values():
        over = seen & (coverage > left) & (coverage < left + 0.9) & (conversion > foot) & (conversion < foot + 0.03)
        assert not over.any()


def test_what_slips_and_what_comes_moves_the_point_away_from_what_is_open() -> None:
    drawing = chart.draw(MODEL)
    drawing.move(state(slip=0.2))
    assert marked(drawing) == [("o", 5, 0.1), ("o", pytest.approx(4), 0.1)]
    assert "5.0× open" in words(drawing)
    drawing.move(state(deals=5, new_deals=20))
    assert marked(drawing) == [("o", 5, 0.1), (">", 10, 0.1)]
    assert "25.0×" in words(drawing)


def test_the_part_of_the_map_where_the_point_is_has_the_bold_name() -> None:
    drawing = chart.draw(MODEL)
    for levers in ({}, {"coverage": 1.5, "conversion": 0.6}, {"conversion": 0.5}, {"coverage": 1}):
        outcome = state(**levers)
        drawing.move(outcome)
        (axes,) = drawing.figure.axes
        bold = [
            text.get_text()
            for text in axes.texts
            if text in drawing.moving and text.get_fontsize() == 13 and text.get_position() in PLACES.values()
        ]
        assert [text.replace("\n", " ") for text in bold] == [outcome.situation]
        (region,) = [patch for patch in drawing.moving if isinstance(patch, PathPatch)]
        assert _contains(region.get_path().vertices.tolist(), outcome.coverage, outcome.conversion)


@pytest.mark.parametrize(
    ("levers", "english", "dutch"),
    [
        (
            {},
            "Coverage 5.0× times conversion 10.0% is 50% of the target: € 250,000 is expected, against € 500,000. "
            "With 100 equal, independent deals the chance of reaching the target is less than 1%. "
            "The situation: full but leaky, with 3.0× as full.",
            "Dekking 5,0× maal conversie 10,0% is 50% van het target: de verwachting is € 250.000, tegenover "
            "€ 500.000. Met 100 even grote, onafhankelijke deals is de kans op het target minder dan 1%. "
            "De situatie: vol maar lek, met 3,0× als vol.",
        ),
        (
            {"slip": 0.25, "new_deals": 1, "deals": 20, "conversion": 0.3},
            "Coverage 4.0× times conversion 30.0% is 120% of the target: € 600,000 is expected, against € 500,000. "
            "Of the 5.0× that is open, 25% slips to the next quarter. "
            "Besides the 5.0× that is open, 1 new deal comes and closes within the quarter. "
            "With 21 equal, independent deals the chance of reaching the target is 74%. "
            "The situation: healthy, with 3.0× as full.",
            "Dekking 4,0× maal conversie 30,0% is 120% van het target: de verwachting is € 600.000, tegenover "
            "€ 500.000. Van de 5,0× die openstaat, schuift 25% door naar het volgende kwartaal. "
            "Naast de 5,0× die openstaat, komt er 1 nieuwe deal bij die binnen het kwartaal beslist wordt. "
            "Met 21 even grote, onafhankelijke deals is de kans op het target 74%. "
            "De situatie: gezond, met 3,0× als vol.",
        ),
        (
            {"along": 0.1, "conversion": 0.2, "deals": 50},
            "Coverage 1.0× times conversion 100.0% is 100% of the target: € 500,000 is expected, against € 500,000. "
            "With 50 equal, independent deals the chance of reaching the target is more than 99%. "
            "The situation: healthy, with 3.0× as full. Further along the curve there is no map.",
            "Dekking 1,0× maal conversie 100,0% is 100% van het target: de verwachting is € 500.000, tegenover "
            "€ 500.000. Met 50 even grote, onafhankelijke deals is de kans op het target meer dan 99%. "
            "De situatie: gezond, met 3,0× als vol. Verder langs de lijn houdt de kaart op.",
        ),
        (
            {"coverage": 0},
            "Coverage 0.0× times conversion 10.0% is 0% of the target: € 0 is expected, against € 500,000. "
            "Even if every deal is won, the target stays out of reach. "
            "The situation: thin and leaky, with 3.0× as full.",
            "Dekking 0,0× maal conversie 10,0% is 0% van het target: de verwachting is € 0, tegenover € 500.000. "
            "Zelfs als elke deal wordt gewonnen, blijft het target buiten bereik. "
            "De situatie: dun en lek, met 3,0× als vol.",
        ),
    ],
)
def test_sentences(levers, english, dutch, language) -> None:
    assert chart.sentence(state(**levers)).replace(NBSP, " ") == (english if language == "en" else dutch)


@given(st.floats(0, 0.999))
def test_what_falls_short_of_the_target_is_never_all_of_it(share) -> None:
    assert float(share_text(share).rstrip("%")) < 100


@given(st.floats(0, 1, exclude_min=True))
def test_a_chance_in_words_is_never_rounded_to_impossible_or_certain(chance) -> None:
    assert chance_text(chance) not in ("0.0%", "0%", "100.0%", "100%")
