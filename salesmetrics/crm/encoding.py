"""Bytes to text in UTF-8: the encoding by its mark, by its zeros, or by whether the bytes fit."""

from __future__ import annotations

import codecs
import re

from salesmetrics.base.errors import SalesMetricsError
from salesmetrics.base.language import _
from salesmetrics.crm.question import Choice, Question
from salesmetrics.crm.source import Source

_MARKS = (
    (codecs.BOM_UTF8, "utf-8", "UTF-8 (BOM)"),
    (codecs.BOM_UTF32_LE, "utf-32-le", "UTF-32"),
    (codecs.BOM_UTF32_BE, "utf-32-be", "UTF-32"),
    (codecs.BOM_UTF16_LE, "utf-16-le", "UTF-16"),
    (codecs.BOM_UTF16_BE, "utf-16-be", "UTF-16"),
)
_SEVERAL_BYTES = re.compile(rb"[\xc3-\xf4][\x80-\xbf]")


def recode(source: Source, encoding: str | None = None) -> tuple[bytes, str]:
    """Give a file's text in UTF-8, as bytes.

    A mark at the start (BOM) decides; then zeros in every other byte (UTF-16); then UTF-8 where all bytes fit it; else
    Windows-1252, the habit of Excel in Western Europe.
    """
    if encoding is not None:
        return _as_told(source, encoding)
    data = source.data
    for mark, codec, name in _MARKS:
        if data.startswith(mark):
            return _strict(source, data[len(mark) :], codec, name)
    if b"\0" in data:
        return _strict(source, data, _zeros(source), "UTF-16")
    try:
        if not data.isascii():
            data.decode("utf-8")
        return data, "UTF-8"
    except UnicodeDecodeError:
        pass
    if _SEVERAL_BYTES.search(data) and _mostly_utf8(data):
        raise Question(
            _("“{name}” is partly UTF-8 and partly not: letters such as é and € would be read wrongly.").format(
                name=source.name
            ),
            option="encoding",
            choices=[Choice("UTF-8", {"encoding": "utf-8"}), Choice("Windows-1252", {"encoding": "cp1252"})],
            advice=_("Export it again if you can."),
        )
    return _strict(source, data, "cp1252", "Windows-1252")


def _as_told(source: Source, encoding: str) -> tuple[bytes, str]:
    try:
        codecs.lookup(encoding)
    except (LookupError, ValueError):
        raise SalesMetricsError(
            _("There is no encoding “{name}”.").format(name=encoding),
            hint=_('The usual ones are "utf-8", "cp1252" (Windows) and "utf-16".'),
        ) from None
    try:
        # A byte that fits nowhere becomes a visible mark instead of a letter: told to, the kit reads on.
        text = source.data.decode(encoding, errors="replace")
    except (UnicodeError, LookupError, AttributeError):
        raise _no_text(source) from None
    return _utf8(source, text.removeprefix("\ufeff")), encoding


def _strict(source: Source, data: bytes, codec: str, name: str) -> tuple[bytes, str]:
    try:
        text = data.decode(codec)
    except UnicodeDecodeError:
        raise _no_text(source) from None
    if "\0" in text:
        raise _no_text(source)
    return _utf8(source, text), name


def _utf8(source: Source, text: str) -> bytes:
    try:
        return text.encode("utf-8")
    except UnicodeEncodeError:
        # Half a pair of UTF-16, which some codecs let through.
        raise _no_text(source) from None


def _zeros(source: Source) -> str:
    """Tell the byte order of UTF-16 without a mark: plain letters have their zero second, or first."""
    sample = source.data[:4096]
    second, first = sample[1::2].count(0), sample[::2].count(0)
    if max(first, second) * 4 < len(sample) // 2 or min(first, second) * 4 > max(first, second):
        raise _no_text(source)
    return "utf-16-le" if second > first else "utf-16-be"


def _mostly_utf8(data: bytes) -> bool:
    """Tell whether some of the letters outside ASCII are whole in UTF-8, though not all are."""
    whole = len(re.findall(rb"\xc3[\x80-\xbf]|\xe2\x82\xac|[\xc4-\xdf][\x80-\xbf]", data))
    high = len(re.findall(rb"[\x80-\xff]", data))
    return whole * 2 * 3 >= high


def _no_text(source: Source) -> SalesMetricsError:
    return SalesMetricsError(
        _("“{name}” is neither a table in text nor an Excel file.").format(name=source.name),
        hint=_("Export the deals as CSV or as Excel (.xlsx)."),
    )
