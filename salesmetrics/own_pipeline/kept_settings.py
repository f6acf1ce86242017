"""What is kept for next week beside the notebook, when somebody asks for it; never a deal, and forgotten on request."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields, replace
from pathlib import Path

from salesmetrics.base.errors import SalesMetricsError, unless_refused
from salesmetrics.base.language import _
from salesmetrics.base.writing import write
from salesmetrics.crm import Export
from salesmetrics.crm.systems import NAMES
from salesmetrics.deals.periods import read_period

LAST_WEEK = "salesmetrics-last-week.json"
MAPPING = "salesmetrics-mapping.json"
# Where a browser and people put an export.
_FOLDERS = ("Downloads", "Desktop", "Documents", "Bureaublad", "Documenten")


@dataclass(frozen=True, kw_only=True)
class LastWeek:
    """What next week's file is read and held against; each empty where there was none.

    Parameters
    ----------
    target, period
        As typed and as chosen.
    targets
        As typed, by the name of the period they were typed for.
    columns
        The header that was read as each field, and how the column of statuses was read.
    print
        The file's size and digest, by which it is known again: its name and folder may say whose deals they are.
    """

    target: str = ""
    period: str = ""
    targets: Mapping[str, str] = field(default_factory=dict)
    columns: Mapping[str, str] = field(default_factory=dict)
    print: str = ""


def keep(found: LastWeek) -> None:
    """Write it beside the notebook; no deal is in it."""
    write(LAST_WEEK, json.dumps(asdict(found), ensure_ascii=False, indent=2) + "\n")


def kept() -> LastWeek:
    """Read what was kept; empty where nothing was, or where it is not what was written here."""
    try:
        found = json.loads(Path(LAST_WEEK).read_text(encoding="utf-8"))
        last = LastWeek(**{each.name: found[each.name] for each in fields(LastWeek)})
    except (OSError, ValueError, RecursionError, TypeError, KeyError):
        return LastWeek()
    for name, value in asdict(last).items():
        texts = [*value, *value.values()] if isinstance(value, dict) else [value]
        if isinstance(value, dict) != (name in ("targets", "columns")) or not all(isinstance(t, str) for t in texts):
            return LastWeek()
    known = unless_refused(lambda: read_period(last.period), None)
    return last if known else replace(last, period="")


def forget() -> None:
    """Delete what was kept: the files are the kit's own, and hold nothing else."""
    for name in (MAPPING, LAST_WEEK):
        try:
            Path(name).unlink(missing_ok=True)
        except OSError as error:
            raise SalesMetricsError(
                _("“{name}” can't be taken away: {reason}.").format(name=name, reason=error.strerror or error),
                hint=_("Throw it away yourself; it lies beside this notebook."),
            ) from None


def is_kept() -> bool:
    """Return whether something was kept."""
    return any(Path(name).is_file() for name in (MAPPING, LAST_WEEK))


def print_of(content: bytes) -> str:
    """Return by what a file is known again, wherever it lies; nothing of it can be read from that.

    Examples
    --------
    >>> print_of(b"deal_id")[:12]
    '7-a47d043ffc'
    """
    return f"{len(content)}-{hashlib.sha256(content).hexdigest()}"


def find(last: LastWeek, place: str = "") -> str:
    """Find last week's file: beside this week's in ``place``, the notebook, or where a browser puts files.

    Empty where it is not; a file whose content has changed since is another export.
    """
    size = last.print.partition("-")[0]
    folders = [Path(place).parent] if place else []
    for folder in (*folders, Path.cwd(), *(Path.home() / name for name in _FOLDERS)):
        try:
            # Only what has that size is opened.
            same = [file for file in folder.iterdir() if file.is_file() and str(file.stat().st_size) == size]
            if found := next((file for file in same if print_of(file.read_bytes()) == last.print), None):
                return str(found)
        except OSError:
            continue
    return ""


def columns_of(export: Export) -> dict[str, str]:
    """Return the header that was read as each field, and how the statuses were read."""
    used = {column.field: column for column in reversed(export.receipt.columns)}
    found = {name: used[name].header for name in NAMES if name in used}
    return {**found, "how": used["status"].how} if "status" in used else found


def what_differs(last: LastWeek, export: Export) -> list[str]:
    """Describe where a file no longer fits how last week's was read."""
    now, before = columns_of(export), last.columns
    said = []
    for name, header in before.items():
        words = {"what": _(NAMES.get(name, "")), "before": header, "now": now.get(name, "")}
        if name == "how":
            if now.get(name, header) != header:
                said.append(_("The words for open, won and lost: last week {before}; now {now}.").format(**words))
        elif name not in now:
            said.append(_("{what}: last week “{before}”; this file has no such column.").format(**words))
        elif now[name] != header:
            said.append(_("{what}: last week “{before}”; now “{now}”.").format(**words))
    return said
