"""The one-page report in Chromium with the network cut: nothing asked for, one sheet of paper, no name that runs."""

import os
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page
from report_cases import CASES, page

pytestmark = pytest.mark.browser

# What is wider than the room it has; a long name in a table is cut with three dots on purpose.
OVERFLOWS = """() => [...document.querySelectorAll("body, section, div, table, td, p, li, h1, h2, figure")]
    .filter(node => node.scrollWidth > node.clientWidth + 1)
    .map(node => `${node.tagName} ${node.className} ${node.textContent.trim().slice(0, 50)}`)"""
OVERLAPS = """() => [...document.querySelectorAll("main > * + *")]
    .filter(node => node.getBoundingClientRect().top < node.previousElementSibling.getBoundingClientRect().bottom)
    .map(node => node.tagName)"""


@pytest.fixture
def alone(browser: Browser) -> Iterator[Page]:
    """A window without a network that remembers what was asked for and what went wrong."""
    context = browser.new_context(offline=True, viewport={"width": 1280, "height": 900})
    window = context.new_page()
    heard: list[str] = []
    window.on("request", lambda request: None if asked_for_nothing(request.url) else heard.append(request.url))
    window.on("console", lambda said: heard.append(said.text))
    window.on("pageerror", lambda error: heard.append(str(error)))
    window.on("dialog", lambda dialog: (heard.append(dialog.message), dialog.dismiss()))
    yield window
    context.close()
    assert heard == []


def asked_for_nothing(address: str) -> bool:
    """Tell whether it is the page itself, or the picture that is in it."""
    return address.startswith("data:image/svg+xml") or address.endswith("/report.html")


def opened(window: Page, folder: Path, case: str, language: str) -> Page:
    place = folder / "report.html"
    place.write_text(page(case, language), encoding="utf-8")
    window.goto(place.as_uri())
    return window


@pytest.mark.parametrize("case", CASES)
def test_it_prints_on_one_sheet(alone: Page, tmp_path: Path, case: str, language: str) -> None:
    opened(alone, tmp_path, case, language)
    pdf = alone.pdf(prefer_css_page_size=True)
    if folder := os.environ.get("SCREENSHOTS"):
        Path(folder, f"report-{case.replace(' ', '-')}-{language}.pdf").write_bytes(pdf)
    sheets = len(re.findall(rb"/Type\s*/Page\b", pdf))
    assert sheets == 1
    [box] = {tuple(map(float, box.split())) for box in re.findall(rb"/MediaBox\s*\[([^\]]*)\]", pdf)}
    assert box[2:] == pytest.approx((210 / 25.4 * 72, 297 / 25.4 * 72), abs=1)
    # The paper less its margins, in pixels; whatever is wider would be made smaller to fit.
    alone.emulate_media(media="print")
    alone.set_viewport_size({"width": 710, "height": 1055})
    assert alone.evaluate(OVERFLOWS) == []
    assert alone.evaluate(OVERLAPS) == []


@pytest.mark.parametrize("case", CASES)
def test_on_a_screen_nothing_is_cut_off(alone: Page, tmp_path: Path, case: str, language: str) -> None:
    opened(alone, tmp_path, case, language)
    for width in (1280, 800):
        alone.set_viewport_size({"width": width, "height": 900})
        assert alone.evaluate(OVERFLOWS) == []
        assert alone.evaluate(OVERLAPS) == []
        assert alone.evaluate("() => document.documentElement.scrollWidth <= window.innerWidth")
    if folder := os.environ.get("SCREENSHOTS"):
        alone.screenshot(path=Path(folder, f"report-{case.replace(' ', '-')}-{language}.png"), full_page=True)


def test_the_picture_is_there_and_says_in_words_what_it_shows(alone: Page, tmp_path: Path, language: str) -> None:
    picture = opened(alone, tmp_path, "sample", language).locator("figure img")
    assert picture.evaluate("async node => { await node.decode(); return node.naturalWidth; }") == 600
    assert "11%" in (picture.get_attribute("alt") or "")


def test_hostile_names_are_text(alone: Page, tmp_path: Path, language: str) -> None:
    opened(alone, tmp_path, "hostile names", language)
    assert alone.locator("img").count() == 1
    assert alone.locator("script").count() == 0
    assert alone.locator("style").count() == 1
    assert "<img src=x onerror=alert(1)>" in alone.locator("body").inner_text()
    assert "$a$" in alone.locator("body").inner_text()
