"""The bath: coverage is what comes in times how long it stays; what a quarter brings hangs on neither stay."""

import itertools

import pytest
from drawn import inside, places, words
from matplotlib.colors import to_rgba
from matplotlib.patches import PathPatch

import salesmetrics as sm
from salesmetrics.base.language import NBSP
from salesmetrics.charts import CONVERSION, COVERAGE, PAPER
from salesmetrics.charts import bath as chart
from salesmetrics.models.bath import MODEL
from salesmetrics.models.trap_models import SLOW_DEALS as SLOW


def state(**levers):
    return MODEL.outcome({**MODEL.defaults(), **levers})


def everywhere():
    for levers in itertools.product((0, 100_000, 2_000_000, 2_500_000), (7, 91, 182), (7, 91, 273)):
        yield dict(zip(("inflow", "days_to_yes", "days_to_no"), levers, strict=True))


def test_by_hand():
    # Of 2,000,000 a quarter 500,000 is won. All stay one quarter: what comes in in one stands open.
    start = state()
    assert (start.pipeline, start.coverage, start.expected_revenue, start.multiple) == (2_000_000, 4.0, 500_000, 4.0)
    # A no after two quarters: 500,000 + 2 × 1,500,000.
    assert (state(days_to_no=182).pipeline, state(days_to_no=182).mean_stay) == (3_500_000, 91 / 4 + 182 * 3 / 4)
    # A yes after two quarters: 2 × 500,000 + 1,500,000.
    assert state(days_to_yes=182).coverage == 5.0


def test_coverage_is_inflow_times_mean_stay_over_target():
    for levers in everywhere():
        outcome = state(**levers)
        assert outcome.coverage == pytest.approx(levers["inflow"] * outcome.mean_stay / 91 / outcome.target)


def test_a_quicker_no_lowers_coverage_and_costs_nothing():
    no = [state(days_to_no=days) for days in (273, 182, 91, 35, 7)]
    assert [outcome.coverage for outcome in no] == sorted((outcome.coverage for outcome in no), reverse=True)
    assert {outcome.expected_revenue for outcome in no} == {500_000}
    assert [round(outcome.coverage, 1) for outcome in no] == [10.0, 7.0, 4.0, 2.2, 1.2]


def test_dead_deals_that_linger_raise_what_a_quarter_begins_with():
    outcome = MODEL.outcome({"inflow": 2_000_000, "days_to_yes": 91, "days_to_no": 270})
    assert (round(outcome.multiple, 1), outcome.expected_revenue) == (9.9, 500_000)


def test_the_inverse_holds_only_where_all_stay_one_quarter():
    assert [round(state(days_to_yes=days, days_to_no=days).multiple, 1) for days in (49, 91, 182)] == [2.2, 4.0, 8.0]
    # As in the trap: what is decided a quarter later than it came in stands open twice.
    assert state(days_to_yes=182, days_to_no=182).multiple == sm.trap("inverse").right.values[1]


def test_slow_losers_pile_up_as_in_the_trap():
    # A share of what is open that is lower than the conversion, when losers linger; higher when winners do.
    shares = [
        outcome.winning / outcome.pipeline for outcome in (state(days_to_no=273), state(), state(days_to_yes=182))
    ]
    assert shares == pytest.approx([0.1, 0.25, 0.4])
    slow = SLOW.outcome(SLOW.defaults())
    assert slow.expected_revenue / slow.pipeline < slow.conversion


def test_what_runs_out_is_what_comes_in():
    for levers in everywhere():
        assert state(**levers).expected_revenue + state(**levers).lost == levers["inflow"]


def heights(drawing, color, hatch=None):
    return [
        box[2][1] - box[0][1]
        for patch in drawing.moving
        if isinstance(patch, PathPatch) and (patch.get_facecolor(), patch.get_hatch()) == (to_rgba(color), hatch)
        for box in patch.get_path().vertices.reshape(-1, 5, 2)
    ]


def test_the_water_is_as_high_as_the_coverage():
    drawing = chart.draw(MODEL)
    tick = {word: box.y0 for word, box in zip(words(drawing), places(drawing), strict=True) if word in ("2×", "4×")}
    once = (tick["4×"] - tick["2×"]) / 2
    drawing.move(state(days_to_no=182))
    _tap, winning = heights(drawing, COVERAGE)
    (losing,) = heights(drawing, PAPER, "////")
    assert (winning, losing) == pytest.approx((once * 1, once * 6), abs=0.5)
    (won,) = [
        box for box in drawing.moving if isinstance(box, PathPatch) and box.get_facecolor() == to_rgba(CONVERSION)
    ]
    widths = []
    for inflow in (1_000_000, 2_000_000):
        drawing.move(state(inflow=inflow))
        corners = won.get_path().vertices
        widths.append(corners[2][0] - corners[0][0])
    assert widths[1] == pytest.approx(2 * widths[0])


def test_every_word_fits_and_none_covers_another(language):
    drawing = chart.draw(MODEL)
    for levers in everywhere():
        drawing.move(state(**levers))
        inside(drawing)
        for one, other in itertools.combinations(places(drawing), 2):
            assert not (one.x0 < other.x1 and other.x0 < one.x1 and one.y0 < other.y1 and other.y0 < one.y1)


SENTENCES = [
    (
        {},
        "€ 2,000,000 comes in a quarter and stays 91 days on average: € 2,000,000 is open, 4.0× the target. A quarter "
        "brings € 500,000 and begins with 4.0× that; 1 ÷ 25% conversion is 4.0×. Of what is open 25% will be won. "
        "Assumption: every quarter is alike.",
        "Per kwartaal komt er € 2.000.000 binnen, die gemiddeld 91 dagen blijft: er staat € 2.000.000 open, 4,0× het "
        "target. Een kwartaal brengt € 500.000 op en begint met 4,0× dat bedrag; 1 ÷ 25% conversie is 4,0×. Van wat "
        "openstaat wordt 25% gewonnen. Aanname: elk kwartaal is gelijk.",
    ),
    (
        {"days_to_no": 35},
        "€ 2,000,000 comes in a quarter and stays 49 days on average: € 1,077,000 is open, 2.2× the target. A quarter "
        "brings € 500,000 and begins with 2.2× that; 1 ÷ 25% conversion is 4.0×. Of what is open 46% will be won. "
        "Assumption: every quarter is alike.",
        "Per kwartaal komt er € 2.000.000 binnen, die gemiddeld 49 dagen blijft: er staat € 1.077.000 open, 2,2× het "
        "target. Een kwartaal brengt € 500.000 op en begint met 2,2× dat bedrag; 1 ÷ 25% conversie is 4,0×. Van wat "
        "openstaat wordt 46% gewonnen. Aanname: elk kwartaal is gelijk.",
    ),
    (
        {"inflow": 0},
        "Nothing comes in: in the end nothing is open, and nothing is won.",
        "Er komt niets binnen: dan staat er op den duur niets open en wordt er niets gewonnen.",
    ),
]


@pytest.mark.parametrize(("levers", "english", "dutch"), SENTENCES)
def test_sentences(levers, english, dutch, language):
    assert chart.sentence(state(**levers)).replace(NBSP, " ") == {"en": english, "nl": dutch}[language]


def test_no_sentence_is_longer_than_fifty_words(language):
    assert max(len(chart.sentence(state(**levers)).split()) for levers in everywhere()) <= 50
