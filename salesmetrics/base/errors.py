"""What every refusal of the kit is: one error that says what was wrong, what was found and what to do."""

import re
from collections.abc import Callable
from typing import TypeVar

from salesmetrics.base.show import visible

Found = TypeVar("Found")
Otherwise = TypeVar("Otherwise")

# A longer name, such as a cell that holds a letter to a customer, would hide the sentence that quotes it.
_LONG_NAME = re.compile(r"""([“"])([^“”"]{120})[^“”"]+([”"])""")


def brief(text: str) -> str:
    """Cut long names between quotes short, and leave the rest as it is.

    Examples
    --------
    >>> len(brief(f"There is no stage “{'a' * 10_000}”."))
    142
    """
    return _LONG_NAME.sub(r"\1\2…\3", text)


class SalesMetricsError(ValueError):
    """A refusal that a reader can act on.

    Parameters
    ----------
    what
        What was wrong and what was found instead, one or two sentences in the chosen language; long names
        between quotes are cut short, and no code of a file reaches a terminal.
    hint
        What to do about it.

    Examples
    --------
    >>> print(SalesMetricsError("The target is 0.", hint="Give the revenue you want to win."))
    The target is 0.
    → Give the revenue you want to win.
    """

    def __init__(self, what: str, *, hint: str = "") -> None:
        self.what, self.hint = visible(brief(what)), visible(brief(hint))
        super().__init__(self.what)

    def __str__(self) -> str:
        return f"{self.what}\n→ {self.hint}" if self.hint else self.what

    def _render_traceback_(self) -> list[str]:
        """Show only the message in a notebook: IPython calls this hook instead of printing a traceback."""
        return str(self).split("\n")


def unless_refused(work: Callable[[], Found], otherwise: Otherwise) -> Found | Otherwise:
    """Return what is worked out, or something else where that is refused and nobody has to be told.

    Examples
    --------
    >>> def refuse():
    ...     raise SalesMetricsError("No deals.")
    >>> unless_refused(lambda: 1, 0), unless_refused(refuse, 0)
    (1, 0)
    """
    try:
        return work()
    except SalesMetricsError:
        return otherwise
