"""One's own deals, shown in the kit's JupyterLab and in a plain one: saved, copied, exported, reopened, and in no file.

The export's every cell and sum, and the target, stand nowhere else; what is searched is every file under the server's
folder and under its user's settings.
"""

import json
import os
from collections.abc import Iterator
from pathlib import Path

import nbformat
import pytest
from leaks import leaks, secrets
from playwright.sync_api import Browser, expect
from serving import JUPYTERLAB, KIT, ask, serving

from browser.harness import PANEL, SLIDER, Lab, cells, open_notebook, read_whole, run_all, save, show_cell

pytestmark = pytest.mark.browser

ROWS = """deal_id,status,amount,created_on,closed_on,expected_close_on,account,owner,stage
QX-7001,open,987654,1999-03-07,,2001-03-29,Zwaluwnest,Barnevelder,Kwalificeren
QX-7002,won,123457,1999-04-07,2001-02-14,,Karekiet BV,Barnevelder,Ondertekend
QX-7003,lost,345679,1999-05-07,2001-02-15,,IJsvogelpark,Welsummer,Kwalificeren
QX-7004,won,234568,1999-06-07,2001-02-16,,Wielewaal,Welsummer,Ondertekend
"""
TARGET = 7_654_321
CELLS = [
    "import salesmetrics as sm\nexport = sm.read_deals('../mine.csv')\nexport",
    "export.deals",
    "sm.coverage(export.deals, target=7654 * 1000 + 321, period='2001Q1')",
    "export.deals.plot.bar(x='account', y='amount')",
    "mine = sm.your_pipeline()\nmine._box.open('../mine.csv')\nmine._target.value = '7' + '654321'\nmine",
    "mine.stages()",
    "mine.sliders()",
    "frame = export.deals\nframe?",
    "sm.coverage(export.deals, target=-1)",
]
# Stored by a plain Jupyter, as its README says.
PLAIN = "print(export.deals)\nexport.deals['amount'].sum(), 7654 * 1000 + 321, export.deals['account'].tolist()"


@pytest.fixture(params=["kit", "plain"])
def own_lab(request: pytest.FixtureRequest, browser: Browser, tmp_path: Path) -> Iterator[Lab]:
    """A JupyterLab of its own that saves by itself every second, the state of widgets included."""
    folder = tmp_path / "place" / "lessons"
    folder.parent.mkdir()
    (folder.parent / "mine.csv").write_text(ROWS, encoding="utf-8")
    kit = request.param == "kit"
    if not kit:
        folder.mkdir()
    options = ("--lang", "en") if kit else (f"--ServerApp.root_dir={folder}",)
    command = (*KIT, "lessons") if kit else JUPYTERLAB
    with serving(folder, *options, "--expose-app-in-browser", home=tmp_path / "home", command=command) as server:
        for plugin, setting in (
            ("@jupyterlab/docmanager-extension:plugin", {"autosaveInterval": 1}),
            ("@jupyter-widgets/jupyterlab-manager:plugin", {"saveState": True}),
        ):
            ask(server.address, f"/lab/api/settings/{plugin}", method="PUT", body={"raw": json.dumps(setting)})
        window = Lab(server, browser.new_page(viewport={"width": 1280, "height": 900}))
        window.kit = kit  # type: ignore[attr-defined]
        yield window
        if folder := os.environ.get("SCREENSHOTS"):
            window.page.screenshot(path=Path(folder, f"{request.node.name}.png"))
        window.page.close()


def write(lab: Lab, name: str, cells: list[str]) -> None:
    kernel = {"name": "python3", "display_name": "Python 3 (ipykernel)", "language": "python"}
    made = nbformat.v4.new_notebook(
        metadata={"kernelspec": kernel}, cells=[nbformat.v4.new_code_cell(source) for source in cells]
    )
    nbformat.write(made, lab.server.folder / name)


def holding(lab: Lab) -> list[str]:
    """Name what of the export is in any file: notebooks, checkpoints, exported pages, settings, workspaces, logs."""
    found = []
    for folder in (lab.server.folder, lab.server.log.parent):
        for path in folder.rglob("*"):
            if path.is_file() and "static" not in path.parts and not path.name.endswith(".py"):
                text = read_whole(path)
                content = json.loads(text) if text and path.suffix == ".ipynb" else text
                export = lab.server.folder.parent / "mine.csv"
                found += [f"{path.name}: {leak}" for leak in leaks(content, export, TARGET)]
    return found


def save_as(lab: Lab, name: str) -> None:
    """Save what the page holds under another name, by the request of JupyterLab's own "Save as".

    Its dialogs are left out: which of them come depends on whether it was saving by itself at that moment.
    """
    save(lab)
    lab.page.evaluate(
        f"""name => window.jupyterapp.serviceManager.contents.save(name,
            {{type: "notebook", format: "json", content: {PANEL}.context.model.toJSON()}})""",
        name,
    )
    assert (lab.server.folder / name).exists()


def reopen(lab: Lab, name: str) -> None:
    """Leave the page and open a notebook in a new one, once what the old page was saving is saved."""
    lab.page.goto("about:blank")
    lab.page.wait_for_timeout(1_000)
    open_notebook(lab, name)


@pytest.mark.parametrize("language", ["en"])
def test_own_deals_are_on_the_screen_and_in_no_file(own_lab: Lab, language: str, tmp_path: Path) -> None:
    lab, page = own_lab, own_lab.page
    write(lab, "work.ipynb", [*CELLS[:-1], *([PLAIN] if lab.kit else []), CELLS[-1]])  # type: ignore[attr-defined]
    open_notebook(lab, "work.ipynb")
    run_all(lab, changed=True)
    # All but the last cell has done its work: a cell that fails shows nothing, which would be in no file either.
    failed = [cell["source"] for cell in cells(lab) for found in cell["outputs"] if found["output_type"] == "error"]
    assert failed == [CELLS[-1]]
    output = page.locator(".jp-OutputArea-output")
    for cell, words in (
        ("sm.read_deals", "keep_results"),
        ("export.deals", "Zwaluwnest"),
        ("sm.coverage", "987,654"),
        ("your_pipeline", "mine.csv"),
        ("mine.stages", "Kwalificeren"),
        ("frame?", "String form"),
        ("target=-1", "The target must be an amount of more than 0"),
    ):
        show_cell(lab, cell)
        expect(output.get_by_text(words).locator("visible=true").first).to_be_visible()
    show_cell(lab, "plot.bar")
    expect(page.locator(".jp-OutputArea-output img").locator("visible=true").first).to_be_visible()
    show_cell(lab, "mine.sliders()")
    page.locator(SLIDER).first.press("ArrowLeft")
    page.wait_for_timeout(3_000)  # it has saved itself by then
    assert holding(lab) == []
    save(lab)
    save(lab)
    assert holding(lab) == []
    # The same kernel in a new page: the screen asks again, and shows what there is now.
    reopen(lab, "work.ipynb")
    show_cell(lab, "mine.stages")
    if not lab.kit:  # type: ignore[attr-defined]
        expect(output.get_by_text("Kwalificeren").locator("visible=true").first).to_be_visible()
    save(lab)
    assert holding(lab) == []
    kernel = page.evaluate(f"() => {PANEL}.sessionContext.session.kernel.id")
    # A second notebook on that kernel, with nothing in it that names a file.
    write(lab, "second.ipynb", ["export.deals"] + (["print(export.deals)"] if lab.kit else []))  # type: ignore[attr-defined]
    body = {"path": "second.ipynb", "name": "second", "type": "notebook", "kernel": {"id": kernel}}
    ask(lab.server.address, "/api/sessions", method="POST", body=body)
    reopen(lab, "second.ipynb")
    run_all(lab, changed=True)
    expect(output.get_by_text("Zwaluwnest").locator("visible=true").first).to_be_visible()
    reopen(lab, "work.ipynb")
    save_as(lab, "other.ipynb")
    ask(lab.server.address, "/api/contents", method="POST", body={"copy_from": "work.ipynb"})
    for name in ("work.ipynb", "other.ipynb"):
        exported = ask(lab.server.address, f"/nbconvert/html/{name}?download=true")
        (lab.server.folder / f"{name}.html").write_text(exported, encoding="utf-8")
    assert holding(lab) == []

    # The cell that read the file is deleted, and the kernel dies or is started anew; what was shown still stands there.
    page.evaluate(f"() => {PANEL}.sessionContext.session.kernel.restart()")
    save(lab)
    ask(lab.server.address, f"/api/kernels/{kernel}", method="DELETE")
    save(lab)
    save_as(lab, "third.ipynb")
    assert holding(lab) == []
    reopen(lab, "other.ipynb")
    expect(page.locator(".jp-NotebookPanel").locator("visible=true").first).not_to_contain_text("Zwaluwnest")
    save(lab)
    assert holding(lab) == []


@pytest.mark.parametrize("language", ["en"])
def test_the_search_of_files_finds_what_a_plain_jupyter_stores(own_lab: Lab, language: str) -> None:
    write(own_lab, "work.ipynb", [CELLS[0], PLAIN])
    open_notebook(own_lab, "work.ipynb")
    run_all(own_lab, changed=True)
    save(own_lab)
    assert bool(holding(own_lab)) is not own_lab.kit  # type: ignore[attr-defined]
    assert len(secrets(own_lab.server.folder.parent / "mine.csv", TARGET)) > 90
