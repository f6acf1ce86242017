"""The facilitator's folder: all that a workshop needs, laid down in one place."""

from __future__ import annotations

from pathlib import Path

from salesmetrics.folder import Laid, lay_down
from salesmetrics.lab import changes
from salesmetrics.language import _


def workshop(folder: Path, language: str) -> int:
    """Lay the facilitator's edition down in ``folder`` and say what to open first.

    Parameters
    ----------
    folder
        Where it is or will be. What was changed there stays as it is.
    language
        ``"en"`` or ``"nl"``.

    Raises
    ------
    SalesMetricsError
        The folder holds something else, a learner's lessons among it, or cannot be written to.
    """
    folder = folder.resolve()
    print(told(folder, lay_down(folder, language, "facilitator")))
    return 0


def told(folder: Path, laid: Laid) -> str:
    """Say what was laid down, where to begin, and what was left alone."""
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


def _quoted(folder: Path) -> str:
    """Write a folder as it can be typed after a command."""
    return f'"{folder}"' if " " in str(folder) else str(folder)
