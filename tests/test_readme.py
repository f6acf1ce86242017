"""What the project says of itself: two READMEs that say the same."""

import re
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT / "notebooks"))

import parity  # noqa: E402
import sources  # noqa: E402

PAGES = ("README.md", "LEESMIJ.md")
# What is said in another word in each language; all else between backticks and in blocks of code is the same.
OF_A_LANGUAGE = {
    " --lang nl": "",
    "mijn-workshop": "my-workshop",
    "rapport.html": "report.html",
    "vorige-week.csv": "last-week.csv",
    "Dealwaarde": "Deal value",
    "Resultaat": "Result",
    'sm.use_language("nl")\n': "",
    "5,0× = € 2.500.000 open ÷ € 500.000": "5.0× = € 2,500,000 open ÷ € 500,000",
}


def read(name):
    return (ROOT / name).read_text(encoding="utf-8")


def the_same_words(code):
    for one, other in OF_A_LANGUAGE.items():
        code = code.replace(one, other)
    return code


def test_both_say_the_same():
    english, dutch = parity.content(read("README.md"), "en"), parity.content(read("LEESMIJ.md"), "nl")
    assert english.headings == dutch.headings
    del english.code["salesmetrics lab --lang nl"]  # the one thing that is said in English only
    assert {the_same_words(code) for code in english.code} == {the_same_words(code) for code in dutch.code}
    ours = {"LEESMIJ.md", "README.md", "docs/lesson-02.png", "docs/les-02.png", "taster.html", "proef.html"}
    assert set(english.links) - ours == set(dutch.links) - ours
    # Python 3.11 is a name, not a number that Dutch writes with a comma.
    versions = re.compile(r"\b3\.1\d\b")
    numbers = [
        parity.content(versions.sub("", read(name)), language).numbers
        for name, language in (("README.md", "en"), ("LEESMIJ.md", "nl"))
    ]
    assert numbers[0] == numbers[1]
    assert versions.findall(read("README.md")) == versions.findall(read("LEESMIJ.md"))


def rows_of(name):
    return re.findall(r"^\| (\d\d) ([^|]+?) \|", read(name), re.MULTILINE)


@pytest.mark.parametrize(("name", "language"), [("README.md", "en"), ("LEESMIJ.md", "nl")])
def test_the_list_of_lessons_is_the_lessons(name, language):
    lessons = sorted((ROOT / "notebooks" / "source").glob("[0-9][0-9]-*.md"))
    assert [number for number, _title in rows_of(name)] == [path.name[:2] for path in lessons]
    for (number, title), path in zip(rows_of(name), lessons, strict=True):
        assert (ROOT / "notebooks" / language / f"{sources.read_lesson(path).names[language]}.ipynb").is_file(), number
        assert title


@pytest.mark.parametrize("name", PAGES)
def test_a_newcomer_finds_windows_an_environment_and_python_itself(name):
    windows = (r".venv\Scripts\Activate.ps1", "py -m venv", "winget install")
    for words in (*windows, "source .venv/bin/activate", "python3 -m venv", "python.org"):
        assert words in read(name)
    commands = [line for line in read(name).splitlines() if line.startswith(("pip install", "salesmetrics lab"))]
    # The two lines for PowerShell 5 are the first command, cut where && stands.
    assert [part.strip() for part in commands[0].split("&&")] == commands[2:4]
