"""Chromium, and a `salesmetrics lab` per language to look at with it."""

import os
import shutil
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright
from serving import JUPYTERLAB, Server, serving

from browser.harness import READY, Lab, Open, end_kernels

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]

# A machine that does other things at the same time is slow, not broken.
expect.set_options(timeout=60_000)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    names = ("chromium", "chromium-browser", "google-chrome")
    program = next((found for name in names if (found := shutil.which(name))), None)
    assert program, f"these tests need Chromium; none of {', '.join(names)} is on this machine"
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=program, headless=True, args=FLAGS)
        yield running
        running.close()


@pytest.fixture(scope="session")
def servers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Server]]:
    """`salesmetrics lab` in both languages, each in a folder of its own."""
    with ExitStack() as stack:
        yield {
            language: stack.enter_context(
                serving(
                    (place := tmp_path_factory.mktemp(language)) / "lessons",
                    "--lang",
                    language,
                    "--expose-app-in-browser",
                    home=place / "home",
                )
            )
            for language in ("en", "nl")
        }


@pytest.fixture
def lab(browser: Browser, servers: dict[str, Server], language: str, request: pytest.FixtureRequest) -> Iterator[Lab]:
    """A window on the JupyterLab of one language; what it looked like at the end is kept where SCREENSHOTS says."""
    page = browser.new_page(viewport={"width": 1280, "height": 900})
    window = Lab(servers[language], page)
    yield window
    if folder := os.environ.get("SCREENSHOTS"):
        page.screenshot(path=Path(folder, f"{request.node.name}.png"))
    page.close()
    end_kernels(window)


@pytest.fixture
def plain(browser: Browser, tmp_path: Path, language: str) -> Iterator[Lab]:
    """A window on a JupyterLab that knows nothing of the kit, with the lesson on one's own export."""
    folder = tmp_path / "lessons"
    folder.mkdir()
    [lesson] = (Path(__file__).parents[2] / "notebooks" / language).glob("08-*.ipynb")
    shutil.copy(lesson, folder)
    options = (f"--ServerApp.root_dir={folder}", "--expose-app-in-browser")
    with serving(folder, *options, home=tmp_path / "home", command=JUPYTERLAB) as server:
        window = Lab(server, browser.new_page(viewport={"width": 1280, "height": 900}))
        yield window
        window.page.close()
        end_kernels(window)


@pytest.fixture
def opened(browser: Browser) -> Iterator[Open]:
    """Open a file in a window of its own without a network; nothing may be asked for, and nothing go wrong."""
    contexts: list[BrowserContext] = []
    heard: list[str] = []

    def open_file(path: Path, *, width: int = 1280, init: str = "", **options: Any) -> Page:
        context = browser.new_context(offline=True, viewport={"width": width, "height": 844}, **options)
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(60_000)
        if init:
            page.add_init_script(init)
        page.on("request", lambda asked: None if asked.url == path.as_uri() else heard.append(asked.url[:99]))
        page.on("console", lambda told: heard.append(told.text))
        page.on("pageerror", lambda error: heard.append(str(error)))
        page.goto(path.as_uri())
        if options.get("java_script_enabled", True):
            page.locator(READY).wait_for(state="attached")
        return page

    yield open_file
    for context in contexts:
        context.close()
    # Parts of the page itself, the second of one that a phone has saved.
    assert [one for one in heard if not one.startswith(("data:image/svg+xml", "cid:"))] == []
