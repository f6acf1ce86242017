"""What ``sm.explore`` opens: a model or scenario by its name, a code that somebody sent, a saved file."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path
from typing import Any

from salesmetrics import models
from salesmetrics.base.errors import SalesMetricsError
from salesmetrics.base.language import _, did_you_mean
from salesmetrics.explorer import guessed, saved_file, share_code
from salesmetrics.explorer.explorer import Explorer


def explore(name: str, *, large: bool = False) -> Explorer:
    """Open a model to play with: move its levers and watch what they do.

    Parameters
    ----------
    name
        Of a model or a scenario, for example ``"coverage"`` or ``"startup"``; or a code from ``explorer.share()``; or
        the name of a file from ``explorer.save(…)``, which ends in ``.json``.
    large
        Letters and picture for a projector; a button does the same.

    Raises
    ------
    SalesMetricsError
        There is no such model, and the nearest name is given; or the code or the file cannot be opened.

    Examples
    --------
    >>> explorer = explore("coverage")
    >>> explorer.set(target=1_000_000)
    >>> explorer.outcome.coverage
    2.5
    >>> explore(explorer.share()).outcome.coverage
    2.5
    """
    if isinstance(name, str | Path) and str(name).lower().endswith(".json"):
        explorer = Explorer(*model_and_chart(saved_file.model_of(saved_file.read_text(name))), large=large)
        explorer.load(name)
    elif isinstance(name, str) and name not in models.NAMES and share_code.looks_like_a_code(name):
        explorer = Explorer(*model_and_chart(share_code.model_of(name)), large=large)
        explorer.open_code(name)
    else:
        explorer = Explorer(*model_and_chart(name), large=large)
        guessed.follow(name, explorer)
    return explorer


def model_and_chart(name: Any) -> tuple[models.Model[Any], Any]:
    """Find a model and what draws it.

    Raises
    ------
    SalesMetricsError
        There is no model of that name; the nearest is given.
    """
    if name not in models.NAMES:
        raise SalesMetricsError(
            _("There is no model called “{name}”.").format(name=str(name)[:60]), hint=did_you_mean(name, models.NAMES)
        )
    model = models.model_named(name)
    return model, import_module(f"salesmetrics.charts.{(model.picture or model.name).replace('-', '_')}")
