"""The command ``salesmetrics``: read the arguments, call what does the work, say in words what went wrong."""

from __future__ import annotations

import argparse
import io
import locale
import os
import sys
from collections.abc import Callable, Sequence
from importlib.metadata import version
from pathlib import Path

from salesmetrics.errors import SalesMetricsError
from salesmetrics.folder import is_kits, language_of
from salesmetrics.language import N_, _, did_you_mean, use_language
from salesmetrics.options import Parser, as_typed, offer_reading, reading

LESSONS = Path("salesmetrics-lessons")
WORKSHOP = Path("salesmetrics-workshop")

HELP = N_("""\
salesmetrics: pipeline coverage and pipeline conversion rate, to learn, to teach and to use.

  salesmetrics lab         open the lessons in JupyterLab
  salesmetrics workshop    lay down all that a workshop needs
  salesmetrics collect     see what a class struggles with
  salesmetrics report      make a page for the meeting from an export of your CRM
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


REPORT_HELP = N_("""\
salesmetrics report EXPORT --target AMOUNT --period PERIOD [-o PAGE.html] [--names] [--earlier EXPORT] [--lang en|nl]

Makes one page to take to the meeting from an export of your CRM: pipeline coverage and conversion rate with their
sums, the situation, the chance of the target, where it leaks, and what to do first. It prints on one A4 and opens
without a network. Nothing leaves this machine.

  --target 500000       the revenue to win in the period
  --period 2026Q2       a quarter, a month (2026-05), a year (2026), or two days (2026-04-01/2026-06-30)
  -o PAGE.html          where the page goes; without it: report.html. An older page of that name is replaced
  --names               name the largest deals; without it no deal's or person's name is on the page
  --earlier EXPORT      an earlier export of the same pipeline, to tell what changed since
  --lang en|nl          English or Dutch

What can be read in two ways is asked about, and the answer is one of these:

  --columns "amount=Deal value"    your headers, as often as needed; "currency=" leaves a field out
  --date-order day|month|year      which part of a date comes first; for one column: created_on=day
  --decimal "," or "."             the mark before the decimals; for one column: "amount=,"
  --won WORD, --lost WORD          your words for won and lost, as often as needed
  --stages "Lead, Demo, Proposal"  the stages in their order, for the funnel
  --currency EUR   --pipeline NAME   --sheet NAME   --delimiter ";" (or tab)   --encoding cp1252
  --probability-in percent|fraction
  --mapping FILE                   how an earlier file was read, as lesson 08 remembers it""")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and give its exit code: 0 when it did what was asked."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            # A Windows console may know no arrow or euro sign; a question mark is better than a crash.
            stream.reconfigure(errors="replace")
    try:
        code = _run(list(sys.argv[1:] if arguments is None else arguments))
        print(end="", flush=True)
    except SalesMetricsError as error:
        print(error, file=sys.stderr)
        return 1
    except BrokenPipeError:
        # Whoever reads along, such as head, has seen enough. Python would try once more to write the rest, at its end.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    return code


def _run(given: list[str]) -> int:
    use_language(_computers_language())
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
    if ours.output:
        _write(Path(ours.output), page(group))
    print(text(group))
    if ours.output:
        print("\n" + _("Written: {file}").format(file=Path(ours.output)))
    return 0


def _write(path: Path, content: str) -> None:
    try:
        path.write_text(content, encoding="utf-8", newline="\n")
    except OSError as error:
        raise SalesMetricsError(
            _("{path} cannot be written: {reason}.").format(path=path, reason=error.strerror),
            hint=_("Name another file, in a folder that you may write to."),
        ) from error


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


def _report(given: list[str]) -> int:
    spoken = argparse.ArgumentParser(add_help=False, allow_abbrev=False)
    spoken.add_argument("--lang", nargs="?", const="")
    first, others = spoken.parse_known_args(given)
    use_language(_computers_language() if first.lang is None else first.lang)
    parser = Parser("salesmetrics report", "export.csv --target 500000 --period 2026Q2 -o report.html")
    parser.add_argument("export", nargs="?")
    for name in ("--target", "--period", "--earlier"):
        parser.add_argument(name)
    parser.add_argument("-o", "--output", default="report.html")
    parser.add_argument("--names", action="store_true")
    offer_reading(parser)
    ours = parser.read(others)
    if ours.help:
        print(_(REPORT_HELP))
        return 0
    if not (ours.export and ours.target and ours.period):
        parser.error("")
    try:
        _make_report(ours)
    except SalesMetricsError as error:
        raise SalesMetricsError(as_typed(error.what), hint=as_typed(error.hint)) from None
    return 0


def _make_report(ours: argparse.Namespace) -> None:
    from salesmetrics.exports import read_deals
    from salesmetrics.numbers import read_number
    from salesmetrics.periods import read_period
    from salesmetrics.reports import report

    # What can be refused without reading a large file is refused first.
    target = read_number(ours.target)
    if target.unit not in ("", "€"):
        raise SalesMetricsError(
            _("The target must be an amount, not {found}.").format(found=ours.target), hint=_("Type 500000.")
        )
    period = read_period(tuple(ours.period.split("/")) if "/" in ours.period else ours.period)
    for file in filter(None, (ours.export, ours.earlier)):
        if os.path.exists(file) and os.path.exists(ours.output) and os.path.samefile(file, ours.output):
            raise SalesMetricsError(
                _("The page would be written over “{file}”, which is read.").format(file=file),
                hint=_("Name another page: -o report.html"),
            )
    options = reading(vars(ours))
    export = read_deals(ours.export, **options)
    earlier = read_deals(ours.earlier, mapping=export.mapping) if ours.earlier else None
    made = report(export, target=target.value, period=period, earlier=earlier, names=ours.names)
    place = made.save(ours.output)
    print(export.receipt)
    print("\n" + made.figures.diagnosis.verdict)
    print("\n" + _("Written: {file}").format(file=place))


def _computers_language() -> str:
    """Tell whether this computer is set to Dutch; ``locale.getlocale`` would do, but fails on some macOS settings."""
    return "nl" if locale.setlocale(locale.LC_CTYPE).lower().startswith(("nl", "dutch")) else "en"


COMMANDS: dict[str, Callable[[list[str]], int]] = {
    "lab": _lab,
    "workshop": _workshop,
    "collect": _collect,
    "report": _report,
}
