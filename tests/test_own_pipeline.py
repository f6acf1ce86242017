"""The way in for one's own file: what is chosen, asked, shown and forgotten, as a reader meets it on the screen."""

import datetime
import json
import re
from pathlib import Path

import ipywidgets
import pytest
from exports_forms import BY_HAND, CANONICAL, csv_of, dutch, euro_nl, table
from leaks import leaks
from test_own import run

import salesmetrics as sm
from salesmetrics.base.language import _, use_language
from salesmetrics.crm import source
from salesmetrics.widgets import FileButton

FILE = b"""deal_id,status,stage,amount,created_on,closed_on,expected_close_on,account,currency
1,open,Demo,400000,2026-01-05,,2026-05-01,Zwaluw,EUR
2,open,Lead,200000,2026-02-04,,2026-06-15,Reiger,EUR
3,open,Lead,100000,2026-02-04,,2026-11-15,Reiger,EUR
4,won,Demo,50000,2025-10-01,2026-03-14,,Zwaluw,EUR
5,lost,Lead,70000,2025-11-02,2026-03-31,,Reiger,EUR
"""
VIEWS = [
    "coverage",
    "conversion",
    "situation",
    "past_quarters",
    "still_needed",
    "stages",
    "stale",
    "largest",
    "sliders",
    "by_group",
    "changes",
    "report",
]
# A week before: the first deal was smaller, the second was not there yet, and what is won now was still open.
BEFORE = b"""deal_id,status,stage,amount,created_on,closed_on,expected_close_on,account,currency
1,open,Demo,350000,2026-01-05,,2026-05-01,Zwaluw,EUR
3,open,Lead,100000,2026-02-04,,2026-11-15,Reiger,EUR
4,open,Demo,50000,2025-10-01,,2026-04-14,Zwaluw,EUR
5,open,Lead,70000,2025-11-02,,2026-11-30,Reiger,EUR
"""


@pytest.fixture(autouse=True)
def somewhere(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def mine():
    return sm.your_pipeline()


def parts(widget):
    """Give a widget and all that is in it and shown."""
    if widget.layout.display == "none":
        return
    yield widget
    for child in getattr(widget, "children", ()):
        yield from parts(child)


def on_screen(mine):
    """Give what a way in shows, or a thing with a way in of its own."""
    return list(parts(mine._panel if hasattr(mine, "_panel") else mine._widget))


def the(mine, kind, description=None):
    """Give the one widget of this kind, and with this description, that is on the screen."""
    found = [part for part in on_screen(mine) if type(part) is kind]
    found = [part for part in found if description is None or part.description == description]
    assert len(found) == 1, [getattr(part, "description", part) for part in found]
    return found[0]


def buttons(mine):
    return [part.description for part in on_screen(mine) if type(part) is ipywidgets.Button]


def said(mine):
    return " ".join(part.value for part in on_screen(mine) if type(part) is ipywidgets.HTML)


def file_button(mine):
    [button] = [part for part in on_screen(mine) if isinstance(part, FileButton)]
    return button


def upload(mine, data, name="export.csv", size=None):
    """Do what the browser does: say name and size, and send each piece that is asked for; give what was asked."""
    button = file_button(mine)
    asked, all_asked = [], []
    button.send = lambda content, buffers=None: asked.append(content)
    button._handle_custom_msg({"name": name, "size": len(data) if size is None else size}, [])
    while asked:
        piece = asked.pop()
        all_asked.append((piece["from"], piece["to"]))
        button._handle_custom_msg({"from": piece["from"]}, [memoryview(data[piece["from"] : piece["to"]])])
    return all_asked


def place(mine):
    [box] = [part for part in on_screen(mine) if type(part) is ipywidgets.Text and "Enter" in part.placeholder]
    return box


def lines(view):
    return str(view).replace("\u00a0", " ").splitlines()


# The sample


def test_it_begins_with_the_sample(mine):
    assert lines(mine.coverage())[0] == "3.0× = € 1,500,000 open ÷ € 500,000 target"
    assert lines(mine.conversion())[:3] == [
        "25.0% = 160 won ÷ 640 closed",
        "Range: a rate between 21.8% and 28.5% fits with these deals.",
        "At this rate it takes a coverage of 4.0× to reach a target on average.",
    ]
    assert lines(mine.situation())[0].startswith(
        "Full but leaky: coverage 3.0× × conversion 25.0% is 75% of the target"
    )
    assert "  Demo: 64.0% = 220 went on ÷ 344 entered" in lines(mine.stages())
    assert "Of 640 closed deals 160 were won, 25.0%." in str(mine.stages())
    assert "Without old deals: 2.8× = € 1,380,000 open ÷ € 500,000 target" in lines(mine.stale())
    assert lines(mine.largest())[-3:-1] == ["  with all deals: 11%", "  without the largest: 6%"]
    assert mine.sliders().explorer.outcome.coverage == 3
    assert "706 deals" in str(mine)
    assert buttons(mine) == []


def test_what_was_left_out_stands_under_the_sum_and_not_again_under_the_situation(mine):
    left_out = "6 open deals, € 150,000, are not due in the period and were left out."
    for view, said in ((mine.coverage(), 1), (mine.situation(), 0), (mine.largest(), 1)):
        assert lines(view).count(left_out) == said
    assert any(line.startswith("€ 375,000 expected = € 0 won") for line in lines(mine.situation()))


def test_what_is_stored_of_the_sample_can_be_read_without_a_kernel(mine):
    for shown in (mine, mine.coverage(), mine.stages(), mine.sliders()):
        bundle = shown._repr_mimebundle_()
        assert "application/vnd.jupyter.widget-view+json" in bundle
        assert bundle["text/plain"] == str(shown)
        assert "<" in bundle["text/html"]


def test_in_dutch():
    use_language("nl")
    mine = sm.your_pipeline()
    assert lines(mine.coverage())[0] == "3,0× = € 1.500.000 open ÷ € 500.000 target"
    assert "  Demo: 64,0% = 220 gingen verder ÷ 344 kwamen binnen" in lines(mine.stages())
    assert [label for label, _value in the(mine, ipywidgets.Dropdown, "Periode").options][4] == "april 2026"


# A file of one's own


def test_a_chosen_file_is_read_and_the_button_keeps_nothing(mine):
    coverage, conversion = mine.coverage(), mine.conversion()
    upload(mine, FILE, "mine.csv")
    button = file_button(mine)
    assert "Zwaluw" not in str(button.get_state())
    assert not button._content
    assert "Read from mine.csv" in said(mine)
    assert mine.deals["amount"].sum() == 820_000
    # The sample's target is nobody's own.
    assert mine.target is None
    assert lines(coverage)[0] == "There is no target yet."
    assert lines(conversion)[0] == "50.0% = 1 won ÷ 2 closed"
    the(mine, ipywidgets.Text, "Target").value = "€ 300.000"
    assert lines(coverage)[0] == "2.0× = € 600,000 open ÷ € 300,000 target"
    assert "€\u00a0300,000" in said(mine)


def test_a_large_file_comes_in_pieces(mine):
    rows = b"".join(b"%d,open,10,2026-01-01,,2026-05-01\n" % number for number in range(150_000))
    data = b"deal_id,status,amount,created_on,closed_on,expected_close_on\n" + rows
    pieces = upload(mine, data)
    assert pieces == [(0, 4_000_000), (4_000_000, len(data))]
    assert mine.deals["amount"].sum() == 1_500_000


def test_a_file_that_is_too_large_is_refused_before_any_of_it_comes(mine, monkeypatch):
    monkeypatch.setattr(source, "LARGEST", 2_000_000)
    assert upload(mine, FILE, size=3_000_000) == []
    assert "3 MB" in said(mine)
    # What was read before is still there.
    assert lines(mine.coverage())[0].startswith("3.0×")


def test_a_file_that_is_taken_away_meanwhile_is_told(mine):
    assert upload(mine, FILE, size=len(FILE) + 1) == [(0, len(FILE) + 1), (len(FILE), len(FILE) + 1)]
    assert "taken away" in said(mine)
    assert lines(mine.coverage())[0].startswith("3.0×")


def test_an_empty_file_is_refused_in_words(mine):
    assert upload(mine, b"") == []
    assert "is empty" in said(mine)


@pytest.mark.parametrize("quotes", ["", '"', "'"])
def test_a_file_by_its_place(mine, tmp_path, quotes):
    (tmp_path / "my deals.csv").write_bytes(FILE)
    place(mine).value = f"{quotes}{tmp_path / 'my deals.csv'}{quotes}"
    assert "Read from my deals.csv" in said(mine)
    assert len(mine.deals) == 5


def test_no_figure_of_another_file_stays_when_a_file_is_refused(mine):
    views = [getattr(mine, name)() for name in VIEWS]
    place(mine).value = "nowhere.csv"
    assert "There is no file" in said(mine)
    assert "eight_quarters.csv" not in said(mine)
    assert {lines(view)[0] for view in views[:-2]} == {"No file has been read yet."}
    assert str(mine) == "No file has been read yet."
    upload(mine, FILE)
    assert "There is no file" not in said(mine)
    assert len(mine.deals) == 5


def test_a_target_is_read_in_both_conventions_and_asked_about(mine):
    coverage, box = mine.coverage(), the(mine, ipywidgets.Text, "Target")
    for typed in ("1.000.000", "1,000,000", "1000000", "€ 1 000 000", "1.000.000,00"):
        box.value = typed
        assert lines(coverage)[0].startswith("1.5×")
    # A shortened amount is shown beside its box as it was taken.
    box.value = "150k"
    assert "€\u00a0150,000" in said(mine)
    assert lines(coverage)[0] == "10.0× = € 1,500,000 open ÷ € 150,000 target"
    box.value = "a lot"
    assert "“a lot” is not a number." in said(mine)
    assert lines(coverage)[0] == "“a lot” is not a number."
    box.value = "0"
    assert lines(coverage)[0] == "The target must be an amount of more than 0, not 0.0."
    for no_money in ("50%", "3x", "2,5×"):
        box.value = no_money
        assert f"The target must be an amount, not {no_money}." in said(mine)
        assert lines(coverage)[0] == f"The target must be an amount, not {no_money}."


def test_what_somebody_types_while_the_views_follow_is_not_wiped_out(mine):
    """A text box shows its last known text again whenever anything of it changes, even its hint."""
    target, changed = the(mine, ipywidgets.Text, "Target"), []
    target.observe(lambda change: changed.append(change["name"]))
    follows = mine.coverage()
    follows.follow = lambda: changed.append("the views follow")
    upload(mine, FILE)
    # Its text is the last that is said of it, and that sets the views going.
    assert [what for what in changed if what != "the views follow"] == ["placeholder", "value"]
    assert changed[:2] == ["placeholder", "the views follow"]


def test_the_period_begins_with_the_quarter_after_the_last_day_in_the_file(mine):
    periods = the(mine, ipywidgets.Dropdown, "Period")
    assert [label for label, _value in periods.options] == [
        *("Q2 2026", "Q3 2026", "Q4 2026", "Q1 2026", "April 2026", "May 2026", "June 2026", "2026", "other days")
    ]
    upload(mine, FILE)
    the(mine, ipywidgets.Text, "Target").value = "300000"
    coverage = mine.coverage()
    periods.value = "2026-05"
    assert lines(coverage)[0] == "1.3× = € 400,000 open ÷ € 300,000 target"
    # Read again, as after an answer, the choice stays.
    upload(mine, FILE)
    assert periods.value == "2026-05"
    periods.value = "other"
    assert lines(coverage)[0] == "The period has no first or no last day yet."
    the(mine, ipywidgets.DatePicker, "First day").value = datetime.date(2026, 5, 1)
    the(mine, ipywidgets.DatePicker, "Last day").value = datetime.date(2026, 12, 31)
    assert lines(coverage)[0] == "2.3× = € 700,000 open ÷ € 300,000 target"


@pytest.mark.parametrize("asks", [False, True])
def test_the_samples_quarter_does_not_stay_with_a_file_that_goes_on_after_it(mine, asks):
    """It stood in the list as the quarter before: everything was then about a quarter that was over."""
    later = FILE.replace(b"2026-03-31,,Reiger", b"2026-09-29,,Reiger")
    upload(mine, later.replace(b",won,", b",Getekend,") if asks else later)
    if asks:
        click(mine, "Read on")
    assert str(mine.period) == "1 Jul 2026 to 30 Sept 2026"
    # Between two files of one's own what was chosen stays.
    the(mine, ipywidgets.Dropdown, "Period").value = "2026Q2"
    upload(mine, FILE)
    assert str(mine.period) == "1 Apr 2026 to 30 Jun 2026"


def test_what_is_won_in_the_quarter_gives_a_second_coverage(mine):
    upload(mine, FILE + b"6,won,Demo,60000,2025-10-01,2026-04-02,,Zwaluw,EUR\n")
    the(mine, ipywidgets.Text, "Target").value = "300000"
    shown = lines(mine.coverage())
    assert "2.0× = € 600,000 open ÷ € 300,000 target" in shown
    assert "2.5× = € 600,000 open ÷ € 240,000 still to win" in shown


def test_the_day_on_which_the_deals_are_looked_at_can_be_set(mine):
    """Before 14 March nothing was won yet, and the fourth deal was open."""
    upload(mine, FILE)
    the(mine, ipywidgets.Text, "Target").value = "300000"
    conversion, coverage = mine.conversion(), mine.coverage()
    assert lines(conversion)[0] == "50.0% = 1 won ÷ 2 closed"
    the(mine, ipywidgets.DatePicker, "As at").value = datetime.date(2026, 3, 13)
    assert lines(conversion)[0] == "no closed deals yet: 0 won ÷ 0 closed"
    assert lines(coverage)[0] == "2.0× = € 600,000 open ÷ € 300,000 target"
    upload(mine, FILE)
    assert lines(conversion)[0] == "50.0% = 1 won ÷ 2 closed"


def test_without_expected_dates_it_says_so(mine):
    upload(mine, b"deal_id,status,amount,closed_on\n1,open,5,\n2,won,5,2026-01-02\n")
    the(mine, ipywidgets.Text, "Target").value = "300000"
    for view in (mine.coverage, mine.situation, mine.stages, mine.stale, mine.largest, mine.sliders):
        assert lines(view())[0] == "No open deal has an expected date, so none is due in the period."
        assert "What became what" in lines(view())[1]
    assert lines(mine.conversion())[0] == "100.0% = 1 won ÷ 1 closed"


def test_an_unknown_order_of_stages_is_asked_for_and_gives_the_funnel(mine):
    stages = mine.stages()
    upload(mine, FILE)
    assert "does not tell the order of the stages" in lines(stages)[-1]
    the(mine, ipywidgets.Text, "Stages, first to last").value = "Lead, Demo"
    assert lines(stages)[:3] == ["Open now", "  stage: deals, amount, mean age, days", "  Lead: 1, € 200,000, 55"]
    assert lines(stages)[-3:] == [
        "  Lead: 50.0% = 1 went on ÷ 2 entered",
        "  Demo: 100.0% = 1 went on ÷ 1 entered",
        "Most money leaks away at: Lead, € 70,000.",
    ]


def test_lost_deals_without_their_stage_give_no_funnel_but_the_reason(mine):
    upload(mine, FILE.replace(b"lost,Lead", b"lost,Lost"))
    the(mine, ipywidgets.Text, "Stages, first to last").value = "Lead, Demo"
    shown = lines(mine.stages())
    assert "  Lead: 1, € 200,000, 55" in shown
    assert shown[-1] == "1 lost deal does not say how far it got: its stage is “Lost”."


def test_the_sliders_begin_at_the_own_numbers(mine):
    sliders = mine.sliders()
    upload(mine, FILE)
    assert str(sliders).startswith("There is no target yet.")
    the(mine, ipywidgets.Text, "Target").value = "300000"
    assert sliders.explorer.outcome.coverage == 2
    assert sliders.explorer.outcome.conversion == 0.5
    sliders.explorer.set(away=1)
    assert sliders.explorer.outcome.pipeline == 200_000


# What is taken along


def test_without_an_earlier_export_there_is_nothing_to_compare(mine):
    assert lines(mine.changes()) == ["Choose an export of the same deals from a week ago, to see what changed since."]


def test_this_export_against_last_weeks(mine):
    changes = mine.changes()
    upload(mine, FILE)
    the(mine, ipywidgets.Text, "Target").value = "400000"
    upload(changes, BEFORE, "before.csv")
    assert "Read from before.csv" in said(changes)
    assert lines(changes) == [
        "Coverage from 1.0× on 4 Feb 2026 to 1.5× on 31 Mar 2026",
        "Open then: € 400,000",
        "new: 1 deal, +€ 200,000",
        "amount raised: 1 deal, +€ 50,000",
        "won: 1 deal, -€ 50,000",
        "Open now: € 600,000",
    ]
    # It follows the target as every view does.
    the(mine, ipywidgets.Text, "Target").value = "200000"
    assert lines(changes)[0].startswith("Coverage from 2.0×")
    assert buttons(changes) == []


def test_what_was_answered_for_this_export_holds_for_last_weeks(mine):
    changes = mine.changes()
    upload(mine, FILE.replace(b"amount", b"Turnover of it"))
    click(mine, "Turnover of it")
    the(mine, ipywidgets.Text, "Target").value = "400000"
    upload(changes, BEFORE.replace(b"amount", b"Turnover of it"))
    assert lines(changes)[1] == "Open then: € 400,000"


def test_an_earlier_export_that_does_not_fit_is_refused(mine):
    changes = mine.changes()
    place(changes).value = "nowhere.csv"
    assert "There is no file" in said(changes)
    assert changes.export is None
    # The sample's deals are numbered, as those of this file are.
    upload(changes, re.sub(rb"^(\d),", rb"Q-\1,", FILE, flags=re.MULTILINE))
    assert lines(changes)[0] == "The two exports have no deal in common."


def test_the_page_is_written_beside_the_notebook_and_only_when_asked(mine, tmp_path):
    page = tmp_path / "pipeline-report.html"
    maker, changes = mine.report(), mine.changes()
    upload(mine, FILE)
    click(maker, "Make the page")
    assert "There is no target yet." in said(maker)
    assert not page.exists()
    the(mine, ipywidgets.Text, "Target").value = "400000"
    assert said(maker) == ""
    click(maker, "Make the page")
    assert "Written to pipeline-report.html" in said(maker)
    assert (maker._link.layout.display, maker._link.name) == ("", "pipeline-report.html")
    written = page.read_text(encoding="utf-8")
    assert "€\u00a0600,000 open ÷ €\u00a0400,000 target" in written
    assert "Zwaluw" not in written
    assert "Open then" not in written
    upload(changes, BEFORE)
    the(maker, ipywidgets.Checkbox).value = True
    click(maker, "Make the page")
    written = page.read_text(encoding="utf-8")
    assert "Zwaluw" in written
    assert "Open then: €\u00a0400,000" in written
    # What is said of the page ends when the page is about something else.
    the(mine, ipywidgets.Text, "Target").value = "500000"
    assert said(maker) == ""


def test_where_the_page_cannot_be_written_it_says_so(mine, tmp_path):
    (tmp_path / "pipeline-report.html").mkdir()
    maker = mine.report()
    click(maker, "Make the page")
    assert "There is a “pipeline-report.html” already" in said(maker)
    assert not (tmp_path / "pipeline-report.html").is_file()


# Questions


def early(day):
    """Write a day early in its month, which no order of day and month contradicts."""
    return f"{day.day % 12 + 1:02}-{day.month % 12 + 1:02}-{day.year}"


def click(mine, label):
    the(mine, ipywidgets.Button, label).click()


def test_dates_that_can_be_two_days_become_buttons(mine):
    upload(mine, csv_of(table({**CANONICAL, "created_on": "created"}, day=early)))
    assert "can be read in more than one way" in said(mine)
    assert "date_order" not in said(mine)
    assert mine._box.export is None
    asked = buttons(mine)
    assert len(asked) == 2
    assert "day first" in asked[0]
    assert "month first" in asked[1]
    for _question in range(3):
        if buttons(mine) and "day first" in buttons(mine)[0]:
            click(mine, buttons(mine)[0])
    assert len(mine.deals) == 12
    assert buttons(mine) == ["Remember how this file was read"]


# Without the columns that tell how a deal ended even where its status does not.
SILENT = {name: cell for name, cell in CANONICAL.items() if name not in ("probability", "loss_reason")}


def test_every_unknown_status_is_asked_about_at_once(mine):
    words = {"won": "Signed", "lost": "Gone", "open": "Talking"}
    upload(mine, csv_of(table({**SILENT, "status": lambda deal: words[deal["status"]]})))
    assert [part.description for part in on_screen(mine) if type(part) is ipywidgets.Dropdown][:3] == [
        *("“Talking” (5: 62,685)", "“Signed” (3: 26,350)", "“Gone” (4: 25,510)")
    ]
    the(mine, ipywidgets.Dropdown, "“Signed” (3: 26,350)").value = "won"
    the(mine, ipywidgets.Dropdown, "“Gone” (4: 25,510)").value = "lost"
    click(mine, "Read on")
    assert mine.export.receipt.counts == {"open": 5, "won": 3, "lost": 4}


def test_rows_with_a_word_for_no_deal_are_left_out_with_one_choice(mine):
    words = {"won": "Won", "lost": "Lost", "open": "Open"}
    doubles = {"D008": "Duplicate", "D009": "Test"}
    upload(mine, csv_of(table({**SILENT, "status": lambda deal: doubles.get(deal["id"], words[deal["status"]])})))
    the(mine, ipywidgets.Dropdown, "“Duplicate” (1: 15,000)").value = "no_deal"
    the(mine, ipywidgets.Dropdown, "“Test” (1: 7,200)").value = "lost"
    click(mine, "Read on")
    assert mine.export.receipt.counts == {"open": 5, "won": 3, "lost": 3}
    assert mine.export.mapping["no_deal"] == ["Duplicate"]
    assert "No deal by “status”: 1 row (line 9)" in str(mine.export.receipt)


def test_beside_the_words_the_stages_can_be_gone_by(mine):
    words = {"won": "Closed", "lost": "Closed", "open": "Open"}
    stages = {"won": "Signed", "lost": "Gone", "open": "Demo"}
    own = {"status": lambda deal: words[deal["status"]], "stage": lambda deal: stages[deal["status"]]}
    upload(mine, csv_of(table({**SILENT, **own})))
    click(mine, "go by “stage”")
    the(mine, ipywidgets.Dropdown, "“Signed” (3: 26,350)").value = "won"
    the(mine, ipywidgets.Dropdown, "“Gone” (4: 25,510)").value = "lost"
    click(mine, "Read on")
    assert mine.export.receipt.counts == {"open": 5, "won": 3, "lost": 4}


def test_a_column_that_is_missing_is_chosen_among_the_headers(mine):
    columns = {("Turnover of it" if name == "amount" else name): cell for name, cell in CANONICAL.items()}
    columns["Signed by"] = columns.pop("closed_on")
    upload(mine, csv_of(table(columns)))
    assert "The file has no column for “Amount”." in said(mine)
    click(mine, "Turnover of it")
    assert "no column says when they were closed" in said(mine)
    click(mine, "Signed by")
    assert len(mine.deals) == 12


def test_a_column_that_was_taken_wrongly_is_put_right(mine):
    upload(mine, csv_of(table({**CANONICAL, "Signed by": "ends"})))
    box = the(mine, ipywidgets.Dropdown, "Day it is expected to close")
    assert box.options[0][0] == "“expected_close_on”"
    assert mine.deals["expected_close_on"].notna().sum() == 5
    box.value = "Signed by"
    assert mine.deals["expected_close_on"].notna().all()
    assert box.options[0][0] == "“Signed by”"
    box.value = "\0none"
    assert mine.deals["expected_close_on"].isna().all()
    assert box.options[0][0] == "not found"


def test_the_salesperson_is_put_right_on_the_card_and_what_the_file_lacks_has_no_row(mine):
    upload(mine, csv_of(table({**CANONICAL, "Ploeg": lambda deal: "Noord"})))
    rows = {row.children[0].description: row for row in mine._box._card._rows.values()}
    assert (rows["Salesperson"].layout.display, rows["Currency"].layout.display) == ("", "none")
    rows["Salesperson"].children[0].value = "Ploeg"
    assert set(mine.deals["owner"]) == {"Noord"}
    assert rows["Salesperson"].children[0].options[0][0] == "“Ploeg”"


def test_one_day_read_another_way_leaves_the_others_as_they_were(mine):
    # All three columns can be read both ways; one answer settles them.
    upload(mine, csv_of(table({**CANONICAL, "created_on": "created"}, day=early)))
    click(mine, buttons(mine)[0])
    assert not mine._box.asks
    before = mine.deals
    ways(mine, "Day it came in").value = "month"
    assert not mine.deals["created_on"].equals(before["created_on"])
    assert mine.deals["closed_on"].equals(before["closed_on"])


def ways(mine, field):
    """Give the list of ways in which a column can be written."""
    lists = [part for part in on_screen(mine) if type(part) is ipywidgets.Dropdown]
    [found] = [part for part in lists if (part.tooltip or "").startswith(field)]
    return found


def test_on_the_card_days_are_read_another_way_and_what_cannot_be_is_refused_there(mine):
    upload(mine, csv_of(table({**CANONICAL, "created_on": "created"}, day=early)))
    while mine._box.asks:
        click(mine, buttons(mine)[0])
    first = mine.deals["created_on"].tolist()
    created = ways(mine, "Day it came in")
    created.value = "month"
    assert mine.deals["created_on"].tolist() != first
    upload(mine, csv_of(table(CANONICAL, day=dutch)))
    created = ways(mine, "Day it came in")
    before = mine.deals
    created.value = "month"
    assert "does not fit" in said(mine)
    assert "Leave date_order out" not in said(mine)
    assert mine.deals.equals(before)
    assert created.value == "day"


def test_every_question_can_be_asked_again(mine):
    words = {"won": "Signed", "lost": "Gone", "open": "Talking"}
    upload(mine, csv_of(table({**SILENT, "status": lambda deal: words[deal["status"]]})))
    coverage = mine.coverage()
    # The figures wait for an open question, and say so.
    assert lines(coverage) == ["A question about your file is open.", "→ Answer it at the top."]
    the(mine, ipywidgets.Dropdown, "“Signed” (3: 26,350)").value = "won"
    the(mine, ipywidgets.Dropdown, "“Gone” (4: 25,510)").value = "lost"
    click(mine, "Read on")
    assert mine.export.receipt.counts["won"] == 3
    click(mine, "Ask me everything again")
    assert mine._box.asks
    assert "Read on" in buttons(mine)


def test_what_is_said_of_the_sample_never_stands_among_ones_own_figures(mine, language):
    use_language(language)
    other = sm.your_pipeline()
    views = [getattr(other, name)() for name in VIEWS[:-3]]
    word = {"en": "sample", "nl": "voorbeeld"}[language]
    for view in views[:-1]:
        assert word in str(view).splitlines()[-1]
    # Nor does it stand there when the sample is held against another target or quarter.
    the(other, ipywidgets.Text, "Target").value = "400000"
    assert not any(word in str(view) for view in views)
    upload(other, FILE)
    the(other, ipywidgets.Text, "Target").value = "500000"
    assert not any(word in str(view) for view in views)


def test_everything_of_ones_own_is_in_its_own_currency(mine):
    sliders = mine.sliders()
    upload(mine, FILE.replace(b"EUR", b"USD"))
    the(mine, ipywidgets.Text, "Target").value = "400000"
    assert "US$\u00a0400,000" in said(mine)
    lever = sliders.explorer.levers["target"]
    assert lever.text == "US$\u00a0400,000"
    lever.type_in("300.000")
    assert lever.text == "US$\u00a0300,000"
    assert "US$" in sliders.explorer.sentence
    assert not any("€" in text for text in (said(mine), lever.text, sliders.explorer.sentence, str(sliders)))


def test_no_refusal_speaks_of_code(mine, language):
    use_language(language)
    other = sm.your_pipeline()
    views = [getattr(other, name)() for name in VIEWS]
    code = re.compile(r"\w=|[a-z]_on\b|\w\(\)")
    bare = re.sub(rb",\d{5,6},", b",,", FILE)
    undated = FILE.replace(b"2026-05-01", b"").replace(b"2026-06-15", b"").replace(b"2026-11-15", b"")
    rows = Path(sm.sample_file()).read_text(encoding="utf-8").splitlines()
    few = "\n".join([rows[0], *[row for row in rows[1:] if row.split(",")[9] >= "2025-09-01"]]).encode()
    for data in (b"", bare, undated, few, FILE.replace(b"won", b"open").replace(b"lost", b"open")):
        for target in ("500000", "0", "many"):
            upload(other, data)
            the(other, ipywidgets.Text, "Target").value = target
            for shown in (said(other), *map(str, views)):
                assert not code.search(re.sub("“[^”]*”", "", re.sub("<[^>]*>", "", shown))), shown


def test_how_a_file_was_read_is_remembered_for_next_week(mine, tmp_path):
    week = csv_of(table(BY_HAND, day=dutch, money=euro_nl), ";", "cp1252")
    upload(mine, week)
    click(mine, "Remember how this file was read")
    assert "salesmetrics-mapping.json" in said(mine)
    kept = json.loads((tmp_path / "salesmetrics-mapping.json").read_text(encoding="utf-8"))
    assert kept["date_order"]
    assert not any(secret in str(kept) for secret in ("De Aar", "Noor", "12.500"))
    short = "\n".join(week.decode("cp1252").splitlines()[:2]).replace("14-01-2026", "04-01-2026").encode("cp1252")
    again = sm.your_pipeline()
    upload(again, short)
    assert again.deals["created_on"].tolist() == [datetime.datetime(2026, 1, 4)]
    the(again, ipywidgets.Checkbox).value = False
    assert "more than one way" in said(again)


def test_next_monday_one_choice_of_a_file_gives_the_page_and_what_changed(mine, tmp_path):
    # In a folder of their own; neither its name nor the file's, which may say whose deals they are, is kept.
    (folder := tmp_path / "Acme").mkdir()
    (folder / "Acme Q2.csv").write_bytes(BEFORE)
    (folder / "now.csv").write_bytes(FILE)
    place(mine).value = "Acme/Acme Q2.csv"
    the(mine, ipywidgets.Text, "Target").value = "300.000"
    the(mine, ipywidgets.Dropdown, "Period").value = "2026"
    click(mine, "Remember how this file was read")
    text = "".join(file.read_text(encoding="utf-8") for file in tmp_path.glob("*.json"))
    assert not any(secret in text for secret in ("Zwaluw", "Reiger", "350000", "Acme", "now.csv"))
    monday = sm.your_pipeline()
    coverage, changes, maker = monday.coverage(), monday.changes(), monday.report()
    assert lines(coverage)[0].startswith("3.0×")  # The sample: nothing of one's own before a file is chosen.
    place(monday).value = "Acme/now.csv"
    assert (monday.target, str(monday.period)) == (300_000, "1 Jan 2026 to 31 Dec 2026")
    assert "new: 1 deal, +€ 200,000" in str(changes).replace("\u00a0", " ")
    click(maker, "Make the page")
    assert "new: 1 deal, +€ 200,000" in (tmp_path / "pipeline-report.html").read_text("utf-8").replace("\u00a0", " ")


def test_a_file_chosen_with_the_button_is_known_again_and_forgotten_on_request(mine, tmp_path, monkeypatch):
    downloads = tmp_path / "home" / "Downloads"
    downloads.mkdir(parents=True)
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.setenv("USERPROFILE", str(tmp_path / "home"))
    # Found by what is in it, under another name; one of the same size is another file.
    (downloads / "deals (1).csv").write_bytes(BEFORE)
    (downloads / "a.csv").write_bytes(BEFORE.replace(b"350000", b"340000"))
    upload(mine, BEFORE, "Acme deals Q2.csv")
    the(mine, ipywidgets.Text, "Target").value = "300.000"
    click(mine, "Remember how this file was read")
    kept = "".join(file.read_text(encoding="utf-8") for file in tmp_path.glob("*.json"))
    assert sorted(json.loads((tmp_path / "salesmetrics-last-week.json").read_text(encoding="utf-8"))) == [
        *("columns", "period", "print", "target", "targets")
    ]
    assert not any(secret in kept for secret in ("Zwaluw", "Reiger", "350000", "Acme", str(tmp_path)))
    monday = sm.your_pipeline()
    changes = monday.changes()
    upload(monday, FILE, "deals.csv")
    assert monday.target == 300_000
    assert "amount raised: 1 deal, +€ 50,000" in str(changes).replace("\u00a0", " ")
    (downloads / "deals (1).csv").unlink()
    later = sm.your_pipeline()
    changes = later.changes()
    upload(later, FILE, "deals.csv")
    assert "Last week's file was not found" in str(changes)
    click(later, "Forget last time")
    assert "Forgotten" in said(later)
    assert list(tmp_path.glob("*.json")) == []
    assert "Forget last time" not in buttons(later)
    assert len(later.deals) == 5


def test_what_is_remembered_is_said_and_no_name_of_a_file(language, tmp_path, monkeypatch):
    """The name of a file or folder may say whose deals they are, so next week nobody can be told it."""
    monkeypatch.chdir(tmp_path)
    first = sm.your_pipeline()
    upload(first, BEFORE, "Acme deals Q2.csv")
    click(first, _("Remember how this file was read"))
    assert {"en": "not the file&#x27;s name", "nl": "niet de naam van het bestand"}[language] in said(first)
    later = sm.your_pipeline()
    changes = later.changes()
    upload(later, FILE, "Acme deals Q3.csv")
    lost = {"en": "Last week's file was not found", "nl": "Het bestand van vorige week is niet gevonden"}
    assert lost[language] in str(changes)
    assert "Acme" not in str(changes)
    assert "Acme" not in "".join(file.read_text(encoding="utf-8") for file in tmp_path.glob("*.json"))


def test_a_target_is_typed_for_its_period_and_remembered_with_it(mine):
    target, period = the(mine, ipywidgets.Text, "Target"), the(mine, ipywidgets.Dropdown, "Period")
    needed, maker = mine.still_needed(), mine.report()
    period.value = "2026Q3"
    assert mine.target == 500_000
    target.value = "50000"
    period.value = "2026Q2"
    assert mine.target == 500_000
    assert any(line.endswith("2.0× = € 100,000 open ÷ € 50,000 target") for line in lines(needed))
    assert any(line.startswith("2026Q4 is held against the same target") for line in lines(needed))
    click(maker, "Make the page")
    assert "2026Q3 2.0× (€ 50,000)" in Path("pipeline-report.html").read_text("utf-8").replace("\u00a0", " ")
    upload(mine, FILE)
    assert mine.target is None
    target.value = "600000"
    period.value = "2026Q3"
    target.value = "70000"
    click(mine, "Remember how this file was read")
    again = sm.your_pipeline()
    upload(again, FILE)
    the(again, ipywidgets.Dropdown, "Period").value = "2026Q2"
    assert again.target == 600_000


def test_what_no_longer_fits_last_weeks_reading_is_said(language):
    use_language("en")
    mine = sm.your_pipeline()
    silent = [(name, cell) for name, cell in SILENT.items() if name not in ("stage", "status")]
    words = {"won": "Signed", "lost": "Gone", "open": "Talking"}
    week = csv_of(table({**dict(silent), "status": lambda deal: words[deal["status"]], "Worth": "amount"}))
    upload(mine, week)
    the(mine, ipywidgets.Dropdown, "“Signed” (3: 26,350)").value = "won"
    the(mine, ipywidgets.Dropdown, "“Gone” (4: 25,510)").value = "lost"
    click(mine, "Read on")
    the(mine, ipywidgets.Dropdown, "Amount").value = "Worth"
    click(mine, "Remember how this file was read")
    use_language("en")
    as_before, other, gone = sm.your_pipeline(), sm.your_pipeline(), sm.your_pipeline()
    upload(as_before, week)
    assert "last week" not in said(as_before)
    # A new word would be open without a word.
    upload(other, week.replace(b"Talking", b"Signed again"))
    assert "Signed again" in said(other)
    assert "last week" in said(other)
    use_language(language)
    upload(gone, week.replace(b"Worth", b"Value of it"))
    assert {"en": "has no column “Worth”", "nl": "heeft geen kolom “Worth”"}[language] in said(gone)
    assert gone._box.asks


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"target": 1, "period": "", "place": ""}', "[" * 9_999])
def test_what_is_not_what_was_kept_is_not_taken(mine, tmp_path, text):
    (tmp_path / "salesmetrics-last-week.json").write_text(text, encoding="utf-8")
    (tmp_path / "salesmetrics-mapping.json").write_text(text, encoding="utf-8")
    other = sm.your_pipeline()
    the(other, ipywidgets.Checkbox).value = True
    upload(other, FILE)
    assert other.target is None


def test_it_says_when_nothing_can_be_kept(mine, tmp_path):
    upload(mine, FILE)
    (tmp_path / "salesmetrics-mapping.json").mkdir()
    click(mine, "Remember how this file was read")
    assert "can&#x27;t be written" in said(mine)


# What is shown and stored


HOSTILE = "<img src=x onerror=alert(1)>"


def test_hostile_names_stay_text(mine):
    views = [getattr(mine, name)() for name in VIEWS]
    data = FILE.replace(b"Lead", HOSTILE.encode()).replace(b"account", b"<b>owner</b>")
    upload(mine, data, HOSTILE)
    the(mine, ipywidgets.Text, "Target").value = "300000"
    the(mine, ipywidgets.Text, "Stages, first to last").value = f"{HOSTILE}, Demo"
    assert HOSTILE in str(views[VIEWS.index("stages")])
    shown = [said(mine), *(view._repr_mimebundle_()["text/html"] for view in (mine, *views))]
    assert not [page for page in shown if HOSTILE in page or "<b>" in page]
    the(mine, ipywidgets.Text, "Target").value = HOSTILE
    place(mine).value = HOSTILE
    assert HOSTILE not in said(mine)
    upload(mine, csv_of(table({**CANONICAL, "status": lambda deal: HOSTILE})))
    assert HOSTILE not in said(mine)


def test_very_long_names_leave_room_for_the_answers(mine):
    word = "w" * 5_000
    columns = {**SILENT, "status": lambda deal: word if deal["status"] == "won" else deal["status"]}
    upload(mine, csv_of(table(columns)))
    the(mine, ipywidgets.Dropdown, f"“{'w' * 39}…” (3: 26,350)").value = "won"
    click(mine, "Read on")
    assert mine.export.receipt.counts["won"] == 3
    assert "w" * 31 not in said(mine)


def test_a_notebook_holds_nothing_of_a_file_of_ones_own(tmp_path, language):
    (tmp_path / "mine.csv").write_bytes(FILE.replace(b"400000", b"987654").replace(b"50000", b"123457"))
    notebook = run(
        tmp_path,
        f"import salesmetrics as sm; sm.use_language({language!r})\nmine = sm.your_pipeline()\nmine",
        "mine.coverage()",
        "mine._box._place.value = 'mine.csv'\nmine._target.value = '€ 8' + '00.001'",
        "mine",
        *(f"mine.{name}()" for name in VIEWS),
        "mine.export",
        "mine.deals",
    )
    # The sample is the kit's own, and stays.
    assert "eight_quarters.csv" in notebook.cells[0].outputs[0]["data"]["text/plain"]
    assert "500" in notebook.cells[1].outputs[0]["data"]["text/plain"]
    stored = json.loads(json.dumps({"cells": notebook.cells[2:], "metadata": notebook.metadata}))
    stored["cells"][0].pop("source")
    assert leaks(stored, tmp_path / "mine.csv", 800_001, delivered=json.loads(json.dumps(notebook.cells[:2]))) == []


def test_past_quarters_of_eight_of_two_and_of_one(mine, language):
    view, needed = mine.past_quarters(), mine.still_needed()
    use_language(language)
    rows = Path(sm.sample_file()).read_text(encoding="utf-8").splitlines()
    few = {"en": "too few quarters to tell", "nl": "te weinig kwartalen om iets te zeggen"}[language]
    left_out = {"en": "What usually comes new after this day is left out", "nl": "telt niet mee"}[language]
    for first, drawn in (("2025-04-01", 2), ("2025-09-01", 1)):
        kept = [row for row in rows[1:] if row.split(",")[9] >= first]
        upload(mine, "\n".join([rows[0], *kept]).encode())
        the(mine, ipywidgets.Text, "Target").value = "500000"
        assert few in str(view)
        assert left_out in str(needed)
        assert drawn >= view.shown.html.count("<svg")


TEAMS = b"""deal_id,status,stage,amount,created_on,closed_on,expected_close_on,account,owner,Region,currency
1,open,Demo,400000,2026-01-05,,2026-05-01,Zwaluw,Noor,North,EUR
2,open,Lead,200000,2026-02-04,,2026-06-15,Reiger,Tim,South,EUR
3,open,Lead,100000,2026-02-04,,2026-08-15,Reiger,Tim,South,EUR
4,won,Demo,50000,2025-10-01,2026-03-14,,Zwaluw,Noor,North,EUR
5,lost,Lead,70000,2025-11-02,2026-03-31,,Reiger,Noor,,EUR
"""


def test_coverage_per_team_by_a_chosen_column_each_against_its_own_target(mine, language):
    """400 and 200 are due: against the whole 300 that is 1.3 and 0.7, against 200 and 100 it is 2.0 each."""
    teams, maker = mine.by_group(), mine.report()
    assert {"en": "Choose a column", "nl": "Kies een kolom"}[language] in str(sm.your_pipeline().by_group())
    upload(mine, TEAMS)
    the(mine, ipywidgets.Text, "Target").value = "300000"
    column = the(teams, ipywidgets.Dropdown)
    # Only what tells the deals apart in a few groups: no amounts, numbers or customers.
    assert [name for _header, name in column.options] == ["", "owner", "Region"]
    column.value = "Region"
    decimal = {"en": ".", "nl": ","}[language]
    said = "\n".join(lines(teams))
    assert f"1{decimal}3×, 0{decimal}0×, 0{decimal}0×" in said
    assert f"0{decimal}7×, 0{decimal}3×, 0{decimal}0×" in said
    assert {"en": "against the whole target", "nl": "tegenover het hele target"}[language] in said
    the(teams, ipywidgets.Text, "North").value = "200.000"
    assert "South" in str(teams)  # It has no target yet, and that is said.
    assert "×" not in str(teams)
    the(teams, ipywidgets.Text, "South").value = "100.000"
    said = "\n".join(lines(teams))
    assert said.count(f"2{decimal}0×") == 2
    assert f"1{decimal}0×" in said  # The 100 of the third quarter, against the same 100.
    assert {"en": "are € 300,000 together", "nl": "samen € 300.000"}[language] in said
    assert {"en": "(empty)", "nl": "(leeg)"}[language] in said
    click(maker, {"en": "Make the page", "nl": "Maak de pagina"}[language])
    page = Path("pipeline-report.html").read_text("utf-8")
    assert "South" in page
    assert f"2{decimal}0×" in page


def test_another_column_takes_back_that_the_page_is_there_and_persons_need_the_tick(mine):
    teams, maker = mine.by_group(), mine.report()
    upload(mine, TEAMS)
    the(mine, ipywidgets.Text, "Target").value = "300000"
    click(maker, "Make the page")
    assert "Written" in said(maker)
    the(teams, ipywidgets.Dropdown).value = "owner"
    assert "Written" not in said(maker)
    click(maker, "Make the page")
    assert "name persons" in said(maker)
    assert "names=" not in said(maker)
    the(maker, ipywidgets.Checkbox).value = True
    click(maker, "Make the page")
    assert "Noor" in Path("pipeline-report.html").read_text("utf-8")


def test_another_file_offers_its_own_columns_and_what_was_chosen_stays_if_it_can(mine):
    teams = mine.by_group()
    assert [header for header, _name in the(teams, ipywidgets.Dropdown).options] == ["…", "Deal - Owner"]
    upload(mine, TEAMS)
    the(mine, ipywidgets.Text, "Target").value = "300000"
    the(teams, ipywidgets.Dropdown).value = "Region"
    the(teams, ipywidgets.Text, "South").value = "many"
    assert "many" in str(teams)
    assert "×" not in str(teams)
    the(teams, ipywidgets.Text, "South").value = "50%"
    assert "The target must be an amount, not 50%." in str(teams)
    upload(mine, TEAMS.replace(b"South", b"West"))
    assert the(teams, ipywidgets.Dropdown).value == "Region"
    assert {part.description for part in on_screen(teams) if type(part) is ipywidgets.Text} == {"North", "West"}
    assert "1.3×" in str(teams)
    upload(mine, FILE)
    assert "no column that tells its deals apart" in str(teams)
