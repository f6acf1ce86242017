"""“Play this quarter”: the open deals dealt once more at each press, and added to a pile beside the exact chance."""

from __future__ import annotations

import anywidget
import numpy as np
import traitlets

from salesmetrics.base.language import _, chance_text, money, ngettext, number, percent
from salesmetrics.models import BINS, Outcome, Stake
from salesmetrics.widgets import ASSETS

# How many quarters each button plays.
STEPS = {"quarter": 1, "year": 4}


def sentences(played: int) -> dict[str, str]:
    """Return what is said when so many quarters lie on the pile, with places in braces.

    Examples
    --------
    >>> sentences(2)["missed"]
    'This time the quarter brings {revenue}: short of the target.'
    """
    return {
        "reached": _("This time the quarter brings {revenue}: the target is reached."),
        "missed": _("This time the quarter brings {revenue}: short of the target."),
        "year": _("This year {reached} of {quarters} quarters reach the target."),
        "played": ngettext(
            "Of {played} quarter played, {made} reaches the target: {share}. The exact chance is {chance}.",
            "Of {played} quarters played, {made} reach the target: {share}. The exact chance is {chance}.",
            played,
        ),
    }


class Play(anywidget.AnyWidget):
    """Two buttons, the quarters that were played, and how often they reached the target.

    Parameters
    ----------
    seed
        Deals the same quarters each time; without it nobody knows what comes.

    Attributes
    ----------
    pile
        How many of the played quarters lie in each bin of :class:`salesmetrics.models.Stake`.
    """

    _esm = ASSETS / "play.js"
    _css = ASSETS / "widgets.css"

    words = traitlets.Dict().tag(sync=True)
    pile: traitlets.List[int] = traitlets.List().tag(sync=True)
    # The bin of the quarter that was played last; -1 while there is none.
    last = traitlets.Int(-1).tag(sync=True)
    chance = traitlets.Float().tag(sync=True)
    sentence = traitlets.Unicode().tag(sync=True)

    def __init__(self, seed: int | None = None) -> None:
        self._source = np.random.default_rng(seed)
        self._outcome = Outcome(levers={})
        words = {
            "quarter": _("Play this quarter"),
            "year": _("Play a year"),
            "clear": _("Clear the pile"),
            "target": _("target"),
            "exact": _("exact chance"),
        }
        super().__init__(words=words)
        self.on_msg(lambda _widget, content, _buffers: self.play(str(content.get("do", ""))))

    def follow(self, outcome: Outcome) -> None:
        """Begin a new pile where the levers have moved: the old one was of other deals."""
        if outcome.levers != self._outcome.levers:
            self._outcome = outcome
            self.play("clear")

    def play(self, what: str) -> None:
        """Play a ``"quarter"`` or a ``"year"`` on the pile, or ``"clear"`` it; anything else does nothing."""
        if what == "clear":
            with self.hold_sync():
                self.pile, self.last, self.sentence = [0] * BINS, -1, ""
        elif what in STEPS and (stake := self._outcome.stake) is not None:
            self._add(stake, stake.deal(STEPS[what], self._source).tolist())

    def _add(self, stake: Stake, revenues: list[float]) -> None:
        pile = list(self.pile)
        for revenue in revenues:
            pile[stake.bin(revenue)] += 1
        with self.hold_sync():
            self.pile, self.last = pile, stake.bin(revenues[-1])
            self.chance, self.sentence = self._outcome.chance_of_target or 0.0, self._say(stake, revenues, pile)

    def _say(self, stake: Stake, revenues: list[float], pile: list[int]) -> str:
        reached = sum(map(stake.reaches, revenues))
        played, made = sum(pile), sum(pile[BINS // 2 :])
        says = sentences(played)
        last = "year" if len(revenues) > 1 else "reached" if reached else "missed"
        return f"{says[last]} {says['played']}".format(
            revenue=money(round(revenues[-1])),
            reached=number(reached),
            quarters=number(len(revenues)),
            played=number(played),
            made=number(made),
            share=percent(made / played, 0),
            chance=chance_text(self._outcome.chance_of_target or 0.0),
        )
