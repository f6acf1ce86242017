"""The two pictures of the traps: the coin-flip with its cards, and slow deals that pile up."""

import pytest
from drawn import inside, shapes, words

import salesmetrics as sm
from salesmetrics.base.language import NBSP
from salesmetrics.charts import CONVERSION, COVERAGE, PAPER, trap_pictures
from salesmetrics.models.trap_models import COIN_FLIP as COIN
from salesmetrics.models.trap_models import QUARTERS
from salesmetrics.models.trap_models import SLOW_DEALS as SLOW
from salesmetrics.models.trap_tables import open_deals


def coin(**levers):
    return COIN.outcome({**COIN.defaults(), **levers})


def slow(**levers):
    return SLOW.outcome({**SLOW.defaults(), **levers})


def sizes(drawing, color, hatch=None, at=0):
    return [box[2 + at] - box[at] for box in shapes(drawing, color, hatch)[0]]


@pytest.mark.parametrize(
    ("levers", "chance"),
    [
        ({"largest": 25_000}, 0.560),
        ({}, 0.397),
        ({"largest": 400_000}, 0.291),
        ({"largest": 25_000, "pipeline": 1_250_000}, 0.836),
        ({"rate": 0}, 0),
        ({"rate": 1}, 1),
    ],
)
def test_the_chances_of_the_coin_flip(levers, chance):
    assert coin(**levers).chance_of_target == pytest.approx(chance, abs=0.0005)


def test_the_two_pipelines_are_those_of_the_trap():
    found = [coin(largest=largest).chance_of_target for largest in (25_000, 250_000)]
    assert found == pytest.approx(sm.trap("coin").right.values)


def test_the_cards_stay_the_same_while_the_pipeline_changes():
    one, other = coin(largest=100_000), coin(largest=400_000)
    assert [won > 0 for won in one.from_largest] == [won > 0 for won in other.from_largest]
    assert coin() == coin()
    assert coin(hand=2).from_others != coin().from_others


@pytest.mark.parametrize(
    "levers",
    [{"largest": 25_000}, {}, {"largest": 400_000}, {"largest": 25_000, "pipeline": 1_250_000}],
)
def test_the_first_hand_shows_what_is_typical(levers):
    outcome = coin(**levers)
    assert outcome.reached == round(QUARTERS * outcome.chance_of_target)


@pytest.mark.parametrize("rate", [0, 0.25, 0.6, 1])
def test_each_quarter_is_dealt_apart_from_the_others(rate):
    """A pack with exactly five wins in twenty would make a good quarter follow on bad ones."""
    hands = [coin(rate=rate, hand=hand) for hand in range(1, 51)]
    assert all(sum(one > 0 for one in hand.from_largest) == hand.wins for hand in hands)
    mean = sum(hand.wins for hand in hands) / len(hands)
    spread = sum((hand.wins - mean) ** 2 for hand in hands) / len(hands)
    assert mean == pytest.approx(QUARTERS * rate, abs=0.7)
    assert spread == pytest.approx(QUARTERS * rate * (1 - rate), rel=0.5)


def test_many_hands_reach_the_target_as_often_as_the_chance_says():
    reached = sum(coin(hand=hand).reached for hand in range(1, 51))
    # A thousand quarters: two standard deviations are 3 percentage points.
    assert reached / (50 * QUARTERS) == pytest.approx(coin().chance_of_target, abs=0.03)


def test_a_column_is_as_high_as_what_its_quarter_brought():
    drawing, outcome = trap_pictures.draw_coin_flip(COIN), coin()
    drawing.move(outcome)
    scale = 200 / 600_000
    won = [amount * scale for amount in outcome.from_largest if amount]
    assert sizes(drawing, PAPER, "////", at=1) == pytest.approx(won)
    assert sizes(drawing, CONVERSION, at=1) == pytest.approx([some * scale for some in outcome.from_others if some])
    assert words(drawing).count("✓") == outcome.reached
    assert {"4.0×", "40%", f"chance; here {outcome.reached} of 20"} <= set(words(drawing))


def test_slow_deals_as_in_the_trap():
    assert (slow().one_rate, slow().expected_revenue) == pytest.approx((175_000, 100_000))
    assert (slow().one_rate, slow().expected_revenue) == pytest.approx(
        (*sm.trap("slow").wrong.values, *sm.trap("slow").right.values)
    )
    assert (slow().fast_open, slow().slow_open, slow().conversion) == (10, 60, 0.25)
    assert slow(fast_rate=0.1, slow_rate=0.4).expected_revenue == pytest.approx(250_000)


@pytest.mark.parametrize("levers", [{"share": 0}, {"share": 1}, {"months": 1}, {"fast_rate": 0.2, "slow_rate": 0.2}])
def test_without_a_difference_one_rate_will_do(levers):
    outcome = slow(**levers)
    assert outcome.one_rate == pytest.approx(outcome.expected_revenue)


def test_the_bars_of_slow_deals():
    drawing, outcome = trap_pictures.draw_slow_deals(SLOW), slow()
    drawing.move(outcome)
    assert sizes(drawing, COVERAGE) == pytest.approx([588 / 2, 588 / 7])
    (own,) = sizes(drawing, CONVERSION)
    assert own / 588 == pytest.approx(100_000 / 200_000)


def test_both_sentences():
    assert (
        trap_pictures.sentence_of_coin_flip(coin(largest=25_000))
        .replace(NBSP, " ")
        .startswith(
            "Coverage 4.0× times conversion 25.0%: € 250,000 is expected, and the target is € 250,000. With 40 "
            "equal deals "
            "of € 25,000, won or lost independently of each other, the chance of the target is 56%. Of the 20 "
            "quarters dealt here, each apart from the others, 11 reach it."
        )
    )
    assert trap_pictures.sentence_of_slow_deals(slow()).replace(NBSP, " ") == (
        "One rate for all, 25.0% of € 700,000, expects € 175,000; each kind at its own rate expects € 100,000. Slow "
        "are 10 of the 20 deals that close in a month, and 60 of the 70 open ones. Assumptions: every month "
        "20 deals of "
        "€ 10,000 come in, fast ones close within a month, slow ones after 6 months."
    )


@pytest.mark.parametrize(
    ("chart", "model", "levers"),
    [
        (trap_pictures.COIN_FLIP, COIN, {}),
        (trap_pictures.COIN_FLIP, COIN, {"rate": 1, "pipeline": 1_500_000}),
        (trap_pictures.SLOW_DEALS, SLOW, {}),
        (trap_pictures.SLOW_DEALS, SLOW, {"share": 1, "months": 12, "slow_rate": 1}),
    ],
)
def test_every_word_fits_into_the_picture(chart, model, levers, language):
    drawing = chart.draw(model)
    drawing.move(model.outcome({**model.defaults(), **levers}))
    inside(drawing)


def test_each_deal_of_the_six_months_was_created_in_its_month():
    """They are grouped by it: a table that says otherwise is another question."""
    table = open_deals()
    assert (table["created_on"].dt.strftime("%Y-%m") == table["month"]).all()
