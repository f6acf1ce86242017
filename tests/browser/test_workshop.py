"""The workshop's pages in Chromium with the network cut: nothing asked for, nothing cut off, paper that fits."""

import os
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.browser

FACILITATOR = Path(__file__).parents[2] / "notebooks" / "facilitator"
PAGES = [path.relative_to(FACILITATOR).as_posix() for path in sorted(FACILITATOR.glob("*/*.html"))]
SLIDES = [name for name in PAGES if name.endswith("slides.html")]
# Projectors and laptops, the old kind of screen among them.
SCREENS = [(1280, 720), (1024, 768), (1920, 1080)]
SHEETS = {"hand-out": 2, "cards": 3, "kaarten": 3, "checklist": 2}
# What is wider or higher than the room it has; text in a picture has no such size and is looked at by eye.
OVERFLOWS = """() => [...document.querySelectorAll("body, .page, .slide, section, table, td, th, p, li")]
    .filter(node => node.scrollWidth > node.clientWidth + 1 && getComputedStyle(node).display !== "inline"
        || node.matches(".page, .slide") && node.scrollHeight > node.clientHeight + 1)
    .map(node => `${node.tagName} ${node.className} ${node.textContent.trim().slice(0, 50)}`)"""
AT = "() => Number(location.hash.slice(1))"


@pytest.fixture
def alone(browser: Browser) -> Iterator[Page]:
    """A window without a network that remembers what was asked for and what went wrong."""
    context = browser.new_context(offline=True, viewport={"width": 1280, "height": 720})
    page = context.new_page()
    heard: list[str] = []
    page.on("request", lambda request: None if request.is_navigation_request() else heard.append(request.url))
    page.on("console", lambda said: heard.append(said.text))
    page.on("pageerror", lambda error: heard.append(str(error)))
    yield page
    context.close()
    assert heard == []


def opened(page: Page, name: str) -> Page:
    page.goto((FACILITATOR / name).as_uri())
    return page


def keep(page: Page, name: str) -> None:
    """Keep what the window shows where SCREENSHOTS says, to be looked at."""
    if folder := os.environ.get("SCREENSHOTS"):
        page.screenshot(path=Path(folder, f"{name.replace('/', '-')}.png"))


@pytest.mark.parametrize("name", PAGES)
def test_on_the_screen_nothing_is_cut_off(alone: Page, name: str) -> None:
    for width, height in SCREENS:
        alone.set_viewport_size({"width": width, "height": height})
        opened(alone, name)
        assert alone.evaluate(OVERFLOWS) == []
    keep(alone, name)


@pytest.mark.parametrize("name", PAGES)
def test_on_paper_it_fits(alone: Page, name: str) -> None:
    opened(alone, name).emulate_media(media="print")
    pdf = alone.pdf(prefer_css_page_size=True)
    if folder := os.environ.get("SCREENSHOTS"):
        Path(folder, f"{name.replace('/', '-')}.pdf").write_bytes(pdf)
    sheets = len(re.findall(rb"/Type\s*/Page\b", pdf))
    sizes = {tuple(float(side) for side in box.split()) for box in re.findall(rb"/MediaBox\s*\[([^\]]*)\]", pdf)}
    landscape = name.endswith("slides.html")
    width, height = (320, 180) if landscape else (210, 297)
    assert all(abs(box[2] - width / 25.4 * 72) < 1 and abs(box[3] - height / 25.4 * 72) < 1 for box in sizes)
    expected = alone.locator(".slide").count() if landscape else SHEETS.get(Path(name).stem, sheets)
    assert sheets == expected > 0
    # The paper in pixels: whole where a page brings its own margins, less the margins where the printer adds them.
    wide = 1210 if landscape else 794 if alone.locator(".page").count() else 658
    alone.set_viewport_size({"width": wide, "height": 681 if landscape else 1123})
    assert alone.evaluate(OVERFLOWS) == []


# Where none of the letters is there that the pages ask for.
WIDER = 'body { font-family: "DejaVu Sans", Verdana, sans-serif }'


@pytest.mark.parametrize("name", [name for name in PAGES if Path(name).stem in SHEETS])
def test_on_paper_it_fits_in_wider_letters_too(alone: Page, name: str) -> None:
    opened(alone, name).add_style_tag(content=WIDER)
    alone.set_viewport_size({"width": 794, "height": 1123})
    assert alone.evaluate(OVERFLOWS) == []


@pytest.mark.parametrize("name", SLIDES)
def test_no_slide_is_cut_off_in_wider_letters(alone: Page, name: str) -> None:
    for width, height in SCREENS:
        alone.set_viewport_size({"width": width, "height": height})
        opened(alone, name).add_style_tag(content=WIDER)
        assert alone.evaluate(OVERFLOWS) == []


@pytest.mark.parametrize("name", SLIDES)
def test_keys_turn_the_slides(alone: Page, name: str) -> None:
    opened(alone, name)
    last = alone.locator(".slide").count()

    def after(key: str) -> int:
        alone.keyboard.press(key)
        shown: int = alone.evaluate(AT)
        top = alone.locator(".slide").nth(shown - 1).evaluate("node => node.getBoundingClientRect().top")
        assert abs(top) < 2
        return shown

    turned = [after(key) for key in ("ArrowRight", " ", "PageDown", "ArrowLeft", "Shift+ ", "End", "ArrowDown", "Home")]
    assert turned == [2, 3, 4, 3, 2, last, last, 1]
    assert after("ArrowUp") == 1


@pytest.mark.parametrize("name", SLIDES)
def test_a_reload_and_another_screen_stay_on_the_slide(alone: Page, name: str) -> None:
    opened(alone, name)
    for _ in range(4):
        alone.keyboard.press("ArrowRight")
    alone.reload()
    assert alone.evaluate(AT) == 5
    alone.set_viewport_size({"width": 1024, "height": 768})
    alone.wait_for_function("() => Math.abs(document.querySelectorAll('.slide')[4].getBoundingClientRect().top) < 2")


@pytest.mark.parametrize("name", SLIDES)
def test_a_number_in_the_address_goes_there(alone: Page, name: str) -> None:
    address = (FACILITATOR / name).as_uri()
    in_sight = "n => Math.abs(document.querySelectorAll('.slide')[n - 1].getBoundingClientRect().top) < 2"
    for number in (4, 12, 2):
        alone.goto(f"{address}#{number}")
        alone.wait_for_function(in_sight, arg=number)
        alone.reload()
        assert alone.evaluate(AT) == number
        alone.wait_for_function(in_sight, arg=number)
    last = alone.locator(".slide").count()
    alone.goto(f"{address}#999")
    alone.wait_for_function(in_sight, arg=last)


@pytest.mark.parametrize("name", SLIDES)
def test_the_letters_are_for_the_back_row(alone: Page, name: str) -> None:
    opened(alone, name)
    smallest = alone.evaluate(
        """() => Math.min(...[...document.querySelectorAll(".slide p, .slide li, .slide td, .slide h1, .slide h2")]
            .map(node => parseFloat(getComputedStyle(node).fontSize)))"""
    )
    assert smallest >= 720 / 22  # of a slide's height
