"""The net in the sea: every fish in its place, what becomes of it by colour and shape, and the catch beside dinner."""

from __future__ import annotations

import numpy as np
from matplotlib.path import Path
from matplotlib.transforms import Affine2D

from salesmetrics.base.language import N_, _, number, percent, times
from salesmetrics.charts import CONVERSION, CONVERSION_LETTERS, COVERAGE, MUTED, PAPER, TARGET
from salesmetrics.charts.canvas import MARGIN, WIDTH, Box, Canvas, boxes, fill, write
from salesmetrics.charts.moving_picture import Drawing, house_style
from salesmetrics.charts.words import CONVERSION_FIGURE, COVERAGE_FIGURE, say
from salesmetrics.forecast.convolution import Floats
from salesmetrics.models import Model
from salesmetrics.models.fishing_net import DINNER, LARGEST_HOLES, OTHERS, WORTH_HAVING, NetOutcome

# The page in pixels, from below: a legend that counts, the sea, the catch on deck, and the figures above it.
_HEIGHT = 440
_LEGEND = 44
_LEFT, _RIGHT, _BED, _SURFACE = 10, 590, 66, 314
_FIRST, _LAST = 24, 576  # between which the fish swim
_DECK, _CRATE, _EACH = 330, 20, 5.2
_MOST_GUESSED = 110  # fish: what is more stands at the right edge
_FIGURES, _WORKING = 404, 384

_FINEST, _COARSEST = 7.0, 62.0  # the mesh, in pixels
_STEP = 19  # of the lattice: of all steps the one that keeps the fish farthest apart

_FREE = {"facecolor": PAPER, "edgecolor": "#9BB4C4", "linewidth": 1}
_SLIPPED = {"facecolor": PAPER, "edgecolor": COVERAGE, "linewidth": 1.5}
_LOST = {"facecolor": "#CFCFCF", "edgecolor": "#444444", "linewidth": 1.2}
_CAUGHT = {"facecolor": CONVERSION, "edgecolor": "#000000", "linewidth": 1}
_BYCATCH = {"facecolor": "#000000", "edgecolor": "#000000", "linewidth": 1}

_NAMES = (
    (N_("not met"), _FREE),
    (N_("slipped through"), _SLIPPED),
    (N_("lost by handling"), _LOST),
    (N_("caught"), _CAUGHT),
    (N_("bycatch"), _BYCATCH),
)
_MESH = {"facecolor": "none", "edgecolor": "#86BBDA", "linewidth": 1.2}
_ROPE = {"facecolor": "none", "edgecolor": COVERAGE, "linewidth": 3}
_FLOATS = {"facecolor": COVERAGE, "edgecolor": PAPER, "linewidth": 1}
_COLUMNS = (MARGIN + 4, 206, 412)

_M, _L, _C, _Z = (int(code) for code in np.array([Path.MOVETO, Path.LINETO, Path.CURVE3, Path.CLOSEPOLY]))
Kind = tuple[Floats, list[int]]
_BODY = ((11, 0, _M), (3, 8.6, _C), (-5.5, 1, _C), (-11, 5, _L), (-9, 0, _L), (-11, -5, _L), (-5.5, -1, _L))
_BELLY = ((3, -8.6, _C), (11, 0, _C), (11, 0, _Z))


def _fish(*more: tuple[float, float, int], turn: float = 0.0, size: float = 1.0) -> Kind:
    """Build a fish of some 22 pixels that looks to the right, with more to it, turned by so many degrees."""
    outline = (*_BODY, *_BELLY, *more)
    points = Affine2D().rotate_deg(turn).scale(size).transform([point[:2] for point in outline])
    return np.asarray(points), [int(point[2]) for point in outline]


_STAR: Kind = 8 * np.asarray(Path.unit_regular_star(5, innerCircle=0.4).vertices, dtype=np.float64), [_M, *[_L] * 9, _Z]
_EYE = ((6.0, 0.8, _M), (7.2, 0.8, _L), (6.6, 2.0, _L), (6.0, 0.8, _Z))
_CROSS = ((-9.0, -8.0, _M), (9.0, 8.0, _L), (-9.0, 8.0, _M), (9.0, -8.0, _L))
_KINDS: tuple[Kind, ...] = (_fish(size=0.8), _fish(turn=-62, size=0.9), _fish(*_CROSS), _fish(*_EYE), _STAR)

# Where each fish swims: a lattice, so that none hides another, from left to right, every fifth of the other kind.
_ALL = np.arange(WORTH_HAVING + OTHERS)
_AT = np.stack(
    (
        _FIRST + (_ALL + 0.5) / _ALL.size * (_LAST - _FIRST),
        _BED + 14 + (_ALL * _STEP % _ALL.size + 0.5) / _ALL.size * (_SURFACE - _BED - 36),
    ),
    axis=1,
)
_OTHER = _ALL % 5 == 2
_GOOD_AT, _OTHER_AT = _AT[~_OTHER], _AT[_OTHER]
# Small fish slip through first; and some are easier to handle than others.
_BY_SIZE, _BY_TEMPER = np.arange(WORTH_HAVING) * 67 % WORTH_HAVING, np.arange(WORTH_HAVING) * 41 % WORTH_HAVING
_SIZES = 0.82 + 0.36 * _BY_SIZE / WORTH_HAVING
_IN_WAY = np.arange(OTHERS) * 17 % OTHERS

COMPARED = (COVERAGE_FIGURE, CONVERSION_FIGURE)


def sentence(outcome: NetOutcome) -> str:
    """Describe what the net meets, what becomes of it, and whether that is dinner."""
    if outcome.conversion is None:
        return _("Without a net no fish is met, and dinner needs {dinner}.").format(dinner=number(DINNER))
    spare = outcome.caught - DINNER
    if spare < 0:
        dinner = _("Dinner falls {short} short.")
    else:
        dinner = _("That is dinner, with {spare} to spare.") if spare else _("That is exactly dinner.")
    return say(
        _(
            "The net meets {met} fish worth having, {coverage} the {dinner} for dinner: {slipped} slipped through, "
            "{lost} lost by handling and {caught} caught, a conversion of {conversion}."
        ),
        dinner,
        outcome.bycatch and _("Bycatch: {bycatch}, which takes {share} of the attention."),
        # A product is seldom a whole number of fish, and who multiplies should find it again.
        abs(outcome.catch - outcome.caught) >= 0.05 and _("The exact catch is {catch}; only whole fish count."),
        met=number(outcome.met),
        coverage=times(outcome.coverage),
        dinner=number(DINNER),
        slipped=number(outcome.slipped),
        lost=number(outcome.lost),
        caught=number(outcome.caught),
        conversion=percent(outcome.conversion),
        short=number(-spare),
        spare=number(spare),
        bycatch=number(outcome.bycatch),
        share=percent(1 - outcome.attention, 0),
        catch=number(outcome.catch, 1),
    )


@house_style()
def draw(model: Model[NetOutcome]) -> Drawing[NetOutcome]:
    """Draw the net at the model's start."""
    page = Canvas(_HEIGHT)
    _draw_still(page)
    net = page.shapes(_MESH, _ROPE, _FLOATS)
    fates = page.shapes(*(look for _name, look in _NAMES))
    deck, catch = page.shapes(_CAUGHT, {"facecolor": "none", "edgecolor": TARGET})
    dinner = page.line([_crate(DINNER)] * 2, [_DECK - 7, _DECK + _CRATE + 7], color=TARGET, linewidth=4)
    figures = [
        page.text(x, _FIGURES, weight="bold", size=26, color=color)
        for x, color in zip(_COLUMNS, (COVERAGE, CONVERSION_LETTERS, TARGET), strict=True)
    ]
    met = page.text(_COLUMNS[0], _WORKING, size=12)
    counts = page.texts(((x + 36, _LEGEND - 6) for x in _PLACES), weight="bold", size=17)

    def move(outcome: NetOutcome) -> None:
        for shape, path in zip((*net, *fates), (*_net(outcome), *_fates(outcome)), strict=True):
            shape.set_path(path)
        fill(deck, *_crates(outcome.caught))
        fill(catch, (_crate(0), _DECK, _crate(outcome.caught), _DECK + _CRATE))
        conversion = "–" if outcome.conversion is None else percent(outcome.conversion)
        of_dinner = _("{caught} of {dinner}").format(caught=number(outcome.caught), dinner=number(DINNER))
        write(figures, (times(outcome.coverage), conversion, of_dinner))
        met.set_text(_("coverage: {met} met ÷ {dinner}").format(met=number(outcome.met), dinner=number(DINNER)))
        fish = (WORTH_HAVING - outcome.met, outcome.slipped, outcome.lost, outcome.caught, outcome.bycatch)
        write(counts, map(number, fish))

    _mesh, rope, _floats = net
    moving = [*net, *fates, deck, dinner, *figures, met, *counts]
    # A pinned state is outlined by how far its net and its catch went: two hundred fish twice can't be read.
    guess = page.guess(number, _guess_at)
    return page.drawing(moving, move, model.start(), outlined=[rope, catch], guesses={"caught": guess})


def _guess_at(caught: float, _outcome: NetOutcome) -> tuple[list[float], list[float], float, float]:
    """Return a line through the deck after so many fish, and words above it that leave the word for dinner alone."""
    x = _LEFT + _EACH * min(max(caught, 0), _MOST_GUESSED)
    first, last = (4, 34) if caught < DINNER else (_crate(DINNER) + 6, WIDTH - 126)
    return [x, x], [_DECK - 6, _DECK + _CRATE + 5], min(max(x - 50, first), last), _DECK + _CRATE + 10


# Where each entry of the legend begins.
_PLACES = [MARGIN + (WIDTH - MARGIN) / len(_NAMES) * i for i in range(len(_NAMES))]


def _draw_still(page: Canvas) -> None:
    """Draw the sea, the empty crates that dinner needs, and the names of figures and fates."""
    sea, empty = page.shapes({"facecolor": "#EEF6FB", "edgecolor": "none"}, {"facecolor": PAPER, "edgecolor": MUTED})
    fill(sea, (0, _BED, WIDTH, _SURFACE))
    fill(empty, *_crates(DINNER))
    page.text(_crate(DINNER), _DECK + _CRATE + 10, _("dinner: {dinner}").format(dinner=number(DINNER)), ha="right")
    for x, words in zip(_COLUMNS[1:], (_("conversion: caught ÷ met"), _("caught, of what dinner needs")), strict=True):
        page.text(x, _WORKING, words, size=12)
    for place, (name, look), kind in zip(_PLACES, _NAMES, _KINDS, strict=True):
        (symbol,) = page.shapes(look)
        symbol.set_path(_many(kind, np.array([[place + 13.0, _LEGEND]]), np.array([1.15])))
        page.text(place, 14, _(name), size=12)


def _crate(number_of_fish: int) -> float:
    return _LEFT + _EACH * number_of_fish


def _crates(number_of_fish: int) -> list[Box]:
    return [(_crate(i), _DECK, _crate(i + 1) - 1.2, _DECK + _CRATE) for i in range(number_of_fish)]


def _many(kind: Kind, places: Floats, sizes: Floats) -> Path:
    """Build one path of as many fish as there are places: one element in the picture."""
    if not len(places):
        return boxes([])
    points, codes = kind
    return Path((points * sizes[:, None, None] + places[:, None, :]).reshape(-1, 2), codes * len(places))


def _fates(outcome: NetOutcome) -> list[Path]:
    """Return the fish in the order of the legend; a fish keeps its place, and turns from one fate to the next."""
    smallest = np.argsort(_BY_SIZE[: outcome.met])
    slipped, held = smallest[: outcome.slipped], smallest[outcome.slipped :]
    held = held[np.argsort(_BY_TEMPER[held])]
    lost, caught = held[outcome.caught :], held[: outcome.caught]
    others = np.argsort(_IN_WAY[: round(OTHERS * outcome.levers["net"])], kind="stable")
    stays = np.ones(OTHERS, dtype=bool)
    stays[others[: outcome.bycatch]] = False
    free = _many(_KINDS[0], _GOOD_AT[outcome.met :], _SIZES[outcome.met :])
    spared = _many(_KINDS[-1], _OTHER_AT[stays], np.full(int(stays.sum()), 0.8))
    met = zip(_KINDS[1:4], (slipped, lost, caught), strict=True)
    good = [_many(kind, _GOOD_AT[which], _SIZES[which]) for kind, which in met]
    bycatch = _many(_KINDS[-1], _OTHER_AT[~stays], np.ones(outcome.bycatch))
    return [Path.make_compound_path(free, spared), *good, bycatch]


def _net(outcome: NetOutcome) -> tuple[Path, Path, Path]:
    """Return the mesh, the rope around it and the floats on the water."""
    left, bottom, top, right = float(_LEFT), _BED + 6.0, float(_SURFACE), float(_RIGHT)
    size, holes = outcome.levers["net"], outcome.levers["holes"]
    if not size:
        return boxes([]), boxes([]), boxes([])
    # The full net goes all the way round the last fish.
    if size < 1:
        right = _FIRST + size * (_LAST - _FIRST)
    apart = (_FINEST + (_COARSEST - _FINEST) * holes / LARGEST_HOLES) * 2**0.5
    # Threads that fall to the right keep x + y, those that rise keep x - y.
    falls, rises = np.arange(left + bottom, right + top, apart), np.arange(left - top, right - bottom, apart)
    fall_ends = np.maximum(left, falls - top), np.minimum(right, falls - bottom)
    rise_ends = np.maximum(left, rises + bottom), np.minimum(right, rises + top)
    ends = np.concatenate(
        (
            np.stack((fall_ends[0], falls - fall_ends[0], fall_ends[1], falls - fall_ends[1]), axis=1),
            np.stack((rise_ends[0], rise_ends[0] - rises, rise_ends[1], rise_ends[1] - rises), axis=1),
        )
    ).reshape(-1, 2)
    rope = Path([(left, top), (left, bottom), (right, bottom), (right, top), (left, top)], [_M, _L, _L, _L, _Z])
    places = np.arange(left + 10, max(right, left + 11), 36.0)
    floats = boxes([(x - 7, top - 4, x + 7, top + 4) for x in places])
    return Path(ends, [_M, _L] * (len(ends) // 2)), rope, floats
