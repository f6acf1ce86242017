"""Quarters played: they pile up to the exact chance, each pile of the levers' own deals."""

import numpy as np
import pytest

from salesmetrics import explore
from salesmetrics.explorer import Explorer
from salesmetrics.explorer.play import Play
from salesmetrics.models import BINS, Stake, model_named
from salesmetrics.models.quarter import model

PLAYABLE = ("coverage", "balance", "quarter", "sandbox")


def seeded(name: str, seed: int = 1) -> Explorer:
    explorer = explore(name)
    explorer._play._source = np.random.default_rng(seed)
    return explorer


def press(explorer: Explorer, what: str) -> None:
    explorer._play._handle_custom_msg({"do": what}, [])


def played(explorer: Explorer) -> tuple[int, int]:
    """Give how many quarters lie on the pile, and how many of them reach the target."""
    pile = explorer._play.pile
    return sum(pile), sum(pile[BINS // 2 :])


MOVES = {"coverage": {"conversion": 0.2}, "balance": {"conversion": 0.2}, "quarter": {}, "sandbox": {"rate": 0.2}}


@pytest.mark.parametrize("name", PLAYABLE)
@pytest.mark.parametrize("more", [{}, {"slip": 0.3}, {"new_deals": 5}, {"away": 1}, {"won": 100_000}])
def test_the_pile_comes_to_the_exact_chance_and_the_exact_average(name: str, more: dict[str, float]) -> None:
    levers = model_named(name).defaults() | MOVES[name]
    if not more.keys() <= levers.keys():
        pytest.skip("no such lever")
    outcome = model_named(name).outcome({**levers, **more})
    revenues = outcome.stake.deal(20_000, np.random.default_rng(7))
    share = np.mean([outcome.stake.reaches(revenue) for revenue in revenues])
    # Five standard deviations, where it is largest: ½·√(1 ÷ 20,000) = .0035; a seed, so it is the same each time.
    assert abs(share - outcome.chance_of_target) < 5 * 0.0036
    assert abs(revenues.mean() - outcome.expected_revenue) < 5 * revenues.std() / 20_000**0.5 + 1


def test_two_halves_of_forty_and_a_sure_deal() -> None:
    # 10 is sure and 30 comes in half of the quarters: the target of 40 is reached in half of them.
    outcome = model([30.0], target=40.0, rate=0.5, won=10.0).start()
    assert sorted(set(outcome.stake.deal(50, np.random.default_rng(1)).tolist())) == [10.0, 40.0]


def test_each_press_adds_a_quarter_or_four_and_says_what_they_brought(language: str) -> None:
    explorer = seeded("quarter")
    words = {
        "en": ("This time the quarter brings", "1 quarter played"),
        "nl": ("Deze keer brengt het kwartaal", "1 gespeeld"),
    }
    press(explorer, "quarter")
    assert played(explorer)[0] == 1
    for part in words[language]:
        assert part in explorer._play.sentence
    assert explorer._play.pile[explorer._play.last] == 1
    press(explorer, "year")
    total, reached = played(explorer)
    assert total == 5
    start = {"en": f"Of 5 quarters played, {reached} reach", "nl": f"Van 5 gespeelde kwartalen halen er {reached}"}
    assert start[language] in explorer._play.sentence
    assert {"en": "The exact chance is 38%.", "nl": "De exacte kans is 38%."}[language] in explorer._play.sentence
    press(explorer, "clear")
    assert played(explorer) == (0, 0)
    assert explorer._play.sentence == ""


def test_the_same_seed_deals_the_same_quarters_and_another_deals_others() -> None:
    piles = []
    for seed in (1, 1, 2):
        explorer = seeded("sandbox", seed)
        for _press in range(5):
            press(explorer, "year")
        piles.append(list(explorer._play.pile))
    assert piles[0] == piles[1] != piles[2]
    assert list(Play(seed=3)._source.random(2)) == list(Play(seed=3)._source.random(2))


def test_a_moved_lever_begins_a_new_pile_and_a_pin_does_not() -> None:
    explorer = seeded("coverage")
    press(explorer, "year")
    explorer.pin()
    assert played(explorer)[0] == 4
    explorer.set(target=1_000_000)
    assert played(explorer)[0] == 0


def test_a_hundred_presses_and_what_no_button_asks_for() -> None:
    explorer = seeded("quarter")
    for _press in range(100):
        press(explorer, "quarter")
    for nonsense in ("", "decade", "__init__"):
        press(explorer, nonsense)
    explorer._play._handle_custom_msg({}, [])
    assert played(explorer)[0] == 100


@pytest.mark.parametrize("extreme", [{"rate": 0.0}, {"rate": 1.0}, {"target": 25_000.0, "rate": 1.0}])
def test_at_the_ends_of_the_sliders_every_quarter_is_alike(extreme: dict[str, float]) -> None:
    explorer = seeded("quarter")
    lever = explorer.levers["target"]
    explorer.set(**{name: max(value, lever.minimum) if name == "target" else value for name, value in extreme.items()})
    press(explorer, "year")
    assert played(explorer) == (4, 4 * (extreme["rate"] == 1))


def test_a_picture_without_deals_has_nothing_to_play() -> None:
    assert explore("fishing-net")._play is None
    Play().play("quarter")


def test_a_quarter_that_makes_the_target_to_the_cent_lies_on_its_side() -> None:
    stake = Stake(np.full(3, 0.1), np.ones(3), won=0.0, target=0.3)
    assert stake.bin(float(stake.deal(1, np.random.default_rng(1))[0])) == BINS // 2
