"""What read_deals is told: of a wrong type it is refused in words, with nothing to act on it is named."""

import pytest

from salesmetrics import SalesMetricsError
from salesmetrics.crm import read_deals
from salesmetrics.crm.question import check_options, idle_options

FILE = b"deal_id,status,amount,closed_on\n1,open,20000,\n2,won,15000,2026-02-14"
WRONG = [
    ("stages", 3),
    ("stages", [3]),
    ("won", 5),
    ("won", [5]),
    ("lost", {"a": 1}),
    ("sheet", 3),
    ("sheet", ["x"]),
    ("delimiter", 3),
    ("delimiter", ""),
    ("encoding", 5),
    ("columns", "amount"),
    ("columns", ["amount"]),
    ("columns", {"amount": 3}),
    ("probability_in", 3),
    ("currency", 3),
    ("pipeline", 3),
    ("mapping", 3),
    ("mapping", ["a"]),
    ("name", 3),
]


@pytest.mark.parametrize(("option", "value"), WRONG, ids=[f"{option}={value}" for option, value in WRONG])
def test_a_wrong_type_is_refused_in_words(option, value, language):
    with pytest.raises(SalesMetricsError) as refusal:
        read_deals(FILE, **{option: value})
    said = {"en": f"{option} can't be {value!r}.", "nl": f"{option} kan niet {value!r} zijn."}
    assert refusal.value.what == said[language]
    assert refusal.value.hint


def test_what_is_right_passes():
    check_options(dict.fromkeys(("won", "lost"), "Signed") | {"stages": ("Lead", "Demo"), "columns": {"amount": None}})
    check_options({"won": {"Signed", "Paid"}, "mapping": {}, "sheet": "Q2", "delimiter": "\t", "currency": None})


@pytest.mark.parametrize(
    ("option", "workbook", "page", "fields", "idle"),
    [
        ("sheet", False, False, [], True),
        ("sheet", True, False, [], False),
        ("delimiter", True, False, [], True),
        ("delimiter", False, True, [], True),
        ("delimiter", False, False, [], False),
        ("encoding", True, False, [], True),
        ("encoding", False, True, [], False),
        ("currency", False, False, ["currency"], False),
        ("currency", False, False, ["amount"], True),
        ("probability_in", False, False, ["probability"], False),
        ("won", True, True, [], False),
    ],
)
def test_an_option_is_idle_where_it_has_nothing_to_act_on(option, workbook, page, fields, idle):
    assert bool(idle_options({option: "x"}, fields, workbook=workbook, page=page)) is idle
    assert not idle_options({option: None}, fields, workbook=workbook, page=page)


def test_the_receipt_names_it(language):
    named = read_deals(FILE, sheet="Q2", probability_in="percent").receipt
    assert len(named.remarks) == len(read_deals(FILE).receipt.remarks) + 2
    assert {"en": "the file is no workbook", "nl": "het bestand is geen werkmap"}[language] in str(named)
