"""Every form of the same deals gives the same deals, whatever the language of the screen."""

import datetime
import io

import pandas as pd
import pytest
from exports_forms import DEALS, Form
from exports_quirks import FORMS

from salesmetrics.base.language import use_language
from salesmetrics.crm import read_deals


def same(text):
    return " ".join(str(text).split())


@pytest.mark.parametrize("form", FORMS, ids=[form.name for form in FORMS])
def test_the_same_deals_come_out_of_every_form(form: Form):
    use_language("nl" if "nl" in form.name or "Nederlands" in form.name else "en")
    export = read_deals(form.data, name="export.csv", **form.options)
    deals = export.deals.set_index(export.deals["deal_id"].map(same))
    assert len(deals) == len(DEALS), str(export.receipt)
    for deal in DEALS:
        row = deals.loc[same(deal["name"] if form.ids == "name" else deal["id"])]
        ends = pd.Timestamp(deal["ends"])
        assert row["status"] == deal["status"]
        assert row["amount"] == deal["amount"]
        assert row["created_on"] == pd.Timestamp(deal["created"])
        if deal["status"] == "open":
            assert pd.isna(row["closed_on"])
            assert row["expected_close_on"] == ends
        else:
            assert row["closed_on"] == ends
        assert row["owner"] == deal["owner"]
        if "probability" in deals:
            assert row["probability"] == pytest.approx(deal["chance"] / 100)
    receipt = export.receipt
    assert receipt.rows == len(deals) + sum(len(left.lines) for left in receipt.left_out)


def test_there_are_at_least_forty_forms(capsys):
    distinct = {(form.data, str(form.options)) for form in FORMS}
    with capsys.disabled():
        print(f" {len(distinct)} distinct forms of the same deals ", end="")
    assert len(distinct) >= 40
    assert len({form.name for form in FORMS}) == len(FORMS)
    assert datetime.date(2026, 4, 30) in [deal["ends"] for deal in DEALS]


def test_bytes_decide_and_not_the_name(tmp_path):
    workbook = next(form for form in FORMS if form.name == "workbook (nl)")
    path = tmp_path / "export.csv"
    path.write_bytes(workbook.data)
    assert len(read_deals(path).deals) == len(DEALS)
    assert io.BytesIO(path.read_bytes()).read(2) == b"PK"
