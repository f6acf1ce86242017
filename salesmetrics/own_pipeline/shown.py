"""What a view of one's own deals shows: the same words as plain text and as HTML, with whatever is theirs escaped."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from salesmetrics.crm.receipt import escaped
from salesmetrics.metrics.ratio import Ratio


class Shown(NamedTuple):
    """One thing to show, in both its forms."""

    text: str
    html: str


def words(text: str, *, strong: bool = False) -> Shown:
    """Show a sentence or two.

    Examples
    --------
    >>> words("<b>").html
    '<p>&lt;b&gt;</p>'
    """
    page = escaped(text).replace("\n", "<br>")
    return Shown(text, f"<p><strong>{page}</strong></p>" if strong else f"<p>{page}</p>")


def working(ratio: Ratio) -> Shown:
    """Show a metric with its sum and what was left out."""
    return Shown(str(ratio), ratio._repr_html_())


def table(title: str, headers: Sequence[str], rows: Iterable[Sequence[str]]) -> Shown:
    """Show a small table: names in the first column, figures in the others.

    Examples
    --------
    >>> print(table("Open", ["stage", "deals"], [["Demo", "3"]]).text)
    Open
      stage: deals
      Demo: 3
    """
    listed = [list(row) for row in rows]
    lines = [title, *(f"  {row[0]}: {', '.join(row[1:])}" for row in (headers, *listed))]
    head = "".join(f'<th scope="col" style="text-align:{_side(at)}">{escaped(h)}</th>' for at, h in enumerate(headers))
    body = "".join(
        "<tr>"
        + f'<th scope="row" style="text-align:left">{escaped(row[0])}</th>'
        + "".join(f'<td style="text-align:right">{escaped(cell)}</td>' for cell in row[1:])
        + "</tr>"
        for row in listed
    )
    head = f"<thead><tr>{head}</tr></thead>"
    caption = f'<caption style="text-align:left;white-space:nowrap"><strong>{escaped(title)}</strong></caption>'
    return Shown(
        "\n".join(lines),
        f"<table style='margin-left:0'>{caption}{head}<tbody>{body}</tbody></table>",
    )


def together(*parts: Shown) -> Shown:
    """Show several things under one another."""
    return Shown("\n".join(part.text for part in parts), f"<div>{''.join(part.html for part in parts)}</div>")


def _side(column: int) -> str:
    return "right" if column else "left"
