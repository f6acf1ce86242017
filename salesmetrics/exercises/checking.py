"""From an answer to what the kit says about it. Nothing a learner gives ever ends in an error."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any, NamedTuple

from salesmetrics.base.errors import SalesMetricsError
from salesmetrics.base.language import N_, _
from salesmetrics.exercises import choices, guesses, numeric
from salesmetrics.exercises.content import KindName, Question, Wrong, lessons, said
from salesmetrics.exercises.verdict import Verdict, literally


class Kind(NamedTuple):
    """How answers of one kind are read, what is right, which wrong answer one is, and what to do without an answer."""

    read: Callable[[Question, Any], Any]
    right: Callable[[Question, Any], bool]
    fits: Callable[[Question, Wrong, Any], bool]
    how: str


def _read_words(_question: Question, given: Any) -> str:
    if not isinstance(given, str):
        raise SalesMetricsError(_("The answer is a few words of your own."), hint=_("Type them in the box."))
    return given.strip()


_CHOOSE = (choices.read_key, choices.right, choices.fits)
_FREE = (_read_words, lambda _question, _words: True, lambda _question, _wrong, _words: False)
_HOW_NUMBER = N_("Type your answer in the box, for example as {example}, and choose Check.")
_KINDS: dict[KindName, Kind] = {
    "bet": Kind(*_CHOOSE, N_("Choose one; the answer comes after.")),
    "number": Kind(numeric.read, numeric.right, numeric.fits, _HOW_NUMBER),
    "choice": Kind(*_CHOOSE, N_("Choose one, then choose Check.")),
    "several": Kind(
        choices.read_set, choices.set_right, choices.set_fits, N_("Choose everything that fits, then choose Check.")
    ),
    "order": Kind(
        choices.read_order, choices.order_right, choices.order_fits, N_("Put the items in order, then choose Check.")
    ),
    "table": Kind(
        numeric.read_table, numeric.table_right, numeric.table_fits, N_("Fill in every row, then choose Check.")
    ),
    "sliders": Kind(
        choices.read_position,
        choices.position_right,
        choices.position_fits,
        N_("Move the sliders, then choose Check."),
    ),
    "free": Kind(*_FREE, N_("Write down your own answer first.")),
    "guess": Kind(numeric.read, *_FREE[1:], N_("Type your guess in the box, for example as {example}.")),
}


def judge(question: Question, given: Any) -> Verdict:
    """Say what an answer deserves: right, what this mistake usually means, or why it could not be read."""
    kind = _KINDS[question.kind]
    try:
        if callable(given) and not isinstance(given, type):
            given = _called(given)
        if given is None or (isinstance(given, str) and not given.strip()):
            return Verdict(tone="again", text=f"**?** {how_to_answer(question)}")
        answer = kind.read(question, given)
        if question.kind == "free":
            return Verdict(
                tone="open", text=f"**✓ {_('Noted.')}** {_('Now lay it beside ours: ask for the solution.')}"
            )
        if question.kind == "bet":
            return _revealed(question, answer)
        if question.kind == "guess":
            doubt = numeric.doubt(question, answer)
            if doubt:
                return Verdict(tone="again", text=f"**?** {doubt}")
            return replace(guesses.reveal(question, answer), guess=answer)
        return _judged(question, kind, answer)
    except SalesMetricsError as error:
        return Verdict(tone="again", text="**?** " + literally(f"{error.what}\n{error.hint}".strip()))
    except Exception:
        sentence = literally(_("I can't read this answer."))
        return Verdict(tone="again", text=f"**?** {sentence} {how_to_answer(question)}")


def how_to_answer(question: Question) -> str:
    """Say what to do with a question that has no answer yet."""
    return _(_KINDS[question.kind].how).format(example=numeric.example(question.unit))


def _called(given: Callable[[], Any]) -> Any:
    """Run a learner's own function; what goes wrong in it is theirs to mend, and said kindly."""
    try:
        return given()
    except SalesMetricsError:
        raise
    except Exception as error:
        raise SalesMetricsError(
            _("Your function stopped with {error}.").format(error=type(error).__name__),
            hint=_("Try it on its own first, or give the number itself."),
        ) from error


def _revealed(question: Question, answer: str) -> Verdict:
    choice = next(choice for choice in question.choices if choice.key == answer)
    known = next((wrong for wrong in question.wrong if choices.fits(question, wrong, answer)), None)
    parts = [_("**● Your bet: {choice}.**").format(choice=said(choice.label)), said(known.says) if known else ""]
    text = " ".join(part for part in parts if part)
    return Verdict(tone="open", text=f"{text}\n\n{said(question.because)}", mistake=known.mistake if known else "")


def _judged(question: Question, kind: Kind, answer: Any) -> Verdict:
    if kind.right(question, answer):
        return Verdict(tone="right", text=f"**✓ {_('Right.')}** {said(question.because)}".strip())
    for wrong in question.wrong:
        if kind.fits(question, wrong, answer):
            return not_yet(question, said(wrong.says), wrong.mistake)
    if question.kind == "number" and (doubt := numeric.doubt(question, answer)):
        return Verdict(tone="again", text=f"**?** {doubt}")
    if question.kind == "table":
        rows = "; ".join(numeric.unlike(question, answer))
        return not_yet(question, _("Look again at: {rows}.").format(rows=rows))
    return not_yet(question, _("Read the question once more, or ask for a hint."))


def not_yet(question: Question, sentence: str, mistake: str = "") -> Verdict:
    """Say that an answer is not right yet, why, and what helps."""
    text = f"**✗ {_('Not yet.')}** {sentence}"
    if question.reread:
        reread = _("Worth rereading: lesson {number}, {title}.")
        text += "\n\n" + reread.format(number=question.reread, title=said(lessons()[question.reread]))
    return Verdict(tone="wrong", text=text, mistake=mistake)
