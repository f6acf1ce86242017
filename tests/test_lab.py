"""The JupyterLab that `salesmetrics lab` opens: private notebooks without results, and the kit's own settings."""

import json
import os
from pathlib import Path
from unittest.mock import Mock

import pytest
from jupyter_server.services.kernels.connection.channels import ZMQChannelsWebsocketConnection
from jupyter_server.services.kernels.websocket import KernelWebsocketHandler
from serving import ask, serving
from traitlets import import_item

from salesmetrics import use_language
from salesmetrics.cli import lab
from salesmetrics.exercises.folder import Laid


def notebook(*, private, code="1", **metadata):
    if private is not None:
        metadata["salesmetrics"] = {"private": private}
    output = {
        "output_type": "display_data",
        "metadata": {},
        "data": {"text/plain": "SECRET", "text/html": "<b>SECRET</b>"},
    }
    cells = [
        {"cell_type": "markdown", "id": "a", "metadata": {}, "source": "words"},
        {"cell_type": "code", "id": "b", "metadata": {}, "source": code, "execution_count": 7, "outputs": [output]},
    ]
    return {"cells": cells, "metadata": metadata, "nbformat": 4, "nbformat_minor": 5}


def test_a_private_notebook_is_saved_without_results():
    content = notebook(private=True, widgets={"state": "SECRET"}, title="x")
    lab.without_private_results(model={"type": "notebook", "content": content}, path="x", contents_manager=None)
    assert "SECRET" not in json.dumps(content)
    assert content["cells"][1] == {
        "cell_type": "code", "id": "b", "metadata": {}, "source": "1", "execution_count": None, "outputs": [],
    }  # fmt: skip
    assert content["cells"][0]["source"] == "words"
    assert content["metadata"] == {"salesmetrics": {"private": True}, "title": "x"}


@pytest.mark.parametrize(
    "code", ['sm.read_deals("mine.csv")', "mine = sm.your_pipeline()\nmine", ["x = 1\n", "read_deals(f)"]]
)
def test_a_notebook_of_ones_own_that_reads_an_export_is_private_unless_it_says_otherwise(code):
    content = notebook(private=None, code=code, widgets={"state": "SECRET"})
    lab.without_private_results(model={"type": "notebook", "content": content})
    assert "SECRET" not in json.dumps(content)
    assert content["cells"][1]["source"] == code
    content = notebook(private=False, code=code)
    lab.without_private_results(model={"type": "notebook", "content": content})
    assert "SECRET" in json.dumps(content)


@pytest.mark.parametrize("private", [None, False])
def test_any_other_notebook_is_saved_as_it_is(private):
    content = notebook(private=private, widgets={"state": 1})
    before = json.dumps(content)
    lab.without_private_results(model={"type": "notebook", "content": content})
    assert json.dumps(content) == before


@pytest.mark.parametrize("model", [{"type": "file", "content": "x"}, {"type": "directory"}, {"type": "notebook"}])
def test_what_is_no_notebook_is_left_alone(model):
    before = json.dumps(model)
    lab.without_private_results(model=model)
    assert json.dumps(model) == before


def test_tells_what_was_kept_and_replaced():
    laid = Laid(first="a", new=("n",), replaced=("r1", "r2"), kept=(("k", "k-2"),))
    assert lab.told(Path("x"), laid).splitlines() == [
        "The lessons are in x",
        "Brought up to date: r1, r2",
        "You changed k, so it was left as it is; the new version is k-2",
        "To stop: press Ctrl+C here, and confirm.",
    ]
    use_language("nl")
    assert lab.told(Path("x"), Laid(first="a")).startswith("De lessen staan in x")


def test_a_message_from_the_kernel_does_not_wait_for_the_one_before(tmp_path, monkeypatch):
    with lab._settings(tmp_path, "en", "first.ipynb"):
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


def test_the_server_saves_a_private_notebook_without_results(server):
    for name, private in (("private", True), ("public", None)):
        content = notebook(private=private, widgets={"state": "SECRET"})
        body = {"type": "notebook", "format": "json", "content": content}
        ask(server.address, f"/api/contents/{name}.ipynb", method="PUT", body=body)
        ask(server.address, f"/api/contents/{name}.ipynb/checkpoints", method="POST")
    holds = {
        path.relative_to(server.folder).as_posix(): "SECRET" in path.read_text(encoding="utf-8")
        for path in server.folder.rglob("*.ipynb")
        if path.name.startswith(("private", "public"))
    }
    assert holds == {
        "private.ipynb": False,
        ".ipynb_checkpoints/private-checkpoint.ipynb": False,
        "public.ipynb": True,
        ".ipynb_checkpoints/public-checkpoint.ipynb": True,
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
    ours, theirs = notebook(private=None, widgets=state), notebook(private=None, widgets=state)
    ours["cells"][1]["outputs"][0]["data"] |= view
    theirs["cells"][1]["outputs"][0]["data"] = {"text/plain": "IntSlider()", **view}
    for name, content in (("ours", ours), ("theirs", theirs)):
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
    lab.without_views(model=model)
    assert json.dumps(model) == before


def test_the_server_exports_the_picture_and_not_the_widget(server):
    content = notebook(private=None)
    view = {"application/vnd.jupyter.widget-view+json": {"model_id": "gone", "version_major": 2, "version_minor": 0}}
    content["cells"][1]["outputs"][0]["data"] |= view
    body = {"type": "notebook", "format": "json", "content": content}
    ask(server.address, "/api/contents/export.ipynb", method="PUT", body=body)
    page = ask(server.address, "/nbconvert/html/export.ipynb")
    assert "<b>SECRET</b>" in page
    assert "model_id" not in page
