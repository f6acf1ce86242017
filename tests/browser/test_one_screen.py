"""Levers and picture on one screen, on a laptop as on a projector, and letters to read where there is little room."""

from typing import Any

import pytest
from playwright.sync_api import Locator, expect

from browser.harness import Lab, awake, open_page, show_cell
from salesmetrics import models

pytestmark = pytest.mark.browser

SANDBOX = {"en": "09-sandbox", "nl": "09-proeftuin"}
LARGE = {"en": "Large type", "nl": "Grote letters"}
# In pixels of the page, and whether the letters are for a projector.
SCREENS = [((1280, 720), False), ((1366, 650), False), ((1920, 1080), True)]
NARROW = [(760, 900), (390, 844)]
# How high levers and picture are together, how much room the page has, and its smallest letters.
MEASURE = """explorer => {
    const picture = explorer.querySelector(".salesmetrics-picture > div").shadowRoot.querySelector("svg");
    const levers = [...explorer.querySelectorAll(".salesmetrics-slider")].filter(lever => lever.offsetParent);
    const places = [picture, ...levers].map(node => node.getBoundingClientRect());
    const whole = picture.viewBox.baseVal;
    const scale = Math.min(places[0].width / whole.width, places[0].height / whole.height);
    const letters = [...picture.querySelectorAll("text")].map(node => parseFloat(getComputedStyle(node).fontSize));
    return {
        high: Math.max(...places.map(place => place.bottom)) - Math.min(...places.map(place => place.top)),
        room: explorer.closest(".jp-WindowedPanel-outer").clientHeight,
        beside: levers.every((_lever, at) => places[at + 1].right <= places[0].left + 1),
        letters: scale * Math.min(...letters),
    };
}"""


def resized(lab: Lab, cell: Locator, size: tuple[int, int]) -> dict[str, Any]:
    lab.page.set_viewport_size({"width": size[0], "height": size[1]})
    lab.page.wait_for_timeout(300)
    measured: dict[str, Any] = cell.locator(".salesmetrics-explorer").evaluate(MEASURE)
    return measured


def test_levers_and_picture_on_one_screen_and_letters_to_read(lab: Lab, language: str) -> None:
    open_page(lab, f"{SANDBOX[language]}.ipynb")
    awake(lab)
    cell = show_cell(lab, "sm.sandbox()")
    choice = cell.locator(".salesmetrics-choice select")
    for name in models.NAMES:
        explorer = cell.locator(".salesmetrics-explorer")
        sentence = explorer.locator(".salesmetrics-picture p[role=status]")
        before = sentence.inner_text()
        choice.select_option(name)
        if name != models.NAMES[0]:
            expect(sentence).not_to_have_text(before)
        for button in explorer.locator('.salesmetrics-controls button[aria-expanded="true"]').all():
            button.press("Enter")
        usual = 0.0
        for size, large in SCREENS:
            if large:
                explorer.get_by_role("button", name=LARGE[language], exact=True).press("Enter")
            found = resized(lab, cell, size)
            assert found["beside"], (name, size, found)
            assert found["high"] <= found["room"], (name, size, found)
            assert not large or found["letters"] > 1.25 * usual, (name, size, found)
            usual = found["letters"]
        explorer.get_by_role("button", name=LARGE[language], exact=True).press("Enter")
        for size in NARROW:
            found = resized(lab, cell, size)
            assert found["letters"] >= 11, (name, size, found)
        lab.page.set_viewport_size({"width": 1280, "height": 720})
    assert lab.errors == []
