"""Can the probabilities be trusted, and when should the model decline?"""

import streamlit as st

from core.trust.notes import sample_note
from ui import trust_answers, trust_steps
from ui.calibration_section import calibration_section
from ui.controls import filter_controls
from ui.declining_section import declining_section
from ui.gallery import gallery
from ui.item_card import item_card
from ui.missing import models_with, note_left_out, note_unlabelled, note_without, stop_without
from ui.plain_language import is_plain, section_titles
from ui.plain_trust import plain_calibration
from ui.readers import one_of
from ui.report_button import report_button
from ui.sets_section import sets_section
from ui.state import Field, chosen, close_page, open_page, widget
from ui.studies import pick
from ui.words import plain

SECTIONS = {"calibration": "Calibration", "declining": "Declining", "sets": "Prediction sets"}

open_page("trust")
st.title("Can the probabilities be trusted, and when should the model decline?", anchor=False)

with st.sidebar:
    picked = pick()
    wanted = filter_controls(picked)

stop_without(picked, "labels", "confidence", "judges")
section = st.segmented_control(
    "Section",
    list(SECTIONS),
    format_func=section_titles(SECTIONS).__getitem__,
    required=True,
    label_visibility="collapsed",
    **widget(Field("section", "calibration", one_of(SECTIONS))),
)
if not is_plain():
    report_button(picked)
stop_without(picked, *(["probabilities"] if section == "sets" else []))
needed = ("judges", "probabilities" if section == "sets" else "confidence")
models = models_with(picked, *needed)
note_left_out(picked, models, *needed)
note_unlabelled(picked)
if section != "sets" and not is_plain():
    note_without(picked, "probabilities", "NLL, Brier score, temperature or other measure")
trust_steps.prepare(section, models, wanted)
for note in trust_answers.notes(models):
    st.info(note, icon=":material/call_split:")
for model in models:
    if note := sample_note(trust_answers.judged(model.key, wanted), picked.noun):
        st.warning(f"{plain(model.title)}: {plain(note)}")

if section == "calibration":
    (plain_calibration if is_plain() else calibration_section)(models, wanted, picked)
    st.stop()
show = declining_section if section == "declining" else sets_section
listed, title = show(models, wanted, picked)
if not len(listed):
    st.info(f"There is none of these {picked.noun.many}, so there is no gallery to show.")
    st.stop()
left, right = st.columns([3, 2], gap="medium")
with left:
    gallery(listed, picked, title)
with right:
    number = chosen(picked.dataset)
    if number is None:
        st.info(f"Click a tile to open {picked.noun.with_article}.")
    else:
        item_card(picked, number)
close_page()
