"""Do the probabilities mean it, and when should it decline?"""

import streamlit as st

from core.measures.register import measures_in
from core.study.classifiers import classifier_names
from core.trust.answers import sample_note
from ui import cache, trust_answers
from ui.calibration import calibration_section
from ui.controls import filter_controls, model_picker
from ui.declining import declining_section
from ui.digit_card import digit_card
from ui.gallery import gallery
from ui.prediction_sets import sets_section
from ui.readers import one_of
from ui.state import Field, chosen, close_page, open_page, widget

SECTIONS = {"calibration": "Calibration", "declining": "Declining", "sets": "Prediction sets"}

open_page("trust")
st.title("Do the probabilities mean it, and when should it decline?", anchor=False)

with st.sidebar:
    picked = model_picker()
    columns = [m.column for m in measures_in(list(picked.scores.columns), picked.num_members)]
    wanted = filter_controls(picked.scores, columns, picked.class_names)

section = st.segmented_control(
    "Section",
    list(SECTIONS),
    format_func=SECTIONS.__getitem__,
    required=True,
    label_visibility="collapsed",
    **widget(Field("section", "calibration", one_of(SECTIONS))),
)
models = [cache.classifier(name) for name in classifier_names()]
for model in models:
    if note := sample_note(trust_answers.judged(model.name, wanted)):
        st.warning(f"{model.card['title']}: {note}")

if section == "calibration":
    calibration_section(models, wanted)
    st.stop()
show = declining_section if section == "declining" else sets_section
listed, title = show(models, wanted, picked)
if listed.empty:
    st.info("None of these digits: there is no gallery to show.")
    st.stop()
left, right = st.columns([3, 2], gap="medium")
with left:
    gallery(listed, picked, columns, title)
with right:
    index = chosen(picked.scores)
    if index is None:
        st.info("Click a tile to open a digit.")
    else:
        digit_card(picked, index)
close_page()
