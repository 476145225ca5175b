"""Which items is the model unsure about, and why?"""

import streamlit as st

from core.figures.scatter import describe_scatter
from ui import cache
from ui.components.hover import hover
from ui.confusions import confusion_section, confusions_on_demand
from ui.controls import filter_controls
from ui.faults import fragment
from ui.gallery import gallery, in_order, stepper
from ui.item_card import invite, item_card
from ui.missing import has, note_without
from ui.picked import Picked
from ui.state import choose, chosen, close_page, lassoed, open_page
from ui.studies import pick
from ui.summary import summary
from ui.take_away import take_away
from ui.views import view_controls

open_page("explore")
title = st.container()
with st.sidebar:
    picked: Picked = pick()
    wanted = filter_controls(picked)
noun, dataset = picked.noun, picked.dataset
title.title(f"Which {noun.many} is the model unsure about, and why?", anchor=False)
has_scatter = has(picked, "confidence")
shown = cache.filtered(picked.key, wanted)
summary(shown, picked)
if has_scatter:
    view, colour = view_controls(picked)
else:
    note_without(picked, "confidence", "scatter")
if shown.empty:
    st.info(f"No {noun.one} meets this filter. Widen it, or reset it in the sidebar.")
    st.stop()


@fragment
def look() -> None:
    """The chosen item: a click on a point reruns this and nothing else."""
    number = chosen(dataset)
    if has_scatter:
        hover("scatter", picked, number, "hover", lambda row: choose(dataset, row))
    stepper(dataset, in_order(shown, picked.columns).index.to_numpy(), number)
    if number is None:
        invite(picked, has_scatter)
    else:
        item_card(picked, number)


inside: list[int] = []
chart, card = st.columns([3, 2], gap="medium")
with chart:
    if has_scatter:
        event = st.plotly_chart(
            cache.scatter(picked.key, wanted, view, colour),
            key="scatter",
            on_select="rerun",
            selection_mode=("box", "lasso"),
            config={"scrollZoom": True, "displaylogo": False},
            alt=describe_scatter(shown, view, colour, noun),
        )
        inside = lassoed(event)
        confusions_on_demand(shown, picked)
    else:
        confusion_section(shown, picked)
with card:
    look()

listed = shown.loc[shown.index.isin(inside)] if inside else shown
gallery(listed, picked, f"{noun.counted(len(listed))} {'selected' if inside else 'shown'}")
take_away(picked, listed)
close_page()
