"""From a lesson opened until its first bet answers, and from the command until JupyterLab answers."""

from __future__ import annotations

import re
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from statistics import median

import nbformat

from benchmarks import Row

ROOT = Path(__file__).parent.parent
ROUNDS = 5
BET = '[data-exercise="welcome-bet"]:visible'


def rows() -> Iterator[Row]:
    """Measure both, turn by turn with the same notebook run by hand, and with JupyterLab alone."""
    # JupyterLab is driven as the browser tests drive it, and runs as `salesmetrics lab` runs it.
    sys.path.insert(0, str(ROOT / "tests"))
    from browser.conftest import FLAGS
    from browser.harness import Lab, end_kernels, open_notebook, open_page, run_all
    from playwright.sync_api import sync_playwright
    from serving import JUPYTERLAB, KIT, serving

    def until_answered(lab: Lab, opened: Callable[[], object]) -> float:
        start = time.perf_counter()
        opened()
        bet = lab.page.locator(BET)
        bet.get_by_role("button").first.click(timeout=120_000)
        bet.get_by_role("status").filter(has_text=re.compile(".")).first.wait_for(timeout=120_000)
        took = time.perf_counter() - start
        end_kernels(lab)
        lab.page.goto("about:blank")
        # Nor is the bet placed already the next time.
        for kept in ("answers.json", "progress.json"):
            (lab.server.folder / kept).unlink(missing_ok=True)
        return took

    with tempfile.TemporaryDirectory() as home, sync_playwright() as playwright:
        folder = Path(home, "lessons")
        program = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
        browser = playwright.chromium.launch(executable_path=program, args=FLAGS)
        with serving(folder, "--lang", "en", "--expose-app-in-browser", home=Path(home, "home")) as server:
            lab = Lab(server, browser.new_page(viewport={"width": 1280, "height": 720}))
            lesson = nbformat.read(folder / "00-welcome.ipynb", 4)
            # Without its mark it is any notebook, and waits for Run All.
            lesson.metadata.pop("salesmetrics")
            nbformat.write(lesson, folder / "by-hand.ipynb")
            ours, by_hand = [], []
            for _round in range(ROUNDS):
                ours.append(until_answered(lab, lambda: open_page(lab, "00-welcome.ipynb")))
                by_hand.append(until_answered(lab, lambda: (open_notebook(lab, "by-hand.ipynb"), run_all(lab))))
        browser.close()
        what = "lesson opened: first bet answers"
        yield Row(what=what, ours=median(ours), peer=median(by_hand), peer_name="Run All", unit="s", goal=1)
        started: dict[str, list[float]] = {"kit": [], "plain": []}
        for at in range(ROUNDS):
            for name, options in (("kit", {"command": (*KIT, "lessons")}), ("plain", {"command": JUPYTERLAB})):
                start, place = time.perf_counter(), Path(home, f"{name}-{at}")
                (place / "lessons").mkdir(parents=True)
                with serving(place / "lessons", home=place / "home", **options):
                    started[name].append(time.perf_counter() - start)
        kit, plain = (median(times) for times in started.values())
        what = "command: JupyterLab answers, lessons laid down"
        yield Row(what=what, ours=kit, peer=plain, peer_name="jupyter lab", unit="s", goal=1.1)
