"""The headers and words of the systems in ``systems.toml``, and how a header is known among them."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from pathlib import Path

from salesmetrics.base.language import N_
from salesmetrics.deals.check import DATES, NUMBERS, TEXTS

_SYSTEMS = tomllib.loads(Path(__file__).with_name("systems.toml").read_text(encoding="utf-8"))
HEADERS: dict[str, str] = _SYSTEMS["headers"]
CLOSE_DATE, UNCLEAR_AMOUNT = "close_date", "unclear_amount"
FIELDS = (*TEXTS, *DATES, *NUMBERS)
# What a deal has besides ends up in one of these, or stays as it is.
MAPPED = [name for name in dict.fromkeys((*FIELDS, *HEADERS)) if name not in (CLOSE_DATE, UNCLEAR_AMOUNT)]
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
_MONEY = ("amount", "actual_amount", UNCLEAR_AMOUNT)
# A check box by its header, unless its cells are days.
DAY_OF = {"is_won": "won_on", "is_lost": "lost_on", "is_closed": "closed_on"}
BOXED = (*DAY_OF, "is_active", "is_archived")

PARTS: dict[str, str] = _SYSTEMS["parts"]
_PREFIXES, _REMARKS, _DENIED, _YET = (
    frozenset(PARTS[name].strip().split("|")) for name in ("prefixes", "remarks", "denied", "yet")
)
_SAME = {word: name for name, line in _SYSTEMS["same"].items() for word in line.split()}
_DATED = re.compile(rf"({'|'.join(word for word, name in _SAME.items() if name == 'date' and len(word) > 2)})$")
SYMBOLS = {symbol.upper(): code for code, line in _SYSTEMS["symbols"].items() for symbol in line.split("|")}

UNITS, HEADER_PERIODS = (
    {int(times): re.compile(pattern, re.VERBOSE | re.IGNORECASE) for times, pattern in _SYSTEMS[name].items()}
    for name in ("units", "header_periods")
)
PERIODS = {word: int(times) for times, words in _SYSTEMS["periods"].items() for word in words.split()}
_WORDS = {name: frozenset(re.split(r"[|\n]", words)) for name, words in _SYSTEMS["words"].items()}
WON, LOST, OPEN, STAGES, CLOSED, EMPTY, TRUE, FALSE = (
    _WORDS[name] for name in ("won", "lost", "open", "stages", "closed", "empty", "true", "false")
)
# A pipeline behind a status or stage.
BRACKETS = re.compile(r"\s*\([^()]*\)$")
TOTAL: str = _SYSTEMS["words"]["total"]
GOAL: str = _SYSTEMS["words"]["goal"]


def words_apart(header: str) -> str:
    """Write a header in small letters with its words apart.

    Examples
    --------
    >>> words_apart("amount_in_thousands"), words_apart("DealMRR"), words_apart("AMOUNT")
    ('amount in thousands', 'deal mrr', 'amount')
    """
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])|_", " ", header).casefold()


def words(header: str) -> list[str]:
    """Split a header into the words by which it is compared.

    Examples
    --------
    >>> words("Deal_StageName"), words("Deal - Won time")
    (['deal', 'stage', 'name'], ['deal', 'won', 'time'])
    """
    return re.findall(r"[^\W_]+|%", words_apart(header))


def plain(header: str) -> str:
    """Write a header as it is compared."""
    return "".join(words(header))


def plain_word(text: str) -> str:
    """Write a status or stage as it is compared: letters and digits, without a number before or a chance behind it.

    Examples
    --------
    >>> plain_word("7. Closed - Won (100%)")
    'closed won'
    """
    written = text.strip().casefold()
    if written in EMPTY:
        return ""
    text = re.sub(r"\(?\b\d{1,3}\s*%\)?", " ", written)
    text = re.sub(r"[^\w]+|_+", " ", text)
    word = re.sub(r"^\s*\d+\s+", "", text).strip()
    # Of a sign such as ✅ nothing would be left.
    return word or written


def ending_in(word: str) -> str:
    """Return what a word names among others, "won" or "lost"; empty where it names neither, or both.

    Examples
    --------
    >>> ending_in("Gewonnen 2026"), ending_in("Lost - price"), ending_in("Offer"), ending_in("Lost, sold by a rival")
    ('won', 'lost', '', '')
    >>> ending_in("Not accepted"), ending_in("Nog niet gegund"), ending_in("No loss")
    ('lost', '', '')
    """
    named = {plain_word(word), *plain_word(word).split()}
    ends = {name for name, known in (("won", WON), ("lost", LOST)) if named & known}
    if ends == {"won"} and named & _DENIED:
        return "" if named & _YET else "lost"
    denied_loss = named & _DENIED and plain_word(word) not in LOST
    return "" if len(ends) != 1 or denied_loss else ends.pop()


def _keys(header: list[str]) -> tuple[str, str, str]:
    """Return what a header is compared by; the last only where it is of a day, its words made the same."""
    same = (_SAME.get(part, part) for word in header for part in _DATED.sub(r" \1", word).split())
    return "".join(header), " ".join(sorted(header)), "date: " + " ".join(sorted({*same} - {""}))


_ALIASES = {
    key: (field, rank)
    for field, lines in reversed(HEADERS.items())
    for rank, line in reversed(list(enumerate(lines.splitlines())))
    for alias in line.strip().split("|")
    for key in _keys(words(alias))[: 3 if field.endswith(("_on", "_date")) else 2]
}


def recognise(header: str) -> tuple[str, int] | None:
    """Return which field a header is known for, and how far down the list it stands.

    Examples
    --------
    >>> recognise("Deal - Lost reason"), recognise("Waarschijnlijkheid (%)"), recognise("expected_close_at")
    (('loss_reason', 0), ('probability', 0), ('expected_close_on', 0))
    >>> recognise("Bedrag (x € 1.000)"), recognise("Bedrag (gewogen)")
    (('amount', 0), None)
    """
    bare = words_apart(header)
    for pattern in (*UNITS.values(), *HEADER_PERIODS.values()):
        bare = pattern.sub(" ", bare)
    for tried in dict.fromkeys((header, bare)):
        name = words(tried)
        while name:
            for key in _keys(name):
                # A unit or a period says something of an amount only: the "PM" of "Klant PM" is a project manager.
                if key in _ALIASES and (tried == header or _ALIASES[key][0] in _MONEY):
                    return _ALIASES[key]
            prefix = next((size for size in (1, 3, 2) if " ".join(name[:size]) in _PREFIXES), 0)
            if len(name) > 1 and name[-1] in _REMARKS:
                name = name[:-1]
            elif prefix and len(name) > prefix:
                name = name[prefix:]
            else:
                break
    return None


def factor_in(header: str, patterns: Mapping[int, re.Pattern[str]], *, is_title: bool = False) -> int:
    """Return by how much a unit or a period in a header multiplies its amounts; 0 where it says neither.

    A title says it only behind "in" or "x", or between brackets.

    Examples
    --------
    >>> factor_in("omzet_in_duizenden", UNITS), factor_in("DealMRR", HEADER_PERIODS), factor_in("Amount", UNITS)
    (1000, 12, 0)
    >>> factor_in("Pipeline, in miljoenen", UNITS, is_title=True), factor_in("Doel: 2 miljoen", UNITS, is_title=True)
    (1000000, 0)
    """
    text = words_apart(header)
    for factor, pattern in patterns.items():
        match = pattern.search(text)
        if match and (not is_title or match[0][0] in "ix×*(" or re.search(r"\([^)\d]*$", text[: match.start()])):
            return factor
    return 0
