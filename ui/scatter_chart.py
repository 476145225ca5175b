"""The scatter of Explore, and what lies inside the box or lasso on it."""

from __future__ import annotations

from math import isfinite
from typing import Any

import numpy as np
import streamlit as st

from core.figures.lasso import Outline, box
from core.figures.positions import View
from core.figures.scatter import describe_scatter, describe_seen
from core.figures.window import MOST_IN_FULL
from core.measures.filters import Filter
from core.measures.selection import Selection
from ui import cache
from ui.components.zoom import zoom
from ui.picked import Picked
from ui.scatter_address import scatter_address

CHART = "scatter"


def scatter_chart(picked: Picked, wanted: Filter, view: View, colour: str) -> Selection | None:
    """The scatter of the items that pass the filter; gives those inside its box or lasso."""
    shown = cache.shown(picked.key, wanted)
    found = cache.scatter(picked.key, wanted, view, colour)
    event = st.plotly_chart(
        found.figure,
        key=CHART,
        on_select="rerun",
        selection_mode=("box", "lasso"),
        config={"scrollZoom": True, "displaylogo": False},
        alt=describe_scatter(shown, view, colour, picked.noun),
    )
    if found.seen.density is None:
        if found.seen.unplaced:
            st.caption(describe_seen(found.seen, picked.noun))
        rows = [int(point["customdata"]) for point in event["selection"]["points"]]
        return shown.only(np.isin(shown.rows, rows)) if rows else None
    zoom(
        CHART,
        scatter_address(picked.key, wanted, view, colour),
        describe_seen(found.seen, picked.noun),
        found.seen.num_pages,
        f"Every {picked.noun.one} of this window is a point.",
        "zoom",
    )
    outlines = _outlines(event["selection"])
    if not outlines:
        return None
    inside = cache.inside(picked.key, wanted, view, outlines)
    return inside if len(inside) else None


def place_of(
    picked: Picked, shown: Selection, view: View, number: int | None
) -> tuple[float, float] | None:
    """Where an item lies on a scatter that may not draw its point; None where all are drawn."""
    if number is None or len(shown) <= MOST_IN_FULL or not shown.holds(number):
        return None
    places = cache.positions(picked.key, view)
    found = float(places.x[number]), float(places.y[number])
    return found if all(map(isfinite, found)) else None


def _outlines(selection: dict[str, Any]) -> tuple[Outline, ...]:
    """What was drawn on the chart, in the values of its axes."""
    boxes = [box(each["x"], each["y"]) for each in selection.get("box", ())]
    lassos = [(each["x"], each["y"]) for each in selection.get("lasso", ())]
    return tuple((tuple(x), tuple(y)) for x, y in (*boxes, *lassos))
