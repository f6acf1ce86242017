"""Which column is what: the fields a deal can have, and the headers under which systems export them."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from salesmetrics.deals import DATES, NUMBERS, TEXTS
from salesmetrics.errors import SalesMetricsError
from salesmetrics.language import _, did_you_mean

FIELDS = (*TEXTS, *DATES, *NUMBERS)


def plain(header: str) -> str:
    """Write a header as it is compared: small letters, single spaces, underscores as spaces."""
    return re.sub(r"[\s_]+", " ", header.casefold()).strip()


def find_columns(headers: Sequence[str], columns: Mapping[str, str] | None) -> dict[str, int]:
    """Find the column of each field: the user's own mapping first, then the headers that are known.

    Parameters
    ----------
    headers
        The file's headers.
    columns
        The user's mapping, a field to a header: ``{"amount": "Deal value"}``.

    Returns
    -------
    For each field that was found, the position of its column.

    Raises
    ------
    SalesMetricsError
        ``columns`` names a field or a header that does not exist, or a header that stands in the file twice.
    """
    given = dict(columns or {})
    for field in given:
        if field not in FIELDS:
            raise SalesMetricsError(
                _("columns= names “{name}”, which is not something a deal has.").format(name=field),
                hint=did_you_mean(field, FIELDS),
            )
    found = {field: _position(headers, header) for field, header in given.items()}
    taken = set(found.values())
    for field in FIELDS:
        places = [i for i, header in enumerate(headers) if plain(header) == plain(field) and i not in taken]
        if field not in found and places:
            found[field] = _only(places, headers)
    return found


def _position(headers: Sequence[str], wanted: str) -> int:
    exact = [i for i, header in enumerate(headers) if header == wanted.strip()]
    places = exact or [i for i, header in enumerate(headers) if plain(header) == plain(wanted)]
    if not places:
        raise SalesMetricsError(
            _("The file has no column “{name}”.").format(name=wanted), hint=did_you_mean(wanted, headers)
        )
    return _only(places, headers)


def _only(places: Sequence[int], headers: Sequence[str]) -> int:
    if len(places) > 1:
        raise SalesMetricsError(
            _("The header “{name}” stands in the file {count} times.").format(
                name=headers[places[0]], count=len(places)
            ),
            hint=_("Keep one of them, or give the others another name."),
        )
    return places[0]


def needed(found: Mapping[str, int], headers: Sequence[str], field: str) -> None:
    """Refuse a file that lacks a column, and name the header that looks most like it."""
    if field not in found:
        raise SalesMetricsError(
            _("The file has no column for “{name}”.").format(name=field),
            hint=_('{nearest} Name yours: columns={{"{name}": "your header"}}.').format(
                nearest=did_you_mean(field.replace("_", " "), headers), name=field
            ),
        )
