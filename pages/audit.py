"""Which labels are wrong?"""

import streamlit as st

from core.review.label_methods import METHODS
from ui import cache
from ui.components.held_keys import held_keys_count_once
from ui.faults import fragment
from ui.in_short import doubted_labels
from ui.missing import note_unlabelled, stop_without
from ui.out_of_sample import ask_out_of_sample
from ui.readers import one_of
from ui.results import results
from ui.review import rank_labels, review
from ui.reviewer import ask_reviewer
from ui.state import Field, close_page, open_page, widget
from ui.studies import pick, pick_part

open_page("audit")
st.title("Which labels are wrong?", anchor=False)
answer = st.container()
st.caption(
    "The labels that the model doubts most come first. Low confidence finds hard items, not wrong"
    " labels: where a label is wrong, the model is often **sure of another class**. So the ranking"
    " asks how probable the given label is."
)
VIEWS = ("One by one", "Twenty at once", "Results")
METHOD_TITLES = {
    "member_log_odds": "Log-odds of the label",
    "self_confidence": "Self-confidence (cleanlab)",
    "normalized_margin": "Normalised margin (cleanlab)",
    "confidence_weighted_entropy": "Confidence-weighted entropy (cleanlab)",
}

with st.sidebar:
    picked = pick_part(pick())
    method = st.selectbox(
        "Ranked by",
        METHODS,
        format_func=lambda name: METHOD_TITLES[name],
        **widget(Field("rank", METHODS[0], one_of(METHODS))),
    )
    reviewer = ask_reviewer()

stop_without(picked, "labels", "probabilities")
view = st.segmented_control(
    "View",
    VIEWS,
    required=True,
    label_visibility="collapsed",
    **widget(Field("look", VIEWS[0], one_of(VIEWS))),
)
ask_out_of_sample(picked)
note_unlabelled(picked)
rank_labels(picked, method)
audit = cache.audit(picked.key, method)
answer.markdown(doubted_labels(audit, picked))


@fragment
def look() -> None:
    """One decision reruns this and nothing else."""
    review(audit, picked, reviewer, grid=view == VIEWS[1])


if view == VIEWS[2]:
    results(audit, picked)
else:
    with st.container(key="review"):
        look()
    held_keys_count_once("held")
close_page()
