"""From an answer to what the kit says about it, in signs and words before colour. No answer ends in an error."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any, Literal

from salesmetrics.base.errors import SalesMetricsError
from salesmetrics.base.language import N_, _, ngettext, number, percent
from salesmetrics.base.show import Result, Shown, visible
from salesmetrics.exercises.answers import READ, doubt, example, fits, holds, is_right, same, unlike, written
from salesmetrics.exercises.content import KindName, Question, Unit, lessons, plain, said
from salesmetrics.models import Model, model_named

if TYPE_CHECKING:
    from markdown_it import MarkdownIt

Tone = Literal["right", "wrong", "again", "open", "help"]

# Each tone has a sign and words of its own; the line at the side differs in style too, not in colour alone.
_SIDES: dict[Tone, str] = {
    "right": "4px solid #009E73",
    "wrong": "4px dashed #D55E00",
    "again": "4px dotted #595959",
    "open": "4px solid #595959",
    "help": "4px double #595959",
}

# What to do with a question of each kind.
_HOW: dict[KindName, str] = {
    "bet": N_("Choose one; the answer comes after."),
    "number": N_("Type your answer in the box, for example as {example}, and choose Check."),
    "choice": N_("Choose one, then choose Check."),
    "several": N_("Choose everything that fits, then choose Check."),
    "order": N_("Put the items in order, then choose Check."),
    "table": N_("Fill in every row, then choose Check."),
    "sliders": N_("Move the sliders, then choose Check."),
    "free": N_("Write down your own answer first."),
    "guess": N_("Type your guess in the box, for example as {example}."),
}

_YOURS = N_("**● Your guess: {guess}.**")
EXACT = N_("Spot on: it is {truth}.")
MORE = N_("It is {truth}, {off} more than you thought.")
LESS = N_("It is {truth}, {off} less than you thought.")
FAR = N_("The further off, the longer it stays with you.")


@dataclass(frozen=True, repr=False, kw_only=True)
class Verdict(Result):
    """What the kit says to an answer, a question for a hint or for the solution.

    Parameters
    ----------
    tone
        ``"right"``, ``"wrong"``, ``"again"`` (the answer could not be read, so nothing is judged), ``"open"`` (there
        is no right or wrong here) or ``"help"`` (a hint, a solution).
    text
        In Markdown.
    mistake
        The name of the mistake that a wrong answer points to, where it is a known one.
    guess
        The number, of a guess.
    """

    tone: Tone
    text: str
    mistake: str = ""
    guess: float | None = None

    def shown(self) -> Shown:
        """Return the Markdown without its marks, and as HTML with the tone's line at its side."""
        side = f"border-left:{_SIDES[self.tone]};padding:0 0.8em"
        return Shown(visible(plain(self.text)), f'<div style="{side}">{as_html(visible(self.text))}</div>')


def as_html(markdown: str) -> str:
    r"""Turn Markdown into HTML; HTML in it stays text, and no line ends between € and its amount.

    Examples
    --------
    >>> as_html("*open*: € 500 <b>")
    '<p><em>open</em>: €\xa0500 &lt;b&gt;</p>'
    """
    made = str(_renderer().render(markdown)).strip().replace("<th></th>", "<td></td>")
    return re.sub(r"€ (?=\d)", "€\N{NO-BREAK SPACE}", made)


@cache
def _renderer() -> MarkdownIt:
    from markdown_it import MarkdownIt

    return MarkdownIt("commonmark", {"html": False}).enable("table")


def literally(text: str) -> str:
    """Return text as Markdown that shows it as it is, whatever somebody typed in it."""
    return re.sub(r"([\\`*_{}\[\]()<>#+|!~&-])", r"\\\1", text).replace("\n", "  \n")


def judge(question: Question, given: Any) -> Verdict:
    """Describe what an answer deserves: right, what this mistake usually means, or why it could not be read."""
    try:
        if given is None or (isinstance(given, str) and not given.strip()):
            return again(how_to_answer(question))
        answer = READ[question.kind](question, given)
        if question.kind == "free":
            noted, beside = _("Noted."), _("Now lay it beside ours: ask for the solution.")
            return Verdict(tone="open", text=f"**✓ {noted}** {beside}")
        if question.kind == "bet":
            return _revealed(question, answer)
        if question.kind == "guess":
            asked_about = doubt(question, answer)
            return again(asked_about) if asked_about else _compared(question, answer)
        return _judged(question, answer)
    except SalesMetricsError as error:
        return again(literally(f"{error.what}\n{error.hint}".strip()))
    except Exception:
        return again(literally(_("I can't read this answer.")) + " " + how_to_answer(question))


def again(sentence: str) -> Verdict:
    """Return what is said to an answer that is not judged yet."""
    return Verdict(tone="again", text=f"**?** {sentence}")


def how_to_answer(question: Question) -> str:
    """Describe what to do with a question that has no answer yet."""
    return _(_HOW[question.kind]).format(example=example(question.unit))


def _revealed(question: Question, answer: str) -> Verdict:
    choice = next(choice for choice in question.choices if choice.key == answer)
    known = next((wrong for wrong in question.wrong if fits(question, wrong, answer)), None)
    text = _("**● Your bet: {choice}.**").format(choice=said(choice.label))
    text += f" {said(known.says)}" if known else ""
    return Verdict(tone="open", text=f"{text}\n\n{said(question.because)}", mistake=known.mistake if known else "")


def _judged(question: Question, answer: Any) -> Verdict:
    if is_right(question, answer):
        return Verdict(tone="right", text=f"**✓ {_('Right.')}** {said(question.because)}".strip())
    for wrong in question.wrong:
        if fits(question, wrong, answer):
            return not_yet(question, said(wrong.says), wrong.mistake)
    if question.kind == "number" and (asked_about := doubt(question, answer)):
        return again(asked_about)
    if question.kind == "table":
        return not_yet(question, _("Look again at: {rows}.").format(rows="; ".join(unlike(question, answer))))
    return not_yet(question, _("Read the question once more, or ask for a hint."))


def not_yet(question: Question, sentence: str, mistake: str = "") -> Verdict:
    """Say that an answer is not right yet, why, and what helps."""
    text = f"**✗ {_('Not yet.')}** {sentence}"
    if question.reread:
        reread = _("Worth rereading: lesson {number}, {title}.")
        text += "\n\n" + reread.format(number=question.reread, title=said(lessons()[question.reread]))
    return Verdict(tone="wrong", text=text, mistake=mistake)


def _compared(guess: Question, value: float) -> Verdict:
    """Describe what was guessed, what it is, and how far off that was."""
    found = truth(guess)
    words = {"guess": brief(value, guess.unit), "off": apart(value, found, guess.unit)}
    if same(value, found, guess):
        return about_guess(guess, EXACT, value=value, **words)
    far = abs(value - found) > abs(found) / 2
    return about_guess(guess, MORE if found > value else LESS, FAR if far else "", value=value, **words)


def about_guess(asked: Question, *sentences: str, value: float | None = None, **words: str) -> Verdict:
    """Say sentences about a guess, and what belongs to its truth."""
    parts = (_(sentence) for sentence in (_YOURS, *sentences) if sentence)
    text = " ".join(parts).format(truth=brief(truth(asked), asked.unit), **words)
    return Verdict(tone="open", text=f"{text}\n\n{said(asked.because)}".strip(), guess=value)


def told(guess: Question) -> str:
    """Describe what it is, to who asks without a guess."""
    return f"{brief(truth(guess), guess.unit)}. {said(guess.because)}".strip()


def brief(value: float, unit: Unit) -> str:
    """Write a number as its unit asks, with no more decimals than it has.

    Examples
    --------
    >>> brief(0.75, "%"), brief(0.166, "%"), brief(12.5, ""), brief(0.4, "×")
    ('75%', '16.6%', '12.5', '0.40×')
    """
    if unit == "%":
        return percent(value, _decimals(value * 100))
    return written(value, unit) if unit else number(value, _decimals(value))


def apart(value: float, found: float, unit: Unit) -> str:
    """Write how far two numbers are from each other.

    Examples
    --------
    >>> apart(0.6, 0.75, "%"), apart(20, 13, "")
    ('15 percentage points', '7')
    """
    if unit != "%":
        return brief(abs(round(value, 2) - found), unit)
    points = round(abs(round(value * 100, 1) - found * 100), 1)
    words = ngettext("{points} percentage point", "{points} percentage points", points)
    return words.format(points=number(points, _decimals(points)))


def _decimals(value: float) -> int:
    return int(abs(value - round(value)) >= 0.05)


def truth(guess: Question) -> float:
    """Compute what was guessed at, a percentage with the decimals that say something.

    Examples
    --------
    >>> from salesmetrics.exercises.content import guesses
    >>> truth(guesses()["conversion-guess"])
    0.75
    """
    model, position, _figure_or_lever = guessed_at(guess)
    if "lever" in guess.truth:
        return _reached(model, position, guess.truth)
    value = _figure(model.outcome(position), guess.truth["figure"])
    return round(value, 2 + guess.truth.get("decimals", 1) if guess.unit == "%" else 2)


def guessed_at(guess: Question) -> tuple[Model[Any], dict[str, float], str]:
    """Return what a guess is about: a model, where its levers stand, and which figure, or the lever whose place."""
    model = model_named(guess.truth["model"])
    position = {**model.defaults(), **guess.truth.get("levers", {})}
    return model, position, str(guess.truth.get("lever", guess.truth["figure"]))


def _reached(model: Model[Any], position: dict[str, float], about: Any) -> float:
    """Return where a lever must stand."""
    lever = model.lever(about["lever"])
    bounds = {name: about[name] for name in ("at_least", "at_most") if name in about}
    at_start = {name: _figure(model.start(), bound) for name, bound in bounds.items() if isinstance(bound, str)}
    condition = {"figure": about["figure"], **bounds, **at_start}
    steps = round((lever.maximum - lever.minimum) / lever.step)
    places = [round(lever.minimum + at * lever.step, 9) for at in range(steps + 1)]
    for place in sorted(places, key=lambda place: abs(place - position[lever.name])):
        there = {**position, lever.name: place}
        if holds(condition, model.outcome(there), there):
            return place
    raise ValueError(f"{lever.name} never gets there")


def _figure(outcome: Any, path: str) -> float:
    """Return a figure of an outcome by its name, or one of a part of it."""
    for name in path.split("."):
        outcome = outcome[int(name)] if name.isdigit() else getattr(outcome, name)
    return float(outcome)
