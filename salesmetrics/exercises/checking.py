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
    """How answers of one kind are read, what to do without one, which wrong answer one is, and whether it is right.

    Where nothing says what is right, an answer is that reads as the exercise's own does.
    """

    read: Callable[[Question, Any], Any]
    how: str
    fits: Callable[[Question, Wrong, Any], bool] = lambda _question, _wrong, _answer: False
    right: Callable[[Question, Any], bool] | None = None


def _read_words(_question: Question, given: Any) -> str:
    if not isinstance(given, str):
        raise SalesMetricsError(_("The answer is a few words of your own."), hint=_("Type them in the box."))
    return given.strip()


_KINDS: dict[KindName, Kind] = {
    "bet": Kind(choices.read_key, N_("Choose one; the answer comes after."), choices.fits),
    "number": Kind(
        numeric.read,
        N_("Type your answer in the box, for example as {example}, and choose Check."),
        numeric.fits,
        numeric.right,
    ),
    "choice": Kind(choices.read_key, N_("Choose one, then choose Check."), choices.fits),
    "several": Kind(choices.read_set, N_("Choose everything that fits, then choose Check."), choices.set_fits),
    "order": Kind(choices.read_order, N_("Put the items in order, then choose Check."), choices.order_fits),
    "table": Kind(
        numeric.read_table,
        N_("Fill in every row, then choose Check."),
        numeric.table_fits,
        lambda question, answer: not numeric.unlike(question, answer),
    ),
    "sliders": Kind(
        choices.read_position,
        N_("Move the sliders, then choose Check."),
        lambda question, wrong, position: choices.meets(question, wrong.fits["when"], position),
        lambda question, position: choices.meets(question, question.when, position),
    ),
    "free": Kind(_read_words, N_("Write down your own answer first.")),
    "guess": Kind(numeric.read, N_("Type your guess in the box, for example as {example}.")),
}


def judge(question: Question, given: Any) -> Verdict:
    """Describe what an answer deserves: right, what this mistake usually means, or why it could not be read."""
    kind = _KINDS[question.kind]
    try:
        if callable(given) and not isinstance(given, type):
            given = _called(given)
        if given is None or (isinstance(given, str) and not given.strip()):
            return again(how_to_answer(question))
        answer = kind.read(question, given)
        if question.kind == "free":
            noted, beside = _("Noted."), _("Now lay it beside ours: ask for the solution.")
            return Verdict(tone="open", text=f"**✓ {noted}** {beside}")
        if question.kind == "bet":
            return _revealed(question, answer)
        if question.kind == "guess":
            doubt = numeric.doubt(question, answer)
            return again(doubt) if doubt else replace(guesses.reveal(question, answer), guess=answer)
        return _judged(question, kind, answer)
    except SalesMetricsError as error:
        return again(literally(f"{error.what}\n{error.hint}".strip()))
    except Exception:
        return again(literally(_("I can't read this answer.")) + " " + how_to_answer(question))


def again(sentence: str) -> Verdict:
    """Return what is said to an answer that is not judged yet."""
    return Verdict(tone="again", text=f"**?** {sentence}")


def how_to_answer(question: Question) -> str:
    """Describe what to do with a question that has no answer yet."""
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
    text = _("**● Your bet: {choice}.**").format(choice=said(choice.label))
    text += f" {said(known.says)}" if known else ""
    return Verdict(tone="open", text=f"{text}\n\n{said(question.because)}", mistake=known.mistake if known else "")


def _judged(question: Question, kind: Kind, answer: Any) -> Verdict:
    if kind.right(question, answer) if kind.right else answer == kind.read(question, question.answer):
        return Verdict(tone="right", text=f"**✓ {_('Right.')}** {said(question.because)}".strip())
    for wrong in question.wrong:
        if kind.fits(question, wrong, answer):
            return not_yet(question, said(wrong.says), wrong.mistake)
    if question.kind == "number" and (doubt := numeric.doubt(question, answer)):
        return again(doubt)
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
