"""Which column is what: the user's own mapping first, then the headers that systems are known to write."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence

from salesmetrics.base.errors import SalesMetricsError
from salesmetrics.base.language import N_, _, did_you_mean
from salesmetrics.crm.aliases import CLOSE_DATE, EXTRA_FIELDS, UNCLEAR_AMOUNT, plain, recognise
from salesmetrics.crm.question import Choice, Question
from salesmetrics.deals.check import DATES, NUMBERS, TEXTS

FIELDS = (*TEXTS, *DATES, *NUMBERS)
MAPPED = (*FIELDS, *EXTRA_FIELDS)
# What people call the columns of the deals.
NAMES = {
    "deal_id": N_("Number or name of the deal"),
    "status": N_("Open, won or lost"),
    "stage": N_("Stage"),
    "amount": N_("Amount"),
    "currency": N_("Currency"),
    "created_on": N_("Day it came in"),
    "expected_close_on": N_("Day it is expected to close"),
    "closed_on": N_("Day it was won or lost"),
    "probability": N_("Chance, by the CRM"),
    "owner": N_("Salesperson"),
    "account": N_("Customer"),
    "channel": N_("Channel"),
    "loss_reason": N_("Reason it was lost"),
    "pipeline": N_("Pipeline"),
}

Columns = Mapping[str, str | None]


def find_columns(headers: Sequence[str], columns: Columns | None) -> dict[str, int]:
    """Find the column of each field: the user's own mapping first, then the headers that are known.

    Parameters
    ----------
    headers
        The file's headers.
    columns
        The user's mapping, a field to a header: ``{"amount": "Deal value"}``. A field that is ``None`` is not looked
        for.

    Returns
    -------
    For each field that was found, the position of its column.

    Raises
    ------
    Question
        Two columns can be the same field, or a column of amounts may already be weighed.
    SalesMetricsError
        ``columns`` names a field or a header that does not exist, or a header that stands in the file twice.
    """
    given = dict(columns or {})
    check_fields("columns", given)
    found = {name: _position(headers, header) for name, header in given.items() if header is not None}
    known = _known(headers, set(found.values()))
    if CLOSE_DATE in known:
        place = known.pop(CLOSE_DATE)
        for name in ("closed_on", "expected_close_on"):
            known.setdefault(name, place)
        if {"won_on", "lost_on"} & {*known, *found}:
            known["closed_on"] = [i for i in known["closed_on"] if i not in place]
    unclear = known.pop(UNCLEAR_AMOUNT, [])
    for name, places in known.items():
        if name not in given and places:
            found[name] = _one_of(name, places, headers, given)
    if unclear and "amount" not in found and "amount" not in given:
        raise _ask_amount(headers[unclear[0]], given)
    return found


def check_fields(option: str, fields: object) -> None:
    """Refuse an option that speaks of something a deal does not have."""
    for name in fields if isinstance(fields, Mapping) else ():
        if name not in MAPPED:
            raise SalesMetricsError(
                _("{option}= names “{name}”, which is not something a deal has.").format(option=option, name=name),
                hint=did_you_mean(name, MAPPED),
            )


def _known(headers: Sequence[str], taken: set[int]) -> dict[str, list[int]]:
    """Give for each field the columns that come first for it: the kit's own names before the systems'."""
    ranked: dict[str, dict[int, list[int]]] = defaultdict(lambda: defaultdict(list))
    for place, header in enumerate(headers):
        if place in taken:
            continue
        own = plain(header).replace(" ", "_")
        if own in MAPPED and "_" in own:
            ranked[own][-1].append(place)
        elif meaning := recognise(header):
            ranked[meaning[0]][meaning[1]].append(place)
    return {name: by_rank[min(by_rank)] for name, by_rank in ranked.items()}


def _position(headers: Sequence[str], wanted: str) -> int:
    exact = [i for i, header in enumerate(headers) if header == wanted.strip()]
    places = exact or [i for i, header in enumerate(headers) if plain(header) == plain(wanted)]
    if not places:
        raise SalesMetricsError(
            _("The file has no column “{name}”.").format(name=wanted), hint=did_you_mean(wanted, headers)
        )
    if len(places) > 1:
        raise _twice(headers[places[0]], len(places))
    return places[0]


def _one_of(name: str, places: Sequence[int], headers: Sequence[str], given: Columns) -> int:
    if len(places) == 1:
        return places[0]
    names = [headers[place] for place in places]
    if len(set(map(plain, names))) < len(names):
        raise _twice(names[0], len(names))
    raise Question(
        _("More than one column can be “{name}”: {headers}.").format(
            name=name, headers=_(" or ").join(f"“{header}”" for header in names)
        ),
        hint=_("Say which: {options}.").format(
            options=_(" or ").join(f'columns={{"{name}": "{header}"}}' for header in names)
        ),
        option="columns",
        choices=[Choice(header, {"columns": {**given, name: header}}) for header in names],
    )


def _twice(header: str, count: int) -> SalesMetricsError:
    return SalesMetricsError(
        _("The header “{name}” stands in the file {count} times.").format(name=header, count=count),
        hint=_("Keep one of them, or give the others another name."),
    )


def _ask_amount(header: str, given: Columns) -> Question:
    return Question(
        _(
            "“{header}” is the whole amount of a deal in some systems, and the amount times its chance in others."
        ).format(header=header),
        hint=_(
            'If it is the whole amount, say so: columns={{"amount": "{header}"}}. If not, export the amount too.'
        ).format(header=header),
        option="columns",
        choices=[Choice(_("the whole amount"), {"columns": {**given, "amount": header}})],
    )


def need(found: Mapping[str, int], headers: Sequence[str], name: str) -> None:
    """Ask for a column that the file seems to lack, and name the header that looks most like it."""
    if name not in found:
        raise Question(
            _("The file has no column for “{name}”.").format(name=name),
            hint=_('{nearest} Name yours: columns={{"{name}": "your header"}}.').format(
                nearest=did_you_mean(name, headers), name=name
            ),
            option="columns",
            choices=[Choice(header, {"columns": {name: header}}) for header in headers if header],
        )
