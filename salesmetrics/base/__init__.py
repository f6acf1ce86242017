"""What every room stands on: the kit's files, errors, the language, typed numbers, how a result is shown."""

from importlib.resources import files
from importlib.resources.abc import Traversable


def kit_files() -> Traversable:
    """Return where the kit's notebooks and data are: inside the installed package, else beside it in a checkout."""
    package = files("salesmetrics")
    installed = package / "_kit"
    return installed if installed.is_dir() else package / ".."
