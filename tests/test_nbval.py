"""The notebooks' regression test itself: a stale word or number fails, other fonts in a picture do not."""

import os
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest

CONFIGURATION = Path(__file__).with_name("nbval_sanitize.cfg")
FIGURE = (
    '<figure><img src="data:image/svg+xml;base64,{picture}" alt="{words}"><figcaption>{words}</figcaption></figure>'
)
SOURCE = """
class Figure:
    def _repr_html_(self):
        return {html!r}
    def __repr__(self):
        return {words!r}
Figure()
"""


def notebook(stored_picture, stored_words):
    """Make a notebook that shows picture QUJD and the words "5.0×", and has stored something."""
    source = SOURCE.format(html=FIGURE.format(picture="QUJD", words="5.0×"), words="5.0×")
    html = FIGURE.format(picture=stored_picture, words=stored_words)
    result = nbformat.v4.new_output(
        "execute_result", {"text/html": html, "text/plain": stored_words}, execution_count=1
    )
    return nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(source, execution_count=1, outputs=[result])])


@pytest.mark.parametrize(
    ("picture", "words", "passes"),
    [("QUJD", "5.0×", True), ("b3RoZXI+Zm9udHM=", "5.0×", True), ("QUJD", "5.1×", False)],
    ids=["the same", "another picture", "another sentence"],
)
def test_what_is_compared(tmp_path, picture, words, passes):
    nbformat.write(notebook(picture, words), tmp_path / "lesson.ipynb")
    (tmp_path / "pytest.ini").write_text("[pytest]\n", encoding="utf-8")
    options = ["-p", "no:cacheprovider", "--nbval", f"--nbval-sanitize-with={CONFIGURATION}", "-q"]
    outcome = subprocess.run(
        [sys.executable, "-m", "pytest", *options, "lesson.ipynb"],
        cwd=tmp_path,
        env=os.environ | {"PYTHONUTF8": "1"},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        encoding="utf-8",
    )
    assert outcome.returncode == (0 if passes else 1), outcome.stdout
    assert ("5.1×" in outcome.stdout) is not passes
