"""How a file was read, kept for next week's file: a small JSON file that holds headers and choices, never deals."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from salesmetrics.base.errors import SalesMetricsError
from salesmetrics.base.language import _
from salesmetrics.base.writing import write

VERSION = 1
_MARK = "salesmetrics-mapping"
_TEXTS = ("probability_in", "blank", "incomplete", "per", "currency", "pipeline", "sheet", "delimiter", "encoding")
_LISTS = ("won", "lost", "stages")
_PAIRS = ("columns", "date_order", "decimal")

PathLike = str | os.PathLike[str]


def save_mapping(path: PathLike, mapping: Mapping[str, Any]) -> None:
    """Write a mapping."""
    text = json.dumps({_MARK: VERSION, **mapping}, ensure_ascii=False, indent=2)
    write(path, text + "\n")


def load_mapping(mapping: PathLike | Mapping[str, Any]) -> dict[str, Any]:
    """Read a mapping: the options of ``read_deals`` by name."""
    if isinstance(mapping, Mapping):
        loaded: Any = {_MARK: VERSION, **mapping}
    else:
        try:
            loaded = json.loads(Path(mapping).read_text(encoding="utf-8"))
        except OSError as error:
            raise SalesMetricsError(
                _("“{path}” can't be opened: {reason}.").format(path=mapping, reason=error.strerror or error),
                hint=_("Give the mapping that export.save_mapping(…) wrote, or leave mapping= out."),
            ) from None
        except (ValueError, RecursionError):
            loaded = None
    is_ours = isinstance(loaded, dict) and loaded.pop(_MARK, None) == VERSION
    if not is_ours or not all(_fits(name, value) for name, value in loaded.items()):
        raise SalesMetricsError(
            _("The mapping is not one that this version of the kit wrote."),
            hint=_("Read the file without mapping=, and save the mapping again."),
        )
    return dict(loaded)


def _fits(name: str, value: object) -> bool:
    if name in _TEXTS:
        return isinstance(value, str)
    if name == "unit":
        return isinstance(value, int | float | str)
    if name in _LISTS:
        return isinstance(value, list) and all(isinstance(item, str) for item in value)
    return name in _PAIRS and (
        (isinstance(value, str) and name != "columns")
        or (isinstance(value, dict) and all(isinstance(item, (str, type(None))) for item in value.values()))
    )
