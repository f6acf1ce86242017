"""Two states side by side: what they were set to differently, what each gives, and the difference."""

from __future__ import annotations

import html
from collections.abc import Callable, Mapping
from typing import NamedTuple

from salesmetrics.base.language import N_, _, money, number, percent, times
from salesmetrics.charts.companies import likely
from salesmetrics.charts.parts import share_text
from salesmetrics.models import Model, Outcome
from salesmetrics.widgets import written_as

_NONE = "–"
_MINUS = "−"


class State(NamedTuple):
    """Where the levers stand and what the model says to that."""

    position: Mapping[str, float]
    outcome: Outcome


class Line(NamedTuple):
    """One line of a comparison, in words; levers have no difference, as their values say it all."""

    name: str
    a: str
    now: str
    difference: str


def _points(difference: float) -> str:
    return _("{points} points").format(points=number(difference * 100, 1))


def _whole(amount: float) -> str:
    return money(round(amount))


_FIGURES: tuple[tuple[str, str, Callable[[float], str], Callable[[float], str]], ...] = (
    ("coverage", N_("Coverage"), lambda value: times(value, 2), lambda value: times(value, 2)),
    ("coverage_in_a_year", N_("Coverage in a year"), lambda value: times(value, 2), lambda value: times(value, 2)),
    ("conversion", N_("Conversion"), percent, _points),
    ("conversion_in_full", N_("Conversion, in full"), percent, _points),
    ("expected_revenue", N_("Expected revenue"), _whole, _whole),
    ("expected_in_full", N_("Expected revenue, in full"), _whole, _whole),
    ("expected_share", N_("Expected, part of the target"), share_text, _points),
    ("chance_of_target", N_("Chance of the target"), likely, _points),
    ("chance_in_full", N_("Chance of the target, in full"), likely, _points),
)


def compare(model: Model, a: State, now: State) -> list[Line]:
    """Compare a state with another of the same model, figures first, then the levers that stand elsewhere."""
    lines = []
    for field, name, write, write_difference in _FIGURES:
        before, after = (_figure(state.outcome, field) for state in (a, now))
        if before is not None or after is not None:
            difference = _NONE if before is None or after is None else _signed(after - before, write_difference)
            lines.append(Line(_(name), _written(write, before), _written(write, after), difference))
    for lever in model.levers:
        before, after = a.position[lever.name], now.position[lever.name]
        if before != after:
            lines.append(Line(_(lever.label), written_as(lever.unit, before), written_as(lever.unit, after), ""))
    return lines


def _figure(outcome: Outcome, field: str) -> float | None:
    """Give a figure; what is expected of the target moves where the chance is near 0 and seems dead."""
    expected, target = outcome.expected_revenue, getattr(outcome, "target", None)
    if field == "expected_share" and expected is not None and target:
        return expected / float(target)
    value: float | None = getattr(outcome, field, None)
    return value


def _written(write: Callable[[float], str], value: float | None) -> str:
    return _NONE if value is None else write(value)


def _signed(difference: float, write: Callable[[float], str]) -> str:
    if not difference:
        return _("the same")
    text = write(abs(difference))
    if text == write(0):
        return _("nearly the same")
    return (_MINUS if difference < 0 else "+") + text


def as_html(lines: list[Line]) -> str:
    """Write a comparison as a table."""
    heads = "".join(f'<th scope="col">{html.escape(head)}</th>' for head in ("A", _("Now"), _("Difference")))
    rows = "".join(
        f'<tr><th scope="row">{html.escape(line.name)}</th>'
        + "".join(f"<td>{html.escape(cell)}</td>" for cell in line[1:])
        + "</tr>"
        for line in lines
    )
    return (
        f"<table><caption>{html.escape(_('A, dashed in the picture, beside where the sliders stand now'))}</caption>"
        f"<thead><tr><td></td>{heads}</tr></thead><tbody>{rows}</tbody></table>"
    )


def as_text(lines: list[Line]) -> str:
    """Write a comparison as lines of text."""
    return "\n".join(
        _("{name}: A {a}, now {now}").format(name=line.name, a=line.a, now=line.now)
        + (f" ({line.difference})" if line.difference else "")
        for line in lines
    )
