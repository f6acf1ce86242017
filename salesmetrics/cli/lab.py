"""``salesmetrics lab``: JupyterLab in the learner's language; results last, those about one's own deals excepted."""

from __future__ import annotations

import json
import os
from argparse import Namespace
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from urllib.parse import quote

from salesmetrics.base.errors import SalesMetricsError
from salesmetrics.base.language import N_, _
from salesmetrics.base.private_kernels import FOLDER
from salesmetrics.cli import Parser
from salesmetrics.cli.workshop import changes, folder_first, speak
from salesmetrics.deals.scenarios import kit_files
from salesmetrics.exercises.folder import Laid, lay_down

LESSONS = Path("salesmetrics-lessons")
EXAMPLE = N_("salesmetrics lab my-lessons --lang en")
HELP = N_("""\
salesmetrics lab [FOLDER] [--lang en|nl] [JupyterLab's own options]

Puts the lessons in FOLDER (salesmetrics-lessons, if you name none) and opens JupyterLab there.
What you changed in a lesson is never overwritten.

  --lang en|nl   English or Dutch. Without it: the language you chose for this folder before, else Dutch
                 on a computer that is set to Dutch and English on any other.

All other options go to JupyterLab, after FOLDER. For example: salesmetrics lab my-lessons --no-browser --port 9999""")

_LOCALES = {"en": "default", "nl": "nl_NL"}
# nbconvert's own order for a page, less the widgets that come first in it.
_EXPORTED = ("text/html", "text/markdown", "image/svg+xml", "text/latex", "image/png", "image/jpeg", "text/plain")
_WIDGET_VIEW = "application/vnd.jupyter.widget-view+json"


def run(parser: Parser, typed: Sequence[str], asked: Namespace) -> None:
    """Read the folder and hand on all other options to JupyterLab."""
    folder, options = folder_first(typed, LESSONS)
    lab(folder, speak(folder, asked.lang), options)


def lab(folder: Path, language: str, options: Sequence[str] = ()) -> None:
    """Copy the lessons to ``folder`` and run JupyterLab there, both in one language, until it is stopped.

    JupyterLab's own options, such as ``--no-browser``, win over what the kit sets.
    """
    try:
        from jupyterlab.labapp import LabApp

        from salesmetrics.cli.server import Saving
    except ImportError as error:
        raise SalesMetricsError(
            _("JupyterLab is not installed."), hint=_('Install the kit with it: pip install ".[lab]"')
        ) from error
    folder = folder.resolve()
    laid = lay_down(folder, language)
    print(told(folder, laid), flush=True)
    with _settings(folder, language, laid.first):
        server = LabApp.initialize_server(argv=list(options))
        saving = Saving(Path(server.runtime_dir, "salesmetrics"), Path(server.contents_manager.root_dir))
        os.environ[FOLDER] = str(saving.told)
        saving.watch(server)
        server.contents_manager.register_pre_save_hook(without_views)
        server.start()


def told(folder: Path, laid: Laid) -> str:
    """Describe what was laid down, and what was left alone."""
    where, stop = _("The lessons are in {folder}").format(folder=folder), _("To stop: press Ctrl+C here, and confirm.")
    return "\n".join([where, *changes(laid), stop])


def without_views(model: dict[str, Any], **_others: Any) -> None:
    """Remove the widgets' views from a notebook before it is written, where a picture or a question stands beside them.

    A view is nothing without its kernel; what stays is what every reader can show, so that a stored lesson is never
    hollow. Somebody's own widgets, which have nothing beside them, stay.
    """
    content = model.get("content")
    if model.get("type") != "notebook" or not isinstance(content, dict):
        return
    outputs = [output for cell in content.get("cells", ()) for output in cell.get("outputs", ())]
    bundles = [output["data"] for output in outputs if isinstance(output.get("data"), dict)]
    for data in bundles:
        if "text/html" in data:
            data.pop(_WIDGET_VIEW, None)
    if not any(_WIDGET_VIEW in data for data in bundles):
        content.get("metadata", {}).pop("widgets", None)


def _extension() -> dict[str, list[str]]:
    """Return where the extension is in a checkout; an installed kit put it where JupyterLab looks anyway."""
    beside = Path(str(kit_files())) / "labextension"
    return {"extra_labextensions_path": [str(beside.resolve())]} if beside.is_dir() else {}


@contextmanager
def _settings(folder: Path, language: str, first: str) -> Iterator[None]:
    """Write JupyterLab's settings of the kit for as long as it runs, beside those that somebody has already."""
    server = {
        "ServerApp": {
            "root_dir": str(folder),
            "kernel_websocket_connection_class": "salesmetrics.cli.server.PromptConnection",
        },
        # A lesson by itself, as a page; the list in its bar leads to the whole of JupyterLab.
        "LabApp": {"default_url": f"/doc/tree/{quote(first)}", **_extension()},
        # An exported page shows the picture itself, not a widget that would have to come from the network.
        "NbConvertBase": {"display_data_priority": _EXPORTED},
    }
    files: dict[str, dict[str, Any]] = {
        # In both files that Jupyter reads, or the same setting in somebody's own copy of the other one would win.
        "jupyter_server_config.json": server,
        "jupyter_lab_config.json": server,
        "labconfig/default_setting_overrides.json": {
            "@jupyterlab/apputils-extension:notification": {"fetchNews": "false", "checkForUpdates": False},
            "@jupyterlab/translation-extension:plugin": {"locale": _LOCALES[language]},
        },
    }
    before = os.environ.get("JUPYTER_CONFIG_PATH")
    with TemporaryDirectory(prefix="salesmetrics-") as place:
        for name, content in files.items():
            path = Path(place, name)
            path.parent.mkdir(exist_ok=True)
            path.write_text(json.dumps(content), encoding="utf-8")
        os.environ["JUPYTER_CONFIG_PATH"] = os.pathsep.join(filter(None, (place, before)))
        try:
            yield
        finally:
            if before is None:
                del os.environ["JUPYTER_CONFIG_PATH"]
            else:
                os.environ["JUPYTER_CONFIG_PATH"] = before
