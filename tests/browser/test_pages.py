"""Pages that need no Python, in Chromium from a file with the network cut: they move, they answer, they keep."""

import random
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from browser.harness import READY, Open

NOTEBOOKS = Path(__file__).parents[2] / "notebooks"
sys.path.insert(0, str(NOTEBOOKS))

from pages import lessons, pictures, running, site  # noqa: E402
from pages import questions as on_page  # noqa: E402
from pages.grids import grid_for  # noqa: E402
from pages.words import SOURCE, words  # noqa: E402

from salesmetrics.base.errors import SalesMetricsError  # noqa: E402
from salesmetrics.base.typed_numbers import read_number  # noqa: E402
from salesmetrics.exercises.answers import _UNITS, taken, written  # noqa: E402
from salesmetrics.exercises.content import Question, guesses, question, questions  # noqa: E402
from salesmetrics.exercises.feedback import judge, truth  # noqa: E402
from salesmetrics.widgets.slider import format_value  # noqa: E402

pytestmark = pytest.mark.browser

REFUSED = "Object.defineProperty(window, 'localStorage', { get() { throw new DOMException('no', 'SecurityError'); } })"
FULL = "Storage.prototype.setItem = () => { throw new DOMException('full', 'QuotaExceededError'); }"


@pytest.fixture
def taster(language: str) -> Path:
    return NOTEBOOKS.parent / site.TASTERS[language]


def placed(page: Page, key: str = "D") -> Page:
    page.locator(f'[data-exercise="welcome-bet"] button[data-key="{key}"]').click()
    return page


def net(page: Page) -> tuple[Any, Any]:
    """The net's first slider and its sentence."""
    picture = page.locator(".picture").first
    return picture.locator("input").first, picture.locator(".sentence")


@pytest.mark.parametrize("width", [390, 1280])
def test_after_the_bet_the_picture_moves_by_key_and_fits_the_window(
    opened: Open, taster: Path, language: str, width: int
) -> None:
    page = opened(taster, width=width)
    slider, sentence = net(page)
    expect(slider).to_be_hidden()
    verdict = placed(page).locator('[data-exercise="welcome-bet"] [role="status"]').first
    expect(verdict).to_have_text(
        judge(question("welcome-bet"), "D").shown().text.replace("\n\n", "\n"), use_inner_text=False
    )
    expect(slider).to_be_visible()
    before = sentence.inner_text()
    slider.press("ArrowLeft")
    expect(sentence).not_to_have_text(before)
    assert "120" in sentence.inner_text()
    assert slider.get_attribute("aria-valuetext") == {"en": "75.0%", "nl": "75,0%"}[language]
    assert page.locator(".drawing svg").first.get_attribute("aria-label") == sentence.inner_text()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    # Levers and picture are on the screen together.
    boxes = [page.locator(".picture").first.locator(part).bounding_box() for part in (".drawing", ".levers")]
    assert all(boxes)
    assert max(box["y"] + box["height"] for box in boxes if box) - min(box["y"] for box in boxes if box) < 844


def test_a_bet_stays_placed_and_can_be_skipped_or_forgotten(opened: Open, taster: Path, language: str) -> None:
    page = placed(opened(taster), "A")
    page.reload()
    page.locator(READY).wait_for(state="attached")
    expect(page.locator('[data-key="A"]')).to_have_attribute("aria-pressed", "true")
    expect(page.locator("[data-behind]")).to_be_visible()
    page.evaluate("localStorage.setItem('salesmetrics', '[1')")
    page.reload()
    page.locator(READY).wait_for(state="attached")
    expect(page.locator("[data-behind]")).to_be_hidden()
    page.get_by_role("button", name=words("skip")).press("Enter")
    expect(page.locator("[data-behind]")).to_be_visible()


@pytest.mark.parametrize("refused", [REFUSED, FULL])
def test_where_storage_is_refused_the_page_works_and_says_that_it_forgets(
    opened: Open, taster: Path, language: str, refused: str
) -> None:
    page = opened(taster, init=refused)
    expect(page.get_by_text(words("not_kept"))).to_be_visible()
    placed(page)
    expect(net(page)[0]).to_be_visible()


def test_a_browser_that_cannot_unpack_keeps_the_still_picture_and_says_so(
    opened: Open, taster: Path, language: str
) -> None:
    page = placed(opened(taster, init="delete window.DecompressionStream"))
    expect(page.get_by_text(words("no_unpacking")).first).to_be_visible()
    expect(page.locator(".drawing svg").first).to_be_visible()
    assert page.locator(".picture input").count() == 0


def test_damaged_states_leave_the_still_picture_and_a_sentence(
    opened: Open, taster: Path, language: str, tmp_path: Path
) -> None:
    text = taster.read_text(encoding="utf-8")
    at = text.index('class="states">') + 2000
    damaged = tmp_path / "damaged.html"
    damaged.write_text(text[:at] + "AAAA" + text[at + 4 :], encoding="utf-8")
    page = placed(opened(damaged))
    expect(page.get_by_text(words("damaged")).first).to_be_visible()
    expect(page.locator(".drawing svg").first).to_be_visible()


def test_without_script_everything_can_be_read(opened: Open, taster: Path, language: str) -> None:
    page = opened(taster, java_script_enabled=False)
    expect(page.get_by_text(words("no_script"))).to_be_visible()
    expect(page.locator(".drawing svg").first).to_be_visible()
    expect(page.locator(".sentence").first).to_be_visible()
    expect(page.locator('[data-exercise="welcome-bet"] li')).to_have_count(4)


def test_a_page_saved_by_the_browser_is_a_page_again(opened: Open, taster: Path, language: str, tmp_path: Path) -> None:
    page = placed(opened(taster))
    slider, sentence = net(page)
    start = sentence.inner_text()
    slider.press("Home")
    assert page.locator("g[role=slider]").count() == 1
    saved = tmp_path / "saved.html"
    saved.write_text(page.content(), encoding="utf-8")
    page = placed(opened(saved))
    assert page.locator("g[role=slider]").count() == 1
    assert page.locator('[data-exercise="welcome-bet"] button[data-key]').count() == 4
    assert page.locator(".picture").first.locator("input").count() == 3
    # Levers and picture say the same.
    assert net(page)[1].inner_text() == start


@pytest.mark.parametrize("form", ["html", "mhtml"])
def test_a_page_saved_before_the_bet_can_be_read_where_no_script_runs(
    opened: Open, taster: Path, language: str, tmp_path: Path, form: str
) -> None:
    page = opened(taster, width=390)
    expect(page.locator("[data-behind]")).to_be_hidden()
    saved = tmp_path / f"saved.{form}"
    if form == "html":
        saved.write_text(page.content(), encoding="utf-8")
        page = opened(saved, java_script_enabled=False)
    else:
        # As a phone saves it: in this form no script runs.
        kept = page.context.new_cdp_session(page).send("Page.captureSnapshot", {"format": "mhtml"})
        saved.write_text(kept["data"], encoding="utf-8", newline="")
        page = opened(saved)
    expect(page.get_by_text(words("no_script"))).to_be_visible()
    expect(page.locator(".drawing svg").first).to_be_visible()
    expect(page.locator(".sentence").first).to_be_visible()
    # What would move it does not stand there dead.
    assert page.locator(".levers:visible, .stage > svg:visible, .skip:visible").count() == 0


@pytest.mark.parametrize(
    "kept", ['{"welcome-bet": {"given": 5}}', '{"welcome-bet": {"given": ["?"]}}', "[]", "null", "7"]
)
def test_what_another_edition_kept_leaves_a_page_that_answers(
    opened: Open, taster: Path, language: str, kept: str
) -> None:
    page = opened(taster)
    page.evaluate("kept => localStorage.setItem('salesmetrics', kept)", kept)
    page.reload()
    page.locator(READY).wait_for(state="attached")
    if page.locator("[data-behind]").is_hidden():
        placed(page)
    expect(net(page)[0]).to_be_visible()


def test_print_shows_the_lesson_and_no_buttons(opened: Open, taster: Path, language: str) -> None:
    page = placed(opened(taster, color_scheme="dark"))
    page.emulate_media(media="print")
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    assert page.locator("button:visible, input:visible").count() == 0
    assert page.locator(".hint:visible, .stage > svg:visible").count() == 0
    expect(page.locator(".drawing svg").first).to_be_visible()


def wrong_answers(asked: Question) -> list[Any]:
    """Return an answer for each known mistake that is one choice, one number or one order, and a blank."""
    match asked.kind:
        case "bet" | "choice":
            return [key for key in asked.keys if key != asked.answer]
        case "number":
            values = [wrong.fits["value"] for wrong in asked.wrong]
            return [
                *(f"{value * 100!r}%" if asked.unit == "%" else repr(value) for value in values),
                *(f"{value / 1000!r} k" for value in (values if asked.unit in ("", "€") else ())),
                *("33", "4,55", "0.128") * (asked.unit == "%"),
                "",
                "1e",
                "999888",
            ]
        case "guess":
            here = truth(asked)
            values = [here, here * 0.93, here * 1.1, here / 4, here * 1.9]
            sign = "%" if asked.unit == "%" else ""
            return [*(f"{value * 100 if sign else value:.2f}{sign}" for value in values), "", "1e", "-3", "999888"]
        case "several":
            return [[key] for key in asked.keys if key != asked.answer]
        case "order":
            return [[*reversed(asked.answer.split())], [*asked.keys]]
        case "table":
            right = answers(asked)
            places = [int(wrong.fits["cell"]) - 1 for wrong in asked.wrong]
            changed = [
                [*right[:at], typed(wrong.fits["value"], asked, at), *right[at + 1 :]]
                for at, wrong in zip(places, asked.wrong, strict=True)
            ]
            return [*changed, ["", *right[1:]], [*reversed(right)]]
    return []


def typed(value: Any, asked: Question, at: int) -> str:
    return value if isinstance(value, str) else f"{value * 100!r}%" if asked.cells[at].unit == "%" else repr(value)


def answers(asked: Question) -> Any:
    """Return the right answer as the box gives it."""
    match asked.kind:
        case "number":
            return f"{asked.answer * 100!r}%" if asked.unit == "%" else repr(asked.answer)
        case "guess":
            return answers(replace(asked, kind="number", answer=truth(asked)))
        case "several" | "order":
            return asked.answer.split()
        case "table":
            return [typed(cell.answer, asked, at) for at, cell in enumerate(asked.cells)]
    return asked.answer if asked.kind != "free" else "My own words."


def said_to(asked: Question, given: Any) -> str:
    """Return what the notebook says to an answer, with what a bare number was read as."""
    verdict = judge(asked, given)
    read = "" if verdict.tone == "again" else taken(asked, given)
    return f"<p>{read}</p>{verdict.shown().html}" if read else verdict.shown().html


# Answers one exercise in its box, and tells whether what is said reads as it should.
ANSWER = """([name, kind, given, html]) => {
    const root = document.querySelector(`[data-exercise="${name}"]`);
    const boxes = [...root.querySelectorAll(".answer :is(input, select, textarea)")];
    const set = (box, value) => (box.value = value);
    if (kind === "bet") root.querySelector(`button[data-key="${given}"]`).click();
    if (kind === "choice") boxes.forEach((box) => (box.checked = box.value === given));
    if (kind === "several") boxes.forEach((box) => (box.checked = given.includes(box.value)));
    if (kind === "order") {
        const list = root.querySelector("ol");
        list.append(...given.map((key) => list.querySelector(`[data-key="${key}"]`)));
    }
    if (["number", "free", "guess"].includes(kind)) set(boxes[0], given);
    if (kind === "table") boxes.forEach((box, at) => set(box, given[at]));
    if (kind !== "bet") root.querySelector(".salesmetrics-buttons button").click();
    const wanted = document.createElement("div");
    wanted.innerHTML = html;
    const plain = (node) => node.textContent.replace(/\\s+/g, " ").trim();
    const found = root.querySelector('.answer [role="status"]');
    return plain(found) === plain(wanted) ? "" : `${name} ${given}: ${plain(found)} ≠ ${plain(wanted)}`;
}"""


def test_every_exercise_answered_rightly_and_wrongly_gets_the_notebooks_words(
    opened: Open, language: str, tmp_path: Path
) -> None:
    body = lessons.Body()
    asked = [one for one in (*questions().values(), *guesses().values()) if one.kind != "sliders"]
    with running.nowhere():
        for one in asked:
            body.add_exercise(one)
    place = tmp_path / "all.html"
    place.write_text(lessons.page("All", body.html()), encoding="utf-8")
    page = opened(place)
    tried, read, unlike = 0, 0, []
    for one in asked:
        for given in [*wrong_answers(one), answers(one)]:
            tried += 1
            unlike.append(page.evaluate(ANSWER, [one.id, one.kind, given, (said := said_to(one, given))]))
            read += said.startswith("<p>")
    assert [sentence for sentence in unlike if sentence] == []
    assert tried > 200
    assert read > 50
    # Answered rightly last, so all are done, and stay so.
    page.reload()
    page.locator(READY).wait_for(state="attached")
    # On a busy machine the browser may bring them after the page.
    page.wait_for_function("last => JSON.parse(localStorage.salesmetrics ?? '{}')[last]", arg=asked[-1].id)
    kept = page.evaluate("JSON.parse(localStorage.salesmetrics)")
    assert all(kept[one.id]["done"] is (one.kind != "guess") for one in asked)
    assert all(("given" in kept[one.id]) != one.private for one in asked)


# Tells whether a picture in the page is this one, drawn by Python.
SAME_PICTURE = """([svg, sentence]) => {
    const wanted = document.createElement("div");
    wanted.innerHTML = svg;
    wanted.firstElementChild.setAttribute("aria-label", sentence);
    const same = document.querySelector(".drawing").innerHTML === wanted.innerHTML;
    return same && document.querySelector(".sentence").textContent === sentence;
}"""


def test_an_exercises_sliders_show_and_are_judged_where_they_stand(opened: Open, language: str, tmp_path: Path) -> None:
    body, asked = lessons.Body(), question("sandbox-mesh")
    with running.nowhere():
        body.add_exercise(asked)
    place = tmp_path / "sliders.html"
    place.write_text(lessons.page("Sliders", body.html()), encoding="utf-8")
    page = opened(place)
    grid = grid_for(asked)
    drawn = pictures.states(grid, "fishing-net-1")
    for position in [asked.answer, *(wrong.fits["levers"] for wrong in asked.wrong)]:
        for lever in grid.levers:
            at = grid.values[lever.name].index(position.get(lever.name, lever.default))
            page.locator(f'[data-lever="{lever.name}"]').fill(str(at))
        state = drawn[grid.place(position)]
        assert page.evaluate(SAME_PICTURE, [state.svg, state.sentence])
        verdict = judge(asked, position).shown().html
        assert page.evaluate(ANSWER, [asked.id, asked.kind, "", verdict]) == ""


def test_search_finds_nothing_behind_a_bet_until_it_is_placed(opened: Open, language: str, tmp_path: Path) -> None:
    sections = [["The net", "Two boats go out.", ""], ["What you saw", "26 of 40 fish.", "net-bet"]]
    found = [["lesson.html", "The net", sections]]
    index = pictures.as_json({"lessons": found, "say": {name: words(name) for name in ("search", "nothing")}})
    body = f'<div class="search"></div><script type="application/json">{index}</script>'
    place = tmp_path / "start.html"
    place.write_text(lessons.page("Start", body), encoding="utf-8")
    page = opened(place)
    box, hits = page.get_by_label(words("search")), page.locator(".search li")
    box.fill("BOATS two")
    expect(hits).to_have_count(1)
    assert hits.locator("a").get_attribute("href") == "lesson.html"
    box.fill("fish")
    expect(hits).to_have_count(0)
    expect(page.get_by_text(words("nothing"))).to_be_visible()
    page.evaluate("localStorage.setItem('salesmetrics', JSON.stringify({ 'net-bet': { done: true } }))")
    box.fill("of 40 fish")
    expect(hits).to_have_text(["The net: What you saw … 26 of 40 fish. …"])


SIGNS = "- − + € eur Euro 1 2 5 0 12 000 250 . , ' ’ k K m mln mio million miljoen % × x keer times ,- .- e _ é < &"
PARTS = [*SIGNS.split(), " ", '"', "\u00a0", "\t", "\u0085", "\ufeff", "\u2009", "\u0663", "\uff11", "\u212a"]
TYPED = "0,25 0.25 25% 2,5× 1.234 1,234.5 1.234,5 1.500k 1'000 150k -3 1.2.3 .. 0.5% .5 5. 99999999999999 1e5"
KNOWN = [*TYPED.split()]
KNOWN += ["€ 500.000", "1,5 mln", "€ 5,-", "€ -3", "- € 3", "1 000 000", "5 5"]


def typed_texts() -> list[str]:
    dice = random.Random(22)
    mixed = ["".join(dice.choices(PARTS, k=dice.randint(1, 6))) for _ in range(4000)]
    digits = ["".join(dice.choices("0123456789.,' ", k=dice.randint(1, 9))) for _ in range(2000)]
    ends = [(dice.choice(["", "€ ", "-"]), dice.choice(["", "%", " ×", "k"])) for _ in digits]
    return KNOWN + mixed + [f"{before}{text}{after}" for text, (before, after) in zip(digits, ends, strict=True)]


BARE = '<html lang="{}" data-ready><meta charset="utf-8"><script>{}</script>'
READ = """([texts, money, words]) => {
    const write = writer(document.documentElement.lang);
    return texts.map((text) => {
        try {
            const { value, sign } = readNumber(text, money, write);
            return [value, sign];
        } catch (error) {
            const [what, hint] = words[error.name];
            const whole = `${filled(what, error.values)}\\n${filled(hint, { ...error.values, ...error.before })}`;
            return [whole.replace(UNSEEN, " ")];
        }
    });
}"""


@pytest.mark.parametrize("money", [False, True])
def test_a_typed_number_is_read_as_python_reads_it(opened: Open, language: str, tmp_path: Path, money: bool) -> None:
    scripts = "".join((SOURCE / name).read_text(encoding="utf-8") for name in ("numbers.js", "answers.js"))
    place = tmp_path / "numbers.html"
    place.write_text(BARE.format(language, scripts), encoding="utf-8")
    page, texts = opened(place), typed_texts()
    found = page.evaluate(READ, [texts, money, on_page.words_of_numbers()])
    unlike, numbers = [], 0
    for text, seen in zip(texts, found, strict=True):
        try:
            read: list[Any] = list(read_number(text, money=money))
            numbers += 1
        except SalesMetricsError as error:
            read = [f"{error.what}\n{error.hint}"]
        if read != seen:
            unlike.append((text, read, seen))
    assert unlike[:5] == []
    assert numbers > 1000


@pytest.mark.parametrize("unit", ["", "€", "%", "×"])
def test_a_number_is_written_as_python_writes_it(opened: Open, language: str, tmp_path: Path, unit: Any) -> None:
    script = (SOURCE / "numbers.js").read_text(encoding="utf-8")
    place = tmp_path / "written.html"
    place.write_text(BARE.format(language, script), encoding="utf-8")
    dice = random.Random(5)
    values = [0, 0.5, 1.5, 0.999, 0.9999, 1000, 1234.5, -0.001, -5, 2.675, 0.125, 1e12, 12345678.905]
    values += [round(dice.uniform(-10, 10) ** dice.randint(1, 9), dice.randint(0, 5)) for _ in range(1000)]
    page = opened(place)
    for name, write in {"written": written, "exact": lambda value, unit: format_value(_UNITS[unit], value)}.items():
        seen = page.evaluate(
            "([values, unit, name]) => values.map((value) => writer(document.documentElement.lang)[name](value, unit))",
            [values, unit, name],
        )
        wanted = [write(value, unit) for value in values]
        assert [pair for pair in zip(values, wanted, seen, strict=True) if pair[1] != pair[2]] == []
