"""Sliders: moved by code, by hand, by typing; refused in words; never hollow when stored."""

import dataclasses
from collections.abc import Mapping
from typing import Any

import numpy as np
import pytest
from test_models import EVERY_LEVER, MODELS, stops

from salesmetrics.base.errors import SalesMetricsError
from salesmetrics.base.language import NBSP
from salesmetrics.charts import coverage as chart
from salesmetrics.explorer import Explorer, explore
from salesmetrics.models import Lever, Model, Outcome
from salesmetrics.models.coverage import MODEL
from salesmetrics.widgets import Picture


@pytest.fixture
def explorer() -> Explorer:
    return explore("coverage")


def refusal(explorer: Explorer) -> str:
    """Give what stands below the boxes and below the picture."""
    told = [explorer._picture.refusal, *(slider.refusal for slider in explorer.levers.values())]
    return "".join(told).replace(NBSP, " ")


def values(explorer: Explorer) -> dict[str, float]:
    return {name: slider.value for name, slider in explorer.levers.items()}


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.name)
def test_every_model_can_be_explored(model: Model, language: str) -> None:
    assert str(explore(model.name)).endswith(".")


@pytest.mark.parametrize(("model", "lever"), EVERY_LEVER)
def test_every_slider_moves_over_its_whole_range(model: Model, lever: Lever, language: str) -> None:
    explorer = explore(model.name)
    for value in stops(lever, 11):
        explorer.levers[lever.name].value = value
        assert explorer._picture.sentence == explorer.sentence
        assert explorer._picture.svg.count("<svg") == 1
        assert refusal(explorer) == ""


def test_a_lever_moved_by_code_moves_everything(explorer: Explorer) -> None:
    explorer.levers["target"].value = 1_000_000
    assert explorer.outcome.coverage == 2.5
    assert explorer.sentence == chart.sentence(explorer.outcome)
    assert explorer.levers["target"].text == f"€{NBSP}1,000,000"


def test_several_levers_move_in_one_step_and_back(explorer: Explorer, monkeypatch: pytest.MonkeyPatch) -> None:
    start, steps = explorer.sentence, []
    monkeypatch.setattr(Picture, "send_state", lambda self, key=None: steps.append(set(key)))
    explorer.set(pipeline=np.int64(600_000), target=300_000.0)
    assert explorer.outcome.coverage == 2.0
    explorer.reset()
    assert explorer.sentence == start
    # Picture and sentence always arrive in one message.
    assert steps == [{"svg", "sentence"}] * 2


@pytest.mark.parametrize(
    "nonsense", ["1000", None, True, float("nan"), float("inf"), -1, 5_000_001, 10**400, 1j, [1], object()]
)
def test_nonsense_from_code_is_an_error_and_moves_nothing(explorer: Explorer, nonsense: Any, language: str) -> None:
    before = explorer.sentence, values(explorer)
    with pytest.raises(SalesMetricsError) as refused:
        explorer.levers["pipeline"].value = nonsense
    assert "5,000,000" in refused.value.hint or "5.000.000" in refused.value.hint
    with pytest.raises(SalesMetricsError):
        explorer.set(target=400_000, pipeline=nonsense)
    assert (explorer.sentence, values(explorer)) == before


def test_a_lever_that_does_not_exist_gets_the_nearest_name(explorer: Explorer) -> None:
    with pytest.raises(SalesMetricsError, match="targt") as refused:
        explorer.set(targt=1)
    assert "“target”" in refused.value.hint


@pytest.mark.parametrize(("name", "nearest"), [("covrage", "“coverage”"), (None, "coverage"), ("", "coverage")])
def test_a_model_that_does_not_exist_gets_the_nearest_name(name: Any, nearest: str, language: str) -> None:
    with pytest.raises(SalesMetricsError) as refused:
        explore(name)
    assert nearest in refused.value.hint


@pytest.mark.parametrize(
    ("typed", "value"),
    [
        ("€ 1.250.000", 1_250_000),
        ("1,250,000", 1_250_000),
        ("750000,50", 750_000.5),
        ("750.000", 750_000),
        ("0", 0),
    ],
)
def test_both_ways_of_writing_can_be_typed(explorer: Explorer, typed: str, value: float, language: str) -> None:
    explorer.levers["pipeline"]._handle_custom_msg({"typed": typed}, [])
    assert refusal(explorer) == ""
    assert explorer.outcome.levers["pipeline"] == value


def test_a_bare_number_in_a_percent_box_is_a_percentage_and_is_shown_as_taken(explorer: Explorer) -> None:
    box = explorer.levers["conversion"]
    for typed, value, shown in (
        ("33", 0.33, "33.0%"),
        ("0,33", 0.33, "33.0%"),
        ("1", 0.01, "1.0%"),
        ("4,55", 0.0455, "4.55%"),
    ):
        box.type_in(typed)
        assert (box.value, box.text, box.refusal) == (pytest.approx(value), shown, "")
    explorer.levers["target"].type_in("150k")
    assert explorer.levers["target"].text.replace(NBSP, " ") == "€ 150,000"


def test_a_refusal_stands_at_its_own_box_until_something_moves(explorer: Explorer) -> None:
    box, other = explorer.levers["conversion"], explorer.levers["target"]
    box.type_in("300")
    assert "300.0%" in box.refusal
    assert (other.refusal, explorer._picture.refusal) == ("", "")
    other.type_in("1 mln")
    assert box.refusal == ""


REFUSED = [
    ("nonsense", "“nonsense” is not a number.", "“nonsense”"),
    ("6.000.000", "“Open pipeline” cannot be € 6,000,000.", "“Open pipeline” kan niet € 6.000.000 zijn."),
    ("25%", "“25%” does not fit here.", "“25%” past hier niet."),
    ("", "“” is not a number.", "“”"),
    ("<img src=x>", "“<img src=x>” is not a number.", "“<img src=x>”"),
]


@pytest.mark.parametrize(("typed", "english", "dutch"), REFUSED)
def test_what_cannot_be_is_refused_in_words_and_the_old_value_stays(
    explorer: Explorer, typed: str, english: str, dutch: str, language: str
) -> None:
    slider, before = explorer.levers["pipeline"], explorer.sentence
    slider.type_in(typed)
    assert refusal(explorer).startswith(english if language == "en" else dutch)
    assert "\n→ " in refusal(explorer)
    assert (slider.value, explorer.sentence) == (2_500_000, before)
    slider.type_in("2.500.000")
    assert refusal(explorer) == ""


def test_the_browser_moves_a_slider_and_cannot_break_it(explorer: Explorer, monkeypatch: pytest.MonkeyPatch) -> None:
    slider = explorer.levers["pipeline"]
    slider.set_state({"value": 1_000_000})
    assert explorer.outcome.coverage == 2.0
    sent: list[Any] = []
    monkeypatch.setattr(type(slider), "send_state", lambda self, key=None: sent.append(key))
    slider.set_state({"value": 1e12})
    assert refusal(explorer).startswith("“Open pipeline” cannot be € 1,000,000,000,000.")
    assert (slider.value, explorer.outcome.coverage) == (1_000_000, 2.0)
    assert "value" in sent  # so that the handle goes back as well


def broken(error: Exception) -> Explorer:
    """Give an explorer whose model fails below a million."""

    def outcome(levers: Mapping[str, float]) -> Outcome:
        if levers["pipeline"] < 1_000_000:
            raise error
        return MODEL.outcome(levers)

    return Explorer(dataclasses.replace(MODEL, outcome=outcome), chart)


@pytest.mark.parametrize("error", [SalesMetricsError("Too small.", hint="Go up."), ZeroDivisionError("no way")])
def test_a_step_that_fails_says_so_live_and_leaves_lever_and_picture_agreeing(error: Exception) -> None:
    explorer = broken(error)
    before = explorer._picture.svg
    explorer.levers["pipeline"].set_state({"value": 500_000})
    assert str(error) in refusal(explorer)
    assert explorer.levers["pipeline"].value == 2_500_000
    assert explorer._picture.svg == before
    explorer.levers["pipeline"].set_state({"value": 2_000_000})
    assert refusal(explorer) == ""
    assert explorer.outcome.coverage == 4.0


def test_a_step_that_fails_in_code_fails_the_cell() -> None:
    explorer = broken(ZeroDivisionError("no way"))
    with pytest.raises(ZeroDivisionError):
        explorer.levers["pipeline"].value = 500_000
    assert explorer.levers["pipeline"].value == 2_500_000


def test_what_is_stored_is_never_hollow(explorer: Explorer) -> None:
    explorer.set(target=1_000_000)
    bundle = explorer._repr_mimebundle_(include=None, exclude=None)
    assert bundle["text/plain"] == explorer.sentence == repr(explorer)
    assert f"<figcaption>{explorer.sentence}</figcaption>" in bundle["text/html"]
    assert "application/vnd.jupyter.widget-view+json" in bundle


def test_the_screen_speaks_the_chosen_language(language: str) -> None:
    slider = explore("coverage").levers["won"]
    assert slider.label == {"en": "Won so far", "nl": "Al gewonnen"}[language]
    assert slider.box_label.startswith(slider.label)


def test_two_explorers_share_no_ids() -> None:
    one, two = explore("coverage"), explore("coverage")
    assert one._picture.svg != two._picture.svg
    one.set(target=1_000_000)
    assert two.outcome.target == 500_000
