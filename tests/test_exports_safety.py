"""A hostile export: its names stay text wherever they are shown, its workbook does nothing, its file is left alone."""

import base64
import io
import re
import socket
import struct
import zipfile
from xml.etree import ElementTree

import pandas as pd
import pytest
from exports_forms import CANONICAL, DEALS, csv_of, page_of, table
from exports_quirks import FORMS
from test_exports_files import BOOK, rebuilt

import salesmetrics as sm
from salesmetrics.base.errors import SalesMetricsError
from salesmetrics.crm import Question, read_deals, source, workbook
from salesmetrics.own_pipeline import figures

LONG = "language" * 5_000
NAMES = {
    "an element": "<img src=x onerror=alert(1)>",
    "a script": "</script><script>alert(1)</script>",
    "an attribute": "\"'><b onmouseover=alert(1)>",
    "a formula of TeX": "$\\frac{1}{0}$ and $x^2$",
    "a formula of a spreadsheet": '=HYPERLINK("http://x";"y")',
    "right to left": "\u202etxet\u202c \u200f\u2067abc",
    "a format": "{count} %s {0.__class__}",
    "Markdown": "[x](javascript:alert(1)) **b** `c`",
    "two lines": "one\ntwo",
    "very long": LONG,
    "letters of no font": "🔥 日本",
    "a control character": "bell\x07 and \x1b[31mred",
}


@pytest.fixture(params=NAMES.values(), ids=NAMES)
def name(request):
    return request.param


def is_only_text(page, name):
    """Check that a page holds no element, attribute or script of a name, only its text."""
    assert not re.search(r"<(?:img src=x|script|b\b)|onerror=|onmouseover=", re.sub(r"&lt;.*?&gt;", "", page))
    tags = set(re.findall(r"</?([a-zA-Z]+)", page))
    assert tags <= {
        "div",
        "table",
        "caption",
        "strong",
        "tr",
        "th",
        "td",
        "thead",
        "tbody",
        "p",
        "br",
        "figure",
        "wbr",
    } | {*("img", "figcaption", "ul", "li", "ol", "em", "small", "span", "details", "summary")}


def test_a_hostile_name_stays_text_in_the_receipt_and_the_deals(language, name):
    columns = {**CANONICAL, f"X{name}": "name", "account": lambda deal: name, "stage": lambda deal: name}
    export = read_deals(csv_of(table(columns)), name=f"{name[:60]}.csv")
    is_only_text(export._repr_html_(), name)
    assert set(export.deals["account"]) == {name}
    # A long name neither hides the rest nor makes the page wider than it is.
    assert not re.search(r"\w{31}", re.sub(r"<[^>]*>", " ", export._repr_html_()))
    assert len(str(export.receipt)) < 5_000
    assert "deal_id" in str(export.receipt)


def test_a_hostile_name_stays_text_in_what_is_asked_and_refused(language, name):
    for columns in (
        {**CANONICAL, "status": lambda deal: name},
        {**{key: value for key, value in CANONICAL.items() if key != "amount"}, name: "amount"},
        {**CANONICAL, "pipeline": lambda deal: [name, "Other"][int(deal["id"][1:]) % 2]},
        {**CANONICAL, "amount": lambda deal: name},
    ):
        with pytest.raises(SalesMetricsError) as error:
            read_deals(csv_of(table(columns)), name="export.csv")
        assert len(str(error.value)) < 5_000 if name != LONG else len(error.value.what) < 1_000
        if isinstance(error.value, Question) and error.value.words:
            assert name in [word.text for word in error.value.words]


def test_a_hostile_stage_stays_text_in_the_views_and_in_the_picture(name):
    # The cell of a CSV loses the spaces around it, and nothing else.
    stages = [name, "Demo"]
    rows = [
        {
            "deal_id": str(number),
            "status": ["open", "won", "lost"][number % 3],
            "stage": stages[number % 2],
            "amount": 1_000.0 + number,
            "created_on": pd.Timestamp("2025-10-01"),
            "closed_on": pd.NaT if number % 3 == 0 else pd.Timestamp("2026-02-01"),
            "expected_close_on": pd.Timestamp("2026-05-01") if number % 3 == 0 else pd.NaT,
            "owner": name,
            "channel": name if number % 2 else "Beurs",
        }
        for number in range(120)
    ]
    deals = sm.check_deals(pd.DataFrame(rows))
    mine = sm.pipeline(deals, stages=stages, target=50_000, period="2026Q2")
    for show in (
        figures.coverage,
        figures.conversion,
        figures.situation,
        figures.stages,
        figures.stale,
        figures.largest,
    ):
        is_only_text(show(mine).html, name)
    pictures = [sm.picture(deals, by="channel", base=base) for base in ("closed", "created")]
    shown = [figures.stages(mine).html, *(picture._repr_html_() for picture in pictures)]
    for page in shown:
        [packed] = re.findall(r"data:image/svg\+xml;base64,([^\"']+)", page)
        svg = base64.b64decode(packed).decode()
        # Read as XML it holds no element of the name, and the name's beginning as text: no formula was set.
        tags = {element.tag.rpartition("}")[2] for element in ElementTree.fromstring(svg).iter()}
        assert not tags & {"img", "script", "b", "foreignObject", "a"}
    if "$" in name:
        texts = "".join(ElementTree.fromstring(svg).itertext())
        assert "$\\frac{1}{0}$" in texts


# Workbooks and archives


def test_a_workbook_asks_nothing_of_the_network_or_the_disk(monkeypatch):
    link = (
        b'<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        b'<Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/externalLinkPath"'
        b' Target="http://127.0.0.1:9/x.xlsx" TargetMode="External"/></Relationships>'
    )
    bomb = io.BytesIO()
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as inner:
        inner.writestr("zeros", b"\0" * 50_000_000)
    add = {
        "xl/externalLinks/_rels/externalLink1.xml.rels": link,
        "xl/vbaProject.bin": b"macro",
        "xl/connections.xml": b'<connections xmlns="x"><connection sourceFile="http://127.0.0.1:9/"/></connections>',
        "xl/embeddings/inner.zip": bomb.getvalue(),
    }

    def refuse(*_given, **_options):
        raise AssertionError("something asked for the network")

    monkeypatch.setattr(socket, "socket", refuse)
    monkeypatch.setattr(socket, "create_connection", refuse)
    assert len(read_deals(rebuilt(BOOK, add=add)).deals) == len(DEALS)


def test_a_sheet_that_stands_elsewhere_is_not_fetched(tmp_path, language):
    (tmp_path / "secret.xml").write_text("<worksheet/>")

    def elsewhere(part, data):
        if part != "xl/_rels/workbook.xml.rels":
            return data
        there = (tmp_path / "secret.xml").as_uri().encode()
        return data.replace(b'Target="/xl/worksheets/sheet1.xml"', b'TargetMode="External" Target="' + there + b'"')

    moved = rebuilt(BOOK, elsewhere)
    assert moved != rebuilt(BOOK)
    with pytest.raises(SalesMetricsError):
        read_deals(moved)


def test_an_archive_of_thousands_of_entries_is_refused(language):
    many = {f"xl/media/{number}": b"" for number in range(workbook._MOST_PARTS)}
    with pytest.raises(SalesMetricsError, match="MB"):
        read_deals(rebuilt(BOOK, add=many))


def test_texts_that_unpack_to_more_than_fits_in_memory_are_refused(language):
    add = {"xl/more/sharedStrings.xml": b" " * (workbook._LARGEST_TEXTS + 1)}
    with pytest.raises(SalesMetricsError, match="MB"):
        read_deals(rebuilt(BOOK, add=add))


def test_an_archive_in_an_archive_is_not_unpacked(language):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("export.xlsx", BOOK)
    with pytest.raises(SalesMetricsError, match="packed" if language == "en" else "ingepakt"):
        read_deals(out.getvalue())


def test_a_workbook_whose_parts_have_a_password_is_refused(language):
    locked = bytearray(BOOK)
    # The bit that says "encrypted", in the list at the end and before each part.
    for mark, place in ((b"PK\x01\x02", 8), (b"PK\x03\x04", 6)):
        for found in re.finditer(re.escape(mark), BOOK):
            at = found.start() + place
            struct.pack_into("<H", locked, at, struct.unpack_from("<H", locked, at)[0] | 1)
    with pytest.raises(SalesMetricsError) as error:
        read_deals(bytes(locked), name="export.xlsx")
    assert error.value.hint


@pytest.mark.parametrize("part", [0.1, 0.5, 0.9, 0.99])
def test_a_workbook_that_was_cut_off_is_refused(part, language):
    with pytest.raises(SalesMetricsError) as error:
        read_deals(BOOK[: int(len(BOOK) * part)], name="export.xlsx")
    assert error.value.hint


def test_a_workbook_with_a_changed_byte_in_its_cells_is_refused(language):
    with zipfile.ZipFile(io.BytesIO(BOOK)) as archive:
        place = archive.getinfo("xl/worksheets/sheet1.xml").header_offset + 200
    with pytest.raises(SalesMetricsError, match="damaged" if language == "en" else "beschadigd"):
        read_deals(BOOK[:place] + bytes([BOOK[place] ^ 255]) + BOOK[place + 1 :], name="export.xlsx")


def test_the_size_that_is_too_large_is_said_with_what_to_do(language, tmp_path, monkeypatch):
    monkeypatch.setattr(source, "LARGEST", 2_000_000)
    path = tmp_path / "export.csv"
    path.write_bytes(b"x" * 3_000_000)
    with pytest.raises(SalesMetricsError) as error:
        read_deals(path)
    assert "3 MB" in error.value.what
    assert "2 MB" in error.value.what
    assert "check_deals" in error.value.hint


@pytest.mark.parametrize("form", [form for form in FORMS if "(nl)" not in form.name], ids=lambda form: form.name)
def test_no_file_is_written_to(form, tmp_path):
    path = tmp_path / "export"
    path.write_bytes(form.data)
    before = path.stat()
    for options in (form.options, {"columns": {"amount": "nowhere"}}):
        try:
            read_deals(path, **options)
        except SalesMetricsError:
            assert options is not form.options
    assert path.read_bytes() == form.data
    assert (path.stat().st_mtime_ns, path.stat().st_ino) == (before.st_mtime_ns, before.st_ino)
    assert [entry.name for entry in tmp_path.iterdir()] == ["export"]


def test_a_page_named_xls_runs_and_fetches_nothing(monkeypatch):
    def refuse(*_given, **_options):
        raise AssertionError("something asked for the network")

    monkeypatch.setattr(socket, "socket", refuse)
    page = page_of(table(CANONICAL)).replace(
        b"<body>", b'<body><script src="http://127.0.0.1:9/x.js"></script><img src="http://127.0.0.1:9/y">'
    )
    assert len(read_deals(page).deals) == len(DEALS)
