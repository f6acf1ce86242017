"""Files that are no table, hostile, too large or damaged; what workbooks may not do; progress, and mappings."""

import datetime
import io
import json
import random
import sys
import warnings
import zipfile
from pathlib import Path

import pandas as pd
import pytest
from exports_forms import BY_HAND, CANONICAL, DEALS, csv_of, dutch, euro_nl, page_of, table, text_of, xlsx_of
from openpyxl import load_workbook

from salesmetrics.base.errors import SalesMetricsError
from salesmetrics.base.language import use_language
from salesmetrics.crm import Question, read_deals, source, workbook

GOOD = csv_of(table(CANONICAL))
BOOK = xlsx_of(table(CANONICAL, day=lambda day: day, money=lambda amount: amount))


@pytest.fixture(params=["en", "nl"])
def lang(request):
    use_language(request.param)
    return request.param


def archive(**parts):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as file:
        for name, data in parts.items():
            file.writestr(name.replace("__", "/").replace("_x", ".x"), data)
    return out.getvalue()


def rebuilt(book, change=None, add=None):
    """Write a workbook's archive again, with one part changed or added."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(book)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for item in old.infolist():
            data = old.read(item)
            new.writestr(item.filename, change(item.filename, data) if change else data)
        for name, data in (add or {}).items():
            new.writestr(name, data)
    return out.getvalue()


NO_TABLE = [
    ("old Excel or a password", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "damaged", "beschadigd"),
    ("a PDF", b"%PDF-1.7 ...", "PDF", "pdf"),
    ("a web page named .xls", b"<html><table><tr><td>Amount</td></tr></table>", "sign in", "inloggen"),
    ("a web page without a table", b"<!DOCTYPE html><p>Sign in: Amount, Stage, Account", "web page", "webpagina"),
    ("XML named .xls", b'<?xml version="1.0"?><Workbook/>', "XML", "XML"),
    ("gzip", b"\x1f\x8b\x08\x00abc", "gzip", "gzip"),
    ("Parquet", b"PAR1xxxxPAR1", "Parquet", "Parquet"),
    ("a picture", b"\x89PNG\r\n\x1a\n\0\0\0", "picture", "afbeelding"),
    ("another archive", archive(readme="hello"), "packed", "ingepakt"),
    ("a binary workbook", archive(xl__workbook_bin="x"), "packed", "ingepakt"),
    ("half a workbook", BOOK[: len(BOOK) // 2], "damaged", "beschadigd"),
    ("a workbook of nonsense", archive(xl__workbook_xml="<a/>"), "damaged", "beschadigd"),
    ("bytes without meaning", bytes(range(1, 256)) * 3, "neither", "geen tabel"),
    ("zeros among the text", GOOD[:300] + b"\0\0\0" + GOOD[300:], "neither", "geen tabel"),
    ("UTF-16 cut in a letter", GOOD.decode().encode("utf-16")[:-1], "neither", "geen tabel"),
    ("one column", b"name\na\nb\n", "more than one cell", "meer dan één cel"),
    ("nothing", b"", "empty", "leeg"),
    ("only a mark of UTF-8", b"\xef\xbb\xbf\r\n", "empty", "leeg"),
    ("a workbook without cells", xlsx_of([]), "empty", "leeg"),
    ("only headers", xlsx_of(table(CANONICAL)[:1]), "no rows", "geen rijen"),
]


@pytest.mark.parametrize(
    ("data", "english", "dutch"), [case[1:] for case in NO_TABLE], ids=[case[0] for case in NO_TABLE]
)
def test_what_is_no_table_is_refused(lang, data, english, dutch):
    with pytest.raises(SalesMetricsError) as error:
        read_deals(data, name="export.xls")
    assert (english if lang == "en" else dutch) in str(error.value)
    assert error.value.hint


def test_a_large_file_is_refused_before_it_is_read(lang, tmp_path, monkeypatch):
    path = tmp_path / "export.csv"
    path.write_bytes(GOOD)
    monkeypatch.setattr(source, "LARGEST", 1_000)
    with pytest.raises(SalesMetricsError, match="MB"):
        read_deals(path)
    with pytest.raises(SalesMetricsError, match="MB"):
        read_deals(GOOD)


def test_an_archive_bomb_is_refused_before_it_is_unpacked(lang):
    bomb = rebuilt(BOOK, add={"xl/media/zeros.bin": b"\0" * (source.LARGEST + 1)})
    assert len(bomb) < 2_000_000
    with pytest.raises(SalesMetricsError, match="MB"):
        read_deals(bomb)


def test_a_bomb_that_lies_about_its_size_is_refused():
    bomb = bytearray(rebuilt(BOOK, add={"xl/worksheets/sheet9.xml": b"<x>" + b" " * 50_000_000}))
    # In the list at the end of the archive: say that this part is small.
    place = bomb.rindex(b"xl/worksheets/sheet9.xml") - 46 + 24
    bomb[place : place + 4] = (100).to_bytes(4, "little")
    with pytest.raises(SalesMetricsError, match="damaged"):
        read_deals(bytes(bomb))


def test_a_row_far_below_and_a_column_far_to_the_right_cost_no_memory(monkeypatch):
    def far(name, data):
        return data.replace(b"</sheetData>", b'<row r="900000000"><c r="A900000000"><v>1</v></c></row></sheetData>')

    with pytest.raises(SalesMetricsError):
        read_deals(rebuilt(BOOK, far))

    monkeypatch.setattr(workbook, "MOST_CELLS", 100_000)

    def wide(name, data):
        rows = b"".join(b'<row r="%d"><c r="XFD%d"><v>1</v></c></row>' % (row, row) for row in range(20, 40))
        return data.replace(b"</sheetData>", rows + b"</sheetData>")

    with pytest.raises(SalesMetricsError):
        read_deals(rebuilt(BOOK, wide))


ENTITY = b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY x "xxxxxxxxxx"><!ENTITY y "&x;&x;&x;&x;">]>'


@pytest.mark.parametrize("part", ["xl/worksheets/sheet1.xml", "xl/workbook.xml", "docProps/app.xml"])
def test_entities_are_refused(part):
    def change(name, data):
        return ENTITY + data.split(b"?>", 1)[-1] if name == part else data

    with pytest.raises(SalesMetricsError, match="damaged"):
        read_deals(rebuilt(BOOK, change))


def test_only_stored_values_are_read_and_no_link_is_followed():
    link = b'<?xml version="1.0"?><externalLink xmlns="x"><externalBook xmlns:r="y" r:id="rId1"/></externalLink>'
    add = {"xl/externalLinks/externalLink1.xml": link, "xl/vbaProject.bin": b"\0macro"}
    assert len(read_deals(rebuilt(BOOK, add=add)).deals) == len(DEALS)


def test_a_formula_with_its_result_is_its_result():
    def change(name, data):
        return data.replace(b"<v>12500.5</v>", b'<f>HYPERLINK("http://x")+12500.5</f><v>12500.5</v>')

    assert read_deals(rebuilt(BOOK, change)).deals["amount"].iloc[0] == 12500.5


def test_a_formula_that_was_never_calculated_is_refused(lang):
    book = load_workbook(io.BytesIO(BOOK))
    book.active["F2"] = "=1+1"
    out = io.BytesIO()
    book.save(out)
    with pytest.raises(SalesMetricsError, match="F2"):
        read_deals(out.getvalue())


def test_without_the_library_a_workbook_gets_a_sentence_and_csv_is_read(lang, monkeypatch):
    monkeypatch.setitem(sys.modules, "python_calamine", None)
    english, in_dutch = "Workbooks can't be read here", "Werkmappen zijn hier niet te lezen"
    with pytest.raises(SalesMetricsError, match=english if lang == "en" else in_dutch) as refused:
        read_deals(BOOK)
    assert "CSV UTF-8" in str(refused.value)
    assert len(read_deals(GOOD).deals) == len(DEALS)


def test_a_workbook_that_counts_from_1904(lang):
    book = load_workbook(io.BytesIO(BOOK))
    book.epoch = datetime.datetime(1904, 1, 1)
    day = book.active["H2"].value
    book.active["H2"] = (day - datetime.datetime(1904, 1, 1)).days
    for row in range(3, len(DEALS) + 2):
        cell = book.active[f"H{row}"]
        cell.value = (cell.value - datetime.datetime(1904, 1, 1)).days
        cell.number_format = "0"
    book.active["H2"].number_format = "0"
    out = io.BytesIO()
    book.save(out)
    created = read_deals(out.getvalue()).deals["created_on"]
    assert [found.date() for found in created] == [deal["created"] for deal in DEALS]


def test_warnings_of_the_library_do_not_reach_the_user():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        read_deals(BOOK)


def test_a_workbook_is_never_written_to(tmp_path):
    path = tmp_path / "deals.xlsx"
    path.write_bytes(BOOK)
    path.chmod(0o444)
    read_deals(path)
    assert path.read_bytes() == BOOK


HOSTILE = ["<img src=x onerror=alert(1)>", "<script>alert(1)</script>", '"><b>', "=HYPERLINK('x')", "$a$", "{count}"]


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_texts_stay_text(lang, text):
    columns = {**CANONICAL, text: "name", "account": lambda deal: text, "stage": lambda deal: text}
    export = read_deals(csv_of(table(columns)), name=text)
    page = export._repr_html_()
    assert "<img" not in page
    assert "<script" not in page
    assert "<b>" not in page
    assert export.deals["account"].iloc[0] == text
    with pytest.raises(SalesMetricsError) as error:
        read_deals(csv_of(table({**CANONICAL, "status": lambda deal: text})), name=text)
    assert text in str(error.value)


HOSTILE_PAGES = ["<!", "<a ", "<!--", "<![CDATA[", '<a x="', "</", "<tr><td", "<tr>", "<td>", "<script>", "&#", "&amp"]


@pytest.mark.parametrize("piece", HOSTILE_PAGES)
def test_a_hostile_page_is_refused_and_costs_no_minutes(piece):
    with pytest.raises(SalesMetricsError):
        read_deals(("<html><table>" + piece * 100_000).encode())


def test_a_page_stays_text():
    data = page_of(table({**CANONICAL, "account": lambda deal: "<img src=x onerror=alert(1)> & Zn"}))
    export = read_deals(data, name="export.xls")
    assert set(export.deals["account"]) == {"<img src=x onerror=alert(1)> & Zn"}
    assert "<img" not in export._repr_html_()


def test_progress_rises_to_the_end():
    told = []
    read_deals(GOOD, progress=told.append)
    assert told == sorted(told)
    assert told[-1] == 1
    told.clear()
    read_deals(BOOK, progress=told.append)
    assert told[-1] == 1


def test_a_workbook_tells_how_far_it_is_while_it_is_read(monkeypatch):
    monkeypatch.setattr(workbook, "_STEP", 3)
    told = []
    read_deals(BOOK, progress=told.append)
    assert told == sorted(told)
    assert len([share for share in told if 0 < share < 0.6]) >= 3


def test_a_workbook_shows_a_bar_sooner(capsys, monkeypatch):
    monkeypatch.setattr(source, "SHOWN_FROM", 10 * len(BOOK))
    read_deals(BOOK)
    assert capsys.readouterr().err.endswith("100%\n")
    read_deals(GOOD)
    assert not capsys.readouterr().err


def test_a_large_file_shows_a_bar(lang, capsys, monkeypatch):
    read_deals(GOOD)
    assert not capsys.readouterr().err
    monkeypatch.setattr(source, "SHOWN_FROM", 10)
    read_deals(GOOD)
    shown = capsys.readouterr().err
    assert shown.endswith("100%\n")
    # One line that fills up.
    assert (shown.count("\n"), shown.count("\r") > 1) == (1, True)
    assert ("Reading" if lang == "en" else "Inlezen") in shown
    read_deals(GOOD, progress=False)
    assert not capsys.readouterr().err


# Written by LibreOffice Calc from the same cells.
OTHER_BOOKS = {kind: (Path(__file__).parent / "workbooks" / f"deals.{kind}").read_bytes() for kind in ("xls", "ods")}


@pytest.mark.parametrize("kind", OTHER_BOOKS)
def test_a_workbook_of_another_kind_gives_the_same_deals(lang, kind):
    export, known = read_deals(OTHER_BOOKS[kind]), read_deals(BOOK)
    pd.testing.assert_frame_equal(export.deals, known.deals)
    assert f"(.{kind})" in str(export.receipt)
    # What was not looked for is said.
    assert ".xlsx" in " ".join(export.receipt.remarks)


@pytest.mark.parametrize("kind", OTHER_BOOKS)
def test_a_damaged_workbook_of_another_kind_is_read_or_refused(kind):
    outcomes = set()
    for seed in range(60):
        damaged, draw = bytearray(OTHER_BOOKS[kind]), random.Random(seed)
        start = draw.randrange(8, len(damaged))
        # Bytes lost from the middle make the library panic, which is no Exception.
        del damaged[start : start + draw.randint(1, 600)]
        try:
            outcomes.add(len(read_deals(bytes(damaged)).deals))
        except SalesMetricsError as refusal:
            outcomes.add("refused" if refusal.hint else "no hint")
    assert "refused" in outcomes
    assert "no hint" not in outcomes


def test_a_mapping_reads_next_weeks_file(lang, tmp_path):
    columns = {
        **{f"Veld {name}": cell for name, cell in BY_HAND.items()},
        "Veld Status": lambda deal: deal["status"].upper(),
    }
    week = csv_of(table(columns, day=dutch, money=euro_nl), ";", "cp1252")
    options = {
        "columns": {
            "deal_id": "Veld Nr",
            "status": "Veld Status",
            "amount": "Veld Waarde",
            "created_on": "Veld Aangemaakt op",
            "closed_on": "Veld Gesloten op",
        },
        "won": "WON",
    }
    export = read_deals(week, **options)
    export.save_mapping(tmp_path / "mapping.json")
    saved = json.loads((tmp_path / "mapping.json").read_text(encoding="utf-8"))
    assert saved["date_order"] == {"created_on": "day", "closed_on": "day"}
    assert "De Aar" not in str(saved)
    # Next week's file is short: by itself it could not tell its dates and amounts.
    short = week.decode("cp1252").splitlines()
    short = [short[0], short[1].replace("14-01-2026", "04-01-2026").replace("12.500,50", "12.500")]
    with pytest.raises(Question):
        read_deals("\n".join(short).encode("cp1252"), **options)
    again = read_deals("\n".join(short).encode("cp1252"), mapping=tmp_path / "mapping.json")
    assert again.deals["amount"].tolist() == [12500]
    assert again.deals["created_on"].tolist() == [pd.Timestamp(2026, 1, 4)]
    assert len(read_deals(week, mapping=export.mapping).deals) == len(DEALS)


NO_MAPPING = [
    *("", "{", "[]", "1", "{}", "[" * 100_000),
    '{"salesmetrics-mapping": 2}',
    '{"salesmetrics-mapping": 1, "path": "x"}',
    '{"salesmetrics-mapping": 1, "columns": ["a"]}',
    '{"salesmetrics-mapping": 1, "won": {"a": 1}}',
]


@pytest.mark.parametrize("text", NO_MAPPING, ids=range(len(NO_MAPPING)))
def test_a_damaged_mapping_is_refused(lang, tmp_path, text):
    path = tmp_path / "mapping.json"
    path.write_text(text)
    with pytest.raises(SalesMetricsError, match="mapping"):
        read_deals(GOOD, mapping=path)
    with pytest.raises(SalesMetricsError):
        read_deals(GOOD, mapping=tmp_path / "none.json")


def test_a_mapping_that_can_not_be_written_is_said(lang, tmp_path):
    with pytest.raises(SalesMetricsError, match="none"):
        read_deals(GOOD).save_mapping(tmp_path / "none" / "mapping.json")


WRONG_OPTIONS = [
    {"sheet": "Other"},
    {"pipeline": "Other"},
    {"encoding": "utf-99"},
    {"encoding": "hex"},
    {"delimiter": ";;"},
    {"delimiter": "a"},
    {"probability_in": "promille"},
    {"stages": "Demo"},
    {"stages": ["Proposal", "Demoo"]},
    {"date_order": {"created": "day"}},
    {"decimal": {"amounts": ","}},
]


@pytest.mark.parametrize("options", WRONG_OPTIONS, ids=str)
def test_an_option_that_can_not_be_is_refused(lang, options):
    data = BOOK if "sheet" in options else csv_of(table({**CANONICAL, "pipeline": lambda deal: "Sales"}))
    with pytest.raises(SalesMetricsError) as error:
        read_deals(data, **options)
    assert error.value.hint


def test_a_wrong_delimiter_that_was_told_is_refused():
    with pytest.raises(SalesMetricsError):
        read_deals(text_of(table(CANONICAL)).encode(), delimiter="^")
