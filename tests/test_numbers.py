"""Typed numbers: both habits understood, and what could mean two things asked about."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from salesmetrics import SalesMetricsError, read_number


@pytest.mark.parametrize(
    ("typed", "value", "unit"),
    [
        ("3", 3, ""),
        ("3,5", 3.5, ""),
        ("3.5", 3.5, ""),
        (",5", 0.5, ""),
        (".25", 0.25, ""),
        ("0.500", 0.5, ""),
        ("0,125", 0.125, ""),
        ("1234.5678", 1234.5678, ""),
        ("12345,678", 12345.678, ""),
        ("-2,5", -2.5, ""),
        ("−2.5", -2.5, ""),
        ("+7", 7, ""),
        ("1.234,56", 1234.56, ""),
        ("1,234.56", 1234.56, ""),
        ("1.234.567", 1_234_567, ""),
        ("1,234,567", 1_234_567, ""),
        ("1.234.567,8", 1_234_567.8, ""),
        ("1 234", 1234, ""),
        ("1\u00a0234,5", 1234.5, ""),
        ("1\u202f234\u202f567", 1_234_567, ""),
        ("1'234", 1234, ""),
        ("1’234.5", 1234.5, ""),
        ("25%", 0.25, "%"),
        ("12,5 %", 0.125, "%"),
        ("0%", 0, "%"),
        ("-5%", -0.05, "%"),
        ("2,5×", 2.5, "×"),
        ("2.5x", 2.5, "×"),
        ("3 keer", 3, "×"),
        ("3 times", 3, "×"),
        ("€ 500.000", 500_000, "€"),
        ("€500,000", 500_000, "€"),
        ("€ -500", -500, "€"),
        ("-€ 500", -500, "€"),
        ("500.000 euro", 500_000, "€"),
        ("EUR 1.234", 1234, "€"),
        ("€ 1.234,56", 1234.56, "€"),
        ("€ 12,50", 12.5, "€"),
        ("500,-", 500, "€"),
        ("1.500,-", 1500, "€"),
        ("  42  ", 42, ""),
        ("150k", 150_000, ""),
        ("€ 150 K", 150_000, "€"),
        ("1,5 mln", 1_500_000, ""),
        ("2.5M€", 2_500_000, "€"),
        ("2 miljoen", 2_000_000, ""),
    ],
)
def test_what_is_understood_in_either_language(typed, value, unit, language):
    found = read_number(typed)
    assert (found.value, found.unit) == (pytest.approx(value), unit)


@pytest.mark.parametrize(
    ("typed", "value"), [("500.000", 500_000), ("500,000", 500_000), ("12,50", 12.5), ("0.5", 0.5)]
)
def test_money_has_no_three_decimals(typed, value):
    assert read_number(typed, money=True).value == value


@pytest.mark.parametrize("typed", ["1.234", "1,234", "12.500", "999,999", "-1.234", "1.234×", "1,234%"])
def test_what_can_mean_two_things_is_asked_about(typed, language):
    with pytest.raises(SalesMetricsError) as error:
        read_number(typed)
    assert typed in error.value.what
    assert {"en": "two things", "nl": "twee dingen"}[language] in error.value.what


def test_the_question_shows_both_readings(language):
    with pytest.raises(SalesMetricsError) as error:
        read_number("1.234")
    assert (
        str(error.value)
        == {
            "en": "“1.234” can mean two things: 1,234 or 1.234.\n"
            "→ Type it without a mark (1234) or with fewer decimals (1.23).",
            "nl": "“1.234” kan twee dingen betekenen: 1.234 of 1,234.\n"
            "→ Typ het zonder punt of komma (1234) of met minder decimalen (1,23).",
        }[language]
    )


@pytest.mark.parametrize(
    "typed",
    [
        *("", " ", "ten", "tien", "€", "%", "1.23.4", "1,2,3", "1 2", "1.234,567.8", "12.34,5", "1,5.", "25%%", "1/4"),
        *("1e3", "nan", "inf", "1--2", "--5", "-€-5", "5 %×", "0x10", "1234,567,890", "1.234'5"),
    ],
)
def test_what_is_no_number_is_refused(typed, language):
    with pytest.raises(SalesMetricsError) as error:
        read_number(typed)
    assert {"en": "is not a number", "nl": "is geen getal"}[language] in error.value.what
    assert error.value.hint.startswith({"en": "Type", "nl": "Typ "}[language])


@pytest.mark.parametrize("digits", ["9" * 400, "1" + "0" * 26, "10000000000000", "-10.000.000.000.000"])
def test_too_large_a_number_is_refused(language, digits):
    with pytest.raises(SalesMetricsError, match={"en": "too large", "nl": "te groot"}[language]):
        read_number(digits)


def test_only_the_beginning_of_a_long_text_is_repeated():
    with pytest.raises(SalesMetricsError) as error:
        read_number("x" * 1000)
    assert "x" * 60 + "”" in error.value.what


@given(st.integers(-(10**9), 10**9), st.sampled_from((1, 2, 4)))
def test_what_either_habit_writes_is_read_back(units, decimals):
    value = units / 10**decimals
    english = f"{value:,.{decimals}f}"
    dutch = english.translate(str.maketrans(",.", ".,"))
    assert read_number(english).value == read_number(dutch).value == pytest.approx(value)


@given(st.text(max_size=20))
def test_anything_typed_is_a_number_or_a_refusal(typed):
    try:
        found = read_number(typed)
    except SalesMetricsError:
        return
    assert math.isfinite(found.value)
    assert any(character.isdigit() for character in typed)
