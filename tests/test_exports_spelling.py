"""Days, amounts and chances as people write them: read rightly, or asked about with the right cause."""

import pandas as pd
import pytest
from exports_forms import csv_of, xlsx_of

import salesmetrics as sm
from salesmetrics.base.errors import SalesMetricsError
from salesmetrics.crm import Question, read_deals
from salesmetrics.crm.headers import are_days
from salesmetrics.crm.sheet import columns_of

EN = ["Deal", "Status", "Amount", "Created on", "Expected close date", "Closed on"]
NL = ["Deal", "Status", "Bedrag", "Aangemaakt op", "Verwachte sluitdatum", "Gesloten op"]
BOTH = pytest.mark.parametrize("headers", [EN, NL])


def rows(headers=EN, *, amounts=None, created="2025-03-02", closed="2025-03-20", expected="2025-06-30", more=()):
    """Write nine deals, three of each status, with one cell of each column given or a list of them."""
    each = {"created": created, "closed": closed, "expected": expected}
    cells = {name: [text] * 9 if isinstance(text, str) else text for name, text in each.items()}
    lines = []
    for n in range(9):
        status = ["Open", "Won", "Lost"][n // 3]
        ends = [cells["expected"][n], ""] if status == "Open" else ["", cells["closed"][n]]
        money = amounts[n] if amounts else 1000 * (n + 1)
        lines.append([f"D{n + 1}", status, money, cells["created"][n], *ends, *(column[n + 1] for column in more)])
    return [[*headers, *(column[0] for column in more)], *lines]


def asked(data, **given):
    with pytest.raises(Question) as raised:
        read_deals(data, **given)
    return raised.value


def total(export):
    return float(export.deals["amount"].sum())


@BOTH
@pytest.mark.parametrize(
    ("created", "first"),
    [
        ("2025-03", "2025-03-01"),
        ("Q1 2025", "2025-01-01"),
        ("maart 2025", "2025-03-01"),
        ("mrt-25", "2025-03-01"),
        ("2025-W10", "2025-03-03"),
    ],
)
def test_a_period_in_which_a_deal_came_in_begins_on_its_first_day(headers, created, first, language):
    """By its last day a deal was closed before it came in."""
    export = read_deals(csv_of(rows(headers, created=created)))
    assert set(export.deals["created_on"].astype(str)) == {first}
    assert {"en": "its first day", "nl": "de eerste dag"}[language] in str(export.receipt)
    assert sm.velocity(export.deals).mean_days > 0


def test_the_month_in_which_a_deal_is_expected_ends_on_its_last_day():
    export = read_deals(csv_of(rows(expected="2025-06")))
    assert str(export.deals["expected_close_on"][0].date()) == "2025-06-30"
    assert "its last day" in str(export.receipt)


def test_deals_that_were_closed_before_they_came_in_give_no_velocity_and_the_cause(language):
    deals = read_deals(csv_of(rows(created="2025-04-09"))).deals
    with pytest.raises(SalesMetricsError) as refused:
        sm.velocity(deals)
    assert "-20" in str(refused.value).replace("−", "-")
    assert {"en": "or before", "nl": "of eerder"}[language] in str(refused.value)


SHORT = ["Mar-12", "Jun-30", "Feb-03", "Mar-15", "Apr-22", "May-09", "Oct-28", "Nov-11", "Dec-24"]


def test_a_month_with_a_number_is_no_year_where_the_numbers_are_those_of_days(language):
    for short in (SHORT, ["Mar-31", "Jun-30", "Sep-30"] * 3):
        with pytest.raises(SalesMetricsError) as refused:
            read_deals(csv_of(rows(closed=short)))
        told = {"en": "a day without its year?", "nl": "een dag zonder jaar?"}[language]
        assert told in refused.value.what
        question = asked(csv_of(rows(expected=short)))
        assert told in question.what
        assert question.choices[0].options == {"columns": {"expected_close_on": None}}


def test_days_without_a_year_in_every_column_are_no_years():
    for closed in ("Mar-20", ["Mar-20", "Mar-21", "Mar-22"] * 3):
        assert "a day without its year?" in asked(csv_of(rows(created="Mar-02", expected="Jun-30", closed=closed))).what


def test_a_month_with_its_year_is_one_where_the_years_lie_near_the_others():
    export = read_deals(csv_of(rows(expected=["Mar-26", "Jun-26", "Dec-27"] * 3)))
    assert export.deals["expected_close_on"].dropna().astype(str).tolist() == ["2026-03-31", "2026-06-30", "2027-12-31"]


def test_one_month_far_from_all_years_is_no_date(language):
    """So the receipt says of no month that its last day was read."""
    days = ["2025-05-01", "2025-06-01", "Jun-30", *["2025-06-30"] * 6]
    export = read_deals(csv_of(rows(expected=days)), incomplete={"open": "keep"})
    assert export.deals["expected_close_on"].notna().sum() == 2
    assert {"en": "its last day", "nl": "de laatste dag"}[language] not in str(export.receipt)
    days[2] = "2025-06"
    export = read_deals(csv_of(rows(expected=days)))
    assert {"en": "its last day", "nl": "de laatste dag"}[language] in str(export.receipt)


def test_an_amount_is_no_month():
    amounts, months = columns_of(["Total", "Month"], [["12.2025", "12-2025"], ["7.2010", "07-2026"]])
    assert not are_days(amounts)
    assert are_days(months)


@pytest.mark.parametrize("header", ["Kans (%)", "Chance", "Probability (%)"])
def test_a_bare_number_up_to_1_beside_percentages_is_asked_about(header, language):
    for chances in (["50%", "1", "20%"] * 3, ["50", "0.5", "100"] * 3):
        question = asked(csv_of(rows(more=[[header, *chances[:3], *[""] * 6]])))
        percentages, fractions = question.choices
        assert question.option == "probability_in"
        value = float(chances[1])
        assert read_deals(csv_of(rows(more=[[header, *chances[:3], *[""] * 6]])), **fractions.options).deals[
            "probability"
        ].tolist()[:2] == [0.5, value]
        assert read_deals(csv_of(rows(more=[[header, *chances[:3], *[""] * 6]])), **percentages.options).deals[
            "probability"
        ].tolist()[:2] == [0.5, value / 100]


def test_a_won_deal_with_a_chance_of_exactly_1_proves_fractions():
    chances = ["50%", "0.2", "20%", *["1"] * 3, *["0"] * 3]
    deals = read_deals(csv_of(rows(more=[["Chance", *chances]]))).deals
    assert deals["probability"].tolist() == [0.5, 0.2, 0.2, 1, 1, 1, 0, 0, 0]


def test_percentages_without_a_sign_hold_a_1_for_one_percent():
    deals = read_deals(csv_of(rows(more=[["Chance", *["1", "20", "50", "100", "100", "100", "0", "0", "0"]]]))).deals
    assert deals["probability"][0] == 0.01


@BOTH
@pytest.mark.parametrize("cell", ["USD 5000", "$ 5000", "5000 dollar", "US$ 5000", "£ 5000"])
def test_a_few_amounts_in_another_currency_are_not_added_to_bare_ones(headers, cell, language):
    data = csv_of(rows(headers, amounts=["100", "200", "300", "400", cell, "600", "700", "800", "900"]))
    question = asked(data)
    assert question.option == "currency"
    same, other, _another = question.choices
    assert "8" in question.what
    assert total(read_deals(data, **same.options)) == 9_000
    export = read_deals(data, **other.options)
    assert total(export) == 4_000
    assert export.deals["currency"].unique().tolist() == ["EUR"]
    assert [len(left.lines) for left in export.receipt.left_out] == [1]


def test_one_actual_amount_in_another_currency_is_not_added_to_bare_ones():
    actual = ["Actual revenue", *[""] * 3, "$ 4000", "5000", "6000", *[""] * 3]
    assert asked(csv_of(rows(more=[actual]))).option == "currency"


def test_a_few_bare_amounts_among_those_with_a_sign_are_in_that_currency():
    export = read_deals(csv_of(rows(amounts=["€ 100", "€ 200", "300", *["€ 400"] * 6])))
    assert total(export) == 3_000


@pytest.mark.parametrize(
    ("once", "again", "is_asked"),
    [
        ("Amount", "MRR", False),
        ("Bedrag", "Maandbedrag", False),
        ("Amount", "One-time fee", False),
        ("Amount", "Recurring amount", False),
        ("Bedrag", "Opstartkosten", False),
        ("Eenmalig bedrag", "Maandbedrag", True),
        ("One-time amount", "MRR", True),
        ("Eenmalig bedrag", "ARR", True),
    ],
)
def test_what_a_deal_brings_in_another_column_is_told_or_asked(once, again, is_asked, language):
    data = csv_of(rows([*EN[:2], once, *EN[3:]], more=[[again, *range(10, 100, 10)]]))
    if is_asked:
        question = asked(data)
        assert [choice.label for choice in question.choices] == [once, again]
        assert total(read_deals(data, **question.choices[0].options)) == 45_000
    else:
        remarks = [told for told in read_deals(data).receipt.remarks if f"“{again}”" in told]
        assert len(remarks) == 1
        assert f"“{once}”" in remarks[0]


@pytest.mark.parametrize("header", ["Annual revenue", "Score", "Arrears"])
def test_another_number_is_no_part_of_a_deal(header):
    export = read_deals(csv_of(rows(more=[[header, *range(10, 100, 10)]])))
    assert not [told for told in export.receipt.remarks if header in told]


@BOTH
@pytest.mark.parametrize(
    ("name", "status"), [("Gewonnen", "won"), ("Won", "won"), ("Lost", "lost"), ("Verloren", "lost")]
)
def test_a_lone_sheet_named_after_a_status_tells_it(headers, name, status):
    cells = [[row[0], *row[2:]] for row in rows(headers, closed="2025-03-20") if row[1] in ("Status", "Won", "Lost")]
    export = read_deals(xlsx_of(cells, title=name))
    assert export.receipt.counts[status] == 6


def test_a_lone_sheet_named_with_more_is_asked_about_with_all_won_among_it():
    cells = [[row[0], *row[2:]] for row in rows() if row[1] in ("Status", "Won", "Lost")]
    question = asked(xlsx_of(cells, title="Won 2025"))
    assert [word.proposed for word in question.words] == ["won"]


def test_the_other_sheets_are_told_where_a_lone_one_is_named_after_a_status(language):
    won = [[row[0], *row[2:]] for row in rows() if row[1] in ("Status", "Won")]

    def with_lost(book):
        sheet = book.create_sheet("Lost")
        for row in [["Deal", "Amount", "Closed on", "Loss reason"], ["D10", 100, "2025-03-01", "price"]]:
            sheet.append(row)

    data = xlsx_of(won, title="Won", more=with_lost)
    assert asked(data).option == "sheet"
    export = read_deals(data, sheet="all")
    assert export.receipt.counts == {"open": 0, "won": 3, "lost": 0}
    assert "“Lost”" in " ".join(export.receipt.remarks)


def test_one_open_deal_that_is_old_is_told_of_as_one(language):
    remarks = " ".join(read_deals(csv_of(rows(created=["2024-06-02", *["2025-03-02"] * 8]))).receipt.remarks)
    assert {"en": "1 of 3 open deals (33%) is older", "nl": "1 van de 3 open deals (33%) loopt"}[language] in remarks


def test_one_amount_in_a_month_is_told_of_as_one(language):
    cells = rows(amounts=["€ 100 p/m", *["€ 400"] * 8])
    assert asked(csv_of(cells)).what.startswith({"en": "1 amount is per", "nl": "1 bedrag is per"}[language])


def test_a_stage_that_says_otherwise_is_told_with_its_line(language):
    stages = ["Stage", *["Demo"] * 2, "Closed Won", *["Closed Won"] * 3, *["Closed Lost"] * 3]
    remarks = " ".join(read_deals(csv_of(rows(more=[stages]))).receipt.remarks)
    assert {"en": "another status (line 4)", "nl": "een andere status (regel 4)"}[language] in remarks


@pytest.mark.parametrize("time", ["10u30", "10h30", "10:30", "9u05", "10H30", "10u", "10.30 uur", "10 uur"])
def test_a_time_as_it_is_spoken_stands_behind_a_day(time):
    deals = read_deals(csv_of(rows(closed=f"20-03-2025 {time}"))).deals
    assert set(deals["closed_on"].dropna().astype(str)) == {"2025-03-20"}


@pytest.mark.parametrize(
    "tax", [" excl. btw", " ex btw", " excl. VAT", " (excl. BTW)", " exclusief btw", ", ex. VAT", " excl. 21% btw"]
)
def test_a_tax_that_is_not_in_an_amount_says_nothing_of_it(tax):
    assert total(read_deals(csv_of(rows(amounts=[f"€ 1.250{tax}"] * 9)), decimal=",")) == 11_250


@BOTH
@pytest.mark.parametrize("word", ["Jaardoel", "Sales target FY25", "Stand 31 maart", "Nog te scoren", "Year plan"])
def test_a_last_line_under_a_word_not_known_is_left_out_with_its_amount(headers, word, language):
    """Where a blank status counts as open, too."""
    data = csv_of([*rows(headers), [word, "", 90_000, "", "", ""]])
    for given in ({}, {"blank": "open"}):
        export = read_deals(data, **given)
        assert total(export) == 45_000
        [left] = export.receipt.left_out
        assert left.lines == (11,)
        assert (
            left.reason == {"en": "a closing line, no deal: 90000", "nl": "een slotregel, geen deal: 90000"}[language]
        )


@BOTH
@pytest.mark.parametrize("name", ["Target Benelux", "Doelgroep BV", "Total Energies", "Totaal Bouw", "Som & Zn"])
def test_a_last_deal_whose_name_begins_with_such_a_word_is_a_deal(headers, name):
    for day in ("2025-03-02", ""):
        assert total(read_deals(csv_of([*rows(headers), [name, "Won", 500, day, "", "2025-03-20"]]))) == 45_500


@pytest.mark.parametrize("written", ["€ {},00", "€{}.00", "{},00 €"])
def test_amounts_in_cents_beside_the_same_written_out_are_in_cents(written, language):
    """So does the door of Close.com for programs."""
    formatted = ["value_formatted", *(written.format(10 * n) for n in range(1, 10))]
    headers = [*EN[:2], "value", *EN[3:]]
    export = read_deals(csv_of(rows(headers, amounts=[1000 * n for n in range(1, 10)], more=[formatted])))
    assert total(export) == 450
    assert {"en": "in cents", "nl": "in centen"}[language] in str(export.receipt)
    assert {"en": "times 0.01", "nl": "maal 0,01"}[language] in str(export.receipt)
    formatted[0] = "formatted_value"
    assert total(read_deals(csv_of(rows(headers, amounts=[1000 * n for n in range(1, 10)], more=[formatted])))) == 450
    whole = ["value_formatted", *(written.format(1000 * n) for n in range(1, 10))]
    assert total(read_deals(csv_of(rows(headers, more=[whole])))) == 45_000


def test_an_amount_is_never_taxed_in_silence():
    with pytest.raises(SalesMetricsError):
        read_deals(csv_of(rows(amounts=["€ 1000 incl. btw"] * 9)))


def test_a_number_that_a_workbook_shows_in_thousands_is_whole():
    """Its format writes 12,000 as 12k; what is stored is 12,000."""

    def in_thousands(book):
        for cell in book.active["C"][1:]:
            cell.number_format = '#,##0,"k"'

    assert total(read_deals(xlsx_of(rows(), more=in_thousands))) == 45_000


def test_days_in_a_column_of_text_are_still_days():
    assert pd.notna(read_deals(csv_of(rows(created="1 mrt 2025"))).deals["created_on"]).all()


@BOTH
@pytest.mark.parametrize(("name", "amount"), [("D10", 39_000), ("Totaal", 500), ("Total", 500), ("Target", 500)])
def test_an_open_deal_is_no_total_where_no_column_has_expected_days(headers, name, amount):
    """A day of closing is what no open deal has, even where its amount is what those above it come to."""
    head, *cells = [row[:4] + row[5:] for row in rows(headers)]
    deal = [name, "Open", amount, "2025-03-03", ""]
    assert total(read_deals(csv_of([head, *cells[3:], deal]))) == 39_000 + amount


@pytest.mark.parametrize(
    ("amount", "others"), [("MRR", ["TCV"]), ("MRR", ["ACV", "TCV"]), ("Maandbedrag", ["TCV", "ACV"])]
)
def test_the_value_of_a_contract_beside_what_it_brings_each_month_is_told(amount, others, language):
    headers = [*EN[:2], amount, *EN[3:]]
    data = csv_of(rows(headers, more=[[other, *range(500, 509)] for other in others]))
    question = asked(data)
    told = {"en": ["hold money too", "holds money too"], "nl": ["staat ook geld"] * 2}[language][len(others) == 1]
    remarks = " ".join(read_deals(data, **question.choices[1].options).receipt.remarks)
    assert told in remarks
    assert all(f"“{other}”" in remarks for other in others)
