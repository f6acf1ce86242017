"""The buttons under the sliders, in both languages, by mouse and by keyboard; and the list of the sandbox."""

import json
import re
from collections.abc import Iterator
from pathlib import Path

import nbformat
import pytest
from playwright.sync_api import Browser, Locator, expect
from serving import Server

from browser.harness import (
    BOX,
    PANEL,
    SENTENCE,
    Lab,
    drag,
    end_kernels,
    error_outputs,
    open_notebook,
    run_all,
    settled_box,
    show_cell,
)

pytestmark = pytest.mark.browser

NAME = "my-sliders.ipynb"
WORDS = {
    "en": {
        "undo": "Undo",
        "redo": "Redo",
        "reset": "Back to the start",
        "pin": "Pin this as A",
        "unpin": "Let A go",
        "large": "Large type",
        "share": "Share or save",
        "own": "The code of this position",
        "copy": "Copy",
        "copied": "Copied.",
        "theirs": "A code that somebody sent you",
        "open": "Open",
        "save": "Save as a file",
        "load": "Open a file",
        "start": "The target of € 500,000 fits 5.0 times",
        "moved": "The target of € 1,000,000 fits 2.5 times",
        "nothing to undo": "There is no step to undo.",
        "nothing to redo": "There is no step to do again.",
        "ghost": "A: as you pinned it",
        "dashed": "Dashed: A.",
        "coverage": "Coverage5.00×2.50×−2.50×",
        "damaged": "is no code of the kit, or not all of it.",
        "no file": "This is no file with positions of sliders, or a damaged one.",
        "net": "The fishing net",
    },
    "nl": {
        "undo": "Ongedaan maken",
        "redo": "Opnieuw",
        "reset": "Terug naar het begin",
        "pin": "Zet vast als A",
        "unpin": "Laat A los",
        "large": "Grote letters",
        "share": "Delen of bewaren",
        "own": "De code van deze stand",
        "copy": "Kopieer",
        "copied": "Gekopieerd.",
        "theirs": "Een code die iemand je stuurde",
        "open": "Open",
        "save": "Bewaar als bestand",
        "load": "Open een bestand",
        "start": "Het target van € 500.000 past 5,0 keer",
        "moved": "Het target van € 1.000.000 past 2,5 keer",
        "nothing to undo": "Er is geen stap om ongedaan te maken.",
        "nothing to redo": "Er is geen stap om opnieuw te doen.",
        "ghost": "A: zoals je hem vastzette",
        "dashed": "Streepjeslijn: A.",
        "coverage": "Dekking5,00×2,50×−2,50×",
        "damaged": "is geen code van het pakket, of niet de hele code.",
        "no file": "Dit is geen bestand met standen van schuifjes, of het is beschadigd.",
        "net": "Het visnet",
    },
}
by_mouse_and_key = pytest.mark.parametrize("by", ["mouse", "key"])


class Panel:
    """One Explorer on the screen, whose buttons are pressed by mouse or by key."""

    def __init__(self, lab: Lab, language: str, by: str, cell: str) -> None:
        self.lab, self.words, self.by = lab, WORDS[language], by
        show_cell(lab, cell)
        self.place = lab.page.locator(f".jp-CodeCell:has-text('{cell}')")
        self.sentence = self.place.locator(SENTENCE)
        self.refusal = self.place.locator('.salesmetrics-picture p[role="alert"]')
        expect(self.sentence).not_to_be_empty()

    def button(self, name: str) -> Locator:
        return self.place.get_by_role("button", name=self.words[name], exact=True)

    def press(self, name: str) -> None:
        button = self.button(name)
        if self.by == "mouse":
            # What was pressed before may still move the page.
            settled_box(self.lab, button)
            # A button that can't do anything now answers too, and says so.
            button.click(force=True)
        else:
            button.focus()
            button.press("Enter" if name in ("undo", "pin", "open") else "Space")

    def says(self, what: str) -> None:
        expect(self.sentence).to_contain_text(self.words[what])

    def refuses(self, what: str) -> None:
        expect(self.refusal).to_contain_text(self.words[what])

    def type_target(self, text: str) -> None:
        box = self.place.locator(BOX).nth(1)
        box.fill(text)
        box.press("Enter")

    def unfold(self) -> None:
        """Open what shares and saves, and wait until the code is there."""
        fold = self.place.locator("summary", has_text=self.words["share"])
        if self.by == "mouse":
            fold.click()
        else:
            fold.focus()
            fold.press("Enter")
        expect(self.own_code).to_have_value(re.compile(r"-1-\w+"))

    @property
    def own_code(self) -> Locator:
        return self.place.get_by_label(self.words["own"])

    @property
    def their_code(self) -> Locator:
        return self.place.get_by_label(self.words["theirs"])


def opened(lab: Lab, language: str) -> Lab:
    """Open a notebook with a model and with all of them, and run it."""
    start = nbformat.v4.new_code_cell(f'import salesmetrics as sm\nsm.use_language("{language}")', id="start")
    calls = [
        nbformat.v4.new_code_cell(call, id=f"c{at}")
        for at, call in enumerate(('sm.explore("coverage")', "sm.sandbox()"))
    ]
    kernel = {"display_name": "Python 3", "language": "python", "name": "python3"}
    notebook = nbformat.v4.new_notebook(cells=[start, *calls], metadata={"kernelspec": kernel})
    Path(lab.server.folder, NAME).write_text(nbformat.writes(notebook), encoding="utf-8")
    lab.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    open_notebook(lab, NAME)
    run_all(lab)
    return lab


@pytest.fixture
def notebook(lab: Lab, language: str) -> Iterator[Lab]:
    """The notebook, run; whatever is done to it, no error may show anywhere."""
    yield opened(lab, language)
    assert error_outputs(lab) == []
    assert lab.errors == []


@pytest.fixture
def other(browser: Browser, servers: dict[str, Server], language: str) -> Iterator[tuple[Lab, str]]:
    """The same notebook in the other language."""
    spoken = "nl" if language == "en" else "en"
    lab = Lab(servers[spoken], browser.new_page(viewport={"width": 1280, "height": 900}))
    yield opened(lab, spoken), spoken
    assert error_outputs(lab) == []
    assert lab.errors == []
    lab.page.close()
    end_kernels(lab)


@pytest.fixture
def panel(notebook: Lab, language: str, by: str) -> Panel:
    return Panel(notebook, language, by, 'sm.explore("coverage")')


@by_mouse_and_key
def test_undo_redo_and_back_to_the_start(panel: Panel) -> None:
    panel.says("start")
    panel.press("undo")
    panel.refuses("nothing to undo")
    panel.type_target("1000000")
    panel.says("moved")
    expect(panel.refusal).to_be_empty()
    expect(panel.button("undo")).to_have_attribute("aria-disabled", "false")
    panel.press("undo")
    panel.says("start")
    expect(panel.button("redo")).to_have_attribute("aria-disabled", "false")
    panel.press("redo")
    panel.says("moved")
    panel.press("redo")
    panel.refuses("nothing to redo")
    panel.press("reset")
    panel.says("start")
    panel.press("undo")
    panel.says("moved")


def press_while_python_is_busy(panel: Panel, slider: Locator, button: str) -> None:
    """Move a slider twice and press a button, all before Python answers, and wait until it has answered all of it."""
    execute = f"async code => await {PANEL}.sessionContext.session.kernel.requestExecute({{ code }}).done"
    panel.lab.page.evaluate(f"() => void ({execute})('import time; time.sleep(3)')")
    for key in ("End", "Home"):
        slider.press(key)
    panel.press(button)
    for _ in range(3):
        panel.lab.page.evaluate(f"() => ({execute})('')")
        panel.lab.page.wait_for_timeout(300)


@by_mouse_and_key
def test_a_button_finds_the_slider_where_it_was_left_though_python_is_behind(panel: Panel) -> None:
    """The newest value of a slider waits in the browser until Python has taken the one before; a button does not."""
    slider = panel.place.locator('input[type="range"]').first
    start, least = slider.input_value(), slider.get_attribute("min") or ""
    press_while_python_is_busy(panel, slider, "reset")
    panel.says("start")
    expect(slider).to_have_value(start)
    press_while_python_is_busy(panel, slider, "pin")
    expect(slider).to_have_value(least)
    a, now, _difference = panel.place.locator(".salesmetrics-picture tbody tr").first.locator("td").all_text_contents()
    assert a == now


@by_mouse_and_key
def test_one_drag_or_one_run_of_a_key_is_one_step(panel: Panel) -> None:
    slider = panel.place.locator('input[type="range"]').first
    panel.says("start")
    if panel.by == "mouse":
        drag(panel.lab, slider, 0.9)
    else:
        slider.focus()
        panel.lab.page.keyboard.down("ArrowRight")
        for _ in range(5):
            panel.lab.page.keyboard.down("ArrowRight")
        panel.lab.page.keyboard.up("ArrowRight")
    expect(panel.sentence).not_to_contain_text(panel.words["start"])
    expect(panel.button("undo")).to_have_attribute("aria-disabled", "false")
    panel.press("undo")
    panel.says("start")
    expect(panel.button("undo")).to_have_attribute("aria-disabled", "true")


@by_mouse_and_key
def test_a_pinned_state_stays_as_a_ghost_and_in_a_table_until_it_is_let_go(panel: Panel) -> None:
    picture, table = (
        panel.place.locator(".salesmetrics-picture svg"),
        panel.place.locator(".salesmetrics-picture table"),
    )
    expect(panel.button("unpin")).to_be_hidden()
    panel.press("pin")
    expect(picture.get_by_text(panel.words["ghost"])).to_be_visible()
    panel.type_target("1000000")
    panel.says("moved")
    expect(picture.get_by_text(panel.words["ghost"])).to_be_visible()
    expect(picture).to_have_attribute("aria-label", re.compile(re.escape(panel.words["dashed"])))
    rows = table.get_by_role("row")
    expect(rows.nth(1)).to_have_text(panel.words["coverage"])
    expect(rows.last).to_contain_text(re.compile(r"500[.,]000.*1[.,]000[.,]000"))
    panel.press("unpin")
    expect(picture.get_by_text(panel.words["ghost"])).to_have_count(0)
    expect(table).to_have_count(0)
    expect(panel.button("unpin")).to_be_hidden()
    # Whoever pressed the button that went away is still among the buttons.
    if panel.by == "key":
        expect(panel.button("pin")).to_be_focused()
    panel.says("moved")


@by_mouse_and_key
def test_a_code_copied_in_one_language_opens_in_the_other(panel: Panel, other: tuple[Lab, str]) -> None:
    panel.type_target("1000000")
    panel.says("moved")
    panel.unfold()
    panel.press("copy")
    expect(panel.place.get_by_text(panel.words["copied"])).to_be_visible()
    there = Panel(*other, panel.by, 'sm.explore("coverage")')
    there.says("start")
    there.unfold()
    if panel.by == "mouse":
        there.their_code.fill(panel.lab.page.evaluate("() => navigator.clipboard.readText()"))
        there.press("open")
    else:
        there.their_code.focus()
        there.lab.page.keyboard.press("ControlOrMeta+V")
        there.lab.page.keyboard.press("Enter")
    there.says("moved")
    expect(there.their_code).to_have_value("")
    expect(there.own_code).to_have_value(panel.own_code.input_value())


@by_mouse_and_key
def test_a_damaged_code_gives_a_sentence_and_moves_nothing(panel: Panel) -> None:
    panel.unfold()
    for damaged in ("coverage-1", "<img src=x onerror=alert(1)>", panel.own_code.input_value()[:-1]):
        panel.their_code.fill(damaged)
        if panel.by == "mouse":
            panel.press("open")
        else:
            panel.their_code.press("Enter")
        panel.refuses("damaged")
        expect(panel.refusal).to_contain_text(damaged)
        panel.says("start")
        expect(panel.refusal.locator("img")).to_have_count(0)
        panel.press("reset")
        expect(panel.refusal).to_be_empty()


@by_mouse_and_key
def test_saved_as_a_file_and_opened_again_with_its_a(panel: Panel, tmp_path: Path) -> None:
    panel.press("pin")
    panel.type_target("1000000")
    panel.says("moved")
    panel.unfold()
    with panel.lab.page.expect_download() as saving:
        panel.press("save")
    saving.value.save_as(kept := tmp_path / saving.value.suggested_filename)
    assert kept.name == "coverage.json"
    content = json.loads(kept.read_text(encoding="utf-8"))
    assert (content["levers"]["target"], content["pinned"]["target"]) == (1_000_000, 500_000)
    panel.press("unpin")
    table = panel.place.locator(".salesmetrics-picture table")
    expect(table).to_have_count(0)
    panel.press("reset")
    panel.says("start")

    def open_file(path: Path) -> None:
        with panel.lab.page.expect_file_chooser() as choosing:
            panel.press("load")
        choosing.value.set_files(path)

    open_file(kept)
    panel.says("moved")
    expect(table).to_be_visible()
    (wrong := tmp_path / "wrong.json").write_text("[]", encoding="utf-8")
    open_file(wrong)
    panel.refuses("no file")
    panel.says("moved")


@by_mouse_and_key
def test_large_type_and_back(panel: Panel) -> None:
    def size() -> float:
        return float(panel.sentence.evaluate("node => parseFloat(getComputedStyle(node).fontSize)"))

    small, explorer = size(), panel.place.locator(".salesmetrics-explorer")
    expect(panel.button("large")).to_have_attribute("aria-pressed", "false")
    panel.press("large")
    expect(panel.button("large")).to_have_attribute("aria-pressed", "true")
    expect(explorer).to_have_class(re.compile("salesmetrics-large"))
    assert size() > small * 1.4
    panel.press("large")
    expect(panel.button("large")).to_have_attribute("aria-pressed", "false")
    expect(explorer).not_to_have_class(re.compile("salesmetrics-large"))
    assert size() == small


@by_mouse_and_key
def test_the_sandbox_shows_the_model_that_is_chosen_and_the_one_that_a_code_is_of(
    notebook: Lab, language: str, by: str
) -> None:
    panel = Panel(notebook, language, by, "sm.sandbox()")
    choice = panel.place.locator(".salesmetrics-choice select")
    expect(choice).to_have_value("sandbox")
    if by == "mouse":
        choice.select_option(panel.words["net"])
    else:
        # The arrows stay with the list, and do not walk through the notebook.
        choice.focus()
        choice.press("ArrowDown")
        expect(choice).to_be_focused()
    expect(choice).to_have_value("fishing-net")
    expect(panel.place.locator(SENTENCE)).to_have_count(1)
    expect(panel.place.locator('.salesmetrics-slider input[type="range"]')).to_have_count(3)
    net = panel.sentence.inner_text()
    panel.unfold()
    code = panel.own_code.input_value()
    choice.select_option("startup")
    expect(panel.place.locator('.salesmetrics-slider input[type="range"]')).to_have_count(7)
    panel.unfold()
    panel.their_code.fill(code)
    if by == "mouse":
        panel.press("open")
    else:
        panel.their_code.press("Enter")
    expect(choice).to_have_value("fishing-net")
    expect(panel.sentence).to_have_text(net)
    if by == "key":
        expect(choice).to_be_focused()
