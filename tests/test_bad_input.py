"""What every function over deals does with bad input: each refuses in words, in both languages."""

import math

import narwhals as nw
import pyarrow as pa
import pytest
from tables import deal, refusals, rows_of

import salesmetrics as sm
from salesmetrics.base.language import NBSP
from salesmetrics.base.typed_numbers import plain

STAGES = ("Lead", "Demo")


# The two engines that differ most: the words come from the kit, not from the engine.
two_engines = pytest.mark.parametrize("engine", ["pandas", "duckdb"], indirect=True, scope="session")


# Each function of the face that takes a table, with the columns it can't do without.
BASIC = {"status", "amount", "closed_on"}
CALLS = {
    "coverage": (lambda deals, **how: sm.coverage(deals, **{"target": 100} | how), BASIC),
    "concentration": (lambda deals, **how: sm.concentration(deals, **how), BASIC),
    "velocity": (lambda deals, **how: sm.velocity(deals, **how), BASIC),
    "open_by_stage": (lambda deals, **how: sm.open_by_stage(deals, **how), BASIC | {"stage"}),
    "expected_revenue": (lambda deals, **how: sm.expected_revenue(deals, **how), BASIC | {"deal_id"}),
    "chance_of_target": (
        lambda deals, **how: sm.chance_of_target(deals, **{"target": 100} | how),
        BASIC | {"deal_id"},
    ),
    "coverage_for_chance": (
        lambda deals, **how: sm.coverage_for_chance(deals, **{"target": 100, "chance": 0.3} | how),
        BASIC | {"deal_id"},
    ),
    "stale_deals": (lambda deals, **how: sm.stale_deals(deals, **{"target": 100} | how), BASIC),
    "diagnose": (lambda deals, **how: sm.diagnose(deals, **{"target": 100} | how), BASIC | {"deal_id"}),
    "compare": (
        lambda deals, **how: sm.compare(deals, deals, **{"target": 100} | how),
        BASIC | {"deal_id"},
    ),
    "past_quarters": (lambda deals, **how: sm.past_quarters(deals, **how), BASIC),
    "still_needed": (
        lambda deals, **how: sm.still_needed(deals, **{"target": 1_000, "period": "2026Q2"} | how),
        BASIC,
    ),
    "conversion_rate": (lambda deals, **how: sm.conversion_rate(deals, **how), {"status", "closed_on"}),
    "funnel": (
        lambda deals, **how: sm.funnel(deals, **{"stages": STAGES} | how),
        {"status", "amount", "closed_on", "stage"},
    ),
}
AIMED = ("coverage", "chance_of_target", "coverage_for_chance", "stale_deals", "diagnose", "compare")
LOOKS_BACK = ("coverage", "concentration", "velocity", "open_by_stage", "expected_revenue", "chance_of_target")
LOOKS_BACK += ("coverage_for_chance", "stale_deals", "diagnose")

OPEN = deal(amount=100.0, due="2026-05-01", stage="Lead", probability=0.2)
WON, LOST = deal("won", 120.0, stage="Demo"), deal("lost", 80.0, stage="Lead")


def said(act):
    return {language: words.replace(NBSP, " ") for language, words in refusals(act).items()}


@pytest.mark.parametrize("name", CALLS)
@two_engines
def test_a_good_table_is_no_reason_to_refuse(checked, name):
    CALLS[name][0](checked(OPEN, WON, LOST), period="2026Q2")


@pytest.mark.parametrize(
    ("name", "missing"), [(name, column) for name, (_call, needed) in CALLS.items() for column in sorted(needed)]
)
@two_engines
def test_a_missing_column_is_named(table, name, missing):
    raw = table({**OPEN, "deal_id": "A"}, {**WON, "deal_id": "B"}, {**LOST, "deal_id": "C"}, without=(missing,))
    found = said(lambda: CALLS[name][0](raw, period="2026Q2"))
    assert found["en"].startswith(f"The table has no column “{missing}”.\n→ ")
    assert found["nl"].startswith(f"De tabel heeft geen kolom “{missing}”.\n→ ")


@pytest.mark.parametrize("name", CALLS)
@two_engines
def test_no_rows_are_refused(empty_table, name):
    found = said(lambda: CALLS[name][0](empty_table))
    # Where a day is needed first, that is what an empty table lacks.
    assert found["en"].startswith(("The table has no rows.\n→ ", "No deal has a date of creation or closing"))
    assert found["nl"].startswith(("De tabel heeft geen rijen.\n→ ", "Geen enkele deal heeft een datum"))


@pytest.mark.parametrize("name", CALLS)
@two_engines
def test_a_plain_table_passes_the_door_by_itself(table, checked, name):
    """Other types of dates, texts and numbers give what the checked table gives."""
    kinds = {"closed_on": pa.timestamp("ms"), "status": pa.dictionary(pa.int32(), pa.string()), "amount": pa.int64()}
    both = (table(OPEN, WON, LOST, **kinds), checked(OPEN, WON, LOST))
    plainly, ours = (CALLS[name][0](deals, period="2026Q2") for deals in both)
    if name == "open_by_stage":
        plainly, ours = rows_of(plainly), rows_of(ours)
    said_so = "\nIds not checked: in a table that is worked out later, check_deals looks for doubles."
    assert str(plainly).replace(said_so, "") == str(ours)


@pytest.mark.parametrize("name", CALLS)
@pytest.mark.parametrize(
    ("wrong", "english", "dutch"),
    [
        ({"status": "Won"}, "Unknown status: 1 row", "Onbekende status: 1 rij"),
        ({"amount": -5.0}, "Amounts below 0 or too large: 1 row", "Bedragen onder 0 of te groot: 1 rij"),
        ({"closed_on": None}, "Won or lost deals without closed_on", "Gewonnen of verloren deals zonder closed_on"),
    ],
    ids=["status", "amount", "closed_on"],
)
@two_engines
def test_a_value_that_no_door_has_seen_is_refused(table, name, wrong, english, dutch):
    found = said(lambda: CALLS[name][0](table(OPEN, {**WON, **wrong}, LOST)))
    assert found["en"].startswith(english)
    assert found["nl"].startswith(dutch)


@pytest.mark.parametrize("name", CALLS)
@two_engines
def test_an_id_twice_is_refused_in_memory_and_not_looked_for_in_a_lazy_table(table, name):
    twice = table(*({**row, "deal_id": "A"} for row in (OPEN, WON, LOST)))
    if isinstance(nw.from_native(twice), nw.LazyFrame):
        CALLS[name][0](twice)
        found = sm.coverage(twice, target=100)
        assert found.notes == ("Ids not checked: in a table that is worked out later, check_deals looks for doubles.",)
        assert sm.coverage(table(OPEN, WON, LOST), target=100).notes == found.notes
        assert sm.coverage(sm.check_deals(table(OPEN, WON, LOST)), target=100).notes == ()
    else:
        assert "Deals that stand in the table more than once" in said(lambda: CALLS[name][0](twice))["en"]


@pytest.mark.parametrize("name", LOOKS_BACK)
@pytest.mark.parametrize("without", [(), ("expected_close_on",)])
@two_engines
def test_a_period_without_any_expected_day_is_refused(table, name, without):
    """Nothing would be due, and the coverage 0.0×, of a pipeline that is full."""
    undated = table({**OPEN, "expected_close_on": None}, WON, LOST, without=without)
    assert said(lambda: CALLS[name][0](undated, period="2026Q2")) == {
        "en": "No open deal has an expected date, so none is due in the period.\n"
        "→ Give the column expected_close_on, or leave out period=: all open deals count then.",
        "nl": "Geen open deal heeft een verwachte datum, dus geen enkele hoeft in de periode te sluiten.\n"
        "→ Geef de kolom expected_close_on, of laat period= weg: dan tellen alle open deals.",
    }


@pytest.mark.parametrize("name", AIMED)
@pytest.mark.parametrize("target", [0, -1, math.nan, math.inf, "500.000", True, None])
@two_engines
def test_a_target_must_be_an_amount(checked, name, target):
    table = checked(OPEN, WON, LOST)
    assert said(lambda: CALLS[name][0](table, target=target)) == {
        "en": f"The target must be an amount of more than 0, not {target!r}.\n"
        "→ Give the revenue you want to win, for example target=500_000.",
        "nl": f"Het target moet een bedrag boven 0 zijn; {target!r} kan niet.\n"
        "→ Geef de omzet die je wilt winnen, bijvoorbeeld target=500_000.",
    }


@pytest.mark.parametrize("name", CALLS)
@two_engines
def test_a_period_that_is_none(checked, name):
    table = checked(OPEN, WON, LOST)
    found = said(lambda: CALLS[name][0](table, period="2026Q5"))
    assert found["en"].startswith("“2026Q5” is not a period.\n→ ")
    assert found["nl"].startswith("“2026Q5” is geen periode.\n→ ")
    assert said(lambda: CALLS[name][0](table, period=("2026-06-30", "2026-04-01"))) == {
        "en": "The period ends on 1 Apr 2026, before it begins on 30 Jun 2026.\n"
        "→ Give the first day first, then the last.",
        "nl": "De periode eindigt op 01-04-2026, nog vóór het begin op 30-06-2026.\n"
        "→ Geef eerst de eerste dag en dan de laatste.",
    }


@pytest.mark.parametrize("name", LOOKS_BACK)
@two_engines
def test_a_past_day_with_a_period_that_has_ended_is_refused(checked, name):
    later = deal("won", 5.0, stage="Demo", closed="2026-04-10")
    table = checked(deal(amount=7.0, due="2026-03-20", stage="Lead"), OPEN, WON, LOST, later)
    found = said(lambda: CALLS[name][0](table, period="2026Q1", as_of="2026-03-02"))
    assert found["en"].startswith("The period ended on 31 Mar 2026, and the table goes on to 10 Apr 2026.\n→ ")
    assert found["nl"].startswith("De periode eindigde op 31-03-2026, en de tabel loopt door tot 10-04-2026.\n→ ")
    CALLS[name][0](table, period="2026Q1")
    CALLS[name][0](table, period="2026Q2", as_of="2026-03-02")


@pytest.mark.parametrize("name", ["conversion_rate", "funnel"])
@two_engines
def test_closed_deals_keep_their_day_so_a_look_back_at_them_is_fine(checked, name):
    later = deal("won", 5.0, stage="Demo", closed="2026-04-10")
    table = checked(OPEN, deal("won", stage="Demo", closed="2026-03-01"), later)
    found = CALLS[name][0](table, period="2026Q1", as_of="2026-03-02")
    assert (found.denominator if name == "conversion_rate" else found.steps[0].entered) == 1


# Rates


RATE = {
    "en": "A conversion rate lies between 0 and 1, not {}.\n→ 25% is 0.25.",
    "nl": "Een conversieratio ligt tussen 0 en 1, niet {}.\n→ 25% is 0.25.",
}


@pytest.mark.parametrize("wrong", [25, 1.01, -0.1, math.nan, math.inf, True])
@two_engines
def test_a_rate_outside_0_to_1_is_refused(checked, wrong):
    table = checked(OPEN, WON, LOST)
    expected = {language: words.format(wrong) for language, words in RATE.items()}
    for name in ("expected_revenue", "chance_of_target", "coverage_for_chance"):
        assert said(lambda name=name: CALLS[name][0](table, p=wrong)) == expected
        without = checked({**OPEN, "probability": None}, WON)
        assert said(lambda name=name, deals=without: CALLS[name][0](deals, p="crm", fill=wrong)) == expected
    assert said(lambda: sm.required_coverage(wrong)) == expected


@pytest.mark.parametrize("wrong", ["25%", "", None, [0.25], 10**400])
def test_a_rate_that_is_no_number_is_refused(wrong):
    expected = {language: words.format(wrong) for language, words in RATE.items()}
    assert said(lambda: sm.required_coverage(wrong)) == expected


@two_engines
def test_the_edges_of_a_rate_are_rates(checked):
    table = checked(OPEN, OPEN, WON, LOST)
    assert float(sm.expected_revenue(table, p=0)) - 120 == 0
    assert float(sm.expected_revenue(table, p=1)) - 120 == 200
    assert sm.required_coverage(1) == 1


@pytest.mark.parametrize("value", ["x", "3", b"3", None, True, [1], {}, object(), 10**400])
def test_what_is_no_number_is_nan(value):
    assert math.isnan(plain(value))


@pytest.mark.parametrize(
    ("name", "options", "english", "dutch"),
    [
        ("chance_of_target", {"p": [0.25]}, "A conversion rate lies", "Een conversieratio ligt"),
        ("chance_of_target", {"slip": "20%"}, "The part that slips", "Het deel dat doorschuift"),
        ("chance_of_target", {"new_deals": "3"}, "The number of new deals", "Het aantal nieuwe deals"),
        ("coverage_for_chance", {"chance": "80%"}, "The chance wanted", "De gewenste kans"),
        ("diagnose", {"reference": "3", "target": 10_000}, "do not fit together", "passen niet bij elkaar"),
        ("coverage", {"stages": 5}, "“5” is not a name", "“5” is geen naam"),
        ("conversion_rate", {"by": 5}, "“5” is not a name", "“5” is geen naam"),
        ("conversion_rate", {"by": [5]}, "“[5]” is not a name", "“[5]” is geen naam"),
        ("conversion_rate", {"start": "Demo", "stages": 5}, "“5” is not a name", "“5” is geen naam"),
        ("funnel", {"stages": 5}, "“5” is not a name", "“5” is geen naam"),
        ("diagnose", {"stages": 5}, "“5” is not a name", "“5” is geen naam"),
    ],
)
@two_engines
def test_an_option_of_the_wrong_kind_is_refused(checked, name, options, english, dutch):
    table = checked(OPEN, *[WON, LOST] * 5)
    found = said(lambda: CALLS[name][0](table, **options))
    assert english in found["en"]
    assert dutch in found["nl"]


# Probabilities of the CRM


@pytest.mark.parametrize("name", ["expected_revenue", "chance_of_target", "coverage_for_chance"])
@two_engines
def test_deals_without_a_probability_are_named(checked, name):
    without = {**OPEN, "probability": None}
    one = said(lambda: CALLS[name][0](checked(OPEN, without, LOST), p="crm"))
    assert one == {
        "en": "1 open deal has no probability: “D2”.\n→ Fill them in, or say what counts for them: fill=0.25.",
        "nl": "1 open deal heeft geen slaagkans: “D2”.\n→ Vul ze in, of zeg wat voor die deals geldt: fill=0.25.",
    }
    four = said(lambda: CALLS[name][0](checked(*[without] * 4, LOST), p="crm"))
    assert four["en"].startswith("4 open deals have no probability: “D1”, “D2”, “D3”, ….\n→ ")
    assert four["nl"].startswith("4 open deals hebben geen slaagkans: “D1”, “D2”, “D3”, ….\n→ ")


@two_engines
def test_only_deals_that_count_must_have_a_probability(checked):
    later = deal(amount=50.0, due="2026-07-01", probability=None)
    table = checked(OPEN, later, LOST)
    assert float(sm.expected_revenue(table, p="crm", period="2026Q2")) == 20
    assert "D2" in said(lambda: sm.expected_revenue(table, p="crm"))["en"]


@two_engines
def test_a_filled_in_probability_counts_for_those_without_one(checked):
    table = checked(OPEN, {**OPEN, "probability": None}, LOST)
    assert float(sm.expected_revenue(table, p="crm", fill=0.5)) == pytest.approx(20 + 50)
    assert float(sm.chance_of_target(table, target=200, p="crm", fill=0.5)) == pytest.approx(0.1)


# Nothing closed, nothing won, too little closed


NO_HISTORY = {
    "en": "No deal is closed yet, so history gives no rate.\n→ Give a rate yourself: p=0.25.",
    "nl": "Er is nog geen deal beslist, dus uit het verleden (history) volgt geen conversie.\n"
    "→ Geef zelf een conversie: p=0.25.",
}


@pytest.mark.parametrize("name", ["expected_revenue", "chance_of_target", "coverage_for_chance"])
@two_engines
def test_nothing_closed_is_no_history(checked, name):
    table = checked(OPEN, {**OPEN, "probability": None})
    assert said(lambda: CALLS[name][0](table, p="history")) == NO_HISTORY
    found = said(lambda: CALLS[name][0](table))
    assert found["en"].startswith("No deal is closed yet, and not every open deal has a probability.\n→ ")
    assert found["nl"].startswith("Er is nog geen deal beslist, en niet elke open deal heeft een slaagkans.\n→ ")


@two_engines
def test_nothing_closed_elsewhere(checked, language):
    table = checked(OPEN)
    no_rate = sm.conversion_rate(table)
    with pytest.raises(sm.SalesMetricsError, match={"en": "no closed deals yet", "nl": "nog geen besliste"}[language]):
        sm.required_coverage(no_rate)
    assert [step.rate.value for step in sm.funnel(table, stages=STAGES).steps] == [None, None]
    found = sm.diagnose(table, target=100)
    assert found.conversion.value is found.expected is found.chance is found.situation is None
    assert "nan" not in str(found).lower()


@two_engines
def test_zero_won(checked, language):
    """Of eight closed none was won: a rate of 0, nothing expected, no chance, and a coverage only "at least"."""
    table = checked(OPEN, OPEN, *[LOST] * 8)
    assert float(sm.conversion_rate(table)) == 0
    assert float(sm.expected_revenue(table)) == float(sm.chance_of_target(table, target=100)) == 0
    assert float(sm.chance_of_target(table, target=100, uncertain=True)) > 0
    for refused, english, dutch in (
        (lambda: sm.required_coverage(sm.conversion_rate(table)), "at least 3.08× is needed", "minstens 3,08×"),
        (lambda: sm.required_coverage(0), "no coverage is enough", "is geen enkele dekking genoeg"),
        (lambda: sm.coverage_for_chance(table, target=100), "No size of deals", "Hoe groot de deals ook zijn"),
        (lambda: sm.velocity(table), "was won yet", "nog geen deal met een bedrag gewonnen"),
    ):
        assert {"en": english, "nl": dutch}[language] in said(refused)[language]
        sm.use_language(language)
    found = sm.diagnose(checked(*[OPEN] * 3, *[LOST] * 12), target=100, stages=STAGES)
    assert (found.situation, float(found.chance)) == ("full but leaky", 0)
    assert "nan" not in str(found).lower()


@pytest.mark.parametrize(("closed", "enough"), [(0, False), (1, False), (9, False), (10, True)])
@two_engines
def test_fewer_than_ten_closed(checked, language, closed, enough):
    found = sm.diagnose(checked(OPEN, *[LOST] * closed), target=100)
    deals = "deal" if closed == 1 else "deals"
    words = {
        "en": f"Too few to tell: {closed} closed {deals}, and it takes 10 to say anything.",
        "nl": f"Te weinig om iets te zeggen: {closed} besliste {deals}, en er zijn er minstens 10 nodig.",
    }
    assert (found.verdict == words[language]) is not enough
    assert (found.situation is None) is not enough


# Amounts


@pytest.mark.parametrize(
    "name", ["coverage", "concentration", "expected_revenue", "chance_of_target", "coverage_for_chance", "diagnose"]
)
@two_engines
def test_no_deal_that_counts_has_an_amount(checked, name):
    table = checked({**OPEN, "amount": None}, {**OPEN, "amount": None}, WON, LOST)
    found = said(lambda: CALLS[name][0](table))
    assert found["en"].startswith(
        ("None of the 2 open deals that count has an amount.", "No open deal that counts has")
    )
    assert found["nl"].startswith(("Geen van de 2 open deals die meetellen heeft een", "Geen enkele open deal die"))
    assert "amounts" in found["en"] or "Fill in what each deal may bring" in found["en"]


@pytest.mark.parametrize("name", ["coverage", "concentration", "expected_revenue", "chance_of_target"])
@two_engines
def test_an_empty_amount_is_told_with_the_result(checked, language, name):
    found = CALLS[name][0](checked(OPEN, {**OPEN, "amount": None}, WON, LOST))
    words = {
        "en": "1 open deal has no amount and is not in the sum.",
        "nl": "1 open deal heeft geen bedrag en zit niet in de som.",
    }[language]
    assert words in found.notes
    assert words in str(found).splitlines()


@two_engines
def test_a_win_without_an_amount_is_in_no_mean(checked):
    """Two wins, of which one says what it brought: the mean won amount is that one."""
    table = checked(OPEN, deal("won", 40.0, stage="Demo"), deal("won", None, stage="Demo"), LOST)
    found = sm.velocity(table)
    assert (found.conversion, found.mean_won_amount) == (pytest.approx(2 / 3), 40)


# The target met


@two_engines
def test_the_target_met_everywhere(checked, language):
    table = checked(OPEN, *[LOST] * 9, deal("won", 100.0, stage="Demo", closed="2026-04-02"))
    options = {"target": 100, "period": "2026Q2"}
    met = {"en": "target met", "nl": "target gehaald"}[language]
    assert sm.coverage(table, remaining=True, **options).reason == met
    assert sm.chance_of_target(table, **options) == 1
    assert sm.coverage_for_chance(table, **options) == 0
    stale = sm.stale_deals(table, **options)
    assert stale.without_old.reason == stale.coverage.reason == met
    assert (
        sm.diagnose(table, **options).verdict == {"en": "The target is met.", "nl": "Het target is gehaald."}[language]
    )
    assert "nan" not in str(stale).lower()


# What is no table at all


@pytest.fixture(scope="module")
def sample():
    return sm.read_deals(sm.sample_file())


@pytest.mark.parametrize(
    ("act", "english", "dutch"),
    [
        (sm.scenario, "There is no scenario “{}”.", "Er is geen scenario “{}”."),
        (sm.trap, "There is no trap called “{}”.", "Er is geen valkuil die “{}” heet."),
        (sm.exercise, "There is no exercise called “{}”.", "Er is geen oefening die “{}” heet."),
        (sm.explore, "There is no model called “{}”.", "Er is geen model dat “{}” heet."),
        (lambda name: sm.sandbox().choose(name), "There is no model called “{}”.", "Er is geen model dat “{}” heet."),
    ],
)
@pytest.mark.parametrize("name", [None, [], {}, 3, b"mix", "nowhere"])
def test_what_is_no_name_of_anything(act, english, dutch, name):
    found = said(lambda: act(name))
    assert found["en"].startswith(english.format(name) + "\n→ ")
    assert found["nl"].startswith(dutch.format(name) + "\n→ ")


@pytest.mark.parametrize("given", [None, 3, [], {"a": 1}])
def test_what_is_no_file(given):
    kind = type(given).__name__
    assert said(lambda: sm.read_deals(given)) == {
        "en": f"A file was expected, but this is a {kind}.\n"
        '→ Give the name of your export, for example sm.read_deals("export.csv").',
        "nl": f"Hier hoort een bestand, maar dit is een {kind}.\n"
        '→ Geef de naam van je export, bijvoorbeeld sm.read_deals("export.csv").',
    }
    assert "“a" in said(lambda: sm.read_deals("a\0b"))["nl"]


@pytest.mark.parametrize("given", [("x", None), (None, None), ("x", []), (3, ["channel", "owner"])])
def test_what_has_no_picture(given):
    found = said(lambda: sm.picture(given[0], by=given[1]))
    assert found["en"].startswith("There is no picture of this.\n→ ")
    assert found["nl"].startswith("Hiervan is geen plaatje te maken.\n→ ")


@pytest.mark.parametrize("given", ["export.csv", 3, []])
def test_what_is_no_table_gives_no_report(sample, given):
    kind, about = type(given).__name__, {"target": 500_000, "period": "2026Q2"}
    for act in (lambda: sm.report(given, **about), lambda: sm.report(sample, earlier=given, **about)):
        found = said(act)
        assert found["en"].startswith(f"A table of deals was expected, but this is a {kind}.\n→ Give a pandas, Polars")
        assert found["nl"].startswith(f"Hier hoort een tabel met deals, maar dit is een {kind}.\n→ Geef een tabel van")


@pytest.mark.parametrize("path", [None, 3, "a\0b.html"])
def test_what_is_no_place_for_a_page(sample, path):
    page = sm.report(sample, target=500_000, period="2026Q2")
    found = said(lambda: page.save(path))
    assert found["en"].startswith("“")
    assert found["nl"].startswith("“")


@pytest.mark.parametrize("answer", ["1" + "0" * 26, 1e26, -1e300, "9" * 400])
@pytest.mark.parametrize("name", ["coverage-1", "coverage-remaining"])
def test_an_answer_far_too_large_is_said_so_in_plain_words(name, answer, language):
    verdict = sm.exercise(name).check(answer)
    assert verdict.tone == "again"
    assert {"en": "is too large.", "nl": "is te groot."}[language] in str(verdict)
    assert "Invalid" not in str(verdict)


@two_engines
def test_an_amount_of_any_size_can_be_written(checked, language):
    found = sm.coverage(checked({**OPEN, "amount": 9e12}), target=1e-20)
    assert "×" in str(found)
