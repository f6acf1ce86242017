"""The diagnosis: four situations, and honesty about what the data leave open."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tables import deal

import salesmetrics as sm
from salesmetrics import SalesMetricsError
from salesmetrics.diagnosis import situation


@pytest.mark.parametrize(
    ("coverage", "conversion", "reference", "expected"),
    [
        (5, 0.2, 3, "healthy"),
        (3, 1 / 3, 3, "healthy"),
        (1.7, 0.6, 3, "healthy"),
        (5, 0.19, 3, "full but leaky"),
        (3, 0.3, 3, "full but leaky"),
        (2.99, 0.33, 3, "thin and leaky"),
        (2.99, 1 / 3, 3, "sharp but thin"),
        (1.5, 0.6, 3, "sharp but thin"),
        (0, 0, 3, "thin and leaky"),
        (4, 0.2, 5, "sharp but thin"),
        (4, 0.19, 5, "thin and leaky"),
    ],
)
def test_situations_and_their_edges(coverage, conversion, reference, expected):
    assert situation(coverage, conversion, reference=reference) == expected


@given(st.floats(0, 20), st.floats(0, 1), st.floats(0.1, 10))
def test_healthy_is_exactly_where_the_target_is_expected(coverage, conversion, reference):
    named = situation(coverage, conversion, reference=reference)
    assert (named == "healthy") == (coverage * conversion >= 1 - 1e-9)


@pytest.mark.parametrize("wrong", [(-1, 0.5, 3), (2, 25, 3), (2, 0.5, 0), (float("nan"), 0.5, 3), (2, float("nan"), 3)])
def test_numbers_out_of_range_are_refused(language, wrong):
    with pytest.raises(SalesMetricsError, match={"en": "25% is", "nl": "25% is"}[language]):
        situation(wrong[0], wrong[1], reference=wrong[2])


def deals(won, lost, *open_amounts):
    due = [deal(amount=float(amount), due="2026-05-01") for amount in open_amounts]
    return *due, *[deal("won")] * won, *[deal("lost")] * lost


def test_the_interval_leaves_another_situation_open(checked, language):
    """12 of 30 fits 25% to 58%: 2× × 40% is too little, but 58% would be enough."""
    found = sm.diagnose(checked(*deals(12, 18, 100, 100)), target=100, period="2026Q2")
    assert (found.situation, found.not_ruled_out) == ("sharp but thin", ("thin and leaky", "healthy"))
    assert {"en": "is not ruled out", "nl": "niet uitgesloten"}[language] in str(found)


def test_a_sure_case_leaves_nothing_open(checked):
    found = sm.diagnose(checked(*deals(30, 270, *[100] * 5)), target=100, period="2026Q2")
    assert (found.situation, found.not_ruled_out) == ("full but leaky", ())


@pytest.mark.parametrize(("closed", "told"), [(9, False), (10, True)])
def test_fewer_than_ten_closed_is_too_few(checked, closed, told):
    found = sm.diagnose(checked(*deals(3, closed - 3, 100)), target=100, period="2026Q2")
    assert (found.situation is not None) == told
    assert ("Too few" in found.verdict) != told


def test_nothing_closed(checked, language):
    found = sm.diagnose(checked(*deals(0, 0, 100)), target=100, period="2026Q2")
    assert (found.situation, found.chance, found.expected) == (None, None, None)
    assert {"en": "Too few", "nl": "Te weinig"}[language] in str(found)


def test_nothing_won_has_a_chance_of_nothing(checked):
    found = sm.diagnose(checked(*deals(0, 12, 100, 100, 100)), target=100, period="2026Q2")
    assert (found.situation, float(found.chance)) == ("full but leaky", 0)


def test_once_something_is_won_the_remaining_coverage_counts(checked):
    table = [*deals(4, 8, 100, 100), deal("won", 60.0, closed="2026-04-02")]
    found = sm.diagnose(checked(*table), target=100, period="2026Q2")
    assert (found.coverage.denominator, float(found.coverage)) == (40, 5)
    assert found.situation == "healthy"


def test_the_target_met(checked, language):
    table = [*deals(4, 8, 100), deal("won", 100.0, closed="2026-04-02")]
    found = sm.diagnose(checked(*table), target=100, period="2026Q2")
    assert (found.situation, float(found.chance)) == (None, 1)
    assert {"en": "target is met", "nl": "target is gehaald"}[language] in found.verdict


@pytest.mark.parametrize(
    ("name", "expected", "open_besides"),
    [
        ("startup", "full but leaky", ()),
        ("consultancy", "sharp but thin", ("healthy",)),
        ("agency", "full but leaky", ()),
    ],
)
def test_the_three_companies(name, expected, open_besides):
    company = sm.scenario(name)
    found = sm.diagnose(company.deals, target=company.target, period=company.period)
    assert (found.situation, found.not_ruled_out) == (expected, open_besides)


def test_a_period_that_is_none(checked, language):
    table = checked(*deals(5, 5, 100))
    for period in ("2026Q5", ("2026-06-30", "2026-04-01"), "soon"):
        with pytest.raises(SalesMetricsError):
            sm.diagnose(table, target=100, period=period)
    with pytest.raises(SalesMetricsError):
        sm.diagnose(table, target=100, period="2026-01", as_of="2026-02-01")
