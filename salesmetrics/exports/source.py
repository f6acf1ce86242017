"""A file as bytes: how large it may be, what kind of file it is, and which encoding its text has."""

from __future__ import annotations

import os
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path

from salesmetrics.errors import SalesMetricsError
from salesmetrics.language import _, number

LARGEST = 400_000_000

Readable = str | os.PathLike[str] | bytes | bytearray | memoryview


@dataclass(frozen=True)
class Source:
    """A file that was read whole: its name and its bytes. The file itself is never written to."""

    name: str
    data: bytes


def open_source(path: Readable, name: str | None = None) -> Source:
    """Read a file, or take the bytes that a file button gives.

    Raises
    ------
    SalesMetricsError
        There is no such file, it can't be opened, it is empty, or it is larger than the kit reads.
    """
    if isinstance(path, (bytes, bytearray, memoryview)):
        return Source(name or _("your file"), _checked(bytes(path), name or _("your file")))
    file = Path(path)
    if "://" in str(path):
        raise SalesMetricsError(
            _("“{path}” is an address on the web; the kit opens only files on this computer.").format(path=path),
            hint=_("Download the export first, then give the path of the file."),
        )
    try:
        if file.is_dir():
            raise SalesMetricsError(
                _("“{path}” is a folder, not a file.").format(path=path), hint=_("Give the path of the export itself.")
            )
        if file.stat().st_size > LARGEST:
            raise _too_large(file.name, file.stat().st_size)
        return Source(name or file.name, _checked(file.read_bytes(), file.name))
    except FileNotFoundError:
        raise SalesMetricsError(_("There is no file “{path}”.").format(path=path), hint=_nearest_file(file)) from None
    except SalesMetricsError:
        raise
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        raise SalesMetricsError(
            _("“{path}” can't be opened: {reason}.").format(path=path, reason=reason),
            hint=_("Close it in other programs, and check that you may read it."),
        ) from None


def _checked(data: bytes, name: str) -> bytes:
    if len(data) > LARGEST:
        raise _too_large(name, len(data))
    if not data.strip(b"\x00\xff\xfe\xef\xbb\xbf \t\r\n"):
        raise SalesMetricsError(_("“{name}” is empty.").format(name=name), hint=_("Check the export and its filters."))
    return data


def _too_large(name: str, size: int) -> SalesMetricsError:
    return SalesMetricsError(
        _("“{name}” is {size} MB; the kit reads files of at most {largest} MB.").format(
            name=name, size=number(size / 1e6), largest=number(LARGEST / 1e6)
        ),
        hint=_("Export fewer columns or a shorter time, or read it yourself and use check_deals."),
    )


def _nearest_file(file: Path) -> str:
    try:
        names = [entry.name for entry in file.parent.iterdir() if entry.is_file()]
    except OSError:
        names = []
    nearest = get_close_matches(file.name, names, n=1)
    if nearest:
        return _("Did you mean “{name}”?").format(name=nearest[0])
    return _("Look in the folder {folder} and copy the path of the export.").format(folder=file.parent.absolute())


def decode(source: Source) -> tuple[str, str]:
    """Decode a file's text.

    Returns
    -------
    The text, and the name of its encoding.
    """
    try:
        return source.data.decode("utf-8-sig"), "UTF-8"
    except UnicodeDecodeError:
        raise SalesMetricsError(
            _("“{name}” is not text in UTF-8.").format(name=source.name),
            hint=_("Save it again as “CSV UTF-8”."),
        ) from None
