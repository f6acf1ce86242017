"""JupyterLite with the kit in it: the lessons of both languages, and Python itself, as files of a static site."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Iterable
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory

from sources import LANGUAGES, BuildError

from lite.pyodide import LOCK, Distribution, read_distribution, sha256
from lite.wheels import KIT, ROOT, choose, kit_wheel
from salesmetrics.exercises.folder import lay_down

# Where it is in the site.
FOLDER = "lite"
_LOCK = Path("static") / "pyodide" / LOCK
_KERNEL = "jupyterlite-pyodide-kernel"
_EXTENSIONS = ("@jupyterlite/pyodide-kernel-extension", "@jupyter-widgets/jupyterlab-manager", "anywidget")
_SETTINGS = {
    "@jupyterlab/apputils-extension:notification": {"fetchNews": "false", "checkForUpdates": False},
}


def build_lab(pyodide: Path, folder: Path, *, to_try: bool) -> list[str]:
    """Write JupyterLite into the folder ``lite`` of a site, and say what is not as the kit asks.

    Parameters
    ----------
    pyodide
        A folder with a Pyodide distribution.
    folder
        The site's.
    to_try
        Whether it is built although something is older than the kit asks, or lacks.

    Raises
    ------
    BuildError
        The distribution is not known, damaged, or not what the kit and its kernel need; or JupyterLite is
        not installed.
    """
    if find_spec("jupyterlite_core") is None or find_spec("jupyterlite_pyodide_kernel") is None:
        raise BuildError("JupyterLite is not installed\n→ pip install -c constraints.txt -e '.[test,lite]'")
    distribution = read_distribution(pyodide)
    _check_kernel(distribution)
    with TemporaryDirectory() as temporary:
        work = Path(temporary)
        there = (work / _LOCK).parent
        there.mkdir(parents=True)
        chosen = choose(distribution, there)
        if chosen.lacking and not to_try:
            raise BuildError(
                "\n".join((f"Pyodide {distribution.version} does not meet what the kit asks:", *chosen.lacking))
                + "\n→ take a newer Pyodide; to try it nevertheless, and publish nothing: --to-try"
            )
        for name in distribution.core:
            shutil.copyfile(distribution.folder / name, there / name)
        _write(there / LOCK, {"info": distribution.info, "packages": chosen.entries})
        for language in LANGUAGES:
            lay_down(work / "contents" / language, language)
        _configure(work, chosen.first)
        _jupyterlite(work, folder / FOLDER)
    return chosen.lacking


def is_in(folder: Path) -> bool:
    """Return whether the kit lies in a site, to run in a browser."""
    return (folder / FOLDER / _LOCK).is_file()


def address(lesson: str, language: str) -> str:
    """Return the way from the site's start page to a lesson that runs in the browser."""
    return f"{FOLDER}/lab/index.html?path={language}/{lesson}.ipynb"


def stale(folder: Path) -> list[str]:
    """Return whether the kit in a site is another than the sources make now; its wheel holds the lessons too."""
    if not is_in(folder):
        return []
    there = json.loads((folder / FOLDER / _LOCK).read_text(encoding="utf-8"))["packages"][KIT]["sha256"]
    with TemporaryDirectory() as temporary:
        now = sha256(kit_wheel(Path(temporary)))
    return [] if now == there else [f"{FOLDER}: is not what the sources say; build it again with --lite PYODIDE"]


def _check_kernel(distribution: Distribution) -> None:
    from jupyterlite_pyodide_kernel.constants import PYODIDE_VERSION

    if _release(PYODIDE_VERSION) != _release(distribution.version):
        raise BuildError(
            f"{_KERNEL} {version(_KERNEL)} goes with Pyodide {_release(PYODIDE_VERSION)}, and this is "
            f"{distribution.version}\n→ take that Pyodide, or the {_KERNEL} that goes with this one"
        )


def _release(version: str) -> str:
    return ".".join(version.split(".")[:2])


def _configure(work: Path, first: Iterable[str]) -> None:
    kernel = {
        # Nothing is fetched from elsewhere: what is not in this site is not there.
        "disablePyPIFallback": True,
        "loadPyodideOptions": {"packages": [*first]},
    }
    settings = {"litePluginSettings": {"@jupyterlite/pyodide-kernel-extension:kernel": kernel}}
    _write(work / "jupyter-lite.json", {"jupyter-lite-schema-version": 0, "jupyter-config-data": settings})
    # The marker that says that a folder is the kit's, and so may keep progress, begins with a dot.
    _write(
        work / "jupyter_lite_config.json",
        {
            "ContentsManager": {"allow_hidden": True},
            "LiteBuildConfig": {
                # What else JupyterLab has here may be of another version of it, and asks for a server.
                "ignore_sys_prefix": ["federated_extensions"],
                "federated_extensions": [str(ROOT / "labextension" / KIT), *map(str, _extensions())],
            },
        },
    )
    _write(work / "overrides.json", _SETTINGS)


def _extensions() -> list[Path]:
    there = Path(sys.prefix) / "share" / "jupyter" / "labextensions"
    return [there / name for name in _EXTENSIONS]


def _jupyterlite(work: Path, target: Path) -> None:
    if target.exists():
        shutil.rmtree(target)
    options = ["--contents", str(work / "contents"), "--output-dir", str(target), "--no-sourcemaps"]
    done = subprocess.run(
        [sys.executable, "-m", "jupyterlite_core", "build", "--lite-dir", str(work), *options],
        cwd=work,
        capture_output=True,
        text=True,
    )
    if done.returncode:
        raise BuildError(f"JupyterLite cannot be built:\n{done.stdout[-2000:]}\n{done.stderr[-2000:]}")


def _write(path: Path, content: object) -> None:
    path.write_text(json.dumps(content, indent=1) + "\n", encoding="utf-8")
