"""One self-contained web page of tables and figures, which needs no other file and no network."""

from __future__ import annotations

import os
from html import escape
from pathlib import Path

import plotly.graph_objects as go
from plotly.offline import get_plotlyjs

STYLE = """
body { font: 16px/1.55 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem;
  color: #1c1b29; background: #fff }
h1, h2 { line-height: 1.2 } h2 { margin-top: 2.5rem }
table { border-collapse: collapse; width: 100%; font-size: .8rem }
th, td { text-align: right; padding: .2rem .4rem; border-bottom: 1px solid #ddd }
th { vertical-align: bottom }
td { white-space: pre; font-variant-numeric: tabular-nums }
th:first-child, td:first-child { text-align: left }
figure { margin: 1.5rem 0 } figcaption, .note { color: #555; font-size: .9rem }
.short { background: #f3f2fb; border-radius: .5rem; padding: .8rem 1rem .8rem 2rem }
.short li { margin: .3rem 0 }
.scroll { overflow-x: auto }
@media print { .scroll { overflow-x: visible } }
"""


def save_page(page: str, path: Path) -> None:
    """Write a page aside, then rename it, so that it is there whole or not at all.

    Raises:
        ValueError: the name does not end in `.html`.
    """
    if path.suffix != ".html":
        raise ValueError(f"{path} must end in .html")
    aside = path.with_name(f".{path.name}.partial")
    try:
        aside.write_text(page, encoding="utf-8")
        os.replace(aside, path)
    finally:
        aside.unlink(missing_ok=True)


def web_page(title: str, body: str) -> str:
    """The whole page as text.

    Args:
        title: Plain text, also the first heading.
        body: HTML.
    """
    shown = escape(title)
    return (
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{shown}</title><style>{STYLE}</style>"
        f"<script>{get_plotlyjs()}</script></head><body>\n<h1>{shown}</h1>\n"
        f"{body}\n</body></html>\n"
    )


def table_html(rows: list[dict[str, str]]) -> str:
    """Rows of equal keys, which are the headings."""
    head = "".join(f"<th>{escape(name)}</th>" for name in rows[0])
    lines = (
        "<tr>" + "".join(f"<td>{escape(text)}</td>" for text in row.values()) + "</tr>"
        for row in rows
    )
    return f'<div class="scroll"><table><tr>{head}</tr>{"".join(lines)}</table></div>'


def figure_html(figure: go.Figure, text: str) -> str:
    """A figure, drawn by the page's own Plotly, and its sentences below and for screen readers."""
    shown = go.Figure(figure)
    shown.update_layout(template="plotly_white", font={"family": "system-ui, sans-serif"})
    drawn = shown.to_html(full_html=False, include_plotlyjs=False, config={"displaylogo": False})
    words = escape(text)
    start = f'<figure role="group" aria-label="{words}">'
    return f"{start}{drawn}<figcaption>{words}</figcaption></figure>"
