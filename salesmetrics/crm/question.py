"""What can be read in two ways: settled by the whole column, or a question with the options that answer it."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from salesmetrics.base.errors import SalesMetricsError
from salesmetrics.base.language import _
from salesmetrics.crm.dates_and_numbers import DateParts, NumberText
from salesmetrics.crm.sheet import Column, Numbers


class Settled(NamedTuple):
    """How values are read: ``reading`` fits every value, and is empty where nothing depends on it.

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


# A cell that can be read in more than one way.
Unsettled = DateParts | NumberText


class Kind(NamedTuple):
    """What a column holds, the option that says how it is read, and how a reading of a value is told."""

    name: str
    option: str
    label: Callable[[str, Any], str]


def settle_column(
    groups: Iterable[Sequence[Unsettled]], kind: Kind, column: Column, lines: Numbers, field: str, given: str | None
) -> str:
    """Find the one reading in which every value of a column makes sense; empty where nothing depends on it.

    Each group, such as one way of writing, must prove the reading by itself: two in one column may come from two hands.
    """
    proofs: dict[str, Unsettled] = {}
    unclear: Unsettled | None = None
    fitting: Sequence[str] = ()
    readable = [[item for item in group if item.readings()] for group in groups]
    for items in filter(None, readable):
        found = settle([item.readings() for item in items])
        if found.conflict[0] >= 0:
            raise _two_ways(kind, column, lines, *(items[place] for place in found.conflict))
        if found.reading:
            proofs.setdefault(found.reading, items[0])
        elif found.unclear >= 0 and unclear is None:
            unclear, fitting = items[found.unclear], found.fitting
    if unclear and proofs:
        fitting = [reading for reading in fitting if reading in proofs]
    if len(proofs) > 1 or (unclear and not fitting):
        raise _two_ways(kind, column, lines, *[*proofs.values(), *([unclear] if unclear else [])][:2])
    if given:
        wrong = next((item for items in readable for item in items if given not in item.readings()), unclear)
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


# More choices than this are buttons or a list, and in a sentence only the first.
_LISTED = 6


class Choice(NamedTuple):
    """One of the ways to read what is unclear.

    ``options`` are the keyword arguments of ``read_deals`` that choose it, added to those already given.
    """

    label: str
    options: Mapping[str, Any]

    def added_to(self, given: Mapping[str, Any]) -> dict[str, Any]:
        """Return all keyword arguments to read again with; what is given per column is kept for the other columns.

        Examples
        --------
        >>> Choice("Value", {"columns": {"amount": "Value"}}).added_to({"columns": {"stage": "Phase"}})
        {'columns': {'stage': 'Phase', 'amount': 'Value'}}
        """
        return {**given, **{option: _merged(given.get(option), chosen) for option, chosen in self.options.items()}}

    def in_code(self) -> str:
        """Write the choice as it is typed in code; a command turns it into its own options.

        Examples
        --------
        >>> Choice("3 April", {"date_order": {"closed_on": "day"}}).in_code()
        'date_order={"closed_on": "day"}'
        """
        told = {name: value for name, value in self.options.items() if value != []} or dict([*self.options.items()][:1])
        written = {name: json.dumps(value, ensure_ascii=False) for name, value in told.items()}
        return ", ".join(f"{name}={value.replace(': null', ': None')}" for name, value in written.items())


def _merged(before: object, chosen: object) -> object:
    return {**before, **chosen} if isinstance(before, Mapping) and isinstance(chosen, Mapping) else chosen


class Word(NamedTuple):
    """A status or stage that is asked about: its rows, their money where they have any, and what it may well be."""

    text: str
    rows: int
    amount: float
    proposed: str


class Question(SalesMetricsError):  # noqa: N818 - it asks
    """What was found can mean two things, so it is asked about: in code by an option, in a notebook by buttons.

    Parameters
    ----------
    what
        What was found.
    option
        The name of the option of ``read_deals`` that settles it.
    choices
        What it can be. Reading again with ``**choice.added_to(given)`` reads it that way.
    advice
        What else can be done, such as another export; the options are listed behind it.
    words
        Where several words in a column are unclear, all of them; ``choices`` are about the first.

    Examples
    --------
    >>> day = Choice("3 April 2026", {"date_order": "day"})
    >>> question = Question("03-04-2026 can be two days.", option="date_order", choices=[day])
    >>> question.choices[0].options, question.hint
    ({'date_order': 'day'}, 'Say which: date_order="day".')
    """

    def __init__(
        self, what: str, *, option: str, choices: Iterable[Choice], advice: str = "", words: Iterable[Word] = ()
    ) -> None:
        self.option, self.choices, self.words = option, tuple(choices), tuple(words)
        listed = _(" or ").join(choice.in_code() for choice in self.choices[:_LISTED])
        more = ", …" if len(self.choices) > _LISTED else ""
        said = _("Say which: {options}.").format(options=listed + more) if listed else ""
        self.advice = advice
        super().__init__(what, hint=" ".join(filter(None, (advice, said))))
