"""A ratio shows its working, and Wilson's interval holds its rate."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats
from statsmodels.stats.proportion import proportion_confint

from salesmetrics import Ratio, SalesMetricsError
from salesmetrics.base.language import NBSP
from salesmetrics.metrics.ratio import wilson


def coverage(**changes):
    given = {
        "numerator": 2_300_000,
        "denominator": 380_000.5,
        "unit": "×",
        "counts": "money",
        "definition": "remaining pipeline coverage, all open deals",
        "numerator_label": "open",
        "denominator_label": "still to win",
        "currency": "EUR",
    }
    return Ratio(**{**given, **changes})


def rate(won, closed, **changes):
    words = {"definition": "conversion rate", "numerator_label": "won", "denominator_label": "closed"}
    return Ratio(**{"numerator": won, "denominator": closed, "unit": "%", "counts": "deals", **words, **changes})


def test_the_sum_as_on_paper(language):
    shown = {
        "en": "6.1× = € 2,300,000 open ÷ € 380,000 still to win",
        "nl": "6,1× = € 2.300.000 open ÷ € 380.000",
    }
    assert str(coverage()).replace(NBSP, " ").startswith(shown[language])


@pytest.mark.parametrize(
    ("currency", "shown"),
    [
        ("USD", "US$ 2,300,000 open ÷ US$ 380,000"),
        ("", "2,300,000 open ÷ 380,000"),
        ("XBT", "XBT 2,300,000 open"),
    ],
)
def test_money_knows_its_currency_and_is_no_euro_by_itself(currency, shown):
    assert coverage(currency=currency).working.replace(NBSP, " ").startswith(shown)


def test_a_rate_counts_deals(language):
    assert (
        str(rate(1234, 9872))
        == {"en": "12.5% = 1,234 won ÷ 9,872 closed", "nl": "12,5% = 1.234 won ÷ 9.872 closed"}[language]
    )


def test_the_parts_of_the_sum(language):
    whole = {
        "unit": "×",
        "counts": "money",
        "definition": "d",
        "numerator_label": "open",
        "denominator_label": "target",
        "currency": "EUR",
    }
    some = Ratio(numerator=2_300, denominator=500, notes=("left out",), **whole)
    none = Ratio(numerator=2_300, denominator=500, no_value="target met", **whole)
    working = {"en": "€ 2,300 open ÷ € 500 target", "nl": "€ 2.300 open ÷ € 500 target"}[language]
    value = {"en": "4.6×", "nl": "4,6×"}[language]
    assert [part.replace(NBSP, " ") for part in (some.value_text, some.working, some.line)] == [
        value, working, f"{value} = {working}",
    ]  # fmt: skip
    assert [part.replace(NBSP, " ") for part in (none.value_text, none.line)] == [
        "target met",
        f"target met: {working}",
    ]


def test_notes_stand_under_the_sum():
    assert str(rate(1, 2, notes=("One.", "Two."))) == "50.0% = 1 won ÷ 2 closed\nOne.\nTwo."


def test_the_value_is_the_numerator_over_the_denominator():
    assert rate(1, 4).value == float(rate(1, 4)) == 0.25
    assert coverage(denominator=500_000).value == 4.6
    assert rate(0, 4).value == 0


def test_html_shows_definition_sum_and_notes_and_escapes_them():
    shown = rate(1, 2, definition="of <b>", notes=("a & b",))._repr_html_()
    assert shown == (
        "<div><small>of &lt;b&gt;</small><br><strong>50.0% = 1 won ÷ 2 closed</strong><ul><li>a &amp; b</li></ul></div>"
    )
    assert "<ul>" not in rate(1, 2)._repr_html_()


def test_no_value_is_said_in_words():
    met = coverage(denominator=-20, no_value="target met")
    assert met.value is None
    assert str(met).replace(NBSP, " ") == "target met: € 2,300,000 open ÷ -€ 20 still to win"
    with pytest.raises(SalesMetricsError, match="remaining pipeline coverage, all open deals has no value: target met"):
        float(met)


def test_a_denominator_of_0_has_no_value(language):
    nothing = rate(3, 0)
    reason = {"en": "nothing to divide by", "nl": "niets om door te delen"}[language]
    assert nothing.value is None
    assert str(nothing).startswith(f"{reason}: 3 ")
    with pytest.raises(SalesMetricsError) as error:
        float(nothing)
    assert reason in error.value.what
    assert ".denominator" in error.value.hint


def test_wilson_of_small_numbers():
    assert rate(4, 5).interval() == pytest.approx((0.376, 0.964), abs=5e-4)
    assert rate(3, 5).interval() == pytest.approx((0.23, 0.88), abs=5e-3)
    # 0 of 8 has no required coverage as a point, but at least 1 ÷ the upper end.
    low, high = rate(0, 8).interval()
    assert low == 0
    assert 1 / high == pytest.approx(3.08, abs=5e-3)


def test_a_higher_level_is_wider():
    assert rate(4, 5).interval(0.99)[0] < rate(4, 5).interval(0.95)[0] < rate(4, 5).interval(0.5)[0] < 0.8


counts = st.integers(1, 5000).flatmap(lambda closed: st.tuples(st.integers(0, closed), st.just(closed)))


@given(counts, st.floats(0.01, 0.999))
def test_wilson_agrees_with_statsmodels(won_closed, level):
    won, closed = won_closed
    expected = proportion_confint(won, closed, alpha=1 - level, method="wilson")
    assert wilson(won, closed, level) == pytest.approx(expected, abs=1e-9)
    assert rate(won, closed).interval(level) == pytest.approx(expected, abs=1e-9)


@given(counts, st.floats(1e-9, 1 - 1e-9))
def test_an_interval_holds_its_rate_and_stays_possible(won_closed, level):
    won, closed = won_closed
    low, high = rate(won, closed).interval(level)
    assert 0 <= low <= won / closed <= high <= 1


@pytest.mark.parametrize("won", [0, 1, 7, 8])
def test_a_rate_on_the_edge_stays_in_its_interval(won):
    low, high = wilson(won, 8)
    assert low <= won / 8 <= high
    assert (low == 0) is (won == 0)
    assert (high == 1) is (won == 8)


@pytest.mark.parametrize("level", [0, 1, -0.5, 95, float("nan")])
def test_an_impossible_level_is_refused(level, language):
    with pytest.raises(SalesMetricsError) as error:
        rate(4, 5).interval(level)
    assert (
        str(error.value)
        == {
            "en": f"The confidence level must lie between 0 and 1, not {level}.\n→ 95% is 0.95.",
            "nl": f"Het betrouwbaarheidsniveau moet tussen 0 en 1 liggen; {level} kan niet.\n→ 95% is 0.95.",
        }[language]
    )


COUNTS_ONLY = {
    "en": 'This needs numbers of deals, not conversion rate.\n→ Ask for conversion_rate(deals, unit="count").',
    "nl": "Hiervoor zijn aantallen deals nodig, geen conversion rate.\n"
    '→ Vraag om conversion_rate(deals, unit="count").',
}


@pytest.mark.parametrize("changes", [{"counts": "money"}, {"unit": "×"}])
def test_wilson_is_for_counts_only(changes, language):
    with pytest.raises(SalesMetricsError) as error:
        rate(4, 5, **changes).interval()
    assert str(error.value) == COUNTS_ONLY[language]


def test_nothing_closed_has_no_interval():
    with pytest.raises(SalesMetricsError, match="no closed deals yet"):
        rate(0, 0, no_value="no closed deals yet").interval()


counts = st.tuples(st.integers(0, 60), st.integers(1, 60)).filter(lambda pair: pair[0] <= pair[1])


@given(one=counts, other=counts)
def test_how_often_luck_differs_as_much_is_pearsons_test(one, other):
    found = rate(*one).by_chance(rate(*other))
    assert found == rate(*other).by_chance(rate(*one))
    assert 0 <= found <= 1
    table = [[won, closed - won] for won, closed in (one, other)]
    if all(map(sum, zip(*table, strict=True))):
        assert found == pytest.approx(stats.chi2_contingency(table, correction=False).pvalue, abs=1e-9)
    else:
        assert found == 1


def test_the_fall_of_the_agencys_total_may_be_luck():
    assert rate(24, 200).by_chance(rate(21, 250)) == pytest.approx(0.206, abs=5e-4)
    # The exact test says nearly the same.
    assert stats.fisher_exact([[24, 176], [21, 229]]).pvalue == pytest.approx(0.211, abs=5e-4)
    # A quicker answer and one after a day: hardly luck.
    assert rate(12, 60).by_chance(rate(8, 160)) < 0.001


@pytest.mark.parametrize("other", [{"counts": "money"}, {"unit": "×"}])
def test_money_is_not_held_against_luck(other, language):
    for one, two in ((rate(4, 5), rate(4, 5, **other)), (rate(4, 5, **other), rate(4, 5))):
        with pytest.raises(SalesMetricsError) as error:
            one.by_chance(two)
        assert str(error.value) == COUNTS_ONLY[language]
