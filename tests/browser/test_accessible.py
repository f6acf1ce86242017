"""axe-core over lessons, the report, the workshop's pages and an export: it finds fault with nothing of ours."""

import sys
from collections.abc import Iterator
from pathlib import Path
from subprocess import run
from typing import Any, Literal

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page
from report_cases import page as report

from browser.harness import BAR, PANEL, Lab, awake, open_page
from salesmetrics.cli.lessons import _EXPORTED

pytestmark = pytest.mark.browser

NOTEBOOKS = Path(__file__).parents[2] / "notebooks"
# What JupyterLab and nbconvert build and colour themselves, by axe's rule.
THEIRS = {
    "aria-prohibited-attr": ".jp-Cell",
    "aria-required-children": ".jp-WindowedPanel-viewport",
    "region": ".jp-skiplink-wrapper",
    "color-contrast": ".jp-InputPrompt, .jp-OutputPrompt, .highlight *",
    "link-in-text-block": ".jp-RenderedHTMLCommon a",
}


def faults(page: Page) -> list[str]:
    """Give what axe-core finds, as its rule and the element's own text, less what is not ours."""
    found: list[dict[str, Any]] = Axe().run(page, options={"resultTypes": ["violations"]}).response["violations"]
    return [
        f"{fault['id']}: {element['html'][:200]}"
        for fault in found
        for element in fault["nodes"]
        if not is_theirs(page, fault["id"], element["target"][0])
    ]


def is_theirs(page: Page, rule: str, target: Any) -> bool:
    # Within a tree of its own, such as a picture's, the target is a list: that is ours.
    kind = THEIRS.get(rule)
    return bool(
        kind
        and isinstance(target, str)
        and page.evaluate("([t, k]) => document.querySelector(t)?.matches(k)", [target, kind])
    )


@pytest.fixture
def alone(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(offline=True, viewport={"width": 1280, "height": 720})
    yield context.new_page()
    context.close()


def of_file(page: Page, path: Path) -> list[str]:
    page.goto(path.as_uri(), wait_until="domcontentloaded")
    return faults(page)


def test_axe_is_at_work(alone: Page) -> None:
    alone.set_content("<main><h1>Title</h1><img src='data:,'></main>")
    assert [fault.partition(":")[0] for fault in faults(alone)] == ["document-title", "html-has-lang", "image-alt"]


@pytest.mark.parametrize("number", ["04", "08", "10", "11"])
def test_a_lesson(lab: Lab, language: str, number: str) -> None:
    (path,) = (NOTEBOOKS / language).glob(f"{number}-*.ipynb")
    open_page(lab, path.name)
    awake(lab)
    # All cells in the page at once, where JupyterLab would draw only those in sight.
    lab.page.evaluate(
        f"() => {{ {PANEL}.content.notebookConfig = {{...{PANEL}.content.notebookConfig, windowingMode: 'none'}} }}"
    )
    lab.page.locator(".salesmetrics-explorer svg, [data-exercise]").last.wait_for()
    assert faults(lab.page) == []
    lab.page.locator(f"{BAR} [popovertarget], {BAR} button").nth(1).click()
    assert faults(lab.page) == []


def test_the_report(alone: Page, tmp_path: Path, language: str) -> None:
    path = tmp_path / "report.html"
    path.write_text(report("sample", language), encoding="utf-8")
    assert of_file(alone, path) == []


@pytest.mark.parametrize("colours", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1280])
def test_a_page_without_python(alone: Page, language: str, colours: Literal["light", "dark"], width: int) -> None:
    alone.emulate_media(color_scheme=colours)
    alone.set_viewport_size({"width": width, "height": 844})
    path = NOTEBOOKS.parent / {"en": "taster.html", "nl": "proef.html"}[language]
    assert of_file(alone, path) == []
    alone.locator("[data-exercise] button[data-key]").first.click()
    alone.locator(".picture").last.scroll_into_view_if_needed()
    assert faults(alone) == []
    assert alone.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize("name", ["slides", "hand-out"])
def test_the_workshops_pages(alone: Page, language: str, name: str) -> None:
    assert of_file(alone, NOTEBOOKS / "facilitator" / language / f"{name}.html") == []


def test_an_exported_lesson(alone: Page, tmp_path: Path, language: str) -> None:
    (path,) = (NOTEBOOKS / language).glob("04-*.ipynb")
    priority = f"--NbConvertBase.display_data_priority={list(_EXPORTED)!r}"
    command = [sys.executable, "-m", "nbconvert", "--to", "html", priority, "--output-dir", str(tmp_path), str(path)]
    run(command, check=True, capture_output=True)
    (page,) = tmp_path.glob("*.html")
    assert of_file(alone, page) == []
