"""A position of the levers to send or to keep: as a short code to type over, ``startup-1-9F3KC0M2…``, and as a file.

The code holds the model's name, the number of this way of writing, and in Crockford's base 32 (digits and letters
without I, L, O and U, so that it can be read aloud and typed over): two checks, then for each lever that is not at its
start which one it is and where it stands. The file is readable JSON with each lever by its name. Only levers: no data
of anybody's deals, and no words, so the language doesn't matter.
"""

from __future__ import annotations

import base64
import hashlib
import json
import re
import struct
from collections.abc import Iterator, Mapping
from importlib.metadata import version
from itertools import islice
from pathlib import Path
from typing import Any

from salesmetrics.base.errors import SalesMetricsError
from salesmetrics.base.language import _
from salesmetrics.models import Lever, Model

FORMAT = 1
_LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_STANDARD = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"  # base 32 as Python writes it
_TO_CROCKFORD, _FROM_CROCKFORD = str.maketrans(_STANDARD, _LETTERS), str.maketrans(_LETTERS, _STANDARD)
_READ_AS = str.maketrans("OIL", "011")
_SHAPE = re.compile(r"(?P<model>[a-z]+(?:-[a-z]+)*)-(?P<format>\d{1,3})-(?P<rest>[0-9a-z]{5,200})", re.IGNORECASE)
_MODEL_CHECK, _CHECK = 1, 3  # bytes
_STEPS, _EXACT = 0, 1
_MOST_SEVENS = 4  # no lever has more than 2²⁸ steps
_LARGEST = 100_000  # bytes of a file; what the kit writes has less than a thousand


def refuse(*, private: bool) -> None:
    """Refuse to send or keep where sliders stand that are made of somebody's own data."""
    if private:
        raise SalesMetricsError(
            _("These sliders are made of your own figures, so there is no code and no file of them."),
            hint=_("Undo and “Pin this as A” work here as everywhere."),
        )


def looks_like_a_code(text: str) -> bool:
    """Return whether a text is meant as a code rather than as the name of a model.

    Examples
    --------
    >>> looks_like_a_code("startup-1-9F3KC0M2"), looks_like_a_code("fishing-net")
    (True, False)
    """
    return any(letter.isdigit() for letter in text)


def model_of_code(text: str) -> str:
    """Return the name of the model that a code is about; what is no code, or of another version, is refused."""
    match = _SHAPE.fullmatch(_tidy(text))
    if not match:
        raise _damaged(text)
    if match["format"] != str(FORMAT):
        raise _of_another_version()
    return match["model"].lower()


def encode(model: Model[Any], position: Mapping[str, float]) -> str:
    """Write a position as a code.

    Examples
    --------
    >>> from salesmetrics.models.coverage import MODEL
    >>> code = encode(MODEL, {**MODEL.defaults(), "target": 1_000_000})
    >>> decode(MODEL, code)["target"]
    1000000.0
    """
    levers = b"".join(
        _packed(place, lever, position[lever.name])
        for place, lever in enumerate(model.levers)
        if position[lever.name] != lever.default
    )
    return f"{model.name}-{FORMAT}-{_letters(_checks(model, levers) + levers)}"


def decode(model: Model[Any], text: str) -> dict[str, float]:
    """Read a code of this model back into a position; one damaged, of another version or model is refused."""
    name = model_of_code(text)
    if name != model.name:
        raise SalesMetricsError(
            _("This code belongs to “{other}”, and these sliders are “{name}”.").format(other=name, name=model.name),
            hint=_('Open it with sm.explore("…"), with the code between the quotes.'),
        )
    content = _bytes(_tidy(text).rpartition("-")[2])
    if content is None or len(content) < _MODEL_CHECK + _CHECK:
        raise _damaged(text)
    levers = content[_MODEL_CHECK + _CHECK :]
    if content[: _MODEL_CHECK + _CHECK] != _checks(model, levers):
        same_model = content[:_MODEL_CHECK] == _checks(model, levers)[:_MODEL_CHECK]
        raise _damaged(text) if same_model else _of_another_version()
    try:
        moved = {lever.name: value for lever, value in _unpacked(model, levers)}
    except (IndexError, ValueError, struct.error):
        raise _damaged(text) from None
    position = {**model.defaults(), **moved}
    # Whoever can count the check can still not bring a lever where it doesn't go, nor write one position in two ways.
    inside = all(lever.minimum <= position[lever.name] <= lever.maximum for lever in model.levers)
    if not inside or encode(model, position).rpartition("-")[2] != _letters(content):
        raise _damaged(text)
    return position


def _tidy(text: str) -> str:
    """Remove what mail and chat put around a code or into it."""
    return re.sub(r"[\s\u200b\u00ad“”\"'`]+", "", str(text)[:400])


def _checks(model: Model[Any], levers: bytes) -> bytes:
    """Return two checks: of the levers, so that an older code never moves another one, and of all."""
    ranges = [
        (lever.name, *map(float, (lever.minimum, lever.maximum, lever.step, lever.default))) for lever in model.levers
    ]
    about = hashlib.sha256(repr((model.name, ranges)).encode()).digest()
    return about[:_MODEL_CHECK] + hashlib.sha256(about + levers).digest()[:_CHECK]


def _packed(place: int, lever: Lever, value: float) -> bytes:
    steps = round((value - lever.minimum) / lever.step)
    if _at(lever, steps) != value:
        return bytes([place * 2 + _EXACT]) + struct.pack(">d", value)
    # Seven bits a byte, the last byte without the eighth: most levers need one.
    sevens = [steps & 127]
    while steps := steps >> 7:
        sevens.append(steps & 127 | 128)
    return bytes([place * 2 + _STEPS, *reversed(sevens)])


def _unpacked(model: Model[Any], content: bytes) -> Iterator[tuple[Lever, float]]:
    rest = iter(content)
    for first in rest:
        place, kind = divmod(first, 2)
        lever = model.levers[place]
        if kind == _EXACT:
            yield lever, struct.unpack(">d", bytes(islice(rest, 8)))[0]
            continue
        steps = 0
        for seven in islice(rest, _MOST_SEVENS):
            steps = steps << 7 | seven & 127
            if seven < 128:
                break
        yield lever, _at(lever, steps)


def _at(lever: Lever, steps: int) -> float:
    """Return where a lever stands after so many steps, as the browser writes it: without binary's last digits."""
    return float(min(max(round(lever.minimum + steps * lever.step, 10), lever.minimum), lever.maximum))


def _letters(content: bytes) -> str:
    return base64.b32encode(content).decode().rstrip("=").translate(_TO_CROCKFORD)


def _bytes(letters: str) -> bytes | None:
    """Read base 32 back, small letters and look-alikes too; ``None`` for what cannot be."""
    letters = letters.upper().translate(_READ_AS)
    try:
        content = base64.b32decode(letters.translate(_FROM_CROCKFORD) + "=" * (-len(letters) % 8))
    except ValueError:
        return None
    # Python's own reading passes over bits that are left at the end, and a U stands for nothing here.
    return content if _letters(content) == letters else None


def _damaged(text: str) -> SalesMetricsError:
    return SalesMetricsError(
        _("“{code}” is no code of the kit, or not all of it.").format(code=" ".join(str(text)[:60].split())),
        hint=_("Copy the whole code again, from the first letter to the last, and paste it here."),
    )


def _of_another_version() -> SalesMetricsError:
    return SalesMetricsError(
        _("This code comes from another version of the kit, whose sliders are different."),
        hint=_("Ask for the positions themselves, or use the same version."),
    )


def as_file(model: Model[Any], position: Mapping[str, float], pinned: Mapping[str, float] | None) -> str:
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


def model_of_file(words: str) -> str:
    """Return the name of the model that a file is about."""
    return str(_content(words)["model"])


def from_file(model: Model[Any], words: str) -> tuple[dict[str, float], dict[str, float] | None]:
    """Read the text of a file back: the position, and the pinned one if there is one.

    What is no file of the kit, of another version or of another model is refused; what a lever does not allow is for
    the slider to refuse.
    """
    content = _content(words)
    if content["model"] != model.name:
        message = _("This file belongs to “{other}”, and these sliders are “{name}”.")
        raise SalesMetricsError(
            message.format(other=str(content["model"])[:60], name=model.name),
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
        message = _("This file was saved by another version of the kit ({version}).")
        raise SalesMetricsError(
            message.format(version=str(content.get("version", "?"))[:20]),
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
