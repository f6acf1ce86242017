"""A page that needs no Python, from a file with the network cut: how heavy, how soon it answers, what a step costs."""

from __future__ import annotations

import re
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from statistics import median
from typing import Any

from playwright.sync_api import Browser, sync_playwright

from benchmarks import Row

ROOT = Path(__file__).parent.parent
PAGE = ROOT / "taster.html"
ROUNDS, STEPS = 7, 40
SIZES = {"a phone's size": (390, 844), "a desk's size": (1280, 800)}
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
_PAINTED = "new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))"
# Milliseconds since the file was opened, once the first slider has moved and the picture is painted.
_ANSWERS = f"""async () => {{
    while (!("ready" in document.documentElement.dataset)) await new Promise((done) => setTimeout(done, 1));
    document.querySelector(".skip button").click();
    const slider = document.querySelector(".levers input");
    slider.value = 1;
    slider.dispatchEvent(new Event("input"));
    await {_PAINTED};
    return performance.now();
}}"""
_EMPTY = f"async () => {{ await {_PAINTED}; return performance.now(); }}"
# Milliseconds from a slider's event until its script is done, and until the picture is painted.
_STEPS = """async (steps) => {
    const [script, painted] = [[], []];
    const sliders = document.querySelectorAll(".levers input");
    for (let at = 0; at < steps; at++) {
        const slider = sliders[at % 3];
        slider.value = (Number(slider.value) + 1) % (Number(slider.max) + 1);
        const start = performance.now();
        slider.dispatchEvent(new Event("input"));
        script.push(performance.now() - start);
        await new Promise((done) => requestAnimationFrame(() => setTimeout(done)));
        painted.push(performance.now() - start);
    }
    return [script, painted];
}"""


def rows() -> Iterator[Row]:
    """Measure the taster, whose pictures are those of the lessons."""
    weights = [len(states) / 1000 for states in re.findall(r'class="states">([^<]+)', PAGE.read_text(encoding="utf-8"))]
    yield Row(what="heaviest picture of the taster", ours=max(weights), peer=350, unit="kB", goal=1, peer_name="limit")
    program = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))))
    with sync_playwright() as playwright, tempfile.TemporaryDirectory() as folder:
        browser = playwright.chromium.launch(executable_path=program, args=FLAGS)
        empty = Path(folder, "empty.html")
        empty.write_text("<!DOCTYPE html><title>empty</title><p>empty", encoding="utf-8")
        for size, (width, height) in SIZES.items():
            opened, floor, steps = [], [], []
            for _round in range(ROUNDS):
                opened.append(_ask(browser, PAGE, width, height, _ANSWERS, _STEPS if _round else ""))
                floor.append(_ask(browser, empty, width, height, _EMPTY))
                steps += opened[-1][1:]
            first, nothing = (median(one[0] for one in some) for some in (opened, floor))
            script, painted = (median([each for step in steps for each in step[at]]) for at in (0, 1))
            for what, ours, peer, name in (
                ("opened → first slider answers", first, 1000, "a second"),
                ("a step's script", script, 1000 / 60, "a frame"),
            ):
                yield Row(what=f"{what}, {size}", ours=ours, peer=peer, unit="ms", goal=1, peer_name=name)
            print(f"{'':46} an empty page {nothing:.1f} ms; a step until the frame after it {painted:.1f} ms")
        browser.close()


def _ask(browser: Browser, page: Path, width: int, height: int, *questions: str) -> list[Any]:
    context = browser.new_context(offline=True, viewport={"width": width, "height": height})
    window = context.new_page()
    window.goto(page.as_uri())
    answers = [window.evaluate(question, STEPS) for question in questions if question]
    context.close()
    return answers
