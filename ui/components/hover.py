"""The scatter's companion in the browser: hover tile, ring on the chosen point, click."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import streamlit as st

_component = st.components.v2.component(
    "penumbra_hover", js=Path(__file__).with_suffix(".js").read_text()
)


def mark(point: tuple[float, float], text: str, title: str, picture: str) -> dict:
    """A digit that is no point of the chart, marked on it.

    Args:
        point: In the values of the axes.
        text: On the mark, one or two letters.
        title: What it is, for the tile and for who cannot see it.
        picture: The digit's, as a data URL.
    """
    return {"x": point[0], "y": point[1], "text": text, "title": title, "picture": picture}


def hover(
    chart: str,
    index: int | None,
    sprite: dict,
    key: str,
    on_pick: Callable[[int], None],
    marks: Sequence[dict] = (),
    marked: int | None = None,
    on_mark: Callable[[int], None] = lambda number: None,
) -> None:
    """Listen to the chart under the key `chart`.

    Args:
        chart: The chart's key. A point's `customdata` is the index of its image.
        index: The chosen image, which gets the ring, or None.
        sprite: See `ui.components.sprite.sprite`.
        key: Of this component.
        on_pick: Called with the index of a point that was clicked or tapped.
        marks: See `mark`.
        marked: Which of them is the chosen one.
        on_mark: Called with the position of a mark that was pressed.
    """

    def picked() -> None:
        index = st.session_state[key].get("picked")
        if index is not None:
            on_pick(int(index))

    def pressed() -> None:
        number = st.session_state[key].get("marked")
        if number is not None:
            on_mark(int(number))

    shown = {"marks": list(marks), "marked": marked} if marks else {}
    _component(
        data={"chart": chart, "index": index, "sprite": sprite} | shown,
        key=key,
        on_picked_change=picked,
        on_marked_change=pressed,
    )
