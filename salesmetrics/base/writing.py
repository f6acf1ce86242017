"""Writing a file: whole or not at all, and a page never over something else."""

from __future__ import annotations

import os
from pathlib import Path

from salesmetrics.base.errors import SalesMetricsError
from salesmetrics.base.language import _

_PAGES = (".html", ".htm")
_HEAD = 2_000  # bytes, in which a page says what it is


def put(path: Path, content: bytes) -> None:
    """Write a whole file or nothing: where the disk is full, what was there stays.

    Raises
    ------
    OSError, ValueError
        It can't be written, or no file can have that name.
    """
    path = path.resolve()
    unfinished = path.with_name(path.name + ".part")
    try:
        unfinished.write_bytes(content)
        unfinished.replace(path)
    finally:
        unfinished.unlink(missing_ok=True)


def write(path: str | os.PathLike[str], text: str) -> None:
    """Write a text under a name that somebody chose, over what was there.

    Raises
    ------
    SalesMetricsError
        It can't be written.
    """
    try:
        put(Path(path), text.encode())
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        raise SalesMetricsError(
            _("“{path}” can't be written: {reason}.").format(path=path, reason=reason),
            hint=_("Choose another folder or name."),
        ) from None


def write_page(path: str | os.PathLike[str], page: str, kind: str) -> Path:
    """Write a web page, over an older one of its kind, and give its place.

    Parameters
    ----------
    path, page
        The name, which ends in .html, and the whole page.
    kind
        What the page says it is: ``<meta name="generator" content="salesmetrics …">`` stands in its head.

    Raises
    ------
    SalesMetricsError
        As in :func:`check_page`; or it can't be written.
    """
    check_page(path, kind)
    write(path, page)
    return Path(path)


def check_page(path: object, kind: str) -> None:
    """Refuse a name for a page under which something else lies already, or may be expected.

    Raises
    ------
    SalesMetricsError
        It does not end in .html, or there is a file of that name that is no page of this kind.
    """
    if not isinstance(path, str | os.PathLike) or Path(path).suffix.lower() not in _PAGES:
        raise SalesMetricsError(
            _("“{path}” is no name for a web page.").format(path=path),
            hint=_("Choose a name that ends in .html, such as report.html."),
        )
    if Path(path).is_file() and f'content="salesmetrics {kind}"' not in _head(Path(path)):
        raise SalesMetricsError(
            _("There is a “{path}” already, and it is no older version of this page.").format(path=path),
            hint=_("Choose another name, or move that file away first."),
        )


def _head(path: Path) -> str:
    try:
        with path.open("rb") as file:
            return file.read(_HEAD).decode(errors="replace")
    except OSError:
        return ""
