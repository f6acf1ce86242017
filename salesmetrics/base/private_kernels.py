"""How a kernel that has read own data tells the JupyterLab of ``salesmetrics lab``: by an empty file of its own.

The launcher names a folder to its kernels. What is told stays told when the kernel ends or starts anew, because what it
showed may still stand in an open notebook.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Collection
from pathlib import Path

from salesmetrics.base.errors import SalesMetricsError
from salesmetrics.base.language import _

FOLDER = "SALESMETRICS_PRIVATE_KERNELS"
# Of a program that a kernel has started, such as "!salesmetrics report": which kernel is not known then.
_ANY = "any"


def tell() -> None:
    """Note that this process has own data, if there is a launcher to tell it to and a kernel it belongs to.

    Raises
    ------
    SalesMetricsError
        It can't be told: rather no figures than figures in a notebook that is mailed.
    """
    if (place := _place()) is None:
        return
    try:
        place.touch()
    except OSError as error:
        raise SalesMetricsError(
            _("The file is not read: JupyterLab can't be told to leave its figures out ({reason}).").format(
                reason=error.strerror
            ),
            hint=_("Make room on the disk, or start “salesmetrics lab” anew."),
        ) from None


def take_back() -> None:
    """Note that what this process shows may be kept."""
    if place := _place():
        place.unlink(missing_ok=True)


def any_private(folder: Path, kernels: Collection[str] | None) -> bool:
    """Return whether one of these kernels has own data; of None, whether any kernel has.

    Raises
    ------
    OSError
        The folder can't be read, so that it is not known.
    """
    told = {file.name.partition(".")[0] for file in folder.iterdir() if file.suffix == ".own"}
    return bool(told) if kernels is None else not told.isdisjoint({_ANY, *kernels})


def _place() -> Path | None:
    folder = os.environ.get(FOLDER)
    # JupyterLab's kernels, and what they start, have the second; its terminals don't.
    if not folder or "JPY_PARENT_PID" not in os.environ:
        return None
    return Path(folder, f"{_kernel()}.{os.getpid()}.own")


def _kernel() -> str:
    """Return the kernel's number as Jupyter's server knows it: it is in the name of its connection file."""
    application = getattr(sys.modules.get("ipykernel.kernelapp"), "IPKernelApp", None)
    if application is None or not application.initialized():
        return _ANY
    return Path(application.instance().connection_file).stem.removeprefix("kernel-") or _ANY
