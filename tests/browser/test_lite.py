"""The kit in a browser without Python: lessons that wake, a slider, a file of one's own, and progress after a reload.

Needs Chromium and a folder with a Pyodide distribution, which is too large to bring along: see docs/in-the-browser.md.
"""

import json
import os
import sys
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from exports_forms import xlsx_of
from playwright.sync_api import Browser, Locator, expect
from serving import Server

from browser import harness
from browser.harness import Lab, cells, drag, error_outputs, sentence_after, show_cell
from salesmetrics.base.language import _, use_language
from salesmetrics.exercises.content import questions

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT / "notebooks"))

PYODIDE = os.environ.get("PYODIDE")
pytestmark = [
    pytest.mark.lite,
    pytest.mark.skipif(not PYODIDE, reason="PYODIDE names no folder with a Pyodide distribution"),
]

LESSONS = {
    "en": ("00-welcome", "02-pipeline-coverage", "08-your-own-pipeline"),
    "nl": ("00-welkom", "02-pipelinedekking", "08-je-eigen-pipeline"),
}
EXPLORED = '.jp-CodeCell:has-text("sm.explore(") '
PICTURE = EXPLORED + ".salesmetrics-picture svg[role=img]"
SHOWN = {"en": "1 open, 1 won, 1 lost", "nl": "1 open, 1 gewonnen, 1 verloren"}
FILE = """deal_id,status,amount,closed_on,expected_close_on,account
Q-77,open,987654,,2026-05-01,Zwaluw BV
Q-78,won,345678,2026-02-14,,Zwaluw BV
Q-79,lost,234567,2026-02-15,,Zwaluw BV
"""
DONE = {"en": "✓ done", "nl": "✓ klaar"}
# Pyodide comes up in a quarter of a minute, on a machine that does other things besides in a few.
PATIENCE = 400_000


class Quiet(SimpleHTTPRequestHandler):
    """A static host that says nothing."""

    def log_message(self, *said: object) -> None:
        pass


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A site with the kit in it, from the folder that was given, on a static host."""
    from lite import lab

    folder = tmp_path_factory.mktemp("site")
    lacking = lab.build_lab(Path(str(PYODIDE)).absolute(), folder, to_try=bool(os.environ.get("PYODIDE_TO_TRY")))
    print(*lacking, sep="\n")
    settings = folder / lab.FOLDER / "jupyter-lite.json"
    content = json.loads(settings.read_text(encoding="utf-8"))
    # So that a test can ask JupyterLab what it shows.
    content["jupyter-config-data"]["exposeAppInBrowser"] = True
    settings.write_text(json.dumps(content), encoding="utf-8")
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(folder)))
    Thread(target=server.serve_forever, daemon=True).start()
    yield Server(f"http://127.0.0.1:{server.server_port}/{lab.FOLDER}", folder, folder / "none")
    server.shutdown()
    server.server_close()


@pytest.fixture
def window(browser: Browser, site: Server) -> Iterator[Lab]:
    """A window on the site; what it asks of any other place fails the test."""
    page = browser.new_page(viewport={"width": 1280, "height": 900})
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    yield Lab(site, page)
    page.close()
    home = site.address.rsplit("/", 1)[0]
    assert [url for url in asked if not url.startswith((home, "data:", "blob:"))] == []


def open_lesson(lab: Lab, language: str, name: str) -> None:
    lab.page.goto(f"{lab.server.address}/lab/index.html?path={language}/{name}.ipynb")
    awake(lab)


def awake(lab: Lab) -> None:
    expect(lab.page.locator('[data-salesmetrics="awake"]')).to_be_visible(timeout=PATIENCE)


def exercise(lab: Lab, name: str) -> Locator:
    show_cell(lab, f'"{name}"')
    return lab.page.locator(f'[data-exercise="{name}"]').last


def streams(lab: Lab) -> list[dict[str, Any]]:
    return [out for cell in cells(lab) for out in cell.get("outputs", ()) if out["output_type"] == "stream"]


def test_the_first_lesson_wakes_and_nothing_stray_stands_in_it(window: Lab, language: str) -> None:
    open_lesson(window, language, LESSONS[language][0])
    assert error_outputs(window) == []
    assert streams(window) == []


def test_a_slider_moves_the_picture_and_progress_is_there_after_a_reload(window: Lab, language: str) -> None:
    open_lesson(window, language, LESSONS[language][1])
    assert error_outputs(window) == []
    assert streams(window) == []
    show_cell(window, "sm.explore(")
    slider = window.page.locator(EXPLORED + harness.SLIDER).first
    before = window.page.locator(PICTURE).first.inner_html()
    moved = sentence_after(window, lambda: drag(window, slider, 0.9), sentence=EXPLORED + harness.SENTENCE)
    assert moved
    assert window.page.locator(PICTURE).first.inner_html() != before

    box = exercise(window, "coverage-1")
    box.get_by_role("textbox").fill("6")
    box.get_by_role("textbox").press("Enter")
    expect(box).to_contain_text(questions()["coverage-1"].because[language])
    expect(box).to_contain_text(DONE[language])
    # The lesson itself comes back, and not JupyterLite's launcher.
    window.page.reload()
    awake(window)
    expect(exercise(window, "coverage-1")).to_contain_text(DONE[language])


def test_a_file_of_ones_own_is_read_and_a_workbook_is_read_or_told(window: Lab, language: str, tmp_path: Path) -> None:
    use_language(language)
    plain, book = tmp_path / "zwaluw.csv", tmp_path / "merel.xlsx"
    plain.write_text(FILE, encoding="utf-8")
    book.write_bytes(xlsx_of([line.split(",") for line in FILE.splitlines()]))
    open_lesson(window, language, LESSONS[language][2])
    assert error_outputs(window) == []
    show_cell(window, "your_pipeline()")
    box = window.page.locator(".jp-OutputArea-output").filter(has=window.page.locator(".salesmetrics-file")).first
    no_workbooks = not list(window.server.folder.rglob("python_calamine-*.whl"))
    choose(window, box, book)
    told = _("Workbooks can't be read here: the library python-calamine is missing.") if no_workbooks else book.name
    expect(box).to_contain_text(told)
    choose(window, box, plain)
    receipt = box.get_by_role("table").first
    expect(receipt).to_contain_text(plain.name)
    expect(receipt).to_contain_text(SHOWN[language])


def choose(lab: Lab, box: Locator, path: Path) -> None:
    with lab.page.expect_file_chooser() as chooser:
        box.locator(".salesmetrics-file button").click()
    chooser.value.set_files(path)
