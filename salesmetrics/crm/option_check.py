"""What is said of a file: of the right type before it is read, and named afterwards where it had nothing to act on."""

from __future__ import annotations

import os
from collections.abc import Collection, Mapping
from typing import Any

from salesmetrics.base.errors import SalesMetricsError
from salesmetrics.base.language import _

_TEXTS = (
    "probability_in",
    "blank",
    "incomplete",
    "per",
    "currency",
    "pipeline",
    "sheet",
    "delimiter",
    "encoding",
    "name",
)
# What acts on one column, by the field that it is.
_ACTS_ON = {"currency": "currency", "pipeline": "pipeline", "probability_in": "probability"}


def check_options(given: Mapping[str, Any]) -> None:
    """Refuse an option of the wrong type.

    Raises
    ------
    SalesMetricsError
        It is not what that option takes.

    Examples
    --------
    >>> check_options({"won": ["Signed", "Paid"], "sheet": None})
    >>> check_options({"sheet": 3})
    Traceback (most recent call last):
    salesmetrics.base.errors.SalesMetricsError: sheet can't be 3.
    → Give a text, for example sheet="Sheet1".
    """
    for option, value in given.items():
        if value is None:
            continue
        if option in _TEXTS and not (isinstance(value, str) and value):
            example = {"delimiter": ";", "encoding": "cp1252", "currency": "EUR", "probability_in": "percent"}
            raise _wrong(
                option,
                value,
                _("Give a text, for example {option}.").format(
                    option=f'{option}="{example.get(option, "Sheet1" if option == "sheet" else "Sales")}"'
                ),
            )
        if option in ("won", "lost") and not isinstance(value, str) and not _is_texts(value):
            raise _wrong(
                option,
                value,
                _("Give a word of your own or a list of them, for example {option}.").format(
                    option=f'{option}=["Signed", "Paid"]'
                ),
            )
        if option == "stages" and not isinstance(value, str) and not _is_texts(value):
            raise _wrong(option, value, _('Write stages=["Lead", "Demo", "Offer"].'))
        if option == "columns" and not (
            isinstance(value, Mapping) and all(isinstance(header, str | None) for header in value.values())
        ):
            raise _wrong(
                option,
                value,
                _("Give your headers by what they are, for example {option}.").format(
                    option='columns={"amount": "Deal value"}'
                ),
            )
        if option == "mapping" and not isinstance(value, Mapping | str | os.PathLike):
            raise _wrong(option, value, _("Give the name of the file in which it was remembered."))


def idle_options(given: Mapping[str, Any], fields: Collection[str], *, workbook: bool, page: bool) -> tuple[str, ...]:
    """Tell which options had nothing to act on, a sentence each.

    Parameters
    ----------
    given
        What was said of this file; not what was remembered of another.
    fields
        What the file has columns for.
    workbook, page
        Whether it is a workbook, or a web page.

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


def _is_texts(value: object) -> bool:
    return isinstance(value, Collection) and not isinstance(value, Mapping) and all(isinstance(v, str) for v in value)


def _wrong(option: str, value: object, hint: str) -> SalesMetricsError:
    return SalesMetricsError(_("{option} can't be {found}.").format(option=option, found=repr(value)), hint=hint)
