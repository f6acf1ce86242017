"""How what was typed is read: argparse's own commands, with help and refusals in the reader's language."""

from __future__ import annotations

import argparse
from typing import Any, NoReturn

from salesmetrics.base.errors import SalesMetricsError
from salesmetrics.base.language import _


class Parser(argparse.ArgumentParser):
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
