"""The reference: every public name from its docstring and every command from its help, as two pages in ``docs/``.

A docstring is numpydoc, and comes out as plain Markdown: a section's head in bold, a parameter as an item of a list, an
example as code. What is written depends on no terminal, language or version of Python.
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterator
from functools import cached_property
from importlib import import_module
from pathlib import Path
from typing import Any

import salesmetrics
from salesmetrics import cli

MADE = "<!-- Made by `python notebooks/build.py docs` from the code's own words: change those, not this page. -->"
REFERENCE = """\
# Reference

Every public name of `salesmetrics`, by the folder that it lives in; `import salesmetrics as sm` gives them all. What
the numbers mean is taught in the lessons. On a command line: [commands](commands.md)."""
COMMANDS = """\
# Commands

Every command and every option, as `--help` tells them; with `--lang nl` in Dutch. A command returns 0 when it did
what was asked, and otherwise says why not and what to do. In Python: [reference](reference.md)."""

_SECTION = re.compile(r"^(\w[\w ]*)\n-{3,}\n", re.MULTILINE)
# Sections that list names, each with an indented text; all others are prose.
_LISTS = ("Parameters", "Raises", "Warns", "Attributes")
_ROLE = re.compile(r":(?:func|class|attr|meth):`([\w.]+)`")


def pages(root: Path) -> dict[Path, str]:
    """Make both pages of the project at ``root``; a folder without ``docs`` has none."""
    docs = root / "docs"
    return {docs / "reference.md": reference(), docs / "commands.md": commands()} if docs.is_dir() else {}


def commands() -> str:
    """Write what each command tells of itself."""
    parts = [COMMANDS, MADE, _command("salesmetrics", cli.HELP)]
    parts += [_command(f"salesmetrics {name}", cli.command_named(name).help) for name in cli.COMMANDS]
    return "\n\n".join(parts) + "\n"


def _command(name: str, text: str) -> str:
    return f"## {name}\n\n```text\n{text}\n```"


def reference() -> str:
    """Write what each public name is, with what it takes: a room's functions first, then its classes."""
    rooms: dict[str, list[str]] = {}
    for name in sorted(salesmetrics.__all__, key=lambda name: (name[0].isupper(), name)):
        rooms.setdefault(getattr(salesmetrics, name).__module__.split(".")[1], []).append(name)
    parts = [REFERENCE, MADE]
    for room in sorted(rooms):
        parts.append(f"## {room}\n\n{_markdown(inspect.getdoc(import_module(f'salesmetrics.{room}')) or '')}")
        for name in rooms[room]:
            found = getattr(salesmetrics, name)
            parts.append(_class(found, "###") if inspect.isclass(found) else _function(name, found))
    return "\n\n".join(parts) + "\n"


def _function(name: str, function: Any) -> str:
    parts = [
        f"### {name}",
        f"```python\nsm.{name}{_signature(function)}\n```",
        _markdown(inspect.getdoc(function) or ""),
    ]
    given = vars(import_module(inspect.unwrap(function).__module__)).get(inspect.signature(function).return_annotation)
    # What a function gives is told where it is public, else here.
    if inspect.isclass(given) and given.__module__.startswith("salesmetrics") and not _is_public(given.__name__):
        parts.append(_class(given, "####"))
    return "\n\n".join(parts)


def _class(kind: type, head: str) -> str:
    # What a result was made of is what can be read from it.
    text = _markdown(inspect.getdoc(kind) or "")
    text = text if "**Attributes**" in text else text.replace("**Parameters**", "**Attributes**")
    parts = [f"{head} class {kind.__name__}", text]
    parts += [
        f"Besides, all of [`{base.__name__}`](#class-{base.__name__.lower()})."
        for base in kind.__bases__
        if _is_public(base.__name__)
    ]
    members = [f"- `{said}`: {_flowing(inspect.getdoc(member) or '', 1)}" for said, member in _members(kind)]
    if told := [line for line in members if line.partition(":")[0] not in text]:
        parts.append("**Properties and methods**\n\n" + "\n".join(told))
    return "\n\n".join(parts)


def _is_public(name: str) -> bool:
    return name in salesmetrics.__all__


def _members(kind: type) -> Iterator[tuple[str, Any]]:
    """Return the properties and methods of a class that are its own, each as it is typed."""
    for name, member in vars(kind).items():
        if name.startswith("_") or name == "shown":
            continue
        if isinstance(member, property | cached_property):
            yield name, member
        elif isinstance(member, classmethod | staticmethod):
            yield f"{name}{_signature(member.__func__)}", member.__func__
        elif inspect.isfunction(member):
            yield f"{name}{_signature(member)}", member


def _signature(function: Any) -> str:
    """Write what a function takes: names and defaults, since types are told in words."""
    signature = inspect.signature(function)
    plain = [
        parameter.replace(annotation=inspect.Parameter.empty)
        for name, parameter in signature.parameters.items()
        if name not in ("self", "cls")
    ]
    one_line = str(signature.replace(parameters=plain, return_annotation=inspect.Signature.empty))
    if len(one_line) <= 100:
        return one_line
    lines = one_line[1:-1].replace(", ", ",\n    ")
    return f"(\n    {lines},\n)"


def _flowing(text: str, paragraphs: int | None = None) -> str:
    return " ".join(_words("\n\n".join(text.split("\n\n")[:paragraphs])).split())


def _words(text: str) -> str:
    """Turn reStructuredText's code and references into Markdown's; a public name becomes a link."""

    def referred(match: re.Match[str]) -> str:
        name = match[1].removeprefix("salesmetrics.")
        anchor = f"class-{name}" if name[:1].isupper() else name
        return f"[`{name}`](#{anchor.lower()})" if _is_public(name) else f"`{name}`"

    return _ROLE.sub(referred, text).replace("``", "`")


def _markdown(docstring: str) -> str:
    """Write a docstring in Markdown.

    Examples
    --------
    >>> print(_markdown('''Divide.
    ...
    ... Parameters
    ... ----------
    ... one, other
    ...     Two ``numbers``.'''))
    Divide.
    <BLANKLINE>
    **Parameters**
    <BLANKLINE>
    - `one, other`: Two `numbers`.
    """
    about, *sections = _SECTION.split(docstring)
    parts = [_words(about).strip()]
    for head, body in zip(sections[::2], sections[1::2], strict=True):
        lines = body.strip("\n")
        if head == "Examples":
            before, prompt, code = lines.partition(">>>")
            shown = f"{_words(before)}```pycon\n{prompt}{code}\n```"
        elif head in _LISTS:
            shown = _list(lines)
        else:
            shown = _words(lines)
        parts.append(f"**{head}**\n\n{shown}")
    return "\n\n".join(parts)


def _list(lines: str) -> str:
    items = re.split(r"^(?=\S)", lines, flags=re.MULTILINE)[1:]
    parted = [item.partition("\n") for item in items]
    return "\n".join(f"- `{name.strip()}`: {_flowing(inspect.cleandoc(text))}" for name, _end, text in parted)
