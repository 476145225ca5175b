"""The scatter's companion in the browser: hover tile, ring on the chosen point, click."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import streamlit as st

_component = st.components.v2.component(
    "penumbra_hover", js=Path(__file__).with_suffix(".js").read_text()
)


def hover(
    chart: str, index: int | None, sprite: dict, key: str, on_pick: Callable[[int], None]
) -> None:
    """Listen to the chart under the key `chart`.

    Args:
        chart: The chart's key. A point's `customdata` is the index of its image.
        index: The chosen image, which gets the ring, or None.
        sprite: See `ui.components.sprite.sprite`.
        key: Of this component.
        on_pick: Called with the index of a point that was clicked or tapped.
    """

    def picked() -> None:
        index = st.session_state[key].get("picked")
        if index is not None:
            on_pick(int(index))

    _component(
        data={"chart": chart, "index": index, "sprite": sprite}, key=key, on_picked_change=picked
    )
