"""A learner's day in the lessons themselves: wrong, a message, a hint, right; and all of it there the next morning."""

from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, expect
from serving import Server, serving

from browser.harness import PANEL, Lab, awake, error_outputs, open_notebook, run_all, save, show_cell
from salesmetrics.exercises.content import questions

pytestmark = pytest.mark.browser

LESSONS = {"en": ("00-welcome", "02-pipeline-coverage"), "nl": ("00-welkom", "02-pipelinedekking")}
WORDS = {
    "en": {"check": "Check", "hint": "Hint", "solution": "Solution", "done": "✓ done", "count": "3 of"},
    "nl": {"check": "Controleer", "hint": "Hint", "solution": "Uitwerking", "done": "✓ klaar", "count": "3 van"},
}


def exercise(lab: Lab, name: str) -> Locator:
    show_cell(lab, f'"{name}"')
    place = lab.page.locator(f'[data-exercise="{name}"]')
    place.scroll_into_view_if_needed()
    return place


def started(browser: Browser, server: Server, lesson: str) -> Lab:
    lab = Lab(server, browser.new_page(viewport={"width": 1280, "height": 900}))
    open_notebook(lab, f"{lesson}.ipynb")
    return lab


def says(place: Locator, text: str, *, at: int) -> None:
    """Wait until the verdict (0) or the help (-1) of an exercise holds a text, as it is read and not as it is typed."""
    expect(place.locator('[role="status"]').nth(at)).to_contain_text(text.replace("**", ""))


def test_a_learners_day(browser: Browser, tmp_path: Path, language: str) -> None:
    words, (welcome, coverage) = WORDS[language], LESSONS[language]
    first, second = questions()["coverage-1"], questions()["coverage-remaining"]
    folder, options = tmp_path / "lessons", ("--lang", language, "--expose-app-in-browser")

    with serving(folder, *options, home=tmp_path / "home") as server:
        lab = started(browser, server, coverage)
        keys = lab.page.keyboard
        run_all(lab)

        # With the mouse.
        exercise(lab, "coverage-bet").get_by_role("button").nth(1).click()
        says(exercise(lab, "coverage-bet"), "57%", at=0)
        place = exercise(lab, second.id)
        place.get_by_role("textbox").click()
        keys.type("1,875")
        place.get_by_role("button", name=words["check"]).click()
        says(place, "1875", at=0)  # which could be meant as well, and so is asked about
        place.get_by_role("textbox").fill("1,88")
        place.get_by_role("button", name=words["check"]).click()
        says(place, second.wrong[0].says[language], at=0)
        place.get_by_role("button", name=words["hint"]).click()
        says(place, second.hints[0][language], at=-1)
        expect(place).not_to_contain_text(second.hints[1][language])
        place.get_by_role("textbox").fill("3")
        place.get_by_role("button", name=words["check"]).click()
        expect(place).to_contain_text(words["done"])

        # With keys alone: Enter in the box, Tab to the buttons.
        place = exercise(lab, first.id)
        place.get_by_role("textbox").focus()
        keys.type("0,1667")
        keys.press("Enter")
        says(place, first.wrong[0].says[language], at=0)
        for press, text in (("Tab", None), ("Tab", first.hints[0]), ("", first.hints[1]), ("Tab", first.solution)):
            if press:
                keys.press(press)
            if text:
                keys.press("Enter")
                says(place, text[language], at=-1)
        for _ in range(3):
            keys.press("Shift+Tab")
        keys.press("Control+a")
        keys.type("6×")
        keys.press("Tab")
        keys.press("Enter")
        expect(place).to_contain_text(words["done"])

        # The kernel starts anew: what is done is done, and the answer is there.
        lab.page.evaluate(f"() => {PANEL}.sessionContext.session.kernel.restart()")
        run_all(lab)
        place = exercise(lab, first.id)
        expect(place).to_contain_text(words["done"])
        expect(place.get_by_role("textbox")).to_have_value("6×")
        place.get_by_role("textbox").fill("6")
        place.get_by_role("textbox").press("Enter")
        says(place, first.because[language], at=0)

        # Closed and opened again: the answer is still there to read.
        save(lab)
        lab.page.evaluate("() => window.jupyterapp.commands.execute('application:close')")
        lab.page.close()
        lab = started(browser, server, coverage)
        awake(lab)
        place = exercise(lab, first.id)
        expect(place.get_by_role("textbox")).to_have_value("6")
        says(place, first.because[language], at=0)
        assert lab.errors == []
        lab.page.close()

    # The next morning.
    with serving(folder, *options, home=tmp_path / "home") as server:
        lab = started(browser, server, welcome)
        run_all(lab)
        show_cell(lab, "sm.progress()")
        progress = lab.page.locator(".jp-OutputArea-output", has_text=words["count"])
        expect(progress).to_be_visible()
        progress.locator("summary").click()
        for done in (first, second):
            expect(progress.get_by_text(f"{words['done']}: {done.title[language]}")).to_be_visible()
        open_notebook(lab, f"{coverage}.ipynb")
        run_all(lab)
        expect(exercise(lab, second.id)).to_contain_text(words["done"])
        assert error_outputs(lab) == []
        assert lab.errors == []
        lab.page.close()
