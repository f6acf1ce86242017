"""What the lessons tell in their English text, worked out anew by the kit; lesson 10 has a table of its own.

That the Dutch has the same numbers is seen to by the build. What stands in an exercise is held beside the exercises.
"""

from pathlib import Path

import pytest

import salesmetrics as sm
from salesmetrics.base.language import NBSP, chance_text
from salesmetrics.forecast.chance import chance
from salesmetrics.metrics.ratio import wilson
from salesmetrics.models import model_named

SOURCE = Path(__file__).parent.parent / "notebooks" / "source"
CHANNELS = ("search", "social", "events", "partners")


def state(model, **levers):
    found = model_named(model)
    return found.outcome({**found.defaults(), **levers})


def likely(target, *amounts, p):
    return f"{float(chance(amounts, [p] * len(amounts), target)):.0%}"


def without_the_largest(name):
    company = sm.scenario(name)
    found = sm.concentration(company)
    largest = float(found.largest[0].numerator)
    return largest, float(found.largest[0].denominator) - largest, company.target


def two_forecasts(name):
    """Give a company's two rows in a table of forecasts: what is expected and its chance, by number and by stage."""
    about = sm.scenario(name)
    for p in ("history", "stage"):
        expected, likely_ = sm.expected_revenue(about, p=p), sm.chance_of_target(about, p=p)
        said = chance_text(float(likely_)).replace("less than", "under")
        yield f"€ {round(float(expected), -3):,.0f} | {said} |"


def walk(name):
    about = sm.scenario(name)
    for stage in about.stages:
        covered, rate = sm.coverage(about, start=stage), sm.conversion_rate(about, start=stage)
        yield stage, float(covered), f"{rate.numerator:.0f} of {rate.denominator:.0f}: {float(rate) + 1e-9:.0%}"


def leaks(name):
    return {step.stage: step for step in sm.funnel(sm.scenario(name)).steps}


def by_chance(won, closed, other_won, other_closed):
    one, other = (
        sm.Ratio(numerator=w, denominator=c, unit="%", counts="deals", definition="", numerator_label="",
                 denominator_label="")
        for w, c in ((won, closed), (other_won, other_closed))
    )  # fmt: skip
    return one.by_chance(other)


TOLD = {
    ("01", "the boats"): lambda: [
        f"| {boat} | {o.met} | {o.met} ÷ 40 = {o.coverage:.1f}× | {o.conversion:.1%} | {o.caught} of 40 |"
        for boat, o in {
            "large boat": state("fishing-net"),
            "small boat": state("fishing-net", net=0.5, holes=3, skill=0.9),
        }.items()
    ],
    ("01", "the holes"): lambda: [
        f"It rises to {state('fishing-net', holes=2.5).caught} at holes of 2.5 and falls to "
        f"{state('fishing-net', holes=0).caught} at 0."
    ],
    ("01", "half the net"): lambda: [
        f"1: {state('fishing-net', net=0.5).caught}, half of 26; the rate hardly moves, from "
        f"{state('fishing-net').conversion:.1%} to {state('fishing-net', net=0.5).conversion:.1%}",
        f"2: yes, {state('fishing-net', skill=1).caught}.",
    ],
    ("02", "the largest deal of the startup"): lambda: [
        "own largest deal is € {:,.0f}, smaller than the one in the picture. Without it € {:,.0f} stays open, which is "
        "{:.1f}×.".format(
            *(found := without_the_largest("startup"))[:2], found[1] / found[2]
        )
    ],
    ("02", "two pipelines"): lambda: [
        f"| {what} | {likely(500_000, *of_a, p=0.25)} | {likely(500_000, *of_b, p=0.25)} |"
        for what, of_a, of_b in (
            ("chance of the target, winning one in four", [25_000] * 100, [1_000_000, *[25_000] * 60]),
            ("that chance without the largest deal", [25_000] * 99, [25_000] * 60),
        )
    ],
    ("03", "ranges"): lambda: [
        "| {} of {} | {:.0%} | between {:.0%} and {:.0%} |".format(won, of, won / of, *wilson(won, of))
        for won, of in ((3, 5), (36, 60), (25, 250))
    ],
    ("04", "the two forecasts"): lambda: [
        f"{' | '.join(row.rstrip(' |') for row in two_forecasts(name))} |" for name in ("startup", "consultancy")
    ],
    ("04", "the walk"): lambda: [
        f"| {stage} | {covered:.1f}× | {won} |" for stage, covered, won in list(walk("startup"))[:4]
    ],
    ("04", "even odds"): lambda: [
        f"in a little more than half of the quarters, {state('balance', conversion=0.2).chance_of_target:.0%}."
    ],
    ("04", "a surer coverage"): lambda: [
        f"that takes {sm.coverage_for_chance(sm.scenario('consultancy'), chance=0.8):.1f}×, where break-even is "
        f"{1 / 0.6:.1f}×."
    ],
    ("05", "the leak at the demo"): lambda: [
        f"At the demo € {leaks('startup')['Demo'].lost_amount:,.0f} was lost.",
        f"= € {leaks('startup')['Demo'].leak:,.0f}. That is more than all other leaks",
    ],
    ("05", "a day"): lambda: [
        f"the same formula says € {float(sm.velocity(sm.scenario('startup'))) * 73 / 63:,.0f}."
    ],
    ("05", "bought leads"): lambda: [
        f"coverage {state('startup', bought=100).coverage:.0f}×, expected "
        f"€ {round(state('startup', bought=100).expected_revenue, -3):,.0f}; with 200 leads "
        f"{state('startup', bought=200).coverage:.0f}× and "
        f"€ {round(state('startup', bought=200).expected_revenue, -3):,.0f}."
    ],
    ("06", "ten large deals"): lambda: ["ten deals fit anything from {:.0%} to {:.0%}.".format(*wilson(6, 10))],
    ("06", "recommendations"): lambda: [f"(p = {by_chance(24, 36, 12, 24):.2f})"],
    ("06", "the budgets"): lambda: [
        "| € {:,.0f} | {} |".format(4 * each, " | ".join(f"{quarter.coverage:.2f}×" for quarter in quarters))
        for each in (0, 2_000, 10_000)
        for quarters in [state("consultancy", **dict.fromkeys(CHANNELS, each)).quarters]
    ],
    ("07", "the desks"): lambda: [
        f"| {stage} | {covered:.{2 if covered < 1 else 1}f}× | {won} |"
        for stage, covered, won in list(walk("agency"))[:3]
    ],
    ("07", "the two forecasts"): lambda: list(two_forecasts("agency")),
    ("07", "less pipeline"): lambda: [
        f"| {out:.0%} | {o.coverage:.1f}× | {o.conversion:.0%} | € {round(o.expected_revenue, -3):,.0f} |"
        for out in (0, 0.3, 0.6)
        for o in [state("agency", qualify=out)]
    ],
}  # fmt: skip


@pytest.mark.parametrize(("number", "what"), TOLD)
def test_a_lesson_tells_what_the_kit_computes(number, what):
    (path,) = SOURCE.glob(f"{number}-*.md")
    lesson = path.read_text(encoding="utf-8").replace(NBSP, " ")
    for words in TOLD[number, what]():
        assert words in lesson, words


def test_the_demo_leaks_more_than_all_other_stages_together():
    found = leaks("startup")
    assert found["Demo"].leak > sum(step.leak for stage, step in found.items() if stage != "Demo")
