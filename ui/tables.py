"""Small tables of text."""

from __future__ import annotations

from html import escape

import streamlit as st


def table(rows: dict[str, dict[str, str]], corner: str) -> None:
    """One row per key, one column per key of its values.

    Args:
        rows: Row name -> column name -> text; every row has the same columns.
        corner: Heading of the row names.
    """
    if not rows:
        return
    columns = next(iter(rows.values()))
    head = "".join(f"<th>{escape(name)}</th>" for name in (corner, *columns))
    lines = (
        f"<tr><td>{escape(name)}</td>"
        + "".join(f"<td>{escape(text)}</td>" for text in cells.values())
        + "</tr>"
        for name, cells in rows.items()
    )
    st.html(
        # A part that scrolls sideways on a phone must be reached by the Tab key too.
        f'<div class="wide" tabindex="0" role="group" aria-label="Table by {escape(corner)}">'
        f'<table class="measures"><tr>{head}</tr>{"".join(lines)}</table></div>'
    )
