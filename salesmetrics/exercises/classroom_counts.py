"""Count over the progress files of many learners: who stumbled where, and which mistakes lay behind it.

Learners are counted, never listed: no marks, and nothing about any one of them.
"""

from __future__ import annotations

import os
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from salesmetrics.base.errors import SalesMetricsError
from salesmetrics.base.language import _, ngettext
from salesmetrics.exercises import progress_file
from salesmetrics.exercises.content import Question, Text, questions
from salesmetrics.exercises.folder import is_kits

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
    """A mistake that has a name: how many learners met it, where, and what they were told.

    Parameters
    ----------
    mistake
        Its name in the exercises.
    learners
        Who met it in any exercise.
    says
        What they were told, in the exercise where most met it.
    met_in
        The exercises, the one where most met it first.
    """

    mistake: str
    learners: int
    says: Text
    met_in: tuple[Question, ...]


@dataclass(frozen=True, kw_only=True)
class Group:
    """What a class struggles with.

    Parameters
    ----------
    learners
        How many learners' progress was read; one whose files are there twice counts once.
    skipped
        The files that could not be read as progress, by name.
    tallies
        Every exercise that somebody tried, the one over which most stumbled first.
    misconceptions
        Every mistake that somebody met, the most frequent first.
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
        name = path.relative_to(folder).as_posix()
        try:
            kept, number = progress_file.read(path), path.stat()
        except OSError:
            skipped.append(name)
            continue
        if not kept.whole:
            skipped.append(name)
            continue
        # A file may be there under two names; and a learner's twice, once from each laptop.
        who = kept.learner or f"{number.st_dev} {number.st_ino}"
        learners[who] = _further(learners.get(who, {}), kept.entries)
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
        learners=len(read),
        skipped=tuple(skipped),
        tallies=tuple(_tallies(read)),
        misconceptions=tuple(_misconceptions(read)),
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


def _tallies(read: Sequence[Entries]) -> list[Tally]:
    found = []
    for question in questions().values():
        tried = [entries[question.id] for entries in read if question.id in entries and entries[question.id].tries]
        judged = question.kind not in ("bet", "free")
        if tried:
            found.append(
                Tally(
                    question=question,
                    tried=len(tried),
                    done=sum(entry.done for entry in tried),
                    at_once=sum(entry.done and not entry.stumbled for entry in tried),
                    stumbled=sum(entry.stumbled for entry in tried) if judged else 0,
                    hinted=sum(entry.hints > 0 for entry in tried),
                    shown=sum(entry.solution for entry in tried),
                )
            )
    return sorted(found, key=lambda tally: (-tally.stumbled, tally.done))


def _misconceptions(read: Sequence[Entries]) -> list[Misconception]:
    who: dict[str, set[int]] = defaultdict(set)
    where: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    known = {
        question.id: {wrong.mistake: wrong.says for wrong in reversed(question.wrong)}
        for question in questions().values()
    }
    for learner, entries in enumerate(read):
        for name, entry in entries.items():
            for mistake, times in entry.mistakes.items():
                if times and mistake in known.get(name, {}):
                    who[mistake].add(learner)
                    where[mistake][name] += 1
    found = []
    for mistake, learners in who.items():
        met_in = sorted(where[mistake], key=lambda name: (-where[mistake][name], list(known).index(name)))
        found.append(
            Misconception(
                mistake=mistake,
                learners=len(learners),
                says=known[met_in[0]][mistake],
                met_in=tuple(questions()[name] for name in met_in),
            )
        )
    return sorted(found, key=lambda each: (-each.learners, list(known).index(each.met_in[0].id)))
