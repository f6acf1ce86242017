"""The diagnosis: four situations, and honesty about what the data leave open."""

import dataclasses
import html

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tables import deal, refusals

import salesmetrics as sm
from salesmetrics import SalesMetricsError
from salesmetrics.base.language import NBSP
from salesmetrics.diagnosis import reasons, situation

NAN, INFINITE = float("nan"), float("inf")


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


@pytest.mark.parametrize(
    "wrong",
    [
        (-1, 0.5, 3),
        (2, 25, 3),
        (2, -0.1, 3),
        (2, 0.5, 0),
        (NAN, 0.5, 3),
        (2, NAN, 3),
        (2, 0.5, NAN),
        (INFINITE, 0.5, 3),
        (2, 0.5, INFINITE),
    ],
)
def test_numbers_out_of_range_are_refused(wrong):
    coverage, conversion, reference = wrong
    assert refusals(lambda: situation(coverage, conversion, reference=reference)) == {
        "en": f"Coverage {coverage}, conversion {conversion} and reference {reference} do not fit together.\n"
        "→ Coverage is 0 or more, conversion lies between 0 and 1 (25% is 0.25), the reference is above 0.",
        "nl": f"Dekking {coverage}, conversie {conversion} en ijkpunt {reference} passen niet bij elkaar.\n"
        "→ Dekking is 0 of meer, conversie ligt tussen 0 en 1 (25% is 0.25), het ijkpunt is meer dan 0.",
    }


def test_full_is_three_times_unless_one_says_otherwise(checked):
    """300 open ÷ 100 at 20%: full at three times, and no longer at four."""
    assert (situation(3, 0.2), situation(3, 0.2, reference=4)) == ("full but leaky", "thin and leaky")
    table = checked(*deals(60, 240, 100, 100, 100))
    about = {"target": 100, "period": "2026Q2"}
    assert sm.diagnose(table, **about).situation == "full but leaky"
    assert "full is 3.0× here" in sm.diagnose(table, **about).verdict
    assert sm.diagnose(table, **about, reference=4).situation == "thin and leaky"


def deals(won, lost, *open_amounts):
    due = [deal(amount=float(amount), due="2026-05-01") for amount in open_amounts]
    return *due, *[deal("won")] * won, *[deal("lost")] * lost


def test_the_interval_leaves_another_situation_open(checked, language):
    """12 of 30 fits 25% to 58%: 2× × 40% is too little, but 58% would be enough."""
    found = sm.diagnose(checked(*deals(12, 18, 100, 100)), target=100, period="2026Q2")
    assert (found.situation, found.not_ruled_out) == ("sharp but thin", ("thin and leaky", "healthy"))
    assert (
        found.name
        == {
            "en": "Sharp but thin; thin and leaky or healthy is not ruled out",
            "nl": "Scherp maar dun; dun en lek of gezond is niet uitgesloten",
        }[language]
    )
    assert found.why.startswith(
        {
            "en": "coverage 2.0× × conversion 40.0% is 80% of the target; full is 3.0× here, and the rate lies between "
            "24.6% and 57.7%. The chance",
            "nl": "dekking 2,0× × conversie 40,0% is 80% van het target; vol is hier 3,0×, en de conversie ligt tussen "
            "24,6% en 57,7%. De kans",
        }[language]
    )


def test_a_sure_case_leaves_nothing_open(checked):
    found = sm.diagnose(checked(*deals(30, 270, *[100] * 5)), target=100, period="2026Q2")
    assert (found.situation, found.not_ruled_out) == ("full but leaky", ())


@pytest.mark.parametrize(("closed", "told"), [(9, False), (10, True)])
def test_fewer_than_ten_closed_is_too_few(checked, closed, told):
    found = sm.diagnose(checked(*deals(3, closed - 3, 100)), target=100, period="2026Q2")
    assert (found.situation is not None) == told
    assert ("Too few" in found.verdict) != told
    single = sm.diagnose(checked(*deals(1, 0, 100)), target=100, period="2026Q2").verdict
    assert single == "Too few to tell: 1 closed deal, and it takes 10 to say anything."
    assert told or found.verdict == "Too few to tell: 9 closed deals, and it takes 10 to say anything."


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


# Why, and what first


def staged(stage, went_on, stopped):
    """Closed deals of one stage: so many won in the last one, so many lost in this one."""
    return [*[deal("won", stage="Offer")] * went_on, *[deal("lost", stage=stage)] * stopped]


STAGES = ("Lead", "Demo", "Offer")
FUNNEL = [*staged("Lead", 5, 5), *staged("Demo", 5, 80), *staged("Offer", 10, 5)]  # 20 won of 110; Demo: 25 of 105


def test_the_leak_is_named_with_its_numbers(checked, language):
    open_deals = [deal(amount=100.0, due="2026-05-01", stage="Lead")] * 4
    found = sm.diagnose(checked(*FUNNEL, *open_deals), target=100, period="2026Q2", stages=STAGES)
    assert found.situation == "full but leaky"
    assert found.reasons.leak.stage == "Demo"
    assert (
        found.first_step
        == {
            "en": "Start at Demo: find out why 80 of 105 deals stopped there before you add a lead.",
            "nl": "Begin bij Demo: zoek uit waarom 80 van de 105 deals daar bleven steken, en haal pas daarna meer "
            "leads binnen.",
        }[language]
    )
    why = {"en": "of 105 closed deals that got there 25 went on, 23.8%", "nl": "gingen er 25 door, 23,8%"}
    assert why[language] in found.because[1]


def test_a_bottleneck_that_may_be_luck_is_no_place_to_start(language):
    """The consultancy's lowest rate is 40 of 48, and the others are hardly higher."""
    company = sm.scenario("consultancy")
    found = sm.diagnose(company.deals, target=company.target, period=company.period, stages=company.stages)
    assert found.reasons.funnel.bottleneck.stage == "Proposal"
    assert found.reasons.leak is None
    assert (
        found.because[0]
        == {
            "en": "The lowest rate of the funnel is at Proposal: of 48 closed deals that got there 40 went on, 83.3% "
            "(range: 70% to 91%). That it is the lowest is not certain.",
            "nl": "De laagste doorstroom in de trechter is bij Offerte: van de 48 besliste deals die er kwamen, gingen "
            "er 40 door, 83,3% (onzekerheidsmarge: tussen 70% en 91%). Dat dit de laagste is, staat niet vast.",
        }[language]
    )


def test_without_a_funnel_it_tells_what_stands_open_per_stage(checked, language):
    table = checked(
        *[deal("lost", stage="Lost")] * 20,
        deal(amount=300.0, due="2026-05-01", created="2026-02-19", stage="Lead"),
        deal(amount=100.0, due="2026-05-01", created="2025-11-21", stage="Demo"),
    )
    found = sm.diagnose(table, target=1000, period="2026Q2", stages=("Lead", "Demo"))
    assert found.reasons.funnel is None
    assert "20" in found.reasons.no_funnel
    assert [(row.stage, row.amount, row.age) for row in found.reasons.open_by_stage] == [
        ("Lead", 300, 10),
        ("Demo", 100, 100),
    ]
    assert [line.replace(NBSP, " ") for line in found.because[:2]] == {
        "en": [
            "Most open money stands in Lead: € 300, 75% of the whole.",
            "The oldest open deals stand in Demo: 100 days on average, against 55 over all.",
        ],
        "nl": [
            "Het meeste open geld staat in Lead: € 300, 75% van het geheel.",
            "De oudste open deals staan in Demo: gemiddeld 100 dagen, tegen 55 over alle fasen.",
        ],
    }[language]


def test_without_stages_there_is_no_word_of_them(checked, language):
    found = sm.diagnose(checked(*deals(3, 9, 100, 50)), target=100, period="2026Q2")
    assert (
        found.reasons.no_funnel
        == {
            "en": "The order of the stages is not known.",
            "nl": "De volgorde van de fasen is niet bekend.",
        }[language]
    )
    assert found.reasons.open_by_stage == ()
    assert len(found.because) == 1


def test_the_chance_without_the_largest():
    """By hand: the consultancy's quarter hangs on its two large deals, .384 with and .022 without the larger."""
    company = sm.scenario("consultancy")
    found = sm.diagnose(company.deals, target=company.target, period=company.period)
    assert round(found.chance, 3) == 0.384
    without = company.deals[company.deals["amount"].ne(250_000) | company.deals["status"].ne("open")]
    expected = sm.chance_of_target(without, target=company.target, period=company.period)
    assert found.reasons.chance_without_largest == pytest.approx(float(expected), abs=1e-9)
    assert "27.8%" in found.because[2]


@pytest.mark.parametrize(
    ("won", "lost", "amounts", "said", "lessons"),
    [
        (30, 30, (100, 100, 100), "healthy", ("04",)),
        (10, 90, (100, 100, 100, 100), "full but leaky", ("05", "07")),
        (30, 20, (100,), "sharp but thin", ("06",)),
        (10, 90, (100,), "thin and leaky", ("05", "06")),
        (2, 3, (100,), None, ("10",)),
    ],
)
def test_every_situation_says_what_to_do_first_and_what_to_reread(checked, language, won, lost, amounts, said, lessons):
    found = sm.diagnose(checked(*deals(won, lost, *amounts)), target=100, period="2026Q2")
    assert (found.situation, found.lessons) == (said, lessons)
    text = str(found)
    assert found.first_step == STEPS[said][language]
    assert found.first_step in text
    word = {"en": "lesson", "nl": "les"}[language]
    assert all(f"{word} {lesson} (" in found.reread for lesson in lessons)
    assert "{" not in text


STEPS = {
    "healthy": {
        "en": "Keep both numbers where they are, and look at what hangs on few deals.",
        "nl": "Houd beide getallen op peil, en kijk wat er aan een paar deals hangt.",
    },
    "full but leaky": {
        "en": "Find the stage where most deals drop out before you add a single lead.",
        "nl": "Zoek eerst de fase waar de meeste deals afvallen; pas daarna hebben meer leads zin.",
    },
    "sharp but thin": {
        "en": "Fill the pipeline: what you start now counts in the quarters after this one.",
        "nl": "Vul de pipeline: wat nu begint, telt pas in de kwartalen hierna.",
    },
    "thin and leaky": {
        "en": "Find the stage where most deals drop out first; more leads would leak away in the same place.",
        "nl": "Zoek eerst de fase waar de meeste deals afvallen; meer leads lekken op dezelfde plek weg.",
    },
    None: {
        "en": "Look at the open deals one by one, and hang no decision on a rate of so few.",
        "nl": "Loop de open deals één voor één na, en hang geen besluit op aan een conversie van zo weinig deals.",
    },
}


def test_a_thin_pipeline_that_leaks_is_told_to_mend_the_leak_and_then_to_fill(checked, language):
    found = sm.diagnose(
        checked(*FUNNEL, deal(amount=100.0, due="2026-05-01", stage="Lead")),
        target=100,
        period="2026Q2",
        stages=STAGES,
    )
    assert found.situation == "thin and leaky"
    assert (
        found.first_step
        == {
            "en": "Start at Demo: find out why 80 of 105 deals stopped there, then fill the pipeline.",
            "nl": "Begin bij Demo: zoek uit waarom 80 van de 105 deals daar bleven steken, en vul daarna de pipeline.",
        }[language]
    )


def hanging(*open_deals, target):
    """Half of twenty deals won, each in 55 days; seen from the first of March. Gives the reasons, in words."""
    closed = {"created": "2025-11-05", "closed": "2025-12-30"}
    table = [*[deal("won", **closed)] * 10, *[deal("lost", **closed)] * 10, *open_deals]
    about = {"target": target, "period": ("2026-01-01", "2026-06-30"), "as_of": "2026-03-01"}
    return lambda checked: [line.replace(NBSP, " ") for line in sm.diagnose(checked(*table), **about).because]


OLD = deal(amount=100.0, created="2025-12-01", due="2026-02-15")  # 90 days old, and expected two weeks ago
YOUNG = deal(amount=60.0, created="2026-02-01", due="2026-05-01")


def test_what_hangs_on_the_largest_deal_and_what_lingers_is_told_in_sums(checked, language):
    """160 open at a half: 60 is won with a chance of 75%, by the smaller deal alone of 50%; without the old 60 ÷ 60."""
    assert (
        hanging(OLD, YOUNG, target=60)(checked)
        == {
            "en": [
                "The largest deal is 62.5% of what is open (€ 100). Without it the chance of the target goes from 75% "
                "to 50%.",
                "1 deal, € 100, has been open for over 55 days; without it the coverage is 1.0×.",
                "1 deal that counts, € 100, is past its expected day.",
            ],
            "nl": [
                "De grootste deal is 62,5% van wat openstaat (€ 100). Valt die weg, dan gaat de kans op het target van "
                "75% naar 50%.",
                "1 deal, € 100, staat langer dan 55 dagen open; zonder die deal is de dekking 1,0×.",
                "1 deal die meetelt, € 100, is over de verwachte dag heen.",
            ],
        }[language]
    )
    assert (
        hanging(OLD, OLD, YOUNG, target=60)(checked)[1:]
        == {
            "en": [
                "2 deals, € 200, have been open for over 55 days; without them the coverage is 1.0×.",
                "2 deals that count, € 200, are past their expected day.",
            ],
            "nl": [
                "2 deals, € 200, staan langer dan 55 dagen open; zonder die deals is de dekking 1,0×.",
                "2 deals die meetellen, € 200, zijn over hun verwachte dag heen.",
            ],
        }[language]
    )


def test_where_all_hangs_on_the_largest_deal_it_says_so(checked, language):
    """For 100 the deal of 100 must be won: without it the 60 that is left is not enough, whatever happens."""
    assert hanging(OLD, YOUNG, target=100)(checked)[0].endswith(
        {
            "en": "(€ 100). Without it the target is out of reach, even if all the rest is won.",
            "nl": "(€ 100). Valt die weg, dan is het target buiten bereik, ook als al het andere gewonnen wordt.",
        }[language]
    )


def test_two_chances_that_are_written_alike_are_not_told_apart(checked):
    """One of twenty deals is hardly missed: over 99% with it and without it."""
    said = hanging(*[YOUNG] * 20, target=60)(checked)
    assert said == ["The largest deal is 5.0% of what is open (€ 60)."]


def test_nothing_old_or_late_is_not_spoken_of(checked):
    assert len(hanging(YOUNG, YOUNG, target=60)(checked)) == 1


def test_the_chance_says_what_it_assumes(checked, language):
    found = sm.diagnose(checked(*deals(10, 20, 100, 100, 100, 100)), target=100, period="2026Q2")
    assert found.situation == "healthy"
    chance = {"en": "The chance of reaching the target is 80%", "nl": "De kans om het target te halen is 80%"}
    assert chance[language] in found.verdict
    assert {"en": "deals are independent", "nl": "los van elkaar"}[language] in str(found).splitlines()[-3]
    assert sm.diagnose(checked(*deals(0, 0, 100)), target=100, period="2026Q2").assumed == ()


def test_a_target_that_is_met_points_ahead(checked, language):
    table = [*deals(4, 8, 100), deal("won", 100.0, closed="2026-04-02")]
    found = sm.diagnose(checked(*table), target=100, period="2026Q2")
    assert (
        found.first_step
        == {
            "en": "Look at the next period: what is open for it counts from now on.",
            "nl": "Kijk naar de volgende periode: vanaf nu telt wat daarvoor openstaat.",
        }[language]
    )
    assert found.lessons == ("02",)


@pytest.mark.parametrize("missing", ["amount", "day"])
def test_where_most_open_deals_say_nothing_it_is_not_called_an_empty_pipeline(checked, language, missing):
    known = deals(10, 90, 100)
    bare = deal("open", None, due="2026-05-15") if missing == "amount" else deal("open", 100.0)
    # One open deal in two may be without it, and then the verdict stands.
    assert sm.diagnose(checked(*known, bare), target=100, period="2026Q2").situation == "thin and leaky"
    found = sm.diagnose(checked(*known, bare, bare), target=100, period="2026Q2")
    assert found.situation is None
    said = {
        "amount": {
            "en": "The coverage can't be told: 2 of the 3 open deals that count have no amount.",
            "nl": "De dekking is niet te zeggen: 2 van de 3 open deals die meetellen hebben geen bedrag.",
        },
        "day": {
            "en": "The coverage can't be told: 2 of the 3 open deals have no expected day, so nobody knows when they "
            "are due.",
            "nl": "De dekking is niet te zeggen: 2 van de 3 open deals hebben geen verwachte dag, dus niemand weet "
            "wanneer ze moeten sluiten.",
        },
    }
    assert found.verdict == said[missing][language]
    assert (
        found.first_step
        == {
            "en": "Fill in what is missing in the CRM, and export again.",
            "nl": "Vul in het CRM aan wat ontbreekt, en exporteer opnieuw.",
        }[language]
    )
    assert found.lessons == ("02",)


def test_the_share_in_the_verdict_counts_what_is_won_as_the_expectation_does(checked, language):
    # 20 won of 100; 3 of 12 closed deals won; 240 open: 20 + 60 is 80% of the target, and 3.0× is what remains.
    table = [*deals(2, 9, 120, 120), deal("won", 20.0, closed="2026-04-02")]
    found = sm.diagnose(checked(*table), target=100, period="2026Q2")
    assert float(found.expected) == 80
    assert {"en": "20 won, is 80% of the target", "nl": "20 gewonnen, is 80% van het target"}[
        language
    ] in found.verdict.replace("\u00a0", " ")


@pytest.mark.parametrize("target", [150, 800, 5000])
def test_rescaling_all_money_changes_no_verdict(checked, target):
    def verdict(factor):
        table = checked(*deals(12, 30, 100.0 * factor, 250.0 * factor, 40.0 * factor))
        found = sm.diagnose(table, target=target * factor, period="2026Q2")
        return found.situation, round(found.chance, 9), found.lessons, found.reasons.chance_without_largest

    assert verdict(1) == verdict(7)


def test_a_notebook_shows_every_line_and_no_stage_as_markup(checked, language):
    found = sm.diagnose(checked(*deals(12, 18, 100, 100)), target=100, period="2026Q2")
    shown = html.unescape(found._repr_html_())
    assert all(line in shown for line in str(found).splitlines())
    hostile = dataclasses.replace(found, because=("<img src=x onerror=alert(1)>",))
    assert "<img" not in hostile._repr_html_()


def test_a_lesson_is_named_by_its_title_or_by_its_number_alone_where_the_lessons_are_not_there(
    language, tmp_path, monkeypatch
):
    assert (
        reasons.lesson_name("06")
        == {
            "en": "lesson 06 (The consultancy: sharp but thin)",
            "nl": "les 06 (Het adviesbureau: scherp maar dun)",
        }[language]
    )
    monkeypatch.setattr(reasons, "kit_files", lambda: tmp_path)
    reasons._title.cache_clear()
    try:
        assert reasons.lesson_name("06") == {"en": "lesson 06", "nl": "les 06"}[language]
    finally:
        reasons._title.cache_clear()
