"""The figures in which two states of a picture's sliders can be compared; each picture declares which are its own."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from salesmetrics.base.language import N_, _, chance_text, number, percent, times
from salesmetrics.charts.words import share_text, whole


def _points(difference: float, decimals: int = 1) -> str:
    return _("{points} points").format(points=number(difference * 100, decimals))


def _whole_points(difference: float) -> str:
    return _points(difference, 0)


def _times(ratio: float) -> str:
    return times(ratio, 2)


class Figure(NamedTuple):
    """One figure of an outcome: its field, how the screen calls it, and how it and a difference of it are written."""

    field: str
    label: str
    write: Callable[[float], str]
    write_difference: Callable[[float], str] = _points


COVERAGE = Figure("coverage", N_("Coverage"), _times, _times)
CONVERSION = Figure("conversion", N_("Conversion"), percent)
EXPECTED = Figure("expected_revenue", N_("Expected revenue"), whole, whole)
# What is expected of the target moves where the chance is near 0 and seems dead.
SHARE = Figure("expected_share", N_("Expected, part of the target"), share_text)
CHANCE = Figure("chance_of_target", N_("Chance of the target"), chance_text, _whole_points)
QUARTER = (COVERAGE, CONVERSION, EXPECTED, SHARE, CHANCE)
