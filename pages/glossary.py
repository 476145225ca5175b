"""What do the words mean, and where do the numbers come from?"""

from pathlib import Path

import streamlit as st

from core.measures.register import MEASURES
from core.trust.terms import TERMS
from ui.glossary import measure_entry, split_note, term_entry
from ui.state import open_page
from ui.studies import pick

PROSE = Path(__file__).parent.parent / "ui" / "prose"

open_page("glossary")
st.title("What do the words mean, and where do the numbers come from?", anchor=False)
with st.sidebar:
    picked = pick()

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
