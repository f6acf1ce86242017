"""One's own deals in a notebook: whatever is shown, the file holds one line in its place."""

import base64
import json
from importlib.resources import files
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError

import salesmetrics as sm
from salesmetrics import own_pipeline as own

FILE = "deal_id,status,amount,closed_on,account\n1,open,987654,,Zwaluw\n2,won,123457,2026-02-14,Zwaluw\n"
SECRETS = ("987654", "987,654", "987.654", "123457", "123,457", "123.457", "Zwaluw", "800%")
LINES = {
    "en": "Shown while the notebook runs, and not stored in it: this is about your own deals.",
    "nl": "Zichtbaar zolang het notebook draait en niet erin bewaard: dit gaat over je eigen deals.",
}


def run(folder, *sources, allow_errors=False):
    """Run a notebook and give its outputs cell by cell, and what its widgets hold."""
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(source) for source in sources])
    client = NotebookClient(
        notebook,
        kernel_name="python3",
        resources={"metadata": {"path": str(folder)}},
        store_widget_state=True,
        allow_errors=allow_errors,
    )
    client.execute()
    return [cell.outputs for cell in notebook.cells], client.widget_state


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "mine.csv").write_text(FILE, encoding="utf-8")
    return tmp_path


def test_results_of_an_own_file_are_on_the_screen_and_not_in_the_notebook(folder, language):
    outputs, screen = run(
        folder,
        f"import salesmetrics as sm; from salesmetrics import own_pipeline as own\nsm.use_language({language!r})",
        "export = own.read_deals('mine.csv')\nexport.receipt",
        "sm.coverage(export.deals, target=800_001)",
        "from IPython.display import display\ndisplay(export.deals)\nexport.deals['account'].tolist()",
        "from IPython.display import Image, SVG\n"
        "display(Image(data=b'\\x89PNG Zwaluw', format='png'))\nSVG('<svg><text>Zwaluw</text></svg>')",
        "sm.explore('coverage')",
    )
    results = [output for cell in outputs for output in cell]
    assert len(results) == 7
    assert {output["data"]["text/plain"] for output in results} == {LINES[language]}
    stored = json.dumps(outputs)
    assert not [secret for secret in SECRETS if secret in stored]
    shown = json.dumps(screen)
    assert "987,654" in shown or "987.654" in shown
    assert "['Zwaluw', 'Zwaluw']".replace("'", "&#x27;") in shown
    assert base64.b64encode(b"\x89PNG Zwaluw").decode() in shown
    assert base64.b64encode(b"<svg><text>Zwaluw</text></svg>").decode() in shown


@pytest.mark.parametrize(
    ("failing", "words"),
    [
        ("own.read_deals('mine.csv', columns={'amount': 'account'})", "Zwaluw"),
        ("own.read_deals('Zwaluw.csv')", "Zwaluw.csv"),
        ("own.read_deals('mine.csv').deals['Zwaluw']", "KeyError: &#x27;Zwaluw&#x27;"),
    ],
)
def test_an_error_that_quotes_an_own_file_is_on_the_screen_only(folder, failing, words):
    outputs, screen = run(
        folder, f"import salesmetrics as sm; from salesmetrics import own_pipeline as own\n{failing}", allow_errors=True
    )
    assert not [secret for secret in SECRETS if secret in json.dumps(outputs)]
    assert words in json.dumps(screen)


def test_a_cell_that_fails_still_stops_the_cells_after_it(folder):
    with pytest.raises(CellExecutionError):
        run(
            folder,
            "import salesmetrics as sm; from salesmetrics import own_pipeline as own\n"
            "own.read_deals('mine.csv').deals['Zwaluw']",
            "1",
        )


@pytest.mark.parametrize("read", ["own.read_deals(path)", "own.read_deals(path=path)"])
def test_the_kits_own_file_is_stored(folder, read):
    path = Path(str(files("salesmetrics"))).parent / "data" / "startup.csv"
    setting = f"import salesmetrics as sm; from salesmetrics import own_pipeline as own\npath = {str(path)!r}\n"
    source = setting + f"sm.coverage({read}.deals, target=500_000)"
    [[output]], screen = run(folder, source)
    assert "9.0×" in output["data"]["text/html"]
    assert screen == {}


def test_reading_outside_a_notebook_works_as_ever(folder):
    assert len(own.read_deals(folder / "mine.csv").deals) == 2
    own.store_nothing()


def test_the_public_face_reads_through_it():
    assert sm.read_deals is own.read_deals
