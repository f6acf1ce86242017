"""What the pictures show, read from their artists, and what their sentences say."""

import html
import re
from typing import Any

import pytest
from drawn import shapes, words
from hypothesis import given
from hypothesis import strategies as st
from test_models import EVERY_LEVER, MODELS, stops

from salesmetrics.base.language import NBSP
from salesmetrics.charts import COVERAGE, PAPER, TARGET
from salesmetrics.charts import coverage as chart
from salesmetrics.charts.moving_picture import Drawing, MovingPicture
from salesmetrics.explorer import model_and_chart
from salesmetrics.models import Lever, Model
from salesmetrics.models.coverage import MODEL


def state(**levers: float) -> Any:
    return MODEL.outcome({**MODEL.defaults(), **levers})


def spans(drawing: Drawing[Any], color: str, hatch: str | None = None) -> list[tuple[float, float]]:
    """Give where the boxes of one look begin and end, in euros."""
    return [(left, right) for left, _bottom, right, _top in shapes(drawing, color, hatch)[0]]


@pytest.mark.parametrize(("model", "lever"), EVERY_LEVER)
def test_a_sweep_never_breaks_a_sentence_or_a_label(model: Model, lever: Lever, language: str) -> None:
    _model, module = model_and_chart(model.name)
    drawing = module.draw(model)
    for value in stops(lever):
        outcome = model.outcome({**model.defaults(), lever.name: value})
        drawing.move(outcome)
        for text in (module.sentence(outcome), *words(drawing)):
            assert not re.search(r"nan|inf\b|None|[{}$]|  ", text), text
        assert module.sentence(outcome).endswith(".")


@pytest.mark.parametrize(("model", "lever"), EVERY_LEVER)
def test_the_picture_carries_the_numbers_of_its_sentence(model: Model, lever: Lever, language: str) -> None:
    _model, module = model_and_chart(model.name)
    drawing = module.draw(model)
    for value in stops(lever):
        outcome = model.outcome({**model.defaults(), lever.name: value})
        drawing.move(outcome)
        shown = set(re.findall(r"\d[\d.,]*\d|\d", " ".join(words(drawing))))
        # The second sentence tells what was asked for and is not there to be drawn.
        said = module.sentence(outcome).split(". ")[0]
        assert set(re.findall(r"\d[\d.,]*\d|\d", said)) <= shown


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.name)
def test_the_picture_holds_every_word_that_is_drawn(model: Model) -> None:
    _model, module = model_and_chart(model.name)
    drawing = module.draw(model)
    svg = MovingPicture(drawing, name="test").svg(model.start(), "words")
    assert words(drawing)
    for line in " ".join(words(drawing)).split():
        assert html.escape(line, quote=False) in svg


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.name)
def test_after_any_steps_a_picture_is_what_a_new_one_is(model: Model) -> None:
    """What stays the same from one step to the next is not written anew: what changed is."""
    _model, module = model_and_chart(model.name)
    moving = MovingPicture(module.draw(model), name="test")
    ends = [
        {lever.name: end(lever) for lever in model.levers} for end in (lambda of: of.minimum, lambda of: of.maximum)
    ]
    for values in (model.defaults(), *ends, model.defaults()):
        outcome = model.outcome(values)
        assert moving.svg(outcome, "") == MovingPicture(module.draw(model), name="test").svg(outcome, "")


def test_the_target_block_is_fitted_into_the_pipeline_and_counted() -> None:
    drawing = chart.draw(MODEL)
    drawing.move(state(pipeline=2_300_000, target=500_000, won=120_000, largest=400_000))
    assert spans(drawing, TARGET) == [(0, 380_000)]
    assert spans(drawing, PAPER, "\\\\\\\\") == [(380_000, 500_000)]
    assert spans(drawing, COVERAGE) == [(i * 380_000, (i + 1) * 380_000) for i in range(6)]
    assert spans(drawing, PAPER, "////") == [(1_900_000, 2_300_000)]
    assert {"6.1×", "1", "6"} <= set(words(drawing))
    assert "7" not in words(drawing)
    assert f"largest deal €{NBSP}400,000, without it 5.0×" in words(drawing)


def test_a_pipeline_smaller_than_the_target_holds_no_block() -> None:
    drawing = chart.draw(MODEL)
    drawing.move(state(pipeline=450_000, target=500_000))
    assert spans(drawing, COVERAGE) == []
    assert "0.9×" in words(drawing)


def test_many_blocks_are_counted_in_groups() -> None:
    drawing = chart.draw(MODEL)
    drawing.move(state(pipeline=5_000_000, target=100_000))
    assert spans(drawing, COVERAGE)[0] == (0, 500_000)
    assert len(spans(drawing, COVERAGE)) == 10
    assert {"5", "50", "50.0×"} <= set(words(drawing))


def test_a_target_that_is_met_has_no_blocks_and_says_so() -> None:
    drawing = chart.draw(MODEL)
    drawing.move(state(won=600_000))
    assert spans(drawing, COVERAGE) == []
    assert spans(drawing, TARGET) == []
    assert "target met" in words(drawing)
    assert not any("×" in text for text in words(drawing))


SENTENCES = [
    (
        {},
        "The target of € 500,000 fits 5.0 times into the open pipeline of € 2,500,000; "
        "without the largest deal (€ 150,000) 4.7 times. With 94 other, independent deals of € 25,000, each won with a "
        "chance of 10.0%, the chance of the target is less than 1%; without the largest less than 1%.",
        "Het target van € 500.000 past 5,0 keer in de open pipeline van € 2.500.000; "
        "zonder de grootste deal (€ 150.000) 4,7 keer. Met 94 andere, onafhankelijke deals van € 25.000, elk met een "
        "kans van 10,0%, is de kans op het target minder dan 1%; zonder de grootste minder dan 1%.",
    ),
    (
        {"pipeline": 2_300_000, "won": 120_000},
        "The € 380,000 still to win of the target of € 500,000 fits 6.1 times into the open pipeline of "
        "€ 2,300,000; without the largest deal (€ 150,000) 5.7 times. With 86 other, independent deals of € 25,000, "
        "each won with a chance of 10.0%, the chance of the target is 5%; without the largest 1%.",
        "Van het target van € 500.000 moet je nog € 380.000 winnen, en dat past 6,1 keer in de open pipeline van "
        "€ 2.300.000; zonder de grootste deal (€ 150.000) 5,7 keer. Met 86 andere, onafhankelijke deals van € 25.000, "
        "elk met een kans van 10,0%, is de kans op het target 5%; zonder de grootste 1%.",
    ),
    (
        {"largest": 0},
        "The target of € 500,000 fits 5.0 times into the open pipeline of € 2,500,000. With 100 independent deals of "
        "€ 25,000, each won with a chance of 10.0%, the chance of the target is less than 1%.",
        "Het target van € 500.000 past 5,0 keer in de open pipeline van € 2.500.000. Met 100 onafhankelijke deals van "
        "€ 25.000, elk met een kans van 10,0%, is de kans op het target minder dan 1%.",
    ),
    (
        {"largest": 0, "won": 100_000},
        "The € 400,000 still to win of the target of € 500,000 fits 6.2 times into the open pipeline of € 2,500,000. "
        "With 100 independent deals of € 25,000, each won with a chance of 10.0%, the chance of the target is 4%.",
        "Van het target van € 500.000 moet je nog € 400.000 winnen, en dat past 6,2 keer in de open pipeline van "
        "€ 2.500.000. Met 100 onafhankelijke deals van € 25.000, elk met een kans van 10,0%, is de kans op het target "
        "4%.",
    ),
    (
        {"pipeline": 0},
        "The open pipeline is empty: the € 500,000 still to win fits 0.0 times into it.",
        "De open pipeline is leeg: de € 500.000 die je nog moet winnen past er 0,0 keer in.",
    ),
    (
        {"pipeline": 100_000},
        "The target of € 500,000 fits 0.2 times into the open pipeline of € 100,000; without the largest deal "
        "(€ 100,000) 0.0 times. A deal of € 150,000 does not fit into this pipeline, so it counts as € 100,000, "
        "all of it. Even if every deal is won, the target stays out of reach.",
        "Het target van € 500.000 past 0,2 keer in de open pipeline van € 100.000; zonder de grootste deal "
        "(€ 100.000) 0,0 keer. Een deal van € 150.000 past niet in deze pipeline en telt daarom mee als € 100.000, "
        "de hele pipeline. Zelfs als elke deal wordt gewonnen, blijft het target buiten bereik.",
    ),
    (
        {"won": 520_000},
        "The target of € 500,000 is met: € 520,000 is won. Nothing is left to divide by, so there is no coverage; "
        "what the open pipeline of € 2,500,000 still brings comes on top.",
        "Het target van € 500.000 is gehaald: er is € 520.000 gewonnen. Er valt niets meer door te delen, dus een "
        "dekking is er niet; wat de open pipeline van € 2.500.000 nog oplevert, komt erbovenop.",
    ),
]


@pytest.mark.parametrize(("levers", "english", "dutch"), SENTENCES)
def test_sentences(levers: dict[str, float], english: str, dutch: str, language: str) -> None:
    assert chart.sentence(state(**levers)).replace(NBSP, " ") == (english if language == "en" else dutch)


@given(st.floats(0, 99.9))
def test_a_block_that_does_not_quite_fit_is_not_counted(coverage: float) -> None:
    assert int(float(chart.count(coverage))) == int(coverage)
