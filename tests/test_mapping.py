"""A warehouse table under its own names: the same figures as a table under the kit's, or a refusal that helps."""

import datetime

import narwhals as nw
import pyarrow as pa
import pytest
from tables import ENGINES, columns_of, day, deal, fetches, refusals, rows_of

import salesmetrics as sm

# As a warehouse holds Salesforce's opportunities: one CloseDate for what is closed and what is expected, stamps with a
# zone, and the outcome twice, in the stage and in two columns that say yes or no.
NAMES = ("Id", "StageName", "Amount", "CreatedDate", "CloseDate", "IsWon", "IsClosed", "Region")
ROWS = [
    ("A", "Closed Won", 100, "2026-01-05", "2026-02-10", True, True, "North"),
    ("B", "Closed Lost", 40, "2026-01-06", "2026-02-20", False, True, "North"),
    ("C", "Closed Lost", 60, "2026-01-07", "2026-03-01", False, True, "South"),
    ("D", "Negotiation", 300, "2026-03-10", "2026-05-15", False, False, "South"),
    ("E", "Prospecting", 200, "2026-02-01", "2026-08-01", False, False, "North"),
]
TYPES = {
    "Amount": pa.decimal128(12, 2),
    "CreatedDate": pa.timestamp("us", tz="UTC"),
    "CloseDate": pa.date32(),
}
COLUMNS = {
    "deal_id": "Id",
    "amount": "Amount",
    "stage": "StageName",
    "created_on": "CreatedDate",
    "closed_on": "CloseDate",
    "expected_close_on": "CloseDate",
}
PAIR = COLUMNS | {"status": ("IsWon", "IsClosed")}
WORDS = {"won": "Closed Won", "lost": "Closed Lost"}


def opportunities(rows=ROWS, **types):
    columns = {name: list(values) for name, values in zip(NAMES, zip(*rows, strict=True), strict=True)}
    columns["CreatedDate"] = [day(f"{text} 09:00").replace(tzinfo=datetime.UTC) for text in columns["CreatedDate"]]
    columns["CloseDate"] = [day(text).date() for text in columns["CloseDate"]]
    kinds = TYPES | types
    return pa.table({name: pa.array(values, kinds.get(name)) for name, values in columns.items()})


@pytest.fixture(scope="session")
def warehouse(engine):
    return engine(opportunities())


@pytest.mark.parametrize(
    ("columns", "words"),
    [
        (COLUMNS, WORDS),  # nothing is the status: the stages say it
        (COLUMNS | {"status": "StageName"}, WORDS),
        (PAIR, {}),
    ],
    ids=["stages", "words", "yes and no"],
)
def test_an_opportunity_table_needs_no_export(warehouse, columns, words):
    mine = sm.pipeline(warehouse, columns=columns, **words, target=100, period="2026Q2")
    assert type(mine.deals) is type(warehouse)
    assert sm.coverage(mine).line == "3.0× = 300 open ÷ 100 target"  # D; E is expected in the third quarter
    assert float(sm.coverage(sm.pipeline(warehouse, columns=columns, **words), target=100)) == 5
    assert sm.conversion_rate(mine).working.endswith("1 won ÷ 3 closed")
    # Days that are only expected do not move the clock.
    assert mine.day == datetime.date(2026, 3, 10)
    shown = nw.from_native(mine.deals).lazy().select("deal_id", "status", "stage", "closed_on", "expected_close_on")
    assert sorted(rows_of(shown.to_native())) == [
        ("A", "won", "Closed Won", day("2026-02-10"), None),
        ("B", "lost", "Closed Lost", day("2026-02-20"), None),
        ("C", "lost", "Closed Lost", day("2026-03-01"), None),
        ("D", "open", "Negotiation", None, day("2026-05-15")),
        ("E", "open", "Prospecting", None, day("2026-08-01")),
    ]


def test_columns_that_are_not_named_stay_as_they_are(warehouse):
    mine = sm.pipeline(warehouse, columns=COLUMNS, **WORDS)
    assert columns_of(mine.deals)[:3] == ["IsWon", "IsClosed", "Region"]
    by_region = rows_of(sm.coverage(mine, target=100, by="Region"))
    assert {row[0]: row[-1] for row in by_region} == {"North": 2, "South": 3}
    assert columns_of(warehouse) == list(NAMES)


def test_it_is_the_figures_of_the_same_deals_under_the_kits_names(table, warehouse):
    own = table(
        deal("won", 100, created="2026-01-05", closed="2026-02-10"),
        deal("lost", 40, created="2026-01-06", closed="2026-02-20"),
        deal("lost", 60, created="2026-01-07", closed="2026-03-01"),
        deal("open", 300, created="2026-03-10", due="2026-05-15"),
        deal("open", 200, created="2026-02-01", due="2026-08-01"),
        without=["currency"],
    )
    for metric in (sm.conversion_rate, sm.concentration, sm.velocity):
        assert str(metric(sm.pipeline(warehouse, columns=COLUMNS, **WORDS))) == str(metric(own))


@pytest.mark.parametrize("kind", [pa.dictionary(pa.int32(), pa.string()), pa.large_string()], ids=str)
def test_words_may_be_categories(engine, kind):
    table = engine(opportunities(StageName=kind))
    assert float(sm.conversion_rate(sm.pipeline(table, columns=COLUMNS, **WORDS))) == pytest.approx(1 / 3)


def test_codes_are_words_and_so_are_several(table):
    codes = table(
        *[{"code": code, "amount": 10.0, "closed_on": day("2026-03-01") if code else None} for code in (1, 4, 2, 0)],
        code=pa.int64(),
    )
    mine = sm.pipeline(codes, columns={"status": "code"}, won=[1, 4], lost=2)
    assert sm.conversion_rate(mine).working.endswith("2 won ÷ 3 closed")
    assert float(sm.coverage(mine, target=10)) == 1


def test_a_table_under_the_kits_names_can_have_words_of_its_own(table):
    rows = [
        deal("won", 10) | {"status": "Gewonnen"},
        deal("lost", 10) | {"status": "Verloren"},
        deal() | {"status": None},
    ]
    mine = sm.pipeline(table(*rows), won="Gewonnen", lost="Verloren")
    assert float(sm.conversion_rate(mine)) == 0.5
    assert float(sm.coverage(mine, target=10)) == 1  # what is empty is neither, and so it is open
    with pytest.raises(sm.SalesMetricsError, match="Unknown status"):
        sm.pipeline(table(*rows))


def test_no_lost_deals_must_be_said(table):
    rows = table(deal("won") | {"status": "Signed"}, deal() | {"status": "Demo"})
    assert float(sm.conversion_rate(sm.pipeline(rows, won="Signed", lost=[]))) == 1
    assert refusals(lambda: sm.pipeline(rows, won="Signed")) == {
        "en": "won= was given without lost=: those deals would count as open.\n"
        "→ Give both; lost=[] says that there are none.",
        "nl": "won= staat er zonder lost=: die deals zouden als open tellen.\n"
        "→ Geef ze allebei; met lost=[] zeg je dat ze er niet zijn.",
    }
    assert "lost= was given without won=" in refusals(lambda: sm.pipeline(rows, lost="Demo"))["en"]


@pytest.mark.parametrize(
    ("columns", "words", "en", "nl"),
    [
        (
            COLUMNS | {"amount": "Amout"},
            WORDS,
            "The table has no column “Amout”.\n→ Did you mean “Amount”?",
            "De tabel heeft geen kolom “Amout”.\n→ Bedoel je “Amount”?",
        ),
        (
            COLUMNS | {"amuont": "Amount"},
            WORDS,
            "columns= names “amuont”, which is not something a deal has.\n→ Did you mean “amount”?",
            "columns= noemt “amuont”, en dat is niets wat een deal heeft.\n→ Bedoel je “amount”?",
        ),
        (
            COLUMNS,
            WORDS | {"won": ["Closed Won", "Closed Lots"]},
            "“Closed Lots” stands nowhere in the column “StageName”.\n→ Did you mean “Closed Lost”?",
            "“Closed Lots” staat nergens in de kolom “StageName”.\n→ Bedoel je “Closed Lost”?",
        ),
        (
            COLUMNS,
            {"won": "xyz", "lost": "Closed Lost"},
            "“xyz” stands nowhere in the column “StageName”.\n"
            "→ There are: “Closed Lost”, “Closed Won”, “Negotiation”, “Prospecting”.",
            "“xyz” staat nergens in de kolom “StageName”.\n"
            "→ Je kunt kiezen uit: “Closed Lost”, “Closed Won”, “Negotiation”, “Prospecting”.",
        ),
        (
            COLUMNS,
            {"won": "Closed Won", "lost": ["Closed Lost", "Closed Won"]},
            "“Closed Won” stands in the list twice.\n→ Name each once.",
            "“Closed Won” staat twee keer in de lijst.\n→ Noem elk één keer.",
        ),
        (
            COLUMNS,
            {"won": True, "lost": "Closed Lost"},
            "“True” is not a word, or a list of words.\n"
            '→ Write one as "Closed Won", and several as ["Signed", "Paid"].',
            "“True” is geen woord, en geen lijst van woorden.\n"
            '→ Schrijf er één als "Closed Won", en meer als ["Getekend", "Betaald"].',
        ),
        (
            COLUMNS | {"amount": ["Amount", "Region"]},
            WORDS,
            "columns= gives no column for “amount”, but ['Amount', 'Region'].\n→ Name one column; of a status also two "
            'that say yes or no: "status": ("IsWon", "IsClosed").',
            "columns= geeft voor “amount” geen kolom, maar ['Amount', 'Region'].\n→ Noem één kolom; bij een status "
            'mogen het er ook twee zijn die ja of nee zeggen: "status": ("IsWon", "IsClosed").',
        ),
        (
            COLUMNS | {"status": "IsWon"},
            WORDS,
            "The column “IsWon” must hold words, but it holds Boolean.\n→ Name another",
            "De kolom “IsWon” moet woorden bevatten, maar bevat Boolean.\n→ Noem een andere",
        ),
        (
            COLUMNS | {"status": ("IsWon", "Region")},
            {},
            "The column “Region” must hold yes or no, but it holds String.\n"
            "→ Name another column, or convert this one first.",
            "De kolom “Region” moet ja of nee bevatten, maar bevat String.\n"
            "→ Noem een andere kolom, of zet deze eerst om.",
        ),
        (
            COLUMNS | {"status": ("IsClosed", "IsWon")},
            {},
            "2 deals are won and not closed, or lack a yes or no, by “IsClosed” and “IsWon”.\n"
            "→ First comes the column that says won, then the one that says closed; fill in what is empty.",
            "2 deals zijn volgens “IsClosed” en “IsWon” gewonnen en toch niet beslist, of missen een ja of nee.\n"
            "→ Eerst komt de kolom die zegt of een deal gewonnen is, dan die zegt of hij beslist is; vul in wat ",
        ),
        (
            PAIR,
            WORDS,
            "won= and lost= are words, but the status is taken from two columns that say yes or no.\n"
            "→ Leave them out, or name one column for the status.",
            "won= en lost= zijn woorden, maar de status komt uit twee kolommen die ja of nee zeggen.\n"
            "→ Laat ze weg, of noem één kolom voor de status.",
        ),
        (
            {name: column for name, column in PAIR.items() if name != "closed_on"},
            {},
            "The table has no column “closed_on”.",
            "De tabel heeft geen kolom “closed_on”.",
        ),
    ],
    ids=[
        "column",
        "field",
        "word",
        "no word like it",
        "word twice",
        "no word",
        "two columns",
        "yes and no for words",
        "words for yes and no",
        "the wrong way round",
        "words besides",
        "not named",
    ],
)
def test_what_is_not_there_is_refused_with_what_is(warehouse, columns, words, en, nl):
    said = refusals(lambda: sm.pipeline(warehouse, columns=columns, **words))
    assert said["en"].startswith(en)
    assert said["nl"].startswith(nl)


@pytest.mark.parametrize("name", ["amount", "AMOUNT"])
def test_no_column_is_overwritten_in_silence_nor_taken_for_another(engine, name):
    """Of Amount and amount a database takes whichever comes first."""
    table = engine(opportunities().rename_columns(["Id", "StageName", "ACV", *NAMES[3:-1], name]))
    said = refusals(lambda: sm.pipeline(table, columns=COLUMNS | {"amount": "ACV"}, **WORDS))
    assert said == {
        "en": f"The table has a column “{name}” of its own besides the one that columns= names for amount.\n"
        "→ Leave that column out of the table, or give it another name.",
        "nl": f"De tabel heeft zelf al een kolom “{name}”, naast de kolom die columns= noemt voor amount.\n"
        "→ Laat die kolom uit de tabel weg, of geef er een andere naam aan.",
    }


def test_a_name_that_changes_hands_is_free(engine):
    """The kit's own name may stand for something else, as long as columns= says for what."""
    table = engine(
        opportunities().rename_columns([*NAMES[:2], "ACV", "CreatedDate", "CloseDate", "IsWon", "IsClosed", "amount"])
    )
    columns = COLUMNS | {"amount": "ACV", "channel": "amount"}
    assert float(sm.coverage(sm.pipeline(table, columns=columns, **WORDS), target=100)) == 5


@pytest.mark.parametrize(("won", "closed"), [(None, True), (True, None), (True, False)])
def test_a_yes_and_no_that_say_nothing_or_too_much_are_refused(engine, won, closed):
    rows = [*ROWS[1:], (*ROWS[0][:5], won, closed, "North")]
    table = engine(opportunities(rows))
    said = refusals(lambda: sm.pipeline(table, columns=PAIR))
    # pandas has no column of yes, no and nothing, unless one converts it.
    assert said["en"].startswith(("1 deal is won and not closed, or lacks a yes or no", "The column “Is"))
    assert said["nl"].startswith(("1 deal is volgens “IsWon” en “IsClosed” gewonnen en toch niet", "De kolom “Is"))


def test_a_pipeline_has_its_columns_already(table):
    mine = sm.pipeline(table(deal(), deal("won")))
    for given in ({"columns": {"amount": "Amount"}}, {"won": "Signed"}, {"lost": []}):
        assert refusals(lambda given=given: sm.pipeline(mine, **given)) == {
            "en": "columns=, won= and lost= are about a table, but this is a pipeline.\n"
            "→ Give them together with the table itself.",
            "nl": "columns=, won= en lost= gaan over een tabel, maar dit is al een pipeline.\n"
            "→ Geef ze samen met de tabel zelf.",
        }


@pytest.mark.parametrize("lazy", ["polars-lazy", "duckdb"])
def test_a_lazy_table_is_asked_for_one_row_of_counts_and_nothing_else(lazy):
    """A warehouse table is never fetched: what is collected is as small as the question."""
    table = ENGINES[lazy](opportunities())
    with fetches() as fetched:
        sm.coverage(sm.pipeline(table, columns=COLUMNS, **WORDS, target=100))
    assert fetched
    assert max(fetched) == 1


def test_what_has_no_word_is_open_and_expected_on_its_day(engine):
    rows = [*ROWS, ("F", None, 100, "2026-03-02", "2026-06-01", False, False, "North")]
    table = engine(opportunities(rows))
    mine = sm.pipeline(table, columns=COLUMNS, **WORDS, period="2026Q2")
    assert float(sm.coverage(mine, target=100)) == 4
    hint = "→ There are: “Closed Lost”, “Closed Won”, “Negotiation”, “Prospecting”."
    assert refusals(lambda: sm.pipeline(table, columns=COLUMNS, won="xyz", lost=[]))["en"].endswith(hint)


def test_a_status_in_the_kits_words_needs_no_others(engine):
    words = {"Closed Won": "won", "Closed Lost": "lost"}
    table = engine(opportunities([(row[0], words.get(row[1], "open"), *row[2:]) for row in ROWS]))
    columns = {field: name for field, name in COLUMNS.items() if field != "stage"} | {"status": "StageName"}
    mine = sm.pipeline(table, columns=columns, period="2026Q2")
    assert float(sm.coverage(mine, target=100)) == 3
    assert sm.conversion_rate(mine).working.endswith("1 won ÷ 3 closed")


def test_a_table_of_open_deals_has_no_words_to_say(table):
    rows = table(deal(amount=20) | {"status": "Demo"}, deal(amount=30) | {"status": "Offer"})
    assert float(sm.coverage(sm.pipeline(rows, won=[], lost=[]), target=10)) == 5
    named = sm.pipeline(table(deal(Value=20.0), without=["amount"]), columns={"amount": "Value"})
    assert float(sm.coverage(named, target=10)) == 2
