"""What do the words mean, and where do the numbers come from?"""

from pathlib import Path

import streamlit as st

from core.measures.register import MEASURES
from core.trust.terms import TERMS
from ui.glossary import measure_entry, split_note, term_entry
from ui.readers import one_of
from ui.state import Field, open_page, widget
from ui.studies import pick
from ui.three_ways import three_ways

PROSE = Path(__file__).parent.parent / "ui" / "prose"
CHAPTERS = {"words": "Words and measures", "ways": "Three ways of being unsure"}

open_page("glossary")
st.title("What do the words mean, and where do the numbers come from?", anchor=False)
with st.sidebar:
    picked = pick()

if picked.study.read_comparison is not None:
    chapter = st.segmented_control(
        "Chapter",
        list(CHAPTERS),
        format_func=CHAPTERS.__getitem__,
        required=True,
        label_visibility="collapsed",
        **widget(Field("chapter", "words", one_of(CHAPTERS))),
    )
    if chapter == "ways":
        three_ways(picked.all_models())
        st.stop()

st.header("The measures: one number per item", anchor="measures")
st.caption(
    "pₛ(k) is member s’s probability of class k, p(k) their mean, H the entropy in nats; S"
    " members, K classes, y the label. All are computed by TensorFlow Probability’s Categorical."
)
for measure in MEASURES:
    measure_entry(measure, picked)

st.header("Calibration, declining and prediction sets", anchor="trust")
st.caption("N items, B bins, u an uncertainty, [·] 1 where true and 0 elsewhere.")
for term in TERMS:
    term_entry(term)

st.markdown((PROSE / "honest.md").read_text())
split_note(picked)
st.markdown((PROSE / "sources.md").read_text())
