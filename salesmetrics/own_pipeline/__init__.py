"""One's own deals in a notebook: shown while it runs, never stored in it, because people mail notebooks."""

from __future__ import annotations

import base64
import html
import sys
from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import Any, ParamSpec

from salesmetrics.base.errors import SalesMetricsError
from salesmetrics.base.language import _
from salesmetrics.crm import Export
from salesmetrics.crm import read_deals as _read_deals
from salesmetrics.deals.scenarios import kit_files

_VIEW = "application/vnd.jupyter.widget-view+json"
_PICTURES = ("image/png", "image/jpeg", "image/svg+xml")

P = ParamSpec("P")


def store_nothing() -> None:
    """From now on show every result of this notebook's kernel on the screen only; the file gets one line in its place.

    What is shown goes through a widget, whose contents Jupyter does not store unless it is told to; the JupyterLab of
    ``salesmetrics lab`` is told to, and takes them out of private notebooks again. What code prints is stored all the
    same. Outside a notebook this does nothing.
    """
    shell = _shell()
    if not hasattr(shell, "kernel") or getattr(shell, "salesmetrics_stores_nothing", False):
        return
    form = shell.display_formatter.format

    def on_the_screen_only(
        shown: object, include: object = None, exclude: object = None
    ) -> tuple[dict[str, Any], dict[str, Any]]:
        data, metadata = form(shown, include=include, exclude=exclude)
        return (_on_the_screen(data), {}) if data else (data, metadata)

    def error_on_the_screen_only(_shell: object, _kind: object, error: object, *_rest: object, **_more: object) -> None:
        # An error may quote what stands in a cell of the file.
        said = str(error) if isinstance(error, SalesMetricsError) else f"{type(error).__name__}: {error}"
        shell.display_pub.publish(_on_the_screen({"text/plain": said}))

    shell.display_formatter.format = on_the_screen_only
    shell.set_custom_exc((Exception,), error_on_the_screen_only)
    shell.salesmetrics_stores_nothing = True


def _shown_only(read: Callable[P, Export]) -> Callable[P, Export]:
    """Make a reader of files store nothing of what it reads, unless the file is one of the kit's own."""

    @wraps(read, assigned=("__name__", "__qualname__", "__doc__"))
    def read_and_store_nothing(*given: P.args, **options: P.kwargs) -> Export:
        # Before reading: a refusal quotes the file as well.
        if not _is_kits(given[0] if given else options.get("path")):
            store_nothing()
        return read(*given, **options)

    return read_and_store_nothing


read_deals = _shown_only(_read_deals)


def _shell() -> Any:
    """Give the IPython that runs this code, if one does; only loaded, not imported, because scripts have none."""
    return sys.modules["IPython"].get_ipython() if "IPython" in sys.modules else None


def _is_kits(path: object) -> bool:
    root = Path(str(kit_files() / "data")).resolve()
    # No place at all may hold a null character, and asking for it would be an error.
    return isinstance(path, str | Path) and "\0" not in str(path) and Path(path).resolve().parent == root


def _on_the_screen(data: dict[str, Any]) -> dict[str, Any]:
    """Turn what would be stored into a view that is not, with one line of text for who opens the notebook later."""
    line = _("Shown while the notebook runs, and not stored in it: this is about your own deals.")
    if _VIEW in data:
        return {_VIEW: data[_VIEW], "text/plain": line}
    import ipywidgets

    widget = ipywidgets.HTML(_as_html(data))
    # JupyterLab's own style for tables and text.
    widget.add_class("jp-RenderedHTMLCommon")
    return {**widget._repr_mimebundle_(), "text/plain": line}


def _as_html(data: dict[str, Any]) -> str:
    if "text/html" in data:
        return str(data["text/html"])
    for kind in _PICTURES:
        if kind in data:
            raw = data[kind]
            packed = raw if kind != "image/svg+xml" else base64.b64encode(raw.encode()).decode()
            return f'<img src="data:{kind};base64,{packed}" alt="">'
    return f"<pre>{html.escape(str(data.get('text/plain', '')))}</pre>"
