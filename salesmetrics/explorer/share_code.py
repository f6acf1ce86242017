"""A position of the levers as a short code to send to a colleague: ``startup-1-9F3KC0M2…``.

The code holds the model's name, the number of this way of writing, and in Crockford's base 32 (digits and letters
without I, L, O and U, so that it can be read aloud and typed over): two checks, then for each lever that is not at its
start which one it is and where it stands. Only levers: no data, and no words, so the language doesn't matter.
"""

from __future__ import annotations

import base64
import hashlib
import re
import struct
from collections.abc import Iterator, Mapping
from itertools import islice
from typing import Any

from salesmetrics.base.errors import SalesMetricsError
from salesmetrics.base.language import _
from salesmetrics.models import Lever, Model

FORMAT = "1"
_LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_STANDARD = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"  # base 32 as Python writes it
_TO_CROCKFORD, _FROM_CROCKFORD = str.maketrans(_STANDARD, _LETTERS), str.maketrans(_LETTERS, _STANDARD)
_READ_AS = str.maketrans("OIL", "011")
_SHAPE = re.compile(r"(?P<model>[a-z]+(?:-[a-z]+)*)-(?P<format>\d{1,3})-(?P<rest>[0-9a-z]{5,200})", re.IGNORECASE)
_MODEL_CHECK, _CHECK = 1, 3  # bytes
_STEPS, _EXACT = 0, 1
_MOST_SEVENS = 4  # no lever has more than 2²⁸ steps


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


def model_of(text: str) -> str:
    """Return the name of the model that a code is about; what is no code, or of another version, is refused."""
    match = _SHAPE.fullmatch(_tidy(text))
    if not match:
        raise _damaged(text)
    if match["format"] != FORMAT:
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
    name = model_of(text)
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
    """Take away what mail and chat put around a code or into it."""
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
