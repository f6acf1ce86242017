"""A position of the levers as a file: readable JSON with each lever by its name, and nothing of anybody's deals."""

from __future__ import annotations

import json
from collections.abc import Mapping
from importlib.metadata import version
from pathlib import Path
from typing import Any

from salesmetrics.base.errors import SalesMetricsError
from salesmetrics.base.language import _
from salesmetrics.models import Model

FORMAT = 1
_LARGEST = 100_000  # bytes; what the kit writes has less than a thousand


def text(model: Model[Any], position: Mapping[str, float], pinned: Mapping[str, float] | None) -> str:
    """Write a position, and the pinned one if there is one, as the text of a file."""
    content: dict[str, Any] = {
        "kit": "salesmetrics",
        "version": version("salesmetrics"),
        "format": FORMAT,
        "model": model.name,
        "levers": dict(position),
    }
    if pinned is not None:
        content["pinned"] = dict(pinned)
    return json.dumps(content, indent=1) + "\n"


def read_text(path: str | Path) -> str:
    """Read a file's text, or refuse what cannot be read or is no file of the kit."""
    try:
        with Path(path).open("rb") as file:
            content = file.read(_LARGEST + 1)
    except (OSError, ValueError) as error:
        raise SalesMetricsError(
            _("{path} cannot be read: {reason}.").format(path=path, reason=getattr(error, "strerror", None) or error),
            hint=_("Check the name of the file and the folder."),
        ) from error
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise _no_file_of_the_kit() from None


def model_of(words: str) -> str:
    """Return the name of the model that a file is about."""
    return str(_content(words)["model"])


def read(model: Model[Any], words: str) -> tuple[dict[str, float], dict[str, float] | None]:
    """Read the text of a file back: the position, and the pinned one if there is one.

    What is no file of the kit, of another version or of another model is refused; what a lever does not allow is for
    the slider to refuse.
    """
    content = _content(words)
    if content["model"] != model.name:
        raise SalesMetricsError(
            _("This file belongs to “{other}”, and these sliders are “{name}”.").format(
                other=str(content["model"])[:60], name=model.name
            ),
            hint=_('Open it with sm.explore("…"), with the name of the file between the quotes.'),
        )
    pinned = content.get("pinned")
    return _position(model, content["levers"]), None if pinned is None else _position(model, pinned)


def _content(words: str) -> dict[str, Any]:
    if len(words) > _LARGEST:
        raise _no_file_of_the_kit()
    try:
        content = json.loads(words)
    except (ValueError, RecursionError):
        raise _no_file_of_the_kit() from None
    if not isinstance(content, dict) or content.get("kit") != "salesmetrics" or "format" not in content:
        raise _no_file_of_the_kit()
    if content["format"] != FORMAT:
        raise SalesMetricsError(
            _("This file was saved by another version of the kit ({version}).").format(
                version=str(content.get("version", "?"))[:20]
            ),
            hint=_("Set the sliders by hand and save them again."),
        )
    if not isinstance(content.get("model"), str) or not isinstance(content.get("levers"), dict):
        raise _no_file_of_the_kit()
    return content


def _position(model: Model[Any], found: Any) -> dict[str, float]:
    if not isinstance(found, dict):
        raise _no_file_of_the_kit()
    for name in found:
        model.lever(name)
    return {**model.defaults(), **found}


def _no_file_of_the_kit() -> SalesMetricsError:
    return SalesMetricsError(
        _("This is no file with positions of sliders, or a damaged one."),
        hint=_("Choose a file that was saved with “Save as a file”."),
    )
