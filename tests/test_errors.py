"""A refusal says what was wrong and what to do, and shows no traceback in a notebook."""

import pickle

import pytest

from salesmetrics import SalesMetricsError, read_number


def test_what_and_hint_stand_on_two_lines():
    assert str(SalesMetricsError("Wrong.", hint="Mend it.")) == "Wrong.\n→ Mend it."
    assert str(SalesMetricsError("Wrong.")) == "Wrong."


def test_it_is_a_value_error_that_keeps_its_parts():
    with pytest.raises(ValueError, match="is not a number") as caught:
        read_number("ten")
    assert caught.value.what == "“ten” is not a number."
    assert caught.value.hint.startswith("Type digits")


def test_a_notebook_shows_the_message_and_no_traceback():
    assert SalesMetricsError("Wrong.", hint="Mend it.")._render_traceback_() == ["Wrong.", "→ Mend it."]


def test_it_survives_a_trip_to_another_process():
    error = pickle.loads(pickle.dumps(SalesMetricsError("Wrong.", hint="Mend it.")))
    assert str(error) == "Wrong.\n→ Mend it."
