"""Dutch and English: nothing on the screen without both, nothing unused, and each written as its readers write."""

import ast
import csv
import datetime
import json
import re
from pathlib import Path

import pytest
from babel.messages.pofile import read_po
from jinja2 import Environment
from tables import refusals

from salesmetrics import use_language
from salesmetrics.base.language import NBSP, _, date, did_you_mean, language, money, ngettext, number, percent, times

ROOT = Path(__file__).parent.parent
PO = ROOT / "salesmetrics" / "base" / "nl.po"

# The functions that take words for the screen, and which of their arguments those are.
TAKES_WORDS = {"_": (0,), "N_": (0,), "ngettext": (0, 1), "note": (1, 2)}
# What a table of data holds that is shown in the reader's language.
SHOWN = ("status", "stage", "channel", "owner", "loss_reason", "response_time")
TEMPLATES = Environment(extensions=["jinja2.ext.i18n"])
PLACEHOLDER = re.compile(r"\{[^{}]*\}")


def words_in(source):
    """Find every message in a piece of code, inside f-strings too: (a message,) or (singular, plural)."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in TAKES_WORDS:
            # A name in the place of the words is data, or marked by N_ where it was written.
            words = [node.args[i] for i in TAKES_WORDS[node.func.id] if i < len(node.args)]
            if all(isinstance(word, ast.Constant) for word in words):
                yield tuple(word.value for word in words)
            elif any(isinstance(word, ast.JoinedStr | ast.BinOp) for word in words):
                raise AssertionError(f"line {node.lineno}: words for the screen must stand there whole")


def words_of_the_code():
    found = {}
    for path in sorted((ROOT / "salesmetrics").rglob("*.py")):
        for words in words_in(path.read_text(encoding="utf-8")):
            found.setdefault(words, path.relative_to(ROOT).as_posix())
    for path in sorted((ROOT / "salesmetrics").rglob("*.html")):
        for _line, _function, words in TEMPLATES.extract_translations(path.read_text(encoding="utf-8")):
            found.setdefault((words,) if isinstance(words, str) else tuple(words), path.relative_to(ROOT).as_posix())
    return found


def words_of_the_data():
    about = json.loads((ROOT / "data" / "datapackage.json").read_text(encoding="utf-8"))
    found = set()
    for resource in about["resources"]:
        found |= {resource["title"], *resource["stages"]} if "stages" in resource else set()
        with (ROOT / "data" / resource["path"]).open(encoding="utf-8", newline="") as file:
            found |= {row[name] for row in csv.DictReader(file) for name in SHOWN if row.get(name)}
    return {(word,) for word in found}


CODE, DATA = words_of_the_code(), words_of_the_data()
with PO.open("rb") as file:
    CATALOGUE = {
        (message.id,) if isinstance(message.id, str) else tuple(message.id): (message.string,)
        if isinstance(message.string, str)
        else tuple(message.string)
        for message in read_po(file, locale="nl", abort_invalid=True)
        if message.id
    }
# The words of one message may also be the singular of another.
SINGULARS = {words[:1] for words in CATALOGUE}


def test_there_is_much_to_say():
    assert len(CODE) > 100
    assert len(DATA) > 20


def test_every_message_of_the_code_has_dutch():
    assert {words: where for words, where in CODE.items() if words not in CATALOGUE and words not in SINGULARS} == {}


def test_every_value_of_the_data_has_dutch():
    assert sorted(DATA - SINGULARS) == []


def test_no_dutch_is_unused():
    assert sorted(set(CATALOGUE) - set(CODE) - DATA) == []


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("_('one')", [("one",)]),
        ("print(f'{_(\"in\")} {x}')", [("in",)]),
        ("_('one ' 'two')", [("one two",)]),
        ("ngettext('row', 'rows', n)", [("row", "rows")]),
        ("[*note(n, 'row', 'rows', money=m)]", [("row", "rows")]),
        ("N_('later'); _(name); other('no')", [("later",)]),
    ],
)
def test_the_reader_of_code_finds_words(source, found):
    assert list(words_in(source)) == found


@pytest.mark.parametrize("source", ["_(f'{n} rows')", "_('a' + b)", "ngettext('row', f'{n} rows', n)"])
def test_words_in_pieces_are_noticed(source):
    with pytest.raises(AssertionError, match="must stand there whole"):
        list(words_in(source))


# Where words end up on the screen: the calls that take them first, and the arguments by name that are words.
SHOWS = {"SalesMetricsError", "Question", "text", "annotate", "HTML", "Label", "Button", "print", "say"}
# Calls of which only the second argument is words.
SHOWS_SECOND = {"Lever", "Model", "Channel", "Figure", "effort_lever"}
SHOWN_AS = {"hint", "label", "title", "description", "tooltip", "placeholder", "definition", "no_value", "what"}
SHOWN_AS |= {"numerator_label", "denominator_label"}


def bare_words(source):
    """Find words that would reach the screen in one language only: where they are shown, but not marked."""
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.Call):
            continue
        called = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
        given = node.args if called in SHOWS else node.args[1:2] if called in SHOWS_SECOND else ()
        shown = [*given, *(k.value for k in node.keywords if k.arg in SHOWN_AS)]
        for value in shown:
            parts = value.values if isinstance(value, ast.JoinedStr) else [value]
            texts = [part.value for part in parts if isinstance(part, ast.Constant) and isinstance(part.value, str)]
            yield from (text for text in texts if re.search(r"[A-Za-z]{3}", re.sub(r"<[^>]*>", "", text)))


def test_no_words_are_shown_in_one_language_only():
    paths = sorted((ROOT / "salesmetrics").rglob("*.py"))
    found = {path.relative_to(ROOT).as_posix(): list(bare_words(path.read_text(encoding="utf-8"))) for path in paths}
    assert {path: words for path, words in found.items() if words} == {}


def bare_words_in_page(template):
    """Find words of a template that stand beside its places to fill in, or in a place but not marked."""
    text = re.sub(r"<style>.*?</style>|\{#.*?#\}", "", template, flags=re.DOTALL)
    places = re.findall(r"\{\{.*?\}\}|\{%.*?%\}", text, re.DOTALL)
    words = re.sub(r"<[^>]*>", "", re.sub(r"\{\{.*?\}\}|\{%.*?%\}", "", text, flags=re.DOTALL))
    unmarked = [
        quoted for place in places for quoted in re.findall(r'(?<!_\()"([^"]*)"', re.sub(r'_\("[^"]*"\)', "", place))
    ]
    return [
        found for found in [*words.split("\n"), *unmarked] if re.search(r"[A-Za-z]{3}", found) and found != " words"
    ]


def test_no_words_of_a_page_are_shown_in_one_language_only():
    for path in (ROOT / "salesmetrics").rglob("*.html"):
        assert bare_words_in_page(path.read_text(encoding="utf-8")) == []
    assert bare_words_in_page('<p>Open: {{ _("open") }}</p>{{ "days" if old }}') == ["Open: ", "days"]


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("SalesMetricsError('Wrong.', hint=_('Mend it.'))", ["Wrong."]),
        ("SalesMetricsError(_('Wrong.'), hint='Mend it.')", ["Mend it."]),
        ("Lever('pipeline', 'Open pipeline', 'money')", ["Open pipeline"]),
        ("say(_('That is all.'), 'Nothing else.')", ["Nothing else."]),
        ("axes.text(0, 1, f'{share} of the target')", [" of the target"]),
        ("ipywidgets.HTML(f'<p class=\"plain\">{said}</p>')", []),
        ("axes.text(0, 1, f'{number(5)}×')", []),
        ("Lever('pipeline', N_('Open pipeline'), 'money')", []),
    ],
)
def test_bare_words_are_noticed(source, found):
    assert list(bare_words(source)) == found


def test_no_message_stands_there_twice():
    written = re.findall(r'^msgid ((?:".*"\n)+)', PO.read_text(encoding="utf-8"), re.MULTILINE)
    messages = ["".join(ast.literal_eval(line) for line in lines.splitlines()) for lines in written]
    assert sorted(message for message in set(messages) if messages.count(message) > 1) == []


def test_the_catalogue_holds_nothing_doubtful():
    text = PO.read_text(encoding="utf-8")
    assert "#, fuzzy" not in text
    assert "#~" not in text


@pytest.mark.parametrize(("english", "dutch"), CATALOGUE.items(), ids=lambda words: words[0][:40])
def test_dutch_is_complete_and_fills_in_the_same(english, dutch):
    assert len(dutch) == len(english)
    for one, other in zip(english, dutch, strict=True):
        assert other.strip()
        assert sorted(set(PLACEHOLDER.findall(one))) == sorted(set(PLACEHOLDER.findall(other)))
        assert (one[0].isspace(), one[-1].isspace()) == (other[0].isspace(), other[-1].isspace())
        assert one.count("\n") == other.count("\n")


def test_whole_sentences_are_not_left_in_english():
    same = [english for english, dutch in CATALOGUE.items() if english == dutch and len(english[0].split()) > 3]
    assert same == []


def test_dutch_uses_the_words_of_the_house():
    not_ours = re.compile(
        r"\b(dekkingsgraad|verkoopkans\w*|zombie\w*|nazorg|hand-off|koperreis|sleutelspelers|statistiek|hefboom|zandbak|bon"
        r"|(?<!\d )u|uw|afgesloten|betaalde social|hoeveelheid|marges?|dode|de kit|deals? met een uitkomst)\b",
        re.IGNORECASE,
    )
    assert [text for dutch in CATALOGUE.values() for text in dutch if not_ours.search(text)] == []


# Choosing a language


def test_english_is_the_default_and_dutch_can_be_chosen():
    assert language() == "en"
    assert _("target met") == "target met"
    use_language("nl")
    assert language() == "nl"
    assert _("target met") == "target gehaald"
    use_language("en")
    assert _("target met") == "target met"


def test_what_has_no_dutch_stays_as_it_is(language):
    assert _("Seller 99") == "Seller 99"
    assert ngettext("{count} apple", "{count} apples", 2) == "{count} apples"
    assert ngettext("{count} apple", "{count} apples", 1) == "{count} apple"


@pytest.mark.parametrize(
    ("count", "english", "dutch"),
    [(0, "0 rows", "0 rijen"), (1, "1 row", "1 rij"), (1.0, "1.0 row", "1.0 rij"), (2, "2 rows", "2 rijen")],
)
def test_one_and_many(count, english, dutch, language):
    found = ngettext("{count} row", "{count} rows", count).format(count=count)
    assert found == {"en": english, "nl": dutch}[language]


def test_words_that_are_also_the_singular_of_two_forms():
    use_language("nl")
    assert _("{count} row") == "{count} rij"


@pytest.mark.parametrize("chosen", ["de", "NL", "", None, 1])
def test_another_language_is_refused(chosen):
    assert refusals(lambda: use_language(chosen)) == {
        "en": f'The kit does not speak {chosen!r}.\n→ Choose "en" (English) or "nl" (Dutch).',
        "nl": f'Het pakket spreekt geen {chosen!r}.\n→ Kies "en" (Engels) of "nl" (Nederlands).',
    }
    assert language() == "nl"


# Numbers, money and dates


@pytest.mark.parametrize(
    ("write", "english", "dutch"),
    [
        (lambda: number(2_500_000), "2,500,000", "2.500.000"),
        (lambda: number(6.54, 1), "6.5", "6,5"),
        (lambda: number(1234.5, 2), "1,234.50", "1.234,50"),
        (lambda: number(-0.2), "0", "0"),
        (lambda: money(500_000), "€ 500,000", "€ 500.000"),
        (lambda: money(1234.5), "€ 1,234.50", "€ 1.234,50"),
        (lambda: money(1234.56), "€ 1,234.56", "€ 1.234,56"),
        (lambda: money(9_999.99), "€ 9,999.99", "€ 9.999,99"),
        (lambda: money(10_000.4), "€ 10,000", "€ 10.000"),
        (lambda: money(3_395_348.84), "€ 3,395,349", "€ 3.395.349"),
        (lambda: money(-3_395_348.84, "USD"), "-US$ 3,395,349", "-US$ 3.395.349"),
        (lambda: money(0), "€ 0", "€ 0"),
        (lambda: money(-20), "-€ 20", "-€ 20"),
        (lambda: money(-0.001), "€ 0", "€ 0"),
        (lambda: money(0.07), "€ 0.07", "€ 0,07"),
        (lambda: money(99.999), "€ 100", "€ 100"),
        (lambda: money(-1234.5, "USD"), "-US$ 1,234.50", "-US$ 1.234,50"),
        (lambda: money(500_000, "AUD"), "A$ 500,000", "AU$ 500.000"),
        (lambda: money(1234.5, ""), "1,234.50", "1.234,50"),
        (lambda: percent(0.125), "12.5%", "12,5%"),
        (lambda: percent(0.1), "10.0%", "10,0%"),
        (lambda: percent(1.234, 0), "123%", "123%"),
        (lambda: times(5), "5.0×", "5,0×"),
        (lambda: times(6.0526, 2), "6.05×", "6,05×"),
        (lambda: date(datetime.date(2026, 3, 31)), "31 Mar 2026", "31-03-2026"),
        (lambda: date(datetime.date(2026, 11, 3)), "3 Nov 2026", "03-11-2026"),
    ],
)
def test_as_each_language_writes(write, english, dutch, language):
    assert write().replace(NBSP, " ") == {"en": english, "nl": dutch}[language]


def test_an_amount_does_not_break_over_two_lines():
    assert money(5) == f"€{NBSP}5"


def test_the_nearest_name_or_all_of_them(language):
    assert (
        did_you_mean("AMUONT", ["Amount", "stage"])
        == {"en": "Did you mean “Amount”?", "nl": "Bedoel je “Amount”?"}[language]
    )
    assert (
        did_you_mean(None, iter(["a", "b"]))
        == {"en": "There are: “a”, “b”.", "nl": "Je kunt kiezen uit: “a”, “b”."}[language]
    )
    assert did_you_mean("a", []) == ""
