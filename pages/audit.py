"""Which labels are wrong?"""

import streamlit as st

from core.review.audit import SPLITS
from core.review.decisions import MAX_REVIEWER
from core.review.label_quality import METHODS
from ui import cache
from ui.components.held_keys import held_keys_count_once
from ui.controls import model_picker
from ui.readers import one_of, text
from ui.results import results
from ui.review import review
from ui.state import Field, close_page, open_page, widget

open_page("audit")
st.title("Which labels are wrong?", anchor=False)
st.caption(
    "Labels that the model doubts most come first. A low maximum probability finds hard digits, not"
    " wrong labels: where a label is wrong the model is often **sure of another class**, so the"
    " ranking asks how probable the given label is, not how confident the model sounds."
)
VIEWS = ("One by one", "Twenty at once", "Results")
METHOD_TITLES = {
    "member_log_odds": "The members’ log-odds",
    "self_confidence": "Self-confidence (cleanlab)",
    "normalized_margin": "Normalised margin (cleanlab)",
    "confidence_weighted_entropy": "Confidence-weighted entropy (cleanlab)",
}
NAMES = {"test": "10,000 test images", "train": "60,000 training images, out of fold"}

with st.sidebar:
    model = model_picker()
    splits = SPLITS if model.has_out_of_fold else SPLITS[:1]
    split = st.radio(
        "Data set",
        splits,
        format_func=lambda name: NAMES[name],
        **widget(Field("split", "test", one_of(splits))),
    )
    method = st.selectbox(
        "Ranked by",
        METHODS,
        format_func=lambda name: METHOD_TITLES[name],
        **widget(Field("rank", METHODS[0], one_of(METHODS))),
    )
    reviewer = st.text_input(
        "Your name",
        max_chars=MAX_REVIEWER,
        placeholder="kept with each decision",
        **widget(Field("reviewer", "", text(MAX_REVIEWER))),
    ).strip()
    if len(splits) == 1:
        st.caption("The training images need out-of-fold answers, which this model has not.")

view = st.segmented_control(
    "View",
    VIEWS,
    required=True,
    label_visibility="collapsed",
    **widget(Field("look", VIEWS[0], one_of(VIEWS))),
)
with st.spinner("Ranking the labels …"):
    audit = cache.audit(model.name, split, method)


@st.fragment
def look() -> None:
    """One decision reruns this and nothing else."""
    review(audit, model, reviewer, grid=view == VIEWS[1])


if view == VIEWS[2]:
    results(audit, model)
else:
    look()
    held_keys_count_once("held")
close_page()
