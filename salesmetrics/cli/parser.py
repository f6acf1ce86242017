"""How every command reads what was typed, and refuses what it does not understand."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from typing import NoReturn

from salesmetrics.base.errors import SalesMetricsError
from salesmetrics.base.language import _


class Parser(argparse.ArgumentParser):
    """Reads a command's arguments; what it does not understand is an error of the kit's own, in its language."""

    def __init__(self, command: str, example: str, typed: Sequence[str]) -> None:
        super().__init__(f"salesmetrics {command}", add_help=False, allow_abbrev=False)
        self.example, self.typed = example, typed
        self.add_argument("--lang", nargs="?", const="")
        self.add_argument("-h", "--help", action="store_true")

    def error(self, message: str) -> NoReturn:
        """Refuse what was typed."""
        raise SalesMetricsError(
            _("“{words}” is not understood.").format(words=" ".join([self.prog, *self.typed])),
            hint=_("Write it like this: {example}").format(example=_(self.example)),
        )
