"""What the page of one's own pipeline is built of: buttons, boxes, the choice of a period, and answers about a file.

Those are answers to its questions, and the mapping card, on which what became what is put right.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Mapping
from functools import partial
from itertools import islice
from typing import Any

import ipywidgets
import pandas as pd

from salesmetrics.base.errors import SalesMetricsError
from salesmetrics.base.language import N_, _, month, ngettext, number
from salesmetrics.base.show import escaped, short
from salesmetrics.crm import Export
from salesmetrics.crm.cell_values import ORDER_NAMES
from salesmetrics.crm.question import Choice, Question
from salesmetrics.crm.systems import NAMES
from salesmetrics.deals.periods import Period, following, quarter_number, read_period

# A label in full, however long it is in either language.
WHOLE = {"description_width": "initial"}
_OTHER = "other"
_DAY = datetime.timedelta(days=1)
# As many of a word as fit beside its list.
_LETTERS = 40
# More answers than this stand in a list.
_BUTTONS = 8
_STATUSES = ((N_("open"), "open"), (N_("won"), "won"), (N_("lost"), "lost"), (N_("no deal: leave it out"), "no_deal"))
# The rows of the mapping card; others are there for what was found.
_FIELDS = ("deal_id", "status", "stage", "amount", "created_on", "expected_close_on", "closed_on")
_MORE = tuple(name for name in NAMES if name not in (*_FIELDS, "pipeline"))
# What a list offers beside the headers; no header looks like these.
_AS_READ, _NONE = "\0as read", "\0none"
_LAYOUT, _STYLE = {"width": "34em", "max_width": "100%"}, {"description_width": "14em"}

Tell = Callable[[Mapping[str, Any]], None]


def button(label: str, act: Callable[[], None]) -> ipywidgets.Button:
    """Return a button that does something."""
    made = ipywidgets.Button(description=label, layout={"width": "auto", "max_width": "100%"})
    made.on_click(lambda _button: act())
    return made


def tick(label: str, *, on: bool = False) -> ipywidgets.Checkbox:
    """Return a box to tick, as wide as its label."""
    return ipywidgets.Checkbox(description=label, value=on, indent=False, layout={"width": "auto"})


def text_box(label: str = "", example: str = "", **layout: str) -> ipywidgets.Text:
    """Return a box to type in, of which nothing is read before Enter; ``example`` stands in it while it is empty."""
    return ipywidgets.Text(description=label, placeholder=example, continuous_update=False, style=WHOLE, layout=layout)


def row(*parts: ipywidgets.Widget) -> ipywidgets.Box:
    """Put boxes beside each other, on more lines where one is too short."""
    return ipywidgets.Box(parts, layout={"flex_flow": "row wrap", "align_items": "center", "grid_gap": "0.3em 1em"})


def result() -> ipywidgets.HTML:
    """Return an empty place for a result, which looks as a notebook shows one; what is too wide scrolls."""
    made = ipywidgets.HTML(layout={"overflow": "auto"})
    made.add_class("jp-RenderedHTMLCommon")
    return made


def show_if(wanted: object, *parts: ipywidgets.Widget) -> bool:
    """Show parts of the page, or take them out of sight; return whether they are shown."""
    for part in parts:
        part.layout.display = "" if wanted else "none"
    return bool(wanted)


class PeriodChoice:
    """A list of periods and, for any other, its first and last day.

    ``changed`` is called at each choice.
    """

    def __init__(self, changed: Callable[[], None]) -> None:
        self._changed, self._afresh = changed, True
        self._list = ipywidgets.Dropdown(description=_("Period"), layout={"width": "18em"}, style=WHOLE)
        self._days = [ipywidgets.DatePicker(description=label) for label in (_("First day"), _("Last day"))]
        self._other = ipywidgets.HBox(self._days, layout={"display": "none"})
        for box in (self._list, *self._days):
            box.observe(self._chosen, "value")
        self.widget = row(self._list, self._other)

    def offer(self, deals: pd.DataFrame) -> None:
        """Offer the periods around the last day in the file; what was chosen stays chosen if it can."""
        last = deals[["created_on", "closed_on"]].max().max()
        day = (datetime.date.today() if pd.isna(last) else last.date()) + _DAY
        options = [*periods_from(day), (_("other days"), _OTHER)]
        before, self._afresh = None if self._afresh else self._list.value, False
        self._list.options = options
        self._list.value = before if before in [value for _label, value in options] else options[0][1]

    def forget(self) -> None:
        """Begin with the quarter in which the next file ends: what is chosen now belongs to another pipeline."""
        self._afresh = True

    @property
    def choice(self) -> str:
        """The name of the period that is chosen; empty for other days."""
        return "" if self._list.value in (None, _OTHER) else str(self._list.value)

    def choose(self, name: str) -> None:
        """Choose a period by its name, where it is offered and not over: then the next one stays."""
        names = [value for _label, value in self._list.options]
        if name in names and read_period(name).last >= read_period(names[0]).first:
            self._list.value = name

    def period(self) -> Period:
        """Return the period that is chosen; one without a first or last day is refused, as are days in wrong order."""
        if self._list.value != _OTHER:
            return read_period(self._list.value)
        first, last = (box.value for box in self._days)
        if first is None or last is None:
            raise SalesMetricsError(_("The period has no first or no last day yet."), hint=_("Choose both days."))
        return read_period((first, last))

    def _chosen(self, _change: Any) -> None:
        show_if(self._list.value == _OTHER, self._other)
        self._changed()


def periods_from(day: datetime.date) -> list[tuple[str, str]]:
    """Return the quarter that holds a day, the next two and the one before, then months and the year.

    Examples
    --------
    >>> periods_from(datetime.date(2026, 4, 1))[:3]
    [('Q2 2026', '2026Q2'), ('Q3 2026', '2026Q3'), ('Q4 2026', '2026Q4')]
    """
    quarters = [divmod(quarter_number(day) + step, 4) for step in (0, 1, 2, -1)]
    this_month = read_period(f"{day:%Y-%m}")
    return [
        *((_("Q{quarter} {year}").format(quarter=at + 1, year=year), f"{year}Q{at + 1}") for year, at in quarters),
        *((month(each.first), f"{each.first:%Y-%m}") for each in (this_month, *islice(following(this_month), 2))),
        (str(day.year), str(day.year)),
    ]


def answers_to(asked: Question, tell: Tell) -> list[ipywidgets.Widget]:
    """Offer each answer to a question.

    ``tell`` is called with the options of ``read_deals`` that somebody chose.
    """
    if len(asked.choices) > _BUTTONS:
        return [_list(asked.choices, tell)]
    # Of words, the first four choices are the lists.
    sorting, others = (_sort_words(asked, tell), asked.choices[4:]) if asked.words else ([], asked.choices)
    return [*sorting, *(button(choice.label, partial(tell, choice.options)) for choice in others)]


def _list(choices: tuple[Choice, ...], tell: Tell) -> ipywidgets.Dropdown:
    """Offer many answers, such as all headers, in a list."""
    box = ipywidgets.Dropdown(options=[("…", None), *((choice.label, choice.options) for choice in choices)])
    box.observe(lambda change: tell(change["new"]) if change["new"] else None, "value")
    return box


def _sort_words(asked: Question, tell: Tell) -> list[ipywidgets.Widget]:
    """Offer a choice for each unclear word, and a button to read on: one answer must not decide the others."""
    # The third choice leaves them open, and holds the words that are known to be won or lost; the last leaves them out.
    unclear, known = asked.words, {**asked.choices[2].options, "no_deal": asked.choices[3].options["no_deal"][:-1]}
    choices = [
        ipywidgets.Dropdown(
            options=[(_(label), status) for label, status in _STATUSES],
            value=word.proposed,
            description=f"“{short(word.text, _LETTERS)}” ({number(word.rows)}: {number(word.amount)})",
            style=WHOLE,
        )
        for word in unclear
    ]

    def read_on() -> None:
        sorted_words = {
            status: [word.text for word, choice in zip(unclear, choices, strict=True) if choice.value == status]
            for status in ("won", "lost", "no_deal")
        }
        tell({status: [*known[status], *found] for status, found in sorted_words.items()})

    return [*choices, button(_("Read on"), read_on)]


class MappingCard:
    """A row for each field: the header it was read from, in a list of all headers, and how it was read.

    ``tell`` is called with the options of ``read_deals`` that somebody chose; ``afresh`` when all questions are to be
    asked again.
    """

    def __init__(self, tell: Tell, afresh: Callable[[], None]) -> None:
        # While the card is filled in nobody has chosen anything.
        self._tell: Tell = lambda options: None if self._offering else tell(options)
        self._offering = False
        self._told: dict[str, dict[str, str]] = {}
        self._rows = {field: self._row(field) for field in (*_FIELDS, *_MORE)}
        self._stages = text_box(_("Stages, first to last"), _("Lead, Demo, Proposal"), **_LAYOUT)
        self._stages.style = _STYLE
        self._stages.observe(lambda change: self._ordered(change["new"]), "value")
        self._afresh = button(_("Ask me everything again"), afresh)
        title = ipywidgets.HTML(f"<strong>{escaped(_('What became what'))}</strong>")
        self.widget = ipywidgets.VBox([title, *self._rows.values(), self._stages, self._afresh])

    def _row(self, field: str) -> ipywidgets.Box:
        headers = ipywidgets.Dropdown(description=_(NAMES[field]), layout=_LAYOUT, style=_STYLE)
        headers.observe(lambda change: self._chosen(field, change["new"]), "value")
        ways = ipywidgets.Dropdown(
            layout={"width": "10em", "display": "none"},
            tooltip=_("{what}: how it is written").format(what=_(NAMES[field])),
        )
        ways.observe(lambda change: self._written(field, change["new"]), "value")
        return row(headers, ways, ipywidgets.HTML())

    def offer(self, export: Export) -> None:
        """Show what was read as what."""
        used = {column.field: column for column in reversed(export.receipt.columns)}
        headers = dict.fromkeys([column.header for column in export.receipt.columns] + list(export.receipt.unused))
        self._offering = True
        for option in ("date_order", "decimal"):
            told = export.mapping.get(option, {})
            self._told[option] = dict(told) if isinstance(told, Mapping) else dict.fromkeys(_FIELDS, told)
        for field, line in self._rows.items():
            box, ways, how = line.children
            read = used.get(field)
            show_if(read or field in _FIELDS, line)
            as_read = f"“{read.header}”" if read else _("not found")
            box.options = [(as_read, _AS_READ), *((header, header) for header in headers), (_("none"), _NONE)]
            box.value = _AS_READ
            # The other ways to read a column of days or of amounts, where it was settled in one of them.
            option, offered = _ways_of(field)
            settled = self._told.get(option, {}).get(field)
            if show_if(settled in dict(offered).values(), ways):
                ways.options, ways.value = offered, settled
            how.value = escaped(", ".join(filter(None, [read.how, _empty(read.empty)]))) if read else ""
        self._stages.value = ", ".join(export.stages)
        answered = set(export.mapping) - {"columns", "stages", "date_order", "decimal"}
        show_if(answered or export.mapping.get("columns"), self._afresh)
        self._offering = False

    def _chosen(self, field: str, value: str) -> None:
        if value != _AS_READ:
            self._tell({"columns": {field: None if value == _NONE else value}})

    def _written(self, field: str, value: str) -> None:
        # One column read another way says nothing of the others, which stay as they were read.
        option = _ways_of(field)[0]
        self._tell({option: {**self._told[option], field: value}})

    def _ordered(self, text: str) -> None:
        self._tell({"stages": [stage.strip() for stage in text.split(",") if stage.strip()] or None})


def _ways_of(field: str) -> tuple[str, list[tuple[str, str]]]:
    """Return the option that says how a field is written, and the ways; of most fields there are none."""
    if field.endswith("_on"):
        return "date_order", [(_(name), order) for order, name in ORDER_NAMES.items()]
    return ("decimal", [("1.234,56", ","), ("1,234.56", ".")]) if field == "amount" else ("", [])


def _empty(count: int) -> str:
    return ngettext("{count} empty", "{count} empty", count).format(count=number(count)) if count else ""
