"""Won, lost or open: by the systems' words, by all else that the file says of it, or by the user's; and the stages."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

import numpy as np
import pandas as pd

from salesmetrics.base.errors import SalesMetricsError
from salesmetrics.base.language import _, did_you_mean, ngettext, number
from salesmetrics.crm.question import Choice, Question, Word, as_words
from salesmetrics.crm.reading import Reading
from salesmetrics.crm.sheet import Column, Flags, Floats, Numbers, lines_named, quoted
from salesmetrics.crm.status_evidence import ANY, MANY, MAY_BE, is_settled, read_boxes, set_status, settle_blank, weigh
from salesmetrics.crm.systems import BRACKETS, CLOSED, DAY_OF, LOST, OPEN, PARTS, STAGES, WON, ending_in, plain_word

# A word that has one of these in it may well say how a deal ended, whatever chance the system gives it.
_ENDED = re.compile(rf"\b(?:{PARTS['ended'].strip()})\b")
_OVER = (MAY_BE["won"], MAY_BE["lost"])
# Enough words to see a stage among them that is not open at all.
_SHOWN = 8
# With more different words than this it is another column.
_MOST_WORDS = 100


def read_status(reading: Reading, amounts: Floats) -> None:
    """Read for each row whether it says won, lost or open."""
    if _says_nothing(reading):
        reading.forget("status")
    name = "status" if "status" in reading.found else "stage"
    column, boxes = reading.column(name), read_boxes(reading)
    if column is None or (name == "stage" and is_settled(boxes).all()):
        _read_boxes(reading, boxes)
        return
    if column.empty[column.codes].any():
        column = _fill_groups(reading, column, name)
    plain = _plain_in(column)
    texts = [plain(text) for text in column.texts]
    of_cell, distinct = pd.factorize(pd.Series(texts, dtype="str"))
    words = np.array(distinct, dtype=object)
    of_row = of_cell[column.codes]
    known = _known_words(reading, column, plain, texts)
    may_be = np.array([MAY_BE.get(known.get(word, ""), ANY) for word in words], dtype=np.int64)
    used = np.bincount(of_row, minlength=len(words)) > 0
    unknown = np.flatnonzero(used & (may_be == ANY))
    if len(unknown) > _MOST_WORDS:
        raise SalesMetricsError(
            _("“{header}” holds {count} different words, so it does not say which deals are won.").format(
                header=column.header, count=number(len(unknown))
            ),
            hint=_("Name the right column with columns=."),
        )
    told = reading.told.get("won") is not None or reading.told.get("lost") is not None
    asked: dict[int, str] = {}
    by_row = np.zeros(len(of_row), dtype=bool)
    # What is found out of some words is evidence for the others.
    for _round in range(2):
        evidence = boxes & weigh(reading, may_be[of_row]) if len(unknown) else boxes
        for place in np.flatnonzero(used & (may_be == ANY) & (words != "")).tolist():
            rows = of_row == place
            # Nearly each row of a word for closed may say by itself whether it was won or lost: open it is not.
            if words[place] in CLOSED and np.isin(evidence[rows] & sum(_OVER), _OVER).mean() >= 1 - MANY:
                by_row |= rows
                asked.pop(place, None)
                continue
            found = _explained(evidence[rows])
            # For want of a day a stage is open; an unknown status, or a word for an end, may be anything.
            bare = words[place] not in STAGES and name == "status" and not _explained(boxes[rows])
            ended = words[place] in CLOSED or _ENDED.search(words[place]) or (bare and found == "open")
            if told or found in ("won", "lost") or (not ended and (found or words[place] in STAGES)):
                may_be[place] = MAY_BE["open" if told else found or "open"]
            else:
                never_won = ended and not (evidence[rows] & MAY_BE["won"]).any()
                asked[place] = found or ending_in(words[place]) or ("lost" if never_won else "open")
    asked = {place: status for place, status in asked.items() if may_be[place] == ANY}
    if asked:
        # An answer says of all words what they are: of those that the file explains too.
        text_of = dict(zip(texts, column.texts, strict=True))
        said = {
            status: [text_of[words[place]] for place in unknown.tolist() if may_be[place] == MAY_BE[status]]
            for status in ("won", "lost")
        }
        raise _ask(reading, column, of_row, asked, amounts, **said)
    rows = np.where(by_row, (evidence & sum(_OVER)) % sum(_OVER), may_be[of_row])
    # A box or a day of its own says more of a deal than the stage in which it was won or lost.
    by_box = (name == "stage" and not told) & (rows == MAY_BE["open"]) & np.isin(boxes, _OVER)
    rows = np.where((words == "")[of_row], np.where(is_settled(boxes), boxes, 0), np.where(by_box, boxes, rows))
    # Whatever the user's words leave out is open, but not what is closed without saying how.
    set_status(reading, settle_blank(reading, column.header, rows, told and not (by_row & (rows == 0)).any()))
    reading.use("status", column, _how(column, may_be[of_cell]), reading.status_of < 0)


def _plain_in(column: Column) -> Callable[[str], str]:
    """Return how its words are compared: without a "(Sales pipeline)" where all end so, and several alike."""
    remarks = [match and match[0] for match in map(BRACKETS.search, column.distinct())]
    shared = all(remarks) and len(set(remarks)) < len(remarks)
    return (lambda text: plain_word(BRACKETS.sub("", text))) if shared else plain_word


def _says_nothing(reading: Reading) -> bool:
    """Return whether a column of statuses knows no won or lost, such as that of the record, and the stages do."""
    given = reading.told.get("columns", {}).get("status")
    status, stage = reading.column("status"), reading.column("stage")
    if given is not None or status is None or stage is None:
        return False
    own = {plain_word(word) for option in ("won", "lost") for word in as_words(reading.told.get(option))}
    statuses, stages = ({plain_word(text) for text in column.distinct()} for column in (status, stage))
    ended = WON | LOST | own
    closed, over = (
        np.array([plain_word(text) in words for text in column.texts], dtype=bool)[column.codes]
        for column, words in ((status, CLOSED), (stage, ended))
    )
    # A closed deal in the stage that it had was lost, or won: the stages do not tell.
    silent = closed & ~over
    if statuses & ended or not stages & ended or silent.any():
        return False
    return len(statuses) == 1 or statuses <= OPEN | CLOSED


def _read_boxes(reading: Reading, boxes: Numbers) -> None:
    """Use check boxes such as Won and Lost; without any, and told so, all deals are open."""
    names = DAY_OF if set(DAY_OF) & set(reading.found) else ("won_on", "lost_on")
    columns = [*reading.columns(names).values()]
    if not columns:
        set_status(reading, np.ones(len(boxes), dtype=np.int64))
        return
    evidence = boxes & weigh(reading, np.where(is_settled(boxes), boxes, ANY))
    set_status(reading, settle_blank(reading, columns[0].header, np.where(is_settled(evidence), evidence, 0), False))
    for column in columns:
        reading.use("status", column, _("a check box") if names is DAY_OF else "", reading.status_of < 0)


def _explained(may_be: Numbers) -> str:
    """Return the one status that all rows of a word allow, if nearly each of them says so."""
    shared = np.bitwise_and.reduce(may_be)
    return next((name for name, bit in MAY_BE.items() if shared == bit and is_settled(may_be).mean() >= 1 - MANY), "")


def _known_words(
    reading: Reading, column: Column, plain: Callable[[str], str], standing: Sequence[str]
) -> dict[str, str]:
    """Return the words that speak for themselves; the user's own come before the systems'."""
    own_won, own_lost = as_words(reading.told.get("won")), as_words(reading.told.get("lost"))
    both = {plain(word) for word in own_won} & {plain(word) for word in own_lost}
    if both:
        raise SalesMetricsError(
            _("“{word}” stands in won= and in lost=.").format(word=min(both)), hint=_("Keep it in one of them.")
        )
    reading.form.remarks += [
        _("“{word}”, given as a word for won or lost, does not stand in “{header}”.").format(
            word=word, header=column.header
        )
        for word in (*own_won, *own_lost)
        if plain(word) not in standing
    ]
    words = dict.fromkeys(OPEN, "open") | dict.fromkeys(LOST, "lost") | dict.fromkeys(WON, "won")
    return words | {plain(w): "won" for w in own_won} | {plain(w): "lost" for w in own_lost}


def _fill_groups(reading: Reading, column: Column, name: str) -> Column:
    """Let the name of a group hold for all of its rows, where the file proves it or the user says so."""
    texts = np.array(column.texts, dtype=object)[column.codes]
    heads = np.flatnonzero(texts != "")
    counted = [re.fullmatch(r"(.+?)\s*\((\d+)\)", texts[place]) for place in heads.tolist()]
    sizes = np.diff([*heads, len(texts)])
    proven = (
        len(heads)
        and heads[0] == 0
        and all(match and int(match[2]) == size for match, size in zip(counted, sizes, strict=True))
    )
    if not proven and (reading.told.get("blank") != "above" or not len(heads) or heads[0]):
        return column
    names = [match[1] if proven and match else texts[place] for match, place in zip(counted, heads, strict=True)]
    codes, cells = pd.factorize(np.array(names, dtype=object))
    reading.form.mended.append(
        _("“{header}” stands once for each group of rows, and was read for all of them.").format(header=column.header)
    )
    filled = Column(column.header, np.repeat(codes, sizes), pd.Series(cells, dtype="str"))
    if name == "stage":
        reading.deals["stage"] = filled.series()
    return filled


def _how(column: Column, may_be: Numbers) -> str:
    words: dict[int, list[str]] = {bit: [] for bit in MAY_BE.values()}
    for text, bit, there in zip(column.texts, may_be.tolist(), column.used(), strict=True):
        # The systems' own words for open need no check; a stage may turn out not to be open at all.
        if text and there and bit in words and plain_word(text) not in OPEN and text not in words[bit]:
            words[bit].append(text)
    parts = [
        f"{_(status)} = {_(' or ').join(f'“{text}”' for text in words[MAY_BE[status]])}"
        for status in ("won", "lost")
        if words[MAY_BE[status]]
    ]
    rest = words[MAY_BE["open"]]
    shown = quoted(rest[:_SHOWN]) + (", …" if len(rest) > _SHOWN else "")
    return ", ".join([*parts, _("the rest is open: {words}").format(words=shown) if rest else _("the rest is open")])


def _ask(
    reading: Reading,
    column: Column,
    of_row: Numbers,
    asked: dict[int, str],
    amounts: Floats,
    *,
    won: list[str],
    lost: list[str],
) -> Question:
    words = []
    for place, status in asked.items():
        rows = of_row == place
        text = column.texts[column.codes[np.argmax(rows)]]
        words.append(Word(text, int(rows.sum()), float(np.nansum(amounts[rows])), status))
    told = "; ".join(
        ngettext("“{word}” ({count} row, {amount})", "“{word}” ({count} rows, {amount})", word.rows).format(
            word=word.text, count=number(word.rows), amount=number(word.amount)
        )
        for word in words
    )
    first = words[0].text
    # A status that says no more than "closed" may stand beside stages that do.
    stage, by_stage = reading.column("stage"), []
    if stage and stage.header != column.header and {plain_word(text) for text in column.distinct()} <= OPEN | CLOSED:
        both = dict.fromkeys(("status", "stage"), stage.header)
        by_stage = [Choice(_("go by “{header}”").format(header=stage.header), {"columns": both})]
    lines = reading.sheet.lines[np.isin(of_row, list(asked))]
    return Question(
        ngettext(
            "Is this word in “{header}” won, lost or open: {words}? ({lines})",
            "Are these words in “{header}” won, lost or open: {words}? ({lines})",
            len(words),
        ).format(header=column.header, words=told, lines=lines_named(lines)),
        option="won",
        choices=[
            Choice(_("won"), {"won": [*won, first], "lost": lost}),
            Choice(_("lost"), {"won": won, "lost": [*lost, first]}),
            Choice(_("open"), {"won": won, "lost": lost}),
            Choice(_("no deal: leave it out"), {"no_deal": [*as_words(reading.told.get("no_deal")), first]}),
            *by_stage,
        ],
        advice=_("Give the words for won and those for lost; whatever you then leave out is open."),
        words=words,
    )


def order_stages(deals: pd.DataFrame, is_open: Flags, given: Sequence[str] | None) -> tuple[str, ...]:
    """Put the stages of open deals in order; nothing where the file does not tell it."""
    if "stage" not in deals:
        return tuple(given or ())
    open_deals = deals.loc[is_open, [name for name in ("stage", "probability") if name in deals]]
    stages = list(open_deals["stage"].dropna().unique())
    if given is not None:
        for stage in stages:
            if stage not in given:
                raise SalesMetricsError(
                    _("The stage “{stage}” is not in stages=.").format(stage=stage), hint=did_you_mean(stage, given)
                )
        return tuple(given)
    numbered = {int(match[1]): stage for stage in stages if (match := re.match(r"\s*(\d{1,2})\s*[-.):]", stage))}
    if len(numbered) == len(stages) > 1:
        return tuple(numbered[place] for place in sorted(numbered))
    if "probability" in deals:
        chances = open_deals.groupby("stage")["probability"].agg(["median", "nunique"]).sort_values("median")
        # One chance per stage, and another for each: then it is the system's own, and it rises along the pipeline.
        if len(chances) == len(stages) > 1 and (chances["nunique"] == 1).all() and chances["median"].is_unique:
            return tuple(chances.index)
    return ()


def ask_stages(deals: pd.DataFrame) -> Question | None:
    """Return the question in which order the stages come, by the mean chance of their open deals; None without stages.

    Without chances the order in which they stand in the file is offered, and the other way round.

    Examples
    --------
    >>> rows = {"status": ["open", "open", "lost"], "stage": ["Offer", "Lead", "Lost"], "probability": [0.6, 0.1, 0.0]}
    >>> ask_stages(pd.DataFrame(rows)).choices[0].options
    {'stages': ['Lead', 'Offer']}
    """
    names = deals["stage"].dropna().unique() if "stage" in deals else ()
    held = set(deals.loc[deals["status"] == "open", "stage"]) if len(names) else set()
    stages = [name for name in names if name in held or plain_word(BRACKETS.sub("", name)) not in WON | LOST | CLOSED]
    if not stages:
        return None
    orders = [stages, stages[::-1]]
    if "probability" in deals:
        means = deals[deals["status"] == "open"].groupby("stage")["probability"].mean().dropna()
        # What no open deal is in can't be placed by a chance: it comes last, to be seen.
        orders = [sorted(stages, key=lambda stage: means.get(stage, 1.0))] if len(means) else orders
    return Question(
        _("To begin at a stage, the order of the stages must be known, and the file does not tell it."),
        option="stages",
        choices=[Choice(" → ".join(order), {"stages": order}) for order in orders[: len(stages)]],
        advice=_("Is it another order? Then give the stages yourself, from the first to the last before won."),
    )
