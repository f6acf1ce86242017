"""One's own data in a notebook: on the screen as always, in the file nothing of it, the rest of Jupyter as before."""

import io
import json
import re
import subprocess
import sys
from contextlib import nullcontext
from pathlib import Path

import nbformat
import pandas as pd
import pytest
from leaks import leaks, secrets
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError

import salesmetrics as sm
from salesmetrics import own_pipeline as own
from salesmetrics.base import kit_files
from salesmetrics.base.private_kernels import FOLDER
from salesmetrics.own_pipeline.error_redaction import without_quotes

# No cell, sum or target of it stands anywhere else; nothing of it is quoted in a cell of code below.
ROWS = (
    "deal_id,status,amount,created_on,closed_on,expected_close_on,account,owner,stage\n"
    "QX-7001,open,987654,1999-03-07,,2001-03-29,Zwaluwnest,Barnevelder,Kwalificeren\n"
    "QX-7002,won,123457,1999-04-07,2001-02-14,,Karekiet BV,Barnevelder,Ondertekend\n"
    "QX-7003,lost,345679,1999-05-07,2001-02-15,,IJsvogelpark,Welsummer,Kwalificeren\n"
    "QX-7004,won,234568,2001-03-20,2001-02-16,,Wielewaal,Welsummer,Ondertekend\n"
)
TARGET = 7_654_321
LINES = {
    "en": "Shown while the notebook runs, and not stored in it: this is about your own deals.",
    "nl": "Zichtbaar zolang het notebook draait en niet erin bewaard: dit gaat over je eigen deals.",
}
BEGIN = "import salesmetrics as sm\nexport = sm.read_deals('mine.csv')\ndeals = export.deals"


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "mine.csv").write_text(ROWS, encoding="utf-8")
    return tmp_path


def run(folder, *sources, allow_errors=False):
    """Run a notebook as ``nbconvert --execute`` does, state of the widgets included, and give it."""
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(source) for source in sources])
    client = NotebookClient(
        notebook,
        kernel_name="python3",
        resources={"metadata": {"path": str(folder)}},
        store_widget_state=True,
        allow_errors=allow_errors,
    )
    client.execute()
    return notebook


def outputs_of(notebook, cell=-1):
    return notebook.cells[cell].outputs


def text_of(notebook, cell=-1):
    """Give what a cell has stored as plain text."""
    return "".join(
        output.get("text", "") or output.get("data", {}).get("text/plain", "") for output in outputs_of(notebook, cell)
    )


def found_in(notebook, folder):
    return leaks(json.loads(nbformat.writes(notebook)), folder / "mine.csv", TARGET)


RESULTS = [
    "export",
    "export.receipt",
    f"sm.coverage(deals, target={TARGET // 7} * 7 + {TARGET % 7})",
    "sm.conversion_rate(deals)",
    "sm.concentration(deals)",
    "sm.report(export, target=5e6, period='2001Q1')",
    "deals",
    "deals['amount']",
    "deals.style",
    "deals.groupby('owner')['amount'].sum()",
    "deals.index, deals.dtypes, deals['account'].array",
    "deals['account'].astype('category').dtype",
    "deals.head",
    "[deals, 1]",
    "{'a': {'b': (deals,)}}",
    "deals.to_dict('series').values()",
    "import types; types.SimpleNamespace(a=deals)",
    "import functools; functools.partial(deals.head, 2)",
    "class Slots:\n    __slots__ = ('a',)\n    def __repr__(self): return repr(self.a)\nx = Slots(); x.a = deals; x",
    "try:\n    int(deals['account'].iloc[0])\nexcept ValueError as error:\n    caught = error\ncaught",
    "import pyarrow; pyarrow.table(deals)",
    "import polars; polars.from_pandas(deals)",
    "import narwhals; narwhals.from_native(deals)",
    "import duckdb; duckdb.sql('select * from deals')",
    "from IPython.display import display; display(deals, deals)",
    "import matplotlib.pyplot as plt; plt.bar(deals['account'], deals['amount'])",
    "deals['amount'].plot()",
    "mine = sm.your_pipeline(); mine._box.open('mine.csv'); mine._target.value = str(7654 * 1000 + 321); mine",
    "mine = sm.your_pipeline(); mine._box.open('mine.csv'); mine._target.value = '7e6'\n"
    "display(mine.coverage(), mine.conversion(), mine.situation(), mine.stages(), mine.stale(), mine.largest())",
    "mine = sm.your_pipeline(); mine._box.open('mine.csv'); mine._target.value = '5000000'\n"
    "display(mine.sliders(), mine.changes(), mine.report(), mine.sliders().explorer.widget)",
    "import warnings; warnings.simplefilter('always'); sm.check_deals(deals)",
    "deals['amount'].hist(by=deals['account'])",
    "sm.chance_of_target(export.pipeline(target=5e6, period='2001Q1'))",
    "ratio = sm.coverage(deals, target=5e6)\nclass Mine(type(ratio)): pass\nMine(**vars(ratio))",
    "class Frame(type(deals)): pass\nFrame(deals)",
    "import itertools; itertools.repeat(deals, 2)",
    "slice(deals, None)",
    "import operator; operator.itemgetter(deals)",
    "import asyncio; done = asyncio.get_running_loop().create_future(); done.set_result(deals['account']); done",
    "import contextvars; contextvars.ContextVar('mine', default=deals)",
    "import inspect; inspect.signature(lambda mine=deals: mine)",
    # What JupyterLab would store of the pager.
    "deals?",
    "ratio?",
    "%page export",
    # A library of figures that publishes by itself, as bokeh's show and plotly's do.
    "import bokeh; bokeh.show(deals.to_html())",
    "from IPython.utils.capture import capture_output\n"
    "with capture_output() as caught:\n    bokeh.show(deals.to_html())\ncaught.show()",
]


def test_nothing_of_an_export_is_stored_whatever_is_shown(folder, language):
    (folder / "bokeh.py").write_text(
        "from IPython.display import publish_display_data\ndef show(html): publish_display_data({'text/html': html})\n"
    )
    # Shown to the end, so that a name such as the one above a list is checked as it is in a kernel in use.
    notebook = run(folder, BEGIN, *(f"sm.use_language({language!r})\n{source}" for source in RESULTS))
    assert found_in(notebook, folder) == []
    texts = {text_of(notebook, at).replace(LINES[language], "") for at in range(1, len(notebook.cells))}
    assert texts == {""}
    for at in range(1, len(notebook.cells)):
        assert "application/vnd.jupyter.widget-view+json" in outputs_of(notebook, at)[0]["data"], notebook.cells[at]


def test_the_search_itself_finds_what_is_stored(folder):
    notebook = run(folder, BEGIN + "\nsm.keep_results()", *RESULTS[:10])
    kinds = {leak.is_.partition(",")[0] for leak in found_in(notebook, folder)}
    assert {"deal_id", "amount", "account", "owner", "stage", "sum of amount where owner is Welsummer"} <= kinds
    notebook = run(
        folder, BEGIN, f"print({TARGET})\ndeals['amount'].sum()", "import ipywidgets\nipywidgets.HTML(deals.to_html())"
    )
    found = found_in(notebook, folder)
    assert {leak.is_ for leak in found} >= {"target 7,654,321", "sum of amount", "account, line 3"}
    assert any("widgets" in leak.where for leak in found)
    assert any("outputs" in leak.where for leak in found)
    assert len(secrets(folder / "mine.csv")) > 90
    # A figure of plotly's holds a column as a list of texts; a notebook holds a text as a list of lines.
    for column in (["Zwaluwnest", "Karekiet BV", "Wielewaal"], ["Zwaluw", "nest"]):
        assert {leak.what for leak in leaks({"x": column}, folder / "mine.csv")} >= {"Zwaluwnest"}


def test_the_rest_of_the_kernel_works_as_before(folder):
    shown = ["1 + 1", "'text'", "[1, 2]", "{'a': 1}", "print('said')", "len(deals)", "deals['amount'].sum() > 1"]
    quiet = ["None", "x = deals", "deals['amount'].sum();"]
    rich = "from IPython.display import HTML, Markdown\ndisplay(HTML('<b>1</b>'))\nimport numpy; numpy.arange(3)"
    notebook = run(folder, BEGIN, *shown, *quiet, rich)
    expected = ["2", "'text'", "[1, 2]", "{'a': 1}", "said\n", "4", "np.True_"]
    assert [text_of(notebook, at) for at in range(1, len(shown) + 1)] == expected
    assert [outputs_of(notebook, at) for at in range(len(shown) + 1, len(shown) + 4)] == [[], [], []]
    assert outputs_of(notebook)[0]["data"]["text/html"] == "<b>1</b>"
    assert outputs_of(notebook)[1]["data"]["text/plain"] == "array([0, 1, 2])"
    assert outputs_of(notebook)[1]["execution_count"] == len(notebook.cells)


ERRORS = [
    # What fails, and what of its message is stored.
    ("1 / 0", "division by zero"),
    ("nothing", "name 'nothing' is not defined"),
    ("deals['nothing']", "'nothing'"),
    ("deals.nothing", "'DataFrame' object has no attribute 'nothing'"),
    ("int(deals['account'].iloc[0])", "invalid literal for int() with base 10: '…'"),
    ("raise ValueError(deals['account'].iloc[1])", "…"),
    ("{}[deals['account'].iloc[1]]", "'…'"),
    ("deals['amount'].astype(int).astype(str).rename('x').astype('datetime64[ns]')", None),
    ("assert not len(deals), deals", None),
    ("raise KeyError('a') from ValueError(deals['owner'].iloc[0])", "'a'"),
    ("raise ExceptionGroup('both', [ValueError(deals['owner'].iloc[0]), TypeError(deals['deal_id'].iloc[0])])", None),
    ("error = ValueError('a')\nerror.add_note(deals['owner'].iloc[0])\nraise error", "a"),
    ("import pandas; pandas.read_csv('mine.csv')['stage'].astype(float)", None),
    ("%xmode Verbose\ndef f(frame):\n    return 1 / 0\nf(deals)", "division by zero"),
]


@pytest.mark.parametrize("position", range(len(ERRORS)), ids=[failing[:30] for failing, _said in ERRORS])
def test_an_error_keeps_its_traceback_but_for_what_it_quotes(position, errors_run):
    notebook, folder = errors_run
    failing, said = ERRORS[position]
    [error] = [output for output in outputs_of(notebook, position + 1) if output["output_type"] == "error"]
    assert said is None or error["evalue"] == said
    assert "Traceback" in "".join(error["traceback"])
    assert failing.splitlines()[-1] in re.sub(r"\x1b\[[\d;]*m", "", "\n".join(error["traceback"]))
    assert leaks(json.loads(json.dumps(outputs_of(notebook, position + 1))), folder / "mine.csv") == []


@pytest.fixture(scope="module")
def errors_run(tmp_path_factory):
    folder = tmp_path_factory.mktemp("errors")
    (folder / "mine.csv").write_text(ROWS, encoding="utf-8")
    return run(folder, BEGIN, *(failing for failing, _said in ERRORS), allow_errors=True), folder


@pytest.mark.parametrize(
    "failing", ["sm.read_deals('mine.csv', columns={'amount': 'account'})", "sm.read_deals('m.csv')"]
)
def test_a_refusal_of_the_kits_is_on_the_screen_only(folder, failing, language):
    notebook = run(folder, f"import salesmetrics as sm\nsm.use_language({language!r})", failing, allow_errors=True)
    shown, error = outputs_of(notebook)
    assert shown["data"]["text/plain"] == error["evalue"] == LINES[language]
    assert error["ename"] == "SalesMetricsError"
    assert found_in(notebook, folder) == []


@pytest.mark.parametrize("run_as", ["exec", "eval"])
def test_a_cell_of_the_file_that_is_run_as_python_is_not_quoted(folder, run_as):
    notebook = run(folder, BEGIN, f"{run_as}(deals['account'].iloc[1])", allow_errors=True)
    assert outputs_of(notebook)[-1]["evalue"] == "invalid syntax (<string>, line 1)"
    assert found_in(notebook, folder) == []
    # A slip in one's own code is stored with the line that it is in.
    notebook = run(folder, BEGIN, "x = = 1", allow_errors=True)
    assert "x = = 1" in re.sub(r"\x1b\[[\d;]*m", "", "".join(outputs_of(notebook)[0]["traceback"]))


def test_the_notebook_that_ipython_writes_itself_quotes_no_more(folder):
    failing = [
        "int(deals['account'].iloc[0])",
        "sm.read_deals('mine.csv', columns={'amount': 'account'})",
        "raise ExceptionGroup('both', [ValueError(deals['owner'].iloc[0])])",
        "%xmode Verbose\ndef f(frame):\n    return 1 / 0\nf(deals)",
    ]
    run(folder, BEGIN, *failing, "deals", "%notebook written.ipynb", allow_errors=True)
    written = json.loads((folder / "written.ipynb").read_text(encoding="utf-8"))
    assert "invalid literal for int()" in json.dumps(written)
    assert leaks(written, folder / "mine.csv") == []
    run(folder, BEGIN + "\nsm.keep_results()", failing[0], "%notebook written.ipynb", allow_errors=True)
    assert leaks(json.loads((folder / "written.ipynb").read_text(encoding="utf-8")), folder / "mine.csv") != []


FAILS = "def fails(*_given): int(deals['account'].iloc[0])\n"
REFUSED = "def fails(*_given): sm.read_deals('mine.csv', columns={'amount': 'account'})\n"
BEHIND = [
    "import threading\nthread = threading.Thread(target=fails)\nthread.start()\nthread.join()",
    "import _thread, time\nbegun = _thread.allocate_lock()\nbegun.acquire()\nbefore = _thread._count()\n"
    "_thread.start_new_thread(lambda: (begun.release(), fails()), ())\nbegun.acquire()\n"
    "for _ in range(1000):\n    if _thread._count() <= before: break\n    time.sleep(0.01)",
    "class Cleaned:\n    __del__ = fails\nCleaned()\nNone",
    "import asyncio, gc\nasync def task(): fails()\nwaiting = asyncio.create_task(task())\n"
    "await asyncio.wait([waiting])\ndel waiting\ngc.collect()\nNone",
    "from concurrent.futures import Future\nfuture = Future()\nfuture.add_done_callback(fails)\nfuture.set_result(1)",
    "import logging\ntry:\n    fails()\nexcept Exception:\n    logging.exception('it failed')",
]


@pytest.mark.parametrize("fails", [FAILS, REFUSED], ids=["an error", "a refusal"])
def test_an_error_that_reaches_no_cell_quotes_nothing(folder, fails):
    notebook = run(folder, BEGIN, *(fails + code for code in BEHIND))
    said = "invalid literal for int() with base 10: '…'" if fails is FAILS else LINES["en"]
    for at in range(1, len(notebook.cells)):
        assert said in text_of(notebook, at), notebook.cells[at]
        assert "Traceback" in text_of(notebook, at) or fails is REFUSED
    assert found_in(notebook, folder) == []


def test_a_warning_quotes_nothing(folder):
    """One of the kit's goes to the screen, and to no log either; one of a library keeps its words."""
    begin = BEGIN + "\nimport warnings, logging; warnings.simplefilter('always'); logging.basicConfig()"
    late = "warnings.warn('no day: ' + deals['account'].iloc[0])"
    logged = "logging.captureWarnings(True); sm.check_deals(deals); logging.captureWarnings(False)"
    notebook = run(folder, begin, late, logged + ";")
    assert "UserWarning: no day: …" in text_of(notebook, 1)
    assert LINES["en"] in text_of(notebook, 2)
    assert found_in(notebook, folder) == []


@pytest.mark.parametrize("name", ["mine.csv", "mine.xlsx", "mine.htm"])
@pytest.mark.parametrize("columns", [{}, {"amount": "Bedrag"}], ids=["read", "refused"])
def test_an_error_quotes_no_row_that_was_left_out_and_no_file_that_was_refused(tmp_path, monkeypatch, name, columns):
    """Such as dateutil's, which names what it can't read without quotes; the kit's own table lacks that row."""
    monkeypatch.setattr("salesmetrics.own_pipeline.output_masking._masking", False)
    monkeypatch.setattr("salesmetrics.own_pipeline.error_redaction._files", {})
    left_out = ROWS + "QX-7005,open,a lot,1999-06-07,,2001-03-29,Tapuitveld,Welsummer,Kwalificeren\n"
    frame = pd.read_csv(io.StringIO(left_out))
    frame.to_excel(tmp_path / "mine.xlsx", index=False)
    (tmp_path / "mine.htm").write_text(frame.to_html(index=False), encoding="utf-8")
    (tmp_path / "mine.csv").write_text(left_out, encoding="utf-8")
    with nullcontext() if not columns else pytest.raises(sm.SalesMetricsError):
        assert "Tapuitveld" not in set(own.read_deals(tmp_path / name, columns=columns).deals["account"])
    error = ValueError("Unknown string format: Tapuitveld")
    said, lines = without_quotes(error, ["Traceback", "ValueError: Unknown string format: Tapuitveld"], "", "")
    # A workbook that was refused is not unpacked once more.
    gone = "Tapuitveld" if columns and name == "mine.xlsx" else "…"
    assert (said, lines) == (
        f"Unknown string format: {gone}",
        ["Traceback", f"ValueError: Unknown string format: {gone}"],
    )


def test_a_cell_that_fails_still_stops_the_cells_after_it(folder):
    with pytest.raises(CellExecutionError):
        run(folder, BEGIN, "sm.coverage(deals, target=-1)", "1")


def test_what_the_screen_gets_is_all_of_it(folder):
    """A browser asks for it by message; here a piece of code in the kernel asks in its place."""
    asked = (
        "from salesmetrics.own_pipeline import message_widgets\nsent = []\n"
        "screens = []\nmake = message_widgets.Screen.__init__\n"
        "def made(self, *a, **k):\n    make(self, *a, **k)\n    screens.append(self)\n"
        "message_widgets.Screen.__init__ = made"
    )
    hear = (
        "for screen in screens:\n    screen.send = lambda content, buffers=None: sent.append(str(content))\n"
        "    screen._message(screen, {'ask': True}, [])\n"
        "said = ' '.join(sent)\n"
        "[word in said for word in ('Karekiet' + ' BV', '987' + '654', 'image/' + 'png', 'invalid ' + 'literal', "
        "'keep_results')]"
    )
    notebook = run(
        folder,
        BEGIN + "\n" + asked,
        "export",
        "deals",
        "deals['amount'].plot()",
        "int(deals['account'].iloc[1])",
        "mine = sm.your_pipeline(); mine._box.open('mine.csv'); mine",
        "mine.largest()",
        hear,
        allow_errors=True,
    )
    assert text_of(notebook) == "[True, True, True, True, True]"


def test_the_sample_is_stored_until_own_data_is_read(folder):
    notebook = run(
        folder,
        "import salesmetrics as sm\nmine = sm.your_pipeline()\nmine",
        "mine.coverage()",
        "mine._box.open('mine.csv')",
        "mine.coverage()",
    )
    assert "eight_quarters.csv" in text_of(notebook, 0)
    assert "3.0×" in text_of(notebook, 1)
    assert text_of(notebook) == LINES["en"]
    assert found_in(notebook, folder) == []
    state = json.dumps(notebook.metadata)
    assert "3.0×" not in state


@pytest.mark.parametrize(
    "read", ["sm.read_deals(path)", "sm.read_deals(path=path)", "sm.read_deals(open(path, 'rb').read())"]
)
def test_a_file_of_the_kits_is_stored_wherever_it_lies(folder, read):
    copy = folder / "copied.csv"
    copy.write_bytes((kit_files() / "data" / "startup.csv").read_bytes())
    notebook = run(
        folder, f"import salesmetrics as sm\npath = {str(copy)!r}\nsm.coverage({read}.deals, target=500_000)"
    )
    assert "500,000 target" in outputs_of(notebook)[0]["data"]["text/html"]
    copy.write_bytes(copy.read_bytes().replace(b"Lead", b"LEAD", 1))
    notebook = run(
        folder, f"import salesmetrics as sm\npath = {str(copy)!r}\nsm.coverage({read}.deals, target=500_000)"
    )
    assert text_of(notebook) == LINES["en"]


def test_keep_results_stores_everything_from_then_on(folder):
    notebook = run(
        folder,
        BEGIN,
        "deals",
        "sm.keep_results()",
        "deals",
        "sm.read_deals('mine.csv')",
        "int(deals['account'][0])",
        allow_errors=True,
    )
    assert text_of(notebook, 1) == LINES["en"]
    assert "Zwaluwnest" in text_of(notebook, 3)
    assert "mine.csv" in text_of(notebook, 4)
    assert "Zwaluwnest" in outputs_of(notebook)[0]["evalue"]


def test_the_receipt_says_once_what_is_stored_all_the_same(folder, monkeypatch):
    count = (
        "from salesmetrics.own_pipeline import output_masking\n"
        "bundles = [output_masking._with_note(export, {'text/html': '<p></p>'})['text/html'] for _ in range(3)]\n"
        "[bundle.count('keep_results') for bundle in bundles]"
    )
    assert text_of(run(folder, BEGIN, count)) == "[1, 0, 0]"


def test_a_browser_that_connects_later_is_not_given_the_states(folder):
    notebook = run(
        folder,
        "import salesmetrics as sm\nmine = sm.your_pipeline()\nmine._box.open('mine.csv')\nmine",
        "import ipywidgets.widgets.widget as core\n"
        "str([widget.get_state() for widget in core._instances.values()]).count('Karekiet' + ' BV'), "
        "str(core.Widget.get_manager_state()).count('mine' + '.csv')",
    )
    assert text_of(notebook) == "(0, 0)"


def test_the_kernel_tells_the_launcher(folder, monkeypatch, tmp_path):
    told = tmp_path / "told"
    told.mkdir()
    monkeypatch.setenv(FOLDER, str(told))
    monkeypatch.setenv("JPY_PARENT_PID", "1")
    count = f"import os\nlen(os.listdir({str(told)!r}))"
    notebook = run(
        folder,
        "import salesmetrics as sm\nsm.coverage(sm.read_deals(sm.sample_file()).deals, target=5e5)",
        count,
        "(lambda: sm.read_deals('mine.csv'))()",
        count,
        "sm.keep_results()",
        count,
        "sm.read_deals('mine.csv')",
        count,
    )
    assert [text_of(notebook, at) for at in (1, 3, 5, 7)] == ["0", "1", "0", "0"]


def test_a_program_that_a_cell_starts_tells_it_too(folder, monkeypatch, tmp_path):
    (told := tmp_path / "told").mkdir()
    monkeypatch.setenv(FOLDER, str(told))
    monkeypatch.setenv("JPY_PARENT_PID", "1")
    given = ["report", "mine.csv", "--target", "500000", "--period", "2001Q1"]
    code = f"import sys; from salesmetrics.cli import main; sys.exit(main({given}))"
    assert subprocess.run([sys.executable, "-c", code], cwd=folder, capture_output=True).returncode == 0
    assert [path.name.partition(".")[0] for path in told.iterdir()] == ["any"]


def test_without_being_able_to_tell_nothing_is_read(folder, monkeypatch, language):
    monkeypatch.setenv(FOLDER, str(folder / "mine.csv"))
    monkeypatch.setenv("JPY_PARENT_PID", "1")
    monkeypatch.setattr("salesmetrics.own_pipeline.output_masking._masking", False)
    with pytest.raises(sm.SalesMetricsError) as refusal:
        own.read_deals(folder / "mine.csv")
    assert "salesmetrics lab" in refusal.value.hint


def test_reading_outside_a_notebook_works_as_ever(folder, monkeypatch):
    monkeypatch.setattr("salesmetrics.own_pipeline.output_masking._masking", False)
    assert len(own.read_deals(folder / "mine.csv").deals) == 4
    assert sm.read_deals is own.read_deals
    assert Path(folder, "mine.csv").read_text(encoding="utf-8") == ROWS
