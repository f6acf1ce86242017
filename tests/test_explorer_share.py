"""Codes and files: the same state back in either language; anything damaged, foreign or hostile refused in words."""

import json
import string
import struct
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from test_explorer_history import press
from test_models import MODELS

from salesmetrics.base.errors import SalesMetricsError
from salesmetrics.base.language import use_language
from salesmetrics.charts import coverage as chart
from salesmetrics.explorer import Explorer, explore, positions
from salesmetrics.models import Model
from salesmetrics.models.coverage import MODEL

every_model = pytest.mark.parametrize("model", MODELS, ids=lambda model: model.name)


def anywhere(model: Model) -> st.SearchStrategy[dict[str, float]]:
    """Anywhere the levers go: on their steps, and between them."""
    return st.fixed_dictionaries(
        {
            lever.name: st.one_of(
                st.integers(0, round((lever.maximum - lever.minimum) / lever.step)).map(
                    lambda steps, lever=lever: float(
                        min(max(round(lever.minimum + steps * lever.step, 10), lever.minimum), lever.maximum)
                    )
                ),
                st.floats(lever.minimum, lever.maximum),
            )
            for lever in model.levers
        }
    )


@every_model
@given(data=st.data())
@settings(max_examples=50)
def test_a_code_brings_back_every_position_exactly(model: Model, data: st.DataObject) -> None:
    position = data.draw(anywhere(model))
    written = positions.encode(model, position)
    assert positions.model_of_code(written) == model.name
    assert positions.decode(model, written) == position
    assert positions.encode(model, positions.decode(model, written)) == written


@every_model
def test_a_code_is_short(model: Model) -> None:
    ends = {lever.name: float(lever.maximum) for lever in model.levers}
    assert len(positions.encode(model, model.defaults())) <= len(model.name) + 10
    assert len(positions.encode(model, ends)) <= len(model.name) + 10 + 5 * len(model.levers)


def test_a_code_made_in_one_language_opens_in_the_other() -> None:
    made = explore("coverage")
    made.set(target=1_000_000, conversion=0.15)
    use_language("nl")
    try:
        opened = explore(made.share())
        assert opened.outcome == made.outcome
        assert opened.sentence.startswith("Het target van")
        back = explore("coverage")
        press(back, "open", opened.share())
        assert back.outcome == made.outcome
    finally:
        use_language("en")


def test_a_code_survives_mail_and_typing_over(explorer: Explorer) -> None:
    explorer.set(target=1_000_000, pipeline=1_234_567.89)
    sent = explorer.share()
    place = len(sent) // 2 + 4
    for received in (
        sent.lower(),
        f"  “{sent}”\n",
        sent[:place] + "\n" + sent[place:],
        sent.upper(),
        "coverage" + sent[8:].replace("0", "O").replace("1-", "\x00", 1).replace("1", "l").replace("\x00", "1-"),
    ):
        assert explore(received).outcome == explorer.outcome


@pytest.fixture
def explorer() -> Explorer:
    return explore("coverage")


def test_opening_a_code_is_a_step_that_can_be_undone(explorer: Explorer) -> None:
    explorer.open_code(sent())
    assert explorer.outcome.target == 1_000_000
    explorer.undo()
    assert explorer.outcome.target == 500_000


def sent() -> str:
    return positions.encode(MODEL, {**MODEL.defaults(), "target": 1_000_000.0})


def test_every_single_wrong_letter_is_noticed(language: str) -> None:
    right = sent()
    start = right.rindex("-") + 1
    for place in range(start, len(right)):
        for letter in set(positions._LETTERS) - {right[place]}:
            with pytest.raises(SalesMetricsError):
                positions.decode(MODEL, right[:place] + letter + right[place + 1 :])
    for end in range(len(right)):
        with pytest.raises(SalesMetricsError):
            positions.decode(MODEL, right[:end])


HOSTILE = [
    "",
    "-",
    "coverage-1-",
    "coverage-1-0000000",
    "coverage-99999999-00000000",
    "coverage-1-" + "Z" * 100_000,
    "__import__('os').system('true')-1-00000000",
    "../../../etc/passwd-1-00000000",
    "<img src=x onerror=alert(1)>-1-ABCDEFGH",
    "errors-1-ABCDEFGH",
    "\x00\ud800",
    "١٢٣-1-ABCDEFGH",
    "coverage-١-ABCDEFGH",
    "ſtartup-1-ABCDEFGH",
]


@pytest.mark.parametrize("text", HOSTILE)
def test_a_hostile_code_is_refused_in_words_and_moves_nothing(explorer: Explorer, text: str, language: str) -> None:
    before = explorer.sentence
    with pytest.raises(SalesMetricsError) as refused:
        explorer.open_code(text)
    assert refused.value.hint
    assert len(str(refused.value)) < 400
    press(explorer, "open", text)
    assert explorer._picture.refusal
    assert explorer.sentence == before
    with pytest.raises(SalesMetricsError):
        explore(text)


@given(
    st.one_of(
        st.text(max_size=80),
        st.text(string.ascii_uppercase + string.digits, max_size=60).map("coverage-1-".__add__),
        st.lists(st.integers(0, 255), max_size=40).map(lambda some: "coverage-1-" + positions._letters(bytes(some))),
        # With both checks right, as only somebody who reads this file would send it.
        st.binary(max_size=40).map(
            lambda some: "coverage-1-" + positions._letters(positions._checks(MODEL, some) + some)
        ),
    )
)
@settings(max_examples=500)
def test_anything_at_all_is_a_position_or_refused(text: str) -> None:
    try:
        position = positions.decode(MODEL, text)
    except SalesMetricsError:
        return
    assert all(lever.minimum <= position[lever.name] <= lever.maximum for lever in MODEL.levers)
    assert positions.encode(MODEL, position).partition("-1-")[2] == text.partition("-1-")[2]


@pytest.mark.parametrize("value", [float("nan"), float("inf"), -1.0, 1e300])
def test_a_forged_code_brings_no_lever_where_it_does_not_go(value: float) -> None:
    content = bytes([positions._EXACT]) + struct.pack(">d", value)
    with pytest.raises(SalesMetricsError):
        positions.decode(MODEL, "coverage-1-" + positions._letters(positions._checks(MODEL, content) + content))


def test_a_code_of_another_version_or_model_says_so(explorer: Explorer, language: str) -> None:
    words = {"en": "another version of the kit", "nl": "een andere versie van het pakket"}[language]
    with pytest.raises(SalesMetricsError, match=words):
        explorer.open_code("coverage-2-ABCDEFGH")
    other = Model(name="coverage", title="", levers=MODEL.levers[1:], outcome=MODEL.outcome)
    with pytest.raises(SalesMetricsError, match=words):
        explorer.open_code(positions.encode(other, other.defaults()))
    with pytest.raises(SalesMetricsError, match="“startup”"):
        explorer.open_code(explore("startup").share())


def test_a_code_in_sight_follows_the_sliders(explorer: Explorer) -> None:
    assert explorer._tools.code == ""
    explorer._tools.set_state({"opened": True})
    first = explorer._tools.code
    explorer.set(target=1_000_000)
    assert explorer._tools.code == sent() != first


# Files


def test_a_file_brings_back_the_state_and_a(explorer: Explorer, tmp_path: Path, language: str) -> None:
    explorer.set(target=400_000, conversion=0.25)
    explorer.pin()
    explorer.set(target=1_000_000)
    explorer.save(tmp_path / "state.json")
    for opened in (explore(str(tmp_path / "state.json")), explore("coverage")):
        opened.load(tmp_path / "state.json")
        assert opened.outcome == explorer.outcome
        assert opened._pinned is not None
        assert opened._pinned.position == explorer._pinned.position  # type: ignore[union-attr]
    words = (tmp_path / "state.json").read_text(encoding="utf-8")
    assert json.loads(words)["levers"]["target"] == 1_000_000


def test_a_file_without_a_lets_a_go(explorer: Explorer) -> None:
    words = explorer._as_file()
    explorer.pin()
    press(explorer, "load", words)
    assert explorer._pinned is None
    assert explorer._picture.refusal == ""


def test_the_button_hands_the_file_to_the_browser(explorer: Explorer, monkeypatch: pytest.MonkeyPatch) -> None:
    handed: list[Any] = []
    monkeypatch.setattr(type(explorer._tools), "send", lambda self, content: handed.append(content))
    press(explorer, "save")
    assert handed == [{"name": "coverage.json", "text": explorer._as_file()}]


def saved(**changes: Any) -> str:
    return json.dumps({**json.loads(positions.as_file(MODEL, MODEL.defaults(), None)), **changes})


BAD_FILES = {
    "not json": "hello",
    "empty": "",
    "a list": "[]",
    "another program's": "{}",
    "deep": "[" * 50_000,
    "large": " " * 200_000,
    "another version": saved(format=2),
    "another model": saved(model="startup"),
    "a hostile model": saved(model="../../x"),
    "a model that is none": saved(model=None),
    "an unknown lever": saved(levers={"targt": 1}),
    "levers that are none": saved(levers=[1]),
    "text": saved(levers={"target": "1000000"}),
    "nan": saved(levers={"target": float("nan")}),
    "huge": saved(levers={"target": 10**400}),
    "beyond": saved(levers={"target": -1}),
    "yes": saved(levers={"target": True}),
    "a list for a lever": saved(levers={"target": [1]}),
    "pinned is none": saved(pinned=3),
    "pinned beyond": saved(pinned={"target": -1}),
}


@pytest.mark.parametrize("words", BAD_FILES.values(), ids=BAD_FILES.keys())
def test_a_file_that_cannot_be_is_refused_in_words_and_moves_nothing(
    explorer: Explorer, words: str, tmp_path: Path, language: str
) -> None:
    explorer.set(won=50_000)
    before = explorer.sentence
    (tmp_path / "state.json").write_text(words, encoding="utf-8")
    with pytest.raises(SalesMetricsError) as refused:
        explorer.load(tmp_path / "state.json")
    assert refused.value.hint
    press(explorer, "load", words)
    assert explorer._picture.refusal
    assert (explorer.sentence, explorer._pinned) == (before, None)


@pytest.mark.parametrize("content", [b"\xff\xfe\x00", b"\x00" * 300_000])
def test_a_film_is_no_file_of_the_kit(explorer: Explorer, content: bytes, tmp_path: Path) -> None:
    (tmp_path / "film.json").write_bytes(content)
    with pytest.raises(SalesMetricsError, match="no file with positions"):
        explorer.load(tmp_path / "film.json")


@pytest.mark.parametrize("name", ["", "nowhere/state.json", "nul\x00.json"])
def test_a_file_that_is_not_there_says_so(explorer: Explorer, name: str, tmp_path: Path, language: str) -> None:
    for act in (explorer.load, explorer.save):
        with pytest.raises(SalesMetricsError) as refused:
            act(str(tmp_path / name))
        assert refused.value.hint


@given(st.dictionaries(st.text(max_size=8), st.recursive(st.none() | st.floats() | st.text(), st.lists)))
@settings(max_examples=100, suppress_health_check=[HealthCheck.too_slow])
def test_any_json_at_all_is_refused_or_a_position(content: dict[str, Any]) -> None:
    for words in (json.dumps(content), saved(levers=content), saved(**content)):
        try:
            position, _pinned = positions.from_file(MODEL, words)
        except SalesMetricsError:
            continue
        assert set(position) == set(MODEL.defaults())


# One's own figures


def test_sliders_of_own_figures_have_no_code_no_file_and_store_nothing(tmp_path: Path, language: str) -> None:
    own = Explorer(MODEL, chart, private=True)
    assert not own._tools.shareable
    for act in (
        own.share,
        lambda: own.open_code(sent()),
        lambda: own.save(tmp_path / "state.json"),
        lambda: own.load(tmp_path / "state.json"),
    ):
        with pytest.raises(SalesMetricsError):
            act()
    assert list(tmp_path.iterdir()) == []
    for what in ("open", "save", "load"):
        press(own, what, "x")
        assert own._picture.refusal
    own._tools.set_state({"opened": True})
    own.pin()
    own.set(target=1_000_000)
    assert own._tools.code == ""
    bundle = own._repr_mimebundle_()
    assert set(bundle) == {"application/vnd.jupyter.widget-view+json", "text/plain"}
    assert not any(digit.isdigit() for digit in bundle["text/plain"])
