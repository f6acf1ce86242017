"""The door: what it casts, what it keeps, and what it refuses, on every engine and in both languages."""

import datetime
import decimal

import duckdb
import narwhals as nw
import pandas as pd
import pyarrow as pa
import pytest
from tables import arrow, columns_of, day, deal, refusals, rows_of

import salesmetrics as sm
from salesmetrics import check_deals
from salesmetrics.deals.check import DATES, NUMBERS, STATUSES, TEXTS

OPEN = deal(due="2026-05-01", amount=100, stage="Demo", channel="search", probability=0.4)
WON = deal("won", amount=50, stage="Demo", channel="events", probability=1.0)
LOST = deal("lost", amount=None, stage="Lead", channel=None, probability=0.0)


def column(native, name):
    """Give a column in the order of the deals' ids."""
    found = nw.from_native(native).lazy().sort("deal_id").select(name).to_native()
    return [value for (value,) in rows_of(found)]


def test_a_good_table_passes_and_keeps_its_kind_and_values(table):
    raw = table(OPEN, WON, LOST, note=pa.string())
    checked = check_deals(raw)
    assert type(checked) is type(raw)
    assert column(checked, "status") == ["open", "won", "lost"]
    assert column(checked, "amount") == [100, 50, None]
    assert column(checked, "channel") == ["search", "events", None]
    assert column(checked, "closed_on") == [None, day("2026-03-01"), day("2026-03-01")]


def test_the_door_gives_every_known_column_its_type(table):
    schema = nw.from_native(check_deals(table(OPEN, WON, LOST))).collect_schema()
    for name, dtype in schema.items():
        assert dtype == (nw.String if name in TEXTS else nw.Float64 if name in NUMBERS else nw.Datetime("us"))


def test_what_passed_once_passes_again(checked):
    once = checked(OPEN, WON, LOST)
    twice = check_deals(once)
    assert nw.from_native(twice).collect_schema() == nw.from_native(once).collect_schema()
    assert column(twice, "amount") == [100, 50, None]


def test_absent_dates_come_in_empty_and_other_columns_stay(table):
    raw = table(
        {**OPEN, "my_own": 7}, {**WON, "my_own": 8}, without=("created_on", "expected_close_on"), my_own=pa.int64()
    )
    checked = check_deals(raw)
    assert set(columns_of(checked)) == {*columns_of(raw), *DATES}
    assert column(checked, "created_on") == column(checked, "expected_close_on") == [None, None]
    assert column(checked, "my_own") == [7, 8]


@pytest.mark.parametrize("kind", [pa.int64(), pa.int32(), pa.float32(), pa.decimal128(10, 2)], ids=str)
def test_any_kind_of_number_is_an_amount(table, kind):
    deals = [{**row, "amount": None if row["amount"] is None else int(row["amount"])} for row in (OPEN, WON, LOST)]
    assert column(check_deals(table(*deals, amount=kind)), "amount") == [100, 50, None]


def test_cents_survive(table):
    raw = table(deal(amount=decimal.Decimal("1234.56")), amount=pa.decimal128(10, 2))
    assert column(check_deals(raw), "amount") == [1234.56]


def test_dates_without_a_time_are_dates(table):
    days = [{**row, "closed_on": row["closed_on"] and row["closed_on"].date()} for row in (OPEN, WON)]
    checked = check_deals(table(*days, closed_on=pa.date32()))
    assert column(checked, "closed_on") == [None, day("2026-03-01")]
    assert nw.from_native(checked).collect_schema()["closed_on"] == nw.Datetime("us")


@pytest.mark.parametrize("unit", ["s", "ms", "ns"])
def test_any_precision_of_time_will_do(table, unit):
    checked = check_deals(table(OPEN, WON, closed_on=pa.timestamp(unit)))
    assert nw.from_native(checked).collect_schema()["closed_on"] == nw.Datetime("us")
    assert column(checked, "closed_on") == [None, day("2026-03-01")]


def test_a_time_zone_is_dropped_and_the_wall_clock_stays():
    evening = pd.Series(pd.to_datetime([None, "2026-03-31 23:30"])).dt.tz_localize("America/New_York")
    table = arrow(OPEN, WON).to_pandas().assign(closed_on=evening)
    for native in (table, pa.Table.from_pandas(table)):
        assert column(check_deals(native), "closed_on") == [None, day("2026-03-31 23:30")]


def test_a_time_zone_is_dropped_on_every_engine(table):
    schema = nw.from_native(check_deals(table(OPEN, WON, closed_on=pa.timestamp("us", tz="UTC")))).collect_schema()
    assert schema["closed_on"] == nw.Datetime("us")


def test_numbered_deals_get_their_number_as_text(table):
    raw = table({**OPEN, "deal_id": 11}, {**WON, "deal_id": 12}, deal_id=pa.int64())
    assert column(check_deals(raw), "status") == ["open", "won"]
    assert sorted(column(check_deals(raw), "deal_id")) == ["11", "12"]


def test_categories_are_texts(table):
    kind = pa.dictionary(pa.int32(), pa.string())
    checked = check_deals(table(OPEN, WON, status=kind, channel=kind))
    assert nw.from_native(checked).collect_schema()["status"] == nw.String
    assert column(checked, "channel") == ["search", "events"]


def test_a_column_without_any_value_is_empty_whatever_its_type():
    table = pd.DataFrame(
        {"deal_id": ["A"], "status": ["open"], "amount": [None], "closed_on": [None], "channel": [None]}
    )
    nothing = duckdb.sql("SELECT 'A' AS deal_id, 'open' AS status, NULL AS amount, NULL AS closed_on, NULL AS channel")
    for native in (table, pa.table({name: pa.array(table[name].tolist()) for name in table}), nothing):
        checked = check_deals(native)
        assert column(checked, "amount") == column(checked, "closed_on") == column(checked, "channel") == [None]


def test_plain_python_dates_and_numbers_in_a_pandas_table():
    table = pd.DataFrame(
        {
            "deal_id": ["A", "B"],
            "status": ["open", "won"],
            "amount": pd.Series([decimal.Decimal("10.5"), None], dtype=object),
            "closed_on": pd.Series([None, datetime.date(2026, 3, 1)], dtype=object),
        }
    )
    checked = check_deals(table)
    assert column(checked, "amount") == [10.5, None]
    assert column(checked, "closed_on") == [None, day("2026-03-01")]


def test_the_given_table_is_not_changed():
    table = arrow(OPEN, WON, without=("created_on",)).to_pandas()
    before = table.copy()
    check_deals(table)
    pd.testing.assert_frame_equal(table, before)


def test_no_number_is_empty(table):
    checked = check_deals(table(deal(amount=float("nan")), deal(amount=5)))
    assert column(checked, "amount") == [None, 5]
    assert nw.from_native(checked).lazy().filter(nw.col("amount").is_null()).collect().shape[0] == 1


KEPT = {
    "an empty amount": deal(amount=None),
    "amount 0 on an open deal": deal(amount=0),
    "amount 0 on a lost deal": deal("lost", amount=0),
    "no day of creation": deal("won", created=""),
    "created and closed on one day": deal("won", created="2026-03-01", closed="2026-03-01"),
    "created later on the day of closing": deal("won", created="2026-03-01 17:00", closed="2026-03-01"),
    "a probability of 0": deal(probability=0.0),
    "a probability of 1": deal(probability=1.0),
    "an empty probability": deal(probability=None),
    "one currency, and none": deal(currency=None),
}


@pytest.mark.parametrize("kept", KEPT.values(), ids=KEPT)
def test_what_is_kept(table, kept):
    other = deal("lost", **{name: value for name, value in (("currency", "EUR"), ("probability", 0.0)) if name in kept})
    assert len(column(check_deals(table(kept, other)), "status")) == 2


def test_closed_before_created_is_kept_and_said(table, language):
    raw = table(deal("won", created="2026-03-02", closed="2026-03-01"), deal("lost", created="2026-02-01"))
    said = {
        "en": r"^Closed before they were created, but kept: 1 row \(“D1”\)\.$",
        "nl": r"^Beslist voordat ze waren aangemaakt, maar behouden: 1 rij \(“D1”\)\.$",
    }
    with pytest.warns(UserWarning, match=said[language]) as warned:
        checked = check_deals(raw)
    assert column(checked, "status") == ["won", "lost"]
    assert [warning.filename for warning in warned if warning.category is UserWarning] == [__file__]


# What is refused: the deals, and the whole message in both languages.
REFUSED = {
    "unknown status": (
        [deal(), deal("closed"), deal("Won")],
        "Unknown status: 2 rows (“D2”, “D3”).\n→ A status is open, won or lost, in those words.",
        "Onbekende status: 2 rijen (“D2”, “D3”).\n→ Een status is open, won of lost, in precies die woorden.",
    ),
    "no status": (
        [deal(None, closed=" ".strip()), deal()],
        "Unknown status: 1 row (“D1”).\n→ A status is open, won or lost, in those words.",
        "Onbekende status: 1 rij (“D1”).\n→ Een status is open, won of lost, in precies die woorden.",
    ),
    "amount -1 on every open deal": (
        [deal(amount=-1), deal(amount=-1), deal(amount=-1), deal(amount=-1), deal("won")],
        "Amounts below 0 or too large: 4 rows (“D1”, “D2”, “D3”, …).\n"
        "→ An amount is 0 or more; leave it empty where it is unknown.",
        "Bedragen onder 0 of te groot: 4 rijen (“D1”, “D2”, “D3”, …).\n"
        "→ Een bedrag is 0 of meer; laat het leeg waar je het niet weet.",
    ),
    "an amount below 0": (
        [deal("won", amount=-0.01), deal()],
        "Amounts below 0 or too large: 1 row (“D1”).\n→ An amount is 0 or more; leave it empty where it is unknown.",
        "Bedragen onder 0 of te groot: 1 rij (“D1”).\n→ Een bedrag is 0 of meer; laat het leeg waar je het niet weet.",
    ),
    "an endless amount": (
        [deal(), deal(amount=float("inf"))],
        "Amounts below 0 or too large: 1 row (“D2”).\n→ An amount is 0 or more; leave it empty where it is unknown.",
        "Bedragen onder 0 of te groot: 1 rij (“D2”).\n→ Een bedrag is 0 of meer; laat het leeg waar je het niet weet.",
    ),
    "won or lost without a day": (
        [{**WON, "closed_on": None}, {**LOST, "closed_on": None}, OPEN],
        "Won or lost deals without closed_on: 2 rows (“D1”, “D2”).\n→ Fill in the day on which they were won or lost.",
        "Gewonnen of verloren deals zonder closed_on: 2 rijen (“D1”, “D2”).\n"
        "→ Vul de dag in waarop ze gewonnen of verloren zijn.",
    ),
    "open with a day of closing": (
        [OPEN, deal(closed="2026-03-01")],
        "Open deals with a closed_on: 1 row (“D2”).\n→ Put the day on which you expect to close in expected_close_on.",
        "Open deals met een closed_on: 1 rij (“D2”).\n→ Zet de dag waarop je verwacht te sluiten in expected_close_on.",
    ),
    "a duplicate id": (
        [{**OPEN, "deal_id": "A"}, {**WON, "deal_id": "A"}, {**LOST, "deal_id": "B"}],
        "Deals that stand in the table more than once: 1 row (“A”).\n→ Keep one row per deal.",
        "Deals die meer dan één keer in de tabel staan: 1 rij (“A”).\n→ Houd één rij per deal over.",
    ),
    "a deal without an id": (
        [{**OPEN, "deal_id": None}, WON],
        "Deals without a deal_id: 1 row.\n→ Give every deal an id of its own.",
        "Deals zonder deal_id: 1 rij.\n→ Geef elke deal een eigen id.",
    ),
    "two currencies": (
        [deal(currency="EUR"), deal(currency="USD"), deal(currency=None)],
        "The table holds several currencies: EUR, USD.\n"
        "→ Keep the deals of one currency, or convert the amounts first.",
        "In de tabel staan meerdere valuta’s: EUR, USD.\n"
        "→ Houd de deals van één valuta over, of reken de bedragen eerst om.",
    ),
    "a probability as a percentage": (
        [deal(probability=25.0), deal(probability=0.25)],
        "Probabilities outside 0 to 1: 1 row (“D1”).\n→ 25% is 0.25.",
        "Kansen buiten 0 tot 1: 1 rij (“D1”).\n→ 25% is 0.25.",
    ),
    "a probability below 0": (
        [deal(probability=0.25), deal(probability=-0.1)],
        "Probabilities outside 0 to 1: 1 row (“D2”).\n→ 25% is 0.25.",
        "Kansen buiten 0 tot 1: 1 rij (“D2”).\n→ 25% is 0.25.",
    ),
}


@pytest.mark.parametrize(("deals", "english", "dutch"), REFUSED.values(), ids=REFUSED)
def test_rows_that_are_refused(table, deals, english, dutch):
    assert refusals(lambda: check_deals(table(*deals))) == {"en": english, "nl": dutch}


def test_a_table_without_rows_is_refused(empty_table):
    assert refusals(lambda: check_deals(empty_table)) == {
        "en": "The table has no rows.\n→ Check the export and its filters.",
        "nl": "De tabel heeft geen rijen.\n→ Controleer de export en de filters daarvan.",
    }


@pytest.mark.parametrize("missing", ["deal_id", "status", "amount", "closed_on"])
def test_a_missing_column_is_named_and_the_nearest_too(table, missing):
    near = {"deal_id": "dealid", "status": "statuss", "amount": "Amuont", "closed_on": "closed on"}[missing]
    row = {"deal_id": "A", **WON, near: "x"}
    raw = table(row, without=(missing,), **{near: pa.string()})
    assert refusals(lambda: check_deals(raw)) == {
        "en": f"The table has no column “{missing}”.\n→ Did you mean “{near}”?",
        "nl": f"De tabel heeft geen kolom “{missing}”.\n→ Bedoel je “{near}”?",
    }


def test_without_a_near_name_all_columns_are_named(engine):
    raw = engine(pa.table({"x": [1], "yy": [2]}))
    assert refusals(lambda: check_deals(raw)) == {
        "en": "The table has no column “deal_id”.\n→ There are: “x”, “yy”.",
        "nl": "De tabel heeft geen kolom “deal_id”.\n→ Je kunt kiezen uit: “x”, “yy”.",
    }


def test_a_table_without_columns_is_refused():
    assert refusals(lambda: check_deals(pd.DataFrame())) == {
        "en": "The table has no column “deal_id”.\n→ The table has no columns at all.",
        "nl": "De tabel heeft geen kolom “deal_id”.\n→ De tabel heeft helemaal geen kolommen.",
    }


@pytest.mark.parametrize(
    ("name", "value", "kind", "english", "dutch"),
    [
        ("amount", "1.234", pa.string(), "numbers, but it holds String", "getallen bevatten, maar bevat String"),
        ("amount", True, pa.bool_(), "numbers, but it holds Boolean", "getallen bevatten, maar bevat Boolean"),
        ("probability", "25%", pa.string(), "numbers, but it holds String", "getallen bevatten, maar bevat String"),
        ("closed_on", "03/04/2026", pa.string(), "dates, but it holds String", "datums bevatten, maar bevat String"),
        ("created_on", 46000, pa.int64(), "dates, but it holds Int64", "datums bevatten, maar bevat Int64"),
        (
            "expected_close_on",
            "2026-03-04",
            pa.string(),
            "dates, but it holds String",
            "datums bevatten, maar bevat String",
        ),
        ("status", 1, pa.int64(), "text, but it holds Int64", "tekst bevatten, maar bevat Int64"),
        ("deal_id", 1.5, pa.float64(), "text, but it holds Float64", "tekst bevatten, maar bevat Float64"),
    ],
)
def test_the_wrong_kind_of_value_is_refused(table, name, value, kind, english, dutch):
    raw = table({**WON, "deal_id": "A", name: value}, **{name: kind})
    assert refusals(lambda: check_deals(raw)) == {
        "en": f"The column “{name}” must hold {english}.\n"
        "→ Convert the column first, or read the file with read_deals, which knows how people write these.",
        "nl": f"De kolom “{name}” moet {dutch}.\n"
        "→ Zet de kolom eerst om, of lees het bestand met read_deals: die weet hoe mensen dit schrijven.",
    }


def test_text_between_numbers_is_refused():
    mixed = arrow(OPEN, WON).to_pandas().assign(amount=pd.Series([100, "unknown"], dtype=object))
    assert "numbers" in refusals(lambda: check_deals(mixed))["en"]


def of(**columns):
    """Make a pandas table of one open and one won deal, with some columns as somebody may bring them."""
    plain = arrow({**deal(), "deal_id": "A"}, {**deal("won"), "deal_id": "B"}).to_pandas()
    return plain.assign(**columns)


def objects(*values):
    return pd.Series(values, dtype=object)


def in_arrow(kind, *values):
    return pd.array(values, dtype=pd.ArrowDtype(kind))


MARCH, ZONED = pd.Timestamp("2026-03-01"), pd.Timestamp("2026-03-01 23:30", tz="Europe/Amsterdam")
WORTH_ONE = {
    "NA among objects": {"amount": objects(pd.NA, 2)},
    "NaT among objects": {"amount": objects(pd.NaT, 2)},
    "NA in a nullable column": {"amount": pd.array([None, 2], "Float64")},
    "decimals": {"amount": objects(None, decimal.Decimal(2))},
}
EMPTY = {
    "nullable truths": pd.array([None, None], "boolean"),
    "nullable numbers": pd.array([None, None], "Float64"),
    "Arrow's null": in_arrow(pa.null(), None, None),
    "objects": objects(pd.NA, None),
}
DAYS = {
    "NA among objects": objects(pd.NA, datetime.date(2026, 3, 1)),
    "mixed zones": objects(pd.Timestamp("2026-01-05", tz="UTC"), ZONED),
    "with and without a zone": objects(pd.Timestamp("2026-01-05"), ZONED),
    "date64 in pandas": in_arrow(pa.date64(), None, datetime.date(2026, 3, 1)),
    "stamps in Arrow": in_arrow(pa.timestamp("us"), None, MARCH),
}
NO_NUMBERS = {
    "truths among objects": objects(True, 2),
    "truths": [True, False],
    "nullable truths": pd.array([True, None], "boolean"),
    "complex numbers": [1 + 2j, 2],
    "complex objects": objects(1 + 2j, 2),
    "a number without end": objects(10**400, 2),
    "a signalling NaN": objects(decimal.Decimal("sNaN"), 2),
    "text": objects("1", 2),
}


@pytest.mark.parametrize("columns", WORTH_ONE.values(), ids=WORTH_ONE)
def test_numbers_of_any_kind_with_a_gap(columns):
    assert column(check_deals(of(**columns)), "amount") == [None, 2]
    assert sm.conversion_rate(of(**columns), unit="amount").numerator == 2


@pytest.mark.parametrize("values", EMPTY.values(), ids=EMPTY)
@pytest.mark.parametrize("name", ["amount", "probability", "created_on", "expected_close_on", "channel"])
def test_a_column_without_a_value_is_empty_and_no_metric_stumbles(values, name):
    raw = of(**{"stage": "Demo", name: values})
    assert column(check_deals(raw), name) == [None, None]
    for metric in (sm.conversion_rate, sm.open_by_stage):
        metric(raw)
    if name != "amount":
        sm.diagnose(raw, target=10)
        assert sm.expected_revenue(raw, p="history").open == 10
        sm.chance_of_target(raw, target=10)
        sm.coverage(raw, by="stage", target={"Demo": 5})


@pytest.mark.parametrize("values", DAYS.values(), ids=DAYS)
def test_days_of_any_kind_keep_the_day_that_was_written(values):
    found = column(check_deals(of(created_on=values)), "created_on")
    assert found[1].date() == datetime.date(2026, 3, 1)
    assert sm.pipeline(of(created_on=values)).day == datetime.date(2026, 3, 1)


def test_date64_in_arrow():
    days = pa.array([None, datetime.date(2026, 3, 2)], pa.date64())
    raw = pa.Table.from_pandas(of().drop(columns="closed_on")).append_column("closed_on", days)
    assert column(check_deals(raw), "closed_on") == [None, day("2026-03-02")]


@pytest.mark.parametrize("values", NO_NUMBERS.values(), ids=NO_NUMBERS)
def test_what_is_no_number_is_refused_in_words(values):
    for act in (lambda: check_deals(of(amount=values)), lambda: sm.coverage(of(amount=values), target=1)):
        found = refusals(act)
        assert found["en"].startswith("The column “amount” must hold numbers, but it holds ")
        assert found["nl"].startswith("De kolom “amount” moet getallen bevatten, maar bevat ")


def test_whole_ids_with_a_gap_are_refused_by_the_gap():
    gap = of(deal_id=pd.array([1, None], "Int64"))
    assert refusals(lambda: check_deals(gap))["en"].startswith("Deals without a deal_id: 1 row.")
    assert column(check_deals(of(deal_id=pd.array([1, 2], "Int64"))), "deal_id") == ["1", "2"]


def test_ids_that_are_the_index_as_well():
    raw = of(stage="Demo").set_index("deal_id", drop=False)
    assert sm.expected_revenue(raw, p="history").open == 10
    assert sm.coverage(raw, target=5).value == 2


def test_two_columns_of_one_name_are_refused():
    twice = pd.concat([of(), of()[["amount"]]], axis=1)
    assert refusals(lambda: sm.coverage(twice, target=1)) == {
        "en": "The table has columns of the same name.\n→ Give every column a name of its own.",
        "nl": "De tabel heeft kolommen met dezelfde naam.\n→ Geef elke kolom een eigen naam.",
    }


def test_columns_named_by_numbers():
    assert sm.coverage(pd.concat([of(), pd.DataFrame({0: [1, 2]})], axis=1), target=5).value == 2
    without = of().rename(columns={"amount": 0})
    assert refusals(lambda: check_deals(without))["en"].startswith("The table has no column “amount”.\n→ There are:")


@pytest.mark.parametrize("amount", [9.9e12, 1e13, 1e300])
def test_one_limit_for_amounts_high_enough_for_rupiah(table, amount):
    raw = table(deal(amount=amount), deal("won"))
    if amount < 1e13:
        assert sm.coverage(raw, target=amount).value == 1
        assert sm.chance_of_target(raw, target=amount, p=0.5) == 0.5
        assert sm.read_number("9.900.000.000.000", money=True).value == 9.9e12
    else:
        assert refusals(lambda: sm.coverage(raw, target=1))["en"].startswith("Amounts below 0 or too large: 1 row")


def test_what_is_no_table_is_refused():
    said = refusals(lambda: check_deals([{"deal_id": 1}]))
    assert said["en"].startswith("A table of deals was expected, but this is a list.\n→ Give a pandas, Polars")
    assert said["nl"].startswith("Hier hoort een tabel met deals, maar dit is een list.\n→ Geef een tabel van pandas")


def test_a_long_list_of_deals_is_cut_and_its_number_written_out():
    many = arrow(*[deal(amount=-1) for _ in range(1200)]).to_pandas()
    said = refusals(lambda: check_deals(many))
    assert "1,200 rows (“D1”, “D10”, “D100”, …)" in said["en"]
    assert "1.200 rijen (“D1”, “D10”, “D100”, …)" in said["nl"]


def test_three_deals_are_all_named():
    three = arrow(*[deal(amount=-1)] * 3).to_pandas()
    assert "3 rows (“D1”, “D2”, “D3”)." in refusals(lambda: check_deals(three))["en"]


def test_the_statuses_are_three():
    assert STATUSES == ("open", "won", "lost")
