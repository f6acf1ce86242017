"""Make every edition of every lesson, and the workshop's pages, from the one text that people edit.

``python notebooks/build.py`` builds everything, ``python notebooks/build.py 02 08`` those two lessons, ``workshop`` the
pages for a workshop, ``taster`` the two tasters that need no Python, ``docs`` the reference in ``docs/``, and
``--check`` says without running a notebook whether what is committed is what the committed sources say.
``python notebooks/build.py site DIR`` makes a site of pages that need no Python, ``site DIR --check`` says whether it
is what the sources say; with ``--lite PYODIDE`` the whole kit lies in it too, to run in a browser, and with ``--address
URL`` its slides show the taster there as a code to scan. A rebuild without a change gives the same bytes, under the
versions in ``constraints.txt``.

How a lesson is written stands in ``sources.py``, how a page for the workshop is in ``workshop.py``, what becomes of a
lesson without Python in ``pages/lessons.py``, how the kit gets into a browser in ``lite/lab.py``.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import sys
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from itertools import chain, product
from pathlib import Path
from typing import Any

import nbformat
import reference
import workshop
from editions import EDITIONS, KERNEL, LANGUAGE_INFO, Edition, edition_of
from lite import lab
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError
from nbformat import NotebookNode
from pages import site
from sources import BuildError, Lesson, read_lesson

HERE = Path(__file__).parent
WIDGET_VIEW = "application/vnd.jupyter.widget-view+json"


async def run(notebook: NotebookNode, folder: Path) -> None:
    """Run a notebook in ``folder`` and keep outputs that read the same everywhere and are never hollow."""
    client = NotebookClient(
        notebook,
        kernel_name=KERNEL["name"],
        resources={"metadata": {"path": str(folder)}},
        timeout=300,
        record_timing=False,
        store_widget_state=False,
        coalesce_streams=True,
    )
    await client.async_execute()
    for output in (output for cell in notebook.cells for output in cell.get("outputs", ())):
        # A view without its state shows "model not found"; the picture and the sentence stay.
        output.get("data", {}).pop(WIDGET_VIEW, None)
    # The kernel has just written its own version there.
    notebook.metadata["language_info"] = LANGUAGE_INFO
    notebook.metadata.pop("widgets", None)


async def build(lessons: Sequence[Lesson], chosen: set[str], root: Path = HERE) -> None:
    """Run and write every edition of the chosen lessons, as many at once as there are processors."""
    room = asyncio.Semaphore(os.cpu_count() or 1)

    async def build_one(notebook: NotebookNode, target: Path) -> None:
        target.parent.mkdir(parents=True, exist_ok=True)
        async with room:
            try:
                await run(notebook, target.parent)
            except CellExecutionError as error:
                raise BuildError(f"{_shown(target, root)}: a cell fails\n{error}") from error
        target.write_text(_written(notebook), encoding="utf-8", newline="\n")
        print(f"built {_shown(target, root)}", flush=True)

    planned = [
        (edition_of(lesson, edition, lessons), _target(root, lesson, edition))
        for lesson, edition in product([lesson for lesson in lessons if lesson.number in chosen], EDITIONS)
    ]
    results = await asyncio.gather(*(build_one(*each) for each in planned), return_exceptions=True)
    failures = [result for result in results if result is not None]
    for failure in failures:
        if not isinstance(failure, BuildError):
            raise failure
    if failures:
        raise BuildError("\n".join(map(str, failures)))


def stale(lessons: Sequence[Lesson], root: Path = HERE) -> list[str]:
    """Name every notebook that is missing, left over, or not what its source says now, outputs aside."""
    made = {
        _target(root, lesson, edition): _written(edition_of(lesson, edition, lessons))
        for lesson, edition in product(lessons, EDITIONS)
    }

    def same(stored: str, now: str) -> bool:
        return bool(_inputs(stored) == _inputs(now))

    return sorted(stale_pages(made, root.parent, strays(lessons, root), same))


def strays(lessons: Sequence[Lesson], root: Path = HERE) -> list[Path]:
    """List notebooks in the editions' folders that no source makes."""
    expected = {_target(root, lesson, edition) for lesson, edition in product(lessons, EDITIONS)}
    return [path for edition in EDITIONS for path in (root / edition.folder).glob("*.ipynb") if path not in expected]


def stale_pages(
    pages: dict[Path, str], base: Path, strays: Sequence[Path] = (), same: Callable[[str, str], bool] = site.same
) -> list[str]:
    """Name every page that is missing, left over, or not what its source says now, seen from the folder ``base``."""
    found = [f"{path.relative_to(base).as_posix()}: has no source" for path in strays]
    for path, text in pages.items():
        if not path.is_file():
            found.append(f"{path.relative_to(base).as_posix()}: is missing")
        elif not same(path.read_text(encoding="utf-8"), text):
            found.append(f"{path.relative_to(base).as_posix()}: is not what its source says")
    return found


def extras(root: Path) -> dict[str, Callable[[], dict[Path, str]]]:
    """Return what makes the pages that are built besides the lessons, by name, if the folder of their source is there.

    The tasters lie beside the README.
    """
    found: dict[str, tuple[str, Callable[[], dict[Path, str]]]] = {
        "workshop": ("source/workshop", partial(workshop.pages, root)),
        "taster": ("source/pages", lambda: {root.parent / name: text for name, text in site.tasters().items()}),
        "docs": ("../docs", partial(reference.pages, root.parent)),
    }
    return {name: make for name, (folder, make) in found.items() if (root / folder).is_dir()}


def write_pages(pages: Iterable[tuple[Path, str]], base: Path) -> None:
    """Write the workshop's pages, the tasters, the reference, or a site; names are seen from the folder ``base``."""
    for path, text in pages:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8", newline="\n")
        print(f"built {path.relative_to(base).as_posix()}: {len(text.encode()) / 1000:.0f} kB", flush=True)


def _inputs(text: str) -> Any:
    notebook = json.loads(text)
    for cell in notebook["cells"]:
        if cell["cell_type"] == "code":
            cell["outputs"], cell["execution_count"] = [], None
    return notebook


def _written(notebook: NotebookNode) -> str:
    return str(nbformat.writes(notebook, version=4)).rstrip("\n") + "\n"


def _target(root: Path, lesson: Lesson, edition: Edition) -> Path:
    return root / edition.folder / f"{lesson.names[edition.language]}.ipynb"


def _shown(path: Path, root: Path) -> str:
    return path.relative_to(root.parent).as_posix()


def main(arguments: Sequence[str] | None = None, root: Path = HERE) -> int:
    """Build or check, and say in one line per problem what is wrong."""
    parser = argparse.ArgumentParser(description="Make the notebooks of every edition from notebooks/source.")
    parser.add_argument(
        "lessons",
        nargs="*",
        metavar="NN",
        help="only these lessons, such as 02, or workshop, taster or docs (default: everything); or: site DIR",
    )
    parser.add_argument(
        "--check", action="store_true", help="run no notebook; fail where one is not what its source says"
    )
    parser.add_argument(
        "--lite", metavar="PYODIDE", help="with site: the whole kit besides, from a folder with a Pyodide distribution"
    )
    parser.add_argument(
        "--to-try", action="store_true", help="with --lite: build even if that Pyodide is older than the kit asks"
    )
    parser.add_argument(
        "--address", metavar="URL", default="", help="with site: where it will be published, for a code on the slides"
    )
    options = parser.parse_args(arguments)
    try:
        if (options.lite or options.to_try) and options.lessons[:1] != ["site"]:
            raise BuildError("--lite and --to-try go with a site: python notebooks/build.py site DIR --lite PYODIDE")
        if options.address and options.lessons[:1] != ["site"]:
            raise BuildError("--address goes with a site: python notebooks/build.py site DIR --address URL")
        lessons = [read_lesson(path) for path in sorted((root / "source").glob("*.md"))]
        if options.lessons[:1] == ["site"]:
            _site(lessons, options, root)
            return 0
        made = extras(root)
        there_are = {lesson.number for lesson in lessons} | made.keys()
        if unknown := set(options.lessons) - there_are:
            raise BuildError(f"no such lesson: {', '.join(sorted(unknown))}; there are {', '.join(sorted(there_are))}")
        chosen = set(options.lessons) or there_are
        pages = {name: make() for name, make in made.items() if options.check or name in chosen}
        papers = workshop.strays(root, pages["workshop"]) if "workshop" in pages else []
        if options.check:
            notebooks = stale(lessons, root)
            others = {
                name: stale_pages(some, root.parent, papers if name == "workshop" else ())
                for name, some in pages.items()
            }
            if found := [*notebooks, *chain(*others.values())]:
                only = [] if notebooks else [name for name, some in others.items() if some]
                raise BuildError("\n".join((*found, " ".join(["→ python notebooks/build.py", *only]))))
            return 0
        write_pages(chain(*(some.items() for some in pages.values())), root.parent)
        asyncio.run(build(lessons, chosen, root))
        for path in strays(lessons, root) + papers:
            path.unlink()
            print(f"removed {_shown(path, root)}")
    except BuildError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


def _site(lessons: Sequence[Lesson], options: argparse.Namespace, root: Path) -> None:
    if len(options.lessons) != 2:
        raise BuildError("name one folder for the site: python notebooks/build.py site DIR")
    folder = Path(options.lessons[1]).absolute()
    if options.lite and not options.check:
        lacking = lab.build_lab(Path(options.lite).absolute(), folder, to_try=options.to_try)
        print("\n".join((f"built {lab.FOLDER}", *(f"not as the kit asks: {line}" for line in lacking))), flush=True)
    # Where the kit lies in the site too, the start page has the way to it.
    made = site.site(lessons, root, lite=lab.is_in(folder), address=options.address)
    pages = ((folder / name, text) for name, text in made)
    if options.check:
        if found := lab.stale(folder) + stale_pages(dict(pages), folder):
            again = f" --address {options.address}" if options.address else ""
            raise BuildError("\n".join((*found, f"→ python notebooks/build.py site {options.lessons[1]}{again}")))
    else:
        write_pages(pages, folder)


if __name__ == "__main__":
    sys.exit(main())
