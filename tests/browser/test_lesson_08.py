"""Lesson 08 on somebody's own file: on the screen all of it, in the saved notebook nothing, in any Jupyter."""

import json
from pathlib import Path

import pytest
from playwright.sync_api import Locator, expect

from browser.harness import (
    PANEL,
    Lab,
    cells,
    end_kernels,
    error_outputs,
    open_notebook,
    read_whole,
    run_all,
    save,
    show_cell,
    write_cell,
)

pytestmark = pytest.mark.browser

NOTEBOOKS = Path(__file__).parents[2] / "notebooks"
NAMES = {"en": "08-your-own-pipeline.ipynb", "nl": "08-je-eigen-pipeline.ipynb"}
SHOWN = {"en": "987,654", "nl": "987.654"}
FILE = """deal_id,status,amount,closed_on,expected_close_on,account,Region
Q-77,open,987654,,2026-05-01,Zwaluw BV,Kraanvogel
Q-78,won,345678,2026-02-14,,Zwaluw BV,Ooievaar
Q-79,lost,234567,2026-03-31,,Zwaluw BV,Ooievaar
"""
# Six digits each: three may well stand somewhere in a picture of the sample.
SECRETS = (
    "987654",
    "987,654",
    "987.654",
    "345678",
    "345,678",
    "345.678",
    "234567",
    "Q-77",
    "Zwaluw",
    "Kraanvogel",
    "2.0×",
    "2,0×",
)


def run_on_own_file(lab: Lab, name: str, shown: str) -> None:
    (lab.server.folder / "mine.csv").write_text(FILE, encoding="utf-8")
    open_notebook(lab, name)
    write_cell(lab, "sm.sample_file()", '"mine.csv"')
    run_all(lab, changed=True)
    assert all(cell["execution_count"] for cell in cells(lab) if cell["cell_type"] == "code")
    assert error_outputs(lab) == []
    # The figures by code stand in a section that is folded.
    lab.page.evaluate("() => window.jupyterapp.commands.execute('notebook:expand-all-headings')")
    show_cell(lab, "sm.coverage(")
    expect(lab.page.locator(".jp-OutputArea-output").get_by_text(shown).first).to_be_visible()


def held(lab: Lab) -> list[str]:
    """Name what of the file is in any notebook or checkpoint of the folder."""
    # Beside it lies what an autosave has not finished writing, and that may be gone a moment later.
    paths = [path for path in lab.server.folder.rglob("*.ipynb") if "08-" in path.name and path.name[0] != "."]
    texts = [read_whole(path) for path in paths]
    assert texts
    return [secret for secret in SECRETS if any(secret in text for text in texts)]


def without_the_lessons_own_words(lab: Lab, original: Path) -> None:
    """Take the sample's results out of the lesson as it was laid down: they may hold what is looked for here."""
    lesson = json.loads(original.read_text(encoding="utf-8"))
    words = json.dumps([cell["source"] for cell in lesson["cells"]], ensure_ascii=False)
    assert not [secret for secret in SECRETS if secret in words]
    for cell in lesson["cells"]:
        if cell["cell_type"] == "code":
            cell["outputs"] = []
    (lab.server.folder / original.name).write_text(json.dumps(lesson), encoding="utf-8")


def test_saved_by_the_kits_jupyterlab_it_holds_nothing_of_the_file(lab: Lab, language: str) -> None:
    original = NOTEBOOKS / language / NAMES[language]
    without_the_lessons_own_words(lab, original)
    run_on_own_file(lab, original.name, SHOWN[language])
    saved = save(lab)
    assert held(lab) == []
    assert "widgets" not in saved["metadata"]
    # The kit's own cells have the sample's outputs back; one that was changed has none.
    changed = [cell for cell in saved["cells"] if '"mine.csv"' in "".join(cell["source"])]
    assert [cell["outputs"] for cell in changed] == [[]]
    end_kernels(lab)
    open_notebook(lab, original.name)
    expect(lab.page.locator(".jp-NotebookPanel")).not_to_contain_text(SHOWN[language])
    save(lab)
    assert held(lab) == []
    assert lab.errors == []


@pytest.mark.parametrize("language", ["en"], indirect=True)
def test_saved_by_a_jupyterlab_without_the_kit_it_holds_nothing_of_the_file(plain: Lab) -> None:
    original = NOTEBOOKS / "en" / NAMES["en"]
    without_the_lessons_own_words(plain, original)
    run_on_own_file(plain, original.name, SHOWN["en"])
    saved = save(plain)
    assert held(plain) == []
    assert "widgets" not in saved["metadata"]
    assert any("not stored" in json.dumps(cell.get("outputs")) for cell in saved["cells"])
    end_kernels(plain)
    open_notebook(plain, original.name)
    plain.page.evaluate(f"() => {PANEL}.content.scrollToItem(0)")
    save(plain)
    assert held(plain) == []


# A week before 300,000 of what is won now was open.
WEEK_BEFORE = FILE.replace("345678", "300000").replace("won,300000,2026-02-14,", "open,300000,,2026-05-20")
CHOOSE = {"en": "or type where it is", "nl": "of typ waar"}
READ = {"en": "Read from {}", "nl": "Gelezen uit {}"}
TARGET = {"en": "500,000", "nl": "500.000"}
BEFORE = {"en": "1,287,654", "nl": "1.287.654"}
APART = {"en": "Split by", "nl": "Uitgesplitst naar"}
OWN = {"en": "400,000", "nl": "400.000"}
MAKE = {"en": "Make the page", "nl": "Maak de pagina"}
OPEN = {"en": "Open the page", "nl": "Open de pagina"}


def type_into(box: Locator, text: str) -> None:
    box.fill(text)
    box.press("Enter")


def test_last_week_the_teams_and_the_page_leave_nothing_in_the_notebook(lab: Lab, language: str) -> None:
    original = NOTEBOOKS / language / NAMES[language]
    without_the_lessons_own_words(lab, original)
    folder = lab.server.folder
    (folder / "mine.csv").write_text(FILE, encoding="utf-8")
    (folder / "before.csv").write_text(WEEK_BEFORE, encoding="utf-8")
    page = folder / "pipeline-report.html"
    page.unlink(missing_ok=True)
    open_notebook(lab, original.name)
    run_all(lab, changed=True)
    lab.page.evaluate("() => window.jupyterapp.commands.execute('notebook:expand-all-headings')")

    mine = show_cell(lab, "sm.your_pipeline()")
    target = mine.get_by_label("Target", exact=True)
    expect(target).not_to_have_value("")
    type_into(mine.get_by_placeholder(CHOOSE[language]), "mine.csv")
    expect(mine).to_contain_text(READ[language].format("mine.csv"))
    # The sample's target is taken away after that: what is typed before is taken away with it.
    expect(target).to_have_value("")
    type_into(target, "500000")
    expect(mine).to_contain_text(TARGET[language])

    teams = show_cell(lab, "mine.by_group()")
    columns = teams.get_by_label(APART[language])
    # Every figure is worked out anew for the file and for the target before its columns are offered.
    expect(columns).to_contain_text("Region")
    columns.select_option("Region")
    expect(teams.get_by_label("Ooievaar")).to_be_visible()
    type_into(teams.get_by_label("Kraanvogel"), "400000")
    type_into(teams.get_by_label("Ooievaar"), "100000")
    expect(teams).to_contain_text(f"{SHOWN[language]} ÷ {OWN[language]}")

    changes = show_cell(lab, "mine.changes()")
    type_into(changes.get_by_placeholder(CHOOSE[language]), "before.csv")
    expect(changes).to_contain_text(READ[language].format("before.csv"))
    expect(changes).to_contain_text(BEFORE[language])
    expect(changes).to_contain_text(SHOWN[language])

    report = show_cell(lab, "mine.report()")
    # By the keyboard: cells above may still grow, and push the button away from under a mouse.
    report.get_by_role("button", name=MAKE[language]).press("Enter")
    # It is there once the page is written.
    link = report.get_by_role("link", name=OPEN[language])
    expect(link).to_be_visible()
    told = page.read_text(encoding="utf-8")
    assert all(shown in told for shown in (SHOWN[language], BEFORE[language], OWN[language], "Kraanvogel"))
    assert "Zwaluw" not in told
    with lab.page.context.expect_page() as opened:
        link.press("Enter")
    expect(opened.value.get_by_role("heading", level=1)).to_be_visible()
    expect(opened.value.locator("body")).to_contain_text(SHOWN[language])
    opened.value.close()
    saved = save(lab)
    assert held(lab) == []
    assert "widgets" not in saved["metadata"]
    assert lab.errors == []
    page.unlink()


def test_keys_pressed_in_its_lists_stay_there(lab: Lab, language: str) -> None:
    open_notebook(lab, NAMES[language])
    run_all(lab, changed=True)
    show_cell(lab, "your_pipeline")
    periods = lab.page.locator(".salesmetrics-panel .widget-dropdown select:visible").first
    periods.focus()
    count, at = len(cells(lab)), lab.page.evaluate(f"() => {PANEL}.content.activeCellIndex")
    # JupyterLab itself would go to the next cell, and make a new one.
    for key in ("ArrowDown", "b"):
        periods.press(key)
        expect(periods).to_be_focused()
    assert periods.evaluate("list => list.selectedIndex") == 1
    assert (len(cells(lab)), lab.page.evaluate(f"() => {PANEL}.content.activeCellIndex")) == (count, at)
