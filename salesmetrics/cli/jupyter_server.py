"""What the kit adds to JupyterLab's server: no wait for the browser, and no notebook stored with own data in it.

People mail notebooks. The kernel itself says whether it has read own data; which kernels a notebook has had is known
from its sessions, those of an earlier run of the launcher included, as its page may still be open. On any doubt, and on
any error, the notebook is stored without what a kernel has put in it.
"""

from __future__ import annotations

import json
import shutil
import time
from collections import defaultdict
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from tempfile import mkdtemp
from typing import TYPE_CHECKING, Any

from jupyter_server.services.kernels.connection.channels import ZMQChannelsWebsocketConnection
from tornado.web import HTTPError

from salesmetrics.base.language import LANGUAGES, _
from salesmetrics.base.private_kernels import any_private
from salesmetrics.base.writing import put
from salesmetrics.exercises.cells_to_run import code_cells, digest

if TYPE_CHECKING:
    from jupyterlab.labapp import LabApp

_KEPT = 30 * 24 * 3600  # seconds, in which somebody has closed the page of a notebook
_NOTEBOOKS = "notebooks.json"


class PromptConnection(ZMQChannelsWebsocketConnection):
    """Jupyter's own connection, which sends each message at once.

    A slider's step comes as a few small messages. Unless told otherwise the second waits until the browser has
    confirmed the first, which it is in no hurry to do: some 40 ms at every step, where the picture itself takes 4
    (tornado describes it at ``WebSocketHandler.set_nodelay``).
    """

    def connect(self) -> Any:
        """Connect browser and kernel."""
        self.websocket_handler.set_nodelay(True)
        return super().connect()


class Saving:
    """Watches which kernels a notebook has had, and takes out of it what must not be stored when it is saved.

    Parameters
    ----------
    folder
        Where this run and those before it keep what kernels tell; each in a folder of its own.
    root
        The folder that JupyterLab serves.

    Attributes
    ----------
    told
        Where the kernels of this run tell that they have own data.
    """

    def __init__(self, folder: Path, root: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        _forget_old(folder)
        self.told = Path(mkdtemp(dir=folder))
        self._root = root
        self._kernels: dict[str, set[str]] = defaultdict(set)

    def watch(self, server: LabApp) -> None:
        """Be told by the server of each kernel that a notebook gets, and of each save."""
        sessions = server.session_manager
        create, update = sessions.create_session, sessions.update_session

        async def create_session(*given: Any, **named: Any) -> Any:
            session = await create(*given, **named)
            self.had(session["path"], [session["kernel"]["id"]])
            return session

        async def update_session(session_id: str, **changed: Any) -> None:
            before = await sessions.get_session(session_id=session_id)
            kernels = {before["kernel"]["id"], changed.get("kernel_id"), *self._kernels[self._place(before["path"])]}
            # Before the change: a save under the new name may come first.
            for path in {before["path"], changed.get("path", before["path"])}:
                self.had(path, kernels - {None})
            await update(session_id, **changed)

        sessions.create_session, sessions.update_session = create_session, update_session
        # Not by a settings file: a hook of somebody's own settings then runs as well, not instead.
        server.contents_manager.register_pre_save_hook(self.without_private_results)

    def had(self, path: str, kernels: Iterable[str]) -> None:
        """Note that a notebook has, or had, these kernels."""
        place = self._place(path)
        if not self._kernels[place].issuperset(kernels):
            self._kernels[place].update(kernels)
            known = {name: sorted(found) for name, found in self._kernels.items()}
            put(self.told / _NOTEBOOKS, json.dumps(known).encode())

    def without_private_results(self, model: dict[str, Any], path: str = "", **others: Any) -> None:
        """Remove from a notebook what must not be stored; Jupyter calls this at each save, autosave too.

        Raises
        ------
        HTTPError
            It has no known shape, so that it can't be stored without what a kernel may have shown.
        """
        as_text = (
            model.get("type") == "file" and path.lower().endswith(".ipynb") and isinstance(model.get("content"), str)
        )
        if (model.get("type") != "notebook" and not as_text) or model.get("content") is None or not self._private(path):
            return
        contents = others.get("contents_manager")
        try:
            notebook = stripped(json.loads(model["content"]) if as_text else model["content"])
            _clean_checkpoint(contents, path)
        except Exception:
            refusal = _("Not saved: this notebook may hold your own data, and it has an unknown shape.")
            raise HTTPError(400, refusal) from None
        model["content"] = json.dumps(notebook, indent=1, ensure_ascii=False) if as_text else notebook
        if contents is not None:
            contents.log.info(_("{path} is saved without results, because of your own data.").format(path=path))

    def _private(self, path: str) -> bool:
        place = self._place(path)
        try:
            # Of a notebook without a kernel it is not known whose outputs it holds: a copy, for one.
            if any_private(self.told, self._kernels.get(place)):
                return True
            return any(
                any_private(run, kernels)
                for run in self.told.parent.iterdir()
                if run != self.told and (kernels := _notebooks(run).get(place))
            )
        except Exception:
            return True

    def _place(self, path: str) -> str:
        return (self._root / path.strip("/")).as_posix()


def stripped(notebook: Any) -> dict[str, Any]:
    """Return a notebook of nothing but its text and code; the output that the kit delivered it with goes back.

    It is made anew of what a notebook and a cell may hold: of anything else it is not known who has put it there.
    """
    metadata = _if_dict(notebook.get("metadata"))
    own = _if_dict(metadata.get("salesmetrics"))
    delivered = _delivered(str(own.get("lesson")), str(own.get("language")))
    return {
        "cells": [_stripped(cell, at, delivered) for at, cell in enumerate(notebook["cells"])],
        "metadata": {name: value for name, value in metadata.items() if name != "widgets"},
        "nbformat": 4,
        "nbformat_minor": 5,
    }


def _stripped(cell: dict[str, Any], at: int, delivered: dict[str, str]) -> dict[str, Any]:
    kind, name, source = cell.get("cell_type"), cell.get("id"), _source(cell)
    outputs = json.loads(delivered.get(digest(source), "[]"))
    return {
        "cell_type": kind if kind in ("code", "raw") else "markdown",
        "id": name if isinstance(name, str) else f"cell-{at}",
        "metadata": _if_dict(cell.get("metadata")),
        "source": source,
        **({"outputs": outputs, "execution_count": None} if kind == "code" else {}),
    }


def _if_dict(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _source(cell: dict[str, Any]) -> str:
    source = cell.get("source", "")
    return source if isinstance(source, str) else "".join(map(str, source)) if isinstance(source, list) else ""


@cache
def _delivered(lesson: str, language: str) -> dict[str, str]:
    """Return the output with which each code cell of a lesson was delivered, as JSON, by the digest of its code."""
    editions = (f"facilitator/{language}", language) if language in LANGUAGES else ()
    return {digest(_source(cell)): json.dumps(cell["outputs"]) for cell in code_cells(lesson, editions)}


def _clean_checkpoint(contents: Any, path: str) -> None:
    """Remove the same from the notebook's checkpoint: one that another Jupyter has made may hold anything."""
    place = getattr(getattr(contents, "checkpoints", None), "checkpoint_path", None)
    if place is None:
        return
    checkpoint = Path(place("checkpoint", path.strip("/")))
    if not checkpoint.is_file():
        return
    try:
        notebook = stripped(json.loads(checkpoint.read_text(encoding="utf-8")))
        put(checkpoint, json.dumps(notebook, indent=1, ensure_ascii=False).encode())
    except Exception:
        checkpoint.unlink()


def _notebooks(run: Path) -> dict[str, list[str]]:
    """Return the kernels that each notebook had in an earlier run; its page may still be open."""
    file = run / _NOTEBOOKS
    return dict(json.loads(file.read_text(encoding="utf-8"))) if file.is_file() else {}


def _forget_old(folder: Path) -> None:
    for run in folder.iterdir():
        if time.time() - run.stat().st_mtime > _KEPT:
            shutil.rmtree(run, ignore_errors=True)
