"""From the top of a lesson to its last exercise with nothing but the keyboard: Tab, arrows, Enter, Space."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import expect

from browser.harness import Lab, awake, cells, error_outputs, open_page

pytestmark = pytest.mark.browser

NOTEBOOKS = Path(__file__).parents[2] / "notebooks"
CHECK = {"en": "Check", "nl": "Controleer"}
GUESS = {"en": "Note my guess", "nl": "Noteer mijn gok"}
# What has the keyboard: its kind, its words, its exercise, and whether it is seen, with a line around it.
FOCUS = """() => {
    let at = document.activeElement;
    // A picture is a tree of its own, and what one takes hold of is in it.
    while (at.shadowRoot?.activeElement) at = at.shadowRoot.activeElement;
    const { top, bottom, height } = at.getBoundingClientRect();
    return {
        kind: at.type || at.localName,
        words: at.innerText,
        lowest: at.value === at.min,
        exercise: at.closest("[data-exercise]")?.dataset.exercise ?? "",
        place: [top, bottom],
        seen: height > 0 && top > -1 && bottom < innerHeight + 1 && getComputedStyle(at).outlineStyle !== "none",
    };
}"""


@pytest.mark.parametrize("number", ["01", "04"])
def test_tab_reaches_every_exercise_and_keys_answer_it(lab: Lab, language: str, number: str) -> None:
    (path,) = (NOTEBOOKS / language).glob(f"{number}-*.ipynb")
    lab.page.set_viewport_size({"width": 1280, "height": 720})
    open_page(lab, path.name)
    awake(lab)
    asked = [name for cell in cells(lab) for name in re.findall(r'^sm\.exercise\("([\w-]+)"', cell["source"])]
    before, keys, answered, moved = len(cells(lab)), lab.page.keyboard, list[str](), 0
    for _ in range(200):
        keys.press("Tab")
        # What was out of sight is drawn first.
        lab.page.wait_for_timeout(100)
        focus = lab.page.evaluate(FOCUS)
        if focus["kind"] == "body":
            break
        assert focus["seen"], (focus["place"], focus)
        name = focus["exercise"]
        if focus["kind"] == "range":
            said = lab.page.locator(":focus").get_attribute("aria-valuetext")
            keys.press("ArrowRight" if focus["lowest"] else "ArrowLeft")
            expect(lab.page.locator(":focus")).not_to_have_attribute("aria-valuetext", said or "")
            moved += 1
        elif name and focus["kind"] == "text":
            keys.type("1")
        elif name and focus["kind"] == "radio":
            keys.press("Space")
        elif name and focus["kind"] == "select-one":
            keys.press("ArrowDown")
        elif (
            name
            and name not in answered
            and (name.endswith("-bet") or focus["words"] in (CHECK[language], GUESS[language]))
        ):
            keys.press("Enter")
            expect(lab.page.locator(f'[data-exercise="{name}"] [role="status"]').first).not_to_be_empty()
            answered.append(name)
    assert answered == asked
    assert moved > 2
    assert len(cells(lab)) == before
    assert error_outputs(lab) == []
    assert lab.errors == []
