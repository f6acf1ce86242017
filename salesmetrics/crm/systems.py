"""The headers and words of the systems in ``systems.toml``, and how a header is known among them."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

_SYSTEMS = tomllib.loads(Path(__file__).with_name("systems.toml").read_text(encoding="utf-8"))
HEADERS: dict[str, str] = _SYSTEMS["headers"]
CLOSE_DATE, UNCLEAR_AMOUNT = "close_date", "unclear_amount"
_MONEY = ("amount", "actual_amount", UNCLEAR_AMOUNT)
# A check box by its header, unless its cells are days.
DAY_OF = {"is_won": "won_on", "is_lost": "lost_on", "is_closed": "closed_on"}
BOXED = (*DAY_OF, "is_active", "is_archived")

PARTS: dict[str, str] = _SYSTEMS["parts"]
_PREFIXES, _REMARKS = (frozenset(PARTS[name].strip().split("|")) for name in ("prefixes", "remarks"))
_SAME = {word: name for name, line in _SYSTEMS["same"].items() for word in line.split()}
_DATED = re.compile(rf"({'|'.join(word for word, name in _SAME.items() if name == 'date' and len(word) > 2)})$")
SYMBOLS = {symbol.upper(): code for code, line in _SYSTEMS["symbols"].items() for symbol in line.split("|")}

_UNITS, HEADER_PERIODS = (
    {int(times): re.compile(pattern, re.VERBOSE) for times, pattern in _SYSTEMS[name].items()}
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
    text = re.sub(r"\(?\b\d{1,3}\s*%\)?", " ", text.casefold())
    text = re.sub(r"[^\w]+|_+", " ", text)
    return re.sub(r"^\s*\d+\s+", "", text).strip()


def _keys(header: list[str]) -> tuple[str, str, str]:
    """Give what a header is compared by; the last only where it is of a day, its words made the same."""
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
    """Tell which field a header is known for, and how far down the list it stands.

    Examples
    --------
    >>> recognise("Deal - Lost reason"), recognise("Waarschijnlijkheid (%)"), recognise("expected_close_at")
    (('loss_reason', 0), ('probability', 0), ('expected_close_on', 0))
    >>> recognise("Bedrag (x € 1.000)"), recognise("Bedrag (gewogen)")
    (('amount', 0), None)
    """
    bare = words_apart(header)
    for pattern in (*_UNITS.values(), *HEADER_PERIODS.values()):
        bare = re.sub(pattern.pattern, " ", bare, flags=re.VERBOSE | re.IGNORECASE) if bare else bare
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


def unit_of(header: str, *, is_title: bool = False) -> int:
    """Tell by how much the amounts under a header are to be multiplied; a title must say "in" or "x" before the unit.

    Examples
    --------
    >>> unit_of("Bedrag (x € 1.000)"), unit_of("omzet_in_duizenden"), unit_of("Amount")
    (1000, 1000, 1)
    >>> unit_of("Pipeline, in miljoenen", is_title=True), unit_of("Doel: 2 miljoen", is_title=True)
    (1000000, 1)
    """
    found = ((unit, pattern.search(words_apart(header))) for unit, pattern in _UNITS.items())
    return next((unit for unit, match in found if match and not (is_title and match[0][0] not in "ix×*(")), 1)


def period_of(header: str) -> float:
    """Return how often a year there is an amount under a header: 12 for one per month; 0 where it does not say.

    Examples
    --------
    >>> period_of("amount_per_month"), period_of("DealMRR"), period_of("Amount")
    (12.0, 12.0, 0.0)
    """
    return next((float(times) for times, pattern in HEADER_PERIODS.items() if pattern.search(words_apart(header))), 0.0)
