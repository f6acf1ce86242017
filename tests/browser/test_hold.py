"""What one takes hold of in a picture, in the lessons themselves: by mouse, by finger and by key, in both languages."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Locator, expect
from serving import Server

from browser.harness import (
    SENTENCE,
    SLIDER,
    Lab,
    at_rest,
    awake,
    end_kernels,
    error_outputs,
    open_page,
    settled_box,
    show_cell,
)

pytestmark = pytest.mark.browser

LESSONS = {
    "balance": {"en": "04-difference-and-balance", "nl": "04-verschil-en-balans"},
    "consultancy": {"en": "06-consultancy", "nl": "06-adviesbureau"},
}
WIDE, HIGH = 524 / 10, 270  # pixels for a coverage of 1 and a conversion of 100%

SAYS = {
    "en": "Coverage {}× times conversion {}% is {}% of the target",
    "nl": "Dekking {}× maal conversie {}% is {}% van het target",
}
FROM = {
    "en": ("Counted from {} the coverage is", "Lead", "Demo", "Proposal"),
    "nl": ("Geteld vanaf {} is de dekking", "Lead", "Demo", "Offerte"),
}
TAKE = {
    "en": ("Take the largest deal away", "Take the next largest deal away", "Bring the largest deals back"),
    "nl": ("Haal de grootste deal weg", "Haal ook de volgende grootste deal weg", "Zet de grootste deals terug"),
}
AWAY = {"en": "largest deal", "nl": "grootste deal"}
UNDO = {"en": "Undo", "nl": "Ongedaan maken"}


def says(language: str, coverage: str, conversion: str, share: str) -> str:
    """Write the first words of the map's sentence; the figures with a point, as in English."""
    figures = (coverage, conversion, share)
    return SAYS[language].format(*(each.replace(".", "," if language == "nl" else ".") for each in figures))


@pytest.fixture(params=["mouse", "touch"])
def held(
    browser: Browser, servers: dict[str, Server], language: str, request: pytest.FixtureRequest
) -> Iterator[tuple[Lab, str]]:
    """A window on JupyterLab, with a mouse or with a screen to touch, and which of the two."""
    context = browser.new_context(viewport={"width": 1280, "height": 900}, has_touch=request.param == "touch")
    lab = Lab(servers[language], context.new_page())
    yield lab, request.param
    assert error_outputs(lab) == []
    assert lab.errors == []
    context.close()
    end_kernels(lab)


def opened(lab: Lab, lesson: str, language: str) -> None:
    open_page(lab, f"{LESSONS[lesson][language]}.ipynb")
    awake(lab)


def found(lab: Lab, model: str) -> tuple[Locator, Locator]:
    """Bring a picture into view; give the part of the page that it is in, and its sentence."""
    show_cell(lab, f'sm.explore("{model}")')
    place = lab.page.locator(f""".jp-CodeCell:has-text('sm.explore("{model}")')""")
    sentence = place.locator(SENTENCE)
    expect(sentence).not_to_be_empty()
    return place, sentence


def explored(lab: Lab, lesson: str, language: str, model: str) -> tuple[Locator, Locator]:
    """Open a lesson at a picture."""
    opened(lab, lesson, language)
    return found(lab, model)


def pull(lab: Lab, by: str, grip: Locator, right: float, up: float) -> None:
    """Take hold of a handle and pull it so many of the picture's pixels, in steps, as a hand does."""
    box = settled_box(lab, grip)
    scale = grip.evaluate("node => node.getScreenCTM().a")
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    path = [(x + right * scale * part / 8, y - up * scale * part / 8) for part in range(1, 9)]
    if by == "mouse":
        lab.page.mouse.move(x, y)
        lab.page.mouse.down()
        for place in path:
            lab.page.mouse.move(*place)
        lab.page.mouse.up()
        return
    finger = lab.page.context.new_cdp_session(lab.page)
    finger.send("Input.dispatchTouchEvent", {"type": "touchStart", "touchPoints": [{"x": x, "y": y}]})
    for left, top in path:
        finger.send("Input.dispatchTouchEvent", {"type": "touchMove", "touchPoints": [{"x": left, "y": top}]})
    finger.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})


def test_the_point_and_the_line_are_dragged_on_the_map(held: tuple[Lab, str], language: str) -> None:
    lab, by = held
    place, sentence = explored(lab, "balance", language, "balance")
    grip, sliders = place.locator("g[role=slider]"), place.locator(SLIDER)
    expect(sentence).to_contain_text(says(language, "5.0", "10.0", "50"))

    pull(lab, by, grip, -2 * WIDE, 0.3 * HIGH)
    expect(sentence).to_contain_text(says(language, "3.0", "40.0", "120"))
    expect(sliders.nth(0)).to_have_value("3")
    expect(sliders.nth(1)).to_have_value("0.4")
    # The whole drag is one step.
    place.get_by_role("button", name=UNDO[language], exact=True).click()
    expect(sentence).to_contain_text(says(language, "5.0", "10.0", "50"))

    # Half the coverage and twice the conversion, a little beside the curve: it stays on it.
    pull(lab, by, grip, -2.5 * WIDE, 0.1 * HIGH + 3)
    expect(sliders.nth(2)).to_have_value("0.5")
    expect(sentence).to_contain_text(says(language, "2.5", "20.0", "50"))

    pull(lab, by, grip, 12 * WIDE, 1.2 * HIGH)
    expect(sliders.nth(0)).to_have_value("10")
    expect(sliders.nth(1)).to_have_value("1")
    # The arrow keys go on where the hand stopped.
    lab.page.keyboard.press("ArrowLeft")
    expect(sliders.nth(0)).to_have_value("9.9")

    place, sentence = found(lab, "start")
    grip, (counted, first, _second, last) = place.locator("g[role=slider]"), FROM[language]
    expect(sentence).to_contain_text(counted.format(first))
    pull(lab, by, grip, (0.3 - 5) * WIDE, (0.5 - 0.1) * HIGH)
    expect(sentence).to_contain_text(counted.format(last))
    expect(place.locator(SLIDER).first).to_have_value("4")


def test_the_largest_deals_are_pressed_away_and_brought_back(held: tuple[Lab, str], language: str) -> None:
    lab, by = held
    opened(lab, "consultancy", language)
    for model in ("quarter", "consultancy"):
        place, sentence = found(lab, model)
        button, start = place.locator("g[role=button]"), at_rest(sentence)
        away = place.get_by_label(AWAY[language]).and_(place.locator("input[type=range]"))
        for taken, name in enumerate(TAKE[language]):
            expect(button).to_have_accessible_name(name)
            settled_box(lab, button)
            (button.click if by == "mouse" else button.tap)()
            expect(away).to_have_value(str((taken + 1) % 3))
        expect(sentence).to_have_text(start)


def test_keys_move_the_point_the_line_and_the_largest_deal(lab: Lab, language: str) -> None:
    place, sentence = explored(lab, "balance", language, "balance")
    grip = place.locator("g[role=slider]")
    grip.focus()
    active = "() => window.jupyterapp.shell.currentWidget.content.activeCellIndex"
    before = lab.page.evaluate(active)
    keys = lab.page.keyboard
    for key in ("ArrowRight", "ArrowRight", "ArrowUp"):
        keys.press(key)
    expect(sentence).to_contain_text(says(language, "5.2", "11.0", "57"))
    # Held down it goes on, and is one step.
    for _ in range(10):
        keys.down("ArrowLeft")
    keys.up("ArrowLeft")
    expect(sentence).to_contain_text(says(language, "4.2", "11.0", "46"))
    expect(grip).to_be_focused()
    expect(grip).to_have_attribute(
        "aria-valuetext", "coverage 4.2×, conversion 11.0%" if language == "en" else "dekking 4,2×, conversie 11,0%"
    )
    undo = place.get_by_role("button", name=UNDO[language], exact=True)
    undo.press("Enter")
    expect(sentence).to_contain_text(says(language, "5.2", "11.0", "57"))
    for _ in range(3):
        undo.press("Enter")
    expect(sentence).to_contain_text(says(language, "5.0", "10.0", "50"))
    grip.press("Shift+ArrowRight")
    expect(place.locator(SLIDER).nth(2)).to_have_value("1.1")
    expect(sentence).to_contain_text(says(language, "5.5", "9.1", "50"))
    assert lab.page.evaluate(active) == before

    place, sentence = found(lab, "start")
    counted, _first, second, last = FROM[language]
    grip = place.locator("g[role=slider]")
    for key in ("ArrowUp", "ArrowLeft"):
        grip.press(key)
    expect(sentence).to_contain_text(counted.format(second))
    grip.press("ArrowUp")
    expect(sentence).to_contain_text(counted.format(last))
    grip.press("ArrowRight")
    expect(sentence).to_contain_text(counted.format(second))

    place, _sentence = explored(lab, "consultancy", language, "quarter")
    button, (first_name, next_name, _back) = place.locator("g[role=button]"), TAKE[language]
    expect(button).to_have_accessible_name(first_name)
    button.press("Enter")
    expect(button).to_have_accessible_name(next_name)
    button.press("Space")
    expect(place.locator(SLIDER).nth(2)).to_have_value("2")
    assert error_outputs(lab) == []
    assert lab.errors == []
