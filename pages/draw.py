"""What about my own picture?"""

import streamlit as st

from ui.bring_files import offer_removal
from ui.faults import fragment
from ui.in_short import what_it_reads
from ui.network_upload import stop_without_network
from ui.own import WAYS, bring, chosen, invite, look_at, picture_of, read
from ui.own_card import own_card
from ui.own_models import every_model
from ui.own_table import own_labels, own_table, own_tiles
from ui.place import open_now, place_chart, place_marks
from ui.readers import one_of
from ui.stages import stages
from ui.state import Field, close_page, open_page, widget
from ui.studies import pick
from ui.verdicts import verdict

open_page("draw")
way_side, model_side = st.columns([11, 7], gap="medium", vertical_alignment="bottom")
with model_side:
    picked = pick()
with way_side:
    st.title(f"What about my {picked.noun.one}?", anchor=False)
    answer, ways = st.container(), st.container()
stop_without_network(picked)
answer.markdown(what_it_reads(picked))
with ways:
    way = st.segmented_control(
        "How",
        list(WAYS),
        format_func=WAYS.__getitem__,
        required=True,
        label_visibility="collapsed",
        **widget(Field("way", "draw", one_of(WAYS))),
    )


@fragment
def look() -> None:
    """A stroke, a file or a choice reruns this and nothing else: the scatter stays drawn."""
    open_now()
    ways_in, card = st.columns([5, 6], gap="medium")
    with ways_in:
        pictures = bring(way, picked)
    own = read(pictures, picked) if pictures else None
    if own is None:
        with card:
            if pictures:
                verdict(picked)
            invite(way, picked)
        return
    number = chosen(own)
    with card:
        own_card(picked, own, number)
    with card if way == "draw" else ways_in:
        stages(*picture_of(own, number), picked.noun)
    with ways_in:
        if way == "upload":
            own_labels(picked, own)
            offer_removal(picture_of(own, number)[0], own.pictures)
        if len(own.table) > 1:
            own_tiles(picked, own, number, look_at)
    every_model(picked, own, number)
    place_marks(picked, place, own, number, look_at)
    if len(own.table) > 1:
        own_table(picked, own, look_at)


own_side, place_side = st.columns([11, 7], gap="medium")
with place_side:
    place = place_chart(picked)
with own_side:
    look()
close_page()
