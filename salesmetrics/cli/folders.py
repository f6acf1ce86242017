"""What ``lab`` and ``workshop`` share: which folder is meant, in which language, and what was left alone in it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from salesmetrics.base.language import _, language, use_language
from salesmetrics.exercises.folder import Laid, is_kits, language_of


def folder_first(typed: Sequence[str], default: Path) -> tuple[Path, list[str]]:
    """Take the folder from what was typed, and give the rest.

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
