"""The net: its figures by hand, what each lever may be trusted to raise, and that the picture carries every fish."""

import math

import pytest
from drawn import inside, words
from hypothesis import given
from hypothesis import strategies as st
from matplotlib.colors import to_rgba
from matplotlib.patches import PathPatch
from matplotlib.path import Path
from test_models import anywhere

from salesmetrics.base.language import NBSP
from salesmetrics.charts import CONVERSION
from salesmetrics.charts import fishing_net as chart
from salesmetrics.models.fishing_net import DINNER, MODEL, NetOutcome


def state(**levers: float) -> NetOutcome:
    return MODEL.outcome({**MODEL.defaults(), **levers})


@pytest.mark.parametrize(
    ("levers", "coverage", "conversion", "fates"),
    [
        # 160 met, 64% slips; of 58 half is handled with 92% of the attention: 26.5
        ({}, 4, 0.166, (160, 102, 32, 26, 8)),
        ({"net": 0.5, "holes": 3, "skill": 0.9}, 2, 0.704, (80, 7, 17, 56, 14)),
        ({"holes": 0, "skill": 1}, 4, 0.6, (160, 0, 64, 96, 40)),  # a curtain: all bycatch, 60% of the attention
        ({"holes": 10, "skill": 1}, 4, 0, (160, 160, 0, 0, 0)),
        ({"skill": 0}, 4, 0, (160, 102, 58, 0, 8)),
        ({"net": 0.25, "holes": 0, "skill": 1}, 1, 0.9, (40, 0, 4, 36, 10)),
        ({"net": 0}, 0, None, (0, 0, 0, 0, 0)),
    ],
)
def test_the_net_by_hand(levers, coverage, conversion, fates) -> None:
    outcome = state(**levers)
    assert outcome.coverage == coverage
    assert outcome.conversion == (conversion if conversion is None else pytest.approx(conversion, abs=0.0005))
    assert (outcome.met, outcome.slipped, outcome.lost, outcome.caught, outcome.bycatch) == fates


@given(levers=anywhere(MODEL))
def test_every_fish_met_has_one_fate_and_only_whole_ones_are_caught(levers) -> None:
    outcome = MODEL.outcome(levers)
    assert outcome.met == outcome.slipped + outcome.lost + outcome.caught
    assert min(outcome.slipped, outcome.lost, outcome.caught, outcome.bycatch) >= 0
    assert outcome.bycatch <= round(40 * levers["net"])
    assert outcome.caught == math.floor(outcome.catch + 1e-9)
    assert (outcome.caught >= DINNER) == (outcome.catch >= DINNER - 1e-9)
    assert outcome.coverage * (outcome.conversion or 0) * DINNER == pytest.approx(outcome.catch)


@given(levers=anywhere(MODEL), good=st.floats(0, 1), which=st.sampled_from(["net", "skill"]))
def test_a_bigger_net_and_more_skill_never_lower_the_catch(levers, good, which) -> None:
    better = {**levers, which: levers[which] + (1 - levers[which]) * good}
    assert MODEL.outcome(better).catch >= MODEL.outcome(levers).catch - 1e-9


def test_smaller_holes_bring_more_only_until_the_bycatch_weighs_heavier() -> None:
    catches = {holes / 2: state(holes=holes / 2).catch for holes in range(21)}
    assert max(catches, key=catches.__getitem__) == 2.5
    assert catches[0] < catches[2.5] > catches[8] > catches[10] == 0


def fish(shape: PathPatch) -> int:
    """Count the fish that one shape holds: each closes its outline once, and an eye closes another."""
    outlines = sum(shape.get_path().codes == Path.CLOSEPOLY) if len(shape.get_path().vertices) > 1 else 0
    return int(outlines) // (2 if shape.get_facecolor() == to_rgba(CONVERSION) else 1)


def shapes(drawing) -> list[PathPatch]:
    """Give the moving shapes: mesh, rope, floats, the five fates in the order of the legend, and the deck."""
    return [artist for artist in drawing.moving if isinstance(artist, PathPatch)]


@pytest.mark.parametrize(
    "levers",
    [{}, {"net": 0.5, "holes": 3, "skill": 0.9}, {"net": 0}, {"holes": 0}, {"holes": 10}, {"net": 0.35, "skill": 1}],
)
def test_the_picture_holds_every_fish_and_the_crates_those_caught(levers) -> None:
    drawing = chart.draw(MODEL)
    outcome = state(**levers)
    drawing.move(outcome)
    free, *fates = shapes(drawing)[3:8]
    assert [fish(shape) for shape in fates] == [outcome.slipped, outcome.lost, outcome.caught, outcome.bycatch]
    assert fish(free) + sum(map(fish, fates)) == 200
    assert fish(free) == 160 - outcome.met + 40 - outcome.bycatch
    crates = shapes(drawing)[8].get_path().vertices
    assert (len(crates) // 5 if len(crates) > 1 else 0) == outcome.caught
    counts = (160 - outcome.met, outcome.slipped, outcome.lost, outcome.caught, outcome.bycatch)
    assert words(drawing)[-5:] == [str(count) for count in counts]


def test_no_two_fates_share_a_colour_or_a_shape() -> None:
    drawing = chart.draw(MODEL)
    drawing.move(state(net=0.5, holes=5))
    fates = shapes(drawing)[3:8]
    assert len({(shape.get_facecolor(), shape.get_edgecolor()) for shape in fates}) == 5
    outlines = {tuple((points - points.mean(axis=0)).round(3).flatten()) for points, _codes in chart._KINDS}
    assert len(outlines) == 5


def test_the_dinner_line_stands_behind_forty_crates() -> None:
    drawing = chart.draw(MODEL)
    drawing.move(state(net=0.5, holes=3, skill=0.9))
    (dinner,) = [line for line in drawing.figure.axes[0].lines if line in drawing.moving]
    corners = shapes(drawing)[8].get_path().vertices.reshape(-1, 5, 2)
    assert sum(corners[:, 0, 0] < dinner.get_xdata()[0]) == 40


def test_the_net_reaches_as_far_as_it_is_large() -> None:
    half, full = (chart._net(state(net=size))[1].vertices[:, 0].max() for size in (0.5, 1))
    assert half == pytest.approx(300)
    assert full == 590
    assert all(x < 300 for x in chart._GOOD_AT[:80, 0])
    assert all(x > 300 for x in chart._GOOD_AT[80:, 0])


def test_smaller_holes_are_drawn_closer_together() -> None:
    threads = [len(chart._net(state(holes=holes))[0].vertices) for holes in (0, 3, 8, 10)]
    assert threads == sorted(threads, reverse=True)
    assert threads[-1] > 20


def test_every_word_fits_into_the_picture(language: str) -> None:
    drawing = chart.draw(MODEL)
    for levers in ({}, {"holes": 2.5, "skill": 1}, {"net": 0.5}):
        drawing.move(state(**levers))
        inside(drawing)


SENTENCES = [
    (
        {},
        "The net meets 160 fish worth having, 4.0× the 40 for dinner: 102 slipped through, 32 lost by handling and 26 "
        "caught, a conversion of 16.6%. Dinner falls 14 short. Bycatch: 8, which takes 8% of the attention. The exact "
        "catch is 26.5; only whole fish count.",
        "Het net komt 160 goede vissen tegen, 4,0× de 40 voor het eten: 102 door de gaten, 32 verspeeld en 26 "
        "gevangen, een conversie van 16,6%. Voor het eten is dat 14 te weinig. Bijvangst: 8, en die kost 8% van de "
        "aandacht. De som komt uit op 26,5; alleen hele vissen tellen.",
    ),
    (
        {"holes": 0, "skill": 1},
        "The net meets 160 fish worth having, 4.0× the 40 for dinner: 0 slipped through, 64 lost by handling and 96 "
        "caught, a conversion of 60.0%. That is dinner, with 56 to spare. Bycatch: 40, which takes 40% of the "
        "attention.",
        "Het net komt 160 goede vissen tegen, 4,0× de 40 voor het eten: 0 door de gaten, 64 verspeeld en 96 gevangen, "
        "een conversie van 60,0%. Dat is genoeg voor het eten, met 56 over. Bijvangst: 40, en die kost 40% van de "
        "aandacht.",
    ),
    (
        {"net": 0},
        "Without a net no fish is met, and dinner needs 40.",
        "Zonder net kom je geen vis tegen, en voor het eten zijn er 40 nodig.",
    ),
]


@pytest.mark.parametrize(("levers", "english", "dutch"), SENTENCES)
def test_sentences(levers, english, dutch, language) -> None:
    assert chart.sentence(state(**levers)).replace(NBSP, " ") == (english if language == "en" else dutch)


def test_exactly_forty_is_exactly_dinner() -> None:
    assert "That is exactly dinner." in chart.sentence(state(net=0.5, holes=3, skill=40 / (80 * 0.91 * 0.86)))
