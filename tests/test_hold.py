"""What one takes hold of in a picture: the point, the line and the largest deal move the same levers as the sliders."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from salesmetrics.charts import quarter as quarter_chart
from salesmetrics.explorer import Explorer, explore
from salesmetrics.models.quarter import model as quarter_of
from salesmetrics.widgets import Picture

# The map's pixels from the top left: its corner lies at 54, 366, a coverage of 1 is 52.4 wide and 100% is 270 high.
LEFT, FOOT, WIDE, HIGH = 54, 366, 52.4, 270


def pixels(coverage: float, conversion: float) -> dict[str, float]:
    return {"x": LEFT + coverage * WIDE, "y": FOOT - conversion * HIGH}


def drag(explorer: Explorer, x: float, y: float, gesture: int = 1) -> None:
    """Pull the first handle to a place, as the browser tells it."""
    explorer._picture.wanted = {"handle": 0, "how": "to", "x": x, "y": y, "gesture": gesture}


def press(explorer: Explorer, how: str = "by", x: float = 1, y: float = 0, gesture: int = 1) -> None:
    content = {"handle": 0, "how": how, "x": x, "y": y, "gesture": gesture}
    explorer._picture._handle_custom_msg(content, [])


def levers(explorer: Explorer, *names: str) -> tuple[float, ...]:
    """Give where these sliders stand, after making sure that picture and sliders agree."""
    assert {name: slider.value for name, slider in explorer.levers.items()} == dict(explorer.outcome.levers)
    assert explorer._picture.refusal == ""
    return tuple(explorer.levers[name].value for name in names)


MAP = "coverage", "conversion", "along"


@pytest.mark.parametrize("what", ["reset", "undo", "key"])
def test_the_end_of_a_drag_that_the_queue_brings_once_more_moves_nothing(what: str) -> None:
    point = explore("balance")
    drag(point, **pixels(4, 0.25), gesture=5)
    press(point, "to", **pixels(3, 0.25), gesture=5)
    assert levers(point, "coverage") == (3,)
    if what == "key":
        press(point, gesture=6)
    else:
        point._tools._handle_custom_msg({"do": what}, [])
    after = levers(point, "coverage")
    assert after != (3,)
    drag(point, **pixels(3, 0.25), gesture=5)
    assert levers(point, "coverage") == after
    drag(point, **pixels(6, 0.6), gesture=7)
    assert levers(point, "coverage", "conversion") == (6, 0.6)


@pytest.fixture
def point() -> Explorer:
    return explore("balance")


def test_the_handle_is_where_the_point_is_and_says_so(language: str) -> None:
    point = explore("balance")
    says = {"en": "coverage 5.0×, conversion 10.0%", "nl": "dekking 5,0×, conversie 10,0%"}
    [spot] = point._picture.spots
    assert spot == (pytest.approx(316), pytest.approx(339), 0, 0, says[language], "")
    point.set(slip=1)
    assert point._picture.spots[0][:2] == (pytest.approx(LEFT), pytest.approx(339))
    point.set(slip=0, coverage=10, new_deals=20)
    # Past the edge of the map, where the point is drawn at the edge.
    assert point._picture.spots[0][0] == pytest.approx(LEFT + 10 * WIDE)
    json.dumps(point._picture.spots)


def test_pulled_off_its_curve_the_point_sets_both_sliders_and_one_undo_takes_it_all_back(point: Explorer) -> None:
    for part in range(1, 11):
        drag(point, **pixels(5 - 2 * part / 10, 0.1 + 0.3 * part / 10))
    assert levers(point, *MAP) == (3.0, 0.4, 1.0)
    assert point.outcome.expected_share == pytest.approx(1.2)
    point.undo()
    assert levers(point, *MAP) == (5.0, 0.1, 1.0)


@pytest.mark.parametrize(("at", "along"), [((2.5, 0.2), 0.5), ((10, 0.05), 2), ((0.5, 1), 0.1), ((4, 0.125), 0.8)])
def test_near_its_curve_the_point_stays_on_it_and_the_outcome_stays_the_same(
    point: Explorer, at: tuple[float, float], along: float
) -> None:
    # Out over the map first: within one drag the curve is the one that it began from.
    drag(point, **pixels(7, 0.7))
    assert levers(point, *MAP) == (7.0, 0.7, 1.0)
    place = pixels(*at)
    drag(point, place["x"], place["y"] + 3)
    assert levers(point, *MAP)[:2] == (5.0, 0.1)
    assert levers(point, "along") == (pytest.approx(along, abs=0.02),)
    assert point.outcome.expected_share == pytest.approx(0.5)


def test_what_slips_is_reckoned_with(point: Explorer) -> None:
    point.set(slip=0.5)
    drag(point, **pixels(4, 0.5))
    # A point at 4× with half of it slipping is 8× open.
    assert levers(point, *MAP) == (8.0, 0.5, 1.0)
    assert point.outcome.coverage == 4.0
    point.set(slip=1)
    drag(point, **pixels(4, 0.25), gesture=2)
    # Nothing counts, so nothing can be pulled to the right.
    assert levers(point, *MAP) == (8.0, 0.25, 1.0)


@pytest.mark.parametrize(
    ("x", "y", "expected"),
    [(1e6, -1e6, (10, 1)), (-1e6, 1e6, (0, 0)), (1e6, FOOT - 0.5 * HIGH, (10, 0.5)), (LEFT + 4 * WIDE, -1, (4, 1))],
)
def test_a_point_dragged_off_the_map_stops_at_its_edge(
    point: Explorer, x: float, y: float, expected: tuple[float, float]
) -> None:
    drag(point, x, y)
    assert levers(point, "coverage", "conversion") == expected


@given(
    begin=st.tuples(st.floats(0, 10), st.floats(0, 1), st.floats(0.1, 2), st.floats(0, 1)),
    places=st.lists(st.tuples(st.floats(-100, 800), st.floats(-100, 600)), min_size=1, max_size=3),
    steps=st.lists(st.tuples(st.sampled_from(["by", "along"]), st.integers(-1, 1), st.integers(-1, 1)), max_size=3),
)
def test_wherever_it_is_pulled_picture_and_sliders_are_one_state(begin: Any, places: Any, steps: Any) -> None:
    point = BUSY
    point.set(coverage=begin[0], conversion=begin[1], along=begin[2], slip=begin[3])
    for x, y in places:
        drag(point, x, y, gesture=len(point._history._before) + 1)
        levers(point)
    for how, right, up in steps:
        press(point, how, right, up)
        levers(point)
        left, top = point._picture.spots[0][:2]
        assert LEFT - 0.001 <= left <= LEFT + 10 * WIDE + 0.001
        assert FOOT - HIGH - 0.001 <= top <= FOOT + 0.001


BUSY = explore("balance")


def test_arrow_keys_go_a_step_each_way_and_with_shift_along_the_curve(point: Explorer) -> None:
    press(point, x=1)
    press(point, x=0, y=1)
    assert levers(point, *MAP) == (5.1, 0.11, 1.0)
    point.reset()
    press(point, "along", x=-1, gesture=2)
    press(point, "along", x=-1, gesture=2)
    assert levers(point, *MAP) == (5.0, 0.1, 0.8)
    assert (point.outcome.coverage, point.outcome.conversion) == (pytest.approx(4), pytest.approx(0.125))
    for _ in range(20):
        press(point, "along", x=0, y=-1, gesture=2)
    # To the top of the map and no further: one step back is one step back.
    assert (levers(point, "along"), point.outcome.off_the_map) == ((0.1,), False)
    press(point, "along", x=1, gesture=2)
    assert levers(point, "along") == (0.2,)
    # A key held down is one step to undo.
    point.undo()
    assert levers(point, *MAP) == (5.0, 0.1, 1.0)
    # A step aside from further along starts at where the point is.
    point.set(along=0.5)
    press(point, x=1, gesture=3)
    assert levers(point, *MAP) == (2.6, 0.2, 1.0)


def test_the_line_is_pulled_to_the_nearest_stage(language: str) -> None:
    line = explore("start")
    assert line._picture.spots[0][4] == {"en": "counted from Lead", "nl": "geteld vanaf Lead"}[language]
    # Demo lies at 1.0× and 16.7%, Proposal at 0.2× and 55.6%.
    drag(line, **pixels(1.2, 0.2))
    assert levers(line, "start") == (3,)
    drag(line, **pixels(0, 1))
    assert levers(line, "start") == (5,)
    drag(line, **pixels(30, -2))
    assert levers(line, "start") == (1,)


def test_keys_go_from_stage_to_stage_and_stop_at_the_ends() -> None:
    line = explore("start")
    for x, y, stage in ((0, 1, 2), (-1, 0, 3), (1, 0, 2), (0, -1, 1), (1, 0, 1)):
        press(line, x=x, y=y)
        assert levers(line, "start") == (stage,)


NAMES = {
    "en": ("Take the largest deal away", "Take the next largest deal away", "Bring the largest deals back"),
    "nl": ("Haal de grootste deal weg", "Haal ook de volgende grootste deal weg", "Zet de grootste deals terug"),
}


@pytest.mark.parametrize("name", ["quarter", "consultancy", "sandbox"])
def test_the_largest_deals_are_pressed_away_one_by_one_and_brought_back(name: str, language: str) -> None:
    explorer = explore(name)
    [handle] = explorer._picture.handles
    assert handle[2] is False
    for away, says in enumerate(NAMES[language]):
        assert explorer._picture.spots[0][4:] == (says, "×" if away < 2 else "+")
        assert levers(explorer, "away") == (away,)
        press(explorer, gesture=away)
    assert levers(explorer, "away") == (0,)
    explorer.undo()
    assert levers(explorer, "away") == (2,)


def test_the_block_to_press_is_the_largest_deal_that_is_left() -> None:
    explorer = explore("consultancy")
    # 250, 200 and 70 of a target of 600 that is 110 pixels high; the piles stand 148 above the foot of 446.
    for amount in (250, 200, 70):
        left, top, width, height = explorer._picture.spots[0][:4]
        assert (left, width, height) == (100, 44, pytest.approx(110 * amount / 600))
        assert top + height == pytest.approx(446 - 148)
        press(explorer)


def test_one_own_deal_is_pressed_away_and_back_and_a_met_target_has_nothing_to_press() -> None:
    explorer = Explorer(quarter_of([100_000], target=200_000, rate=0.5), quarter_chart, private=True)
    press(explorer, gesture=1)
    assert levers(explorer, "away") == (1,)
    press(explorer, gesture=2)
    assert levers(explorer, "away") == (0,)
    met = Explorer(quarter_of([100_000], target=200_000, rate=0.5, won=200_000), quarter_chart)
    assert met._picture.spots == [None]


@pytest.mark.parametrize("wanted", [{}, {"handle": 4, "how": "by", "x": 1, "y": 1, "gesture": 1}, {"handle": 0}])
def test_what_no_browser_sends_is_a_sentence_and_moves_nothing(point: Explorer, wanted: Any) -> None:
    point._picture._handle_custom_msg(wanted, [])
    assert point._picture.refusal
    assert (point.levers["coverage"].value, point.outcome.coverage) == (5, 5)


def test_a_slider_sends_the_places_with_the_picture_and_nothing_where_there_is_no_handle(
    point: Explorer, monkeypatch: pytest.MonkeyPatch
) -> None:
    steps: list[set[str]] = []
    coverage, consultancy = explore("coverage"), explore("consultancy")
    monkeypatch.setattr(Picture, "send_state", lambda self, key=None: steps.append(set(key)))
    point.set(coverage=6)
    coverage.set(target=400_000)
    consultancy.set(search=1_000)
    assert steps == [
        {"svg", "sentence", "spots"},
        {"svg", "sentence"},
        # What has not moved is not sent.
        {"svg", "sentence"},
    ]
