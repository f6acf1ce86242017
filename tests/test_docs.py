"""The docs: every public name, command and option is told of, with what it means; and every link leads somewhere."""

import inspect
import re
import sys
from itertools import pairwise
from pathlib import Path

import pytest
from markdown_it import MarkdownIt

import salesmetrics as sm
from salesmetrics import cli
from salesmetrics.cli import Parser

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT / "notebooks"))

import build  # noqa: E402
import parity  # noqa: E402
import reference  # noqa: E402


def read(name):
    return (ROOT / name).read_text(encoding="utf-8")


def sections(text, level):
    """Give what stands under each head of a page."""
    parts = re.split(rf"^{'#' * level} (.+)$", text, flags=re.MULTILINE)[1:]
    return dict(zip(parts[::2], parts[1::2], strict=True))


ENTRIES = {name.removeprefix("class "): text for name, text in sections(read("docs/reference.md"), 3).items()}
COMMANDS = sections(read("docs/commands.md"), 2)


def test_every_public_name_is_told_of_and_no_other():
    assert sorted(ENTRIES) == sm.__all__


@pytest.mark.parametrize("name", sm.__all__)
def test_a_name_is_told_with_what_it_means_and_what_it_takes(name):
    found = getattr(sm, name)
    assert inspect.getdoc(found).partition("\n")[0][:20] in ENTRIES[name].replace("`", "")
    if inspect.isclass(found):
        return
    taken = list(inspect.signature(found).parameters)
    assert f"sm.{name}(" in ENTRIES[name]
    assert all(re.search(rf"\b{parameter}\b", ENTRIES[name].partition("```\n")[0]) for parameter in taken)
    listed = re.findall(r"^- `([\w, ]+)`: \S", ENTRIES[name].partition("**Parameters**")[2], re.MULTILINE)
    # Where it takes one thing, its sentence says which.
    assert len(taken) == 1 or set(taken) <= {word for words in listed for word in words.split(", ")}


def parser_of(name):
    command = cli.command_named(name)
    parser = Parser(name, text=command.help, example=command.example, typed=[])
    if command.offer:
        command.offer(parser)
    return parser


def told_options(text):
    """Give each option that has a line with what it means."""
    lines = re.findall(r"^  (-.+?)  +\S.*$", text, re.MULTILINE)
    return {option for line in lines for option in re.findall(r"(?<!\w)--?[a-z][\w-]*", line)}


def test_every_command_is_told_of_and_no_other():
    assert set(COMMANDS) == {"salesmetrics", *(f"salesmetrics {name}" for name in cli.COMMANDS)}
    assert all(
        re.search(rf"^  salesmetrics {name}  +\S", COMMANDS["salesmetrics"], re.MULTILINE) for name in cli.COMMANDS
    )


@pytest.mark.parametrize("name", cli.COMMANDS)
def test_every_option_is_told_of_with_what_it_means_and_no_other(name):
    actions = [action for action in parser_of(name)._actions if action.option_strings]
    taken = {option for action in actions for option in action.option_strings} - {"-h", "--help"}
    told = told_options(COMMANDS[f"salesmetrics {name}"])
    assert told <= taken
    assert [action.dest for action in actions if not told & set(action.option_strings) and action.dest != "help"] == []


def test_an_option_without_a_meaning_would_be_noticed():
    assert told_options(
        "  --lang en|nl   English or Dutch\n  --won WORD, --lost WORD   your words\n  --sheet NAME\n"
    ) == {
        "--lang",
        "--won",
        "--lost",
    }


@pytest.mark.parametrize("columns", ["20", "400"])
def test_the_pages_are_what_the_code_says_on_any_screen_in_any_language(columns, monkeypatch, language):
    monkeypatch.setenv("COLUMNS", columns)
    pages = reference.pages(ROOT)
    assert {path.name: path.read_text(encoding="utf-8") for path in pages} == {
        path.name: text for path, text in pages.items()
    }


def test_the_check_says_what_is_stale_and_the_build_mends_it(tmp_path, capsys):
    root = tmp_path / "notebooks"
    (root / "source").mkdir(parents=True)
    assert build.main(["--check"], root) == 0  # no docs, no reference
    (tmp_path / "docs").mkdir()
    assert build.main(["--check"], root) == 1
    said = "docs/reference.md: is missing\ndocs/commands.md: is missing\n→ python notebooks/build.py docs\n"
    assert capsys.readouterr().err == said
    assert build.main(["docs"], root) == 0
    assert build.main(["--check"], root) == 0
    (tmp_path / "docs" / "commands.md").write_text("# Commands\n", encoding="utf-8")
    assert build.main(["--check"], root) == 1
    assert "docs/commands.md: is not what its source says" in capsys.readouterr().err


# Links

MARKDOWN = sorted(
    path.relative_to(ROOT).as_posix()
    for pattern in ("*.md", "docs/*.md", "benchmarks/*.md", "notebooks/source/**/*.md")
    for path in ROOT.glob(pattern)
)


def anchors(text):
    """Give the anchors of a page's heads, as a code host makes them."""
    found = []
    tokens = MarkdownIt("commonmark").parse(text)
    for head in [after for token, after in pairwise(tokens) if token.type == "heading_open"]:
        words = "".join(child.content for child in head.children if child.type in ("text", "code_inline"))
        anchor = re.sub(r"[^\w\- ]", "", words.lower()).replace(" ", "-")
        twins = sum(re.fullmatch(rf"{re.escape(anchor)}(-\d+)?", other) is not None for other in found)
        found.append(f"{anchor}-{twins}" if twins else anchor)
    return found


def broken(name, text):
    """Name the links of a page that lead nowhere; a lesson's links to lessons and papers are the builder's to check."""
    found = []
    for link in parity.content(text, "en").links:
        if re.match(r"https?://|mailto:|lesson:|doc:", link):
            continue
        place, _sign, anchor = link.partition("#")
        path = (ROOT / name).parent / place if place else ROOT / name
        page = text if path == ROOT / name else path.is_file() and path.suffix == ".md" and read(path)
        if not path.exists() or (anchor and (not page or anchor not in anchors(page))):
            found.append(link)
    return found


@pytest.mark.parametrize("name", MARKDOWN)
def test_every_link_leads_somewhere(name):
    assert broken(name, read(name)) == []


def test_a_broken_link_would_be_noticed():
    page = (
        "# Said, twice\n\n## Said, twice\n\n[a](#said-twice) [b](#said-twice-1) [c](docs/commands.md#salesmetrics-lab) "
    )
    assert broken("README.md", page) == []
    assert broken("README.md", page + "[d](#head) [e](docs/none.md) [f](docs/commands.md#none) [g](LICENSE#none)") == [
        "#head",
        "docs/none.md",
        "docs/commands.md#none",
        "LICENSE#none",
    ]
    assert set(MARKDOWN) >= {"README.md", "LEESMIJ.md", "CONTRIBUTING.md", "CHANGELOG.md", "docs/reference.md"}
