"""What about my digit?"""

import streamlit as st

from ui.controls import model_picker
from ui.own import WAYS, bring, chosen, invite, look_at, picture_of, read
from ui.own_card import own_card
from ui.own_table import own_table, own_tiles
from ui.place import open_now, place_chart, place_marks
from ui.stages import stages
from ui.state import Field, one_of, open_page, widget

open_page("draw")
st.title("What about my digit?", anchor=False)

way_side, model_side = st.columns([11, 7], gap="medium", vertical_alignment="bottom")
with model_side:
    model = model_picker()
with way_side:
    way = st.segmented_control(
        "How",
        list(WAYS),
        format_func=WAYS.__getitem__,
        required=True,
        label_visibility="collapsed",
        **widget(Field("way", "draw", one_of(WAYS))),
    )


@st.fragment
def look() -> None:
    """A stroke, a file or a choice reruns this and nothing else: the scatter stays drawn."""
    open_now()
    ways_in, card = st.columns([5, 6], gap="medium")
    with ways_in:
        pictures = bring(way, model)
    own = read(pictures, model) if pictures else None
    if own is None:
        with card:
            if pictures:
                st.info("Blank: there is no ink on it.", icon=":material/check_box_outline_blank:")
            invite(way, model)
        return
    number = chosen(own)
    picture, number_in_it = picture_of(own, number)
    with ways_in:
        stages(picture, number_in_it, wide=way != "draw")
        if len(own.table) > 1:
            own_tiles(model, own.table, own.images, number, look_at)
    with card:
        own_card(model, own.table.iloc[number], own.images[number])
    place_marks(model, place, own.table, own.images, number, look_at)
    if len(own.table) > 1:
        own_table(model, own.table, own.images, look_at)


own_side, place_side = st.columns([11, 7], gap="medium")
with place_side:
    place = place_chart(model)
with own_side:
    look()
