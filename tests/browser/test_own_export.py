"""A learner's own export by mouse and by key: every way in, every answer, and nothing of it in any file afterwards."""

from pathlib import Path

import pytest
from playwright.sync_api import Locator, expect

from browser.harness import (
    PANEL,
    SENTENCE,
    SLIDER,
    Lab,
    at_rest,
    end_kernels,
    error_outputs,
    open_notebook,
    read_whole,
    run_all,
    save,
    show_cell,
)
from salesmetrics.base.language import _, number, use_language
from salesmetrics.own_pipeline.file_chooser import MAPPING

pytestmark = pytest.mark.browser

NAMES = {"en": "08-your-own-pipeline.ipynb", "nl": "08-je-eigen-pipeline.ipynb"}
EVIL = "<img src=x onerror=window.hurt=1>"
# A column, two words and an order of dates that the kit has to ask about; names that try to be more than text. The open
# deal is due in the quarter in which the file ends, which the lesson then begins with.
FIRST = f"""deal_id,status,Ordersom {EVIL},created_on,closed_on,expected_close_on,account {EVIL},Soort
W-311,open,918273,2025-12-01,,2026-03-20,Karekiet {EVIL},Demo {EVIL}
W-312,Getekend,564738,2025-12-02,02-03-2026,,IJsvogel {EVIL},Demo {EVIL}
W-313,Weg {EVIL},192837,2025-12-03,04-03-2026,,Karekiet {EVIL},$x^2$
"""
SECOND = """deal_id,status,amount,created_on,closed_on,expected_close_on,account,Soort
W-311,open,876543,2025-12-01,,2026-03-20,Wielewaal BV,Demo
W-312,won,564738,2025-12-02,2026-03-02,,IJsvogel BV,Demo
W-313,lost,192837,2025-12-03,2026-03-04,,Wielewaal BV,Lead
"""
NUMBERS = ("918273", "876543", "564738", "192837", "654321")
SECRETS = (
    *("W-31", "Karekiet", "IJsvogel", "Wielewaal", "roodborst", "merel"),
    *NUMBERS,
    *(f"{text[:3]}{mark}{text[3:]}" for text in NUMBERS for mark in (",", ".", " ", "\u00a0", "\u202f")),
)


@pytest.fixture
def any_lab(request: pytest.FixtureRequest) -> Lab:
    """The kit's own JupyterLab, or one that knows nothing of it."""
    window: Lab = request.getfixturevalue(request.param)
    return window


def box(lab: Lab) -> Locator:
    """Give the part of the page with the file button."""
    return lab.page.locator(".jp-OutputArea-output").filter(has=lab.page.locator(".salesmetrics-file")).first


def choose(lab: Lab, path: Path) -> None:
    with lab.page.expect_file_chooser() as chooser:
        box(lab).locator(".salesmetrics-file button").click()
    chooser.value.set_files(path)


def press(lab: Lab, label: str) -> None:
    box(lab).get_by_role("button", name=label, exact=True).click()


def holding(lab: Lab) -> dict[str, list[str]]:
    """Name what of the exports is in any file of the server's folder or of its user's settings."""
    found: dict[str, list[str]] = {}
    for folder in (lab.server.folder, lab.server.log.parent):
        for path in folder.rglob("*"):
            if path.is_file():
                data = read_whole(path).encode()
                if path.name == "salesmetrics-last-week.json":
                    # Remembered when somebody asks for it: the target, nothing that is in the file, nor its name.
                    data = data.replace(b"654321", b"")
                secrets = [secret for secret in SECRETS if secret.encode() in data or _escaped(secret) in data]
                if secrets:
                    found[path.relative_to(folder.parent).as_posix()] = secrets
    return found


def _escaped(secret: str) -> bytes:
    return secret.encode("ascii", "backslashreplace")


@pytest.mark.parametrize(("language", "any_lab"), [("en", "lab"), ("nl", "plain")], indirect=True)
def test_no_file_holds_anything_of_an_export(any_lab: Lab, language: str, tmp_path: Path) -> None:
    lab, page, name = any_lab, any_lab.page, NAMES[language]
    use_language(language)
    (lab.server.folder / MAPPING).unlink(missing_ok=True)
    first, second = tmp_path / "roodborst.csv", tmp_path / "merel.csv"
    first.write_text(FIRST, encoding="utf-8")
    second.write_text(SECOND, encoding="utf-8")
    open_notebook(lab, name)
    run_all(lab, changed=True)
    assert holding(lab) == {}

    # The file button, and an answer to each question.
    show_cell(lab, "your_pipeline()")
    choose(lab, first)
    press(lab, f"Ordersom {EVIL}")
    for word, answer in (("“Getekend”", _("won")), (f"“Weg {EVIL}”", _("lost"))):
        box(lab).get_by_label(word).select_option(answer)
    press(lab, _("Read on"))
    box(lab).get_by_role("button", name=f"({_('day first')})").click()
    expect(box(lab)).to_contain_text("roodborst.csv")
    expect(box(lab)).to_contain_text(f"“Weg {EVIL}”")

    # A column chosen on the card, a target, and how it was read remembered.
    expect(box(lab).get_by_text(_("What became what"))).to_be_visible()
    stage = box(lab).get_by_label(_("Stage"), exact=True)
    stage.select_option("Soort")
    expect(stage.locator("option:checked")).to_have_text("“Soort”")
    target = box(lab).get_by_label(_("Target"), exact=True)
    target.fill("654321")
    target.press("Enter")
    press(lab, _("Remember how this file was read"))
    expect(box(lab)).to_contain_text(MAPPING)

    # The views anew, and a slider.
    show_cell(lab, "mine.coverage()")
    page.evaluate(
        f"""() => {{
            const {{ content }} = {PANEL};
            content.deselectAll();
            content.activeCellIndex = content.widgets.findIndex(
                cell => cell.model.sharedModel.getSource().startsWith("mine.coverage()"));
            return window.jupyterapp.commands.execute("notebook:run-all-below");
        }}"""
    )
    page.wait_for_function(f"() => {PANEL}.sessionContext.session.kernel.status === 'idle'")
    assert error_outputs(lab) == []
    shown = "918,273" if language == "en" else "918.273"
    expect(page.locator(".jp-OutputArea-output").get_by_text(shown).first).to_be_visible()
    show_cell(lab, "mine.stages()")
    expect(page.locator(".jp-OutputArea-output").get_by_text(f"Demo {EVIL}").first).to_be_visible()
    show_cell(lab, "mine.sliders()")
    before = at_rest(page.locator(SENTENCE).first)
    for _step in range(5):
        page.locator(SLIDER).first.press("ArrowLeft")
    expect(page.locator(SENTENCE).first).not_to_have_text(before)

    # The second way in: by its place.
    show_cell(lab, "your_pipeline()")
    place = box(lab).get_by_placeholder(_("or type where it is, and press Enter"))
    place.fill(str(second))
    place.press("Enter")
    expect(box(lab)).to_contain_text("merel.csv")

    assert page.evaluate("() => window.hurt") is None
    saved = save(lab)
    assert holding(lab) == {}
    assert "widgets" not in saved["metadata"]
    assert (lab.server.folder / MAPPING).is_file()
    save(lab)
    end_kernels(lab)
    open_notebook(lab, name)
    expect(page.locator(".jp-NotebookPanel")).not_to_contain_text("Karekiet")
    save(lab)
    assert holding(lab) == {}
    for kept in lab.server.folder.glob("salesmetrics-*.json"):
        kept.unlink()


@pytest.mark.parametrize(("language", "any_lab"), [("nl", "lab"), ("en", "plain")], indirect=True)
def test_a_file_larger_than_a_servers_message_is_read(any_lab: Lab, language: str, tmp_path: Path) -> None:
    lab, count = any_lab, 250_000
    use_language(language)
    large = tmp_path / "roodborst.csv"
    rows = "".join(f"{deal},open,1234,Karekiet en zoon,2026-01-01,,2026-05-01\n" for deal in range(count))
    large.write_text(f"deal_id,status,amount,account,created_on,closed_on,expected_close_on\n{rows}", encoding="utf-8")
    assert large.stat().st_size > 11_000_000
    open_notebook(lab, NAMES[language])
    run_all(lab, changed=True)
    show_cell(lab, "your_pipeline()")
    choose(lab, large)
    expect(box(lab)).to_contain_text(f"{number(count)} deals", timeout=60_000)

    # Another is dropped on the button.
    drop = """(button, text) => {
        const data = new DataTransfer();
        data.items.add(new File([text], "merel.csv"));
        button.dispatchEvent(new DragEvent("drop", { dataTransfer: data, bubbles: true, cancelable: true }));
    }"""
    box(lab).locator(".salesmetrics-file button").evaluate(drop, SECOND)
    expect(box(lab)).to_contain_text("merel.csv")
    expect(box(lab)).to_contain_text("3 deals")
    assert error_outputs(lab) == []
