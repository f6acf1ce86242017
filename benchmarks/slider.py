"""A slider's step: in the kernel, and in Chromium from the key on the handle to the picture painted."""

from __future__ import annotations

import json
import os
import shutil
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from statistics import median
from typing import Any

import nbformat
from jupyter_client.manager import start_new_kernel

from benchmarks import Row
from benchmarks._page import PICTURES

ROOT = Path(__file__).parent.parent
KINDS = ("ours", "peer", "floor")
ROUNDS, PRESSES, RUSHES, EVENTS, APART = 4, 5, 5, 40, 25


def rows(*pictures: str) -> Iterator[Row]:
    """Measure some pictures, or all."""
    os.environ["PYTHONPATH"] = str(ROOT)
    os.environ["PYDEVD_DISABLE_FILE_VALIDATION"] = "1"
    pictures = pictures or tuple(PICTURES)
    for picture in pictures:
        yield from _kernel(picture)
    yield from _browser(pictures)


def _kernel(picture: str) -> Iterator[Row]:
    code = (
        f"import json; from benchmarks._page import *; a, b = ours({picture!r}), peer({picture!r});"
        "step_times({'ours': a, 'peer': b}, 5);"
        f"print('FIGURES', json.dumps([step_times({{'ours': a, 'peer': b}}), memory({picture!r})]))"
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
    yield Row(what=f"{picture}: step in the kernel", ours=times["ours"], peer=times["peer"], unit="ms", goal=0.08)
    yield Row(what=f"{picture}: memory after 1,000", ours=then, peer=first, peer_name="after 10", unit="KB", goal=1.02)


def _browser(pictures: Sequence[str]) -> Iterator[Row]:
    # JupyterLab is driven as the browser tests drive it, and runs as `salesmetrics lab` runs it.
    sys.path.insert(0, str(ROOT / "tests"))
    from browser.conftest import FLAGS
    from browser.harness import Lab, open_notebook, run_all
    from playwright.sync_api import sync_playwright
    from serving import serving

    with tempfile.TemporaryDirectory() as home, sync_playwright() as playwright:
        folder = Path(home, "lessons")
        program = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
        browser = playwright.chromium.launch(executable_path=program, args=FLAGS)
        with serving(folder, "--expose-app-in-browser", home=Path(home, "home")) as server:
            for picture in pictures:
                calls = [f"from benchmarks._page import *\n{kind}({picture!r});" for kind in KINDS]
                page = nbformat.v4.new_notebook(
                    cells=[nbformat.v4.new_code_cell(call) for call in calls],
                    metadata={"kernelspec": {"name": "python3", "display_name": "Python 3"}},
                )
                nbformat.write(page, folder / f"{picture}.ipynb")
                lab = Lab(server, browser.new_page(viewport={"width": 1280, "height": 2400}))
                open_notebook(lab, f"{picture}.ipynb")
                run_all(lab)
                yield from _watch(lab.page, picture)
                lab.page.close()
        browser.close()


def _watch(page: Any, picture: str) -> Iterator[Row]:
    page.wait_for_selector(".salesmetrics-picture")
    page.wait_for_selector(".widget-output img")
    page.wait_for_selector(".widget-html-content", state="attached")
    page.wait_for_timeout(2_000)
    script = (ROOT / "benchmarks/_page/watch.js").read_text(encoding="utf-8").rstrip().rstrip(";")
    page.evaluate(f"window.watched = [0, 1, 2].map({script})")
    answers: dict[str, list[float]] = {kind: [] for kind in KINDS}
    for key in ("ArrowRight", "ArrowLeft"):
        for _round in range(ROUNDS):
            for i, kind in enumerate(KINDS):
                answers[kind] += [_press(page, i, key) for _press_number in range(PRESSES)]
    steps = {kind: median(times) for kind, times in answers.items()}
    what = f"{picture}: key to picture painted"
    yield Row(what=what, ours=steps["ours"], peer=steps["peer"], unit="ms", goal=0.35)
    yield Row(what=what, ours=steps["ours"], peer=steps["floor"], peer_name="text", unit="ms", goal=1.3)
    rushes: dict[str, list[Any]] = {"ours": [], "peer": []}
    for _rush_number in range(RUSHES):
        for i, seen in enumerate(rushes.values()):
            seen.append(page.evaluate(f"i => watched[i].rush({EVENTS}, {APART})", i))
    for what, unit, goal, at_least in (("settle", "ms", 0.3, False), ("pictures", "shown", 2.5, True)):
        ours, peer = (median(rush[what] for rush in seen) for seen in rushes.values())
        yield Row(
            what=f"{picture}: {EVENTS} events, {APART} ms apart: {what}",
            ours=ours,
            peer=peer,
            unit=unit,
            goal=goal,
            at_least=at_least,
        )


def _press(page: Any, index: int, key: str) -> float:
    page.evaluate("i => { watched[i].focus(); watched[i].forget(); }", index)
    page.keyboard.press(key)
    page.wait_for_function("i => watched[i].answer() !== null", arg=index)
    time: float = page.evaluate("i => watched[i].answer()", index)
    page.wait_for_timeout(150)
    return time
