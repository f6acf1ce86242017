"""A JupyterLab for tests: started as a learner would start it, in a folder of its own, and ended by its own process."""

import json
import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.error import URLError
from urllib.request import Request, urlopen

TOKEN = "test"
KIT = ("-c", "import sys; from salesmetrics.cli import main; sys.exit(main())", "lab")
JUPYTERLAB = ("-m", "jupyterlab")


@dataclass(frozen=True)
class Server:
    """A running JupyterLab: where it is, the folder it serves, and what it has said so far."""

    address: str
    folder: Path
    log: Path


@contextmanager
def serving(folder: Path, *options: str, home: Path, command: tuple[str, ...] = (*KIT, "lessons")) -> Iterator[Server]:
    """Run JupyterLab until the block ends; ``home`` is for its log and for the settings of the user it runs as."""
    home.mkdir(parents=True, exist_ok=True)
    log = home / "log.txt"
    fixed = ["--no-browser", "--port=0", f"--IdentityProvider.token={TOKEN}", "--ServerApp.allow_root=True"]
    own = {f"JUPYTER_{name}_DIR": str(home / name.lower()) for name in ("CONFIG", "DATA", "RUNTIME")}
    with log.open("w", encoding="utf-8") as output:
        process = subprocess.Popen(
            [sys.executable, *command, *options, *fixed],
            cwd=folder.parent,
            env=os.environ | own | {"PYTHONUTF8": "1", "IPYTHONDIR": str(home / "ipython")},
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
        )
    try:
        yield Server(_address(process, log), folder, log)
    finally:
        process.terminate()
        process.wait(30)


def ask(address: str, path: str, *, method: str = "GET", body: object = None) -> str:
    """Ask the server something, as its owner."""
    data = None if body is None else json.dumps(body).encode()
    headers = {"Authorization": f"token {TOKEN}", "Content-Type": "application/json"}
    with urlopen(Request(address + path, data=data, method=method, headers=headers), timeout=60) as answer:
        return answer.read().decode()


def _address(process: subprocess.Popen[bytes], log: Path) -> str:
    """Wait until the server answers; its port is in what it says."""
    for _ in range(600):
        said = log.read_text(encoding="utf-8")
        if found := re.search(r"http://127\.0\.0\.1:(\d+)/", said):
            address = f"http://127.0.0.1:{found[1]}"
            try:
                ask(address, "/api/status")
            except URLError:
                pass
            else:
                return address
        assert process.poll() is None, said
        time.sleep(0.1)
    raise AssertionError(log.read_text(encoding="utf-8"))
