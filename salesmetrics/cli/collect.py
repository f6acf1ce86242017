"""``salesmetrics collect``: what a class struggles with, as text and if wanted as a page."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Sequence
from pathlib import Path

from salesmetrics.base.language import N_, _
from salesmetrics.base.show import visible
from salesmetrics.base.writing import write_page
from salesmetrics.cli import Parser

EXAMPLE = N_("salesmetrics collect my-class -o my-class.html")
HELP = N_("""\
salesmetrics collect FOLDER [-o PAGE.html] [--lang en|nl]

Counts over the progress files of many learners: over which exercises they stumbled and what lay behind it.
Every learner's file is called progress.json and lies beside the lessons; give each a name of its own and put
them in FOLDER. Only learners are counted: there are no marks.

  -o PAGE.html   also write a page with a picture, which opens without a network
  --lang en|nl   English or Dutch""")


def offer(parser: Parser) -> None:
    """Declare the options: a folder, and where a page goes."""
    parser.add_argument("folder", type=Path)
    parser.add_argument("-o", "--output")


def run(_parser: Parser, _rest: Sequence[str], ours: Namespace) -> None:
    """Count over a folder of progress files, and tell it."""
    from salesmetrics.exercises.classroom import KIND, collect, page, text

    group = collect(ours.folder)
    if ours.output is not None:
        write_page(ours.output, page(group), KIND)
    print(visible(text(group)))
    if ours.output is not None:
        print("\n" + _("Written: {file}").format(file=ours.output))
