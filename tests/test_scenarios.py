"""The companies of the lessons, read through the door."""

import datetime

import pytest
from tables import refusals

from salesmetrics import concentration, conversion_rate, coverage, scenario
from salesmetrics.base import kit_files
from salesmetrics.base.language import _

COMPANIES = {
    # target, open due, coverage, won, closed
    "startup": (500_000, 2_500_000, 5.0, 25, 250),
    "consultancy": (600_000, 900_000, 1.5, 36, 60),
    "agency": (400_000, 2_400_000, 6.0, 45, 450),
}


@pytest.mark.parametrize("name", COMPANIES)
def test_the_facts_of_its_lesson(name):
    company = scenario(name)
    target, due, times, won, closed = COMPANIES[name]
    assert company.target == target
    found = coverage(company.deals, target=company.target, period=company.period, as_of=company.as_of)
    assert (found.numerator, found.value) == (due, times)
    rate = conversion_rate(company.deals, as_of=company.as_of)
    assert (rate.numerator, rate.denominator) == (won, closed)


@pytest.mark.parametrize("name", COMPANIES)
def test_nothing_is_won_yet_and_the_default_day_is_its_own(name):
    company = scenario(name)
    found = coverage(company.deals, target=company.target, period=company.period, remaining=True)
    assert found.denominator == company.target
    assert found.definition.endswith("at the end of 31 Mar 2026")


@pytest.mark.parametrize("name", COMPANIES)
def test_what_it_carries(name, language):
    company = scenario(name)
    assert company.name == name
    assert company.period == (datetime.date(2026, 4, 1), datetime.date(2026, 6, 30))
    assert company.as_of == datetime.date(2026, 3, 31)
    assert set(company.deals["stage"]) == set(company.stages)
    assert (_(company.title) == company.title) is (language == "en")
    assert company.currency == "EUR"


def test_stages_are_in_their_order():
    assert scenario("startup").stages == ("Lead", "Qualified", "Demo", "Proposal", "Negotiation")


def test_the_consultancy_hangs_on_two_deals():
    company = scenario("consultancy")
    found = concentration(company.deals, period=company.period)
    assert [ratio.numerator for ratio in found.largest] == [250_000, 450_000, 520_000]
    assert round(found.effective_deals, 1) == 6.5
    assert conversion_rate(company.deals, unit="amount").value == 0.6


def test_the_agencys_paradox_by_channel():
    company = scenario("agency")
    first = conversion_rate(company.deals, period="2025Q4", by="channel").set_index("channel")["value"]
    second = conversion_rate(company.deals, period="2026Q1", by="channel").set_index("channel")["value"]
    assert (second > first).all()
    assert conversion_rate(company.deals, period="2025Q4").value == pytest.approx(24 / 200)
    assert conversion_rate(company.deals, period="2026Q1").value == pytest.approx(21 / 250)


def test_changing_its_table_changes_no_other():
    deals = scenario("startup").deals
    deals["amount"] = 0.0
    assert scenario("startup").deals["amount"].sum() > 0


def test_an_unknown_company_names_the_nearest():
    assert refusals(lambda: scenario("Startupp")) == {
        "en": "There is no scenario “Startupp”.\n→ Did you mean “startup”?",
        "nl": "Er is geen scenario “Startupp”.\n→ Bedoel je “startup”?",
    }
    said = refusals(lambda: scenario("bakery"))
    assert said["en"].endswith("→ There are: “startup”, “consultancy”, “agency”.")
    assert said["nl"].endswith("→ Je kunt kiezen uit: “startup”, “consultancy”, “agency”.")


def test_the_kits_files_are_found():
    for folder in ("data", "notebooks"):
        assert (kit_files() / folder).is_dir()


def test_an_installed_kit_is_found_first(tmp_path, monkeypatch):
    monkeypatch.setattr("salesmetrics.base.files", lambda package: tmp_path / package)
    assert kit_files() == tmp_path / "salesmetrics" / ".."
    (tmp_path / "salesmetrics" / "_kit").mkdir(parents=True)
    assert kit_files() == tmp_path / "salesmetrics" / "_kit"
