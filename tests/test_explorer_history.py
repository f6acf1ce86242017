"""Undo and redo, pin and compare, large type: by code, by button, by hand."""

import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from test_models import MODELS

from salesmetrics.base.errors import SalesMetricsError
from salesmetrics.base.language import NBSP
from salesmetrics.charts import coverage as chart
from salesmetrics.charts import startup as startup_chart
from salesmetrics.charts.moving_picture import MovingPicture
from salesmetrics.explorer import Explorer, explore
from salesmetrics.explorer.states import REMEMBERED, History, Line, State, compare
from salesmetrics.models import Lever, Model
from salesmetrics.models.consultancy import MODEL as CONSULTANCY
from salesmetrics.models.coverage import MODEL
from salesmetrics.models.startup import MODEL as STARTUP


@pytest.fixture
def explorer() -> Explorer:
    return explore("coverage")


def pipeline(explorer: Explorer) -> float:
    return float(explorer.levers["pipeline"].value)


def press(explorer: Explorer, what: str, text: str = "") -> None:
    """Do what the browser does at a click."""
    explorer._tools._handle_custom_msg({"do": what, "text": text}, [])


def drag(explorer: Explorer, *values: float) -> None:
    """Do what the browser does at a drag: many values, one gesture, whose number comes with the first of them."""
    slider = explorer.levers["pipeline"]
    gesture = slider.gesture + 1
    for value in values:
        slider.set_state({"value": value, "gesture": gesture})


def test_undo_and_redo_go_back_and_forth(explorer: Explorer) -> None:
    sentences = [explorer.sentence]
    for target in (1_000_000, 2_000_000):
        explorer.levers["target"].value = target
        sentences.append(explorer.sentence)
    explorer.undo()
    assert explorer.sentence == explorer._picture.sentence == sentences[1]
    explorer.undo()
    assert explorer.sentence == sentences[0]
    explorer.redo()
    explorer.redo()
    assert explorer.sentence == sentences[2]


def test_a_drag_is_one_step_and_so_is_the_next(explorer: Explorer) -> None:
    drag(explorer, 2_400_000, 2_000_000, 1_000_000)
    drag(explorer, 1_050_000, 1_500_000)
    explorer.undo()
    assert pipeline(explorer) == 1_000_000
    explorer.undo()
    assert pipeline(explorer) == 2_500_000
    assert not explorer._tools.undoable


def test_what_code_moves_is_a_step_each_time(explorer: Explorer) -> None:
    drag(explorer, 2_000_000)
    explorer.levers["pipeline"].value = 1_000_000
    explorer.set(pipeline=500_000, target=250_000)
    explorer.undo()
    assert pipeline(explorer) == 1_000_000
    explorer.undo()
    assert pipeline(explorer) == 2_000_000


@pytest.mark.parametrize("way", ["undo", "redo"])
def test_a_step_that_fails_is_still_there_to_take(
    explorer: Explorer, monkeypatch: pytest.MonkeyPatch, way: str
) -> None:
    """Of three steps the last is taken back, or again, and its picture can't be drawn the first time."""
    for value in (600_000, 700_000, 800_000):
        explorer.levers["target"].value = value
    if way == "redo":
        explorer.undo()
    before, after = (800_000, 700_000) if way == "undo" else (700_000, 800_000)
    draw = explorer._draw
    monkeypatch.setattr(explorer, "_draw", lambda: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        getattr(explorer, way)()
    monkeypatch.setattr(explorer, "_draw", draw)
    assert explorer.levers["target"].value == before
    getattr(explorer, way)()
    assert explorer.levers["target"].value == after


def test_back_to_the_start_can_be_undone(explorer: Explorer) -> None:
    explorer.set(target=1_000_000, won=50_000)
    press(explorer, "reset")
    assert explorer.outcome.target == 500_000
    press(explorer, "undo")
    assert (explorer.outcome.target, explorer.outcome.levers["won"]) == (1_000_000, 50_000)


@pytest.mark.parametrize("what", ["undo", "reset", "typed", "pressed"])
def test_the_end_of_a_drag_that_the_queue_brings_once_more_moves_nothing(what: str) -> None:
    explorer = explore("sandbox")
    slider = explorer.levers["target"]
    slider.set_state({"value": 700_000, "gesture": 5})
    slider._handle_custom_msg({"value": 800_000, "gesture": 5}, [])
    assert (slider.value, explorer.outcome.target) == (800_000, 800_000)
    if what == "typed":
        slider._handle_custom_msg({"typed": "900000"}, [])
    elif what == "pressed":
        explorer._picture._handle_custom_msg({"handle": 0, "how": "by", "x": 1, "y": 0, "gesture": 6}, [])
    else:
        press(explorer, what)
    after = dict(explorer.outcome.levers)
    assert after["target"] != 800_000 or what == "pressed"
    for late in ({"value": 810_000}, {"value": 750_000, "gesture": 5}):
        slider.set_state(late)
        assert dict(explorer.outcome.levers) == after
    slider.set_state({"value": 650_000, "gesture": 7})
    assert (slider.value, explorer.outcome.target) == (650_000, 650_000)


def test_a_button_finds_the_slider_where_it_was_left(explorer: Explorer) -> None:
    slider = explorer.levers["pipeline"]
    slider.set_state({"value": 1_000_000, "gesture": 5})
    slider._handle_custom_msg({"value": 500_000, "gesture": 5}, [])
    press(explorer, "pin")
    slider.set_state({"value": 500_000})
    assert explorer._pinned is not None
    assert pipeline(explorer) == explorer._pinned.position["pipeline"] == 500_000
    press(explorer, "undo")
    assert pipeline(explorer) == 2_500_000, "it was one drag"


def test_a_new_move_forgets_what_was_taken_back(explorer: Explorer) -> None:
    explorer.set(target=1_000_000)
    explorer.undo()
    explorer.set(target=750_000)
    with pytest.raises(SalesMetricsError):
        explorer.redo()
    assert explorer.outcome.target == 750_000


def test_where_there_is_nothing_to_undo_it_says_so(explorer: Explorer, language: str) -> None:
    explorer = explore("coverage")
    for what, words in (
        ("undo", {"en": "There is no step to undo.", "nl": "Er is geen stap om ongedaan te maken."}),
        ("redo", {"en": "There is no step to do again.", "nl": "Er is geen stap om opnieuw te doen."}),
    ):
        press(explorer, what)
        assert explorer._picture.refusal.startswith(words[language])
        with pytest.raises(SalesMetricsError, match=re.escape(words[language])):
            getattr(explorer, what)()


def test_the_buttons_know_what_can_be_done(explorer: Explorer) -> None:
    tools = explorer._tools
    seen = [(tools.undoable, tools.redoable, tools.pinned)]
    for what in ("pin", "undo", "unpin"):
        if what == "undo":
            explorer.set(target=1_000_000)
            seen.append((tools.undoable, tools.redoable, tools.pinned))
        press(explorer, what)
        seen.append((tools.undoable, tools.redoable, tools.pinned))
    assert seen == [
        (False, False, False),
        (False, False, True),
        (True, False, True),
        (False, True, True),
        (False, True, False),
    ]


def test_a_click_that_means_nothing_does_nothing(explorer: Explorer) -> None:
    before = explorer.sentence
    press(explorer, "__class__", "x")
    press(explorer, "")
    explorer._tools._handle_custom_msg({}, [])
    assert (explorer.sentence, explorer._picture.refusal) == (before, "")


@given(st.lists(st.one_of(st.integers(0, 5), st.sampled_from(["back", "forward"]))))
def test_a_history_is_what_two_stacks_would_be(steps: list[Any]) -> None:
    history, before, now, after = History({"x": 0}), [], 0, []
    for step in steps:
        if step == "back":
            found = history.back()
            assert found == ({"x": before[-1]} if before else None)
            if before:
                after.append(now)
                now = before.pop()
        elif step == "forward":
            assert history.forward() == ({"x": after[-1]} if after else None)
            if after:
                before.append(now)
                now = after.pop()
        else:
            history.note({"x": step})
            if step != now:
                before, now, after = [*before, now], step, []
        assert (history.undoable, history.redoable) == (bool(before), bool(after))


def test_a_history_does_not_grow_for_ever() -> None:
    history = History({"x": 0})
    for step in range(1, 1_000):
        history.note({"x": step})
    steps = 0
    while history.back():
        steps += 1
    assert steps == REMEMBERED


# Pin and compare


def test_a_pinned_state_stays_in_the_picture_until_it_is_let_go(explorer: Explorer, language: str) -> None:
    explorer = explore("coverage")
    plain = explorer._picture.svg
    press(explorer, "pin")
    label = {"en": "A: as you pinned it", "nl": "A: zoals je hem vastzette"}[language]
    assert label in explorer._picture.svg
    explorer.set(target=1_000_000)
    ghost = explorer._drawn._ghost()
    assert explorer._picture.svg.count(ghost) == 1
    assert "stroke-dasharray" in ghost
    assert {"en": "Dashed: A.", "nl": "Streepjeslijn: A."}[language] in explorer._picture.svg
    press(explorer, "unpin")
    explorer.reset()
    assert explorer._picture.svg == plain
    assert explorer._picture.comparison == ""


def test_the_ghost_shows_a_and_not_where_the_sliders_went(explorer: Explorer) -> None:
    explorer.set(pipeline=1_000_000)
    explorer.pin()
    explorer.set(pipeline=2_000_000)
    other = MovingPicture(chart.draw(MODEL), name=explorer._drawn._name)
    for pipeline, same in ((1_000_000, True), (1_500_000, False)):
        other.pin(MODEL.outcome({**MODEL.defaults(), "pipeline": pipeline}), "A: as you pinned it")
        other.svg(explorer.outcome, "words")
        assert (explorer._drawn._ghost() == other._ghost()) is same


def outlines(explorer: Explorer) -> int:
    """Count the shapes of the ghost, less the dash in its label."""
    return explorer._drawn._ghost().partition("</defs><use")[0].count("<path") - 1


def test_only_what_moved_is_a_ghost() -> None:
    explorer = explore("conversion")
    explorer.pin()
    assert outlines(explorer) == 0
    # Open deals change the second bar alone; the rate of what has an outcome stays where it is, and solid.
    explorer.set(open=0)
    by_open = outlines(explorer)
    explorer.set(won=50)
    assert 0 < by_open < outlines(explorer)
    explorer.reset()
    assert outlines(explorer) == 0


@pytest.mark.parametrize(
    ("name", "move", "most"), [("balance", {"coverage": 3.0}, 2), ("fishing-net", {"net": 0.5}, 2)]
)
def test_a_pinned_map_is_its_point_and_a_pinned_net_its_rope_and_its_catch(
    name: str, move: dict[str, float], most: int
) -> None:
    explorer = explore(name)
    explorer.pin()
    explorer.set(**move)
    assert 1 <= outlines(explorer) <= most


def test_a_lever_that_is_a_figure_has_one_row(language: str) -> None:
    explorer = explore("balance")
    explorer.pin()
    explorer.set(coverage=3.0, conversion=0.2)
    names = [line.partition(":")[0] for line in repr(explorer).splitlines()[1:]]
    assert len(names) == len(set(names)) == 5


def other_value(lever: Lever) -> float:
    return lever.minimum if lever.default > lever.minimum else lever.maximum


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.name)
def test_a_ghost_has_no_words_no_looks_of_its_own_and_no_borrowed_ids(model: Model) -> None:
    explorer = explore(model.name)
    explorer.pin()
    explorer.levers[model.levers[0].name].value = other_value(model.levers[0])
    svg, ghost = explorer._picture.svg, explorer._drawn._ghost()
    assert ghost.count("<text") == 1  # the label
    inside = ghost[: ghost.index("</g></defs><use")]
    assert "style=" not in inside
    assert "<pattern" not in inside
    ids = re.findall(r'\bid="([^"]*)"', svg)
    assert len(ids) == len(set(ids))
    assert {found for pair in re.findall(r'url\(#([^)]*)\)|href="#([^"]*)"', svg) for found in pair if found} <= set(
        ids
    )


def test_a_step_does_not_draw_the_ghost_again(explorer: Explorer, monkeypatch: pytest.MonkeyPatch) -> None:
    explorer.pin()
    layers: list[str] = []
    render = MovingPicture._render
    monkeypatch.setattr(
        MovingPicture, "_render", lambda self, layer, artists: layers.append(layer) or render(self, layer, artists)
    )
    explorer.set(target=1_000_000)
    assert layers == ["moving"]


def test_the_comparison_says_a_now_and_the_difference(language: str) -> None:
    a, now = (
        State(position, STARTUP.outcome(position))
        for position in (STARTUP.defaults(), {**STARTUP.defaults(), "bought": 100.0})
    )
    lines = [
        Line(*(part.replace(NBSP, " ") for part in line)) for line in compare(startup_chart.COMPARED, STARTUP, a, now)
    ]
    english = [
        ("Coverage", "5.00×", "10.00×", "+5.00×"),
        ("Expected revenue", "€ 250,000", "€ 211,362", "−€ 38,638"),
        ("Expected, part of the target", "50%", "42%", "−7.7 points"),
        ("Buy more leads", "0", "100", ""),
    ]
    dutch = [
        ("Dekking", "5,00×", "10,00×", "+5,00×"),
        ("Verwachte omzet", "€ 250.000", "€ 211.362", "−€ 38.638"),
        ("Verwacht, deel van het target", "50%", "42%", "−7,7 procentpunt"),
        ("Koop meer leads", "0", "100", ""),
    ]
    expected = english if language == "en" else dutch
    assert [tuple(line) for line in lines if line.name in {name for name, *_rest in expected}] == expected
    points = next(line.difference for line in lines if line.name in ("Conversion", "Conversie"))
    assert re.fullmatch(r"−\d[.,]\d (points|procentpunt)", points)


def test_a_figure_without_a_value_and_one_that_stays_are_called_that() -> None:
    a = State(MODEL.defaults(), MODEL.outcome(MODEL.defaults()))
    met = {**MODEL.defaults(), "won": 500_000.0}
    lines = {line.name: line for line in compare(chart.COMPARED, MODEL, a, State(met, MODEL.outcome(met)))}
    assert lines["Coverage"][1:] == ("5.00×", "–", "–")
    assert lines["Conversion"].difference == "the same"
    near = {**MODEL.defaults(), "pipeline": 2_500_001.0}
    lines = {line.name: line for line in compare(chart.COMPARED, MODEL, a, State(near, MODEL.outcome(near)))}
    assert lines["Coverage"].difference == "nearly the same"


def test_the_table_is_escaped_and_stands_in_what_is_stored(explorer: Explorer) -> None:
    explorer.pin()
    explorer.set(target=1_000_000)
    bundle = explorer._repr_mimebundle_()
    assert "<td>−2.50×</td>" in bundle["text/html"]
    assert "Coverage: A 5.00×, now 2.50× (−2.50×)" in bundle["text/plain"]
    assert bundle["text/plain"].startswith(explorer.sentence)
    assert explorer._picture.comparison in bundle["text/html"]


def test_pinning_again_takes_the_new_state_as_a(explorer: Explorer) -> None:
    explorer.pin()
    explorer.set(target=1_000_000)
    explorer.pin()
    assert "−" not in explorer._picture.comparison
    assert "the same" in explorer._picture.comparison


def test_a_pinned_consultancy_compares_a_year_ahead() -> None:
    explorer = explore("consultancy")
    explorer.pin()
    explorer.set(**{CONSULTANCY.levers[0].name: 2_000})
    assert "Coverage in a year" in explorer._picture.comparison


# Large type


def test_large_type_by_code_and_by_button() -> None:
    explorer = explore("coverage", large=True)
    assert explorer.large
    assert "salesmetrics-large" in explorer._panel._dom_classes
    press(explorer, "large")
    assert not explorer.large
    assert "salesmetrics-large" not in explorer._panel._dom_classes
