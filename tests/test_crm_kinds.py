"""Every kind of misreading found in real exports, by made-up twins: read rightly, or asked and then right."""

import datetime
import io
import os
import re
import zipfile

import pytest
from exports_forms import csv_of, xlsx_of
from exports_quirks import FORMS
from openpyxl.styles import numbers

from salesmetrics.base.errors import SalesMetricsError
from salesmetrics.crm import Question, read_deals

NL = ["Nr", "Klant", "Verkoper", "Fase", "Status", "Bedrag", "Aangemaakt op", "Verwachte sluitingsdatum", "Gesloten op"]
EN = ["No.", "Customer", "Sales rep", "Stage", "Status", "Amount", "Created on", "Expected close date", "Closed on"]
# By hand: open 10 + 20 + 30 = 60, won 40 + 50 = 90, lost 70 + 80 = 150 (thousand).
ROWS = [
    ["1", "Aker", "Noor", "Demo", "Open", "10000", "2026-01-13", "2026-05-15", ""],
    ["2", "Berg", "Noor", "Demo", "Open", "20000", "2026-01-14", "2026-05-16", ""],
    ["3", "Cole", "Daan", "Demo", "Open", "30000", "2026-01-15", "2026-05-17", ""],
    ["4", "Dijk", "Daan", "Demo", "Won", "40000", "2026-01-16", "2026-02-18", "2026-02-19"],
    ["5", "Eden", "Noor", "Demo", "Won", "50000", "2026-01-17", "2026-02-19", "2026-02-20"],
    ["6", "Fold", "Noor", "Demo", "Lost", "70000", "2026-01-18", "2026-02-20", "2026-02-21"],
    ["7", "Gans", "Daan", "Demo", "Lost", "80000", "2026-01-19", "2026-02-21", "2026-02-22"],
]
RIGHT = {"open": (3, 60_000), "won": (2, 90_000), "lost": (2, 150_000)}
WORDS = {"Open": "In behandeling", "Won": "Gewonnen", "Lost": "Verloren"}


def rows(head=EN, *, also=(), **changes):
    """Write the deals, some columns changed: a function of the row, by the number of the column."""
    given = {int(place[1:]): change for place, change in changes.items()}
    words = WORDS if head is NL else {}
    written = [
        [given[place](row) if place in given else words.get(cell, cell) for place, cell in enumerate(row)]
        for row in ROWS
    ]
    return [head, *written, *also]


def figures(export):
    deals = export.deals
    return {
        status: (int((deals["status"] == status).sum()), float(deals.loc[deals["status"] == status, "amount"].sum()))
        for status in RIGHT
    }


def book(cells):
    """Write a workbook of real numbers and days."""

    def typed(cell):
        if isinstance(cell, str) and cell.isdigit():
            return int(cell)
        try:
            return datetime.datetime.fromisoformat(cell)
        except (TypeError, ValueError):
            return cell or None

    return xlsx_of([[typed(cell) for cell in row] for row in cells])


# Rows ---------------------------------------------------------------------------------------------------------------

TOTALS = [
    (EN, [["Total", "", "", "", "3 open", "300000", "", "", ""]], 1),
    (NL, [["Totaal:", "", "", "Alle fases", "", "300000", "", "", ""]], 1),
    (NL, [["", "Alle klanten", "", "Alle fases", "Alle", "300000", "", "", ""]], 1),
    (EN, [["Grand Total", "7 deals", "", "", "", "300000", "", "", ""]], 1),
    (EN, [["", "", "", "", "Open", "60000", "", "", ""], ["", "", "", "", "Won", "90000", "", "", ""]], 2),
    (EN, [["Sum", "", "", "", "", "300000", "", "", ""], ["Average", "", "", "", "", "42857", "", "", ""]], 2),
    (EN, [["Count", "7", "", "", "", "", "", "", ""]], 0),
    (EN, [["Pipeline", "", "", "", "Open", "60000", "", "", ""]], 1),
]


@pytest.mark.parametrize(("head", "also", "count"), TOTALS)
def test_a_total_is_no_deal_and_is_told(language, head, also, count):
    for data in (csv_of(rows(head, also=also)), book(rows(head, also=also))):
        export = read_deals(data)
        assert figures(export) == RIGHT
        assert sum(len(left.lines) for left in export.receipt.left_out) >= count
        if also[0][5]:
            assert also[0][5] in str(export.receipt)


def test_a_summary_below_the_list_is_no_deal(language):
    below = [[""] * 9, ["Summary", *[""] * 8], ["Open", "3", "60000", *[""] * 6], ["Won", "2", "90000", *[""] * 6]]
    for data in (csv_of(rows(also=below)), book(rows(also=below))):
        export = read_deals(data)
        assert figures(export) == RIGHT
        assert not [question for question in export.questions if question.option == "blank"]


def test_subtotals_between_groups_are_no_deals(language):
    cells = rows(NL)
    between = ["Subtotaal", "", "", "", "", "60000", "", "", ""]
    other = ["Dit is de groep", "", "", "", "", "90000", "", "", ""]
    assert figures(read_deals(csv_of([*cells[:4], between, *cells[4:6], other, *cells[6:]]))) == RIGHT


@pytest.mark.parametrize("name", ["Totaal Bouw BV", "Total Energies", "Sum & Co", "Som"])
def test_a_customer_with_such_a_name_is_a_deal(name):
    cells = rows(c1=lambda row: name if row[0] == "2" else row[1])
    assert figures(read_deals(csv_of(cells))) == RIGHT


def test_a_deal_that_lacks_something_is_a_deal():
    cells = rows(c2=lambda row: "" if row[0] == "3" else row[2])
    assert figures(read_deals(csv_of(cells))) == RIGHT


def test_short_rows_lack_their_last_cells_only(language):
    lines = [";".join(row).rstrip(";") for row in rows(NL)]
    assert figures(read_deals("\n".join(lines).encode())) == RIGHT


NINE = "id,name,status,amount,created date,closed date,owner,reason,notes"


def closed_rows(count, first=100):
    """Write whole closed rows of 1,000, each second one won."""
    return [
        f"{first + place},D{place},{'won' if place % 2 else 'lost'},1000,2025-10-01,2026-01-02,Ann,x,y"
        for place in range(count)
    ]


@pytest.mark.parametrize(("opened", "whole"), [(4, 20), (10, 20), (2, 2), (4, 0)])
def test_short_rows_under_each_other_are_not_one_row_cut_in_two(language, opened, whole):
    # Of nine cells the last four are empty and gone: 5 + 5 is what a row cut in two would have.
    short = [f"{place},D{place},open,1000,2026-01-01" for place in range(opened)]
    export = read_deals("\n".join([NINE, *short, *closed_rows(whole)]).encode(), incomplete="leave out")
    half = (whole // 2, 500.0 * whole)
    assert figures(export) == {"open": (opened, 1_000.0 * opened), "won": half, "lost": half}
    assert export.receipt.left_out == ()


@pytest.mark.parametrize("stage", ["Demo", "Offerte"])
def test_short_rows_with_a_word_of_their_own_are_rows(language, stage):
    # Ids of letters: only the word, or the amount under its own header, tells.
    short = [f"A{place},D{place},{stage if place % 2 else 'Intake'},1000,2026-01-01" for place in range(4)]
    text = "\n".join([NINE.replace("status", "stage"), *short, *closed_rows(20)])
    assert figures(read_deals(text.encode()))["open"] == (4, 4_000)


@pytest.mark.parametrize("cut", ["1,Del|ta,open,1000,2026-01-01,,Ann,,", "1,D,open,1000,2026-01-01,,An|n,x,y"])
def test_a_row_that_a_line_break_has_cut_is_put_together(language, cut):
    text = "\n".join([NINE, *closed_rows(10), *cut.split("|"), *closed_rows(10, first=200)])
    export = read_deals(text.encode())
    assert figures(export) == {"open": (1, 1_000), "won": (10, 10_000), "lost": (10, 10_000)}
    assert export.lines.tolist() == [*range(2, 13), *range(14, 24)]
    assert export.receipt.left_out == ()
    [mended] = export.receipt.mended
    assert "12" in mended


def test_a_row_that_is_one_by_itself_is_no_rest_of_the_row_above(language):
    short = ["500,D,won,1000,2025-10-01,2026-01-02,Ann,x", "501,E"]
    export = read_deals("\n".join([NINE, *closed_rows(10), *short, *closed_rows(10, first=200)]).encode())
    assert export.receipt.counts == {"open": 0, "won": 11, "lost": 10}
    assert [left.lines for left in export.receipt.left_out] == [(13,)]


def test_lost_deals_that_line_breaks_have_cut_are_put_together(language):
    """Left out, half of what was lost would be gone."""
    rest = [line.replace(",lost,", "\n de nieuwe,lost,") if ",lost," in line else line for line in closed_rows(10)]
    export = read_deals("\n".join([NINE, *rest, *closed_rows(10, first=200)]).encode())
    assert figures(export)["lost"] == (10, 10_000)
    assert export.deals["name"].str.endswith(" de nieuwe").sum() == 5


def cut(reason, mark, *, head=NL, row=lambda row: row):
    """Write the deals with a reason for each loss, and no quotes around anything."""
    words = WORDS if head is NL else {}
    lines = [[words.get(cell, cell) for cell in row(list(each))] for each in ROWS]
    why = [reason if line[4] in ("Lost", "Verloren") else "" for line in lines]
    written = [[*head, "Reden verlies"], *([*line, each] for line, each in zip(lines, why, strict=True))]
    return "\n".join(map(mark.join, written)).encode()


@pytest.mark.parametrize("reason", ["te duur{}te laat", "2 concurrenten{} te duur{} te laat", "te duur{} 20000"])
@pytest.mark.parametrize(("head", "mark"), [(EN, ","), (NL, ";"), (NL, "\t")])
def test_a_reason_that_a_mark_without_quotes_has_cut_is_put_together(language, reason, head, mark):
    """Left out, the rate would be 100% where it is 50%."""
    reason = reason.replace("{}", mark)
    export = read_deals(cut(reason, mark, head=head))
    assert figures(export) == RIGHT
    assert export.deals["loss_reason"].dropna().unique().tolist() == [reason]
    [mended] = export.receipt.mended
    assert "7, 8" in mended


def test_a_name_that_a_comma_has_cut_is_put_together(language):
    def named(row):
        return [f"{row[1]}, De"] if row[0] in "237" else [row[1]]

    export = read_deals(cut("price", ",", head=EN, row=lambda row: [row[0], *named(row), *row[2:]]))
    assert figures(export) == RIGHT
    assert export.deals["account"].tolist() == [named(row)[0] for row in ROWS]


def test_a_row_that_was_put_together_is_not_taken_again_for_the_next(language):
    """A deal on lines 12 and 13; what line 14 belongs to is not known, and it is told."""
    whole = [f"D{at},name {at},Ann,open,{at}00" for at in range(1, 11)]
    text = "\n".join(["id,name,owner,status,amount", *whole, "D20,A,foo", "bar,open,10", "baz,open,30"])
    export = read_deals(text.encode())
    assert (len(export.deals), export.deals["amount"].iloc[-1], export.receipt.rows) == (11, 10, 12)
    assert ("(line 14)" if language == "en" else "(regel 14)") in str(export.receipt)


FIVE = [f"{at},K{at},open,{at}000,Ann,Delft,hot,web" for at in range(1, 6)]
EIGHT = "id,naam,status,bedrag,verkoper,plaats,notitie,bron"


@pytest.mark.parametrize(
    ("text", "amounts"),
    [
        # An amount with words behind it, cut at its thousands: not a deal of 1.
        (
            "id,bedrag,reden,status\n1,900,hot,open\n2,800,cold,open\n3,700,x,open\n4,1,500 p/m,bel terug,open\n"
            "5,100,y,open\n6,200,z,open",
            {"1": 900, "2": 800, "3": 700, "5": 100, "6": 200},
        ),
        # The same where the last column is empty.
        (
            "id,status,amount,notes\n1,open,1000,\n2,open,900,\n3,open,800,\n4,open,700,\n5,open,1,500,",
            {"1": 1000, "2": 900, "3": 800, "4": 700},
        ),
        # The first half of a name is another deal's whole name: the customer is not the second half.
        (
            "id,name,account,owner,status,amount\n1,Website,Acme,Ann,open,1000\n2,Website,Beta,Bob,open,2000\n"
            "3,App,Acme,Ann,open,500\n4,Website, onderhoud,Nieuw BV,Ann,open,4000",
            {"1": 1000, "2": 2000, "3": 500},
        ),
        # Two short deals below each other, and a group's line: no rest of the row above.
        (
            "\n".join([EIGHT, *FIVE, "7,K7,open,7000,Ann", "nieuw,K8,open,80"]),
            {"1": 1000, "2": 2000, "3": 3000, "4": 4000, "5": 5000, "7": 7000, "nieuw": 80},
        ),
        (
            "\n".join([EIGHT, *FIVE, "7,K7,open,7000,Ann", "Verkoper: Bob,,,"]),
            {"1": 1000, "2": 2000, "3": 3000, "4": 4000, "5": 5000, "7": 7000},
        ),
    ],
    ids=["amount with words", "empty last column", "half a name", "two short deals", "line of a group"],
)
def test_what_may_be_two_things_is_not_put_together(language, text, amounts):
    deals = read_deals(text.encode()).deals
    assert dict(zip(deals["deal_id"], deals["amount"], strict=True)) == amounts
    assert "account" not in deals or set(deals["account"]) == {"Acme", "Beta"}
    assert "owner" not in deals or set(deals["owner"].dropna()) <= {"Ann", "Bob"}


@pytest.mark.parametrize(("amount", "mark"), [("70,000", ","), ("70000,50", ","), ("70000;50", ";"), ("70\t000", "\t")])
def test_an_amount_that_a_mark_has_cut_is_not_put_together_but_asked_about(language, amount, mark):
    """Either part is an amount too, a thousand times too small; with the other it would make a status."""
    data = cut("price", mark, head=EN, row=lambda row: [amount if cell in ("70000", "80000") else cell for cell in row])
    with pytest.raises(Question, match=r"7, 8.*100%") as asked:
        read_deals(data)
    [leave] = asked.value.choices
    export = read_deals(data, **leave.options)
    assert export.receipt.counts == {"open": 3, "won": 2, "lost": 0}
    assert str(export.missing[0]) in export.receipt.remarks


def test_lines_of_which_the_quotes_do_not_fit_are_asked_about_where_they_may_be_many_lost_deals(language):
    data = cut(
        "price", ",", head=EN, row=lambda row: [f'"{cell}' if cell in ("Fold", "Gans") else cell for cell in row]
    )
    with pytest.raises(Question, match="7, 8"):
        read_deals(data)


@pytest.mark.parametrize(("change", "cause"), [('"{}', r"quotes|aanhaling"), ("{},50", r"semicolons|puntkomma")])
def test_a_file_of_which_most_lines_can_not_be_read_is_refused_with_the_cause(language, change, cause):
    place = 1 if change[0] == '"' else 5
    lines = [[change.format(cell) if at == place else cell for at, cell in enumerate(row)] for row in ROWS[3:]]
    with pytest.raises(SalesMetricsError, match=cause) as refusal:
        read_deals("\n".join(map(",".join, [EN, *lines])).encode())
    assert not isinstance(refusal.value, Question)


def test_a_number_right_beside_a_row_drops_it_not(language):
    lines = csv_of(rows(), end="\n").decode().splitlines()
    lines[5] += ",90000"
    export = read_deals("\n".join(lines).encode())
    assert figures(export) == RIGHT
    assert any(re.search(r"\b6\b", told) for told in export.receipt.remarks)


@pytest.mark.parametrize("head", [EN, NL])
def test_a_list_beside_the_deals_with_the_same_headers_is_left_off(language, head):
    beside = [["", head[4], head[5]], ["", "Won", "90000"], ["", "Lost", "150000"]]
    cells = [[*row, *(beside[place] if place < 3 else [])] for place, row in enumerate(rows(head))]
    whole = [[*row, *[""] * (12 - len(row))] for row in cells]
    for data in (csv_of(whole), csv_of(whole, ";"), book(cells)):
        export = read_deals(data)
        assert figures(export) == RIGHT
        assert "2, 3" in " ".join(export.receipt.remarks)


@pytest.mark.parametrize("head", [EN, NL])
def test_a_second_list_under_other_headers_is_refused_with_its_line(language, head):
    cells = rows(head)
    second = [[row[place] for place in (0, 1, 5, 4, 8)] for row in [head, *cells[4:]]]
    stacked = [*cells[:4], [], ["Beslist"], *second]
    for data in (csv_of(stacked), csv_of([[*row, *[""] * (9 - len(row))] for row in stacked], ";"), book(stacked)):
        with pytest.raises(SalesMetricsError, match=r"\b7\b"):
            read_deals(data)
    # The same headers again are no trouble.
    assert figures(read_deals(csv_of([*cells[:4], [], ["Beslist"], head, *cells[4:]]))) == RIGHT


@pytest.mark.parametrize("word", ["", "Alle klanten"])
def test_the_sum_of_what_one_salesperson_has_open_is_no_deal(language, word):
    cells = rows(NL)
    sums = [[word, "", "Noor", "", "In behandeling", "30000", *[""] * 3]]
    assert figures(read_deals(csv_of([*cells[:4], *sums, *cells[4:]]))) == RIGHT


def test_a_sum_without_a_word_is_seen_among_many_deals_that_lack_something():
    """It would be a deal of a million among deals of a thousand."""
    cells = [
        ["" if at in (2, 3, 6) and number % 7 == at else cell for at, cell in enumerate([f"D{number}", *ROWS[0][1:]])]
        for number in range(1_000)
    ]
    cells = [EN, *([*row[:5], "1000", *row[6:]] for row in cells), ["All", *[""] * 3, "Open", "1000000", *[""] * 3]]
    assert read_deals(csv_of(cells)).receipt.counts["open"] == 1_000


@pytest.mark.parametrize("total", ["60000", "60000.37"])
def test_a_sum_that_is_rounded_to_whole_euros_is_no_deal(total):
    cells = rows(c5=lambda row: f"{row[5]}.37" if row[0] == "1" else f"{row[5]}.00")
    export = read_deals(csv_of([*cells, ["Pipeline", *[""] * 3, "Open", total, *[""] * 3]]))
    assert export.receipt.counts == {"open": 3, "won": 2, "lost": 2}
    assert float(export.deals["amount"].sum()) == 300_000.37


def test_a_sum_without_a_word_is_seen_where_deals_lack_something():
    cells = rows(c2=lambda row: "" if row[0] in "24" else row[2])
    assert figures(read_deals(csv_of([*cells, ["All", *[""] * 4, "300000", *[""] * 3]]))) == RIGHT


def test_a_whole_row_that_is_named_total_and_a_sum_by_chance_is_a_deal():
    cells = rows(c0=lambda row: "Totaal" if row[0] == "3" else row[0])
    assert figures(read_deals(csv_of(cells))) == RIGHT


def test_numbers_beside_the_list_drop_no_row(language):
    cells = rows()
    beside = [[*row, "", "Won so far", "90000"] if place in (2, 3) else row for place, row in enumerate(cells)]
    for data in (csv_of(beside), book(beside)):
        export = read_deals(data)
        assert figures(export) == RIGHT
        assert "3, 4" in " ".join(export.receipt.remarks)


@pytest.mark.parametrize("head", [EN, NL])
def test_without_headers_it_is_refused_and_no_customer_is_named(language, head):
    with pytest.raises(SalesMetricsError, match=r"headers|kolomkoppen") as error:
        read_deals(csv_of(rows(head)[1:]))
    assert "Aker" not in str(error.value)
    assert not isinstance(error.value, Question)


def test_two_rows_of_headers_are_read_as_one(language):
    upper = ["Nr", "Klant", "Verkoper", "Fase", "Status", "Bedrag", "Datum", "", ""]
    lower = ["", "", "", "", "", "", "aangemaakt", "verwacht", "gesloten"]
    export = read_deals(csv_of([upper, lower, *rows(NL)[1:]]))
    assert figures(export) == RIGHT
    assert export.deals["created_on"].notna().all()


@pytest.mark.parametrize("mark", [";", ","])
def test_a_second_row_of_headers_may_be_wider_than_the_first(language, mark):
    cells = [
        ["Deal", "Bedrag", "Status", "Gesloten"],
        ["Naam", "", "", "op", "Verwachte sluitdatum"],
        ["A", "100", "won", "2026-01-02", ""],
        ["B", "200", "open", "", "2026-05-01"],
        ["C", "300", "lost", "2026-01-12"],
    ]
    for data in ("\n".join(map(mark.join, cells)).encode(), xlsx_of(cells)):
        export = read_deals(data)
        assert figures(export) == {"open": (1, 200), "won": (1, 100), "lost": (1, 300)}
        assert export.deals["deal_id"].tolist() == ["A", "B", "C"]
        assert export.deals["expected_close_on"].max() == datetime.datetime(2026, 5, 1)


def test_a_second_row_of_headers_is_no_wider_than_a_file_may_be(language):
    cells = [["Deal", "Bedrag", "Status"], ["Naam", "", "", *["Gesloten op"] * 2_000], ["A", "100", "won"]]
    with pytest.raises(SalesMetricsError, match=r"2[.,]000"):
        read_deals(csv_of(cells))


def test_a_sheet_for_each_year_is_asked_once_and_taken_together(language):
    cells = rows(NL)

    def more(made):
        made["Deals"].title = "2025"
        second = made.create_sheet("2026")
        for row in [NL, *cells[4:]]:
            second.append(row)

    data = xlsx_of([NL, *cells[1:4]], more=more)
    with pytest.raises(Question) as asked:
        read_deals(data)
    export = read_deals(data, **asked.value.choices[-1].options)
    assert figures(export) == RIGHT
    assert "2026" in str(export.receipt)


def test_rows_behind_a_filter_are_read_and_told(language):
    data = xlsx_of(rows(), more=lambda made: made["Deals"].row_dimensions.__getitem__(3).__setattr__("hidden", True))
    export = read_deals(data)
    assert figures(export) == RIGHT
    assert any("3" in told for told in export.receipt.remarks if "idden" in told or "erborgen" in told)


# Status -------------------------------------------------------------------------------------------------------------


def ended(row):
    return {"Open": "Pitch", "Won": "Contract getekend", "Lost": "Geen interesse"}[row[4]]


def test_endings_without_a_known_word_go_by_check_boxes(language):
    head = [*EN[:3], "Stage", "IsWon", *EN[5:], "IsClosed"]
    cells = rows(head, c3=ended, c4=lambda row: "TRUE" if row[4] == "Won" else "FALSE")
    cells = [head, *([*row, str(source[4] != "Open")] for row, source in zip(cells[1:], ROWS, strict=True))]
    assert figures(read_deals(csv_of(cells))) == RIGHT


@pytest.mark.parametrize("boxes", [("TRUE", "FALSE"), ("ja", "nee"), ("x", ""), ("1", "0"), ("WAAR", "ONWAAR")])
def test_two_check_boxes_are_a_status(language, boxes):
    yes, no = boxes
    head = [*NL[:3], "Gewonnen", "Verloren", *NL[5:]]
    cells = rows(head, c3=lambda row: yes if row[4] == "Won" else no, c4=lambda row: yes if row[4] == "Lost" else no)
    assert figures(read_deals(csv_of(cells))) == RIGHT


def test_endings_without_a_known_word_go_by_chance_and_reason(language):
    head = [*NL[:3], "Fase", "Kans", *NL[5:], "Reden verlies"]
    chance = {"Open": "40%", "Won": "100%", "Lost": "0%"}
    cells = rows(head, c3=ended, c4=lambda row: chance[row[4]])
    reason = {"Open": "", "Won": "", "Lost": "Prijs"}
    cells = [head, *([*row, reason[source[4]]] for row, source in zip(cells[1:], ROWS, strict=True))]
    export = read_deals(csv_of(cells))
    assert figures(export) == RIGHT
    assert "Geen interesse" in str(export.receipt)


def test_endings_that_nothing_tells_are_asked_all_at_once_with_their_money(language):
    head = [*NL[:3], "Fase", "Plaats", *NL[5:]]
    with pytest.raises(Question) as asked:
        read_deals(csv_of(rows(head, c3=ended, c4=lambda row: "Delft")))
    words = {word.text: (word.rows, word.amount) for word in asked.value.words}
    assert words["Contract getekend"] == (2, 90_000)
    assert words["Geen interesse"] == (2, 150_000)
    told = {"won": ["Contract getekend"], "lost": ["Geen interesse"]}
    assert figures(read_deals(csv_of(rows(head, c3=ended, c4=lambda row: "Delft")), **told)) == RIGHT


def test_every_word_is_shown():
    head = [*EN[:3], "Status", "City", *EN[5:]]
    cells = [head, *([*row[:3], f"Wort {chr(65 + place)}", "Ghent", *row[5:]] for place, row in enumerate(ROWS * 3))]
    for place, row in enumerate(cells[1:]):
        row[0] = str(place)
    with pytest.raises(Question) as asked:
        read_deals(csv_of(cells))
    assert len(asked.value.words) == 21
    assert all(word.text in str(asked.value) for word in asked.value.words)


def test_a_few_rows_without_a_status_are_left_out_and_can_be_answered(language):
    cells = rows(c4=lambda row: "" if row[0] == "3" else row[4])
    export = read_deals(csv_of(cells))
    assert export.receipt.counts == {"open": 2, "won": 2, "lost": 2}
    [question] = [asked for asked in export.questions if asked.option == "blank"]
    assert [choice.label for choice in question.choices] == [
        *{"en": ("open", "lost", "leave them out"), "nl": ("open", "verloren", "laat ze weg")}[language],
        {"en": "the same as the row above", "nl": "hetzelfde als de rij erboven"}[language],
    ]
    assert figures(read_deals(csv_of(cells), **question.choices[0].options)) == RIGHT


@pytest.mark.parametrize("merged", [True, False])
def test_a_status_that_stands_once_for_its_group(language, merged):
    firsts = {"1", "4", "6"}
    cells = rows(NL, c4=lambda row: WORDS[row[4]] if row[0] in firsts else "")
    if merged:
        data = xlsx_of(
            cells, more=lambda made: [made["Deals"].merge_cells(area) for area in ("E2:E4", "E5:E6", "E7:E8")]
        )
        assert figures(read_deals(data)) == RIGHT
        return
    with pytest.raises(Question) as asked:
        read_deals(csv_of(cells))
    assert figures(read_deals(csv_of(cells), **asked.value.choices[-1].options)) == RIGHT


# Missing days -------------------------------------------------------------------------------------------------------


def test_lost_deals_without_a_day_are_asked_about(language):
    head = [*NL[:2], "Laatst gewijzigd", *NL[3:]]
    cells = rows(head, c2=lambda row: "2026-03-20", c8=lambda row: row[8] if row[4] == "Won" else "")
    with pytest.raises(Question) as asked:
        read_deals(csv_of(cells))
    assert asked.value.option == "incomplete"
    for part in ("2", "150", "100%"):
        assert part in asked.value.what
    expected, changed, left = [read_deals(csv_of(cells), **choice.options) for choice in asked.value.choices]
    assert figures(expected) == figures(changed) == RIGHT
    assert expected.deals["closed_on"].max() == datetime.datetime(2026, 2, 21)
    assert changed.deals["closed_on"].max() == datetime.datetime(2026, 3, 20)
    assert left.receipt.counts == {"open": 3, "won": 2, "lost": 0}
    [missing] = left.missing
    assert (missing.status, missing.rows, missing.total, missing.amount) == ("lost", 2, 2, 150_000)
    assert str(missing) in str(left.receipt)


def deals_without(ids, status="lost"):
    """Write 60 open, 20 won and 20 lost deals of 1,000, of which some with one status lack an id."""
    lines = ["id,status,amount,created date,closed date,expected close date,owner"]
    days = {"open": ",2026-05-01", "won": "2026-01-02,", "lost": "2026-01-03,"}
    for name, count in (("open", 60), ("won", 20), ("lost", 20)):
        for place in range(count):
            own = "" if name == status and place < ids else f"{name} {place}"
            lines.append(f"{own},{name},1000,2025-10-01,{days[name]},Ann")
    return "\n".join(lines).encode()


@pytest.mark.parametrize("without", [5, 15, 20])
def test_lost_deals_without_an_id_are_asked_about(language, without):
    with pytest.raises(Question) as asked:
        read_deals(deals_without(without))
    for part in (rf"\b{without} .*\b20\b", f"{without}[.,]000", f"{without * 5}%", "“id”"):
        assert re.search(part, asked.value.what)
    each, choice = asked.value.choices
    kept = read_deals(deals_without(without), **each.options)
    assert kept.receipt.counts == {"open": 60, "won": 20, "lost": 20}
    assert kept.missing == ()
    export = read_deals(deals_without(without), **choice.options)
    assert export.receipt.counts == {"open": 60, "won": 20, "lost": 20 - without}
    [missing] = export.missing
    assert (missing.status, missing.rows, missing.total, missing.amount) == ("lost", without, 20, 1_000 * without)
    assert [len(left.lines) for left in export.receipt.left_out] == [without]
    assert export.receipt.rows == 100


def test_a_few_won_deals_without_an_id_are_told_of_with_the_rate(language):
    export = read_deals(deals_without(4, "won"))
    [missing] = export.missing
    assert (missing.status, missing.rows, missing.total) == ("won", 4, 20)
    assert str(missing) in export.receipt.remarks


def test_open_deals_without_an_id_are_asked_about_when_they_are_many(language):
    data = deals_without(30, "open")
    with pytest.raises(Question, match="50%") as asked:
        read_deals(data)
    kept, left = [read_deals(data, **choice.options) for choice in asked.value.choices]
    assert kept.receipt.counts == {"open": 60, "won": 20, "lost": 20}
    assert left.receipt.counts == {"open": 30, "won": 20, "lost": 20}
    assert left.missing == ()


def test_lost_deals_without_an_id_and_with_a_word_of_their_own_are_asked_about(language):
    """All that was lost would be gone: "100% won"."""
    data = deals_without(20).replace(b",lost,", b",Buiten de boot gevallen,")
    with pytest.raises(Question, match=r"20.*100%") as asked:
        read_deals(data)
    each, leave = [choice.options for choice in asked.value.choices]
    with pytest.raises(Question) as word:
        read_deals(data, **each)
    assert [(found.text, found.rows) for found in word.value.words] == [("Buiten de boot gevallen", 20)]
    export = read_deals(data, **word.value.choices[1].added_to(each))
    assert export.receipt.counts == {"open": 60, "won": 20, "lost": 20}
    left = read_deals(data, **leave)
    assert left.receipt.counts == {"open": 60, "won": 20, "lost": 0}
    assert "20" in str(left.missing[0])
    assert str(left.missing[0]) in left.receipt.remarks


def test_lost_deals_without_an_id_and_a_day_are_offered_what_helps(language):
    data = deals_without(20).replace(b",2026-01-03,,", b",,2026-01-04,")
    with pytest.raises(Question, match="“id”") as asked:
        read_deals(data)
    assert [{*choice.options} for choice in asked.value.choices] == [{"columns"}, {"incomplete"}]
    each = asked.value.choices[0].options
    with pytest.raises(Question, match="“closed date”") as days:
        read_deals(data, **each)
    export = read_deals(data, **days.value.choices[0].added_to(each))
    assert export.receipt.counts == {"open": 60, "won": 20, "lost": 20}


def test_a_day_in_words_is_replaced_by_the_expected_one_when_told(language):
    cells = rows(NL, c8=lambda row: "vorige week" if row[4] == "Lost" else row[8])
    with pytest.raises(Question, match=r"vorige|100%") as asked:
        read_deals(csv_of(cells))
    taken, left = [read_deals(csv_of(cells), **choice.options) for choice in asked.value.choices]
    assert figures(taken) == RIGHT
    assert left.receipt.counts == {"open": 3, "won": 2, "lost": 0}


@pytest.mark.parametrize("row", [",won,,,,,", ",lost (20),,,,,", ",Maybe,1000,2025-10-01,,,Ann"])
def test_a_row_without_an_id_that_is_no_known_deal_is_none_that_is_missing(language, row):
    *first, last = deals_without(0).splitlines()
    export = read_deals(b"\n".join([*first, row.encode(), last]))
    assert export.receipt.counts == {"open": 60, "won": 20, "lost": 20}
    assert export.missing == ()


# Money --------------------------------------------------------------------------------------------------------------


def test_a_column_of_currencies_is_known_by_what_it_holds(language):
    head = [*NL[:2], "Land van betaling", *NL[3:]]
    cells = rows(head, c2=lambda row: "USD" if row[0] in "35" else "EUR")
    with pytest.raises(Question, match="EUR, USD") as asked:
        read_deals(csv_of(cells))
    export = read_deals(csv_of(cells), **asked.value.choices[0].options)
    assert figures(export) == {"open": (2, 30_000), "won": (1, 40_000), "lost": (2, 150_000)}


@pytest.mark.parametrize("second", ["£"])
def test_a_currency_in_the_format_of_a_number(language, second):
    def more(made):
        for place in range(2, 9):
            sign = second if place == 3 else "€"
            made["Deals"][f"F{place}"].value = int(made["Deals"][f"F{place}"].value)
            made["Deals"][f"F{place}"].number_format = f"[${sign}-413]\\ #,##0.00" if place % 2 else f'"{sign}"\\ #,##0'

    data = xlsx_of(rows(NL), more=more)
    with pytest.raises(Question, match="EUR, GBP"):
        read_deals(data)
    assert figures(read_deals(data, currency="EUR"))["open"] == (2, 40_000)


def test_one_currency_in_the_format_is_the_currency(language):
    def more(made):
        for place in range(2, 9):
            made["Deals"][f"F{place}"].value = int(made["Deals"][f"F{place}"].value)
            made["Deals"][f"F{place}"].number_format = numbers.FORMAT_CURRENCY_USD_SIMPLE

    export = read_deals(xlsx_of(rows(), more=more))
    assert figures(export) == RIGHT
    assert set(export.deals["currency"]) == {"USD"}


def test_bare_amounts_are_in_the_currency_that_is_given(language):
    cells = rows(NL, c5=lambda row: {"2": "€ 20000", "7": "£ 80000"}.get(row[0], row[5]))
    with pytest.raises(Question):
        read_deals(csv_of(cells))
    assert figures(read_deals(csv_of(cells), currency="EUR")) == {**RIGHT, "lost": (1, 70_000)}


@pytest.mark.parametrize(
    "header", ["Bedrag (x € 1.000)", "Omzet k€", "Bedrag in duizenden", "Amount (x1000)", "Value ('000)", "Amount (k)"]
)
def test_a_unit_in_the_header_is_asked_once(language, header):
    cells = rows([*NL[:5], header, *NL[6:]], c5=lambda row: row[5][:-3])
    with pytest.raises(Question) as asked:
        read_deals(csv_of(cells))
    assert asked.value.option == "unit"
    assert figures(read_deals(csv_of(cells), **asked.value.choices[0].options)) == RIGHT
    assert figures(read_deals(csv_of(cells), **asked.value.choices[1].options))["open"] == (3, 60)


@pytest.mark.parametrize("words", [("one_time", "monthly"), ("eenmalig", "per maand"), ("once", "month")])
def test_amounts_per_month_are_asked_about(language, words):
    head = [*NL[:2], "Soort", *NL[3:]]
    cells = rows(head, c2=lambda row: words[row[0] == "1"])
    with pytest.raises(Question) as asked:
        read_deals(csv_of(cells))
    assert asked.value.option == "per"
    year, written = [read_deals(csv_of(cells), **choice.options) for choice in asked.value.choices]
    assert figures(year)["open"] == (3, 170_000)
    assert figures(written) == RIGHT


def test_a_currency_in_the_header_is_the_currency():
    export = read_deals(csv_of(rows([*EN[:5], "amount_usd", *EN[6:]])))
    assert set(export.deals["currency"]) == {"USD"}


# Time ---------------------------------------------------------------------------------------------------------------


def test_a_mistyped_year_is_told_and_the_row_stays(language):
    export = read_deals(csv_of(rows(c8=lambda row: "2052-02-22" if row[0] == "7" else row[8])))
    assert figures(export) == RIGHT
    assert "2052" in " ".join(export.receipt.remarks)


@pytest.mark.parametrize(
    "form",
    [
        lambda day: str(int(day.timestamp())),
        lambda day: str(int(day.timestamp()) * 1000),
        lambda day: str(int(day.timestamp()) * 10**9),
        lambda day: ["ma", "di", "wo", "do", "vr", "za", "zo"][day.weekday()] + day.strftime(" %d-%m-%Y"),
        lambda day: day.strftime("%a %m/%d/%Y"),
        lambda day: day.strftime("%A, %d %B %Y"),
        lambda day: day.strftime("%d/%m/%Y %H:%M"),
        lambda day: day.strftime("%Y-%m-%dT%H:%M:%S+00:00"),
    ],
)
def test_days_in_other_forms(language, form):
    def written(place):
        return lambda row: row[place] and form(datetime.datetime.fromisoformat(row[place] + "T12:00:00+00:00"))

    export = read_deals(csv_of(rows(c6=written(6), c7=written(7), c8=written(8))))
    assert figures(export) == RIGHT
    assert export.deals["created_on"].dt.day.tolist() == [13, 14, 15, 16, 17, 18, 19]


def test_stamps_near_midnight_keep_their_day_and_are_told(language):
    export = read_deals(csv_of(rows(c8=lambda row: row[8] and f"{row[8]}T22:30:00Z")))
    assert export.deals["closed_on"].max() == datetime.datetime(2026, 2, 22)
    assert any("4" in told and "Closed on" in told for told in export.receipt.remarks)


# Names and causes ---------------------------------------------------------------------------------------------------

HEADERS = [
    [
        *("opp_id", "Organization", "assigned_rep", "Deal - Stage (pipeline)", "Opp Status", "DealAmount"),
        *("deal created date", "expected_close_at", "Closed Date"),
    ],
    [
        *("Deal - System ID", "Customer Name", "Rep", "Sales_Stage", "status_type", "Opportunity Amount"),
        *("Date Created", "Expected Closure Date", "date_closed_actual"),
    ],
]


def test_headers_of_many_systems_are_known(language):
    for head in HEADERS:
        assert figures(read_deals(csv_of(rows(head)))) == RIGHT


def test_a_start_date_is_no_day_of_creation():
    export = read_deals(csv_of(rows([*EN[:6], "Start Date", *EN[7:]])))
    assert export.deals["created_on"].isna().all()


def test_the_word_of_a_database_for_nothing_is_empty():
    export = read_deals(csv_of(rows(c8=lambda row: row[8] or "\\N", c2=lambda row: "\\N")))
    assert figures(export) == RIGHT


def test_ids_that_excel_has_cut_are_named_as_the_cause(language):
    cells = rows(NL, c0=lambda row: "1,43163E+10")
    export = read_deals(csv_of(cells))
    assert figures(export) == RIGHT
    assert any("1,43163E+10" in told for told in export.receipt.remarks)
    bare = [[row[0], *row[3:]] for row in cells]
    with pytest.raises(SalesMetricsError, match="1,43163E"):
        read_deals(csv_of(bare))


# Hostile files ------------------------------------------------------------------------------------------------------


def test_a_device_or_a_pipe_is_not_waited_for(language, tmp_path):
    os.mkfifo(tmp_path / "pipe.csv")
    for path in (tmp_path / "pipe.csv", "/dev/zero", "/dev/null"):
        with pytest.raises(SalesMetricsError, match=r"device|apparaat"):
            read_deals(path)


def test_more_columns_than_anybody_has_are_refused(language):
    head = ",".join(f"c{place}" for place in range(100_000))
    with pytest.raises(SalesMetricsError, match=r"2[.,]000"):
        read_deals(f"amount,stage,deal_id,{head}\n1,2,3\n".encode())


def test_an_unclosed_quote_costs_little(language):
    text = csv_of(rows(), end="\n").decode()
    lines = text.splitlines()
    lines[3] = lines[3].replace("Cole", '"Cole')
    many = [lines[0], lines[3], *(lines[1].replace("1", f"{place}", 1) for place in range(20_000))]
    export = read_deals("\n".join(many).encode())
    assert export.receipt.counts["open"] == 20_000


@pytest.mark.parametrize("also", ["Noor", ""])
def test_a_number_of_400_digits_is_no_amount(language, also):
    # A row that lacks something is looked at as a total too.
    cells = rows(
        c2=lambda row: also if row[0] == "1" else row[2], c5=lambda row: "9" * 400 if row[0] == "1" else row[5]
    )
    export = read_deals(csv_of(cells))
    assert export.receipt.counts == {"open": 2, "won": 2, "lost": 2}


@pytest.mark.parametrize("before", ["<!--" + "x" * 10_000 + "-->", " " * 10_000, "<?x y?>\n"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_entities_are_refused_wherever_they_stand(language, before, encoding):
    from test_exports_files import BOOK, rebuilt

    def change(name, data):
        if name != "xl/worksheets/sheet1.xml":
            return data
        xml = f"{before}<!DOCTYPE a [<!ENTITY x 'xxxxxxxxxx'>]>{data.decode().split('?>', 1)[-1]}"
        return (f'<?xml version="1.0" encoding="{encoding}"?>' + xml).encode(encoding)

    with pytest.raises(SalesMetricsError):
        read_deals(rebuilt(BOOK, change))


def test_a_workbook_of_libreoffice_is_read_and_what_was_not_looked_for_is_told(language):
    def cell(text):
        kind = f'office:value-type="float" office:value="{text}"' if text.isdigit() else 'office:value-type="string"'
        return f"<table:table-cell {kind}><text:p>{text}</text:p></table:table-cell>"

    spaces = "urn:oasis:names:tc:opendocument:xmlns:"
    cells = "".join(f"<table:table-row>{''.join(map(cell, row))}</table:table-row>" for row in rows(NL))
    content = (
        f'<office:document-content xmlns:office="{spaces}office:1.0" xmlns:table="{spaces}table:1.0" '
        f'xmlns:text="{spaces}text:1.0"><office:body><office:spreadsheet><table:table table:name="Deals">{cells}'
        "</table:table></office:spreadsheet></office:body></office:document-content>"
    )
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("content.xml", content)
        archive.writestr(
            "META-INF/manifest.xml", '<m:manifest xmlns:m="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"/>'
        )
    export = read_deals(out.getvalue())
    assert figures(export) == RIGHT
    assert ".ods" in str(export.receipt)
    assert ".xlsx" in " ".join(export.receipt.remarks)


# Questions ----------------------------------------------------------------------------------------------------------

SYSTEMS = ("HubSpot", "Pipedrive", "Salesforce", "Dynamics", "Zoho", "Odoo", "Teamleader", "AFAS", "Simplicate")


@pytest.mark.parametrize("form", [form for form in FORMS if form.name.startswith(SYSTEMS)], ids=lambda form: form.name)
def test_an_export_as_a_system_makes_it_asks_one_thing_at_most(form):
    options, asked = {}, 0
    while True:
        try:
            export = read_deals(form.data, name="export", **options)
        except Question as question:
            asked += 1
            options = question.choices[0].added_to(options)
        else:
            break
    assert asked + len(export.questions) <= 1
    assert export.receipt.counts == {"open": 5, "won": 3, "lost": 4}
