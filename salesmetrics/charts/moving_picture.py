"""The moving picture: a figure drawn once, of which only what moves is drawn again, as text in SVG.

A chart makes a :class:`Drawing`; :class:`MovingPicture` turns it into SVG for one outcome after another. The still
part is rendered once and kept as text; a step renders the moving artists only and lays them on top. Everything is
decided here that has to be the same on every machine: fonts, resolution, ids. Nothing in the text depends on the
clock or on chance, so the same steps give the same bytes.
"""

from __future__ import annotations

import base64
import html
import io
import re
import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

from matplotlib import rc_context, rcParams, rcParamsDefault
from matplotlib.artist import Artist
from matplotlib.backends.backend_svg import RendererSVG
from matplotlib.figure import Figure
from matplotlib.text import Text

from salesmetrics.base.show import visible
from salesmetrics.charts import PAPER, TARGET
from salesmetrics.charts.handles import Guess, Handle, Holds, layer
from salesmetrics.models import Outcome

# Matplotlib measures with the font that it brings along, so that every machine lays out the same picture; the page
# then shows its own font, which is narrower than that one and so always fits.
_MEASURED = "DejaVu Sans"
_SHOWN = "system-ui,-apple-system,'Segoe UI',Roboto,'Helvetica Neue',Arial,sans-serif"

_DOTS_PER_INCH = 72  # SVG's own unit: one point is one pixel
_STYLE: dict[Any, Any] = {
    "font.family": [_MEASURED],
    "font.size": 14.0,
    "figure.dpi": _DOTS_PER_INCH,
    "figure.facecolor": PAPER,
    "hatch.linewidth": 1.4,
    # A customer's name with two dollar signs would turn into a formula.
    "text.parse_math": False,
}
# What the default settings hold that has nothing to do with how a picture looks.
_NOT_STYLE = ("backend", "backend_fallback", "interactive", "toolbar", "timezone")

_NO_METADATA = {"Date": None, "Creator": None, "Format": None, "Type": None}

# As wide as the column, small screen or projector, until the letters get larger than those of a heading.
_FITTING = "width:100%;max-width:720px;height:auto"
# What SVG cannot hold; a name from a CRM can.
_CONTROL = re.compile(r"[\x00-\x1f\x7f]+")
_LABEL_ROOM = 26  # below the picture, for the name of what is pinned

Place = tuple[bool, bytes]
OutcomeT = TypeVar("OutcomeT", bound=Outcome)


@dataclass(frozen=True)
class Drawing(Generic[OutcomeT]):
    """A figure, the artists in it that move, and the function that moves them to an outcome.

    Where outlines of everything that moves would be too many lines, ``outlined`` says what is kept of a pinned state.
    ``handles`` are what one takes hold of, in the coordinates of the figure's one axes; ``guesses`` show what was
    guessed, by the name of a figure or of a lever.
    """

    figure: Figure
    moving: Sequence[Artist]
    move: Callable[[OutcomeT], None]
    outlined: Sequence[Artist] | None = None
    handles: Sequence[Handle[OutcomeT]] = ()
    guesses: Mapping[str, Guess] = field(default_factory=dict)


def writable(text: str) -> str:
    r"""Write a text from a CRM as it can stand in a picture: a space for whatever SVG cannot hold.

    Examples
    --------
    >>> writable("two\nlines")
    'two lines'
    """
    return _CONTROL.sub(" ", text)


@contextmanager
def house_style() -> Iterator[None]:
    """Build figures in the kit's style, whatever style the notebook around it has chosen; also a decorator."""
    settings: dict[Any, Any] = {name: value for name, value in rcParamsDefault.items() if name not in _NOT_STYLE}
    with rc_context({**settings, **_STYLE}):
        yield


class MovingPicture(Generic[OutcomeT]):
    """Turns outcomes into SVG, redrawing only what moved.

    Parameters
    ----------
    drawing
        From a chart's ``draw``; this object owns its figure from now on.
    name
        Different for every picture on a page, because clips and hatches are found by id.
    """

    def __init__(self, drawing: Drawing[OutcomeT], *, name: str) -> None:
        self._drawing = drawing
        self._name = name
        figure = drawing.figure
        figure.dpi = _DOTS_PER_INCH
        self._width, self._height = figure.get_size_inches() * _DOTS_PER_INCH
        self._renderer: Any = RendererSVG.__new__(RendererSVG)
        with warnings.catch_warnings():
            # A letter that matplotlib cannot measure, such as an emoji in the name of a stage, the page can show.
            warnings.filterwarnings("ignore", "Glyph .* missing from font")
            if figure.get_layout_engine() is not None:
                # Everything is there for the layout; after that nothing may shift under the hand.
                figure.draw_without_rendering()
                figure.set_layout_engine("none")
            guessed = (artist for guess in drawing.guesses.values() for artist in guess.artists)
            for artist in (*drawing.moving, *(drawing.outlined or ()), *guessed):
                artist.set_animated(True)
            # Figure.draw passes over animated artists: this is the still part.
            self._background = self._render("still", [figure])
        self._pinned: list[tuple[Artist, Place, str]] = []
        self._written: dict[Text, tuple[object, str]] = {}
        self._label = ""
        self._guess = ""
        self.holds = Holds(drawing.handles, figure)

    def pin(self, outcome: OutcomeT, label: str) -> None:
        """Keep an outcome as a ghost: dashed outlines of what has moved since, and a label below the picture.

        Rendered once, here; a step only lays on top what stands elsewhere now, so that a line that stayed stays solid.
        Words are left out, as two over each other can't be read.

        Parameters
        ----------
        outcome
            What the outlines show.
        label
            What stands beside a dashed line under the picture.
        """
        self._drawing.move(outcome)
        kept = self._drawing.moving if self._drawing.outlined is None else self._drawing.outlined
        self._pinned = [
            (artist, _place(artist), self._outlines(f"pinned-{at}", artist))
            for at, artist in enumerate(kept)
            if not isinstance(artist, Text)
        ]
        self._label = label

    def _outlines(self, salt: str, artist: Artist) -> str:
        """Return an artist without its looks, and without hatches: those are fillings, and outlines have none."""
        return re.sub(r' style="[^"]*"|<pattern.*?</pattern>', "", self._render(salt, [artist]), flags=re.DOTALL)

    def _ghost(self) -> str:
        """Return what is pinned and stands elsewhere now, dashed, with its label."""
        if not self._pinned:
            return ""
        shapes = "".join(drawn for artist, place, drawn in self._pinned if _place(artist) != place)
        name, middle = f"{self._name}-pinned", self._height + _LABEL_ROOM / 2
        line = f'<path d="M 12 {middle:.0f} h 40"/>'
        return (
            f'<defs><g id="{name}">{shapes}{line}</g></defs>'
            # White below black, so that the dashes show on any colour.
            f'<use xlink:href="#{name}" style="fill:none;stroke:{PAPER};stroke-width:3"/>'
            f'<use xlink:href="#{name}" style="fill:none;stroke:{TARGET};stroke-width:1.5;stroke-dasharray:5 4"/>'
            f'<text x="60" y="{middle + 5:.0f}" style="font:14px {_SHOWN}">{html.escape(self._label)}</text>'
        )

    def unpin(self) -> None:
        """Remove the ghost."""
        self._pinned = []

    def guess(self, figure: str, value: float | None, outcome: OutcomeT) -> str:
        """Show what was guessed of a figure, or with ``None`` no longer; return its layer, rendered once, here.

        Parameters
        ----------
        figure, value
            Of what, and the guess; a figure for which the picture has no place is left out.
        outcome
            The one that was asked about.
        """
        self._guess = ""
        if value is not None and (known := self._drawing.guesses.get(figure)):
            known.place(value, outcome)
            self._guess = layer(self._render("guess", known.artists))
        return self._guess

    def svg(self, outcome: OutcomeT, description: str) -> str:
        """Draw one outcome.

        Parameters
        ----------
        outcome
            What to show.
        description
            The sentence that says what the picture shows, for who cannot see it.
        """
        self._drawing.move(outcome)
        said = html.escape(writable(description))
        room = _LABEL_ROOM if self._pinned else 0
        width, height = f"{self._width:.0f}", f"{self._height + room:.0f}"
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" '
            f'width="{width}" height="{height}" viewBox="0 0 {width} {height}" role="img" '
            f'aria-label="{said}" style="{_FITTING};stroke-linejoin:round;stroke-linecap:butt">'
            f"{self._background}{self._render('moving', self._drawing.moving)}{self._ghost()}{self._guess}</svg>\n"
        )

    def _render(self, salt: str, artists: Sequence[Artist]) -> str:
        """Return the artists as SVG elements, without the document around them."""
        out = io.StringIO()
        # Clips are numbered per renderer, so without a salt of its own each layer would borrow another's.
        with _settings({"svg.fonttype": "none", "svg.hashsalt": f"{self._name}-{salt}", "path.simplify": False}):
            # The same renderer starts over: matplotlib remembers with it how wide a text is.
            self._renderer.__init__(self._width, self._height, out, image_dpi=_DOTS_PER_INCH, metadata=_NO_METADATA)
            for artist in artists:
                if isinstance(artist, Text) and _stands_on_its_baseline(artist):
                    self._write(artist, out)
                elif artist.get_visible():
                    artist.draw(self._renderer)
            self._renderer.finalize()
        # What comes before is the document's head and a style that would reach the whole page.
        body = out.getvalue().split("</style>\n </defs>\n", 1)[1].rsplit("</svg>", 1)[0]
        # Groups are named after their place in the figure, the same in every picture.
        return re.sub(r'<g id="[^"]*">', "<g>", body).replace(f"'{_MEASURED}'", _SHOWN)

    def _write(self, words: Text, out: io.StringIO) -> None:
        """Write words, as before if nothing changed; matplotlib would measure them, which is half of a step's time."""
        if words.get_visible() and words.get_text():
            x, y = words.get_transform().transform(words.get_unitless_position())
            font = words.get_fontproperties()
            state = words.get_text(), x, y, words.get_color(), words.get_horizontalalignment(), hash(font)
            if self._written.get(words, (None, ""))[0] == state:
                out.write(self._written[words][1])
                return
            start = out.tell()
            ink = self._renderer.new_gc()
            ink.set_foreground(words.get_color())
            self._renderer.draw_text(ink, x, self._height - y, words.get_text(), font, 0, mtext=words)
            out.seek(start)
            self._written[words] = state, out.read()


def _place(artist: Any) -> Place:
    """Return whether a shape is shown, and where."""
    return artist.get_visible(), artist.get_path().vertices.tobytes()


def _stands_on_its_baseline(words: Text) -> bool:
    """Return whether a text's place depends on no font's measures and nothing else is drawn with it."""
    return (
        words.get_verticalalignment() == "baseline"
        and not words.get_rotation()
        and "\n" not in words.get_text()
        and words.get_bbox_patch() is None
        and words.get_alpha() is None
        and not words.get_clip_on()
        and not words.get_path_effects()
        and not words.get_parse_math()
    )


@contextmanager
def _settings(settings: dict[Any, Any]) -> Iterator[None]:
    """Change a few settings for a moment. ``rc_context`` copies them all, which costs a good part of a step."""
    before = {name: rcParams[name] for name in settings}
    rcParams.update(settings)
    try:
        yield
    finally:
        rcParams.update(before)


def figure_html(svg: str, sentence: str) -> str:
    """Return picture and sentence as HTML that any viewer shows: a notebook not run, a page without a network.

    The picture is an image, so that its ids stay its own and a sanitiser lets it through.
    """
    data = base64.b64encode(svg.encode()).decode()
    words = html.escape(visible(sentence))
    return (
        f'<figure style="margin:0"><img src="data:image/svg+xml;base64,{data}" alt="{words}" '
        f'style="{_FITTING}"><figcaption>{words}</figcaption></figure>'
    )
