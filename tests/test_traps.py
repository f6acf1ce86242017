"""The six traps: the size of each effect, the sum that goes wrong and the one that is right, with their numbers."""

import html
import itertools
import math
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tables import refusals

import salesmetrics as sm
from salesmetrics.base.language import NBSP
from salesmetrics.metrics.ratio import wilson
from salesmetrics.models.trap_models import COIN_FLIP, MIX, SLOW_DEALS

NAMES = ("small", "coin", "open", "slow", "mix", "inverse")


def test_small_numbers():
    trap = sm.trap("small")
    rates = sm.conversion_rate(trap.deals, by="owner").set_index("owner")
    assert rates["numerator"].tolist() == [4, 24]
    assert rates["denominator"].tolist() == [5, 60]
    mean, too_little = trap.wrong.values
    assert (mean, too_little) == pytest.approx((0.6, 1.25))
    pooled, low, high, least, most = trap.right.values
    assert pooled == pytest.approx(28 / 65)
    assert pooled == pytest.approx(0.431, abs=0.0005)
    assert (low, high) == pytest.approx(wilson(4, 5))
    assert (low, high) == pytest.approx((0.376, 0.964), abs=0.0005)
    assert (least, most) == pytest.approx((1.04, 2.66), abs=0.005)
    # The mean of the rates is what it would be if both had closed as many deals.
    assert mean > pooled


def test_the_best_of_ten_equal_sellers():
    assert sm.best_of(10, deals=10, rate=0.3) == pytest.approx(0.529, abs=0.0005)
    assert sm.best_of(10, deals=100, rate=0.3) == pytest.approx(0.371, abs=0.0005)


@pytest.mark.parametrize(("sellers", "deals", "rate"), [(2, 2, 0.5), (3, 2, 0.25), (2, 3, 0.6)])
def test_the_best_by_writing_everything_out(sellers, deals, rate):
    results = list(itertools.product((0, 1), repeat=deals))
    written_out = sum(
        math.prod(rate if won else 1 - rate for one in team for won in one) * max(map(sum, team)) / deals
        for team in itertools.product(results, repeat=sellers)
    )
    assert sm.best_of(sellers, deals=deals, rate=rate) == pytest.approx(written_out)


@given(st.integers(1, 20), st.integers(1, 60), st.floats(0, 1))
def test_the_best_is_never_worse_than_the_rate(sellers, deals, rate):
    best = sm.best_of(sellers, deals=deals, rate=rate)
    assert rate - 1e-9 <= best <= sm.best_of(sellers + 1, deals=deals, rate=rate) + 1e-9 <= 1 + 2e-9


def test_the_coin_flip():
    trap = sm.trap("coin")
    for pipeline in "AB":
        own = trap.deals[trap.deals["pipeline"] == pipeline]
        assert float(sm.coverage(own, target=250_000)) == 4.0
    assert trap.wrong.values == pytest.approx((250_000, 250_000))
    assert trap.right.values == pytest.approx((0.560, 0.397), abs=0.0005)
    # By hand: forty need ten wins; with the large deal nothing more is needed, without it ten of thirty.
    forty, thirty = (sum(math.comb(n, k) * 3 ** (n - k) for k in range(10, n + 1)) / 4**n for n in (40, 30))
    assert trap.right.values == pytest.approx((forty, 0.25 + 0.75 * thirty))


@pytest.mark.parametrize(
    ("amounts", "chance"),
    [([400] + [25] * 24, 0.291), ([25] * 50, 0.836), ([25] * 40, 0.560), ([250] + [25] * 30, 0.397)],
)
def test_the_other_chances_of_the_coin_flip(amounts, chance):
    import pandas as pd

    table = pd.DataFrame({"deal_id": range(len(amounts)), "status": "open", "amount": amounts})
    deals = sm.check_deals(table.assign(created_on=pd.Timestamp("2026-01-01"), closed_on=pd.NaT))
    assert float(sm.chance_of_target(deals, target=250, p=0.25)) == pytest.approx(chance, abs=0.0005)


def test_open_deals_are_neither():
    trap = sm.trap("open")
    counts = trap.deals["status"].value_counts()
    assert (counts["won"], counts["lost"], counts["open"]) == (103, 200, 297)
    assert float(sm.conversion_rate(trap.deals)) == pytest.approx(0.340, abs=0.0005)
    assert float(sm.conversion_rate(trap.deals, base="created")) == pytest.approx(0.172, abs=0.0005)
    wins, rate = trap.wrong.values
    assert (wins, rate) == pytest.approx((297 * 103 / 303, 103 / 303))
    assert round(wins) == 101
    wins, truth = trap.right.values
    assert (wins, truth) == pytest.approx((17, 0.2))
    by_month = sm.conversion_rate(trap.deals, by="month").sort_values("month")["value"]
    assert by_month.tolist() == pytest.approx([20 / 100, 20 / 75, 20 / 55, 18 / 38, 15 / 23, 10 / 12])
    assert by_month.is_monotonic_increasing


def test_slow_deals_pile_up():
    trap = sm.trap("slow")
    deals = trap.deals
    open_deals = deals[deals["status"] == "open"]
    assert open_deals["kind"].value_counts().to_dict() == {"slow": 60, "fast": 10}
    assert open_deals["amount"].sum() == 700_000
    assert float(sm.conversion_rate(deals)) == pytest.approx(0.25)
    assert trap.wrong.values == (175_000,)
    assert trap.right.values == pytest.approx((100_000,))
    swapped = deals.assign(kind=deals["kind"].map({"slow": "fast", "fast": "slow"}))
    rates = sm.conversion_rate(swapped, by="kind").set_index("kind")["value"]
    assert sum(open_deals["amount"] * open_deals["kind"].map(rates)) == pytest.approx(250_000)


def test_the_mix():
    trap = sm.trap("mix")
    assert trap.wrong.values == pytest.approx((0.12, 0.084))
    before, same_mix = trap.right.values
    assert [name for name, _rates in trap.groups] == ["referral", "search", "events", "paid social"]
    assert before == pytest.approx(0.12)
    by_hand = (40 * 5 / 15 + 60 * 4 / 25 + 50 * 3 / 30 + 50 * 9 / 180) / 200
    assert same_mix == pytest.approx(by_hand)
    assert same_mix == pytest.approx(0.152, abs=0.0005)
    quarters = [sm.conversion_rate(trap.deals, period=quarter, by="channel") for quarter in ("2025Q4", "2026Q1")]
    first, second = (quarter.set_index("channel")["value"] for quarter in quarters)
    assert (second > first).all()
    totals = [sm.conversion_rate(trap.deals, period=quarter) for quarter in ("2025Q4", "2026Q1")]
    assert float(totals[1]) < float(totals[0])
    assert p_value(24, 200, 21, 250) == pytest.approx(0.21, abs=0.005)


# In deals of € 10,000, each quarter of eight: what stood open when it began; won, lost and carried over of that; won
# and lost of what began in it. By head: A 30 ÷ (6 + 4) = 3.0, B 80 ÷ 10 = 8.0, and each won one in four.
EACH_QUARTER = {"A": (30, 6, 18, 6, 4, 12), "B": (80, 10, 30, 40, 0, 0)}


@pytest.mark.parametrize("team", EACH_QUARTER)
def test_what_became_of_the_opening_pipeline_of_each_quarter(team):
    deals = sm.trap("inverse").deals
    deals = deals[deals["team"] == team]
    assert (deals["amount"] == 10_000).all()
    for quarter in pd.period_range("2024Q2", "2026Q1", freq="Q"):
        old = deals["created_on"] < quarter.start_time
        ended = deals["closed_on"].between(quarter.start_time, quarter.end_time)
        opening = old & ~(deals["closed_on"] < quarter.start_time)
        won, lost = (ended & (deals["status"] == status) for status in ("won", "lost"))
        parts = (opening, opening & won, opening & lost, opening & ~ended, won & ~old, lost & ~old)
        assert tuple(int(rows.sum()) for rows in parts) == EACH_QUARTER[team], quarter


def test_the_inverse():
    trap = sm.trap("inverse")
    assert trap.wrong.values == (4.0,)
    assert trap.right.values == (3.0, 8.0)
    rates = sm.conversion_rate(trap.deals, by="team").set_index("team")
    assert rates["value"].tolist() == [0.25, 0.25]
    # The first of the eight quarters is whole: the table reaches back further than any won deal took.
    took = (trap.deals["closed_on"] - trap.deals["created_on"])[trap.deals["status"] == "won"]
    assert pd.Timestamp("2024-04-01") - trap.deals["created_on"].min() > took.max()
    assert trap.deals["closed_on"].max() == pd.Timestamp("2026-03-31")


def p_value(won, of, won_after, of_after):
    """Give the chance of a difference at least this large when nothing has changed (two proportions, pooled)."""
    pooled = (won + won_after) / (of + of_after)
    spread = math.sqrt(pooled * (1 - pooled) * (1 / of + 1 / of_after))
    return math.erfc(abs(won / of - won_after / of_after) / spread / math.sqrt(2))


WRONG_AND_RIGHT = {
    "small": (
        "60.0% = (80.0% + 40.0%) ÷ 2; A needs a coverage of 1.25×",
        "43.1% = 28 won ÷ 65 closed; A lies between 37.6% and 96.4% and needs 1.04× to 2.66×",
    ),
    "coin": (
        "€ 250,000 expected from either, which is the target: equally good",
        "The target is reached with a chance of 56% by A and of 40% by B",
    ),
    "open": (
        "101 more wins = 34.0% of 297 open deals",
        "17 more wins = 20.0% of all 600 leads, less the 103 that are won",
    ),
    "slow": ("€ 175,000 = 25.0% of € 700,000", "€ 100,000 = 40.0% of € 100,000 + 10.0% of € 600,000"),
    "mix": (
        "12.0% = 24 won ÷ 200 closed → 8.4% = 21 won ÷ 250 closed",
        "12.0% → 15.2%: the second quarter's rates with the first quarter's mix of channels",
    ),
    "inverse": (
        "4.0× = 1 ÷ 25.0%: so much must stand open when a quarter begins",
        "A: 3.0× = (1 − 40% new) ÷ (25% × 80% decided); B: 8.0× = (1 − 0% new) ÷ (25% × 50% decided)",
    ),
}


@pytest.mark.parametrize("name", NAMES)
def test_both_sums_show_their_working(name):
    trap = sm.trap(name)
    assert (str(trap.wrong).replace(NBSP, " "), repr(trap.right).replace(NBSP, " ")) == WRONG_AND_RIGHT[name]


# The first part of each, and the last, as the table of the trap gives them.
FIRST_AND_LAST = {
    "small": ["Seller A: 80.0% = 4 won ÷ 5 closed", "Seller B: 40.0% = 24 won ÷ 60 closed"],
    "coin": [
        "Pipeline A: 40 open deals, together € 1,000,000",
        "Pipeline B: 31 open deals, together € 1,000,000",
    ],
    "open": ["Came in 6 months ago: 20.0% = 20 won ÷ 100 closed", "Came in 1 month ago: 83.3% = 10 won ÷ 12 closed"],
    "slow": [
        "Fast deals: 40.0% = 24 won ÷ 60 closed; € 100,000 open",
        "Slow deals: 10.0% = 6 won ÷ 60 closed; € 600,000 open",
    ],
    "mix": [
        "referral: 25.0% = 10 won ÷ 40 closed → 33.3% = 5 won ÷ 15 closed",
        "paid social: 4.0% = 2 won ÷ 50 closed → 5.0% = 9 won ÷ 180 closed",
    ],
    "inverse": [
        "Team A: 25.0% = 80 won ÷ 320 closed; its eight quarters began with € 2,400,000 and brought € 800,000",
        "Team B: 25.0% = 80 won ÷ 320 closed; its eight quarters began with € 6,400,000 and brought € 800,000",
    ],
}


@pytest.mark.parametrize("name", NAMES)
def test_each_part_tells_its_sum(name):
    told = [f"{label}: {working}".replace(NBSP, " ") for label, working in sm.trap(name).groups]
    assert [told[0], told[-1]] == FIRST_AND_LAST[name]
    assert sm.trap(name).name == name


@pytest.mark.parametrize("name", NAMES)
def test_a_trap_shows_its_parts(name, language):
    trap = sm.trap(name)
    assert str(trap).count("\n") == len(trap.groups) - 1
    page = trap._repr_html_()
    assert all(label in page and working in page for label, working in trap.groups)
    assert html.escape(trap.right.text) in trap.right._repr_html_()


def test_an_unknown_trap_names_the_nearest():
    with pytest.raises(sm.SalesMetricsError, match="no trap called “smal”") as refused:
        sm.trap("smal")
    assert "small" in str(refused.value)


@pytest.mark.parametrize(
    "given",
    [
        ("x", 10),
        (10, "x"),
        (None, 10),
        (0, 10),
        (10, 0),
        (2.5, 10),
        (10, 1_001),
        (math.nan, 10),
        (True, 10),
        (10, [10]),
    ],
)
def test_sellers_and_deals_are_counted(given):
    sellers, deals = given
    name, value = ("sellers", sellers) if deals == 10 else ("deals", deals)
    hint = "sm.best_of(10, deals=10, rate=0.3)."
    assert refusals(lambda: sm.best_of(sellers, deals=deals, rate=0.3)) == {
        "en": f"{name} is a whole number from 1 to 1,000; found {value}.\n"
        f"→ For example ten sellers with ten deals each: {hint}",
        "nl": f"{name} is een heel getal van 1 tot en met 1.000; gevonden: {value}.\n"
        f"→ Bijvoorbeeld tien verkopers met elk tien deals: {hint}",
    }


@pytest.mark.parametrize("rate", ["x", None, math.nan, 30, -0.1, True])
def test_a_sellers_rate_is_a_rate(rate):
    said = refusals(lambda: sm.best_of(10, deals=10, rate=rate))
    assert said["en"].startswith(f"A conversion rate lies between 0 and 1, not {rate}.")
    assert said["nl"].startswith(f"Een conversieratio ligt tussen 0 en 1, niet {rate}.")


def test_the_best_at_the_edges():
    assert [sm.best_of(10, deals=10, rate=rate) for rate in (0, 1)] == [0, 1]
    # Of a thousand deals each, luck is within a few points, and no number on the way is too large.
    assert 0.3 < sm.best_of(1_000, deals=1_000, rate=0.3) < 0.36


LESSON = Path(__file__).parent.parent / "notebooks" / "source" / "10-traps.md"


def twenty_quarters():
    """Give for each hand how many of its quarters reach the target."""
    return [coin_flip(hand=hand).reached for hand in range(1, 51)]


def coin_flip(**levers):
    return COIN_FLIP.outcome({**COIN_FLIP.defaults(), **levers})


def slow_deals(**levers):
    return SLOW_DEALS.outcome({**SLOW_DEALS.defaults(), **levers})


def without_the_largest():
    deals = sm.trap("coin").deals
    small = deals[(deals["pipeline"] == "B") & (deals["amount"] < 250_000)]
    return float(sm.chance_of_target(small, target=250_000, p=0.25))


def wins_to_come():
    """For each month, the youngest first, how many of its leads are open and how many of those the oldest shows won."""
    by_age, counts = (10, 5, 3, 2, 0, 0), sm.trap("open").deals.groupby("month")["status"].value_counts()
    months = sorted(counts.index.get_level_values("month").unique(), reverse=True)
    return [(int(counts.get((month, "open"), 0)), sum(by_age[age:])) for age, month in enumerate(months, 1)]


# What the lesson tells, each row of a table or step of a sum as it stands there in English. That the Dutch has the same
# numbers is seen to by the build.
TOLD = {
    "the coverage that A needs": lambda: [
        f"1 ÷ {rate:.1%} = {1 / rate:.2f}×" for rate in reversed(sm.trap("small").right.values[1:3])
    ],
    "three of five": lambda: ["three of five fits anything from {:.0%} to {:.0%}".format(*wilson(3, 5))],
    "the best and the last of ten": lambda: [
        f"| {deals} | {sm.best_of(10, deals=deals, rate=0.3):.1%} | {1 - sm.best_of(10, deals=deals, rate=0.7):.1%} |"
        for deals in (5, 10, 50, 100)
    ],
    "ten dice": lambda: [f"on average {10 * sm.best_of(10, deals=10, rate=1 / 3):.1f} of the 10"],
    "B by head": lambda: [
        f"25% + 75% × {without_the_largest():.0%} = {0.25 + 0.75 * without_the_largest():.0%}",
        f"For pipeline B that is {without_the_largest():.0%}.",
    ],
    "four pipelines": lambda: [
        f"| {deals} | {outcome.coverage:.0f}× | € {outcome.expected_revenue:,.0f} | {outcome.chance_of_target:.0%} |"
        for deals, outcome in {
            "40 of € 25,000": coin_flip(largest=25_000),
            "1 of € 250,000 and 30 of € 25,000": coin_flip(),
            "1 of € 400,000 and 24 of € 25,000": coin_flip(largest=400_000),
            "50 of € 25,000": coin_flip(largest=25_000, pipeline=1_250_000),
        }.items()
    ],
    "too little open": lambda: [
        "At {}× the chance is {:.0%} with 30 equal deals and {:.0%} with the large one".format(
            3, *(coin_flip(pipeline=750_000, largest=largest).chance_of_target for largest in (25_000, 250_000))
        )
    ],
    "twenty quarters": lambda: [
        "between 6 and 11 of the 20 in about {} hands out of five".format(
            {4: "four"}[round(sum(6 <= reached <= 11 for reached in twenty_quarters()) / 10)]
        ),
        f"as few as {min(twenty_quarters())} or as many as {max(twenty_quarters())}",
    ],
    "the wins to come": lambda: [
        *(f"| {opened} | {sums}" for (opened, _won), sums in zip(wins_to_come(), ("5 +", "3 +", "2 |"), strict=False)),
        *(f"= {won} |" for _open, won in wins_to_come()[:2]),
        f"= {sum(opened for opened, _won in wins_to_come()[3:])} | {sum(won for _open, won in wins_to_come()[3:])} |",
        "| together | {} | {} |".format(*map(sum, zip(*wins_to_come(), strict=True))),
    ],
    "fast and slow": lambda: [
        f"| {name} | € {outcome.pipeline:,.0f} | € {outcome.one_rate:,.0f} | € {outcome.expected_revenue:,.0f} |"
        for name, outcome in {
            "slow deals take 6 months": slow_deals(),
            "slow deals take 12 months": slow_deals(months=12),
            "slow deals take 1 month": slow_deals(months=1),
            "6 months, rates swapped": slow_deals(fast_rate=0.1, slow_rate=0.4),
        }.items()
    ],
    "the same mix": lambda: [f"÷ 200 = {200 * sm.trap('mix').right.values[1]:.1f} ÷ 200"],
    "by chance": lambda: [
        "(p = {:.2f})".format(
            sm.conversion_rate(sm.trap("mix").deals, period="2025Q4").by_chance(
                sm.conversion_rate(sm.trap("mix").deals, period="2026Q1")
            )
        )
    ],
}


@pytest.mark.parametrize("what", TOLD)
def test_the_lesson_tells_what_the_kit_computes(what):
    lesson = LESSON.read_text(encoding="utf-8")
    for words in TOLD[what]():
        assert words in lesson, words


def test_on_the_way_back_the_mix_passes_the_old_total_where_the_lesson_says():
    rates = [MIX.outcome({"mix": moved}).conversion for moved in (0.5, 0.45)]
    assert rates[0] < MIX.outcome({"mix": 1}).before < rates[1]
    assert "between 50% and 45% of the way" in LESSON.read_text(encoding="utf-8")
