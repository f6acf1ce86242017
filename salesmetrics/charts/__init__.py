"""Charts: one file per picture, with ``draw`` (the picture) and ``sentence``; here the palette and looks they share.

What is filled or drawn alike means the same in each.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import Any

# Said on standard error amid the first picture: in a browser at each start, elsewhere where the first start is slow.
logging.getLogger("matplotlib.font_manager").addFilter(lambda record: "font cache" not in record.getMessage())

# Okabe and Ito's palette, made for all kinds of colour vision. Quantity is blue, quality orange, the target black.
COVERAGE = "#0072B2"
CONVERSION = "#E69F00"
TARGET = "#000000"
MUTED = "#595959"
GRID = "#D0D0D0"
PAPER = "#FFFFFF"
# Letters in the palette's own orange would be too pale to read on white.
CONVERSION_LETTERS = "#8A5A00"

Look = Mapping[str, Any]
OWN: Look = {"facecolor": COVERAGE, "edgecolor": COVERAGE}
ADDED: Look = {"facecolor": PAPER, "edgecolor": COVERAGE, "hatch": "////"}
NOW: Look = {"facecolor": CONVERSION, "edgecolor": "#000000"}
LATER: Look = {"facecolor": PAPER, "edgecolor": CONVERSION, "hatch": "////"}
LOST: Look = {"facecolor": "#E0E0E0", "edgecolor": MUTED}
DOTTED: dict[str, Any] = {"color": "#000000", "linewidth": 2.5, "linestyle": (0, (1, 0.8))}  # as it was before
