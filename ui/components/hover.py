"""The scatter's companion in the browser: hover tile, ring on the chosen point, click and keys."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import streamlit as st

from core.figures.lasso import Outline
from ui.components.registered import registered
from ui.components.sprite import sprite
from ui.item_routes import items_url, tiles_url
from ui.picked import Picked

_SHARED = ("watch_plot.js", "plot_places.js", "item_tile.js", "pictures.js", "walk.js")
_component = registered(__file__, *_SHARED)


def mark(point: tuple[float, float], text: str, title: str, picture: str) -> dict[str, Any]:
    """A picture that is no point of the chart, marked on it.

    Args:
        point: In the values of the axes.
        text: On the mark, one or two letters.
        title: What it is, for the tile and for who cannot see it.
        picture: As a data URL.
    """
    return {"x": point[0], "y": point[1], "text": text, "title": title, "picture": picture}


def hover(
    chart: str,
    picked: Picked,
    number: int | None,
    key: str,
    on_pick: Callable[[int], None],
    marks: Sequence[dict[str, Any]] = (),
    marked: int | None = None,
    on_mark: Callable[[int], None] = lambda number: None,
    at: tuple[float, float] | None = None,
    drawn: Sequence[Outline] | None = None,
) -> None:
    """Listen to the chart under the key `chart`.

    Args:
        chart: The chart's key. A point's `customdata` is the row number of its item.
        picked: Whose items they are.
        number: The row of the chosen item, which gets the ring, or None.
        key: Of this component.
        on_pick: Called with the row of a point that was clicked or tapped.
        marks: See `mark`.
        marked: Which of them is the chosen one.
        on_mark: Called with the position of a mark that was pressed.
        at: Where the chosen item lies in the values of the axes, if its point may not be drawn.
        drawn: The boxes and lassos that the chart is to show; None where none can be drawn.
    """

    def clicked() -> None:
        index = st.session_state[key].get("picked")
        if index is not None:
            on_pick(int(index))

    def pressed() -> None:
        number = st.session_state[key].get("marked")
        if number is not None:
            on_mark(int(number))

    found = _of_items(picked) | {"chart": chart, "index": number, "at": at, "drawn": drawn}
    shown = {"marks": list(marks), "marked": marked} if marks else {}
    _component(
        data=found | shown,
        key=key,
        on_picked_change=clicked,
        on_marked_change=pressed,
    )


def _of_items(picked: Picked) -> dict[str, Any]:
    """Where the items' pictures and words are, and what they are called."""
    return {
        "sprite": sprite(picked.dataset),
        "items": items_url(picked.key),
        "pictures": None if picked.dataset.images is None else tiles_url(picked.key),
        "noun": picked.noun.one.capitalize(),
        "nouns": picked.noun,
    }
