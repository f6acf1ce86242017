"""Rows, dates and numbers by themselves: both ways of finding rows agree, and what is written reads back."""

import csv
import datetime
import io

import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from salesmetrics.base.errors import SalesMetricsError
from salesmetrics.crm import Question, read_deals
from salesmetrics.crm.cell_values import ORDERS, plain_numbers, read_day, read_number_text, read_serial
from salesmetrics.crm.column_values import read_dates, read_numbers
from salesmetrics.crm.delimited import MOST_LINES, read_records, read_table
from salesmetrics.crm.sheet import Column, columns_of
from salesmetrics.crm.status import plain_word
from salesmetrics.crm.systems import recognise

LINES = np.arange(2, 2_000_000)


def column(*cells):
    return columns_of(["Header"], [[cell] for cell in cells])[0]


@given(st.text(alphabet='a1,"\n é\u00a0.', max_size=60), st.integers(2, 4))
def test_arrow_finds_the_rows_that_python_finds(text, width):
    assume(text)
    slow, fast = read_records(text, ","), read_table(text.encode(), ",", width)
    assert fast.lines.tolist() == slow.lines.tolist()
    # Arrow gives a blank line all the cells of a row, each of them empty.
    blank = np.array([not any(slow.cells(record)) for record in range(len(slow.widths))], dtype=bool)
    for record in np.flatnonzero(~blank).tolist():
        assert fast.widths[record] == slow.widths[record]
        assert fast.cells(record) == slow.cells(record)
    for record in np.flatnonzero(blank & (slow.widths >= 0)).tolist():
        assert not any(fast.cells(record))
    records = np.flatnonzero((slow.widths >= 0) & ~blank)
    headers = [str(place) for place in range(width)]
    found, known = ([one.series().tolist() for one in way.columns(headers, records)] for way in (fast, slow))
    assert str(found) == str(known)


@given(st.lists(st.lists(st.sampled_from(["a", "", "1,5", 'x"y', "two\nlines"]), min_size=1, max_size=4), max_size=8))
def test_rows_come_back_as_they_were_written(rows):
    written = io.StringIO()
    csv.writer(written, lineterminator="\n").writerows(rows)
    table = read_table(written.getvalue().encode(), ",", 3)
    found = [
        [text or "" for text in column.series().fillna("")] for column in table.columns("abc", np.arange(len(rows)))
    ]
    assert found == [[[*row, "", "", ""][place] for row in rows] for place in range(3)]


@pytest.mark.parametrize(
    ("text", "widths"),
    [
        ('a,"b\nc,d', [-1, 2]),
        ('a,"b"c\nd,e', [-1, 2]),
        ('a,b"\n"c,d', [2, -1]),
        ('"a,b\nc,d', [-1, 2]),
        (f'a,"{MOST_LINES * 2 * chr(10)}"', [-1, *[0] * (MOST_LINES * 2 - 1), 2]),
    ],
)
def test_a_quote_that_does_not_fit_costs_its_own_line(text, widths):
    table = read_table(text.encode(), ",", 2)
    assert table.widths.tolist()[: len(widths) - 1] == widths[:-1]


def test_a_cell_over_several_lines_counts_them_all():
    text = "a,b\n" + '"1\n2",c\n' * 3 + 'stray\n"x\ny\nz"\nd,e\n'
    table = read_table(text.encode(), ",", 2)
    assert table.lines.tolist() == [1, 2, 4, 6, 8, 9, 12]
    assert table.widths.tolist() == [2, 2, 2, 2, 1, 1, 2]
    assert table.cells(5) == ["x\ny\nz"]
    assert table.cells(6) == ["d", "e"]


def test_cells_over_several_lines_are_found_in_a_long_text_too():
    # Longer than what is looked at together, for quotes and by Arrow.
    count = 1_000_000
    table = read_table(b'"a\nb",cd\n' * count, ",", 2)
    assert table.widths.tolist() == [2] * count
    assert table.lines[-1] == 2 * count - 1
    assert table.cells(count - 1) == ["a\nb", "cd"]


def test_blank_lines_between_closing_lines_make_them_no_rows():
    text = "deal_id,status,amount\n1,open,5\n\n2 rows\n\n,,\nConfidential\n\n"
    receipt = read_deals(text.encode(), name="deals.csv").receipt
    told = {what: sorted(lines) for what, lines in receipt.other}
    assert told["Closing lines"] == [4, 7]
    assert told["Blank lines"] == [3, 5, 6, 8]
    assert receipt.rows == 1


def test_a_blank_line_moves_no_cell():
    text = "deal_id,status,amount,owner\n1,open,5,Ann\n\n2,open,5,Ann\n3,open,5,Bob\n"
    assert read_deals(text.encode(), name="deals.csv").deals["owner"].tolist() == ["Ann", "Ann", "Bob"]


@pytest.mark.parametrize(
    ("texts", "values", "mark"),
    [
        (["12,5", "-3", ""], [12.5, -3.0, None], ","),
        (["1.234", "0.5"], [1.234, 0.5], "."),
        (["7", "1234567890123456789"], [7.0, 1234567890123456789.0], ""),
        (["5.", ".5"], [5.0, 0.5], "."),
        (["1e5", "2.5E3"], [100_000.0, 2_500.0], "."),
    ],
)
def test_plain_numbers(texts, values, mark):
    read, found = plain_numbers(pd.Series(texts, dtype="str"))
    assert [None if np.isnan(value) else value for value in read] == values
    assert found == mark


NOT_PLAIN = [
    "1.234",
    "1,234",
    "1.234e3",
    "inf",
    "nan",
    "-Infinity",
    "0x10",
    "1 234",
    "€ 5",
    "-",
    ".",
    "5-",
    "１",
    "1.5,5",
]


@pytest.mark.parametrize("texts", [*([text] for text in NOT_PLAIN), ["1.5", "2,5"]], ids=" and ".join)
def test_what_is_no_plain_number_is_left_to_the_slow_way(texts):
    assert plain_numbers(pd.Series(["7", "", *texts], dtype="str")) is None


def test_a_quote_that_never_closes_costs_one_line():
    rows = read_records('a,"b\nc,d\ne,f', ",")
    assert rows.widths.tolist() == [-1, 2, 2]


WAYS = {
    "%d-%m-%Y": "day",
    "%d/%m/%Y": "day",
    "%d.%m.%Y 14:05": "day",
    "%m/%d/%Y": "month",
    "%m-%d-%Y 02:05 PM": "month",
    "%m/%d/%Y, 2:05:09\u202fPM": "month",
    "%Y-%m-%d": "",
    "%Y-%m-%dT10:00:00.000Z": "",
    "%Y%m%d": "",
    "%d %B %Y": "",
    "%b %d, %Y": "",
    "%d-%b-%y": "",
}
DATES = st.lists(st.dates(datetime.date(1970, 1, 1), datetime.date(2060, 1, 1)), min_size=1, max_size=8)


@given(DATES, st.sampled_from(sorted(WAYS)))
def test_dates_read_back_or_are_asked_about(days, way):
    assume("%y" not in way or all(1970 <= day.year < 2068 for day in days))
    written = column(*(day.strftime(way) for day in days))
    order = WAYS[way]
    try:
        read = read_dates(written, LINES, field="created_on", order=None)
    except Question:
        assert order
        assert all(day.day <= 12 for day in days)
        read = read_dates(written, LINES, field="created_on", order=order)
    assert [found.astype(object).date() for found in read.values] == days


@given(st.dates(datetime.date(1955, 1, 1), datetime.date(2099, 1, 1)))
def test_day_numbers_read_back(day):
    start = datetime.date(1899, 12, 30)
    assert read_serial(str((day - start).days), start) == day


def money(value, decimal, group):
    return f"{value:,.2f}".replace(",", "g").replace(".", decimal).replace("g", group)


@pytest.mark.parametrize(("year", "full"), [("00", 2000), ("68", 2068), ("69", 1969), ("99", 1999)])
def test_a_year_of_two_digits_is_of_the_last_century_from_69_on(year, full):
    assert read_day(f"1 mar {year}") == datetime.date(full, 3, 1)
    assert read_day(f"03-04-{year}").read("day") == datetime.date(full, 4, 3)


AMOUNTS = st.lists(st.integers(0, 10**11).map(lambda cents: cents / 100), min_size=1, max_size=8)


@given(AMOUNTS, st.sampled_from([",.", ".,", ", ", ". ", ",", ".", ".'"]), st.sampled_from(["", "€ ", "EUR ", "$"]))
def test_amounts_read_back(amounts, marks, sign):
    decimal, group = marks[0], marks[1:]
    read = read_numbers(
        column(*(sign + money(a, decimal, group) for a in amounts)), LINES, field="amount", decimal=None
    )
    assert read.values.tolist() == amounts
    assert read.settled == decimal


@given(AMOUNTS)
def test_many_amounts_read_like_few(amounts):
    texts = [f"{amount:.2f}" for amount in amounts]
    few = read_numbers(column(*texts), LINES, field="amount", decimal=None)
    repeat = 6_000 // len(texts) + 1
    cells = pd.Series(texts * repeat, dtype="str")
    many = read_numbers(Column("Header", np.arange(len(cells)), cells), LINES, field="amount", decimal=None)
    assert many.values[: len(texts)].tolist() == few.values.tolist()
    assert many.settled == few.settled


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("-5", -5),
        ("5-", -5),
        ("(5)", -5),
        ("\u22125", -5),
        ("€ -1.234,5", -1234.5),
        ("-€ 5", -5),
        ("500,-", 500),
        ("500,--", 500),
        ("500,=", 500),
        ("1.5E+05", 150_000),
        ("12 345,67", 12345.67),
        ("US$ 5", 5),
        ("5 euro", 5),
        ("2k", 2_000),
        ("1,5 mln", 1_500_000),
        ("3M", 3_000_000),
    ],
)
def test_ways_of_writing_an_amount(text, value):
    written = read_number_text(text)
    assert value in (written.read(","), written.read("."))


@pytest.mark.parametrize(
    "text", ["much", "1.2.3", "1,234,56,789", "12x", "12kk", "k", "--5", "(5", "5)", "€5$", "1 2", "+-5", "5 apples"]
)
def test_what_is_no_amount(text):
    assert read_number_text(text) is None


@pytest.mark.parametrize(
    "text", ["2026 March 5", "2026-mrt-05", "2026/Mar/5", "5 mrt 2026", "March 5, 2026", "5-Mar-26"]
)
def test_a_month_in_letters_stands_before_between_or_after_the_day_and_the_year(text):
    assert read_day(text) == datetime.date(2026, 3, 5)


@pytest.mark.parametrize("text", ["31-02-2026", "2026-13-01", "13-13-2026", "1 foo 2026", "2026", "1-1", "01-01-1800"])
def test_what_is_no_day(text):
    read = read_day(text)
    assert read is None or all(read.read(order) is None for order in ORDERS)


def test_far_away_dates_are_left_out_and_what_stands_for_nothing_is_empty():
    read = read_dates(
        column("2026-01-01", "2206-12-31", "n/a", "0000-00-00", "9999-12-31", "1970-01-01"),
        LINES,
        field="created_on",
        order=None,
    )
    assert read.unreadable.tolist() == [False, True, False, False, False, False]


def test_numbers_of_five_digits_are_no_days_among_dates():
    read = read_dates(column("2026-01-01", "2026-01-02", "46000"), LINES, field="created_on", order=None)
    assert read.unreadable.tolist() == [False, False, True]


@pytest.mark.parametrize("cells", [("1.234", "12.5", "2,5"), ("1.234.567", "1.5"), ("1,5", "1.5")])
def test_two_marks_are_refused(cells):
    with pytest.raises(SalesMetricsError) as error:
        read_numbers(column(*cells), LINES, field="amount", decimal=None)
    assert not isinstance(error.value, Question)


@pytest.mark.parametrize(
    ("header", "field"),
    [
        ("(Do Not Modify) Opportunity", "deal_id"),
        ("Opportunity", "deal_name"),
        ("(Do Not Modify) Modified On", "changed_on"),
        ("DEAL - WEIGHTED VALUE", None),
        ("Expected Revenue", "unclear_amount"),
        ("Verwachte Afsluitdatum:", "expected_close_on"),
        ("Bedrag (€)", "amount"),
        ("Slaagkans (%)", "probability"),
        ("Account ID", None),
        ("", None),
        ("(%)", None),
    ],
)
def test_headers_are_known_for_what_they_are(header, field):
    found = recognise(header)
    assert (found[0] if found else None) == field


@pytest.mark.parametrize(
    "text", ["Closed Won", "closed-won", "7. Closed Won", "Closed Won (100%)", "CLOSED_WON", " closed  won "]
)
def test_words_are_compared_without_dress(text):
    assert plain_word(text) == "closed won"


# So many that ids and amounts are read one by one, and stages by what differs.
PLAIN = "deal_id,amount,status,closed_on,stage\n" + "".join(
    f"A-{deal},{deal}000,won,2026-02-06,{'Demo' if deal % 2 else 'Lead'}\n" for deal in range(10, 50)
)


@pytest.mark.parametrize(
    ("tidy", "untidy"),
    [
        ("deal_id", " deal_id"),
        ("deal_id", "\N{NO-BREAK SPACE}deal_id"),
        ("deal_id", '"deal_id"'),
        ("A-20,", " A-20,"),
        ("A-20,", "\tA-20,"),
        ("A-20,", "A-20 ,"),
        ("A-20,", "\N{NO-BREAK SPACE}A-20,"),
        ("A-20,", "A-20\N{NO-BREAK SPACE},"),
        ("A-20,", '"A-20",'),
        (",20000,", ", 20000,"),
        (",20000,", ",20000 ,"),
        (",20000,won,2026-02-06,Lead", ",20000,won,2026-02-06, Lead"),
    ],
)
def test_what_stands_around_one_cell_makes_no_difference(tidy, untidy):
    assert PLAIN.count(tidy) == 1
    deals = read_deals(PLAIN.encode(), name="deals.csv").deals
    assert deals["deal_id"].tolist() == [f"A-{deal}" for deal in range(10, 50)]
    pd.testing.assert_frame_equal(read_deals(PLAIN.replace(tidy, untidy).encode(), name="deals.csv").deals, deals)
