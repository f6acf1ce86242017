"""A learner's day: exercises of every kind answered by mouse and by key, and progress that is there after a restart."""

import json
from pathlib import Path

import nbformat
import pytest
from playwright.sync_api import Locator, expect

from browser.harness import (
    Lab,
    at_rest,
    end_kernels,
    error_outputs,
    open_notebook,
    run_all,
    save,
    show_cell,
)
from salesmetrics.exercises.content import questions
from salesmetrics.exercises.progress_file import ANSWERS, FILE

pytestmark = pytest.mark.browser

NAME = "my-exercises.ipynb"
IDS = (
    "welcome-bet",
    "coverage-1",
    "conversion-margin",
    "coverage-counts",
    "balance-order",
    "startup-funnel",
    "balance-situations",
    "coverage-sliders",
    "own-monday",
)
WORDS = {
    "en": {"check": "Check", "hint": "Hint", "solution": "Solution", "done": "✓ done"},
    "nl": {"check": "Controleer", "hint": "Hint", "solution": "Uitwerking", "done": "✓ klaar"},
}


@pytest.fixture
def lesson(lab: Lab, language: str) -> Lab:
    """A notebook with an exercise of every kind, run from top to bottom, in a folder without progress."""
    for name in (FILE, ANSWERS):
        (lab.server.folder / name).unlink(missing_ok=True)
    cells = [nbformat.v4.new_code_cell(f'import salesmetrics as sm\nsm.use_language("{language}")', id="start")]
    cells += [nbformat.v4.new_code_cell(f'sm.exercise("{name}")', id=name) for name in IDS]
    cells.append(nbformat.v4.new_code_cell("sm.progress()", id="progress"))
    kernel = {"display_name": "Python 3", "language": "python", "name": "python3"}
    notebook = nbformat.v4.new_notebook(cells=cells, metadata={"kernelspec": kernel})
    Path(lab.server.folder, NAME).write_text(nbformat.writes(notebook), encoding="utf-8")
    open_notebook(lab, NAME)
    run_all(lab)
    return lab


def shown(lab: Lab, name: str) -> Locator:
    """Bring an exercise into view and give its part of the page; of one with sliders, the part with the buttons."""
    show_cell(lab, name)
    place = lab.page.locator(f'[data-exercise="{name}"]').last
    place.scroll_into_view_if_needed()
    return place


def verdict(place: Locator) -> Locator:
    return place.locator('[role="status"]').first


def help_of(place: Locator) -> Locator:
    return place.locator('[role="status"]').last


def button(place: Locator, name: str) -> Locator:
    return place.get_by_role("button", name=name, exact=True)


def test_a_bet_is_revealed_by_choosing_with_mouse_or_key(lesson: Lab, language: str) -> None:
    bet = shown(lesson, "welcome-bet")
    bet.get_by_role("button").first.click()
    expect(verdict(bet)).to_contain_text("1%")
    expect(bet.get_by_role("button").first).to_have_attribute("aria-pressed", "true")
    bet.get_by_role("button").nth(1).press("Enter")
    expect(verdict(bet)).to_contain_text(questions()["welcome-bet"].wrong[1].says[language])
    bet.get_by_role("button").last.press("Space")
    expect(bet.get_by_role("button").last).to_have_attribute("aria-pressed", "true")
    assert error_outputs(lesson) == []
    assert lesson.errors == []


def test_a_number_wrong_read_hint_right_and_still_there_after_a_restart(lesson: Lab, language: str) -> None:
    words, asked = WORDS[language], questions()["coverage-1"]
    box = shown(lesson, "coverage-1")
    entry = box.get_by_role("textbox")
    entry.click()
    entry.press_sequentially("0,1667")
    button(box, words["check"]).click()
    expect(verdict(box)).to_contain_text(asked.wrong[0].says[language])
    button(box, words["hint"]).click()
    expect(help_of(box)).to_contain_text(asked.hints[0][language])
    button(box, words["hint"]).click()
    expect(help_of(box)).to_contain_text(asked.hints[1][language])
    entry.fill("6×")
    entry.press("Enter")
    expect(verdict(box)).to_contain_text(asked.because[language])
    expect(box).to_contain_text(words["done"])
    # Enter and letters belong to the box: the notebook has not gone to another cell or mode.
    assert entry.evaluate("node => node === document.activeElement")
    button(box, words["solution"]).click()
    expect(help_of(box)).to_contain_text(asked.solution[language])
    kept = json.loads((lesson.server.folder / FILE).read_text(encoding="utf-8"))["exercises"]["coverage-1"]
    assert kept == {"done": True, "tries": 2, "hints": 2, "solution": True, "mistakes": {"upside-down": 1}}

    save(lesson)
    end_kernels(lesson)
    open_notebook(lesson, NAME)
    run_all(lesson)
    box = shown(lesson, "coverage-1")
    expect(box.get_by_role("textbox")).to_have_value("6×")
    expect(box).to_contain_text(words["done"])
    show_cell(lesson, "sm.progress()")
    listed = lesson.page.locator(".jp-OutputArea-output", has_text=asked.title[language]).last
    expect(listed).to_contain_text(f"{words['done']}: {asked.title[language]}")
    assert lesson.errors == []


def test_choices_boxes_order_and_tables_are_answered_by_key_alone(lesson: Lab, language: str) -> None:
    words = WORDS[language]
    one = shown(lesson, "conversion-margin")
    radios = one.get_by_role("radio")
    radios.nth(0).focus()
    radios.nth(0).press("Space")
    radios.nth(0).press("Enter")
    expect(verdict(one)).to_contain_text(questions()["conversion-margin"].wrong[0].says[language])
    radios.nth(0).press("ArrowDown")
    radios.nth(1).press("Enter")
    expect(one).to_contain_text(words["done"])

    several = shown(lesson, "coverage-counts")
    for at in (0, 3):
        several.get_by_role("checkbox").nth(at).press("Space")
    button(several, words["check"]).press("Enter")
    expect(several).to_contain_text(words["done"])

    order = shown(lesson, "balance-order")
    # A B C D, and the answer is C A B D: the third item goes up twice.
    up = order.locator('li[data-key="C"]').get_by_role("button").first
    up.press("Enter")
    up.press("Enter")
    button(order, words["check"]).press("Enter")
    expect(order).to_contain_text(words["done"])

    table = shown(lesson, "startup-funnel")
    for at, typed in enumerate(("75%", "0,3", "71.4")):
        table.get_by_role("textbox").nth(at).fill(typed)
    table.get_by_role("textbox").last.press("Enter")
    expect(table).to_contain_text(words["done"])

    matched = shown(lesson, "balance-situations")
    for at, key in enumerate("CADB"):
        matched.get_by_role("combobox").nth(at).select_option(key)
    button(matched, words["check"]).click()
    expect(matched).to_contain_text(words["done"])
    assert error_outputs(lesson) == []
    assert lesson.errors == []


def test_sliders_are_checked_where_they_stand(lesson: Lab, language: str) -> None:
    words, asked = WORDS[language], questions()["coverage-sliders"]
    answers = shown(lesson, "coverage-sliders")
    button(answers, words["check"]).click()
    expect(verdict(answers)).to_contain_text(asked.wrong[1].says[language])
    boxes = lesson.page.locator('.salesmetrics-slider input[type="text"]')
    for at, typed in ((0, "2000000"), (3, "600000")):
        boxes.nth(at).fill(typed)
        boxes.nth(at).press("Enter")
    at_rest(lesson.page.locator('.salesmetrics-picture p[role="status"]'))
    button(answers, words["check"]).click()
    expect(answers).to_contain_text(words["done"])
    assert lesson.errors == []


def test_own_words_about_own_figures_are_not_kept(lesson: Lab, language: str) -> None:
    box = shown(lesson, "own-monday")
    box.get_by_role("textbox").fill("Jansen 12345")
    button(box, {"en": "Done", "nl": "Klaar"}[language]).click()
    expect(box).to_contain_text(WORDS[language]["done"])
    assert "Jansen" not in json.dumps(save(lesson))
    assert "Jansen" not in (lesson.server.folder / FILE).read_text(encoding="utf-8")


def test_a_notebook_not_run_holds_questions_and_no_answers(lesson: Lab, language: str) -> None:
    text = json.dumps(save(lesson), ensure_ascii=False)
    for name in IDS:
        assert questions()[name].title[language] in text  # in the list of progress
        if solution := questions()[name].solution:
            assert solution[language].strip().splitlines()[0][:60] not in text
