"""What every refusal of the kit is: one error that says what was wrong, what was found and what to do."""


class SalesMetricsError(ValueError):
    """A refusal that a reader can act on.

    Parameters
    ----------
    what
        What was wrong and what was found instead, one or two sentences in the chosen language.
    hint
        What to do about it.

    Examples
    --------
    >>> print(SalesMetricsError("The target is 0.", hint="Give the revenue you want to win."))
    The target is 0.
    → Give the revenue you want to win.
    """

    def __init__(self, what: str, *, hint: str = "") -> None:
        super().__init__(what)
        self.what = what
        self.hint = hint

    def __str__(self) -> str:
        return f"{self.what}\n→ {self.hint}" if self.hint else self.what

    def _render_traceback_(self) -> list[str]:
        """Show only the message in a notebook: IPython calls this hook instead of printing a traceback."""
        return str(self).split("\n")
