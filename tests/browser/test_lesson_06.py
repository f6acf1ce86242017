"""Lesson 06 in both languages: run, every slider by mouse and by key, the large deal away, budgets that come late."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Locator, expect

from browser import harness
from browser.harness import (
    Lab,
    at_rest,
    cells,
    drag,
    error_outputs,
    open_notebook,
    picture_is_painted,
    run_all,
    show_cell,
)
from salesmetrics.exercises.content import questions

pytestmark = pytest.mark.browser

NAMES = {"en": "06-consultancy.ipynb", "nl": "06-adviesbureau.ipynb"}
START = {"en": "Coverage is 1.50× this quarter", "nl": "De dekking is dit kwartaal 1,50×"}
AWAY = {"en": "the chance of reaching it is 2%", "nl": "de kans om dat target te halen is 2%"}
LATE = {
    "en": "Coverage is 1.50× this quarter, then 0.66×, 0.70× and 0.70×",
    "nl": "De dekking is dit kwartaal 1,50×, daarna 0,66×, 0,70× en 0,70×",
}
RESET = {"en": "Back to the start", "nl": "Terug naar het begin"}
CHECK = {"en": "Check", "nl": "Controleer"}
MODELS = {"quarter": 5, "consultancy": 7}


@pytest.fixture
def lesson(lab: Lab, language: str) -> Iterator[Lab]:
    """Lesson 06, run from top to bottom; whatever is done to it, no error may show anywhere."""
    open_notebook(lab, NAMES[language])
    run_all(lab)
    yield lab
    assert error_outputs(lab) == []
    assert lab.errors == []


def explored(lesson: Lab, model: str) -> tuple[Locator, Locator]:
    """Bring a model into view and give its part of the page, and its sentence."""
    show_cell(lesson, f'sm.explore("{model}")')
    place = lesson.page.locator(f""".jp-CodeCell:has-text('sm.explore("{model}")')""")
    sentence = place.locator(harness.SENTENCE)
    expect(sentence).to_be_visible()
    return place, sentence


def type_in(place: Locator, at: int, text: str) -> None:
    box = place.locator(harness.BOX).nth(at)
    box.fill(text)
    box.press("Enter")


def test_runs_without_an_error_and_shows_two_pictures(lesson: Lab, language: str) -> None:
    assert all(cell["execution_count"] for cell in cells(lesson) if cell["cell_type"] == "code")
    place, sentence = explored(lesson, "consultancy")
    expect(sentence).to_contain_text(START[language])
    expect(place.locator(".salesmetrics-picture svg[role=img]")).to_be_visible()
    place, _sentence = explored(lesson, "quarter")
    expect(place.locator(".salesmetrics-picture svg[role=img]")).to_be_visible()


@pytest.mark.parametrize("model", MODELS)
def test_every_slider_moves_by_mouse_and_by_key(lesson: Lab, language: str, model: str) -> None:
    place, sentence = explored(lesson, model)
    sliders = place.locator(harness.SLIDER)
    assert sliders.count() == MODELS[model]
    start = at_rest(sentence)
    for slider in sliders.all():
        drag(lesson, slider, 0.4)
        expect(sentence).not_to_have_text(start)
        dragged = at_rest(sentence)
        slider.press("End")
        expect(slider).to_have_value(slider.get_attribute("max") or "")
        expect(sentence).not_to_have_text(dragged)
        slider.press("ArrowLeft")
        assert float(slider.input_value()) < float(slider.get_attribute("max") or 0)
        slider.press("Home")
        expect(slider).to_have_value(slider.get_attribute("min") or "")
        place.get_by_role("button", name=RESET[language]).click()
        expect(sentence).to_have_text(start)


def test_one_large_deal_away_and_a_budget_that_comes_late(lesson: Lab, language: str) -> None:
    place, sentence = explored(lesson, "quarter")
    place.locator(harness.SLIDER).nth(2).press("ArrowRight")
    expect(sentence).to_contain_text(AWAY[language])
    place, sentence = explored(lesson, "consultancy")
    for channel in range(4):
        type_in(place, channel, "2000")
    expect(sentence).to_contain_text(LATE[language])
    expect(sentence).to_contain_text(re.compile(r"8[.,]000"))


def test_the_exercise_knows_the_soonest_channel_from_the_best(lesson: Lab, language: str) -> None:
    asked = questions()["consultancy-sliders"]
    show_cell(lesson, asked.id)
    place = lesson.page.locator(f'.jp-CodeCell:has-text("{asked.id}")')
    check = place.get_by_role("button", name=CHECK[language], exact=True)
    verdict = place.locator(f'[data-exercise="{asked.id}"]').last.locator('[role="status"]').first
    for channel in range(4):
        type_in(place, channel, "3250")
    expect(place.locator(harness.SENTENCE)).to_contain_text(re.compile(r"13[.,]000"))
    check.click()
    expect(verdict).to_contain_text(asked.wrong[2].says[language])
    for channel, budget in enumerate(("4000", "0", "4000", "5000")):
        type_in(place, channel, budget)
    expect(place.locator(harness.SENTENCE)).to_contain_text(re.compile(r"1[.,]06×"))
    check.click()
    expect(verdict).to_contain_text(asked.because[language])


def test_on_a_narrow_screen_nothing_is_cut_off(lab: Lab, language: str) -> None:
    lab.page.set_viewport_size({"width": 800, "height": 900})
    open_notebook(lab, NAMES[language])
    stored = lab.page.locator(harness.STORED).first
    show_cell(lab, 'sm.explore("quarter")')
    assert picture_is_painted(stored.locator("img"))
    run_all(lab)
    for model in MODELS:
        place, sentence = explored(lab, model)
        for wide in (".salesmetrics-picture", ".salesmetrics-explorer"):
            assert place.locator(wide).first.evaluate("node => node.scrollWidth <= node.clientWidth")
        before = at_rest(sentence)
        drag(lab, place.locator(harness.SLIDER).nth(2), 0.8)
        expect(sentence).not_to_have_text(before)
    for table in lab.page.locator(".jp-RenderedMarkdown:has(table)").all():
        assert table.evaluate("node => node.scrollWidth - node.clientWidth") <= 0, table.inner_text()
    assert error_outputs(lab) == []
    assert lab.errors == []
