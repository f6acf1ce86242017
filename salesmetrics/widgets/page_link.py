"""A link to a page that lies beside the notebook."""

from __future__ import annotations

import anywidget
import traitlets

from salesmetrics.widgets import ASSETS


class PageLink(anywidget.AnyWidget):
    """A link to a page beside the notebook: where the server gives it, only the browser knows."""

    _esm = ASSETS / "page_link.js"

    name = traitlets.Unicode().tag(sync=True)
    label = traitlets.Unicode().tag(sync=True)
