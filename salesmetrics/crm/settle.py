"""One reading for a whole column: the only one that fits every value, or else a question."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple


class Settled(NamedTuple):
    """How a column is read: ``reading`` fits every value, and is empty where nothing depends on it.

    ``unclear`` is the place of a value that all of ``fitting`` read, but not alike: that is asked. ``conflict`` holds
    the places of two values that no reading fits both. -1 stands for no place.
    """

    reading: str = ""
    unclear: int = -1
    fitting: tuple[str, ...] = ()
    conflict: tuple[int, int] = (-1, -1)


def settle(values: Sequence[Mapping[str, Any]]) -> Settled:
    """Find the one reading that fits every value; each value gives what it is under the readings that it allows.

    Examples
    --------
    >>> settle([{"day": "3 April", "month": "4 March"}, {"day": "25 April"}])
    Settled(reading='day', unclear=-1, fitting=('day',), conflict=(-1, -1))
    >>> settle([{"day": "3 April", "month": "4 March"}]).unclear
    0
    >>> settle([{"day": "4 April", "month": "4 April"}]).reading
    ''
    >>> settle([{"day": "25 April"}, {"month": "25 March"}]).conflict
    (1, 0)
    """
    fitting: list[str] = []
    narrow = 0
    for place, readings in enumerate(values):
        common = [reading for reading in fitting if reading in readings] if place else list(readings)
        if not common:
            rival = next(i for i, other in enumerate(values) if not set(other) & set(readings) or i == narrow)
            return Settled(conflict=(place, rival))
        if len(readings) < len(values[narrow]):
            narrow = place
        fitting = common
    for place, readings in enumerate(values):
        if len(fitting) > 1 and len({readings[reading] for reading in fitting}) > 1:
            return Settled(unclear=place, fitting=tuple(fitting))
    return Settled(fitting[0] if len(fitting) == 1 else "", fitting=tuple(fitting))
