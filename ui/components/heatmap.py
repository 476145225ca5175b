"""A table of numbers on coloured grounds, each of which opens what it is made of."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypedDict

import streamlit as st

from ui.components.registered import registered

_component = registered(__file__, "buttons.css")


class Cell(TypedDict):
    """One number: its key, its text, what it is, and the colours of its ground and its letters."""

    key: str
    text: str
    title: str
    ground: str
    letters: str


class Row(TypedDict):
    """A row's title and its cells."""

    title: str
    cells: list[Cell]


def heatmap(
    columns: Sequence[str],
    rows: Sequence[Row],
    caption: str,
    key: str,
    on_pick: Callable[[str], None],
    chosen: str | None = None,
) -> None:
    """Show a table of coloured cells.

    Args:
        columns: Their headings.
        rows: One cell a column.
        caption: Below the table.
        key: Of this component.
        on_pick: Called with the key of the cell that was pressed.
        chosen: The key of the cell shown as pressed.
    """

    def picked() -> None:
        found = st.session_state[key].get("picked")
        if found is not None:
            on_pick(str(found))

    _component(
        data={"columns": list(columns), "rows": list(rows), "caption": caption, "chosen": chosen},
        key=key,
        on_picked_change=picked,
    )
