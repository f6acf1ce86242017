"""A slider's step: in the kernel; and in Chromium, in the lesson itself, from the key to the picture painted."""

from __future__ import annotations

import ast
import json
import os
import shutil
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from statistics import median, quantiles
from typing import Any

import nbformat
from jupyter_client.manager import start_new_kernel

from benchmarks import Row
from benchmarks._page import PICTURES

ROOT = Path(__file__).parent.parent
ROUNDS, PRESSES, RUSHES, EVENTS, APART = 8, 5, 5, 40, 25
FRAME = 1000 / 60


def rows(*pictures: str) -> Iterator[Row]:
    """Measure some pictures, or all."""
    os.environ["PYTHONPATH"] = str(ROOT)
    os.environ["PYDEVD_DISABLE_FILE_VALIDATION"] = "1"
    pictures = pictures or tuple(PICTURES)
    for picture in pictures:
        yield from _kernel(picture)
    yield from _browser(pictures)


def _kernel(picture: str) -> Iterator[Row]:
    code = f"""
import json
from benchmarks._page import *
sliders = {{"ours": ours({picture!r}), "peer": peer({picture!r})}}
step_times(sliders, 5)
times, held = step_times(sliders), memory({picture!r})
"""
    manager, client = start_new_kernel()
    try:
        # Asked for as a value, since what a kernel prints comes in pieces.
        asked = {"figures": "json.dumps([times, held])"}
        reply = client.execute_interactive(code, output_hook=lambda _said: None, timeout=300, user_expressions=asked)
        answer = reply["content"]
    finally:
        client.stop_channels()
        manager.shutdown_kernel(now=True)
    if answer["status"] != "ok":
        raise RuntimeError("\n".join(answer["traceback"]))
    times, (first, then) = json.loads(ast.literal_eval(answer["user_expressions"]["figures"]["data"]["text/plain"]))
    yield Row(what=f"{picture}: step in the kernel", ours=times["ours"], peer=times["peer"], unit="ms", goal=0.06)
    yield Row(what=f"{picture}: memory after 1,000", ours=then, peer=first, peer_name="after 10", unit="KB", goal=1.02)


def _browser(pictures: Sequence[str]) -> Iterator[Row]:
    # JupyterLab is driven as the browser tests drive it, and runs as `salesmetrics lab` runs it.
    sys.path.insert(0, str(ROOT / "tests"))
    from browser.conftest import FLAGS
    from browser.harness import Lab, awake, open_notebook, open_page, run_all, show_cell
    from playwright.sync_api import sync_playwright
    from serving import serving

    script = (ROOT / "benchmarks/_page/watch.js").read_text(encoding="utf-8").rstrip().rstrip(";")
    size: Any = {"width": 1280, "height": 720}
    with tempfile.TemporaryDirectory() as home, sync_playwright() as playwright:
        folder = Path(home, "lessons")
        program = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
        browser = playwright.chromium.launch(executable_path=program, args=FLAGS)
        options = ("--lang", "en", "--expose-app-in-browser")
        with serving(folder, *options, home=Path(home, "home")) as server:
            for picture in pictures:
                pages = [browser.new_page(viewport=size) for _page in range(2)]
                lesson, line = (Lab(server, page) for page in pages)
                call = f"sm.explore({json.dumps(picture)})"
                open_page(lesson, _lesson(folder, call))
                awake(lesson)
                # A picture may stand in a section that waits to be opened.
                lesson.page.evaluate("() => window.jupyterapp.commands.execute('notebook:expand-all-headings')")
                open_notebook(line, _floor(folder, picture))
                run_all(line)
                for cell, handle in (
                    (show_cell(lesson, call), "input[type=range]"),
                    (line.page.locator(".jp-CodeCell:visible").first, ".noUi-handle"),
                ):
                    cell.locator(handle).first.wait_for()
                    cell.evaluate(f"cell => {{ window.watched = ({script})(cell); }}")
                lesson.page.wait_for_timeout(2_000)
                yield from _watch(picture, *pages)
                for page in pages:
                    page.close()
        browser.close()


def _lesson(folder: Path, call: str) -> str:
    """Find the first lesson that shows a picture."""
    lessons = ((path, nbformat.read(path, 4)) for path in sorted(folder.glob("*.ipynb")))
    return next(path.name for path, lesson in lessons if any(call in cell.source for cell in lesson.cells))


def _floor(folder: Path, picture: str) -> str:
    """Write the page with the slider that changes one line of text."""
    call = f"from benchmarks._page import *\nfloor({picture!r});"
    page = nbformat.v4.new_notebook(
        cells=[nbformat.v4.new_code_cell(call)],
        metadata={"kernelspec": {"name": "python3", "display_name": "Python 3"}},
    )
    path = folder / f"line-{picture}.ipynb"
    nbformat.write(page, path)
    return path.name


def _watch(picture: str, *pages: Any) -> Iterator[Row]:
    """Press keys in the lesson and on the page with the line, turn by turn."""
    answers: list[list[float]] = [[], []]
    for _round in range(ROUNDS):
        for page, times in zip(pages, answers, strict=True):
            times += [_press(page, press / PRESSES) for press in range(PRESSES)]
    for what, figure, goal in (
        ("key to picture painted", median, 1.3),
        ("the same, 95th percentile", lambda times: quantiles(times, n=20)[-1], 1.5),
    ):
        ours, line = (figure(times) for times in answers)
        yield Row(what=f"{picture}: {what}", ours=ours, peer=line, peer_name="a line", unit="ms", goal=goal)
    rushes: list[list[Any]] = [[], []]
    for _rush_number in range(RUSHES):
        for page, seen in zip(pages, rushes, strict=True):
            seen.append(page.evaluate(f"() => watched.rush({EVENTS}, {APART})"))
    ours, line = (median(rush["settle"] for rush in seen) for seen in rushes)
    what = f"{picture}: {EVENTS} events, {APART} ms apart"
    yield Row(what=f"{what}: settle", ours=ours, peer=line, peer_name="a line", unit="ms", goal=1.3)
    shown = median(rush["pictures"] for rush in rushes[0])
    yield Row(what=f"{what}: shown", ours=shown, peer=EVENTS, peer_name="of", unit="", goal=1, at_least=True)


def _press(page: Any, part: float) -> float:
    """Press a key at some part of the screen's frame, and give the milliseconds until the answer is painted.

    An answer is seen at the beginning of a frame, and 150 ms are nine frames: without the part every key would come at
    the same moment of one, and two answers a millisecond apart could differ by a whole frame, each time or never.
    """
    page.wait_for_timeout(150 + part * FRAME)
    key = page.evaluate("() => { watched.focus(); watched.forget(); return watched.key(); }")
    page.keyboard.press(key)
    page.wait_for_function("() => watched.answer() !== null")
    time: float = page.evaluate("() => watched.answer()")
    return time
