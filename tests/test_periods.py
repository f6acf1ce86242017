"""Days are whole: a period runs to the end of its last day, and as_of means the end of that day."""

import datetime

import narwhals as nw
import pandas as pd
import pytest
from tables import deal, rows_of

from salesmetrics import SalesMetricsError, pipeline
from salesmetrics.deals.periods import (
    Period,
    by_day,
    closed_by,
    day_number,
    open_at,
    quarter_begin,
    read_day,
    read_period,
    within,
)

APRIL, JUNE = datetime.date(2026, 4, 1), datetime.date(2026, 6, 30)


@pytest.mark.parametrize(
    ("typed", "first", "last"),
    [
        ("2026Q1", (1, 1), (3, 31)),
        ("2026Q2", (4, 1), (6, 30)),
        ("2026q3", (7, 1), (9, 30)),
        ("2026-Q4", (10, 1), (12, 31)),
        (" 2026Q4 ", (10, 1), (12, 31)),
        ("2026", (1, 1), (12, 31)),
        ("2026-02", (2, 1), (2, 28)),
        ("2026-05", (5, 1), (5, 31)),
        ("2026-11", (11, 1), (11, 30)),
        ("2026-12", (12, 1), (12, 31)),
        (("2026-04-01", "2026-06-30"), (4, 1), (6, 30)),
        (["2026-04-01", "2026-04-01"], (4, 1), (4, 1)),
        ((APRIL, JUNE), (4, 1), (6, 30)),
        (Period(APRIL, JUNE), (4, 1), (6, 30)),
        ((datetime.datetime(2026, 4, 1, 9), pd.Timestamp("2026-06-30 17:00")), (4, 1), (6, 30)),
    ],
)
def test_a_period_has_a_first_and_a_last_day(typed, first, last):
    assert read_period(typed) == (datetime.date(2026, *first), datetime.date(2026, *last))


def test_a_leap_year_has_its_day():
    assert read_period("2028-02").last == datetime.date(2028, 2, 29)


def test_a_period_is_written_as_the_language_does(language):
    assert (
        str(read_period("2026Q2")) == {"en": "1 Apr 2026 to 30 Jun 2026", "nl": "01-04-2026 t/m 30-06-2026"}[language]
    )


@pytest.mark.parametrize(
    "typed",
    [
        *("2026Q5", "2026Q0", "Q2 2026", "2026-13", "2026-00", "26Q2", "", "now", 5, None, APRIL),
        *(("2026-04-01",), ("2026-04-01", "2026-05-01", "2026-06-30"), {"2026-04-01", "2026-06-30"}),
    ],
)
def test_what_is_no_period_is_refused(typed, language):
    with pytest.raises(SalesMetricsError) as error:
        read_period(typed)
    assert error.value.what == {"en": f"“{typed}” is not a period.", "nl": f"“{typed}” is geen periode."}[language]
    assert {"en": "a quarter", "nl": "een kwartaal"}[language] in error.value.hint


def test_a_period_that_ends_before_it_begins_is_refused(language):
    with pytest.raises(SalesMetricsError) as error:
        read_period(("2026-06-30", "2026-04-01"))
    assert (
        str(error.value)
        == {
            "en": "The period ends on 1 Apr 2026, before it begins on 30 Jun 2026.\n"
            "→ Give the first day first, then the last.",
            "nl": "De periode eindigt op 01-04-2026, nog vóór het begin op 30-06-2026.\n"
            "→ Geef eerst de eerste dag en dan de laatste.",
        }[language]
    )


@pytest.mark.parametrize("typed", ["0000", "9999Q2", ("2026-01-01", "9999-12-31")])
def test_a_year_without_a_plan_is_refused(typed, language):
    with pytest.raises(SalesMetricsError, match={"en": "not a year to plan for", "nl": "niets te plannen"}[language]):
        read_period(typed)


@pytest.mark.parametrize("typed", ["2026-03-31", datetime.date(2026, 3, 31), pd.Timestamp("2026-03-31 23:59")])
def test_a_day_is_read(typed):
    found = read_day(typed)
    assert found == datetime.date(2026, 3, 31)
    assert type(found) is datetime.date


@pytest.mark.parametrize("typed", ["31-03-2026", "2026-02-30", "3/4/2026", "", "today", 2026, None, pd.NaT])
def test_what_is_no_day_is_refused(typed, language):
    with pytest.raises(SalesMetricsError) as error:
        read_day(typed)
    assert error.value.what == {"en": f"“{typed}” is not a date.", "nl": f"“{typed}” is geen datum."}[language]
    assert '"2026-03-31"' in error.value.hint


def holds(table, condition):
    """Give the rows where a condition holds, by their number."""
    found = nw.from_native(table).lazy().filter(condition).select("deal_id").sort("deal_id")
    return [int(name[1:]) for (name,) in rows_of(found.to_native())]


# The edges of the second quarter, an hour at a time where it matters, and a deal without a day.
EDGES = [
    "2026-03-31",
    "2026-03-31 23:59:59.999999",
    "2026-04-01",
    "2026-06-30",
    "2026-06-30 23:59:59.999999",
    "2026-07-01",
    "",
]


def test_a_period_holds_its_first_and_last_day_to_the_end(checked):
    table = checked(*[deal(due=due) for due in EDGES])
    assert holds(table, within("expected_close_on", Period(APRIL, JUNE))) == [3, 4, 5]


def test_by_a_day_means_by_its_end(checked):
    table = checked(*[deal(due=due) for due in EDGES])
    assert holds(table, by_day("expected_close_on", JUNE)) == [1, 2, 3, 4, 5]
    assert holds(table, by_day("expected_close_on", datetime.date(2026, 3, 30))) == []
    assert holds(table, by_day("expected_close_on", None)) == [1, 2, 3, 4, 5, 6]


def test_open_at_the_end_of_a_day(checked):
    table = checked(
        deal(created="2026-03-31 23:00"),
        deal(created="2026-04-01"),
        deal(created=""),
        deal("won", created="2026-03-01", closed="2026-03-31 23:00"),
        deal("lost", created="2026-03-01", closed="2026-04-01"),
        deal("won", created="", closed="2026-04-01"),
        deal("won", created="2026-04-01", closed="2026-04-02"),
        deal("lost", created="", closed="2026-03-31"),
    )
    assert holds(table, open_at(datetime.date(2026, 3, 31))) == [1, 3, 5, 6]
    assert holds(table, open_at(datetime.date(2026, 3, 30))) == [3, 4, 5, 6, 8]
    assert holds(table, open_at(None)) == [1, 2, 3]


def test_closed_by_the_end_of_a_day(checked):
    table = checked(
        deal("won", closed="2026-03-31 23:00"),
        deal("lost", closed="2026-03-31"),
        deal("won", closed="2026-04-01"),
        deal(),
    )
    march = datetime.date(2026, 3, 31)
    assert holds(table, closed_by(march, "won")) == [1]
    assert holds(table, closed_by(march, "won", "lost")) == [1, 2]
    assert holds(table, closed_by(march - datetime.timedelta(days=1), "won", "lost")) == []
    assert holds(table, closed_by(None, "won")) == [1, 3]


def test_the_latest_day_is_of_creation_or_closing_never_of_expectation(checked):
    def latest(*deals):
        return pipeline(checked(*deals)).day

    expected = deal(created="2026-02-01", due="2026-09-30")
    assert latest(expected, deal("won", closed="2026-03-15 18:00")) == datetime.date(2026, 3, 15)
    assert latest(expected, deal("won", created="2026-01-01", closed="2026-01-02")) == datetime.date(2026, 2, 1)
    assert latest(deal(created=""), deal(created="2026-02-03")) == datetime.date(2026, 2, 3)


def test_a_table_that_stands_nowhere_in_time_is_refused(checked, language):
    with pytest.raises(SalesMetricsError) as error:
        pipeline(checked(deal(created=""))).day  # noqa: B018 - asking is the test
    assert {"en": "No deal has a date", "nl": "Geen enkele deal heeft een datum"}[language] in error.value.what
    assert "as_of=" in error.value.hint


def test_days_are_numbered_as_python_numbers_them(checked):
    days = [
        *("1600-02-29", "1899-12-31", "1900-02-28", "1900-03-01", "1999-12-31", "2000-02-29", "2000-03-01"),
        *("2024-02-28", "2024-02-29", "2024-03-01", "2025-12-31", "2026-01-01", "2026-02-28 23:59", "2100-03-01"),
    ]
    table = nw.from_native(checked(*[deal(created=text) for text in days])).lazy()
    created = nw.col("created_on")
    found = table.select("deal_id", number=day_number(created), begin=quarter_begin(created))
    numbers = {int(name[1:]): tuple(numbers) for name, *numbers in rows_of(found.to_native())}
    expected = [datetime.date.fromisoformat(text[:10]) for text in days]
    begins = [day.replace(month=day.month - (day.month - 1) % 3, day=1) for day in expected]
    assert [datetime.date.fromordinal(numbers[i + 1][0]) for i in range(len(days))] == expected
    assert [datetime.date.fromordinal(numbers[i + 1][1]) for i in range(len(days))] == begins
