"""The JupyterLab that `salesmetrics lab` opens: nothing of one's own deals saved, and the kit's own settings."""

import json
import os
import shutil
from pathlib import Path
from unittest.mock import Mock

import nbformat
import pytest
from jupyter_client import BlockingKernelClient
from jupyter_server.services.kernels.connection.channels import ZMQChannelsWebsocketConnection
from jupyter_server.services.kernels.websocket import KernelWebsocketHandler
from serving import ask, serving
from tornado.web import HTTPError
from traitlets import import_item

from salesmetrics import use_language
from salesmetrics.base import kit_files
from salesmetrics.cli import lessons
from salesmetrics.cli.jupyter_server import Saving
from salesmetrics.exercises.folder import Laid

SECRET = "Zwaluwnest 987,654"


def notebook(code="1", **metadata):
    output = {
        "output_type": "display_data",
        "metadata": {},
        "data": {"text/plain": SECRET, "text/html": f"<b>{SECRET}</b>"},
    }
    cells = [
        {
            "cell_type": "markdown",
            "id": "a",
            "metadata": {},
            "source": "words",
            "attachments": {"x.png": {"image/png": SECRET}},
        },
        {"cell_type": "code", "id": "b", "metadata": {}, "source": code, "execution_count": 7, "outputs": [output]},
    ]
    return {
        "cells": cells,
        "metadata": {"widgets": {"application/vnd.jupyter.widget-state+json": {"state": {"a": {"state": SECRET}}}}}
        | metadata,
        "nbformat": 4,
        "nbformat_minor": 5,
    }


@pytest.fixture
def saving(tmp_path):
    return Saving(tmp_path / "told", tmp_path / "lessons")


def tell(saving, kernel, process=1):
    (saving.told / f"{kernel}.{process}.own").touch()


def saved(saving, path, content=None, kind="notebook"):
    """Save something as Jupyter does, and give what is stored."""
    model = {"type": kind, "content": notebook() if content is None else content}
    if isinstance(model["content"], dict):
        # As Jupytext gives it on.
        model["content"] = nbformat.from_dict(model["content"])
    saving.without_private_results(model=model, path=path, contents_manager=None)
    return model["content"]


def keeps(saving, path, content=None):
    return SECRET in json.dumps(saved(saving, path, content))


def test_a_notebook_of_a_kernel_with_own_data_is_saved_without_what_was_shown(saving):
    saving.had("a.ipynb", ["k1"])
    assert keeps(saving, "a.ipynb")
    tell(saving, "k1")
    content = saved(saving, "a.ipynb", notebook(title="x"))
    assert content["cells"][0] == {"cell_type": "markdown", "id": "a", "metadata": {}, "source": "words"}
    assert content["cells"][1] == {
        "cell_type": "code", "id": "b", "metadata": {}, "source": "1", "execution_count": None, "outputs": [],
    }  # fmt: skip
    assert content["metadata"] == {"title": "x"}
    # Another notebook with a kernel of its own is nobody's business; one without a kernel may be a copy.
    saving.had("b.ipynb", ["k2"])
    assert keeps(saving, "b.ipynb")
    assert not keeps(saving, "copy.ipynb")


def test_words_in_its_code_make_no_notebook_private(saving):
    saving.had("a.ipynb", ["k1"])
    assert keeps(saving, "a.ipynb", notebook(code="# sm.read_deals, your_pipeline", salesmetrics={"private": True}))


def test_a_kernel_that_was_exchanged_restarted_or_shared_counts(saving):
    saving.had("a.ipynb", ["k1"])
    saving.had("second.ipynb", ["k1"])
    tell(saving, "k1", process=1)
    saving.had("a.ipynb", ["k2"])
    assert not keeps(saving, "a.ipynb")
    assert not keeps(saving, "second.ipynb")
    # Started anew, and what it reads now may be kept: what it showed before may still stand there.
    tell(saving, "k1", process=2)
    (saving.told / "k1.2.own").unlink()
    assert not keeps(saving, "a.ipynb")
    (saving.told / "k1.1.own").unlink()
    assert keeps(saving, "a.ipynb")


def test_a_program_that_a_cell_started_makes_every_notebook_private(saving):
    saving.had("a.ipynb", ["k1"])
    tell(saving, "any")
    assert not keeps(saving, "a.ipynb")


def test_a_page_that_stayed_open_when_the_launcher_started_anew_counts(tmp_path):
    before = Saving(tmp_path / "told", tmp_path / "lessons")
    for name in ("lés.ipynb", "clean.ipynb"):
        before.had(name, ["k1" if name.startswith("l") else "k2"])
    tell(before, "k1")
    after = Saving(tmp_path / "told", tmp_path / "lessons")
    for name in ("lés.ipynb", "clean.ipynb", "new.ipynb"):
        after.had(name, ["k3"])
    assert [keeps(after, name) for name in ("lés.ipynb", "clean.ipynb", "new.ipynb", "uploaded.ipynb")] == [
        False, True, True, True,
    ]  # fmt: skip
    elsewhere = Saving(tmp_path / "told", tmp_path / "other")
    assert keeps(elsewhere, "lés.ipynb")


SHAPES = ["x", None, [], 0, {"salesmetrics": "x"}, {"salesmetrics": {"lesson": [], "language": {}}}, {"widgets": "x"}]


@pytest.mark.parametrize("metadata", SHAPES, ids=repr)
def test_metadata_of_any_shape_lets_nothing_through(saving, metadata):
    tell(saving, "k1")
    for holder in ("notebook", "cell"):
        content = notebook()
        (content if holder == "notebook" else content["cells"][1])["metadata"] = metadata
        stored = saved(saving, "a.ipynb", content)
        assert SECRET not in json.dumps(stored)
        assert [cell["source"] for cell in stored["cells"]] == ["words", "1"]
        assert isinstance(stored["metadata"], dict)


@pytest.mark.parametrize("cell", [{"cell_type": "code"}, {"outputs": [SECRET]}, {"cell_type": 3, "source": ["1", 2]}])
def test_cells_of_an_unknown_shape_keep_their_code_at_most(saving, cell):
    tell(saving, "k1")
    content = notebook()
    content["cells"].append(cell)
    stored = saved(saving, "a.ipynb", content)
    assert SECRET not in json.dumps(stored)
    assert [cell["source"] for cell in stored["cells"][:2]] == ["words", "1"]


def test_what_a_notebook_or_a_cell_does_not_have_is_not_stored(saving):
    tell(saving, "k1")
    content = notebook()
    content["worksheets"] = [{"cells": notebook()["cells"]}]
    content["cells"][1] |= {"prompt_number": SECRET, "output": [SECRET]}
    stored = saved(saving, "a.ipynb", content)
    assert set(stored) == {"cells", "metadata", "nbformat", "nbformat_minor"}
    assert set(stored["cells"][1]) == {"cell_type", "id", "metadata", "source", "execution_count", "outputs"}
    assert SECRET not in json.dumps(stored)
    assert SECRET not in saved(saving, "A.IPYNB", json.dumps(notebook()), "file")


@pytest.mark.parametrize("content", [{"worksheets": [SECRET]}, [SECRET], SECRET, {"cells": "x"}, {"cells": [SECRET]}])
def test_what_is_no_notebook_at_all_is_not_saved(saving, content):
    tell(saving, "k1")
    with pytest.raises(HTTPError):
        saved(saving, "a.ipynb", content)


def test_what_cannot_be_known_is_taken_for_own_data(saving):
    saving.had("a.ipynb", ["k1"])
    shutil.rmtree(saving.told)
    assert not keeps(saving, "a.ipynb")


def test_a_notebook_saved_as_text_is_no_way_round(saving):
    tell(saving, "k1")
    text = saved(saving, "a.ipynb", json.dumps(notebook(), indent=1), "file")
    assert SECRET not in text
    assert json.loads(text)["cells"][1]["source"] == "1"
    with pytest.raises(HTTPError):
        saved(saving, "a.ipynb", json.dumps(notebook())[:-1], "file")
    assert saved(saving, "notes.txt", SECRET, "file") == SECRET


@pytest.mark.parametrize("language", ["en", "nl"])
def test_the_samples_output_is_put_back_where_a_cell_is_the_kits(saving, language):
    [lesson] = (kit_files() / "notebooks" / language).glob("08-*.ipynb")
    delivered = json.loads(lesson.read_text(encoding="utf-8"))
    content = json.loads(lesson.read_text(encoding="utf-8"))
    code = [cell for cell in content["cells"] if cell["cell_type"] == "code"]
    for cell in code:
        cell["outputs"] = [{"output_type": "stream", "name": "stdout", "text": SECRET}]
    code[-1]["source"] = "changed(1)"
    tell(saving, "k1")
    stored = [cell for cell in saved(saving, "a.ipynb", content)["cells"] if cell["cell_type"] == "code"]
    expected = [cell["outputs"] for cell in delivered["cells"] if cell["cell_type"] == "code"]
    assert [cell["outputs"] for cell in stored] == [*expected[:-1], []]
    assert sum(map(len, expected[:-1])) > 10
    # In a notebook of somebody's own the same code is about their own deals.
    content["metadata"].pop("salesmetrics")
    assert not any(cell.get("outputs") for cell in saved(saving, "a.ipynb", content)["cells"])


def test_an_older_checkpoint_is_cleaned_as_well(saving, tmp_path):
    tell(saving, "k1")
    checkpoint = tmp_path / "a-checkpoint.ipynb"
    contents = Mock()
    contents.checkpoints.checkpoint_path = lambda _id, _path: str(checkpoint)
    for content in (json.dumps(notebook()), SECRET):
        checkpoint.write_text(content, encoding="utf-8")
        model = {"type": "notebook", "content": notebook()}
        saving.without_private_results(model=model, path="a.ipynb", contents_manager=contents)
        assert not checkpoint.exists() or SECRET not in checkpoint.read_text(encoding="utf-8")


@pytest.mark.parametrize("model", [{"type": "file", "content": "x"}, {"type": "directory"}, {"type": "notebook"}])
def test_what_is_no_notebook_is_left_alone(saving, model):
    tell(saving, "k1")
    before = json.dumps(model)
    saving.without_private_results(model=model, path="x")
    assert json.dumps(model) == before


def test_tells_what_was_kept_and_replaced():
    laid = Laid(first="a", new=("n",), replaced=("r1", "r2"), kept=(("k", "k-2"),))
    assert lessons.told(Path("x"), laid).splitlines() == [
        "The lessons are in x",
        "Brought up to date: r1, r2",
        "You changed k, so it was left as it is; the new version is k-2",
        "To stop: press Ctrl+C here, and confirm.",
    ]
    use_language("nl")
    assert lessons.told(Path("x"), Laid(first="a")).startswith("De lessen staan in x")


def test_a_message_from_the_kernel_does_not_wait_for_the_one_before(tmp_path, monkeypatch):
    with lessons._settings(tmp_path, "en", "first.ipynb"):
        place = Path(os.environ["JUPYTER_CONFIG_PATH"].split(os.pathsep)[0])
        settings = json.loads((place / "jupyter_server_config.json").read_text(encoding="utf-8"))
    connection_class = import_item(settings["ServerApp"]["kernel_websocket_connection_class"])
    steps = []
    monkeypatch.setattr(ZMQChannelsWebsocketConnection, "connect", lambda _self: steps.append("connect"))
    handler = Mock(spec=KernelWebsocketHandler, set_nodelay=lambda on: steps.append(("no delay", on)))
    connection_class(websocket_handler=handler).connect()
    assert steps == [("no delay", True), "connect"]


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    """`salesmetrics lab` in Dutch, in a new folder, for a user who has Jupyter settings of their own."""
    place = tmp_path_factory.mktemp("lab")
    (place / "home" / "config").mkdir(parents=True)
    own = {"ServerApp": {"root_dir": str(place)}, "LabApp": {"default_url": "/elsewhere"}}
    for name in ("server", "lab"):
        (place / "home" / "config" / f"jupyter_{name}_config.json").write_text(json.dumps(own), encoding="utf-8")
    with serving(place / "lessons", "--lang", "nl", home=place / "home") as running:
        yield running


def test_the_server_serves_the_lessons(server):
    names = {item["name"] for item in json.loads(ask(server.address, "/api/contents/"))["content"]}
    assert names >= {path.name for path in server.folder.glob("*.ipynb")}
    assert "data" in names
    assert "/doc/tree/0" in server.log.read_text(encoding="utf-8")


def run_in(server, kernel, code):
    """Run code in a kernel of the server, as nobody's notebook."""
    [connection] = server.log.parent.rglob(f"kernel-{kernel}.json")
    client = BlockingKernelClient(connection_file=str(connection))
    client.load_connection_file()
    client.start_channels()
    try:
        reply = client.execute_interactive(code, timeout=60, output_hook=lambda _message: None)
    finally:
        client.stop_channels()
    assert reply["content"]["status"] == "ok", reply["content"]


def put_notebook(server, name):
    body = {"type": "notebook", "format": "json", "content": notebook()}
    ask(server.address, f"/api/contents/{name}.ipynb", method="PUT", body=body)
    ask(server.address, f"/api/contents/{name}.ipynb/checkpoints", method="POST")


def start(server, name, **kernel):
    body = {"path": f"{name}.ipynb", "name": name, "type": "notebook", "kernel": {"name": "python3"} | kernel}
    return json.loads(ask(server.address, "/api/sessions", method="POST", body=body))


def test_the_server_saves_nothing_of_a_kernel_that_has_read_own_data(server):
    rows = "deal_id,status,amount,closed_on\n1,open,987654,\n2,won,2,2026-02-14\n"
    (server.folder / "mine.csv").write_text(rows, encoding="utf-8")
    # A helper module hides the reading from whoever looks at the notebook's code.
    reading = "import salesmetrics\nsalesmetrics.read_deals('mine.csv')"
    (server.folder / "helper.py").write_text(reading, encoding="utf-8")
    sessions = {name: start(server, name) for name in ("private", "public", "kept")}
    start(server, "second", id=sessions["private"]["kernel"]["id"])
    run_in(server, sessions["private"]["kernel"]["id"], "import helper")
    run_in(server, sessions["kept"]["kernel"]["id"], "import helper; helper.salesmetrics.keep_results()")
    # Exchanged for a new kernel, and another name.
    session = f"/api/sessions/{sessions['private']['id']}"
    ask(server.address, session, method="PATCH", body={"kernel": {"name": "python3"}})
    ask(server.address, session, method="PATCH", body={"path": "renamed.ipynb", "name": "renamed"})
    names = ("private", "second", "renamed", "copy", "public", "kept")
    for name in names:
        put_notebook(server, name)
    holds = {
        path.relative_to(server.folder).as_posix(): SECRET in path.read_text(encoding="utf-8")
        for path in server.folder.rglob("*.ipynb")
        if path.name.startswith(names)
    }
    assert holds == {
        place: name in ("public", "kept")
        for name in names
        for place in (f"{name}.ipynb", f".ipynb_checkpoints/{name}-checkpoint.ipynb")
    }


@pytest.mark.parametrize(
    ("plugin", "name", "value"),
    [
        ("salesmetrics:page", "alive", True),
        ("@jupyterlab/apputils-extension:notification", "fetchNews", "false"),
        ("@jupyterlab/apputils-extension:notification", "checkForUpdates", False),
        ("@jupyterlab/translation-extension:plugin", "locale", "nl_NL"),
    ],
)
def test_the_server_has_the_kits_settings(server, plugin, name, value):
    settings = json.loads(ask(server.address, f"/lab/api/settings/{plugin}"))
    assert settings["schema"]["properties"][name]["default"] == value


def test_a_widgets_view_is_not_stored_where_a_picture_stands_beside_it(server):
    view, state = {"application/vnd.jupyter.widget-view+json": {"model_id": "x"}}, {"state": {"x": {}}}
    ours, theirs = notebook(widgets=state), notebook(widgets=state)
    ours["cells"][1]["outputs"][0]["data"] |= view
    theirs["cells"][1]["outputs"][0]["data"] = {"text/plain": "IntSlider()", **view}
    for name, content in (("ours", ours), ("theirs", theirs)):
        start(server, name)
        body = {"type": "notebook", "format": "json", "content": content}
        ask(server.address, f"/api/contents/{name}.ipynb", method="PUT", body=body)
    stored = {name: json.loads((server.folder / f"{name}.ipynb").read_text("utf-8")) for name in ("ours", "theirs")}
    assert "widgets" not in stored["ours"]["metadata"]
    assert stored["ours"]["cells"][1]["outputs"][0]["data"].keys() == {"text/plain", "text/html"}
    assert stored["theirs"]["metadata"]["widgets"] == state
    assert stored["theirs"]["cells"][1]["outputs"][0]["data"].keys() == {"text/plain", *view}


@pytest.mark.parametrize("content", [{}, {"cells": [{"outputs": [{"name": "stdout"}]}]}, {"metadata": {}}, None])
def test_a_notebook_of_another_shape_is_stored_as_it_is(content):
    model = {"type": "notebook", "content": content}
    before = json.dumps(model)
    lessons.without_views(model=model)
    assert json.dumps(model) == before


def test_the_server_exports_the_picture_and_not_the_widget(server):
    content = notebook()
    view = {"application/vnd.jupyter.widget-view+json": {"model_id": "gone", "version_major": 2, "version_minor": 0}}
    content["cells"][1]["outputs"][0]["data"] |= view
    body = {"type": "notebook", "format": "json", "content": content}
    start(server, "export")
    ask(server.address, "/api/contents/export.ipynb", method="PUT", body=body)
    page = ask(server.address, "/nbconvert/html/export.ipynb")
    assert f"<b>{SECRET}</b>" in page
    assert "model_id" not in page
