"""A slider's step: in the kernel, and in Chromium from the key on the handle to the picture painted."""

from __future__ import annotations

import json
import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from statistics import median
from typing import Any

import nbformat
from jupyter_client.manager import start_new_kernel

from benchmarks import Row

ROOT = Path(__file__).parent.parent
KINDS = ("ours", "peer", "floor")
ROUNDS, PRESSES, RUSHES, EVENTS, APART = 8, 5, 5, 40, 25


def rows() -> Iterator[Row]:
    os.environ["PYTHONPATH"] = str(ROOT)
    os.environ["PYDEVD_DISABLE_FILE_VALIDATION"] = "1"
    yield from _kernel()
    yield from _browser()


def _kernel() -> Iterator[Row]:
    code = (
        "import json; from benchmarks._page import *; a, b = ours(), peer();"
        "step_times({'ours': a, 'peer': b}, 5);"
        "print('FIGURES', json.dumps([step_times({'ours': a, 'peer': b}), memory()]))"
    )
    manager, client = start_new_kernel()
    said: list[str] = []

    def listen(message: dict[str, Any]) -> None:
        content = message["content"]
        said.append(content.get("text", "") + "\n".join(content.get("traceback", [])))

    try:
        client.execute_interactive(code, output_hook=listen, timeout=300)
    finally:
        client.stop_channels()
        manager.shutdown_kernel(now=True)
    text = "".join(said)
    if "FIGURES" not in text:
        raise RuntimeError(text)
    times, (first, then) = json.loads(text.partition("FIGURES")[2].splitlines()[0])
    yield Row(what="step in the kernel", ours=times["ours"], peer=times["peer"], unit="ms", goal=0.08)
    yield Row(what="memory after 1,000 moves", ours=then, peer=first, peer_name="after 10", unit="KB", goal=1.02)


def _browser() -> Iterator[Row]:
    # JupyterLab is driven as the browser tests drive it.
    sys.path.insert(0, str(ROOT / "tests"))
    from browser.conftest import FLAGS
    from browser.harness import Lab, open_notebook, run_all
    from playwright.sync_api import sync_playwright
    from serving import JUPYTERLAB, serving

    with tempfile.TemporaryDirectory() as home, sync_playwright() as playwright:
        folder = Path(home, "page")
        folder.mkdir()
        cells = [nbformat.v4.new_code_cell(f"from benchmarks._page import {kind}\n{kind}();") for kind in KINDS]
        kernel = {"kernelspec": {"name": "python3", "display_name": "Python 3"}}
        nbformat.write(nbformat.v4.new_notebook(cells=cells, metadata=kernel), folder / "page.ipynb")
        program = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
        browser = playwright.chromium.launch(executable_path=program, args=FLAGS)
        options = (f"--ServerApp.root_dir={folder}", "--expose-app-in-browser", "--LabApp.news_url=")
        with serving(folder, *options, home=Path(home, "home"), command=JUPYTERLAB) as server:
            lab = Lab(server, browser.new_page(viewport={"width": 1280, "height": 1600}))
            open_notebook(lab, "page.ipynb")
            run_all(lab)
            yield from _watch(lab.page)
        browser.close()


def _watch(page: Any) -> Iterator[Row]:
    page.wait_for_selector(".salesmetrics-picture")
    page.wait_for_selector(".widget-output img")
    page.wait_for_selector(".widget-html-content", state="attached")
    page.wait_for_timeout(2_000)
    script = (ROOT / "benchmarks/_page/watch.js").read_text(encoding="utf-8").rstrip().rstrip(";")
    page.evaluate(f"window.watched = [0, 1, 2].map({script})")
    answers: dict[str, list[float]] = {kind: [] for kind in KINDS}
    for _round in range(ROUNDS):
        for i, kind in enumerate(KINDS):
            answers[kind] += [_press(page, i) for _press_number in range(PRESSES)]
    steps = {kind: median(times) for kind, times in answers.items()}
    yield Row(what="key to picture painted", ours=steps["ours"], peer=steps["peer"], unit="ms", goal=0.35)
    yield Row(
        what="key to picture painted", ours=steps["ours"], peer=steps["floor"], peer_name="text", unit="ms", goal=1.3
    )
    rushes: dict[str, list[Any]] = {"ours": [], "peer": []}
    for _rush_number in range(RUSHES):
        for i, seen in enumerate(rushes.values()):
            page.evaluate("i => watched[i].focus()", i)
            page.keyboard.press("Home")
            page.wait_for_timeout(500)
            seen.append(page.evaluate(f"i => watched[i].rush({EVENTS}, {APART})", i))
    for what, unit, goal, at_least in (("settle", "ms", 0.3, False), ("pictures", "shown", 2.5, True)):
        ours, peer = (median(rush[what] for rush in seen) for seen in rushes.values())
        yield Row(
            what=f"{EVENTS} events, {APART} ms apart: {what}",
            ours=ours,
            peer=peer,
            unit=unit,
            goal=goal,
            at_least=at_least,
        )


def _press(page: Any, index: int) -> float:
    page.evaluate("i => { watched[i].focus(); watched[i].forget(); }", index)
    page.keyboard.press("ArrowRight")
    page.wait_for_function("i => watched[i].answer() !== null", arg=index)
    time: float = page.evaluate("i => watched[i].answer()", index)
    page.wait_for_timeout(150)
    return time
