"""A guess is kept and stands in the picture; what follows a bet waits, and nothing hides it for good."""

import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, expect
from serving import Server

from browser.harness import PANEL, Lab, awake, cells, end_kernels, open_page, show_cell

pytestmark = pytest.mark.browser

LESSON = {"en": "02-pipeline-coverage.ipynb", "nl": "02-pipelinedekking.ipynb"}
WORDS = {
    "en": {
        "note": "Note my guess",
        "said": "It is 87%, 27 percentage points more than you thought.",
        "mark": "your guess: 60%",
        "again": "is not a number",
        "far": "Is the chance really 300.0%?",
        "skip": "Skip",
        "waits": "The lesson goes on once you have placed your bet.",
        "goals": "When you have finished",
        "all": "Open all",
    },
    "nl": {
        "note": "Noteer mijn gok",
        "said": "Het is 87%, 27 procentpunt meer dan je dacht.",
        "mark": "jouw gok: 60%",
        "again": "is geen getal",
        "far": "Is de kans echt 300,0%?",
        "skip": "Overslaan",
        "waits": "De les gaat verder zodra je je weddenschap hebt afgesloten.",
        "goals": "Na deze les",
        "all": "Alles openen",
    },
}


@pytest.fixture
def reader(browser: Browser, servers: dict[str, Server], language: str) -> Iterator[Lab]:
    """A learner's window at 1280 × 720, with a finger too; nothing is answered yet."""
    context = browser.new_context(viewport={"width": 1280, "height": 720}, has_touch=True)
    window = Lab(servers[language], context.new_page(), folds=True)
    for name in ("answers.json", "progress.json"):
        (window.server.folder / name).unlink(missing_ok=True)
    yield window
    context.close()
    end_kernels(window)


def goals(lab: Lab, language: str) -> Locator:
    return lab.page.locator(".jp-RenderedMarkdown", has_text=WORDS[language]["goals"]).first


def test_a_guess_is_kept_and_stands_in_the_picture(lab: Lab, language: str) -> None:
    words = WORDS[language]
    (lab.server.folder / "answers.json").unlink(missing_ok=True)
    open_page(lab, LESSON[language])
    awake(lab)
    asked = show_cell(lab, "coverage-guess")
    box, verdict = asked.locator("input"), asked.get_by_role("status").first
    note = asked.get_by_role("button", name=words["note"])
    box.fill("?")
    note.click()
    expect(verdict).to_contain_text(words["again"])
    box.fill("300")
    box.press("Enter")
    expect(verdict).to_contain_text(words["far"])
    box.fill("60")
    note.click()
    expect(verdict).to_contain_text(words["said"])
    assert "✓" not in (asked.text_content() or "")
    drawn = show_cell(lab, 'sm.explore("coverage")').locator(".salesmetrics-picture svg")
    expect(drawn).to_contain_text(words["mark"])
    # Who cannot see the picture hears it too.
    expect(drawn).to_have_attribute("aria-label", re.compile(rf"\. {words['mark']}\.$"))
    end_kernels(lab)
    open_page(lab, LESSON[language])
    awake(lab)
    asked = show_cell(lab, "coverage-guess")
    expect(asked.locator("input")).to_have_value("60")
    expect(asked.get_by_role("status").first).to_contain_text(words["said"])
    drawn = show_cell(lab, 'sm.explore("coverage")').locator(".salesmetrics-picture svg")
    expect(drawn).to_contain_text(words["mark"])
    assert not (lab.server.folder / "progress.json").exists() or "coverage-guess" not in (
        lab.server.folder / "progress.json"
    ).read_text("utf-8")


@pytest.mark.parametrize("how", ["mouse", "touch", "keyboard"])
def test_what_follows_a_bet_waits_until_it_is_placed(reader: Lab, language: str, how: str) -> None:
    words = WORDS[language]
    open_page(reader, LESSON[language])
    awake(reader)
    waits = reader.page.get_by_text(words["waits"])
    expect(waits).to_be_visible()
    expect(goals(reader, language)).to_be_hidden()
    # On paper everything stands, and the line does not.
    reader.page.emulate_media(media="print")
    expect(goals(reader, language)).to_be_visible()
    expect(waits).to_be_hidden()
    reader.page.emulate_media(media="screen")
    choice = reader.page.locator(".salesmetrics-bet button").nth(1)
    if how == "keyboard":
        choice.focus()
        reader.page.keyboard.press("Enter")
    else:
        choice.tap() if how == "touch" else choice.click()
    expect(goals(reader, language)).to_be_visible()
    expect(waits).to_be_hidden()
    # Placed is placed: opened again, the page is open.
    end_kernels(reader)
    open_page(reader, LESSON[language])
    awake(reader)
    expect(reader.page.locator('.salesmetrics-bet button[aria-pressed="true"]')).to_be_visible()
    expect(goals(reader, language)).to_be_visible()
    expect(reader.page.get_by_text(words["waits"])).to_have_count(0)
    assert reader.errors == []


@pytest.mark.parametrize("how", ["mouse", "touch", "keyboard"])
def test_a_bet_can_be_skipped(reader: Lab, language: str, how: str) -> None:
    open_page(reader, LESSON[language])
    awake(reader)
    skip = reader.page.get_by_role("button", name=WORDS[language]["skip"], exact=True)
    if how == "keyboard":
        reader.page.locator(".salesmetrics-bet button").last.focus()
        for _ in range(4):
            reader.page.keyboard.press("Tab")
            if skip.evaluate("node => node === document.activeElement"):
                break
        reader.page.keyboard.press("Enter")
    else:
        skip.tap() if how == "touch" else skip.click()
    expect(goals(reader, language)).to_be_visible()
    expect(skip).to_have_count(0)


@pytest.mark.parametrize("way", ["kernel", "search", "contents", "deleted"])
def test_nothing_is_hidden_for_good(reader: Lab, language: str, way: str) -> None:
    open_page(reader, LESSON[language])
    awake(reader)
    expect(goals(reader, language)).to_be_hidden()
    if way == "kernel":
        end_kernels(reader)
    elif way == "search":
        reader.page.evaluate("() => window.jupyterapp.commands.execute('documentsearch:start')")
        reader.page.keyboard.type(WORDS[language]["goals"])
        reader.page.keyboard.press("Enter")
    elif way == "deleted":
        # By somebody else on the page, so that no cell is chosen after it.
        bet = next(at for at, cell in enumerate(cells(reader)) if "-bet" in cell["source"])
        reader.page.evaluate(f"at => {PANEL}.content.model.sharedModel.deleteCell(at)", bet)
    else:
        reader.page.evaluate(f"() => {{ {PANEL}.content.activeCellIndex = 8; }}")
    expect(goals(reader, language)).to_be_visible()


def test_a_facilitator_opens_all_and_finds_it_so_in_every_lesson(reader: Lab, language: str) -> None:
    words = WORDS[language]
    folder = reader.server.folder / "trainer"
    folder.mkdir(exist_ok=True)
    shutil.copy(Path(__file__).parents[2] / "notebooks" / "facilitator" / language / LESSON[language], folder)
    open_page(reader, f"trainer/{LESSON[language]}")
    awake(reader)
    button = reader.page.get_by_role("button", name=words["all"])
    expect(button).to_have_attribute("aria-pressed", "false")
    expect(goals(reader, language)).to_be_hidden()
    button.click()
    expect(goals(reader, language)).to_be_visible()
    reader.page.reload()
    awake(reader)
    expect(reader.page.get_by_role("button", name=words["all"])).to_have_attribute("aria-pressed", "true")
    expect(goals(reader, language)).to_be_visible()
