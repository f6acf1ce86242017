"""“Play this quarter” in the lesson itself, by mouse and by key: a pile that grows, anew when a lever moves."""

import re

import pytest
from playwright.sync_api import expect

from browser.harness import SLIDER, Lab, awake, error_outputs, open_page, show_cell

pytestmark = pytest.mark.browser

LESSON = {"en": "06-consultancy", "nl": "06-adviesbureau"}
WORDS = {
    "en": ("Play this quarter", "Play a year", "Clear the pile", r"Of {} quarters? played"),
    "nl": ("Speel dit kwartaal", "Speel een jaar", "Ruim de stapel op", r"Van {} gespeelde? kwarta"),
}


def test_each_press_adds_to_the_pile_and_a_hundred_in_a_second_are_all_there(lab: Lab, language: str) -> None:
    quarter, year, clear, said = WORDS[language]
    open_page(lab, f"{LESSON[language]}.ipynb")
    awake(lab)
    show_cell(lab, 'sm.explore("quarter")')
    place = lab.page.locator(".jp-CodeCell:has-text('sm.explore(\"quarter\")')")
    play, pile = place.locator(".salesmetrics-play"), place.locator(".salesmetrics-play svg")
    sentence = play.get_by_role("status")
    button = play.get_by_role("button", name=quarter)
    expect(pile).to_be_hidden()

    button.click()
    expect(sentence).to_contain_text(re.compile(said.format(1)))
    button.press("Enter")
    expect(sentence).to_contain_text(re.compile(said.format(2)))
    play.get_by_role("button", name=year).press("Space")
    expect(sentence).to_contain_text(re.compile(said.format(6)))
    expect(pile).to_be_visible()

    button.evaluate("node => { for (let press = 0; press < 100; press += 1) node.click(); }")
    expect(sentence).to_contain_text(re.compile(said.format(106)))
    # The last one drawn is the last one said.
    heights = "node => [...node.querySelectorAll('rect[fill=\"#009E73\"]')].length"
    assert pile.evaluate(heights) > 1

    place.locator(SLIDER).first.press("ArrowLeft")
    expect(pile).to_be_hidden()
    expect(sentence).to_be_empty()
    button.click()
    play.get_by_role("button", name=clear).click()
    expect(pile).to_be_hidden()
    assert error_outputs(lab) == []
    assert lab.errors == []
