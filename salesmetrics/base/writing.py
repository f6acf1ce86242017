"""Writing a file: whole or not at all, and a page never over something else."""

from __future__ import annotations

import errno
import os
import secrets
from io import BytesIO
from pathlib import Path

from salesmetrics.base.errors import SalesMetricsError
from salesmetrics.base.language import _

_PAGES = (".html", ".htm")
UNFINISHED = ".part"
_HEAD = 2_000  # bytes, in which a page says what it is


def put(path: Path, content: bytes) -> None:
    """Write a whole file or nothing: where the disk is full, what was there stays.

    Raises
    ------
    OSError, ValueError
        It can't be written, no file can have that name, or what is there is a link or no regular file.
    """
    # In a folder that others write to, a link may have been put there to have another file overwritten.
    if path.is_symlink():
        raise OSError(errno.ELOOP, _("it is a link to another place"))
    if path.exists() and not path.is_file():
        raise OSError(errno.EINVAL, _("what is there is no regular file"))
    # A name of its own each time, so that no other program writes to it and nobody's file has it.
    unfinished = path.with_name(f".{path.name}.{secrets.token_hex(8)}{UNFINISHED}")
    # Exclusive, so that no link that lies there is followed; with the rights that any new file gets.
    with open(unfinished, "xb") as file:
        try:
            file.write(content)
            file.close()
            unfinished.replace(path)
        except BaseException:
            file.close()
            unfinished.unlink(missing_ok=True)
            raise


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
    if os.path.lexists(path) and f'content="salesmetrics {kind}"' not in _head(Path(path)):
        raise SalesMetricsError(
            _("There is a “{path}” already, and it is no older version of this page.").format(path=path),
            hint=_("Choose another name, or move that file away first."),
        )


def _head(path: Path) -> str:
    try:
        # Opening anything else, such as a pipe, may wait for ever.
        with path.open("rb") if path.is_file() else BytesIO() as file:
            return file.read(_HEAD).decode(errors="replace")
    except OSError:
        return ""
