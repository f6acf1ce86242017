"""What the hand does on a page that needs no Python: hold the picture, and play quarters, by mouse, finger and key."""

import re
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from playwright.sync_api import Locator, Page, expect

from browser.harness import READY, Open

NOTEBOOKS = Path(__file__).parents[2] / "notebooks"
sys.path.insert(0, str(NOTEBOOKS))

from pages import dealt, lessons, running  # noqa: E402
from pages.grids import Grid, grid_of  # noqa: E402
from pages.words import words  # noqa: E402

from salesmetrics import explore  # noqa: E402
from salesmetrics.exercises.content import guesses  # noqa: E402
from salesmetrics.exercises.overview import progress  # noqa: E402
from salesmetrics.explorer.play import Play  # noqa: E402
from salesmetrics.models import BINS, Outcome, model_named  # noqa: E402

pytestmark = pytest.mark.browser

Show = Callable[..., Page]
GRIDS = {
    "balance": Grid(
        model_named("balance"), {"coverage": (0, 2.5, 5.0, 7.5, 10.0), "conversion": (0, 0.1, 0.25, 0.5, 0.75, 1.0)}
    ),
    "quarter": Grid(model_named("quarter"), {"rate": (0.3, 0.6, 0.9), "away": (0, 1, 2)}),
}
FIRST = "Math.random = () => 0"  # each page begins at the first quarter that was dealt


@pytest.fixture
def show(opened: Open, language: str, tmp_path: Path) -> Show:
    """Open a page with one picture."""

    def show_picture(name: str, **options: Any) -> Page:
        body = lessons.Body()
        with running.nowhere():
            body.add_picture(GRIDS.get(name) or grid_of(name))
        place = tmp_path / f"{name}.html"
        place.write_text(lessons.page(name, body.html()), encoding="utf-8")
        return opened(place, **options)

    return show_picture


WORDS = {"en": "your guess: ", "nl": "jouw gok: "}


@pytest.mark.parametrize("width", [390, 1280])
def test_a_guess_stands_in_the_picture_until_it_is_forgotten(
    opened: Open, language: str, tmp_path: Path, width: int
) -> None:
    body = lessons.Body()
    with running.nowhere():
        body.add_exercise(guesses()["balance-guess"])
        body.add_picture(GRIDS["balance"])
        body.add_shown(progress())
    place = tmp_path / "guess.html"
    place.write_text(lessons.page("Guess", body.html()), encoding="utf-8")
    page = opened(place, width=width)
    box, drawn = page.locator("[data-exercise] input"), page.locator(".drawing svg")
    mark = page.locator(".drawing .guess text")
    box.fill("?")
    box.press("Enter")
    expect(mark).to_have_count(0)
    box.fill("61,8")
    box.press("Enter")
    expect(mark).to_have_text(f"{WORDS[language]}62%")
    # Who cannot see the mark hears it; the sentence below the picture is the picture's own.
    said = page.locator(".sentence").inner_text()
    expect(drawn).to_have_attribute("aria-label", f"{said} {WORDS[language]}62%.")
    at = mark.get_attribute("transform")
    page.locator("[data-lever=conversion]").press("End")
    expect(page.locator(".sentence")).not_to_have_text(said)
    expect(mark).to_have_attribute("transform", at or "")
    page.reload()
    page.locator(READY).wait_for(state="attached")
    expect(mark).to_have_text(f"{WORDS[language]}62%")
    for button in page.locator(".forget button").all()[:2]:
        button.press("Enter")
    expect(mark).to_have_count(0)


def expect_as_in_the_notebook(page: Page, model: str, **levers: float) -> None:
    """The sentence is the notebook's at that position, and the sliders stand there."""
    expect(page.locator(".sentence")).to_have_text(explore_at(model, **levers).sentence, use_inner_text=False)
    grid = GRIDS.get(model) or grid_of(model)
    for name, value in levers.items():
        slider = page.locator(f'[data-lever="{name}"]')
        assert int(slider.input_value()) == grid.values[name].index(value)


def explore_at(model: str, **levers: float) -> Any:
    explorer = explore(model)
    explorer.set(**levers)
    return explorer


def pull(page: Page, by: str, grip: Locator, right: float, up: float) -> None:
    """Take hold of a handle and pull it so many of the picture's pixels, in steps, as a hand does."""
    box = grip.locator("circle").last.bounding_box()
    assert box
    scale = grip.evaluate("node => node.getScreenCTM().a")
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    path = [(x + right * scale * part / 8, y - up * scale * part / 8) for part in range(1, 9)]
    if by == "mouse":
        page.mouse.move(x, y)
        page.mouse.down()
        for place in path:
            page.mouse.move(*place)
        page.mouse.up()
        return
    finger = page.context.new_cdp_session(page)
    finger.send("Input.dispatchTouchEvent", {"type": "touchStart", "touchPoints": [{"x": x, "y": y}]})
    for left, top in path:
        finger.send("Input.dispatchTouchEvent", {"type": "touchMove", "touchPoints": [{"x": left, "y": top}]})
    finger.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})


WIDE, HIGH = 52.4, 270  # the map's pixels for a coverage of 1 and a conversion of 100%


@pytest.mark.parametrize(("by", "width"), [("mouse", 1280), ("touch", 390)])
def test_the_point_on_the_map_goes_with_the_hand_from_place_to_place(show: Show, by: str, width: int) -> None:
    page = show("balance", width=width, has_touch=by == "touch")
    grip = page.locator("g[role=slider]")
    expect_as_in_the_notebook(page, "balance", coverage=5, conversion=0.1)
    # To 2.9 and 45%, between the places of the grid.
    pull(page, by, grip, -2.1 * WIDE, 0.35 * HIGH)
    expect_as_in_the_notebook(page, "balance", coverage=2.5, conversion=0.5)
    assert explore_at("balance", coverage=2.5, conversion=0.5)._picture.spots[0][4] == grip.get_attribute(
        "aria-valuetext"
    )
    # Past the end of the map it stops there.
    pull(page, by, grip, 12 * WIDE, 2 * HIGH)
    expect_as_in_the_notebook(page, "balance", coverage=10, conversion=1)
    expect(page.locator("p.hint")).to_have_text(words("point"))


def test_the_point_goes_by_key_and_slider_and_point_are_one(show: Show) -> None:
    page = show("balance")
    grip = page.locator("g[role=slider]")
    for key, there in (
        ("ArrowUp", (5, 0.25)),
        ("ArrowRight", (7.5, 0.25)),
        ("ArrowRight", (10, 0.25)),
        ("ArrowRight", (10, 0.25)),
        ("ArrowDown", (10, 0.1)),
        ("ArrowLeft", (7.5, 0.1)),
    ):
        grip.press(key)
        expect_as_in_the_notebook(page, "balance", coverage=there[0], conversion=there[1])
    before = grip.get_attribute("transform")
    page.locator('[data-lever="coverage"]').press("Home")
    assert grip.get_attribute("transform") != before
    x, y = explore_at("balance", coverage=0, conversion=0.1)._picture.spots[0][:2]
    there = grip.evaluate("node => [node.transform.baseVal[0].matrix.e, node.transform.baseVal[0].matrix.f]")
    assert there == pytest.approx([x, y], abs=0.06)
    page.reload()
    page.locator(READY).wait_for(state="attached")
    expect_as_in_the_notebook(page, "balance", coverage=5, conversion=0.1)


@pytest.mark.parametrize(("by", "width"), [("mouse", 1280), ("touch", 390)])
def test_the_line_where_the_pipeline_begins_goes_from_stage_to_stage(show: Show, by: str, width: int) -> None:
    page = show("start", width=width, has_touch=by == "touch")
    grip = page.locator("g[role=slider]")
    # From Lead, 5.0× and 10%, to beside Demo, 1.0× and 16.7%.
    pull(page, by, grip, -3.9 * WIDE, 0.08 * HIGH)
    expect_as_in_the_notebook(page, "start", start=3, company=1)
    grip.press("ArrowUp")
    expect_as_in_the_notebook(page, "start", start=4, company=1)
    grip.press("ArrowRight")
    grip.press("ArrowRight")
    grip.press("ArrowRight")
    grip.press("ArrowRight")
    expect_as_in_the_notebook(page, "start", start=1, company=1)


@pytest.mark.parametrize("model", ["quarter", "consultancy"])
def test_the_largest_deals_are_pressed_away_and_brought_back(show: Show, model: str) -> None:
    page = show(model)
    cross = page.locator("g[role=button]")
    for away, press in enumerate((cross.click, lambda: cross.press("Enter"), lambda: cross.press("Space"))):
        expect_as_in_the_notebook(page, model, away=away)
        assert cross.get_attribute("aria-label") == explore_at(model, away=away)._picture.spots[0][4]
        press()
    expect_as_in_the_notebook(page, model, away=0)


def told(model: str, steps: list[int], **levers: float) -> tuple[str, list[int]]:
    """Play the first quarters that were dealt, so many at a time; give the notebook's words and its pile."""
    outcome: Outcome = model_named(model).outcome({**model_named(model).defaults(), **levers})
    stake = outcome.stake
    assert stake
    revenues = np.sort(stake.deal(dealt.QUARTERS, np.random.default_rng(dealt.SEED)))
    coming = [float(revenues[at]) for at in np.random.default_rng(dealt.SEED).permutation(dealt.QUARTERS)]
    play, begun = Play(), 0
    play.follow(outcome)
    for step in steps:
        play._add(stake, coming[begun : begun + step])
        begun += step
    return play.sentence, list(play.pile)


def test_quarters_pile_up_with_the_notebooks_words_and_anew_where_a_lever_moves(show: Show) -> None:
    page = show("quarter", init=FIRST)
    quarter, year, clear = page.locator(".pile button").all()
    pile, sentence = page.locator(".pile svg"), page.locator(".pile [role=status]")
    # Empty, but there for a screen reader, which then reads out what comes in it.
    expect(page.locator(".pile").get_by_role("status")).to_have_count(1)
    expect(pile).to_be_hidden()
    expect(clear).to_be_hidden()
    for steps, press in (
        ([1], quarter.click),
        ([1, 1], lambda: quarter.press("Enter")),
        ([1, 1, 4], lambda: year.press("Space")),
    ):
        press()
        expect(sentence).to_have_text(told("quarter", steps)[0], use_inner_text=False)
    expect(pile).to_be_visible()
    quarter.evaluate("node => { for (let press = 0; press < 100; press += 1) node.click(); }")
    said, piled = told("quarter", [1, 1, 4, *[1] * 100])
    expect(sentence).to_have_text(said, use_inner_text=False)
    # A square for each, and the frame of the bar below them.
    assert pile.locator('rect[stroke="#595959"]').count() == sum(piled) + 1 == 107

    page.locator('[data-lever="rate"]').press("End")
    expect(pile).to_be_hidden()
    expect(sentence).to_be_empty()
    page.reload()
    page.locator(READY).wait_for(state="attached")
    expect(pile).to_be_hidden()
    page.locator(".pile button").first.click()
    expect(sentence).to_have_text(told("quarter", [1])[0], use_inner_text=False)
    page.get_by_role("button", name=Play().words["clear"]).click()
    expect(pile).to_be_hidden()


def test_all_quarters_of_the_page_come_to_the_exact_chance_and_then_it_says_so(show: Show, language: str) -> None:
    page = show("quarter", init="Math.random = () => 0.7")
    quarter, year, clear = page.locator(".pile button").all()
    sentence = page.locator(".pile [role=status]")
    year.evaluate("node => { for (let press = 0; press < 249; press += 1) node.click(); }")
    quarter.click()
    quarter.click()
    # Two are left of the four that a year has.
    year.click()
    outcome = model_named("quarter").start()
    found = re.search(r"(\d+) (?:reach|het target:)", sentence.inner_text())
    assert found
    made = int(found[1])
    # Three standard deviations of a thousand quarters: 3 × √(.38 × .62 ÷ 1,000) = 4.6%.
    assert outcome.chance_of_target
    assert abs(made / dealt.QUARTERS - outcome.chance_of_target) < 0.046
    assert sum(told("quarter", [dealt.QUARTERS])[1][BINS // 2 :]) == made
    count = {"en": "1,000", "nl": "1.000"}[language]
    assert count in sentence.inner_text()
    year.click()
    expect(sentence).to_have_text(words("all_played").format(count=count), use_inner_text=False)
    clear.click()
    year.click()
    expect(sentence).to_contain_text("38%")


def test_a_pile_stays_where_no_lever_moved(show: Show) -> None:
    page = show("balance")
    page.locator(".pile button").first.click()
    sentence = page.locator(".pile [role=status]")
    said = sentence.inner_text()
    assert said
    drawn = page.locator(".drawing svg").element_handle()
    page.locator(".levers button").click()
    expect(sentence).to_have_text(said, use_inner_text=False)
    assert drawn.evaluate("node => node.isConnected")
    page.locator('[data-lever="coverage"]').press("End")
    expect(sentence).to_be_empty()


def test_a_page_saved_with_a_pile_on_it_begins_anew(show: Show, opened: Open, tmp_path: Path) -> None:
    page = show("quarter")
    page.locator(".pile button").first.click()
    saved = tmp_path / "saved.html"
    saved.write_text(page.content(), encoding="utf-8")
    page = opened(saved)
    assert page.locator(".pile button").count() == 3
    assert page.locator("g[role=button]").count() == 1
    expect(page.locator(".pile svg")).to_be_hidden()
    page = opened(saved, init="delete window.DecompressionStream")
    assert page.locator(".pile button, g[role=button]").count() == 0
