"""A file as bytes and as text: its size, its kind whatever its name says, its encoding, and how far it is read."""

from __future__ import annotations

import codecs
import os
import re
import stat
import sys
from collections.abc import Callable
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path

from salesmetrics.base.errors import SalesMetricsError
from salesmetrics.base.language import N_, _, number, percent
from salesmetrics.crm.question import Choice, Question

_MARKS = (
    (codecs.BOM_UTF8, "utf-8", "UTF-8 (BOM)"),
    (codecs.BOM_UTF32_LE, "utf-32-le", "UTF-32"),
    (codecs.BOM_UTF32_BE, "utf-32-be", "UTF-32"),
    (codecs.BOM_UTF16_LE, "utf-16-le", "UTF-16"),
    (codecs.BOM_UTF16_BE, "utf-16-be", "UTF-16"),
)


def recode(source: Source, encoding: str | None = None) -> tuple[bytes, str]:
    """Return a file's text in UTF-8, as bytes, and the encoding that it had.

    A mark at the start (BOM) decides; then zeros in every other byte (UTF-16); then UTF-8 where all bytes fit it; else
    Windows-1252, the habit of Excel in Western Europe. What is told comes before all of these.
    """
    data, errors, codec, name = source.data, "strict", encoding, encoding or ""
    if codec:
        try:
            codecs.lookup(codec)
        except (LookupError, ValueError):
            raise SalesMetricsError(
                _("There is no encoding “{name}”.").format(name=codec),
                hint=_('The usual ones are "utf-8", "cp1252" (Windows) and "utf-16".'),
            ) from None
        # A byte that fits nowhere becomes a visible mark instead of a letter: told to, the kit reads on.
        errors = "replace"
    elif known := next((each for each in _MARKS if data.startswith(each[0])), None):
        mark, codec, name = known
        data = data[len(mark) :]
    elif b"\0" in data:
        codec, name = _by_zeros(data[:4096]), "UTF-16"
    elif data.isascii() or _is_utf8(data):
        return data, "UTF-8"
    else:
        if _mostly_utf8(data):
            raise Question(
                _("“{name}” is partly UTF-8 and partly not: letters such as é and € would be read wrongly.").format(
                    name=source.name
                ),
                option="encoding",
                choices=[Choice("UTF-8", {"encoding": "utf-8"}), Choice("Windows-1252", {"encoding": "cp1252"})],
                advice=_("Export it again if you can."),
            )
        codec, name = "cp1252", "Windows-1252"
    try:
        text = data.decode(codec or "", errors)
        if encoding is None and "\0" in text:
            raise ValueError
        # Half a pair of UTF-16, which some codecs let through, can't be written.
        return text.removeprefix("\ufeff").encode(), name
    except (ValueError, LookupError, AttributeError):
        raise SalesMetricsError(
            _("“{name}” is neither a table in text nor an Excel file.").format(name=source.name),
            hint=_("Export the deals as CSV or as Excel (.xlsx)."),
        ) from None


def _is_utf8(data: bytes) -> bool:
    try:
        data.decode()
    except UnicodeDecodeError:
        return False
    return True


def _by_zeros(sample: bytes) -> str:
    """Return the byte order of UTF-16 without a mark: plain letters have their zero second, or first; else nothing."""
    second, first = sample[1::2].count(0), sample[::2].count(0)
    if max(first, second) * 4 < len(sample) // 2 or min(first, second) * 4 > max(first, second):
        return ""
    return "utf-16-le" if second > first else "utf-16-be"


def _mostly_utf8(data: bytes) -> bool:
    """Return whether some of the letters outside ASCII are whole in UTF-8, though not all are."""
    whole = len(re.findall(rb"\xc3[\x80-\xbf]|\xe2\x82\xac|[\xc4-\xdf][\x80-\xbf]", data))
    return 0 < whole * 6 >= len(re.findall(rb"[\x80-\xff]", data))


LARGEST = 400_000_000

Readable = str | os.PathLike[str] | bytes | bytearray | memoryview

# Kinds of file that are no table the kit reads, by their first bytes, and what to do with them.
_SAVE_AS = N_("Open it in Excel and save it as .xlsx or as “CSV UTF-8”.")
_UNPACK = N_("Unpack it, and give the file that is inside.")
_EXPORT = N_("Export the deals as CSV or as Excel (.xlsx).")
_OTHER_KINDS = (
    (b"%PDF", N_("a PDF"), _EXPORT),
    (b"\x1f\x8b", N_("a packed file (gzip)"), _UNPACK),
    (b"7z\xbc\xaf", N_("a packed file (7z)"), _UNPACK),
    (b"Rar!", N_("a packed file (rar)"), _UNPACK),
    (b"PAR1", N_("a Parquet file"), N_("Read it with pandas, and use check_deals.")),
    (b"SQLite format 3", N_("a database"), _EXPORT),
    (b"\x89PNG", N_("a picture"), _EXPORT),
    (b"{\\rtf", N_("a text document"), _EXPORT),
)
_PAGE = (b"<!doctype html", b"<html", b"<table", b"<meta", b"<head")


@dataclass(frozen=True)
class Source:
    """A file that was read whole: its name and its bytes. The file itself is never written to."""

    name: str
    data: bytes

    @property
    def is_archive(self) -> bool:
        """Whether the file is a zip archive, as most workbooks are."""
        return self.data[:4] in (b"PK\x03\x04", b"PK\x05\x06")

    @property
    def is_workbook(self) -> bool:
        """Whether the file is a workbook: an archive, or one of the old kind."""
        return self.is_archive or self.data.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")

    @property
    def is_page(self) -> bool:
        """Whether the file is a web page, as some systems export under the name of Excel."""
        return _head(self.data).startswith(_PAGE)


def open_source(path: Readable, name: str | None = None) -> Source:
    """Read a file, or take the bytes that a file button gives."""
    if isinstance(path, (bytes, bytearray, memoryview)):
        name = name or _("your file")
        check_size(name, len(path))
        return _checked(Source(name, bytes(path)))
    if not isinstance(path, str | os.PathLike):
        raise SalesMetricsError(
            _("A file was expected, but this is a {kind}.").format(kind=type(path).__name__),
            hint=_('Give the name of your export, for example sm.read_deals("export.csv").'),
        )
    file = Path(path)
    if "://" in str(path):
        raise SalesMetricsError(
            _("“{path}” is an address on the web; the kit opens only files on this computer.").format(path=path),
            hint=_("Download the export first, then give the path of the file."),
        )
    try:
        # A pipe or a device has no end, or waits for one: neither is opened.
        about = os.stat(file)
        if not stat.S_ISREG(about.st_mode):
            kind = _("a folder") if stat.S_ISDIR(about.st_mode) else _("a device or a pipe")
            raise SalesMetricsError(
                _("“{path}” is {kind}, not a file.").format(path=path, kind=kind),
                hint=_("Give the path of the export itself."),
            )
        check_size(file.name, about.st_size)
        with open(file, "rb") as stream:
            data = stream.read(about.st_size + 1)
        check_size(file.name, len(data))
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
    return _checked(Source(name or file.name, data))


def _checked(source: Source) -> Source:
    """Refuse an empty file and the kinds of file that hold no table the kit reads."""
    head = source.data[:4096]
    if not head.strip(b"\x00\xff\xfe\xef\xbb\xbf \t\r\n") and not source.data.strip(b"\x00\xff\xfe\xef\xbb\xbf \t\r\n"):
        raise SalesMetricsError(
            _("“{name}” is empty.").format(name=source.name), hint=_("Check the export and its filters.")
        )
    for start, kind, advice in _OTHER_KINDS:
        if head.startswith(start):
            raise _other_kind(source, kind, advice)
    if _head(source.data).startswith((b"<?xml", b"<!doctype")) and not source.is_page:
        raise _other_kind(source, N_("XML, even if its name says Excel"), _SAVE_AS)
    return source


def check_size(name: str, size: int) -> None:
    """Refuse a file of more bytes than the kit reads, before any of it is read."""
    if size > LARGEST:
        raise SalesMetricsError(
            _("“{name}” is {size} MB; the kit reads files of at most {largest} MB.").format(
                name=name, size=number(size / 1e6), largest=number(LARGEST / 1e6)
            ),
            hint=_("Export fewer columns or a shorter time, or read it yourself and use check_deals."),
        )


def page_refusal(source: Source) -> SalesMetricsError:
    """Return the refusal of a web page without a table of deals."""
    return _other_kind(source, N_("a web page"), N_("Perhaps you had to sign in first. Export the deals once more."))


def _head(data: bytes) -> bytes:
    return data[:4096].removeprefix(b"\xef\xbb\xbf").lstrip().lower()


def _other_kind(source: Source, kind: str, advice: str) -> SalesMetricsError:
    return SalesMetricsError(
        _("“{name}” is {kind}, not a table the kit can read.").format(name=source.name, kind=_(kind)), hint=_(advice)
    )


def _nearest_file(file: Path) -> str:
    nearest = get_close_matches(file.name, [each.name for each in file.parent.glob("*") if each.is_file()], n=1)
    if nearest:
        return _("Did you mean “{name}”?").format(name=nearest[0])
    return _("Look in the folder {folder} and copy the path of the export.").format(folder=file.parent.absolute())


Progress = Callable[[float], None]

# Smaller files are read before a bar would be seen.
SHOWN_FROM = 20_000_000
# A workbook is packed, and read cell by cell: a byte of it takes as long as this many of a text.
_OF_WORKBOOK = 20
_WIDTH = 30


def progress_for(source: Source, progress: Progress | bool | None) -> Progress:
    """Choose how to tell the progress of reading a file."""
    if callable(progress):
        return progress
    size = len(source.data) * (_OF_WORKBOOK if source.is_archive else 1)
    wanted = size >= SHOWN_FROM if progress is None else progress
    return _bar() if wanted else lambda _share: None


def _bar() -> Progress:
    shown = -1

    def show(share: float) -> None:
        nonlocal shown
        done = int(min(share, 1) * _WIDTH)
        if done != shown:
            shown = done
            end = "\n" if done == _WIDTH else ""
            line = f"\r{_('Reading')} [{'#' * done}{'.' * (_WIDTH - done)}] {percent(min(share, 1), 0):>4}{end}"
            sys.stderr.write(line)
            sys.stderr.flush()

    return show


def part(progress: Progress, first: float, last: float) -> Progress:
    """Return the progress of one part of the work, from ``first`` to ``last`` of the whole."""
    return lambda share: progress(first + (last - first) * share)
