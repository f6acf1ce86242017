"""How much hangs on few deals, by hand."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tables import arrow, deal, refusals, tables_of_deals

from salesmetrics import check_deals, concentration, coverage
from salesmetrics.base.language import NBSP

# Open: 50 + 25 + 15 + 10 = 100. Effective: 1 ÷ (.25 + .0625 + .0225 + .01) = 1 ÷ .345.
FOUR = [
    deal(amount=15, due="2026-05-01", stage="Demo"),
    deal(amount=50, due="2026-04-01", stage="Lead"),
    deal("won", amount=999, stage="Demo"),
    deal(amount=10, due="2026-06-30", stage="Demo"),
    deal("lost", amount=999, stage="Demo"),
    deal(amount=25, due="2026-06-30", stage="Lead"),
]


def shares(found):
    return [ratio.value for ratio in found.largest]


def test_shares_of_the_largest_and_the_effective_number(checked):
    found = concentration(checked(*FOUR))
    assert shares(found) == pytest.approx([0.5, 0.75, 0.9])
    assert found.effective_deals == pytest.approx(1 / 0.345)
    assert [ratio.numerator for ratio in found.largest] == [50, 75, 90]
    assert {ratio.denominator for ratio in found.largest} == {100}


def test_equal_deals_count_in_full_and_one_deal_is_all(checked):
    equal = concentration(checked(*[deal(amount=20)] * 8))
    assert shares(equal) == pytest.approx([0.125, 0.25, 0.375])
    assert equal.effective_deals == pytest.approx(8)
    one = concentration(checked(deal(amount=20), deal("won")))
    assert shares(one) == [1, 1, 1]
    assert one.effective_deals == 1


def test_the_words(checked, language):
    assert (
        str(concentration(checked(*FOUR, deal(amount=None)))).replace(NBSP, " ")
        == {
            "en": "50.0% = € 50 in the largest deal ÷ € 100 open\n"
            "75.0% = € 75 in the 2 largest deals ÷ € 100 open\n"
            "90.0% = € 90 in the 3 largest deals ÷ € 100 open\n"
            "by amount, the risk is spread as over 2.9 equal deals\n"
            "1 open deal has no amount and is not in the sum.",
            "nl": "50,0% = € 50 in de grootste deal ÷ € 100 open\n"
            "75,0% = € 75 in de 2 grootste deals ÷ € 100 open\n"
            "90,0% = € 90 in de 3 grootste deals ÷ € 100 open\n"
            "naar bedrag is het risico gespreid als over 2,9 even grote deals\n"
            "1 open deal heeft geen bedrag en zit niet in de som.",
        }[language]
    )


def test_the_definitions(checked, language):
    assert [ratio.definition for ratio in concentration(checked(*FOUR)).largest] == {
        "en": ["share of the largest deal", "share of the 2 largest deals", "share of the 3 largest deals"],
        "nl": ["aandeel van de grootste deal", "aandeel van de 2 grootste deals", "aandeel van de 3 grootste deals"],
    }[language]


def test_only_deals_that_count(checked):
    table = checked(*FOUR)
    assert shares(concentration(table, period=("2026-04-02", "2026-06-30")))[0] == 0.5
    assert shares(concentration(table, period=("2026-04-02", "2026-06-29"))) == [1, 1, 1]
    assert shares(concentration(table, stages=("Lead", "Demo"), start="Demo"))[0] == 0.6
    past = concentration(table, as_of="2026-02-01")
    assert past.largest[0].numerator == 999
    assert past.largest[0].denominator == 100 + 2 * 999


def test_what_is_left_out_and_what_is_late_is_said_as_for_the_coverage(checked, language):
    """The table stands at 31 March: one deal was expected before that, two are not due in the quarter."""
    late, later, undated = deal(amount=5, due="2026-03-30"), deal(amount=7, due="2026-07-01"), deal(amount=8)
    table = checked(*FOUR, late, later, undated, deal("won", closed="2026-03-31"))
    about = {"period": ("2026-03-01", "2026-06-30")}
    found = concentration(table, **about)
    assert found.notes == coverage(table, target=1, **about).notes
    assert [words.replace(NBSP, " ") for words in found.notes] == {
        "en": [
            "2 open deals, € 15, are not due in the period and were left out.",
            "1 deal that counts is past its expected day.",
        ],
        "nl": [
            "2 open deals, € 15, moeten buiten de periode sluiten en zijn weggelaten.",
            "1 deal die meetelt is over de verwachte dag heen.",
        ],
    }[language]


def test_a_look_back_that_cannot_be_rebuilt_is_refused(checked):
    table = checked(*FOUR)
    said = refusals(lambda: concentration(table, period="2026-01", as_of="2026-01-31"))
    assert said["en"].startswith(
        "The period ended on 31 Jan 2026, and the table goes on to 1 Mar 2026.\n→ Closed deals"
    )
    assert said["nl"].startswith("De periode eindigde op 31-01-2026, en de tabel loopt door tot 01-03-2026.\n→ Bij")


@pytest.mark.parametrize(
    "deals",
    [
        [deal("won")],
        [deal(amount=None, due="2026-05-01"), deal(amount=0, due="2026-05-01")],
        [deal(amount=5, due="2027-01-01")],
    ],
)
def test_nothing_open_with_an_amount_is_refused(checked, deals):
    table = checked(*deals)
    assert refusals(lambda: concentration(table, period="2026Q2")) == {
        "en": "No open deal that counts has an amount.\n→ Check the period, or fill in the amounts.",
        "nl": "Geen enkele open deal die meetelt heeft een bedrag.\n→ Controleer de periode, of vul de bedragen in.",
    }


def test_no_rows_are_refused(empty_table):
    assert refusals(lambda: concentration(empty_table)) == {
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
    ],
)
def test_a_missing_column_is_refused(table, missing, options):
    raw = table(*FOUR, without=(missing,))
    said = refusals(lambda: concentration(raw, **options))
    assert said["en"].startswith(f"The table has no column “{missing}”.\n→ ")
    assert said["nl"].startswith(f"De tabel heeft geen kolom “{missing}”.\n→ ")


@settings(max_examples=15)
@given(tables_of_deals(), st.sampled_from((0.5, 3, 1000)))
def test_shares_grow_stay_within_1_and_do_not_depend_on_the_currency(engine, deals, factor):
    table = check_deals(engine(arrow(*deals)))
    found = concentration(table)
    first, second, third = shares(found)
    assert 0 < first <= second <= third <= 1 + 1e-12
    assert 1 / first <= found.effective_deals * (1 + 1e-9)
    assert found.largest[0].denominator == coverage(table, target=1).numerator
    scaled = [row | {"amount": row["amount"] and row["amount"] * factor} for row in deals]
    again = concentration(check_deals(engine(arrow(*scaled))))
    assert shares(again) == pytest.approx([first, second, third])
    assert again.effective_deals == pytest.approx(found.effective_deals)
