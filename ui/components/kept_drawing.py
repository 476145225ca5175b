"""The strokes on the canvas, kept in the browser's tab over a reload."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import streamlit as st

from ui.components.registered import registered

_component = registered(__file__)
KEY = "kept drawing"
MOST_STROKES = 1_000


def kept_drawing(
    start: int | None, strokes: Sequence[dict[str, Any]], on_found: Callable[[list[Any]], None]
) -> None:
    """Keep what lies on the canvas, and give it back to a session that has nothing yet.

    Args:
        start: The row of the item that was drawn on; other strokes than this item's stay away.
        strokes: As the canvas describes them.
        on_found: Called after a reload with the strokes from before it.
    """

    def found() -> None:
        brought = st.session_state[KEY].get("found")
        if isinstance(brought, list):
            strokes = [each for each in brought if isinstance(each, dict)]
            on_found([each for each in strokes if each.get("type") == "Path"][:MOST_STROKES])

    _component(
        data={"start": start, "strokes": list(strokes)},
        key=KEY,
        height="content",
        on_found_change=found,
    )
