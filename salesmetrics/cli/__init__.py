"""The command ``salesmetrics``: choose the language, hand on to the command that was named, say what went wrong."""

from __future__ import annotations

import io
import locale
import os
import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Callable, Sequence
from contextlib import suppress
from importlib import import_module
from importlib.metadata import version
from typing import Any, NamedTuple, NoReturn

from salesmetrics.base.errors import SalesMetricsError
from salesmetrics.base.language import N_, _, did_you_mean, use_language

# The module here in whose own COMMANDS each stands; it is loaded when the command is named.
COMMANDS = {"lab": "lessons", "workshop": "lessons", "collect": "lessons", "report": "report"}

HELP = N_("""\
salesmetrics: pipeline coverage and pipeline conversion rate, to learn, to teach and to use.

  salesmetrics lab         open the lessons in JupyterLab
  salesmetrics workshop    lay down all that a workshop needs
  salesmetrics collect     see what a class struggles with
  salesmetrics report      make a page for the meeting from an export of your CRM
  salesmetrics --version   say which version this is

More about a command: salesmetrics lab --help""")


class Parser(ArgumentParser):
    """Reads what was typed; its help is a text as it stands, and what it does not understand an error of the kit's own.

    Parameters
    ----------
    prog, text
        The command's name, and its help.
    example
        How it is typed.
    typed
        All that was typed after the name.
    options
        As of argparse's own parser.
    """

    def __init__(self, prog: str, *, text: str, example: str, typed: list[str], **options: Any) -> None:
        super().__init__(prog, allow_abbrev=False, **options)
        self.text, self.example, self.typed = text, example, typed
        self.add_argument("--lang", nargs="?", const="")

    def format_help(self) -> str:
        """Return the help, in the chosen language."""
        return _(self.text) + "\n"

    def error(self, message: str) -> NoReturn:
        """Refuse what was typed."""
        raise SalesMetricsError(
            _("“{words}” is not understood.").format(words=" ".join([self.prog, *self.typed])),
            hint=_("Write it like this: {example}").format(example=_(self.example)),
        )


class Command(NamedTuple):
    """A command: what it does, an example of how it is typed, its help, and how it declares its arguments.

    What it does alone loads what is slow to load. A command that declares nothing takes whatever is typed, as ``rest``.
    """

    run: Callable[[Namespace], None]
    example: str
    help: str
    offer: Callable[[Parser], None] | None = None


def command_named(name: str) -> Command:
    """Return a command."""
    found: Command = import_module(f"salesmetrics.cli.{COMMANDS[name]}").COMMANDS[name]
    return found


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code: 0 when it did what was asked."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            # A Windows console may know no arrow or euro sign; a question mark is better than a crash.
            stream.reconfigure(errors="replace")
    try:
        code = _run(list(sys.argv[1:] if arguments is None else arguments))
        print(end="", flush=True)
    except SalesMetricsError as error:
        return _end(str(error))
    except BrokenPipeError:
        # Whoever reads along, such as head, has seen enough.
        return _end("", code=0)
    except OSError as error:
        # A full disk under what is printed, or the folder we are in is gone.
        gone = isinstance(error, FileNotFoundError) and not os.path.exists(os.curdir)
        reason = _("the folder you are in is gone") if gone else error.strerror or error
        return _end(_("This did not work: {reason}.").format(reason=reason))
    return code


def _end(said: str, code: int = 1) -> int:
    """Explain why a command ends, if it can be said, and give its exit code."""
    try:
        print(end="", flush=True)
    except OSError:
        # Python would try once more to write the rest, at its end.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    with suppress(OSError):
        print(said, end="\n" if said else "", file=sys.stderr, flush=True)
    return code


def _run(given: list[str]) -> int:
    use_language(_computers_language())
    parser = Parser("salesmetrics", text=HELP, example="", typed=given)
    if not given:
        parser.print_help()
        return 2
    name, *typed = given
    if name not in (*COMMANDS, "-h", "--help", "--version"):
        raise SalesMetricsError(_("There is no command “{name}”.").format(name=name), hint=did_you_mean(name, COMMANDS))
    parser.add_argument("--version", action="version", version=version("salesmetrics"))
    try:
        if name not in COMMANDS:
            parser.parse_args(given)
        # First of all the language, so that what is not understood is said in it.
        spoken = Parser(name, text="", example="", typed=typed, add_help=False)
        if (language := spoken.parse_known_args(typed)[0].lang) is not None:
            use_language(language)
        command = command_named(name)
        commands = parser.add_subparsers(parser_class=Parser)
        its_own = commands.add_parser(name, text=command.help, example=command.example, typed=typed)
        if command.offer:
            command.offer(its_own)
        asked, rest = parser.parse_known_args(given)
        if rest and command.offer:
            its_own.error("")
    except SystemExit:  # argparse has shown the help or the version
        return 0
    command.run(Namespace(**vars(asked), rest=rest))
    return 0


def _computers_language() -> str:
    """Return whether this computer is set to Dutch; ``locale.getlocale`` would do, but fails on some macOS settings."""
    return "nl" if locale.setlocale(locale.LC_CTYPE).lower().startswith(("nl", "dutch")) else "en"
