"""Won, lost or open, by the systems' own words or by the user's; and the order of the stages."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import NamedTuple

import numpy as np
import pandas as pd

from salesmetrics.base.errors import SalesMetricsError
from salesmetrics.base.language import _, did_you_mean, ngettext
from salesmetrics.crm.question import Choice, Question
from salesmetrics.crm.sheet import Column, Flags, Numbers, lines_text

Words = str | Iterable[str] | None

_WON = """won|closed won|closedwon|closed as won|win|deal won|won deal|accepted|gewonnen|gesloten gewonnen
gesloten en gewonnen|afgesloten gewonnen|deal gewonnen|aanvaard|geaccepteerd|gescoord|gegund|sold|verkocht"""
_LOST = """lost|closed lost|closedlost|closed as lost|loss|deal lost|lost deal|refused|verloren|gesloten verloren
gesloten en verloren|afgesloten verloren|deal verloren|geweigerd|afgewezen|closed lost to competition|out sold
lost to competitor|lost to competition|niet gescoord|niet gegund|niet gewonnen"""
_OPEN = """open|new|in progress|active|pending|on hold|nieuw|in behandeling|in uitvoering|openstaand|lopend|actief
in de wacht|stalled|vastgelopen"""
_CLOSED = "closed|done|completed|inactive|gesloten|afgesloten|afgerond|voltooid|inactief"

# A stage with one of these words in its name is seldom still open, and does not say how it ended.
_TELLING = re.compile(
    r"\b(?:won|lost|closed|cancell?ed|rejected|declined|disqualified|abandoned|dead|gewonnen|verloren|gesloten|afgesloten"
    r"|geannuleerd|afgewezen|afgehaakt|afgeketst|misgelopen|mislukt|gediskwalificeerd|vervallen|gestopt)\b"
)

WON, LOST, OPEN, CLOSED = (frozenset(re.split(r"[|\n]", words)) for words in (_WON, _LOST, _OPEN, _CLOSED))


# Enough words to see a stage among them that is not open at all.
_SHOWN = 8


class StatusReading(NamedTuple):
    """For each distinct cell "won", "lost", "open" or, where nothing stands, nothing; and what there is to say of it.

    ``how`` says which words were taken for won and for lost, ``odd`` which words of the user were not there.
    """

    statuses: list[str]
    how: str
    odd: list[str]


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


def as_words(words: Words) -> list[str]:
    """Take one word or several."""
    return [] if words is None else [words] if isinstance(words, str) else [str(word) for word in words]


def read_status(column: Column, lines: Numbers, *, won: Words, lost: Words, stages: bool) -> StatusReading:
    """Tell for each distinct cell of a column whether it says won, lost or open.

    Parameters
    ----------
    column, lines
        The cells, and the line in the file of each row.
    won, lost
        The user's own words; they come before the systems' words, and once given, what is left is open.
    stages
        The column holds stages and not statuses: then all but the words for won and lost is open.

    Raises
    ------
    Question
        A status that is unknown, or a status or stage that says it is closed but not whether it was won.
    """
    own_won, own_lost = as_words(won), as_words(lost)
    both = {plain_word(word) for word in own_won} & {plain_word(word) for word in own_lost}
    if both:
        raise SalesMetricsError(
            _("“{word}” stands in won= and in lost=.").format(word=min(both)), hint=_("Keep it in one of them.")
        )
    words = dict.fromkeys(LOST, "lost") | dict.fromkeys(WON, "won")
    words |= {plain_word(word): "won" for word in own_won} | {plain_word(word): "lost" for word in own_lost}
    rest_is_open = stages or won is not None or lost is not None
    used = column.used()
    statuses: list[str] = []
    unclear: list[int] = []
    for index, text in enumerate(column.texts):
        word = plain_word(text)
        unknown = word not in OPEN and not rest_is_open
        closed = bool(word in CLOSED or (stages and _TELLING.search(word))) and won is None and lost is None
        if used[index] and word and word not in words and (unknown or closed):
            unclear.append(index)
        statuses.append(words.get(word, "open" if word else ""))
    if unclear:
        raise _ask(column, lines, unclear, own_won, own_lost)
    seen = [(text, status) for text, status, there in zip(column.texts, statuses, used, strict=True) if there]
    standing = {plain_word(text) for text, _status in seen}
    odd = [
        _("“{word}”, given as a word for won or lost, does not stand in “{header}”.").format(
            word=word, header=column.header
        )
        for word in (*own_won, *own_lost)
        if plain_word(word) not in standing
    ]
    return StatusReading(statuses, _how(seen), odd)


def _how(seen: Iterable[tuple[str, str]]) -> str:
    words: dict[str, list[str]] = {"won": [], "lost": []}
    for text, status in seen:
        if status in words and text not in words[status]:
            words[status].append(text)
    parts = [
        f"{_(status)} = {_(' or ').join(f'“{text}”' for text in texts)}" for status, texts in words.items() if texts
    ]
    # The systems' own words for open need no check; a stage may turn out not to be open at all.
    rest = list(dict.fromkeys(text for text, status in seen if status == "open" and plain_word(text) not in OPEN))
    shown = ", ".join(f"“{text}”" for text in rest[:_SHOWN]) + (", …" if len(rest) > _SHOWN else "")
    return ", ".join([*parts, _("the rest is open: {words}").format(words=shown) if rest else _("the rest is open")])


def _ask(column: Column, lines: Numbers, unclear: list[int], won: list[str], lost: list[str]) -> Question:
    text = column.texts[unclear[0]]
    # In a column of long or differing texts every row has a cell of its own.
    rows = lines[np.isin(column.codes, [index for index in unclear if column.texts[index] == text])]
    hint = _('Say so: won="{text}" or lost="{text}"; whatever you then leave out is open.').format(text=text)
    return Question(
        ngettext(
            "The status “{text}” in “{header}” (line {lines}) is unknown: is it won, lost or open?",
            "The status “{text}” in “{header}” (lines {lines}) is unknown: is it won, lost or open?",
            len(rows),
        ).format(text=text, header=column.header, lines=lines_text(rows)),
        hint=hint,
        option="won",
        choices=[
            Choice(_("won"), {"won": [*won, text], "lost": lost}),
            Choice(_("lost"), {"won": won, "lost": [*lost, text]}),
            Choice(_("open"), {"won": won, "lost": lost}),
        ],
        words=dict.fromkeys(column.texts[index] for index in unclear),
    )


def order_stages(deals: pd.DataFrame, is_open: Flags, given: Sequence[str] | None) -> tuple[str, ...]:
    """Put the stages of open deals in order; nothing where the file does not tell it.

    Parameters
    ----------
    deals, is_open
        The deals, and which of them are open.
    given
        The order, where the user says it.

    Raises
    ------
    SalesMetricsError
        An open deal is in a stage that was not given.
    """
    if "stage" not in deals:
        return tuple(given or ())
    open_deals = deals.loc[is_open, [name for name in ("stage", "probability") if name in deals]]
    stages = list(open_deals["stage"].dropna().unique())
    if given is not None:
        if isinstance(given, str):
            raise SalesMetricsError(
                _("stages= must be a list of stages, not one text."), hint=_('Write stages=["Lead", "Demo", "Offer"].')
            )
        for stage in stages:
            if stage not in given:
                raise SalesMetricsError(
                    _("The stage “{stage}” is not in stages=.").format(stage=stage), hint=did_you_mean(stage, given)
                )
        return tuple(given)
    numbers = [re.match(r"\s*(\d{1,2})\s*[-.):]", stage) for stage in stages]
    if len(stages) > 1 and all(numbers) and len({int(match[1]) for match in numbers if match}) == len(stages):
        return tuple(sorted(stages, key=lambda stage: int(re.findall(r"\d+", stage)[0])))
    if "probability" in deals:
        chances = open_deals.groupby("stage")["probability"].agg(["median", "nunique"]).sort_values("median")
        # One chance per stage, and another for each: then it is the system's own, and it rises along the pipeline.
        if len(chances) == len(stages) > 1 and (chances["nunique"] == 1).all() and chances["median"].is_unique:
            return tuple(chances.index)
    return ()
