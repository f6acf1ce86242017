"""The forecast over tables: whose probability, what counts, and the figures of the lessons."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tables import arrow, deal, refusals

import salesmetrics as sm
from salesmetrics import SalesMetricsError
from salesmetrics.base.language import NBSP

STAGES = ("Lead", "Demo")
WON, LOST = deal("won", 120.0, stage="Demo"), deal("lost", 80.0, stage="Lead")
OPEN = deal(amount=100.0, due="2026-05-01", stage="Lead", probability=0.2)
LATER = deal(amount=999.0, due="2026-07-01", stage="Lead", probability=0.2)
IN_PERIOD = deal("won", 120.0, stage="Demo", closed="2026-04-10")


def test_expected_by_history_adds_what_was_won(checked):
    found = sm.expected_revenue(checked(OPEN, OPEN, LATER, IN_PERIOD, LOST, LOST, LOST), period="2026Q2")
    assert (found.won, found.open, float(found)) == (120, 50, 170)
    assert "25.0%" in found.rate


def test_expected_by_stage(checked):
    """Of 4 closed one was won (25%); of the 2 that reached Demo one (50%)."""
    lost_at_demo = deal("lost", 80.0, stage="Demo")
    deals = checked(OPEN, {**OPEN, "stage": "Demo"}, WON, LOST, LOST, lost_at_demo)
    assert float(sm.expected_revenue(deals, p="stage", stages=STAGES, period="2026Q2")) == 25 + 50


def test_expected_by_the_crm_and_by_a_number(checked):
    deals = checked(OPEN, {**OPEN, "probability": 0.5}, LOST)
    assert float(sm.expected_revenue(deals, p="crm", period="2026Q2")) == 70
    assert float(sm.expected_revenue(deals, p=0.3, period="2026Q2")) == pytest.approx(60)


def test_without_history_the_crm_is_the_default(checked):
    found = sm.expected_revenue(checked(OPEN, OPEN), period="2026Q2")
    assert float(found) == 40
    assert "CRM" in found.rate


def test_the_past_does_not_know_later_wins(checked):
    deals = checked(OPEN, deal("won", 10.0, closed="2026-02-01"), deal("lost", 10.0, closed="2026-03-15"))
    assert float(sm.expected_revenue(deals, as_of="2026-02-15", period="2026Q2")) == 100
    assert float(sm.expected_revenue(deals, period="2026Q2")) == 50


def test_missing_probabilities_are_named_or_filled(checked, language):
    deals = checked(OPEN, {**OPEN, "probability": None}, LOST)
    with pytest.raises(SalesMetricsError, match="D2"):
        sm.chance_of_target(deals, target=100, p="crm", period="2026Q2")
    assert float(sm.expected_revenue(deals, p="crm", fill=0.1, period="2026Q2")) == pytest.approx(30)


def test_missing_amounts_are_counted(checked):
    found = sm.expected_revenue(checked(OPEN, {**OPEN, "amount": None}, LOST, WON), period="2026Q2")
    assert found.open == 50
    assert "1 open deal" in found.notes[0]


@pytest.mark.parametrize(
    ("deals", "options"),
    [
        ([OPEN], {"p": "history"}),
        ([{**OPEN, "probability": None}], {}),
        ([OPEN, WON], {"p": "gut feeling"}),
        ([OPEN, WON], {"p": 25}),
        ([OPEN, WON], {"p": -0.1}),
        ([OPEN, WON], {"p": float("nan")}),
        ([OPEN, WON], {"p": "stage"}),
        ([{**OPEN, "stage": "Demo"}, LOST], {"p": "stage", "stages": STAGES}),
        ([{**OPEN, "amount": None}, WON], {}),
        ([{**OPEN, "probability": None}, WON], {"p": "crm", "fill": 30}),
    ],
)
def test_refusals_in_words(checked, language, deals, options):
    table = checked(*deals)
    with pytest.raises(SalesMetricsError) as refusal:
        sm.expected_revenue(table, period="2026Q2", **options)
    assert refusal.value.hint
    with pytest.raises(SalesMetricsError):
        sm.chance_of_target(table, target=100, period="2026Q2", **options)


@pytest.mark.parametrize(
    ("deals", "options", "english", "dutch"),
    [
        (
            [OPEN],
            {"p": "history"},
            "No deal is closed yet, so history gives no rate.\n→ Give a rate yourself: p=0.25.",
            "Er is nog geen deal beslist, dus uit het verleden (history) volgt geen conversie.\n"
            "→ Geef zelf een conversie: p=0.25.",
        ),
        (
            [OPEN, {**OPEN, "probability": None}],
            {},
            "No deal is closed yet, and not every open deal has a probability.\n→ Give a rate yourself, for example "
            "p=0.25, or fill=0.25 for the deals without one.",
            "Er is nog geen deal beslist, en niet elke open deal heeft een slaagkans.\n→ Geef zelf een conversie, "
            "bijvoorbeeld p=0.25, of fill=0.25 voor de deals zonder slaagkans.",
        ),
        (
            [OPEN, WON],
            {"p": "gut feeling"},
            "“gut feeling” is no way to find a probability.\n"
            '→ Use "history", "stage", "crm", or a number such as 0.25.',
            "“gut feeling” is geen manier om een slaagkans te bepalen.\n"
            '→ Gebruik "history", "stage", "crm", of een getal zoals 0.25.',
        ),
        (
            [OPEN, WON],
            {"p": "stage"},
            "The rate per stage needs the stages in their order.\n"
            "→ Add them: stages=scenario.stages, or a list from first to last.",
            "De conversie per fase heeft de fasen op volgorde nodig.\n"
            "→ Voeg ze toe: stages=scenario.stages, of een lijst van de eerste tot en met de laatste.",
        ),
        (
            [{**OPEN, "stage": "Demo"}, OPEN, {**OPEN, "stage": "Call"}, LOST],
            {"p": "stage", "stages": STAGES},
            "No closed deal reached these stages, so they have no rate: “Call”, “Demo”.\n"
            '→ Check stages=, or use p="history".',
            "Geen besliste deal bereikte deze fasen, dus ze hebben geen conversie: “Call”, “Demo”.\n"
            '→ Controleer stages=, of gebruik p="history".',
        ),
        (
            [{**OPEN, "amount": None}, WON],
            {},
            "No open deal that counts has an amount.\n→ Check the period, or fill in the amounts.",
            "Geen enkele open deal die meetelt heeft een bedrag.\n→ Controleer de periode, of vul de bedragen in.",
        ),
        (
            [{**OPEN, "probability": None}] * 3 + [OPEN],
            {"p": "crm"},
            "3 open deals have no probability: “D1”, “D2”, “D3”.\n"
            "→ Fill them in, or say what counts for them: fill=0.25.",
            "3 open deals hebben geen slaagkans: “D1”, “D2”, “D3”.\n"
            "→ Vul ze in, of zeg wat voor die deals geldt: fill=0.25.",
        ),
        (
            [{**OPEN, "probability": None}] * 4,
            {"p": "crm"},
            "4 open deals have no probability: “D1”, “D2”, “D3”, ….\n→ Fill them in, or say",
            "4 open deals hebben geen slaagkans: “D1”, “D2”, “D3”, ….\n→ Vul ze in, of zeg",
        ),
    ],
)
def test_what_is_missing_for_a_probability_is_said_and_what_to_do(checked, deals, options, english, dutch):
    table = checked(*deals)
    said = refusals(lambda: sm.expected_revenue(table, period="2026Q2", **options))
    assert said["en"].startswith(english)
    assert said["nl"].startswith(dutch)


def test_each_probability_says_where_it_comes_from(checked, language):
    table = checked(OPEN, {**OPEN, "stage": "Demo"}, WON, LOST, deal("lost", stage="Demo"))
    rates = {
        p: sm.expected_revenue(table, p=p, stages=STAGES, period="2026Q2").rate
        for p in ("history", "stage", "crm", 0.3)
    }
    assert (
        rates
        == {
            "en": {
                "history": "the rate of history, 33.3% = 1 won ÷ 3 closed",
                "stage": "the rate of each deal's stage",
                "crm": "the CRM's probabilities, mostly the defaults of the stages",
                0.3: "a given rate of 30.0%",
            },
            "nl": {
                "history": "de conversie tot nu toe, 33,3% = 1 gewonnen ÷ 3 beslist",
                "stage": "per deal de conversie vanaf zijn fase",
                "crm": "de slaagkansen uit het CRM, meestal de standaard van de fase",
                0.3: "een opgegeven conversie van 30,0%",
            },
        }[language]
    )
    uncertain = sm.chance_of_target(table, target=100, period="2026Q2", uncertain=True)
    assert uncertain.rate == rates["history"] + {"en": ", itself uncertain", "nl": ", die zelf onzeker is"}[language]


def test_uncertain_needs_history(checked):
    table = checked(OPEN, WON, LOST)
    assert refusals(lambda: sm.chance_of_target(table, target=100, p=0.5, uncertain=True)) == {
        "en": 'Only a rate from history can be uncertain in this way.\n→ Use p="history", or leave out uncertain=True.',
        "nl": "Alleen een conversie uit het verleden (history) kan op deze manier onzeker zijn.\n"
        '→ Gebruik p="history", of laat uncertain=True weg.',
    }


@pytest.mark.parametrize("target", [0, -5, float("nan"), float("inf"), "100", None])
def test_a_target_is_an_amount(checked, language, target):
    with pytest.raises(SalesMetricsError):
        sm.chance_of_target(checked(OPEN, WON), target=target)


def test_chance_by_hand(checked):
    """Two deals of 100 at a half: one of two is enough for 100, both are needed for 200."""
    deals = checked(OPEN, OPEN, LATER, WON, LOST)
    chance = lambda target, **more: float(sm.chance_of_target(deals, target=target, period="2026Q2", **more))  # noqa: E731
    assert chance(100) == pytest.approx(0.75)
    assert chance(200) == pytest.approx(0.25)
    assert chance(200.01) == 0
    assert chance(100, slip=0.5) == pytest.approx(1 - 0.75**2)
    assert chance(200, new_deals=1) == pytest.approx(0.5)
    assert chance(100, p=0.2) == pytest.approx(0.36)


def test_the_levers_at_their_ends(checked):
    """A rate of 1 is certain and one of 0 hopeless; when all slips nothing comes; no deal is new unless one says so."""
    deals = checked(OPEN, OPEN, WON, LOST)
    chance = lambda target, **more: float(sm.chance_of_target(deals, target=target, period="2026Q2", **more))  # noqa: E731
    assert (chance(200, p=1), chance(200.01, p=1), chance(1, p=0)) == (1, 0, 0)
    assert float(sm.expected_revenue(deals, p=1, period="2026Q2")) == 200
    assert (chance(1, slip=1), chance(1, slip=1, p=1)) == (0, 0)
    assert chance(200) == chance(200, new_deals=0, slip=0.0) == 0.25
    assert chance(300) == 0
    for slip in (1.001, -0.001):
        with pytest.raises(SalesMetricsError):
            chance(1, slip=slip)


@pytest.mark.parametrize("wanted", [0, 1, 1.5, -0.1, float("nan"), "0.8", None])
def test_the_chance_wanted_lies_between_0_and_1(checked, language, wanted):
    with pytest.raises(SalesMetricsError, match={"en": "The chance wanted", "nl": "De gewenste kans"}[language]):
        sm.coverage_for_chance(checked(OPEN, WON, LOST), target=100, chance=wanted, period="2026Q2")


def test_the_coverage_asked_for_is_for_8_in_10_unless_one_says_otherwise(checked):
    deals = checked(*[OPEN] * 10, WON, LOST)
    by_default = sm.coverage_for_chance(deals, target=500, period="2026Q2")
    assert by_default == sm.coverage_for_chance(deals, target=500, chance=0.8, period="2026Q2") == 2.5


def test_what_is_won_lowers_what_is_needed(checked):
    deals = checked(OPEN, IN_PERIOD, LOST)
    assert float(sm.chance_of_target(deals, target=220, period="2026Q2")) == pytest.approx(0.5)
    assert float(sm.chance_of_target(deals, target=120, period="2026Q2")) == 1


def test_an_uncertain_rate_widens(checked):
    deals = checked(*[OPEN] * 4, WON, LOST, LOST, LOST)
    sure = sm.chance_of_target(deals, target=400, period="2026Q2")
    unsure = sm.chance_of_target(deals, target=400, period="2026Q2", uncertain=True)
    assert float(sure) == pytest.approx(0.25**4)
    assert float(unsure) > 5 * float(sure)
    assert unsure.rate != sure.rate


def test_an_uncertain_rate_knows_what_slips_what_is_new_and_what_is_won(checked):
    """One win of two seen. For one deal it is the mean of Beta(1½, 1½), a half; for two, 1 − E[(1 − p)²]."""
    uncertain = {"period": "2026Q2", "uncertain": True}
    one = checked(OPEN, WON, LOST)
    assert float(sm.chance_of_target(one, target=100, **uncertain)) == pytest.approx(0.5)
    assert float(sm.chance_of_target(one, target=100, slip=0.2, **uncertain)) == pytest.approx(0.4)
    # E[p²] is 5/16: two deals, of which one is enough.
    assert float(sm.chance_of_target(one, target=100, new_deals=1, **uncertain)) == pytest.approx(1 - 5 / 16)
    won = checked(OPEN, IN_PERIOD, LOST)
    assert float(sm.chance_of_target(won, target=220, **uncertain)) == pytest.approx(0.5)
    assert float(sm.chance_of_target(won, target=221, **uncertain)) == 0


@given(
    st.lists(st.tuples(st.integers(0, 10_000), st.integers(0, 20)), min_size=1, max_size=9),
    st.integers(1, 40_000),
)
def test_chance_over_a_table_is_all_outcomes(rows, target):
    deals = sm.check_deals(
        arrow(*[{**OPEN, "amount": cents / 100, "probability": twentieths / 20} for cents, twentieths in rows])
    )
    truth = 0.0
    for wins in itertools.product((0, 1), repeat=len(rows)):
        if sum(win * cents for win, (cents, _) in zip(wins, rows, strict=True)) >= target:
            weight = 1.0
            for win, (_, twentieths) in zip(wins, rows, strict=True):
                weight *= twentieths / 20 if win else 1 - twentieths / 20
            truth += weight
    assert float(sm.chance_of_target(deals, target=target / 100, p="crm")) == pytest.approx(truth, abs=1e-9)


def test_required_coverage(language):
    assert sm.required_coverage(0.25) == 4
    # With every deal won the target itself is enough.
    assert sm.required_coverage(1) == 1
    for wrong in (25, -0.1, float("nan"), float("inf")):
        with pytest.raises(SalesMetricsError, match="25%"):
            sm.required_coverage(wrong)


def test_required_coverage_of_nothing_won_says_at_least(checked, language):
    rate = sm.conversion_rate(checked(*[LOST] * 8))
    with pytest.raises(SalesMetricsError) as refusal:
        sm.required_coverage(rate)
    assert (
        str(refusal.value)
        == {
            "en": "With a conversion rate of 0 no coverage is enough. What was seen fits rates up to 32.4%: at least "
            "3.08× is needed.\n→ Wait for the first wins, or look at why nothing was won.",
            "nl": "Bij een conversie van 0 is geen enkele dekking genoeg. Wat je zag past bij een conversie tot 32,4%: "
            "er is minstens 3,08× nodig.\n→ Wacht op de eerste gewonnen deals, of kijk waarom er niets gewonnen is.",
        }[language]
    )
    # A 0 that nobody counted, or one in money, says nothing of what is needed at least.
    for nothing in (0, sm.conversion_rate(checked(*[LOST] * 8), unit="amount")):
        with pytest.raises(SalesMetricsError) as refusal:
            sm.required_coverage(nothing)
        assert "×" not in str(refusal.value)


def test_coverage_for_a_chance(checked):
    """Thirty equal deals at a third: 8 wins or more come with .84, 9 with .71; so 80% asks for 30 ÷ 8."""
    deals = checked(*[OPEN] * 30, WON, LOST, LOST)
    assert sm.coverage_for_chance(deals, target=1000, chance=0.8, period="2026Q2") == pytest.approx(3.75)
    # With 120 won in the period, two deals at a half: one win of two must bring the rest, whatever the target is.
    ahead = checked(*[OPEN] * 2, IN_PERIOD, LOST)
    assert sm.coverage_for_chance(ahead, target=220, chance=0.5, period="2026Q2") == pytest.approx(2)
    assert sm.coverage_for_chance(ahead, target=320, chance=0.5, period="2026Q2") == pytest.approx(2)
    assert sm.coverage_for_chance(ahead, target=120, chance=0.5, period="2026Q2") == 0


def about(name):
    company = sm.scenario(name)
    return company, {"target": company.target, "period": company.period, "as_of": company.as_of}


@pytest.mark.parametrize(
    ("name", "covered", "rate", "expected", "chance", "tolerance"),
    [
        ("startup", 5.0, 0.10, 250_000, 0.007, 0.001),
        ("consultancy", 1.5, 0.60, 540_000, 0.384, 0.0005),
        ("agency", 6.0, 0.10, 240_000, 0.008, 0.0005),
    ],
)
def test_the_three_companies(name, covered, rate, expected, chance, tolerance):
    company, options = about(name)
    moment = {"period": company.period, "as_of": company.as_of}
    assert float(sm.coverage(company.deals, **options)) == pytest.approx(covered)
    assert float(sm.conversion_rate(company.deals, as_of=company.as_of)) == pytest.approx(rate)
    assert float(sm.expected_revenue(company.deals, **moment)) == pytest.approx(expected)
    assert float(sm.chance_of_target(company.deals, **options)) == pytest.approx(chance, abs=tolerance)
    assert sm.required_coverage(sm.conversion_rate(company.deals)) == pytest.approx(1 / rate)


def test_the_startup_has_three_forecasts():
    startup, _ = about("startup")
    ways = {
        p: sm.expected_revenue(startup.deals, p=p, stages=startup.stages, period=startup.period)
        for p in ("history", "stage", "crm")
    }
    assert {p: round(float(way) / 1000) for p, way in ways.items()} == {"history": 250, "stage": 346, "crm": 505}


def test_the_startup_with_a_better_rate():
    startup, options = about("startup")
    assert float(sm.chance_of_target(startup.deals, p=0.2318, **options)) == pytest.approx(0.73, abs=0.01)
    assert float(sm.chance_of_target(startup.deals, p=0.244, **options)) == pytest.approx(0.80, abs=0.01)


def test_the_consultancy_by_money_and_by_its_large_deals():
    consultancy, options = about("consultancy")
    by_money = sm.conversion_rate(consultancy.deals, unit="amount")
    assert float(by_money) == pytest.approx(0.6)
    moment = {"period": consultancy.period}
    deals, large = consultancy.deals, consultancy.deals["amount"].isin([250_000, 200_000])
    certain = deals.assign(probability=0.6)
    for fate, chance in ((1.0, 0.947), (0.0, 0.0)):
        certain.loc[large & (deals["status"] == "open"), "probability"] = fate
        assert float(sm.chance_of_target(certain, p="crm", **options)) == pytest.approx(chance, abs=5e-4)
    assert sm.concentration(deals, **moment).effective_deals == pytest.approx(6.5, abs=0.05)


@pytest.mark.parametrize(
    ("tongue", "said"),
    [
        ("en", "€ 70 expected = € 20 won + € 50 from open deals, with the rate of history, 50.0% = 1 won ÷ 2 closed"),
        ("nl", "€ 70 verwacht = € 20 gewonnen + € 50 uit open deals, met de conversie tot nu toe, 50,0% = 1 gewonnen"),
    ],
)
def test_a_forecast_shows_itself_as_one_sum_with_its_probability(checked, tongue, said):
    sm.use_language(tongue)
    won = deal("won", 20.0, stage="Demo", closed="2026-04-10")
    found = sm.expected_revenue(checked(OPEN, won, LOST), period="2026Q2")
    assert str(found).replace("\u00a0", " ").startswith(said)
    assert repr(found) == str(found)
    assert found._repr_html_().startswith(f"<div><strong>{found.line}</strong>")


@pytest.mark.parametrize(
    ("options", "english", "dutch"),
    [
        (
            {},
            ", that none slips to a later period, and that none is both created and closed within this one.",
            ", dat er geen doorschuift naar een latere periode, en dat er in deze periode geen deal bijkomt die ook "
            "nog beslist wordt.",
        ),
        (
            {"slip": 0.1},
            ", and that none is both created and closed within the period.",
            ", en dat er in de periode geen deal bijkomt die ook nog beslist wordt.",
        ),
        (
            {"new_deals": 1},
            ", and that none slips to a later period.",
            ", en dat er geen doorschuift naar een latere periode.",
        ),
        ({"slip": 0.1, "new_deals": 1}, ".", "."),
    ],
)
def test_a_chance_says_what_it_assumes(checked, language, options, english, dutch):
    found = sm.chance_of_target(checked(OPEN, WON, LOST), target=100, period="2026Q2", **options)
    assert (
        found.notes[-1]
        == {
            "en": "Assumes that deals are independent" + english,
            "nl": "Gaat ervan uit dat deals los van elkaar gewonnen worden" + dutch,
        }[language]
    )
    assert found.notes[-1] in str(found)
    assert found.notes[-1] in found._repr_html_()


@pytest.mark.parametrize("name", ["expected_revenue", "chance_of_target"])
def test_a_forecast_says_what_is_not_due_and_what_is_late_as_the_coverage_does(checked, language, name):
    """Of 400 open, 100 is due and 50 overdue; 200 comes later and 50 has no date. The table ends on the day of WON."""
    rows = [deal(amount=100.0, due="2026-06-30"), deal(amount=50.0, due="2026-01-05")]
    table = checked(*rows, deal(amount=200.0, due="2026-09-01"), deal(amount=50.0, due=None), WON, LOST)
    options = {"target": 100} if name == "chance_of_target" else {}
    found = getattr(sm, name)(table, period=("2026-01-01", "2026-06-30"), **options)
    said = {
        "en": (
            "2 open deals, € 250, are not due in the period and were left out.",
            "1 deal that counts is past its expected day.",
        ),
        "nl": (
            "2 open deals, € 250, moeten buiten de periode sluiten en zijn weggelaten.",
            "1 deal die meetelt is over de verwachte dag heen.",
        ),
    }[language]
    notes = tuple(note.replace(NBSP, " ") for note in found.notes)
    assert notes[:2] == said
    covered = sm.coverage(table, target=100, period=("2026-01-01", "2026-06-30"))
    assert found.notes[:2] == covered.notes
    assert getattr(sm, name)(table, **options).notes[: -1 if options else None] == ()


def test_a_chance_shows_words_in_a_notebook_and_stays_a_number(checked):
    found = sm.chance_of_target(checked(OPEN, OPEN, WON, LOST), target=100, period="2026Q2")
    printed = []
    found._repr_pretty_(type("Printer", (), {"text": staticmethod(printed.append)}), False)
    assert printed == [str(found)]
    assert printed[0].startswith("75% chance of reaching the target, with the rate of history")
    assert f"<strong>{printed[0].splitlines()[0]}</strong>" in found._repr_html_()
    assert repr(found) == "0.75"
