"""Quarters dealt at random from the open deals, to feel what a chance means: each deal is won by its own chance."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
BINS = 24  # up to twice the target; the last one holds all beyond


@dataclass(frozen=True, eq=False)
class Stake:
    """What can be won in a quarter.

    Parameters
    ----------
    amounts, chances
        Of each open deal, in euros, and from 0 to 1.
    won
        In euros, and certain.
    target
        The revenue to win, in euros.
    """

    amounts: Floats
    chances: Floats
    won: float
    target: float

    def deal(self, quarters: int, source: np.random.Generator) -> Floats:
        """Return the revenue of so many quarters, in euros; each deal is won independently of the others.

        Examples
        --------
        >>> stake = Stake(np.array([100.0, 50.0]), np.array([1.0, 0.0]), won=25.0, target=200.0)
        >>> stake.deal(3, np.random.default_rng(1)).tolist()
        [125.0, 125.0, 125.0]
        """
        wins = source.random((quarters, self.amounts.size)) < self.chances
        return np.asarray(self.won + wins @ self.amounts, dtype=np.float64)

    def reaches(self, revenue: float) -> bool:
        """Return whether a quarter's revenue is the target, to the cent, or more.

        Examples
        --------
        >>> stake = Stake(np.array([0.1] * 3), np.ones(3), won=0.0, target=0.3)
        >>> stake.reaches(0.3), stake.reaches(0.29)
        (True, False)
        """
        return round(revenue, 2) >= round(self.target, 2)

    def bin(self, revenue: float) -> int:
        """Return in which bin of the pile a quarter lies; those from the middle on reach the target.

        Examples
        --------
        >>> stake = Stake(np.array([]), np.array([]), won=0.0, target=120.0)
        >>> [stake.bin(revenue) for revenue in (0, 119.99, 120, 1_000)]
        [0, 11, 12, 23]
        """
        middle = BINS // 2
        at = min(int(revenue / self.target * middle), BINS - 1)
        return max(at, middle) if self.reaches(revenue) else min(at, middle - 1)
