"""Lesson 02 as a learner meets it, in both languages: run, moved by mouse, keys and typing, saved and opened again."""

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect
from serving import ask

from browser import harness
from browser.harness import (
    Lab,
    at_rest,
    awake,
    cells,
    drag,
    end_kernels,
    error_outputs,
    open_notebook,
    picture_is_painted,
    run_all,
    save,
    show_cell,
)

pytestmark = pytest.mark.browser

# An exercise further on has sliders and a picture too.
EXPLORED = '.jp-CodeCell:has-text("sm.explore(") '
SENTENCE, SLIDER, BOX, STORED = (
    EXPLORED + what for what in (harness.SENTENCE, harness.SLIDER, harness.BOX, harness.STORED)
)
PICTURE = EXPLORED + ".salesmetrics-picture"
NAMES = {"en": "02-pipeline-coverage.ipynb", "nl": "02-pipelinedekking.ipynb"}
WORDS = {"en": "fits", "nl": "past"}
RESET = {"en": "Back to the start", "nl": "Terug naar het begin"}
TYPED = {"en": "€ 1,000,000", "nl": "€ 1.000.000"}


def sentence_after(lesson: Lab, act: Callable[[], object]) -> str:
    """Do something to the lesson's Explorer and give its sentence once it has changed and come to rest."""
    return harness.sentence_after(lesson, act, sentence=SENTENCE)


@pytest.fixture
def lesson(lab: Lab, language: str) -> Lab:
    """Lesson 02, run from top to bottom, with its sliders in sight."""
    open_notebook(lab, NAMES[language])
    run_all(lab)
    show_cell(lab, "sm.explore(")
    expect(lab.page.locator(SENTENCE)).to_contain_text(WORDS[language])
    return lab


def test_runs_without_an_error_and_shows_the_sliders(lesson: Lab) -> None:
    assert error_outputs(lesson) == []
    assert all(cell["execution_count"] for cell in cells(lesson) if cell["cell_type"] == "code")
    expect(lesson.page.locator(f"{PICTURE} svg")).to_be_visible()
    assert lesson.errors == []


def test_every_slider_moves_by_mouse_and_by_key(lesson: Lab) -> None:
    sliders = lesson.page.locator(SLIDER)
    assert sliders.count() == 6
    for slider in sliders.all():
        before = float(slider.input_value())
        drag(lesson, slider, 0.7)
        at_rest(lesson.page.locator(SENTENCE))
        dragged = float(slider.input_value())
        assert dragged != before
        slider.press("ArrowRight")
        assert float(slider.input_value()) > dragged
        slider.press("Home")
        assert slider.input_value() == slider.get_attribute("min")
        slider.press("End")
        assert slider.input_value() == slider.get_attribute("max")
        at_rest(lesson.page.locator(SENTENCE))
    assert error_outputs(lesson) == []
    assert lesson.errors == []


def test_the_sentence_answers_to_mouse_and_key(lesson: Lab) -> None:
    target = lesson.page.locator(SLIDER).nth(1)
    first = at_rest(lesson.page.locator(SENTENCE))
    second = sentence_after(lesson, lambda: drag(lesson, target, 0.6))
    third = sentence_after(lesson, lambda: target.press("ArrowLeft"))
    assert len({first, second, third}) == 3


def test_a_typed_value_moves_the_slider_and_reset_puts_it_back(lesson: Lab, language: str) -> None:
    place = lesson.page.locator(SENTENCE)
    start, box = at_rest(place), lesson.page.locator(BOX).nth(1)

    def type_in(text: str) -> None:
        box.fill(text)
        box.press("Enter")

    assert re.search(r"1[.,]000[.,]000", sentence_after(lesson, lambda: type_in("1000000")))
    expect(box).to_have_value(TYPED[language].replace(" ", "\u00a0"))
    type_in("1.234 en meer")
    expect(box.locator('xpath=../p[@role="alert"]')).to_contain_text("1.234 en meer")
    assert at_rest(place) != start
    lesson.page.locator(EXPLORED).get_by_role("button", name=RESET[language]).click()
    expect(place).to_have_text(start)


def test_saved_and_opened_again_it_is_alive(lesson: Lab, language: str) -> None:
    sentence_after(lesson, lambda: drag(lesson, lesson.page.locator(SLIDER).nth(1), 0.7))
    saved = save(lesson)
    assert "widgets" not in saved["metadata"]
    end_kernels(lesson)
    open_notebook(lesson, NAMES[language])
    awake(lesson)
    show_cell(lesson, "sm.explore(")
    expect(lesson.page.locator(SENTENCE)).to_contain_text(WORDS[language])
    sentence_after(lesson, lambda: drag(lesson, lesson.page.locator(SLIDER).nth(1), 0.3))
    expect(lesson.page.get_by_text("model not found")).to_have_count(0)


def test_opened_but_not_run_it_shows_picture_and_sentence(lab: Lab, language: str) -> None:
    name = NAMES[language].replace("02", "unrun-02")
    original = Path(__file__).parents[2] / "notebooks" / language / NAMES[language]
    # Without its mark it is a notebook like any other, which nobody has run.
    notebook = json.loads(original.read_text(encoding="utf-8"))
    del notebook["metadata"]["salesmetrics"]
    (lab.server.folder / name).write_text(json.dumps(notebook), encoding="utf-8")
    open_notebook(lab, name)
    show_cell(lab, "sm.explore(")
    figure = lab.page.locator(STORED)
    assert picture_is_painted(figure.locator("img"))
    caption = figure.locator("figcaption").inner_text()
    assert WORDS[language] in caption
    assert figure.locator("img").get_attribute("alt") == caption


@pytest.mark.parametrize("state", ["unrun", "saved"])
def test_exported_to_html_it_shows_picture_and_sentence_without_a_network(
    lab: Lab, browser: Browser, language: str, tmp_path: Path, state: str
) -> None:
    name = NAMES[language].replace("02", f"export-{state}-02")
    original = Path(__file__).parents[2] / "notebooks" / language / NAMES[language]
    (lab.server.folder / name).write_bytes(original.read_bytes())
    if state == "saved":
        open_notebook(lab, name)
        run_all(lab)
        save(lab)
    (tmp_path / "lesson.html").write_text(ask(lab.server.address, f"/nbconvert/html/{name}"), encoding="utf-8")
    context = browser.new_context(offline=True)
    page = context.new_page()
    page.goto((tmp_path / "lesson.html").as_uri())
    figure = page.locator("figure").first
    assert picture_is_painted(figure.locator("img"))
    assert WORDS[language] in figure.locator("figcaption").inner_text()
    context.close()
