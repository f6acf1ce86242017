"""The conversion rate by hand: closed, created, by money, of those that got far enough."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tables import arrow, columns_of, deal, refusals, rows_of, tables_of_deals

import salesmetrics as sm
from salesmetrics import check_deals, conversion_rate, coverage
from salesmetrics.base.language import NBSP

STAGES = ("Lead", "Qualified", "Demo")

# 3 won, 5 lost, 2 open. Money: won 30 + 20 + 10 = 60, lost 5 × 28 = 140.
TEN = [
    deal("won", 30, stage="Demo", channel="search", created="2026-01-01", closed="2026-02-01"),
    deal("won", 20, stage="Demo", channel="events", created="2026-01-02", closed="2026-02-28 23:59"),
    deal("won", 10, stage="Qualified", channel="events", created="2026-02-01", closed="2026-03-01"),
    deal("lost", 28, stage="Lead", channel="search", created="2026-01-03", closed="2026-01-31"),
    deal("lost", 28, stage="Lead", channel="search", created="2026-01-04", closed="2026-02-14"),
    deal("lost", 28, stage="Qualified", channel="events", created="2026-01-31 20:00", closed="2026-02-15"),
    deal("lost", 28, stage="Demo", channel="events", created="2026-02-02", closed="2026-03-02"),
    deal("lost", 28, stage="Demo", channel=None, created="2026-03-01", closed="2026-03-03"),
    deal("open", 99, stage="Qualified", channel="partners", created="2026-02-03"),
    deal("open", 99, stage="Lead", channel="search", created="2026-03-04"),
]


def parts(ratio):
    return ratio.numerator, ratio.denominator, ratio.value


def test_of_closed_deals(checked):
    assert parts(conversion_rate(checked(*TEN))) == (3, 8, 0.375)


def test_of_created_deals(checked):
    assert parts(conversion_rate(checked(*TEN), base="created")) == (3, 10, 0.3)


def test_by_money(checked):
    assert parts(conversion_rate(checked(*TEN), unit="amount")) == (60, 200, 0.3)
    assert parts(conversion_rate(checked(*TEN), unit="amount", base="created")) == (60, 398, pytest.approx(60 / 398))


def test_of_deals_that_got_far_enough(checked):
    found = {stage: parts(conversion_rate(checked(*TEN), start=stage, stages=STAGES))[:2] for stage in STAGES}
    # A deal that was won got everywhere, also the one whose stage says no further than Qualified.
    assert found == {"Lead": (3, 8), "Qualified": (3, 6), "Demo": (3, 5)}
    created = conversion_rate(checked(*TEN), start="Qualified", stages=list(STAGES), base="created")
    assert parts(created)[:2] == (3, 7)
    money = conversion_rate(checked(*TEN), start="Demo", stages=STAGES, unit="amount")
    assert parts(money)[:2] == (60, 116)


@pytest.mark.parametrize("options", [{}, {"unit": "amount"}, {"base": "created"}, {"period": "2026Q1"}, {"within": 90}])
def test_a_stage_that_only_won_deals_reached_does_not_say_100_percent_in_silence(checked, options, language):
    stages = [*STAGES, "Contract"]
    rows = [*TEN, deal("won", 20.0, stage="Contract"), deal("won", 30.0, stage="Contract")]
    later = {"start": "Contract", "stages": stages, "as_of": "2026-06-30", **options}
    found = conversion_rate(checked(*rows), **later)
    assert found.value == 1
    said = {
        "en": "No deal that reached Contract was lost: a stage that only won deals reach does not tell how often "
        "deals are won.",
        "nl": "Geen deal die tot Contract kwam is verloren: een fase waar alleen gewonnen deals komen, zegt niet hoe "
        "vaak er gewonnen wordt.",
    }[language]
    assert said in found.notes
    # One loss there, even one of which nobody filled in the amount, and the rate speaks for itself.
    lost = [deal("lost", amount, stage="Contract") for amount in (0, 10.0, 10.0, 10.0, 10.0)]
    assert said not in conversion_rate(checked(*rows, *lost), **later).notes
    assert said not in conversion_rate(checked(*rows), **{**later, "start": "Demo"}).notes


def test_without_a_start_three_wins_of_three_need_no_such_note(checked):
    assert conversion_rate(checked(*[deal("won", stage="Demo")] * 3)).notes == ()


def test_the_interval_is_wilsons(checked):
    assert conversion_rate(checked(*TEN)).interval() == pytest.approx((0.1368, 0.6943), abs=5e-5)


def test_0_of_8_is_a_rate_of_0_with_an_upper_end(checked):
    found = conversion_rate(checked(*[deal("lost")] * 8))
    assert parts(found) == (0, 8, 0)
    assert 1 / found.interval()[1] == pytest.approx(3.08, abs=5e-3)


def test_the_words(checked, language):
    table = checked(*TEN)
    assert (
        str(conversion_rate(table))
        == {"en": "37.5% = 3 won ÷ 8 closed", "nl": "37,5% = 3 gewonnen ÷ 8 beslist"}[language]
    )
    assert (
        str(conversion_rate(table, base="created", unit="amount")).replace(NBSP, " ")
        == {
            "en": "15.1% = € 60 won ÷ € 398 created",
            "nl": "15,1% = € 60 gewonnen ÷ € 398 aangemaakt",
        }[language]
    )


def test_the_definition_says_which_rate_this_is(checked, language):
    table = checked(*TEN)
    assert conversion_rate(table).definition == {"en": "conversion rate", "nl": "conversieratio"}[language]
    closed = conversion_rate(
        table, unit="amount", start="Qualified", stages=STAGES, period="2026Q1", as_of="2026-03-02"
    )
    assert (
        closed.definition
        == {
            "en": "conversion rate, by money, of deals that reached Qualified, closed 1 Jan 2026 to 31 Mar 2026, "
            "at the end of 2 Mar 2026",
            "nl": "conversieratio, in geld, van deals die minstens tot Gekwalificeerd kwamen, beslist in de periode "
            "01-01-2026 t/m 31-03-2026, aan het eind van 02-03-2026",
        }[language]
    )
    created = conversion_rate(table, base="created", period="2026-01")
    assert (
        created.definition
        == {
            "en": "conversion rate so far, created 1 Jan 2026 to 31 Jan 2026",
            "nl": "conversieratio tot nu toe, aangemaakt in de periode 01-01-2026 t/m 31-01-2026",
        }[language]
    )


# Time


def test_the_edges_of_closed_in_the_period(checked):
    table = checked(*TEN)
    # Closed on 31 January and 1 March: outside; on 1 February and late on the 28th: inside.
    assert parts(conversion_rate(table, period="2026-02"))[:2] == (2, 4)
    assert parts(conversion_rate(table, period="2026-01"))[:2] == (0, 1)
    assert parts(conversion_rate(table, period=("2026-03-01", "2026-03-02")))[:2] == (1, 2)


def test_one_deal_without_an_amount_or_a_day_is_one_deal(checked, language):
    lost = [deal("lost", 8)] * 4
    assert conversion_rate(checked(deal("won", 60), deal("won", None), *lost), unit="amount").notes == (
        {
            "en": "1 deal has no amount and is not in the sums.",
            "nl": "1 deal heeft geen bedrag en zit niet in de sommen.",
        }[language],
    )
    assert conversion_rate(checked(deal("won", created=""), deal("lost")), base="created", period="2026Q1").notes == (
        {
            "en": "1 deal has no day of creation and was left out.",
            "nl": "1 deal heeft geen dag van aanmaken en is weggelaten.",
        }[language],
    )


def test_the_edges_of_created_in_the_period(checked):
    table = checked(*TEN)
    assert parts(conversion_rate(table, base="created", period="2026-01"))[:2] == (2, 5)
    assert parts(conversion_rate(table, base="created", period="2026-02"))[:2] == (1, 3)
    assert parts(conversion_rate(table, base="created", period=("2026-01-01", "2026-01-01")))[:2] == (1, 1)


def test_at_the_end_of_a_past_day(checked):
    table = checked(*TEN)
    assert parts(conversion_rate(table, as_of="2026-02-28"))[:2] == (2, 5)
    assert parts(conversion_rate(table, as_of="2026-02-27"))[:2] == (1, 4)
    assert parts(conversion_rate(table, as_of="2026-02-28", base="created"))[:2] == (2, 8)
    # Closed in the first quarter, seen from the end of February.
    assert parts(conversion_rate(table, as_of="2026-02-28", period="2026Q1"))[:2] == (2, 5)
    # Past as_of and past period together are fine here: closed deals keep their day of closing.
    assert parts(conversion_rate(table, as_of="2026-02-14", period="2026-02"))[:2] == (1, 2)


def test_an_unknown_day_of_creation(checked, language):
    table = checked(deal("won", created=""), deal("lost"), deal(created=""))
    assert parts(conversion_rate(table, base="created")) == (1, 3, pytest.approx(1 / 3))
    assert parts(conversion_rate(table, base="created", as_of="2026-03-31"))[:2] == (1, 3)
    assert parts(conversion_rate(table, base="created", as_of="2026-01-04"))[:2] == (0, 2)
    found = conversion_rate(table, base="created", period="2026Q1")
    assert parts(found)[:2] == (0, 1)
    assert found.notes == (
        {
            "en": "2 deals have no day of creation and were left out.",
            "nl": "2 deals hebben geen dag van aanmaken en zijn weggelaten.",
        }[language],
    )
    assert conversion_rate(table).notes == conversion_rate(table, base="created").notes == ()


@pytest.mark.filterwarnings("ignore:Closed before")
def test_a_deal_is_never_won_before_it_was_created(checked):
    table = checked(deal("won", created="2026-02-01", closed="2026-01-10"), deal("lost", closed="2026-01-10"))
    assert parts(conversion_rate(table, base="created", as_of="2026-01-15"))[:2] == (0, 1)
    assert parts(conversion_rate(table, base="created", as_of="2026-02-01"))[:2] == (1, 2)


# by=


def test_every_group_its_own_rate(checked):
    found = conversion_rate(checked(*TEN), by="channel")
    assert columns_of(found) == ["channel", "numerator", "denominator", "value"]
    assert rows_of(found) == [
        ("events", 2, 4, 0.5),
        ("partners", 0, 0, None),
        ("search", 1, 3, pytest.approx(1 / 3)),
        (None, 0, 1, 0),
    ]


def test_groups_of_created_and_of_money(checked):
    assert rows_of(conversion_rate(checked(*TEN), by="channel", base="created"))[:3] == [
        ("events", 2, 4, 0.5),
        ("partners", 0, 1, 0),
        ("search", 1, 4, 0.25),
    ]
    assert rows_of(conversion_rate(checked(*TEN), by=["channel"], unit="amount"))[0] == (
        "events",
        30,
        86,
        pytest.approx(30 / 86),
    )


def test_a_grouping_comes_back_as_the_callers_own_kind_of_table(checked):
    table = checked(*TEN)
    assert type(conversion_rate(table, by="stage")) is type(table)


def test_groups_by_two_columns(checked):
    found = rows_of(conversion_rate(checked(*TEN), by=("stage", "channel"), period="2026Q1"))
    assert found[:3] == [("Demo", "events", 1, 2, 0.5), ("Demo", "search", 1, 1, 1), ("Demo", None, 0, 1, 0)]


# What is bad


@pytest.mark.parametrize(
    ("options", "english", "dutch"),
    [
        ({}, "no closed deals yet: 0 won ÷ 0 closed", "nog geen besliste deals: 0 gewonnen ÷ 0 beslist"),
        ({"unit": "amount"}, "no closed deals yet: € 0 won ÷", "nog geen besliste deals: € 0 gewonnen ÷"),
        (
            {"base": "created", "period": "2025"},
            "no deals created yet: 0 won ÷ 0 created",
            "nog geen deals aangemaakt: 0 gewonnen ÷ 0 aangemaakt",
        ),
    ],
)
def test_nothing_closed_has_no_rate(checked, options, english, dutch, language):
    found = conversion_rate(checked(deal(), deal()), **options)
    assert found.value is None
    assert str(found).replace(NBSP, " ").startswith({"en": english, "nl": dutch}[language])


def test_nothing_closed_cannot_be_a_number(checked):
    rate = refusals(lambda: float(conversion_rate(checked(deal()))))
    assert rate == {
        "en": "conversion rate has no value: no closed deals yet.\n"
        "→ Look at .numerator and .denominator, or test .value for None first.",
        "nl": "conversieratio heeft geen waarde: nog geen besliste deals.\n"
        "→ Bekijk .numerator en .denominator, of controleer eerst of .value None is.",
    }


@pytest.mark.parametrize(("empty", "filled", "refused"), [(1, 4, False), (1, 3, True), (2, 8, False), (3, 9, True)])
@pytest.mark.parametrize("nothing", [None, 0])
@pytest.mark.parametrize("by", [None, "status"])
def test_by_money_is_refused_above_a_fifth_of_the_lost_without_amount(checked, empty, filled, refused, nothing, by):
    table = checked(deal("won", 100), *[deal("lost", nothing)] * empty, *[deal("lost", 25)] * filled)
    if not refused:
        found = conversion_rate(table, unit="amount", by=by)
        assert by or parts(found)[:2] == (100, 100 + 25 * filled)
        return
    assert refusals(lambda: conversion_rate(table, unit="amount", by=by)) == {
        "en": f"Lost deals without an amount: {empty} of {empty + filled}. By money the rate would look far too high.\n"
        '→ Count deals instead, unit="count", or fill in what the lost deals would have brought.',
        "nl": f"Verloren deals zonder bedrag: {empty} van {empty + filled}. "
        "In geld zou de conversie veel te hoog lijken.\n"
        '→ Tel liever deals, unit="count", of vul in wat de verloren deals hadden opgebracht.',
    }
    assert conversion_rate(table).denominator == 1 + empty + filled


def test_by_money_a_group_whose_losses_are_unknown_has_no_rate(checked):
    """One won and one lost of which nobody filled in the amount is no 100%, though over all it is one loss in ten."""
    filled = [deal("lost", 100, channel="search")] * 9
    unknown = [deal("won", 100, channel="events"), deal("lost", None, channel="events")]
    found = conversion_rate(checked(*unknown, deal("won", 100, channel="search"), *filled), unit="amount", by="channel")
    assert rows_of(found) == [("events", 100, None, None), ("search", 100, 1000, pytest.approx(0.1))]


def test_only_lost_deals_that_count_are_held_against_the_money(checked):
    table = checked(
        *[deal("lost", None, closed="2026-01-10")] * 5,
        deal("lost", 10, closed="2026-02-10"),
        deal("won", 30, closed="2026-02-10"),
    )
    assert conversion_rate(table, unit="amount", period="2026-02").value == 0.75


def test_amounts_that_are_missing_are_told(checked, language):
    table = checked(
        deal("won", 0), deal("won", None), deal("won", 60), *[deal("lost", 8)] * 4, deal("lost", 0), deal(amount=None)
    )
    found = conversion_rate(table, unit="amount")
    assert parts(found)[:2] == (60, 92)
    assert found.notes == (
        {
            "en": "2 deals have no amount and are not in the sums.",
            "nl": "2 deals hebben geen bedrag en zitten niet in de sommen.",
        }[language],
    )
    assert conversion_rate(table).notes == ()


@pytest.mark.parametrize("by", [None, "status"])
def test_no_amount_at_all_is_refused(checked, by):
    table = checked(deal("won", None), deal("won", None), deal(amount=10))
    assert refusals(lambda: conversion_rate(table, unit="amount", by=by)) == {
        "en": 'None of the 2 deals that count has an amount.\n→ Count deals instead: unit="count".',
        "nl": 'Geen van de 2 deals die meetellen heeft een bedrag.\n→ Tel liever deals: unit="count".',
    }
    one = checked(deal("won", None))
    assert refusals(lambda: conversion_rate(one, unit="amount", by=by)) == {
        "en": 'The 1 deal that counts has no amount.\n→ Count deals instead: unit="count".',
        "nl": 'De 1 deal die meetelt heeft geen bedrag.\n→ Tel liever deals: unit="count".',
    }


def test_won_for_nothing_is_not_nothing_closed(checked):
    found = conversion_rate(checked(deal("won", 0)), unit="amount")
    assert found.value is None
    assert str(found).startswith("nothing to divide by: ")


@pytest.mark.parametrize("stage", ["Closed Lost", None])
@pytest.mark.parametrize("by", [None, "status"])
def test_lost_deals_that_forgot_their_stage_are_refused(checked, stage, by):
    table = checked(*TEN, deal("lost", stage=stage))
    assert refusals(lambda: conversion_rate(table, start="Demo", stages=STAGES, by=by)) == {
        "en": "Lost deals that do not say how far they got: 1. Their stage is none of Lead, Qualified, Demo.\n"
        "→ Many systems overwrite the stage when a deal is lost. Leave out start=, or export its history.",
        "nl": "Verloren deals waarbij niet staat hoe ver ze kwamen: 1. "
        "Hun fase is geen van Lead, Gekwalificeerd, Demo.\n"
        "→ Veel systemen overschrijven de fase als een deal verloren gaat. "
        "Laat start= weg, of exporteer de historie.",
    }
    assert parts(conversion_rate(table))[:2] == (3, 9)


def test_a_stage_that_is_not_there_is_refused(checked):
    table = checked(*TEN)
    assert refusals(lambda: conversion_rate(table, start="qualifed", stages=STAGES)) == {
        "en": "There is no stage “qualifed”.\n→ Did you mean “Qualified”?",
        "nl": "Er is geen fase “qualifed”.\n→ Bedoel je “Qualified”?",
    }
    assert refusals(lambda: conversion_rate(table, start="Demo")) == {
        "en": "A pipeline that begins at Demo needs the stages in their order.\n"
        "→ Add them: stages=scenario.stages, or a list from first to last.",
        "nl": "Een pipeline die begint bij Demo vraagt om de fasen op volgorde.\n"
        "→ Voeg ze toe: stages=scenario.stages, of een lijst van de eerste tot en met de laatste.",
    }


@pytest.mark.parametrize(
    ("option", "found", "hint"),
    [("base", "close", "“closed”"), ("unit", "amuont", "“amount”"), ("base", None, "“closed”, “created”")],
)
def test_an_unknown_option_is_refused(checked, option, found, hint):
    said = refusals(lambda: conversion_rate(checked(*TEN), **{option: found}))
    assert said["en"].startswith(f"{option} cannot be {found!r}.\n→ ")
    assert said["nl"].startswith(f"{option} kan niet {found!r} zijn.\n→ ")
    assert hint in said["en"]
    assert hint in said["nl"]


@pytest.mark.parametrize("by", [None, "channel"])
def test_no_rows_are_refused(engine, empty_table, by):
    assert refusals(lambda: conversion_rate(empty_table, by=by)) == {
        "en": "The table has no rows.\n→ Check the export and its filters.",
        "nl": "De tabel heeft geen rijen.\n→ Controleer de export en de filters daarvan.",
    }


@pytest.mark.parametrize(
    ("missing", "options"),
    [
        ("status", {}),
        ("closed_on", {}),
        ("amount", {"unit": "amount"}),
        ("stage", {"start": "Demo", "stages": STAGES}),
        ("channel", {"by": "channel"}),
    ],
)
def test_a_missing_column_is_refused(table, missing, options):
    raw = table(*TEN, without=(missing,))
    said = refusals(lambda: conversion_rate(raw, **options))
    assert said["en"].startswith(f"The table has no column “{missing}”.\n→ ")
    assert said["nl"].startswith(f"De tabel heeft geen kolom “{missing}”.\n→ ")


@pytest.mark.parametrize("by", ["won", "open", "all", "deals", "lost", "without_amount", "days"])
@pytest.mark.parametrize("metric", [conversion_rate, lambda deals, by: coverage(deals, target=10, by=by)])
def test_a_column_to_group_by_may_bear_a_name_of_ours(checked, metric, by):
    deals = [
        {**each, by: "a" if number % 2 else "b", "channel": "a" if number % 2 else "b"}
        for number, each in enumerate((deal(), deal("won"), deal("lost"), deal("lost"), deal(amount=5.0)))
    ]
    table = checked(*deals)
    assert rows_of(metric(table, by=by)) == rows_of(metric(table, by="channel"))


@pytest.mark.parametrize("by", ["numerator", "denominator", "value"])
def test_a_column_to_group_by_may_not_bear_a_name_of_the_results(checked, by):
    table = checked({**deal("won"), by: "a"})
    assert refusals(lambda: conversion_rate(table, by=by)) == {
        "en": f"The result has a column “{by}” of its own.\n→ Give the column to group by another name.",
        "nl": f"Het resultaat heeft zelf een kolom “{by}”.\n→ Geef de kolom waarop je groepeert een andere naam.",
    }


def test_a_name_stands_in_a_list_once(checked):
    table = checked({**deal("won", stage="Demo"), "channel": "a"})
    said = {
        "en": "“{}” stands in the list twice.\n→ Name each once.",
        "nl": "“{}” staat twee keer in de lijst.\n→ Noem elk één keer.",
    }
    for name, act in (
        ("channel", lambda: conversion_rate(table, by=["channel", "channel"])),
        ("Lead", lambda: sm.funnel(table, stages=["Lead", *STAGES])),
    ):
        assert refusals(act) == {language: words.format(name) for language, words in said.items()}


# Properties, over tables of all sorts

VARIANTS = st.fixed_dictionaries(
    {
        "base": st.sampled_from(("closed", "created")),
        "as_of": st.sampled_from((None, "2026-04-10")),
        "period": st.sampled_from((None, "2026-04", ("2026-02-01", "2026-04-20"))),
    }
)


@settings(max_examples=15)
@given(tables_of_deals(), VARIANTS)
def test_a_rate_lies_between_0_and_1_and_in_its_interval(engine, deals, options):
    found = conversion_rate(check_deals(engine(arrow(*deals))), **options)
    if found.value is None:
        assert found.numerator == found.denominator == 0
    else:
        low, high = found.interval()
        assert 0 <= low <= found.value <= high <= 1


@settings(max_examples=15)
@given(tables_of_deals(), VARIANTS)
def test_the_groups_together_are_the_whole(engine, deals, options):
    table = check_deals(engine(arrow(*deals)))
    whole, groups = conversion_rate(table, **options), rows_of(conversion_rate(table, by="channel", **options))
    assert sum(row[1] for row in groups) == whole.numerator
    assert sum(row[2] for row in groups) == whole.denominator


@settings(max_examples=15)
@given(tables_of_deals().flatmap(lambda deals: st.tuples(st.just(deals), st.permutations(deals))), VARIANTS)
def test_the_order_of_rows_does_not_matter(engine, both, options):
    tables = [check_deals(engine(arrow(*deals))) for deals in both]
    assert conversion_rate(tables[0], **options) == conversion_rate(tables[1], **options)
    first, second = (rows_of(conversion_rate(table, by="channel", **options)) for table in tables)
    assert first == second


@settings(max_examples=15)
@given(tables_of_deals(), VARIANTS)
def test_one_more_lost_deal_never_raises_the_rate(engine, deals, options):
    more = [*deals, deal("lost", 5, created="2026-04-01", closed="2026-04-05", channel="search")]
    before, after = (conversion_rate(check_deals(engine(arrow(*rows))), **options) for rows in (deals, more))
    assert after.denominator == before.denominator + 1
    assert after.value <= (1 if before.value is None else before.value)
