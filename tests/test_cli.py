"""The command: what it is asked, in which language it answers, and what it hands on."""

import os
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path

import pytest

from salesmetrics import cli, sample_file
from salesmetrics.cli import lessons
from salesmetrics.exercises.folder import MARKER


@pytest.fixture(autouse=True)
def somewhere(tmp_path, monkeypatch):
    """Each test in a folder of its own, on a computer set to English."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(cli.locale, "setlocale", lambda _: "C.UTF-8")


@pytest.fixture
def asked(monkeypatch):
    """What the command asked of JupyterLab, which is not started."""
    calls = []
    monkeypatch.setattr(lessons, "lab", lambda *given: calls.append(given))
    return calls


@pytest.mark.parametrize(
    ("arguments", "folder", "language", "options"),
    [
        ([], "salesmetrics-lessons", "en", []),
        (["mine"], "mine", "en", []),
        (["--lang", "nl"], "salesmetrics-lessons", "nl", []),
        (["--lang=nl", "mine"], "mine", "nl", []),
        (["mine", "--lang", "nl", "--no-browser"], "mine", "nl", ["--no-browser"]),
        (
            ["--no-browser", "--port", "9999", "--lang", "nl"],
            "salesmetrics-lessons",
            "nl",
            ["--no-browser", "--port", "9999"],
        ),
        (["mine", "--port=9999", "--ServerApp.token=x"], "mine", "en", ["--port=9999", "--ServerApp.token=x"]),
        (["--la=x"], "salesmetrics-lessons", "en", ["--la=x"]),
    ],
)
def test_lab_takes_its_own_arguments_and_hands_on_the_rest(asked, arguments, folder, language, options):
    assert cli.main(["lab", *arguments]) == 0
    assert asked == [(Path(folder), language, options)]


def test_lab_is_dutch_on_a_dutch_computer(asked, monkeypatch):
    for name in ("nl_NL.UTF-8", "nl_BE", "Dutch_Netherlands.1252"):
        monkeypatch.setattr(cli.locale, "setlocale", lambda _, name=name: name)
        assert cli.main(["lab"]) == 0
    assert [language for _, language, _ in asked] == ["nl", "nl", "nl"]


def test_lab_remembers_the_folders_language(asked):
    Path("mine").mkdir()
    Path("mine", MARKER).write_text('{"language": "nl"}', encoding="utf-8")
    cli.main(["lab", "mine"])
    cli.main(["lab", "mine", "--lang", "en"])
    assert [language for _, language, _ in asked] == ["nl", "en"]


def test_lab_from_within_the_lessons_opens_those(asked):
    Path(MARKER).write_text("{}", encoding="utf-8")
    cli.main(["lab"])
    assert asked[0][0] == Path()


def test_lab_refuses_a_folder_with_something_else_in_it(capsys):
    Path("mine").mkdir()
    Path("mine", "thesis.txt").touch()
    assert cli.main(["lab", "mine", "--lang", "nl"]) == 1
    output, error = capsys.readouterr()
    assert output == ""
    assert "is niet leeg" in error
    assert "\n→ Noem een nieuwe map" in error
    assert "Traceback" not in error


def test_lab_without_jupyterlab_says_how_to_install_it(monkeypatch, capsys):
    monkeypatch.setitem(sys.modules, "jupyterlab.labapp", None)
    assert cli.main(["lab"]) == 1
    assert capsys.readouterr().err.startswith("JupyterLab is not installed.\n→ Install the kit with it")
    assert not Path("salesmetrics-lessons").exists()


@pytest.mark.parametrize(("language", "found"), [("de", "'de'"), ("", "''")])
def test_lab_names_the_languages_it_speaks(capsys, language, found):
    assert cli.main(["lab", f"--lang={language}"]) == 1
    error = capsys.readouterr().err
    assert error == f'The kit does not speak {found}.\n→ Choose "en" (English) or "nl" (Dutch).\n'


def test_a_language_that_was_not_named_is_asked_for(capsys):
    assert cli.main(["lab", "--lang"]) == 1
    assert '"en" (English)' in capsys.readouterr().err


@pytest.mark.parametrize(("name", "words"), [("en", "own options"), ("nl", "opties van JupyterLab")])
def test_help_in_both_languages(capsys, asked, name, words):
    assert cli.main(["lab", "--lang", name, "--help"]) == 0
    assert words in capsys.readouterr().out
    assert asked == []


def test_without_a_command_it_says_what_there_is(capsys, monkeypatch):
    assert cli.main([]) == 2
    assert "salesmetrics lab" in capsys.readouterr().out
    monkeypatch.setattr(cli.locale, "setlocale", lambda _: "nl_NL.UTF-8")
    assert cli.main(["--help"]) == 0
    assert "om te leren" in capsys.readouterr().out


@pytest.mark.parametrize("command", cli.COMMANDS)
def test_what_is_not_understood_is_said_by_the_kit_and_not_by_argparse(capsys, asked, command):
    assert cli.main([command, "--help=x"]) == 1
    assert capsys.readouterr().err.startswith(
        f"“salesmetrics {command} --help=x” is not understood.\n→ Write it like this: salesmetrics {command} "
    )


@pytest.mark.parametrize("given", [["workshop", "mine", "more"], ["collect", "mine", "more"], ["report", "--period"]])
def test_and_in_the_language_asked_for(capsys, given):
    assert cli.main([*given, "--lang", "nl"]) == 1
    words = " ".join([*given, "--lang nl"])
    assert capsys.readouterr().err.startswith(f"“salesmetrics {words}” is niet te begrijpen.\n→ Schrijf het zo: ")


def test_an_unknown_command_names_the_nearest(capsys):
    assert cli.main(["lap"]) == 1
    assert capsys.readouterr().err == "There is no command “lap”.\n→ Did you mean “lab”?\n"


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has another error for it")
@pytest.mark.parametrize("arguments", [["--help"], ["report", "{sample}", "--target", "500000", "--period", "2026Q2"]])
def test_a_reader_that_has_seen_enough_ends_it_quietly(arguments):
    """As ``salesmetrics report … | head -1`` does; here the reader has gone before the first word."""
    given = [argument.format(sample=sample_file()) for argument in arguments]
    program = f"import sys; from salesmetrics.cli import main; sys.exit(main({given}))"
    reader, writer = os.pipe()
    os.close(reader)
    ended = subprocess.run([sys.executable, "-c", program], stdout=writer, stderr=subprocess.PIPE)
    os.close(writer)
    assert (ended.returncode, ended.stderr) == (0, b"")
    assert Path("report.html").exists() == ("report" in arguments)


def test_version(capsys):
    assert cli.main(["--version"]) == 0
    assert capsys.readouterr().out.strip() == version("salesmetrics")


REPORT = ["report", sample_file(), "--target", "500000", "--period", "2026Q2"]


def ends(arguments, **options):
    program = f"import sys; from salesmetrics.cli import main; sys.exit(main({arguments}))"
    return subprocess.run([sys.executable, "-c", program], stderr=subprocess.PIPE, text=True, timeout=120, **options)


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="a disk that is always full, which Linux has")
@pytest.mark.parametrize(
    "arguments",
    [
        ["--help"],
        ["--version"],
        ["workshop"],
        ["lab"],
        REPORT,
    ],
    ids=lambda arguments: arguments[0],
)
def test_output_to_a_full_disk_is_one_line_and_an_exit_code(arguments):
    with Path("/dev/full").open("w") as full:
        ended = ends(arguments, stdout=full)
    assert ended.returncode == 1
    assert ended.stderr.count("\n") == 1
    assert "No space left" in ended.stderr


@pytest.mark.skipif(os.name == "nt", reason="Windows keeps a folder that somebody is in")
@pytest.mark.parametrize(
    "arguments",
    [["lab"], ["lab", "mine"], ["workshop"], REPORT],
)
def test_from_a_folder_that_is_gone_is_one_line_and_an_exit_code(arguments, tmp_path):
    gone = tmp_path / "gone"
    gone.mkdir()
    program = (
        f"import os, sys; os.chdir({str(gone)!r}); os.rmdir({str(gone)!r}); "
        f"from salesmetrics.cli import main; sys.exit(main({arguments}))"
    )
    # Without the folder on the path, as a command has it: some Pythons can import nothing from one that is gone.
    ended = subprocess.run([sys.executable, "-P", "-c", program], capture_output=True, text=True, timeout=120)
    assert ended.returncode == 1
    assert "Traceback" not in ended.stderr
    assert ended.stderr.count("\n") in (1, 2)


def test_what_did_not_work_is_said_in_dutch_too(monkeypatch, capsys, asked):
    def full(*_given):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(lessons, "lab", full)
    assert cli.main(["lab", "--lang", "nl"]) == 1
    assert capsys.readouterr().err == "Dit ging niet: No space left on device.\n"


SMALL = """deal_id,status,amount,created_on,closed_on,expected_close_on
1,open,1000,2026-01-05,,2026-05-01
2,won,10,2026-01-05,2026-02-14,
3,lost,10,2026-01-05,2026-02-15,
"""


@pytest.mark.parametrize(
    ("option", "said"),
    [
        (["--sheet", "Q2"], "“sheet” had nothing to act on: the file is no workbook."),
        (["--stages", "Lead, Demo"], "“stages” had nothing to act on: the file has no column for it."),
        (["--pipeline", "New"], "“pipeline” had nothing to act on: the file has no column for it."),
        (["--probability-in", "percent"], "“probability_in” had nothing to act on: the file has no column for it."),
    ],
)
def test_an_option_with_nothing_to_act_on_is_said(option, said, capsys):
    Path("mine.csv").write_text(SMALL, encoding="utf-8")
    assert cli.main(["report", "mine.csv", "--target", "5000", "--period", "2026Q2", *option]) == 0
    assert said in capsys.readouterr().out
    assert cli.main(["report", "mine.csv", "--target", "5000", "--period", "2026Q2"]) == 0
    assert "nothing to act on" not in capsys.readouterr().out
