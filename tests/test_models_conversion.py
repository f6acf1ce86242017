"""The three conversion rates: by hand, in the picture's artists, and in words."""

import pytest
from drawn import shapes, words
from hypothesis import given
from hypothesis import strategies as st

import salesmetrics as sm
from salesmetrics.base.language import NBSP, use_language
from salesmetrics.charts import CONVERSION, PAPER
from salesmetrics.charts import conversion as chart
from salesmetrics.charts.moving_picture import MovingPicture
from salesmetrics.models.conversion import MODEL, ConversionOutcome

OPEN = "#E0E0E0"


def state(**levers: float) -> ConversionOutcome:
    return MODEL.outcome({**MODEL.defaults(), **levers})


def filled(drawing, color, hatch=None):
    """Give the boxes that move and have this look as (left, right), from the upper bar to the lower."""
    return [(round(left, 9), round(right, 9)) for left, _bottom, right, _top in shapes(drawing, color, hatch)[0]]


@pytest.mark.parametrize(
    ("won", "lost", "still_open", "closed", "created", "money", "low", "high"),
    [
        (36, 24, 17, 0.6, 36 / 77, 0.5, 0.474, 0.714),
        (4, 1, 0, 0.8, 0.8, 240 / 330, 0.376, 0.964),
        (24, 36, 0, 0.4, 0.4, 1440 / 4680, 0.286, 0.526),
        (0, 8, 4, 0.0, 0.0, 0.0, 0.0, 0.324),
        (8, 0, 0, 1.0, 1.0, 1.0, 0.676, 1.0),
    ],
)
def test_three_rates_by_hand(won, lost, still_open, closed, created, money, low, high) -> None:
    outcome = state(won=won, lost=lost, open=still_open)
    assert outcome.conversion == pytest.approx(closed)
    assert outcome.conversion_created == pytest.approx(created)
    assert outcome.conversion_money == pytest.approx(money)
    assert outcome.interval == pytest.approx((low, high), abs=0.0005)


def test_the_start_counts_the_consultancys_deals() -> None:
    """By number it is the consultancy; the amounts are made up, since there large deals are won as often as small."""
    deals, outcome = sm.scenario("consultancy").deals, state()
    assert outcome.conversion == float(sm.conversion_rate(deals))
    assert outcome.conversion_created == float(sm.conversion_rate(deals, base="created"))
    assert outcome.conversion_money == pytest.approx(36 * 60 / (36 * 60 + 24 * 90))
    assert outcome.interval == sm.conversion_rate(deals).interval()


def test_nothing_closed_has_no_rate_and_nothing_at_all_has_none_so_far() -> None:
    outcome = state(won=0, lost=0, open=3)
    assert (outcome.conversion, outcome.conversion_money, outcome.interval) == (None, None, None)
    assert outcome.conversion_created == 0
    assert state(won=0, lost=0, open=0).conversion_created is None


@given(won=st.integers(0, 100), lost=st.integers(0, 250), still_open=st.integers(0, 250), amount=st.integers(1, 40))
def test_the_rates_hold_together(won: int, lost: int, still_open: int, amount: int) -> None:
    money = amount * 5_000
    outcome = state(won=won, lost=lost, open=still_open, mean_won=money, mean_lost=money)
    if outcome.conversion is None:
        return
    assert outcome.interval[0] <= outcome.conversion <= outcome.interval[1]
    assert outcome.conversion_created <= outcome.conversion
    assert outcome.conversion_money == pytest.approx(outcome.conversion)  # deals of one size: money is count
    more = state(won=4 * won, lost=4 * lost, open=still_open)
    assert more.interval[1] - more.interval[0] < outcome.interval[1] - outcome.interval[0]


def test_the_bars_and_the_interval_carry_the_rates() -> None:
    drawing = chart.draw(MODEL)
    drawing.move(state())
    created = round(36 / 77, 9), round(60 / 77, 9)
    assert filled(drawing, CONVERSION) == [(0, 0.6), (0, created[0]), (0, 0.5)]
    assert filled(drawing, PAPER, "////") == [(0.6, 1), created, (0.5, 1)]
    assert filled(drawing, OPEN) == [(created[1], 1)]
    (whisker,) = [line for line in drawing.figure.axes[0].lines if line in drawing.moving]
    assert (min(whisker.get_xdata()), max(whisker.get_xdata())) == pytest.approx(state().interval)
    assert {"60.0%", "46.8%", "50.0%", "range: between 47.4% and 71.4%"} <= set(words(drawing))


def test_without_closed_deals_there_is_no_interval_and_no_bar() -> None:
    drawing = chart.draw(MODEL)
    drawing.move(state(won=0, lost=0, open=3))
    assert filled(drawing, CONVERSION) == []
    assert filled(drawing, OPEN) == [(0, 1)]
    assert not any(line.get_visible() for line in drawing.figure.axes[0].lines if line in drawing.moving)
    assert words(drawing).count("no rate") == 2


@pytest.mark.parametrize(
    ("levers", "english", "dutch"),
    [
        (
            {},
            "36 won ÷ 60 closed is 60.0%, range: between 47.4% and 71.4%. "
            "Divided by all 77 created it is 46.8% so far; by money it is 50.0%.",
            "36 gewonnen ÷ 60 beslist is 60,0%, onzekerheidsmarge: tussen 47,4% en 71,4%. "
            "Gedeeld door alle 77 aangemaakte deals is het tot nu toe 46,8%; in geld gerekend is het 50,0%.",
        ),
        (
            {"won": 0, "lost": 0},
            "No deal is closed yet, so there is no conversion rate; 0 won ÷ 17 created is 0.0% so far.",
            "Er is nog geen deal beslist, dus er is geen conversieratio; 0 gewonnen ÷ 17 aangemaakt is tot nu toe "
            "0,0%.",
        ),
        (
            {"won": 0, "lost": 0, "open": 0},
            "There are no deals yet, so there is no conversion rate.",
            "Er zijn nog geen deals, dus er is geen conversieratio.",
        ),
    ],
)
def test_sentences(levers, english, dutch, language) -> None:
    assert chart.sentence(state(**levers)).replace(NBSP, " ") == (english if language == "en" else dutch)


def test_the_picture_is_the_same_every_time() -> None:
    use_language("en")
    first, second = (MovingPicture(chart.draw(MODEL), name="conversion").svg(state(), "x") for _ in range(2))
    assert first == second
