"""Check that a wheel holds the package, the notebooks, the workshop's pages and the data, and nothing else."""

import re
import subprocess
import sys
from pathlib import Path
from zipfile import ZipFile

# Where in the wheel a folder of the project goes, and which of its files.
PARTS = {
    "salesmetrics": ("salesmetrics", ""),
    "notebooks/en": ("salesmetrics/_kit/notebooks/en", ".ipynb"),
    "notebooks/nl": ("salesmetrics/_kit/notebooks/nl", ".ipynb"),
    "notebooks/facilitator": ("salesmetrics/_kit/notebooks/facilitator", (".ipynb", ".html")),
    "notebooks/source/exercises": ("salesmetrics/_kit/exercises", ""),
    "data": ("salesmetrics/_kit/data", (".csv", ".json")),
    "labextension": ("*.data/data/share/jupyter/labextensions", ""),
}


def main(wheel: str) -> int:
    """Compare the wheel with what git knows, and name every difference."""
    expected = set()
    for folder, (place, endings) in PARTS.items():
        listed = subprocess.run(["git", "ls-files", folder], check=True, capture_output=True, text=True).stdout
        files = [name for name in listed.splitlines() if name.endswith(endings)]
        expected |= {place + name.removeprefix(folder) for name in files}
    with ZipFile(wheel) as archive:
        names = (re.sub(r"^[^/]+[.]data/", "*.data/", name) for name in archive.namelist())
        found = {name for name in names if ".dist-info/" not in name}
    for name in sorted(expected - found):
        print(f"{Path(wheel).name} lacks {name}", file=sys.stderr)
    for name in sorted(found - expected):
        print(f"{Path(wheel).name} should not hold {name}", file=sys.stderr)
    print(f"{Path(wheel).name}: {len(found)} files")
    return 0 if expected == found else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
