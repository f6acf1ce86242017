"""The workshop: one text in two languages, figures that the kit works out, pages that load nothing, one folder."""

import doctest
import html
import json
import math
import re
import sys
from collections import Counter
from html.parser import HTMLParser
from pathlib import Path

import pytest
import segno
from words import foreign

from salesmetrics import SalesMetricsError, cli, use_language
from salesmetrics.diagnosis import situation
from salesmetrics.exercises.content import questions, said
from salesmetrics.exercises.folder import MARKER, edition_of, lay_down
from salesmetrics.forecast.convolution import fewer_won
from salesmetrics.models.fishing_net import MODEL as NET

NOTEBOOKS = Path(__file__).parent.parent / "notebooks"
sys.path.insert(0, str(NOTEBOOKS))

import build  # noqa: E402
import parity  # noqa: E402
import reading  # noqa: E402
import workshop  # noqa: E402
import workshop_blocks  # noqa: E402
import workshop_companies  # noqa: E402
import workshop_dice  # noqa: E402
from sources import BuildError  # noqa: E402

NAMES = {
    "en": ["answer-key", "cards", "checklist", "dice-strips", "hand-out", "run-of-show", "slides"],
    "nl": ["antwoordmodel", "checklist", "dobbelstroken", "draaiboek", "hand-out", "kaarten", "slides"],
}
HEADER = "---\nnames: {en: page, nl: blad}\nkind: pages\n---\n"


class Reader(HTMLParser):
    """Reads a page: its words, its tags in order, and everything in it that has an address."""

    def __init__(self, page):
        super().__init__()
        self.words, self.outside_pictures, self.tags, self.addresses, self.within = [], [], [], [], []
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        if "svg" not in self.within:  # a name in a picture may be broken over two lines in one language only
            self.tags.append(tag)
        self.within.append(tag)
        self.addresses += [value for name, value in attrs if name in ("src", "href", "srcset", "action", "data")]
        self.words += [f"({value})" for name, value in attrs if name == "aria-label"]

    def handle_endtag(self, tag):
        while self.within and self.within.pop() != tag:
            pass

    def handle_data(self, data):
        if not {"style", "script"} & set(self.within):
            self.words.append(data)
            self.outside_pictures += [] if "svg" in self.within else [data]

    @property
    def text(self):
        return " ".join(" ".join(self.words).replace("\u00a0", " ").split())


@pytest.fixture(scope="module")
def pages():
    return workshop.pages(NOTEBOOKS)


@pytest.fixture(scope="module")
def read(pages):
    return {(path.parent.name, path.stem): Reader(page) for path, page in pages.items()}


TWINS = [
    ("answer-key", "antwoordmodel"),
    ("cards", "kaarten"),
    ("checklist", "checklist"),
    ("dice-strips", "dobbelstroken"),
    ("hand-out", "hand-out"),
    ("run-of-show", "draaiboek"),
    ("slides", "slides"),
]


# The pages


def test_every_page_is_there_in_both_languages(read):
    assert {name: sorted(stem for each, stem in read if each == name) for name in NAMES} == NAMES


def test_a_rebuild_gives_the_same_bytes(pages):
    assert workshop.pages(NOTEBOOKS) == pages
    assert {path: path.read_text(encoding="utf-8") for path in pages} == pages


TASTER = {"en": "https://example.org/kit/taster.html", "nl": "https://example.org/kit/proef.html"}


def test_the_slides_show_a_code_of_the_taster_once_it_has_an_address(pages):
    published = workshop.pages(NOTEBOOKS, TASTER)
    changed = [path for path in pages if published[path] != pages[path]]
    assert [path.name for path in changed] == ["slides.html"] * 2
    for path in changed:
        here, other = (TASTER[each] for each in (path.parent.name, "nl" if path.parent.name == "en" else "en"))
        assert here in Reader(published[path]).text
        assert other not in published[path]
        assert "https://" not in Reader(pages[path]).text
        # One slide more, and on it a drawing of so many squares as the code and its quiet edge have.
        assert published[path].count('class="slide"') == pages[path].count('class="slide"') + 1
        size = segno.make(here, micro=False, error="m").symbol_size()[0]
        assert f'viewBox="0 0 {size} {size}"' in published[path]


def test_no_line_can_end_between_a_euro_and_its_amount(pages):
    assert not [path.name for path, page in pages.items() if re.search(r"€ \d", page)]


@pytest.mark.parametrize(("english", "dutch"), TWINS)
def test_both_languages_have_the_same_build_and_the_same_numbers(read, english, dutch):
    one, other = read["en", english], read["nl", dutch]
    assert one.tags == other.tags
    found = Counter(parity.numbers(" ".join(one.outside_pictures), "en"))
    wanted = Counter(parity.numbers(" ".join(other.outside_pictures), "nl"))
    if "answer-key" not in (english, dutch):  # exercises are compared where they are written
        assert found == wanted


@pytest.mark.parametrize("name", NAMES)
def test_no_word_of_the_other_language_is_left(read, name):
    for (each, stem), reader in read.items():
        if each == name:
            assert foreign(reader.text, name) == set(), stem


def test_nothing_is_loaded_from_anywhere(pages, read):
    for path, page in pages.items():
        assert "default-src 'none'" in page
        assert not re.search(r"@import|url\(\s*[\"']?(?!#)|fetch\(|XMLHttpRequest|<link|<iframe|<object|<embed", page)
        names = {f"{stem}.html" for each, stem in read if each == path.parent.name}
        addresses = set(read[path.parent.name, path.stem].addresses)
        assert {address for address in addresses if not address.startswith("#")} <= names


def test_no_place_is_left_open(read):
    for reader in read.values():
        assert "{{" not in reader.text
        assert "doc:" not in reader.text


def test_paper_needs_no_script_and_the_slides_bring_theirs(pages):
    for path, page in pages.items():
        assert ("<script>" in page) == (path.stem == "slides")
        assert ("script-src" in page) == (path.stem == "slides")


# What the pages say


@pytest.mark.parametrize(
    ("rate", "half", "most"),
    [
        (0.1, "10×", "12.4×"),
        (0.2, "5×", "6.1×"),
        (0.25, "4×", "4.9×"),
        (1 / 3, "3×", "3.6×"),
        (0.5, "2×", "2.4×"),
        (0.6, "1.7×", "1.9×"),
    ],
)
def test_the_hand_outs_table_is_what_the_odds_say(read, rate, half, most):
    values = workshop_blocks.values()
    name = f"{rate * 100:.0f}"
    assert (values[f"half_{name}"], values[f"most_{name}"]) == (half, most)
    needed = round(float(most[:-1]) * 10)
    assert 1 - fewer_won(needed, rate, 10) >= 0.8 > 1 - fewer_won(needed - 1, rate, 10)
    # What the hand-out says of break-even, for as many whole deals as that asks for: 55 to 64%.
    assert 0.545 < 1 - fewer_won(math.ceil(10 / rate - 1e-9), rate, 10) < 0.645
    assert (values["even_low"], values["even_high"]) == ("55%", "64%")
    assert "break-even (chance 55% to 64%)" in read["en", "hand-out"].text
    assert "break-even (kans 55% tot 64%)" in read["nl", "hand-out"].text
    assert f"{half} " in read["en", "hand-out"].text
    assert f"{most} ".replace(".", ",") in read["nl", "hand-out"].text


def test_the_dice_have_the_odds_that_the_run_of_show_names(read):
    by_hand = [
        1 - fewer_won(12, 1 / 3, 4),
        1 / 3 + 2 / 3 * (1 - fewer_won(6, 1 / 3, 4)),
        1 - fewer_won(18, 1 / 3, 4),
    ]
    odds = [workshop_dice.odds(played) for played in workshop_dice.ROUNDS]
    assert odds == pytest.approx(by_hand)
    assert [f"{chance:.0%}" for chance in odds] == ["61%", "40%", "90%"]
    assert [sum(played.amounts) / workshop_dice.TARGET for played in workshop_dice.ROUNDS] == [3, 3, 4.5]
    for name in ("en", "nl"):
        for stem in (NAMES[name][5 if name == "en" else 3], "slides"):
            assert all(f" {chance:.0%} " in read[name, stem].text for chance in odds)


def test_the_strips_hold_fair_rolls_and_stand_as_often_as_the_odds_say(read):
    strips = workshop_dice.drawn()
    assert len(strips) == workshop_dice.STRIPS == 30
    for at, played in enumerate(workshop_dice.ROUNDS):
        rolls = [strip[at] for strip in strips]
        assert {len(roll) for roll in rolls} == {len(played.amounts)}
        stand = sum(workshop_dice.stands(played, roll) for roll in rolls)
        assert stand == round(workshop_dice.odds(played) * 30)
    assert {roll for strip in strips for rolls in strip for roll in rolls} == set(range(1, 7))
    # The first strip, so that another version of Python that draws otherwise is noticed.
    assert strips[0][0] == (5, 3, 5, 1, 2, 1, 4, 3, 1, 4, 3, 3)
    assert read["nl", "dobbelstroken"].tags.count("i") == 30 * (12 + 7 + 18)


def test_the_plans_fill_their_time(read):
    parts = workshop.read_document(NOTEBOOKS / "source" / "workshop" / "run-of-show.md").about["plans"]
    assert {length: sum(plan.values()) for length, plan in parts.items()} == {60: 60, 90: 90, 180: 180}
    assert list(parts[90].values()) == [5, 10, 20, 10, 20, 7, 12, 6]
    assert "3 The dice game 10–27 15–35 15–40" in read["en", "run-of-show"].text


@pytest.mark.parametrize(
    ("name", "stem", "words"),
    [("en", "run-of-show", "Minutes, in the plan of 90"), ("nl", "draaiboek", "Minuten, in het programma van 90")],
)
def test_the_minutes_of_a_part_fill_it(read, name, stem, words):
    """Where a part says what its minutes go to: the net, the dice and the companies."""
    told = re.findall(rf"{words}\. ((?:\d+ (?:for|to|in|at|voor|aan) [^·.]* ?[·.] ?)+)", read[name, stem].text)
    assert [sum(int(minutes) for minutes in re.findall(r"(?:^|· )(\d+) ", part)) for part in told] == [10, 20, 20]


# Each question that the room answers before it sees more, and what would answer it: none of that stands on a slide
# before it, on its own slide, or on the paper that is handed out at the start.
BETS = {
    "en": {
        "The bet": ("neither number", "D: neither", "less than 1%", "38%", "50%", "90%"),
        "Two boats": ("26", "56", "not a big catch"),
        "The dice game: round 1": ("61%", "39%", "three times safe", "four in ten"),
        "Round 2": ("40%", "one large"),
        "The map": ("thick line", "above 33%"),
        "A company per group": (
            "the leak takes",
            "buy more leads",
            "lean on the deal",
            "2%",
            "2.2%",
            "The startup:",
            "The consultancy:",
        ),
        "The agency: two desks": ("0.35×", "43%", "both are right", "hand-over", "105"),
    },
    "nl": {
        "De weddenschap": ("geen van de twee getallen", "D: geen van beide", "minder dan 1%", "38%", "50%", "90%"),
        "Twee boten": ("26", "56", "nog geen grote vangst"),
        "Het dobbelspel: ronde 1": ("61%", "39%", "drie keer zeker", "vier van de tien"),
        "Ronde 2": ("40%", "één grote"),
        "De kaart": ("dikke lijn", "boven 33%"),
        "Elke groep een bedrijf": (
            "lekken net zo",
            "meer leads kopen",
            "leunen op de deal",
            "2%",
            "2,2%",
            "De start-up:",
            "Het adviesbureau:",
        ),
        "Het marketingbureau: twee tafels": ("0,35×", "43%", "allebei waar", "overdracht", "105"),
    },
}


def slides_of(pages, name):
    """Give the words of each slide, those in its pictures too."""
    page = next(page for path, page in pages.items() if (path.parent.name, path.stem) == (name, "slides"))
    return [Reader(part).text for part in page.split('class="slide"')[1:]]


def has(text, phrase):
    return re.search(rf"(?<![\w,.]){re.escape(phrase.casefold())}(?!\w)", text.casefold()) is not None


@pytest.mark.parametrize(("name", "title"), [(name, title) for name in BETS for title in BETS[name]])
def test_no_slide_and_no_worksheet_gives_a_bet_away(pages, name, title):
    slides = slides_of(pages, name)
    (at,) = (at for at, text in enumerate(slides) if re.search(rf"> ?{title} |^\W*{title} ", text))
    worksheet = next(page for path, page in pages.items() if (path.parent.name, path.stem) == (name, "hand-out"))
    handed_out = Reader(worksheet.split('class="page"')[2]).text
    given = [phrase for phrase in BETS[name][title] if has(" ".join([*slides[: at + 1], handed_out]), phrase)]
    assert given == []
    # What is searched for is what the slides after it say.
    assert sum(has(" ".join(slides[at + 1 :]), phrase) for phrase in BETS[name][title]) >= 2


@pytest.mark.parametrize(
    ("name", "stem", "said"),
    [
        ("en", "cards", ["€ 2,500,000, in 100 deals", "25 of 250", "€ 900,000, in 12 deals", "€ 240,000", "36 of 60"]),
        (
            "nl",
            "kaarten",
            ["€ 2.500.000, in 100 deals", "25 van 250", "€ 900.000, in 12 deals", "€ 240.000", "36 van 60"],
        ),
    ],
)
def test_the_cards_give_two_companies_whole_and_the_third_as_two_desks(pages, read, name, stem, said):
    assert [words for words in said if words not in read[name, stem].text] == []
    page = next(page for path, page in pages.items() if (path.parent.name, path.stem) == (name, stem))
    marketing, sales = (Reader(part).text for part in page.split('class="company"')[-2:])
    assert ["€ 2" in marketing, "450" in marketing, "105" in marketing, "140" in marketing] == [True, True, False, True]
    # Sales counts from where it accepts: 140,000 of 400,000 is 0.35, and 45 of 105 is 43%.
    assert ["€ 140" in sales, "105" in sales, "450" in sales] == [True, True, False]
    slides = " ".join(slides_of(pages, name))
    assert all(words in slides for words in ("6.0×", "0.35×", "43%") if name == "en")
    assert all(words in slides for words in ("6,0×", "0,35×", "43%") if name == "nl")


@pytest.mark.parametrize(("name", "stem"), [("en", "cards"), ("nl", "kaarten")])
def test_none_has_a_card_of_its_own(read, name, stem):
    assert re.search(r" A B C D$", read[name, stem].text)
    for paper in (stem, "checklist", "hand-out"):
        assert "D" in re.findall(r"\b(?:A|D)\b", read[name, paper].text)
        assert {"en": "D is “none of these”", "nl": "D is “geen van deze”"}[name] in read[name, paper].text


@pytest.mark.parametrize("name", NAMES)
def test_break_even_never_stands_without_what_it_asks_for(pages, read, name):
    wanted = {"en": "money is won as often as deals", "nl": "geld even vaak gewonnen wordt als deals"}[name]
    inverse = {"en": "inverse|trap 6", "nl": "omgekeerde|valkuil 6"}[name]  # that is what the trap is about
    for stem in ("hand-out", "slides", {"en": "run-of-show", "nl": "draaiboek"}[name]):
        page = next(page for path, page in pages.items() if (path.parent.name, path.stem) == (name, stem))
        parts = [Reader(part).text for part in re.split('class="(?:page|slide|block)"', page)]
        named = [part for part in parts if "1 ÷ conver" in part and not re.search(inverse, part)]
        assert [part for part in named if wanted not in part] == []
        assert named
    # Once on each sheet of the hand-out.
    assert read[name, "hand-out"].text.count(wanted) == 2


@pytest.mark.parametrize("name", NAMES)
def test_the_worksheet_says_when_each_situation_is_which(read, name):
    """The rule of the diagnosis: on the target, else full from 3 on, else sharp from a third on."""
    cases = [
        ((5.0, 0.2), "healthy"),
        ((3.0, 0.3), "full but leaky"),
        ((1.5, 0.6), "sharp but thin"),
        ((2.9, 0.3), "thin and leaky"),
    ]
    assert [situation(*numbers) for numbers, _ in cases] == [called for _, called in cases]
    told = {
        "en": [
            "healthy full but leaky sharp but thin thin and leaky",
            "is 1 or more",
            "coverage 3× or more",
            "33% or more",
            "Fewer than 10",
        ],
        "nl": [
            "gezond vol maar lek scherp maar dun dun en lek",
            "is 1 of meer",
            "dekking 3× of meer",
            "33% of meer",
            "Minder dan 10",
        ],
    }
    assert [words for words in told[name] if words not in read[name, "hand-out"].text] == []


@pytest.mark.parametrize("name", NAMES)
def test_there_are_six_traps_everywhere(read, name):
    text = " ".join(reader.text for (each, _), reader in read.items() if each == name)
    assert len(re.findall({"en": "[Ss]ix traps", "nl": "[Zz]es valkuilen"}[name], text)) >= 4
    assert not re.search(r"[Ff]ive traps|[Vv]ijf valkuilen", text)
    assert {"en": "The inverse", "nl": "Het omgekeerde"}[name] in read[name, "slides"].text


# What sellers would read otherwise than it is meant, in the workshop's own texts.
NOT = {
    "en": r"nearly half|about 50%|\bsums?\b|\bwho(?:m|ever) (?:has|wants)|dead deals|\bmargins?\b",
    "nl": r"bijna de helft|ongeveer 50%|afgeslo|afgelopen|met een uitkomst|mét uitkomst|dode deal|betaalde"
    r"|\bvalt dit|\bvallen\b|\bpunten\b|\bkit\b|[Pp]ijplijn|hoeveelheid",
}


@pytest.mark.parametrize("name", NAMES)
def test_words_are_those_of_the_lessons(read, name):
    own = [stem for each, stem in read if each == name and stem not in ("answer-key", "antwoordmodel")]
    assert {
        stem: found for stem in own if (found := re.findall(NOT[name], " ".join(read[name, stem].outside_pictures)))
    } == {}
    assert not [
        stem
        for stem in own
        if re.search(r"['\"‘]", "".join(read[name, stem].outside_pictures).replace('("start")', ""))
    ]


def test_the_chance_carries_the_range_of_its_rate():
    """At both ends of what 36 of 60 fits: 19 to 61%."""
    its = workshop_companies.figures("consultancy")
    assert [round(chance * 100) for chance in (its.with_low_rate, its.chance, its.with_high_rate)] == [19, 38, 61]


def test_a_plan_that_does_not_fill_its_time_is_refused():
    with pytest.raises(ValueError, match="take 61"):
        workshop_blocks.clock({"plans": {60: {"bet": 5, "dice": 56}}})


@pytest.mark.parametrize(
    ("levers", "met", "landed"),
    [((1, 8, 0.5), 160, 26), ((0.5, 3, 0.9), 80, 56), ((0.25, 3, 0.9), 40, 30)],
)
def test_the_nets_land_what_the_texts_say(read, levers, met, landed):
    outcome = NET.outcome(dict(zip(("net", "holes", "skill"), levers, strict=True)))
    assert (round(outcome.coverage * 40), int(outcome.coverage * 40 * outcome.conversion)) == (met, landed)
    assert str(landed) in read["en", "run-of-show"].text
    assert str(landed) in read["nl", "slides"].text


def test_the_sums_by_hand_are_right():
    assert 1500 / (800 - 300) == 3.0
    assert 18 / (18 + 30) == 0.375
    # What people usually answer: the whole target, the later deals too, open as lost, won by lost.
    assert [round(value, 2) for value in (1500 / 800, 2100 / 500, 18 / 60, 18 / 30)] == [1.88, 4.2, 0.3, 0.6]


def test_the_answer_key_has_every_exercise_and_every_wrong_answer(read, language):
    text = read[language, NAMES[language][0]].text
    plain = re.sub(r"[*`_\\|$]", "", text)
    for question in questions().values():
        assert said(question.title) in plain
        for wrong in question.wrong:
            assert " ".join(re.sub(r"[*`_\\|$]", "", said(wrong.says)).split()) in plain


def solutions_in(path, language):
    """Name the exercises whose worked solution stands somewhere in a notebook: in a cell, an output or metadata."""
    everything = html.unescape(json.dumps(json.loads(path.read_text(encoding="utf-8")), ensure_ascii=False))
    everything = re.sub(r"<[^>]*>|[*`]", "", everything).replace("\u00a0", " ")
    found = set()
    for question in questions().values():
        for line in question.solution[language].strip().splitlines() if question.solution else ():
            line = re.sub(r"[*`]", "", line).replace("\u00a0", " ")
            if len(line) > 40 and line in everything:
                found.add(question.id)
    return found


@pytest.mark.parametrize("name", NAMES)
def test_no_learner_notebook_holds_a_solution_anywhere(name):
    for path in (NOTEBOOKS / name).glob("*.ipynb"):
        text = path.read_text(encoding="utf-8")
        assert not re.search(r'"(solution|facilitator)"|\.solution\(\)', text), path.name
        assert solutions_in(path, name) == set(), path.name
    # The same look at the facilitator's, so that it is known to find what is there.
    found = [solutions_in(path, name) for path in (NOTEBOOKS / "facilitator" / name).glob("*.ipynb")]
    assert len(set().union(*found)) > 3


@pytest.mark.parametrize("module", [parity, reading, workshop_blocks, workshop_companies, workshop_dice])
def test_the_examples_of_the_build_run(module):
    assert doctest.testmod(module).failed == 0
    assert doctest.testmod(module).attempted > 0


# What the build refuses


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ('+++ {"tags": ["en"]}\n\n# A\n', "page.md: cell 1 (# A): no Dutch twin right after it"),
        (
            '+++ {"tags": ["en"]}\n\n{{ odds_1 }}\n\n+++ {"tags": ["nl"]}\n\n{{ miss_1 }}\n',
            "page.md: in one language only: miss_1, odds_1",
        ),
        ('+++ {"tags": ["en"]}\n\n{{ x }}\n\n+++ {"tags": ["nl"]}\n\n{{ x }}\n', "page: nothing is called x"),
        (
            '+++ {"tags": ["en"]}\n\n[a](doc:b)\n\n+++ {"tags": ["nl"]}\n\n[a](doc:b)\n',
            "page: there is no document b to link to",
        ),
    ],
)
def test_what_the_build_refuses(tmp_path, text, problem):
    (tmp_path / "source" / "workshop").mkdir(parents=True)
    (tmp_path / "source" / "workshop" / "page.md").write_text(HEADER + text, encoding="utf-8")
    with pytest.raises(BuildError) as refusal:
        workshop.pages(tmp_path)
    assert problem in str(refusal.value)


def test_check_names_what_is_stale_missing_and_left_over(tmp_path, capsys):
    root = tmp_path / "notebooks"
    source = root / "source" / "workshop" / "page.md"
    source.parent.mkdir(parents=True)
    text = '+++ {"tags": ["en"]}\n\n# Five\n\n+++ {"tags": ["nl"]}\n\n# Vijf\n'
    source.write_text(HEADER + text, encoding="utf-8")
    (root / "facilitator" / "nl").mkdir(parents=True)
    (root / "facilitator" / "nl" / "oud.html").touch()
    assert build.main(["workshop"], root) == 0
    assert not (root / "facilitator" / "nl" / "oud.html").exists()
    assert build.main(["--check"], root) == 0
    source.write_text(HEADER + text.replace("Five", "Four"), encoding="utf-8")
    (root / "facilitator" / "nl" / "blad.html").unlink()
    (root / "facilitator" / "en" / "old.html").touch()
    capsys.readouterr()
    assert build.main(["--check"], root) == 1
    assert capsys.readouterr().err.splitlines() == [
        "notebooks/facilitator/en/old.html: has no source",
        "notebooks/facilitator/en/page.html: is not what its source says",
        "notebooks/facilitator/nl/blad.html: is missing",
        "→ python notebooks/build.py workshop",
    ]


# The command


@pytest.fixture
def somewhere(tmp_path, monkeypatch):
    """A folder of its own, on a computer set to English."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(cli.locale, "setlocale", lambda _: "C.UTF-8")
    return tmp_path


@pytest.mark.parametrize("name", NAMES)
def test_the_command_lays_it_all_down_and_names_what_is_there(somewhere, capsys, name):
    assert cli.main(["workshop", "mine", "--lang", name]) == 0
    printed = capsys.readouterr().out
    laid = {path.name for path in (somewhere / "mine").iterdir()}
    original = {path.name for path in (NOTEBOOKS / "facilitator" / name).iterdir() if path.suffix}
    assert laid == (original - {".ipynb_checkpoints"}) | {"data", MARKER}
    named = set(re.findall(r"[\w-]+\.html", printed))
    assert named == {f"{stem}.html" for stem in NAMES[name]} <= laid
    assert edition_of(somewhere / "mine") == "facilitator"


def test_without_a_folder_it_names_one_and_remembers_its_language(somewhere, capsys):
    assert cli.main(["workshop", "--lang", "nl"]) == 0
    assert cli.main(["workshop", "salesmetrics-workshop"]) == 0
    assert "Alles voor de workshop" in capsys.readouterr().out.splitlines()[-7]


def test_what_the_facilitator_changed_is_kept(somewhere, capsys):
    cli.main(["workshop", "my room"])
    page = somewhere / "my room" / "checklist.html"
    page.write_text("mine", encoding="utf-8")
    marker = json.loads((somewhere / "my room" / MARKER).read_text(encoding="utf-8"))
    marker["files"]["checklist.html"]["bytes"] = "that of an older version"
    (somewhere / "my room" / MARKER).write_text(json.dumps(marker), encoding="utf-8")
    capsys.readouterr()
    assert cli.main(["workshop", "my room"]) == 0
    printed = capsys.readouterr().out
    assert "You changed checklist.html, so it was left as it is" in printed
    assert f'salesmetrics lab "{somewhere / "my room"}"' in printed
    assert page.read_text(encoding="utf-8") == "mine"


def test_solutions_are_not_laid_among_a_learners_lessons(somewhere, language):
    lay_down(somewhere / "lessons", "en")
    before = sorted(path.name for path in (somewhere / "lessons").iterdir())
    with pytest.raises(SalesMetricsError) as refusal:
        lay_down(somewhere / "lessons", "en", "facilitator")
    assert "salesmetrics workshop" in refusal.value.hint
    assert sorted(path.name for path in (somewhere / "lessons").iterdir()) == before


def test_lab_leaves_a_facilitators_folder_a_facilitators(somewhere):
    lay_down(somewhere / "room", "en", "facilitator")
    lesson = next((somewhere / "room").glob("02-*.ipynb"))
    before = lesson.read_bytes()
    laid = lay_down(somewhere / "room", "en")
    assert (laid.new, laid.replaced, laid.kept) == ((), (), ())
    assert lesson.read_bytes() == before
    assert laid.first.startswith("00-")


def test_words_that_the_command_does_not_know(somewhere, capsys):
    assert cli.main(["workshop", "mine", "--port", "1"]) == 1
    error = capsys.readouterr().err
    assert "is not understood" in error
    assert "\n→ Write it like this: salesmetrics workshop" in error
    assert not (somewhere / "mine").exists()


@pytest.mark.parametrize(("name", "words"), [("en", "answer key"), ("nl", "antwoordmodel")])
def test_help_in_both_languages(somewhere, capsys, name, words):
    assert cli.main(["workshop", "--lang", name, "--help"]) == 0
    assert words in capsys.readouterr().out
    use_language("en")
