"""Damaged files end in deals or in a refusal, never in anything else, and every line is accounted for.

By hand, longer and each time other files: ``EXPORTS_FUZZ=10000 pytest tests/test_exports_fuzz.py``; a file counts as
read to the end where the first answer to each of its questions leads to deals.
"""

import datetime
import os
import random
import warnings

import pandas as pd
from exports_forms import CANONICAL, table, text_of, xlsx_of
from exports_quirks import FORMS
from hypothesis import HealthCheck, given, reject, settings
from hypothesis import strategies as st

from salesmetrics.base.errors import SalesMetricsError
from salesmetrics.crm import Question, read_deals
from salesmetrics.crm.delimited import DELIMITERS, read_records
from salesmetrics.deals.check import check_deals

LONG = int(os.environ.get("EXPORTS_FUZZ", "0"))
MANY = settings(
    max_examples=LONG or 120,
    derandomize=not LONG,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)

PIECES = [
    *(b'"', b'""', b",", b";", b"\t", b"|", b"\r", b"\n", b"\r\n\r\n", b"\0", b"\xef\xbb\xbf", b"\xff\xfe", b"\x80"),
    *(b"\xe2\x82\xac 1.234,56", b"1.234", b"-1", b"n/a", b"1e400", b"99999999999999999999", b"NaN", b"inf", b"(5)"),
    *(b"03-04-2026", b"10/20/2016", b"31-02-2026", b"9999-12-31", b"0000-00-00", b"45123", b"12:00", b"3 mrt 2026"),
    *(b"Won", b"Closed Lost", b"Gesloten", b"Total", b"<script>", b"=1+1", b"%", b"$", b"USD", b"{x}", b" " * 50),
    *(b"Lost - price", b"Vervallen", b"Stage  \xe2\x86\x91", b"12k", b"1,5 mln", b"Amount (converted)", b"Deal Name"),
    *(b"<tr>", b"<td>", b"</table>", b"<!--", b"-->", b"<", b">", b"&amp;", b"&#0;", b"&#xD800;", b"<html><table>"),
    *(b"amount", b"Amount", b"Stage", b"Status", b"Pipeline", b"sep=;\n", b"PK\x03\x04", "ğŸ\u2028".encode()),
]
BOOK = xlsx_of(table(CANONICAL))
TEXTS = [form for form in FORMS if not form.data.startswith(b"PK")]


def accounted(export, text, rows):
    """Check that each line of the file is a deal's, left out, or known to be something else, once.

    A record that runs over several lines is known by its first.
    """
    receipt = export.receipt
    left = [line for group in receipt.left_out for line in group.lines]
    others = [line for _what, lines in receipt.other for line in lines]
    everything = [*export.lines.tolist(), *left, *others]
    assert len(everything) == len(set(everything))
    assert receipt.rows == len(export.deals) + len(left)
    assert sum(receipt.counts.values()) == len(export.deals)
    if text:
        lines = len(text.replace("\r\n", "\n").replace("\r", "\n").removesuffix("\n").split("\n"))
        assert set(everything) <= set(range(1, lines + 1))
        if not text.startswith("sep=") and not receipt.mended:
            marks = {**DELIMITERS, "^": "“^”"}
            [mark] = [mark for mark, name in marks.items() if ("Between the cells", name) in receipt.facts]
            records = read_records(text.replace("\r\n", "\n").replace("\r", "\n"), mark)
            assert sorted(everything) == records.lines.tolist()
            if '"' not in text:
                assert len(everything) == lines
    if rows:
        filled = [number for number, row in enumerate(rows, 1) if any(cell not in (None, "") for cell in row)]
        assert sorted(everything) == list(range(1, filled[-1] + 1))


def speaks(refusal):
    assert refusal.what
    assert refusal.hint


def read(data, text="", rows=(), **options):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        try:
            export = read_deals(data, name="export", **options)
        except SalesMetricsError as refusal:
            speaks(refusal)
            return
    accounted(export, text, rows)
    with warnings.catch_warnings():
        # Closed before created is odd, and in the receipt.
        warnings.simplefilter("ignore")
        pd.testing.assert_frame_equal(check_deals(export.deals), export.deals)
    assert str(export.receipt)
    assert export._repr_html_()


@st.composite
def damaged(draw):
    form = draw(st.sampled_from(TEXTS))
    data = bytearray(form.data)
    for _change in range(draw(st.integers(1, 6))):
        place = draw(st.integers(0, len(data)))
        length = draw(st.integers(0, 40))
        kind = draw(st.sampled_from(["insert", "byte", "cut", "twice", "end", "line"]))
        if kind == "insert":
            data[place:place] = draw(st.sampled_from(PIECES))
        elif kind == "byte":
            data[place : place + 1] = bytes([draw(st.integers(0, 255))])
        elif kind == "cut":
            del data[place : place + length]
        elif kind == "twice":
            data[place:place] = data[place : place + length]
        elif kind == "end":
            del data[place:]
        else:
            lines = bytes(data).split(b"\n")
            lines[place % len(lines)] = draw(st.sampled_from(PIECES))
            data = bytearray(b"\n".join(lines))
    return bytes(data), form.options


@MANY
@given(damaged())
def test_a_damaged_text_gives_deals_or_a_refusal(drawn):
    data, options = drawn
    try:
        text = data.decode("utf-8") if "encoding" not in options else ""
    except UnicodeDecodeError:
        text = ""
    # The lines of a page are the rows of its table.
    plain = "\0" not in text and not text.lstrip("\ufeff \n").startswith("<") and not text.startswith("\ufeff")
    read(data, text if plain else "", **options)


CELLS = st.one_of(
    st.sampled_from(
        ["", "-", "n/a", "won", "lost", "open", "Demo", "1.234", "1,5", "€ 5", "$ 5", "25%", "-1", "Total"]
    ),
    st.sampled_from(["03-04-2026", "2026-03-04", "3/25/2026", "46000", "1 mei 2026", "31-02-2026", "1-1-26", "=1+1"]),
    st.text(max_size=8),
    st.integers(-(10**20), 10**20).map(str),
    st.floats().map(str),
    st.dates().map(str),
)
VALUES = st.one_of(
    CELLS.filter(lambda text: all(ord(letter) > 31 for letter in text)),
    st.none(),
    st.booleans(),
    st.integers(-(10**9), 10**9),
    st.floats(-1e12, 1e12),
    st.datetimes(datetime.datetime(1950, 1, 1), datetime.datetime(2090, 1, 1)),
    st.dates(datetime.date(1950, 1, 1), datetime.date(2090, 1, 1)),
    st.times(),
)


def changed(draw, cells, values):
    rows = [list(row) for row in cells]
    for _change in range(draw(st.integers(1, 12))):
        row = rows[draw(st.integers(0, len(rows) - 1))]
        row[draw(st.integers(0, len(row) - 1))] = draw(values)
    return rows


@MANY
@given(st.data())
def test_any_cells_give_deals_or_a_refusal(data):
    rows = changed(data.draw, table(CANONICAL), CELLS)
    delimiter = data.draw(st.sampled_from(",;\t|"))
    text = text_of(rows, delimiter, end="\n") if not _lone(rows) else "\0"
    read(text.encode(), "" if "\0" in text or text.startswith("\ufeff") else text)


def _lone(rows):
    """Tell whether a text can't be written in UTF-8 at all."""
    return any(0xD800 <= ord(letter) <= 0xDFFF for row in rows for cell in row for letter in str(cell))


@settings(MANY, max_examples=LONG // 10 or 25)
@given(st.data())
def test_any_values_in_a_workbook_give_deals_or_a_refusal(data):
    rows = changed(data.draw, table(CANONICAL, day=lambda day: day, money=lambda amount: amount), VALUES)
    try:
        book = xlsx_of(rows)
    except Exception:
        # Not a value that a workbook can hold; a skip here would end the whole test.
        reject()
    read(book, rows=rows)


@settings(MANY, max_examples=LONG // 10 or 25)
@given(st.data())
def test_a_damaged_workbook_gives_deals_or_a_refusal(data):
    book = bytearray(BOOK)
    for _change in range(data.draw(st.integers(1, 5))):
        place = data.draw(st.integers(4, len(book) - 1))
        book[place] = data.draw(st.integers(0, 255))
    read(bytes(book))


def bruised(seed):
    """Write a form with one to three small faults, as a hand or a program makes them."""
    draw = random.Random(seed)
    form = draw.choice(TEXTS)
    data = bytearray(form.data)
    for _fault in range(draw.randint(1, 3)):
        place = draw.randrange(len(data))
        kind = draw.choice(["insert", "byte", "cut", "twice"])
        if kind == "insert":
            data[place:place] = draw.choice(PIECES)
        elif kind == "byte":
            data[place] = draw.randrange(256)
        elif kind == "cut":
            del data[place : place + draw.randint(1, 20)]
        else:
            data[place:place] = data[place : place + 20]
    return bytes(data), form.options


def read_to_the_end(data, options):
    for _question in range(6):
        try:
            return read_deals(data, name="export", **options)
        except Question as question:
            options = question.choices[0].added_to(options)
        except SalesMetricsError as refusal:
            speaks(refusal)
            return None
    return None


def test_at_least_half_of_the_damaged_files_are_read_to_the_end():
    count = LONG or 80
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        exports = [read_to_the_end(*bruised(seed)) for seed in range(count)]
    read_files = [export for export in exports if export is not None]
    for export in read_files:
        accounted(export, "", ())
    assert len(read_files) * 2 >= count
