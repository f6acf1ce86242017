"""The dice game: what each round's odds are, and rolls on paper for a room without dice."""

from __future__ import annotations

import random
from collections.abc import Sequence
from functools import cache
from typing import NamedTuple

from salesmetrics.base.language import money, number, percent, times
from salesmetrics.forecast.chance import chance

SIDES, WINNING = 6, (5, 6)
TARGET = 40_000
SMALL, WHALE = 10_000, 60_000
STRIPS = 30


class Round(NamedTuple):
    """The open deals of one round: one roll each."""

    small: int
    whales: int = 0

    @property
    def amounts(self) -> list[int]:
        """Each deal's amount in euros, the large one last."""
        return [SMALL] * self.small + [WHALE] * self.whales


ROUNDS = (Round(12), Round(6, whales=1), Round(18))


def odds(played: Round) -> float:
    """Return the chance that a round reaches the target.

    Examples
    --------
    >>> [round(odds(played), 3) for played in ROUNDS]
    [0.607, 0.4, 0.898]
    """
    return float(chance(played.amounts, len(WINNING) / SIDES, TARGET))


def stands(played: Round, rolls: Sequence[int]) -> bool:
    """Return whether these rolls, the large deal's last, reach the target.

    Examples
    --------
    >>> stands(ROUNDS[1], [1, 2, 3, 4, 5, 6, 6]), stands(ROUNDS[1], [5, 5, 5, 1, 1, 1, 4])
    (True, False)
    """
    return sum(amount for amount, roll in zip(played.amounts, rolls, strict=True) if roll in WINNING) >= TARGET


def values() -> dict[str, str]:
    """Write the game's numbers in the chosen language."""
    found = {
        "dice_target": money(TARGET),
        "dice_small": money(SMALL),
        "dice_whale": money(WHALE),
        "dice_strips": number(STRIPS),
        "dice_coverage": times(sum(ROUNDS[0].amounts) / TARGET, 0),
        "dice_more": times(sum(ROUNDS[2].amounts) / TARGET),
    }
    for at, played in enumerate(ROUNDS, 1):
        found[f"odds_{at}"] = percent(odds(played), 0)
        found[f"miss_{at}"] = percent(1 - odds(played), 0)
        found[f"strips_{at}"] = number(sum(stands(played, strip[at - 1]) for strip in drawn()))
        found[f"boxes_{at}"] = (
            f'<span class="boxes">{"<i></i>" * played.small}{"<i class=whale></i>" * played.whales}</span>'
        )
    return found


@cache
def drawn() -> tuple[tuple[tuple[int, ...], ...], ...]:
    """Return the rolls of every strip, per round: whole numbers from a fixed seed, the same on every machine.

    A room of thirty with bad luck would learn the wrong lesson from a game about odds. So the seed is the first one
    with which as many strips stand in each round as the odds say, and the page says that it was chosen so.
    """
    wanted = [round(odds(played) * STRIPS) for played in ROUNDS]
    seed = 0
    while True:
        dice = random.Random(seed)
        strips = tuple(
            tuple(tuple(dice.randrange(SIDES) + 1 for _ in played.amounts) for played in ROUNDS) for _ in range(STRIPS)
        )
        if [sum(stands(played, strip[at]) for strip in strips) for at, played in enumerate(ROUNDS)] == wanted:
            return strips
        seed += 1


def strips() -> str:
    """Return all strips as HTML: per strip its number, and per round its rolls."""
    rows = []
    for at, strip in enumerate(drawn(), 1):
        lines = "".join(
            "<li>"
            + "".join(_die(roll, large=amount == WHALE) for roll, amount in zip(rolls, played.amounts, strict=True))
            + "</li>"
            for played, rolls in zip(ROUNDS, strip, strict=True)
        )
        rows.append(f'<div class="strip"><b>{at}</b><ol>{lines}</ol></div>')
    return "\n".join(rows)


def _die(roll: int, *, large: bool) -> str:
    return f'<i class="whale">{roll}</i>' if large else f"<i>{roll}</i>"
