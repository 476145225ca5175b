"""The scatter of Explore, and what lies inside the box or lasso on it."""

from __future__ import annotations

from functools import partial
from math import isfinite

import streamlit as st

from core.figures.lasso import Outline
from core.figures.positions import View
from core.figures.scatter import describe_scatter, describe_seen
from core.figures.window import MOST_IN_FULL
from core.measures.filters import Filter
from core.measures.selection import Selection
from ui import cache
from ui.area import area_of, inside, write_drawn
from ui.components.share import share
from ui.components.zoom import zoom
from ui.picked import Picked
from ui.plain_language import axis_titles
from ui.scatter_address import scatter_address
from ui.words import drawn

CHART = "scatter"


def scatter_chart(picked: Picked, wanted: Filter, view: View, colour: str) -> Selection | None:
    """The scatter of the items that pass the filter; gives those inside its box or lasso."""
    shown = cache.shown(picked.key, wanted)
    titles = axis_titles()
    found = cache.scatter(picked.key, wanted, view, colour, titles)
    st.plotly_chart(
        found.figure,
        key=CHART,
        on_select=partial(write_drawn, CHART, view),
        selection_mode=("box", "lasso"),
        config={"scrollZoom": True, "displaylogo": False},
        alt=describe_scatter(shown, view, colour, picked.noun, titles),
    )
    said = describe_seen(found.seen, picked.noun)
    if found.seen.density is not None:
        address = scatter_address(picked.key, wanted, view, colour)
        every = f"Every {picked.noun.one} of this window is a point."
        zoom(CHART, address, said, found.seen.num_pages, every, "zoom")
    elif found.seen.unplaced:
        st.caption(said)
    _share(picked, len(shown))
    return inside(picked, wanted)


def _share(picked: Picked, num_shown: int) -> None:
    """What is shown to others says of which data set and model it is, and of how many items."""
    title = f"{drawn(picked.study.title)}: {drawn(picked.title)}"
    note = f"{num_shown:,} of {picked.noun.counted(len(picked.dataset))}"
    share(CHART, title, note, f"penumbra-{picked.key.study}", "share")


def drawn_on(picked: Picked, view: View) -> tuple[Outline, ...]:
    """What was drawn around items and can be seen on these axes."""
    area = area_of(picked)
    return () if area is None else area.on(view)


def place_of(
    picked: Picked, shown: Selection, view: View, number: int | None
) -> tuple[float, float] | None:
    """Where an item lies on a scatter that may not draw its point; None where all are drawn."""
    if number is None or len(shown) <= MOST_IN_FULL or not shown.holds(number):
        return None
    places = cache.positions(picked.key, view)
    found = float(places.x[number]), float(places.y[number])
    return found if all(map(isfinite, found)) else None
