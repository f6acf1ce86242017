"""The pictures that stand still: their bars, words and sentences against the figures that they show."""

import pandas as pd
import polars as pl
import pytest
from drawn import inside, places, shapes, words
from tables import arrow, deal
from test_past_quarters import LAST_DAY, five_quarters

import salesmetrics as sm
from salesmetrics.base.language import NBSP
from salesmetrics.charts import CONVERSION, PAPER
from salesmetrics.charts import static_pictures as chart
from salesmetrics.charts.groups import Group, draw_rates, draw_so_far, sentence_of_rates, sentence_so_far
from salesmetrics.metrics.ratio import wilson

STAGES = ("Lead", "Demo", "Proposal")


def made(won, *lost):
    """Give the funnel of ``won`` won deals and ``lost[i]`` deals of € 100 that ended in stage i."""
    rows = [deal("won", 100.0, stage="Proposal")] * won + [
        deal("lost", 100.0, stage=stage) for stage, count in zip(STAGES, lost, strict=True) for _ in range(count)
    ]
    return sm.funnel(table(rows or [deal(stage="Lead")]), stages=STAGES)


def table(rows):
    return sm.check_deals(arrow(*rows).to_pandas())


def widths(drawing, color, hatch=None):
    return [right - left for shape in shapes(drawing, color, hatch) for left, _bottom, right, _top in shape]


def startup():
    company = sm.scenario("startup")
    return sm.funnel(company.deals, stages=company.stages)


def test_the_bars_are_as_long_as_the_deals_are_many():
    drawing = chart.draw_funnel(startup())
    assert widths(drawing, CONVERSION) == pytest.approx([count / 250 * 380 for count in (200, 150, 45, 35, 25, 25)])
    assert widths(drawing, "#E0E0E0") == pytest.approx([count / 250 * 380 for count in (50, 50, 105, 10, 10)])
    leaks = widths(drawing, PAPER, "////")
    assert leaks.index(max(leaks)) == 2
    assert leaks[1] / leaks[2] == pytest.approx(1_198_000 / 6 / 1_375_000)


def test_the_bottleneck_and_the_largest_leak_are_marked_without_colour():
    drawing = chart.draw_funnel(startup())
    assert [text for text in words(drawing) if text.startswith("▶")] == ["▶ Demo: 150, 30.0% goes on"]
    bold = [text.get_text() for text in drawing.figure.axes[0].texts if text.get_fontweight() == "bold"]
    assert bold == ["▶ Demo: 150, 30.0% goes on", f"€{NBSP}1,375,000"]


SENTENCES = [
    (
        (10, 40, 30, 20),
        "Of 100 closed deals 10 were won, 10.0%. From stage to stage this share goes on: Lead 60.0%, Demo 50.0%, "
        "Proposal 33.3%. The bottleneck is Proposal: 10 of 30 went on. Most money leaks away at: Proposal, € 2,000.",
        "Van 100 besliste deals zijn er 10 gewonnen, 10,0%. Van fase tot fase gaat dit deel door: Lead 60,0%, Demo "
        "50,0%, Offerte 33,3%. Het knelpunt is Offerte: 10 van de 30 gingen door. Het meeste geld lekt weg bij: "
        "Offerte, € 2.000.",
    ),
    (
        (0, 3, 0, 0),
        "Of 3 closed deals 0 were won, 0.0%. From stage to stage this share goes on: Lead 0.0%. No stage was entered "
        "by 20 deals, too few to point at a bottleneck. Most money leaks away at: Lead, € 300.",
        "Van 3 besliste deals zijn er 0 gewonnen, 0,0%. Van fase tot fase gaat dit deel door: Lead 0,0%. In geen "
        "enkele fase kwamen 20 deals, te weinig om een knelpunt aan te wijzen. Het meeste geld lekt weg bij: Lead, "
        "€ 300.",
    ),
    (
        (2, 0, 0, 0),
        "Of 2 closed deals 2 were won, 100.0%. From stage to stage this share goes on: Lead 100.0%, Demo 100.0%, "
        "Proposal 100.0%. No stage was entered by 20 deals, too few to point at a bottleneck.",
        "Van 2 besliste deals zijn er 2 gewonnen, 100,0%. Van fase tot fase gaat dit deel door: Lead 100,0%, Demo "
        "100,0%, Offerte 100,0%. In geen enkele fase kwamen 20 deals, te weinig om een knelpunt aan te wijzen.",
    ),
    (
        (0, 0, 0, 0),
        "No deal is closed yet, so there is no funnel.",
        "Er is nog geen deal beslist, dus er is nog geen trechter.",
    ),
]


@pytest.mark.parametrize(("counts", "english", "dutch"), SENTENCES)
def test_sentences(counts, english, dutch, language):
    assert sm.picture(made(*counts)).sentence.replace(NBSP, " ") == {"en": english, "nl": dutch}[language]


def test_every_word_fits_into_the_picture(language):
    long = "Presentation of the proposal to the board, scheduled"
    rows = [deal("lost", 98_765_432.0, stage=long)] * 100 + [deal("won", 1.0, stage="Qualified")]
    for found in (startup(), sm.funnel(table(rows), stages=(long, "Qualified"))):
        drawing = chart.draw_funnel(found)
        inside(drawing)
        # Nor does one of the left half reach into the right.
        assert all(box.x1 <= 412 or box.x0 >= 412 for box in places(drawing))


def test_the_page_shows_picture_and_sentence():
    shown = sm.picture(startup())
    assert str(shown) == repr(shown) == shown.sentence
    page = shown._repr_html_()
    assert page.startswith("<figure")
    assert page.count(shown.sentence) == 2
    assert "1,375,000" in shown.svg


AGENCY = [Group(">24h", 8, 160), Group("1-4h", 13, 90), Group("<=1h", 12, 60), Group("4-24h", 12, 140)]


def test_the_bar_of_a_group_is_its_rate_and_the_bracket_its_range():
    drawing = draw_rates(AGENCY)
    ordered = [(12, 60), (13, 90), (12, 140), (8, 160)]
    full = wilson(12, 60)[1]
    assert widths(drawing, CONVERSION) == pytest.approx([588 * won / closed / full for won, closed in ordered])
    # Of each bracket the line between its two ends.
    assert widths(drawing, "#000000")[::3] == pytest.approx(
        [588 * (high - low) / full for low, high in (wilson(*group) for group in ordered)]
    )
    assert [line.get_xdata()[0] for line in drawing.figure.axes[0].lines] == pytest.approx([6 + 588 * 0.1 / full] * 4)
    assert "together 10.0%" in words(drawing)
    assert "≤ 1 hour: 12 of 60, 20.0%; between 11.8% and 31.8%" in words(drawing)


RATES = [
    (
        [Group("referral", 4, 5), Group("search", 24, 60), Group("events", 0, 0)],
        "28 of 65 deals were won, 43.1%. By group, with the range in which the true rate probably lies (95%): "
        "referral 80.0%, between 37.6% and 96.4%; search 40.0%, between 28.6% and 52.6%. The ranges of referral and "
        "search overlap, so the difference may be chance.",
        "Van 65 deals zijn er 28 gewonnen, 43,1%. Per groep, met de onzekerheidsmarge waarbinnen het echte percentage "
        "waarschijnlijk ligt (95%): aanbeveling 80,0%, tussen 37,6% en 96,4%; zoekmachine 40,0%, tussen 28,6% en "
        "52,6%. De onzekerheidsmarges van aanbeveling en zoekmachine overlappen, dus het verschil kan toeval zijn.",
    ),
    (
        [Group("referral", 3, 3)],
        "3 of 3 deals were won, 100.0%. By group, with the range in which the true rate probably lies (95%): referral "
        "100.0%, between 43.9% and 100.0%.",
        "Van 3 deals zijn er 3 gewonnen, 100,0%. Per groep, met de onzekerheidsmarge waarbinnen het echte percentage "
        "waarschijnlijk ligt (95%): aanbeveling 100,0%, tussen 43,9% en 100,0%.",
    ),
    (
        [Group("referral", 0, 0)],
        "No deal is closed yet, so there are no rates to compare.",
        "Er is nog geen deal beslist, dus er zijn nog geen percentages om te vergelijken.",
    ),
]


@pytest.mark.parametrize(("groups", "english", "dutch"), RATES)
def test_what_the_rates_say(groups, english, dutch, language):
    assert sentence_of_rates(groups).replace(NBSP, " ") == {"en": english, "nl": dutch}[language]
    assert draw_rates(groups).figure.axes


@pytest.mark.parametrize(
    ("by", "ends"),
    [
        ("response_time", "The ranges of ≤ 1 hour and > 24 hours do not overlap."),
        ("channel", "The ranges of referral and paid social do not overlap."),
        ("owner", "overlap, so the difference may be chance."),
    ],
)
def test_deals_by_any_column(by, ends):
    deals = sm.scenario("agency").deals
    shown = sm.picture(deals, by=by)
    assert shown.sentence.startswith("45 of 450 deals were won, 10.0%.")
    assert shown.sentence.endswith(ends)
    assert str(sm.picture(pl.from_pandas(deals).lazy(), by=by)) == str(shown)


def test_deals_without_a_group_are_a_group():
    rows = [deal("won", 1.0, channel="referral"), deal("lost", 1.0, channel=None)]
    deals = table(rows)
    assert "(empty) 0.0%, between 0.0% and 79.3%" in sm.picture(deals, by="channel").sentence
    # A whole number with a gap is empty in pandas' own way, which is neither equal to itself nor not.
    sizes = deals.assign(size=pd.array([5, None], dtype="Int64"))
    assert "5 100.0%, between 20.7% and 100.0%; (empty) 0.0%" in sm.picture(sizes, by="size").sentence


def test_what_has_no_picture_says_what_to_give(language):
    for nonsense in (sm.scenario("agency").deals, 3, None):
        with pytest.raises(sm.SalesMetricsError) as error:
            sm.picture(nonsense)
        assert 'by="channel"' in error.value.hint
    with pytest.raises(sm.SalesMetricsError, match="channel"):
        sm.picture(sm.scenario("agency").deals, by="chanel")


def test_every_word_of_the_rates_fits_into_the_picture(language):
    long = Group("Presentation of the proposal to the board, scheduled", 123_456, 7_654_321)
    for groups in (AGENCY, [*AGENCY, long], [Group("a", 1, 1_000_000), Group("b", 1, 1)]):
        drawing = draw_rates(groups)
        inside(drawing)


MONTHS = [Group("2025-10", 20, 100), Group("2026-02", 15, 23, 77), Group("2026-03", 0, 0, 50)]


def test_a_row_is_as_long_as_its_group_and_parted_by_what_became_of_it():
    drawing = draw_so_far(MONTHS)
    # What is 0 has no box; the last box of each look is the legend's.
    assert widths(drawing, CONVERSION) == pytest.approx([*(5.88 * count for count in (20, 15)), 22])
    assert widths(drawing, "#E0E0E0") == pytest.approx([*(5.88 * count for count in (80, 8)), 22])
    assert widths(drawing, PAPER, "////") == pytest.approx([*(5.88 * count for count in (77, 50)), 22])
    assert words(drawing)[:3] == [
        "October 2025: 20.0% of 100 closed, 0 open",
        "February 2026: 65.2% of 23 closed, 77 open",
        "March 2026: 50 open",
    ]
    assert {"won", "lost", "open"} <= set(words(drawing))


def test_what_became_so_far_in_both_languages(language):
    said = {
        "en": "Of 250 deals that came in, 35 are won so far, 88 lost and 127 open. By group: October 2025: 20 won, "
        "80 lost, 0 open, so 20.0% of what is closed; February 2026: 15 won, 8 lost, 77 open, so 65.2% of what is "
        "closed; March 2026: 0 "
        "won, 0 lost, 50 open.",
        "nl": "Van de 250 deals die binnenkwamen, zijn er tot nu toe 35 gewonnen, 88 verloren en 127 open. Per groep: "
        "oktober 2025: 20 gewonnen, 80 verloren, 0 open, dus 20,0% van wat beslist is; februari 2026: 15 gewonnen, 8 "
        "verloren, 77 open, dus 65,2% van wat beslist is; maart 2026: 0 gewonnen, 0 verloren, 50 open.",
    }
    assert sentence_so_far(MONTHS).replace(NBSP, " ") == said[language]
    drawing = draw_so_far([*MONTHS, Group("a name that is much longer than its place", 1_000, 2_000, 1_000)])
    inside(drawing)


def test_deals_that_came_in_by_group():
    rows = [
        deal("won", channel="b"),
        deal("lost", channel="b"),
        deal(channel="b"),
        deal(channel="a"),
        deal(channel="a"),
    ]
    shown = sm.picture(table(rows), by="channel", base="created")
    assert shown.sentence.endswith(
        "By group: a: 0 won, 0 lost, 2 open; b: 1 won, 1 lost, 1 open, so 50.0% of what is closed."
    )
    with pytest.raises(sm.SalesMetricsError, match="base"):
        sm.picture(table(rows), by="channel", base="all")


def quarters(*, later=(), **options):
    return sm.past_quarters(arrow(*five_quarters(later=later)), as_of=LAST_DAY, **options)


def test_a_quarter_is_what_it_began_with_up_to_the_mark_and_what_was_new_behind_it():
    drawing = chart.draw_quarters(quarters(period=("2025-01-01", LAST_DAY)))
    # Of 588 pixels: 180 lost, 60 carried over, 60 won from it, and 40 new and won. The last box is the legend's.
    pixel = 588 / 340
    assert widths(drawing, "#E0E0E0") == pytest.approx([180 * pixel] * 5 + [22])
    assert widths(drawing, CONVERSION) == pytest.approx([60 * pixel] * 5 + [22])
    carried, new = (
        next(
            shape for shape in shapes(drawing, PAPER, "////") if len(shape) == 5 and shape[0][0] == pytest.approx(left)
        )
        for left in (6 + 180 * pixel, 6 + 300 * pixel)
    )
    assert [right - left for left, _bottom, right, _top in carried] == pytest.approx([60 * pixel] * 5)
    assert [right - left for left, _bottom, right, _top in new] == pytest.approx([40 * pixel] * 5)
    assert [line.get_xdata()[0] for line in drawing.figure.axes[0].lines] == pytest.approx([6 + 300 * pixel] * 5)
    assert words(drawing)[0].replace(NBSP, " ") == "2025Q1: began with € 300, brought € 100: 3.0×"


QUARTERS = [
    (
        {},
        "Your quarters began with 3.0× what they brought; 1 ÷ your win rate says 1.5×. Of what was open 20% was won, "
        "60% lost and 20% carried over. Of all that was won 40% was new.",
        "Eerdere kwartalen begonnen met 3,0× wat ze opleverden; 1 ÷ de win rate is 1,5×. Van wat openstond is 20% "
        "gewonnen, 60% verloren en 20% meegenomen naar het volgende kwartaal. Van alles wat gewonnen is, was 40% "
        "nieuw.",
    ),
    (
        {"period": ("2025-07-01", LAST_DAY), "unit": "count"},
        "Your quarters began with 1.5× what they brought; 1 ÷ your win rate says 1.5×. Of what was open 50% was won, "
        "33% lost and 17% carried over. Of all that was won 25% was new.",
        "Eerdere kwartalen begonnen met 1,5× wat ze opleverden; 1 ÷ de win rate is 1,5×. Van wat openstond is 50% "
        "gewonnen, 33% verloren en 17% meegenomen naar het volgende kwartaal. Van alles wat gewonnen is, was 25% "
        "nieuw.",
    ),
    (
        {"period": ("2025-10-01", LAST_DAY)},
        "What your quarters began with: too few quarters to tell.",
        "Waarmee eerdere kwartalen begonnen: te weinig kwartalen om iets te zeggen.",
    ),
]


@pytest.mark.parametrize(("options", "english", "dutch"), QUARTERS)
def test_the_sentence_under_past_quarters(options, english, dutch, language):
    sentence = sm.picture(quarters(**options)).sentence.replace(NBSP, " ")
    assert sentence == {"en": english, "nl": dutch}[language]
    assert len(sentence.split()) <= 50


def test_past_quarters_fit_into_their_picture_however_many_and_however_large(language):
    no_quarter = sm.past_quarters(arrow(deal()))
    large = [deal("won", 98_765_432_100.0, created="2025-06-01", closed="2025-08-01")]
    long = [
        deal("won", 100.0, created=f"{year}-{month:02}-15", closed=f"{year + 1}-{month:02}-15")
        for year in range(2019, 2025)
        for month in (2, 5, 8, 11)
    ]
    many = sm.past_quarters(arrow(*long))
    assert len(many.quarters) > chart.MOST_QUARTERS
    for found in (no_quarter, quarters(later=large), many):
        inside(chart.draw_quarters(found))
    assert len(chart.draw_quarters(many).figure.axes[0].lines) == chart.MOST_QUARTERS
    said = chart.sentence_of_quarters(many)
    assert {"en": "the last 12 quarters", "nl": "de laatste 12 kwartalen"}[language] in said
    assert len(said.split()) <= 50


def test_a_quarter_in_which_nothing_was_won_is_drawn_without_a_multiple():
    lost = [deal("lost", 100.0, created=f"2024-{at:02}-15", closed=f"2025-{at:02}-15") for at in range(1, 13)]
    found = sm.past_quarters(arrow(*lost), as_of=LAST_DAY)
    seen = [text for text in words(chart.draw_quarters(found)) if "brought" in text]
    assert seen
    assert all("×" not in text for text in seen)
