"""All states of a picture in a few hundred kilobytes of text, and back.

States share most of what they show. So the page holds each piece of SVG and each sentence once, and for each state the
numbers of its pieces: first the low bytes of all of them, then the high bytes, which compress better apart. The whole
is gzipped, in base64, and a browser unpacks it itself.
"""

from __future__ import annotations

import base64
import gzip
import json
import re
import struct
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

import numpy as np

# A new piece begins with each figure in a path and with each element: then a fish is one piece wherever it is drawn.
_BEGINS = re.compile(r"\n(?=M |\s*<)")


class State(NamedTuple):
    """What a picture shows at one position: its SVG, its sentence, and which verdict an exercise gives there."""

    svg: str
    sentence: str
    verdict: int = 0


def pack(states: Iterable[State], beside: Mapping[str, Any] | None = None) -> str:
    """Pack states into text that :func:`unpack` and the page's script read.

    Parameters
    ----------
    states
        In the order of the grid.
    beside
        What else the script looks up, by name.

    Examples
    --------
    >>> [state.sentence for state in unpack(pack([State("<svg>", "One."), State("<svg>", "Two.")]))]
    ['One.', 'Two.']
    """
    pieces: dict[str, int] = {}
    sentences: dict[str, int] = {}
    numbers, lengths, said, verdicts = [], [], [], []
    for state in states:
        own = [pieces.setdefault(piece, len(pieces)) for piece in _BEGINS.split(state.svg)]
        numbers += own
        lengths.append(len(own))
        said.append(sentences.setdefault(state.sentence, len(sentences)))
        verdicts.append(state.verdict)
    if len(pieces) > 0xFFFF:
        raise ValueError(f"{len(pieces)} different pieces are more than two bytes can number: make the grid coarser")
    head = {"pieces": list(pieces), "sentences": list(sentences), "lengths": lengths, "said": said, **(beside or {})}
    if any(verdicts):
        head["verdicts"] = verdicts
    text = json.dumps(head, ensure_ascii=False, separators=(",", ":")).encode()
    planes = np.array(numbers, dtype="<u2").view(np.uint8).reshape(-1, 2).T.tobytes()
    # Without the hour, so that the same states are the same text.
    return base64.b64encode(gzip.compress(struct.pack("<I", len(text)) + text + planes, 9, mtime=0)).decode()


def contents(packed: str) -> bytes:
    """Return what is packed, unpacked: the same wherever it was packed, which compressed bytes are not."""
    return gzip.decompress(base64.b64decode(packed))


def unpack(packed: str) -> list[State]:
    """Return the states that were packed."""
    whole = contents(packed)
    begin = 4 + int(struct.unpack_from("<I", whole)[0])
    head = json.loads(whole[4:begin])
    planes = np.frombuffer(whole[begin:], dtype=np.uint8).reshape(2, -1)
    numbers = (planes[0] + 256 * planes[1].astype(np.uint16)).tolist()
    verdicts = head.get("verdicts") or [0] * len(head["lengths"])
    states, at = [], 0
    for length, said, verdict in zip(head["lengths"], head["said"], verdicts, strict=True):
        svg = "\n".join(head["pieces"][number] for number in numbers[at : at + length])
        states.append(State(svg, head["sentences"][said], verdict))
        at += length
    return states
