"""``salesmetrics workshop``: all that a workshop needs, laid down in one place; and what ``lab`` shares with it.

That is: which folder is meant, in which language, and what was left alone in it.
"""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Sequence
from pathlib import Path

from salesmetrics.base.language import N_, _, language, use_language
from salesmetrics.cli import Parser
from salesmetrics.exercises.folder import Laid, is_kits, language_of, lay_down

WORKSHOP = Path("salesmetrics-workshop")
EXAMPLE = N_("salesmetrics workshop my-workshop --lang en")
HELP = N_("""\
salesmetrics workshop [FOLDER] [--lang en|nl]

Puts all that a workshop needs in FOLDER (salesmetrics-workshop, if you name none): the run-of-show, a checklist,
slides, a hand-out, cards and dice strips to print, the answer key, and the lessons with notes and solutions.
What you changed in it is never overwritten. Nothing in it needs a network.

  --lang en|nl   English or Dutch. Without it: the language you chose for this folder before, else Dutch
                 on a computer that is set to Dutch and English on any other.""")


def run(parser: Parser, typed: Sequence[str], asked: Namespace) -> None:
    """Copy the facilitator's edition and say what to open first. What was changed there stays as it is."""
    named, rest = folder_first(typed, WORKSHOP)
    chosen = speak(named, asked.lang)
    if rest:
        parser.error("")
    folder = named.resolve()
    print(told(folder, lay_down(folder, chosen, "facilitator")))


def told(folder: Path, laid: Laid) -> str:
    """Describe what was laid down, where to begin, and what was left alone."""
    return "\n".join(
        [
            _("All for the workshop is in {folder}").format(folder=folder),
            *changes(laid),
            "",
            _("Read first          run-of-show.html: plans for 60, 90 and 180 minutes"),
            _("Print and prepare   checklist.html, hand-out.html, cards.html, dice-strips.html"),
            _("On the projector    slides.html"),
            _("For you only        answer-key.html"),
            _("The lessons, with notes and solutions: salesmetrics lab {folder}").format(folder=_quoted(folder)),
        ]
    )


def folder_first(typed: Sequence[str], default: Path) -> tuple[Path, list[str]]:
    """Return the folder from what was typed, and the rest.

    A folder comes first; later on, a word may be the value of one of JupyterLab's options. Without one it is the folder
    we are in if the kit laid it down, else the default.
    """
    if typed and not typed[0].startswith("-"):
        return Path(typed[0]), list(typed[1:])
    return Path() if is_kits(Path()) else default, list(typed)


def speak(folder: Path, asked: str | None) -> str:
    """Choose the language: the one that was asked for, else the folder's own, else the one in use; and give it."""
    chosen = asked or language_of(folder) or language()
    use_language(chosen)
    return chosen


def changes(laid: Laid) -> list[str]:
    """Say, a line each, what made place for a newer version and what was left alone."""
    lines = [_("Brought up to date: {names}").format(names=", ".join(laid.replaced))] if laid.replaced else []
    for name, beside in laid.kept:
        lines.append(
            _("You changed {name}, so it was left as it is; the new version is {beside}").format(
                name=name, beside=beside
            )
        )
    return lines


def _quoted(folder: Path) -> str:
    """Write a folder as it can be typed after a command."""
    return f'"{folder}"' if " " in str(folder) else str(folder)
