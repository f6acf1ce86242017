"""What an error quotes of somebody's file, and the error without it."""

from __future__ import annotations

import builtins
import re
import sys
from collections.abc import Iterator
from io import BytesIO
from typing import Any

import pandas as pd

from salesmetrics.base.errors import SalesMetricsError
from salesmetrics.crm.source import open_source, recode

_GONE = "…"
# What stands between quotes, and numbers of four digits and more, in whatever way they are written.
_QUOTED = re.compile(r"""'([^'\n]+)'|"([^"\n]+)"|“([^”\n]+)”|`([^`\n]+)`|(\d[\d.,_]*\d{2}[\d.,_]*)""")
# Longer ones quote whole tables.
_LONGEST = 2_000
_LIBRARIES = ("numpy", "pandas", "polars", "pyarrow", "narwhals", "duckdb")
_NUMBER = re.compile(r"\d+(?:\.\d+)?")
# Between the cells of a text or a web page; shorter cells stand in any message.
_BETWEEN, _SHORTEST = str.maketrans(dict.fromkeys('\r\t,;|"<>', "\n")), 3

_files: dict[str, tuple[Any, pd.DataFrame | None]] = {}


def remember(name: str, source: Any, table: pd.DataFrame | None = None) -> None:
    """Keep a file and what was read of it, to know its cells again in an error; read anew it takes its own place."""
    _files[name] = source, table


def without_quotes(
    error: BaseException, lines: list[str], typed: str, line: str
) -> tuple[BaseException | str, list[str]]:
    """Return what an error says and its traceback without what they quote of a file.

    Parameters
    ----------
    error, lines
        The error, and its traceback as it would be shown.
    typed
        The code of the notebook, which is stored anyway.
    line
        What the kit's own errors say instead; they quote the file on purpose.

    Examples
    --------
    >>> without_quotes(KeyError("Zwaluw"), ["KeyError: 'Zwaluw'"], "1", "")
    ("'…'", ["KeyError: '…'"])
    >>> without_quotes(KeyError("amuont"), ["KeyError: 'amuont'"], "deals['amuont']", "")[1]
    ["KeyError: 'amuont'"]
    """
    try:
        if isinstance(error, SalesMetricsError):
            return line, [f"{type(error).__name__}: {line}"]
        said = sorted({str(error), *_said(error)}, key=len, reverse=True)
        cells = _cells_in("\n".join(said), typed)
        if any(isinstance(each, SyntaxError) and (each.text or "").strip() not in typed for each in chain_of(error)):
            # The line that is no Python is a cell of the file, perhaps, and stands in colours in the traceback.
            message = _redacted(str(error), cells, typed)
            return message, [f"{type(error).__name__}: {message}"]
        text = "\n".join(lines)
        for message in said:
            text = text.replace(message, _redacted(message, cells, typed))
        return _redacted(str(error), cells, typed), text.split("\n") if text != "\n".join(lines) else lines
    except Exception:
        # An error whose message can't even be read: rather nothing than too much.
        return _GONE, [f"{type(error).__name__}: {_GONE}"]


def redacted(said: str, typed: str) -> str:
    """Return a message, such as a line of a log, without what it quotes of a file."""
    return _redacted(said, _cells_in(said, typed), typed)


def chain_of(error: BaseException | None) -> Iterator[BaseException]:
    """Return an error, those behind it, and those within it."""
    waiting = [error]
    seen: list[BaseException] = []
    while waiting:
        current = waiting.pop()
        if current is not None and not any(current is each for each in seen):
            seen.append(current)
            waiting += [current.__cause__, current.__context__, *getattr(current, "exceptions", ())]
            yield current


def _said(error: BaseException) -> Iterator[str]:
    """Return all messages of an error, as they may stand in its traceback."""
    for current in chain_of(error):
        if isinstance(current, SalesMetricsError):
            yield from str(current).split("\n")
        yield str(current)
        yield from getattr(current, "__notes__", ())


def _redacted(said: str, cells: list[str], typed: str) -> str:
    if len(said) > _LONGEST:
        return _GONE
    for cell in cells:
        said = re.sub(rf"(?<!\w){re.escape(cell)}(?!\w)", _GONE, said)
    return _QUOTED.sub(lambda match: _hidden(match, typed), said)


def _hidden(match: re.Match[str], typed: str) -> str:
    quoted = next(filter(None, match.groups()))
    if quoted in typed or _is_code(quoted):
        return match[0]
    return match[0].replace(quoted, _GONE)


def _is_code(word: str) -> bool:
    """Return whether a word is the name of something in Python or in a library, which many an error puts in quotes."""
    name = word.rpartition(".")[2]
    return name == "NoneType" or any(
        hasattr(place, name) for place in (builtins, *(sys.modules[m] for m in _LIBRARIES if m in sys.modules))
    )


def _cells_in(said: str, typed: str) -> list[str]:
    """Return the cells of all files that stand in a message, the longest first."""
    cells = {cell for file in _files.values() for cell in (*_as_written(*file, said), *_as_read(file[1], said))}
    return sorted((cell for cell in cells if cell not in typed), key=len, reverse=True)


def _as_written(source: Any, table: pd.DataFrame | None, said: str) -> list[str]:
    """Return the cells as they stand in the file: of rows that were left out too, and of a file that was refused."""
    try:
        file = open_source(source)
        if not file.is_workbook:
            found = recode(file)[0].decode().translate(_BETWEEN).split("\n")
        elif table is not None:  # else it may be one that is refused for what unpacking it would take
            sheets = pd.read_excel(BytesIO(file.data), sheet_name=None, header=None, dtype=str, engine="calamine")
            found = [str(cell) for sheet in sheets.values() for cell in sheet.to_numpy().ravel()]
        else:
            found = []
    except (SalesMetricsError, OSError, ValueError):
        return []
    return [cell for cell in map(str.strip, found) if cell in said and len(cell) >= _SHORTEST]


def _as_read(table: pd.DataFrame | None, said: str) -> Iterator[str]:
    """Return the cells as Python writes them."""
    for name in () if table is None else table:
        values = table[name].dropna().unique().tolist()  # type: ignore[index]
        if values and isinstance(values[0], float):
            known = set(values)
            yield from (number for number in _NUMBER.findall(said) if float(number) in known)
        else:
            ways = (way for value in values for way in (str(value), *_day(value)))
            yield from (way for way in ways if way in said)


def _day(value: Any) -> tuple[str, ...]:
    return (str(value)[:10],) if isinstance(value, pd.Timestamp) else ()
