"""The command `salesmetrics report`: what it writes and says, and one clear refusal for whatever is in the way."""

import os
from pathlib import Path

import pytest
from report_cases import BY_HAND, NAMES, WEEK_BEFORE

from salesmetrics import cli
from salesmetrics.cli.report import as_typed, reading

WANTED = ("--target", "400000", "--period", "2026Q2", "--stages", "Lead, Demo")


@pytest.fixture(autouse=True)
def somewhere(tmp_path, monkeypatch):
    """Each test in a folder of its own with an export in it, on a computer set to English."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(cli.locale, "setlocale", lambda _: "C.UTF-8")
    write("deals.csv")


def write(name, text=BY_HAND):
    Path(name).write_text(text, encoding="utf-8")


def refused(capsys, *arguments):
    """Run a command that must refuse, and give what it says; it leaves nothing behind."""
    before = {path: path.read_bytes() for path in Path().iterdir()}
    assert cli.main(["report", *arguments]) == 1
    output, error = capsys.readouterr()
    assert output == ""
    assert "Traceback" not in error
    assert {path: path.read_bytes() for path in Path().iterdir()} == before
    return error


def test_it_writes_the_page_and_says_what_it_did(capsys):
    assert cli.main(["report", "deals.csv", *WANTED, "-o", "page.html"]) == 0
    output = capsys.readouterr().out.replace("\u00a0", " ")
    assert output.startswith("Read from deals.csv\n  14 deals: 4 open, 5 won, 5 lost\n")
    assert "Sharp but thin; " in output
    assert output.endswith("\nWritten: page.html\n")
    page = Path("page.html").read_text(encoding="utf-8")
    assert "€\u00a0600,000 open ÷ €\u00a0400,000 target" in page
    assert not [name for name in NAMES if name in page]


def test_in_dutch_with_names_and_last_week(capsys):
    write("before.csv", WEEK_BEFORE)
    given = ["report", "deals.csv", *WANTED, "--earlier", "before.csv", "--names", "--lang", "nl"]
    assert cli.main(given) == 0
    assert "Geschreven: report.html" in capsys.readouterr().out
    page = Path("report.html").read_text(encoding="utf-8")
    assert "Pipelinerapport" in page
    assert "Dak Zwaluw" in page
    assert "Open toen: €\u00a0530.000" in page


def test_on_a_dutch_computer_it_speaks_dutch(capsys, monkeypatch):
    monkeypatch.setattr(cli.locale, "setlocale", lambda _: "nl_NL.UTF-8")
    assert cli.main(["report", "deals.csv", *WANTED]) == 0
    assert 'lang="nl"' in Path("report.html").read_text(encoding="utf-8")


@pytest.mark.parametrize("target", ["400000", "400000.00", "400.000", "€ 400.000", "400 000", "400k"])
def test_targets_that_mean_one_thing(target):
    assert cli.main(["report", "deals.csv", "--target", target, "--period", "2026Q2"]) == 0
    assert "€\u00a0400,000 target" in Path("report.html").read_text(encoding="utf-8")


def test_a_period_of_two_days():
    assert cli.main(["report", "deals.csv", "--target", "400000", "--period", "2026-04-01/2026-05-31"]) == 0
    assert "1 Apr 2026 to 31 May 2026" in Path("report.html").read_text(encoding="utf-8")


def test_last_weeks_report_is_replaced_by_this_weeks():
    for target in ("300000", "400000"):
        assert cli.main(["report", "deals.csv", "--target", target, "--period", "2026Q2"]) == 0
    assert "€\u00a0400,000 target" in Path("report.html").read_text(encoding="utf-8")


@pytest.mark.parametrize("other", ["", "<html><table><tr><td>deals, as a CRM exports them</table>", "\x00" * 5_000])
def test_what_is_no_report_is_never_replaced_and_that_is_said_before_a_file_is_read(capsys, other):
    write("report.html", other)
    said = refused(capsys, "nowhere.csv", *WANTED)
    assert said == (
        "There is a “report.html” already, and it is no older version of this page.\n"
        "→ Choose another name, or move that file away first.\n"
    )


def test_nor_is_another_page_of_the_kit(capsys):
    write("progress.json", '{"kit": "salesmetrics", "exercises": {}}')
    for _again in range(2):
        assert cli.main(["collect", ".", "-o", "class.html"]) == 0
    capsys.readouterr()
    assert "There is a “class.html” already" in refused(capsys, "deals.csv", *WANTED, "-o", "class.html")
    assert cli.main(["report", "deals.csv", *WANTED]) == 0
    assert cli.main(["collect", ".", "-o", "report.html"]) == 1


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["nowhere.csv", *WANTED], "There is no file “nowhere.csv”."),
        (["deals.csv", "--target", "much", "--period", "2026Q2"], "“much” is not a number."),
        (["deals.csv", "--target", "25%", "--period", "2026Q2"], "The target must be an amount, not 25%."),
        (["deals.csv", *WANTED, "--targets", "2026Q3=3x"], "The target must be an amount, not 3x."),
        (
            ["deals.csv", "--target", "0", "--period", "2026Q2"],
            "→ Give the revenue you want to win, for example --target",
        ),
        (["deals.csv", "--target", "-5", "--period", "2026Q2"], "The target must be an amount of more than 0"),
        (["deals.csv", "--target", "5", "--period", "2026Q5"], "“2026Q5” is not a period."),
        (["deals.csv", "--target", "5", "--period", "2026-06-01/2026-05-01"], "The period ends on 1 May 2026"),
        (["deals.csv", "--target", "5"], "→ Write it like this: salesmetrics report export.csv --target 500000"),
        (["deals.csv", "--target"], "“salesmetrics report deals.csv --target” is not understood."),
        ([*WANTED], "is not understood."),
        ([], "“salesmetrics report” is not understood."),
        (["deals.csv", "more.csv", *WANTED], "“salesmetrics report deals.csv more.csv --target"),
        (["deals.csv", *WANTED, "--colour", "red"], "is not understood."),
        (["deals.csv", *WANTED, "-o", "page.csv"], "“page.csv” is no name for a web page."),
        (["deals.csv", *WANTED, "-o", "deals.csv"], "The page would be written over “deals.csv”, which is read."),
        (["deals.csv", *WANTED, "-o", "./deals.csv"], "The page would be written over “deals.csv”, which is read."),
        (["deals.csv", *WANTED, "-o", "none/page.html"], "can't be written: No such file or directory."),
        (["deals.csv", *WANTED, "--columns", "Deal value"], "--columns “Deal value” does not say what it is about."),
        (["deals.csv", *WANTED, "--columns", "amount=Value"], "Value"),
        (["deals.csv", *WANTED[:4], "--stages", "Lead"], "The stage “Demo” is not in --stages."),
        (["deals.csv", *WANTED, "--lang", "de"], "The kit does not speak 'de'."),
        (["deals.csv", *WANTED, "--earlier", "nowhere.csv"], "There is no file “nowhere.csv”."),
    ],
)
def test_what_is_in_the_way_is_said(capsys, arguments, words):
    assert words in refused(capsys, *arguments)


def test_in_dutch_too(capsys):
    said = refused(capsys, "deals.csv", "--target", "25%", "--period", "2026Q2", "--lang", "nl")
    assert said.startswith("Het target is een bedrag, en geen 25%.\n→ ")
    assert refused(capsys, "nergens.csv", *WANTED, "--lang", "nl").startswith("Er is geen bestand “nergens.csv”.")


def test_an_export_that_is_read_is_never_written_over(capsys):
    write("page.html", BY_HAND)
    os.link("page.html", "same.html")
    for page in ("page.html", "same.html"):
        assert "would be written over “page.html”" in refused(capsys, "page.html", *WANTED, "-o", page)
    assert "over “page.html”" in refused(capsys, "deals.csv", *WANTED, "--earlier", "page.html", "-o", "same.html")


# What can be read in two ways


def test_ambiguous_dates_name_the_option_and_the_option_settles_them(capsys):
    dates = BY_HAND.replace("2026-01-05", "05-01-2026").replace("2026-02-04", "04-02-2026")
    for day in ("2026-03-26", "2025-12-01", "2025-10-01"):
        dates = dates.replace(day, "01-02-2026")
    write("deals.csv", dates)
    said = refused(capsys, "deals.csv", *WANTED)
    assert said == (
        "The dates in “created_on” can be read in more than one way: “05-01-2026” on line 2 is 5 Jan 2026 (day first) "
        "or 1 May 2026 (month first).\n→ Say which: --date-order created_on=day or --date-order created_on=month.\n"
    )
    assert cli.main(["report", "deals.csv", *WANTED, "--date-order", "created_on=day"]) == 0
    assert cli.main(["report", "deals.csv", *WANTED, "--date-order", "day"]) == 0


def test_deals_of_which_none_can_be_due_are_not_called_an_empty_pipeline(capsys):
    write("deals.csv", BY_HAND.replace("expected_close_on", "until"))
    said = refused(capsys, "deals.csv", *WANTED)
    assert said.startswith("No open deal has an expected date, so none is due in the period.\n→ ")
    assert said.endswith(' Name yours: --columns "expected_close_on=your header".\n')
    assert cli.main(["report", "deals.csv", *WANTED, "--columns", "expected_close_on=until"]) == 0


def test_deals_without_amounts_are_not_called_an_empty_pipeline(capsys):
    write("deals.csv", BY_HAND.replace(",300000", ",").replace(",200000", ",").replace(",100000", ","))
    assert refused(capsys, "deals.csv", *WANTED).startswith("None of the 3 open deals that count has an amount.\n→ ")


def test_own_headers_and_own_words():
    own = BY_HAND.replace("amount", "What it brings").replace(",won,", ",Signed,").replace(",lost,", ",Gone,")
    write("deals.csv", own)
    told = ["--columns", "amount=What it brings", "--won", "Signed", "--lost", "Gone"]
    assert cli.main(["report", "deals.csv", *WANTED, *told]) == 0
    assert "5 won ÷ 10 closed" in Path("report.html").read_text(encoding="utf-8")


def test_the_earlier_export_is_read_in_the_same_way():
    for name, text in (("deals.csv", BY_HAND), ("before.csv", WEEK_BEFORE)):
        write(name, text.replace("amount", "What it brings"))
    told = ["--columns", "amount=What it brings", "--earlier", "before.csv"]
    assert cli.main(["report", "deals.csv", *WANTED, *told]) == 0
    assert "Open then: €\u00a0530,000" in Path("report.html").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("in_code", "typed"),
    [
        ('decimal="," or decimal="."', '--decimal "," or --decimal .'),
        ('sheet="All deals"', '--sheet "All deals"'),
        ("delimiter=';' or delimiter=\"\\t\"", '--delimiter ";" or --delimiter tab'),
        ('Say so: won="Paid" or lost="Paid"; whatever', "Say so: --won Paid or --lost Paid; whatever"),
        ('stages=["Lead", "Demo"]', '--stages "Lead, Demo"'),
        ("target=500_000", "--target 500000"),
        ("leave mapping= out", "leave --mapping out"),
        ('columns={"amount": "5" screens"}', 'columns={"amount": "5" screens"}'),
        ("a month = a period, x=1", "a month = a period, x=1"),
    ],
)
def test_a_hint_for_code_is_said_as_it_is_typed(in_code, typed):
    assert as_typed(in_code) == typed


def test_a_hint_that_is_typed_back_is_what_the_code_would_have_got():
    assert reading({"columns": ["amount=a=b", " stage =Phase"], "decimal": ["amount=,"]}) == {
        "columns": {"amount": "a=b", "stage": "Phase"},
        "decimal": {"amount": ","},
    }


@pytest.mark.parametrize(("name", "words"), [("en", "to take to the meeting"), ("nl", "voor de vergadering")])
def test_help_in_both_languages(capsys, name, words):
    assert cli.main(["report", "--lang", name, "--help"]) == 0
    assert words in capsys.readouterr().out


def test_a_target_for_each_group(capsys):
    rows = [
        f"{line},{'team' if not at else ('North', 'South')[at % 2]}" for at, line in enumerate(BY_HAND.splitlines())
    ]
    write("teams.csv", "\n".join(rows))
    own = ("--by", "team", "--targets", "North=150.000", "--targets", "South=250,000")
    assert cli.main(["report", "teams.csv", *WANTED, *own]) == 0
    page = Path("report.html").read_text(encoding="utf-8").replace("\u00a0", " ")
    assert "÷ € 150,000" in page
    assert "÷ € 250,000" in page
    Path("report.html").unlink()
    capsys.readouterr()
    for wrong in (("--targets", "North=150000"), ("--by", "team", "--targets", "150000")):
        assert "--by team" in refused(capsys, "teams.csv", *WANTED, *wrong)
    own = ("--targets", "2026Q3=40.000")
    assert cli.main(["report", "teams.csv", *WANTED, *own]) == 0
    assert "€ 40,000" in Path("report.html").read_text(encoding="utf-8").replace("\u00a0", " ")
