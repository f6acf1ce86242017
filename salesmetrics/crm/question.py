"""A refusal with a way out: what can be read in two ways, and the options that settle each of them."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from salesmetrics.base.errors import SalesMetricsError
from salesmetrics.base.language import _

# More choices than this are buttons or a list, and in a sentence only the first.
_LISTED = 6


class Choice(NamedTuple):
    """One of the ways to read what is unclear.

    ``options`` are the keyword arguments of ``read_deals`` that choose it, added to those already given.
    """

    label: str
    options: Mapping[str, Any]

    def added_to(self, given: Mapping[str, Any]) -> dict[str, Any]:
        """Give all keyword arguments to read again with; what is given per column is kept for the other columns.

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
        self,
        what: str,
        *,
        option: str,
        choices: Iterable[Choice],
        advice: str = "",
        words: Iterable[Word] = (),
    ) -> None:
        self.option, self.choices, self.words = option, tuple(choices), tuple(words)
        listed = _(" or ").join(choice.in_code() for choice in self.choices[:_LISTED])
        more = ", …" if len(self.choices) > _LISTED else ""
        said = _("Say which: {options}.").format(options=listed + more) if listed else ""
        self.advice = advice
        super().__init__(what, hint=" ".join(filter(None, (advice, said))))
