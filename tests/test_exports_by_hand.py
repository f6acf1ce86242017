"""What sales teams do to lists that they keep by hand, in Dutch and in English: read rightly, or asked about first."""

import datetime

import pandas as pd
import pytest
from exports_forms import BY_HAND, DEALS, closed, csv_of, euro_en, euro_nl, expected, table, when, word, xlsx_of

import salesmetrics as sm
from salesmetrics.base.errors import SalesMetricsError
from salesmetrics.crm import Question, read_deals

EN = {
    "Deal ID": "id",
    "Customer": "account",
    "Deal name": "name",
    "Status": word(open="Open", won="Won", lost="Lost"),
    "Stage": "stage",
    "Amount": "amount",
    "Created on": "created",
    "Expected close date": expected,
    "Closed on": closed,
}
MONTHS = ["jan", "feb", "mrt", "apr", "mei", "juni", "juli", "aug", "september", "okt", "nov", "dec"]
BOTH = [(EN, "Amount"), (BY_HAND, "Waarde")]


def sums(*statuses):
    return {name: round(sum(deal["amount"] for deal in DEALS if deal["status"] == name), 2) for name in statuses}


RIGHT = sums("open", "won", "lost")


def amounts(export):
    return {name: round(float(rows["amount"].sum()), 2) for name, rows in export.deals.groupby("status")}


def without(columns, *names, **more):
    """Leave columns out of a list, and put others behind it."""
    return {name: cell for name, cell in columns.items() if name not in names} | more


def renamed(columns, **names):
    return {names.get(name, name): cell for name, cell in columns.items()}


def answer(data, *labels):
    """Answer each question with the choice of that label, one after another."""
    given = {}
    for label in labels:
        with pytest.raises(Question) as asked:
            read_deals(data, **given)
        [choice] = [choice for choice in asked.value.choices if choice.label == label]
        given = choice.added_to(given)
    return read_deals(data, **given)


def asked(data, **given):
    with pytest.raises(Question) as raised:
        read_deals(data, **given)
    return raised.value


# Amounts and chances ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("header", ["Kans (%)", "Probability (%)", "Win %", "Kans"])
def test_a_chance_of_a_half_is_no_half_percent_where_the_header_has_the_sign(header):
    """Excel stores the 50% that it shows as 0.5."""
    for data in (xlsx_of, csv_of):
        cells = table(without(EN, **{header: lambda deal: deal["chance"] / 100}), day=lambda day: day)
        chances = read_deals(data(cells)).deals["probability"]
        assert chances.tolist() == [deal["chance"] / 100 for deal in DEALS]


def test_chances_in_percent_beside_fractions_can_be_both(language):
    """In one column somebody typed 50 in a cell for numbers, and in a cell for percentages, which Excel makes 0.5."""
    cells = table({**EN, "Chance": lambda deal: deal["chance"] / (100 if deal["chance"] == 20 else 1)})
    for data in (csv_of(cells), xlsx_of(table(EN | {"Chance": lambda deal: cells[int(deal["id"][1:])][-1]}))):
        percentages, fractions = asked(data).choices
        assert "20%" in fractions.label
        chances = read_deals(data, **fractions.options).deals["probability"]
        assert chances.tolist() == [deal["chance"] / 100 for deal in DEALS]
        assert read_deals(data, **percentages.options).deals["probability"][0] == 0.002


@pytest.mark.parametrize(
    ("columns", "money", "zero"),
    [
        (EN, euro_en, "EUR -"),
        (EN, lambda amount: f" $ {amount:,.2f} ", " $ -   "),
        (BY_HAND, euro_nl, " € -   "),
        (BY_HAND, euro_nl, "-   €"),
    ],
)
def test_a_dash_with_a_currency_is_a_zero(columns, money, zero):
    """Excel's format for accounts writes it so, and lost deals often have it."""
    cells = [
        ["Amount" if cell == "Waarde" else zero if cell in ("15", money(15_000)) else cell for cell in row]
        for row in table(columns, money=money)
    ]
    export = read_deals(csv_of(cells))
    assert export.receipt.left_out == ()
    assert amounts(export) == {**RIGHT, "lost": round(RIGHT["lost"] - 15_000, 2)}


@pytest.mark.parametrize("period", [" p/m", " per maand", "/maand", " per month", "/month"])
def test_amounts_per_month_are_asked_about_where_only_the_cells_say_so(language, period):
    def monthly(amount):
        return euro_nl(amount) + (period if amount == 950 else "")

    data = csv_of(table(BY_HAND, money=monthly))
    question = asked(data)
    assert question.option == "per"
    assert "Waarde" in question.what
    assert amounts(read_deals(data, per="as written")) == RIGHT
    assert amounts(read_deals(data, per="year")) == {**RIGHT, "open": round(RIGHT["open"] + 11 * 950, 2)}


@pytest.mark.parametrize(
    "title", ["Pipeline (€ thousands)", "Pijplijn (bedragen in duizenden)", "Pijplijn (€ duizend)"]
)
def test_a_unit_between_brackets_in_a_title_is_asked_about(title):
    assert asked(csv_of([[title], [], *table(EN)])).option == "unit"


@pytest.mark.parametrize("title", ["Doel (2 miljoen)", "Target: 2 million (Q2)"])
def test_a_target_in_a_title_is_no_unit(title):
    assert amounts(read_deals(csv_of([[title], [], *table(EN)]))) == RIGHT


@pytest.mark.parametrize("unit", ["k", "[k]", "(K USD)", "(thsd)", "(x mille)", "(in duizenden)"])
def test_a_unit_in_the_header_is_asked_about(unit):
    for amount in ("Amount", "Bedrag"):
        assert asked(csv_of(table(renamed(EN, Amount=f"{amount} {unit}")))).option == "unit"


@pytest.mark.parametrize("period", ["(maand)", "mnd", "(month)", "p.m."])
def test_a_period_in_the_header_is_asked_about(period):
    for amount in ("Amount", "Bedrag"):
        assert asked(csv_of(table(renamed(EN, Amount=f"{amount} {period}")))).option == "per"


@pytest.mark.parametrize("unit", ["x € 1.000", "(thousands)", "k€"])
@pytest.mark.parametrize(("columns", "amount"), BOTH)
def test_a_unit_on_a_row_below_the_headers_is_asked_about(columns, amount, unit):
    head, *rows = table(columns)
    data = csv_of([head, [unit if name == amount else "" for name in head], *rows])
    assert asked(data).option == "unit"
    thousands = {name: round(1000 * total, 2) for name, total in RIGHT.items()}
    assert amounts(read_deals(data, unit=1000)) == thousands


def test_a_text_that_excel_keeps_by_a_formula_is_that_text(language):
    lines = [[f'="00{row[0]}"' if place else row[0], *row[1:]] for place, row in enumerate(table(EN, money=str))]
    bare = "\n".join(";".join(row) for row in lines if '"N' not in row[2])
    quoted = csv_of(lines, ";")
    for data in (bare.encode(), quoted):
        export = read_deals(data)
        assert export.deals["deal_id"].str.match("^00D").all()
    assert amounts(read_deals(quoted)) == RIGHT
    everywhere = "\n".join(";".join(f'="{cell}"' for cell in row) for row in table(EN) if '"N' not in row[2])
    assert len(read_deals(everywhere.encode()).deals) == bare.count("\n")


@pytest.mark.parametrize(("sign", "code"), [("US$", "USD"), ("HK$", "HKD"), ("AU$", "AUD"), ("€", "EUR")])
def test_a_sign_in_a_header_tells_the_currency(sign, code):
    for header in (f"Amount ({sign})", f"Bedrag ({sign})"):
        export = read_deals(csv_of(table(renamed(EN, Amount=header))))
        assert set(export.deals["currency"]) == {code}


def test_what_won_deals_brought_in_is_their_amount():
    for columns, amount, earned in ((EN, "Amount", "Won amount"), (BY_HAND, "Waarde", "Gewonnen bedrag")):
        cells = {
            amount: lambda deal: "" if deal["status"] == "won" else deal["amount"],
            earned: lambda deal: deal["amount"] if deal["status"] == "won" else "",
        }
        assert amounts(read_deals(csv_of(table({**columns, **cells})))) == RIGHT


GOALS = [
    "Target",
    "Doel Q2",
    "Budget 2026:",
    "Gewogen",
    "Weighted pipeline",
    "Nog te winnen",
    "Gap to target",
    "Forecast",
]


@pytest.mark.parametrize("goal", GOALS)
@pytest.mark.parametrize(("columns", "due"), [(EN, "Expected close date"), (BY_HAND, "Verwachte sluitingsdatum")])
def test_a_target_below_a_list_is_no_deal(goal, columns, due):
    """Of a list with open deals only, and without a status, nothing else tells it from a deal."""
    name, amount = ("Customer", "Amount") if columns is EN else ("Klant", "Waarde")
    head, *rows = table({name: "account", amount: "amount", due: "ends"})
    below = [goal, 150_000, ""]
    for cells in ([head, *rows, below], [head, *rows, ["", "", ""], below, ["Totaal", 12, ""]]):
        export = read_deals(csv_of(cells), columns={"status": None})
        assert float(export.deals["amount"].sum()) == pytest.approx(sum(RIGHT.values()))
        assert "150000" in str(export.receipt)
    export = read_deals(xlsx_of([head, *rows, below]), columns={"status": None})
    assert float(export.deals["amount"].sum()) == pytest.approx(sum(RIGHT.values()))


@pytest.mark.parametrize("name", ["Target", "Budget Thuis", "Forecast Systems"])
def test_a_customer_of_that_name_is_a_deal(name):
    head, *rows = table({"Customer": "account", "Amount": "amount", "Expected close date": "ends", "Owner": "owner"})
    for row in ([name, 5, "2026-06-30", "Noor"], [name, 5, "", "Noor"]):
        assert len(read_deals(csv_of([head, *rows, row]), columns={"status": None}).deals) == len(DEALS) + 1


# Won and lost -------------------------------------------------------------------------------------------------------

# With one day of closing for all, only the words tell which deals are open.
SHARED = without(EN, "Status", "Expected close date", "Closed on", **{"Close date": "ends"})
GEDEELD = without(BY_HAND, "Status", "Kans", "Gesloten op", "Verwachte sluitingsdatum", **{"Sluitingsdatum": "ends"})


@pytest.mark.parametrize(
    ("columns", "header", "words"),
    [
        (SHARED, "Win/Loss", {"open": "Open", "won": "Won", "lost": "Lost"}),
        (SHARED, "Verdict", {"open": "Pending", "won": "Closed won", "lost": "Closed lost"}),
        (GEDEELD, "Gewonnen of verloren", {"open": "Lopend", "won": "Gewonnen", "lost": "Verloren"}),
        (GEDEELD, "Stand", {"open": "Offerte", "won": "Gewonnen", "lost": "Verloren"}),
    ],
)
def test_a_column_that_says_won_and_lost_is_the_status_whatever_its_header(columns, header, words):
    """The stages are those in which the deals were won or lost: by them all twelve would be open."""
    assert amounts(read_deals(csv_of(table({**columns, header: word(**words)})))) == RIGHT


def test_hubspot_in_dutch_names_the_deal_behind_won_and_lost():
    told = word(open="Demo", won="Gewonnen deal (Sales)", lost="Verloren deal (Sales)")
    columns = without(GEDEELD, "Fase", "Sluitingsdatum", Dealfase=told, **{"Datum van afsluiten": "ends"})
    cells = [[cell if cell != "Demo" else "Demo (Sales)" for cell in row] for row in table(columns)]
    assert amounts(read_deals(csv_of(cells))) == RIGHT


def test_stages_that_say_won_and_lost_are_not_overruled_by_another_column():
    told = word(open="Demo", won="Closed Won", lost="Closed Lost")
    other = word(open="Accepted", won="Rejected", lost="Accepted")
    assert amounts(read_deals(csv_of(table({**SHARED, "Stage": told, "Discount": other})))) == RIGHT


@pytest.mark.parametrize(
    ("columns", "won", "lost"),
    [
        (without(EN, "Status", "Closed on"), "Won date", "Lost date"),
        (without(BY_HAND, "Status", "Kans", "Gesloten op"), "Deal - Tijd van winst", "Deal - Tijd van verlies"),
        (without(BY_HAND, "Status", "Kans", "Gesloten op"), "Gewonnen op", "Verloren op"),
    ],
)
def test_days_of_winning_and_losing_tell_the_status_beside_a_stage(columns, won, lost):
    export = read_deals(csv_of(table({**columns, won: when("won"), lost: when("lost")})))
    assert amounts(export) == RIGHT
    assert set(export.deals["stage"]) == {"Demo", "Proposal"}


@pytest.mark.parametrize(
    ("columns", "box", "yes", "no"),
    [(EN, "Won?", "Yes", "No"), (BY_HAND, "Gewonnen (J/N)", "J", "N"), (BY_HAND, "Gewonnen", "Ja", "Nee")],
)
def test_a_box_that_says_won_comes_before_the_stage_of_that_row(language, columns, box, yes, no):
    """The rest has ended by its day of closing: lost."""
    lost = {"en": "lost", "nl": "verloren"}[language]
    for words in ({"open": no, "won": yes, "lost": no}, {"open": "", "won": yes, "lost": no}):
        cells = table(without(columns, "Status", "Kans", **{box: word(**words)}))
        assert amounts(answer(csv_of(cells), lost)) == RIGHT


@pytest.mark.parametrize(
    ("columns", "box", "yes", "no"), [(SHARED, "Won?", "Yes", "No"), (GEDEELD, "Gewonnen (J/N)", "J", "N")]
)
def test_a_box_with_three_answers_is_asked_about_as_words_are(columns, box, yes, no):
    data = csv_of(table({**columns, box: word(open="", won=yes, lost=no)}))
    assert {each.text for each in asked(data).words} == {yes, no}
    assert amounts(read_deals(data, won=yes, lost=no)) == RIGHT


def test_a_day_of_closing_and_a_reason_for_a_loss_leave_the_won_deals_to_ask_about(language):
    """One answer for all that ended would make lost deals won, or the other way round."""
    for columns, reason in ((EN, "Lost reason"), (without(BY_HAND, "Kans"), "Reden van verlies")):
        data = csv_of(table(without(columns, "Status", **{reason: "reason"})))
        export = answer(data, {"en": "won", "nl": "gewonnen"}[language])
        assert amounts(export) == RIGHT
        assert len(export.receipt.mended) == 2


@pytest.mark.parametrize(("yes", "no"), [("checked", ""), ("checked", "unchecked"), ("aangevinkt", ""), ("✅", "")])
def test_boxes_are_ticked_in_the_words_of_the_tool(yes, no):
    boxes = {"Won": word(open=no, won=yes, lost=no), "Lost": word(open=no, won=no, lost=yes)}
    assert amounts(read_deals(csv_of(table(without(EN, "Status", "Stage", **boxes))))) == RIGHT


@pytest.mark.parametrize("names", [("Pipeline", "Won", "Lost"), ("Lopende offertes", "Gewonnen 2026", "Verloren 2026")])
def test_sheets_named_after_a_status_tell_it_though_one_has_another_name(names):
    head, *rows = table(without(EN, "Status", "Expected close date", "Closed on", **{"Close date": "ends"}))

    def more(book):
        for name, status in zip(names, ("open", "won", "lost"), strict=True):
            sheet = book.create_sheet(name)
            for row in [head, *(row for row, deal in zip(rows, DEALS, strict=True) if deal["status"] == status)]:
                sheet.append(row)
        del book["Deals"]

    question = asked(xlsx_of([], more=more), sheet="all")
    said = {each.text: each.proposed for each in question.words}
    assert said[names[0]] == "open"
    assert said.get(names[1], "won") == "won"
    assert said.get(names[2], "lost") == "lost"
    assert amounts(read_deals(xlsx_of([], more=more), sheet="all", won=names[1], lost=names[2])) == RIGHT


@pytest.mark.parametrize(("columns", "closing"), [(SHARED, "Closed"), (GEDEELD, "Gesloten"), (GEDEELD, "Afgerond")])
def test_a_closed_deal_without_a_chance_is_lost(columns, closing):
    told = word(open="Demo", won=closing, lost=closing)
    cells = table({**without(columns, "Stage", "Fase"), "Stage": told, "Probability (%)": "chance"})
    assert amounts(read_deals(csv_of(cells))) == RIGHT


def test_signs_for_a_status_are_words_too():
    data = csv_of(table({**SHARED, "Status": word(open="⏳", won="✅", lost="❌")}))
    assert {each.text for each in asked(data).words} == {"⏳", "✅", "❌"}
    assert amounts(read_deals(data, won="✅", lost="❌")) == RIGHT


@pytest.mark.parametrize("words", [("Won - new", "Lost - price"), ("Gewonnen klant", "Verloren klant")])
def test_a_word_that_names_won_or_lost_is_proposed_as_such(words):
    won, lost = words
    data = csv_of(
        table(without(EN, "Closed on", Status=word(open="Open", won=won, lost=lost), **{"Close date": "ends"}))
    )
    assert [each.proposed for each in asked(data).words] == ["won", "lost"]


# Days ---------------------------------------------------------------------------------------------------------------


def last_day(day):
    return (day.replace(day=28) + datetime.timedelta(days=4)).replace(day=1) - datetime.timedelta(days=1)


@pytest.mark.parametrize("customer", ["Totaal", "Total", "Som van delen", "Gemiddelde", "Aantal", "Target", "Doel"])
def test_a_won_deal_of_a_customer_called_total_is_no_total(customer):
    """It has no expected day any more, but a day on which it was won: it lacks nothing that the others have."""
    rows = [["Customer", "Status", "Amount", "Created on", "Expected close date", "Closed on"]]
    rows += [[f"Customer {n}", "Open", 1000 * n, "2026-01-02", "2026-06-01", ""] for n in range(1, 8)]
    rows += [[f"Customer {n}", "Lost", 1000 * n, "2026-01-02", "", "2026-03-01"] for n in range(8, 12)]
    rows += [[customer, "Won", 50_000, "2026-01-05", "", "2026-03-02"]]
    export = read_deals(csv_of(rows))
    assert amounts(export) == {"open": 28_000, "lost": 38_000, "won": 50_000}


@pytest.mark.parametrize(("columns", "header"), BOTH)
def test_a_target_below_the_list_is_told_as_one(language, columns, header):
    cells = table(without(columns, "Deal ID", "Nr"))
    place = cells[0].index(header)
    goal = [{0: "Target 2026", place: 150_000}.get(at, "") for at in range(len(cells[0]))]
    export = read_deals(csv_of([*cells, goal]))
    assert amounts(export) == RIGHT
    [left] = export.receipt.left_out
    told = {"en": "a target, no deal: “Target 2026” 150000", "nl": "een target, geen deal: “Target 2026” 150000"}
    assert left.reason == told[language]


def some(status, *more, rows=10, **named):
    """Write some rows of a status: as many days and amounts as it needs, and what else is said of each."""
    ends = ["2026-06-01", ""] if status == "Open" else ["", "2026-03-01"]
    return [[status, 1000, "2026-01-05", *ends, *more, *named.values()] for _row in range(rows)]


def numbered(headers, *rows):
    return csv_of([["Deal", *headers], *([f"D{n}", *row] for n, row in enumerate(rows, 1))])


HEADERS = ["Status", "Amount", "Created on", "Expected close date", "Closed on"]


@pytest.mark.parametrize(
    ("word", "means"),
    [
        *((word, "lost") for word in ("Not accepted", "Offerte niet geaccepteerd", "Not sold", "Won’t buy")),
        *((word, "open") for word in ("Nog niet gegund", "Not yet accepted", "No loss", "Lost, was sold by a rival")),
        *((word, "won") for word in ("Accepted by mail", "Gewonnen 2026")),
    ],
)
def test_a_word_for_won_behind_a_denial_is_not_proposed_as_won(word, means):
    question = asked(numbered(HEADERS, *some("Open"), *some("Won"), *some(word)))
    [asked_of] = question.words
    assert (asked_of.text, asked_of.rows, asked_of.proposed) == (word, 10, means)


@pytest.mark.parametrize("word", ["Dubbel", "Duplicate", "Test", "Verwijderd"])
def test_rows_with_a_word_for_no_deal_are_left_out_and_told(language, word):
    data = numbered(HEADERS, *some("Open"), *some("Won"), *some("Lost"), *some(word, rows=12), *some("Sleeping"))
    *_statuses, leave_out = asked(data).choices
    assert leave_out.options == {"no_deal": [word]}
    # The other word is still asked about, and its answer undoes nothing.
    [_won, lost, *_rest] = asked(data, **leave_out.options).choices
    export = read_deals(data, **lost.added_to(leave_out.options))
    assert amounts(export) == {"open": 10_000, "won": 10_000, "lost": 20_000}
    [left] = export.receipt.left_out
    told = {"en": "no deal by “Status”", "nl": "geen deal volgens “Status”"}
    assert (left.reason, len(left.lines)) == (told[language], 12)
    assert export.missing == ()
    # Next week's file is read the same way.
    assert amounts(read_deals(data, mapping=export.mapping)) == amounts(export)


@pytest.mark.parametrize("nothing", ["n/a", "NULL", "Unknown", "Onbekend", "-"])
def test_what_stands_for_nothing_is_no_word_for_a_status(nothing):
    question = asked(numbered(HEADERS, *some("Open"), *some("Won"), *some(nothing)))
    assert question.option == "blank"


def test_a_deal_with_a_day_of_winning_and_one_of_losing_is_left_out_and_told(language):
    rows = [["Stage", "Amount", "Created on", "Expected close date", "Won time", "Lost time"]]
    rows += [["Demo", 1000, "2026-01-05", "2026-06-01", "", ""]] * 10
    rows += [["Demo", 1000, "2026-01-05", "2026-06-01", "2026-02-01", ""]] * 9
    rows += [["Demo", 1000, "2026-01-05", "2026-06-01", "", "2026-03-01"]] * 9
    torn = ["Demo", 1000, "2026-01-05", "2026-06-01", "2026-02-01", "2026-03-01"]
    export = read_deals(numbered(*rows, torn))
    assert amounts(export) == {"open": 10_000, "won": 9_000, "lost": 9_000}
    [left] = export.receipt.left_out
    told = {
        "en": "both won and lost, by “Won time” and “Lost time”",
        "nl": "gewonnen én verloren, volgens “Won time” en",
    }
    assert left.reason.startswith(told[language])
    assert left.lines == (30,)
    # Where they may be more than a fifth of the won or the lost, it is asked first.
    assert asked(numbered(*rows, *[torn] * 5)).option == "incomplete"


def test_a_few_open_deals_that_have_ended_by_another_column_are_told(language):
    rows = [[*HEADERS, "Loss reason", "Is closed"]]
    rows += [*some("Open", "price", "No", rows=4), *some("Open", "", "Yes", rows=1), *some("Open", "", "No", rows=25)]
    export = read_deals(numbered(*rows, *some("Won", "", "Yes"), *some("Lost", "price", "Yes", rows=20)))
    assert amounts(export) == {"open": 30_000, "won": 10_000, "lost": 20_000}
    told = {
        "en": [
            "4 deals count as open, yet by “Loss reason” they have ended (lines 2, 3, 4, 5).",
            "1 deal counts as open",
        ],
        "nl": ["4 deals tellen als open, maar lopen volgens “Loss reason” niet meer (", "1 deal telt als open"],
    }
    for line in told[language]:
        assert line in str(export.receipt)


def timed(rows, status, won="", lost=""):
    return [[status, 1000, "2026-01-05", "2026-06-01" if status == "Open" else "", won, lost]] * rows


TIMED = ["Status", "Amount", "Created on", "Expected close date", "Won time", "Lost time"]
ENDED = [*timed(10, "Won", won="2026-02-01"), *timed(10, "Lost", lost="2026-02-01")]


def test_a_day_of_winning_beside_another_status_is_told_or_asked(language):
    few = [*timed(1, "Open", won="2026-02-01"), *timed(1, "Won", won="2026-02-01", lost="2026-02-03")]
    export = read_deals(numbered(TIMED, *timed(30, "Open"), *ENDED, *few))
    assert amounts(export) == {"open": 31_000, "won": 11_000, "lost": 10_000}
    told = {
        "en": ["1 deal counts as open, yet by “Won time” it has ended (line 52).", "and not by “Lost time” (line 53)"],
        "nl": [
            "1 deal telt als open, maar loopt volgens “Won time” niet meer",
            "maar niet volgens “Lost time” (regel 53)",
        ],
    }
    for line in told[language]:
        assert line in str(export.receipt)
    question = asked(numbered(TIMED, *timed(10, "Open"), *timed(20, "Open", won="2026-02-01"), *ENDED))
    assert (question.option, "“Won time”" in question.what) == ("ended", True)
    plain = read_deals(numbered(TIMED, *timed(30, "Open"), *ENDED))
    assert "Won time” it has" not in str(plain.receipt)
    assert amounts(plain) == {"open": 30_000, "won": 10_000, "lost": 10_000}


def test_a_reason_for_a_loss_on_most_open_deals_is_asked_about():
    rows = [*some("Open", "price", rows=20), *some("Open", ""), *some("Won", ""), *some("Lost", "price")]
    question = asked(numbered([*HEADERS, "Loss reason"], *rows))
    assert (question.option, "“Loss reason”" in question.what) == ("ended", True)


def staged(stage, day, chance):
    return [[stage, 1000, "2026-01-05", day, chance]] * 10


STAGED = ["Stage", "Amount", "Created on", "Close date", "Probability"]


def test_what_stands_at_0_percent_beside_what_was_won_at_100_is_asked_about():
    """All of it closes on one day per deal, which says nothing of what is open."""
    rows = [*staged("Proposal", "2026-06-01", "50%"), *staged("Negotiation", "2026-02-01", "100%")]
    data = numbered(STAGED, *rows, *staged("Qualification", "2026-02-01", "0%"))
    [lost] = [choice for choice in asked(data).choices if choice.options == {"ended": "lost"}]
    assert amounts(read_deals(data, **lost.options)) == {"open": 10_000, "won": 10_000, "lost": 10_000}
    words = asked(numbered(STAGED, *rows, *staged("No interest", "2026-02-01", "0%"))).words
    assert [(word.text, word.proposed) for word in words] == [("No interest", "lost")]


def test_a_word_for_no_deal_is_checked_as_those_for_won_and_lost_are(language):
    data = numbered(HEADERS, *some("Open"), *some("Won"), *some("Lost"))
    told = {"en": "“Zzz”, given as a word for no deal", "nl": "“Zzz”, opgegeven als woord voor geen deal"}
    assert any(remark.startswith(told[language]) for remark in read_deals(data, no_deal="Zzz").receipt.remarks)
    with pytest.raises(SalesMetricsError, match=r"no_deal= (?:and|en) in won= (?:or|of) lost="):
        read_deals(data, no_deal="won", won="Won")


def test_a_box_that_says_otherwise_than_the_status_is_told(language):
    rows = [[*HEADERS, "Is won"], *some("Open", "No"), *some("Won", "Yes", rows=9), *some("Lost", "No", rows=9)]
    assert "“Is won”" not in "".join(read_deals(numbered(*rows)).receipt.remarks)
    export = read_deals(numbered(*rows, *some("Won", "No", rows=1), *some("Lost", "Yes", rows=1)))
    assert amounts(export) == {"open": 10_000, "won": 10_000, "lost": 10_000}
    told = {
        "en": [
            "1 deal is won by its word, and not by “Is won” (line 30): it counts as won.",
            "1 deal is lost by its word",
        ],
        "nl": [
            "1 deal is gewonnen volgens het woord dat erbij staat, maar niet volgens “Is won” (",
            "1 deal is verloren",
        ],
    }
    for line in told[language]:
        assert line in str(export.receipt)


@pytest.mark.parametrize(
    ("text", "day"), [("2026-02", "2026-02-01"), ("Q1 2026", "2026-01-01"), ("wk 6 2026", "2026-02-02")]
)
def test_a_month_in_which_a_deal_came_in_begins_it(language, text, day):
    """Read as its last day, a deal that came in and ended in one month would have ended before it came in."""
    rows = [[row[0], row[1], text, *row[3:]] for status in ("Open", "Won", "Lost") for row in some(status)]
    export = read_deals(numbered(HEADERS, *rows))
    assert set(export.deals["created_on"]) == {pd.Timestamp(day)}
    assert {"en": "its first day", "nl": "de eerste dag"}[language] in str(export.receipt)
    assert sm.velocity(export.deals).mean_days == (pd.Timestamp("2026-03-01") - pd.Timestamp(day)).days


def test_deals_that_ended_before_they_came_in_give_no_velocity_for_that_reason(language):
    rows = [[row[0], row[1], "2026-03-31", *row[3:]] for status in ("Open", "Won", "Lost") for row in some(status)]
    deals = read_deals(numbered(HEADERS, *rows)).deals
    with pytest.raises(SalesMetricsError) as refused:
        sm.velocity(deals)
    told = {"en": "took -30 days on average", "nl": "gemiddeld -30 dagen"}
    assert told[language] in str(refused.value)


def test_months_of_many_years_are_days_and_not_guessed_at():
    days = ["Mar-12", "Jun-30", "Apr-15", "May-06"]
    rows = [[*row[:3], days[at % 4], ""] for at, row in enumerate(some("Open"))]
    question = asked(numbered(HEADERS, *rows, *some("Won"), *some("Lost")))
    assert "Mar-12" in question.what
    near = [[*row[:3], ["Mar-26", "Jun-26", "Jan-27"][at % 3], ""] for at, row in enumerate(some("Open"))]
    export = read_deals(numbered(HEADERS, *near, *some("Won"), *some("Lost")))
    assert set(export.deals["expected_close_on"].dropna().astype(str)) == {"2026-03-31", "2026-06-30", "2027-01-31"}


@pytest.mark.parametrize("header", ["Probability", "Kans (%)"])
@pytest.mark.parametrize(("cells", "low"), [(["50%", "25%", "0.5"], 0.5), (["50", "0.5", "100"], 0.5)])
def test_a_chance_below_1_among_percentages_is_asked_about(header, cells, low):
    rows = [[*row, cells[at % 3]] for at, row in enumerate(some("Open") + some("Won") + some("Lost"))]
    data = numbered([*HEADERS, header], *rows)
    percent, fraction = asked(data).choices
    assert min(read_deals(data, **percent.options).deals["probability"]) == low / 100
    assert low in set(read_deals(data, **fraction.options).deals["probability"])


@pytest.mark.parametrize("header", ["Probability", "Kans (%)"])
def test_chances_that_are_all_one_thing_are_not_asked_about(header):
    for cells, wanted in ((["0.25", "0.5", "1"], [0.25, 0.5, 1]), (["25", "50", "1"], [0.01, 0.25, 0.5])):
        rows = [[*row, cells[at % 3]] for at, row in enumerate(some("Open") + some("Won") + some("Lost"))]
        deals = read_deals(numbered([*HEADERS, header], *rows)).deals
        assert sorted(set(deals["probability"])) == wanted


@pytest.mark.parametrize("amount", ["USD 5000", "$ 5,000.00", "5000 dollar"])
def test_one_amount_with_a_currency_among_bare_ones_is_asked_about(amount):
    rows = [[row[0], amount if at == 2 else row[1], *row[2:]] for at, row in enumerate(some("Open"))]
    data = numbered(HEADERS, *rows, *some("Won"), *some("Lost"))
    dollars, euros, _pounds = asked(data).choices
    together = read_deals(data, **dollars.options)
    assert (amounts(together)["open"], set(together.deals["currency"])) == (14_000, {"USD"})
    apart = read_deals(data, **euros.options)
    assert (amounts(apart)["open"], set(apart.deals["currency"])) == (9_000, {"EUR"})
    assert apart.receipt.left_out[0].lines == (4,)


def test_a_currency_on_most_amounts_is_that_of_all():
    rows = [[row[0], "€ 1000", *row[2:]] for row in some("Open") + some("Won")]
    export = read_deals(numbered(HEADERS, *rows, *some("Lost")))
    assert set(export.deals["currency"].dropna()) == {"EUR"}


@pytest.mark.parametrize(("once", "monthly"), [("Eenmalig bedrag", "Maandbedrag"), ("One-off amount", "MRR")])
def test_what_is_paid_once_and_what_is_paid_monthly_are_not_chosen_between_in_silence(once, monthly):
    rows = [[*row, 100] for row in some("Open") + some("Won") + some("Lost")]
    headers = [once if header == "Amount" else header for header in HEADERS]
    question = asked(numbered([*headers, monthly], *rows))
    assert [choice.label for choice in question.choices] == [once, monthly]


@pytest.mark.parametrize("written", ["€ 1.000,00 excl. btw", "€ 1.000,00 (ex btw)", "1,000.00 excl. VAT"])
def test_an_amount_without_vat_is_an_amount(written):
    rows = [[row[0], written, *row[2:]] for status in ("Open", "Won", "Lost") for row in some(status)]
    assert amounts(read_deals(numbered(HEADERS, *rows))) == {"open": 10_000, "won": 10_000, "lost": 10_000}


@pytest.mark.parametrize("time", ["10u30", "9h05", "om 10:30 uur"])
def test_a_time_with_a_letter_is_no_part_of_the_day(time):
    rows = [[*row[:2], f"15-01-2026 {time}", *row[3:]] for status in ("Open", "Won", "Lost") for row in some(status)]
    deals = read_deals(numbered(HEADERS, *rows)).deals
    assert set(deals["created_on"]) == {pd.Timestamp("2026-01-15")}


def test_amounts_with_four_decimals_are_not_offered_as_days():
    rows = [["Open", 1000, "2026-01-05", "12.2025"], ["Won", 1000, "2026-01-05", "3.2020"]] * 10
    question = asked(numbered([*HEADERS[:3], "Score"], *rows))
    assert "Score" not in [choice.label for choice in question.choices]


@pytest.mark.parametrize(
    "month",
    [
        lambda day: f"{day:%B %Y}",
        lambda day: f"{day:%b-%y}",
        lambda day: f"{MONTHS[day.month - 1]} {day.year}",
        lambda day: f"{MONTHS[day.month - 1][:3]} '{day:%y}",
        lambda day: f"{day:%Y-%m}",
        lambda day: f"{day:%m/%Y}",
    ],
)
@pytest.mark.parametrize(("columns", "header"), [(EN, "Expected close date"), (BY_HAND, "Verwachte sluitingsdatum")])
def test_a_month_is_read_as_its_last_day_and_told(language, columns, header, month):
    cells = table({**columns, header: lambda deal: month(deal["ends"]) if deal["status"] == "open" else ""})
    export = read_deals(csv_of(cells))
    assert amounts(export) == RIGHT
    days = export.deals.loc[export.deals["status"] == "open", "expected_close_on"]
    assert days.tolist() == [pd.Timestamp(last_day(deal["ends"])) for deal in DEALS if deal["status"] == "open"]
    assert {"en": "its last day", "nl": "de laatste dag"}[language] in str(export.receipt)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("Q2 2026", "2026-06-30"),
        ("2026Q3", "2026-09-30"),
        ("K4-2026", "2026-12-31"),
        ("Q2'26", "2026-06-30"),
        ("3e kwartaal 2026", "2026-09-30"),
        ("2nd quarter 2026", "2026-06-30"),
        ("2026-W14", "2026-04-05"),
        ("wk 14 2026", "2026-04-05"),
    ],
)
def test_a_quarter_or_a_week_is_read_as_its_last_day(text, day):
    cells = table({**EN, "Expected close date": lambda deal: text if deal["status"] == "open" else ""})
    assert set(read_deals(csv_of(cells)).deals["expected_close_on"].dropna()) == {pd.Timestamp(day)}


@pytest.mark.parametrize("text", ["week 22", "juni", "soon", "2026-W60", "Q5 2026", "May 26"])
def test_days_that_can_not_be_read_can_be_left_out(language, text):
    data = csv_of(table({**EN, "Expected close date": lambda deal: text if deal["status"] == "open" else ""}))
    question = asked(data)
    assert text in question.what
    [choice] = question.choices
    assert amounts(read_deals(data, **choice.options)) == RIGHT


@pytest.mark.parametrize("nothing", ["#N/B", "0-1-1900", "00-01-1900", "1/0/1900", "geen", "TBA"])
def test_what_excel_writes_for_no_day_is_no_day(nothing):
    cells = table({**EN, "Closed on": lambda deal: closed(deal) or nothing})
    assert amounts(read_deals(csv_of(cells))) == RIGHT


@pytest.mark.parametrize("zone", [" Europe/Amsterdam", "+01:00[Europe/Amsterdam]", " (CET)", " America/New_York"])
def test_a_zone_by_its_name_is_no_part_of_the_day(zone):
    export = read_deals(csv_of(table(EN, day=lambda day: f"{day} 10:30:00{zone}")))
    assert export.deals["created_on"].tolist() == [pd.Timestamp(deal["created"]) for deal in DEALS]
