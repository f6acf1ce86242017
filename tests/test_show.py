"""Every result shows its working, in the same words as text and as HTML; nothing that stands in a file gives orders."""

import dataclasses
import html
import re

import pytest
from IPython.core.formatters import DisplayFormatter
from report_cases import BY_HAND, HOSTILE, STAGES, WEEK_BEFORE, by_hand
from tables import deal

import salesmetrics as sm
from salesmetrics import cli
from salesmetrics.base.language import NBSP, amounts_in, money, times, use_language
from salesmetrics.base.show import Result, figure, table, visible

PERIOD = "2026Q2"
ORDERS = "\x1b\x9b\x07\u202e\u2067\u200f"
DEALS = [
    deal(amount=300.0, due="2026-05-01", created="2025-01-05", stage="Lead"),
    deal(amount=100.0, due="2026-05-02", created="2026-01-05", stage="Demo"),
    deal(amount=50.0, due="2027-05-02", created="2026-01-05", stage="Demo"),
    *[deal("won", 100.0, stage="Demo", closed="2026-03-01")] * 12,
    *[deal("lost", 100.0, stage="Demo", closed="2026-03-01")] * 8,
    *[deal("lost", 100.0, stage="Lead", closed="2026-03-01")] * 4,
]


def results(deals, stages=("Lead", "Demo")):
    """Work out one of each kind of result that a table of deals gives."""
    about = {"target": 500, "period": PERIOD}
    return {
        "coverage": sm.coverage(deals, **about),
        "conversion": sm.conversion_rate(deals, unit="amount"),
        "funnel": sm.funnel(deals, stages=stages),
        "concentration": sm.concentration(deals, period=PERIOD),
        "velocity": sm.velocity(deals, period=PERIOD),
        "stale": sm.stale_deals(deals, **about),
        "changes": sm.compare(deals, deals, **about),
        "expected": sm.expected_revenue(deals, period=PERIOD),
        "chance": sm.chance_of_target(deals, **about),
        "diagnosis": sm.diagnose(deals, stages=stages, **about),
    }


def others():
    export = by_hand()
    return {
        "export": export,
        "receipt": export.receipt,
        "trap": sm.trap("small"),
        "sum": sm.trap("small").right,
        "picture": sm.picture(export.deals, by="stage"),
        "progress": sm.progress(),
    }


def read(page):
    """Give the words on a page, without its pictures and tags."""
    return " ".join(html.unescape(re.sub(r"<wbr>|<img[^>]*>|<[^>]*>", " ", page)).split())


def words(line):
    return " ".join(line.replace(": ", " ").replace(":", " ").split())


def test_a_notebook_shows_the_working_of_every_result_and_no_dump(checked, language):
    for name, result in {**results(checked(*DEALS)), **others()}.items():
        data, _metadata = DisplayFormatter().format(result)
        text, page = data["text/plain"], read(data["text/html"]).replace(":", " ")
        assert isinstance(result, Result)
        assert text == str(result), name
        assert not re.search(r"\w+\(\w+=|None|nan", text), name
        if name != "progress":
            assert all(words(part) in " ".join(page.split()) for part in text.splitlines()), name
    assert str(results(checked(*DEALS))["velocity"]).replace(NBSP, " ") == {
        "en": "€ 2 a day = 2 open deals × 50.0% × € 100 ÷ 55 days",
        "nl": "€ 2 per dag = 2 open deals × 50,0% × € 100 ÷ 55 dagen",
    }.get(language)


def test_the_funnel_shows_each_rate_as_a_sum(checked, language):
    shown = str(results(checked(*DEALS))["funnel"]).replace(NBSP, " ").splitlines()
    assert (
        shown[1:]
        == {
            "en": [
                "  Lead: 83.3% = 20 went on ÷ 24 entered",
                "  Demo: 60.0% = 12 went on ÷ 20 entered",
                "Bottleneck: Demo.",
                "Most money leaks away at: Demo, € 800.",
            ],
            "nl": [
                "  Lead: 83,3% = 20 gingen verder ÷ 24 kwamen binnen",
                "  Demo: 60,0% = 12 gingen verder ÷ 20 kwamen binnen",
                "Knelpunt: Demo.",
                "Het meeste geld lekt weg bij: Demo, € 800.",
            ],
        }[language]
    )


def test_a_dollar_is_a_dollar_wherever_money_is_written(checked, language):
    for name, result in results(checked(*[{**row, "currency": "USD"} for row in DEALS])).items():
        assert "€" not in str(result), name
        assert "US$" in str(result), name


def test_a_table_that_names_no_currency_for_its_amounts_shows_no_sign(checked):
    found = sm.coverage(checked(*[{**row, "currency": None} for row in DEALS]), target=500, period=PERIOD)
    assert str(found).splitlines()[0] == "0.8× = 400 open ÷ 500 target"


def test_amounts_without_a_currency_of_their_own_take_the_pictures():
    with amounts_in("GBP"), amounts_in("USD"):
        assert money(5) == "US$\N{NO-BREAK SPACE}5"
    assert money(5) == "€\N{NO-BREAK SPACE}5"


# What stands in a file gives no orders


@pytest.mark.parametrize("hostile", [*HOSTILE, f"{ORDERS}Demo"])
def test_no_stage_is_markup_or_an_order(checked, hostile):
    deals = checked(*[{**row, "stage": hostile if row["stage"] == "Demo" else "Lead"} for row in DEALS])
    for name, result in results(deals, ("Lead", hostile)).items():
        page = result._repr_html_()
        assert not re.search(r"<(img|script|/style)", page), name
        assert not set(ORDERS) & {*str(result), *repr(result), *page}, name
    assert "Demo" not in hostile or "Demo" in str(result)


def test_an_error_gives_no_orders():
    error = sm.SalesMetricsError(f"There is no stage “{ORDERS}”.", hint=f"Is it {ORDERS}?")
    assert visible(str(error)) == str(error)
    assert error.what == "There is no stage “      ”."


def test_the_command_sends_no_orders_to_the_terminal(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(cli.locale, "setlocale", lambda _: "C.UTF-8")
    (tmp_path / "deals.csv").write_text(BY_HAND.replace("owner", f"ow{ORDERS}ner", 1), encoding="utf-8")
    (tmp_path / "wrong.csv").write_text(BY_HAND.replace(",won,", f",x{ORDERS}y,", 1), encoding="utf-8")
    asked = ["--target", "400000", "--period", PERIOD, "--stages", "Lead, Demo"]
    assert cli.main(["report", "deals.csv", *asked]) == 0
    assert cli.main(["report", "wrong.csv", *asked]) == 1
    said = "".join(capsys.readouterr())
    assert "ow" in said
    assert "x      y" in said
    assert not set(ORDERS) & set(said)
    assert not set(ORDERS) & set((tmp_path / "report.html").read_text(encoding="utf-8"))


def test_a_table_shows_its_cells_as_text():
    shown = table("T", ["a", "b"], [["<i>", "1"], ["x", ""]])
    assert shown.text == "T\n  a: b\n  <i>: 1\n  x"
    assert '<th scope="row" style="text-align:left">&lt;i&gt;</th><td style="text-align:right">1</td>' in shown.html
    # A row of one cell reaches over the whole width.
    assert '<td colspan="2" style="text-align:left">one</td>' in table("", (), [["a", "b"], ["one"]]).html


def test_a_figure_without_notes_has_no_list():
    assert figure("1", definition="<d>").html == "<div><small>&lt;d&gt;</small><br><strong>1</strong></div>"


# A coverage that does not reach 1


@pytest.mark.parametrize(
    ("ratio", "english", "dutch"),
    [
        (0.94, "0.9×", "0,9×"),
        (0.96, "0.96×", "0,96×"),
        (0.999_999, "0.99×", "0,99×"),
        (1 - 1e-12, "1.0×", "1,0×"),
        (1, "1.0×", "1,0×"),
        (1.04, "1.0×", "1,0×"),
    ],
)
def test_what_does_not_reach_1_is_not_rounded_to_it(ratio, english, dutch, language):
    assert times(ratio) == {"en": english, "nl": dutch}[language]


def test_every_sentence_about_a_coverage_just_below_1_says_so(checked, language):
    deals = checked(deal(amount=480.0, due="2026-05-01", created="2026-01-05"), *DEALS[3:])
    near = {"en": "0.96×", "nl": "0,96×"}[language]
    found = sm.diagnose(deals, target=500, period=PERIOD)
    assert near in found.verdict
    assert near in str(found.coverage)
    assert near in sm.compare(deals, deals, target=500, period=PERIOD).headline
    assert sm.coverage(deals, target=500, period=PERIOD).value_text == near


def test_a_diagnosis_shows_what_was_left_out(checked):
    found = dataclasses.replace(sm.diagnose(checked(*DEALS), target=500, period=PERIOD), because=("Because.",))
    lines = str(found).replace(NBSP, " ").splitlines()
    assert "1 open deal, € 50, is not due in the period and was left out." in lines
    assert lines[-2:] == [f"First step: {found.first_step}", found.reread]


def test_what_changed_reads_the_same_on_the_report():
    use_language("nl")
    export = by_hand()
    found = sm.report(export, target=400_000, period=PERIOD, earlier=by_hand(WEEK_BEFORE)).figures.changes
    page = read(sm.report(export, target=400_000, period=PERIOD, earlier=by_hand(WEEK_BEFORE)).html)
    assert STAGES
    assert all(" ".join(line.split()) in page for line in (found.headline, *found.lines))
