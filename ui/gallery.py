"""Digits as tiles, page by page, and the way from one digit to the next."""

from __future__ import annotations

import math

import pandas as pd
import streamlit as st

from core.measures.filters import least_sure
from core.study.classifiers import Classifier
from ui.components.sprite import sprite
from ui.components.tiles import tiles
from ui.controls import pick_measure
from ui.readers import flag, one_of, whole
from ui.state import Field, choose, chosen, step, value, widget, write

PAGE = 48


def sort_field(columns: list[str]) -> Field:
    """The measure the tiles are sorted by."""
    return Field("sort", columns[0], one_of(columns))


def in_order(shown: pd.DataFrame, columns: list[str]) -> pd.DataFrame:
    """The digits in the gallery's order."""
    found = least_sure(shown, value(sort_field(columns)))
    return found[::-1] if value(_surest_first()) else found


def stepper(order: pd.Index, index: int | None) -> None:
    """Previous and next in the gallery's order, by button or arrow key."""
    place = "" if index is None else place_in(order, index)
    with st.container(horizontal=True, vertical_alignment="center", key="stepper"):
        st.button(
            "Previous",
            key="previous",
            icon=":material/arrow_back:",
            shortcut="Left",
            on_click=step,
            args=(order, -1),
        )
        st.button(
            "Next",
            key="next",
            icon=":material/arrow_forward:",
            shortcut="Right",
            on_click=step,
            args=(order, 1),
        )
        st.caption(place, text_alignment="right")


def place_in(order: pd.Index, index: int) -> str:
    """`3 of 120`, or nothing for a digit that is not among them."""
    place = int(order.get_indexer(pd.Index([index]))[0])
    return f"{place + 1:,} of {len(order):,}" if place >= 0 else "not among those shown"


def gallery(shown: pd.DataFrame, model: Classifier, columns: list[str], title: str) -> None:
    """The digits as tiles, sorted by a measure; a tile opens its digit."""
    st.subheader(title, anchor=False)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        pick_measure("Sorted by", sort_field(columns), columns, width=220)
        st.toggle("Surest first", **widget(_surest_first()))
        page = _page_control(math.ceil(len(shown) / PAGE))
    ordered = in_order(shown, columns).iloc[(page - 1) * PAGE : page * PAGE]
    tiles(
        ordered,
        sprite(len(model.scores), model.image_shape),
        "gallery",
        choose,
        chosen(model.scores),
    )


def _surest_first() -> Field:
    return Field("surest", False, flag)


def _page_control(num_pages: int) -> int:
    """The page number; a narrower filter may leave fewer pages than the link asks for."""
    field = Field("page", 1, whole(1, 10**9))
    if value(field) > num_pages:
        write("page", [])
    if num_pages == 1:
        return 1
    return st.number_input(
        f"Page of {num_pages:,}", min_value=1, max_value=num_pages, width=150, **widget(field)
    )
