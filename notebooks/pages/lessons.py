"""One edition of a lesson as one page of HTML, and the frame that all pages have.

The cells are those of a notebook, run here. Text stays text; what a cell shows becomes what the page can do with it: an
exercise an answer box, an Explorer a picture on a coarse grid, a progress list one that the browser keeps; everything
else is shown as a notebook without a kernel shows it.
"""

from __future__ import annotations

import base64
import hashlib
import html
import re
from collections.abc import Iterable, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from markdown_it import MarkdownIt
from nbformat import NotebookNode

from pages.grids import Grid, grid_for, grid_of
from pages.pictures import as_json, picture
from pages.questions import about, slider_verdicts, words_of_numbers
from pages.running import as_page, shown_by
from pages.words import SOURCE, TEMPLATES, words
from salesmetrics import exercises
from salesmetrics.base.language import _, language, ngettext
from salesmetrics.exercises.answer_box import Exercise, choices_and_cells
from salesmetrics.exercises.content import Question, question, questions, said
from salesmetrics.exercises.feedback import as_html, how_to_answer
from salesmetrics.exercises.overview import Progress, by_lesson
from salesmetrics.explorer import Explorer, Sandbox, positions
from salesmetrics.widgets import ASSETS

Link = tuple[str, str, str]
_SCRIPTS = ("numbers.js", "answers.js", "dealt.js", "holding.js", "pictures.js", "search.js", "page.js")
_HEADING = re.compile(r"^(#+) +(.+)$", re.MULTILINE)
_KIT = Path(exercises.__path__[0])


class Body:
    """The body of a page as it grows: pieces of HTML, folds that end at the next heading, what is behind a bet."""

    def __init__(self) -> None:
        self._parts: list[str] = []
        self._pictures = 0
        self._fold = 0
        self._behind = False
        self._guesses: dict[str, Question] = {}

    def add(self, part: str) -> None:
        """Add a piece of HTML."""
        self._parts.append(part)

    def add_text(self, markdown: str, *, folded: bool = False) -> None:
        """Add a cell of text; a folded one is opened by its heading, and holds all until the next heading as high."""
        heading = _HEADING.match(markdown)
        if heading and len(heading[1]) <= self._fold:
            self._end_fold()
        if heading and folded:
            self._fold = len(heading[1])
            self.add(f"<details><summary>{html.escape(heading[2])}</summary>")
            markdown = markdown[heading.end() :]
        self.add(_html(markdown))

    def add_exercise(self, asked: Question) -> None:
        """Add an exercise with its answer box; what comes after a bet is behind it."""
        found, drawn = about(asked), ""
        if asked.truth:
            self._guesses[asked.truth["model"]] = asked
        if asked.kind == "sliders":
            grid = grid_for(asked)
            numbers, found["verdicts"] = slider_verdicts(asked, grid.positions())
            drawn = picture(grid, self._name(grid.model.name), numbers)
        rendered = TEMPLATES.get_template("exercise.html").render(
            name=asked.id,
            question=as_html(said(asked.question)),
            picture=drawn,
            lists=choices_and_cells(asked),
            how=how_to_answer(asked),
            about=as_json(found),
        )
        if asked.kind == "bet" and not self._behind:
            self._behind = True
            opened = rendered.replace("<div ", "<div data-bet ", 1)
            self.add(f'{opened}<div data-behind="{asked.id}" tabindex="-1">')
        else:
            self.add(rendered)

    def add_picture(self, grid: Grid, *, play: bool = True) -> None:
        """Add a picture with its levers, with quarters to play where it has them, and what was guessed above it."""
        guess = self._guesses.get(grid.model.name)
        self.add(picture(grid, self._name(grid.model.name), play=play, guess=guess))

    def add_shown(self, value: Any) -> None:
        """Add what a cell has displayed."""
        match value:
            case Exercise():
                self.add_exercise(question(value.name))
            case Progress():
                self.add(progress())
            case Sandbox():
                self.add(f"<p>{words('sandbox')}</p>")
                self.add_picture(grid_of("sandbox"))
            case Explorer():
                self.add_picture(grid_of(positions.model_of_code(value.share())))
            case _:
                self.add(f'<div class="result">{as_page(value)}</div>')

    def html(self) -> str:
        """Return the whole."""
        self._end_fold()
        return "\n".join([*self._parts, *(["</div>"] if self._behind else [])])

    def _end_fold(self) -> None:
        if self._fold:
            self.add("</details>")
        self._fold = 0

    def _name(self, model: str) -> str:
        self._pictures += 1
        return f"{model}-{self._pictures}"


def body_of(notebook: NotebookNode) -> str:
    """Run the cells of one edition and return the page's body, in the language that the cells choose."""
    body, names = Body(), {}
    for cell in notebook.cells:
        if cell.cell_type == "markdown":
            body.add_text(cell.source, folded="jp-MarkdownHeadingCollapsed" in cell.metadata)
            continue
        shown = shown_by(cell.source, names)
        if cell.metadata.get("jupyter", {}).get("source_hidden"):
            for value in shown:
                body.add_shown(value)
        else:
            results = "".join(as_page(value) for value in shown)
            body.add(
                f'<pre class="code"><code>{html.escape(cell.source)}</code></pre><div class="result">{results}</div>'
            )
    return body.html()


def page(title: str, body: str, *, top: Sequence[Link] = (), bottom: Iterable[Link] = ()) -> str:
    """Return a whole page in the chosen language: it loads nothing, and says so to the browser.

    Parameters
    ----------
    title, body
        Of the page; the body in HTML.
    top, bottom
        Links: an address, its words, and above the page the language they are in, below it the way they go.
    """
    script = _script()
    return TEMPLATES.get_template("page.html").render(
        language=language(),
        title=html.escape(title),
        style=_style(),
        hash=f"sha256-{base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()}",
        top=top,
        # A corner of a table without words is no header.
        body=re.sub(r"<th\b[^>]*></th>", "<td></td>", body),
        bottom=list(bottom),
        say={name: words(name) for name in ("no_script", "not_kept", "all_lessons", "beside")},
        said=as_json(_said()),
        script=script,
    )


def progress() -> str:
    """Return the list of all exercises, which the page's script keeps up, and the button that forgets them."""
    return TEMPLATES.get_template("progress.html").render(
        kept=words("kept"),
        lessons=[(name, [(each.id, said(each.title)) for each in asked]) for name, asked in by_lesson()],
        heading=_("All exercises, by lesson"),
    )


def _html(markdown: str) -> str:
    rendered: str = MarkdownIt("commonmark").enable("table").render(markdown)
    # What is wider than a phone scrolls by itself.
    return rendered.replace("<table>", '<div class="wide"><table>').replace("</table>", "</table></div>")


def _said() -> dict[str, Any]:
    count = len(questions())
    return {
        **{name: words(name) for name in ("skip", "behind", "no_unpacking", "damaged", "all_played")},
        "numbers": words_of_numbers(),
        "more": _("More levers ({count})"),
        "back": _("Back to the start"),
        "done": _("✓ done"),
        "not_yet": _("○ not yet"),
        "count": ngettext("{done} of {count} exercise done.", "{done} of {count} exercises done.", count).replace(
            "{count}", str(count)
        ),
        "forget": {
            "forget": _("Forget my answers"),
            "sure": words("sure"),
            "yes": _("Delete them"),
            "no": _("Keep them"),
            "deleted": _("Deleted."),
        },
    }


@cache
def _script() -> str:
    """Return the page's script: the kit's own answer box and button as in a notebook, and the pages' own."""
    kit = [
        f"const {path.stem} = (() => {{\n{_read(path).replace('export default', 'return')}}})();\n"
        for path in (_KIT / "panel.js", _KIT / "forget.js", ASSETS / "picture.js", ASSETS / "play.js")
    ]
    own = "".join(_read(SOURCE / name) for name in _SCRIPTS)
    return f'"use strict";\n(() => {{\n{"".join(kit)}{own}}})();'


@cache
def _style() -> str:
    return _read(_KIT / "panel.css") + _read(SOURCE / "page.css")


def _read(path: Path) -> str:
    return path.read_text(encoding="utf-8")
