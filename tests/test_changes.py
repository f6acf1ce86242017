"""What changed between two exports: each cause by hand, and a bridge that always adds up."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tables import day, deal

import salesmetrics as sm
from salesmetrics import SalesMetricsError
from salesmetrics.base.language import NBSP


def named(name, *given, **more):
    return {"deal_id": name, **deal(*given, **more)}


THEN = [
    named("stays", amount=100.0, due="2026-05-01"),
    named("grows", amount=100.0, due="2026-05-01"),
    named("shrinks", amount=100.0, due="2026-05-01"),
    named("wins", amount=100.0, due="2026-05-01"),
    named("loses", amount=50.0, due="2026-05-01"),
    named("slips", amount=40.0, due="2026-06-30"),
    named("loses its date", amount=30.0, due="2026-06-30"),
    named("vanishes", amount=20.0, due="2026-06-30"),
    named("is pulled in", amount=10.0, due="2026-07-01"),
    named("comes back", "lost", 5.0, closed="2026-03-20"),
    named("old win", "won", 400.0, closed="2026-03-30"),
]
NOW = [
    named("stays", amount=100.0, due="2026-05-20"),
    named("grows", amount=130.0, due="2026-05-01"),
    named("shrinks", amount=90.0, due="2026-05-01"),
    named("wins", "won", 95.0, closed="2026-04-07"),
    named("loses", "lost", 50.0, closed="2026-04-07"),
    named("slips", amount=40.0, due="2026-07-01"),
    named("loses its date", amount=30.0),
    named("is pulled in", amount=10.0, due="2026-06-30"),
    named("comes back", amount=6.0, due="2026-06-30"),
    named("old win", "won", 400.0, closed="2026-03-30"),
    named("is new", amount=70.0, created="2026-04-06", due="2026-06-01"),
    named("is new and won", "won", 8.0, created="2026-04-01", closed="2026-04-07"),
]


def test_by_hand(checked, language):
    found = sm.compare(checked(*THEN), checked(*NOW), target=200, period="2026Q2")
    assert {step.kind: (step.deals, step.amount) for step in found.steps} == {
        "new": (1, 70),
        "moved in": (1, 10),
        "reopened": (1, 6),
        "larger": (1, 30),
        "smaller": (1, -10),
        "won": (1, -100),
        "lost": (1, -50),
        "slipped": (1, -40),
        "moved out": (1, -30),
        "gone": (1, -20),
    }
    assert (found.open_then, found.open_now) == (540, 406)
    # Nothing was won in the period then; 95 and 8 now, and 97 remain.
    assert (float(found.coverage_then), found.coverage_now.denominator) == (2.7, 97)
    assert (found.won.deals, found.won.amount, found.lost.deals, found.postponed) == (2, 103, 1, 1)
    text = str(found)
    assert {"en": "Coverage from 2.7× on 30 Mar 2026 to", "nl": "Dekking van 2,7× op 30-03-2026 naar"}[language] in text
    assert {"en": "slipped to later: 1 deal", "nl": "doorgeschoven: 1 deal"}[language] in text


def test_the_words_of_every_cause_in_the_order_of_a_bridge(checked, language):
    found = sm.compare(checked(*THEN), checked(*NOW), target=200, period="2026Q2")
    lines = [line.replace(NBSP, " ") for line in found.lines]
    assert (
        lines
        == {
            "en": [
                "Open then: € 540",
                "new: 1 deal, +€ 70",
                "moved into the period: 1 deal, +€ 10",
                "opened again: 1 deal, +€ 6",
                "amount raised: 1 deal, +€ 30",
                "amount lowered: 1 deal, -€ 10",
                "won: 1 deal, -€ 100",
                "lost: 1 deal, -€ 50",
                "slipped to later: 1 deal, -€ 40",
                "moved out of the period otherwise: 1 deal, -€ 30",
                "no longer in the export: 1 deal, -€ 20",
                "Open now: € 406",
                "1 deal that counts is expected later than it was.",
            ],
            "nl": [
                "Open toen: € 540",
                "nieuw: 1 deal, +€ 70",
                "naar deze periode gehaald: 1 deal, +€ 10",
                "opnieuw geopend: 1 deal, +€ 6",
                "bedrag verhoogd: 1 deal, +€ 30",
                "bedrag verlaagd: 1 deal, -€ 10",
                "gewonnen: 1 deal, -€ 100",
                "verloren: 1 deal, -€ 50",
                "doorgeschoven: 1 deal, -€ 40",
                "op een andere manier uit de periode: 1 deal, -€ 30",
                "niet meer in de export: 1 deal, -€ 20",
                "Open nu: € 406",
                "1 deal die meetelt, wordt later verwacht dan eerst.",
            ],
        }[language]
    )
    assert str(found).splitlines()[1:] == list(found.lines)


def test_a_new_deal_without_an_amount_raises_nothing_and_says_so(checked):
    then, now = [named("a", amount=100.0)], [named("a", amount=100.0), named("b", amount=None, created="2026-01-06")]
    found = sm.compare(checked(*then), checked(*now), target=100)
    assert [str(step).replace(NBSP, " ") for step in found.steps] == ["new: 1 deal, € 0"]
    assert found.lines[-1].replace(NBSP, " ") == "Open now: € 100"


def test_what_was_won_before_and_what_moved_up_is_no_news(checked):
    """Won then and now counts once; a deal that is expected sooner, or on the same day, is not postponed."""
    same, sooner = named("same", amount=5.0, due="2026-05-01"), named("sooner", amount=5.0, due="2026-06-01")
    undated = named("undated", amount=5.0)
    won = named("won", "won", 40.0, closed="2026-03-20")
    then = checked(same, sooner, undated, won)
    now = checked(
        same, {**sooner, "expected_close_on": day("2026-05-01")}, named("undated", amount=5.0, due="2026-05-01"), won
    )
    found = sm.compare(then, now, target=100)
    assert (found.won.deals, found.postponed, found.steps) == (0, 0, ())


def test_nothing_changed(checked):
    table = checked(*THEN)
    found = sm.compare(table, table, target=200, period="2026Q2")
    assert found.steps == ()
    assert found.open_then == found.open_now
    assert (found.won.deals, found.lost.deals, found.postponed) == (0, 0, 0)


def test_files_in_the_wrong_order_are_refused(checked, language):
    with pytest.raises(SalesMetricsError) as refusal:
        sm.compare(checked(*NOW), checked(*THEN), target=200)
    assert (
        str(refusal.value)
        == {
            "en": "The earlier export goes on to 7 Apr 2026, and the later one only to 30 Mar 2026.\n"
            "→ Give last week’s export first and this week’s second.",
            "nl": "De eerste export loopt tot en met 07-04-2026, en de latere maar tot en met 30-03-2026.\n"
            "→ Geef eerst de export van vorige week en dan die van deze week.",
        }[language]
    )


def test_files_without_a_deal_in_common_are_refused(checked, language):
    other = [{**row, "deal_id": row["deal_id"] + "?"} for row in NOW]
    with pytest.raises(SalesMetricsError) as refusal:
        sm.compare(checked(*THEN), checked(*other), target=200)
    assert (
        str(refusal.value)
        == {
            "en": "The two exports have no deal in common.\n"
            "→ Deals are recognised by deal_id. Check that both files hold the same column of ids.",
            "nl": "De twee exports hebben geen enkele deal gemeen.\n"
            "→ Deals worden herkend aan deal_id. Controleer of in beide bestanden dezelfde kolom met nummers staat.",
        }[language]
    )


def test_files_in_other_currencies_are_refused(checked, language):
    then, now = ([{**row, "currency": code} for row in THEN] for code in ("USD", "EUR"))
    with pytest.raises(SalesMetricsError) as refusal:
        sm.compare(checked(*then), checked(*now), target=200)
    assert (
        str(refusal.value)
        == {
            "en": "The two exports are in different currencies: EUR, USD.\n→ Compare exports in the same currency.",
            "nl": "De twee exports staan in verschillende valuta: EUR, USD.\n→ Vergelijk exports in dezelfde valuta.",
        }[language]
    )


def test_two_deals_that_are_expected_later_are_counted(checked, language):
    later = [
        row | ({"expected_close_on": day("2026-05-30")} if row["deal_id"] in ("stays", "grows") else {}) for row in THEN
    ]
    found = sm.compare(checked(*THEN), checked(*later), target=200, period="2026Q2")
    assert (
        found.lines[-1]
        == {
            "en": "2 deals that count are expected later than they were.",
            "nl": "2 deals die meetellen, worden later verwacht dan eerst.",
        }[language]
    )


def test_a_deal_without_an_amount_brings_nothing(checked):
    then = [named("a", amount=100.0), named("b", amount=None)]
    now = [named("a", amount=100.0, created="2026-01-06"), named("b", amount=30.0)]
    found = sm.compare(checked(*then), checked(*now), target=100)
    assert [(step.kind, step.amount) for step in found.steps] == [("larger", 30)]


STATES = st.none() | st.builds(
    lambda status, cents, due, closed: deal(
        status, cents / 100, due=due if status == "open" else "", closed="" if status == "open" else closed
    ),
    st.sampled_from(("open", "won", "lost")),
    st.integers(0, 10**7),
    st.sampled_from(("", "2026-03-01", "2026-05-01", "2026-06-30", "2026-07-01")),
    st.sampled_from(("2026-03-15", "2026-04-02")),
)


@settings(max_examples=20)
@given(pairs=st.lists(st.tuples(STATES, STATES), max_size=12), period=st.sampled_from((None, "2026Q2")))
def test_the_bridge_adds_up_to_the_cent(checked, pairs, period):
    always = {"deal_id": "always", **deal(amount=1.0, due="2026-05-01")}
    last = {**named("last", "lost"), "closed_on": day("2026-04-08")}
    tables = [
        [always, last, *({**pair[side], "deal_id": f"D{n}"} for n, pair in enumerate(pairs) if pair[side])]
        for side in (0, 1)
    ]
    found = sm.compare(*(checked(*rows) for rows in tables), target=1000, period=period)
    assert round(found.open_then + sum(step.amount for step in found.steps), 2) == found.open_now
    for table, said in zip(tables, (found.open_then, found.open_now), strict=True):
        assert sm.coverage(checked(*table), target=1000, period=period).numerator == pytest.approx(said)


def test_from_a_later_start_both_days_count_only_what_got_there(checked):
    """A Lead is no part of a pipeline that begins at Demo: neither last week nor now."""
    then = [named("moves on", amount=100.0, stage="Lead"), named("grows", amount=50.0, stage="Demo")]
    now = [
        named("moves on", amount=100.0, stage="Demo"),
        named("grows", amount=80.0, stage="Demo"),
        named("is a lead", amount=40.0, stage="Lead"),
    ]
    found = sm.compare(checked(*then), checked(*now), target=100, stages=["Lead", "Demo"], start="Demo")
    assert (found.open_then, found.open_now) == (50, 180)
    assert (float(found.coverage_then), float(found.coverage_now)) == (0.5, 1.8)
    # It was never closed, so it is not opened again.
    assert [(step.kind, step.amount) for step in found.steps] == [("reached", 100), ("larger", 30)]


def test_a_deal_set_back_to_before_the_start_has_a_step_of_its_own(checked, language):
    then = [named("goes back", amount=100.0, stage="Demo"), named("stays", amount=50.0, stage="Demo")]
    now = [named("goes back", amount=100.0, stage="Lead"), named("stays", amount=50.0, stage="Demo")]
    found = sm.compare(checked(*then), checked(*now), target=100, stages=["Lead", "Demo"], start="Demo")
    assert [(step.kind, step.amount) for step in found.steps] == [("moved back", -100)]
    assert found.lines[1].startswith(
        {
            "en": "moved back to before the pipeline begins: 1 deal",
            "nl": "teruggezet tot voor het begin van de pipeline: 1 deal",
        }[language]
    )
    assert (found.open_then, found.open_now) == (150, 50)


def test_every_line_of_a_bridge_in_dollars_says_dollars(checked):
    then, now = ([{**row, "currency": "USD"} for row in rows] for rows in (THEN, NOW))
    found = sm.compare(checked(*then), checked(*now), target=200, period="2026Q2")
    # The last line counts deals, no money.
    assert [line for line in found.lines if "$" not in line] == [found.lines[-1]]
    assert not any("€" in line for line in found.lines)
