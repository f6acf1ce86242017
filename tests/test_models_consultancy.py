"""The consultancy's four quarters: every figure of its lesson, and what a picture of them carries."""

import pytest
from drawn import inside, shapes, words
from matplotlib.lines import Line2D
from matplotlib.patches import PathPatch

import salesmetrics as sm
from salesmetrics.base.language import NBSP
from salesmetrics.charts import CONVERSION, COVERAGE, PAPER, TARGET
from salesmetrics.charts import consultancy as chart
from salesmetrics.charts.moving_picture import MovingPicture
from salesmetrics.models import quarter as quarter_model
from salesmetrics.models.consultancy import CHANNELS, MODEL, ConsultancyOutcome, months_at_work


def state(**levers: float) -> ConsultancyOutcome:
    return MODEL.outcome({**MODEL.defaults(), **levers})


def everywhere(budget: float) -> dict[str, float]:
    return {channel.name: budget for channel in CHANNELS}


def coverages(outcome: ConsultancyOutcome) -> list[float]:
    return [quarter.coverage for quarter in outcome.quarters]


def test_the_start_is_the_table() -> None:
    company, start = sm.scenario("consultancy"), state()
    about = {"target": company.target, "period": company.period}
    assert start.coverage == float(sm.coverage(company.deals, **about)) == 1.5
    assert start.conversion == pytest.approx(0.6)
    assert 1 / start.conversion == pytest.approx(1.67, abs=0.005)
    assert start.expected_revenue == pytest.approx(540_000)
    assert start.chance_of_target == pytest.approx(float(sm.chance_of_target(company.deals, **about)))
    assert start.chance_of_target == pytest.approx(0.384, abs=0.0005)
    assert start.chance_large_won == pytest.approx(0.947, abs=0.0005)
    assert start.chance_large_lost == 0
    assert coverages(start) == [1.5, 0.4, 0, 0]
    assert start.quarters[0].today[:3] == (250_000, 200_000, 70_000)
    assert start.quarters[2].conversion is None


def test_two_thousand_a_month_in_each_channel() -> None:
    outcome = state(**everywhere(2_000))
    assert coverages(outcome) == pytest.approx([1.5, 0.66, 0.70, 0.70], abs=0.005)
    assert outcome.budget == 8_000


def test_a_budget_by_hand() -> None:
    # 40 leads at most, 63% of them at 150 × 40 = 6,000 a month, 4% become deals of 30,000, after three months.
    outcome = state(social=6_000)
    a_month = 40 * (1 - 2.718281828**-1) * 0.04 * 30_000
    assert [quarter.brought for quarter in outcome.quarters[:2]] == [0, pytest.approx(3 * a_month)]
    assert outcome.quarters[1].expected == pytest.approx(144_000 + 0.40 * 3 * a_month)


def test_no_budget_reaches_this_quarter() -> None:
    """A deal takes 90 days; a chance that creeps up with the budgets would say that it can be bought."""
    spent = state(**everywhere(10_000))
    assert spent.coverage == 1.5
    assert spent.chance_of_target == state().chance_of_target


def test_no_budget_brings_more_than_1_94_times_the_target_a_quarter() -> None:
    assert state(**everywhere(1e9)).coverage_in_a_year == pytest.approx(1.94, abs=0.005)
    assert state(**everywhere(10_000)).coverage_in_a_year < 1.94


@pytest.mark.parametrize(
    ("delay", "months"), [(2, [1, 3, 3, 3]), (3, [0, 3, 3, 3]), (5, [0, 1, 3, 3]), (6, [0, 0, 3, 3])]
)
def test_results_come_late(delay: int, months: list[int]) -> None:
    assert [months_at_work(delay, quarter) for quarter in range(4)] == months


def test_success_stretches_the_team() -> None:
    busy = state(**everywhere(10_000)).quarters[3]
    assert busy.deals > 16
    assert busy.attention == pytest.approx((16 / busy.deals) ** 0.5)
    assert state(**everywhere(2_000)).quarters[3].attention == 1


def test_the_large_deals_fall_away() -> None:
    assert state(away=1).coverage == pytest.approx(650 / 600)
    assert state(away=1).chance_of_target < 0.03
    assert state(away=2).chance_of_target == 0
    assert state(away=1, new_deals=5).chance_of_target > 0.5


def test_what_slips_is_due_again() -> None:
    outcome = state(slip=0.5)
    assert coverages(outcome) == pytest.approx([1.5, (450 + 240) / 600, (225 + 120) / 600, 172.5 / 600])
    assert outcome.expected_revenue == pytest.approx(270_000)
    assert outcome.quarters[1].expected == pytest.approx((450 + 240) * 1_000 * 0.6 * 0.5)


def test_a_new_deal_is_as_large_as_todays_on_average() -> None:
    assert state(new_deals=2).expected_revenue == pytest.approx(540_000 + 2 * 75_000 * 0.6)


def test_the_chance_sorted_by_the_fate_of_the_two_large_deals() -> None:
    company = sm.scenario("consultancy")
    still_open = company.deals["status"] == "open"
    large = {amount: still_open & (company.deals["amount"] == amount) for amount in (250_000, 200_000)}

    def made(*fates: float) -> float:
        deals = company.deals.assign(probability=0.6)
        for rows, fate in zip(large.values(), fates, strict=True):
            deals.loc[rows, "probability"] = fate
        return float(sm.chance_of_target(deals, target=company.target, period=company.period, p="crm"))

    assert [int(rows.sum()) for rows in large.values()] == [1, 1]
    chances = [made(1, 1), made(1, 0), made(0, 1), made(0, 0)]
    assert [round(chance, 2) for chance in chances] == [0.95, 0.14, 0.04, 0]
    shares = [often * chance for often, chance in zip((0.36, 0.24, 0.24, 0.16), chances, strict=True)]
    assert [round(share, 2) for share in shares] == [0.34, 0.03, 0.01, 0]
    assert sum(shares) == pytest.approx(state().chance_of_target)


def test_four_new_deals_make_up_for_the_largest() -> None:
    with_all = state().chance_of_target
    assert [state(away=1, new_deals=new).chance_of_target >= with_all for new in (3, 4)] == [False, True]
    quarter = quarter_model.model_of_consultancy()
    levers = {**quarter.defaults(), "away": 1}
    found = [quarter.outcome({**levers, "new_deals": new}).chance_of_target for new in (0, 3, 4)]
    assert found == pytest.approx([state(away=1, new_deals=new).chance_of_target for new in (0, 3, 4)])


def test_where_its_wins_came_from_and_how_large_they_were() -> None:
    deals = sm.scenario("consultancy").deals
    won, lost = (deals[deals["status"] == status] for status in ("won", "lost"))
    assert (len(won), (won["channel"] == "referral").sum()) == (36, 24)
    assert ((lost["channel"] == "referral").sum(), len(lost)) == (12, 24)  # so 24 of 36, and 12 of 24 of the others
    assert (won["closed_on"] - won["created_on"]).dt.days.mean() == 90
    assert (won["amount"].sum(), won["amount"].mean(), won["amount"].max()) == (2_592_000, 72_000, 270_000)
    assert (won["amount"].sum() + lost["amount"].sum(), lost["amount"].mean()) == (4_320_000, 72_000)
    assert [(rows["amount"] >= 150_000).sum() for rows in (won, lost)] == [6, 4]


def test_what_two_thousand_a_month_does_in_each_channel() -> None:
    rows = {
        "social": (11.34, 1.36, 41),
        "events": (2.83, 1.70, 85),
        "search": (6.80, 2.04, 82),
        "partners": (2.92, 3.50, 210),
    }
    for channel in CHANNELS:
        a_month = channel.deals_a_month(2_000)
        found = (a_month / channel.to_deal, 3 * a_month, 3 * a_month * channel.size / 1_000)
        leads, deals, adds = rows[channel.name]
        assert found == (pytest.approx(leads, abs=5e-3), pytest.approx(deals, abs=5e-3), pytest.approx(adds, abs=0.5))
        assert state(**{channel.name: 2_000}).quarters[3].brought == pytest.approx(found[2] * 1_000)
    assert coverages(state(events=2_000))[3] == pytest.approx(0.14, abs=5e-3)
    assert [channel.delay for channel in sorted(CHANNELS, key=lambda each: list(rows).index(each.name))] == [3, 3, 5, 6]
    assert coverages(state(partners=2_000))[3] == pytest.approx(coverages(state(**everywhere(2_000)))[3] / 2, abs=0.01)


def test_ten_thousand_a_month_in_each_channel() -> None:
    full, half = state(**everywhere(10_000)), state(**everywhere(5_000))
    assert coverages(full) == pytest.approx([1.5, 1.13, 1.68, 1.68], abs=0.005)
    assert full.quarters[1].chance == pytest.approx(0.005, abs=5e-4)
    last = full.quarters[3]
    assert last.deals == pytest.approx(21.5, abs=0.05)
    assert last.attention == pytest.approx(0.86, abs=0.005)
    assert last.conversion == pytest.approx(0.488, abs=5e-4)
    assert last.conversion / last.attention == pytest.approx(0.566, abs=5e-4)
    assert 1 / last.conversion == pytest.approx(2.05, abs=0.005)
    assert last.expected - half.quarters[3].expected == pytest.approx(59_000, abs=500)
    assert 3 * (full.budget - half.budget) == 60_000
    assert state(away=1).chance_of_target == pytest.approx(0.022, abs=5e-4)


def test_one_channel_soon_or_well() -> None:
    assert coverages(state(social=5_000))[1:3] == pytest.approx([0.54, 0.14], abs=0.005)
    assert coverages(state(partners=5_000))[1:3] == pytest.approx([0.40, 0.58], abs=0.005)


def piles(drawing, color: str, hatch: str | None = None) -> list[tuple[float, float]]:
    """Give the bottoms and tops of the moving boxes of one look, in times the target."""
    return [((bottom - 148) / 110, (top - 148) / 110) for _l, bottom, _r, top in shapes(drawing, color, hatch)[0]]


def test_the_piles_are_as_high_as_the_figures_say() -> None:
    drawing, outcome = chart.draw(MODEL), state(**everywhere(2_000))
    drawing.move(outcome)
    deals = piles(drawing, COVERAGE)
    assert len(deals) == 12 + 5
    assert deals[0] == pytest.approx((0, 250 / 600))
    assert max(top for _bottom, top in deals) == pytest.approx(1.5)
    brought = piles(drawing, PAPER, "////")
    assert [top for _bottom, top in brought] == pytest.approx(coverages(outcome)[1:])
    expected = [top * 600_000 for _bottom, top in piles(drawing, CONVERSION)]
    assert expected == pytest.approx([quarter.expected for quarter in outcome.quarters])
    assert {"1.50×", "0.66×", "0.70×"} <= set(words(drawing))


def test_a_pile_that_is_cut_off_says_so() -> None:
    drawing = chart.draw(MODEL)
    drawing.move(state(slip=0.9, **everywhere(10_000)))
    assert any(text.startswith("▲ ") for text in words(drawing))
    assert max(top for _bottom, top in piles(drawing, PAPER, "////")) == 2


def test_every_word_fits_into_the_picture(language: str) -> None:
    drawing = chart.draw(MODEL)
    for levers in ({}, {"slip": 0.9, **everywhere(10_000)}):
        drawing.move(state(**levers))
        inside(drawing)


SENTENCES = [
    (
        {},
        "Coverage is 1.50× this quarter, then 0.40×, 0.00× and 0.00×. At a conversion of 60.0%, € 540,000 is expected "
        "this quarter, and the chance of the target of € 600,000 is 38%. With the two largest won the chance is 95%, "
        "with neither 0%. Assumptions: deals are independent; none slips; none is new and closed within the quarter; "
        "the team has attention for 16 deals.",
        "De dekking is dit kwartaal 1,50×, daarna 0,40×, 0,00× en 0,00×. Met een conversie van 60,0% is dit kwartaal "
        "€ 540.000 te verwachten, en de kans op het target van € 600.000 is 38%. Met de twee grootste gewonnen is de "
        "kans 95%, met geen van beide 0%. Aannames: deals staan los van elkaar; niets schuift door; geen deal is nieuw "
        "en binnen het kwartaal beslist; het team heeft aandacht voor 16 deals.",
    ),
]


@pytest.mark.parametrize(("levers", "english", "dutch"), SENTENCES)
def test_sentences(levers: dict[str, float], english: str, dutch: str, language: str) -> None:
    assert chart.sentence(state(**levers)).replace(NBSP, " ") == {"en": english, "nl": dutch}[language]


def test_a_budget_and_what_fell_away_are_told() -> None:
    said = chart.sentence(state(away=1, **everywhere(10_000))).replace(NBSP, " ")
    assert "The largest deal has fallen away." in said
    assert "next quarter's gap is already there." in said
    assert "With 21.5 deals in one quarter, each gets 86% of the attention it needs." in said
    assert said.endswith("; what a budget brings, and when.")
    assert "The 2 largest deals have fallen away." in chart.sentence(state(away=2))


def test_under_the_piles_stand_the_deals_at_work_and_above_them_what_the_budgets_cost() -> None:
    drawing = chart.draw(MODEL)
    assert {"12.0 of 16", "5.0 of 16", "0.0 of 16", f"Budgets together: €{NBSP}0 a month"} <= set(words(drawing))
    drawing.move(state(**everywhere(10_000)))
    assert "▲ 21.5 of 16" in words(drawing)
    assert f"Budgets together: €{NBSP}40,000 a month" in words(drawing)


def test_the_target_is_drawn_over_the_piles() -> None:
    drawing = chart.draw(MODEL)
    shapes = [patch for patch in drawing.moving if isinstance(patch, PathPatch)]
    line = next(artist for artist in drawing.moving if isinstance(artist, Line2D))
    assert drawing.moving.index(line) > max(drawing.moving.index(patch) for patch in shapes)
    assert line.get_color() == TARGET
    assert list(line.get_ydata()) == [148 + 110] * 2


def test_a_pinned_state_is_outlined_by_whole_piles_not_by_every_deal() -> None:
    drawing = chart.draw(MODEL)
    drawing.move(state(**everywhere(2_000)))
    outlines, expected = drawing.outlined
    tops = [(box[2][1] - 148) / 110 for box in outlines.get_path().vertices.reshape(-1, 5, 2)]
    assert tops == pytest.approx(coverages(state(**everywhere(2_000))))
    picture = MovingPicture(drawing, name="pinned-test")
    assert expected in drawing.moving
    picture.pin(state(**everywhere(2_000)), "A")
    ghost = picture.svg(state(), "words").split("<defs>")[-1].split("</g></defs>")[0]
    # Four whole piles and four expectations; the twelve deals and the target are not in it.
    assert ghost.count("z") + ghost.count("Z") == 8
