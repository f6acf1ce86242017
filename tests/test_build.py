"""The lessons: one source, four editions, the same bytes every time, and no drift between the languages."""

import json
import sys
from pathlib import Path

import pytest

NOTEBOOKS = Path(__file__).parent.parent / "notebooks"
sys.path.insert(0, str(NOTEBOOKS))

import build  # noqa: E402
import parity  # noqa: E402

HEADER = "---\nnames: {en: 02-net, nl: 02-visnet}\n---\n"


def text(language, markdown, *tags):
    return f"\n+++ {json.dumps({'tags': [language, *tags]})}\n\n{markdown}\n"


def code(source, *tags):
    return f"\n```{{code-cell}}\n:tags: [{', '.join(tags)}]\n\n{source}\n```\n"


def twins(english, dutch, *tags):
    return text("en", english, *tags) + text("nl", dutch, *tags)


LESSON = (
    HEADER
    + twins("# The net\n\nWin 25% of € 2,500,000.", "# Het visnet\n\nWin 25% van € 2.500.000.")
    + code('language = "en"', "en")
    + code('language = "nl"', "nl")
    + code("print(language)\nlanguage")
    + twins("Five minutes.", "Vijf minuten.", "facilitator")
    + code("answer = ...", "answer")
    + code("answer = 4\nanswer", "solution")
    + twins("## By code\n\n[Next](lesson:03)", "## Met code\n\n[Verder](lesson:03)", "by-code")
    + code("'shown'", "by-code", "nbval-skip")
)
NEXT = LESSON.replace("02-", "03-").replace("lesson:03", "lesson:02").replace("names:", "private: true\nnames:")


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    """A kit of two lessons, built once."""
    root = tmp_path_factory.mktemp("kit") / "notebooks"
    (root / "source").mkdir(parents=True)
    (root / "source" / "02-net.md").write_text(LESSON, encoding="utf-8")
    (root / "source" / "03-next.md").write_text(NEXT, encoding="utf-8")
    assert build.main([], root) == 0
    return root


@pytest.fixture
def kit(built, tmp_path):
    """A copy of that kit which a test may spoil."""
    root = tmp_path / "notebooks"
    for path in built.rglob("*.*"):
        target = root / path.relative_to(built)
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(path.read_bytes())
    return root


@pytest.fixture
def one_edition(monkeypatch):
    """Build the English learner's edition only: each edition starts a kernel."""
    monkeypatch.setattr(build, "EDITIONS", build.EDITIONS[:1])


def read(path):
    return json.loads(path.read_text(encoding="utf-8"))


def sources(notebook):
    return ["".join(cell["source"]) for cell in notebook["cells"]]


def test_each_edition_holds_its_own_cells(built):
    learner = read(built / "en" / "02-net.ipynb")
    assert sources(learner) == [
        "# The net\n\nWin 25% of €\N{NO-BREAK SPACE}2,500,000.",
        'language = "en"',
        "print(language)\nlanguage",
        "answer = ...",
        "## By code\n\n[Next](03-net.ipynb)",
        "'shown'",
    ]
    facilitator = read(built / "facilitator" / "nl" / "02-visnet.ipynb")
    assert sources(facilitator) == [
        "# Het visnet\n\nWin 25% van €\N{NO-BREAK SPACE}2.500.000.",
        'language = "nl"',
        "print(language)\nlanguage",
        "Vijf minuten.",
        "answer = 4\nanswer",
        "## Met code\n\n[Verder](03-visnet.ipynb)",
        "'shown'",
    ]
    assert len(list(built.rglob("*.ipynb"))) == 8


def test_no_learner_notebook_holds_a_solution_or_a_note_anywhere(built):
    for folder in ("en", "nl"):
        for path in (built / folder).glob("*.ipynb"):
            everything = path.read_text(encoding="utf-8")
            assert not any(word in everything for word in ("answer = 4", "inut", "solution", "facilitator"))


def test_a_cell_has_one_id_in_every_edition(built):
    by_text = {}
    for folder, name in (("en", "net"), ("nl", "visnet"), ("facilitator/en", "net"), ("facilitator/nl", "visnet")):
        for cell in read(built / folder / f"02-{name}.ipynb")["cells"]:
            by_text.setdefault(cell["id"], set()).add("".join(cell["source"]))
    assert by_text["02-001"] == {
        "# The net\n\nWin 25% of €\N{NO-BREAK SPACE}2,500,000.",
        "# Het visnet\n\nWin 25% van €\N{NO-BREAK SPACE}2.500.000.",
    }
    assert by_text["02-002"] == {'language = "en"', 'language = "nl"'}
    assert by_text["02-005"] == {"answer = ..."}
    assert by_text["02-006"] == {"answer = 4\nanswer"}


def test_the_notebooks_metadata_is_fixed(built):
    private, public = read(built / "nl" / "03-visnet.ipynb"), read(built / "nl" / "02-visnet.ipynb")
    assert public["metadata"]["salesmetrics"] == {"language": "nl", "lesson": "02"}
    assert private["metadata"]["salesmetrics"] == {"language": "nl", "lesson": "03", "private": True}
    assert public["metadata"]["title"] == "Het visnet"
    assert "version" not in public["metadata"]["language_info"]
    assert set(public["metadata"]) == {"kernelspec", "language_info", "salesmetrics", "title"}


def test_code_is_folded_and_by_code_is_a_folded_section(built):
    cells = read(built / "en" / "02-net.ipynb")["cells"]
    metadata = {"".join(cell["source"]): cell["metadata"] for cell in cells}
    assert metadata["print(language)\nlanguage"] == {"jupyter": {"source_hidden": True}}
    assert metadata["'shown'"] == {"tags": ["nbval-skip"]}
    assert metadata["## By code\n\n[Next](03-net.ipynb)"] == {"jp-MarkdownHeadingCollapsed": True}


def test_outputs_are_stored_in_the_language(built):
    cell = read(built / "facilitator" / "nl" / "02-visnet.ipynb")["cells"][2]
    stream, result = cell["outputs"]
    assert "".join(stream["text"]) == "nl\n"
    assert result["data"] == {"text/plain": ["'nl'"]}
    assert "execution" not in cell["metadata"]


def test_a_rebuild_gives_the_same_bytes_and_removes_what_is_left_over(kit):
    before = {path: path.read_bytes() for path in kit.rglob("*.ipynb")}
    (kit / "en" / "old.ipynb").write_text("{}", encoding="utf-8")
    assert build.main(["02"], kit) == 0
    assert {path: path.read_bytes() for path in kit.rglob("*.ipynb")} == before


def test_a_widgets_view_is_not_stored_but_its_words_are(kit, one_edition):
    source = kit / "source" / "02-net.md"
    source.write_text(HEADER + code("import ipywidgets\nipywidgets.IntSlider()"), encoding="utf-8")
    assert build.main(["02"], kit) == 0
    notebook = read(kit / "en" / "02-net.ipynb")
    assert list(notebook["cells"][0]["outputs"][0]["data"]) == ["text/plain"]
    assert "widgets" not in notebook["metadata"]


def test_check_passes_on_what_was_built(kit):
    assert build.main(["--check"], kit) == 0


def test_check_names_what_is_stale_missing_and_left_over(kit, capsys):
    source = kit / "source" / "02-net.md"
    source.write_text(LESSON.replace("Five minutes.", "Four minutes."), encoding="utf-8")
    (kit / "nl" / "03-visnet.ipynb").unlink()
    (kit / "en" / "old.ipynb").write_text("{}", encoding="utf-8")
    assert build.main(["--check"], kit) == 1
    assert capsys.readouterr().err.splitlines() == [
        "notebooks/en/old.ipynb: has no source",
        "notebooks/facilitator/en/02-net.ipynb: is not what its source says",
        "notebooks/nl/03-visnet.ipynb: is missing",
        "→ python notebooks/build.py",
    ]


def test_a_cell_that_fails_stops_the_build_and_keeps_the_old_notebook(kit, one_edition, capsys):
    before = (kit / "en" / "02-net.ipynb").read_bytes()
    (kit / "source" / "02-net.md").write_text(HEADER + code("1 / 0"), encoding="utf-8")
    assert build.main(["02"], kit) == 1
    assert "notebooks/en/02-net.ipynb: a cell fails" in (error := capsys.readouterr().err)
    assert "ZeroDivisionError" in error
    assert (kit / "en" / "02-net.ipynb").read_bytes() == before


@pytest.mark.parametrize(
    ("source", "problem"),
    [
        ("# x", "names must give en and nl, each starting with 02-"),
        (HEADER.replace("02-visnet", "visnet"), "names must give en and nl, each starting with 02-"),
        (HEADER + text("en", "Alone"), "cell 1 (Alone): no Dutch twin right after it"),
        (HEADER + text("nl", "Alleen"), "cell 1 (Alleen): no English twin right before it"),
        (HEADER + text("nl", "Eerst") + text("en", "After"), "cell 1 (Eerst): no English twin right before it"),
        (HEADER + text("en", "One") + code("1") + text("nl", "Een"), "cell 1 (One): no Dutch twin right after it"),
        (HEADER + text("en", "One") + twins("Two", "Twee"), "cell 1 (One): no Dutch twin right after it"),
        (HEADER + "\n# Nobody's\n", "cell 1 (# Nobody's): text needs a language, en or nl"),
        (HEADER + twins("5.0×", "5,1×"), "cell 1 (5.0×): numbers: only in English: 5×; only in Dutch: 5.1×"),
        (HEADER + twins("## A", "### A"), "cell 1 (## A): headings: English has h2, Dutch has h3"),
        (HEADER + twins("[a](b.html)", "[a](c.html)"), "links: only in English: b.html; only in Dutch: c.html"),
        (HEADER + twins("`won`", "`gewonnen`"), "code: only in English: won; only in Dutch: gewonnen"),
        (
            HEADER + text("en", "A", "solution") + text("nl", "A"),
            "cell 1 (A): tags: English has ['solution'], Dutch has []",
        ),
        (HEADER + code("a(1)", "en") + code("a(2)", "nl"), "cell 1 (a(1)): code: the cells differ in more than"),
        (HEADER + code("1", "en") + text("nl", "1"), "cell 1 (1): no Dutch twin right after it"),
        (HEADER + twins("[a](lesson:09)", "[a](lesson:09)"), "lesson 02: there is no lesson 09 to link to"),
    ],
)
@pytest.mark.parametrize("arguments", [[], ["--check"]])
def test_what_the_build_refuses(tmp_path, capsys, source, problem, arguments):
    (tmp_path / "source").mkdir()
    (tmp_path / "source" / "02-net.md").write_text(source, encoding="utf-8")
    assert build.main(arguments, tmp_path) == 1
    assert problem in capsys.readouterr().err
    assert not list(tmp_path.rglob("*.ipynb"))


def test_an_unknown_lesson_is_named(kit, capsys):
    assert build.main(["99"], kit) == 1
    assert capsys.readouterr().err == "no such lesson: 99; there are 02, 03\n"


@pytest.mark.parametrize(
    ("english", "dutch"),
    [
        ("€ 1,234.50 and 12.50%", "€ 1.234,50 en 12,5%"),
        ("On 31 March 2026, 5%", "Op 31 maart 2026, 5%"),
        ("On 1 Mar 2026", "Op 01-03-2026"),
        ("From 2026-04-01", "Vanaf 2026-04-01"),
        ("First 3, then 4.", "Eerst 4, dan 3."),
        (r"$\frac{2.5}{4}$", r"$\frac{2{,}5}{4}$"),
        ("| a | b |\n|---|---|\n| 1,000 | 2 |", "| a | b |\n|---|---|\n| 1.000 | 2 |"),
        ("`a.b(0.5)`", "`a.b(0.5)`"),
        ('<img src="a.svg" alt="2">', '<img src="a.svg" alt="twee">'),
        ("![the net](net.svg)", "![het net](net.svg)"),
        ("It costs € 500,000.", "Het kost € 500.000."),
    ],
)
def test_twins_that_say_the_same(english, dutch):
    assert parity.markdown_differences(english, dutch) == []


@pytest.mark.parametrize(
    ("english", "dutch"),
    [
        ("3.5", "3.5"),
        ("3,5", "3,5"),
        ("1,234", "1,234"),
        ("25%", "25"),
        ("5×", "5"),
        ("3 and 3", "3"),
        ("31 March 2026", "30 maart 2026"),
        ("1 May 2026", "05-01-2026"),
        ('<a href="x">a</a>', '<a href="y">a</a>'),
        ("![the net](net.svg)", "![het net](visnet.svg)"),
        ("```\nx\n```", "```\ny\n```"),
        ("# A", "A"),
        ("| 1,000 |\n|---|", "| 1,000 |\n|---|"),
    ],
)
def test_twins_that_differ(english, dutch):
    assert parity.markdown_differences(english, dutch)


def test_the_kits_own_notebooks_are_what_their_sources_say():
    assert build.main(["--check"]) == 0
