"""What past quarters began with, and what is still needed: five quarters by head, properties, and every refusal."""

import datetime

import narwhals as nw
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tables import ENGINES, arrow, days, deal, refusals

import salesmetrics as sm
from salesmetrics.base.language import NBSP
from salesmetrics.deals.periods import quarter_number, quarter_of
from salesmetrics.forecast.current_quarter import past_quarters_line

FIRST = quarter_number(datetime.date(2025, 1, 1))
LAST_DAY = "2026-03-31"


def during(place, share=0.5):
    """Give a day of a quarter, as a share of the way through it."""
    first, last = quarter_of(place)
    return str(first + (last - first) * share)


def five_quarters(*, due="", later=()):
    """Make 2025Q1 to 2026Q1 alike: 300 open at the start, of which 60 won, 180 lost, 60 carried over; 40 new and won.

    So each began with 300 ÷ 100 = 3.0 × what it brought: (1 - 40%) ÷ 20%. Two quarters before them fill the pipeline.
    """
    deals = []
    for place in range(FIRST - 2, FIRST + 5):
        before, last = during(place - 1), place + 1 == FIRST + 5
        deals += [deal("won", 20, created=before, closed=during(place, share)) for share in (0.2, 0.3, 0.4)]
        deals.append(deal("lost", 120, created=before, closed=during(place)))
        deals.append(
            deal("open", 60, created=before, due=due)
            if last
            else deal("lost", 60, created=before, closed=during(place + 1))
        )
        deals.append(deal("won", 40, created=during(place, 0.2), closed=during(place, 0.8)))
    return [*deals, *later]


def figures(quarter):
    return quarter.opening, quarter.won, quarter.lost, quarter.carried, quarter.new_and_won


def test_five_quarters_by_head(checked):
    found = sm.past_quarters(checked(*five_quarters()), as_of=LAST_DAY, period=("2025-01-01", LAST_DAY))
    assert [quarter.name for quarter in found.quarters] == ["2025Q1", "2025Q2", "2025Q3", "2025Q4", "2026Q1"]
    assert {figures(quarter) for quarter in found.quarters} == {(300, 60, 180, 60, 40)}
    shares = (found.multiple, found.opening_yield, found.new_share, found.carried_share)
    assert [float(share) for share in shares] == [3.0, 0.2, 0.4, 0.2]
    assert found.range == (3.0, 3.0)
    # Of the 41 closed deals 28 were won.
    assert found.break_even == pytest.approx(41 / 28)


def test_by_number(checked):
    found = sm.past_quarters(checked(*five_quarters()), as_of=LAST_DAY, unit="count")
    # Three small wins, one loss and one deal that stays, beside the one that stayed before.
    assert {figures(quarter) for quarter in found.quarters} == {(6, 3, 2, 1, 1)}
    assert "6" in str(found.multiple)
    assert "€" not in str(found)


def test_the_words(language):
    found = sm.past_quarters(arrow(*five_quarters()), as_of=LAST_DAY)
    assert {
        "en": "Your quarters began with 3.0× what they brought; 1 ÷ your win rate says 1.5×.",
        "nl": "Eerdere kwartalen begonnen met 3,0× wat ze opleverden; 1 ÷ de win rate is 1,5×.",
    }[language] == found.line
    for shown in (str(found), found._repr_html_()):
        assert {"en": "what they brought", "nl": "wat ze opleverden"}[language] in shown
        assert {"en": "2024Q2 is left out", "nl": "2024Q2 telt niet mee"}[language] in shown


def test_the_sums_behind_it_in_words(language):
    """Three quarters of 400, of which 100 has been open since April: 1,200 ÷ 300, and without what is stale 820."""
    lingers = deal("open", 100, created="2025-04-10")
    found = sm.past_quarters(arrow(*five_quarters(later=[lingers])), as_of=LAST_DAY, period=("2025-07-01", LAST_DAY))
    quarters = [f"{name}: € 400, € 60, € 180, € 160, € 40" for name in ("2025Q3", "2025Q4", "2026Q1")]
    assert (
        str(found).replace(NBSP, " ").splitlines()
        == {
            "en": [
                "Your quarters began with 4.0× what they brought; 1 ÷ your win rate says 1.5×.",
                "what your quarters began with, against what they brought: 4.0× = € 1,200 opening pipeline ÷ € 300 won "
                "in all",
                "without the deals that had been open for more than 82 days: 2.7× = € 820 opening pipeline ÷ € 300 won "
                "in all",
                "yield of the opening pipeline: 15.0% = € 180 won from it ÷ € 1,200 opening pipeline",
                "new and won within the quarter: 40.0% = € 120 new and won ÷ € 300 won in all",
                "carried over to the next quarter: 40.0% = € 480 still open ÷ € 1,200 opening pipeline",
                "These are only 3 quarters.",
                "Amounts are those of today; all that was open counts, whatever its due date.",
                "opening pipeline, won from it, lost, carried over, new and won",
                *quarters,
            ],
            "nl": [
                "Eerdere kwartalen begonnen met 4,0× wat ze opleverden; 1 ÷ de win rate is 1,5×.",
                "waarmee eerdere kwartalen begonnen, tegenover wat ze opleverden: 4,0× = € 1.200 openingspipeline ÷ € "
                "300 in totaal gewonnen",
                "zonder de deals die al meer dan 82 dagen open stonden: 2,7× = € 820 openingspipeline ÷ € 300 in "
                "totaal gewonnen",
                "gewonnen deel van de openingspipeline: 15,0% = € 180 daaruit gewonnen ÷ € 1.200 openingspipeline",
                "nieuw en gewonnen in het kwartaal: 40,0% = € 120 nieuw en gewonnen ÷ € 300 in totaal gewonnen",
                "meegenomen naar het volgende kwartaal: 40,0% = € 480 nog open ÷ € 1.200 openingspipeline",
                "Dit zijn maar 3 kwartalen.",
                "De bedragen zijn die van nu; alles wat open stond telt mee, wanneer het ook moest sluiten.",
                "openingspipeline, daaruit gewonnen, verloren, meegenomen, nieuw en gewonnen",
                *quarters,
            ],
        }[language]
    )


def test_quarters_that_differ_are_told_one_by_one(language):
    """Another 300 open through 2025Q4 alone: 600 ÷ 100 there, 300 ÷ 100 elsewhere."""
    extra = deal("lost", 300, created="2025-09-20", closed="2025-11-15")
    found = sm.past_quarters(arrow(*five_quarters(later=[extra])), as_of=LAST_DAY, period=("2025-07-01", LAST_DAY))
    assert found.range == (3, 6)
    assert {
        "en": "Your quarters began with 4.0× what they brought (one by one 3.0× to 6.0×); 1 ÷ your win rate says 1.5×.",
        "nl": "Eerdere kwartalen begonnen met 4,0× wat ze opleverden (per kwartaal 3,0× tot 6,0×); 1 ÷ de win rate is "
        "1,5×.",
    }[language] == found.line


def test_a_quarter_is_told_whole_or_named_with_the_reason(language):
    deals = five_quarters(later=[deal("lost", 5, created="2026-03-01", closed="2026-03-20")])
    found = sm.past_quarters(arrow(*deals))
    # The last event is 20 March: the quarter may have been over when the export was made.
    assert list(found.left_out) == ["2024Q2", "2024Q3", "2026Q1"]
    assert (
        found.left_out
        == {
            "en": {
                "2024Q2": "no deal was open when it began",
                "2024Q3": "the table holds no deal that was closed before its second week",
                "2026Q1": 'it had not ended on 20 Mar 2026; was the export made later, then say so: as_of="2026-03-31"',
            },
            "nl": {
                "2024Q2": "er stond geen deal open toen het begon",
                "2024Q3": "in de tabel staat geen deal die vóór de tweede week ervan is beslist",
                "2026Q1": "het was op 20-03-2026 nog niet voorbij; is de export later gemaakt, zeg dat dan: "
                'as_of="2026-03-31"',
            },
        }[language]
    )
    assert "2026Q1" not in sm.past_quarters(arrow(*deals), as_of=LAST_DAY).left_out
    assert "as_of=" not in sm.past_quarters(arrow(*deals), as_of="2026-03-20").left_out["2026Q1"]


def test_a_hint_only_within_two_weeks_of_the_end():
    for last, hinted in (("2026-03-17", True), ("2026-03-16", False)):
        deals = [one for one in five_quarters() if not (one["closed_on"] and str(one["closed_on"].date()) > last)]
        deals.append(deal("lost", 5, created="2026-03-01", closed=last))
        reason = sm.past_quarters(arrow(*deals)).left_out["2026Q1"]
        assert ("as_of=" in reason) is hinted


def test_the_table_must_begin_as_long_before_as_nine_in_ten_wins_took(language):
    """A table cut by day of creation lacks the older deals that were open then."""
    deals = [one for one in five_quarters() if one["created_on"] >= datetime.datetime(2024, 11, 14)]
    deals.append(deal("lost", 5, created="2024-12-01", closed="2025-01-03"))
    found = sm.past_quarters(arrow(*deals), as_of=LAST_DAY)
    reason = {
        "en": "the table begins on 15 Nov 2024, and nine in ten won deals took up to 82 days",
        "nl": "de tabel begint op 15-11-2024, en negen van de tien gewonnen deals duurden tot 82 dagen",
    }[language]
    assert reason == found.left_out["2025Q1"]
    assert next(quarter.name for quarter in found.quarters) == "2025Q2"


@pytest.mark.parametrize(
    ("first", "english", "dutch"),
    [
        ("2025Q3", "too few quarters to tell", "te weinig kwartalen om iets te zeggen"),
        ("2025Q2", "only 3 quarters", "maar 3 kwartalen"),
    ],
)
def test_few_quarters(first, english, dutch, language):
    span = {"2025Q3": ("2025-09-30", LAST_DAY), "2025Q2": ("2025-07-01", LAST_DAY)}[first]
    found = sm.past_quarters(arrow(*five_quarters()), as_of=LAST_DAY, period=span)
    assert {"en": english, "nl": dutch}[language] in str(found)
    assert (found.multiple.value is None) is (first == "2025Q3")


def test_stale_deals_by_head():
    """Nine in ten of the 28 won deals took at most 82 days; a deal of 10 April is stale from the fourth quarter on."""
    lingers = deal("open", 100, created="2025-04-10")
    found = sm.past_quarters(arrow(*five_quarters(later=[lingers])), as_of=LAST_DAY, period=("2025-07-01", LAST_DAY))
    assert [quarter.opening for quarter in found.quarters] == [400, 400, 400]
    # On 1 July it is 82 days old. What was carried over from before is stale each time: 60.
    assert [quarter.stale for quarter in found.quarters] == [60, 160, 160]
    assert float(found.multiple) == 4.0
    assert float(found.without_stale) == pytest.approx((340 + 240 + 240) / 300)


def test_under_ten_wins_nothing_is_called_stale():
    deals = [one for one in five_quarters() if one["status"] != "won" or one["amount"] == 40]
    found = sm.past_quarters(arrow(*deals), as_of=LAST_DAY)
    assert found.without_stale is None
    assert {quarter.stale for quarter in found.quarters} == {0}


def test_quarters_without_a_win_have_no_multiple(language):
    deals = [one for one in five_quarters() if one["status"] != "won"]
    found = sm.past_quarters(arrow(*deals), as_of=LAST_DAY)
    assert found.multiple.value is None
    assert (
        found.line
        == {
            "en": "What your quarters began with: nothing was won in these quarters.",
            "nl": "Waarmee eerdere kwartalen begonnen: in deze kwartalen is niets gewonnen.",
        }[language]
    )
    assert found.break_even is None


def test_deals_that_do_not_say_when_they_began_are_left_out_and_counted(language):
    strange = [
        deal("won", 7, created="", closed="2025-05-01"),
        deal("lost", 8, created="2025-06-01", closed="2025-05-01"),
    ]
    with pytest.warns(UserWarning, match="D4"):
        table = sm.check_deals(arrow(*five_quarters(later=strange)))
    found = sm.past_quarters(table, as_of=LAST_DAY)
    assert {figures(quarter) for quarter in found.quarters} == {(300, 60, 180, 60, 40)}
    assert {
        "en": "2 deals, € 15, have no usable day of creation and were left out.",
        "nl": "2 deals, € 15, hebben geen bruikbare dag van aanmaken en zijn weggelaten.",
    }[language] in str(found).replace(NBSP, " ")
    single = sm.past_quarters(arrow(*five_quarters(later=strange[:1])), as_of=LAST_DAY)
    assert {
        "en": "1 deal, € 7, has no usable day of creation and was left out.",
        "nl": "1 deal, € 7, heeft geen bruikbare dag van aanmaken en is weggelaten.",
    }[language] in str(single).replace(NBSP, " ")


def test_where_no_amount_is_filled_in_no_money_is_spoken_of(language):
    strange = [deal("won", None, created="", closed="2025-05-01") for _deal in range(2)]
    found = sm.past_quarters(arrow(*five_quarters(later=strange)), as_of=LAST_DAY)
    said = {"en": "2 deals have no usable day of creation", "nl": "2 deals hebben geen bruikbare dag van aanmaken"}
    assert said[language] in str(found)
    valued = [deal("won", 7, created="", closed="2025-05-01")] * 2
    by_number = sm.past_quarters(arrow(*five_quarters(later=valued)), as_of=LAST_DAY, unit="count")
    assert said[language] in str(by_number)
    # The same of deals that are not due.
    later = [deal("open", None, created="2026-01-05", due="2027-05-01")]
    covered = sm.coverage(arrow(*five_quarters(due="2026-04-01", later=later)), target=10, period="2026Q2")
    not_due = {"en": "1 open deal is not due in", "nl": "1 open deal moet buiten de periode sluiten"}
    assert not_due[language] in str(covered)


def rows_by(table, column):
    rows = nw.from_native(table)
    rows = rows.collect() if isinstance(rows, nw.LazyFrame) else rows
    return {row[column]: row for row in rows.iter_rows(named=True)}


def test_each_team_over_the_quarters_that_the_whole_table_tells(checked):
    # The north has all that is lost and carried over, and the small wins; the south only what is new and won.
    deals = [one | {"owner": "South" if one["amount"] == 40 else "North"} for one in five_quarters()]
    table, days_told = checked(*deals), ("2025-01-01", LAST_DAY)
    teams = rows_by(sm.past_quarters(table, as_of=LAST_DAY, period=days_told, by="owner"), "owner")
    north, south = teams["North"], teams["South"]
    assert (north["numerator"], north["denominator"], north["value"]) == (1_500, 300, 5.0)
    assert (north["opening_yield"], north["new_share"], north["carried_share"]) == (0.2, 0.0, 0.2)
    assert (south["numerator"], south["denominator"], south["value"], south["new_share"]) == (0, 200, 0.0, 1.0)
    whole = sm.past_quarters(table, as_of=LAST_DAY, period=days_told).multiple
    assert (north["numerator"] + south["numerator"]) / (north["denominator"] + south["denominator"]) == float(whole)
    by_number = rows_by(sm.past_quarters(table, as_of=LAST_DAY, period=days_told, by="owner", unit="count"), "owner")
    assert (by_number["North"]["numerator"], by_number["South"]["denominator"]) == (30, 5)


def test_a_team_without_its_amounts_and_too_few_quarters_have_no_value():
    deals = [one | {"owner": "North"} for one in five_quarters()]
    bare = [one | {"owner": "South"} | ({"amount": None} if one["amount"] == 120 else {}) for one in five_quarters()]
    teams = rows_by(sm.past_quarters(arrow(*deals, *bare), as_of=LAST_DAY, by="owner"), "owner")
    # In the south one of the six deals of each opening is without amount, in the whole table one in twelve.
    assert teams["South"]["value"] is not None
    bare = [one | ({"amount": None} if one["amount"] in (120, 60) else {}) for one in bare]
    teams = rows_by(sm.past_quarters(arrow(*deals, *deals, *deals, *bare), as_of=LAST_DAY, by="owner"), "owner")
    assert (teams["North"]["value"], teams["South"]["value"]) == (3.0, None)
    few = rows_by(sm.past_quarters(arrow(*deals), as_of=LAST_DAY, period="2025Q4", by="owner"), "owner")
    assert few["North"]["value"] is None


def test_too_much_left_out_is_refused():
    deals = five_quarters()
    unknown = [deal("lost", 1, created="", closed="2025-05-01")] * (len(deals) // 4 + 1)
    assert refusals(lambda: sm.past_quarters(arrow(*deals, *unknown), as_of=LAST_DAY)) == {
        "en": "Without a day of creation, or closed before it: 11 of 53 deals. That is too many.\n"
        "→ Export the day on which each deal was created.",
        "nl": "Zonder dag van aanmaken, of beslist vóór die dag: 11 van de 53 deals. Dat zijn er te veel.\n"
        "→ Exporteer de dag waarop elke deal is aangemaakt.",
    }
    enough = sm.past_quarters(arrow(*deals, *unknown[: len(deals) // 4]), as_of=LAST_DAY)
    assert float(enough.multiple) == 3.0


def test_by_money_most_opening_deals_must_have_an_amount():
    deals = five_quarters()
    for one in deals:
        if one["status"] == "lost":
            one["amount"] = 0.0  # a loss of 0 says that nobody filled it in
    # Six quarters began with six deals each; of those three were lost, but in the first of them two.
    assert refusals(lambda: sm.past_quarters(arrow(*deals), as_of=LAST_DAY)) == {
        "en": 'Of the 36 deals that past quarters began with, 17 have no amount.\n→ Count deals instead: unit="count".',
        "nl": "Van de 36 deals waarmee kwartalen begonnen, hebben er 17 geen bedrag.\n"
        '→ Tel liever deals: unit="count".',
    }
    assert float(sm.past_quarters(arrow(*deals), as_of=LAST_DAY, unit="count").opening_yield) == 0.5


def test_a_later_start_is_refused():
    deals = [one | {"stage": "Demo"} for one in five_quarters()]
    mine = sm.pipeline(arrow(*deals), stages=["Lead", "Demo"], start="Demo")
    assert refusals(lambda: sm.past_quarters(mine)) == {
        "en": "Open deals of an earlier day can't be counted from the stage Demo on.\n"
        "→ One export does not say when a deal got that far. Leave out start=.",
        "nl": "De open deals van een eerdere dag zijn niet te tellen vanaf de fase Demo.\n"
        "→ Eén export zegt niet wanneer een deal zo ver kwam. Laat start= weg.",
    }


def test_several_currencies_are_refused():
    deals = five_quarters()
    deals[0]["currency"] = "USD"
    said = refusals(lambda: sm.past_quarters(arrow(*deals), as_of=LAST_DAY))
    assert all("EUR" in words and "USD" in words for words in said.values())


def test_an_unknown_unit_is_refused():
    assert "unit" in refusals(lambda: sm.past_quarters(arrow(*five_quarters()), unit="money"))["en"]


# Properties


deals_of_two_years = st.lists(
    st.builds(
        lambda status, amount, created, took: deal(
            status,
            amount,
            created=created,
            closed=""
            if status == "open"
            else str(datetime.date.fromisoformat(created) + datetime.timedelta(days=took)),
        ),
        st.sampled_from(["open", "won", "lost"]),
        st.integers(1, 1000),
        days("2024-01-01", "2025-12-31"),
        st.integers(0, 400),
    ),
    min_size=1,
    max_size=60,
)


def one_by_one(deals, period):
    """Reckon a quarter's opening, won, lost, carried over, new and won, deal by deal."""
    first, last = (datetime.datetime.combine(day, datetime.time()) for day in period)
    never = datetime.datetime.max
    there = [one for one in deals if one["created_on"] < first <= (one["closed_on"] or never)]
    new = [one for one in deals if first <= one["created_on"]]

    def total(status, among):
        return sum(one["amount"] for one in among if one["status"] == status and (one["closed_on"] or never) <= last)

    carried = sum(one["amount"] for one in there if (one["closed_on"] or never) > last)
    return sum(one["amount"] for one in there), total("won", there), total("lost", there), carried, total("won", new)


@given(deals_of_two_years)
def test_each_quarter_is_what_its_deals_one_by_one_say(deals):
    table = [*five_quarters(), *deals]
    found = sm.past_quarters(arrow(*table), as_of=LAST_DAY)
    assert found.quarters
    for quarter in found.quarters:
        assert figures(quarter) == one_by_one(table, quarter.period)


@given(deals_of_two_years, st.randoms(use_true_random=False))
def test_what_must_hold_in_any_table(deals, chance):
    found = sm.past_quarters(arrow(*deals), as_of=LAST_DAY)
    for quarter in found.quarters:
        assert quarter.opening == quarter.won + quarter.lost + quarter.carried
        assert 0 <= quarter.stale <= quarter.opening
    if found.multiple.value is not None and found.opening_yield.value:
        assert float(found.multiple) == pytest.approx((1 - float(found.new_share)) / float(found.opening_yield))
    shuffled = chance.sample(deals, len(deals))
    assert sm.past_quarters(arrow(*shuffled), as_of=LAST_DAY).quarters == found.quarters
    scaled = sm.past_quarters(arrow(*[one | {"amount": one["amount"] * 8} for one in deals]), as_of=LAST_DAY)
    assert [quarter.opening for quarter in scaled.quarters] == [8 * quarter.opening for quarter in found.quarters]
    assert scaled.multiple.value == found.multiple.value


@given(deals_of_two_years)
def test_a_deal_that_comes_later_changes_no_quarter_before_it(deals):
    base = [*five_quarters(), *deals]
    late = deal("open", 999, created="2026-01-15")
    before, after = (sm.past_quarters(arrow(*table), as_of=LAST_DAY) for table in (base, [*base, late]))
    assert [one for one in after.quarters if one.name < "2026Q1"] == [
        one for one in before.quarters if one.name < "2026Q1"
    ]


@pytest.mark.parametrize("engine_name", ENGINES)
def test_every_engine_says_the_same(engine_name):
    deals = arrow(*five_quarters(later=[deal("open", 100, created="2025-04-10")]))
    found = sm.past_quarters(ENGINES[engine_name](deals), as_of=LAST_DAY)
    assert found.quarters == sm.past_quarters(deals, as_of=LAST_DAY).quarters


def test_lost_deals_that_linger_raise_the_multiple_and_leave_the_revenue():
    """Deals begin evenly, one in four is won after 60 days; only how long the lost ones stay differs."""

    def team(days_to_lose):
        start, deals = datetime.date(2022, 1, 1), []
        for number in range(0, 1460, 3):
            created = start + datetime.timedelta(days=number)
            won = number % 4 == 0
            closed = created + datetime.timedelta(days=60 if won else days_to_lose)
            if closed > datetime.date(2025, 12, 31):
                deals.append(deal("open", 10, created=str(created)))
            else:
                deals.append(deal("won" if won else "lost", 10, created=str(created), closed=str(closed)))
        return sm.past_quarters(arrow(*deals), as_of="2025-12-31", period="2024")

    quick, slow = team(90), team(270)
    assert [quarter.revenue for quarter in quick.quarters] == [quarter.revenue for quarter in slow.quarters]
    # Mean stay ÷ (rate × quarter): 82.5 ÷ (.25 × 91.5) and 217.5 ÷ (.25 × 91.5).
    assert float(quick.multiple) == pytest.approx(3.6, abs=0.15)
    assert float(slow.multiple) == pytest.approx(9.5, abs=0.3)


# Win rates need time


def test_won_within_so_many_days(checked, language):
    table = checked(
        deal("won", created="2026-01-01", closed="2026-01-31"),  # 30 days
        deal("won", created="2026-01-01", closed="2026-02-01"),  # 31 days: not in time
        deal("lost", created="2026-01-01", closed="2026-01-05"),
        deal("open", created="2026-03-01"),  # 30 days old, and not won
        deal("open", created="2026-03-02"),  # 29 days old
        deal("won", created="2026-03-05", closed="2026-03-06"),  # quick, but too young to count
        deal("won", created="", closed="2026-03-06"),
    )
    rate = sm.conversion_rate(table, within=30, as_of="2026-03-31")
    assert (rate.numerator, rate.denominator) == (1, 4)
    assert rate.interval()[0] > 0
    young, unknown = {
        "en": (
            "2 deals are too young to say and were left out.",
            "1 deal has no day of creation and was left out.",
        ),
        "nl": (
            "2 deals zijn te jong om iets te zeggen en zijn weggelaten.",
            "1 deal heeft geen dag van aanmaken en is weggelaten.",
        ),
    }[language]
    assert rate.notes == (unknown, young)
    assert rate.definition.startswith(
        {"en": "won within 30 days of creation", "nl": "gewonnen binnen 30 dagen na het aanmaken"}[language]
    )


def test_within_one_day(language):
    """Won the day after it began, and one that began on the table's last day: too young to say."""
    table = arrow(deal("won", created="2026-03-05", closed="2026-03-06"), deal(created="2026-03-06"))
    rate = sm.conversion_rate(table, within=1)
    assert rate.line == {"en": "100.0% = 1 won ÷ 1 old enough", "nl": "100,0% = 1 gewonnen ÷ 1 oud genoeg"}[language]
    assert (rate.definition, *rate.notes) == {
        "en": ("won within 1 day of creation", "1 deal is too young to say and was left out."),
        "nl": (
            "gewonnen binnen 1 dag na het aanmaken",
            "1 deal is te jong om iets te zeggen en is weggelaten.",
        ),
    }[language]


def test_longer_than_the_table_goes_back_there_is_no_rate(checked, language):
    rate = sm.conversion_rate(checked(deal("won"), deal("lost")), within=10_000_000)
    assert rate.value is None
    assert rate.reason == {"en": "no deal is old enough yet", "nl": "nog geen deal is oud genoeg"}[language]


@pytest.mark.parametrize("within", [0, -1, 1.5, "90", True])
def test_no_number_of_days(within):
    assert refusals(lambda: sm.conversion_rate(arrow(deal("won")), within=within)) == {
        "en": f"“{within}” is no number of days.\n"
        "→ Say within how many days of its creation a deal must be won, for example within=90.",
        "nl": f"“{within}” is geen aantal dagen.\n"
        "→ Zeg binnen hoeveel dagen na het aanmaken een deal gewonnen moet zijn, bijvoorbeeld within=90.",
    }


def test_within_by_group(checked):
    table = checked(
        deal("won", created="2026-01-01", closed="2026-01-31", channel="a"),
        deal("open", created="2026-01-01", channel="a"),
        deal("open", created="2026-01-01", channel="b"),
        deal("lost", created="2026-03-30", closed="2026-03-31", channel="b"),
    )
    found = nw.from_native(sm.conversion_rate(table, within=30, by="channel")).lazy().collect()
    assert [tuple(map(float, row[1:])) for row in found.sort("channel").rows()] == [(1, 2, 0.5), (0, 1, 0)]


# What is still needed


def aim(**more):
    """Hold the five quarters against 2026Q2, in which the 60 that are open are due."""
    table = arrow(*five_quarters(due="2026-05-01"))
    return sm.still_needed(table, **{"target": 150, "period": "2026Q2", "as_of": LAST_DAY, **more})


def test_the_gap_by_head():
    """150 - 0 won - 60 × 28 ÷ 41 expected - 40 that past quarters won from deals created in them."""
    found = aim()
    assert found.expected == pytest.approx(60 * 28 / 41)
    assert found.expected_new == pytest.approx(40)
    assert found.gap == pytest.approx(150 - 60 * 28 / 41 - 40)
    assert found.pipeline == pytest.approx(found.gap / (28 / 41))


def test_what_is_won_lowers_the_gap():
    won = deal("won", 30, created="2026-01-10", closed="2026-04-02")
    table = arrow(*five_quarters(due="2026-05-01", later=[won]))
    found = sm.still_needed(table, target=500, period="2026Q2", as_of="2026-04-05")
    assert found.won == 30
    assert found.gap == pytest.approx(500 - 30 - 60 * 29 / 42 - 40)


def test_the_deals_to_begin_and_from_when_by_head():
    """The 28 wins brought 700, so 25 each; half of them took 65 days at most."""
    found = aim(target=1000)
    deals = [one for one in five_quarters() if one["status"] == "won"]
    took = sorted((one["closed_on"] - one["created_on"]).days for one in deals)
    assert found.mean_won == sum(one["amount"] for one in deals) / len(deals) == 25
    assert found.lead_time == took[13] == 65
    assert found.begin_by == datetime.date(2026, 4, 26)
    # Of the 42 deals all but the last new one are at least 91 days old, and but for that one all wins were in time.
    share = 27 / 41
    assert (found.in_time.numerator, found.in_time.denominator) == (27, 41)
    assert share != float(found.rate)
    assert found.deals == pytest.approx(found.gap / share / 25)
    assert found.pipeline_in_time == pytest.approx(found.gap / share)
    # From 31 March to 26 April there are 26 days.
    assert found.deals_a_week == pytest.approx(found.deals / (26 / 7))


def test_three_periods_side_by_side(language):
    found = aim(targets={"2026Q3": 300})
    assert [(str(covered.denominator), float(covered)) for _period, covered in found.coverages] == [
        ("150.0", 0.4),
        ("300.0", 0.0),
        ("150.0", 0.0),
    ]
    assert {"en": "same target", "nl": "hetzelfde target"}[language] in str(found)
    assert not aim(targets={"2026Q3": 300, "2026Q4": 300}).assumed_target


def test_deals_to_begin_stand_beside_those_that_begin_now(language):
    """In the 13 weeks up to 31 March 25 deals were created."""
    usual = [deal("open", 5, created=f"2026-02-{day:02}", due="2027-01-01") for day in range(1, 25)]
    table = arrow(*five_quarters(due="2026-05-01", later=usual))
    found = sm.still_needed(table, target=1000, period="2026Q2", as_of=LAST_DAY)
    # The 24, and what the last quarter won new.
    assert found.begun_a_week == pytest.approx(25 / 13)
    told = {"en": "on top of what usually begins: 1.9 a week", "nl": "boven op wat er altijd al begint: 1,9 per week"}
    assert told[language] in str(found)
    assert told[language] in found.summary
    # Of a month nothing is known that usually comes new.
    month = str(sm.still_needed(table, target=1000, period="2026-06", as_of=LAST_DAY))
    assert {"en": "includes what usually begins: 1.9", "nl": "zit bij wat er altijd al begint: 1,9"}[language] in month


def test_a_table_younger_than_thirteen_weeks_has_no_usual_pace():
    young = [one for one in five_quarters(due="2026-05-01") if one["created_on"] > datetime.datetime(2026, 1, 1)]
    young += [deal("won", 5, created="2026-01-05", closed="2026-01-20"), deal("open", 60, created="2026-02-01")]
    found = sm.still_needed(arrow(*young, deal(due="2026-05-01")), target=1000, period="2026Q2", as_of=LAST_DAY)
    assert found.begun_a_week is None
    assert "in the last" not in str(found)


def test_what_is_still_to_be_found_in_a_few_words(language):
    """The gap of 69 ÷ (28 ÷ 41) is 101; with nothing lacking no deal is asked for."""
    said = aim().summary.replace(NBSP, " ")
    assert {"en": "€ 101 of pipeline, since € 69 is lacking", "nl": "€ 101 aan pipeline, want er is gemiddeld € 69"}[
        language
    ] in said
    assert {"en": "to begin, of", "nl": "te beginnen, van"}[language] in said
    nothing = {"en": "Still to be found: on average nothing.", "nl": "Nog te vinden: gemiddeld niets."}[language]
    assert aim(target=10).summary == nothing
    # Without a win no pipeline is enough, and the sentence stands alone.
    never = sm.still_needed(arrow(deal("lost", 5), deal(due="2026-05-01")), target=90, period="2026Q2", as_of=LAST_DAY)
    alone = never.summary.replace(NBSP, " ")
    assert alone == {"en": "€ 90 is lacking on average.", "nl": "Er is gemiddeld € 90 tekort."}[language]


def test_what_is_closed_before_it_was_created_is_not_usually_new():
    """It would add 120 in one of the seven quarters: 17 a quarter that nobody can count on."""
    strange = deal("won", 120, created="2025-05-20", closed="2025-05-10")
    with pytest.warns(UserWarning, match="before"):
        table = sm.check_deals(arrow(*five_quarters(due="2026-05-01", later=[strange])))
    found = sm.still_needed(table, target=150, period="2026Q2", as_of=LAST_DAY)
    assert found.expected_new == pytest.approx(40)


def test_what_past_quarters_can_not_tell_refuses_only_its_own_part(language):
    """A later start, or amounts that are missing: the rest can be told all the same."""
    deals = [one | {"stage": "Demo"} for one in five_quarters(due="2026-05-01")]
    about = {"target": 150, "period": "2026Q2", "as_of": LAST_DAY}
    found = sm.still_needed(sm.pipeline(arrow(*deals), stages=["Lead", "Demo"], start="Demo", **about))
    assert found.expected_new is None
    assert found.gap == pytest.approx(150 - 60 * 28 / 41)
    assert "Demo" in found.not_told
    words = {"en": "is left out: open deals of", "nl": "telt niet mee: de open deals van"}[language]
    assert words in found.not_told
    bare = [one | ({"amount": None} if one["status"] == "lost" else {}) for one in deals]
    found = sm.still_needed(arrow(*bare), **about)
    assert {"en": "have no amount", "nl": "geen bedrag"}[language] in str(found)


def test_a_period_of_which_no_amount_is_known_is_not_called_empty(language):
    later = deal("open", None, created="2026-01-05", due="2026-08-01")
    found = sm.still_needed(
        arrow(*five_quarters(due="2026-05-01", later=[later])), target=150, period="2026Q2", as_of=LAST_DAY
    )
    assert [covered.value for _period, covered in found.coverages] == [0.4, None, 0.0]
    assert {"en": "2026Q3: no amounts known", "nl": "2026Q3: geen bedragen bekend"}[language] in str(found)


@pytest.mark.parametrize("engine_name", ENGINES)
def test_what_is_still_needed_is_the_same_on_every_engine(engine_name):
    table = arrow(*five_quarters(due="2026-05-01"))
    ours, arrows = (
        sm.still_needed(each, target=150, period="2026Q2", as_of=LAST_DAY)
        for each in (ENGINES[engine_name](table), table)
    )
    assert str(ours) == str(arrows)
    assert (ours.gap, ours.deals, ours.begun_a_week) == (arrows.gap, arrows.deals, arrows.begun_a_week)


def test_half_way_through_a_quarter_only_what_still_comes_counts():
    """On day 45 of its quarter each past one had its new deals open already: they were created before."""
    halfway = aim(as_of="2026-05-15")
    assert halfway.expected_new == 0
    early = aim(as_of="2026-04-05")
    assert early.expected_new == pytest.approx(40)


def test_nothing_lacking(language):
    found = aim(target=10)
    assert found.gap == 0
    assert found.line.startswith({"en": "Nothing lacking on average: ", "nl": "Gemiddeld geen tekort: "}[language])
    # The sum comes out: 60 × 28 ÷ 41 expected and 40 that usually comes new, less the target of 10.
    spare = {"en": "leaves € 71 to spare", "nl": "en dan is er nog € 71 over"}[language]
    assert spare in found.line.replace(NBSP, " ")


def test_too_late_to_begin(language):
    """Half of the wins took over 60 days: begun in May, half of them are won after the quarter."""
    late = aim(as_of="2026-05-01", target=1000)
    assert late.deals_a_week is None
    assert {"en": "the day to begin was", "nl": "had dat moeten gebeuren"}[language] in str(late)
    early = aim(as_of="2026-04-05", target=1000)
    assert early.deals_a_week > 0
    assert {"en": "a week until", "nl": "per week tot"}[language] in str(early)


def test_what_has_never_closed_in_time(language):
    found = aim(as_of="2026-06-29", target=1000)
    assert found.in_time.value == 0
    assert found.deals is None
    assert {
        "en": "Nothing found now has ever closed in time: none was won within 1 day.",
        "nl": "Wat nu nog gevonden wordt, komt te laat: binnen 1 dag is nog nooit een deal gewonnen.",
    }[language] in found.lines


def test_the_last_day_is_one_day(language):
    """One win in a day, of the 43 that are a day old."""
    quick = deal("won", 5, created="2026-03-30", closed="2026-03-31")
    table = arrow(*five_quarters(due="2026-06-30", later=[quick]))
    found = sm.still_needed(table, target=1000, period="2026Q2", as_of="2026-06-29")
    assert (found.in_time.numerator, found.in_time.denominator) == (1, 43)
    assert {
        "en": "In the 1 day left 2.3% of all deals are won: by that share",
        "nl": "Er is nog 1 dag. In die tijd wordt 2,3% van alle deals gewonnen.",
    }[language] in str(found)


def test_the_words_of_what_is_still_needed(language):
    """The figures of the test by head: a gap of 1000 - 41 - 40, ÷ 28/41 and ÷ 27/41, of 25 each, in 26 ÷ 7 weeks."""
    assert (
        str(aim(target=1000)).replace(NBSP, " ").splitlines()
        == {
            "en": [
                "€ 919 lacking = € 1,000 target − € 0 won − € 41 expected from what is due − € 40 usually won after "
                "this day from deals that begin after it",
                "Pipeline still to be found, and decided in this period: € 1,346, at 68.3% won.",
                "In the 91 days left 65.9% of all deals are won: by that share it takes € 1,396.",
                "56 deals to begin, of € 25 each: 15.0 a week until 26 Apr 2026, since half of the wins took at most "
                "65 days.",
                "That is on top of what usually begins: 0.1 a week in the last 13 weeks.",
                "2026Q2: 0.1× = € 60 open ÷ € 1,000 target",
                "2026Q3: 0.0× = € 0 open ÷ € 1,000 target",
                "2026Q4: 0.0× = € 0 open ÷ € 1,000 target",
                "The later periods are held against the same target, since none of their own was given.",
            ],
            "nl": [
                "€ 919 tekort = € 1.000 target − € 0 gewonnen − € 41 verwacht uit wat moet sluiten − € 40 die meestal "
                "na deze dag nog gewonnen wordt uit deals die dan pas beginnen",
                "Nog te vinden aan pipeline die in deze periode ook beslist wordt: € 1.346, als je er 68,3% van wint.",
                "Binnen de 91 dagen die er nog zijn, wordt 65,9% van alle deals gewonnen. Daarmee gerekend is € 1.396 "
                "nodig.",
                "56 deals te beginnen, van elk € 25: 15,0 per week tot en met 26-04-2026, want de helft van de "
                "gewonnen deals duurde hoogstens 65 dagen.",
                "Dat komt boven op wat er altijd al begint: 0,1 per week in de laatste 13 weken.",
                "2026Q2: 0,1× = € 60 open ÷ € 1.000 target",
                "2026Q3: 0,0× = € 0 open ÷ € 1.000 target",
                "2026Q4: 0,0× = € 0 open ÷ € 1.000 target",
                "De latere periodes staan tegenover hetzelfde target, want een eigen target is er niet gegeven.",
            ],
        }[language]
    )
    own = aim(targets={"2026Q3": 300})
    assert (
        own.lines[-1]
        == {
            "en": "2026Q4 is held against the same target, since none of its own was given.",
            "nl": "2026Q4 staat tegenover hetzelfde target, want die periode kreeg geen eigen target.",
        }[language]
    )
    # Of 150 and with € 69 lacking four deals of 25 are to begin; where the day has passed no number a week is named.
    late = aim(as_of="2026-05-01", target=1000).lines
    assert (
        late[2].replace(NBSP, " ")
        == {
            "en": "230 deals to begin, of € 25 each; the day to begin was 26 Apr 2026, since half of the wins took at "
            "most 65 days.",
            "nl": "230 deals te beginnen, van elk € 25; uiterlijk 26-04-2026 had dat moeten gebeuren, want de helft "
            "van de gewonnen deals duurde hoogstens 65 dagen.",
        }[language]
    )
    assert len(late) == 7


def test_one_deal_and_one_day_are_one(language):
    """Both wins, of 50 each, took a day: for 50 more one deal must begin in the 90 days up to 29 June."""
    wins = [deal("won", 50, created=f"{month}-01", closed=f"{month}-02") for month in ("2025-12", "2026-03")]
    found = sm.still_needed(arrow(*wins), target=50, period="2026-06", as_of=LAST_DAY)
    assert (found.deals, found.lead_time) == (1, 1)
    assert {
        "en": "1 deal to begin, of € 50 each: 0.1 a week until 29 Jun 2026, since half of the wins took at most 1 day.",
        "nl": "1 deal te beginnen, van € 50: 0,1 per week tot en met 29-06-2026, want de helft van de gewonnen "
        "deals duurde hoogstens 1 dag.",
    }[language] in str(found).replace(NBSP, " ")


def test_on_the_day_to_begin_it_is_too_late_and_the_day_before_there_is_one_week():
    """The day to begin is 26 April; a day before it a week's worth is all that is left to name."""
    assert aim(as_of="2026-04-26", target=1000).deals_a_week is None
    before = aim(as_of="2026-04-25", target=1000)
    assert before.deals_a_week == before.deals
    ten_days = aim(as_of="2026-04-16", target=1000)
    assert ten_days.deals_a_week == pytest.approx(ten_days.deals * 7 / 10)


def test_backwards_from_a_later_quarter():
    """A target for next quarter: how many deals to begin, and by when."""
    found = aim(period="2026Q3", target=500)
    assert found.expected == 0
    assert found.begin_by == datetime.date(2026, 9, 30) - datetime.timedelta(days=found.lead_time)
    assert found.deals == pytest.approx(found.gap / float(found.in_time) / found.mean_won)


def test_a_month_has_no_past_quarters(language):
    found = aim(period="2026-05")
    assert found.expected_new is None
    assert [str(period.first) for period, _covered in found.coverages] == ["2026-05-01", "2026-06-01", "2026-07-01"]
    assert found.not_told == found.lines[0]
    assert (
        found.not_told
        == {
            "en": "What usually comes new after this day is left out: the period is no quarter.",
            "nl": "Wat er na deze dag meestal nog nieuw bij komt, telt niet mee: de periode is geen kwartaal.",
        }[language]
    )
    young = [one for one in five_quarters(due="2026-05-01") if one["created_on"] >= datetime.datetime(2025, 8, 1)]
    few = sm.still_needed(arrow(*young), target=150, period="2026Q2", as_of=LAST_DAY)
    assert (
        few.not_told
        == {
            "en": "What usually comes new after this day is left out: there are too few past quarters to tell.",
            "nl": "Wat er na deze dag meestal nog nieuw bij komt, telt niet mee: er zijn te weinig kwartalen om dat te "
            "zeggen.",
        }[language]
    )


@pytest.mark.parametrize(
    ("option", "english", "dutch"),
    [
        (
            {"period": None},
            'What is still needed is needed in a period, and none was given.\n→ Say in which: period="2026Q3".',
            "Er is geen periode gegeven, dus valt niet te zeggen wat er nog nodig is.\n"
            '→ Zeg in welke: period="2026Q3".',
        ),
        (
            {"as_of": "2026-06-30"},
            "The period ended on 30 Jun 2026: nothing found now can still count in it.\n"
            "→ Choose this period or a later one.",
            "De periode eindigde op 30-06-2026: wat nu nog gevonden wordt, kan er niet meer in meetellen.\n"
            "→ Kies de periode van nu of een latere.",
        ),
    ],
)
def test_no_period_to_plan_for(option, english, dutch):
    assert refusals(lambda: aim(**option)) == {"en": english, "nl": dutch}


def beside(situation, *, deals=None, **options):
    mine = sm.pipeline(
        arrow(*(deals or five_quarters(due="2026-05-01"))), **{"target": 20, "period": "2026Q2", **options}
    )
    return past_quarters_line(mine, situation).replace(NBSP, " ")


def test_the_line_beside_the_situation_says_where_the_two_point_apart(language):
    """Of the last quarter's 60 nothing else is open: against 20 that is 3.0×, as past quarters began."""
    apart = {"en": "The two point apart", "nl": "Die twee spreken elkaar tegen"}[language]
    begins = {"en": "2026Q2 begins with {}× its target", "nl": "2026Q2 begint met {}× het target"}[language]
    as_of = {"as_of": LAST_DAY}
    assert begins.format({"en": "3.0", "nl": "3,0"}[language]) in beside("healthy", **as_of)
    assert apart not in beside("healthy", **as_of)
    assert beside("thin and leaky", **as_of).endswith(
        {
            "en": "€ 60 open ÷ € 20. The two point apart: that is no less than past quarters began with, yet coverage "
            "× conversion falls short. It counts nothing new, and 40% of what those quarters won was new.",
            "nl": "€ 60 open ÷ € 20. Die twee spreken elkaar tegen: dat is niet minder dan toen, maar dekking × "
            "conversie komt tekort. Die som telt niets nieuws mee, en in die kwartalen was 40% van de omzet nieuw.",
        }[language]
    )
    assert beside("healthy", target=60, **as_of).endswith(
        {
            "en": "€ 60 open ÷ € 60. The two point apart: that is less than past quarters began with, yet coverage × "
            "conversion is enough. It has all decided in time, and those quarters carried over 20% of what was open.",
            "nl": "€ 60 open ÷ € 60. Die twee spreken elkaar tegen: dat is minder dan toen, maar dekking × conversie "
            "is genoeg. In die som wordt alles op tijd beslist, en die kwartalen namen 20% van wat openstond mee naar "
            "het volgende.",
        }[language]
    )
    assert apart not in beside(None, target=60, **as_of)


def test_where_past_quarters_cannot_be_told_the_line_says_why(language):
    """From a later stage on the situation still stands, and one line says that past quarters have none."""
    deals = [one | {"stage": "Demo"} for one in five_quarters(due="2026-05-01")]
    line = beside("healthy", deals=deals, stages=["Lead", "Demo"], start="Demo")
    # The words before the colon do not return behind it.
    assert (
        line.partition(": ")[2]
        == {
            "en": "Open deals of an earlier day can't be counted from the stage Demo on.",
            "nl": "De open deals van een eerdere dag zijn niet te tellen vanaf de fase Demo.",
        }[language]
    )


def test_half_way_it_is_held_against_what_the_quarter_began_with():
    later = [deal("won", 500, created="2026-04-02", closed="2026-04-20")]
    line = beside("healthy", deals=five_quarters(due="2026-05-01", later=later), as_of="2026-05-01")
    assert "2026Q2 began with 3.0× its target, all open deals counted: € 60 open ÷ € 20" in line


@pytest.mark.parametrize("period", ["2026-04", "2026", "2026Q4"])
def test_no_other_period_than_this_quarter_or_the_next_is_held_against_it(period):
    assert "its target" not in beside("healthy", period=period, as_of=LAST_DAY)
