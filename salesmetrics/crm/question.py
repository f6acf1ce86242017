"""A refusal with a way out: what can be read in two ways, and the option that settles each of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from salesmetrics.base.errors import SalesMetricsError


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


def _merged(before: object, chosen: object) -> object:
    return {**before, **chosen} if isinstance(before, Mapping) and isinstance(chosen, Mapping) else chosen


class Question(SalesMetricsError):  # noqa: N818 - it asks
    """What was found can mean two things, so it is asked about: in code by an option, in a notebook by buttons.

    Parameters
    ----------
    what, hint
        As in every :class:`~salesmetrics.base.errors.SalesMetricsError`.
    option
        The name of the option of ``read_deals`` that settles it.
    choices
        What it can be. Reading again with ``**choice.added_to(given)`` reads it that way.
    words
        Where several words in a column are unclear, all of them; ``choices`` are about the first.

    Examples
    --------
    >>> day = Choice("3 April 2026", {"date_order": "day"})
    >>> question = Question("03-04-2026 can be two days.", hint="Say which.", option="date_order", choices=[day])
    >>> question.choices[0].options
    {'date_order': 'day'}
    """

    def __init__(
        self, what: str, *, hint: str, option: str, choices: Iterable[Choice] = (), words: Iterable[str] = ()
    ) -> None:
        super().__init__(what, hint=hint)
        self.option = option
        self.choices = tuple(choices)
        self.words = tuple(words)
