"""A made-up twin of a public CRM table, rewritten as people and systems would save it: the same figures every time."""

import csv
import datetime

import pytest
from exports_forms import Cells, american, csv_of, dutch, iso, xlsx_of

from salesmetrics.base.errors import SalesMetricsError
from salesmetrics.crm import read_deals
from salesmetrics.metrics import conversion_rate, coverage

# The headers of the table of Maven Analytics, "CRM Sales Opportunities"; every row below is made up.
HEADERS = [
    *("opportunity_id", "sales_agent", "product", "account"),
    *("deal_stage", "engage_date", "close_date", "close_value"),
]
FIRST = datetime.date(2016, 10, 20)


def twin(day=iso, money=str, empty=""):
    """Write 60 won, 36 lost and 24 open deals, of which 4 without a day of creation."""
    rows: Cells = [HEADERS]
    for number in range(120):
        stage = "Won" if number < 60 else "Lost" if number < 96 else "Engaging" if number < 116 else "Prospecting"
        created = FIRST + datetime.timedelta(days=3 * number)
        closed = created + datetime.timedelta(days=7 + number % 50)
        value = {"Won": money(100 + 11 * number), "Lost": money(0)}.get(stage, empty)
        rows.append(
            [
                f"T{number:03}",
                ["Ann Peeters", "René Bakker"][number % 2],
                ["GTXPro", "MG Special"][number % 2],
                f"Isdom {number % 7}" if number % 5 else "",
                stage,
                "" if stage == "Prospecting" else day(created),
                day(closed) if number < 96 else "",
                value,
            ]
        )
    return rows


def cents(amount):
    return f"{amount},00"


def mixed(day):
    return day.strftime("%d/%m/%Y") if day.day % 2 else american(day)


def short_or_american(day):
    return american(day) if day.day > 12 else day.strftime("%d-%m-%y")


FOOTER = b'\r\n\r\n"Sales pipeline"\r\n"Confidential Information - Do Not Distribute"\r\n'
REWRITES = {
    "as it is": csv_of(twin(), end="\n"),
    "-1 for want of an amount": csv_of(twin(empty="-1")),
    "day first": csv_of(twin(day=dutch)),
    "month first": csv_of(twin(day=american)),
    "Dutch Excel": csv_of(twin(day=dutch, money=cents), ";", "cp1252"),
    "UTF-16 with tabs": csv_of(twin(), "\t", "utf-16"),
    "all quoted with a footer": csv_of(twin(day=american), quoting=csv.QUOTE_ALL) + FOOTER,
    "a workbook": xlsx_of(twin(day=lambda day: day, money=int, empty=None)),
}


@pytest.mark.parametrize("name", [*REWRITES, "a workbook named .csv"])
def test_the_same_figures_come_out_of_every_rewrite(name, tmp_path):
    path = tmp_path / ("pipeline.csv" if "workbook" not in name or "named" in name else "pipeline.xlsx")
    path.write_bytes(REWRITES.get(name, REWRITES["a workbook"]))
    export = read_deals(path)
    deals = export.deals
    assert export.receipt.counts == {"open": 24, "won": 60, "lost": 36}
    assert not export.receipt.left_out
    assert export.receipt.rows == 120
    assert float(conversion_rate(deals)) == 60 / 96
    assert float(conversion_rate(deals, base="created")) == 60 / 120
    # 60 × 100 + 11 × (0 + 1 + … + 59)
    assert deals.loc[deals["status"] == "won", "amount"].sum() == 6_000 + 11 * 1_770
    assert deals.loc[deals["status"] == "open", "amount"].isna().all()
    assert deals["created_on"].isna().sum() == 4
    assert deals["created_on"].min().date() == FIRST
    assert deals["closed_on"].max().date() == FIRST + datetime.timedelta(days=3 * 95 + 7 + 45)
    assert set(deals["owner"]) == {"Ann Peeters", "René Bakker"}


def test_money_that_is_not_there_is_said_with_what_to_do(language):
    deals = read_deals(REWRITES["as it is"]).deals
    with pytest.raises(SalesMetricsError, match="24") as no_coverage:
        coverage(deals, target=10_000)
    with pytest.raises(SalesMetricsError, match="36") as no_rate:
        conversion_rate(deals, unit="amount")
    assert ("list price" if language == "en" else "catalogusprijs") in no_coverage.value.hint
    assert 'unit="count"' in no_rate.value.hint


@pytest.mark.parametrize("day", [mixed, short_or_american])
@pytest.mark.parametrize("order", [None, "day", "year"])
def test_two_orders_of_dates_in_one_column_are_refused(day, order):
    with pytest.raises(SalesMetricsError, match=r"engage_date|close_date"):
        read_deals(csv_of(twin(day=day)), date_order=order)
