"""Show what a class struggles with: as text, and as a page with a picture that opens without a network."""

from __future__ import annotations

from collections.abc import Sequence
from importlib.resources import files
from typing import Any

from jinja2 import Environment, StrictUndefined
from matplotlib.figure import Figure
from matplotlib.patches import Patch

from salesmetrics.base.language import _, language, ngettext
from salesmetrics.base.show import escaped
from salesmetrics.charts import PAPER, TARGET
from salesmetrics.charts.moving_picture import Drawing, MovingPicture, figure_html, house_style
from salesmetrics.exercises.classroom_counts import Group, Misconception, Tally
from salesmetrics.exercises.content import Question, said

KIND = "collect"
_LONGEST_LIST = 10  # a trainer reads this between two sessions


def text(group: Group) -> str:
    """Write it in a few lines."""
    lists = ["\n".join([heading, *(f"  {line}" for line in lines)]) for heading, lines in _sections(group)]
    return "\n\n".join([_sentence(group), *lists, "\n".join(_notes(group))])


def page(group: Group) -> str:
    """Write it as a page of its own, picture included; it loads nothing."""
    sentence, hardest = _sentence(group), _hardest(group)
    text = files("salesmetrics.exercises").joinpath("classroom_page.html").read_text(encoding="utf-8")
    templates = Environment(trim_blocks=True, keep_trailing_newline=True, undefined=StrictUndefined)
    # Every text is escaped here, so that a long word in it can break.
    return templates.from_string(text).render(
        language=language(),
        title=escaped(_("What the class struggles with")),
        top=picture(hardest, sentence) if hardest else f"<p>{escaped(sentence)}</p>",
        sections=[(escaped(heading), list(map(escaped, lines))) for heading, lines in _sections(group)],
        notes=list(map(escaped, _notes(group))),
    )


def _hardest(group: Group) -> list[Tally]:
    """Return the exercises over which somebody stumbled, the hardest first."""
    return [tally for tally in group.tallies if tally.stumbled][:_LONGEST_LIST]


def _sentence(group: Group) -> str:
    read = ngettext("{count} progress file was read.", "{count} progress files were read.", group.learners)
    told = read.format(count=group.learners)
    if not group.tallies:
        return f"{told} {_('Nobody has answered an exercise yet.')}"
    if not (hardest := _hardest(group)):
        return f"{told} {_('Nobody stumbled: every answer was right at once.')}"
    first = hardest[0]
    most = _("Most stumbled over “{name}”: {stumbled} of the {tried} who tried it.")
    return f"{told} {most.format(name=_name(first.question), stumbled=first.stumbled, tried=first.tried)}"


def _sections(group: Group) -> list[tuple[str, list[str]]]:
    """Return the two lists with their headings, without those that are empty."""
    both = [
        (_("Where the class stumbled"), [_exercise(tally) for tally in _hardest(group)]),
        (_("What usually lay behind it"), [_mistake(mistake) for mistake in group.misconceptions[:_LONGEST_LIST]]),
    ]
    return [(heading, lines) for heading, lines in both if lines]


def _exercise(tally: Tally) -> str:
    parts = [
        _("{stumbled} of {tried}").format(stumbled=tally.stumbled, tried=tally.tried),
        _name(tally.question),
        _("done by {count}").format(count=tally.done),
    ]
    if tally.hinted:
        parts.append(_("hint read by {count}").format(count=tally.hinted))
    if tally.shown:
        parts.append(_("solution read by {count}").format(count=tally.shown))
    return " · ".join(parts)


def _mistake(mistake: Misconception) -> str:
    where = "; ".join(_name(question) for question in mistake.met_in)
    return f"{mistake.learners} · “{said(mistake.says)}” ({where})"


def _notes(group: Group) -> list[str]:
    """Describe what is counted, and what was left out."""
    notes = [_("Learners are counted, not answers: a mistake made five times counts once.")]
    if group.skipped:
        skipped = ngettext(
            "{count} file was left out: it is damaged, or no progress of these lessons: {names}.",
            "{count} files were left out: they are damaged, or no progress of these lessons: {names}.",
            len(group.skipped),
        )
        notes.append(skipped.format(count=len(group.skipped), names=", ".join(group.skipped)))
    return notes


def _name(question: Question) -> str:
    return f"{question.lesson.number} {said(question.title)}"


_ROW, _HEAD = 0.62, 0.6  # inches
# From right at once to not there yet; hatches as well, so that it can be read without colour.
_LOOKS: tuple[dict[str, Any], ...] = (
    {"facecolor": "#D9D9D9"},
    {"facecolor": PAPER, "hatch": "//"},
    {"facecolor": "#4D4D4D"},
)


def picture(tallies: Sequence[Tally], sentence: str) -> str:
    """Draw the exercises, at least one, from top to bottom as HTML that any page shows; the sentence says what."""
    drawing: Drawing[Any] = Drawing(figure(tallies), (), lambda _outcome: None)
    return figure_html(MovingPicture(drawing, name="class").svg(None, sentence), sentence)


@house_style()
def figure(tallies: Sequence[Tally]) -> Figure:
    """Draw a bar per exercise, as long as there are learners who tried it."""
    height = _ROW * len(tallies) + _HEAD
    drawn = Figure(figsize=(10, height))
    axes = drawn.add_axes((0.02, 0.02, 0.96, 0.96 - _HEAD / height))
    axes.set(xlim=(0, max(tally.tried for tally in tallies)), ylim=(len(tallies) - 0.4, -0.6))
    axes.axis("off")
    for row, tally in enumerate(tallies):
        name = f"{tally.question.lesson.number}  {said(tally.question.title)}"
        axes.text(0, row - 0.22, name, va="bottom")
        start = 0
        for count, look, ink in zip(parts(tally), _LOOKS, (TARGET, TARGET, PAPER), strict=True):
            if count:
                axes.barh(row, count, left=start, height=0.4, edgecolor=TARGET, **look)
                box = {"facecolor": look["facecolor"], "edgecolor": "none", "pad": 2}
                axes.text(start + count / 2, row, str(count), ha="center", va="center", color=ink, bbox=box)
            start += count
    names = (_("right at once"), _("right after a wrong answer"), _("not right yet"))
    handles = [Patch(edgecolor=TARGET, label=name, **look) for name, look in zip(names, _LOOKS, strict=True)]
    drawn.legend(handles=handles, loc="upper left", bbox_to_anchor=(0.01, 1), ncols=3, frameon=False)
    return drawn


def parts(tally: Tally) -> tuple[int, int, int]:
    """Return how many were right at once, right after a wrong answer, and not right yet."""
    return tally.at_once, tally.done - tally.at_once, tally.tried - tally.done
