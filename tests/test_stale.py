"""Stale deals: from which age, how much money, and what the coverage is without them."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tables import deal, tables_of_deals

import salesmetrics as sm
from salesmetrics import SalesMetricsError
from salesmetrics.base.language import NBSP

# Ten wins that took 1 to 10 days: nine of them took at most 9. The table ends on 2026-03-31.
WINS = [deal("won", created="2026-01-01", closed=f"2026-01-{1 + days:02}") for days in range(1, 11)]
LAST = deal("lost", created="2026-03-01", closed="2026-03-31")
DUE = "2026-05-01"


def open_since(day, amount=100.0, due=DUE):
    return deal(amount=amount, created=day, due=due)


def test_by_hand(checked, language):
    """As of 31 March, a deal created on the 22nd is 9 days old and one of the 21st is 10."""
    table = checked(
        *WINS, LAST, open_since("2026-03-22"), open_since("2026-03-21", 60), open_since("2026-03-30", 40, "2026-04-01")
    )
    found = sm.stale_deals(table, target=100, period="2026Q2")
    assert (found.older_than, found.old, found.old_amount) == (9, 1, 60)
    assert [float(ratio) for ratio in (found.coverage, found.without_old, found.without_old_and_overdue)] == [
        2,
        1.4,
        1.4,
    ]
    # One win took 10 days, and the lost one 30.
    assert (found.late_wins.numerator, found.late_wins.denominator) == (1, 2)
    assert {"en": "an assumption", "nl": "een aanname"}[language] in str(found)


def test_the_words(checked, language):
    """The deals of the test above: 200 open, of which 60 is old; of the two that took over 9 days one was won."""
    table = checked(
        *WINS, LAST, open_since("2026-03-22"), open_since("2026-03-21", 60), open_since("2026-03-30", 40, "2026-04-01")
    )
    found = sm.stale_deals(table, target=100, period="2026Q2")
    assert (
        str(found).replace(NBSP, " ").splitlines()
        == {
            "en": [
                "With all open deals: 2.0× = € 200 open ÷ € 100 target",
                "Without old deals: 1.4× = € 140 open ÷ € 100 target",
                "Without old and overdue deals: 1.4× = € 140 open ÷ € 100 target",
                "Old: open for more than 9 days. At least 90% of the 10 won deals took no longer; that is an "
                "assumption to change, not a law.",
                "Of the closed deals that took longer: 50.0% = 1 won ÷ 2 closed",
            ],
            "nl": [
                "Met alle open deals: 2,0× = € 200 open ÷ € 100 target",
                "Zonder oude deals: 1,4× = € 140 open ÷ € 100 target",
                "Zonder oude deals en deals over hun datum: 1,4× = € 140 open ÷ € 100 target",
                "Oud: langer dan 9 dagen open. Minstens 90% van de 10 gewonnen deals duurde niet langer; dat is een "
                "aanname om aan te passen, geen wet.",
                "Van de besliste deals die langer duurden: 50,0% = 1 gewonnen ÷ 2 beslist",
            ],
        }[language]
    )
    without = {
        "en": ("without old deals", "without old and overdue deals"),
        "nl": ("zonder oude deals", "over hun datum"),
    }
    for ratio, ending in zip((found.without_old, found.without_old_and_overdue), without[language], strict=True):
        assert ratio.definition.startswith(found.coverage.definition)
        assert ratio.definition.endswith(ending)
        assert ratio.notes == ()
    assert (
        found.late_wins.definition
        == {
            "en": "won among closed deals that took longer",
            "nl": "gewonnen van de besliste deals die langer duurden",
        }[language]
    )


def test_an_age_of_the_readers_own_is_said_and_what_never_took_so_long_is_not(checked, language):
    found = sm.stale_deals(checked(*WINS, LAST, open_since("2026-03-30")), target=100, older_than=30)
    assert (
        found.basis
        == {
            "en": "Old: open for more than 30 days, as was said.",
            "nl": "Oud: langer dan 30 dagen open, zoals opgegeven.",
        }[language]
    )
    assert (
        found.late_wins.reason
        == {"en": "no closed deal took longer", "nl": "geen enkele besliste deal duurde langer"}[language]
    )
    assert len(str(found).splitlines()) == 4


def test_overdue_deals_are_counted_apart(checked):
    table = checked(
        *WINS, deal("lost", closed="2026-04-15"), open_since("2026-04-14", 30, "2026-04-15"), open_since("2026-04-14")
    )
    found = sm.stale_deals(table, target=100, period="2026Q2")
    assert (found.old, found.overdue, found.overdue_amount) == (0, 1, 30)
    assert (float(found.without_old), float(found.without_old_and_overdue)) == (1.3, 1)


def test_a_deal_both_old_and_overdue_is_taken_out_once(checked):
    table = checked(
        *WINS, deal("lost", closed="2026-04-15"), open_since("2026-01-01", 30, "2026-04-01"), open_since("2026-04-14")
    )
    found = sm.stale_deals(table, target=100, period="2026Q2")
    assert (found.old, found.overdue, float(found.without_old_and_overdue)) == (1, 1, 1)


@pytest.mark.parametrize(("older_than", "old"), [(0, 3), (8, 2), (9, 1), (400, 0)])
def test_the_age_is_the_readers_to_choose(checked, older_than, old):
    table = checked(*WINS, LAST, open_since("2026-03-22"), open_since("2026-03-21"), open_since("2026-03-30"))
    assert sm.stale_deals(table, target=100, older_than=older_than).old == old


def test_too_few_wins_give_no_age(checked, language):
    found = sm.stale_deals(checked(*WINS[:9], LAST, open_since("2025-01-01")), target=100)
    assert (found.older_than, found.old) == (None, 0)
    assert (
        found.basis
        == {
            "en": "From which age a deal is old can’t be told: 9 won deals with both dates, and it takes 10.",
            "nl": "Vanaf welke leeftijd een deal oud is, valt niet te zeggen: 9 gewonnen deals met beide datums, en er "
            "zijn er 10 nodig.",
        }[language]
    )


def test_deals_without_a_day_of_creation_have_no_age(checked):
    found = sm.stale_deals(checked(*WINS, LAST, open_since("")), target=100)
    assert (found.undated, found.old) == (1, 0)
    closed = [deal(status, 10.0, created="", closed="2026-03-01") for status in ("won", "lost")]
    assert sm.stale_deals(checked(*WINS, LAST, *closed, open_since("")), target=100).undated == 1


def test_what_is_not_due_does_not_count(checked):
    table = checked(*WINS, LAST, open_since("2025-01-01", due="2026-08-01"), open_since("2026-03-30"))
    found = sm.stale_deals(table, target=100, period="2026Q2")
    assert (found.old, float(found.coverage)) == (0, 1)


@pytest.mark.parametrize("wrong", [-1, 2.5, "90", True, 36_525, 10**9])
def test_no_number_of_days_is_refused(checked, language, wrong):
    with pytest.raises(SalesMetricsError, match={"en": "no number of days", "nl": "geen aantal dagen"}[language]):
        sm.stale_deals(checked(*WINS, open_since("2026-03-01")), target=100, older_than=wrong)
    # Under a hundred years it is a number of days.
    assert sm.stale_deals(checked(*WINS, open_since("2026-03-01")), target=100, older_than=36_524).old == 0


@settings(max_examples=10)
@given(deals=tables_of_deals(), days=st.integers(0, 60))
def test_taking_deals_out_never_raises_the_coverage(checked, deals, days):
    found = sm.stale_deals(checked(*deals), target=500, older_than=days)
    values = [ratio.numerator for ratio in (found.coverage, found.without_old, found.without_old_and_overdue)]
    assert values == sorted(values, reverse=True)
    assert values[2] > -1e-6
    assert found.without_old.numerator == pytest.approx(values[0] - found.old_amount)


def test_the_pipeline_begins_where_it_is_said_to_begin(checked):
    """The lead of 100 stands before the demo of 60: counted in, the coverage would be 1.6."""
    lead, demo = {**open_since("2026-03-22"), "stage": "Lead"}, {**open_since("2026-03-22", 60), "stage": "Demo"}
    table = checked(*WINS, {**LAST, "stage": "Demo"}, lead, demo)
    found = sm.stale_deals(table, target=100, period="2026Q2", stages=["Lead", "Demo"], start="Demo", older_than=30)
    assert float(found.coverage) == 0.6
