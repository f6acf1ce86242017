"""What a class struggles with: counts over the progress files of many learners, as text and as a page with a picture.

Learners are counted, never listed: no marks, and nothing about any one of them.
"""

from __future__ import annotations

import os
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Any

from jinja2 import Environment, StrictUndefined
from matplotlib.figure import Figure
from matplotlib.patches import Patch

from salesmetrics.base.errors import SalesMetricsError
from salesmetrics.base.language import N_, _, language, ngettext
from salesmetrics.base.show import escaped
from salesmetrics.charts import PAPER, TARGET
from salesmetrics.charts.moving_picture import Drawing, MovingPicture, figure_html, house_style
from salesmetrics.exercises import progress_file
from salesmetrics.exercises.content import Question, questions, said
from salesmetrics.exercises.folder import is_kits

KIND = "collect"
_UNJUDGED = ("bet", "free")
_LONGEST_LIST = 10  # a trainer reads this between two sessions
_ROW, _HEAD = 0.62, 0.6  # inches
# How many of who tried are how far, with the colour of their number; hatches as well, to be read without colour.
_PARTS: tuple[tuple[str, dict[str, Any], str], ...] = (
    (N_("right at once"), {"facecolor": "#D9D9D9"}, TARGET),
    (N_("right after a wrong answer"), {"facecolor": PAPER, "hatch": "//"}, TARGET),
    (N_("not right yet"), {"facecolor": "#4D4D4D"}, PAPER),
)

Entries = Mapping[str, progress_file.Entry]


@dataclass(frozen=True, kw_only=True)
class Tally:
    """How many learners did what with one exercise.

    Parameters
    ----------
    question
        The exercise.
    tried, done, at_once
        Who answered it, who got it right in the end, and who with the first answer.
    stumbled
        Who gave a wrong answer; of bets and free answers nobody, since those have no right or wrong.
    hinted, shown
        Who read a hint, and who asked for the solution.
    """

    question: Question
    tried: int
    done: int
    at_once: int
    stumbled: int
    hinted: int
    shown: int


@dataclass(frozen=True, kw_only=True)
class Misconception:
    """A mistake by its name: how many learners met it in any exercise, and in which, the one where most did first."""

    mistake: str
    learners: int
    met_in: tuple[Question, ...]


@dataclass(frozen=True, kw_only=True)
class Group:
    """What a class struggles with: every exercise that somebody tried, the one over which most stumbled first.

    And every mistake that somebody met, the most frequent first. One learner whose files are there twice counts once;
    files that could not be read as progress are skipped, by name.
    """

    learners: int
    skipped: tuple[str, ...]
    tallies: tuple[Tally, ...]
    misconceptions: tuple[Misconception, ...]


def collect(folder: Path) -> Group:
    """Count over all progress files in a folder and the folders in it.

    Parameters
    ----------
    folder
        Holds the learners' files: ``progress.json`` under any name, or whole folders that ``salesmetrics lab`` laid
        down, of which only the progress is read.

    Raises
    ------
    SalesMetricsError
        There is no such folder, or no progress in it.
    """
    if not folder.is_dir():
        raise SalesMetricsError(
            _("There is no folder {folder}.").format(folder=folder),
            hint=_("Put the progress files of your learners in one folder, and name that one."),
        )
    learners: dict[str, Entries] = {}
    skipped = []
    for path in sorted(_candidates(folder)):
        try:
            kept, number = progress_file.read(path), path.stat()
        except OSError:
            kept = progress_file.Kept({}, whole=False)
        if kept.whole:
            # A file may be there under two names; and a learner's twice, once from each laptop.
            who = kept.learner or f"{number.st_dev} {number.st_ino}"
            learners[who] = _further(learners.get(who, {}), kept.entries)
        else:
            skipped.append(path.relative_to(folder).as_posix())
    read = list(learners.values())
    if not read:
        found = ngettext("{count} file was no progress.", "{count} files were no progress.", len(skipped))
        raise SalesMetricsError(
            _("There is no progress in “{folder}”.").format(folder=folder)
            + (" " + found.format(count=len(skipped)) + f" ({', '.join(skipped)})" if skipped else ""),
            hint=_(
                "A learner's file is called {file} and lies beside the lessons. Give each a name of its own."
            ).format(file=progress_file.FILE),
        )
    return Group(
        learners=len(read), skipped=tuple(skipped), tallies=_tallies(read), misconceptions=_misconceptions(read)
    )


def _further(first: Entries, second: Entries) -> Entries:
    """Return of each exercise how far the learner came in either file."""
    nothing = progress_file.Entry()
    return {
        name: max(first.get(name, nothing), second.get(name, nothing), key=lambda entry: (entry.done, entry.tries))
        for name in {**first, **second}
    }


def _candidates(folder: Path) -> Iterator[Path]:
    """Return what may be progress; what is hidden, and what else the kit laid down, is not."""
    for place, below, names in os.walk(folder):
        here = Path(place)
        if is_kits(here):
            below.clear()
            names = [name for name in names if name == progress_file.FILE]
        below[:] = [name for name in below if not name.startswith(".")]
        yield from (here / name for name in names if name.lower().endswith(".json") and not name.startswith("."))


def _tallies(read: Sequence[Entries]) -> tuple[Tally, ...]:
    found = []
    for question in questions().values():
        tried = [entry for entries in read if (entry := entries.get(question.id)) and entry.tries]
        if tried:
            found.append(
                Tally(
                    question=question,
                    tried=len(tried),
                    done=sum(entry.done for entry in tried),
                    at_once=sum(entry.done and not entry.stumbled for entry in tried),
                    stumbled=sum(entry.stumbled for entry in tried) if question.kind not in _UNJUDGED else 0,
                    hinted=sum(entry.hints > 0 for entry in tried),
                    shown=sum(entry.solution for entry in tried),
                )
            )
    return tuple(sorted(found, key=lambda tally: (-tally.stumbled, tally.done)))


def _misconceptions(read: Sequence[Entries]) -> tuple[Misconception, ...]:
    # Of each mistake, the learners who met it, by exercise.
    met: dict[str, dict[str, set[int]]] = defaultdict(dict)
    for name, question in questions().items():
        entries = [entries.get(name, progress_file.Entry()) for entries in read]
        for wrong in question.wrong:
            if who := {at for at, entry in enumerate(entries) if entry.mistakes.get(wrong.mistake)}:
                met[wrong.mistake][name] = who
    found = []
    for mistake, by_name in met.items():
        met_in = [questions()[name] for name in sorted(by_name, key=lambda name: -len(by_name[name]))]
        learners = len(set().union(*by_name.values()))
        found.append(Misconception(mistake=mistake, learners=learners, met_in=tuple(met_in)))
    order = list(questions())
    return tuple(sorted(found, key=lambda each: (-each.learners, order.index(each.met_in[0].id))))


def text(group: Group) -> str:
    """Write it in a few lines."""
    lists = ["\n".join([heading, *(f"  {line}" for line in lines)]) for heading, lines in _sections(group)]
    return "\n\n".join([_sentence(group), *lists, "\n".join(_notes(group))])


def page(group: Group) -> str:
    """Write it as a page of its own, picture included; it loads nothing."""
    sentence, hardest = _sentence(group), _hardest(group)
    text = files("salesmetrics.exercises").joinpath("classroom.html").read_text(encoding="utf-8")
    templates = Environment(trim_blocks=True, keep_trailing_newline=True, undefined=StrictUndefined)
    # Every text is escaped here, so that a long word in it can break.
    return templates.from_string(text).render(
        language=language(),
        title=escaped(_("What the class struggles with")),
        top=_picture(hardest, sentence) if hardest else f"<p>{escaped(sentence)}</p>",
        sections=[(escaped(heading), list(map(escaped, lines))) for heading, lines in _sections(group)],
        notes=list(map(escaped, _notes(group))),
    )


def _hardest(group: Group) -> list[Tally]:
    """Return the exercises over which somebody stumbled, the hardest first."""
    return [tally for tally in group.tallies if tally.stumbled][:_LONGEST_LIST]


def _sentence(group: Group) -> str:
    read = ngettext("{count} progress file was read.", "{count} progress files were read.", group.learners)
    told = read.format(count=group.learners)
    if not group.tallies:
        return f"{told} {_('Nobody has answered an exercise yet.')}"
    if not any(tally.question.kind not in _UNJUDGED for tally in group.tallies):
        return f"{told} {_('So far only bets and answers in one’s own words, which are neither right nor wrong.')}"
    if not (hardest := _hardest(group)):
        return f"{told} {_('Nobody stumbled: every answer was right at once.')}"
    first = hardest[0]
    most = _("Most stumbled over “{name}”: {stumbled} of the {tried} who tried it.")
    return f"{told} {most.format(name=_name(first.question), stumbled=first.stumbled, tried=first.tried)}"


def _sections(group: Group) -> list[tuple[str, list[str]]]:
    """Return the two lists with their headings, without those that are empty."""
    both = [
        (_("Where the class stumbled"), [_exercise(tally) for tally in _hardest(group)]),
        (_("What usually lay behind it"), [_mistake(mistake) for mistake in group.misconceptions[:_LONGEST_LIST]]),
    ]
    return [(heading, lines) for heading, lines in both if lines]


def _exercise(tally: Tally) -> str:
    parts = [
        _("{stumbled} of {tried}").format(stumbled=tally.stumbled, tried=tally.tried),
        _name(tally.question),
        _("done by {count}").format(count=tally.done),
    ]
    if tally.hinted:
        parts.append(_("hint read by {count}").format(count=tally.hinted))
    if tally.shown:
        parts.append(_("solution read by {count}").format(count=tally.shown))
    return " · ".join(parts)


def _mistake(mistake: Misconception) -> str:
    # In the words of the exercise where most met it.
    says = next(wrong.says for wrong in mistake.met_in[0].wrong if wrong.mistake == mistake.mistake)
    return f"{mistake.learners} · “{said(says)}” ({'; '.join(map(_name, mistake.met_in))})"


def _notes(group: Group) -> list[str]:
    """Describe what is counted, and what was left out."""
    notes = [_("Learners are counted, not answers: a mistake made five times counts once.")]
    if group.skipped:
        skipped = ngettext(
            "{count} file was left out: it is damaged, or no progress of these lessons: {names}.",
            "{count} files were left out: they are damaged, or no progress of these lessons: {names}.",
            len(group.skipped),
        )
        notes.append(skipped.format(count=len(group.skipped), names=", ".join(group.skipped)))
    return notes


def _name(question: Question, space: str = " ") -> str:
    return f"{question.lesson.number}{space}{said(question.title)}"


@house_style()
def _picture(tallies: Sequence[Tally], sentence: str) -> str:
    """Draw a bar per exercise, as long as there are learners who tried it, as HTML; the sentence says what."""
    height = _ROW * len(tallies) + _HEAD
    drawn = Figure(figsize=(10, height))
    axes = drawn.add_axes((0.02, 0.02, 0.96, 0.96 - _HEAD / height))
    axes.set(xlim=(0, max(tally.tried for tally in tallies)), ylim=(len(tallies) - 0.4, -0.6))
    axes.axis("off")
    for row, tally in enumerate(tallies):
        axes.text(0, row - 0.22, _name(tally.question, "  "), va="bottom")
        start = 0
        counts = (tally.at_once, tally.done - tally.at_once, tally.tried - tally.done)
        for count, (_words, look, ink) in zip(counts, _PARTS, strict=True):
            if count:
                axes.barh(row, count, left=start, height=0.4, edgecolor=TARGET, **look)
                box = {"facecolor": look["facecolor"], "edgecolor": "none", "pad": 2}
                axes.text(start + count / 2, row, str(count), ha="center", va="center", color=ink, bbox=box)
            start += count
    handles = [Patch(edgecolor=TARGET, label=_(words), **look) for words, look, _ink in _PARTS]
    drawn.legend(handles=handles, loc="upper left", bbox_to_anchor=(0.01, 1), ncols=3, frameon=False)
    drawing: Drawing[Any] = Drawing(drawn, (), lambda _outcome: None)
    return figure_html(MovingPicture(drawing, name="class").svg(None, sentence), sentence)
