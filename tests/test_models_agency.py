"""The agency's remedies: every figure of its lesson, what a picture of them carries, and what they may never do."""

import math

import pytest
from drawn import inside, shapes, words
from hypothesis import given
from test_models import anywhere

import salesmetrics as sm
from salesmetrics.base.language import NBSP
from salesmetrics.charts import CONVERSION, COVERAGE
from salesmetrics.charts import agency as chart
from salesmetrics.models.agency import AgencyOutcome, model

MODEL = model()

ALL = {"fast": 1, "followups": 1, "content": 1, "handover": 1}


def state(**levers: float) -> AgencyOutcome:
    return MODEL.outcome({**MODEL.defaults(), **levers})


def test_the_start_is_the_table() -> None:
    agency, start = sm.scenario("agency"), state()
    about = {"target": agency.target, "period": agency.period}
    assert start.coverage == float(sm.coverage(agency.deals, **about)) == 6.0
    assert start.conversion == start.conversion_in_full == pytest.approx(float(sm.conversion_rate(agency.deals)))
    assert start.conversion == pytest.approx(0.1)
    assert start.expected_revenue == start.expected_in_full == pytest.approx(240_000)
    assert start.chance_of_target == pytest.approx(float(sm.chance_of_target(agency.deals, **about)))
    assert start.chance_of_target == pytest.approx(0.008, abs=0.0005)
    assert start.required_coverage == pytest.approx(10)
    assert (start.deals, start.pipeline, start.target, start.cost) == (200, 2_400_000, 400_000, 0)


def test_the_waits_are_those_of_the_closed_deals() -> None:
    start = state()
    assert start.shares == pytest.approx((60 / 450, 90 / 450, 140 / 450, 160 / 450))
    assert start.rates == pytest.approx((12 / 60, 13 / 90, 12 / 140, 8 / 160))
    assert start.moved == 0


@pytest.mark.parametrize(
    ("levers", "in_full"),
    [
        ({"fast": 1}, 0.14),
        ({"fast": 1, "cause": 1}, 0.20),
        ({"fast": 1, "cause": 0}, 0.10),
        ({"followups": 1}, 1.4 / (1.4 + 9)),
        ({"content": 1}, 1.3 / (1.3 + 9)),
        ({"handover": 1}, 1.25 / (1.25 + 9)),
        (ALL, 0.270),
    ],
)
def test_a_remedy_in_full_and_this_quarter(levers: dict[str, float], in_full: float) -> None:
    outcome = state(**levers)
    assert outcome.conversion_in_full == pytest.approx(in_full, abs=0.0005)
    assert outcome.conversion == pytest.approx(0.1 + (outcome.conversion_in_full - 0.1) * 9 / 13)
    assert outcome.expected_in_full == pytest.approx(2_400_000 * outcome.conversion_in_full)
    assert outcome.cost == pytest.approx(15_000 * sum(name != "cause" for name in levers))


def test_quicker_answers_lead_by_lead() -> None:
    # Half of the 390 leads that waited are answered sooner; of their distance to 20% four tenths is cause.
    waited = ((90, 13), (140, 12), (160, 8))
    wins = 12 + sum(won / 2 + (won + 0.4 * (count * 0.2 - won)) / 2 for count, won in waited)
    half = state(fast=(1 + 60 / 450) / 2)
    assert half.answered == half.conversion_in_full == pytest.approx(wins / 450)
    together = sum(share * rate for share, rate in zip(half.shares, half.rates, strict=True))
    assert together + half.moved * half.moved_rate == pytest.approx(half.answered)
    assert sum(half.shares) + half.moved == pytest.approx(1)


def test_how_much_is_cause_lies_between_nothing_and_the_naive_sum() -> None:
    rates = [state(fast=1, cause=tenth / 10).conversion_in_full for tenth in range(11)]
    assert rates == pytest.approx([0.1 + 0.01 * tenth for tenth in range(11)])
    assert {state(cause=tenth / 10).conversion_in_full for tenth in range(11)} == {0.1}


def test_half_the_effort_brings_most_of_the_effect() -> None:
    ratio = 1 + 0.4 * (1 - math.exp(-1.5)) / (1 - math.exp(-3))
    assert state(followups=0.5).conversion_in_full == pytest.approx(ratio / (ratio + 9))


def test_stricter_qualification_pays_up_to_what_the_team_can_handle() -> None:
    expected = {tenth: state(qualify=tenth / 20).expected_revenue for tenth in range(13)}
    assert max(expected, key=expected.get) == 6
    strict = state(qualify=0.3)
    assert strict.expected_revenue == pytest.approx(261_000, abs=500)
    assert strict.expected_revenue == pytest.approx(2_400_000 * 0.7 * 0.1 * 1.3 / math.sqrt(140 / 200))
    assert (strict.coverage, strict.deals, strict.attention) == (pytest.approx(4.2), pytest.approx(140), 1)
    assert strict.conversion == strict.conversion_in_full
    assert strict.chance_of_target > state().chance_of_target
    assert expected[12] < expected[0]


def test_the_table_of_stricter_qualification() -> None:
    for part, coverage, conversion, expected in ((0, 6.0, 0.1, 240), (0.3, 4.2, 0.155, 261), (0.6, 2.4, 0.191, 184)):
        found = state(qualify=part)
        assert (found.coverage, found.conversion) == (pytest.approx(coverage), pytest.approx(conversion, abs=5e-4))
        assert found.expected_revenue == pytest.approx(expected * 1000, abs=500)
    assert state().attention == pytest.approx(math.sqrt(140 / 200)) == pytest.approx(0.84, abs=5e-3)


def test_what_the_facilitator_answers() -> None:
    in_full = [state(**{remedy: 1}).conversion_in_full for remedy in ("followups", "content", "handover")]
    assert [round(rate, 3) for rate in in_full] == [0.135, 0.126, 0.122]
    everything = state(**ALL)
    assert everything.expected_revenue == pytest.approx(523_000, abs=500)
    assert everything.chance_of_target == pytest.approx(0.94, abs=5e-3)


def test_where_the_deals_are_lost() -> None:
    agency = sm.scenario("agency")
    funnel = sm.funnel(agency.deals, stages=agency.stages)
    assert (funnel.bottleneck.stage, funnel.bottleneck.entered, funnel.bottleneck.lost) == ("Qualified", 400, 295)
    lost = agency.deals[(agency.deals["status"] == "lost") & (agency.deals["stage"] == "Qualified")]
    reasons = lost["loss_reason"].value_counts()
    assert (reasons["silent"], reasons["fit"], reasons.sum()) == (165, 50, 295)


def test_slipping_and_new_deals() -> None:
    assert state(slip=0.2).expected_revenue == pytest.approx(192_000)
    assert state(new_deals=10).expected_revenue == pytest.approx(252_000)
    assert (state(slip=1).expected_revenue, state(slip=1).required_coverage) == (0, None)
    strict = state(qualify=0.5, new_deals=1)
    assert strict.expected_revenue == pytest.approx((100 + 1) * 12_000 * strict.conversion)


@given(levers=anywhere(MODEL))
def test_what_works_late_brings_less_this_quarter_than_in_full(levers) -> None:
    outcome = MODEL.outcome(levers)
    assert 0 <= outcome.conversion <= outcome.conversion_in_full <= 1


def boxes(drawing, color: str) -> list[list[tuple[float, float, float]]]:
    """Give, for each moving shape of one colour, its boxes: left, right, height."""
    found = shapes(drawing, color)
    return [[(left, right, top - bottom) for left, bottom, right, top in each] for each in found]


def test_blocks_are_as_wide_as_their_share_and_as_high_as_their_rate() -> None:
    drawing, outcome = chart.draw(MODEL), state(fast=0.4)
    drawing.move(outcome)
    answered, now, _expected = boxes(drawing, CONVERSION)
    ((moved,),) = boxes(drawing, "#FBE6BC")
    whole, tall = 588, 138 / 0.22
    assert [(right - left) / whole for left, right, _height in answered] == pytest.approx(outcome.shares)
    assert [height / tall for *_sides, height in answered] == pytest.approx(outcome.rates)
    assert ((moved[1] - moved[0]) / whole, moved[2] / tall) == pytest.approx((outcome.moved, outcome.moved_rate))
    # The areas are the customers, so together they are the rate of all.
    area = sum((right - left) / whole * height / tall for left, right, height in (*answered, moved))
    assert area == pytest.approx(outcome.answered)
    assert (now[0][1] - now[0][0]) / 230 * 0.7 == pytest.approx(outcome.conversion)
    assert f"together {outcome.answered:.1%}" in words(drawing)


def test_what_is_not_let_in_stands_beside_the_coverage() -> None:
    drawing = chart.draw(MODEL)
    drawing.move(state(qualify=0.3))
    ((own,),) = boxes(drawing, COVERAGE)
    ((away,),) = boxes(drawing, "#E0E0E0")
    assert (own[1] - own[0]) / 230 * 20 == pytest.approx(4.2)
    assert away[0] == own[1]
    assert (away[1] - own[0]) / 230 * 20 == pytest.approx(6)
    assert "140 of 200 deals, attention 100%" in words(drawing)


def test_every_word_fits_into_the_picture(language: str) -> None:
    drawing = chart.draw(MODEL)
    for levers in ({}, {"fast": 0.2, "cause": 1}, {**ALL, "cause": 1, "qualify": 0.6, "new_deals": 20}, {"slip": 1}):
        drawing.move(state(**levers))
        inside(drawing)


SENTENCES = [
    (
        {},
        "Coverage is 6.0× and conversion 10.0%: € 240,000 is expected, and the chance of the target of € 400,000 is "
        "less than 1%. 13.3% of the leads get an answer within the hour; 20.0% of those became a customer, of those "
        "that waited over a day 5.0%. Assumptions: deals are independent; none slips; none is new and closed within "
        "the quarter.",
        "De dekking is 6,0× en de conversie 10,0%: € 240.000 is te verwachten, en de kans op het target van € 400.000 "
        "is minder dan 1%. 13,3% van de leads krijgt binnen het uur antwoord; daarvan werd 20,0% klant, en van wie "
        "langer dan een dag wachtte 5,0%. Aannames: deals staan los van elkaar; niets schuift door; geen deal is nieuw "
        "en binnen het kwartaal beslist.",
    ),
    (
        {"qualify": 0.3},
        "Coverage is 4.2× and conversion 15.5%: € 261,000 is expected, and the chance of the target of € 400,000 is "
        "2%. 13.3% of the leads get an answer within the hour; 20.0% of those became a customer, of those that waited "
        "over a day 5.0%. 30% of the deals are not let in; the 140 that stay get 100% of the attention they need, "
        "where all 200 would get 84%. Assumptions: deals are independent; none slips; none is new and closed within "
        "the quarter. Assumed as well: the deals that stay convert better by as much as is turned away; the team has "
        "attention for 140 deals.",
        "De dekking is 4,2× en de conversie 15,5%: € 261.000 is te verwachten, en de kans op het target van € 400.000 "
        "is 2%. 13,3% van de leads krijgt binnen het uur antwoord; daarvan werd 20,0% klant, en van wie langer dan een "
        "dag wachtte 5,0%. 30% van de deals laat je niet toe; de 140 die blijven krijgen 100% van de aandacht die "
        "nodig is, met alle 200 was dat 84%. Aannames: deals staan los van elkaar; niets schuift door; geen deal is "
        "nieuw en binnen het kwartaal beslist. Ook aangenomen: de deals die overblijven, converteren beter: naar rato "
        "van wat je afwijst; het team heeft aandacht voor 140 deals.",
    ),
]


@pytest.mark.parametrize(("levers", "english", "dutch"), SENTENCES)
def test_sentences(levers: dict[str, float], english: str, dutch: str, language: str) -> None:
    assert chart.sentence(state(**levers)).replace(NBSP, " ") == (english if language == "en" else dutch)


def test_both_times_and_every_assumption_are_told() -> None:
    said = chart.sentence(state(**ALL)).replace(NBSP, " ")
    assert "conversion this quarter 21.8%" in said
    assert "In full, at 27.0%, it is € 649,000" in said
    assert "alone leads to 14.0% in full, or to 20.0% if all of the difference were cause" in said
    assert "40% of that difference is cause" in said
    assert "multiply the odds by at most 1.40 × 1.30 × 1.25" in said
    assert "All of it costs € 60,000." in said
