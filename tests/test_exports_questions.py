"""What can be read in two ways is refused with a message of its own, and every answer offered leads on."""

import itertools

import pytest
from exports_forms import (
    BY_HAND,
    CANONICAL,
    DEALS,
    DYNAMICS,
    HUBSPOT,
    SALESFORCE,
    TEAMLEADER,
    ZOHO,
    american,
    comma,
    csv_of,
    dutch,
    iso,
    table,
    xlsx_of,
)

from salesmetrics.base.errors import SalesMetricsError
from salesmetrics.crm import Question, read_deals


def early(day):
    """Write a day early in its month, which no order of day and month contradicts."""
    return f"{day.day % 12 + 1:02}-{day.month % 12 + 1:02}-{day.year}"


def mixed(day):
    return american(day) if day.month % 2 else f"{day.day:02}/{day.month:02}/{day.year}"


def changed(columns, **cells):
    return csv_of(table({**columns, **{name.replace("_", " "): cell for name, cell in cells.items()}}))


def by_number(*values):
    return lambda deal: values[int(deal["id"][1:]) % len(values)]


# Without the columns that tell how a deal ended even where its status does not.
SILENT = {name: cell for name, cell in CANONICAL.items() if name not in ("probability", "loss_reason")}
TWO_ENCODINGS = csv_of(table(CANONICAL)).replace("Müller".encode(), "Müller".encode("cp1252"))

# A name, the file, the option that settles it, and what the message must hold in both languages.
UNCLEAR = [
    ("dates", csv_of(table(CANONICAL, day=early)), "date_order", ["closed_on", "11-02-2026", "date_order="]),
    (
        "years of two digits",
        csv_of(table(CANONICAL, day=lambda day: day.strftime("%d-%m-%y"))),
        "date_order",
        ["22-01-26", '"day"', '"year"'],
    ),
    (
        "amounts with one mark before three digits",
        csv_of(table({**CANONICAL, "amount": by_number("1.250", "12.500", "700")})),
        "decimal",
        ["12.500", 'decimal={"amount": ","}'],
    ),
    ("currencies in a column", changed(CANONICAL, currency=by_number("EUR", "USD")), "currency", ["EUR", "USD"]),
    (
        "currencies beside the amounts",
        csv_of(table({**CANONICAL, "amount": by_number("€ 100", "$ 150")})),
        "currency",
        ["EUR", "USD"],
    ),
    (
        "an unknown status",
        csv_of(table({**SILENT, "status": lambda deal: {"won": "Signed", "lost": "Gone"}.get(deal["status"], "open")})),
        "won",
        ["Signed", "won="],
    ),
    (
        "a stage that says closed",
        # With the chances of 0 and 100% it would say which was won.
        csv_of(
            table(
                {name: cell for name, cell in SALESFORCE.items() if name != "Probability (%)"}
                | {"Stage": lambda deal: deal["stage"] if deal["status"] == "open" else "Closed"}
            )
        ),
        "won",
        ["Closed", "won="],
    ),
    (
        "a stage that says more than closed",
        csv_of(
            table({**ZOHO, "Stage": lambda deal: "Lost - no budget" if deal["status"] == "lost" else deal["stage"]})
        ),
        "won",
        ["Lost - no budget", "lost="],
    ),
    (
        "a stage in Dutch that says it ended",
        csv_of(
            table(
                {
                    **TEAMLEADER,
                    "Slaagkans (%)": lambda deal: "",
                    "Fase": lambda deal: "Vervallen" if deal["status"] == "lost" else deal["stage"],
                }
            )
        ),
        "won",
        ["Vervallen", "lost="],
    ),
    ("pipelines", csv_of(table({**HUBSPOT, "Pipeline": by_number("New", "Renewal")})), "pipeline", ["Renewal"]),
    (
        "sheets",
        xlsx_of(table(CANONICAL), more=lambda book: book.copy_worksheet(book["Deals"])),
        "sheet",
        ["Deals Copy", "sheet="],
    ),
    (
        "an amount that may be weighed",
        csv_of(table({name: cell for name, cell in SALESFORCE.items() if name != "Amount"})),
        "columns",
        ["Expected Revenue"],
    ),
    (
        "two columns of amounts",
        changed(BY_HAND, Bedrag=lambda deal: deal["amount"] + 1),
        "columns",
        ["Waarde", "Bedrag"],
    ),
    ("encodings", TWO_ENCODINGS, "encoding", ["UTF-8", 'encoding="cp1252"']),
    (
        "percentages and fractions",
        csv_of(table({**CANONICAL, "probability": by_number("50", "0.5")})),
        "probability_in",
        ["probability", "percent"],
    ),
    (
        "open deals with a day of closing",
        csv_of(table({**CANONICAL, "closed_on": "ends"})),
        "ended",
        ["closed_on", 'ended="open"'],
    ),
    ("marks between cells", b"status,x;amount\nopen,1;5\n", "delimiter", ["delimiter="]),
]


@pytest.mark.parametrize(("data", "option", "parts"), [case[1:] for case in UNCLEAR], ids=[case[0] for case in UNCLEAR])
def test_what_is_unclear_is_asked(language, data, option, parts):
    with pytest.raises(Question) as asked:
        read_deals(data, name="export.csv")
    assert asked.value.option == option
    for part in parts:
        assert part in str(asked.value)
    assert asked.value.choices
    assert all(choice.label and {option, "no_deal"} & {*choice.options} for choice in asked.value.choices)


def test_a_long_status_is_asked_about_once_with_all_its_lines():
    # A cell of more than 128 bytes, so that the column is not read by its distinct cells.
    columns = {**SILENT, "status": lambda deal: "Signed " * 20 if deal["status"] == "won" else deal["status"]}
    with pytest.raises(Question, match="lines 6, 7, 8") as asked:
        read_deals(csv_of(table(columns)))
    assert [word.text for word in asked.value.words] == [("Signed " * 20).strip()]


def test_every_question_has_words_of_its_own():
    messages = []
    for _name, data, _option, _parts in UNCLEAR:
        with pytest.raises(Question) as asked:
            read_deals(data, name="export.csv")
        messages.append(asked.value.what)
    assert len(set(messages)) == len(messages)


@pytest.mark.parametrize("data", [case[1] for case in UNCLEAR[:-1]], ids=[case[0] for case in UNCLEAR[:-1]])
def test_every_answer_leads_on(data):
    answered = 0

    def follow(options, depth=0):
        nonlocal answered
        assert depth < 6
        try:
            export = read_deals(data, name="export.csv", **options)
        except Question as question:
            for choice in question.choices[:2]:
                follow(choice.added_to(options), depth + 1)
        except SalesMetricsError:
            # One answer may still be contradicted by the file.
            assert depth
        else:
            answered += 1
            assert len(export.deals) + sum(len(left.lines) for left in export.receipt.left_out) == len(DEALS)

    follow({})
    assert answered


def half_turned(deal):
    """Leave a day past the twelfth as text, as Excel does that reads another order; one is written in letters."""
    day = deal["created"]
    if day.day <= 12:
        return day
    return american(day) if day.day != 25 else f"25 Feb {day.year}"


TWO_WAYS = [
    ("two orders in one column", csv_of(table(CANONICAL, day=mixed)), "two ways", "twee manieren"),
    (
        "10/20/2016 beside 25-01-17",
        csv_of(table({**CANONICAL, "created_on": by_number("10/20/2016", "25-01-2017")})),
        "two ways",
        "twee manieren",
    ),
    (
        "two decimal marks",
        csv_of(table({**CANONICAL, "amount": by_number("12,5", "12.50", "1.234,50")})),
        "two ways",
        "twee manieren",
    ),
    (
        "texts that Excel did not turn into dates",
        xlsx_of(table(CANONICAL, day=lambda day: american(day) if day.day > 12 else day, money=lambda amount: amount)),
        "swapped",
        "verwisseld",
    ),
    (
        "and one text that is sure of its day",
        xlsx_of(table({**CANONICAL, "created_on": half_turned}, day=lambda day: day, money=lambda amount: amount)),
        "swapped",
        "verwisseld",
    ),
]


@pytest.mark.parametrize(
    ("data", "english", "dutch"), [case[1:] for case in TWO_WAYS], ids=[case[0] for case in TWO_WAYS]
)
@pytest.mark.parametrize("options", [{}, {"date_order": "day"}, {"date_order": "month"}])
def test_what_contradicts_itself_is_refused_whatever_one_says(language, data, english, dutch, options):
    with pytest.raises(SalesMetricsError) as error:
        read_deals(data, name="export.csv", **options)
    assert not isinstance(error.value, Question)
    assert (english if language == "en" else dutch) in str(error.value)


@pytest.mark.parametrize("mark", [",", "."])
def test_two_decimal_marks_are_refused_whatever_one_says(language, mark):
    with pytest.raises(SalesMetricsError, match="two ways" if language == "en" else "twee manieren"):
        read_deals(TWO_WAYS[2][1], decimal=mark)


def test_two_ways_of_writing_must_each_prove_their_order():
    rows = table({**CANONICAL, "created_on": by_number("10/20/2016", "03-01-17")})
    with pytest.raises(Question, match="03-01-17"):
        read_deals(csv_of(rows), name="export.csv")


def test_an_order_that_does_not_fit_is_refused(language):
    with pytest.raises(SalesMetricsError, match="closed_on"):
        read_deals(csv_of(table(CANONICAL, day=dutch)), date_order="month")
    with pytest.raises(SalesMetricsError, match="amount"):
        read_deals(csv_of(table(CANONICAL, money=comma), ";"), decimal=".")


def test_an_order_that_fits_all_but_one_value_is_refused_and_names_it(language):
    days = by_number("2026-02-03", "03-04-2026", "13-04-2026", "05-04-2026")
    with pytest.raises(SalesMetricsError) as error:
        read_deals(csv_of(table({**CANONICAL, "created_on": days})), date_order={"created_on": "month"})
    assert not isinstance(error.value, Question)
    assert "13-04-2026" in error.value.what
    assert "month" in error.value.what


def test_dates_that_are_the_same_in_both_orders_need_no_answer():
    rows = table({**CANONICAL, "created_on": lambda deal: "01-01-2025"}, day=iso)
    assert read_deals(csv_of(rows)).deals["created_on"].dt.year.unique().tolist() == [2025]


def test_one_order_per_column():
    def day(deal):
        return american(deal["created"])

    rows = table({**CANONICAL, "created_on": day}, day=dutch)
    deals = read_deals(csv_of(rows)).deals
    assert [found.date() for found in deals["created_on"]] == [deal["created"] for deal in DEALS]
    unclear = csv_of(table({**CANONICAL, "created_on": lambda deal: early(deal["created"])}, day=dutch))
    with pytest.raises(Question) as asked:
        read_deals(unclear)
    assert asked.value.choices[0].options == {"date_order": {"created_on": "day"}}


def test_an_amount_that_is_no_amount_of_money_is_left_out():
    rows = table({**CANONICAL, "amount": by_number("12.50", "9" * 400, "13.75")})
    export = read_deals(csv_of(rows))
    assert "2 of 5 open deals are left out" in " ".join(export.receipt.remarks)
    assert len(export.receipt.left_out[0].lines) == 4
    assert export.deals["amount"].max() == 13.75


def test_the_revenue_of_a_won_deal_is_what_it_brought_in():
    export = read_deals(xlsx_of(table(DYNAMICS, day=lambda day: day, money=lambda amount: amount)))
    won = export.deals[export.deals["status"] == "won"]
    assert won["amount"].tolist() == [deal["amount"] for deal in DEALS if deal["status"] == "won"]


def test_texts_stay_as_they_are_written():
    # Many equal cells must not be taken for numbers on the way.
    ids = {**CANONICAL, "deal_id": lambda deal: f"00{deal['id'][1:]}", "owner": by_number("007", "1.50")}
    deals = read_deals(csv_of(table(ids))).deals
    assert deals["deal_id"].iloc[0] == "00001"
    assert set(deals["owner"]) == {"007", "1.50"}


def test_a_sheet_without_ids_and_names_goes_by_its_customers():
    data = b"Klant;Bedrag;Status;Gesloten op\nA;100,5;Open;\nB;200;Gewonnen;13-2-2026\nB;200;Gewonnen;13-2-2026\n"
    assert read_deals(data).deals["deal_id"].tolist() == ["A", "B (line 3)", "B (line 4)"]


def test_a_deal_without_an_id_stands_in_the_file_once():
    rows = table({name: cell for name, cell in CANONICAL.items() if name != "deal_id"})
    export = read_deals(csv_of([*rows, rows[3], [*rows[4][:4], "9.5", *rows[4][5:]]]))
    assert len(export.deals) == len(DEALS) + 1
    assert "(line 15)" in export.deals["deal_id"].iloc[-1]
    assert export.receipt.left_out[0].lines == (14,)


def test_deals_of_one_name_are_told_apart_and_told_of(language):
    rows = table({name: cell for name, cell in CANONICAL.items() if name != "deal_id"})
    remarks = read_deals(csv_of([*rows, [*rows[4][:4], "9.5", *rows[4][5:]]])).receipt.remarks
    assert ("2 rows share their name" if language == "en" else "2 rijen hebben dezelfde naam") in remarks[0]
    assert "5, 14" in remarks[0]
    assert str(rows[4][0]) in remarks[0]


def test_a_row_for_each_product_of_a_deal_is_refused(language):
    header, *rows = table(SALESFORCE, day=american)
    products = [[*header, "Product"], *([*row, "A"] for row in rows), [*rows[2], "B"], [*rows[3], "B"]]
    with pytest.raises(SalesMetricsError, match="products" if language == "en" else "producten") as error:
        read_deals(csv_of(products))
    assert "4, 14" in str(error.value)
    assert rows[2][2] in str(error.value)


def test_amounts_in_thousands_and_millions(language):
    rows = table({**CANONICAL, "amount": by_number("€ 12,5k", "15K", "1,2 mln", "€ 900")})
    amounts = read_deals(csv_of(rows), currency="EUR").deals["amount"]
    assert amounts.tolist()[:4] == [15_000, 1_200_000, 900, 12_500]
    assert amounts.notna().all()


def test_several_currencies_can_be_read_from_the_column_that_has_one(language):
    converted = {"Amount in company currency": "amount"}
    amounts = {"amount": by_number("100", "200"), "currency": by_number("EUR", "USD")}
    data = csv_of(table({**CANONICAL, **amounts, **converted}))
    with pytest.raises(Question, match="Amount in company currency") as asked:
        read_deals(data)
    last = asked.value.choices[-1]
    deals = read_deals(data, **last.added_to({})).deals
    assert deals["amount"].tolist() == [deal["amount"] for deal in DEALS]
    assert len(read_deals(data, **asked.value.choices[0].options).deals) == len(DEALS) / 2


def test_a_report_in_groups_is_refused(language):
    header, *rows = table(SALESFORCE, day=american)
    stage = header.index("Stage")
    rows.sort(key=lambda row: str(row[stage]))
    for above, row in reversed(list(itertools.pairwise(rows))):
        row[stage] = "" if row[stage] == above[stage] else row[stage]
    with pytest.raises(SalesMetricsError, match="details only" if language == "en" else "alleen details"):
        read_deals(csv_of([[f"{name}  ↑" if name == "Stage" else name for name in header], *rows]))


def test_a_closing_line_or_a_status_left_out_decides_nothing():
    rows = table({**CANONICAL, "status": lambda deal: deal["status"]})
    total = ["Total", "", "", "", "", "1.234.567", "", "", "", "", "", ""]
    export = read_deals(csv_of([*rows, total]))
    assert len(export.deals) == len(DEALS)
