"""A lesson is alive when it opens, with no click; and what is not the kit's own does not run by itself."""

import json
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path
from typing import Any

import nbformat
import pytest
from playwright.sync_api import Browser, Route, expect
from serving import JUPYTERLAB, ask, serving

from browser.harness import (
    BAR,
    PANEL,
    SENTENCE,
    SLIDER,
    Lab,
    awake,
    cells,
    end_kernels,
    error_outputs,
    open_notebook,
    open_page,
    save,
    show_cell,
)
from salesmetrics.exercises.folder import lay_down

pytestmark = pytest.mark.browser

VERSION = version("salesmetrics")
LESSONS = {
    "en": {"00": "00-welcome", "01": "01-the-fishing-net", "02": "02-pipeline-coverage"},
    "nl": {"00": "00-welkom", "01": "01-het-visnet", "02": "02-pipelinedekking"},
}
WORDS = {
    "en": {
        "list": "All lessons",
        "next": "Next lesson",
        "previous": "Previous lesson",
        "show": "Show the code",
        "hide": "Hide the code",
        "own": "Run your own cell",
        "waits": "This cell waits for a cell above",
        "some": "Cells that you changed or added wait for you.",
        "foreign": "This page says that it is a lesson",
        "hidden": "beside this lesson lies pandas.py",
        "kernel": "this kernel is",
    },
    "nl": {
        "list": "Alle lessen",
        "next": "Volgende les",
        "previous": "Vorige les",
        "show": "Toon de code",
        "hide": "Verberg de code",
        "own": "Voer je eigen cel uit",
        "waits": "Deze cel wacht op een cel hierboven",
        "some": "Cellen die je hebt veranderd of toegevoegd wachten op jou.",
        "foreign": "Deze pagina zegt dat ze een les is",
        "hidden": "naast deze les ligt pandas.py",
        "kernel": "deze kernel is",
    },
}


def copied(lab: Lab, language: str, number: str, name: str, change: Callable[[Any], object] = lambda _nb: None) -> str:
    """Put a copy of a lesson into the served folder, changed as somebody might have changed it."""
    original = Path(__file__).parents[2] / "notebooks" / language / f"{LESSONS[language][number]}.ipynb"
    notebook = nbformat.read(original, 4)
    for cell in notebook.cells:
        if cell.cell_type == "code":
            cell.execution_count = None
    change(notebook)
    path = lab.server.folder / name
    path.parent.mkdir(exist_ok=True)
    path.write_text(nbformat.writes(notebook), encoding="utf-8")
    return name


def code(notebook: Any, text: str) -> Any:
    return next(cell for cell in notebook.cells if cell.cell_type == "code" and text in cell.source)


def ran(lab: Lab) -> list[str]:
    """Give the code of the cells that have run."""
    return [cell["source"] for cell in cells(lab) if cell["cell_type"] == "code" and cell["execution_count"]]


def own_runs(lab: Lab, folder: str = "") -> bool:
    """Tell whether a cell that is not the kit's has left its trace."""
    return (lab.server.folder / folder / "trace.txt").exists()


AWAY = ("#jp-menu-panel", "#jp-top-panel", ".jp-SideBar", "#jp-bottom-panel")
LEAVES_TRACE = 'open("trace.txt", "w").close()'


def test_the_first_bet_answers_with_no_click_but_on_it(lab: Lab, language: str) -> None:
    open_page(lab, f"{LESSONS[language]['00']}.ipynb")
    bet = lab.page.locator('[data-exercise="welcome-bet"]')
    bet.get_by_role("button", name="Team A").click()
    expect(bet.get_by_role("status").first).to_contain_text("38")
    awake(lab)
    assert lab.page.evaluate("() => document.querySelector('.jp-WindowedPanel-outer').scrollTop") == 0
    assert all(cell["execution_count"] for cell in cells(lab) if cell["cell_type"] == "code")
    assert error_outputs(lab) == []
    assert lab.errors == []


def test_a_lesson_is_a_page_and_its_code_comes_when_asked_for(lab: Lab, language: str) -> None:
    words = WORDS[language]
    open_page(lab, f"{LESSONS[language]['00']}.ipynb")
    awake(lab)
    page = lab.page
    for furniture in (
        "#jp-menu-panel",
        "#jp-top-panel",
        ".jp-SideBar",
        ".jp-NotebookPanel-toolbar",
        "#jp-bottom-panel",
    ):
        expect(page.locator(furniture).first).to_be_hidden()
    assert page.locator(".jp-InputPrompt:visible, .jp-OutputPrompt:visible").count() == 0
    assert page.locator(".jp-CodeCell .jp-Cell-inputWrapper:visible").count() == 0
    page.get_by_role("button", name=words["show"]).click()
    expect(page.locator(".jp-CodeCell .cm-content:visible").first).to_contain_text("import salesmetrics as sm")
    page.get_by_role("button", name=words["hide"]).click()
    expect(page.locator(".jp-CodeCell .cm-content:visible")).to_have_count(0)

    page.get_by_role("button", name=words["next"]).click()
    page.wait_for_function(f"() => {PANEL}.context.path.startsWith('01-')")
    awake(lab)
    bar = page.locator(f"{BAR}:visible")
    bar.get_by_role("button", name=words["previous"]).wait_for()
    bar.get_by_text(words["list"]).click()
    expect(bar.get_by_role("link")).to_have_count(13)
    title = {"en": "01 · The fishing net", "nl": "01 · Het visnet"}[language]
    expect(bar.get_by_role("link", name=title)).to_have_attribute("aria-current", "page")
    bar.get_by_role("link", name="02 ·").click()
    page.wait_for_function(f"() => {PANEL}.context.path.startsWith('02-')")
    awake(lab)
    assert lab.errors == []


def test_a_changed_cell_waits_and_the_others_run(lab: Lab, language: str) -> None:
    words, own = WORDS[language], f"{LEAVES_TRACE}\ns = sm.scenario('startup')"

    def change(notebook: Any) -> None:
        code(notebook, 's = sm.scenario("startup")').source = own

    open_page(lab, copied(lab, language, "02", "changed/02-mine.ipynb", change))
    awake(lab)
    done = ran(lab)
    assert own not in done
    assert not own_runs(lab, "changed")
    assert 'sm.exercise("coverage-bet")' in done
    assert 'sm.explore("coverage")' in done
    # What uses s waits with it, instead of failing.
    assert not [source for source in done if "s.deals" in source]
    assert error_outputs(lab) == []
    expect(lab.page.locator(BAR)).to_contain_text(words["some"])

    show_cell(lab, "trace.txt")
    expect(lab.page.locator(".salesmetrics-waits", has_text=words["waits"]).first).to_be_attached()
    lab.page.get_by_role("button", name=words["own"]).click()
    expect(lab.page.locator(".salesmetrics-waits")).to_have_count(0)
    assert own_runs(lab, "changed")
    assert [source for source in ran(lab) if "s.deals" in source]
    assert error_outputs(lab) == []
    expect(lab.page.locator(BAR)).not_to_contain_text(words["some"])


def test_a_foreign_notebook_with_the_kits_mark_runs_nothing(lab: Lab, language: str) -> None:
    def change(notebook: Any) -> None:
        first = code(notebook, "use_language")
        notebook.cells = [first, *(nbformat.v4.new_code_cell(LEAVES_TRACE) for _ in range(2))]

    open_page(lab, copied(lab, language, "00", "foreign/00-welcome.ipynb", change))
    expect(lab.page.locator(BAR)).to_contain_text(WORDS[language]["foreign"])
    assert ran(lab) == []
    assert not own_runs(lab, "foreign")


def test_nothing_runs_where_a_file_beside_it_hides_a_module(lab: Lab, language: str) -> None:
    name = copied(lab, language, "02", "beside/02-lesson.ipynb")
    beside = lab.server.folder / "beside" / "pandas.py"
    beside.write_text(LEAVES_TRACE, encoding="utf-8")
    open_page(lab, name)
    expect(lab.page.locator(BAR)).to_contain_text(WORDS[language]["hidden"])
    assert ran(lab) == []
    assert not own_runs(lab, "beside")
    # Moved away, the page wakes.
    beside.unlink()
    lab.page.locator(f"{BAR} button:visible").last.scroll_into_view_if_needed()
    lab.page.get_by_role("button", name={"en": "Wake the page", "nl": "Maak de pagina wakker"}[language]).click()
    awake(lab)
    assert error_outputs(lab) == []


@pytest.mark.parametrize("copy", ["renamed", "without its mark"])
def test_a_copy_wakes_and_one_without_its_mark_is_any_notebook(lab: Lab, language: str, copy: str) -> None:
    def change(notebook: Any) -> None:
        if copy != "renamed":
            notebook.metadata.pop("salesmetrics")

    name = copied(lab, language, "00", f"copies/{copy.replace(' ', '-')}.ipynb", change)
    if copy == "renamed":
        open_page(lab, name)
        awake(lab)
        assert error_outputs(lab) == []
    else:
        lab.page.goto(f"{lab.server.address}/doc/tree/{name}?reset&token=test")
        lab.page.wait_for_function(
            f"() => window.jupyterapp && {PANEL}?.sessionContext?.session?.kernel?.status === 'idle'"
        )
        expect(lab.page.locator(".jp-Notebook")).to_be_visible()
        expect(lab.page.locator(BAR)).to_have_count(0)
        assert ran(lab) == []


def test_another_kernel_runs_nothing(lab: Lab, language: str) -> None:
    spec = {"argv": ["python", "-m", "ipykernel_launcher", "-f", "{connection_file}"], "language": "python"}
    place = lab.server.log.parent / "data" / "kernels" / "mine"
    place.mkdir(parents=True, exist_ok=True)
    (place / "kernel.json").write_text(json.dumps(spec | {"display_name": "Mine"}), encoding="utf-8")

    def change(notebook: Any) -> None:
        notebook.metadata["kernelspec"] = {"name": "mine", "display_name": "Mine", "language": "python"}

    open_page(lab, copied(lab, language, "00", "kernels/00.ipynb", change))
    expect(lab.page.locator(BAR)).to_contain_text(WORDS[language]["kernel"])
    assert ran(lab) == []


def test_a_page_of_another_version_says_so_and_works_by_hand(lab: Lab, language: str) -> None:
    def other(route: Route) -> None:
        answer = route.fetch()
        route.fulfill(response=answer, body=answer.text().replace(f'VERSION = "{VERSION}"', 'VERSION = "0.0.9"'))

    lab.page.route("**/salesmetrics/static/lesson.js*", other)
    open_page(lab, copied(lab, language, "00", "versions/00.ipynb"))
    expect(lab.page.locator(BAR)).to_contain_text("salesmetrics 0.0.9")
    expect(lab.page.locator(BAR)).to_contain_text(VERSION)
    assert ran(lab) == []
    lab.page.evaluate("() => window.jupyterapp.commands.execute('notebook:run-all-cells')")
    answered(lab, "welcome-bet")
    assert error_outputs(lab) == []
    assert lab.errors == []


def test_what_stood_open_in_the_workbench_does_not_stand_beside_a_page(lab: Lab, language: str) -> None:
    name = f"{LESSONS[language]['00']}.ipynb"
    open_notebook(lab, name)
    awake(lab)
    expect(lab.page.locator("#jp-left-stack")).to_be_visible()
    # JupyterLab keeps it a moment later.
    lab.page.wait_for_timeout(2000)
    lab.page.goto(f"{lab.server.address}/doc/tree/{name}")
    awake(lab)
    expect(lab.page.locator("#jp-left-stack")).to_be_hidden()
    assert lab.page.locator(".jp-NotebookPanel:visible").evaluate("node => node.getBoundingClientRect().width") == 1280


def test_a_jupyterlab_that_the_launcher_did_not_start_wakes_the_lessons_too(
    browser: Browser, tmp_path: Path, language: str
) -> None:
    folder = tmp_path / "lessons"
    lay_down(folder, language)
    extension = Path(__file__).parents[2] / "labextension"
    options = (f"--ServerApp.root_dir={folder}", f"--LabApp.extra_labextensions_path={extension}")
    options += ("--expose-app-in-browser",)
    with serving(folder, *options, home=tmp_path / "home", command=JUPYTERLAB) as server:
        lab = Lab(server, browser.new_page(viewport={"width": 1280, "height": 720}))
        open_notebook(lab, f"{LESSONS[language]['01']}.ipynb")
        awake(lab)
        answered(lab, "net-bet")
        moved(lab, "fishing-net")
        assert error_outputs(lab) == []
        assert lab.errors == []
        lab.page.close()
        end_kernels(lab)


def test_a_stopped_server_leaves_the_page_readable_and_says_how_to_go_on(
    browser: Browser, tmp_path: Path, language: str
) -> None:
    with serving(tmp_path / "lessons", "--lang", language, "--expose-app-in-browser", home=tmp_path / "home") as server:
        lab = Lab(server, browser.new_page())
        open_page(lab, f"{LESSONS[language]['01']}.ipynb")
        awake(lab)
    expect(lab.page.locator(BAR)).to_contain_text(
        {"en": "Start “salesmetrics lab” again", "nl": "Start “salesmetrics lab” opnieuw"}[language]
    )
    expect(lab.page.locator("[data-exercise]").first).to_be_visible()
    lab.page.close()


def answered(lab: Lab, name: str) -> None:
    """Choose the first answer of a bet, and see that the kernel answers."""
    show_cell(lab, f'"{name}"')
    bet = lab.page.locator(f'[data-exercise="{name}"]:visible')
    bet.get_by_role("button").first.click()
    expect(bet.get_by_role("status").first).not_to_be_empty()


def moved(lab: Lab, name: str) -> None:
    """Move the first slider of an Explorer, and see that its sentence follows."""
    show_cell(lab, f'sm.explore("{name}")')
    explorer = lab.page.locator(f".jp-CodeCell:has-text('sm.explore(\"{name}\")')")
    sentence = explorer.locator(SENTENCE)
    before = sentence.inner_text()
    explorer.locator(SLIDER).first.press("ArrowLeft")
    expect(sentence).not_to_have_text(before)


@pytest.mark.parametrize("end", ["killed", "restarted", "shut down"])
def test_a_page_whose_kernel_ends_wakes_again_or_says_how(lab: Lab, language: str, end: str) -> None:
    open_page(lab, f"{LESSONS[language]['01']}.ipynb")
    awake(lab)
    answered(lab, "net-bet")
    moved(lab, "fishing-net")
    kernel = f"{PANEL}.sessionContext.session.kernel"
    if end == "killed":
        lab.page.evaluate(f"() => void {kernel}.requestExecute({{code: 'import os; os.kill(os.getpid(), 9)'}})")
        # JupyterLab's own word that it starts a new one.
        lab.page.locator(".jp-Dialog button").click()
    elif end == "restarted":
        lab.page.evaluate(f"() => {kernel}.restart()")
    else:
        lab.page.evaluate(f"() => {PANEL}.sessionContext.shutdown()")
        expect(lab.page.locator('[data-salesmetrics="asleep"]')).to_be_visible()
        lab.page.get_by_role("button", name={"en": "Wake the page", "nl": "Maak de pagina wakker"}[language]).click()
    lab.page.wait_for_function("() => document.querySelector('[data-salesmetrics]').dataset.salesmetrics === 'awake'")
    expect(lab.page.locator(BAR)).not_to_contain_text({"en": "sleeps", "nl": "slaapt"}[language])
    moved(lab, "fishing-net")
    show_cell(lab, '"net-bet"')
    # What was answered before is there again.
    bet = lab.page.locator('[data-exercise="net-bet"]')
    expect(bet.get_by_role("button").first).to_have_attribute("aria-pressed", "true")
    expect(bet.get_by_role("status").first).not_to_be_empty()
    assert error_outputs(lab) == []


def test_stored_it_is_never_hollow_and_opened_again_it_wakes(lab: Lab, language: str) -> None:
    name = f"{LESSONS[language]['01']}.ipynb"
    open_page(lab, name)
    awake(lab)
    answered(lab, "net-bet")
    text = json.dumps(save(lab), ensure_ascii=False)
    assert "widget-view" not in text
    assert "data:image/svg+xml" in text
    end_kernels(lab)
    page = ask(lab.server.address, f"/nbconvert/html/{name}")
    assert page.count("<figure") >= 2
    open_page(lab, name)
    awake(lab)
    moved(lab, "fishing-net")
    expect(lab.page.get_by_text("model not found")).to_have_count(0)


def test_two_tabs_on_one_lesson_both_answer(lab: Lab, language: str) -> None:
    name = f"{LESSONS[language]['01']}.ipynb"
    open_page(lab, name)
    awake(lab)
    other = Lab(lab.server, lab.page.context.browser.new_page())
    open_page(other, name)
    awake(other)
    moved(other, "fishing-net")
    lab.page.bring_to_front()
    moved(lab, "fishing-net")
    answered(lab, "net-bet")
    assert lab.errors == other.errors == []
    other.page.close()


def test_read_from_its_file_anew_it_wakes_again(lab: Lab, language: str) -> None:
    """As JupyterLab offers when two windows have saved one lesson."""
    open_page(lab, f"{LESSONS[language]['01']}.ipynb")
    awake(lab)
    lab.page.evaluate(f"async () => {{ {PANEL}.node.dataset.salesmetrics = ''; await {PANEL}.context.revert(); }}")
    awake(lab)
    answered(lab, "net-bet")
    moved(lab, "fishing-net")
    assert lab.errors == []


def test_code_that_a_lesson_shows_stays_when_the_rest_is_hidden_again(lab: Lab, language: str) -> None:
    open_page(lab, f"{LESSONS[language]['02']}.ipynb")
    awake(lab)
    for button in ("show", "hide"):
        lab.page.get_by_role("button", name=WORDS[language][button]).click()
    hidden = lab.page.evaluate(
        f"""() => {PANEL}.content.widgets.filter(({{ model }}) => model.type === "code")
            .map((cell) => [Boolean(cell.model.getMetadata("jupyter")?.source_hidden), cell.inputHidden])"""
    )
    assert {was for was, _now in hidden} == {True, False}
    assert all(was == now for was, now in hidden)


def test_what_jupyter_draws_is_set_as_the_prose_and_a_fold_speaks_to_a_reader(lab: Lab, language: str) -> None:
    open_page(lab, {"en": "08-your-own-pipeline.ipynb", "nl": "08-je-eigen-pipeline.ipynb"}[language])
    awake(lab)
    size = "node => getComputedStyle(node).fontSize"
    view = show_cell(lab, "mine.situation()").locator(".widget-html-content").first
    assert view.evaluate(size) == lab.page.locator(".jp-MarkdownCell p:visible").first.evaluate(size)
    fold = lab.page.locator(".jp-showHiddenCellsButton").first
    fold.scroll_into_view_if_needed()
    assert fold.evaluate(size) == "0px"
    said = fold.evaluate("node => getComputedStyle(node, '::after').content")
    assert said == {"en": '"Show this part"', "nl": '"Toon dit deel"'}[language]
    fold.click()
    show_cell(lab, "mine.past_quarters()")


def test_what_is_read_stays_where_it_is_while_the_page_wakes(lab: Lab, language: str) -> None:
    open_page(lab, f"{LESSONS[language]['02']}.ipynb")
    heading = lab.page.locator("h2").nth(3)
    where = "node => node.getBoundingClientRect().top"
    # While texts are still being drawn above it, what was brought into view is pushed out of it again.
    for _ in range(50):
        heading.evaluate("node => node.scrollIntoView()")
        top = heading.evaluate(where)
        lab.page.wait_for_timeout(100)
        if 0 <= top < 200 and heading.evaluate(where) == top:
            break
    assert 0 <= top < 200
    expect(lab.page.locator('[data-salesmetrics="asleep"]')).to_be_visible()
    awake(lab)
    lab.page.wait_for_timeout(2000)
    assert abs(heading.evaluate(where) - top) < 40
