"""What an error quotes of somebody's file, and the error without it."""

from __future__ import annotations

import builtins
import re
import sys
from collections.abc import Iterator
from typing import Any

import pandas as pd

from salesmetrics.base.errors import SalesMetricsError

_GONE = "…"
# What stands between quotes, and numbers of four digits and more, in whatever way they are written.
_QUOTED = re.compile(r"""'([^'\n]+)'|"([^"\n]+)"|“([^”\n]+)”|`([^`\n]+)`|(\d[\d.,_]*\d{2}[\d.,_]*)""")
# Longer ones quote whole tables.
_LONGEST = 2_000
_LIBRARIES = ("numpy", "pandas", "polars", "pyarrow", "narwhals", "duckdb")

_tables: dict[str, pd.DataFrame] = {}


def remember(name: str, table: pd.DataFrame) -> None:
    """Keep a table that was read, to know its cells again in an error; the same file read anew takes its place."""
    _tables[name] = table


def without_quotes(
    error: BaseException, lines: list[str], typed: str, line: str
) -> tuple[BaseException | str, list[str]]:
    """Give what an error says and its traceback without what they quote of a file.

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
        if any(isinstance(one, SyntaxError) and (one.text or "").strip() not in typed for one in chain_of(error)):
            # The line that is no Python is a cell of the file, perhaps, and stands in colours in the traceback.
            said = _redacted(str(error), typed)
            return said, [f"{type(error).__name__}: {said}"]
        text = "\n".join(lines)
        for said in sorted(set(_said(error)), key=len, reverse=True):
            text = text.replace(said, _redacted(said, typed))
        return _redacted(str(error), typed), text.split("\n") if text != "\n".join(lines) else lines
    except Exception:
        # An error whose message can't even be read: rather nothing than too much.
        return _GONE, [f"{type(error).__name__}: {_GONE}"]


def chain_of(error: BaseException | None) -> Iterator[BaseException]:
    """Give an error, those behind it, and those within it."""
    waiting = [error]
    seen: list[BaseException] = []
    while waiting:
        current = waiting.pop()
        if current is not None and not any(current is one for one in seen):
            seen.append(current)
            waiting += [current.__cause__, current.__context__, *getattr(current, "exceptions", ())]
            yield current


def _said(error: BaseException) -> Iterator[str]:
    """Give all messages of an error, as they may stand in its traceback."""
    for current in chain_of(error):
        if isinstance(current, SalesMetricsError):
            yield from str(current).split("\n")
        yield str(current)
        yield from getattr(current, "__notes__", ())


def _redacted(said: str, typed: str) -> str:
    if len(said) > _LONGEST:
        return _GONE
    for cell in sorted(_cells_in(said, typed), key=len, reverse=True):
        said = re.sub(rf"(?<!\w){re.escape(cell)}(?!\w)", _GONE, said)
    return _QUOTED.sub(lambda match: _hidden(match, typed), said)


def _hidden(match: re.Match[str], typed: str) -> str:
    quoted = next(filter(None, match.groups()))
    if quoted in typed or _is_code(quoted):
        return match[0]
    return match[0].replace(quoted, _GONE)


def _is_code(word: str) -> bool:
    """Tell whether a word is the name of something in Python or in a library, which many an error puts in quotes."""
    name = word.rpartition(".")[2]
    return name == "NoneType" or any(
        hasattr(place, name) for place in (builtins, *(sys.modules[m] for m in _LIBRARIES if m in sys.modules))
    )


def _cells_in(said: str, typed: str) -> Iterator[str]:
    for table in _tables.values():
        for column in table:
            for value in table[column].dropna().unique():
                for cell in _ways(value):
                    if cell in said and cell not in typed:
                        yield cell


def _ways(value: Any) -> tuple[str, ...]:
    """Give the ways in which Python writes a cell."""
    if isinstance(value, float) and value.is_integer():
        return str(value), str(int(value))
    return (str(value), str(value)[:10]) if isinstance(value, pd.Timestamp) else (str(value),)
