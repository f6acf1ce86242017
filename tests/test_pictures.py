"""The moving picture as text: the same everywhere, reaching nothing outside, sharing nothing with its neighbour."""

import base64
import hashlib
import os
import re
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree

import matplotlib as mpl
import pytest
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle
from matplotlib.text import Text

from salesmetrics.charts import coverage
from salesmetrics.charts import moving_picture as pictures
from salesmetrics.charts.moving_picture import Drawing, MovingPicture, figure_html, house_style
from salesmetrics.models import Outcome
from salesmetrics.models.coverage import MODEL

START = MODEL.outcome(MODEL.defaults())
SVG = "{http://www.w3.org/2000/svg}"


def picture(name: str = "test") -> MovingPicture:
    return MovingPicture(coverage.draw(MODEL), name=name)


def ids(svg: str) -> set[str]:
    return set(re.findall(r'\bid="([^"]*)"', svg))


def texts(svg: str) -> list[str]:
    return [text.text or "" for text in ElementTree.fromstring(svg).iter(f"{SVG}text")]


def test_the_svg_stands_alone_and_has_a_size() -> None:
    root = ElementTree.fromstring(picture().svg(START, "5 < 6"))
    assert root.tag == f"{SVG}svg"
    assert root.get("viewBox") == f"0 0 {root.get('width')} {root.get('height')}"
    assert root.get("role") == "img"
    assert root.get("aria-label") == "5 < 6"


def test_nothing_reaches_out_of_the_svg() -> None:
    svg = picture().svg(START, "")
    assert "<style" not in svg
    assert "axes_" not in svg
    assert "figure_" not in svg
    assert set(re.findall(r"#([phm]\w{10})\b", svg)) <= ids(svg)


def test_pictures_on_a_page_and_layers_of_a_picture_share_no_ids() -> None:
    one, two = (picture(name).svg(START, "") for name in ("one", "two"))
    assert ids(one)
    assert not ids(one) & ids(two)
    assert len(re.findall(r'\bid="', one)) == len(ids(one))


def test_text_is_text_and_what_is_hidden_is_not_there() -> None:
    drawing = coverage.draw(MODEL)
    svg = MovingPicture(drawing, name="test").svg(START, "")
    shown = [text.get_text() for text in drawing.figure.findobj(Text) if text.get_visible() and text.get_text()]
    assert sorted(texts(svg)) == sorted(shown)


def test_a_step_leaves_nothing_of_the_one_before() -> None:
    moving = picture()
    first = moving.svg(START, "")
    other = moving.svg(MODEL.outcome({**MODEL.defaults(), "pipeline": 800_000, "won": 200_000}), "")
    assert other != first
    assert "5.0×" not in other
    assert moving.svg(START, "") == first


def test_the_same_bytes_in_every_process() -> None:
    code = (
        "from test_pictures import START, picture; import hashlib;"
        "print(hashlib.sha256(picture().svg(START, 'x').encode()).hexdigest())"
    )
    here = hashlib.sha256(picture().svg(START, "x").encode()).hexdigest()
    elsewhere = subprocess.run(
        [sys.executable, "-c", code],
        cwd=Path(__file__).parent,
        env={**os.environ, "PYTHONHASHSEED": "1"},
        capture_output=True,
        text=True,
        check=True,
    )
    assert elsewhere.stdout.strip() == here


def test_no_place_depends_on_the_width_of_a_font(monkeypatch: pytest.MonkeyPatch) -> None:
    one = picture().svg(START, "")
    monkeypatch.setattr(pictures, "_MEASURED", "DejaVu Serif")
    monkeypatch.setitem(pictures._STYLE, "font.family", ["DejaVu Serif"])
    assert picture().svg(START, "") == one


def test_the_style_of_the_notebook_around_it_changes_nothing() -> None:
    before = picture().svg(START, "")
    with mpl.rc_context({"font.size": 30, "axes.facecolor": "red", "svg.fonttype": "path", "text.color": "red"}):
        assert picture().svg(START, "") == before


@house_style()
def draw_box_and_title(title: str) -> Drawing[Outcome]:
    figure = Figure(figsize=(3, 2), layout="constrained")
    axes = figure.add_subplot()
    box = axes.add_patch(Rectangle((0, 0), 0.1, 0.1))
    text = axes.set_title(title)

    def move(outcome: Outcome) -> None:
        box.set_width(outcome.coverage)

    return Drawing(figure, [box, text], move)


def test_the_layout_is_made_once_with_what_moves() -> None:
    drawing = draw_box_and_title("A title\nof two lines")
    moving = MovingPicture(drawing, name="test")
    place = drawing.figure.axes[0].get_position().bounds
    assert place[1] + place[3] < 0.85  # two lines fit above
    moving.svg(Outcome(levers={}, coverage=0.9), "")
    assert drawing.figure.axes[0].get_position().bounds == place


def test_the_still_part_is_not_drawn_again(monkeypatch: pytest.MonkeyPatch) -> None:
    drawing = draw_box_and_title("Title")
    moving = MovingPicture(drawing, name="test")
    monkeypatch.setattr(Figure, "draw", lambda *_args: pytest.fail("the whole figure was drawn"))
    assert moving.svg(Outcome(levers={}, coverage=0.5), "").count("Title") == 1


def test_dollars_in_a_name_are_no_formula() -> None:
    svg = MovingPicture(draw_box_and_title("a $1 and b $2 & <c>"), name="test").svg(
        Outcome(levers={}, coverage=0.5), ""
    )
    assert "a $1 and b $2 & <c>" in texts(svg)


def test_the_stored_figure_holds_picture_and_words_and_escapes_them() -> None:
    svg = picture().svg(START, 'a "quote" <b>')
    stored = figure_html(svg, 'a "quote" <b>')
    root = ElementTree.fromstring(stored.replace("<img", "<img x=''").replace('"><figcaption', '"/><figcaption'))
    image = root.find("img")
    assert image is not None
    assert image.get("alt") == root.findtext("figcaption") == 'a "quote" <b>'
    head, _comma, data = image.get("src", "").partition(",")
    assert head == "data:image/svg+xml;base64"
    assert base64.b64decode(data).decode() == svg
