"""When does the model break, and does it know?"""

import streamlit as st

from ui.missing import stop_without
from ui.readers import one_of
from ui.state import Field, close_page, open_page, widget
from ui.stress.data_set import data_set
from ui.stress.foreign import foreign
from ui.stress.one_image import one_image
from ui.stress.tour import tour
from ui.studies import pick

SECTIONS = {"image": "One picture", "data": "The whole data set", "foreign": "Not {many}"}
SHOW = {"image": one_image, "data": data_set, "foreign": foreign}

open_page("stress")
title_side, model_side = st.columns([11, 7], gap="medium", vertical_alignment="bottom")
with model_side:
    picked = pick()
with title_side:
    st.title("When does the model break, and does it know?", anchor=False)
    answer = st.container()
    stop_without(picked, "network", "pictures")
    section = st.segmented_control(
        "Section",
        list(SECTIONS),
        format_func=lambda name: SECTIONS[name].format(many=picked.noun.many),
        required=True,
        label_visibility="collapsed",
        **widget(Field("stress", "image", one_of(SECTIONS))),
    )
tour(picked)
SHOW[section](picked, answer)
close_page()
