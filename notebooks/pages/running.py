"""Run a lesson's cells in this process, and give what each shows."""

from __future__ import annotations

import ast
import contextlib
import io
import tempfile
from collections.abc import Iterator
from typing import Any

from salesmetrics.base.show import escaped


@contextlib.contextmanager
def nowhere() -> Iterator[None]:
    """Work in an empty folder for a while: nobody's progress is read there, and none is written."""
    with tempfile.TemporaryDirectory() as folder, contextlib.chdir(folder):
        yield


def shown_by(code: str, names: dict[str, Any]) -> list[Any]:
    r"""Run a cell and return what it displays, its last value included.

    Parameters
    ----------
    code
        Of the cell.
    names
        What earlier cells have defined, and this one adds to.

    Examples
    --------
    >>> shown_by("a = 1\ndisplay(a)\na + 1", {})
    [1, 2]
    """
    shown: list[Any] = []
    names["display"] = lambda *values: shown.extend(values)
    body = ast.parse(code).body
    last = body.pop() if body and isinstance(body[-1], ast.Expr) else None
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        exec(compile(ast.Module(body, []), "<cell>", "exec"), names)
        value = eval(compile(ast.Expression(last.value), "<cell>", "eval"), names) if last else None
    shown += [printed.getvalue()] if printed.getvalue() else []
    return shown if value is None else [*shown, value]


def as_page(value: Any) -> str:
    """Return a result as HTML, as a notebook without a kernel shows it.

    Examples
    --------
    >>> as_page(1 < 2)
    '<pre>True</pre>'
    """
    if hasattr(value, "_repr_mimebundle_"):
        bundle = value._repr_mimebundle_()
        return str(bundle.get("text/html") or f"<pre>{escaped(bundle['text/plain'])}</pre>")
    html = value._repr_html_() if hasattr(value, "_repr_html_") else None
    return html or f"<pre>{escaped(value if isinstance(value, str) else repr(value))}</pre>"
