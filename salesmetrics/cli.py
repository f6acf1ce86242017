"""The command ``salesmetrics``: read the arguments, call what does the work, say in words what went wrong."""

from __future__ import annotations

import argparse
import io
import locale
import sys
from collections.abc import Callable, Sequence
from importlib.metadata import version
from pathlib import Path

from salesmetrics.errors import SalesMetricsError
from salesmetrics.folder import is_kits, language_of
from salesmetrics.language import N_, _, did_you_mean, use_language

LESSONS = Path("salesmetrics-lessons")
WORKSHOP = Path("salesmetrics-workshop")

HELP = N_("""\
salesmetrics: pipeline coverage and pipeline conversion rate, to learn, to teach and to use.

  salesmetrics lab         open the lessons in JupyterLab
  salesmetrics workshop    lay down all that a workshop needs
  salesmetrics collect     see what a class struggles with
  salesmetrics --version   say which version this is

More about a command: salesmetrics lab --help""")

LAB_HELP = N_("""\
salesmetrics lab [FOLDER] [--lang en|nl] [JupyterLab's own options]

Puts the lessons in FOLDER (salesmetrics-lessons, if you name none) and opens JupyterLab there.
What you changed in a lesson is never overwritten.

  --lang en|nl   English or Dutch. Without it: the language you chose for this folder before, else Dutch
                 on a computer that is set to Dutch and English on any other.

All other options go to JupyterLab, after FOLDER. For example: salesmetrics lab my-lessons --no-browser --port 9999""")


COLLECT_HELP = N_("""\
salesmetrics collect FOLDER [-o PAGE.html] [--lang en|nl]

Counts over the progress files of many learners: over which exercises they stumbled and what lay behind it.
Every learner's file is called progress.json and lies beside the lessons; give each a name of its own and put
them in FOLDER. Only learners are counted: there are no marks.

  -o PAGE.html   also write a page with a picture, which opens without a network
  --lang en|nl   English or Dutch""")


WORKSHOP_HELP = N_("""\
salesmetrics workshop [FOLDER] [--lang en|nl]

Puts all that a workshop needs in FOLDER (salesmetrics-workshop, if you name none): the run-of-show, a checklist,
slides, a hand-out, cards and dice strips to print, the answer key, and the lessons with notes and solutions.
What you changed in it is never overwritten. Nothing in it needs a network.

  --lang en|nl   English or Dutch. Without it: the language you chose for this folder before, else Dutch
                 on a computer that is set to Dutch and English on any other.""")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and give its exit code: 0 when it did what was asked."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            # A Windows console may know no arrow or euro sign; a question mark is better than a crash.
            stream.reconfigure(errors="replace")
    given = list(sys.argv[1:] if arguments is None else arguments)
    use_language(_computers_language())
    try:
        if given == ["--version"]:
            print(version("salesmetrics"))
            return 0
        if not given or given[0] in ("-h", "--help"):
            print(_(HELP))
            return 0 if given else 2
        if given[0] not in COMMANDS:
            raise SalesMetricsError(
                _("There is no command “{name}”.").format(name=given[0]), hint=did_you_mean(given[0], COMMANDS)
            )
        return COMMANDS[given[0]](given[1:])
    except SalesMetricsError as error:
        print(error, file=sys.stderr)
        return 1


def _lab(given: list[str]) -> int:
    parser = argparse.ArgumentParser(add_help=False, allow_abbrev=False)
    parser.add_argument("--lang", nargs="?", const="")
    parser.add_argument("-h", "--help", action="store_true")
    ours, others = parser.parse_known_args(given)
    # A folder comes first; later on, a word may be the value of one of JupyterLab's options.
    named = bool(others) and not others[0].startswith("-")
    here = Path() if is_kits(Path()) else LESSONS
    folder, options = (Path(others[0]), others[1:]) if named else (here, others)
    chosen = ours.lang if ours.lang is not None else language_of(folder) or _computers_language()
    use_language(chosen)
    if ours.help:
        print(_(LAB_HELP))
        return 0
    from salesmetrics.lab import lab

    return lab(folder, chosen, options)


def _collect(given: list[str]) -> int:
    parser = argparse.ArgumentParser(add_help=False, allow_abbrev=False)
    parser.add_argument("folder", nargs="?")
    parser.add_argument("-o", "--output", nargs="?", const="")
    parser.add_argument("--lang", nargs="?", const="")
    parser.add_argument("-h", "--help", action="store_true")
    ours, others = parser.parse_known_args(given)
    use_language(_computers_language() if ours.lang is None else ours.lang)
    if ours.help:
        print(_(COLLECT_HELP))
        return 0
    if others or not ours.folder or ours.output == "":
        raise SalesMetricsError(
            _("“{words}” is not understood.").format(words=" ".join(["salesmetrics", "collect", *given])),
            hint=_("Write it like this: salesmetrics collect my-class -o my-class.html"),
        )
    from salesmetrics.collect import collect, page, text

    group = collect(Path(ours.folder))
    print(text(group))
    if ours.output:
        _write(Path(ours.output), page(group))
    return 0


def _write(path: Path, content: str) -> None:
    try:
        path.write_text(content, encoding="utf-8", newline="\n")
    except OSError as error:
        raise SalesMetricsError(
            _("{path} cannot be written: {reason}.").format(path=path, reason=error.strerror),
            hint=_("Name another file, in a folder that you may write to."),
        ) from error
    print("\n" + _("Written: {file}").format(file=path))


def _workshop(given: list[str]) -> int:
    parser = argparse.ArgumentParser(add_help=False, allow_abbrev=False)
    parser.add_argument("folder", nargs="?", type=Path)
    parser.add_argument("--lang", nargs="?", const="")
    parser.add_argument("-h", "--help", action="store_true")
    ours, others = parser.parse_known_args(given)
    folder = ours.folder or (Path() if is_kits(Path()) else WORKSHOP)
    chosen = ours.lang if ours.lang is not None else language_of(folder) or _computers_language()
    use_language(chosen)
    if ours.help:
        print(_(WORKSHOP_HELP))
        return 0
    if others:
        raise SalesMetricsError(
            _("“{words}” is not understood.").format(words=" ".join(["salesmetrics", "workshop", *given])),
            hint=_("Write it like this: salesmetrics workshop my-workshop --lang en"),
        )
    from salesmetrics.workshop import workshop

    return workshop(folder, chosen)


def _computers_language() -> str:
    """Tell whether this computer is set to Dutch; ``locale.getlocale`` would do, but fails on some macOS settings."""
    return "nl" if locale.setlocale(locale.LC_CTYPE).lower().startswith(("nl", "dutch")) else "en"


COMMANDS: dict[str, Callable[[list[str]], int]] = {"lab": _lab, "workshop": _workshop, "collect": _collect}
