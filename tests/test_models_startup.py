"""The startup's remedies: every figure of its lesson, what a picture of them carries, and what they may never do."""

import math

import pytest
from drawn import inside, shapes, words

import salesmetrics as sm
from salesmetrics.base.language import NBSP
from salesmetrics.charts import CONVERSION, COVERAGE
from salesmetrics.charts import startup as chart
from salesmetrics.charts.moving_picture import MovingPicture
from salesmetrics.models.remedies import rate_this_quarter, saturation, stretch
from salesmetrics.models.startup import MODEL, StartupOutcome


def state(**levers: float) -> StartupOutcome:
    return MODEL.outcome({**MODEL.defaults(), **levers})


def test_the_start_is_the_table() -> None:
    startup, start = sm.scenario("startup"), state()
    about = {"target": startup.target, "period": startup.period}
    assert start.coverage == float(sm.coverage(startup.deals, **about)) == 5.0
    assert start.conversion == pytest.approx(0.1)
    assert start.expected_revenue == start.expected_in_full == pytest.approx(250_000)
    assert start.chance_of_target == pytest.approx(float(sm.chance_of_target(startup.deals, **about)))
    assert start.chance_of_target == pytest.approx(0.007, abs=0.001)
    assert start.required_coverage == pytest.approx(10)
    assert start.cost == 0
    steps = sm.funnel(startup.deals, stages=startup.stages)
    assert start.rates == pytest.approx([float(step.rate) for step in steps.steps])
    assert start.stages[start.bottleneck] == steps.bottleneck.stage == "Demo"


@pytest.mark.parametrize(
    ("levers", "in_full"),
    [
        ({"needs": 1}, 0.166),
        ({"proposition": 1}, 0.153),
        ({"demo": 1}, 0.122),
        ({"needs": 1, "proposition": 1}, 0.232),
    ],
)
def test_a_remedy_in_full_and_this_quarter(levers: dict[str, float], in_full: float) -> None:
    outcome = state(**levers)
    assert outcome.conversion_in_full == pytest.approx(in_full, abs=0.0005)
    assert outcome.conversion == pytest.approx(0.1 + (outcome.conversion_in_full - 0.1) * 9 / 13)
    assert outcome.expected_in_full == pytest.approx(2_500_000 * outcome.conversion_in_full)
    assert outcome.cost == 15_000 * len(levers)


def test_needs_by_hand() -> None:
    # Half of 5, 18, 45 and 2 deals that were lost because nobody listened stay in.
    by_hand = (1 - 47.5 / 250) * (1 - 41 / 200) * (1 - 82.5 / 150) * (1 - 9 / 45) * (1 - 10 / 35)
    assert state(needs=1).conversion_in_full == pytest.approx(by_hand)


def test_both_remedies_change_the_chance() -> None:
    both = state(needs=1, proposition=1)
    assert both.chance_in_full == pytest.approx(0.73, abs=0.005)
    assert both.chance_of_target == pytest.approx(0.41, abs=0.005)


def test_half_the_effort_brings_most_of_the_effect() -> None:
    assert saturation(0.5) == pytest.approx((1 - math.exp(-1.5)) / (1 - math.exp(-3)))
    gain = (state(needs=0.5).conversion_in_full - 0.1) / (state(needs=1).conversion_in_full - 0.1)
    assert 0.7 < gain < 0.9


def test_buying_leads_disappoints() -> None:
    start, hundred = state(), state(bought=100)
    assert hundred.coverage == 10
    assert hundred.expected_revenue == pytest.approx(211_000, abs=500)
    assert hundred.expected_revenue == pytest.approx((2_500_000 * 0.1 + 35 * 25_000 * 0.04) * math.sqrt(110 / 200))
    assert hundred.cost == 30_000
    assert hundred.conversion < start.conversion
    assert hundred.chance_of_target < start.chance_of_target
    assert hundred.required_coverage > 20


def test_a_dropped_step_brings_deals_from_just_after_the_quarter() -> None:
    table = sm.scenario("startup").deals
    later = table[(table["expected_close_on"] > "2026-06-30") & (table["expected_close_on"] <= "2026-07-09")]
    saved = state(days=9)
    assert saved.pipeline == 2_500_000 + later["amount"].sum()
    assert saved.deals == 100 + len(later)
    assert saved.cost == 15_000
    assert state(days=1).pipeline > 2_500_000


def test_slipping_and_new_deals() -> None:
    assert state(slip=0.2).expected_revenue == pytest.approx(200_000)
    assert state(new_deals=4).expected_revenue == pytest.approx(260_000)
    assert (state(slip=1).expected_revenue, state(slip=1).required_coverage) == (0, None)


def test_what_the_remedies_assume() -> None:
    assert (stretch(110, 110), stretch(0, 110)) == (1, 1)
    assert rate_this_quarter(0.0, 0.13) == pytest.approx(0.09)


def boxes(drawing, color: str, hatch: str | None = None) -> list[list[tuple[float, float]]]:
    """Give, for each moving shape of one look, where its boxes begin and end."""
    return [[(left, right) for left, _bottom, right, _top in each] for each in shapes(drawing, color, hatch)]


def test_the_bars_are_as_long_as_the_figures_beside_them() -> None:
    drawing = chart.draw(MODEL)
    drawing.move(state(needs=1, bought=100))
    outcome = state(needs=1, bought=100)
    funnel, now = boxes(drawing, CONVERSION)
    going_on = [(right - left) / 230 * 100 for left, right in funnel]
    reached = [math.prod(outcome.rates[: i + 1]) * 100 for i in range(5)]
    assert going_on == pytest.approx([*reached, reached[-1] * outcome.attention])
    assert (now[0][1] - now[0][0]) / 230 * 1_000_000 == pytest.approx(outcome.expected_revenue)
    ((own,),) = boxes(drawing, COVERAGE)
    assert (own[1] - own[0]) / 230 * 20 == pytest.approx(5)
    assert "10.0×" in words(drawing)
    assert [text for text in words(drawing) if text.startswith("▶")] == ["▶ 64 of 100, 45.0% goes on"]


def test_every_word_fits_into_the_picture(language: str) -> None:
    drawing = chart.draw(MODEL)
    for levers in ({}, {"needs": 1, "proposition": 1, "demo": 1, "days": 9, "bought": 200, "new_deals": 20}):
        drawing.move(state(**levers))
        inside(drawing)


SENTENCES = [
    (
        {},
        "Coverage is 5.0× and conversion 10.0%: € 250,000 is expected, and the chance of the target of € 500,000 is "
        "less than 1%. The bottleneck is the stage Demo: 30.0% goes on from there. Assumptions: deals are independent; "
        "none slips; none is new and closed within the quarter.",
        "De dekking is 5,0× en de conversie 10,0%: € 250.000 is te verwachten, en de kans op het target van € 500.000 "
        "is minder dan 1%. Het knelpunt is de fase Demo: van daaruit gaat 30,0% door. Aannames: deals staan los van "
        "elkaar; niets schuift door; geen deal is nieuw en binnen het kwartaal beslist.",
    ),
    (
        {"bought": 100},
        "Coverage is 10.0× and conversion 6.3%: € 211,000 is expected, and the chance of the target of € 500,000 is "
        "less than 1%. The bottleneck is the stage Demo: 30.0% goes on from there. All 100 bought leads count in the "
        "coverage, because somebody gave them a day in this quarter; 35 are decided in it. Each of the 200 deals gets "
        "74% of the attention it needs. All of it costs € 30,000. Assumptions: deals are independent; none slips; "
        "apart from what is bought, none is new and closed within the quarter. Assumed as well: a bought lead costs "
        "€ 300 and is won 0.4 times as often as an own one; the team has attention for 110 deals.",
        "De dekking is 10,0× en de conversie 6,3%: € 211.000 is te verwachten, en de kans op het target van € 500.000 "
        "is minder dan 1%. Het knelpunt is de fase Demo: van daaruit gaat 30,0% door. Alle 100 gekochte leads tellen "
        "mee in de dekking, omdat iemand ze een datum in dit kwartaal gaf; 35 worden erin beslist. Elk van de 200 "
        "deals krijgt 74% van de aandacht die nodig is. Alles samen kost € 30.000. Aannames: deals staan los van "
        "elkaar; niets schuift door; op de gekochte leads na is geen deal nieuw en binnen het kwartaal beslist. Ook "
        "aangenomen: een gekochte lead kost € 300 en wordt 0,4 keer zo vaak gewonnen als een eigen lead; het team "
        "heeft aandacht voor 110 deals.",
    ),
]


@pytest.mark.parametrize(("levers", "english", "dutch"), SENTENCES)
def test_sentences(levers: dict[str, float], english: str, dutch: str, language: str) -> None:
    assert chart.sentence(state(**levers)).replace(NBSP, " ") == {"en": english, "nl": dutch}[language]


def test_both_times_are_told_when_there_is_a_remedy() -> None:
    said = chart.sentence(state(needs=1, proposition=1))
    assert "conversion this quarter 19.1%: " in said
    assert "is 41%. In full, at 23.2%, it is " in said
    assert "and the chance 73%." in said
    assert "works after 4 of 13 weeks, for " in said


def test_the_picture_can_be_made() -> None:
    picture = MovingPicture(chart.draw(MODEL), name="startup-test")
    assert "5.0×" in picture.svg(state(), "words")
