"""Reading files: the bad-input table for files, the receipt, and a made-up twin of a public CRM table."""

import datetime

import pandas as pd
import pytest

from salesmetrics.base.errors import SalesMetricsError
from salesmetrics.crm import Question, read_deals
from salesmetrics.metrics import conversion_rate, coverage

HEAD = "deal_id,status,amount,created_on,closed_on\n"
GOOD = HEAD + "1,open,100,2026-01-05,\n2,won,200,2026-01-06,2026-02-01\n3,lost,300,2026-01-07,2026-02-02\n"


def read(text, **options):
    return read_deals(text.encode(), name="export.csv", **options)


def left_out(export):
    return {line: left.reason for left in export.receipt.left_out for line in left.lines}


def test_a_well_formed_file_gives_its_deals(language):
    export = read(GOOD)
    assert export.deals["deal_id"].tolist() == ["1", "2", "3"]
    assert export.deals["amount"].tolist() == [100, 200, 300]
    assert export.deals["closed_on"].tolist()[1:] == [pd.Timestamp(2026, 2, 1), pd.Timestamp(2026, 2, 2)]
    assert export.receipt.counts == {"open": 1, "won": 1, "lost": 1}
    assert export.lines.tolist() == [2, 3, 4]
    assert float(conversion_rate(export.deals)) == 0.5


REFUSED = [
    # what is wrong, the file, the options, what the error must name in English and in Dutch
    (
        "no status",
        GOOD.replace("status", "state").replace("won", "in").replace("lost", "out"),
        {},
        ["status"],
        ["status"],
    ),
    ("no amount", GOOD.replace("amount", "amuont"), {}, ["amount", "Did you mean “amuont”?"], ["amuont"]),
    ("no closed_on", GOOD.replace("closed_on", "enddate"), {}, ["enddate"], ["enddate"]),
    ("unknown status", GOOD.replace("open", "perhaps"), {}, ["perhaps", "line 2", "won="], ["perhaps", "regel 2"]),
    ("another row with the id", GOOD + "2,won,250,2026-01-06,2026-02-01\n", {}, ["“2” on lines 3, 5"], ["regels 3, 5"]),
    (
        "two currencies",
        "deal_id,status,amount,closed_on,currency\n1,open,5,,EUR\n2,open,5,,USD\n",
        {},
        ["EUR, USD", 'currency="EUR"'],
        ["EUR, USD", "valuta"],
    ),
    ("no rows", HEAD, {}, ["no rows"], ["geen rijen"]),
    ("nothing at all", "\n", {}, ["is empty"], ["is leeg"]),
    (
        "ambiguous date",
        GOOD.replace("2026-01-05", "03-04-2026")
        .replace("2026-01-06", "04-05-2026")
        .replace("2026-01-07", "05-06-2026"),
        {},
        ["3 Apr 2026", "4 Mar 2026", 'date_order={"created_on": "day"}'],
        ["03-04-2026 (dag voorop)", "04-03-2026 (maand voorop)", 'date_order={"created_on": "day"}'],
    ),
    (
        "ambiguous amount",
        GOOD.replace("100", "1.234"),
        {},
        ["1,234", "1.234", 'decimal={"amount": ","}'],
        ["1.234", "1,234"],
    ),
    (
        "open with a day of closing",
        GOOD.replace("2026-01-05,", "2026-01-05,2026-03-01"),
        {},
        ["closed_on", "(line 2)", "expected_close_on"],
        ["(regel 2)", "expected_close_on"],
    ),
    ("a column that is no date", GOOD.replace("2026-01-0", "soon"), {}, ["soon5", "line 2"], ["soon5", "regel 2"]),
    ("a column that is no number", GOOD.replace(",100,", ",x,").replace(",200,", ",y,"), {}, ["“x”"], ["“x”"]),
    ("a header that is not there", GOOD, {"columns": {"amount": "amont"}}, ["amont", "“amount”"], ["amont"]),
    ("a field that is not there", GOOD, {"columns": {"amuont": "amount"}}, ["amuont", "“amount”"], ["amuont"]),
    ("a header twice", GOOD.replace("created_on", "amount"), {}, ["amount", "2 times"], ["2 keer"]),
    ("a word in both", GOOD, {"won": "x", "lost": ["x"]}, ["“x”"], ["“x”"]),
    ("an unknown order", GOOD, {"date_order": "dmy"}, ["dmy"], ["dmy"]),
    ("an unknown mark", GOOD, {"decimal": ";"}, ["';'"], ["';'"]),
    ("a currency that is not there", GOOD.replace("created_on", "currency"), {"currency": "GBP"}, ["GBP"], ["GBP"]),
]


@pytest.mark.parametrize(
    ("text", "options", "english", "dutch"), [case[1:] for case in REFUSED], ids=[c[0] for c in REFUSED]
)
def test_what_is_refused_says_what_and_where(language, text, options, english, dutch):
    with pytest.raises(SalesMetricsError) as error:
        read(text, **options)
    for part in english if language == "en" else dutch:
        assert part in str(error.value)
    assert error.value.hint


LEFT_OUT = [
    ("text for a number", "4,open,much,2026-01-05,\n", "“amount” is no number", "“amount” is geen getal"),
    ("a negative amount", "4,open,-5,2026-01-05,\n", "“amount” is below 0", "“amount” is lager dan 0"),
    ("won without a day", "4,won,5,2026-01-05,\n", "won or lost, but “closed_on” is empty", "gewonnen of verloren"),
    ("lost without a day", "4,lost,5,2026-01-05,\n", "won or lost, but “closed_on” is empty", "gewonnen of verloren"),
    ("the same row again", "2,won,200,2026-01-06,2026-02-01\n", "the same row again", "dezelfde rij nog een keer"),
    ("no such day", "4,open,5,2026-02-30,\n", "“created_on” is no date", "“created_on” is geen datum"),
    ("no id", ",open,5,2026-01-05,\n", "“deal_id” is empty", "“deal_id” is leeg"),
    ("no status", "4,,5,2026-01-05,\n", "no “status”, so no status", "geen “status”"),
    ("too many cells", "4,open,5,2026-01-05,x,y\n", "more cells", "meer cellen"),
    ("a quote in the way", '4,"op"en,5,2026-01-05,\n', "the quotes don't fit", "de aanhalingstekens kloppen niet"),
]


@pytest.mark.parametrize(
    ("row", "english", "dutch"), [case[1:] for case in LEFT_OUT], ids=[case[0] for case in LEFT_OUT]
)
def test_what_is_left_out_is_counted_with_its_line(language, row, english, dutch):
    export = read(GOOD + row)
    assert len(export.deals) == 3
    assert left_out(export)[5].startswith(english if language == "en" else dutch)
    assert export.receipt.rows == 4
    assert ("line 5" if language == "en" else "regel 5") in str(export.receipt)


def test_an_empty_amount_is_kept_and_counted(language):
    export = read(GOOD + "4,open,,2026-01-05,\n5,open,n/a,2026-01-05,\n")
    assert export.deals["amount"].isna().sum() == 2
    assert ("2 empty" if language == "en" else "2 leeg") in str(export.receipt)


def test_an_amount_of_0_on_a_lost_deal_is_kept(language):
    assert read(GOOD.replace("300", "0")).deals["amount"].tolist() == [100, 200, 0]


def test_minus_one_on_every_open_row_is_empty_and_said(language):
    export = read(GOOD.replace("100", "-1") + "4,open,-1,2026-01-05,\n")
    assert export.deals["amount"].isna().tolist() == [True, False, False, True]
    assert "2 open deals" in export.receipt.mended[0]


def test_minus_one_on_some_open_rows_is_left_out(language):
    export = read(GOOD + "4,open,-1,2026-01-05,\n")
    assert list(left_out(export)) == [5]


def test_closed_before_created_is_kept_and_odd(language):
    export = read(GOOD.replace("2026-02-01", "2025-02-01"))
    assert len(export.deals) == 3
    assert ("line 3" if language == "en" else "regel 3") in " ".join(export.receipt.remarks)


def test_unknown_statuses_with_won_or_lost_given_are_open(language):
    export = read(GOOD.replace("open", "perhaps").replace("won", "signed"), won="signed")
    assert export.deals["status"].tolist() == ["open", "won", "lost"]


def test_one_currency_can_be_picked(language):
    text = "deal_id,status,amount,closed_on,currency\n1,open,5,,EUR\n2,open,7,,USD\n3,open,9,,€\n"
    export = read(text, currency="eur")
    assert export.deals["amount"].tolist() == [5, 9]
    assert list(left_out(export)) == [3]


@pytest.mark.parametrize(
    ("cells", "percentages"),
    [(("25%", "50%"), True), (("25", "50"), True), ((".25", "0.5"), False), (("0,25", "0,5"), False)],
)
def test_percentages_are_recognised_per_column(language, cells, percentages):
    rows = [f"{i};open;5;;{cell}\n" for i, cell in enumerate(cells)]
    export = read("deal_id;status;amount;closed_on;probability\n" + "".join(rows))
    assert export.deals["probability"].tolist() == [0.25, 0.5]
    assert ({"en": "percentages", "nl": "percentages"} if percentages else {"en": "fractions", "nl": "breuken"})[
        language
    ] in str(export.receipt)


@pytest.mark.parametrize("option", ["date_order", "decimal", "won"])
def test_an_answer_to_a_question_reads_the_file(language, option):
    text = {
        "date_order": GOOD.replace("2026-01-05", "03-04-2026"),
        "decimal": GOOD.replace("100", "1.234"),
        "won": GOOD.replace("open", "perhaps"),
    }[option]
    with pytest.raises(Question) as asked:
        read(text)
    assert asked.value.option == option
    assert len(asked.value.choices) >= 2
    read_out = [read(text, **choice.options).deals.iloc[0] for choice in asked.value.choices]
    if option == "date_order":
        assert [row["created_on"].date() for row in read_out] == [
            datetime.date(2026, 4, 3),
            datetime.date(2026, 3, 4),
        ]
    if option == "decimal":
        assert [row["amount"] for row in read_out] == [1234, 1.234]


TWIN = """opportunity_id,sales_agent,product,account,deal_stage,engage_date,close_date,close_value
A1,Ann,GTX,Isdom,Won,2016-10-20,2017-03-01,1054
A2,Ann,GTX,Isdom,Won,2016-10-20,2017-03-02,4514
A3,Bob,GTX,,Lost,2016-10-20,2017-03-03,0
A4,Bob,GTX,,Engaging,2016-11-03,,
A5,Bob,GTX,,Prospecting,,,
"""
TWIN_COLUMNS = {
    "deal_id": "opportunity_id",
    "stage": "deal_stage",
    "created_on": "engage_date",
    "closed_on": "close_date",
    "amount": "close_value",
}


@pytest.mark.parametrize("empty", ["", "-1"])
def test_a_table_without_a_status_gives_the_figures_of_its_stages(language, empty):
    text = "".join(line + empty + "\n" if line.endswith(",") else line + "\n" for line in TWIN.splitlines())
    export = read(text, columns=TWIN_COLUMNS)
    assert export.receipt.counts == {"open": 2, "won": 2, "lost": 1}
    assert float(conversion_rate(export.deals)) == pytest.approx(2 / 3)
    assert float(conversion_rate(export.deals, base="created")) == pytest.approx(2 / 5)
    assert export.deals.loc[export.deals["status"] == "won", "amount"].sum() == 5568
    assert export.deals["product"].tolist() == ["GTX"] * 5
    with pytest.raises(SalesMetricsError):
        coverage(export.deals, target=1000)
    with pytest.raises(SalesMetricsError):
        conversion_rate(export.deals, unit="amount")


def test_one_date_column_can_be_two_things(language):
    text = GOOD.replace("closed_on", "Close Date").replace("2026-01-05,", "2026-01-05,2026-03-01")
    columns = {"closed_on": "Close Date", "expected_close_on": "Close Date"}
    deals = read(text, columns=columns).deals
    assert deals["closed_on"].isna().tolist() == [True, False, False]
    assert deals["expected_close_on"].isna().tolist() == [False, True, True]


def test_stages_given_must_hold_every_open_stage(language):
    text = "deal_id,stage,amount,closed_on\n1,Demo,5,\n2,Offer,5,\n3,Won,5,2026-01-01\n"
    assert read(text, stages=["Demo", "Offer"]).stages == ("Demo", "Offer")
    with pytest.raises(SalesMetricsError, match="Offer"):
        read(text, stages=["Demo", "Offers"])


HOSTILE = "<img src=x onerror=alert(1)>"


def test_the_receipt_escapes_what_comes_from_the_file(language):
    text = GOOD.replace("created_on", HOSTILE) + f"4,{HOSTILE},1,,\n"
    export = read(text.replace(",2026-01-05", ",").replace(",2026-01-06", ",").replace(",2026-01-07", ","), won=HOSTILE)
    page = export._repr_html_()
    assert "<img" not in page
    assert "&lt;img" in page


def test_the_receipt_names_the_columns_in_the_readers_words(language):
    told = str(read(GOOD).receipt)
    fields = {"en": ["Amount", "Day it was won or lost"], "nl": ["Bedrag", "Dag waarop hij gewonnen of verloren is"]}
    assert all(f"  {field}: " in told for field in fields[language])


@pytest.mark.parametrize(
    ("path", "english"),
    [("no-such-folder/export.csv", "no file"), (".", "folder"), ("https://example.org/x.csv", "web")],
)
def test_a_path_that_holds_no_file_is_refused(path, english):
    with pytest.raises(SalesMetricsError, match=english):
        read_deals(path)


def test_a_misspelt_path_names_the_nearest_file(tmp_path):
    (tmp_path / "export.csv").write_text(GOOD)
    with pytest.raises(SalesMetricsError, match=r"export\.csv"):
        read_deals(tmp_path / "exprot.csv")


def test_the_file_is_never_written_to(tmp_path):
    path = tmp_path / "export.csv"
    path.write_text(GOOD)
    path.chmod(0o444)
    before = path.stat()
    assert len(read_deals(str(path)).deals) == 3
    assert path.stat().st_mtime_ns == before.st_mtime_ns
    assert path.read_text() == GOOD
