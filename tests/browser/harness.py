"""What a learner does in JupyterLab, done by Playwright: open, run, drag, type, save, open again."""

import json
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from playwright.sync_api import FloatRect, Locator, Page, expect
from serving import TOKEN, Server, ask

# What JupyterLab says in any notebook, with or without the kit.
NOISE = ("favicon", "ResizeObserver loop")
SENTENCE = '.salesmetrics-picture p[role="status"]'
SLIDER = '.salesmetrics-slider input[type="range"]'
BOX = '.salesmetrics-slider input[type="text"]'
STORED = ".jp-OutputArea-output figure"
BAR = ".salesmetrics-bar"
PANEL = "window.jupyterapp.shell.currentWidget"
# A page that needs no Python, when it answers.
READY = "html[data-ready]"
Open = Callable[..., Page]


@dataclass
class Lab:
    """A browser window on a running JupyterLab, and the errors it has reported; ``folds``: what follows a bet waits."""

    server: Server
    page: Page
    errors: list[str] = field(default_factory=list)
    folds: bool = False

    def __post_init__(self) -> None:
        # Two labs, two browsers and two kernels may share two cores.
        self.page.set_default_timeout(60_000)
        if not self.folds:
            # As a facilitator who has chosen “Open all” once: what follows a bet is in sight.
            self.page.add_init_script("localStorage.setItem('salesmetrics-open-all', 'yes')")
        self.page.on("console", lambda said: self._heard(said.text) if said.type == "error" else None)
        self.page.on("pageerror", lambda error: self._heard(str(error)))

    def _heard(self, text: str) -> None:
        if not any(noise in text for noise in NOISE):
            self.errors.append(text)


def open_notebook(lab: Lab, name: str) -> None:
    """Open a notebook in a fresh workspace and wait until its kernel can be asked something."""
    lab.page.goto(f"{lab.server.address}/lab/tree/{name}?reset&token={TOKEN}")
    lab.page.wait_for_function(
        f"""() => {{
            const panel = window.jupyterapp && {PANEL};
            const kernel = panel && panel.sessionContext && panel.sessionContext.session?.kernel;
            return kernel && kernel.connectionStatus === "connected" && kernel.status === "idle";
        }}""",
        timeout=120_000,
    )
    lab.page.evaluate(f"() => {PANEL}.sessionContext.session.kernel.requestKernelInfo()")


def open_page(lab: Lab, name: str) -> None:
    """Open a lesson as `salesmetrics lab` does, by itself as a page, and wait for nothing but its bar."""
    lab.page.goto(f"{lab.server.address}/doc/tree/{name}?reset&token={TOKEN}")
    expect(lab.page.locator(BAR)).to_be_visible()


def awake(lab: Lab) -> None:
    """Wait until all cells that run by themselves have run."""
    expect(lab.page.locator('[data-salesmetrics="awake"]:visible')).to_be_visible(timeout=120_000)


def run_all(lab: Lab, *, changed: bool = False) -> None:
    """Run every cell, or wait until a lesson that wakes by itself has run its own; one that was changed is run too."""
    wakes = lab.page.locator(f"{BAR}:visible").count() > 0
    if wakes:
        awake(lab)
    # A second run would put each picture in the place of the one that is looked at.
    if changed or not wakes:
        lab.page.evaluate("() => window.jupyterapp.commands.execute('notebook:run-all-cells')")
    lab.page.wait_for_function(f"() => {PANEL}.sessionContext.session.kernel.status === 'idle'", timeout=120_000)


def cells(lab: Lab) -> list[dict[str, Any]]:
    """Give the open notebook's cells as JupyterLab holds them."""
    found: list[dict[str, Any]] = lab.page.evaluate(f"() => {PANEL}.content.model.toJSON().cells")
    return found


def error_outputs(lab: Lab) -> list[str]:
    """Give the errors that cells of the open notebook show."""
    outputs = [output for cell in cells(lab) for output in cell.get("outputs", ())]
    return [output["evalue"] for output in outputs if output["output_type"] == "error"]


def show_cell(lab: Lab, text: str) -> Locator:
    """Bring the first code cell with this text into view, and give it.

    JupyterLab draws only what can be seen, and what it has drawn stays on the page and counts as visible: what is not
    looked for in a cell of its own may be found in another one.
    """
    at = next(at for at, cell in enumerate(cells(lab)) if cell["cell_type"] == "code" and text in cell["source"])
    # Cells above it may still grow and push it away again, so it has to stay in view.
    stayed = 0
    for _ in range(100):
        lab.page.evaluate(f"at => {PANEL}.content.scrollToItem(at, 'start')", at)
        time.sleep(0.2)
        top = lab.page.evaluate(f"at => {PANEL}.content.widgets[at].node.getBoundingClientRect().top", at)
        stayed = stayed + 1 if 0 < top < 450 else 0
        if stayed == 3:
            unfold(lab)
            lab.page.evaluate(f"at => {{ {PANEL}.content.widgets[at].node.dataset.shown = at; }}", at)
            return lab.page.locator(f'[data-shown="{at}"]:visible')
    raise AssertionError(f"the cell with {text} does not come into view")


def unfold(lab: Lab) -> None:
    """Bring the levers that are folded away into sight, of every Explorer on the page."""
    folded = lab.page.locator('.salesmetrics-controls button[aria-expanded="false"]:visible')
    while folded.count():
        folded.first.press("Enter")


def write_cell(lab: Lab, old: str, new: str) -> None:
    """Replace a piece of text in the one code cell that holds it."""
    lab.page.evaluate(
        f"""([old, changed]) => {{
            const found = [...{PANEL}.content.model.cells].filter(
                cell => cell.type === "code" && cell.sharedModel.getSource().includes(old));
            if (found.length !== 1) throw new Error(`${{found.length}} cells hold ${{old}}`);
            found[0].sharedModel.setSource(found[0].sharedModel.getSource().replace(old, changed));
        }}""",
        [old, new],
    )


def save(lab: Lab) -> dict[str, Any]:
    """Save the open notebook and give what is in the file then."""
    # Not waited for in the page: a question whether to write over what the page has just saved by itself would stand
    # there until somebody answers.
    lab.page.evaluate(
        """() => {
            window.saved = false;
            window.jupyterapp.commands.execute("docmanager:save").finally(() => (window.saved = true));
        }"""
    )
    overwrite = lab.page.locator(".jp-Dialog-button.jp-mod-warn", has_text="Overwrite")
    for _ in range(600):
        if lab.page.evaluate("() => window.saved"):
            break
        if overwrite.is_visible():
            overwrite.click()
        time.sleep(0.1)
    else:
        raise AssertionError("the notebook was not saved within a minute")
    lab.page.wait_for_function(f"() => !{PANEL}.context.model.dirty")
    path = lab.page.evaluate(f"() => {PANEL}.context.path")
    saved: dict[str, Any] = json.loads(read_whole(lab.server.folder / path))
    return saved


def read_whole(path: Path) -> str:
    """Read a file of a server that runs, the empty text where it is gone by now.

    Jupyter writes a notebook in place: while a page saves by itself, the file is empty for a moment or ends halfway.
    """
    for _ in range(100):
        try:
            text = path.read_text(encoding="utf-8", errors="replace")
            if path.suffix == ".ipynb":
                json.loads(text)
        except FileNotFoundError:
            return ""
        except json.JSONDecodeError:
            time.sleep(0.1)
        else:
            return text
    raise AssertionError(f"{path.name} was never whole: {text[:200]!r}")


def end_kernels(lab: Lab) -> None:
    """End every kernel, as a night or a restart does; what a notebook shows then is what is stored in it."""
    for session in json.loads(ask(lab.server.address, "/api/sessions")):
        ask(lab.server.address, f"/api/sessions/{session['id']}", method="DELETE")


def drag(lab: Lab, slider: Locator, to: float) -> None:
    """Drag a slider's handle with the mouse to a part of the way, from 0 at its left end to 1 at its right.

    A notebook's page still moves for a moment after it was scrolled: cells above the slider get their real height only
    when they are drawn. A hand then takes hold again, and so does this, until the slider is what the mouse presses.
    """
    handle = 16
    for _ in range(20):
        at = slider.evaluate("node => (node.value - node.min) / (node.max - node.min)")
        box = settled_box(lab, slider)
        left, way, middle = box["x"] + handle / 2, box["width"] - handle, box["y"] + box["height"] / 2
        lab.page.mouse.move(left + way * at, middle)
        lab.page.mouse.down()
        if slider.evaluate("node => node.matches(':active')"):
            break
        lab.page.mouse.up()
    else:
        raise AssertionError("the slider's handle could not be taken hold of")
    for step in range(1, 11):
        lab.page.mouse.move(left + way * (at + (to - at) * step / 10), middle)
    lab.page.mouse.up()


def settled_box(lab: Lab, slider: Locator) -> FloatRect:
    """Give where a slider is on the screen once it has stood still there for a moment."""
    for _ in range(50):
        slider.scroll_into_view_if_needed()
        box = slider.bounding_box()
        lab.page.wait_for_timeout(100)
        if box is not None and box == slider.bounding_box():
            return box
    raise AssertionError("the slider never stands still")


def sentence_after(lab: Lab, act: Callable[[], object], *, within: float = 60, sentence: str = SENTENCE) -> str:
    """Do something to the one Explorer in sight and give its sentence once it has changed and come to rest."""
    place = lab.page.locator(sentence)
    before = place.text_content() or ""
    act()
    expect(place).not_to_have_text(before, timeout=within * 1000)
    return at_rest(place)


def at_rest(place: Locator) -> str:
    """Give a text once it has stopped changing."""
    text = place.text_content() or ""
    for _ in range(50):
        time.sleep(0.2)
        if text == (text := place.text_content() or ""):
            return text
    raise AssertionError(f"never came to rest: {text}")


def picture_is_painted(image: Locator) -> bool:
    """Tell whether an image has been loaded and has a size."""
    expect(image).to_be_visible()
    painted: bool = image.evaluate("async node => { await node.decode(); return node.naturalWidth > 100; }")
    return painted
