"""What the receipt tells: oddities with numbers, the order of the stages, and the same in text and on a page."""

import datetime

import numpy as np
import pandas as pd
import pytest
from exports_forms import BY_HAND, CANONICAL, DEALS, csv_of, dutch, euro_nl, table
from IPython.lib.pretty import pretty

from salesmetrics import check_deals, coverage, pipeline
from salesmetrics.crm import Question, read_deals
from salesmetrics.crm.receipt import look
from salesmetrics.crm.status import order_stages
from salesmetrics.deals.check import STATUSES

TODAY = datetime.date(2026, 4, 1)


def deals(*rows):
    names = ["status", "amount", "created_on", "closed_on", "expected_close_on"]
    frame = pd.DataFrame(rows, columns=names)
    for name in names[2:]:
        frame[name] = pd.to_datetime(frame[name])
    return check_deals(frame.assign(deal_id=[str(i) for i in range(len(rows))]))


def noticed(table, names=None):
    statuses = {status: (table["status"] == status).to_numpy(bool) for status in STATUSES}
    return " ".join(look(table, statuses, np.arange(2, len(table) + 2), names or {}, today=TODAY))


CALM = [
    ("won", 10, "2026-01-01", "2026-02-10", None),
    ("lost", 10, "2026-01-01", "2026-03-20", None),
    ("open", 10, "2026-03-01", None, "2026-04-20"),
    ("open", 10, "2026-03-02", None, "2026-04-21"),
    ("open", 10, "2026-03-03", None, "2026-04-22"),
]


def test_calm_deals_have_nothing_odd(language):
    assert noticed(deals(*CALM)) == ""


ODD = [
    ("closed in the future", [("won", 1, "2026-02-02", "2026-04-02", None)], ("in the future", "in de toekomst")),
    (
        "past its date",
        [("open", 5, "2026-03-01", None, "2026-03-19")],
        ("should have closed", "beslist moeten zijn"),
    ),
    ("stale", [("open", 5, "2025-03-01", None, None)], ("1 of 4 open deals (25%)", "1 van de 4 open deals (25%)")),
    ("one large deal", [("open", 90, "2026-03-01", None, None)], ("75%", "75%")),
]


@pytest.mark.parametrize(("rows", "words"), [case[1:] for case in ODD], ids=[case[0] for case in ODD])
def test_what_is_odd_is_said_with_its_number(language, rows, words):
    assert words[0 if language == "en" else 1] in noticed(deals(*CALM, *rows))


def test_a_mistyped_day_is_not_the_last_day_in_the_file(language):
    said = noticed(deals(*CALM, ("lost", 10, "2026-01-01", "2062-03-20", None), ("open", 5, "2025-03-01", None, None)))
    assert "2062" in said
    assert ("should have closed" if language == "en" else "beslist moeten zijn") not in said
    # The longest that a closed deal took is 78 days, not 36 years.
    assert ("1 of 4 open deals (25%)" if language == "en" else "1 van de 4 open deals (25%)") in said


def test_a_day_that_was_mistyped_twice_is_not_the_last_day_in_the_file(language):
    slips = [("lost", 10, "2026-01-01", "2062-03-20", None), ("lost", 5, "2026-01-02", "2062-03-20", None)]
    said = noticed(deals(*CALM, *slips, ("open", 5, "2025-03-01", None, None)))
    assert said.count("2062") == 1
    assert ("should have closed" if language == "en" else "beslist moeten zijn") not in said


def test_the_words_that_were_taken_for_open_are_told(language):
    def stages(names):
        rows = "".join(f"{i},{name},5,\n" for i, name in enumerate(names))
        return str(read_deals(f"deal_id,stage,amount,closed_on\n{rows}99,Won,5,2026-01-01\n".encode()).receipt)

    few = "the rest is open: “Demo”, “Offer”" if language == "en" else "de rest is open: “Demo”, “Offer”"
    assert few in stages(["Demo", "Offer", "Demo"])
    assert ", …" not in stages(["Demo", "Offer"])
    assert "“Step h”, …" in stages([f"Step {letter}" for letter in "abcdefghij"])
    bare = stages(["Open", "In progress"])
    assert ("the rest is open\n" if language == "en" else "de rest is open\n") in bare


def test_only_won_or_only_lost_deals_are_noticed(language):
    # No option of a function: this stands before who pressed a button.
    words = {"en": ("means won.", "means lost."), "nl": ("gewonnen betekent.", "verloren betekent.")}[language]
    for words_of_other, other in zip(words, ("won", "lost"), strict=True):
        said = noticed(deals(*(row for row in CALM if row[0] != other)))
        assert [each in said for each in words] == [each == words_of_other for each in words]


def test_month_ends_are_noticed(language):
    ends = [("won", 1, "2025-01-01", f"2025-{month:02}-28", None) for month in range(1, 11)]
    assert noticed(deals(*CALM, *ends, *[("won", 1, "2025-01-01", "2026-01-31", None)] * 3)) == ""
    month_ends = [("won", 1, "2025-01-01", "2026-01-31", None)] * 15
    assert ("last day of a month" if language == "en" else "laatste dag van een maand") in noticed(
        deals(*CALM, *ends, *month_ends)
    )


@pytest.mark.parametrize(("month_ends", "other", "told"), [(8, 10, False), (9, 9, True), (9, 8, False)])
def test_of_twenty_days_more_than_four_in_ten_must_be_month_ends(month_ends, other, told):
    """The calm deals have two days of closing more, none of them the last of a month."""
    rows = [("won", 1, "2025-01-01", "2026-01-31", None)] * month_ends
    rows += [("won", 1, "2025-01-01", "2026-01-15", None)] * other
    assert ("last day of a month" in noticed(deals(*CALM, *rows))) is told


def test_names_that_are_almost_the_same_are_noticed(language):
    told = noticed(deals(*CALM), {"product": ["GTXPro", "GTX Pro", "MG"], "owner": ["Noor", "noor ", "Daan"]})
    assert "“GTX Pro”, “GTXPro”" in told
    assert ("“Salesperson”" if language == "en" else "“Verkoper”") in told
    assert "MG" not in told


def test_a_stage_that_contradicts_the_status_is_noticed(language):
    table_ = deals(*CALM).assign(stage=["Won", "Closed Won", "Won", "Demo", "Demo"])
    assert (
        "2 deals have a stage that says won" if language == "en" else "2 deals hebben een fase die gewonnen zegt"
    ) in noticed(table_, {"stage": ["Won", "Closed Won", "Demo"]})


def test_deals_that_are_all_open_are_noticed(language):
    said = {
        "en": "which words of the file mean won and lost",
        "nl": "welke woorden in het bestand gewonnen en verloren",
    }
    assert said[language] in noticed(deals(*CALM[2:]))


STAGED = check_deals(
    pd.DataFrame(
        {
            "deal_id": ["1", "2", "3", "4"],
            "status": ["open", "open", "open", "won"],
            "amount": [1.0] * 4,
            "closed_on": pd.to_datetime([None, None, None, "2026-01-01"]),
            "stage": ["Offer", "Demo", "Lead", "Closed Won"],
            "probability": [0.6, 0.4, 0.1, 1.0],
        }
    )
)
IS_OPEN = (STAGED["status"] == "open").to_numpy(bool)


def test_stages_are_ordered_by_what_the_file_tells():
    assert order_stages(STAGED, IS_OPEN, None) == ("Lead", "Demo", "Offer")
    assert order_stages(STAGED.drop(columns="probability"), IS_OPEN, None) == ()
    numbered = STAGED.drop(columns="probability").replace({"Offer": "3. Offer", "Demo": "2. Demo", "Lead": "1. Lead"})
    assert order_stages(numbered, IS_OPEN, None) == ("1. Lead", "2. Demo", "3. Offer")
    assert order_stages(STAGED, IS_OPEN, ["Lead", "Offer", "Demo"]) == ("Lead", "Offer", "Demo")
    own_chances = STAGED.assign(stage=["Demo", "Demo", "Lead", "Won"])
    assert order_stages(own_chances, IS_OPEN, None) == ()


UNORDERED = b"""deal_id,stage,amount,probability,closed_on
1,Offer,10,60,
2,Offer,20,50,
3,Lead,30,10,
4,Demo,40,20,
5,Demo,50,40,
6,Closed Won,60,,2026-01-05
7,Closed Lost,70,,2026-01-06
"""
# The mean chances by hand: Lead 10, Demo (20 + 40) / 2 = 30, Offer (60 + 50) / 2 = 55.


def test_a_start_asks_for_the_order_of_the_stages_and_proposes_it_by_their_chances(language):
    export = read_deals(UNORDERED)
    assert export.stages == ()
    assert export.pipeline().stages == ()
    with pytest.raises(Question) as asked:
        export.pipeline(start="Demo")
    assert asked.value.option == "stages"
    assert [choice.label for choice in asked.value.choices] == ["Lead → Demo → Offer"]
    assert ("order of the stages" if language == "en" else "volgorde van de fasen") in str(asked.value)
    assert 'stages=["Lead", "Demo", "Offer"]' in asked.value.hint
    again = read_deals(UNORDERED, **asked.value.choices[0].options)
    assert again.ask_stages() is None
    # The lead of 30 is left out: (10 + 20 + 40 + 50) / 100 = 1.2; a lost row does not say how far it got.
    open_deals = again.deals[again.deals["status"] != "lost"]
    assert float(coverage(open_deals, target=100, stages=again.stages, start="Demo")) == pytest.approx(1.2)


def test_what_was_read_goes_into_a_metric_as_it_is():
    """Open 10 + 20 + 30 + 40 + 50 against 100; the stages are the file's, or asked for as well."""
    export = read_deals(UNORDERED)
    assert str(coverage(export, target=100)) == str(coverage(export.pipeline(target=100)))
    assert float(coverage(export, target=100)) == 1.5
    with pytest.raises(Question, match="order of the stages"):
        coverage(export, target=100, start="Demo")
    counted = pipeline(export, stages=["Lead", "Demo", "Offer"], start="Demo", target=100)
    assert counted.source is export
    assert counted.stages == ("Lead", "Demo", "Offer")


def test_without_chances_the_order_in_the_file_is_offered_both_ways():
    text = b"deal_id,stage,amount,closed_on\n1,Lead,5,\n2,Demo,5,\n3,Closed Won,5,2026-01-01\n"
    asked = read_deals(text).ask_stages()
    assert [choice.options["stages"] for choice in asked.choices] == [["Lead", "Demo"], ["Demo", "Lead"]]
    assert read_deals(b"deal_id,status,amount,closed_on\n1,open,5,\n2,won,5,2026-01-01\n").ask_stages() is None


def test_the_receipt_tells_how_each_column_was_read(language):
    export = read_deals(csv_of(table(BY_HAND, day=dutch, money=euro_nl), ";", "cp1252"), name="deals.csv")
    told = str(export)
    expected = {
        "en": ["semicolon", "day first", "decimal comma", "percentages", "won = “Gewonnen”"],
        "nl": ["puntkomma", "dag voorop", "decimale komma", "percentages", "gewonnen = “Gewonnen”"],
    }
    for words in ["Windows-1252", "EUR", *expected[language]]:
        assert words in told
    assert ("31 Oct 2025 to 30 Mar 2026" if language == "en" else "31-10-2025 t/m 30-03-2026") in told
    page = export._repr_html_()
    for part in ("Windows-1252", "Gewonnen", "Omschrijving"):
        assert part in page
    assert export.stages == ("Demo", "Proposal")


def test_every_line_that_is_no_deal_has_its_place(language):
    text = "Report\n\n" + csv_of(table(CANONICAL), end="\n").decode() + "\n12 rows\nConfidential\n"
    receipt = read_deals(text.encode()).receipt
    assert receipt.rows == len(DEALS)
    assert [lines for _what, lines in receipt.other] == [(3,), (1,), (2, 16), (17, 18)]


def test_the_line_of_a_deal_is_known():
    export = read_deals(csv_of(table(CANONICAL), end="\n"))
    assert export.lines.tolist() == list(range(2, len(DEALS) + 2))


def test_a_notebooks_plain_text_is_the_receipt_not_the_table(language):
    export = read_deals(csv_of(table(CANONICAL)), name="export.csv")
    for shown in (export, export.receipt):
        assert pretty(shown) == str(export.receipt)
