"""Pages that need no Python: every state and every word is the notebook's, and nothing is fetched."""

import ast
import base64
import gzip
import json
import re
import shutil
import sys
from pathlib import Path

import numpy as np
import pytest

NOTEBOOKS = Path(__file__).parent.parent / "notebooks"
sys.path.insert(0, str(NOTEBOOKS))

import build  # noqa: E402
from pages import dealt, grids, guessed, holding, lessons, packing, pictures, running, search, site  # noqa: E402
from pages import questions as on_page  # noqa: E402
from pages.words import _all  # noqa: E402
from pages.words import words as page_words  # noqa: E402
from sources import BuildError  # noqa: E402

from salesmetrics import explore, models  # noqa: E402
from salesmetrics.base.language import chance_text  # noqa: E402
from salesmetrics.exercises.content import guesses, question, questions  # noqa: E402
from salesmetrics.exercises.feedback import judge, truth  # noqa: E402
from salesmetrics.models.quarter import model as quarter_model  # noqa: E402

SLIDERS = [name for name, one in questions().items() if one.kind == "sliders"]
OTHERS = [name for name in questions() if name not in SLIDERS]


@pytest.fixture(autouse=True)
def nobodys_folder():
    with running.nowhere():
        yield


def corners(grid):
    """The lowest and the highest value of each lever, and where it starts."""
    values = {
        lever.name: tuple(
            sorted({*grid.values[lever.name][:: max(len(grid.values[lever.name]) - 1, 1)], lever.default})
        )
        for lever in grid.levers
    }
    return grids.Grid(grid.model, values)


def wordless(svg):
    return re.sub(r' aria-label="[^"]*"', ' aria-label=""', svg, count=1)


@pytest.mark.parametrize("name", grids.PICTURES)
def test_a_page_shows_at_each_position_what_the_explorer_shows(name, language):
    explorer = explore(name)
    grid = corners(grids.grid_of(name))
    found = packing.unpack(packing.pack(pictures.states(grid, explorer._drawn._name)))
    positions = list(grid.positions())
    assert len(found) == len(positions) > 1
    for position, state in list(zip(positions, found, strict=True))[:: max(len(found) // 12, 1)]:
        explorer.set(**position)
        assert state.sentence == explorer.sentence
        assert state.svg == wordless(explorer._picture.svg)


PLAYED = [name for name in models.NAMES if models.model_named(name).start().stake is not None]


@pytest.mark.parametrize("name", PLAYED)
def test_the_quarters_of_each_state_come_to_its_exact_chance_and_average(name, language):
    grid = corners(grids.grid_of(name))
    outcomes = [grid.model.outcome(position) for position in grid.positions()]
    found = dealt.dealt(outcomes)
    assert sorted(found["order"]) == list(range(1000))
    chances = set()
    for at, outcome in enumerate(outcomes):
        times, bins, revenues = found["times"][at], found["bins"][at], np.cumsum(found["revenues"][at])
        assert sum(times) == sum(bins) == 1000
        exact, said = found["chances"][at]
        assert (exact, said) == (round(outcome.chance_of_target, 4), chance_text(outcome.chance_of_target))
        # Four standard deviations of a thousand quarters, at most 6.3%, and one quarter where it is all but sure.
        assert abs(sum(bins[12:]) / 1000 - exact) <= 4 * (exact * (1 - exact) / 1000) ** 0.5 + 0.001 + 1e-9
        spread = np.repeat(revenues, times).std() / 1000**0.5
        assert abs((revenues * times).sum() / 1000 - outcome.expected_revenue) <= 4 * spread + 1
        chances.add(said)
    assert len(chances) > 2


def test_a_state_with_two_outcomes_has_two_revenues():
    # 10 is sure and 30 comes in half of the quarters: the target of 40 is reached in about half of them.
    found = dealt.dealt([quarter_model([30.0], target=40.0, rate=0.5, won=10.0).start()])
    assert found["revenues"] == [[10, 30]]
    assert found["times"][0][1] == found["bins"][0][12] > 400
    assert found["times"][0][0] == found["bins"][0][3] > 400


@pytest.mark.parametrize("name", guesses())
def test_a_guess_is_marked_on_the_page_as_in_the_notebook(name, language):
    asked = guesses()[name]
    explorer = explore(asked.truth["model"])
    _model, levers, figure = guessed.guessed_at(asked)
    found = guessed.marks(asked, pictures._drawn(grids.grid_of(asked.truth["model"]), explorer._drawn._name))
    explorer.guess(figure, truth(asked), levers)
    assert bool(found) is ('class="guess"' in explorer._picture.svg)
    if not found:
        return
    assert found["of"] == name
    # Whole numbers and percents, and hundredths of what comes in times, from end to end of what can be answered.
    assert (found["numbers"][0], found["numbers"][-1]) == asked.bounds
    assert all(number in found["numbers"] for number in ((3, 160) if asked.unit == "" else (0.07, 0.58, 1)))
    for number, drawn in list(zip(found["numbers"], found["drawn"], strict=True))[::40]:
        explorer.guess(figure, number, levers)
        assert drawn in explorer._picture.svg


def held(grid):
    drawn = pictures._drawn(grid, "held")
    outcomes = [grid.model.outcome(position) for position in grid.positions()]
    return holding.held(grid, drawn.holds, outcomes)


@pytest.mark.parametrize("name", ["balance", "start", "quarter", "consultancy"])
def test_a_handle_is_on_the_page_where_it_is_in_the_notebook(name, language):
    grid = grids.grid_of(name)
    ([about], states), explorer = held(grid), explore(name)
    label, hint, drags = explorer._picture.handles[0]
    assert about["held"] == [label, page_words("point") if drags else hint, drags]
    assert [grid.levers[at].name for at in about["levers"]] == {
        "balance": ["coverage", "conversion"],
        "start": ["start"],
    }.get(name, ["away"])
    positions = list(grid.positions())
    for place in range(0, len(positions), max(len(positions) // 12, 1)):
        explorer.set(**positions[place])
        [spot] = explorer._picture.spots
        assert states["places"][states["spots"][0][place]] == (*(round(each, 1) for each in spot[:4]), *spot[4:])


def test_a_press_leads_where_it_leads_in_the_notebook():
    grid = grids.grid_of("quarter")
    [[[*moves]]] = held(grid)[1]["moves"]
    explorer, positions = explore("quarter"), list(grid.positions())
    for place in (0, 1, 30, 120, len(positions) - 1):
        explorer.set(**positions[place])
        explorer._take({"handle": 0, "how": "by", "x": 1, "y": 0, "gesture": place})
        assert positions[place + moves[place]]["away"] == explorer.levers["away"].value


def test_a_key_leads_to_the_next_place_of_the_grid_and_stops_at_its_end():
    grid = grids.Grid(models.model_named("balance"), {"coverage": (0, 2.0, 10.0), "conversion": (0, 0.5, 1.0)})
    [[right, left, up, down]] = held(grid)[1]["moves"]
    # Three conversions for each coverage, the conversion moving first.
    assert right == [3] * 6 + [0] * 3
    assert left == [0] * 3 + [-3] * 6
    assert up == [1, 1, 0] * 3
    assert down == [0, -1, -1] * 3


def test_what_a_grid_cannot_bring_back_or_does_not_move_is_no_handle():
    model = models.model_named("quarter")
    assert held(grids.Grid(model, {"rate": (0.5, 0.6), "away": (0, 1)}))[0] == []
    assert held(grids.Grid(model, {"rate": (0.5, 0.6)}))[0] == []
    assert held(grids.Grid(model, {"away": (0, 1, 2)}))[0] != []


@pytest.mark.parametrize("name", models.NAMES)
def test_the_grid_holds_the_start_and_only_what_the_slider_allows(name):
    grid, explorer = grids.grid_of(name), explore(name)
    for lever in grid.levers:
        assert [explorer.levers[lever.name].allowed(value) for value in grid.values[lever.name]] == list(
            grid.values[lever.name]
        )
    positions = list(grid.positions())
    assert positions[grid.place({})] == {**grid.model.defaults(), **positions[grid.place({})]} == grid.model.defaults()
    assert len(positions) < 3000


@pytest.mark.parametrize("name", SLIDERS)
def test_an_exercise_with_sliders_can_be_answered_rightly_and_wrongly(name, language):
    asked = question(name)
    grid = grids.grid_for(asked)
    on_grid = [asked.answer]
    for wrong in asked.wrong:
        if set(wrong.fits["levers"]) <= set(grid.values):
            on_grid.append(wrong.fits["levers"])
    assert len(on_grid) > 1, "no known mistake can be made on the page"
    positions = [{**grid.model.defaults(), **position} for position in on_grid]
    numbers, verdicts = on_page.slider_verdicts(asked, positions)
    for position, number in zip(positions, numbers, strict=True):
        assert list(grid.positions())[grid.place(position)] == position
        assert verdicts[number] == [judge(asked, position).shown().html, judge(asked, position).tone]
    assert verdicts[numbers[0]][1] == "right"
    assert {verdicts[number][1] for number in numbers[1:]} == {"wrong"}


@pytest.mark.parametrize("name", OTHERS)
def test_a_page_brings_the_words_for_the_answer_and_does_not_show_them_in_the_question(name, language):
    asked = question(name)
    about = on_page.about(asked)
    said = [html for html, _tone in about["verdicts"]]
    assert about["hints"][-1:] == ([on_page.exercise(name).hint().shown().html] if asked.hints else [])
    if asked.kind in ("choice", "bet"):
        assert about["verdicts"][about["answers"][asked.answer]][0] == judge(asked, asked.answer).shown().html
    assert all(words not in about["question"] for words in said)


def test_states_survive_packing_and_weigh_little():
    drawn = [
        packing.State(f'<svg>\n<path d="M 0 {i % 7}\nL 1 2"/>\n</svg>', f"Sentence {i % 3}.", i % 2)
        for i in range(1000)
    ]
    packed = packing.pack(drawn)
    assert packing.unpack(packed) == drawn
    assert len(packed) < 1500


def test_a_grid_that_is_too_fine_for_a_phone_is_refused(monkeypatch):
    monkeypatch.setattr(pictures, "MOST_BYTES", 1000)
    with pytest.raises(BuildError, match=r"mix-1.*coarser"):
        pictures.picture(grids.grid_of("mix"), "mix-1")


PAGE = '<script class="states">{}</script>'


def test_a_taster_of_another_machine_is_the_same_and_a_changed_state_is_not():
    states = [packing.State("<svg>", "One."), packing.State("<svg>", "Two.")]
    packed = packing.pack(states)
    whole = packing.contents(packed)
    otherwise = base64.b64encode(gzip.compress(whole, 1, mtime=9)).decode()
    assert otherwise != packed
    assert site.same(PAGE.format(packed), PAGE.format(otherwise))
    assert not site.same(PAGE.format(packed), PAGE.format(packing.pack(states[:1])))
    assert not site.same(PAGE.format(packed), PAGE.format("damaged"))
    assert not site.same(PAGE.format(packed), PAGE.format(packed) + " ")


LESSON = """---
names: {en: 00-start, nl: 00-begin}
---

+++ {"tags": ["en"]}

# Start

+++ {"tags": ["nl"]}

# Begin

```{code-cell}
:tags: [en]

import salesmetrics as sm
sm.use_language("en")
```

```{code-cell}
:tags: [nl]

import salesmetrics as sm
sm.use_language("nl")
```

```{code-cell}
sm.exercise("net-bet")
```

+++ {"tags": ["en", "notebook"]}

Choose Run.

+++ {"tags": ["nl", "notebook"]}

Kies Uitvoeren.

+++ {"tags": ["en", "page"]}

Nothing to run.

+++ {"tags": ["nl", "page"]}

Niets uit te voeren.

```{code-cell}
sm.explore("mix")
```

+++ {"tags": ["en", "by-code"]}

## By code

[Again](lesson:00)

+++ {"tags": ["nl", "by-code"]}

## Met code

[Nog eens](lesson:00)

```{code-cell}
:tags: [by-code]

1 < 2
```
"""


@pytest.fixture
def kit(tmp_path, monkeypatch):
    """A kit of one lesson, with the workshop's papers."""
    root = tmp_path / "notebooks"
    (root / "source").mkdir(parents=True)
    (root / "source" / "00-start.md").write_text(LESSON, encoding="utf-8")
    for each, names in site._PAPERS.items():
        (root / "facilitator" / each).mkdir(parents=True)
        for name in names:
            (root / "facilitator" / each / f"{name}.html").write_text("<p>paper</p>", encoding="utf-8")
    # Tested by themselves below; each takes seconds.
    monkeypatch.setattr(site, "tasters", lambda: dict.fromkeys(site.TASTERS.values(), "<p>taster</p>"))
    return root


def test_a_site_is_built_checked_and_stale(kit, tmp_path, capsys):
    folder = str(tmp_path / "site")
    assert build.main(["site", folder, "--check"], kit) == 1
    assert "index.html: is missing" in capsys.readouterr().err
    assert build.main(["site", folder], kit) == 0
    assert build.main(["site", folder, "--check"], kit) == 0
    page = tmp_path / "site" / "nl" / "00-begin.html"
    page.write_text(page.read_text(encoding="utf-8").replace("Niets uit", "Iets uit"), encoding="utf-8")
    capsys.readouterr()
    assert build.main(["site", folder, "--check"], kit) == 1
    assert "nl/00-begin.html: is not what its source says" in capsys.readouterr().err
    (kit / "facilitator" / "en" / "slides.html").unlink()
    assert build.main(["site", folder], kit) == 1
    assert "slides.html is missing" in capsys.readouterr().err
    assert build.main(["site"], kit) == 1
    assert "name one folder" in capsys.readouterr().err


def test_a_site_with_an_address_has_its_code_on_the_slides(kit, tmp_path, capsys):
    shutil.copytree(NOTEBOOKS / "source" / "workshop", kit / "source" / "workshop")
    folder, here = str(tmp_path / "site"), ("--address", "https://example.org/kit/")
    assert build.main(["site", folder, *here], kit) == 0
    for each, name in site.TASTERS.items():
        slides = (tmp_path / "site" / "workshop" / each / "slides.html").read_text(encoding="utf-8")
        assert f"https://example.org/kit/{name}" in slides
    assert build.main(["site", folder, "--check", *here], kit) == 0
    capsys.readouterr()
    assert build.main(["site", folder, "--check"], kit) == 1
    assert "workshop/nl/slides.html: is not what its source says" in capsys.readouterr().err
    for wrong in ("example.org", "ftp://example.org", "https://", "https://example.org/?a=1"):
        assert build.main(["site", folder, "--address", wrong], kit) == 1
        assert f"{wrong} is no address that a site can have\n→ give" in capsys.readouterr().err
    assert build.main(["workshop", *here], kit) == 1
    assert "--address goes with a site" in capsys.readouterr().err


def test_links_stay_within_the_site_and_a_lesson_is_its_source(kit, tmp_path):
    assert build.main(["site", str(tmp_path / "site")], kit) == 0
    pages = {path: path.read_text(encoding="utf-8") for path in (tmp_path / "site").rglob("*.html")}
    assert len(pages) == 1 + 2 + 2 + 6
    for path, text in pages.items():
        for address in re.findall(r'(?:href|src)="([^"#][^"]*)"', text):
            assert (path.parent / address).resolve() in pages, f"{path.name} links to {address}"
    english = pages[tmp_path / "site" / "en" / "00-start.html"]
    assert "Nothing to run." in english
    assert "Choose Run." not in english
    assert "<details><summary>By code</summary>" in english
    assert "<code>1 &lt; 2</code>" in english
    # What follows the bet is behind it, and stands in the page for who has no script.
    assert english.index('data-behind="net-bet"') < english.index("Nothing to run.")


@pytest.mark.parametrize("name", site.TASTERS.values())
def test_a_taster_is_small_and_asks_for_nothing(name):
    text = (NOTEBOOKS.parent / name).read_text(encoding="utf-8")
    assert len(text.encode()) < 400_000
    assert not re.search(r'(?:src|href)="(?!#|data:|taster|proef)', text)
    assert "default-src 'none'" in text
    for states in re.findall(r'class="states">([^<]+)', text):
        assert len(states) < pictures.MOST_BYTES


def test_search_knows_what_stands_behind_a_bet(kit, tmp_path):
    assert build.main(["site", str(tmp_path / "site")], kit) == 0
    text = (tmp_path / "site" / "en" / "00-start.html").read_text(encoding="utf-8")
    found = search.sections(text)
    assert [(heading, bet) for heading, _text, bet in found] == [
        ("Start", ""),
        ("Start", "net-bet"),
        ("By code", "net-bet"),
    ]
    # Neither the answer nor what follows it stands before the bet, in the text that is looked through.
    before, behind = found[0][1], found[1][1]
    assert "The large boat" in before
    assert "70.4%" not in before
    assert "Nothing to run." in behind


def test_data_in_a_page_cannot_end_its_script():
    written = pictures.as_json({"words": "</script><script>alert(1)</script>"})
    assert "</" not in written
    assert json.loads(written)["words"].startswith("</script>")


def test_a_result_is_text_where_it_has_no_page():
    assert running.as_page("<b>") == "<pre>&lt;b&gt;</pre>"
    assert running.shown_by("print('a')\n2", {}) == ["a\n", 2]
    assert running.shown_by("2\nNone", {}) == []


def asked_of_words(code):
    """Find the names in calls of ``words``, and beside them those that one call is made for in turn, for a script."""
    written, in_turn = set(), set()
    for node in ast.walk(ast.parse(code)):
        match node:
            case ast.Call(func=ast.Name(id="words"), args=[ast.Constant(value=name)]):
                written.add(name)
            case ast.DictComp(value=ast.Call(func=ast.Name(id="words")), generators=[loop]):
                in_turn |= set(ast.literal_eval(loop.iter))
    return written, in_turn


def test_no_word_of_the_pages_is_unused():
    """A quoted name is no use of it: most are everyday words, and stand in the code for other things too."""
    assert asked_of_words('say = {"behind": data["skip"]}') == (set(), set())
    files = (NOTEBOOKS / "pages").glob("*.py")
    written, in_turn = map(set().union, *(asked_of_words(path.read_text(encoding="utf-8")) for path in files))
    assert set(_all()) == written | in_turn
    scripts = "".join(
        path.read_text(encoding="utf-8")
        for path in (NOTEBOOKS / "source" / "pages").iterdir()
        if path.suffix in (".js", ".html")
    )
    assert {name for name in in_turn if not re.search(rf"\.{name}\b", scripts)} == set()


def test_the_list_of_exercises_names_each_once(language):
    listed = re.findall(r'data-of="([^"]+)"', lessons.progress())
    assert listed == list(questions())
