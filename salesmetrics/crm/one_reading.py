"""The one reading in which every value of a column makes sense: proven by its values, or asked about."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from salesmetrics.base.errors import SalesMetricsError
from salesmetrics.base.language import _
from salesmetrics.crm.cell_values import DateParts, NumberText
from salesmetrics.crm.question import Choice, Question
from salesmetrics.crm.sheet import Column, Numbers


class Kind(NamedTuple):
    """What a column holds, the option that says how it is read, and how a reading of a value is told."""

    name: str
    option: str
    label: Callable[[str, Any], str]


# A cell that can be read in more than one way, and what it is under each reading that makes sense of it.
Unsettled = DateParts | NumberText
Readings = tuple[Unsettled, Mapping[str, Any]]


def settle(
    groups: Iterable[Sequence[Unsettled]], kind: Kind, column: Column, lines: Numbers, field: str, given: str | None
) -> str:
    """Find the one reading in which every value of a column makes sense; empty where nothing depends on it.

    Each group, such as one way of writing, must prove the reading by itself: two in one column may come from two hands.
    """
    proofs: dict[str, Unsettled] = {}
    unclear: Unsettled | None = None
    fitting: Sequence[str] = ()
    readable = [[(item, readings) for item in group if (readings := item.readings())] for group in groups]
    for values in filter(None, readable):
        shared = _shared(values, kind, column, lines)
        if len(shared) == 1:
            proofs.setdefault(shared[0], values[0][0])
        elif unclear is None:
            differs = (item for item, readings in values if len({readings[each] for each in shared}) > 1)
            unclear, fitting = next(differs, None), shared
    if unclear and proofs:
        fitting = [reading for reading in fitting if reading in proofs]
    if len(proofs) > 1 or (unclear and not fitting):
        raise _two_ways(kind, column, lines, *[*proofs.values(), *([unclear] if unclear else [])][:2])
    if given:
        wrong = next((item for values in readable for item, found in values if given not in found), unclear)
        if wrong and ((proofs and given not in proofs) or (unclear and given not in fitting)):
            raise SalesMetricsError(
                _("{option}={given} does not fit “{header}”: {value} can't be read like that.").format(
                    option=kind.option, given=repr(given), header=column.header, value=column.where(wrong.cell, lines)
                ),
                hint=_("Leave {option} out, or give another for this column.").format(option=kind.option),
            )
        return given
    if unclear:
        labels = {reading: kind.label(reading, value) for reading, value in unclear.readings().items()}
        raise Question(
            _("The {kind} in “{header}” can be read in more than one way: {value} is {readings}.").format(
                kind=kind.name,
                header=column.header,
                value=column.where(unclear.cell, lines),
                readings=_(" or ").join(labels.values()),
            ),
            option=kind.option,
            choices=[Choice(labels[reading], {kind.option: {field: reading}}) for reading in fitting],
        )
    return next(iter(proofs), "")


def _shared(values: Sequence[Readings], kind: Kind, column: Column, lines: Numbers) -> list[str]:
    """Return the readings that every value allows; two values that share none are refused."""
    shared = list(values[0][1])
    narrow, fewest = values[0]
    for item, readings in values:
        shared = [reading for reading in shared if reading in readings]
        if not shared:
            rival = next(other for other, found in values if other is narrow or not {*found} & {*readings})
            raise _two_ways(kind, column, lines, item, rival)
        if len(readings) < len(fewest):
            narrow, fewest = item, readings
    return shared


def _two_ways(kind: Kind, column: Column, lines: Numbers, first: Unsettled, second: Unsettled) -> SalesMetricsError:
    return SalesMetricsError(
        _("“{header}” holds {kind} written in two ways: {first} and {second} can't be read alike.").format(
            header=column.header,
            kind=kind.name,
            first=column.where(first.cell, lines),
            second=column.where(second.cell, lines),
        ),
        hint=_("Export again with one way of writing {kind}. Nothing was guessed.").format(kind=kind.name),
    )
