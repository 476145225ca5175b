"""When does the model break, and does it know?"""

import streamlit as st

from ui.missing import stop_without
from ui.state import close_page, open_page
from ui.stress.one_image import one_image
from ui.studies import pick

open_page("stress")
title_side, model_side = st.columns([11, 7], gap="medium", vertical_alignment="bottom")
with model_side:
    picked = pick()
with title_side:
    st.title("When does the model break, and does it know?", anchor=False)
stop_without(picked, "network", "pictures")
one_image(picked)
close_page()
