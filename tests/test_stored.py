"""What the committed notebooks hold: picture and sentence for whoever opens one without running it, and no more."""

import base64
import json
import re
from html.parser import HTMLParser
from pathlib import Path

import nbformat
import pytest
from nbconvert import HTMLExporter

NOTEBOOKS = Path(__file__).parent.parent / "notebooks"
ALL = sorted(NOTEBOOKS.glob("**/*.ipynb"))
LEARNERS = [path for path in ALL if path.parent.parent == NOTEBOOKS]
NAMES = [path.relative_to(NOTEBOOKS).as_posix() for path in ALL]
# The cell ends by showing it; a cell may also keep it and show something else.
SHOWS_A_PICTURE = re.compile(r"^sm\.(explore|picture)\(.*\Z", re.MULTILINE)


class Page(HTMLParser):
    """Collect a page's figures, each as its images and its caption, and all that it would fetch."""

    def __init__(self, text):
        super().__init__()
        self.figures, self.fetched, self._into = [], [], None
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        attributes = dict(attributes)
        if tag == "figure":
            self.figures.append(([], []))
        if tag == "img" and self.figures:
            self.figures[-1][0].append(attributes)
        if tag in ("img", "script", "link", "iframe", "source"):
            self.fetched.append(attributes.get("src") or attributes.get("href") or "")
        self._into = self.figures[-1][1] if tag == "figcaption" else self._into

    def handle_endtag(self, tag):
        self._into = None if tag == "figcaption" else self._into

    def handle_data(self, data):
        if self._into is not None:
            self._into.append(data)


def pictures(text):
    """Give each figure's image and caption, as they are stored."""
    found = []
    for images, caption in Page(text).figures:
        (image,) = images
        found.append((image, "".join(caption)))
    return found


def outputs(path):
    notebook = json.loads(path.read_text(encoding="utf-8"))
    for cell in notebook["cells"]:
        for output in cell.get("outputs", ()):
            yield "".join(cell["source"]), output


def html_of(output):
    return "".join(output.get("data", {}).get("text/html", ""))


def test_there_are_lessons_with_pictures():
    assert len(ALL) > 30
    assert sum(len(pictures(html_of(output))) for path in ALL for _source, output in outputs(path)) > 100


@pytest.mark.parametrize("path", ALL, ids=NAMES)
def test_a_picture_is_stored_with_its_sentence(path):
    for source, output in outputs(path):
        found = pictures(html_of(output))
        assert found or not SHOWS_A_PICTURE.search(source), source
        for image, caption in found:
            kind, _, picture = image["src"].partition(",")
            assert kind == "data:image/svg+xml;base64"
            assert b"<svg" in base64.b64decode(picture, validate=True)[:500]
            assert image["alt"] == caption
            assert caption.strip().endswith((".", "!"))
        if SHOWS_A_PICTURE.search(source):
            ((_image, caption),) = found
            assert "".join(output["data"]["text/plain"]) == caption


@pytest.mark.parametrize("path", ALL, ids=NAMES)
def test_nothing_stored_needs_a_kernel_a_network_or_an_excuse(path):
    notebook = json.loads(path.read_text(encoding="utf-8"))
    assert "widgets" not in notebook["metadata"]
    for source, output in outputs(path):
        assert output["output_type"] != "error", source
        assert output.get("name") != "stderr", source
        assert set(output.get("data", {})) <= {"text/plain", "text/html"}, source
        assert [address for address in Page(html_of(output)).fetched if not address.startswith("data:")] == []
        said = html_of(output) + "".join(output.get("data", {}).get("text/plain", "")) + "".join(output.get("text", ""))
        words = re.sub(r"base64,[\w+/=]+", "", said)
        assert not re.search(r"\b(nan|NaN|None(?! of the)|inf|Traceback)\b|NaT|model not found|€.?nan", words), source


@pytest.mark.parametrize("path", LEARNERS, ids=[f"{path.parent.name}/{path.name}" for path in LEARNERS])
def test_an_export_to_html_keeps_every_picture_and_sentence(path):
    stored = [found for _source, output in outputs(path) for found in pictures(html_of(output))]
    page, _resources = HTMLExporter(embed_images=True).from_notebook_node(nbformat.read(path, 4))
    exported = pictures(page)
    assert [(image["src"], image["alt"], caption) for image, caption in exported] == [
        (image["src"], image["alt"], caption) for image, caption in stored
    ]


@pytest.mark.parametrize(
    ("spoiled", "text"),
    [
        (
            "another caption",
            '<figure><img src="data:image/svg+xml;base64,PHN2Zz4=" alt="a."><figcaption>b.</figcaption>',
        ),
        ("no picture", "<figure><figcaption>b.</figcaption></figure>"),
    ],
)
def test_the_reader_of_figures_is_awake(spoiled, text):
    if spoiled == "no picture":
        with pytest.raises(ValueError, match="not enough values"):
            pictures(text)
    else:
        ((image, caption),) = pictures(text)
        assert (image["alt"], caption) == ("a.", "b.")
