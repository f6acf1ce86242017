"""The funnel and velocity, on tables that can be checked by head and on every engine."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tables import arrow, columns_of, deal, refusals, rows_of

import salesmetrics as sm
from salesmetrics import SalesMetricsError
from salesmetrics.metrics.funnel import FEWEST_ENTERED

STAGES = ("Lead", "Demo", "Proposal")


def closed(won, *lost):
    """Make a table in which ``won`` deals were won, and ``lost[i]`` deals of € 100 ended in stage i."""
    return [deal("won", 100.0, stage="Proposal")] * won + [
        deal("lost", 100.0, stage=stage) for stage, count in zip(STAGES, lost, strict=True) for _ in range(count)
    ]


def test_the_funnel_by_hand(checked):
    found = sm.funnel(checked(*closed(10, 40, 30, 20), deal(stage="Lead")), stages=STAGES)
    assert [step.entered for step in found.steps] == [100, 60, 30]
    assert [float(step.rate) for step in found.steps] == pytest.approx([0.6, 0.5, 1 / 3])
    assert [step.lost for step in found.steps] == [40, 30, 20]
    # 40 deals of 100 that stop at Lead would have been worth half × a third of it later on.
    assert [step.leak for step in found.steps] == pytest.approx([4000 / 6, 1000, 2000])
    assert found.bottleneck.stage == "Proposal"
    assert found.leak.stage == "Proposal"


def test_the_bottleneck_needs_twenty_deals(checked):
    exactly = sm.funnel(checked(*closed(5, 10, 10, 15)), stages=STAGES)
    assert (exactly.steps[2].entered, exactly.bottleneck.stage) == (FEWEST_ENTERED, "Proposal")
    one_less = sm.funnel(checked(*closed(5, 10, 10, 14)), stages=STAGES)
    assert (one_less.steps[2].entered, one_less.bottleneck.stage) == (19, "Demo")
    assert sm.funnel(checked(*closed(1, 1, 1, 1)), stages=STAGES).bottleneck is None


def test_a_tie_goes_to_the_earlier_stage(checked):
    assert sm.funnel(checked(*closed(30, 120, 60, 30)), stages=STAGES).bottleneck.stage == "Lead"


def test_the_funnel_of_a_moment_and_a_period(checked):
    deals = checked(
        deal("won", stage="Proposal", closed="2026-02-28"),
        deal("lost", stage="Lead", closed="2026-03-01"),
        deal("lost", stage="Demo", closed="2026-04-01"),
    )
    assert [step.entered for step in sm.funnel(deals, stages=STAGES, as_of="2026-03-01").steps] == [2, 1, 1]
    assert [step.entered for step in sm.funnel(deals, stages=STAGES, period="2026-03").steps] == [1, 0, 0]


def test_an_empty_stage_has_no_rate(checked):
    found = sm.funnel(checked(*closed(0, 3, 0, 0)), stages=STAGES)
    assert [step.rate.value for step in found.steps] == [0, None, None]
    assert "nan" not in str(found)
    # Of stages that nobody reached no rate is known: nothing is taken off the 300, or added to it.
    assert (found.leak.stage, found.leak.leak) == ("Lead", 300)


def test_a_rate_that_nobody_reached_says_so(checked, language):
    found = sm.funnel(checked(*closed(0, 3, 0, 0)), stages=STAGES)
    assert [step.rate.reason for step in found.steps[1:]] == [
        {"en": "nobody got here", "nl": "niemand kwam hier"}[language]
    ] * 2
    assert (
        found.steps[0].rate.definition
        == {
            "en": "share that went on from Lead",
            "nl": "deel dat verderging na Lead",
        }[language]
    )


def test_money_leaks_from_the_first_euro_on_and_not_where_nothing_is_lost(checked):
    wins = closed(20, 0, 0, 0)
    assert sm.funnel(checked(*wins), stages=STAGES).leak is None
    assert "leaks" not in str(sm.funnel(checked(*wins), stages=STAGES))
    # A loss of which nobody filled in the amount brings no leak either.
    assert sm.funnel(checked(*wins, deal("lost", None, stage="Demo")), stages=STAGES).leak is None
    one_euro = sm.funnel(checked(*wins, deal("lost", 1.0, stage="Proposal")), stages=STAGES)
    assert (one_euro.leak.stage, one_euro.leak.lost_amount, one_euro.leak.leak) == ("Proposal", 1, 1)


def test_a_funnel_without_an_order_is_refused(checked):
    table = checked(*closed(1, 1, 1, 1))
    assert refusals(lambda: sm.funnel(table)) == {
        "en": "A funnel needs the stages in their order.\n"
        "→ Add them: stages=scenario.stages, or a list from first to last.",
        "nl": "Een trechter vraagt om de fasen op volgorde.\n"
        "→ Voeg ze toe: stages=scenario.stages, of een lijst van de eerste tot en met de laatste.",
    }


def test_the_stages_that_say_nothing_are_named_the_first_three_of_them(checked):
    gone = [deal("lost", stage=f"Lost {n}") for n in (4, 2, 3, 1)]
    table = checked(*closed(1, 1, 1, 1), *gone)
    said = refusals(lambda: sm.funnel(table, stages=STAGES))
    assert said["en"].startswith(
        "4 lost deals do not say how far they got: their stage is “Lost 1”, “Lost 2”, “Lost 3”.\n→ Many systems write "
        "“Lost” over the stage."
    )
    assert said["nl"].startswith(
        "4 verloren deals zeggen niet hoe ver ze kwamen: hun fase is “Lost 1”, “Lost 2”, “Lost 3”.\n→ Veel systemen"
    )
    single = checked(*closed(1, 1, 1, 1), gone[0])
    assert (
        "1 lost deal does not say how far it got: its stage is “Lost 4”."
        in (refusals(lambda: sm.funnel(single, stages=STAGES))["en"])
    )


@given(st.tuples(*[st.integers(0, 30)] * 4).filter(any))
def test_the_rates_multiply_to_won_of_closed(counts):
    found = sm.funnel(sm.check_deals(arrow(*closed(*counts))), stages=STAGES)
    product = 1.0
    for step in found.steps:
        product *= step.rate.value if step.rate.value is not None else 1.0
    assert product == pytest.approx(counts[0] / sum(counts))


@pytest.mark.parametrize("stage", ["Closed Lost", None])
def test_lost_deals_that_forgot_their_stage_are_refused(checked, language, stage):
    deals = checked(deal("won", stage="Proposal"), deal("lost", stage="Demo"), deal("lost", stage=stage))
    with pytest.raises(SalesMetricsError) as refusal:
        sm.funnel(deals, stages=STAGES)
    assert "open_by_stage" in str(refusal.value)
    assert (stage or {"en": "no stage", "nl": "geen fase"}[language]) in str(refusal.value)


def test_open_money_and_age_per_stage(checked):
    deals = checked(
        deal(amount=100.0, stage="Lead", created="2026-03-01", due="2026-04-10"),
        deal(amount=300.0, stage="Lead", created="2026-03-21", due="2026-04-20"),
        deal(amount=None, stage="Demo", created="", due="2026-05-01"),
        deal(amount=50.0, stage="Demo", created="2026-03-01", due="2026-07-01"),
        deal("lost", 70.0, stage="Lead", closed="2026-03-31"),
    )
    assert sorted(rows_of(sm.open_by_stage(deals))) == [("Demo", 2, 50, 30), ("Lead", 2, 400, 20)]
    assert sorted(rows_of(sm.open_by_stage(deals, period="2026Q2"))) == [("Demo", 1, 0, None), ("Lead", 2, 400, 20)]
    assert columns_of(sm.open_by_stage(deals)) == ["stage", "deals", "amount", "age"]
    earlier = sorted(rows_of(sm.open_by_stage(deals, as_of="2026-03-21")))
    assert earlier == [("Demo", 2, 50, 20), ("Lead", 3, 470, pytest.approx((20 + 0 + 75) / 3))]


def test_velocity_by_hand(checked):
    """100 open × 10% × 25,000 ÷ 73 days: winners take 100 days, losers 70."""
    won = deal("won", 25_000.0, created="2025-11-21", closed="2026-03-01")
    lost = deal("lost", 10_000.0, created="2025-12-21", closed="2026-03-01")
    deals = checked(*[deal(amount=1.0)] * 100, won, *[lost] * 9)
    found = sm.velocity(deals)
    assert (found.open_deals, found.conversion, found.mean_won_amount, found.mean_days) == (100, 0.1, 25_000, 73)
    assert float(found) == pytest.approx(3424.66, abs=0.01)
    assert float(found) != pytest.approx(2500, abs=100)


def test_velocity_of_a_moment_and_a_period(checked):
    deals = checked(
        deal(due="2026-04-01"),
        deal(due="2026-07-01"),
        deal("won", 40.0, created="2026-02-01", closed="2026-02-11", due=""),
        deal("won", 80.0, created="2026-02-01", closed="2026-03-03"),
        deal("lost", 80.0, created="", closed="2026-02-11"),
    )
    assert sm.velocity(deals, period="2026Q2").open_deals == 1
    early = sm.velocity(deals, as_of="2026-02-11")
    assert (early.conversion, early.mean_won_amount, early.mean_days, early.open_deals) == (0.5, 40, 10, 3)


def test_velocity_needs_a_win_and_days(checked, language):
    with pytest.raises(SalesMetricsError, match={"en": "won yet", "nl": "gewonnen"}[language]):
        sm.velocity(checked(deal(), deal("lost")))
    with pytest.raises(SalesMetricsError, match={"en": "how many days", "nl": "hoeveel dagen"}[language]):
        sm.velocity(checked(deal("won", created="")))
    with pytest.raises(SalesMetricsError, match={"en": "took 0 days on average", "nl": "gemiddeld 0 dagen"}[language]):
        sm.velocity(checked(deal("won", created="2026-03-01", closed="2026-03-01")))


def test_velocity_takes_the_mean_of_the_wins_whose_amount_is_known(checked):
    """One win of 40 a day after it began, one without an amount: 1 open × 100% × 40 ÷ ½ day is 80 a day."""
    quick = {"created": "2026-02-01", "closed": "2026-02-02"}
    unknown = deal("won", None, created="2026-02-02", closed="2026-02-02")
    found = sm.velocity(checked(deal(), deal("won", 40.0, **quick), unknown))
    assert (found.conversion, found.mean_won_amount, found.mean_days, float(found)) == (1, 40, 0.5, 80)


def test_velocity_says_what_to_do_where_there_is_none(checked):
    nothing, undated = checked(deal(), deal("lost")), checked(deal("won", created=""))
    assert refusals(lambda: sm.velocity(nothing)) == {
        "en": "No deal with an amount was won yet, so there is no velocity.\n"
        "→ Come back after the first wins, or look at the coverage.",
        "nl": "Er is nog geen deal met een bedrag gewonnen, dus er is nog geen snelheid.\n"
        "→ Kom terug na de eerste gewonnen deals, of kijk naar de dekking.",
    }
    assert refusals(lambda: sm.velocity(undated)) == {
        "en": "The closed deals do not say how many days they took.\n"
        "→ Fill in created_on and closed_on of the closed deals.",
        "nl": "De besliste deals zeggen niet hoeveel dagen ze duurden.\n"
        "→ Vul created_on en closed_on van de besliste deals in.",
    }


def test_the_startups_velocity_is_the_worked_figure():
    startup = sm.scenario("startup")
    found = sm.velocity(startup.deals, period=startup.period)
    assert float(found) == pytest.approx(3424.66, abs=0.01)
