"""Every lesson in both languages: run, every slider by mouse and by key, and nothing cut off where room is short."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import expect

from browser.harness import PANEL, SLIDER, Lab, cells, drag, error_outputs, open_notebook, run_all, unfold

pytestmark = pytest.mark.browser

NOTEBOOKS = Path(__file__).parents[2] / "notebooks"
NUMBERS = sorted(path.name[:2] for path in (NOTEBOOKS / "en").glob("*.ipynb"))
# What no sentence may say, in either language.
BROKEN = re.compile(r"\b(nan|NaN|None|inf|null|undefined)\b|[{}]")
# In pixels of the page: a small laptop, and a usual one at 200% zoom.
WIDTHS = {"800 pixels": 800, "200% zoom": 640}
# Elements that hold something wider than themselves, or that stand out of the notebook. At 200% a table may, if it
# scrolls: its columns have to stay beside each other.
CUT_OFF = """tablesMayScroll => {
    const room = document.querySelector(".jp-Notebook").getBoundingClientRect();
    const kinds = ["explorer", "picture", "exercise"].map(kind => `.salesmetrics-${kind}`);
    const free = node => node.querySelector("table") && getComputedStyle(node).overflowX === "auto";
    return [...document.querySelectorAll([".jp-RenderedHTMLCommon", ".widget-box", ...kinds])]
        .filter(node => node.offsetParent)
        .filter(node => !(tablesMayScroll && free(node)))
        .filter(node => node.scrollWidth > node.clientWidth + 1 || node.getBoundingClientRect().right > room.right + 1)
        .map(node => `${node.className}: ${node.scrollWidth} in ${node.clientWidth}: ${node.innerText.slice(0, 80)}`);
}"""


@pytest.mark.parametrize("number", NUMBERS)
def test_every_slider_moves_and_nothing_is_cut_off(lab: Lab, language: str, number: str) -> None:
    (path,) = (NOTEBOOKS / language).glob(f"{number}-*.ipynb")
    open_notebook(lab, path.name)
    # All cells in the page at once, where JupyterLab would draw only those in sight.
    lab.page.evaluate(
        f"() => {{ {PANEL}.content.notebookConfig = {{...{PANEL}.content.notebookConfig, windowingMode: 'none'}} }}"
    )
    run_all(lab)
    assert all(cell["execution_count"] for cell in cells(lab) if cell["cell_type"] == "code")

    lab.page.evaluate("() => window.jupyterapp.commands.execute('notebook:expand-all-headings')")
    unfold(lab)
    for slider in lab.page.locator(SLIDER).all():
        expect(slider).to_be_visible()
        drag(lab, slider, 0.3)
        for key, end in (("End", "max"), ("Home", "min")):
            slider.press(key)
            # As numbers: Chromium writes two fifteenths with a digit less than Python does.
            lab.page.wait_for_function(f"node => Math.abs(node.value - node.{end}) < 1e-9", arg=slider.element_handle())
    lab.page.wait_for_function(f"() => {PANEL}.sessionContext.session.kernel.status === 'idle'")
    for picture in lab.page.locator(".salesmetrics-picture").all():
        sentence = picture.locator("[role=status]").inner_text()
        assert sentence
        assert not BROKEN.search(sentence), sentence
        assert picture.locator("[role=alert]").inner_text() == ""

    lab.page.evaluate("() => window.jupyterapp.shell.collapseLeft()")
    for room, width in WIDTHS.items():
        lab.page.set_viewport_size({"width": width, "height": 900})
        lab.page.wait_for_timeout(500)
        assert lab.page.evaluate(CUT_OFF, width < 800) == [], room
    assert error_outputs(lab) == []
    assert lab.errors == []
