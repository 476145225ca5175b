"""Items as tiles, page by page, and the way from one to the next."""

from __future__ import annotations

import math

import numpy as np
import streamlit as st

from core.measures.selection import Selection
from core.study.dataset import Dataset
from ui.components.tiles import tiles
from ui.controls import pick_measure
from ui.item_routes import tiles_url
from ui.picked import Picked
from ui.readers import flag, one_of, whole
from ui.state import Field, choose, chosen, step, value, widget, write

PAGE = 48


def sort_field(columns: list[str]) -> Field:
    """The measure the tiles are sorted by; without any they stay in the order of the data."""
    return Field("sort", columns[0] if columns else "", one_of(columns))


def in_order(shown: Selection, columns: list[str]) -> np.ndarray:
    """The items' rows in the gallery's order; without a measure in that of the data."""
    if not columns:
        return shown.rows
    found = shown.order(value(sort_field(columns)))
    return found[::-1] if value(_surest_first()) else found


def stepper(dataset: Dataset, order: np.ndarray, number: int | None) -> None:
    """Previous and next in the gallery's order, by button or arrow key."""
    place = "" if number is None else place_in(order, number)
    with st.container(horizontal=True, vertical_alignment="center", key="stepper"):
        st.button(
            "Previous",
            key="previous",
            icon=":material/arrow_back:",
            shortcut="Left",
            on_click=step,
            args=(dataset, order, -1),
        )
        st.button(
            "Next",
            key="next",
            icon=":material/arrow_forward:",
            shortcut="Right",
            on_click=step,
            args=(dataset, order, 1),
        )
        st.caption(place, text_alignment="right")


def place_in(order: np.ndarray, number: int) -> str:
    """`3 of 120`, for a row among `order` (n,)."""
    place = np.flatnonzero(order == number)
    return f"{place[0] + 1:,} of {len(order):,}" if len(place) else "not among those shown"


def gallery(shown: Selection, picked: Picked, title: str) -> None:
    """The items as tiles, sorted by a measure; a tile opens its item."""
    columns, dataset = picked.columns, picked.dataset
    st.header(title, anchor=False)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        if columns:
            pick_measure("Sorted by", sort_field(columns), columns, width=220)
            st.toggle("Most confident first", **widget(_surest_first()))
        page = page_control(max(1, math.ceil(len(shown) / PAGE)))
    rows = in_order(shown, columns)[(page - 1) * PAGE : page * PAGE]
    table = picked.scores.iloc[rows]
    tiles(
        dataset,
        table,
        "gallery",
        lambda number: choose(dataset, number),
        chosen=chosen(dataset),
        pictures=None if picked.key.part else tiles_url(picked.key),
    )


def _surest_first() -> Field:
    return Field("surest", False, flag)


def page_control(num_pages: int) -> int:
    """The page number; a narrower filter may leave fewer pages than the link asks for."""
    field = Field("page", 1, whole(1, 10**9))
    if value(field) > num_pages:
        write("page", [])
    if num_pages == 1:
        return 1
    return st.number_input(
        f"Page of {num_pages:,}", min_value=1, max_value=num_pages, width=150, **widget(field)
    )
