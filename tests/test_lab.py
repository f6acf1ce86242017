"""The JupyterLab that `salesmetrics lab` opens: private notebooks without results, and the kit's own settings."""

import json
import os
import re
import subprocess
import sys
import time
from pathlib import Path
from urllib.error import URLError
from urllib.request import Request, urlopen

import pytest

from salesmetrics import lab, use_language
from salesmetrics.folder import Laid

TOKEN = "test"


def notebook(*, private, **metadata):
    if private is not None:
        metadata["salesmetrics"] = {"private": private}
    output = {
        "output_type": "display_data",
        "metadata": {},
        "data": {"text/plain": "SECRET", "text/html": "<b>SECRET</b>"},
    }
    cells = [
        {"cell_type": "markdown", "id": "a", "metadata": {}, "source": "words"},
        {"cell_type": "code", "id": "b", "metadata": {}, "source": "1", "execution_count": 7, "outputs": [output]},
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


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    """`salesmetrics lab` in Dutch, in a new folder, for a user who has Jupyter settings of their own."""
    home = tmp_path_factory.mktemp("lab")
    (home / "own").mkdir()
    own = {"ServerApp": {"root_dir": str(home)}, "LabApp": {"default_url": "/elsewhere"}}
    for name in ("server", "lab"):
        (home / "own" / f"jupyter_{name}_config.json").write_text(json.dumps(own), encoding="utf-8")
    log = home / "log.txt"
    command = [sys.executable, "-c", "import sys; from salesmetrics.cli import main; sys.exit(main())"]
    options = ["--no-browser", "--port=0", f"--IdentityProvider.token={TOKEN}", "--ServerApp.allow_root=True"]
    with log.open("w", encoding="utf-8") as output:
        process = subprocess.Popen(
            [*command, "lab", "--lang", "nl", *options],
            cwd=home,
            env=os.environ | {"JUPYTER_CONFIG_DIR": str(home / "own"), "PYTHONUTF8": "1"},
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
        )
    try:
        yield home, _address(process, log)
    finally:
        process.terminate()
        process.wait(30)


def _address(process, log):
    """Wait until the server answers, and give its address; the port is in what it says."""
    for _ in range(600):
        said = log.read_text(encoding="utf-8")
        if found := re.search(r"http://(?:127\.0\.0\.1|localhost):(\d+)/", said):
            try:
                ask(f"http://127.0.0.1:{found[1]}", "/api/status")
            except URLError:
                pass
            else:
                return f"http://127.0.0.1:{found[1]}"
        assert process.poll() is None, said
        time.sleep(0.1)
    raise AssertionError(log.read_text(encoding="utf-8"))


def ask(address, path, *, method="GET", body=None):
    data = None if body is None else json.dumps(body).encode()
    headers = {"Authorization": f"token {TOKEN}", "Content-Type": "application/json"}
    with urlopen(Request(address + path, data=data, method=method, headers=headers), timeout=60) as answer:
        return answer.read().decode()


def test_the_server_serves_the_lessons(server):
    home, address = server
    names = {item["name"] for item in json.loads(ask(address, "/api/contents/"))["content"]}
    assert names >= {path.name for path in (home / "salesmetrics-lessons").glob("*.ipynb")}
    assert "data" in names
    assert "/lab/tree/0" in (home / "log.txt").read_text(encoding="utf-8")


def test_the_server_saves_a_private_notebook_without_results(server):
    home, address = server
    for name, private in (("private", True), ("public", None)):
        content = notebook(private=private, widgets={"state": "SECRET"})
        body = {"type": "notebook", "format": "json", "content": content}
        ask(address, f"/api/contents/{name}.ipynb", method="PUT", body=body)
        ask(address, f"/api/contents/{name}.ipynb/checkpoints", method="POST")
    holds = {
        path.relative_to(home).as_posix(): "SECRET" in path.read_text(encoding="utf-8")
        for path in (home / "salesmetrics-lessons").rglob("*.ipynb")
        if path.name.startswith(("private", "public"))
    }
    assert holds == {
        "salesmetrics-lessons/private.ipynb": False,
        "salesmetrics-lessons/.ipynb_checkpoints/private-checkpoint.ipynb": False,
        "salesmetrics-lessons/public.ipynb": True,
        "salesmetrics-lessons/.ipynb_checkpoints/public-checkpoint.ipynb": True,
    }


@pytest.mark.parametrize(
    ("plugin", "name", "value"),
    [
        ("@jupyter-widgets/jupyterlab-manager:plugin", "saveState", True),
        ("@jupyterlab/apputils-extension:notification", "fetchNews", "false"),
        ("@jupyterlab/apputils-extension:notification", "checkForUpdates", False),
        ("@jupyterlab/translation-extension:plugin", "locale", "nl_NL"),
    ],
)
def test_the_server_has_the_kits_settings(server, plugin, name, value):
    _, address = server
    settings = json.loads(ask(address, f"/lab/api/settings/{plugin}"))
    assert settings["schema"]["properties"][name]["default"] == value


def test_the_server_exports_the_picture_and_not_the_widget(server):
    _, address = server
    content = notebook(private=None)
    view = {"application/vnd.jupyter.widget-view+json": {"model_id": "gone", "version_major": 2, "version_minor": 0}}
    content["cells"][1]["outputs"][0]["data"] |= view
    body = {"type": "notebook", "format": "json", "content": content}
    ask(address, "/api/contents/export.ipynb", method="PUT", body=body)
    page = ask(address, "/nbconvert/html/export.ipynb")
    assert "<b>SECRET</b>" in page
    assert "model_id" not in page
