"""Which column is what: the user's own mapping first, then the headers and contents that systems are known to write."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from itertools import permutations

import numpy as np
import pandas as pd

from salesmetrics.base.errors import SalesMetricsError
from salesmetrics.base.language import _, did_you_mean, ngettext
from salesmetrics.crm.cell_values import currency_code, is_currency, read_day, read_number_text, without_times
from salesmetrics.crm.question import Choice, Question
from salesmetrics.crm.sheet import Column, Flags, Sheet, is_empty, quoted
from salesmetrics.crm.systems import (
    BOXED,
    BRACKETS,
    CLOSE_DATE,
    CLOSED,
    DAY_OF,
    FALSE,
    HEADER_PERIODS,
    LOST,
    MAPPED,
    NAMES,
    OPEN,
    PARTS,
    PERIODS,
    STAGES,
    TRUE,
    UNCLEAR_AMOUNT,
    WON,
    factor_in,
    plain,
    plain_word,
    recognise,
    words,
    words_apart,
)
from salesmetrics.crm.whole_periods import read_period

# A column of codes or check boxes has few different cells.
_FEW = 50
# Of what a column holds, as many cells as tell.
_SAMPLE = 20
_COMMON = {"EUR", "USD", "GBP", "CHF", "SEK", "NOK", "DKK", "PLN", "CZK", "AUD", "JPY"}
_MOST_BOXES = 3
# What other fields end up in, which people know.
_PART_OF = {"actual_amount": "amount", "amount_period": "amount", "won_on": "closed_on", "lost_on": "closed_on"}
_PART_OF |= dict.fromkeys(BOXED, "status") | {"reason": "loss_reason"}
_BESIDE = re.compile(rf"\b(?:{PARTS['beside']})\b")
_WEIGHTED = re.compile(rf"\b(?:{PARTS['weighted']})\b", re.IGNORECASE)

Columns = Mapping[str, str | None]


def find_columns(sheet: Sheet, columns: Columns | None) -> dict[str, int]:
    """Find the column of each field: the user's own mapping first, then the headers and the contents that are known."""
    given, headers = dict(columns or {}), sheet.headers
    found = {name: _position(headers, header) for name, header in given.items() if header is not None}
    known = _known(sheet, set(found.values()))
    if CLOSE_DATE in known:
        place = known.pop(CLOSE_DATE)
        for name in ("closed_on", "expected_close_on"):
            known.setdefault(name, place)
        if {"won_on", "lost_on"} & {*known, *found}:
            known["closed_on"] = [i for i in known["closed_on"] if i not in place]
    known |= _status_by_content(sheet, {name: places[0] for name, places in known.items() if places} | found, given)
    unclear = known.pop(UNCLEAR_AMOUNT, [])
    for name, places in known.items():
        if name not in given and places:
            found[name] = _one_of(name, places, sheet)
    # Beside it, what a deal brings in each month is not its amount.
    monthly = "amount" in found and factor_in(headers[found["amount"]], HEADER_PERIODS)
    if unclear and "amount" not in given and (monthly or "amount" not in found):
        found["amount"] = whole = _one_of("amount", unclear, sheet)
        if not _is_whole(sheet, whole, found.get("probability")):
            raise Question(
                _(
                    "“{header}” is the whole amount of a deal in some systems, "
                    "and the amount times its chance in others."
                ).format(header=headers[whole]),
                option="columns",
                choices=[Choice(_("the whole amount"), {"columns": {"amount": headers[whole]}})],
                advice=_("If it is the amount times its chance, export the amount too."),
            )
    _need(found, given, sheet)
    if "amount" not in given:
        _weigh_parts(sheet, found)
    return found


def _weigh_parts(sheet: Sheet, found: Mapping[str, int]) -> None:
    """Tell of what a deal brings once or again in another column than its amount; where that is only once, ask."""
    taken = sheet.headers[found["amount"]]
    free = ((place, column) for place, column in enumerate(sheet.columns) if place not in found.values())
    parts = [column.header for place, column in free if _is_part(column) and place != found["amount"]]
    if not parts:
        return
    headers = quoted([taken, *parts], _(" and "))
    if HEADER_PERIODS[0].search(words_apart(taken)):
        raise Question(
            _("A deal may bring something once and something again: {headers}.").format(headers=headers),
            option="columns",
            choices=choose_column("amount", [taken, *parts]),
            advice=_("To count both, add them up in a column of their own."),
        )
    told = ngettext(
        "{parts} holds money too, which is not counted: the amounts are those in “{header}”.",
        "{parts} hold money too, which is not counted: the amounts are those in “{header}”.",
        len(parts),
    )
    sheet.form.remarks.append(told.format(parts=quoted(parts, _(" and ")), header=taken))


def _is_part(column: Column) -> bool:
    """Return whether a column holds what a deal brings once, or each month, by its header and its cells."""
    text = words_apart(column.header)
    times = next((times for times, pattern in HEADER_PERIODS.items() if pattern.search(text)), None)
    # The "annual revenue" of a customer is no part of a deal.
    if times in (None, 1) and not _BESIDE.search(text):
        return False
    filled = [text for text in column.texts[: _SAMPLE * 5] if not is_empty(text)][:_SAMPLE]
    amounts = [text for text in filled if read_number_text(text)]
    return len(amounts) * 2 > len(filled) and not is_box(column) and any(re.search("[1-9]", text) for text in amounts)


def _known(sheet: Sheet, taken: set[int]) -> dict[str, list[int]]:
    """Return for each field the columns that come first for it: the kit's own names before the systems'."""
    ranked: dict[str, dict[int, list[int]]] = defaultdict(lambda: defaultdict(list))
    for place, column in enumerate(sheet.columns):
        if place in taken:
            continue
        own = "_".join(words(column.header))
        if own in MAPPED and "_" in own and own not in BOXED:
            ranked[own][-1].append(place)
            continue
        field, rank = recognise(column.header) or _by_content(column)
        if field in BOXED and not is_box(column):
            field, rank = (DAY_OF[field], 9) if field in DAY_OF and are_days(column) else ("", 0)
        if field:
            ranked[field][rank].append(place)
    return {name: by_rank[min(by_rank)] for name, by_rank in ranked.items()}


def _status_by_content(sheet: Sheet, found: Mapping[str, int], given: Columns) -> dict[str, list[int]]:
    """Know a column that says won and lost, whatever its header, where nothing else does.

    A lone check box for won that is also left blank says three things, so it is asked about as words are.
    """
    if {"status", "is_lost", "is_closed"} & {*found, *given}:
        return {}
    if "is_won" in found:
        column, closed = sheet.columns[found["is_won"]], found.get("closed_on", -1)
        if closed not in (-1, found.get("expected_close_on")):
            return {}
        three = _few(column) & TRUE and _few(column) & FALSE and column.nothing[column.codes].any()
        return {"is_won": [], "status": [found["is_won"]]} if three and "is_won" not in given else {}
    if "stage" in found and tells(sheet.columns[found["stage"]]):
        return {}
    free = ((place, column) for place, column in enumerate(sheet.columns) if place not in found.values())
    said = ((place, {plain_word(text) for text in _few(column)}) for place, column in free)
    places = [place for place, few in said if few & WON and few & LOST and few <= WON | LOST | OPEN | STAGES | CLOSED]
    return {"status": places} if places else {}


def tells(column: Column) -> bool:
    """Return whether some words of a column are the systems' own for won or lost."""
    return not {plain_word(BRACKETS.sub("", text)) for text in column.distinct()}.isdisjoint(WON | LOST)


def _few(column: Column) -> set[str]:
    """Return the different texts of a column where they are few, those for nothing left out."""
    there = zip(column.texts, column.used(), strict=True) if len(column.cells) <= _FEW else ()
    return {text.casefold() for text, used in there if used and not is_empty(text)}


def _by_content(column: Column) -> tuple[str, int]:
    """Know a column of currencies or of periods by what it holds, whatever its header."""
    texts = _few(column)
    codes = {currency_code(text) for text in texts}
    if codes & _COMMON and all(map(is_currency, codes)):
        return "currency", 9
    periods = {text.replace(" ", "_") for text in texts}
    return ("amount_period", 9) if periods - {"m", "y", "jr", "jaar"} and periods <= set(PERIODS) else ("", 0)


def is_box(column: Column) -> bool:
    """Return whether a column holds check boxes."""
    few = _few(column)
    return bool(few) and few <= TRUE | FALSE


def ticked(column: Column) -> Flags:
    """Return in which rows a check box is ticked."""
    return np.array([text.casefold() in TRUE for text in column.texts], dtype=bool)[column.codes]


def are_days(column: Column) -> bool:
    """Return whether a column holds days, as far as its first cells tell."""
    filled = [text for text in column.texts[: _SAMPLE * 5] if not is_empty(text)][:_SAMPLE]
    bare = without_times(pd.Series(filled, dtype="str"))
    # An amount such as 12.2025 is no month.
    days = (read_day(text) or (read_period(text) and not read_number_text(text)) for text in bare)
    return sum(map(bool, days)) * 2 > len(bare)


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


def _is_whole(sheet: Sheet, amounts: int, chances: int | None) -> bool:
    """Return whether amounts are not times their chance: that is another column, or they are there at a chance of 0."""
    if any(map(_WEIGHTED.search, sheet.headers)):
        return True
    if chances is None:
        return False
    some, none = (
        column.strings.str.contains(pattern).to_numpy(bool)[column.codes]
        for column, pattern in ((sheet.columns[amounts], "[1-9]"), (sheet.columns[chances], r"^0+(?:[.,]0*)?\s*%?$"))
    )
    return bool((some & none).sum() * 2 > none.sum())


def _one_of(name: str, places: Sequence[int], sheet: Sheet) -> int:
    first, *others = [place for place in places if not sheet.columns[place].nothing.all()] or places[:1]
    cells = sheet.columns[first].series()
    places = [first, *(place for place in others if not cells.equals(sheet.columns[place].series()))]
    # Of the name of a deal and its last change no figure is made.
    if len(places) == 1 or name not in {*NAMES, *_PART_OF}:
        return places[0]
    names = [sheet.headers[place] for place in places]
    if len(set(map(plain, names))) < len(names):
        raise _twice(names[0], len(names))
    raise Question(
        _("More than one column can be “{name}”: {headers}.").format(
            name=_(NAMES[_PART_OF.get(name, name)]), headers=quoted(names, _(" or "))
        ),
        option="columns",
        choices=choose_column(name, names),
    )


def choose_column(name: str, headers: Iterable[str]) -> list[Choice]:
    """Offer columns for a field."""
    return [Choice(header, {"columns": {name: header}}) for header in headers if header]


def choose_boxes(sheet: Sheet, found: Mapping[str, int]) -> list[Choice]:
    """Offer two columns of check boxes that have no meaning yet, one for won and one for lost."""
    free = [column for place, column in enumerate(sheet.columns) if place not in found.values()]
    boxes = {column.header: ticked(column) for column in [one for one in free if is_box(one)][:_MOST_BOXES]}
    return [
        Choice(
            _("“{won}” is ticked for won, “{lost}” for lost").format(won=won, lost=lost),
            {"columns": {"is_won": won, "is_lost": lost, "status": None}},
        )
        for won, lost in permutations(boxes, 2)
        if boxes[won].any() and boxes[lost].any() and not (boxes[won] & boxes[lost]).any()
    ]


def _twice(header: str, count: int) -> SalesMetricsError:
    return SalesMetricsError(
        _("The header “{name}” stands in the file {count} times.").format(name=header, count=count),
        hint=_("Keep one of them, or give the others another name."),
    )


def _need(found: Mapping[str, int], given: Columns, sheet: Sheet) -> None:
    """Ask for a column that is needed and that the file seems to lack; what has a meaning already is not offered."""
    rest = [header for place, header in enumerate(sheet.headers) if place not in found.values()]
    if "amount" not in found:
        raise _missing("amount", rest, [])
    if not {"status", "stage", "is_won", "is_lost", "won_on", "lost_on"} & set(found) and "status" not in given:
        none = Choice(_("none: all deals are open"), {"columns": {"status": None}})
        raise _missing("status", rest, [*choose_boxes(sheet, found), none])
    if not {"deal_id", "deal_name", "account"} & set(found) and "deal_id" not in given:
        none = Choice(_("none: each row is a deal"), {"columns": {"deal_id": None}})
        raise _missing("deal_id", rest, [none])


def _missing(name: str, headers: Sequence[str], more: list[Choice]) -> SalesMetricsError:
    told = _("The file has no column for “{name}”.").format(name=_(NAMES[name]))
    if not any(headers) and not more:
        return SalesMetricsError(told, hint=_("Check the export and its filters."))
    return Question(
        told, option="columns", choices=[*choose_column(name, headers), *more], advice=did_you_mean(name, headers)
    )
