"""Draw and divide with a seed, coin flips and whole numbers: every platform and every Python gets the same result."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from random import Random
from typing import Any


def spread(rng: Random, total: int, count: int, lean: Sequence[int] | None = None) -> list[int]:
    """Divide ``total`` over ``count`` unequal whole parts of at least 1, about lognormal with a sigma of 0.6.

    Each part grows by 6.3% for every head in 384 coin flips: the binomial's spread of 9.8 heads, times ln 1.063, is
    0.6. ``lean`` makes some parts larger than others on average.
    """
    heads = [rng.getrandbits(384).bit_count() for _ in range(count)]
    weights = [1063**n * 1000 ** (384 - n) * (lean[i] if lean else 1) for i, n in enumerate(heads)]
    whole, rest = sum(weights), total - count
    parts = [1 + rest * weight // whole for weight in weights]
    by_fraction = sorted(range(count), key=lambda i: rest * weights[i] % whole, reverse=True)
    for i in by_fraction[: total - sum(parts)]:
        parts[i] += 1
    return parts


def shuffled(rng: Random, items: Iterable[Any]) -> list[Any]:
    """Put items in a random order; Python's own shuffle may change between versions, ``random()`` may not."""
    return sorted(items, key=lambda _: rng.random())


def repeat(counts: dict[str, int]) -> list[str]:
    """Write each name as often as its count says."""
    return [name for name, count in counts.items() for _ in range(count)]


def working_days(period: tuple[date, date], count: int) -> list[date]:
    """Give ``count`` days spread evenly over the period, first and last day included, none in a weekend."""
    first, last = period
    days = [first + timedelta(i * (last - first).days // (count - 1)) for i in range(count)]
    return [day - timedelta(max(0, day.weekday() - 4)) for day in days]
