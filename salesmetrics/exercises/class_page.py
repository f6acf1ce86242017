"""Tell what a class struggles with: as text, and as a page with a picture that opens without a network."""

from __future__ import annotations

from salesmetrics.base.language import _, language, ngettext
from salesmetrics.base.show import escaped
from salesmetrics.exercises.class_counting import Group, Misconception, Tally
from salesmetrics.exercises.class_picture import picture
from salesmetrics.exercises.content import Question, said

KIND = "collect"
_LONGEST_LIST = 10  # a trainer reads this between two sessions
_PAGE = """\
<!doctype html>
<html lang="{language}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; img-src data:">
<meta name="generator" content="salesmetrics collect">
<meta name="viewport" content="width=device-width">
<title>{title}</title>
<style>
body {{ max-width: 46rem; margin: 2rem auto; padding: 0 1rem; font: 17px/1.5 system-ui, sans-serif; color: #111 }}
h2 {{ margin-top: 2rem; font-size: 1.15rem }}
li {{ margin: 0.5rem 0 }}
figcaption, small {{ color: #555 }}
</style>
</head>
<body>
<main>
<h1>{title}</h1>
{body}
</main>
</body>
</html>
"""


def text(group: Group) -> str:
    """Tell it in a few lines."""
    lists = ["\n".join([heading, *(f"  {line}" for line in lines)]) for heading, lines in _sections(group)]
    return "\n\n".join([_sentence(group), *lists, "\n".join(_notes(group))])


def page(group: Group) -> str:
    """Give it as a page of its own, picture included; it loads nothing."""
    sentence, hardest = _sentence(group), _hardest(group)
    parts = [picture(hardest, sentence) if hardest else f"<p>{escaped(sentence)}</p>"]
    for heading, lines in _sections(group):
        items = "\n".join(f"<li>{escaped(line)}</li>" for line in lines)
        parts.append(f"<h2>{escaped(heading)}</h2>\n<ul>\n{items}\n</ul>")
    parts += [f"<p><small>{escaped(note)}</small></p>" for note in _notes(group)]
    title = escaped(_("What the class struggles with"))
    return _PAGE.format(language=language(), title=title, body="\n".join(parts))


def _hardest(group: Group) -> list[Tally]:
    """Give the exercises over which somebody stumbled, the hardest first."""
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
    """Give the two lists with their headings, without those that are empty."""
    both = [
        (_("Where the class stumbled"), [_exercise(tally) for tally in _hardest(group)]),
        (_("What usually lay behind it"), [_mistake(one) for one in group.misconceptions[:_LONGEST_LIST]]),
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


def _mistake(one: Misconception) -> str:
    where = "; ".join(_name(question) for question in one.met_in)
    return f"{one.learners} · “{said(one.says)}” ({where})"


def _notes(group: Group) -> list[str]:
    """Say what is counted, and what was left out."""
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
