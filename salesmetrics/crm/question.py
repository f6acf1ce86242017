"""What can be read in two ways is a question; the options that answer it are checked, and kept for the next file."""

from __future__ import annotations

import json
import os
from collections.abc import Collection, Iterable, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from salesmetrics.base.errors import SalesMetricsError
from salesmetrics.base.language import _, did_you_mean
from salesmetrics.base.writing import write
from salesmetrics.crm.cell_values import MARKS, ORDERS
from salesmetrics.crm.systems import MAPPED

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


PathLike = str | os.PathLike[str]
Words = str | Iterable[str] | None

VERSION, _MARK = 1, "salesmetrics-mapping"
# Options that take any text, with an example.
_EXAMPLES = {"currency": "EUR", "pipeline": "Sales", "sheet": "Sheet1", "delimiter": ";", "encoding": "cp1252"}
_ALLOWED = {
    "date_order": ORDERS,
    "decimal": MARKS,
    "probability_in": ("percent", "fraction"),
    "blank": ("open", "lost", "leave out", "above"),
    "ended": ("won", "lost", "open", "leave out"),
    "incomplete": ("leave out", "keep", "expected_close_on", "changed_on"),
    "unit": ("1", "1000", "1000000"),
    "per": ("year", "as written"),
}
# What may be told for each status by itself: an open deal can do without a day, a won or a lost one can't.
_BY_STATUS = {
    "incomplete": {
        "open": ("leave out", "keep"),
        **dict.fromkeys(("won", "lost"), ("leave out", "expected_close_on", "changed_on")),
    }
}
# What takes words of the user's own.
_OWN_WORDS = ("won", "lost", "no_deal")
# What may be told for each field by itself.
_BY_FIELD = ("columns", "date_order", "decimal")
KEPT = {*_EXAMPLES, *_ALLOWED, *_OWN_WORDS, "stages", "columns"}
# What acts on one column, by the field that it is.
_ACTS_ON = {"currency": "currency", "pipeline": "pipeline", "probability_in": "probability", "stages": "stage"}


def check_options(given: Mapping[str, Any]) -> None:
    """Refuse an option that can't be what it is told to be.

    Examples
    --------
    >>> check_options({"won": ["Signed", "Paid"], "sheet": None})
    >>> check_options({"sheet": 3})
    Traceback (most recent call last):
    salesmetrics.base.errors.SalesMetricsError: sheet can't be 3.
    → Give a text, for example sheet="Sheet1".
    """
    for option, value in given.items():
        if value is not None and (hint := _objection(option, value)):
            raise SalesMetricsError(_("{option} can't be {found}.").format(option=option, found=repr(value)), hint=hint)
        for name in value if option in _BY_FIELD and isinstance(value, Mapping) else ():
            if name not in MAPPED:
                raise SalesMetricsError(
                    _("{option}= names “{name}”, which is not something a deal has.").format(option=option, name=name),
                    hint=did_you_mean(name, MAPPED),
                )


def _objection(option: str, value: Any) -> str:
    """Describe what an option takes, if this is not it."""
    if option in _BY_STATUS and isinstance(value, Mapping):
        return _objection_by_status(_BY_STATUS[option], value)
    told = list(value.values()) if option in _BY_FIELD and isinstance(value, Mapping) else [value]
    if option in _ALLOWED and any(str(each) not in _ALLOWED[option] for each in told):
        return _("It is one of these: {options}.").format(options=", ".join(map(json.dumps, _ALLOWED[option])))
    if option in (*_EXAMPLES, "name") and not (isinstance(value, str) and value):
        example = f'{option}="{_EXAMPLES.get(option, "Sales")}"'
        return _("Give a text, for example {option}.").format(option=example)
    if option in _OWN_WORDS and not isinstance(value, str) and not _is_texts(value):
        example = f'{option}=["Signed", "Paid"]'
        return _("Give a word of your own or a list of them, for example {option}.").format(option=example)
    if option == "stages" and not _is_texts(value):
        return _('Write stages=["Lead", "Demo", "Offer"].')
    if option == "columns" and not (isinstance(value, Mapping) and all(isinstance(each, str | None) for each in told)):
        example = 'columns={"amount": "Deal value"}'
        return _("Give your headers by what they are, for example {option}.").format(option=example)
    if option == "mapping" and not isinstance(value, Mapping | str | os.PathLike):
        return _("Give the name of the file in which it was remembered.")
    return ""


def _objection_by_status(allowed: Mapping[str, tuple[str, ...]], value: Mapping[str, Any]) -> str:
    if all(str(said) in allowed.get(status, ()) for status, said in value.items()):
        return ""
    return _(
        'Open deals can be "leave out" or "keep"; won and lost ones "leave out", "expected_close_on" or "changed_on".'
        " For example: {option}."
    ).format(option='incomplete={"open": "keep", "lost": "leave out"}')


def _is_texts(value: object) -> bool:
    listed = isinstance(value, Collection) and not isinstance(value, Mapping | str)
    return listed and all(isinstance(each, str) for each in value)  # type: ignore[attr-defined]


def as_words(words: Words) -> list[str]:
    """Return one word or several as a list, the blank ones left out."""
    given = [] if words is None else [words] if isinstance(words, str) else words
    return [str(word) for word in given if str(word).strip()]


def idle_options(given: Mapping[str, Any], fields: Collection[str], *, workbook: bool, page: bool) -> tuple[str, ...]:
    """Return which options had nothing to act on: in a file with columns for these fields, of this kind.

    Examples
    --------
    >>> idle_options({"sheet": "Q2", "currency": "EUR"}, ["amount", "currency"], workbook=False, page=False)
    ('“sheet” had nothing to act on: the file is no workbook.',)
    """
    reasons = {option: _("the file has no column for it") for option, field in _ACTS_ON.items() if field not in fields}
    if not workbook:
        reasons["sheet"] = _("the file is no workbook")
    if workbook or page:
        reasons["delimiter"] = _("the file has no marks between its cells")
    if workbook:
        reasons["encoding"] = _("the file is a workbook")
    return tuple(
        _("“{option}” had nothing to act on: {reason}.").format(option=option, reason=reason)
        for option, reason in reasons.items()
        if given.get(option) is not None
    )


def save_mapping(path: PathLike, mapping: Mapping[str, Any]) -> None:
    """Write a mapping: a small JSON file that holds headers and choices, never deals."""
    write(path, json.dumps({_MARK: VERSION, **mapping}, ensure_ascii=False, indent=2) + "\n")


def load_mapping(mapping: PathLike | Mapping[str, Any]) -> dict[str, Any]:
    """Read a mapping: the options of ``read_deals`` by name."""
    if isinstance(mapping, Mapping):
        loaded: Any = {_MARK: VERSION, **mapping}
    else:
        try:
            loaded = json.loads(Path(mapping).read_text(encoding="utf-8"))
        except OSError as error:
            raise SalesMetricsError(
                _("“{path}” can't be opened: {reason}.").format(path=mapping, reason=error.strerror or error),
                hint=_("Give the mapping that export.save_mapping(…) wrote, or leave mapping= out."),
            ) from None
        except (ValueError, RecursionError):
            loaded = None
    try:
        if not isinstance(loaded, dict) or loaded.pop(_MARK, None) != VERSION or not loaded.keys() <= KEPT:
            raise ValueError
        check_options(loaded)
    except ValueError:
        raise SalesMetricsError(
            _("The mapping is not one that this version of the kit wrote."),
            hint=_("Read the file without mapping=, and save the mapping again."),
        ) from None
    return loaded
