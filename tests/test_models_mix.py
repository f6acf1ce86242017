"""The mix: the total of the agency's channels moves with how many deals come from each."""

import itertools

import pytest
from drawn import inside, places, shapes
from hypothesis import given
from hypothesis import strategies as st

import salesmetrics as sm
from salesmetrics.base.language import NBSP
from salesmetrics.charts import CONVERSION, COVERAGE, trap_pictures
from salesmetrics.models.trap_models import MIX as MODEL
from salesmetrics.models.trap_models import Channel, mixed


def mix(moved):
    return MODEL.outcome({"mix": moved})


def lengths(drawing, color):
    """Give how long the boxes of one colour are, of all shapes that have it."""
    return [right - left for each in reversed(shapes(drawing, color)) for left, _bottom, right, _top in each]


@pytest.mark.parametrize(
    ("moved", "rate"),
    [(0, (40 / 3 + 9.6 + 5 + 2.5) / 200), (0.5, (40 / 3 + 9.6 + 5 + 2.5) / 400 + 21 / 500), (1, 21 / 250)],
)
def test_the_total_by_hand(moved, rate):
    assert mix(moved).conversion == pytest.approx(rate)
    assert mix(moved).before == 24 / 200
    assert sum(mix(moved).shares) == pytest.approx(1)


def test_as_the_lesson_says():
    assert [round(rate, 3) for rate in (mix(1).before, mix(0).conversion, mix(1).conversion)] == [0.12, 0.152, 0.084]
    assert mix(1).channels == ("referral", "search", "events", "paid social")
    assert mix(1).rates_before == (10 / 40, 8 / 60, 4 / 50, 2 / 50)
    assert mix(1).rates == (5 / 15, 4 / 25, 3 / 30, 9 / 180)
    assert all(after > before for before, after in zip(mix(1).rates_before, mix(1).rates, strict=True))


def test_the_sums_are_those_of_the_trap():
    trap = sm.trap("mix")
    assert (mix(1).before, mix(1).conversion) == pytest.approx(trap.wrong.values)
    assert (mix(0).before, mix(0).conversion) == pytest.approx(trap.right.values)


counts = st.integers(1, 500)


@given(
    channels=st.lists(st.tuples(counts, counts, counts, counts), min_size=1, max_size=6),
    moved=st.floats(0, 1),
)
def test_whatever_the_mix_the_total_lies_between_the_channels(channels, moved):
    four = [
        Channel(name="x", won_before=min(a, b), closed_before=b, won=min(c, d), closed=d) for a, b, c, d in channels
    ]
    outcome = mixed(four, {"mix": moved})
    assert min(outcome.rates) - 1e-9 <= outcome.conversion <= max(outcome.rates) + 1e-9
    ends = [mixed(four, {"mix": end}).conversion for end in (0, 1)]
    assert outcome.conversion == pytest.approx(ends[0] + moved * (ends[1] - ends[0]))


@given(closed=st.lists(st.tuples(counts, counts), min_size=1, max_size=6))
def test_with_the_same_mix_channels_that_rise_raise_the_total(closed):
    total = sum(before for before, _ in closed)
    # Each channel wins a tenth before and a fifth after, and its share of the deals stays.
    channels = [Channel(name="x", won_before=n / 10, closed_before=n, won=n / 5, closed=n) for n, _ in closed if total]
    assert all(mixed(channels, {"mix": moved}).conversion == pytest.approx(0.2) for moved in (0, 0.3, 1))


@pytest.mark.parametrize("moved", [0, 0.35, 1])
def test_the_bars_are_as_long_as_the_rates_and_the_shares(moved):
    drawing, outcome = trap_pictures.draw_mix(MODEL), mix(moved)
    drawing.move(outcome)
    rates = [length / 330 * 0.36 for length in lengths(drawing, CONVERSION)]
    assert rates == pytest.approx([*outcome.rates, outcome.conversion])
    assert [length / 214 for length in lengths(drawing, COVERAGE)] == pytest.approx(outcome.shares)


def test_the_marks_stand_where_the_first_quarter_ended():
    drawing = trap_pictures.draw_mix(MODEL)
    (axes,) = drawing.figure.axes
    at = sorted(line.get_xdata()[0] for line in axes.lines if line.get_xdata()[0] == line.get_xdata()[-1])
    rates = [6 + 330 * rate / 0.36 for rate in (0.25, 8 / 60, 0.08, 0.04, 0.12)]
    shares = [380 + 214 * share for share in (0.2, 0.3, 0.25, 0.25)]
    assert at == pytest.approx(sorted(rates + shares))


SENTENCES = [
    (
        0,
        "All channels together go from 12.0% to 15.2%, if the mix stays as it was in the first quarter. Each channel "
        "by itself rises: referral 25.0% → 33.3%, search 13.3% → 16.0%, events 8.0% → 10.0%, paid social 4.0% → 5.0%.",
        "Alle kanalen samen gaan van 12,0% naar 15,2%, als de mix blijft zoals in het eerste kwartaal. Elk kanaal "
        "afzonderlijk stijgt: aanbeveling 25,0% → 33,3%, zoekmachine 13,3% → 16,0%, evenementen 8,0% → 10,0%, social "
        "ads 4,0% → 5,0%.",
    ),
    (
        1,
        "All channels together go from 12.0% to 8.4%, with the mix of the second quarter. Each channel by itself "
        "rises: referral 25.0% → 33.3%, search 13.3% → 16.0%, events 8.0% → 10.0%, paid social 4.0% → 5.0%. Of the "
        "closed deals 72% come from paid social, in the first quarter 25%.",
        "Alle kanalen samen gaan van 12,0% naar 8,4%, met de mix van het tweede kwartaal. Elk kanaal afzonderlijk "
        "stijgt: aanbeveling 25,0% → 33,3%, zoekmachine 13,3% → 16,0%, evenementen 8,0% → 10,0%, social ads 4,0% "
        "→ 5,0%. Van de besliste deals komt 72% uit social ads, in het eerste kwartaal 25%.",
    ),
]


@pytest.mark.parametrize(("moved", "english", "dutch"), SENTENCES)
def test_the_sentence(moved, english, dutch):
    for language, said in (("nl", dutch), ("en", english)):
        sm.use_language(language)
        assert trap_pictures.sentence_of_mix(mix(moved)).replace(NBSP, " ") == said


def test_every_word_fits_into_the_picture_and_over_no_other(language):
    drawing = trap_pictures.draw_mix(MODEL)
    inside(drawing)
    assert not any(one.overlaps(other) for one, other in itertools.combinations(places(drawing), 2))
