"""The line where the pipeline begins: two companies walk over the map, by hand and in the picture."""

import pytest
from drawn import words

from salesmetrics.base.language import NBSP
from salesmetrics.charts import pipeline_start as chart
from salesmetrics.models.pipeline_start import COMPANIES, MODEL, STAGES


def state(start=1, company=1):
    return MODEL.outcome({"start": start, "company": company})


WALKS = {
    "startup": [
        ("Lead", 5.0, 25 / 250, "full but leaky"),
        ("Qualified", 2.6, 25 / 200, "thin and leaky"),
        ("Demo", 1.0, 25 / 150, "thin and leaky"),
        ("Proposal", 0.2, 25 / 45, "sharp but thin"),
        ("Negotiation", 0.05, 25 / 35, "sharp but thin"),
    ],
    "agency": [
        ("Lead", 6.0, 45 / 450, "full but leaky"),
        ("Qualified", 3.125, 45 / 400, "full but leaky"),
        ("Sales accepted", 0.35, 45 / 105, "sharp but thin"),
        ("Proposal", 0.05, 45 / 80, "sharp but thin"),
        ("Negotiation", 0.02, 45 / 60, "sharp but thin"),
    ],
}


@pytest.mark.parametrize("company", COMPANIES)
def test_a_company_walks_as_the_line_moves(company):
    walk = [state(start, COMPANIES.index(company) + 1) for start in range(1, STAGES + 1)]
    for outcome, (stage, coverage, conversion, situation) in zip(walk, WALKS[company], strict=True):
        assert (outcome.company, outcome.here.stage, outcome.here.situation) == (company, stage, situation)
        assert (outcome.coverage, outcome.conversion) == pytest.approx((coverage, conversion))
        assert outcome.walk == walk[0].walk


def test_a_later_line_leaves_out_open_deals_and_losses_and_no_win():
    for company in (1, 2):
        walk = state(company=company).walk
        assert [each.coverage for each in walk] == sorted((each.coverage for each in walk), reverse=True)
        assert [each.conversion for each in walk] == sorted(each.conversion for each in walk)
        assert len({each.won for each in walk}) == 1


def test_sentences(language):
    english = (
        "Counted from Proposal the coverage is 0.2× and the conversion rate 55.6%. "
        "That is € 100,000 against a target of € 500,000, and 25 won of 45 decided deals that got so far. "
        "The situation: sharp but thin, with 3.0× as full. Counted from Lead it is: full but leaky."
    )
    dutch = (
        "Geteld vanaf Offerte is de dekking 0,2× en de conversie 55,6%. "
        "Dat is € 100.000 tegenover een target van € 500.000, en 25 gewonnen van 45 besliste deals die zover kwamen. "
        "De situatie: scherp maar dun, met 3,0× als vol. Geteld vanaf Lead is het: vol maar lek."
    )
    assert chart.sentence(state(4)).replace(NBSP, " ") == {"en": english, "nl": dutch}[language]
    assert "Counted from Lead it is" not in chart.sentence(state(1))


def test_the_point_is_where_the_line_puts_it_among_the_points_of_all_stages():
    drawing = chart.draw(MODEL)
    drawing.move(state(3, 2))
    (axes,) = drawing.figure.axes
    points = [line.get_xydata().tolist() for line in axes.lines if line in drawing.moving and line.get_marker() == "o"]
    assert points[-1] == [[0.35, pytest.approx(45 / 105)]]
    assert [place for place, _rate in points[0]] == [coverage for _stage, coverage, _rate, _named in WALKS["agency"]]
    assert {"0.35×", "42.9%", "Sales accepted"} <= set(words(drawing))
