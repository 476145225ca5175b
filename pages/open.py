"""What have I got, and how is it read?"""

import streamlit as st

from ui.in_short import what_is_here, what_was_read
from ui.opening import correct, drop_files, name_it, open_button, show_example, understand
from ui.reading_questions import ask, show_reading
from ui.state import open_page
from ui.studies import LIBRARY, may_open, why_closed
from ui.study_list import go_now, study_list, unpack_study

open_page("open")
go_now()
st.title("Open your own classifier", anchor=False)
answer = st.empty()
answer.markdown(what_is_here(LIBRARY.list()))
st.caption(
    "Drop the predictions of any classifier: probabilities, logits, votes or answers, from one"
    " model or an ensemble, with labels if you have them. You see how each file was understood"
    " before anything opens. Nothing is guessed silently, and nothing in a file is run."
)
drop, listed = st.columns([3, 2], gap="large")
with listed:
    study_list()
    if may_open():
        with st.expander("Add a study that was downloaded as ZIP"):
            unpack_study()
with drop:
    if not may_open():
        st.info(why_closed(), icon=":material/lock:")
        st.stop()
    if (dropped := drop_files()) is None:
        show_example()
        st.stop()
    report, names = st.container(), st.empty()
    with names.container():
        opening = name_it(dropped)
    opening = correct(dropped, opening)
    with report:
        if (reading := understand(dropped, opening)) is None:
            names.empty()
            st.stop()
        answer.markdown(what_was_read(reading))
        show_reading(reading)
        ask(dropped, reading)
    open_button(dropped, opening, reading)
