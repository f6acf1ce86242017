"""Pipeline coverage by hand: what counts, what it is divided by, and what is said of the rest."""

import math

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tables import arrow, columns_of, deal, refusals, rows_of, tables_of_deals

from salesmetrics import check_deals, coverage
from salesmetrics.base.language import NBSP

# In thousands: 1,500 + 800 open and due in the second quarter, 100 + 20 won in it.
QUARTER = [
    deal(amount=1_500_000, due="2026-04-01", stage="Demo", owner="Ann"),
    deal(amount=800_000, due="2026-06-30", stage="Lead", owner="Bob"),
    deal("won", amount=100_000, closed="2026-04-02", stage="Demo", owner="Ann"),
    deal("won", amount=20_000, closed="2026-04-10", stage="Demo", owner="Bob"),
    deal("won", amount=999_000, closed="2026-03-31", stage="Demo", owner="Bob"),
    deal("lost", amount=999_000, closed="2026-04-03", stage="Demo", owner="Bob"),
    deal(amount=50_000, due="2026-07-01", stage="Lead", owner="Ann"),
    deal(amount=70_000, due="", stage="Lead", owner="Ann"),
]


def shown(ratio):
    return str(ratio).replace(NBSP, " ")


def test_whole_coverage_is_open_and_due_over_target(checked):
    found = coverage(checked(*QUARTER), target=500_000, period="2026Q2")
    assert (found.numerator, found.denominator, found.value) == (2_300_000, 500_000, 4.6)


def test_remaining_coverage_is_over_what_is_still_to_win(checked):
    found = coverage(checked(*QUARTER), target=500_000, period="2026Q2", remaining=True)
    assert (found.numerator, found.denominator) == (2_300_000, 380_000)
    assert round(found.value, 2) == 6.05


def test_without_a_period_all_open_deals_count(checked):
    found = coverage(checked(*QUARTER), target=500_000)
    assert found.numerator == 2_420_000
    assert found.definition == "pipeline coverage, all open deals"
    assert found.notes == ()


def test_without_a_period_all_that_was_won_lowers_the_target(checked):
    found = coverage(checked(*QUARTER), target=2_000_000, remaining=True)
    assert found.denominator == 2_000_000 - 100_000 - 20_000 - 999_000


@pytest.mark.parametrize("won_more", [380_000, 500_000])
def test_target_met_has_no_ratio(checked, won_more, language):
    extra = deal("won", amount=won_more, closed="2026-04-09")
    found = coverage(checked(*QUARTER, extra), target=500_000, period="2026Q2", remaining=True)
    assert found.value is None
    assert found.no_value == {"en": "target met", "nl": "target gehaald"}[language]
    assert shown(found).startswith(
        {"en": "target met: € 2,300,000 open", "nl": "target gehaald: € 2.300.000"}[language]
    )


def test_almost_met_still_has_a_ratio(checked):
    extra = deal("won", amount=379_999, closed="2026-04-09")
    found = coverage(checked(*QUARTER, extra), target=500_000, period="2026Q2", remaining=True)
    assert found.value == 2_300_000


def test_the_words_in_english(checked):
    assert shown(coverage(checked(*QUARTER), target=500_000, period="2026Q2", remaining=True)) == (
        "6.1× = € 2,300,000 open ÷ € 380,000 still to win\n"
        "2 open deals, € 120,000, are not due in the period and were left out.\n"
        "1 deal that counts is past its expected day."
    )


@pytest.mark.parametrize("language", ["nl"], indirect=True)
def test_the_words_in_dutch(checked, language):
    found = coverage(checked(*QUARTER), target=500_000, period="2026Q2")
    assert shown(found) == (
        "4,6× = € 2.300.000 open ÷ € 500.000 target\n"
        "2 open deals, € 120.000, moeten buiten de periode sluiten en zijn weggelaten.\n"
        "1 deal die meetelt is over de verwachte dag heen."
    )
    assert found.definition == (
        "pipelinedekking, open deals die moeten sluiten in de periode 01-04-2026 t/m 30-06-2026, "
        "aan het eind van 10-04-2026"
    )
    assert coverage(checked(*QUARTER), target=1).definition == "pipelinedekking, alle open deals"


def test_the_definition_says_which_coverage_this_is(checked):
    found = coverage(
        checked(*QUARTER),
        target=1,
        period="2026Q2",
        as_of="2026-04-05",
        stages=["Lead", "Demo"],
        start="Demo",
        remaining=True,
    )
    assert found.definition == (
        "remaining pipeline coverage, open deals due 1 Apr 2026 to 30 Jun 2026, of deals that reached Demo, "
        "at the end of 5 Apr 2026"
    )


@pytest.mark.parametrize(
    ("due", "counts"),
    [
        ("2026-03-31", False),
        ("2026-03-31 23:59", False),
        ("2026-04-01", True),
        ("2026-06-30", True),
        ("2026-06-30 23:59", True),
        ("2026-07-01", False),
        ("", False),
    ],
)
def test_the_edges_of_due_in_the_period(checked, due, counts):
    table = checked(deal(amount=7, due=due), deal(amount=100, due="2026-05-01"))
    found = coverage(table, target=100, period="2026Q2")
    assert found.numerator == (107 if counts else 100)
    left_out = "1 open deal, € 7, is not due in the period and was left out."
    assert (left_out in shown(found)) is not counts


@pytest.mark.parametrize(
    ("closed", "as_of", "counts"),
    [
        ("2026-03-31 23:59", None, False),
        ("2026-04-01", None, True),
        ("2026-06-30 23:59", None, True),
        ("2026-07-01", None, False),
        ("2026-05-10 23:59", "2026-05-10", True),
        ("2026-05-11", "2026-05-10", False),
    ],
)
def test_the_edges_of_won_in_the_period(checked, closed, as_of, counts):
    table = checked(deal("won", amount=40, closed=closed), deal(amount=100, due="2026-05-20"))
    found = coverage(table, target=100, period="2026Q2", as_of=as_of, remaining=True)
    assert found.denominator == (60 if counts else 100)


def test_a_lost_deal_lowers_no_target(checked):
    table = checked(deal("lost", amount=40, closed="2026-05-01"), deal(amount=100))
    assert coverage(table, target=100, remaining=True).denominator == 100


@pytest.mark.parametrize(("due", "overdue"), [("2026-05-09", True), ("2026-05-10 12:00", True), ("2026-05-11", False)])
def test_overdue_inside_the_period_counts_with_a_note(checked, due, overdue):
    found = coverage(checked(deal(amount=7, due=due)), target=100, period="2026Q2", as_of="2026-05-10")
    assert found.numerator == 7
    assert found.notes == (("1 deal that counts is past its expected day.",) if overdue else ())


def test_without_a_period_nothing_is_overdue(checked):
    """All open deals count whatever their day, so that a day of its own makes none of them late."""
    assert coverage(checked(deal(due="2026-01-09")), target=1, as_of="2026-05-10").notes == ()


def test_overdue_is_as_of_the_tables_last_day_by_default(checked):
    deals = [deal(amount=7, due="2026-04-02"), deal(amount=7, due="2026-04-20"), deal("lost", closed="2026-04-10")]
    found = coverage(checked(*deals, deal(amount=7, due="2026-04-05")), target=100, period="2026Q2")
    assert found.notes == ("2 deals that count are past their expected day.",)
    assert found.definition.endswith("at the end of 10 Apr 2026")


def test_a_past_day_rebuilds_which_deals_were_open(checked):
    table = checked(
        deal(amount=1, created="2026-03-31 18:00"),
        deal(amount=10, created="2026-04-01"),
        deal(amount=100, created=""),
        deal("won", amount=1_000, closed="2026-04-01"),
        deal("lost", amount=10_000, closed="2026-03-31"),
    )
    assert coverage(table, target=1, as_of="2026-03-31").numerator == 1_101
    assert coverage(table, target=1, as_of="2026-04-01").numerator == 111
    assert coverage(table, target=1).numerator == 111
    assert coverage(table, target=1).definition == "pipeline coverage, all open deals"
    assert coverage(table, target=1, as_of="2026-03-31").definition.endswith("at the end of 31 Mar 2026")


def test_a_past_day_in_a_running_period(checked):
    found = coverage(checked(*QUARTER), target=500_000, period="2026Q2", as_of="2026-04-05", remaining=True)
    assert found.denominator == 400_000
    # The deal won on 10 April was open then, but no longer says when it was expected.
    assert "3 open deals, € 140,000, are not due" in shown(found)


LATE = [deal(amount=7, due="2026-03-20"), deal("won", amount=3, closed="2026-04-10")]


@pytest.mark.parametrize("by", [None, "status"])
def test_a_past_day_with_a_period_that_has_ended_is_refused(checked, by):
    table = checked(*LATE)
    assert refusals(lambda: coverage(table, target=1, period="2026Q1", as_of="2026-03-01", by=by)) == {
        "en": "The period ended on 31 Mar 2026, and the table goes on to 10 Apr 2026.\n"
        "→ Closed deals no longer carry the date on which they were expected, so the coverage of then cannot be "
        "rebuilt. Use an export made on that day.",
        "nl": "De periode eindigde op 31-03-2026, en de tabel loopt door tot 10-04-2026.\n"
        "→ Bij besliste deals staat niet meer wanneer ze verwacht werden, dus de dekking van toen is niet terug te "
        "halen. Gebruik een export van die dag.",
    }


@pytest.mark.parametrize(
    ("period", "as_of"),
    [
        ("2026Q1", None),
        ("2026Q1", "2026-04-10"),
        ("2026Q1", "2026-05-01"),
        ("2026Q2", "2026-03-01"),
        (("2026-01-01", "2026-04-10"), "2026-03-01"),
        (None, "2026-03-01"),
    ],
)
def test_other_looks_back_are_allowed(checked, period, as_of):
    assert coverage(checked(*LATE), target=1, period=period, as_of=as_of).numerator in (0, 7, 10)


def test_a_period_needs_a_day_to_look_from(checked):
    table = checked(deal(created="", due="2026-05-01", amount=7))
    assert coverage(table, target=7, period="2026Q2", as_of="2026-03-31").value == 1
    assert coverage(table, target=7).value == 1
    assert refusals(lambda: coverage(table, target=7, period="2026Q2")) == {
        "en": "No deal has a date of creation or closing, so the table does not say when it was made.\n"
        '→ Give the day yourself: as_of="2026-03-31".',
        "nl": "Geen enkele deal heeft een datum van aanmaken of beslissen, dus de tabel zegt niet van wanneer ze is.\n"
        '→ Geef de dag zelf op: as_of="2026-03-31".',
    }


STAGES = ("Lead", "Demo", "Offer")


@pytest.mark.parametrize(("start", "open_money"), [("Lead", 1_600), ("Demo", 1_500)])
def test_only_deals_that_got_to_the_start_count(checked, start, open_money):
    table = checked(
        deal(amount=1_500, stage="Demo"),
        deal(amount=100, stage="Lead"),
        deal("won", amount=20, stage="Lead"),
    )
    assert coverage(table, target=1_000, stages=STAGES, start=start).numerator == open_money
    assert coverage(table, target=1_000, stages=STAGES).numerator == 1_600


def test_stages_are_an_order_and_no_filter(checked):
    table = checked(deal(amount=1_500, stage="Demo"), deal(amount=30, stage=None))
    assert coverage(table, target=1_000, stages=["Lead"]) == coverage(table, target=1_000)


def test_left_out_is_counted_from_the_start_on(checked):
    found = coverage(checked(*QUARTER), target=1, period="2026Q2", stages=["Lead", "Demo"], start="Demo")
    assert found.numerator == 1_500_000
    assert "left out" not in shown(found)


# by=


def test_contributions_add_up_to_the_whole(checked):
    table = checked(*QUARTER)
    assert rows_of(coverage(table, target=500_000, period="2026Q2", by="owner")) == [
        ("Ann", 1_500_000, 500_000, 3.0),
        ("Bob", 800_000, 500_000, pytest.approx(1.6)),
    ]
    remaining = rows_of(coverage(table, target=500_000, period="2026Q2", remaining=True, by="owner"))
    assert [row[2] for row in remaining] == [380_000, 380_000]
    assert sum(row[3] for row in remaining) == pytest.approx(2_300 / 380)


def test_each_group_its_own_target(checked):
    targets = {"Ann": 300_000, "Bob": 200_000, "Carl": 1}
    table = checked(*QUARTER)
    assert rows_of(coverage(table, target=targets, period="2026Q2", by="owner")) == [
        ("Ann", 1_500_000, 300_000, 5.0),
        ("Bob", 800_000, 200_000, 4.0),
    ]
    assert rows_of(coverage(table, target=targets, period="2026Q2", by=["owner"], remaining=True)) == [
        ("Ann", 1_500_000, 200_000, 7.5),
        ("Bob", 800_000, 180_000, pytest.approx(800 / 180)),
    ]


def test_a_group_without_a_target_is_refused(checked):
    table = checked(*QUARTER)
    assert refusals(lambda: coverage(table, target={"Anne": 300_000, "Cor": 1}, by="owner")) == {
        "en": "There is no target for “Ann”, “Bob”.\n→ Did you mean “Anne”?",
        "nl": "Er is geen target voor “Ann”, “Bob”.\n→ Bedoel je “Anne”?",
    }


def test_targets_by_name_need_one_column_of_names(checked):
    table = checked(*QUARTER)
    for by in (None, [], ["owner", "stage"]):
        assert refusals(lambda by=by: coverage(table, target={"Ann": 1}, by=by)) == {
            "en": "Targets by name were given, but no single column to group by.\n"
            '→ Say which column the names come from: by="owner".',
            "nl": "Je gaf targets per naam, maar niet één kolom om op te groeperen.\n"
            '→ Zeg uit welke kolom de namen komen: by="owner".',
        }


def test_a_group_that_met_its_target_has_no_value(checked):
    table = checked(*QUARTER)
    targets = {"Ann": 100_000, "Bob": 19_000}
    found = rows_of(coverage(table, target=targets, period="2026Q2", by="owner", remaining=True))
    assert found == [("Ann", 1_500_000, 0, None), ("Bob", 800_000, -1_000, None)]


def test_deals_without_a_group_come_last(checked):
    table = checked(deal(amount=5, owner=None), deal(amount=10, owner="Zoe"), deal(amount=20, owner="Ann"))
    assert rows_of(coverage(table, target=100, by="owner")) == [
        ("Ann", 20, 100, 0.2),
        ("Zoe", 10, 100, 0.1),
        (None, 5, 100, 0.05),
    ]
    assert rows_of(coverage(table, target={"Ann": 100, "Zoe": 100}, by="owner"))[2] == (None, 5, None, None)


def test_a_group_without_open_deals_contributes_nothing(checked):
    table = checked(deal(amount=5, owner="Ann"), deal("won", amount=5, owner="Bob"))
    assert rows_of(coverage(table, target=10, by="owner")) == [("Ann", 5, 10, 0.5), ("Bob", 0, 10, 0)]


def test_more_than_one_column(checked):
    found = coverage(checked(*QUARTER), target=100_000, by=["owner", "stage"])
    assert columns_of(found) == ["owner", "stage", "numerator", "denominator", "value"]
    assert rows_of(found) == [
        ("Ann", "Demo", 1_500_000, 100_000, pytest.approx(15)),
        ("Ann", "Lead", 120_000, 100_000, pytest.approx(1.2)),
        ("Bob", "Demo", 0, 100_000, 0),
        ("Bob", "Lead", 800_000, 100_000, 8),
    ]


def test_a_grouping_comes_back_as_the_callers_own_kind_of_table(checked):
    table = checked(*QUARTER)
    assert type(coverage(table, target=1, by="owner")) is type(table)


def test_a_column_of_numbers_can_group_too(checked):
    table = checked(deal(amount=5, region=2), deal(amount=10, region=1), region=pa.int64())
    assert rows_of(coverage(table, target={1: 10, 2: 10}, by="region")) == [(1, 10, 10, 1), (2, 5, 10, 0.5)]


# What is bad


def test_deals_without_an_amount_are_left_out_with_a_note(checked, language):
    table = checked(deal(amount=None), deal(amount=10), deal(amount=0))
    found = coverage(table, target=10)
    assert found.value == 1
    assert found.notes == (
        {
            "en": "1 open deal has no amount and is not in the sum.",
            "nl": "1 open deal heeft geen bedrag en zit niet in de som.",
        }[language],
    )
    more = coverage(checked(*[deal(amount=None)] * 1200, deal(amount=10)), target=10)
    assert more.notes[0].startswith({"en": "1,200 open deals have", "nl": "1.200 open deals hebben"}[language])


def test_won_deals_without_an_amount_are_told_where_they_matter(checked):
    table = checked(deal("won", amount=None), deal(amount=10))
    assert coverage(table, target=10).notes == ()
    found = coverage(table, target=10, remaining=True)
    assert found.notes == ("1 won deal has no amount and does not lower the target.",)
    assert found.denominator == 10
    two = checked(
        deal("won", amount=None),
        deal("won", amount=None),
        deal(amount=10),
        deal(),
        deal(amount=None),
        deal(amount=None),
    )
    assert coverage(two, target=10, remaining=True).notes == (
        "2 open deals have no amount and are not in the sum.",
        "2 won deals have no amount and do not lower the target.",
    )


@pytest.mark.parametrize("by", [None, "status"])
@pytest.mark.parametrize("missing", [1, 2])
def test_no_amounts_at_all_is_refused_with_advice(checked, missing, by):
    table = checked(*[deal(amount=None)] * missing, deal("won", amount=5), deal(amount=9, created="2026-09-01"))
    said = refusals(lambda: coverage(table, target=10, as_of="2026-08-31", by=by))
    english = {1: "The 1 open deal that counts has no amount.", 2: "None of the 2 open deals that count has an amount."}
    dutch = {1: "De 1 open deal die meetelt heeft geen bedrag.", 2: "Geen van de 2 open deals die meetellen heeft een"}
    assert said["en"].startswith(english[missing])
    assert said["en"].endswith(
        "\n→ Fill in what each deal may bring, for example its product's list price, and try again."
    )
    assert said["nl"].startswith(dutch[missing])
    assert said["nl"].endswith(" bijvoorbeeld de catalogusprijs van het product, en probeer het opnieuw.")


def test_a_group_without_amounts_is_unknown_not_0(checked):
    table = checked(deal(amount=None, owner="Ann"), deal(amount=10, owner="Bob"), deal(amount=None, owner="Bob"))
    assert rows_of(coverage(table, target=10, by="owner")) == [("Ann", None, 10, None), ("Bob", 10, 10, 1)]


def test_nothing_open_is_0_times(checked):
    assert coverage(checked(deal("won")), target=10).value == 0


@pytest.mark.parametrize(
    "target",
    [0, -1, -0.0, math.nan, math.inf, -math.inf, "500.000", True, None, [1], pytest.param(10**400, id="huge")],
)
def test_a_target_must_be_an_amount(checked, target):
    table = checked(deal(owner="Ann"))
    expected = {
        "en": f"The target must be an amount of more than 0, not {target!r}.\n"
        "→ Give the revenue you want to win, for example target=500_000.",
        "nl": f"Het target moet een bedrag boven 0 zijn; {target!r} kan niet.\n"
        "→ Geef de omzet die je wilt winnen, bijvoorbeeld target=500_000.",
    }
    assert refusals(lambda: coverage(table, target=target)) == expected
    assert refusals(lambda: coverage(table, target={"Ann": target}, by="owner")) == expected


@pytest.mark.parametrize("by", [None, "owner"])
def test_no_rows_are_refused(empty_table, by):
    table = empty_table
    assert refusals(lambda: coverage(table, target=1, by=by)) == {
        "en": "The table has no rows.\n→ Check the export and its filters.",
        "nl": "De tabel heeft geen rijen.\n→ Controleer de export en de filters daarvan.",
    }


@pytest.mark.parametrize(
    ("missing", "options"),
    [
        ("status", {}),
        ("amount", {}),
        ("closed_on", {}),
        ("stage", {"stages": ["Demo"], "start": "Demo"}),
        ("owner", {"by": "owner"}),
    ],
)
def test_a_missing_column_is_refused(table, missing, options):
    raw = table(deal(stage="Demo", owner="Ann"), without=(missing,))
    said = refusals(lambda: coverage(raw, target=1, **options))
    assert said["en"].startswith(f"The table has no column “{missing}”.\n→ ")
    assert said["nl"].startswith(f"De tabel heeft geen kolom “{missing}”.\n→ ")


def test_a_plain_table_passes_the_door_by_itself(table):
    assert coverage(table(deal(amount=10), amount=pa.int64()), target=4).value == 2.5


# Properties, over tables of all sorts

OPTIONS = {"period": "2026Q2", "as_of": "2026-04-15"}


@settings(max_examples=15)
@given(tables_of_deals(), st.sampled_from((0.01, 0.5, 3, 1000)))
def test_rescaling_all_money_leaves_coverage_unchanged(engine, deals, factor):
    scaled = [row | {"amount": row["amount"] and row["amount"] * factor} for row in deals]
    for remaining in (False, True):
        before, after = (
            coverage(check_deals(engine(arrow(*rows))), target=target, remaining=remaining, **OPTIONS)
            for rows, target in ((deals, 5_000_001.5), (scaled, 5_000_001.5 * factor))
        )
        assert after.value == pytest.approx(before.value)


@settings(max_examples=15)
@given(tables_of_deals())
def test_contributions_add_up(engine, deals):
    table = check_deals(engine(arrow(*deals)))
    groups = rows_of(coverage(table, target=700, by="channel", **OPTIONS))
    assert sum(row[3] or 0 for row in groups) == pytest.approx(coverage(table, target=700, **OPTIONS).value)


@settings(max_examples=15)
@given(tables_of_deals().flatmap(lambda deals: st.tuples(st.just(deals), st.permutations(deals))))
def test_the_order_of_rows_does_not_matter(engine, both):
    tables = [check_deals(engine(arrow(*deals))) for deals in both]
    whole = [coverage(table, target=700, remaining=True, **OPTIONS) for table in tables]
    assert whole[0] == whole[1]
    groups = [rows_of(coverage(table, target=700, by="channel", **OPTIONS)) for table in tables]
    assert groups[0] == groups[1]


@settings(max_examples=15)
@given(tables_of_deals(), st.integers(1, 10**6))
def test_one_more_open_deal_never_lowers_coverage(engine, deals, amount):
    more = [*deals, deal(amount=amount, due="2026-06-30")]
    before, after = (coverage(check_deals(engine(arrow(*rows))), target=700, **OPTIONS).value for rows in (deals, more))
    assert after == pytest.approx(before + amount / 700)
