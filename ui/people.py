"""The model beside the people who labelled: the answer, the scatter, the items that part them."""

from __future__ import annotations

import math

import numpy as np
import plotly.graph_objects as go
import streamlit as st

from core.figures import people as figures
from core.trust.people import People, beside_people
from ui import cache
from ui.components.hover import hover
from ui.components.tiles import tiles
from ui.gallery import PAGE, page_control, stepper
from ui.item_card import item_card
from ui.item_routes import tiles_url
from ui.picked import Key, Picked
from ui.readers import one_of
from ui.state import Field, choose, chosen, widget
from ui.tables import table
from ui.words import plain, short

CHART = "people"
ORDERS = {
    "people": "People unsure, the model sure",
    "model": "The model unsure, people sure",
}
MOST_CLASSES = 10


@st.cache_resource(max_entries=8)
def people_of(key: Key) -> People:
    """A model beside the people who labelled: shared, read only."""
    return beside_people(cache.picked(key).study, key.model)


@st.cache_resource(max_entries=8)
def people_chart(key: Key) -> go.Figure:
    """The scatter of the two entropies: shared, read only."""
    return figures.people_figure(people_of(key), cache.picked(key).noun)


def answer(picked: Picked) -> None:
    """Whether the model is unsure where people are, and how many people said what."""
    found, noun = people_of(picked.key), picked.noun
    st.header(plain(figures.describe_people(found, picked.title, noun)), anchor=False)
    st.caption(figures.describe_estimate(found))
    if others := len(picked.dataset) - len(found):
        st.caption(f"{noun.counted(others)} that nobody labelled: left out here.")


def scatter(picked: Picked) -> None:
    """Entropy against entropy; a click opens the item."""
    st.plotly_chart(
        people_chart(picked.key),
        key=CHART,
        config={"scrollZoom": True, "displaylogo": False},
        alt=figures.describe_people(people_of(picked.key), picked.title, picked.noun),
    )
    st.caption(
        "Below the dotted line people are less sure than the model, above it the model is less sure"
        " than people."
    )


def numbers(picked: Picked) -> None:
    """Every number with its interval."""
    st.header("In numbers", anchor=False)
    table(figures.people_rows(people_of(picked.key), picked.noun), "")
    st.caption(
        "Ties for what most people say are left out of that row. Cross-entropy lies above people’s"
        " own entropy by how far the model’s probabilities are from the shares (Kullback–Leibler)."
        " Alpha is 1 where people always agree and 0 where they agree as chance would have it."
    )


def pick_order() -> str:
    """Which kind of item comes first; the link holds it."""
    st.header("Where do people and the model part?", anchor=False)
    names = list(ORDERS)
    return st.segmented_control(
        "First",
        names,
        format_func=ORDERS.__getitem__,
        required=True,
        label_visibility="collapsed",
        **widget(Field("part", names[0], one_of(names))),
    )


def rows_in_order(picked: Picked, order: str) -> np.ndarray:
    """Rows of the items, those on which people and the model part most first."""
    found = people_of(picked.key)
    sign = -1 if order == "people" else 1
    return found.rows[np.argsort(sign * found.gap, kind="stable")]


def opened_item(picked: Picked, rows: np.ndarray) -> None:
    """The chosen item with what people said of it."""
    dataset = picked.dataset
    number = chosen(dataset)
    hover(CHART, picked, number, "hover", lambda row: choose(dataset, row))
    stepper(dataset, rows, number)
    if number is None:
        st.info(
            f"**Click** a point or a tile, or press **→**, to open {picked.noun.with_article}.",
            icon=":material/touch_app:",
        )
        return
    item_card(picked, number)
    _said_by_people(picked, number)


def _said_by_people(picked: Picked, number: int) -> None:
    shares = picked.dataset.label_shares
    if shares is None or not np.isfinite(shares[number]).all():
        st.caption(f"Nobody labelled this {picked.noun.one}.")
        return
    probs = cache.member_probs(picked.key, number).mean(0)
    said = np.asarray(shares[number], np.float64)
    order = np.argsort(-np.maximum(said, probs), kind="stable")[:MOST_CLASSES]
    rows = {
        short(picked.class_names[k]): {"people": f"{said[k]:.1%}", "the model": f"{probs[k]:.1%}"}
        for k in order
        if max(said[k], probs[k]) >= 0.0005
    }
    people = picked.dataset.num_people
    table(rows, "class" if people is None else f"class ({int(people[number]):,} people)")


def listed(picked: Picked, rows: np.ndarray) -> None:
    """The items as tiles, in the order of `rows`."""
    dataset = picked.dataset
    page = page_control(math.ceil(len(rows) / PAGE))
    shown = picked.scores.iloc[rows[(page - 1) * PAGE : page * PAGE]]
    tiles(
        dataset,
        shown,
        "gallery",
        lambda row: choose(dataset, row),
        chosen=chosen(dataset),
        pictures=tiles_url(picked.key),
    )
