"""The commands around the lessons: ``lab`` opens them, ``workshop`` lays down all for a class, ``collect`` counts it.

In the JupyterLab of ``lab`` results last, those about one's own deals excepted.
"""

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

from salesmetrics.base import kit_files
from salesmetrics.base.errors import SalesMetricsError
from salesmetrics.base.language import N_, _, language, use_language
from salesmetrics.base.private_kernels import FOLDER
from salesmetrics.base.show import visible
from salesmetrics.base.writing import write_page
from salesmetrics.cli import Command, Parser
from salesmetrics.exercises.folder import Laid, is_kits, language_of, lay_down

_LOCALES = {"en": "default", "nl": "nl_NL"}
# nbconvert's own order for a page, less the widgets that come first in it.
_EXPORTED = ("text/html", "text/markdown", "image/svg+xml", "text/latex", "image/png", "image/jpeg", "text/plain")
_WIDGET_VIEW = "application/vnd.jupyter.widget-view+json"


def lab(folder: Path, language: str, options: Sequence[str] = ()) -> None:
    """Copy the lessons to ``folder`` and run JupyterLab there, both in one language, until it is stopped.

    JupyterLab's own options, such as ``--no-browser``, win over what the kit sets.
    """
    try:
        from jupyterlab.labapp import LabApp

        from salesmetrics.cli.jupyter_server import Saving
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


def _lab(asked: Namespace) -> None:
    # A folder comes first; later on, a word may be the value of one of JupyterLab's options.
    named, options = asked.rest[:1], asked.rest[1:]
    if named and named[0].startswith("-"):
        named, options = [], asked.rest
    folder = _spoken_in(next(iter(named), None), "salesmetrics-lessons", asked.lang)
    lab(folder, language(), options)


def _workshop(asked: Namespace) -> None:
    """Copy the facilitator's edition and say what to open first. What was changed there stays as it is."""
    folder = _spoken_in(asked.folder, "salesmetrics-workshop", asked.lang).resolve()
    laid = lay_down(folder, language(), "facilitator")
    typed = f'"{folder}"' if " " in str(folder) else str(folder)
    lines = [
        _("All for the workshop is in {folder}").format(folder=folder),
        *_changes(laid),
        "",
        _("Read first          run-of-show.html: plans for 60, 90 and 180 minutes"),
        _("Print and prepare   checklist.html, hand-out.html, cards.html, dice-strips.html"),
        _("On the projector    slides.html"),
        _("For you only        answer-key.html"),
        _("The lessons, with notes and solutions: salesmetrics lab {folder}").format(folder=typed),
    ]
    print("\n".join(lines))


def _collect(asked: Namespace) -> None:
    """Count over a folder of progress files, and tell it."""
    from salesmetrics.exercises.classroom import KIND, collect, page, text

    group = collect(asked.folder)
    if asked.output is not None:
        write_page(asked.output, page(group), KIND)
    print(visible(text(group)))
    if asked.output is not None:
        print("\n" + _("Written: {file}").format(file=asked.output))


def _offer_folder(parser: Parser) -> None:
    parser.add_argument("folder", nargs="?")


def _offer_collect(parser: Parser) -> None:
    parser.add_argument("folder", type=Path)
    parser.add_argument("-o", "--output")


def _spoken_in(named: str | None, default: str, asked: str | None) -> Path:
    """Return the folder that is meant; speak the language that was asked for, else the folder's, else the one in use.

    Without a name it is the folder we are in if the kit laid it down, else the default.
    """
    folder = Path(named) if named is not None else Path() if is_kits(Path()) else Path(default)
    use_language(asked or language_of(folder) or language())
    return folder


def told(folder: Path, laid: Laid) -> str:
    """Describe what was laid down, and what was left alone."""
    where, stop = _("The lessons are in {folder}").format(folder=folder), _("To stop: press Ctrl+C here, and confirm.")
    return "\n".join([where, *_changes(laid), stop])


def _changes(laid: Laid) -> list[str]:
    """Say, a line each, what made place for a newer version and what was left alone."""
    lines = [_("Brought up to date: {names}").format(names=", ".join(laid.replaced))] if laid.replaced else []
    kept = _("You changed {name}, so it was left as it is; the new version is {beside}")
    return [*lines, *(kept.format(name=name, beside=beside) for name, beside in laid.kept)]


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
            "kernel_websocket_connection_class": "salesmetrics.cli.jupyter_server.PromptConnection",
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
    before = os.environ.get("JUPYTER_CONFIG_PATH", "")
    with TemporaryDirectory(prefix="salesmetrics-") as place:
        for name, content in files.items():
            path = Path(place, name)
            path.parent.mkdir(exist_ok=True)
            path.write_text(json.dumps(content), encoding="utf-8")
        os.environ["JUPYTER_CONFIG_PATH"] = os.pathsep.join(filter(None, (place, before)))
        try:
            yield
        finally:
            os.environ["JUPYTER_CONFIG_PATH"] = before


COMMANDS = {
    "lab": Command(
        _lab,
        N_("salesmetrics lab my-lessons --lang en"),
        N_("""\
salesmetrics lab [FOLDER] [--lang en|nl] [JupyterLab's own options]

Puts the lessons in FOLDER (salesmetrics-lessons, if you name none) and opens JupyterLab there.
What you changed in a lesson is never overwritten.

  --lang en|nl   English or Dutch. Without it: the language you chose for this folder before, else Dutch
                 on a computer that is set to Dutch and English on any other.

All other options go to JupyterLab, after FOLDER. For example: salesmetrics lab my-lessons --no-browser --port 9999"""),
    ),
    "workshop": Command(
        _workshop,
        N_("salesmetrics workshop my-workshop --lang en"),
        N_("""\
salesmetrics workshop [FOLDER] [--lang en|nl]

Puts all that a workshop needs in FOLDER (salesmetrics-workshop, if you name none): the run-of-show, a checklist,
slides, a hand-out, cards and dice strips to print, the answer key, and the lessons with notes and solutions.
What you changed in it is never overwritten. Nothing in it needs a network.

  --lang en|nl   English or Dutch. Without it: the language you chose for this folder before, else Dutch
                 on a computer that is set to Dutch and English on any other."""),
        _offer_folder,
    ),
    "collect": Command(
        _collect,
        N_("salesmetrics collect my-class -o my-class.html"),
        N_("""\
salesmetrics collect FOLDER [-o PAGE.html] [--lang en|nl]

Counts over the progress files of many learners: over which exercises they stumbled and what lay behind it.
Every learner's file is called progress.json and lies beside the lessons; give each a name of its own and put
them in FOLDER. Only learners are counted: there are no marks.

  -o PAGE.html   also write a page with a picture, which opens without a network
  --lang en|nl   English or Dutch"""),
        _offer_collect,
    ),
}
