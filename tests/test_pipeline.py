"""The pipeline: what every metric takes, worked out once; where it begins; and the day on which it is looked at."""

import datetime
import inspect

import narwhals as nw
import pytest
from tables import arrow, deal, fetches, refusals, rows_of

import salesmetrics as sm
from salesmetrics.base import kit_files
from salesmetrics.base.language import NBSP

STAGES = ("Lead", "Demo", "Offer")
ABOUT = {"target": 1_000, "period": "2026Q2", "stages": STAGES}
# Of 4 closed one was won; from Demo on one of 2. Open and due: 100 at Lead, 300 at Demo, 600 at Offer.
DEALS = [
    deal(amount=100.0, stage="Lead", due="2026-05-01"),
    deal(amount=300.0, stage="Demo", due="2026-05-01"),
    deal(amount=600.0, stage="Offer", due="2026-06-01"),
    deal(amount=900.0, stage="Offer", due="2026-08-01"),
    deal("won", 50.0, stage="Demo", closed="2026-03-10"),
    deal("lost", 40.0, stage="Demo", closed="2026-03-12"),
    deal("lost", 40.0, stage="Lead", closed="2026-03-12"),
    deal("lost", 40.0, stage="Lead", closed="2026-03-31"),
]
METRICS = {
    "coverage": sm.coverage,
    "conversion_rate": sm.conversion_rate,
    "concentration": sm.concentration,
    "velocity": sm.velocity,
    "funnel": sm.funnel,
    "expected_revenue": sm.expected_revenue,
    "chance_of_target": sm.chance_of_target,
    "diagnose": sm.diagnose,
    "stale_deals": sm.stale_deals,
}
TAKES = {
    **dict.fromkeys(("conversion_rate", "funnel"), ("stages",)),
    **dict.fromkeys(("concentration", "velocity", "expected_revenue"), ("period", "stages")),
}


@pytest.fixture
def passes():
    """Count how often a table is gone over."""
    with fetches() as fetched:
        yield fetched


def english(act):
    return refusals(act)["en"].replace(NBSP, " ")


@pytest.mark.parametrize("name", METRICS)
def test_a_pipeline_says_what_the_keywords_say(checked, name):
    deals = checked(*DEALS)
    about = {key: value for key, value in ABOUT.items() if key in TAKES.get(name, ABOUT)}
    assert str(METRICS[name](sm.pipeline(deals, **ABOUT))) == str(METRICS[name](deals, **about))


def takes(metric, about):
    """Give what a metric takes of these keywords."""
    return {key: value for key, value in about.items() if key in inspect.signature(metric).parameters}


@pytest.mark.parametrize("metric", [*METRICS.values(), sm.coverage_for_chance, sm.open_by_stage])
def test_what_is_said_in_the_call_is_passed_on_whole(checked, metric):
    """From Demo on, by a day after the table's last one, when one of the offers is overdue."""
    deals = checked(*DEALS, *DEALS[4:6], deal(amount=300.0, stage="Offer", due="2026-04-10"))
    about = {"target": 1_200, "period": "2026Q2", "as_of": "2026-04-15", "stages": STAGES, "start": "Demo"}
    if metric in (sm.conversion_rate, sm.funnel):  # Theirs is when deals closed.
        del about["period"]
    said = metric(deals, **takes(metric, about))
    assert str(said) == str(metric(sm.pipeline(deals, **about)))
    del about["start"]
    assert str(metric(deals, **takes(metric, about))) != str(said)


def test_a_keyword_in_the_call_comes_before_the_pipelines(checked):
    mine = sm.pipeline(checked(*DEALS), **ABOUT)
    assert sm.coverage(mine).value == 1
    assert sm.coverage(mine, target=500).value == 2
    assert sm.coverage(mine, period="2026Q3").numerator == 900
    assert sm.coverage(mine, start="Offer").numerator == 600
    assert sm.coverage(mine).value == 1


def test_the_period_is_about_what_is_due_and_not_about_what_closed(checked):
    """All four closed before the second quarter: the rate looks back, unless the call says when."""
    mine = sm.pipeline(checked(*DEALS), **ABOUT)
    assert (sm.conversion_rate(mine).numerator, sm.conversion_rate(mine).denominator) == (1, 4)
    assert [step.entered for step in sm.funnel(mine).steps] == [4, 2, 1]
    assert sm.conversion_rate(mine, period="2026Q2").value is None
    assert sm.velocity(mine).open_deals == 3


@pytest.mark.parametrize("ask", [sm.diagnose, sm.report])
def test_a_diagnosis_or_report_goes_over_the_table_at_most_five_times(table, passes, ask):
    raw = table(*DEALS)
    ask(sm.pipeline(raw, **ABOUT))
    # Of a lazy table the first rows, which tell whether a day is mistyped, are a query of their own.
    assert len(passes) <= 5 + isinstance(nw.from_native(raw), nw.LazyFrame)


@pytest.mark.parametrize("name", METRICS)
def test_nothing_is_worked_out_twice(checked, passes, name):
    mine = sm.pipeline(checked(*DEALS), **ABOUT)
    METRICS[name](mine)
    passes.clear()
    METRICS[name](mine)
    assert not passes


def test_what_is_kept_holds_no_words(checked):
    mine = sm.pipeline(checked(*DEALS), **ABOUT)
    assert "left out" in str(sm.coverage(mine))
    sm.use_language("nl")
    assert "left out" not in str(sm.coverage(mine)) + str(sm.diagnose(mine)) + str(sm.chance_of_target(mine))


# Where it begins


def test_coverage_and_conversion_begin_at_the_same_stage(checked):
    mine = sm.pipeline(checked(*DEALS), **ABOUT)
    found = {start: (sm.coverage(mine, start=start), sm.conversion_rate(mine, start=start)) for start in STAGES}
    assert [(round(covered.value, 1), round(rate.value, 2)) for covered, rate in found.values()] == [
        (1.0, 0.25),
        (0.9, 0.5),
        (0.6, 1.0),
    ]
    assert "of deals that reached Demo" in found["Demo"][0].definition
    assert "of deals that reached Demo" in found["Demo"][1].definition


def test_a_later_start_leaves_the_stages_before_it_out_of_everything(checked):
    mine = sm.pipeline(checked(*DEALS), **ABOUT, start="Demo")
    assert [step.stage for step in sm.funnel(mine).steps] == ["Demo", "Offer"]
    assert {row[0] for row in rows_of(sm.open_by_stage(mine))} == {"Demo", "Offer"}
    assert sm.velocity(mine).open_deals == 2
    assert float(sm.expected_revenue(mine)) == 450
    assert sm.concentration(mine).largest[0].denominator == 900


def test_each_group_stays_when_none_of_its_deals_reached_the_start(checked):
    deals = checked(*({**each, "owner": "Ann" if each["stage"] == "Lead" else "Bob"} for each in DEALS))
    found = rows_of(sm.coverage(deals, **ABOUT, start="Demo", by="owner"))
    assert [row[:2] for row in found] == [("Ann", 0), ("Bob", 900)]


@pytest.mark.parametrize("stage", ["Closed", None])
def test_open_deals_without_a_known_stage_are_left_out_with_number_and_money(checked, language, stage):
    later = deal(amount=70.0, stage=stage, due="2026-09-01")
    mine = sm.pipeline(checked(*DEALS, deal(amount=200.0, stage=stage, due="2026-05-01"), later), **ABOUT)
    assert sm.coverage(mine).numerator == 1_200
    found = sm.coverage(mine, start="Lead")
    assert found.numerator == 1_000
    said = {
        "en": "1 open deal, € 200, has no stage that is known and was left out.",
        "nl": "1 open deal, € 200, heeft geen bekende fase en telt niet mee.",
    }
    assert said[language] in [note.replace(NBSP, " ") for note in found.notes]


@pytest.mark.parametrize(("currency", "money"), [("USD", "US$ 270"), (None, "270")])
def test_what_is_left_out_is_in_the_tables_own_money(checked, language, currency, money):
    unplaced = [deal(amount=amount, stage=None, due="2026-05-01") for amount in (200.0, 70.0)]
    rows = [{**row, "currency": currency} for row in (*DEALS, *unplaced)]
    found = sm.coverage(sm.pipeline(checked(*rows), **ABOUT), start="Lead")
    said = {
        "en": f"2 open deals, {money}, have no stage that is known and were left out.",
        "nl": f"2 open deals, {money}, hebben geen bekende fase en tellen niet mee.",
    }
    assert said[language] in [note.replace(NBSP, " ") for note in found.notes]


@pytest.mark.parametrize(
    ("start", "stages", "said"),
    [
        ("demo", STAGES, "There is no stage “demo”.\n→ Did you mean “Demo”?"),
        ("Demo", None, "A pipeline that begins at Demo needs the stages in their order.\n→ Add them: stages="),
        ("Signed", (*STAGES, "Signed"), "No deal reached “Signed”.\n→ Begin at an earlier stage, or leave out start="),
    ],
)
def test_a_start_that_is_not_there_or_that_nobody_reached(checked, start, stages, said):
    deals = checked(*(each for each in DEALS if each["status"] != "won"))
    assert english(lambda: sm.coverage(deals, target=1, stages=stages, start=start)).startswith(said)


def test_lost_deals_that_only_say_lost_are_refused_under_a_later_start(checked):
    deals = checked(*DEALS, deal("lost", stage="Lost"))
    assert sm.conversion_rate(deals, stages=STAGES).denominator == 5
    for metric in (sm.coverage, sm.conversion_rate, sm.diagnose):
        mine = sm.pipeline(deals, **ABOUT)
        assert english(lambda metric=metric, mine=mine: metric(mine, start="Demo")).startswith(
            "Lost deals that do not say how far they got: 1. Their stage is none of Lead, Demo, Offer.\n→ "
        )


# The day on which it is looked at


MISTYPED = deal("won", 500.0, stage="Demo", closed="2206-03-10")


def test_one_mistyped_day_does_not_move_the_clock(checked, language):
    mine = sm.pipeline(checked(*DEALS, MISTYPED), **ABOUT)
    assert mine.day == datetime.date(2026, 3, 31)
    said = {
        "en": "1 deal says 10 Mar 2206, more than a year after all others: that day was left out as mistyped.",
        "nl": "Bij 1 deal staat 10-03-2206, ruim een jaar na alle andere: die dag telt niet mee, "
        "want hij lijkt een typefout.",
    }
    for found in (sm.coverage(mine), sm.conversion_rate(mine), sm.expected_revenue(mine), sm.chance_of_target(mine)):
        assert said[language] in found.notes


def test_a_deal_with_a_mistyped_day_is_never_open_and_not_counted_by_it(checked):
    mine = sm.pipeline(checked(*DEALS, MISTYPED), **ABOUT)
    for looked_at in (mine, sm.pipeline(mine, as_of="2026-03-31")):
        assert sm.coverage(looked_at).numerator == 1_000
        assert sm.conversion_rate(looked_at).denominator == 4
        assert sm.conversion_rate(looked_at, base="created").denominator == 9


def test_a_mistyped_day_of_creation_is_an_unknown_one(checked):
    mine = sm.pipeline(checked(*DEALS, deal(amount=7.0, created="2062-01-05", due="2026-05-01")), **ABOUT)
    assert mine.day == datetime.date(2026, 3, 31)
    assert sm.coverage(mine).numerator == 1_007


def test_somebody_who_says_the_day_can_say_that_it_is_no_mistake(checked):
    late = deal("won", 500.0, stage="Demo", closed="2028-03-10")
    deals = checked(*DEALS, late)
    assert sm.conversion_rate(deals).denominator == 4
    assert sm.conversion_rate(deals, as_of="2028-03-31").denominator == 5
    assert not sm.conversion_rate(deals, as_of="2028-03-31").notes


@pytest.mark.parametrize("neighbour", [False, True])
def test_a_day_is_mistyped_or_not_wherever_its_neighbour_stands_in_a_long_table(checked, neighbour):
    """Its first and last thousand rows are of 2024; a month before its last day lies another, or a year and more."""
    old = [deal("lost", created="", closed="2024-01-10")] * 1_100
    neighbours = [deal("lost", created="", closed="2026-02-10")] if neighbour else []
    mine = sm.pipeline(checked(*old, deal("won", created="", closed="2026-03-10"), *neighbours, *old))
    assert mine.day == (datetime.date(2026, 3, 10) if neighbour else datetime.date(2024, 1, 10))


def test_the_only_day_of_its_kind_is_no_mistake(checked):
    assert sm.pipeline(checked(deal(), deal("won", closed="2030-01-01"))).day == datetime.date(2030, 1, 1)


def test_days_a_year_apart_are_no_mistake(checked):
    deals = [deal("won", created="2024-01-05", closed=closed) for closed in ("2024-03-01", "2025-03-01")]
    assert sm.pipeline(checked(*deals)).day == datetime.date(2025, 3, 1)


# What it is made of


def test_two_currencies_at_once_are_refused_and_one_is_known(table):
    assert sm.pipeline(table(*DEALS)).currency == "EUR"
    assert sm.pipeline(table(*DEALS, without=("currency",))).currency == ""
    assert sm.pipeline(table(*DEALS, without=("currency",)), currency="USD").currency == "USD"
    assert "several currencies: EUR, USD" in english(lambda: sm.coverage(table(deal(), deal(currency="USD")), target=1))


def test_the_amounts_carry_the_pipelines_currency(table):
    dollars = sm.pipeline(table(*DEALS, without=("currency",)), **ABOUT, currency="USD")
    assert "US$ 1,000 open ÷ US$ 1,000 target" in str(sm.coverage(dollars)).replace(NBSP, " ")
    assert "€" not in str(sm.diagnose(dollars)) + str(sm.stale_deals(dollars)) + str(sm.velocity(dollars))
    assert "= 1,000 open ÷ 1,000 target" in str(sm.coverage(table(*DEALS, without=("currency",)), **ABOUT))


def test_an_export_makes_a_pipeline_with_its_own_stages():
    file = kit_files() / "data" / "startup.csv"
    export = sm.read_deals(file, stages=["Lead", "Qualified", "Demo", "Proposal", "Negotiation"])
    mine = export.pipeline(target=500_000, period="2026Q2", as_of="2026-03-31")
    assert float(sm.coverage(mine)) == 5
    assert sm.funnel(mine).bottleneck.stage == "Demo"
    assert sm.pipeline(export).stages == mine.stages
    assert sm.diagnose(mine).verdict == sm.diagnose(sm.scenario("startup")).verdict
    unordered = sm.read_deals(file, columns={"probability": None})
    assert english(lambda: unordered.pipeline(start="Demo")).startswith(
        "To begin at a stage, the order of the stages must be known, and the file does not tell it."
    )


def test_a_report_of_any_table(table):
    page = sm.report(table(*DEALS), target=1_000, period="2026Q2").html.replace(NBSP, " ")
    assert "€ 1,000 open ÷ € 1,000 target" in page
    assert "Read from" not in page


def test_a_pipeline_says_in_a_line_what_it_is():
    assert repr(sm.scenario("startup")).replace(NBSP, " ") == "Scenario, target € 500,000, 1 Apr 2026 to 30 Jun 2026"
    for currency, money in (("USD", "US$ 500,000"), (None, "500,000")):
        named = sm.pipeline(arrow(deal(amount=100.0) | {"currency": currency}), target=500_000)
        assert repr(named).replace(NBSP, " ") == f"Pipeline, target {money}"


def test_what_has_a_pipeline_of_its_own_is_no_table_of_deals(checked):
    """A result's figure of that name is not what an export makes of its deals."""
    needed = sm.still_needed(checked(*DEALS), target=1_000_000, period="2026Q2")
    assert "A table of deals was expected, but this is a StillNeeded." in english(lambda: sm.coverage(needed, target=1))


@pytest.mark.parametrize("target", [-5, "much", float("nan")])
def test_a_target_that_is_none_is_refused_where_it_is_given(checked, target):
    with pytest.raises(sm.SalesMetricsError):
        sm.pipeline(checked(*DEALS), target=target)
