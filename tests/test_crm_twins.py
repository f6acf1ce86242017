"""Further misreadings of the known kinds, each by a made-up twin: in other languages, systems and layouts."""

import datetime
import io
import struct
import zipfile

import pytest
from exports_forms import csv_of, xlsx_of
from test_crm_kinds import EN, NL, RIGHT, figures, rows

from salesmetrics.base.errors import SalesMetricsError
from salesmetrics.crm import Question, read_deals


def asked(data, **options):
    """Return the question that a file asks."""
    with pytest.raises(Question) as question:
        read_deals(data, **options)
    return question.value


def answered(data, question, place=0, **options):
    """Read a file with one of the answers to its question."""
    return read_deals(data, **question.choices[place].added_to(options))


def without_status(head=EN, **changes):
    """Write the deals without the column of statuses."""
    return [[*row[:4], *row[5:]] for row in rows(head, **changes)]


# Rows ---------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "word", ["Totalen", "Overall total", "Sum of amounts", "Gesamtsumme", "Total général", "Som van bedrag"]
)
@pytest.mark.parametrize("top", [False, True])
def test_a_total_in_other_words_and_above_the_list_is_no_deal(language, word, top):
    cells, total = rows(NL), [word, "", "", "", "In behandeling", "300001", "", "", ""]
    export = read_deals(csv_of([cells[0], total, *cells[1:]] if top else [*cells, total]))
    assert figures(export) == RIGHT
    assert "300001" in str(export.receipt)


def test_a_sum_above_the_list_is_no_deal_without_a_word_too():
    cells = rows()
    total = ["", "", "", "", "Open", "300000", "", "", ""]
    assert figures(read_deals(csv_of([cells[0], total, *cells[1:]]))) == RIGHT


def test_a_total_that_lacks_nothing_is_known_by_its_word_and_its_sum():
    deals = [["Aker", "10000"], ["Berg", "20000"], ["Som", "30000"]]
    options = {"columns": {"status": None}}
    assert read_deals(csv_of([["Klant", "Bedrag"], *deals]), **options).deals["amount"].sum() == 30_000
    # A customer of that name, and another amount than the sum.
    deals[2] = ["Som", "31000"]
    assert read_deals(csv_of([["Klant", "Bedrag"], *deals]), **options).deals["amount"].sum() == 61_000


def test_sheets_with_their_columns_in_another_order_are_taken_together(language):
    cells = rows(NL)
    other = [row[::-1] for row in [cells[0], *cells[5:]]]
    data = sheets({"2024": cells[:5], "2025": other})
    assert len(asked(data).choices) == 3
    assert figures(read_deals(data, sheet="all")) == RIGHT


def sheets(tables):
    """Write a workbook of several sheets."""

    def more(made):
        made.remove(made.active)
        for name, cells in tables.items():
            sheet = made.create_sheet(name)
            for row in cells:
                sheet.append(row)

    return xlsx_of([], more=more)


def test_a_note_or_a_stray_cell_on_a_sheet_for_a_status_is_no_deal():
    cells = [[*row[:4], *row[5:]] for row in rows(NL)]
    parts = [cells[1:4], cells[4:6], [*cells[6:], ["Bron: CRM"]]]
    parts[0][0] = [*parts[0][0], "bellen!"]
    data = sheets({n: [cells[0], *part] for n, part in zip(("Open", "Gewonnen", "Verloren"), parts, strict=True)})
    assert figures(read_deals(data, sheet="all")) == RIGHT


def test_a_sheet_that_is_not_taken_is_named(language):
    cells = rows()
    data = sheets({"2024": cells, "2025": [[*row, "more"] for row in cells]})
    assert any("“2025”" in note for note in read_deals(data, sheet="all").receipt.remarks)


@pytest.mark.parametrize(("head", "names"), [(EN, ("Open", "Won", "Lost")), (NL, ("Lopend", "Gewonnen", "Verloren"))])
def test_a_sheet_for_each_status_tells_the_status(head, names):
    cells = without_status(head)
    parts = (cells[1:4], cells[4:6], cells[6:])
    data = sheets({name: [cells[0], *part] for name, part in zip(names, parts, strict=True)})
    assert figures(read_deals(data, sheet="all")) == RIGHT


# Status -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("word", ["Active", "Actief"])
def test_the_state_of_the_record_is_not_the_status_where_the_stages_tell_it(language, word):
    ends = {"Open": "Demo", "Won": "Closed Won", "Lost": "Gesloten (verloren)"}
    cells = rows(c4=lambda row: word, c3=lambda row: ends[row[4]])
    assert figures(read_deals(csv_of(cells))) == RIGHT


def test_where_the_state_of_the_record_tells_nothing_one_can_go_by_the_stages(language):
    ends = {"Open": "Demo", "Won": "Contract signed", "Lost": "Geen interesse"}
    data = csv_of(rows(c4=lambda row: "Active", c3=lambda row: ends[row[4]]))
    question = asked(data)
    assert question.option == "ended"
    options = question.choices[0].added_to({})
    assert options == {"columns": {"status": "Stage", "stage": "Stage"}}
    assert {word.text for word in asked(data, **options).words} == {"Contract signed", "Geen interesse"}
    told = {"won": "Contract signed", "lost": "Geen interesse"}
    assert figures(read_deals(data, **options, **told)) == RIGHT


@pytest.mark.parametrize("head", [EN, NL])
def test_deals_with_a_day_of_closing_that_count_as_open_are_asked_about(language, head):
    # Lost deals stay in the stage that they had, as in Odoo: 2 of the 4 deals that have ended.
    cells = without_status(head, c3=lambda row: "Gewonnen" if row[4] == "Won" else row[3])
    question = asked(csv_of(cells))
    assert question.option == "ended"
    assert "2 " in question.what
    assert figures(answered(csv_of(cells), question)) == RIGHT
    left = read_deals(csv_of(cells), ended="leave out")
    assert figures(left) == RIGHT | {"lost": (0, 0)}
    assert figures(read_deals(csv_of(cells), ended="open"))["open"] == (5, 210_000)


@pytest.mark.parametrize(("header", "ticks"), [("Active", ("TRUE", "FALSE")), ("Gearchiveerd", ("nee", "ja"))])
def test_a_deal_that_is_no_longer_active_is_not_open_in_silence(header, ticks):
    cells = without_status(c3=lambda row: "Won" if row[4] == "Won" else row[3])
    marks = [header, *[ticks[row[4] == "Lost"] for row in rows()[1:]]]
    data = csv_of([[*row[:7], mark] for row, mark in zip(cells, marks, strict=True)])
    question = asked(data)
    assert question.option == "ended"
    assert header in question.what


def test_the_question_names_the_column_that_says_that_deals_ended(language):
    """Every deal has a day of closing, as in Salesforce; a reason is left over on two of the four open ones."""
    head = ["Nr", "Status", "Bedrag", "Aangemaakt op", "Sluitingsdatum", "Verliesreden"]
    cells = [
        head,
        *([str(n), "Open", "1000", "2026-01-05", "2026-05-01", "te duur" * (n < 2)] for n in range(4)),
        ["4", "Gewonnen", "1000", "2026-01-05", "2026-02-01", ""],
        ["5", "Verloren", "1000", "2026-01-05", "2026-02-01", "te duur"],
    ]
    question = asked(csv_of(cells))
    assert question.option == "ended"
    assert "Verliesreden" in question.what
    assert "Sluitingsdatum" not in question.what
    assert not any("Verliesreden" in choice.label for choice in question.choices)


def test_closed_deals_that_the_stages_do_not_tell_are_not_open_in_silence():
    """Won deals stand in Closed Won; the lost ones stayed in the stage that they had."""
    cells = rows(
        c3=lambda row: "Closed Won" if row[4] == "Won" else row[3],
        c4=lambda row: "Open" if row[4] == "Open" else "Closed",
        c8=lambda row: row[8] or row[7],
    )
    cells[0] = [*EN[:8], "Close date"]
    asked(csv_of([[*row[:7], row[8]] for row in cells]))


def test_two_boxes_beside_the_state_of_the_record_are_asked_about_once(language):
    boxes = [("W", "L"), *(("x" * (row[4] == "Won"), "x" * (row[4] == "Lost")) for row in rows()[1:])]
    cells = rows(c4=lambda row: "Actief")
    data = csv_of([[*row, *both] for row, both in zip(cells, boxes, strict=True)])
    question = asked(data)
    columns = [choice.options.get("columns", {}) for choice in question.choices]
    # Neither a pair that is never ticked nor one that is ticked on the same row makes a button.
    pairs = [(one["is_won"], one["is_lost"]) for one in columns if "is_won" in one]
    assert pairs == [("W", "L"), ("L", "W")]
    assert figures(answered(data, question, [one.get("is_won") for one in columns].index("W"))) == RIGHT


def test_a_day_of_decision_that_is_still_ahead_is_the_expected_one():
    cells = rows(NL, c8=lambda row: row[8] or row[7])
    cells[0] = [*NL[:7], "Beslisdatum"]
    assert figures(read_deals(csv_of([cells[0], *([*row[:7], row[8]] for row in cells[1:])]))) == RIGHT


@pytest.mark.parametrize("header", ["Bedrag / kwartaal", "Omzet per week", "Bedrag (€/kwartaal)", "Omzet / maand"])
def test_an_amount_for_a_while_is_asked_about(header):
    cells = rows(NL)
    cells[0] = [*NL[:5], header, *NL[6:]]
    assert asked(csv_of(cells)).option == "per"


def test_one_reopened_deal_among_many_is_left_out_and_told():
    cells = [
        *rows(),
        *([f"1{n}", "Hal", "Noor", "Demo", "Lost", "1", "2026-01-01", "", "2026-02-02"] for n in range(9)),
    ]
    cells[1] = [*cells[1][:8], "2026-02-01"]
    export = read_deals(csv_of(cells))
    assert export.receipt.counts["open"] == 2
    assert [left.lines for left in export.receipt.left_out] == [(2,)]


@pytest.mark.parametrize(("won", "lost"), [("vrai", "faux"), ("WAHR", "FALSCH"), ("✅", "❌")])
def test_check_boxes_in_other_languages(won, lost):
    cells = [
        [*row[:4], *boxes, *row[5:]]
        for row, boxes in zip(
            rows(),
            [
                ("Is Won", "Is Lost"),
                *((won if row[4] == "Won" else lost, won if row[4] == "Lost" else lost) for row in rows()[1:]),
            ],
            strict=True,
        )
    ]
    assert figures(read_deals(csv_of(cells))) == RIGHT


@pytest.mark.parametrize("staged", [True, False])
def test_two_check_boxes_of_unknown_names_are_one_question(language, staged):
    boxes = [("W", "L"), *(("x" * (row[4] == "Won"), "x" * (row[4] == "Lost")) for row in rows()[1:])]
    first = 4 if staged else 3
    data = csv_of([[*row[:first], *both, *row[5:]] for row, both in zip(rows(), boxes, strict=True)])
    question = asked(data)
    pair = [choice.options.get("columns", {}).get("is_won") for choice in question.choices].index("W")
    assert figures(answered(data, question, pair)) == RIGHT


@pytest.mark.parametrize(("won", "lost"), [("Gewonnen op", "Verloren op"), ("Won time", "Lost time")])
def test_a_day_of_winning_and_one_of_losing_tell_the_status(language, won, lost):
    cells = [
        [
            *row[:3],
            *row[5:8],
            *((won, lost) if place == 0 else (row[8] * (row[4] == "Won"), row[8] * (row[4] == "Lost"))),
        ]
        for place, row in enumerate(rows())
    ]
    assert figures(read_deals(csv_of(cells))) == RIGHT


def test_a_file_of_which_each_column_has_a_meaning_can_still_be_answered(language):
    cells = [[*row[:3], *row[5:8]] for row in rows()]
    question = asked(csv_of(cells))
    assert len(question.choices) == 1
    assert figures(answered(csv_of(cells), question))["open"] == (7, 300_000)


@pytest.mark.parametrize("proof", ["Kans", "IsWon"])
def test_an_answer_about_one_word_keeps_what_the_file_says_of_the_others(language, proof):
    # By its chance or box "Getekend" is won; only "Geen interesse" is asked about.
    words = {"Open": ("Demo", "50", "0"), "Won": ("Getekend", "100", "1"), "Lost": ("Geen interesse", "0", "0")}
    cells = [[*EN[:3], "Stage", *EN[5:7], "Close date", proof]]
    for row in rows()[1:]:
        stage, chance, box = words[row[4]]
        cells.append([*row[:3], stage, *row[5:7], row[8] or row[7], chance if proof == "Kans" else box])
    question = asked(csv_of(cells))
    assert [word.text for word in question.words] == ["Geen interesse"]
    assert figures(answered(csv_of(cells), question, 1)) == RIGHT
    left_open = answered(csv_of(cells), question, 2)
    assert left_open.deals["status"].tolist().count("won") == 2


def closed_by_status(language, *also):
    """Write the deals under a status of two words, with stages of one's own and a last column."""
    closed = "Closed" if language == "en" else "Gesloten"
    words = {"Open": ("Open", "Demo"), "Won": (closed, "Getekend"), "Lost": (closed, "Geen interesse")}
    cells = [[*row[:3], *words.get(row[4], ("Status", "Stage")), *row[5:]] for row in rows()]
    return csv_of([[*row, cell] for row, cell in zip(cells, also, strict=True)] if also else cells)


def test_a_status_of_closed_goes_row_by_row_where_the_file_tells(language):
    # By hand: two deals at 100% are won, two at 0% with a day of closing are lost.
    data = closed_by_status(language, "Kans", "20", "50", "50", "100", "100", "0", "0")
    assert figures(read_deals(data)) == RIGHT
    # An answer about another word changes nothing of it.
    other = data.replace(b"Open,Demo", b"On ice,Demo", 1)
    assert figures(answered(other, asked(other), 2)) == RIGHT


def test_a_status_of_closed_can_be_answered_by_the_stages(language):
    data = closed_by_status(language)
    question = asked(data)
    by_stage = question.choices[4].added_to({})
    with pytest.raises(Question) as then:
        read_deals(data, **by_stage)
    assert [word.text for word in then.value.words] == ["Getekend", "Geen interesse"]
    assert len(then.value.choices) == 4
    assert figures(read_deals(data, **by_stage, won="Getekend", lost="Geen interesse")) == RIGHT


@pytest.mark.parametrize("pipelines", [["Verkoop"] * 7, ["Verkoop", "Partners"] * 3 + ["Verkoop"]])
def test_a_pipeline_behind_each_stage_is_no_part_of_its_word(language, pipelines):
    cells = without_status(c3=lambda row: row[4] if row[4] != "Open" else "Demo")
    cells = [
        cells[0],
        *([*row[:3], f"{row[3]} ({name})", *row[4:]] for row, name in zip(cells[1:], pipelines, strict=True)),
    ]
    assert figures(read_deals(csv_of(cells))) == RIGHT


def test_a_remark_behind_one_stage_may_matter(language):
    cells = without_status(
        c3=lambda row: {"3": "Won (provisional)"}.get(row[0], row[4] if row[4] != "Open" else "Demo")
    )
    assert [word.text for word in asked(csv_of(cells)).words] == ["Won (provisional)"]


def test_an_answer_names_the_word_with_its_remark():
    words = {"Open": "Demo (Sales)", "Won": "Getekend (Sales)", "Lost": "Geen interesse (Sales)"}
    cells = without_status(c3=lambda row: words[row[4]])
    export = read_deals(csv_of(cells), won="Getekend (Sales)", lost="Geen interesse")
    assert figures(export) == RIGHT


# Missing days and amounts -------------------------------------------------------------------------------------------


def test_open_deals_that_fall_out_for_a_day_are_asked_about(language):
    cells = rows(c7=lambda row: "in overleg" if row[0] in "12" else row[7])
    question = asked(csv_of(cells))
    assert question.option == "incomplete"
    kept, left_out = (answered(csv_of(cells), question, place) for place in range(2))
    assert figures(kept) == RIGHT
    assert kept.deals["expected_close_on"][:3].isna().tolist() == [True, True, False]
    assert figures(left_out)["open"] == (1, 30_000)


def test_keeping_open_deals_without_a_day_says_nothing_of_the_lost_ones(language):
    cells = rows(c7=lambda row: "later" if row[0] in "12" else row[7])
    question = asked(csv_of(cells))
    kept = question.choices[0].options
    assert figures(read_deals(csv_of(cells), **kept)) == RIGHT
    cells = [[*row[:8], "" if row[4] == "Lost" else row[8]] for row in cells]
    lost = asked(csv_of(cells), **kept)
    assert lost.option == "incomplete"
    assert "100%" in lost.what


def test_open_deals_for_which_there_is_nothing_to_choose_are_told_of(language):
    """One button is no question: two of three open deals have no amount that can be read, which the receipt says."""
    cells = rows(c5=lambda row: "in overleg" if row[0] in "12" else row[5])
    export = read_deals(csv_of(cells))
    assert figures(export)["open"] == (1, 30_000)
    assert "67%" in " ".join(export.receipt.remarks)


@pytest.mark.parametrize("filler", ["1900-01-01", "30-12-1899", "9999-12-31", "1970-01-01", "00:00:00", "n.n.b."])
def test_what_a_system_writes_for_no_day_is_none(filler):
    cells = rows(c7=lambda row: row[7] if row[4] == "Open" else filler, c8=lambda row: row[8] or filler)
    assert figures(read_deals(csv_of(cells))) == RIGHT


def test_an_expected_day_that_is_none_leaves_no_closed_deal_out():
    cells = rows(c7=lambda row: "later" if row[4] == "Lost" else row[7])
    assert figures(read_deals(csv_of(cells))) == RIGHT


def test_chances_in_words_are_told_and_no_reason_to_refuse(language):
    cells = rows(NL)
    data = csv_of([[*cells[0], "Kans"], *([*row, "hoog"] for row in cells[1:])])
    export = read_deals(data)
    assert figures(export) == RIGHT
    assert any("“Kans”" in note for note in export.receipt.remarks)
    assert export.deals["Kans"].tolist() == ["hoog"] * 7


@pytest.mark.parametrize("header", ["Won/Lost", "Gewonnen/Verloren", "Uitslag", "Result"])
def test_a_status_under_other_headers_is_known(header):
    cells = rows()
    cells[0] = [*EN[:4], header, *EN[5:]]
    assert figures(read_deals(csv_of(cells))) == RIGHT


# Money --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "kinds", [("Euro (€)", "US Dollar ($)"), ("SEK", "NOK"), ("EUR - Euro", "PLN - Zloty"), ("Pond", "Euro")]
)
def test_currencies_by_other_names_are_asked_about(language, kinds):
    also = ["Bij", *[kinds[row[2] == "Noor"] for row in rows()[1:]]]
    question = asked(csv_of([[*row, mark] for row, mark in zip(rows(), also, strict=True)]))
    assert question.option == "currency"
    assert len(question.choices) == 2


@pytest.mark.parametrize("form", ["{} kr", "A${}", "CA${}", "zł {}", "R$ {}", "₹{}"])
def test_other_signs_are_currencies(form):
    cells = rows(c5=lambda row: form.format(row[5]) if row[0] == "1" else f"€ {row[5]}")
    assert asked(csv_of(cells)).option == "currency"


def test_other_signs_in_the_format_of_a_number_are_currencies():
    def more(made):
        made.active.cell(2, 6).number_format = "#,##0 [$kr-41D]"
        made.active.cell(3, 6).number_format = "[$€-413] #,##0"

    cells = [[int(cell) if cell.isdigit() else cell for cell in row] for row in rows()]
    assert asked(xlsx_of(cells, more=more)).option == "currency"


@pytest.mark.parametrize(
    "header",
    [
        "Bedrag in k",
        "Amount (EUR k)",
        "Bedrag TEUR",
        "Omzet (T€)",
        "Amount in MM",
        "Bedrag (K euro)",
        "Amount (in 1,000s)",
        "amount_in_thousands",
        "bedrag_k_eur",
        "AMOUNT_K€",
    ],
)
def test_other_ways_to_name_the_unit_are_asked_about(language, header):
    cells = rows()
    cells[0] = [*EN[:5], header, *EN[6:]]
    data, options = csv_of(cells), {}
    question = asked(data)
    if question.option == "columns":
        options = {"columns": {"amount": header}}
        question = asked(data, **options)
    assert question.option == "unit"


@pytest.mark.parametrize(
    ("header", "times"),
    [
        ("Omzet p/m", 12),
        ("Bedrag per kwartaal", 4),
        ("Amount per week", 52),
        ("deal_mrr", 12),
        ("DealMRR", 12),
        ("bedrag_per_maand", 12),
    ],
)
def test_amounts_per_other_periods_are_asked_about(language, header, times):
    cells = rows()
    cells[0] = [*EN[:5], header, *EN[6:]]
    question = asked(csv_of(cells))
    assert question.option == "per"
    assert figures(answered(csv_of(cells), question))["open"] == (3, 60_000 * times)


@pytest.mark.parametrize("header", ["Klant PM", "Deal pm", "Verkoper per week"])
def test_a_period_in_a_header_says_something_of_an_amount_only(language, header):
    """“Klant PM” is the customer's project manager: no second column of customers, and no amount per month."""
    cells = [[*row, header if place == 0 else "Noor"] for place, row in enumerate(rows(NL))]
    export = read_deals(csv_of(cells))
    assert figures(export) == RIGHT
    assert header in export.receipt.unused


def test_a_bare_reason_is_that_of_a_loss_only_where_lost_deals_have_one(language):
    def read(reason):
        cells = [[*row, "Reden" if place == 0 else reason(row)] for place, row in enumerate(rows(NL))]
        return read_deals(csv_of(cells))

    lost = read(lambda row: "Prijs" if row[4] == "Verloren" else "")
    assert lost.deals["loss_reason"].dropna().tolist() == ["Prijs", "Prijs"]
    # Here it is why the customer asked, and no reason why anything was lost.
    asked_for = read(lambda row: "Groei" if row[4] != "Verloren" else "")
    assert "loss_reason" not in asked_for.deals
    assert "Reden" in asked_for.receipt.unused


def test_open_deals_with_a_bare_reason_are_asked_about_where_no_won_deal_has_one(language):
    """The reason why they were lost stands there, and only their stage was never moved."""
    cells = [[*row, "Reden" if place == 0 else ""] for place, row in enumerate(rows(NL))]
    behind = [[f"{number}", *cells[1][1:-1], "Te duur"] for number in range(90, 92)]
    question = asked(csv_of([*cells, *behind]))
    assert (question.option, "Reden" in str(question)) == ("ended", True)
    # As soon as a won deal has a reason too, it is of something else.
    won = next(row for row in cells if row[4] == "Gewonnen")
    won[-1] = "Groei"
    assert read_deals(csv_of([*cells, *behind])).deals["status"].eq("open").sum() == 5


# Time ---------------------------------------------------------------------------------------------------------------

GERMAN = dict(zip(("01", "02", "05"), ("Januar", "Februar", "Mai"), strict=True))
JS = ["Mon Jan", "Tue Feb", "Wed Mar", "Thu Apr", "Fri May"]
FRENCH = dict(zip(("01", "02", "05"), ("janvier", "février", "mai"), strict=True))


@pytest.mark.parametrize(
    "form",
    [
        lambda year, month, day: f"{int(day)}. {GERMAN[month]} {year}",
        lambda year, month, day: f"{int(day)}e {FRENCH[month]} {year}",
        lambda year, month, day: f"2026-{JS[int(month) - 1][4:]}-{day}",
        lambda year, month, day: f"wo,{day}-{month}-{year} 14:05 uur",
        lambda year, month, day: f"{year}-{month}-{day} 09:00:00+02",
        lambda year, month, day: f"{day} {month} {year}",
        lambda year, month, day: f"{JS[int(month) - 1]} {day} {year} 10:00:00 GMT+0100 (Central European Time)",
        lambda year, month, day: (
            f"{datetime.datetime(int(year), int(month), int(day), 12, tzinfo=datetime.UTC).timestamp()}27"
        ),
        lambda year, month, day: f"{int(day)} {FRENCH[month]} {year}",
        lambda year, month, day: f"{day}-{month}-{year} om 14:05",
        lambda year, month, day: f"{int(day)} {GERMAN[month][:3]} '{year[2:]}",
    ],
)
def test_days_in_other_languages(form):
    written = {place: lambda row, at=place: form(*row[at].split("-")) if row[at] else "" for place in (6, 7, 8)}
    export = read_deals(csv_of(rows(c6=written[6], c7=written[7], c8=written[8])))
    assert figures(export) == RIGHT
    assert export.deals["closed_on"].dropna().dt.strftime("%Y-%m-%d").tolist() == [row[8] for row in rows()[4:]]


# Binary workbooks ---------------------------------------------------------------------------------------------------


def xlsb_of(cells):
    """Write a workbook of Excel's binary kind ([MS-XLSB]): records of a number, a size and their bytes."""

    def record(kind, data=b""):
        number = bytes([kind]) if kind < 128 else bytes([kind & 127 | 128, kind >> 7])
        size = bytes([len(data)]) if len(data) < 128 else bytes([len(data) & 127 | 128, len(data) >> 7])
        return number + size + data

    def wide(text):
        return struct.pack("<I", len(text)) + text.encode("utf-16-le")

    def cell(place, value):
        kind, data = (5, struct.pack("<d", value)) if isinstance(value, float) else (6, wide(value))
        return record(kind, struct.pack("<II", place, 0) + data)

    written = b"".join(
        record(0, struct.pack("<I13xIII", number, 1, 0, len(row) - 1))
        + b"".join(cell(place, value) for place, value in enumerate(row) if value != "")
        for number, row in enumerate(cells)
    )
    size = struct.pack("<IIII", 0, len(cells) - 1, 0, len(cells[0]) - 1)
    sheet = record(129) + record(148, size) + record(145) + written + record(146) + record(130)
    listed = record(143) + record(156, struct.pack("<II", 0, 1) + wide("rId1") + wide("Deals")) + record(144)
    office = "http://schemas.openxmlformats.org"
    link = f'<Relationship Id="rId1" Type="{office}/officeDocument/2006/relationships/worksheet" Target="{{}}"/>'
    links = f'<Relationships xmlns="{office}/package/2006/relationships">{link}</Relationships>'
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("xl/workbook.bin", record(131) + record(153, bytes(12)) + listed + record(132))
        archive.writestr("xl/_rels/workbook.bin.rels", links.format("worksheets/sheet1.bin"))
        archive.writestr("xl/worksheets/sheet1.bin", sheet)
    return out.getvalue()


def binary_book():
    """Write the deals with amounts and days as Excel keeps them: as numbers."""

    def typed(cell, place):
        if place == 5:
            return float(cell)
        days = datetime.date.fromisoformat(cell) - datetime.date(1899, 12, 30) if place > 5 and cell else None
        return float(days.days) if days else cell

    return xlsb_of([NL, *([typed(cell, place) for place, cell in enumerate(row)] for row in rows(NL)[1:])])


def test_a_binary_workbook_is_read_and_what_was_not_looked_for_is_told(language):
    export = read_deals(binary_book())
    assert figures(export) == RIGHT
    assert str(export.deals["closed_on"].dropna().iloc[0].date()) == "2026-02-19"
    assert "(.xlsb)" in str(export.receipt)
    assert ".xlsx" in " ".join(export.receipt.remarks)


def test_a_damaged_binary_workbook_is_read_or_refused():
    data, outcomes = binary_book(), set()
    for first in range(0, len(data) - 40, 23):
        try:
            outcomes.add(len(read_deals(data[:first] + data[first + 9 :]).deals))
        except SalesMetricsError as refusal:
            outcomes.add("refused" if refusal.hint else "no hint")
    assert "refused" in outcomes
    assert "no hint" not in outcomes


def test_the_order_of_one_column_holds_for_those_that_leave_it_open(language):
    short = {place: lambda row, at=place: "-".join(row[at][2:].split("-")[::-1]) for place in (6, 7, 8)}
    data = csv_of(rows(c6=short[6], c7=short[7], c8=short[8]))
    question = asked(data)
    assert question.option == "date_order"
    export = answered(data, question)
    assert export.deals["created_on"].dt.strftime("%Y-%m-%d").tolist() == [row[6] for row in rows()[1:]]
    assert figures(export) == RIGHT


def test_pairs_of_digits_as_in_india_are_numbers(language):
    lakh = {"10000": "₹ 1,00,000", "20000": "₹ 2,00,000", "30000": "₹ 3,00,000"}
    export = read_deals(csv_of(rows(c5=lambda row: lakh.get(row[5], row[5]))), currency="INR")
    assert figures(export)["open"] == (3, 600_000)


@pytest.mark.parametrize("header", ["Amount (MM)", "Bedrag (m)", "Amount, k", "Eenmalig bedrag"])
def test_a_unit_at_the_end_of_a_header(language, header):
    cells = rows()
    cells[0] = [*EN[:5], header, *EN[6:]]
    if header == "Eenmalig bedrag":
        assert figures(read_deals(csv_of(cells))) == RIGHT
    else:
        assert asked(csv_of(cells)).option == "unit"


@pytest.mark.parametrize(
    ("title", "asks"),
    [("Pipeline, bedragen in duizenden", True), ("Omzet x € 1.000", True), ("Doel: 2 miljoen", False)],
)
def test_a_unit_in_the_title_above_the_list_is_asked_about(language, title, asks):
    data = csv_of([[title], *rows(NL, c5=lambda row: row[5].removesuffix("000"))])
    if asks:
        question = asked(data)
        assert title in question.what
        assert figures(answered(data, question)) == RIGHT
    else:
        assert figures(read_deals(data))["open"] == (3, 60)


def test_a_bare_amount_is_in_the_currency_of_its_header(language):
    # One deal in dollars under "Bedrag (EUR)": 10 + 30 of open money in euros.
    cells = rows([*NL[:5], "Bedrag (EUR)", *NL[6:]], c5=lambda row: "$20000" if row[0] == "2" else row[5])
    question = asked(csv_of(cells))
    assert [choice.label for choice in question.choices] == ["EUR", "USD"]
    assert figures(answered(csv_of(cells), question)) == RIGHT | {"open": (2, 40_000)}
    assert figures(answered(csv_of(cells), question, 1))["open"] == (1, 20_000)


def test_a_header_and_a_column_that_name_other_currencies_are_asked_about(language):
    cells = [
        [*row, "EUR" if place else "Currency"] for place, row in enumerate(rows([*EN[:5], "Amount (USD)", *EN[6:]]))
    ]
    question = asked(csv_of(cells))
    for choice, code in zip(question.choices, ("EUR", "USD"), strict=True):
        export = read_deals(csv_of(cells), **choice.added_to({}))
        assert (figures(export), set(export.deals["currency"])) == (RIGHT, {code})


def test_a_unit_that_was_remembered_is_not_taken_for_another_and_its_absence_is_said(language):
    cells = rows([*NL[:5], "Bedrag (x € 1.000)", *NL[6:]])
    mapping = read_deals(csv_of(cells), unit=1000).mapping
    cells[0] = [*NL[:5], "Bedrag (mln)", *NL[6:]]
    with pytest.raises(Question):
        read_deals(csv_of(cells), mapping=mapping)
    without = read_deals(csv_of(rows(NL)), mapping=mapping)
    assert figures(without) == RIGHT
    told = {"en": "“unit” had nothing to act on: no header", "nl": "“unit” had niets om op te werken: geen kolomkop"}
    assert any(remark.startswith(told[language]) for remark in without.receipt.remarks)


def test_two_columns_with_the_same_cells_are_not_chosen_between():
    cells = [[*row, row[5] if place else "Value"] for place, row in enumerate(rows())]
    assert figures(read_deals(csv_of(cells))) == RIGHT


def test_one_amount_once_and_another_each_month_are_not_chosen_between():
    cells = [[*row, "Bedrag per maand" if place == 0 else "5"] for place, row in enumerate(rows(NL))]
    cells[0] = [*NL[:5], "Eenmalig bedrag", *cells[0][6:]]
    assert asked(csv_of(cells)).option == "columns"


def test_a_column_that_is_named_by_a_header_that_stands_there_twice_is_refused_with_how_often(language):
    cells = [[*row, row[5]] for row in rows([*EN[:5], "Value", *EN[6:]])]
    with pytest.raises(SalesMetricsError) as refusal:
        read_deals(csv_of(cells), columns={"amount": "Value"})
    told = {
        "en": "The header “Value” stands in the file 2 times.",
        "nl": "De kolomkop “Value” staat 2 keer in het bestand.",
    }
    assert str(refusal.value).startswith(told[language])


def test_a_mapping_can_be_read_by_whoever_opens_its_file(tmp_path):
    """Headers stand in it with their own letters, one choice per line."""
    export = read_deals(csv_of(rows([*EN[:5], "Montant à gagner", *EN[6:]])), columns={"amount": "Montant à gagner"})
    export.save_mapping(tmp_path / "deals.json")
    assert '\n    "amount": "Montant à gagner"' in (tmp_path / "deals.json").read_text(encoding="utf-8")


@pytest.mark.parametrize("between", ["<br>", "<p>", "<div>", "<li>"])
def test_two_lines_in_a_cell_of_a_page_are_two_words(between):
    page = "".join(
        "<tr>" + "".join(f"<td>{cell.replace(' ', between)}</td>" for cell in row) + "</tr>"
        for row in rows(c1=lambda row: f"{row[1]} Zuid")
    )
    deals = read_deals(f"<html><body><table>{page}</table></body></html>".encode(), name="deals.xls").deals
    assert deals["account"].tolist() == [f"{row[1]} Zuid" for row in rows()[1:]]


def test_an_id_that_excel_has_cut_is_named_with_its_line(language):
    export = read_deals(csv_of(rows(c0=lambda row: "1.23457E+17" if row[0] == "3" else f"20{row[0]}")))
    told = {
        "en": "Excel has cut the digits of “No.”: “1.23457E+17” on line 4. The deals go by their names.",
        "nl": "Excel heeft de cijfers van “No.” afgekapt: “1.23457E+17” op regel 4. De deals gaan bij hun naam.",
    }
    assert told[language] in export.receipt.remarks


@pytest.mark.parametrize(
    ("written", "en", "nl"),
    [("10000.50", "decimal point", "decimale punt"), ("10000,50", "decimal comma", "decimale komma")],
)
def test_the_receipt_says_which_decimal_mark_was_read(language, written, en, nl):
    export = read_deals(csv_of(rows(c5=lambda row: row[5] + written[-3:])))
    assert {"en": en, "nl": nl}[language] in str(export.receipt)
