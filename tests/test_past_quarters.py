"""What past quarters began with: five quarters by head, properties, a steady state, and every refusal."""

import datetime
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tables import arrow, deal, refusals

import salesmetrics as sm
from salesmetrics.forecast.quarter_history import quarter_number, quarter_of

FIRST = quarter_number(datetime.date(2025, 1, 1))


def during(place, share=0.5):
    """Give a day of a quarter, as a share of the way through it."""
    first, last = quarter_of(place)
    return str(first + (last - first) * share)


def five_quarters(quarters=5, *, extra=()):
    """Make 2025Q1 to 2026Q1 alike: 300 open at the start, of which 60 won, 180 lost, 60 carried over; 40 new and won.

    So each began with 300 ÷ 100 = 3.0 × what it brought: (1 - 40%) ÷ 20%.
    """
    deals = []
    for place in range(FIRST - 2, FIRST + quarters):
        before = during(place - 1)
        deals += [
            deal("won", 20, created=before, closed=during(place, share)) for share in (0.2, 0.3, 0.4)
        ]
        deals.append(deal("lost", 120, created=before, closed=during(place)))
        carried_until = during(place + 1)
        open_at_the_end = place + 1 >= FIRST + quarters
        deals.append(
            deal("open", 60, created=before)
            if open_at_the_end
            else deal("lost", 60, created=before, closed=carried_until)
        )
        deals.append(deal("won", 40, created=during(place, 0.2), closed=during(place, 0.8)))
    return [*deals, *extra]


LAST_DAY = "2026-03-31"


def test_five_quarters_by_head(checked):
    found = sm.past_quarters(checked(*five_quarters()), as_of=LAST_DAY)
    assert [quarter.name for quarter in found.quarters] == ["2025Q1", "2025Q2", "2025Q3", "2025Q4", "2026Q1"]
    for quarter in found.quarters:
        assert (quarter.opening, quarter.won, quarter.lost, quarter.carried, quarter.new_and_won) == (
            300,
            60,
            180,
            60,
            40,
        )
    assert float(found.multiple) == 3.0
    assert float(found.opening_yield) == 0.2
    assert float(found.new_share) == 0.4
    assert float(found.carried_share) == 0.2
    assert found.range == (3.0, 3.0)
    assert set(found.left_out) == {"2024Q2", "2024Q3", "2024Q4"}
