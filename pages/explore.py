"""Which items is the model unsure about, and why?"""

import streamlit as st

from ui import cache
from ui.components.hover import hover
from ui.confusions import confusion_section, confusions_on_demand
from ui.controls import filter_controls
from ui.faults import fragment
from ui.first_look import first_look, nothing_shown
from ui.gallery import gallery, in_order, stepper
from ui.item_card import how_to_look, item_card
from ui.missing import has, note_without
from ui.picked import Picked
from ui.scatter_chart import CHART, drawn_on, place_of, scatter_chart
from ui.state import choose, chosen, close_page, open_page
from ui.studies import pick
from ui.summary import summary
from ui.take_away import take_away
from ui.views import view_controls

open_page("explore")
title = st.container(key="title")
with st.sidebar:
    picked: Picked = pick()
    wanted = filter_controls(picked)
noun, dataset = picked.noun, picked.dataset
shown = cache.shown(picked.key, wanted)
with title:
    st.title(f"Which {noun.many} is the model unsure about, and why?", anchor=False)
    first_look(shown, picked)
has_scatter = has(picked, "confidence")
with st.container(horizontal=True, vertical_alignment="center", key="above"):
    summary(shown, picked)
    beside = st.container(horizontal=True, vertical_alignment="center", width="content")
if has_scatter:
    with st.container(key="views"):
        view, colour, note = view_controls(picked, beside)
else:
    note_without(picked, "confidence", "scatter")
if not len(shown):
    nothing_shown(picked)


def open_row(row: int) -> None:
    """Choose an item whose point was clicked or reached."""
    choose(dataset, row)


@fragment
def look() -> None:
    """The chosen item, or the least sure one: a click on a point reruns this and nothing else."""
    order = in_order(listed, picked.columns)
    number = chosen(dataset)
    number = int(order[0]) if number is None else number
    if has_scatter:
        at = place_of(picked, shown, view, number)
        hover(CHART, picked, number, "hover", open_row, at=at, drawn=drawn_on(picked, view))
    stepper(dataset, order, number)
    item_card(picked, number)


inside = None
chart, card = st.columns([3, 2], gap="medium")
with chart:
    if has_scatter:
        inside = scatter_chart(picked, wanted, view, colour)
        st.caption(f"{note} {how_to_look(noun)}")
        confusions_on_demand(shown, picked)
    else:
        confusion_section(shown, picked)
listed = shown if inside is None else inside
with card, st.container(key="look"):
    look()

with st.container(key="listed"):
    word = "shown" if inside is None else "selected"
    gallery(listed, picked, f"{noun.counted(len(listed))} {word}")
take_away(picked, listed)
close_page()
