"""A quarter's revenue: against all its outcomes, the lesson's figures, its bars and its words."""

import itertools
import math

import numpy as np
import pytest
from drawn import words
from hypothesis import given
from hypothesis import strategies as st
from matplotlib.colors import to_rgba
from matplotlib.patches import PathPatch
from tables import deal, refusals

import salesmetrics as sm
from salesmetrics.base.language import NBSP
from salesmetrics.charts import quarter as chart
from salesmetrics.models.quarter import QuarterOutcome, model, model_of, model_of_consultancy

MODEL = model_of_consultancy()

SMALL = (40_000, 30_000, 20_000, 10_000, 10_000)
MONEY = st.lists(st.integers(1, 40).map(lambda thousands: thousands * 1000), min_size=1, max_size=8)


def state(of=MODEL, **levers: float) -> QuarterOutcome:
    return of.outcome({**of.defaults(), **levers})


def every_outcome(amounts, rates):
    """Give each possible revenue with its probability, by writing all of them out."""
    for won in itertools.product((0, 1), repeat=len(amounts)):
        chance = math.prod(rate if each else 1 - rate for rate, each in zip(rates, won, strict=True))
        yield sum(amount for amount, each in zip(amounts, won, strict=True) if each), chance


def test_the_start_is_the_consultancy() -> None:
    company, outcome = sm.scenario("consultancy"), state()
    about = {"target": company.target, "period": company.period}
    assert outcome.coverage == pytest.approx(1.5)
    assert outcome.conversion == 0.6
    assert outcome.expected_revenue == pytest.approx(540_000)
    assert outcome.chance_of_target == pytest.approx(0.384, abs=0.0005)
    assert outcome.chance_of_target == pytest.approx(float(sm.chance_of_target(company.deals, **about)))
    assert state(slip=0.2, new_deals=3).chance_of_target == pytest.approx(
        float(sm.chance_of_target(company.deals, **about, slip=0.2, new_deals=3))
    )


@pytest.mark.parametrize(
    ("levers", "chance"),
    [
        ({"rate": 0.5}, 0.225),
        ({"away": 1}, 0.022),
        ({"away": 2}, 0),
        ({"rate": 1}, 1),
        ({"rate": 0}, 0),
        ({"slip": 1}, 0),
    ],
)
def test_the_consultancys_chances(levers, chance) -> None:
    assert state(**levers).chance_of_target == pytest.approx(chance, abs=0.0005)


def test_the_largest_deal_holds_the_quarter_up() -> None:
    two_large = model([225_000] * 2 + [25_000] * 18, target=600_000, rate=0.6)
    outcome = state(two_large)
    assert (outcome.chance_of_target, outcome.chance_without_largest) == pytest.approx((0.37, 0.02), abs=0.005)
    assert state(two_large, away=1).chance_of_target == outcome.chance_without_largest
    assert state(two_large, away=1).chance_with_all == outcome.chance_of_target
    assert state(two_large, away=2).chance_without_largest == outcome.chance_without_largest


@pytest.mark.parametrize(
    "levers", [{}, {"away": 1}, {"slip": 0.25}, {"new_deals": 2}, {"away": 2, "slip": 0.5, "new_deals": 1}]
)
@pytest.mark.parametrize("target", [50_000, 60_000, 61_234.56])
def test_against_every_outcome(levers, target) -> None:
    small = model(SMALL, target=60_000, rate=0.3, won=5_000)
    outcome = state(small, target=target, **levers)
    away, new = levers.get("away", 0), levers.get("new_deals", 0)
    amounts = [*SMALL[away:], *[22_000] * new]
    rates = [0.3 * (1 - levers.get("slip", 0))] * len(SMALL[away:]) + [0.3] * new
    outcomes = [(5_000 + revenue, chance) for revenue, chance in every_outcome(amounts, rates)]
    reach = sum(chance for revenue, chance in outcomes if revenue >= target)
    assert outcome.chance_of_target == pytest.approx(reach, abs=1e-12)
    assert outcome.expected_revenue == pytest.approx(sum(revenue * chance for revenue, chance in outcomes))
    assert sum(chance for revenue, chance in outcomes if outcome.low <= revenue <= outcome.high) >= 0.8
    for i, (missed, reached) in enumerate(zip(outcome.missed, outcome.reached, strict=True)):
        inside = [(revenue, chance) for revenue, chance in outcomes if i * 2_500 <= revenue < (i + 1) * 2_500]
        assert missed == pytest.approx(sum(chance for revenue, chance in inside if revenue < target), abs=1e-12)
        assert reached == pytest.approx(sum(chance for revenue, chance in inside if revenue >= target), abs=1e-12)


@given(
    amounts=MONEY,
    share=st.floats(0.2, 2),
    rate=st.floats(0, 1),
    away=st.integers(0, 2),
    slip=st.floats(0, 1),
    new=st.integers(0, 5),
    won=st.sampled_from([0, 12_345.67]),
)
def test_the_bars_add_up_to_the_chance(amounts, share, rate, away, slip, new, won) -> None:
    some = model(amounts, target=share * sum(amounts), rate=0.5, won=won)
    away = min(away, len(amounts))
    outcome = state(some, rate=rate, away=away, slip=slip, new_deals=new)
    assert sum(outcome.missed) + sum(outcome.reached) + outcome.more == pytest.approx(1)
    assert sum(outcome.reached) + outcome.more == pytest.approx(outcome.chance_of_target, abs=1e-9)
    assert outcome.low <= outcome.high
    assert outcome.out_of_reach <= (outcome.chance_of_target == 0)
    assert (outcome.coverage is None) == (won >= some.levers[1].default)


@pytest.mark.parametrize("target", [537_123.45, 90_000, 1_234_567, 5, 0.5])
def test_any_target_stands_on_a_step_of_its_own_slider(target) -> None:
    (lever,) = [lever for lever in model([1_000], target=target, rate=0.25).levers if lever.name == "target"]
    steps = (lever.default - lever.minimum) / lever.step
    assert steps == pytest.approx(round(steps))
    assert 0 < lever.minimum <= target <= lever.maximum < 2 * target


def test_amounts_in_odd_cents_are_counted_as_well() -> None:
    amounts = [round(10_000 * 1.0173**i, 2) for i in range(40)]
    some = model(amounts, target=0.3 * sum(amounts), rate=0.3)
    outcome = state(some)
    assert sum(outcome.reached) + outcome.more == pytest.approx(outcome.chance_of_target, abs=0.005)
    assert outcome.expected_revenue == pytest.approx(0.3 * sum(amounts))


def test_without_open_deals_there_is_no_quarter(language) -> None:
    with pytest.raises(sm.SalesMetricsError, match="no open deal" if language == "en" else "Geen open deal"):
        model([], target=500_000, rate=0.1)


def bars(drawing, color):
    """Give the bars of one look as (left, right, height in pixels)."""
    (patch,) = [
        each for each in drawing.moving if isinstance(each, PathPatch) and each.get_facecolor() == to_rgba(color)
    ]
    corners = patch.get_path().vertices
    if len(corners) == 1:
        return []
    return [(euros(box[0][0]), euros(box[1][0]), box[2][1] - box[1][1]) for box in corners.reshape(-1, 5, 2)]


def euros(place: float) -> float:
    """Read the consultancy's scale: 528 pixels for twice its target."""
    return round(place * 1_200_000 / 528, 6)


def test_the_bars_carry_the_chances_and_the_line_parts_them() -> None:
    drawing = chart.draw(MODEL)
    outcome = state()
    drawing.move(outcome)
    missed, reached = bars(drawing, "#DCDCDC"), bars(drawing, "#009E73")
    pixels = 200 / 0.12
    assert sum(height for *_, height in missed) == pytest.approx((1 - outcome.chance_of_target) * pixels, abs=1)
    assert sum(height for *_, height in reached) == pytest.approx(outcome.chance_of_target * pixels, abs=1)
    assert max(right for _left, right, _height in missed) == 600_000 == min(left for left, *_ in reached)
    (axes,) = drawing.figure.axes
    target, span, mean = [line for line in axes.lines if line in drawing.moving and line.get_visible()]
    assert [*map(euros, target.get_xdata())] == [600_000, 600_000]
    assert (euros(min(span.get_xdata())), euros(max(span.get_xdata()))) == (293_000, 765_000)
    assert [*map(euros, mean.get_xdata())] == [540_000]
    assert {"90% of the target", "38%", "2%", f"target €{NBSP}600,000"} <= set(words(drawing))
    hatches = {each.get_hatch() for each in drawing.moving if isinstance(each, PathPatch)}
    assert hatches == {None, "////"}  # told apart without colour


def test_with_the_largest_gone_the_outline_shows_the_quarter_as_it_was() -> None:
    drawing = chart.draw(MODEL)
    drawing.move(state())
    assert words(drawing).count("with all deals") == 0
    drawing.move(state(away=1))
    assert words(drawing).count("with all deals") == 2
    (axes,) = drawing.figure.axes
    outline = max((line for line in axes.lines if line in drawing.moving), key=lambda line: len(line.get_xdata()))
    before = state()
    heights = np.add(before.missed, before.reached) * 200 / 0.12
    assert outline.get_ydata()[1:-1:2] == pytest.approx(100 + heights)
    assert outline.get_visible()


def test_what_lies_beyond_the_scale_has_a_bar_of_its_own() -> None:
    drawing = chart.draw(MODEL)
    drawing.move(state(rate=1, new_deals=20))
    ((left, _right, height),) = bars(drawing, "#009E73")
    assert left > 1_200_000
    assert height == pytest.approx(200)


MET = {"of": model([100_000, 50_000], target=400_000, rate=0.5, won=300_000), "target": 300_000}


@pytest.mark.parametrize(
    ("levers", "english", "dutch"),
    [
        (
            {},
            "€ 540,000 is expected, 90% of the target of € 600,000, and the chance of reaching it is 38%. "
            "Without the largest deal, € 250,000, the chance is 2%. With 12 independent deals, each won with a "
            "chance of 60.0%, at least 8 in 10 quarters bring € 293,000 to € 765,000.",
            "De verwachting is € 540.000, 90% van het target van € 600.000, en de kans om dat target te halen is 38%."
            " Zonder de grootste deal, € 250.000, is de kans 2%. Met 12 onafhankelijke deals, elk met een kans van "
            "60,0%, brengen minstens 8 van de 10 kwartalen € 293.000 tot € 765.000 op.",
        ),
        (
            {"away": 2, "slip": 0.5, "new_deals": 1},
            "€ 180,000 is expected, 30% of the target of € 600,000, and even if every deal is won it stays out of "
            "reach. The 2 largest deals, together € 450,000, have fallen away; with them the chance is 6%. "
            "With 10 independent deals, each won with a chance of 60.0%, at least 8 in 10 quarters bring € 75,000 to "
            "€ 282,000. Of the open deals that would be won, 50% slips to the next quarter. "
            "1 new deal of € 75,000 comes and closes within the quarter.",
            "De verwachting is € 180.000, 30% van het target van € 600.000, en zelfs als elke deal wordt gewonnen "
            "blijft dat buiten bereik. De 2 grootste deals, samen € 450.000, zijn weggevallen; met die deals is de "
            "kans 6%. Met 10 onafhankelijke deals, elk met een kans van 60,0%, brengen minstens 8 van de 10 "
            "kwartalen € 75.000 tot € 282.000 op. Van de open deals die je zou winnen, schuift 50% door naar het "
            "volgende kwartaal. Er komt 1 nieuwe deal van € 75.000 bij die binnen het kwartaal beslist wordt.",
        ),
        (
            {"of": MET["of"]},
            "€ 375,000 is expected, 94% of the target of € 400,000, and the chance of reaching it is 50%. "
            "Without the largest deal, € 100,000, the chance is 0%. Of this, € 300,000 is won already. "
            "With 2 independent deals, each won with a chance of 50.0%, at least 8 in 10 quarters bring € 300,000 to "
            "€ 450,000.",
            "De verwachting is € 375.000, 94% van het target van € 400.000, en de kans om dat target te halen is 50%."
            " Zonder de grootste deal, € 100.000, is de kans 0%. Daarvan is € 300.000 al gewonnen. "
            "Met 2 onafhankelijke deals, elk met een kans van 50,0%, brengen minstens 8 van de 10 kwartalen "
            "€ 300.000 tot € 450.000 op.",
        ),
        (
            {**MET, "away": 1},
            "The target of € 300,000 is met: € 300,000 is won, and with what is open € 325,000 is expected. "
            "With 1 deal that is won with a chance of 50.0%, at least 8 in 10 quarters bring € 300,000 to € 350,000.",
            "Het target van € 300.000 is gehaald: er is € 300.000 gewonnen, en met wat openstaat is de verwachting "
            "€ 325.000. Met 1 deal die met een kans van 50,0% wordt gewonnen, brengen minstens 8 van de 10 kwartalen "
            "€ 300.000 tot € 350.000 op.",
        ),
        (
            {**MET, "away": 2},
            "The target of € 300,000 is met: € 300,000 is won, and with what is open € 300,000 is expected.",
            "Het target van € 300.000 is gehaald: er is € 300.000 gewonnen, en met wat openstaat is de verwachting "
            "€ 300.000.",
        ),
        (
            {"rate": 0},
            "€ 0 is expected, 0% of the target of € 600,000, and the chance of reaching it is 0%. Without the largest "
            "deal, € 250,000, the chance is 0%. With 12 independent deals, each won with a chance of 0.0%, at least "
            "8 in 10 quarters bring € 0.",
            "De verwachting is € 0, 0% van het target van € 600.000, en de kans om dat target te halen is 0%. Zonder de"
            " grootste deal, € 250.000, is de kans 0%. Met 12 onafhankelijke deals, elk met een kans van 0,0%, brengen "
            "minstens 8 van de 10 kwartalen € 0 op.",
        ),
    ],
)
def test_sentences(levers, english, dutch, language) -> None:
    assert chart.sentence(state(**levers)).replace(NBSP, " ") == (english if language == "en" else dutch)


def test_a_target_that_is_met_says_so_in_the_picture() -> None:
    drawing = chart.draw(MET["of"])
    drawing.move(state(**MET))
    assert {"target met", f"€{NBSP}300,000 won"} <= set(words(drawing))
    assert bars(drawing, "#DCDCDC") == []


def test_without_history_there_is_no_rate_to_begin_with(checked):
    mine = sm.pipeline(checked(deal(due="2026-05-01")), target=100, period="2026Q2", as_of="2026-04-01")
    assert refusals(lambda: model_of(mine)) == {
        "en": "No deal is closed yet, so history gives no rate.\n→ Give a rate yourself: p=0.25.",
        "nl": "Er is nog geen deal beslist, dus uit het verleden (history) volgt geen conversie.\n→ Geef zelf een "
        "conversie: p=0.25.",
    }
