"""Lesson 05 in both languages: run from top to bottom, its remedies moved by keys, bought leads that disappoint."""

import re

import pytest
from playwright.sync_api import expect

from browser.harness import (
    BOX,
    SENTENCE,
    SLIDER,
    Lab,
    at_rest,
    cells,
    error_outputs,
    open_notebook,
    picture_is_painted,
    run_all,
    show_cell,
)

pytestmark = pytest.mark.browser

NAMES = {"en": "05-startup.ipynb", "nl": "05-start-up.ipynb"}
START = {"en": "Coverage is 5.0×", "nl": "De dekking is 5,0×"}
BOUGHT = {"en": "Coverage is 10.0× and conversion 6.3%", "nl": "De dekking is 10,0× en de conversie 6,3%"}
FULL = {"en": "In full, at 16.6%", "nl": "16,6%"}


@pytest.fixture
def lesson(lab: Lab, language: str) -> Lab:
    """Lesson 05, run from top to bottom."""
    open_notebook(lab, NAMES[language])
    run_all(lab)
    return lab


def test_runs_without_an_error_and_shows_funnel_and_remedies(lesson: Lab, language: str) -> None:
    assert error_outputs(lesson) == []
    assert all(cell["execution_count"] for cell in cells(lesson) if cell["cell_type"] == "code")
    show_cell(lesson, "sm.picture(")
    costs = re.compile(r"1[.,]375[.,]000")
    funnel = lesson.page.locator(".jp-OutputArea-output figure").filter(has_text=costs).first
    expect(funnel).to_be_visible()
    assert picture_is_painted(funnel.locator("img"))
    show_cell(lesson, "sm.explore(")
    expect(lesson.page.locator(SENTENCE).first).to_contain_text(START[language])
    assert lesson.errors == []


def test_every_remedy_moves_by_key_and_bought_leads_disappoint(lesson: Lab, language: str) -> None:
    show_cell(lesson, "sm.explore(")
    place = lesson.page.locator(SENTENCE).first
    expect(place).to_contain_text(START[language])
    sliders = lesson.page.locator(".salesmetrics-explorer").first.locator(SLIDER)
    assert sliders.count() == 7
    for slider in sliders.all():
        before = at_rest(place)
        slider.press("End")
        expect(slider).to_have_value(slider.get_attribute("max") or "")
        expect(place).not_to_have_text(before)
        slider.press("Home")
        expect(place).to_have_text(before)
    sliders.first.press("End")
    expect(place).to_contain_text(FULL[language])
    sliders.first.press("Home")
    box = lesson.page.locator(".salesmetrics-explorer").first.locator(BOX).nth(4)
    box.fill("100")
    box.press("Enter")
    expect(place).to_contain_text(BOUGHT[language])
    expect(place).to_contain_text(re.compile(r"211[.,]000"))
    assert error_outputs(lesson) == []
    assert lesson.errors == []
